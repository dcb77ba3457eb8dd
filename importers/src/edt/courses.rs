//! Courses of EDT, with which slots of a distribution avoid exams and lessons of sport.

use super::{Place, check_root, other_table, place};
use crate::fields::{MOST_CODE, MOST_NAME, some, unfit, warning};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink};
use chrono::NaiveTime;
use domain::names::{display_name, search_key};
use domain::rows::{Reference, ReferenceRow};
use std::collections::HashMap;
use std::io::{Read, Seek};

/// Courses of a file: a lycée has some thousands.
const MOST_COURSES: u32 = 200_000;
/// Characters of the divisions of a course: a lesson of sport may gather all of a level.
const MOST_CLASSES: usize = 1_000;
/// Minutes of a course.
const MOST_MINUTES: u32 = 24 * 60;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const REMEDY: &str = "Corrigez le cours dans EDT.";

/// Reads the courses, from the first byte.
pub fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut courses = Courses { sink, courses: 0, others: false, numbers: HashMap::new() };
    xml::records(source, &mut courses)?;
    if courses.courses == 0 && courses.others {
        return Err(other_table());
    }
    let mut head = Head { complete: true, ..Head::default() };
    head.read.insert("course", courses.courses);
    Ok(head)
}

struct Courses<'a, 'b> {
    sink: &'a mut Sink<'b>,
    courses: u32,
    /// There are items of another table.
    others: bool,
    /// How often each number was seen: one course may have several lines.
    numbers: HashMap<String, u32>,
}

impl Records for Courses<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        check_root(name)
    }

    fn paths(&self) -> &'static [&'static str] {
        &["Cours", "Cours_annuels", "Eleves"]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        if path == "Eleves" {
            self.others = true;
            return Ok(());
        }
        self.courses += 1;
        if self.courses > MOST_COURSES {
            return Err(too_much("cours"));
        }
        self.course(self.courses, record)
    }
}

impl Courses<'_, '_> {
    fn course(&mut self, row: u32, record: &Record) -> Result<(), Refused> {
        let number = record.first(&["NUMERO", "@numero"]);
        let subject = record.first(&["MAT_LIBELLE", "MAT_CODE"]);
        let (classes, room) = (record.text("CLASSE"), record.text("SALLE"));
        let (last_name, first_name) = (record.text("PROF_NOM"), record.text("PROF_PRENOM"));
        let columns = [
            ("NUMERO", number, MOST_CODE, false),
            ("MAT_LIBELLE", subject, MOST_NAME, false),
            ("CLASSE", classes, MOST_CLASSES, true),
            ("PROF_NOM", last_name, MOST_NAME, true),
            ("PROF_PRENOM", first_name, MOST_NAME, true),
            ("SALLE", room, MOST_NAME, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        let seen = self.numbers.entry(number.to_owned()).or_default();
        *seen += 1;
        let id = if *seen == 1 { number.to_owned() } else { format!("{number}#{seen}") };
        let Place { classes, group } = place(classes);
        let day = self.told(row, "JOUR", record.text("JOUR"), day, "lundi, mardi…")?;
        let starts_at = self.told(row, "H.DEBUT", record.text("H.DEBUT"), time, "une heure comme 08h00")?;
        let minutes = self.told(row, "DUREE", record.text("DUREE"), minutes, "une durée comme 1h30")?;
        let frequency = record.first(&["FREQUENCE", "ALTERNANCE"]);
        let week = self.told(row, "FREQUENCE", frequency, week, "H, Q1 ou Q2")?.flatten();
        let teacher = display_name(first_name, last_name);
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Course {
                source: "edt".into(),
                id,
                classes,
                group,
                subject: subject.to_owned(),
                teacher: some(&teacher),
                day,
                starts_at,
                minutes,
                week: week.map(str::to_owned),
                room: some(room),
            },
        }))
    }

    /// What a text says; one that says nothing of the kind is told and left out.
    fn told<T>(
        &mut self,
        row: u32,
        column: &str,
        text: &str,
        read: fn(&str) -> Option<T>,
        expected: &str,
    ) -> Result<Option<T>, Refused> {
        let told = read(text);
        if told.is_none() && !text.is_empty() {
            let message = format!("{column} est laissé de côté. {REMEDY}");
            (self.sink)(warning(Some(row), column, "malformed_time", text, expected, &message))?;
        }
        Ok(told)
    }
}

/// 1 Monday … 7 Sunday.
pub fn day(text: &str) -> Option<u8> {
    let text = search_key(text);
    DAYS.iter().zip(1..).find(|(day, _)| **day == text).map(|(_, number)| number)
}

/// `08h00`, `8h`, `13:30`.
pub fn time(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = hours_and_minutes(text)?;
    NaiveTime::from_hms_opt(hours, minutes, 0)
}

/// Minutes of `1h30`, `1h`, `0h55`.
pub fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = hours_and_minutes(text)?;
    Some(hours * 60 + minutes).filter(|minutes| *minutes <= MOST_MINUTES)
}

/// None every week, else `A` or `B`.
pub fn week(text: &str) -> Option<Option<&'static str>> {
    match text.to_ascii_uppercase().as_str() {
        "H" => Some(None),
        "Q1" => Some(Some("A")),
        "Q2" => Some(Some("B")),
        _ => None,
    }
}

fn hours_and_minutes(text: &str) -> Option<(u32, u32)> {
    let (hours, minutes) = text.trim().split_once(['h', 'H', ':'])?;
    let digits = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    if hours.is_empty() || !digits(hours) || !digits(minutes) {
        return None;
    }
    let minutes: u32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (minutes < 60).then_some((hours.parse().ok()?, minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::told;

    #[test]
    fn hours_and_weeks() {
        let at = |hours, minutes| NaiveTime::from_hms_opt(hours, minutes, 0);
        for (text, start, length) in [
            ("  08h00", at(8, 0), Some(480)),
            ("13H30", at(13, 30), Some(810)),
            ("9:05", at(9, 5), Some(545)),
            ("1h", at(1, 0), Some(60)),
            ("24h00", None, Some(1440)),
            ("25h00", None, None),
            ("8h60", None, None),
            ("h30", None, None),
            ("99999999999h00", None, None),
            ("-1h00", None, None),
            ("huit", None, None),
            ("", None, None),
        ] {
            assert_eq!((time(text), minutes(text)), (start, length), "{text}");
        }
        for (text, expected) in
            [("H", Some(None)), ("Q1", Some(Some("A"))), ("q2", Some(Some("B"))), ("T1", None), ("", None)]
        {
            assert_eq!(week(text), expected, "{text}");
        }
        for (text, expected) in [("lundi", Some(1)), (" Dimanche ", Some(7)), ("lun", None), ("", None)] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn courses_with_their_places_and_faults() {
        let file = "\u{feff}<TABLE nom=\"Cours\"><Cours numero=\"1\"><NUMERO>1</NUMERO><DUREE>1h30</DUREE><FREQUENCE>Q1</FREQUENCE>\
            <MAT_CODE>AGL1</MAT_CODE><MAT_LIBELLE>ANGLAIS LV1</MAT_LIBELLE><PROF_NOM>ZIMMERLIN</PROF_NOM><PROF_PRENOM>Clémence</PROF_PRENOM>\
            <CLASSE>2GT1, 2 GT 2, [2ANG1]</CLASSE><SALLE>B204</SALLE><CO-ENS.>N</CO-ENS.><JOUR>mardi</JOUR><H.DEBUT>  13h30</H.DEBUT></Cours>\
            <Cours_annuels numero=\"1\"><MAT_CODE>EPS</MAT_CODE><JOUR>un jour</JOUR><H.DEBUT>tôt</H.DEBUT><DUREE>1</DUREE><FREQUENCE>X</FREQUENCE></Cours_annuels>\
            <Cours numero=\"3\"/><Cours><MAT_CODE>EPS</MAT_CODE></Cours></TABLE>";
        let told = told(file.as_bytes(), |source, _, sink| read(source, sink)).unwrap();
        let references: Vec<_> = told.references.iter().map(|row| &row.reference).collect();
        assert_eq!(references.len(), 2);
        assert_eq!(
            references[0],
            &Reference::Course {
                source: "edt".into(),
                id: "1".into(),
                classes: vec!["2GT1".into(), "2 GT 2".into()],
                group: Some("2ANG1".into()),
                subject: "ANGLAIS LV1".into(),
                teacher: Some("Clémence ZIMMERLIN".into()),
                day: Some(2),
                starts_at: NaiveTime::from_hms_opt(13, 30, 0),
                minutes: Some(90),
                week: Some("A".into()),
                room: Some("B204".into()),
            }
        );
        assert_eq!(references[1].key(), "edt 1#2");
        assert_eq!(
            told.issues(),
            [
                (Some(2), "JOUR", "malformed_time"),
                (Some(2), "H.DEBUT", "malformed_time"),
                (Some(2), "DUREE", "malformed_time"),
                (Some(2), "FREQUENCE", "malformed_time"),
                (Some(3), "MAT_LIBELLE", "missing"),
                (Some(4), "NUMERO", "missing"),
            ]
        );
        assert_eq!((told.head.read["course"], told.head.complete), (4, true));
    }

    #[test]
    fn what_is_no_table_of_courses_is_refused() {
        for (text, code) in
            [("<TABLE><Eleves/></TABLE>", "edt_other_table"), ("<EXPORT_INDEX_EDUCATION/>", "edt_encrypted")]
        {
            assert_eq!(told(text.as_bytes(), |source, _, sink| read(source, sink)).err(), Some(code));
        }
    }
}
