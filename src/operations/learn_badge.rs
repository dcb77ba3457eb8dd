//! Learns a badge at the desk: a code nobody knew becomes a pupil's, by one scan.

use super::answers::{Request, once};
use super::{Actor, Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::schema::{badges, device_models, devices, students};
use crate::db::{Db, Fault, cards};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::{BadgeCode, CharterCode, is_product_number};
use domain::ids::RequestId;
use domain::names::display_name;
use domain::refusal::Refusal;
use scanning::labels::classify;
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
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The pupil's card. Idempotent by `request_id`.
pub async fn learn_badge(db: &Db, actor: &Actor, asked: &LearnBadgeRequest) -> Result<Value, Failure> {
    let code = badge_code(&asked.code)?;
    let request =
        Request::new(RequestId(asked.request_id), "learn_badge", &(asked.student_id, code.as_str()))?;
    once(db, actor, &request, async |conn| carry_out(conn, actor, asked, code.as_str()).await).await
}

/// The text of a badge, as it was scanned or typed.
pub(super) fn badge_code(text: &str) -> Result<BadgeCode, Failure> {
    BadgeCode::parse(text).map_err(|why| {
        Failure::Invalid(Invalid {
            code: "badge_implausible",
            title: "Badge illisible".into(),
            detail: format!("Le code lu n'est pas celui d'un badge : {why}."),
            remedy: "Présentez de nouveau le badge.".into(),
        })
    })
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
    let badge = Uuid::now_v7();
    let added = diesel::insert_into(badges::table)
        .values((
            badges::id.eq(badge),
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
            .filter(badges::forgotten_at.is_null())
            .select((students::id, students::first_name, students::last_name))
            .first(conn)
            .await?;
        if holder != asked.student_id {
            return Err(Refusal::BadgeTaken { code_holder: display_name(&first_name, &last_name) }.into());
        }
    } else {
        journal::append(conn, &entry(actor, asked, badge)).await?;
    }
    serde_json::to_value(card).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

/// A badge is opaque: a charter's code, a product's number and what a maker prints on its
/// laptops are not one, whether the school knows them or not.
async fn belongs_to_something_else(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    code: &str,
) -> QueryResult<bool> {
    let label = classify(code);
    if CharterCode::parse(code).is_some() || is_product_number(code) || label.is_part_number || label.is_mac {
        return Ok(true);
    }
    let school = actor.establishment.0;
    if !label.makers.is_empty() {
        // Ten digits are a Dell's Express Service Code and many a canteen's card: what has the
        // shape of a maker's is one only where the school has that maker's laptops.
        let made_here = device_models::table
            .filter(device_models::establishment_id.eq(school))
            .filter(device_models::manufacturer.eq_any(&label.makers));
        if diesel::select(exists(made_here)).get_result(conn).await? {
            return Ok(true);
        }
    }
    let device = devices::table
        .filter(devices::establishment_id.eq(school))
        .filter(devices::serial_number.eq_any(&label.serials));
    diesel::select(exists(device)).get_result(conn).await
}

fn entry<'a>(actor: &Actor, asked: &LearnBadgeRequest, badge: Uuid) -> Entry<'a> {
    Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action: "learn_badge",
        student_id: Some(asked.student_id),
        device_id: None,
        loan_id: None,
        desk_at: asked.desk_at,
        details: json!({ "request_id": asked.request_id, "badge_id": badge }),
    }
}
