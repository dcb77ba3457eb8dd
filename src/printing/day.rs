//! Papers of the day: attendance sheets, the referent's contact sheet, slips of guest accounts,
//! the list of charters to chase.

use super::page::{Part, cards};
use maud::{Markup, html};

const STYLE: &str = "
table.list { margin: 2mm 0 0; font-size: 9.5pt; }
table.list th { text-align: left; border-bottom: 0.4mm solid #000; padding: 1mm 1.5mm; vertical-align: bottom; }
table.list td { height: auto; width: auto; padding: 1.4mm 1.5mm; border: 0; border-bottom: 0.2mm solid #888; }
table.list tr { break-inside: avoid; }
table.list td.sign { width: 38mm; height: 9mm; border-left: 0.2mm solid #888; }
table.list td.tick { width: 8mm; border: 0.2mm solid #888; }
table.list thead { display: table-header-group; }
h2 { font-size: 15pt; margin: 4mm 0 1mm; } h3 { font-size: 11pt; margin: 4mm 0 1mm; }
dl { display: grid; grid-template-columns: 55mm 1fr; gap: 2.5mm 4mm; margin: 4mm 0; font-size: 12pt; }
dt { font-weight: bold; } dd { margin: 0; min-height: 6mm; border-bottom: 0.2mm dotted #666; white-space: pre-line; }
.slips { display: grid; grid-template-columns: 1fr 1fr; gap: 0; }
.slip { border: 0.2mm dashed #888; padding: 6mm; min-height: 52mm; break-inside: avoid; }
.slip p { margin: 0 0 2mm; } .slip .word { font: bold 15pt monospace; letter-spacing: 0.06em; }
.foot { margin-top: 4mm; font-size: 9pt; }
";

fn paper(title: String, remark: &str, content: &Markup) -> String {
    let remark = (!remark.is_empty()).then(|| remark.to_owned());
    let part = Part { title, filter: None, page: 1, pages: 1, remark };
    cards(&part, &html! { style { (maud::PreEscaped(STYLE)) } (content) })
}

/// The pupils of a class on the day.
pub struct Attendance {
    pub school: String,
    pub campaign: String,
    pub class: String,
    /// French: when and where, as far as it is planned.
    pub when: Vec<String>,
    pub pupils: Vec<AttendancePupil>,
}

pub struct AttendancePupil {
    /// `MERCIER Lina`.
    pub name: String,
    pub badge: Option<String>,
    /// The laptop the pupil has already.
    pub serial: Option<String>,
    /// French: the state of the charter.
    pub charter: String,
    pub entitled: bool,
}

/// A class a sheet, to be ticked and signed.
pub fn attendance(sheets: &[Attendance]) -> String {
    let title = match sheets {
        [one] => format!("Émargement de la classe {}", one.class),
        _ => "Feuilles d'émargement".to_owned(),
    };
    let content = html! {
        @for sheet in sheets { (attendance_sheet(sheet)) }
        @if sheets.is_empty() { p { "Rien à imprimer pour ce choix." } }
    };
    paper(title, "", &content)
}

fn attendance_sheet(sheet: &Attendance) -> Markup {
    html! {
        article {
            h2 { "Émargement — " (sheet.class) }
            p { (sheet.school) ", " (sheet.campaign) }
            @for when in &sheet.when { p { strong { (when) } } }
            table.list {
                thead { tr {
                    th { "Présent" } th { "Élève" } th { "Badge" } th { "Charte" } th { "Numéro de série" } th { "Signature" }
                } }
                tbody { @for pupil in &sheet.pupils { tr {
                    td.tick {} td { strong { (pupil.name) } @if !pupil.entitled { br; "sans dotation" } }
                    td { (pupil.badge.as_deref().unwrap_or("")) } td { (pupil.charter) }
                    td { (pupil.serial.as_deref().unwrap_or("")) } td.sign {}
                } } }
            }
            p.foot { (sheet.pupils.len()) " élèves." }
        }
    }
}

/// Whom Région and contractor call about the distribution.
pub struct ContactSheet {
    pub school: String,
    pub uai: String,
    pub campaign: String,
    /// French; empty while it is not set.
    pub due: String,
    /// What it says, by its names, in order.
    pub lines: Vec<(String, String)>,
    pub staff: Vec<(String, String)>,
}

pub fn contact_sheet(sheet: &ContactSheet) -> String {
    let content = html! {
        article {
            h2 { "Fiche contact du référent de distribution" }
            p { (sheet.school) " (" (sheet.uai) "), " (sheet.campaign) }
            @if !sheet.due.is_empty() { p { strong { "À rendre à la Région et au prestataire avant le " (sheet.due) "." } } }
            dl { @for (name, text) in &sheet.lines { dt { (name) } dd { (text) } } }
            @if !sheet.staff.is_empty() {
                h3 { "Équipe de distribution" }
                table.list { tbody { @for (name, duty) in &sheet.staff { tr { td { strong { (name) } } td { (duty) } } } } }
            }
        }
    };
    paper("Fiche contact".to_owned(), "", &content)
}

/// A guest account on a slip of paper.
pub struct Slip {
    pub position: i16,
    pub login: String,
    pub password: String,
    pub holder: String,
}

pub fn guest_accounts(school: &str, campaign: &str, slips: &[Slip]) -> String {
    let content = html! {
        div.slips { @for slip in slips { div.slip {
            p { strong { "Compte invité " (slip.position) } " — " (school) }
            p { (campaign) }
            p { "Titulaire : " (slip.holder) }
            p { "Identifiant : " span.word { (slip.login) } }
            p { "Mot de passe : " span.word { (slip.password) } }
            p.foot { "À rendre au référent à la fin de la distribution." }
        } } }
        @if slips.is_empty() { p { "Aucun compte : saisissez au moins un identifiant et son mot de passe." } }
    };
    let remark = "Les mots de passe ne sont enregistrés nulle part : cette page ne pourra pas être rouverte.";
    paper("Comptes invités".to_owned(), remark, &content)
}

/// An account of the ENT, as its slip shows it.
pub struct AccountSlip {
    pub name: String,
    pub class: String,
    pub profile: String,
    pub login: String,
    pub password: String,
}

pub fn account_slips(school: &str, slips: &[AccountSlip]) -> String {
    let content = html! {
        div.slips { @for slip in slips { div.slip {
            p { strong { (slip.name) } @if !slip.class.is_empty() { " — " (slip.class) } }
            p { (school) @if !slip.profile.is_empty() { ", " (slip.profile) } }
            p { "Identifiant : " span.word { (slip.login) } }
            @if !slip.password.is_empty() { p { "Mot de passe provisoire : " span.word { (slip.password) } } }
            p.foot { "Changez ce mot de passe à la première connexion, et ne le prêtez à personne." }
        } } }
        @if slips.is_empty() { p { "Ce fichier ne contient aucun compte." } }
    };
    let remark = "Les mots de passe ne sont enregistrés nulle part : cette page ne pourra pas être rouverte.";
    paper("Comptes de l’ENT".to_owned(), remark, &content)
}

/// A pupil whose charter is missing.
pub struct ChasePupil {
    pub name: String,
    /// French: copies in, and what was handed out all the same.
    pub state: String,
    /// Name and contacts of each guardian.
    pub guardians: Vec<(String, String)>,
}

/// Pupils by class, each class on a page of its own.
pub fn chase(school: &str, day: &str, classes: &[(String, Vec<ChasePupil>)]) -> String {
    let content = html! {
        @for (class, pupils) in classes {
            article {
                h2 { "Chartes à réclamer — " (class) }
                p { (school) ", le " (day) ". " (pupils.len()) " élèves." }
                table.list {
                    thead { tr { th { "Élève" } th { "État" } th { "Responsables" } th { "Relance" } } }
                    tbody { @for pupil in pupils { tr {
                        td { strong { (pupil.name) } } td { (pupil.state) }
                        td {
                            @for (name, contacts) in &pupil.guardians { div { (name) @if !contacts.is_empty() { ", " (contacts) } } }
                            @if pupil.guardians.is_empty() { "aucun enregistré" }
                        }
                        td.sign {}
                    } } }
                }
            }
        }
        @if classes.is_empty() { p { "Aucune charte à réclamer." } }
    };
    paper("Chartes à réclamer".to_owned(), "", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_has_typed_stays_text() {
        let slip =
            Slip { position: 1, login: "<script>".into(), password: "a\"<b>&".into(), holder: "<i>".into() };
        let html = guest_accounts("Lycée <u>", "<s>", &[slip]);
        for raw in ["<script", "<b>", "<i>", "<u>", "<s>"] {
            assert!(!html.contains(raw), "{raw} in {html}");
        }
        assert!(html.contains("a&quot;&lt;b&gt;&amp;"));
    }
}
