//! What an operator watches.

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
