//! Uploads: a form that works without JavaScript, answered with a redirect.

use std::collections::HashMap;

use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::post;
use leptos_router::location::Url;
use uuid::Uuid;

use crate::domain::document::Label;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::auth::viewer::Viewer;
use crate::server::config::Config;
use crate::server::db::documents::{self, File, Stated, Upload};
use crate::server::documents::reading::photos::{self, BadPhoto, Fault};
use crate::server::documents::reading::{self};

/// `POST /documents/new`.
pub fn router() -> Router<AppState> {
    Router::new().route("/documents/new", post(upload))
}

/// The most bytes of all files of a form together: four times those of one file.
pub fn longest(config: &Config) -> usize {
    4 * config.max_upload
}

/// A form with files, before it is parsed: the parts by name, in their order.
#[derive(Default)]
pub(super) struct Parts(HashMap<String, Vec<File>>);

impl Parts {
    pub async fn read(mut multipart: Multipart) -> Result<Self, Refused> {
        let broken = |error: MultipartError| {
            Refused::Known(if error.status() == StatusCode::PAYLOAD_TOO_LARGE { "total" } else { "broken" })
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
        files.filter(|file| !file.bytes.is_empty()).map(|file| File { name: clean(&file.name), ..file }).collect()
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
    let viewer = match who {
        Err(AppError::SignInRequired) => return Ok(Redirect::to("/login?next=/documents/new")),
        Err(AppError::Away) => return Ok(Redirect::to("/documents/new?problem=away")),
        who => who?,
    };
    let outcome = match Parts::read(multipart).await {
        Ok(parts) => keep(&state, &viewer, parts).await,
        Err(problem) => Err(problem),
    };
    let place = match outcome {
        Ok(kept) => kept.place(&viewer),
        Err(Refused::Known(problem)) => format!("/documents/new?problem={problem}"),
        Err(Refused::Other(error)) => return Err(error),
    };
    Ok(Redirect::to(&place))
}

/// Why nothing was saved.
pub(super) enum Refused {
    /// A code that the form's page explains.
    Known(&'static str),
    Other(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NoRoom { .. } => Refused::Known("room"),
            AppError::Away => Refused::Known("away"),
            AppError::Invalid { field, .. } if field == "subject" => Refused::Known("subject"),
            error => Refused::Other(error),
        }
    }
}

/// A file that was not saved, and the code for why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RefusedFile {
    pub name: String,
    pub problem: &'static str,
}

/// The outcome for each file of a form.
#[derive(Default)]
struct SavedUpload {
    ids: Vec<Uuid>,
    /// Documents that the viewer already has, with the names of the files.
    known: Vec<(Uuid, String)>,
    refused: Vec<RefusedFile>,
}

/// The most files listed by name in the redirect, so that its URL does not become too long.
const MAX_TOLD: usize = 20;

impl SavedUpload {
    /// Where to redirect: the document, the library, or the form with a list of what was not added.
    fn place(&self, viewer: &Viewer) -> String {
        match (&self.ids[..], &self.known[..], &self.refused[..]) {
            ([id], [], []) if viewer.is_admin() => format!("/admin/documents/{id}/review"),
            ([id], [], []) => format!("/documents/{id}"),
            (_, [], []) if viewer.is_admin() => "/admin/documents".into(),
            (_, [], []) => "/documents?whose=mine".into(),
            ([], [], [one]) => format!("/documents/new?problem={}", one.problem),
            (ids, known, refused) => {
                let known = known.iter().map(|(id, name)| format!("&known={id}/{}", Url::escape(name)));
                let refused =
                    refused.iter().map(|file| format!("&refused={}/{}", file.problem, Url::escape(&file.name)));
                let told = known.chain(refused).take(MAX_TOLD);
                format!("/documents/new?added={}{}", ids.len(), told.collect::<String>())
            }
        }
    }
}

/// Saves each file as a document, and all photos as one. A single document may come with its marking scheme.
///
/// Fields: `file`, once for each file; `scheme`, a file or photos; `title`, for a single document; `kind`; `year`;
/// `subject`, such as `S3/Physics`, empty for a personal document; `scheme_of`, the paper whose marking scheme this is.
async fn keep(state: &AppState, viewer: &Viewer, mut parts: Parts) -> Result<SavedUpload, Refused> {
    let (max, quota) = (state.config.max_upload, state.config.pupil_quota);
    let scheme_of = parts.text("scheme_of");
    let files = parts.files("file");
    if files.is_empty() {
        return Err(Refused::Known("missing"));
    }
    if !scheme_of.is_empty() {
        let paper: Uuid = scheme_of.parse().map_err(|_| Refused::Other(AppError::NotFound))?;
        let scheme = only_scheme(files, max).await?;
        documents::store_scheme(&state.pool, viewer, paper, &scheme, quota).await?;
        return Ok(SavedUpload { ids: vec![paper], ..SavedUpload::default() });
    }
    let designated = if viewer.is_admin() {
        let subject = parts.text("subject");
        let (level, subject) = subject.split_once('/').ok_or(Refused::Known("subject"))?;
        Some((level.to_owned(), subject.to_owned()))
    } else {
        None
    };
    let (title, kind, year) = (parts.text("title"), parts.text("kind"), parts.text("year"));
    let label = |title: &str, name: &str| Label::parse(title, name, &kind, &year).map_err(|(field, _)| field);
    label(&title, "a").map_err(Refused::Known)?;
    let mut scheme = match parts.files("scheme") {
        files if files.is_empty() => None,
        files => Some(only_scheme(files, max).await?),
    };
    let papers = papers(files, max).await;
    if scheme.is_some() && papers.len() > 1 {
        return Err(Refused::Known("one"));
    }
    let one = papers.len() == 1;
    let mut kept = SavedUpload::default();
    for paper in papers {
        let file = match paper {
            Ok(file) => file,
            Err(refused) => {
                kept.refused.push(refused);
                continue;
            }
        };
        let name = file.name.clone();
        let outcome = match label(if one { &title } else { "" }, &name) {
            Ok(label) => {
                let (designated, scheme) = (designated.clone(), scheme.take());
                let upload = Upload { file, label, designated, stated: Stated::default(), scheme };
                add(state, viewer, upload).await.map_err(Refused::from)
            }
            Err(problem) => Err(Refused::Known(problem)),
        };
        match outcome {
            Ok(Added::New(id)) => kept.ids.push(id),
            Ok(Added::Known(id)) => kept.known.push((id, name)),
            Err(Refused::Known(problem)) => kept.refused.push(RefusedFile { name, problem }),
            Err(Refused::Other(error)) if kept.ids.is_empty() => return Err(Refused::Other(error)),
            Err(Refused::Other(_)) => kept.refused.push(RefusedFile { name, problem: "fault" }),
        }
    }
    Ok(kept)
}

/// A document that was uploaded: a new one, or an existing one. An existing one that got a marking scheme is `New`.
enum Added {
    New(Uuid),
    Known(Uuid),
}

async fn add(state: &AppState, viewer: &Viewer, upload: Upload) -> Result<Added, AppError> {
    let (pool, quota) = (&state.pool, state.config.pupil_quota);
    let known = documents::known(pool, viewer, &upload.file.bytes, upload.designated.as_ref()).await?;
    Ok(match (known, &upload.scheme) {
        (None, _) => Added::New(documents::store(pool, viewer, upload, quota).await?),
        (Some(id), None) => Added::Known(id),
        (Some(id), Some(scheme)) => {
            documents::store_scheme(pool, viewer, id, scheme, quota).await?;
            Added::New(id)
        }
    })
}

/// The single file of a marking scheme, or its photos as one file.
async fn only_scheme(files: Vec<File>, max: usize) -> Result<File, Refused> {
    let mut papers = papers(files, max).await;
    match papers.pop() {
        Some(_) if !papers.is_empty() => Err(Refused::Known("one")),
        Some(Ok(file)) if exam_formats::is_pdf(&file.bytes) => Ok(file),
        Some(Err(refused)) => Err(Refused::Known(refused.problem)),
        _ => Err(Refused::Known("pdf")),
    }
}

/// The documents in a list of files: each file, and all photos in their order as one PDF, in the place of the first photo.
pub(super) async fn papers(files: Vec<File>, max: usize) -> Vec<Result<File, RefusedFile>> {
    let refused = |name: &str, problem| RefusedFile { name: name.to_owned(), problem };
    let mut papers = Vec::new();
    let mut photos: Vec<File> = Vec::new();
    let mut at = 0;
    for file in files {
        match check(&file.bytes, max) {
            Err(problem) => papers.push(Err(refused(&file.name, problem))),
            Ok(Kind::Paper) => papers.push(Ok(file)),
            Ok(Kind::Photo) => {
                at = if photos.is_empty() { papers.len() } else { at };
                photos.push(file);
            }
        }
    }
    let Some(first) = photos.first() else { return papers };
    let stem = first.name.rsplit_once('.').map_or(first.name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}.pdf");
    let (names, photos): (Vec<String>, Vec<Vec<u8>>) = photos.into_iter().map(|file| (file.name, file.bytes)).unzip();
    let bound = match reading::bind_apart(&photos).await {
        Ok(Ok(bytes)) if bytes.len() > max => Err(refused(&name, "photos")),
        Ok(Ok(bytes)) => Ok(File { name, bytes }),
        Ok(Err(BadPhoto { number, fault })) => {
            let problem = if fault == Fault::TooLarge { "pixels" } else { "photo" };
            Err(refused(names.get(number).unwrap_or(&name), problem))
        }
        Err(error) => {
            tracing::warn!(%error, "photos could not be combined");
            Err(refused(&name, "photos"))
        }
    };
    papers.insert(at, bound);
    papers
}

/// The kind of a file, by its first bytes.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// A PDF, or questions without pages.
    Paper,
    Photo,
}

fn check(bytes: &[u8], max: usize) -> Result<Kind, &'static str> {
    if bytes.len() > max {
        Err("size")
    } else if photos::is_photo(bytes) {
        Ok(Kind::Photo)
    } else if exam_formats::is_pdf(bytes) || exam_formats::detect(bytes).is_some() {
        Ok(Kind::Paper)
    } else {
        Err("pdf")
    }
}

/// The error for a code, for the API.
pub(super) fn told(problem: &str, config: &Config) -> AppError {
    let file = AppError::field("file");
    match problem {
        "size" => AppError::TooLarge { megabytes: config.max_upload >> 20 },
        "total" => AppError::TooLarge { megabytes: longest(config) >> 20 },
        "broken" => file("The upload was cut off. Nothing was saved. Send it again.".into()),
        "missing" => file("The file is missing or empty.".into()),
        "one" => file("Send one document at a time: a PDF, a file of questions, or the photos of its pages.".into()),
        "photo" => file("One of the photos cannot be read. Nothing was saved. Take it again and send all.".into()),
        "pixels" => {
            file("One of the photos has more than 50 million pixels. Nothing was saved. Make it smaller.".into())
        }
        "photos" => {
            file("The photos are too large for one document. Nothing was saved. Send fewer or smaller ones.".into())
        }
        _ => AppError::WrongType("The file is not a PDF, a photo or a file of questions.".into()),
    }
}

/// The last part of a path, without control characters, at most 200 characters.
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
    fn files_are_told_by_their_first_bytes() {
        assert_eq!(check(b"GIF89a", 10), Err("pdf"));
        assert_eq!(check(b"%PDF-1.7 and more", 10), Err("size"));
        assert_eq!(check(b"\xef\xbb\xbf%PDF-1.7", 100), Ok(Kind::Paper));
        assert_eq!(check(b"2 + 2? {#4}", 100), Ok(Kind::Paper));
        for photo in [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "] {
            assert_eq!(check(photo, 100), Ok(Kind::Photo));
        }
    }
}
