//! The journal of an attempt: every change of an answer as it was written, by whichever page, whenever it arrives.
//!
//! What counts of a field is its entry with the greatest (epoch of the writer, sequence number). That is the same in
//! whatever order entries come and however often, and no clock has a say in it: what a phone wrote before another device
//! took over still counts where the other has written nothing. Only whether an entry that comes after the end was written
//! before it is told by a time.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a form control, and so an entry, is about. In forms `q` or `c` and an id, for serde_qs takes a key that starts
/// with a digit for an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Field {
    /// The answer to an item.
    Answer(Uuid),
    /// Whether an outermost question is to count in its section: any value but blanks says yes.
    Choice(Uuid),
}

impl Field {
    /// The name of the field's form controls.
    pub fn control_name(self) -> String {
        format!("answers[{self}][]")
    }

    /// The field of a form control.
    pub fn of_control(name: &str) -> Option<Self> {
        name.strip_prefix("answers[")?.strip_suffix("][]")?.to_owned().try_into().ok()
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(id) => write!(f, "q{id}"),
            Self::Choice(id) => write!(f, "c{id}"),
        }
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.to_string()
    }
}

impl TryFrom<String> for Field {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let kind: fn(Uuid) -> Self = match text.as_bytes().first() {
            Some(b'q') => Self::Answer,
            Some(b'c') => Self::Choice,
            _ => return Err("not an answer's name"),
        };
        text[1..].parse().map(kind).map_err(|_| "not an answer's name")
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The page that wrote it: a new name each time that a page opens the attempt.
    pub writer: Uuid,
    /// From 1 up within the writer.
    pub seq: i64,
    pub field: Field,
    /// The whole answer from now on.
    pub value: Vec<String>,
    /// Milliseconds since 1970 by the server's clock, as the page knows it from its last contact.
    pub written_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_names_lead_back_to_the_field() {
        for field in [Field::Answer(Uuid::from_u128(0x1e9a)), Field::Choice(Uuid::from_u128(7))] {
            assert_eq!(Field::of_control(&field.control_name()), Some(field));
        }
        let wrong =
            ["attempt", "answers[]", "answers[q][]", "answers[00000000-0000-0000-0000-000000001e9a][]", "answers[é][]"];
        for other in wrong {
            assert_eq!(Field::of_control(other), None, "{other}");
        }
    }
}
