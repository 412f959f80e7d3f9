//! Attempts, as people see them: an open one, a result, a line in a list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::serde::{ts_milliseconds, ts_milliseconds_option};
use chrono::{DateTime, Utc};
use exam_model::answer::Answer;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::mastery::TopicMastery;
use super::quiz::{Mode, Quiz};
use crate::domain::scoring::ItemResult;

/// A line in a list of attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptLine {
    pub id: Uuid,
    pub title: String,
    pub mode: Mode,
    pub started_at: DateTime<Utc>,
    /// `None` while it is running.
    pub submitted_at: Option<DateTime<Utc>>,
    pub earned: Option<f64>,
    pub possible: Option<f64>,
    /// Whether some answers wait for a person.
    pub waits: bool,
}

/// A running attempt, or one with immediate feedback that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenAttempt {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    /// Without keys, except for what is checked.
    pub quiz: Quiz,
    pub answers: BTreeMap<Uuid, Answer>,
    /// The outermost questions that the pupil wants to count in their section.
    pub chosen: BTreeSet<Uuid>,
    /// With immediate feedback: the items of which the pupil was told the marks. Their questions have keys.
    pub checked: Vec<ItemResult>,
    pub state: State,
    /// What the school has told its pupil, oldest first.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// Its marks may be held back for some time after it is handed in.
    #[serde(default)]
    pub marks_may_come_later: bool,
    /// The writer id of this page.
    pub writer: Uuid,
    /// When this was read, by the database's clock.
    pub shown_at: DateTime<Utc>,
}

/// The state of an attempt, by the database's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The time of this state.
    #[serde(with = "ts_milliseconds")]
    pub at: DateTime<Utc>,
    pub seconds_left: i64,
    #[serde(with = "ts_milliseconds")]
    pub ends_at: DateTime<Utc>,
    /// Its clock is stopped.
    pub paused: bool,
    /// The school has ended it: it is handed in then, unless the school undoes that before.
    #[serde(with = "ts_milliseconds_option")]
    pub ending_at: Option<DateTime<Utc>>,
    /// It is closed, and only has a result.
    pub closed: bool,
    /// The holder: the last page that was opened to write in it. All other pages are read-only.
    pub holder: Option<Uuid>,
    /// The name of that page's device; empty if there is none.
    pub device: String,
}

/// What the school tells those who sit an exam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    #[serde(with = "ts_milliseconds")]
    pub at: DateTime<Utc>,
    pub text: String,
}

/// What comes to an open page beside the [`State`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// Oldest first.
    pub messages: Vec<Message>,
}

/// An exam or quiz in progress, as every page of its pupil tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InProgress {
    pub id: Uuid,
    pub title: String,
    pub ends_at: DateTime<Utc>,
    pub paused: bool,
}

/// An open attempt with immediate feedback, to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    pub id: Uuid,
    pub title: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    Pupil,
    Clock,
    /// The school ended it early.
    School,
    /// Its paper was deleted.
    Deletion,
}

/// The outcome of sending entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Synced {
    pub state: State,
    /// Some were written after the end, or arrived too late: they are in the journal, but not marked.
    pub late: bool,
    /// A message if an answer was too long and was not saved. All others were saved.
    pub refused: Option<String>,
    /// All current answers, if asked for.
    pub answers: Option<Vec<(Uuid, Answer)>>,
}

/// Answers that arrived after the end of an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterTheEnd {
    /// Written in time and marked.
    pub counted: i64,
    /// Kept in the journal, and not marked.
    pub too_late: i64,
}

/// The event that tells an open page that its pupil may no longer see the attempt.
pub const GONE: &str = "gone";

/// Six digits that open an exam on another device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveCode {
    pub code: String,
    pub good_until: DateTime<Utc>,
    /// A QR code, as SVG, of the URL that contains the code.
    pub picture: String,
}

/// The marks of an attempt in a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicResult {
    pub name: String,
    pub earned: f64,
    pub possible: f64,
    /// What the pupil knew just before and after; `None` if nothing was answered.
    pub change: Option<(TopicMastery, TopicMastery)>,
}

/// A marked attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptResult {
    pub id: Uuid,
    pub document_id: Option<Uuid>,
    pub quiz: Quiz,
    pub pupil: String,
    /// The paper's level, else the pupil's.
    pub level: Option<String>,
    /// The year of the paper, else of the attempt.
    pub year: i32,
    /// Whether it is the viewer's own; false for an admin who views a pupil's.
    pub mine: bool,
    pub started_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
    pub closed_by: ClosedBy,
    pub after_the_end: AfterTheEnd,
    pub earned: f64,
    /// The marks possible.
    pub possible: f64,
    pub items: Vec<ItemResult>,
    /// Topics, most marks lost first.
    pub topics: Vec<TopicResult>,
    /// The paths of the items that the viewer has reported.
    pub reported: Vec<String>,
    /// A source of it is no longer shared or was deleted: its questions stay, without pictures of the pages.
    pub without_pages: bool,
}
