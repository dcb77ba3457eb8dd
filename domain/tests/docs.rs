//! Pages of the docs that are made from the code: the life of a laptop and every refusal.
//! `UPDATE_DOCS=1 cargo test -p remise-domain --test docs` writes them.

#![allow(clippy::unwrap_used, reason = "a test says so by panicking")]

use chrono::FixedOffset;
use domain::acts::ActKind;
use domain::devices::DeviceState;
use domain::incidents::{Incident, Policy, Replacement};
use domain::moves::{Move, drawing};
use domain::refusal::{Tone, examples};
use domain::words::{Language, device_state, sentences};
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn compare(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing = made.lines().zip(written.lines()).find(|(made, told)| made != told);
    assert!(
        made == written,
        "docs/{name} is not what the code says, first at {differing:?} (made, told); \
         type UPDATE_DOCS=1 cargo test -p remise-domain --test docs"
    );
}

#[test]
fn the_life_of_a_laptop_is_drawn_from_the_code() {
    let mut page = String::from(
        "# La vie d'un ordinateur\n\n\
         <!-- Made from domain/src/moves.rs by UPDATE_DOCS=1 cargo test -p remise-domain --test docs. -->\n\n\
         Un ordinateur est toujours dans un seul de ces états, et ne va de l'un à l'autre que par ces flèches. \
         La base de données refuse toutes les autres. Chaque passage garde qui, où, quand et pourquoi, dans le \
         journal ; un geste se reprend pendant 15 minutes, depuis son poste, tant que rien d'autre ne s'est passé.\n\n",
    );
    write!(page, "```mermaid\n{}```\n\n", drawing()).unwrap();
    page.push_str("## États\n\n| état | code | chez un élève | dans les murs | peut être remis | peut remplacer |\n|---|---|---|---|---|---|\n");
    let tick = |yes: bool| if yes { "oui" } else { "" };
    for state in DeviceState::ALL {
        writeln!(
            page,
            "| {} | `{}` | {} | {} | {} | {} |",
            device_state(state, Language::French),
            state.as_str(),
            tick(state == DeviceState::Lent),
            tick(state.is_on_site()),
            tick(state.may_be_allocated()),
            tick(state.may_replace(false))
        )
        .unwrap();
    }
    page.push_str("\n## Passages\n\n| passage | code | de | à |\n|---|---|---|---|\n");
    for one in Move::ALL {
        for (from, to) in one.ways() {
            let word = |state| device_state(state, Language::French);
            writeln!(page, "| {} | `{}` | {} | {} |", one.label(), one.as_str(), word(*from), word(*to))
                .unwrap();
        }
    }
    page.push_str("\n## Gestes\n\n| geste | code | se reprend |\n|---|---|---|\n");
    for kind in ActKind::ALL {
        writeln!(
            page,
            "| {} | `{}` | {} |",
            kind.label(),
            kind.as_str(),
            if kind.may_be_undone() { "oui" } else { "non" }
        )
        .unwrap();
    }
    page.push_str(
        "\n## Remplacement après un sinistre\n\nLa règle du programme ; l'établissement peut changer chaque ligne.\n\n\
         | sinistre | remplacement | n° de plainte |\n|---|---|---|\n",
    );
    for incident in Incident::ALL {
        let policy = Policy::of_programme(incident);
        let replacement = match policy.replacement {
            Replacement::Reserve => "un ordinateur de la réserve",
            Replacement::Grant => "par le fonds d'urgence du proviseur",
            Replacement::Nothing => "aucun",
        };
        let complaint = if policy.needs_complaint { "demandé" } else { "" };
        writeln!(page, "| {} | {replacement} | {complaint} |", incident.label()).unwrap();
    }
    compare("vie-d-un-ordinateur.md", &page);
}

#[test]
fn every_refusal_is_in_the_table() {
    let offset = FixedOffset::east_opt(7200).unwrap();
    let mut page = String::from(
        "# Ce que Remise refuse, et quoi faire\n\n\
         <!-- Made from domain/src/words by UPDATE_DOCS=1 cargo test -p remise-domain --test docs. -->\n\n\
         Chaque refus a un code stable, une phrase et ce qu'il faut faire. Les noms et numéros sont des exemples.\n\n\
         | code | signe | titre | phrase | quoi faire |\n|---|---|---|---|---|\n",
    );
    for refusal in examples() {
        let words = sentences(&refusal, Language::French, offset);
        let tone = match refusal.tone() {
            Tone::Already => "= déjà",
            Tone::Refused => "! refusé",
            Tone::Unknown => "? inconnu",
        };
        writeln!(
            page,
            "| `{}` | {tone} | {} | {} | {} |",
            refusal.code(),
            words.title,
            words.sentence,
            words.remedy
        )
        .unwrap();
    }
    compare("refus.md", &page);
}
