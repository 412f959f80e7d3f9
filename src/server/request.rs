//! What a server function can learn from its request. The first line of each function calls one of these.

use axum::http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use super::AppState;
use crate::error::AppError;
use crate::server::viewer::{self, Viewer};

/// The state, and the viewer if somebody is signed in.
pub struct Anyone {
    pub state: AppState,
    pub viewer: Option<Viewer>,
}

/// The state and the viewer.
pub struct SignedIn {
    pub state: AppState,
    pub viewer: Viewer,
}

/// For functions that do not require signing in.
pub fn anyone() -> Anyone {
    let viewer = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Viewer>().cloned());
    Anyone { state: expect_context::<AppState>(), viewer }
}

/// For functions of everybody alike. `SignInRequired` otherwise.
pub fn signed_in() -> Result<SignedIn, AppError> {
    let parts = use_context::<Parts>().ok_or(AppError::SignInRequired)?;
    Ok(SignedIn { state: expect_context::<AppState>(), viewer: viewer::asking(&parts.extensions)? })
}

/// For functions of teachers and admins; `NotFound` for anybody else. What they may see is the viewer's
/// [`scope`](Viewer::scope).
pub fn staff() -> Result<SignedIn, AppError> {
    let signed_in = signed_in()?;
    if signed_in.viewer.is_staff() { Ok(signed_in) } else { Err(AppError::NotFound) }
}

/// For functions of admins; `NotFound` for anybody else.
pub fn admin() -> Result<SignedIn, AppError> {
    let signed_in = signed_in()?;
    if signed_in.viewer.is_admin() { Ok(signed_in) } else { Err(AppError::NotFound) }
}

/// For functions of owners of the installation, which concern all schools; `NotFound` for anybody else.
pub fn owner() -> Result<SignedIn, AppError> {
    let signed_in = signed_in()?;
    if signed_in.viewer.is_owner() { Ok(signed_in) } else { Err(AppError::NotFound) }
}

/// Redirects the browser to another page; does not return from the caller.
#[expect(clippy::disallowed_methods, reason = "the one caller")]
pub fn go_to(path: &str) {
    leptos_axum::redirect(path);
}

/// Without scripts, passes an answer to this page, which shows it once.
pub fn carry(state: &AppState, answer: &str, page: &str) {
    let by_hand = use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(axum::http::header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
        accepts.is_some_and(|accepts| accepts.contains("text/html"))
    });
    if by_hand && let Some(cookie) = crate::server::http::flash::carry(state, answer, page) {
        set_cookie(cookie);
    }
}

/// Sets a cookie in the response.
pub fn set_cookie(cookie: axum::http::HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(axum::http::header::SET_COOKIE, cookie);
    }
}

/// A name for the device that sent the request.
pub fn device() -> String {
    client().device
}

/// The client that sent the request.
pub fn client() -> viewer::Client {
    let of = |parts: Parts| viewer::Client::of(&parts.headers, &parts.extensions);
    use_context::<Parts>().map(of).unwrap_or_default()
}

/// The start of URLs for another device.
pub fn origin() -> String {
    use_context::<Parts>().map(|parts| viewer::origin(&parts.headers)).unwrap_or_default()
}

/// The path, if it leads to a page of this site and nowhere else.
pub fn local_path(path: &str) -> Option<&str> {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    local.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_local_paths_are_followed() {
        assert_eq!(local_path("/documents?year=2024"), Some("/documents?year=2024"));
        for bad in ["", "https://example.com", "//example.com", "/\\example.com", "/a\r\nSet-Cookie: x"] {
            assert_eq!(local_path(bad), None, "{bad}");
        }
    }
}
