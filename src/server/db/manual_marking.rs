//! Answers that wait for a person, and marks given by hand.

use std::collections::HashMap;

use exam_model::answer::Answer;
use exam_model::drawing::ON_PAPER;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::attempts;
use crate::domain::manual_marking::{AnswerToMark, MarkOverride, WaitingQuestion};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// The most questions in the queue, and the most answers of one, that are shown at once.
const MAX_SHOWN: i64 = 200;

/// Questions of the papers that the viewer may see with answers of their pupils that wait for a person, those with the most answers first.
pub async fn waiting(pool: &PgPool, viewer: &Viewer) -> Result<Vec<WaitingQuestion>, AppError> {
    let scope = viewer.scope(None)?;
    Ok(sqlx::query_as!(
        WaitingQuestion,
        r#"SELECT q.id AS question, d.title AS paper, q.path, q.text, w.answers AS "answers!"
             FROM (SELECT r.question_id, count(*) AS answers
                     FROM attempt_answers r
                     JOIN attempts a ON a.id = r.attempt_id
                     LEFT JOIN mark_overrides o USING (attempt_id, question_id, answer)
                    WHERE r.certainty = 'near' AND array_to_string(r.answer, '') ~ '\S' AND a.submitted_at IS NOT NULL
                      AND o.marks IS NULL AND NOT is_variant(a.quiz_id, r.question_id)
                      AND a.user_id IN (SELECT p.id FROM visible_user_ids($4, $3) p)
                    GROUP BY r.question_id) w
             JOIN questions q ON q.id = w.question_id
             JOIN documents d ON d.id = q.document_id
             JOIN visible_document_ids($1) v ON v.id = d.id
            ORDER BY w.answers DESC, d.title, q.position LIMIT $2"#,
        viewer.id(),
        MAX_SHOWN,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// The document of a question that the viewer may see; `NotFound` otherwise.
pub async fn document_of(pool: &PgPool, viewer: &Viewer, question: Uuid) -> Result<Uuid, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT q.document_id FROM questions q JOIN visible_document_ids($1) v ON v.id = q.document_id WHERE q.id = $2",
        viewer.id(),
        question,
    )
    .fetch_one(pool)
    .await?)
}

/// The answers that pupils of a scope gave to a question in attempts that are closed, equal ones together, but for drawings on
/// paper; those in a test made by hand, where it may have other marks, apart: those that wait for a person first.
pub async fn answers(pool: &PgPool, scope: &Scope, question: Uuid) -> Result<Vec<AnswerToMark>, AppError> {
    let rows = sqlx::query!(
        r#"WITH given AS (
               SELECT r.*, z.test_id, a.submitted_at, o.marks IS NOT NULL AS by_hand, b.full_name AS marker,
                      r.certainty = 'near' AND o.marks IS NULL AS waits
                 FROM questions q
                 JOIN quizzes z ON z.sources @> ARRAY[q.document_id]
                 JOIN attempts a ON a.quiz_id = z.id
                 JOIN attempt_answers r ON r.attempt_id = a.id AND r.question_id = q.id
                 LEFT JOIN mark_overrides o ON o.attempt_id = a.id AND o.question_id = q.id AND o.answer = r.answer
                 LEFT JOIN users b ON b.id = o.by_user
                WHERE q.id = $1 AND a.submitted_at IS NOT NULL AND array_to_string(r.answer, '') ~ '\S'
                  AND NOT is_variant(z.id, q.id)
                  AND a.user_id IN (SELECT p.id FROM visible_user_ids($4, $3) p))
           SELECT answer AS "answer!", count(*) AS "attempts!", coalesce(bool_or(waits), false) AS "waits!",
                  (array_agg(attempt_id ORDER BY waits DESC NULLS LAST, submitted_at DESC))[1] AS "attempt!",
                  (array_agg(earned ORDER BY waits DESC NULLS LAST, submitted_at DESC))[1] AS "earned!",
                  (array_agg(verdict ORDER BY waits DESC NULLS LAST, submitted_at DESC))[1] AS "verdict!",
                  (array_agg(certainty ORDER BY waits DESC NULLS LAST, submitted_at DESC))[1] AS certainty,
                  (array_agg(reason ORDER BY waits DESC NULLS LAST, submitted_at DESC))[1] AS "reason!",
                  max(possible) AS "possible!", bool_and(by_hand) AS "by_hand!",
                  coalesce(array_agg(DISTINCT marker) FILTER (WHERE marker IS NOT NULL), '{}') AS "markers!"
             FROM given
            GROUP BY answer, test_id, CASE WHEN $5 = ANY (answer) THEN attempt_id END
            ORDER BY 3 DESC, 2 DESC, answer, test_id LIMIT $2"#,
        question,
        MAX_SHOWN,
        scope.classes(),
        scope.school(),
        ON_PAPER,
    );
    let answers = rows.fetch_all(pool).await?.into_iter().map(|row| {
        Ok(AnswerToMark {
            answer: Answer(row.answer),
            attempt: row.attempt,
            attempts: row.attempts,
            marked: attempts::marked(row.earned, row.possible, row.verdict, row.certainty, row.reason)?,
            by_hand: row.by_hand,
            markers: row.markers,
            waits: row.waits,
        })
    });
    answers.collect()
}

/// Locks the closed attempts of the viewer's pupils that have the same answer to a question as this attempt, and are of the same
/// test if it is of one, and returns them with what the item is worth; only this one if it is blank or on paper. `NotFound` if this attempt is not among them, or the viewer may
/// not see the paper.
pub async fn lock_answers(
    conn: &mut PgConnection,
    viewer: &Viewer,
    question: Uuid,
    attempt: Uuid,
) -> Result<(Vec<Uuid>, f64), AppError> {
    let scope = viewer.scope(None)?;
    let rows = sqlx::query!(
        r#"SELECT a.id, r.possible AS "possible!"
             FROM questions q
             JOIN visible_document_ids($1) v ON v.id = q.document_id
             JOIN quizzes z ON z.sources @> ARRAY[q.document_id]
             JOIN attempts a ON a.quiz_id = z.id
             JOIN attempt_answers r ON r.attempt_id = a.id AND r.question_id = q.id
            WHERE q.id = $2 AND a.submitted_at IS NOT NULL AND NOT is_variant(z.id, q.id)
              AND (a.id = $3 OR r.verdict <> 'blank' AND NOT $6 = ANY (r.answer) AND r.answer =
                   (SELECT answer FROM attempt_answers WHERE attempt_id = $3 AND question_id = $2)
                   AND z.test_id IS NOT DISTINCT FROM
                   (SELECT s.test_id FROM attempts m JOIN quizzes s ON s.id = m.quiz_id WHERE m.id = $3))
              AND a.user_id IN (SELECT p.id FROM visible_user_ids($5, $4) p)
            ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        viewer.id(),
        question,
        attempt,
        scope.classes(),
        scope.school(),
        ON_PAPER,
    )
    .fetch_all(conn)
    .await?;
    if !rows.iter().any(|row| row.id == attempt) {
        return Err(AppError::NotFound);
    }
    let of = rows.iter().map(|row| row.possible).reduce(f64::max).ok_or(AppError::NotFound)?;
    Ok((rows.into_iter().map(|row| row.id).collect(), of))
}

/// Closed attempts of the viewer's pupils in which a question without a key was left blank, locked. They have no marks for it
/// while nobody has.
pub async fn lock_blanks(conn: &mut PgConnection, viewer: &Viewer, question: Uuid) -> Result<Vec<Uuid>, AppError> {
    let scope = viewer.scope(None)?;
    Ok(sqlx::query_scalar!(
        r"SELECT a.id
           FROM questions q
           JOIN quizzes z ON z.sources @> ARRAY[q.document_id]
           JOIN attempts a ON a.quiz_id = z.id
           JOIN attempt_answers r ON r.attempt_id = a.id AND r.question_id = q.id
          WHERE q.id = $1 AND a.submitted_at IS NOT NULL AND r.verdict = 'unmarked' AND r.certainty = 'near'
            AND array_to_string(r.answer, '') !~ '\S'
            AND a.user_id IN (SELECT p.id FROM visible_user_ids($3, $2) p)
          ORDER BY a.id FOR NO KEY UPDATE OF a",
        question,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(conn)
    .await?)
}

/// Those of these attempts in which the viewer may give the answer to a question marks: what an admin has given stands, but
/// for admins.
pub async fn not_settled(
    conn: &mut PgConnection,
    by: &Viewer,
    question: Uuid,
    attempts: &[Uuid],
) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT a.id AS "id!" FROM unnest($1::uuid[]) AS a (id)
            WHERE $3 OR NOT EXISTS (SELECT FROM mark_overrides o
                                      JOIN attempt_answers r USING (attempt_id, question_id, answer)
                                      JOIN users b ON b.id = o.by_user AND b.role = 'admin'
                                     WHERE o.attempt_id = a.id AND o.question_id = $2)"#,
        attempts,
        question,
        by.is_admin(),
    )
    .fetch_all(conn)
    .await?)
}

/// Stores marks given by hand to the answers to a question in these attempts, in place of earlier ones.
pub async fn put(
    conn: &mut PgConnection,
    by: &Viewer,
    question: Uuid,
    attempts: &[Uuid],
    given: &MarkOverride,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO mark_overrides (attempt_id, question_id, answer, marks, note, by_user)
         SELECT attempt_id, question_id, answer, $3, $4, $5
           FROM attempt_answers WHERE attempt_id = ANY ($2) AND question_id = $1
             ON CONFLICT (attempt_id, question_id)
             DO UPDATE SET answer = excluded.answer, marks = excluded.marks, note = excluded.note,
                           by_user = excluded.by_user, at = now()",
        question,
        attempts,
        given.marks,
        given.note,
        by.id(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes over, for an attempt that is being closed, the marks that a person has given the same answers of others, of the same test
/// if it is of one, and returns them by question: an admin, or if no admin has, a teacher of the pupil's class. An attempt has none before.
pub async fn take_over(conn: &mut PgConnection, attempt: Uuid) -> Result<HashMap<Uuid, MarkOverride>, AppError> {
    let rows = sqlx::query!(
        "INSERT INTO mark_overrides (attempt_id, question_id, answer, marks, note, by_user, at)
         SELECT DISTINCT ON (r.question_id) r.attempt_id, r.question_id, r.answer, o.marks, o.note, o.by_user, o.at
           FROM attempt_answers r
           JOIN attempts a ON a.id = r.attempt_id
           JOIN quizzes z ON z.id = a.quiz_id
           JOIN mark_overrides o ON o.question_id = r.question_id AND o.answer = r.answer
           JOIN attempts f ON f.id = o.attempt_id
           JOIN quizzes s ON s.id = f.quiz_id AND s.test_id IS NOT DISTINCT FROM z.test_id
           LEFT JOIN users b ON b.id = o.by_user
          WHERE r.attempt_id = $1 AND NOT is_variant(a.quiz_id, r.question_id)
            AND (b.id IS NULL OR b.role = 'admin'
                 OR EXISTS (SELECT FROM class_teachers t JOIN memberships m ON m.class_id = t.class_id
                             WHERE t.user_id = b.id AND m.user_id = a.user_id))
          ORDER BY r.question_id, coalesce(b.role = 'admin', false) DESC, o.at DESC
         RETURNING question_id, marks, note",
        attempt,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.question_id, MarkOverride { marks: row.marks, note: row.note })).collect())
}

/// The marks given by hand in an attempt, by question: those of the answers that it has now.
pub async fn overrides(conn: &mut PgConnection, attempt: Uuid) -> Result<HashMap<Uuid, MarkOverride>, AppError> {
    let rows = sqlx::query!(
        "SELECT o.question_id, o.marks, o.note
           FROM mark_overrides o JOIN attempt_answers r USING (attempt_id, question_id, answer)
          WHERE o.attempt_id = $1",
        attempt,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.question_id, MarkOverride { marks: row.marks, note: row.note })).collect())
}
