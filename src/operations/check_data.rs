//! Whether the school's data are fit for the day: what is missing, who is concerned, how old each
//! file is. Corrections are made in SIECLE; nothing here pretends to write there.

use super::{Actor, Failure, Invalid};
use crate::db::readiness::{self, Finding, LastImport};
use crate::db::{Db, Scope};
use crate::exports::findings_csv;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Europe::Paris;
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use serde::Serialize;
use utoipa::ToSchema;

/// Findings of each check that a page shows; a file has all.
const MOST_SHOWN: i64 = 50;
/// Findings that a file may have.
const MOST_EXPORTED: i64 = 1_000_000;
/// The programme asks for the lists three times a week.
const FRESH_DAYS: i64 = 3;

/// Stable code, French title, what to do.
const CHECKS: [(&str, &str, &str); 9] = [
    ("student_without_class", "Élèves sans classe", "Affectez-les à une division dans SIECLE."),
    ("student_without_ine", "Élèves sans INE", "Demandez l'INE dans SIECLE ; l'élève reste équipé."),
    (
        "student_without_guardian",
        "Élèves sans responsable légal",
        "Saisissez le responsable dans SIECLE, puis importez les responsables.",
    ),
    (
        "guardian_unreachable",
        "Responsables sans mobile ou sans courriel",
        "Sans eux, EduConnect ne s'active pas : complétez la fiche dans SIECLE.",
    ),
    ("badge_missing", "Élèves sans badge", "Imprimez leurs badges, ou apprenez-les au poste."),
    ("shared_ine", "INE partagés", "Deux élèves ont le même INE : corrigez celui qui est faux dans SIECLE."),
    (
        "namesake",
        "Même nom et même date de naissance",
        "Vérifiez qu'il s'agit bien de deux élèves, ou supprimez le doublon dans SIECLE.",
    ),
    (
        "class_mismatch",
        "Classes qui ne concordent pas",
        "Donnez le même code à la classe dans SIECLE, STS et le logiciel d'emploi du temps.",
    ),
    (
        "headcount_differs",
        "Classes au-dessus de l'effectif prévu",
        "Vérifiez l'effectif prévu dans STS : la réserve en dépend.",
    ),
];

/// The state of the school's data.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DataState {
    pub checks: Vec<Check>,
    /// Lists that the school should have, the oldest first.
    pub imports: Vec<ImportAge>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Check {
    /// Stable, for machines.
    pub code: &'static str,
    /// French.
    pub title: &'static str,
    /// French: what to do.
    pub remedy: &'static str,
    pub total: i64,
    /// The first 50.
    pub findings: Vec<Finding>,
}

/// How old what is known of a kind is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportAge {
    pub kind: &'static str,
    /// French.
    pub label: &'static str,
    /// On the clock of who exported it; when it was applied where the file does not say.
    pub exported_at: Option<NaiveDateTime>,
    pub applied_at: Option<DateTime<Utc>>,
    /// Whole days since then; absent when there was none.
    pub days: Option<i64>,
    /// Older than the programme wishes, or never taken in.
    pub is_old: bool,
}

/// Every check. Reads only.
pub async fn check_data(db: &Db, school: EstablishmentId) -> Result<DataState, Failure> {
    db.read(Scope::School(school), async |conn| {
        let mut checks = Vec::new();
        for (code, title, remedy) in CHECKS {
            let findings = readiness::findings(conn, school, code, MOST_SHOWN).await?.unwrap_or_default();
            let total = findings.first().map_or(0, |first| first.total);
            checks.push(Check { code, title, remedy, total, findings });
        }
        Ok(DataState { checks, imports: ages(conn, school).await? })
    })
    .await
}

/// The lists every school should have, and those it has.
async fn ages(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<Vec<ImportAge>, Failure> {
    let last = readiness::last_imports(conn, school).await?;
    let wanted = [FileKind::Students, FileKind::Guardians, FileKind::Structures, FileKind::Sts];
    let known =
        last.iter().filter_map(|one| FileKind::parse(&one.kind)).filter(|kind| !wanted.contains(kind));
    let mut ages: Vec<ImportAge> = wanted
        .into_iter()
        .chain(known)
        .map(|kind| age(kind, last.iter().find(|one| one.kind == kind.as_str())))
        .collect();
    ages.sort_by_key(|age| std::cmp::Reverse(age.days.unwrap_or(i64::MAX)));
    Ok(ages)
}

fn age(kind: FileKind, last: Option<&LastImport>) -> ImportAge {
    let now = Utc::now().with_timezone(&Paris).naive_local();
    let at = last.map(|last| last.exported_at.unwrap_or(last.applied_at.with_timezone(&Paris).naive_local()));
    let days = at.map(|at| (now - at).num_days().max(0));
    let is_list = matches!(kind, FileKind::Students | FileKind::Guardians);
    ImportAge {
        kind: kind.as_str(),
        label: kind.label(),
        exported_at: last.and_then(|last| last.exported_at),
        applied_at: last.map(|last| last.applied_at),
        days,
        is_old: days.is_none_or(|days| is_list && days > FRESH_DAYS),
    }
}

/// What a check finds, all of it, as CSV: for correction where the data come from.
pub async fn export_check(db: &Db, actor: &Actor, code: &str) -> Result<String, Failure> {
    let school = actor.establishment;
    let found = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(readiness::findings(conn, school, code, MOST_EXPORTED).await?)
        })
        .await?;
    let found = found.ok_or_else(|| {
        Failure::Invalid(Invalid {
            code: "check_not_found",
            title: "Contrôle inconnu".into(),
            detail: "Ce contrôle n'existe pas.".into(),
            remedy: "Revenez à la page des données.".into(),
        })
    })?;
    let rows =
        found.iter().map(|one| [one.class.as_deref().unwrap_or(""), one.label.as_str(), one.detail.as_str()]);
    Ok(findings_csv::file(rows))
}
