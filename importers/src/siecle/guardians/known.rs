//! Which persons the file has named, in few bytes each: those of an académie are 300,000.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

/// Set in the keys that are hashes.
const HASHED: u64 = 1 << 63;

/// Persons by a key of their id, with their row and whether a link names them.
#[derive(Debug, Default)]
pub struct Known {
    persons: HashMap<u64, (u32, bool)>,
}

impl Known {
    /// Remembers a person; false when it is known already.
    pub fn add(&mut self, person_id: &str, row: u32) -> bool {
        match self.persons.entry(key(person_id)) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert((row, false));
                true
            }
        }
    }

    /// Remembers that a link names the person; false when nobody is known by that id.
    pub fn link(&mut self, person_id: &str) -> bool {
        self.persons.get_mut(&key(person_id)).map(|(_, linked)| *linked = true).is_some()
    }

    /// Rows of the persons that no link names, with their ids where these are numbers, in the order of
    /// the file.
    pub fn alone(&self) -> Vec<(u32, String)> {
        let id = |key: u64| if key & HASHED == 0 { key.to_string() } else { String::new() };
        let mut alone: Vec<_> = self
            .persons
            .iter()
            .filter(|(_, (_, linked))| !linked)
            .map(|(key, (row, _))| (*row, id(*key)))
            .collect();
        alone.sort_unstable();
        alone
    }
}

/// SIECLE's ids are numbers and their own keys. Of another its hash in 63 bits: among a million
/// persons two of them are the same with a chance of one in eighteen million.
fn key(person_id: &str) -> u64 {
    let number = person_id.parse::<u64>().ok().filter(|number| number & HASHED == 0);
    number.filter(|number| number.to_string() == person_id).unwrap_or_else(|| {
        let mut hasher = DefaultHasher::new();
        person_id.hash(&mut hasher);
        hasher.finish() | HASHED
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_whatever_they_are() {
        let mut known = Known::default();
        let ids = ["880001", "0880001", "880001 ", "P-880001", "9223372036854775808", "18446744073709551616"];
        for (row, id) in (1..).zip(ids) {
            assert!(known.add(id, row), "{id}");
        }
        assert!(!known.add("880001", 7) && !known.add("P-880001", 8));
        assert!(!known.link("880002") && !known.link("P-880002"));
        assert!(known.link("0880001") && known.link("P-880001"));
        let alone = known.alone();
        let rows: Vec<u32> = alone.iter().map(|(row, _)| *row).collect();
        assert_eq!((rows, alone[0].1.as_str()), (vec![1, 3, 5, 6], "880001"));
    }
}
