//! The queue of background work.

use sqlx::{Acquire, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::documents;
use crate::error::AppError;

/// A job in progress. Its row stays locked while this exists. If the worker dies, the database releases the lock with the
/// connection, and another worker takes the job.
pub struct Claim {
    tx: Transaction<'static, Postgres>,
    job_id: Uuid,
    pub document_id: Uuid,
    /// Which try this is, from 1.
    pub tries: i32,
}

/// Queues the reading of a document.
pub async fn enqueue_reading(conn: &mut PgConnection, document_id: Uuid) -> Result<(), AppError> {
    sqlx::query!("INSERT INTO jobs (kind, document_id) VALUES ('read_document', $1)", document_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the oldest due job that is not in progress. The try is counted first, whatever happens to the worker, and nobody
/// else takes the job in the second until it is locked.
pub async fn claim(pool: &PgPool) -> Result<Option<Claim>, AppError> {
    let due = sqlx::query_scalar!(
        "UPDATE jobs SET tries = tries + 1, run_after = now() + interval '1 second'
          WHERE id = (SELECT id FROM jobs WHERE run_after <= now()
                       ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id",
    )
    .fetch_optional(pool)
    .await?;
    let Some(id) = due else { return Ok(None) };
    let mut tx = super::begin(pool).await?;
    let job = sqlx::query!("SELECT document_id, tries FROM jobs WHERE id = $1 FOR UPDATE SKIP LOCKED", id)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(job.map(|job| Claim { tx, job_id: id, document_id: job.document_id, tries: job.tries }))
}

impl Claim {
    /// The connection for the work: what is written through it is committed together with the end of the job.
    pub async fn work(&mut self) -> Result<Transaction<'_, Postgres>, AppError> {
        Ok(self.tx.begin().await?)
    }

    /// Finishes the job.
    pub async fn finish(mut self) -> Result<(), AppError> {
        sqlx::query!("DELETE FROM jobs WHERE id = $1", self.job_id).execute(&mut *self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Postpones the job: by a minute after the first try, by four after the second.
    pub async fn put_off(mut self, error: &str) -> Result<(), AppError> {
        sqlx::query!(
            "UPDATE jobs SET run_after = now() + interval '1 minute' * tries * tries, last_error = $2 WHERE id = $1",
            self.job_id,
            error,
        )
        .execute(&mut *self.tx)
        .await?;
        documents::note_waiting(&mut self.tx, self.document_id).await?;
        Ok(self.tx.commit().await?)
    }

    /// Gives up the job, with a reason for the person who uploaded the document.
    pub async fn give_up(mut self, reason: &str) -> Result<(), AppError> {
        documents::note_failed(&mut self.tx, self.document_id, reason).await?;
        self.finish().await
    }
}
