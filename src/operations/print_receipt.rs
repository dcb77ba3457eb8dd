//! Receipts of hand-overs and of acts, on the paper the school has chosen. Reads only.

use super::letterhead::of_settings;
use super::{Actor, Failure};
use crate::db::acts::{self, ActCard, ActDevice};
use crate::db::print_settings::{self, PaperSettings};
use crate::db::receipts::{self, PaperCheck, PaperIncident, PaperLoan};
use crate::db::{Db, Scope};
use crate::printing::dates;
use crate::printing::document::{Size, document};
use crate::printing::page::Part;
use crate::printing::receipt::{Receipt, ReceiptLaptop};
use domain::acts::ActKind;
use domain::custody::{LoanKind, Purpose};
use domain::identifiers::receipt_code;
use domain::incidents::{Incident, SYMPTOMS};
use domain::refusal::{Refusal, Thing};
use uuid::Uuid;

/// The receipt of a loan's opening.
pub async fn print_hand_over(db: &Db, actor: &Actor, loan: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (settings, loan) = db
        .read(Scope::School(school), async |conn| {
            let loan = receipts::loan(conn, school, loan).await?.ok_or(Refusal::UnknownLoan)?;
            Ok::<_, Failure>((print_settings::of_school(conn, school).await?, loan))
        })
        .await?;
    Ok(print(&settings, &[hand_over(&settings, &loan)]))
}

/// The receipt of an act; of a cession one a pupil.
pub async fn print_act(db: &Db, actor: &Actor, act: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (settings, told) = db
        .read(Scope::School(school), async |conn| {
            let card = acts::one(conn, school, act).await?.ok_or(Refusal::NotFound { what: Thing::Act })?;
            let told = Told {
                loans: receipts::loans_of_act(conn, school, act).await?,
                incident: receipts::incident_of_act(conn, school, act).await?,
                check: receipts::check_of_act(conn, school, act).await?,
                card,
            };
            Ok::<_, Failure>((print_settings::of_school(conn, school).await?, told))
        })
        .await?;
    let receipts = if told.card.kind == ActKind::Transfer.as_str() && !told.loans.is_empty() {
        told.loans.iter().map(|loan| transfer(&settings, &told, loan)).collect()
    } else {
        vec![of_act(&settings, &told)]
    };
    Ok(print(&settings, &receipts))
}

/// An invented receipt, to see what the settings look like.
pub fn specimen(settings: &PaperSettings) -> String {
    let receipt = Receipt {
        title: "Reçu de remise".into(),
        subtitle: Some("Spécimen".into()),
        date: "1er septembre 2026".into(),
        code: "RM0123456789".into(),
        facts: vec![("Élève", "Camille EXEMPLE".into()), ("Classe", "2GT1".into())],
        laptops: vec![ReceiptLaptop {
            heading: "Ordinateur remis".into(),
            model: "Ordinateur portable".into(),
            serial: "SPECIMEN01".into(),
            asset_tag: None,
        }],
        lists: vec![("Accessoires remis", vec!["Chargeur".into(), "Housse".into()])],
        text: settings.receipt_text.clone(),
        signatures: vec!["L'élève", "Le lycée"],
        ..Receipt::default()
    };
    print(settings, &[receipt])
}

/// An act with all that its paper says.
struct Told {
    card: ActCard,
    loans: Vec<PaperLoan>,
    incident: Option<PaperIncident>,
    check: Option<PaperCheck>,
}

fn print(settings: &PaperSettings, receipts: &[Receipt]) -> String {
    let size = Size::parse(&settings.receipt_size).unwrap_or(Size::A6);
    let title = receipts.first().map_or("Reçu", |receipt| receipt.title.as_str());
    let part = Part { title: title.to_owned(), filter: None, page: 1, pages: 1, remark: None };
    let sheets: Vec<_> = receipts.iter().map(|receipt| receipt.sheet(size)).collect();
    document(&part, size, false, &of_settings(settings), &sheets)
}

/// What the receipt of a loan's opening is called.
pub fn title_of_loan(kind: &str) -> &'static str {
    if kind == LoanKind::Temporary.as_str() { "Reçu de prêt temporaire" } else { "Reçu de remise" }
}

/// What the receipt of an act is called.
pub fn title_of_act(kind: &str) -> &str {
    match ActKind::parse(kind) {
        Some(ActKind::Swap) => "Reçu d'échange",
        Some(ActKind::ReportIncident) => "Déclaration de sinistre",
        Some(ActKind::Lend) => "Reçu de prêt temporaire",
        Some(ActKind::Return) => "Reçu de retour",
        Some(ActKind::GiveBack) => "Reçu d'ordinateur réparé rendu",
        Some(known) => known.label(),
        None => kind,
    }
}

fn hand_over(settings: &PaperSettings, loan: &PaperLoan) -> Receipt {
    Receipt {
        title: title_of_loan(&loan.kind).into(),
        date: dates::day(dates::local_day(loan.opened_at)),
        code: receipt_code(loan.id),
        warning: (loan.close_kind.as_deref() == Some("undone"))
            .then(|| "Remise annulée : ce reçu ne vaut rien.".into()),
        facts: [
            pupil(loan),
            vec![
                ("Remis le", dates::moment(loan.opened_at)),
                ("Au poste", format!("{}, par {}", loan.station, loan.operator)),
                ("Charte", charter(loan)),
            ],
            terms(loan),
        ]
        .concat(),
        laptops: vec![laptop("Ordinateur remis", loan)],
        lists: vec![("Accessoires remis", loan.kit.clone())],
        text: settings.receipt_text.clone(),
        signatures: vec!["L'élève ou son responsable légal", "Le lycée"],
        ..Receipt::default()
    }
}

/// What the signed copies were; nothing for a spare, which goes without.
fn charter(loan: &PaperLoan) -> String {
    match (&loan.charter_version, loan.without_charter) {
        (Some(version), _) => {
            let shown = loan.copies_shown.unwrap_or(0);
            let signed = loan.signatory.as_ref().map_or(String::new(), |name| format!(", signée par {name}"));
            let copies = if shown == 1 { "exemplaire" } else { "exemplaires" };
            format!("version {version}, {shown} {copies}{signed}")
        }
        (None, true) => "à remettre au lycée".into(),
        (None, false) => String::new(),
    }
}

/// Until when a spare is lent, and why.
fn terms(loan: &PaperLoan) -> Vec<(&'static str, String)> {
    let purpose = loan.purpose.as_deref().and_then(Purpose::parse).map_or("", Purpose::label);
    let due = loan.due_on.map(dates::day).unwrap_or_default();
    vec![("À rendre le", due), ("Motif", purpose.to_owned())]
}

fn pupil(loan: &PaperLoan) -> Vec<(&'static str, String)> {
    vec![("Élève", loan.pupil.name()), ("Classe", loan.pupil.class_code.clone().unwrap_or_default())]
}

fn laptop(heading: &str, loan: &PaperLoan) -> ReceiptLaptop {
    ReceiptLaptop {
        heading: heading.to_owned(),
        model: loan.laptop.model.clone(),
        serial: loan.laptop.serial.clone(),
        asset_tag: loan.asset_tag.clone(),
    }
}

fn transfer(settings: &PaperSettings, told: &Told, loan: &PaperLoan) -> Receipt {
    Receipt {
        title: "Reçu de cession".into(),
        code: receipt_code(loan.id),
        facts: [pupil(loan), done_by(&told.card)].concat(),
        laptops: vec![laptop("Ordinateur cédé à l'élève", loan)],
        ..base(settings, told)
    }
}

/// What the papers of every act share.
fn base(settings: &PaperSettings, told: &Told) -> Receipt {
    Receipt {
        date: dates::day(dates::local_day(told.card.done_at)),
        warning: told.card.undone.then(|| "Acte annulé : ce reçu ne vaut rien.".into()),
        text: settings.receipt_text.clone(),
        signatures: vec!["L'élève ou son responsable légal", "Le lycée"],
        ..Receipt::default()
    }
}

fn done_by(card: &ActCard) -> Vec<(&'static str, String)> {
    vec![
        ("Fait le", dates::moment(card.done_at)),
        ("Au poste", format!("{}, par {}", card.station, card.operator)),
    ]
}

fn of_act(settings: &PaperSettings, told: &Told) -> Receipt {
    let card = &told.card;
    let kind = ActKind::parse(&card.kind);
    let opened = told.loans.iter().find(|loan| loan.effect == "opened");
    let student = card.student.as_ref();
    let facts = [
        vec![
            ("Élève", student.map(|s| s.name.clone()).unwrap_or_default()),
            ("Classe", student.and_then(|s| s.class.clone()).unwrap_or_default()),
        ],
        done_by(card),
        opened.map(terms).unwrap_or_default(),
        told.incident.as_ref().map(incident).unwrap_or_default(),
        vec![("Motif de l'acte", card.reason.clone().unwrap_or_default())],
    ]
    .concat();
    Receipt {
        title: title_of_act(&card.kind).into(),
        code: receipt_code(card.act_id),
        with_qr: kind == Some(ActKind::Return),
        facts,
        laptops: card.devices.iter().map(|device| of_device(device, kind, &told.loans)).collect(),
        lists: lists(opened, told),
        signatures: if student.is_some() {
            vec!["L'élève ou son responsable légal", "Le lycée"]
        } else {
            vec!["Le lycée"]
        },
        ..base(settings, told)
    }
}

/// Each laptop under what happened to it: its move tells.
fn of_device(device: &ActDevice, kind: Option<ActKind>, loans: &[PaperLoan]) -> ReceiptLaptop {
    let heading = match (device.by.as_str(), kind) {
        ("lend" | "hand_over" | "give_back", _) => "Ordinateur remis à l'élève".to_owned(),
        ("take_back", _) | ("break", Some(ActKind::Swap)) => "Ordinateur repris".to_owned(),
        ("lose", _) => "Ordinateur déclaré perdu".to_owned(),
        ("steal", _) => "Ordinateur déclaré volé".to_owned(),
        _ => format!("Ordinateur : {}", device.to_label.to_lowercase()),
    };
    let loan = loans.iter().find(|loan| loan.device_id == device.id);
    ReceiptLaptop {
        heading,
        model: device.model.clone(),
        serial: device.serial.clone(),
        asset_tag: loan.and_then(|loan| loan.asset_tag.clone()),
    }
}

fn incident(told: &PaperIncident) -> Vec<(&'static str, String)> {
    let kind = Incident::parse(&told.kind).map_or(told.kind.as_str(), |one| one.label());
    vec![
        ("Sinistre", kind.to_owned()),
        ("Constaté", in_french(&told.symptoms).join(", ")),
        ("Description", told.description.clone()),
        ("N° de plainte", told.complaint_number.clone().unwrap_or_default()),
    ]
}

/// Words of the programme's lists in French; others, which a person has written, as they are.
pub fn in_french(words: &[String]) -> Vec<String> {
    let known = |word: &String| SYMPTOMS.iter().find(|(name, _)| name == word).map(|(_, french)| *french);
    words.iter().map(|word| known(word).unwrap_or(word).to_owned()).collect()
}

fn lists(opened: Option<&PaperLoan>, told: &Told) -> Vec<(&'static str, Vec<String>)> {
    let given = opened.map(|loan| loan.kit.clone()).unwrap_or_default();
    let Some(check) = &told.check else { return vec![("Accessoires remis", given)] };
    let returned: Vec<String> =
        check.kit.iter().filter(|part| !check.missing.contains(part)).cloned().collect();
    let intact = check.damaged.is_empty() && check.missing.is_empty();
    let state = if intact { vec!["Complet et en bon état.".to_owned()] } else { Vec::new() };
    let note = [check.note.trim()].into_iter().filter(|note| !note.is_empty()).map(str::to_owned).collect();
    vec![
        ("Accessoires remis", given),
        ("État au retour", state),
        ("Accessoires rendus", returned),
        ("Accessoires manquants", in_french(&check.missing)),
        ("Abîmé", in_french(&check.damaged)),
        ("Remarque", note),
    ]
}
