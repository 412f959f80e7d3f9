//! Requests with an idempotency key, and their responses.

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The state of a key.
pub enum Found {
    /// New, and claimed now.
    New,
    /// The request is being processed.
    Running,
    /// The key was used for another request.
    Other,
    Answered {
        status: u16,
        answer: Vec<u8>,
    },
}

/// Claims a key for a request, or returns what happened to it. A key that was claimed a minute ago without a response is
/// new again, because its server is gone.
pub async fn claim(pool: &PgPool, viewer: &Viewer, key: &str, request: &[u8]) -> Result<Found, AppError> {
    let claimed = sqlx::query!(
        "INSERT INTO idempotency_keys AS k (user_id, key, request) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, key) DO UPDATE SET created_at = now()
          WHERE k.status IS NULL AND k.request = excluded.request AND k.created_at < now() - interval '2 minutes'",
        viewer.id(),
        key,
        request,
    )
    .execute(pool)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(Found::New);
    }
    let r = sqlx::query!(
        r#"SELECT request = $3 AS "same!", status, answer FROM idempotency_keys WHERE user_id = $1 AND key = $2"#,
        viewer.id(),
        key,
        request,
    )
    .fetch_optional(pool)
    .await?;
    Ok(match r {
        Some(r) if !r.same => Found::Other,
        Some(r) => match (r.status, r.answer) {
            (Some(status), Some(answer)) => Found::Answered { status: status as u16, answer },
            _ => Found::Running,
        },
        None => Found::Running,
    })
}

/// Stores the response.
pub async fn save(pool: &PgPool, viewer: &Viewer, key: &str, status: u16, answer: &[u8]) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE idempotency_keys SET status = $3, answer = $4 WHERE user_id = $1 AND key = $2",
        viewer.id(),
        key,
        i32::from(status),
        answer,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Releases a key whose request did nothing.
pub async fn delete(pool: &PgPool, viewer: &Viewer, key: &str) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM idempotency_keys WHERE user_id = $1 AND key = $2", viewer.id(), key)
        .execute(pool)
        .await?;
    Ok(())
}

/// Deletes keys older than a day.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'").execute(pool).await?;
    Ok(())
}
