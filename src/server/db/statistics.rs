//! Stored totals, so that reading them costs the same for any number of attempts. The database functions that keep them
//! are in the migration `totals`.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::error::AppError;

/// Adds an attempt that this transaction has closed.
pub async fn add(conn: &mut PgConnection, attempt: Uuid) -> Result<(), AppError> {
    sqlx::query!("SELECT add_to_totals($1)", attempt).execute(conn).await?;
    Ok(())
}

/// Locks the totals of the attempts' pupils until the transaction ends, before any of their marks change.
pub async fn lock(conn: &mut PgConnection, attempts: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        "SELECT FROM pupil_totals WHERE user_id IN (SELECT user_id FROM attempts WHERE id = ANY ($1))
          ORDER BY user_id FOR UPDATE",
        attempts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts the topics of the attempts' pupils again, after marks have changed.
pub async fn recount_topics(conn: &mut PgConnection, attempts: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!("SELECT recount_topics(ARRAY(SELECT DISTINCT user_id FROM attempts WHERE id = ANY ($1)))", attempts)
        .execute(conn)
        .await?;
    Ok(())
}

/// Rebuilds all totals from the attempts.
pub async fn rebuild(db: impl PgExecutor<'_>) -> Result<(), AppError> {
    sqlx::query!("SELECT rebuild_totals()").execute(db).await?;
    Ok(())
}
