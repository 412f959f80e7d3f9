//! Starting quizzes.

use leptos::prelude::*;
use uuid::Uuid;

use crate::domain::progress::SubjectLine;
use crate::domain::quiz::{Feedback, Mode, QuizForm};
use crate::error::AppError;

/// The choices for a quiz from a document or a subject.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_quiz_form(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] subject: Option<Uuid>,
) -> Result<QuizForm, AppError> {
    use crate::server::attempts::quizzes;
    use crate::server::request;
    let asking = request::signed_in()?;
    quizzes::form(&asking.state.pool, &asking.viewer, document, subject).await
}

/// The subjects that the viewer can practise.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_subjects() -> Result<Vec<SubjectLine>, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::quizzes::subjects(&asking.state.pool, &asking.viewer, None).await
}

/// Makes a quiz from a document or a subject, and starts it.
#[server]
pub async fn start_quiz(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] subject: Option<Uuid>,
    mode: Mode,
    #[server(default)] topics: Vec<Uuid>,
    #[server(default)] count: i32,
    #[server(default)] feedback: Feedback,
) -> Result<(), AppError> {
    use crate::server::attempts::quizzes::{self, QuizRequest};
    use crate::server::request;
    let asking = request::signed_in()?;
    let from = quizzes::draw_from(document, subject)?;
    let wish = QuizRequest { from, mode, topics, count, feedback };
    let attempt = quizzes::begin(&asking.state.pool, &asking.viewer, &wish).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}

/// Makes a quiz of the viewer's mistakes that are due, and starts it, with immediate feedback.
#[server]
pub async fn practise_mistakes() -> Result<(), AppError> {
    use crate::server::attempts::quizzes;
    use crate::server::request;
    let asking = request::signed_in()?;
    let attempt = quizzes::begin_mistakes(&asking.state.pool, &asking.viewer).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}

/// Makes a quiz of one question like an item of a closed attempt, and starts it, with immediate feedback.
#[server]
pub async fn another_like_this(attempt: Uuid, question: Uuid) -> Result<(), AppError> {
    use crate::server::attempts::quizzes;
    use crate::server::request;
    let asking = request::signed_in()?;
    let attempt = quizzes::begin_another(&asking.state.pool, &asking.viewer, attempt, question).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}
