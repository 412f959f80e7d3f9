//! What a topic's state is: the one definition that the pupil's page, the quiz maker and the school's pages use.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempt::AttemptLine;

/// Share of marks from which a topic is strong.
pub const STRONG_FROM: f64 = 0.80;

/// Fewer answers than this say nothing yet.
pub const ENOUGH_ANSWERS: i64 = 3;

/// How a pupil stands in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    Weak,
    Fair,
    Strong,
    /// Too few answers to say.
    Unsure,
}

impl TopicState {
    /// From marks earned, marks possible and the number of answers behind them. `weak_below` is the setting
    /// `WEAK_TOPIC_THRESHOLD`, a share from 0 to 1.
    pub fn of(earned: f64, possible: f64, answers: i64, weak_below: f64) -> Self {
        if answers < ENOUGH_ANSWERS || possible <= 0.0 {
            return Self::Unsure;
        }
        match earned / possible {
            share if share < weak_below => Self::Weak,
            share if share >= STRONG_FROM => Self::Strong,
            _ => Self::Fair,
        }
    }

    /// The word on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weak => "Weak",
            Self::Fair => "Getting there",
            Self::Strong => "Strong",
            Self::Unsure => "Unsure",
        }
    }
}

/// A pupil's standing in one topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicProgress {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject: String,
    pub answers: i64,
    pub earned: f64,
    pub possible: f64,
    pub state: TopicState,
}

/// One pupil's topics and attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub full_name: String,
    pub email: String,
    pub level: Option<String>,
    pub topics: Vec<TopicProgress>,
    pub attempts: Vec<AttemptLine>,
    /// Share of marks below which a topic is weak.
    pub weak_below: f64,
}

/// One pupil in the school's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PupilLine {
    pub id: Uuid,
    pub full_name: String,
    pub email: String,
    pub level: Option<String>,
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
    pub weak_topics: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders() {
        let of = |earned, answers| TopicState::of(earned, 100.0, answers, 0.60);
        assert_eq!(of(59.9, 10), TopicState::Weak);
        assert_eq!(of(60.0, 10), TopicState::Fair);
        assert_eq!(of(79.9, 10), TopicState::Fair);
        assert_eq!(of(80.0, 10), TopicState::Strong);
        assert_eq!(of(0.0, 2), TopicState::Unsure);
        assert_eq!(TopicState::of(0.0, 0.0, 9, 0.60), TopicState::Unsure);
        assert_eq!(TopicState::of(65.0, 100.0, 9, 0.70), TopicState::Weak);
    }
}
