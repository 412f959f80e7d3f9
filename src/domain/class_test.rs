//! Tests that a teacher makes by hand: questions of published papers, in an order and with marks of the teacher's own.

use std::collections::BTreeMap;

use exam_model::paper::{Rule, Section};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::adaptive::mixed;
use super::quiz::{self, MAX_QUESTIONS};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;

/// The most marks of an item; they are given in halves.
pub const MAX_MARKS: f64 = 100.0;

/// The most sections of a test.
pub const MAX_SECTIONS: usize = 10;

/// The longest name of a section, in characters.
pub const MAX_LABEL: usize = 30;

/// What a test asks. If there are sections, each question stands in one of them, and those of a section stand together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TestContent {
    pub sections: Vec<Section>,
    /// Numbered from 1, with the marks of the test.
    pub questions: Vec<Question>,
}

impl TestContent {
    /// Its marks, of a section with a choice only as many as it asks for.
    pub fn marks(&self) -> f64 {
        quiz::asked(&self.sections, &self.questions)
    }

    /// The questions of a section, or of all without sections.
    pub fn of_section<'a>(&'a self, section: Option<&'a Section>) -> impl Iterator<Item = &'a Question> {
        self.questions.iter().filter(move |question| section.is_none_or(|section| section.holds(question)))
    }

    /// The name for another section: the first letter that none has.
    pub fn next_label(&self) -> String {
        let is_free = |letter: &char| self.sections.iter().all(|section| section.label != letter.to_string());
        ('A'..='Z').find(is_free).map(String::from).unwrap_or_default()
    }
}

/// A test, as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassTest {
    pub id: Uuid,
    pub title: String,
    pub level: String,
    pub content: TestContent,
    /// The name of who made it; `None` if their account is gone.
    pub made_by: Option<String>,
    /// Whether the viewer made it, or is an admin.
    pub own: bool,
    /// Whether somebody has begun it: from then on it stays as it is.
    pub begun: bool,
}

impl ClassTest {
    /// The usual time for it.
    pub fn minutes(&self) -> i32 {
        quiz::minutes_for(self.content.marks())
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

/// A section from what was written of it: its name, the word of its rule, and how many questions that asks for; the field that
/// is wrong, and why.
pub fn parse_section(label: &str, rule: &str, count: &str) -> Result<Section, (&'static str, String)> {
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if !(1..=MAX_LABEL).contains(&label.chars().count()) {
        return Err(("label", format!("Write a name of 1 to {MAX_LABEL} letters, such as A.")));
    }
    let count = || {
        let count = count.trim().parse().ok().filter(|count| (1..=MAX_QUESTIONS as u32).contains(count));
        count.ok_or_else(|| ("count", format!("Say how many count: 1 to {MAX_QUESTIONS}.")))
    };
    let rule = match rule {
        "all" => Rule::All,
        "choose" => Rule::Choose(count()?),
        "best" => Rule::Best(count()?),
        _ => return Err(("rule", "The rule is all, choose or best.".into())),
    };
    Ok(Section { label, title: String::new(), rule, marks: None })
}

/// A change of a test. Questions are named by their ids, sections by their labels.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a drawn question at the end of a section; of the last one, if none is named.
    Add {
        question: Box<Question>,
        section: Option<String>,
    },
    Remove(Uuid),
    /// Moves a question up or down by one place, within its section.
    Move {
        question: Uuid,
        up: bool,
    },
    /// Puts a question at the end of a section.
    Put {
        question: Uuid,
        section: String,
    },
    /// Sets the marks of these items, as they were written; those that are not named stay.
    Marks(BTreeMap<Uuid, String>),
    /// Adds a section at the end; the first one takes all questions there are.
    AddSection(Section),
    ChangeSection {
        label: String,
        to: Section,
    },
    /// Moves a section with its questions up or down by one place.
    MoveSection {
        label: String,
        up: bool,
    },
    /// Takes a section away; its questions go to the one before it, or else behind it.
    RemoveSection(String),
}

/// Changes a test and numbers its questions again. What is done already changes nothing; the field that is wrong, and why, if it
/// cannot be done.
pub fn edit(content: &mut TestContent, edit: Edit) -> Result<(), (&'static str, String)> {
    let TestContent { sections, questions } = content;
    match edit {
        Edit::Add { question, section } => add(content, *question, section)?,
        Edit::Remove(id) => questions.retain(|question| question.id != id),
        Edit::Move { question, up } => {
            let from = questions.iter().position(|known| known.id == question);
            let neighbour = |from: usize| step(from, up, questions.len());
            let places = from.and_then(|from| Some((from, neighbour(from)?)));
            if let Some((from, to)) = places.filter(|&(from, to)| questions[from].section == questions[to].section) {
                questions.swap(from, to);
            }
        }
        Edit::Put { question, section } => {
            let from = questions.iter().position(|known| known.id == question);
            if let Some(from) = from.filter(|_| sections.iter().any(|known| known.label == section)) {
                let question = questions.remove(from);
                questions.push(Question { section: Some(section), ..question });
            }
        }
        Edit::Marks(written) => {
            let mut marks = BTreeMap::new();
            for (item, text) in written {
                marks.insert(item, parse_marks(&text).map_err(|reason| ("marks", reason))?);
            }
            for question in questions.iter_mut() {
                set_marks(question, &marks);
                sum_up(question);
            }
        }
        Edit::AddSection(_) if sections.len() >= MAX_SECTIONS => {
            return Err(("label", format!("A test has at most {MAX_SECTIONS} sections.")));
        }
        Edit::AddSection(section) => {
            must_be_new(sections, &section.label)?;
            sections.push(section);
        }
        Edit::ChangeSection { label, to } => change_section(content, &label, to)?,
        Edit::MoveSection { label, up } => {
            let from = sections.iter().position(|section| section.label == label);
            if let Some((from, to)) = from.and_then(|from| Some((from, step(from, up, sections.len())?))) {
                sections.swap(from, to);
            }
        }
        Edit::RemoveSection(label) => remove_section(content, &label),
    }
    arrange(content);
    Ok(())
}

/// The place before or behind one of so many.
fn step(from: usize, up: bool, of: usize) -> Option<usize> {
    if up { from.checked_sub(1) } else { Some(from + 1).filter(|&to| to < of) }
}

fn add(
    content: &mut TestContent,
    mut question: Question,
    section: Option<String>,
) -> Result<(), (&'static str, String)> {
    let TestContent { sections, questions } = content;
    if questions.iter().any(|known| known.id == question.id) {
        return Ok(());
    }
    if questions.len() >= MAX_QUESTIONS as usize {
        return Err(("marks", format!("A test has at most {MAX_QUESTIONS} questions.")));
    }
    if let Some(drawn) = &mut question.drawn {
        drawn.own_marks = true;
    }
    sum_up(&mut question);
    question.section = section.or_else(|| sections.last().map(|last| last.label.clone()));
    questions.push(question);
    Ok(())
}

fn must_be_new(sections: &[Section], label: &str) -> Result<(), (&'static str, String)> {
    match sections.iter().any(|section| section.label == label) {
        true => Err(("label", format!("There is a section {label} already."))),
        false => Ok(()),
    }
}

fn change_section(content: &mut TestContent, label: &str, to: Section) -> Result<(), (&'static str, String)> {
    let TestContent { sections, questions } = content;
    if to.label != label {
        must_be_new(sections, &to.label)?;
    }
    let Some(section) = sections.iter_mut().find(|section| section.label == label) else { return Ok(()) };
    for question in questions.iter_mut().filter(|question| section.holds(question)) {
        question.section = Some(to.label.clone());
    }
    *section = to;
    Ok(())
}

fn remove_section(content: &mut TestContent, label: &str) {
    let TestContent { sections, questions } = content;
    let Some(place) = sections.iter().position(|section| section.label == label) else { return };
    let removed = sections.remove(place);
    let heir = sections.get(place.saturating_sub(1)).map(|section| section.label.clone());
    for question in questions.iter_mut().filter(|question| removed.holds(question)) {
        question.section.clone_from(&heir);
    }
}

/// Puts the questions of each section together, in the order of the sections, and numbers all. Those of no section that there
/// is stand in the first.
fn arrange(TestContent { sections, questions }: &mut TestContent) {
    let place = |question: &Question| sections.iter().position(|section| section.holds(question));
    for question in questions.iter_mut().filter(|question| place(question).is_none()) {
        question.section = sections.first().map(|first| first.label.clone());
    }
    questions.sort_by_key(place);
    quiz::renumber(questions);
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

/// Puts the questions of each section into an order that depends on the seed alone, and numbers them again.
pub fn shuffle(questions: &mut [Question], seed: u64) {
    for section in questions.chunk_by_mut(|one, other| one.section == other.section) {
        section.sort_by_cached_key(|question| {
            mixed(seed ^ question.id.as_u128() as u64 ^ (question.id.as_u128() >> 64) as u64)
        });
    }
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

    fn add(question: Question) -> Edit {
        Edit::Add { question: question.into(), section: None }
    }

    fn test() -> TestContent {
        let parts = vec![question(21, "9.a", vec![]), question(22, "9.b", vec![])];
        let mut content = TestContent::default();
        for one in [question(1, "4", vec![]), question(2, "9", parts), question(3, "4", vec![])] {
            edit(&mut content, add(one)).unwrap();
        }
        content
    }

    fn order(questions: &[Question]) -> Vec<u128> {
        questions.iter().map(|question| question.id.as_u128()).collect()
    }

    #[test]
    fn questions_are_added_once_moved_and_taken_out() {
        let mut content = test();
        edit(&mut content, add(question(3, "4", vec![]))).unwrap();
        assert_eq!(order(&content.questions), [1, 2, 3]);
        let paths = |questions: &[Question]| {
            questions.iter().flat_map(Question::leaves).map(|leaf| leaf.path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(paths(&content.questions), ["1", "2.a", "2.b", "3"]);
        assert_eq!(content.questions[1].drawn.as_ref().unwrap().path, "9", "its place in its paper is known");
        let id = Uuid::from_u128;
        for (question, up, expected) in
            [(id(2), true, [2, 1, 3]), (id(2), true, [2, 1, 3]), (id(1), false, [2, 3, 1]), (id(1), false, [2, 3, 1])]
        {
            edit(&mut content, Edit::Move { question, up }).unwrap();
            assert_eq!(order(&content.questions), expected);
        }
        edit(&mut content, Edit::Remove(id(3))).unwrap();
        edit(&mut content, Edit::Remove(id(3))).unwrap();
        assert_eq!(
            (order(&content.questions), paths(&content.questions)),
            (vec![2, 1], vec!["1.a".into(), "1.b".into(), "2".into()])
        );
        for number in 100..148 {
            edit(&mut content, add(question(number, "1", vec![]))).unwrap();
        }
        assert!(edit(&mut content, add(question(7, "1", vec![]))).is_err());
    }

    #[test]
    fn marks_are_the_tests_own() {
        let mut content = test();
        assert!(content.questions.iter().all(|question| question.drawn.as_ref().unwrap().own_marks));
        assert_eq!(content.questions[1].marks, Some(2.0));
        let marks = |written: &[(u128, &str)]| {
            Edit::Marks(written.iter().map(|&(id, text)| (Uuid::from_u128(id), text.to_owned())).collect())
        };
        edit(&mut content, marks(&[(1, "3"), (21, "0,5"), (99, "5")])).unwrap();
        let all: Vec<f64> = content.questions.iter().flat_map(Question::leaves).filter_map(|leaf| leaf.marks).collect();
        assert_eq!((all, content.questions[1].marks), (vec![3.0, 0.5, 1.0, 1.0], Some(1.5)));
        let before = content.clone();
        for wrong in ["", "0", "-1", "0.3", "101", "NaN", "x"] {
            assert!(edit(&mut content, marks(&[(1, "2"), (22, wrong)])).is_err(), "{wrong}");
        }
        assert_eq!(content, before, "all or nothing");
    }

    #[test]
    fn an_order_by_chance_has_all_questions() {
        let orders: Vec<Vec<u128>> = (0..40)
            .map(|seed| {
                let mut questions = test().questions;
                shuffle(&mut questions, seed);
                let again = &mut test().questions;
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
    fn sections_hold_questions_together_and_have_their_rule() {
        let mut content = test();
        let section = |label: &str, rule: &str, count: &str| parse_section(label, rule, count).unwrap();
        let mut make = |change: Edit| edit(&mut content, change).map(|()| content.clone());
        let places = |content: &TestContent| {
            let place = |question: &Question| (question.section.clone().unwrap_or_default(), question.id.as_u128());
            content
                .questions
                .iter()
                .map(place)
                .map(|(section, id)| format!("{section}{id}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            places(&make(Edit::AddSection(section(" A ", "all", ""))).unwrap()),
            "A1 A2 A3",
            "the first takes all"
        );
        assert_eq!(make(Edit::AddSection(section("A", "all", ""))).unwrap_err().0, "label");
        make(Edit::AddSection(section("B", "choose", "1"))).unwrap();
        let put = |id, to: &str| Edit::Put { question: Uuid::from_u128(id), section: to.into() };
        assert_eq!(places(&make(put(1, "B")).unwrap()), "A2 A3 B1");
        assert_eq!(places(&make(put(1, "C")).unwrap()), "A2 A3 B1", "there is none");
        let within = make(Edit::Move { question: Uuid::from_u128(3), up: false }).unwrap();
        assert_eq!(places(&within), "A2 A3 B1", "a question moves within its section");
        let added = make(Edit::Add { question: question(5, "1", vec![]).into(), section: Some("B".into()) }).unwrap();
        assert_eq!((places(&added).as_str(), added.marks()), ("A2 A3 B1 B5", 4.0), "of B one question counts");
        assert_eq!(added.questions.iter().map(|root| root.path.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
        assert_eq!((added.next_label().as_str(), added.of_section(added.sections.first()).count()), ("C", 2));
        let moved = make(Edit::MoveSection { label: "B".into(), up: true }).unwrap();
        assert_eq!((places(&moved).as_str(), moved.questions[0].path.as_str()), ("B1 B5 A2 A3", "1"));
        let change = |label: &str, to| Edit::ChangeSection { label: label.into(), to };
        let renamed = make(change("B", section("Algebra", "best", "2"))).unwrap();
        assert_eq!((places(&renamed).as_str(), renamed.marks()), ("Algebra1 Algebra5 A2 A3", 5.0));
        assert_eq!(make(change("A", section("Algebra", "all", ""))).unwrap_err().0, "label");
        assert_eq!(places(&make(Edit::RemoveSection("Algebra".into())).unwrap()), "A1 A5 A2 A3");
        assert_eq!(places(&make(Edit::RemoveSection("A".into())).unwrap()), "1 5 2 3");
        for (label, rule, count, field) in [
            ("", "all", "", "label"),
            ("A", "some", "", "rule"),
            ("A", "best", "0", "count"),
            ("A", "choose", "x", "count"),
        ] {
            assert_eq!(parse_section(label, rule, count).unwrap_err().0, field);
        }
    }

    #[test]
    fn questions_are_shuffled_within_their_section() {
        let mut content = test();
        for label in ["A", "B"] {
            edit(&mut content, Edit::AddSection(parse_section(label, "all", "").unwrap())).unwrap();
        }
        edit(&mut content, Edit::Put { question: Uuid::from_u128(1), section: "B".into() }).unwrap();
        let orders: std::collections::BTreeSet<_> = (0..40)
            .map(|seed| {
                shuffle(&mut content.questions, seed);
                order(&content.questions)
            })
            .collect();
        assert_eq!(orders, [vec![2, 3, 1], vec![3, 2, 1]].into());
    }

    #[test]
    fn titles_are_short_and_not_empty() {
        assert_eq!(parse_title("  Week  3\n"), Ok("Week 3".into()));
        assert!(parse_title(" ").is_err() && parse_title(&"x".repeat(121)).is_err());
        assert_eq!(copied_title("Week 3"), "Week 3 (copy)");
        assert!(parse_title(&copied_title(&"é".repeat(120))).is_ok());
    }
}
