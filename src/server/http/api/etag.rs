//! Answers unchanged reads with 304, which saves the body on a slow network.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Gives every JSON response to a read an `ETag`, and answers 304 to a client that already has it.
pub async fn answer_unchanged(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_json =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    if !is_read || !is_json || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let digest: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Weak, because a compressed response has the same meaning.
    let tag = format!("W/\"{digest}\"");
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    // Responses are private, and access may be taken back at any time.
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if known.as_ref().and_then(|known| known.to_str().ok()).is_some_and(|known| names(known, &digest)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, bytes.into())
}

/// Whether `If-None-Match` contains the tag, strong or weak, or `*`.
fn names(known: &str, digest: &str) -> bool {
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/").trim_matches('"') == digest)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn tags() {
        assert!(
            names("W/\"abc\"", "abc")
                && names("\"abc\"", "abc")
                && names("\"x\", W/\"abc\"", "abc")
                && names("*", "abc")
        );
        assert!(!names("W/\"abcd\"", "abc") && !names("", "abc"));
    }
}
