//! `ElevesSansAdresses.xml` and `ElevesAvecAdresses.xml` (root `BEE_ELEVES`), read as they stream by: a
//! list of a whole académie takes no more memory than one of a lycée.

mod fields;
mod parser;

use crate::{Head, Refused, Sink, xml};
use domain::identifiers::Uai;
use parser::Parser;
use std::io::{Read, Seek};

/// Reads the list of school `uai` from its first byte; pupils come before what classes they are in.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut parser = Parser::new(uai, sink);
    xml::read(source, &mut parser)?;
    parser.finish()
}

#[cfg(test)]
mod tests;
