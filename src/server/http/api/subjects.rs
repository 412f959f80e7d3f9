//! Subjects of the levels, and which ones a pupil takes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::documents::{self, Document};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::subjects::{self, Subject};
use crate::server::documents::syllabus;
use crate::server::http::extract::{Body, Ids, OwnerViewer, Params};
use crate::server::viewer::Viewer;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(enroll))
        .routes(routes!(leave))
        .routes(routes!(one))
        .routes(routes!(of_subject))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SubjectFilter {
    level: Option<String>,
}

/// The subjects of your level; for admins, of all levels.
#[utoipa::path(get, path = "/subjects", tag = "subjects", params(SubjectFilter), responses((status = 200, body = Vec<Subject>)))]
async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Params(which): Params<SubjectFilter>,
) -> Result<Json<Vec<Subject>>, AppError> {
    Ok(Json(subjects::list(&state.pool, &viewer, None, which.level.as_deref()).await?))
}

/// Other fields are refused, rather than dropped unseen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSubject {
    name: String,
    level: String,
    #[serde(default)]
    description: String,
}

/// Adds a subject to a level.
#[utoipa::path(post, path = "/subjects", tag = "subjects", request_body = NewSubject, responses(
    (status = 201, body = Subject), (status = 403, body = super::Problem), (status = 409, body = super::Problem)))]
async fn create(
    State(state): State<AppState>,
    OwnerViewer(viewer): OwnerViewer,
    Body(new): Body<NewSubject>,
) -> Result<(StatusCode, Json<Subject>), AppError> {
    let name = syllabus::name(&new.name)?;
    if new.description.chars().count() > 2000 || new.description.contains('\0') {
        return Err(AppError::field("description")("Write at most 2,000 letters.".into()));
    }
    let id = subjects::create(&state.pool, new.level.trim(), &name, new.description.trim()).await?;
    let subject = subjects::list(&state.pool, &viewer, Some(id), None).await?.pop().ok_or(AppError::NotFound)?;
    Ok((StatusCode::CREATED, Json(subject)))
}

/// One subject.
#[utoipa::path(get, path = "/subjects/{id}", tag = "subjects", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Subject), (status = 404, body = super::Problem)))]
async fn one(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<Json<Subject>, AppError> {
    Ok(Json(subjects::list(&state.pool, &viewer, Some(id), None).await?.pop().ok_or(AppError::NotFound)?))
}

/// The subject's documents that you may see.
#[utoipa::path(get, path = "/subjects/{id}/documents", tag = "subjects", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<Document>), (status = 404, body = super::Problem)))]
async fn of_subject(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Vec<Document>>, AppError> {
    subjects::list(&state.pool, &viewer, Some(id), None).await?.pop().ok_or(AppError::NotFound)?;
    Ok(Json(documents::of_subject(&state, &viewer, id).await?))
}

#[derive(Deserialize, ToSchema)]
struct Enrollment {
    subject_ids: Vec<Uuid>,
}

/// Takes subjects of your level, in addition to those that you already take.
#[utoipa::path(post, path = "/subjects/enroll", tag = "subjects", request_body = Enrollment, responses(
    (status = 200, body = Vec<Subject>), (status = 404, body = super::Problem)))]
async fn enroll(
    State(state): State<AppState>,
    viewer: Viewer,
    Body(wanted): Body<Enrollment>,
) -> Result<Json<Vec<Subject>>, AppError> {
    subjects::enroll(&state.pool, &viewer, &wanted.subject_ids).await?;
    let mut all = subjects::list(&state.pool, &viewer, None, None).await?;
    all.retain(|subject| subject.enrolled);
    Ok(Json(all))
}

/// Stops taking a subject.
#[utoipa::path(delete, path = "/subjects/enroll/{id}", tag = "subjects", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = super::Problem)))]
async fn leave(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<StatusCode, AppError> {
    subjects::leave(&state.pool, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
