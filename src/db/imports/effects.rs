//! What an applied import did to each row, and putting it back.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// A table that imports write: its word in `import_effects`, its columns that they change, and what
/// makes a row of it the same.
struct Table {
    thing: &'static str,
    name: &'static str,
    columns: &'static str,
    key: &'static str,
    /// It says when a row was last touched, and by nothing else than an import it is not.
    stamped: bool,
}

/// In the order in which additions may go: what points to others first.
const TABLES: [Table; 7] = [
    Table {
        thing: "badge",
        name: "badges",
        columns: "forgotten_at",
        key: "id::text",
        stamped: false,
    },
    Table {
        thing: "guardian",
        name: "guardians",
        columns: "last_name, first_name, relationship, is_legal, phone, email, level",
        key: "id::text",
        stamped: true,
    },
    Table {
        thing: "student",
        name: "students",
        columns: "eleve_id, ine, last_name, first_name, birth_date, class_id, mef, entitled, entitled_by_group, left_on,
                  missing_since, search_key",
        key: "id::text",
        stamped: true,
    },
    Table {
        thing: "device",
        name: "devices",
        columns: "model_id, delivery_id, mac_address, asset_tag, lot, pallet, parcel, warranty_end",
        key: "id::text",
        stamped: true,
    },
    Table {
        thing: "delivery",
        name: "deliveries",
        columns: "order_number, delivered_on",
        key: "id::text",
        stamped: false,
    },
    Table {
        thing: "model",
        name: "device_models",
        columns: "manufacturer, designation",
        key: "id::text",
        stamped: false,
    },
    Table {
        thing: "reference",
        name: "reference_rows",
        columns: "realm, label, fields",
        key: "thing || ' ' || key",
        stamped: true,
    },
];

fn table(thing: &str) -> &'static Table {
    TABLES.iter().find(|table| table.thing == thing).unwrap_or(&TABLES[0])
}

/// Keeps rows as they are, before they are changed or removed. `which` selects their keys.
pub async fn keep(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    thing: &str,
    effect: &str,
    which: &str,
) -> QueryResult<()> {
    let Table { name, key, .. } = table(thing);
    diesel::sql_query(format!(
        "INSERT INTO import_effects (import_id, establishment_id, thing, row_key, effect, before)
         SELECT $1, $2, $3, r.{key}, $4, to_jsonb(r) FROM {name} r
         WHERE r.establishment_id = $2 AND r.{key} IN (SELECT k::text FROM ({which}) AS w (k))
         ON CONFLICT DO NOTHING",
        key = key.replace("|| key", "|| r.key")
    ))
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(thing)
    .bind::<Text, _>(effect)
    .execute(conn)
    .await
    .map(drop)
}

/// Notes rows that are added. `which` selects their keys.
pub async fn keep_added(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    thing: &str,
    which: &str,
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "INSERT INTO import_effects (import_id, establishment_id, thing, row_key, effect)
         SELECT $1, $2, $3, k::text, 'added' FROM ({which}) AS w (k)"
    ))
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(thing)
    .execute(conn)
    .await
    .map(drop)
}

/// How many rows the import is known to have touched.
pub async fn count(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<i64> {
    let count: Count = diesel::sql_query("SELECT count(*) AS n FROM import_effects WHERE import_id = $1")
        .bind::<SqlUuid, _>(import)
        .get_result(conn)
        .await?;
    Ok(count.n)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many rows of the import were touched, or have gone, since it was applied.
pub async fn touched_since(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<i64> {
    let mut touched = 0;
    for Table { thing, name, key, .. } in TABLES.iter().filter(|table| table.stamped) {
        let count: Count = diesel::sql_query(format!(
            "SELECT count(*) AS n FROM import_effects e JOIN imports i ON i.id = e.import_id
             LEFT JOIN (SELECT {key} AS row_key, updated_at FROM {name}) r ON r.row_key = e.row_key
             WHERE e.import_id = $1 AND e.thing = '{thing}'
               AND (e.effect = 'removed') <> (r.row_key IS NULL) OR
                   e.import_id = $1 AND e.thing = '{thing}' AND e.effect <> 'removed' AND r.updated_at <> i.applied_at"
        ))
        .bind::<SqlUuid, _>(import)
        .get_result(conn)
        .await?;
        touched += count.n;
    }
    Ok(touched)
}

/// Puts every row back as it was. A foreign key that stands in the way says that something else
/// points to a row that the import added.
pub async fn put_back(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<()> {
    // The code on the badge of a pupil who was added goes with the pupil.
    let printed = "DELETE FROM badges b USING import_effects e WHERE e.import_id = $1 AND e.thing = 'student'
                   AND e.effect = 'added' AND b.student_id = e.row_key::uuid AND b.source = 'printed'";
    diesel::sql_query(printed).bind::<SqlUuid, _>(import).execute(conn).await?;
    for Table { thing, name, columns, key, .. } in &TABLES {
        let of_import = format!("e.import_id = $1 AND e.thing = '{thing}'");
        let key = key.replace("|| key", "|| r.key");
        let places: Vec<String> = columns.split(',').map(|column| format!("p.{}", column.trim())).collect();
        let statements = [
            format!("DELETE FROM {name} r USING import_effects e WHERE {of_import} AND e.effect = 'added' AND r.{key} = e.row_key"),
            format!(
                "UPDATE {name} r SET ({columns}) = (SELECT {} FROM jsonb_populate_record(NULL::{name}, e.before) p)
                 FROM import_effects e WHERE {of_import} AND e.effect = 'changed' AND r.{key} = e.row_key",
                places.join(", ")
            ),
            format!(
                "INSERT INTO {name} SELECT p.* FROM import_effects e, jsonb_populate_record(NULL::{name}, e.before) p
                 WHERE {of_import} AND e.effect = 'removed'"
            ),
        ];
        for statement in statements {
            diesel::sql_query(statement).bind::<SqlUuid, _>(import).execute(conn).await?;
        }
    }
    Ok(())
}
