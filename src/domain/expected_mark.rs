//! The mark to expect of a subject's exam, from what past papers are made of and what a pupil knows, and what would raise it.
//!
//! The exam to come is taken to be like the past papers: a [`Blueprint`] says how many marks each topic has. Its items are not
//! known, so only the topics and the pupil's abilities count. The figures are from [`super::knowledge`].

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use exam_model::format;
use exam_model::paper::{Rule, Section};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grade;
use super::knowledge::{Asked, Forecast, Model, Pupil};
use super::learning::{Knowledge, today};
use super::mastery::STRONG_FROM;
use super::quiz;
use weekly::Week;

pub mod weekly;

/// The most past papers of a subject that a blueprint is made from, the newest: exams change.
pub const NEWEST_PAPERS: i64 = 10;

/// The fewest answers in a subject that say anything of its exam: the fewest after which exams were measured
/// (docs/knowledge.md).
pub const ENOUGH_ANSWERS: u32 = 20;

/// The widest interval that still says something, as a share of the exam's marks.
const MAX_WIDTH: f64 = 0.5;

/// The most questions of a topic that are proposed at once, as many as a practice has.
const PRACTICE: u32 = 10;

/// The most topics that are named as raising the mark.
const MAX_RAISES: usize = 3;

/// The fewest marks that are worth naming.
const MIN_MARKS: f64 = 0.5;

/// A past paper whose marks are settled.
#[derive(Debug, Clone, PartialEq)]
pub struct PastPaper {
    pub sections: Vec<Section>,
    pub questions: Vec<Question>,
}

impl PastPaper {
    /// The part of each outermost question that counts: all of it or, in a section of which a candidate chooses some, as much
    /// as the section asks for, because nobody knows which they will choose.
    fn counting(&self) -> impl Iterator<Item = f64> {
        let part = |section: &Section| {
            let worth = || self.questions.iter().filter(|question| section.holds(question)).map(quiz::marks_of);
            section.rule.asked(worth()) / worth().sum::<f64>()
        };
        self.questions.iter().map(move |question| {
            let choice = |section: &&Section| section.rule != Rule::All && section.holds(question);
            self.sections.iter().find(choice).map_or(1.0, part)
        })
    }

    /// The marks and the items of each topic that count.
    fn by_topic(&self) -> BTreeMap<Option<Uuid>, (f64, f64)> {
        let mut topics: BTreeMap<Option<Uuid>, (f64, f64)> = BTreeMap::new();
        for (question, part) in self.questions.iter().zip(self.counting()) {
            for leaf in question.leaves() {
                let (marks, items) = topics.entry(leaf.topic).or_default();
                *marks += part * leaf.marks.unwrap_or_default();
                *items += part;
            }
        }
        topics
    }
}

/// What a subject's exam is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// Of a paper on average, in whole marks.
    pub marks: f64,
    pub parts: Vec<Part>,
}

/// The marks of a topic in an exam, or of all items without one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub topic: Option<Uuid>,
    pub marks: f64,
    /// How many items share them.
    pub items: f64,
}

impl Blueprint {
    /// The average of these papers, each counting alike whatever it is marked out of; `None` without any marks.
    pub fn of(papers: &[&PastPaper]) -> Option<Self> {
        let mut topics: BTreeMap<Option<Uuid>, (f64, f64)> = BTreeMap::new();
        let (mut count, mut sum) = (0.0, 0.0);
        for paper in papers {
            let counts = paper.by_topic();
            let total: f64 = counts.values().map(|(marks, _)| marks).sum();
            if total <= 0.0 {
                continue;
            }
            (count, sum) = (count + 1.0, sum + total);
            for (topic, (marks, items)) in counts {
                let (share, all) = topics.entry(topic).or_default();
                *share += marks / total;
                *all += items;
            }
        }
        let marks = (sum / count).round();
        let part = |(topic, (share, items))| Part { topic, marks: marks * share / count, items: items / count };
        (marks > 0.0).then(|| Self { marks, parts: topics.into_iter().map(part).collect() })
    }

    /// The marks to expect, in whole marks; `None` where what is known fits more than half of all marks.
    fn forecast(&self, model: &Model<Uuid>, pupil: &Pupil<Uuid>, at: f64) -> Option<Forecast> {
        let forecast = model.forecast(pupil, &self.exam(Some(at)));
        let is_sure = forecast.high - forecast.low <= MAX_WIDTH * self.marks;
        is_sure.then(|| Forecast { marks: self.marks, ..forecast.in_steps_of(1.0) })
    }

    /// A typical exam: the marks of each topic in items of their usual size, which nobody has seen.
    fn exam(&self, at: Option<f64>) -> Vec<(Asked<Uuid>, f64)> {
        let each = self.parts.iter().flat_map(|part| {
            let items = part.items.round().max(1.0);
            (0..items as usize).map(move |_| (part.topic, part.marks / items))
        });
        each.zip(1..).map(|((topic, marks), item)| (Asked { item: unseen(item), topic, at }, marks)).collect()
    }
}

/// An item that does not exist.
fn unseen(number: u32) -> Uuid {
    Uuid::from_u128(number.into())
}

/// The mark to expect of a subject's exam.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectedMark {
    pub subject_id: Uuid,
    pub subject: String,
    pub level: String,
    /// The year of the exam.
    pub year: i32,
    /// How many past papers say what it is made of.
    pub papers: usize,
    /// The pupil's answers in the subject.
    pub answers: u32,
    pub outlook: Outlook,
    /// The mark to expect by weeks, where that was asked for.
    pub weeks: Vec<Week>,
}

/// What can be said of an exam to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outlook {
    /// So many more answers are needed.
    FewAnswers(u32),
    /// What is known fits more than half of all marks.
    Unsure,
    Known(Known),
}

/// The marks to expect, and what they depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// In whole marks, today.
    pub forecast: Forecast,
    /// Topics in which the pupil has answered nothing, with their marks, most marks first.
    pub unanswered: Vec<(String, f64)>,
    /// What would raise the mark most.
    pub raises: Vec<Raise>,
}

/// What right answers in a topic would add to the mark to expect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raise {
    pub topic_id: Uuid,
    pub topic: String,
    /// The topic's marks in the exam.
    pub marks: f64,
    pub adds: f64,
    /// So many right answers are needed.
    pub questions: u32,
}

impl Outlook {
    /// For a pupil with so many answers in the subject of these papers. `knowledge` is of all topics that `names` has.
    pub fn of(
        papers: &[&PastPaper],
        knowledge: &Knowledge,
        answers: u32,
        names: &HashMap<Uuid, String>,
        now: DateTime<Utc>,
    ) -> Self {
        let missing = ENOUGH_ANSWERS.saturating_sub(answers);
        if missing > 0 {
            return Self::FewAnswers(missing);
        }
        let Some(blueprint) = Blueprint::of(papers) else { return Self::Unsure };
        let at = Some(today(now));
        let Some(forecast) = blueprint.forecast(&knowledge.model, &knowledge.pupil, today(now)) else {
            return Self::Unsure;
        };
        let topics = blueprint.parts.iter().filter_map(|part| Some((part, names.get(&part.topic?)?)));
        let is_answered = |part: &Part| part.topic.is_some_and(|topic| knowledge.pupil.topics.contains_key(&topic));
        let mut unanswered: Vec<(String, f64)> = topics
            .clone()
            .filter(|(part, _)| !is_answered(part) && part.marks >= MIN_MARKS)
            .map(|(part, name)| (name.clone(), part.marks))
            .collect();
        unanswered.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        let mut raises: Vec<Raise> = topics.filter_map(|(part, name)| knowledge.raise(part, name, at)).collect();
        raises.retain(|raise| raise.adds >= MIN_MARKS);
        raises.sort_by(|a, b| b.adds.total_cmp(&a.adds).then(a.topic.cmp(&b.topic)));
        raises.truncate(MAX_RAISES);
        Self::Known(Known { forecast, unanswered, raises })
    }
}

impl Knowledge {
    /// What right answers to new questions would add to the marks of a topic, until it is strong or a practice is over.
    fn raise(&self, part: &Part, name: &str, at: Option<f64>) -> Option<Raise> {
        let topic = part.topic?;
        let asked = |number| Asked { item: unseen(number), topic: Some(topic), at };
        let (mut model, mut pupil) = (self.model.only(&asked(0)), self.pupil.only(&asked(0)));
        let before = model.topic(&pupil, topic, at).share;
        let (mut share, mut questions) = (before, 0);
        while share < STRONG_FROM && questions < PRACTICE {
            model.learn(&mut pupil, &asked(questions), 1.0);
            share = model.topic(&pupil, topic, at).share;
            questions += 1;
        }
        let adds = part.marks * (share - before);
        Some(Raise { topic_id: topic, topic: name.to_owned(), marks: part.marks, adds, questions })
    }
}

impl ExpectedMark {
    /// What grade that would be, see [`grade::between`]; `None` while it is not known.
    pub fn grade(&self) -> Option<String> {
        let Outlook::Known(Known { forecast: Forecast { low, high, marks, .. }, .. }) = self.outlook else {
            return None;
        };
        Some(grade::between(&self.level, self.year, 100.0 * low / marks, 100.0 * high / marks))
    }

    /// What is missing, such as `Physics (12 more answers)`; `None` if the mark is known.
    pub fn missing(&self) -> Option<String> {
        let what = match self.outlook {
            Outlook::FewAnswers(1) => "1 more answer".to_owned(),
            Outlook::FewAnswers(missing) => format!("{missing} more answers"),
            Outlook::Unsure => "answers in more topics".to_owned(),
            Outlook::Known(_) => return None,
        };
        Some(format!("{} ({what})", self.subject))
    }
}

impl Known {
    /// `31 to 39 of 50`.
    pub fn range(&self) -> String {
        let [low, high, of] = [self.forecast.low, self.forecast.high, self.forecast.marks].map(format::marks);
        if low == high { format!("{low} of {of}") } else { format!("{low} to {high} of {of}") }
    }

    /// `No answers yet in Geometry: 12 marks.`; empty if every topic was answered.
    pub fn gaps(&self) -> String {
        let named: Vec<String> =
            self.unanswered.iter().map(|(topic, marks)| format!("{topic}: {}", about(*marks))).collect();
        if named.is_empty() { String::new() } else { format!("No answers yet in {}.", named.join(", ")) }
    }
}

impl Raise {
    /// `10 right answers: about 3 marks more`.
    pub fn words(&self) -> String {
        format!("{}: about {} more", format::count(self.questions.into(), "right answer"), about(self.adds))
    }
}

/// Whole marks, or a half.
fn about(marks: f64) -> String {
    format::marks_long(if marks < 0.75 { 0.5 } else { marks.round() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::Answered;
    use crate::domain::learning::learn;

    const FRACTIONS: Uuid = Uuid::from_u128(70_007);
    const ANGLES: Uuid = Uuid::from_u128(70_008);
    const SETS: Uuid = Uuid::from_u128(70_009);

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn question(section: &str, topic: Option<Uuid>, marks: f64) -> Question {
        Question { section: Some(section.into()), topic, marks: Some(marks), ..Question::default() }
    }

    fn section(label: &str, rule: Rule) -> Section {
        Section { label: label.into(), title: String::new(), rule, marks: None }
    }

    /// Twenty items of fractions, and ten of angles or ten of sets; out of 30.
    fn paper() -> PastPaper {
        let ten = |topic| Question { parts: vec![question("", Some(topic), 1.0); 10], ..question("B", None, 10.0) };
        let mut questions = vec![question("A", Some(FRACTIONS), 1.0); 20];
        questions.extend([ten(ANGLES), ten(SETS)]);
        PastPaper { sections: vec![section("A", Rule::All), section("B", Rule::Choose(1))], questions }
    }

    fn names() -> HashMap<Uuid, String> {
        [(FRACTIONS, "Fractions"), (ANGLES, "Angles"), (SETS, "Sets")].map(|(id, name)| (id, name.to_owned())).into()
    }

    /// What is known after so many answers in a topic, so many of them right.
    fn after(answers: &[(Uuid, u32, u32)]) -> (Knowledge, u32) {
        let Knowledge { mut model, mut pupil } = Knowledge::default();
        for &(topic, right, count) in answers {
            let answer = |n: u32| Answered {
                question_id: Uuid::from_u128(topic.as_u128() * 1000 + u128::from(n)),
                topic_id: Some(topic),
                at: now(),
                // The right ones spread over all.
                earned: f64::from((n + 1) * right / count - n * right / count),
                possible: 1.0,
                blank: false,
            };
            learn(&mut model, &mut pupil, &(0..count).map(answer).collect::<Vec<_>>());
        }
        let count = answers.iter().map(|(.., count)| count).sum();
        (Knowledge { model, pupil }, count)
    }

    fn outlook(answers: &[(Uuid, u32, u32)]) -> Outlook {
        let (knowledge, count) = after(answers);
        Outlook::of(&[&paper()], &knowledge, count, &names(), now())
    }

    fn known(answers: &[(Uuid, u32, u32)]) -> Known {
        match outlook(answers) {
            Outlook::Known(known) => known,
            other => panic!("{answers:?}: {other:?}"),
        }
    }

    #[test]
    fn a_blueprint_counts_what_candidates_are_asked_for() {
        let (blueprint, paper) = (Blueprint::of(&[&paper()]).unwrap(), paper());
        let parts = [(FRACTIONS, 20.0), (ANGLES, 5.0), (SETS, 5.0)].map(|(topic, marks)| (Some(topic), marks, marks));
        assert_eq!(rounded(&blueprint), parts);
        assert_eq!(blueprint.marks, quiz::asked(&paper.sections, &paper.questions), "as the paper is marked out of");
        let exam = blueprint.exam(None);
        assert_eq!((exam.len(), exam.iter().map(|(_, marks)| marks).sum::<f64>().round()), (30, 30.0));
    }

    /// Topics with their marks and items.
    fn rounded(blueprint: &Blueprint) -> Vec<(Option<Uuid>, f64, f64)> {
        blueprint.parts.iter().map(|part| (part.topic, part.marks.round(), part.items.round())).collect()
    }

    #[test]
    fn papers_count_alike_whatever_they_are_out_of() {
        let only = |topic, marks| PastPaper { sections: vec![], questions: vec![question("", topic, marks); 2] };
        let blueprint = Blueprint::of(&[&only(Some(SETS), 50.0), &only(None, 10.0), &only(Some(SETS), 0.0)]).unwrap();
        assert_eq!((blueprint.marks, rounded(&blueprint)), (60.0, vec![(None, 30.0, 1.0), (Some(SETS), 30.0, 1.0)]));
        assert_eq!((Blueprint::of(&[]), Blueprint::of(&[&only(None, 0.0)])), (None, None));
    }

    #[test]
    fn the_parts_of_a_question_count_by_their_topics() {
        let parts = vec![question("", Some(SETS), 3.0), question("", None, 1.0)];
        let whole = Question { parts, ..question("", Some(ANGLES), 4.0) };
        let blueprint = Blueprint::of(&[&PastPaper { sections: vec![], questions: vec![whole] }]).unwrap();
        assert_eq!(rounded(&blueprint), [(None, 1.0, 1.0), (Some(SETS), 3.0, 1.0)]);
    }

    #[test]
    fn more_right_answers_raise_it() {
        let expected = |right| known(&[(FRACTIONS, right, 40), (ANGLES, right, 40)]).forecast;
        let all = [0, 10, 20, 30, 40].map(expected);
        for pair in all.windows(2) {
            assert!(pair[0].expected < pair[1].expected && pair[0].low <= pair[1].low && pair[0].high <= pair[1].high);
        }
        for Forecast { expected, low, high, marks } in all {
            assert!(0.0 <= low && low <= high && high <= marks && marks == 30.0, "{low} {expected} {high}");
            assert_eq!((low.fract(), high.fract()), (0.0, 0.0), "whole marks");
        }
    }

    #[test]
    fn too_little_is_said_to_be_so() {
        assert_eq!(outlook(&[]), Outlook::FewAnswers(20));
        assert_eq!(outlook(&[(FRACTIONS, 7, 12)]), Outlook::FewAnswers(8));
        let (knowledge, count) = after(&[(FRACTIONS, 20, 40)]);
        assert_eq!(Outlook::of(&[], &knowledge, count, &names(), now()), Outlook::Unsure, "no papers");
        let one = PastPaper { sections: vec![], questions: vec![question("", Some(SETS), 10.0)] };
        assert_eq!(Outlook::of(&[&one], &knowledge, count, &names(), now()), Outlook::Unsure, "all or nothing");
    }

    #[test]
    fn topics_without_answers_are_named() {
        let gaps = |answers: &[_]| known(answers).gaps();
        assert_eq!(gaps(&[(FRACTIONS, 50, 60)]), "No answers yet in Angles: 5 marks, Sets: 5 marks.");
        assert_eq!(gaps(&[(FRACTIONS, 50, 60), (ANGLES, 5, 9), (SETS, 5, 9)]), "");
    }

    #[test]
    fn what_is_worth_much_and_not_known_raises_it_most() {
        let raises = known(&[(ANGLES, 48, 50), (SETS, 25, 50), (FRACTIONS, 25, 50)]).raises;
        let topics: Vec<&str> = raises.iter().map(|raise| raise.topic.as_str()).collect();
        assert_eq!(topics[..2], ["Fractions", "Sets"], "{raises:?}");
        let all = [ANGLES, SETS, FRACTIONS].map(|topic| (topic, 60, 60));
        assert_eq!(known(&all).raises, [], "all are strong");
        for raise in raises {
            assert!((1..=PRACTICE).contains(&raise.questions) && raise.adds >= MIN_MARKS && raise.adds < raise.marks);
        }
    }

    #[test]
    fn right_answers_do_raise_it() {
        let few = [(FRACTIONS, 30, 50), (ANGLES, 30, 50)];
        let raise = known(&few).raises.into_iter().find(|raise| raise.topic_id == SETS).unwrap();
        let more = [few[0], few[1], (SETS, raise.questions, raise.questions)];
        assert!(known(&more).forecast.expected >= known(&few).forecast.expected + raise.adds, "{raise:?}");
    }

    #[test]
    fn in_words() {
        let forecast = |low, high| Forecast { expected: low, low, high, marks: 50.0 };
        let known = |low, high| Known { forecast: forecast(low, high), unanswered: vec![], raises: vec![] };
        assert_eq!(
            (known(31.0, 39.0).range(), known(50.0, 50.0).range()),
            ("31 to 39 of 50".into(), "50 of 50".into())
        );
        let raise =
            |questions, adds| Raise { topic_id: SETS, topic: "Sets".into(), marks: 9.0, adds, questions }.words();
        assert_eq!(raise(10, 3.4), "10 right answers: about 3 marks more");
        assert_eq!(raise(1, 0.8), "1 right answer: about 1 mark more");
        assert_eq!(raise(4, 0.5), "4 right answers: about 0.5 marks more");
        let mark = |year, outlook| {
            let (level, subject) = ("P6".to_owned(), "Mathematics".to_owned());
            ExpectedMark { subject_id: SETS, subject, level, year, papers: 1, answers: 30, outlook, weeks: vec![] }
        };
        let grade = |year| mark(year, Outlook::Known(known(31.0, 39.0))).grade();
        assert_eq!([grade(2024), grade(2027)], [Some("grade C to A".into()), Some("a pass".into())]);
        let missing = |outlook| mark(2027, outlook).missing();
        assert_eq!(missing(Outlook::FewAnswers(1)).unwrap(), "Mathematics (1 more answer)");
        assert_eq!(missing(Outlook::Unsure).unwrap(), "Mathematics (answers in more topics)");
        assert_eq!((missing(Outlook::Known(known(1.0, 2.0))), mark(2027, Outlook::Unsure).grade()), (None, None));
    }
}
