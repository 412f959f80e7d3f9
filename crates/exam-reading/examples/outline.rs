//! Reads a paper from plain text, as if a typewriter had written it on a page, and prints its questions: `outline [FILE]`.

use exam_reading::text::{Char, PageText};
use exam_reading::{outline, read_paper};

const PAPER: &str = "\
INTEGRATED SCIENCE
Duration: 1 hour

SECTION A: Answer all questions (4 marks)

1. Which of these is a metal? (1 mark)
   A. wood
   B. iron
   C. water

2. Give three sources of light. (3 marks)

SECTION B: Answer any one question (10 marks)

3. (a) What is photosynthesis? (4 marks)
   (b) Explain why leaves are green. (6 marks)

4. Describe how a river is formed. (10 marks)
";

/// As many lines as fit a page.
const LINES: usize = 45;

fn main() -> std::io::Result<()> {
    let text = match std::env::args_os().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => PAPER.to_owned(),
    };
    let lines: Vec<&str> = text.lines().collect();
    let pages: Vec<PageText> = lines.chunks(LINES).map(page).collect();
    print!("{}", outline(&read_paper(&pages)));
    Ok(())
}

fn page(lines: &[&str]) -> PageText {
    let char = |line: usize, column: usize, c: char| Char {
        text: c.to_string(),
        x: 60.0 + 5.0 * column as f32,
        baseline: 60.0 + 17.0 * line as f32,
        width: 5.0,
        size: 10.0,
        bold: false,
        coloured: false,
    };
    let row = |(n, line): (usize, &&str)| -> Vec<Char> {
        line.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(|(m, c)| char(n, m, c)).collect()
    };
    PageText {
        width: 595.0,
        height: 842.0,
        chars: lines.iter().enumerate().flat_map(row).collect(),
        ..PageText::default()
    }
}
