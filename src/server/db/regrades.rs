//! Marks that were changed after the end of an attempt.

use std::collections::HashMap;

use exam_model::question::Key;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::regrade::Changed;
use crate::domain::scoring::{Marks, Regraded};
use crate::error::AppError;
use crate::server::db::{attempts, of_word, word_of};
use crate::server::viewer::{Scope, Viewer};

/// The closed attempts of pupils of a scope with questions from a document, by pupil's name; locked in the order of their ids until the
/// transaction ends.
pub async fn closed_attempts(conn: &mut PgConnection, scope: &Scope, document: Uuid) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "WITH locked AS (
             SELECT a.id, a.user_id, a.started_at FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
              WHERE q.sources @> ARRAY[$1::uuid] AND a.submitted_at IS NOT NULL
                AND a.user_id IN (SELECT p.id FROM visible_user_ids($3, $2) p)
              ORDER BY a.id FOR NO KEY UPDATE OF a)
         SELECT a.id FROM locked a JOIN users u ON u.id = a.user_id ORDER BY u.full_name, a.started_at",
        document,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(conn)
    .await?)
}

/// Records the old marks of an item, its old and new key, and why the marks change.
pub async fn record(
    conn: &mut PgConnection,
    by: Option<&Viewer>,
    attempt: Uuid,
    changed: &Changed,
    new_key: Option<&Key>,
) -> Result<(), AppError> {
    let because = changed.because.iter().map(word_of).collect::<Result<Vec<String>, _>>()?;
    sqlx::query!(
        "INSERT INTO attempt_regrades
                (attempt_id, question_id, by_user, because, old_key, new_key, old_earned, old_possible, old_counts,
                 old_reason)
         SELECT attempt_id, question_id, $3, $4, $5, $6, earned, possible, counts, reason
           FROM attempt_answers WHERE attempt_id = $1 AND question_id = $2 AND verdict IS NOT NULL",
        attempt,
        changed.item,
        by.map(Viewer::id),
        &because,
        changed.old_key.as_ref().map(Json) as _,
        new_key.map(Json) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores the marks, and updates the statistics of the pupil and the document. The caller holds the pupil's statistics, see
/// `statistics::lock`, and must mark the estimates as stale.
pub async fn put(conn: &mut PgConnection, attempt: Uuid, marks: &Marks) -> Result<(), AppError> {
    attempts::put_marks(&mut *conn, attempt, &marks.items).await?;
    sqlx::query!(
        "WITH before AS (SELECT * FROM attempts WHERE id = $1),
              marked AS (UPDATE attempts SET earned = $2, possible = $3 WHERE id = $1),
              of_pupil AS (
                  UPDATE pupil_statistics t
                     SET earned = t.earned + $2 - b.earned, possible = t.possible + $3 - b.possible
                    FROM before b WHERE t.user_id = b.user_id)
         UPDATE document_statistics t
            SET earned = t.earned + $2 - b.earned, possible = t.possible + $3 - b.possible
           FROM before b WHERE t.document_id = b.document_id AND t.slot = slot_of(b.user_id)",
        attempt,
        marks.earned,
        marks.possible,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closed attempts whose answers have changed since they were marked.
pub async fn waiting(pool: &PgPool) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!("SELECT attempt_id FROM attempts_to_mark").fetch_all(pool).await?)
}

/// Takes a closed attempt from those waiting to be marked again, and locks it until the transaction ends; `false` if it
/// is not waiting.
pub async fn take_waiting(conn: &mut PgConnection, attempt: Uuid) -> Result<bool, AppError> {
    sqlx::query!("SELECT FROM attempts WHERE id = $1 FOR NO KEY UPDATE", attempt).fetch_optional(&mut *conn).await?;
    let taken = sqlx::query!("DELETE FROM attempts_to_mark WHERE attempt_id = $1", attempt);
    Ok(taken.execute(conn).await?.rows_affected() > 0)
}

/// The marks of an attempt's items before they were last marked again.
pub async fn of_attempt(pool: &PgPool, attempt: Uuid) -> Result<HashMap<Uuid, Regraded>, AppError> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (question_id) question_id, at, because, old_earned, old_possible, old_counts
           FROM attempt_regrades WHERE attempt_id = $1 ORDER BY question_id, at DESC",
        attempt,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            let because = r.because.into_iter().map(of_word).collect::<Result<_, _>>()?;
            let (earned, possible, counted) = (r.old_earned, r.old_possible, r.old_counts);
            Ok((r.question_id, Regraded { at: r.at, because, earned, possible, counted }))
        })
        .collect()
}
