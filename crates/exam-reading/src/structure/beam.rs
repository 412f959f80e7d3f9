//! The labels within a question: a beam search over the ways in which its pieces can be labels or text.

use std::collections::HashSet;

use exam_model::labels::{self, Frame, Label, Numbering};

use super::pieces::Piece;
use crate::words;

/// A level of labels that is open while a question is read.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    numbering: Numbering,
    frame: Frame,
    /// `Question ` below `Exercice `.
    word: String,
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
    /// How what stands below its labels so far is labelled.
    below: Option<(Numbering, Frame)>,
}

impl Level {
    fn of(label: &Label, indent: Option<f32>) -> Self {
        let &Label { numbering, frame, value, .. } = label;
        let number = || (numbering == Numbering::Number).then(|| value.to_string());
        let dotted = label.dotted_path().map(|(_, whole)| whole.to_owned()).or_else(number);
        let word = label.style().1.to_owned();
        Self { numbering, frame, word, value, dotted, indent, leads: false, alone: true, odd: false, below: None }
    }

    /// A level that ends with its first label is hardly one.
    fn closing_cost(&self) -> f32 {
        match (self.alone, self.leads) {
            // `3.1` below 3 is hardly anything else.
            _ if self.frame == Frame::Dotted => 0.0,
            (true, false) => 1.1,
            (true, true) => 0.2,
            _ => 0.0,
        }
    }
}

/// One label read.
pub struct Step {
    before: Option<usize>,
    pub piece: usize,
    pub label: Label,
    pub taken: usize,
    /// 1 for a part of the question itself.
    pub depth: usize,
    pub odd: bool,
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
/// Points from a column's left edge, beyond which a number in brackets on a line of its own is a mark.
const FAR: f32 = 250.0;
/// No list of parts or options starts with a letter behind this one.
const LAST_FIRST_LETTER: u32 = 8;
/// Levels below a question.
const DEEPEST: usize = 4;

/// The labels of a question's pieces below its own, in order, and by how much they fit better than in the next best way to
/// read them.
pub fn labels_below(question: &Label, indent: f32, pieces: &[Piece]) -> (Vec<Step>, f32) {
    let root = Level { dotted: Some(question.value.to_string()), ..Level::of(question, Some(indent)) };
    Search { pieces, steps: Vec::new() }.best(root)
}

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
        let may_be = labels_before < 3 && !words::names_labels(text);
        let mut found = if may_be { labels::at_start(text) } else { Vec::new() };
        found.retain(|(label, _)| !self.speaks(label, n));
        // `A 1.` is an option that says one.
        found.retain(|(label, taken)| {
            labels_before == 0 || label.numbering != Numbering::Number || !text[*taken..].trim().is_empty()
        });
        for (label, taken) in &found {
            // `A = 5` is code or a formula.
            if label.frame == Frame::Bare
                && text[*taken..].trim_start().starts_with(['=', '+', '<', '>', '←', '×', ':'])
            {
                continue;
            }
            // `(i) ………` is a place to write, `(3)` at the end of a line are marks.
            let marks = label.numbering == Numbering::Number && label.frame == Frame::Brackets;
            let rest = text[*taken..].trim();
            let beside = pieces.get(n + 1).filter(|next| rest.is_empty() && next.at.line == piece.at.line);
            if is_blank_line(beside.map_or(rest, |next| &next.text))
                || marks && (piece.at.segment > 0 || piece.indent > FAR) && rest.is_empty()
            {
                continue;
            }
            for (depth, level, worth) in self.moves(&reading, label, n, labels_before > 0) {
                let mut levels = reading.levels[..depth].to_vec();
                let again = levels.len() < reading.levels.len() && reading.levels[depth].value >= level.value;
                let odd = level.odd || again && !self.headed(&reading, n);
                levels[depth - 1].below = Some((label.numbering, label.frame));
                levels.push(level);
                let (before, mut label) = (reading.last, label.clone());
                let outer = levels[depth - 1].dotted.as_deref().unwrap_or_default();
                let whole = label.dotted_path().and_then(|(_, whole)| whole.strip_prefix(outer)?.strip_prefix('.'));
                if let Some(plain) = whole.map(str::to_owned) {
                    label.plain = plain;
                }
                self.steps.push(Step { before, piece: n, label, taken: from + taken, depth, odd });
                let (score, last) = (reading.score + worth, Some(self.steps.len() - 1));
                let next = Reading { score, levels, last, ..reading };
                self.expand(next, n, from + taken, labels_before + 1, out);
            }
        }
        let cost = found.iter().map(|(label, _)| cost_as_text(label, &reading.levels)).fold(0.0, f32::max);
        out.push(Reading { score: reading.score - cost, ..reading });
    }

    /// Whether `A:` says who speaks: letters of those around it come again before another label.
    fn speaks(&self, label: &Label, n: usize) -> bool {
        fn speaker(piece: &Piece) -> Option<u8> {
            match piece.text.as_bytes() {
                [letter @ b'A'..=b'Z', b':', ..] => Some(*letter),
                _ => None,
            }
        }
        if !label.printed.ends_with(':') || speaker(&self.pieces[n]).is_none() {
            return false;
        }
        let goes_on = |piece: &&Piece| speaker(piece).is_some() || labels::at_start(&piece.text).is_empty();
        let before = self.pieces[..n].iter().rev().take_while(goes_on).filter_map(speaker);
        let mut found = HashSet::new();
        !self.pieces[n..]
            .iter()
            .take_while(goes_on)
            .filter_map(speaker)
            .chain(before)
            .all(|letter| found.insert(letter))
    }

    /// The levels at which a label may stand, with what is then open there and what that is worth.
    fn moves(&self, reading: &Reading, label: &Label, n: usize, beside_a_label: bool) -> Vec<(usize, Level, f32)> {
        let piece = &self.pieces[n];
        // The first piece stands behind the question's own label, the second if that stands alone.
        let alone = n == 1 && self.pieces[0].text.is_empty() && self.pieces[0].at.line == piece.at.line;
        let beside_a_label = beside_a_label || n == 0 || alone;
        let levels = &reading.levels;
        let here = Level::of(label, (!beside_a_label).then_some(piece.indent));
        let mut moves = self.going_on(reading, label, n, &here);
        let bare = label.frame == Frame::Bare;
        // A number alone is a number; a letter alone behind a label is a word: `(a) A school …`.
        let after_bare = levels[1..].last().is_some_and(|level| level.frame == Frame::Bare);
        if bare && (label.numbering == Numbering::Number || beside_a_label) || after_bare && beside_a_label {
            return moves;
        }
        moves.extend((1..=levels.len().min(DEEPEST)).filter_map(|depth| {
            let (level, worth) = self.opening(reading, label, n, (depth, &here))?;
            Some((depth, level, worth))
        }));
        moves
    }

    /// The open levels on which a label may go on.
    fn going_on(&self, reading: &Reading, label: &Label, n: usize, here: &Level) -> Vec<(usize, Level, f32)> {
        let (piece, levels) = (&self.pieces[n], &reading.levels);
        let mut moves = Vec::new();
        for (depth, level) in levels.iter().enumerate().skip(1) {
            let beside = level.dotted.as_deref().and_then(|whole| whole.rsplit_once('.')).map(|(above, _)| above);
            let is_below = |above: &str| levels[depth - 1].dotted.as_deref() == Some(above) || beside == Some(above);
            if label.dotted_path().is_some_and(|(above, _)| !is_below(above)) {
                continue;
            }
            let framed_otherwise = level.frame != label.frame;
            let strict = |frame: Frame| matches!(frame, Frame::Bare | Frame::Dotted);
            let bare = strict(level.frame) || strict(label.frame);
            if level.numbering != label.numbering || level.word != here.word || framed_otherwise && bare {
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
            let next =
                Level { alone: false, leads: level.leads, indent, odd: level.odd, below: level.below, ..here.clone() };
            match label.value.checked_sub(level.value) {
                Some(1) => moves.push((depth, next, 1.0 - cost)),
                Some(2) if !bare => moves.push((depth, Level { odd: true, ..next }, -0.8 - cost)),
                // `Partie B` stands between.
                _ if label.value == 1 && level.value > 1 && self.headed(reading, n) => {
                    moves.push((depth, Level { odd: false, ..next }, 0.8 - cost));
                }
                Some(0) if apart.abs() < 4.0 && !framed_otherwise && !bare => moves.push((depth, next, -0.4 - cost)),
                _ => {}
            }
        }
        moves
    }

    /// A level that a label may open at a depth, and what that is worth.
    fn opening(
        &self,
        reading: &Reading,
        label: &Label,
        n: usize,
        (depth, here): (usize, &Level),
    ) -> Option<(Level, f32)> {
        let (piece, levels) = (&self.pieces[n], &reading.levels);
        let bare = label.frame == Frame::Bare;
        // Statements to choose among may be called P and Q.
        if label.numbering == Numbering::UpperLetter && label.value > LAST_FIRST_LETTER {
            return None;
        }
        // Its indent is known where no label stands before it.
        let beside_a_label = here.indent.is_none();
        // `2.3.1` where no `2.3` is printed.
        let outer = levels[depth - 1].dotted.as_deref().unwrap_or_default();
        let skipped = |above: &str| above.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        let skips = label.dotted_path().is_some_and(|(above, _)| !outer.is_empty() && skipped(above));
        if !skips && label.dotted_path().is_some_and(|(above, _)| above != outer || outer.is_empty()) {
            return None;
        }
        let closed = &levels[depth..];
        let outer = levels[..depth].iter().rev().find_map(|level| level.indent).unwrap_or_default();
        let deeper = piece.indent > outer + 10.0;
        let like = |level: &&Level| {
            level.numbering == label.numbering && level.frame == label.frame && level.word == here.word
        };
        // Within a list another of its style starts only further in.
        let nested = match levels[..depth].iter().rfind(like) {
            // `1.1  1.1.1`: the label itself says what it is below.
            _ if label.frame == Frame::Dotted => 0.0,
            Some(level) if level.indent.is_none_or(|before| piece.indent < before + 10.0) => return None,
            Some(_) => 0.5,
            None => 0.0,
        };
        let another = |level: &Level| level.dotted.as_deref().is_some_and(|whole| !whole.starts_with(&above_of(label)));
        if closed.iter().any(|level| like(&level) && !(skips && another(level))) {
            return None;
        }
        let odd = label.value > 1;
        // Below its own question `2.21` may come first.
        let dotted = label.frame == Frame::Dotted;
        if odd && !dotted && (!deeper || bare || beside_a_label || label.numbering == Numbering::Number) {
            return None;
        }
        let outside = !beside_a_label && piece.at.segment == 0 && piece.indent < outer - 6.0;
        let level_with = !deeper && !skips && here.indent.is_some_and(|here| here < outer + 2.0);
        let worth = if bare { 0.2 } else { 0.4 };
        let cost = [
            (outside, 1.0),
            (level_with, 0.4),
            (odd && !skips, 1.3),
            (skips, 0.5),
            (!closed.is_empty() && !skips, 0.3),
            // Below `(i)` to `(iii)` stood options in this style: below `(iv)` stand others.
            (closed.iter().any(|level| level.below == Some((label.numbering, label.frame))), 0.5),
        ];
        let cost: f32 = cost.iter().filter(|(is, _)| *is).map(|(_, cost)| cost).sum();
        // Of several that could be gone on with the innermost is.
        let cost = cost + 0.1 * closed.len().saturating_sub(1) as f32;
        let leads = !bare && depth == levels.len() && self.leads(reading, n, beside_a_label);
        let level = Level { leads, odd, ..here.clone() };
        Some((level, worth - nested - cost - closing(closed)))
    }

    /// The heading of a part of the question stands between a piece and the last label before it.
    fn headed(&self, reading: &Reading, n: usize) -> bool {
        let last = reading.last.map_or(0, |last| self.steps[last].piece);
        (last + 1..n).any(|between| labels::section(&self.pieces[between].text).is_some())
    }

    /// No words stand between a piece and the last label before it.
    fn leads(&self, reading: &Reading, n: usize, beside_a_label: bool) -> bool {
        let (piece, taken) = reading.last.map_or((0, 0), |last| (self.steps[last].piece, self.steps[last].taken));
        beside_a_label || self.pieces[piece].text[taken..].trim().is_empty() && n <= piece + 1
    }
}

/// Of `2.3.1` what is labelled by all but the last number, with a full stop: `2.3.`.
fn above_of(label: &Label) -> String {
    label.dotted_path().map(|(above, _)| format!("{above}.")).unwrap_or_default()
}

/// What it costs to close levels.
fn closing(levels: &[Level]) -> f32 {
    levels.iter().map(Level::closing_cost).sum()
}

/// What looks like a label is rarely none, least so `(c)`, most so a number or a letter alone.
fn cost_as_text(label: &Label, levels: &[Level]) -> f32 {
    match label.frame {
        // Of two lines that could be an option the later one is: from the earlier one the list could not go on.
        Frame::Bare if levels.iter().any(|l| l.frame == Frame::Bare && l.value == label.value) => 0.25,
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
