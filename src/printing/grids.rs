//! Sheets and rolls of labels that schools buy, and where each label lies on them.

/// A kind of sheet: so many labels of one size, evenly apart. Lengths are millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// The word of the query and of the settings.
    pub code: &'static str,
    /// French.
    pub name: &'static str,
    pub page: (f32, f32),
    pub label: (f32, f32),
    pub columns: usize,
    pub rows: usize,
    /// Of the first label, from the top left.
    pub first: (f32, f32),
    /// From one label to the next.
    pub pitch: (f32, f32),
    pub holds: Holds,
}

/// What a grid is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Labels,
    Badges,
}

const A4: (f32, f32) = (210.0, 297.0);

/// A sheet of A4 whose labels lie in the middle of it, `gap` apart.
const fn sheet(
    code: &'static str,
    name: &'static str,
    label: (f32, f32),
    (columns, rows): (u8, u8),
    gap: f32,
    holds: Holds,
) -> Grid {
    let pitch = (label.0 + gap, label.1);
    #[expect(clippy::as_conversions, reason = "a const cannot call From; a u8 fits both")]
    let (wide, high, columns, rows) = (columns as f32, rows as f32, columns as usize, rows as usize);
    let first = ((A4.0 - pitch.0 * wide + gap) / 2.0, (A4.1 - pitch.1 * high) / 2.0);
    Grid { code, name, page: A4, label, columns, rows, first, pitch, holds }
}

/// A roll, or a printer for cards: each label is a page.
const fn roll(code: &'static str, name: &'static str, label: (f32, f32), holds: Holds) -> Grid {
    Grid { code, name, page: label, label, columns: 1, rows: 1, first: (0.0, 0.0), pitch: label, holds }
}

pub const GRIDS: [Grid; 13] = [
    sheet("L7160", "Avery L7160 : 63,5 × 38,1 mm, 21 par feuille", (63.5, 38.1), (3, 7), 2.5, Holds::Labels),
    sheet("L7159", "Avery L7159 : 63,5 × 33,9 mm, 24 par feuille", (63.5, 33.9), (3, 8), 2.5, Holds::Labels),
    sheet("L7161", "Avery L7161 : 63,5 × 46,6 mm, 18 par feuille", (63.5, 46.6), (3, 6), 2.5, Holds::Labels),
    sheet("L7163", "Avery L7163 : 99,1 × 38,1 mm, 14 par feuille", (99.1, 38.1), (2, 7), 2.5, Holds::Labels),
    sheet("L7162", "Avery L7162 : 99,1 × 33,9 mm, 16 par feuille", (99.1, 33.9), (2, 8), 2.5, Holds::Labels),
    sheet("L7651", "Avery L7651 : 38,1 × 21,2 mm, 65 par feuille", (38.1, 21.2), (5, 13), 2.5, Holds::Labels),
    sheet("L4731", "Avery L4731 : 25,4 × 10 mm, 189 par feuille", (25.4, 10.0), (7, 27), 2.5, Holds::Labels),
    roll("R62", "Rouleau de 62 mm : 62 × 29 mm", (62.0, 29.0), Holds::Labels),
    roll("R57", "Rouleau 57 × 32 mm", (57.0, 32.0), Holds::Labels),
    roll("R89", "Rouleau 89 × 36 mm", (89.0, 36.0), Holds::Labels),
    sheet(
        "C32016",
        "Avery C32016 : cartes 85 × 54 mm, 10 par feuille",
        (85.0, 54.0),
        (2, 5),
        10.0,
        Holds::Badges,
    ),
    sheet(
        "L7418",
        "Avery L7418 : badges 86 × 55,5 mm, 8 par feuille",
        (86.5, 55.5),
        (2, 4),
        0.0,
        Holds::Badges,
    ),
    roll("CR80", "Imprimante à cartes : 85,6 × 54 mm", (85.6, 54.0), Holds::Badges),
];

impl Grid {
    pub fn parse(code: &str, holds: Holds) -> Option<&'static Self> {
        GRIDS.iter().find(|grid| grid.code == code && grid.holds == holds)
    }

    pub fn per_page(&self) -> usize {
        self.columns * self.rows
    }

    /// The top left of the label at that place of the sheet, row by row from 0.
    #[expect(clippy::as_conversions, reason = "a sheet has a few hundred labels")]
    pub fn place(&self, index: usize) -> (f32, f32) {
        let (column, row) = (index % self.columns, (index / self.columns) % self.rows);
        (self.first.0 + self.pitch.0 * column as f32, self.first.1 + self.pitch.1 * row as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lie_on_their_sheet_and_apart() {
        for grid in &GRIDS {
            for index in 0..grid.per_page() {
                let (x, y) = grid.place(index);
                assert!(x >= 0.0 && y >= 0.0, "{} {index}", grid.code);
                assert!(x + grid.label.0 <= grid.page.0 + 0.01, "{} {index}", grid.code);
                assert!(y + grid.label.1 <= grid.page.1 + 0.01, "{} {index}", grid.code);
            }
            assert!(grid.pitch.0 >= grid.label.0 && grid.pitch.1 >= grid.label.1, "{}", grid.code);
        }
        let (x, y) = GRIDS[0].place(4);
        assert!((x - 73.25).abs() < 0.1 && (y - 53.25).abs() < 0.1, "{x} {y}");
        assert!(
            Grid::parse("L7160", Holds::Labels).is_some() && Grid::parse("L7160", Holds::Badges).is_none()
        );
    }
}
