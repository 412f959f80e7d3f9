//! A person as a whole: what there is of them, and its deletion.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{audit, begin, estimates, one_row, statistics};
use crate::domain::account::{DELETED_DAYS, Duplicate, WhatGoes};
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

/// The columns that refer to a person and whose rows would go with the account: [`merge`] moves those of the first list, and the
/// others are of no use to another account, or are counted again.
pub const MERGED: [(&str, &str); 8] = [
    ("attempts", "user_id"),
    ("class_lists", "uploaded_by"),
    ("document_shares", "shared_with_user_id"),
    ("documents", "uploaded_by"),
    ("enrollments", "user_id"),
    ("memberships", "user_id"),
    ("quizzes", "user_id"),
    ("reports", "reported_by"),
];
pub const NOT_MERGED: [(&str, &str); 8] = [
    ("class_teachers", "user_id"),
    ("idempotency_keys", "user_id"),
    ("password_resets", "user_id"),
    ("pupil_estimates", "user_id"),
    ("pupil_item_estimates", "user_id"),
    ("pupil_statistics", "user_id"),
    ("pupil_topic_estimates", "user_id"),
    ("sessions", "user_id"),
];

/// The other pupils who sign in with a name or e-mail address, or, if it is empty, those with the same name as this one. Deleted
/// accounts are left out.
pub async fn duplicates(pool: &PgPool, id: Uuid, sign_in_name: &str) -> Result<Vec<Duplicate>, AppError> {
    let found = sqlx::query!(
        r#"SELECT o.id, o.full_name, coalesce(o.login_name, o.email) AS "sign_in_name!",
                  c.name || ', ' || c.year AS class
             FROM users u
             JOIN users o ON CASE $2 WHEN '' THEN lower(o.full_name) = lower(u.full_name)
                                     ELSE o.login_name = lower($2) OR lower(o.email) = lower($2) END
             LEFT JOIN memberships m ON m.user_id = o.id
             LEFT JOIN classes c ON c.id = m.class_id
            WHERE u.id = $1 AND u.role = 'student' AND o.id <> u.id AND o.role = 'student' AND o.deleted_at IS NULL
            ORDER BY o.created_at, o.id LIMIT 10"#,
        id,
        sign_in_name,
    );
    let mut all = Vec::new();
    for row in found.fetch_all(pool).await? {
        let brings = what_goes(pool, row.id).await?;
        let (full_name, sign_in_name, class) = (row.full_name, row.sign_in_name, row.class);
        all.push(Duplicate { id: row.id, full_name, sign_in_name, class, brings });
    }
    Ok(all)
}

/// Merges another account of a pupil into this one, and deletes it for good: attempts, documents, what others shared, and the
/// names to sign in, the class and the number where this one has none. `Conflict` while one of them sits an exam.
pub async fn merge(pool: &PgPool, by: &Viewer, id: Uuid, other: Uuid) -> Result<(), AppError> {
    if id == other {
        return Err(AppError::field("other")("This is one account. Choose the other.".into()));
    }
    let mut tx = begin(pool).await?;
    let both = sqlx::query!(
        r#"SELECT id, full_name, email, login_name, id_number, extra_time_percent, daily_minutes,
                  hashed_password, coalesce(login_name, email) AS "sign_in_name!"
             FROM users WHERE id IN ($1, $2) AND role = 'student' AND deleted_at IS NULL ORDER BY id FOR UPDATE"#,
        id,
        other,
    );
    let both = both.fetch_all(&mut *tx).await?;
    let (true, Some(from)) = (both.len() == 2, both.iter().find(|row| row.id == other)) else {
        return Err(AppError::NotFound);
    };
    let open = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM attempts WHERE user_id IN ($1, $2) AND submitted_at IS NULL) AS "open!""#,
        id,
        other,
    );
    if open.fetch_one(&mut *tx).await? {
        let reason =
            "One of the two accounts sits an exam or practises. Merge them when that has ended. Nothing was changed.";
        return Err(AppError::Conflict(reason.into()));
    }
    for statement in MOVES {
        sqlx::query(statement).bind(id).bind(other).execute(&mut *tx).await?;
    }
    remove(&mut tx, other).await?;
    sqlx::query!(
        "UPDATE users u
            SET email = coalesce(u.email, $2), login_name = coalesce(u.login_name, $3), id_number = coalesce(u.id_number, $4),
                extra_time_percent = greatest(u.extra_time_percent, $5), daily_minutes = coalesce(u.daily_minutes, $6),
                hashed_password = coalesce(nullif(u.hashed_password, ''), $7),
                education_level = coalesce((SELECT c.level FROM memberships m JOIN classes c ON c.id = m.class_id
                                             WHERE m.user_id = u.id), u.education_level)
          WHERE id = $1",
        id,
        from.email,
        from.login_name,
        from.id_number,
        from.extra_time_percent,
        from.daily_minutes,
        from.hashed_password,
    )
    .execute(&mut *tx)
    .await?;
    statistics::rebuild(&mut *tx).await?;
    estimates::mark_stale(&mut tx).await?;
    let detail = format!("with {} ({})", from.full_name, from.sign_in_name);
    audit::record_people(&mut tx, by, Act::Merged, &[id], &detail).await?;
    Ok(tx.commit().await?)
}

/// What moves the rows of [`MERGED`] from the second person to the first, where the first has not the like.
const MOVES: [&str; 13] = [
    "DELETE FROM document_shares s USING documents d
      WHERE d.id = s.document_id AND s.shared_with_user_id = $1 AND d.uploaded_by = $2",
    "INSERT INTO document_shares (document_id, shared_with_user_id)
     SELECT s.document_id, $1 FROM document_shares s JOIN documents d ON d.id = s.document_id
      WHERE s.shared_with_user_id = $2 AND d.uploaded_by <> $1
         ON CONFLICT DO NOTHING",
    "UPDATE documents SET uploaded_by = $1 WHERE uploaded_by = $2",
    "UPDATE quizzes SET user_id = $1 WHERE user_id = $2",
    "UPDATE attempts SET user_id = $1 WHERE user_id = $2",
    "INSERT INTO enrollments (user_id, subject_id) SELECT $1, subject_id FROM enrollments WHERE user_id = $2
         ON CONFLICT DO NOTHING",
    "UPDATE memberships SET user_id = $1 WHERE user_id = $2 AND NOT EXISTS (SELECT FROM memberships WHERE user_id = $1)",
    "UPDATE reports r SET reported_by = $1
      WHERE reported_by = $2
        AND (resolved_at IS NOT NULL
             OR NOT EXISTS (SELECT FROM reports o WHERE o.reported_by = $1 AND o.document_id = r.document_id
                                                    AND o.path = r.path AND o.resolved_at IS NULL))",
    "UPDATE class_lists SET uploaded_by = $1 WHERE uploaded_by = $2",
    "UPDATE corrections SET made_by = $1 WHERE made_by = $2",
    "UPDATE document_comments SET author_id = $1 WHERE author_id = $2",
    "UPDATE attempt_events SET by_user = $1 WHERE by_user = $2",
    "UPDATE attempt_regrades SET by_user = $1 WHERE by_user = $2",
];
