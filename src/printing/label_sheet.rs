//! Cards at their places on a sheet or a roll of labels, beginning where the sheet is not used yet.

use super::card::Card;
use super::grids::Grid;
use super::page::{Part, shell};
use super::svg;
use maud::html;

/// `skip` labels of the first sheet are used already. `choices` are the other words of the query.
pub fn label_sheet(
    part: &Part,
    choices: &[(&str, String)],
    grid: &Grid,
    skip: usize,
    cards: &[Card],
) -> String {
    let per_page = grid.per_page();
    let skip = skip % per_page;
    let mut pages: Vec<Vec<(usize, &Card)>> = Vec::new();
    for (index, card) in cards.iter().enumerate() {
        let place = skip + index;
        if place.is_multiple_of(per_page) || pages.is_empty() {
            pages.push(Vec::with_capacity(per_page));
        }
        if let Some(page) = pages.last_mut() {
            page.push((place % per_page, card));
        }
    }
    let (width, height) = grid.page;
    // A hair less than the page: rounded up it would begin another one.
    let style = format!(
        "@page {{ size: {width}mm {height}mm; margin: 0; }}
         body {{ margin: 0; font: 11pt/1.35 sans-serif; color: #000; background: #fff; }}
         header {{ padding: 4mm; background: #eef; }} header h1 {{ font-size: 14pt; margin: 0 0 2mm; }}
         header p {{ margin: 0 0 1mm; }}
         section {{ position: relative; width: {width}mm; height: {:.2}mm; overflow: hidden; break-after: page; }}
         section:last-of-type {{ break-after: auto; }}
         svg {{ position: absolute; display: block; }}
         @media print {{ header {{ display: none; }} }}
         @media screen {{ body {{ background: #e6e8ec; }} section {{ background: #fff; margin: 6mm auto; }}
             svg {{ outline: 0.2mm dashed #bbb; }} main > p {{ margin: 6mm; }} }}",
        height - 0.2
    );
    let content = html! {
        @if cards.is_empty() { p { "Rien à imprimer pour ce choix." } }
        @for page in &pages {
            section {
                @for (place, card) in page { (svg::placed(card, grid.place(*place), grid.label)) }
            }
        }
    };
    shell(part, choices, &style, grid.name, &content)
}
