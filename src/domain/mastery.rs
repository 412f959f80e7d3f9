//! What a pupil knows of a topic in words: the single definition for the pupil's pages, the choice of questions and the school's
//! pages. The figures are from [`super::knowledge`].

use exam_model::format;
use serde::{Deserialize, Serialize};

use super::knowledge::{Chance, Estimate, Recent, surprise};

/// The share of the marks from which a topic is strong. Below which it is weak is the setting `WEAK_TOPIC_THRESHOLD`.
pub const STRONG_FROM: f64 = 0.80;

/// The fewest answers that say anything.
pub const ENOUGH_ANSWERS: u32 = 3;

/// The state of a topic for a pupil or for a class, in the order in which topics need work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// Very likely less than the threshold is expected.
    Weak,
    Fair,
    /// There are too few answers, or what is known fits weak as well as strong.
    Unsure,
    Strong,
}

impl TopicState {
    /// The state for what is expected after so many answers. `weak_below` is a share from 0 to 1.
    fn of(estimate: &Estimate, answers: u32, weak_below: f64) -> Self {
        match estimate {
            _ if answers < ENOUGH_ANSWERS => Self::Unsure,
            known if known.is_below(weak_below) => Self::Weak,
            known if !known.is_above(weak_below) && !known.is_below(STRONG_FROM) => Self::Unsure,
            known if known.share >= STRONG_FROM => Self::Strong,
            _ => Self::Fair,
        }
    }

    /// The word on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weak => "Weak",
            Self::Fair => "Getting there",
            Self::Strong => "Strong",
            Self::Unsure => "Not sure yet",
        }
    }
}

/// What a pupil or a class knows of a topic at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TopicMastery {
    pub expected: Estimate,
    pub answers: u32,
    pub state: TopicState,
}

impl TopicMastery {
    /// From what is expected after so many answers; below the share `weak_below` the topic is weak.
    pub fn of(expected: Estimate, answers: u32, weak_below: f64) -> Self {
        Self { expected, answers, state: TopicState::of(&expected, answers, weak_below) }
    }

    /// The expected share, unless it is not sure.
    pub fn share_words(&self) -> Option<String> {
        (self.state != TopicState::Unsure).then(|| format!("{:.0} %", 100.0 * self.expected.share))
    }

    /// Between which shares the expected one lies, and from how many answers.
    pub fn range(&self) -> String {
        let Estimate { low, high, .. } = self.expected;
        let answers = format::count(self.answers.into(), "answer");
        format!("{:.0}–{:.0} %, {answers}", 100.0 * low, 100.0 * high)
    }
}

/// Standard deviations from what was expected that are a trend: as far happens by chance once in ten times to each side.
const TREND: f64 = 1.28;

/// Whether a topic is getting better: whether the last answers were better than had been expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    Rising,
    Steady,
    Falling,
}

impl Trend {
    /// Of the last answers in one or several topics, oldest first; `None` without enough.
    pub fn of(answers: impl Iterator<Item = (f64, f64)> + Clone, chance: &Chance) -> Option<Self> {
        let surprise = surprise(answers.clone(), chance);
        (answers.count() >= ENOUGH_ANSWERS as usize).then_some(match surprise {
            _ if surprise >= TREND => Self::Rising,
            _ if surprise <= -TREND => Self::Falling,
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

/// Where an expected share comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What would be expected if the pupil were no better and no worse in the topic than in others.
    pub usual: f64,
    /// The last answers in the topic, and the sum of the shares that they earned.
    pub recent: u32,
    pub earned: f64,
}

impl Evidence {
    pub fn of(usual: f64, recent: &Recent) -> Self {
        let (count, earned) =
            recent.answers().fold((0, 0.0), |(count, earned), (share, _)| (count + 1, earned + share));
        Self { usual, recent: count, earned }
    }

    /// Why so much is expected in the topic, for the pupil (`own`) or for the school.
    pub fn why(&self, topic: &str, own: bool) -> String {
        let (who, whose) = if own { ("You usually get", "your") } else { ("Usually gets", "the") };
        let last = match self.recent {
            1 => format!("{whose} last answer"),
            recent => format!("{whose} last {recent}"),
        };
        // Halves of marks are no whole answers.
        let earned = if self.recent > 1 && self.earned.fract() == 0.0 {
            format!("{} of {last}", format::marks(self.earned))
        } else {
            format!("{:.0} % of the marks of {last}", 100.0 * self.earned / f64::from(self.recent.max(1)))
        };
        format!("{who} {:.0} % of questions this hard, and {earned} on {topic}.", 100.0 * self.usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(low: f64, share: f64, high: f64) -> TopicState {
        TopicMastery::of(Estimate { share, low, high }, 10, 0.60).state
    }

    #[test]
    fn borders() {
        assert_eq!(state(0.20, 0.35, 0.50), TopicState::Weak);
        assert_eq!(state(0.40, 0.52, 0.62), TopicState::Weak, "four times in five it is less");
        assert_eq!(state(0.45, 0.55, 0.65), TopicState::Fair, "it may be more");
        assert_eq!(state(0.61, 0.70, 0.85), TopicState::Fair);
        assert_eq!(state(0.61, 0.80, 0.85), TopicState::Strong);
        assert_eq!(state(0.30, 0.65, 0.95), TopicState::Unsure, "it may be weak as well as strong");
        let little = Estimate { share: 0.1, low: 0.0, high: 0.2 };
        assert_eq!(TopicMastery::of(little, 2, 0.60).state, TopicState::Unsure, "too few answers");
        assert_eq!(TopicMastery::of(Estimate { share: 0.65, low: 0.62, high: 0.68 }, 9, 0.70).state, TopicState::Weak);
    }

    #[test]
    fn a_trend_is_told_once_enough_is_known() {
        let of = |answers: &[(f64, f64)]| Trend::of(answers.iter().copied(), &Chance::default());
        assert_eq!(of(&[(1.0, 0.3), (1.0, 0.4), (1.0, 0.5), (1.0, 0.5)]), Some(Trend::Rising));
        assert_eq!(of(&[(0.0, 0.7), (0.0, 0.6), (0.0, 0.5), (0.0, 0.5)]), Some(Trend::Falling));
        assert_eq!(of(&[(0.0, 0.5), (1.0, 0.5), (1.0, 0.5), (0.0, 0.5)]), Some(Trend::Steady));
        assert_eq!(of(&[(1.0, 0.1), (1.0, 0.1)]), None);
    }

    #[test]
    fn why_in_a_sentence() {
        let why = |shares: &[f64], own| {
            Evidence::of(0.6, &Recent::of(shares.iter().map(|&share| (share, 0.5)))).why("Angles", own)
        };
        let eight = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0];
        assert_eq!(why(&eight, true), "You usually get 60 % of questions this hard, and 8 of your last 10 on Angles.");
        assert_eq!(why(&eight, false), "Usually gets 60 % of questions this hard, and 8 of the last 10 on Angles.");
        assert_eq!(
            why(&[0.5, 1.0], true),
            "You usually get 60 % of questions this hard, and 75 % of the marks of your last 2 on Angles."
        );
        assert_eq!(
            why(&[0.0], true),
            "You usually get 60 % of questions this hard, and 0 % of the marks of your last answer on Angles."
        );
        let many: Vec<f64> = [0.0; 9].into_iter().chain([1.0; 10]).collect();
        assert!(why(&many, true).contains("10 of your last 10"), "older answers are not told");
    }
}
