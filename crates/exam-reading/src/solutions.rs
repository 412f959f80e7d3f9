//! Answer keys from worked solutions: the paper again, with answers written into it. The words of both are aligned,
//! whatever their labels; what the solutions have more within an item is its answer.

use exam_model::labels::{self, Frame, Numbering};
use exam_model::question::{Kind, Question, Region};

use crate::emphasis::{self, Letter, SetOff};
use crate::items::BLANK;
use crate::lines::Line;
use crate::words::ANSWER;
use crate::{marks, scheme};

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
    set_off: SetOff,
    /// Behind a box that is crossed.
    crossed: bool,
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
pub fn answers(
    items: &[&Question],
    questions: &[usize],
    lines: &[Line],
    letters: &[Vec<Letter>],
) -> Vec<Option<Answer>> {
    let words = words(lines, letters);
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
            (Slot::Option(option), Some(head)) if is_tick(&head.text) && !has_word(question, option, &head.text) => {
                ticked.push(option);
            }
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
    if ticked.is_empty() {
        ticked = set_off_options(question, &matched[first..first + own], words);
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
    if between.is_empty() && behind.is_empty() && ticked.is_empty() {
        between = coloured_runs(&matched[first..first + own], words);
    }
    let blanks_first = question.kind == Kind::Cloze && !between.is_empty();
    let runs = if blanks_first || behind.is_empty() { between } else { behind };
    let (from, to) = (words[matched[first].0].line, words[end_of_answer].line);
    let region = lines[from..=to].iter().fold(lines[from].region(), |region, line| region.with(line.region()));
    (!ticked.is_empty() || !runs.is_empty()).then(|| Answer { region, text: runs.join("; "), ticked })
}

/// The options that are set off from the others: behind crossed boxes, in a colour or in bold, themselves or their labels.
fn set_off_options(question: &Question, own: &[(usize, Printed)], words: &[Word]) -> Vec<usize> {
    let of = |option: usize| own.iter().filter(move |(_, word)| word.slot == Slot::Option(option)).map(|(at, _)| *at);
    let label = |option: usize| {
        let before = of(option).next().and_then(|at| words.get(at.checked_sub(1)?));
        before.filter(|word| word.plain.is_empty() && word.text.contains(char::is_alphanumeric))
    };
    let mostly = |option: usize, is: &dyn Fn(&Word) -> bool| {
        let (found, all) = of(option).fold((0, 0), |(found, all), at| (found + usize::from(is(&words[at])), all + 1));
        found * 2 > all
    };
    let ways: [&dyn Fn(usize) -> bool; 5] = [
        &|option| of(option).any(|at| words[at].crossed),
        &|option| mostly(option, &|word| word.set_off.coloured),
        &|option| label(option).is_some_and(|word| word.set_off.coloured),
        &|option| mostly(option, &|word| word.set_off.bold),
        &|option| label(option).is_some_and(|word| word.set_off.bold),
    ];
    let options = question.options.len();
    let chosen = |way: &&dyn Fn(usize) -> bool| (0..options).filter(|&option| way(option)).collect::<Vec<_>>();
    ways.iter().map(chosen).find(|set| !set.is_empty() && set.len() < options).unwrap_or_default()
}

/// The words of an item that are printed in a colour, where fewer are than are not.
fn coloured_runs(own: &[(usize, Printed)], words: &[Word]) -> Vec<String> {
    let coloured = |at: usize| words[at].set_off.coloured;
    if own.iter().filter(|(at, _)| coloured(*at)).count() * 2 >= own.len() {
        return Vec::new();
    }
    let runs = own.chunk_by(|(a, _), (b, _)| a + 1 == *b && coloured(*a) == coloured(*b));
    let text =
        |run: &[(usize, Printed)]| run.iter().map(|(at, _)| words[*at].text.as_str()).collect::<Vec<_>>().join(" ");
    let runs = runs.filter(|run| coloured(run[0].0)).map(text);
    runs.map(|run| run.trim_matches(['.', ',', ':', ';', '?', ' ']).to_owned()).filter(|run| !run.is_empty()).collect()
}

/// `Answer: …` starts a line of what was written.
fn says_answer(written: &[Word]) -> bool {
    let Some(at) = written.iter().position(|word| word.starts_line) else { return false };
    let start = written[at..].iter().take(3).map(|word| word.text.to_lowercase()).collect::<Vec<_>>().join(" ");
    ANSWER.all().any(|cue| cue.ends_with([':', '.']) && start.starts_with(cue))
}

/// The option has the word itself: `at line X`.
fn has_word(question: &Question, option: usize, word: &str) -> bool {
    question.options.get(option).is_some_and(|option| option.text.split_whitespace().any(|own| own == word))
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
    if let Some(answer) = scheme::behind_question_name(text) {
        return answer.to_owned();
    }
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

fn words(lines: &[Line], letters: &[Vec<Letter>]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    // A sign may stand on a line of its own, a little above its option.
    let mut crossed = false;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text();
        let ticked = ticked_in_place_of_a_box(line, lines);
        if labels::section(&text).is_some() {
            continue;
        }
        let mut rest = text.as_str();
        let mut starts_line = true;
        let mut letters = letters.get(n).map_or(&[][..], Vec::as_slice);
        // `A   iron`: a letter in a column of its own.
        let apart = line.segments.len() > 1 && line.segments[0].text.len() == 1;
        if let Some((label, taken)) = labels::at_start(rest).into_iter().next()
            && (label.frame != Frame::Bare || apart && label.numbering == Numbering::UpperLetter)
        {
            let set_off = emphasis::of_word(&mut letters, &label.printed);
            let (text, plain) = (label.printed, String::new());
            out.push(Word { line: n, text, plain, starts_line, set_off, crossed });
            rest = &rest[taken..];
        }
        for word in marks::take(rest, false).text.split(|c: char| c.is_whitespace() || c == '_') {
            // `TrueX`
            let glued = word.strip_suffix('X').filter(|stem| stem.ends_with(char::is_lowercase));
            for text in [glued.unwrap_or(word), if glued.is_some() { "X" } else { "" }] {
                if text.is_empty() {
                    continue;
                }
                if ticked && starts_line && is_tick(text) {
                    crossed = true;
                    continue;
                }
                if let Some(sign) = text.chars().next().filter(|_| labels::after_box(&format!("{text} x")).is_some()) {
                    crossed = matches!(sign, '☒' | '☑');
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
                    let set_off = emphasis::of_word(&mut letters, text);
                    out.push(Word { line: n, text: text.to_owned(), plain, starts_line, set_off, crossed });
                    (starts_line, crossed) = (false, false);
                }
            }
        }
    }
    out
}

/// Whether a line starts with a tick where others of its page have the box before an option.
fn ticked_in_place_of_a_box(line: &Line, lines: &[Line]) -> bool {
    const LEVEL: f32 = 6.0;
    let boxed = |other: &Line| {
        let level = other.page == line.page && (other.x() - line.x()).abs() < LEVEL;
        level && other.segments.first().is_some_and(|first| labels::after_box(&format!("{} x", first.text)).is_some())
    };
    line.text().split_whitespace().next().is_some_and(is_tick) && lines.iter().any(boxed)
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
    let named = |value: &str| out.iter().any(|word| word.plain == value);
    if question.kind == Kind::TrueFalse && !(named("true") && named("false")) {
        out.extend(["true", "false"].iter().enumerate().flat_map(|(n, word)| words(word, Slot::Option(n))));
    }
    out.extend(question.options.iter().enumerate().flat_map(|(n, option)| words(&option.text, Slot::Option(n))));
    out
}

/// Pairs of equal words in order: the alignment in which most are equal and the fewest runs are written in between.
fn align(paper: &[Printed], solution: &[&str]) -> Vec<(usize, usize)> {
    /// What a run written in costs, each word of it, and a word of the paper that is missing.
    const RUN: i32 = 30;
    const WRITTEN: i32 = 2;
    const MISSING: i32 = 10;
    const EQUAL: i32 = 30;
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
            let goes_on = j > 0 && inside[j - 1] - WRITTEN >= open[j - 1] - RUN;
            let run = if j > 0 { (inside[j - 1] - WRITTEN).max(open[j - 1] - RUN) } else { NEVER };
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
    use crate::testing::typed;
    use crate::text::Char;
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
        let answers = answers(&items, &[0, 1, 2], &solutions, &[]);
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
        let found = answers(&[&statement, &blank], &[0], &written, &[]);
        assert_eq!(found[0].as_ref().map(|answer| answer.ticked.clone()), Some(vec![1]));
        assert_eq!(found[1].as_ref().map(|answer| answer.text.as_str()), Some("biology"));
    }

    /// The keys of a paper from its own pages, in which some letters are printed otherwise.
    fn keys(rows: &[&str], change: impl Fn(&str, &mut Char)) -> Vec<Option<String>> {
        let page = typed(rows);
        let mut paper = crate::read_paper(std::slice::from_ref(&page));
        let mut scheme = page.clone();
        scheme.chars.iter_mut().for_each(|char| {
            let row = ((char.baseline - page.chars[0].baseline) / 18.0).round() as usize;
            change(rows[row], char);
        });
        crate::apply_scheme(&mut paper, &[scheme]);
        paper.questions.into_iter().map(|question| question.key.map(|key| key.text)).collect()
    }

    #[test]
    fn the_right_option_of_a_solution_may_be_set_off() {
        let rows = [
            "1. Which of these metals is liquid at room temperature?",
            "    A. iron",
            "    B. mercury",
            "    C. zinc",
            "2. Which of these gases do plants give off in the light?",
            "    A. oxygen",
            "    B. methane",
            "    C. argon",
            "3. The inner / outer planets of our system are made of rock. (1 mark)",
        ];
        let right = |row: &str| row.ends_with("mercury") || row.ends_with("oxygen");
        let choices = [Some("mercury".to_owned()), Some("oxygen".to_owned())];
        assert_eq!(keys(&rows, |row, char| char.bold = right(row))[..2], choices, "in bold");
        assert_eq!(keys(&rows, |row, char| char.coloured = right(row))[..2], choices, "in a colour");
        let label = |row: &str, char: &Char| row.starts_with(' ') && char.x < 90.0;
        let labels = |row: &str, char: &mut Char| {
            char.bold = label(row, char);
            char.coloured = char.bold && right(row);
        };
        assert_eq!(keys(&rows, labels)[..2], choices, "its label, of labels that are all bold");
        let word =
            |row: &str, char: &mut Char| char.coloured = row.starts_with('3') && (100.0..125.0).contains(&char.x);
        assert_eq!(keys(&rows, word)[2].as_deref(), Some("inner"), "a word of the sentence");
        assert_eq!(keys(&rows, |_, char| char.bold = true), [None, None, None], "all alike");
    }

    #[test]
    fn the_right_option_of_a_solution_may_have_a_crossed_box() {
        let rows = |crossed: &str| {
            let rows = format!(
                "1. Which of these metals is liquid at room temperature?|  ☐ iron|  {crossed} mercury|  ☐ zinc|\
                 2. Why does ice float on water? (2 marks)"
            );
            typed(&rows.split('|').collect::<Vec<_>>())
        };
        let mut paper = crate::read_paper(&[rows("☐")]);
        crate::apply_scheme(&mut paper, &[rows("☒")]);
        assert_eq!(paper.questions[0].key.as_ref().map(|key| key.text.as_str()), Some("mercury"));
    }

    #[test]
    fn a_tick_may_stand_in_place_of_the_box() {
        for ticked in ["✓ mercury", "√|    mercury"] {
            let rows_of = |mercury: &str| {
                let rows = format!(
                    "1. Which of these metals is liquid at room temperature?|  ☐ iron|  {mercury}|  ☐ zinc|\
                     2. Why does ice float on water? (2 marks)"
                );
                typed(&rows.split('|').collect::<Vec<_>>())
            };
            let mut paper = crate::read_paper(&[rows_of("☐ mercury")]);
            crate::apply_scheme(&mut paper, &[rows_of(ticked)]);
            assert_eq!(paper.questions[0].key.as_ref().map(|key| key.text.as_str()), Some("mercury"), "{ticked}");
        }
    }

    #[test]
    fn what_a_question_is_asked_in_two_ways_does_not_reach_into_the_next() {
        let items = [
            item(Kind::TrueFalse, "All debts are bad.", &[]),
            item(Kind::Long, "Explain what a market is and who meets there every day of the week.", &[]),
            item(Kind::TrueFalse, "All markets are open.", &[]),
        ];
        let items: Vec<&Question> = items.iter().collect();
        let solutions = lines(&[
            "1. All debts are bad.",
            "2. Explain what a market is and who meets there every day of the week.",
            "It is a place where those who sell and those who buy goods or services meet and agree on a price,",
            "be it in a square, in a hall, by letter or by wire.",
            "3. All markets are open. True or false?",
        ]);
        let answers = answers(&items, &[0, 1, 2], &solutions, &[]);
        assert!(answers[1].as_ref().is_some_and(|answer| answer.text.starts_with("It is a place")), "{answers:?}");
    }

    #[test]
    fn another_paper_gives_no_answers() {
        let items = [item(Kind::Long, "Explain why ice floats on water.", &[])];
        let items: Vec<&Question> = items.iter().collect();
        let other = lines(&["Describe the water cycle in the mountains of Rwanda."]);
        assert_eq!(answers(&items, &[0], &other, &[]), [None]);
        assert_eq!(answers(&items, &[0], &[], &[]), [None]);
    }
}
