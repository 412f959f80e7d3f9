//! The site: the files that browsers load. They are read from a folder, or with the feature `embed` from the program itself.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use include_dir::Dir;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::Assets;
use crate::server::AppState;
use crate::server::config::Config;

// Cargo compiles this again when the site has changed.
#[cfg(feature = "embed")]
const _: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/target/site/hash.txt"));
#[cfg(feature = "embed")]
static EMBEDDED: Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/target/site");
#[cfg(not(feature = "embed"))]
static EMBEDDED: Dir<'_> = Dir::new("", &[]);

/// The addresses of the styles and scripts, by the site's `hash.txt`.
pub fn assets(config: &Config) -> Assets {
    let hashes = match &config.site_root {
        Some(folder) => std::fs::read_to_string(folder.join("hash.txt")).ok(),
        None => EMBEDDED.get_file("hash.txt").and_then(|file| file.contents_utf8()).map(str::to_owned),
    };
    Assets::new(hashes.as_deref())
}

/// The routes of the files.
pub fn router(config: &Config, assets: &Assets) -> Router<AppState> {
    let (named, others) = match &config.site_root {
        Some(folder) => {
            let files = |folder| ServeDir::new(folder).precompressed_br().precompressed_gzip();
            let others = files(folder.clone());
            let others =
                Router::new().route_service("/favicon.svg", others.clone()).route_service("/robots.txt", others);
            (Router::new().nest_service("/pkg", files(folder.join("pkg"))), others)
        }
        None => {
            let file: MethodRouter = get(embedded);
            let others =
                Router::new().route_service("/favicon.svg", file.clone()).route_service("/robots.txt", file.clone());
            (Router::new().route_service("/pkg/{name}", file), others)
        }
    };
    // Files with hashed names never change; files without a hash (a debug build) do.
    let kept = if assets.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kept = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    named.layer(kept).merge(others)
}

/// A file within the program, in the first coding that it has and the browser accepts.
async fn embedded(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain",
        Some("wasm") => "application/wasm",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let kind = [(header::CONTENT_TYPE, kind), (header::VARY, "accept-encoding")];
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (coding, end) in [("br", "br"), ("gzip", "gz")] {
        if accepted.split(',').any(|item| item.trim() == coding)
            && let Some(file) = EMBEDDED.get_file(format!("{path}.{end}"))
        {
            return (kind, [(header::CONTENT_ENCODING, coding)], file.contents()).into_response();
        }
    }
    match EMBEDDED.get_file(path) {
        Some(file) => (kind, file.contents()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
