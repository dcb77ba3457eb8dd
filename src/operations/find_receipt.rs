//! The paper that a receipt's code belongs to. Reads only.

use super::{Actor, Failure};
use crate::db::receipts;
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
    let end = receipt_end(&code).ok_or_else(unknown)?;
    let school = actor.establishment;
    let found = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(receipts::ending_in(conn, school, &end).await?)
        })
        .await?;
    let found = found.into_iter().find(|one| receipt_code(one.id) == code).ok_or_else(unknown)?;
    let path = match found.what.as_str() {
        "loan" => format!("/print/hand-overs/{}", found.id),
        "act" => format!("/print/acts/{}", found.id),
        _ => format!("/print/repair-batches/{}", found.id),
    };
    Ok(FoundReceipt { code, path })
}
