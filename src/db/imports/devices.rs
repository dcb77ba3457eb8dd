//! Laptops of a delivery note: staged, then compared with those the school knows, then
//! applied. The comparison is one text, so that what is shown is what is done.

use super::{ChangedRow, Difference, effects, placed, row_numbers};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::rows::DeviceRow;
use uuid::Uuid;

/// What a person reads of a laptop's changes, in the order of [`changes`].
pub const FIELDS: [&str; 12] = [
    "P/N",
    "Désignation",
    "Fabricant",
    "BL",
    "Commande",
    "Livraison",
    "MAC",
    "Parc",
    "Lot",
    "Palette",
    "Colis",
    "Garantie",
];

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[DeviceRow],
) -> QueryResult<()> {
    let texts = |get: fn(&DeviceRow) -> &str| rows.iter().map(get).collect::<Vec<_>>();
    let optional = |get: fn(&DeviceRow) -> Option<&str>| rows.iter().map(get).collect::<Vec<_>>();
    diesel::sql_query(
        "INSERT INTO staged_devices (import_id, establishment_id, row_number, serial_number, manufacturer, part_number,
                                     designation, mac_address, asset_tag, lot, pallet, parcel, order_number,
                                     note_number, delivered_on, warranty_end)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                                      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::date[], $16::date[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Text>, _>(texts(|r| &r.serial_number))
    .bind::<Array<Text>, _>(texts(|r| &r.manufacturer))
    .bind::<Array<Text>, _>(texts(|r| &r.part_number))
    .bind::<Array<Text>, _>(texts(|r| &r.designation))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.mac_address.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.asset_tag.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.lot.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.pallet.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.parcel.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(optional(|r| r.order_number.as_deref()))
    .bind::<Array<Text>, _>(texts(|r| &r.note_number))
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.delivered_on).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.warranty_end).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// What the note says of each laptop, and what the school will know of it: an empty
/// cell leaves what is known. The first line speaks for its model and its note.
/// `$1` is the school, `$2` the import.
const FACTS: &str = "
    WITH said AS (
        SELECT f.*,
               first_value(nullif(designation, '')) OVER model AS model_designation,
               first_value(nullif(manufacturer, '')) OVER model AS model_manufacturer,
               first_value(order_number) OVER ordered AS note_order,
               first_value(delivered_on) OVER delivered AS note_day
        FROM staged_devices f
        WHERE f.establishment_id = $1 AND f.import_id = $2
        WINDOW model AS (PARTITION BY part_number ORDER BY designation = '', row_number),
               ordered AS (PARTITION BY note_number ORDER BY order_number IS NULL, row_number),
               delivered AS (PARTITION BY note_number ORDER BY delivered_on IS NULL, row_number)
    ), facts AS (
        SELECT s.row_number, s.serial_number, s.part_number, s.note_number, d.id AS device_id,
               m.part_number AS old_part_number, n.note_number AS old_note_number,
               coalesce(s.model_designation, sm.designation, s.part_number) AS designation, m.designation AS old_designation,
               coalesce(s.model_manufacturer, sm.manufacturer, '') AS manufacturer, m.manufacturer AS old_manufacturer,
               coalesce(s.note_order, sn.order_number) AS order_number, n.order_number AS old_order_number,
               coalesce(s.note_day, sn.delivered_on) AS delivered_on, n.delivered_on AS old_delivered_on,
               coalesce(s.mac_address, d.mac_address) AS mac_address, d.mac_address AS old_mac_address,
               coalesce(s.asset_tag, d.asset_tag) AS asset_tag, d.asset_tag AS old_asset_tag,
               coalesce(s.lot, d.lot) AS lot, d.lot AS old_lot,
               coalesce(s.pallet, d.pallet) AS pallet, d.pallet AS old_pallet,
               coalesce(s.parcel, d.parcel) AS parcel, d.parcel AS old_parcel,
               coalesce(s.warranty_end, d.warranty_end) AS warranty_end, d.warranty_end AS old_warranty_end
        FROM said s
        LEFT JOIN device_models sm ON sm.establishment_id = $1 AND sm.part_number = s.part_number
        LEFT JOIN deliveries sn ON sn.establishment_id = $1 AND sn.note_number = s.note_number
        LEFT JOIN devices d ON d.establishment_id = $1 AND d.serial_number = s.serial_number
        LEFT JOIN device_models m ON m.id = d.model_id
        LEFT JOIN deliveries n ON n.id = d.delivery_id
    )";

/// True when a line says nothing new of a known laptop.
const SAME: &str = "(part_number, note_number, designation, manufacturer, order_number, delivered_on, mac_address,
     asset_tag, lot, pallet, parcel, warranty_end)
    IS NOT DISTINCT FROM (old_part_number, old_note_number, old_designation, old_manufacturer, old_order_number,
     old_delivered_on, old_mac_address, old_asset_tag, old_lot, old_pallet, old_parcel, old_warranty_end)";

pub async fn compare(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
) -> QueryResult<Difference> {
    diesel::sql_query(format!(
        "{FACTS} SELECT count(*) FILTER (WHERE device_id IS NULL) AS added,
                count(*) FILTER (WHERE device_id IS NOT NULL AND NOT ({SAME})) AS changed,
                count(*) FILTER (WHERE device_id IS NOT NULL AND ({SAME})) AS unchanged, 0::bigint AS gone
         FROM facts"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .get_result(conn)
    .await
}

/// The first changes: those changed, then those added, in the order of the note.
pub async fn changes(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    let fields = |old: &str| {
        format!(
            "ARRAY[{old}part_number, {old}designation, nullif({old}manufacturer, ''), {old}note_number, {old}order_number,
                   to_char({old}delivered_on, 'DD/MM/YYYY'), {old}mac_address, {old}asset_tag, {old}lot, {old}pallet,
                   {old}parcel, to_char({old}warranty_end, 'DD/MM/YYYY')]"
        )
    };
    placed(
        (school, import),
        format!(
            "{FACTS} SELECT CASE WHEN device_id IS NULL THEN 'added' ELSE 'changed' END AS action,
                serial_number AS label, '' AS first_name, {} AS before, {} AS after
         FROM facts WHERE device_id IS NULL OR NOT ({SAME})
         ORDER BY device_id IS NULL, row_number, serial_number LIMIT $3",
            fields("old_"),
            fields("")
        ),
    )
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Models, notes, laptops, each as it was before kept. A laptop that the school knows keeps its state.
pub async fn apply(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "CREATE TEMPORARY TABLE taken_devices ON COMMIT DROP AS {FACTS}
         SELECT *, coalesce(device_id, gen_random_uuid()) AS id, device_id IS NULL AS is_new, ({SAME}) AS is_same FROM facts"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .execute(conn)
    .await?;
    // Models and notes of the file by their numbers: those that are there are kept, the others added.
    let told = [(&effects::MODELS, "device_models", "part_number"), (&effects::DELIVERIES, "deliveries", "note_number")]
        .map(|(table, name, number)| {
            let which = format!(
                "SELECT t.id FROM {name} t WHERE t.establishment_id = $2 AND t.{number} IN (SELECT {number} FROM taken_devices)"
            );
            (table, which)
        });
    for (table, which) in &told {
        effects::keep(conn, (school, import), table, "changed", which).await?;
    }
    let changed = "SELECT id FROM taken_devices WHERE NOT is_new AND NOT is_same";
    effects::keep(conn, (school, import), &effects::DEVICES, "changed", changed).await?;
    effects::keep_added(
        conn,
        (school, import),
        &effects::DEVICES,
        "SELECT id FROM taken_devices WHERE is_new",
    )
    .await?;
    for statement in APPLY {
        diesel::sql_query(statement).bind::<SqlUuid, _>(school.0).execute(conn).await?;
    }
    for (table, which) in &told {
        effects::keep_added(conn, (school, import), table, which).await?;
    }
    Ok(())
}

const APPLY: [&str; 3] = [
    "INSERT INTO device_models AS m (id, establishment_id, manufacturer, part_number, designation)
     SELECT DISTINCT ON (part_number) gen_random_uuid(), $1, manufacturer, part_number, designation
     FROM taken_devices ORDER BY part_number, row_number
     ON CONFLICT (establishment_id, part_number) DO UPDATE
     SET manufacturer = excluded.manufacturer, designation = excluded.designation
     WHERE (m.manufacturer, m.designation) IS DISTINCT FROM (excluded.manufacturer, excluded.designation)",
    "INSERT INTO deliveries AS n (id, establishment_id, note_number, order_number, delivered_on)
     SELECT DISTINCT ON (note_number) gen_random_uuid(), $1, note_number, order_number, delivered_on
     FROM taken_devices ORDER BY note_number, row_number
     ON CONFLICT (establishment_id, note_number) DO UPDATE
     SET order_number = excluded.order_number, delivered_on = excluded.delivered_on
     WHERE (n.order_number, n.delivered_on) IS DISTINCT FROM (excluded.order_number, excluded.delivered_on)",
    "INSERT INTO devices AS d (id, establishment_id, serial_number, model_id, delivery_id, mac_address, asset_tag,
                               lot, pallet, parcel, warranty_end, state)
     SELECT f.id, $1, f.serial_number, m.id, n.id, f.mac_address, f.asset_tag, f.lot, f.pallet, f.parcel,
            f.warranty_end, 'announced'
     FROM taken_devices f
     JOIN device_models m ON m.establishment_id = $1 AND m.part_number = f.part_number
     JOIN deliveries n ON n.establishment_id = $1 AND n.note_number = f.note_number
     WHERE NOT f.is_same OR f.is_new
     ON CONFLICT (establishment_id, serial_number) DO UPDATE
     SET model_id = excluded.model_id, delivery_id = excluded.delivery_id, mac_address = excluded.mac_address,
         asset_tag = excluded.asset_tag, lot = excluded.lot, pallet = excluded.pallet, parcel = excluded.parcel,
         warranty_end = excluded.warranty_end, updated_at = now()",
];
