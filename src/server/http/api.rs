//! The REST API, with the same rules and code as the pages. Its OpenAPI description is generated from these types.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use serde::Serialize;
use tower::Layer;
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{FORM_LIMIT, error};
use crate::domain::upload::Limits;
use crate::error::AppError;
use crate::server::{AppState, db, metrics};

mod admin;
mod attempts;
mod class_tests;
mod docs_page;
mod documents;
mod etag;
mod idempotency;
mod monday;
mod progress;
mod quizzes;
mod results;
mod review;
mod schools;
mod sharing;
mod shown;
mod subjects;
mod users;

/// Everything under `/api`, with and without a slash at the end.
pub fn service(state: AppState) -> NormalizePath<Router> {
    let (routes, description) = described(Limits::new(state.config.max_upload).together as usize + FORM_LIMIT);
    let guide = docs_page::page(&description);
    let json = description.to_json().unwrap_or_default();
    let description = move || async move { ([("content-type", "application/json")], json).into_response() };
    let router = routes
        .route("/openapi.json", get(description))
        .route("/docs", get(|| async { Html(guide) }))
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async {
            error::problem(
                StatusCode::METHOD_NOT_ALLOWED,
                "This URL does not support this method. See /api/docs for what it supports.",
            )
        })
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::answer_once))
        .layer(middleware::from_fn(etag::answer_unchanged))
        .layer(middleware::from_fn(metrics::name_route))
        .with_state(state);
    NormalizePathLayer::trim_trailing_slash().layer(router)
}

/// The OpenAPI 3.1 description.
pub fn description() -> utoipa::openapi::OpenApi {
    described(0).1
}

/// The routes and their description; `longest_upload` limits the bytes of an upload.
fn described(longest_upload: usize) -> (Router<AppState>, utoipa::openapi::OpenApi) {
    #[derive(OpenApi)]
    #[openapi(
        info(
            title = "Exam Prep",
            description = "Past papers, quizzes, attempts and progress. Errors are RFC 9457 problem documents with `detail`.",
        ),
        servers((url = "/api")),
        security(("token" = []))
    )]
    struct Description;
    let (routes, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health))
        .merge(users::routes())
        .merge(schools::routes())
        .merge(documents::routes(longest_upload))
        .merge(review::routes(longest_upload))
        .merge(sharing::routes())
        .merge(subjects::routes())
        .merge(quizzes::routes())
        .merge(attempts::routes())
        .merge(progress::routes())
        .merge(results::routes())
        .merge(monday::routes())
        .merge(admin::routes())
        .merge(class_tests::routes())
        .split_for_parts();
    // Handler names are unique only together with their noun.
    for item in description.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            let noun = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
            operation.operation_id = operation.operation_id.take().map(|name| format!("{noun}_{name}"));
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    response.description = meaning(status).to_owned();
                }
            }
        }
    }
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    description.components.get_or_insert_default().add_security_scheme("token", bearer);
    (routes, description)
}

/// What a status says of any route: OpenAPI asks for words at each response.
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "Done.",
        "201" => "Created.",
        "204" => "Done; there is nothing to return.",
        "206" => "The bytes that were asked for.",
        "401" => "The token is missing or no longer valid.",
        "403" => "Your role may not do this.",
        "404" => "There is none, or you may not see it.",
        "409" => "It conflicts with what is already there.",
        "413" => "The upload is too large.",
        "415" => "This type of file is not supported.",
        "416" => "There are no such bytes.",
        "422" => "A field is wrong: `field` names it.",
        "429" => "Too often: `Retry-After` says when to try again.",
        "503" => "Not now: try again later.",
        _ => "",
    }
}

/// An error (RFC 9457).
#[derive(Serialize, ToSchema)]
struct Problem {
    r#type: String,
    title: String,
    status: u16,
    /// What happened, what was saved and what to do.
    detail: String,
    /// The field that is wrong, if it is one.
    field: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok` or `unavailable`.
    status: &'static str,
    version: &'static str,
    database: &'static str,
    /// `ok`, `behind` if migrations are pending, or `unknown`.
    schema: &'static str,
}

/// Whether the server works; 503 if the database is unavailable or its schema is behind the program.
#[utoipa::path(get, path = "/health", tag = "health", security(()), responses((status = 200, body = Health), (status = 503, body = Health)))]
async fn health(State(state): State<AppState>) -> (StatusCode, Json<Health>) {
    let (status, database, schema) = match db::migrations::status(&state.pool).await {
        Ok(migrations) if migrations.iter().all(|migration| migration.applied) => ("ok", "ok", "ok"),
        Ok(_) => ("unavailable", "ok", "behind"),
        Err(_) => ("unavailable", "unavailable", "unknown"),
    };
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION"), database, schema }))
}
