//! Documents as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgPool;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::document::DocumentKind;
use crate::error::AppError;
use crate::server::session::Viewer;

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    pub id: Uuid,
    pub filename: String,
    pub title: String,
    pub subject: Option<String>,
    pub level: Option<String>,
    pub year: Option<i32>,
    pub uploaded_by: Uuid,
    pub uploader_name: String,
    /// `pending`, `ingesting`, `completed` or `failed`.
    pub ingestion_status: String,
    /// Why the reading failed.
    pub ingestion_error: Option<String>,
    /// `exam_paper`, `marking_scheme`, `syllabus`, `textbook`, `notes` or `other`.
    pub document_category: String,
    pub is_personal: bool,
    pub is_shared: bool,
    /// Pupils of the level see it.
    pub is_published: bool,
    pub official_duration_minutes: Option<i32>,
    pub instructions: String,
    pub page_count: i32,
    /// Items that can be answered.
    pub question_count: i64,
    pub subject_id: Option<Uuid>,
    pub is_archived: bool,
    pub archived_at: Option<DateTime<Utc>>,
    pub archive_reason: Option<String>,
    /// The school's; pupils see none.
    pub comment_count: i64,
    pub created_at: DateTime<Utc>,
}

/// Which documents of those one may see.
#[derive(Debug, Clone, Default)]
pub struct Which {
    pub id: Option<Uuid>,
    pub level: Option<String>,
    pub subject: Option<String>,
    pub subject_id: Option<Uuid>,
    pub year: Option<i32>,
    pub kind: Option<DocumentKind>,
    pub is_personal: Option<bool>,
    /// Archived ones too.
    pub archived: bool,
}

/// A part of the documents that the viewer may see and that fit, by year from the newest, then title.
pub async fn list(
    pool: &PgPool,
    viewer: &Viewer,
    which: &Which,
    skip: i64,
    limit: i64,
) -> Result<Vec<Document>, AppError> {
    Ok(sqlx::query_as!(
        Document,
        r#"SELECT d.id, d.filename, d.title, s.name AS "subject?", d.level, d.year, d.uploaded_by,
                  u.full_name AS uploader_name,
                  CASE d.status WHEN 'queued' THEN 'pending' WHEN 'reading' THEN 'ingesting'
                                WHEN 'ready' THEN 'completed' ELSE 'failed' END AS "ingestion_status!",
                  d.failure AS ingestion_error, d.kind AS document_category, d.is_personal, d.is_shared,
                  d.published_at IS NOT NULL AS "is_published!",
                  coalesce(d.official_minutes, (d.paper -> 'cover' ->> 'duration')::integer) AS official_duration_minutes,
                  d.instructions, d.page_count,
                  (SELECT count(*) FROM questions q WHERE q.document_id = d.id AND q.kind <> 'group') AS "question_count!",
                  d.subject_id, d.is_archived, d.archived_at, d.archive_reason,
                  CASE WHEN $12 THEN (SELECT count(*) FROM document_comments c WHERE c.document_id = d.id)
                       ELSE 0 END AS "comment_count!",
                  d.created_at
             FROM documents d
             JOIN visible_document_ids($1) v ON v.id = d.id
             JOIN users u ON u.id = d.uploaded_by
             LEFT JOIN subjects s ON s.id = d.subject_id
            WHERE ($2::uuid IS NULL OR d.id = $2)
              AND ($3::text IS NULL OR d.level = $3)
              AND ($4::text IS NULL OR s.name = $4)
              AND ($5::uuid IS NULL OR d.subject_id = $5)
              AND ($6::integer IS NULL OR d.year = $6)
              AND ($7::text IS NULL OR d.kind = $7)
              AND ($8::boolean IS NULL OR d.is_personal = $8)
              AND ($9 OR NOT d.is_archived OR d.id = $2)
            ORDER BY d.year DESC NULLS LAST, d.title, d.id
           OFFSET $10 LIMIT $11"#,
        viewer.id(),
        which.id,
        which.level,
        which.subject,
        which.subject_id,
        which.year,
        which.kind.map(DocumentKind::as_str),
        which.is_personal,
        which.archived,
        skip,
        limit,
        viewer.is_admin(),
    )
    .fetch_all(pool)
    .await?)
}

/// One document that the viewer may see; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    let which = Which { id: Some(id), archived: true, ..Which::default() };
    list(pool, viewer, &which, 0, 1).await?.pop().ok_or(AppError::NotFound)
}
