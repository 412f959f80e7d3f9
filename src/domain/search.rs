//! Looking for words in titles and questions: what may be asked, and what was found.

use serde::{Deserialize, Serialize};

/// Longest text that is looked for, in letters.
const MAX_LENGTH: usize = 200;

/// Stand before and after a word that was found; the database writes them, no paper does.
pub const FOUND: [char; 2] = ['\u{2}', '\u{3}'];

/// What a person typed, as PostgreSQL's `websearch_to_tsquery` takes it without an error: no zero character, no tag, and `-` only
/// where it leaves a word out or joins two, since it fails at 32 of them in a row.
pub fn asked(text: &str) -> String {
    let letters: Vec<char> = text.trim().chars().take(MAX_LENGTH).collect();
    let at = |n: Option<usize>| n.and_then(|n| letters.get(n)).copied().unwrap_or(' ');
    let keep = |(n, &letter): (usize, &char)| match letter {
        '\0' | '<' => ' ',
        '-' if !at(n.checked_add(1)).is_alphanumeric() => ' ',
        '-' if !(at(n.checked_sub(1)).is_alphanumeric() || at(n.checked_sub(1)).is_whitespace()) => ' ',
        letter => letter,
    };
    letters.iter().enumerate().map(keep).collect::<String>().trim().to_owned()
}

/// A part of a text; `found`: a word that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    pub found: bool,
}

/// A question with some of the words that were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The question's, as `Question::path`.
    pub path: String,
    /// Where it begins; none for questions without pages.
    pub page: Option<u32>,
    /// A short part of it.
    pub excerpt: Vec<Piece>,
}

/// An excerpt in which words stand between `FOUND`.
pub fn pieces(excerpt: &str) -> Vec<Piece> {
    let mut found = false;
    let mut pieces = Vec::new();
    for part in excerpt.split_inclusive(FOUND) {
        let text = part.trim_end_matches(FOUND);
        pieces.extend((!text.is_empty()).then(|| Piece { text: text.to_owned(), found }));
        found = part.ends_with(FOUND[0]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_made_harmless() {
        for (text, wanted) in [
            (" plant cell ", "plant cell"),
            ("photo-synthèse -cells", "photo-synthèse -cells"),
            ("-cell", "-cell"),
            ("a\0b <c", "a b  c"),
            ("---x - y- -\"z\" (-q", "x   y   \"z\" ( q"),
            (&"é".repeat(300), &"é".repeat(200)),
            ("-", ""),
        ] {
            assert_eq!(asked(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn excerpts_fall_into_pieces() {
        let piece = |text: &str, found| Piece { text: text.into(), found };
        assert_eq!(
            pieces("a \u{2}plant\u{3} and \u{2}cells\u{3}"),
            [piece("a ", false), piece("plant", true), piece(" and ", false), piece("cells", true)]
        );
        assert_eq!(pieces("nothing"), [piece("nothing", false)]);
        assert_eq!(pieces(""), []);
    }
}
