//! Times the taking in of SIECLE's list by the real binary on a private cluster: seconds,
//! pupils a second and the most memory the process had, for a lycée and for an académie.
//! `make bench-imports`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark says so by panicking, and prints"
)]

use domain::identifiers::Uai;
use remise::cluster::Cluster;
use remise::db::{Db, migrations};
use remise::operations::open_school::{NewSchool, open_school};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const UAI: &str = "0579999J";

#[tokio::main]
async fn main() {
    let folder = tempfile::Builder::new().prefix("remise-bench-").tempdir_in("/var/tmp").unwrap();
    // PostgreSQL runs under an account of its own when this is started as root.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let data = folder.path().join("data");
    let cluster = tokio::task::block_in_place(|| Cluster::start(&data)).unwrap();
    migrations::migrate(cluster.url()).await.unwrap();
    let db = Db::connect(cluster.url(), 2).await.unwrap();
    open_school(&db, &school()).await.unwrap();
    println!("{:>9} {:>28} {:>8} {:>10} {:>9}", "pupils", "", "seconds", "pupils/s", "peak MiB");
    for pupils in [2_000, 200_000] {
        let file = folder.path().join(format!("{pupils}.xml"));
        write_list(&file, pupils).unwrap();
        let size = std::fs::metadata(&file).unwrap().len() as f64 / 1_048_576.0;
        for (what, more) in [("dry run", &["--dry-run"][..]), ("taken in", &[]), ("the same again", &[])] {
            let (took, peak) = import(&file, cluster.url(), more);
            let seconds = took.as_secs_f64();
            println!(
                "{pupils:>9} {:>28} {seconds:>8.2} {:>10.0} {:>9.1}",
                format!("{what} ({size:.0} MiB)"),
                f64::from(pupils) / seconds,
                peak as f64 / 1024.0
            );
        }
    }
    drop(db);
    tokio::task::block_in_place(|| cluster.stop());
}

fn school() -> NewSchool {
    NewSchool {
        uai: Uai::parse(UAI).unwrap(),
        name: "Lycée de mesure".into(),
        school_year: 2026,
        kit: vec![],
        charter_version: "2026-1".into(),
        charter_title: "Charte d'engagement".into(),
        charter_body: "Je prends soin de l'ordinateur.".into(),
    }
}

/// Runs the command to its end: how long it took and the most memory it had resident, in KiB.
fn import(file: &Path, url: &str, more: &[&str]) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_remise"))
        .arg("import")
        .arg(file)
        .args(["--establishment", UAI, "--database-url", url])
        .args(more)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return (started.elapsed(), peak);
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
        peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A list with every field that SIECLE gives, about 1 KiB a pupil, in ISO-8859-15.
fn write_list(path: &Path, pupils: u32) -> std::io::Result<()> {
    const LAST: [&str; 8] =
        ["MERCIER", "PETIT", "D'\u{0152}TRANGE", "KIRSCHWILLER", "ROUX", "N'DIAYE", "LEFÈVRE", "SCHMITT"];
    const FIRST: [&str; 7] = ["Lina", "Noé", "Zoé", "Maël", "Aurèle", "Camille", "Inès"];
    let mut out = BufWriter::new(File::create(path)?);
    let mut put = |text: &str| out.write_all(&encoding_rs::ISO_8859_15.encode(text).0);
    put(&format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<BEE_ELEVES VERSION=\"3.0\"><PARAMETRES><UAJ>{UAI}</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>01/09/2026</DATE_EXPORT>\
         <HORODATAGE>01/09/2026 07:42:10</HORODATAGE></PARAMETRES><DONNEES><ELEVES>\n"
    ))?;
    for id in 0..pupils {
        let (last, first) = (LAST[id as usize % LAST.len()], FIRST[id as usize % FIRST.len()]);
        let (day, month, year) = (id % 28 + 1, id % 12 + 1, 2008 + id % 4);
        put(&format!(
            "<ELEVE ELEVE_ID=\"{id}\" ELENOET=\"{id}\"><ID_NATIONAL>{id:09}AB</ID_NATIONAL><INE_RNIE>{id:09}AB</INE_RNIE>\
             <ELENOET>{id}</ELENOET><ID_ELEVE_ETAB>{id:011}</ID_ELEVE_ETAB><NOM_DE_FAMILLE>{last} {id}</NOM_DE_FAMILLE>\
             <PRENOM>{first}</PRENOM><PRENOM2>Lise</PRENOM2><DATE_NAISS>{day:02}/{month:02}/{year}</DATE_NAISS>\
             <DOUBLEMENT>0</DOUBLEMENT><CODE_PAYS>100</CODE_PAYS><ACCEPTE_SMS>0</ACCEPTE_SMS>\
             <DATE_MODIFICATION>10/09/2026</DATE_MODIFICATION><CODE_REGIME>0</CODE_REGIME><DATE_ENTREE>01/09/2026</DATE_ENTREE>\
             <VILLE_NAISS></VILLE_NAISS><CODE_SEXE>2</CODE_SEXE><CODE_PAYS_NAT>100</CODE_PAYS_NAT><CODE_STATUT>ST</CODE_STATUT>\
             <CODE_MEF>20010018110</CODE_MEF><CODE_DEPARTEMENT_NAISS>057</CODE_DEPARTEMENT_NAISS>\
             <CODE_COMMUNE_INSEE_NAISS>57463</CODE_COMMUNE_INSEE_NAISS><ADHESION_TRANSPORT>0</ADHESION_TRANSPORT>\
             <SCOLARITE_AN_DERNIER><CODE_MEF>10310019110</CODE_MEF><CODE_STRUCTURE>3A</CODE_STRUCTURE>\
             <CODE_RNE>0570991T</CODE_RNE><DENOM_PRINC>COLLEGE</DENOM_PRINC></SCOLARITE_AN_DERNIER></ELEVE>\n"
        ))?;
    }
    put("</ELEVES><STRUCTURES>\n")?;
    for id in 0..pupils {
        let class = id / 30;
        put(&format!(
            "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>2GT{class}</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE><STRUCTURE><CODE_STRUCTURE>2GT{class}G1</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n"
        ))?;
    }
    put("</STRUCTURES></DONNEES></BEE_ELEVES>\n")?;
    out.flush()
}
