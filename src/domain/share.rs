//! Sharing: who has a document of one's own, and the codes that are handed over.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Letters of a code: none that looks like another.
pub const CODE_LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters in a code: 8.5 × 10¹¹ codes, more than anybody can try in the days that one is good for.
pub const CODE_LENGTH: usize = 8;

/// What a document's owner knows of its sharing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sharing {
    /// The latest first.
    pub people: Vec<SharedWith>,
    pub code: Option<ShareCode>,
}

/// One who has a document, or an address that it waits for: to its owner the two look the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedWith {
    pub id: Uuid,
    /// The address that the owner wrote, else the name of who joined by a code.
    pub who: String,
    pub since: DateTime<Utc>,
    /// Attempts of theirs that were made from it.
    pub attempts: i64,
    pub last_attempt: Option<DateTime<Utc>>,
}

/// A code that opens a document to classmates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareCode {
    pub code: String,
    pub good_until: DateTime<Utc>,
}

impl ShareCode {
    /// In two halves, as people read it out.
    pub fn words(&self) -> String {
        let (first, second) = self.code.split_at(self.code.len() / 2);
        format!("{first}-{second}")
    }
}

/// How a document of somebody else's came to the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedBy {
    pub name: String,
    pub since: DateTime<Utc>,
}

/// What hangs on a document of one's own, to be said before it is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependents {
    /// People it is shared with.
    pub people: i64,
    /// Attempts that are over, and that run, of whomever.
    pub closed: i64,
    pub running: i64,
}

/// The letters of a code as it was typed: in any case, with or without dashes and spaces. What nobody could have been
/// given is none.
pub fn parse_code(text: &str) -> Option<String> {
    let letters: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–')).collect::<String>().to_ascii_uppercase();
    let good = letters.len() == CODE_LENGTH && letters.bytes().all(|letter| CODE_LETTERS.contains(&letter));
    good.then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = ShareCode { code: "ABCD2345".into(), good_until: DateTime::UNIX_EPOCH };
        assert_eq!(code.words(), "ABCD-2345");
        for typed in [&code.words(), "abcd2345", " ab cd–23 45\n"] {
            assert_eq!(parse_code(typed).as_deref(), Some("ABCD2345"), "{typed}");
        }
        for bad in ["", "ABCD234", "ABCD23456", "ABCD234O", "ABCD234é", "ABCD-234\0"] {
            assert_eq!(parse_code(bad), None, "{bad}");
        }
    }
}
