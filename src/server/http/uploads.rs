//! Uploads: a form that a browser sends without JavaScript, answered with a redirect.

use std::collections::HashMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::post;
use axum::{Extension, Router};
use uuid::Uuid;

use crate::domain::document::{DocumentKind, Label};
use crate::error::AppError;
use crate::server::db::documents::{self, Stated, Upload};
use crate::server::session::Viewer;
use crate::server::{AppState, exchange};

/// `POST /documents/new`.
pub fn router() -> Router<AppState> {
    Router::new().route("/documents/new", post(upload))
}

/// A form with files, before it is parsed: each part's file name and bytes.
#[derive(Default)]
pub(super) struct Parts(HashMap<String, (String, Vec<u8>)>);

impl Parts {
    pub async fn read(mut multipart: Multipart) -> Result<Self, Refused> {
        let broken = |error: MultipartError| {
            Refused::Known(if error.status() == StatusCode::PAYLOAD_TOO_LARGE { "size" } else { "broken" })
        };
        let mut parts = HashMap::new();
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().unwrap_or_default().to_owned();
            parts.insert(name, (filename, field.bytes().await.map_err(broken)?.to_vec()));
        }
        Ok(Self(parts))
    }

    /// Name and bytes of a file, taken out; empty where there is none.
    pub fn file(&mut self, name: &str) -> (String, Vec<u8>) {
        self.0.remove(name).unwrap_or_default()
    }

    /// What was written into a field, trimmed; PostgreSQL keeps no zero character.
    pub fn text(&self, name: &str) -> String {
        let bytes = self.0.get(name).map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        String::from_utf8_lossy(bytes).trim().replace('\0', "")
    }
}

async fn upload(
    State(state): State<AppState>,
    who: Option<Extension<Viewer>>,
    multipart: Multipart,
) -> Result<Redirect, AppError> {
    let Some(Extension(viewer)) = who else { return Ok(Redirect::to("/login?next=/documents/new")) };
    let outcome = match Parts::read(multipart).await {
        Ok(parts) => keep(&state, &viewer, parts).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(id) if viewer.is_admin() => Ok(Redirect::to(&format!("/admin/documents/{id}/review"))),
        Ok(id) => Ok(Redirect::to(&format!("/documents/{id}"))),
        Err(Refused::Known(problem)) => Ok(Redirect::to(&format!("/documents/new?problem={problem}"))),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Why nothing was kept.
pub(super) enum Refused {
    /// A word that the form's page explains.
    Known(&'static str),
    Other(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Refused::Other(error)
    }
}

/// Keeps the file, and the marking scheme that came with it; answers the paper's id.
///
/// Fields: `file`; `scheme`, with it or later; `title`, `kind`, `year`; `subject` as `S3/Physics`, empty for a document of
/// one's own; `scheme_of`, the paper whose marking scheme the file is.
async fn keep(state: &AppState, viewer: &Viewer, mut parts: Parts) -> Result<Uuid, Refused> {
    let scheme_of = parts.text("scheme_of");
    let (filename, bytes) = parts.file("file");
    let filename = clean(&filename);
    check(&bytes, state.config.max_upload, !scheme_of.is_empty())?;
    if !scheme_of.is_empty() {
        let paper: Uuid = scheme_of.parse().map_err(|_| Refused::Other(AppError::NotFound))?;
        return Ok(keep_scheme(state, viewer, paper, filename, bytes).await?);
    }
    let designated = if viewer.is_admin() {
        let subject = parts.text("subject");
        let (level, subject) = subject.split_once('/').ok_or(Refused::Known("subject"))?;
        Some((level.to_owned(), subject.to_owned()))
    } else {
        None
    };
    let label = Label::parse(&parts.text("title"), &filename, &parts.text("kind"), &parts.text("year"))
        .map_err(|(field, _)| Refused::Known(field))?;
    let (scheme_filename, scheme) = parts.file("scheme");
    if !scheme.is_empty() {
        check(&scheme, state.config.max_upload, true)?;
    }
    let upload = Upload { filename, label, bytes, designated, scheme_of: None, stated: Stated::default() };
    let id = documents::store(&state.pool, viewer, upload).await?;
    if !scheme.is_empty() {
        keep_scheme(state, viewer, id, clean(&scheme_filename), scheme).await?;
    }
    Ok(id)
}

async fn keep_scheme(
    state: &AppState,
    viewer: &Viewer,
    paper: Uuid,
    filename: String,
    bytes: Vec<u8>,
) -> Result<Uuid, AppError> {
    let document = documents::get(&state.pool, viewer, paper).await?;
    let title: String = format!("{}: marking scheme", document.title).chars().take(200).collect();
    let label = Label { title, kind: DocumentKind::MarkingScheme, year: document.year };
    let designated = if document.is_personal { None } else { document.level.zip(document.subject) };
    let upload = Upload { filename, label, bytes, designated, scheme_of: Some(paper), stated: Stated::default() };
    documents::store(&state.pool, viewer, upload).await?;
    Ok(paper)
}

/// A marking scheme is a PDF; a paper may be a file of questions, too.
pub(super) fn check(bytes: &[u8], max: usize, is_scheme: bool) -> Result<(), Refused> {
    if bytes.is_empty() {
        Err(Refused::Known("missing"))
    } else if bytes.len() > max {
        Err(Refused::Known("size"))
    } else if !exchange::is_pdf(bytes) && (is_scheme || exchange::detect(bytes).is_none()) {
        Err(Refused::Known("pdf"))
    } else {
        Ok(())
    }
}

/// Why nothing was kept, for a program.
pub(super) fn told(refused: Refused, max: usize) -> AppError {
    match refused {
        Refused::Known("size") => AppError::TooLarge { megabytes: max >> 20 },
        Refused::Known("broken") => {
            AppError::field("file")("The upload was cut off. Nothing was kept; send it again.".into())
        }
        Refused::Known("missing") => AppError::field("file")("The file is missing or empty.".into()),
        Refused::Known(_) => AppError::WrongType("The file is no PDF, and no file of questions either.".into()),
        Refused::Other(error) => error,
    }
}

/// The last part of a path, without control characters, at most 200 letters.
pub(in crate::server) fn clean(filename: &str) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    if name.trim().is_empty() { "document.pdf".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_cleaned() {
        assert_eq!(clean("C:\\papers\\S3.pdf"), "S3.pdf");
        assert_eq!(clean("../../etc/passwd"), "passwd");
        assert_eq!(clean("a\r\nb.pdf"), "ab.pdf");
        assert_eq!(clean(" "), "document.pdf");
    }

    #[test]
    fn only_papers_of_the_right_size() {
        let known_as = |bytes: &[u8], max, is_scheme| match check(bytes, max, is_scheme) {
            Err(Refused::Known(word)) => word,
            _ => "kept",
        };
        let known = |bytes, max| known_as(bytes, max, false);
        assert_eq!(known(b"", 10), "missing");
        assert_eq!(known(b"GIF89a", 10), "pdf");
        assert_eq!(known(b"%PDF-1.7 and more", 10), "size");
        assert_eq!(known(b"\xef\xbb\xbf%PDF-1.7", 100), "kept");
        assert_eq!(known_as(b"2 + 2? {#4}", 100, false), "kept");
        assert_eq!(known_as(b"2 + 2? {#4}", 100, true), "pdf");
    }
}
