//! Days and hours as a French paper says them, on the school's wall clock.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Paris;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `25 novembre 2026`; the first of a month is `1er`.
pub fn day(day: NaiveDate) -> String {
    let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or("");
    let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{number} {month} {}", day.year())
}

/// `25/11/2026`, for tables.
pub fn short_day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The day on which something happened in France.
pub fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Paris).date_naive()
}

/// `25 novembre 2026 à 16 h 05`.
pub fn moment(at: DateTime<Utc>) -> String {
    format!("{} à {}", day(local_day(at)), at.with_timezone(&Paris).format("%-H h %M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_in_france() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        assert_eq!(moment(at("2026-11-25T15:05:00Z")), "25 novembre 2026 à 16 h 05");
        assert_eq!(moment(at("2026-07-31T22:30:00Z")), "1er août 2026 à 0 h 30");
        assert_eq!(short_day(local_day(at("2026-07-31T22:30:00Z"))), "01/08/2026");
    }
}
