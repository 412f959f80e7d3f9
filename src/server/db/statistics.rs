//! Statistics of attempts that are kept, so that reading them costs the same for any number of attempts. The database
//! functions that keep them are in the migration `estimates`.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::error::AppError;

/// Adds all attempts that this transaction closes. From here on it holds the estimates, too: see
/// [`crate::server::estimates::learn`].
pub async fn add(conn: &mut PgConnection, attempts: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!("SELECT add_to_statistics($1)", attempts).execute(conn).await?;
    Ok(())
}

/// Locks the statistics of the attempts' pupils until the transaction ends, before any of their marks change.
pub async fn lock(conn: &mut PgConnection, attempts: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        "SELECT FROM pupil_statistics WHERE user_id IN (SELECT user_id FROM attempts WHERE id = ANY ($1))
          ORDER BY user_id FOR UPDATE",
        attempts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Rebuilds the statistics from the attempts, but not the estimates.
pub async fn rebuild(db: impl PgExecutor<'_>) -> Result<(), AppError> {
    sqlx::query!("SELECT rebuild_statistics()").execute(db).await?;
    Ok(())
}
