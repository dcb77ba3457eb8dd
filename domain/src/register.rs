//! The register owed to the Région: a loan as it tells it, and its totals.

use crate::reserve::{Standing, percent, standing};
use chrono::{DateTime, NaiveDate, Utc};

/// A loan, with the pupil, the laptop and the charter as they are known now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterRow {
    pub uai: String,
    pub school: String,
    /// SIECLE's `ELEVE_ID`.
    pub eleve_id: String,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: Option<NaiveDate>,
    pub class_code: Option<String>,
    pub mef: Option<String>,
    pub serial: String,
    pub part_number: String,
    pub model: String,
    pub delivery_note: Option<String>,
    pub lot: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub operator: String,
    pub station: String,
    /// Accessories handed over.
    pub kit: Vec<String>,
    /// Signed copies shown; absent without a receipt.
    pub copies_shown: Option<i16>,
    pub charter_at: Option<DateTime<Utc>>,
    pub signatory: Option<String>,
    pub override_reason: Option<String>,
    /// `allocation` or `temporary`.
    pub kind: String,
    pub closed_at: Option<DateTime<Utc>>,
    /// `returned`, `swapped`, `transferred`, `lost` or `stolen`.
    pub close_kind: Option<String>,
    pub close_reason: Option<String>,
}

impl RegisterRow {
    /// What kind of loan it is, in French.
    pub fn kind_word(&self) -> &'static str {
        if self.kind == "allocation" { "dotation" } else { "prêt" }
    }

    /// What became of the loan, in French.
    pub fn state_word(&self) -> &str {
        match self.close_kind.as_deref() {
            None => "remis",
            Some("returned") => "rendu",
            Some("swapped") => "échangé",
            Some("transferred") => "cédé",
            Some("lost") => "perdu",
            Some("stolen") => "volé",
            Some(other) => other,
        }
    }

    /// The incident that ended the loan, in French.
    pub fn incident_word(&self) -> Option<&'static str> {
        match self.close_kind.as_deref() {
            Some("lost") => Some("perte"),
            Some("stolen") => Some("vol"),
            _ => None,
        }
    }
}

/// Counts of a school at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Pupils present.
    pub headcount: i64,
    /// Of them, entitled to a laptop.
    pub entitled: i64,
    /// Laptops on the delivery notes taken in.
    pub delivered: i64,
    /// Laptops in pupils' hands.
    pub handed_out: i64,
    /// Laptops of the reserve.
    pub reserve: i64,
    /// Laptops held by pupils who have left or are gone from SIECLE's list.
    pub held_by_leavers: i64,
    /// Laptops handed out on a manager's word, without the signed charter.
    pub without_charter: i64,
}

impl Totals {
    /// The reserve's share of the entitled headcount, in percent.
    pub fn reserve_percent(&self) -> Option<f64> {
        percent(self.reserve, self.entitled)
    }

    pub fn reserve_standing(&self) -> Option<Standing> {
        self.reserve_percent().map(standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loan_says_how_it_ended() {
        let ended = |kind: Option<&str>| RegisterRow {
            close_kind: kind.map(str::to_owned),
            ..RegisterRow::default()
        };
        assert_eq!((ended(None).state_word(), ended(None).incident_word()), ("remis", None));
        assert_eq!(
            (ended(Some("stolen")).state_word(), ended(Some("stolen")).incident_word()),
            ("volé", Some("vol"))
        );
        assert_eq!(ended(Some("returned")).incident_word(), None);
    }
}
