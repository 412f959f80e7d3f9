//! Common words: what is one of them is no misspelling of another.

const ENGLISH: &str = include_str!("vocabulary/english.txt");
const TERMS: &str = include_str!("vocabulary/terms.txt");
const FRENCH: &str = include_str!("vocabulary/french.txt");

/// Whether both are words of one language, a word of science that no list has counting as English.
pub fn are_both_words(word: &str, given: &str) -> bool {
    let (english, french) = (is_english(word), is_in(FRENCH, word));
    (english || !french) && is_english(given) || french && is_in(FRENCH, given)
}

/// Whether some list has a word.
pub fn is_word(word: &str) -> bool {
    is_english(word) || is_in(FRENCH, word)
}

fn is_english(word: &str) -> bool {
    is_in(ENGLISH, word) || is_in(TERMS, word)
}

/// Whether a list has a word, or the one of which it is the plural.
fn is_in(list: &str, word: &str) -> bool {
    has_line(list, word)
        // `mitosiss` is no plural.
        || word.strip_suffix('s').filter(|one| !one.ends_with('s') || one.len() < 5).is_some_and(|one| {
            let of_y = || one.strip_suffix("ie").is_some_and(|rest| has_line(list, &format!("{rest}y")));
            has_line(list, one) || one.strip_suffix('e').is_some_and(|one| has_line(list, one)) || of_y()
        })
}

/// A binary search for a line among sorted ones.
fn has_line(list: &str, line: &str) -> bool {
    let bytes = list.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = (low + high) / 2;
        let start = bytes[..middle].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let end = bytes[middle..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| middle + n);
        match bytes[start..end].cmp(line.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_small() {
        for list in [ENGLISH, TERMS, FRENCH] {
            let words: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(words.is_sorted() && words.len() < 40_000);
            assert!(words.iter().step_by(97).chain(words.last()).all(|word| has_line(list, word)));
        }
        for (word, given, both) in [
            ("dividing", "diving", true),
            ("quiet", "quite", true),
            ("variance", "variables", true),
            ("mitosis", "mitoses", false),
            ("absorption", "adsorption", true),
            ("insulin", "inulin", true),
            ("bronchus", "bronchi", false),
            ("oxygen", "oxigen", false),
            ("oxygen", "oxygene", false),
            ("chaleur", "chanteur", true),
        ] {
            assert_eq!(are_both_words(word, given), both, "{word} {given}");
        }
    }
}
