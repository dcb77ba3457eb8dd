//! What happens to laptops, and what the rules give in their place (rule 8).

use crate::moves::Move;
use serde::{Deserialize, Serialize};

/// Sinistre: panne, casse, perte, vol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// It stopped working by itself.
    Breakdown,
    /// Somebody broke it.
    Breakage,
    Loss,
    Theft,
}

impl Incident {
    pub const ALL: [Incident; 4] = [Incident::Breakdown, Incident::Breakage, Incident::Loss, Incident::Theft];

    pub fn as_str(self) -> &'static str {
        match self {
            Incident::Breakdown => "breakdown",
            Incident::Breakage => "breakage",
            Incident::Loss => "loss",
            Incident::Theft => "theft",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|incident| incident.as_str() == text)
    }

    /// The programme's word, in French.
    pub fn label(self) -> &'static str {
        match self {
            Incident::Breakdown => "panne",
            Incident::Breakage => "casse",
            Incident::Loss => "perte",
            Incident::Theft => "vol",
        }
    }

    /// Where the laptop goes.
    pub fn moves(self) -> Move {
        match self {
            Incident::Breakdown | Incident::Breakage => Move::Break,
            Incident::Loss => Move::Lose,
            Incident::Theft => Move::Steal,
        }
    }

    /// Whether the laptop is still there, and can be repaired.
    pub fn is_repairable(self) -> bool {
        matches!(self, Incident::Breakdown | Incident::Breakage)
    }
}

/// What is given in the place of a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// A spare, at once.
    Reserve,
    /// A spare when the head grants it from the emergency fund.
    Grant,
    Nothing,
}

impl Replacement {
    pub const ALL: [Replacement; 3] = [Replacement::Reserve, Replacement::Grant, Replacement::Nothing];

    pub fn as_str(self) -> &'static str {
        match self {
            Replacement::Reserve => "reserve",
            Replacement::Grant => "grant",
            Replacement::Nothing => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|replacement| replacement.as_str() == text)
    }
}

/// A line of the school's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub replacement: Replacement,
    /// The number of the police complaint is asked for.
    pub needs_complaint: bool,
}

impl Policy {
    /// The programme's own rule, where the school has none of its own.
    pub fn of_programme(incident: Incident) -> Self {
        Self {
            replacement: match incident {
                Incident::Breakdown => Replacement::Reserve,
                Incident::Breakage | Incident::Loss | Incident::Theft => Replacement::Grant,
            },
            needs_complaint: incident == Incident::Theft,
        }
    }
}

/// Symptoms a desk offers by one touch: `(stable word, French)`.
pub const SYMPTOMS: [(&str, &str); 9] = [
    ("screen", "écran"),
    ("keyboard", "clavier"),
    ("battery", "batterie"),
    ("charging", "charge"),
    ("no_start", "ne démarre pas"),
    ("slow", "lenteur"),
    ("network", "réseau"),
    ("hinge", "charnière ou coque"),
    ("liquid", "liquide"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programmes_table() {
        let rows: Vec<_> = Incident::ALL
            .into_iter()
            .map(|i| {
                (
                    i.as_str(),
                    Policy::of_programme(i).replacement.as_str(),
                    Policy::of_programme(i).needs_complaint,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("breakdown", "reserve", false),
                ("breakage", "grant", false),
                ("loss", "grant", false),
                ("theft", "grant", true)
            ]
        );
        for incident in Incident::ALL {
            assert_eq!(Incident::parse(incident.as_str()), Some(incident));
        }
    }
}
