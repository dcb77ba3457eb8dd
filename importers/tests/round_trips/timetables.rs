//! Timetables: EDT's pupils and courses in XML and as text, UnDeuxTEMPS' courses and its zip for the ENT.

use crate::common::ods::zip;
use crate::names::{first_name, last_name, one_of};
use crate::school::{CLASSES, GROUPS, ORDINARY_GROUPS, Pupil, School, maybe, school};
use crate::table::{Cell, Shape, Table, column, day as day_cell, text, write};
use crate::told::{Told, check_kind, counts, number, read};
use crate::whims::{Whims, whims};
use crate::xml::{Element, add, file, leaf, node};
use chrono::NaiveTime;
use domain::names::display_name;
use domain::rows::{FileKind, Reference, StudentRow};
use importers::Head;
use importers::recognise::Recognised;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeSet;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

#[derive(Debug, Clone)]
struct Course {
    classes: Vec<&'static str>,
    group: Option<&'static str>,
    subject: String,
    last_name: String,
    first_name: String,
    /// Monday is 0.
    day: Option<usize>,
    starts_at: Option<NaiveTime>,
    minutes: Option<u32>,
    week: Option<&'static str>,
    room: Option<String>,
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

fn courses(least: usize) -> impl Strategy<Value = Vec<Course>> {
    prop::collection::vec(course(), least..=30)
}

/// What a timetable knows of a division.
fn class(source: &str, code: &str, label: &str) -> Reference {
    let (source, code, label) = (source.to_owned(), code.to_owned(), label.to_owned());
    Reference::Class { source, code, label, mefs: Vec::new(), expected: None }
}

impl Course {
    fn reference(&self, source: &str, id: String, teacher: String) -> Reference {
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

    /// Fields of EDT's line, by their titles. A group is in brackets, or a part of a division and so behind it.
    fn edt(&self, place: usize, as_part: bool, whims: &mut Whims) -> Vec<(&'static str, Option<String>)> {
        let mut places: Vec<String> = self.classes.iter().map(|code| (*code).to_owned()).collect();
        match (self.group, self.classes.first()) {
            (Some(group), Some(code)) if as_part && whims.one_in(2) => {
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

/// What EDT's files tell, without the divisions that they name: those of text and of XML are told apart still.
fn without_divisions(mut told: Told) -> Told {
    told.references.retain(|row| !matches!(row.reference, Reference::Class { .. }));
    told.head.read.remove("class");
    told
}

fn check_edt(kind: FileKind, bytes: &[u8], expected: Told) -> Result<(), TestCaseError> {
    check_kind(&Recognised::Kind(kind), bytes)?;
    let told = read(kind, bytes, None)?;
    prop_assert_eq!(without_divisions(told), expected, "{}", String::from_utf8_lossy(bytes));
    Ok(())
}

fn edt_courses(courses: &[Course], whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    told.head.complete = true;
    let item = whims.pick(&["Cours", "Cours_annuels"]);
    let mut items = Vec::new();
    for (place, course) in courses.iter().enumerate() {
        let mut fields = Vec::new();
        for (name, text) in course.edt(place, true, whims) {
            add(&mut fields, name, text.as_deref(), whims);
        }
        items.push(node(item, fields).with("numero", (place + 1).to_string()));
        let teacher = display_name(&course.first_name, &course.last_name);
        told.refer(number(place + 1), course.reference("edt", (place + 1).to_string(), teacher));
    }
    (file(&node("TABLE", items).with("nom", "Cours"), whims), told.counting(&[("course", courses.len())]))
}

fn edt_courses_as_text(courses: &[Course], whims: &mut Whims) -> (Vec<u8>, Told) {
    let lines: Vec<_> =
        courses.iter().enumerate().map(|(place, course)| course.edt(place, false, whims)).collect();
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
        told.refer(*row, course.reference("edt", (place + 1).to_string(), String::new()));
    }
    (written.bytes, told.counting(&[("course", courses.len())]))
}

/// Courses without their teachers, whose names text and XML do not write alike still.
fn without_teachers(mut told: Told) -> Told {
    for row in &mut told.references {
        if let Reference::Course { teacher, .. } = &mut row.reference {
            *teacher = None;
        }
    }
    told
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

fn edt_row(pupil: &Pupil, row: u32) -> StudentRow {
    StudentRow { eleve_id: None, mef: None, left_on: None, ..pupil.row(row) }
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
        told.students.push(edt_row(pupil, number(place + 1)));
    }
    (file(&node("TABLE", items).with("nom", "Elèves"), whims), told.counting(&[("students", pupils.len())]))
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
    let students = pupils.iter().zip(&written.rows).map(|(pupil, row)| edt_row(pupil, *row)).collect();
    (written.bytes, Told { students, ..Told::default() }.counting(&[("students", pupils.len())]))
}

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
    fn courses_of_edt_in_xml(courses in courses(1), mut whims in whims()) {
        let (bytes, told) = edt_courses(&courses, &mut whims);
        check_edt(FileKind::EdtCourses, &bytes, told)?;
    }

    #[test]
    fn courses_of_edt_as_text(courses in courses(0), mut whims in whims()) {
        let (bytes, expected) = edt_courses_as_text(&courses, &mut whims);
        check_kind(&Recognised::Kind(FileKind::EdtCourses), &bytes)?;
        let told = without_teachers(without_divisions(read(FileKind::EdtCourses, &bytes, None)?));
        prop_assert_eq!(told, expected, "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pupils_of_edt_in_xml(school in school(), mut whims in whims()) {
        prop_assume!(!school.pupils.is_empty());
        let (bytes, told) = edt_pupils(&school.pupils, &mut whims);
        check_edt(FileKind::EdtStudents, &bytes, told)?;
    }

    #[test]
    fn pupils_of_edt_as_text(school in school(), mut whims in whims()) {
        let (bytes, told) = edt_pupils_as_text(&school.pupils, &mut whims);
        check_edt(FileKind::EdtStudents, &bytes, told)?;
    }

    #[test]
    fn courses_of_udt(courses in courses(0), mut whims in whims()) {
        let (bytes, told) = udt_courses(&courses, true, &mut whims);
        crate::told::check(FileKind::UdtCourses, &bytes, &told)?;
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
        crate::told::check(FileKind::UdtCourses, &bytes, &told)?;
    }

    #[test]
    fn the_zip_of_udt(school in school(), mut whims in whims()) {
        let (bytes, told) = udt_zip(&school, &mut whims);
        crate::told::check(FileKind::UdtArchive, &bytes, &told)?;
    }
}
