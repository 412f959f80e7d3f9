//! A person as a whole: what there is of them, and its deletion.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{audit, begin, one_row};
use crate::domain::account::{DELETED_DAYS, WhatGoes};
use crate::domain::audit::Act;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Tables with what there is of a person, and how their rows are found: all that refer to a person, an attempt or a quiz, without
/// what could be used to sign in.
pub const PARTS: [(&str, &str); 32] = [
    ("users", "SELECT to_jsonb(t) - 'hashed_password' FROM users t WHERE id = $1"),
    ("classes", "SELECT to_jsonb(t) FROM classes t WHERE id IN (SELECT class_id FROM memberships WHERE user_id = $1)"),
    ("memberships", "SELECT to_jsonb(t) FROM memberships t WHERE user_id = $1"),
    ("class_teachers", "SELECT to_jsonb(t) FROM class_teachers t WHERE user_id = $1"),
    ("sessions", "SELECT to_jsonb(t) - 'token_hash' FROM sessions t WHERE user_id = $1 ORDER BY created_at"),
    ("enrollments", "SELECT to_jsonb(t) FROM enrollments t WHERE user_id = $1"),
    (
        "documents",
        "SELECT to_jsonb(t) - '{paper,reading,words,content_hash}'::text[] FROM documents t WHERE uploaded_by = $1 ORDER BY created_at",
    ),
    (
        "document_shares",
        "SELECT to_jsonb(t) FROM document_shares t WHERE shared_with_user_id = $1
             OR document_id IN (SELECT id FROM documents WHERE uploaded_by = $1)",
    ),
    (
        "document_invitations",
        "SELECT to_jsonb(t) FROM document_invitations t WHERE document_id IN (SELECT id FROM documents WHERE uploaded_by = $1)",
    ),
    ("document_comments", "SELECT to_jsonb(t) FROM document_comments t WHERE author_id = $1 ORDER BY created_at"),
    (
        "questions",
        "SELECT to_jsonb(t) FROM questions t JOIN documents d ON d.id = t.document_id WHERE d.uploaded_by = $1
          ORDER BY d.created_at, t.position",
    ),
    ("corrections", "SELECT to_jsonb(t) FROM corrections t WHERE made_by = $1"),
    ("reports", "SELECT to_jsonb(t) FROM reports t WHERE reported_by = $1 ORDER BY reported_at"),
    ("class_tests", "SELECT to_jsonb(t) FROM class_tests t WHERE made_by = $1"),
    ("assignments", "SELECT to_jsonb(t) - 'room_code' FROM assignments t WHERE set_by = $1"),
    ("quizzes", "SELECT to_jsonb(t) FROM quizzes t WHERE user_id = $1"),
    (
        "quiz_questions",
        "SELECT to_jsonb(t) FROM quiz_questions t JOIN quizzes q ON q.id = t.quiz_id WHERE q.user_id = $1",
    ),
    ("attempts", "SELECT to_jsonb(t) FROM attempts t WHERE user_id = $1 ORDER BY started_at"),
    (
        "attempt_answers",
        "SELECT to_jsonb(t) FROM attempt_answers t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_writers",
        "SELECT to_jsonb(t) FROM attempt_writers t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_journal",
        "SELECT to_jsonb(t) FROM attempt_journal t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_choices",
        "SELECT to_jsonb(t) FROM attempt_choices t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_events",
        "SELECT to_jsonb(t) FROM attempt_events t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_regrades",
        "SELECT to_jsonb(t) FROM attempt_regrades t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "mark_overrides",
        "SELECT to_jsonb(t) FROM mark_overrides t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    (
        "attempt_topic_estimates",
        "SELECT to_jsonb(t) FROM attempt_topic_estimates t JOIN attempts a ON a.id = t.attempt_id WHERE a.user_id = $1",
    ),
    ("pupil_statistics", "SELECT to_jsonb(t) FROM pupil_statistics t WHERE user_id = $1"),
    ("pupil_estimates", "SELECT to_jsonb(t) FROM pupil_estimates t WHERE user_id = $1"),
    ("pupil_topic_estimates", "SELECT to_jsonb(t) FROM pupil_topic_estimates t WHERE user_id = $1"),
    ("pupil_item_estimates", "SELECT to_jsonb(t) FROM pupil_item_estimates t WHERE user_id = $1"),
    ("class_lists", "SELECT to_jsonb(t) FROM class_lists t WHERE uploaded_by = $1"),
    ("audit_events", "SELECT to_jsonb(t) FROM audit_events t WHERE user_id = $1 OR by_user = $1 ORDER BY id"),
];

/// Tables that refer to people and are not told: codes and hashes, and what is derived or gone within minutes.
pub const UNTOLD: [&str; 4] = ["password_resets", "idempotency_keys", "attempt_handovers", "attempts_to_mark"];

/// Everything that there is of a pupil, by table; `NotFound` for anybody but a pupil.
pub async fn everything(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<Vec<(&'static str, Vec<Value>)>, AppError> {
    super::classes::account(pool, id).await?;
    let mut tx = super::begin_with(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let mut all = Vec::with_capacity(PARTS.len());
    for (table, query) in PARTS {
        all.push((table, sqlx::query_scalar(query).bind(id).fetch_all(&mut *tx).await?));
    }
    audit::record_people(&mut tx, by, Act::Exported, &[id], "").await?;
    tx.commit().await?;
    Ok(all)
}

/// The files of a person: their names and hashes.
pub async fn files(pool: &PgPool, id: Uuid) -> Result<Vec<(String, Vec<u8>)>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT filename, content_hash AS "content_hash!" FROM documents
            WHERE uploaded_by = $1 AND content_hash IS NOT NULL ORDER BY created_at, id"#,
        id,
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.filename, row.content_hash)).collect())
}

/// An answer of a person, with its question if there still is one.
pub struct AnswerLine {
    pub handed_in: Option<DateTime<Utc>>,
    pub title: String,
    pub path: Option<String>,
    pub text: Option<String>,
    pub answer: Vec<String>,
    pub earned: Option<f64>,
    pub possible: Option<f64>,
    pub verdict: Option<String>,
    pub reason: Option<String>,
}

/// All answers of a person, oldest attempts first.
pub async fn answers(pool: &PgPool, id: Uuid) -> Result<Vec<AnswerLine>, AppError> {
    Ok(sqlx::query_as!(
        AnswerLine,
        r#"SELECT a.submitted_at AS handed_in, z.title, q.path AS "path?", q.text AS "text?", r.answer, r.earned, r.possible,
                  r.verdict, r.reason
             FROM attempts a
             JOIN quizzes z ON z.id = a.quiz_id
             JOIN attempt_answers r ON r.attempt_id = a.id
             LEFT JOIN questions q ON q.id = r.question_id
            WHERE a.user_id = $1 ORDER BY a.started_at, a.id, q.position, r.question_id"#,
        id,
    )
    .fetch_all(pool)
    .await?)
}

/// What goes with a pupil's account.
pub async fn what_goes(pool: &PgPool, id: Uuid) -> Result<WhatGoes, AppError> {
    Ok(sqlx::query_as!(
        WhatGoes,
        r#"SELECT u.deleted_at,
                  (SELECT count(*) FROM attempts WHERE user_id = u.id) AS "attempts!",
                  (SELECT count(*) FROM attempt_answers r JOIN attempts a ON a.id = r.attempt_id
                    WHERE a.user_id = u.id AND btrim(array_to_string(r.answer, '')) <> '') AS "answers!",
                  (SELECT count(*) FROM documents WHERE uploaded_by = u.id AND is_personal) AS "documents!",
                  (SELECT count(DISTINCT s.shared_with_user_id) FROM document_shares s JOIN documents d ON d.id = s.document_id
                    WHERE d.uploaded_by = u.id) AS "shared_with!"
             FROM users u WHERE u.id = $1 AND u.role = 'student'"#,
        id,
    )
    .fetch_one(pool)
    .await?)
}

/// Deletes a pupil's account: it is switched off, and goes after [`DELETED_DAYS`]. What the pupil gave to the school becomes the
/// admin's. Nothing is changed if that was done before.
pub async fn delete(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let done = sqlx::query!(
        "UPDATE users SET deleted_at = now(), was_active = is_active, is_active = false
          WHERE id = $1 AND role = 'student' AND deleted_at IS NULL",
        id,
    );
    if done.execute(&mut *tx).await?.rows_affected() == 0 {
        return super::classes::account(pool, id).await.map(drop);
    }
    sqlx::query!("DELETE FROM sessions WHERE user_id = $1", id).execute(&mut *tx).await?;
    sqlx::query!("UPDATE documents SET uploaded_by = $2 WHERE uploaded_by = $1 AND NOT is_personal", id, by.id())
        .execute(&mut *tx)
        .await?;
    audit::record_people(&mut tx, by, Act::Deleted, &[id], "").await?;
    Ok(tx.commit().await?)
}

/// Undoes the deletion of an account, which is switched on if it was before; `NotFound` if it is gone. Nothing is changed if it
/// is not deleted.
pub async fn undelete(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let done = sqlx::query!(
        "UPDATE users SET deleted_at = NULL, is_active = was_active, was_active = NULL WHERE id = $1 AND deleted_at IS NOT NULL",
        id,
    );
    if done.execute(&mut *tx).await?.rows_affected() == 0 {
        return super::classes::account(pool, id).await.map(drop);
    }
    audit::record_people(&mut tx, by, Act::Undeleted, &[id], "").await?;
    Ok(tx.commit().await?)
}

/// The accounts that were deleted long enough ago.
pub async fn expired(pool: &PgPool) -> Result<Vec<Uuid>, AppError> {
    let expired = sqlx::query_scalar!(
        "SELECT id FROM users WHERE deleted_at < now() - make_interval(days => $1) ORDER BY id",
        DELETED_DAYS,
    );
    Ok(expired.fetch_all(pool).await?)
}

/// Locks a deleted account until the transaction ends; `None` if its deletion was undone. Returns its own documents, without
/// their marking schemes.
pub async fn lock_deleted(conn: &mut PgConnection, id: Uuid) -> Result<Option<Vec<Uuid>>, AppError> {
    let still = sqlx::query_scalar!("SELECT id FROM users WHERE id = $1 AND deleted_at IS NOT NULL FOR UPDATE", id);
    if still.fetch_optional(&mut *conn).await?.is_none() {
        return Ok(None);
    }
    let documents = sqlx::query_scalar!(
        "SELECT id FROM documents WHERE uploaded_by = $1 AND is_personal AND scheme_of IS NULL ORDER BY id",
        id,
    );
    Ok(Some(documents.fetch_all(conn).await?))
}

/// Deletes an account with all that refers to it. The caller must rebuild the statistics.
pub async fn remove(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    one_row(sqlx::query!("DELETE FROM users WHERE id = $1", id).execute(conn).await?)
}
