//! Running exams, as the school sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A running attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunningLine {
    pub id: Uuid,
    pub pupil: String,
    pub level: Option<String>,
    pub title: String,
    pub ends_at: DateTime<Utc>,
    pub paused: bool,
    /// The school has ended it: it is handed in then, unless it is resumed before.
    pub ending_at: Option<DateTime<Utc>>,
    /// Of the paper, unless it has none.
    pub document_id: Option<Uuid>,
    pub seconds_left: i64,
    pub items: i64,
    /// The number of items that are not blank.
    pub answered: i64,
    /// When the last change arrived.
    pub saved_at: Option<DateTime<Utc>>,
    /// Whether a page of it is open and connected.
    pub connected: bool,
}

/// What the school can do to running exams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    AddTime,
    Pause,
    /// Also undoes `End`.
    Resume,
    /// Stops the clock and hands in [`UNDO_MINUTES`] later.
    End,
    /// Hands in at once what was ended.
    HandIn,
}

/// For so long the end of an exam can be undone.
pub const UNDO_MINUTES: i32 = 10;

/// The running attempts that an intervention is for: one, those of one paper, or all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Target {
    pub attempt: Option<Uuid>,
    pub document: Option<Uuid>,
}

/// Extra time that can be granted, in percent of a quiz's minutes, as in national examinations for candidates with
/// disabilities.
pub const EXTRA_TIME: [i16; 4] = [0, 25, 50, 100];

/// The most minutes that can be added or taken away at once.
pub const MAX_MINUTES: i32 = 240;
