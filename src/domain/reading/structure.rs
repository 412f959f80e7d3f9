//! Lines to a tree of labelled nodes. First the questions' numbers are chosen over the whole paper at once, as the best
//! scoring sequence of candidates; then, within each question, the parts' labels by what may follow what.

use std::collections::{HashMap, HashSet};

use super::labels::{self, Frame, Label, Numbering};
use super::lines::{Line, Segment};
use super::marks;

/// Where a piece of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index into the lines.
    pub line: usize,
    pub segment: usize,
}

/// A labelled stretch of the paper with what is labelled within it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub label: Label,
    pub at: Place,
    /// Pieces of its own text, without those of its children.
    pub text: Vec<(Place, String)>,
    pub children: Vec<Node>,
    /// The label stands out of order or twice.
    pub odd: bool,
    /// What looks like a label in its text, as printed.
    pub loose: Vec<String>,
    /// Of a question: by how much its parts fit better than in the next best reading of them.
    pub ahead: f32,
}

/// A section's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub label: String,
    pub line: usize,
    pub text: String,
}

/// The paper's structure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Structure {
    pub headings: Vec<Heading>,
    pub questions: Vec<Node>,
    /// The line on which the first question or its section's heading stands.
    pub start: usize,
    /// Numbers start again in each section.
    pub restarts: bool,
}

/// A line that may be a question's start.
#[derive(Debug, Clone)]
struct Candidate {
    line: usize,
    label: Label,
    /// From its column's left edge.
    indent: f32,
    own: f32,
    /// How many section headings stand before it.
    sections: usize,
    /// Marks printed before it: those are of a question that came before.
    marks_before: usize,
    /// It stands among instructions.
    instructs: bool,
}

/// Reads the structure of the lines.
pub fn read(lines: &[Line]) -> Structure {
    let headings: Vec<Heading> = lines
        .iter()
        .enumerate()
        .filter_map(|(n, line)| {
            let text = line.text();
            labels::section(&text).map(|(label, rest)| Heading { label, line: n, text: rest.to_owned() })
        })
        .collect();
    let orders = [Numbering::Number, Numbering::UpperLetter, Numbering::UpperRoman];
    let mut best: Option<(f32, Vec<Candidate>)> = None;
    for numbering in orders {
        let all = candidates(lines, &headings, numbering);
        let is_word = |candidate: &Candidate| candidate.label.frame == Frame::Word;
        let (words, others): (Vec<Candidate>, Vec<Candidate>) = all.iter().cloned().partition(is_word);
        for pool in [words, others, all.clone()] {
            let (score, chosen) = sequence(pool);
            // Letters may number the questions only of a paper that numbers none.
            let letters = if numbering == Numbering::Number { 0.0 } else { 2.0 };
            let worth = score - letters - left_over(&all, &chosen);
            if !chosen.is_empty() && best.as_ref().is_none_or(|(score, _)| worth > *score) {
                best = Some((worth, chosen));
            }
        }
    }
    let Some((_, chosen)) = best else {
        return Structure { start: lines.len(), ..Structure::default() };
    };
    let first = chosen[0].line;
    let opening = headings.iter().rposition(|heading| heading.line <= first);
    // Letters on a cover's list of sections are no headings: the last before the first question is the first.
    let headings: Vec<Heading> = headings.into_iter().skip(opening.unwrap_or(0)).collect();
    let start = headings.first().map_or(first, |heading| heading.line.min(first));
    let restarts = chosen.windows(2).any(|pair| pair[1].label.value <= pair[0].label.value);
    let mut questions = Vec::new();
    for (n, candidate) in chosen.iter().enumerate() {
        let next = chosen.get(n + 1).map_or(lines.len(), |next| next.line);
        let heading = headings.iter().map(|heading| heading.line).find(|&line| line > candidate.line);
        let end = heading.map_or(next, |line| line.min(next));
        questions.push(question(lines, candidate, end));
    }
    let bulleted = bulleted(lines, &headings, &questions);
    let restarts = restarts || !bulleted.is_empty();
    questions.extend(bulleted);
    questions.sort_by_key(|node: &Node| node.at);
    Structure { headings, questions, start, restarts }
}

/// Sections without labels whose bullets have blanks to fill: those count as numbered.
fn bulleted(lines: &[Line], headings: &[Heading], questions: &[Node]) -> Vec<Node> {
    let mut found = Vec::new();
    for (n, heading) in headings.iter().enumerate() {
        let section = heading.line + 1..headings.get(n + 1).map_or(lines.len(), |next| next.line);
        if questions.iter().any(|question| section.contains(&question.at.line)) {
            continue;
        }
        let bullet =
            |line: &Line| line.segments.first().and_then(|s| s.text.chars().next()).is_some_and(labels::is_bullet);
        let starts: Vec<usize> = section.clone().filter(|&n| bullet(&lines[n])).collect();
        let ends = starts.iter().skip(1).copied().chain([section.end]);
        let mut nodes: Vec<Node> = Vec::new();
        for ((value, &start), end) in (1..).zip(&starts).zip(ends) {
            let label = Label {
                numbering: Numbering::Number,
                frame: Frame::Bare,
                value,
                printed: "•".to_owned(),
                plain: value.to_string(),
            };
            let mut node = node(label, Place { line: start, segment: 0 }, false);
            for piece in pieces(&lines[start..end], start) {
                let first = piece.at == node.at;
                let text = if first { piece.text.trim_start_matches(labels::is_bullet) } else { &piece.text };
                if !text.trim().is_empty() {
                    node.text.push((piece.at, text.trim_start().to_owned()));
                }
            }
            nodes.push(node);
        }
        if nodes.iter().filter(|node| node.text.iter().any(|(_, text)| text.contains("____"))).count() * 2 > nodes.len()
        {
            found.extend(nodes);
        }
    }
    found
}

/// What starts again elsewhere in the same style, `1.` `2.` in each exercise, numbers parts rather than questions.
fn left_over(all: &[Candidate], chosen: &[Candidate]) -> f32 {
    let lines: HashSet<usize> = chosen.iter().map(|candidate| candidate.line).collect();
    let styles: HashSet<(Frame, &str)> = chosen.iter().map(|candidate| candidate.label.style()).collect();
    let indent = chosen.first().map_or(0.0, |first| first.indent);
    let alike = |other: &&Candidate| (other.indent - indent).abs() < 9.0 && styles.contains(&other.label.style());
    let left = all.iter().filter(alike).filter(|other| !lines.contains(&other.line) && !other.instructs).count();
    0.4 * left as f32
}

fn candidates(lines: &[Line], headings: &[Heading], numbering: Numbering) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut sections = 0;
    let mut in_instructions = None;
    let mut ones = 0;
    let mut marks_before = 0;
    let marked: Vec<bool> = lines.iter().map(|line| !marks::take(&line.text(), true).marks.is_empty()).collect();
    for (n, line) in lines.iter().enumerate() {
        let heading = headings.iter().any(|heading| heading.line == n);
        sections += usize::from(heading);
        let text = line.text();
        let lower = text.to_lowercase();
        if ["instruction", "amabwiriza", "consigne", "instruç"].iter().any(|word| lower.contains(word))
            && line.segments.len() == 1
            && text.len() < 60
        {
            (in_instructions, ones) = (Some(line.page), 0);
        } else if in_instructions.is_some_and(|page| page != line.page) || heading && ones == 0 {
            in_instructions = None;
        }
        if heading || is_captions(line) {
            continue;
        }
        let Some(first) = line.segments.first() else { continue };
        let marks_so_far = marks_before;
        marks_before += usize::from(marked[n]);
        for (label, taken) in labels::at_start(&first.text) {
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
            let plausible = match label.frame {
                Frame::Bare => {
                    // "1 A school …", "3 (a) …": a number in the margin, with a word or a label after it.
                    let starts_well = |text: &str| text.starts_with(|c: char| c.is_uppercase() || c == '(' || c == '“');
                    numbering == Numbering::Number
                        && (line.segments.len() > 1 && starts_well(&line.segments[1].text) || starts_well(rest))
                }
                _ => true,
            };
            if !plausible {
                continue;
            }
            let near = n..lines.len().min(n + 14);
            let marked = near.into_iter().any(|other| marked[other] && lines[other].page <= line.page + 1);
            let mut own = 1.0 + if marked { 0.4 } else { 0.0 } + if first.bold { 0.1 } else { 0.0 };
            own -= if followed || label.frame == Frame::Word { 0.0 } else { 0.4 };
            let instructs = in_instructions.is_some();
            own -= if instructs { 2.2 } else { 0.0 };
            own -= if label.frame == Frame::Bare { 0.2 } else { 0.0 };
            let indent = first.x - line.column.0;
            // Questions stand furthest out; a heading may stand in the middle.
            own += if label.frame == Frame::Word { 0.5 } else { -0.015 * indent.clamp(0.0, 40.0) };
            found.push(Candidate { line: n, label, indent, own, sections, marks_before: marks_so_far, instructs });
        }
    }
    found
}

/// The best scoring sequence of candidates whose values go on by one, with its score: dynamic programming from the
/// first candidate to the last.
fn sequence(candidates: Vec<Candidate>) -> (f32, Vec<Candidate>) {
    /// Of candidates with one value, so many of the last are looked back at.
    const LOOK_BACK: usize = 24;
    let mut scores: Vec<f32> = Vec::with_capacity(candidates.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(candidates.len());
    let mut by_value: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        let value = candidate.label.value;
        // To start with anything but 1 is odd.
        let late = 0.4 * candidate.marks_before.min(12) as f32;
        let mut best = (candidate.own - late - if value == 1 { 0.0 } else { 1.2 }, None);
        for step in 1..=3u32 {
            let Some(earlier) = value.checked_sub(step).and_then(|v| by_value.get(&v)) else { continue };
            for &j in earlier.iter().rev().take(LOOK_BACK) {
                let other = &candidates[j];
                let (style, before) = (candidate.label.style(), other.label.style());
                let change = match style == before {
                    true => 0.3,
                    // `q3 a b` is not the next of `Question 2`.
                    false if style.0 == before.0 => -2.0,
                    false => -0.9,
                };
                let apart = (other.indent - candidate.indent).abs();
                let indented = match candidate.label.numbering {
                    _ if apart < 9.0 => 0.4,
                    // An option's letter further in is no question's.
                    Numbering::UpperLetter | Numbering::LowerLetter if apart > 15.0 => -1.5,
                    _ => -0.5,
                };
                let join = change + indented - 0.9 * (step - 1) as f32;
                let score = scores[j] + candidate.own + join;
                if other.line < candidate.line && score > best.0 {
                    best = (score, Some(j));
                }
            }
        }
        if value == 1 {
            // A new section starts again at 1.
            for j in (0..i).rev().take(200) {
                let other = &candidates[j];
                let same =
                    other.label.style() == candidate.label.style() && (other.indent - candidate.indent).abs() < 9.0;
                if other.sections < candidate.sections && other.sections > 0 && same {
                    let score = scores[j] + candidate.own;
                    if score > best.0 {
                        best = (score, Some(j));
                    }
                }
            }
        }
        scores.push(best.0);
        before.push(best.1);
        by_value.entry(value).or_default().push(i);
    }
    let Some(last) = (0..candidates.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])) else {
        return (0.0, Vec::new());
    };
    let mut chosen = Vec::new();
    let mut at = Some(last);
    while let Some(i) = at {
        chosen.push(candidates[i].clone());
        at = before[i];
    }
    chosen.reverse();
    (scores[last], chosen)
}

/// A piece of text that may start with labels, in reading order.
struct Piece {
    at: Place,
    /// From its column's left edge.
    indent: f32,
    text: String,
}

/// A level of labels that is open while a question is read.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    numbering: Numbering,
    frame: Frame,
    value: u32,
    /// What a dotted label below it starts with.
    dotted: Option<String>,
    /// Unknown where its label stands behind another, `1. (a) …`.
    indent: Option<f32>,
    /// It started right behind its parent's label: it may be alone, `1. (a) …`.
    leads: bool,
    alone: bool,
    /// A list that does not start at its first label, as a word processor numbers it by mistake.
    odd: bool,
}

impl Level {
    fn of(label: &Label, indent: Option<f32>) -> Self {
        let &Label { numbering, frame, value, .. } = label;
        let dotted = label.dotted_path().map(|(_, whole)| whole.to_owned());
        Self { numbering, frame, value, dotted, indent, leads: false, alone: true, odd: false }
    }

    /// A level that ends with its first label is hardly one.
    fn closing_cost(&self) -> f32 {
        match (self.alone, self.leads) {
            (true, false) => 1.1,
            (true, true) => 0.2,
            _ => 0.0,
        }
    }
}

/// One label read.
struct Step {
    before: Option<usize>,
    piece: usize,
    label: Label,
    taken: usize,
    /// 1 for a part of the question itself.
    depth: usize,
    odd: bool,
}

/// One way to read the labels up to a piece.
#[derive(Clone)]
struct Reading {
    score: f32,
    /// The question's own label and what is open below it.
    levels: Vec<Level>,
    last: Option<usize>,
    /// By how much it was better than the closest other way to come to the same levels.
    ahead: f32,
}

/// So many ways to read are kept in mind.
const BEAM: usize = 32;
/// Levels below a question.
const DEEPEST: usize = 4;

/// A beam search over the ways in which a question's pieces can be labels or text.
struct Search<'a> {
    pieces: &'a [Piece],
    steps: Vec<Step>,
}

impl Search<'_> {
    /// The labels of the best way to read, in order, and by how much it is better than the next.
    fn best(mut self, root: Level) -> (Vec<Step>, f32) {
        let mut beam = vec![Reading { score: 0.0, levels: vec![root], last: None, ahead: f32::INFINITY }];
        for (n, piece) in self.pieces.iter().enumerate() {
            if labels::at_start(&piece.text).is_empty() {
                continue;
            }
            let mut next: Vec<Reading> = Vec::new();
            for reading in beam {
                self.expand(reading, n, 0, 0, &mut next);
            }
            next.sort_by(|a, b| b.score.total_cmp(&a.score));
            beam = Vec::with_capacity(BEAM);
            for reading in next {
                // Of those that agree on what is open the best is enough.
                match beam.iter().position(|kept| kept.levels == reading.levels) {
                    Some(n) => beam[n].ahead = beam[n].ahead.min(beam[n].score - reading.score),
                    None if beam.len() < BEAM => beam.push(reading),
                    None => {}
                }
            }
        }
        let end = |reading: &Reading| reading.score - closing(&reading.levels[1..]);
        beam.sort_by(|a, b| end(a).total_cmp(&end(b)));
        let Some(best) = beam.pop() else { return (Vec::new(), f32::INFINITY) };
        let ahead = beam.last().map_or(best.ahead, |second| best.ahead.min(end(&best) - end(second)));
        let mut at = best.last;
        let mut chosen = Vec::new();
        while let Some(n) = at {
            chosen.push(n);
            at = self.steps[n].before;
        }
        let mut steps: Vec<Option<Step>> = self.steps.into_iter().map(Some).collect();
        (chosen.into_iter().rev().filter_map(|n| steps[n].take()).collect(), ahead)
    }

    /// All ways to read a piece from a byte on, after so many labels in it: `(a) (i) …`.
    fn expand(&mut self, reading: Reading, n: usize, from: usize, labels_before: usize, out: &mut Vec<Reading>) {
        let pieces = self.pieces;
        let piece = &pieces[n];
        let text = &piece.text[from..];
        let found = if labels_before < 3 { labels::at_start(text) } else { Vec::new() };
        for (label, taken) in &found {
            // `A = 5` is code or a formula.
            if label.frame == Frame::Bare
                && text[*taken..].trim_start().starts_with(['=', '+', '<', '>', '←', '×', ':'])
            {
                continue;
            }
            // `(i) ………` is a place to write, `(3)` at the end of a line are marks.
            let marks = label.numbering == Numbering::Number && label.frame == Frame::Brackets;
            if is_blank_line(&text[*taken..]) || marks && piece.at.segment > 0 && text[*taken..].trim().is_empty() {
                continue;
            }
            for (depth, level, worth) in self.moves(&reading, label, n, labels_before > 0) {
                let mut levels = reading.levels[..depth].to_vec();
                let odd =
                    level.odd || levels.len() < reading.levels.len() && reading.levels[depth].value >= level.value;
                levels.push(level);
                let (before, label) = (reading.last, label.clone());
                self.steps.push(Step { before, piece: n, label, taken: from + taken, depth, odd });
                let (score, last) = (reading.score + worth, Some(self.steps.len() - 1));
                let next = Reading { score, levels, last, ..reading };
                self.expand(next, n, from + taken, labels_before + 1, out);
            }
        }
        let cost = found.iter().map(|(label, _)| cost_as_text(label, &reading.levels)).fold(0.0, f32::max);
        out.push(Reading { score: reading.score - cost, ..reading });
    }

    /// The levels at which a label may stand, with what is then open there and what that is worth.
    fn moves(&self, reading: &Reading, label: &Label, n: usize, beside_a_label: bool) -> Vec<(usize, Level, f32)> {
        let piece = &self.pieces[n];
        // The first piece stands behind the question's own label.
        let beside_a_label = beside_a_label || n == 0;
        let levels = &reading.levels;
        let here = Level::of(label, (!beside_a_label).then_some(piece.indent));
        let mut moves = Vec::new();
        for (depth, level) in levels.iter().enumerate().skip(1) {
            if label.dotted_path().is_some_and(|(above, _)| levels[depth - 1].dotted.as_deref() != Some(above)) {
                continue;
            }
            let framed_otherwise = level.frame != label.frame;
            let strict = |frame: Frame| matches!(frame, Frame::Bare | Frame::Dotted);
            let bare = strict(level.frame) || strict(label.frame);
            if level.numbering != label.numbering || framed_otherwise && bare {
                continue;
            }
            let apart = here.indent.zip(level.indent).map_or(0.0, |(here, before)| here - before);
            let across = piece.at.segment > 0 && apart > 0.0;
            let misplaced = match apart.abs() {
                ..6.0 => 0.0,
                // Roman numbers end, rather than start, in one line.
                ..12.0 if !bare => 0.1,
                _ if across => 0.1,
                _ if bare => 1.5,
                _ if apart < -30.0 => 1.1,
                _ => 0.5,
            };
            let cost = misplaced + if framed_otherwise { 0.7 } else { 0.0 } + closing(&levels[depth + 1..]);
            let indent = if across { level.indent } else { here.indent.or(level.indent) };
            let next = Level { alone: false, leads: level.leads, indent, odd: level.odd, ..here.clone() };
            match label.value.checked_sub(level.value) {
                Some(1) => moves.push((depth, next, 1.0 - cost)),
                Some(2) if !bare => moves.push((depth, Level { odd: true, ..next }, -0.8 - cost)),
                Some(0) if apart.abs() < 4.0 && !framed_otherwise && !bare => moves.push((depth, next, -0.4 - cost)),
                _ => {}
            }
        }
        let bare = label.frame == Frame::Bare;
        // A number alone is a number; a letter alone behind a label is a word: `(a) A school …`.
        let after_bare = levels[1..].last().is_some_and(|level| level.frame == Frame::Bare);
        if bare && (label.numbering == Numbering::Number || beside_a_label) || after_bare && beside_a_label {
            return moves;
        }
        for depth in 1..=levels.len().min(DEEPEST) {
            if label.dotted_path().is_some_and(|(above, _)| levels[depth - 1].dotted.as_deref() != Some(above)) {
                continue;
            }
            let closed = &levels[depth..];
            let outer = levels[..depth].iter().rev().find_map(|level| level.indent).unwrap_or_default();
            let deeper = piece.indent > outer + 10.0;
            let like = |level: &&Level| level.numbering == label.numbering && level.frame == label.frame;
            // Within a list another of its style starts only further in.
            let nested = match levels[..depth].iter().rfind(like) {
                Some(level) if level.indent.is_none_or(|before| piece.indent < before + 10.0) => continue,
                Some(_) => 0.5,
                None => 0.0,
            };
            if closed.iter().any(|level| like(&level)) {
                continue;
            }
            let odd = label.value > 1;
            if odd && (!deeper || bare || beside_a_label || label.numbering == Numbering::Number) {
                continue;
            }
            let outside = !beside_a_label && piece.at.segment == 0 && piece.indent < outer - 6.0;
            let level_with = !deeper && here.indent.is_some_and(|here| here < outer + 2.0);
            let worth = if bare { 0.2 } else { 0.4 };
            let cost = [(outside, 1.0), (level_with, 0.4), (odd, 1.3), (!closed.is_empty(), 0.3)];
            let cost: f32 = cost.iter().filter(|(is, _)| *is).map(|(_, cost)| cost).sum();
            let leads = !bare && depth == levels.len() && self.leads(reading, n, beside_a_label);
            let level = Level { leads, odd, ..here.clone() };
            moves.push((depth, level, worth - nested - cost - closing(closed)));
        }
        moves
    }

    /// No words stand between a piece and the last label before it.
    fn leads(&self, reading: &Reading, n: usize, beside_a_label: bool) -> bool {
        let (piece, taken) = reading.last.map_or((0, 0), |last| (self.steps[last].piece, self.steps[last].taken));
        beside_a_label || self.pieces[piece].text[taken..].trim().is_empty() && n <= piece + 1
    }
}

/// What it costs to close levels.
fn closing(levels: &[Level]) -> f32 {
    levels.iter().map(Level::closing_cost).sum()
}

/// What looks like a label is rarely none, least so `(c)`, most so a number or a letter alone.
fn cost_as_text(label: &Label, levels: &[Level]) -> f32 {
    match label.frame {
        // Of two lines that could be an option the later one is.
        Frame::Bare if levels.iter().any(|l| l.frame == Frame::Bare && l.value == label.value) => 0.05,
        Frame::Bare => 0.0,
        Frame::Dotted => 0.2,
        _ if label.numbering == Numbering::Number => 0.4,
        Frame::Stop => 0.7,
        _ => 0.9,
    }
}

/// Nothing but dots or underscores, and some of them.
fn is_blank_line(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() >= 3 && text.chars().all(|c| matches!(c, '.' | '…' | '_' | '·' | '‥' | ' '))
        || text.starts_with('…') && text.chars().all(|c| matches!(c, '…' | '.' | ' '))
}

fn question(lines: &[Line], candidate: &Candidate, end: usize) -> Node {
    let mut root = node(candidate.label.clone(), Place { line: candidate.line, segment: 0 }, false);
    let mut pieces = pieces(&lines[candidate.line..end], candidate.line);
    if let Some(first) = pieces.first_mut() {
        let taken = labels::at_start(&first.text)
            .into_iter()
            .find(|(label, _)| *label == candidate.label)
            .map_or(0, |(_, taken)| taken);
        first.text = first.text[taken..].trim_start().to_owned();
    }
    letters_last(&mut pieces);
    let search = Search { pieces: &pieces, steps: Vec::new() };
    let own = Level::of(&candidate.label, Some(candidate.indent));
    let own = Level { dotted: Some(candidate.label.value.to_string()), ..own };
    let (steps, ahead) = search.best(own);
    root.ahead = ahead;
    let mut steps = steps.into_iter().peekable();
    let mut depth = 0;
    for (n, piece) in pieces.into_iter().enumerate() {
        let mut taken = 0;
        while let Some(step) = steps.next_if(|step| step.piece == n) {
            (depth, taken) = (step.depth, step.taken);
            deepest(&mut root, depth - 1).children.push(node(step.label, piece.at, step.odd));
        }
        let text = piece.text[taken..].trim_start();
        let owner = deepest(&mut root, depth);
        owner.loose.extend(labels::at_start(text).into_iter().next().filter(is_loose).map(|(label, _)| label.printed));
        if !text.is_empty() {
            owner.text.push((piece.at, text.to_owned()));
        }
    }
    fold_lists(&mut root);
    root
}

/// `(c)` is rarely a word of a text.
fn is_loose((label, _): &(Label, usize)) -> bool {
    label.numbering != Numbering::Number && matches!(label.frame, Frame::Bracket | Frame::Brackets)
}

/// A list that only informs, before the parts or options, is text: steps `1.` `2.`, statements `I.` `II.` to choose from.
fn fold_lists(node: &mut Node) {
    node.children.iter_mut().for_each(fold_lists);
    let numbering = |node: &Node| node.label.numbering;
    let Some(last) = node.children.last().map(numbering) else { return };
    let first_asked = node.children.iter().rposition(|child| numbering(child) != last).map_or(0, |n| n + 1);
    let asks = |child: &Node| {
        !child.children.is_empty() || child.text.iter().any(|(_, text)| !marks::take(text, true).marks.is_empty())
    };
    if node.children[..first_asked].iter().any(asks) {
        return;
    }
    for child in node.children.drain(..first_asked) {
        let mut label = Some(child.label.printed);
        for (at, text) in child.text {
            node.text.push((at, label.take().map_or(text.clone(), |label| format!("{label} {text}"))));
        }
    }
    node.text.sort_by_key(|(at, _)| *at);
}

fn node(label: Label, at: Place, odd: bool) -> Node {
    Node { label, at, text: Vec::new(), children: Vec::new(), odd, loose: Vec::new(), ahead: f32::INFINITY }
}

/// The node that is open at a depth: the last child of the last child …
fn deepest(root: &mut Node, depth: usize) -> &mut Node {
    let mut at = root;
    for _ in 0..depth {
        if at.children.is_empty() {
            break;
        }
        let last = at.children.len() - 1;
        at = &mut at.children[last];
    }
    at
}

/// Nothing but labels of one kind side by side: captions of figures, or the examiner's grid.
fn is_captions(line: &Line) -> bool {
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
const LONGEST_COLUMN: usize = 40;

/// The segments of lines in the order in which labels run: where lines of several columns carry labels in each, those
/// that go down the columns are put in their order; those that go across are in it already.
fn pieces(lines: &[Line], offset: usize) -> Vec<Piece> {
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
        while end < lines.len().min(n + LONGEST_COLUMN) && cells(&lines[end]).len() > 1 && !is_captions(&lines[end]) {
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
    out.into_iter().flat_map(split_options).collect()
}

/// `a) red   b) green   c) blue` in one segment: a piece for each.
fn split_options(piece: Piece) -> Vec<Piece> {
    let mut cuts = vec![0];
    let Some((mut label, _)) = labels::at_start(&piece.text).pop() else { return vec![piece] };
    for (at, _) in piece.text.match_indices(' ') {
        let next = labels::at_start(&piece.text[at + 1..]).into_iter().map(|(next, _)| next);
        let follows = |next: &Label| {
            let framed = matches!(next.frame, Frame::Bracket | Frame::Brackets | Frame::Stop);
            let same = next.frame == label.frame && next.numbering == label.numbering;
            same && framed && next.numbering != Numbering::Number && next.value == label.value + 1
        };
        if let Some(next) = next.into_iter().find(follows) {
            label = next;
            cuts.push(at + 1);
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([piece.text.len()]);
    let cut = |(start, end): (&usize, usize)| Piece {
        // Only the first starts where the segment does.
        at: Place { segment: piece.at.segment + usize::from(*start > 0), ..piece.at },
        indent: piece.indent + *start as f32,
        text: piece.text[*start..end].trim_end().to_owned(),
    };
    cuts.iter().zip(ends).map(cut).collect()
}

/// Options that are pictures leave letters alone in columns, among what the pictures say: they are put in order, last.
fn letters_last(pieces: &mut [Piece]) {
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
            let same = |label: &Label| label.numbering == first.numbering && label.frame == first.frame;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(texts: &[&str]) -> Vec<Line> {
        let line = |(n, text): (usize, &&str)| {
            let indent = text.len() - text.trim_start().len();
            let segments = text
                .trim()
                .split("  ")
                .filter(|cell| !cell.is_empty())
                .enumerate()
                .map(|(s, cell)| Segment {
                    x: 50.0 + 7.0 * indent as f32 + 200.0 * s as f32,
                    right: 240.0 + 200.0 * s as f32,
                    size: 11.0,
                    bold: false,
                    text: cell.trim().to_owned(),
                })
                .collect();
            let baseline = 80.0 + 15.0 * n as f32;
            Line { page: 1, baseline, top: baseline - 9.0, bottom: baseline + 3.0, segments, column: (50.0, 545.0) }
        };
        texts.iter().enumerate().map(line).collect()
    }

    fn outline(nodes: &[Node]) -> String {
        let one = |node: &Node| {
            let children =
                if node.children.is_empty() { String::new() } else { format!("({})", outline(&node.children)) };
            format!("{}{children}", node.label.plain)
        };
        nodes.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_hardly_ahead() {
        let ahead = |texts: &[&str]| read(&page(texts)).questions[0].ahead;
        assert_eq!(ahead(&["1. Name a metal.", "2. Name a gas."]), f32::INFINITY);
        let clear = ahead(&["1. Which is a metal?", "    A) iron", "    B) wood", "    C) wool"]);
        let twice = ahead(&["1. Which of", "    A the bricks is", "    A iron", "    B wood", "    C wool"]);
        assert!(twice < 0.3 && clear > 2.0 * twice, "{clear} {twice}");
    }

    #[test]
    fn numbers_letters_and_romans_make_a_tree() {
        let lines = page(&[
            "Instructions",
            "1. Write your name.",
            "2. Be quiet.",
            "SECTION A: Attempt all",
            "1. First question (2 marks)",
            "2. Second",
            "  (a) one (1 mark)",
            "  (b) two",
            "     (i) alpha (1 mark)",
            "     (ii) beta (1 mark)",
            "  (c) three (1 mark)",
            "3. Third (4 marks)",
            "SECTION B: Choose one",
            "4. Fourth (5 marks)",
            "5. Fifth (5 marks)",
        ]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1 2(a b(i ii) c) 3 4 5");
        assert_eq!(structure.headings.iter().map(|h| h.label.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(structure.start, 3);
    }

    #[test]
    fn a_number_in_the_text_is_no_question() {
        let lines =
            page(&["1. A car drives", "12. o'clock is late (2 marks)", "2. A bus (2 marks)", "3. A bike (1 mark)"]);
        assert_eq!(outline(&read(&lines).questions), "1 2 3");
    }

    #[test]
    fn options_in_columns_are_put_in_order() {
        let lines = page(&["1. Which one?", "  A. red  C. blue", "  B. green  D. black", "2. And now? (1 mark)"]);
        assert_eq!(outline(&read(&lines).questions), "1(a b c d) 2");
    }

    #[test]
    fn the_letter_i_follows_h() {
        let lines = page(&[
            "1. Say", " (a) 1", " (b) 2", " (c) 3", " (d) 4", " (e) 5", " (f) 6", " (g) 7", " (h) 8", " (i) 9",
            " (j) 10", "2. End",
        ]);
        assert_eq!(outline(&read(&lines).questions), "1(a b c d e f g h i j) 2");
    }

    #[test]
    fn sections_that_start_again() {
        let lines = page(&["Part I", "1. a (1 mark)", "2. b (1 mark)", "Part II", "1. c (1 mark)", "2. d (1 mark)"]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1 2 1 2");
        assert!(structure.restarts);
    }

    #[test]
    fn a_first_word_is_no_option() {
        let lines = page(&[
            "1  A school has a network.",
            "  (a) Which part is it? Tick one.",
            "       A  router",
            "       B  hub",
            "  (b) Say why. (2 marks)",
            "2  A shop has none.",
            "  (a) Say so. (1 mark)",
            "  (b) Say why. (2 marks)",
        ]);
        assert_eq!(outline(&read(&lines).questions), "1(a(a b) b) 2(a b)");
    }

    #[test]
    fn captions_and_places_to_write_are_no_parts() {
        let lines = page(&[
            "1. Look at the molecules.",
            "  (i) Name two of them. (2 marks)",
            "    (i)  (ii)  (iii)",
            "    (iv)  (v)  (vi)",
            "  (ii) Draw one. (1 mark)",
            "    (a) ..................",
            "    (b) ..................",
            "2. End (1 mark)",
        ]);
        assert_eq!(outline(&read(&lines).questions), "1(i ii) 2");
    }

    #[test]
    fn parts_in_columns_with_words_between_are_put_in_order() {
        let lines = page(&["1. Name each:", "  (a)  iron  (c)  zinc", "  (b)  lead  (d)  tin", "2. End (1 mark)"]);
        assert_eq!(outline(&read(&lines).questions), "1(a b c d) 2");
    }

    #[test]
    fn options_numbered_by_mistake_stay_below_their_question() {
        let lines =
            page(&["A) It is so.", "    B) True", "    B) False", "B) It is not.", "    C) True", "    C) False"]);
        assert_eq!(outline(&read(&lines).questions), "a(b b) b(c c)");
    }

    #[test]
    fn a_label_printed_twice_is_kept_as_odd() {
        let lines = page(&["1. a) Find x. (1 mark)", "   a) Find y. (1 mark)", "   b) Find z. (1 mark)", "2. End"]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1(a a b) 2");
        assert!(structure.questions[0].loose.is_empty());
        assert!(structure.questions[0].children[1].odd && !structure.questions[0].children[2].odd);
    }

    #[test]
    fn a_label_that_does_not_fit_is_text_and_told() {
        let lines = page(&["1. Say", "  (a) one (1 mark)", "  (b) two (1 mark)", "  (g) three", "2. End (1 mark)"]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1(a b) 2");
        assert_eq!(structure.questions[0].children[1].loose, ["(g)"]);
    }

    #[test]
    fn bullets_with_blanks_are_questions_of_a_section_without_others() {
        let lines =
            page(&["Part I", "A) One (1 mark)", "B) Two (1 mark)", "Part II", "• The ____ pumps", "• Two ____"]);
        assert_eq!(outline(&read(&lines).questions), "a b 1 2");
    }

    #[test]
    fn a_grid_for_marks_is_no_question() {
        let lines = page(&["Q1:  Q2:  Q3:", "Question 1 (4 marks)", "Do it.", "Question 2 (4 marks)", "q3 a = b"]);
        let structure = read(&lines);
        assert_eq!((outline(&structure.questions).as_str(), structure.start), ("1 2", 1));
    }

    #[test]
    fn a_list_before_the_parts_is_text() {
        let lines = page(&[
            "1. Which of these are metals?",
            "   I. iron",
            "   II. wood",
            "   III. zinc",
            "   A. I only",
            "   B. I and III",
            "2. End (1 mark)",
        ]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1(a b) 2");
        assert!(structure.questions[0].text.iter().any(|(_, text)| text == "II. wood"));
    }

    #[test]
    fn options_that_are_pictures_are_put_in_order() {
        let lines = page(&["1. Which graph?", "A  D", "0 1 2", "B  E", "0 1 2", "C", "2. End (1 mark)"]);
        assert_eq!(outline(&read(&lines).questions), "1(a b c d e) 2");
    }

    #[test]
    fn questions_stand_outside_numbered_steps() {
        let lines = page(&[
            "1 A program sorts.",
            "  (a) Write it. (2 marks)",
            "  (b) It then will: (2 marks)",
            "      1. read",
            "      2. sort",
            "      3. print",
            "2 A second one. (3 marks)",
            "3 A third one. (3 marks)",
        ]);
        assert_eq!(outline(&read(&lines).questions), "1(a b(1 2 3)) 2 3");
    }

    #[test]
    fn dotted_labels_follow_their_question() {
        let lines = page(&[
            "QUESTION 1",
            "1.1 Choose one.",
            "  1.1.1 It weighs (2)",
            "  1.5 kg of sand.",
            "  1.1.2 It is (2)",
            "1.2 Say why. (3)",
            "QUESTION 2",
            "2.1 Name it. (4)",
            "2.2 Draw it. (4)",
        ]);
        assert_eq!(outline(&read(&lines).questions), "1(1(1 2) 2) 2(1 2)");
    }

    #[test]
    fn options_in_one_segment_are_divided() {
        let lines = page(&["1. Which?", "  a) red b) blue", "  c) green d) as in b) above", "2. End (1 mark)"]);
        let structure = read(&lines);
        assert_eq!(outline(&structure.questions), "1(a b c d) 2");
        assert_eq!(structure.questions[0].children[0].text[0].1, "red");
    }

    #[test]
    fn marks_in_round_brackets_are_no_labels() {
        let lines = page(&["QUESTION 2", "2.1 Say.  (1)", "2.2 Look:", "   2.2.1 One.  (2)", "   2.2.2 Two.  (3)"]);
        assert_eq!(outline(&read(&lines).questions), "2(1 2(1 2))");
    }

    #[test]
    fn a_letter_before_a_sign_is_no_option() {
        let lines = page(&["1. What does it print?", "  A = 5", "  B = 6", "2. End (1 mark)"]);
        assert_eq!(outline(&read(&lines).questions), "1 2");
    }
}
