//! Errors as HTTP responses: their status, and outside of pages an RFC 9457 problem document with `detail`.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use serde_json::json;

use crate::error::AppError;

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let field = match &self {
            AppError::Invalid { field, .. } => Some(field.as_str()),
            _ => None,
        };
        let mut response = document(status(&self), &self.to_string(), field);
        add_retry_after(&self, response.headers_mut());
        response
    }
}

/// A problem document for a status that is not from an `AppError`.
pub fn problem(status: StatusCode, detail: &str) -> Response {
    document(status, detail, None)
}

fn document(status: StatusCode, detail: &str, field: Option<&str>) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let Some(field) = field {
        body["field"] = json!(field);
    }
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn add_retry_after(error: &AppError, headers: &mut HeaderMap) {
    headers.extend(error.retry_after().map(|seconds| (header::RETRY_AFTER, seconds.into())));
}

/// The most bytes of an error's body.
const MAX_ERROR_LENGTH: usize = 64 * 1024;

/// Leptos answers every error of a server function with 500; this sets the status of the error itself.
pub async fn set_error_status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR
        || !response.headers().contains_key(SERVER_FN_ERROR_HEADER)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ERROR_LENGTH).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<AppError>(&body) {
        parts.status = status(&error);
        add_retry_after(&error, &mut parts.headers);
    }
    Response::from_parts(parts, body.into())
}
