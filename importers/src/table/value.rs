//! What the text of a cell says: a date, an hour, an amount, a count.

use super::{CellType, Row, serial};
use chrono::{Datelike, NaiveDate, NaiveTime};

/// Years of four figures, then of two.
const DATES: [&str; 5] = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"];
const SHORT_DATES: [&str; 3] = ["%d/%m/%y", "%d-%m-%y", "%d.%m.%y"];
/// Minutes of a duration.
const MOST_MINUTES: u32 = 24 * 60;

/// The date of a cell, from 1900 to 2100: as a text, with or without an hour behind it, or as the number
/// of days that a spreadsheet counts.
pub fn date(row: &Row, column: usize) -> Option<NaiveDate> {
    let cell = row.cells.get(column)?;
    let plausible = |date: &NaiveDate| (1900..=2100).contains(&date.year());
    let written = || {
        let day = cell.text.split(['T', ' ']).next().unwrap_or("");
        let parse = |format: &str| NaiveDate::parse_from_str(day, format).ok();
        // A year of two figures fits the first formats too, as one of antiquity.
        let long = || DATES.into_iter().filter_map(parse).find(plausible);
        let short = || SHORT_DATES.into_iter().find_map(parse).map(in_our_time).filter(plausible);
        long().or_else(|| if day.len() <= 8 { short() } else { None })
    };
    let counted = || {
        let is_number = cell.cell_type == CellType::Number || cell.text.bytes().all(|b| b.is_ascii_digit());
        let number: f64 = cell.text.parse().ok().filter(|_| is_number)?;
        serial::day(number, row.from_1904).filter(|day| number >= 367.0 && plausible(day))
    };
    written().or_else(counted)
}

/// Two figures above 49 are of the last century: nobody at school was born, and nothing bought, since 2050.
fn in_our_time(date: NaiveDate) -> NaiveDate {
    let year = 1900 + date.year().rem_euclid(100);
    let year = if year < 1950 { year + 100 } else { year };
    date.with_year(year).unwrap_or(date)
}

/// `8h`, `08h00`, `11H00`, `13:30`; the seconds of `13:30:00` are left out.
pub fn time(text: &str) -> Option<NaiveTime> {
    let seconds = text.match_indices(':').nth(1).map(|(at, _)| at);
    let (hours, minutes) = hours_and_minutes(seconds.and_then(|at| text.get(..at)).unwrap_or(text))?;
    NaiveTime::from_hms_opt(hours, minutes, 0)
}

/// Minutes of `1h30`, `1h`, `0h55`: a day at most.
pub fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = hours_and_minutes(text)?;
    Some(hours * 60 + minutes).filter(|minutes| *minutes <= MOST_MINUTES)
}

fn hours_and_minutes(text: &str) -> Option<(u32, u32)> {
    let (hours, minutes) = text.trim().split_once(['h', 'H', ':'])?;
    let digits = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    if hours.is_empty() || !digits(hours) || !digits(minutes) {
        return None;
    }
    let minutes: u32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (minutes < 60).then_some((hours.parse().ok()?, minutes))
}

/// An amount in cents of a euro: `6,86`, `6.86 €`, `1 234,5`. More than two decimals are none.
pub fn cents(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '€' && *c != '\u{202f}').collect();
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let decimals = decimals.trim_end_matches('0');
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 2 || whole.len() > 12 {
        return None;
    }
    let decimals: i64 = if decimals.is_empty() { 0 } else { format!("{decimals:0<2}").parse().ok()? };
    Some(whole.parse::<i64>().ok()? * 100 + decimals)
}

/// A count of things: `35`, `35,00`.
pub fn count(text: &str) -> Option<u32> {
    let (whole, decimals) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), ""));
    let is_whole = decimals.bytes().all(|b| b == b'0') && !whole.starts_with('+');
    whole.parse().ok().filter(|_| is_whole)
}

/// What a spreadsheet makes of a long number: `5,02E+09`. The digits behind are lost.
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let signed = exponent.strip_prefix(['+', '-']);
    let (whole, decimals) = mantissa.split_once([',', '.']).unwrap_or((mantissa, ""));
    let shaped =
        digits(whole) && (decimals.is_empty() || digits(decimals)) && digits(signed.unwrap_or(exponent));
    shaped && (signed.is_some() || mantissa.contains([',', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;

    fn read_date(text: &str, cell_type: CellType, from_1904: bool) -> Option<String> {
        let cells = vec![Cell { text: text.to_owned(), cell_type }];
        date(&Row { number: 1, cells, open_quote: None, from_1904 }, 0).map(|date| date.to_string())
    }

    #[test]
    fn dates_as_texts_and_as_numbers() {
        for text in [
            "14/03/2005",
            "14/3/2005",
            "2005-03-14",
            "14-03-2005",
            "14.03.2005",
            "14/03/2005 00:00:00",
            "2005-03-14T00:00:00",
            "14/03/05",
            "38425",
        ] {
            assert_eq!(read_date(text, CellType::Text, false).as_deref(), Some("2005-03-14"), "{text}");
        }
        assert_eq!(read_date("38425", CellType::Number, false).as_deref(), Some("2005-03-14"));
        assert_eq!(read_date("36963", CellType::Number, true).as_deref(), Some("2005-03-14"));
        assert_eq!(read_date("14/03/98", CellType::Text, false).as_deref(), Some("1998-03-14"));
        for text in
            ["", "30/02/2005", "14/03", "00/00/00", "12", "bientôt", "14/03/12005", "3842500", "14/03/205"]
        {
            assert_eq!(read_date(text, CellType::Text, false), None, "{text}");
        }
    }

    #[test]
    fn hours_and_durations() {
        let at = |hours, minutes| NaiveTime::from_hms_opt(hours, minutes, 0);
        for (text, start, length) in [
            ("  08h00", at(8, 0), Some(480)),
            ("11H00", at(11, 0), Some(660)),
            ("13H30", at(13, 30), Some(810)),
            ("13:30", at(13, 30), Some(810)),
            ("9:05", at(9, 5), Some(545)),
            ("8h", at(8, 0), Some(480)),
            ("1h30", at(1, 30), Some(90)),
            ("0h55", at(0, 55), Some(55)),
            ("13:30:00", at(13, 30), None),
            ("24h00", None, Some(1440)),
            ("24h01", None, None),
            ("25h00", None, None),
            ("8h60", None, None),
            ("h30", None, None),
            ("8 h 30", None, None),
            ("08h00 environ", None, None),
            ("008h00", None, None),
            ("+8h00", None, None),
            ("-1h00", None, None),
            ("99999999999h00", None, None),
            ("::", None, None),
            ("90", None, None),
            ("midi", None, None),
            ("", None, None),
        ] {
            assert_eq!((time(text), minutes(text)), (start, length), "{text}");
        }
    }

    #[test]
    fn amounts_and_counts() {
        for (text, expected) in [
            ("6,86", Some(686)),
            ("6.5", Some(650)),
            ("1 234,50 €", Some(123_450)),
            ("0,00", Some(0)),
            ("7", Some(700)),
            ("6,865", None),
            ("-1", None),
            ("", None),
            ("gratuit", None),
            ("1.234,50", None),
        ] {
            assert_eq!(cents(text), expected, "{text}");
        }
        assert_eq!(
            (count("35"), count("35,00"), count("3,5"), count(""), count("-2")),
            (Some(35), Some(35), None, None, None)
        );
    }

    #[test]
    fn numbers_that_a_spreadsheet_shortened() {
        for text in ["5,02E+09", "5.02E9", "1E+10", "2e-3"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["5CD030BC10", "12E45", "E+9", "5,02", "2E1", ""] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
