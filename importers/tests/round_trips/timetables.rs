//! Courses of any timetable.

use crate::names::{first_name, last_name, one_of};
use crate::school::{CLASSES, GROUPS, maybe};
use chrono::NaiveTime;
use domain::rows::Reference;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

pub const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

#[derive(Debug, Clone)]
pub struct Course {
    pub classes: Vec<&'static str>,
    pub group: Option<&'static str>,
    pub subject: String,
    pub last_name: String,
    pub first_name: String,
    /// Monday is 0.
    pub day: Option<usize>,
    pub starts_at: Option<NaiveTime>,
    pub minutes: Option<u32>,
    pub week: Option<&'static str>,
    pub room: Option<String>,
}

prop_compose! {
    fn course()(
        classes in subsequence(&CLASSES[..], 0..=3),
        group in prop::option::of(select(&GROUPS[..])),
        subject in prop_oneof![last_name(), Just("E.P.S & sport".to_owned())],
        (last_name, first_name) in prop_oneof![4 => (last_name(), first_name()), 1 => Just(Default::default())],
        day in maybe(0..DAYS.len()),
        starts_at in maybe((7..19_u32, select(&[0_u32, 5, 30, 55][..]))),
        minutes in maybe(1..300_u32),
        week in prop::option::of(select(&["A", "B"][..])),
        room in maybe(one_of(&["[A-D][0-9]{3}", "CDI|GYM <2>|Salle d'étude"])),
    ) -> Course {
        let starts_at = starts_at.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
        Course { classes, group, subject, last_name, first_name, day, starts_at, minutes, week, room }
    }
}

pub fn courses(least: usize) -> impl Strategy<Value = Vec<Course>> {
    prop::collection::vec(course(), least..=30)
}

/// What a timetable knows of a division.
pub fn class(source: &str, code: &str, label: &str) -> Reference {
    let (source, code, label) = (source.to_owned(), code.to_owned(), label.to_owned());
    Reference::Class { source, code, label, mefs: Vec::new(), expected: None }
}

impl Course {
    pub fn reference(&self, source: &str, id: String, teacher: String) -> Reference {
        Reference::Course {
            source: source.into(),
            id,
            classes: self.classes.iter().map(|code| (*code).to_owned()).collect(),
            group: self.group.map(str::to_owned),
            subject: self.subject.clone(),
            teacher: Some(teacher).filter(|teacher| !teacher.is_empty()),
            day: self.day.map(|day| u8::try_from(day + 1).unwrap()),
            starts_at: self.starts_at,
            minutes: self.minutes,
            week: self.week.map(str::to_owned),
            room: self.room.clone(),
        }
    }
}
