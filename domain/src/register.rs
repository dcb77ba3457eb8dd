//! The register owed to the Région: a loan as it tells it, and its totals.

use crate::incidents::Incident;
use crate::reserve::{Standing, percent, standing};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

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
    /// `returned`, `swapped`, `transferred`, `lost`, `stolen`, `scrapped`, `kept` or `undone`.
    pub close_kind: Option<String>,
    pub close_reason: Option<String>,
    /// Why it is lent for a while: `repair`, `forgotten`, `grant` or `other`.
    pub purpose: Option<String>,
    pub due_on: Option<NaiveDate>,
    /// Serial number of the laptop in whose place it came.
    pub replaces: Option<String>,
    /// `breakdown`, `breakage`, `loss` or `theft`: the last one told of while on this loan.
    pub incident: Option<String>,
    pub incident_at: Option<DateTime<Utc>>,
    pub complaint_number: Option<String>,
    pub incident_description: Option<String>,
    /// The emergency fund's word on that incident: `granted`, `refused`, or none yet.
    pub grant: Option<GrantRow>,
    /// Repairs of the laptop that this loan's pupil brought about.
    pub repairs: Option<i64>,
    /// How the last of them ended.
    pub repair_outcome: Option<String>,
    /// Euro cents.
    pub repair_cost: Option<i64>,
}

/// A request to the head's emergency fund (FUP).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantRow {
    pub decision: Option<String>,
    pub budget_year: Option<i32>,
    /// Euro cents.
    pub amount: Option<i64>,
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
            Some("scrapped") => "réformé",
            Some("kept") => "gardé en dotation",
            Some("undone") => "annulé",
            Some(other) => other,
        }
    }

    /// The incident told of, or the one that ended the loan, in French.
    pub fn incident_word(&self) -> Option<&'static str> {
        if let Some(incident) = self.incident.as_deref().and_then(Incident::parse) {
            return Some(incident.label());
        }
        match self.close_kind.as_deref() {
            Some("lost") => Some("perte"),
            Some("stolen") => Some("vol"),
            _ => None,
        }
    }

    /// When that was.
    pub fn incident_moment(&self) -> Option<DateTime<Utc>> {
        self.incident_at.or(self.closed_at.filter(|_| self.incident_word().is_some()))
    }

    /// Why it is lent for a while, in French.
    pub fn purpose_word(&self) -> Option<&str> {
        Some(match self.purpose.as_deref()? {
            "repair" => "réparation",
            "forgotten" => "oubli",
            "grant" => "fonds d'urgence",
            "other" => "autre",
            other => other,
        })
    }

    /// What the emergency fund said, in French.
    pub fn grant_word(&self) -> Option<&'static str> {
        self.grant.as_ref().map(|grant| match grant.decision.as_deref() {
            Some("granted") => "accordé",
            Some(_) => "refusé",
            None => "demandé",
        })
    }

    /// How the last repair ended, in French.
    pub fn repair_word(&self) -> Option<&str> {
        self.repairs?;
        Some(match self.repair_outcome.as_deref() {
            None => "en cours",
            Some("repaired") => "réparé",
            Some("not_repaired") => "non réparé",
            Some("scrapped") => "réformé",
            Some("lost") => "perdu",
            Some(other) => other,
        })
    }

    /// When it became the pupil's own.
    pub fn transferred_at(&self) -> Option<DateTime<Utc>> {
        self.closed_at.filter(|_| self.close_kind.as_deref() == Some("transferred"))
    }
}

/// Sums over the rows of one file, so that who receives it can say it is whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    pub rows: i64,
    /// Of them, loans that are open.
    pub open: i64,
    pub closed: i64,
    /// Of all, pupils' own laptops.
    pub allocations: i64,
    /// Of all, laptops lent for a while.
    pub temporary: i64,
    /// Of all, with a breakdown, a breakage, a loss or a theft.
    pub incidents: i64,
    /// Euro cents granted from the emergency fund.
    pub granted_cents: i64,
    /// Euro cents that repairs cost.
    pub repair_cents: i64,
}

impl Control {
    pub fn count(&mut self, row: &RegisterRow) {
        self.rows += 1;
        *(if row.closed_at.is_none() { &mut self.open } else { &mut self.closed }) += 1;
        *(if row.kind == "allocation" { &mut self.allocations } else { &mut self.temporary }) += 1;
        self.incidents += i64::from(row.incident_word().is_some());
        self.granted_cents += row.grant.as_ref().and_then(|grant| grant.amount).unwrap_or(0);
        self.repair_cents += row.repair_cost.unwrap_or(0);
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
    fn a_file_is_summed_row_by_row() {
        let mut control = Control::default();
        let own =
            RegisterRow { kind: "allocation".into(), repair_cost: Some(8_900), ..RegisterRow::default() };
        let stolen = RegisterRow {
            close_kind: Some("stolen".into()),
            closed_at: Some(DateTime::UNIX_EPOCH),
            grant: Some(GrantRow { amount: Some(30_000), ..GrantRow::default() }),
            ..RegisterRow::default()
        };
        control.count(&own);
        control.count(&stolen);
        let expected = Control {
            rows: 2,
            open: 1,
            closed: 1,
            allocations: 1,
            temporary: 1,
            incidents: 1,
            granted_cents: 30_000,
            repair_cents: 8_900,
        };
        assert_eq!(control, expected);
    }

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
