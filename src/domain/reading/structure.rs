//! Lines to a tree of labelled nodes. First the questions' numbers are chosen over the whole paper at once, as the best
//! scoring sequence of candidates; then, within each question, the parts' labels by what may follow what.

use std::collections::HashMap;

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
    /// Score of the chosen sequence by question: how sure its number is.
    pub sure: f32,
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
        let found = sequence(candidates(lines, &headings, numbering));
        // Letters may number the questions only of a paper that numbers none.
        let worth = found.0 - if numbering == Numbering::Number { 0.0 } else { 2.0 };
        if !found.1.is_empty() && best.as_ref().is_none_or(|(score, _)| worth > *score) {
            best = Some((worth, found.1));
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
    Structure { headings, questions, start, restarts, sure: 1.0 }
}

fn candidates(lines: &[Line], headings: &[Heading], numbering: Numbering) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut sections = 0;
    let mut in_instructions = None;
    let mut ones = 0;
    for (n, line) in lines.iter().enumerate() {
        let heading = headings.iter().any(|heading| heading.line == n);
        sections += usize::from(heading);
        let text = line.text();
        let lower = text.to_lowercase();
        if lower.contains("instruction") && line.segments.len() == 1 && text.len() < 60 {
            (in_instructions, ones) = (Some(line.page), 0);
        } else if in_instructions.is_some_and(|page| page != line.page) || heading && ones == 0 {
            in_instructions = None;
        }
        if heading {
            continue;
        }
        let Some(first) = line.segments.first() else { continue };
        for (label, taken) in labels::at_start(&first.text) {
            if label.numbering != numbering {
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
            let marked = lines[n..lines.len().min(n + 14)]
                .iter()
                .take_while(|other| other.page <= line.page + 1)
                .any(|other| !marks::take(&other.text(), true).marks.is_empty());
            let mut own = 1.0 + if marked { 0.4 } else { 0.0 } + if first.bold { 0.1 } else { 0.0 };
            own -= if followed || label.frame == Frame::Word { 0.0 } else { 0.4 };
            own -= if in_instructions.is_some() { 2.2 } else { 0.0 };
            own -= if label.frame == Frame::Bare { 0.2 } else { 0.0 };
            own += if label.frame == Frame::Word { 0.5 } else { 0.0 };
            found.push(Candidate { line: n, label, indent: first.x - line.column.0, own, sections });
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
        let mut best = (candidate.own - if value == 1 { 0.0 } else { 1.2 }, None);
        for step in 1..=3u32 {
            let Some(earlier) = value.checked_sub(step).and_then(|v| by_value.get(&v)) else { continue };
            for &j in earlier.iter().rev().take(LOOK_BACK) {
                let other = &candidates[j];
                let same_frame = other.label.frame == candidate.label.frame;
                let apart = (other.indent - candidate.indent).abs();
                let join = if same_frame { 0.3 } else { -0.9 } + if apart < 9.0 { 0.4 } else { -0.5 }
                    - 0.9 * (step - 1) as f32;
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
                let same = other.label.frame == candidate.label.frame && (other.indent - candidate.indent).abs() < 9.0;
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

/// A level of labels that is open while a question is read.
#[derive(Debug, Clone, Copy)]
struct Level {
    numbering: Numbering,
    frame: Frame,
    value: u32,
    x: f32,
}

/// A piece of text with the labels it may start with, in reading order.
struct Piece {
    at: Place,
    x: f32,
    text: String,
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
    let mut levels: Vec<Level> = Vec::new();
    let ahead: Vec<Vec<Label>> = pieces
        .iter()
        .map(|piece| labels::at_start(&piece.text).into_iter().map(|(label, _)| label).collect())
        .collect();
    for (n, piece) in pieces.into_iter().enumerate() {
        let mut text = piece.text;
        let mut x = piece.x;
        // Several labels may stand one after the other: `(a) (i) …`.
        for depth in 0..3 {
            let found = labels::at_start(&text);
            let Some((label, taken, level, odd)) = choose(&found, &levels, x, n, depth > 0 || n == 0, &ahead) else {
                break;
            };
            // The place furthest left counts: options may stand in columns.
            let left = levels.get(level).map_or(x, |before| before.x.min(x));
            levels.truncate(level);
            levels.push(Level { numbering: label.numbering, frame: label.frame, value: label.value, x: left });
            text = text[taken..].trim_start().to_owned();
            x += 12.0;
            let parent = deepest(&mut root, level);
            parent.children.push(node(label, piece.at, odd));
        }
        let current = deepest(&mut root, levels.len());
        if !text.trim().is_empty() {
            current.text.push((piece.at, text));
        }
    }
    root
}

fn node(label: Label, at: Place, odd: bool) -> Node {
    Node { label, at, text: Vec::new(), children: Vec::new(), odd }
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

/// Which reading of a label fits, on which level: the next of an open level, from the deepest up; or the first of a new
/// one, if a second follows; or one printed twice.
fn choose(
    found: &[(Label, usize)],
    levels: &[Level],
    x: f32,
    piece: usize,
    beside_a_label: bool,
    ahead: &[Vec<Label>],
) -> Option<(Label, usize, usize, bool)> {
    let same = |label: &Label, level: &Level| label.numbering == level.numbering && label.frame == level.frame;
    for (depth, level) in levels.iter().enumerate().rev() {
        for (label, taken) in found {
            // Options may stand in columns, so a place further right is no objection, one further left is.
            if same(label, level) && label.value == level.value + 1 && x > level.x - 30.0 {
                return Some((label.clone(), *taken, depth, false));
            }
        }
    }
    let follows = |label: &Label| {
        ahead[(piece + 1).min(ahead.len())..].iter().take(60).any(|labels| {
            labels.iter().any(|next| {
                next.numbering == label.numbering && next.frame == label.frame && next.value == label.value + 1
            })
        })
    };
    // Roman first: a lone `i` starts a new level as one.
    for (label, taken) in found.iter().rev() {
        let open = levels.iter().any(|level| same(label, level));
        let starts = label.value == 1 && !open && !(label.frame == Frame::Bare && label.numbering == Numbering::Number);
        if starts && (follows(label) || beside_a_label && label.frame != Frame::Bare) {
            return Some((label.clone(), *taken, levels.len(), false));
        }
    }
    for (depth, level) in levels.iter().enumerate().rev() {
        for (label, taken) in found {
            let twice = same(label, level) && label.value == level.value && label.frame != Frame::Bare;
            if twice && (x - level.x).abs() < 4.0 {
                return Some((label.clone(), *taken, depth, true));
            }
        }
    }
    None
}

/// The segments of lines in the order in which labels run: where lines of two columns carry labels in each, the left
/// column comes first.
fn pieces(lines: &[Line], offset: usize) -> Vec<Piece> {
    let piece = |n: usize, s: usize, segment: &Segment| Piece {
        at: Place { line: offset + n, segment: s },
        x: segment.x,
        text: segment.text.clone(),
    };
    // `i` among `ii` and `iii` is a roman number.
    let labelled = |segment: &Segment| labels::at_start(&segment.text).last().map(|(label, _)| label.clone());
    let columns = |line: &Line| {
        let labels: Vec<Option<Label>> = line.segments.iter().map(labelled).collect();
        line.segments.len() > 1 && labels.iter().all(|label| label.as_ref().is_some_and(|l| l.frame != Frame::Bare))
    };
    let mut out: Vec<Piece> = Vec::new();
    let mut n = 0;
    while n < lines.len() {
        let mut end = n;
        while end < lines.len() && columns(&lines[end]) {
            end += 1;
        }
        // `1. (a)` in two segments is one label after the other, not two columns.
        let nested = labelled(&lines[n].segments[0])
            .zip(lines[n].segments.get(1).and_then(labelled))
            .is_some_and(|(first, second)| first.numbering != second.numbering || second.value == first.value);
        if end - n >= 1 && !nested {
            let mut block: Vec<(u32, Piece)> = Vec::new();
            for (m, line) in lines[n..end].iter().enumerate() {
                for (s, segment) in line.segments.iter().enumerate() {
                    block.push((labelled(segment).map_or(0, |label| label.value), piece(n + m, s, segment)));
                }
            }
            // Labels that go down the columns are put in their order; those that go across are in it already.
            block.sort_by_key(|(value, _)| *value);
            out.extend(block.into_iter().map(|(_, piece)| piece));
            n = end;
            continue;
        }
        out.extend(lines[n].segments.iter().enumerate().map(|(s, segment)| piece(n, s, segment)));
        n += 1;
    }
    out
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
}
