//! Stored answers: a desk's request is carried out once, however often it arrives (rule 6).

use super::{Actor, Failure};
use crate::db::schema::answers;
use crate::db::{Db, Fault, Scope};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::RequestId;
use domain::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One action of a desk: its id, its name, and what was asked.
pub struct Request {
    pub id: RequestId,
    pub action: &'static str,
    fingerprint: Vec<u8>,
}

impl Request {
    /// `asked` is everything that makes another request of this one.
    pub fn new(id: RequestId, action: &'static str, asked: &impl Serialize) -> Result<Self, Failure> {
        let text = serde_json::to_vec(asked).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))?;
        Ok(Self { id, action, fingerprint: Sha256::digest(text).to_vec() })
    }
}

/// Why a transaction was rolled back.
enum Attempt {
    Failure(Failure),
    /// Another transaction was faster: with the same id, or on the same laptop or pupil.
    Overtaken,
}

impl From<Fault> for Attempt {
    fn from(fault: Fault) -> Self {
        Self::Failure(fault.into())
    }
}

impl From<diesel::result::Error> for Attempt {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failure(error.into())
    }
}

/// Runs `work` and stores its answer in the same transaction, a refusal too; or
/// answers what the same id was answered before. `work` must decide before it
/// writes: what it wrote before a refusal would be kept.
pub async fn once<F>(db: &Db, actor: &Actor, request: &Request, work: F) -> Result<Value, Failure>
where
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<Value, Failure>,
{
    let scope = Scope::School(actor.establishment);
    match db.transaction(scope, async |conn| attempt(conn, actor, request, work).await).await {
        Ok(answer) => answer.map_err(Failure::Refusal),
        Err(Attempt::Failure(failure)) => Err(failure),
        Err(Attempt::Overtaken) => {
            let stored = db.read(scope, async |conn| stored(conn, actor, request).await).await?;
            stored.unwrap_or(Err(Refusal::JustTaken)).map_err(Failure::Refusal)
        }
    }
}

async fn attempt<F>(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    request: &Request,
    work: F,
) -> Result<Result<Value, Refusal>, Attempt>
where
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<Value, Failure>,
{
    if let Some(answer) = stored(conn, actor, request).await.map_err(Attempt::Failure)? {
        return Ok(answer);
    }
    let answer = match work(conn).await {
        Ok(body) => Ok(body),
        // A constraint spoke: this transaction is over. Perhaps the same id did it.
        Err(Failure::Refusal(Refusal::JustTaken)) => return Err(Attempt::Overtaken),
        Err(Failure::Refusal(refusal)) => Err(refusal),
        Err(failure) => return Err(Attempt::Failure(failure)),
    };
    if store(conn, actor, request, &answer).await? { Ok(answer) } else { Err(Attempt::Overtaken) }
}

async fn stored(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    request: &Request,
) -> Result<Option<Result<Value, Refusal>>, Failure> {
    let row: Option<(Vec<u8>, bool, Value)> = answers::table
        .find((actor.establishment.0, request.id.0))
        .select((answers::fingerprint, answers::refused, answers::body))
        .first(conn)
        .await
        .optional()?;
    Ok(match row {
        None => None,
        Some((fingerprint, _, _)) if fingerprint != request.fingerprint => Some(Err(Refusal::RequestReused)),
        Some((_, false, body)) => Some(Ok(body)),
        Some((_, true, body)) => {
            Some(Err(serde_json::from_value(body).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))?))
        }
    })
}

/// False when another transaction has stored an answer to the same id first.
async fn store(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    request: &Request,
    answer: &Result<Value, Refusal>,
) -> Result<bool, Attempt> {
    let body = match answer {
        Ok(body) => body.clone(),
        Err(refusal) => serde_json::to_value(refusal).map_err(|e| Fault::Other(e.to_string()))?,
    };
    let stored = diesel::insert_into(answers::table)
        .values((
            answers::establishment_id.eq(actor.establishment.0),
            answers::request_id.eq(request.id.0),
            answers::action.eq(request.action),
            answers::fingerprint.eq(&request.fingerprint),
            answers::refused.eq(answer.is_err()),
            answers::body.eq(body),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(stored == 1)
}
