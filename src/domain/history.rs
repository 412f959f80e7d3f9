//! A pupil's answers so far, as memory of items and topics.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::progress::Evidence;
use crate::domain::fsrs::{Memory, Rating};

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

/// What is known about an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub memory: Memory,
    pub last: Answered,
    /// Whether it was ever answered wrong or only partly right.
    pub missed: bool,
}

/// The stability of a good memory, in days: the chance of recall stays above 90 % for three weeks.
const GOOD_STABILITY: f64 = 21.0;

impl Seen {
    /// The chance of recall at a time.
    pub fn recall(&self, at: DateTime<Utc>) -> f64 {
        self.memory.recall(days_between(self.last.at, at))
    }

    /// When the chance of recall falls to 90 %.
    pub fn due_at(&self) -> DateTime<Utc> {
        self.last.at + chrono::Duration::seconds((self.memory.stability * 86_400.0) as i64)
    }

    /// Whether it belongs on the list of mistakes: it was once answered wrong or partly, and since then was not fully right
    /// or will not be remembered for three weeks.
    pub fn is_mistake(&self) -> bool {
        let good = self.last.earned >= self.last.possible && self.memory.stability >= GOOD_STABILITY;
        self.missed && !good
    }
}

/// All answers of a pupil.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub items: HashMap<Uuid, Seen>,
    pub topics: HashMap<Uuid, TopicSeen>,
}

/// What is known about a topic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicSeen {
    /// The answers to items that were new, to predict other new items. Knowing an item when it comes again says little about
    /// the others.
    pub first_sight: Evidence,
    /// All answers: the pupil's standing, as their progress shows it.
    pub all: Evidence,
    /// The memory from all answers, for how fast the topic fades.
    pub memory: Memory,
    pub last_at: DateTime<Utc>,
}

impl History {
    /// Builds the history from all answers in order of time, as of `now`.
    pub fn of(answers: &[Answered], now: DateTime<Utc>) -> Self {
        let mut history = Self::default();
        for answer in answers {
            history.add(answer, now);
        }
        history
    }

    /// Adds an answer that is not older than those before. Weights are relative to `now`.
    pub fn add(&mut self, answer: &Answered, now: DateTime<Utc>) {
        if answer.possible <= 0.0 {
            return;
        }
        let grade = Rating::of(answer.earned / answer.possible);
        let missed = !answer.blank && grade != Rating::Good;
        let new = !self.items.contains_key(&answer.question_id);
        let seen = self.items.entry(answer.question_id).and_modify(|seen| {
            seen.memory = seen.memory.after(grade, days_between(seen.last.at, answer.at));
            seen.last = *answer;
            seen.missed |= missed;
        });
        seen.or_insert(Seen { memory: Memory::found(grade), last: *answer, missed });
        let Some(topic) = answer.topic_id else { return };
        let topic = self.topics.entry(topic).and_modify(|topic| {
            topic.memory = topic.memory.after(grade, days_between(topic.last_at, answer.at));
            topic.last_at = answer.at;
        });
        let topic = topic.or_insert(TopicSeen {
            first_sight: Evidence::default(),
            all: Evidence::default(),
            memory: Memory::found(grade),
            last_at: answer.at,
        });
        let days = days_between(answer.at, now);
        topic.all.add(days, answer.earned, answer.possible);
        if new {
            topic.first_sight.add(days, answer.earned, answer.possible);
        }
    }
}

/// Days from one time to another; 0 if it is earlier.
pub fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    ((to - from).num_seconds() as f64 / 86_400.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: f64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + (day * 86_400.0) as i64, 0).unwrap()
    }

    fn answer(day: f64, earned: f64) -> Answered {
        Answered {
            question_id: Uuid::from_u128(1),
            topic_id: Some(Uuid::from_u128(7)),
            at: at(day),
            earned,
            possible: 2.0,
            blank: false,
        }
    }

    fn seen(answers: &[(f64, f64)]) -> Seen {
        let answers: Vec<Answered> = answers.iter().map(|&(day, earned)| answer(day, earned)).collect();
        History::of(&answers, at(100.0)).items[&Uuid::from_u128(1)]
    }

    #[test]
    fn a_mistake_leaves_when_it_is_remembered_for_three_weeks() {
        assert!(!seen(&[(0.0, 2.0)]).is_mistake(), "never missed");
        assert!(seen(&[(0.0, 1.0)]).is_mistake(), "half is a mistake");
        let mut days = vec![(0.0, 0.0)];
        let mut rights = 0;
        while seen(&days).is_mistake() {
            let due = days_between(at(0.0), seen(&days).due_at()).ceil();
            days.push((due.max(days[rights].0 + 1.0), 2.0));
            rights += 1;
            assert!(rights < 8, "{days:?}");
        }
        assert!((3..=5).contains(&rights), "right {rights} times, each when it was due");
        days.push((200.0, 0.0));
        assert!(seen(&days).is_mistake(), "missed again");
        let blank = Answered { blank: true, ..answer(0.0, 0.0) };
        assert!(!History::of(&[blank], at(1.0)).items[&Uuid::from_u128(1)].is_mistake(), "not answered, not wrong");
    }

    #[test]
    fn topics_gather_their_items() {
        let other = Answered { question_id: Uuid::from_u128(2), ..answer(1.0, 0.0) };
        let history = History::of(&[answer(0.0, 2.0), other], at(1.0));
        let topic = history.topics[&Uuid::from_u128(7)];
        assert_eq!((topic.first_sight.answers, topic.last_at, history.items.len()), (2, at(1.0), 2));
        assert!(topic.memory.stability < Memory::found(Rating::Good).stability, "the miss shows");
        assert!((0.45..0.5).contains(&topic.first_sight.share().unwrap()), "the older one weighs a little less");
        let again = History::of(&[answer(0.0, 0.0), answer(0.5, 2.0), answer(1.0, 2.0)], at(1.0));
        let topic = again.topics[&Uuid::from_u128(7)];
        assert_eq!((topic.first_sight.answers, topic.all.answers), (1, 3), "an item that comes again is not new");
    }
}
