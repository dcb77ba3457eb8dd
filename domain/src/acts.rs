//! What a desk does beside handing over: each act by its name, and when it may be taken back.

use crate::ids::StationId;
use crate::refusal::Refusal;
use crate::undo::{UNDO_WINDOW, Undoable, undo};
use chrono::{DateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActKind {
    Receive,
    SetAside,
    Release,
    Swap,
    ReportIncident,
    Lend,
    Return,
    GiveBack,
    /// A temporary loan becomes the pupil's own laptop.
    KeepLoan,
    Transfer,
    /// A laptop nobody holds is found broken.
    AwaitRepair,
    SendToRepair,
    ComeBack,
    Scrap,
    Find,
    MoveAway,
    ApplyStockTake,
}

impl ActKind {
    pub const ALL: [ActKind; 17] = [
        ActKind::Receive,
        ActKind::SetAside,
        ActKind::Release,
        ActKind::Swap,
        ActKind::ReportIncident,
        ActKind::Lend,
        ActKind::Return,
        ActKind::GiveBack,
        ActKind::KeepLoan,
        ActKind::Transfer,
        ActKind::AwaitRepair,
        ActKind::SendToRepair,
        ActKind::ComeBack,
        ActKind::Scrap,
        ActKind::Find,
        ActKind::MoveAway,
        ActKind::ApplyStockTake,
    ];

    /// The word of the tables and of the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            ActKind::Receive => "receive",
            ActKind::SetAside => "set_aside",
            ActKind::Release => "release",
            ActKind::Swap => "swap",
            ActKind::ReportIncident => "report_incident",
            ActKind::Lend => "lend",
            ActKind::Return => "return_loan",
            ActKind::GiveBack => "give_back",
            ActKind::KeepLoan => "keep_loan",
            ActKind::Transfer => "transfer",
            ActKind::AwaitRepair => "await_repair",
            ActKind::SendToRepair => "send_to_repair",
            ActKind::ComeBack => "come_back",
            ActKind::Scrap => "scrap",
            ActKind::Find => "find",
            ActKind::MoveAway => "move_away",
            ActKind::ApplyStockTake => "apply_stock_take",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What a person reads, in French.
    pub fn label(self) -> &'static str {
        match self {
            ActKind::Receive => "Réception",
            ActKind::SetAside => "Mise en réserve",
            ActKind::Release => "Sortie de réserve",
            ActKind::Swap => "Échange",
            ActKind::ReportIncident => "Sinistre déclaré",
            ActKind::Lend => "Prêt",
            ActKind::Return => "Retour",
            ActKind::GiveBack => "Ordinateur réparé rendu",
            ActKind::KeepLoan => "Prêt devenu dotation",
            ActKind::Transfer => "Cession",
            ActKind::AwaitRepair => "Panne constatée",
            ActKind::SendToRepair => "Envoi au SAV",
            ActKind::ComeBack => "Retour de SAV",
            ActKind::Scrap => "Réforme",
            ActKind::Find => "Ordinateur retrouvé",
            ActKind::MoveAway => "Départ vers un autre établissement",
            ActKind::ApplyStockTake => "Corrections d'inventaire",
        }
    }

    /// A stock-take's corrections follow a report that somebody has read and confirmed: they
    /// are set right by acts of their own, not taken back as a whole.
    pub fn may_be_undone(self) -> bool {
        self != ActKind::ApplyStockTake
    }
}

/// An act somebody wants to take back, and whether what it touched is as it left it.
#[derive(Debug, Clone, Copy)]
pub struct DoneAct {
    pub kind: ActKind,
    pub done_at: DateTime<Utc>,
    pub station: StationId,
    pub undone: bool,
    /// Every laptop is in the state the act put it in, every loan as it opened or closed it.
    pub untouched: bool,
}

/// As for hand-overs (rule 5), and only while nothing has happened since.
pub fn undo_act(act: DoneAct, station: StationId, reason: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let facts = Undoable { opened_at: act.done_at, opened_at_station: act.station, is_open: !act.undone };
    undo(facts, station, reason, now)?;
    if !act.kind.may_be_undone() {
        return Err(Refusal::UndoTooLate { minutes: (now - act.done_at).num_minutes() });
    }
    if act.untouched { Ok(()) } else { Err(Refusal::ChangedSince) }
}

/// Until when the station that did it may take it back.
pub fn undo_until(done_at: DateTime<Utc>) -> DateTime<Utc> {
    done_at + UNDO_WINDOW
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_act_is_taken_back_while_nothing_has_happened_since() {
        let here = StationId(Uuid::from_u128(1));
        let act = DoneAct {
            kind: ActKind::Swap,
            done_at: DateTime::UNIX_EPOCH,
            station: here,
            undone: false,
            untouched: true,
        };
        let code = |act, reason| undo_act(act, here, reason, DateTime::UNIX_EPOCH).map_err(|r| r.code());
        assert_eq!(code(act, "erreur"), Ok(()));
        assert_eq!(code(act, ""), Err("reason_missing"));
        assert_eq!(code(DoneAct { untouched: false, ..act }, "erreur"), Err("changed_since"));
        assert_eq!(code(DoneAct { undone: true, ..act }, "erreur"), Err("already_closed"));
        for kind in ActKind::ALL {
            assert_eq!(ActKind::parse(kind.as_str()), Some(kind));
        }
    }
}
