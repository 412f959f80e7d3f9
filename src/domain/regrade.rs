//! Which corrections a quiz takes over into its own copy of the questions. This is the single place that decides what marking
//! uses, both at the end of an attempt and when the school marks attempts again.

use std::collections::{BTreeSet, HashMap, HashSet};

use exam_model::paper::Section;
use exam_model::question::{Choice, Key, Kind, MadeFrom, Question};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::quiz::{self, Mode, Quiz};
use crate::domain::scoring::{Cause, ItemResult, Marks};

/// What marking again changes in an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegradeLine {
    pub attempt: Uuid,
    pub pupil: String,
    /// Paths of the items whose marks change.
    pub items: Vec<String>,
    /// Marks of the whole attempt, earned and possible.
    pub before: (f64, f64),
    pub after: (f64, f64),
}

/// What marking a document's attempts again would change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RegradePreview {
    /// Sorted by the pupil's name; attempts without changes are left out.
    pub lines: Vec<RegradeLine>,
    /// Paths of items that had a different wording in some attempts, which therefore keep their old key.
    pub kept: BTreeSet<String>,
}

/// What marking uses from the current state of a document.
#[derive(Debug, Clone, Default)]
pub struct Standard {
    sections: Vec<Section>,
    /// Paths of items that a person dropped, with all their parts.
    dropped: Vec<String>,
    items: HashMap<String, Now>,
}

/// The current state of an item in its document.
#[derive(Debug, Clone)]
struct Now {
    /// The item without its parts, with its marks.
    item: Question,
    answered: bool,
    /// Its text and that of the stems above it, as compared.
    asked: String,
    /// Path and text of the next item that is answered.
    next: Option<(String, String)>,
}

impl Standard {
    pub fn new(sections: Vec<Section>, mut questions: Vec<Question>, dropped: Vec<String>) -> Self {
        quiz::settle_marks(&mut questions);
        let mut items = HashMap::new();
        questions.iter().for_each(|question| gather(question, "", &mut items));
        for pair in questions.iter().flat_map(Question::leaves).collect::<Vec<_>>().windows(2) {
            if let Some(now) = items.get_mut(&pair[0].path) {
                now.next = Some((pair[1].path.clone(), words(&pair[1].text)));
            }
        }
        Self { sections, dropped, items }
    }

    fn has_dropped(&self, path: &str) -> bool {
        let is_part = |of: &String| path.strip_prefix(of.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.dropped.iter().any(|dropped| dropped == path || is_part(dropped))
    }
}

fn gather(question: &Question, above: &str, items: &mut HashMap<String, Now>) {
    let asked = format!("{above}{}", words(&question.text));
    question.parts.iter().for_each(|part| gather(part, &asked, items));
    let (item, answered) = (crate::domain::correction::alone(question), question.parts.is_empty());
    items.insert(question.path.clone(), Now { item, answered, asked, next: None });
}

/// A text in the form in which it is compared. White space, and punctuation at the ends of words, make no difference to the
/// question; anything else may, such as a sign or a letter.
fn words(text: &str) -> String {
    let punctuation = |c: char| ".,;:?!\"“”„«»…_".contains(c);
    text.split_whitespace()
        .map(|word| word.trim_matches(punctuation))
        .filter(|word| !word.is_empty())
        .map(|word| format!("{word} "))
        .collect()
}

/// The result of updating a quiz.
#[derive(Debug, Default, PartialEq)]
pub struct Followed {
    pub changed: Vec<Changed>,
    /// Paths, in their document, of items whose new key does not fit what was asked.
    pub kept: Vec<String>,
}

/// An item that is marked by something new.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub item: Uuid,
    pub because: Vec<Cause>,
    pub old_key: Option<Key>,
}

/// Updates a quiz with corrections of its documents that matter for marking. `paper` is the document if the quiz is a whole
/// paper. Texts and options stay as the pupil saw them. An item is found by its path in its document; items from documents
/// that are not in `standards` stay as they are. For the others:
///
/// - Marks follow the document, unless they were set for the quiz. But if an item was split or joined, so that its marks are now for something else, it keeps
///   its own marks, and so does the item it was joined with.
/// - A key, with the kind that determines how it is read, follows if it fits what was asked: the same text, as compared by
///   [`words`], including the stems above; the same kind of control; and the same options, or, for a key that names options
///   by id, options with the same texts in any order. If a key does not fit, answers are marked by the key that they were
///   asked with.
/// - A key that is missing, such as while a scheme is replaced, changes nothing. An item that a person dropped, or approved
///   without a key, is taken out: it counts neither for nor against anybody until it is put back.
/// - The sections of a whole paper follow, with their rules.
pub fn follow(quiz: &mut Quiz, paper: Option<Uuid>, standards: &HashMap<Uuid, Standard>) -> Followed {
    let mut followed = Followed::default();
    let whole = quiz.mode == Mode::RealExam;
    if whole && let Some(standard) = paper.and_then(|paper| standards.get(&paper)) {
        quiz.sections.clone_from(&standard.sections);
    }
    let leaves: Vec<String> = quiz.questions.iter().flat_map(Question::leaves).map(|leaf| leaf.path.clone()).collect();
    let places: HashMap<String, (Uuid, String)> = quiz
        .questions
        .iter()
        .flat_map(Question::items)
        .filter_map(|item| Some((item.path.clone(), quiz.origin(&item.path, paper)?)))
        .collect();
    let asked_here: HashSet<&(Uuid, String)> = places.values().collect();
    let is_lost = |(document, path): &(Uuid, String)| {
        standards.get(document).is_some_and(|now| !now.items.contains_key(path) && !now.has_dropped(path))
    };
    let before_lost: HashSet<&String> =
        leaves.windows(2).filter(|pair| places.get(&pair[1]).is_some_and(is_lost)).map(|pair| &pair[0]).collect();
    for question in &mut quiz.questions {
        let own_marks = question.drawn.as_ref().is_some_and(|drawn| drawn.own_marks);
        each_item(question, "", &mut |item, asked| {
            let made = matches!(item.made_from, Some(MadeFrom::Question { .. } | MadeFrom::Earlier));
            let Some((document, path)) = places.get(&item.path).filter(|_| !made) else { return };
            let Some(standard) = standards.get(document) else { return };
            let old = crate::domain::correction::alone(item);
            let Some(now) = standard.items.get(path) else {
                let is_answered = item.parts.is_empty() && item.key.is_some();
                item.taken_out = is_answered && standard.has_dropped(path);
                followed.changed.extend(difference(&old, item));
                return;
            };
            // A question that was answered itself and now has parts, or the other way round, is a different one.
            if item.parts.is_empty() != now.answered {
                return;
            }
            let same_words = now.asked == asked;
            let is_split = now.next.as_ref().is_some_and(|(next, words)| {
                let stands_in = !words.is_empty() && format!(" {asked}").contains(&format!(" {words}"));
                stands_in && !asked_here.contains(&(*document, next.clone()))
            });
            if !same_words && (is_split || before_lost.contains(&item.path)) {
                return;
            }
            if !own_marks {
                item.marks = now.item.marks;
            }
            if whole {
                item.section.clone_from(&now.item.section);
            }
            if !now.answered {
                return;
            }
            item.taken_out = old.key.is_some() && now.item.approved && now.item.key.is_none();
            if let Some(new) = &now.item.key {
                match fitting(item, &now.item, new).filter(|_| same_words) {
                    Some(key) => {
                        item.key = Some(key);
                        (item.kind, item.choose) = (now.item.kind, now.item.choose);
                    }
                    None if same_key(old.key.as_ref(), Some(new)) => {}
                    None => followed.kept.push(path.clone()),
                }
            }
            followed.changed.extend(difference(&old, item));
        });
    }
    followed
}

/// Visits an item and its parts, each with its text and that of the stems above it.
fn each_item(item: &mut Question, above: &str, visit: &mut impl FnMut(&mut Question, &str)) {
    let asked = format!("{above}{}", words(&item.text));
    visit(item, &asked);
    item.parts.iter_mut().for_each(|part| each_item(part, &asked, visit));
}

/// Ignores the place of a key: another page of a scheme may say the same.
fn same_key(a: Option<&Key>, b: Option<&Key>) -> bool {
    let said = |key: Option<&Key>| key.map(|key| (key.options.clone(), key.text.clone()));
    said(a) == said(b)
}

fn same_reading(a: &Question, b: &Question) -> bool {
    (a.kind, a.choose) == (b.kind, b.choose)
}

fn difference(old: &Question, new: &Question) -> Option<Changed> {
    if !new.parts.is_empty() {
        return None;
    }
    let causes = [
        (Cause::Key, !same_key(old.key.as_ref(), new.key.as_ref())),
        (Cause::Marks, old.marks != new.marks),
        (Cause::Kind, !same_reading(old, new)),
        (Cause::TakenOut, new.taken_out && !old.taken_out),
        (Cause::PutBack, old.taken_out && !new.taken_out),
    ];
    let because: Vec<Cause> = causes.into_iter().filter(|(_, is)| *is).map(|(cause, _)| cause).collect();
    (!because.is_empty()).then(|| Changed { item: new.id, because, old_key: old.key.clone() })
}

/// The current key of an item, translated to the options that were shown; `None` if it does not fit them.
fn fitting(shown: &Question, now: &Question, key: &Key) -> Option<Key> {
    let by_options = |kind| matches!(kind, Kind::Single | Kind::Multiple | Kind::TrueFalse);
    if (by_options(shown.kind) || by_options(now.kind)) && shown.kind != now.kind {
        return None;
    }
    if shown.kind == Kind::TrueFalse {
        return Some(key.clone());
    }
    let printed = |question: &Question| -> Vec<(String, String)> {
        question.options.iter().map(|option| (words(&option.label), words(&option.text))).collect()
    };
    let same_options = printed(shown) == printed(now);
    if key.options.is_empty() {
        return same_options.then(|| key.clone());
    }
    let there = |id: &String| {
        let place = now.options.iter().position(|option| option.id == *id)?;
        let text = words(&now.options[place].text);
        let alike = |option: &&Choice| !text.is_empty() && words(&option.text) == text;
        let option = if same_options { shown.options.get(place) } else { shown.options.iter().find(alike) };
        option.map(|option| option.id.clone())
    };
    let options: Vec<String> = key.options.iter().map(there).collect::<Option<_>>()?;
    let same = shown.key.as_ref().filter(|own| !same_options && own.options == options);
    Some(same.cloned().unwrap_or(Key { options, ..key.clone() }))
}

/// The differences between the old and new marks of an attempt: corrected items, and items that change as a consequence.
pub fn differences(followed: &Followed, before: &[ItemResult], after: &Marks) -> Vec<Changed> {
    let known: HashMap<Uuid, &ItemResult> = before.iter().map(|item| (item.question_id, item)).collect();
    let earned = |item: &ItemResult| (item.marked.marks, item.marked.of, item.marked.verdict);
    let of_item = |item: &ItemResult| {
        if let Some(changed) = followed.changed.iter().find(|changed| changed.item == item.question_id) {
            return Some(changed.clone());
        }
        let old = known.get(&item.question_id)?;
        let cause = match (old.counts != item.counts, earned(old) != earned(item)) {
            (_, true) => Cause::Program,
            (true, _) => Cause::Counting,
            _ => return None,
        };
        Some(Changed { item: item.question_id, because: vec![cause], old_key: None })
    };
    after.items.iter().filter_map(of_item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quiz::Feedback;
    use exam_model::paper::Rule;
    use exam_model::question::{Drawn, KeySource};

    const PAPER: Uuid = Uuid::from_u128(99);

    fn key(options: &[&str], text: &str) -> Option<Key> {
        let options = options.iter().map(|id| (*id).to_owned()).collect();
        Some(Key { options, text: text.into(), source: KeySource::Person })
    }

    fn leaf(path: &str, text: &str, right: &str) -> Question {
        Question {
            id: Uuid::new_v4(),
            path: path.into(),
            text: text.into(),
            kind: Kind::Numeric,
            marks: Some(2.0),
            key: key(&[], right),
            ..Question::default()
        }
    }

    fn choice(options: &[&str], right: &str) -> Question {
        let option = |(n, text): (usize, &&str)| Choice { text: (*text).into(), ..Choice::nth(n) };
        let options = options.iter().enumerate().map(option).collect();
        Question { kind: Kind::Single, options, key: key(&[right], ""), ..leaf("1", "Which is a metal?", "") }
    }

    fn quiz(questions: Vec<Question>) -> Quiz {
        let (title, note) = (String::new(), String::new());
        Quiz {
            title,
            mode: Mode::RealExam,
            feedback: Feedback::Deferred,
            minutes: 5,
            sections: vec![],
            questions,
            note,
            calculator: false,
        }
    }

    /// What is told of an item at a path of the quiz.
    type Told = (String, Vec<Cause>);

    /// What a quiz becomes when its paper is these questions now, and which causes are told of which path.
    fn followed(quiz: &Quiz, now: &[Question], dropped: &[&str]) -> (Quiz, Vec<Told>, Vec<String>) {
        let dropped = dropped.iter().map(|path| (*path).to_owned()).collect();
        let standards = HashMap::from([(PAPER, Standard::new(vec![], now.to_vec(), dropped))]);
        let mut copy = quiz.clone();
        let Followed { changed, kept } = follow(&mut copy, Some(PAPER), &standards);
        let mut again = copy.clone();
        assert_eq!(follow(&mut again, Some(PAPER), &standards).changed, [], "the second time there is nothing to do");
        assert_eq!(again, copy);
        let path = |id| {
            let mut leaves = quiz.questions.iter().flat_map(Question::leaves);
            leaves.find(|leaf| leaf.id == id).unwrap().path.clone()
        };
        (copy, changed.into_iter().map(|changed| (path(changed.item), changed.because)).collect(), kept)
    }

    fn of<'a>(quiz: &'a Quiz, path: &str) -> &'a Question {
        crate::domain::correction::find(&quiz.questions, path).unwrap()
    }

    #[test]
    fn only_what_was_corrected_changes() {
        let parts = vec![leaf("2.a", "Half of 12", "6"), leaf("2.b", "Half of 14", "7")];
        let stem = Question { parts, ..leaf("2", "Find", "") };
        let shown = quiz(vec![leaf("1", "2 + 3", "5"), stem]);
        let mut now = shown.questions.clone();
        assert_eq!(followed(&shown, &now, &[]), (shown.clone(), vec![], vec![]));
        now[1].parts[0].key = key(&[], "66");
        now[1].parts.remove(1);
        let (copy, changed, kept) = followed(&shown, &now, &[]);
        assert_eq!((changed, kept), (vec![("2.a".to_owned(), vec![Cause::Key])], vec![]));
        assert_eq!(of(&copy, "2.a").key, key(&[], "66"));
        assert_eq!(of(&copy, "2.b"), &shown.questions[1].parts[1], "what nobody dropped stays");
        now[0].key = None;
        now[1].parts[0].kind = Kind::Short;
        let (copy, changed, _) = followed(&shown, &now, &[]);
        assert_eq!(changed, [("2.a".to_owned(), vec![Cause::Key, Cause::Kind])]);
        assert_eq!(of(&copy, "1").key, key(&[], "5"), "a key that is only missing takes nothing back");
    }

    #[test]
    fn a_key_fits_only_what_was_asked() {
        let shown = quiz(vec![Question { parts: vec![leaf("1.a", "Work out 12 - 3.", "8")], ..leaf("1", "Sums", "") }]);
        for (stem, text, fits) in [
            ("Sums", "Work out 12 - 3.", true),
            ("Sums:", "Work  out\n12 - 3", true),
            ("Sums", "Work out 12 + 3.", false),
            ("Sums", "Work out 12 - 30.", false),
            ("Other sums", "Work out 12 - 3.", false),
        ] {
            let part = Question { marks: Some(4.0), ..leaf("1.a", text, "9") };
            let (copy, _, kept) = followed(&shown, &[Question { parts: vec![part], ..leaf("1", stem, "") }], &[]);
            let part = of(&copy, "1.a");
            assert_eq!(part.key, key(&[], if fits { "9" } else { "8" }), "{stem} {text}");
            assert_eq!(kept, if fits { vec![] } else { vec!["1.a".to_owned()] }, "{stem} {text}");
            assert_eq!((part.marks, part.text.as_str()), (Some(4.0), "Work out 12 - 3."), "{stem} {text}");
        }
    }

    #[test]
    fn a_key_names_the_options_that_were_shown() {
        let shown = quiz(vec![choice(&["iron", "wood", "glass"], "o2")]);
        let right = |now: Question| {
            let (copy, _, kept) = followed(&shown, &[now], &[]);
            (of(&copy, "1").key.clone().unwrap().options.concat(), kept.len())
        };
        assert_eq!(right(choice(&["iron", "wood", "glass"], "o1")), ("o1".into(), 0));
        assert_eq!(right(choice(&["wood", "glass", "iron."], "o3")), ("o1".into(), 0), "they stood elsewhere");
        let mut renamed = choice(&["iron", "wood", "glass"], "o9");
        renamed.options[0].id = "o9".into();
        assert_eq!(right(renamed), ("o1".into(), 0), "ids are the quiz's own");
        assert_eq!(right(choice(&["gold", "wood", "glass"], "o1")), ("o2".into(), 1), "it was not to be chosen");
        let several = Question { kind: Kind::Multiple, ..choice(&["iron", "wood", "glass"], "o1") };
        assert_eq!(right(several), ("o2".into(), 1), "only one was to be chosen");
        assert_eq!(right(leaf("1", "Which is a metal?", "iron")), ("o2".into(), 1), "nothing was to be written");
    }

    #[test]
    fn what_a_person_took_out_is_not_marked_until_it_is_put_back() {
        let parts = vec![leaf("2.a", "Half of 12", "6"), leaf("2.b", "Half of 14", "7")];
        let shown = quiz(vec![leaf("1", "2 + 3", "5"), Question { parts, ..leaf("2", "Find", "") }]);
        let all_out = |changed: &[Told]| changed.iter().all(|(_, why)| why[..] == [Cause::TakenOut]);
        let (copy, changed, _) = followed(&shown, &shown.questions[..1], &["2"]);
        assert!(changed.len() == 2 && all_out(&changed), "{changed:?}");
        assert_eq!((shown.total(), copy.total()), (6.0, 2.0));
        let (back, changed, _) = followed(&copy, &shown.questions, &[]);
        assert_eq!((back, changed[0].1.as_slice()), (shown.clone(), &[Cause::PutBack][..]));
        let approved = Question { key: None, approved: true, ..shown.questions[0].clone() };
        let (copy, changed, _) = followed(&shown, &[approved, shown.questions[1].clone()], &[]);
        assert!(changed.len() == 1 && all_out(&changed), "{changed:?}");
        assert_eq!(copy.total(), 4.0);
    }

    #[test]
    fn what_was_split_or_joined_keeps_its_marks() {
        let shown = quiz(vec![leaf("1", "Why? And how?", "5"), leaf("2", "Where?", "6"), leaf("3", "When?", "7")]);
        let marks = |path: &str, text: &str, marks| Question { marks: Some(marks), ..leaf(path, text, "1") };
        let now = [marks("1", "Why?", 1.0), marks("x", "And how?", 1.0), marks("2", "Where? When?", 4.0)];
        assert_eq!(followed(&shown, &now, &[]).0, shown);
        let now = [marks("1", "Why?", 1.0), marks("2", "Where?", 6.0), marks("3", "When? (2 marks", 5.0)];
        let (copy, ..) = followed(&shown, &now, &[]);
        let with_parts = Question { parts: vec![leaf("1.a", "Why?", "1")], marks: None, ..now[0].clone() };
        assert_eq!(
            followed(&shown, &[with_parts, now[1].clone(), now[2].clone()], &[]).0.questions[0],
            shown.questions[0]
        );
        assert_eq!(copy.questions.iter().map(|item| item.marks.unwrap()).collect::<Vec<_>>(), [1.0, 6.0, 5.0]);
    }

    #[test]
    fn what_was_drawn_follows_its_paper_and_other_numbers_do_not() {
        let drawn = |question: Question| {
            let [paper, why] = [(); 2].map(|()| String::new());
            let from = Drawn { document: PAPER, paper, path: "7".into(), why, own_marks: false };
            Question { drawn: Some(from), ..question }
        };
        let made = MadeFrom::Question { path: "7".into(), paper: String::new() };
        let other = Question { made_from: Some(made), ..leaf("2", "2 + 3", "5") };
        let shown = Quiz { mode: Mode::Adaptive, ..quiz(vec![drawn(leaf("1", "2 + 3", "5")), drawn(other)]) };
        let sections = vec![Section { label: String::new(), title: String::new(), rule: Rule::Choose(1), marks: None }];
        let now = Question { section: Some("A".into()), ..leaf("7", "2 + 3", "55") };
        let standards = HashMap::from([(PAPER, Standard::new(sections, vec![now], vec![]))]);
        let mut copy = shown.clone();
        follow(&mut copy, None, &standards);
        assert_eq!((&copy.questions[0].key, &copy.questions[0].section), (&key(&[], "55"), &None));
        assert_eq!((&copy.questions[1], copy.sections.len()), (&shown.questions[1], 0));
        let worth = Question { marks: Some(9.0), ..leaf("7", "2 + 3", "55") };
        let standards = HashMap::from([(PAPER, Standard::new(Vec::new(), vec![worth], vec![]))]);
        let marks = |own_marks| {
            let mut copy = shown.clone();
            copy.questions[0].drawn.iter_mut().for_each(|drawn| drawn.own_marks = own_marks);
            follow(&mut copy, None, &standards);
            assert_eq!(copy.questions[0].key, key(&[], "55"));
            copy.questions[0].marks
        };
        assert_eq!([false, true].map(marks), [Some(9.0), Some(2.0)], "unless they were set for the quiz");
    }
}
