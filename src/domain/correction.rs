//! Corrections of readings, made by people. A document's questions are always its reading with the corrections applied in
//! turn, so that they survive a newer reading, and any of them can be undone.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use exam_model::format;
use exam_model::labels;
use exam_model::question::{Choice, Kind, Question, Region};
use exam_model::shown::{Show, Shown};
pub use form::{Clash, Merged, QuestionForm, Wrong, is_choice};

pub mod added;
pub mod bulk;
mod form;

/// A change of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The item's path when the person saw it.
    pub path: String,
    pub change: Change,
}

/// The kind of a change. `was` and `seen` are the item as the person saw it, without its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    Edit {
        was: Box<Question>,
        now: Box<Question>,
    },
    /// The same, from a list: nobody looked at the item itself, so that it is as doubtful as before.
    Fill {
        was: Box<Question>,
        now: Box<Question>,
    },
    /// The item was checked and is right.
    Approve {
        seen: Box<Question>,
    },
    /// The text from these words on becomes a separate item at the same level.
    Split {
        from: String,
        /// If empty, the label printed before those words, if any.
        label: String,
    },
    /// The item is joined to the item before it, or to the item whose first part it is.
    Join,
    Drop,
    /// An item that the reader did not find. It becomes a part of the item that its path names, if there is one, and
    /// stands before the first item that begins below it.
    Add {
        item: Box<Question>,
    },
}

impl Change {
    /// What was done, as text for a list of changes.
    pub fn words(&self) -> String {
        match self {
            Self::Edit { was, now } | Self::Fill { was, now } => {
                let changed: Vec<&str> =
                    ASPECTS.iter().filter(|aspect| (aspect.differ)(was, now)).map(|aspect| aspect.name).collect();
                let done = if matches!(self, Self::Fill { .. }) { "filled in" } else { "corrected" };
                if changed.is_empty() { "approved".into() } else { format!("{} {done}", changed.join(", ")) }
            }
            Self::Approve { .. } => "approved".into(),
            Self::Split { from, .. } => format!("split at “{}”", format::shortened(from, 40)),
            Self::Join => "joined to the item before it".into(),
            Self::Drop => "dropped".into(),
            Self::Add { .. } => "added".into(),
        }
    }
}

/// A correction in the list of a document's corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub id: i64,
    pub path: String,
    /// What was done, as text.
    pub what: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// Why it does not fit the current reading.
    pub unfit: Option<String>,
}

/// Changes that were made in one step, at the same time, as one line of the list.
pub fn by_step(changes: Vec<Made>) -> Vec<Made> {
    let mut steps: Vec<(Made, usize)> = Vec::new();
    for change in changes {
        match steps.last_mut() {
            Some((step, items)) if (step.at, &step.by) == (change.at, &change.by) => {
                // The newest is first, but the first item is named.
                *step = Made { unfit: step.unfit.take().or(change.unfit), ..change };
                *items += 1;
            }
            _ => steps.push((change, 1)),
        }
    }
    let line = |(step, items): (Made, usize)| match items {
        1 => step,
        _ => Made { path: format!("{} and {}", step.path, format::count(items as i64 - 1, "other")), ..step },
    };
    steps.into_iter().map(line).collect()
}

/// Why a pupil reports an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Answer,
    Text,
    Picture,
    Other,
}

impl Reason {
    pub const ALL: [Self; 4] = [Self::Answer, Self::Text, Self::Picture, Self::Other];

    /// The word in a form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Other => "other",
        }
    }

    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "The answer is wrong",
            Self::Text => "The text is wrong",
            Self::Picture => "A picture is missing",
            Self::Other => "Something else",
        }
    }
}

/// An open report of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub reason: Reason,
    pub note: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// An aspect of an item that a person can change.
struct Aspect {
    name: &'static str,
    differ: fn(&Question, &Question) -> bool,
    copy: fn(&mut Question, &Question),
    /// The value as text, to describe a conflict; a topic by its id.
    words: fn(&Question) -> String,
    /// Whether a newer reading can conflict with a person's change of it.
    is_read: bool,
    /// The value in a canonical form, whichever browser sent it and whether or not it was touched.
    written: fn(&QuestionForm) -> String,
    /// Applies a changed form value.
    take: fn(&mut Question, &QuestionForm) -> Result<(), Wrong>,
}

/// In the order in which a form is applied: the answer depends on the kind and the options.
static ASPECTS: [Aspect; 9] = [
    Aspect {
        name: "text",
        differ: |a, b| a.text != b.text,
        copy: |to, from| to.text.clone_from(&from.text),
        words: |item| item.text.clone(),
        is_read: true,
        written: form::text,
        take: form::take_text,
    },
    Aspect {
        name: "kind",
        differ: |a, b| a.kind != b.kind,
        copy: |to, from| to.kind = from.kind,
        words: |item| item.kind.name().to_owned(),
        is_read: true,
        written: |form| form.kind.name().to_owned(),
        take: |item, form| {
            item.kind = form.kind;
            Ok(())
        },
    },
    Aspect {
        name: "way it is shown",
        differ: |a, b| shows(a) != shows(b),
        copy: |to, from| {
            to.shown.how = from.shown.how;
            for option in &mut to.options {
                let same = from.options.iter().find(|other| other.id == option.id);
                option.shown.how = same.map_or(option.shown.how, |other| other.shown.how);
            }
        },
        words: |item| shows(item).iter().map(|(_, how)| how.name()).collect::<Vec<_>>().join("; "),
        is_read: false,
        written: form::shows,
        take: form::take_shows,
    },
    Aspect {
        name: "list of options",
        differ: |a, b| {
            let options = |item: &Question| {
                let texts = |option: &Choice| (option.id.clone(), option.label.clone(), option.text.clone());
                item.options.iter().map(texts).collect::<Vec<_>>()
            };
            options(a) != options(b)
        },
        copy: |to, from| {
            let shown = |option: &Choice| {
                let same = to.options.iter().find(|own| own.id == option.id && own.text == option.text);
                same.unwrap_or(option).shown.clone()
            };
            to.options = from.options.iter().map(|option| Choice { shown: shown(option), ..option.clone() }).collect();
        },
        words: |item| {
            let options: Vec<&str> = item.options.iter().map(|option| option.text.as_str()).collect();
            if options.is_empty() { "none".into() } else { options.join("; ") }
        },
        is_read: true,
        written: form::options,
        take: form::take_options,
    },
    Aspect {
        name: "number asked for",
        differ: |a, b| a.choose != b.choose,
        copy: |to, from| to.choose = from.choose,
        words: |item| item.choose.map_or("none".into(), |number| number.to_string()),
        is_read: true,
        written: form::choose,
        take: form::take_choose,
    },
    Aspect {
        name: "mark",
        differ: |a, b| a.marks != b.marks,
        copy: |to, from| to.marks = from.marks,
        words: |item| item.marks.map_or("none".into(), format::marks),
        is_read: true,
        written: form::marks,
        take: form::take_marks,
    },
    Aspect {
        name: "answer",
        // Another page of the scheme may say the same.
        differ: |a, b| {
            let words = |item: &Question| item.key.as_ref().map(|key| (key.options.clone(), key.text.clone()));
            words(a) != words(b)
        },
        copy: |to, from| to.key.clone_from(&from.key),
        words: |item| item.key.as_ref().map_or("none".into(), |key| key.text.clone()),
        is_read: true,
        written: form::key,
        take: form::take_key,
    },
    Aspect {
        name: "topic",
        differ: |a, b| a.topic != b.topic,
        copy: |to, from| to.topic = from.topic,
        words: |item| item.topic.map_or("none".into(), |topic| topic.to_string()),
        is_read: false,
        written: |form| form.topic.clone(),
        take: form::take_topic,
    },
    Aspect {
        name: "place",
        differ: |a, b| a.regions != b.regions,
        copy: |to, from| {
            to.regions.clone_from(&from.regions);
            to.shown.regions.clone_from(&from.shown.regions);
        },
        words: |item| item.regions.iter().map(Region::words).collect::<Vec<_>>().join("; "),
        is_read: false,
        written: form::boxes,
        take: form::take_boxes,
    },
];

/// How the stem of an item is shown, and each option.
fn shows(item: &Question) -> Vec<(&str, Show)> {
    let options = item.options.iter().map(|option| (option.id.as_str(), option.shown.how));
    std::iter::once(("", item.shown.how)).chain(options).collect()
}

/// Why a correction does not fit the current reading.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("Item {0} no longer exists.")]
    NoItem(String),
    #[error("The words “{0}” are not in the item's text.")]
    NoWords(String),
    #[error("There is nothing before item {0}.")]
    First(String),
    #[error("There is an item {0} already.")]
    Taken(String),
}

/// Applies corrections in turn. Returns for each of them why it did not fit, if it did not.
pub fn apply(questions: &mut Vec<Question>, corrections: &[Correction]) -> Vec<Option<Unfit>> {
    corrections.iter().map(|correction| apply_one(questions, correction).err()).collect()
}

fn apply_one(questions: &mut Vec<Question>, Correction { path, change }: &Correction) -> Result<(), Unfit> {
    if let (Change::Join, Some(parent)) = (change, parent_of_first(questions, path)) {
        join_to_parent(parent);
        return Ok(());
    }
    let taken = |questions: &[Question], path: &str| find(questions, path).is_some();
    let new_path = match change {
        Change::Split { from, label } => {
            let piece = piece_of(label, from);
            let above = path.rsplit_once('.').map_or(String::new(), |(above, _)| format!("{above}."));
            let mut names =
                (1..).map(|n| if n == 1 { format!("{above}{piece}") } else { format!("{above}{piece}#{n}") });
            names.find(|name| !taken(questions, name))
        }
        _ => None,
    };
    let (level, at) = match change {
        Change::Add { item } => place_for(questions, item)?,
        _ => place(questions, path).ok_or_else(|| Unfit::NoItem(path.clone()))?,
    };
    match change {
        Change::Edit { was, now } => {
            let item = &mut level[at];
            let doubts = merge(item, was, now);
            if was.kind == Kind::Group && now.kind != Kind::Group {
                take_in_parts(item);
            }
            look_at(item, if doubts.is_empty() { lacks(item) } else { doubts });
        }
        Change::Fill { was, now } => {
            let doubts = merge(&mut level[at], was, now);
            if !doubts.is_empty() {
                look_at(&mut level[at], doubts);
            }
        }
        Change::Approve { seen } => approve(&mut level[at], seen),
        Change::Split { from, label } => {
            let new = split(&mut level[at], from, label, new_path.unwrap_or_default())?;
            level.insert(at + 1, new);
        }
        Change::Join => {
            let before = at.checked_sub(1).ok_or_else(|| Unfit::First(path.clone()))?;
            let item = level.remove(at);
            join(&mut level[before], item);
        }
        Change::Drop => {
            level.remove(at);
        }
        Change::Add { item } => {
            let beside = at.checked_sub(1).and_then(|before| level.get(before)).or_else(|| level.get(at));
            let section = beside.and_then(|beside| beside.section.clone());
            let mut new = Question { section, ..(**item).clone() };
            look_at(&mut new, vec!["It was added by hand and not checked since.".to_owned()]);
            level.insert(at, new);
        }
    }
    Ok(())
}

/// The item with this path.
pub fn find<'a>(questions: &'a [Question], path: &str) -> Option<&'a Question> {
    questions
        .iter()
        .find_map(|question| if question.path == path { Some(question) } else { find(&question.parts, path) })
}

/// The items that need a look or were reported, starting after this one and continuing from the start.
pub fn to_look_at<'a>(
    questions: &'a [Question],
    reports: &HashMap<String, Vec<Report>>,
    after: &str,
) -> impl Iterator<Item = &'a Question> {
    let mut items: Vec<&Question> = questions.iter().flat_map(Question::items).collect();
    let at = items.iter().position(|item| item.path == after).map_or(0, |at| at + 1);
    items.rotate_left(at);
    items.into_iter().filter(move |item| item.path != after && (item.needs_look() || reports.contains_key(&item.path)))
}

/// The list that contains the item with this path, and its index.
fn place<'a>(questions: &'a mut Vec<Question>, path: &str) -> Option<(&'a mut Vec<Question>, usize)> {
    if let Some(at) = questions.iter().position(|question| question.path == path) {
        return Some((questions, at));
    }
    questions.iter_mut().find_map(|question| place(&mut question.parts, path))
}

fn parent_of_first<'a>(questions: &'a mut [Question], path: &str) -> Option<&'a mut Question> {
    questions.iter_mut().find_map(|question| {
        if question.parts.first().is_some_and(|part| part.path == path) {
            Some(question)
        } else {
            parent_of_first(&mut question.parts, path)
        }
    })
}

/// The item without its parts, as stored in corrections.
pub fn alone(question: &Question) -> Question {
    Question { parts: Vec::new(), ..question.clone() }
}

/// A three-way merge: what the person did not change follows the reading. What they changed stays, and if the reading has
/// changed there as well, that is a reason to look at the item.
fn merge(item: &mut Question, was: &Question, now: &Question) -> Vec<String> {
    let mut doubts = Vec::new();
    for &Aspect { name, differ, copy, words, is_read, .. } in &ASPECTS {
        if !differ(was, now) {
            continue;
        }
        if is_read && differ(item, now) && differ(item, was) {
            doubts.push(format!("A newer reading has a different {name}: “{}”. The correction is kept.", words(item)));
        }
        copy(item, now);
    }
    doubts
}

/// What was read as the parts of an item that is answered itself: the options of a choice, unless a person has written them;
/// otherwise more of its text.
fn take_in_parts(item: &mut Question) {
    let parts = std::mem::take(&mut item.parts);
    if !is_choice(item.kind) {
        // Marks and key are those that it was given as a whole.
        let (kind, marks, key) = (item.kind, item.marks, item.key.clone());
        let text_of = |part| Question { options: Vec::new(), parts: Vec::new(), key: None, ..part };
        parts.into_iter().for_each(|part| join(item, text_of(part)));
        (item.kind, item.marks, item.key) = (kind, marks.or(item.marks), key);
        return;
    }
    item.regions.extend(parts.iter().flat_map(|part| part.regions.iter().copied()));
    if item.options.is_empty() {
        let label = |part: &Question| part.label.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let option = |(n, part): (usize, Question)| Choice {
            label: label(&part),
            text: part.text,
            shown: part.shown,
            ..Choice::nth(n)
        };
        item.options = parts.into_iter().enumerate().map(option).collect();
    }
}

/// Why an item cannot be answered as its kind says, although a person has checked it.
fn lacks(item: &Question) -> Vec<String> {
    let is_unanswerable = is_choice(item.kind) && item.options.len() < 2;
    is_unanswerable.then(|| "A choice needs two options or more. Write them.".to_owned()).into_iter().collect()
}

fn approve(item: &mut Question, seen: &Question) {
    let same = ASPECTS.iter().filter(|aspect| aspect.is_read).all(|aspect| !(aspect.differ)(item, seen));
    let doubt = "It was approved, but a newer reading is different.";
    look_at(item, if same { Vec::new() } else { vec![doubt.to_owned()] });
}

/// Sets the review reasons; without any, the item counts as approved by a person.
fn look_at(item: &mut Question, doubts: Vec<String>) {
    item.approved = doubts.is_empty();
    item.confidence = if item.approved { 1.0 } else { 0.5 };
    item.doubts = doubts;
}

/// The place for a new item: among the parts of the item above it, before the first that begins below it.
fn place_for<'a>(questions: &'a mut Vec<Question>, item: &Question) -> Result<(&'a mut Vec<Question>, usize), Unfit> {
    if find(questions, &item.path).is_some() {
        return Err(Unfit::Taken(item.path.clone()));
    }
    let above = item.path.rsplit_once('.').map_or("", |(above, _)| above);
    let level = if find(questions, above).is_some() {
        let (level, at) = place(questions, above).ok_or_else(|| Unfit::NoItem(above.to_owned()))?;
        level[at].kind = Kind::Group;
        &mut level[at].parts
    } else {
        questions
    };
    let start = |item: &Question| item.regions.first().map(|region| (region.page, region.y));
    let begins_below = |other: &Question| start(other) > start(item);
    let at = level.iter().position(begins_below).unwrap_or(level.len());
    Ok((level, at))
}

/// The last piece of a new item's path.
fn piece_of(label: &str, from: &str) -> String {
    let printed = labels::at_start(from).first().map(|(label, _)| label.plain.clone());
    let given: String = label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if given.is_empty() { printed.unwrap_or_else(|| "x".into()) } else { given }
}

/// Cuts the item's text and returns the rest. Options come after the text, so they go with the rest.
fn split(item: &mut Question, from: &str, label: &str, path: String) -> Result<Question, Unfit> {
    let cut = item.text.find(from).filter(|&at| at > 0 && !from.is_empty());
    let cut = cut.ok_or_else(|| Unfit::NoWords(from.to_owned()))?;
    let text = item.text.split_off(cut);
    item.text.truncate(item.text.trim_end().len());
    item.shown.regions.clear();
    let printed = labels::at_start(&text).first().map_or(0, |&(_, taken)| taken);
    let label = if label.is_empty() { text[..printed].trim() } else { label };
    let mut new = Question {
        path,
        label: label.to_owned(),
        text: text[printed..].trim().to_owned(),
        shown: Shown { regions: Vec::new(), ..item.shown.clone() },
        regions: item.regions.clone(),
        figure: item.figure,
        topic: item.topic,
        section: item.section.clone(),
        ..Question::default()
    };
    if !item.options.is_empty() {
        new.kind = std::mem::take(&mut item.kind);
        new.options = std::mem::take(&mut item.options);
        new.choose = item.choose.take();
        new.key = item.key.take();
    }
    for half in [item, &mut new] {
        look_at(half, vec!["It was split by hand and not checked since.".to_owned()]);
    }
    Ok(new)
}

/// Appends the later item's text, options, parts and place to the earlier one, and fills in what the earlier one lacks.
fn join(before: &mut Question, item: Question) {
    let label = if item.label.is_empty() { String::new() } else { format!("{} ", item.label) };
    let text = format!("{}\n{label}{}", before.text, item.text);
    before.text = text.trim().to_owned();
    before.shown.join(item.shown);
    if before.options.is_empty() && !item.options.is_empty() {
        (before.kind, before.choose) = (item.kind, item.choose);
        before.key = item.key.clone().or_else(|| before.key.take());
    }
    let known = before.options.len();
    before.options.extend(item.options.into_iter().enumerate().map(|(n, option)| {
        let id = if known == 0 { option.id } else { format!("o{}", known + n + 1) };
        Choice { id, ..option }
    }));
    before.marks = match (before.marks, item.marks) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
    if before.key.is_none() {
        before.key = item.key;
    }
    before.regions.extend(item.regions);
    before.figure |= item.figure;
    before.parts.extend(item.parts);
    look_at(before, vec!["It was joined by hand and not checked since.".to_owned()]);
}

/// Joins a first part to its stem. A question left without parts becomes an item that is answered.
fn join_to_parent(parent: &mut Question) {
    let first = parent.parts.remove(0);
    let rest = std::mem::take(&mut parent.parts);
    if rest.is_empty() && first.parts.is_empty() {
        parent.kind = first.kind;
    }
    join(parent, first);
    parent.parts.extend(rest);
    if !parent.parts.is_empty() {
        parent.kind = Kind::Group;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_model::question::{Key, KeySource};

    fn item(path: &str, text: &str) -> Question {
        Question { path: path.into(), label: path.into(), text: text.into(), confidence: 0.6, ..Question::default() }
    }

    fn reading() -> Vec<Question> {
        let parts = vec![item("2.a", "Name it."), item("2.b", "Why? (c) And how?")];
        vec![item("1", "What is 2 + 2?"), Question { kind: Kind::Group, parts, ..item("2", "A cell.") }]
    }

    fn edit_of(question: &Question, change: impl Fn(&mut Question)) -> Correction {
        let mut now = alone(question);
        change(&mut now);
        Correction {
            path: question.path.clone(),
            change: Change::Edit { was: Box::new(alone(question)), now: Box::new(now) },
        }
    }

    fn at<'a>(questions: &'a [Question], path: &str) -> &'a Question {
        find(questions, path).unwrap()
    }

    #[test]
    fn an_item_that_was_not_found_is_added_where_it_stands() {
        let region = |y: f32| vec![Region { page: 1, x: 50.0, y, width: 400.0, height: 20.0 }];
        let at = |y, path: &str| Question { regions: region(y), ..item(path, "Why?") };
        let section = Some("B".to_owned());
        let mut questions = vec![Question { section: section.clone(), ..at(100.0, "1") }, at(300.0, "3")];
        let add = |item: Question| Correction { path: item.path.clone(), change: Change::Add { item: Box::new(item) } };
        let made = [add(at(200.0, "2")), add(at(320.0, "3.a")), add(at(400.0, "4.b")), add(at(400.0, "2"))];
        let unfit = apply(&mut questions, &made);
        assert_eq!(unfit, [None, None, None, Some(Unfit::Taken("2".into()))]);
        assert_eq!(questions.iter().map(|item| item.path.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4.b"]);
        assert_eq!((&questions[1].section, questions[1].needs_look()), (&section, true));
        assert_eq!((questions[2].kind, questions[2].parts[0].path.as_str()), (Kind::Group, "3.a"));
    }

    #[test]
    fn what_was_changed_stays_and_what_was_not_follows_the_reading() {
        let mut questions = reading();
        let correction = edit_of(&questions[0], |now| now.marks = Some(2.0));
        questions[0].text = "What is 2 + 3?".into();
        assert_eq!(apply(&mut questions, std::slice::from_ref(&correction)), [None]);
        assert_eq!((questions[0].text.as_str(), questions[0].marks), ("What is 2 + 3?", Some(2.0)));
        assert!(questions[0].approved && questions[0].doubts.is_empty());

        let mut questions = reading();
        questions[0].marks = Some(3.0);
        apply(&mut questions, std::slice::from_ref(&correction));
        assert_eq!(questions[0].marks, Some(2.0), "the person's word stands");
        assert_eq!(questions[0].doubts, ["A newer reading has a different mark: “3”. The correction is kept."]);
        assert!(!questions[0].approved && questions[0].needs_look());

        let mut questions = reading();
        questions[0].marks = Some(2.0);
        apply(&mut questions, &[correction]);
        assert!(questions[0].approved, "a reading that agrees is no conflict");
    }

    #[test]
    fn what_was_read_as_parts_becomes_the_options_of_a_choice() {
        let part = |path: &str, label: &str, text: &str| Question { label: label.into(), ..item(path, text) };
        let parts = vec![part("1.a", "(a)", "iron"), part("1.b", "(b)", "wood")];
        let read = || vec![Question { kind: Kind::Group, parts: parts.clone(), ..item("1", "Which is a metal?") }];
        let made = |change: &dyn Fn(&mut QuestionForm)| {
            let mut questions = read();
            let was = alone(&questions[0]);
            let mut form = QuestionForm::of(&was);
            change(&mut form);
            let Ok(Merged::Now(now)) = form.merge(&was) else { panic!("nobody else changed it") };
            let change = Change::Edit { was: Box::new(was), now };
            assert_eq!(apply(&mut questions, &[Correction { path: "1".into(), change }]), [None]);
            questions.remove(0)
        };
        let texts = |question: &Question| {
            question.options.iter().map(|option| format!("{} {}", option.label, option.text)).collect::<Vec<_>>()
        };
        let read_as_options = made(&|form| form.kind = Kind::Single);
        assert_eq!((texts(&read_as_options), read_as_options.parts.len()), (vec!["a iron".into(), "b wood".into()], 0));
        assert!(read_as_options.approved);
        let written = made(&|form| {
            form.kind = Kind::Single;
            form.options = vec!["gold".into(), "air".into(), "milk".into()];
            form.right_options = vec!["o1".into()];
        });
        assert_eq!(texts(&written), ["A gold", "B air", "C milk"]);
        assert!(written.approved && written.parts.is_empty() && written.key.is_some());
        let longer = made(&|form| form.kind = Kind::Long);
        assert_eq!((longer.text.as_str(), longer.kind), ("Which is a metal?\n(a) iron\n(b) wood", Kind::Long));
        assert!(longer.approved && longer.parts.is_empty());
    }

    #[test]
    fn a_choice_without_options_is_not_checked() {
        let mut questions = reading();
        let choice = edit_of(&questions[0], |now| now.kind = Kind::Single);
        apply(&mut questions, &[choice]);
        assert!(!questions[0].approved && questions[0].needs_look());
        assert_eq!(questions[0].doubts, ["A choice needs two options or more. Write them."]);
    }

    #[test]
    fn an_approval_holds_for_what_was_seen_only() {
        let mut questions = reading();
        let seen = Correction { path: "1".into(), change: Change::Approve { seen: Box::new(questions[0].clone()) } };
        // Another page of the scheme says the same.
        let key = |page| {
            Some(Key {
                options: vec![],
                text: "4".into(),
                source: KeySource::Scheme(Region { page, ..Region::default() }),
            })
        };
        apply(&mut questions, std::slice::from_ref(&seen));
        assert!(questions[0].approved && !questions[0].needs_look());
        let mut questions = reading();
        questions[0].key = key(1);
        let with_key =
            Correction { path: "1".into(), change: Change::Approve { seen: Box::new(questions[0].clone()) } };
        questions[0].key = key(2);
        apply(&mut questions, &[with_key]);
        assert!(questions[0].approved);
        questions[0].text.push('!');
        apply(&mut questions, &[seen]);
        assert!(!questions[0].approved && questions[0].needs_look());
    }

    #[test]
    fn an_item_is_split_where_its_words_say() {
        let mut questions = reading();
        let change = Change::Split { from: "(c) And".into(), label: String::new() };
        assert_eq!(apply(&mut questions, &[Correction { path: "2.b".into(), change }]), [None]);
        assert_eq!(at(&questions, "2.b").text, "Why?");
        let new = at(&questions, "2.c");
        assert_eq!((new.label.as_str(), new.text.as_str()), ("(c)", "And how?"));
        assert_eq!(questions[1].parts.len(), 3);
        let twice = Change::Split { from: "how".into(), label: "a)".into() };
        apply(&mut questions, &[Correction { path: "2.c".into(), change: twice }]);
        assert_eq!(at(&questions, "2.a#2").text, "how?", "a label that is taken gets a number");
        let change = Change::Split { from: "nowhere".into(), label: String::new() };
        let unfit = apply(&mut questions, &[Correction { path: "2.b".into(), change }]);
        assert_eq!(unfit, [Some(Unfit::NoWords("nowhere".into()))]);
    }

    #[test]
    fn options_follow_the_later_half() {
        let options = vec![Choice { text: "yes".into(), ..Choice::nth(0) }];
        let mut questions =
            vec![Question { kind: Kind::Single, options, ..item("1", "Name a metal. 2. Is iron a metal?") }];
        let change = Change::Split { from: "2. Is".into(), label: String::new() };
        apply(&mut questions, &[Correction { path: "1".into(), change }]);
        assert_eq!((questions[0].kind, questions[0].options.len()), (Kind::Short, 0));
        assert_eq!((questions[1].kind, questions[1].options.len()), (Kind::Single, 1));
        assert_eq!(questions[1].path, "2");
        apply(&mut questions, &[Correction { path: "2".into(), change: Change::Join }]);
        assert_eq!((questions.len(), questions[0].kind, questions[0].options.len()), (1, Kind::Single, 1));
        assert_eq!(questions[0].text, "Name a metal.\n2. Is iron a metal?");
    }

    #[test]
    fn a_first_part_goes_back_to_its_stem() {
        let mut questions = reading();
        let join = |path: &str| Correction { path: path.into(), change: Change::Join };
        assert_eq!(apply(&mut questions, &[join("2.a")]), [None]);
        assert_eq!(questions[1].text, "A cell.\n2.a Name it.");
        assert_eq!((questions[1].kind, questions[1].parts.len()), (Kind::Group, 1));
        assert_eq!(apply(&mut questions, &[join("2.b")]), [None]);
        assert_eq!((questions[1].kind, questions[1].parts.len()), (Kind::Short, 0));
        assert_eq!(apply(&mut questions, &[join("1")]), [Some(Unfit::First("1".into()))]);
    }

    #[test]
    fn what_is_not_there_is_told_and_the_rest_is_done() {
        let mut questions = reading();
        let drop = |path: &str| Correction { path: path.into(), change: Change::Drop };
        let unfit = apply(&mut questions, &[drop("9"), drop("1"), drop("1")]);
        assert_eq!(unfit, [Some(Unfit::NoItem("9".into())), None, Some(Unfit::NoItem("1".into()))]);
        assert_eq!(questions.len(), 1);
    }
}
