//! The divisions that the pupils or courses of a timetable name: it says no more of them, so that they can
//! be compared with those of SIECLE and STS.

use super::Course;
use crate::class::is_class;
use crate::fields::is_code;
use crate::xml::too_much;
use crate::{Head, Item, Refused, Sink};
use domain::rows::{Reference, ReferenceRow};
use std::collections::HashSet;

/// Divisions of a school.
const MOST_CLASSES: usize = 10_000;

/// The divisions that were told, each once.
pub struct Classes {
    source: &'static str,
    codes: HashSet<String>,
}

impl Classes {
    /// None yet of that timetable, `edt` or `udt`.
    pub fn of(source: &'static str) -> Self {
        Self { source, codes: HashSet::new() }
    }

    /// Tells and counts a division that was not told before. A text that cannot be the code of a class is none.
    pub fn tell(
        &mut self,
        row: u32,
        code: &str,
        head: &mut Head,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refused> {
        if !is_class(code) || !is_code(code) || self.codes.contains(code) {
            return Ok(());
        }
        if self.codes.len() >= MOST_CLASSES {
            return Err(too_much("divisions"));
        }
        self.codes.insert(code.to_owned());
        head.count("class");
        let reference = Reference::Class {
            source: self.source.to_owned(),
            code: code.to_owned(),
            label: String::new(),
            mefs: Vec::new(),
            expected: None,
        };
        sink(Item::Reference(ReferenceRow { row, reference }))
    }

    /// Tells a course behind the divisions that it names.
    pub fn course(
        &mut self,
        row: u32,
        course: Course,
        head: &mut Head,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refused> {
        for code in &course.classes {
            self.tell(row, code, head, sink)?;
        }
        sink(Item::Reference(ReferenceRow { row, reference: course.into_reference(self.source) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_told_and_counted_once_up_to_a_bound() {
        let (mut classes, mut head, mut keys) = (Classes::of("edt"), Head::default(), Vec::new());
        let mut sink = |item| {
            if let Item::Reference(told) = item {
                keys.push((told.row, told.reference.key()));
            }
            Ok(())
        };
        let long = "x".repeat(41);
        for (row, code) in (1..).zip(["2 A", "3D", "2 A", "", "Inactifs", long.as_str()]) {
            classes.tell(row, code, &mut head, &mut sink).unwrap();
        }
        let rest = (2..MOST_CLASSES).map(|number| classes.tell(9, &number.to_string(), &mut head, &mut sink));
        assert!(rest.collect::<Result<(), _>>().is_ok());
        assert_eq!(classes.tell(9, "2 A", &mut head, &mut sink), Ok(()));
        let refused = classes.tell(9, "2 B", &mut head, &mut sink);
        assert_eq!(refused.map_err(|refused| refused.code), Err("too_many_rows"));
        assert_eq!((head.read["class"], keys.len()), (10_000, 10_000));
        assert_eq!(keys[..2], [(1, "edt 2 A".to_owned()), (2, "edt 3D".to_owned())]);
    }
}
