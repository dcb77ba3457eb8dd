//! Accounts of the ENT, to be printed on slips: read on their way to paper, never staged and never
//! stored. What this module says of a file never repeats a text of its lines, as it may be a password.
//!
//! Kosmos' ENTs write `rne;uid;classe;profil;prenom;nom;login;mot de passe;cle de jointure;…`, or
//! `Civilité;Nom;Prénom;Profil;Login;Identifiant ENT;Etablissement`: columns are found by their titles.

use crate::table::lines::{self, Begin, Columns, Line, Lines, is_readable, title_keys};
use crate::table::{CellType, Row};
use crate::{Head, Refused};
use domain::identifiers::Uai;
use domain::rows::AccountRow;
use std::io::{Read, Seek};

/// Characters of any text of an account.
const MOST_TEXT: usize = 200;

const WORDS: &[(&str, &[&str])] = &[
    ("login", &["login", "identifiant de connexion", "nom d utilisateur", "identifiant"]),
    ("password", &["mot de passe", "mot de passe provisoire", "password", "mdp"]),
    ("last_name", &["nom"]),
    ("first_name", &["prenom"]),
    ("class", &["classe", "division"]),
    ("profile", &["profil"]),
    ("join_key", &["cle de jointure", "id externe"]),
    ("ent_id", &["identifiant ent", "uid"]),
    ("school", &["rne", "uai", "etablissement"]),
];

/// Where the columns are, when the titles are those of accounts.
pub fn of_titles(keys: &[String]) -> Option<Columns> {
    let columns = Columns::named(keys, WORDS);
    let all = ["login", "last_name", "first_name"].iter().all(|column| columns.has(column));
    let one = ["password", "join_key", "ent_id"].iter().any(|column| columns.has(column));
    (all && one).then_some(columns)
}

/// Accounts are no import.
pub fn printed() -> Refused {
    Refused::new(
        "accounts_are_printed",
        "Ce fichier contient les mots de passe de l'ENT : il n'est jamais enregistré ici.",
        "Ouvrez « Fiches d'identifiants » pour l'imprimer.",
    )
}

/// Reads the accounts of school `uai`, from the first byte. Lines of other schools, and those without a
/// login or a name, are counted in [`Head::read`] (`accounts`) and not told: nothing can be printed of them.
pub fn read(
    source: impl Read + Seek,
    uai: &Uai,
    sink: &mut dyn FnMut(AccountRow) -> Result<(), Refused>,
) -> Result<Head, Refused> {
    let mut list =
        List { uai, sink, head: Head::default(), elsewhere: 0, other: String::new(), named_school: false };
    if lines::read(source, &mut list)? == 0 {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne d'en-tête avec nom, prénom et login n'a été trouvée.",
            "Exportez de nouveau les identifiants depuis l'ENT.",
        ));
    }
    let List { mut head, elsewhere, other, named_school, .. } = list;
    if elsewhere > 0 && head.read.get("accounts") == Some(&elsewhere) {
        return Err(Refused::wrong_school(&other, uai));
    }
    head.read.entry("accounts").or_default();
    if named_school {
        head.establishment = Some(uai.as_str().to_owned());
    }
    Ok(head)
}

struct List<'a> {
    uai: &'a Uai,
    sink: &'a mut dyn FnMut(AccountRow) -> Result<(), Refused>,
    head: Head,
    /// Lines for another school, and the first of those schools.
    elsewhere: u32,
    other: String,
    named_school: bool,
}

impl Lines for List<'_> {
    fn begin(&mut self, _: &str, row: &Row) -> Begin {
        of_titles(&title_keys(row)).map_or(Begin::No, Begin::Header)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused> {
        self.head.count("accounts");
        // The other layout has the school's name there. Nothing but an UAI is ever repeated: a line whose
        // columns have shifted may hold a password there.
        if let Ok(school) = Uai::parse(line.get("school")) {
            if school != *self.uai {
                self.elsewhere += 1;
                if self.other.is_empty() {
                    self.other = school.into_string();
                }
                return Ok(());
            }
            self.named_school = true;
        }
        let texts = ["last_name", "first_name", "login", "password", "class", "profile", "join_key"];
        let spoiled = texts.iter().any(|column| !is_readable(line.get(column), MOST_TEXT));
        let numbered = ["last_name", "first_name"].iter().any(|column| !line.is(column, CellType::Text));
        let needed = ["last_name", "first_name", "login"].iter().all(|column| !line.get(column).is_empty());
        if line.row.open_quote.is_some() || spoiled || numbered || !needed {
            return Ok(());
        }
        (self.sink)(AccountRow {
            row: line.number(),
            last_name: line.get("last_name").to_owned(),
            first_name: line.get("first_name").to_owned(),
            class: line.optional("class"),
            profile: line.get("profile").to_owned(),
            login: line.get("login").to_owned(),
            password: line.optional("password"),
            join_key: line.optional("join_key"),
        })
    }
}
