//! Charters on paper, two copies a pupil. A pupil's sheet gets its code when it is
//! first printed, and keeps it: a sheet printed again is the same sheet.

use super::{Actor, Failure};
use crate::db::journal::{self, Entry};
use crate::db::sheets::{self, CodedStudent, Heading, Window};
use crate::db::{Db, Scope};
use crate::printing::CharterSheet;
use crate::printing::page::{self, Part};
use diesel_async::AsyncPgConnection;
use domain::identifiers::crockford10;
use domain::names::display_name;
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

/// Pupils of one page of HTML: a class, two sheets each.
const PER_PAGE: i64 = 40;

/// HTML that prints on A4. `page` counts from 1.
pub async fn print_charters(
    db: &Db,
    actor: &Actor,
    class: Option<&str>,
    page: i64,
) -> Result<String, Failure> {
    let db = &db.patient();
    let school = actor.establishment;
    let window = Window::of_page(page, PER_PAGE);
    let (heading, (students, total)) = db
        .transaction(Scope::School(school), async |conn| {
            let heading = sheets::heading(conn, school).await?.ok_or(Refusal::NoCampaign)?;
            give_codes(conn, actor, class).await?;
            Ok::<_, Failure>((heading, sheets::charters(conn, school, class, window).await?))
        })
        .await?;
    let sheets: Vec<CharterSheet> = students.into_iter().map(|student| sheet(&heading, student)).collect();
    let part = Part {
        title: match class {
            Some(class) => format!("Chartes de la classe {class}"),
            None => "Chartes de tous les élèves".into(),
        },
        filter: class.map(|class| ("class", class.to_owned())),
        page: window.page(),
        pages: window.pages(total),
        remark: Some(remark(&heading)),
    };
    Ok(page::charters(&part, &sheets))
}

/// What whoever prints should know: how many copies, and what goes behind them.
fn remark(heading: &Heading) -> String {
    let copies = "Deux exemplaires par élève : le premier reste au lycée.";
    match heading.pdf_sha256 {
        Some(_) => format!(
            "{copies} La charte est un PDF : imprimez-le autant de fois, un feuillet de tête sur chacun."
        ),
        None => copies.to_owned(),
    }
}

async fn give_codes(conn: &mut AsyncPgConnection, actor: &Actor, class: Option<&str>) -> Result<(), Failure> {
    let school = actor.establishment;
    let bare = sheets::without_sheet(conn, school, class).await?;
    if bare.is_empty() {
        return Ok(());
    }
    let codes: Vec<String> = bare.iter().map(|_| format!("CH{}", crockford10(rand::random()))).collect();
    let added = sheets::add_sheets(conn, school, &bare, &codes).await?;
    let entry = Entry {
        establishment_id: school.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action: "print_charters",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "new_sheets": added }),
    };
    Ok(journal::append(conn, &entry).await?)
}

fn sheet(heading: &Heading, student: CodedStudent) -> CharterSheet {
    CharterSheet {
        school: heading.school.clone(),
        title: heading.title.clone(),
        version: heading.version.clone(),
        body: heading.body.clone(),
        pdf_sha256: heading.pdf_sha256.clone(),
        kit: heading.kit.clone(),
        name: display_name(&student.first_name, &student.last_name),
        class: student.class_code,
        code: student.code,
    }
}
