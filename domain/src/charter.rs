//! Signed copies of the charte d'engagement and what they allow (rule 2).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Signed copies: how many were shown, how many the school kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copies {
    /// 0 to 2.
    pub shown: u8,
    /// 0 or 1, never more than were shown.
    pub kept: u8,
}

impl Copies {
    /// Both signed copies shown and the school's one kept.
    pub const COMPLETE: Copies = Copies { shown: 2, kept: 1 };

    pub fn new(shown: u8, kept: u8) -> Option<Self> {
        (shown <= 2 && kept <= 1 && kept <= shown).then_some(Self { shown, kept })
    }

    pub fn is_complete(self) -> bool {
        self == Self::COMPLETE
    }

    /// Whether copy 1, which the school keeps, or copy 2, which the family keeps, is among them.
    pub fn hold(self, copy: u8) -> bool {
        if copy == SCHOOLS_COPY { self.kept == 1 } else { self.shown > self.kept }
    }

    /// These and one more, taken in ahead of the day; `None` when it was in before.
    /// Copy 1 is kept, copy 2 was only shown: both together are a complete receipt (rule 2).
    pub fn with(self, copy: u8) -> Option<Self> {
        if self.hold(copy) {
            return None;
        }
        let kept = if copy == SCHOOLS_COPY { 1 } else { self.kept };
        Self::new(self.shown + 1, kept)
    }
}

/// The copy that stays in the school; the other is the family's.
pub const SCHOOLS_COPY: u8 = 1;

/// Who signed beside the pupil (rule 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatoryKind {
    Guardian,
    /// An adult pupil signs alone.
    Student,
    Other,
}

impl SignatoryKind {
    pub fn as_str(self) -> &'static str {
        match self {
            SignatoryKind::Guardian => "guardian",
            SignatoryKind::Student => "student",
            SignatoryKind::Other => "other",
        }
    }
}

/// Whether somebody born that day is of age; one whose birthday is not known is not.
pub fn is_adult(born: Option<NaiveDate>, today: NaiveDate) -> bool {
    born.and_then(|born| today.years_since(born)).is_some_and(|years| years >= 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_shown_and_one_kept_is_complete() {
        let all = (0..=3).flat_map(|s| (0..=2).map(move |k| (s, k)));
        let complete: Vec<_> =
            all.filter(|&(s, k)| Copies::new(s, k).is_some_and(Copies::is_complete)).collect();
        assert_eq!(complete, [(2, 1)]);
        assert_eq!(Copies::new(0, 1), None);
    }

    #[test]
    fn copies_come_in_one_by_one_in_any_order() {
        let none = Copies { shown: 0, kept: 0 };
        let (schools, familys) = (none.with(1).unwrap(), none.with(2).unwrap());
        assert_eq!((schools, familys), (Copies { shown: 1, kept: 1 }, Copies { shown: 1, kept: 0 }));
        assert_eq!((schools.with(2), familys.with(1)), (Some(Copies::COMPLETE), Some(Copies::COMPLETE)));
        assert_eq!((schools.with(1), familys.with(2)), (None, None));
        assert_eq!((Copies::COMPLETE.with(1), Copies::COMPLETE.with(2)), (None, None));
    }

    #[test]
    fn a_pupil_is_of_age_on_the_eighteenth_birthday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(is_adult(Some(day("2008-09-03")), day("2026-09-03")));
        assert!(!is_adult(Some(day("2008-09-04")), day("2026-09-03")));
        assert!(is_adult(Some(day("2008-02-29")), day("2026-03-01")));
        assert!(!is_adult(None, day("2026-09-03")));
        assert!(!is_adult(Some(day("2030-01-01")), day("2026-09-03")));
    }
}
