//! Pupils by what they have and lack.

use super::{Conditions, Order, Page, Part, Table, Value};
use crate::db::lists;
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
const LOAN: &str = "EXISTS (SELECT FROM loans l WHERE l.student_id = r.id AND l.closed_at IS NULL";

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
    let has = [
        (filter.entitled, "coalesce(r.entitlement_override, r.entitled)".to_owned()),
        (filter.equipped, format!("{LOAN} AND l.kind = 'allocation')")),
        (
            filter.charter,
            "EXISTS (SELECT FROM charter_receipts x WHERE x.student_id = r.id AND x.withdrawn_at IS NULL
                       AND x.copies_shown = 2 AND x.copies_kept = 1
                       AND x.charter_id = (SELECT k.charter_id FROM campaigns k
                                           WHERE k.establishment_id = $1 AND k.is_current))"
                .to_owned(),
        ),
        (filter.gone, "(r.left_on IS NOT NULL OR r.missing_since IS NOT NULL)".to_owned()),
        (filter.holding, format!("{LOAN})")),
        (filter.temporary, format!("{LOAN} AND l.kind = 'temporary')")),
        (
            filter.badge,
            "EXISTS (SELECT FROM badges b WHERE b.student_id = r.id AND b.forgotten_at IS NULL)".to_owned(),
        ),
    ];
    for (wanted, condition) in has {
        match wanted {
            Some(true) if condition.contains("'temporary'") => {
                // Few have one: the loans that are due name them.
                all.and(
                    "r.id = ANY (ARRAY(SELECT l.student_id FROM loans l WHERE l.establishment_id = $1
                                       AND l.closed_at IS NULL AND l.kind = 'temporary'))",
                );
            }
            Some(true) => all.and(&condition),
            Some(false) => all.and(&format!("NOT ({condition})")),
            None => {}
        }
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
    (sorted, descending): (StudentOrder, bool),
    part: Part,
) -> QueryResult<Page> {
    lists::page(conn, &TABLE, &conditions(school, filter), (&order(sorted), descending), part).await
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
SELECT r.eleve_id, r.last_name, r.first_name, c.code AS class_code, r.mef,
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
