//! The subjects and topics of the levels.

use std::collections::HashMap;

use sqlx::{Connection, PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{OnConstraint, one_row};
use crate::domain::topic::Topic;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// A subject with its level.
pub struct Subject {
    pub level: String,
    pub name: String,
}

/// A line of the syllabus, with its source and confidence.
pub struct SyllabusRow {
    pub level: String,
    pub subject: String,
    pub topic: String,
    pub source: String,
    pub confidence: String,
    pub keywords: Vec<String>,
}

/// All subjects, by level and name.
pub async fn subjects(db: impl PgExecutor<'_>) -> Result<Vec<Subject>, AppError> {
    Ok(sqlx::query_as!(
        Subject,
        "SELECT s.level, s.name FROM subjects s JOIN levels l ON l.code = s.level ORDER BY l.position, s.name",
    )
    .fetch_all(db)
    .await?)
}

/// A subject by its level and name.
pub async fn subject_id(pool: &PgPool, level: &str, name: &str) -> Result<Uuid, AppError> {
    let id = sqlx::query_scalar!("SELECT id FROM subjects WHERE level = $1 AND name = $2", level, name);
    Ok(id.fetch_one(pool).await?)
}

/// Adds a topic after the others of its subject.
pub async fn add(pool: &PgPool, subject_id: Uuid, name: &str, keywords: &[String]) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO topics (subject_id, name, keywords, source, position)
         SELECT $1, $2, $3, 'the school', 1 + coalesce(max(position), 0) FROM topics WHERE subject_id = $1",
        subject_id,
        name,
        keywords,
    )
    .execute(pool)
    .await
    .on_constraint("topics_subject_id_name_key", name_taken())?;
    Ok(())
}

/// Changes the name and words of a topic.
pub async fn change(pool: &PgPool, id: Uuid, name: &str, keywords: &[String]) -> Result<(), AppError> {
    let changed = sqlx::query!("UPDATE topics SET name = $2, keywords = $3 WHERE id = $1", id, name, keywords)
        .execute(pool)
        .await
        .on_constraint("topics_subject_id_name_key", name_taken())?;
    one_row(changed)
}

fn name_taken() -> AppError {
    AppError::Conflict("This subject already has a topic with this name.".into())
}

/// The topics of a subject, in the order of the syllabus.
pub async fn of_subject(db: impl PgExecutor<'_>, subject_id: Uuid) -> Result<Vec<Topic>, AppError> {
    Ok(sqlx::query_as!(
        Topic,
        "SELECT id, name, keywords FROM topics WHERE subject_id = $1 ORDER BY position, id",
        subject_id,
    )
    .fetch_all(db)
    .await?)
}

/// Adds missing rows. Existing rows stay as they are, because the school may have edited them.
pub async fn add_syllabus(conn: &mut PgConnection, rows: &[SyllabusRow]) -> Result<(), AppError> {
    let mut tx = conn.begin().await?;
    for (position, row) in rows.iter().enumerate() {
        sqlx::query!(
            "WITH subject AS (
                 INSERT INTO subjects (level, name) VALUES ($1, $2)
                 ON CONFLICT (level, name) DO UPDATE SET name = excluded.name RETURNING id)
             INSERT INTO topics (subject_id, name, position, source, confidence, keywords)
             SELECT id, $3, $4, $5, $6, $7 FROM subject ON CONFLICT (subject_id, name) DO NOTHING",
            row.level,
            row.subject,
            row.topic,
            position as i32,
            row.source,
            row.confidence,
            &row.keywords,
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

/// The topics of the subject of a document that the viewer may see.
pub async fn of_document(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Vec<Topic>, AppError> {
    Ok(sqlx::query_as!(
        Topic,
        "SELECT t.id, t.name, t.keywords FROM topics t JOIN documents d ON d.subject_id = t.subject_id
           JOIN visible_document_ids($1) v ON v.id = d.id
          WHERE d.id = $2 ORDER BY t.position, t.id",
        viewer.id(),
        document_id,
    )
    .fetch_all(pool)
    .await?)
}

/// The names of topics, by id.
pub async fn names(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, AppError> {
    let rows = sqlx::query!("SELECT id, name FROM topics WHERE id = ANY ($1)", ids).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
}
