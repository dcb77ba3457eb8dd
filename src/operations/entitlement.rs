//! Which MEFs entitle to a laptop: a table of rules a school year, which a referent may change after
//! having seen who becomes entitled and who no longer is.

use super::imports::things::rules as rules_of;
use super::office::{change_once, entry, invalid};
use super::{Actor, Failure};
use crate::db::entitlement::{self, Affected};
use crate::db::{Db, Scope, campaigns, journal};
use diesel_async::AsyncPgConnection;
use domain::entitlement::{Public, Rule, programme};
use domain::ids::EstablishmentId;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Pupils that a preview shows.
const MOST_SHOWN: i64 = 400;
/// Rules of a table.
const MOST_RULES: usize = 300;

/// A rule as the page has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleCard {
    /// The start of a MEF: dispositif (3), formation (5), duration, year, local.
    pub prefix: String,
    /// `lycee`, `prepa_metiers`, `mention_complementaire`, `passerelle`, `post_bac` or `other`.
    pub public: String,
    pub entitled: bool,
}

/// The rules of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rules {
    pub school_year: i32,
    /// False while the year goes by the programme's rules.
    pub own: bool,
    pub rules: Vec<RuleCard>,
}

/// Who becomes entitled, and who no longer is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    pub becoming: i64,
    pub losing: i64,
    /// The first 400 of both.
    pub students: Vec<Affected>,
}

impl RuleCard {
    fn of(rule: Rule) -> Self {
        Self { prefix: rule.prefix, public: rule.public.as_str().to_owned(), entitled: rule.entitled }
    }

    fn rule(&self) -> Option<Rule> {
        let prefix = self.prefix.trim().to_ascii_uppercase();
        let shaped = (1..=11).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_alphanumeric());
        let public = Public::parse(&self.public)?;
        shaped.then_some(Rule { prefix, public, entitled: self.entitled })
    }
}

fn checked(cards: &[RuleCard]) -> Result<Vec<Rule>, Failure> {
    let rules: Option<Vec<Rule>> = cards.iter().map(RuleCard::rule).collect();
    let rules = rules.filter(|rules| rules.len() <= MOST_RULES).ok_or_else(|| {
        invalid(
            "rule_malformed",
            "Règle illisible",
            "Une règle commence par 1 à 11 chiffres ou lettres d'un code MEF.",
            "Corrigez la règle, puis recommencez.",
        )
    })?;
    let mut prefixes: Vec<&str> = rules.iter().map(|rule| rule.prefix.as_str()).collect();
    prefixes.sort_unstable();
    if prefixes.windows(2).any(|pair| matches!(pair, [one, two] if one == two)) {
        return Err(invalid(
            "rule_twice",
            "Règle en double",
            "Deux règles commencent par le même code.",
            "Gardez-en une.",
        ));
    }
    Ok(rules)
}

/// The year of the current campaign.
async fn year(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<i32, Failure> {
    Ok(campaigns::current(conn, school).await?.ok_or(Refusal::NoCampaign)?.school_year)
}

async fn read(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    school_year: i32,
) -> Result<Rules, Failure> {
    let own = !entitlement::rules(conn, school, school_year).await?.is_empty();
    let rules = rules_of(conn, school, school_year).await?.into_iter().map(RuleCard::of).collect();
    Ok(Rules { school_year, own, rules })
}

/// The rules of the current campaign's year. Reads only.
pub async fn show_rules(db: &Db, actor: &Actor) -> Result<Rules, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let year = year(conn, school).await?;
        read(conn, school, year).await
    })
    .await
}

/// Who would be judged otherwise by those rules; by the programme's, when there is none. Reads only.
pub async fn preview_rules(db: &Db, actor: &Actor, cards: &[RuleCard]) -> Result<Preview, Failure> {
    let mut rules = checked(cards)?;
    if rules.is_empty() {
        rules = programme();
    }
    let students = db
        .read(Scope::School(actor.establishment), async |conn| {
            Ok::<_, Failure>(entitlement::preview(conn, actor.establishment, &rules, MOST_SHOWN).await?)
        })
        .await?;
    let total = |becomes: bool| students.iter().find(|one| one.becomes == becomes).map_or(0, |one| one.total);
    Ok(Preview { becoming: total(true), losing: total(false), students })
}

/// New rules; none at all brings those of the programme back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RulesRequest {
    pub request_id: Uuid,
    pub rules: Vec<RuleCard>,
}

/// Puts the rules in force for the current year and judges every pupil by them. Idempotent by `request_id`.
pub async fn change_rules(db: &Db, actor: &Actor, asked: &RulesRequest) -> Result<Value, Failure> {
    let rules = checked(&asked.rules)?;
    change_once(db, actor, asked.request_id, "change_entitlement", &asked.rules, async |conn| {
        let school = actor.establishment;
        let year = year(conn, school).await?;
        entitlement::put(conn, school, year, &rules).await?;
        let in_force = if rules.is_empty() { programme() } else { rules.clone() };
        let judged = entitlement::judge(conn, school, &in_force).await?;
        let told = json!({ "school_year": year, "rules": rules.len(), "students": judged });
        journal::append(conn, &entry(actor, "change_entitlement", None, told)).await?;
        read(conn, school, year).await
    })
    .await
}
