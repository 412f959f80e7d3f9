//! Formulae of spreadsheets: `=SUM(A1:A3)` is `=A1+A2+A3`, and a range is no list of its ends.

use crate::reason::{Judgement, Note};

/// A cell by its column and row.
type Cell = (u32, u32);

/// What a formula works out, as far as it is told apart from others.
#[derive(PartialEq)]
enum Formula {
    /// The sum of these cells, divided by so many.
    Sum(Vec<Cell>, usize),
    /// Any other, in capitals without spaces.
    Other(String),
}

/// How far an answer is the formula of a key; `None` where the key is none.
pub fn judge(form: &str, answer: &str) -> Option<Judgement> {
    let body = form.trim().strip_prefix('=').filter(|body| has_cell(body))?;
    let given = answer.trim();
    let (bare, note) = match given.strip_prefix('=') {
        Some(bare) => (bare, Note::Wrong),
        // Without its sign it is text.
        None => (given, Note::Unknown),
    };
    let same = bare.len() < given.len() && read(body) == read(bare);
    Some(if same { Judgement::right(Note::OtherForm) } else { Judgement::wrong(note) })
}

fn has_cell(body: &str) -> bool {
    body.split(|c: char| !c.is_ascii_alphanumeric() && c != '$').any(|part| cell(part).is_some())
}

fn read(body: &str) -> Formula {
    let plain: String = body.chars().filter(|c| !c.is_whitespace() && *c != '$').flat_map(char::to_uppercase).collect();
    let plain = plain.replace(';', ",");
    let (sum, divisor) = match plain.rsplit_once('/') {
        Some((sum, divisor)) => (sum, divisor.parse().ok()),
        None => (&*plain, Some(1)),
    };
    let inside = |name: &str| sum.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let cells = match (inside("SUM"), inside("AVERAGE"), inside("")) {
        (Some(list), _, _) => all(list, ','),
        (_, Some(list), _) => all(list, ',').filter(|_| divisor == Some(1)),
        (_, _, Some(chain)) => all(chain, '+'),
        _ => all(sum, '+').filter(|cells| cells.len() < 2 || divisor == Some(1)),
    };
    let count = |cells: &Vec<Cell>| if inside("AVERAGE").is_some() { Some(cells.len()) } else { divisor };
    match cells.and_then(|cells| Some((count(&cells)?, cells))) {
        Some((divisor, mut cells)) => {
            cells.sort_unstable();
            Formula::Sum(cells, divisor)
        }
        None => Formula::Other(plain),
    }
}

/// The cells of a list of cells and ranges.
fn all(list: &str, divider: char) -> Option<Vec<Cell>> {
    const MOST: u32 = 400;
    let mut cells = Vec::new();
    for part in list.split(divider) {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        let ((left, top), (right, bottom)) = (cell(first)?, cell(last)?);
        (left <= right && top <= bottom && (right - left) * (bottom - top) < MOST && bottom - top < MOST)
            .then_some(())?;
        cells.extend((left..=right).flat_map(|column| (top..=bottom).map(move |row| (column, row))));
    }
    Some(cells)
}

/// `B12`
fn cell(text: &str) -> Option<Cell> {
    let text = text.replace('$', "");
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = text.split_at(digits);
    let is_column = (1..=2).contains(&column.len()) && column.bytes().all(|b| b.is_ascii_alphabetic());
    let number = |sum: u32, b: u8| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A' + 1);
    let row = row.parse().ok().filter(|row| (1..10_000).contains(row))?;
    is_column.then(|| (column.bytes().fold(0, number), row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_same_however_they_are_written() {
        let same = |a: &str, b: &str| judge(a, b).unwrap().is_right();
        for (form, answer, right) in [
            ("=SUM(A1:A3)", "=a1+a2+a3", true),
            ("=SUM(A1:A3)", "=SUM(A1;A2;A3)", true),
            ("=SUM(A1:A3)", "=SUM(A1,A3)", false),
            ("=A1*B1", "=A1 * B1", true),
            ("=A1*B1", "=A1+B1", false),
            ("=AVERAGE(A1:A2)", "=(A1+A2)/2", true),
            ("=AVERAGE(A1:A2)", "=SUM(A1:A2)/2", true),
            ("=AVERAGE(A1:A2)", "=A1+A2/2", false),
            ("=AVERAGE(A1:A2)", "=SUM(A1:A2)", false),
            ("=SUM(A1:A3)", "SUM(A1:A3)", false),
        ] {
            assert_eq!(same(form, answer), right, "{form} {answer}");
        }
        assert!(judge("= 3x + 1", "= 3x + 1").is_none());
    }
}
