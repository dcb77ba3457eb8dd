//! Takes in a delivery note. As for pupils, a dry run is the same transaction, rolled back.

use super::import_students::{Counts, ImportReport, Outcome};
use super::{Actor, Failure};
use crate::db::journal::{self, Entry};
use crate::db::schema::imports;
use crate::db::{Db, Scope};
use crate::importers::delivery::DeliveryFile;
use diesel::ExpressionMethods;
use diesel::sql_types::{Array, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::rows::DeviceRow;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Rows sent to the database at a time.
const BATCH: usize = 5_000;

/// A note and what was read in it.
pub struct Note<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub content: &'a DeliveryFile,
}

/// Compares and, unless `dry_run`, applies, in one transaction. A laptop that the
/// school knows keeps its state; the same note again changes nothing.
pub async fn import_delivery(
    db: &Db,
    (school, uai): (EstablishmentId, &Uai),
    actor: Option<&Actor>,
    note: &Note<'_>,
    dry_run: bool,
) -> Result<ImportReport, Failure> {
    let done = db
        .transaction(Scope::School(school), async |conn| {
            let counts = carry_out(conn, school, actor, note).await?;
            if dry_run { Err(Outcome::DryRun(counts)) } else { Ok(counts) }
        })
        .await;
    let counts = match done {
        Ok(counts) | Err(Outcome::DryRun(counts)) => counts,
        Err(Outcome::Failure(failure)) => return Err(failure),
    };
    Ok(ImportReport {
        file: note.name.to_owned(),
        kind: "delivery",
        establishment: uai.to_string(),
        school_year: None,
        applied: !dry_run,
        counts,
        issues: note.content.issues.clone(),
    })
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    note: &Note<'_>,
) -> Result<Counts, Outcome> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('import ' || $1::text, 0))")
        .bind::<Text, _>(school.to_string())
        .execute(conn)
        .await?;
    let id = Uuid::now_v7();
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(id),
            imports::establishment_id.eq(school.0),
            imports::kind.eq("delivery"),
            imports::file_name.eq(note.name),
            imports::file_sha256.eq(Sha256::digest(note.bytes).to_vec()),
            imports::state.eq("applied"),
            imports::created_by.eq(actor.map(|actor| actor.operator.0)),
            imports::applied_at.eq(chrono::Utc::now()),
        ))
        .execute(conn)
        .await?;
    for batch in note.content.devices.chunks(BATCH) {
        stage(conn, school, id, batch).await?;
    }
    let mut counts = compare(conn, school, id).await?;
    counts.read = i64::from(note.content.read);
    for statement in APPLY {
        diesel::sql_query(format!("{FACTS} {statement}"))
            .bind::<SqlUuid, _>(school.0)
            .bind::<SqlUuid, _>(id)
            .execute(conn)
            .await?;
    }
    diesel::sql_query("DELETE FROM staged_devices WHERE establishment_id = $1 AND import_id = $2")
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    let entry = Entry {
        establishment_id: school.0,
        operator_id: actor.map(|actor| actor.operator.0),
        station_id: None,
        action: "import_delivery",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "import_id": id, "counts": counts }),
    };
    journal::append(conn, &entry).await?;
    Ok(counts)
}

async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
    rows: &[DeviceRow],
) -> Result<(), Outcome> {
    let texts = |get: fn(&DeviceRow) -> &str| rows.iter().map(get).collect::<Vec<_>>();
    let optional = |get: fn(&DeviceRow) -> Option<&str>| rows.iter().map(get).collect::<Vec<_>>();
    diesel::sql_query(
        "INSERT INTO staged_devices (import_id, establishment_id, row_number, serial_number, manufacturer, part_number,
                                     designation, mac_address, asset_tag, lot, pallet, parcel, order_number,
                                     note_number, delivered_on, warranty_end)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                                      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::date[], $16::date[])",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(rows.iter().map(|r| i32::try_from(r.row).unwrap_or(i32::MAX)).collect::<Vec<_>>())
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
    .await?;
    Ok(())
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

async fn compare(conn: &mut AsyncPgConnection, school: EstablishmentId, id: Uuid) -> Result<Counts, Outcome> {
    Ok(diesel::sql_query(format!(
        "{FACTS} SELECT 0::bigint AS read, count(*) FILTER (WHERE device_id IS NULL) AS added,
                count(*) FILTER (WHERE device_id IS NOT NULL AND NOT ({SAME})) AS changed,
                count(*) FILTER (WHERE device_id IS NOT NULL AND ({SAME})) AS unchanged, 0::bigint AS gone
         FROM facts"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await?)
}

/// Models, notes, laptops; then the staged rows go. Each begins with [`FACTS`].
const APPLY: [&str; 3] = [
    "INSERT INTO device_models AS m (id, establishment_id, manufacturer, part_number, designation)
     SELECT DISTINCT ON (part_number) gen_random_uuid(), $1, manufacturer, part_number, designation
     FROM facts ORDER BY part_number, row_number
     ON CONFLICT (establishment_id, part_number) DO UPDATE
     SET manufacturer = excluded.manufacturer, designation = excluded.designation
     WHERE (m.manufacturer, m.designation) IS DISTINCT FROM (excluded.manufacturer, excluded.designation)",
    "INSERT INTO deliveries AS n (id, establishment_id, note_number, order_number, delivered_on)
     SELECT DISTINCT ON (note_number) gen_random_uuid(), $1, note_number, order_number, delivered_on
     FROM facts ORDER BY note_number, row_number
     ON CONFLICT (establishment_id, note_number) DO UPDATE
     SET order_number = excluded.order_number, delivered_on = excluded.delivered_on
     WHERE (n.order_number, n.delivered_on) IS DISTINCT FROM (excluded.order_number, excluded.delivered_on)",
    "INSERT INTO devices AS d (id, establishment_id, serial_number, model_id, delivery_id, mac_address, asset_tag,
                               lot, pallet, parcel, warranty_end, state)
     SELECT gen_random_uuid(), $1, f.serial_number, m.id, n.id, f.mac_address, f.asset_tag, f.lot, f.pallet, f.parcel,
            f.warranty_end, 'in_stock'
     FROM facts f
     JOIN device_models m ON m.establishment_id = $1 AND m.part_number = f.part_number
     JOIN deliveries n ON n.establishment_id = $1 AND n.note_number = f.note_number
     ON CONFLICT (establishment_id, serial_number) DO UPDATE
     SET model_id = excluded.model_id, delivery_id = excluded.delivery_id, mac_address = excluded.mac_address,
         asset_tag = excluded.asset_tag, lot = excluded.lot, pallet = excluded.pallet, parcel = excluded.parcel,
         warranty_end = excluded.warranty_end, updated_at = now()
     WHERE (d.model_id, d.delivery_id, d.mac_address, d.asset_tag, d.lot, d.pallet, d.parcel, d.warranty_end)
           IS DISTINCT FROM (excluded.model_id, excluded.delivery_id, excluded.mac_address, excluded.asset_tag,
                             excluded.lot, excluded.pallet, excluded.parcel, excluded.warranty_end)",
];
