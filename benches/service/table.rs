//! The one table that is printed.

use std::fmt;

/// What a figure must be.
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    None,
}

struct Line {
    what: String,
    unit: &'static str,
    figures: Vec<f64>,
    target: Target,
}

#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// One figure a round.
    pub fn add(&mut self, what: impl Into<String>, unit: &'static str, figures: Vec<f64>, target: Target) {
        let line = Line { what: what.into(), unit, figures, target };
        eprintln!("{line}");
        self.0.push(line);
    }
}

pub fn median(figures: &[f64]) -> f64 {
    percentile(figures, 0.5)
}

/// The figure below which `part` of them lie.
pub fn percentile(figures: &[f64], part: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * part) as usize;
    sorted[at.min(sorted.len() - 1)]
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let middle = median(&self.figures);
        let (target, met) = match self.target {
            Target::AtLeast(least) => (format!("≥ {least}"), if middle >= least { "yes" } else { "NO" }),
            Target::AtMost(most) => (format!("≤ {most}"), if middle <= most { "yes" } else { "NO" }),
            Target::None => (String::new(), ""),
        };
        let (least, most) = (percentile(&self.figures, 0.0), percentile(&self.figures, 1.0));
        write!(
            f,
            "| {:<46} | {:>6} | {least:>9.2} | {middle:>9.2} | {most:>9.2} | {target:>8} | {met:>3} |",
            self.what, self.unit
        )
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| {:<46} | {:>6} | {:>9} | {:>9} | {:>9} | {:>8} | met |",
            "", "unit", "min", "median", "max", "target"
        )?;
        writeln!(
            f,
            "|{}|{}|",
            "-".repeat(48),
            ["-".repeat(8), "-".repeat(11), "-".repeat(11), "-".repeat(11), "-".repeat(10), "-".repeat(5)]
                .join("|")
        )?;
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
