//! Makes a register that leaves for the Région: the file, its number, its sums and its hash, kept
//! so that the Région can say that what it has is what was sent.

use super::export_register::{Format, Rows, Wanted, fault, pieces, write_register};
use super::{Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::register::{RegisterFilter, Since};
use crate::db::register_exports::{self, Export, NewExport};
use crate::db::{Db, Scope, seals};
use crate::exports::control_sheet::{self, Sheet};
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::refusal::{Refusal, Thing};
use domain::register::Control;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use tokio::io::{AsyncWriteExt, BufWriter};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an export is made of.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The export's own id; the same one again makes no second export.
    pub id: Uuid,
    /// Only what changed since the last export, or since the one of `after`.
    pub delta: bool,
    /// Of a delta: the number of the export it follows, when that is not the last.
    pub after: Option<i32>,
    pub format: Format,
    pub preset: Option<Uuid>,
    /// Absent on the command line.
    pub made_by: Option<Uuid>,
    pub station: Option<Uuid>,
}

/// An export and its bytes.
pub struct Recorded {
    pub card: ExportCard,
    /// At its start; without a name, it goes when it is dropped.
    pub file: File,
}

/// An export, as the page lists it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportCard {
    pub number: i32,
    /// `full` or `delta`.
    pub kind: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// The name of the preset of its columns.
    pub preset: Option<String>,
    /// Of a delta, the number of the export it follows.
    pub after: Option<i32>,
    pub file_name: String,
    pub made_at: chrono::DateTime<chrono::Utc>,
    pub made_by: Option<String>,
    pub control: ControlSums,
    /// Hexadecimal.
    pub sha256: String,
}

/// Sums over the rows of the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ControlSums {
    pub rows: i64,
    pub open: i64,
    pub closed: i64,
    pub allocations: i64,
    pub temporary: i64,
    pub incidents: i64,
    pub granted_cents: i64,
    pub repair_cents: i64,
}

/// Makes and keeps an export. The file holds exactly the bytes that its hash is of.
pub async fn record_register(
    db: &Db,
    school: EstablishmentId,
    recording: &Recording,
) -> Result<Recorded, Failure> {
    let patient = db.patient();
    let scope = Scope::School(school);
    let layout = super::export_presets::layout(db, school, recording.preset).await?;
    let (out, received) = pieces();
    let spooling = spool(received);
    let writing = patient.read(scope, async |conn| {
        let (rows, after) = rows(conn, school, recording).await?;
        let up_to = seals::head(conn, school).await?.map_or(0, |(position, _)| position);
        let wanted = Wanted { school, rows, layout, format: recording.format };
        let control = write_register(conn, wanted, out).await?;
        Ok::<_, Failure>((control, after, up_to))
    });
    let (written, spooled) = tokio::join!(writing, spooling);
    let (control, after, up_to) = written?;
    let (file, sha256) = spooled?;
    let made = Made { control, after, up_to, sha256 };
    let export = db.transaction(scope, async |conn| keep(conn, school, recording, made).await).await?;
    Ok(Recorded { card: card(&export)?, file })
}

struct Made {
    control: Control,
    after: i64,
    up_to: i64,
    sha256: Vec<u8>,
}

/// Which rows, and the position of the journal that they follow.
async fn rows(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    recording: &Recording,
) -> Result<(Rows, i64), Failure> {
    if register_exports::is_made(conn, school, recording.id).await? {
        return Err(made_already());
    }
    if !recording.delta {
        return Ok((Rows::Filtered(RegisterFilter::default()), 0));
    }
    match register_exports::find(conn, school, recording.after).await? {
        Some(before) => {
            let since = Since { position: before.up_to_position, at: before.made_at };
            Ok((Rows::Changed(since), before.up_to_position))
        }
        None if recording.after.is_some() => Err(Refusal::NotFound { what: Thing::Export }.into()),
        None => Err(Failure::Invalid(Invalid {
            code: "no_export_yet",
            title: "Aucun registre envoyé".into(),
            detail: "Il n'y a pas encore d'export dont celui-ci puisse donner les changements.".into(),
            remedy: "Faites d'abord un registre complet.".into(),
        })),
    }
}

fn made_already() -> Failure {
    Failure::Invalid(Invalid {
        code: "export_made",
        title: "Export déjà fait".into(),
        detail: "Cette demande a déjà produit un export : il est dans la liste.".into(),
        remedy: "Si le fichier manque, refaites un export à partir du même numéro.".into(),
    })
}

async fn keep(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    recording: &Recording,
    made: Made,
) -> Result<Export, Failure> {
    let number = register_exports::next_number(conn, school).await?;
    if register_exports::is_made(conn, school, recording.id).await? {
        return Err(made_already());
    }
    let kind = if recording.delta { "delta" } else { "full" };
    let export = NewExport {
        id: recording.id,
        establishment_id: school.0,
        number,
        kind,
        format: recording.format.as_str(),
        preset_id: recording.preset,
        after_position: made.after,
        up_to_position: made.up_to,
        rows: i32::try_from(made.control.rows).unwrap_or(i32::MAX),
        totals: serde_json::to_value(made.control).map_err(fault)?,
        sha256: made.sha256,
        made_by: recording.made_by,
    };
    register_exports::add(conn, &export).await?;
    let entry = Entry {
        establishment_id: school.0,
        operator_id: recording.made_by,
        station_id: recording.station,
        action: "export_register",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "export_id": export.id, "number": number, "kind": kind, "rows": export.rows }),
    };
    journal::append(conn, &entry).await?;
    let kept = register_exports::find(conn, school, Some(number)).await?;
    kept.ok_or_else(|| fault("an export was kept and is not there"))
}

/// Pieces to a file without a name, hashed on the way.
async fn spool(
    mut pieces: tokio::sync::mpsc::Receiver<Result<tokio_util::bytes::Bytes, std::io::Error>>,
) -> Result<(File, Vec<u8>), Failure> {
    let file = tokio::task::spawn_blocking(tempfile::tempfile).await.map_err(fault)?.map_err(fault)?;
    let mut file = BufWriter::with_capacity(1024 * 1024, tokio::fs::File::from_std(file));
    let mut hash = Sha256::new();
    while let Some(piece) = pieces.recv().await {
        let piece = piece.map_err(fault)?;
        hash.update(&piece);
        file.write_all(&piece).await.map_err(fault)?;
    }
    file.flush().await.map_err(fault)?;
    let mut file = file.into_inner().into_std().await;
    file.seek(SeekFrom::Start(0)).map_err(fault)?;
    Ok((file, hash.finalize().to_vec()))
}

/// The school's exports, newest first.
pub async fn list_exports(db: &Db, school: EstablishmentId) -> Result<Vec<ExportCard>, Failure> {
    let exports = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(register_exports::list(conn, school).await?)
        })
        .await?;
    exports.iter().map(card).collect()
}

/// The control sheet of an export, as text.
pub async fn control_sheet(db: &Db, school: EstablishmentId, number: i32) -> Result<String, Failure> {
    let export = db
        .read(Scope::School(school), async |conn| {
            let found = register_exports::find(conn, school, Some(number)).await?;
            found.ok_or(Failure::Refusal(Refusal::NotFound { what: Thing::Export }))
        })
        .await?;
    let card = card(&export)?;
    let control: Control = serde_json::from_value(export.totals.clone()).map_err(fault)?;
    Ok(control_sheet::text(&Sheet {
        uai: &export.uai,
        school: &export.school,
        number: export.number,
        after: export.after,
        file: &card.file_name,
        made_at: export.made_at,
        made_by: export.made_by.as_deref(),
        control: &control,
        sha256: &card.sha256,
    }))
}

/// What a file is, told by its hash alone.
pub struct Known {
    pub uai: String,
    pub school: String,
    pub card: ExportCard,
}

/// Which recorded exports a file is; none when a byte of it is another.
pub async fn verify_export(db: &Db, mut file: File) -> Result<Vec<Known>, Failure> {
    let hashing = tokio::task::spawn_blocking(move || {
        let mut hash = Sha256::new();
        let mut piece = vec![0; 256 * 1024];
        loop {
            match file.read(&mut piece) {
                Ok(0) => return Ok(hash.finalize().to_vec()),
                Ok(read) => hash.update(piece.get(..read).unwrap_or_default()),
                Err(error) => return Err(error),
            }
        }
    });
    let sha256 = hashing.await.map_err(fault)?.map_err(fault)?;
    let found = db
        .read(Scope::Every, async |conn| Ok::<_, Failure>(register_exports::of_hash(conn, &sha256).await?))
        .await?;
    found
        .iter()
        .map(|export| {
            Ok(Known { uai: export.uai.clone(), school: export.school.clone(), card: card(export)? })
        })
        .collect()
}

fn card(export: &Export) -> Result<ExportCard, Failure> {
    let kind = if export.kind == "delta" { "changements" } else { "complet" };
    Ok(ExportCard {
        number: export.number,
        kind: export.kind.clone(),
        format: export.format.clone(),
        preset: export.preset.clone(),
        after: export.after,
        file_name: format!("registre-{}-{:03}-{kind}.{}", export.uai, export.number, export.format),
        made_at: export.made_at,
        made_by: export.made_by.clone(),
        control: serde_json::from_value(export.totals.clone()).map_err(fault)?,
        sha256: export.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}
