//! Writes the register as a file: rows from the database, through one of the formats,
//! out in pieces. Memory does not grow with the register.

use super::{Failure, Invalid};
use crate::db::register::{self, RegisterFilter, Since};
use crate::db::{Db, Fault, Scope};
use crate::exports::register::Layout;
use crate::exports::register_csv;
use crate::exports::register_xlsx::RegisterBook;
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::register::{Control, RegisterRow, Totals};
use serde::Serialize;
use std::io::{self, Write};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use utoipa::ToSchema;

/// Bytes of a piece, about.
pub(super) const PIECE: usize = 64 * 1024;
/// Pieces that may wait for a slow reader.
const WAITING_PIECES: usize = 4;
/// Rows that may wait for the workbook.
pub(super) const WAITING_ROWS: usize = 256;
/// A reader who takes nothing for so long has gone: a connection and a snapshot wait for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The formats of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub const ALL: [Format; 2] = [Format::Csv, Format::Xlsx];

    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }
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

/// Which loans a file holds.
#[derive(Debug, Clone)]
pub enum Rows {
    Filtered(RegisterFilter),
    /// Those that changed since an export.
    Changed(Since),
}

/// A whole register in one file.
pub struct Wanted {
    pub school: EstablishmentId,
    pub rows: Rows,
    pub layout: Layout,
    pub format: Format,
}

/// Sends the whole register into `out`. A failure on the way is answered and, as the
/// reader must not take half a register for a whole one, sent as the last piece too.
pub async fn export_register(db: &Db, wanted: Wanted, out: Pieces) -> Result<(), Failure> {
    let db = &db.patient();
    let failed = out.clone();
    let scope = Scope::School(wanted.school);
    let done = db.read(scope, async |conn| write_register(conn, wanted, out).await.map(drop)).await;
    if done.is_err() {
        let _ = failed.send_timeout(Err(io::Error::other("register interrupted")), PATIENCE).await;
    }
    done
}

/// The same in a transaction that is under way; answers the sums over what was sent.
pub async fn write_register(
    conn: &mut AsyncPgConnection,
    wanted: Wanted,
    out: Pieces,
) -> Result<Control, Failure> {
    match wanted.format {
        Format::Csv => csv(conn, &wanted, out).await,
        Format::Xlsx => xlsx(conn, wanted, out).await,
    }
}

async fn each_row<F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    rows: &Rows,
    each: F,
) -> Result<(), Failure>
where
    F: AsyncFnMut(RegisterRow) -> Result<(), Failure>,
{
    match rows {
        Rows::Filtered(filter) => register::for_each(conn, school, filter, each).await,
        Rows::Changed(since) => register::for_each_changed(conn, school, *since, each).await,
    }
}

async fn csv(conn: &mut AsyncPgConnection, wanted: &Wanted, out: Pieces) -> Result<Control, Failure> {
    let mut control = Control::default();
    let mut piece = String::with_capacity(PIECE + 1024);
    register_csv::heading(&mut piece, &wanted.layout);
    each_row(conn, wanted.school, &wanted.rows, async |row| {
        control.count(&row);
        register_csv::row(&mut piece, &wanted.layout, &row);
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, String::with_capacity(PIECE + 1024));
            return send(&out, full.into()).await;
        }
        Ok(())
    })
    .await?;
    send(&out, piece.into()).await?;
    Ok(control)
}

pub(super) async fn send(out: &Pieces, piece: Bytes) -> Result<(), Failure> {
    out.send_timeout(Ok(piece), PATIENCE).await.map_err(fault)
}

/// The workbook is written on a blocking thread, from rows that come in one by one.
async fn xlsx(conn: &mut AsyncPgConnection, wanted: Wanted, out: Pieces) -> Result<Control, Failure> {
    let (rows, received) = mpsc::channel(WAITING_ROWS);
    let (last, totals) = tokio::sync::oneshot::channel();
    let layout = wanted.layout;
    let writing = tokio::task::spawn_blocking(move || write_book(received, totals, &layout, out));
    let mut control = Control::default();
    let read = async {
        let totals = register::totals(conn, wanted.school).await?;
        each_row(conn, wanted.school, &wanted.rows, async |row| {
            control.count(&row);
            rows.send(row).await.map_err(fault)
        })
        .await?;
        Ok::<_, Failure>(totals)
    }
    .await;
    if let Ok(totals) = &read {
        let _ = last.send((*totals, Utc::now()));
    } else {
        drop(last);
    }
    drop(rows);
    let written = writing.await.map_err(fault)?;
    read.and(written).map(|()| control)
}

fn write_book(
    mut rows: mpsc::Receiver<RegisterRow>,
    totals: tokio::sync::oneshot::Receiver<(Totals, DateTime<Utc>)>,
    layout: &Layout,
    out: Pieces,
) -> Result<(), Failure> {
    let mut book = RegisterBook::new(layout).map_err(fault)?;
    while let Some(row) = rows.blocking_recv() {
        book.row(layout, &row).map_err(fault)?;
    }
    // Without totals, reading failed: half a book is no book.
    let (totals, at) = totals.blocking_recv().map_err(fault)?;
    let mut sender = Sender::new(out);
    book.finish(&totals, at, &mut sender).map_err(fault)?;
    sender.flush().map_err(fault)
}

/// Bytes to pieces.
pub(super) struct Sender {
    piece: Vec<u8>,
    out: Pieces,
}

impl Sender {
    pub(super) fn new(out: Pieces) -> Self {
        Self { piece: Vec::with_capacity(PIECE), out }
    }
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

pub(super) fn fault(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(Fault::Other(error.to_string()))
}
