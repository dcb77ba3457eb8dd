//! `Nomenclature.xml` (root `BEE_NOMENCLATURES`): the MEFs that the school may use, of which a local one
//! names the national one that it belongs to. Source of the elements: dossiersco's fixtures.

use super::parameters::Parameters;
use crate::fields::{MOST_CODE, MOST_NAME, left_out, some, unfit};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink};
use domain::identifiers::{Mef, Uai};
use domain::rows::{Reference, ReferenceRow};
use std::io::{Read, Seek};

/// MEFs of a file: the national nomenclature has 17,000.
const MOST_MEFS: u32 = 100_000;

const PARAMETERS: &str = "PARAMETRES";
const MEF: &str = "DONNEES/MEFS/MEF";
const REMEDY: &str = "Exportez de nouveau la nomenclature depuis SIECLE.";

/// Reads the MEFs of school `uai`, from its first byte.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut nomenclature = Nomenclature { expected: uai, sink, parameters: Parameters::default(), mefs: 0 };
    xml::records(source, &mut nomenclature)?;
    nomenclature.parameters.check_school(uai)?;
    let mut head = nomenclature.parameters.head()?;
    head.read.insert("mef", nomenclature.mefs);
    Ok(head)
}

struct Nomenclature<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    parameters: Parameters,
    mefs: u32,
}

impl Records for Nomenclature<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        super::check_root(name, "BEE_NOMENCLATURES", "Nomenclature")
    }

    fn paths(&self) -> &'static [&'static str] {
        &[MEF, PARAMETERS]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        if path == MEF {
            return self.mef(record);
        }
        self.parameters = Parameters::of(record);
        self.parameters.check_school(self.expected)?.map_or(Ok(()), &mut *self.sink)
    }
}

impl Nomenclature<'_, '_> {
    fn mef(&mut self, record: &Record) -> Result<(), Refused> {
        self.mefs += 1;
        let row = self.mefs;
        if row > MOST_MEFS {
            return Err(too_much("MEF"));
        }
        let code = record.text("@CODE_MEF");
        // The one for print has accents and small letters.
        let label = record.first(&["LIBELLE_EDITION", "LIBELLE_LONG", "FORMATION"]);
        let (national, mefstat) = (record.text("MEF_RATTACHEMENT"), record.text("CODE_MEFSTAT"));
        let columns = [
            ("CODE_MEF", code, MOST_CODE, false),
            ("LIBELLE_LONG", label, MOST_NAME, true),
            ("MEF_RATTACHEMENT", national, MOST_CODE, true),
            ("CODE_MEFSTAT", mefstat, MOST_CODE, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        let Ok(mef) = Mef::parse(code) else {
            let message = format!("Ce code MEF est laissé de côté. {REMEDY}");
            return (self.sink)(left_out(row, "CODE_MEF", "malformed_mef", code, "11 caractères", &message));
        };
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Mef {
                label: label.to_owned(),
                mefstat: some(mefstat),
                // A national one names itself.
                national: some(national).filter(|national| national != mef.as_str()),
                code: mef.into_string(),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::{siecle as file, told as collect};

    #[test]
    fn a_local_mef_names_the_national_one() {
        let body = "<MEFS><MEF CODE_MEF=\"20010018110\"><FORMATION>2NDE GT</FORMATION><LIBELLE_LONG>2NDE GENERALE</LIBELLE_LONG>\
             <LIBELLE_EDITION>2nde générale</LIBELLE_EDITION><MEF_RATTACHEMENT>20010018110</MEF_RATTACHEMENT>\
             <CODE_MEFSTAT>22111410018</CODE_MEFSTAT></MEF>\
             <MEF CODE_MEF=\"2001001811a\"><FORMATION>2NDE GT</FORMATION><LIBELLE_EDITION/>\
             <MEF_RATTACHEMENT>20010018110</MEF_RATTACHEMENT><CODE_MEFSTAT></CODE_MEFSTAT></MEF>\
             <MEF CODE_MEF=\"2001001811\"/><MEF/></MEFS>\
             <MATIERES><MATIERE CODE_MATIERE=\"030201\"/></MATIERES>";
        let told = collect(&file("BEE_NOMENCLATURES", body), read).unwrap();
        let mefs: Vec<_> = told
            .references
            .iter()
            .map(|row| match &row.reference {
                Reference::Mef { code, label, mefstat, national } => {
                    (code.as_str(), label.as_str(), mefstat.as_deref(), national.as_deref())
                }
                other => unreachable!("{other:?}"),
            })
            .collect();
        assert_eq!(
            mefs,
            [
                ("20010018110", "2nde générale", Some("22111410018"), None),
                ("2001001811A", "2NDE GT", None, Some("20010018110")),
            ]
        );
        assert_eq!(told.issues(), [(Some(3), "CODE_MEF", "malformed_mef"), (Some(4), "CODE_MEF", "missing")]);
        assert_eq!(told.head.read["mef"], 4);
    }
}
