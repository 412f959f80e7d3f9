//! Documents: lists, files, uploads.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::document::{DocumentKind, Label};
use crate::domain::format::given;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::documents::{self, Stated, Upload};
use crate::server::db::records::{self, Which};
use crate::server::http::extract::{Ids, Params, School, Slice};
use crate::server::http::files;
use crate::server::http::uploads::{self, Parts};
use crate::server::session::Viewer;

pub use crate::server::db::records::Document;

/// Uploads may have so many bytes.
pub fn routes(longest_upload: usize) -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(pdf)).merge(
        OpenApiRouter::new()
            .routes(routes!(for_a_level))
            .routes(routes!(for_oneself))
            .layer(DefaultBodyLimit::max(longest_upload)),
    )
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    level: Option<String>,
    /// A name.
    subject: Option<String>,
    year: Option<i32>,
    /// `exam_paper`, `marking_scheme`, `syllabus`, `textbook`, `notes`, `other`.
    category: Option<String>,
    is_personal: Option<bool>,
    /// For admins.
    #[serde(default)]
    include_archived: bool,
    skip: Option<i64>,
    limit: Option<i64>,
}

/// The documents that one may see, the newest papers first.
#[utoipa::path(get, path = "/documents", tag = "documents", params(Query), responses(
    (status = 200, body = Vec<Document>), (status = 401, body = super::Problem)))]
async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Params(query): Params<Query>,
) -> Result<Json<Vec<Document>>, AppError> {
    let which = Which {
        level: query.level,
        subject: query.subject,
        year: query.year,
        kind: query.category.as_deref().map(kind).transpose()?,
        is_personal: query.is_personal,
        archived: query.include_archived && viewer.is_admin(),
        ..Which::default()
    };
    let Slice { skip, limit } = Slice::of(query.skip, query.limit);
    Ok(Json(records::list(&state.pool, &viewer, &which, skip, limit).await?))
}

/// Those of a subject that one may see.
pub async fn of_subject(state: &AppState, viewer: &Viewer, subject: Uuid) -> Result<Vec<Document>, AppError> {
    let which = Which { subject_id: Some(subject), ..Which::default() };
    records::list(&state.pool, viewer, &which, 0, 200).await
}

fn kind(word: &str) -> Result<DocumentKind, AppError> {
    let unknown = || AppError::field("document_category")(format!("“{word}” is no kind of document."));
    DocumentKind::parse(word).ok_or_else(unknown)
}

/// One document.
#[utoipa::path(get, path = "/documents/{id}", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Document), (status = 404, body = super::Problem)))]
async fn one(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<Json<Document>, AppError> {
    Ok(Json(records::get(&state.pool, &viewer, id).await?))
}

/// The file, to be shown; a part of it where a range is asked for.
#[utoipa::path(get, path = "/documents/{id}/pdf", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 206), (status = 404, body = super::Problem),
    (status = 416)))]
async fn pdf(
    State(state): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Ids(id): Ids<Uuid>,
) -> Result<Response, AppError> {
    files::inline(&state, &viewer, id, &headers).await
}

/// What an upload sends as `multipart/form-data`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, read as parts")]
struct Form {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    subject: Option<String>,
    level: Option<String>,
    year: Option<String>,
    /// `exam_paper` where nothing is said.
    document_category: Option<String>,
    official_duration_minutes: Option<String>,
    instructions: Option<String>,
}

/// The upload, for a level or for oneself.
fn parsed(mut parts: Parts, designated: bool) -> Result<Upload, AppError> {
    let (filename, bytes) = parts.file("file");
    let filename = uploads::clean(&filename);
    let kind = kind(given(&parts.text("document_category")).unwrap_or("exam_paper"))?;
    let label = Label::parse("", &filename, kind.as_str(), &parts.text("year"))
        .map_err(|(field, reason)| AppError::Invalid { field: field.into(), reason })?;
    let minutes = parts.text("official_duration_minutes");
    let minutes = given(&minutes).map(|text| {
        text.parse().ok().filter(|minutes| (1..=600).contains(minutes)).ok_or_else(|| {
            AppError::field("official_duration_minutes")("Write the minutes as a number from 1 to 600.".into())
        })
    });
    let instructions = parts.text("instructions");
    if instructions.chars().count() > 4000 {
        return Err(AppError::field("instructions")("Write at most 4,000 letters.".into()));
    }
    let subject = parts.text("subject");
    let own_subject = given(&subject).filter(|_| !designated).map(str::to_owned);
    let stated = Stated { minutes: minutes.transpose()?, instructions, subject: own_subject };
    let designated = designated.then(|| (parts.text("level"), subject));
    Ok(Upload { filename, label, bytes, designated, scheme_of: None, stated })
}

async fn store(
    state: &AppState,
    viewer: &Viewer,
    multipart: Multipart,
    designated: bool,
) -> Result<(StatusCode, Json<Document>), AppError> {
    let max = state.config.max_upload;
    let told = |refused| uploads::told(refused, max);
    let upload = parsed(Parts::read(multipart).await.map_err(told)?, designated)?;
    uploads::check(&upload.bytes, max, upload.label.kind == DocumentKind::MarkingScheme).map_err(told)?;
    if let Some((level, subject)) = &upload.designated {
        let unknown = AppError::field("subject")("Name a level and one of its subjects; see /api/subjects.".into());
        crate::server::db::topics::subject_id(&state.pool, level, subject).await.map_err(|_| unknown)?;
    }
    let id = documents::store(&state.pool, viewer, upload).await?;
    Ok((StatusCode::CREATED, Json(records::get(&state.pool, viewer, id).await?)))
}

/// A multipart body, or the reason why it is none.
type Sent = Result<Multipart, axum::extract::multipart::MultipartRejection>;

fn multipart(sent: Sent) -> Result<Multipart, AppError> {
    sent.map_err(|_| AppError::WrongType("Send the file as multipart/form-data in the field “file”.".into()))
}

/// Uploads a document for a level. It is read in the background; publish it when it is ready.
#[utoipa::path(post, path = "/documents/admin", tag = "documents",
    request_body(content = Form, content_type = "multipart/form-data"), responses(
    (status = 201, body = Document), (status = 403, body = super::Problem), (status = 413, body = super::Problem),
    (status = 415, body = super::Problem), (status = 422, body = super::Problem)))]
async fn for_a_level(
    State(state): State<AppState>,
    School(viewer): School,
    sent: Sent,
) -> Result<(StatusCode, Json<Document>), AppError> {
    store(&state, &viewer, multipart(sent)?, true).await
}

/// Uploads a document for oneself. It is read in the background.
#[utoipa::path(post, path = "/documents/student", tag = "documents",
    request_body(content = Form, content_type = "multipart/form-data"), responses(
    (status = 201, body = Document), (status = 413, body = super::Problem), (status = 415, body = super::Problem),
    (status = 422, body = super::Problem)))]
async fn for_oneself(
    State(state): State<AppState>,
    viewer: Viewer,
    sent: Sent,
) -> Result<(StatusCode, Json<Document>), AppError> {
    store(&state, &viewer, multipart(sent)?, false).await
}
