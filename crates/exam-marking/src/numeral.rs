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

fn number_at(words: &[String], start: usize) -> Option<(String, usize)> {
    let (mut total, mut group, mut part, mut before) = (0u64, 0u64, None, None::<u64>);
    let (mut mixed, mut at) = (false, start);
    let (mut end, mut any) = (start, false);
    while let Some(word) = words.get(at) {
        if let Some(unit) = collective(word) {
            let times = words.get(at + 1).and_then(|next| match next.as_str() {
                "ine" | "ane" => Some(4),
                _ => worth(next),
            });
            let value = unit.saturating_mul(times.filter(|times| *times < 10).unwrap_or(1));
            let taken = 1 + usize::from(times.is_some_and(|times| times < 10));
            group = group.saturating_add(value);
            (before, any, at) = (Some(100), true, at + taken);
            end = at;
            continue;
        }
        if let Some(bottom) = PARTS.get(word.as_str()).copied() {
            (part, end) = (Some(bottom), at + 1);
            break;
        }
        let Some(value) = worth(word) else {
            // `two and a half`
            let next =
                words.get(at + 1).filter(|next| matches!(next.as_str(), "a" | "an" | "un")).map_or(at + 1, |_| at + 2);
            if is_and(word) && any {
                if let Some(bottom) = words.get(next).and_then(|word| PARTS.get(word.as_str()).copied()) {
                    (mixed, part, end) = (true, Some(bottom), next + 1);
                    break;
                }
                // `two and three quarters`
                if let (Some(top), Some(bottom)) = (
                    words.get(at + 1).and_then(|word| worth(word)),
                    words.get(at + 2).and_then(|word| PARTS.get(word.as_str()).copied()),
                ) && top < bottom
                {
                    return Some((format!("{} {top}/{bottom}", total.saturating_add(group)), at + 3));
                }
                if words.get(at + 1).is_some_and(|word| worth(word).is_some() || collective(word).is_some()) {
                    // `two and three` are two numbers; `vingt et un`, `icumi na rimwe` and `hundred and six` are one.
                    let joins = before.is_some_and(|before| before >= 10);
                    if !joins {
                        return None;
                    }
                    at += 1;
                    continue;
                }
            }
            break;
        };
        // `two three` are two numbers; French goes on from 60 and from 4 × 20.
        let last_two = group % 100;
        let french = last_two == 60 || last_two == 80;
        let fits = before.is_none_or(|before| {
            value >= 100
                || before >= 100
                || (value == 20 && before == 4)
                || (10..100).contains(&before) && value < 10 && before % 10 == 0
                || french && value < 20
                || before == 10 && (7..10).contains(&value)
        });
        if !fits {
            return None;
        }
        match value {
            1000.. => (total, group) = (total.saturating_add(group.max(1).saturating_mul(value)), 0),
            100 => group = group.max(1).saturating_mul(100),
            20 if before == Some(4) && word.starts_with("vingt") => group = group - 4 + 80,
            _ => group = group.saturating_add(value),
        }
        (before, any, at) = (Some(if value == 20 && before == Some(4) { 80 } else { value }), true, at + 1);
        end = at;
    }
    let value = total.saturating_add(group);
    let number = match part {
        Some(bottom) if mixed => format!("{value} 1/{bottom}"),
        Some(bottom) => format!("{}/{bottom}", if any { value } else { 1 }),
        None if any => value.to_string(),
        None => return None,
    };
    Some((number, end))
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
