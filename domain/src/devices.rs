//! States of a laptop.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// On a delivery note, not seen yet.
    Announced,
    InStock,
    Reserve,
    /// In a pupil's hands.
    Lent,
    AwaitingRepair,
    /// At the contractor's.
    InRepair,
    /// Back from repair, while its pupil still has another in its place.
    Repaired,
    Lost,
    Stolen,
    Scrapped,
    /// It is the pupil's own now.
    Transferred,
    /// Another school has it.
    Moved,
}

impl DeviceState {
    pub const ALL: [DeviceState; 12] = [
        DeviceState::Announced,
        DeviceState::InStock,
        DeviceState::Reserve,
        DeviceState::Lent,
        DeviceState::AwaitingRepair,
        DeviceState::InRepair,
        DeviceState::Repaired,
        DeviceState::Lost,
        DeviceState::Stolen,
        DeviceState::Scrapped,
        DeviceState::Transferred,
        DeviceState::Moved,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            DeviceState::Announced => "announced",
            DeviceState::InStock => "in_stock",
            DeviceState::Reserve => "reserve",
            DeviceState::Lent => "lent",
            DeviceState::AwaitingRepair => "awaiting_repair",
            DeviceState::InRepair => "in_repair",
            DeviceState::Repaired => "repaired",
            DeviceState::Lost => "lost",
            DeviceState::Stolen => "stolen",
            DeviceState::Scrapped => "scrapped",
            DeviceState::Transferred => "transferred",
            DeviceState::Moved => "moved",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// A laptop in the hands of the desk can be handed out when it is in stock, or
    /// announced: lying on the table, it has arrived. A spare is lent by a swap or
    /// a temporary loan, never as a pupil's own.
    pub fn may_be_allocated(self) -> bool {
        matches!(self, DeviceState::Announced | DeviceState::InStock)
    }

    /// What a swap may give: a spare, or for good a laptop of the stock (rule 9 keeps broken ones out).
    pub fn may_replace(self, temporary: bool) -> bool {
        self == DeviceState::Reserve || (!temporary && self == DeviceState::InStock)
    }

    /// Whether it ought to stand in the school's rooms, where a stock-take looks for it.
    pub fn is_on_site(self) -> bool {
        matches!(
            self,
            DeviceState::InStock | DeviceState::Reserve | DeviceState::AwaitingRepair | DeviceState::Repaired
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back() {
        for state in DeviceState::ALL {
            assert_eq!(DeviceState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn only_stock_may_be_allocated() {
        let free: Vec<_> = DeviceState::ALL.into_iter().filter(|s| s.may_be_allocated()).collect();
        assert_eq!(free, [DeviceState::Announced, DeviceState::InStock]);
    }

    #[test]
    fn what_broke_replaces_nothing() {
        let spare = |temporary| DeviceState::ALL.into_iter().filter(move |s| s.may_replace(temporary));
        assert_eq!(spare(true).collect::<Vec<_>>(), [DeviceState::Reserve]);
        assert_eq!(spare(false).collect::<Vec<_>>(), [DeviceState::InStock, DeviceState::Reserve]);
    }
}
