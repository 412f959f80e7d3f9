//! What goes along to the next page without scripts, once, in a cookie: what was written in a form that was refused, but no
//! secrets, so that it comes back as it was; or an answer that is shown. On a slow phone many a form is sent before the
//! scripts are there.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;

use crate::flash::{FlashAnswer, RefusedForm};
use crate::server::AppState;
use crate::server::auth::sessions::guarded;
use crate::server::http::FORM_LIMIT;

const WRITTEN: &str = "written";
const ANSWER: &str = "answer";
/// So long a browser has to ask for the page.
const AGE: TimeDelta = TimeDelta::seconds(60);
/// Bytes of a cookie that every browser takes.
const MAX: usize = 3000;
/// Fields that nobody sees again.
const SECRETS: [&str; 3] = ["password", "present", "new"];

/// Notes what is written in a form that is refused.
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

/// What was written in the form that this page is asked for again with, and the cookie that forgets it.
pub fn written(state: &AppState, parts: &Parts) -> Option<(RefusedForm, HeaderValue)> {
    let action = asked(&parts.uri, "__path")?;
    let jar = CookieJar::from_headers(&parts.headers);
    let fields = form_urlencoded::parse(jar.get(WRITTEN)?.value().as_bytes()).into_owned().collect();
    Some((RefusedForm { action, fields }, guarded(state, WRITTEN, "", parts.uri.path(), TimeDelta::zero()).ok()?))
}

/// The cookie that carries an answer of letters and digits to a page.
pub fn carry(state: &AppState, answer: &str, page: &str) -> Option<HeaderValue> {
    guarded(state, ANSWER, answer, page, AGE).ok()
}

/// The answer that this page is to show, and the cookie that forgets it.
pub fn answer(state: &AppState, parts: &Parts) -> Option<(FlashAnswer, HeaderValue)> {
    let jar = CookieJar::from_headers(&parts.headers);
    let answer = FlashAnswer(jar.get(ANSWER)?.value().to_owned());
    Some((answer, guarded(state, ANSWER, "", parts.uri.path(), TimeDelta::zero()).ok()?))
}

fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.into_owned().find(|(known, _)| known == name).map(|(_, value)| value)
}
