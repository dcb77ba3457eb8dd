//! Stock-take: rooms are scanned by several stations over several days; the differences are
//! shown, and those corrections that somebody confirms are applied at the closing.

use super::answers::{Request, once};
use super::doing::{About, Doer, Locked, finish, json_of};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::stock_takes::{self, NewScan, StockTakeCard, StockTakeLine, StockTakeReport};
use crate::db::{Db, cards, loans, repairs};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{LoanKind, go};
use domain::devices::DeviceState;
use domain::ids::RequestId;
use domain::moves::Move;
use domain::refusal::{Refusal, Thing};
use scanning::labels::{Entry as Entered, classify_as};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A new stock-take.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockTakeRequest {
    pub request_id: Uuid,
    /// `Toussaint 2026`.
    pub name: String,
}

/// Opens one; the school has one open at a time. Idempotent by `request_id`.
pub async fn open_stock_take(db: &Db, actor: &Actor, asked: &StockTakeRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    let name = asked.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Failure::Invalid(Invalid {
            code: "stock_take_unnamed",
            title: "Inventaire sans nom".into(),
            detail: "Un inventaire a un nom de 80 caractères au plus.".into(),
            remedy: "Donnez-lui un nom, par exemple « Toussaint 2026 ».".into(),
        }));
    }
    let request = Request::new(RequestId(asked.request_id), "open_stock_take", &name)?;
    once(db, actor, &request, async |conn| {
        if let Some(name) = stock_takes::open_name(conn, doer.school).await? {
            return Err(Refusal::StockTakeOpen { name }.into());
        }
        let id = stock_takes::open(conn, doer.school, name, doer.operator).await?;
        doer.tell(conn, "open_stock_take", About::SCHOOL, json!({ "stock_take_id": id })).await?;
        json_of(&stock_takes::one(conn, doer.school, id, false).await?)
    })
    .await
}

/// A laptop seen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeenRequest {
    pub request_id: Uuid,
    /// As scanned.
    pub code: String,
    #[serde(default)]
    pub room: String,
    /// Takes a scan of this stock-take back.
    #[serde(default)]
    pub remove: bool,
}

/// What a scan says, in words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeenAnswer {
    /// `found`, `already`, `unexpected`, `unknown`, `no_serial` or `removed`.
    pub verdict: String,
    /// `done`, `already`, `refused` or `unknown`.
    pub tone: String,
    pub title: String,
    pub sentence: String,
    pub remedy: String,
    pub serial: String,
    pub scanned: i64,
}

/// Takes a laptop's presence down. Idempotent by `request_id`.
pub async fn see_device(
    db: &Db,
    actor: &Actor,
    stock_take: Uuid,
    asked: &SeenRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    let fingerprint = (stock_take, &asked.code, &asked.room, asked.remove);
    let request = Request::new(RequestId(asked.request_id), "see_device", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        opened(conn, &doer, stock_take, false).await?;
        let mut seen = look(conn, &doer, stock_take, asked).await?;
        seen.scanned =
            stock_takes::one(conn, doer.school, stock_take, false).await?.map_or(0, |card| card.scanned);
        json_of(&seen)
    })
    .await
}

async fn opened(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    id: Uuid,
    lock: bool,
) -> Result<StockTakeCard, Failure> {
    let card = stock_takes::one(conn, doer.school, id, lock).await?;
    let card = card.ok_or(Refusal::NotFound { what: Thing::StockTake })?;
    if card.closed_at.is_some() { Err(Refusal::StockTakeClosed.into()) } else { Ok(card) }
}

async fn look(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    stock_take: Uuid,
    asked: &SeenRequest,
) -> Result<SeenAnswer, Failure> {
    let label = classify_as(&asked.code, Entered::Scanned);
    let devices = cards::devices_by_serial(conn, doer.school, &label.serials).await?;
    let device = devices.first();
    if device.is_none()
        && (label.is_part_number || label.is_mac || label.is_product || label.charter.is_some())
    {
        let sentence = format!("{} n'est pas un numéro de série.", label.plain);
        return Ok(said(
            "no_serial",
            "unknown",
            "Pas un numéro de série",
            sentence,
            "Présentez le code S/N.",
            &label.plain,
        ));
    }
    let serial = device.map_or_else(
        || label.serials.first().unwrap_or(&label.plain).clone(),
        |device| device.serial.clone(),
    );
    if asked.remove {
        stock_takes::remove_scan(conn, stock_take, &serial).await?;
        doer.tell(
            conn,
            "unsee_device",
            About::device(device.map(|one| one.id)),
            json!({ "stock_take_id": stock_take }),
        )
        .await?;
        return Ok(said(
            "removed",
            "done",
            "Retiré",
            format!("{serial} n'est plus compté."),
            "Présentez le suivant.",
            &serial,
        ));
    }
    let scan = NewScan {
        school: doer.school,
        stock_take,
        serial: &serial,
        device: device.map(|one| one.id),
        state: device.map(|one| one.state.as_str()),
        room: asked.room.trim(),
        operator: doer.operator,
        station: doer.station,
    };
    if !stock_takes::add_scan(conn, &scan).await? {
        let sentence = format!("{serial} est déjà compté dans cet inventaire.");
        return Ok(said("already", "already", "Déjà compté", sentence, "Présentez le suivant.", &serial));
    }
    doer.tell(
        conn,
        "see_device",
        About::device(device.map(|one| one.id)),
        json!({ "stock_take_id": stock_take, "room": asked.room.trim() }),
    )
    .await?;
    let Some(device) = device else {
        let sentence = format!("{serial} n'est sur aucune liste de l'établissement.");
        return Ok(said(
            "unknown",
            "unknown",
            "Ordinateur inconnu",
            sentence,
            "Mettez-le de côté : il sera au rapport.",
            &serial,
        ));
    };
    if DeviceState::parse(&device.state).is_some_and(DeviceState::is_on_site) {
        let sentence = format!("{serial}, {}.", device.state_label);
        return Ok(said("found", "done", "Vu", sentence, "Présentez le suivant.", &serial));
    }
    let whose = device.holder.as_ref().map(|holder| format!(" chez {}", holder.name)).unwrap_or_default();
    let sentence = format!("{serial} devrait être {}{whose}.", device.state_label);
    Ok(said(
        "unexpected",
        "refused",
        "Inattendu ici",
        sentence,
        "Mettez-le de côté : une correction sera proposée.",
        &serial,
    ))
}

fn said(verdict: &str, tone: &str, title: &str, sentence: String, remedy: &str, serial: &str) -> SeenAnswer {
    SeenAnswer {
        verdict: verdict.into(),
        tone: tone.into(),
        title: title.into(),
        sentence,
        remedy: remedy.into(),
        serial: serial.into(),
        scanned: 0,
    }
}

/// Which proposals somebody has confirmed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CloseRequest {
    pub request_id: Uuid,
    /// Laptops whose proposed correction is to be applied.
    #[serde(default)]
    pub corrections: Vec<Uuid>,
}

/// A closed stock-take's card and report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClosedStockTake {
    pub stock_take: Option<StockTakeCard>,
    pub report: StockTakeReport,
}

/// Applies the confirmed corrections in one act and freezes the report. Idempotent by `request_id`.
pub async fn close_stock_take(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    asked: &CloseRequest,
) -> Result<Value, Failure> {
    let db = &db.patient();
    let doer = Doer::new(actor, asked.request_id, None)?;
    doer.must_manage()?;
    let request = Request::new(RequestId(asked.request_id), "close_stock_take", &(id, &asked.corrections))?;
    once(db, actor, &request, async |conn| close(conn, &doer, id, &asked.corrections).await).await
}

async fn close(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    id: Uuid,
    corrections: &[Uuid],
) -> Result<Value, Failure> {
    // Laptops before the stock-take that looks at them, as everywhere.
    let locked = Locked::take(conn, doer.school, corrections, None).await?;
    opened(conn, doer, id, true).await?;
    let mut report = stock_takes::compare(conn, doer.school, id).await?;
    let mut planned = Vec::with_capacity(corrections.len());
    for device in corrections {
        let line = report.lines.iter().find(|line| line.device_id == Some(*device));
        let facts = locked.device(*device)?;
        let refused = || Refusal::MoveNotAllowed { serial: facts.serial.clone(), state: facts.state };
        let (by, wanted) = line.and_then(correction).ok_or_else(refused)?;
        planned.push(MovedDevice { id: *device, by, from: facts.state, to: go(facts, by, wanted)? });
    }
    if !planned.is_empty() {
        apply(conn, doer, id, &locked, &planned).await?;
    }
    report.corrected = corrections.to_vec();
    let frozen = json_of(&report)?;
    stock_takes::close(conn, id, doer.operator, &frozen).await?;
    doer.tell(
        conn,
        "close_stock_take",
        About::SCHOOL,
        json!({ "stock_take_id": id, "lines": report.lines.len() }),
    )
    .await?;
    json_of(&ClosedStockTake { stock_take: stock_takes::one(conn, doer.school, id, false).await?, report })
}

fn correction(line: &StockTakeLine) -> Option<(Move, DeviceState)> {
    Some(match line.proposal.as_deref()? {
        "lose" => (Move::Lose, DeviceState::Lost),
        "find" => (Move::Find, DeviceState::InStock),
        "receive" => (Move::Receive, DeviceState::InStock),
        "return" => (Move::TakeBack, DeviceState::InStock),
        "come_back" => (Move::ComeBack, DeviceState::AwaitingRepair),
        _ => return None,
    })
}

async fn apply(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    id: Uuid,
    locked: &Locked,
    planned: &[MovedDevice],
) -> Result<(), Failure> {
    let act = doer.act(ActKind::ApplyStockTake, None, None, json!({ "stock_take_id": id }));
    acts::begin(conn, &act).await?;
    let mut touched = Vec::new();
    let mut moved = Vec::with_capacity(planned.len());
    for one in planned {
        let mut one = *one;
        if let Some(loan) = locked.loan_of_device(one.id).filter(|_| one.by == Move::TakeBack) {
            loans::close(conn, loan.id, &doer.ending("returned", Some("Inventaire"))).await?;
            touched.push(TouchedLoan { id: loan.id, device: one.id, effect: Effect::Closed });
            if loan.kind() == LoanKind::Temporary {
                one.to = DeviceState::Reserve;
            }
        }
        if one.to == DeviceState::Lost
            && let Some(repair) = repairs::open_of(conn, doer.school, one.id).await?
        {
            let end =
                repairs::RepairEnd { outcome: "lost", diagnosis: "", under_warranty: None, cost_cents: None };
            repairs::close(conn, repair, &end).await?;
        }
        moved.push(one);
    }
    finish(conn, &act, &moved, &touched, None, Vec::new()).await.map(drop)
}
