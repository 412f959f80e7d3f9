//! What a pupil should do next: the questions that are expected to gain the most marks at the exam for the time they take,
//! each with a reason.
//!
//! The value of practising an item is its share of the marks that its topic is worth in a paper, times the gain in what
//! [`super::knowledge`] expects of the item on the day of the exam. A question takes time and trains in proportion to its marks, so its value is the average of its items by
//! marks. Questions are then drawn at random, weighted by the squares of their values: always taking the best ones leaves
//! out whole topics and repeats items too soon, which cost seven marks in a hundred (`examples/simulate.rs`).

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use exam_model::format;
use exam_model::question::Question;
use uuid::Uuid;

use super::history::{History, Seen, days_between, seconds};
use super::knowledge::Asked;
use super::learning::Knowledge;
use super::mastery::STRONG_FROM;

/// A chosen question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its index in the list of candidates.
    pub place: usize,
    /// Why, for the pupil.
    pub why: String,
}

/// What the choice depends on.
pub struct Situation<'a> {
    pub history: &'a History,
    pub knowledge: &'a Knowledge,
    /// The marks in a paper, by topic.
    pub worth: &'a HashMap<Option<Uuid>, f64>,
    pub topic_names: &'a HashMap<Uuid, String>,
    pub now: DateTime<Utc>,
    pub exam: DateTime<Utc>,
    /// The random seed.
    pub seed: u64,
}

/// The month and day of the exams if none is set: in 2025 they started between 30 June and 9 July.
const USUAL_EXAM: (u32, u32) = (7, 1);

/// The day of the next exam: the one that is set, or else the usual day.
pub fn next_exam(set: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let usual = |year| NaiveDate::from_ymd_opt(year, USUAL_EXAM.0, USUAL_EXAM.1).unwrap_or(today);
    set.filter(|&day| day >= today).unwrap_or_else(|| {
        let this_year = usual(today.year());
        if this_year >= today { this_year } else { usual(today.year() + 1) }
    })
}

/// The time at which an exam starts: half past eight in Rwanda.
pub fn begins_at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::from_hms_opt(6, 30, 0).unwrap_or_default()).and_utc()
}

/// The average marks of each topic in these papers, whose marks are settled; the key `None` is for items without a topic.
pub fn worth<'a>(papers: impl IntoIterator<Item = &'a [Question]>) -> HashMap<Option<Uuid>, f64> {
    let mut worth: HashMap<Option<Uuid>, f64> = HashMap::new();
    let mut count = 0;
    for paper in papers {
        count += 1;
        for leaf in paper.iter().flat_map(|question| question.leaves()) {
            *worth.entry(leaf.topic).or_default() += leaf.marks.unwrap_or_default();
        }
    }
    worth.values_mut().for_each(|marks| *marks /= count as f64);
    worth
}

/// At most `count` of these questions, whose marks are settled, mostly the most useful ones. The same seed gives the same
/// choice.
pub fn choose(questions: &[Question], situation: &Situation, count: usize) -> Vec<Chosen> {
    let mut items: HashMap<Option<Uuid>, f64> = HashMap::new();
    for leaf in questions.iter().flat_map(|question| question.leaves()) {
        *items.entry(leaf.topic).or_default() += 1.0;
    }
    let mut lots: Vec<(f64, usize, &Question)> = Vec::with_capacity(questions.len());
    for (place, question) in questions.iter().enumerate() {
        let (mut sum, mut marks, mut best) = (0.0, 0.0, None);
        for leaf in question.leaves() {
            let gain = situation.knowledge.gain(leaf.id, leaf.topic, situation.now, situation.exam);
            let value = situation.worth_of(leaf) / items[&leaf.topic] * gain;
            let of = leaf.marks.unwrap_or(1.0);
            (sum, marks) = (sum + of * value, marks + of);
            if best.is_none_or(|(most, _)| value > most) {
                best = Some((value, leaf));
            }
        }
        let Some((_, leaf)) = best else { continue };
        // Weighted sampling by exponential arrival times (Efraimidis and Spirakis 2006).
        let even =
            ((mixed(situation.seed ^ mixed(question.id.as_u128() as u64)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        let weight = (sum / marks).powi(2).max(f64::MIN_POSITIVE);
        lots.push((-even.ln() / weight, place, leaf));
    }
    lots.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
    lots.truncate(count);
    lots.into_iter().map(|(_, place, leaf)| Chosen { place, why: situation.why(leaf) }).collect()
}

impl Situation<'_> {
    /// A topic that is not in past papers is worth one mark.
    fn worth_of(&self, leaf: &Question) -> f64 {
        self.worth.get(&leaf.topic).copied().unwrap_or(1.0)
    }

    /// Why the item was chosen, for the pupil.
    fn why(&self, leaf: &Question) -> String {
        match self.history.items.get(&leaf.id) {
            Some(seen) => self.why_again(seen),
            None => self.why_first(leaf),
        }
    }

    fn why_again(&self, seen: &Seen) -> String {
        let ago = days_ago(days_between(seen.last.at, self.now));
        if seen.last.blank {
            return format!("You left this blank {ago}.");
        }
        match seen.last.share() {
            share if share >= 1.0 && self.is_due(seen) => format!("You knew this {ago}; it is time to see it again."),
            share if share >= 1.0 => format!("You knew this {ago}; once more will keep it until the exam."),
            share if share >= 0.5 => format!("You had only part of this {ago}."),
            _ => format!("You missed this {ago}."),
        }
    }

    /// Whether it is no longer to be expected that the pupil knows an item.
    fn is_due(&self, seen: &Seen) -> bool {
        let asked = Asked { at: Some(seconds(self.now)), ..seen.last.asked() };
        self.knowledge.model.expect(&self.knowledge.pupil, &asked).share < STRONG_FROM
    }

    fn why_first(&self, leaf: &Question) -> String {
        let Some(name) = leaf.topic.and_then(|topic| self.topic_names.get(&topic)) else {
            return "New to you.".into();
        };
        let worth = self.worth.get(&leaf.topic).filter(|&&marks| marks >= 0.5);
        let worth = worth.map_or(String::new(), |&marks| format!(": worth {} a paper", rounded_marks(marks)));
        match leaf.topic.and_then(|topic| self.knowledge.topic(topic, self.now)) {
            Some(share) => format!("{name}{worth}, and about {:.0} % expected of you so far.", 100.0 * share),
            None if worth.is_empty() => format!("{name}: too few answers yet to know how well you do."),
            None => format!("{name}{worth}, and too few answers yet to know how well you do."),
        }
    }
}

/// Text such as "12 marks", rounded to halves.
fn rounded_marks(marks: f64) -> String {
    format::marks_long((2.0 * marks).round() / 2.0)
}

fn days_ago(days: f64) -> String {
    match days as i64 {
        0 => "today".into(),
        1 => "yesterday".into(),
        days => format!("{days} days ago"),
    }
}

/// Pseudorandom bits: splitmix64 by Sebastiano Vigna.
pub fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::Answered;
    use crate::domain::learning::learn;

    const FRACTIONS: Uuid = Uuid::from_u128(7);
    const ANGLES: Uuid = Uuid::from_u128(8);

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap()
    }

    fn item(id: u128, topic: Uuid) -> Question {
        Question { id: Uuid::from_u128(id), topic: Some(topic), marks: Some(1.0), ..Question::default() }
    }

    fn answer(id: u128, topic: Uuid, day: i64, earned: f64) -> Answered {
        let question_id = Uuid::from_u128(id);
        Answered { question_id, topic_id: Some(topic), at: at(day), earned, possible: 1.0, blank: false }
    }

    fn choose_of(questions: &[Question], answers: &[Answered], seed: u64, count: usize) -> Vec<(u128, String)> {
        let history = History::of(answers);
        let mut knowledge = Knowledge::default();
        learn(&mut knowledge.model, &mut knowledge.pupil, answers);
        let worth = HashMap::from([(Some(FRACTIONS), 12.0), (Some(ANGLES), 3.0)]);
        let names = HashMap::from([(FRACTIONS, "Fractions".to_owned()), (ANGLES, "Angles".to_owned())]);
        let situation = Situation {
            history: &history,
            knowledge: &knowledge,
            worth: &worth,
            topic_names: &names,
            now: at(30),
            exam: at(60),
            seed,
        };
        let chosen = choose(questions, &situation, count);
        chosen.into_iter().map(|one| (questions[one.place].id.as_u128(), one.why)).collect()
    }

    /// How often of a hundred times this one is chosen first.
    fn first(id: u128, questions: &[Question], answers: &[Answered]) -> usize {
        (0..100).filter(|&seed| choose_of(questions, answers, seed, 1)[0].0 == id).count()
    }

    #[test]
    fn says_why() {
        let questions = [item(1, FRACTIONS), item(2, FRACTIONS), item(3, FRACTIONS), item(4, ANGLES)];
        let answers = [answer(2, FRACTIONS, 10, 1.0), answer(1, FRACTIONS, 27, 0.0), answer(9, FRACTIONS, 29, 0.0)];
        let chosen = choose_of(&questions, &answers, 0, 10);
        let why = |id| chosen.iter().find(|(chosen, _)| *chosen == id).unwrap().1.as_str();
        assert_eq!(why(1), "You missed this 3 days ago.");
        assert_eq!(why(2), "You knew this 20 days ago; it is time to see it again.");
        assert_eq!(why(3), "Fractions: worth 12 marks a paper, and about 50 % expected of you so far.");
        assert_eq!(why(4), "Angles: worth 3 marks a paper, and too few answers yet to know how well you do.");
    }

    #[test]
    fn what_is_not_known_comes_before_what_is() {
        let questions = [item(1, ANGLES), item(2, ANGLES)];
        let missed = [answer(1, ANGLES, 28, 1.0), answer(2, ANGLES, 28, 0.0)];
        assert!(first(2, &questions, &missed) > 75, "{}", first(2, &questions, &missed));
        let well_known = [answer(1, ANGLES, 5, 1.0), answer(1, ANGLES, 15, 1.0), answer(1, ANGLES, 29, 1.0)];
        assert!(first(2, &questions, &well_known) > 95, "{}", first(2, &questions, &well_known));
    }

    #[test]
    fn marks_and_weakness_decide_between_topics() {
        let questions = [item(1, FRACTIONS), item(2, ANGLES)];
        assert!(first(1, &questions, &[]) > 85, "twelve marks against three: {}", first(1, &questions, &[]));
        let good: Vec<Answered> = (10..30).map(|id| answer(id, FRACTIONS, 29, 1.0)).collect();
        assert!(first(2, &questions, &good) > 50, "but fractions are known: {}", first(2, &questions, &good));
    }

    #[test]
    fn a_seed_gives_the_same_again() {
        let questions: Vec<Question> = (1..=20).map(|id| item(id, FRACTIONS)).collect();
        let ids = |seed| choose_of(&questions, &[], seed, 8).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!((ids(1), ids(1).len()), (ids(1), 8));
        assert_ne!(ids(1), ids(2));
        assert_eq!(choose_of(&questions, &[], 3, 99).len(), 20);
        assert!(choose_of(&[], &[], 0, 1).is_empty());
    }

    #[test]
    fn a_question_is_as_good_as_its_items_by_their_marks() {
        let group = |id, parts| Question { parts, ..item(id, ANGLES) };
        let questions = [
            group(1, vec![item(11, FRACTIONS), Question { marks: Some(9.0), ..item(12, ANGLES) }]),
            group(2, vec![item(21, ANGLES), Question { marks: Some(9.0), ..item(22, FRACTIONS) }]),
        ];
        assert!(first(2, &questions, &[]) > 75, "{}", first(2, &questions, &[]));
    }

    #[test]
    fn topics_are_worth_their_marks_a_paper() {
        let papers = [vec![item(1, FRACTIONS), item(2, FRACTIONS), item(3, ANGLES)], vec![item(4, FRACTIONS)]];
        let worth = worth(papers.iter().map(Vec::as_slice));
        assert_eq!((worth[&Some(FRACTIONS)], worth[&Some(ANGLES)]), (1.5, 0.5));
    }

    #[test]
    fn the_next_exam() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!(next_exam(None, day(2026, 11, 25)), day(2027, 7, 1));
        assert_eq!(next_exam(None, day(2027, 7, 1)), day(2027, 7, 1));
        assert_eq!(next_exam(Some(day(2027, 6, 21)), day(2026, 11, 25)), day(2027, 6, 21));
        assert_eq!(next_exam(Some(day(2026, 6, 21)), day(2026, 11, 25)), day(2027, 7, 1), "that one is over");
    }
}
