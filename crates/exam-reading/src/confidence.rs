//! How sure an item is. What was seen of it that goes with wrong readings is a reason to look at it; that, and what the whole
//! paper is like, are weighed by a logistic regression: `cargo run --release -p exam-reading --example confidence -- FOLDER…`
//! fits the weights on papers as they were read before the reader had been mended by them.

use exam_model::labels::{self, Frame, Numbering};
use exam_model::paper::{Paper, Section};
use exam_model::question::{Choice, Kind, Question, SURE};

use crate::check;
use crate::items::BLANK;
use crate::marks;
use crate::words::{self, says};

/// What may speak against an item, as a person is told.
const REASONS: [&str; 9] = [
    "Something that looks like marks was read as text.",
    "Capital letters were read as labels of parts.",
    "It asks for a choice, but no options were found.",
    "A line of it starts with what may be a label.",
    "The number after this one was not found.",
    "One option differs from the others.",
    "Several options may be right.",
    "No marks were found here, but beside it.",
    "It has fewer options than others have.",
];

/// What an item's confidence is counted from, as a person is told where it lowers that: how much its being so, from 0 to 1,
/// adds to the log odds that path, page, first words, marks, kind and options are all right.
pub const WEIGHTS: [(&str, f32); 16] = [
    ("It is an item.", 1.41),
    ("There is a reason to look at it.", -1.22),
    ("No marks were found for it, but for others of this paper.", -2.02),
    ("Nothing says how it is answered.", -0.41),
    ("It has marks of its own.", 0.74),
    ("It has parts.", 0.48),
    ("It asks for a number, a list or a text.", 0.36),
    ("It has as many options as the other choices.", 2.23),
    ("The paper has sections.", 1.21),
    ("The marks of the paper or of a section add up.", 0.56),
    ("Other questions of this paper are doubtful.", -0.92),
    ("Much of this paper does not say how it is answered.", -1.35),
    ("The same numbers stand twice in this paper.", -1.93),
    ("No marks were found in this paper.", -1.09),
    ("Marks were found for some questions of this paper only.", -1.27),
    ("Numbers are missing in this paper.", -1.84),
];

/// How far each of `WEIGHTS` is so, from 0 to 1.
pub type Features = [f32; WEIGHTS.len()];

/// The features of each of a paper's items, in their order. Each has its reasons to be looked at already.
pub fn features(paper: &Paper) -> Vec<Features> {
    let items: Vec<&Question> = paper.questions.iter().flat_map(Question::items).collect();
    let share = |count: usize, of: usize| count as f32 / of.max(1) as f32;
    let is = |yes: bool| f32::from(u8::from(yes));
    let mut marked = Vec::with_capacity(items.len());
    paper.questions.iter().for_each(|question| have_marks(question, false, &mut marked));
    let leaves = items.iter().zip(&marked).filter(|(item, _)| item.parts.is_empty());
    let (all, with_marks) = (leaves.clone().count(), leaves.filter(|(_, marked)| **marked).count());
    let doubted = items.iter().filter(|item| !item.doubts.is_empty()).count();
    let silent = items.iter().filter(|item| is_silent(item)).count();
    let twice = items.iter().any(|item| item.path.contains('#'));
    let usual = usual(&paper.questions);
    let of_paper = [
        is(!paper.sections.is_empty()),
        is(adds_up(paper)),
        share(doubted, items.len()),
        share(silent, items.len()),
        is(twice),
        is(with_marks == 0),
        is(with_marks > 0 && with_marks * 10 < all * 7),
        share(gaps(&paper.questions).min(3), 3),
    ];
    let one = |(item, &marked): (&&Question, &bool)| {
        let unmarked = item.parts.is_empty() && !marked && with_marks > 0;
        let own = [
            1.0,
            is(!item.doubts.is_empty()),
            is(unmarked),
            is(is_silent(item)),
            is(item.marks.is_some()),
            is(item.kind == Kind::Group),
            is(matches!(item.kind, Kind::Numeric | Kind::List | Kind::Long)),
            is(usual == Some(item.options.len())),
        ];
        std::array::from_fn(|n| own.get(n).copied().unwrap_or_else(|| of_paper[n - own.len()]))
    };
    items.iter().zip(&marked).map(one).collect()
}

/// The probability that all of an item is right.
pub fn probability(features: &Features, weights: &Features) -> f32 {
    let odds: f32 = features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Of each item whether it, one above or one within it has marks.
fn have_marks(item: &Question, above: bool, out: &mut Vec<bool>) {
    let marked = above || item.marks.is_some();
    out.push(marked || item.has_marks());
    item.parts.iter().for_each(|part| have_marks(part, marked, out));
}

/// Taken for a short answer though nothing asks for one: no question mark, no place to write, no word that asks.
fn is_silent(item: &Question) -> bool {
    let lower = item.text.to_lowercase();
    let asks = lower.contains(['?', '…'])
        || ["__", "...."].iter().any(|blank| lower.contains(blank))
        || says(&lower, &words::ASKING)
        || says(&lower, &words::OPENING);
    item.parts.is_empty() && item.kind == Kind::Short && !asks
}

/// Whether the marks of its questions are the total that the cover or the heading of a section tells.
fn adds_up(paper: &Paper) -> bool {
    let each = |section: &Section| -> Vec<f64> {
        paper.questions.iter().filter(|question| section.holds(question)).filter_map(check::marks).collect()
    };
    let whole: f64 = paper.questions.iter().filter_map(check::marks).sum();
    let adds = |section: &Section| section.marks.is_some_and(|marks| marks == section.rule.asked(each(section)));
    paper.cover.total == Some(whole) || paper.sections.iter().any(adds)
}

/// How often a number is missing between questions or before the first.
fn gaps(questions: &[Question]) -> usize {
    let label = |question: &Question| question.path.rsplit('.').next()?.split('#').next()?.parse::<u32>().ok();
    let numbers: Vec<u32> = questions.iter().filter_map(label).collect();
    let missing = numbers.windows(2).filter(|pair| pair[1] > pair[0] + 1).count();
    missing + usize::from(numbers.first().is_some_and(|first| *first > 1))
}

/// Which of `REASONS` hold.
type Seen = [bool; REASONS.len()];

/// What speaks against each of the items, in the paper's order.
fn seen(questions: &[Question]) -> Vec<Seen> {
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
            seen[8] = usual.is_some_and(|usual| (1..usual).contains(&item.options.len()));
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

/// Says of each item what speaks against it, and how sure it is.
pub fn apply(paper: &mut Paper) {
    let mut seen = seen(&paper.questions).into_iter();
    each(&mut paper.questions, &mut |item| {
        let reasons = REASONS.iter().zip(seen.next().unwrap_or_default()).filter(|(_, seen)| *seen);
        reasons.for_each(|(reason, _)| item.doubt(*reason));
    });
    let weights = WEIGHTS.map(|(_, weight)| weight);
    let mut features = features(paper).into_iter();
    each(&mut paper.questions, &mut |item| {
        let features = features.next().unwrap_or_default();
        let sure = probability(&features, &weights);
        // What was doubted by what is printed there stays so, whatever the rest of the paper is like.
        item.confidence = if item.doubts.is_empty() { sure } else { sure.min(item.confidence) };
        if item.confidence < SURE && item.doubts.is_empty() {
            let lowers = |n: &usize| features[*n] * weights[*n];
            let most = (0..WEIGHTS.len()).min_by(|a, b| lowers(a).total_cmp(&lowers(b)));
            item.doubts.extend(most.map(|n| WEIGHTS[n].0.to_owned()));
        }
    });
}

/// Every item of these, in their order.
fn each(questions: &mut [Question], change: &mut impl FnMut(&mut Question)) {
    for question in questions {
        change(question);
        each(&mut question.parts, change);
    }
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

    fn item(label: &str) -> Question {
        let text = "What is the name of it?".to_owned();
        Question {
            label: label.into(),
            path: label.into(),
            marks: Some(1.0),
            kind: Kind::Short,
            text,
            ..Question::default()
        }
    }

    fn applied(questions: Vec<Question>) -> Vec<Question> {
        let mut paper = Paper { questions, ..Paper::default() };
        apply(&mut paper);
        paper.questions
    }

    fn numbered(count: usize) -> Vec<Question> {
        (1..=count).map(|number| item(&number.to_string())).collect()
    }

    #[test]
    fn what_was_seen_lowers_the_confidence() {
        let mut questions = numbered(6);
        questions[0].marks = None;
        questions[0].parts = ["A", "B"].map(item).map(|part| Question { marks: None, ..part }).to_vec();
        let read = applied(questions);
        assert!(read[0].parts.iter().all(|part| part.confidence < SURE && !part.doubts.is_empty()), "{read:?}");
        assert!(read[1].confidence > SURE && read[1].doubts.is_empty(), "{read:?}");
    }

    #[test]
    fn what_the_whole_paper_is_like_lowers_the_confidence_of_each() {
        let plain = applied(numbered(6))[5].confidence;
        let unlike: [fn(&mut Vec<Question>); 5] = [
            |questions| questions.iter_mut().for_each(|question| question.marks = None),
            |questions| questions[5].marks = None,
            |questions| questions[4].path = "3#2".to_owned(),
            |questions| questions.iter_mut().for_each(|question| question.text = "Gaat het zo met ons".to_owned()),
            |questions| questions.drain(..2).for_each(drop),
        ];
        for (n, change) in unlike.into_iter().enumerate() {
            let mut questions = numbered(6);
            change(&mut questions);
            let last = applied(questions).pop().unwrap();
            assert!(last.confidence < plain, "{n}: {}", last.confidence);
            assert!(last.confidence >= SURE || last.doubts.len() == 1, "{n}: {:?}", last.doubts);
        }
    }
}
