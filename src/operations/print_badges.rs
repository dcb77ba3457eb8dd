//! Badges on paper, of a class or of everybody who is there.

use super::print_labels::{chosen, skipped};
use super::{Actor, Failure};
use crate::db::sheets::{self, Window};
use crate::db::{Db, Scope};
use crate::printing::Badge;
use crate::printing::card::Card;
use crate::printing::grids::Holds;
use crate::printing::label_sheet::label_sheet;
use crate::printing::page::{self, Part};
use domain::refusal::Refusal;

/// Badges of one page of HTML: twenty sheets of ten.
const PER_PAGE: i64 = 200;

/// Whose badges, and on what.
#[derive(Debug, Clone, Copy)]
pub struct BadgeChoice<'a> {
    pub class: Option<&'a str>,
    /// A code of the grids for cards; plain A4 without it.
    pub sheet: Option<&'a str>,
    /// Cards of the first sheet that are used already.
    pub skip: i64,
    /// From 1.
    pub page: i64,
}

/// HTML that prints on the chosen paper. Reads only.
pub async fn print_badges(db: &Db, actor: &Actor, choice: BadgeChoice<'_>) -> Result<String, Failure> {
    let grid = chosen(choice.sheet, Holds::Badges)?;
    let class = choice.class;
    let db = &db.patient();
    let school = actor.establishment;
    let window = Window::of_page(choice.page, PER_PAGE);
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
    Ok(match grid {
        Some(grid) => {
            let cards: Vec<Card> = badges.iter().map(Badge::card).collect();
            let words = [("sheet", grid.code.to_owned()), ("skip", choice.skip.to_string())];
            label_sheet(&part, &words, grid, skipped(grid, choice.skip, window), &cards)
        }
        None => page::badges(&part, &badges),
    })
}
