//! Incidents with their pictures, and the school's table of what is given in a laptop's place.

use super::schema::{incident_policies, incidents};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::incidents::{Incident, Policy, Replacement};
use uuid::Uuid;

/// The school's line for an incident, or the programme's.
pub async fn policy(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    incident: Incident,
) -> QueryResult<Policy> {
    let own: Option<(String, bool)> = incident_policies::table
        .find((school.0, incident.as_str()))
        .select((incident_policies::replacement, incident_policies::needs_complaint))
        .first(conn)
        .await
        .optional()?;
    let own = own.and_then(|(replacement, needs_complaint)| {
        Some(Policy { replacement: Replacement::parse(&replacement)?, needs_complaint })
    });
    Ok(own.unwrap_or_else(|| Policy::of_programme(incident)))
}

/// Puts the school's own line in the programme's place.
pub async fn set_policy(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    incident: Incident,
    policy: Policy,
    operator: Uuid,
) -> QueryResult<()> {
    diesel::insert_into(incident_policies::table)
        .values((
            incident_policies::establishment_id.eq(school.0),
            incident_policies::incident.eq(incident.as_str()),
            incident_policies::replacement.eq(policy.replacement.as_str()),
            incident_policies::needs_complaint.eq(policy.needs_complaint),
            incident_policies::changed_by.eq(operator),
        ))
        .on_conflict((incident_policies::establishment_id, incident_policies::incident))
        .do_update()
        .set((
            incident_policies::replacement.eq(excluded(incident_policies::replacement)),
            incident_policies::needs_complaint.eq(excluded(incident_policies::needs_complaint)),
            incident_policies::changed_by.eq(excluded(incident_policies::changed_by)),
            incident_policies::changed_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// What a desk tells of an incident.
#[derive(Insertable)]
#[diesel(table_name = incidents)]
pub struct NewIncident<'a> {
    pub id: Uuid,
    pub establishment_id: Uuid,
    pub kind: &'a str,
    pub device_id: Uuid,
    pub student_id: Option<Uuid>,
    pub loan_id: Option<Uuid>,
    pub act_id: Uuid,
    pub symptoms: &'a [String],
    pub description: &'a str,
    pub complaint_number: Option<&'a str>,
    pub reported_by: Uuid,
}

pub async fn add(conn: &mut AsyncPgConnection, incident: &NewIncident<'_>) -> QueryResult<()> {
    diesel::insert_into(incidents::table).values(incident).execute(conn).await.map(drop)
}

/// An incident that a grant is asked for, or a picture is added to.
#[derive(Debug, Clone, QueryableByName)]
pub struct IncidentFacts {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub loan_id: Option<Uuid>,
}

/// One incident of the school that was not cancelled.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    incident: Uuid,
) -> QueryResult<Option<IncidentFacts>> {
    diesel::sql_query(
        "SELECT kind, device_id, student_id, loan_id FROM incidents
         WHERE establishment_id = $1 AND id = $2 AND cancelled_at IS NULL",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(incident)
    .get_result(conn)
    .await
    .optional()
}

/// A picture of the damage, as JPEG.
pub async fn add_photo(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    incident: Uuid,
    jpeg: &[u8],
) -> QueryResult<Uuid> {
    use super::schema::incident_photos as photos;
    let id = Uuid::now_v7();
    diesel::insert_into(photos::table)
        .values((
            photos::id.eq(id),
            photos::establishment_id.eq(school.0),
            photos::incident_id.eq(incident),
            photos::media_type.eq("image/jpeg"),
            photos::content.eq(jpeg),
        ))
        .execute(conn)
        .await?;
    Ok(id)
}

/// The bytes of a picture.
pub async fn photo(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    photo: Uuid,
) -> QueryResult<Option<Vec<u8>>> {
    use super::schema::incident_photos as photos;
    photos::table
        .filter(photos::establishment_id.eq(school.0))
        .filter(photos::id.eq(photo))
        .select(photos::content)
        .first(conn)
        .await
        .optional()
}
