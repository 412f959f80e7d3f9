//! Marks that changed after the end of an attempt.

use std::collections::HashMap;

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::attempts;
use crate::domain::question::{Key, Question};
use crate::domain::result::{ItemResult, Remarked};
use crate::error::AppError;
use crate::server::session::Viewer;

/// The closed attempts of a document, by the pupils' names; locked until the transaction ends.
pub async fn closed_attempts(conn: &mut PgConnection, document: Uuid) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT a.id FROM attempts a JOIN users u ON u.id = a.user_id
          WHERE a.document_id = $1 AND a.submitted_at IS NOT NULL
          ORDER BY u.full_name, a.started_at FOR NO KEY UPDATE OF a",
        document,
    )
    .fetch_all(conn)
    .await?)
}

/// Marks earned and marks possible of a closed attempt.
pub async fn total(conn: &mut PgConnection, attempt: Uuid) -> Result<(f64, f64), AppError> {
    let row =
        sqlx::query!(r#"SELECT earned AS "earned!", possible AS "possible!" FROM attempts WHERE id = $1"#, attempt);
    let row = row.fetch_one(conn).await?;
    Ok((row.earned, row.possible))
}

/// Why an attempt is marked again.
pub enum Cause<'a> {
    /// Somebody corrected an answer key.
    Key(&'a Viewer),
    /// Answers that count came after the end.
    Late,
}

/// Notes what an item has earned so far, and by which key.
pub async fn note(
    conn: &mut PgConnection,
    cause: Cause<'_>,
    attempt: Uuid,
    item: Uuid,
    old_key: Option<&Key>,
    new_key: Option<&Key>,
) -> Result<(), AppError> {
    let (by, cause) = match cause {
        Cause::Key(viewer) => (Some(viewer.id()), "key"),
        Cause::Late => (None, "late"),
    };
    sqlx::query!(
        "INSERT INTO attempt_remarks
                (attempt_id, question_id, by_user, old_key, new_key, cause, old_earned, old_possible, old_reason)
         SELECT attempt_id, question_id, $3, $4, $5, $6, earned, possible, reason
           FROM attempt_answers WHERE attempt_id = $1 AND question_id = $2 AND verdict IS NOT NULL",
        attempt,
        item,
        by,
        old_key.map(Json) as _,
        new_key.map(Json) as _,
        cause,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the marks, the pupil's and the document's totals of them, and the quiz's questions with the keys that they were
/// marked by. The pupil's totals are held, see `totals::hold`; their topics are to be counted again.
pub async fn put(
    conn: &mut PgConnection,
    attempt: Uuid,
    questions: &[Question],
    items: &[ItemResult],
    (earned, possible): (f64, f64),
) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE quiz_questions q SET question = e.question
           FROM attempts a, jsonb_array_elements($2) WITH ORDINALITY AS e (question, place)
          WHERE a.id = $1 AND q.quiz_id = a.quiz_id
            AND q.position = (SELECT p.position FROM quiz_questions p WHERE p.quiz_id = a.quiz_id
                               ORDER BY p.position OFFSET e.place - 1 LIMIT 1)",
        attempt,
        Json(questions) as _,
    )
    .execute(&mut *conn)
    .await?;
    attempts::put_marks(&mut *conn, attempt, items).await?;
    sqlx::query!(
        "WITH before AS (SELECT * FROM attempts WHERE id = $1),
              marked AS (UPDATE attempts SET earned = $2, possible = $3 WHERE id = $1),
              of_pupil AS (
                  UPDATE pupil_totals t
                     SET earned = t.earned + $2 - b.earned, possible = t.possible + $3 - b.possible
                    FROM before b WHERE t.user_id = b.user_id)
         UPDATE document_totals t
            SET earned = t.earned + $2 - b.earned, possible = t.possible + $3 - b.possible
           FROM before b WHERE t.document_id = b.document_id AND t.slot = slot_of(b.user_id)",
        attempt,
        earned,
        possible,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closed attempts whose answers have changed since they were marked.
pub async fn waiting(pool: &PgPool) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!("SELECT attempt_id FROM attempts_to_mark").fetch_all(pool).await?)
}

/// Takes a closed attempt from those that wait to be marked again, and locks it until the transaction ends; `false` if it
/// does not wait.
pub async fn take_waiting(conn: &mut PgConnection, attempt: Uuid) -> Result<bool, AppError> {
    sqlx::query!("SELECT FROM attempts WHERE id = $1 FOR UPDATE", attempt).fetch_optional(&mut *conn).await?;
    let taken = sqlx::query!("DELETE FROM attempts_to_mark WHERE attempt_id = $1", attempt);
    Ok(taken.execute(conn).await?.rows_affected() > 0)
}

/// What items of an attempt had earned before they were marked again, the last time.
pub async fn of_attempt(pool: &PgPool, attempt: Uuid) -> Result<HashMap<Uuid, Remarked>, AppError> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (question_id) question_id, at, cause, old_earned, old_possible
           FROM attempt_remarks WHERE attempt_id = $1 ORDER BY question_id, at DESC",
        attempt,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let (at, late, earned, possible) = (r.at, r.cause == "late", r.old_earned, r.old_possible);
            (r.question_id, Remarked { at, late, earned, possible })
        })
        .collect())
}
