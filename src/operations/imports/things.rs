//! Which things a kind of file tells of, and what it may do to them.

use super::report::{Change, Counts, Detail, ThingCounts};
use crate::db::imports::students::{Authority, Terms};
use crate::db::imports::{self as rows, ChangedRow, Difference, Import};
use crate::db::{campaigns, entitlement};
use crate::operations::Failure;
use diesel_async::AsyncPgConnection;
use domain::entitlement::{Rule, programme};
use domain::ids::EstablishmentId;
use domain::names::display_name;
use domain::refusal::Refusal;
use domain::rows::FileKind;
use std::collections::BTreeMap;

/// Changes that a person is shown, of each thing.
const MOST_CHANGES: i64 = 200;

/// What the file may do to the school's pupils; `None` when it tells of none.
pub fn authority(kind: FileKind) -> Option<Authority> {
    match kind {
        FileKind::Students => Some(Authority::Whole),
        FileKind::StudentsTable | FileKind::MappedStudents | FileKind::Aaf => Some(Authority::Partial),
        FileKind::EdtStudents | FileKind::UdtArchive | FileKind::Gar => Some(Authority::Check),
        _ => None,
    }
}

fn tells_guardians(kind: FileKind) -> bool {
    matches!(kind, FileKind::Guardians | FileKind::StudentsTable)
}

fn tells_references(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Structures
            | FileKind::Nomenclature
            | FileKind::Sts
            | FileKind::EdtStudents
            | FileKind::EdtCourses
            | FileKind::UdtCourses
            | FileKind::UdtArchive
            | FileKind::Orders
            | FileKind::Quote
            | FileKind::Subscription
    )
}

/// The rules of a school year: its own, or the programme's.
pub async fn rules(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    year: i32,
) -> Result<Vec<Rule>, Failure> {
    let own = entitlement::rules(conn, school, year).await?;
    Ok(if own.is_empty() { programme() } else { own })
}

/// The year that classes and rules are of: the file's, or the current campaign's where the file does not say.
async fn year(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
) -> Result<i32, Failure> {
    match import.school_year {
        Some(year) => Ok(year),
        None => Ok(campaigns::current(conn, school).await?.ok_or(Refusal::NoCampaign)?.school_year),
    }
}

/// What decides who is entitled.
async fn year_and_rules(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
) -> Result<(i32, Vec<Rule>), Failure> {
    let year = year(conn, school, import).await?;
    Ok((year, rules(conn, school, year).await?))
}

/// The figures and the first changes of what is staged, thing by thing. What the reading has found
/// (`known`) stays in them.
pub async fn compare(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
    kind: FileKind,
    known: Counts,
) -> Result<(Counts, Vec<Change>), Failure> {
    let counts = figures(conn, school, import, kind, known).await?;
    Ok((counts, changes(conn, school, import, kind).await?))
}

/// The first changes, thing by thing.
pub async fn changes(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
    kind: FileKind,
) -> Result<Vec<Change>, Failure> {
    let place = (school, import.id);
    let mut changes = Vec::new();
    let mut add = |thing: &str, rows: Vec<ChangedRow>, fields: &[&'static str]| {
        changes.extend(rows.into_iter().map(|row| change(thing, row, fields)));
    };
    if let Some(authority) = authority(kind) {
        let (year, rules) = year_and_rules(conn, school, import).await?;
        let terms = Terms::new((school, year), import, authority, &rules);
        add("students", rows::students::changes(conn, &terms, MOST_CHANGES).await?, &rows::students::FIELDS);
    }
    if tells_guardians(kind) {
        let rows = rows::guardians::changes(conn, place, import.complete, MOST_CHANGES).await?;
        add("guardians", rows, &rows::guardians::FIELDS);
    }
    if tells_references(kind) {
        let rows = rows::references::changes(conn, place, import.complete, MOST_CHANGES).await?;
        add("references", rows, &rows::references::FIELDS);
    }
    match kind {
        FileKind::Badges => {
            add("badges", rows::badges::changes(conn, place, MOST_CHANGES).await?, &rows::badges::FIELDS);
        }
        FileKind::Delivery => {
            add("devices", rows::devices::changes(conn, place, MOST_CHANGES).await?, &rows::devices::FIELDS);
        }
        _ => {}
    }
    Ok(changes)
}

/// The figures alone, which say whether the school has changed since they were shown.
pub async fn figures(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
    kind: FileKind,
    known: Counts,
) -> Result<Counts, Failure> {
    let place = (school, import.id);
    let mut differences: Vec<(String, Difference)> = Vec::new();
    if let Some(authority) = authority(kind) {
        let (year, rules) = year_and_rules(conn, school, import).await?;
        let terms = Terms::new((school, year), import, authority, &rules);
        differences.push(("students".into(), rows::students::compare(conn, &terms).await?));
    }
    if tells_guardians(kind) {
        differences.push(("links".into(), rows::guardians::compare(conn, place, import.complete).await?));
    }
    if tells_references(kind) {
        let found = rows::references::compare(conn, place, import.complete).await?;
        differences.extend(found.into_iter().map(|of| (of.thing, of.difference)));
    }
    match kind {
        FileKind::Badges => differences.push(("badges".into(), rows::badges::compare(conn, place).await?)),
        FileKind::Delivery => {
            differences.push(("devices".into(), rows::devices::compare(conn, place).await?))
        }
        _ => {}
    }
    Ok(counts(known, differences))
}

/// The figures of the reading with those of the comparison.
fn counts(known: Counts, differences: Vec<(String, Difference)>) -> Counts {
    let mut by_thing: BTreeMap<String, ThingCounts> = known
        .by_thing
        .into_iter()
        .map(|(thing, of)| (thing, ThingCounts { read: of.read, ..ThingCounts::default() }))
        .collect();
    for (thing, Difference { added, changed, unchanged, gone }) in differences {
        let of = by_thing.entry(thing).or_default();
        *of = ThingCounts { read: of.read, added, changed, unchanged, gone };
    }
    by_thing.retain(|_, of| *of != ThingCounts::default());
    let sum = |get: fn(&ThingCounts) -> i64| by_thing.values().map(get).sum();
    Counts {
        added: sum(|of| of.added),
        changed: sum(|of| of.changed),
        unchanged: sum(|of| of.unchanged),
        gone: sum(|of| of.gone),
        by_thing,
        ..known
    }
}

fn change(thing: &str, row: ChangedRow, fields: &[&'static str]) -> Change {
    let pairs = fields.iter().zip(row.before.into_iter().zip(row.after));
    // Of who is gone only what they still hold is news.
    let gone = row.action == "gone";
    let details = pairs
        .filter(|(field, (before, after))| before != after && (!gone || **field == rows::students::HELD));
    Change {
        details: details
            .map(|(field, (before, after))| Detail { field: (*field).to_owned(), before, after })
            .collect(),
        thing: thing.to_owned(),
        label: display_name(&row.first_name, &row.label),
        action: row.action,
    }
}

/// Takes what is staged into the school.
pub async fn apply(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: &Import,
    kind: FileKind,
) -> Result<(), Failure> {
    let place = (school, import.id);
    if let Some(authority) = authority(kind) {
        let (year, rules) = year_and_rules(conn, school, import).await?;
        rows::students::apply(conn, &Terms::new((school, year), import, authority, &rules)).await?;
    }
    if tells_guardians(kind) {
        rows::guardians::apply(conn, place, import.complete).await?;
    }
    if tells_references(kind) {
        rows::references::apply(conn, place, import.complete).await?;
    }
    match kind {
        FileKind::Badges => rows::badges::apply(conn, place).await?,
        FileKind::Delivery => rows::devices::apply(conn, place).await?,
        _ => {}
    }
    Ok(())
}
