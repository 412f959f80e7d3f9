//! Numbers in words: English, French and Kinyarwanda, brought to figures.

use std::sync::LazyLock;

use crate::lexicon::{Table, numbered};

/// Kinyarwanda: the endings that stand behind the prefix of what is counted.
const COUNTED: &[(&str, u64)] =
    &[("mwe", 1), ("biri", 2), ("bili", 2), ("tatu", 3), ("ne", 4), ("tanu", 5), ("tandatu", 6)];
const PREFIXES: &[&str] = &[
    "ka", "ga", "ri", "a", "ba", "bi", "i", "e", "tu", "u", "bu", "ki", "gi", "cy", "rw", "sh", "esh", "eny", "zi",
    "ru", "",
];

/// Parts of one, by their word.
static PARTS: LazyLock<Table<&'static str, u64>> = LazyLock::new(|| numbered("[parts]").collect());

/// Every word that is worth the same wherever it stands.
static WORTH: LazyLock<Table<&'static str, u64>> = LazyLock::new(|| {
    let counted =
        COUNTED[1..].iter().flat_map(|(stem, _)| PREFIXES.iter().map(move |prefix| format!("{prefix}{stem}")));
    let kinyarwanda = counted.filter_map(|word| counted_worth(&word).map(|worth| (&*word.leak(), worth)));
    let one = ["rimwe", "umwe", "kimwe", "imwe"].map(|word| (word, 1));
    kinyarwanda.chain(one).chain(numbered("[numbers]")).collect()
});

/// What a number word of English or French, or one of Kinyarwanda that needs no company, is worth.
pub fn worth(word: &str) -> Option<u64> {
    if !(2..=12).contains(&word.len()) {
        return None;
    }
    WORTH.get(word).copied()
}

/// `gatatu`, `bitatu`, `atatu`: three.
fn counted_worth(word: &str) -> Option<u64> {
    let (stem, worth) = COUNTED[1..].iter().rev().find(|(stem, _)| word.ends_with(stem))?;
    let prefix = &word[..word.len() - stem.len()];
    // `ane` and `kane` are four, `ne` and `ine` too little to be sure of beside other languages.
    let known =
        PREFIXES.contains(&prefix) && (*stem != "ne" || ["a", "ka", "ba", "bi", "ru", "eny", "gi"].contains(&prefix));
    known.then_some(*worth)
}

/// Tens and hundreds of Kinyarwanda, which stand before how many of them there are: `mirongo itatu` is 30.
fn collective(word: &str) -> Option<u64> {
    Some(match word {
        "mirongo" => 10,
        "magana" => 100,
        "ibihumbi" => 1000,
        "miliyoni" | "miriyoni" => 1_000_000,
        _ => return None,
    })
}

fn is_and(word: &str) -> bool {
    matches!(word, "and" | "et" | "na" | "n")
}

/// `twenty-five` as 25, `trois quarts` as 3/4, `magana abiri` as 200, within the other words of a text in lower case;
/// `None` where there is no number word, or where they do not make one number.
pub fn in_figures(text: &str) -> Option<String> {
    let spaced = text.replace(['-', '\''], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let clean = |word: &&str| word.trim_matches(['.', ',', ';']).to_owned();
    let words: Vec<String> = words.iter().map(clean).collect();
    let is_number =
        |word: &String| worth(word).is_some() || PARTS.contains_key(word.as_str()) || collective(word).is_some();
    let start = words.iter().position(is_number)?;
    let (number, end) = number_at(&words, start)?;
    // `half a kilometre`
    let beside = |word: &&String| matches!(word.as_str(), "a" | "an" | "of");
    let end = if number.contains('/') { end + words[end..].iter().take(2).take_while(beside).count() } else { end };
    if words[end..].iter().any(is_number) {
        return None;
    }
    let lead = words[..start].iter().map(String::as_str).filter(|word| !matches!(*word, "a" | "an"));
    Some(lead.chain([number.as_str()]).chain(words[end..].iter().map(String::as_str)).collect::<Vec<_>>().join(" "))
}

/// The number that begins at a word, and where it ends; `None` where the words make no number, or two.
fn number_at(words: &[String], start: usize) -> Option<(String, usize)> {
    let mut number = Number::default();
    let (mut at, mut end) = (start, start);
    while let Some(word) = words.get(at) {
        if let Some(unit) = collective(word) {
            at += number.add_collective(unit, words.get(at + 1));
        } else if let Some(bottom) = part(word) {
            let top = number.value().unwrap_or(1);
            return Some((format!("{top}/{bottom}"), at + 1));
        } else if let Some(value) = worth(word) {
            number.add(value, word)?;
            at += 1;
        } else if let Some(whole) = number.value().filter(|_| is_and(word)) {
            if let Some((fraction, end)) = fraction_at(words, at + 1) {
                return Some((format!("{whole} {fraction}"), end));
            }
            if !words.get(at + 1).is_some_and(|word| worth(word).is_some() || collective(word).is_some()) {
                break;
            }
            // `two and three` are two numbers; `vingt et un`, `icumi na rimwe` and `hundred and six` are one.
            number.before.filter(|before| *before >= 10)?;
            at += 1;
            continue;
        } else {
            break;
        }
        end = at;
    }
    Some((number.value()?.to_string(), end))
}

fn part(word: &str) -> Option<u64> {
    PARTS.get(word).copied()
}

/// What follows `two and`: `a half`, `three quarters`; and where it ends.
fn fraction_at(words: &[String], at: usize) -> Option<(String, usize)> {
    let figures = words.get(at)?.split_once('/').is_some_and(|(top, bottom)| {
        [top, bottom].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    if figures {
        return Some((words[at].clone(), at + 1));
    }
    let article = words.get(at).is_some_and(|next| matches!(next.as_str(), "a" | "an" | "un"));
    let next = at + usize::from(article);
    if let Some(bottom) = part(words.get(next)?) {
        return Some((format!("1/{bottom}"), next + 1));
    }
    let (top, bottom) = (worth(&words[at])?, part(words.get(at + 1)?)?);
    (top < bottom).then(|| (format!("{top}/{bottom}"), at + 2))
}

/// A number while its words are read.
#[derive(Default)]
struct Number {
    thousands: u64,
    below: u64,
    /// What the last word was worth.
    before: Option<u64>,
}

impl Number {
    fn value(&self) -> Option<u64> {
        self.before.map(|_| self.thousands.saturating_add(self.below))
    }

    /// `mirongo itatu`; returns how many words it takes.
    fn add_collective(&mut self, unit: u64, next: Option<&String>) -> usize {
        let times = next.and_then(|next| if matches!(next.as_str(), "ine" | "ane") { Some(4) } else { worth(next) });
        let times = times.filter(|times| *times < 10);
        self.below = self.below.saturating_add(unit.saturating_mul(times.unwrap_or(1)));
        self.before = Some(100);
        1 + usize::from(times.is_some())
    }

    /// The next word; `None` where it begins another number: `two three`.
    fn add(&mut self, value: u64, word: &str) -> Option<()> {
        self.is_followed_by(value).then_some(())?;
        // French: `quatre-vingts`
        let four_twenties = value == 20 && self.before == Some(4);
        match value {
            1000.. => {
                self.thousands = self.thousands.saturating_add(self.below.max(1).saturating_mul(value));
                self.below = 0;
            }
            100 => self.below = self.below.max(1).saturating_mul(100),
            20 if four_twenties && word.starts_with("vingt") => self.below = self.below - 4 + 80,
            _ => self.below = self.below.saturating_add(value),
        }
        self.before = Some(if four_twenties { 80 } else { value });
        Some(())
    }

    fn is_followed_by(&self, value: u64) -> bool {
        // French goes on from 60 and from 4 × 20.
        let french = matches!(self.below % 100, 60 | 80);
        self.before.is_none_or(|before| {
            value >= 100
                || before >= 100
                || (value == 20 && before == 4)
                || (10..100).contains(&before) && value < 10 && before % 10 == 0
                || french && value < 20
                || before == 10 && (7..10).contains(&value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_three_languages() {
        for (words, figures) in [
            ("nine months", Some("9 months")),
            ("twenty-five", Some("25")),
            ("four thousand three hundred and six", Some("4306")),
            ("three quarters", Some("3/4")),
            ("a half", Some("1/2")),
            ("two and a half hours", Some("2 1/2 hours")),
            ("two and 1/2", Some("2 1/2")),
            ("two or three", None),
            ("two three", None),
            ("two and three", None),
            ("vingt et un", Some("21")),
            ("soixante-dix-sept", Some("77")),
            ("soixante et onze", Some("71")),
            ("quatre-vingt-dix-neuf", Some("99")),
            ("quatre-vingts", Some("80")),
            ("deux cent trente", Some("230")),
            ("mille neuf cent soixante-deux", Some("1962")),
            ("trois quarts", Some("3/4")),
            ("dix-huit", Some("18")),
            ("gatatu", Some("3")),
            ("icumi na rimwe", Some("11")),
            ("makumyabiri na gatanu", Some("25")),
            ("mirongo itatu n'umunani", Some("38")),
            ("magana abiri na mirongo itanu", Some("250")),
            ("ibihumbi bitatu", Some("3000")),
            ("ijana", Some("100")),
            ("banana", None),
            ("the human body", None),
        ] {
            assert_eq!(in_figures(words).as_deref(), figures, "{words}");
        }
    }
}
