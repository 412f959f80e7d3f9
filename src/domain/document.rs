//! Documents: the kind of an uploaded file, and the state of its reading.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::search::Match;
use super::share::SharedBy;
use super::upload::Refusal;

/// Widths of page images and crops, in pixels: for phones with one, two and three dots per point, and for larger screens.
/// There are few, to keep the cache small. The second one is for browsers that cannot choose.
pub const PICTURE_WIDTHS: [u32; 4] = [480, 720, 1080, 1440];

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    ExamPaper,
    MarkingScheme,
    Syllabus,
    Textbook,
    Notes,
    Other,
}

impl DocumentKind {
    pub const ALL: [Self; 6] =
        [Self::ExamPaper, Self::MarkingScheme, Self::Syllabus, Self::Textbook, Self::Notes, Self::Other];

    /// The word in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExamPaper => "exam_paper",
            Self::MarkingScheme => "marking_scheme",
            Self::Syllabus => "syllabus",
            Self::Textbook => "textbook",
            Self::Notes => "notes",
            Self::Other => "other",
        }
    }

    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExamPaper => "Exam paper",
            Self::MarkingScheme => "Marking scheme",
            Self::Syllabus => "Syllabus",
            Self::Textbook => "Textbook",
            Self::Notes => "Notes",
            Self::Other => "Other",
        }
    }

    /// `None` if the word is not a kind.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The state of a document's reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Reading {
    Queued,
    Reading { page: i32, of: i32 },
    Ready,
    Failed { reason: String },
}

impl Reading {
    /// Whether it will still change by itself.
    pub fn in_progress(&self) -> bool {
        matches!(self, Self::Queued | Self::Reading { .. })
    }

    /// What a page tells of it in a few words; nothing once it has produced questions.
    pub fn words(&self) -> String {
        match self {
            Self::Queued => "Waiting to be read".into(),
            Self::Reading { page, of } => format!("Reading page {page} of {of}"),
            Self::Ready => String::new(),
            Self::Failed { .. } => "Could not be read".into(),
        }
    }
}

/// A document, as in the library and at the top of its page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub id: Uuid,
    pub title: String,
    pub filename: String,
    pub kind: DocumentKind,
    pub level: Option<String>,
    pub subject: Option<String>,
    pub year: Option<i32>,
    pub is_personal: bool,
    /// Whether the viewer uploaded it.
    pub mine: bool,
    pub published: bool,
    pub page_count: i32,
    /// The number of its questions, as it numbers them.
    pub question_count: i64,
    /// The number of their parts that are answered; a question without parts is one.
    pub part_count: i64,
    /// The number of parts with an answer key.
    pub keyed_count: i64,
    /// The number of items that need a look or were reported; 0 for viewers who may not correct them.
    pub to_look_at: i64,
    pub reading: Reading,
    /// The classmate who shared it with the viewer, if any.
    pub shared_by: Option<SharedBy>,
    pub archived: Option<Archived>,
    /// For a search: the first few matching questions.
    pub matches: Vec<Match>,
}

impl Document {
    /// Whether it was read, but contains nothing that can be asked.
    pub fn gave_nothing(&self) -> bool {
        self.reading == Reading::Ready && self.question_count == 0 && self.kind != DocumentKind::MarkingScheme
    }

    /// Its place in the library.
    pub fn place(&self) -> Cursor {
        Cursor { year: self.year, title: self.title.clone(), id: self.id }
    }
}

/// The number of documents on a page of the library.
pub const A_PAGE: usize = 25;

/// A place in the library, which is sorted by year, newest first, then by title. The next page starts after it, whatever is
/// added or removed before it. In a URL it is `2024/ID/TITLE`, or `/ID/TITLE` without a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub year: Option<i32>,
    pub title: String,
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.year.map(|year| year.to_string()).unwrap_or_default(), self.id, self.title)
    }
}

impl Cursor {
    /// `None` if the text is not a place.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let year: Option<u16> = parts.next().filter(|year| !year.is_empty()).map(str::parse).transpose().ok()?;
        let year = year.map(i32::from);
        (!text.contains('\0')).then_some(())?;
        Some(Self { year, id: parts.next()?.parse().ok()?, title: parts.next()?.to_owned() })
    }
}

/// When and why the school archived a document. Then only its owner and the school see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    pub at: Option<DateTime<Utc>>,
    /// May be empty.
    pub reason: String,
}

/// A filter on documents, by why the viewer has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// All that are not archived.
    #[default]
    All,
    Mine,
    SharedWithMe,
    Archived,
}

impl Ownership {
    /// The word in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Mine => "mine",
            Self::SharedWithMe => "shared",
            Self::Archived => "archived",
        }
    }

    /// `All` for an unknown word.
    pub fn parse(word: &str) -> Self {
        [Self::Mine, Self::SharedWithMe, Self::Archived]
            .into_iter()
            .find(|whose| whose.as_str() == word)
            .unwrap_or_default()
    }
}

/// What a title must be.
pub const TITLE_RULE: &str = "Write a title of 1 to 200 letters.";

/// A document's title, trimmed; `None` if it breaks the rule.
pub fn title(text: &str) -> Option<String> {
    let title = text.trim();
    if title.is_empty() || title.chars().count() > 200 || title.chars().any(char::is_control) {
        return None;
    }
    Some(title.to_owned())
}

/// What an upload says about the file, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub title: String,
    pub kind: DocumentKind,
    pub year: Option<i32>,
}

impl Label {
    /// If the title is empty, the file's name is used.
    pub fn parse(title: &str, filename: &str, kind: &str, year: &str) -> Result<Self, Refusal> {
        let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
        let title = self::title(if title.trim().is_empty() { stem } else { title }).ok_or(Refusal::Title)?;
        let kind = DocumentKind::parse(kind).ok_or(Refusal::Kind)?;
        let year = match year.trim() {
            "" => None,
            text => match text.parse() {
                Ok(year @ 1950..=2100) => Some(year),
                _ => return Err(Refusal::Year),
            },
        };
        Ok(Self { title, kind, year })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let label = Label::parse(" ", "S3 maths.pdf", "exam_paper", "2024").unwrap();
        assert_eq!(label, Label { title: "S3 maths".into(), kind: DocumentKind::ExamPaper, year: Some(2024) });
        assert_eq!(Label::parse("a", "f", "exam", "").unwrap_err(), Refusal::Kind);
        assert_eq!(Label::parse("a", "f", "notes", "24").unwrap_err(), Refusal::Year);
        assert_eq!(Label::parse(&"a".repeat(201), "f", "notes", "").unwrap_err(), Refusal::Title);
    }

    #[test]
    fn places_round_trip() {
        for year in [Some(2024), None] {
            let place = Cursor { year, title: "S3/Maths: é".into(), id: Uuid::from_u128(7) };
            assert_eq!(Cursor::parse(&place.to_string()), Some(place));
        }
        for none in [
            "",
            "2024",
            "x/00000000-0000-0000-0000-000000000007/a",
            "2024/7/a",
            "99999999999//",
            "-1/00000000-0000-0000-0000-000000000007/a",
            "/00000000-0000-0000-0000-000000000007/\0",
        ] {
            assert_eq!(Cursor::parse(none), None, "{none}");
        }
    }

    #[test]
    fn kinds_round_trip() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.as_str()), Some(kind));
        }
    }
}
