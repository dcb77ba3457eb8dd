//! UnDeuxTEMPS' courses, with titles and without, and its zip for the ENT.

use crate::common::ods::zip;
use crate::school::{CLASSES, School, school};
use crate::table::{Cell, Shape, Table, column, text, write};
use crate::timetables::{Course, DAYS, class, courses};
use crate::told::{Told, check, counts, number};
use crate::whims::{Whims, whims};
use crate::xml::{Element, file, leaf, node};
use chrono::NaiveTime;
use domain::rows::{FileKind, StudentRow};
use importers::Head;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// UnDeuxTEMPS tells one division a line, no duration and no number: a line is all that it says.
fn udt_courses(courses: &[Course], titled: bool, whims: &mut Whims) -> (Vec<u8>, Told) {
    let titles =
        ["Jour", "Heure", "Div", "Matière", "Professeur", "Salle", "Groupe", "Regroup", "Eff", "Mo", "Freq"];
    let line = |course: &Course, whims: &mut Whims| {
        let day = course.day.map_or("", |day| DAYS[day]);
        let day = whims.pick(&[day.to_owned(), day.to_uppercase(), day.chars().take(3).collect()]);
        let hour = course.starts_at.map_or(String::new(), |at| at.format("%HH%M").to_string());
        let teacher = format!("{} {}", course.last_name, course.first_name).trim().to_owned();
        let (group, cluster) = match (course.group, whims.below(3)) {
            (Some(group), 0) => (group, ""),
            (Some(group), 1) => (group, "2AGL"),
            (group, _) => ("", group.unwrap_or("")),
        };
        let week = course.week.map_or("", |week| if week == "A" { "sa" } else { "sb" });
        let room = course.room.clone().unwrap_or_default();
        let class = course.classes.first().copied().unwrap_or("");
        let told: [&str; 11] =
            [&day, &hour, class, &course.subject, &teacher, &room, group, cluster, "6", "CG", week];
        (teacher.clone(), told.map(str::to_owned))
    };
    let mut lines: Vec<(&Course, (String, [String; 11]))> =
        courses.iter().map(|course| (course, line(course, whims))).collect();
    if let Some(first) = lines.first().filter(|_| whims.one_in(3)).cloned() {
        lines.push(first);
    }
    let mut columns: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(place, title)| column(*title, &lines, |(_, (_, told))| text(&told[place])))
        .collect();
    columns.push(column("Aire", &lines, |_| Cell::Empty));
    // Lines end in a separator.
    columns.push(column("", &lines, |_| Cell::Empty));
    let written = write(Table { columns, bare: !titled, ..Table::default() }, Shape::Csv, whims);
    let mut told = Told::default();
    told.head.complete = true;
    let (mut seen, mut classes) = (BTreeSet::new(), BTreeSet::new());
    for ((course, (teacher, fields)), row) in lines.iter().zip(&written.rows) {
        let id = [0, 1, 2, 3, 4, 5, 6, 7, 10].map(|place| fields[place].as_str()).join("|");
        // The same line again is the same course.
        if !seen.insert(id.clone()) {
            continue;
        }
        let first: Vec<&'static str> = course.classes.iter().take(1).copied().collect();
        for code in first.iter().filter(|code| classes.insert(**code)) {
            told.refer(*row, class("udt", code, ""));
        }
        let course = Course { classes: first, minutes: None, ..(*course).clone() };
        told.refer(*row, course.reference("udt", id, teacher.clone()));
    }
    told.head.read = counts(&[("course", lines.len())]);
    if !classes.is_empty() {
        told.head.read.insert("class", number(classes.len()));
    }
    (written.bytes, told)
}

/// As attributes, or as children of the same names.
fn udt_record(name: &str, fields: &[(&str, &str)], as_children: bool) -> Element {
    if as_children {
        return node(name, fields.iter().map(|(name, text)| leaf(name, *text)).collect());
    }
    fields.iter().fold(node(name, Vec::new()), |element, (name, text)| element.with(name, *text))
}

fn udt_zip(school: &School, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let as_children = whims.one_in(3);
    let (mut divisions, mut groups, mut links, mut pupils) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // UDT's own code of a division is its place.
    let own = |code: &str| format!("D{}", CLASSES.iter().position(|known| *known == code).unwrap());
    for (row, known) in (1..).zip(&school.classes) {
        let own = own(known.code);
        let mut fields = vec![("code", own.as_str()), ("libelle", &known.label)];
        fields.push((whims.pick(&["code_sts", "code_gep"]), known.code));
        divisions.push(udt_record("div", &fields, as_children));
        let group = format!("{own}G1");
        let fields = [("id", group.as_str()), ("code_div", &own), ("code", "1")];
        groups.push(udt_record("gpe", &fields, as_children));
        told.refer(row, class("udt", known.code, &known.label));
    }
    for (row, pupil) in (1..).zip(&school.pupils) {
        let id = row.to_string();
        if let Some(code) = &pupil.class {
            let (own, group) = (own(code), format!("{}G1", own(code)));
            // In the division itself, in a group of it, or in a group that is found in the list of groups.
            let mut fields = vec![("ele", id.as_str()), ("theorique", "1")];
            fields.extend(match whims.below(3) {
                0 => vec![("code_div", own.as_str()), ("gpe", "")],
                1 => vec![("code_div", own.as_str()), ("gpe", "1")],
                _ => vec![("gpe", group.as_str())],
            });
            links.push(udt_record("ele_gpe", &fields, as_children));
        }
        if let Some(other) = school.classes.first().filter(|_| whims.one_in(4)) {
            let own = own(other.code);
            let fields = [("ele", id.as_str()), ("code_div", &own), ("gpe", ""), ("theorique", "0")];
            links.push(udt_record("ele_gpe", &fields, as_children));
        }
        let born = pupil.birth_date.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default();
        let fields = [
            ("code", id.as_str()),
            ("nom", &pupil.last_name),
            ("prenom", &pupil.first_name),
            ("naissance", &born),
        ];
        pupils.push(udt_record("eleve", &fields, as_children));
        let row = StudentRow { eleve_id: None, ine: None, mef: None, left_on: None, ..pupil.row(row) };
        told.students.push(row);
    }
    let year = node("init", vec![leaf("annee", school.year.to_string())]);
    let teacher = leaf("prof", "").with("nom", "ZIMMERLIN");
    let entries = [
        ("00", vec![year]),
        ("04", vec![teacher]),
        ("08", divisions),
        ("10", pupils),
        ("19", groups),
        ("21", links),
    ];
    let folder = whims.pick(&["", "0579999J/"]);
    let mut files: Vec<(String, Vec<u8>)> = entries
        .into_iter()
        .map(|(number, items)| (format!("{folder}UDCal_{number}.xml"), file(&node("UDT", items), whims)))
        .collect();
    files.push((format!("{folder}semaines.xml"), b"<semaines/>".to_vec()));
    whims.shuffle(&mut files);
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    told.head = Head { school_year: Some(school.year), ..Head::default() };
    let counts = [("class", school.classes.len()), ("students", school.pupils.len())];
    (zip(&files), told.counting(&counts))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn courses_of_udt(courses in courses(0), mut whims in whims()) {
        let (bytes, told) = udt_courses(&courses, true, &mut whims);
        check(FileKind::UdtCourses, &bytes, &told)?;
    }

    #[test]
    fn courses_of_udt_without_titles(courses in courses(1), mut whims in whims()) {
        // A day and an hour are what such a file is known by.
        let timed = courses.into_iter().map(|course| Course {
            day: course.day.or(Some(0)),
            starts_at: course.starts_at.or(NaiveTime::from_hms_opt(8, 0, 0)),
            ..course
        });
        let (bytes, told) = udt_courses(&timed.collect::<Vec<_>>(), false, &mut whims);
        check(FileKind::UdtCourses, &bytes, &told)?;
    }

    #[test]
    fn the_zip_of_udt(school in school(), mut whims in whims()) {
        let (bytes, told) = udt_zip(&school, &mut whims);
        check(FileKind::UdtArchive, &bytes, &told)?;
    }
}
