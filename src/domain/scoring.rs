//! The marks of an attempt: of every item, and which of them count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use exam_marking::mark_under;
use exam_model::answer::{Answer, Certainty, Marked, Verdict};
use exam_model::paper::{self, Rule, Section};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::manual_marking::MarkOverride;

/// A marked item of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    pub question_id: Uuid,
    pub topic_id: Option<Uuid>,
    pub answer: Answer,
    pub marked: Marked,
    /// Whether it is part of the total. Items without a key are not, nor are questions beyond those that a section asks for.
    pub counts: bool,
    /// Its marks before it was marked again, if it was.
    pub regraded: Option<Regraded>,
}

/// What of an attempt waits for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Waiting {
    pub answers: i64,
    /// The marks that the program suggests for them, of those that count.
    pub earned: f64,
    /// The marks beyond these that a person could give.
    pub open: f64,
}

impl Waiting {
    pub fn of(items: &[ItemResult]) -> Self {
        let mut waiting = Self::default();
        for item in items.iter().filter(|item| item.marked.is_provisional()) {
            let counting = if item.counts { 1.0 } else { 0.0 };
            waiting.answers += 1;
            waiting.earned += counting * item.marked.marks;
            waiting.open += counting * (item.marked.of - item.marked.marks);
        }
        waiting
    }
}

/// Why the marks of an item change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Key,
    Marks,
    Kind,
    TakenOut,
    PutBack,
    /// Other questions of its section count.
    Counting,
    /// An answer that counts arrived after the end.
    Late,
    /// A person marked it.
    ByHand,
    /// Nothing was corrected, but the program marks better.
    Program,
}

impl Cause {
    /// The text after "because".
    pub fn words(self) -> &'static str {
        match self {
            Self::Key => "the answer key was corrected",
            Self::Marks => "its marks were corrected",
            Self::Kind => "the kind of question was corrected",
            Self::TakenOut => "the question was taken out",
            Self::PutBack => "the question was put back",
            Self::Counting => "other questions of its section now count",
            Self::Late => "an answer written in time arrived after the end",
            Self::ByHand => "your school marked it by hand",
            Self::Program => "the program now marks such answers better",
        }
    }
}

/// Earlier marks of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regraded {
    /// When it was marked again.
    pub at: DateTime<Utc>,
    pub because: Vec<Cause>,
    pub earned: f64,
    pub possible: f64,
    pub counted: bool,
}

/// The marks of an attempt, earned and possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    pub items: Vec<ItemResult>,
    pub earned: f64,
    pub possible: f64,
}

/// The state of an outermost question, to decide whether it counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuestionStatus {
    /// Whether the pupil wants it to count.
    pub chosen: bool,
    /// Whether any of it is answered.
    pub begun: bool,
    /// Its marks; 0 before marking.
    pub marks: f64,
}

/// Marks every item of a quiz whose marks are settled, see [`count`]. Where a person has marked an item, their marks stand.
pub fn mark_all(
    sections: &[Section],
    questions: &[Question],
    answers: &BTreeMap<Uuid, Answer>,
    by_hand: &HashMap<Uuid, MarkOverride>,
    chosen: &BTreeSet<Uuid>,
) -> Marks {
    let marked = questions.iter().map(|question| mark_question(question, answers, by_hand)).collect();
    count(sections, questions, marked, chosen)
}

/// Adds up the marked items of each outermost question; `chosen` are those that the pupil wants to count where a section asks
/// for only some. The marks possible do not depend on the choice: they are all that the paper asks for, see
/// [`paper::asked`]. But items that cannot be marked, because they have no key or were taken out, count neither for nor
/// against anybody: a pupil who used one of the questions of a section on them has fewer marks possible.
pub fn count(
    sections: &[Section],
    questions: &[Question],
    mut marked: Vec<Vec<ItemResult>>,
    chosen: &BTreeSet<Uuid>,
) -> Marks {
    let standing = |place: usize| {
        let items: &[ItemResult] = &marked[place];
        QuestionStatus {
            chosen: chosen.contains(&questions[place].id),
            begun: items.iter().any(|item| !item.answer.is_blank()),
            marks: items.iter().map(|item| item.marked.marks).sum(),
        }
    };
    let rules = sections.iter().map(|section| (section.label.as_str(), section.rule));
    let left_out = left_out(rules, questions.iter().map(|question| question.section.as_deref()), standing);
    let sum = |place: usize, counts: bool| -> f64 {
        marked[place].iter().filter(|item| item.counts == counts).map(|item| item.marked.of).sum()
    };
    let unmarked = |place: usize| {
        if standing(place).begun && !left_out.contains(&place) { sum(place, false) } else { 0.0 }
    };
    let asked = paper::asked(sections, questions, |place| sum(place, true) + unmarked(place));
    let possible = asked - (0..questions.len()).map(unmarked).sum::<f64>();
    for place in left_out {
        marked[place].iter_mut().for_each(|item| item.counts = false);
    }
    let items: Vec<ItemResult> = marked.into_iter().flatten().collect();
    let earned = items.iter().filter(|item| item.counts).map(|item| item.marked.marks).sum();
    Marks { items, earned, possible }
}

/// The indices of the questions beyond those that their section asks for. `sections` are labels and rules; `labels` are those
/// of the sections in which the questions stand; `standing` returns the state of the question at an index. In "choose n", chosen questions count first, then started ones, then the others, each in the paper's order; so if
/// nothing is chosen, the first n answered ones count, as in an examination. In "best n", those with the most marks count.
pub fn left_out<'a>(
    sections: impl Iterator<Item = (&'a str, Rule)>,
    labels: impl Iterator<Item = Option<&'a str>>,
    standing: impl Fn(usize) -> QuestionStatus,
) -> HashSet<usize> {
    let labels: Vec<Option<&str>> = labels.collect();
    let mut left_out = HashSet::new();
    for (section, rule) in sections {
        let (Rule::Choose(asked) | Rule::Best(asked)) = rule else { continue };
        let is_best = matches!(rule, Rule::Best(_));
        let mut within: Vec<(usize, QuestionStatus)> = (0..labels.len())
            .filter(|&place| paper::holds(section, labels[place]))
            .map(|place| (place, standing(place)))
            .collect();
        let by_marks = |standing: &QuestionStatus| if is_best { standing.marks } else { 0.0 };
        // With their places, no two are equal.
        within.sort_unstable_by(|(place, a), (other, b)| {
            let chosen = if is_best { std::cmp::Ordering::Equal } else { b.chosen.cmp(&a.chosen) };
            chosen.then(by_marks(b).total_cmp(&by_marks(a))).then(b.begun.cmp(&a.begun)).then(place.cmp(other))
        });
        left_out.extend(within.into_iter().skip(asked as usize).map(|(place, _)| place));
    }
    left_out
}

/// Marks every item of an outermost question whose marks are settled. Where a person has marked an item, their marks stand.
pub fn mark_question(
    question: &Question,
    answers: &BTreeMap<Uuid, Answer>,
    by_hand: &HashMap<Uuid, MarkOverride>,
) -> Vec<ItemResult> {
    let result = |(stems, leaf): (Vec<&str>, &Question)| {
        let answer = answers.get(&leaf.id).cloned().unwrap_or_default();
        let marked = guarded(leaf, || mark_under(&stems, leaf, &answer));
        let marked = match by_hand.get(&leaf.id).filter(|_| !leaf.taken_out) {
            Some(person) => person.apply(marked),
            None => marked,
        };
        let counts = marked.verdict != Verdict::Unmarked;
        ItemResult { question_id: leaf.id, topic_id: leaf.topic, answer, marked, counts, regraded: None }
    };
    question.leaves_with_stems().into_iter().map(result).collect()
}

/// What marking an item comes to. If it panics, a person decides: one odd answer must not keep an exam open.
fn guarded(item: &Question, mark: impl FnOnce() -> Marked) -> Marked {
    catch_unwind(AssertUnwindSafe(mark)).unwrap_or_else(|_| Marked {
        marks: 0.0,
        of: item.out_of(),
        verdict: Verdict::Wrong,
        certainty: Certainty::Near,
        reason: "This answer could not be marked by the program. A teacher decides.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_model::question::{Key, KeySource, Kind};

    #[test]
    fn what_waits_is_summed_up() {
        let item = |marks: f64, certainty, counts| ItemResult {
            question_id: Uuid::nil(),
            topic_id: None,
            answer: Answer(vec!["7".into()]),
            marked: Marked { marks, of: 3.0, verdict: Verdict::Partly, certainty, reason: String::new() },
            counts,
            regraded: None,
        };
        let items =
            [item(1.0, Certainty::Near, true), item(2.0, Certainty::Near, false), item(1.0, Certainty::Exact, true)];
        assert_eq!(Waiting::of(&items), Waiting { answers: 2, earned: 1.0, open: 2.0 });
        assert_eq!(Waiting::of(&items[2..]), Waiting::default());
    }

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

    #[test]
    fn a_form_that_is_asked_for_above_the_parts_is_asked_for_in_each() {
        let part = Question { text: "3/8 + 3/8".into(), ..numeric(1, "A", 2.0, Some("3/4")) };
        let stem = |text: &str| Question { text: text.into(), parts: vec![part.clone()], ..Question::default() };
        let earned = |stem: &Question, answer: &str| {
            mark_question(stem, &answers(&[(1, answer)]), &HashMap::new())[0].marked.marks
        };
        let simplest = stem("Work out, giving each answer in its simplest form.");
        assert_eq!([earned(&simplest, "3/4"), earned(&simplest, "6/8")], [2.0, 0.0]);
        assert_eq!(earned(&stem("Work out."), "6/8"), 2.0);
    }

    #[test]
    fn an_answer_that_cannot_be_marked_waits_for_a_person() {
        let marked = guarded(&numeric(1, "A", 3.0, Some("5")), || panic!("an odd answer"));
        assert!(marked.is_provisional());
        assert_eq!((marked.marks, marked.of), (0.0, 3.0));
    }

    fn section(label: &str, rule: Rule) -> Section {
        Section { label: label.into(), title: String::new(), rule, marks: None }
    }

    fn answers(given: &[(u128, &str)]) -> BTreeMap<Uuid, Answer> {
        given.iter().map(|&(id, text)| (Uuid::from_u128(id), Answer(vec![text.into()]))).collect()
    }

    fn total(marks: &Marks) -> (f64, f64) {
        (marks.earned, marks.possible)
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
            mark_all(&sections, &questions, &answers(given), &HashMap::new(), &chosen)
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
        let all = mark_all(&best, &questions, &answers(&all), &HashMap::new(), &chosen);
        assert_eq!(total(&all), (40.0, 40.0), "where the paper says so the best count, whatever is ticked");
        assert!(of(&[(4, "9")], &[]).items[3].counts, "a question that was begun counts before one that was not");
    }

    #[test]
    fn what_a_person_marked_counts_unless_it_was_taken_out() {
        let taken_out = Question { taken_out: true, ..numeric(3, "A", 4.0, Some("4")) };
        let questions = [numeric(1, "A", 2.0, None), numeric(2, "A", 3.0, Some("7")), taken_out];
        let by_hand = |marks| MarkOverride { marks, note: String::new() };
        let by_hand = (1..=3).map(|id| (Uuid::from_u128(id), by_hand(1.5))).collect();
        let given = answers(&[(1, "a graph"), (2, "7"), (3, "4")]);
        let marks = mark_all(&[], &questions, &given, &by_hand, &BTreeSet::new());
        assert_eq!(total(&marks), (3.0, 5.0));
    }

    #[test]
    fn what_has_no_key_does_not_count() {
        let questions = [numeric(1, "A", 2.0, None), numeric(2, "A", 3.0, Some("7"))];
        let marks = mark_all(&[], &questions, &answers(&[(1, "7"), (2, "7")]), &HashMap::new(), &BTreeSet::new());
        assert_eq!(total(&marks), (3.0, 3.0));
        assert!(!marks.items[0].counts);
    }

    #[test]
    fn an_attempt_is_marked_out_of_the_same_whatever_is_chosen() {
        let choice = |rule| [section("B", rule)];
        let questions = [
            numeric(1, "A", 10.0, Some("1")),
            numeric(2, "B", 20.0, Some("2")),
            numeric(3, "B", 15.0, Some("3")),
            numeric(4, "B", 15.0, Some("4")),
        ];
        for rule in [Rule::Choose(2), Rule::Best(2)] {
            for given in [vec![], vec![(2, "2")], vec![(3, "3"), (4, "4")], vec![(2, "2"), (3, "3"), (4, "4")]] {
                let marks = mark_all(&choice(rule), &questions, &answers(&given), &HashMap::new(), &BTreeSet::new());
                assert_eq!(marks.possible, 45.0, "{rule:?} {given:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_marked_counts_neither_for_nor_against() {
        let taken_out = |question| Question { taken_out: true, ..question };
        for (what, second) in [
            ("no key", numeric(2, "B", 15.0, None)),
            ("taken out", taken_out(numeric(2, "B", 15.0, Some("2")))),
            ("taken out, worth more", taken_out(numeric(2, "B", 40.0, Some("2")))),
        ] {
            let questions = [second, numeric(3, "B", 15.0, Some("3")), numeric(4, "B", 15.0, Some("4"))];
            let of = |given: &[(u128, &str)]| {
                total(&mark_all(
                    &[section("B", Rule::Choose(2))],
                    &questions,
                    &answers(given),
                    &HashMap::new(),
                    &BTreeSet::new(),
                ))
            };
            assert_eq!(of(&[]), (0.0, 30.0), "{what}: asked of nobody who left it");
            assert_eq!(of(&[(3, "3"), (4, "4")]), (30.0, 30.0), "{what}");
            assert_eq!(of(&[(2, "2"), (4, "4")]), (15.0, 15.0), "{what}: one of the two was spent on it");
        }
    }
}
