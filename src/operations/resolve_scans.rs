//! What scanned texts mean to this school: the list of what it knows is the arbiter (rule 3).

use super::{Actor, Failure};
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::schema::{badges, charter_sheets, device_models, devices};
use crate::db::{Db, Scope};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::CharterCode;
use domain::ids::EstablishmentId;
pub use scanning::labels::Entry;
use scanning::labels::resolve::Kind;
use scanning::labels::{Elsewhere, Known, Label, Verdict, classify_as, fold, resolve};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::slice;
use utoipa::ToSchema;
use uuid::Uuid;

/// What one text means.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Resolution {
    /// What was read, without what the scanner added around it.
    pub text: String,
    /// `known`, `unknown`, `not_ours` or `ambiguous`.
    pub standing: &'static str,
    /// `student`, `device`, `charter`, `part_number`, `mac` or `other`.
    pub meaning: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student: Option<StudentCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charter: Option<CharterScan>,
}

/// A signed copy, as its barcode names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CharterScan {
    pub student_id: Uuid,
    /// 1 or 2.
    pub copy: u8,
    pub student: StudentCard,
    /// Whether it is the current campaign's version.
    pub current: bool,
}

impl Resolution {
    fn plain(text: &str, standing: &'static str, meaning: &'static str) -> Self {
        Self { text: text.to_owned(), standing, meaning, student: None, device: None, charter: None }
    }
}

/// More texts than this are no camera frame.
pub const MOST_CODES: usize = 64;

/// Resolves texts in their order, with one query for each kind of thing they may name. Reads only.
pub async fn resolve_scans(
    db: &Db,
    actor: &Actor,
    texts: &[String],
    entry: Entry,
) -> Result<Vec<Resolution>, Failure> {
    let school = actor.establishment;
    let labels: Vec<Label> = texts.iter().take(MOST_CODES).map(|text| classify_as(text, entry)).collect();
    db.read(Scope::School(school), async |conn| {
        let mut inventory = Inventory::default();
        inventory.load_things(conn, school, &labels).await?;
        let open: Vec<&Label> = labels
            .iter()
            .filter(|label| resolve(slice::from_ref(*label), &inventory) == Verdict::Unknown)
            .collect();
        inventory.load_other(conn, school, &open).await?;
        Ok(labels.iter().map(|label| inventory.resolution(label)).collect())
    })
    .await
}

/// A thing the school knows, by what makes it the same one.
#[derive(PartialEq)]
enum Thing {
    Student(Uuid),
    /// Place in [`Inventory::devices`].
    Device(usize),
    Charter(CharterCode),
}

/// What the school knows of all that some labels name.
#[derive(Default)]
struct Inventory {
    holders: HashMap<String, Uuid>,
    students: HashMap<Uuid, StudentCard>,
    devices: Vec<DeviceCard>,
    /// Of a charter sheet, whose it is and whether it is the current campaign's.
    sheets: HashMap<String, (Uuid, bool)>,
    part_numbers: Vec<String>,
    macs: Vec<String>,
}

impl Known for Inventory {
    type Thing = Thing;

    fn badge(&self, code: &str) -> Option<Thing> {
        self.holders.get(code).map(|student| Thing::Student(*student))
    }

    fn charter(&self, code: &str) -> Option<Thing> {
        CharterCode::parse(code).filter(|code| self.sheets.contains_key(&code.sheet)).map(Thing::Charter)
    }

    fn serial(&self, serial: &str) -> Option<Thing> {
        self.devices.iter().position(|device| device.serial == serial).map(Thing::Device)
    }

    fn alike(&self, folded: &str) -> Vec<Thing> {
        let alike = |(_, device): &(usize, &DeviceCard)| fold(&device.serial) == folded;
        self.devices.iter().enumerate().filter(alike).map(|(place, _)| Thing::Device(place)).collect()
    }

    fn part_number(&self, part_number: &str) -> bool {
        self.part_numbers.iter().any(|known| known == part_number)
    }

    fn mac(&self, address: &str) -> bool {
        self.macs.iter().any(|known| known == address)
    }
}

impl Inventory {
    async fn load_things(
        &mut self,
        conn: &mut AsyncPgConnection,
        school: EstablishmentId,
        labels: &[Label],
    ) -> Result<(), Failure> {
        let codes: Vec<&String> = labels.iter().flat_map(|label| &label.badges).collect();
        if !codes.is_empty() {
            self.holders = badges::table
                .filter(badges::establishment_id.eq(school.0))
                .filter(badges::code.eq_any(codes))
                .filter(badges::forgotten_at.is_null())
                .select((badges::code, badges::student_id))
                .load::<(String, Uuid)>(conn)
                .await?
                .into_iter()
                .collect();
        }
        let all = |names: fn(&Label) -> &Vec<String>| labels.iter().flat_map(names).cloned().collect();
        let (serials, alike): (Vec<String>, Vec<String>) =
            (all(|label| &label.serials), all(|label| &label.alike));
        if !alike.is_empty() {
            self.devices = cards::devices_alike(conn, school, &alike).await?;
        } else if !serials.is_empty() {
            self.devices = cards::devices_by_serial(conn, school, &serials).await?;
        }
        self.load_sheets(conn, school, labels).await?;
        let owners = self.holders.values().chain(self.sheets.values().map(|(owner, _)| owner));
        // The copies of a charter and the badge beside them are one pupil's.
        for owner in owners.copied().collect::<HashSet<_>>() {
            if let Some(card) = cards::student(conn, school, owner).await? {
                self.students.insert(owner, card);
            }
        }
        // A badge or a sheet is known with its pupil only.
        self.holders.retain(|_, owner| self.students.contains_key(owner));
        self.sheets.retain(|_, (owner, _)| self.students.contains_key(owner));
        Ok(())
    }

    async fn load_sheets(
        &mut self,
        conn: &mut AsyncPgConnection,
        school: EstablishmentId,
        labels: &[Label],
    ) -> QueryResult<()> {
        let charters = labels.iter().filter_map(|label| label.charter.as_deref());
        let codes: Vec<String> = charters.filter_map(CharterCode::parse).map(|code| code.sheet).collect();
        if codes.is_empty() {
            return Ok(());
        }
        let rows: Vec<(String, Uuid, bool)> = charter_sheets::table
            .filter(charter_sheets::establishment_id.eq(school.0))
            .filter(charter_sheets::code.eq_any(codes))
            .select((
                charter_sheets::code,
                charter_sheets::student_id,
                diesel::dsl::sql::<diesel::sql_types::Bool>(
                    "EXISTS (SELECT 1 FROM campaigns k WHERE k.is_current AND k.charter_id = charter_sheets.charter_id)",
                ),
            ))
            .load(conn)
            .await?;
        self.sheets = rows.into_iter().map(|(code, student, current)| (code, (student, current))).collect();
        Ok(())
    }

    /// What stands beside a serial number on every label: asked for only where nothing else was known.
    async fn load_other(
        &mut self,
        conn: &mut AsyncPgConnection,
        school: EstablishmentId,
        open: &[&Label],
    ) -> QueryResult<()> {
        let parts: Vec<&String> = open.iter().flat_map(|label| &label.part_numbers).collect();
        if !parts.is_empty() {
            self.part_numbers = device_models::table
                .filter(device_models::establishment_id.eq(school.0))
                .filter(device_models::part_number.eq_any(parts))
                .select(device_models::part_number)
                .load(conn)
                .await?;
        }
        let macs: Vec<&String> = open.iter().flat_map(|label| &label.macs).collect();
        if !macs.is_empty() {
            self.macs = devices::table
                .filter(devices::establishment_id.eq(school.0))
                .filter(devices::mac_address.eq_any(macs))
                .select(devices::mac_address.assume_not_null())
                .load(conn)
                .await?;
        }
        Ok(())
    }

    fn resolution(&self, label: &Label) -> Resolution {
        let plain = |standing, meaning| Resolution::plain(&label.plain, standing, meaning);
        match resolve(slice::from_ref(label), self) {
            Verdict::Known(things) => things
                .into_iter()
                .next()
                .and_then(|(_, thing)| self.known(&label.plain, thing))
                .unwrap_or_else(|| plain("unknown", "other")),
            Verdict::Ambiguous(kind) => plain("ambiguous", kind.map_or("other", meaning)),
            Verdict::Elsewhere(Elsewhere::PartNumber) => plain("not_ours", "part_number"),
            Verdict::Elsewhere(Elsewhere::Mac) => plain("not_ours", "mac"),
            Verdict::Elsewhere(Elsewhere::Product | Elsewhere::Data) => plain("not_ours", "other"),
            Verdict::Unknown if label.charter.is_some() => plain("unknown", "charter"),
            Verdict::Unknown => plain("unknown", "other"),
        }
    }

    fn known(&self, text: &str, thing: Thing) -> Option<Resolution> {
        let known = |kind| Resolution::plain(text, "known", meaning(kind));
        Some(match thing {
            Thing::Student(id) => {
                Resolution { student: Some(self.students.get(&id)?.clone()), ..known(Kind::Student) }
            }
            Thing::Device(place) => {
                Resolution { device: Some(self.devices.get(place)?.clone()), ..known(Kind::Device) }
            }
            Thing::Charter(code) => {
                let (student_id, current) = *self.sheets.get(&code.sheet)?;
                let student = self.students.get(&student_id)?.clone();
                let scan = CharterScan { student_id, copy: code.copy, student, current };
                Resolution { charter: Some(scan), ..known(Kind::Charter) }
            }
        })
    }
}

fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Student => "student",
        Kind::Device => "device",
        Kind::Charter => "charter",
    }
}
