//! Uploads: a form that works without JavaScript, answered with a redirect.

use std::collections::HashMap;

use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::post;
use leptos_router::location::Url;

use crate::domain::upload::Refusal;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::db::documents::File;
use crate::server::documents::uploads::{self, Refused, SavedUpload, UploadFields};
use crate::server::viewer::Viewer;

/// `POST /documents/new`.
pub fn router() -> Router<AppState> {
    Router::new().route("/documents/new", post(upload))
}

/// A form with files, before it is parsed: the parts by name, in their order.
#[derive(Default)]
pub(super) struct Parts(HashMap<String, Vec<File>>);

impl Parts {
    pub async fn read(mut multipart: Multipart) -> Result<Self, Refusal> {
        let broken = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::FormTooLarge,
            _ => Refusal::CutOff,
        };
        let mut parts: HashMap<String, Vec<File>> = HashMap::new();
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?.into();
            parts.entry(name).or_default().push(File { name: filename, bytes });
        }
        Ok(Self(parts))
    }

    /// Takes out the files under a name, with clean file names. Drops empty ones, which browsers send when none is chosen.
    pub fn files(&mut self, name: &str) -> Vec<File> {
        let files = self.0.remove(name).unwrap_or_default().into_iter();
        files
            .filter(|file| !file.bytes.is_empty())
            .map(|file| File { name: uploads::clean(&file.name), ..file })
            .collect()
    }

    /// The text of a field, trimmed and without NUL characters, which PostgreSQL cannot store.
    pub fn text(&self, name: &str) -> String {
        let bytes = self.0.get(name).and_then(|parts| parts.first()).map(|part| part.bytes.as_slice());
        String::from_utf8_lossy(bytes.unwrap_or_default()).trim().replace('\0', "")
    }
}

async fn upload(
    State(state): State<AppState>,
    who: Result<Viewer, AppError>,
    multipart: Multipart,
) -> Result<Redirect, AppError> {
    let refused = |refusal: Refusal| Redirect::to(&format!("/documents/new?problem={}", refusal.code()));
    let viewer = match who {
        Err(AppError::SignInRequired) => return Ok(Redirect::to("/login?next=/documents/new")),
        Err(AppError::DatabaseUnavailable) => return Ok(refused(Refusal::DatabaseUnavailable)),
        who => who?,
    };
    let fields = match Parts::read(multipart).await {
        Ok(parts) => fields(parts),
        Err(refusal) => return Ok(refused(refusal)),
    };
    match uploads::save(&state, &viewer, fields).await {
        Ok(saved) => Ok(Redirect::to(&place(&saved, &viewer))),
        Err(Refused::Known(refusal)) => Ok(refused(refusal)),
        Err(Refused::Other(error)) => Err(error),
    }
}

fn fields(mut parts: Parts) -> UploadFields {
    UploadFields {
        files: parts.files("file"),
        scheme: parts.files("scheme"),
        scheme_of: parts.text("scheme_of"),
        title: parts.text("title"),
        kind: parts.text("kind"),
        year: parts.text("year"),
        subject: parts.text("subject"),
    }
}

/// The most files listed by name in the redirect, so that its URL does not become too long.
const MAX_LISTED: usize = 20;

/// Where to redirect: the document, the library, or the form with a list of what was not added.
fn place(saved: &SavedUpload, viewer: &Viewer) -> String {
    match (&saved.ids[..], &saved.known[..], &saved.refused[..]) {
        ([id], [], []) if viewer.is_staff() => format!("/admin/documents/{id}/review"),
        ([id], [], []) => format!("/documents/{id}"),
        (_, [], []) if viewer.is_staff() => "/admin/documents".into(),
        (_, [], []) => "/documents?whose=mine".into(),
        ([], [], [one]) => format!("/documents/new?problem={}", one.why.code()),
        (ids, known, refused) => {
            let known = known.iter().map(|(id, name)| format!("&known={id}/{}", Url::escape(name)));
            let refused =
                refused.iter().map(|file| format!("&refused={}/{}", file.why.code(), Url::escape(&file.name)));
            let listed = known.chain(refused).take(MAX_LISTED);
            format!("/documents/new?added={}{}", ids.len(), listed.collect::<String>())
        }
    }
}
