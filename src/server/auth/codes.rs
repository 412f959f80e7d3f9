//! Random codes and passwords that people read out and write down.

use rand::RngExt;
use sha2::{Digest, Sha256};

use crate::domain::share::CODE_LETTERS;

/// The letters of a code that is told to a person.
pub const TO_TYPE: usize = 10;
/// The letters of a code that is printed on a card, in groups of four: 59 bits, because it is good for longer.
pub const ON_CARD: usize = 12;

/// The letters of a code that is told in a room: few, because tries are limited and it only begins an exam.
pub const IN_ROOM: usize = 5;

/// This many random capital letters and digits, none of which looks like another.
pub fn generate(length: usize) -> String {
    let mut chance = rand::rng();
    (0..length).map(|_| char::from(CODE_LETTERS[chance.random_range(0..CODE_LETTERS.len())])).collect()
}

/// A code as it was made, however its letters are written and separated.
pub fn letters(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// The hash of a code. A code is random and long enough that a fast hash hides it; only what people think up needs a slow one.
pub fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(letters(code)).to_vec()
}

/// Whether somebody may have typed a code, in any case and with any separators.
pub fn looks_like(text: &str) -> bool {
    let letters = || text.bytes().filter(u8::is_ascii_alphanumeric);
    let only = text.chars().all(|c| c.is_ascii_alphanumeric() || "- ".contains(c));
    only && [TO_TYPE, ON_CARD].contains(&letters().count())
        && letters().all(|letter| CODE_LETTERS.contains(&letter.to_ascii_uppercase()))
}

/// A code as people read it: in groups of four.
pub fn in_groups(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_however_they_are_typed() {
        let code = generate(ON_CARD);
        let typed = in_groups(&code).to_lowercase().replace('-', " ");
        assert_eq!((typed.len(), digest(&typed)), (14, digest(&code)));
        assert!(looks_like(&typed) && looks_like(&generate(TO_TYPE)));
        for other in ["test123", "abcdefgh-1234", "ABCD-EFGH-JKM!", ""] {
            assert!(!looks_like(other), "{other}");
        }
    }
}
