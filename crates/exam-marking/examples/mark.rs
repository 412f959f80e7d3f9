//! Marks cases, one JSON object a line: those of standard input with `-`, else a few of its own.

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
    let from_input = std::env::args().nth(1).is_some_and(|word| word == "-");
    let lines: Vec<String> =
        if from_input { stdin().lock().lines().collect::<Result<_, _>>()? } else { CASES.map(str::to_owned).into() };
    for line in lines {
        let outcome = mark_line(&line)?;
        println!("{line}\n    {} of {}: {}", outcome.marks, outcome.of, outcome.reason);
    }
    Ok(())
}
