//! Pupils in tables: SIECLE's three, and one whose columns somebody has named.

use crate::school::{GROUPS, Pupil, School, school};
use crate::table::{Cell, Column, SHAPES, Shape, Table, Written, code, column, day, text, write};
use crate::told::{Told, UAI, check, check_kind, number, read};
use crate::whims::{Whims, whims};
use domain::rows::{FileKind, StructureRow, StudentRow};
use importers::mapping::Layout;
use importers::recognise::Recognised;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// SIECLE's pupils are told without the key of their tables.
fn without_key(pupil: &Pupil, row: u32) -> StudentRow {
    StudentRow { eleve_id: None, ..pupil.row(row) }
}

/// Issues of whole tables: of guardians, and of groups that cannot be told without a key.
fn notes(told: &mut Told, guardians: bool, pupils: &[Pupil]) {
    if guardians {
        told.fault(None, "guardians_left_out");
    }
    if pupils.iter().any(Pupil::is_entitled_by_a_group) {
        told.fault(None, "groups_left_out");
    }
}

/// Of each line its pupil, and the row of the first line of each pupil.
fn first_rows(lines: &[(&Pupil, Option<(&str, &str)>)], written: &Written) -> BTreeMap<String, u32> {
    let mut rows = BTreeMap::new();
    for ((pupil, _), row) in lines.iter().zip(&written.rows) {
        rows.entry(pupil.eleve_id.clone()).or_insert(*row);
    }
    rows
}

/// The 136 titles of `ElevesComplete`, as they are since 2016 or were before.
fn complete_titles(old: bool) -> Vec<String> {
    let name = if old { "Nom" } else { "Nom de famille" };
    let first = "Sexe;Pays Nat.;Elève No Etab;Num. Elève Etab;NOM;Nom d'usage;Prénom;Prénom 2;Prénom 3;Date Naissance;\
        Doublement;Id National;Date Entrée;Date Sortie;Adhésion Transport;Date Modification;Autorisation Abs. Perm.;\
        Autorisation Abs. Temp.;Présence Doss. Médic.;Présence Doss. Scol.;Ville Naiss. Etrangère;Commune Naiss.;\
        Pays Naiss.;Code Régime;Lib. Régime;Motif Sortie;Code Circuit;Lib. Circuit;Code Bourse 1;Lib. Bourse 1;\
        Code Bourse 2;Lib. Bourse 2;Code MEF;Lib. MEF;Code Structure;Type Structure;Lib. Structure";
    let subject =
        ["Clé Gestion Mat. Enseignée", "Lib. Mat. Enseignée", "Code Modalité Elect.", "Lib. Modalité Elect."];
    let address = "Tél. Personnel;Tél. Professionnel;Tél. Portable;Email;Ligne Adresse 1;Ligne Adresse 2;Ligne Adresse 3;\
        Ligne Adresse 4;Lib. Postal;Code Postal;Département;Commune Etrangère;Pays";
    let guardian = "Civilité;NOM;Nom d'usage;Prénom;Tél. Personnel;Lien Parenté;Tél. Portable;Tél. Professionnel;Email;\
        Communication Adresse postale et courriel;Ligne Adresse 1;Ligne Adresse 2;Ligne Adresse 3;Ligne Adresse 4;\
        Lib. Postal;Code Postal;Code Département;Commune Etrangère;Pays";
    let whose =
        if old { ["Repr. Lég. 1", "Repr. Lég. 2"] } else { ["Repr. Lég. ", "Autre Repr. Lég.\u{a0}"] };
    let split = |list: &str| list.split(';').map(|title| title.replace("NOM", name)).collect::<Vec<_>>();
    let mut titles = split(first);
    titles.extend((1..=12).flat_map(|option| subject.map(|title| format!("{title} {option}"))));
    titles.extend(split(address));
    titles.extend(
        whose.iter().flat_map(|whose| split(guardian).into_iter().map(move |t| format!("{t} {whose}"))),
    );
    titles
}

/// A line for the class and for each group of a pupil, in any order.
fn complete_lines<'a>(school: &'a School, whims: &mut Whims) -> Vec<(&'a Pupil, Option<(&'a str, &'a str)>)> {
    let mut lines = Vec::new();
    for pupil in &school.pupils {
        let mut structures: Vec<_> = pupil.groups.iter().map(|group| (*group, "G")).collect();
        structures.extend(pupil.class.as_deref().map(|class| (class, "D")));
        whims.shuffle(&mut structures);
        if structures.is_empty() {
            lines.push((pupil, None));
        }
        lines.extend(structures.into_iter().map(|structure| (pupil, Some(structure))));
    }
    lines
}

fn complete(school: &School, shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let lines = complete_lines(school, whims);
    let cell = |title: &str, (pupil, structure): &(&Pupil, Option<(&str, &str)>)| match title {
        "Sexe" => text("F"),
        "Elève No Etab" => code(Some(&pupil.eleve_id[3..])),
        "Num. Elève Etab" => code(Some(format!("{}579999", &pupil.eleve_id[2..]))),
        "Nom" | "Nom de famille" => text(&pupil.last_name),
        "Nom d'usage" => text("USUEL"),
        "Prénom" => text(&pupil.first_name),
        "Date Naissance" => day(pupil.birth_date),
        "Date Sortie" => day(pupil.left_on),
        "Id National" => code(pupil.ine.as_deref()),
        "Code MEF" => code(pupil.mef.as_deref()),
        "Code Structure" => code(structure.map(|(name, _)| name)),
        "Type Structure" => structure.map_or(Cell::Empty, |(_, kind)| text(kind)),
        title if title.contains("Repr. Lég.") && title.starts_with("Nom de famille") => text("RESPONSABLE"),
        _ => Cell::Empty,
    };
    let titles = complete_titles(whims.one_in(2));
    let columns = titles.iter().map(|title| column(title, &lines, |line| cell(title, line))).collect();
    let written = write(Table { columns, ..Table::default() }, shape, whims);
    let rows = first_rows(&lines, &written);
    let mut told = Told {
        students: school.pupils.iter().map(|pupil| without_key(pupil, rows[&pupil.eleve_id])).collect(),
        ..Told::default()
    };
    notes(&mut told, true, &school.pupils);
    (written.bytes, told.counting(&[("students", school.pupils.len())]))
}

/// The columns that somebody has chosen, a line for each guardian.
fn extraction(school: &School, guardians: bool, shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut lines = Vec::new();
    for pupil in &school.pupils {
        let count = if guardians { 1 + whims.below(3) } else { 1 };
        lines.extend((0..count).map(|_| (pupil, None)));
    }
    type Of<'a> = (&'a Pupil, Option<(&'a str, &'a str)>);
    let mut columns = vec![
        column("Nom", &lines, |(pupil, _): &Of<'_>| text(&pupil.last_name)),
        column("Prenom 1", &lines, |(pupil, _)| text(&pupil.first_name)),
        column("Date de naissance", &lines, |(pupil, _)| day(pupil.birth_date)),
        column("N° Interne", &lines, |(pupil, _)| code(Some(&pupil.eleve_id[3..]))),
        column("INE", &lines, |(pupil, _)| code(pupil.ine.as_deref())),
        column("Sexe", &lines, |_| text("F")),
        column("MEF", &lines, |(pupil, _)| code(pupil.mef.as_deref())),
        column("Statut", &lines, |_| text("SCOLAIRE")),
        column("Division", &lines, |(pupil, _)| code(pupil.class.as_deref())),
        column("Groupe", &lines, |(pupil, _)| text(pupil.groups.join(","))),
        column("Option 1", &lines, |_| text("AGL1")),
        column("Date de sortie", &lines, |(pupil, _)| day(pupil.left_on)),
    ];
    if guardians {
        columns.push(column("Nom resp.", &lines, |_| text("RESPONSABLE")));
        columns.push(column("Commune resp.", &lines, |_| text("METZ")));
    }
    let written = write(Table { columns, ..Table::default() }, shape, whims);
    let rows = first_rows(&lines, &written);
    let mut told = Told {
        students: school.pupils.iter().map(|pupil| without_key(pupil, rows[&pupil.eleve_id])).collect(),
        ..Told::default()
    };
    notes(&mut told, guardians, &school.pupils);
    (written.bytes, told.counting(&[("students", school.pupils.len())]))
}

fn by_division(school: &School, shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let pupils = &school.pupils;
    // The MEF is there by its label, unless somebody has asked for its code.
    let (coded, has_ine) = (whims.one_in(2), whims.one_in(2));
    let mut columns = vec![
        column("NOM", pupils, |pupil| text(&pupil.last_name)),
        column("PRENOM", pupils, |pupil| text(&pupil.first_name)),
        column("SEXE", pupils, |_| text("F")),
        column("NE(E) LE", pupils, |pupil| day(pupil.birth_date)),
        column("MEF", pupils, |pupil| if coded { code(pupil.mef.as_deref()) } else { text("2NDE GENERALE") }),
        column("DIV.", pupils, |pupil| code(pupil.class.as_deref())),
        column("REG.", pupils, |_| text("EXTERNE")),
        column("OPT1", pupils, |_| text("AGL1")),
        column("DIV. PREC.", pupils, |_| text("3A")),
    ];
    if has_ine {
        columns.push(column("INE", pupils, |pupil| code(pupil.ine.as_deref())));
    }
    let above = vec![vec![text("Liste des élèves par division")]];
    let written = write(Table { above, columns, ..Table::default() }, shape, whims);
    let told = pupils.iter().zip(&written.rows).map(|(pupil, row)| StudentRow {
        ine: pupil.ine.clone().filter(|_| has_ine),
        mef: pupil.mef.clone().filter(|_| coded),
        left_on: None,
        ..without_key(pupil, *row)
    });
    let told = Told { students: told.collect(), ..Told::default() };
    (written.bytes, told.counting(&[("students", pupils.len())]))
}

/// Our fields, and titles that software gives them.
const TITLES: [(&str, &[&str]); 9] = [
    ("last_name", &["Nom", "Nom de famille", "NOM ÉLÈVE"]),
    ("first_name", &["Prénom", "Prénom de l'élève", "PRENOM USUEL"]),
    ("birth_date", &["Né(e) le", "Date de naissance", "Naissance"]),
    ("ine", &["N° national", "INE", "Identifiant national"]),
    ("class", &["Classe", "Code classe", "Classe actuelle"]),
    ("mef", &["Code MEF", "MEF"]),
    ("left_on", &["Date de sortie", "Sorti(e) le"]),
    ("groups", &["Groupes", "Groupe"]),
    ("eleve_id", &["ELEVE_ID", "Id SIECLE"]),
];

/// Which fields a table has, and under which titles: those that software gives, or any.
struct Named {
    titles: Vec<(&'static str, String)>,
    has_school: bool,
}

impl Named {
    fn of(known: bool, whims: &mut Whims) -> Self {
        // A table of fewer columns is not known without somebody's choice.
        let has = |place: usize, whims: &mut Whims| place < 5 || whims.one_in(2);
        let titles = TITLES.iter().enumerate().filter(|(place, _)| has(*place, whims)).collect::<Vec<_>>();
        let title = |(place, (key, titles)): (usize, &(&'static str, &[&str]))| {
            let title = if known { whims.pick(titles).to_owned() } else { format!("Rubrique {place}") };
            (*key, title)
        };
        let titles = titles.into_iter().map(title).collect();
        Self { titles, has_school: known && whims.one_in(3) }
    }

    fn has(&self, key: &str) -> bool {
        self.titles.iter().any(|(known, _)| *known == key)
    }

    fn columns(&self, pupils: &[Pupil]) -> Vec<Column> {
        let cell = |key: &str, pupil: &Pupil| match key {
            "last_name" => text(&pupil.last_name),
            "first_name" => text(&pupil.first_name),
            "birth_date" => day(pupil.birth_date),
            "ine" => code(pupil.ine.as_deref()),
            "class" => code(pupil.class.as_deref()),
            "mef" => code(pupil.mef.as_deref()),
            "left_on" => day(pupil.left_on),
            "groups" => text(pupil.groups.join(", ")),
            _ => code(Some(&pupil.eleve_id)),
        };
        let named = self.titles.iter().map(|(key, title)| column(title, pupils, |pupil| cell(key, pupil)));
        let school = self.has_school.then(|| column("UAI", pupils, |_| text(UAI)));
        named.chain(school).collect()
    }

    fn layout(&self, written: &Written) -> Layout {
        Layout {
            kind: FileKind::MappedStudents,
            sheet: written.sheet.clone(),
            header_row: written.header_row,
            columns: self
                .titles
                .iter()
                .map(|(key, title)| ((*key).to_owned(), written.place(title)))
                .collect(),
        }
    }
}

fn mapped(school: &School, named: &Named, shape: Shape, whims: &mut Whims) -> (Written, Told) {
    let above = if whims.one_in(3) { vec![vec![text("Élèves de l'année")]] } else { Vec::new() };
    let written =
        write(Table { above, columns: named.columns(&school.pupils), ..Table::default() }, shape, whims);
    let mut told = Told::default();
    for (pupil, row) in school.pupils.iter().zip(&written.rows) {
        let has = |key| named.has(key);
        told.students.push(StudentRow {
            eleve_id: has("eleve_id").then(|| pupil.eleve_id.clone()),
            mef: pupil.mef.clone().filter(|_| has("mef")),
            left_on: pupil.left_on.filter(|_| has("left_on")),
            ..pupil.row(*row)
        });
        for group in pupil.groups.iter().filter(|group| named.has("groups") && GROUPS[3..].contains(group)) {
            let (position, eleve_id) = (number(told.structures.len() + 1), pupil.eleve_id.clone());
            told.structures.push(StructureRow {
                position,
                eleve_id,
                code: (*group).to_owned(),
                division: false,
            });
        }
    }
    if !named.has("eleve_id") && !told.structures.is_empty() {
        told.structures.clear();
        told.fault(None, "groups_left_out");
    }
    if named.has_school && !school.pupils.is_empty() {
        told.head.establishment = Some(UAI.into());
    }
    (written, told.counting(&[("students", school.pupils.len())]))
}

fn shape() -> impl Strategy<Value = Shape> {
    prop::sample::select(&SHAPES[..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn eleves_complete(school in school(), shape in shape(), mut whims in whims()) {
        let (bytes, told) = complete(&school, shape, &mut whims);
        check(FileKind::StudentsTable, &bytes, &told)?;
    }

    #[test]
    fn csv_extraction(school in school(), guardians in any::<bool>(), shape in shape(), mut whims in whims()) {
        let (bytes, told) = extraction(&school, guardians, shape, &mut whims);
        check(FileKind::StudentsTable, &bytes, &told)?;
    }

    #[test]
    fn list_by_division(school in school(), shape in shape(), mut whims in whims()) {
        let (bytes, told) = by_division(&school, shape, &mut whims);
        check(FileKind::StudentsTable, &bytes, &told)?;
    }

    #[test]
    fn titles_that_need_no_choice(school in school(), shape in shape(), mut whims in whims()) {
        let named = Named::of(true, &mut whims);
        let (written, told) = mapped(&school, &named, shape, &mut whims);
        check(FileKind::MappedStudents, &written.bytes, &told)?;
        let layout = named.layout(&written);
        let chosen = read(FileKind::MappedStudents, &written.bytes, Some(&layout))?;
        prop_assert_eq!(chosen.students, told.students);
    }

    #[test]
    fn titles_that_somebody_maps(school in school(), shape in shape(), mut whims in whims()) {
        let named = Named::of(false, &mut whims);
        let (written, told) = mapped(&school, &named, shape, &mut whims);
        check_kind(&Recognised::Table, &written.bytes)?;
        let chosen = read(FileKind::MappedStudents, &written.bytes, Some(&named.layout(&written)))?;
        prop_assert_eq!(chosen, told);
    }
}
