//! Words and phrases that a marker takes for the same.

use std::sync::LazyLock;

use super::Table;
use crate::spelling::stem;

const ROWS: &str = include_str!("thesaurus.txt");

/// The stems behind the first of a phrase, and the words that stand for it.
struct Phrase {
    rest: Vec<String>,
    stands: Vec<&'static str>,
}

struct Thesaurus {
    /// Phrases by the stem of their first word, the longest first.
    phrases: Table<String, Vec<Phrase>>,
    /// Which first three letters some phrase has: most words begin none.
    begins: [[u32; 32]; 32],
}

fn place(word: &str) -> (usize, usize, u32) {
    let bytes = word.as_bytes();
    let at = |n: usize| bytes.get(n).filter(|b| **b != b' ').copied().unwrap_or_default() % 32;
    (usize::from(at(0)), usize::from(at(1)), 1 << at(2))
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

static THESAURUS: LazyLock<Thesaurus> = LazyLock::new(|| {
    let mut thesaurus = Thesaurus { phrases: Table::default(), begins: [[0; 32]; 32] };
    for (first, others) in rows() {
        let stands: Vec<&'static str> = first.split(' ').collect();
        for other in others.filter(|other| other.contains(' ') || stands.len() > 1) {
            let mut stems = other.split(' ').filter(|word| !is_article(word)).map(|word| stem(word).into_owned());
            let begin = stems.next().unwrap_or_default();
            let (first, second, third) = place(other);
            thesaurus.begins[first][second] |= third;
            let phrase = Phrase { rest: stems.collect(), stands: stands.clone() };
            thesaurus.phrases.entry(begin).or_default().push(phrase);
        }
    }
    for phrases in thesaurus.phrases.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
    }
    thesaurus
});

/// Words with what stands for each phrase in its place.
pub fn united(mut words: Vec<String>) -> Vec<String> {
    let thesaurus = &*THESAURUS;
    let mut at = 0;
    while at < words.len() {
        if thesaurus.begins(&words[at])
            && let Some((end, stands)) = thesaurus.find(&words, at)
        {
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
    let begins = |at: &usize| THESAURUS.begins(&words[*at]) && THESAURUS.find(words, *at).is_some();
    (0..words.len()).any(|at| begins(&at))
}

fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

impl Thesaurus {
    /// Whether some phrase may begin with this word.
    fn begins(&self, word: &str) -> bool {
        let (first, second, third) = place(word);
        self.begins[first][second] & third != 0
    }

    /// Where the longest phrase ends that begins here, and what stands for it.
    fn find(&self, words: &[String], at: usize) -> Option<(usize, &[&'static str])> {
        let phrases = self.phrases.get(&*stem(&words[at]))?;
        phrases.iter().find_map(|phrase| {
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
