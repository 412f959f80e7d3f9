//! Single cases of marking as JSON: how marking is tried from the command line.

use exam_model::answer::{Answer, Certainty, Marked};
use exam_model::question::{Choice, Key, KeySource, Kind, Question};
use serde::{Deserialize, Serialize};

use crate::{key, mark_under, text};

/// One question with its key and an answer to it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Case {
    /// As `Kind` is written; a word that is none, or nothing, is a short answer.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
    /// The texts of the questions that it is a part of, the outermost first.
    #[serde(default)]
    stems: Vec<String>,
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

/// One text, a number, several texts, pairs, or nothing.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Truth(bool),
    Number(serde_json::Number),
    Many(Vec<Words>),
    Pairs(serde_json::Map<String, serde_json::Value>),
    None(()),
}

impl Words {
    fn pieces(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Truth(truth) => vec![truth.to_string()],
            Self::Number(number) => vec![number.to_string()],
            Self::Many(texts) => texts.into_iter().map(|text| text.pieces().join(", ")).collect(),
            Self::Pairs(pairs) => pairs
                .into_iter()
                .map(|(left, right)| match right {
                    serde_json::Value::String(right) => format!("{left}-{right}"),
                    serde_json::Value::Array(members) => {
                        let members: Vec<&str> = members.iter().filter_map(|member| member.as_str()).collect();
                        format!("{left}: {}", members.join(", "))
                    }
                    other => format!("{left}-{other}"),
                })
                .collect(),
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
    pub certainty: Certainty,
    /// The marks are a suggestion; a person decides.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

/// Marks the case of one line of JSON.
pub fn mark_line(line: &str) -> Result<Outcome, serde_json::Error> {
    let case: Case = serde_json::from_str(line)?;
    let options = case.options.into_iter().enumerate().map(|(n, option)| match option {
        OptionText::Labelled { label, text } => Choice { label, text, ..Choice::nth(n) },
        OptionText::Plain(text) => Choice { text, ..Choice::nth(n) },
    });
    let options: Vec<Choice> = options.collect();
    let key = case.key.pieces().join("; ");
    let kind = kind(&case.kind).unwrap_or_else(|| guess(&key, options.len()));
    let choice = matches!(kind, Kind::Single | Kind::Multiple | Kind::TrueFalse);
    let answer = case.answer.pieces();
    let letters = if options.is_empty() && matches!(kind, Kind::Single | Kind::Multiple) {
        lettered(&key, &answer)
    } else {
        options
    };
    let key = if choice && letters.is_empty() { without_label(&key).to_owned() } else { key };
    let right = if choice {
        ids(&letters, kind, &[key::parse(&key).all.iter().map(key::Point::shown).collect::<Vec<_>>().join("; ")])
    } else {
        Vec::new()
    };
    // A key that names something else than the options is compared as text.
    let known = |id: &String| {
        kind == Kind::TrueFalse && matches!(id.as_str(), "true" | "false") || letters.iter().any(|o| o.id == *id)
    };
    let right = if right.iter().all(known) { right } else { Vec::new() };
    let answer = match kind {
        _ if right.is_empty() => answer,
        Kind::TrueFalse => {
            let said = |text: String| text::said_truth(&text).map_or(text, |truth| truth.to_string());
            answer.into_iter().map(said).collect()
        }
        _ => ids(&letters, kind, &answer),
    };
    let key = (!key.trim().is_empty()).then_some(Key { options: right, text: key, source: KeySource::Person });
    let question = Question { kind, text: case.text, options: letters, key, marks: case.marks, ..Question::default() };
    let stems: Vec<&str> = case.stems.iter().map(String::as_str).collect();
    let marked = mark_under(&stems, &question, &Answer(answer));
    let provisional = marked.is_provisional();
    let Marked { marks, of, reason, certainty, .. } = marked;
    Ok(Outcome { marks, of, reason, certainty, provisional })
}

/// A kind as it is written here, or as others call it.
pub fn kind(name: &str) -> Option<Kind> {
    let name: String = name.trim().to_lowercase().replace(['-', ' ', '/'], "_");
    serde_json::from_value(name.clone().into()).ok().or(match name.as_str() {
        "mcq" | "choice" | "single_choice" | "multiple_choice" | "one_choice" => Some(Kind::Single),
        "multi" | "multiple_response" | "multiple_select" | "several" | "checkbox" => Some(Kind::Multiple),
        "truefalse" | "true_or_false" | "tf" | "boolean" => Some(Kind::TrueFalse),
        "number" | "numerical" | "quantity" | "unit" | "units" | "money" | "time" | "date" => Some(Kind::Numeric),
        "fill" | "fill_in" | "blank" | "blanks" | "fill_in_the_blank" | "fill_in_the_blanks" | "gap" | "label" => {
            Some(Kind::Cloze)
        }
        "matching" | "pairs" => Some(Kind::Match),
        "classification" => Some(Kind::Classify),
        "labelling" | "labels" => Some(Kind::Label),
        "ordering" | "sequence" | "arrange" => Some(Kind::Order),
        "essay" | "long_answer" | "open" | "explain" => Some(Kind::Long),
        "any" | "list_any" => Some(Kind::List),
        _ => None,
    })
}

/// What a key without a kind asks for.
fn guess(key: &str, options: usize) -> Kind {
    let points = key::parse(key);
    let pairs = key::pairs(key);
    let letters = points.all.iter().all(|point| point.shown().chars().count() <= 3);
    let names_both = key.split(';').filter(|piece| piece.contains(':')).count();
    if options > 1 {
        return if points.all.len() > 1 && letters { Kind::Multiple } else { Kind::Single };
    }
    if points.any.is_some() {
        return Kind::List;
    }
    let lettered = !key.contains('=')
        && pairs.len() > 1
        && pairs.len() == points.all.len()
        && pairs.iter().all(|(left, right)| left.len() <= 2 && right.len() <= 2);
    let headed = names_both > 1 && names_both == points.all.len() && !key.contains(|c: char| c.is_ascii_digit());
    if lettered || headed {
        return Kind::Match;
    }
    Kind::Short
}

/// `B. iron` without its letter, for an answer in words.
fn without_label(key: &str) -> &str {
    let rest = key.trim_start_matches('(').split_once([')', '.', ':']).filter(|(label, _)| label.len() == 1);
    rest.map(|(_, rest)| rest.trim()).filter(|rest| !rest.is_empty()).unwrap_or(key)
}

/// Options for a choice of which only the letters are known.
fn lettered(key: &str, answer: &[String]) -> Vec<Choice> {
    let is_letter = |word: &str| word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let label = |text: &str| text.trim_start_matches('(').split([')', '.', ':', ' ']).next().is_some_and(is_letter);
    let parts = |text: &str| text.split([',', ';']).flat_map(|part| part.split(" and ")).all(|part| label(part.trim()));
    let joined = |text: &str| text.len() <= 6 && text.len() > 1 && text.bytes().all(|b| b.is_ascii_uppercase());
    // `B` and `B. iron` name letters; an answer in words has none to compare with.
    let text = answer.join(", ");
    let named = parts(key) || joined(key) || letters(key).is_some();
    let given = parts(&text)
        || letters(&text).is_some()
        || joined(text.trim())
        || text.to_lowercase().contains("answer is ")
        || text.len() <= 3;
    let roman = |text: &str| text.len() > 1 && text.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    if !named || !given || key.split(';').any(|part| roman(part.trim())) {
        return Vec::new();
    }
    let texts: Vec<(char, String)> = key
        .split([';', ','])
        .filter(|part| letters(part).is_none())
        .filter_map(|part| {
            let part = part.trim().trim_start_matches('(');
            Some((part.chars().next()?, part.get(1..)?.trim_start_matches([')', '.', ':', ' ']).to_owned()))
        })
        .collect();
    (0..26)
        .map(|n| {
            let letter = char::from(b'A' + n as u8);
            let text =
                texts.iter().find(|(label, _)| label.eq_ignore_ascii_case(&letter)).map(|(_, text)| text.clone());
            Choice { text: text.unwrap_or_default(), ..Choice::nth(n) }
        })
        .collect()
}

/// An answer from outside, as the question's kind is answered here: options by their ids.
pub fn pieces(question: &Question, texts: Vec<String>) -> Vec<String> {
    match question.kind {
        Kind::Single | Kind::Multiple | Kind::TrueFalse => ids(&question.options, question.kind, &texts),
        _ => texts,
    }
}

/// The letters that a text is nothing but: `B D`, `b and d`, `B/D`, `(b), (d)`, `BD`.
pub fn letters(text: &str) -> Option<Vec<String>> {
    let divided = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '&' | '+' | '(' | ')' | '.' | '-');
    let words: Vec<&str> = text
        .split(divided)
        .filter(|word| !word.is_empty() && !matches!(*word, "and" | "or" | "et" | "na" | "option" | "options"))
        .collect();
    let plain = |word: &str| word.bytes().all(|b| b.is_ascii_alphabetic());
    match &words[..] {
        [run] if (2..=6).contains(&run.len()) && plain(run) => {
            let all: Vec<String> = run.chars().map(|c| c.to_ascii_uppercase().to_string()).collect();
            all.iter().enumerate().all(|(n, letter)| !all[..n].contains(letter)).then_some(all)
        }
        [] => None,
        all => all
            .iter()
            .all(|word| word.len() == 1 && plain(word))
            .then(|| all.iter().map(|word| word.to_uppercase()).collect()),
    }
}

/// The options that letters or texts name; an unknown one stays as it is, and is wrong.
fn ids(options: &[Choice], kind: Kind, named: &[String]) -> Vec<String> {
    let same = |a: &str, b: &str| !a.trim().is_empty() && a.trim().to_lowercase() == b.trim().to_lowercase();
    let whole = |name: &str| options.iter().find(|o| same(&o.label, name) || same(&o.text, name) || o.id == name);
    // `iron` for "the iron", where one option alone says so.
    let said = |name: &str| {
        let name = ["it is ", "it's ", "they are "].iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name);
        let words = options.iter().filter(|o| o.text.len() > 2);
        // `iron copper` names two.
        if words.clone().filter(|o| name.to_lowercase().contains(&o.text.to_lowercase())).count() > 1 {
            return None;
        }
        let mut said = words.filter(|o| text::in_words(&o.text, name).is_right());
        said.next().filter(|_| said.next().is_none())
    };
    let labels = |text: &str| {
        self::letters(text).filter(|all| all.iter().all(|one| options.iter().any(|o| same(&o.label, one))))
    };
    // `B. iron`, `b) iron`
    let labelled = |name: &str| {
        if labels(name).is_some_and(|all| all.len() > 1) {
            return None;
        }
        let (label, text) = name.split_once([')', '.', ':', ' '])?;
        let label = label.trim_start_matches('(');
        // `C and D` are two.
        if ["and", "or", "&", "et"].iter().any(|word| text.trim_start().starts_with(&format!("{word} "))) {
            return None;
        }
        options
            .iter()
            .find(|o| same(&o.label, label) && (o.text.is_empty() || same(&o.text, text) || text.trim().is_empty()))
    };
    let truth = |name: &str| text::truth(name).map(|truth| truth.to_string());
    let id = |name: &str| {
        let name = name.trim();
        let name = ["the answer is ", "answer is ", "answer: ", "option "]
            .iter()
            .find_map(|lead| {
                name.get(..lead.len()).filter(|start| start.eq_ignore_ascii_case(lead)).map(|_| &name[lead.len()..])
            })
            .unwrap_or(name);
        if kind == Kind::TrueFalse {
            return truth(name);
        }
        let bare = name.trim_matches(|c: char| "().".contains(c) || c.is_whitespace());
        whole(bare).or_else(|| labelled(name)).or_else(|| said(name)).map(|option| option.id.clone())
    };
    let pieces = |name: &String| match id(name) {
        Some(id) => vec![id],
        None => {
            if let Some(letters) = labels(name) {
                return letters.iter().filter_map(|letter| id(letter)).collect();
            }
            let and = |piece: &'_ str| id(piece).is_none();
            let parts: Vec<&str> = name
                .split([';', ','])
                .flat_map(|piece| if and(piece) { piece.split(" and ").collect() } else { vec![piece] })
                .flat_map(|piece| piece.split(" or "))
                .filter(|piece| !piece.trim().is_empty())
                .collect();
            // `AC`, `A C`
            let letters: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
            let spaced = letters.len() > 1 && letters.iter().all(|letter| id(letter).is_some());
            let run = name.trim().len() <= 6 && name.trim().bytes().all(|b| b.is_ascii_uppercase());
            match &parts[..] {
                [_] if spaced => letters.iter().filter_map(|letter| id(letter)).collect(),
                [one] if run => {
                    let each: Vec<String> = one.trim().chars().filter_map(|c| id(&c.to_string())).collect();
                    if each.len() == one.trim().len() { each } else { vec![one.trim().to_owned()] }
                }
                parts => parts.iter().map(|piece| id(piece).unwrap_or_else(|| piece.trim().to_owned())).collect(),
            }
        }
    };
    named.iter().flat_map(pieces).collect()
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
            (r#"{"kind": "multiple", "key": "B, D", "marks": 2, "answer": "B D"}"#, 2.0, 2.0),
            (r#"{"kind": "multiple", "key": "B, D", "marks": 2, "answer": "bd"}"#, 2.0, 2.0),
            (r#"{"kind": "multiple", "key": "BD", "marks": 2, "answer": "(b), (d)"}"#, 2.0, 2.0),
            (r#"{"kind": "multiple", "key": "B and D", "marks": 2, "answer": "B & D"}"#, 2.0, 2.0),
            (r#"{"kind": "multiple", "key": "B, D", "marks": 2, "answer": "B/D"}"#, 2.0, 2.0),
            (r#"{"kind": "multiple", "key": "B, D", "marks": 2, "answer": "A and D"}"#, 0.0, 2.0),
            (r#"{"kind": "multiple", "key": "B, D", "marks": 2, "answer": "B"}"#, 1.0, 2.0),
            (
                r#"{"kind": "multiple", "options": ["tin", "iron", "gold"], "key": "A, C", "marks": 2, "answer": "tin gold"}"#,
                2.0,
                2.0,
            ),
            (
                r#"{"kind": "multiple", "options": ["salt and water", "iron", "gold"], "key": "A, C", "marks": 2,
                "answer": "gold, salt and water"}"#,
                2.0,
                2.0,
            ),
            (
                r#"{"kind": "single", "options": ["the heart", "the liver", "a lung"], "key": "A", "answer": "heart"}"#,
                1.0,
                1.0,
            ),
            (
                r#"{"kind": "single", "options": ["the heart", "the liver", "a lung"], "key": "A", "answer": "it is the liver"}"#,
                0.0,
                1.0,
            ),
            (
                r#"{"kind": "single", "options": ["the heart", "the liver", "a lung"], "key": "A", "answer": "heart or liver"}"#,
                0.0,
                1.0,
            ),
            (r#"{"kind": "single", "key": "B. iron", "answer": "iron"}"#, 1.0, 1.0),
            (r#"{"kind": "single", "key": "B. iron", "answer": "b"}"#, 1.0, 1.0),
            (r#"{"kind": "single", "key": "B. iron", "answer": "gold"}"#, 0.0, 1.0),
            (r#"{"kind": "true_false", "key": "False", "answer": "F"}"#, 1.0, 1.0),
            (r#"{"kind": "true_false", "key": "true", "answer": false}"#, 0.0, 1.0),
            (r#"{"kind": "no such kind", "key": "Kigali", "answer": "kigali"}"#, 1.0, 1.0),
        ] {
            let outcome = mark_line(line).unwrap();
            assert_eq!((outcome.marks, outcome.of), (marks, of), "{line}: {}", outcome.reason);
        }
        for bad in ["", "{}", "[1]", r#"{"answer": ""}"#] {
            assert!(mark_line(bad).is_err(), "{bad}");
        }
    }
}
