//! Marks that stand as bare numbers in the right margin, `State Ohm's law.        1`, and places to write in the left one.

use exam_model::labels::{self, Frame, Label, Numbering};

use crate::lines::{Line, Segment};
use crate::marks;

/// So many numbers in a margin are marks; fewer may be anything.
const FEWEST: usize = 3;
/// Right edges of one margin differ by less, in points.
const APART: f32 = 5.0;

/// Puts brackets around the marks of a margin, so that they are read as all others are: numbers that end at one place,
/// with hardly any other text there, and not row by row as the column of a table.
pub fn bracket(lines: &mut [Line]) {
    let numbers: Vec<(usize, f32, f32)> = lines
        .iter()
        .enumerate()
        .filter_map(|(n, line)| worth(line).map(|segment| (n, segment.x, segment.right)))
        .collect();
    // They end at one place, or start there in a column of a table.
    let level = |(x, right): (f32, f32), (at, edge): (f32, f32)| (right - edge).abs() < APART || (x - at).abs() < 1.0;
    let near = |at: f32, edge: f32| numbers.iter().filter(move |(_, x, right)| level((*x, *right), (at, edge)));
    let Some(&(_, at, edge)) = numbers.iter().max_by_key(|(_, at, edge)| near(*at, *edge).count()) else { return };
    let found: Vec<usize> = near(at, edge).map(|(n, ..)| *n).collect();
    // A sum, `3×1=3`, reaches out of the margin.
    let last = |n: usize| lines[n].segments.last().filter(|last| !last.text.contains('='));
    let Some(left) = found.iter().filter_map(|&n| Some(last(n)?.x)).min_by(f32::total_cmp) else { return };
    let first = found.first().copied().unwrap_or(lines.len());
    // Dots to write on reach into it.
    let is_text = |segment: &Segment| segment.text.contains(char::is_alphanumeric);
    let beside = |segment: &Segment| segment.right > left && segment.x < edge + APART && is_text(segment);
    let others = lines[first..].iter().filter(|line| worth(line).is_none() && line.segments.iter().any(beside)).count();
    // Rows of a table have no labels.
    let starts = |n: usize| lines[n].segments.first().is_some_and(|first| !labels::at_start(&first.text).is_empty());
    let in_rows = found.windows(2).filter(|pair| pair[1] == pair[0] + 1 && !starts(pair[1])).count();
    if found.len() < FEWEST || others > found.len() || in_rows * 2 > found.len() {
        return;
    }
    for line in lines[first..].iter_mut() {
        let in_margin = |last: &&mut Segment| level((last.x, last.right), (at, edge));
        let Some(segment) = line.segments.last_mut().filter(in_margin) else { continue };
        if let Some(marks) = number(&segment.text) {
            segment.text = format!("[{marks}]");
        } else if let Some((sentence, marks)) = segment.text.rsplit_once(' ')
            // A full last line leaves no gap before them.
            && sentence.ends_with(['.', '?', ':'])
            && is_sentence(sentence)
            && let Some(marks) = number(marks)
        {
            let marks = Segment { x: segment.right, text: format!("[{marks}]"), ..segment.clone() };
            segment.text.truncate(sentence.len());
            line.segments.push(marks);
        }
    }
}

/// Puts brackets of their own around marks that a paper counts in words of its own: `3 BE` at the right edge, `(10 scores)` or
/// `(1,5)` behind a sentence, where several of its lines end so.
pub fn bracket_counted(lines: &mut [Line]) {
    let ends: Vec<Option<(String, f64, usize)>> = lines.iter().map(counted).collect();
    for (n, end) in ends.iter().enumerate() {
        let Some((word, marks, at)) = end else { continue };
        let alike = ends.iter().flatten().filter(|(other, ..)| other == word).count();
        if alike < FEWEST {
            continue;
        }
        if let Some(last) = lines[n].segments.last_mut() {
            last.text.truncate(*at);
            last.text.push_str(&format!("[{marks} marks]"));
        }
    }
}

/// What the number at the end of a line counts, in which form, the number, and where it starts in the last segment.
fn counted(line: &Line) -> Option<(String, f64, usize)> {
    let last = line.segments.last()?;
    let text = last.text.trim_end();
    let inner = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let (before, at, inner) = match inner {
        Some((before, inner)) => (before, before.len(), inner),
        None if line.segments.len() > 1 => (line.segments[line.segments.len() - 2].text.as_str(), 0, text),
        None => return None,
    };
    let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.')).len();
    let word = inner[digits..].trim();
    let marks: f64 = inner[..digits].replace(',', ".").parse().ok().filter(|marks| (0.25..=50.0).contains(marks))?;
    // `Aufgabe 1      4 BE`
    let titled = labels::at_start(before)
        .iter()
        .any(|(label, taken)| label.frame == Frame::Word && before[*taken..].trim().is_empty());
    if !titled && !before.trim_end().ends_with(['.', '?', '!', ':', ';']) {
        return None;
    }
    let decimal = inner[..digits].contains(',') && matches!(marks.fract(), 0.0 | 0.25 | 0.5 | 0.75);
    let bracketed = at > 0;
    let counts = match word {
        "" => bracketed && decimal,
        _ => word.chars().count() > 1 && word.chars().all(char::is_alphabetic) && !UNITS.contains(&word),
    };
    let named = bracketed && !word.is_empty() || titled || is_sentence(before);
    (counts && named && !marks::is_word(word)).then(|| (format!("{bracketed} {word}"), marks, at))
}

/// Whether a text is more than a label or a name, `A.` or `Peter:`, and speaks of no point of the plane, `(2,5)`.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).collect();
    let of_plane = |word: &&str| {
        let word = word.to_lowercase();
        ["point", "vertex", "vertices", "coordinate", "sommet", "coordonn", "centre", "interval"]
            .iter()
            .any(|cue| word.starts_with(cue))
    };
    words.len() > 1 && !words.iter().any(of_plane)
}

/// What numbers count besides marks.
const UNITS: [&str; 24] = [
    "cm", "mm", "km", "kg", "mg", "ml", "cl", "dl", "min", "hours", "minutes", "seconds", "years", "days", "grams",
    "litres", "metres", "words", "lines", "lignes", "mots", "Frw", "FRW", "ans",
];

/// Puts marks that stand before a question's number, `2p 1  Name it.`, behind its first line: in brackets, or of one word, before
/// numbers that go on by one.
pub fn move_leading(lines: &mut [Line]) {
    move_bracketed(lines);
    move_slashed(lines);
    let found: Vec<(usize, String, u32, u32)> = lines
        .iter()
        .enumerate()
        .filter_map(|(n, line)| {
            leading(&line.segments.first()?.text).map(|(word, worth, label, _)| (n, word, worth, label))
        })
        .collect();
    let Some((_, word, ..)) = found.first().cloned() else { return };
    let same: Vec<_> = found.into_iter().filter(|(_, other, ..)| *other == word).collect();
    let on = same.windows(2).filter(|pair| pair[1].3 == pair[0].3 + 1).count();
    if same.len() < FEWEST || on * 10 < (same.len() - 1) * 8 {
        return;
    }
    for (n, _, worth, _) in same {
        let segments = &mut lines[n].segments;
        if let Some((.., taken)) = leading(&segments[0].text) {
            segments[0].text.replace_range(..taken, "");
        }
        mark_behind(&mut lines[n], worth);
    }
}

/// Puts marks with the place for those earned, `____/2 pt  Explain it`, behind the lines that they stand before.
fn move_slashed(lines: &mut [Line]) {
    let before = |line: &Line| {
        let text = &line.segments.first()?.text;
        let rest = text.trim_start_matches(['_', '.', '…', ' ']).strip_prefix('/')?.trim_start();
        let (worth, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (word, rest) = rest.trim_start().split_once(' ')?;
        Some((worth.parse::<u32>().ok()?, text.len() - rest.len()))
            .filter(|_| marks::is_word(word.trim_end_matches('.')))
    };
    let found: Vec<_> = lines.iter().enumerate().filter_map(|(n, line)| Some((n, before(line)?))).collect();
    for (n, (worth, taken)) in found.iter().filter(|_| found.len() > 1) {
        lines[*n].segments[0].text.replace_range(..*taken, "");
        mark_behind(&mut lines[*n], *worth);
    }
}

/// Writes marks at the right end of a line.
fn mark_behind(line: &mut Line, worth: impl std::fmt::Display) {
    if let Some(last) = line.segments.last().cloned() {
        let text = format!("[{worth} marks]");
        line.segments.push(Segment { x: last.right + 20.0, right: last.right + 60.0, text, ..last });
    }
}

/// Puts marks in brackets that stand in the margin before labels, `(2 pt)  (a) Name it`, `(10)  1. Find`, behind their lines.
fn move_bracketed(lines: &mut [Line]) {
    let before = |line: &Line| {
        let [first, second, ..] = &line.segments[..] else { return None };
        let found = marks::take(&first.text, true);
        let inner = first.text.trim_matches(['(', ')', '[', ']']);
        let named = inner.contains(char::is_alphabetic);
        let starts = |(label, _): &(Label, usize)| match label.frame {
            // `(2)  (a)` are labels both.
            Frame::Stop => named || label.numbering == Numbering::Number,
            Frame::Bracket | Frame::Brackets | Frame::Word => named,
            _ => false,
        };
        let labelled = labels::at_start(&second.text).iter().any(starts);
        (marks::are_all(&first.text) && labelled).then(|| found.marks.iter().sum::<f64>())
    };
    let found: Vec<(usize, f64)> = lines.iter().enumerate().filter_map(|(n, line)| Some((n, before(line)?))).collect();
    for (n, worth) in found.iter().filter(|_| found.len() > 1) {
        lines[*n].segments.remove(0);
        mark_behind(&mut lines[*n], worth);
    }
}

/// `2p 1`, `3 pt. 12 Name it`: the word, the marks, the number, and the bytes before it.
fn leading(text: &str) -> Option<(String, u32, u32, usize)> {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let first = digits(text);
    let worth = text[..first].parse().ok().filter(|worth| (1..=50).contains(worth))?;
    let rest = text[first..].trim_start();
    let (word, behind) = rest.split_once(' ')?;
    let word = word.trim_end_matches('.');
    let behind = behind.trim_start();
    let second = digits(behind);
    let label = behind[..second].parse().ok()?;
    let apart = behind[second..].is_empty() || behind[second..].starts_with([' ', '.', ')']);
    let counts =
        (1..=6).contains(&word.chars().count()) && word.chars().all(char::is_lowercase) && !UNITS.contains(&word);
    (counts && apart).then(|| (word.to_owned(), worth, label, text.len() - behind.len()))
}

/// Puts marks at the right edge, or before a number at the left one, `2p`, that are set a little higher or lower than their
/// question, in a smaller font, into its line.
pub fn join(lines: &mut Vec<Line>) {
    for n in (1..lines.len()).rev() {
        let (above, below) = (&lines[n - 1], &lines[n]);
        let overlap = above.bottom.min(below.bottom) - above.top.max(below.top);
        let level =
            above.page == below.page && overlap > 0.5 * (above.bottom - above.top).min(below.bottom - below.top);
        let behind = |one: &Line, other: &Line| {
            let [only] = &one.segments[..] else { return false };
            let found = marks::take(&only.text, true);
            !found.marks.is_empty()
                && found.text.is_empty()
                && other.segments.last().is_some_and(|last| last.right < only.x)
        };
        let before = |one: &Line, other: &Line| {
            let ([only], Some(first)) = (&one.segments[..], other.segments.first()) else { return false };
            only.right < first.x && leading(&format!("{} {}", only.text, first.text)).is_some()
        };
        let (from, to) = match (level && behind(above, below), level && behind(below, above)) {
            (true, _) => (n - 1, n),
            (_, true) => (n, n - 1),
            _ if level && before(above, below) => (n - 1, n),
            _ if level && before(below, above) => (n, n - 1),
            _ => continue,
        };
        let marks = lines[from].segments.clone();
        match (&marks[..], lines[to].segments.first_mut()) {
            ([only], Some(first)) if only.right < first.x => {
                (first.x, first.text) = (only.x, format!("{} {}", only.text, first.text));
            }
            _ => lines[to].segments.extend(marks),
        }
        lines.remove(from);
    }
}

/// Takes off what stands before a label: a place to write, `_____ 1. Bats are birds.`, `(   ) 2. They fly.`, or points.
pub fn uncover(lines: &mut [Line]) {
    // Brackets around nothing.
    let bracketed = |text: &str| {
        let inner = text.strip_prefix(['(', '['])?;
        let end = inner.find([')', ']'])?;
        inner[..end].chars().all(|c| matches!(c, '_' | '.' | '…' | ' ')).then_some(end + 2)
    };
    let is_place = |c: char| matches!(c, '_' | '.' | '…' | ' ');
    for line in lines {
        let beside = line.segments.get(1).map(|second| second.text.clone()).unwrap_or_default();
        let Some(first) = line.segments.first_mut() else { continue };
        let brackets = bracketed(&first.text);
        let rest = first.text[brackets.unwrap_or(0)..].trim_start_matches(is_place);
        let place = first.text.len() - rest.len();
        let short = place < 2 || place < 3 && !first.text.starts_with('_');
        let short = short && brackets.is_none();
        let starts = |text: &str| {
            let framed = |frame: Frame| matches!(frame, Frame::Stop | Frame::Bracket | Frame::Word);
            let words = |text: &str| text.trim_start().starts_with(char::is_alphabetic);
            labels::at_start(text).into_iter().any(|(label, taken)| framed(label.frame) && words(&text[taken..]))
        };
        // `•• Question 4`, whose points tell how hard it is.
        let bare = rest.trim_start_matches(['•', '⋆', '★', '*', ' ']);
        let worded = |(label, _): &(Label, usize)| label.frame == Frame::Word;
        if bare.len() < rest.len() && labels::at_start(bare).iter().any(worded) {
            first.text = bare.to_owned();
        } else if starts(rest) && !short {
            first.text = rest.to_owned();
        } else if rest.is_empty() && starts(&beside) && !short {
            line.segments.remove(0);
        }
    }
}

/// The last segment of a line, if it is a number that marks may be.
fn worth(line: &Line) -> Option<&Segment> {
    let segment = line.segments.last()?;
    let fits = number(&segment.text).is_some();
    let far = segment.right > (line.column.0 + line.column.1) / 2.0;
    (fits && far).then_some(segment)
}

/// `3`, and `2+1=3` or `3×1=3`, whose sign some fonts lose.
fn number(text: &str) -> Option<u32> {
    let (sum, marks) = text.rsplit_once('=').unwrap_or(("", text));
    let reckoned = sum.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '×' | 'x'));
    marks.trim().parse().ok().filter(|marks| reckoned && (1..=25).contains(marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[(&str, f32)]) -> Line {
        let segment = |&(text, x): &(&str, f32)| Segment {
            x,
            right: x + 5.0 * text.len() as f32,
            size: 10.0,
            bold: false,
            text: text.to_owned(),
        };
        Line { column: (60.0, 545.0), segments: cells.iter().map(segment).collect(), ..Line::default() }
    }

    #[test]
    fn marks_out_of_a_blank_may_stand_before_their_lines() {
        let rows = ["___ /2 pt Exercise 1", "Name it.", "•• Exercise 2", "___ /5 pt Say why.", "Exercise 3", "End it."];
        let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
        let read: Vec<_> = questions.iter().map(|question| (question.path.as_str(), question.marks)).collect();
        assert_eq!(read, [("1", Some(2.0)), ("2", Some(5.0)), ("3", None)]);
    }

    #[test]
    fn a_paper_may_count_marks_in_words_of_its_own() {
        let ends = |rows: [&[(&str, f32)]; 4]| {
            let mut lines: Vec<Line> = rows.iter().map(|cells| line(cells)).collect();
            bracket_counted(&mut lines);
            lines.iter().filter(|line| line.segments.last().is_some_and(|last| last.text.ends_with(" marks]"))).count()
        };
        let one = |text: &'static str| [(text, 60.0)];
        let stem = ("a) Berechnen Sie es.", 60.0);
        assert_eq!(ends([&[stem, ("3 BE", 500.0)], &[stem, ("4 BE", 500.0)], &[stem, ("2 BE", 500.0)], &[stem]]), 3);
        assert_eq!(
            ends([&one("Say it. (10 scores)"), &one("Do it. (8 scores)"), &one("Why? (2 scores)"), &one("End.")]),
            3
        );
        assert_eq!(
            ends([&one("Diga por quê. (1,0)"), &one("Indique dois. (1,5)"), &one("Faça isso. (2,0)"), &one("Fim.")]),
            3
        );
        assert_eq!(ends([&one("It is long. (10 cm)"), &one("So. (8 cm)"), &one("How? (2 cm)"), &one("End.")]), 0);
        assert_eq!(ends([&one("A. (1,0)"), &one("B. (1,5)"), &one("C. (2,0)"), &one("End.")]), 0);
        assert_eq!(
            ends([&one("The vertex is: (1,0)"), &one("The point is: (2,0)"), &one("Its centre: (3,5)"), &one("End.")]),
            0
        );
        let row = |name: &'static str, count: &'static str| [(name, 60.0), (count, 500.0)];
        assert_eq!(
            ends([&row("Peter:", "5 mangoes"), &row("Mary:", "7 mangoes"), &row("Mon.", "4 mangoes"), &one("End.")]),
            0
        );
        assert_eq!(
            ends([
                &[("Anna", 60.0), ("3 cats", 500.0)],
                &[("Ben", 60.0), ("2 cats", 500.0)],
                &[("Tom", 60.0), ("1 cats", 500.0)],
                &one("End.")
            ]),
            0
        );
    }

    #[test]
    fn marks_may_stand_before_the_number() {
        let mut lines = ["2p 1", "1p 2", "3p 3"].map(|start| line(&[(start, 30.0), ("Geef twee oorzaken.", 80.0)]));
        move_leading(&mut lines);
        let texts: Vec<&str> = lines[2].segments.iter().map(|segment| segment.text.as_str()).collect();
        assert_eq!(texts, ["3", "Geef twee oorzaken.", "[3 marks]"]);
        let mut lines = ["2 cm 1", "1 cm 2", "3 cm 3"].map(|start| line(&[(start, 30.0)]));
        move_leading(&mut lines);
        assert!(lines.iter().all(|line| line.segments.len() == 1));
    }

    #[test]
    fn a_place_to_write_before_a_label_is_taken_off() {
        for (text, rest) in [
            ("_____ 1. Bats are birds.", "1. Bats are birds."),
            ("(   ) 2. They fly.", "2. They fly."),
            ("( ) 3) They swim.", "3) They swim."),
            ("(…) 4. They run.", "4. They run."),
            ("(a) 5. They walk.", "(a) 5. They walk."),
            ("( ) is empty", "( ) is empty"),
        ] {
            let mut lines = [line(&[(text, 60.0)])];
            uncover(&mut lines);
            assert_eq!(lines[0].segments[0].text, rest);
        }
    }

    fn last(rows: &[&[(&str, f32)]]) -> Vec<String> {
        let mut lines: Vec<Line> = rows.iter().map(|cells| line(cells)).collect();
        bracket(&mut lines);
        lines.iter().map(|line| line.segments.last().unwrap().text.clone()).collect()
    }

    #[test]
    fn numbers_in_the_margin_are_marks() {
        let rows: &[&[(&str, f32)]] = &[
            &[("1. State Ohm's law.", 60.0), ("1", 540.0)],
            &[("2. Define resistivity", 60.0)],
            &[("and give its unit.", 70.0), ("2", 540.0)],
            &[("3. Derive the formula.", 60.0)],
            &[("12", 535.0)],
            &[("4. Name three of them, as the text that ends close to the margin does", 180.0)],
            &[("and give their units.", 70.0), ("3x1=3", 520.0)],
        ];
        assert_eq!(last(rows)[..5], ["[1]", "2. Define resistivity", "[2]", "3. Derive the formula.", "[12]"]);
        assert_eq!(last(rows)[6], "[3]");
        let from_one_place: &[&[(&str, f32)]] = &[
            &[("1. State Ohm's law.", 60.0), ("8", 520.0)],
            &[("2. Define resistivity", 60.0), ("12", 520.0)],
            &[("and give its unit.", 70.0)],
            &[("3. Derive the formula.", 60.0), ("20", 520.0)],
        ];
        assert_eq!(last(from_one_place), ["[8]", "[12]", "and give its unit.", "[20]"]);
    }

    #[test]
    fn lines_to_write_on_reach_into_the_margin() {
        let question = [("1. State Ohm's law.", 60.0), ("2", 540.0)];
        let dots = [("................................................", 300.0)];
        let rows: &[&[(&str, f32)]] = &[&question, &dots, &dots, &question, &dots, &dots, &question, &dots];
        assert_eq!(last(rows)[3], "[2]");
    }

    #[test]
    fn a_column_of_a_table_is_not() {
        let rows: &[&[(&str, f32)]] =
            &[&[("Monday", 60.0), ("4", 540.0)], &[("Tuesday", 60.0), ("9", 540.0)], &[("Friday", 60.0), ("2", 540.0)]];
        assert_eq!(last(rows), ["4", "9", "2"]);
    }

    #[test]
    fn marks_before_a_number_may_stand_a_little_higher() {
        let at = |baseline: f32, cells: &[(&str, f32)]| Line {
            page: 1,
            baseline,
            top: baseline - 8.0,
            bottom: baseline + 2.0,
            ..line(cells)
        };
        let mut lines = Vec::new();
        for (n, worth) in ["1p", "2p", "4p"].into_iter().enumerate() {
            let baseline = 100.0 + 40.0 * n as f32;
            lines.push(at(baseline, &[(worth, 64.0)]));
            let number = (n + 1).to_string();
            lines.push(at(baseline + 1.5, &[(&number, 97.0), ("Geef een oorzaak.", 130.0)]));
        }
        join(&mut lines);
        move_leading(&mut lines);
        let texts: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert_eq!(
            lines[2].segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(),
            ["3", "Geef een oorzaak.", "[4 marks]"]
        );
    }

    #[test]
    fn marks_in_brackets_may_stand_before_labels() {
        let moved = |rows: [&[(&str, f32)]; 2]| {
            let mut lines: Vec<Line> = rows.iter().map(|cells| line(cells)).collect();
            move_leading(&mut lines);
            lines[1].segments.iter().map(|segment| segment.text.clone()).collect::<Vec<_>>()
        };
        let row = |marks: &'static str, label: &'static str| [(marks, 40.0), (label, 90.0)];
        assert_eq!(
            moved([&row("(2 pt)", "(a) Say it."), &row("(3 pt)", "(b) Draw it.")]),
            ["(b) Draw it.", "[3 marks]"]
        );
        assert_eq!(moved([&row("(10)", "1. Say it."), &row("(5)", "2. Draw it.")]), ["2. Draw it.", "[5 marks]"]);
        assert_eq!(moved([&row("(1)", "(a) Say it."), &row("(2)", "(a) Draw it.")]), ["(2)", "(a) Draw it."]);
    }

    #[test]
    fn marks_behind_a_full_line_are_of_the_margin() {
        let mut lines = vec![
            line(&[("1. Name it.", 60.0), ("2", 540.0)]),
            line(&[("2. Name it.", 60.0)]),
            line(&[("3. Say why.", 60.0), ("1", 540.0)]),
            line(&[("4. Name it.", 60.0)]),
            line(&[("5. Say how.", 60.0), ("1", 540.0)]),
            line(&[("6. Say all that you know of the value of the stack of the list. 3", 220.0)]),
            line(&[("7. Say all that you know of the value of the stack of the lists", 220.0)]),
        ];
        for (n, right) in [(5, 545.0), (6, 545.0)] {
            lines[n].segments[0].right = right;
        }
        bracket(&mut lines);
        assert_eq!(lines[5].segments.last().map(|last| last.text.as_str()), Some("[3]"));
        assert_eq!(lines[6].segments.len(), 1);
    }

    #[test]
    fn a_title_may_have_marks_in_words_of_the_papers_own() {
        let mut lines = vec![
            line(&[("Aufgabe 1", 60.0), ("4 BE", 500.0)]),
            line(&[("Aufgabe 2", 60.0), ("6 BE", 500.0)]),
            line(&[("Aufgabe 3", 60.0), ("5 BE", 500.0)]),
        ];
        bracket_counted(&mut lines);
        assert_eq!(lines[1].segments[1].text, "[6 marks]");
    }
}
