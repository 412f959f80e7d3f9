//! Quizzes: fixed lists of questions, with the questions as they were.

use std::collections::HashSet;

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::quiz::Quiz;
use crate::error::AppError;
use crate::server::session::Viewer;

/// Keeps a quiz with its own copy of the questions.
pub async fn create(
    conn: &mut PgConnection,
    viewer: &Viewer,
    document_id: Uuid,
    quiz: &Quiz,
) -> Result<Uuid, AppError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO quizzes (user_id, document_id, mode, title, minutes, sections)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        viewer.id(),
        document_id,
        quiz.mode.as_str(),
        quiz.title,
        quiz.minutes,
        Json(&quiz.sections) as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    for (position, question) in quiz.questions.iter().enumerate() {
        sqlx::query!(
            "INSERT INTO quiz_questions (quiz_id, position, question) VALUES ($1, $2, $3)",
            id,
            position as i32,
            Json(question) as _,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(id)
}

/// The items of a document that the viewer has answered in a closed attempt.
pub async fn answered(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<HashSet<Uuid>, AppError> {
    let ids = sqlx::query_scalar!(
        "SELECT DISTINCT r.question_id
           FROM attempt_answers r JOIN attempts a ON a.id = r.attempt_id
          WHERE a.user_id = $1 AND a.document_id = $2 AND r.verdict <> 'blank'",
        viewer.id(),
        document_id,
    )
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().collect())
}
