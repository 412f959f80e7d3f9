//! Words and phrases that a marker takes for the same.

use std::sync::LazyLock;

use super::Table;
use crate::memo::{Memo, kept};
use crate::spelling::stem;

const ROWS: &str = include_str!("thesaurus.txt");

/// The stems behind the first of a phrase, and the words that stand for it.
struct Phrase {
    rest: Vec<String>,
    stands: Vec<&'static str>,
}

/// The rows of the file: what stands for a row, and the whole row.
fn rows() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| Some((line.split(" | ").next()?, line.split(" | ").skip(1))))
}

/// Single words for another single word: stems with the one that stands for them.
pub fn single() -> impl Iterator<Item = (String, String)> {
    rows().filter(|(first, _)| !first.contains(' ')).flat_map(|(first, others)| {
        let one = stem(first).into_owned();
        others.filter(|other| !other.contains(' ')).map(move |other| (stem(other).into_owned(), one.clone()))
    })
}

/// Phrases by the stem of their first word, the longest first.
static PHRASES: LazyLock<Table<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: Table<String, Vec<Phrase>> = Table::default();
    for (first, others) in rows() {
        let stands: Vec<&'static str> = first.split(' ').collect();
        for other in others.filter(|other| other.contains(' ') || stands.len() > 1) {
            let mut stems = other.split(' ').filter(|word| !is_article(word)).map(|word| stem(word).into_owned());
            let begin = stems.next().unwrap_or_default();
            phrases.entry(begin).or_default().push(Phrase { rest: stems.collect(), stands: stands.clone() });
        }
    }
    phrases.values_mut().for_each(|phrases| phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len())));
    phrases
});

thread_local! {
    static BEGINNINGS: Memo<&'static [Phrase]> = Memo::default();
}

/// The phrases that begin with a word: mostly none.
fn beginning_with(word: &str) -> &'static [Phrase] {
    kept(&BEGINNINGS, word, |word| PHRASES.get(&*stem(word)).map_or(&[][..], Vec::as_slice))
}

/// Words with what stands for each phrase in its place.
pub fn united(mut words: Vec<String>) -> Vec<String> {
    let mut at = 0;
    while at < words.len() {
        if let Some((end, stands)) = find(&words, at) {
            words.splice(at..end, stands.iter().map(|word| (*word).to_owned()));
            at += stands.len();
        } else {
            at += 1;
        }
    }
    words
}

/// Whether words have a phrase for which something stands.
pub fn has_phrase(words: &[String]) -> bool {
    (0..words.len()).any(|at| find(words, at).is_some())
}

fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

/// Where the longest phrase ends that begins here, and what stands for it.
fn find(words: &[String], at: usize) -> Option<(usize, &'static [&'static str])> {
    beginning_with(&words[at]).iter().find_map(|phrase| {
        let mut end = at + 1;
        for wanted in &phrase.rest {
            // "turns into a liquid"
            while words.get(end).is_some_and(|word| is_article(word)) {
                end += 1;
            }
            (stem(words.get(end)?) == *wanted).then_some(())?;
            end += 1;
        }
        Some((end, &*phrase.stands))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_become_one() {
        let one = |text: &str| united(text.split(' ').map(str::to_owned).collect()).join(" ");
        assert_eq!(one("they push each other away"), "they repel");
        assert_eq!(one("it turns into a liquid"), "it melt");
        assert_eq!(one("the hcf is 6"), "the highest common factor is 6");
        assert_eq!(one("they push the cart"), "they push the cart");
    }

    #[test]
    fn no_phrase_stands_in_two_rows() {
        let mut seen = std::collections::HashMap::new();
        for (first, others) in rows() {
            for phrase in std::iter::once(first).chain(others) {
                assert_eq!(*seen.entry(phrase).or_insert(first), first, "{phrase}");
            }
        }
    }
}
