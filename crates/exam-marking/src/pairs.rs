//! Matching, classifying and ordering: each part its share.

use exam_model::answer::{Answer, Certainty};
use exam_model::question::{Key, Kind};

use crate::letters::{low, tidy};
use crate::reason;
use crate::rule::Notes;
use crate::{Share, formula, key, list, text, unit};

/// Equal, or only spelt otherwise.
fn same(a: &str, b: &str) -> bool {
    text::same(a, b) || a.len() > 2 && text::in_words(a, b).is_right() || formula::names(a, b) == Some(true)
}

/// What says that things are put in order.
const ORDERS: [&str; 5] = ["order", "smallest to", "largest to", "smallest first", "largest first"];

/// What a question asks for that says "Match …" or "Arrange … in order", where its kind is not known and its key has labels
/// to match or words to put in order.
pub fn asked_for(kind: Kind, question: &str, key: &str) -> Option<Kind> {
    if !matches!(kind, Kind::Short | Kind::List) || question.is_empty() {
        return None;
    }
    let question = low(question);
    let begins = |words: &[&str]| words.iter().any(|word| question.starts_with(word));
    if begins(&["match"]) {
        let pairs = key::pairs(&tidy(key));
        let labels = pairs.iter().all(|(a, b)| is_label(a) && is_label(b));
        return (pairs.len() > 1 && labels).then_some(Kind::Match);
    }
    let says = |words: &[&str]| words.iter().any(|word| question.contains(word));
    let ordering = begins(&["arrange", "put ", "place ", "rank"]) && says(&ORDERS);
    // "List the three neurones in the order in which the impulse passes."
    let listing = begins(&["list", "name", "give", "state", "write"]) && says(&["in order", "in the order"]);
    let ordering = ordering || listing && key.contains('→');
    // "Arrange the words in order to make a sentence."
    if ordering && !says(&["sentence", "word"]) {
        let values = key.contains(|c: char| c.is_ascii_digit()) || key.contains([';', '<', '>']);
        let parts = key::sequence(key);
        let divided = key.contains([',', '→', '\n']) || parts.iter().all(|part| is_label(part));
        return (!values && divided && parts.len() > 2).then_some(Kind::Order);
    }
    None
}

/// Each pair its share; something that is matched with two things is matched with neither.
/// Either side may be told by its label or by what the question has beside the label.
pub fn matched(key: &Key, answer: &Answer, question: &str) -> Share {
    let (key, _) = Notes::take(&key.text);
    let wanted = key::pairs(&tidy(&key));
    let joined = answer.0.join("; ");
    let text = tidy(&joined);
    let mut given = labelled(key::pairs(&text), &wanted, question);
    // `C A E B` answers 1, 2, 3 and 4 in turn.
    let letters = key::sequence(&text);
    let numbered = wanted.iter().enumerate().all(|(n, (left, _))| *left == (n + 1).to_string());
    let plain = letters.iter().all(|letter| letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic));
    if given.is_empty() && numbered && plain && letters.len() == wanted.len() {
        given = wanted.iter().zip(letters).map(|((left, _), letter)| (left.clone(), letter.to_uppercase())).collect();
    }
    if given.is_empty() {
        given = by_words(&text, &wanted, question);
    }
    let partners = |of: &str| {
        // Of `a-C; b-A; c-B`, the partner of `b` is `A`, and not `c` as well.
        let named: Vec<&str> = given.iter().filter(|(a, _)| a == of).map(|(_, b)| b.as_str()).collect();
        if !named.is_empty() {
            return named;
        }
        let sides = given.iter().flat_map(|(a, b)| [(a, b), (b, a)]);
        sides.filter(|(a, _)| same(of, a)).map(|(_, b)| b.as_str()).collect::<Vec<_>>()
    };
    let found: Vec<Vec<&str>> = wanted.iter().map(|(left, _)| partners(left)).collect();
    let is_right = |n: &usize| !found[*n].is_empty() && found[*n].iter().all(|partner| same(&wanted[*n].1, partner));
    let asked = wanted.len().max(1);
    let rights: Vec<bool> = (0..wanted.len()).map(|n| is_right(&n)).collect();
    let right = rights.iter().filter(|right| **right).count();
    let twice = found.iter().any(|partners| partners.iter().any(|partner| !text::same(partner, partners[0])));
    let wrong = wanted.iter().zip(&rights).filter(|(_, right)| !**right);
    let missing: Vec<String> = wrong.map(|((left, right), _)| format!("{left} with {right}")).collect();
    // Labels are equal or not; words that belong nowhere may mean the right ones.
    let labels = |pairs: &[(String, String)]| pairs.iter().all(|(a, b)| is_label(a) && is_label(b));
    let sure = right == asked || !given.is_empty() && labels(&wanted) && labels(&given);
    Share {
        right: right as f64,
        asked: asked as f64,
        certainty: if sure { Certainty::Exact } else { Certainty::Near },
        reason: reason::pairs(right, asked, &missing, twice, given.is_empty()),
    }
}

/// Pairs with the labels of what they tell in words: `saw-c` as `1-c` where the question has "1. saw". Where it has none
/// of the words, they stand in its order.
fn labelled(mut given: Vec<(String, String)>, wanted: &[(String, String)], question: &str) -> Vec<(String, String)> {
    if given.is_empty() || !wanted.iter().all(|(left, right)| is_label(left) && is_label(right)) {
        return given;
    }
    let mut found = 0;
    for (left, right) in &mut given {
        for side in [left, right] {
            if let Some(label) = (!is_label(side)).then(|| label_of(question, side)).flatten() {
                *side = label;
                found += 1;
            }
        }
    }
    let words = given.iter().all(|(left, right)| !is_label(left) && is_label(right));
    if found == 0 && words && given.len() == wanted.len() {
        let lefts = wanted.iter().map(|(left, _)| left.clone());
        return lefts.zip(given).map(|(left, (_, right))| (left, right)).collect();
    }
    given
}

/// Pairs without a sign between their words: `cow calf, dog puppy`, where the question has both beside their labels.
fn by_words(text: &str, wanted: &[(String, String)], question: &str) -> Vec<(String, String)> {
    if !wanted.iter().all(|(left, right)| is_label(left) && is_label(right)) {
        return Vec::new();
    }
    let pair = |piece: &str| {
        let ends = piece.match_indices(' ').map(|(at, _)| at);
        let halves = ends.filter_map(|at| Some((label_of(question, &piece[..at])?, label_of(question, &piece[at..])?)));
        halves.into_iter().next()
    };
    text.split([',', ';', '\n']).filter_map(|piece| pair(piece.trim())).collect()
}

/// A number, a letter or a small Roman number, and no word.
fn is_label(side: &str) -> bool {
    side.chars().count() <= 2 || is_roman(side)
}

fn is_roman(label: &str) -> bool {
    !label.is_empty() && label.len() <= 4 && label.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
}

/// The label before some words of a question: the `1` of "1. saw".
fn label_of(question: &str, words: &str) -> Option<String> {
    let (text, words) = (low(question), low(words.trim()));
    let is_word = |at: usize| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        !words.is_empty() && !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphabetic)
    };
    text.match_indices(&*words).filter(|(at, _)| is_word(*at)).find_map(|(at, _)| {
        let before = text[..at].trim_end();
        let bare = before.trim_end_matches(['.', ')', ':', '-', ' ']);
        let label = bare.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let digits = label.bytes().all(|b| b.is_ascii_digit());
        // `a` alone is an article, `A` within a sentence none.
        let start = bare.len() - label.len();
        let capital = text.len() == question.len()
            && start > 0
            && question.get(start..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
        let listed = question.get(..start).is_some_and(|before| before.trim_end().ends_with([';', ':', '.', '?']));
        let alone = label.len() == 1 && (before.len() > bare.len() || label != "a" || capital || listed);
        let roman = before.len() > bare.len() && is_roman(label);
        (!label.is_empty() && (digits && label.len() < 3 || alone || roman)).then(|| label.to_uppercase())
    })
}

/// How many follow one another as in the key (the longest common subsequence), where a part earns marks: from two marks on
/// or where the scheme says so. One alone follows nothing.
pub fn ordered(key: &Key, answer: &Answer, of: f64, question: &str) -> Share {
    let (key, notes) = Notes::take(&key.text);
    let wanted = key::sequence(&key);
    let mut given = key::sequence(&list::numbered(&answer.0.join("; ")));
    if wanted.iter().all(|item| is_label(item)) && !given.iter().any(|item| is_label(item)) {
        given.iter_mut().for_each(|item| *item = label_of(question, item).unwrap_or(std::mem::take(item)));
    }
    without_kind(&mut given, &wanted, question);
    let asked = wanted.len().max(1);
    let right = if given.len() > wanted.len() { 0 } else { common(&wanted, &given) };
    let in_parts = (of >= 2.0 || notes.each.is_some()) && !notes.all_or_nothing;
    let reason = reason::order(right, asked, in_parts, &wanted.join(", "));
    let labels = wanted.iter().chain(&given).all(|item| item.chars().count() <= 3);
    let known = || given.iter().all(|item| wanted.iter().any(|one| same(one, item) || are_one_unit(one, item)));
    let sure = right == asked || given.len() == wanted.len() && (labels || known());
    let certainty = if sure { Certainty::Exact } else { Certainty::Near };
    let right = if right == asked || in_parts && right > 1 { right } else { 0 };
    Share { right: right as f64, asked: asked as f64, certainty, reason }
}

/// Takes from things in order what the question calls all of them, and "then": `sensory neurone, then motor neurone`.
fn without_kind(given: &mut [String], wanted: &[String], question: &str) {
    for item in given.iter_mut() {
        if let Some(bare) = item.strip_prefix("then ") {
            *item = bare.to_owned();
        }
    }
    let Some(kind) = given.first().and_then(|first| first.rsplit_once(' ')).map(|(_, kind)| low(kind).into_owned())
    else {
        return;
    };
    let named = low(question)
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.trim_end_matches('s') == kind.trim_end_matches('s'));
    let is_of_kind = |item: &String| low(item).ends_with(&format!(" {kind}"));
    if named && kind.len() > 2 && given.iter().all(is_of_kind) && !wanted.iter().any(is_of_kind) {
        // Its accents make it longer than the kind.
        given.iter_mut().for_each(|item| item.truncate(item.rfind(char::is_whitespace).unwrap_or(item.len())));
    }
}

/// A unit by its symbol or its name.
fn are_one_unit(a: &str, b: &str) -> bool {
    let unit = |text: &str| unit::parse(text).filter(|_| text.contains(|c: char| c.is_alphabetic()));
    a.len().max(b.len()) > 1 && unit(a).is_some_and(|one| unit(b) == Some(one))
}

fn common(wanted: &[String], given: &[String]) -> usize {
    let mut row = vec![0usize; given.len() + 1];
    for one in wanted.iter().take(60) {
        let mut corner = 0;
        for (n, other) in given.iter().enumerate() {
            let above = row[n + 1];
            row[n + 1] = if same(one, other) || are_one_unit(one, other) { corner + 1 } else { above.max(row[n]) };
            corner = above;
        }
    }
    row.last().copied().unwrap_or_default()
}
