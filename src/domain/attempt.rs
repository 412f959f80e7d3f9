//! Attempts as people see them: to sit, to read the marks of, in a list.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::marking::Answer;
use super::quiz::{Mode, Quiz};
use super::result::ItemResult;

/// An item's place in a form's answers: `q` and its id, for serde_qs takes a key that starts with a digit for an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnswerField(pub Uuid);

impl AnswerField {
    /// The name of the item's form controls.
    pub fn control_name(self) -> String {
        format!("answers[{self}][]")
    }

    /// The item of a form control.
    pub fn of_control(name: &str) -> Option<Self> {
        name.strip_prefix("answers[")?.strip_suffix("][]")?.to_owned().try_into().ok()
    }
}

impl fmt::Display for AnswerField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}", self.0)
    }
}

impl From<AnswerField> for String {
    fn from(field: AnswerField) -> Self {
        field.to_string()
    }
}

impl TryFrom<String> for AnswerField {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.strip_prefix('q').and_then(|id| id.parse().ok()).map(Self).ok_or("not an answer's name")
    }
}

/// One line of a list of attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptLine {
    pub id: Uuid,
    pub title: String,
    pub mode: Mode,
    pub started_at: DateTime<Utc>,
    /// `None` while it runs.
    pub submitted_at: Option<DateTime<Utc>>,
    pub earned: Option<f64>,
    pub possible: Option<f64>,
}

/// A quiz to sit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    /// Without keys.
    pub quiz: Quiz,
    pub answers: BTreeMap<Uuid, Answer>,
    /// By the server's clock, at `shown_at`.
    pub seconds_left: i64,
    pub ends_at: DateTime<Utc>,
    /// When this was made.
    pub shown_at: DateTime<Utc>,
    /// It is closed: only the result is left to see.
    pub closed: bool,
}

/// What a save came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub seconds_left: i64,
    /// Time is over: nothing was saved, the result is there.
    pub closed: bool,
}

/// A marked attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptResult {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    pub quiz: Quiz,
    pub pupil: String,
    /// One's own, not a pupil's that an admin looks at.
    pub mine: bool,
    pub started_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
    pub by_clock: bool,
    pub items: Vec<ItemResult>,
    /// Name, earned and possible of each topic, most marks lost first.
    pub topics: Vec<(String, f64, f64)>,
    /// The paths of the items that the one who looks has reported.
    pub reported: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_names_lead_back_to_the_item() {
        let field = AnswerField(Uuid::from_u128(0x1e9a));
        assert_eq!(AnswerField::of_control(&field.control_name()), Some(field));
        for other in ["attempt", "answers[]", "answers[q][]", "answers[00000000-0000-0000-0000-000000001e9a][]"] {
            assert_eq!(AnswerField::of_control(other), None, "{other}");
        }
    }
}
