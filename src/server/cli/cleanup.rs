//! What is over and done with is forgotten, as long as the server runs.

use std::time::Duration;

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::db::{accounts, idempotency_keys, limits};

/// Now, and every hour.
pub async fn run(pool: PgPool) {
    loop {
        if let Err(error) = tidy(&pool).await {
            tracing::error!(%error, "could not forget what is over");
        }
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// Forgets sessions, answers to requests that may come again, and counts of tries that are too old to matter.
async fn tidy(pool: &PgPool) -> Result<(), AppError> {
    accounts::delete_expired(pool).await?;
    idempotency_keys::delete_expired(pool).await?;
    limits::delete_expired(pool).await
}
