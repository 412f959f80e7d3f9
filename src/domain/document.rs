//! Documents: what an uploaded PDF is and how far its reading is.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::search::Match;
use super::share::SharedBy;

/// Pixels of width in which pages and their crops are shown: for phones of one, two and three dots a point, and larger
/// screens. Few, so that what is kept of them is; the second one is for browsers that cannot choose.
pub const PICTURE_WIDTHS: [u32; 4] = [480, 720, 1080, 1440];

/// What a document is.
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

    /// `None` for a word that is no kind.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far the reading of a document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Reading {
    Queued,
    Reading { page: i32, of: i32 },
    Ready,
    Failed { reason: String },
}

impl Reading {
    /// Something will still happen by itself.
    pub fn in_progress(&self) -> bool {
        matches!(self, Self::Queued | Self::Reading { .. })
    }
}

/// One line of a shelf, or the head of a document's page.
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
    /// The one who asks uploaded it.
    pub mine: bool,
    pub published: bool,
    pub page_count: i32,
    /// Items that can be answered.
    pub question_count: i64,
    /// Of those, the ones with an answer key.
    pub keyed_count: i64,
    /// Items that somebody reported or that the reader is not sure of; 0 for who may not correct them.
    pub to_look_at: i64,
    pub reading: Reading,
    /// For who has it from a classmate.
    pub shared_by: Option<SharedBy>,
    pub archived: Option<Archived>,
    /// Where a search found words, in its order; a few.
    pub matches: Vec<Match>,
}

impl Document {
    /// It was read, and nothing in it can be asked.
    pub fn gave_nothing(&self) -> bool {
        self.reading == Reading::Ready && self.question_count == 0 && self.kind != DocumentKind::MarkingScheme
    }

    /// Where it stands on the shelf.
    pub fn place(&self) -> Cursor {
        Cursor { year: self.year, title: self.title.clone(), id: self.id }
    }
}

/// Documents on a page of the shelf.
pub const A_PAGE: usize = 25;

/// A place on the shelf, which is by year from the newest, then title: what comes after it is the next page, whatever is
/// added or taken away before it. In an address it is `2024/ID/TITLE`, without a year `/ID/TITLE`.
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
    /// `None` for what is no place.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let year: Option<u16> = parts.next().filter(|year| !year.is_empty()).map(str::parse).transpose().ok()?;
        let year = year.map(i32::from);
        (!text.contains('\0')).then_some(())?;
        Some(Self { year, id: parts.next()?.parse().ok()?, title: parts.next()?.to_owned() })
    }
}

/// Put away by the school: pupils but its owner do not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    pub at: Option<DateTime<Utc>>,
    /// May be empty.
    pub reason: String,
}

/// Which documents of those one may see, by how one has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// All but what is archived.
    #[default]
    All,
    Mine,
    SharedWithMe,
    Archived,
}

impl Whose {
    /// The word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Mine => "mine",
            Self::SharedWithMe => "shared",
            Self::Archived => "archived",
        }
    }

    /// `All` for a word that is none of the others.
    pub fn parse(word: &str) -> Self {
        [Self::Mine, Self::SharedWithMe, Self::Archived]
            .into_iter()
            .find(|whose| whose.as_str() == word)
            .unwrap_or_default()
    }
}

/// A document's title, trimmed.
pub fn title(text: &str) -> Result<String, String> {
    let title = text.trim();
    if title.is_empty() || title.chars().count() > 200 || title.chars().any(char::is_control) {
        return Err("Write a title of 1 to 200 letters.".into());
    }
    Ok(title.to_owned())
}

/// What an upload says of the file, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub title: String,
    pub kind: DocumentKind,
    pub year: Option<i32>,
}

impl Label {
    /// An empty title becomes the file's name. Errors name the field.
    pub fn parse(title: &str, filename: &str, kind: &str, year: &str) -> Result<Self, (&'static str, String)> {
        let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
        let title =
            self::title(if title.trim().is_empty() { stem } else { title }).map_err(|reason| ("title", reason))?;
        let kind = DocumentKind::parse(kind).ok_or(("kind", "Choose what kind of document it is.".to_owned()))?;
        let year = match year.trim() {
            "" => None,
            text => match text.parse() {
                Ok(year @ 1950..=2100) => Some(year),
                _ => return Err(("year", "Write the year with four digits, such as 2024.".into())),
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
        assert_eq!(Label::parse("a", "f", "exam", "").unwrap_err().0, "kind");
        assert_eq!(Label::parse("a", "f", "notes", "24").unwrap_err().0, "year");
        assert_eq!(Label::parse(&"a".repeat(201), "f", "notes", "").unwrap_err().0, "title");
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
