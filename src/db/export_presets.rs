//! Presets of the register's columns.

use super::schema::export_presets;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde_json::Value;
use uuid::Uuid;

/// Columns of the register under a name.
#[derive(Debug, Clone, QueryableByName)]
pub struct Preset {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Jsonb)]
    pub layout: Value,
    #[diesel(sql_type = Bool)]
    pub is_default: bool,
}

/// The school's presets, by name.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<Preset>> {
    diesel::sql_query(
        "SELECT id, name, layout, is_default FROM export_presets WHERE establishment_id = $1 ORDER BY name",
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}

/// What a preset becomes.
pub struct Saved<'a> {
    pub id: Uuid,
    pub name: &'a str,
    pub layout: &'a Value,
    pub is_default: bool,
    pub by: Uuid,
}

/// Writes a preset, new or changed; false when the school has another of that name.
pub async fn save(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    preset: &Saved<'_>,
) -> QueryResult<bool> {
    let others: i64 = export_presets::table
        .filter(export_presets::establishment_id.eq(school.0))
        .filter(export_presets::name.eq(preset.name))
        .filter(export_presets::id.ne(preset.id))
        .count()
        .get_result(conn)
        .await?;
    if others > 0 {
        return Ok(false);
    }
    if preset.is_default {
        diesel::update(export_presets::table.filter(export_presets::establishment_id.eq(school.0)))
            .set(export_presets::is_default.eq(false))
            .execute(conn)
            .await?;
    }
    let values = (
        export_presets::name.eq(preset.name),
        export_presets::layout.eq(preset.layout),
        export_presets::is_default.eq(preset.is_default),
        export_presets::changed_at.eq(diesel::dsl::now),
        export_presets::changed_by.eq(preset.by),
    );
    diesel::insert_into(export_presets::table)
        .values((export_presets::id.eq(preset.id), export_presets::establishment_id.eq(school.0), values))
        .on_conflict(export_presets::id)
        .do_update()
        .set(values)
        .execute(conn)
        .await?;
    Ok(true)
}

/// Takes a preset away; exports made with it keep their rows. False when the school has none of that id.
pub async fn remove(conn: &mut AsyncPgConnection, school: EstablishmentId, id: Uuid) -> QueryResult<bool> {
    diesel::delete(
        export_presets::table
            .filter(export_presets::establishment_id.eq(school.0))
            .filter(export_presets::id.eq(id)),
    )
    .execute(conn)
    .await
    .map(|gone| gone > 0)
}
