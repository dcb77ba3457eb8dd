//! The same files through the command line.

use super::list;
use crate::harness::{App, remise};
use domain::roles::Role;
use serde_json::Value;
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_takes_files_in() {
    let app = App::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (xml, csv) = (folder.path().join("Eleves.xml"), folder.path().join("BL1.csv"));
    let pupils = [("1", "Mercier", "Lina", "2GT1"), ("1", "Mercier", "Lina", "2GT1")];
    fs::write(&xml, list("01/09/2026 08:00:00", &pupils)).unwrap();
    fs::write(&csv, "BL;P/N;S/N\nB;20ZZ;PF0FAKE1\n").unwrap();
    let run = |file: &std::path::Path, more: &[&str]| {
        let file = file.to_str().unwrap();
        let known = ["import", file, "--establishment", "0579999J", "--database-url", &app.url, "--json"];
        let output = remise(&[&known, more].concat()).output();
        let text = String::from_utf8(output.stdout).unwrap();
        let told: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        (output.status.code().unwrap(), told)
    };
    let (code, report) = run(&xml, &["--dry-run"]);
    assert_eq!((code, &report["counts"]["added"], &report["applied"]), (3, &1.into(), &false.into()));
    assert_eq!(report["issues"][0]["code"], "duplicate_student");
    assert_eq!(app.count("every", "students").await, 0);
    let (code, report) = run(&xml, &[]);
    assert_eq!((code, &report["counts"]["added"], &report["applied"]), (3, &1.into(), &true.into()));
    assert_eq!(run(&xml, &[]).1["counts"]["unchanged"], 1);
    assert_eq!(app.count("every", "students").await, 1);

    let (code, report) = run(&csv, &[]);
    assert_eq!((code, &report["counts"]["added"]), (0, &1.into()));
    let none = folder.path().join("rien.xml");
    fs::write(&none, "<?xml version=\"1.0\"?><html/>").unwrap();
    let (code, refused) = run(&none, &[]);
    assert_eq!((code, &refused["accepted"], &refused["kind"]), (2, &false.into(), &Value::Null));
    assert!(refused["reason"].as_str().unwrap().contains("html"), "{refused}");
    // What the command line did is seen on the page.
    let desk = app.desk("Bureau", Role::Manager).await;
    let (_, all) = desk.get("/api/imports").await;
    let states: Vec<_> = all.as_array().unwrap().iter().map(|i| i["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["refused", "applied", "applied", "applied", "discarded"]);
    app.stop().await;
}
