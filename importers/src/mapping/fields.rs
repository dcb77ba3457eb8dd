//! Our fields, and the titles that name them in the tables of others.

use crate::table::value;
use domain::identifiers::{Ean13, MacAddress, ine_shape};
use domain::rows::FileKind;
use serde::Serialize;

/// Whether a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    Yes,
    /// One of those so marked.
    OneOf,
    No,
}

/// A field of ours that a column may hold.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Field {
    /// Stable, for machines.
    pub key: &'static str,
    /// French.
    pub label: &'static str,
    pub need: Need,
    /// Titles that mean it and nothing else, as [`crate::table::lines::title_key`] leaves them.
    #[serde(skip)]
    pub sure: &'static [&'static str],
    /// Titles that may mean something else.
    #[serde(skip)]
    pub likely: &'static [&'static str],
    /// Whether a text looks like one of it, where that can be told.
    #[serde(skip)]
    pub looks: Option<fn(&str) -> bool>,
}

const fn field(
    key: &'static str,
    label: &'static str,
    need: Need,
    sure: &'static [&'static str],
    likely: &'static [&'static str],
) -> Field {
    Field { key, label, need, sure, likely, looks: None }
}

impl Field {
    const fn looking(self, looks: fn(&str) -> bool) -> Self {
        Self { looks: Some(looks), ..self }
    }
}

fn looks_like_ine(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphabetic()) && ine_shape(&text.to_ascii_uppercase()).is_some()
}

fn looks_like_ean(text: &str) -> bool {
    Ean13::parse(text).is_ok()
}

fn looks_like_mac(text: &str) -> bool {
    MacAddress::parse(text).is_ok()
}

fn looks_like_price(text: &str) -> bool {
    text.contains([',', '.']) && value::cents(text).is_some()
}

const INE: Field = field(
    "ine",
    "INE",
    Need::No,
    &[
        "ine",
        "i n e",
        "n ine",
        "numero ine",
        "id national",
        "identifiant national",
        "n national",
        "numero national",
        "ine rnie",
    ],
    &["identifiant national eleve", "code ine", "ine eleve", "numen", "n national eleve"],
)
.looking(looks_like_ine);

const ELEVE_ID: Field = field(
    "eleve_id",
    "ELEVE_ID de SIECLE",
    Need::No,
    &["eleve id", "id siecle", "eleve id siecle"],
    &["identifiant siecle"],
);

const BIRTH_DATE: Field = field(
    "birth_date",
    "Date de naissance",
    Need::No,
    &[
        "date de naissance",
        "date naissance",
        "date naiss",
        "ne le",
        "ne e le",
        "nee le",
        "naissance",
        "date nais",
        "ddn",
    ],
    &["ne", "date naissance eleve", "date de naissance eleve", "date"],
);

const CLASS: Field = field(
    "class",
    "Classe",
    Need::No,
    &["classe", "division", "div", "code classe", "code division", "code structure", "classe actuelle"],
    &["classes", "libelle classe", "groupe classe", "structure", "classe de rattachement", "section"],
);

const UAI: Field = field(
    "uai",
    "UAI de l'établissement",
    Need::No,
    &["uai", "rne", "code uai", "code rne", "uai de l etab", "n uai", "uai etablissement"],
    &["etab", "code etablissement", "etablissement uai"],
);

const STUDENTS: &[Field] = &[
    field(
        "last_name",
        "Nom",
        Need::Yes,
        &["nom", "nom de famille", "nom eleve", "nom de l eleve", "nom de famille eleve"],
        &["patronyme", "noms", "nom usuel", "nom d usage", "last name", "nom elv"],
    ),
    field(
        "first_name",
        "Prénom",
        Need::Yes,
        &["prenom", "prenom 1", "prenom eleve", "prenom de l eleve", "prenom usuel"],
        &["prenoms", "first name", "premier prenom", "prenom elv"],
    ),
    BIRTH_DATE,
    INE,
    CLASS,
    field("mef", "Code MEF", Need::No, &["mef", "code mef"], &["formation", "code formation"]),
    ELEVE_ID,
    field(
        "left_on",
        "Date de sortie",
        Need::No,
        &["date de sortie", "date sortie", "sortie le", "sorti e le"],
        &["sortie", "fin de scolarite"],
    ),
    field("groups", "Groupes", Need::No, &["groupes", "groupe"], &["groupe s"]),
    UAI,
];

const BADGES: &[Field] = &[
    field(
        "code",
        "Code du badge",
        Need::Yes,
        &[
            "badge",
            "n badge",
            "numero badge",
            "numero de badge",
            "n de badge",
            "code badge",
            "no badge",
            "carte",
            "n carte",
            "numero carte",
            "numero de carte",
            "n de carte",
            "code carte",
            "no carte",
            "uid carte",
            "uid badge",
            "code barre badge",
            "code rfid",
            "numero rfid",
            "rfid",
        ],
        &[
            "code",
            "code barre",
            "code barres",
            "codebarre",
            "numero",
            "uid",
            "identifiant carte",
            "mifare",
            "puce",
        ],
    ),
    Field { need: Need::OneOf, ..ELEVE_ID },
    Field { need: Need::OneOf, ..INE },
    field(
        "full_name",
        "Nom et prénom",
        Need::OneOf,
        &["nom prenom", "nom et prenom", "nom prenoms", "prenom nom", "nom complet"],
        &["eleve", "convive", "porteur", "titulaire", "identite", "usager"],
    ),
    field(
        "last_name",
        "Nom",
        Need::OneOf,
        &["nom", "nom de famille", "nom eleve", "nom convive", "nom usager"],
        &["nom du convive", "patronyme", "nom usuel"],
    ),
    field(
        "first_name",
        "Prénom",
        Need::No,
        &["prenom", "prenom eleve", "prenom convive", "prenom usager"],
        &["prenoms"],
    ),
    BIRTH_DATE,
    CLASS,
];

const DELIVERY: &[Field] = &[
    field(
        "serial_number",
        "N° de série (S/N)",
        Need::Yes,
        &[
            "n de serie s n",
            "numero de serie s n",
            "numero de serie",
            "n de serie",
            "no de serie",
            "n serie",
            "numero serie",
            "s n",
            "sn",
            "serial number",
            "serial",
            "serial no",
            "num serie",
            "num de serie",
        ],
        &["serie", "service tag", "n serie constructeur", "identifiant materiel", "numero"],
    ),
    field(
        "part_number",
        "Référence (P/N)",
        Need::Yes,
        &[
            "reference produit p n",
            "reference produit",
            "p n",
            "pn",
            "part number",
            "reference",
            "ref produit",
            "reference constructeur",
            "ref constructeur",
            "reference article",
            "ref article",
        ],
        &["ref", "article", "code article", "code produit", "sku", "product number", "mtm"],
    ),
    field(
        "note_number",
        "N° de bon de livraison",
        Need::Yes,
        &[
            "n bl",
            "bl",
            "bon de livraison",
            "numero bl",
            "no bl",
            "n de bl",
            "n bon de livraison",
            "numero de bon de livraison",
            "n du bon de livraison",
            "num bl",
            "delivery note",
        ],
        &["bon", "n bon", "livraison", "n livraison", "expedition", "n expedition"],
    ),
    field(
        "designation",
        "Désignation",
        Need::No,
        &["designation", "modele", "libelle", "description", "libelle article", "designation article"],
        &["produit", "materiel", "type", "nom du produit"],
    ),
    UAI,
    field(
        "order_number",
        "N° de commande",
        Need::No,
        &["n commande", "commande", "numero de commande", "n de commande", "numero commande", "no commande"],
        &["cde", "n cde", "order", "bon de commande"],
    ),
    field(
        "delivered_on",
        "Date de livraison",
        Need::No,
        &[
            "date livraison prevue",
            "date de livraison",
            "date livraison",
            "date de livraison prevue",
            "livre le",
        ],
        &["date", "date bl", "date du bl"],
    ),
    field(
        "mac_address",
        "Adresse MAC Wi-Fi",
        Need::No,
        &[
            "adresse mac wi fi",
            "adresse mac wifi",
            "mac wi fi",
            "mac wifi",
            "adresse mac",
            "mac",
            "mac address",
        ],
        &["wifi", "wi fi", "wlan mac", "adresse physique"],
    )
    .looking(looks_like_mac),
    field(
        "asset_tag",
        "N° de parc",
        Need::No,
        &[
            "n asset parc",
            "asset",
            "n asset",
            "n de parc",
            "asset tag",
            "n d inventaire",
            "numero d inventaire",
            "n parc",
        ],
        &["inventaire", "parc", "etiquette"],
    ),
    field("pallet", "Palette", Need::No, &["n palette", "palette", "numero palette", "n de palette"], &[]),
    field(
        "parcel",
        "Colis",
        Need::No,
        &["n colis", "colis", "numero colis", "n de colis"],
        &["carton", "n carton"],
    ),
    field("lot", "Lot", Need::No, &["lot", "n lot", "numero de lot"], &["vague"]),
    field(
        "warranty_end",
        "Fin de garantie",
        Need::No,
        &["fin de garantie", "garantie", "date fin garantie", "date de fin de garantie", "fin garantie"],
        &["garantie jusqu au"],
    ),
];

const QUOTE: &[Field] = &[
    field(
        "title",
        "Titre",
        Need::Yes,
        &["titre", "titre de la ressource", "titre du manuel", "titre manuel", "titre ressource", "intitule"],
        &["designation", "libelle", "ressource", "article", "manuel", "ouvrage", "nom"],
    ),
    field(
        "quantity",
        "Quantité",
        Need::Yes,
        &[
            "quantite",
            "qte",
            "qte commandee",
            "nombre de licences",
            "nb licences",
            "nb de licences",
            "quantite commandee",
        ],
        &["nombre", "nb", "exemplaires", "licences"],
    ),
    field(
        "ean",
        "EAN",
        Need::No,
        &[
            "ean",
            "ean13",
            "ean 13",
            "ean de la ressource",
            "code ean",
            "isbn",
            "isbn ean",
            "ean isbn",
            "gencod",
        ],
        &["reference", "ref", "code", "code article", "isbn13", "isbn 13"],
    )
    .looking(looks_like_ean),
    field("publisher", "Éditeur", Need::No, &["editeur"], &["marque", "fournisseur", "collection"]),
    field(
        "unit_price",
        "Prix unitaire TTC",
        Need::No,
        &["prix unitaire ttc", "pu ttc", "prix ttc", "p u ttc", "prix ttc unitaire", "prix unit ttc"],
        &["prix", "prix unitaire", "pu", "tarif"],
    )
    .looking(looks_like_price),
    field(
        "reference",
        "Référence de la ligne",
        Need::No,
        &["id unique", "n ligne", "reference devis", "ref devis", "uuid ligne lde"],
        &["ligne", "n devis", "n"],
    ),
    field(
        "teachers",
        "Licences enseignant",
        Need::No,
        &["licences enseignant", "licences enseignants", "nb licences enseignants"],
        &["enseignants"],
    ),
    field(
        "valid_from",
        "Début de validité",
        Need::No,
        &["debut de validite", "debut validite", "valable du"],
        &["debut", "date debut"],
    ),
    field(
        "valid_to",
        "Fin de validité",
        Need::No,
        &["fin de validite", "fin validite", "valable jusqu au"],
        &["fin", "date fin"],
    ),
    UAI,
];

/// The kinds whose columns may be mapped.
pub const KINDS: [FileKind; 4] =
    [FileKind::Delivery, FileKind::Badges, FileKind::MappedStudents, FileKind::Quote];

/// The fields of a kind, those needed first; none when its columns cannot be mapped.
pub fn fields(kind: FileKind) -> &'static [Field] {
    match kind {
        FileKind::MappedStudents => STUDENTS,
        FileKind::Delivery => DELIVERY,
        FileKind::Badges => BADGES,
        FileKind::Quote => QUOTE,
        _ => &[],
    }
}

/// The French name of a field.
pub fn label(kind: FileKind, key: &str) -> &'static str {
    fields(kind).iter().find(|field| field.key == key).map_or("", |field| field.label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::lines::title_key;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_as_titles_are_compared_and_mean_one_field() {
        for kind in KINDS {
            let mut sure = BTreeSet::new();
            for field in fields(kind) {
                for word in field.sure.iter().chain(field.likely) {
                    assert_eq!(title_key(word), *word, "{}", field.key);
                }
                for word in field.sure {
                    assert!(sure.insert(*word), "{word} twice in {kind:?}");
                }
            }
        }
    }
}
