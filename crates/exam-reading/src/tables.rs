//! Questions in the rows of a table whose columns are the choices: `Question  Answer A  Answer B  Answer C`.

use exam_model::labels::{self, Frame};

use crate::lines::{Line, Segment};
use crate::words;

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
fn columns(line: &Line) -> Option<Vec<Column>> {
    let first = line.segments.iter().position(|segment| heading(segment).is_some_and(|(letter, _)| letter == 'A'))?;
    let cells = &line.segments[first..];
    let found: Vec<(char, bool)> = cells.iter().map(heading).collect::<Option<_>>()?;
    let in_order = ('A'..).zip(&found).all(|(letter, (found, _))| letter == *found);
    let beside = line.segments[..first].iter().any(|segment| {
        let lower = segment.text.to_lowercase();
        words::says(&lower, &words::QUESTIONS) || words::says(&lower, &words::LABELS_COLUMN)
    });
    let named = found.iter().all(|(_, named)| *named) || beside;
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
        if let Some(columns) = columns(&lines[n]) {
            let end = n + 1 + rows(&lines[n..], columns[0].middle).len();
            let starts: Vec<usize> = (n + 1..end).filter(|&row| is_labelled(&lines[row])).collect();
            let ends = starts.iter().skip(1).copied().chain([end]);
            let whole = |(start, end): &(usize, usize)| {
                let cells = || lines[*start..*end].iter().flat_map(|line| &line.segments);
                (0..columns.len()).all(|column| cells().any(|cell| under(&columns, cell) == Some(column)))
            };
            // What is labelled below the table has no choices there.
            let found: Vec<(usize, usize)> = starts.iter().copied().zip(ends).take_while(whole).collect();
            if found.len() > 1 {
                found.iter().for_each(|&(start, end)| label(&mut lines[start..end], &columns));
                lines[n].segments.clear();
            }
        }
        n += 1;
    }
    lines.retain(|line| !line.segments.is_empty());
}

/// A number or a letter starts the line.
fn is_labelled(line: &Line) -> bool {
    let Some(first) = line.segments.first() else { return false };
    let alone = |taken: usize| first.text[taken..].trim().is_empty();
    labels::at_start(&first.text).iter().any(|(label, taken)| label.frame != Frame::Bare || alone(*taken))
}

/// The rows below a heading, as far as they go on without a line across the columns, the first of which has its middle there.
fn rows(lines: &[Line], left: f32) -> &[Line] {
    let goes_on = |pair: &[Line]| {
        let across = pair[1].segments.iter().any(|segment| segment.x < left - 40.0 && segment.right > left);
        pair[1].page == pair[0].page && pair[1].baseline - pair[0].baseline < APART && !across
    };
    let count = lines.windows(2).take_while(|pair| goes_on(pair)).count();
    &lines[1..=count]
}

/// Gathers the cells of a row in its last line, each behind its column's letter.
fn label(row: &mut [Line], columns: &[Column]) {
    let mut choices: Vec<Option<Segment>> = columns.iter().map(|_| None).collect();
    for line in row.iter_mut() {
        for segment in std::mem::take(&mut line.segments) {
            match under(columns, &segment) {
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
}
