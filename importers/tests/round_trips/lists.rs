//! Badges, accounts of the ENT, and delivery notes.

use crate::common::uai;
use crate::names::{one_of, unlike};
use crate::school::{Pupil, day as day_from, maybe, school};
use crate::table::{Column, SHAPES, Shape, Table, code, column, day, text, write};
use crate::told::{Told, UAI, check, check_kind};
use crate::whims::{Whims, whims};
use chrono::NaiveDate;
use domain::rows::{AccountRow, BadgeRow, DeviceRow, FileKind};
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

#[derive(Debug, Clone)]
struct Laptop {
    serial: String,
    part: &'static str,
    designation: &'static str,
    mac: Option<[u8; 6]>,
    asset: Option<String>,
    place: Option<(u32, u32)>,
    delivered_on: Option<NaiveDate>,
    warranty_end: Option<NaiveDate>,
}

prop_compose! {
    fn laptop()(
        (serial, part, designation) in prop_oneof![
            ("[0-9][A-Z]{2}[0-9]{3}[B-DF-HJ-NP-TV-Z0-9]{4}", Just("9ZZ99EA#ABF"), Just("HP ProBook x360 11 G5 EE")),
            ("PF[0-9][A-Z0-9]{5}", Just("20ZZS00100"), select(&["Lenovo L13", "Lenovo ; L13 Yoga, 13\"", ""][..])),
            ("[1-9][0-9]{9}", Just("NX.ZZZZF.001"), Just("Acer <Travel> & Mate")),
        ],
        mac in maybe(any::<[u8; 6]>()),
        asset in maybe("[0-9]{6}|INV-[0-9]{4}"),
        place in maybe((1..100_u32, 1..1000_u32)),
        delivered_on in maybe(day_from((2020, 8, 25), 300)),
        warranty_end in maybe(day_from((2023, 8, 25), 300)),
    ) -> Laptop {
        Laptop { serial, part, designation, mac, asset, place, delivered_on, warranty_end }
    }
}

impl Laptop {
    fn mac(&self, between: &str) -> Option<String> {
        self.mac.map(|bytes| bytes.map(|byte| format!("{byte:02X}")).join(between))
    }

    fn row(&self, row: u32) -> DeviceRow {
        let words = self.designation.split(' ').next().unwrap_or("");
        DeviceRow {
            row,
            serial_number: self.serial.clone(),
            part_number: self.part.into(),
            manufacturer: words.into(),
            designation: self.designation.into(),
            mac_address: self.mac(":"),
            asset_tag: self.asset.clone(),
            lot: Some("2020-VAGUE2".into()),
            pallet: self.place.map(|(pallet, _)| format!("P{pallet}")),
            parcel: self.place.map(|(_, parcel)| parcel.to_string()),
            order_number: Some("CDE-2020-00451".into()),
            note_number: "BL2020-118842".into(),
            delivered_on: self.delivered_on,
            warranty_end: self.warranty_end,
        }
    }
}

/// The note says its number and its school on each line, or above all of them.
fn note(laptops: &[Laptop], shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let said_above = whims.one_in(2);
    let between = whims.pick(&[":", "-", "", " "]);
    let serial = |laptop: &Laptop, small: bool| {
        if small { laptop.serial.to_lowercase() } else { laptop.serial.clone() }
    };
    let small = whims.one_in(3);
    let mut columns: Vec<Column> = vec![
        column(whims.pick(&["N° commande", "Commande"]), laptops, |_| text("CDE-2020-00451")),
        column("Date expédition", laptops, |laptop| day(laptop.warranty_end)),
        column(whims.pick(&["Date livraison prévue", "Livré le"]), laptops, |laptop| {
            day(laptop.delivered_on)
        }),
        column("Etablissement", laptops, |_| text("LPO DES BOIS (FICTIF)")),
        column(whims.pick(&["N° palette", "Palette"]), laptops, |laptop| {
            code(laptop.place.map(|(p, _)| format!("P{p}")))
        }),
        column(whims.pick(&["N° colis", "Colis"]), laptops, |laptop| {
            code(laptop.place.map(|(_, p)| p.to_string()))
        }),
        column(whims.pick(&["Référence produit (P/N)", "P/N"]), laptops, |laptop| text(laptop.part)),
        column(whims.pick(&["Désignation", "Modèle"]), laptops, |laptop| text(laptop.designation)),
        column(whims.pick(&["N° de série (S/N)", "Serial Number"]), laptops, |laptop| {
            text(serial(laptop, small))
        }),
        column("Adresse MAC Wi-Fi", laptops, |laptop| text(laptop.mac(between).unwrap_or_default())),
        column("Adresse MAC Ethernet", laptops, |_| text("02:00:00:00:00:00")),
        column("N° asset / parc", laptops, |laptop| code(laptop.asset.as_deref())),
        column("Lot", laptops, |_| text("2020-VAGUE2")),
        column(whims.pick(&["Fin de garantie", "Garantie"]), laptops, |laptop| day(laptop.warranty_end)),
    ];
    let mut above = vec![vec![text("Fournisseur imaginaire")]];
    if said_above {
        above.push(whims.pick(&[
            vec![text("N° BL : BL2020-118842")],
            vec![text("Bon de livraison n° BL2020-118842")],
            vec![text("BL"), text("BL2020-118842")],
        ]));
        above.push(whims.pick(&[vec![text(format!("UAI : {UAI}"))], vec![text("UAI"), text(UAI)]]));
    } else {
        columns.push(column(whims.pick(&["N° BL", "Bon de livraison"]), laptops, |_| text("BL2020-118842")));
        columns.push(column("UAI", laptops, |_| text(UAI)));
    }
    let total = [("Etablissement", "Total".to_owned()), ("Lot", laptops.len().to_string())];
    let total = total.map(|(title, cell)| (title.to_owned(), text(cell))).to_vec();
    let below = if whims.one_in(2) { total } else { Vec::new() };
    let written = write(Table { above, columns, below, ..Table::default() }, shape, whims);
    let devices = laptops.iter().zip(&written.rows).map(|(laptop, row)| laptop.row(*row)).collect();
    let mut told = Told { devices, ..Told::default() };
    told.head.establishment = (said_above || !laptops.is_empty()).then(|| UAI.into());
    (written.bytes, told.counting(&[("devices", laptops.len())]))
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
        prop_assume!(school.pupils.iter().filter(|pupil| pupil.ine.is_some()).count() >= 2);
        let (bytes, told) = bare_badges(&school.pupils, shape, &mut whims);
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

    #[test]
    fn delivery_notes(
        laptops in prop::collection::vec(laptop(), 0..=30),
        shape in shape(),
        mut whims in whims(),
    ) {
        let laptops = unlike(laptops, |laptop| laptop.serial.clone());
        let (bytes, told) = note(&laptops, shape, &mut whims);
        check(FileKind::Delivery, &bytes, &told)?;
    }
}
