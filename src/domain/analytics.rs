//! What the school sees about all its pupils together.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::knowledge::{Model, Pupil};
use super::learning;
use super::mastery::{ENOUGH_ANSWERS, TopicMastery, TopicState};

/// The number of days in the overview's chart.
pub const DAYS: i32 = 30;

/// The school's totals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The school's name, if there are others.
    pub school: Option<String>,
    /// Active pupils.
    pub students: i64,
    /// Papers that are not archived, without their marking schemes, and the questions in them.
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

/// A pupil who has answered a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct PupilTopic {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject_id: Uuid,
    pub subject: String,
    pub level: String,
    pub user_id: Uuid,
    pub full_name: String,
    pub last_at: DateTime<Utc>,
}

/// What pupils know of the topics that they have answered.
#[derive(Debug, Clone)]
pub struct Standings {
    pub model: Model<Uuid>,
    pub pupils: HashMap<Uuid, Pupil<Uuid>>,
    /// Grouped by topic.
    pub lines: Vec<PupilTopic>,
}

impl Standings {
    /// What the pupil of a line knows of its topic.
    pub fn mastery(&self, line: &PupilTopic, now: DateTime<Utc>, weak_below: f64) -> TopicMastery {
        learning::mastery(&self.model, &self.pupils[&line.user_id], line.topic_id, now, weak_below)
    }

    /// The topics in which a class or anybody in it is weak, by [`TopicState`], those with the most weak pupils first.
    pub fn weak_topics(&self, now: DateTime<Utc>, weak_below: f64) -> Vec<WeakTopic> {
        let mut topics: Vec<WeakTopic> = self
            .lines
            .chunk_by(|a, b| a.topic_id == b.topic_id)
            .filter_map(|lines| self.class(lines, now, weak_below))
            .filter(|topic| !topic.weak.is_empty() || topic.class.state == TopicState::Weak)
            .collect();
        topics.sort_by(|a, b| {
            let share = |topic: &WeakTopic| topic.class.expected.share;
            b.weak.len().cmp(&a.weak.len()).then(share(a).total_cmp(&share(b))).then(a.id.cmp(&b.id))
        });
        topics
    }

    /// What those who have answered a topic know of it.
    fn class(&self, lines: &[PupilTopic], now: DateTime<Utc>, weak_below: f64) -> Option<WeakTopic> {
        let first = lines.first()?;
        let pupils: Vec<&Pupil<Uuid>> = lines.iter().map(|line| &self.pupils[&line.user_id]).collect();
        let each: Vec<(&PupilTopic, TopicMastery)> =
            lines.iter().map(|line| (line, self.mastery(line, now, weak_below))).collect();
        let is_weak = |(_, mastery): &&(&PupilTopic, TopicMastery)| mastery.state == TopicState::Weak;
        let pupil = |&(line, mastery): &(&PupilTopic, TopicMastery)| WeakPupil {
            id: line.user_id,
            full_name: line.full_name.clone(),
            mastery,
        };
        let mut weak: Vec<WeakPupil> = each.iter().filter(is_weak).map(pupil).collect();
        weak.sort_by(|a, b| {
            let share = |pupil: &WeakPupil| pupil.mastery.expected.share;
            share(a).total_cmp(&share(b)).then(a.full_name.cmp(&b.full_name)).then(a.id.cmp(&b.id))
        });
        Some(WeakTopic {
            id: first.topic_id,
            name: first.topic.clone(),
            subject: first.subject.clone(),
            level: first.level.clone(),
            class: learning::mastery_of_class(&self.model, &pupils, first.topic_id, now, weak_below)?,
            measured: each.iter().filter(|(_, mastery)| mastery.answers >= ENOUGH_ANSWERS).count() as i64,
            weak,
        })
    }

    /// How many topics each pupil is weak in, if in any, those with the most first.
    pub fn weakest_pupils(&self, now: DateTime<Utc>, weak_below: f64) -> Vec<(Uuid, i64)> {
        let mut weak: BTreeMap<(&str, Uuid), i64> = BTreeMap::new();
        for line in &self.lines {
            if self.mastery(line, now, weak_below).state == TopicState::Weak {
                *weak.entry((&line.full_name, line.user_id)).or_default() += 1;
            }
        }
        let mut weak: Vec<(Uuid, i64)> = weak.into_iter().map(|((_, id), topics)| (id, topics)).collect();
        weak.sort_by_key(|(_, topics)| std::cmp::Reverse(*topics));
        weak
    }
}

/// A topic in which pupils are weak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeakTopic {
    pub id: Uuid,
    pub name: String,
    pub subject: String,
    pub level: String,
    /// What all who have answered it know of it on average, from all answers together.
    pub class: TopicMastery,
    /// Weakest first.
    pub weak: Vec<WeakPupil>,
    /// The number of pupils with enough answers.
    pub measured: i64,
}

/// A pupil who is weak in a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeakPupil {
    pub id: Uuid,
    pub full_name: String,
    pub mastery: TopicMastery,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::knowledge::Asked;

    const DAY: f64 = 86_400.0;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// A pupil's line for the topic with this number.
    pub fn pupil_topic(topic: u128, user_id: Uuid, name: &str, last_at: DateTime<Utc>) -> PupilTopic {
        PupilTopic {
            topic_id: Uuid::from_u128(topic),
            topic: format!("Topic {topic}"),
            subject_id: Uuid::nil(),
            subject: "Mathematics".into(),
            level: "P6".into(),
            user_id,
            full_name: name.into(),
            last_at,
        }
    }

    /// Pupils who answered a topic on different days, with so many right of so many.
    fn standings(all: &[(u128, &str, u32, u32)]) -> Standings {
        let mut model = Model::default();
        let mut pupils: HashMap<Uuid, Pupil<Uuid>> = HashMap::new();
        let mut lines: Vec<PupilTopic> = Vec::new();
        for &(topic, name, right, answers) in all {
            let (user_id, topic_id) = (Uuid::from_u128(name.len() as u128), Uuid::from_u128(topic));
            let pupil = pupils.entry(user_id).or_insert_with(|| model.pupil());
            for number in 0..answers {
                let at = Some(now().timestamp() as f64 - DAY * f64::from(1 + number % 3));
                let item = Uuid::from_u128(topic * 1000 + u128::from(number));
                let share = if number % answers < right { 1.0 } else { 0.0 };
                model.learn(pupil, &Asked { item, topic: Some(topic_id), at }, share);
            }
            lines.push(pupil_topic(topic, user_id, name, now()));
        }
        lines.sort_by_key(|line| line.topic_id);
        Standings { model, pupils, lines }
    }

    #[test]
    fn who_is_weak_and_in_what_comes_first() {
        let all = [
            (1, "Amina", 2, 10),
            (1, "Eric", 10, 10),
            (1, "Too few", 0, 2),
            (2, "Amina", 1, 10),
            (2, "Eric", 0, 10),
            (3, "Eric", 9, 10),
        ];
        let standings = standings(&all);
        let topics = standings.weak_topics(now(), 0.60);
        let names: Vec<_> = topics.iter().map(|topic| topic.name.as_str()).collect();
        assert_eq!(names, ["Topic 2", "Topic 1"], "in topic 3 nobody is");
        let weak: Vec<_> = topics[0].weak.iter().map(|pupil| pupil.full_name.as_str()).collect();
        assert_eq!((weak.len(), topics[0].measured), (2, 2), "{weak:?}");
        assert_eq!((topics[1].measured, topics[1].weak.len(), topics[1].class.answers), (2, 1, 22));
        let id = |name: &str| Uuid::from_u128(name.len() as u128);
        assert_eq!(
            standings.weakest_pupils(now(), 0.60),
            [(id("Amina"), 2), (id("Eric"), 1)],
            "not who is only unsure"
        );
        let nobody = Standings { lines: vec![], ..standings };
        assert!(nobody.weak_topics(now(), 0.60).is_empty() && nobody.weakest_pupils(now(), 0.60).is_empty());
    }

    #[test]
    fn a_class_is_weak_by_all_answers_together() {
        // Each of them has too few answers.
        let names = ["A", "Bo", "Cyr", "Dian", "Emile", "Fausta", "Gloriah", "Honorine"];
        let all: Vec<(u128, &str, u32, u32)> = names.iter().map(|name| (1, *name, 0, 2)).collect();
        let topics = standings(&all).weak_topics(now(), 0.60);
        let [topic] = &topics[..] else { panic!("{topics:?}") };
        assert_eq!((topic.class.state, topic.class.answers), (TopicState::Weak, 16));
        assert_eq!((topic.weak.len(), topic.measured), (0, 0));
    }

    #[test]
    fn a_class_of_one_is_that_pupil() {
        let standings = standings(&[(1, "Amina", 2, 10)]);
        let [topic] = &standings.weak_topics(now(), 0.60)[..] else { panic!("one topic") };
        let (class, one) = (topic.class, topic.weak[0].mastery);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let (a, b) = (class.expected, one.expected);
        assert!(near(a.share, b.share) && near(a.low, b.low) && near(a.high, b.high), "{class:?} {one:?}");
        assert_eq!((class.answers, class.state), (one.answers, one.state));
    }
}
