//! The day of the demo school: the first class is called and half done, the others of the entry
//! levels have slots from the next school day on, and so have newcomers to other classes.

use super::people::{ENTRY_CLASSES, Pupil};
use super::seed::{actor, request, rows_of};
use crate::db::campaigns::{GuestAccount, Helper};
use crate::db::demo as rows;
use crate::db::{Db, campaigns};
use crate::operations::call_class::{CallRequest, call_class};
use crate::operations::plan_slots::{Break, PlanRequest, SlotRequest, add_slot, on_the_clock, plan_slots};
use crate::operations::prepare_campaign::{
    CampaignRequest, GuestAccountsRequest, StaffRequest, save_campaign, save_guest_accounts, save_staff,
};
use crate::operations::{Actor, Failure};
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime, Weekday};
use domain::ids::EstablishmentId;
use domain::refusal::Refusal;
use domain::roles::Role;

const ROOM: &str = "Salle polyvalente";
/// Newcomers do not wait among classes.
const NEWCOMERS_ROOM: &str = "CDI, bureau 2";
const DESKS: u32 = 2;
const NEWCOMER_MINUTES: i32 = 10;

/// Prepares it. `opened` is when the school was opened, so that a seeding that was cut short
/// says the same another day.
pub(super) async fn prepare(
    db: &Db,
    establishment: EstablishmentId,
    pupils: &[Pupil],
    opened: NaiveDate,
) -> Result<(), Failure> {
    let referent = actor(db, establishment, ("referent", Role::Manager), "Réserve").await?;
    let first = next_school_day(opened);
    settle(db, &referent, opened, first).await?;
    let classes = rows_of(db, establishment, async |conn| {
        Ok(rows::class_ids(conn, establishment, &ENTRY_CLASSES).await?)
    })
    .await?;
    let Some((called, planned)) = classes.split_first() else { return Ok(()) };
    newcomers(db, &referent, pupils, first).await?;
    let plan = PlanRequest {
        request_id: request(5_100),
        class_ids: planned.to_vec(),
        starts_at: first.and_time(at(8, 30)),
        day_ends: Some(at(17, 0)),
        breaks: vec![Break { from: at(12, 0), to: at(13, 30) }],
        desks: DESKS,
        pupils_per_hour: None,
        room: ROOM.into(),
    };
    plan_slots(db, &referent, &plan).await?;
    let call = CallRequest { request_id: request(5_200), slot_id: None, class_id: Some(*called) };
    call_class(db, &referent, &call).await.map(drop)
}

/// Dates, room, referent, staff and guest accounts.
async fn settle(db: &Db, referent: &Actor, opened: NaiveDate, first: NaiveDate) -> Result<(), Failure> {
    let school = referent.establishment;
    let before = rows_of(db, school, async |conn| Ok(campaigns::current(conn, school).await?)).await?;
    let before = before.ok_or(Refusal::NoCampaign)?;
    let campaign = CampaignRequest {
        request_id: request(5_000),
        name: before.name,
        kit: before.kit,
        starts_on: Some(opened),
        ends_on: Some(first + Days::new(3)),
        room: ROOM.into(),
        connection: Some("wifi".into()),
        sheet_due_on: Some(first + Days::new(7)),
        referent_name: "Solène Vignebrune".into(),
        referent_phone: "06 39 98 04 17".into(),
        referent_email: "solene.vignebrune@example.org".into(),
        notes: "Multiprises au premier rang ; les chargeurs sont rendus avec la housse.".into(),
    };
    save_campaign(db, referent, &campaign).await?;
    let helper = |(name, duty): &(&str, &str)| Helper { name: (*name).into(), duty: (*duty).into() };
    let staff = StaffRequest { request_id: request(5_001), staff: STAFF.iter().map(helper).collect() };
    save_staff(db, referent, &staff).await?;
    let holders = STAFF.iter().map(|(name, _)| *name).chain(std::iter::repeat(""));
    let accounts = (1..=8).zip(holders).map(|(position, holder)| GuestAccount {
        position,
        login: format!("invite{position}"),
        holder: holder.into(),
    });
    let accounts = GuestAccountsRequest { request_id: request(5_002), accounts: accounts.collect() };
    save_guest_accounts(db, referent, &accounts).await.map(drop)
}

const STAFF: [(&str, &str); 5] = [
    ("Théodore Ormeclos", "Accueil et file d'attente"),
    ("Hawa Plainerive", "Poste 1"),
    ("Côme Sainteneige", "Poste 2"),
    ("Marjane Vaudelune", "Chartes et responsables"),
    ("Anselme Rochevent", "Première connexion (prestataire)"),
];

/// One after the other in the afternoon of the day after the classes' first.
async fn newcomers(db: &Db, referent: &Actor, pupils: &[Pupil], first: NaiveDate) -> Result<(), Failure> {
    let school = referent.establishment;
    let new: Vec<&str> =
        pupils.iter().filter(|pupil| pupil.is_newcomer()).map(|pupil| pupil.eleve_id.as_str()).collect();
    let ids = rows_of(db, school, async |conn| Ok(rows::student_ids(conn, school, &new).await?)).await?;
    let begins = next_school_day(first).and_time(at(13, 30));
    for (place, student) in (0_u8..).zip(ids) {
        let slot = SlotRequest {
            request_id: request(5_300 + u128::from(place)),
            class_id: None,
            student_id: Some(student),
            starts_at: on_the_clock(
                begins + Duration::minutes(i64::from(place) * i64::from(NEWCOMER_MINUTES)),
            ),
            minutes: NEWCOMER_MINUTES,
            room: NEWCOMERS_ROOM.into(),
        };
        add_slot(db, referent, &slot).await?;
    }
    Ok(())
}

fn next_school_day(day: NaiveDate) -> NaiveDate {
    let weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    day.iter_days().skip(1).find(|day| !weekend(day)).unwrap_or(day)
}

fn at(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}
