//! Making quizzes.

use chrono::NaiveDate;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::paper::Section;
use crate::domain::progress::SubjectLine;
use crate::domain::quiz::Mode;
use crate::error::AppError;

/// What a quiz from a document, or from all documents of a subject, may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuizForm {
    pub document: Option<Uuid>,
    pub subject: Option<Uuid>,
    pub title: String,
    /// For an exam paper.
    pub exam: Option<WholePaper>,
    /// Questions that can be asked and marked.
    pub questions: i64,
    /// Items that cannot be marked, for want of a key.
    pub unmarked: i64,
    /// Items made from notes that must be approved first.
    pub waiting: i64,
    /// Id, name and number of items that can be marked.
    pub topics: Vec<(Uuid, String, i64)>,
    pub exam_on: NaiveDate,
    pub days_left: i64,
}

/// An exam paper as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WholePaper {
    pub sections: Vec<Section>,
    pub minutes: i32,
    /// As `Quiz::total`.
    pub marks: f64,
}

/// What a quiz from a document or from a subject may be.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_quiz_form(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] subject: Option<Uuid>,
) -> Result<QuizForm, AppError> {
    use crate::server::{quizzes, request};
    let asking = request::signed_in()?;
    quizzes::form(&asking.state.pool, &asking.viewer, document, subject).await
}

/// The subjects that one can practise.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_subjects() -> Result<Vec<SubjectLine>, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::quizzes::subjects(&asking.state.pool, &asking.viewer, None).await
}

/// Makes a quiz from a document or from a subject, and starts its clock.
#[server]
pub async fn start_quiz(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] subject: Option<Uuid>,
    mode: Mode,
    #[server(default)] topics: Vec<Uuid>,
    #[server(default)] count: i32,
) -> Result<(), AppError> {
    use crate::server::quizzes::{self, Wish};
    use crate::server::request;
    let asking = request::signed_in()?;
    let from = quizzes::draw_from(document, subject)?;
    let attempt = quizzes::begin(&asking.state.pool, &asking.viewer, &Wish { from, mode, topics, count }).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}

/// Makes a quiz of one's mistakes that are due, and starts its clock.
#[server]
pub async fn practise_mistakes() -> Result<(), AppError> {
    use crate::server::{quizzes, request};
    let asking = request::signed_in()?;
    let attempt = quizzes::begin_mistakes(&asking.state.pool, &asking.viewer).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}

/// Makes a quiz of one question like an item of a closed attempt, and starts its clock.
#[server]
pub async fn another_like_this(attempt: Uuid, question: Uuid) -> Result<(), AppError> {
    use crate::server::{quizzes, request};
    let asking = request::signed_in()?;
    let attempt = quizzes::begin_another(&asking.state.pool, &asking.viewer, attempt, question).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}
