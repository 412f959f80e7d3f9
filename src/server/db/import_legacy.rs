//! Stores what is imported from the earlier system. Existing rows stay as they are.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::account::{Email, FullName, Role};
use crate::domain::document::Label;
use crate::domain::quiz::Quiz;
use crate::domain::scoring::{ItemResult, Marks};
use crate::error::AppError;
use crate::server::db::{attempts, jobs};

pub mod earlier;

/// Locks out other imports until the transaction ends.
pub async fn alone(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('adopt'))").execute(conn).await?;
    Ok(())
}

/// The codes of all levels.
pub async fn levels(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("SELECT code FROM levels").fetch_all(conn).await
}

/// An existing account.
pub struct Account {
    pub id: Uuid,
    /// Or without an e-mail address the login name.
    pub email: String,
    pub role: String,
}

/// The account with this id, else the one with this address, ignoring case.
pub async fn account(conn: &mut PgConnection, id: Uuid, email: &Email) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id, coalesce(email, login_name) AS "email!", role FROM users WHERE id = $1 OR lower(email) = lower($2)
          ORDER BY id = $1 DESC LIMIT 1"#,
        id,
        email.as_str(),
    )
    .fetch_optional(conn)
    .await
}

/// A user to import.
pub struct NewAccount<'a> {
    pub id: Uuid,
    pub email: &'a Email,
    pub hashed_password: &'a str,
    pub full_name: &'a FullName,
    pub role: Role,
    pub level: Option<&'a str>,
    pub is_active: bool,
    pub created_at: Option<DateTime<Utc>>,
}

/// Adds a user to the first school, of which an admin owns the installation if there is no other; `false` if the id or address has been taken in the meantime.
pub async fn add_account(conn: &mut PgConnection, new: &NewAccount<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO users (id, email, hashed_password, full_name, role, education_level, is_active, created_at, is_owner)
         VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()),
                 $5 = 'admin' AND NOT EXISTS (SELECT FROM schools OFFSET 1)) ON CONFLICT DO NOTHING",
        new.id,
        new.email.as_str(),
        new.hashed_password,
        new.full_name.as_str(),
        new.role.as_str(),
        new.level,
        new.is_active,
        new.created_at,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// An existing subject.
pub struct Subject {
    pub id: Uuid,
    pub level: String,
    pub name: String,
}

/// All subjects.
pub async fn subjects(conn: &mut PgConnection) -> Result<Vec<Subject>, sqlx::Error> {
    sqlx::query_as!(Subject, "SELECT id, level, name FROM subjects").fetch_all(conn).await
}

/// Adds a missing subject to a level.
pub async fn add_subject(conn: &mut PgConnection, new: &Subject, description: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO subjects (id, level, name, description) VALUES ($1, $2, $3, $4)",
        new.id,
        new.level,
        new.name,
        description,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a pupil takes a subject.
pub async fn is_enrolled(conn: &mut PgConnection, user: Uuid, subject: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enrollments WHERE user_id = $1 AND subject_id = $2) AS "is!""#,
        user,
        subject,
    )
    .fetch_one(conn)
    .await
}

/// Enrols a pupil in a subject; `false` if it is not of the pupil's level.
pub async fn enroll(
    conn: &mut PgConnection,
    user: Uuid,
    subject: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO enrollments (user_id, subject_id, created_at)
         SELECT u.id, s.id, coalesce($3, now()) FROM users u JOIN subjects s ON s.level = u.education_level
          WHERE u.id = $1 AND s.id = $2",
        user,
        subject,
        at,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// An existing document.
pub struct There {
    pub title: String,
    pub subject_id: Option<Uuid>,
    pub is_personal: bool,
}

/// A document by its id.
pub async fn document(conn: &mut PgConnection, id: Uuid) -> Result<Option<There>, sqlx::Error> {
    sqlx::query_as!(There, "SELECT title, subject_id, is_personal FROM documents WHERE id = $1", id)
        .fetch_optional(conn)
        .await
}

/// A document to import; its bytes are already stored.
pub struct NewDocument {
    pub id: Uuid,
    pub filename: String,
    pub label: Label,
    pub uploaded_by: Uuid,
    pub level: Option<String>,
    pub subject_id: Option<Uuid>,
    pub is_personal: bool,
    pub scheme_of: Option<Uuid>,
    pub content_hash: Vec<u8>,
    pub size_bytes: i64,
    pub minutes: Option<i32>,
    pub instructions: String,
    pub archived: Option<Archived>,
    pub created_at: Option<DateTime<Utc>>,
}

/// When and why a document was archived, if known.
pub struct Archived {
    pub at: Option<DateTime<Utc>>,
    pub reason: String,
}

/// Stores a document and queues its reading. It is visible to the people it was for. A scheme is read with its paper.
pub async fn add_document(conn: &mut PgConnection, new: &NewDocument) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO documents (id, filename, title, kind, year, uploaded_by, level, subject_id, is_personal, scheme_of,
                                content_hash, size_bytes, official_minutes, instructions, is_archived, archived_at,
                                archive_reason, created_at, published_at, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, coalesce($18, now()),
                 CASE WHEN NOT $9 THEN coalesce($18, now()) END,
                 CASE WHEN $10::uuid IS NULL THEN 'queued' ELSE 'ready' END)",
        new.id,
        new.filename,
        new.label.title,
        new.label.kind.as_str(),
        new.label.year,
        new.uploaded_by,
        new.level,
        new.subject_id,
        new.is_personal,
        new.scheme_of,
        new.content_hash,
        new.size_bytes,
        new.minutes,
        new.instructions,
        new.archived.is_some(),
        new.archived.as_ref().and_then(|archived| archived.at),
        new.archived.as_ref().map(|archived| archived.reason.as_str()),
        new.created_at,
    )
    .execute(&mut *conn)
    .await?;
    if new.scheme_of.is_none() {
        jobs::enqueue_reading(conn, new.id).await?;
    }
    Ok(())
}

/// Whether somebody has a document by a share.
pub async fn is_shared(conn: &mut PgConnection, document: Uuid, with: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM document_shares WHERE document_id = $1 AND shared_with_user_id = $2) AS "is!""#,
        document,
        with,
    )
    .fetch_one(conn)
    .await
}

/// Adds a share; `false` if the document may not be shared with this person.
pub async fn add_share(
    conn: &mut PgConnection,
    document: Uuid,
    with: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO document_shares (document_id, shared_with_user_id, created_at)
         SELECT id, $2, coalesce($3, now()) FROM documents
          WHERE id = $1 AND is_personal AND kind <> 'marking_scheme' AND same_level(uploaded_by, $2)",
        document,
        with,
        at,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Which of these attempts already exist.
pub async fn attempts_there(conn: &mut PgConnection, ids: &[Uuid]) -> Result<HashSet<Uuid>, sqlx::Error> {
    let there = sqlx::query_scalar!("SELECT id FROM attempts WHERE id = ANY ($1)", ids);
    Ok(there.fetch_all(conn).await?.into_iter().collect())
}

/// A marked attempt to import, with its quiz.
pub struct NewAttempt<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub document_id: Option<Uuid>,
    /// Every document that its questions are from.
    pub sources: &'a [Uuid],
    pub quiz: &'a Quiz,
    pub marks: &'a Marks,
    pub started_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
}

/// An answer, as a parameter of the statement below.
#[derive(Serialize)]
struct Given<'a> {
    question_id: Uuid,
    answer: &'a [String],
}

/// Stores an attempt as handed in and marked. The caller must recount afterwards.
pub async fn add_attempt(conn: &mut PgConnection, new: &NewAttempt<'_>) -> Result<(), AppError> {
    fn given(item: &ItemResult) -> Given<'_> {
        Given { question_id: item.question_id, answer: &item.answer.0 }
    }
    let given: Vec<Given> = new.marks.items.iter().map(given).collect();
    let quiz_id = sqlx::query_scalar!(
        r#"WITH quiz AS (
               INSERT INTO quizzes (user_id, document_id, mode, title, minutes, note, sources, created_at)
               VALUES ($1, CASE WHEN cardinality($6::uuid[]) = 1 THEN $6[1] END, $2, $3, $4, $5, $6, $7)
               RETURNING id
           ), questions AS (
               INSERT INTO quiz_questions (quiz_id, position, question)
               SELECT quiz.id, e.place - 1, e.question
                 FROM quiz, jsonb_array_elements($8::jsonb) WITH ORDINALITY AS e (question, place)
           )
           SELECT id AS "id!" FROM quiz"#,
        new.user_id,
        new.quiz.mode.as_str(),
        new.quiz.title,
        new.quiz.minutes,
        new.quiz.note,
        new.sources,
        new.started_at,
        Json(&new.quiz.questions) as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "WITH attempt AS (
             INSERT INTO attempts (id, quiz_id, user_id, document_id, started_at, deadline_at, submitted_at, closed_by,
                                   earned, possible)
             VALUES ($1, $2, $3, $4, $5, $5::timestamptz + make_interval(mins => $6), $7, 'pupil', $8, $9)
             RETURNING id
         )
         INSERT INTO attempt_answers (attempt_id, question_id, answer, saved_at)
         SELECT attempt.id, e.question_id, ARRAY(SELECT jsonb_array_elements_text(e.answer)), $7
           FROM attempt, jsonb_to_recordset($10::jsonb) AS e (question_id uuid, answer jsonb)",
        new.id,
        quiz_id,
        new.user_id,
        new.document_id,
        new.started_at,
        new.quiz.minutes,
        new.submitted_at,
        new.marks.earned,
        new.marks.possible,
        Json(&given) as _,
    )
    .execute(&mut *conn)
    .await?;
    attempts::put_marks(conn, new.id, &new.marks.items).await
}
