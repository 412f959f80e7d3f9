//! What the reader saw on its way to the questions, for a person who asks why one was cut where it was.

use exam_model::labels;

use crate::formula::signs::Signs;
use crate::lines::{self, Line};
use crate::marks;
use crate::structure::{self, Node, Place};
use crate::text::PageText;

/// What stands somewhere on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen<T> {
    /// 1-based.
    pub page: u32,
    pub x: f32,
    pub top: f32,
    pub bottom: f32,
    pub what: T,
}

/// What was taken for a label, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidate {
    /// Text that could have been a label.
    Text(String),
    /// A section's heading.
    Heading(String),
    /// The label of a question, at depth 0, or of a part, an option or an entry of a list below it.
    Label { printed: String, depth: usize },
}

/// The stages' results between characters and questions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    pub lines: Vec<Line>,
    pub candidates: Vec<Seen<Candidate>>,
    pub marks: Vec<Seen<f64>>,
}

/// Runs the stages up to the structure, and notes what each of them found.
pub fn trace(pages: &[PageText]) -> Trace {
    let signs = Signs::of(pages);
    let (lines, _) = lines::with_signs(pages, &signs);
    let structure = structure::read(&lines);
    let mut chosen: Vec<(Place, Candidate)> = Vec::new();
    for heading in &structure.headings {
        let candidate = Candidate::Heading(heading.label.clone());
        chosen.push((Place { line: heading.line, segment: 0 }, candidate));
    }
    structure.questions.iter().for_each(|question| note(question, 0, &mut chosen));
    let (mut candidates, mut found) = (Vec::new(), Vec::new());
    for (n, line) in lines.iter().enumerate() {
        for (s, segment) in line.segments.iter().enumerate() {
            let here = chosen.iter().filter(|(at, _)| *at == Place { line: n, segment: s });
            let here: Vec<Candidate> = here.map(|(_, candidate)| candidate.clone()).collect();
            let text = || labels::at_start(&segment.text).into_iter().next().map(|(label, _)| label.printed);
            let what = if here.is_empty() { text().map(Candidate::Text).into_iter().collect() } else { here };
            candidates.extend(what.into_iter().map(|what| seen(line, segment.x, what)));
            let marks = marks::take(&segment.text, s > 0).marks;
            found.extend(marks.into_iter().map(|marks| seen(line, segment.right, marks)));
        }
    }
    Trace { lines: signs.spelled(&lines), candidates, marks: found }
}

fn seen<T>(line: &Line, x: f32, what: T) -> Seen<T> {
    Seen { page: line.page, x, top: line.top, bottom: line.bottom, what }
}

fn note(node: &Node, depth: usize, out: &mut Vec<(Place, Candidate)>) {
    out.push((node.at, Candidate::Label { printed: node.label.printed.clone(), depth }));
    node.children.iter().for_each(|child| note(child, depth + 1, out));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_what_only_looks_like_one() {
        let rows =
            ["SECTION A", "1. Name two metals. (2 marks)", "(a) the red one", "(b) the other", "2. Why? (3 marks)"];
        let trace = trace(&[crate::testing::typed(&rows)]);
        let label = |printed: &str, depth| Candidate::Label { printed: printed.to_owned(), depth };
        let expected =
            [Candidate::Heading("A".to_owned()), label("1.", 0), label("(a)", 1), label("(b)", 1), label("2.", 0)];
        assert_eq!(trace.candidates.iter().map(|seen| seen.what.clone()).collect::<Vec<_>>(), expected);
        assert_eq!(trace.marks.iter().map(|seen| seen.what).collect::<Vec<_>>(), [2.0, 3.0]);
        assert_eq!(trace.lines.len(), 5);
    }
}
