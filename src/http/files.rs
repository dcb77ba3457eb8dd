//! Search, lists and stories of pupils and laptops. What is searched and filtered travels in the
//! body: a name has no place in an address.

use super::State;
use super::error::Problem;
use super::print::word;
use super::register::streamed;
use super::session::Desk;
use crate::db::Scope;
use crate::db::cards::{DeviceCard, StudentCard};
use crate::db::lists::Part;
use crate::db::lists::devices::{self, DeviceFilter, DeviceOrder, ModelChoice};
use crate::db::lists::students::{StudentFilter, StudentOrder};
use crate::operations::Failure;
use crate::operations::export_list::{List, export_list};
use crate::operations::export_register::{Format, pieces};
use crate::operations::list_cards::{self, Listed};
use crate::operations::search::{SearchAnswer, search as find};
use crate::operations::tell_story::{DeviceStory, StudentStory, tell_device, tell_student};
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Rows of a page, when nobody asks for another number.
const PAGE: i64 = 50;
const MOST: i64 = 200;

/// A name, a class, a serial number or part of it, or any code.
#[derive(Deserialize, ToSchema)]
pub struct Query {
    pub query: String,
    pub limit: Option<i64>,
}

/// Everything that a text may mean.
#[utoipa::path(post, path = "/api/search", request_body = Query, responses((status = 200, body = SearchAnswer)))]
pub async fn search(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<Query>,
) -> Result<web::Json<SearchAnswer>, Problem> {
    let limit = asked.limit.unwrap_or(20).clamp(1, MOST);
    Ok(web::Json(find(&state.db, &actor, &asked.query, limit).await?))
}

/// Which entries of a story.
#[derive(Deserialize, IntoParams)]
pub struct Before {
    /// What the page before answered.
    pub before: Option<i64>,
}

/// A pupil's page: who it is and all that happened, newest first.
#[utoipa::path(get, path = "/api/students/{id}/story", params(Before),
    responses((status = 200, body = StudentStory), (status = 404, body = Problem)))]
pub async fn student_story(
    actor: Desk,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    part: web::Query<Before>,
) -> Result<web::Json<StudentStory>, Problem> {
    Ok(web::Json(tell_student(&state.db, &actor, *id, part.before).await?))
}

/// A laptop's page: where it is and all that happened, newest first.
#[utoipa::path(get, path = "/api/devices/{id}/story", params(Before),
    responses((status = 200, body = DeviceStory), (status = 404, body = Problem)))]
pub async fn device_story(
    actor: Desk,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    part: web::Query<Before>,
) -> Result<web::Json<DeviceStory>, Problem> {
    Ok(web::Json(tell_device(&state.db, &actor, *id, part.before).await?))
}

/// Pupils to list; what is absent filters nothing.
#[derive(Default, Deserialize, ToSchema)]
pub struct StudentsWanted {
    pub class: Option<String>,
    pub entitled: Option<bool>,
    /// With a laptop of their own.
    pub equipped: Option<bool>,
    /// Both copies of the current charter shown.
    pub charter: Option<bool>,
    /// Left, or gone from the school's file.
    pub gone: Option<bool>,
    /// With any laptop in hand.
    pub holding: Option<bool>,
    /// With a laptop lent for a while.
    pub temporary: Option<bool>,
    pub badge: Option<bool>,
    /// `name` or `class`.
    pub sort: Option<String>,
    #[serde(default)]
    pub descending: bool,
    /// The last row of the page before.
    pub after: Option<Uuid>,
    pub limit: Option<i64>,
    /// Of an export: `csv` or `xlsx`.
    pub format: Option<String>,
}

impl StudentsWanted {
    fn filter(&self) -> StudentFilter {
        StudentFilter {
            class: word(&self.class).map(str::to_owned),
            entitled: self.entitled,
            equipped: self.equipped,
            charter: self.charter,
            gone: self.gone,
            holding: self.holding,
            temporary: self.temporary,
            badge: self.badge,
        }
    }

    fn sorted(&self) -> Option<(StudentOrder, bool)> {
        let order = match self.sort.as_deref() {
            None | Some("name") => StudentOrder::Name,
            Some("class") => StudentOrder::Class,
            Some(_) => return None,
        };
        Some((order, self.descending))
    }
}

/// A page of pupils.
#[derive(Serialize, ToSchema)]
pub struct StudentPage {
    pub students: Vec<StudentCard>,
    /// How many there are, of the first page only; with `more`, there are more than that.
    pub total: Option<i64>,
    pub more: bool,
    /// What the next page follows; absent on the last.
    pub after: Option<Uuid>,
}

/// Pupils by what they have and lack.
#[utoipa::path(post, path = "/api/students/list", request_body = StudentsWanted, responses((status = 200, body = StudentPage)))]
pub async fn list_students(
    actor: Desk,
    state: web::Data<State>,
    wanted: web::Json<StudentsWanted>,
) -> Result<web::Json<StudentPage>, Problem> {
    let sorted = wanted.sorted().ok_or_else(unsorted)?;
    let part = part(wanted.after, wanted.limit);
    let Listed { cards: students, total, more, after } =
        list_cards::list_students(&state.db, &actor, &wanted.filter(), sorted, part).await?;
    Ok(web::Json(StudentPage { students, total, more, after }))
}

/// The whole list of pupils as a file.
#[utoipa::path(post, path = "/api/students/export", request_body = StudentsWanted,
    responses((status = 200, content_type = "text/csv")))]
pub async fn export_students(
    actor: Desk,
    state: web::Data<State>,
    wanted: web::Json<StudentsWanted>,
) -> Result<HttpResponse, Problem> {
    let list = List::Students(wanted.filter(), wanted.sorted().ok_or_else(unsorted)?);
    let format = format(wanted.format.as_deref()).ok_or_else(unformatted)?;
    Ok(file(&actor, &state, list, format, "eleves"))
}

/// Laptops to list; what is absent filters nothing.
#[derive(Default, Deserialize, ToSchema)]
pub struct DevicesWanted {
    pub state: Option<String>,
    /// A model's part number.
    pub model: Option<String>,
    /// The number of a delivery note.
    pub delivery: Option<String>,
    /// The class of who holds it.
    pub class: Option<String>,
    /// Whose warranty ends by that day.
    pub warranty_by: Option<NaiveDate>,
    /// With a breakdown, a breakage, a loss or a theft.
    pub incidents: Option<bool>,
    /// `serial`, `state`, `model`, `delivery` or `warranty`.
    pub sort: Option<String>,
    #[serde(default)]
    pub descending: bool,
    /// The last row of the page before.
    pub after: Option<Uuid>,
    pub limit: Option<i64>,
    /// Of an export: `csv` or `xlsx`.
    pub format: Option<String>,
}

impl DevicesWanted {
    fn filter(&self) -> DeviceFilter {
        DeviceFilter {
            state: word(&self.state).map(str::to_owned),
            model: word(&self.model).map(str::to_owned),
            delivery: word(&self.delivery).map(str::to_owned),
            class: word(&self.class).map(str::to_owned),
            warranty_by: self.warranty_by,
            incidents: self.incidents,
        }
    }

    fn sorted(&self) -> Option<(DeviceOrder, bool)> {
        let order = match self.sort.as_deref() {
            None | Some("serial") => DeviceOrder::Serial,
            Some("state") => DeviceOrder::State,
            Some("model") => DeviceOrder::Model,
            Some("delivery") => DeviceOrder::Delivery,
            Some("warranty") => DeviceOrder::Warranty,
            Some(_) => return None,
        };
        Some((order, self.descending))
    }
}

/// A page of laptops.
#[derive(Serialize, ToSchema)]
pub struct DevicePage {
    pub devices: Vec<DeviceCard>,
    /// How many there are, of the first page only; with `more`, there are more than that.
    pub total: Option<i64>,
    pub more: bool,
    /// What the next page follows; absent on the last.
    pub after: Option<Uuid>,
}

/// Laptops by where they are and what happened to them.
#[utoipa::path(post, path = "/api/devices/list", request_body = DevicesWanted, responses((status = 200, body = DevicePage)))]
pub async fn list_devices(
    actor: Desk,
    state: web::Data<State>,
    wanted: web::Json<DevicesWanted>,
) -> Result<web::Json<DevicePage>, Problem> {
    let sorted = wanted.sorted().ok_or_else(unsorted)?;
    let part = part(wanted.after, wanted.limit);
    let Listed { cards: devices, total, more, after } =
        list_cards::list_devices(&state.db, &actor, &wanted.filter(), sorted, part).await?;
    Ok(web::Json(DevicePage { devices, total, more, after }))
}

/// The whole list of laptops as a file.
#[utoipa::path(post, path = "/api/devices/export", request_body = DevicesWanted,
    responses((status = 200, content_type = "text/csv")))]
pub async fn export_devices(
    actor: Desk,
    state: web::Data<State>,
    wanted: web::Json<DevicesWanted>,
) -> Result<HttpResponse, Problem> {
    let list = List::Devices(wanted.filter(), wanted.sorted().ok_or_else(unsorted)?);
    let format = format(wanted.format.as_deref()).ok_or_else(unformatted)?;
    Ok(file(&actor, &state, list, format, "ordinateurs"))
}

/// What lists of laptops may be narrowed to.
#[derive(Serialize, ToSchema)]
pub struct DeviceChoices {
    pub models: Vec<ModelChoice>,
    /// Numbers of delivery notes, the newest first.
    pub deliveries: Vec<String>,
}

/// The school's models and delivery notes.
#[utoipa::path(get, path = "/api/devices/choices", responses((status = 200, body = DeviceChoices)))]
pub async fn device_choices(
    actor: Desk,
    state: web::Data<State>,
) -> Result<web::Json<DeviceChoices>, Problem> {
    let school = actor.establishment;
    let read = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(devices::choices(conn, school).await?))
        .await;
    let (models, deliveries) = read?;
    Ok(web::Json(DeviceChoices { models, deliveries }))
}

fn file(actor: &Desk, state: &State, list: List, format: Format, name: &str) -> HttpResponse {
    let (sender, receiver) = pieces();
    let (db, school) = (state.db.clone(), actor.establishment);
    // A task of its own: a reader who goes away must not cut the transaction short.
    actix_web::rt::spawn(async move {
        if let Err(failure) = export_list(&db, school, list, format, sender).await {
            tracing::warn!(?failure, "list interrupted");
        }
    });
    streamed(receiver, format, name)
}

fn format(word: Option<&str>) -> Option<Format> {
    Format::parse(word.unwrap_or("csv"))
}

fn unformatted() -> Problem {
    Problem::unreadable("Format attendu : csv ou xlsx.")
}

fn part(after: Option<Uuid>, limit: Option<i64>) -> Part {
    Part { after, limit: limit.unwrap_or(PAGE).clamp(1, MOST) }
}

fn unsorted() -> Problem {
    Problem::unreadable("Cette liste ne se trie pas ainsi.")
}
