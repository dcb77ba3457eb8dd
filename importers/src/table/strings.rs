//! The texts that the cells of a workbook share, end to end in one piece of memory.

use super::{MOST_CHARACTERS, not_a_table};
use crate::Refused;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of all of them.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// How many of them.
const MOST_TEXTS: usize = 1_000_000;

/// All of them, or those that are wanted.
pub enum Strings {
    All { text: String, ends: Vec<u32> },
    Wanted { seen: u32, wanted: BTreeSet<u32>, found: BTreeMap<u32, String> },
}

impl Strings {
    pub fn all() -> Self {
        Strings::All { text: String::new(), ends: Vec::new() }
    }

    /// Those alone whose numbers, from 0, are known to be wanted.
    pub fn wanted(wanted: BTreeSet<u32>) -> Self {
        Strings::Wanted { seen: 0, wanted, found: BTreeMap::new() }
    }

    /// Every one that is wanted is there.
    pub fn is_complete(&self) -> bool {
        match self {
            Strings::All { .. } => false,
            Strings::Wanted { seen, wanted, .. } => wanted.last().is_none_or(|last| seen > last),
        }
    }

    pub fn push(&mut self, new: &str) -> Result<(), Refused> {
        let new = new.trim();
        let end = new.char_indices().nth(MOST_CHARACTERS).map_or(new.len(), |(at, _)| at);
        let new = new.get(..end).unwrap_or("");
        match self {
            Strings::All { text, ends } => {
                if text.len() + new.len() > MOST_BYTES || ends.len() >= MOST_TEXTS {
                    return Err(not_a_table());
                }
                text.push_str(new);
                ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            }
            Strings::Wanted { seen, wanted, found } => {
                if wanted.contains(seen) {
                    found.insert(*seen, new.to_owned());
                }
                *seen = seen.saturating_add(1);
            }
        }
        Ok(())
    }

    /// The text of that number, from 0; none when there is none.
    pub fn get(&self, index: u32) -> Option<&str> {
        match self {
            Strings::All { text, ends } => {
                let index = usize::try_from(index).ok()?;
                let end = usize::try_from(*ends.get(index)?).ok()?;
                let before = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                text.get(usize::try_from(before).ok()?..end)
            }
            Strings::Wanted { found, .. } => found.get(&index).map(String::as_str),
        }
    }
}
