//! LDE's orders and quotations, and subscriptions of the GAR.

use crate::names::{ean, last_name};
use crate::school::{day as day_from, maybe};
use crate::table::{Cell, Column, SHAPES, Shape, Table, code, column, day, text, write};
use crate::told::{Told, UAI, check};
use crate::whims::{Whims, whims};
use crate::xml::{Element, leaf, node, prefixed};
use chrono::NaiveDate;
use domain::names::search_key;
use domain::rows::{FileKind, Reference, UNLIMITED};
use importers::Head;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Debug, Clone)]
struct Licence {
    title: String,
    for_teachers: bool,
    publisher: Option<String>,
    ean: Option<String>,
    quantity: u32,
    /// Beside those of the pupils.
    teachers: u32,
    price: Option<i64>,
    state: u16,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

prop_compose! {
    fn licence()(
        subject in last_name(),
        for_teachers in any::<bool>(),
        publisher in maybe(last_name()),
        ean in maybe(ean()),
        (quantity, teachers) in (0..3_000_u32, 0..40_u32),
        price in maybe(0..90_000_i64),
        state in select(&[0_u16, 1, 2, 3, 4, 6, 7, 9, 10, 14, 15, 20, 35, 55, 57, 58, 59][..]),
        valid_from in maybe(day_from((2020, 7, 1), 100)),
        valid_to in maybe(day_from((2021, 7, 1), 900)),
    ) -> Licence {
        let title = format!("{subject} 2de, licence {}", if for_teachers { "enseignant" } else { "élève 1 an" });
        Licence { title, for_teachers, publisher, ean, quantity, teachers, price, state, valid_from, valid_to }
    }
}

impl Licence {
    fn reference(&self, source: &str, id: String) -> Reference {
        let (students, teachers) =
            if self.for_teachers { (0, self.quantity) } else { (self.quantity, self.teachers) };
        Reference::Licence {
            source: source.into(),
            id,
            title: self.title.clone(),
            publisher: self.publisher.clone(),
            ean: self.ean.clone(),
            ark: None,
            students,
            teachers,
            unit_price: self.price,
            state: None,
            free: self.for_teachers && self.price == Some(0),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }

    fn price(&self) -> Cell {
        self.price.map_or(Cell::Empty, Cell::Money)
    }
}

fn columns(of: &[(&str, &str)], licences: &[Licence]) -> Vec<Column> {
    of.iter().map(|(title, all)| column(*title, licences, |_| text(*all))).collect()
}

/// A line of the feed is told by its own number; state 58 is given with the pupils' licences.
fn orders(licences: &[Licence], whims: &mut Whims) -> (Vec<u8>, Told) {
    let id = |place: usize| format!("11111111-aaaa-4bbb-8ccc-{place:012}");
    let mut table = columns(
        &[
            ("DISTRIBUTEUR", "LDE"),
            ("TYPE", "Numérique"),
            ("PRIX_HT", "6,50"),
            ("TVA5_5", "6,86"),
            ("TVA20", "0,00"),
            ("REMISE", "0,00"),
            ("UAI", UAI),
            ("NOM_ETS", "LPO DES BOIS (FICTIF)"),
            ("ADRESSE", "1 RUE INVENTEE 57999 METZ"),
            ("REASSORT", "NON"),
            ("TYPE_LDC", "E"),
            ("DATE_BL", "00/00/00"),
            ("REF_ACHAT", "DEV-2020-17"),
            ("ID_BL", ""),
        ],
        licences,
    );
    let numbered: Vec<(usize, &Licence)> = licences.iter().enumerate().collect();
    table.extend([
        column("TITRE", licences, |licence| text(&licence.title)),
        column("EDITEUR", licences, |licence| text(licence.publisher.clone().unwrap_or_default())),
        column("EAN", licences, |licence| text(licence.ean.clone().unwrap_or_default())),
        column("QTE", licences, |licence| text(licence.quantity.to_string())),
        column("PRIX_TTC", licences, Licence::price),
        column("DATE_ACHAT", licences, |licence| day(licence.valid_from)),
        column("ETAT", licences, |licence| text(licence.state.to_string())),
        column(
            "UUID_LIGNE_LDE",
            &numbered,
            |(place, _)| if place % 5 == 4 { Cell::Empty } else { text(id(*place)) },
        ),
        column("ID_CGI", &numbered, |(place, _)| text((500_001 + place).to_string())),
    ]);
    let written =
        write(Table { columns: table, separator: Some('|'), ..Table::default() }, Shape::Csv, whims);
    let mut told = Told::default();
    for ((place, licence), row) in licences.iter().enumerate().zip(&written.rows) {
        // Without a number of LDE's own, it is that of its shop.
        let id = if place % 5 == 4 { (500_001 + place).to_string() } else { id(place) };
        let free = licence.state == 58;
        let told_of = Licence {
            for_teachers: free || licence.for_teachers,
            teachers: 0,
            valid_from: None,
            valid_to: None,
            ..licence.clone()
        };
        let mut reference = told_of.reference("lde_order", id);
        if let Reference::Licence { state: its, free: is, .. } = &mut reference {
            (*its, *is) = (Some(licence.state), free);
        }
        told.refer(*row, reference);
    }
    told.head.establishment = (!licences.is_empty()).then(|| UAI.into());
    (written.bytes, told.counting(&[("licence", licences.len())]))
}

fn quote(licences: &[Licence], shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let (has_reference, has_more) = (whims.one_in(2), whims.one_in(2));
    let numbered: Vec<(usize, &Licence)> = licences.iter().enumerate().collect();
    let id = |place: usize| format!("D17-{place}");
    let mut table = vec![
        column(whims.pick(&["EAN", "ISBN", "Code EAN"]), licences, |licence| code(licence.ean.as_deref())),
        column(whims.pick(&["Titre", "Intitulé"]), licences, |licence| text(&licence.title)),
        column("Éditeur", licences, |licence| text(licence.publisher.clone().unwrap_or_default())),
        column(whims.pick(&["Qté", "Quantité"]), licences, |licence| {
            code(Some(licence.quantity.to_string()))
        }),
        column(whims.pick(&["Prix unitaire TTC", "PU TTC"]), licences, Licence::price),
    ];
    if has_reference {
        table.push(column("Réf. devis", &numbered, |(place, _)| text(id(*place))));
    }
    if has_more {
        table.push(column("Licences enseignants", licences, |licence| {
            code(Some(licence.teachers.to_string()))
        }));
        table.push(column("Début de validité", licences, |licence| day(licence.valid_from)));
        table.push(column("Fin de validité", licences, |licence| day(licence.valid_to)));
    }
    let above = vec![vec![text("Devis n° DEV-2020-17")], vec![text("Lycée inventé")]];
    let below = [(1, text("Total TTC")), (4, Cell::Money(24_010))]
        .map(|(place, cell): (usize, _)| (table[place].title.clone(), cell))
        .to_vec();
    let written = write(Table { above, columns: table, below, ..Table::default() }, shape, whims);
    let mut told = Told::default();
    let mut seen: Vec<String> = Vec::new();
    for ((place, licence), row) in licences.iter().enumerate().zip(&written.rows) {
        let id = if has_reference {
            id(place)
        } else {
            licence.ean.clone().unwrap_or_else(|| search_key(&licence.title))
        };
        seen.push(id.clone());
        let before = seen.iter().filter(|known| **known == id).count();
        let id = if before > 1 { format!("{id}/{before}") } else { id };
        let licence = if has_more {
            licence.clone()
        } else {
            Licence { teachers: 0, valid_from: None, valid_to: None, ..licence.clone() }
        };
        told.refer(*row, licence.reference("lde_quote", id));
    }
    (written.bytes, told.counting(&[("licence", licences.len())]))
}

/// A number of licences, of which one is no limit.
fn granted(count: u32) -> (String, u32) {
    if count % 7 == 3 { ("ILLIMITE".into(), UNLIMITED) } else { (count.to_string(), count) }
}

/// The element of a subscription, and what it tells.
fn subscription(place: usize, licence: &Licence, whims: &mut Whims) -> (Element, Reference) {
    let (id, ark) = (format!("FICTIF-2020-{place:04}"), format!("ark:/99999/fictif{place}"));
    let mut fields = vec![
        leaf("idAbonnement", &id),
        leaf("idRessource", &ark),
        leaf("libelleRessource", &licence.title),
        leaf("categorieAffectation", "transferable"),
        leaf("uaiEtab", UAI),
    ];
    fields.extend(whims.one_in(2).then(|| leaf("typeIdRessource", "ark")));
    fields.extend(whims.one_in(4).then(|| leaf("uaiEtab", "0570991T")));
    fields.extend(
        licence.valid_from.map(|day| leaf("debutValidite", day.format("%Y-%m-%dT00:00:00").to_string())),
    );
    let valid_to = match licence.valid_to {
        Some(day) => {
            fields.push(leaf(
                "finValidite",
                day.format(whims.pick(&["%Y-%m-%dT23:59:59", "%Y-%m-%d"])).to_string(),
            ));
            Some(day)
        }
        None => {
            fields.push(leaf("anneeFinValidite", "2020-2021"));
            NaiveDate::from_ymd_opt(2021, 8, 31)
        }
    };
    let ((many, students), (few, teachers)) = (granted(licence.quantity), granted(licence.teachers));
    let (students, teachers) = if whims.one_in(2) {
        fields.extend([leaf("typeAffectation", "INDIV"), leaf("nbLicenceEleve", many)]);
        fields.push(leaf("nbLicenceEnseignant", few));
        (students, teachers)
    } else {
        fields.extend([leaf("typeAffectation", "ETABL"), leaf("nbLicenceGlobale", many)]);
        fields.push(leaf("publicCible", if licence.for_teachers { "ENSEIGNANT" } else { "ELEVE" }));
        if licence.for_teachers { (0, students) } else { (students, 0) }
    };
    whims.shuffle(&mut fields);
    let reference = Reference::Licence {
        source: "gar".into(),
        id,
        title: licence.title.clone(),
        publisher: None,
        ean: None,
        ark: Some(ark),
        students,
        teachers,
        unit_price: None,
        state: None,
        free: false,
        valid_from: licence.valid_from,
        valid_to,
    };
    (node("abonnement", fields), reference)
}

fn subscriptions(licences: &[Licence], whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let mut elements = Vec::new();
    for (place, licence) in licences.iter().enumerate() {
        let (element, reference) = subscription(place, licence, whims);
        told.refer(u32::try_from(place + 1).unwrap(), reference);
        elements.push(element);
    }
    let root = match elements.pop() {
        Some(alone) if elements.is_empty() && whims.one_in(2) => alone,
        last => node("abonnements", elements.into_iter().chain(last).collect()),
    };
    told.head = Head { establishment: Some(UAI.into()), ..Head::default() };
    let root = root.with("xmlns", "http://www.atosworldline.com/wsabonnement/v1.0/");
    (prefixed(&root, whims.pick(&["", "ns2:"]), "", whims), told.counting(&[("licence", licences.len())]))
}

fn licences(most: usize) -> impl Strategy<Value = Vec<Licence>> {
    prop::collection::vec(licence(), 0..=most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn orders_of_lde(licences in licences(20), mut whims in whims()) {
        let (bytes, told) = orders(&licences, &mut whims);
        check(FileKind::Orders, &bytes, &told)?;
    }

    #[test]
    fn quotations_of_lde(licences in licences(20), shape in select(&SHAPES[..]), mut whims in whims()) {
        let (bytes, told) = quote(&licences, shape, &mut whims);
        check(FileKind::Quote, &bytes, &told)?;
    }

    #[test]
    fn subscriptions_of_the_gar(licences in licences(8), mut whims in whims()) {
        let (bytes, told) = subscriptions(&licences, &mut whims);
        check(FileKind::Subscription, &bytes, &told)?;
    }
}
