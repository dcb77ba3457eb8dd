//! The reserve at a look: gauge with both bounds, what is in it, what is out and why, alerts,
//! how it changed, and how long it lasts.

use super::{Actor, Failure};
use crate::db::acts::{self, ActCard};
use crate::db::reserve::{self, ReserveDay, ReserveDevice, ShortClass};
use crate::db::temporary::{self, TemporaryLoan};
use crate::db::{Db, Scope};
use domain::reserve::{bounds, forecast, percent, standing};
use serde::Serialize;
use utoipa::ToSchema;

/// Days of the plot.
const DAYS: i64 = 90;
/// Acts that took from the reserve or added to it, as a list shows them.
const ACTS: i64 = 30;

/// The gauge alone: small enough to be sent at every change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReserveGauge {
    /// Pupils to equip.
    pub entitled: i64,
    pub reserve: i64,
    /// Of the entitled; absent when nobody is.
    pub percent: Option<f64>,
    /// `below`, `within` or `above` the target; absent when nobody is entitled.
    pub standing: Option<&'static str>,
    /// The fewest and the most laptops within the target.
    pub floor: i64,
    pub ceiling: i64,
    /// Spares lent for a while.
    pub lent: i64,
    pub in_stock: i64,
    pub in_repair: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReserveState {
    pub gauge: ReserveGauge,
    pub devices: Vec<ReserveDevice>,
    pub out: Vec<TemporaryLoan>,
    pub acts: Vec<ActCard>,
    pub history: Vec<ReserveDay>,
    /// Incidents a week, of the last eight weeks.
    pub incidents_a_week: f64,
    /// Until the reserve is empty at that rate; absent when nothing has happened.
    pub weeks_left: Option<f64>,
    /// Classes whose hand-out would need more than the stock holds, so that the rest came out of the
    /// reserve and left it below its floor.
    pub short: Vec<ShortClass>,
}

/// Reads only.
pub async fn show_reserve(db: &Db, actor: &Actor) -> Result<ReserveState, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let counts = reserve::counts(conn, school).await?;
        let gauge = gauge(&counts);
        let forecast = forecast(counts.reserve, counts.incidents, counts.days);
        let mut acts_of_reserve = Vec::new();
        for act in reserve::last_acts(conn, school, ACTS).await? {
            acts_of_reserve.extend(acts::one(conn, school, act).await?);
        }
        let needed = reserve::needed(conn, school).await?;
        let short = needed.into_iter().filter(|class| {
            let from_reserve = (class.needed - counts.in_stock).max(0);
            from_reserve > 0 && counts.reserve - from_reserve < gauge.floor
        });
        Ok(ReserveState {
            devices: reserve::devices(conn, school).await?,
            out: temporary::open(conn, school).await?,
            acts: acts_of_reserve,
            history: reserve::history(conn, school, DAYS).await?,
            incidents_a_week: forecast.incidents_a_week,
            weeks_left: forecast.weeks_left,
            short: short.collect(),
            gauge,
        })
    })
    .await
}

/// The gauge of some counts.
pub fn gauge(counts: &reserve::Counts) -> ReserveGauge {
    let (floor, ceiling) = bounds(counts.entitled);
    let percent = percent(counts.reserve, counts.entitled);
    ReserveGauge {
        entitled: counts.entitled,
        reserve: counts.reserve,
        percent,
        standing: percent.map(|percent| standing(percent).as_str()),
        floor,
        ceiling,
        lent: counts.lent,
        in_stock: counts.in_stock,
        in_repair: counts.in_repair,
    }
}
