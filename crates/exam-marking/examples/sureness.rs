//! How sure marking is of answers that people graded: of a file with question, key, answer and verdict (right, part or wrong) in
//! columns divided by tabs, how many it marks right, in part or wrong, for good or for a person to decide.

use std::io::{BufRead, stdin};

use exam_marking::mark;
use exam_model::answer::{Answer, Verdict};
use exam_model::question::{Key, KeySource, Kind, Question};

const VERDICTS: [&str; 3] = ["right", "part", "wrong"];
const OUTCOMES: [&str; 6] = ["right", "right?", "partly", "partly?", "wrong?", "wrong"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shown = std::env::args().nth(1);
    let mut counts = [[0u32; OUTCOMES.len()]; VERDICTS.len()];
    for line in stdin().lock().lines() {
        let line = line?;
        let [text, key, answer, verdict, ..] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let Some(row) = VERDICTS.iter().position(|known| verdict.starts_with(known)) else { continue };
        let key = Key { options: vec![], text: key.into(), source: KeySource::Person };
        let question = Question { kind: Kind::Short, text: text.into(), key: Some(key), ..Question::default() };
        let marked = mark(&question, &Answer(vec![answer.into()]));
        let column = match (marked.verdict, marked.is_provisional()) {
            (Verdict::Right, near) => usize::from(near),
            (Verdict::Partly, near) => 2 + usize::from(near),
            (_, true) => 4,
            _ => 5,
        };
        counts[row][column] += 1;
        // `wrong/right`: those that people called wrong and marking right.
        if shown.as_deref() == Some(&format!("{}/{}", VERDICTS[row], OUTCOMES[column])) {
            println!("{line}\n    {}", marked.reason);
        }
    }
    println!("| graded | answers | {} |", OUTCOMES.join(" | "));
    println!("|{}", "---|".repeat(OUTCOMES.len() + 2));
    for (verdict, row) in VERDICTS.iter().zip(counts) {
        let all: u32 = row.iter().sum();
        let share = |count: u32| format!("{:.1} %", 100.0 * f64::from(count) / f64::from(all.max(1)));
        println!("| {verdict} | {all} | {} |", row.map(share).join(" | "));
    }
    Ok(())
}
