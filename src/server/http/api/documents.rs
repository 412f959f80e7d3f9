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

use super::extract::{Ids, Params, School, Slice};
use crate::domain::document::{DocumentKind, Label};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::documents::{self, Stated, Upload};
use crate::server::db::records::{self, Which};
use crate::server::http::{files, uploads};
use crate::server::session::Viewer;

pub use crate::server::db::records::Document;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(pdf)).merge(
        OpenApiRouter::new()
            .routes(routes!(for_a_level))
            .routes(routes!(for_oneself))
            .layer(DefaultBodyLimit::disable()),
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
#[derive(Default, ToSchema)]
struct Form {
    #[schema(value_type = String, format = Binary)]
    file: (String, Vec<u8>),
    subject: String,
    level: String,
    year: String,
    /// `exam_paper` where nothing is said.
    document_category: String,
    official_duration_minutes: String,
    instructions: String,
}

impl Form {
    async fn read(mut multipart: Multipart, max: usize) -> Result<Self, AppError> {
        let broken = |_| AppError::field("file")("The upload was cut off. Nothing was kept; send it again.".into());
        let mut form = Self::default();
        while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                if bytes.len() + chunk.len() > max {
                    return Err(AppError::TooLarge { megabytes: max >> 20 });
                }
                bytes.extend_from_slice(&chunk);
            }
            let text = || String::from_utf8_lossy(&bytes).trim().replace('\0', "");
            match name.as_str() {
                "file" => form.file = (filename, bytes),
                "subject" => form.subject = text(),
                "level" => form.level = text(),
                "year" => form.year = text(),
                "document_category" => form.document_category = text(),
                "official_duration_minutes" => form.official_duration_minutes = text(),
                "instructions" => form.instructions = text(),
                _ => {}
            }
        }
        Ok(form)
    }

    /// The upload, for a level or for oneself.
    fn parse(self, designated: bool) -> Result<(Upload, Stated), AppError> {
        let (filename, bytes) = self.file;
        let filename = uploads::clean(&filename);
        let category = if self.document_category.is_empty() { "exam_paper" } else { &self.document_category };
        let kind = kind(category)?;
        let label = Label::parse("", &filename, kind.as_str(), &self.year)
            .map_err(|(field, reason)| AppError::Invalid { field: field.into(), reason })?;
        let minutes = match self.official_duration_minutes.as_str() {
            "" => None,
            text => Some(text.parse().ok().filter(|minutes| (1..=600).contains(minutes)).ok_or_else(|| {
                AppError::field("official_duration_minutes")("Write the minutes as a number from 1 to 600.".into())
            })?),
        };
        if self.instructions.chars().count() > 4000 {
            return Err(AppError::field("instructions")("Write at most 4,000 letters.".into()));
        }
        let stated = Stated {
            minutes,
            instructions: self.instructions,
            subject: (!designated && !self.subject.is_empty()).then_some(self.subject.clone()),
        };
        let designated = designated.then_some((self.level, self.subject));
        Ok((Upload { filename, label, bytes, designated, scheme_of: None }, stated))
    }
}

async fn store(
    state: &AppState,
    viewer: &Viewer,
    multipart: Multipart,
    designated: bool,
) -> Result<(StatusCode, Json<Document>), AppError> {
    let (upload, stated) = Form::read(multipart, state.config.max_upload).await?.parse(designated)?;
    uploads::check(&upload.bytes, state.config.max_upload, upload.label.kind == DocumentKind::MarkingScheme)
        .map_err(|problem| uploads::told(problem, state.config.max_upload))?;
    if let Some((level, subject)) = &upload.designated {
        let unknown = AppError::field("subject")("Name a level and one of its subjects; see /api/subjects.".into());
        crate::server::db::topics::subject_id(&state.pool, level, subject).await.map_err(|_| unknown)?;
    }
    let id = documents::store(&state.pool, viewer, upload).await?;
    documents::state_of(&state.pool, id, &stated).await?;
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
