//! Converts the earlier system's questions and answers for a quiz; what is unknown is left out.

use exam_marking::json_case;
use exam_marking::marked_before;
use exam_model::answer::{Answer, Verdict};
use exam_model::question::{Choice, Key, KeySource, Kind, MadeFrom, Question};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::scoring::ItemResult;
use crate::server::db::import_legacy::earlier::Row;

/// A question without its place in a quiz. Every question of the earlier system was worth one mark.
pub fn question(id: Uuid, row: &Row) -> Question {
    let options = row.value("options").map(choices).unwrap_or_default();
    let kind = match json_case::kind(&row.text("question_type").unwrap_or_default()).unwrap_or_default() {
        Kind::Single | Kind::Multiple if options.is_empty() => Kind::Short,
        kind => kind,
    };
    let mut question = Question {
        id,
        kind,
        text: row.text("text").unwrap_or_default(),
        options,
        marks: Some(1.0),
        confidence: 1.0,
        made_from: Some(MadeFrom::Earlier),
        ..Question::default()
    };
    question.key = row.text("correct_answer").map(|text| {
        let ids = if is_choice(&question) { json_case::pieces(&question, vec![text.clone()]) } else { Vec::new() };
        // A key that is none of the options stays text.
        let known = ids.iter().all(|id| {
            question.options.iter().any(|option| option.id == *id) || matches!(id.as_str(), "true" | "false")
        });
        Key { options: if known { ids } else { Vec::new() }, text, source: KeySource::Earlier }
    });
    question
}

/// The result of a question in an attempt; `row` is `None` if it was not answered.
pub fn item(question: &Question, row: Option<&Row>) -> ItemResult {
    let text = row.and_then(|row| row.text("answer"));
    let answer = Answer(text.map(|text| json_case::pieces(question, vec![text])).unwrap_or_default());
    let right = if row.is_some() { row.and_then(|row| row.flag("is_correct")) } else { Some(false) };
    let marked = marked_before(right, &answer);
    let counts = marked.verdict != Verdict::Unmarked;
    ItemResult { question_id: question.id, topic_id: question.topic, answer, marked, counts, regraded: None }
}

fn is_choice(question: &Question) -> bool {
    matches!(question.kind, Kind::Single | Kind::Multiple | Kind::TrueFalse)
}

/// Options in the earlier system's formats: separated by `|`, as a JSON list, or as a JSON object by letter.
fn choices(value: &Value) -> Vec<Choice> {
    let texts: Vec<String> = match value {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(list @ (Value::Array(_) | Value::Object(_))) => return choices(&list),
            _ => text.split('|').map(str::to_owned).collect(),
        },
        Value::Array(list) => list.iter().map(words).collect(),
        Value::Object(lettered) => {
            let choice = |(n, (label, text)): (usize, (&String, &Value))| Choice {
                label: label.clone(),
                text: words(text),
                ..Choice::nth(n)
            };
            return lettered.iter().enumerate().map(choice).collect();
        }
        _ => return Vec::new(),
    };
    let texts: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    // `A. iron|B. gold` includes the letters.
    let unlettered = |(n, text): (usize, &&str)| {
        let rest = text.strip_prefix(Choice::nth(n).label.as_str())?.strip_prefix(['.', ')', ':'])?;
        Some(rest.trim().to_owned())
    };
    let without: Option<Vec<String>> = texts.iter().enumerate().map(unlettered).collect();
    let texts = without.unwrap_or_else(|| texts.into_iter().map(str::to_owned).collect());
    texts.into_iter().enumerate().map(|(n, text)| Choice { text, ..Choice::nth(n) }).collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(value: Value) -> Row {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn options_are_read_however_they_were_written() {
        for options in [
            json!("iron|gold | silver"),
            json!("[\"iron\", \"gold\", \"silver\"]"),
            json!(["iron", "gold", "silver"]),
            json!("A. iron|B. gold|C) silver"),
            json!({ "A": "iron", "B": "gold", "C": "silver" }),
        ] {
            let question = question(Uuid::nil(), &row(json!({ "question_type": "MCQ", "options": options })));
            let shown: Vec<String> =
                question.options.iter().map(|option| format!("{} {}", option.label, option.text)).collect();
            assert_eq!(shown, ["A iron", "B gold", "C silver"], "{options}");
        }
    }

    #[test]
    fn keys_and_answers_name_the_same_options() {
        for (key, answer) in [("B", "b"), ("gold", "B"), ("B", "gold"), ("B. gold", "B")] {
            let question = question(
                Uuid::nil(),
                &row(json!({ "question_type": "mcq", "options": "iron|gold", "correct_answer": key })),
            );
            assert_eq!(question.key.as_ref().unwrap().options, ["o2"], "{key}");
            let item = item(&question, Some(&row(json!({ "answer": answer, "is_correct": true }))));
            assert_eq!((item.answer.0, item.marked.verdict), (vec!["o2".to_owned()], Verdict::Right), "{answer}");
        }
        let strange = json!({ "question_type": "mcq", "options": "iron|gold", "correct_answer": "bronze" });
        let key = question(Uuid::nil(), &row(strange)).key.unwrap();
        assert_eq!((key.options.len(), key.text.as_str()), (0, "bronze"));
    }

    #[test]
    fn kinds_are_those_that_are_known() {
        for (kind, options, known) in [
            ("MCQ", "a|b", Kind::Single),
            ("mcq", "", Kind::Short),
            ("SHORT_ANSWER", "", Kind::Short),
            ("short-answer", "", Kind::Short),
            ("ESSAY", "", Kind::Long),
            ("true_false", "", Kind::TrueFalse),
            ("riddle", "", Kind::Short),
        ] {
            let question = question(Uuid::nil(), &row(json!({ "question_type": kind, "options": options })));
            assert_eq!(question.kind, known, "{kind}");
        }
    }

    #[test]
    fn only_what_was_kept_is_said() {
        let question = question(Uuid::nil(), &row(json!({ "text": "Why?", "question_type": "essay" })));
        let of = |row: Option<Value>| {
            let item = item(&question, row.map(self::row).as_ref());
            (item.marked.verdict, item.marked.marks, item.counts)
        };
        assert_eq!(of(None), (Verdict::Blank, 0.0, true));
        assert_eq!(of(Some(json!({ "answer": "So", "is_correct": true }))), (Verdict::Right, 1.0, true));
        assert_eq!(of(Some(json!({ "answer": "So", "is_correct": false }))), (Verdict::Wrong, 0.0, true));
        assert_eq!(of(Some(json!({ "answer": "So", "is_correct": null }))), (Verdict::Unmarked, 0.0, false));
        assert_eq!(of(Some(json!({ "answer": "", "is_correct": false }))), (Verdict::Blank, 0.0, true));
    }
}
