//! For tests that throw papers together.

use crate::text::{Char, PageText};

/// What labels, marks, blanks and options are made of.
pub const PIECES: [&str; 50] = [
    "1.",
    "2.",
    "3.",
    "1",
    "2",
    "12",
    "(a)",
    "(b)",
    "(c)",
    "a)",
    "i)",
    "(i)",
    "(ii)",
    "ii.",
    "A",
    "B",
    "C)",
    "A.",
    "1.1",
    "1.2",
    "1.1.2",
    "•",
    "☐",
    "(2 marks)",
    "[3]",
    "(3",
    "marks)",
    "……",
    "____",
    "Section A",
    "SECTION B",
    "Question 2",
    "Match column A",
    "circle two",
    "Classify into two groups:",
    "label the parts A to Z",
    "é",
    "½",
    "→ 𝑥",
    "X",
    "[Total: 7]",
    "INSTRUCTIONS",
    "Answer any two questions in Section B",
    "Answers",
    "True",
    "False",
    "",
    " ",
    "\u{f0b7}",
    "Marking scheme",
];

/// A page with a row for each text, as a typewriter writes them: letters of 5 points, lines of 18.
pub fn typed(rows: &[&str]) -> PageText {
    let char = |n: usize, m: usize, c: char| Char {
        text: c.to_string(),
        x: 60.0 + 5.0 * m as f32,
        baseline: 80.0 + 18.0 * n as f32,
        width: 5.0,
        size: 10.0,
        bold: false,
        coloured: false,
    };
    let row = |(n, row): (usize, &&str)| -> Vec<Char> { row.chars().enumerate().map(|(m, c)| char(n, m, c)).collect() };
    let chars = rows.iter().enumerate().flat_map(row).collect();
    PageText { width: 595.0, height: 842.0, chars, ..PageText::default() }
}
