//! Quizzes: made from documents that the viewer may see, and read before they are started.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use exam_model::paper::section_rule;
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::quiz::{Feedback, Mode, for_candidate};
use crate::domain::topic::Topic;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::attempts::quizzes;
use crate::server::db::quizzes::{DrawFrom, SavedQuiz};
use crate::server::db::{self, topics};
use crate::server::http::api::shown::Shown;
use crate::server::http::extract::{Body, Ids};
use crate::server::viewer::Viewer;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(generate)).routes(routes!(one)).routes(routes!(start))
}

#[derive(Deserialize, ToSchema)]
struct Wanted {
    /// `real-exam`, `topic-focused` or `adaptive`.
    mode: Option<String>,
    /// The document to draw from; without one, name a subject.
    document_id: Option<Uuid>,
    /// The name of a subject of your level.
    subject: Option<String>,
    subject_id: Option<Uuid>,
    /// Names or ids; empty for any.
    #[serde(default)]
    topics: Vec<String>,
    /// The number of questions. Default: 10.
    count: Option<i32>,
}

/// An option of a question.
#[derive(Serialize, ToSchema)]
struct QuizOption {
    /// The id to give in an answer; the label or text work as well.
    id: String,
    label: String,
    text: String,
    shown: Shown,
}

/// A question, as a candidate sees it.
#[derive(Serialize, ToSchema)]
struct QuizQuestion {
    id: Uuid,
    /// Its number in the paper, such as `2.b.i`.
    number: String,
    /// The text, with the stems above it.
    text: String,
    shown: Shown,
    topic: Option<String>,
    options: Vec<QuizOption>,
    /// `single`, `multiple`, `true_false`, `numeric`, `short`, `list`, `cloze`, `match`, `order`, `classify`, `label`, `long`.
    question_type: String,
    marks: f64,
    /// The number of options, blanks or things asked for.
    choose: Option<u32>,
    /// Whether it has a picture, which is on its page.
    has_figure: bool,
    page: Option<u32>,
    source_document: Option<Uuid>,
    /// Why it was chosen, in an adaptive quiz.
    reason: Option<String>,
}

/// A quiz.
#[derive(Serialize, ToSchema)]
pub struct Quiz {
    id: Uuid,
    title: String,
    mode: String,
    duration_minutes: i32,
    instructions: String,
    questions: Vec<QuizQuestion>,
    question_count: usize,
    document_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

/// Makes a quiz. Its clock starts with the attempt.
#[utoipa::path(post, path = "/quiz/generate", tag = "quizzes", request_body = Wanted, responses(
    (status = 201, body = Quiz), (status = 404, body = crate::server::http::api::Problem), (status = 422, body = crate::server::http::api::Problem)))]
async fn generate(
    State(state): State<AppState>,
    viewer: Viewer,
    Body(wanted): Body<Wanted>,
) -> Result<(StatusCode, Json<Quiz>), AppError> {
    let wish = wish(&state, &viewer, wanted).await?;
    let id = quizzes::make(&state.pool, &viewer, &wish).await?;
    Ok((StatusCode::CREATED, Json(quiz(&state, &viewer, id).await?)))
}

async fn wish(state: &AppState, viewer: &Viewer, wanted: Wanted) -> Result<quizzes::QuizRequest, AppError> {
    let mode = match wanted.mode.as_deref() {
        None => Mode::TopicFocused,
        Some(word) => Mode::parse(word)
            .ok_or_else(|| AppError::field("mode")("Use real-exam, topic-focused or adaptive.".into()))?,
    };
    let from = match (wanted.document_id, wanted.subject_id, &wanted.subject) {
        (Some(document), _, _) => DrawFrom::Document(document),
        (_, Some(subject), _) => DrawFrom::Subject(subject),
        (_, _, Some(name)) => {
            let level = viewer.person().education_level.as_deref().unwrap_or_default();
            DrawFrom::Subject(topics::subject_id(&state.pool, level, name).await?)
        }
        _ => return Err(AppError::field("document_id")("Name a document or a subject.".into())),
    };
    let there = match (&from, wanted.topics.is_empty()) {
        (_, true) => Vec::new(),
        (DrawFrom::Document(id), _) => topics::of_document(&state.pool, viewer, *id).await?,
        (DrawFrom::Subject(id) | DrawFrom::Published(id), _) => topics::of_subject(&state.pool, *id).await?,
        (DrawFrom::Items(_), _) => Vec::new(),
    };
    let topic = |text: &String| {
        let named =
            |topic: &&Topic| topic.id.to_string() == text.trim() || topic.name.eq_ignore_ascii_case(text.trim());
        there
            .iter()
            .find(named)
            .map(|topic| topic.id)
            .ok_or_else(|| AppError::field("topics")(format!("There is no topic “{text}” in this subject.")))
    };
    let topics = wanted.topics.iter().map(topic).collect::<Result<_, _>>()?;
    Ok(quizzes::QuizRequest { from, mode, topics, count: wanted.count.unwrap_or(10), feedback: Feedback::Deferred })
}

/// One of your own quizzes.
#[utoipa::path(get, path = "/quiz/{id}", tag = "quizzes", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Quiz), (status = 404, body = crate::server::http::api::Problem)))]
async fn one(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<Json<Quiz>, AppError> {
    Ok(Json(quiz(&state, &viewer, id).await?))
}

/// A running attempt.
#[derive(Serialize, ToSchema)]
struct Started {
    attempt_id: Uuid,
    ends_at: DateTime<Utc>,
    seconds_left: i64,
}

/// Starts the clock of a quiz, or returns its running attempt.
#[utoipa::path(post, path = "/quiz/{id}/start", tag = "quizzes", params(("id" = Uuid, Path)), responses(
    (status = 201, body = Started), (status = 404, body = crate::server::http::api::Problem), (status = 409, body = crate::server::http::api::Problem)))]
async fn start(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<(StatusCode, Json<Started>), AppError> {
    let attempt_id = quizzes::sit(&state.pool, &viewer, id).await?;
    let stands = crate::server::attempts::state(&state.pool, &viewer, attempt_id).await?;
    let started = Started { attempt_id, ends_at: stands.ends_at, seconds_left: stands.seconds_left };
    Ok((StatusCode::CREATED, Json(started)))
}

async fn quiz(state: &AppState, viewer: &Viewer, id: Uuid) -> Result<Quiz, AppError> {
    let SavedQuiz { id, quiz, document_id, created_at } = db::quizzes::get(&state.pool, viewer, id).await?;
    let leaves = quiz.questions.iter().flat_map(Question::leaves);
    let topics: Vec<Uuid> = leaves.filter_map(|leaf| leaf.topic).collect();
    let names = topics::names(&state.pool, &topics).await?;
    let mut questions = Vec::new();
    for root in quiz.questions.iter().map(for_candidate) {
        gather(&root, &[], &mut |leaf, stems| {
            let drawn = root.drawn.as_ref();
            let texts = || stems.iter().copied().chain([leaf]).map(|item| (item.text.as_str(), &item.shown));
            questions.push(QuizQuestion {
                id: leaf.id,
                number: leaf.path.clone(),
                text: texts().map(|(text, _)| text).collect::<Vec<_>>().join("\n").trim().to_owned(),
                shown: Shown::of(texts()),
                topic: leaf.topic.and_then(|topic| names.get(&topic).cloned()),
                options: leaf.options.iter().map(option).collect(),
                question_type: db::word_of(&leaf.kind)?,
                marks: leaf.marks.unwrap_or(1.0),
                choose: leaf.choose,
                has_figure: leaf.figure,
                page: leaf.regions.first().map(|region| region.page),
                source_document: drawn.map(|drawn| drawn.document).or(document_id),
                reason: drawn.map(|drawn| drawn.why.clone()).filter(|why| !why.is_empty()),
            });
            Ok(())
        })?;
    }
    let rules = quiz.sections.iter().map(section_rule);
    let instructions = rules.chain((!quiz.note.is_empty()).then(|| quiz.note.clone())).collect::<Vec<_>>().join("\n");
    Ok(Quiz {
        id,
        mode: quiz.mode.as_str().to_owned(),
        duration_minutes: quiz.minutes,
        instructions,
        question_count: questions.len(),
        title: quiz.title,
        questions,
        document_id,
        created_at,
    })
}

fn option(choice: &exam_model::question::Choice) -> QuizOption {
    QuizOption {
        id: choice.id.clone(),
        label: choice.label.clone(),
        text: choice.text.clone(),
        shown: Shown::of([(choice.text.as_str(), &choice.shown)]),
    }
}

/// Every item that can be answered, with the stems above it.
fn gather<'a>(
    question: &'a Question,
    above: &[&'a Question],
    take: &mut impl FnMut(&'a Question, &[&'a Question]) -> Result<(), AppError>,
) -> Result<(), AppError> {
    if question.parts.is_empty() {
        return take(question, above);
    }
    let stems: Vec<&Question> = above.iter().copied().chain([question]).collect();
    question.parts.iter().try_for_each(|part| gather(part, &stems, take))
}
