//! Running attempts, and the school's measures for them.

use sqlx::{PgPool, PgTransaction};
use uuid::Uuid;

use super::one_row;
use crate::domain::invigilation::{RunningLine, Target, UNDO_MINUTES};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Running attempts, by pupil's name, at most 500.
pub async fn running(pool: &PgPool) -> Result<Vec<RunningLine>, AppError> {
    Ok(sqlx::query_as!(
        RunningLine,
        r#"SELECT a.id, u.full_name AS pupil, u.education_level AS level, q.title, a.deadline_at AS ends_at,
                  a.paused_at IS NOT NULL AS "paused!", a.ending_at, a.document_id,
                  extract(epoch FROM a.deadline_at - coalesce(a.paused_at, now()))::bigint AS "seconds_left!",
                  s.items AS "items!", s.answered AS "answered!",
                  (SELECT max(received_at) FROM attempt_journal j WHERE j.attempt_id = a.id) AS saved_at,
                  coalesce((SELECT e.kind = 'connected' FROM attempt_events e
                             WHERE e.attempt_id = a.id AND e.kind IN ('connected', 'disconnected')
                             ORDER BY e.id DESC LIMIT 1), false) AS "connected!"
             FROM attempts a
             JOIN quizzes q ON q.id = a.quiz_id
             JOIN users u ON u.id = a.user_id
             JOIN LATERAL (SELECT count(*) AS items,
                                  count(*) FILTER (WHERE btrim(array_to_string(t.answer, '')) <> '') AS answered
                             FROM attempt_answers t WHERE t.attempt_id = a.id) s ON true
            WHERE a.submitted_at IS NULL AND (a.paused_at IS NOT NULL OR a.deadline_at > now())
            ORDER BY u.full_name, a.started_at LIMIT 500"#,
    )
    .fetch_all(pool)
    .await?)
}

/// Begins a transaction that locks open attempts in the same order as saves do, so that there are no
/// deadlocks.
async fn lock(pool: &PgPool, target: Target) -> Result<PgTransaction<'static>, AppError> {
    let mut tx = super::begin(pool).await?;
    sqlx::query!(
        "SELECT FROM attempts WHERE submitted_at IS NULL AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2) ORDER BY id
            FOR NO KEY UPDATE",
        target.attempt,
        target.document,
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx)
}

/// Moves the end of running attempts, to now at the earliest. Returns how many were changed.
pub async fn add_time(pool: &PgPool, by: &Viewer, target: Target, minutes: i32) -> Result<u64, AppError> {
    let mut tx = lock(pool, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts
                SET deadline_at = greatest(deadline_at + make_interval(mins => $3), coalesce(paused_at, now()))
              WHERE submitted_at IS NULL AND (paused_at IS NOT NULL OR deadline_at > now()) AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, detail, by_user)
         SELECT id, 'time_added', $3::integer::text, $4 FROM changed",
        target.attempt,
        target.document,
        minutes,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Pauses running attempts.
pub async fn pause(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let mut tx = lock(pool, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts SET paused_at = now()
              WHERE submitted_at IS NULL AND paused_at IS NULL AND deadline_at > now() AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'paused', $3 FROM changed",
        target.attempt,
        target.document,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Resumes paused attempts, also those that the school has ended: the end moves by the length of the pause.
pub async fn resume(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let mut tx = lock(pool, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts SET deadline_at = deadline_at + (now() - paused_at), paused_at = NULL, ending_at = NULL
              WHERE paused_at IS NOT NULL AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'resumed', $3 FROM changed",
        target.attempt,
        target.document,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Ends running attempts: they are paused, and due in some minutes.
pub async fn end(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let mut tx = lock(pool, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts
                SET paused_at = coalesce(paused_at, now()), ending_at = now() + make_interval(mins => $4)
              WHERE submitted_at IS NULL AND ending_at IS NULL AND (paused_at IS NOT NULL OR deadline_at > now())
                AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'ended', $3 FROM changed",
        target.attempt,
        target.document,
        by.id(),
        UNDO_MINUTES,
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// The attempts that the school has ended, and that are not handed in yet.
pub async fn ending(pool: &PgPool, target: Target) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT id FROM attempts
          WHERE ending_at IS NOT NULL AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR document_id = $2)",
        target.attempt,
        target.document,
    )
    .fetch_all(pool)
    .await?)
}

/// Sets a pupil's extra time for every future quiz, in percent; `NotFound` for anybody but a pupil.
pub async fn set_extra_time(pool: &PgPool, pupil: Uuid, percent: i16) -> Result<(), AppError> {
    let done =
        sqlx::query!("UPDATE users SET extra_time_percent = $2 WHERE id = $1 AND role = 'student'", pupil, percent);
    one_row(done.execute(pool).await?)
}

/// A pupil's extra time, in percent.
pub async fn extra_time(pool: &PgPool, pupil: Uuid) -> Result<i16, AppError> {
    Ok(sqlx::query_scalar!("SELECT extra_time_percent FROM users WHERE id = $1", pupil).fetch_one(pool).await?)
}
