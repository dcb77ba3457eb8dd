use super::*;
use crate::told::told;

fn file(inner: &str) -> String {
    format!(
        "<abonnement xmlns=\"http://www.atosworldline.com/wsabonnement/v1.0/\"><idAbonnement>F-1</idAbonnement>\
         <idRessource>ark:/99999/fictif</idRessource><typeIdRessource>ark</typeIdRessource>\
         <libelleRessource>Anglais 2de</libelleRessource><debutValidite>2020-08-25T00:00:00</debutValidite>\
         <uaiEtab>0570001S</uaiEtab><uaiEtab>0579999J</uaiEtab>{inner}</abonnement>"
    )
}

const YEAR: &str = "<anneeFinValidite>2020-2021</anneeFinValidite>";

#[test]
fn licences_by_public_or_for_all() {
    let n = |column: &str, count: &str| format!("<{column}>{count}</{column}>");
    let public = |public: &str| n("publicCible", public);
    let whole = n("typeAffectation", "ETABL");
    let both = public("ELEVE") + &public("ENSEIGNANT");
    for (inner, expected) in [
        (n("nbLicenceEleve", "35") + &n("nbLicenceEnseignant", "2"), Ok((35, 2))),
        (n("nbLicenceEleve", "ILLIMITE"), Ok((UNLIMITED, 0))),
        (
            n("nbLicenceEnseignant", "2") + &n("nbLicenceProfDoc", "1") + &n("nbLicenceAutrePersonnel", "1"),
            Ok((0, 4)),
        ),
        (n("nbLicenceEnseignant", "ILLIMITE") + &n("nbLicenceProfDoc", "1"), Ok((0, UNLIMITED))),
        (n("nbLicenceGlobale", "500") + &both, Ok((500, 0))),
        (whole.clone() + &n("nbLicenceGlobale", "ILLIMITE") + &both, Ok((UNLIMITED, UNLIMITED))),
        (whole.clone() + &n("nbLicenceGlobale", "40") + &public("ENSEIGNANT"), Ok((0, 40))),
        (whole.clone() + &n("nbLicenceEleve", "35"), Err("licence_counts")),
        (n("nbLicenceGlobale", "1") + &n("nbLicenceEleve", "35"), Err("licence_counts")),
        (n("nbLicenceEleve", "trente"), Err("not_a_number")),
        (n("nbLicenceEleve", "+3"), Err("not_a_number")),
        (n("nbLicenceGlobale", "99999999999"), Err("not_a_number")),
        (String::new(), Err("missing")),
    ] {
        let told = told(file(&format!("{YEAR}{inner}")).as_bytes(), read).unwrap();
        let counts = match told.references.first().map(|row| &row.reference) {
            Some(Reference::Licence { students, teachers, .. }) => Ok((*students, *teachers)),
            _ => Err(told.issues()[0].2),
        };
        assert_eq!(counts, expected, "{inner}");
    }
}

#[test]
fn spans_of_validity() {
    let count = "<nbLicenceEleve>1</nbLicenceEleve>";
    let end = |day: &str| format!("<finValidite>{day}</finValidite>");
    for (inner, expected, issue) in [
        (YEAR.to_owned(), Some("2021-08-31"), None),
        (end("2021-07-31T23:59:59"), Some("2021-07-31"), None),
        (end("2021-07-31") + YEAR, Some("2021-07-31"), Some("validity_end")),
        (String::new(), None, Some("validity_end")),
        (end("bientôt"), None, Some("not_a_date")),
        (YEAR.replace("2021", "2025"), None, Some("not_a_year")),
    ] {
        let told = told(file(&format!("{inner}{count}")).as_bytes(), read).unwrap();
        assert_eq!(told.issues().first().map(|issue| issue.2), issue, "{inner}");
        let Reference::Licence { valid_from, valid_to, ark, ean, title, .. } = &told.references[0].reference
        else {
            unreachable!("a licence")
        };
        assert_eq!(valid_to.map(|day| day.to_string()).as_deref(), expected, "{inner}");
        assert_eq!(valid_from.unwrap().to_string(), "2020-08-25");
        assert_eq!((ark.as_deref(), ean, title.as_str()), (Some("ark:/99999/fictif"), &None, "Anglais 2de"));
    }
}

#[test]
fn several_at_once_and_those_of_others() {
    let inner = format!("{YEAR}<nbLicenceEleve>1</nbLicenceEleve>");
    let ours = file(&inner);
    let other = ours.replace("<uaiEtab>0579999J</uaiEtab>", "");
    let long = ours.replace("F-1", &"x".repeat(46));
    let told_all =
        told(format!("<abonnements>{ours}{other}{long}</abonnements>").leak().as_bytes(), read).unwrap();
    assert_eq!((told_all.references.len(), told_all.head.read["licence"]), (1, 3));
    assert_eq!(
        told_all.issues(),
        [(Some(2), "uaiEtab", "other_school"), (Some(3), "idAbonnement", "malformed_text")]
    );
    assert_eq!(told(other.as_bytes(), read).err(), Some("wrong_school"));
    assert_eq!(told(b"<BEE_ELEVES/>", read).err(), Some("wrong_root"));
}
