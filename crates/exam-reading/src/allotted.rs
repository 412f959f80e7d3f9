//! Marks that a table gives to the questions, `1. 10 | 2. 15` below a heading behind them, or their numbers over or beside
//! their marks anywhere.

use std::ops::Range;

use exam_model::labels::{self, Frame};
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

/// Finds the table: below its heading, behind the questions, or by what stands over its columns or before its rows.
pub fn table(lines: &[Line]) -> Option<Table> {
    headed(lines).or_else(|| {
        let mut table = (0..lines.len()).find_map(|n| in_rows(lines, n).or_else(|| in_columns(lines, n)))?;
        // Before the questions it is of the cover, and no text of theirs.
        if table.lines.start * 2 < lines.len() {
            table.lines = 0..0;
        }
        Some(table)
    })
}

fn number(segment: &Segment) -> Option<f64> {
    segment.text.trim_matches([' ', '[', ']']).parse().ok()
}

/// The word that stands before a question's number, in a cell of its own.
fn names_questions(segment: &Segment) -> bool {
    let first = format!("{} 1", segment.text.trim_end_matches([':', ' ']));
    labels::at_start(&first).iter().any(|(label, taken)| label.frame == Frame::Word && *taken == first.len())
}

fn names_marks(segment: &Segment) -> bool {
    words::MARKS_COLUMN.start(&segment.text.to_lowercase())
}

/// `Question 1 2 3` over `Marks 10 15 20`; of a question's parts the letters stand between.
fn in_rows(lines: &[Line], at: usize) -> Option<Table> {
    /// Rows from the numbers to the marks.
    const ROWS: usize = 2;
    let [first, cells @ ..] = &lines[at].segments[..] else { return None };
    let numbered = (1..).zip(cells).take_while(|(n, cell)| number(cell) == Some(f64::from(*n))).count();
    if numbered < FEWEST || !names_questions(first) {
        return None;
    }
    let below = lines[at + 1..].iter().take(ROWS).position(|line| line.segments.first().is_some_and(names_marks))?;
    let middle = |cell: &Segment| (cell.x + cell.right) / 2.0;
    let nearest = |cells: &[(String, f32)], x: f32| {
        cells.iter().min_by(|a, b| (a.1 - x).abs().total_cmp(&(b.1 - x).abs())).map(|(label, at)| (label.clone(), *at))
    };
    let labels: Vec<(String, f32)> =
        cells[..numbered].iter().map(|cell| (cell.text.trim().to_owned(), middle(cell))).collect();
    // Each list of letters stands below the number in its middle.
    let lists = (below == 1).then(|| lines[at + 1].segments.chunk_by(|_, next| next.text.trim() != "a"));
    let lists = lists.into_iter().flatten().filter_map(|list| {
        let x = list.iter().map(middle).sum::<f32>() / list.len() as f32;
        let (above, _) = nearest(&labels, x)?;
        Some(list.iter().map(move |cell| (format!("{above}.{}", cell.text.trim()), middle(cell))))
    });
    let parts: Vec<(String, f32)> = lists.flatten().collect();
    let divided = |label: &str| parts.iter().any(|(part, _)| part.starts_with(&format!("{label}.")));
    let all: Vec<_> = labels.into_iter().filter(|(label, _)| !divided(label)).chain(parts.iter().cloned()).collect();
    let row = &lines[at + 1 + below].segments[1..];
    let worth = |cell: &Segment| {
        let (label, x) = nearest(&all, middle(cell))?;
        Some((label, number(cell)?)).filter(|_| (x - middle(cell)).abs() < 12.0)
    };
    let marks: Vec<(String, f64)> = row.iter().filter_map(worth).collect();
    let total = cells.get(numbered).filter(|cell| cell.text.trim().eq_ignore_ascii_case("total"));
    let told = |total: &Segment| row.iter().find(|cell| cell.x < total.right && cell.right > total.x).and_then(number);
    let total = total.and_then(told);
    (marks.len() >= FEWEST).then(|| Table { lines: at..at + below + 2, marks, total })
}

/// `Question | Marks` over `1 | 10`, `2 | 15`.
fn in_columns(lines: &[Line], at: usize) -> Option<Table> {
    let [first, second, ..] = &lines[at].segments[..] else { return None };
    if !names_questions(first) || !names_marks(second) {
        return None;
    }
    let row = |(n, line): (u32, &Line)| match &line.segments[..] {
        [label, worth, ..] if number(label) == Some(f64::from(n)) => Some((n.to_string(), number(worth)?)),
        _ => None,
    };
    let marks: Vec<(String, f64)> = (1..).zip(&lines[at + 1..]).map_while(row).collect();
    let end = at + 1 + marks.len();
    let total = lines.get(end).filter(|line| line.segments[0].text.trim_end_matches(':').eq_ignore_ascii_case("total"));
    let lines = at..end + usize::from(total.is_some());
    let total = total.and_then(|line| line.segments.get(1)).and_then(number);
    (marks.len() >= FEWEST).then_some(Table { lines, marks, total })
}

fn headed(lines: &[Line]) -> Option<Table> {
    let line = lines.iter().rposition(|line| words::ALLOTMENT.has(&crate::scheme::heading(line)))?;
    let labelled = |line: &&Line| !labels::at_start(&line.text()).is_empty();
    if lines[..line].iter().filter(labelled).count() < FEWEST {
        return None;
    }
    let mut table = Table { lines: line..line + 1, ..Table::default() };
    let mut section = String::new();
    let rows = &lines[line + 1..];
    for (n, row) in rows.iter().enumerate() {
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
    fn numbers_stand_over_or_beside_their_marks() {
        let over = ["Question    1     2     3     Total", "Marks       10    15    20    45", ""];
        let parts = [
            "Question    1         2         3",
            "                  a       b",
            "Marks       10    5       7     20",
            "",
        ];
        let beside =
            ["Question    Points    Score", "1           10", "2           15", "3           20", "Total       45"];
        let asked = ["1. Name it.", "2. Say it.", "a) Here.", "b) There.", "3. End it."];
        let read = |table: &[&str]| -> Vec<Option<f64>> {
            let rows = [table, &asked[..]].concat();
            let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
            questions.iter().flat_map(|question| question.items()).map(|item| item.marks).collect()
        };
        let whole = [Some(10.0), Some(15.0), None, None, Some(20.0)];
        assert_eq!((read(&over), read(&beside)), (whole.to_vec(), whole.to_vec()));
        assert_eq!(read(&parts), [Some(10.0), None, Some(5.0), Some(7.0), Some(20.0)]);
        assert_eq!(read(&["Question    1     2     3", "Answer      A     B     C"]), [None; 5]);
    }

    #[test]
    fn a_total_that_is_not_told_is_none_of_the_last_question() {
        let total = |cell: &str| {
            let marks = format!("Marks       10    15    20    {cell}");
            let table = ["Total: 60 marks", "Question    1     2     3     Total", &marks, ""];
            let rows = [&table[..], &["1. Name it.", "2. Say it.", "3. End it."]].concat();
            crate::read_paper(&[crate::testing::typed(&rows)]).cover.total
        };
        for (cell, told) in [("", 60.0), ("/60", 60.0), ("60 marks", 60.0), ("45", 45.0)] {
            assert_eq!(total(cell), Some(told), "{cell}");
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
