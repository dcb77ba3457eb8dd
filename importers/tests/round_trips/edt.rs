//! EDT's pupils and courses, in XML and as text.

use crate::school::{GROUPS, ORDINARY_GROUPS, Pupil, school};
use crate::table::{Cell, Shape, Table, column, day as day_cell, text, write};
use crate::timetables::{Course, DAYS, class, courses};
use crate::told::{Told, check, number};
use crate::whims::{Whims, whims};
use crate::xml::{add, file, node};
use domain::names::display_name;
use domain::rows::{FileKind, StudentRow};
use proptest::prelude::*;

impl Course {
    /// Fields of EDT's line, by their titles. A group is in brackets, or a part of a division and so behind it.
    fn edt(&self, place: usize, whims: &mut Whims) -> Vec<(&'static str, Option<String>)> {
        let mut places: Vec<String> = self.classes.iter().map(|code| (*code).to_owned()).collect();
        match (self.group, self.classes.first()) {
            (Some(group), Some(code)) if whims.one_in(2) => {
                places[0] = whims.pick(&[format!("<{code}> {group}"), format!("<{code}> <LATIN> {group}")]);
            }
            (Some(group), _) => {
                places.insert(whims.below(places.len() + 1), format!("[{group}]"));
                // The parts of a division are behind it, and the first group is the one.
                if let [first, ..] = places.as_slice()
                    && first.starts_with('[')
                    && let Some(code) = self.classes.first()
                {
                    places.push(format!("<{code}> PARTIE"));
                }
            }
            (None, _) => {}
        }
        let week = self.week.map_or("H", |week| if week == "A" { "Q1" } else { "Q2" });
        let hour = whims.pick(&["%Hh%M", "  %Hh%M", "%HH%M"]);
        let day = self.day.map(|day| DAYS[day]);
        vec![
            ("NUMERO", Some((place + 1).to_string())),
            ("DUREE", self.minutes.map(|minutes| format!("{}h{:02}", minutes / 60, minutes % 60))),
            ("FREQUENCE", Some(week.to_owned())),
            ("MAT_CODE", Some("MAT".to_owned())),
            ("MAT_LIBELLE", Some(self.subject.clone())),
            ("PROF_NOM", Some(self.last_name.clone())),
            ("PROF_PRENOM", Some(self.first_name.clone())),
            ("CLASSE", Some(places.join(whims.pick(&[", ", ","])))),
            ("SALLE", self.room.clone()),
            ("MODALITE", Some("CG".to_owned())),
            ("CO-ENS.", Some("N".to_owned())),
            ("POND.", Some("1".to_owned())),
            ("JOUR", day.map(|day| if whims.one_in(4) { day.to_uppercase() } else { day.to_owned() })),
            ("H.DEBUT", self.starts_at.map(|at| at.format(hour).to_string())),
        ]
    }
}

/// Tells a division that is named for the first time.
fn name(told: &mut Told, row: u32, code: &str) {
    let division = class("edt", code, "");
    if told.references.iter().all(|known| known.reference != division) {
        *told.head.read.entry("class").or_default() += 1;
        told.refer(row, division);
    }
}

/// Tells the course of that place behind the divisions that it names.
fn tell(told: &mut Told, row: u32, place: usize, course: &Course) {
    for code in &course.classes {
        name(told, row, code);
    }
    let teacher = display_name(&course.first_name, &course.last_name);
    told.refer(row, course.reference("edt", (place + 1).to_string(), teacher));
}

fn edt_courses(courses: &[Course], whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    told.head.complete = true;
    let item = whims.pick(&["Cours", "Cours_annuels"]);
    let mut items = Vec::new();
    for (place, course) in courses.iter().enumerate() {
        let mut fields = Vec::new();
        for (name, text) in course.edt(place, whims) {
            add(&mut fields, name, text.as_deref(), whims);
        }
        items.push(node(item, fields).with("numero", (place + 1).to_string()));
        tell(&mut told, number(place + 1), place, course);
    }
    told.head.read.insert("course", number(courses.len()));
    (file(&node("TABLE", items).with("nom", "Cours"), whims), told)
}

fn edt_courses_as_text(courses: &[Course], whims: &mut Whims) -> (Vec<u8>, Told) {
    let lines: Vec<_> = courses.iter().enumerate().map(|(place, course)| course.edt(place, whims)).collect();
    let titles =
        ["NUMERO", "DUREE", "FREQUENCE", "MAT_CODE", "MAT_LIBELLE", "PROF_NOM", "PROF_PRENOM", "CLASSE"];
    let titles = titles.into_iter().chain(["SALLE", "MODALITE", "CO-ENS.", "POND.", "JOUR", "H.DEBUT"]);
    let of = |title: &str, line: &Vec<(&str, Option<String>)>| {
        let field = line.iter().find(|(name, _)| *name == title);
        field.and_then(|(_, told)| told.clone()).map_or(Cell::Empty, text)
    };
    let columns = titles.map(|title| column(title, &lines, |line| of(title, line))).collect();
    let written = write(Table { columns, ..Table::default() }, Shape::Csv, whims);
    let mut told = Told::default();
    told.head.complete = true;
    for ((place, course), row) in courses.iter().enumerate().zip(&written.rows) {
        tell(&mut told, *row, place, course);
    }
    told.head.read.insert("course", number(courses.len()));
    (written.bytes, told)
}

/// Fields of EDT's pupil, by their titles.
fn edt_pupil(place: usize, pupil: &Pupil, whims: &mut Whims) -> Vec<(&'static str, Option<String>)> {
    let place_of = pupil.class.as_deref().map(|code| match whims.below(4) {
        0 | 1 => code.to_owned(),
        2 => format!("{code}, <{code}> _{code}P1"),
        _ => format!("<{code}> <LATIN> LAT, [2ANG1]"),
    });
    vec![
        ("NUMERO", Some((place + 1).to_string())),
        ("CIVILITE", Some("Mlle".to_owned())),
        ("NOM", Some(pupil.last_name.clone())),
        ("PRENOM", Some(pupil.first_name.clone())),
        ("DATE_NAISS", pupil.birth_date.map(|day| day.format("%d/%m/%Y").to_string())),
        ("LIEU_NAISS", Some("METZ".to_owned())),
        ("N_NATIONAL", pupil.ine.clone()),
        ("CLASSE", place_of),
        (
            "GROUPES",
            pupil.groups.iter().find(|group| GROUPS[..ORDINARY_GROUPS].contains(group)).map(|g| (*g).into()),
        ),
        ("REGIME", Some("EXTERNE LIBRE".to_owned())),
    ]
}

fn tell_pupil(told: &mut Told, row: u32, pupil: &Pupil) {
    if let Some(code) = &pupil.class {
        name(told, row, code);
    }
    told.students.push(StudentRow { eleve_id: None, mef: None, left_on: None, ..pupil.row(row) });
}

fn edt_pupils(pupils: &[Pupil], whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let mut items = Vec::new();
    for (place, pupil) in pupils.iter().enumerate() {
        let mut fields = Vec::new();
        for (name, text) in edt_pupil(place, pupil, whims) {
            add(&mut fields, name, text.as_deref(), whims);
        }
        items.push(node("Eleves", fields).with("numero", (place + 1).to_string()));
        tell_pupil(&mut told, number(place + 1), pupil);
    }
    told.head.read.insert("students", number(pupils.len()));
    (file(&node("TABLE", items).with("nom", "Elèves"), whims), told)
}

fn edt_pupils_as_text(pupils: &[Pupil], whims: &mut Whims) -> (Vec<u8>, Told) {
    let lines: Vec<_> =
        pupils.iter().enumerate().map(|(place, pupil)| (pupil, edt_pupil(place, pupil, whims))).collect();
    let titles = ["NUMERO", "CIVILITE", "NOM", "PRENOM", "DATE_NAISS", "LIEU_NAISS", "N_NATIONAL", "CLASSE"];
    let titles = titles.into_iter().chain(["GROUPES", "REGIME", "OPTION_1"]);
    type Of<'a> = (&'a Pupil, Vec<(&'static str, Option<String>)>);
    let of = |title: &str, (pupil, line): &Of<'_>| match title {
        "DATE_NAISS" => day_cell(pupil.birth_date),
        title => {
            let field = line.iter().find(|(name, _)| *name == title);
            field.and_then(|(_, told)| told.clone()).map_or(Cell::Empty, text)
        }
    };
    let columns = titles.map(|title| column(title, &lines, |line| of(title, line))).collect();
    let written = write(Table { columns, ..Table::default() }, Shape::Csv, whims);
    let mut told = Told::default();
    for (pupil, row) in pupils.iter().zip(&written.rows) {
        tell_pupil(&mut told, *row, pupil);
    }
    told.head.read.insert("students", number(pupils.len()));
    (written.bytes, told)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn courses_of_edt_in_xml(courses in courses(1), mut whims in whims()) {
        let (bytes, told) = edt_courses(&courses, &mut whims);
        check(FileKind::EdtCourses, &bytes, &told)?;
    }

    #[test]
    fn courses_of_edt_as_text(courses in courses(0), mut whims in whims()) {
        let (bytes, told) = edt_courses_as_text(&courses, &mut whims);
        check(FileKind::EdtCourses, &bytes, &told)?;
    }

    #[test]
    fn pupils_of_edt_in_xml(school in school(), mut whims in whims()) {
        prop_assume!(!school.pupils.is_empty());
        let (bytes, told) = edt_pupils(&school.pupils, &mut whims);
        check(FileKind::EdtStudents, &bytes, &told)?;
    }

    #[test]
    fn pupils_of_edt_as_text(school in school(), mut whims in whims()) {
        let (bytes, told) = edt_pupils_as_text(&school.pupils, &mut whims);
        check(FileKind::EdtStudents, &bytes, &told)?;
    }
}
