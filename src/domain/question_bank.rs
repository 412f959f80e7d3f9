//! The question bank: what there is to make tests of, and how staff search it.

use std::collections::HashMap;

use exam_model::question::{Kind, Question};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::quiz;

/// What is looked for; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BankQuery {
    pub words: Option<String>,
    pub subject: Option<Uuid>,
    pub topic: Option<Uuid>,
    pub year: Option<i32>,
    pub kind: Option<Kind>,
    pub marks: [Option<f64>; 2],
    pub facility: Option<Facility>,
    pub source: Option<BankSource>,
}

/// What the bank has questions from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BankSource {
    /// Papers, notes and whatever else has pages.
    Paper,
    /// Files of questions, such as GIFT, Moodle XML or QTI.
    File,
}

impl BankSource {
    /// Each with its word in addresses and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 2] =
        [(Self::Paper, "papers", "Papers"), (Self::File, "files", "Files of questions")];

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(source, ..)| source)
    }
}

/// How often a question is answered right: its facility index, the share of the marks that pupils earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facility {
    Hard,
    Medium,
    Easy,
    /// Nobody has answered it yet.
    Unknown,
}

/// Below the first it is hard, from the second on easy.
const BOUNDS: [f64; 2] = [0.4, 0.7];

impl Facility {
    /// Each with its word in addresses and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Hard, "hard", "Seldom right (below 40 %)"),
        (Self::Medium, "medium", "Sometimes right (40 to 70 %)"),
        (Self::Easy, "easy", "Often right (70 % and more)"),
        (Self::Unknown, "unknown", "Not answered yet"),
    ];

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(facility, ..)| facility)
    }

    fn of(share: Option<f64>) -> Self {
        let [hard, easy] = BOUNDS;
        match share {
            None => Self::Unknown,
            Some(share) if share < hard => Self::Hard,
            Some(share) if share < easy => Self::Medium,
            Some(_) => Self::Easy,
        }
    }
}

/// What the answers to an item came to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    pub answers: i64,
    pub earned: f64,
    pub possible: f64,
}

/// A question of the bank, drawn and without what cannot be marked, as it would be in a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankQuestion {
    pub question: Question,
    /// The year of its paper.
    pub year: Option<i32>,
    /// The name of the file of questions that it is from, if it is not from a paper.
    pub file: Option<String>,
    /// The answers to its items, and the share of the marks that they earned.
    pub answers: i64,
    pub facility: Option<f64>,
}

impl BankQuestion {
    /// A question as it was drawn, before what its answers came to is known.
    pub fn drawn(question: Question, year: Option<i32>, file: Option<String>) -> Self {
        Self { question, year, file, answers: 0, facility: None }
    }

    /// The same, with what the answers to its items came to.
    pub fn with(self, tallies: &HashMap<Uuid, Tally>) -> Self {
        let mut all = Tally::default();
        for tally in self.question.leaves().iter().filter_map(|leaf| tallies.get(&leaf.id)) {
            all.answers += tally.answers;
            all.earned += tally.earned;
            all.possible += tally.possible;
        }
        let facility = (all.possible > 0.0).then(|| all.earned / all.possible);
        Self { answers: all.answers, facility, ..self }
    }

    /// Whether it is what is looked for, but for words, subject, year and source, by which the database looks.
    pub fn fits(&self, query: &BankQuery) -> bool {
        let leaves = self.question.leaves();
        let marks = quiz::marks_of(&self.question);
        let [least, most] = query.marks;
        query.topic.is_none_or(|topic| leaves.iter().any(|leaf| leaf.topic == Some(topic)))
            && query.kind.is_none_or(|kind| leaves.iter().any(|leaf| leaf.kind == kind))
            && least.is_none_or(|least| marks >= least)
            && most.is_none_or(|most| marks <= most)
            && query.facility.is_none_or(|facility| facility == Facility::of(self.facility))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_fits_by_its_items_and_by_what_they_came_to() {
        let item = |id, kind, topic| Question {
            id: Uuid::from_u128(id),
            kind,
            topic: Some(Uuid::from_u128(topic)),
            marks: Some(2.0),
            ..Question::default()
        };
        let parts = vec![item(1, Kind::Single, 7), item(2, Kind::Numeric, 8)];
        let question = Question { kind: Kind::Group, parts, ..Question::default() };
        let tally = |answers, earned| Tally { answers, earned, possible: 2.0 * answers as f64 };
        let tallies = HashMap::from([1, 2].map(|id| (Uuid::from_u128(id), tally(10, 4.0 * id as f64))));
        let known = BankQuestion::drawn(question.clone(), Some(2024), None).with(&tallies);
        assert_eq!((known.answers, known.facility), (20, Some(0.3)));
        let fits = |query: BankQuery| known.fits(&query);
        let topic = |id| BankQuery { topic: Some(Uuid::from_u128(id)), ..BankQuery::default() };
        let kind = |kind| BankQuery { kind: Some(kind), ..BankQuery::default() };
        let marks = |least, most| BankQuery { marks: [least, most], ..BankQuery::default() };
        assert!(fits(BankQuery::default()) && fits(topic(8)) && !fits(topic(9)));
        assert!(fits(kind(Kind::Numeric)) && !fits(kind(Kind::Long)));
        assert!(fits(marks(Some(4.0), Some(4.0))) && !fits(marks(Some(4.5), None)) && !fits(marks(None, Some(3.5))));
        for (facility, word, _) in Facility::ALL {
            assert_eq!(Facility::parse(word), Some(facility));
            assert_eq!(
                fits(BankQuery { facility: Some(facility), ..BankQuery::default() }),
                facility == Facility::Hard
            );
        }
        let unknown = BankQuestion::drawn(question, None, None);
        assert!(unknown.fits(&BankQuery { facility: Some(Facility::Unknown), ..BankQuery::default() }));
        assert_eq!(
            [0.39, 0.4, 0.7].map(|share| Facility::of(Some(share))),
            [Facility::Hard, Facility::Medium, Facility::Easy]
        );
    }
}
