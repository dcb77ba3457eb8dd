//! Accounts of the ENT: both layouts, and that a password is in nothing but its slip.

use crate::common::{Told, kind_of, read_as, uai};
use domain::rows::{AccountRow, FILE_KINDS, FileKind};
use importers::recognise::Recognised;
use importers::{Head, Refused, accounts, mapping};
use std::io::Cursor;

const KOSMOS: &[u8] = include_bytes!("../fixtures/comptes_kosmos.csv");
const MARK: &str = "SECRET-MARQUE";

fn read(bytes: &[u8]) -> Result<(Head, Vec<AccountRow>), Refused> {
    let mut rows = Vec::new();
    let head = accounts::read(Cursor::new(bytes), &uai(), &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok((head, rows))
}

#[test]
fn the_layout_with_passwords() {
    assert_eq!(kind_of(KOSMOS), Ok(Recognised::Kind(FileKind::Accounts)));
    let (head, rows) = read(KOSMOS).unwrap();
    // Another school's, one without a first name and one whose columns have shifted are not told.
    assert_eq!((head.read["accounts"], rows.len()), (5, 2));
    assert_eq!(head.establishment.as_deref(), Some("0579999J"));
    let pupil = &rows[0];
    assert_eq!((pupil.row, pupil.last_name.as_str(), pupil.first_name.as_str()), (2, "ŒUVRARD", "Léonie"));
    assert_eq!(
        (pupil.class.as_deref(), pupil.profile.as_str(), pupil.login.as_str()),
        (Some("2GT1"), "Élève", "leonie.oeuvrard")
    );
    assert_eq!(
        (pupil.password.as_deref(), pupil.join_key.as_deref()),
        (Some("SECRET-MARQUE-1"), Some("9920001"))
    );
    assert_eq!((rows[1].class.as_deref(), rows[1].join_key.as_deref()), (None, None));
}

#[test]
fn the_layout_without() {
    let bytes = include_bytes!("../fixtures/comptes_kosmos_2.csv");
    assert_eq!(kind_of(bytes), Ok(Recognised::Kind(FileKind::Accounts)));
    let (head, rows) = read(bytes).unwrap();
    assert_eq!((rows[0].login.as_str(), rows[0].password.as_deref()), ("leonie.oeuvrard", None));
    assert_eq!(head.establishment, None);
}

#[test]
fn accounts_of_another_school_are_refused() {
    let text = String::from_utf8(KOSMOS.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let refused = read([lines[0], lines[3]].join("\n").as_bytes()).unwrap_err();
    assert_eq!(refused.code, "wrong_school");
    assert!(refused.detail.contains("0570991T") && !refused.to_string().contains(MARK));
}

#[test]
fn they_are_never_an_import() {
    let refused = read_as(FileKind::Accounts, KOSMOS, None).unwrap_err();
    assert_eq!(refused.code, "accounts_are_printed");
}

/// All that a person or a log may see of reading those bytes.
fn seen(bytes: &[u8]) -> String {
    let mut seen = String::new();
    let mut add = |text: &dyn std::fmt::Debug| seen.push_str(&format!("{text:?}\n"));
    add(&kind_of(bytes));
    add(&read(bytes));
    add(&mapping::preview(&mut Cursor::new(bytes)));
    for (kind, ..) in FILE_KINDS {
        let told: Result<Told, Refused> = read_as(kind, bytes, None);
        add(&told);
        if let Err(refused) = told {
            add(&refused.to_string());
        }
    }
    seen
}

#[test]
fn a_password_is_in_no_error_issue_preview_or_debug_text() {
    assert!(!seen(KOSMOS).contains(MARK));
    // Cut, with an open quotation mark at each place, with a column more or less, and in another school's.
    for at in (0..KOSMOS.len()).step_by(7) {
        assert!(!seen(&KOSMOS[..at]).contains(MARK), "cut at {at}");
        let mut spoiled = KOSMOS.to_vec();
        spoiled.insert(at, b'"');
        assert!(!seen(&spoiled).contains(MARK), "a quotation mark at {at}");
    }
    let text = String::from_utf8(KOSMOS.to_vec()).unwrap();
    for spoiled in [
        text.replace("rne;uid;", "rne;"),
        text.replace("rne;uid;", "rne;uid;x;"),
        text.replace("0579999J", "0570991T"),
        text.replace(';', "\t"),
    ] {
        assert!(!seen(spoiled.as_bytes()).contains(MARK));
    }
}
