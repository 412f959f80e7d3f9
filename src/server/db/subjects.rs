//! Subjects, as a user sees them, and which ones a pupil takes.

use serde::Serialize;
use sqlx::PgPool;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{OnConstraint, one_row};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// A subject of a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subject {
    pub id: Uuid,
    pub name: String,
    pub level: String,
    pub description: String,
    /// The number of its documents that the viewer may see.
    pub document_count: i64,
    /// Whether the viewer takes it.
    pub enrolled: bool,
}

/// The subjects that the viewer may take (all for staff), by level and name; optionally one of them, or those of a level.
pub async fn list(
    pool: &PgPool,
    viewer: &Viewer,
    id: Option<Uuid>,
    level: Option<&str>,
) -> Result<Vec<Subject>, AppError> {
    Ok(sqlx::query_as!(
        Subject,
        r#"SELECT s.id, s.name, s.level, s.description,
                  (SELECT count(*) FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
                    WHERE d.subject_id = s.id AND NOT d.is_archived AND d.kind <> 'marking_scheme') AS "document_count!",
                  EXISTS (SELECT FROM enrollments e WHERE e.user_id = $1 AND e.subject_id = s.id) AS "enrolled!"
             FROM subjects s JOIN levels l ON l.code = s.level
            WHERE ($2 OR s.level = $3) AND ($4::uuid IS NULL OR s.id = $4) AND ($5::text IS NULL OR s.level = $5)
            ORDER BY l.position, s.name"#,
        viewer.id(),
        viewer.is_staff(),
        viewer.person().education_level,
        id,
        level,
    )
    .fetch_all(pool)
    .await?)
}

/// Adds a subject to a level; `Conflict` if it already exists, `Invalid` for an unknown level.
pub async fn create(pool: &PgPool, level: &str, name: &str, description: &str) -> Result<Uuid, AppError> {
    let taken = AppError::Conflict("This level already has a subject with this name.".into());
    sqlx::query_scalar!(
        "INSERT INTO subjects (level, name, description) SELECT code, $2, $3 FROM levels WHERE code = $1 RETURNING id",
        level,
        name,
        description,
    )
    .fetch_optional(pool)
    .await
    .on_constraint("subjects_level_name_key", taken)?
    .ok_or_else(|| AppError::field("level")("Choose a level from the list.".into()))
}

/// Enrols the viewer in these subjects of their level, all or none.
pub async fn enroll(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    for id in ids {
        let done = sqlx::query!(
            "INSERT INTO enrollments (user_id, subject_id)
             SELECT $1, id FROM subjects WHERE id = $2 AND level = $3
                 ON CONFLICT (user_id, subject_id) DO UPDATE SET user_id = excluded.user_id",
            viewer.id(),
            id,
            viewer.person().education_level,
        )
        .execute(&mut *tx)
        .await?;
        one_row(done)?;
    }
    Ok(tx.commit().await?)
}

/// Removes a subject from those that the viewer takes; `NotFound` if they did not take it.
pub async fn leave(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    let done = sqlx::query!("DELETE FROM enrollments WHERE user_id = $1 AND subject_id = $2", viewer.id(), id);
    one_row(done.execute(pool).await?)
}
