//! The HTTP side: every route, and what stands around them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::{AppState, session};
use crate::app::{App, shell};
use crate::components::load::SetStatus;

pub mod api;
mod error;
mod events;
mod extract;
mod files;
mod tables;
pub(super) mod uploads;

/// Bytes of a form or a server function's arguments: a whole exam's answers fit many times.
const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// The whole site for this state; used by the server and by the tests.
pub fn router(state: AppState) -> Router {
    let options = state.leptos.clone();
    let context = {
        let state = state.clone();
        move || page_context(&state)
    };
    let pages = Router::new().leptos_routes_with_context(&state, generate_route_list(App), context.clone(), {
        let options = options.clone();
        move || shell(options.clone())
    });
    let not_found = leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    let site = ServeDir::new(&*state.config.site_root).precompressed_br().precompressed_gzip();
    let assets = Router::new()
        .nest_service("/pkg", ServeDir::new(state.config.site_root.join("pkg")).precompressed_br().precompressed_gzip())
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, cache_of_assets(&state)))
        .route_service("/favicon.svg", site.clone())
        .route_service("/robots.txt", site);
    let limit = state.config.max_upload + FORM_LIMIT;
    Router::new()
        .merge(pages)
        .merge(uploads::router().layer(DefaultBodyLimit::max(limit)))
        .merge(files::router())
        .merge(tables::router())
        .merge(events::router())
        .nest_service("/api", api::service(state.clone()))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(middleware::from_fn(error::honest_status))
        .layer(middleware::from_fn_with_state(state.clone(), session::identify))
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new())
        .merge(assets)
        .layer(header("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
        .layer(header("x-content-type-options", "nosniff"))
        // Without a referrer a form without JavaScript would not find back.
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("permissions-policy", "camera=(), geolocation=(), microphone=()"))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(120)))
        .layer(TraceLayer::new_for_http())
        .with_state(state)
}

/// What components and server functions find beside the request.
fn page_context(state: &AppState) {
    provide_context(state.clone());
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(policy) = use_nonce().and_then(|nonce| HeaderValue::from_str(&policy(&nonce)).ok()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A page shows what one person may see, and on a borrowed phone “back” must not show it to the next.
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    provide_context(SetStatus(Arc::new(move |status| {
        if let Ok(status) = StatusCode::from_u16(status) {
            response.set_status(status);
        }
    })));
}

/// Scripts by nonce only; the browser half is WebAssembly.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         manifest-src 'self'"
    )
}

/// Hashed names never change their content; names without a hash (a debug build) do.
fn cache_of_assets(state: &AppState) -> HeaderValue {
    HeaderValue::from_static(if state.leptos.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" })
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}
