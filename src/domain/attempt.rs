//! Attempts as people see them: to sit, to read the marks of, in a list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use exam_model::answer::Answer;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::progress::TopicMastery;
use super::quiz::{Mode, Quiz};
use crate::domain::scoring::ItemResult;

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
pub struct OpenAttempt {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    /// Without keys.
    pub quiz: Quiz,
    pub answers: BTreeMap<Uuid, Answer>,
    /// Outermost questions that the pupil wants to count in their section.
    pub chosen: BTreeSet<Uuid>,
    pub state: State,
    /// The name that this page writes under.
    pub writer: Uuid,
    /// When this was made, by the database's clock.
    pub shown_at: DateTime<Utc>,
}

/// How an attempt stands, by the database's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// When it was so.
    pub at: DateTime<Utc>,
    pub seconds_left: i64,
    pub ends_at: DateTime<Utc>,
    /// The clock stands still.
    pub paused: bool,
    /// It is closed: only the result is left to see.
    pub closed: bool,
    /// The page that was opened last to write in it; all others only show it.
    pub holder: Option<Uuid>,
    /// The device of that page, in words; empty without one.
    pub device: String,
}

/// How an attempt came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    Pupil,
    Clock,
    /// Somebody of the school ended it early.
    School,
    /// A paper that it was from was deleted.
    Deletion,
}

/// What came of sending entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Synced {
    pub state: State,
    /// Some were written after the end, or came too long after it: they are kept in its journal, and not marked.
    pub late: bool,
    /// An answer that is too long and was not kept, in words. All others were.
    pub refused: Option<String>,
    /// Every answer as it stands now, where that was asked for.
    pub answers: Option<BTreeMap<Uuid, Answer>>,
}

/// Answers that came after the end of an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterTheEnd {
    /// Written in time and marked.
    pub counted: i64,
    /// Kept in the journal, and not marked.
    pub too_late: i64,
}

/// The event by which an open page is told that the attempt is no longer for its pupil.
pub const GONE: &str = "gone";

/// Six digits that open an exam on another device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveCode {
    pub code: String,
    pub good_until: DateTime<Utc>,
    /// An SVG image of the address that takes the code along.
    pub picture: String,
}

/// What an attempt earned in a topic, and how the pupil stood in it just before and just after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicResult {
    pub name: String,
    pub earned: f64,
    pub possible: f64,
    pub before: TopicMastery,
    pub after: TopicMastery,
}

/// A marked attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptResult {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    pub quiz: Quiz,
    pub pupil: String,
    /// Of the paper, else the pupil's.
    pub level: Option<String>,
    /// Of the paper, else of the attempt.
    pub year: i32,
    /// One's own, not a pupil's that an admin looks at.
    pub mine: bool,
    pub started_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
    pub closed_by: ClosedBy,
    pub after_the_end: AfterTheEnd,
    pub earned: f64,
    /// What it is marked out of.
    pub possible: f64,
    pub items: Vec<ItemResult>,
    /// Most marks lost first.
    pub topics: Vec<TopicResult>,
    /// The paths of the items that the one who looks has reported.
    pub reported: Vec<String>,
    /// Something that it was from was taken back or deleted: its questions stay, without pictures of the pages.
    pub without_pages: bool,
}
