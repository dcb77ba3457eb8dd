//! Names as French pupils have them, and the numbers that go with them.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use std::collections::BTreeSet;
use std::hash::Hash;

/// A capital with an accent and an Œ behind it are, in ISO-8859-15, the bytes of another letter in UTF-8.
const CAPITALS: [&str; 24] = [
    "MER", "CI", "ÉLO", "ÏS", "NŒL", "ŒU", "LES", "Ç", "Â", "ÙV", "HAŸ", "KIRSCH", "WIL", "È", "ÊT", "Ô",
    "ÎL", "Ë", "ÆR", "ÑA", "BEL", "QUA", "ŠIM", "ŽAN",
];
const BEGINNINGS: [&str; 12] =
    ["Ma", "Élo", "Zo", "Fran", "Œd", "Ann", "Ÿl", "Chlo", "Aï", "Ço", "Lin", "Théo"];
const ENDINGS: [&str; 10] = ["ël", "ïse", "é", "çois", "ipe", "ys", "cha", "na", "œur", "ïa"];

/// Between the words of a name; the second half is what separators and marks of files are made of.
const USUAL: [&str; 4] = [" ", "-", "'", " D'"];
const UNUSUAL: [&str; 9] = ["’", " & ", " <", "> ", " \"", ";", ", ", "|", "\" "];

fn joined(word: impl Strategy<Value = String>, words: usize) -> impl Strategy<Value = String> {
    let between = prop_oneof![12 => select(&USUAL[..]), 1 => select(&UNUSUAL[..])];
    prop::collection::vec((between, word), 1..=words).prop_map(|words| {
        let mut name = String::new();
        for (between, word) in words {
            name.push_str(if name.is_empty() { "" } else { between });
            name.push_str(&word);
        }
        name
    })
}

pub fn last_name() -> impl Strategy<Value = String> {
    let word = prop::collection::vec(select(&CAPITALS[..]), 2..=3).prop_map(|word| word.concat());
    joined(word, 3)
}

pub fn first_name() -> impl Strategy<Value = String> {
    let word =
        (select(&BEGINNINGS[..]), select(&ENDINGS[..])).prop_map(|(start, end)| format!("{start}{end}"));
    joined(word, 2)
}

/// A text of one of these patterns.
pub fn one_of(patterns: &[&'static str]) -> Union<BoxedStrategy<String>> {
    Union::new(patterns.iter().map(|pattern: &&'static str| (*pattern).boxed()))
}

/// Of every known shape; a letter that is a key is right.
pub fn ine() -> impl Strategy<Value = String> {
    let bea = "[0-9]{10}".prop_map(|digits| {
        let place = usize::try_from(digits.parse::<u64>().unwrap() % 23).unwrap();
        format!("{digits}{}", char::from(b"ABCDEFGHJKLMNPRSTUVWXYZ"[place]))
    });
    prop_oneof![
        4 => "[0-9]{9}[A-HJK]{2}",
        2 => bea,
        1 => one_of(&["[0-9]{4}[AD][0-9]{5}[A-Z]", "[0-9A-Z]{10}[0-9]"]),
    ]
}

/// A number of a book whose last figure is right.
pub fn ean() -> impl Strategy<Value = String> {
    "97[89][0-9]{9}".prop_map(|digits| {
        let sum: u32 =
            digits.chars().zip([1, 3].into_iter().cycle()).map(|(c, by)| c.to_digit(10).unwrap() * by).sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    })
}

/// Those that are not like an earlier one.
pub fn unlike<T, K: Ord + Hash>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| seen.insert(key(item))).collect()
}
