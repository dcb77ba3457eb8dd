//! What a workbook's numbers are: days counted from 1900 or 1904 when their format shows a date.

use super::{Cell, CellType, short};
use chrono::{Days, NaiveDate};

/// An exact whole number of a cell stays below this.
const EXACT: f64 = 1e15;

/// The cell that a person sees of a number.
pub fn cell(number: f64, is_date: bool, from_1904: bool) -> Cell {
    match shown_date(number, from_1904).filter(|_| is_date) {
        Some(text) => Cell { text, cell_type: CellType::Date },
        None => Cell { text: shown(number), cell_type: CellType::Number },
    }
}

pub fn boolean(value: bool) -> Cell {
    Cell { text: if value { "VRAI" } else { "FAUX" }.to_owned(), cell_type: CellType::Number }
}

pub fn error(text: &str) -> Cell {
    Cell { text: short(text), cell_type: CellType::Error }
}

/// A date or hour that is written out: `2020-09-18T10:00:00` becomes `18/09/2020`.
pub fn iso_date(text: &str) -> Cell {
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let text = day.map_or_else(|| short(text), |day| day.format("%d/%m/%Y").to_string());
    Cell { text, cell_type: CellType::Date }
}

/// As many digits as the number has, never rounded; exponents only where digits are lost.
fn shown(number: f64) -> String {
    if number.abs() < EXACT { format!("{number}") } else { format!("{number:E}") }
}

/// `jj/mm/aaaa`, or `HH:MM` when it is a part of a day.
fn shown_date(number: f64, from_1904: bool) -> Option<String> {
    if (0.0..1.0).contains(&number) {
        let minutes = (number * 1440.0).round();
        return Some(format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0));
    }
    day(number, from_1904).map(|day| day.format("%d/%m/%Y").to_string())
}

/// The day of a number; none before 1900 or after 2200.
pub fn day(number: f64, from_1904: bool) -> Option<NaiveDate> {
    if !(1.0..=110_000.0).contains(&number) {
        return None;
    }
    let days = format!("{:.0}", number.floor()).parse().ok()?;
    let (start, days) = match (from_1904, days) {
        (true, days) => (NaiveDate::from_ymd_opt(1904, 1, 1)?, days),
        // Excel counts a 29th of February 1900, which never was.
        (false, 60) => return None,
        (false, days) if days < 60 => (NaiveDate::from_ymd_opt(1899, 12, 31)?, days),
        (false, days) => (NaiveDate::from_ymd_opt(1899, 12, 30)?, days),
    };
    start.checked_add_days(Days::new(days))
}

/// Whether a built-in number format shows a date or an hour (ECMA-376, 18.8.30).
pub fn is_date_builtin(id: u16) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a number format shows a date or an hour: it has a letter of one outside quotation marks,
/// brackets (colours, currencies) and after no escape.
pub fn is_date_format(format: &str) -> bool {
    if format.eq_ignore_ascii_case("standard") {
        return false;
    }
    let (mut quoted, mut escaped, mut bracket) = (false, false, None::<String>);
    for c in format.chars() {
        let c = c.to_ascii_lowercase();
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (&mut bracket, c) {
            // Hours that exceed a day: `[h]:mm`.
            (Some(inner), ']') => {
                if !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return true;
                }
                bracket = None;
            }
            (Some(inner), c) => inner.push(c),
            (None, '"') => quoted = !quoted,
            (None, _) if quoted => {}
            (None, '\\' | '_' | '*') => escaped = true,
            (None, '[') => bracket = Some(String::new()),
            (None, 'd' | 'm' | 'y' | 'h' | 's') => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_from_1900_and_1904() {
        for (number, from_1904, expected) in [
            (1.0, false, "01/01/1900"),
            (59.0, false, "28/02/1900"),
            (61.0, false, "01/03/1900"),
            (38425.0, false, "14/03/2005"),
            (38425.75, false, "14/03/2005"),
            (36963.0, true, "14/03/2005"),
            (0.5625, false, "13:30"),
        ] {
            assert_eq!(cell(number, true, from_1904).text, expected, "{number}");
        }
        assert_eq!(cell(60.0, true, false).cell_type, CellType::Number);
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (number, expected) in [
            (4101.0, "4101"),
            (20010018110.0, "20010018110"),
            (6.86, "6.86"),
            (5.02e20, "5.02E20"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(cell(number, false, false).text, expected);
        }
    }

    #[test]
    fn formats_of_dates() {
        for format in ["dd/mm/yyyy", "[$-40C]d mmm yyyy", "[h]:mm", "hh:mm:ss", "yyyy\\-mm"] {
            assert!(is_date_format(format), "{format}");
        }
        for format in [
            "General",
            "Standard",
            "0.00",
            "#,##0.00 \"dym\"",
            "[Red]0",
            "0.00E+00",
            "@",
            "#,##0 [$€-40C]",
            "0\\d",
        ] {
            assert!(!is_date_format(format), "{format}");
        }
    }
}
