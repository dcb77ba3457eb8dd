//! Checks a delivery against its note, laptop by laptop, in any order and at several stations at once.

use super::answers::{Request, once};
use super::doing::{About, Doer, Locked, finish, json_of};
use super::{Actor, Failure};
use crate::db::acts::{self, MovedDevice};
use crate::db::receptions::{self, DeliveryCard, KnownSerial, NewScan, Note};
use crate::db::{Db, Scope, repairs};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::go;
use domain::devices::DeviceState;
use domain::hand_over::DeviceFacts;
use domain::ids::RequestId;
use domain::moves::Move;
use domain::refusal::{Refusal, Thing};
use scanning::labels::{Entry as Entered, Label, classify_as};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A scan of a box or a laptop.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiveRequest {
    pub request_id: Uuid,
    /// As scanned.
    pub code: String,
    /// It arrived broken.
    #[serde(default)]
    pub damaged: bool,
    /// What is wrong with it.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// What a scan turned out to be, in words, and how far the reception is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReceiveAnswer {
    /// `received`, `damaged`, `already`, `other_note`, `other_school`, `not_on_a_note` or `no_serial`.
    pub verdict: String,
    /// `done`, `already`, `refused` or `unknown`.
    pub tone: String,
    pub title: String,
    pub sentence: String,
    pub remedy: String,
    pub serial: String,
    /// Of a laptop that was taken in: its act may be undone.
    pub act_id: Option<Uuid>,
    pub delivery: DeliveryCard,
}

/// Verdict and words of a scan, before the counts.
struct Found {
    verdict: &'static str,
    tone: &'static str,
    title: &'static str,
    sentence: String,
    remedy: &'static str,
    serial: String,
    act: Option<Uuid>,
}

/// The scan and what it is. Idempotent by `request_id`.
pub async fn receive_device(
    db: &Db,
    actor: &Actor,
    delivery: Uuid,
    asked: &ReceiveRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let label = classify_as(&asked.code, Entered::Scanned);
    let known = db
        .read(Scope::Every, async |conn| {
            Ok::<_, Failure>(receptions::known(conn, doer.school, &label.serials).await?)
        })
        .await?;
    let fingerprint = (delivery, &asked.code, asked.damaged, &asked.note);
    let request = Request::new(RequestId(asked.request_id), "receive_device", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        let unknown = Refusal::NotFound { what: Thing::Delivery };
        let note = receptions::note(conn, doer.school, delivery).await?.ok_or(unknown.clone())?;
        if note.checked_at.is_some() {
            return Err(Refusal::DeliveryChecked { note: note.note_number }.into());
        }
        let found = look(conn, &doer, &note, &label, &known, asked).await?;
        let card = receptions::delivery(conn, doer.school, delivery).await?.ok_or(unknown)?;
        json_of(&found.answer(card))
    })
    .await
}

async fn look(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    note: &Note,
    label: &Label,
    known: &[KnownSerial],
    asked: &ReceiveRequest,
) -> Result<Found, Failure> {
    if let Some(own) = known.iter().find(|one| one.is_own) {
        if own.delivery_id == Some(note.id) {
            return of_this_note(conn, doer, note, own, asked).await;
        }
        let scan = scan(doer, note, asked, &own.serial, "other_note");
        receptions::write(conn, &NewScan { device: Some(own.device_id), ..scan }).await?;
        let other = own.note_number.as_deref().unwrap_or("d'aucun bon");
        return Ok(Found::strange(
            "other_note",
            "Sur un autre bon",
            format!("{} est sur le bon {other}.", own.serial),
            "Mettez-le de côté pour ce bon-là.",
            &own.serial,
        ));
    }
    if label.is_part_number || label.is_mac || label.is_product || label.charter.is_some() {
        return Ok(Found {
            tone: "unknown",
            ..Found::strange(
                "no_serial",
                "Pas un numéro de série",
                format!("{} n'est pas un numéro de série.", label.plain),
                "Présentez le code S/N de l'étiquette.",
                &label.plain,
            )
        });
    }
    let serial = label.serials.first().unwrap_or(&label.plain);
    if let Some(other) = known.first() {
        let scan = scan(doer, note, asked, &other.serial, "other_school");
        receptions::write(conn, &NewScan { other_school: Some(&other.school), ..scan }).await?;
        return Ok(Found::strange(
            "other_school",
            "Pour un autre établissement",
            format!("{} est livré à {}.", other.serial, other.school),
            "Mettez-le de côté : il sera dans le rapport d'écarts.",
            &other.serial,
        ));
    }
    receptions::write(conn, &scan(doer, note, asked, serial, "not_on_a_note")).await?;
    Ok(Found::strange(
        "not_on_a_note",
        "Pas sur le bon",
        format!("{serial} n'est sur aucun bon de livraison importé."),
        "Mettez-le de côté : il sera dans le rapport d'écarts.",
        serial,
    ))
}

async fn of_this_note(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    note: &Note,
    own: &KnownSerial,
    asked: &ReceiveRequest,
) -> Result<Found, Failure> {
    let locked = Locked::take(conn, doer.school, &[own.device_id], None).await?;
    let device = locked.device(own.device_id)?;
    let before = receptions::scan_of(conn, doer.school, note.id, &own.serial).await?;
    let announced = device.state == DeviceState::Announced;
    let newly_damaged = asked.damaged && before.as_ref().is_none_or(|scan| scan.verdict != "damaged");
    if !announced && !newly_damaged {
        return already(conn, doer, note, device, before, asked).await;
    }
    let (kind, by, to) = match (announced, asked.damaged) {
        (true, false) => (ActKind::Receive, Move::Receive, DeviceState::InStock),
        (true, true) => (ActKind::Receive, Move::ReceiveDamaged, DeviceState::AwaitingRepair),
        // Found broken after it was taken in.
        (false, _) => (ActKind::AwaitRepair, Move::Break, DeviceState::AwaitingRepair),
    };
    if let (false, Some(holder)) = (announced, &device.holder) {
        let (serial, holder) = (device.serial.clone(), holder.clone());
        return Err(Refusal::HeldBySomeoneElse { serial, holder }.into());
    }
    let to = go(device, by, to)?;
    let act = doer.act(
        kind,
        None,
        Some(asked.note.trim()).filter(|note| !note.is_empty()),
        json!({ "delivery_id": note.id }),
    );
    acts::begin(conn, &act).await?;
    let verdict = if asked.damaged { "damaged" } else { "received" };
    let scan = scan(doer, note, asked, &own.serial, verdict);
    receptions::write(conn, &NewScan { device: Some(own.device_id), act: Some(act.id), ..scan }).await?;
    if asked.damaged {
        repairs::open(conn, doer.school, own.device_id, None, asked.note.trim()).await?;
    }
    let moved = [MovedDevice { id: own.device_id, by, from: device.state, to }];
    finish(conn, &act, &moved, &[], None, Vec::new()).await?;
    let (title, remedy) = if asked.damaged {
        ("Reçu abîmé", "Mettez-le de côté : il attend une réparation et sera dans le rapport d'écarts.")
    } else {
        ("Reçu", "Présentez le suivant.")
    };
    Ok(Found {
        verdict,
        tone: "done",
        title,
        sentence: own.serial.clone(),
        remedy,
        serial: own.serial.clone(),
        act: Some(act.id),
    })
}

/// Seen before: here, or because it was handed out or moved without being scanned.
async fn already(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    note: &Note,
    device: &DeviceFacts,
    before: Option<receptions::ReceptionScan>,
    asked: &ReceiveRequest,
) -> Result<Found, Failure> {
    let sentence = match &before {
        Some(scan) => {
            let at = scan.scanned_at.with_timezone(&Paris).format("%H:%M");
            format!("{} est déjà compté, à {at} ({}).", device.serial, scan.station)
        }
        None => format!("{} était déjà pris en compte.", device.serial),
    };
    if before.is_none() {
        let scan = scan(doer, note, asked, &device.serial, "received");
        receptions::write(conn, &NewScan { device: Some(device.id.0), ..scan }).await?;
    }
    Ok(Found {
        verdict: "already",
        tone: "already",
        title: "Déjà compté",
        sentence,
        remedy: "Rien à faire : présentez le suivant.",
        serial: device.serial.clone(),
        act: before.and_then(|scan| scan.act_id),
    })
}

fn scan<'a>(
    doer: &Doer,
    note: &Note,
    asked: &'a ReceiveRequest,
    serial: &'a str,
    verdict: &'a str,
) -> NewScan<'a> {
    NewScan {
        school: doer.school,
        delivery: note.id,
        serial,
        device: None,
        verdict,
        act: None,
        note: asked.note.trim(),
        other_school: None,
        operator: doer.operator,
        station: doer.station,
    }
}

impl Found {
    fn strange(
        verdict: &'static str,
        title: &'static str,
        sentence: String,
        remedy: &'static str,
        serial: &str,
    ) -> Self {
        Self { verdict, tone: "refused", title, sentence, remedy, serial: serial.to_owned(), act: None }
    }

    fn answer(self, delivery: DeliveryCard) -> ReceiveAnswer {
        ReceiveAnswer {
            verdict: self.verdict.into(),
            tone: self.tone.into(),
            title: self.title.into(),
            sentence: self.sentence,
            remedy: self.remedy.into(),
            serial: self.serial,
            act_id: self.act,
            delivery,
        }
    }
}

/// Whether a reception is over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckRequest {
    pub request_id: Uuid,
    pub over: bool,
}

/// Declares a reception over, or open again. Idempotent by `request_id`.
pub async fn check_delivery(
    db: &Db,
    actor: &Actor,
    delivery: Uuid,
    asked: &CheckRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    doer.must_manage()?;
    let request = Request::new(RequestId(asked.request_id), "check_delivery", &(delivery, asked.over))?;
    once(db, actor, &request, async |conn| {
        let by = asked.over.then_some(doer.operator);
        if receptions::set_checked(conn, doer.school, delivery, by).await? == 0 {
            return Err(Refusal::NotFound { what: Thing::Delivery }.into());
        }
        let details = json!({ "delivery_id": delivery, "over": asked.over });
        doer.tell(conn, "check_delivery", About::SCHOOL, details).await?;
        let card = receptions::delivery(conn, doer.school, delivery).await?;
        json_of(&card)
    })
    .await
}
