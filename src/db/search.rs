//! What is typed, looked up in the tables of words: who and which laptops it may mean, best first.
//! Ranges of plain comparisons, as row-level security lets no other operator near an index.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::ids::EstablishmentId;
use domain::names::search_key;
use uuid::Uuid;

/// So many matches are looked at; a query that means more than these is no query yet.
const MOST: i64 = 500;
/// A word with so many pupils is as common as any other.
const COMMON: i64 = 2_000;
/// The middle of a serial number is looked at for no less than this.
const FEWEST_OF_MIDDLE: usize = 3;

/// Ids of what was found, best first, and how many there are (counted to a bound).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<Uuid>,
    pub total: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

impl Found {
    fn of(rows: &[Row]) -> Self {
        Self { total: rows.first().map_or(0, |row| row.total), ids: rows.iter().map(|row| row.id).collect() }
    }
}

/// The policy looks to the planner as if it hid nearly every row: it would then rather read a whole
/// range and sort it than walk the index that has the order. Until the transaction ends.
pub async fn walk_indexes(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute(
        "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
         SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;
         SET LOCAL max_parallel_workers_per_gather = 0",
    )
    .await
}

/// The least word that does not begin with `word`, nearly: every text in between does.
fn end_of(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

/// Pupils whose name has every word of `query` at the start of one of its own words, accents
/// ignored; those present first, whole words before beginnings.
pub async fn students(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    query: &str,
    class: Option<&str>,
    limit: i64,
) -> QueryResult<Found> {
    let key = search_key(query);
    let words: Vec<&str> = key.split_whitespace().collect();
    let rarest = match class {
        // A class is small: its pupils are the candidates.
        Some(_) => None,
        None => rarest(conn, school, &words).await?,
    };
    if let (Some((count, _)), [one, two, ..]) = (rarest, words.as_slice())
        && count >= COMMON
    {
        return both(conn, school, (one, two), &words, limit).await;
    }
    let rarest = rarest.map(|(_, word)| word);
    let candidates = match (class, rarest) {
        (Some(_), _) => {
            "SELECT s.id, s.search_key, s.left_on, s.missing_since FROM classes c
             JOIN students s ON s.class_id = c.id AND s.establishment_id = $1
             WHERE c.establishment_id = $1 AND c.code = $2 AND $3::text IS NULL AND $4::text IS NULL"
        }
        (None, Some(_)) => {
            "SELECT s.id, s.search_key, s.left_on, s.missing_since FROM student_words w
             JOIN students s ON s.id = w.student_id
             WHERE w.establishment_id = $1 AND $2::text IS NULL AND w.word >= $3 AND w.word < $4
             ORDER BY w.word, w.student_id"
        }
        (None, None) => {
            "SELECT s.id, s.search_key, s.left_on, s.missing_since FROM students s
             WHERE s.establishment_id = $1 AND $2::text IS NULL AND $3::text IS NULL AND $4::text IS NULL
             ORDER BY s.search_key COLLATE \"C\", s.id"
        }
    };
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT id, count(*) OVER () AS total
         FROM (SELECT DISTINCT ON (id) * FROM (
                   SELECT * FROM ({candidates}) candidates WHERE (' ' || search_key) LIKE ALL ($5) LIMIT {MOST}) kept) found
         ORDER BY (left_on IS NOT NULL OR missing_since IS NOT NULL),
                  NOT (' ' || search_key || ' ') LIKE ALL ($6), search_key COLLATE \"C\", id LIMIT $7"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .bind::<Nullable<Text>, _>(rarest)
    .bind::<Nullable<Text>, _>(rarest.map(end_of))
    .bind::<Array<Text>, _>(starts(&words))
    .bind::<Array<Text>, _>(wholes(&words))
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(Found::of(&rows))
}

/// The word with the fewest pupils: the others are then compared name by name.
async fn rarest<'a>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    words: &[&'a str],
) -> QueryResult<Option<(i64, &'a str)>> {
    if let [] | [_] = words {
        return Ok(words.first().map(|word| (0, *word)));
    }
    let mut best = None;
    for word in words {
        let count: Count = diesel::sql_query(format!(
            "SELECT count(*) AS n FROM (SELECT FROM student_words
             WHERE establishment_id = $1 AND word >= $2 AND word < $3 LIMIT {COMMON}) counted"
        ))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Text, _>(*word)
        .bind::<Text, _>(end_of(word))
        .get_result(conn)
        .await?;
        if best.is_none_or(|(least, _)| count.n < least) {
            best = Some((count.n, *word));
        }
    }
    Ok(best)
}

/// Pupils of two words that many have: the index alone says who has both.
async fn both(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    (one, two): (&str, &str),
    words: &[&str],
    limit: i64,
) -> QueryResult<Found> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT s.id, count(*) OVER () AS total
         FROM (SELECT student_id FROM student_words WHERE establishment_id = $1 AND word >= $2 AND word < $3
               INTERSECT
               SELECT student_id FROM student_words WHERE establishment_id = $1 AND word >= $4 AND word < $5
               LIMIT {MOST}) w
         JOIN students s ON s.id = w.student_id
         WHERE (' ' || s.search_key) LIKE ALL ($6)
         ORDER BY (s.left_on IS NOT NULL OR s.missing_since IS NOT NULL),
                  NOT (' ' || s.search_key || ' ') LIKE ALL ($7), s.search_key COLLATE \"C\", s.id LIMIT $8"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(one)
    .bind::<Text, _>(end_of(one))
    .bind::<Text, _>(two)
    .bind::<Text, _>(end_of(two))
    .bind::<Array<Text>, _>(starts(words))
    .bind::<Array<Text>, _>(wholes(words))
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(Found::of(&rows))
}

/// One `LIKE` pattern a word; a search key has letters, digits and spaces only.
fn starts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("% {word}%")).collect()
}

fn wholes(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("% {word} %")).collect()
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Laptops whose serial number begins or ends as typed, or, when there is none, holds it.
pub async fn devices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    query: &str,
    limit: i64,
) -> QueryResult<Found> {
    let typed: String = query.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if typed.is_empty() {
        return first_devices(conn, school, limit).await;
    }
    let backwards = format!("<{}", typed.chars().rev().collect::<String>());
    // The words have the numbers themselves: no laptop is read for being sorted.
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT device_id AS id, count(*) OVER () AS total
         FROM (SELECT device_id, min(place) AS place, min(word) AS word
               FROM ((SELECT device_id, CASE WHEN word = $2 THEN 0 ELSE 1 END AS place, word FROM device_words
                      WHERE establishment_id = $1 AND word >= $2 AND word < $3 ORDER BY word, device_id LIMIT {MOST})
                     UNION ALL
                     (SELECT device_id, 2, word FROM device_words
                      WHERE establishment_id = $1 AND word >= $4 AND word < $5 ORDER BY word, device_id LIMIT {MOST})) told
               GROUP BY device_id) found
         ORDER BY place, word, device_id LIMIT $6"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(&typed)
    .bind::<Text, _>(end_of(&typed))
    .bind::<Text, _>(&backwards)
    .bind::<Text, _>(end_of(&backwards))
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    // Every serial number has a digit, and so has a piece that somebody reads out; a name has none.
    let is_piece = typed.len() >= FEWEST_OF_MIDDLE && typed.contains(|c: char| c.is_ascii_digit());
    if rows.is_empty() && is_piece {
        return holding(conn, school, &typed, limit).await;
    }
    Ok(Found::of(&rows))
}

/// Nothing typed: the first ones.
async fn first_devices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    limit: i64,
) -> QueryResult<Found> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT id, count(*) OVER () AS total
         FROM (SELECT id, serial_number FROM devices WHERE establishment_id = $1
               ORDER BY serial_number COLLATE \"C\", id LIMIT {MOST}) counted
         ORDER BY serial_number COLLATE \"C\", id LIMIT $2"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(Found::of(&rows))
}

/// What is typed, as a pattern that means these characters and no others.
fn as_they_are(typed: &str) -> String {
    typed.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// The middle of serial numbers has no index: all words that are whole numbers are looked at, in
/// their order, without a laptop being read.
async fn holding(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    typed: &str,
    limit: i64,
) -> QueryResult<Found> {
    // Before "<" begin digits, after "=" letters; what is backwards or alike lies beyond either.
    let range = |bounds: &str| {
        format!(
            "(SELECT word, device_id FROM device_words WHERE establishment_id = $1 AND {bounds} AND word LIKE $2
              ORDER BY word, device_id LIMIT {MOST})"
        )
    };
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT device_id AS id, count(*) OVER () AS total FROM ({} UNION ALL {}) counted
         ORDER BY word, device_id LIMIT $3",
        range("word < '<'"),
        range("word > '=' AND word < '~'")
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(format!("%{}%", as_they_are(typed)))
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(Found::of(&rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_what_is_typed() {
        assert_eq!(as_they_are("5CD0"), "5CD0");
        assert_eq!(as_they_are("1%2_3\\"), "1\\%2\\_3\\\\");
    }
}
