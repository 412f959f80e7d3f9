//! The journal of an attempt: every change of an answer, from any page, whenever it arrives.
//!
//! The value of a field is its entry with the greatest (epoch of the writer, sequence number). The result does not depend
//! on the order in which entries arrive, on how often they are sent, or on any clock: what a phone wrote before another
//! device took over still counts if the other device wrote nothing there. A time only decides whether an entry that arrives
//! after the end was written before it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a form control or an entry is about. In forms it is `q` or `c` and an id, because serde_qs takes a key that starts
/// with a digit as an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Field {
    /// The answer to an item.
    Answer(Uuid),
    /// Whether an outermost question should count in its section: any value that is not blank means yes.
    Choice(Uuid),
}

impl Field {
    /// The name of the field's form controls.
    pub fn control_name(self) -> String {
        format!("answers[{self}][]")
    }

    /// The field of a form control, by its name.
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

/// A change of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The id of the page that wrote it; a new one each time that a page opens the attempt.
    pub writer: Uuid,
    /// Counts from 1 for each writer.
    pub seq: i64,
    pub field: Field,
    /// The whole new answer.
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
