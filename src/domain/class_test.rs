//! Tests that a teacher makes by hand: questions of published papers, in an order and with marks of the teacher's own.

use std::collections::BTreeMap;

use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::adaptive::mixed;
use super::quiz::{self, MAX_QUESTIONS};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;

/// The most marks of an item; they are given in halves.
pub const MAX_MARKS: f64 = 100.0;

/// A test, as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassTest {
    pub id: Uuid,
    pub title: String,
    pub level: String,
    /// Numbered from 1, with the marks of the test.
    pub questions: Vec<Question>,
    /// The name of who made it; `None` if their account is gone.
    pub made_by: Option<String>,
    /// Whether the viewer made it, or is an admin.
    pub own: bool,
    /// Whether somebody has begun it: from then on it stays as it is.
    pub begun: bool,
}

impl ClassTest {
    pub fn marks(&self) -> f64 {
        self.questions.iter().map(quiz::marks_of).sum()
    }

    /// The usual time for it.
    pub fn minutes(&self) -> i32 {
        quiz::minutes_for(self.marks())
    }

    /// Whether the viewer may change it now.
    pub fn is_changeable(&self) -> bool {
        self.own && !self.begun
    }
}

/// A line in the list of tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassTestLine {
    pub id: Uuid,
    pub title: String,
    pub level: String,
    pub questions: i64,
    pub made_by: Option<String>,
    /// How many pupils of the viewer have handed it in.
    pub handed_in: i64,
}

/// A title without white space around it; the reason if it cannot be one.
pub fn parse_title(text: &str) -> Result<String, String> {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        1..=MAX_TITLE => Ok(title),
        _ => Err(format!("Write a title of 1 to {MAX_TITLE} letters.")),
    }
}

/// The title of a copy, which is short enough, too.
pub fn copied_title(title: &str) -> String {
    const COPY: &str = " (copy)";
    let kept: String = title.chars().take(MAX_TITLE - COPY.len()).collect();
    format!("{kept}{COPY}")
}

/// A change of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a drawn question at the end.
    Add(Box<Question>),
    /// Takes a question out; it is named by its id, as below.
    Remove(Uuid),
    /// Moves a question up or down by one place.
    Move { question: Uuid, up: bool },
    /// Sets the marks of these items, as they were written; those that are not named stay.
    Marks(BTreeMap<Uuid, String>),
}

/// Changes the questions of a test and numbers them again. What is done already changes nothing; the reason if it cannot be done.
pub fn edit(questions: &mut Vec<Question>, edit: Edit) -> Result<(), String> {
    let place = |id: Uuid| questions.iter().position(|question| question.id == id);
    match edit {
        Edit::Add(question) if place(question.id).is_some() => {}
        Edit::Add(_) if questions.len() >= MAX_QUESTIONS as usize => {
            return Err(format!("A test has at most {MAX_QUESTIONS} questions."));
        }
        Edit::Add(mut question) => {
            if let Some(drawn) = &mut question.drawn {
                drawn.own_marks = true;
            }
            sum_up(&mut question);
            questions.push(*question);
        }
        Edit::Remove(id) => questions.retain(|question| question.id != id),
        Edit::Move { question, up } => {
            let to = |from: usize| if up { from.checked_sub(1) } else { Some(from + 1) };
            let places = place(question).and_then(|from| Some((from, to(from).filter(|&to| to < questions.len())?)));
            if let Some((from, to)) = places {
                questions.swap(from, to);
            }
        }
        Edit::Marks(written) => {
            let mut marks = BTreeMap::new();
            for (item, text) in written {
                marks.insert(item, parse_marks(&text)?);
            }
            for question in questions.iter_mut() {
                set_marks(question, &marks);
                sum_up(question);
            }
        }
    }
    quiz::renumber(questions);
    Ok(())
}

fn parse_marks(text: &str) -> Result<f64, String> {
    let marks: Option<f64> = text.trim().replace(',', ".").parse().ok();
    let fits = |marks: &f64| (0.5..=MAX_MARKS).contains(marks) && marks * 2.0 == (marks * 2.0).floor();
    marks.filter(fits).ok_or_else(|| format!("Write marks from 0.5 to {MAX_MARKS}, in halves."))
}

fn set_marks(question: &mut Question, marks: &BTreeMap<Uuid, f64>) {
    if let Some(&own) = marks.get(&question.id).filter(|_| question.parts.is_empty()) {
        question.marks = Some(own);
    }
    question.parts.iter_mut().for_each(|part| set_marks(part, marks));
}

/// A question with parts is worth what they are.
fn sum_up(question: &mut Question) {
    question.parts.iter_mut().for_each(sum_up);
    if !question.parts.is_empty() {
        question.marks = Some(quiz::marks_of(question));
    }
}

/// Puts questions into an order that depends on the seed alone, and numbers them again.
pub fn shuffle(questions: &mut [Question], seed: u64) {
    questions.sort_by_cached_key(|question| {
        mixed(seed ^ question.id.as_u128() as u64 ^ (question.id.as_u128() >> 64) as u64)
    });
    quiz::renumber(questions);
}

#[cfg(test)]
mod tests {
    use exam_model::question::Drawn;

    use super::*;

    fn question(id: u128, path: &str, parts: Vec<Question>) -> Question {
        let drawn = Drawn {
            document: Uuid::max(),
            paper: "Paper".into(),
            path: path.into(),
            why: String::new(),
            own_marks: false,
        };
        Question {
            id: Uuid::from_u128(id),
            path: path.into(),
            marks: parts.is_empty().then_some(1.0),
            drawn: Some(drawn),
            parts,
            ..Question::default()
        }
    }

    fn test() -> Vec<Question> {
        let parts = vec![question(21, "9.a", vec![]), question(22, "9.b", vec![])];
        let mut questions = Vec::new();
        for one in [question(1, "4", vec![]), question(2, "9", parts), question(3, "4", vec![])] {
            edit(&mut questions, Edit::Add(one.into())).unwrap();
        }
        questions
    }

    fn order(questions: &[Question]) -> Vec<u128> {
        questions.iter().map(|question| question.id.as_u128()).collect()
    }

    #[test]
    fn questions_are_added_once_moved_and_taken_out() {
        let mut questions = test();
        edit(&mut questions, Edit::Add(question(3, "4", vec![]).into())).unwrap();
        assert_eq!(order(&questions), [1, 2, 3]);
        let paths = |questions: &[Question]| {
            questions.iter().flat_map(Question::leaves).map(|leaf| leaf.path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(paths(&questions), ["1", "2.a", "2.b", "3"]);
        assert_eq!(questions[1].drawn.as_ref().unwrap().path, "9", "its place in its paper is known");
        let id = Uuid::from_u128;
        for (question, up, expected) in
            [(id(2), true, [2, 1, 3]), (id(2), true, [2, 1, 3]), (id(1), false, [2, 3, 1]), (id(1), false, [2, 3, 1])]
        {
            edit(&mut questions, Edit::Move { question, up }).unwrap();
            assert_eq!(order(&questions), expected);
        }
        edit(&mut questions, Edit::Remove(id(3))).unwrap();
        edit(&mut questions, Edit::Remove(id(3))).unwrap();
        assert_eq!((order(&questions), paths(&questions)), (vec![2, 1], vec!["1.a".into(), "1.b".into(), "2".into()]));
        for number in 100..148 {
            edit(&mut questions, Edit::Add(question(number, "1", vec![]).into())).unwrap();
        }
        assert!(edit(&mut questions, Edit::Add(question(7, "1", vec![]).into())).is_err());
    }

    #[test]
    fn marks_are_the_tests_own() {
        let mut questions = test();
        assert!(questions.iter().all(|question| question.drawn.as_ref().unwrap().own_marks));
        assert_eq!(questions[1].marks, Some(2.0));
        let marks = |written: &[(u128, &str)]| {
            Edit::Marks(written.iter().map(|&(id, text)| (Uuid::from_u128(id), text.to_owned())).collect())
        };
        edit(&mut questions, marks(&[(1, "3"), (21, "0,5"), (99, "5")])).unwrap();
        let all: Vec<f64> = questions.iter().flat_map(Question::leaves).filter_map(|leaf| leaf.marks).collect();
        assert_eq!((all, questions[1].marks), (vec![3.0, 0.5, 1.0, 1.0], Some(1.5)));
        let before = questions.clone();
        for wrong in ["", "0", "-1", "0.3", "101", "NaN", "x"] {
            assert!(edit(&mut questions, marks(&[(1, "2"), (22, wrong)])).is_err(), "{wrong}");
        }
        assert_eq!(questions, before, "all or nothing");
    }

    #[test]
    fn an_order_by_chance_has_all_questions() {
        let orders: Vec<Vec<u128>> = (0..40)
            .map(|seed| {
                let mut questions = test();
                shuffle(&mut questions, seed);
                let again = &mut test();
                shuffle(again, seed);
                assert_eq!(&questions, again);
                assert_eq!(
                    questions.iter().map(|question| question.path.as_str()).collect::<Vec<_>>(),
                    ["1", "2", "3"]
                );
                order(&questions)
            })
            .collect();
        let different: std::collections::BTreeSet<_> = orders.iter().collect();
        assert_eq!(different.len(), 6, "each order comes up");
    }

    #[test]
    fn titles_are_short_and_not_empty() {
        assert_eq!(parse_title("  Week  3\n"), Ok("Week 3".into()));
        assert!(parse_title(" ").is_err() && parse_title(&"x".repeat(121)).is_err());
        assert_eq!(copied_title("Week 3"), "Week 3 (copy)");
        assert!(parse_title(&copied_title(&"é".repeat(120))).is_ok());
    }
}
