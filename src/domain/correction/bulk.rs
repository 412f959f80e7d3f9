//! Corrections of many items at once: answers from a list that was pasted, and marks.

use std::collections::HashMap;

use exam_model::format;
use exam_model::question::{Kind, Question};

use super::{Change, Merged, QuestionForm, alone};

/// Changes by the path of their item, and what could not be used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bulk {
    pub changes: Vec<(String, Change)>,
    /// Each entry of the list that fits no item, with the reason.
    pub unused: Vec<String>,
}

/// The entries of a list of answers: labels and answers. A line holds one entry (`3(a) 12.5 cm`), or several with letters
/// (`1 B 2 D`, `1. B, 2. D`, `1B 2D`).
pub fn entries(text: &str) -> Vec<(String, String)> {
    text.lines().flat_map(line_entries).collect()
}

fn line_entries(line: &str) -> Vec<(String, String)> {
    let tokens: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || ",;".contains(c)).filter(|token| !token.is_empty()).collect();
    letters(&tokens).unwrap_or_else(|| {
        let line = line.trim();
        let is_label = |c: char| c.is_ascii_alphanumeric() || "().".contains(c);
        let end = line.find(|c: char| !is_label(c)).unwrap_or(line.len());
        let (label, answer) = line.split_at(end);
        let answer = answer.trim_start_matches(|c: char| c.is_whitespace() || ":=–-".contains(c)).trim_end();
        let is_entry = label.starts_with(|c: char| c.is_ascii_alphanumeric()) && !answer.is_empty();
        is_entry.then(|| (label.to_owned(), answer.to_owned())).into_iter().collect()
    })
}

/// Entries whose answers are single letters, if the line has nothing else.
fn letters(tokens: &[&str]) -> Option<Vec<(String, String)>> {
    let mut entries = Vec::new();
    let mut label: Option<&str> = None;
    for token in tokens {
        let number = token.trim_end_matches(|c: char| !c.is_ascii_digit());
        let rest = token[number.len()..].trim_matches(|c: char| ".):=-–(".contains(c));
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        match (label, is_number) {
            (None, true) if rest.is_empty() => label = Some(number),
            (None, true) if is_letter(rest) => entries.push((number.to_owned(), rest.to_owned())),
            (Some(known), false) if is_letter(rest) => {
                entries.push((known.to_owned(), rest.to_owned()));
                label = None;
            }
            _ => return None,
        }
    }
    (label.is_none() && !entries.is_empty()).then_some(entries)
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A label as the path of an item: `3(a)(ii)` is `3.a.ii`.
pub fn path_of(label: &str) -> String {
    let mut path = String::new();
    for c in label.chars() {
        let starts_part = c.is_ascii_alphabetic() && path.ends_with(|before: char| before.is_ascii_digit());
        if starts_part || (!c.is_ascii_alphanumeric() && !path.ends_with('.')) {
            path.push('.');
        }
        if c.is_ascii_alphanumeric() {
            path.push(c.to_ascii_lowercase());
        }
    }
    path.trim_matches('.').to_owned()
}

/// The one item that can be answered whose path is this, or ends with it where numbers start again in each section.
fn item_of<'a>(leaves: &[&'a Question], label: &str) -> Result<&'a Question, String> {
    let path = path_of(label);
    let tail = format!(".{path}");
    let found: Vec<&&Question> = leaves.iter().filter(|leaf| leaf.path == path).collect();
    let found =
        if found.is_empty() { leaves.iter().filter(|leaf| leaf.path.ends_with(&tail)).collect() } else { found };
    match found[..] {
        [leaf] => Ok(leaf),
        [] => Err(format!("{label}: there is no such question")),
        _ => Err(format!("{label}: several questions have this number. Write the section before it, such as B.{path}")),
    }
}

/// The answers of a pasted list, as the keys of the items that they name.
pub fn with_keys(questions: &[Question], text: &str) -> Bulk {
    let leaves: Vec<&Question> = questions.iter().flat_map(Question::leaves).collect();
    let mut bulk = Bulk::default();
    for (label, answer) in entries(text) {
        let form = item_of(&leaves, &label).and_then(|item| Ok((item, with_key(item, &label, &answer)?)));
        match form {
            Ok((item, form)) => bulk.add(item, &label, &form),
            Err(reason) => bulk.unused.push(reason),
        }
    }
    bulk
}

/// The options chosen on a grid, by the path of their item, as the keys of the items whose row was changed: `shown` is what
/// the rows showed before.
pub fn with_grid(questions: &[Question], shown: &HashMap<String, String>, chosen: &HashMap<String, String>) -> Bulk {
    let mut bulk = Bulk::default();
    for item in questions.iter().flat_map(Question::leaves) {
        let changed = chosen.get(&item.path).filter(|chosen| shown.get(&item.path) != Some(*chosen));
        let Some(option) = changed else { continue };
        let form = QuestionForm::of(item);
        if form.right_options != [option.clone()] {
            bulk.add(item, &item.path, &QuestionForm { right_options: vec![option.clone()], ..form });
        }
    }
    bulk
}

/// The item's form with this answer: an option by its letter or its words, otherwise the words.
fn with_key(item: &Question, label: &str, answer: &str) -> Result<QuestionForm, String> {
    let form = QuestionForm::of(item);
    let same = |text: &str| text.trim().eq_ignore_ascii_case(answer.trim());
    let right = match item.kind {
        Kind::Single | Kind::Multiple => {
            let option = item.options.iter().find(|option| same(&option.label) || same(&option.text));
            option.map(|option| option.id.clone()).ok_or_else(|| format!("{label}: it has no option {answer}"))?
        }
        Kind::TrueFalse => match answer.to_lowercase().as_str() {
            "t" | "true" | "vrai" | "v" => "true".to_owned(),
            "f" | "false" | "faux" => "false".to_owned(),
            _ => return Err(format!("{label}: {answer} is neither true nor false")),
        },
        _ => return Ok(QuestionForm { key: answer.to_owned(), right_options: Vec::new(), ..form }),
    };
    Ok(QuestionForm { right_options: vec![right], ..form })
}

/// These marks for each item that has none, nor has its question.
pub fn with_marks(questions: &[Question], marks: &str) -> Bulk {
    fn without<'a>(question: &'a Question, found: &mut Vec<&'a Question>) {
        match (question.marks, &question.parts[..]) {
            (Some(_), _) => {}
            (None, []) => found.push(question),
            (None, parts) => parts.iter().for_each(|part| without(part, found)),
        }
    }
    let mut items = Vec::new();
    questions.iter().for_each(|question| without(question, &mut items));
    let mut bulk = Bulk::default();
    for item in items {
        bulk.add(item, &item.path, &QuestionForm { marks: marks.to_owned(), ..QuestionForm::of(item) });
    }
    bulk
}

impl Bulk {
    /// How many things of this name were taken, and what could not be.
    pub fn words(&self, noun: &str) -> String {
        let taken = format!("{} taken.", format::count(self.changes.len() as i64, noun));
        let fit = if self.unused.len() == 1 { "line fits" } else { "lines fit" };
        match &self.unused[..] {
            [] => taken,
            unused => format!("{taken} {} {fit} no question: {}.", unused.len(), unused.join("; ")),
        }
    }

    fn add(&mut self, item: &Question, label: &str, form: &QuestionForm) {
        let was = alone(item);
        match form.merge(&was) {
            Ok(Merged::Now(now)) if *now == was => {}
            Ok(Merged::Now(now)) => self.changes.push((item.path.clone(), Change::Fill { was: Box::new(was), now })),
            Ok(Merged::Clashes { .. }) => {}
            Err(wrong) => self.unused.push(format!("{label}: {wrong}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use exam_model::question::Choice;

    use super::super::{Correction, apply};
    use super::*;

    #[test]
    fn lists_are_read_as_people_write_them() {
        let wanted = [("1", "B"), ("2", "D"), ("3", "A")].map(|(label, answer)| (label.to_owned(), answer.to_owned()));
        for text in
            ["1 B 2 D 3 A", "1. B, 2. D, 3. A", "1B 2D 3A", "1) B\n2) D\n3) A", "1-B; 2-D; 3-A", "1:B\n2 (D)\n3. A"]
        {
            assert_eq!(entries(text), wanted, "{text}");
        }
        let one = |text: &str| entries(text).pop();
        assert_eq!(one("3(a)(ii): 12.5 cm"), Some(("3(a)(ii)".into(), "12.5 cm".into())));
        assert_eq!(one("4 Heat and light"), Some(("4".into(), "Heat and light".into())));
        assert_eq!(one("5 = 12"), Some(("5".into(), "12".into())));
        assert_eq!((one(""), one("  "), one("6"), one("(see below)")), (None, None, None, None));
    }

    fn paper() -> Vec<Question> {
        let item = |path: &str, kind| Question { path: path.into(), kind, ..Question::default() };
        let option = |n, text: &str| Choice { text: text.into(), ..Choice::nth(n) };
        let single =
            |path: &str| Question { options: vec![option(0, "iron"), option(1, "wood")], ..item(path, Kind::Single) };
        let parts = vec![item("3.a", Kind::Short), item("3.b", Kind::Numeric)];
        vec![single("1"), item("2", Kind::TrueFalse), Question { parts, ..item("3", Kind::Group) }]
    }

    #[test]
    fn answers_go_to_the_items_that_they_name() {
        let bulk = with_keys(&paper(), "1 B\n2 false\n3a: heat\n3(b) 12\n9 A\n1 E");
        let keys: Vec<(&str, &str)> = bulk
            .changes
            .iter()
            .map(|(path, change)| match change {
                Change::Fill { now, .. } => (path.as_str(), now.key.as_ref().unwrap().text.as_str()),
                _ => panic!("{change:?}"),
            })
            .collect();
        assert_eq!(keys, [("1", "B"), ("2", "False"), ("3.a", "heat"), ("3.b", "12")]);
        assert_eq!(bulk.unused, ["9: there is no such question", "1: it has no option E"]);
        let told = "4 keys taken. 2 lines fit no question: 9: there is no such question; 1: it has no option E.";
        assert_eq!(bulk.words("key"), told);
        assert_eq!(with_keys(&paper(), "1 B").words("key"), "1 key taken.");
    }

    #[test]
    fn what_is_filled_in_from_a_list_was_not_looked_at() {
        let mut questions = paper();
        questions[0].doubt("An option may contain more or less than its own text.");
        questions[1].confidence = 0.9;
        let changes = with_keys(&questions, "1 B\n2 false").changes.into_iter();
        let made: Vec<Correction> = changes.map(|(path, change)| Correction { path, change }).collect();
        assert_eq!(apply(&mut questions, &made), [None, None]);
        let [doubtful, sure] = [0, 1].map(|at: usize| &questions[at]);
        assert!(doubtful.key.is_some() && doubtful.needs_look() && !doubtful.doubts.is_empty() && !doubtful.approved);
        assert!(sure.key.is_some() && !sure.needs_look() && !sure.approved);
        let checked = Correction { path: "1".into(), change: Change::Approve { seen: Box::new(questions[0].clone()) } };
        let more = with_keys(&questions, "1 A").changes.into_iter().map(|(path, change)| Correction { path, change });
        apply(&mut questions, &std::iter::once(checked).chain(more).collect::<Vec<_>>());
        assert!(questions[0].approved, "who has looked at it has looked at it");
    }

    #[test]
    fn numbers_that_start_again_need_their_section() {
        let item = |path: &str| Question { path: path.into(), kind: Kind::Short, ..Question::default() };
        let questions = vec![item("a.1"), item("b.1"), item("b.2")];
        let bulk = with_keys(&questions, "2 tin\nB.1 zinc\n1 gold");
        let paths: Vec<&str> = bulk.changes.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["b.2", "b.1"]);
        assert!(bulk.unused[0].contains("several questions"), "{:?}", bulk.unused);
    }

    #[test]
    fn marks_are_set_where_there_are_none() {
        let mut questions = paper();
        questions[0].marks = Some(2.0);
        let bulk = with_marks(&questions, "1");
        let paths: Vec<&str> = bulk.changes.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["2", "3.a", "3.b"]);
        questions[2].marks = Some(4.0);
        assert_eq!(with_marks(&questions, "1").changes.len(), 1, "the parts share the marks of their question");
        assert_eq!(with_marks(&questions, "many").unused.len(), 1);
    }
}
