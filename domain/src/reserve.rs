//! The reserve: spares for breakdowns, a share of the entitled headcount (rule 10).

/// Percent of the entitled headcount, both ends included.
const TARGET: std::ops::RangeInclusive<f64> = 2.0..=4.0;

/// Where a reserve stands beside its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Below,
    Within,
    Above,
}

impl Standing {
    /// Stable, for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Below => "below",
            Standing::Within => "within",
            Standing::Above => "above",
        }
    }

    /// The words of the register, in French.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Below => "sous la cible de 2 à 4 %",
            Standing::Within => "dans la cible de 2 à 4 %",
            Standing::Above => "au-dessus de la cible de 2 à 4 %",
        }
    }
}

/// `reserve` in percent of `entitled`, to one decimal; `None` when nobody is entitled.
pub fn percent(reserve: i64, entitled: i64) -> Option<f64> {
    let tenths = (reserve.checked_mul(1000)?.checked_add(entitled / 2)?).checked_div(entitled)?;
    Some(f64::from(i32::try_from(tenths).ok()?) / 10.0)
}

pub fn standing(percent: f64) -> Standing {
    if percent < *TARGET.start() {
        Standing::Below
    } else if percent > *TARGET.end() {
        Standing::Above
    } else {
        Standing::Within
    }
}

/// The fewest laptops that are within the target for so many entitled pupils, and the most.
pub fn bounds(entitled: i64) -> (i64, i64) {
    let (floor, ceiling) = ((entitled * 2 + 99) / 100, entitled * 4 / 100);
    (floor, ceiling.max(floor))
}

/// How many spares a share of the entitled headcount is, rounded up. `tenths` are tenths of a percent.
pub fn wanted(entitled: i64, tenths: i64) -> i64 {
    (entitled.saturating_mul(tenths) + 999) / 1000
}

/// How often laptops broke, were lost or stolen, and when the reserve is empty if that goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    pub incidents_a_week: f64,
    /// `None` when nothing has happened.
    pub weeks_left: Option<f64>,
}

/// From `incidents` in the last `days` (one week at least: a first day proves little).
pub fn forecast(reserve: i64, incidents: i64, days: i64) -> Forecast {
    let count = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    let a_week = count(incidents) * 7.0 / count(days.max(7));
    let tenths = |value: f64| (value * 10.0).round() / 10.0;
    Forecast {
        incidents_a_week: tenths(a_week),
        weeks_left: (incidents > 0).then(|| tenths(count(reserve) / a_week)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_the_entitled() {
        assert_eq!(percent(18, 600), Some(3.0));
        assert_eq!(percent(1, 3), Some(33.3));
        assert_eq!(percent(5, 0), None);
    }

    #[test]
    fn the_target_holds_both_its_ends() {
        let cases = [(1.9, "below"), (2.0, "within"), (4.0, "within"), (4.1, "above")];
        for (percent, expected) in cases {
            assert_eq!(standing(percent).as_str(), expected, "{percent}");
        }
    }

    #[test]
    fn bounds_are_the_targets_ends() {
        for entitled in 0..2_000 {
            let (floor, ceiling) = bounds(entitled);
            assert!(floor * 100 >= entitled * 2 && (floor - 1) * 100 < entitled * 2, "{entitled}");
            assert!(ceiling >= floor && (ceiling == floor || ceiling * 100 <= entitled * 4), "{entitled}");
        }
        assert_eq!((bounds(600), bounds(10), wanted(600, 30), wanted(601, 30)), ((12, 24), (1, 1), 18, 19));
    }

    #[test]
    fn a_reserve_lasts_as_long_as_incidents_let_it() {
        assert_eq!(forecast(18, 12, 56), Forecast { incidents_a_week: 1.5, weeks_left: Some(12.0) });
        assert_eq!(forecast(18, 0, 56).weeks_left, None);
        assert_eq!(forecast(6, 3, 1), Forecast { incidents_a_week: 3.0, weeks_left: Some(2.0) });
        assert_eq!(forecast(0, 3, 7).weeks_left, Some(0.0));
    }
}
