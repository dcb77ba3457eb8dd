//! What whole texts mean, across the makers' rules.

use super::{Elsewhere, classify, classify_typed};

/// text, serial that must be first, what it is elsewhere
type Case<'a> = (&'a str, Option<&'a str>, Option<Elsewhere>);

const CASES: [Case; 44] = [
    // Scanners and their habits.
    ("5CD030BC10", Some("5CD030BC10"), None),
    ("5CD030BC10\t", Some("5CD030BC10"), None),
    ("5CD030BC10\r\n", Some("5CD030BC10"), None),
    ("5cd030bc10\\t", Some("5CD030BC10"), None),
    (" 5cd 030 bc10 ", Some("5CD030BC10"), None),
    ("]C05CD030BC10", Some("5CD030BC10"), None),
    ("]d15CD030BC10", Some("5CD030BC10"), None),
    ("]Q15cd030bc10\r", Some("5CD030BC10"), None),
    // Makers.
    ("9ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("9zz99ea#abf", None, Some(Elsewhere::PartNumber)),
    ("]C09ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("1P9ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("P9ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("S9ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("1S20ZZS00100PF0FAKE1", Some("PF0FAKE1"), None),
    ("1s20zzs00100pf0fake1", Some("PF0FAKE1"), None),
    ("1S20ZZZZZPFFAKE1", Some("PFFAKE1"), None),
    ("8SSB10F46440L1CZ58FAKE01", None, Some(Elsewhere::PartNumber)),
    ("PF0FAKE1", Some("PF0FAKE1"), None),
    ("FAKE123", Some("FAKE123"), None),
    ("33290643675", Some("FAKE123"), None),
    ("332-906-436-75", Some("FAKE123"), None),
    ("NXZZZZF00100000FAKE000", Some("NXZZZZF00100000FAKE000"), None),
    ("00000000000", Some("00000000000"), None),
    ("MGN63FN/A", None, Some(Elsewhere::PartNumber)),
    ("1PMGN63FN/A", None, Some(Elsewhere::PartNumber)),
    ("C02ZZ0ZZMD6R", Some("C02ZZ0ZZMD6R"), None),
    // What stands beside a serial number.
    ("00:1A:2B:3C:4D:5E", None, Some(Elsewhere::Mac)),
    ("00-1A-2B-3C-4D-5E", None, Some(Elsewhere::Mac)),
    ("0200000000AB", Some("0200000000AB"), Some(Elsewhere::Mac)),
    ("4006381333931", Some("4006381333931"), Some(Elsewhere::Product)),
    ("]E04006381333931", Some("4006381333931"), Some(Elsewhere::Product)),
    ("https://lycee.example/entraide", Some("HTTPS://LYCEE.EXAMPLE/ENTRAIDE"), Some(Elsewhere::Data)),
    // Several fields in one text.
    ("]C1010400638133393121FAKE123", Some("FAKE123"), None),
    ("(01)04006381333931(21)5cd030bc10", Some("5CD030BC10"), None),
    ("]d2010400638133393121PF0FAKE1\u{1d}24020ZZS00100", Some("PF0FAKE1"), None),
    ("]C10104006381333931", None, Some(Elsewhere::Product)),
    ("]C12409ZZ99EA#ABF", None, Some(Elsewhere::PartNumber)),
    ("]d2112011301720113010LOT1", None, Some(Elsewhere::Data)),
    ("[)>\u{1e}06\u{1d}1P9ZZ99EA#ABF\u{1d}S5CD030BC10\u{1e}\u{4}", Some("5CD030BC10"), None),
    ("[)>\u{1e}05\u{1d}0104006381333931\u{1d}215CD030BC10\u{1e}\u{4}", Some("5CD030BC10"), None),
    ("[)>\u{1e}06\u{1d}1P9ZZ99EA#ABF\u{1e}\u{4}", None, Some(Elsewhere::PartNumber)),
    ("", None, None),
    ("\u{1d}\t", None, None),
];

#[test]
fn texts_have_the_meanings_of_their_makers() {
    for (text, serial, elsewhere) in CASES {
        let label = classify(text);
        assert_eq!(label.serials.first().map(String::as_str), serial, "{text:?}");
        assert_eq!(label.elsewhere(), elsewhere, "{text:?}");
        assert!(label.alike.is_empty(), "{text:?} was scanned");
    }
}

#[test]
fn a_data_identifier_offers_both_readings() {
    let label = classify("S5CD030BC10");
    assert!(label.serials.contains(&"5CD030BC10".to_owned()));
    assert!(label.serials.contains(&"S5CD030BC10".to_owned()));
}

#[test]
fn eleven_digits_are_acer_or_dell() {
    let label = classify("00000000000");
    assert_eq!(label.makers, ["Acer"]);
    let label = classify("33290643675");
    assert_eq!(label.makers, ["Dell", "Acer"]);
    assert_eq!(label.serials, ["FAKE123", "33290643675"]);
}

#[test]
fn sixteen_unmarked_digits_are_offered_whole_and_as_elements() {
    let label = classify("010400638133393121FAKE123");
    assert_eq!(label.serials, ["FAKE123", "010400638133393121FAKE123"]);
    assert_eq!(classify("0104006381333931").elsewhere(), None);
}

#[test]
fn an_address_offers_the_serial_number_in_it() {
    let label = classify("https://support.example/qr?sn=5cd030bc10&pn=9ZZ99EA");
    assert!(label.serials.contains(&"5CD030BC10".to_owned()));
    let label = classify("S/N: PF0FAKE1; MTM: 20ZZS00100");
    assert!(label.serials.contains(&"PF0FAKE1".to_owned()));
    assert_eq!(label.elsewhere(), None);
}

#[test]
fn a_badge_is_opaque_text() {
    assert_eq!(classify("Cantine 4711\r").badges, ["Cantine 4711"]);
    assert_eq!(classify("]C1Cantine 4711").badges, ["]C1Cantine 4711", "Cantine 4711"]);
    assert_eq!(classify("el0123456789").badges, ["el0123456789", "EL0123456789"]);
    assert_eq!(classify("elol23456789").badges, ["elol23456789"]);
    assert_eq!(classify_typed("elol23456789").badges, ["elol23456789", "EL0123456789"]);
    // A school's number, even as eleven characters of a code that a pupil carries, is no maker's.
    assert_eq!(classify("0579999J04101").makers, Vec::<String>::new());
}

#[test]
fn a_charter_is_nothing_else() {
    let label = classify("]C1ch0123456789-2");
    assert_eq!(label.charter.as_deref(), Some("CH0123456789-2"));
    assert!(label.serials.is_empty() && label.badges.is_empty());
    assert_eq!(classify("CHO123456789-2").charter, None);
    assert_eq!(classify_typed("CHO123456789-2").charter.as_deref(), Some("CH0123456789-2"));
}

#[test]
fn typed_texts_are_folded() {
    assert_eq!(classify_typed("5cdo3obc1o").alike, ["5CD030BC10"]);
    assert_eq!(classify_typed("3329O643675").alike.first().map(String::as_str), Some("33290643675"));
    assert!(classify_typed("3329O643675").alike.contains(&"FAKE123".to_owned()));
    assert!(classify_typed("9ZZ99EA#ABF").alike.is_empty());
}

/// Whatever is read: no panic, no endless list, and the text typed names at least what it
/// names scanned.
#[test]
fn any_text_is_classified() {
    let pieces = [
        "",
        "é",
        "S",
        "1S",
        "1P",
        "]C1",
        "]d2",
        "]",
        "(21)",
        "(",
        ")",
        "#",
        "/A",
        "\u{0}",
        "\u{1d}",
        "ſ",
        "[)>",
        "\u{1e}",
        "06",
        "05",
        "01",
        "04006381333931",
        "21",
        "240",
        "EL",
        "CH",
        "0123456789",
        "-1",
        "5CD030BC10",
        "://",
        ":",
        "O",
        "8S",
        "\\t",
        "<GS>",
        " ",
        "1S20ZZS00100PF0FAKE1",
    ];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let text = format!("{first}{second}{third}");
                let (scanned, typed) = (classify(&text), classify_typed(&text));
                assert!(scanned.serials.len() <= 40, "{text:?}");
                if typed.charter.is_none() {
                    assert!(scanned.serials.iter().all(|serial| typed.serials.contains(serial)), "{text:?}");
                    assert!(scanned.badges.iter().all(|badge| typed.badges.contains(badge)), "{text:?}");
                }
                // The order of readings does not depend on what the scanner put around them.
                assert_eq!(classify(&format!("{text}\r\n")).serials, scanned.serials, "{text:?}");
            }
        }
    }
    let long = "5CD030BC10;".repeat(10_000);
    assert!(classify(&long).serials.len() <= 40);
}
