//! The files of a document: the PDF, its pages as images, crops of them, its questions. Each checks that the viewer may see
//! the document.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exam_formats::Format;
use exam_model::question::Region;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::document::PICTURE_WIDTHS;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::{documents, questions};
use crate::server::documents::reading;
use crate::server::http::extract::Ids;
use crate::server::viewer::Viewer;

/// `/documents/{id}/file`, `/documents/{id}/questions/{format}`, `/documents/{id}/pages/{number}`,
/// `/documents/{id}/pages/{number}/crop`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/documents/{id}/file", get(file))
        .route("/documents/{id}/questions/{format}", get(questions))
        .route("/documents/{id}/pages/{number}", get(page))
        .route("/documents/{id}/pages/{number}/crop", get(crop))
}

#[derive(Deserialize)]
struct Width {
    width: Option<u32>,
}

impl Width {
    /// The smallest rendered width that is large enough.
    fn rendered(&self) -> u32 {
        let wanted = self.width.unwrap_or(PICTURE_WIDTHS[1]);
        PICTURE_WIDTHS.into_iter().find(|&width| width >= wanted).unwrap_or(PICTURE_WIDTHS[PICTURE_WIDTHS.len() - 1])
    }
}

/// A region, in whole points.
#[derive(Deserialize)]
struct Box {
    x: u16,
    y: u16,
    w: u16,
    h: u16,
}

/// A document's PDF, shown inline; a part of it if one range is requested (RFC 9110). `NotFound` for other files.
pub async fn inline(state: &AppState, viewer: &Viewer, id: Uuid, headers: &HeaderMap) -> Result<Response, AppError> {
    let (filename, hash) = documents::file(&state.pool, viewer, id).await?;
    let bytes = documents::bytes(&state.pool, &hash).await?;
    if !exam_formats::is_pdf(&bytes) {
        return Err(AppError::NotFound);
    }
    let size = bytes.len();
    let shown = disposition(&filename).to_str().unwrap_or_default().replacen("attachment", "inline", 1);
    let common = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static("inline"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ];
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    // A `Range` header that is not in bytes is ignored, and so are several ranges.
    let Some(Ok(ranges)) = asked.map(http_range_header::parse_range_header) else {
        return Ok((common, bytes).into_response());
    };
    let content_range = |text: String| [(header::CONTENT_RANGE, text)];
    match ranges.validate(size as u64).as_deref() {
        Ok([range]) => {
            let part = bytes[*range.start() as usize..=*range.end() as usize].to_vec();
            let range = content_range(format!("bytes {}-{}/{size}", range.start(), range.end()));
            Ok((StatusCode::PARTIAL_CONTENT, common, range, part).into_response())
        }
        Ok(_) => Ok((common, bytes).into_response()),
        Err(_) => Ok((StatusCode::RANGE_NOT_SATISFIABLE, content_range(format!("bytes */{size}"))).into_response()),
    }
}

async fn file(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<Response, AppError> {
    let (filename, hash) = documents::file(&state.pool, &viewer, id).await?;
    let bytes = documents::bytes(&state.pool, &hash).await?;
    let mut media_type = "application/pdf";
    if !exam_formats::is_pdf(&bytes) {
        // A file of questions contains their answer keys.
        documents::to_correct(&state.pool, &viewer, id).await?;
        media_type = "application/octet-stream";
    }
    Ok(attachment(&filename, media_type, bytes))
}

/// The questions with their answer keys, in a format for other programs.
async fn questions(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, format)): Ids<(Uuid, String)>,
) -> Result<Response, AppError> {
    let document = documents::to_correct(&state.pool, &viewer, id).await?;
    let format = Format::parse(&format).ok_or(AppError::NotFound)?;
    let questions = questions::of_document(&state.pool, &viewer, id).await?;
    let exported = exam_formats::export(&document.title, &questions, format);
    let filename = format!("{}.{}", document.title.replace(['/', '\\'], "-"), format.ending());
    Ok(attachment(&filename, format.media_type(), exported.bytes))
}

/// A download.
pub fn attachment(filename: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition(filename)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    (headers, bytes).into_response()
}

/// An attachment header with the file's name in RFC 8187 form, and a plain form with only safe letters.
fn disposition(filename: &str) -> HeaderValue {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let plain: String = filename.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    let coded: String = filename
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b == b'.' { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

async fn page(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, number)): Ids<(Uuid, u32)>,
    Query(width): Query<Width>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    image(&state, &viewer, id, number, width.rendered(), None, &headers).await
}

async fn crop(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids((id, number)): Ids<(Uuid, u32)>,
    Query(Box { x, y, w, h }): Query<Box>,
    Query(width): Query<Width>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    if w == 0 || h == 0 {
        return Err(AppError::NotFound);
    }
    let region = Region { page: number, x: x.into(), y: y.into(), width: w.into(), height: h.into() };
    image(&state, &viewer, id, number, width.rendered(), Some(region), &headers).await
}

/// An image from the cache, or rendered now and cached.
async fn image(
    state: &AppState,
    viewer: &Viewer,
    id: Uuid,
    number: u32,
    width: u32,
    region: Option<Region>,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let (_, hash) = documents::file(&state.pool, viewer, id).await?;
    let part = region.map(|r| format!("-{}-{}-{}-{}", r.x, r.y, r.width, r.height)).unwrap_or_default();
    let name = format!("{number}-{width}{part}");
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hex}-{name}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let image = match documents::cached_image(&state.pool, &hash, &name).await? {
        Some(image) => image,
        None => {
            let bytes = documents::bytes(&state.pool, &hash).await?;
            let image = reading::render_apart(&bytes, number, width, region).await.map_err(|error| {
                tracing::warn!(%error, %id, number, "a page was not rendered");
                AppError::NotFound
            })?;
            documents::cache_image(&state.pool, &hash, &name, &image).await?;
            image
        }
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/webp")),
        // Revalidated every time, so that taking back a share works at once; usually answered with 304.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::ETAG, HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\""))),
        // An image that is opened alone is in a page made by the browser, with its own styles.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'")),
    ];
    Ok((headers, image).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_widths_are_rendered() {
        let rendered = |width| Width { width }.rendered();
        assert_eq!(rendered(None), 720);
        assert_eq!(
            [1, 480, 481, 1000, 1440, 90_000].map(|width| rendered(Some(width))),
            [480, 480, 720, 1080, 1440, 1440]
        );
    }

    #[test]
    fn file_names_cannot_break_the_header() {
        let value = disposition("S3 \"maths\"\r\nX: é.pdf");
        let text = value.to_str().unwrap();
        assert!(text.starts_with("attachment; filename=\"S3 _maths___X_ _.pdf\""), "{text}");
        assert!(text.ends_with("%C3%A9.pdf"), "{text}");
    }
}
