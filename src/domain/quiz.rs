//! Quizzes: which questions, for how many marks, in how much time.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::paper::Section;
use super::question::Question;

/// How a quiz was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Adaptive,
    TopicFocused,
    RealExam,
}

impl Mode {
    /// The word in the database, the API and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adaptive => "adaptive",
            Self::TopicFocused => "topic-focused",
            Self::RealExam => "real-exam",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Adaptive, Self::TopicFocused, Self::RealExam].into_iter().find(|mode| mode.as_str() == word)
    }

    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adaptive => "What to do next",
            Self::TopicFocused => "By topic",
            Self::RealExam => "Real exam",
        }
    }
}

/// A fixed list of questions, made for one pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quiz {
    pub title: String,
    pub mode: Mode,
    pub minutes: i32,
    pub sections: Vec<Section>,
    pub questions: Vec<Question>,
}

/// Questions that a topic-focused quiz may be asked for.
pub const MOST_QUESTIONS: i32 = 50;

/// A national paper gives three hours for 100 marks.
const MINUTES_PER_MARK: f64 = 1.8;

/// The time for a quiz of so many marks that states none itself: 5 to 240 minutes.
pub fn minutes_for(marks: f64) -> i32 {
    ((marks * MINUTES_PER_MARK).ceil() as i32).clamp(5, 240)
}

/// The time for a whole paper: as printed, or by its marks.
pub fn exam_minutes(printed: Option<u32>, marks: f64) -> i32 {
    printed.map_or_else(|| minutes_for(marks), |minutes| minutes.clamp(1, 600) as i32)
}

/// Gives every item that is answered its marks. What a question prints for all its parts together is shared among
/// those that print none, in halves, the first ones first; where nothing is printed, each is worth one.
pub fn settle_marks(questions: &mut [Question]) {
    for question in questions {
        settle(question, question.marks);
    }
}

fn settle(question: &mut Question, share: Option<f64>) {
    if question.parts.is_empty() {
        question.marks = Some(share.filter(|&marks| marks > 0.0).unwrap_or(1.0));
        return;
    }
    let own: f64 = question.parts.iter().filter_map(|part| part.marks).sum();
    let open = question.parts.iter().filter(|part| part.marks.is_none()).count();
    let mut halves = share.map(|marks| ((marks - own).max(0.0) * 2.0).round() as usize);
    let mut left = open;
    for part in &mut question.parts {
        let marks = part.marks.or_else(|| {
            let rest = halves?;
            let this = rest.div_ceil(left);
            left -= 1;
            halves = Some(rest - this);
            Some(this as f64 / 2.0)
        });
        settle(part, marks);
    }
}

/// The marks of all that is answered in a tree whose marks are settled.
pub fn marks_of(question: &Question) -> f64 {
    question.leaves().iter().filter_map(|leaf| leaf.marks).sum()
}

/// The question as a candidate may see it: no keys, nothing of how it was read.
pub fn for_candidate(question: &Question) -> Question {
    Question {
        key: None,
        doubts: Vec::new(),
        parts: question.parts.iter().map(for_candidate).collect(),
        ..question.clone()
    }
}

/// At most `count` questions of the topics (any topic, if none is named), each with only the parts of these topics and
/// only items that can be marked. Those that the pupil has not answered before come first, each group in the
/// document's order; the result is in the document's order again.
pub fn focus(questions: &[Question], topics: &[Uuid], answered: &HashSet<Uuid>, count: usize) -> Vec<Question> {
    let fits = |leaf: &Question| {
        leaf.key.is_some() && (topics.is_empty() || leaf.topic.is_some_and(|topic| topics.contains(&topic)))
    };
    let pruned: Vec<Question> = questions.iter().filter_map(|question| prune(question, &fits)).collect();
    let seen = |question: &Question| question.leaves().iter().all(|leaf| answered.contains(&leaf.id));
    let mut order: Vec<usize> = (0..pruned.len()).collect();
    order.sort_by_key(|&i| (seen(&pruned[i]), i));
    order.truncate(count);
    order.sort_unstable();
    order.into_iter().map(|i| Question { section: None, ..pruned[i].clone() }).collect()
}

/// The tree with only the leaves that fit; `None` when there is none.
fn prune(question: &Question, fits: &impl Fn(&Question) -> bool) -> Option<Question> {
    if question.parts.is_empty() {
        return fits(question).then(|| question.clone());
    }
    let parts: Vec<Question> = question.parts.iter().filter_map(|part| prune(part, fits)).collect();
    (!parts.is_empty()).then(|| Question { parts, ..question.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::{Key, KeySource};

    fn item(id: u128, marks: Option<f64>, parts: Vec<Question>) -> Question {
        Question { id: Uuid::from_u128(id), marks, parts, ..Question::default() }
    }

    fn keyed(id: u128, topic: u128) -> Question {
        let key = Key { options: vec![], text: "5".into(), source: KeySource::Person };
        Question { key: Some(key), topic: Some(Uuid::from_u128(topic)), ..item(id, Some(1.0), vec![]) }
    }

    fn leaf_marks(question: &Question) -> Vec<f64> {
        question.leaves().iter().map(|leaf| leaf.marks.unwrap()).collect()
    }

    #[test]
    fn marks_are_settled_on_every_leaf() {
        let mut questions = [
            item(1, Some(3.0), vec![]),
            item(2, None, vec![]),
            item(3, Some(4.0), vec![item(4, None, vec![]), item(5, None, vec![]), item(6, None, vec![])]),
            item(
                7,
                Some(5.0),
                vec![item(8, Some(2.0), vec![]), item(9, None, vec![item(10, None, vec![]), item(11, None, vec![])])],
            ),
            item(12, None, vec![item(13, Some(2.5), vec![]), item(14, None, vec![])]),
        ];
        settle_marks(&mut questions);
        assert_eq!(leaf_marks(&questions[0]), [3.0]);
        assert_eq!(leaf_marks(&questions[1]), [1.0]);
        assert_eq!(leaf_marks(&questions[2]), [1.5, 1.5, 1.0]);
        assert_eq!(leaf_marks(&questions[3]), [2.0, 1.5, 1.5]);
        assert_eq!(leaf_marks(&questions[4]), [2.5, 1.0]);
        assert_eq!(marks_of(&questions[3]), 5.0);
    }

    #[test]
    fn focus_takes_the_topic_and_what_is_new_first() {
        let questions =
            [keyed(1, 7), item(2, None, vec![keyed(3, 7), keyed(4, 8)]), keyed(5, 7), item(6, Some(1.0), vec![])];
        let seven = [Uuid::from_u128(7)];
        let ids = |quiz: &[Question]| quiz.iter().map(|q| q.id.as_u128()).collect::<Vec<_>>();
        let all = focus(&questions, &seven, &HashSet::new(), 10);
        assert_eq!(ids(&all), [1, 2, 5]);
        assert_eq!(all[1].leaves().len(), 1, "the part of another topic is left out");
        let answered = HashSet::from([Uuid::from_u128(1)]);
        assert_eq!(ids(&focus(&questions, &seven, &answered, 2)), [2, 5]);
        assert_eq!(focus(&questions, &[], &answered, 10).len(), 3, "what has no key cannot be marked");
    }

    #[test]
    fn candidates_see_no_key() {
        let question = item(1, None, vec![keyed(2, 7)]);
        assert!(for_candidate(&question).leaves().iter().all(|leaf| leaf.key.is_none()));
    }

    #[test]
    fn time_follows_marks() {
        assert_eq!(minutes_for(100.0), 180);
        assert_eq!(minutes_for(1.0), 5);
    }
}
