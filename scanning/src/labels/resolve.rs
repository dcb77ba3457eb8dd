//! From what texts may mean to what they do mean: the list of what the school knows is the arbiter.
//! Pure; the caller asks its inventory beforehand for everything that the labels name.

use super::{Elsewhere, Label};

/// What a school knows.
pub trait Known {
    /// A pupil, a laptop, a charter's copy; equal when it is the same one.
    type Thing: PartialEq;

    /// The holder of a badge.
    fn badge(&self, code: &str) -> Option<Self::Thing>;
    /// The copy of a charter sheet, by its code in its printed form.
    fn charter(&self, code: &str) -> Option<Self::Thing>;
    /// The laptop of a serial number.
    fn serial(&self, serial: &str) -> Option<Self::Thing>;
    /// Laptops whose serial number [`super::fold`] makes `folded`.
    fn alike(&self, folded: &str) -> Vec<Self::Thing>;
    /// Whether a model has the part number.
    fn part_number(&self, part_number: &str) -> bool;
    /// Whether a laptop has the address.
    fn mac(&self, address: &str) -> bool;
}

/// Kinds of things that a school knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Student,
    Device,
    Charter,
}

/// What texts turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T> {
    /// What the school knows by them: one thing of a kind, and any number of charter copies, as both lie
    /// in one picture.
    Known(Vec<(Kind, T)>),
    /// Two things of one kind, or with `None` one text that is two kinds of thing: a question,
    /// never a guess.
    Ambiguous(Option<Kind>),
    /// Nothing that a school keeps.
    Elsewhere(Elsewhere),
    /// Could be a badge or a laptop that nobody told the school of.
    Unknown,
}

/// Weighs the labels of one code, or of one picture: a laptop's label has several barcodes (S/N, P/N, MAC),
/// and the one that the school knows wins. Pass the labels of one code for what that code means.
pub fn resolve<K: Known>(labels: &[Label], known: &K) -> Verdict<K::Thing> {
    let mut found: Vec<(Kind, K::Thing)> = Vec::new();
    for label in labels {
        let things = things(label, known);
        let kinds = |kind| things.iter().any(|(other, _)| *other == kind);
        if kinds(Kind::Student) && kinds(Kind::Device) {
            return Verdict::Ambiguous(None);
        }
        things.into_iter().for_each(|thing| add(&mut found, thing));
    }
    for kind in [Kind::Student, Kind::Device] {
        if found.iter().filter(|(other, _)| *other == kind).count() > 1 {
            return Verdict::Ambiguous(Some(kind));
        }
    }
    if !found.is_empty() {
        return Verdict::Known(found);
    }
    let mut verdict = Verdict::Unknown;
    for label in labels {
        match elsewhere(label, known) {
            // One code that could be ours is worth a word, whatever stands beside it.
            None => return Verdict::Unknown,
            Some(what) if verdict == Verdict::Unknown => verdict = Verdict::Elsewhere(what),
            Some(_) => {}
        }
    }
    verdict
}

/// Everything the school knows by one text, each thing once.
fn things<K: Known>(label: &Label, known: &K) -> Vec<(Kind, K::Thing)> {
    let mut things = Vec::new();
    if let Some(code) = &label.charter {
        things.extend(known.charter(code).map(|copy| (Kind::Charter, copy)));
        return things;
    }
    for badge in &label.badges {
        known.badge(badge).into_iter().for_each(|holder| add(&mut things, (Kind::Student, holder)));
    }
    for serial in &label.serials {
        known.serial(serial).into_iter().for_each(|device| add(&mut things, (Kind::Device, device)));
    }
    for folded in &label.alike {
        known.alike(folded).into_iter().for_each(|device| add(&mut things, (Kind::Device, device)));
    }
    things
}

fn elsewhere<K: Known>(label: &Label, known: &K) -> Option<Elsewhere> {
    if label.is_part_number || label.part_numbers.iter().any(|number| known.part_number(number)) {
        return Some(Elsewhere::PartNumber);
    }
    if label.macs.iter().any(|address| known.mac(address)) {
        return Some(Elsewhere::Mac);
    }
    label.elsewhere()
}

fn add<T: PartialEq>(things: &mut Vec<T>, thing: T) {
    if !things.contains(&thing) {
        things.push(thing);
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Known, Verdict, resolve};
    use crate::labels::{Elsewhere, Label, classify, classify_typed, fold};

    /// A school with three laptops, two of them alike, two badges and a charter.
    struct School;

    const SERIALS: [&str; 5] = ["5CD030BC10", "FAKE123", "PF0FAKE1", "L0T0001", "LOT0001"];
    const BADGES: [(&str, u8); 4] =
        [("EL0123456789", 1), ("CANTINE-4711", 2), ("FAKE123", 3), ("123456789012", 4)];

    impl Known for School {
        type Thing = String;

        fn badge(&self, code: &str) -> Option<String> {
            BADGES.iter().find(|(badge, _)| *badge == code).map(|(_, pupil)| format!("pupil {pupil}"))
        }

        fn charter(&self, code: &str) -> Option<String> {
            code.starts_with("CH0123456789-").then(|| code.to_owned())
        }

        fn serial(&self, serial: &str) -> Option<String> {
            SERIALS.contains(&serial).then(|| serial.to_owned())
        }

        fn alike(&self, folded: &str) -> Vec<String> {
            SERIALS
                .iter()
                .filter(|serial| fold(serial) == folded)
                .map(|serial| (*serial).to_owned())
                .collect()
        }

        fn part_number(&self, part_number: &str) -> bool {
            part_number == "20ZZS00100"
        }

        fn mac(&self, address: &str) -> bool {
            address == "02:00:00:00:00:01"
        }
    }

    fn known(kind: Kind, thing: &str) -> Verdict<String> {
        Verdict::Known(vec![(kind, thing.to_owned())])
    }

    #[test]
    fn one_text() {
        for (text, verdict) in [
            ("5CD030BC10", known(Kind::Device, "5CD030BC10")),
            ("]C05cd030bc10\r", known(Kind::Device, "5CD030BC10")),
            ("S5CD030BC10", known(Kind::Device, "5CD030BC10")),
            ("(01)04006381333931(21)5CD030BC10", known(Kind::Device, "5CD030BC10")),
            ("]d201040063813339312 15CD030BC10", Verdict::Unknown),
            ("1S20ZZS00100PF0FAKE1", known(Kind::Device, "PF0FAKE1")),
            ("https://hp.example/?sn=5CD030BC10", known(Kind::Device, "5CD030BC10")),
            ("EL0123456789", known(Kind::Student, "pupil 1")),
            ("]C1EL0123456789", known(Kind::Student, "pupil 1")),
            ("el0123456789", known(Kind::Student, "pupil 1")),
            ("CANTINE-4711", known(Kind::Student, "pupil 2")),
            // Opaque: the case of a badge counts.
            ("cantine-4711", Verdict::Unknown),
            ("ch0123456789-2", known(Kind::Charter, "CH0123456789-2")),
            ("CHZZZZZZZZZZ-1", Verdict::Unknown),
            ("FAKE123", Verdict::Ambiguous(None)),
            ("9ZZ99EA#ABF", Verdict::Elsewhere(Elsewhere::PartNumber)),
            ("20ZZS00100", Verdict::Elsewhere(Elsewhere::PartNumber)),
            ("02:00:00:00:00:AB", Verdict::Elsewhere(Elsewhere::Mac)),
            ("020000000001", Verdict::Elsewhere(Elsewhere::Mac)),
            ("020000000002", Verdict::Unknown),
            ("123456789012", known(Kind::Student, "pupil 4")),
            ("4006381333931", Verdict::Elsewhere(Elsewhere::Product)),
            ("https://lycee.example", Verdict::Elsewhere(Elsewhere::Data)),
            ("5CD030BC11", Verdict::Unknown),
            // Read by a machine, an O is an O.
            ("5CDO30BC10", Verdict::Unknown),
            ("", Verdict::Unknown),
        ] {
            assert_eq!(resolve(&[classify(text)], &School), verdict, "{text:?}");
        }
    }

    #[test]
    fn a_typed_text_may_mean_what_looks_alike_and_is_known_once() {
        for (text, verdict) in [
            ("5cdo3obc1o", known(Kind::Device, "5CD030BC10")),
            ("5CD030BCI0", known(Kind::Device, "5CD030BC10")),
            ("5CD030BC10", known(Kind::Device, "5CD030BC10")),
            ("PFOFAKEI", known(Kind::Device, "PF0FAKE1")),
            ("elO123456789", known(Kind::Student, "pupil 1")),
            ("CHO123456789-l", known(Kind::Charter, "CH0123456789-1")),
            // Two laptops that differ in nothing else: even the exact text is a question.
            ("L0T0001", Verdict::Ambiguous(Some(Kind::Device))),
            ("LOTO001", Verdict::Ambiguous(Some(Kind::Device))),
            ("5CD030BC1S", Verdict::Unknown),
            ("SCD030BC10", Verdict::Unknown),
            ("9ZZ99EA#ABF", Verdict::Elsewhere(Elsewhere::PartNumber)),
        ] {
            assert_eq!(resolve(&[classify_typed(text)], &School), verdict, "{text:?}");
        }
        assert_eq!(resolve(&[classify("L0T0001")], &School), known(Kind::Device, "L0T0001"));
    }

    fn picture(texts: &[&str]) -> Vec<Label> {
        texts.iter().map(|text| classify(text)).collect()
    }

    #[test]
    fn one_picture() {
        let label = ["9ZZ99EA#ABF", "02:00:00:00:00:AB", "XYZ99", "5CD030BC10", "S5CD030BC10"];
        assert_eq!(resolve(&picture(&label), &School), known(Kind::Device, "5CD030BC10"));
        assert_eq!(
            resolve(&picture(&["5CD030BC10", "PF0FAKE1"]), &School),
            Verdict::Ambiguous(Some(Kind::Device))
        );
        assert_eq!(
            resolve(&picture(&["EL0123456789", "CANTINE-4711", "5CD030BC10"]), &School),
            Verdict::Ambiguous(Some(Kind::Student))
        );
        let all = ["EL0123456789", "5CD030BC10", "CH0123456789-1", "CH0123456789-2", "9ZZ99EA#ABF"];
        let Verdict::Known(things) = resolve(&picture(&all), &School) else { panic!("all four are known") };
        assert_eq!(things.len(), 4);
        assert_eq!(
            resolve(&picture(&["9ZZ99EA#ABF", "4006381333931"]), &School),
            Verdict::Elsewhere(Elsewhere::PartNumber)
        );
        assert_eq!(resolve(&picture(&["9ZZ99EA#ABF", "XYZ99"]), &School), Verdict::Unknown);
        assert_eq!(resolve(&[], &School), Verdict::Unknown);
    }

    /// The order of codes in a picture, and a code seen twice, change nothing.
    #[test]
    fn order_and_repetition_do_not_matter() {
        let texts = ["5CD030BC10", "PF0FAKE1", "EL0123456789", "FAKE123", "9ZZ99EA#ABF", "XYZ99"];
        for first in texts {
            for second in texts {
                let one = resolve(&picture(&[first, second]), &School);
                let other = resolve(&picture(&[second, first, second]), &School);
                let plain = |verdict: Verdict<String>| match verdict {
                    Verdict::Known(mut things) => {
                        things.sort_by(|(_, a), (_, b)| a.cmp(b));
                        Verdict::Known(things)
                    }
                    other => other,
                };
                assert_eq!(plain(one), plain(other), "{first} {second}");
            }
        }
    }
}
