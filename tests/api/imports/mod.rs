//! Files of the school, through the page's door and the command line's.

mod bad_files;
mod command;
mod decisions;
mod delivery;
mod kinds;
mod minimal;
mod students;

use serde_json::Value;

/// `(ELEVE_ID, name, first name, class)`.
pub type Pupil<'a> = (&'a str, &'a str, &'a str, &'a str);

/// SIECLE's list of those pupils, exported then.
pub fn list(exported: &str, pupils: &[Pupil]) -> String {
    let students: String = pupils
        .iter()
        .map(|(id, last, first, _)| {
            format!(
                "<ELEVE ELEVE_ID=\"{id}\"><NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE><PRENOM>{first}</PRENOM>\
                 <VILLE_NAISS>MARQUEE</VILLE_NAISS><CODE_PAYS_NAT>MARQUEE</CODE_PAYS_NAT><MEL>MARQUEE</MEL>\
                 <CODE_MEF>20010018110</CODE_MEF></ELEVE>"
            )
        })
        .collect();
    let structures: String = pupils
        .iter()
        .map(|(id, _, _, class)| {
            format!(
                "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>{class}</CODE_STRUCTURE>\
                 <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>"
            )
        })
        .collect();
    document(exported, &format!("<ELEVES>{students}</ELEVES><STRUCTURES>{structures}</STRUCTURES>"))
}

/// A list with those data.
pub fn document(exported: &str, data: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BEE_ELEVES><PARAMETRES><UAJ>0579999J</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><HORODATAGE>{exported}</HORODATAGE></PARAMETRES>\
         <DONNEES>{data}</DONNEES></BEE_ELEVES>"
    )
}

/// `[read, added, changed, unchanged, gone, refused, warnings]` of a report.
pub fn counts(import: &Value) -> [i64; 7] {
    ["read", "added", "changed", "unchanged", "gone", "refused", "warnings"]
        .map(|name| import["report"]["counts"][name].as_i64().unwrap_or_else(|| panic!("{name} of {import}")))
}

/// `(row, column, code)` of each issue.
pub fn issues(import: &Value) -> Vec<(Option<i64>, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let issues = import["report"]["issues"].as_array().unwrap();
    issues.iter().map(|i| (i["row"].as_i64(), text(&i["column"]), text(&i["code"]))).collect()
}

pub fn told(row: i64, column: &str, code: &str) -> (Option<i64>, String, String) {
    (Some(row), column.to_owned(), code.to_owned())
}
