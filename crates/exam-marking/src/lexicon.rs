//! Words and what is known of them: which say nothing, which deny, which are opposites, easily confused, or the same.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::spelling::stem;

pub mod thesaurus;
pub mod vocabulary;

/// The words of each language, in rows under the headings of their tables.
const LANGUAGES: [&str; 3] =
    [include_str!("lexicon/english.txt"), include_str!("lexicon/french.txt"), include_str!("lexicon/kinyarwanda.txt")];

/// The rows under this heading, of all languages.
fn rows(heading: &'static str) -> impl Iterator<Item = &'static str> {
    let of_language = move |file: &'static str| {
        let below = file.lines().skip_while(move |line| *line != heading).skip(1);
        below.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty() && !line.starts_with('#'))
    };
    LANGUAGES.into_iter().flat_map(of_language)
}

/// The words under this heading, of all languages.
fn words<T: FromIterator<&'static str>>(heading: &'static str) -> T {
    rows(heading).flat_map(str::split_whitespace).collect()
}

/// Words with the number before them in their row, of all languages.
pub fn numbered(heading: &'static str) -> impl Iterator<Item = (&'static str, u64)> {
    let row = |row: &'static str| {
        let (number, words) = row.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        Some(words.split(' ').map(move |word| (word, number)))
    };
    rows(heading).filter_map(row).flatten()
}

/// Forms with the stem that stands first in their row, of all languages.
pub fn forms(heading: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(heading)
        .filter_map(|row| row.split_once(' '))
        .flat_map(|(stem, forms)| forms.split(' ').map(move |form| (form, stem)))
}

/// Words of one root, with the first of them.
pub fn families() -> impl Iterator<Item = (&'static str, std::str::SplitWhitespace<'static>)> {
    rows("[families]").filter_map(|row| Some((row.split_once(' ')?.0, row.split_whitespace())))
}

/// Pairs of words of one root, as a dictionary has them.
pub fn derived() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pairs = include_str!("lexicon/derived.txt").lines().filter(|line| !line.starts_with('#'));
    pairs.filter_map(|line| line.split_once(' '))
}

/// With a hash of few operations, for short words of fixed tables.
pub type Table<K, V> = FxHashMap<K, V>;
pub type Words = FxHashSet<&'static str>;

/// Stems that say little.
pub static LIGHT: LazyLock<Words> = LazyLock::new(|| words("[light]"));

/// Words that deny.
pub static DENIALS: LazyLock<Words> = LazyLock::new(|| words("[denying]"));

/// Stems of verbs that deny what follows, unless they name a purpose: "to prevent …".
pub static HINDERING: LazyLock<Words> = LazyLock::new(|| words("[hindering]"));

/// Words that carry no meaning.
pub static SMALL: LazyLock<Words> = LazyLock::new(|| words("[small]"));

/// Words that their last letter, an `e`, tells from another.
pub static MUTE: LazyLock<Words> = LazyLock::new(|| words("[mute]"));

/// Endings that tell one substance from another.
static ENDINGS: LazyLock<Vec<&'static str>> = LazyLock::new(|| words("[endings]"));

/// Beginnings that turn a word into its opposite, or into another.
static BEGINNINGS: LazyLock<Vec<&'static str>> = LazyLock::new(|| words("[beginnings]"));

/// Stems with the pairs and sides on which they stand.
pub static POLES: LazyLock<Table<String, Vec<(usize, bool)>>> = LazyLock::new(|| {
    let mut poles: Table<String, Vec<(usize, bool)>> = Table::default();
    for (n, (one, other)) in rows("[opposites]").filter_map(|row| row.split_once(" | ")).enumerate() {
        for (side, words) in [(true, one), (false, other)] {
            for word in words.split(' ') {
                let known = poles.entry(stem(word).into_owned()).or_default();
                if !known.contains(&(n, side)) {
                    known.push((n, side));
                }
            }
        }
    }
    poles
});

/// Stems with the one that stands for them.
static ONE: LazyLock<Table<String, String>> = LazyLock::new(|| {
    let own = |word: &str| stem(word).into_owned();
    let group = |row: &'static str| {
        let first = row.split(' ').next().unwrap_or_default();
        row.split(' ').map(move |word| (own(word), own(first)))
    };
    rows("[synonyms]").flat_map(group).chain(thesaurus::single()).collect()
});

/// Words with the groups in which they are confused.
static GROUPS: LazyLock<Table<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: Table<&str, Vec<usize>> = Table::default();
    for (n, group) in rows("[confused]").enumerate() {
        group.split(' ').for_each(|word| groups.entry(word).or_default().push(n));
    }
    groups
});

/// The stem that stands for this one.
pub fn synonym(stem: &str) -> Option<&'static str> {
    ONE.get(stem).map(String::as_str)
}

/// Kinds of things with the stems of their members.
static KINDS: LazyLock<Table<String, Vec<String>>> = LazyLock::new(|| {
    let own = |word: &str| stem(word).into_owned();
    let row = |row: &'static str| {
        row.split_once(' ').map(|(kind, members)| (own(kind), members.split(' ').map(own).collect()))
    };
    rows("[kinds]").filter_map(row).collect()
});

/// Pairs of words that are often written for each other.
static SLIPS: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| rows("[slips]").filter_map(|row| row.split_once(' ')).collect());

/// Whether a word names the kind of thing that one of these stems is: the `point` of `pivot point`.
pub fn is_kind(kind: &str, of: &[&str]) -> bool {
    KINDS.get(kind).is_some_and(|members| members.iter().any(|member| of.contains(&member.as_str())))
}

/// Whether two words are often written for each other, though both are words.
pub fn is_slip(a: &str, b: &str) -> bool {
    SLIPS.iter().any(|pair| *pair == (a, b) || *pair == (b, a))
}

/// Whether two words that look alike are known to be different ones.
pub fn are_apart(a: &str, b: &str) -> bool {
    if a == b {
        return false;
    }
    let group = |word: &str| GROUPS.get(word).or_else(|| GROUPS.get(word.strip_suffix('s')?));
    if let (Some(one), Some(other)) = (group(a), group(b))
        && one.iter().any(|n| other.contains(n))
    {
        return a.trim_end_matches('s') != b.trim_end_matches('s');
    }
    let poles = |word: &str| POLES.get(&*stem(word));
    if let (Some(one), Some(other)) = (poles(a), poles(b))
        && one.iter().any(|(n, side)| other.contains(&(*n, !side)))
    {
        return true;
    }
    // `sulphate` and `sulphite`, `maltose` and `maltase`.
    let ending =
        |word: &str| ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).map(|rest| (rest.len(), *ending)));
    let (one, other) = (a.trim_end_matches('s'), b.trim_end_matches('s'));
    if let (Some((at, x)), Some((bt, y))) = (ending(one), ending(other))
        && x != y
        && at >= 3
        && bt >= 3
        && one[..at.min(bt)] == other[..at.min(bt)]
    {
        return true;
    }
    // `aerobic` and `anaerobic`, `hypertension` and `hypotension`.
    let begins = |long: &str, short: &str| {
        BEGINNINGS.iter().any(|start| {
            let Some(rest) = long.strip_prefix(start).filter(|rest| rest.len() >= 4) else { return false };
            rest == short || BEGINNINGS.iter().any(|other| other != start && short.strip_prefix(other) == Some(rest))
        })
    };
    begins(a, b) || begins(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_is_that_of_a_table() {
        let headings = "[small] [light] [denying] [hindering] [opposites] [synonyms] [confused] [endings] [beginnings] \
            [irregular] [numbers] [parts] [slips] [kinds] [mute] [families]";
        for line in LANGUAGES.into_iter().flat_map(str::lines).filter(|line| line.starts_with('[')) {
            assert!(headings.split_whitespace().any(|heading| heading == line), "{line}");
        }
        headings.split_whitespace().for_each(|heading| assert!(rows(heading).next().is_some(), "{heading}"));
    }

    #[test]
    fn rows_have_the_shape_of_their_table() {
        assert!(rows("[opposites]").all(|row| row.split(" | ").count() == 2));
        assert!(
            ["[numbers]", "[parts]"]
                .into_iter()
                .flat_map(rows)
                .all(|row| row.split_once(' ').is_some_and(|(n, _)| n.parse::<u64>().is_ok()))
        );
        assert!(LANGUAGES.into_iter().flat_map(str::lines).all(|row| row.trim() == row && !row.contains("  ")));
    }
}
