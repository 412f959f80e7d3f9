//! The queue of background work.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, PgTransaction};
use uuid::Uuid;

use super::documents;
use crate::error::AppError;

/// How long a lease lasts unless it is renewed, in seconds, and how often it is renewed.
const LEASE_SECONDS: f64 = 30.0;
const RENEW_EVERY: Duration = Duration::from_secs(5);

/// A job in progress, leased to this worker. If the worker dies, the lease runs out, and another worker takes the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    job_id: Uuid,
    pub document_id: Uuid,
    /// Which try this is, from 1. It tells the worker whose lease has run out from the one who took the job after it.
    pub tries: i32,
}

/// Queues the reading of a document.
pub async fn enqueue_reading(conn: &mut PgConnection, document_id: Uuid) -> Result<(), AppError> {
    sqlx::query!("INSERT INTO jobs (kind, document_id) VALUES ('read_document', $1)", document_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Leases the oldest due job that is not in progress. The try is counted first, whatever happens to the worker.
pub async fn claim(pool: &PgPool) -> Result<Option<Claim>, AppError> {
    let due = sqlx::query!(
        "UPDATE jobs SET tries = tries + 1, leased_until = now() + make_interval(secs => $1)
          WHERE id = (SELECT id FROM jobs WHERE run_after <= now() AND (leased_until IS NULL OR leased_until <= now())
                       ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, document_id, tries",
        LEASE_SECONDS,
    );
    let due = due.fetch_optional(pool).await?;
    Ok(due.map(|job| Claim { job_id: job.id, document_id: job.document_id, tries: job.tries }))
}

impl Claim {
    /// Renews the lease until the job is gone or another worker has taken it.
    pub async fn renew(&self, pool: &PgPool) {
        let mut ticks = tokio::time::interval(RENEW_EVERY);
        loop {
            ticks.tick().await;
            let renewed = sqlx::query!(
                "UPDATE jobs SET leased_until = now() + make_interval(secs => $3) WHERE id = $1 AND tries = $2",
                self.job_id,
                self.tries,
                LEASE_SECONDS,
            );
            match renewed.execute(pool).await {
                Ok(done) if done.rows_affected() == 0 => return,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "a job's lease was not renewed"),
            }
        }
    }

    /// Begins the transaction that ends the job. `None` if the job is gone, or another worker has taken it.
    pub async fn end(&self, pool: &PgPool) -> Result<Option<PgTransaction<'static>>, AppError> {
        let mut tx = super::begin(pool).await?;
        // In the order in which a deletion locks them.
        sqlx::query!("SELECT id FROM documents WHERE id = $1 FOR NO KEY UPDATE", self.document_id)
            .fetch_optional(&mut *tx)
            .await?;
        let mine = sqlx::query!("SELECT id FROM jobs WHERE id = $1 AND tries = $2 FOR UPDATE", self.job_id, self.tries);
        Ok(mine.fetch_optional(&mut *tx).await?.map(|_| tx))
    }

    /// Finishes the job within this transaction.
    pub async fn finish(&self, conn: &mut PgConnection) -> Result<(), AppError> {
        sqlx::query!("DELETE FROM jobs WHERE id = $1", self.job_id).execute(conn).await?;
        Ok(())
    }

    /// Postpones the job: by a minute after the first try, by four after the second.
    pub async fn put_off(&self, conn: &mut PgConnection, error: &str) -> Result<(), AppError> {
        sqlx::query!(
            "UPDATE jobs SET run_after = now() + interval '1 minute' * tries * tries, leased_until = NULL, last_error = $2
              WHERE id = $1",
            self.job_id,
            error,
        )
        .execute(&mut *conn)
        .await?;
        documents::note_waiting(conn, self.document_id).await
    }

    /// Gives up the job, with a reason for the person who uploaded the document.
    pub async fn give_up(&self, conn: &mut PgConnection, reason: &str) -> Result<(), AppError> {
        documents::note_failed(&mut *conn, self.document_id, reason).await?;
        self.finish(conn).await
    }
}
