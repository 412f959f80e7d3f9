//! A person as a whole: what there is of them, and its deletion.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{audit, begin, estimates, one_row};
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
    super::classes::account(pool, by, id).await?;
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
pub async fn what_goes(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<WhatGoes, AppError> {
    Ok(sqlx::query_as!(
        WhatGoes,
        r#"SELECT u.deleted_at,
                  (SELECT count(*) FROM attempts WHERE user_id = u.id) AS "attempts!",
                  (SELECT count(*) FROM attempt_answers r JOIN attempts a ON a.id = r.attempt_id
                    WHERE a.user_id = u.id AND btrim(array_to_string(r.answer, '')) <> '') AS "answers!",
                  (SELECT count(*) FROM documents WHERE uploaded_by = u.id AND is_personal) AS "documents!",
                  (SELECT count(DISTINCT s.shared_with_user_id) FROM document_shares s JOIN documents d ON d.id = s.document_id
                    WHERE d.uploaded_by = u.id) AS "shared_with!"
             FROM users u WHERE u.id = $1 AND u.role = 'student' AND u.school_id = $2"#,
        id,
        by.school(),
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
          WHERE id = $1 AND role = 'student' AND deleted_at IS NULL AND school_id = $2",
        id,
        by.school(),
    );
    if done.execute(&mut *tx).await?.rows_affected() == 0 {
        return super::classes::account(pool, by, id).await.map(drop);
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
        "UPDATE users SET deleted_at = NULL, is_active = was_active, was_active = NULL
          WHERE id = $1 AND deleted_at IS NOT NULL AND school_id = $2",
        id,
        by.school(),
    );
    if done.execute(&mut *tx).await?.rows_affected() == 0 {
        return super::classes::account(pool, by, id).await.map(drop);
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

/// The columns by which rows are a person's, and which [`merge`] changes as they are.
pub const MOVED: [(&str, &str); 12] = [
    ("assignments", "set_by"),
    ("attempt_events", "by_user"),
    ("attempt_regrades", "by_user"),
    ("attempts", "user_id"),
    ("class_lists", "uploaded_by"),
    ("class_tests", "made_by"),
    ("corrections", "made_by"),
    ("document_comments", "author_id"),
    ("documents", "uploaded_by"),
    ("mark_overrides", "by_user"),
    ("password_resets", "given_by"),
    ("quizzes", "user_id"),
];

/// The columns by which rows are a person's, of which the account that stays may have the like.
pub const MERGED: [(&str, &str); 4] = [
    ("document_shares", "shared_with_user_id"),
    ("enrollments", "user_id"),
    ("memberships", "user_id"),
    ("reports", "reported_by"),
];

/// The columns by which rows are a person's and go with the account: of no use to another, or counted again.
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

/// The other pupils of the viewer's school who sign in with a name or e-mail address, or, if it is empty, those with the same name as this one. Deleted
/// accounts are left out.
pub async fn duplicates(pool: &PgPool, by: &Viewer, id: Uuid, sign_in_name: &str) -> Result<Vec<Duplicate>, AppError> {
    let found = sqlx::query!(
        r#"SELECT o.id, o.full_name, o.email, o.login_name, c.name || ', ' || c.year AS class
             FROM users u
             JOIN users o ON CASE $2 WHEN '' THEN lower(o.full_name) = lower(u.full_name)
                                     ELSE o.login_name = lower($2) OR lower(o.email) = lower($2) END
             LEFT JOIN memberships m ON m.user_id = o.id
             LEFT JOIN classes c ON c.id = m.class_id
            WHERE u.id = $1 AND u.role = 'student' AND o.id <> u.id AND o.role = 'student' AND o.deleted_at IS NULL
              AND u.school_id = $3 AND o.school_id = $3
            ORDER BY o.created_at, o.id LIMIT 10"#,
        id,
        sign_in_name,
        by.school(),
    );
    let mut all = Vec::new();
    for r in found.fetch_all(pool).await? {
        let brings = what_goes(pool, by, r.id).await?;
        let (full_name, email, login_name, class) = (r.full_name, r.email, r.login_name, r.class);
        all.push(Duplicate { id: r.id, full_name, email, login_name, class, brings });
    }
    Ok(all)
}

/// Merges another account of a pupil into this one, and deletes it for good: attempts, documents and what others shared move, and
/// names to sign in, class and number where this one has none. The caller must rebuild the statistics. `Conflict` while one of
/// them sits an exam, and within the `grace` period after it, in which answers may still arrive.
pub async fn merge(pool: &PgPool, by: &Viewer, id: Uuid, other: Uuid, grace: TimeDelta) -> Result<(), AppError> {
    super::classes::account(pool, by, id).await?;
    if id == other {
        return Err(AppError::field("other")("This is one account. Choose the other.".into()));
    }
    let mut tx = begin(pool).await?;
    let from = lock_both(&mut tx, by, id, other).await?;
    let busy = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM attempts WHERE user_id IN ($1, $2)
                             AND (submitted_at IS NULL OR submitted_at > now() - make_interval(secs => $3))) AS "busy!""#,
        id,
        other,
        grace.as_seconds_f64(),
    );
    if busy.fetch_one(&mut *tx).await? {
        let reason = "One of the two accounts sits an exam or practises, or has just handed in. Merge them later. Nothing was changed.";
        return Err(AppError::Conflict(reason.into()));
    }
    // Before the documents move: of their own nobody has a share.
    for statement in MERGE_SHARES {
        sqlx::query(statement).bind(id).bind(other).execute(&mut *tx).await?;
    }
    for (table, column) in MOVED {
        let statement = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2");
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id).bind(other).execute(&mut *tx).await?;
    }
    for statement in MERGE_REST {
        sqlx::query(statement).bind(id).bind(other).execute(&mut *tx).await?;
    }
    remove(&mut tx, other).await?;
    sqlx::query!(
        "UPDATE users u
            SET email = coalesce(u.email, $2), login_name = coalesce(u.login_name, $3), id_number = coalesce(u.id_number, $4),
                extra_time_percent = greatest(u.extra_time_percent, $5), daily_minutes = coalesce(u.daily_minutes, $6),
                education_level = coalesce((SELECT c.level FROM memberships m JOIN classes c ON c.id = m.class_id
                                             WHERE m.user_id = u.id), u.education_level)
          WHERE id = $1",
        id,
        from.email,
        from.login_name,
        from.id_number,
        from.extra_time_percent,
        from.daily_minutes,
    )
    .execute(&mut *tx)
    .await?;
    estimates::mark_stale(&mut tx).await?;
    let name = from.login_name.or(from.email).unwrap_or_default();
    audit::record_people(
        &mut tx,
        by,
        Act::Merged,
        &[id, other],
        &format!("{} ({name}) became one with the other", from.full_name),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The account that is merged into another.
struct Merged {
    full_name: String,
    email: Option<String>,
    login_name: Option<String>,
    id_number: Option<String>,
    extra_time_percent: i16,
    daily_minutes: Option<i16>,
}

/// Locks two pupils, the documents that are theirs or shared with them, and their statistics, in the order of other transactions.
/// Returns the second; `NotFound` if one is no pupil of the viewer's school or deleted.
async fn lock_both(conn: &mut PgConnection, by: &Viewer, id: Uuid, other: Uuid) -> Result<Merged, AppError> {
    sqlx::query!(
        "SELECT FROM documents
          WHERE uploaded_by IN ($1, $2)
             OR id IN (SELECT document_id FROM document_shares WHERE shared_with_user_id IN ($1, $2))
          ORDER BY id FOR NO KEY UPDATE",
        id,
        other,
    )
    .execute(&mut *conn)
    .await?;
    let both = sqlx::query!(
        "SELECT id FROM users WHERE id IN ($1, $2) AND role = 'student' AND deleted_at IS NULL AND school_id = $3
          ORDER BY id FOR UPDATE",
        id,
        other,
        by.school(),
    );
    if both.fetch_all(&mut *conn).await?.len() < 2 {
        return Err(AppError::NotFound);
    }
    sqlx::query!("SELECT FROM pupil_statistics WHERE user_id IN ($1, $2) ORDER BY user_id FOR UPDATE", id, other)
        .execute(&mut *conn)
        .await?;
    Ok(sqlx::query_as!(
        Merged,
        "SELECT full_name, email, login_name, id_number, extra_time_percent, daily_minutes FROM users WHERE id = $1",
        other,
    )
    .fetch_one(conn)
    .await?)
}

/// What moves shares from the second person to the first.
const MERGE_SHARES: [&str; 2] = [
    "DELETE FROM document_shares s USING documents d
      WHERE d.id = s.document_id AND s.shared_with_user_id = $1 AND d.uploaded_by = $2",
    "UPDATE document_shares s SET shared_with_user_id = $1 FROM documents d
      WHERE d.id = s.document_id AND s.shared_with_user_id = $2 AND d.uploaded_by <> $1
        AND NOT EXISTS (SELECT FROM document_shares o WHERE o.document_id = s.document_id AND o.shared_with_user_id = $1)",
];

/// The same for the other tables of [`MERGED`]. Of two open reports of an item one stays open.
const MERGE_REST: [&str; 3] = [
    "INSERT INTO enrollments (user_id, subject_id) SELECT $1, subject_id FROM enrollments WHERE user_id = $2
         ON CONFLICT DO NOTHING",
    "UPDATE memberships SET user_id = $1 WHERE user_id = $2 AND NOT EXISTS (SELECT FROM memberships WHERE user_id = $1)",
    "UPDATE reports r
        SET reported_by = $1,
            resolved_at = CASE WHEN EXISTS (SELECT FROM reports o
                                             WHERE o.reported_by = $1 AND o.document_id = r.document_id AND o.path = r.path
                                               AND o.resolved_at IS NULL) THEN coalesce(r.resolved_at, now())
                               ELSE r.resolved_at END
      WHERE reported_by = $2",
];
