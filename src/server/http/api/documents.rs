//! Documents: lists, files, uploads.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use exam_model::format::given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::document::{DocumentKind, Label};
use crate::domain::search::{Match, asked};
use crate::domain::upload::Refusal;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::documents::{self, File, Filter, Line, PageRange, Stated, Upload};
use crate::server::documents::uploads::{self, papers};
use crate::server::http::extract::{Ids, Params, Slice, StaffViewer};
use crate::server::http::files;
use crate::server::http::uploads::Parts;
use crate::server::viewer::Viewer;

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    pub id: Uuid,
    pub filename: String,
    pub title: String,
    pub subject: Option<String>,
    pub level: Option<String>,
    pub year: Option<i32>,
    pub uploaded_by: Uuid,
    pub uploader_name: String,
    /// `pending`, `ingesting`, `completed` or `failed`.
    pub ingestion_status: String,
    /// Why reading failed.
    pub ingestion_error: Option<String>,
    /// `exam_paper`, `marking_scheme`, `syllabus`, `textbook`, `notes` or `other`.
    pub document_category: String,
    pub is_personal: bool,
    pub is_shared: bool,
    /// Whether pupils of the level can see it.
    pub is_published: bool,
    pub official_duration_minutes: Option<i32>,
    pub instructions: String,
    pub page_count: i32,
    /// The number of its questions, as it numbers them.
    pub question_count: i64,
    /// The number of their parts that are answered; a question without parts is one.
    pub part_count: i64,
    pub subject_id: Option<Uuid>,
    pub is_archived: bool,
    pub archived_at: Option<DateTime<Utc>>,
    pub archive_reason: Option<String>,
    /// The school's comments; always 0 for pupils.
    pub comment_count: i64,
    pub created_at: DateTime<Utc>,
    /// For a search: a few questions that contain its words.
    pub matches: Vec<Found>,
}

/// A question that matches a search.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// Its path in the document, such as `2.b.i`.
    pub question: String,
    pub page: Option<u32>,
    pub excerpt: String,
}

impl From<(Line, Vec<Match>)> for Document {
    fn from((line, matches): (Line, Vec<Match>)) -> Self {
        let found = |found: Match| Found {
            question: found.path,
            page: found.page,
            excerpt: found.excerpt.into_iter().map(|piece| piece.text).collect(),
        };
        let ingestion_status = match line.status.as_str() {
            "queued" => "pending",
            "reading" => "ingesting",
            "ready" => "completed",
            _ => "failed",
        };
        Self {
            matches: matches.into_iter().map(found).collect(),
            id: line.id,
            filename: line.filename,
            title: line.title,
            subject: line.subject,
            level: line.level,
            year: line.year,
            uploaded_by: line.uploaded_by,
            uploader_name: line.owner,
            ingestion_status: ingestion_status.to_owned(),
            ingestion_error: line.failure,
            document_category: line.kind,
            is_personal: line.is_personal,
            is_shared: line.is_shared,
            is_published: line.published,
            official_duration_minutes: line.minutes,
            instructions: line.instructions,
            page_count: line.page_count,
            question_count: line.questions,
            part_count: line.parts,
            subject_id: line.subject_id,
            is_archived: line.is_archived,
            archived_at: line.archived_at,
            archive_reason: line.archive_reason,
            comment_count: line.comments,
            created_at: line.created_at,
        }
    }
}

/// The documents that the viewer may see and that match.
async fn shown(
    state: &AppState,
    viewer: &Viewer,
    filter: &Filter,
    part: &PageRange,
) -> Result<Vec<Document>, AppError> {
    let lines = documents::lines(&state.pool, viewer, filter, part).await?;
    Ok(lines.into_iter().map(Document::from).collect())
}

/// A document that the viewer may see; `NotFound` otherwise.
pub async fn get(state: &AppState, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    shown(state, viewer, &Filter::one(id), &PageRange::first(1)).await?.pop().ok_or(AppError::NotFound)
}

/// The routes; `longest_upload` limits the bytes of an upload.
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
    /// Words in the title or in questions, ignoring accents. `-word` excludes a word, `"two words"` finds a phrase.
    search: Option<String>,
    skip: Option<i64>,
    limit: Option<i64>,
}

/// The documents that you may see, the newest papers first.
#[utoipa::path(get, path = "/documents", tag = "documents", params(Query), responses(
    (status = 200, body = Vec<Document>), (status = 401, body = super::Problem)))]
async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Params(query): Params<Query>,
) -> Result<Json<Vec<Document>>, AppError> {
    let filter = Filter {
        level: query.level,
        subject: query.subject,
        year: query.year,
        kind: query.category.as_deref().map(kind).transpose()?,
        is_personal: query.is_personal,
        schemes: true,
        archived: query.include_archived && viewer.is_staff(),
        search: query.search.as_deref().and_then(given).map(asked),
        ..Filter::default()
    };
    let Slice { skip, limit } = Slice::of(query.skip, query.limit);
    Ok(Json(shown(&state, &viewer, &filter, &PageRange { skip, limit, after: None }).await?))
}

/// The documents of a subject that you may see.
pub async fn of_subject(state: &AppState, viewer: &Viewer, subject: Uuid) -> Result<Vec<Document>, AppError> {
    let filter = Filter { subject_id: Some(subject), schemes: true, ..Filter::default() };
    shown(state, viewer, &filter, &PageRange::first(200)).await
}

fn kind(word: &str) -> Result<DocumentKind, AppError> {
    let unknown = || AppError::field("document_category")(format!("“{word}” is not a kind of document."));
    DocumentKind::parse(word).ok_or_else(unknown)
}

/// One document.
#[utoipa::path(get, path = "/documents/{id}", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Document), (status = 404, body = super::Problem)))]
async fn one(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<Json<Document>, AppError> {
    Ok(Json(get(&state, &viewer, id).await?))
}

/// A file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "described here, sent as a stream")]
struct Bytes(Vec<u8>);

/// The file, shown inline; a part of it if a range is requested.
#[utoipa::path(get, path = "/documents/{id}/pdf", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, content_type = "application/pdf", body = Bytes), (status = 206), (status = 404, body = super::Problem),
    (status = 416)))]
async fn pdf(
    State(state): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Ids(id): Ids<Uuid>,
) -> Result<Response, AppError> {
    files::inline(&state, &viewer, id, &headers).await
}

/// The `multipart/form-data` fields of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, read as parts")]
struct Form {
    /// Once, or once for each photo of its pages (JPEG, PNG, WebP), in their order.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    subject: Option<String>,
    level: Option<String>,
    year: Option<String>,
    /// Default: `exam_paper`.
    document_category: Option<String>,
    official_duration_minutes: Option<String>,
    instructions: Option<String>,
}

/// Uploads a file, for a level or as a personal document.
fn parsed(
    viewer: &Viewer,
    parts: &Parts,
    file: File,
    designated: bool,
    refused: impl Fn(Refusal) -> AppError,
) -> Result<Upload, AppError> {
    let kind = kind(given(&parts.text("document_category")).unwrap_or("exam_paper"))?;
    let label = Label::parse("", &file.name, kind.as_str(), &parts.text("year")).map_err(refused)?;
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
    // A pupil's own documents are of their level.
    let own_level = viewer.person().education_level.clone().filter(|_| !designated);
    let level = own_level.unwrap_or_else(|| parts.text("level"));
    let (designated, own) = match given(&subject) {
        subject if designated => (Some((level, subject.unwrap_or_default().to_owned())), None),
        subject => (None, subject.map(|subject| (level, subject.to_owned()))),
    };
    let stated = Stated { minutes: minutes.transpose()?, instructions, subject: own };
    Ok(Upload { file, label, designated, stated, scheme: None })
}

async fn store(
    state: &AppState,
    viewer: &Viewer,
    multipart: Multipart,
    designated: bool,
) -> Result<(StatusCode, Json<Document>), AppError> {
    let config = &state.config;
    let refused = |refusal| uploads::error(refusal, config);
    let mut parts = Parts::read(multipart).await.map_err(refused)?;
    let mut papers = papers(parts.files("file"), config.max_upload).await;
    let file = match (papers.pop(), papers.is_empty()) {
        (None, _) => return Err(refused(Refusal::NoFile)),
        (Some(_), false) => return Err(refused(Refusal::SeveralDocuments)),
        (Some(paper), true) => paper.map_err(|file| refused(file.why))?,
    };
    let upload = parsed(viewer, &parts, file, designated, refused)?;
    if upload.label.kind == DocumentKind::MarkingScheme && !exam_formats::is_pdf(&upload.file.bytes) {
        return Err(refused(Refusal::WrongType));
    }
    let id = documents::store(&state.pool, viewer, upload, config.pupil_quota).await?;
    Ok((StatusCode::CREATED, Json(get(state, viewer, id).await?)))
}

/// The multipart body; an error if the request has none.
pub type Sent = Result<Multipart, axum::extract::multipart::MultipartRejection>;

pub fn multipart(sent: Sent) -> Result<Multipart, AppError> {
    sent.map_err(|_| AppError::WrongType("Send the file as multipart/form-data in the field “file”.".into()))
}

/// Uploads a document for a level. It is read in the background; publish it when it is ready.
#[utoipa::path(post, path = "/documents/admin", tag = "documents",
    request_body(content = Form, content_type = "multipart/form-data"), responses(
    (status = 201, body = Document), (status = 403, body = super::Problem), (status = 413, body = super::Problem),
    (status = 415, body = super::Problem), (status = 422, body = super::Problem)))]
async fn for_a_level(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    sent: Sent,
) -> Result<(StatusCode, Json<Document>), AppError> {
    store(&state, &viewer, multipart(sent)?, true).await
}

/// Uploads a personal document. It is read in the background.
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
