//! Choice kinds: by the stable ids of options, never by letter or text.

use exam_model::answer::{Answer, Certainty};
use exam_model::question::{Key, Question};

use crate::Share;
use crate::reason;
use crate::rule::Notes;

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
