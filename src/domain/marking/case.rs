//! Single cases of marking as JSON: how marking is tried from the command line.

use serde::{Deserialize, Serialize};

use super::{Answer, Marked, mark};
use crate::domain::question::{Choice, Key, KeySource, Kind, Question};

/// One question with its key and an answer to it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Case {
    /// As `Kind` is written; a word that is none, or nothing, is a short answer.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    options: Vec<OptionText>,
    /// As a marking scheme prints it.
    key: Words,
    #[serde(default)]
    marks: Option<f64>,
    answer: Words,
}

/// An option as `exam-prep extract --flat` prints it, or its text alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum OptionText {
    Labelled { label: String, text: String },
    Plain(String),
}

/// One text, a number, several texts, or nothing.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Truth(bool),
    Number(serde_json::Number),
    Many(Vec<String>),
    None(()),
}

impl Words {
    fn pieces(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Truth(truth) => vec![truth.to_string()],
            Self::Number(number) => vec![number.to_string()],
            Self::Many(texts) => texts,
            Self::None(()) => Vec::new(),
        }
    }
}

/// What an answer earns, as it is printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    pub marks: f64,
    pub of: f64,
    pub reason: String,
}

/// Marks the case of one line of JSON.
pub fn mark_line(line: &str) -> Result<Outcome, serde_json::Error> {
    let case: Case = serde_json::from_str(line)?;
    let kind = serde_json::from_value::<Kind>(case.kind.into()).unwrap_or_default();
    let options = case.options.into_iter().enumerate().map(|(n, option)| match option {
        OptionText::Labelled { label, text } => Choice { label, text, ..Choice::nth(n) },
        OptionText::Plain(text) => Choice { text, ..Choice::nth(n) },
    });
    let options: Vec<Choice> = options.collect();
    let key = case.key.pieces().join("; ");
    let (right, answer) = match kind {
        Kind::Single | Kind::Multiple | Kind::TrueFalse => {
            (ids(&options, kind, std::slice::from_ref(&key)), case.answer.pieces())
        }
        _ => (Vec::new(), case.answer.pieces()),
    };
    // Without options the letters are all there is.
    let answer = if right.is_empty() { answer } else { ids(&options, kind, &answer) };
    let key = (!key.trim().is_empty()).then_some(Key { options: right, text: key, source: KeySource::Person });
    let question = Question { kind, text: case.text, options, key, marks: case.marks, ..Question::default() };
    let Marked { marks, of, reason, .. } = mark(&question, &Answer(answer));
    Ok(Outcome { marks, of, reason })
}

/// The options that letters or texts name; an unknown one stays as it is, and is wrong.
fn ids(options: &[Choice], kind: Kind, named: &[String]) -> Vec<String> {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let whole = |name: &str| options.iter().find(|o| same(&o.text, name) || same(&o.label, name) || o.id == name);
    let id = |name: &str| match (kind, name.trim().to_lowercase().as_str()) {
        (Kind::TrueFalse, "true" | "t" | "yes") => Some("true".to_owned()),
        (Kind::TrueFalse, "false" | "f" | "no") => Some("false".to_owned()),
        _ => whole(name.trim_matches(|c: char| "().".contains(c) || c.is_whitespace())).map(|option| option.id.clone()),
    };
    let pieces = |name: &String| match id(name) {
        Some(id) => vec![id],
        None => name
            .split([';', ','])
            .flat_map(|piece| piece.split(" and "))
            .filter(|piece| !piece.trim().is_empty())
            .map(|piece| id(piece).unwrap_or_else(|| piece.trim().to_owned()))
            .collect(),
    };
    if options.is_empty() && kind != Kind::TrueFalse { Vec::new() } else { named.iter().flat_map(pieces).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked() {
        for (line, marks, of) in [
            (r#"{"kind": "numeric", "text": "How far?", "key": "0.5 m", "marks": 2, "answer": "50 cm"}"#, 2.0, 2.0),
            (r#"{"key": "any 2: heat; light; sound", "marks": 2, "answer": "light, heat"}"#, 2.0, 2.0),
            (r#"{"key": "any 2: heat; light; sound", "marks": 2, "answer": ["light", "banana"]}"#, 1.0, 2.0),
            (r#"{"key": "5", "answer": "banana"}"#, 0.0, 1.0),
            (r#"{"key": "x = 3 or x = −2", "marks": 2, "answer": "x=-2, x=3"}"#, 2.0, 2.0),
            (r#"{"key": "x = 3 or x = −2", "marks": 2, "answer": "3 and -2"}"#, 2.0, 2.0),
            (r#"{"key": "x = 3 or x = −2", "marks": 2, "answer": "3"}"#, 1.0, 2.0),
            (r#"{"key": "2x+2", "answer": "2(x+2)"}"#, 0.0, 1.0),
            (r#"{"key": "2x+2", "answer": "2(1+x)"}"#, 1.0, 1.0),
            (r#"{"text": "Factorise 2x + 2.", "key": "2(x+1)", "answer": "2x + 2"}"#, 0.0, 1.0),
            (r#"{"key": "x > 5", "answer": "5 < x"}"#, 1.0, 1.0),
            (r#"{"key": 5, "answer": 5}"#, 1.0, 1.0),
            (r#"{"key": "5", "answer": null}"#, 0.0, 1.0),
            (r#"{"kind": "single", "options": ["iron", "gold"], "key": "B", "answer": "b)"}"#, 1.0, 1.0),
            (r#"{"kind": "single", "options": ["iron", "gold"], "key": "B", "answer": "gold"}"#, 1.0, 1.0),
            (r#"{"kind": "single", "options": ["iron", "gold"], "key": "B", "answer": "silver"}"#, 0.0, 1.0),
            (r#"{"kind": "single", "key": "B", "answer": "b"}"#, 1.0, 1.0),
            (
                r#"{"kind": "multiple", "options": [{"label": "i", "text": "x"}, {"label": "ii", "text": "y"},
                   {"label": "iii", "text": "z"}], "key": "i; iii", "marks": 2, "answer": "iii and i"}"#,
                2.0,
                2.0,
            ),
            (r#"{"kind": "true_false", "key": "False", "answer": "F"}"#, 1.0, 1.0),
            (r#"{"kind": "true_false", "key": "true", "answer": false}"#, 0.0, 1.0),
            (r#"{"kind": "no such kind", "key": "Kigali", "answer": "kigali"}"#, 1.0, 1.0),
        ] {
            let outcome = mark_line(line).unwrap();
            assert_eq!((outcome.marks, outcome.of), (marks, of), "{line}: {}", outcome.reason);
        }
        for bad in ["", "{}", "[1]", r#"{"key": {}, "answer": ""}"#] {
            assert!(mark_line(bad).is_err(), "{bad}");
        }
    }
}
