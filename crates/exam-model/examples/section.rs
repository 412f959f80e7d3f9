//! Prints what a section with a choice asks for, and its questions as JSON.

use exam_model::format::marks_long;
use exam_model::paper::{Rule, Section, asked, section_rule};
use exam_model::question::{Kind, Question};

fn main() -> serde_json::Result<()> {
    let sections = [Section { label: "B".into(), title: "Section B".into(), rule: Rule::Choose(2), marks: None }];
    let question = |(path, text, marks): (&str, &str, f64)| Question {
        path: path.into(),
        kind: Kind::Long,
        text: text.into(),
        marks: Some(marks),
        section: Some("B".into()),
        ..Question::default()
    };
    let questions = [
        ("11", "Explain why leaves are green.", 10.0),
        ("12", "Describe how a river is formed.", 15.0),
        ("13", "Compare two sources of energy.", 10.0),
    ]
    .map(question);
    let worth = asked(&sections, &questions, |place| questions[place].marks.unwrap_or_default());
    println!("{} ({})", section_rule(&sections[0]), marks_long(worth));
    println!("{}", serde_json::to_string_pretty(&questions)?);
    Ok(())
}
