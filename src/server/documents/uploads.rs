//! Saves the files of an upload: each PDF or file of questions as a document, all photos together as one.

use uuid::Uuid;

use crate::domain::document::Label;
use crate::domain::upload::{Limits, Refusal};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::config::Config;
use crate::server::db::documents::{self, File, Stated, Upload};
use crate::server::documents::reading::photos::{self, BadPhoto, Fault};
use crate::server::documents::reading::{self};
use crate::server::viewer::Viewer;

/// Why nothing was saved.
pub enum Refused {
    Known(Refusal),
    Other(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        match error {
            AppError::QuotaExceeded { .. } => Refused::Known(Refusal::QuotaExceeded),
            AppError::DatabaseUnavailable => Refused::Known(Refusal::DatabaseUnavailable),
            AppError::Invalid { field, .. } if field == "subject" => Refused::Known(Refusal::Subject),
            error => Refused::Other(error),
        }
    }
}

/// The error for a refusal, where no form shows its code.
pub fn error(refusal: Refusal, config: &Config) -> AppError {
    let limits = Limits::new(config.max_upload);
    match refusal {
        Refusal::FileTooLarge => AppError::TooLarge { megabytes: (limits.each >> 20) as usize },
        Refusal::FormTooLarge => AppError::TooLarge { megabytes: (limits.together >> 20) as usize },
        Refusal::WrongType => AppError::WrongType(refusal.message(limits)),
        _ => AppError::field(refusal.field())(refusal.message(limits)),
    }
}

/// A file that was not saved.
#[derive(Debug, PartialEq, Eq)]
pub struct RefusedFile {
    pub name: String,
    pub why: Refusal,
}

/// The fields of the upload form.
#[derive(Default)]
pub struct UploadFields {
    pub files: Vec<File>,
    /// A file, or photos of its pages; only with a single document.
    pub scheme: Vec<File>,
    /// The paper whose marking scheme the files are; empty for papers.
    pub scheme_of: String,
    /// For a single document.
    pub title: String,
    pub kind: String,
    pub year: String,
    /// Such as `S3/Physics`; not read for a personal document.
    pub subject: String,
}

/// The outcome for each file of a form.
#[derive(Default)]
pub struct SavedUpload {
    pub ids: Vec<Uuid>,
    /// Documents that the viewer already has, with the names of the files.
    pub known: Vec<(Uuid, String)>,
    pub refused: Vec<RefusedFile>,
}

/// Saves each file as a document, and all photos as one.
pub async fn save(state: &AppState, viewer: &Viewer, fields: UploadFields) -> Result<SavedUpload, Refused> {
    let (max, quota) = (state.config.max_upload, state.config.pupil_quota);
    if fields.files.is_empty() {
        return Err(Refused::Known(Refusal::NoFile));
    }
    if !fields.scheme_of.is_empty() {
        let paper: Uuid = fields.scheme_of.parse().map_err(|_| Refused::Other(AppError::NotFound))?;
        let scheme = only_scheme(fields.files, max).await?;
        documents::store_scheme(&state.pool, viewer, paper, &scheme, quota).await?;
        return Ok(SavedUpload { ids: vec![paper], ..SavedUpload::default() });
    }
    let designated = if viewer.is_staff() {
        let (level, subject) = fields.subject.split_once('/').ok_or(Refused::Known(Refusal::Subject))?;
        Some((level.to_owned(), subject.to_owned()))
    } else {
        None
    };
    let label = |title: &str, name: &str| Label::parse(title, name, &fields.kind, &fields.year);
    label(&fields.title, "a").map_err(Refused::Known)?;
    let mut scheme = match fields.scheme {
        files if files.is_empty() => None,
        files => Some(only_scheme(files, max).await?),
    };
    let papers = papers(fields.files, max).await;
    if scheme.is_some() && papers.len() > 1 {
        return Err(Refused::Known(Refusal::SeveralPapers));
    }
    let title = if papers.len() == 1 { &fields.title } else { "" };
    let mut saved = SavedUpload::default();
    for paper in papers {
        let file = match paper {
            Ok(file) => file,
            Err(refused) => {
                saved.refused.push(refused);
                continue;
            }
        };
        let name = file.name.clone();
        let outcome = match label(title, &name) {
            Ok(label) => {
                let (designated, scheme) = (designated.clone(), scheme.take());
                let upload = Upload { file, label, designated, stated: Stated::default(), scheme };
                add(state, viewer, upload).await.map_err(Refused::from)
            }
            Err(refusal) => Err(Refused::Known(refusal)),
        };
        match outcome {
            Ok(Added::New(id)) => saved.ids.push(id),
            Ok(Added::Known(id)) => saved.known.push((id, name)),
            Err(Refused::Known(why)) => saved.refused.push(RefusedFile { name, why }),
            Err(Refused::Other(error)) if saved.ids.is_empty() => return Err(Refused::Other(error)),
            Err(Refused::Other(_)) => saved.refused.push(RefusedFile { name, why: Refusal::Fault }),
        }
    }
    Ok(saved)
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
pub async fn only_scheme(files: Vec<File>, max: usize) -> Result<File, Refused> {
    let mut papers = papers(files, max).await;
    match papers.pop() {
        Some(_) if !papers.is_empty() => Err(Refused::Known(Refusal::SeveralPapers)),
        Some(Ok(file)) if exam_formats::is_pdf(&file.bytes) => Ok(file),
        Some(Err(refused)) => Err(Refused::Known(refused.why)),
        _ => Err(Refused::Known(Refusal::WrongType)),
    }
}

/// The documents in a list of files: each file, and all photos in their order as one PDF, in the place of the first photo.
pub async fn papers(files: Vec<File>, max: usize) -> Vec<Result<File, RefusedFile>> {
    let refused = |name: &str, why| RefusedFile { name: name.to_owned(), why };
    let mut papers = Vec::new();
    let mut photos: Vec<File> = Vec::new();
    let mut at = 0;
    for file in files {
        match check(&file.bytes, max) {
            Err(why) => papers.push(Err(refused(&file.name, why))),
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
        Ok(Ok(bytes)) if bytes.len() > max => Err(refused(&name, Refusal::PhotosTooLarge)),
        Ok(Ok(bytes)) => Ok(File { name, bytes }),
        Ok(Err(BadPhoto { number, fault })) => {
            let why = if fault == Fault::TooLarge { Refusal::TooManyPixels } else { Refusal::BrokenPhoto };
            Err(refused(names.get(number).unwrap_or(&name), why))
        }
        Err(error) => {
            tracing::warn!(%error, "photos could not be combined");
            Err(refused(&name, Refusal::PhotosTooLarge))
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

fn check(bytes: &[u8], max: usize) -> Result<Kind, Refusal> {
    if bytes.len() > max {
        Err(Refusal::FileTooLarge)
    } else if photos::is_photo(bytes) {
        Ok(Kind::Photo)
    } else if exam_formats::is_pdf(bytes) || exam_formats::detect(bytes).is_some() {
        Ok(Kind::Paper)
    } else {
        Err(Refusal::WrongType)
    }
}

/// The last part of a path, without control characters, at most 200 characters.
pub fn clean(filename: &str) -> String {
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
        assert_eq!(check(b"GIF89a", 10), Err(Refusal::WrongType));
        assert_eq!(check(b"%PDF-1.7 and more", 10), Err(Refusal::FileTooLarge));
        assert_eq!(check(b"\xef\xbb\xbf%PDF-1.7", 100), Ok(Kind::Paper));
        assert_eq!(check(b"2 + 2? {#4}", 100), Ok(Kind::Paper));
        for photo in [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "] {
            assert_eq!(check(photo, 100), Ok(Kind::Photo));
        }
    }
}
