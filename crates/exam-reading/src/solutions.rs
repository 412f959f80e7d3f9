//! Answer keys from worked solutions: the paper again, with answers written into it. The words of both are aligned,
//! whatever their labels; what the solutions have more within an item is its answer.

use exam_model::labels::{self, Frame, Numbering};
use exam_model::question::{Kind, Question, Region};

use crate::items::BLANK;
use crate::lines::Line;
use crate::marks;
use crate::words::ANSWER;

/// What solutions write into one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// From the item's first word to the last that is written in.
    pub region: Region,
    /// The words written in, runs that stand apart divided by `; `.
    pub text: String,
    /// Options with a mark beside them, by their place among the item's.
    pub ticked: Vec<usize>,
}

/// A word of the solutions.
struct Word {
    /// Index into the lines.
    line: usize,
    text: String,
    /// Letters, digits and signs only, lower case; empty for a label at the start of a line, which is never aligned.
    plain: String,
    starts_line: bool,
}

/// A word of the paper, of an item by its place in reading order.
struct Printed {
    plain: String,
    item: usize,
    slot: Slot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Text,
    Option(usize),
}

/// Words of a question that are looked for: the work grows with their square.
const MAX_QUESTION_LENGTH: usize = 1500;

/// Marks beside a right option.
const TICKS: [&str; 5] = ["X", "✓", "✔", "√", "*"];

/// The answers of items, given with all groups in reading order.
pub fn answers(items: &[&Question], questions: &[usize], lines: &[Line]) -> Vec<Option<Answer>> {
    let words = words(lines);
    let mut matched: Vec<(usize, Printed)> = Vec::new();
    let mut from = 0;
    for (n, &first) in questions.iter().enumerate() {
        let end = questions.get(n + 1).copied().unwrap_or(items.len());
        let printed: Vec<Printed> =
            (first..end).flat_map(|item| printed(items[item], item)).take(MAX_QUESTION_LENGTH).collect();
        let window = &words[from..words.len().min(from + 900 + 5 * printed.len())];
        // Labels, bullets and ticks are not aligned.
        let solid: Vec<usize> = (0..window.len()).filter(|&n| !window[n].plain.is_empty()).collect();
        let pairs = align(&printed, &solid.iter().map(|&n| window[n].plain.as_str()).collect::<Vec<_>>());
        if pairs.len() * 5 < printed.len() * 3 {
            continue;
        }
        let mut at = vec![None; printed.len()];
        pairs.iter().for_each(|&(paper, solution)| at[paper] = Some(from + solid[solution]));
        from += pairs.last().map_or(0, |&(_, solution)| solid[solution] + 1);
        matched.extend(printed.into_iter().zip(at).filter_map(|(word, at)| at.map(|at| (at, word))));
    }
    (0..items.len()).map(|item| answer(items[item], item, &matched, &words, lines)).collect()
}

/// What is written in from an item's first word to the next item's.
fn answer(
    question: &Question,
    item: usize,
    matched: &[(usize, Printed)],
    words: &[Word],
    lines: &[Line],
) -> Option<Answer> {
    let first = matched.iter().position(|(_, word)| word.item == item)?;
    let own = matched[first..].iter().take_while(|(_, word)| word.item == item).count();
    let end = matched.get(first + own).map_or(words.len(), |(at, _)| *at);
    let mut ticked = Vec::new();
    // Runs written between the item's words, and the one behind them.
    let (mut between, mut behind) = (Vec::new(), Vec::new());
    let mut end_of_answer = matched[first + own - 1].0;
    for (n, (at, word)) in matched.iter().enumerate().skip(first).take(own) {
        let last = n + 1 == first + own;
        let next = if last { end } else { matched[n + 1].0 };
        let written = without_next_label(&words[at + 1..next]);
        let head = written.iter().find(|word| !word.plain.is_empty() || is_tick(&word.text));
        match (word.slot, head) {
            (_, None) => {}
            (Slot::Option(option), Some(head)) if is_tick(&head.text) => ticked.push(option),
            // Between options that are not all found stands what is left of them.
            (Slot::Option(_), _) if !last => {}
            // A blank at the end of a sentence is filled on its line.
            _ if last && question.kind == Kind::Cloze && !says_answer(written) => {
                behind.push(run(&written[..written.iter().position(|word| word.starts_line).unwrap_or(written.len())]));
            }
            _ if last => {
                end_of_answer = at + written.len();
                behind.push(run(written));
            }
            _ => between.push(run(written)),
        }
    }
    // Of `true` and `false` only what is right is written.
    let judged: Vec<usize> = matched[first..first + own]
        .iter()
        .filter_map(|(_, word)| match word.slot {
            Slot::Option(option) if question.kind == Kind::TrueFalse => Some(option),
            _ => None,
        })
        .collect();
    if let ([only], true) = (&judged[..], ticked.is_empty()) {
        ticked.push(*only);
    }
    between.retain(|run| !run.is_empty());
    behind.retain(|run| !run.is_empty());
    let blanks_first = question.kind == Kind::Cloze && !between.is_empty();
    let runs = if blanks_first || behind.is_empty() { between } else { behind };
    let (from, to) = (words[matched[first].0].line, words[end_of_answer].line);
    let region = lines[from..=to].iter().fold(lines[from].region(), |region, line| region.with(line.region()));
    (!ticked.is_empty() || !runs.is_empty()).then(|| Answer { region, text: runs.join("; "), ticked })
}

/// `Answer: …` starts a line of what was written.
fn says_answer(written: &[Word]) -> bool {
    let Some(at) = written.iter().position(|word| word.starts_line) else { return false };
    let start = written[at..].iter().take(3).map(|word| word.text.to_lowercase()).collect::<Vec<_>>().join(" ");
    ANSWER.all().any(|cue| cue.ends_with([':', '.']) && start.starts_with(cue))
}

fn is_tick(text: &str) -> bool {
    TICKS.contains(&text)
}

fn without_next_label(words: &[Word]) -> &[Word] {
    &words[..words.iter().rposition(|word| !word.starts_with_label()).map_or(0, |last| last + 1)]
}

/// Words as text; a bullet starts a new point.
fn run(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if word.starts_line && word.text.chars().all(labels::is_bullet) {
            text.push_str(if text.is_empty() { "" } else { "; " });
        } else {
            text.push_str(if text.is_empty() || text.ends_with(' ') { "" } else { " " });
            text.push_str(&word.text);
        }
    }
    let text = text.trim_matches(['.', ',', '?', ':', ' ', '…', '=']);
    let lower = text.to_lowercase();
    let heading = ANSWER.all().find(|cue| lower.starts_with(cue) && text.starts_with(char::is_uppercase));
    heading.and_then(|cue| text.get(cue.len()..)).unwrap_or(text).trim().to_owned()
}

impl Word {
    fn starts_with_label(&self) -> bool {
        self.starts_line && self.plain.is_empty() && !is_tick(&self.text) && !self.text.chars().all(labels::is_bullet)
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || "+=<>√π°−".contains(*c)).flat_map(char::to_lowercase).collect()
}

fn words(lines: &[Line]) -> Vec<Word> {
    let mut out = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let text = line.text();
        if labels::section(&text).is_some() {
            continue;
        }
        let mut rest = text.as_str();
        let mut starts_line = true;
        if let Some((label, taken)) = labels::at_start(rest).into_iter().next()
            && label.frame != Frame::Bare
        {
            out.push(Word { line: n, text: label.printed, plain: String::new(), starts_line });
            rest = &rest[taken..];
        }
        for word in marks::take(rest, false).text.split(|c: char| c.is_whitespace() || c == '_') {
            // `TrueX`
            let glued = word.strip_suffix('X').filter(|stem| stem.ends_with(char::is_lowercase));
            for text in [glued.unwrap_or(word), if glued.is_some() { "X" } else { "" }] {
                if text.is_empty() {
                    continue;
                }
                // `speci-` at the end of a line, `fies` on the next
                let broken = |last: &&mut Word| {
                    let letters = last.text.strip_suffix('-').is_some_and(|text| text.ends_with(char::is_alphabetic));
                    letters && last.line + 1 == n && starts_line && text.starts_with(char::is_lowercase)
                };
                if let Some(last) = out.last_mut().filter(broken) {
                    last.text.push_str(text);
                    last.plain = plain(&last.text);
                    starts_line = false;
                } else {
                    let plain = if is_tick(text) || is_option_label(text) { String::new() } else { plain(text) };
                    out.push(Word { line: n, text: text.to_owned(), plain, starts_line });
                    starts_line = false;
                }
            }
        }
    }
    out
}

/// `B.` or `(b)` alone, before one of several options in a line.
fn is_option_label(word: &str) -> bool {
    labels::at_start(word).into_iter().any(|(label, taken)| {
        let letter = matches!(label.numbering, Numbering::UpperLetter | Numbering::LowerLetter);
        letter && label.frame != Frame::Bare && taken == word.len()
    })
}

fn printed(question: &Question, item: usize) -> Vec<Printed> {
    let words = |text: &str, slot: Slot| -> Vec<Printed> {
        let blankless = text.replace(BLANK, " ");
        let words = blankless.split_whitespace().map(plain).filter(|word| !word.is_empty());
        words.map(|plain| Printed { plain, item, slot }).collect()
    };
    let mut out = words(&question.text, Slot::Text);
    if question.kind == Kind::TrueFalse {
        out.extend(["true", "false"].iter().enumerate().flat_map(|(n, word)| words(word, Slot::Option(n))));
    }
    out.extend(question.options.iter().enumerate().flat_map(|(n, option)| words(&option.text, Slot::Option(n))));
    out
}

/// Pairs of equal words in order: the alignment in which most are equal and the fewest runs are written in between.
fn align(paper: &[Printed], solution: &[&str]) -> Vec<(usize, usize)> {
    /// What a run written in costs, and a word of the paper that is missing.
    const RUN: i32 = 3;
    const MISSING: i32 = 1;
    const EQUAL: i32 = 3;
    const NEVER: i32 = i32::MIN / 2;
    let width = solution.len() + 1;
    // Best scores with the last words equal (or none yet), and within a run; before the first word a run is free.
    let mut open = vec![0; width];
    let mut inside = vec![NEVER; width];
    let mut steps: Vec<u8> = vec![0; (paper.len() + 1) * width];
    // Bits: 1 equal, 2 missing word, 4 from a run; 8 the run goes on.
    for (i, word) in paper.iter().enumerate() {
        let row = (i + 1) * width;
        let mut diagonal = open[0].max(inside[0]);
        let mut diagonal_in_run = inside[0] > open[0];
        for j in 0..width {
            let (above, above_in_run) = (open[j].max(inside[j]), inside[j] > open[j]);
            let equal = j > 0 && solution[j - 1] == word.plain;
            let missing = above - MISSING;
            let taken = if equal { diagonal + EQUAL } else { NEVER };
            let (score, step) = if taken >= missing {
                (taken, 1 | if diagonal_in_run { 4 } else { 0 })
            } else {
                (missing, 2 | if above_in_run { 4 } else { 0 })
            };
            (diagonal, diagonal_in_run) = (above, above_in_run);
            let goes_on = j > 0 && inside[j - 1] >= open[j - 1] - RUN;
            let run = if j > 0 { inside[j - 1].max(open[j - 1] - RUN) } else { NEVER };
            open[j] = score;
            inside[j] = run;
            steps[row + j] = step | if goes_on { 8 } else { 0 };
        }
    }
    let best = (0..width).max_by_key(|&j| (open[j], std::cmp::Reverse(j))).unwrap_or(0);
    let (mut i, mut j, mut in_run) = (paper.len(), best, false);
    let mut pairs = Vec::new();
    while i > 0 {
        let step = steps[i * width + j];
        if in_run {
            in_run = step & 8 != 0;
            j = j.saturating_sub(1);
            continue;
        }
        if step & 1 != 0 && j > 0 {
            j -= 1;
            pairs.push((i - 1, j));
        }
        i -= 1;
        in_run = step & 4 != 0;
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Segment;
    use exam_model::question::Choice;

    fn lines(texts: &[&str]) -> Vec<Line> {
        let segment = |text: &&str| Segment { text: (*text).to_owned(), ..Segment::default() };
        let line = |(n, text): (usize, &&str)| {
            let top = 20.0 * n as f32;
            Line { page: 3, top, bottom: top + 10.0, segments: vec![segment(text)], ..Line::default() }
        };
        texts.iter().enumerate().map(line).collect()
    }

    fn item(kind: Kind, text: &str, options: &[&str]) -> Question {
        let option = |text: &&str| Choice { text: (*text).to_owned(), ..Choice::default() };
        let options = options.iter().map(option).collect();
        Question { kind, text: text.to_owned(), options, ..Question::default() }
    }

    #[test]
    fn what_is_written_in_is_the_answer() {
        let items = [
            item(Kind::Single, "Which of these metals is liquid at room temperature?", &["iron", "mercury", "zinc"]),
            item(Kind::Cloze, "Two numbers are ______ if their greatest common divisor is 1.", &[]),
            item(Kind::Long, "Explain why ice floats on water.", &[]),
        ];
        let items: Vec<&Question> = items.iter().collect();
        let solutions = lines(&[
            "A) Which of these metals is liquid at room temperature?",
            "B) iron",
            "C) mercuryX",
            "D) zinc",
            "E) Two numbers are _relatively prime__ if their greatest common divisor is 1.",
            "3. Explain why ice floats on water. (2 marks)",
            "• It expands when it freezes.",
            "• So it is less dense.",
        ]);
        let answers = answers(&items, &[0, 1, 2], &solutions);
        let text = |n: usize| answers[n].as_ref().map(|answer| answer.text.as_str());
        assert_eq!(answers[0].as_ref().map(|answer| &answer.ticked[..]), Some(&[1][..]));
        assert_eq!(answers[2].as_ref().map(|answer| (answer.region.page, answer.region.y)), Some((3, 96.0)));
        assert_eq!(answers[2].as_ref().map(|answer| answer.region.height), Some(58.0), "three lines of it");
        assert_eq!(text(1), Some("relatively prime"));
        assert_eq!(text(2), Some("It expands when it freezes.; So it is less dense"));
    }

    #[test]
    fn answers_may_be_named_below_statements_and_blanks() {
        let statement = item(Kind::TrueFalse, "All bacteria are harmful.", &[]);
        let blank = item(Kind::Cloze, "The study of living things is called", &[]);
        let written = lines(&[
            "a) All bacteria are harmful.",
            "Answer: FALSE",
            "b) The study of living things is called ________",
            "Answer: biology",
        ]);
        let found = answers(&[&statement, &blank], &[0], &written);
        assert_eq!(found[0].as_ref().map(|answer| answer.ticked.clone()), Some(vec![1]));
        assert_eq!(found[1].as_ref().map(|answer| answer.text.as_str()), Some("biology"));
    }

    #[test]
    fn another_paper_gives_no_answers() {
        let items = [item(Kind::Long, "Explain why ice floats on water.", &[])];
        let items: Vec<&Question> = items.iter().collect();
        let other = lines(&["Describe the water cycle in the mountains of Rwanda."]);
        assert_eq!(answers(&items, &[0], &other), [None]);
        assert_eq!(answers(&items, &[0], &[]), [None]);
    }
}
