//! How sure an item is: what was seen of it that goes with wrong readings, and how often items were right all the same.
//! `cargo run --release -p exam-reading --example confidence -- FOLDER…` fits the shares.

use exam_model::labels::{self, Frame, Numbering};
use exam_model::question::{Choice, Kind, Question, SURE};

use crate::items::BLANK;
use crate::marks;
use crate::words::{self, says};

/// What may speak against an item, as a person is told, with the share of such items that were right in every respect.
pub const REASONS: [(&str, f32); 10] = [
    ("Something that looks like marks was read as text.", 0.08),
    ("Capital letters were read as labels of parts.", 0.23),
    ("It asks for a choice, but no options were found.", 0.34),
    ("A line of it starts with what may be a label.", 0.30),
    ("The number after this one was not found.", 0.37),
    ("One option differs from the others.", 0.43),
    ("Several options may be right.", 0.56),
    ("No marks were found here, but beside it.", 0.16),
    ("It has one part only.", 0.85),
    ("It has fewer options than others have.", 0.44),
];

/// Which reasons hold.
pub type Seen = [bool; REASONS.len()];

/// What speaks against each of the items, in the paper's order.
pub fn seen(questions: &[Question]) -> Vec<Seen> {
    let number = |question: &Question| question.path.rsplit('.').next().and_then(|label| label.parse::<u32>().ok());
    let usual = usual(questions);
    let mut out = Vec::new();
    for (n, question) in questions.iter().enumerate() {
        let next = questions.get(n + 1).and_then(number);
        let gap = number(question).zip(next).is_some_and(|(here, next)| next > here + 1);
        let from = out.len();
        below(question, &mut out);
        for (seen, item) in out[from..].iter_mut().zip(question.items()) {
            seen[4] = gap;
            seen[9] = usual.is_some_and(|usual| (1..usual).contains(&item.options.len()));
        }
    }
    out
}

/// How many options nearly all choices of a paper have.
fn usual(questions: &[Question]) -> Option<usize> {
    let items = questions.iter().flat_map(Question::items);
    let counts: Vec<usize> = items.filter(|item| item.kind == Kind::Single).map(|item| item.options.len()).collect();
    let like = |count: usize| counts.iter().filter(|&&other| other == count).count();
    counts
        .iter()
        .copied()
        .max_by_key(|&count| like(count))
        .filter(|&count| like(count) >= 5 && like(count) * 10 >= counts.len() * 7)
}

fn below(item: &Question, out: &mut Vec<Seen>) {
    let at = out.len();
    out.push(alone(item));
    let capital = |part: &Question| {
        labels::at_start(&part.label).iter().any(|(label, _)| label.numbering == Numbering::UpperLetter)
    };
    let marked = item.parts.iter().any(Question::has_marks);
    let lettered = item.parts.len() > 1 && !marked && item.parts.iter().all(capital);
    out[at][1] = lettered;
    for part in &item.parts {
        let here = out.len();
        below(part, out);
        out[here..].iter_mut().for_each(|seen| seen[1] |= lettered);
        out[here][7] = marked && !part.has_marks();
    }
}

/// What an item says against itself.
fn alone(item: &Question) -> Seen {
    let lower = item.text.to_lowercase();
    let chosen = matches!(item.kind, Kind::Single | Kind::Multiple | Kind::Order | Kind::Classify | Kind::Match);
    let texts = || item.options.iter().map(|option| &option.text).chain([&item.text]);
    let asks = says(&lower, &words::CHOOSING_AMONG)
        || says(&lower, &words::CHOICES)
        || says(&lower, &words::TICKING)
        || says(&lower, &words::CIRCLING_ONE);
    let no_choice = item.parts.is_empty() && item.options.is_empty() && !chosen && asks;
    let several = item.kind == Kind::Single && lower.contains(" are ") && lower.starts_with("which");
    let mut seen = [false; REASONS.len()];
    // A table to match has both.
    let is_table = item.kind == Kind::Match;
    seen[0] = !is_table && texts().any(|text| text.lines().any(marks_left));
    seen[2] = no_choice;
    seen[3] = !is_table && item.text.lines().skip(1).any(is_labelled);
    seen[5] = differs(&item.options);
    seen[6] = several;
    seen[8] = item.parts.len() == 1;
    seen
}

/// `… /2marks`, `… {3}`, `… 4 pts`: a number at the end of a line, in brackets or before a word for marks.
fn marks_left(line: &str) -> bool {
    ends_with_marks(line) || behind_sentence(line)
}

fn ends_with_marks(line: &str) -> bool {
    let line = line.trim_end_matches(BLANK).trim_end();
    let inner = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = inner.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    match words[..] {
        [.., number, word] if marks::is_word(word) && is_number(number) => !line.ends_with('.'),
        [.., number] if is_number(number) && number.len() <= 2 && line.ends_with([')', ']', '}', '>']) => {
            // `f(2)`, `(0, 2)` and `= (2)` are none.
            let before = &inner[..inner.len() - number.len()];
            let Some(opened) = before.strip_suffix(['(', '[', '{', '<']) else { return false };
            let last = opened.trim_end().chars().last();
            opened.trim_end().len() < opened.len() && last.is_none_or(|c| c.is_alphabetic() || ".?:;)".contains(c))
                || opened.is_empty()
        }
        _ => false,
    }
}

/// `… Say why. 3 BE`, `… Explain it. (1,0)`: a number, perhaps with a word, behind the end of a sentence.
fn behind_sentence(line: &str) -> bool {
    let Some((before, tail)) =
        [". ", "? ", "! "].iter().filter_map(|end| line.rsplit_once(end)).min_by_key(|(_, t)| t.len())
    else {
        return false;
    };
    let words = tail.split_whitespace().count();
    let sentence = before.split_whitespace().count() > 1;
    sentence && (1..=2).contains(&words) && tail.chars().count() <= 12 && tail.contains(|c: char| c.is_ascii_digit())
}

fn is_labelled(line: &str) -> bool {
    labels::at_start(line).iter().any(|(label, taken)| {
        matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Brackets) && !line[*taken..].trim().is_empty()
    })
}

/// One far longer than the others, or alone in capitals.
fn differs(options: &[Choice]) -> bool {
    let mut lengths: Vec<usize> = options.iter().map(|option| option.text.chars().count()).collect();
    lengths.sort_unstable();
    let [.., second, longest] = lengths[..] else { return false };
    let shouts = |option: &&Choice| {
        option
            .text
            .split(|c: char| !c.is_alphabetic())
            .any(|word| word.chars().count() > 3 && !word.contains(char::is_lowercase))
    };
    longest > 20 && longest * 2 > second * 5 || options.iter().filter(shouts).count() == 1 && options.len() > 2
}

/// Lowers the confidence of the items of which something was seen, and says what where a person should look.
pub fn apply(questions: &mut [Question]) {
    fn lower(item: &mut Question, seen: &mut std::vec::IntoIter<Seen>) {
        for ((reason, share), _) in REASONS.iter().zip(seen.next().unwrap_or_default()).filter(|(_, seen)| *seen) {
            item.confidence = item.confidence.min(*share);
            if *share < SURE {
                item.doubts.push((*reason).to_owned());
            }
        }
        item.parts.iter_mut().for_each(|part| lower(part, seen));
    }
    let mut seen = seen(questions).into_iter();
    questions.iter_mut().for_each(|question| lower(question, &mut seen));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_may_have_been_left_in_a_text() {
        for text in [
            "Say why it is so. 3 BE",
            "Indique duas. (1,0)",
            "{1)",
            "Name it. {3 marks}",
            "Say why / 4 pts",
            "Say why (1 x 2) (2)",
            "Draw it. [16]",
        ] {
            assert!(marks_left(text), "{text}");
        }
        for text in [
            "Find f(2)",
            "(0, 1)",
            "x = (3)",
            "You get 2 marks.",
            "In the year 2012",
            "It is 5 m long.",
            "Name two uses of water (other than rain).",
        ] {
            assert!(!marks_left(text), "{text}");
        }
    }

    #[test]
    fn what_was_seen_lowers_the_confidence() {
        let part = |label: &str| Question { label: label.into(), confidence: 1.0, ..Question::default() };
        let mut questions = [Question { parts: vec![part("A"), part("B")], ..part("1.") }, part("2.")];
        apply(&mut questions);
        assert!(questions[0].parts.iter().all(|part| part.confidence < 1.0) && questions[1].confidence == 1.0);
    }
}
