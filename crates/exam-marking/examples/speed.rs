//! Marks random answers to random questions of the golden set on one core, so many as are asked for; tools/bench takes the
//! time, and `valgrind --tool=callgrind` counts the instructions.

use exam_marking::mark;
use exam_model::answer::Answer;
use exam_model::question::{Key, KeySource, Kind, Question};

const COUNT: u32 = 500_000;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(COUNT);
    let rows: Vec<Vec<&str>> =
        include_str!("../golden.tsv").lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let question = |row: &Vec<&str>| {
        let kind: Kind = serde_json::from_value(row[0].into()).unwrap_or_default();
        let key = Key { options: vec![], text: row[2].into(), source: KeySource::Person };
        Question { kind, text: row[1].into(), key: Some(key), marks: row[3].parse().ok(), ..Question::default() }
    };
    let questions: Vec<Question> = rows.iter().map(question).collect();
    let answers: Vec<Answer> =
        rows.iter().map(|row| Answer(row[4].split(" ¦ ").map(str::to_owned).collect())).collect();
    let mut state = 42u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut marks = 0.0;
    for _ in 0..count {
        // Half of them answers to the question itself.
        let at = next(questions.len());
        let answer = if next(2) == 0 { at } else { next(answers.len()) };
        marks += mark(&questions[at], &answers[answer]).marks;
    }
    println!("{count} answers, {marks} marks");
}
