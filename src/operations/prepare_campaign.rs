//! What is prepared of the campaign beside its slots: dates, room, connection, referent, staff,
//! guest accounts. Passwords of guest accounts are printed and kept nowhere.

use super::office::{change_once, entry, invalid, typed};
use super::{Actor, Failure};
use crate::db::campaigns::{self, Campaign, GuestAccount, Helper};
use crate::db::slots::{self, SlotCard};
use crate::db::{Db, Scope, journal};
use chrono::NaiveDate;
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// The campaign with all that is prepared for its day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Prepared {
    pub campaign: Campaign,
    pub slots: Vec<SlotCard>,
    pub staff: Vec<Helper>,
    /// All eight, empty ones too.
    pub guest_accounts: Vec<GuestAccount>,
}

/// Reads only.
pub async fn prepared(db: &Db, actor: &Actor) -> Result<Prepared, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| read(conn, school).await).await
}

pub(super) async fn read(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<Prepared, Failure> {
    let campaign = campaigns::current(conn, school).await?.ok_or(Refusal::NoCampaign)?;
    Ok(Prepared {
        slots: slots::of_campaign(conn, school, campaign.id).await?,
        staff: campaigns::staff(conn, campaign.id).await?,
        guest_accounts: campaigns::guest_accounts(conn, campaign.id).await?,
        campaign,
    })
}

/// The campaign as typed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CampaignRequest {
    pub request_id: Uuid,
    pub name: String,
    pub kit: Vec<String>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub room: String,
    /// `wifi` or `cable`.
    pub connection: Option<String>,
    pub sheet_due_on: Option<NaiveDate>,
    pub referent_name: String,
    pub referent_phone: String,
    pub referent_email: String,
    pub notes: String,
}

impl CampaignRequest {
    fn over(&self, before: Campaign) -> Result<Campaign, Failure> {
        let name = typed(&self.name, 80)?.to_owned();
        let mut kit = Vec::new();
        for item in &self.kit {
            let item = typed(item, 60)?;
            if !item.is_empty() && !kit.iter().any(|known| known == item) {
                kit.push(item.to_owned());
            }
        }
        let connection = self.connection.as_deref().filter(|text| !text.is_empty());
        let known = connection.is_none_or(|text| matches!(text, "wifi" | "cable"));
        let in_order = self.starts_on.zip(self.ends_on).is_none_or(|(starts, ends)| ends >= starts);
        if name.is_empty() || !known || !in_order || kit.len() > 20 {
            return Err(invalid(
                "campaign_implausible",
                "Campagne incohérente",
                "Une campagne a un nom, une fin qui ne précède pas son début, et une connexion Wi-Fi ou par câble.",
                "Corrigez ces champs, puis recommencez.",
            ));
        }
        Ok(Campaign {
            name,
            kit,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            room: typed(&self.room, 80)?.to_owned(),
            connection: connection.map(str::to_owned),
            sheet_due_on: self.sheet_due_on,
            referent_name: typed(&self.referent_name, 120)?.to_owned(),
            referent_phone: typed(&self.referent_phone, 30)?.to_owned(),
            referent_email: typed(&self.referent_email, 120)?.to_owned(),
            notes: typed(&self.notes, 2000)?.to_owned(),
            ..before
        })
    }
}

/// Changes the campaign; answers all that is prepared. Idempotent by `request_id`.
pub async fn save_campaign(db: &Db, actor: &Actor, asked: &CampaignRequest) -> Result<Value, Failure> {
    let fingerprint = CampaignRequest { request_id: Uuid::nil(), ..asked.clone() };
    change_once(db, actor, asked.request_id, "save_campaign", &fingerprint, async |conn| {
        let school = actor.establishment;
        let campaign = asked.over(campaigns::lock(conn, school).await?.ok_or(Refusal::NoCampaign)?)?;
        campaigns::save(conn, &campaign).await?;
        tell(conn, actor, "save_campaign", campaign.id).await?;
        read(conn, school).await
    })
    .await
}

/// Who helps, in the place of all there were.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StaffRequest {
    pub request_id: Uuid,
    pub staff: Vec<Helper>,
}

/// Answers all that is prepared. Idempotent by `request_id`.
pub async fn save_staff(db: &Db, actor: &Actor, asked: &StaffRequest) -> Result<Value, Failure> {
    let mut staff = Vec::new();
    for helper in asked.staff.iter().take(60) {
        let (name, duty) = (typed(&helper.name, 120)?, typed(&helper.duty, 120)?);
        if !name.is_empty() {
            staff.push(Helper { name: name.to_owned(), duty: duty.to_owned() });
        }
    }
    change_once(db, actor, asked.request_id, "save_staff", &staff, async |conn| {
        let school = actor.establishment;
        let campaign = campaigns::lock(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        campaigns::set_staff(conn, school, campaign.id, &staff).await?;
        tell(conn, actor, "save_staff", campaign.id).await?;
        read(conn, school).await
    })
    .await
}

/// Logins and holders of the guest accounts; never a password.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuestAccountsRequest {
    pub request_id: Uuid,
    pub accounts: Vec<GuestAccount>,
}

/// Answers all that is prepared. Idempotent by `request_id`.
pub async fn save_guest_accounts(
    db: &Db,
    actor: &Actor,
    asked: &GuestAccountsRequest,
) -> Result<Value, Failure> {
    let mut accounts = Vec::new();
    for account in &asked.accounts {
        if !(1..=8).contains(&account.position) {
            return Err(invalid(
                "guest_account_unknown",
                "Compte invité inconnu",
                "Il y a huit comptes invités, numérotés de 1 à 8.",
                "Rechargez la page, puis recommencez.",
            ));
        }
        let (login, holder) =
            (typed(&account.login, 80)?.to_owned(), typed(&account.holder, 120)?.to_owned());
        accounts.push(GuestAccount { position: account.position, login, holder });
    }
    change_once(db, actor, asked.request_id, "save_guest_accounts", &accounts, async |conn| {
        let school = actor.establishment;
        let campaign = campaigns::lock(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        for account in &accounts {
            campaigns::set_guest_account(conn, school, campaign.id, account).await?;
        }
        tell(conn, actor, "save_guest_accounts", campaign.id).await?;
        read(conn, school).await
    })
    .await
}

async fn tell(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    action: &str,
    campaign: Uuid,
) -> Result<(), Failure> {
    Ok(journal::append(conn, &entry(actor, action, None, json!({ "campaign_id": campaign }))).await?)
}
