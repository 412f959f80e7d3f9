//! Passes data to the next page once, in a cookie: the fields of a refused form, without secrets, to fill it in again; or an
//! answer to show.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;
use exam_model::format;
use url::form_urlencoded;

use crate::flash::{FlashAnswer, RefusedForm};
use crate::server::AppState;
use crate::server::auth::sessions::guarded;
use crate::server::http::FORM_LIMIT;

const WRITTEN: &str = "written";
const ANSWER: &str = "answer";
/// The time in which the browser must request the page.
const AGE: TimeDelta = TimeDelta::seconds(60);
/// The bytes of a cookie that every browser accepts.
const MAX: usize = 3000;
/// Fields that are never sent back.
const SECRETS: [&str; 3] = ["password", "present", "new"];

/// Remembers the fields of a refused form.
pub async fn save(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    if request.headers().get(header::CONTENT_TYPE) != Some(&form) || !request.uri().path().starts_with("/fn/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, FORM_LIMIT).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let mut response = next.run(Request::from_parts(parts, body.clone().into())).await;
    let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()?.parse::<Uri>().ok());
    let Some(to) = to.filter(|to| asked(to, "__err").is_some()) else { return response };
    let mut words = form_urlencoded::Serializer::new(String::new());
    words.extend_pairs(form_urlencoded::parse(&body).filter(|(name, _)| !SECRETS.contains(&&**name)));
    let words = words.finish();
    if words.len() <= MAX
        && let Ok(cookie) = guarded(&state, WRITTEN, &words, to.path(), AGE)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The refused form for this page, and the cookie that removes it.
pub fn written(state: &AppState, parts: &Parts) -> Option<(RefusedForm, HeaderValue)> {
    let action = asked(&parts.uri, "__path")?;
    let jar = CookieJar::from_headers(&parts.headers);
    let fields = form_urlencoded::parse(jar.get(WRITTEN)?.value().as_bytes()).into_owned().collect();
    Some((RefusedForm { action, fields }, guarded(state, WRITTEN, "", parts.uri.path(), TimeDelta::zero()).ok()?))
}

/// The cookie that carries an answer to a page; a long one is cut.
pub fn carry(state: &AppState, answer: &str, page: &str) -> Option<HeaderValue> {
    // A letter takes up to twelve bytes.
    let short = format::shortened(answer, MAX / 12);
    let written: String = form_urlencoded::byte_serialize(short.as_bytes()).collect();
    guarded(state, ANSWER, &written, page, AGE).ok()
}

/// The answer that this page shows, and the cookie that removes it.
pub fn answer(state: &AppState, parts: &Parts) -> Option<(FlashAnswer, HeaderValue)> {
    let jar = CookieJar::from_headers(&parts.headers);
    let (written, _) = form_urlencoded::parse(jar.get(ANSWER)?.value().as_bytes()).next()?;
    let answer = FlashAnswer(written.into_owned());
    Some((answer, guarded(state, ANSWER, "", parts.uri.path(), TimeDelta::zero()).ok()?))
}

fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.into_owned().find(|(known, _)| known == name).map(|(_, value)| value)
}
