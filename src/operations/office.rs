//! What changes in the office share: each is carried out once for its request, and journalled.

use super::answers::{Request, once};
use super::{Actor, Failure, Invalid};
use crate::db::journal::Entry;
use crate::db::{Db, Fault};
use diesel_async::AsyncPgConnection;
use domain::ids::RequestId;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Runs a change once for its request; what makes another request of it is `asked`.
pub async fn change_once<T, F>(
    db: &Db,
    actor: &Actor,
    request_id: Uuid,
    action: &'static str,
    asked: &impl Serialize,
    work: F,
) -> Result<Value, Failure>
where
    T: Serialize,
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, Failure>,
{
    let request = Request::new(RequestId(request_id), action, asked)?;
    once(db, actor, &request, async |conn| {
        let answer = work(conn).await?;
        serde_json::to_value(answer).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
    })
    .await
}

/// A line of the journal about no laptop.
pub fn entry<'a>(actor: &Actor, action: &'a str, student: Option<Uuid>, details: Value) -> Entry<'a> {
    Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action,
        student_id: student,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details,
    }
}

/// Something that was typed cannot be what is asked for.
pub fn invalid(code: &'static str, title: &str, detail: &str, remedy: &str) -> Failure {
    Failure::Invalid(Invalid {
        code,
        title: title.to_owned(),
        detail: detail.to_owned(),
        remedy: remedy.to_owned(),
    })
}

/// What somebody typed, without outer spaces; at most `longest` signs.
pub fn typed(text: &str, longest: usize) -> Result<&str, Failure> {
    let text = text.trim();
    if text.chars().count() <= longest {
        return Ok(text);
    }
    Err(invalid(
        "text_too_long",
        "Texte trop long",
        &format!("Un champ dépasse {longest} signes."),
        "Raccourcissez-le, puis recommencez.",
    ))
}
