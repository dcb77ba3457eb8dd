//! Puts a share of the stock into the reserve by one action.

use super::doing::{Doer, Done, Locked, act_once, finish};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, MovedDevice};
use crate::db::{Db, reserve};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::go;
use domain::devices::DeviceState;
use domain::moves::Move;
use domain::refusal::Refusal;
use domain::reserve::wanted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// How large the reserve is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FillRequest {
    pub request_id: Uuid,
    /// Of the entitled headcount, in tenths of a percent: 30 is 3 %.
    pub tenths_of_percent: i64,
    /// Draws from this delivery only.
    #[serde(default)]
    pub delivery_id: Option<Uuid>,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Draws what is missing from the stock. Idempotent by `request_id`.
pub async fn fill_reserve(db: &Db, actor: &Actor, asked: &FillRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    doer.must_manage()?;
    if !(1..=1000).contains(&asked.tenths_of_percent) {
        return Err(implausible("La part de la réserve va de 0,1 à 100 % des élèves à équiper."));
    }
    let fingerprint = (asked.tenths_of_percent, asked.delivery_id);
    act_once(db, actor, asked.request_id, "fill_reserve", &fingerprint, async |conn| {
        carry_out(conn, &doer, asked).await
    })
    .await
}

async fn carry_out(conn: &mut AsyncPgConnection, doer: &Doer, asked: &FillRequest) -> Result<Done, Failure> {
    let counts = reserve::counts(conn, doer.school).await?;
    let more = wanted(counts.entitled, asked.tenths_of_percent) - counts.reserve;
    if more <= 0 {
        let there = counts.reserve;
        return Err(implausible(&format!(
            "La réserve contient déjà {there} ordinateurs : c'est au moins cette part."
        )));
    }
    let drawn = reserve::draw(conn, doer.school, asked.delivery_id, more).await?;
    let there = i64::try_from(drawn.len()).unwrap_or(i64::MAX);
    if there < more {
        return Err(Refusal::StockTooSmall { wanted: more, there }.into());
    }
    let locked = Locked::take(conn, doer.school, &drawn, None).await?;
    let mut moved = Vec::with_capacity(drawn.len());
    for device in &locked.devices {
        let to = go(device, Move::SetAside, DeviceState::Reserve)?;
        moved.push(MovedDevice { id: device.id.0, by: Move::SetAside, from: device.state, to });
    }
    let details = json!({ "tenths_of_percent": asked.tenths_of_percent, "delivery_id": asked.delivery_id });
    let act = doer.act(ActKind::SetAside, None, None, details);
    acts::begin(conn, &act).await?;
    finish(conn, &act, &moved, &[], None, Vec::new()).await
}

fn implausible(detail: &str) -> Failure {
    Failure::Invalid(Invalid {
        code: "share_implausible",
        title: "Rien à mettre en réserve".into(),
        detail: detail.into(),
        remedy: "Choisissez une autre part.".into(),
    })
}
