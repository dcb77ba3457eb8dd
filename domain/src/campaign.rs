//! The day of a distribution: when each class comes, a plan for many of them, and which slots meet
//! in one room. Pure: wall-clock times in, wall-clock times out.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDateTime, NaiveTime, Utc, Weekday};

/// Pupils that one desk serves in an hour, unless the school says otherwise.
pub const PUPILS_PER_HOUR: u32 = 35;
/// Slots are rounded up to so many minutes, so that their times can be announced.
pub const STEP_MINUTES: u32 = 5;
/// The longest slot, as the database has it.
pub const LONGEST_SLOT_MINUTES: u32 = 600;

/// Minutes that so many pupils take at so many desks.
pub fn minutes_for(pupils: u32, desks: u32, pupils_per_hour: u32) -> u32 {
    let rate = desks.max(1).saturating_mul(pupils_per_hour.max(1));
    let minutes = pupils.saturating_mul(60).div_ceil(rate).max(1);
    (minutes.div_ceil(STEP_MINUTES) * STEP_MINUTES).min(LONGEST_SLOT_MINUTES)
}

/// What a plan is to keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// When the first class comes; the next days begin at the same time.
    pub starts_at: NaiveDateTime,
    /// Nobody is served after this; without it one day takes all.
    pub ends: Option<NaiveTime>,
    /// Every day's breaks, from and to.
    pub breaks: Vec<(NaiveTime, NaiveTime)>,
}

/// When each of the slots begins, in their order, given how many minutes each takes. A slot that
/// would run into a break comes after it; one that would outlast the day comes on the next school
/// day. One that fits nowhere begins a day all the same: a warning is for the reader to see.
pub fn plan(day: &Day, minutes: &[u32]) -> Vec<NaiveDateTime> {
    let mut free = day.starts_at;
    minutes
        .iter()
        .map(|minutes| {
            let length = Duration::minutes(i64::from(*minutes));
            let begins = first_gap(day, free, length).unwrap_or_else(|| {
                let morning = next_morning(day, free);
                first_gap(day, morning, length).unwrap_or(morning)
            });
            free = begins + length;
            begins
        })
        .collect()
}

/// The first moment of the same day from `from` on with so much time free.
fn first_gap(day: &Day, from: NaiveDateTime, length: Duration) -> Option<NaiveDateTime> {
    let date = from.date();
    let mut begins = from;
    let mut breaks = day.breaks.clone();
    breaks.sort();
    for (pause, resume) in breaks.into_iter().filter(|(pause, resume)| pause < resume) {
        if begins < date.and_time(resume) && begins + length > date.and_time(pause) {
            begins = date.and_time(resume);
        }
    }
    let end = begins + length;
    let fits = match day.ends {
        Some(ends) => end <= date.and_time(ends),
        None => true,
    };
    fits.then_some(begins)
}

fn next_morning(day: &Day, from: NaiveDateTime) -> NaiveDateTime {
    let mut date = from.date() + Days::new(1);
    while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        date = date + Days::new(1);
    }
    date.and_time(day.starts_at.time())
}

/// A slot as far as its room is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot<'a> {
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    /// Rooms are compared without regard to case and outer spaces; no name is one room.
    pub room: &'a str,
}

impl Slot<'_> {
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.starts_at + Duration::minutes(i64::from(self.minutes))
    }

    /// Whether both want one room at one time.
    pub fn meets(&self, other: &Slot<'_>) -> bool {
        self.room.trim().to_lowercase() == other.room.trim().to_lowercase()
            && self.starts_at < other.ends_at()
            && other.starts_at < self.ends_at()
    }
}

/// How early a class may be called and still have until its slot's own end.
const CALLED_AHEAD: Duration = Duration::minutes(30);

/// Until when the called slot lasts: as planned when it is called at its time, else for as many
/// minutes as it was to take.
pub fn called_until(slot: &Slot<'_>, called_at: DateTime<Utc>) -> DateTime<Utc> {
    let planned = slot.ends_at();
    if (slot.starts_at - CALLED_AHEAD..planned).contains(&called_at) {
        planned
    } else {
        called_at + Duration::minutes(i64::from(slot.minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    #[test]
    fn minutes_follow_from_headcount_and_desks() {
        assert_eq!(minutes_for(35, 1, PUPILS_PER_HOUR), 60);
        assert_eq!(minutes_for(35, 2, PUPILS_PER_HOUR), 30);
        assert_eq!(minutes_for(36, 2, PUPILS_PER_HOUR), 35);
        assert_eq!(minutes_for(0, 0, 0), 5);
        assert_eq!(minutes_for(u32::MAX, 1, 1), 600);
    }

    #[test]
    fn a_plan_leaves_breaks_and_nights_free() {
        // A Friday.
        let day = Day {
            starts_at: at("2026-09-04 08:30"),
            ends: Some(time("12:00")),
            breaks: vec![(time("10:00"), time("10:15"))],
        };
        let planned = plan(&day, &[60, 45, 60, 45, 30]);
        let wanted = ["04 08:30", "04 10:15", "04 11:00", "07 08:30", "07 09:15"];
        assert_eq!(planned, wanted.map(|text| at(&format!("2026-09-{text}"))));
    }

    #[test]
    fn a_slot_longer_than_any_day_begins_one() {
        let day = Day { starts_at: at("2026-09-01 08:00"), ends: Some(time("09:00")), breaks: Vec::new() };
        assert_eq!(
            plan(&day, &[30, 120, 30]),
            ["01 08:00", "02 08:00", "03 08:00"].map(|t| at(&format!("2026-09-{t}")))
        );
    }

    #[test]
    fn no_planned_slots_meet() {
        let day = Day {
            starts_at: at("2026-09-01 08:00"),
            ends: Some(time("17:00")),
            breaks: vec![(time("12:00"), time("13:30"))],
        };
        let minutes: Vec<u32> = (0..40).map(|n| 20 + 5 * (n % 7)).collect();
        let slots: Vec<Slot<'_>> = plan(&day, &minutes)
            .into_iter()
            .zip(&minutes)
            .map(|(at, minutes)| Slot {
                starts_at: at.and_utc(),
                minutes: i32::try_from(*minutes).unwrap(),
                room: "CDI",
            })
            .collect();
        for (n, slot) in slots.iter().enumerate() {
            assert!(slots[n + 1..].iter().all(|other| !slot.meets(other)), "{slot:?}");
        }
    }

    #[test]
    fn slots_meet_in_one_room_only() {
        let slot = |text: &str, room| Slot { starts_at: at(text).and_utc(), minutes: 30, room };
        let first = slot("2026-09-01 08:00", "CDI");
        assert!(first.meets(&slot("2026-09-01 08:29", " cdi ")));
        assert!(!first.meets(&slot("2026-09-01 08:30", "CDI")));
        assert!(!first.meets(&slot("2026-09-01 08:00", "Gymnase")));
    }

    #[test]
    fn a_class_called_at_its_time_has_its_slot_and_another_has_as_long() {
        let slot = Slot { starts_at: at("2026-09-01 09:00").and_utc(), minutes: 30, room: "" };
        let until = |text: &str| called_until(&slot, at(text).and_utc()).naive_utc();
        assert_eq!(until("2026-09-01 08:45"), at("2026-09-01 09:30"));
        assert_eq!(until("2026-09-01 09:10"), at("2026-09-01 09:30"));
        assert_eq!(until("2026-09-01 10:00"), at("2026-09-01 10:30"));
        assert_eq!(until("2026-08-31 09:00"), at("2026-08-31 09:30"));
    }
}
