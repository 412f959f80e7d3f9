use super::*;
use crate::domain::question::{Choice, KeySource};

/// `kind, question, key, marks, answer, earned, why`; `\n` is a line's end, ` ¦ ` divides the fields of an answer, and
/// ` | ` the options of a choice, whose key and answer name them by letter.
const GOLDEN: &str = include_str!("golden.tsv");

struct Golden {
    question: Question,
    answer: Answer,
    earned: f64,
    line: String,
}

fn golden() -> Vec<Golden> {
    let rows = GOLDEN.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    rows.map(|(n, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, text, key, marks, answer, earned, why] = cells[..] else { panic!("line {}: {line}", n + 1) };
        assert!(!why.trim().is_empty(), "line {} says no why", n + 1);
        let kind: Kind = serde_json::from_value(kind.into()).unwrap_or_else(|_| panic!("line {}: {kind}", n + 1));
        let mut parts = text.split(" | ");
        let stem = parts.next().unwrap_or_default().to_owned();
        let options: Vec<Choice> = parts.enumerate().map(|(n, text)| Choice { text: text.into(), ..Choice::nth(n) }).collect();
        let named = |letters: &str| -> Vec<String> {
            letters
                .split(',')
                .map(str::trim)
                .map(|label| options.iter().find(|o| o.label == label).map_or(label.to_owned(), |o| o.id.clone()))
                .collect()
        };
        let is_choice = !options.is_empty() || matches!(key, "true" | "false");
        let (letters, _) = rule::Notes::take(key);
        let right = if is_choice { named(&letters) } else { vec![] };
        let answer = if is_choice {
            Answer(named(answer))
        } else {
            Answer(answer.split(" ¦ ").map(|field| field.replace("\\n", "\n")).collect())
        };
        let key = Key { options: right, text: key.replace("\\n", "\n"), source: KeySource::Person };
        let question = Question { kind, text: stem, options, key: Some(key), marks: marks.parse().ok(), ..Question::default() };
        Golden { question, answer, earned: earned.parse().unwrap(), line: format!("{}: {line}", n + 1) }
    })
    .collect()
}

#[test]
fn answers_earn_what_a_teacher_gives() {
    let cases = golden();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let marked = mark(&case.question, &case.answer);
            (marked.marks != case.earned).then(|| format!("{} ← {}: {}", case.line, marked.marks, marked.reason))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
