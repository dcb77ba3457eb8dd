//! Courses of EDT, with which slots of a distribution avoid exams and lessons of sport.

use super::{check_root, other_table};
use crate::fields::{MOST_CODE, MOST_NAME, unfit, warning};
use crate::table::value;
use crate::timetable::edt::{self, Numbers, Texts, Times};
use crate::timetable::{Classes, MOST_AUDIENCE, day};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Refused, Sink};
use std::io::{Read, Seek};

/// Courses of a file: a lycée has some thousands.
const MOST_COURSES: u32 = 200_000;

const REMEDY: &str = "Corrigez le cours dans EDT.";

/// Reads the courses, from the first byte.
pub fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let (head, numbers) = (Head { complete: true, ..Head::default() }, Numbers::default());
    let classes = Classes::of(edt::SOURCE);
    let mut courses = Courses { sink, head, classes, numbers, others: false };
    xml::records(source, &mut courses)?;
    let Courses { mut head, others, .. } = courses;
    if *head.read.entry("course").or_default() == 0 && others {
        return Err(other_table());
    }
    Ok(head)
}

struct Courses<'a, 'b> {
    sink: &'a mut Sink<'b>,
    head: Head,
    classes: Classes,
    numbers: Numbers,
    /// There are items of another table.
    others: bool,
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
        let row = self.head.count("course");
        if row > MOST_COURSES {
            return Err(too_much("cours"));
        }
        self.course(row, record)
    }
}

impl Courses<'_, '_> {
    fn course(&mut self, row: u32, record: &Record) -> Result<(), Refused> {
        let texts = Texts {
            number: record.first(&["NUMERO", "@numero"]),
            subject: record.first(&["MAT_LIBELLE", "MAT_CODE"]),
            classes: record.text("CLASSE"),
            last_name: record.text("PROF_NOM"),
            first_name: record.text("PROF_PRENOM"),
            room: record.text("SALLE"),
        };
        let columns = [
            ("NUMERO", texts.number, MOST_CODE, false),
            ("MAT_LIBELLE", texts.subject, MOST_NAME, false),
            ("CLASSE", texts.classes, MOST_AUDIENCE, true),
            ("PROF_NOM", texts.last_name, MOST_NAME, true),
            ("PROF_PRENOM", texts.first_name, MOST_NAME, true),
            ("SALLE", texts.room, MOST_NAME, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            // What could not be read may be one of those that seem to be gone; it is one of its course all the same.
            self.head.complete = false;
            self.numbers.next(texts.number);
            return (self.sink)(fault);
        }
        let (hour, length) = (record.text("H.DEBUT"), record.text("DUREE"));
        let frequency = record.first(&["FREQUENCE", "ALTERNANCE"]);
        let times = Times {
            day: self.told(row, "JOUR", record.text("JOUR"), day, "lundi, mardi…")?,
            starts_at: self.told(row, "H.DEBUT", hour, value::time, "une heure comme 08h00")?,
            minutes: self.told(row, "DUREE", length, value::minutes, "une durée comme 1h30")?,
            week: self.told(row, "FREQUENCE", frequency, edt::week, "H, Q1 ou Q2")?.flatten(),
        };
        let course = edt::course_of(self.numbers.next(texts.number), &texts, times);
        self.classes.course(row, course, &mut self.head, self.sink)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::told;
    use chrono::NaiveTime;
    use domain::rows::Reference;

    #[test]
    fn courses_with_their_places_and_faults() {
        let file = "\u{feff}<TABLE nom=\"Cours\"><Cours numero=\"1\"><NUMERO>1</NUMERO><DUREE>1h30</DUREE><FREQUENCE>Q1</FREQUENCE>\
            <MAT_CODE>AGL1</MAT_CODE><MAT_LIBELLE>ANGLAIS LV1</MAT_LIBELLE><PROF_NOM>ZIMMERLIN</PROF_NOM><PROF_PRENOM>Clémence</PROF_PRENOM>\
            <CLASSE>2GT1, 2 GT 2, [2ANG1]</CLASSE><SALLE>B204</SALLE><CO-ENS.>N</CO-ENS.><JOUR>mardi</JOUR><H.DEBUT>  13h30</H.DEBUT></Cours>\
            <Cours_annuels numero=\"1\"><MAT_CODE>EPS</MAT_CODE><JOUR>un jour</JOUR><H.DEBUT>tôt</H.DEBUT><DUREE>1</DUREE><FREQUENCE>X</FREQUENCE></Cours_annuels>\
            <Cours numero=\"3\"/><Cours><MAT_CODE>EPS</MAT_CODE></Cours></TABLE>";
        let told = told(file.as_bytes(), |source, _, sink| read(source, sink)).unwrap();
        let references: Vec<_> = told.references.iter().map(|row| &row.reference).collect();
        let keys: Vec<_> = references.iter().map(|reference| reference.key()).collect();
        assert_eq!(keys, ["edt 2GT1", "edt 2 GT 2", "edt 1", "edt 1#2"]);
        assert_eq!(
            references[2],
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
        assert_eq!((told.head.read["course"], told.head.read["class"], told.head.complete), (4, 2, false));
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
