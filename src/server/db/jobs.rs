//! The queue of background work.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::error::AppError;

/// A job that is being worked on. Its row stays locked as long as this lives: when the worker dies, the database drops
/// the lock with the connection, and another worker takes the row.
pub struct Claim {
    tx: Transaction<'static, Postgres>,
    job_id: Uuid,
    pub document_id: Uuid,
}

/// Asks for the reading of a document.
pub async fn enqueue_reading(conn: &mut PgConnection, document_id: Uuid) -> Result<(), AppError> {
    sqlx::query!("INSERT INTO jobs (kind, document_id) VALUES ('read_document', $1)", document_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// The oldest job that is due and that nobody works on.
pub async fn claim(pool: &PgPool) -> Result<Option<Claim>, AppError> {
    let mut tx = pool.begin().await?;
    let job = sqlx::query!(
        "SELECT id, document_id FROM jobs WHERE run_after <= now()
          ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(job.map(|job| Claim { tx, job_id: job.id, document_id: job.document_id }))
}

impl Claim {
    /// The job's own transaction: what is written through it is there exactly when the job is done.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The job is done.
    pub async fn finish(mut self) -> Result<(), AppError> {
        sqlx::query!("DELETE FROM jobs WHERE id = $1", self.job_id).execute(&mut *self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Undoes what was written and puts the job off by a minute.
    pub async fn put_off(self, pool: &PgPool) -> Result<(), AppError> {
        let Self { tx, job_id, .. } = self;
        tx.rollback().await?;
        sqlx::query!("UPDATE jobs SET run_after = now() + interval '1 minute' WHERE id = $1", job_id)
            .execute(pool)
            .await?;
        Ok(())
    }
}
