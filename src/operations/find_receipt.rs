//! The paper that a receipt's code belongs to. Reads only.

use super::{Actor, Failure};
use crate::db::receipts::{self, Coded};
use crate::db::{Db, Scope};
use domain::identifiers::{parse_receipt_code, receipt_code, receipt_end};
use domain::refusal::{Refusal, Thing};
use serde::Serialize;
use utoipa::ToSchema;

/// Where the paper is printed again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundReceipt {
    pub code: String,
    pub path: String,
}

/// By its code, typed or scanned.
pub async fn find_receipt(db: &Db, actor: &Actor, text: &str) -> Result<FoundReceipt, Failure> {
    let unknown = || Failure::Refusal(Refusal::NotFound { what: Thing::Act });
    let code = parse_receipt_code(text).ok_or_else(unknown)?;
    let found = of_code(db, actor, &code).await?.into_iter().next().ok_or_else(unknown)?;
    Ok(FoundReceipt { path: path_of(&found), code })
}

/// What of the school has this code: one thing, but for a chance in a quadrillion.
pub(super) async fn of_code(db: &Db, actor: &Actor, code: &str) -> Result<Vec<Coded>, Failure> {
    let school = actor.establishment;
    let Some(end) = receipt_end(code) else { return Ok(Vec::new()) };
    let mut found = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(receipts::ending_in(conn, school, &end).await?)
        })
        .await?;
    found.retain(|one| receipt_code(one.id) == code);
    Ok(found)
}

pub(super) fn path_of(found: &Coded) -> String {
    match found.what.as_str() {
        "loan" => format!("/print/hand-overs/{}", found.id),
        "act" => format!("/print/acts/{}", found.id),
        _ => format!("/print/repair-batches/{}", found.id),
    }
}
