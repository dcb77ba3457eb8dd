//! A list of pupils or laptops as a file: the whole filter, in the order on screen.

use super::Failure;
use super::export_register::{Format, PATIENCE, PIECE, Pieces, Sender, WAITING_ROWS, fault, send};
use crate::db::lists::devices::{self, DeviceFilter, DeviceLine, DeviceOrder};
use crate::db::lists::students::{self, StudentFilter, StudentLine, StudentOrder};
use crate::db::{Db, Scope};
use crate::exports::book::Book;
use crate::exports::cells::Cell;
use crate::exports::csv_line::{BOM, cells as line};
use crate::exports::lists::{DEVICES, Heading, STUDENTS};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use domain::devices::DeviceState;
use domain::entitlement::Public;
use domain::ids::EstablishmentId;
use domain::words::{Language, device_state};
use std::io::{self, Write};
use tokio::sync::mpsc;

/// Which list.
pub enum List {
    Students(StudentFilter, (StudentOrder, bool)),
    Devices(DeviceFilter, (DeviceOrder, bool)),
}

/// A row on its way to the file.
enum Line {
    Student(StudentLine),
    Device(DeviceLine),
}

/// Sends the list into `out`; what fails on the way is sent as the last piece too.
pub async fn export_list(
    db: &Db,
    school: EstablishmentId,
    list: List,
    format: Format,
    out: Pieces,
) -> Result<(), Failure> {
    let (rows, received) = mpsc::channel(WAITING_ROWS);
    let failed = out.clone();
    let (name, headings): (&str, &'static [Heading]) = match list {
        List::Students(..) => ("Élèves", &STUDENTS),
        List::Devices(..) => ("Ordinateurs", &DEVICES),
    };
    let db = db.patient();
    let reading = async {
        let done = db
            .read(Scope::School(school), async |conn| match &list {
                List::Students(filter, sorted) => {
                    students::for_each(conn, school, filter, *sorted, async |line| {
                        rows.send(Ok(Line::Student(line))).await.map_err(fault)
                    })
                    .await
                }
                List::Devices(filter, sorted) => {
                    devices::for_each(conn, school, filter, *sorted, async |line| {
                        rows.send(Ok(Line::Device(line))).await.map_err(fault)
                    })
                    .await
                }
            })
            .await;
        if done.is_err() {
            // The writer must not take what came so far for the whole list.
            let _ = rows.send(Err(())).await;
        }
        drop(rows);
        done
    };
    let writing = async {
        match format {
            Format::Csv => csv(received, headings, out).await,
            Format::Xlsx => {
                let write = move || book(received, name, headings, out);
                tokio::task::spawn_blocking(write).await.map_err(fault)?
            }
        }
    };
    let (read, written) = tokio::join!(reading, writing);
    let done: Result<(), Failure> = read.and(written);
    if done.is_err() {
        let _ = failed.send_timeout(Err(io::Error::other("list interrupted")), PATIENCE).await;
    }
    done
}

async fn csv(
    mut rows: mpsc::Receiver<Result<Line, ()>>,
    headings: &[Heading],
    out: Pieces,
) -> Result<(), Failure> {
    let mut piece = String::with_capacity(PIECE + 1024);
    piece.push_str(BOM);
    line(&mut piece, headings.iter().map(|(heading, _)| Cell::text(heading)));
    while let Some(row) = rows.recv().await {
        let row = row.map_err(|()| fault("list interrupted"))?;
        line(&mut piece, cells(&row).into_iter());
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, String::with_capacity(PIECE + 1024));
            send(&out, full.into()).await?;
        }
    }
    send(&out, piece.into()).await
}

fn book(
    mut rows: mpsc::Receiver<Result<Line, ()>>,
    name: &str,
    headings: &[Heading],
    out: Pieces,
) -> Result<(), Failure> {
    let mut book = Book::new(name, headings.iter().copied()).map_err(fault)?;
    while let Some(row) = rows.blocking_recv() {
        let row = row.map_err(|()| fault("list interrupted"))?;
        book.row(cells(&row).into_iter()).map_err(fault)?;
    }
    let mut sender = Sender::new(out);
    book.finish(&mut sender).map_err(fault)?;
    sender.flush().map_err(fault)
}

fn cells(line: &Line) -> Vec<Cell<'_>> {
    match line {
        Line::Student(pupil) => student(pupil),
        Line::Device(laptop) => device(laptop),
    }
}

fn local(at: Option<DateTime<Utc>>) -> Option<NaiveDate> {
    at.map(|at| at.with_timezone(&Paris).date_naive())
}

fn student(pupil: &StudentLine) -> Vec<Cell<'_>> {
    let charter = match pupil.copies_shown {
        2 => "2 exemplaires",
        1 => "1 exemplaire",
        _ => "non",
    };
    vec![
        Cell::text(&pupil.eleve_id),
        Cell::text(&pupil.last_name),
        Cell::text(&pupil.first_name),
        Cell::optional(pupil.class_code.as_deref()),
        Cell::text(Public::of_mef(pupil.mef.as_deref().unwrap_or("")).label()),
        Cell::yes(pupil.entitled),
        Cell::text(charter),
        Cell::optional(pupil.own_serial.as_deref()),
        Cell::day(local(pupil.own_since)),
        Cell::optional(pupil.lent_serial.as_deref()),
        Cell::day(pupil.lent_until),
        Cell::yes(pupil.badge),
        Cell::day(pupil.left_on),
        Cell::day(pupil.missing_since),
    ]
}

fn device(laptop: &DeviceLine) -> Vec<Cell<'_>> {
    let state = DeviceState::parse(&laptop.state);
    let kind = laptop.loan_kind.as_deref().map(|kind| if kind == "allocation" { "dotation" } else { "prêt" });
    vec![
        Cell::text(&laptop.serial),
        Cell::text(&laptop.maker),
        Cell::text(&laptop.model),
        Cell::text(&laptop.part_number),
        Cell::text(state.map_or(&laptop.state, |state| device_state(state, Language::French))),
        Cell::optional(laptop.delivery_note.as_deref()),
        Cell::day(laptop.warranty_end),
        Cell::optional(laptop.last_name.as_deref()),
        Cell::optional(laptop.first_name.as_deref()),
        Cell::optional(laptop.class_code.as_deref()),
        Cell::optional(kind),
        Cell::day(local(laptop.since)),
        Cell::Count(laptop.incidents),
    ]
}
