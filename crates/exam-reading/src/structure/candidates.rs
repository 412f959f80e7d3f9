//! Lines that may start questions, and the best sequence of them.

use std::collections::{HashMap, HashSet};

use exam_model::labels::{self, Frame, Label, Numbering};

use super::pieces::is_captions;
use super::{Heading, marks, words};
use crate::lines::Line;

/// A line that may be a question's start.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub line: usize,
    pub label: Label,
    /// From its column's left edge.
    pub indent: f32,
    pub own: f32,
    /// How many section headings stand before it.
    pub sections: usize,
    /// Marks printed before it: those are of a question that came before.
    pub marks_before: usize,
    /// It stands among instructions.
    pub instructs: bool,
}

/// What starts again elsewhere in the same style, `1.` `2.` in each exercise, numbers parts rather than questions.
pub fn left_over(all: &[Candidate], chosen: &[Candidate]) -> f32 {
    let lines: HashSet<usize> = chosen.iter().map(|candidate| candidate.line).collect();
    let styles: HashSet<(Frame, &str)> = chosen.iter().map(|candidate| candidate.label.style()).collect();
    let indent = chosen.first().map_or(0.0, |first| first.indent);
    let alike = |other: &&Candidate| (other.indent - indent).abs() < 9.0 && styles.contains(&other.label.style());
    let left = all.iter().filter(alike).filter(|other| !lines.contains(&other.line) && !other.instructs).count();
    0.4 * left as f32
}

/// `Exercice 1 (8 points)` or `Exercice 1 : Les piles` numbers an exercise: what leaves it out numbers its parts.
pub fn titles_left(all: &[Candidate], chosen: &[Candidate], lines: &[Line]) -> f32 {
    let title = |candidate: &&Candidate| {
        let text = lines[candidate.line].text();
        let rest = text.get(candidate.label.printed.len()..).unwrap_or_default().trim_start();
        candidate.label.frame == Frame::Word
            && !candidate.instructs
            && (rest.is_empty()
                || rest.starts_with(['(', '[', ':', '–', '—'])
                || candidate.label.printed.ends_with(':'))
    };
    let left = |candidate: &&Candidate| !chosen.iter().any(|other| other.line == candidate.line);
    // `Question 1`, `Question 2`, `Question 1` below exercises number their parts.
    let mut last: HashMap<(Frame, &str), u32> = HashMap::new();
    let mut numbered_again: HashSet<(Frame, &str)> = HashSet::new();
    for Candidate { label, .. } in all {
        if last.insert(label.style(), label.value).is_some_and(|before| label.value <= before) {
            numbered_again.insert(label.style());
        }
    }
    chosen.iter().for_each(|candidate| _ = numbered_again.remove(&candidate.label.style()));
    let words = chosen.iter().all(|candidate| candidate.label.frame == Frame::Word);
    let within = |candidate: &&Candidate| words && numbered_again.contains(&candidate.label.style());
    // With marks it can be nothing else.
    let worth = |candidate: &Candidate| {
        let marked = !marks::take(&lines[candidate.line].text(), true).marks.is_empty();
        if marked { 6.0 } else { 2.5 }
    };
    all.iter().filter(title).filter(left).filter(|candidate| !within(candidate)).map(worth).sum()
}

pub fn candidates(lines: &[Line], headings: &[Heading], numbering: Numbering) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut sections = 0;
    let mut in_instructions = None;
    let mut ones = 0;
    let mut marks_before = 0;
    let marked: Vec<bool> = lines.iter().map(|line| !marks::take(&line.text(), true).marks.is_empty()).collect();
    let table = lines.iter().position(heads_table).filter(|table| table * 2 < lines.len()).unwrap_or_default();
    for (n, line) in lines.iter().enumerate() {
        let heading = headings.iter().any(|heading| heading.line == n);
        sections += usize::from(heading);
        let text = line.text();
        let lower = text.to_lowercase();
        if words::says(&lower, &words::INSTRUCTIONS) && line.segments.len() == 1 && text.len() < 60 {
            (in_instructions, ones) = (Some(line.page), 0);
        } else if in_instructions.is_some_and(|page| page != line.page) || heading && ones == 0 {
            in_instructions = None;
        }
        if heading || is_captions(line) || is_listed(lines, n) {
            continue;
        }
        let Some(first) = line.segments.first() else { continue };
        let marks_so_far = marks_before;
        marks_before += usize::from(marked[n]);
        // `A1` in section A
        let section = headings.iter().rfind(|heading| heading.line < n).map(|heading| heading.label.as_str());
        let lettered =
            labels::lettered(&first.text).filter(|_| section.is_some_and(|label| first.text.starts_with(label)));
        for (label, taken) in labels::at_start(&first.text).into_iter().chain(lettered) {
            if label.numbering != numbering || label.frame == Frame::Dotted {
                continue;
            }
            // A second 1 is the first question's.
            ones += u32::from(label.value == 1);
            if ones > 1 {
                in_instructions = None;
            }
            let rest = first.text[taken..].trim();
            let followed = !rest.is_empty() || line.segments.len() > 1;
            if label.frame == Frame::Bare && !is_bare_label(line, rest, numbering) {
                continue;
            }
            // `Question 1: A B C D` is a row of an answer sheet.
            let letters = || rest.split(' ').zip('A'..).all(|(word, letter)| word.chars().eq([letter]));
            if label.frame == Frame::Word && rest.len() > 1 && letters() {
                continue;
            }
            let near = n..lines.len().min(n + 14);
            let marked = near.into_iter().any(|other| marked[other] && lines[other].page <= line.page + 1);
            let mut own = 1.0 + if marked { 0.4 } else { 0.0 } + if first.bold { 0.1 } else { 0.0 };
            own -= if followed || label.frame == Frame::Word { 0.0 } else { 0.4 };
            // `Question 1` alone heads a question, below the instructions of its section.
            let headed = label.frame == Frame::Word && !followed;
            let instructs = (in_instructions.is_some() || n < table) && !headed;
            own -= if instructs { INSTRUCTS } else { 0.0 };
            own -= if label.frame == Frame::Bare { 0.2 } else { 0.0 };
            let indent = first.x - line.column.0;
            // Questions stand furthest out; a heading may stand in the middle.
            own += if label.frame == Frame::Word { 0.5 } else { -0.015 * indent.clamp(0.0, 40.0) };
            found.push(Candidate { line: n, label, indent, own, sections, marks_before: marks_so_far, instructs });
        }
    }
    trust_only_list(&mut found, lines);
    doubt_instructions(&mut found);
    found
}

/// `No | Questions | Marks`: the questions stand in the rows of a table, below it.
fn heads_table(line: &Line) -> bool {
    let cells: Vec<String> = line.segments.iter().map(|cell| cell.text.to_lowercase()).collect();
    let questions = |cell: &String| words::QUESTIONS.start(cell) && !cell.contains(' ');
    let marks = |cell: &String| words::MARKS_COLUMN.start(cell) || marks::is_word(cell.trim_end_matches('.'));
    // `Question | Marks` heads what each is worth.
    matches!(&cells[..], [_, asked, .., last] if questions(asked) && marks(last))
}

/// A line of a list of what the paper holds, `Exercise 1  8 points` over `Exercise 2  12 points`.
fn is_listed(lines: &[Line], n: usize) -> bool {
    const FEWEST: usize = 3;
    let number = |line: &Line| {
        // Most lines have no such label.
        let is_word = |(label, _): &(Label, usize)| label.frame == Frame::Word;
        line.segments.first().filter(|first| labels::at_start(&first.text).iter().any(is_word))?;
        let found = marks::take(&line.text(), true);
        let text = if found.marks.is_empty() { line.segments[0].text.clone() } else { found.text };
        let label = labels::at_start(&text).into_iter().find(|(label, _)| label.frame == Frame::Word);
        let (label, taken) = label.filter(|_| line.segments.len() == 2 || !found.marks.is_empty())?;
        text[taken..].trim().is_empty().then_some(label.value)
    };
    let Some(here) = number(&lines[n]) else { return false };
    let below = (here..).zip(&lines[n..]).take_while(|(value, line)| number(line) == Some(*value)).take(FEWEST);
    let above = (1..here).rev().zip(lines[..n].iter().rev()).take_while(|(value, line)| number(line) == Some(*value));
    below.count() + above.take(FEWEST).count() >= FEWEST
}

/// What costs a label that stands among instructions.
const INSTRUCTS: f32 = 2.2;

/// The only list below a heading of instructions are the questions, where something is asked or offered between its labels.
fn trust_only_list(found: &mut [Candidate], lines: &[Line]) {
    let ones = found.iter().filter(|candidate| candidate.label.value == 1).count();
    let among = || found.iter().filter(|candidate| candidate.instructs).map(|candidate| candidate.line);
    let Some((first, last)) = among().min().zip(among().max()) else { return };
    let asks = |line: &Line| {
        let option = |(label, _): &(Label, usize)| {
            label.numbering != Numbering::Number
                && matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Brackets)
        };
        let text = line.text();
        text.trim_end().ends_with('?') || labels::at_start(&text).iter().any(option)
    };
    let asking = lines[first..=last].iter().filter(|line| asks(line)).count();
    let count = among().count();
    if ones == 1 && count > 2 && asking * 2 >= count {
        for candidate in found.iter_mut().filter(|candidate| candidate.instructs) {
            candidate.instructs = false;
            candidate.own += INSTRUCTS;
        }
    }
}

/// "1 A school …", "3 a) …": a number in the margin, with a word or a label after it.
fn is_bare_label(line: &Line, rest: &str, numbering: Numbering) -> bool {
    let Some(first) = line.segments.first() else { return false };
    let labelled = |text: &str| {
        labels::at_start(text)
            .iter()
            .any(|(label, _)| !matches!(label.frame, Frame::Bare | Frame::Word) && label.numbering != numbering)
    };
    let capital = |text: &str| text.starts_with(|c: char| c.is_uppercase() || c == '(' || c == '“');
    let starts_well = |text: &str| capital(text) || labelled(text);
    // In bold at the edge, or in a box there, it may stand over its question.
    let boxed = first.x - line.column.0 < 12.0;
    let alone = rest.is_empty() && line.segments.len() == 1 && first.bold;
    let outermost = first.x - line.column.0 < 2.0;
    // `3 y is directly proportional to x.`
    let symbol = |text: &str| text.get(1..).is_some_and(|behind| behind.starts_with([' ', '(']));
    let symbolic = |text: &str| text.starts_with(|c: char| c.is_alphabetic()) && symbol(text);
    numbering == Numbering::Number
        && (line.segments.len() > 1 && starts_well(&line.segments[1].text)
            || starts_well(rest)
            || symbolic(rest) && outermost
            || alone && boxed)
}

/// What starts again without marks in between may be instructions, whatever their heading.
fn doubt_instructions(found: &mut [Candidate]) {
    for at in 0..found.len() {
        let (earlier, later) = found.split_at_mut(at + 1);
        let here = &mut earlier[at];
        let again = |other: &Candidate| {
            let before = |one: &Candidate| (one.sections, one.marks_before);
            other.label.value == 1 && before(other) == before(here) && other.label.style() == here.label.style()
        };
        if later.iter().any(again) {
            here.own -= 0.3;
        }
    }
}

/// A sequence of candidates.
pub struct Sequence {
    pub score: f32,
    pub chosen: Vec<Candidate>,
    /// Of each chosen one: how much better this sequence is than the best one without it.
    pub ahead: Vec<f32>,
}

/// A candidate that another may follow.
struct Follows {
    before: usize,
    after: usize,
    /// What it is worth that both are chosen, with the later one's own worth.
    worth: f32,
}

/// The best scoring sequence of candidates whose values go on by one: dynamic programming from the first candidate to the
/// last, and back again for what is lost without each of those chosen.
pub fn sequence(candidates: Vec<Candidate>) -> Sequence {
    let start = |candidate: &Candidate| {
        // To start with anything but 1 is odd.
        let late = 0.4 * candidate.marks_before.min(12) as f32;
        candidate.own - late - if candidate.label.value == 1 { 0.0 } else { 1.2 }
    };
    let starts: Vec<f32> = candidates.iter().map(start).collect();
    let pairs = pairs(&candidates);
    let mut scores = starts.clone();
    let mut before: Vec<Option<usize>> = vec![None; candidates.len()];
    for pair in &pairs {
        let score = scores[pair.before] + pair.worth;
        if score > scores[pair.after] {
            (scores[pair.after], before[pair.after]) = (score, Some(pair.before));
        }
    }
    let Some(last) = (0..candidates.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])) else {
        return Sequence { score: 0.0, chosen: Vec::new(), ahead: Vec::new() };
    };
    let mut places: Vec<usize> = std::iter::successors(Some(last), |&at| before[at]).collect();
    places.reverse();
    // What may still be gained after each.
    let mut gains = vec![0.0f32; candidates.len()];
    for pair in pairs.iter().rev() {
        gains[pair.before] = gains[pair.before].max(pair.worth + gains[pair.after]);
    }
    // Those that end before a chosen one, start behind it, or pass it over.
    let mut rivals = vec![f32::NEG_INFINITY; places.len()];
    for (rival, &place) in rivals.iter_mut().zip(&places) {
        let ended = scores[..place].iter().copied();
        let started = (place + 1..candidates.len()).map(|at| starts[at] + gains[at]);
        *rival = ended.chain(started).fold(f32::NEG_INFINITY, f32::max);
    }
    for pair in &pairs {
        let whole = scores[pair.before] + pair.worth + gains[pair.after];
        let passed = places.partition_point(|&at| at <= pair.before)..places.partition_point(|&at| at < pair.after);
        rivals[passed].iter_mut().for_each(|rival| *rival = rival.max(whole));
    }
    let ahead = rivals.iter().map(|rival| scores[last] - rival).collect();
    Sequence { score: scores[last], chosen: places.iter().map(|&at| candidates[at].clone()).collect(), ahead }
}

/// Which candidates may follow which, by the later one.
fn pairs(candidates: &[Candidate]) -> Vec<Follows> {
    /// Of candidates with one value, so many of the last are looked back at.
    const LOOK_BACK: usize = 24;
    /// What it costs to leave numbers out below another heading; three times as much below none.
    const LEAP: f32 = 0.8;
    let mut pairs = Vec::new();
    let mut by_value: HashMap<u32, Vec<usize>> = HashMap::new();
    for (after, candidate) in candidates.iter().enumerate() {
        let value = candidate.label.value;
        for step in 1..=3u32 {
            let Some(earlier) = value.checked_sub(step).and_then(|v| by_value.get(&v)) else { continue };
            for &before in earlier.iter().rev().take(LOOK_BACK) {
                let other = &candidates[before];
                if other.line < candidate.line {
                    let join = goes_on(other, candidate) - 0.9 * (step - 1) as f32;
                    pairs.push(Follows { before, after, worth: candidate.own + join });
                }
            }
        }
        // Numbers may go on from what stands elsewhere: another part of the paper, or pages left out.
        for before in (0..after).rev().take(LOOK_BACK) {
            let other = &candidates[before];
            if other.label.value + 3 < value && is_alike(other, candidate) {
                let leap = match other.sections < candidate.sections {
                    true => LEAP,
                    // `Problem 5` is hardly anything else.
                    false if candidate.label.frame == Frame::Word => 1.5 * LEAP,
                    false => 3.0 * LEAP,
                };
                pairs.push(Follows { before, after, worth: candidate.own - leap });
            }
        }
        if value <= 2 {
            // A new section starts again at 1; answers may leave the first out.
            let late = if value == 1 { 0.0 } else { 1.2 };
            for before in (0..after).rev().take(200) {
                let other = &candidates[before];
                let below = other.sections < candidate.sections && other.sections > 0;
                let apart = (other.indent - candidate.indent).abs();
                // A list may start further in than sentences that were numbered by hand.
                let framed = |label: &Label| matches!(label.frame, Frame::Stop | Frame::Bracket);
                let same = other.label.style() == candidate.label.style();
                if below && (same || framed(&other.label) && framed(&candidate.label)) && apart < 40.0 {
                    let moved = if is_alike(other, candidate) { 0.0 } else { 0.6 };
                    pairs.push(Follows { before, after, worth: candidate.own - late - moved });
                }
            }
        }
        by_value.entry(value).or_default().push(after);
    }
    pairs
}

/// They are written alike, as far in.
fn is_alike(one: &Candidate, other: &Candidate) -> bool {
    one.label.style() == other.label.style() && (one.indent - other.indent).abs() < 9.0
}

/// How well one label goes on from another in style and indent.
fn goes_on(other: &Candidate, candidate: &Candidate) -> f32 {
    let (style, before) = (candidate.label.style(), other.label.style());
    let change = match style == before {
        true => 0.3,
        // `q3 a b` is not the next of `Question 2`.
        false if style.0 == before.0 => -2.0,
        // Below `Q.2` numbers are those of options or parts.
        false if before.0 == Frame::Word => -2.0,
        false => -0.9,
    };
    let apart = (other.indent - candidate.indent).abs();
    let indented = match candidate.label.numbering {
        _ if apart < 9.0 => 0.4,
        // An option's letter further in is no question's.
        Numbering::UpperLetter | Numbering::LowerLetter if apart > 15.0 => -1.5,
        _ => -0.5,
    };
    change + indented
}
