//! Texts to bars and modules, by rxing's encoders.

use rxing::datamatrix::DataMatrixWriter;
use rxing::datamatrix::encoder::SymbolShapeHint;
use rxing::oned::{Code128Writer, OneDimensionalCodeWriter};
use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer};

/// Kinds of code that we print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Code128,
    QrCode,
    DataMatrix,
}

impl Kind {
    /// The name that readers give it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Code128 => "CODE_128",
            Kind::QrCode => "QR_CODE",
            Kind::DataMatrix => "DATA_MATRIX",
        }
    }
}

/// A text that the code cannot hold, or that is too long for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} cannot hold a text of {length} characters: {why}")]
pub struct CodeError {
    kind: Kind,
    length: usize,
    why: String,
}

/// A code in modules, without its quiet zone. A linear code is one module high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub kind: Kind,
    pub text: String,
    pub width: usize,
    pub height: usize,
    /// Row by row, `true` is dark.
    dark: Vec<bool>,
}

impl Symbol {
    pub fn encode(kind: Kind, text: &str) -> Result<Self, CodeError> {
        let failed =
            |why: rxing::Exceptions| CodeError { kind, length: text.chars().count(), why: why.to_string() };
        if kind == Kind::Code128 {
            let dark = Code128Writer.encode_oned(text).map_err(failed)?;
            return Ok(Self { kind, text: text.to_owned(), width: dark.len(), height: 1, dark });
        }
        let matrix = match kind {
            Kind::QrCode => QRCodeWriter {}.encode(text, &BarcodeFormat::QR_CODE, 0, 0),
            _ => {
                let hints = EncodeHints {
                    // As on laptops; readers know the rectangular ones less well.
                    DataMatrixShape: Some(SymbolShapeHint::FORCE_SQUARE),
                    ..EncodeHints::default()
                };
                DataMatrixWriter {}.encode_with_hints(text, &BarcodeFormat::DATA_MATRIX, 0, 0, &hints)
            }
        }
        .map_err(failed)?;
        // The dark box without whatever quiet zone the encoder has added.
        let (right, bottom) = (matrix.getWidth(), matrix.getHeight());
        let rows = spanned(bottom, |y| (0..right).any(|x| matrix.get(x, y)));
        let columns = spanned(right, |x| (0..bottom).any(|y| matrix.get(x, y)));
        let dark = rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y)));
        let dark = dark.map(|(x, y)| matrix.get(x, y)).collect();
        Ok(Self { kind, text: text.to_owned(), width: columns.count(), height: rows.count(), dark })
    }

    /// Light outside the symbol.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Dark modules that lie side by side, as `(x, y, length)`.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for y in 0..self.height {
            for x in (0..self.width).filter(|&x| self.is_dark(x, y)) {
                match runs.last_mut() {
                    Some(run) if run.1 == y && run.0 + run.2 == x => run.2 += 1,
                    _ => runs.push((x, y, 1)),
                }
            }
        }
        runs
    }
}

/// From the first place that is dark to the last.
fn spanned(length: u32, is_dark: impl Fn(u32) -> bool) -> std::ops::Range<u32> {
    let first = (0..length).find(|&at| is_dark(at)).unwrap_or(0);
    let last = (0..length).rev().find(|&at| is_dark(at));
    first..last.map_or(first, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_128_has_eleven_modules_a_sign_and_thirteen_at_the_end() {
        let symbol = Symbol::encode(Kind::Code128, "5CDA27HHPX").unwrap();
        assert_eq!((symbol.width, symbol.height), (11 * 12 + 13, 1));
        assert_eq!(symbol.runs().first(), Some(&(0, 0, 2)));
    }

    #[test]
    fn matrix_codes_fill_their_box() {
        for kind in [Kind::QrCode, Kind::DataMatrix] {
            let symbol = Symbol::encode(kind, "1S20ZZS00200PF52WT0D").unwrap();
            assert_eq!(symbol.width, symbol.height);
            // Even for DataMatrix, 17 and four a version for QR: no light row or column is lost.
            let whole =
                if kind == Kind::QrCode { symbol.width % 4 == 1 } else { symbol.width.is_multiple_of(2) };
            assert!(whole, "{}", symbol.width);
            let dark: usize = symbol.runs().iter().map(|run| run.2).sum();
            assert!((symbol.width * symbol.width / 4..symbol.width * symbol.width).contains(&dark));
        }
    }

    #[test]
    fn what_a_code_cannot_hold_is_an_error() {
        assert!(Symbol::encode(Kind::Code128, "é").is_err());
        assert!(Symbol::encode(Kind::Code128, "").is_err());
        assert!(Symbol::encode(Kind::Code128, &"x".repeat(81)).is_err());
    }
}
