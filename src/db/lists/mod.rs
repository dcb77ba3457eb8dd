//! Lists of pupils and laptops, a page at a time, in orders that an index has.

pub mod devices;
pub mod students;

use super::search::walk_indexes;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Date, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows are counted to here; a longer list is "more than".
pub const COUNTED: i64 = 1_000;

/// A page of a list: ids in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub ids: Vec<Uuid>,
    /// How many the whole list has, [`COUNTED`] + 1 at most; counted for the first page only.
    pub total: Option<i64>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The row that the page follows; the first page without it.
    pub after: Option<Uuid>,
    pub limit: i64,
}

/// What a condition compares with; bound, never written into the text.
#[derive(Debug, Clone)]
enum Value {
    Id(Uuid),
    Ids(Vec<Uuid>),
    Text(String),
    Day(chrono::NaiveDate),
    Numbers(Vec<i16>),
}

/// SQL that grows by conditions, with the values they are bound to.
#[derive(Clone)]
struct Conditions {
    text: String,
    values: Vec<Value>,
}

impl Conditions {
    /// `$1` is the school in every text.
    fn new(school: Uuid) -> Self {
        Self { text: String::new(), values: vec![Value::Id(school)] }
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }

    /// A condition with one value, whose place in it is `?`.
    fn and_with(&mut self, condition: &str, value: Value) {
        let place = self.bind(value);
        self.and(&condition.replace('?', &place));
    }

    /// Where a text names the value.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn with(&self, condition: &str) -> Self {
        let mut all = self.clone();
        all.and(condition);
        all
    }

    /// A text that names the school alone.
    fn school_query(&self, text: &str) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let alone = Self { text: String::new(), values: self.values.iter().take(1).cloned().collect() };
        alone.query(text.to_owned())
    }

    fn query(&self, text: String) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let mut query = diesel::sql_query(text).into_boxed::<Pg>();
        for value in &self.values {
            query = match value.clone() {
                Value::Id(id) => query.bind::<SqlUuid, _>(id),
                Value::Ids(ids) => query.bind::<Array<SqlUuid>, _>(ids),
                Value::Text(text) => query.bind::<Text, _>(text),
                Value::Day(day) => query.bind::<Date, _>(day),
                Value::Numbers(numbers) => query.bind::<Array<SmallInt>, _>(numbers),
            };
        }
        query
    }
}

/// An order of a list. Rows that have nothing to be sorted by come last, by name or serial number.
enum Order {
    /// By name or serial number alone.
    Plain,
    /// By a column of the row that an index has.
    Key(&'static str),
    /// By what a column points to: ids in their order, `$1` being the school. They are few; the
    /// planner would rather join and sort every row than walk them one by one.
    Groups { column: &'static str, ids: &'static str },
}

impl Order {
    /// The column whose absence puts a row last.
    fn column(&self) -> Option<&'static str> {
        match self {
            Order::Plain => None,
            Order::Key(column) | Order::Groups { column, .. } => Some(column),
        }
    }
}

/// A table (named `r` in every condition), and its column that sorts when nothing else does.
struct Table {
    name: &'static str,
    within: &'static str,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
}

/// One page of a list.
async fn page(
    conn: &mut AsyncPgConnection,
    table: &Table,
    conditions: &Conditions,
    (order, descending): (&Order, bool),
    part: Part,
) -> QueryResult<Page> {
    walk_indexes(conn).await?;
    let total = match part.after {
        Some(_) => None,
        None => Some(count(conn, table, conditions).await?),
    };
    let last_phase = match (order.column(), part.after) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(column), Some(after)) => lacks(conn, table, column, after).await?,
    };
    let mut list = List { conn, table, descending, ids: Vec::new(), part };
    if !last_phase {
        match order {
            Order::Plain => {}
            Order::Key(column) => {
                let keyed = conditions.with(&format!("{column} IS NOT NULL"));
                list.take(&keyed, &[column, table.within, "r.id"]).await?;
            }
            Order::Groups { column, ids } => list.take_groups(conditions, column, ids).await?,
        }
    }
    if list.wanted() > 0 {
        let rest = match order.column() {
            Some(column) => conditions.with(&format!("{column} IS NULL")),
            None => conditions.clone(),
        };
        list.take(&rest, &[table.within, "r.id"]).await?;
    }
    Ok(Page { ids: list.ids, total })
}

async fn count(conn: &mut AsyncPgConnection, table: &Table, conditions: &Conditions) -> QueryResult<i64> {
    let (counted, name) = (COUNTED + 1, table.name);
    let text = format!(
        "SELECT count(*) AS n FROM (SELECT FROM {name} r WHERE r.establishment_id = $1{} LIMIT {counted}) counted",
        conditions.text
    );
    let count: Count = conditions.query(text).get_result(conn).await?;
    Ok(count.n)
}

/// Whether a row has nothing in a column.
async fn lacks(conn: &mut AsyncPgConnection, table: &Table, column: &str, row: Uuid) -> QueryResult<bool> {
    let text = format!("SELECT count(*) AS n FROM {} r WHERE r.id = $1 AND {column} IS NULL", table.name);
    let count: Count = diesel::sql_query(text).bind::<SqlUuid, _>(row).get_result(conn).await?;
    Ok(count.n > 0)
}

/// A page being filled, phase after phase.
struct List<'a> {
    conn: &'a mut AsyncPgConnection,
    table: &'a Table,
    descending: bool,
    ids: Vec<Uuid>,
    /// `after` belongs to the first phase only.
    part: Part,
}

impl List<'_> {
    fn wanted(&self) -> i64 {
        self.part.limit - i64::try_from(self.ids.len()).unwrap_or(0)
    }

    /// Rows of the conditions in the order of `keys`, as many as are wanted still.
    async fn take(&mut self, conditions: &Conditions, keys: &[&str]) -> QueryResult<()> {
        let (direction, beyond) = if self.descending { (" DESC", "<") } else { ("", ">") };
        let name = self.table.name;
        let mut all = conditions.clone();
        if let Some(after) = self.part.after.take() {
            let place = keys.join(", ");
            let there = format!("({place}) {beyond} (SELECT {place} FROM {name} r WHERE r.id = ?)");
            all.and_with(&there, Value::Id(after));
        }
        let sorted: Vec<String> = keys.iter().map(|key| format!("{key}{direction}")).collect();
        let text = format!(
            "SELECT r.id FROM {name} r WHERE r.establishment_id = $1{} ORDER BY {} LIMIT {}",
            all.text,
            sorted.join(", "),
            self.wanted()
        );
        let found: Vec<Id> = all.query(text).load(self.conn).await?;
        self.ids.extend(found.into_iter().map(|row| row.id));
        Ok(())
    }

    /// Group after group, from that of the row the page follows.
    async fn take_groups(&mut self, conditions: &Conditions, column: &str, ids: &str) -> QueryResult<()> {
        let groups: Vec<Id> = conditions.school_query(ids).load(self.conn).await?;
        let mut groups: Vec<Uuid> = groups.into_iter().map(|group| group.id).collect();
        if self.descending {
            groups.reverse();
        }
        if let Some(after) = self.part.after {
            let text = format!("SELECT {column} AS id FROM {} r WHERE r.id = $1", self.table.name);
            let at: Option<Group> =
                diesel::sql_query(text).bind::<SqlUuid, _>(after).get_result(self.conn).await.optional()?;
            let at = at.and_then(|group| group.id);
            groups = groups.into_iter().skip_while(|group| Some(*group) != at).collect();
        }
        // The page follows a row of the first group; few rows of many groups may fit: ever more at once.
        let (mut groups, mut at_once) = (groups.as_slice(), 1);
        while !groups.is_empty() && self.wanted() > 0 {
            let (these, later) = groups.split_at(at_once.min(groups.len()));
            self.take_of_groups(conditions, column, these).await?;
            (groups, at_once) = (later, at_once * 8);
        }
        // A row that no group has any more ends no page by accident: the next phase begins anew.
        self.part.after = None;
        Ok(())
    }

    /// Rows of some groups, in the order of these.
    async fn take_of_groups(
        &mut self,
        conditions: &Conditions,
        column: &str,
        groups: &[Uuid],
    ) -> QueryResult<()> {
        let (direction, beyond) = if self.descending { (" DESC", "<") } else { ("", ">") };
        let (name, within, wanted) = (self.table.name, self.table.within, self.wanted());
        let mut all = conditions.clone();
        if let Some(after) = self.part.after.take() {
            let there =
                format!("({within}, r.id) {beyond} (SELECT {within}, r.id FROM {name} r WHERE r.id = ?)");
            all.and_with(&there, Value::Id(after));
        }
        let place = all.bind(Value::Ids(groups.to_vec()));
        let text = format!(
            "SELECT found.id FROM unnest({place}) WITH ORDINALITY AS g (id, place) CROSS JOIN LATERAL (
                 SELECT r.id, {within} AS within FROM {name} r
                 WHERE {column} = g.id AND r.establishment_id = $1{}
                 ORDER BY {within}{direction}, r.id{direction} LIMIT {wanted}) found
             ORDER BY g.place, found.within{direction}, found.id{direction} LIMIT {wanted}",
            all.text
        );
        let found: Vec<Id> = all.query(text).load(self.conn).await?;
        self.ids.extend(found.into_iter().map(|row| row.id));
        Ok(())
    }
}
