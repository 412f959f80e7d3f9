//! Live changes of attempts: the database sends them (`pg_notify`), every process listens and passes them to open pages.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use uuid::Uuid;

/// Tells the pages of this process which attempts have changed.
#[derive(Clone)]
pub struct Notifications {
    changed: broadcast::Sender<Change>,
}

/// A change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Attempt(Uuid),
    /// The connection to the database was lost for a while: anything may have changed.
    Anything,
    /// The server is stopping.
    Stopping,
}

/// How many changes a slow page may be behind. One that is further behind loads the whole state again.
const BACKLOG: usize = 1024;

impl Default for Notifications {
    fn default() -> Self {
        Self { changed: broadcast::Sender::new(BACKLOG) }
    }
}

impl Notifications {
    /// Changes from now on.
    pub fn watch(&self) -> broadcast::Receiver<Change> {
        self.changed.subscribe()
    }

    /// Ends all subscriptions, so that the server can stop.
    pub fn stop(&self) {
        self.tell(Change::Stopping);
    }

    fn tell(&self, change: Change) {
        // It is not an error if nobody is subscribed.
        let _ = self.changed.send(change);
    }

    /// Listens while the server runs.
    pub async fn run(self, pool: PgPool) {
        loop {
            if let Err(error) = self.listen(&pool).await {
                tracing::warn!(%error, "cannot listen for changes of attempts; trying again");
            }
            self.tell(Change::Anything);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn listen(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen("attempt").await?;
        self.tell(Change::Anything);
        while let Some(notification) = listener.try_recv().await? {
            if let Ok(id) = notification.payload().parse() {
                self.tell(Change::Attempt(id));
            }
        }
        Ok(())
    }
}
