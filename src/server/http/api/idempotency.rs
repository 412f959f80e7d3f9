//! `Idempotency-Key`: a request that is sent again because its response was lost is done once and gets the same response.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::idempotency_keys::{self, Found};
use crate::server::http::FORM_LIMIT;
use crate::server::viewer::Viewer;

/// Does each POST with a key once for each user. Requests without a key, or without signing in, pass unchanged.
pub async fn answer_once(State(state): State<AppState>, request: Request, next: Next) -> Result<Response, AppError> {
    let viewer = request.extensions().get::<Viewer>().cloned();
    let key = request.headers().get("idempotency-key").cloned();
    let (Some(viewer), Some(key), true) = (viewer, key, request.method() == Method::POST) else {
        return Ok(next.run(request).await);
    };
    let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len())).map(str::to_owned);
    let key = key.ok_or_else(|| AppError::Invalid {
        field: "Idempotency-Key".into(),
        reason: "Use 1 to 255 plain letters as the key.".into(),
    })?;
    let (request, digest) = digested(request).await?;
    match idempotency_keys::claim(&state.pool, &viewer, &key, &digest).await? {
        Found::New => {}
        Found::Running => {
            return Err(AppError::Conflict(
                "The same request is being processed right now. Try again in a moment.".into(),
            ));
        }
        Found::Other => {
            return Err(AppError::Invalid {
                field: "Idempotency-Key".into(),
                reason: "This key was used for another request. Use a new one.".into(),
            });
        }
        Found::Answered { status, answer } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true")),
            ];
            return Ok((status, headers, answer).into_response());
        }
    }
    let response = next.run(request).await;
    if response.status().is_server_error() {
        idempotency_keys::delete(&state.pool, &viewer, &key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    idempotency_keys::save(&state.pool, &viewer, &key, parts.status.as_u16(), &bytes).await?;
    Ok(Response::from_parts(parts, bytes.into()))
}

/// The request, and the digest of its method, path and body; for a file, of the body's length.
async fn digested(request: Request) -> Result<(Request, Vec<u8>), AppError> {
    let mut digest = Sha256::new();
    digest.update(request.method().as_str());
    digest.update(request.uri().to_string());
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/") {
        digest.update(request.headers().get(header::CONTENT_LENGTH).map_or(&b""[..], HeaderValue::as_bytes));
        return Ok((request, digest.finalize().to_vec()));
    }
    let (parts, body) = request.into_parts();
    let too_large = |_| AppError::TooLarge { megabytes: FORM_LIMIT >> 20 };
    let bytes = to_bytes(body, FORM_LIMIT).await.map_err(too_large)?;
    digest.update(&bytes);
    Ok((Request::from_parts(parts, Body::from(bytes)), digest.finalize().to_vec()))
}
