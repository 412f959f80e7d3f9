//! Exams that run now, as the school watches them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One running attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunningLine {
    pub id: Uuid,
    pub pupil: String,
    pub level: Option<String>,
    pub title: String,
    pub ends_at: DateTime<Utc>,
    pub paused: bool,
    pub seconds_left: i64,
    pub items: i64,
    /// Items that hold something.
    pub answered: i64,
    /// When a change arrived last.
    pub saved_at: Option<DateTime<Utc>>,
    /// A page of it is open and hears from the school.
    pub connected: bool,
}

/// What the school may do to a running exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    AddTime,
    Pause,
    Resume,
    End,
}

/// Extra time that is granted in percent of a quiz's minutes: as national examinations do for candidates with a
/// disability.
pub const EXTRA_TIME: [i16; 4] = [0, 25, 50, 100];

/// Minutes that may be added or taken at once.
pub const MAX_MINUTES: i32 = 240;
