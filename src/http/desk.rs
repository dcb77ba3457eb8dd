//! The desk: its head, who and what it looks up, and badges it learns.

use super::State;
use super::error::Problem;
use super::session::Desk;
use crate::db::Scope;
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::desk::{self, CampaignCard, ClassProgress, DeskEstablishment};
use crate::operations::Failure;
use crate::operations::forget_badge::{ForgetBadgeRequest, forget_badge as forget};
use crate::operations::learn_badge::{LearnBadgeRequest, learn_badge as learn};
use actix_web::web;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The head of the desk.
#[derive(Serialize, ToSchema)]
pub struct DeskHead {
    pub establishment: DeskEstablishment,
    /// Absent until the school has opened one.
    pub campaign: Option<CampaignCard>,
    pub entitled: i64,
    pub equipped: i64,
}

/// School, campaign and progress.
#[utoipa::path(get, path = "/api/desk", responses((status = 200, body = DeskHead)))]
pub async fn show(actor: Desk, state: web::Data<State>) -> Result<web::Json<DeskHead>, Problem> {
    let school = actor.establishment;
    let head = state
        .db
        .read(Scope::School(school), async |conn| {
            let establishment = desk::establishment(conn, school).await?;
            let campaign = desk::campaign(conn, school).await?;
            let classes = desk::classes(conn, school).await?;
            Ok::<_, Failure>(DeskHead {
                establishment,
                campaign,
                entitled: classes.iter().map(|class| class.entitled).sum(),
                equipped: classes.iter().map(|class| class.equipped).sum(),
            })
        })
        .await?;
    Ok(web::Json(head))
}

/// Classes and how far each is.
#[utoipa::path(get, path = "/api/classes", responses((status = 200, body = [ClassProgress])))]
pub async fn list_classes(
    actor: Desk,
    state: web::Data<State>,
) -> Result<web::Json<Vec<ClassProgress>>, Problem> {
    let school = actor.establishment;
    let classes = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(desk::classes(conn, school).await?))
        .await?;
    Ok(web::Json(classes))
}

/// A search: words at the start of names, accents ignored; or part of a serial number.
///
/// It travels in the body: a name has no place in an address.
#[derive(Deserialize, ToSchema)]
pub struct Search {
    #[serde(default)]
    pub query: String,
    pub class: Option<String>,
    pub limit: Option<i64>,
}

impl Search {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(20).clamp(1, 200)
    }
}

#[derive(Serialize, ToSchema)]
pub struct StudentList {
    pub students: Vec<StudentCard>,
    pub total: i64,
}

/// Pupils by name.
#[utoipa::path(post, path = "/api/students/search", request_body = Search, responses((status = 200, body = StudentList)))]
pub async fn search_students(
    actor: Desk,
    state: web::Data<State>,
    search: web::Json<Search>,
) -> Result<web::Json<StudentList>, Problem> {
    let school = actor.establishment;
    let (students, total) = state
        .db
        .read(Scope::School(school), async |conn| {
            let class = search.class.as_deref().filter(|class| !class.is_empty());
            Ok::<_, Failure>(cards::students(conn, school, &search.query, class, search.limit()).await?)
        })
        .await?;
    Ok(web::Json(StudentList { students, total }))
}

/// One pupil.
#[utoipa::path(get, path = "/api/students/{id}", responses((status = 200, body = StudentCard), (status = 404, body = Problem)))]
pub async fn show_student(
    actor: Desk,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<StudentCard>, Problem> {
    let school = actor.establishment;
    let card = state
        .db
        .read(Scope::School(school), async |conn| {
            cards::student(conn, school, *id).await?.ok_or(Failure::Refusal(Refusal::UnknownStudent))
        })
        .await?;
    Ok(web::Json(card))
}

#[derive(Serialize, ToSchema)]
pub struct DeviceList {
    pub devices: Vec<DeviceCard>,
    pub total: i64,
}

/// Laptops by part of their serial number.
#[utoipa::path(post, path = "/api/devices/search", request_body = Search, responses((status = 200, body = DeviceList)))]
pub async fn search_devices(
    actor: Desk,
    state: web::Data<State>,
    search: web::Json<Search>,
) -> Result<web::Json<DeviceList>, Problem> {
    let school = actor.establishment;
    let (devices, total) = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(cards::devices(conn, school, &search.query, search.limit()).await?)
        })
        .await?;
    Ok(web::Json(DeviceList { devices, total }))
}

/// Makes an unknown code a pupil's badge.
#[utoipa::path(post, path = "/api/badges", request_body = LearnBadgeRequest,
    responses((status = 200, body = StudentCard), (status = 409, body = Problem)))]
pub async fn learn_badge(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<LearnBadgeRequest>,
) -> Result<web::Json<serde_json::Value>, Problem> {
    Ok(web::Json(learn(&state.db, &actor, &asked).await?))
}

/// Takes back a badge learnt for the wrong pupil. The code travels in the body, as a name does.
#[utoipa::path(post, path = "/api/badges/forget", request_body = ForgetBadgeRequest,
    responses((status = 200, body = StudentCard), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn forget_badge(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<ForgetBadgeRequest>,
) -> Result<web::Json<serde_json::Value>, Problem> {
    Ok(web::Json(forget(&state.db, &actor, &asked).await?))
}
