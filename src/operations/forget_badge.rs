//! Takes back a badge that was learnt for the wrong pupil: the code is nobody's again.

use super::answers::{Request, once};
use super::learn_badge::badge_code;
use super::{Actor, Failure};
use crate::db::journal::{self, Entry};
use crate::db::schema::badges;
use crate::db::{Db, Fault, cards};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::RequestId;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which badge of whom is to be forgotten.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ForgetBadgeRequest {
    pub request_id: Uuid,
    pub student_id: Uuid,
    pub code: String,
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The pupil's card. Idempotent by `request_id`.
pub async fn forget_badge(db: &Db, actor: &Actor, asked: &ForgetBadgeRequest) -> Result<Value, Failure> {
    let code = badge_code(&asked.code)?;
    let request =
        Request::new(RequestId(asked.request_id), "forget_badge", &(asked.student_id, code.as_str()))?;
    once(db, actor, &request, async |conn| carry_out(conn, actor, asked, code.as_str()).await).await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    asked: &ForgetBadgeRequest,
    code: &str,
) -> Result<Value, Failure> {
    let school = actor.establishment;
    let card = cards::student(conn, school, asked.student_id).await?.ok_or(Refusal::UnknownStudent)?;
    let (badge, source): (Uuid, String) = badges::table
        .filter(badges::establishment_id.eq(school.0))
        .filter(badges::student_id.eq(asked.student_id))
        .filter(badges::code.eq(code))
        .filter(badges::forgotten_at.is_null())
        .select((badges::id, badges::source))
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?
        .ok_or(Refusal::UnknownBadge)?;
    if source != "learnt" {
        return Err(Refusal::BadgePrinted.into());
    }
    diesel::update(badges::table.find(badge))
        .set(badges::forgotten_at.eq(diesel::dsl::now))
        .execute(conn)
        .await?;
    let entry = Entry {
        establishment_id: school.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action: "forget_badge",
        student_id: Some(asked.student_id),
        device_id: None,
        loan_id: None,
        desk_at: asked.desk_at,
        details: json!({ "request_id": asked.request_id, "badge_id": badge }),
    };
    journal::append(conn, &entry).await?;
    serde_json::to_value(card).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}
