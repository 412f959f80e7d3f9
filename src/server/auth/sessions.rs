//! Sessions: identifies the viewer once for each request, by cookie or bearer token.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::account::Person;
use crate::error::AppError;
use crate::server::auth::password;
use crate::server::auth::rate_limits::{GUESSES, SIGN_IN};
use crate::server::viewer::Client;
use crate::server::{AppState, db};

const COOKIE: &str = "session";

/// Puts the `Viewer` into the request's extensions if the token is valid, or the error that prevented checking it.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers()) {
        match db::accounts::viewer(&state.pool, &digest(&token)).await {
            Ok(Some(viewer)) => drop(request.extensions_mut().insert(viewer)),
            Ok(None) => {}
            Err(error) => drop(request.extensions_mut().insert(error)),
        }
    }
    next.run(request).await
}

fn token(headers: &HeaderMap) -> Option<String> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    bearer.or_else(|| {
        let jar = CookieJar::from_headers(headers);
        jar.get(COOKIE).map(|cookie| cookie.value().to_owned())
    })
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Opens a session and returns its token.
pub async fn open(state: &AppState, user_id: Uuid, device: &str) -> Result<String, AppError> {
    open_until(state, user_id, device, now() + Duration::days(state.config.session_days)).await
}

/// Opens a session that ends at a given time and returns its token.
pub async fn open_until(
    state: &AppState,
    user_id: Uuid,
    device: &str,
    expires_at: DateTime<Utc>,
) -> Result<String, AppError> {
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    db::accounts::open_session(&state.pool, user_id, &digest(&token), device, expires_at).await?;
    Ok(token)
}

/// The least time of a failed sign-in. A bcrypt hash takes several times as long as one of ours (0.2 s), so the time would
/// reveal which addresses came from the earlier system and have not been used since.
const WRONG_TAKES: std::time::Duration = std::time::Duration::from_secs(1);

/// Checks name (an e-mail address or a login name) and password and opens a session. The answer is the same for an unknown name and a wrong password;
/// `RateLimited` after many tries. Replaces a hash of the earlier system by one of ours.
pub async fn sign_in(
    state: &AppState,
    name: &str,
    given: String,
    client: &Client,
) -> Result<(Person, String), AppError> {
    let login = db::accounts::for_login(&state.pool, name).await?;
    if !client.address.is_empty() && !login.as_ref().is_some_and(|login| login.is_signed_in) {
        GUESSES.peek(&state.pool, &client.address).await?;
    }
    // An account has as many tries by both of its names as by one.
    let tries = login.as_ref().map_or(name.trim(), |login| login.person.sign_in_name()).to_lowercase();
    let hash = login.as_ref().map(|login| login.hashed_password.clone());
    let long_enough = tokio::time::sleep(WRONG_TAKES);
    let check = password::matches(given.clone(), hash);
    let right = SIGN_IN.run(&state.pool, &tries, check).await?;
    match login {
        Some(login) if right && login.is_active => {
            if let Some(hash) = password::renewed(given, &login.hashed_password).await? {
                db::accounts::renew_hash(&state.pool, login.person.id, &login.hashed_password, &hash).await?;
            }
            let token = open(state, login.person.id, &client.device).await?;
            Ok((login.person, token))
        }
        Some(_) if right => {
            Err(AppError::Forbidden("This account is switched off. Ask your school to switch it on.".into()))
        }
        _ => {
            if !client.address.is_empty() {
                // Over the limit the answer is the same; the try only has to be counted.
                let _ = GUESSES.record(&state.pool, &client.address).await;
            }
            long_enough.await;
            Err(AppError::field("password")("The name or the password is not right. Check both and try again.".into()))
        }
    }
}

/// The cookie that stores a token on a device.
pub fn cookie(state: &AppState, token: String) -> HeaderValue {
    set_cookie(state, &token, Duration::days(state.config.session_days))
}

/// The cookie that removes it.
pub fn clear_cookie(state: &AppState) -> HeaderValue {
    set_cookie(state, "", Duration::zero())
}

fn set_cookie(state: &AppState, token: &str, age: Duration) -> HeaderValue {
    guarded(state, COOKIE, token, "/", age).expect("the token is hexadecimal")
}

/// A cookie that scripts cannot read and other sites' forms do not send; with age 0 it deletes itself.
pub fn guarded(
    state: &AppState,
    name: &str,
    value: &str,
    path: &str,
    age: Duration,
) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut cookie = Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(age.to_std().unwrap_or_default().try_into().unwrap_or_default());
    if state.config.secure_cookies {
        cookie = cookie.secure(true);
    }
    HeaderValue::from_str(&cookie.build().to_string())
}

#[expect(clippy::disallowed_methods, reason = "the clock of requests")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
