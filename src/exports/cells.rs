//! What a cell of any file holds, whatever the format writes of it.

use chrono::{NaiveDate, NaiveTime};
use std::borrow::Cow;

/// Dates and times are those of the French wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Date(NaiveDate),
    Time(NaiveTime),
    Count(i64),
    /// Euro cents, written as euros.
    Cents(i64),
}

impl<'a> Cell<'a> {
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    pub fn yes(yes: bool) -> Self {
        Self::text(if yes { "oui" } else { "non" })
    }
}
