//! What the school sees about all its pupils together.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::progress::{Evidence, TopicState};

/// The number of days in the overview's chart.
pub const DAYS: i32 = 30;

/// The school's totals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Active pupils.
    pub students: i64,
    /// Documents that are not archived, and the items in them that can be answered.
    pub documents: i64,
    pub questions: i64,
    /// Attempts handed in.
    pub attempts: i64,
    /// Each of the last days, oldest first.
    pub activity: Vec<Day>,
    pub subjects: Vec<SubjectSum>,
}

/// The attempts handed in on a day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Day {
    pub day: NaiveDate,
    pub attempts: i64,
    /// The number of pupils who handed them in.
    pub pupils: i64,
}

/// The attempts handed in for a subject, of those at a single document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubjectSum {
    pub subject: String,
    pub level: String,
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
}

/// A pupil's standing in a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct PupilMastery {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject: String,
    pub level: String,
    pub user_id: Uuid,
    pub full_name: String,
    pub evidence: Evidence,
}

/// A topic in which pupils are weak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeakTopic {
    pub id: Uuid,
    pub name: String,
    pub subject: String,
    pub level: String,
    /// Marks earned over marks possible, of all pupils with enough evidence, 0 to 1.
    pub accuracy: f64,
    /// Weakest first.
    pub weak: Vec<WeakPupil>,
    /// The number of pupils with enough evidence.
    pub measured: i64,
}

/// A pupil who is weak in a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeakPupil {
    pub id: Uuid,
    pub full_name: String,
    pub evidence: Evidence,
}

/// The topics in which anybody is weak, by [`TopicState`], those with the most weak pupils first. `standings` must be
/// grouped by topic.
pub fn weak_topics(standings: &[PupilMastery], weak_below: f64) -> Vec<WeakTopic> {
    let mut topics = Vec::new();
    for of_topic in standings.chunk_by(|a, b| a.topic_id == b.topic_id) {
        let known = of_topic.iter().filter(|stands| stands.evidence.is_enough());
        let (earned, possible) =
            known.clone().fold((0.0, 0.0), |(e, p), s| (e + s.evidence.earned, p + s.evidence.possible));
        let is_weak = |s: &&PupilMastery| TopicState::of(&s.evidence, weak_below) == TopicState::Weak;
        let pupil =
            |s: &PupilMastery| WeakPupil { id: s.user_id, full_name: s.full_name.clone(), evidence: s.evidence };
        let mut weak: Vec<WeakPupil> = known.clone().filter(is_weak).map(pupil).collect();
        weak.sort_by(|a, b| {
            let share = |pupil: &WeakPupil| pupil.evidence.share().unwrap_or_default();
            share(a).total_cmp(&share(b)).then(a.full_name.cmp(&b.full_name)).then(a.id.cmp(&b.id))
        });
        let [first, ..] = of_topic else { continue };
        if !weak.is_empty() {
            topics.push(WeakTopic {
                id: first.topic_id,
                name: first.topic.clone(),
                subject: first.subject.clone(),
                level: first.level.clone(),
                accuracy: earned / possible,
                measured: known.count() as i64,
                weak,
            });
        }
    }
    topics.sort_by(|a: &WeakTopic, b| {
        b.weak.len().cmp(&a.weak.len()).then(a.accuracy.total_cmp(&b.accuracy)).then(a.id.cmp(&b.id))
    });
    topics
}

/// At most `most` pupils, those with the most weak topics first.
pub fn weakest_pupils(standings: &[PupilMastery], weak_below: f64, most: usize) -> Vec<Uuid> {
    let mut weak: BTreeMap<(&str, Uuid), usize> = BTreeMap::new();
    for stands in standings {
        if TopicState::of(&stands.evidence, weak_below) == TopicState::Weak {
            *weak.entry((&stands.full_name, stands.user_id)).or_default() += 1;
        }
    }
    let mut weak: Vec<_> = weak.into_iter().collect();
    weak.sort_by_key(|(_, topics)| std::cmp::Reverse(*topics));
    weak.into_iter().take(most).map(|((_, id), _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(topic: u128, pupil: &str, answers: i64, earned: f64) -> PupilMastery {
        PupilMastery {
            topic_id: Uuid::from_u128(topic),
            topic: format!("Topic {topic}"),
            subject: "Mathematics".into(),
            level: "P6".into(),
            user_id: Uuid::from_u128(pupil.len() as u128),
            full_name: pupil.into(),
            evidence: Evidence { answers, weight: answers as f64, earned, possible: answers as f64 },
        }
    }

    #[test]
    fn who_is_weak_and_in_what_comes_first() {
        let all = [
            stands(1, "Amina", 10, 5.0),
            stands(1, "Eric", 10, 9.0),
            stands(1, "Too few", 2, 0.0),
            stands(2, "Amina", 10, 4.0),
            stands(2, "Eric", 10, 2.0),
            stands(3, "Eric", 10, 6.0),
        ];
        let topics = weak_topics(&all, 0.60);
        let names: Vec<_> = topics.iter().map(|topic| topic.name.as_str()).collect();
        assert_eq!(names, ["Topic 2", "Topic 1"], "in topic 3 nobody is");
        let weak: Vec<_> = topics[0].weak.iter().map(|pupil| pupil.full_name.as_str()).collect();
        assert_eq!((weak, topics[0].measured), (vec!["Eric", "Amina"], 2));
        assert_eq!((topics[1].measured, topics[1].weak.len(), topics[1].accuracy), (2, 1, 0.7));
        assert!(weak_topics(&[], 0.60).is_empty());
        let id = |name: &str| Uuid::from_u128(name.len() as u128);
        assert_eq!(weakest_pupils(&all, 0.60, 9), [id("Amina"), id("Eric")], "not who is only unsure");
        assert_eq!(weakest_pupils(&all, 0.60, 1), [id("Amina")]);
    }
}
