//! A pupil's answers so far.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::knowledge::Asked;

/// An answer in a closed attempt. A blank answer earned nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub question_id: Uuid,
    pub topic_id: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub earned: f64,
    pub possible: f64,
    /// It was left blank.
    pub blank: bool,
}

impl Answered {
    /// What was asked, for the model of what pupils know.
    pub fn asked(&self) -> Asked<Uuid> {
        Asked { item: self.question_id, topic: self.topic_id, at: Some(seconds(self.at)) }
    }

    /// The share of the marks, 0 to 1.
    pub fn share(&self) -> f64 {
        self.earned / self.possible
    }
}

/// A time as the model of what pupils know takes it.
pub fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}

/// An item that was answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub last: Answered,
    /// Whether it was ever answered wrong or only partly right.
    pub missed: bool,
}

/// All answers of a pupil.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub items: HashMap<Uuid, Seen>,
}

impl History {
    /// Builds the history from all answers in order of time.
    pub fn of(answers: &[Answered]) -> Self {
        let mut history = Self::default();
        answers.iter().for_each(|answer| history.add(answer));
        history
    }

    /// Adds an answer that is not older than those before.
    pub fn add(&mut self, answer: &Answered) {
        let missed = !answer.blank && answer.share() < 1.0;
        let seen = self.items.entry(answer.question_id).or_insert(Seen { last: *answer, missed });
        seen.last = *answer;
        seen.missed |= missed;
    }
}

/// Days from one time to another; 0 if it is earlier.
pub fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    ((to - from).num_seconds() as f64 / 86_400.0).max(0.0)
}
