//! Sharing: who has a pupil's document, and codes that open it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The characters of a code; none looks like another.
pub const CODE_LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// The length of a code: 8.5 × 10¹¹ codes, more than anybody can try while one is valid.
pub const CODE_LENGTH: usize = 8;

/// How a document is shared, for its owner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sharing {
    /// Latest first.
    pub people: Vec<SharedWith>,
    pub code: Option<ShareCode>,
}

/// A person who has a document, or an address that is invited: the owner cannot tell which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedWith {
    pub id: Uuid,
    /// The address that the owner entered, else the name of a person who joined with a code.
    pub who: String,
    pub since: DateTime<Utc>,
    /// The number of their attempts at it.
    pub attempts: i64,
    pub last_attempt: Option<DateTime<Utc>>,
}

/// A code that opens a document for classmates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareCode {
    pub code: String,
    pub good_until: DateTime<Utc>,
}

impl ShareCode {
    /// The code in two halves, to read it out.
    pub fn words(&self) -> String {
        let (first, second) = self.code.split_at(self.code.len() / 2);
        format!("{first}-{second}")
    }
}

/// Who shared a document with the viewer, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedBy {
    pub name: String,
    pub since: DateTime<Utc>,
}

/// What depends on a document, to show before it is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependents {
    /// The number of people it is shared with.
    pub people: i64,
    /// The numbers of closed and running attempts, by anybody.
    pub closed: i64,
    pub running: i64,
}

/// Parses a typed code, in any case, with or without dashes and spaces. `None` if it cannot be a code.
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
