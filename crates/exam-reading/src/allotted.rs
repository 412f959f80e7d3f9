//! Marks that a table behind the questions gives to each of them, `1. 10 | 2. 15`, or labels over numbers.

use std::ops::Range;

use exam_model::labels;
use exam_model::question::Question;

use crate::lines::{Line, Segment};
use crate::words;

/// So many labels with marks make such a table.
const FEWEST: usize = 3;

/// A table of marks: what each path is worth, and all of them.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    /// The lines of its heading and its rows.
    pub lines: Range<usize>,
    marks: Vec<(String, f64)>,
    pub total: Option<f64>,
}

/// Finds the table below its heading, behind the questions.
pub fn table(lines: &[Line]) -> Option<Table> {
    let line = lines.iter().rposition(|line| words::ALLOTMENT.has(&crate::scheme::heading(line)))?;
    let labelled = |line: &&Line| !labels::at_start(&line.text()).is_empty();
    if lines[..line].iter().filter(labelled).count() < FEWEST {
        return None;
    }
    let mut table = Table { lines: line..line + 1, ..Table::default() };
    let mut section = String::new();
    let rows = &lines[line + 1..];
    for (n, row) in rows.iter().enumerate() {
        let number = |segment: &Segment| segment.text.trim().parse::<f64>().ok();
        let Some(first) = row.segments.first() else { continue };
        let before = table.marks.len();
        if first.text.trim().eq_ignore_ascii_case("total") {
            table.total = row.segments.last().and_then(number);
            table.lines.end = line + n + 2;
            break;
        }
        let name = first.text.trim().to_lowercase();
        let is_section = labels::roman(&name).is_some() || name.len() == 1 && name.starts_with(char::is_alphabetic);
        if is_section {
            section = format!("{name}.");
        }
        for segment in &row.segments[usize::from(is_section)..] {
            let (label, beside) = segment.text.trim().split_once(' ').unwrap_or((segment.text.trim(), ""));
            let below = || {
                let cells = &rows.get(n + 1)?.segments;
                cells.iter().find(|cell| cell.x < segment.right + 8.0 && cell.right > segment.x - 8.0).and_then(number)
            };
            let worth = if beside.is_empty() { below() } else { beside.trim().parse().ok() };
            let path = label.strip_suffix(['.', ')']).filter(|path| {
                path.starts_with(|c: char| c.is_ascii_digit())
                    && path.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
            });
            if let (Some(path), Some(worth)) = (path, worth) {
                table.marks.push((format!("{section}{path}"), worth));
            }
        }
        let numbers = row.segments.iter().all(|segment| number(segment).is_some());
        if table.marks.len() > before || numbers {
            table.lines.end = line + n + 2;
        } else if !table.marks.is_empty() {
            break;
        }
    }
    (table.marks.len() >= FEWEST).then_some(table)
}

impl Table {
    /// Gives their marks to the questions that print none.
    pub fn give(&self, questions: &mut [Question]) {
        for question in questions {
            let worth = self.marks.iter().find(|(path, _)| *path == question.path).map(|(_, marks)| *marks);
            if !question.has_marks() {
                question.marks = worth;
            }
            self.give(&mut question.parts);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_table_behind_the_questions_gives_marks() {
        let questions =
            ["GRUPO I", "1. Indique o metal.", "2. Refira o gás.", "GRUPO II", "1. Explique.", "1.1. Defina."];
        let beside =
            ["COTAÇÕES", "I       1. 10     2. 15      25", "II      1.1. 20              20", "TOTAL        45"];
        let below = [
            "COTAÇÕES",
            "I       1.        2.         25",
            "        10        15",
            "II      1.1.                 20",
            "        20",
            "TOTAL                        45",
        ];
        for table in [&beside[..], &below[..]] {
            let rows = [&questions[..], table].concat();
            let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
            let leaves = paper.questions.iter().flat_map(|question| question.leaves());
            let read: Vec<_> = leaves.map(|leaf| (leaf.path.as_str(), leaf.marks)).collect();
            assert_eq!(read, [("i.1", Some(10.0)), ("i.2", Some(15.0)), ("ii.1.1", Some(20.0))]);
            assert_eq!(paper.cover.total, Some(45.0));
        }
    }

    #[test]
    fn a_table_before_the_questions_takes_none_of_them_away() {
        let table = ["BAREME", "1. 20     2. 30     3. 50", "1. Explain it.", "2. Name it.", "3. Define it."];
        let paper = crate::read_paper(&[crate::testing::typed(&table)]);
        assert_eq!(paper.questions.iter().map(|question| question.path.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
        let behind = ["1. Explain it.", "2. Name it.", "3. Say why.", "MARK ALLOCATION", "1. 20     2. 30     3. 50"];
        let rows = [&behind[..], &["ANSWERS", "1. Gas", "2. Iron", "3. Heat"]].concat();
        let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
        let keys: Vec<_> = paper.questions.iter().filter_map(|question| question.key.as_ref()).collect();
        assert_eq!(keys.len(), 3, "{:?}", paper.questions);
    }
}
