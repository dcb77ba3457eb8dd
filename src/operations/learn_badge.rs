//! Learns a badge at the desk: a code nobody knew becomes a pupil's, by one scan.

use super::answers::{Request, once};
use super::{Actor, Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::schema::{badges, charter_sheets, devices, students};
use crate::db::{Db, Fault, cards};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::{BadgeCode, CharterCode};
use domain::ids::RequestId;
use domain::names::display_name;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose badge a code is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LearnBadgeRequest {
    pub request_id: Uuid,
    pub student_id: Uuid,
    pub code: String,
}

/// The pupil's card. Idempotent by `request_id`.
pub async fn learn_badge(db: &Db, actor: &Actor, asked: &LearnBadgeRequest) -> Result<Value, Failure> {
    let code = BadgeCode::parse(&asked.code).map_err(|why| {
        Failure::Invalid(Invalid {
            code: "badge_implausible",
            title: "Badge illisible".into(),
            detail: format!("Le code lu n'est pas celui d'un badge : {why}."),
            remedy: "Présentez de nouveau le badge.".into(),
        })
    })?;
    let request = Request::new(RequestId(asked.request_id), "learn_badge", asked)?;
    once(db, actor, &request, async |conn| carry_out(conn, actor, asked, code.as_str()).await).await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    asked: &LearnBadgeRequest,
    code: &str,
) -> Result<Value, Failure> {
    let school = actor.establishment;
    let card = cards::student(conn, school, asked.student_id).await?.ok_or(Refusal::UnknownStudent)?;
    if belongs_to_something_else(conn, actor, code).await? {
        return Err(Refusal::BadgeNotOpaque.into());
    }
    let added = diesel::insert_into(badges::table)
        .values((
            badges::id.eq(Uuid::now_v7()),
            badges::establishment_id.eq(school.0),
            badges::student_id.eq(asked.student_id),
            badges::code.eq(code),
            badges::source.eq("learnt"),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if added == 0 {
        let (holder, first_name, last_name): (Uuid, String, String) = badges::table
            .inner_join(students::table.on(students::id.eq(badges::student_id)))
            .filter(badges::establishment_id.eq(school.0))
            .filter(badges::code.eq(code))
            .select((students::id, students::first_name, students::last_name))
            .first(conn)
            .await?;
        if holder != asked.student_id {
            return Err(Refusal::BadgeTaken { code_holder: display_name(&first_name, &last_name) }.into());
        }
    } else {
        journal::append(conn, &entry(actor, asked)).await?;
    }
    serde_json::to_value(card).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

async fn belongs_to_something_else(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    code: &str,
) -> QueryResult<bool> {
    let school = actor.establishment.0;
    if let Some(charter) = CharterCode::parse(code) {
        let sheet = charter_sheets::table
            .filter(charter_sheets::establishment_id.eq(school))
            .filter(charter_sheets::code.eq(charter.sheet));
        if diesel::select(exists(sheet)).get_result(conn).await? {
            return Ok(true);
        }
    }
    let device = devices::table
        .filter(devices::establishment_id.eq(school))
        .filter(devices::serial_number.eq(code.to_ascii_uppercase()));
    diesel::select(exists(device)).get_result(conn).await
}

fn entry<'a>(actor: &Actor, asked: &LearnBadgeRequest) -> Entry<'a> {
    Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action: "learn_badge",
        student_id: Some(asked.student_id),
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "request_id": asked.request_id }),
    }
}
