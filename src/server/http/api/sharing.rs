//! Sharing documents and taking them back, archiving and restoring them, and the school's comments on them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::documents::{Document, get};
use crate::domain::comment::{self, CommentText, CommentType};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::{comments, documents, shares};
use crate::server::http::extract::{AdminViewer, Body, Ids};
use crate::server::viewer::Viewer;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(share))
        .routes(routes!(take_back))
        .routes(routes!(archive))
        .routes(routes!(restore))
        .routes(routes!(comments_of, comment))
        .routes(routes!(change, remove))
}

#[derive(Deserialize, ToSchema)]
struct ShareWith {
    /// Classmates: active pupils at your level. Others are ignored.
    student_ids: Vec<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct Shared {
    document_id: Uuid,
    shared_count: usize,
    /// Those of the given users who now have it.
    shared_with: Vec<Uuid>,
    message: String,
}

/// Shares one of your own documents. Users who already have it keep it.
#[utoipa::path(post, path = "/documents/{id}/share", tag = "documents", params(("id" = Uuid, Path)),
    request_body = ShareWith, responses((status = 200, body = Shared), (status = 404, body = super::Problem)))]
async fn share(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
    Body(with): Body<ShareWith>,
) -> Result<Json<Shared>, AppError> {
    let shared_with = shares::give(&state.pool, &viewer, id, &with.student_ids).await?;
    let message = match shared_with.len() {
        0 => "None of them is your classmate, so the document was not shared.".to_owned(),
        1 => "One classmate now has the document.".to_owned(),
        count => format!("{count} classmates now have the document."),
    };
    Ok(Json(Shared { document_id: id, shared_count: shared_with.len(), shared_with, message }))
}

/// Stops sharing one of your own documents with a pupil, at once and everywhere.
#[utoipa::path(delete, path = "/documents/{id}/share/{student_id}", tag = "documents",
    params(("id" = Uuid, Path), ("student_id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = super::Problem)))]
async fn take_back(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, student)): Ids<(Uuid, Uuid)>,
) -> Result<StatusCode, AppError> {
    shares::take_back(&state.pool, &viewer, id, student).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// Archives a document: it disappears from libraries, and results of attempts stay complete.
#[utoipa::path(patch, path = "/documents/{id}/archive", tag = "documents", params(("id" = Uuid, Path)),
    request_body = Reason, responses((status = 200, body = Document), (status = 403, body = super::Problem),
    (status = 404, body = super::Problem)))]
async fn archive(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
    Body(why): Body<Reason>,
) -> Result<Json<Document>, AppError> {
    documents::archive(&state.pool, &viewer, id, &why.reason).await?;
    Ok(Json(get(&state, &viewer, id).await?))
}

/// Restores an archived document.
#[utoipa::path(patch, path = "/documents/{id}/restore", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Document), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn restore(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Document>, AppError> {
    documents::restore(&state.pool, &viewer, id).await?;
    Ok(Json(get(&state, &viewer, id).await?))
}

/// An admin's comment on a document.
#[derive(Serialize, ToSchema)]
struct Comment {
    id: Uuid,
    content: String,
    /// `comment`, `highlight` or `issue`.
    comment_type: String,
    page_number: Option<i32>,
    highlight_text: Option<String>,
    resolved: bool,
    author: String,
    created_at: DateTime<Utc>,
}

impl From<comment::Comment> for Comment {
    fn from(comment: comment::Comment) -> Self {
        Self {
            id: comment.id,
            content: comment.text.content,
            comment_type: comment.text.comment_type.as_str().to_owned(),
            page_number: comment.text.page_number,
            highlight_text: comment.text.highlight_text,
            resolved: comment.resolved,
            author: comment.author,
            created_at: comment.created_at,
        }
    }
}

/// A new comment, or the changes to one.
#[derive(Deserialize, ToSchema)]
struct CommentBody {
    content: Option<String>,
    /// `comment` (default), `highlight` or `issue`.
    comment_type: Option<String>,
    page_number: Option<i32>,
    highlight_text: Option<String>,
    resolved: Option<bool>,
}

impl CommentBody {
    /// The new text; fields that are missing stay as they were.
    fn over(&self, before: Option<CommentText>) -> Result<CommentText, AppError> {
        let unknown = || AppError::field("comment_type")("Use comment, highlight or issue.".into());
        let kind = |word: &String| CommentType::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(unknown);
        let before = before.unwrap_or(CommentText {
            content: String::new(),
            comment_type: CommentType::Comment,
            page_number: None,
            highlight_text: None,
        });
        Ok(CommentText {
            content: self.content.clone().unwrap_or(before.content),
            comment_type: self.comment_type.as_ref().map(kind).transpose()?.unwrap_or(before.comment_type),
            page_number: self.page_number.or(before.page_number),
            highlight_text: self.highlight_text.clone().or(before.highlight_text),
        })
    }
}

async fn find(state: &AppState, viewer: &Viewer, document: Uuid, id: Uuid) -> Result<comment::Comment, AppError> {
    let all = comments::of_document(&state.pool, viewer, document).await?;
    all.into_iter().find(|comment| comment.id == id).ok_or(AppError::NotFound)
}

/// The comments on a document, open ones first.
#[utoipa::path(get, path = "/documents/{id}/comments", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<Comment>), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn comments_of(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Vec<Comment>>, AppError> {
    let comments = comments::of_document(&state.pool, &viewer, id).await?;
    Ok(Json(comments.into_iter().map(Comment::from).collect()))
}

/// Adds a comment to a document.
#[utoipa::path(post, path = "/documents/{id}/comments", tag = "documents", params(("id" = Uuid, Path)),
    request_body = CommentBody, responses((status = 201, body = Comment), (status = 403, body = super::Problem),
    (status = 404, body = super::Problem), (status = 422, body = super::Problem)))]
async fn comment(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
    Body(new): Body<CommentBody>,
) -> Result<(StatusCode, Json<Comment>), AppError> {
    let made = comments::add(&state.pool, &viewer, id, new.over(None)?).await?;
    Ok((StatusCode::CREATED, Json(find(&state, &viewer, id, made).await?.into())))
}

/// Changes a comment, or marks it as resolved.
#[utoipa::path(patch, path = "/documents/{id}/comments/{comment_id}", tag = "documents",
    params(("id" = Uuid, Path), ("comment_id" = Uuid, Path)), request_body = CommentBody, responses(
    (status = 200, body = Comment), (status = 403, body = super::Problem), (status = 404, body = super::Problem),
    (status = 422, body = super::Problem)))]
async fn change(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids((document, id)): Ids<(Uuid, Uuid)>,
    Body(change): Body<CommentBody>,
) -> Result<Json<Comment>, AppError> {
    let before = find(&state, &viewer, document, id).await?.text;
    let text = change.over(Some(before.clone()))?;
    if text != before {
        comments::change(&state.pool, &viewer, document, id, text).await?;
    }
    if let Some(resolved) = change.resolved {
        comments::resolve(&state.pool, &viewer, document, id, resolved).await?;
    }
    Ok(Json(find(&state, &viewer, document, id).await?.into()))
}

/// Removes a comment.
#[utoipa::path(delete, path = "/documents/{id}/comments/{comment_id}", tag = "documents",
    params(("id" = Uuid, Path), ("comment_id" = Uuid, Path)), responses(
    (status = 204), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn remove(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids((document, id)): Ids<(Uuid, Uuid)>,
) -> Result<StatusCode, AppError> {
    comments::remove(&state.pool, &viewer, document, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
