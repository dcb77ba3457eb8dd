//! The arrows inside `src/`, as the README's map has them: each module may name those
//! below it and no other. Read from the text: every `crate::…` path, in a `use` or inline.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says so by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// A module of `src/`, and the modules it may name besides itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("cluster", &[]),
    ("db", &[]),
    ("exports", &[]),
    ("printing", &[]),
    ("operations", &["db", "exports", "printing"]),
    ("demo", &["db", "exports", "printing", "operations"]),
    ("http", &["db", "operations"]),
    ("server", &["config", "cluster", "db", "operations", "http"]),
    ("cli", &["config", "cluster", "db", "exports", "operations", "demo", "http", "server"]),
];

/// Crates that only some modules may name: SQL stays in `db` and the operations, HTTP in
/// `http` and start-up, codes and labels in the operations.
const CRATES: &[(&str, &[&str])] = &[
    ("diesel", &["db", "operations"]),
    ("diesel_async", &["db", "operations", "demo"]),
    ("actix_web", &["http", "server"]),
    ("actix_ws", &["http"]),
    ("scanning", &["operations"]),
    ("importers", &["operations"]),
];

#[test]
fn modules_name_only_those_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for file in files(&root) {
        let inside = file.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
        if inside == "lib.rs" || inside == "main.rs" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a readable file");
        faults.extend(check(&inside, &text));
    }
    assert!(faults.is_empty(), "arrows that point up or across:\n{}", faults.join("\n"));
}

#[test]
fn a_broken_arrow_is_found() {
    let broken = [
        ("exports/register_csv.rs", "use crate::db::register::RegisterRow;"),
        ("db/loans.rs", "fn f() -> crate::operations::Failure {}"),
        ("http/live.rs", "use scanning::Reader;"),
        ("http/desk.rs", "    use diesel::prelude::*;"),
        ("http/desk.rs", "fn f(e: diesel::result::Error) {}"),
        ("exports/table.rs", "pub use ::crate::db;"),
        ("operations/mod.rs", "use crate::{db, http};"),
        ("operations/mod.rs", "use crate::*;"),
        ("operations/mod.rs", "use crate as root;"),
        ("operations/mod.rs", "use { crate::http };"),
        ("db/mod.rs", "use super::super::http;"),
        ("db/mod.rs", "use super::http;"),
        ("db.rs", "use super::http;"),
        ("stray/mod.rs", ""),
        ("cluster/mod.rs", "use crate\n    ::db;"),
    ];
    for (file, text) in broken {
        assert!(!check(file, text).is_empty(), "not found: {file}: {text}");
    }
    let sound = [
        ("operations/mod.rs", "use crate::db::Db;\nuse crate::exports::register_csv;"),
        ("db/loans.rs", "// see crate::http\n/// [`crate::http`]\nuse crate::db::Db;"),
        ("db/loans.rs", "const TEXT: &str = \"crate::http and actix_web::web\";"),
        ("db/cards.rs", "use super::journal;"),
        ("db/cards.rs", "const TEXT: &str = r#\"a \" crate::http\"#;"),
        ("http/desk.rs", "let scanning = 1; let my_diesel::x = 2;"),
    ];
    for (file, text) in sound {
        assert_eq!(check(file, text), Vec::<String>::new(), "{file}");
    }
}

/// What is wrong in a file, whose path is told from `src/`.
fn check(file: &str, text: &str) -> Vec<String> {
    let module = file.split(['/', '.']).next().unwrap_or("");
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
        return vec![format!("{file}: the module {module} has no place in the arrows; give it one")];
    };
    let code = without_text(text);
    let mut faults = Vec::new();
    for rest in after(&code, "crate") {
        match path_after(rest) {
            Some(named) if named == module || allowed.contains(&named) => {}
            Some("") => faults.push(format!("{file}: name one module after crate::, without braces or star")),
            Some(named) => faults.push(format!("{file}: {module} may not name {named}")),
            None => faults.push(format!("{file}: crate alone hides what is named")),
        }
    }
    for rest in after(&code, "super") {
        let named = path_after(rest).unwrap_or("");
        let at_the_root = !file.contains('/') || file.ends_with("/mod.rs");
        // In `mod tests` of a root file, `super::*` is the file itself.
        let is_module = MAY_NAME.iter().any(|(name, _)| *name == named);
        if named == "super" || (at_the_root && is_module && named != module) {
            faults.push(format!("{file}: super:: climbs out of {module}; say crate::"));
        }
    }
    for (library, users) in CRATES {
        if !users.contains(&module) && after(&code, library).any(|rest| path_after(rest).is_some()) {
            faults.push(format!("{file}: {module} may not name the crate {library}"));
        }
    }
    faults
}

/// What follows each `word` that stands alone.
fn after<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(word).filter_map(move |(at, _)| {
        let before = code.get(..at)?.chars().next_back();
        let rest = code.get(at + word.len()..)?;
        let alone = !before.is_some_and(is_name) && !rest.chars().next().is_some_and(is_name);
        // `pub(crate)` names nothing.
        (alone && !rest.starts_with(')')).then_some(rest)
    })
}

/// The name after `::`, empty when there is none; `None` without `::`.
fn path_after(rest: &str) -> Option<&str> {
    let rest = rest.trim_start().strip_prefix("::")?.trim_start();
    Some(rest.split(|c| !is_name(c)).next().unwrap_or(""))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The code without comments and without what stands between double quotes.
fn without_text(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            code.push('"');
            quoted(rest)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = rest.get(skipped..).unwrap_or("");
    }
    code
}

/// Length of the string literal at the start of `rest`, both quotes included.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
