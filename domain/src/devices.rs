//! States of a laptop.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    Announced,
    InStock,
    Reserve,
    Lent,
    AwaitingRepair,
    InRepair,
    Lost,
    Stolen,
    Scrapped,
    Transferred,
}

impl DeviceState {
    pub const ALL: [DeviceState; 10] = [
        DeviceState::Announced,
        DeviceState::InStock,
        DeviceState::Reserve,
        DeviceState::Lent,
        DeviceState::AwaitingRepair,
        DeviceState::InRepair,
        DeviceState::Lost,
        DeviceState::Stolen,
        DeviceState::Scrapped,
        DeviceState::Transferred,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            DeviceState::Announced => "announced",
            DeviceState::InStock => "in_stock",
            DeviceState::Reserve => "reserve",
            DeviceState::Lent => "lent",
            DeviceState::AwaitingRepair => "awaiting_repair",
            DeviceState::InRepair => "in_repair",
            DeviceState::Lost => "lost",
            DeviceState::Stolen => "stolen",
            DeviceState::Scrapped => "scrapped",
            DeviceState::Transferred => "transferred",
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
}
