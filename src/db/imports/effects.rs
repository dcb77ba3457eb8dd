//! What an applied import did to each row, and putting it back.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// A table that imports write, named `r` in every text.
pub struct Table {
    /// Its word in `import_effects`.
    thing: &'static str,
    name: &'static str,
    /// What makes a row of it the same, as text.
    key: &'static str,
    /// What imports change in it.
    columns: &'static [&'static str],
    /// It says when a row was last touched.
    stamped: bool,
}

pub const BADGES: Table =
    Table { thing: "badge", name: "badges", key: "r.id::text", columns: &["forgotten_at"], stamped: false };
pub const GUARDIANS: Table = Table {
    thing: "guardian",
    name: "guardians",
    key: "r.id::text",
    columns: &["last_name", "first_name", "relationship", "is_legal", "phone", "email", "level"],
    stamped: true,
};
pub const STUDENTS: Table = Table {
    thing: "student",
    name: "students",
    key: "r.id::text",
    columns: &[
        "eleve_id",
        "ine",
        "last_name",
        "first_name",
        "birth_date",
        "class_id",
        "mef",
        "entitled",
        "entitled_by_group",
        "left_on",
        "missing_since",
        "search_key",
    ],
    stamped: true,
};
pub const DEVICES: Table = Table {
    thing: "device",
    name: "devices",
    key: "r.id::text",
    columns: &[
        "model_id",
        "delivery_id",
        "mac_address",
        "asset_tag",
        "lot",
        "pallet",
        "parcel",
        "warranty_end",
    ],
    stamped: true,
};
pub const DELIVERIES: Table = Table {
    thing: "delivery",
    name: "deliveries",
    key: "r.id::text",
    columns: &["order_number", "delivered_on"],
    stamped: false,
};
pub const MODELS: Table = Table {
    thing: "model",
    name: "device_models",
    key: "r.id::text",
    columns: &["manufacturer", "designation"],
    stamped: false,
};
pub const REFERENCES: Table = Table {
    thing: "reference",
    name: "reference_rows",
    key: "r.thing || ' ' || r.key",
    columns: &["realm", "label", "fields"],
    stamped: true,
};

/// In the order in which additions may go: what points to others first.
const TABLES: [&Table; 7] = [&BADGES, &GUARDIANS, &STUDENTS, &DEVICES, &DELIVERIES, &MODELS, &REFERENCES];

/// Keeps rows as they are, before they are `changed` or `removed`. `which` selects their keys.
pub async fn keep(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    Table { thing, name, key, .. }: &Table,
    effect: &str,
    which: &str,
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "INSERT INTO import_effects (import_id, establishment_id, thing, row_key, effect, before)
         SELECT $1, $2, '{thing}', {key}, '{effect}', to_jsonb(r) FROM {name} r
         WHERE r.establishment_id = $2 AND {key} IN (SELECT k::text FROM ({which}) AS w (k))"
    ))
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .execute(conn)
    .await
    .map(drop)
}

/// Notes rows that are added; those that are kept as they were are none. `which` selects their keys.
pub async fn keep_added(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    Table { thing, .. }: &Table,
    which: &str,
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "INSERT INTO import_effects (import_id, establishment_id, thing, row_key, effect)
         SELECT $1, $2, '{thing}', k::text, 'added' FROM ({which}) AS w (k) ON CONFLICT DO NOTHING"
    ))
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
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
    for Table { thing, name, key, .. } in TABLES.into_iter().filter(|table| table.stamped) {
        let count: Count = diesel::sql_query(format!(
            "SELECT count(*) AS n FROM import_effects e JOIN imports i ON i.id = e.import_id
             LEFT JOIN (SELECT {key} AS row_key, r.updated_at FROM {name} r) r ON r.row_key = e.row_key
             WHERE e.import_id = $1 AND e.thing = '{thing}'
               AND CASE WHEN e.effect = 'removed' THEN r.row_key IS NOT NULL
                        ELSE r.updated_at IS DISTINCT FROM i.applied_at END"
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
    for Table { thing, name, columns, key, .. } in TABLES {
        let of_import = format!("e.import_id = $1 AND e.thing = '{thing}'");
        let places: Vec<String> = columns.iter().map(|column| format!("p.{column}")).collect();
        let statements = [
            format!(
                "DELETE FROM {name} r USING import_effects e
                 WHERE {of_import} AND e.effect = 'added' AND {key} = e.row_key"
            ),
            format!(
                "UPDATE {name} r SET ({}) = (SELECT {} FROM jsonb_populate_record(NULL::{name}, e.before) p)
                 FROM import_effects e WHERE {of_import} AND e.effect = 'changed' AND {key} = e.row_key",
                columns.join(", "),
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
