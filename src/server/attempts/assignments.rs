//! What may be set to a class.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::document::DocumentKind;
use crate::error::AppError;
use crate::server::db;
use crate::server::viewer::Viewer;

/// Title and level of a paper or topic that is to be set; `Conflict` if no pupil could work on it.
pub async fn to_set(
    pool: &PgPool,
    viewer: &Viewer,
    document: Option<Uuid>,
    topic: Option<Uuid>,
) -> Result<(String, String), AppError> {
    if let Some(id) = document {
        let document = db::documents::get(pool, viewer, id).await?;
        let is_set_up = document.published
            && !document.is_personal
            && document.archived.is_none()
            && document.kind != DocumentKind::MarkingScheme
            && document.question_count > 0;
        return match document.level {
            Some(level) if is_set_up => Ok((document.title, level)),
            _ => Err(AppError::Conflict(
                "Pupils cannot see this paper. Publish it first, then set it to a class.".into(),
            )),
        };
    }
    let topic = db::assignments::topic(pool, topic.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)?;
    match topic.has_questions {
        true => Ok((topic.name, topic.level)),
        false => Err(AppError::Conflict("No published paper has a question on this topic with an answer key.".into())),
    }
}
