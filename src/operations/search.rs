//! One box for everything: a scanned or typed code resolves exactly; anything else is looked up as
//! names, classes and parts of serial numbers, the best first.

use super::find_receipt::{FoundReceipt, named};
use super::resolve_scans::{CharterScan, Entry, Resolution, resolve_scans};
use super::{Actor, Failure};
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::{Db, Scope, desk};
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What was found, in groups.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The text is a code of exactly one thing, which stands alone in its group.
    pub exact: bool,
    /// The class that a word of the text names.
    pub class: Option<String>,
    pub students: Vec<StudentCard>,
    pub students_total: i64,
    pub devices: Vec<DeviceCard>,
    pub devices_total: i64,
    /// Open loans of the pupil or laptop that the text names exactly.
    pub loans: Vec<FoundLoan>,
    /// Of a sheet's code: whose it is.
    pub charters: Vec<CharterScan>,
    /// Of a receipt's code: what it tells of, and whose it is.
    pub receipts: Vec<FoundReceipt>,
}

/// A loan that is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundLoan {
    pub loan_id: Uuid,
    pub student_id: Uuid,
    pub name: String,
    pub class: Option<String>,
    pub serial: String,
    pub since: chrono::DateTime<chrono::Utc>,
}

/// More of a text than this is no search.
const MOST_CHARS: usize = 200;
/// A text shorter than this means everything.
const FEWEST_CHARS: usize = 2;
/// A sheet's code without the copy's number.
const SHEET_CHARS: usize = 12;

pub async fn search(db: &Db, actor: &Actor, query: &str, limit: i64) -> Result<SearchAnswer, Failure> {
    let text: String = query.trim().chars().take(MOST_CHARS).collect();
    if text.chars().count() < FEWEST_CHARS {
        return Ok(SearchAnswer::default());
    }
    if let Some(answer) = exactly(db, actor, &text).await? {
        return Ok(answer);
    }
    db.read(Scope::School(actor.establishment), async |conn| by_words(conn, actor, &text, limit).await).await
}

/// A code that the school knows: a badge, a serial number, a charter, a receipt.
async fn exactly(db: &Db, actor: &Actor, text: &str) -> Result<Option<SearchAnswer>, Failure> {
    let upper = text.to_ascii_uppercase();
    let sheet = upper.starts_with("CH") && upper.len() == SHEET_CHARS && !upper.contains('-');
    let code = if sheet { format!("{upper}-1") } else { text.to_owned() };
    let resolved = resolve_scans(db, actor, &[code], Entry::Typed).await?;
    let Some(one) = resolved.into_iter().next() else { return Ok(None) };
    if one.standing == "known" {
        return Ok(Some(of_known(one)));
    }
    // Without what the scanner added around the code.
    let receipt =
        db.read(Scope::School(actor.establishment), async |conn| named(conn, actor, &one.text).await);
    Ok(receipt.await?.map(of_receipt))
}

fn of_known(known: Resolution) -> SearchAnswer {
    let mut answer = SearchAnswer { exact: true, ..SearchAnswer::default() };
    if let Some(student) = known.student {
        answer.is_about(student);
    } else if let Some(device) = known.device {
        answer.loans.extend(loan_of_device(&device));
        (answer.devices_total, answer.devices) = (1, vec![device]);
    } else if let Some(charter) = known.charter {
        answer.is_about(charter.student.clone());
        answer.charters = vec![charter];
    }
    answer
}

fn of_receipt(receipt: FoundReceipt) -> SearchAnswer {
    let mut answer = SearchAnswer { exact: true, ..SearchAnswer::default() };
    if let Some(student) = receipt.student.clone() {
        answer.is_about(student);
    }
    answer.receipts = vec![receipt];
    answer
}

impl SearchAnswer {
    fn is_about(&mut self, student: StudentCard) {
        self.loans = loans_of_student(&student);
        (self.students_total, self.students) = (1, vec![student]);
    }
}

async fn by_words(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    text: &str,
    limit: i64,
) -> Result<SearchAnswer, Failure> {
    let school = actor.establishment;
    let codes = desk::class_codes(conn, school).await?;
    let named = |word: &str| codes.iter().find(|code| code.eq_ignore_ascii_case(word)).cloned();
    let class = named(text).or_else(|| text.split_whitespace().find_map(named));
    let names: String = match &class {
        Some(class) if class.eq_ignore_ascii_case(text) => String::new(),
        Some(class) => {
            let others = text.split_whitespace().filter(|word| !class.eq_ignore_ascii_case(word));
            others.collect::<Vec<_>>().join(" ")
        }
        None => text.to_owned(),
    };
    let (mut students, mut students_total) = (Vec::new(), 0);
    // What is only signs, such as "**", names nobody.
    if class.is_some() || !domain::names::search_key(&names).is_empty() {
        (students, students_total) = cards::students(conn, school, &names, class.as_deref(), limit).await?;
    }
    let (devices, devices_total) = match class {
        Some(_) => (Vec::new(), 0),
        None => cards::devices(conn, school, text, limit).await?,
    };
    Ok(SearchAnswer { class, students, students_total, devices, devices_total, ..SearchAnswer::default() })
}

/// The own laptop, and the spare for a while.
fn loans_of_student(student: &StudentCard) -> Vec<FoundLoan> {
    let own = student.allocation.as_ref().map(|own| (own.loan_id, &own.serial, own.since));
    let spare = student.temporary.as_ref().map(|spare| (spare.loan_id, &spare.serial, spare.since));
    let found = own.into_iter().chain(spare).map(|(loan_id, serial, since)| FoundLoan {
        loan_id,
        student_id: student.id,
        name: student.name.clone(),
        class: student.class.clone(),
        serial: serial.clone(),
        since,
    });
    found.collect()
}

fn loan_of_device(device: &DeviceCard) -> Option<FoundLoan> {
    let holder = device.holder.as_ref()?;
    Some(FoundLoan {
        loan_id: holder.loan_id,
        student_id: holder.student_id,
        name: holder.name.clone(),
        class: holder.class.clone(),
        serial: device.serial.clone(),
        since: holder.since,
    })
}
