//! Bar and space widths to rxing's row readers, chosen by how many elements there are.
#![expect(clippy::as_conversions, reason = "widths of a bounded row, rounded to pixels")]

use crate::edges::Piece;
use crate::{GS, Symbology, patterns};
use rxing::common::BitArray;
use rxing::oned::{
    CodaBarReader, Code39Reader, Code128Reader, EAN8Reader, EAN13Reader, ITFReader, OneDReader,
};
use rxing::{DecodeHints, RXingResult};

/// Pixels a narrow element gets in the row handed to rxing.
const ELEMENT: f32 = 5.0;
/// Narrow elements of white on either side: rxing wants generous quiet zones.
const BORDER: f32 = 24.0;
/// Wider rows than this are no code.
const WIDEST: usize = 16_384;

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub symbology: Symbology,
    pub text: String,
    /// Read from its end to its start.
    pub backwards: bool,
}

/// Reads a piece, in its direction or the opposite one.
pub fn read(piece: &Piece) -> Option<Row> {
    let symbologies = by_count(piece.widths.len());
    if symbologies.iter().all(Option::is_none) {
        return None;
    }
    let forwards = row(piece.widths.iter(), piece.narrow)?;
    let backwards = row(piece.widths.iter().rev(), piece.narrow)?;
    for symbology in symbologies.into_iter().flatten() {
        for (row, backwards) in [(&forwards, false), (&backwards, true)] {
            if let Some(text) = decode(symbology, row) {
                let apart = |text| match backwards {
                    false => two_widths(piece.widths.iter(), text),
                    true => two_widths(piece.widths.iter().rev(), text),
                };
                if symbology == Symbology::Code39 && !apart(&text) {
                    continue;
                }
                return Some(Row { symbology, text, backwards });
            }
        }
    }
    None
}

/// Whether wide bars of a Code 39 are wider than its narrow ones everywhere, and wide spaces than
/// narrow ones: rxing looks at one character at a time.
fn two_widths<'a>(widths: impl Iterator<Item = &'a f32>, text: &str) -> bool {
    let wide = std::iter::once('*').chain(text.chars()).chain(['*']).flat_map(|character| {
        let bits = patterns::code_39_bits(character).unwrap_or(0);
        (0..10).map(move |place| place < 9 && bits >> (8 - place) & 1 == 1)
    });
    let mut bounds = [(f32::MIN, f32::MAX); 2];
    for ((place, width), wide) in widths.enumerate().zip(wide) {
        if let Some((narrowest, widest)) = bounds.get_mut(place % 2) {
            if wide { *widest = widest.min(*width) } else { *narrowest = narrowest.max(*width) }
        }
    }
    bounds.iter().all(|(narrow, wide)| narrow < wide)
}

/// Symbologies whose codes can have this many bars and spaces.
fn by_count(n: usize) -> [Option<Symbology>; 6] {
    let fits = |yes: bool, symbology| yes.then_some(symbology);
    [
        fits(n >= 19 && (n - 7).is_multiple_of(6), Symbology::Code128),
        fits(n == 59, Symbology::Ean13),
        fits(n == 43, Symbology::Ean8),
        fits(n >= 39 && (n + 1).is_multiple_of(10), Symbology::Code39),
        fits(n >= 37 && (n - 7).is_multiple_of(10), Symbology::Itf),
        fits(n >= 39 && (n + 1).is_multiple_of(8), Symbology::Codabar),
    ]
}

fn row<'a>(widths: impl Iterator<Item = &'a f32> + Clone, narrow: f32) -> Option<BitArray> {
    let scale = ELEMENT / narrow.max(0.5);
    let wide = |width: &f32| (width * scale).max(1.0);
    let size = (2.0 * BORDER * ELEMENT + widths.clone().map(wide).sum::<f32>()).ceil() as usize;
    if size > WIDEST {
        return None;
    }
    let mut row = BitArray::with_size(size);
    let mut at = BORDER * ELEMENT;
    for (i, width) in widths.enumerate() {
        let next = at + wide(width);
        if i % 2 == 0 {
            // Bit by bit: rxing's setRange overflows where a range ends on a word.
            (at.round() as usize..(next.round() as usize).min(size)).for_each(|place| row.set(place));
        }
        at = next;
    }
    Some(row)
}

fn decode(symbology: Symbology, row: &BitArray) -> Option<String> {
    let hints = DecodeHints { AssumeGs1: Some(true), ..DecodeHints::default() };
    let read: Result<RXingResult, _> = match symbology {
        Symbology::Code128 => Code128Reader.decode_row(0, row, &hints),
        Symbology::Ean13 => EAN13Reader.decode_row(0, row, &hints),
        Symbology::Ean8 => EAN8Reader.decode_row(0, row, &hints),
        Symbology::Code39 => Code39Reader::with_use_check_digit(false).decode_row(0, row, &hints),
        Symbology::Itf => ITFReader::default().decode_row(0, row, &hints),
        Symbology::Codabar => CodaBarReader::default().decode_row(0, row, &hints),
        _ => return None,
    };
    let text = read.ok()?.getText().to_owned();
    // rxing says FNC1 in the first position by an identifier, and elsewhere as GS; a check
    // character of the same value as FNC1 is left at the end.
    let text = text.trim_end_matches(GS);
    let text = text.strip_prefix("]C1").map_or_else(|| text.to_owned(), |data| format!("{GS}{data}"));
    (text.len() >= 3).then_some(text)
}

/// What a Code 39 says where its characters are those of the full ASCII set: `$`, `%`, `/` and `+`
/// make one of two. `None` where they stand for themselves.
/// Source: ISO/IEC 16388, annex on full ASCII.
pub fn full_ascii(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut said = String::new();
    let mut shifted = false;
    while let Some(first) = characters.next() {
        let by = match first {
            '$' | '%' | '/' | '+' => characters.next().filter(char::is_ascii_uppercase)?,
            other => {
                said.push(other);
                continue;
            }
        };
        shifted = true;
        let number = u32::from(by) - u32::from('A');
        let code = match (first, number) {
            ('$', _) => number + 1,
            ('+', _) => number + u32::from('a'),
            ('/', 0..=14) => number + u32::from('!'),
            ('/', 25) => u32::from(':'),
            ('%', 0..=4) => number + 27,
            ('%', 5..=9) => number - 5 + u32::from(';'),
            ('%', 10..=14) => number - 10 + u32::from('['),
            ('%', 15..=19) => number - 15 + u32::from('{'),
            ('%', 20) => 0,
            ('%', 21) => u32::from('@'),
            ('%', 22) => u32::from('`'),
            ('%', _) => 127,
            _ => return None,
        };
        said.push(char::from_u32(code)?);
    }
    shifted.then_some(said)
}

#[cfg(test)]
mod tests {
    use super::full_ascii;

    #[test]
    fn pairs_of_code_39_are_characters_of_ascii() {
        for (encoded, said) in [
            ("+A+B1", Some("ab1")),
            ("5/A", Some("5!")),
            ("A/Z1", Some("A:1")),
            ("%V%F%K%P%U%A", Some("@;[{\0\u{1b}")),
            ("$M$J", Some("\r\n")),
            ("5CD030BC10", None),
            ("9ZZ99EA+1", None),
            ("AB/", None),
            ("A/P", None),
        ] {
            assert_eq!(full_ascii(encoded).as_deref(), said, "{encoded}");
        }
    }
}
