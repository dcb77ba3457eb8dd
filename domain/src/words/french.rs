//! What a refusal says, in French.

use super::{Language, Words, class_of, day, device_state, euros, moment};
use crate::incidents::Incident;
use crate::refusal::{Refusal, Thing};
use chrono::{DateTime, FixedOffset, Utc};

const LANGUAGE: Language = Language::French;

pub(super) fn french(refusal: &Refusal, offset: FixedOffset) -> Words {
    let at = |t: &DateTime<Utc>| moment(*t, offset, LANGUAGE);
    match refusal {
        Refusal::UnknownStudent => (
            "Élève inconnu",
            "Cet élève n'est pas dans la liste de l'établissement.".into(),
            "Cherchez l'élève par son nom, ou importez une liste plus récente.",
        ),
        Refusal::UnknownDevice => (
            "Ordinateur inconnu",
            "Cet ordinateur n'est sur aucun bon de livraison importé.".into(),
            "Mettez-le de côté et prévenez le référent numérique.",
        ),
        Refusal::UnknownLoan => (
            "Remise introuvable",
            "Cette remise n'existe pas dans cet établissement.".into(),
            "Rechargez la liste des dernières remises.",
        ),
        Refusal::NoCampaign => (
            "Pas de campagne",
            "Aucune campagne de distribution n'est ouverte.".into(),
            "Demandez au référent d'ouvrir la campagne de l'année.",
        ),
        Refusal::NoStation => (
            "Poste sans nom",
            "Ce poste n'a pas encore de nom.".into(),
            "Donnez un nom au poste, puis recommencez.",
        ),
        Refusal::AlreadyHandedOver { name, serial, since } => (
            "Déjà remis",
            format!("{name} a déjà reçu {serial}, le {}.", at(since)),
            "Rien à faire : passez à l'élève suivant.",
        ),
        Refusal::HeldBySomeoneElse { serial, holder } => (
            "Remis à quelqu'un d'autre",
            format!(
                "{serial} est chez {}{}, depuis le {}.",
                holder.name,
                class_of(&holder.class),
                at(&holder.since)
            ),
            "Prenez un autre ordinateur. Si celui-ci est rendu, passez en mode Retour (F4).",
        ),
        Refusal::StudentAlreadyEquipped { name, serial, since } => (
            "Élève déjà équipé",
            format!("{name} a déjà l'ordinateur {serial}, depuis le {}.", at(since)),
            "Gardez l'ordinateur présenté. Pour un remplacement, passez en mode Échange (F3).",
        ),
        Refusal::NotEntitled { name } => (
            "Pas de dotation",
            format!("{name} n'est pas dans une formation équipée."),
            "Vérifiez la classe avec le référent, qui peut accorder une dérogation.",
        ),
        Refusal::StudentLeft { name, left_on } => (
            "Élève sorti",
            format!("{name} a quitté l'établissement le {}.", day(*left_on)),
            "Ne remettez pas d'ordinateur. Prévenez le référent.",
        ),
        Refusal::DeviceNotAvailable { serial, state } => (
            "Ordinateur indisponible",
            format!("{serial} est {}.", device_state(*state, LANGUAGE)),
            "Prenez un autre ordinateur.",
        ),
        Refusal::CharterIncomplete { name, shown, kept } => (
            "Charte incomplète",
            format!("Charte de {name} : {shown} sur 2 exemplaires montrés, {kept} gardé."),
            "Demandez les deux exemplaires signés, gardez-en un, puis confirmez avec Espace.",
        ),
        Refusal::OverrideNotAllowed => (
            "Dérogation réservée",
            "Seul un référent ou le chef d'établissement peut passer outre la charte.".into(),
            "Appelez le référent.",
        ),
        Refusal::ReasonMissing => (
            "Motif manquant",
            "Un motif est demandé pour cette action.".into(),
            "Indiquez le motif en quelques mots.",
        ),
        Refusal::UndoTooLate { minutes } => (
            "Trop tard pour annuler",
            format!("La remise date de {minutes} minutes ; l'annulation est possible pendant 15 minutes."),
            "Gardez l'ordinateur s'il a été rendu, et prévenez le référent.",
        ),
        Refusal::UndoFromOtherStation => (
            "Autre poste",
            "Cette remise a été faite à un autre poste.".into(),
            "Annulez-la depuis ce poste-là, ou prévenez le référent.",
        ),
        Refusal::AlreadyClosed => ("Déjà annulée", "Cette remise est déjà close.".into(), "Rien à faire."),
        Refusal::RequestReused => (
            "Demande réutilisée",
            "Le même identifiant a déjà servi à une autre action.".into(),
            "Rechargez la page et recommencez.",
        ),
        Refusal::JustTaken => (
            "Pris à l'instant",
            "Un autre poste vient d'enregistrer cet ordinateur ou cet élève.".into(),
            "Présentez de nouveau le badge et l'ordinateur.",
        ),
        Refusal::BadgeTaken { code_holder } => {
            ("Badge déjà connu", format!("Ce badge est celui de {code_holder}."), "Vérifiez l'élève affiché.")
        }
        Refusal::BadgeNotOpaque => (
            "Ce code n'est pas un badge",
            "Ce code est celui d'un ordinateur, d'un produit ou d'une charte.".into(),
            "Présentez la carte de l'élève.",
        ),
        Refusal::UnknownBadge => (
            "Badge inconnu",
            "Ce code n'est pas celui d'un badge de cet élève.".into(),
            "Vérifiez l'élève affiché, puis présentez de nouveau le badge.",
        ),
        Refusal::BadgePrinted => (
            "Badge de l'établissement",
            "Ce badge a été imprimé par l'établissement : un poste ne peut pas le retirer.".into(),
            "Prévenez le référent numérique.",
        ),
        Refusal::NotFound { what } => {
            let (title, sentence, remedy) = not_found(*what);
            (title, sentence.into(), remedy)
        }
        Refusal::MoveNotAllowed { serial, state } => (
            "Impossible dans cet état",
            format!("{serial} est {} : cette action n'est pas possible.", device_state(*state, LANGUAGE)),
            "Ouvrez la fiche de l'ordinateur pour voir ce qui s'est passé.",
        ),
        Refusal::AlreadyThere { serial, state } => (
            "Déjà fait",
            format!("{serial} est déjà {}.", device_state(*state, LANGUAGE)),
            "Rien à faire : présentez le suivant.",
        ),
        Refusal::NotLent { serial, state } => (
            "Chez personne",
            format!("{serial} est {} : aucun élève ne l'a.", device_state(*state, LANGUAGE)),
            "Rien à rendre : rangez-le, ou ouvrez sa fiche.",
        ),
        Refusal::SpareNotAvailable { serial, state } => (
            "Pas un ordinateur de réserve",
            format!("{serial} est {}.", device_state(*state, LANGUAGE)),
            "Présentez un ordinateur de la réserve.",
        ),
        Refusal::StudentHasSpare { name, serial, since } => (
            "Prêt déjà en cours",
            format!("{name} a déjà {serial} en prêt, depuis le {}.", at(since)),
            "Faites d'abord le retour de ce prêt, ou prolongez-le.",
        ),
        Refusal::NothingToGiveBack { name } => (
            "Rien à rendre",
            format!("L'ordinateur de {name} n'est pas revenu de réparation."),
            "Attendez son retour de SAV, ou faites un retour simple.",
        ),
        Refusal::ComplaintMissing => (
            "Numéro de plainte manquant",
            "Un vol se déclare avec le numéro de la plainte.".into(),
            "Saisissez le numéro du dépôt de plainte.",
        ),
        Refusal::GrantNeeded { name, incident } => (
            "Accord du proviseur nécessaire",
            format!("Après {}, {name} n'a un autre ordinateur que par le fonds d'urgence.", the(*incident)),
            "Déclarez le sinistre sans remplaçant, puis demandez le fonds d'urgence.",
        ),
        Refusal::NoReplacement { name, incident } => (
            "Pas de remplacement",
            format!("Après {}, l'établissement ne donne pas d'autre ordinateur à {name}.", the(*incident)),
            "Déclarez le sinistre sans remplaçant. La règle se change dans Réserve, Règles.",
        ),
        Refusal::GrantUsed { name } => (
            "Accord déjà utilisé",
            format!("Cet accord du fonds d'urgence a déjà donné un ordinateur à {name}."),
            "Vérifiez la fiche de l'élève.",
        ),
        Refusal::GrantDecided => {
            ("Déjà décidé", "Cette demande a déjà sa réponse.".into(), "Rien à faire : rechargez la liste.")
        }
        Refusal::BudgetExceeded { year, left } => (
            "Fonds d'urgence insuffisant",
            format!("Il reste {} au fonds d'urgence {year}.", euros(*left)),
            "Baissez le montant, choisissez une autre année, ou corrigez le budget.",
        ),
        Refusal::HeadOnly => (
            "Réservé au chef d'établissement",
            "Seul le chef d'établissement décide du fonds d'urgence.".into(),
            "Demandez-lui d'ouvrir la liste des demandes.",
        ),
        Refusal::ManagerOnly => (
            "Action réservée",
            "Seul un référent ou le chef d'établissement peut faire cela.".into(),
            "Appelez le référent.",
        ),
        Refusal::DueDateMissing => (
            "Date de retour manquante",
            "Un prêt a toujours une date de retour.".into(),
            "Choisissez la date de retour.",
        ),
        Refusal::DueDateImplausible { due_on } => (
            "Date de retour impossible",
            format!("Le {} est passé, ou à plus d'un an.", day(*due_on)),
            "Choisissez une date entre aujourd'hui et la fin de l'année scolaire.",
        ),
        Refusal::NotTemporary => (
            "Pas un prêt",
            "Cet ordinateur est la dotation de l'élève : il n'a pas de date de retour.".into(),
            "Vérifiez l'élève affiché.",
        ),
        Refusal::ChangedSince => (
            "Trop tard pour annuler",
            "Autre chose s'est passé depuis avec cet ordinateur ou cet élève.".into(),
            "Ouvrez la fiche de l'ordinateur, puis corrigez par une nouvelle action.",
        ),
        Refusal::StockTooSmall { wanted, there } => (
            "Stock insuffisant",
            format!("{wanted} ordinateurs demandés, {there} en stock."),
            "Baissez la part, ou recevez d'abord la livraison.",
        ),
        Refusal::DeliveryChecked { note } => (
            "Réception terminée",
            format!("La réception du bon {note} est déclarée terminée."),
            "Demandez au référent de la rouvrir.",
        ),
        Refusal::BatchSent => {
            ("Lot déjà parti", "Ce lot est déjà parti au SAV.".into(), "Ouvrez un nouveau lot.")
        }
        Refusal::BatchEmpty => (
            "Lot vide",
            "Ce lot ne contient aucun ordinateur.".into(),
            "Présentez les ordinateurs en panne, puis envoyez le lot.",
        ),
        Refusal::StockTakeOpen { name } => (
            "Inventaire en cours",
            format!("L'inventaire « {name} » est encore ouvert."),
            "Terminez-le avant d'en ouvrir un autre.",
        ),
        Refusal::StockTakeClosed => (
            "Inventaire terminé",
            "Cet inventaire est clos : son rapport ne change plus.".into(),
            "Ouvrez un nouvel inventaire.",
        ),
        Refusal::CharterCopyIn { name, copy } => (
            "Déjà reçue",
            format!("L'exemplaire {copy} de la charte de {name} est déjà reçu."),
            "Rien à faire : présentez la suivante.",
        ),
        Refusal::CharterOutdated { name } => (
            "Charte périmée",
            format!("La charte de {name} est d'une ancienne version."),
            "Faites signer la charte de cette campagne.",
        ),
        Refusal::CharterVersionTaken { version } => (
            "Version déjà publiée",
            format!("La version {version} existe déjà avec un autre texte."),
            "Donnez un autre nom à la nouvelle version.",
        ),
        Refusal::NotAdult { name } => (
            "Élève mineur",
            format!("{name} n'a pas 18 ans : un responsable légal signe."),
            "Choisissez le responsable qui a signé.",
        ),
        Refusal::PresetNameTaken { name } => {
            ("Nom déjà pris", format!("Un modèle s'appelle déjà « {name} »."), "Choisissez un autre nom.")
        }
    }
}

fn the(incident: Incident) -> &'static str {
    match incident {
        Incident::Breakdown => "une panne",
        Incident::Breakage => "une casse",
        Incident::Loss => "une perte",
        Incident::Theft => "un vol",
    }
}

fn not_found(what: Thing) -> (&'static str, &'static str, &'static str) {
    const RELOAD: &str = "Rechargez la page, puis recommencez.";
    match what {
        Thing::Act => ("Action introuvable", "Cette action n'existe pas dans cet établissement.", RELOAD),
        Thing::Delivery => {
            ("Bon de livraison inconnu", "Ce bon n'est pas importé.", "Importez d'abord le bon de livraison.")
        }
        Thing::Incident => {
            ("Sinistre introuvable", "Ce sinistre n'existe pas dans cet établissement.", RELOAD)
        }
        Thing::Grant => ("Demande introuvable", "Cette demande au fonds d'urgence n'existe pas.", RELOAD),
        Thing::RepairBatch => {
            ("Lot introuvable", "Ce lot de SAV n'existe pas dans cet établissement.", RELOAD)
        }
        Thing::Repair => (
            "Pas en réparation",
            "Aucune réparation n'est en cours pour cet ordinateur.",
            "Vérifiez le numéro de série, ou ouvrez la fiche de l'ordinateur.",
        ),
        Thing::StockTake => {
            ("Inventaire introuvable", "Cet inventaire n'existe pas.", "Ouvrez un inventaire.")
        }
        Thing::Charter => (
            "Charte inconnue",
            "Cette charte n'a pas été imprimée par l'établissement.",
            "Imprimez la charte de l'élève, ou cherchez l'élève par son nom.",
        ),
        Thing::CharterReceipt => (
            "Charte pas reçue",
            "Aucune charte de cet élève n'est reçue pour cette campagne.",
            "Rien à retirer.",
        ),
        Thing::Guardian => ("Responsable inconnu", "Ce responsable n'est pas celui de cet élève.", RELOAD),
        Thing::Class => ("Classe inconnue", "Cette classe n'existe pas dans cet établissement.", RELOAD),
        Thing::Slot => ("Créneau introuvable", "Ce créneau n'existe pas dans cette campagne.", RELOAD),
        Thing::Preset => ("Modèle introuvable", "Ce modèle d'export n'existe pas.", RELOAD),
        Thing::Export => ("Export introuvable", "Aucun export ne porte ce numéro.", RELOAD),
    }
}
