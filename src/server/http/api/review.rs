//! Getting a paper ready: its marking scheme, its questions and their keys, and publishing it.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use exam_model::question::{self, Choice};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::documents::{Document, Sent, get, multipart};
use super::shown::Shown;
use crate::domain::correction::{self, QuestionForm};
use crate::domain::upload::Refusal;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::{documents, questions};
use crate::server::documents::uploads::{self, Refused, only_scheme};
use crate::server::documents::{review, sharing};
use crate::server::http::extract::{Body, Ids, StaffViewer};
use crate::server::http::uploads::Parts;
use crate::server::viewer::Viewer;

/// The routes; `longest_upload` limits the bytes of an upload.
pub fn routes(longest_upload: usize) -> OpenApiRouter<AppState> {
    let with_files = OpenApiRouter::new().routes(routes!(attach_scheme)).layer(DefaultBodyLimit::max(longest_upload));
    OpenApiRouter::new()
        .routes(routes!(detach_scheme))
        .routes(routes!(list_questions))
        .routes(routes!(correct_question))
        .routes(routes!(approve_question))
        .routes(routes!(publish))
        .routes(routes!(hide))
        .routes(routes!(delete))
        .merge(with_files)
}

/// The `multipart/form-data` fields of a marking scheme.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, read as parts")]
struct SchemeForm {
    /// A PDF, or once for each photo of its pages.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Attaches a marking scheme to a paper, replacing an earlier one. The paper is read again, with its keys; what people
/// corrected stays.
#[utoipa::path(post, path = "/documents/{id}/scheme", tag = "documents", params(("id" = Uuid, Path)),
    request_body(content = SchemeForm, content_type = "multipart/form-data"), responses(
    (status = 201, body = Document), (status = 404, body = super::Problem), (status = 413, body = super::Problem),
    (status = 415, body = super::Problem), (status = 422, body = super::Problem)))]
async fn attach_scheme(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
    sent: Sent,
) -> Result<(StatusCode, Json<Document>), AppError> {
    let config = &state.config;
    let refused = |refusal| uploads::error(refusal, config);
    let files = Parts::read(multipart(sent)?).await.map_err(refused)?.files("file");
    if files.is_empty() {
        return Err(refused(Refusal::NoFile));
    }
    let scheme = only_scheme(files, config.max_upload).await.map_err(|why| match why {
        Refused::Known(refusal) => refused(refusal),
        Refused::Other(error) => error,
    })?;
    let scheme = documents::store_scheme(&state.pool, &viewer, id, &scheme, config.pupil_quota).await?;
    Ok((StatusCode::CREATED, Json(get(&state, &viewer, scheme).await?)))
}

/// Removes the marking scheme of a paper, and the keys that came from it. The paper is read again.
#[utoipa::path(delete, path = "/documents/{id}/scheme", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = super::Problem)))]
async fn detach_scheme(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<StatusCode, AppError> {
    documents::detach_scheme(&state.pool, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One of the choices of an item, or a word of its word bank.
#[derive(Serialize, ToSchema)]
struct ItemOption {
    id: String,
    /// As printed, such as `A`; may be empty.
    label: String,
    text: String,
    shown: Shown,
}

/// A question or a part of one, as it was read and corrected.
#[derive(Serialize, ToSchema)]
struct Item {
    /// Labels from the outermost in, such as `2.b.i`.
    path: String,
    /// `group` for what only has parts; `single`, `multiple`, `true_false`, `numeric`, `short`, `list`, `cloze`, `match`,
    /// `order`, `classify`, `label` or `long`.
    kind: String,
    text: String,
    shown: Shown,
    options: Vec<ItemOption>,
    /// How many options, blanks or points are asked for.
    choose: Option<u32>,
    marks: Option<f64>,
    /// The answer as a marking scheme prints it; `null` if it is not known.
    key: Option<String>,
    /// The ids of the right options; `true` or `false` for a true-or-false item.
    right_options: Vec<String>,
    topic: Option<Uuid>,
    /// The page it begins on, from 1.
    page: Option<u32>,
    /// How sure the reader is, 0 to 1.
    confidence: f32,
    /// Whether a person should look at it, and why.
    needs_look: bool,
    review_reasons: Vec<String>,
    approved: bool,
}

impl From<&question::Question> for Item {
    fn from(question: &question::Question) -> Self {
        let option = |option: &Choice| ItemOption {
            id: option.id.clone(),
            label: option.label.clone(),
            text: option.text.clone(),
            shown: Shown::of([(option.text.as_str(), &option.shown)]),
        };
        Self {
            path: question.path.clone(),
            kind: question.kind.word().to_owned(),
            text: question.text.clone(),
            shown: Shown::of([(question.text.as_str(), &question.shown)]),
            options: question.options.iter().map(option).collect(),
            choose: question.choose,
            marks: question.marks,
            key: question.key.as_ref().map(|key| key.text.clone()),
            right_options: question.key.as_ref().map(|key| key.options.clone()).unwrap_or_default(),
            topic: question.topic,
            page: question.regions.first().map(|region| region.page),
            confidence: question.confidence,
            needs_look: question.needs_look(),
            review_reasons: question.doubts.clone(),
            approved: question.approved,
        }
    }
}

/// The questions that were read from a document, with their keys, in its order: each before its parts. For its owner and
/// admins.
#[utoipa::path(get, path = "/documents/{id}/questions", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<Item>), (status = 404, body = super::Problem)))]
async fn list_questions(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Vec<Item>>, AppError> {
    documents::to_correct(&state.pool, &viewer, id).await?;
    let questions = questions::of_document(&state.pool, &viewer, id).await?;
    Ok(Json(questions.iter().flat_map(question::Question::items).map(Item::from).collect()))
}

/// Fields of an item to change; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    text: Option<String>,
    /// How the text is shown, then each option: `text`, `math`, `crop` or `both`.
    shows: Option<Vec<String>>,
    /// As in `Item`.
    kind: Option<String>,
    /// The texts of the options, in their order.
    options: Option<Vec<String>>,
    choose: Option<u32>,
    marks: Option<f64>,
    /// The answer as in a marking scheme, for items without options: `12.5 cm (± 0.1)`, `heat / warmth; light`.
    key: Option<String>,
    right_options: Option<Vec<String>>,
    topic: Option<Uuid>,
}

/// Corrects an item. Results of earlier attempts are not changed until the document is regraded.
#[utoipa::path(patch, path = "/documents/{id}/questions/{path}", tag = "documents",
    params(("id" = Uuid, Path), ("path" = String, Path)), request_body = Correction, responses(
    (status = 200, body = Item), (status = 404, body = super::Problem), (status = 409, body = super::Problem),
    (status = 422, body = super::Problem)))]
async fn correct_question(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, path)): Ids<(Uuid, String)>,
    Body(correction): Body<Correction>,
) -> Result<Json<Item>, AppError> {
    documents::to_correct(&state.pool, &viewer, id).await?;
    let mut form = QuestionForm::of(&item(&state, &viewer, id, &path).await?);
    form.text = correction.text.unwrap_or(form.text);
    form.shows = correction.shows.unwrap_or(form.shows);
    if let Some(kind) = correction.kind {
        form.kind = serde_json::from_value(Value::String(kind))
            .map_err(|_| AppError::field("kind")("This is not a kind of question. /api/docs lists them.".into()))?;
    }
    form.options = correction.options.unwrap_or(form.options);
    form.choose = correction.choose.map_or(form.choose, |number| number.to_string());
    form.marks = correction.marks.map_or(form.marks, exam_model::format::marks);
    form.key = correction.key.unwrap_or(form.key);
    form.right_options = correction.right_options.unwrap_or(form.right_options);
    form.topic = correction.topic.map_or(form.topic, |topic| topic.to_string());
    if form.is_changed() {
        review::correct(&state.pool, &viewer, id, &path, form).await?;
    }
    Ok(Json(Item::from(&item(&state, &viewer, id, &path).await?)))
}

/// Approves an item as it is, so that it needs no look.
#[utoipa::path(post, path = "/documents/{id}/questions/{path}/approve", tag = "documents",
    params(("id" = Uuid, Path), ("path" = String, Path)), responses(
    (status = 200, body = Item), (status = 404, body = super::Problem)))]
async fn approve_question(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, path)): Ids<(Uuid, String)>,
) -> Result<Json<Item>, AppError> {
    review::change(&state.pool, &viewer, id, &path, "approve", "", "").await?;
    Ok(Json(Item::from(&item(&state, &viewer, id, &path).await?)))
}

async fn item(state: &AppState, viewer: &Viewer, id: Uuid, path: &str) -> Result<question::Question, AppError> {
    let questions = questions::of_document(&state.pool, viewer, id).await?;
    correction::find(&questions, path).map(correction::alone).ok_or(AppError::NotFound)
}

/// Publishes a document that has been read to the pupils of its level.
#[utoipa::path(patch, path = "/documents/{id}/publish", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Document), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn publish(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Document>, AppError> {
    documents::publish(&state.pool, &viewer, id, true).await?;
    Ok(Json(get(&state, &viewer, id).await?))
}

/// Hides a published document from pupils again.
#[utoipa::path(patch, path = "/documents/{id}/hide", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Document), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn hide(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Document>, AppError> {
    documents::publish(&state.pool, &viewer, id, false).await?;
    Ok(Json(get(&state, &viewer, id).await?))
}

/// Deletes one of your own documents. Running attempts of it are handed in; results stay.
#[utoipa::path(delete, path = "/documents/{id}", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = super::Problem)))]
async fn delete(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<StatusCode, AppError> {
    sharing::delete(&state.pool, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
