//! The queue of answers that wait for a person, and the marks that the person gives.

use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use super::regrade;
use crate::domain::manual_marking::{MarkOverride, QuestionToMark, parse_marks};
use crate::error::AppError;
use crate::server::db::{documents, manual_marking, questions};
use crate::server::viewer::Viewer;

/// A question with the answers of the viewer's pupils; `NotFound` unless the viewer may see its paper.
pub async fn question(pool: &PgPool, admin: &Viewer, id: Uuid) -> Result<QuestionToMark, AppError> {
    let document = manual_marking::document_of(pool, admin, id).await?;
    let paper = documents::get(pool, admin, document).await?.title;
    let all = questions::of_document(pool, admin, document).await?;
    let question = all.iter().find_map(|root| with_stems(root, id)).ok_or(AppError::NotFound)?;
    let answers = manual_marking::answers(pool, &admin.scope(None)?, id).await?;
    Ok(QuestionToMark { document, paper, question, answers })
}

/// The item with this id, the stems above it in front of its text, and their print in place of its own if they have a figure.
pub(in crate::server) fn with_stems(question: &Question, id: Uuid) -> Option<Question> {
    if question.id == id {
        return Some(question.clone());
    }
    let found = question.parts.iter().find_map(|part| with_stems(part, id))?;
    let text = format!("{}\n{}", question.text, found.text).trim().to_owned();
    let marks = found.marks.or(question.marks.filter(|_| question.parts.len() == 1));
    let figure = found.figure || question.figure;
    let regions = if question.figure { question.regions.clone() } else { found.regions };
    Some(Question { text, marks, figure, regions, ..found })
}

/// Gives the answer of an attempt these marks, written as on a form, and in all attempts that have the same answer.
pub async fn mark(
    pool: &PgPool,
    admin: &Viewer,
    question: Uuid,
    attempt: Uuid,
    marks: &str,
    note: &str,
) -> Result<(), AppError> {
    let note = note.trim();
    if note.chars().count() > 500 {
        return Err(AppError::field("note")("Write at most 500 letters.".into()));
    }
    let given = |of| {
        let marks = parse_marks(marks, of).map_err(AppError::field("marks"))?;
        Ok(MarkOverride { marks, note: note.to_owned() })
    };
    regrade::mark_by_hand(pool, admin, question, attempt, given).await
}
