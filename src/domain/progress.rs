//! The state of a topic: the single definition for the pupil's pages, the choice of questions and the school's pages.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempt::AttemptLine;

/// The share of the marks from which a topic is strong.
pub const STRONG_FROM: f64 = 0.80;

/// The fewest answers that say anything.
pub const ENOUGH_ANSWERS: i64 = 3;

/// Days after which an answer counts half. The database function `growing` uses the same value; a test checks that.
pub const HALF_LIFE_DAYS: f64 = 30.0;

/// The share of the marks, 0 to 1; `None` before there are any.
pub fn share(earned: f64, possible: f64) -> Option<f64> {
    (possible > 0.0).then(|| earned / possible)
}

/// The sum of the answers to a topic. A question left blank is an answer that earned nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub answers: i64,
    /// The sum of the weights of the answers, where older ones count less: at most `answers`.
    pub weight: f64,
    /// Marks earned and possible, weighted by answer.
    pub earned: f64,
    pub possible: f64,
}

impl Evidence {
    /// Adds an answer from this many days ago.
    pub fn add(&mut self, days: f64, earned: f64, possible: f64) {
        let weight = 0.5f64.powf(days.max(0.0) / HALF_LIFE_DAYS);
        self.answers += 1;
        self.weight += weight;
        self.earned += weight * earned;
        self.possible += weight * possible;
    }

    /// The share of the marks, 0 to 1; `None` before there are any.
    pub fn share(&self) -> Option<f64> {
        share(self.earned, self.possible)
    }

    /// The expected share of the next answer: the mean of a Beta distribution with an even prior, as if one answer had been
    /// right and one wrong.
    pub fn expected(&self) -> f64 {
        (1.0 + self.weight * self.share().unwrap_or_default()) / (2.0 + self.weight)
    }

    /// Whether there is enough evidence: three answers whose weights add up to at least one and a half.
    pub fn is_enough(&self) -> bool {
        self.answers >= ENOUGH_ANSWERS && self.weight >= ENOUGH_ANSWERS as f64 / 2.0
    }
}

/// The state of a topic for a pupil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    Weak,
    Fair,
    Strong,
    /// There are too few answers.
    Unsure,
}

impl TopicState {
    /// The state for this evidence. `weak_below` is the setting `WEAK_TOPIC_THRESHOLD`, a share from 0 to 1.
    pub fn of(evidence: &Evidence, weak_below: f64) -> Self {
        match evidence.share().filter(|_| evidence.is_enough()) {
            None => Self::Unsure,
            Some(share) if share < weak_below => Self::Weak,
            Some(share) if share >= STRONG_FROM => Self::Strong,
            Some(_) => Self::Fair,
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

/// A pupil's standing in a topic at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TopicMastery {
    pub evidence: Evidence,
    pub state: TopicState,
}

impl TopicMastery {
    /// See [`TopicState::of`].
    pub fn of(evidence: Evidence, weak_below: f64) -> Self {
        Self { evidence, state: TopicState::of(&evidence, weak_below) }
    }
}

/// The least difference in the share of the marks that is a trend.
const TREND: f64 = 0.05;

/// Whether a topic is getting better: compares the share with a half-life of a week with the usual share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    Rising,
    Steady,
    Falling,
}

impl Trend {
    /// `lately` is a share of the marks; `None` without enough evidence.
    pub fn of(evidence: &Evidence, lately: Option<f64>) -> Option<Self> {
        let change = lately? - evidence.share().filter(|_| evidence.is_enough())?;
        Some(match change {
            _ if change >= TREND => Self::Rising,
            _ if change <= -TREND => Self::Falling,
            _ => Self::Steady,
        })
    }

    /// The word on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rising => "↗ rising",
            Self::Steady => "→ steady",
            Self::Falling => "↘ falling",
        }
    }
}

/// A pupil's standing in one topic today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicProgress {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject_id: Uuid,
    pub subject: String,
    pub standing: TopicMastery,
    pub trend: Option<Trend>,
    /// The time of the last answer.
    pub last_at: Option<DateTime<Utc>>,
}

/// The totals of everything that a pupil has handed in.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Overall {
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
    pub last_at: Option<DateTime<Utc>>,
}

impl Overall {
    /// The share of the marks, 0 to 1; `None` before there are any.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.earned, self.possible)
    }
}

/// A subject that a pupil can practise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectLine {
    pub id: Uuid,
    pub name: String,
    pub level: String,
    /// The number of items that can be marked.
    pub items: i64,
}

/// An item that was answered wrong or only partly, and is not yet remembered well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    pub document_id: Uuid,
    /// Its place: the paper and the item's path.
    pub paper: String,
    pub path: String,
    pub text: String,
    pub topic: Option<String>,
    /// Marks of the last answer.
    pub earned: f64,
    pub possible: f64,
    pub last_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub is_due: bool,
}

/// A pupil's mistakes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistakes {
    /// For each subject its name, if any, and its mistakes, those that are due first.
    pub subjects: Vec<(Option<String>, Vec<Mistake>)>,
    /// How many are due.
    pub due: i64,
}

/// One pupil's topics and attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub full_name: String,
    pub email: String,
    pub level: Option<String>,
    pub topics: Vec<TopicProgress>,
    /// Latest first.
    pub attempts: Vec<AttemptLine>,
    /// Whether there are earlier ones.
    pub more: bool,
    /// The share of the marks below which a topic is weak.
    pub weak_below: f64,
}

/// The most attempts in a list: of the latest, or with `all`.
pub fn most_listed(all: bool) -> usize {
    if all { 1000 } else { 25 }
}

/// The order of the school's list of pupils; ties are sorted by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PupilSort {
    #[default]
    Name,
    /// Most first.
    WeakTopics,
    /// Least share first; pupils without marks last.
    Marks,
    /// Most first.
    Attempts,
}

impl PupilSort {
    /// Each order with its word in URLs and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Name, "name", "By name"),
        (Self::WeakTopics, "weak_topics", "Most weak topics"),
        (Self::Marks, "marks", "Least marks"),
        (Self::Attempts, "attempts", "Most attempts"),
    ];

    /// The order for this word; the default for an empty word.
    pub fn parse(word: &str) -> Option<Self> {
        if word.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|(_, name, _)| *name == word).map(|(sort, ..)| sort)
    }
}

/// A pupil in the school's list.
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

/// Suggestions for a pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextSteps {
    pub subjects: Vec<SubjectLine>,
    /// The number of mistakes that are due.
    pub due: i64,
    pub exam_on: NaiveDate,
    pub days_left: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(days: f64, answers: usize, earned: f64, possible: f64) -> Evidence {
        let mut evidence = Evidence::default();
        (0..answers).for_each(|_| evidence.add(days, earned, possible));
        evidence
    }

    #[test]
    fn borders() {
        let of = |earned, answers| TopicState::of(&evidence(0.0, answers, earned, 100.0), 0.60);
        assert_eq!(of(59.9, 10), TopicState::Weak);
        assert_eq!(of(60.0, 10), TopicState::Fair);
        assert_eq!(of(79.9, 10), TopicState::Fair);
        assert_eq!(of(80.0, 10), TopicState::Strong);
        assert_eq!(of(0.0, 2), TopicState::Unsure);
        assert_eq!(TopicState::of(&Evidence::default(), 0.60), TopicState::Unsure);
        assert_eq!(TopicState::of(&evidence(0.0, 9, 65.0, 100.0), 0.70), TopicState::Weak);
    }

    #[test]
    fn older_answers_fade() {
        let mut topic = evidence(60.0, 8, 0.0, 1.0);
        topic.add(0.0, 1.0, 1.0);
        topic.add(0.0, 1.0, 1.0);
        // Eight old ones weigh two, as much as the two of today.
        assert!((topic.share().unwrap() - 0.5).abs() < 1e-9 && topic.answers == 10);
        assert_eq!(TopicState::of(&evidence(29.0, 3, 0.0, 1.0), 0.60), TopicState::Weak);
        assert_eq!(TopicState::of(&evidence(31.0, 3, 0.0, 1.0), 0.60), TopicState::Unsure, "it has been too long");
    }

    #[test]
    fn a_trend_is_told_once_enough_is_known() {
        let half = evidence(0.0, 4, 5.0, 10.0);
        let of = |lately| Trend::of(&half, Some(lately));
        assert_eq!(of(0.55), Some(Trend::Rising));
        assert_eq!((of(0.54), of(0.46)), (Some(Trend::Steady), Some(Trend::Steady)));
        assert_eq!(of(0.44), Some(Trend::Falling));
        assert_eq!(Trend::of(&evidence(0.0, 2, 5.0, 10.0), Some(1.0)), None);
    }

    #[test]
    fn one_answer_is_not_believed_wholly() {
        assert_eq!(Evidence::default().expected(), 0.5);
        assert!((evidence(0.0, 1, 0.0, 1.0).expected() - 1.0 / 3.0).abs() < 1e-9);
        assert!(evidence(0.0, 20, 1.0, 1.0).expected() > 0.95);
    }
}
