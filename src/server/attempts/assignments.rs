//! What may be set to a class.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::assignment::{NewAssignment, Work};
use crate::domain::document::DocumentKind;
use crate::error::AppError;
use crate::server::viewer::Viewer;
use crate::server::{attempts, db};

/// Sets work to a class of its level, and returns its id.
pub async fn set(pool: &PgPool, by: &Viewer, new: &NewAssignment) -> Result<Uuid, AppError> {
    let of_class = db::classes::get(pool, by, new.class).await?.level;
    let (_, level) = to_set(pool, by, new.work).await?;
    if of_class != level {
        return Err(AppError::field("class")(format!("Choose a class of {level}: this is not for others.")));
    }
    new.check(attempts::now()).map_err(AppError::of_field)?;
    db::assignments::add(pool, by, new).await
}

/// Title and level of work that is to be set; `Conflict` if no pupil could do it.
pub async fn to_set(pool: &PgPool, viewer: &Viewer, work: Work) -> Result<(String, String), AppError> {
    match work {
        Work::Paper(id) => {
            let document = db::documents::get(pool, viewer, id).await?;
            let is_seen = document.published
                && !document.is_personal
                && document.archived.is_none()
                && document.kind != DocumentKind::MarkingScheme
                && document.question_count > 0;
            document.level.filter(|_| is_seen).map(|level| (document.title, level)).ok_or_else(|| {
                AppError::Conflict("Pupils cannot see this paper. Publish it first, then set it to a class.".into())
            })
        }
        Work::Topic { topic, .. } => {
            let topic = db::assignments::topic(pool, viewer, topic).await?.ok_or(AppError::NotFound)?;
            topic.has_questions.then_some((topic.name, topic.level)).ok_or_else(|| {
                AppError::Conflict("No published paper has a question on this topic with an answer key.".into())
            })
        }
        Work::Test(id) => {
            let test = db::class_tests::get(pool, viewer, id).await?;
            if test.content.questions.is_empty() {
                return Err(AppError::Conflict(
                    "This test has no questions yet. Add some, then set it to a class.".into(),
                ));
            }
            let sources: Vec<Uuid> =
                test.content.questions.iter().filter_map(|root| Some(root.drawn.as_ref()?.document)).collect();
            match db::class_tests::hidden(pool, viewer, &sources).await?.first() {
                None => Ok((test.title, test.level)),
                Some(paper) => Err(AppError::Conflict(format!(
                    "Pupils cannot see {paper}, from which a question of this test is. Publish it, or take the question out."
                ))),
            }
        }
    }
}
