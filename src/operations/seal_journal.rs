//! Seals the journal and verifies the seals. Sealing follows the commit, in a transaction
//! of its own: a chain kept inside each hand-over would make every desk of a school wait
//! for the one before it.

use super::Failure;
use crate::db::seals::{self, JournalEntry, Seal};
use crate::db::{Db, Fault, Scope};
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::journal::seal;
use serde::Serialize;
use serde_json::json;

/// Entries sealed in one transaction.
const BATCH: i64 = 1_000;
/// Seals verified at a time.
const PAGE: i64 = 5_000;

/// Seals what waits, for every school. Answers how many entries; none while another
/// instance seals.
pub async fn seal_journal(db: &Db) -> Result<usize, Failure> {
    let db = &db.patient();
    let mut sealed = 0;
    loop {
        let batch = db.transaction(Scope::Every, async |conn| seal_batch(conn).await).await?;
        sealed += batch;
        if i64::try_from(batch).is_ok_and(|batch| batch < BATCH) {
            return Ok(sealed);
        }
    }
}

async fn seal_batch(conn: &mut AsyncPgConnection) -> Result<usize, Failure> {
    if !seals::try_lock(conn).await? {
        return Ok(0);
    }
    let waiting = seals::waiting(conn, BATCH).await?;
    for entries in waiting.chunk_by(|a, b| a.establishment_id == b.establishment_id) {
        let Some(first) = entries.first() else { continue };
        let head = seals::head(conn, EstablishmentId(first.establishment_id)).await?;
        let (mut position, mut hash) = match head {
            Some((position, hash)) => (position, as_hash(&hash)?),
            None => (0, [0; 32]),
        };
        let mut made = Vec::with_capacity(entries.len());
        for entry in entries {
            position += 1;
            hash = seal(&hash, &canonical(entry));
            made.push(Seal {
                establishment_id: entry.establishment_id,
                position,
                journal_id: entry.id,
                hash: hash.to_vec(),
            });
        }
        seals::append(conn, &made).await?;
    }
    Ok(waiting.len())
}

/// A head somebody has written down elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedHead {
    pub position: i64,
    pub hash: Vec<u8>,
}

impl NotedHead {
    /// `POSITION:HASH`, the hash in hexadecimal.
    pub fn parse(text: &str) -> Option<Self> {
        let (position, hash) = text.split_once(':')?;
        let noted = Self { position: position.parse().ok()?, hash: hex::decode(hash).ok()? };
        (noted.position > 0 && noted.hash.len() == 32).then_some(noted)
    }
}

/// What a school's chain shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Seals that were followed from the first.
    pub sealed: i64,
    /// Entries that wait for their seal.
    pub waiting: i64,
    /// Hash of the last seal, in hexadecimal; `None` before the first.
    pub head: Option<String>,
    /// The first thing that is wrong.
    pub broken: Option<Broken>,
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Place in the chain, from 1; for an entry without a seal, its number in the journal.
    pub position: i64,
    /// Stable: `seal_missing`, `entry_missing`, `entry_changed`, `cut_short`, `head_changed`,
    /// `never_sealed` or `noted_head_differs`.
    pub code: &'static str,
    pub says: &'static str,
}

/// Follows a school's chain from its first seal, on one snapshot.
pub async fn verify_journal(
    db: &Db,
    school: EstablishmentId,
    noted: Option<&NotedHead>,
) -> Result<Verdict, Failure> {
    let db = &db.patient();
    db.read(Scope::School(school), async |conn| {
        let mut chain = Chain { noted, position: 0, hash: [0; 32], noted_seen: noted.is_none() };
        let mut broken = chain.follow(conn, school).await?;
        if broken.is_none() {
            broken = chain.end(seals::head(conn, school).await?);
        }
        if broken.is_none() {
            broken = seals::stray(conn, school).await?.map(|id| {
                fault(id, "never_sealed", "an entry of the journal has no seal and waits for none")
            });
        }
        Ok(Verdict {
            sealed: chain.position,
            waiting: seals::count_waiting(conn, school).await?,
            head: (chain.position > 0).then(|| hex::encode(chain.hash)),
            broken,
        })
    })
    .await
}

/// How far a chain has been followed.
struct Chain<'a> {
    noted: Option<&'a NotedHead>,
    position: i64,
    hash: [u8; 32],
    noted_seen: bool,
}

impl Chain<'_> {
    async fn follow(
        &mut self,
        conn: &mut AsyncPgConnection,
        school: EstablishmentId,
    ) -> Result<Option<Broken>, Failure> {
        loop {
            let page = seals::after(conn, school, self.position, PAGE).await?;
            for (sealed, entry) in &page {
                if let Some(broken) = self.step(sealed, entry.as_ref()) {
                    return Ok(Some(broken));
                }
            }
            if page.is_empty() {
                return Ok(None);
            }
        }
    }

    fn step(&mut self, sealed: &Seal, entry: Option<&JournalEntry>) -> Option<Broken> {
        let due = self.position + 1;
        if sealed.position != due {
            return Some(fault(due, "seal_missing", "the seal of this position is gone"));
        }
        let Some(entry) = entry else {
            return Some(fault(due, "entry_missing", "the entry sealed here is gone"));
        };
        let hash = seal(&self.hash, &canonical(entry));
        if sealed.hash != hash {
            return Some(fault(due, "entry_changed", "the entry, or its seal, is not what was sealed"));
        }
        if let Some(noted) = self.noted
            && noted.position == due
        {
            if noted.hash != hash {
                return Some(fault(due, "noted_head_differs", "the seal is not the one noted"));
            }
            self.noted_seen = true;
        }
        (self.position, self.hash) = (due, hash);
        None
    }

    fn end(&self, head: Option<(i64, Vec<u8>)>) -> Option<Broken> {
        let (position, hash) = head.unwrap_or((0, vec![0; 32]));
        if position > self.position {
            return Some(fault(self.position + 1, "cut_short", "seals after this position were cut off"));
        }
        if position < self.position || hash != self.hash {
            return Some(fault(position, "head_changed", "the head is not the last seal"));
        }
        match self.noted {
            Some(noted) if !self.noted_seen => {
                Some(fault(noted.position, "noted_head_differs", "the chain ends before the head noted"))
            }
            _ => None,
        }
    }
}

fn fault(position: i64, code: &'static str, says: &'static str) -> Broken {
    Broken { position, code, says }
}

/// The text a seal covers: every column, in order, as JSON; moments in microseconds.
fn canonical(entry: &JournalEntry) -> String {
    json!([
        entry.id,
        entry.establishment_id,
        entry.at.timestamp_micros(),
        entry.desk_at.map(|at| at.timestamp_micros()),
        entry.operator_id,
        entry.station_id,
        entry.action,
        entry.student_id,
        entry.device_id,
        entry.loan_id,
        entry.details,
    ])
    .to_string()
}

fn as_hash(bytes: &[u8]) -> Result<[u8; 32], Failure> {
    bytes.try_into().map_err(|_| Failure::Fault(Fault::Other("a head is not 32 bytes".into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    #[test]
    fn the_sealed_text_never_changes() {
        let entry = JournalEntry {
            id: 7,
            establishment_id: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
            desk_at: None,
            operator_id: None,
            station_id: None,
            action: "hand_over".into(),
            student_id: Some(Uuid::nil()),
            device_id: None,
            loan_id: None,
            details: json!({ "b": 1, "a": { "d": "é", "c": null } }),
        };
        // Sealed chains depend on this text: keys in order of name, whatever their order was.
        assert_eq!(
            canonical(&entry),
            "[7,\"00000000-0000-0000-0000-000000000000\",0,null,null,null,\"hand_over\",\
             \"00000000-0000-0000-0000-000000000000\",null,null,{\"a\":{\"c\":null,\"d\":\"é\"},\"b\":1}]"
        );
    }

    #[test]
    fn a_noted_head_reads_back() {
        let hash = "ab".repeat(32);
        assert_eq!(
            NotedHead::parse(&format!("12:{hash}")),
            Some(NotedHead { position: 12, hash: vec![0xab; 32] })
        );
        for bad in ["", "12", "12:abcd", "0:abcd", &format!("x:{hash}"), &format!("-1:{hash}")] {
            assert_eq!(NotedHead::parse(bad), None, "{bad}");
        }
    }
}
