//! Whose file it is, and of which year, by what the file says.

use crate::{Item, Refused, fields};
use domain::identifiers::Uai;

/// Refuses a file of another school. The seven digits tell a school; a letter that they do not call
/// for is a slip, which the issue tells. `column` is what the file calls the UAI.
pub fn check(read: &str, expected: &Uai, column: &str) -> Result<Option<Item>, Refused> {
    let told = Uai::parse(read).ok().filter(|told| told.digits() == expected.digits());
    let Some(told) = told else { return Err(Refused::wrong_school(read, expected)) };
    let Some(letter) = told.expected_letter().filter(|_| !told.check_letter_agrees()) else {
        return Ok(None);
    };
    let right = format!("{}{letter}", told.digits());
    let message = format!(
        "La lettre de l'UAI {told} ne correspond pas à ses chiffres, qui demandent {letter} : vérifiez le \
         numéro de l'établissement."
    );
    Ok(Some(fields::warning(None, column, "uai_letter", told.as_str(), &right, &message)))
}

/// The starting year of `2020`, `2020-2021` or `2020/2021`.
pub fn starting_year(text: &str) -> Option<i32> {
    let (first, second) = text.split_once(['-', '/']).map_or((text, None), |(a, b)| (a, Some(b)));
    let year: i32 = first.trim().parse().ok().filter(|year| (2000..=2100).contains(year))?;
    match second {
        Some(second) if second.trim().parse() != Ok(year + 1) => None,
        _ => Some(year),
    }
}

/// The file says no year, or none that can be.
pub fn year_missing(read: &str, remedy: &str) -> Refused {
    let read: String = read.chars().filter(|c| !c.is_control()).take(20).collect();
    Refused::new(
        "school_year_missing",
        format!("L'année scolaire lue est « {read} » ; une année comme 2026 est attendue."),
        remedy,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_tell_a_school_and_a_wrong_letter_is_told() {
        for (read, expected, outcome) in [
            ("0579999J", "0579999J", Ok(None)),
            (" 0579999j ", "0579999J", Ok(None)),
            ("0570001A", "0570001S", Ok(Some("0570001S"))),
            ("0570001A", "0570001A", Ok(Some("0570001S"))),
            ("0570001A", "0579999J", Err("wrong_school")),
            ("0579998J", "0579999J", Err("wrong_school")),
            ("", "0579999J", Err("wrong_school")),
            ("lycée", "0579999J", Err("wrong_school")),
        ] {
            let told = check(read, &Uai::parse(expected).unwrap(), "UAJ");
            let told = match &told {
                Ok(Some(Item::Issue(issue))) => Ok(Some(issue.expected.as_str())),
                Ok(_) => Ok(None),
                Err(refused) => Err(refused.code),
            };
            assert_eq!(told, outcome, "{read} for {expected}");
        }
    }

    #[test]
    fn another_schools_wrong_letter_is_told_too() {
        let refused = check("0570001A", &Uai::parse("0579999J").unwrap(), "UAJ").unwrap_err();
        assert!(
            refused.detail.contains("0570001A") && refused.detail.contains("« S »"),
            "{}",
            refused.detail
        );
    }

    #[test]
    fn years() {
        for (text, year) in [
            ("2020", Some(2020)),
            (" 2026 ", Some(2026)),
            ("2020-2021", Some(2020)),
            ("2020/2021", Some(2020)),
            ("2020-2022", None),
            ("20266", None),
            ("1999", None),
            ("", None),
        ] {
            assert_eq!(starting_year(text), year, "{text}");
        }
    }
}
