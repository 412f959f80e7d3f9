//! Lines to a tree of labelled nodes. First the questions' numbers are chosen over the whole paper at once, as the best
//! scoring sequence of candidates; then, within each question, the parts' labels by what may follow what.

use std::collections::{BTreeMap, HashSet};

use exam_model::labels::{self, Frame, Label, Numbering};

use crate::lines::Line;
use crate::{marks, stated, words};
use beam::labels_below;
use candidates::{Candidate, Sequence, candidates, left_over, sequence, titles_left};
use pieces::{Piece, letters_last, numbered_below_ans, pieces};

mod beam;
mod candidates;
mod pieces;

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
    /// Of a question: by how much the paper's numbers fit better than without this one.
    pub numbered: f32,
    /// Of a question: the number before it was not found.
    pub gap: bool,
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
    /// What is said over some of the questions, "Questions 11 to 15: Fill in the blanks", with their places.
    pub groups: Vec<(std::ops::Range<Place>, String)>,
}

impl Structure {
    /// The lines of the headings of sections whose numbers start again, or do so in another section.
    pub fn shared(&self) -> HashSet<usize> {
        let heading = |node: &Node| self.headings.iter().rfind(|heading| heading.line <= node.at.line);
        let found: Vec<(Option<usize>, &str)> = self
            .questions
            .iter()
            .map(|node| (heading(node).map(|heading| heading.line), node.label.plain.as_str()))
            .collect();
        let again = |(line, name): &&(Option<usize>, &str)| found.iter().any(|(at, other)| at != line && other == name);
        let first = |n: usize| found[n].0 != found[n - 1].0;
        let value = |n: usize| self.questions[n].label.value;
        let starts = (1..found.len()).filter(|&n| first(n) && value(n) != value(n - 1) + 1);
        found.iter().filter(again).chain(starts.map(|n| &found[n])).filter_map(|(line, _)| *line).collect()
    }

    /// What headings and sentences say over questions, with the places of those, the closest last to say it first.
    pub fn said(&self) -> impl Iterator<Item = (std::ops::Range<Place>, &str)> {
        let end = Place { line: usize::MAX, segment: 0 };
        let below = self.headings.iter().enumerate().map(move |(n, heading)| {
            let until = self.headings.get(n + 1).map_or(end, |next| Place { line: next.line, segment: 0 });
            (Place { line: heading.line, segment: 0 }..until, heading.text.as_str())
        });
        self.groups.iter().map(|(places, text)| (places.clone(), text.as_str())).chain(below)
    }
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
    let headings = if headings.is_empty() { restarting_headings(lines) } else { headings };
    let headings = if headings.is_empty() { lettered_headings(lines) } else { headings };
    let romans = roman_headings(lines);
    // Roman numbers head groups of questions within sections of another name.
    let (headings, mut within) = if headings.is_empty() { (romans, Vec::new()) } else { (headings, romans) };
    let heads = |(_, line): &(usize, &Line)| stated::heads(&line.text());
    let worth = |(n, line): (usize, &Line)| Heading { label: String::new(), line: n, text: line.text() };
    within.extend(lines.iter().enumerate().filter(heads).map(worth));
    let mut ways = ways(lines, &headings).into_iter();
    let Some(Sequence { score, chosen, mut ahead }) = ways.next() else {
        return Structure { start: lines.len(), ..Structure::default() };
    };
    for other in ways {
        let found = |candidate: &Candidate| other.chosen.iter().any(|also| also.line == candidate.line);
        for (ahead, _) in ahead.iter_mut().zip(&chosen).filter(|(_, candidate)| !found(candidate)) {
            *ahead = ahead.min(score - other.score);
        }
    }
    let first = chosen[0].line;
    let headings = without_parts(headings, &chosen, lines);
    let opening = headings.iter().rposition(|heading| heading.line <= first);
    // Letters on a cover's list of sections are no headings: the last before the first question is the first.
    let mut headings: Vec<Heading> = headings.into_iter().skip(opening.unwrap_or(0)).collect();
    let start = headings.first().map_or(first, |heading| heading.line.min(first));
    headings.iter_mut().for_each(|heading| heading.go_on(lines, &chosen));
    let within: Vec<Heading> = within.into_iter().filter(|heading| is_apart(heading, &headings, &chosen)).collect();
    let restarts = chosen.windows(2).any(|pair| pair[1].label.value <= pair[0].label.value);
    let (mut questions, mut groups) = (Vec::new(), Vec::new());
    for (n, candidate) in chosen.iter().enumerate() {
        let next = chosen.get(n + 1).map_or(lines.len(), |next| next.line);
        let heading = headings.iter().chain(&within).map(|heading| heading.line).filter(|&line| line > candidate.line);
        let end = heading.min().map_or(next, |line| line.min(next));
        let end = chosen.get(n + 1).and_then(|next| announced(lines, candidate.line + 1..end, next)).map_or(
            end,
            |(said, last)| {
                let text = lines[said..end].iter().map(Line::text).collect::<Vec<_>>().join(" ");
                let until = chosen[n + 1..]
                    .iter()
                    .find(|later| later.label.value > last)
                    .map_or(lines.len(), |later| later.line);
                let place = |line: usize| Place { line, segment: 0 };
                groups.push((place(said)..place(until), text));
                said
            },
        );
        let mut question = question(lines, candidate, end);
        question.numbered = ahead[n];
        let before = n.checked_sub(1).map_or(0, |before| chosen[before].label.value);
        question.gap = candidate.label.value > before + 1;
        questions.push(question);
    }
    let mut questions = below_numbered_sections(questions, &mut headings, lines);
    groups.extend(announced_between(&mut questions, lines.len()));
    groups.extend(groups_below(within, &headings, &chosen, lines));
    let bulleted = bulleted(lines, &headings, &questions);
    let restarts = restarts || !bulleted.is_empty();
    questions.extend(bulleted);
    questions.sort_by_key(|node: &Node| node.at);
    Structure { headings, questions, start, restarts, groups }
}

impl Heading {
    /// Adds what is said right below it, before its first question.
    fn go_on(&mut self, lines: &[Line], chosen: &[Candidate]) {
        const LINES: usize = 3;
        let first = chosen.iter().map(|candidate| candidate.line).find(|&line| line > self.line).unwrap_or(lines.len());
        if first > self.line + 1 + LINES {
            return;
        }
        // What names some of its questions is said of those alone.
        for text in lines[self.line + 1..first].iter().map(Line::text).filter(|text| range(text).is_none()) {
            self.text.push(' ');
            self.text.push_str(&text);
        }
    }
}

/// It is neither another section's heading nor a question.
fn is_apart(heading: &Heading, headings: &[Heading], chosen: &[Candidate]) -> bool {
    headings.iter().all(|other| other.line != heading.line)
        && chosen.iter().all(|candidate| candidate.line != heading.line)
        && chosen.first().is_some_and(|first| first.line > heading.line || chosen.len() > 1)
}

/// What headings within sections say, with the places of the questions below each.
fn groups_below(
    within: Vec<Heading>,
    headings: &[Heading],
    chosen: &[Candidate],
    lines: &[Line],
) -> Vec<(std::ops::Range<Place>, String)> {
    let starts: Vec<usize> = within.iter().chain(headings).map(|heading| heading.line).collect();
    let place = |line: usize| Place { line, segment: 0 };
    let group = |mut heading: Heading| {
        heading.go_on(lines, chosen);
        let until = starts.iter().copied().filter(|&line| line > heading.line).min().unwrap_or(lines.len());
        (place(heading.line)..place(until), heading.text)
    };
    within.into_iter().map(group).collect()
}

/// Headings with a word that nobody told, `Test I`, `Test II`: their labels go on by one, and the numbers below each start
/// again at 1.
fn restarting_headings(lines: &[Line]) -> Vec<Heading> {
    let mut by_word: BTreeMap<String, Vec<(usize, Heading)>> = BTreeMap::new();
    // How often a list of numbers has started.
    let mut starts = 0;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text();
        let labels = labels::at_start(&text);
        let opens = |(label, _): &(Label, usize)| {
            label.numbering == Numbering::Number && label.value == 1 && label.frame != Frame::Bare
        };
        starts += usize::from(labels.iter().any(opens));
        if let Some((word, label, rest)) = labels::section_of_any_word(&text).filter(|_| labels.is_empty()) {
            let heading = Heading { label, line: n, text: rest.to_owned() };
            by_word.entry(word.to_lowercase()).or_default().push((starts, heading));
        }
    }
    let value = |label: &str| match labels::roman(&label.to_lowercase()) {
        Some(value) => value,
        None => label.bytes().next().map_or(0, |letter| u32::from(letter.saturating_sub(b'A')) + 1),
    };
    let numbered = |found: &Vec<(usize, Heading)>| {
        let goes_on = (1..).zip(found).all(|(n, (_, heading))| value(&heading.label) == n);
        let ends = found.iter().skip(1).map(|(before, _)| *before).chain([starts]);
        found.len() > 1 && goes_on && found.iter().zip(ends).all(|((before, _), end)| end > *before)
    };
    let best =
        by_word.into_values().filter(numbered).max_by_key(|found| (found.len(), std::cmp::Reverse(found[0].1.line)));
    best.unwrap_or_default().into_iter().map(|(_, heading)| heading).collect()
}

/// `A. Choose the answer.`, `B) Fill in the blanks.` over questions whose numbers start again below each, or go on below
/// titles: letters in order, each over a number, with no other letter between.
fn lettered_headings(lines: &[Line]) -> Vec<Heading> {
    /// Lines between a heading and its first question.
    const NEAR: usize = 12;
    let first = |line: &Line, numbering: Numbering| {
        let text = &line.segments.first()?.text;
        labels::at_start(text).into_iter().find(|(label, _)| label.numbering == numbering)
    };
    let mut headings: Vec<Heading> = Vec::new();
    let mut above: Option<Heading> = None;
    let mut last = 0;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text();
        if let Some((label, taken)) = first(line, Numbering::UpperLetter) {
            let rest = text.get(taken..).unwrap_or_default().trim();
            let next = char::from(b'A' + (label.value % 26) as u8);
            // Options may stand beside one another.
            let alone = !rest.split_whitespace().any(|word| word.trim_matches(['(', ')', '.']) == next.to_string());
            let words = rest.split_whitespace().count() > 1 || !marks::take(rest, true).marks.is_empty();
            let framed = matches!(label.frame, Frame::Stop | Frame::Bracket);
            let fits = label.value as usize == headings.len() + 1 && framed && alone && words;
            above = fits.then(|| Heading { label: label.plain.to_uppercase(), line: n, text: rest.to_owned() });
        } else if let Some((label, _)) = first(line, Numbering::Number) {
            if label.frame == Frame::Word {
                return Vec::new();
            }
            let starts = label.value == 1 && label.frame != Frame::Bare;
            let title = |heading: &Heading| {
                let titled = !heading.text.chars().any(char::is_lowercase);
                titled || lines[heading.line].segments[0].bold || !marks::take(&heading.text, true).marks.is_empty()
            };
            let heading = above.take().filter(|heading| n - heading.line < NEAR);
            match heading {
                Some(heading) if starts || label.value == last + 1 && title(&heading) => headings.push(heading),
                // A list within a section: its letters are none of headings.
                None if starts && !headings.is_empty() => return Vec::new(),
                _ => {}
            }
            if starts || label.value == last + 1 {
                last = label.value;
            }
        }
    }
    if headings.len() > 1 { headings } else { Vec::new() }
}

/// `II. Answer true or false.` over questions whose numbers go on from those above it, or start again.
fn roman_headings(lines: &[Line]) -> Vec<Heading> {
    let first = |line: &Line, numbering: Numbering| {
        let found = labels::at_start(&line.segments.first()?.text);
        found.into_iter().find(|(label, _)| {
            let framed = matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Bare);
            label.numbering == numbering && (framed || label.frame == Frame::Word)
        })
    };
    // `II- …`, `II – …`
    let dashed = |line: &Line| {
        let (roman, rest) = line.segments.first()?.text.split_once(['-', '–', '/'])?;
        let roman = roman.trim_end();
        let value = labels::roman(&roman.to_lowercase()).filter(|_| !roman.contains(char::is_lowercase))?;
        let frame = Frame::Bracket;
        let (printed, plain) = (roman.to_owned(), roman.to_lowercase());
        let label = Label { numbering: Numbering::UpperRoman, frame, value, printed, plain };
        rest.starts_with(|c: char| c == ' ' || c.is_uppercase())
            .then(|| (label, line.segments[0].text.len() - rest.len()))
    };
    let (mut headings, mut edge): (Vec<Heading>, f32) = (Vec::new(), 0.0);
    let (mut number, mut below) = (0, 0);
    for (n, line) in lines.iter().enumerate() {
        let indent = line.x() - line.column.0;
        let starts_again = |label: &Label| label.value == 1 && below == 0 && !headings.is_empty();
        if let Some((label, _)) = first(line, Numbering::Number).filter(|_| indent < edge + 60.0)
            && (label.value == number + 1 || starts_again(&label))
        {
            (number, below) = (label.value, below + 1);
        }
        let roman = first(line, Numbering::UpperRoman).filter(|(label, _)| label.frame != Frame::Bare);
        let roman = roman.or_else(|| dashed(line));
        let Some((label, taken)) = roman else { continue };
        // Instructions, or statements to choose from, stood above.
        let starts = label.value == 1 && headings.len() < 2 && below == 0 || headings.is_empty() && label.value == 1;
        if starts {
            (number, edge) = (0, indent);
            headings.clear();
        }
        let next = label.value as usize == headings.len() + 1;
        if starts || next && below > 0 && (indent - edge).abs() < 9.0 {
            (edge, below) = (indent, 0);
            let text = line.text();
            headings.push(Heading {
                label: label.plain.to_uppercase(),
                line: n,
                text: text[taken..].trim().to_owned(),
            });
        }
    }
    if headings.len() < 2 || below == 0 { Vec::new() } else { headings }
}

/// The ways to number the questions, the best first.
fn ways(lines: &[Line], headings: &[Heading]) -> Vec<Sequence> {
    /// Lines from the first section's heading within which its first question starts.
    const NEAR: usize = 8;
    let orders = [Numbering::Number, Numbering::UpperLetter, Numbering::UpperRoman];
    let mut ways: Vec<Sequence> = Vec::new();
    for numbering in orders {
        let found = candidates(lines, headings, numbering);
        // Rows of tables are named like questions by their section's letter: those are all the questions or none.
        let is_lettered = |candidate: &Candidate| labels::lettered(&candidate.label.printed).is_some();
        let (mut lettered, all): (Vec<Candidate>, Vec<Candidate>) = found.into_iter().partition(is_lettered);
        let first = headings.first().zip(lettered.first());
        if !first.is_some_and(|(heading, one)| heading.line < one.line && one.line < heading.line + NEAR) {
            lettered.clear();
        }
        let is_word = |candidate: &Candidate| candidate.label.frame == Frame::Word;
        let (words, others): (Vec<Candidate>, Vec<Candidate>) = all.iter().cloned().partition(is_word);
        let mut styles: Vec<_> = words.iter().map(|candidate| candidate.label.style()).collect();
        styles.sort_by_key(|style| style.1);
        styles.dedup();
        // Of exercises and the questions in each either may be what is numbered.
        let one = |style| words.iter().filter(|candidate| candidate.label.style() == style).cloned().collect();
        let apart: Vec<Vec<Candidate>> = styles.iter().filter(|_| styles.len() > 1).map(|&style| one(style)).collect();
        for pool in apart.into_iter().chain([words.clone(), others, all.clone(), lettered]) {
            let way = sequence(pool);
            // Letters may number the questions only of a paper that numbers none.
            let letters = if numbering == Numbering::Number { 0.0 } else { 2.0 };
            let score = way.score - letters - left_over(&all, &way.chosen) - titles_left(&all, &way.chosen, lines);
            ways.push(Sequence { score, ..way });
        }
    }
    // Of those that are as good the first.
    ways.retain(|way| !way.chosen.is_empty());
    ways.sort_by(|a, b| b.score.total_cmp(&a.score));
    ways
}

/// Where sections are numbered, `1 SECTION A` with `1.1` and `1.2` below it, or their numbers printed nowhere, those are the
/// questions.
fn below_numbered_sections(questions: Vec<Node>, headings: &mut Vec<Heading>, lines: &[Line]) -> Vec<Node> {
    let mut found = Vec::with_capacity(questions.len());
    for mut node in questions {
        let dotted = node.children.iter().all(|child| child.label.frame == Frame::Dotted) && !node.children.is_empty();
        let text = node.text.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        let heading = labels::section(&text).filter(|_| dotted);
        let printed = lines[node.at.line].segments.first().is_some_and(|first| first.right > first.x);
        if heading.is_none() && (printed || !dotted) {
            found.push(node);
            continue;
        }
        headings.extend(heading.map(|(label, rest)| Heading { label, line: node.at.line, text: rest.to_owned() }));
        for child in &mut node.children {
            child.label.plain = format!("{}.{}", node.label.plain, child.label.plain);
            (child.ahead, child.numbered) = (node.ahead, node.numbered);
        }
        found.append(&mut node.children);
    }
    headings.sort_by_key(|heading| heading.line);
    found
}

/// What is said over some questions at the end of the one before them, taken from it.
fn announced_between(questions: &mut [Node], lines: usize) -> Vec<(std::ops::Range<Place>, String)> {
    let mut groups = Vec::new();
    for n in 1..questions.len() {
        let (before, from) = questions.split_at_mut(n);
        let value = from[0].label.value;
        let text = &mut deepest(&mut before[n - 1], usize::MAX).text;
        let said = |at: usize| text[at..].iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        // The range may end in the next line.
        let told = |at: usize| range(&text[at].1).or_else(|| range(&said(at)));
        let starts =
            |at: usize| told(at).filter(|&(first, last)| first == value && last > first).map(|(_, last)| (at, last));
        if let Some((at, last)) = (1..text.len()).rev().take(4).find_map(starts) {
            let end = Place { line: lines, segment: 0 };
            let until = from.iter().find(|later| later.label.value > last).map_or(end, |later| later.at);
            groups.push((text[at].0..until, said(at)));
            text.truncate(at);
        }
    }
    groups
}

/// The line among some before a question from which on they tell of a range of questions that it starts, and the range's end.
fn announced(lines: &[Line], between: std::ops::Range<usize>, next: &Candidate) -> Option<(usize, u32)> {
    /// What stands over statements to judge by codes goes on for so many lines.
    const NEAR: usize = 16;
    between.rev().take(NEAR).find_map(|n| {
        let text = lines[n].text();
        let goes_on = lines.get(n + 1).map(Line::text).unwrap_or_default();
        let unlabelled = labels::at_start(&text).is_empty();
        // The range may end in the next line.
        let starts = words::says(&text.to_lowercase(), &words::QUESTIONS);
        let (first, last) = range(&text).or_else(|| range(&format!("{text} {goes_on}")).filter(|_| starts))?;
        (unlabelled && first == next.label.value && last > first).then_some((n, last))
    })
}

/// `Questions 11 to 15`, `question numbers 1–10`.
fn range(text: &str) -> Option<(u32, u32)> {
    let lower = words::spelled_out(&text.to_lowercase().replace(['–', '-', '—'], " to "));
    let after = words::after(&lower, &words::QUESTIONS)?;
    let named = |word: &&str| !word.is_empty() && !words::QUESTIONS.has(word);
    let mut words = lower[after..].split(|c: char| !c.is_alphanumeric()).filter(named);
    let first = words.by_ref().take(3).find_map(|word| word.parse().ok())?;
    let between = words.next()?;
    let last = words.next()?.parse().ok()?;
    let through = ["to", "à", "kugeza", "a"].contains(&between);
    // `Questions 7 and 8`
    let both = ["and", "et", "na"].contains(&between) && last == first + 1;
    Some((first, last)).filter(|_| through || both)
}

/// Headings without those within an exercise, `Partie A`, below which its numbers go on.
fn without_parts(headings: Vec<Heading>, chosen: &[Candidate], lines: &[Line]) -> Vec<Heading> {
    let within = |heading: &Heading| {
        let before = chosen.iter().rfind(|candidate| candidate.line < heading.line);
        let next = chosen.iter().map(|candidate| candidate.line).find(|&line| line > heading.line);
        let labelled = |line: &Line| {
            line.segments
                .first()
                .is_some_and(|first| labels::at_start(&first.text).iter().any(|(label, _)| label.frame != Frame::Bare))
        };
        before.is_some_and(|candidate| candidate.label.frame == Frame::Word)
            && lines[heading.line + 1..next.unwrap_or(lines.len())].iter().any(labelled)
    };
    headings.into_iter().filter(|heading| !within(heading)).collect()
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

/// Takes the question's number off the labels of its parts, `1.a)`, `1(b)`.
fn without_number(piece: &mut Piece, number: u32) {
    let Some(rest) = piece.text.strip_prefix(&number.to_string()) else { return };
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let lettered = |(label, _): &(Label, usize)| {
        label.numbering == Numbering::LowerLetter && matches!(label.frame, Frame::Bracket | Frame::Brackets)
    };
    if labels::at_start(rest).iter().any(lettered) {
        piece.text = rest.to_owned();
    }
}

/// It starts with the number before or behind one: those number parts, `1.` and `2. a)` of exercise 2.
fn is_beside(piece: &Piece, number: u32) -> bool {
    labels::at_start(&piece.text).iter().any(|(label, _)| {
        let framed = matches!(label.frame, Frame::Stop | Frame::Bracket) && label.numbering == Numbering::Number;
        framed && (label.value + 1 == number || label.value == number + 1)
    })
}

fn question(lines: &[Line], candidate: &Candidate, end: usize) -> Node {
    let mut root = node(candidate.label.clone(), Place { line: candidate.line, segment: 0 }, false);
    let mut pieces = pieces(&lines[candidate.line..end], candidate.line);
    pieces.retain(|piece| piece.at.line == candidate.line || !marks::sums_up(&lines[piece.at.line].text()));
    if let Some(first) = pieces.first_mut() {
        let taken = labels::at_start(&first.text)
            .into_iter()
            .chain(labels::lettered(&first.text))
            .find(|(label, _)| *label == candidate.label)
            .map_or(0, |(_, taken)| taken);
        first.text = first.text[taken..].trim_start().to_owned();
    }
    if !pieces.iter().skip(1).any(|piece| is_beside(piece, candidate.label.value)) {
        pieces.iter_mut().for_each(|piece| without_number(piece, candidate.label.value));
    }
    numbered_below_ans(&mut pieces);
    letters_last(&mut pieces);
    let (steps, ahead) = labels_below(&candidate.label, candidate.indent, &pieces);
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
    fold_drawings(&mut root);
    fold_lists(&mut root);
    give_places_to_answer(&mut root);
    drop_totals(&mut root);
    drop_places(&mut root);
    root
}

/// Labels with nothing but places to write behind them, `(i) ……  (ii) ……` below "State two …", are no parts.
fn drop_places(node: &mut Node) {
    node.children.iter_mut().for_each(drop_places);
    let blank = |(_, text): &(Place, String)| text.chars().all(|c| matches!(c, '.' | '…' | '_' | ' ' | ','));
    let is_place = |child: &Node| child.children.is_empty() && child.text.iter().all(blank);
    let small = |child: &Node| child.label.numbering == Numbering::LowerRoman || !child.text.is_empty();
    let asked = node.text.iter().any(|(_, text)| text.contains(char::is_alphabetic));
    if asked && node.children.len() > 1 && node.children.iter().all(|child| is_place(child) && small(child)) {
        node.children.clear();
    }
}

/// `Answer (a) ……… [1]` and `Answer (b) ……… [2]` below all parts are of the parts that they name, with their marks.
fn give_places_to_answer(node: &mut Node) {
    let pieces = std::mem::take(&mut deepest(node, usize::MAX).text);
    let mut kept = Vec::new();
    let mut named: Option<(usize, Vec<String>)> = None;
    for (at, text) in pieces {
        if let Some((path, rest)) = named_in_answer(&text).filter(|(path, _)| part(node, path).is_some()) {
            named = Some((at.line, path));
            give(node, &named, (at, rest.to_owned()), &mut kept);
        } else {
            named = named.filter(|(line, _)| *line == at.line);
            give(node, &named, (at, text), &mut kept);
        }
    }
    deepest(node, usize::MAX).text.splice(0..0, kept);
}

/// Adds a piece of text to the part that is named, or else to what is kept.
fn give(
    node: &mut Node,
    named: &Option<(usize, Vec<String>)>,
    piece: (Place, String),
    kept: &mut Vec<(Place, String)>,
) {
    match named.as_ref().and_then(|(_, path)| part(node, path)) {
        Some(part) if !piece.1.is_empty() => part.text.push(piece),
        Some(_) => {}
        None => kept.push(piece),
    }
}

/// The part of a question with these labels, one below the other.
fn part<'a>(node: &'a mut Node, path: &[String]) -> Option<&'a mut Node> {
    let [first, below @ ..] = path else { return Some(node) };
    part(node.children.iter_mut().find(|child| child.label.plain == *first)?, below)
}

/// The labels of `Answer (a)(i) …`, and what stands behind them.
fn named_in_answer(text: &str) -> Option<(Vec<String>, &str)> {
    let (word, mut rest) = text.split_once(' ')?;
    let mut path = Vec::new();
    while let Some((label, taken)) = labels::at_start(rest)
        .into_iter()
        .find(|(label, _)| label.frame == Frame::Brackets && label.numbering != Numbering::Number)
    {
        path.push(label.plain);
        rest = rest[taken..].trim_start();
    }
    (words::ANSWER.has(&word.to_lowercase()) && !path.is_empty()).then_some((path, rest))
}

/// `[7]` alone below parts that are worth 7 together is what they are worth, no marks of the last of them; so is `[7]` below
/// marks in other brackets, whatever they come to.
fn drop_totals(node: &mut Node) {
    fn worth(node: &Node) -> f64 {
        let own = node.text.iter().flat_map(|(_, text)| marks::take(text, true).marks);
        own.sum::<f64>() + node.children.iter().map(worth).sum::<f64>()
    }
    node.children.iter_mut().for_each(drop_totals);
    let (all, parts) = (worth(node), node.children.len());
    if parts == 0 {
        return;
    }
    let text = &mut deepest(node, usize::MAX).text;
    let mut behind = 0.0;
    for at in (1..text.len()).rev() {
        let found = marks::take(&text[at].1, true);
        let [total] = found.marks[..] else { continue };
        behind += total;
        if !found.text.is_empty() {
            break;
        }
        let square = |text: &str| text.trim_end().ends_with(']');
        let own = text[..at].iter().find(|(_, text)| !marks::take(text, true).marks.is_empty());
        let Some((_, own)) = own else { break };
        let sum = parts > 1 && (all - behind - total).abs() < 0.01;
        if sum || square(&text[at].1) && !square(own) && total >= all - behind {
            text.remove(at);
            return;
        }
    }
}

/// `(c)` is rarely a word of a text.
fn is_loose((label, _): &(Label, usize)) -> bool {
    label.numbering != Numbering::Number && matches!(label.frame, Frame::Bracket | Frame::Brackets)
}

/// A list that only informs, before the parts or options, is text: steps `1.` `2.`, statements `I.` `II.` to choose from.
fn fold_lists(node: &mut Node) {
    node.children.iter_mut().for_each(fold_lists);
    if let Some(options) = options_below_last(node) {
        let statements = node.children.len();
        node.children.extend(options);
        fold(node, statements);
        return;
    }
    let numbering = |node: &Node| node.label.numbering;
    let Some(last) = node.children.last().map(numbering) else { return };
    // Options behind boxes have no labels: all that are labelled stand above them.
    let boxes = |child: &Node| child.text.iter().filter(|(_, text)| labels::after_box(text).is_some()).count();
    let boxed: Vec<usize> = node.children.iter().map(boxes).collect();
    let above_boxes =
        matches!(boxed[..], [.., last] if last > 1) && boxed.iter().filter(|&&count| count > 0).count() == 1;
    let first_asked = node.children.iter().rposition(|child| numbering(child) != last).map_or(0, |n| n + 1);
    let first_asked = if above_boxes { node.children.len() } else { first_asked };
    let asks = |child: &Node| {
        !child.children.is_empty() || child.text.iter().any(|(_, text)| !marks::take(text, true).marks.is_empty())
    };
    // Marks behind the last box are the question's.
    if node.children[..first_asked - usize::from(above_boxes)].iter().any(asks) {
        return;
    }
    fold(node, first_asked);
}

/// Options further in than the statements that they name, `(i) and (ii)`, stand below the last of those: taken from it.
fn options_below_last(node: &mut Node) -> Option<Vec<Node>> {
    let labels: Vec<String> = node.children.iter().map(|child| child.label.plain.clone()).collect();
    let [before @ .., last] = &mut node.children[..] else { return None };
    let naming = |option: &&Node| {
        let text = option.text.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        let text = marks::take(&text, true).text;
        words::names(&text, &labels) || words::pairs_labels(&text)
    };
    let flat = last.children.iter().all(|option| option.children.is_empty());
    // A computer-based test prints `Ans` above them.
    let answered = last.text.iter().any(|(_, text)| text.trim() == "Ans");
    let fits = !before.is_empty()
        && flat
        && (answered || last.children.iter().filter(naming).count() * 2 >= last.children.len())
        && !last.children.is_empty()
        && before.iter().all(|child| child.children.is_empty());
    fits.then(|| std::mem::take(&mut last.children))
}

/// Letters alone of which some name nothing are those of a drawing, `A` and `B` at its electrodes, unless they are as many
/// as the options of a question.
fn fold_drawings(node: &mut Node) {
    node.children.iter_mut().for_each(fold_drawings);
    let letter = |child: &Node| {
        child.label.frame == Frame::Bare && child.label.numbering == Numbering::UpperLetter && child.children.is_empty()
    };
    let few = (1..4).contains(&node.children.len()) && node.children.iter().all(letter);
    let nothing = |child: &Node| child.text.iter().all(|(_, text)| text.trim().is_empty());
    let chosen = node.text.iter().any(|(_, text)| words::says(&text.to_lowercase(), &words::CHOICE));
    if few && !chosen && node.children.iter().any(nothing) {
        fold(node, node.children.len());
    }
}

/// Makes the first children text, as printed.
fn fold(node: &mut Node, count: usize) {
    for child in node.children.drain(..count) {
        let mut label = Some(child.label.printed);
        if child.text.is_empty() {
            node.text.extend(label.take().map(|label| (child.at, label)));
        }
        for (at, text) in child.text {
            node.text.push((at, label.take().map_or(text.clone(), |label| format!("{label} {text}"))));
        }
    }
    node.text.sort_by_key(|(at, _)| *at);
}

fn node(label: Label, at: Place, odd: bool) -> Node {
    let (text, children, loose) = (Vec::new(), Vec::new(), Vec::new());
    Node { label, at, text, children, odd, loose, ahead: f32::INFINITY, numbered: f32::INFINITY, gap: false }
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

#[cfg(test)]
mod tests;
