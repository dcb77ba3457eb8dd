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
}
