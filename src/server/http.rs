//! HTTP: all routes and their middleware.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;

use super::{AppState, metrics, traces};
use crate::app::{App, shell};
use crate::domain::upload::Limits;
use crate::flash::SetStatus;
use crate::server::auth::sessions;

pub mod api;
mod classes;
mod error;
mod events;
mod extract;
mod files;
pub mod flash;
pub mod site;
mod tables;
pub mod uploads;

/// The most bytes of a form or of a server function's arguments; many times the answers of a whole exam.
const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// The longest time for a request, and for one that uploads files over a slow network.
const TIME: Duration = Duration::from_secs(120);
const TIME_WITH_FILES: Duration = Duration::from_secs(3600);
/// The longest time in which no part of a request's body arrives.
const SILENCE: Duration = Duration::from_secs(60);

/// The routes of all pages, generated once: while Leptos generates them, no page in the process loads its data.
pub static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// The router of the whole site for this state, for the server and the tests.
pub fn router(state: AppState) -> Router {
    let assets = state.assets.clone();
    let context = {
        let state = state.clone();
        move || page_context(&state)
    };
    let pages = Router::new().leptos_routes_with_context(&state, PAGES.clone(), context.clone(), {
        let assets = assets.clone();
        move || shell(&assets)
    });
    let files = site::router(&state.config, &assets);
    let not_found = leptos_axum::render_app_async_with_context(context, move || shell(&assets));
    let limit = Limits::new(state.config.max_upload).together as usize + FORM_LIMIT;
    Router::new()
        .merge(pages)
        .merge(uploads::router().layer(DefaultBodyLimit::max(limit)))
        .merge(files::router())
        .merge(tables::router())
        .merge(classes::router().layer(DefaultBodyLimit::max(2 * FORM_LIMIT)))
        .merge(events::router())
        .route("/livez", get(metrics::livez))
        .route("/readyz", get(metrics::readyz))
        .fallback(not_found)
        .nest_service("/api", api::service(state.clone()))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(middleware::from_fn(error::set_error_status))
        .layer(middleware::from_fn_with_state(state.clone(), flash::save))
        .layer(middleware::from_fn_with_state(state.clone(), sessions::identify))
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new())
        .merge(files)
        .layer(header("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
        .layer(header("x-content-type-options", "nosniff"))
        // A form that is sent without JavaScript needs the referrer to get back to its page.
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("permissions-policy", "camera=(), geolocation=(), microphone=()"))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state([TIME, TIME_WITH_FILES], in_time))
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(option_layer(state.config.metrics_address.map(|_| middleware::from_fn(metrics::record_request))))
        .layer(option_layer(state.config.traces_endpoint.as_ref().map(|_| middleware::from_fn(traces::trace_request))))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(state)
}

/// What every line of the log says of its request. A path has ids, no names; what follows `?` may.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// Aborts requests that take longer than the first of these times, or for uploads the second.
async fn in_time(State([time, with_files]): State<[Duration; 2]>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let longest = if kind.starts_with(b"multipart/") { with_files } else { time };
    let answer = tokio::time::timeout(longest, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// The context that components and server functions get with the request.
fn page_context(state: &AppState) {
    provide_context(state.clone());
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(parts) = use_context::<Parts>() {
        if let Some((refused, forget)) = flash::written(state, &parts) {
            provide_context(refused);
            response.append_header(header::SET_COOKIE, forget);
        }
        if let Some((answer, forget)) = flash::answer(state, &parts) {
            provide_context(answer);
            response.append_header(header::SET_COOKIE, forget);
        }
    }
    if let Some(policy) = use_nonce().and_then(|nonce| HeaderValue::from_str(&policy(&nonce)).ok()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    // Pages are private: on a borrowed phone, “back” must not show them to the next person.
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    provide_context(SetStatus(Arc::new(move |status| {
        if let Ok(status) = StatusCode::from_u16(status) {
            response.set_status(status);
        }
    })));
}

/// The content security policy: scripts by nonce only, and WebAssembly.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         manifest-src 'self'"
    )
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::post;
    use futures_util::stream;
    use tower::ServiceExt;

    use super::*;

    /// The response to a request whose body arrives in `parts` parts, with a pause in milliseconds before each.
    async fn sent(kind: &str, parts: u32, each: u64) -> (StatusCode, String) {
        let length = |body: Body| async {
            to_bytes(body, usize::MAX).await.map_or_else(|_| "broken".to_owned(), |bytes| bytes.len().to_string())
        };
        let [time, with_files, silence] = [300, 3000, 150].map(Duration::from_millis);
        let router = Router::new()
            .route("/", post(length))
            .layer(middleware::from_fn_with_state([time, with_files], in_time))
            .layer(RequestBodyTimeoutLayer::new(silence));
        let part = move |n: u32| async move {
            tokio::time::sleep(Duration::from_millis(each)).await;
            (n < parts).then(|| (Ok::<_, std::io::Error>("x"), n + 1))
        };
        let body = Body::from_stream(stream::unfold(0, part));
        let request = Request::post("/").header("content-type", kind).body(body).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        (status, String::from_utf8(to_bytes(answer.into_body(), 100).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn files_may_come_slowly_but_must_come() {
        assert_eq!(sent("multipart/form-data; boundary=x", 20, 25).await, (StatusCode::OK, "20".into()));
        assert_eq!(sent("multipart/form-data; boundary=x", 2, 300).await, (StatusCode::OK, "broken".into()));
        assert_eq!(sent("application/json", 3, 25).await, (StatusCode::OK, "3".into()));
        assert_eq!(sent("application/json", 20, 25).await.0, StatusCode::SERVICE_UNAVAILABLE);
    }
}
