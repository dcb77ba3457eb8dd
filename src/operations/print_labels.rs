//! Laptop labels on paper, of a delivery note or of all: like the makers' on plain A4, or the
//! school's own on the sheets and rolls it buys.

use super::{Actor, Failure, Invalid};
use crate::db::sheets::{self, LabelRow, Window};
use crate::db::{Db, Scope, print_settings};
use crate::printing::card::Card;
use crate::printing::grids::{Grid, Holds};
use crate::printing::label_sheet::label_sheet;
use crate::printing::page::{self, Part};
use crate::printing::{InventoryLabel, Label};

/// Labels of one page of HTML.
const PER_PAGE: i64 = 200;
/// The school's own label where no sheet says a size.
const PLAIN: (f32, f32) = (63.5, 38.1);

/// Which labels, and on what.
#[derive(Debug, Clone, Copy)]
pub struct LabelChoice<'a> {
    /// The number of a delivery note.
    pub delivery: Option<&'a str>,
    /// A code of the grids; plain A4 without it.
    pub sheet: Option<&'a str>,
    /// Labels of the first sheet that are used already.
    pub skip: i64,
    /// The school's own labels on plain A4, too; on a sheet they always are.
    pub own: bool,
    /// From 1.
    pub page: i64,
}

/// HTML that prints on the chosen paper. Reads only.
pub async fn print_labels(db: &Db, actor: &Actor, choice: LabelChoice<'_>) -> Result<String, Failure> {
    let grid = chosen(choice.sheet, Holds::Labels)?;
    let db = &db.patient();
    let school = actor.establishment;
    let window = Window::of_page(choice.page, PER_PAGE);
    let (settings, (rows, total)) = db
        .read(Scope::School(school), async |conn| {
            let settings = print_settings::of_school(conn, school).await?;
            Ok::<_, Failure>((settings, sheets::labels(conn, school, choice.delivery, window).await?))
        })
        .await?;
    let part = Part {
        title: match choice.delivery {
            Some(note) => format!("Étiquettes du bon de livraison {note}"),
            None => "Étiquettes de tous les ordinateurs".into(),
        },
        filter: choice.delivery.map(|note| ("delivery", note.to_owned())),
        page: window.page(),
        pages: window.pages(total),
        remark: None,
    };
    let own = |row: LabelRow, size| own_label(&settings.school, row).card(size);
    Ok(match grid {
        Some(grid) => {
            let cards: Vec<Card> = rows.into_iter().map(|row| own(row, grid.label)).collect();
            let words = [("sheet", grid.code.to_owned()), ("skip", choice.skip.to_string())];
            label_sheet(&part, &words, grid, skipped(grid, choice.skip, window), &cards)
        }
        None if choice.own => {
            let cards: Vec<Card> = rows.into_iter().map(|row| own(row, PLAIN)).collect();
            page::own_labels(&part, &cards)
        }
        None => page::labels(&part, &rows.into_iter().map(makers_label).collect::<Vec<_>>()),
    })
}

/// The grid of that code; none for plain A4.
pub(super) fn chosen(sheet: Option<&str>, holds: Holds) -> Result<Option<&'static Grid>, Failure> {
    match sheet {
        None | Some("A4") => Ok(None),
        Some(code) => Grid::parse(code, holds).map(Some).ok_or_else(|| {
            Failure::Invalid(Invalid {
                code: "sheet_unknown",
                title: "Planche inconnue".into(),
                detail: "Cette planche n'est pas dans la liste des planches et des rouleaux.".into(),
                remedy: "Choisissez-la dans l'écran des impressions.".into(),
            })
        }),
    }
}

/// Where the first label of this part lies: it goes on where the part before it ended.
pub(super) fn skipped(grid: &Grid, skip: i64, window: Window) -> usize {
    let used = skip.max(0).saturating_add(window.before());
    usize::try_from(used).unwrap_or(0) % grid.per_page()
}

fn own_label(school: &str, row: LabelRow) -> InventoryLabel {
    InventoryLabel {
        school: school.to_owned(),
        model: row.model,
        serial: row.serial,
        asset_tag: row.asset_tag.filter(|tag| !tag.trim().is_empty()),
    }
}

fn makers_label(row: LabelRow) -> Label {
    Label {
        maker: row.maker,
        model: row.model,
        serial: row.serial,
        part_number: row.part_number,
        mac: row.mac,
    }
}
