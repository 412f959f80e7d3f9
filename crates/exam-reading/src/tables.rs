//! Questions in the rows of a table whose columns are the choices: `Question  Answer A  Answer B  Answer C`.

use exam_model::labels::{self, Frame};

use crate::lines::{Line, Segment};
use crate::{marks, words};

/// A column of choices: its letter, and where the middle of its heading is.
struct Column {
    letter: char,
    middle: f32,
}

/// Points between rows that are none of one table.
const APART: f32 = 60.0;

fn middle(segment: &Segment) -> f32 {
    (segment.x + segment.right) / 2.0
}

/// `Réponse A`, or `A` alone: its letter, and whether a word stands before it.
fn heading(segment: &Segment) -> Option<(char, bool)> {
    let lower = segment.text.trim().trim_end_matches([')', '.']).to_lowercase();
    let (word, letter) = lower.rsplit_once(' ').unwrap_or(("", &lower));
    let mut letters = letter.chars();
    let letter = letters.next().filter(|c| ('a'..='f').contains(c) && letters.next().is_none())?;
    (word.is_empty() || words::CHOICES_COLUMN.has(word.trim())).then(|| (letter.to_ascii_uppercase(), !word.is_empty()))
}

/// The columns that a line heads: from A on, the last of its cells, named so or beside one of questions.
fn columns(line: &Line, rows: &[Line]) -> Option<Vec<Column>> {
    let first = line.segments.iter().position(|segment| heading(segment).is_some_and(|(letter, _)| letter == 'A'))?;
    let cells = &line.segments[first..];
    let found: Vec<(char, bool)> = cells.iter().map(heading).collect::<Option<_>>()?;
    let in_order = ('A'..).zip(&found).all(|(letter, (found, _))| letter == *found);
    let beside = line.segments[..first].iter().any(|segment| {
        let lower = segment.text.to_lowercase();
        words::says(&lower, &words::QUESTIONS) || words::says(&lower, &words::LABELS_COLUMN)
    });
    // Over rows with numbers nothing else may be said.
    let numbered = |cell: &Segment| {
        let mut labels = labels::at_start(&cell.text).into_iter();
        labels.any(|(label, taken)| {
            matches!(label.frame, Frame::Stop | Frame::Bracket) && cell.text[taken..].trim().is_empty()
        })
    };
    let row = rows.first().filter(|row| first == 0 && row.segments.len() == found.len() + 1);
    let alone = row.and_then(|row| row.segments.first()).is_some_and(numbered);
    let named = found.iter().all(|(_, named)| *named) || beside || alone;
    let column =
        |(segment, (letter, _)): (&Segment, &(char, bool))| Column { letter: *letter, middle: middle(segment) };
    (in_order && named && found.len() > 2).then(|| cells.iter().zip(&found).map(column).collect())
}

/// The column under which a cell stands.
fn under(columns: &[Column], segment: &Segment) -> Option<usize> {
    let apart = columns[1].middle - columns[0].middle;
    columns.iter().position(|column| (column.middle - middle(segment)).abs() < apart / 2.0)
}

/// Puts the letters of their columns before the choices, behind the question's own words, so that they are read as all
/// others are.
pub fn label_choices(lines: &mut Vec<Line>) {
    let mut n = 0;
    while n < lines.len() {
        if let Some(columns) = columns(&lines[n], &lines[n + 1..]) {
            let end = n + 1 + rows(&lines[n..], &columns).len();
            let left = columns[0].middle - (columns[1].middle - columns[0].middle) / 2.0;
            let starts: Vec<usize> =
                (n + 1..end).filter(|&row| lines[row].x() < left && is_labelled(&lines[row])).collect();
            let ends = starts.iter().skip(1).copied().chain([end]);
            let whole = |(start, end): &(usize, usize)| {
                let cells = || lines[*start..*end].iter().flat_map(|line| &line.segments);
                (0..columns.len()).all(|column| cells().any(|cell| under(&columns, cell) == Some(column)))
            };
            // What is labelled below the table has no choices there.
            let found: Vec<(usize, usize)> = starts.iter().copied().zip(ends).take_while(whole).collect();
            if found.len() > 1 {
                found.iter().for_each(|&(start, end)| label(&mut lines[start..end], &columns));
                // `Q.1 | Questions | A | B | C | D` heads the parts of question 1.
                let number = own_number(&lines[n]);
                lines[n].segments.truncate(usize::from(number.is_some()));
                for &(start, _) in &found {
                    let cell = &mut lines[start].segments[0].text;
                    if let Ok(part) = cell.trim().parse::<u32>() {
                        *cell = number.map_or(format!("{part}."), |number| format!("{number}.{part}"));
                    }
                }
            }
        }
        n += 1;
    }
    lines.retain(|line| !line.segments.is_empty());
}

/// The number of the question that a line starts with, with nothing else in its cell.
fn own_number(line: &Line) -> Option<u32> {
    let cell = &line.segments.first()?.text;
    let alone = |(label, taken): &(labels::Label, usize)| {
        label.numbering == labels::Numbering::Number
            && matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Word)
            && cell[*taken..].trim().is_empty()
    };
    labels::at_start(cell).into_iter().find(alone).map(|(label, _)| label.value)
}

/// Puts questions that stand side by side in the cells of a table, each with its options below it, one below the other.
pub fn stack_cells(lines: &mut Vec<Line>) {
    let mut n = 0;
    while n < lines.len() {
        let end = beside(&lines[n]).map(|x| (x, cell_rows(&lines[n..], x)));
        let is_row = |(x, count): &(f32, usize)| both_offer(&lines[n..n + count], *x) || in_grid(lines, n, *count);
        if let Some((x, count)) = end.filter(is_row) {
            let (mut left, mut right) = (lines[n..n + count].to_vec(), lines[n..n + count].to_vec());
            let indent = lines[n].x() - lines[n].column.0;
            left.iter_mut().for_each(|line| line.segments.retain(|segment| segment.x < x));
            for line in &mut right {
                line.segments.retain(|segment| segment.x >= x);
                line.column.0 = x + LEVEL - indent;
            }
            let stacked: Vec<Line> = left.into_iter().chain(right).filter(|line| !line.segments.is_empty()).collect();
            let added = stacked.len();
            lines.splice(n..n + count, stacked);
            n += added;
        } else {
            n += 1;
        }
    }
}

/// Segments of one column of cells start within so many points.
const LEVEL: f32 = 4.0;

/// Where the second of two labels that follow one another starts, each before a question.
fn beside(line: &Line) -> Option<f32> {
    let [first, second] = &line.segments[..] else { return None };
    let asks = |(label, taken): &(labels::Label, usize), text: &str| {
        matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Brackets) && text[*taken..].trim().contains(' ')
    };
    let (left, right) = (labels::at_start(&first.text), labels::at_start(&second.text));
    let next = |(a, _): &(labels::Label, usize), (b, _): &(labels::Label, usize)| {
        a.style() == b.style() && a.numbering == b.numbering && b.value == a.value + 1
    };
    let left = left.iter().filter(|left| asks(left, &first.text));
    let fits = left.into_iter().any(|left| right.iter().any(|right| asks(right, &second.text) && next(left, right)));
    fits.then_some(second.x - LEVEL)
}

/// The rows that belong to two questions beside one another: until the next two, or a line that runs across.
fn cell_rows(lines: &[Line], x: f32) -> usize {
    let style = |line: &Line| {
        let label = labels::at_start(&line.segments.first()?.text).into_iter().next()?.0;
        Some((label.frame, label.numbering))
    };
    // What is labelled otherwise than the options is the next question.
    let offered = lines.get(1).and_then(style);
    let goes_on = |line: &Line| {
        let across = line.segments.iter().any(|segment| segment.x < x && segment.right > x);
        let placed = |segment: &Segment| segment.x < x + 3.0 * LEVEL || marks::are_all(&segment.text);
        let placed = line.segments.iter().all(placed);
        let next = style(line).is_some_and(|style| offered != Some(style));
        line.page == lines[0].page && beside(line).is_none() && !across && placed && !next
    };
    1 + lines[1..].iter().take_while(|line| goes_on(line)).count()
}

/// The next row, or the one before, holds the next two numbers in the same places: 1 and 2 over 3 and 4.
fn in_grid(lines: &[Line], n: usize, count: usize) -> bool {
    let level = |other: &Line| {
        let (Some(here), Some(there)) = (beside(&lines[n]), beside(other)) else { return false };
        (here - there).abs() < LEVEL && (lines[n].x() - other.x()).abs() < LEVEL
    };
    // Options have no place to write below them.
    let apart = lines.get(n + 1).is_none_or(|next| next.baseline - lines[n].baseline > APART / 2.0);
    if count < 2 && !apart || lines[n].segments[0].text.starts_with('(') {
        return false;
    }
    let pair = |other: &Line, step: i64| {
        level(other)
            && value_of(other).zip(value_of(&lines[n])).is_some_and(|(a, b)| i64::from(a) - i64::from(b) == step)
    };
    let next = lines.get(n + count).is_some_and(|line| pair(line, 2));
    // Those above are one below the other by now.
    let above = lines[..n].iter().rev().take(24).any(|line| {
        line.page <= lines[n].page
            && value_of(line).zip(value_of(&lines[n])).is_some_and(|(a, b)| a + 1 == b)
            && line.column.0 > lines[n].column.0 + 40.0
    });
    next || above
}

fn value_of(line: &Line) -> Option<u32> {
    let label = labels::at_start(&line.segments.first()?.text).into_iter().next()?.0;
    (label.numbering == labels::Numbering::Number).then_some(label.value)
}

/// Below both stand options with the same labels.
fn both_offer(rows: &[Line], x: f32) -> bool {
    let offered = |line: &&Line| {
        let label =
            |segment: &Segment| labels::at_start(&segment.text).into_iter().next().map(|(label, _)| label.printed);
        let [left, right] = &line.segments[..] else { return false };
        right.x >= x && label(left).is_some() && label(left) == label(right)
    };
    rows.iter().skip(1).filter(offered).count() > 1
}

/// Puts brackets around the letters that name the rows of a table, `a | It floats. | | `, so that they are read as labels.
pub fn bracket_letters(lines: &mut [Line]) {
    let roman = |line: &Line| match &line.segments[..] {
        [first, second, ..] if second.text.contains(' ') && !first.text.contains(char::is_uppercase) => {
            labels::roman(first.text.trim())
        }
        _ => None,
    };
    let letter = |line: &Line| match (&line.segments[..], line.segments.first()?.text.trim().as_bytes()) {
        ([_, second, ..], [letter @ b'a'..=b'h']) if second.text.contains(' ') => Some(*letter),
        _ => None,
    };
    let mut n = 0;
    while n < lines.len() {
        let letters = (b'a'..).zip(&lines[n..]).take_while(|(wanted, line)| letter(line) == Some(*wanted)).count();
        let romans = (1..).zip(&lines[n..]).take_while(|(wanted, line)| roman(line) == Some(*wanted)).count();
        let run = letters.max(romans);
        if run > 2 {
            lines[n..n + run].iter_mut().for_each(|line| {
                let first = &mut line.segments[0];
                first.text = format!("({})", first.text.trim());
            });
        }
        n += run.max(1);
    }
}

/// A number or a letter starts the line.
fn is_labelled(line: &Line) -> bool {
    let Some(first) = line.segments.first() else { return false };
    let alone = |taken: usize| first.text[taken..].trim().is_empty();
    labels::at_start(&first.text).iter().any(|(label, taken)| label.frame != Frame::Bare || alone(*taken))
}

/// The rows below a heading, as far as they go on without a line across the columns, the first of which has its middle there.
fn rows<'a>(lines: &'a [Line], columns: &[Column]) -> &'a [Line] {
    let (left, second) = (columns[0].middle, columns[1].middle);
    let goes_on = |pair: &[Line]| {
        let across = pair[1].segments.iter().any(|segment| {
            segment.x < left - 40.0 && segment.right > left || segment.x < left && segment.right > second
        });
        pair[1].page == pair[0].page && pair[1].baseline - pair[0].baseline < APART && !across
    };
    let count = lines.windows(2).take_while(|pair| goes_on(pair)).count();
    &lines[1..=count]
}

/// Gathers the cells of a row in its last line, each behind its column's letter.
fn label(row: &mut [Line], columns: &[Column]) {
    let mut choices: Vec<Option<Segment>> = columns.iter().map(|_| None).collect();
    for (n, line) in row.iter_mut().enumerate() {
        for (at, segment) in std::mem::take(&mut line.segments).into_iter().enumerate() {
            // The row's own label is no choice, however near the first column stands.
            match under(columns, &segment).filter(|_| (n, at) != (0, 0)) {
                Some(column) => match &mut choices[column] {
                    Some(choice) => choice.text = format!("{} {}", choice.text, segment.text),
                    empty => {
                        *empty =
                            Some(Segment { text: format!("{}) {}", columns[column].letter, segment.text), ..segment })
                    }
                },
                None => line.segments.push(segment),
            }
        }
    }
    if let Some(last) = row.last_mut() {
        last.segments.extend(choices.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use exam_model::question::Kind;

    #[test]
    fn columns_are_choices() {
        let rows = [
            "Exercice 1 (3 points)",
            "Une seule des trois réponses est exacte.",
            "     Questions                    Réponse A      Réponse B      Réponse C",
            "1.   Le double de sept vaut       neuf           quatorze       quarante",
            "                                                                et un",
            "2.   Un quart de huit vaut        deux           quatre         six",
            "3.   La somme de un et un         zéro           un             deux",
            "Exercice 2 (2 points)",
            "Tracer un cercle.",
        ];
        let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
        let parts = &paper.questions[0].parts;
        let options = |n: usize| parts[n].options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>();
        assert_eq!((parts.len(), parts[0].kind), (3, Kind::Single));
        assert_eq!(options(0), ["neuf", "quatorze", "quarante et un"]);
        assert_eq!(options(2), ["zéro", "un", "deux"]);
        assert_eq!(paper.questions[1].text, "Tracer un cercle.");
    }

    #[test]
    fn questions_may_stand_in_a_grid() {
        let rows = [
            "1. Work out 34 x 12.                  2. Write 4,709 in words.",
            "                     (3 marks)                               (2 marks)",
            "3. Simplify 7p - 3q.                  4. Find the next number in",
            "                     (3 marks)        the sequence 2, 3, 5.",
            "                                                             (4 marks)",
            "5. Solve 3y = 11.                     6. Change it to base ten.",
            "                     (1 mark)                                (5 marks)",
        ];
        let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
        let read: Vec<_> = questions.iter().map(|question| (question.path.as_str(), question.marks)).collect();
        let wanted = [3.0, 2.0, 3.0, 4.0, 1.0, 5.0].map(Some);
        assert_eq!(read, ["1", "2", "3", "4", "5", "6"].into_iter().zip(wanted).collect::<Vec<_>>());
    }

    #[test]
    fn bare_numbers_of_the_rows_of_a_table_of_choices_are_labels() {
        let rows = [
            "Exercise 1 (6 points)",
            "Questions of choice: one answer of three is right.",
            "      Question                      Answer A         Answer B         Answer C",
            "1     The unit of force is          watt             newton           joule",
            "2     Water freezes at              0 °C             4 °C             32 °C",
            "Exercise 2 (8 points)",
            "1. Define force.",
            "2. Define work.",
        ];
        let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
        let parts = &paper.questions[0].parts;
        let read: Vec<_> = parts.iter().map(|part| (part.path.as_str(), part.options.len())).collect();
        assert_eq!(read, [("1.1", 3), ("1.2", 3)]);
    }

    #[test]
    fn a_table_of_choices_may_be_the_parts_of_a_question() {
        let rows = [
            "Q.1      Questions                    A           B           C           D",
            "1     The unit of force is            1.5 N       newton      joule       watt",
            "2     Water freezes at                0 °C        4 °C        10 °C       32 °C",
            "3     The value of g is about         9.8 m       10 cm       1.6 m       5 cm",
            "      on the ground",
            "2. Define force. (2 marks)",
            "3. Define work. (2 marks)",
        ];
        let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
        let read: Vec<_> =
            paper.questions.iter().map(|question| (question.path.as_str(), question.parts.len())).collect();
        assert_eq!(read, [("1", 3), ("2", 0), ("3", 0)]);
        let options: Vec<_> = paper.questions[0].parts[2].options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(options, ["9.8 m", "10 cm", "1.6 m", "5 cm"]);
    }
}
