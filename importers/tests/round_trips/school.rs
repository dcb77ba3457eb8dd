//! An invented school: pupils, who answers for them, classes, teachers.

use crate::names::{first_name, ine, last_name, one_of, unlike};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use domain::names::search_key;
use domain::rows::StudentRow;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

pub const CLASSES: [&str; 14] = [
    "2GT1", "2 GT 2", "406", "_301P1", "1 G 1", "3PM", "2E1", "T-STMG", "2ÈME B", "1CAPB", "T&BAC", "2'EUR",
    "1.A", "MCDIES",
];

/// Code, `CODE_MEFSTAT`, and the national code of a local one.
pub const MEFS: [(&str, Option<&str>, Option<&str>); 8] = [
    ("20010018110", Some("22111410018"), None),
    ("2001001811A", None, Some("20010018110")),
    ("20110019110", Some("22112410019"), None),
    ("24121335210", Some("24113310213"), None),
    ("24720031110", None, None),
    ("10310031110", Some("21160010031"), None),
    ("1001000B11A", None, Some("1001000B110")),
    ("74130001110", Some("44210000001"), None),
];

/// Groups of which the last two entitle.
pub const GROUPS: [&str; 5] = ["2ANG1", "_2AP1", "LAT 3", "ULIS", "2UPE2A"];
pub const ORDINARY_GROUPS: usize = 3;

/// SIECLE's `CODE_PARENTE` and what it means.
pub const RELATIONSHIPS: [(&str, &str); 11] = [
    ("10", "mère"),
    ("20", "père"),
    ("37", "fratrie"),
    ("38", "ascendant"),
    ("39", "autre famille"),
    ("41", "éducateur"),
    ("42", "assistant familial"),
    ("50", "tuteur"),
    ("51", "ASE"),
    ("70", "l'élève lui-même"),
    ("90", "autre"),
];

#[derive(Debug, Clone)]
pub struct Pupil {
    pub eleve_id: String,
    pub ine: Option<String>,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: Option<NaiveDate>,
    pub class: Option<String>,
    pub mef: Option<String>,
    pub left_on: Option<NaiveDate>,
    pub groups: Vec<&'static str>,
}

impl Pupil {
    /// All that is known, as a source would tell it that knew it all.
    pub fn row(&self, row: u32) -> StudentRow {
        StudentRow {
            row,
            eleve_id: Some(self.eleve_id.clone()),
            ine: self.ine.clone(),
            last_name: self.last_name.clone(),
            first_name: self.first_name.clone(),
            birth_date: self.birth_date,
            class: self.class.clone(),
            mef: self.mef.clone(),
            left_on: self.left_on,
            removed: false,
        }
    }

    pub fn is_entitled_by_a_group(&self) -> bool {
        self.groups.iter().any(|group| GROUPS[ORDINARY_GROUPS..].contains(group))
    }
}

#[derive(Debug, Clone)]
pub struct Guardian {
    pub person_id: String,
    pub last_name: String,
    /// Empty for a service.
    pub first_name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub links: Vec<Link>,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub eleve_id: String,
    pub level: u8,
    /// Place in [`RELATIONSHIPS`].
    pub relationship: usize,
}

#[derive(Debug, Clone)]
pub struct Class {
    pub code: &'static str,
    pub label: String,
    pub mefs: Vec<&'static str>,
    pub expected: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Teacher {
    pub origin: &'static str,
    pub id: String,
    pub last_name: String,
    pub first_name: String,
    pub function: Option<&'static str>,
    pub main_of: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub struct School {
    pub exported_at: NaiveDateTime,
    pub year: i32,
    pub classes: Vec<Class>,
    pub pupils: Vec<Pupil>,
    pub guardians: Vec<Guardian>,
    pub teachers: Vec<Teacher>,
}

pub fn day(from: (i32, u32, u32), days: u64) -> impl Strategy<Value = NaiveDate> + Clone {
    let first = NaiveDate::from_ymd_opt(from.0, from.1, from.2).unwrap();
    (0..days).prop_map(move |days| first + Days::new(days))
}

pub fn maybe<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::weighted(0.85, strategy)
}

prop_compose! {
    fn pupil()(
        last_name in last_name(),
        first_name in first_name(),
        ine in maybe(ine()),
        // Old enough and young enough on every day of an export below.
        birth_date in maybe(day((1991, 10, 1), 6_500)),
        class in maybe(any::<Index>()),
        mef in maybe(select(&MEFS[..])),
        left_on in prop::option::weighted(0.1, day((2020, 9, 1), 300)),
        groups in subsequence(&GROUPS[..], 0..=2),
    ) -> (Pupil, Option<Index>) {
        let (class_of, mef) = (class, mef.map(|mef| mef.0.to_owned()));
        let pupil = Pupil {
            eleve_id: String::new(), ine, last_name, first_name, birth_date, class: None, mef, left_on, groups,
        };
        (pupil, class_of)
    }
}

type Answers = Vec<(Index, u8, usize)>;

prop_compose! {
    fn guardian()(
        last_name in last_name(),
        first_name in prop_oneof![9 => first_name(), 1 => Just(String::new())],
        phone in maybe(one_of(&["\\+336[0-9]{8}", "0[1-79][0-9]{8}", "\\+352[0-9]{6}", "03(\\.[0-9]{2}){4}"])),
        email in maybe("[a-z]{1,8}(\\.[a-z]{2,6})?@exemple\\.invalid"),
        links in prop::collection::vec((any::<Index>(), 1_u8..=3, 0..RELATIONSHIPS.len()), 0..4),
    ) -> (Guardian, Answers) {
        let (person_id, none) = (String::new(), Vec::new());
        (Guardian { person_id, last_name, first_name, phone, email, links: none }, links)
    }
}

prop_compose! {
    fn teacher()(
        origin in select(&["epp", "local", "dir"][..]),
        last_name in last_name(),
        first_name in prop_oneof![9 => first_name(), 1 => Just(String::new())],
        function in maybe(select(&["ENS", "DIR", "EDU", "DOC"][..])),
        main_of in prop::collection::vec(any::<Index>(), 0..3),
    ) -> (Teacher, Vec<Index>) {
        let id = String::new();
        (Teacher { origin, id, last_name, first_name, function, main_of: Vec::new() }, main_of)
    }
}

prop_compose! {
    fn class(code: &'static str)(
        label in prop_oneof![4 => last_name(), 1 => Just(String::new())],
        mefs in subsequence(MEFS.map(|mef| mef.0).to_vec(), 0..=2),
        expected in maybe(0_u32..60),
    ) -> Class {
        Class { code, label, mefs, expected }
    }
}

fn classes() -> impl Strategy<Value = Vec<Class>> {
    subsequence(&CLASSES[..], 0..=6).prop_flat_map(|codes| codes.into_iter().map(class).collect::<Vec<_>>())
}

prop_compose! {
    pub fn school()(
        on in day((2020, 8, 25), 310),
        seconds in 0..86_400_u32,
        classes in classes(),
        pupils in prop::collection::vec(pupil(), 0..=30),
        guardians in prop::collection::vec(guardian(), 0..8),
        teachers in prop::collection::vec(teacher(), 0..6),
    ) -> School {
        let at = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap();
        let of = |index: &Index| (!classes.is_empty()).then(|| index.get(&classes).code);
        let named = pupils.into_iter().map(|(pupil, class)| Pupil {
            class: class.as_ref().and_then(of).map(str::to_owned),
            ..pupil
        });
        let pupils: Vec<Pupil> = (9_910_001..).zip(unlike(named.collect(), |pupil| {
            (search_key(&pupil.last_name), search_key(&pupil.first_name), pupil.birth_date)
        })).map(|(id, pupil): (u32, Pupil)| Pupil { eleve_id: id.to_string(), ..pupil }).collect();
        let guardians = (880_001..).zip(guardians).map(|(id, (guardian, links)): (u32, _)| Guardian {
            person_id: id.to_string(),
            links: links.into_iter().filter(|_| !pupils.is_empty()).map(|(of, level, relationship)| Link {
                eleve_id: of.get(&pupils).eleve_id.clone(), level, relationship,
            }).collect(),
            ..guardian
        }).collect();
        let teachers = (50_001..).zip(teachers).map(|(id, (teacher, main_of)): (u32, _)| Teacher {
            id: id.to_string(),
            main_of: unlike(main_of.iter().filter_map(of).collect(), |code| (*code).to_owned()),
            ..teacher
        }).collect();
        School { exported_at: on.and_time(at), year: 2020, classes, pupils, guardians, teachers }
    }
}
