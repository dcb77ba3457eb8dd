//! What a desk may do next, drawn by chance, and how it is asked of the service.

use super::school::{Decision, HEAD, School};
use super::{Chance, World};
use crate::custody::in_days;
use crate::harness::Desk;
use domain::devices::DeviceState::{self, *};
use domain::incidents::Incident;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Debug, Clone, Copy)]
pub enum What {
    HandOver { pupil: usize, laptop: usize },
    UndoHandOver { loan: usize },
    Report { loan: usize, incident: Incident, spare: Option<usize>, for_good: bool },
    Lend { pupil: usize, laptop: usize },
    Return { loan: usize, damaged: bool },
    GiveBack { loan: usize },
    Keep { loan: usize },
    Transfer { loan: usize },
    Move { laptop: usize, word: &'static str },
    OpenBatch,
    Fill { batch: usize, laptop: usize },
    Send { batch: usize },
    Back { laptop: usize, outcome: &'static str },
    SetBudget { cents: i64 },
    Request { incident: usize },
    Decide { grant: usize, granted: bool, cents: i64 },
    Use { grant: usize, laptop: usize, for_good: bool },
    Undo { act: usize },
}

#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub desk: usize,
    pub what: What,
}

const INCIDENTS: [Incident; 8] = [
    Incident::Breakdown,
    Incident::Breakdown,
    Incident::Breakdown,
    Incident::Breakdown,
    Incident::Breakdown,
    Incident::Breakage,
    Incident::Loss,
    Incident::Theft,
];
const OUTCOMES: [&str; 12] = [
    "repaired",
    "repaired",
    "repaired",
    "repaired",
    "repaired",
    "repaired",
    "repaired",
    "repaired",
    "not_repaired",
    "not_repaired",
    "not_repaired",
    "scrapped",
];

/// The fund's one year in this school.
pub const YEAR: i32 = 2026;

/// One of the fitting ones three times out of four, else any.
fn pick(chance: &mut Chance, fitting: &[usize], all: usize) -> usize {
    if fitting.is_empty() || chance.below(4) == 0 {
        chance.below(all)
    } else {
        fitting[chance.below(fitting.len())]
    }
}

/// Mostly 0; what ends a laptop's life comes up seldom, or none would be left.
fn rarely(chance: &mut Chance) -> usize {
    match chance.below(40) {
        0 => 3,
        1 => 2,
        2..=9 => 1,
        _ => 0,
    }
}

impl Step {
    /// Something that makes sense three times out of four: what it is about is chosen by its state.
    pub fn draw(school: &School, chance: &mut Chance) -> Self {
        if chance.below(4) == 0
            && let Some(step) = Self::of_the_fund(school, chance)
        {
            return step;
        }
        let desk = chance.below(4);
        let all = 0..school.states.len();
        let in_state = |chance: &mut Chance, wanted: &[DeviceState]| {
            let fitting: Vec<usize> =
                all.clone().filter(|laptop| wanted.contains(&school.states[*laptop])).collect();
            pick(chance, &fitting, school.states.len())
        };
        let bare: Vec<usize> = (0..school.pupils).filter(|pupil| !school.is_equipped(*pupil)).collect();
        let pupil = pick(chance, &bare, school.pupils);
        let open: Vec<usize> = (0..school.loans.len()).filter(|loan| school.loans[*loan].open).collect();
        let loan = (!school.loans.is_empty()).then(|| pick(chance, &open, school.loans.len()));
        let what = match (chance.below(24), loan) {
            (0..=3, _) | (_, None) => What::HandOver { pupil, laptop: in_state(chance, &[InStock]) },
            (4..=7, Some(loan)) => {
                let incident = INCIDENTS[chance.below(INCIDENTS.len())];
                let spare = in_state(chance, &[Reserve]);
                let spare = (chance.below(3) > 0).then_some(spare);
                What::Report { loan, incident, spare, for_good: chance.below(2) == 0 }
            }
            (8, _) => What::Lend { pupil: chance.below(school.pupils), laptop: in_state(chance, &[Reserve]) },
            (9, Some(loan)) => What::Return { loan, damaged: chance.below(4) == 0 },
            (10, Some(loan)) => What::GiveBack { loan },
            (11, Some(loan)) => What::Keep { loan },
            (12, Some(loan)) if chance.below(12) == 0 => What::Transfer { loan },
            (12 | 13, _) => What::Move { laptop: in_state(chance, &[InStock]), word: "set_aside" },
            (14, _) => What::Move { laptop: in_state(chance, &[Lost, Stolen]), word: "find" },
            (15, _) => {
                let word = ["release", "await_repair", "scrap", "move_away"][rarely(chance)];
                What::Move { laptop: in_state(chance, &[Reserve]), word }
            }
            (16 | 17, _) => {
                What::Back { laptop: in_state(chance, &[InRepair]), outcome: OUTCOMES[chance.below(12)] }
            }
            (18 | 19, _) if !school.batches.is_empty() => {
                let batch = school.batches.len() - 1;
                let laptop = in_state(chance, &[AwaitingRepair]);
                if chance.below(3) == 0 { What::Send { batch } } else { What::Fill { batch, laptop } }
            }
            (20, Some(loan)) => What::UndoHandOver { loan },
            (21..=23, _) if !school.acts.is_empty() => {
                let act = school.acts.len() - 1 - chance.below(school.acts.len().min(3));
                let desk = if chance.below(4) == 0 { desk } else { school.acts[act].desk };
                return Self { desk, what: What::Undo { act } };
            }
            _ => What::OpenBatch,
        };
        Self { desk, what }
    }

    /// Something about the head's fund, once there is anything to ask it for.
    fn of_the_fund(school: &School, chance: &mut Chance) -> Option<Self> {
        // Mostly the head, who alone decides.
        let desk = if chance.below(5) == 0 { chance.below(3) } else { HEAD };
        let cents = 100 * i64::try_from(chance.below(300)).ok()?;
        let incidents = school.incidents.len();
        let grants = school.grants.len();
        let of = |wanted: &dyn Fn(usize) -> bool| (0..grants).filter(|n| wanted(*n)).collect::<Vec<_>>();
        let what = match chance.below(10) {
            // Also less than is granted already.
            0 => What::SetBudget { cents: cents * 10 },
            1..=3 if incidents > 0 => {
                What::Request { incident: incidents - 1 - chance.below(incidents.min(4)) }
            }
            4..=6 if grants > 0 => {
                let waiting = of(&|n| school.grants[n].decision == Decision::Waits);
                let granted = chance.below(4) > 0;
                What::Decide { grant: pick(chance, &waiting, grants), granted, cents }
            }
            7..=9 if grants > 0 => {
                let ready = of(&|n| {
                    matches!(school.grants[n].decision, Decision::Granted(_))
                        && school.grants[n].used.is_none()
                });
                let grant = pick(chance, &ready, grants);
                let fitting: Vec<usize> = (0..school.states.len())
                    .filter(|laptop| matches!(school.states[*laptop], Reserve | InStock))
                    .collect();
                let laptop = pick(chance, &fitting, school.states.len());
                What::Use { grant, laptop, for_good: chance.below(2) == 0 }
            }
            _ => return None,
        };
        Some(Self { desk, what })
    }

    pub fn hands_over(&self) -> bool {
        matches!(self.what, What::HandOver { .. })
    }

    pub fn opens_batch(&self) -> bool {
        matches!(self.what, What::OpenBatch)
    }

    pub fn reports(&self) -> bool {
        matches!(self.what, What::Report { .. })
    }

    pub fn asks_the_fund(&self) -> bool {
        matches!(self.what, What::Request { .. })
    }

    /// Whether it is an act of its own, which may be undone.
    pub fn is_act(&self) -> bool {
        !matches!(
            self.what,
            What::HandOver { .. }
                | What::UndoHandOver { .. }
                | What::OpenBatch
                | What::Fill { .. }
                | What::SetBudget { .. }
                | What::Request { .. }
                | What::Decide { .. }
                | What::Undo { .. }
        )
    }

    /// Path and body.
    pub(super) fn request(&self, world: &World) -> (&'static str, String, Value) {
        if let What::SetBudget { cents } = self.what {
            return (
                "PUT",
                "/api/grants/budgets".into(),
                json!({ "budget_year": YEAR, "amount_cents": cents }),
            );
        }
        let (path, body) = self.post(world);
        ("POST", path, body)
    }

    fn post(&self, world: &World) -> (String, Value) {
        let (loans, laptops) = (&world.loans, &world.laptops);
        match self.what {
            What::HandOver { pupil, laptop } => (
                "/api/hand-overs".into(),
                json!({ "student_id": world.pupils[pupil], "device_id": laptops[laptop],
                        "charter": { "copies_shown": 2, "copies_kept": 1, "method": "key" } }),
            ),
            What::UndoHandOver { loan } => {
                (format!("/api/hand-overs/{}/undo", loans[loan]), json!({ "reason": "erreur" }))
            }
            What::Report { loan, incident, spare, for_good } => {
                let until = (!for_good).then(|| in_days(7));
                let spare = spare.map(|spare| json!({ "device_id": laptops[spare], "until": until }));
                let body = json!({ "loan_id": loans[loan], "incident": incident.as_str(), "complaint_number": "1", "spare": spare });
                ("/api/incidents".into(), body)
            }
            What::Lend { pupil, laptop } => (
                "/api/loans".into(),
                json!({ "student_id": world.pupils[pupil], "device_id": laptops[laptop], "until": in_days(3), "purpose": "forgotten" }),
            ),
            What::Return { loan, damaged } => {
                let parts: &[&str] = if damaged { &["écran"] } else { &[] };
                ("/api/returns".into(), json!({ "loan_id": loans[loan], "damaged": parts }))
            }
            What::GiveBack { loan } => ("/api/give-backs".into(), json!({ "loan_id": loans[loan] })),
            What::Keep { loan } => (format!("/api/loans/{}/keep", loans[loan]), json!({ "reason": "x" })),
            What::Transfer { loan } => ("/api/transfers".into(), json!({ "loan_ids": [loans[loan]] })),
            What::Move { laptop, word } => (
                "/api/devices/moves".into(),
                json!({ "device_ids": [laptops[laptop]], "move": word, "reason": "x" }),
            ),
            What::OpenBatch => ("/api/repair-batches".into(), json!({ "contractor": "Econocom" })),
            What::Fill { batch, laptop } => (
                format!("/api/repair-batches/{}/devices", world.batches[batch]),
                json!({ "device_id": laptops[laptop] }),
            ),
            What::Send { batch } => (
                format!("/api/repair-batches/{}/send", world.batches[batch]),
                json!({ "expected_back_on": in_days(9) }),
            ),
            What::Back { laptop, outcome } => {
                ("/api/repairs/back".into(), json!({ "device_id": laptops[laptop], "outcome": outcome }))
            }
            What::SetBudget { .. } => unreachable!("it is put, not posted"),
            What::Request { incident } => {
                let body = json!({ "incident_id": world.incidents[incident], "reason": "x" });
                ("/api/grants".into(), body)
            }
            What::Decide { grant, granted, cents } => (
                format!("/api/grants/{}/decision", world.grants[grant]),
                json!({ "granted": granted, "reason": "x", "budget_year": YEAR, "amount_cents": cents }),
            ),
            What::Use { grant, laptop, for_good } => (
                format!("/api/grants/{}/replacement", world.grants[grant]),
                json!({ "device_id": laptops[laptop], "until": (!for_good).then(|| in_days(7)) }),
            ),
            What::Undo { act } => {
                (format!("/api/acts/{}/undo", world.acts[act]), json!({ "reason": "erreur" }))
            }
        }
    }
}

/// Anything, with whatever the pupil and the laptop are about at the moment.
pub async fn any(
    desk: &Desk,
    chance: &mut Chance,
    pupil: Uuid,
    laptop: Uuid,
    acts: &[Value],
) -> (u16, Value) {
    let card = desk.get(&format!("/api/students/{pupil}")).await.1;
    let own = card["allocation"]["loan_id"].clone();
    let spare = card["temporary"]["loan_id"].clone();
    match (chance.below(9), own.is_string(), spare.is_string()) {
        (0 | 1, false, _) => desk.hands(pupil, laptop).await,
        (2, true, _) => {
            let lent = json!({ "device_id": laptop, "until": in_days(5) });
            desk.acts("/api/incidents", json!({ "loan_id": own, "incident": "breakdown", "spare": lent }))
                .await
        }
        (3, true, _) => desk.acts("/api/returns", json!({ "loan_id": own })).await,
        (4, _, true) => desk.acts("/api/returns", json!({ "loan_id": spare })).await,
        (5, true, true) => desk.acts("/api/give-backs", json!({ "loan_id": own })).await,
        (6, _, _) => {
            desk.acts("/api/repairs/back", json!({ "device_id": laptop, "outcome": "repaired" })).await
        }
        (7, _, _) if !acts.is_empty() => desk.undoes(&acts[chance.below(acts.len())]).await,
        _ => desk.acts("/api/devices/moves", json!({ "device_ids": [laptop], "move": "set_aside" })).await,
    }
}
