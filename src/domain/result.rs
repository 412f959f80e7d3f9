//! What an attempt earned: every item marked, and which of them count.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::marking::{Answer, Marked, Verdict, mark};
use super::paper::{Rule, Section};
use super::question::Question;

/// One item of an attempt, marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    pub question_id: Uuid,
    pub topic_id: Option<Uuid>,
    pub answer: Answer,
    pub marked: Marked,
    /// Part of the total. Not what has no key, and not a question beyond those that its section asks for.
    pub counts: bool,
    /// What it had earned before it was marked again.
    pub remarked: Option<Remarked>,
}

/// Earlier marks of an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Remarked {
    /// When it was marked again.
    pub at: DateTime<Utc>,
    /// With answers that came after the end; else because its key was corrected.
    pub late: bool,
    pub earned: f64,
    pub possible: f64,
}

/// How an outermost question stands when it is decided whether it counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// The pupil says that it is to count.
    pub chosen: bool,
    /// Something of it is answered.
    pub begun: bool,
    /// What it earns; before the marking 0.
    pub marks: f64,
}

/// Marks every item of a quiz whose marks are settled; `chosen` are the outermost questions that the pupil wants to
/// count where a section asks for some only.
pub fn mark_all(
    sections: &[Section],
    questions: &[Question],
    answers: &BTreeMap<Uuid, Answer>,
    chosen: &BTreeSet<Uuid>,
) -> Vec<ItemResult> {
    let mut marked: Vec<Vec<ItemResult>> = questions.iter().map(|question| mark_one(question, answers)).collect();
    let standing = |place: usize| {
        let items: &[ItemResult] = &marked[place];
        Standing {
            chosen: chosen.contains(&questions[place].id),
            begun: items.iter().any(|item| !item.answer.is_blank()),
            marks: items.iter().map(|item| item.marked.marks).sum(),
        }
    };
    for place in left_out(sections, questions, standing) {
        marked[place].iter_mut().for_each(|item| item.counts = false);
    }
    marked.into_iter().flatten().collect()
}

/// The places of the questions beyond those that their section asks for, from how the question at a place stands. Of
/// "choose n" those count that the pupil has chosen, then those that were begun, then the others, each in the paper's
/// order: where nothing is chosen, the first n answered ones, as an examiner marks them. Of "best n" those with the most
/// marks count.
pub fn left_out(sections: &[Section], questions: &[Question], standing: impl Fn(usize) -> Standing) -> BTreeSet<usize> {
    let mut left_out = BTreeSet::new();
    for section in sections {
        let (Rule::Choose(asked) | Rule::Best(asked)) = section.rule else { continue };
        let is_best = matches!(section.rule, Rule::Best(_));
        let mut within: Vec<(usize, Standing)> = (0..questions.len())
            .filter(|&place| section.holds(&questions[place]))
            .map(|place| (place, standing(place)))
            .collect();
        let by_marks = |standing: &Standing| if is_best { standing.marks } else { 0.0 };
        within.sort_by(|(_, a), (_, b)| {
            let chosen = if is_best { std::cmp::Ordering::Equal } else { b.chosen.cmp(&a.chosen) };
            chosen.then(by_marks(b).total_cmp(&by_marks(a))).then(b.begun.cmp(&a.begun))
        });
        left_out.extend(within.into_iter().skip(asked as usize).map(|(place, _)| place));
    }
    left_out
}

fn mark_one(question: &Question, answers: &BTreeMap<Uuid, Answer>) -> Vec<ItemResult> {
    let result = |leaf: &&Question| {
        let answer = answers.get(&leaf.id).cloned().unwrap_or_default();
        let marked = mark(leaf, &answer);
        let counts = marked.verdict != Verdict::Unmarked && leaf.key.is_some();
        ItemResult { question_id: leaf.id, topic_id: leaf.topic, answer, marked, counts, remarked: None }
    };
    question.leaves().iter().map(result).collect()
}

/// Marks earned and marks possible, of what counts.
pub fn total<'a>(items: impl IntoIterator<Item = &'a ItemResult>) -> (f64, f64) {
    items
        .into_iter()
        .filter(|item| item.counts)
        .fold((0.0, 0.0), |(earned, possible), item| (earned + item.marked.marks, possible + item.marked.of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::{Key, KeySource, Kind};

    fn numeric(id: u128, section: &str, marks: f64, key: Option<&str>) -> Question {
        Question {
            id: Uuid::from_u128(id),
            kind: Kind::Numeric,
            section: Some(section.into()),
            marks: Some(marks),
            key: key.map(|text| Key { options: vec![], text: text.into(), source: KeySource::Person }),
            ..Question::default()
        }
    }

    fn section(label: &str, rule: Rule) -> Section {
        Section { label: label.into(), title: String::new(), rule, marks: None }
    }

    fn answers(given: &[(u128, &str)]) -> BTreeMap<Uuid, Answer> {
        given.iter().map(|&(id, text)| (Uuid::from_u128(id), Answer(vec![text.into()]))).collect()
    }

    #[test]
    fn of_a_choice_the_chosen_then_the_first_begun_count() {
        let sections = [section("A", Rule::All), section("B", Rule::Choose(2))];
        let questions = [
            numeric(1, "A", 10.0, Some("1")),
            numeric(2, "B", 15.0, Some("2")),
            numeric(3, "B", 15.0, Some("3")),
            numeric(4, "B", 15.0, Some("4")),
        ];
        let of = |given: &[(u128, &str)], chosen: &[u128]| {
            let chosen = chosen.iter().map(|&id| Uuid::from_u128(id)).collect();
            mark_all(&sections, &questions, &answers(given), &chosen)
        };
        assert_eq!(total(&of(&[], &[])), (0.0, 40.0), "a blank paper is still out of what is asked");
        let all = [(1, "1"), (2, "9"), (3, "3"), (4, "4")];
        assert_eq!(total(&of(&all, &[])), (25.0, 40.0), "the first two count, as in an examination room");
        assert_eq!(total(&of(&all, &[3, 4])), (40.0, 40.0), "the pupil says which");
        assert_eq!(total(&of(&all, &[4])), (25.0, 40.0), "one is chosen, the other is the first begun");
        assert_eq!(total(&of(&all, &[2, 3, 4])), (25.0, 40.0), "more than asked: the first of them");
        assert_eq!(total(&of(&[(4, "4")], &[])), (15.0, 40.0));
        let best = [sections[0].clone(), section("B", Rule::Best(2))];
        let chosen = BTreeSet::from([Uuid::from_u128(2)]);
        let all = mark_all(&best, &questions, &answers(&all), &chosen);
        assert_eq!(total(&all), (40.0, 40.0), "where the paper says so the best count, whatever is ticked");
        assert!(of(&[(4, "9")], &[])[3].counts, "a question that was begun counts before one that was not");
    }

    #[test]
    fn what_has_no_key_does_not_count() {
        let questions = [numeric(1, "A", 2.0, None), numeric(2, "A", 3.0, Some("7"))];
        let items = mark_all(&[], &questions, &answers(&[(1, "7"), (2, "7")]), &BTreeSet::new());
        assert_eq!(total(&items), (3.0, 3.0));
        assert!(!items[0].counts);
    }
}
