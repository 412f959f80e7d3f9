//! Admins' notes on a document, or on a page of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentType {
    Comment,
    Highlight,
    Issue,
}

impl CommentType {
    pub const ALL: [Self; 3] = [Self::Comment, Self::Highlight, Self::Issue];

    /// The word in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Highlight => "highlight",
            Self::Issue => "issue",
        }
    }

    /// The word on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "Comment",
            Self::Highlight => "Highlight",
            Self::Issue => "Issue",
        }
    }
}

/// A stored note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    pub id: Uuid,
    /// Empty if the account is gone.
    pub author: String,
    pub created_at: DateTime<Utc>,
    pub resolved: bool,
    pub text: CommentText,
}

/// The content of a note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommentText {
    pub content: String,
    pub comment_type: CommentType,
    /// From 1; `None` for the whole document.
    pub page_number: Option<i32>,
    /// The words on the page that it is about.
    pub highlight_text: Option<String>,
}

impl CommentText {
    /// The trimmed note, if it is valid for a document of this many pages (0 if unknown). Errors name the field.
    pub fn checked(self, page_count: i32) -> Result<Self, (&'static str, String)> {
        let content = self.content.trim().to_owned();
        if !(1..=4000).contains(&content.chars().count()) {
            return Err(("content", "Write 1 to 4,000 letters.".into()));
        }
        let last = if page_count > 0 { page_count } else { i32::MAX };
        if self.page_number.is_some_and(|page| !(1..=last).contains(&page)) {
            return Err(("page_number", "The document does not have this page.".into()));
        }
        let highlight_text = self.highlight_text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match &highlight_text {
            Some(text) if text.chars().count() > 1000 => Err(("highlight_text", "Mark at most 1,000 letters.".into())),
            None if self.comment_type == CommentType::Highlight => {
                Err(("highlight_text", "Write the words on the page that it is about.".into()))
            }
            _ => Ok(Self { content, highlight_text, ..self }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_checked() {
        let text = |content: &str, comment_type, page_number, highlight: &str| {
            let highlight_text = Some(highlight.to_owned());
            CommentText { content: content.into(), comment_type, page_number, highlight_text }.checked(3)
        };
        let good = text(" Blurred ", CommentType::Issue, Some(3), " ").unwrap();
        assert_eq!((good.content.as_str(), good.highlight_text), ("Blurred", None));
        let field = |result: Result<CommentText, (&'static str, String)>| result.unwrap_err().0;
        assert_eq!(field(text(" ", CommentType::Issue, None, "")), "content");
        assert_eq!(field(text(&"a".repeat(4001), CommentType::Comment, None, "")), "content");
        assert_eq!(field(text("a", CommentType::Issue, Some(4), "")), "page_number");
        assert_eq!(field(text("a", CommentType::Issue, Some(0), "")), "page_number");
        assert_eq!(field(text("a", CommentType::Highlight, None, "")), "highlight_text");
        assert_eq!(field(text("a", CommentType::Comment, None, &"a".repeat(1001))), "highlight_text");
    }
}
