//! Deletes expired sessions, idempotency keys and rate-limit counts while the server runs.

use std::time::Duration;

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::db::{accounts, idempotency_keys, limits};

/// Cleans up now and every hour.
pub async fn run(pool: PgPool) {
    loop {
        if let Err(error) = tidy(&pool).await {
            tracing::error!(%error, "could not delete expired sessions and keys");
        }
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// Deletes what has expired.
async fn tidy(pool: &PgPool) -> Result<(), AppError> {
    accounts::delete_expired(pool).await?;
    idempotency_keys::delete_expired(pool).await?;
    limits::delete_expired(pool).await
}
