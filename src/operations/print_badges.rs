//! Badges on paper, of a class or of everybody who is there.

use super::{Actor, Failure};
use crate::db::sheets::{self, Window};
use crate::db::{Db, Scope};
use crate::printing::Badge;
use crate::printing::page::{self, Part};
use domain::refusal::Refusal;

/// Badges of one page of HTML: twenty sheets of ten.
const PER_PAGE: i64 = 200;

/// HTML that prints on A4. `page` counts from 1. Reads only.
pub async fn print_badges(db: &Db, actor: &Actor, class: Option<&str>, page: i64) -> Result<String, Failure> {
    let db = &db.patient();
    let school = actor.establishment;
    let window = Window::of_page(page, PER_PAGE);
    let (heading, (students, total), without) = db
        .read(Scope::School(school), async |conn| {
            let heading = sheets::heading(conn, school).await?.ok_or(Refusal::NoCampaign)?;
            let badges = sheets::badges(conn, school, class, window).await?;
            Ok::<_, Failure>((heading, badges, sheets::without_badge(conn, school, class).await?))
        })
        .await?;
    let badges: Vec<Badge> = students
        .into_iter()
        .map(|student| Badge {
            school: heading.school.clone(),
            school_year: heading.school_year,
            last_name: student.last_name,
            first_name: student.first_name,
            class: student.class_code,
            code: student.code,
        })
        .collect();
    let part = Part {
        title: match class {
            Some(class) => format!("Badges de la classe {class}"),
            None => "Badges de tous les élèves".into(),
        },
        filter: class.map(|class| ("class", class.to_owned())),
        page: window.page(),
        pages: window.pages(total),
        remark: (without > 0)
            .then(|| format!("Élèves sans badge imprimé, absents de ces feuilles : {without}.")),
    };
    Ok(page::badges(&part, &badges))
}
