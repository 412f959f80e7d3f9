//! Six-digit codes that continue an attempt on another device.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::AppError;
use crate::server::db::OnConstraint;
use crate::server::viewer::Viewer;

/// Minutes that a code is valid.
const GOOD_FOR: i32 = 10;

/// Stores a code for one of the viewer's running attempts, replacing an earlier one. `Conflict` if another attempt has the
/// same code; `NotFound` if there is nothing to move.
pub async fn save(pool: &PgPool, viewer: &Viewer, attempt: Uuid, code: &str) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM attempt_handovers WHERE expires_at <= now()").execute(pool).await?;
    let taken = AppError::Conflict("Press the button again.".into());
    sqlx::query_scalar!(
        "INSERT INTO attempt_handovers (attempt_id, code, expires_at)
         SELECT id, $3, now() + make_interval(mins => $4) FROM attempts
          WHERE id = $1 AND user_id = $2 AND submitted_at IS NULL AND (paused_at IS NOT NULL OR deadline_at > now())
            AND NOT quiz_is_withheld(quiz_id)
             ON CONFLICT (attempt_id) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at
         RETURNING attempt_id",
        attempt,
        viewer.id(),
        code,
        GOOD_FOR,
    )
    .fetch_one(pool)
    .await
    .on_constraint("attempt_moves_code_key", taken)?;
    Ok(())
}

/// The valid code of one of the viewer's attempts, and until when; `NotFound` for another's attempt.
pub async fn code_of(
    pool: &PgPool,
    viewer: &Viewer,
    attempt: Uuid,
) -> Result<Option<(String, DateTime<Utc>)>, AppError> {
    let row = sqlx::query!(
        r#"SELECT m.code AS "code?", m.expires_at AS "expires_at?"
             FROM attempts a LEFT JOIN attempt_handovers m ON m.attempt_id = a.id AND m.expires_at > now()
            WHERE a.id = $1 AND a.user_id = $2"#,
        attempt,
        viewer.id(),
    );
    let row = row.fetch_one(pool).await?;
    Ok(row.code.zip(row.expires_at))
}

/// Redeems a code: the attempt that it opens. `None` if it is wrong, too old or used.
pub async fn take(pool: &PgPool, code: &str) -> Result<Option<(Uuid, Uuid, DateTime<Utc>)>, AppError> {
    let row = sqlx::query!(
        "DELETE FROM attempt_handovers m USING attempts a JOIN users u ON u.id = a.user_id
          WHERE m.code = $1 AND m.expires_at > now() AND a.id = m.attempt_id AND a.submitted_at IS NULL AND u.is_active
         RETURNING a.id, a.user_id, a.deadline_at",
        code,
    );
    Ok(row.fetch_optional(pool).await?.map(|r| (r.id, r.user_id, r.deadline_at)))
}
