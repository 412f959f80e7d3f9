//! What an attempt earned: every item marked, and which of them count.

use std::collections::BTreeMap;

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
}

/// Marks every item of a quiz whose marks are settled. In a section "choose n" the n questions with the most marks
/// count, then those that were begun, then the first ones: the reading that is best for the pupil.
pub fn mark_all(sections: &[Section], questions: &[Question], answers: &BTreeMap<Uuid, Answer>) -> Vec<ItemResult> {
    let mut marked: Vec<Vec<ItemResult>> = questions.iter().map(|question| mark_one(question, answers)).collect();
    for section in sections {
        let (Rule::Choose(asked) | Rule::Best(asked)) = section.rule else { continue };
        let mut within: Vec<usize> = (0..questions.len())
            .filter(|&i| section.label.is_empty() || questions[i].section.as_deref() == Some(section.label.as_str()))
            .collect();
        within.sort_by(|&a, &b| rank(&marked[b]).partial_cmp(&rank(&marked[a])).unwrap_or(std::cmp::Ordering::Equal));
        for &left_out in within.iter().skip(asked as usize) {
            marked[left_out].iter_mut().for_each(|item| item.counts = false);
        }
    }
    marked.into_iter().flatten().collect()
}

fn mark_one(question: &Question, answers: &BTreeMap<Uuid, Answer>) -> Vec<ItemResult> {
    let result = |leaf: &&Question| {
        let answer = answers.get(&leaf.id).cloned().unwrap_or_default();
        let marked = mark(leaf, &answer);
        let counts = marked.verdict != Verdict::Unmarked && leaf.key.is_some();
        ItemResult { question_id: leaf.id, topic_id: leaf.topic, answer, marked, counts }
    };
    question.leaves().iter().map(result).collect()
}

fn rank(items: &[ItemResult]) -> (f64, bool) {
    (items.iter().map(|item| item.marked.marks).sum(), items.iter().any(|item| !item.answer.is_blank()))
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
    fn the_best_of_a_choice_count() {
        let sections = [section("A", Rule::All), section("B", Rule::Choose(2))];
        let questions = [
            numeric(1, "A", 10.0, Some("1")),
            numeric(2, "B", 15.0, Some("2")),
            numeric(3, "B", 15.0, Some("3")),
            numeric(4, "B", 15.0, Some("4")),
        ];
        let of = |given: &[(u128, &str)]| total(&mark_all(&sections, &questions, &answers(given)));
        assert_eq!(of(&[]), (0.0, 40.0), "a blank paper is still out of what is asked");
        assert_eq!(of(&[(1, "1"), (2, "9"), (3, "3"), (4, "4")]), (40.0, 40.0));
        assert_eq!(of(&[(4, "4")]), (15.0, 40.0));
        let items = mark_all(&sections, &questions, &answers(&[(4, "9")]));
        assert!(items[3].counts, "a question that was begun counts before one that was not");
    }

    #[test]
    fn what_has_no_key_does_not_count() {
        let questions = [numeric(1, "A", 2.0, None), numeric(2, "A", 3.0, Some("7"))];
        let items = mark_all(&[], &questions, &answers(&[(1, "7"), (2, "7")]));
        assert_eq!(total(&items), (3.0, 3.0));
        assert!(!items[0].counts);
    }
}
