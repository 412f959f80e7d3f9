//! What an answer is known to say instead of what is asked for: the opposite, another number, another thing of the class.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::sense::Token;
use super::{Reading, alike, heavy, is_kind_word, opposed};
use crate::lexicon::{self, Table};

/// Things by the stems of their words, with the classes to which they belong.
static CLASSES: LazyLock<Table<String, Vec<usize>>> = LazyLock::new(|| {
    let mut classes: Table<String, Vec<usize>> = Table::default();
    for (n, row) in rows().enumerate() {
        for thing in row.split(" | ") {
            classes.entry(name(&Reading::of(thing).tokens(), true)).or_default().push(n);
        }
    }
    classes
});

/// The stems with which the names of things in classes begin.
static BEGINNINGS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| CLASSES.keys().filter_map(|name| name.split(' ').next()).collect());

fn rows() -> impl Iterator<Item = &'static str> {
    include_str!("../lexicon/classes.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The stems of a thing, without those of its kind: `copper` for "the metal copper".
fn name(thing: &[Token], whole: bool) -> String {
    let heavy: Vec<&Token> = thing.iter().filter(|token| token.weight >= 1.0).collect();
    let kind = |token: &&&Token| heavy.len() == 1 || whole || !is_kind_word(token);
    heavy.iter().filter(kind).map(|token| &*token.stem).collect::<Vec<_>>().join(" ")
}

/// Whether two things are of one class, and not the same.
pub(super) fn are_of_one_class(wanted: &[Token], given: &[Token]) -> bool {
    const LONGEST: usize = 4;
    if heavy(wanted) > LONGEST || heavy(given) > LONGEST {
        return false;
    }
    // Most things are of no class.
    let begins = |thing: &[Token]| thing.iter().any(|token| token.weight >= 1.0 && BEGINNINGS.contains(&*token.stem));
    if !begins(wanted) || !begins(given) {
        return false;
    }
    let classes = |thing: &[Token]| {
        [true, false].iter().find_map(|whole| {
            let name = name(thing, *whole);
            CLASSES.get(&name).map(|classes| (name, classes))
        })
    };
    classes(wanted)
        .zip(classes(given))
        .is_some_and(|((a, of_a), (b, of_b))| a != b && of_a.iter().any(|n| of_b.contains(n)))
}

/// Whether a word names a thing of the class of one of these.
pub(super) fn has_kin(wanted: &[Token], word: &Token) -> bool {
    let classes = |token: &Token| (token.weight >= 1.0).then(|| CLASSES.get(&*token.stem)).flatten();
    let of_word = classes(word);
    of_word.is_some_and(|of_word| wanted.iter().filter_map(classes).flatten().any(|n| of_word.contains(n)))
}

/// Whether an answer has another thing of the class in the place of one.
pub(super) fn is_replaced(wanted: &[Token], given: &[Token], turned: bool) -> bool {
    let missing =
        wanted.iter().filter(|word| word.weight >= 1.0 && !given.iter().any(|other| alike(word, other, turned)));
    let new =
        || given.iter().filter(|word| word.weight >= 1.0 && !wanted.iter().any(|other| alike(other, word, turned)));
    let classes = |word: &Token| CLASSES.get(&*word.stem);
    is_compound(wanted, given)
        || missing
            .filter_map(classes)
            .any(|of_one| new().filter_map(classes).any(|of_other| of_one.iter().any(|n| of_other.contains(n))))
}

/// Whether an answer names a thing of several words with those of another: a rain gauge for rain.
pub(super) fn is_compound(wanted: &[Token], given: &[Token]) -> bool {
    // Most things are of no class.
    heavy(given) == heavy(wanted) + 1
        && given.iter().any(|token| token.weight >= 1.0 && BEGINNINGS.contains(&*token.stem))
        && CLASSES.contains_key(&name(given, true))
        && !CLASSES.contains_key(&name(wanted, true))
}

/// Whether two words begin or end alike, so that one may be taken for the other.
fn look_alike(a: &str, b: &str) -> bool {
    a.bytes().take(2).eq(b.bytes().take(2)) || a.bytes().rev().take(3).eq(b.bytes().rev().take(3))
}

/// Whether a short answer is known to be none of a form; `open`: where other things of the class may be right, too.
pub(super) fn is_other(wanted: &[Token], given: &[Token], open: bool) -> bool {
    let missing = |word: &&Token| word.weight >= 1.0 && !given.iter().any(|other| alike(word, other, false));
    let lost: Vec<&Token> = wanted.iter().filter(missing).collect();
    let new = || given.iter().filter(|word| !wanted.iter().any(|other| alike(other, word, false)));
    match &lost[..] {
        // Three for four, rises for falls, meiosis for mitosis, with all else the same.
        [one] if one.number => new().any(|other| other.number),
        [one] if new().any(|other| opposed(one, other)) => true,
        [one]
            if heavy(wanted) == 1
                && heavy(given) == 1
                && new().any(|other| look_alike(one.word, other.word) && lexicon::are_apart(one.word, other.word)) =>
        {
            true
        }
        _ => !open && are_of_one_class(wanted, given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_thing_of_the_class_is_known_to_be_wrong() {
        let is_other = |form: &str, answer: &str, open: bool| {
            is_other(&Reading::of(form).tokens(), &Reading::of(answer).tokens(), open)
        };
        for (form, answer, other) in [
            ("copper", "iron", true),
            ("copper", "the metal iron", true),
            ("carbon dioxide", "oxygen gas", true),
            ("kinetic energy", "potential energy", true),
            ("kinetic energy", "potential", true),
            ("it increases", "it decreases", true),
            ("three sides", "4 sides", true),
            ("mitosis", "meiosis", true),
            ("heart", "the lungs", true),
            ("heart", "it pumps blood", false),
            ("heart", "the organ of love", false),
            ("pivot", "fulcrum", false),
            ("copper", "copper wire", false),
            ("wind", "moving air", false),
        ] {
            assert_eq!(is_other(form, answer, false), other, "{form} {answer}");
        }
        assert!(!is_other("copper", "iron", true), "any metal may be right");
        assert!(is_other("it increases", "it decreases", true));
    }

    #[test]
    fn no_class_has_one_thing_twice() {
        for row in rows() {
            let things: Vec<String> = row.split(" | ").map(|thing| name(&Reading::of(thing).tokens(), true)).collect();
            for (n, thing) in things.iter().enumerate() {
                assert!(!thing.is_empty() && !things[..n].contains(thing), "{thing} in {row}");
            }
        }
    }
}
