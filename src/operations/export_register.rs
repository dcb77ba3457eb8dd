//! Writes the register as a file: rows from the database, through one of the formats,
//! out in pieces. Memory does not grow with the register.

use super::{Failure, Invalid};
use crate::db::register::{self, RegisterFilter};
use crate::db::{Db, Fault, Scope};
use crate::exports::register_csv;
use crate::exports::register_xlsx::RegisterBook;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::EstablishmentId;
use domain::register::{RegisterRow, Totals};
use serde::Serialize;
use std::io::{self, Write};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use utoipa::ToSchema;

/// Bytes of a piece, about.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for a slow reader.
const WAITING_PIECES: usize = 4;
/// Rows that may wait for the workbook.
const WAITING_ROWS: usize = 256;
/// A reader who takes nothing for so long has gone: a connection and a snapshot wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The formats of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

/// Where pieces go: to a file or to a client, in order. An error says that the file is not whole.
pub type Pieces = mpsc::Sender<Result<Bytes, io::Error>>;

/// A channel for [`export_register`].
pub fn pieces() -> (Pieces, mpsc::Receiver<Result<Bytes, io::Error>>) {
    mpsc::channel(WAITING_PIECES)
}

/// What a person may ask of the register, as words.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub class: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// `open`, `closed` or `all`.
    pub state: Option<String>,
}

impl Asked {
    /// The filter, or which word is none of the three.
    pub fn filter(self) -> Result<RegisterFilter, Invalid> {
        let open = match self.state.as_deref() {
            None | Some("all" | "") => None,
            Some("open") => Some(true),
            Some("closed") => Some(false),
            Some(other) => {
                return Err(Invalid {
                    code: "register_state_unknown",
                    title: "État inconnu".into(),
                    detail: format!("L'état « {other} » n'existe pas ; attendu : open, closed ou all."),
                    remedy: "Choisissez un des trois états.".into(),
                });
            }
        };
        let class = self.class.filter(|class| !class.is_empty());
        Ok(RegisterFilter { class, from: self.from, to: self.to, open })
    }
}

/// The totals, as the summary sheet has them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegisterSummary {
    /// Pupils present.
    pub headcount: i64,
    /// Of them, entitled to a laptop.
    pub entitled: i64,
    /// Laptops on the delivery notes taken in.
    pub delivered: i64,
    /// Laptops in pupils' hands.
    pub handed_out: i64,
    /// Laptops of the reserve.
    pub reserve: i64,
    /// Of the entitled headcount; absent when nobody is entitled.
    pub reserve_percent: Option<f64>,
    /// `below`, `within` or `above` the target of 2 to 4 %.
    pub reserve_standing: Option<&'static str>,
    /// Laptops held by pupils who have left.
    pub held_by_leavers: i64,
    /// Laptops handed out without the signed charter.
    pub without_charter: i64,
}

/// Totals of the whole school.
pub async fn summarise_register(db: &Db, school: EstablishmentId) -> Result<RegisterSummary, Failure> {
    let totals: Totals = db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(register::totals(conn, school).await?))
        .await?;
    Ok(RegisterSummary {
        headcount: totals.headcount,
        entitled: totals.entitled,
        delivered: totals.delivered,
        handed_out: totals.handed_out,
        reserve: totals.reserve,
        reserve_percent: totals.reserve_percent(),
        reserve_standing: totals.reserve_standing().map(|standing| standing.as_str()),
        held_by_leavers: totals.held_by_leavers,
        without_charter: totals.without_charter,
    })
}

/// Sends the whole register into `out`. A failure on the way is answered and, as the
/// reader must not take half a register for a whole one, sent as the last piece too.
pub async fn export_register(
    db: &Db,
    school: EstablishmentId,
    filter: &RegisterFilter,
    format: Format,
    out: Pieces,
) -> Result<(), Failure> {
    let db = &db.patient();
    let failed = out.clone();
    let done = match format {
        Format::Csv => csv(db, school, filter, out).await,
        Format::Xlsx => xlsx(db, school, filter, out).await,
    };
    if done.is_err() {
        let _ = failed.send_timeout(Err(io::Error::other("register interrupted")), PATIENCE).await;
    }
    done
}

async fn csv(db: &Db, school: EstablishmentId, filter: &RegisterFilter, out: Pieces) -> Result<(), Failure> {
    db.read(Scope::School(school), async |conn| {
        let mut piece = String::with_capacity(PIECE + 1024);
        register_csv::heading(&mut piece);
        register::for_each(conn, school, filter, async |row| {
            register_csv::row(&mut piece, &row);
            if piece.len() >= PIECE {
                let full = std::mem::replace(&mut piece, String::with_capacity(PIECE + 1024));
                out.send_timeout(Ok(full.into()), PATIENCE).await.map_err(fault)?;
            }
            Ok::<_, Failure>(())
        })
        .await?;
        out.send_timeout(Ok(piece.into()), PATIENCE).await.map_err(fault)
    })
    .await
}

/// The workbook is made on a blocking thread; its bytes leave once every row is read.
async fn xlsx(db: &Db, school: EstablishmentId, filter: &RegisterFilter, out: Pieces) -> Result<(), Failure> {
    let (rows, received) = mpsc::channel(WAITING_ROWS);
    let (last, totals) = tokio::sync::oneshot::channel();
    let writing = tokio::task::spawn_blocking(move || write_book(received, totals, out));
    let read = db
        .read(Scope::School(school), async |conn| {
            let totals = register::totals(conn, school).await?;
            register::for_each(conn, school, filter, async |row| rows.send(row).await.map_err(fault)).await?;
            Ok::<_, Failure>(totals)
        })
        .await;
    if let Ok(totals) = &read {
        let _ = last.send((*totals, Utc::now()));
    }
    drop(rows);
    let written = writing.await.map_err(fault)?;
    read.and(written)
}

fn write_book(
    mut rows: mpsc::Receiver<RegisterRow>,
    totals: tokio::sync::oneshot::Receiver<(Totals, DateTime<Utc>)>,
    out: Pieces,
) -> Result<(), Failure> {
    let mut book = RegisterBook::new().map_err(fault)?;
    while let Some(row) = rows.blocking_recv() {
        book.row(&row).map_err(fault)?;
    }
    // Without totals, reading failed: half a book is no book.
    let (totals, at) = totals.blocking_recv().map_err(fault)?;
    let mut sender = Sender { piece: Vec::with_capacity(PIECE), out };
    book.finish(&totals, at, &mut sender).map_err(fault)?;
    sender.flush().map_err(fault)
}

/// Bytes to pieces.
struct Sender {
    piece: Vec<u8>,
    out: Pieces,
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.out.blocking_send(Ok(full.into())).map_err(io::Error::other)
    }
}

fn fault(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(Fault::Other(error.to_string()))
}
