//! What screens follow live: one look at the journal for each school and instance, however many
//! screens are open, and only while somebody listens.
//!
//! Not LISTEN/NOTIFY: a transaction that notifies takes a lock of the whole cluster while it
//! commits, so every hand-over would wait for those of every other desk. A look at the end of an
//! index a few times a second costs next to nothing, and several instances agree all the same.

use crate::db::Db;
use crate::operations::show_board::{Shown, show_changed};
use domain::ids::EstablishmentId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

/// Between two looks: a screen shows a scan within a second, with room for a slow moment.
const LOOK_EVERY: Duration = Duration::from_millis(300);

type Channels = HashMap<EstablishmentId, watch::Sender<Bytes>>;

/// The schools that somebody follows; cheap to clone.
#[derive(Clone, Default)]
pub struct Screens {
    channels: Arc<Mutex<Channels>>,
    closing: CancellationToken,
}

impl Screens {
    /// Server-sent events of a school, as text: empty until the first look. Must be called on a
    /// runtime of the HTTP service, where the looking goes on.
    pub fn follow(&self, db: &Db, school: EstablishmentId) -> watch::Receiver<Bytes> {
        let mut channels = self.channels();
        if let Some(channel) = channels.get(&school) {
            return channel.subscribe();
        }
        let (channel, receiver) = watch::channel(Bytes::new());
        channels.insert(school, channel.clone());
        actix_web::rt::spawn(self.clone().look(db.clone(), school, channel));
        receiver
    }

    /// How many schools are looked at.
    pub fn followed(&self) -> usize {
        self.channels().len()
    }

    /// The service stops: who follows is let go.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Done when the service stops.
    pub async fn closed(&self) {
        self.closing.cancelled().await;
    }

    fn channels(&self) -> MutexGuard<'_, Channels> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks until nobody follows any more. Who comes at that very moment finds the channel, or
    /// makes a new one: both are decided under the lock.
    async fn look(self, db: Db, school: EstablishmentId, channel: watch::Sender<Bytes>) {
        let mut known = None;
        loop {
            {
                let mut channels = self.channels();
                if channel.receiver_count() == 0 || self.closing.is_cancelled() {
                    channels.remove(&school);
                    return;
                }
            }
            match show_changed(&db, school, known).await {
                Ok(None) => {}
                Ok(Some(shown)) => {
                    known = Some(shown.stamp);
                    let text = events(&shown);
                    channel.send_if_modified(|before| {
                        let changed = *before != text;
                        *before = text;
                        changed
                    });
                }
                // The next look may well succeed; a screen shows what it knew.
                Err(failure) => tracing::warn!(?failure, "screens not refreshed"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// As the HTML standard has server-sent events; JSON holds no line break.
fn events(shown: &Shown) -> Bytes {
    let text: String =
        shown.events.iter().map(|(name, json)| format!("event: {name}\ndata: {json}\n\n")).collect();
    Bytes::from(text)
}
