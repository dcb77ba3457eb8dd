//! Pupils by what they have and lack.

use super::{Conditions, Order, Page, Part, Table, Value};
use crate::db::lists;
use crate::db::search::walk_indexes;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Int2, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use futures_util::TryStreamExt;

/// Which pupils; what is absent filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudentFilter {
    pub class: Option<String>,
    pub entitled: Option<bool>,
    /// With a laptop of their own.
    pub equipped: Option<bool>,
    /// Both copies of the current charter shown and one kept.
    pub charter: Option<bool>,
    /// Left, or gone from the school's file.
    pub gone: Option<bool>,
    /// With any laptop of the school in hand.
    pub holding: Option<bool>,
    /// With a laptop lent for a while.
    pub temporary: Option<bool>,
    /// With a badge that scans.
    pub badge: Option<bool>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StudentOrder {
    #[default]
    Name,
    Class,
}

const NAME: &str = "r.search_key COLLATE \"C\"";

/// What triggers keep of a pupil in `student_facts.facts`, a bit each.
const ENTITLED: i16 = 1;
const GONE: i16 = 2;
const EQUIPPED: i16 = 4;
const TEMPORARY: i16 = 8;
const CHARTER: i16 = 16;
const BADGE: i16 = 32;
const ALL_FACTS: i16 = 64;

impl StudentFilter {
    /// Every sum of facts that fits; none when no fact was asked for.
    fn facts(&self) -> Option<Vec<i16>> {
        let asked = [
            (self.entitled, ENTITLED),
            (self.gone, GONE),
            (self.equipped, EQUIPPED),
            (self.temporary, TEMPORARY),
            (self.holding, EQUIPPED | TEMPORARY),
            (self.charter, CHARTER),
            (self.badge, BADGE),
        ];
        if asked.iter().all(|(wanted, _)| wanted.is_none()) {
            return None;
        }
        let fits =
            |facts: i16| asked.iter().all(|(wanted, any)| wanted.is_none_or(|yes| yes == (facts & any != 0)));
        Some((0..ALL_FACTS).filter(|facts| fits(*facts)).collect())
    }
}

fn conditions(school: EstablishmentId, filter: &StudentFilter) -> Conditions {
    let mut all = Conditions::new(school.0);
    if let Some(class) = &filter.class {
        // The newest of that name: last year's has no pupils left.
        all.and_with(
            "r.class_id = (SELECT c.id FROM classes c WHERE c.establishment_id = $1 AND c.code = ?
                           ORDER BY c.school_year DESC LIMIT 1)",
            Value::Text(class.clone()),
        );
    }
    if let Some(facts) = filter.facts() {
        all.and_with(
            "(SELECT f.facts FROM student_facts f WHERE f.student_id = r.id) = ANY (?)",
            Value::Numbers(facts),
        );
    }
    all
}

const TABLE: Table = Table { name: "students", within: NAME };

fn order(order: StudentOrder) -> Order {
    match order {
        StudentOrder::Name => Order::Plain,
        StudentOrder::Class => Order::Groups {
            column: "r.class_id",
            ids: "SELECT id FROM classes WHERE establishment_id = $1 ORDER BY code COLLATE \"C\", school_year, id",
        },
    }
}

pub async fn page(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &StudentFilter,
    sorted: (StudentOrder, bool),
    part: Part,
) -> QueryResult<Page> {
    if let (None, Some(facts)) = (&filter.class, filter.facts()) {
        let ByFacts { page, complete } = by_facts(conn, school, facts, sorted, part).await?;
        if complete {
            return Ok(page);
        }
    }
    let order = order(sorted.0);
    lists::page(conn, &TABLE, &conditions(school, filter), (&order, sorted.1), part).await
}

struct ByFacts {
    page: Page,
    /// Not when the order is by class and too many fit for being sorted: these are dense enough to
    /// be met on a walk from class to class.
    complete: bool,
}

/// A page of a whole school's pupils with certain facts.
async fn by_facts(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    facts: Vec<i16>,
    (order, descending): (StudentOrder, bool),
    part: Part,
) -> QueryResult<ByFacts> {
    walk_indexes(conn).await?;
    let mut all = Conditions::new(school.0);
    let fitting = all.bind(Value::Numbers(facts));
    let (direction, beyond) = if descending { (" DESC", "<") } else { ("", ">") };
    let each = |after: &str, limit: i64| {
        format!(
            "SELECT found.id, found.search_key FROM unnest({fitting}) AS f (facts) CROSS JOIN LATERAL (
                 SELECT r.student_id AS id, r.search_key FROM student_facts r
                 WHERE r.establishment_id = $1 AND r.facts = f.facts{after}
                 ORDER BY r.search_key{direction}, r.student_id{direction} LIMIT {limit}) found"
        )
    };
    let counted = lists::COUNTED + 1;
    let count = if part.after.is_none() || order == StudentOrder::Class {
        let text = format!("SELECT count(*) AS n FROM ({} LIMIT {counted}) counted", each("", counted));
        Some(all.query(text).get_result::<lists::Count>(conn).await?.n)
    } else {
        None
    };
    let total = if part.after.is_none() { count } else { None };
    let ids = match order {
        StudentOrder::Name => {
            let after = part.after.map_or_else(String::new, |after| {
                let place = all.bind(Value::Id(after));
                format!(
                    " AND (r.search_key, r.student_id) {beyond}
                       (SELECT a.search_key, a.student_id FROM student_facts a WHERE a.student_id = {place})"
                )
            });
            let limit = part.limit;
            let text = format!(
                "{} ORDER BY found.search_key{direction}, found.id{direction} LIMIT {limit}",
                each(&after, limit)
            );
            all.query(text).load::<lists::Id>(conn).await?
        }
        StudentOrder::Class if count.is_some_and(|n| n > lists::COUNTED) => {
            return Ok(ByFacts { page: Page::default(), complete: false });
        }
        StudentOrder::Class => {
            // The row that the page follows has its place, even when it fits no longer.
            let place = all.bind(Value::Ids(part.after.into_iter().collect()));
            let keys = ["c.code COLLATE \"C\"", "c.school_year", "c.id", NAME, "r.id"]
                .map(|key| format!("{key}{direction} NULLS LAST"))
                .join(", ");
            let text = format!(
                "SELECT r.id FROM (SELECT id FROM ({}) fitting UNION SELECT unnest({place})) listed
                 JOIN students r ON r.id = listed.id LEFT JOIN classes c ON c.id = r.class_id ORDER BY {keys}",
                each("", counted)
            );
            let sorted = all.query(text).load::<lists::Id>(conn).await?;
            let from = match part.after {
                Some(after) => {
                    sorted.iter().position(|row| row.id == after).map_or(sorted.len(), |at| at + 1)
                }
                None => 0,
            };
            sorted.into_iter().skip(from).take(usize::try_from(part.limit).unwrap_or(0)).collect()
        }
    };
    Ok(ByFacts { page: Page { ids: ids.into_iter().map(|row| row.id).collect(), total }, complete: true })
}

/// A pupil, as a list that leaves as a file tells them.
#[derive(Debug, QueryableByName)]
pub struct StudentLine {
    #[diesel(sql_type = Text)]
    pub eleve_id: String,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mef: Option<String>,
    #[diesel(sql_type = Bool)]
    pub entitled: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub left_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub missing_since: Option<NaiveDate>,
    #[diesel(sql_type = Int2)]
    pub copies_shown: i16,
    #[diesel(sql_type = Nullable<Text>)]
    pub own_serial: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub own_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lent_serial: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub lent_until: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    pub badge: bool,
}

const LINES: &str = "
SELECT coalesce(r.eleve_id, '') AS eleve_id, r.last_name, r.first_name, c.code AS class_code, r.mef,
       coalesce(r.entitlement_override, r.entitled) AS entitled, r.left_on,
       (r.missing_since AT TIME ZONE 'Europe/Paris')::date AS missing_since,
       coalesce(x.copies_shown, 0::smallint) AS copies_shown,
       d.serial_number AS own_serial, l.opened_at AS own_since,
       t.serial_number AS lent_serial, o.due_on AS lent_until,
       EXISTS (SELECT FROM badges b WHERE b.student_id = r.id AND b.forgotten_at IS NULL) AS badge
FROM students r
LEFT JOIN classes c ON c.id = r.class_id
LEFT JOIN campaigns k ON k.establishment_id = r.establishment_id AND k.is_current
LEFT JOIN charter_receipts x ON x.student_id = r.id AND x.charter_id = k.charter_id AND x.withdrawn_at IS NULL
LEFT JOIN loans l ON l.student_id = r.id AND l.closed_at IS NULL AND l.kind = 'allocation'
LEFT JOIN devices d ON d.id = l.device_id
LEFT JOIN loans o ON o.student_id = r.id AND o.closed_at IS NULL AND o.kind = 'temporary'
LEFT JOIN devices t ON t.id = o.device_id
WHERE r.establishment_id = $1";

/// Calls `each` with every pupil of the filter; one is in memory at a time.
pub async fn for_each<E, F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &StudentFilter,
    sorted: (StudentOrder, bool),
    mut each: F,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
    F: AsyncFnMut(StudentLine) -> Result<(), E>,
{
    let all = conditions(school, filter);
    let direction = if sorted.1 { " DESC" } else { "" };
    let by = match sorted.0 {
        StudentOrder::Name => String::new(),
        StudentOrder::Class => format!("c.code COLLATE \"C\"{direction} NULLS LAST, "),
    };
    let text = format!("{LINES}{} ORDER BY {by}{NAME}{direction}, r.id{direction}", all.text);
    let mut lines = all.query(text).load_stream::<StudentLine>(conn).await?;
    while let Some(line) = lines.try_next().await? {
        each(line).await?;
    }
    Ok(())
}
