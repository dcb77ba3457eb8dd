//! What the loan does not need stays in the file that says it: the real binary with all its logs, on a
//! data folder and a folder for temporary files of its own, every byte of which is looked at.

use super::list;
use crate::harness::{Desk, data_folder, open};
use crate::served::Served;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::ids::EstablishmentId;
use domain::roles::Role;
use futures_util::{StreamExt, stream};
use remise::cluster::Cluster;
use remise::db::Db;
use remise::operations::open_school::add_operator;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What each file says of everybody in the fields that nobody needs.
const MARK: &[u8] = b"MARQUEE";
/// What is kept of them: looking finds what is there.
const KEPT: &[u8] = b"Kirschwiller";

/// Files that nobody may know the marks of, in the order in which they are sent.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let name = "Kirschwiller";
    let people: Vec<_> = (0..4_000).map(|n| (n.to_string(), format!("P{n}"))).collect();
    let pupils: Vec<_> =
        people.iter().map(|(id, first)| (id.as_str(), name, first.as_str(), "2GT1")).collect();
    let guardians = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BEE_RESPONSABLES><PARAMETRES><UAJ>0579999J</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE></PARAMETRES>\
        <DONNEES><PERSONNES><PERSONNE PERSONNE_ID=\"7\"><NOM_DE_FAMILLE>Kirschwiller</NOM_DE_FAMILLE><PRENOM>Sylvie</PRENOM>\
        <CODE_PROFESSION>MARQUEE</CODE_PROFESSION><LL_CIVILITE>MARQUEE</LL_CIVILITE><ADRESSE_ID>MARQUEE</ADRESSE_ID></PERSONNE>\
        </PERSONNES><RESPONSABLES><RESPONSABLE_ELEVE><ELEVE_ID>1</ELEVE_ID><PERSONNE_ID>7</PERSONNE_ID>\
        <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE><COEF_VENTILATION>MARQUEE</COEF_VENTILATION></RESPONSABLE_ELEVE>\
        </RESPONSABLES><ADRESSES><ADRESSE ADRESSE_ID=\"MARQUEE\"><LIGNE1_ADRESSE>MARQUEE</LIGNE1_ADRESSE></ADRESSE></ADRESSES>\
        </DONNEES></BEE_RESPONSABLES>";
    let table = "Num. Elève Etab;Nom de famille;Prénom;Date Naissance;Id National;Code MEF;Code Structure;Type Structure;Lieu Naissance;Nationalité;Bourse\r\n\
        9001;Kirschwiller;Jean;14/03/2008;;20010018110;2GT1;D;MARQUEE;MARQUEE;MARQUEE\r\n";
    let sts = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><STS_EDT><PARAMETRES><UAJ CODE=\"0579999J\"/><ANNEE_SCOLAIRE ANNEE=\"2026\"/></PARAMETRES>\
        <DONNEES><INDIVIDUS><INDIVIDU ID=\"1\" TYPE=\"epp\"><SEXE>MARQUEE</SEXE><CIVILITE>1</CIVILITE><NOM_USAGE>Kirschwiller</NOM_USAGE>\
        <NOM_PATRONYMIQUE>MARQUEE</NOM_PATRONYMIQUE><PRENOM>Anne</PRENOM><DATE_NAISSANCE>MARQUEE</DATE_NAISSANCE><GRADE>MARQUEE</GRADE>\
        <FONCTION>ENS</FONCTION></INDIVIDU></INDIVIDUS><STRUCTURE><DIVISIONS/></STRUCTURE></DONNEES></STS_EDT>";
    vec![
        ("ElevesSansAdresses.xml", list("01/09/2026 08:00:00", &pupils).into_bytes()),
        ("ResponsablesAvecAdresses.xml", guardians.into()),
        ("exportCSVExtraction.csv", table.into()),
        ("sts_emp_0579999J_2026.xml", sts.into()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_loan_does_not_need_reaches_no_database_log_or_temporary_file() {
    let data = data_folder();
    let temporary = tempfile::tempdir().unwrap();
    let logs = temporary.path().join("service.log");
    let run = Served::run(&["--data", data.path().to_str().unwrap()]);
    let run = run.env("TMPDIR", temporary.path()).env("RUST_LOG", "trace");
    let served = Served::spawn(run.complaining_to(File::create(&logs).unwrap()));
    let school = furnish(data.path()).await;
    let desk = Desk::log_in(&served.address, Some(school), "bureau").await;
    for (name, content) in files() {
        assert!(holds(&content, MARK) && holds(&content, KEPT), "{name}");
        let import = send_slowly(&desk, &served, temporary.path(), (name, content)).await;
        let staged = desk.read_to_the_end(&import).await;
        assert_eq!(staged["state"], "staged", "{name}: {staged}");
        assert_eq!(desk.decide(&staged, "apply").await.0, 200, "{name}");
    }
    assert!(
        files()[0].1.len() > 1024 * 1024,
        "the first file is long enough to lie on the disk while it comes"
    );
    assert_eq!(rows_with(data.path(), "MARQUEE").await, Vec::<String>::new());
    assert!(rows_with(data.path(), "Kirschwiller").await.contains(&"students".to_owned()));
    served.stop();
    let log = fs::read(&logs).unwrap();
    assert!(!log.is_empty() && !holds(&log, MARK) && !holds(&log, KEPT), "a log names somebody");
    let files = below(data.path());
    assert!(!files.is_empty());
    let with = |bytes: &[u8]| -> Vec<&PathBuf> {
        files.iter().filter(|file| holds(&fs::read(file).unwrap(), bytes)).collect()
    };
    assert_eq!(with(MARK), Vec::<&PathBuf>::new());
    assert!(!with(KEPT).is_empty(), "looking finds nothing at all");
    assert_eq!(below(temporary.path()), [logs], "a temporary file stayed");
}

/// The school, with a manager « bureau ».
async fn furnish(data: &Path) -> EstablishmentId {
    let data = data.to_owned();
    let url = tokio::task::block_in_place(|| Cluster::start_or_join(&data).unwrap().url().to_owned());
    let db = Db::connect(&url, 2).await.unwrap();
    let school = open(&db, "0579999J", "Lycée Jeanne-des-Bois").await;
    add_operator(&db, Some(school), "bureau", Role::Manager, "motdepasse").await.unwrap();
    school
}

/// Tables of which a row says so: what PostgreSQL compresses is read by nobody else.
async fn rows_with(data: &Path, text: &str) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let data = data.to_owned();
    let url = tokio::task::block_in_place(|| Cluster::start_or_join(&data).unwrap().url().to_owned());
    let mut conn = AsyncPgConnection::establish(&url).await.unwrap();
    conn.batch_execute("SET remise.scope = 'every'").await.unwrap();
    let tables = "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let tables: Vec<Table> = diesel::sql_query(tables).load(&mut conn).await.unwrap();
    let mut found = Vec::new();
    for Table { name } in tables {
        let rows = format!("SELECT '{name}' AS name FROM {name} t WHERE t::text ILIKE '%{text}%' LIMIT 1");
        let rows: Vec<Table> = diesel::sql_query(rows).load(&mut conn).await.unwrap();
        found.extend(rows.into_iter().map(|row| row.name));
    }
    found
}

/// Sends the file, and looks at what lies on the disk when nearly all of it has come.
async fn send_slowly(
    desk: &Desk,
    served: &Served,
    temporary: &Path,
    (name, content): (&str, Vec<u8>),
) -> serde_json::Value {
    let (first, last) = content.split_at(content.len() - 1);
    let pieces = [first.to_vec(), last.to_vec()];
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    let mut wait = Some(wait);
    let body = stream::iter(pieces.into_iter().enumerate()).then(move |(number, piece)| {
        let wait = if number == 0 { None } else { wait.take() };
        async move {
            if let Some(wait) = wait {
                wait.await.unwrap();
            }
            Ok::<_, std::io::Error>(piece)
        }
    });
    let sending = desk.send_file(name, reqwest::Body::wrap_stream(body));
    let looking = async {
        // What is small may wait in memory: then there is nothing to look at but an empty file.
        let wanted = if first.len() > 1024 * 1024 { 512 * 1024 } else { 0 };
        let mut lying = Vec::new();
        for _ in 0..3_000 {
            lying = open_files(served.process_id(), temporary);
            if lying.iter().any(|bytes| bytes.len() >= wanted) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(lying.iter().any(|bytes| bytes.len() >= wanted), "{name} lies nowhere");
        for bytes in lying {
            assert!(!holds(&bytes, MARK) && !holds(&bytes, KEPT), "{name} lies on the disk as it was sent");
        }
        go.send(()).unwrap();
    };
    let ((status, import), ()) = tokio::join!(sending, looking);
    assert_eq!(status, 202, "{import}");
    import
}

/// What is in the files of that folder that a process has open, with a name or without; not its log.
fn open_files(process: u32, folder: &Path) -> Vec<Vec<u8>> {
    let open = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let places = open.filter_map(|entry| Some(entry.ok()?.path()));
    let in_folder = places.filter(|place| {
        fs::read_link(place).is_ok_and(|file| {
            file.starts_with(folder) && file.extension().is_none_or(|extension| extension != "log")
        })
    });
    in_folder.filter_map(|place| fs::read(place).ok()).collect()
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window.eq_ignore_ascii_case(sought))
}

/// Every file in a folder and the folders in it.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}
