//! Learning what pupils know from their attempts, in the order in which these were marked.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::Uuid;

use super::history::{Answered, Seen, seconds};
use super::knowledge::{Asked, Estimate, Model, Pupil, Recent};
use super::mastery::{ENOUGH_ANSWERS, Evidence, STRONG_FROM, TopicMastery, Trend};

/// What is known of a pupil, and of the items and topics that matter for the moment.
#[derive(Debug, Clone)]
pub struct Knowledge {
    pub model: Model<Uuid>,
    pub pupil: Pupil<Uuid>,
}

/// How long a mistake must be remembered to leave the list.
const THREE_WEEKS: TimeDelta = TimeDelta::weeks(3);

/// What was known of a topic before and after an attempt, each with the answers so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicChange {
    pub topic_id: Uuid,
    pub before: (Estimate, u32),
    pub after: (Estimate, u32),
}

/// Learns from the answers of an attempt, all of one pupil, in the order of their items. Returns what changed, by topic.
pub fn learn(model: &mut Model<Uuid>, pupil: &mut Pupil<Uuid>, answers: &[Answered]) -> Vec<TopicChange> {
    let Some(at) = answers.first().map(|answer| seconds(answer.at)) else { return Vec::new() };
    let mut topics: Vec<Uuid> = answers.iter().filter_map(|answer| answer.topic_id).collect();
    topics.sort_unstable();
    topics.dedup();
    let known = |model: &Model<Uuid>, pupil: &Pupil<Uuid>| -> Vec<(Estimate, u32)> {
        topics.iter().map(|topic| (model.topic(pupil, *topic, Some(at)), answered(pupil, *topic))).collect()
    };
    let before = known(model, pupil);
    for answer in answers {
        model.learn(pupil, &answer.asked(), answer.share());
    }
    let after = known(model, pupil);
    let pairs = before.into_iter().zip(after);
    topics.iter().zip(pairs).map(|(&topic_id, (before, after))| TopicChange { topic_id, before, after }).collect()
}

/// The beginning of a day: what pages show stays the same until the next, but for new answers.
pub(super) fn today(now: DateTime<Utc>) -> f64 {
    seconds(now.duration_trunc(TimeDelta::days(1)).unwrap_or(now))
}

/// A pupil's answers in a topic.
pub fn answered(pupil: &Pupil<Uuid>, topic: Uuid) -> u32 {
    pupil.topics.get(&topic).map_or(0, |in_topic| in_topic.answers)
}

/// What a pupil knows of a topic, in words; below the share `weak_below` it is weak.
pub fn mastery(
    model: &Model<Uuid>,
    pupil: &Pupil<Uuid>,
    topic: Uuid,
    now: DateTime<Utc>,
    weak_below: f64,
) -> TopicMastery {
    TopicMastery::of(model.topic(pupil, topic, Some(today(now))), answered(pupil, topic), weak_below)
}

/// What a class knows of a topic; `None` without pupils.
pub fn mastery_of_class(
    model: &Model<Uuid>,
    pupils: &[&Pupil<Uuid>],
    topic: Uuid,
    now: DateTime<Utc>,
    weak_below: f64,
) -> Option<TopicMastery> {
    let answers = pupils.iter().map(|pupil| answered(pupil, topic)).sum();
    let expected = model.topic_of_class(pupils.iter().copied(), topic, Some(today(now)))?;
    Some(TopicMastery::of(expected, answers, weak_below))
}

/// Why so much is expected of a pupil in a topic, and whether it is getting better.
pub fn evidence(
    model: &Model<Uuid>,
    pupil: &Pupil<Uuid>,
    topic: Uuid,
    now: DateTime<Utc>,
) -> (Evidence, Option<Trend>) {
    let recent = pupil.topics.get(&topic).map_or(Recent::NONE, |in_topic| in_topic.recent);
    (Evidence::of(model.usual(pupil, topic, Some(today(now))), &recent), Trend::of(recent.answers(), &model.chance))
}

/// Of a pupil of a school of whom nothing is known.
impl Default for Knowledge {
    fn default() -> Self {
        let model = Model::default();
        Self { pupil: model.pupil(), model }
    }
}

impl Knowledge {
    /// The share to expect of new items of a topic, or of none, at a time.
    pub fn share_at(&self, topic: Option<Uuid>, at: DateTime<Utc>) -> f64 {
        let at = Some(seconds(at));
        let of_no_topic = || self.model.expect(&self.pupil, &Asked { item: Uuid::nil(), topic, at }).share;
        topic.map_or_else(of_no_topic, |topic| self.model.topic(&self.pupil, topic, at).share)
    }

    /// When a mistake is due: when less than [`STRONG_FROM`] is to be expected of it again, but not on the day on which it was right.
    /// `None` if the item is no mistake, or no longer: it was never missed, or was right since and will be known for three weeks.
    pub fn mistake_due_at(&self, seen: &Seen) -> Option<DateTime<Utc>> {
        let asked = seen.last.asked();
        let expected = |at| self.model.expect(&self.pupil, &Asked { at: Some(seconds(at)), ..asked }).share;
        let mut times = (0..).map(|doubled| TimeDelta::minutes(1 << doubled)).take_while(|&after| after < THREE_WEEKS);
        let is_right = seen.last.share() >= 1.0;
        let rests = if is_right { TimeDelta::days(1) } else { TimeDelta::zero() };
        let due = times.find(|&after| after >= rests && expected(seen.last.at + after) < STRONG_FROM);
        let after = if is_right { due } else { due.or(Some(THREE_WEEKS)) };
        after.filter(|_| seen.missed).map(|after| seen.last.at + after)
    }

    /// The share to expect in a topic; `None` without enough answers.
    pub fn topic(&self, topic: Uuid, at: DateTime<Utc>) -> Option<f64> {
        let is_enough = answered(&self.pupil, topic) >= ENOUGH_ANSWERS;
        is_enough.then(|| self.model.topic(&self.pupil, topic, Some(today(at))).share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::History;

    fn at(day: f64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + (day * 86_400.0) as i64, 0).unwrap()
    }

    fn answer(day: f64, earned: f64) -> Answered {
        let topic_id = Some(Uuid::from_u128(7));
        Answered { question_id: Uuid::from_u128(1), topic_id, at: at(day), earned, possible: 2.0, blank: false }
    }

    /// When an item with these answers is due.
    fn due(answers: &[Answered]) -> Option<DateTime<Utc>> {
        let Knowledge { mut model, mut pupil } = Knowledge::default();
        answers.iter().for_each(|&answer| _ = learn(&mut model, &mut pupil, &[answer]));
        Knowledge { model, pupil }.mistake_due_at(&History::of(answers).items[&Uuid::from_u128(1)])
    }

    #[test]
    fn a_mistake_leaves_when_it_is_remembered_for_three_weeks() {
        assert_eq!(due(&[answer(0.0, 2.0)]), None, "never missed");
        assert!(due(&[answer(0.0, 1.0)]).is_some(), "half is a mistake");
        let mut answers = vec![answer(0.0, 0.0)];
        let mut rights = 0;
        while let Some(due) = due(&answers) {
            assert!(due > answers[rights].at, "not at once");
            assert!(rights == 0 || due >= answers[rights].at + TimeDelta::days(1), "right is enough for a day");
            answers.push(answer((rights + 1) as f64, 2.0));
            rights += 1;
            assert!(rights < 8, "{answers:?}");
        }
        assert!((2..=5).contains(&rights), "right {rights} times");
        answers.push(answer(200.0, 0.0));
        assert!(due(&answers).is_some(), "missed again");
        assert_eq!(due(&[Answered { blank: true, ..answer(0.0, 0.0) }]), None, "not answered, not wrong");
    }

    #[test]
    fn an_attempt_changes_its_topics() {
        let Knowledge { mut model, mut pupil } = Knowledge::default();
        let other = Answered { question_id: Uuid::from_u128(2), topic_id: None, ..answer(0.0, 0.0) };
        let [change] = learn(&mut model, &mut pupil, &[answer(0.0, 0.0), other])[..] else { panic!("one topic") };
        assert_eq!((change.before.1, change.after.1, pupil.answers), (0, 1, 2));
        assert!(change.after.0.share < change.before.0.share && change.after.0.high < change.before.0.high);
        assert_eq!(learn(&mut model, &mut pupil, &[]), []);
    }
}
