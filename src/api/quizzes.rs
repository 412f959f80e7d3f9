//! Making quizzes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::document::Document;
use crate::domain::paper::Section;
use crate::domain::quiz::Mode;
use crate::error::AppError;

/// What a quiz from a document may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuizForm {
    pub document: Document,
    pub sections: Vec<Section>,
    /// Of the whole paper.
    pub minutes: i32,
    pub marks: f64,
    /// Id, name and number of items that can be marked.
    pub topics: Vec<(Uuid, String, i64)>,
}

/// What a quiz from a document may be.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_quiz_form(document: Uuid) -> Result<QuizForm, AppError> {
    use crate::domain::quiz;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let frame = db::documents::frame(&asking.state.pool, &asking.viewer, document).await?;
    let mut questions = db::questions::of_document(&asking.state.pool, &asking.viewer, document).await?;
    quiz::settle_marks(&mut questions);
    let all: f64 = questions.iter().map(quiz::marks_of).sum();
    Ok(QuizForm {
        document: db::documents::get(&asking.state.pool, &asking.viewer, document).await?,
        sections: frame.sections,
        minutes: quiz::exam_minutes(frame.cover.duration, all),
        marks: frame.cover.total.unwrap_or(all),
        topics: db::questions::topics_of_document(&asking.state.pool, &asking.viewer, document).await?,
    })
}

/// Makes a quiz and starts its clock.
#[server]
pub async fn start_quiz(
    document: Uuid,
    mode: Mode,
    #[server(default)] topics: Vec<Uuid>,
    #[server(default)] count: i32,
) -> Result<(), AppError> {
    use crate::server::quizzes::{self, Wish};
    use crate::server::request;
    let asking = request::signed_in()?;
    let wish = Wish { document_id: document, mode, topics, count };
    let attempt = quizzes::begin(&asking.state.pool, &asking.viewer, &wish).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}
