//! Choice kinds: by the stable ids of options, never by letter or text.

use exam_model::answer::{Answer, Certainty};
use exam_model::question::{Key, Question};

use crate::key::{self, Points};
use crate::reason::{self, Judgement};
use crate::rule::{Asked, Notes};
use crate::{Share, quantity, text};

/// An option in words: its label and text.
fn option_words(question: &Question, id: &str) -> String {
    match question.options.iter().find(|option| option.id == id) {
        Some(option) if option.label.is_empty() => option.text.clone(),
        Some(option) if option.text.is_empty() => option.label.clone(),
        Some(option) => format!("{}: {}", option.label, option.text),
        None if id == "true" => "True".into(),
        None if id == "false" => "False".into(),
        None => id.to_owned(),
    }
}

pub fn words(question: &Question, ids: &[impl AsRef<str>]) -> String {
    ids.iter().map(|id| option_words(question, id.as_ref())).collect::<Vec<_>>().join(", ")
}

pub fn one(question: &Question, key: &Key, answer: &Answer) -> Share {
    let mut given = answer.pieces();
    given.dedup();
    let right = given.len() == 1 && key.options.iter().any(|id| id == given[0]);
    let (said, wanted) = (words(question, &given), words(question, &key.options));
    let reason = if given.len() > 1 { reason::one_only(&said, &wanted) } else { reason::chosen(right, &said, &wanted) };
    Share::all(right, reason)
}

/// `False; it has four chambers`: whether a statement is true, and what puts it right, each half of the marks.
pub fn corrected(points: &Points, answer: &str, asked: &Asked) -> Option<Share> {
    let parts =
        || asked.of >= 2.0 || asked.has(&["correct", "if false", "if it is false", "give a reason", "justify", "why"]);
    let plain = points.any.is_none() && points.all.len() <= 2 && points.all.iter().all(|point| point.marks.is_none());
    let may_begin = |key: &str| key.starts_with(['t', 'T', 'f', 'F', 'n', 'N', 'y', 'Y', 'v', 'V', 'o', 'O']);
    if !plain || !points.all.first().is_some_and(|point| may_begin(point.shown())) || !parts() {
        return None;
    }
    let (key, wanted) = match &points.all[..] {
        [one] => truth_first(one.shown()).filter(|(_, rest)| !rest.is_empty() && is_divided(one.shown()))?,
        [truth, right] => (text::truth(truth.shown())?, right.shown()),
        _ => return None,
    };
    // `N; O` are nitrogen and oxygen.
    let word = points.all[0].shown().chars().nth(1).is_some_and(char::is_alphabetic) || asked.has(&["true", "vrai"]);
    word.then_some(())?;
    let (said, rest) = truth_first(answer)?;
    let truth = if key { "True" } else { "False" };
    let share = |right: f64, certainty, found: &[&str], missing: &[&str]| Share {
        right,
        asked: 2.0,
        certainty,
        reason: reason::sentences(found, missing, right, 2.0),
    };
    if said != key {
        return Some(share(0.0, Certainty::Exact, &[], &[truth, wanted]));
    }
    if rest.is_empty() {
        return Some(share(1.0, Certainty::Exact, &[truth], &[wanted]));
    }
    let point = key::parse(wanted);
    let whole = point.all.iter().map(|point| point.judge(rest, asked)).reduce(Judgement::better)?;
    // The value alone may have been put right.
    let value = wanted.find(|c: char| c.is_ascii_digit()).and_then(|at| quantity::judge(&wanted[at..], rest, asked));
    let judged = value.into_iter().fold(whole, Judgement::better);
    let right = judged.share > 0.0;
    let (found, missing) = if right { (vec![truth, wanted], vec![]) } else { (vec![truth], vec![wanted]) };
    // A reason in words may be right, though it is another.
    let reasons = !right && rest.split_whitespace().count() > 2;
    let certainty = if reasons { Certainty::Near } else { judged.certainty() };
    Some(share(1.0 + judged.share, certainty, &found, &missing))
}

/// Whether a text begins with true or false, and what follows.
fn truth_first(text: &str) -> Option<(bool, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let truth = text::truth(&text[..end])?;
    // `n + 2` is no answer to a statement.
    let rest = &text[end..];
    let reason = ["because ", "since ", "car ", "kuko "].iter().find_map(|word| rest.trim_start().strip_prefix(word));
    let divided = rest.starts_with([',', ';', '.', ':']) || end > 1 && rest.starts_with([' ', '\n', '-', '–']);
    (divided || reason.is_some() || rest.is_empty()).then_some(())?;
    Some((truth, reason.unwrap_or(rest).trim_start_matches([',', ';', '.', ':', '-', '–', ' ', '\n', '('])))
}

/// Whether a sign stands behind the first word of a key: `No change in mass` and `Non-metals` are no answers to a statement.
fn is_divided(key: &str) -> bool {
    let rest = key.trim().trim_start_matches(char::is_alphabetic);
    let bracketed = rest.trim_start().starts_with('(') && rest.ends_with(')');
    rest.starts_with([',', ';', '.', ':']) || rest.starts_with(" - ") || rest.starts_with(" – ") || bracketed
}

/// Right ones less wrong ones, not below nothing, unless the scheme counts otherwise.
pub fn several(question: &Question, key: &Key, answer: &Answer, notes: &Notes, of: f64) -> Share {
    let mut given = answer.pieces();
    given.sort_unstable();
    given.dedup();
    let right = given.iter().filter(|id| key.options.iter().any(|key| key == *id)).count();
    let wrong = given.len() - right;
    let asked = key.options.len();
    let each = notes.each.unwrap_or(of / asked.max(1) as f64);
    let per_wrong = match notes.per_wrong {
        None => each,
        Some(marks) if marks < 0.0 => each,
        Some(marks) => marks,
    };
    let mut reason = reason::options(right, wrong, asked, per_wrong > 0.0, &words(question, &key.options));
    let complete = right == asked && wrong == 0;
    let earned = match (notes.all_or_nothing, complete) {
        (_, true) => of,
        (true, false) => {
            reason.push_str(&reason::all_or_nothing());
            0.0
        }
        _ => (right as f64 * each - wrong as f64 * per_wrong).clamp(0.0, of),
    };
    Share { right: earned, asked: of, certainty: Certainty::Exact, reason }
}
