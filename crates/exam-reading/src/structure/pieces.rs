//! The pieces of a question's lines in the order in which their labels run: down columns or across.

use exam_model::labels::{self, Frame, Label, Numbering};

use super::Place;
use crate::lines::{Line, Segment};

/// A piece of text that may start with labels, in reading order.
#[derive(Clone)]
pub struct Piece {
    pub at: Place,
    /// From its column's left edge.
    pub indent: f32,
    pub text: String,
}

/// Nothing but labels of one kind side by side: captions of figures, or the examiner's grid.
pub fn is_captions(line: &Line) -> bool {
    let alone = |segment: &Segment| {
        labels::at_start(&segment.text)
            .last()
            .filter(|(_, taken)| segment.text[*taken..].trim().is_empty())
            .map(|(label, _)| (label.numbering, label.frame))
    };
    let kinds: Vec<_> = line.segments.iter().map(alone).collect();
    // Letters alone, two by two, may be options that are pictures.
    let bare = line.segments.iter().all(|segment| segment.text.len() == 1);
    kinds.len() > if bare { 2 } else { 1 } && kinds.iter().all(|kind| kind.is_some() && *kind == kinds[0])
}

/// Labelled cells of a line with the segments that go with each: `(a)  iron  (c)  zinc`.
fn cells(line: &Line) -> Vec<Vec<usize>> {
    let mut cells: Vec<Vec<usize>> = Vec::new();
    for (s, segment) in line.segments.iter().enumerate() {
        match cells.last_mut() {
            Some(cell) if labels::at_start(&segment.text).is_empty() => cell.push(s),
            _ => cells.push(vec![s]),
        }
    }
    cells
}

/// Lines of labelled columns that are put in order at once.
const MAX_COLUMN_LENGTH: usize = 40;

/// Two lines of options that go down two columns, `(1) age  (3) shape` over `(2) colour  (4) size`, divided before the
/// second column where the gap was too narrow for that.
fn columns_divided(lines: &[Line]) -> Vec<Line> {
    let label = |text: &str| labels::at_start(text).into_iter().next().map(|(label, _)| label);
    let first = |line: &Line| label(&line.segments.first()?.text);
    let framed = |label: &Label| matches!(label.frame, Frame::Bracket | Frame::Brackets | Frame::Stop);
    let mut out = lines.to_vec();
    for n in 1..lines.len() {
        let Some((above, below)) = first(&lines[n - 1]).zip(first(&lines[n])) else { continue };
        let next = |a: &Label, b: &Label, step: u32| a.style() == b.style() && b.value == a.value + step && framed(b);
        if !next(&above, &below, 1) {
            continue;
        }
        // Where the label two further on stands within the line's first segment, or that it starts the second.
        let inner = |line: &Line, from: &Label| {
            let text = &line.segments[0].text;
            let later = |rest: &str| label(rest).is_some_and(|other| next(from, &other, 2));
            let within = text.match_indices(' ').map(|(at, _)| at + 1).find(|&at| later(&text[at..]));
            let beside = line.segments.get(1).is_some_and(|second| later(&second.text));
            within.or(beside.then_some(text.len()))
        };
        let Some((upper, lower)) = inner(&lines[n - 1], &above).zip(inner(&lines[n], &below)) else { continue };
        for (line, at) in [(n - 1, upper), (n, lower)] {
            let whole = out[line].segments[0].clone();
            if at < whole.text.len() {
                let (before, behind) = whole.text.split_at(at);
                let x = whole.x + (whole.right - whole.x) * at as f32 / whole.text.len() as f32;
                let first = Segment { right: x, text: before.trim_end().to_owned(), ..whole.clone() };
                let second = Segment { x, text: behind.to_owned(), ..whole };
                out[line].segments.splice(0..1, [first, second]);
            }
        }
    }
    out
}

/// The segments of lines in the order in which labels run: where lines of several columns carry labels in each, those
/// that go down the columns are put in their order; those that go across are in it already.
pub fn pieces(lines: &[Line], offset: usize) -> Vec<Piece> {
    let lines = &columns_divided(lines)[..];
    let mut out: Vec<Piece> = Vec::new();
    let mut n = 0;
    while n < lines.len() {
        let piece = |n: usize, s: usize| {
            let (line, segment) = (&lines[n], &lines[n].segments[s]);
            Piece {
                at: Place { line: offset + n, segment: s },
                indent: segment.x - line.column.0,
                text: segment.text.clone(),
            }
        };
        if is_captions(&lines[n]) {
            // Joined to one piece behind a mark that no label starts with, so that it is text.
            let mut row = piece(n, 0);
            row.text = format!("\u{200b}{}", lines[n].text());
            out.push(row);
            n += 1;
            continue;
        }
        let mut end = n;
        while end < lines.len().min(n + MAX_COLUMN_LENGTH) && cells(&lines[end]).len() > 1 && !is_captions(&lines[end])
        {
            end += 1;
        }
        // A column may be longer than the others.
        let tail = usize::from(end > n && end < lines.len());
        let sorted =
            [end + tail, end].into_iter().find_map(|end| in_label_order(&lines[n..end]).map(|order| (end, order)));
        match sorted {
            Some((end, order)) => {
                out.extend(order.into_iter().map(|(m, s)| piece(n + m, s)));
                n = end;
            }
            None => {
                out.extend((0..lines[n].segments.len()).map(|s| piece(n, s)));
                n += 1;
            }
        }
    }
    let mut open: Option<Label> = None;
    out.into_iter().flat_map(|piece| split_options(piece, &mut open)).collect()
}

/// The label that a text starts with; else that of the first of options behind it: `It boils at A. 50 °C B. 100 °C`.
fn first_label(text: &str) -> Option<(usize, Label)> {
    let start = labels::at_start(text).pop().map(|(label, _)| (0, label));
    if start.as_ref().is_some_and(|(_, label)| label.numbering != Numbering::Number) {
        return start;
    }
    let firsts = text
        .match_indices([' '])
        .map(|(at, _)| at + 1)
        .filter(|&at| text[at..].starts_with(['A', 'a', '(', '[', 'А', 'а', 'Α', 'α']));
    let mut found = firsts.filter_map(|at| Some((at, labels::at_start(&text[at..]).into_iter().next()?.0)));
    let options = found.find(|(at, label)| {
        let framed = matches!(label.frame, Frame::Bracket | Frame::Brackets | Frame::Stop);
        let letters = label.printed.chars().find(|c| c.is_alphabetic()).and_then(labels::alphabet).unwrap_or_default();
        let next = |n: usize| {
            let letter = letters.chars().nth(n - 1)?;
            text[*at..].find(&format!(" {}", label.printed.replace(|c: char| c.is_alphabetic(), &letter.to_string())))
        };
        let in_order = next(2).is_some_and(|second| next(3).is_none_or(|third| third > second));
        // Small letters name many things: they are a list if all of four are there.
        let small = label.numbering == Numbering::LowerLetter && next(3).is_some() && next(3) < next(4);
        framed && label.value == 1 && in_order && (label.numbering == Numbering::UpperLetter || small)
    });
    options.or(start)
}

/// Whether a text with this label has at least the three after it as well: `1. 23 2. 44 3. 46 4. 48`, `A 1961 B 1962 C 1964 D 1977`.
fn is_run(text: &str, first: &Label) -> bool {
    const FEWEST: u32 = 4;
    let mut last = first.value;
    for (at, _) in text.match_indices(' ') {
        let next = |(label, _): &(Label, usize)| {
            label.frame == first.frame && label.numbering == first.numbering && label.value == last + 1
        };
        last += u32::from(labels::at_start(&text[at + 1..]).iter().any(next));
    }
    let kind = (first.frame, first.numbering);
    let told = matches!(
        kind,
        (Frame::Stop | Frame::Bracket | Frame::Brackets, Numbering::Number) | (Frame::Bare, Numbering::UpperLetter)
    );
    told && first.value == 1 && last >= FEWEST
}

/// Where a text without a label goes on with the options of the line above: `glass [E] gold` below `[C] iron [D]`.
fn next_label(text: &str, open: Option<&Label>) -> Option<(usize, Label)> {
    let open = open.filter(|label| label.frame == Frame::Brackets && label.numbering == Numbering::UpperLetter)?;
    let next = |label: &Label| label.style() == open.style() && label.value == open.value + 1;
    text.match_indices(' ').map(|(at, _)| at + 1).find_map(|at| {
        labels::at_start(&text[at..]).into_iter().find(|(label, _)| next(label)).map(|(label, _)| (at, label))
    })
}

/// `a) red   b) green   c) blue` in one segment: a piece for each. `open` is the last label of several in the piece before.
fn split_options(piece: Piece, open: &mut Option<Label>) -> Vec<Piece> {
    let mut cuts = vec![0];
    let first = first_label(&piece.text).or_else(|| next_label(&piece.text, open.as_ref()));
    *open = None;
    let Some((start, mut label)) = first else { return vec![piece] };
    let whole = is_run(&piece.text[start..], &label);
    if start > 0 {
        cuts.push(start);
    }
    for (at, _) in piece.text.match_indices(' ').filter(|(at, _)| *at >= start) {
        let rest = &piece.text[at + 1..];
        // The `b)` of `a) 2a(a + b)` closes a bracket.
        let from = cuts.last().map_or(0, |cut| cut + label_length(&piece.text[*cut..]));
        let before = piece.text.get(from..at).unwrap_or_default();
        let count = |brackets: &[char]| before.matches(brackets).count();
        // … but `]` may close the `(` of an interval.
        let open = count(&['(']) > count(&[')']) && count(&['(', '[']) > count(&[')', ']']);
        let next = labels::at_start(rest).into_iter().map(|(next, _)| next);
        let follows = |next: &Label| {
            let framed = matches!(next.frame, Frame::Bracket | Frame::Brackets | Frame::Stop);
            let same = next.frame == label.frame && next.numbering == label.numbering;
            // The last of bare letters: `D consumer E arbitrageur`; `B vitamin C` has a word's.
            let starts = rest[next.printed.len()..].trim_start().starts_with(char::is_uppercase);
            let bare =
                next.frame == Frame::Bare && next.numbering == Numbering::UpperLetter && (label.value > 2 || starts);
            let lettered = (framed || bare) && next.numbering != Numbering::Number;
            let closes = open && next.frame == Frame::Bracket;
            same && !closes && (lettered || whole) && next.value == label.value + 1
        };
        if let Some(next) = next.into_iter().find(follows) {
            label = next;
            cuts.push(at + 1);
        }
    }
    *open = Some(label).filter(|_| cuts.len() > 1);
    let ends = cuts.iter().skip(1).copied().chain([piece.text.len()]);
    let cut = |(start, end): (&usize, usize)| Piece {
        // Only the first starts where the segment does.
        at: Place { segment: piece.at.segment + usize::from(*start > 0), ..piece.at },
        indent: piece.indent + *start as f32,
        text: piece.text[*start..end].trim_end().to_owned(),
    };
    cuts.iter().zip(ends).map(cut).collect()
}

/// The bytes of the label at the start of a text.
fn label_length(text: &str) -> usize {
    labels::at_start(text).first().map_or(0, |(_, taken)| *taken)
}

/// Below `Ans` a printed computer-based test numbers its options, each behind a tick or a cross that may have been read as
/// letters: `X 1. Displacement`. Puts their labels in front, and leaves out what such a print says of the candidate.
pub fn numbered_below_ans(pieces: &mut Vec<Piece>) {
    let is_ans = |piece: &Piece| piece.text.trim() == "Ans" || piece.text.starts_with("Ans ");
    let Some(start) = pieces.iter().position(is_ans) else { return };
    let mut found: Vec<(usize, String)> = Vec::new();
    for (n, piece) in pieces.iter().enumerate().skip(start) {
        let text = piece.text.trim_start_matches("Ans").trim_start();
        if let Some(rest) = behind_number(&level(text), found.len() + 1) {
            found.push((n, format!("{}. {rest}", found.len() + 1)));
        }
    }
    const OF_CANDIDATE: [&str; 5] = ["Question ID", "Status", "Chosen Option", "Marks:", "ID "];
    let of_candidate = |piece: &Piece| OF_CANDIDATE.iter().any(|start| piece.text.trim_start().starts_with(start));
    if found.len() < 4
        && let Some(rows) = four_rows(&pieces[start..], of_candidate)
    {
        found = rows.into_iter().map(|(n, text)| (start + n, text)).collect();
    }
    if found.len() < 3 {
        return;
    }
    let ans = Piece { text: "Ans".to_owned(), ..pieces[start].clone() };
    for (n, text) in found {
        pieces[n].text = text;
    }
    pieces.retain(|piece| !is_ans(piece) && !of_candidate(piece));
    pieces.insert(start.min(pieces.len()), ans);
}

/// Just four rows from `Ans` on are its options, whatever became of their numbers: the first piece of each, and its text.
fn four_rows(pieces: &[Piece], of_candidate: impl Fn(&Piece) -> bool) -> Option<Vec<(usize, String)>> {
    let mut rows: Vec<(usize, String)> = Vec::new();
    let mut line = None;
    for (n, piece) in pieces.iter().enumerate().filter(|(_, piece)| !of_candidate(piece)) {
        let text = piece.text.trim_start_matches("Ans").trim();
        match rows.last_mut() {
            _ if text.is_empty() => {}
            Some((_, row)) if line == Some(piece.at.line) => row.extend([" ", text]),
            _ => rows.push((n, text.to_owned())),
        }
        line = Some(piece.at.line);
    }
    let option = |(n, (piece, text)): (usize, (usize, String))| {
        let text = level(text.trim_end_matches("Ans").trim_end());
        // A tick or a cross may have been read as a letter or two.
        let is_mark = |mark: &str| mark.chars().count() < 3 && !mark.starts_with(|c: char| c.is_ascii_digit());
        let rest = behind_number(&text, n + 1).map(str::trim_start).unwrap_or(&text);
        let rest = rest.split_once(' ').filter(|(mark, _)| is_mark(mark)).map_or(rest, |(_, rest)| rest);
        (piece, format!("{}. {rest}", n + 1))
    };
    (rows.len() == 4).then(|| rows.into_iter().enumerate().map(option).collect())
}

/// A text whose first characters are on the line, where those of a smaller font were taken for raised or lowered ones.
fn level(text: &str) -> String {
    const SHIFTED: [&str; 2] = ["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"];
    let digit = |c: char| SHIFTED.iter().find_map(|digits| digits.chars().position(|shifted| shifted == c));
    let plain = |(n, c): (usize, char)| match digit(c).filter(|_| n < 5) {
        Some(digit) => char::from(b'0' + digit as u8),
        None => c,
    };
    text.chars().enumerate().map(plain).collect()
}

/// What follows a number at the start of a text, or behind a few characters of a mark: `3.` in `“ 3. It is so`.
fn behind_number(text: &str, number: usize) -> Option<&str> {
    let number = number.to_string();
    text.match_indices(&number).map(|(at, _)| at).take_while(|&at| text[..at].chars().count() <= 4).find_map(|at| {
        let rest = &text[at + number.len()..];
        let marked = text[..at].chars().filter(|c| !c.is_whitespace()).count() <= 3 && !text[..at].contains(['(', '.']);
        let apart = rest.starts_with(['.', ')', ' ']) || rest.is_empty();
        (marked && apart).then(|| rest.trim_start_matches(['.', ')', ' ']))
    })
}

/// Options that are pictures leave letters alone in columns, among what the pictures say: they are put in order, last.
pub fn letters_last(pieces: &mut [Piece]) {
    let letter = |piece: &Piece| {
        let text = piece.text.as_bytes();
        (text.len() == 1 && (b'A'..=b'F').contains(&text[0])).then(|| u32::from(text[0] - b'A'))
    };
    let mut alone: Vec<(u32, f32, usize)> =
        pieces.iter().enumerate().filter_map(|(n, piece)| Some((letter(piece)?, piece.indent, n))).collect();
    let scattered = alone.windows(2).any(|pair| pair[1].0 != pair[0].0 + 1);
    alone.sort_by_key(|(value, _, n)| (*value, *n));
    let complete = alone.len() >= 4 && (0..).zip(&alone).all(|(n, (value, ..))| n == *value);
    // Down the first column, then the next: corners of a drawing stand otherwise.
    let below = |pair: &[(u32, f32, usize)]| (pair[1].1 - pair[0].1).abs() < 2.0 && pair[1].2 > pair[0].2;
    let in_columns = alone.windows(2).all(|pair| below(pair) || pair[1].1 > pair[0].1 + 20.0);
    let columns = 1 + alone.windows(2).filter(|pair| !below(pair)).count();
    if scattered && complete && in_columns && columns * 2 <= alone.len() {
        pieces.sort_by_key(|piece| letter(piece).map_or(0, |value| value + 1));
    }
}

/// The segments of lines by the labels of their cells, if those are one run of one numbering.
fn in_label_order(lines: &[Line]) -> Option<Vec<(usize, usize)>> {
    let cells: Vec<(usize, Vec<usize>)> =
        lines.iter().enumerate().flat_map(|(m, line)| cells(line).into_iter().map(move |cell| (m, cell))).collect();
    let labels: Vec<Vec<(Label, usize)>> =
        cells.iter().map(|(m, cell)| labels::at_start(&lines[*m].segments[cell[0]].text)).collect();
    labels.first()?.iter().find_map(|(first, _)| {
        let value = |found: &Vec<(Label, usize)>| {
            let above = |label: &Label| label.dotted_path().map(|(above, _)| above.to_owned());
            let same = |label: &Label| {
                label.numbering == first.numbering && label.frame == first.frame && above(label) == above(first)
            };
            found.iter().find(|(label, _)| same(label)).map(|(label, _)| label.value)
        };
        let mut order: Vec<(u32, &(usize, Vec<usize>))> = labels
            .iter()
            .zip(&cells)
            .map(|(found, cell)| value(found).map(|value| (value, cell)))
            .collect::<Option<_>>()?;
        order.sort_by_key(|(value, _)| *value);
        let run = order.len() > 2 && order.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1);
        run.then(|| order.iter().flat_map(|(_, (m, cell))| cell.iter().map(|&s| (*m, s))).collect())
    })
}
