//! Deletes what has expired while the server runs: sessions, idempotency keys, rate-limit counts, lists of classes, work that
//! was withdrawn, deleted accounts, old entries of the audit and, where that is set, old journals of exams.

use std::time::Duration;

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::db::{accounts, assignments, audit, class_lists, idempotency_keys, journal, limits};
use crate::server::people;

/// Cleans up now and every hour.
pub async fn run(pool: PgPool, journal_days: Option<i32>) {
    loop {
        if let Err(error) = tidy(&pool, journal_days).await {
            tracing::error!(%error, "could not delete what has expired");
        }
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// Deletes what has expired; journals only after this many days.
pub(in crate::server) async fn tidy(pool: &PgPool, journal_days: Option<i32>) -> Result<(), AppError> {
    accounts::delete_expired(pool).await?;
    idempotency_keys::delete_expired(pool).await?;
    limits::delete_expired(pool).await?;
    class_lists::delete_expired(pool).await?;
    assignments::delete_expired(pool).await?;
    people::delete_expired(pool).await?;
    audit::delete_expired(pool).await?;
    match journal_days {
        Some(days) => journal::delete_expired(pool, days).await,
        None => Ok(()),
    }
}
