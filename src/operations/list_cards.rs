//! A page of the list of pupils, or of laptops, each as its card. Reads only.

use super::{Actor, Failure};
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::lists::devices::{self, DeviceFilter, DeviceOrder};
use crate::db::lists::students::{self, StudentFilter, StudentOrder};
use crate::db::lists::{COUNTED, Page, Part};
use crate::db::{Db, Scope};
use uuid::Uuid;

/// What a page shows, and where the next one begins.
pub struct Listed<Card> {
    pub cards: Vec<Card>,
    /// How many there are, of the first page only; with `more`, there are more than that.
    pub total: Option<i64>,
    pub more: bool,
    /// What the next page follows; absent on the last.
    pub after: Option<Uuid>,
}

impl<Card> Listed<Card> {
    fn of(page: &Page, cards: Vec<Card>, part: Part) -> Self {
        let full = i64::try_from(page.ids.len()).unwrap_or(0) == part.limit;
        Self {
            cards,
            total: page.total.map(|total| total.min(COUNTED)),
            more: page.total.is_some_and(|total| total > COUNTED),
            after: page.ids.last().copied().filter(|_| full),
        }
    }
}

pub async fn list_students(
    db: &Db,
    actor: &Actor,
    filter: &StudentFilter,
    sorted: (StudentOrder, bool),
    part: Part,
) -> Result<Listed<StudentCard>, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let page = students::page(conn, school, filter, sorted, part).await?;
        Ok(Listed::of(&page, cards::students_of(conn, school, &page.ids).await?, part))
    })
    .await
}

pub async fn list_devices(
    db: &Db,
    actor: &Actor,
    filter: &DeviceFilter,
    sorted: (DeviceOrder, bool),
    part: Part,
) -> Result<Listed<DeviceCard>, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let page = devices::page(conn, school, filter, sorted, part).await?;
        Ok(Listed::of(&page, cards::devices_of(conn, school, &page.ids).await?, part))
    })
    .await
}
