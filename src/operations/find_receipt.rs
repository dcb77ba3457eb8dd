//! The paper that a receipt's code belongs to. Reads only.

use super::print_receipt::{title_of_act, title_of_loan};
use super::{Actor, Failure};
use crate::db::cards::{self, StudentCard};
use crate::db::receipts::{self, Coded};
use crate::db::{Db, Scope};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::identifiers::{parse_receipt_code, receipt_code, receipt_end};
use domain::refusal::{Refusal, Thing};
use domain::roles::Right;
use serde::Serialize;
use utoipa::ToSchema;

/// A receipt, and where it is printed again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundReceipt {
    pub code: String,
    pub path: String,
    /// `Reçu de remise`; in French.
    pub title: String,
    /// When what it tells of was done.
    pub at: DateTime<Utc>,
    /// Whose it is; a cession of many and a slip to the contractor are nobody's.
    pub student: Option<StudentCard>,
}

/// By its code, typed or scanned.
pub async fn find_receipt(db: &Db, actor: &Actor, text: &str) -> Result<FoundReceipt, Failure> {
    let found =
        db.read(Scope::School(actor.establishment), async |conn| named(conn, actor, text).await).await?;
    found.ok_or_else(|| Refusal::NotFound { what: Thing::Act }.into())
}

/// The receipt that a text names, if it names one.
pub async fn named(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    text: &str,
) -> Result<Option<FoundReceipt>, Failure> {
    let Some(code) = parse_receipt_code(text) else { return Ok(None) };
    let Some(end) = receipt_end(&code) else { return Ok(None) };
    let school = actor.establishment;
    let coded = receipts::ending_in(conn, school, &end).await?;
    // The slips of repair batches are the office's.
    let may_see = |one: &Coded| one.what != "batch" || actor.role.has(Right::Manage);
    let Some(one) = coded.into_iter().find(|one| receipt_code(one.id) == code && may_see(one)) else {
        return Ok(None);
    };
    let (title, path) = match one.what.as_str() {
        "loan" => (title_of_loan(&one.kind), "hand-overs"),
        "act" => (title_of_act(&one.kind), "acts"),
        _ => ("Bon de SAV", "repair-batches"),
    };
    let student = match one.student_id {
        Some(student) => cards::student(conn, school, student).await?,
        None => None,
    };
    let path = format!("/print/{path}/{}", one.id);
    Ok(Some(FoundReceipt { code, path, title: title.to_owned(), at: one.at, student }))
}
