//! What an operator watches.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

/// The state of the work that the program does by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Attempts that are not handed in yet.
    pub open_attempts: i64,
    /// How long the attempt that waits longest to be closed is past its end; 0 if none is.
    pub overdue_seconds: f64,
    /// Documents whose reading is due or in work.
    pub due_jobs: i64,
    /// Documents whose reading has failed and will be tried again.
    pub put_off_jobs: i64,
    /// The age of the oldest of both.
    pub oldest_job_seconds: f64,
    pub failed_documents: i64,
    pub database_bytes: i64,
}

/// The figures of now.
pub async fn figures(pool: &PgPool) -> Result<Figures, sqlx::Error> {
    sqlx::query_as!(
        Figures,
        r#"SELECT (SELECT count(*) FROM attempts WHERE submitted_at IS NULL) AS "open_attempts!",
                  coalesce((SELECT greatest(0, extract(epoch FROM now() - min(deadline_at)))::float8 FROM attempts
                             WHERE submitted_at IS NULL AND paused_at IS NULL), 0) AS "overdue_seconds!",
                  (SELECT count(*) FROM jobs WHERE run_after <= now()) AS "due_jobs!",
                  (SELECT count(*) FROM jobs WHERE run_after > now()) AS "put_off_jobs!",
                  coalesce((SELECT extract(epoch FROM now() - min(created_at))::float8 FROM jobs), 0) AS "oldest_job_seconds!",
                  (SELECT count(*) FROM documents WHERE status = 'failed') AS "failed_documents!",
                  pg_database_size(current_database()) AS "database_bytes!""#,
    )
    .fetch_one(pool)
    .await
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub made_at: DateTime<Utc>,
    /// The file, or `s3://bucket/path`.
    pub place: String,
    pub bytes: i64,
    /// Whether it was tried by restoring it.
    pub verified: bool,
}

/// Records a backup that is whole.
pub async fn record_backup(pool: &PgPool, place: &str, bytes: i64, verified: bool) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO backups (place, bytes, verified) VALUES ($1, $2, $3)", place, bytes, verified)
        .execute(pool)
        .await?;
    Ok(())
}

/// The backup that was made last.
pub async fn last_backup(pool: &PgPool) -> Result<Option<Backup>, sqlx::Error> {
    sqlx::query_as!(
        Backup,
        "SELECT made_at, place, bytes, verified FROM backups ORDER BY made_at DESC, id DESC LIMIT 1"
    )
    .fetch_optional(pool)
    .await
}
