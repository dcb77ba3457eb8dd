//! Badges, and accounts of the ENT.

use crate::common::uai;
use crate::names::{one_of, unlike};
use crate::school::{Pupil, school};
use crate::table::{SHAPES, Shape, Table, code, column, day, text, write};
use crate::told::{Told, UAI, check, check_kind};
use crate::whims::{Whims, whims};
use domain::rows::{AccountRow, BadgeRow, FileKind};
use importers::accounts;
use importers::recognise::Recognised;
use proptest::prelude::*;
use proptest::sample::select;
use std::io::Cursor;

/// How a list of badges says whose they are.
const WHOSE: [&str; 4] = ["ELEVE_ID", "INE", "Nom et prénom", "Nom"];

/// Of the pupils of whom the list says who they are, their badges.
fn badges(pupils: &[Pupil], codes: &[String], shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let key = whims.pick(&WHOSE);
    let whose = |pupil: &Pupil| match key {
        "ELEVE_ID" => pupil.eleve_id.clone(),
        "INE" => pupil.ine.clone().unwrap(),
        "Nom et prénom" => format!("{}, {}", pupil.last_name, pupil.first_name),
        _ => format!("{} {}", pupil.last_name, pupil.first_name),
    };
    let badges: Vec<(&Pupil, &String)> =
        pupils.iter().filter(|pupil| key != "INE" || pupil.ine.is_some()).zip(codes).collect();
    let title = whims.pick(&["N° badge", "Code badge", "N° carte", "RFID"]);
    let mut columns = vec![
        column(title, &badges, |(_, badge)| code(Some(*badge))),
        column("Date de naissance", &badges, |(pupil, _)| day(pupil.birth_date)),
        column("Classe", &badges, |(pupil, _)| code(pupil.class.as_deref())),
    ];
    match key {
        "Nom" => {
            columns.push(column("Nom", &badges, |(pupil, _)| text(&pupil.last_name)));
            columns.push(column("Prénom", &badges, |(pupil, _)| text(&pupil.first_name)));
        }
        "Nom et prénom" => columns.push(column(key, &badges, |(pupil, _)| text(whose(pupil)))),
        key => columns.push(column(key, &badges, |(pupil, _)| code(Some(whose(pupil))))),
    }
    let above = vec![vec![text("Export du 18/09/2020")]];
    let written = write(Table { above, columns, ..Table::default() }, shape, whims);
    let row = |((pupil, badge), row): (&(&Pupil, &String), &u32)| BadgeRow {
        row: *row,
        code: (*badge).clone(),
        student: whose(pupil),
        birth_date: pupil.birth_date,
        class: pupil.class.clone(),
    };
    let mut told = Told { badges: badges.iter().zip(&written.rows).map(row).collect(), ..Told::default() };
    if written.numbers.contains(title) {
        told.fault(None, "codes_are_numbers");
    }
    (written.bytes, told.counting(&[("badges", badges.len())]))
}

/// Of these pupils an INE can be told from a badge's number: two columns of numbers are a question.
fn with_telling_ine(pupils: &[Pupil]) -> Vec<Pupil> {
    let tells = |ine: &String| ine.contains(|c: char| c.is_ascii_alphabetic());
    pupils.iter().filter(|pupil| pupil.ine.as_ref().is_some_and(tells)).cloned().collect()
}

/// Two columns without titles: a code and an INE.
fn bare_badges(pupils: &[Pupil], shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let badges: Vec<(&str, String)> = (0x0412_AF70..)
        .zip(pupils.iter().filter_map(|pupil| pupil.ine.as_deref()))
        .map(|(badge, ine): (u32, _)| (ine, format!("{badge:08X}")))
        .collect();
    let mut columns =
        vec![column("", &badges, |(_, badge)| text(badge)), column("", &badges, |(ine, _)| text(*ine))];
    whims.shuffle(&mut columns);
    let written = write(Table { columns, bare: true, ..Table::default() }, shape, whims);
    let row = |((ine, badge), row): (&(&str, String), &u32)| BadgeRow {
        row: *row,
        code: badge.clone(),
        student: (*ine).to_owned(),
        birth_date: None,
        class: None,
    };
    let told = Told { badges: badges.iter().zip(&written.rows).map(row).collect(), ..Told::default() };
    (written.bytes, told.counting(&[("badges", badges.len())]))
}

/// In the layout that has passwords, or in the one that has none.
fn kosmos(
    pupils: &[Pupil],
    passwords: &[String],
    shape: Shape,
    whims: &mut Whims,
) -> (Vec<u8>, Vec<AccountRow>) {
    let printed = whims.one_in(2);
    let lines: Vec<(&Pupil, &String)> = pupils.iter().zip(passwords).collect();
    let login = |pupil: &Pupil| format!("login.{}", pupil.eleve_id);
    let columns = if printed {
        vec![
            column("rne", &lines, |_| text(UAI)),
            column("uid", &lines, |(pupil, _)| text(format!("MBN{}", pupil.eleve_id))),
            column("classe", &lines, |(pupil, _)| code(pupil.class.as_deref())),
            column("profil", &lines, |_| text("Elève")),
            column("prenom", &lines, |(pupil, _)| text(&pupil.first_name)),
            column("nom", &lines, |(pupil, _)| text(&pupil.last_name)),
            column("login", &lines, |(pupil, _)| text(login(pupil))),
            column("mot de passe", &lines, |(_, password)| text(*password)),
            column("cle de jointure", &lines, |(pupil, _)| code(Some(&pupil.eleve_id))),
            column("adresse", &lines, |_| text("12 RUE DES SAULES")),
        ]
    } else {
        vec![
            column("Civilité", &lines, |_| text("Mme")),
            column("Nom", &lines, |(pupil, _)| text(&pupil.last_name)),
            column("Prénom", &lines, |(pupil, _)| text(&pupil.first_name)),
            column("Profil", &lines, |_| text("Elève")),
            column("Login", &lines, |(pupil, _)| text(login(pupil))),
            column("Identifiant ENT", &lines, |(pupil, _)| text(format!("MBN{}", pupil.eleve_id))),
            column("Etablissement", &lines, |_| text("LPO DES BOIS (FICTIF)")),
        ]
    };
    let written = write(Table { columns, ..Table::default() }, shape, whims);
    let row = |((pupil, password), row): (&(&Pupil, &String), &u32)| AccountRow {
        row: *row,
        last_name: pupil.last_name.clone(),
        first_name: pupil.first_name.clone(),
        class: pupil.class.clone().filter(|_| printed),
        profile: "Elève".into(),
        login: login(pupil),
        password: printed.then(|| (*password).clone()),
        join_key: printed.then(|| pupil.eleve_id.clone()),
    };
    (written.bytes, lines.iter().zip(&written.rows).map(row).collect())
}

fn shape() -> impl Strategy<Value = Shape> {
    select(&SHAPES[..])
}

/// A different one for each of many pupils.
fn codes(patterns: &[&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(one_of(patterns), 40).prop_map(|codes| unlike(codes, Clone::clone))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn badges_with_titles(
        school in school(),
        codes in codes(&["0[0-9A-F]{7}", "[1-9][0-9]{5,9}", "[A-Z]{3}[0-9a-z:.-]{3,12}[0-9]"]),
        shape in shape(),
        mut whims in whims(),
    ) {
        let (bytes, told) = badges(&school.pupils, &codes, shape, &mut whims);
        check(FileKind::Badges, &bytes, &told)?;
    }

    #[test]
    fn badges_without_titles(school in school(), shape in shape(), mut whims in whims()) {
        let pupils = with_telling_ine(&school.pupils);
        prop_assume!(pupils.len() >= 2);
        let (bytes, told) = bare_badges(&pupils, shape, &mut whims);
        check(FileKind::Badges, &bytes, &told)?;
    }

    #[test]
    fn accounts_of_the_ent(
        school in school(),
        passwords in codes(&["[A-Za-z0-9!;,|\"é&]{3,10}[a-z]"]),
        shape in shape(),
        mut whims in whims(),
    ) {
        let (bytes, expected) = kosmos(&school.pupils, &passwords, shape, &mut whims);
        check_kind(&Recognised::Kind(FileKind::Accounts), &bytes)?;
        let mut rows = Vec::new();
        let head = accounts::read(Cursor::new(&bytes), &uai(), &mut |row| {
            rows.push(row);
            Ok(())
        }).unwrap();
        // Their debug text tells nothing of them.
        let texts = |row: &AccountRow| serde_json::to_string(row).unwrap();
        prop_assert_eq!(rows.iter().map(texts).collect::<Vec<_>>(), expected.iter().map(texts).collect::<Vec<_>>());
        prop_assert_eq!(head.read, crate::told::counts(&[("accounts", expected.len())]));
    }
}
