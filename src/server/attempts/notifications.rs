//! What changes while people watch: the database tells (`pg_notify`), every process hears, each open page is told.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use uuid::Uuid;

/// Tells pages of this process which attempts have changed.
#[derive(Clone)]
pub struct Notifications {
    changed: broadcast::Sender<Change>,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Attempt(Uuid),
    /// The line to the database was cut for a while: anything may have.
    Anything,
    /// The server stops.
    Stopping,
}

/// Changes that a slow page may be behind by; one that is further behind looks at the whole state again.
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

    /// Ends what watches, so that the server can stop.
    pub fn stop(&self) {
        self.tell(Change::Stopping);
    }

    fn tell(&self, change: Change) {
        // Nobody watching is no error.
        let _ = self.changed.send(change);
    }

    /// Listens as long as the server runs.
    pub async fn run(self, pool: PgPool) {
        loop {
            if let Err(error) = self.listen(&pool).await {
                tracing::warn!(%error, "changes of attempts are not heard; trying again");
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
