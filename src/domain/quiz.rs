//! Quizzes: their questions, marks and time.

use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

use exam_model::format;
use exam_model::paper::{self, Section};
use exam_model::question::{Drawn, MadeFrom, Question};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::scoring;

/// How the questions of a quiz are chosen.
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
            Self::Adaptive => "Mixed practice",
            Self::TopicFocused => "By topic",
            Self::RealExam => "Real exam",
        }
    }
}

/// When a pupil is told whether answers are right. The words are Moodle's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feedback {
    /// At the end, against the clock.
    #[default]
    Deferred,
    /// After each question, without a clock.
    Immediate,
}

impl Feedback {
    /// Each with its word in forms and its words on a page.
    pub const ALL: [(Self, &str, &str); 2] = [
        (Self::Immediate, "immediate", "After each question, without a clock"),
        (Self::Deferred, "deferred", "At the end, against the clock"),
    ];
}

/// A fixed list of questions, made for one pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quiz {
    pub title: String,
    pub mode: Mode,
    #[serde(default)]
    pub feedback: Feedback,
    /// Not used with immediate feedback.
    pub minutes: i32,
    pub sections: Vec<Section>,
    pub questions: Vec<Question>,
    /// A note for the pupil about how it was made, such as why there are fewer questions than they asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether a calculator may be used: in a whole paper that allows it.
    #[serde(default)]
    pub calculator: bool,
}

impl Quiz {
    /// The source of the item at this path of the quiz: the document and the path in it. A quiz that is a whole paper has the
    /// paper's paths. `None` if it is unknown or there is no such item.
    pub fn origin(&self, path: &str, paper: Option<Uuid>) -> Option<(Uuid, String)> {
        let holds = |root: &&Question| root.items().iter().any(|item| item.path == path);
        let root = self.questions.iter().find(holds)?;
        match &root.drawn {
            Some(drawn) => Some((drawn.document, format!("{}{}", drawn.path, &path[root.path.len()..]))),
            None => Some((paper.filter(|_| root.made_from != Some(MadeFrom::Earlier))?, path.to_owned())),
        }
    }

    /// The marks possible; see [`scoring::count`].
    pub fn total(&self) -> f64 {
        let none = Default::default();
        scoring::mark_all(&self.sections, &self.questions, &none, &HashMap::new(), &BTreeSet::new()).possible
    }

    /// All documents that its questions are from; `paper` is the one if it is a whole paper.
    pub fn sources(&self, paper: Option<Uuid>) -> Vec<Uuid> {
        let drawn = self.questions.iter().filter_map(|question| Some(question.drawn.as_ref()?.document));
        drawn.chain(paper).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether it was imported from the earlier system.
    pub fn is_earlier(&self) -> bool {
        self.questions.iter().any(|question| question.made_from == Some(MadeFrom::Earlier))
    }
}

/// A document to draw questions from; their marks are settled.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub document: Uuid,
    pub title: String,
    /// Whether it is the pupil's own.
    pub mine: bool,
    pub subject: Option<Uuid>,
    pub questions: Vec<Question>,
}

/// What can be drawn from sources, and what cannot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pool {
    /// Questions with only the parts that match, and with their sources.
    pub questions: Vec<Question>,
    /// The number of items that cannot be marked, because they have no key.
    pub unmarked: i64,
    /// The number of items made from notes that nobody has approved.
    pub waiting: i64,
}

/// The most questions in a topic-focused quiz.
pub const MAX_QUESTIONS: i32 = 50;

/// The most mistakes that are practised at a time.
pub const MISTAKES_AT_A_TIME: i64 = 10;

/// Minutes per mark: a national paper gives three hours for 100 marks.
pub const MINUTES_PER_MARK: f64 = 1.8;

/// The time for a quiz of this many marks that does not state a time: 5 to 240 minutes.
pub fn minutes_for(marks: f64) -> i32 {
    ((marks * MINUTES_PER_MARK).ceil() as i32).clamp(5, 240)
}

/// The time for a whole paper: as printed, or by its marks.
pub fn exam_minutes(printed: Option<u32>, marks: f64) -> i32 {
    printed.map_or_else(|| minutes_for(marks), |minutes| minutes.clamp(1, 600) as i32)
}

/// Sets the marks of every item that is answered. Marks that are printed for a whole question are shared among the parts
/// without marks, in halves, the first parts first. If no marks are printed, each item is worth one.
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

/// The marks of all items that are answered in a tree whose marks are settled.
pub fn marks_of(question: &Question) -> f64 {
    question.leaves().iter().filter_map(|leaf| leaf.marks).sum()
}

/// The marks of everything that a candidate is asked for, with or without a key; the time depends on them.
pub fn asked(sections: &[Section], questions: &[Question]) -> f64 {
    paper::asked(sections, questions, |place| marks_of(&questions[place]))
}

/// The question as a candidate may see it: without keys, without details of the reading, and without the sentence and place
/// in the notes that it was made from, which reveal the answer.
pub fn for_candidate(question: &Question) -> Question {
    let (made_from, regions) = match &question.made_from {
        Some(MadeFrom::Notes { page, .. }) => {
            (Some(MadeFrom::Notes { sentence: String::new(), page: *page }), Vec::new())
        }
        other => (other.clone(), question.regions.clone()),
    };
    Question {
        key: None,
        made_from,
        regions,
        doubts: Vec::new(),
        parts: question.parts.iter().map(for_candidate).collect(),
        ..question.clone()
    }
}

/// Keeps the first `count` items that are answered, and the time for those.
pub fn shorten(quiz: &mut Quiz, items: usize) {
    let kept: Vec<Uuid> = quiz.questions.iter().flat_map(Question::leaves).take(items).map(|leaf| leaf.id).collect();
    quiz.questions = quiz.questions.iter().filter_map(|root| prune(root, &|leaf| kept.contains(&leaf.id))).collect();
    quiz.minutes = minutes_for(asked(&quiz.sections, &quiz.questions));
}

/// Whether an item may be asked. A question made from notes must be approved first, except in a pupil's own notes.
pub fn may_be_asked(leaf: &Question, mine: bool) -> bool {
    mine || leaf.approved || !matches!(leaf.made_from, Some(MadeFrom::Notes { .. }))
}

/// What can be drawn from the sources, among the items that are `wanted`.
pub fn pool(sources: &[Source], wanted: impl Fn(&Question) -> bool) -> Pool {
    let mut pool = Pool::default();
    for source in sources {
        for question in &source.questions {
            for leaf in question.leaves().into_iter().filter(|leaf| wanted(leaf)) {
                pool.waiting += i64::from(!may_be_asked(leaf, source.mine));
                pool.unmarked += i64::from(may_be_asked(leaf, source.mine) && leaf.key.is_none());
            }
            let fits = |leaf: &Question| wanted(leaf) && leaf.key.is_some() && may_be_asked(leaf, source.mine);
            let drawn = Drawn {
                document: source.document,
                paper: source.title.clone(),
                path: question.path.clone(),
                why: String::new(),
                own_marks: false,
            };
            pool.questions.extend(prune(question, &fits).map(|question| Question {
                section: None,
                drawn: Some(drawn),
                ..question
            }));
        }
    }
    pool
}

impl Pool {
    /// A note for a pupil who asked for this many questions and gets fewer; empty if there are enough.
    pub fn shortage(&self, asked: usize) -> String {
        let there = self.questions.len();
        if there >= asked {
            return String::new();
        }
        let mut words = if there == 0 {
            "There are no questions for this choice".to_owned()
        } else {
            format!("You asked for {asked} questions, but this choice has only {there}")
        };
        let parts = |count: i64| format::count(count, "part");
        let mut others = Vec::new();
        if self.unmarked > 0 {
            others.push(format!("{} cannot be marked, because there is no answer key", parts(self.unmarked)));
        }
        if self.waiting > 0 {
            others.push(format!("{} made from notes must be approved first", parts(self.waiting)));
        }
        if !others.is_empty() {
            words = format!("{words}: {}", others.join(", and "));
        }
        format!("{words}.")
    }
}

/// At most `count` of these questions. Those that the pupil has not answered are taken first, each group in order; the
/// result is in the original order.
pub fn new_first(questions: &[Question], answered: impl Fn(Uuid) -> bool, count: usize) -> Vec<usize> {
    let seen = |question: &Question| question.leaves().iter().all(|leaf| answered(leaf.id));
    let mut order: Vec<usize> = (0..questions.len()).collect();
    order.sort_by_key(|&place| (seen(&questions[place]), place));
    order.truncate(count);
    order.sort_unstable();
    order
}

/// Numbers the questions of a quiz from 1, because questions of several papers may have the same number.
pub fn renumber(questions: &mut [Question]) {
    for (number, question) in (1..).zip(questions) {
        let old = question.path.len();
        question.label = format!("{number}.");
        set_root(question, old, &number.to_string());
    }
}

fn set_root(question: &mut Question, old: usize, root: &str) {
    question.path = format!("{root}{}", question.path.get(old..).unwrap_or_default());
    question.parts.iter_mut().for_each(|part| set_root(part, old, root));
}

/// The tree with only the leaves that match; `None` if there are none.
pub fn prune(question: &Question, fits: &impl Fn(&Question) -> bool) -> Option<Question> {
    if question.parts.is_empty() {
        return fits(question).then(|| question.clone());
    }
    let parts: Vec<Question> = question.parts.iter().filter_map(|part| prune(part, fits)).collect();
    (!parts.is_empty()).then(|| Question { parts, ..question.clone() })
}

/// The choices for a quiz from a document, or from all documents of a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuizForm {
    pub document: Option<Uuid>,
    pub subject: Option<Uuid>,
    pub title: String,
    /// For an exam paper.
    pub exam: Option<WholePaper>,
    /// The number of questions that can be asked and marked.
    pub questions: i64,
    /// The number of items that cannot be marked, because they have no key.
    pub unmarked: i64,
    /// The number of items made from notes that must be approved first.
    pub waiting: i64,
    /// Topics: id, name and number of questions with something of it that can be marked.
    pub topics: Vec<(Uuid, String, i64)>,
    pub exam_on: NaiveDate,
    pub days_left: i64,
}

/// A whole exam paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WholePaper {
    pub sections: Vec<Section>,
    pub minutes: i32,
    /// As `Quiz::total`.
    pub marks: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_model::question::{Key, KeySource};

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

    fn source(questions: Vec<Question>) -> Source {
        Source { document: Uuid::from_u128(99), title: "Paper".into(), mine: false, subject: None, questions }
    }

    fn ids(questions: &[Question]) -> Vec<u128> {
        questions.iter().map(|question| question.id.as_u128()).collect()
    }

    #[test]
    fn a_pool_has_the_items_of_the_topic_and_says_what_is_missing() {
        let paper = source(vec![
            keyed(1, 7),
            item(2, None, vec![keyed(3, 7), keyed(4, 8)]),
            Question { topic: Some(Uuid::from_u128(7)), ..item(6, Some(1.0), vec![]) },
        ]);
        let seven = |leaf: &Question| leaf.topic == Some(Uuid::from_u128(7));
        let pool = pool(&[paper], seven);
        assert_eq!(ids(&pool.questions), [1, 2]);
        assert_eq!(pool.questions[1].leaves().len(), 1, "the part of another topic is left out");
        assert_eq!(pool.questions[0].drawn.as_ref().unwrap().paper, "Paper");
        assert_eq!(pool.shortage(2), "");
        assert_eq!(
            pool.shortage(5),
            "You asked for 5 questions, but this choice has only 2: 1 part cannot be marked, because there is no answer key."
        );
    }

    #[test]
    fn what_was_made_from_notes_waits_for_a_look() {
        let notes = Some(MadeFrom::Notes { sentence: "A cell is the unit of life.".into(), page: 1 });
        let made = Question { made_from: notes, ..keyed(1, 7) };
        let approved = Question { approved: true, ..made.clone() };
        assert!(!may_be_asked(&made, false) && may_be_asked(&made, true) && may_be_asked(&approved, false));
        let waiting = pool(&[source(vec![made])], |_| true);
        assert_eq!(
            waiting.shortage(3),
            "There are no questions for this choice: 1 part made from notes must be approved first."
        );
    }

    #[test]
    fn what_is_new_comes_first() {
        let questions = [keyed(1, 7), item(2, None, vec![keyed(3, 7), keyed(4, 8)]), keyed(5, 7)];
        let answered = |id: Uuid| [1, 3].contains(&id.as_u128());
        assert_eq!(new_first(&questions, answered, 2), [1, 2], "a question with a new part is new");
        assert_eq!(new_first(&questions, answered, 9), [0, 1, 2]);
    }

    #[test]
    fn questions_of_several_papers_are_numbered_anew() {
        let part = Question { path: "12.b".into(), label: "(b)".into(), ..item(2, None, vec![]) };
        let mut questions = [
            Question { path: "12".into(), label: "12.".into(), ..item(1, None, vec![part]) },
            Question { path: "12".into(), ..item(3, None, vec![]) },
        ];
        renumber(&mut questions);
        let paths = |question: &Question| question.items().iter().map(|item| item.path.clone()).collect::<Vec<_>>();
        assert_eq!((paths(&questions[0]), paths(&questions[1])), (vec!["1".into(), "1.b".into()], vec!["2".into()]));
        assert_eq!((questions[0].label.as_str(), questions[0].parts[0].label.as_str()), ("1.", "(b)"));
        let document = Uuid::from_u128(99);
        let drawn = Drawn { document, paper: "Paper".into(), path: "12".into(), why: String::new(), own_marks: false };
        questions[0].drawn = Some(drawn);
        let mut quiz = Quiz {
            title: String::new(),
            mode: Mode::Adaptive,
            feedback: Feedback::Deferred,
            minutes: 5,
            sections: vec![],
            questions: questions.to_vec(),
            note: String::new(),
            calculator: false,
        };
        let paper = Uuid::from_u128(9);
        assert_eq!(quiz.origin("1.b", None), Some((document, "12.b".into())));
        assert_eq!((quiz.origin("2", None), quiz.origin("9", Some(paper))), (None, None));
        assert_eq!(quiz.origin("2", Some(paper)), Some((paper, "2".into())));
        quiz.questions[1].made_from = Some(MadeFrom::Earlier);
        assert_eq!(quiz.origin("2", Some(paper)), None, "its number is none of the paper's");
    }

    #[test]
    fn candidates_see_no_key() {
        let question = item(1, None, vec![keyed(2, 7)]);
        assert!(for_candidate(&question).leaves().iter().all(|leaf| leaf.key.is_none()));
        let region = exam_model::question::Region { page: 1, x: 0.0, y: 0.0, width: 9.0, height: 9.0 };
        let made_from = Some(MadeFrom::Notes { sentence: "A cell is the unit of life.".into(), page: 1 });
        let shown = for_candidate(&Question { made_from, regions: vec![region], ..keyed(3, 7) });
        assert_eq!((shown.made_from.unwrap().words(), shown.regions.len()), ("Made from notes, page 1.".into(), 0));
    }

    #[test]
    fn time_follows_marks() {
        assert_eq!(minutes_for(100.0), 180);
        assert_eq!(minutes_for(1.0), 5);
    }
}
