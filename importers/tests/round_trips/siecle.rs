//! SIECLE's exports in XML, plain or as the one file of a zip.

use crate::common::ods::zip;
use crate::school::{MEFS, Pupil, RELATIONSHIPS, School, school};
use crate::told::{Told, UAI, check};
use crate::whims::{Whims, whims};
use crate::xml::{Element, add, file, leaf, node};
use chrono::{NaiveDate, NaiveTime};
use domain::rows::{FileKind, GuardianLinkRow, GuardianRow, Reference, StructureRow};
use importers::Head;
use proptest::prelude::*;

/// A day as SIECLE writes it, or as its schema would.
fn written(day: NaiveDate, whims: &mut Whims) -> String {
    day.format(whims.pick(&["%d/%m/%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT00:00:00"])).to_string()
}

/// The whole export, and what its head says: with or without the hour.
fn export(root: &str, school: &School, data: Vec<Element>, whims: &mut Whims) -> (Vec<u8>, Head) {
    let timed = !whims.one_in(4);
    let mut parameters = vec![
        leaf("UAJ", if whims.one_in(6) { UAI.to_lowercase() } else { UAI.to_owned() }),
        leaf("ANNEE_SCOLAIRE", school.year.to_string()),
        leaf("DATE_EXPORT", school.exported_at.format("%d/%m/%Y").to_string()),
    ];
    let hour = school.exported_at.format("%d/%m/%Y %H:%M:%S").to_string();
    add(&mut parameters, "HORODATAGE", timed.then_some(hour.as_str()), whims);
    whims.shuffle(&mut parameters);
    let root = node(root, vec![node("PARAMETRES", parameters), node("DONNEES", data)])
        .with("VERSION", whims.pick(&["3.0", "2.1", "1.7"]));
    let midnight = school.exported_at.date().and_time(NaiveTime::MIN);
    let head = Head {
        establishment: Some(UAI.into()),
        school_year: Some(school.year),
        exported_at: Some(if timed { school.exported_at } else { midnight }),
        complete: true,
        ..Head::default()
    };
    (zipped(file(&root, whims), whims), head)
}

/// As it is, or as the one file of a zip, beside what an Apple adds.
pub fn zipped(bytes: Vec<u8>, whims: &mut Whims) -> Vec<u8> {
    match whims.below(6) {
        4 => zip(&[("Export.xml", &bytes)]),
        5 => zip(&[("__MACOSX/._export.xml", b"\0"), ("export/", b""), ("export/export.xml", &bytes)]),
        _ => bytes,
    }
}

fn pupil(pupil: &Pupil, addresses: bool, whims: &mut Whims) -> Element {
    let ine =
        pupil.ine.as_deref().map(|ine| if whims.one_in(6) { ine.to_lowercase() } else { ine.to_owned() });
    let mut fields = Vec::new();
    match whims.below(4) {
        0 => add(&mut fields, "ID_NATIONAL", ine.as_deref(), whims),
        1 => add(&mut fields, "INE_BEA", ine.as_deref(), whims),
        2 => add(&mut fields, "INE_RNIE", ine.as_deref(), whims),
        _ if ine.is_none() => {}
        // The newest number is taken of several.
        _ => {
            add(&mut fields, "INE_RNIE", ine.as_deref(), whims);
            fields.push(leaf("INE_BEA", "1999000014C"));
        }
    }
    let name = pupil.last_name.as_str();
    match whims.below(4) {
        0 => fields.push(leaf("NOM_DE_FAMILLE", name)),
        1 => fields.push(leaf("NOM", name)),
        2 => fields.extend([leaf("NOM_DE_FAMILLE", name), leaf("NOM_USAGE", "USUEL")]),
        _ => fields.extend([leaf("NOM_DE_FAMILLE", ""), leaf("NOM_USAGE", name)]),
    }
    fields.extend([leaf("PRENOM", &pupil.first_name), leaf("PRENOM2", "Autre"), leaf("CODE_SEXE", "2")]);
    for (name, date) in [("DATE_NAISS", pupil.birth_date), ("DATE_SORTIE", pupil.left_on)] {
        let date = date.map(|date| written(date, whims));
        add(&mut fields, name, date.as_deref(), whims);
    }
    add(&mut fields, "CODE_MEF", pupil.mef.as_deref(), whims);
    if whims.one_in(2) {
        let last_year =
            [("CODE_MEF", "10310019110"), ("CODE_STRUCTURE", "3A"), ("MEL", "college@exemple.invalid")];
        fields.push(node("SCOLARITE_AN_DERNIER", last_year.map(|(name, text)| leaf(name, text)).to_vec()));
    }
    if addresses {
        fields.extend([leaf("ADRESSE_ID", "990101"), leaf("TEL_PORTABLE", "+33600000001")]);
    }
    whims.shuffle(&mut fields);
    let element = node("ELEVE", fields).with("ELEVE_ID", &pupil.eleve_id);
    if whims.one_in(2) { element.with("ELENOET", "4101") } else { element }
}

/// Blocks of structures, and what is to be told of them: the division, and groups that entitle.
fn structures(school: &School, told: &mut Told, whims: &mut Whims) -> Vec<Element> {
    let mut blocks = Vec::new();
    let mut position = 0;
    for pupil in &school.pupils {
        let groups = pupil.groups.iter().map(|group| ((*group).to_owned(), false));
        let mut structures: Vec<(String, bool)> = groups.collect();
        structures.push((pupil.class.clone().unwrap_or_else(|| "Inactifs".into()), true));
        whims.shuffle(&mut structures);
        let mut elements = Vec::new();
        for (code, division) in structures {
            position += 1;
            if division && pupil.class.is_some() || code.contains("ULIS") || code.contains("UPE2A") {
                let (eleve_id, code) = (pupil.eleve_id.clone(), code.clone());
                told.structures.push(StructureRow { position, eleve_id, code, division });
            }
            let kind = if division { "D" } else { "G" };
            let mut structure = vec![leaf("CODE_STRUCTURE", code), leaf("TYPE_STRUCTURE", kind)];
            whims.shuffle(&mut structure);
            elements.push(node("STRUCTURE", structure));
        }
        // One pupil may have several blocks.
        let rest = elements.split_off(if whims.one_in(3) { 1 } else { elements.len() });
        for part in [elements, rest].into_iter().filter(|part| !part.is_empty()) {
            blocks.push(node("STRUCTURES_ELEVE", part).with("ELEVE_ID", &pupil.eleve_id));
        }
    }
    blocks
}

fn eleves(school: &School, addresses: bool, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let pupils = school.pupils.iter().map(|one| pupil(one, addresses, whims)).collect();
    let blocks = structures(school, &mut told, whims);
    let mut data = vec![node("ELEVES", pupils), node("OPTIONS", Vec::new()), node("STRUCTURES", blocks)];
    if addresses {
        let address =
            ["LIGNE1_ADRESSE", "LIBELLE_POSTAL"].map(|name| leaf(name, "12 RUE DES SAULES")).to_vec();
        data.push(node("ADRESSES", vec![node("ADRESSE", address).with("ADRESSE_ID", "990101")]));
    }
    // The file tells classes in a list of their own.
    told.students = (1..)
        .zip(&school.pupils)
        .map(|(row, pupil)| Pupil { class: None, ..pupil.clone() }.row(row))
        .collect();
    let (bytes, head) = export("BEE_ELEVES", school, data, whims);
    told.head = head;
    (bytes, told.counting(&[("students", school.pupils.len())]))
}

fn responsables(school: &School, old: bool, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let (mut persons, mut links) = (Vec::new(), Vec::new());
    for (row, guardian) in (1..).zip(&school.guardians) {
        let name = guardian.last_name.as_str();
        let mut fields = match (old, whims.below(3)) {
            (true, _) => vec![leaf("NOM", name)],
            (false, 0) => vec![leaf("NOM_DE_FAMILLE", name)],
            (false, 1) => vec![leaf("NOM_DE_FAMILLE", "DE NAISSANCE"), leaf("NOM_USAGE", name)],
            (false, _) => vec![leaf("NOM_DE_FAMILLE", name), leaf("NOM_USAGE", "")],
        };
        add(&mut fields, "PRENOM", Some(guardian.first_name.as_str()).filter(|name| !name.is_empty()), whims);
        let phone = guardian.phone.as_deref().map(|phone| spaced(phone, whims));
        if whims.one_in(2) {
            add(&mut fields, "TEL_PERSONNEL", phone.as_deref(), whims);
        } else {
            add(&mut fields, "TEL_PORTABLE", phone.as_deref(), whims);
            // The mobile one is taken of two.
            add(&mut fields, "TEL_PERSONNEL", phone.as_ref().map(|_| "+33300000009"), whims);
        }
        add(&mut fields, "MEL", guardian.email.as_deref(), whims);
        fields.extend([leaf("LC_CIVILITE", "MME"), leaf("TEL_PROFESSIONNEL", "+33300000099")]);
        whims.shuffle(&mut fields);
        persons.push(node("PERSONNE", fields).with("PERSONNE_ID", &guardian.person_id));
        told.guardians.push(GuardianRow {
            row,
            person_id: guardian.person_id.clone(),
            last_name: guardian.last_name.clone(),
            first_name: guardian.first_name.clone(),
            phone: guardian.phone.clone(),
            email: guardian.email.clone(),
        });
        if guardian.links.is_empty() {
            told.fault(Some(row), "guardian_without_student");
        }
        links.extend(guardian.links.iter().map(|link| (&guardian.person_id, link)));
    }
    whims.shuffle(&mut links);
    let mut elements = Vec::new();
    for (row, (person_id, link)) in (1..).zip(links) {
        let (code, word) = RELATIONSHIPS[link.relationship];
        let mut fields = vec![leaf("ELEVE_ID", &link.eleve_id), leaf("PERSONNE_ID", person_id)];
        let (name, level, told_level) = match (old, link.level) {
            (false, level) => ("NIVEAU_RESPONSABILITE", level.to_string(), level),
            (true, 1) => ("RESP_LEGAL", whims.pick(&["1", "2"]).to_owned(), 1),
            // There was nobody between the legal guardians and all others.
            (true, _) => ("RESP_LEGAL", "0".to_owned(), 3),
        };
        fields.push(leaf(name, level));
        // Nothing said is « autre ».
        add(&mut fields, "CODE_PARENTE", (word != "autre" || whims.one_in(2)).then_some(code), whims);
        fields.push(leaf(if old { "PERS_PAIMENT" } else { "PAIE_FRAIS_SCOLAIRES" }, "1"));
        whims.shuffle(&mut fields);
        elements.push(node("RESPONSABLE_ELEVE", fields));
        told.links.push(GuardianLinkRow {
            row,
            eleve_id: link.eleve_id.clone(),
            person_id: person_id.clone(),
            level: told_level,
            relationship: word.into(),
        });
    }
    let count = elements.len();
    let data = vec![node("PERSONNES", persons), node("RESPONSABLES", elements), leaf("ADRESSES", "")];
    let (bytes, head) = export("BEE_RESPONSABLES", school, data, whims);
    told.head = head;
    (bytes, told.counting(&[("guardians", school.guardians.len()), ("links", count)]))
}

/// The number with blanks in it, as people type it.
fn spaced(phone: &str, whims: &mut Whims) -> String {
    let space = whims.pick(&["", " ", "  "]);
    let pairs: Vec<String> =
        phone.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into()).collect();
    pairs.join(space)
}

fn structures_file(school: &School, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let mut divisions = Vec::new();
    for (row, class) in (1..).zip(&school.classes) {
        if whims.one_in(4) {
            divisions.push(
                node("DIVISION", Vec::new()).with("CODE_STRUCTURE", whims.pick(&["Inactifs", "INACTIFS"])),
            );
        }
        let code = |mef: &&str| node("MEF_APPARTENANCE", vec![leaf("CODE_MEF", *mef)]);
        let mut mefs: Vec<Element> = class.mefs.iter().map(code).collect();
        if whims.one_in(4) {
            mefs.extend(class.mefs.first().map(code));
        }
        let mut fields = vec![node("MEFS_APPARTENANCE", mefs)];
        add(&mut fields, "LIBELLE_LONG", Some(class.label.as_str()).filter(|label| !label.is_empty()), whims);
        whims.shuffle(&mut fields);
        divisions.push(node("DIVISION", fields).with("CODE_STRUCTURE", class.code));
        if class.mefs.is_empty() {
            told.fault(Some(row), "class_without_mef");
        }
        told.refer(
            row,
            Reference::Class {
                source: "siecle".into(),
                code: class.code.into(),
                label: class.label.clone(),
                mefs: class.mefs.iter().map(|mef| (*mef).to_owned()).collect(),
                expected: None,
            },
        );
    }
    let group = node("GROUPE", vec![leaf("LIBELLE_LONG", "ANGLAIS")]).with("CODE_STRUCTURE", "2ANG1");
    let data = vec![node("DIVISIONS", divisions), node("GROUPES", vec![group])];
    let (bytes, head) = export("BEE_STRUCTURES", school, data, whims);
    told.head = head;
    (bytes, told.counting(&[("class", school.classes.len())]))
}

fn nomenclature(school: &School, labels: &[String], whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let mut elements = Vec::new();
    for ((row, label), (code, mefstat, national)) in (1..).zip(labels).zip(MEFS) {
        let mut fields = match whims.below(3) {
            0 => vec![leaf("LIBELLE_EDITION", label), leaf("LIBELLE_LONG", "AUTRE")],
            1 => vec![leaf("LIBELLE_LONG", label), leaf("FORMATION", "AUTRE")],
            _ => vec![leaf("FORMATION", label), leaf("LIBELLE_EDITION", "")],
        };
        add(&mut fields, "CODE_MEFSTAT", mefstat, whims);
        // A national one names itself, or nothing.
        add(&mut fields, "MEF_RATTACHEMENT", national.or(whims.one_in(2).then_some(code)), whims);
        whims.shuffle(&mut fields);
        elements.push(node("MEF", fields).with("CODE_MEF", code));
        let (mefstat, national) = (mefstat.map(str::to_owned), national.map(str::to_owned));
        told.refer(row, Reference::Mef { code: code.into(), label: label.clone(), mefstat, national });
    }
    let subject = node("MATIERE", vec![leaf("LIBELLE_COURT", "ANGLAIS")]).with("CODE_MATIERE", "030201");
    let data = vec![node("MEFS", elements), node("MATIERES", vec![subject])];
    let (bytes, head) = export("BEE_NOMENCLATURES", school, data, whims);
    told.head = head;
    (bytes, told.counting(&[("mef", labels.len())]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pupils(school in school(), addresses in any::<bool>(), mut whims in whims()) {
        let (bytes, told) = eleves(&school, addresses, &mut whims);
        check(FileKind::Students, &bytes, &told)?;
    }

    #[test]
    fn guardians(school in school(), old in any::<bool>(), mut whims in whims()) {
        let (bytes, told) = responsables(&school, old, &mut whims);
        check(FileKind::Guardians, &bytes, &told)?;
    }

    #[test]
    fn divisions(school in school(), mut whims in whims()) {
        let (bytes, told) = structures_file(&school, &mut whims);
        check(FileKind::Structures, &bytes, &told)?;
    }

    #[test]
    fn mefs(
        school in school(),
        labels in prop::collection::vec(crate::names::last_name(), 0..=MEFS.len()),
        mut whims in whims(),
    ) {
        let (bytes, told) = nomenclature(&school, &labels, &mut whims);
        check(FileKind::Nomenclature, &bytes, &told)?;
    }
}
