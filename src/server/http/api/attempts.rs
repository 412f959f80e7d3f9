//! Attempts: answered in one request, or started, written to and handed in; and their results.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use exam_marking::json_case;
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::journal::{Entry, Field};
use crate::domain::progress::share;
use crate::domain::quiz::Quiz;
use crate::error::AppError;
use crate::server::attempts::{self, Form, Sender, quizzes};
use crate::server::db::attempts::Summary;
use crate::server::http::extract::{Body, Ids, Params, Slice};
use crate::server::viewer::{Client, Viewer};
use crate::server::{AppState, db};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(journal))
        .routes(routes!(submit))
}

/// The marks for a topic.
#[derive(Serialize, ToSchema)]
pub struct TopicScore {
    pub topic: String,
    /// Marks.
    pub correct: f64,
    pub total: f64,
    /// 0 to 1.
    pub accuracy: f64,
}

/// An attempt; while it is running it has no scores.
#[derive(Serialize, ToSchema)]
pub struct Attempt {
    pub id: Uuid,
    pub quiz_id: Uuid,
    pub student_id: Uuid,
    pub document_id: Option<Uuid>,
    pub title: String,
    pub mode: String,
    /// Marks.
    pub score: Option<f64>,
    pub total: Option<f64>,
    /// 0 to 100.
    pub percentage: Option<f64>,
    pub topic_breakdown: Vec<TopicScore>,
    pub started_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
}

/// An answer and its marks.
#[derive(Serialize, ToSchema)]
struct MarkedAnswer {
    question_id: Uuid,
    /// The question's number in the paper.
    number: String,
    /// Options are given by their ids.
    answer: Vec<String>,
    /// `null` while the attempt is running.
    marks: Option<f64>,
    of: Option<f64>,
    /// `right`, `partly`, `wrong`, `blank`, `unmarked`.
    verdict: Option<String>,
    /// Why, as a sentence.
    reason: Option<String>,
    /// Whether the mark is a suggestion, until a person has decided.
    is_provisional: bool,
    right_answer: Option<String>,
    /// Whether it counts towards the total.
    counts: bool,
}

#[derive(Serialize, ToSchema)]
struct AttemptDetail {
    #[serde(flatten)]
    attempt: Attempt,
    answers: Vec<MarkedAnswer>,
}

/// The attempts of these summaries, with the marks by topic that the viewer sees.
pub async fn described(state: &AppState, viewer: &Viewer, summaries: Vec<Summary>) -> Result<Vec<Attempt>, AppError> {
    let ids: Vec<Uuid> = summaries.iter().map(|summary| summary.id).collect();
    let mut topics: HashMap<Uuid, Vec<TopicScore>> = HashMap::new();
    for row in db::attempts::by_topic(&state.pool, viewer, &ids).await? {
        let accuracy = share(row.earned, row.possible).unwrap_or_default();
        let score = TopicScore { topic: row.topic, correct: row.earned, total: row.possible, accuracy };
        topics.entry(row.attempt_id).or_default().push(score);
    }
    let attempt = |summary: Summary| Attempt {
        topic_breakdown: topics.remove(&summary.id).unwrap_or_default(),
        percentage: summary
            .earned
            .zip(summary.possible)
            .and_then(|(got, of)| share(got, of))
            .map(|share| 100.0 * share),
        id: summary.id,
        quiz_id: summary.quiz_id,
        student_id: summary.user_id,
        document_id: summary.document_id,
        title: summary.title,
        mode: summary.mode,
        score: summary.earned,
        total: summary.possible,
        started_at: summary.started_at,
        submitted_at: summary.submitted_at,
    };
    Ok(summaries.into_iter().map(attempt).collect())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AttemptFilter {
    skip: Option<i64>,
    limit: Option<i64>,
}

/// Your own attempts, the latest first.
#[utoipa::path(get, path = "/attempts", tag = "attempts", params(AttemptFilter), responses((status = 200, body = Vec<Attempt>)))]
async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Params(which): Params<AttemptFilter>,
) -> Result<Json<Vec<Attempt>>, AppError> {
    let Slice { skip, limit } = Slice::of(which.skip, which.limit);
    let summaries = db::attempts::summaries(&state.pool, &viewer, viewer.id(), None, skip, limit).await?;
    Ok(Json(described(&state, &viewer, summaries).await?))
}

#[derive(Deserialize, ToSchema)]
struct NewAttempt {
    quiz_id: Uuid,
    /// The answer to each question, by its id: one text, or several for several options, blanks or things. An option is
    /// given by its id, its label or its text.
    #[serde(default)]
    answers: BTreeMap<Uuid, Answers>,
}

/// One text or several.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum Answers {
    One(String),
    Many(Vec<String>),
    Nothing(()),
}

impl Answers {
    fn texts(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
            Self::Nothing(()) => Vec::new(),
        }
    }
}

/// All answers to a quiz.
fn by_id(quiz: &Quiz) -> HashMap<Uuid, &Question> {
    quiz.questions.iter().flat_map(Question::leaves).map(|leaf| (leaf.id, leaf)).collect()
}

/// Answers a quiz in one request: starts it, saves the answers, hands it in and marks it.
#[utoipa::path(post, path = "/attempts", tag = "attempts", request_body = NewAttempt, responses(
    (status = 201, body = AttemptDetail), (status = 404, body = super::Problem), (status = 409, body = super::Problem),
    (status = 422, body = super::Problem)))]
async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    client: Client,
    Body(new): Body<NewAttempt>,
) -> Result<(StatusCode, Json<AttemptDetail>), AppError> {
    let kept = db::quizzes::get(&state.pool, &viewer, new.quiz_id).await?;
    let leaves = by_id(&kept.quiz);
    let mut fields = BTreeMap::new();
    for (id, answer) in new.answers {
        let unknown = || AppError::field("answers")(format!("The quiz has no question {id}."));
        let leaf = leaves.get(&id).ok_or_else(unknown)?;
        fields.insert(Field::Answer(id), json_case::pieces(leaf, answer.texts()));
    }
    let id = quizzes::sit(&state.pool, &viewer, new.quiz_id).await?;
    let form = Form { writer: Uuid::new_v4(), shown_at: None, fields };
    let synced = attempts::save_form(&state.saves, &viewer, id, &client.device, form, true).await?;
    if let Some(reason) = synced.refused {
        return Err(AppError::field("answers")(reason));
    }
    Ok((StatusCode::CREATED, Json(detail(&state, &viewer, id).await?)))
}

/// An attempt with its answers, and its marks once it is handed in: one of your own, or for an admin anybody's.
#[utoipa::path(get, path = "/attempts/{id}", tag = "attempts", params(("id" = Uuid, Path)), responses(
    (status = 200, body = AttemptDetail), (status = 404, body = super::Problem)))]
async fn one(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<AttemptDetail>, AppError> {
    Ok(Json(detail(&state, &viewer, id).await?))
}

#[derive(Deserialize, ToSchema)]
struct Written {
    /// An id that the page or program chose for itself; a new one takes over the attempt.
    writer: Uuid,
    #[serde(default)]
    entries: Vec<WrittenEntry>,
}

/// One change of an answer.
#[derive(Deserialize, ToSchema)]
struct WrittenEntry {
    /// Counts from 1.
    seq: i64,
    question_id: Uuid,
    answer: Answers,
    /// Milliseconds since 1970, by the device's clock.
    #[serde(default)]
    written_at: i64,
}

/// The state of an attempt.
#[derive(Serialize, ToSchema)]
struct AttemptState {
    seconds_left: i64,
    ends_at: DateTime<Utc>,
    paused: bool,
    /// The school has ended it: it is handed in then, unless the school undoes that before.
    ending_at: Option<DateTime<Utc>>,
    closed: bool,
    /// The attempt was over: the changes are in the journal, but not marked.
    late: bool,
    /// A message if an answer was too long; the others were saved.
    refused: Option<String>,
}

/// Adds changes to the attempt's journal. They may be sent several times and in any order.
#[utoipa::path(post, path = "/attempts/{id}/journal", tag = "attempts", params(("id" = Uuid, Path)),
    request_body = Written, responses((status = 200, body = AttemptState), (status = 404, body = super::Problem)))]
async fn journal(
    State(state): State<AppState>,
    viewer: Viewer,
    client: Client,
    Ids(id): Ids<Uuid>,
    Body(written): Body<Written>,
) -> Result<Json<AttemptState>, AppError> {
    let attempt = db::attempts::get(&state.pool, &viewer, id).await?;
    let leaves = by_id(&attempt.quiz);
    let writer = written.writer;
    let entry = |entry: WrittenEntry| {
        let texts = entry.answer.texts();
        let value = leaves.get(&entry.question_id).map_or_else(Vec::new, |leaf| json_case::pieces(leaf, texts));
        Entry { writer, seq: entry.seq, field: Field::Answer(entry.question_id), value, written_at: entry.written_at }
    };
    let entries = written.entries.into_iter().map(entry).collect();
    let sender = Sender { writer, device: &client.device };
    let synced = attempts::sync(&state.saves, &viewer, id, sender, entries, false).await?;
    Ok(Json(AttemptState {
        seconds_left: synced.state.seconds_left,
        ends_at: synced.state.ends_at,
        paused: synced.state.paused,
        ending_at: synced.state.ending_at,
        closed: synced.state.closed,
        late: synced.late,
        refused: synced.refused,
    }))
}

/// Hands in an attempt. If it is already closed, nothing changes.
#[utoipa::path(post, path = "/attempts/{id}/submit", tag = "attempts", params(("id" = Uuid, Path)), responses(
    (status = 200, body = AttemptDetail), (status = 404, body = super::Problem)))]
async fn submit(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<AttemptDetail>, AppError> {
    attempts::hand_in(&state.pool, &viewer, id).await?;
    Ok(Json(detail(&state, &viewer, id).await?))
}

async fn detail(state: &AppState, viewer: &Viewer, id: Uuid) -> Result<AttemptDetail, AppError> {
    let attempt = db::attempts::get(&state.pool, viewer, id).await?;
    let summaries = db::attempts::summaries(&state.pool, viewer, attempt.user_id, Some(id), 0, 1).await?;
    let summary = described(state, viewer, summaries).await?.pop().ok_or(AppError::NotFound)?;
    let leaves = attempt.quiz.questions.iter().flat_map(Question::leaves);
    let answers = if attempt.submitted_at.is_some() && attempt.told_from().is_none() {
        let mut results: HashMap<Uuid, _> = db::attempts::results(&state.pool, id)
            .await?
            .into_iter()
            .map(|result| (result.question_id, result))
            .collect();
        let answer = |leaf: &Question| {
            let result = results.remove(&leaf.id)?;
            Some(MarkedAnswer {
                question_id: leaf.id,
                number: leaf.path.clone(),
                answer: result.answer.0,
                marks: Some(result.marked.marks),
                of: Some(result.marked.of),
                verdict: db::word_of(&result.marked.verdict).ok(),
                is_provisional: result.marked.is_provisional(),
                reason: Some(result.marked.reason),
                right_answer: leaf.key.as_ref().map(|key| key.text.clone()),
                counts: result.counts,
            })
        };
        leaves.filter_map(answer).collect()
    } else {
        let mut conn = state.pool.acquire().await?;
        let mut given = db::journal::answers(&mut conn, id).await?;
        let answer = |leaf: &Question| MarkedAnswer {
            question_id: leaf.id,
            number: leaf.path.clone(),
            answer: given.remove(&leaf.id).map(|answer| answer.0).unwrap_or_default(),
            marks: None,
            of: None,
            verdict: None,
            is_provisional: false,
            reason: None,
            right_answer: None,
            counts: false,
        };
        leaves.map(answer).collect()
    };
    Ok(AttemptDetail { attempt: summary, answers })
}
