//! Laptop labels on paper, of a delivery note or of all.

use super::{Actor, Failure};
use crate::db::sheets::{self, Window};
use crate::db::{Db, Scope};
use crate::printing::Label;
use crate::printing::page::{self, Part};

/// Labels of one page of HTML.
const PER_PAGE: i64 = 200;

/// HTML that prints on A4. `delivery` is the number of a note, `page` counts from 1. Reads only.
pub async fn print_labels(
    db: &Db,
    actor: &Actor,
    delivery: Option<&str>,
    page: i64,
) -> Result<String, Failure> {
    let db = &db.patient();
    let school = actor.establishment;
    let window = Window::of_page(page, PER_PAGE);
    let (rows, total) = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(sheets::labels(conn, school, delivery, window).await?)
        })
        .await?;
    let labels: Vec<Label> = rows
        .into_iter()
        .map(|row| Label {
            maker: row.maker,
            model: row.model,
            serial: row.serial,
            part_number: row.part_number,
            mac: row.mac,
        })
        .collect();
    let part = Part {
        title: match delivery {
            Some(note) => format!("Étiquettes du bon de livraison {note}"),
            None => "Étiquettes de tous les ordinateurs".into(),
        },
        filter: delivery.map(|note| ("delivery", note.to_owned())),
        page: window.page(),
        pages: window.pages(total),
        remark: None,
    };
    Ok(page::labels(&part, &labels))
}
