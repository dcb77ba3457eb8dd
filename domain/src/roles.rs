//! Who may do what. Each role includes the rights of the one before it, except
//! that the Région reads every school and hands nothing out.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Hands out at a desk.
    Operator,
    /// Digital referent: imports, prints, overrides.
    Manager,
    /// Head of school.
    Head,
    /// Officer of the Région: reads the registers of every school.
    Region,
}

/// What a route asks of the person who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Hand out, undo, look up pupils and laptops.
    Desk,
    /// Import files, print sheets, override a missing charter.
    Manage,
    /// Read the register.
    Register,
    /// Be logged in at all.
    Session,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Operator, Role::Manager, Role::Head, Role::Region];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Manager => "manager",
            Role::Head => "head",
            Role::Region => "region",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    pub fn has(self, right: Right) -> bool {
        match right {
            Right::Session => true,
            Right::Desk => self != Role::Region,
            Right::Manage => matches!(self, Role::Manager | Role::Head),
            Right::Register => matches!(self, Role::Manager | Role::Head | Role::Region),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_reads_and_hands_nothing_out() {
        assert!(Role::Region.has(Right::Register));
        assert!(!Role::Region.has(Right::Desk));
        assert!(!Role::Region.has(Right::Manage));
        assert!(!Role::Operator.has(Right::Manage));
        assert!(!Role::Operator.has(Right::Register));
    }
}
