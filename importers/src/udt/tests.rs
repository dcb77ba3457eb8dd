use super::*;
use crate::told::{told, zipped};

const DIVISIONS: &str = "<UDT><divisions><div code=\"D1\" libelle=\"Seconde &amp; 1\" code_sts=\"2GT1\"/>\
    <div code=\"D2\" code_sts=\"\"><libelle>Seconde 2</libelle></div><div code=\"D1\"/><div/>\
    <div code=\"X\" code_sts=\"Inactifs\"/></divisions></UDT>";
const GROUPS: &str = "<UDT><gpe code_div=\"D1\" code=\"A\" id=\"11\"/><gpe code_div=\"D2\" code=\"A\" id=\"12\"/>\
    <gpe code_div=\"D2\" code=\"B\" id=\"13\"/></UDT>";
const PUPILS: &str = "<UDT><eleves><eleve code=\"1\" nom=\"VOLLMERANGE\" prenom=\"Camille\" naissance=\"14/03/2005\"/>\
    <eleve code=\"2\" nom=\"MARTIN\" prenom=\"Lucas\" naissance=\"07/06/2005\"/>\
    <eleve code=\"3\" nom=\"NGUYEN\" prenom=\"Linh\" naissance=\"?\"/><eleve code=\"4\" nom=\"SANS\"/>\
    <eleve code=\"5\" nom=\"GRAND\" prenom=\"Théo\"/><eleve code=\"6\" nom=\"PETIT\" prenom=\"Ana\"/></eleves></UDT>";
const LINKS: &str = "<UDT><ele_gpe ele=\"1\" code_div=\"D1\" gpe=\"\"/><ele_gpe ele=\"1\" code_div=\"D2\" gpe=\"A\"/>\
    <ele_gpe ele=\"2\" code_div=\"\" gpe=\"B\"/><ele_gpe ele=\"3\" code_div=\"D1\" gpe=\"A\"/>\
    <ele_gpe ele=\"3\" code_div=\"D2\" gpe=\"A\"/><ele_gpe ele=\"5\" code_div=\"D1\" gpe=\"A\" theorique=\"0\"/>\
    <ele_gpe ele=\"6\" gpe=\"A\"/><ele_gpe ele=\"\" code_div=\"D1\"/><ele_gpe ele=\"5\" code_div=\"D9\"/></UDT>";
const YEAR: &str = "<UDT><init><annee>2020</annee><debut_eleve>01/09/2020</debut_eleve></init></UDT>";

#[test]
fn divisions_and_pupils_by_the_links_of_their_groups() {
    let zip = zipped(&[
        ("udcal_10.XML", PUPILS.as_bytes()),
        ("UDCal_21.xml", LINKS.as_bytes()),
        ("x/UDCal_19.xml", GROUPS.as_bytes()),
        ("UDCal_08.xml", DIVISIONS.as_bytes()),
        ("UDCal_00.xml", YEAR.as_bytes()),
        ("UDCal_12_01.xml", b"<broken"),
        ("semaines.xml", b"<semaines/>"),
    ]);
    let told = told(&zip, |source, uai, sink| read(source, uai, sink)).unwrap();
    let classes: Vec<_> = told.references.iter().map(|row| row.reference.label()).collect();
    assert_eq!(classes, ["2GT1", "D2"]);
    let pupils: Vec<_> = told.students.iter().map(|s| (s.last_name.as_str(), s.class.as_deref())).collect();
    assert_eq!(
        pupils,
        [
            ("VOLLMERANGE", Some("2GT1")),
            ("MARTIN", Some("D2")),
            ("NGUYEN", None),
            ("GRAND", None),
            // A code that two divisions use tells none.
            ("PETIT", None),
        ]
    );
    assert_eq!(
        told.issues(),
        [
            (Some(3), "code", "duplicate_class"),
            (Some(4), "code", "missing"),
            (Some(3), "code_div", "several_classes"),
            (Some(3), "naissance", "not_a_date"),
            (Some(4), "prenom", "missing"),
        ]
    );
    let head = &told.head;
    assert_eq!((head.read["class"], head.read["students"], head.school_year), (5, 6, Some(2020)));
    assert!(!head.complete);
}

#[test]
fn archives_that_are_refused() {
    let bomb = format!("<UDT>{}</UDT>", "<div/>".repeat(500_000));
    let cases: [(Vec<u8>, &str); 4] = [
        (zipped(&[("UDCal_08.xml", DIVISIONS.as_bytes())]), "udt_entries"),
        (zipped(&[("UDCal_08.xml", b"<UDT>"), ("UDCal_10.xml", b"<UDT/>")]), "xml_broken"),
        (zipped(&[("UDCal_08.xml", bomb.as_bytes()), ("UDCal_10.xml", b"<UDT/>")]), "zip_too_large"),
        (b"PK\x03\x04".to_vec(), "zip_broken"),
    ];
    for (bytes, code) in cases {
        assert_eq!(told(&bytes, |source, uai, sink| read(source, uai, sink)).err(), Some(code));
    }
}

#[test]
fn the_folder_of_another_school_is_refused() {
    let of = |folder: &str| {
        let name = |entry: &str| format!("{folder}/{entry}");
        let zip = zipped(&[
            (&name("UDCal_08.xml"), DIVISIONS.as_bytes()),
            (&name("UDCal_10.xml"), PUPILS.as_bytes()),
        ]);
        told(&zip, |source, uai, sink| read(source, uai, sink)).map(|told| told.students.len())
    };
    for folder in ["0579999J", "export/0579999j", "export", "2020-2021"] {
        assert_eq!(of(folder), Ok(5), "{folder}");
    }
    assert_eq!(of("0570001S"), Err("wrong_school"));
}

#[test]
fn names_of_entries() {
    for (name, is) in [
        ("UDCal_08.xml", true),
        ("0579999J/udcal_21.XML", true),
        ("x\\UDCal_00.xml", true),
        ("UDCal_12_01.xml", false),
        ("UDCal_é8.xml", false),
        ("semaines.xml", false),
        ("", false),
    ] {
        assert_eq!(is_entry(name), is, "{name}");
    }
}
