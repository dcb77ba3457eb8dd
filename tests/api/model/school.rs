//! The model: laptops, loans, repairs, acts and the head's fund as plain numbers, and what each
//! step does to them.
//! Written from the programme's rules, not from the code: two tellings of one thing.

use super::steps::{Step, What};
use domain::custody::LoanKind::{self, Allocation, Temporary};
use domain::devices::DeviceState::{self, *};
use domain::incidents::Incident;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

#[derive(Debug, Clone)]
pub struct Loan {
    pub pupil: usize,
    pub laptop: usize,
    pub kind: LoanKind,
    pub open: bool,
    /// By which desk it was handed over, and from which state; none for loans that acts opened.
    pub handed: Option<(usize, DeviceState)>,
}

/// What an act changed.
#[derive(Debug, Clone)]
pub struct Act {
    pub desk: usize,
    moved: Vec<(usize, DeviceState, DeviceState)>,
    opened: Vec<usize>,
    closed: Vec<usize>,
    /// Repairs it began, and ended with the batch they were in.
    began: Vec<usize>,
    ended: Vec<(usize, Option<usize>)>,
    sent: Option<usize>,
    /// The incident it told of, and the grant it used.
    told: Option<usize>,
    used: Option<usize>,
    undone: bool,
}

/// What happened to a loan's laptop.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub loan: usize,
    cancelled: bool,
}

/// A request to the head's fund.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub incident: usize,
    pub decision: Decision,
    /// The loan that it gave.
    pub used: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Waits,
    Refused,
    /// Euro cents of the year's budget.
    Granted(i64),
}

/// The desk at which the head sits; only there the fund is decided on.
pub const HEAD: usize = 3;

pub struct School {
    pub states: Vec<DeviceState>,
    pub loans: Vec<Loan>,
    /// Laptops whose repair is under way, and the batch they are in.
    pub repairs: BTreeMap<usize, Option<usize>>,
    pub acts: Vec<Act>,
    /// Whether each batch has left.
    pub batches: Vec<bool>,
    pub incidents: Vec<Told>,
    pub grants: Vec<Grant>,
    /// What the fund's one year holds, once the head has said so.
    pub budget: Option<i64>,
    pub pupils: usize,
}

type Taken = Result<(), &'static str>;

impl School {
    pub fn new(pupils: usize, laptops: usize) -> Self {
        Self {
            states: vec![InStock; laptops],
            loans: Vec::new(),
            repairs: BTreeMap::new(),
            acts: Vec::new(),
            batches: Vec::new(),
            incidents: Vec::new(),
            grants: Vec::new(),
            budget: None,
            pupils,
        }
    }

    /// Euro cents granted so far.
    pub fn granted(&self) -> i64 {
        let cents = |grant: &Grant| if let Decision::Granted(cents) = grant.decision { cents } else { 0 };
        self.grants.iter().map(cents).sum()
    }

    /// Whom an incident happened to.
    pub fn pupil_of(&self, incident: usize) -> usize {
        self.loans[self.incidents[incident].loan].pupil
    }

    pub fn holder(&self, laptop: usize) -> Option<usize> {
        self.loans.iter().position(|loan| loan.open && loan.laptop == laptop)
    }

    pub fn is_equipped(&self, pupil: usize) -> bool {
        self.loan_of(pupil, Allocation).is_some()
    }

    fn loan_of(&self, pupil: usize, kind: LoanKind) -> Option<usize> {
        self.loans.iter().position(|loan| loan.open && loan.pupil == pupil && loan.kind == kind)
    }

    /// Carries the step out, or says why not.
    pub fn take(&mut self, step: &Step) -> Taken {
        let desk = step.desk;
        match step.what {
            What::HandOver { pupil, laptop } => self.hand_over(desk, pupil, laptop),
            What::UndoHandOver { loan } => self.undo_hand_over(desk, loan),
            What::Report { loan, incident, spare, for_good } => {
                self.report(desk, loan, incident, spare, for_good)
            }
            What::Lend { pupil, laptop } => self.lend(desk, pupil, laptop),
            What::Return { loan, damaged } => self.take_back(desk, loan, damaged),
            What::GiveBack { loan } => self.give_back(desk, loan),
            What::Keep { loan } => self.keep(desk, loan),
            What::Transfer { loan } => self.transfer(desk, loan),
            What::Move { laptop, word } => self.go(desk, laptop, word),
            What::OpenBatch => {
                self.batches.push(false);
                Ok(())
            }
            What::Fill { batch, laptop } => self.fill(batch, laptop),
            What::Send { batch } => self.send(desk, batch),
            What::Back { laptop, outcome } => self.back(desk, laptop, outcome),
            What::SetBudget { cents } => self.set_budget(desk, cents),
            What::Request { incident } => self.request(incident),
            What::Decide { grant, granted, cents } => self.decide(desk, grant, granted, cents),
            What::Use { grant, laptop, for_good } => self.use_grant(desk, grant, laptop, for_good),
            What::Undo { act } => self.undo(desk, act),
        }
    }

    fn act(&mut self, desk: usize) -> Act {
        Act {
            desk,
            moved: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            began: Vec::new(),
            ended: Vec::new(),
            sent: None,
            told: None,
            used: None,
            undone: false,
        }
    }

    fn moves(&mut self, act: &mut Act, laptop: usize, to: DeviceState) {
        act.moved.push((laptop, self.states[laptop], to));
        self.states[laptop] = to;
    }

    fn closes(&mut self, act: &mut Act, loan: usize) {
        self.loans[loan].open = false;
        act.closed.push(loan);
    }

    fn opens(&mut self, act: &mut Act, pupil: usize, laptop: usize, kind: LoanKind) {
        act.opened.push(self.loans.len());
        self.loans.push(Loan { pupil, laptop, kind, open: true, handed: None });
    }

    fn begins_repair(&mut self, act: &mut Act, laptop: usize) {
        if let Entry::Vacant(none) = self.repairs.entry(laptop) {
            none.insert(None);
            act.began.push(laptop);
        }
    }

    fn ends_repair(&mut self, act: &mut Act, laptop: usize) {
        if let Some(batch) = self.repairs.remove(&laptop) {
            act.ended.push((laptop, batch));
        }
    }

    fn hand_over(&mut self, desk: usize, pupil: usize, laptop: usize) -> Taken {
        match self.holder(laptop) {
            Some(loan) if self.loans[loan].pupil == pupil => return Err("already_handed_over"),
            Some(_) => return Err("held_by_someone_else"),
            None if self.loan_of(pupil, Allocation).is_some() => return Err("student_already_equipped"),
            None => {}
        }
        if !matches!(self.states[laptop], Announced | InStock) {
            return Err("device_not_available");
        }
        let handed = Some((desk, self.states[laptop]));
        self.loans.push(Loan { pupil, laptop, kind: Allocation, open: true, handed });
        self.states[laptop] = Lent;
        Ok(())
    }

    fn undo_hand_over(&mut self, desk: usize, loan: usize) -> Taken {
        let Loan { open, handed, laptop, .. } = self.loans[loan];
        // What an act opened is taken back with the act, as a whole.
        let Some((by, before)) = handed else { return Err("unknown_loan") };
        if !open {
            return Err("already_closed");
        }
        if by != desk {
            return Err("undo_from_other_station");
        }
        if self.states[laptop] != Lent {
            return Err("changed_since");
        }
        self.loans[loan].open = false;
        self.states[laptop] = before;
        Ok(())
    }

    fn report(
        &mut self,
        desk: usize,
        loan: usize,
        incident: Incident,
        spare: Option<usize>,
        for_good: bool,
    ) -> Taken {
        let Loan { pupil, laptop, kind, open, .. } = self.loans[loan];
        if !open {
            return Err("already_closed");
        }
        let broken_to = match (incident, self.states[laptop]) {
            (Incident::Breakdown | Incident::Breakage, Lent) => AwaitingRepair,
            (Incident::Loss, _) => Lost,
            (Incident::Theft, Lent | AwaitingRepair | Repaired) => Stolen,
            _ => return Err("move_not_allowed"),
        };
        // A spare that is lent keeps its day, whatever takes its place.
        let until = !for_good || kind == Temporary;
        if let Some(spare) = spare {
            if incident != Incident::Breakdown {
                return Err("grant_needed");
            }
            if kind == Allocation && until && self.loan_of(pupil, Temporary).is_some() {
                return Err("student_has_spare");
            }
            if self.holder(spare).is_some() {
                return Err("held_by_someone_else");
            }
            if !(self.states[spare] == Reserve || (!until && self.states[spare] == InStock)) {
                return Err("spare_not_available");
            }
        }
        let mut act = self.act(desk);
        act.told = Some(self.incidents.len());
        self.incidents.push(Told { loan, cancelled: false });
        match incident {
            Incident::Breakdown | Incident::Breakage => self.begins_repair(&mut act, laptop),
            Incident::Loss | Incident::Theft => self.ends_repair(&mut act, laptop),
        }
        let gone = matches!(incident, Incident::Loss | Incident::Theft);
        if gone || kind == Temporary || (spare.is_some() && !until) {
            self.closes(&mut act, loan);
        }
        self.moves(&mut act, laptop, broken_to);
        if let Some(spare) = spare {
            self.opens(&mut act, pupil, spare, if until { Temporary } else { Allocation });
            self.moves(&mut act, spare, Lent);
        }
        self.acts.push(act);
        Ok(())
    }

    fn lend(&mut self, desk: usize, pupil: usize, laptop: usize) -> Taken {
        let holder = self.holder(laptop).map(|loan| self.loans[loan].pupil);
        if holder == Some(pupil) {
            return Err("already_handed_over");
        }
        if self.loan_of(pupil, Temporary).is_some() {
            return Err("student_has_spare");
        }
        if holder.is_some() {
            return Err("held_by_someone_else");
        }
        if self.states[laptop] != Reserve {
            return Err("spare_not_available");
        }
        let mut act = self.act(desk);
        self.opens(&mut act, pupil, laptop, Temporary);
        self.moves(&mut act, laptop, Lent);
        self.acts.push(act);
        Ok(())
    }

    fn take_back(&mut self, desk: usize, loan: usize, damaged: bool) -> Taken {
        let Loan { laptop, kind, open, .. } = self.loans[loan];
        if !open {
            return Err("already_closed");
        }
        let mut act = self.act(desk);
        self.closes(&mut act, loan);
        match self.states[laptop] {
            Lent if damaged => {
                self.moves(&mut act, laptop, AwaitingRepair);
                self.begins_repair(&mut act, laptop);
            }
            Lent => self.moves(&mut act, laptop, if kind == Temporary { Reserve } else { InStock }),
            Repaired => self.moves(&mut act, laptop, Reserve),
            _ => {}
        }
        self.acts.push(act);
        Ok(())
    }

    fn give_back(&mut self, desk: usize, loan: usize) -> Taken {
        let Loan { pupil, laptop, kind, open, .. } = self.loans[loan];
        if !open {
            return Err("already_closed");
        }
        if kind != Allocation || self.states[laptop] != Repaired {
            return Err("nothing_to_give_back");
        }
        let mut act = self.act(desk);
        self.moves(&mut act, laptop, Lent);
        if let Some(spare) = self.loan_of(pupil, Temporary) {
            let lent = self.loans[spare].laptop;
            self.closes(&mut act, spare);
            self.moves(&mut act, lent, Reserve);
        }
        self.acts.push(act);
        Ok(())
    }

    fn keep(&mut self, desk: usize, loan: usize) -> Taken {
        let Loan { pupil, laptop, kind, open, .. } = self.loans[loan];
        if !open {
            return Err("already_closed");
        }
        if kind != Temporary {
            return Err("not_temporary");
        }
        let own = self.loan_of(pupil, Allocation);
        if own.is_some_and(|own| self.states[self.loans[own].laptop] == Lent) {
            return Err("student_already_equipped");
        }
        let mut act = self.act(desk);
        self.closes(&mut act, loan);
        if let Some(own) = own {
            let given_up = self.loans[own].laptop;
            self.closes(&mut act, own);
            if self.states[given_up] == Repaired {
                self.moves(&mut act, given_up, Reserve);
            }
        }
        self.opens(&mut act, pupil, laptop, Allocation);
        self.acts.push(act);
        Ok(())
    }

    fn transfer(&mut self, desk: usize, loan: usize) -> Taken {
        let Loan { laptop, kind, open, .. } = self.loans[loan];
        if !open {
            return Err("already_closed");
        }
        if kind != Allocation || self.states[laptop] != Lent {
            return Err("move_not_allowed");
        }
        let mut act = self.act(desk);
        self.closes(&mut act, loan);
        self.moves(&mut act, laptop, Transferred);
        self.acts.push(act);
        Ok(())
    }

    fn go(&mut self, desk: usize, laptop: usize, word: &str) -> Taken {
        let held = self.holder(laptop);
        if held.is_some() && word != "scrap" {
            return Err("held_by_someone_else");
        }
        let from = self.states[laptop];
        let (to, may) = match word {
            "set_aside" => (Reserve, from == InStock),
            "release" => (InStock, from == Reserve),
            "await_repair" => (AwaitingRepair, matches!(from, InStock | Reserve)),
            "find" => (InStock, matches!(from, Lost | Stolen)),
            "scrap" => (Scrapped, matches!(from, InStock | Reserve | AwaitingRepair | InRepair | Repaired)),
            _ => (Moved, matches!(from, InStock | Reserve)),
        };
        if from == to {
            return Err("already_there");
        }
        if !may {
            return Err("move_not_allowed");
        }
        let mut act = self.act(desk);
        match word {
            "await_repair" => self.begins_repair(&mut act, laptop),
            "scrap" => {
                self.ends_repair(&mut act, laptop);
                if let Some(loan) = held {
                    self.closes(&mut act, loan);
                }
            }
            _ => {}
        }
        self.moves(&mut act, laptop, to);
        self.acts.push(act);
        Ok(())
    }

    fn fill(&mut self, batch: usize, laptop: usize) -> Taken {
        if self.batches[batch] {
            return Err("batch_sent");
        }
        if self.states[laptop] != AwaitingRepair {
            return Err("move_not_allowed");
        }
        if self.repairs.get(&laptop) == Some(&Some(batch)) {
            return Err("already_there");
        }
        self.repairs.insert(laptop, Some(batch));
        Ok(())
    }

    fn send(&mut self, desk: usize, batch: usize) -> Taken {
        if self.batches[batch] {
            return Err("batch_sent");
        }
        let of_batch = self.repairs.iter().filter(|(_, of)| **of == Some(batch));
        let inside: Vec<usize> = of_batch.map(|(laptop, _)| *laptop).collect();
        if inside.is_empty() {
            return Err("batch_empty");
        }
        let mut act = self.act(desk);
        for laptop in inside {
            self.moves(&mut act, laptop, InRepair);
        }
        self.batches[batch] = true;
        act.sent = Some(batch);
        self.acts.push(act);
        Ok(())
    }

    fn back(&mut self, desk: usize, laptop: usize, outcome: &str) -> Taken {
        if !self.repairs.contains_key(&laptop) {
            return Err("unknown_repair");
        }
        let held = self.holder(laptop);
        let to = match (outcome, held) {
            ("scrapped", _) => Scrapped,
            ("not_repaired", _) => AwaitingRepair,
            (_, Some(_)) => Repaired,
            (_, None) => Reserve,
        };
        match self.states[laptop] {
            state if state == to => return Err("already_there"),
            InRepair | AwaitingRepair => {}
            _ => return Err("move_not_allowed"),
        }
        let mut act = self.act(desk);
        self.ends_repair(&mut act, laptop);
        if let Some(loan) = held.filter(|_| to == Scrapped) {
            self.closes(&mut act, loan);
        }
        self.moves(&mut act, laptop, to);
        self.acts.push(act);
        Ok(())
    }

    fn set_budget(&mut self, desk: usize, cents: i64) -> Taken {
        if desk != HEAD {
            return Err("head_only");
        }
        self.budget = Some(cents);
        Ok(())
    }

    /// One request an incident, unless the one before was refused.
    fn request(&mut self, incident: usize) -> Taken {
        if self.incidents[incident].cancelled {
            return Err("unknown_incident");
        }
        if self.is_asked_for(incident) {
            return Err("grant_decided");
        }
        self.grants.push(Grant { incident, decision: Decision::Waits, used: None });
        Ok(())
    }

    fn is_asked_for(&self, incident: usize) -> bool {
        self.grants.iter().any(|one| one.incident == incident && one.decision != Decision::Refused)
    }

    fn decide(&mut self, desk: usize, grant: usize, granted: bool, cents: i64) -> Taken {
        if desk != HEAD {
            return Err("head_only");
        }
        if self.grants[grant].decision != Decision::Waits {
            return Err("grant_decided");
        }
        if granted && self.budget.is_none_or(|budget| self.granted() + cents > budget) {
            return Err("budget_exceeded");
        }
        self.grants[grant].decision = if granted { Decision::Granted(cents) } else { Decision::Refused };
        Ok(())
    }

    fn use_grant(&mut self, desk: usize, grant: usize, laptop: usize, for_good: bool) -> Taken {
        let Grant { incident, decision, used } = self.grants[grant];
        let Told { loan: broken, cancelled } = self.incidents[incident];
        if cancelled {
            return Err("unknown_incident");
        }
        if !matches!(decision, Decision::Granted(_)) {
            return Err("grant_needed");
        }
        if used.is_some() {
            return Err("grant_used");
        }
        let pupil = self.loans[broken].pupil;
        let own = self.loan_of(pupil, Allocation);
        if !for_good && self.loan_of(pupil, Temporary).is_some() {
            return Err("student_has_spare");
        }
        // The broken one gives way, but not once it is back in the pupil's hands.
        let gives_way = own == Some(broken) && self.states[self.loans[broken].laptop] != Lent;
        if for_good && own.is_some() && !gives_way {
            return Err("student_already_equipped");
        }
        if self.holder(laptop).is_some() {
            return Err("held_by_someone_else");
        }
        if !(self.states[laptop] == Reserve || (for_good && self.states[laptop] == InStock)) {
            return Err("spare_not_available");
        }
        let mut act = self.act(desk);
        act.used = Some(grant);
        self.grants[grant].used = Some(self.loans.len());
        if let Some(own) = own.filter(|_| for_good) {
            let given_up = self.loans[own].laptop;
            self.closes(&mut act, own);
            if self.states[given_up] == Repaired {
                self.moves(&mut act, given_up, Reserve);
            }
        }
        self.opens(&mut act, pupil, laptop, if for_good { Allocation } else { Temporary });
        self.moves(&mut act, laptop, Lent);
        self.acts.push(act);
        Ok(())
    }

    fn undo(&mut self, desk: usize, number: usize) -> Taken {
        let act = self.acts[number].clone();
        if act.undone {
            return Err("already_closed");
        }
        if act.desk != desk {
            return Err("undo_from_other_station");
        }
        if !self.is_untouched(number, &act) {
            return Err("changed_since");
        }
        for loan in &act.opened {
            self.loans[*loan].open = false;
        }
        for loan in &act.closed {
            self.loans[*loan].open = true;
        }
        for (laptop, before, _) in &act.moved {
            self.states[*laptop] = *before;
        }
        for laptop in &act.began {
            self.repairs.remove(laptop);
        }
        self.repairs.extend(act.ended.iter().copied());
        if let Some(batch) = act.sent {
            self.batches[batch] = false;
        }
        if let Some(incident) = act.told {
            self.incidents[incident].cancelled = true;
        }
        if let Some(grant) = act.used {
            self.grants[grant].used = None;
        }
        self.acts[number].undone = true;
        Ok(())
    }

    fn is_untouched(&self, number: usize, act: &Act) -> bool {
        let states = act.moved.iter().all(|(laptop, _, after)| self.states[*laptop] == *after);
        let later = self.acts.iter().skip(number + 1).filter(|later| !later.undone);
        let moved = |laptop: usize| act.moved.iter().any(|(mine, _, _)| *mine == laptop);
        let again = later.flat_map(|later| &later.moved).any(|(laptop, _, _)| moved(*laptop));
        let opened = act.opened.iter().all(|loan| self.loans[*loan].open);
        let mine = |loan: usize| act.opened.contains(&loan);
        let free = act.closed.iter().all(|closed| {
            let Loan { pupil, laptop, kind, open, .. } = self.loans[*closed];
            let may_be_held =
                moved(laptop) || matches!(self.states[laptop], Lent | AwaitingRepair | InRepair | Repaired);
            !open
                && self.loan_of(pupil, kind).is_none_or(mine)
                && self.holder(laptop).is_none_or(mine)
                && may_be_held
        });
        // What would be lent again needs its loan, which may have ended while it was in repair.
        let lent = act.moved.iter().filter(|(_, before, _)| *before == Lent).all(|(laptop, _, _)| {
            self.holder(*laptop).is_some_and(|loan| !mine(loan))
                || act.closed.iter().any(|closed| self.loans[*closed].laptop == *laptop)
        });
        let asked_for = act.told.is_some_and(|incident| self.is_asked_for(incident));
        states && !again && opened && free && lent && !asked_for
    }
}
