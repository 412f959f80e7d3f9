//! Searching titles and questions: queries and matches.

use serde::{Deserialize, Serialize};

/// The longest query, in characters.
const MAX_LENGTH: usize = 200;

/// Markers around a matching word; the database writes them, and no paper contains them.
pub const FOUND: [char; 2] = ['\u{2}', '\u{3}'];

/// Cleans a typed query so that PostgreSQL's `websearch_to_tsquery` accepts it: without NUL characters and tags, and with
/// `-` only before or between words, because 32 of them in a row are an error.
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

/// A piece of an excerpt; `found` if it is a matching word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    pub found: bool,
}

/// A question that matches a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// As `Question::path`.
    pub path: String,
    /// The page where it starts; `None` for questions without pages.
    pub page: Option<u32>,
    /// A short excerpt.
    pub excerpt: Vec<Piece>,
}

/// Splits an excerpt in which matching words are between the markers `FOUND`.
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
