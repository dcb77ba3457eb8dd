//! Edges of a scan line, to a fraction of a sample, and the pieces between quiet zones.
#![expect(clippy::as_conversions, reason = "sample indices to f32")]

use std::ops::Range;

/// A rise or fall smaller than this is noise.
pub const SMALLEST_SWING: f32 = 38.0;
/// A space this many times the narrow element ends a code.
const QUIET: f32 = 5.0;

/// One code's worth of edges: a piece starts and ends with a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece<'a> {
    /// Widths of bars and spaces in samples; odd count, first and last a bar.
    pub widths: &'a [f32],
    pub start: f32,
    pub end: f32,
    /// Width of a narrow element in samples.
    pub narrow: f32,
}

/// Positions of edges, first a fall (into a bar), then alternating.
pub fn edges(samples: &[f32], swing: f32, found: &mut Vec<f32>) {
    found.clear();
    let Some(&first) = samples.first() else { return };
    // An extremum counts when the line has come back from it by the smallest swing;
    // between two extrema the edge is where the line crosses their middle.
    let (mut low, mut high) = ((0_usize, first), (0_usize, first));
    let mut rising: Option<bool> = None;
    for (i, &value) in samples.iter().enumerate() {
        // While a line rises, its last low stays where it was, however deep it falls next.
        if value < low.1 && rising != Some(true) {
            low = (i, value);
        }
        if value > high.1 && rising != Some(false) {
            high = (i, value);
        }
        match rising {
            Some(true) | None if high.1 - value > swing => {
                if rising == Some(true) && !found.is_empty() {
                    push_crossing(samples, low, high, found);
                }
                rising = Some(false);
                low = (i, value);
            }
            Some(false) | None if value - low.1 > swing => {
                if rising == Some(false) {
                    push_crossing(samples, high, low, found);
                }
                rising = Some(true);
                high = (i, value);
            }
            _ => {}
        }
    }
    match rising {
        Some(true) if !found.is_empty() => push_crossing(samples, low, high, found),
        Some(false) => push_crossing(samples, high, low, found),
        _ => {}
    }
}

fn push_crossing(samples: &[f32], from: (usize, f32), to: (usize, f32), found: &mut Vec<f32>) {
    let middle = (from.1 + to.1) / 2.0;
    let falling = to.1 < from.1;
    let Some(between) = samples.get(from.0..=to.0) else { return };
    for (i, pair) in between.windows(2).enumerate() {
        let &[a, b] = pair else { continue };
        let crosses = if falling { a >= middle && b < middle } else { a <= middle && b > middle };
        if crosses {
            found.push((from.0 + i) as f32 + (a - middle) / (a - b));
            return;
        }
    }
}

/// Widths on either side that tell how wide a narrow element is hereabouts.
const HEREABOUTS: usize = 12;
/// Fewest bars and spaces of a code worth reading: three characters of Code 128 and the
/// like have more.
pub const FEWEST: usize = 19;

/// What tells how wide a narrow element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// Bars and spaces alike.
    Any,
    /// The mean of narrow bars and narrow spaces: what ink or light adds to the ones it takes
    /// from the others, and wide spaces pass for quiet zones.
    Both,
}

/// Cuts lines at quiet zones; keeps its buffers between them.
#[derive(Debug, Default)]
pub struct Cutter {
    widths: Vec<f32>,
    cuts: Vec<Cut>,
    sorted: Vec<f32>,
}

#[derive(Debug)]
struct Cut {
    widths: Range<usize>,
    start: f32,
    end: f32,
    narrow: f32,
}

impl Cutter {
    /// Cuts a line's edges, which alternate from a fall, into pieces of at least so many bars and spaces.
    pub fn cut(&mut self, edges: &[f32], fewest: usize, by: Narrow) {
        let Self { widths, cuts, sorted } = self;
        cuts.clear();
        widths.clear();
        widths.extend(edges.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)));
        let mut start = 0;
        // Bars are at even places, spaces at odd ones.
        for space in (1..=widths.len()).step_by(2) {
            let ends = widths.get(space).is_none_or(|&width| {
                let near = space.saturating_sub(HEREABOUTS)..(space + HEREABOUTS + 1).min(widths.len());
                let near = widths.get(near).unwrap_or(&[]);
                // Most spaces are ruled out by the narrowest element already.
                width > QUIET * near.iter().copied().fold(f32::MAX, f32::min)
                    && width > QUIET * by.width(near, sorted)
            });
            if !ends {
                continue;
            }
            let run = widths.get(start..space).unwrap_or(&[]);
            if let (Some(&from), Some(&to)) = (edges.get(start), edges.get(space))
                && run.len() >= fewest
            {
                let narrow = by.width(run, sorted);
                cuts.push(Cut { widths: start..space, start: from, end: to, narrow });
            }
            start = space + 1;
        }
    }

    /// The pieces of the last line.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.cuts.iter().map(|cut| Piece {
            widths: self.widths.get(cut.widths.clone()).unwrap_or(&[]),
            start: cut.start,
            end: cut.end,
            narrow: cut.narrow,
        })
    }
}

impl Narrow {
    /// Width of a narrow element: a low quantile.
    fn width(self, widths: &[f32], sorted: &mut Vec<f32>) -> f32 {
        let mut low = |first: usize, step: usize| {
            sorted.clear();
            sorted.extend(widths.iter().skip(first).step_by(step));
            let fifth = sorted.len() / 5;
            (!sorted.is_empty()).then(|| *sorted.select_nth_unstable_by(fifth, f32::total_cmp).1)
        };
        let narrow = match self {
            Narrow::Any => low(0, 1),
            Narrow::Both => low(0, 2).zip(low(1, 2)).map(|(one, other)| one.midpoint(other)),
        };
        narrow.unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(widths: &[usize]) -> Vec<f32> {
        let mut samples = vec![220.0; 40];
        for (i, width) in widths.iter().enumerate() {
            samples.extend(std::iter::repeat_n(if i % 2 == 0 { 30.0 } else { 220.0 }, *width));
        }
        samples.extend([220.0; 40]);
        samples
    }

    #[test]
    fn widths_come_back() {
        let widths = [4, 8, 4, 4, 12, 4, 8, 8, 4];
        let mut found = Vec::new();
        edges(&line(&widths), SMALLEST_SWING, &mut found);
        let back: Vec<f32> = found.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(back.len(), widths.len());
        for (a, b) in back.iter().zip(widths) {
            assert!((a - b as f32).abs() < 0.6, "{back:?}");
        }
    }

    #[test]
    fn a_fall_below_all_before_it_is_an_edge_like_any_other() {
        let mut samples = vec![220.0; 20];
        for grey in [150.0, 190.0, 120.0, 165.0, 60.0, 110.0, 20.0] {
            samples.extend([grey; 1]);
        }
        samples.extend([220.0; 20]);
        let mut found = Vec::new();
        edges(&samples, SMALLEST_SWING, &mut found);
        assert_eq!(found.len(), 8);
        assert!(found.is_sorted());
    }

    #[test]
    fn plain_and_empty_lines_have_no_edges() {
        for samples in [vec![], vec![5.0], vec![100.0; 200]] {
            let mut found = Vec::new();
            edges(&samples, SMALLEST_SWING, &mut found);
            assert!(found.is_empty());
        }
    }
}
