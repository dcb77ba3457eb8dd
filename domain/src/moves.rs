//! The life of a laptop: every move from one state to another that the programme knows.
//!
//! The same table stands in SQL (`device_moves`), where a trigger refuses every other move;
//! a test compares the two, and the drawing in `docs/vie-d-un-ordinateur.md` is made from this one.

use crate::devices::DeviceState::{self, *};

/// Why a laptop goes from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Move {
    /// Checked against its delivery note.
    Receive,
    /// Arrived broken.
    ReceiveDamaged,
    /// Into a pupil's hands as their own.
    HandOver,
    /// Put aside for breakdowns.
    SetAside,
    /// Out of the reserve, to be handed out like any other.
    Release,
    /// In a broken, lost or stolen one's place, or for a while.
    Lend,
    /// Brought back by the pupil.
    TakeBack,
    /// A breakdown or a breakage.
    Break,
    Lose,
    /// Stolen from the pupil or from the school.
    Steal,
    /// To the contractor.
    SendToRepair,
    /// From the contractor, or mended in the school.
    ComeBack,
    /// To the pupil whose own it is, in exchange for what they had meanwhile.
    GiveBack,
    Scrap,
    Find,
    /// At the end of schooling it becomes the pupil's (cession).
    Transfer,
    /// To another school.
    MoveAway,
}

impl Move {
    pub const ALL: [Move; 17] = [
        Move::Receive,
        Move::ReceiveDamaged,
        Move::HandOver,
        Move::SetAside,
        Move::Release,
        Move::Lend,
        Move::TakeBack,
        Move::Break,
        Move::Lose,
        Move::Steal,
        Move::SendToRepair,
        Move::ComeBack,
        Move::GiveBack,
        Move::Scrap,
        Move::Find,
        Move::Transfer,
        Move::MoveAway,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Move::Receive => "receive",
            Move::ReceiveDamaged => "receive_damaged",
            Move::HandOver => "hand_over",
            Move::SetAside => "set_aside",
            Move::Release => "release",
            Move::Lend => "lend",
            Move::TakeBack => "take_back",
            Move::Break => "break",
            Move::Lose => "lose",
            Move::Steal => "steal",
            Move::SendToRepair => "send_to_repair",
            Move::ComeBack => "come_back",
            Move::GiveBack => "give_back",
            Move::Scrap => "scrap",
            Move::Find => "find",
            Move::Transfer => "transfer",
            Move::MoveAway => "move_away",
        }
    }

    /// The word of the drawing, in French.
    pub fn label(self) -> &'static str {
        match self {
            Move::Receive => "réception",
            Move::ReceiveDamaged => "reçu abîmé",
            Move::HandOver => "remise",
            Move::SetAside => "mise en réserve",
            Move::Release => "sortie de réserve",
            Move::Lend => "prêt ou échange",
            Move::TakeBack => "retour",
            Move::Break => "panne ou casse",
            Move::Lose => "perte",
            Move::Steal => "vol",
            Move::SendToRepair => "envoi au SAV",
            Move::ComeBack => "retour de SAV",
            Move::GiveBack => "rendu à l'élève",
            Move::Scrap => "réforme",
            Move::Find => "retrouvé",
            Move::Transfer => "cession",
            Move::MoveAway => "autre établissement",
        }
    }

    /// From where to where.
    pub fn ways(self) -> &'static [(DeviceState, DeviceState)] {
        match self {
            Move::Receive => &[(Announced, InStock)],
            Move::ReceiveDamaged => &[(Announced, AwaitingRepair)],
            Move::HandOver => &[(Announced, Lent), (InStock, Lent)],
            Move::SetAside => &[(InStock, Reserve)],
            Move::Release => &[(Reserve, InStock)],
            Move::Lend => &[(Reserve, Lent), (InStock, Lent)],
            Move::TakeBack => &[(Lent, InStock), (Lent, Reserve), (Lent, AwaitingRepair)],
            Move::Break => &[(Lent, AwaitingRepair), (InStock, AwaitingRepair), (Reserve, AwaitingRepair)],
            Move::Lose => &[
                (Lent, Lost),
                (InStock, Lost),
                (Reserve, Lost),
                (AwaitingRepair, Lost),
                (InRepair, Lost),
                (Repaired, Lost),
            ],
            Move::Steal => &[
                (Lent, Stolen),
                (InStock, Stolen),
                (Reserve, Stolen),
                (AwaitingRepair, Stolen),
                (Repaired, Stolen),
            ],
            Move::SendToRepair => &[(AwaitingRepair, InRepair)],
            Move::ComeBack => &[
                (InRepair, Repaired),
                (InRepair, Reserve),
                (InRepair, AwaitingRepair),
                (AwaitingRepair, Repaired),
                (AwaitingRepair, Reserve),
                (Repaired, Reserve),
            ],
            Move::GiveBack => &[(Repaired, Lent)],
            Move::Scrap => &[
                (InStock, Scrapped),
                (Reserve, Scrapped),
                (AwaitingRepair, Scrapped),
                (InRepair, Scrapped),
                (Repaired, Scrapped),
            ],
            Move::Find => &[(Lost, InStock), (Stolen, InStock)],
            Move::Transfer => &[(Lent, Transferred)],
            Move::MoveAway => &[(InStock, Moved), (Reserve, Moved)],
        }
    }

    pub fn allows(self, from: DeviceState, to: DeviceState) -> bool {
        self.ways().contains(&(from, to))
    }

    /// The one state this move leads to from `from`; `None` when there is none, or a choice.
    pub fn only_way(self, from: DeviceState) -> Option<DeviceState> {
        let mut ways = self.ways().iter().filter(|(start, _)| *start == from);
        match (ways.next(), ways.next()) {
            (Some((_, to)), None) => Some(*to),
            _ => None,
        }
    }
}

/// A pair of states and how one comes from the other: a move, or the taking back of one (rule 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub name: &'static str,
    pub from: DeviceState,
    pub to: DeviceState,
}

/// What the taking back of a wrong scan is called in the table.
pub const UNDO: &str = "undo";

/// Every way there is, by name and states: what SQL's table holds. Each move can be taken back.
pub fn ways() -> Vec<Way> {
    let moves = Move::ALL.into_iter().flat_map(|one| {
        one.ways().iter().flat_map(move |&(from, to)| {
            [Way { name: one.as_str(), from, to }, Way { name: UNDO, from: to, to: from }]
        })
    });
    let mut all: Vec<Way> = moves.collect();
    all.sort();
    all.dedup();
    all
}

/// The drawing of a laptop's life, in Mermaid's notation for state diagrams.
pub fn drawing() -> String {
    use crate::words::{Language, device_state};
    let mut text = String::from("stateDiagram-v2\n");
    for state in DeviceState::ALL {
        text.push_str(&format!("    {} : {}\n", state.as_str(), device_state(state, Language::French)));
    }
    text.push_str("    [*] --> announced : bon de livraison\n");
    for one in Move::ALL {
        for (from, to) in one.ways() {
            text.push_str(&format!("    {} --> {} : {}\n", from.as_str(), to.as_str(), one.label()));
        }
    }
    for end in [Scrapped, Transferred, Moved] {
        text.push_str(&format!("    {} --> [*]\n", end.as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_state_is_reached_from_the_delivery_note() {
        let mut reached = BTreeSet::from([Announced]);
        loop {
            let next: BTreeSet<DeviceState> = Move::ALL
                .into_iter()
                .flat_map(|one| one.ways())
                .filter(|(from, _)| reached.contains(from))
                .map(|(_, to)| *to)
                .chain(reached.iter().copied())
                .collect();
            if next == reached {
                break;
            }
            reached = next;
        }
        assert_eq!(reached, DeviceState::ALL.into_iter().collect());
    }

    #[test]
    fn what_a_swap_takes_back_is_never_available() {
        for broken in [Move::Break, Move::Lose, Move::Steal] {
            for (from, to) in broken.ways().iter().filter(|(from, _)| *from == Lent) {
                assert!(!to.may_be_allocated() && !to.may_replace(false), "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn nothing_moves_onto_itself_nor_twice_by_one_name() {
        let all: Vec<_> =
            Move::ALL.into_iter().flat_map(|one| one.ways().iter().map(move |way| (one, *way))).collect();
        assert!(all.iter().all(|(_, (from, to))| from != to));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn an_end_is_an_end() {
        for end in [Scrapped, Transferred, Moved] {
            assert!(
                Move::ALL.into_iter().flat_map(|one| one.ways()).all(|(from, _)| *from != end),
                "{end:?}"
            );
        }
        assert_eq!(Move::SetAside.only_way(InStock), Some(Reserve));
        assert_eq!(Move::TakeBack.only_way(Lent), None);
    }
}
