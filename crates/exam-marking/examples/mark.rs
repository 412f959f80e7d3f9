//! Marks cases, one JSON object a line: those of standard input with `-`, or with `mark` as `exam-prep mark` prints them,
//! else a few of its own.

use std::io::{BufRead, stdin};

use exam_marking::json_case::mark_line;

const CASES: [&str; 5] = [
    r#"{"kind": "numeric", "text": "How far is it?", "key": "0.5 m", "marks": 2, "answer": "50 cm"}"#,
    r#"{"text": "Factorise 2x + 2.", "key": "2(x + 1)", "answer": "2x + 2"}"#,
    r#"{"key": "any 2: heat; light; sound", "marks": 2, "answer": ["light", "banana"]}"#,
    r#"{"key": "2H₂ + O₂ → 2H₂O", "answer": "H2 + O2 -> H2O"}"#,
    r#"{"key": "photosynthesis", "answer": "photosinthesis"}"#,
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let word = std::env::args().nth(1).unwrap_or_default();
    let as_json = word == "mark";
    let from_input = as_json || word == "-";
    let lines: Vec<String> =
        if from_input { stdin().lock().lines().collect::<Result<_, _>>()? } else { CASES.map(str::to_owned).into() };
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let outcome = mark_line(line)?;
        if as_json {
            println!("{}", serde_json::to_string(&outcome)?);
        } else {
            println!("{line}\n    {} of {}: {}", outcome.marks, outcome.of, outcome.reason);
        }
    }
    Ok(())
}
