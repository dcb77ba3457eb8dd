//! Decides whether a hand-over may be taken back (rule 5).

use crate::ids::StationId;
use crate::refusal::Refusal;
use chrono::{DateTime, Duration, Utc};

/// How long a wrong scan may be undone.
pub const UNDO_WINDOW: Duration = Duration::minutes(15);

/// A hand-over somebody wants to take back.
#[derive(Debug, Clone, Copy)]
pub struct Undoable {
    pub opened_at: DateTime<Utc>,
    pub opened_at_station: StationId,
    pub is_open: bool,
}

/// From the same station, within 15 minutes, with a reason.
pub fn undo(loan: Undoable, station: StationId, reason: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let age = now - loan.opened_at;
    if !loan.is_open {
        Err(Refusal::AlreadyClosed)
    } else if loan.opened_at_station != station {
        Err(Refusal::UndoFromOtherStation)
    } else if age > UNDO_WINDOW {
        Err(Refusal::UndoTooLate { minutes: age.num_minutes() })
    } else if reason.trim().is_empty() {
        Err(Refusal::ReasonMissing)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn same_station_fifteen_minutes_and_a_reason() {
        let here = StationId(Uuid::from_u128(1));
        let there = StationId(Uuid::from_u128(2));
        let opened = DateTime::UNIX_EPOCH;
        let loan = Undoable { opened_at: opened, opened_at_station: here, is_open: true };
        let closed = Undoable { is_open: false, ..loan };
        let code = |loan, station, reason, after| {
            undo(loan, station, reason, opened + after).map_err(|refusal| refusal.code())
        };
        assert_eq!(code(loan, here, "erreur", Duration::minutes(15)), Ok(()));
        assert_eq!(code(loan, here, "erreur", Duration::seconds(901)), Err("undo_too_late"));
        assert_eq!(code(loan, there, "erreur", Duration::zero()), Err("undo_from_other_station"));
        assert_eq!(code(loan, here, "  ", Duration::zero()), Err("reason_missing"));
        assert_eq!(code(closed, here, "erreur", Duration::zero()), Err("already_closed"));
    }
}
