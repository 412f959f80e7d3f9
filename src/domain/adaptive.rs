//! What a pupil should do next: the questions that are expected to add most to the mark of the exam, each with a reason.
//!
//! An answer adds to its topic what [`super::knowledge`] says that practice gives there until the exam, times the marks that the
//! topic is worth in it: most where many marks are, where about half of them are expected or nothing is known, and where there
//! are few answers yet. So every question that is chosen makes the next of its topic worth less, and topics come in turn. A question
//! takes time and trains in proportion to its marks, so its value is the average of its items by marks. Of questions that are
//! worth alike, new ones come first, in random order, then those that are known least; what is known comes after all others.
//! What that is worth by simulation: docs/decisions/0033.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use exam_model::format;
use exam_model::question::Question;
use uuid::Uuid;

use super::history::{History, Seen, days_between, seconds};
use super::knowledge::{Asked, practice_adds};
use super::learning::{Knowledge, answered};
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
    /// The marks of each topic in an exam, see [`Blueprint`](super::expected_mark::Blueprint).
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

/// At most `count` of these questions, whose marks are settled, the most useful ones first. The same seed gives the same choice.
pub fn choose(questions: &[Question], situation: &Situation, count: usize) -> Vec<Chosen> {
    let mut topics: HashMap<Option<Uuid>, Training> = HashMap::new();
    let leaves = questions.iter().flat_map(|question| question.leaves());
    for (topic, leaf) in leaves.map(|leaf| (leaf.topic, leaf)) {
        let training = topics.entry(topic).or_insert_with(|| situation.training(topic));
        if topic.is_none() && situation.knowledge.pupil.items.contains_key(&leaf.id) {
            training.answers += 1;
        }
    }
    let candidate = |(place, question)| Candidate::of(place, question, situation);
    let mut left: Vec<Candidate> = questions.iter().enumerate().filter_map(candidate).collect();
    let mut chosen = Vec::with_capacity(count.min(left.len()));
    while chosen.len() < count {
        let ranked = left.iter().map(|candidate| candidate.rank(&topics)).enumerate();
        let best = ranked.max_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let Some(candidate) = best.map(|(best, _)| left.swap_remove(best)) else { break };
        chosen.push(Chosen { place: candidate.place, why: situation.why(candidate.most_useful(&topics)) });
        for (leaf, _) in candidate.leaves {
            topics.entry(leaf.topic).and_modify(|training| training.answers += 1);
        }
    }
    chosen
}

/// What practice of a topic is for.
struct Training {
    /// In the exam.
    marks: f64,
    /// The share of them to expect.
    share: f64,
    answers: u32,
}

impl Training {
    /// The marks that another answer adds.
    fn adds(&self) -> f64 {
        self.marks * practice_adds(self.share, self.answers)
    }
}

/// A question that may be chosen.
struct Candidate<'a> {
    place: usize,
    /// Its items, each with its part of the marks.
    leaves: Vec<(&'a Question, f64)>,
    /// How much it is to be preferred to questions that add as much, 0 to 1.
    preference: f64,
    /// Whether it would be right today.
    is_known: bool,
}

/// By how much a question may add less than another and still be preferred to it.
const ALIKE: f64 = 0.01;

impl<'a> Candidate<'a> {
    /// `None` without items.
    fn of(place: usize, question: &'a Question, situation: &Situation) -> Option<Self> {
        let mut leaves: Vec<_> = question.leaves().into_iter().map(|leaf| (leaf, leaf.marks.unwrap_or(1.0))).collect();
        let marks: f64 = leaves.iter().map(|(_, marks)| marks).sum();
        leaves.iter_mut().for_each(|(_, part)| *part /= marks);
        let known = |&(leaf, part): &(&Question, f64)| {
            situation.history.items.get(&leaf.id).map(|seen| part * situation.expected(seen))
        };
        let share: Option<f64> = leaves.iter().map(known).sum();
        let luck = (mixed(situation.seed ^ mixed(question.id.as_u128() as u64)) >> 11) as f64 / (1u64 << 53) as f64;
        let preference = share.map_or(1.0 + luck, |share| 1.0 - share) / 2.0;
        let is_known = share.is_some_and(|share| share >= STRONG_FROM);
        (marks > 0.0).then_some(Self { place, leaves, preference, is_known })
    }

    /// What is known comes last; then the marks that it adds count.
    fn rank(&self, topics: &HashMap<Option<Uuid>, Training>) -> (bool, f64) {
        let adds: f64 = self.leaves.iter().map(|(leaf, part)| part * topics[&leaf.topic].adds()).sum();
        (!self.is_known, adds * (1.0 + ALIKE * self.preference))
    }

    /// The item that adds most.
    fn most_useful(&self, topics: &HashMap<Option<Uuid>, Training>) -> &'a Question {
        let adds = |leaf: &Question| topics[&leaf.topic].adds();
        let (first, _) = self.leaves[0];
        self.leaves.iter().fold(first, |best, (leaf, _)| if adds(leaf) > adds(best) { leaf } else { best })
    }
}

impl Situation<'_> {
    /// A topic that is not in past papers is worth one mark.
    fn training(&self, topic: Option<Uuid>) -> Training {
        let share = self.knowledge.share_at(topic, self.exam);
        let answers = topic.map_or(0, |topic| answered(&self.knowledge.pupil, topic));
        Training { marks: self.worth.get(&topic).copied().unwrap_or(1.0), share, answers }
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
            share if share >= 1.0 && self.expected(seen) < STRONG_FROM => {
                format!("You knew this {ago}; it is time to see it again.")
            }
            share if share >= 1.0 => format!("You knew this {ago}; once more will keep it until the exam."),
            share if share >= 0.5 => format!("You had only part of this {ago}."),
            _ => format!("You missed this {ago}."),
        }
    }

    /// The share to expect today of an item that was answered before.
    fn expected(&self, seen: &Seen) -> f64 {
        let asked = Asked { at: Some(seconds(self.now)), ..seen.last.asked() };
        self.knowledge.model.expect(&self.knowledge.pupil, &asked).share
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
    const SETS: Uuid = Uuid::from_u128(9);
    const LINES: Uuid = Uuid::from_u128(10);

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

    fn after(answers: &[Answered]) -> Knowledge {
        let Knowledge { mut model, mut pupil } = Knowledge::default();
        learn(&mut model, &mut pupil, answers);
        Knowledge { model, pupil }
    }

    fn worth_of(topic: Uuid) -> f64 {
        if topic == FRACTIONS { 12.0 } else { 3.0 }
    }

    fn choose_of(questions: &[Question], answers: &[Answered], seed: u64, count: usize) -> Vec<(u128, String)> {
        let history = History::of(answers);
        let knowledge = after(answers);
        let worth = [FRACTIONS, ANGLES, SETS, LINES].map(|topic| (Some(topic), worth_of(topic))).into();
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

    /// The questions in the order in which they are chosen.
    fn order(questions: &[Question], answers: &[Answered], seed: u64) -> Vec<u128> {
        choose_of(questions, answers, seed, questions.len()).into_iter().map(|(id, _)| id).collect()
    }

    /// So many answers in a topic, so many of them right.
    fn answers(topic: Uuid, right: u128, count: u128) -> Vec<Answered> {
        let first = 1000 * topic.as_u128();
        let is_right = |n: u128| f64::from(u8::from((n + 1) * right / count > n * right / count));
        (0..count).map(|n| answer(first + n, topic, 10 + n as i64 % 15, is_right(n))).collect()
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
    fn new_questions_come_first_and_known_ones_last() {
        let questions = [1, 2, 3, 4].map(|id| item(id, ANGLES));
        let so_far = [(2, 5, 1.0), (3, 28, 0.0), (1, 30, 1.0)].map(|(id, day, earned)| answer(id, ANGLES, day, earned));
        assert_eq!(order(&questions, &so_far, 0), [4, 3, 2, 1], "new, missed, long ago, just now");
        let known = [5, 15, 30].map(|day| answer(1, FRACTIONS, day, 1.0));
        let questions = [item(1, FRACTIONS), item(2, ANGLES)];
        assert_eq!(order(&questions, &known, 0), [2, 1], "though fractions are worth more");
    }

    #[test]
    fn marks_and_doubt_decide_between_topics() {
        let questions = [item(1, FRACTIONS), item(2, ANGLES)];
        assert_eq!(order(&questions, &[], 0), [1, 2], "twelve marks against three");
        assert_eq!(order(&questions, &answers(FRACTIONS, 20, 20), 0), [2, 1], "but fractions are known");
        let even = [item(1, ANGLES), item(2, SETS), item(3, LINES)];
        let mut so_far = [answers(SETS, 10, 20), answers(LINES, 1, 20), answers(ANGLES, 19, 20)].concat();
        assert_eq!(order(&even, &so_far[..40], 0)[0], 1, "of angles nothing is known");
        so_far.sort_by_key(|answer| answer.at);
        assert_eq!(order(&even, &so_far, 0)[0], 2, "half of the marks can go either way");
    }

    #[test]
    fn topics_come_in_turn_by_their_marks() {
        let questions: Vec<Question> =
            (0..40).map(|id| item(id + 1, if id < 20 { FRACTIONS } else { ANGLES })).collect();
        for seed in 0..20 {
            let chosen = choose_of(&questions, &[], seed, 10);
            assert_eq!(chosen.iter().filter(|(id, _)| *id > 20).count(), 2, "three of fifteen marks: {chosen:?}");
            let early = chosen[..5].iter().filter(|(id, _)| *id > 20).count();
            assert_eq!(early, 1, "not one after the other: {chosen:?}");
        }
    }

    #[test]
    fn no_other_choice_adds_more() {
        let topics = [FRACTIONS, ANGLES, SETS, LINES];
        let questions: Vec<Question> = (0..80).map(|id| item(id + 1, topics[id as usize % 4])).collect();
        let so_far = [answers(FRACTIONS, 9, 12), answers(ANGLES, 1, 3), answers(SETS, 5, 5)].concat();
        let knowledge = after(&so_far);
        let adds = |chosen: &[u128]| -> f64 {
            let of = |topic: &Uuid| {
                let count =
                    chosen.iter().filter(|id| questions[**id as usize - 1].topic == Some(*topic)).count() as u32;
                let share = knowledge.share_at(Some(*topic), at(60));
                let before = answered(&knowledge.pupil, *topic);
                let marks = worth_of(*topic);
                (before..before + count).map(|n| marks * practice_adds(share, n)).sum::<f64>()
            };
            topics.iter().map(of).sum()
        };
        let chosen: Vec<u128> = order(&questions, &so_far, 1).into_iter().take(12).collect();
        for seed in 0..2000 {
            let mut other: Vec<u128> = (1..=80).collect();
            other.sort_by_key(|&id| mixed(seed ^ mixed(id as u64)));
            assert!(adds(&chosen) >= adds(&other[..12]), "{other:?}");
        }
    }

    #[test]
    fn items_without_a_topic_are_one() {
        let without = |id| Question { topic: None, ..item(id, ANGLES) };
        let questions = [item(1, ANGLES), without(2), without(3)];
        assert_eq!(order(&questions, &[], 0)[0], 1, "three marks against one");
        let seen = (0..9).map(|n| Answered { topic_id: None, ..answer(100 + n, ANGLES, 20, 0.0) });
        assert_eq!(order(&questions, &seen.chain(answers(ANGLES, 3, 6)).collect::<Vec<_>>(), 0)[2], 1, "3/6.5 < 1/.5");
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
        assert_eq!(order(&questions, &[], 0), [2, 1]);
        let half_known = [answer(11, FRACTIONS, 29, 1.0), answer(12, ANGLES, 29, 0.0)];
        assert_eq!(order(&questions[..1], &half_known, 0), [1]);
        assert_eq!(order(&[group(3, vec![])], &[], 0), [3], "it is its own item");
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
