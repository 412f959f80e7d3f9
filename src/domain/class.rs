//! Classes and their pupils.

use chrono::{DateTime, Utc};
use exam_marking::folded;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The years that a class can be of.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A class of one school year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub id: Uuid,
    pub name: String,
    /// `P6`, `S3`, `S6` or `TTC`: the level of all its pupils.
    pub level: String,
    pub year: i32,
    pub pupils: i64,
    /// How many of them are switched on.
    pub active: i64,
    /// How many of them have not chosen a password yet.
    pub without_password: i64,
}

impl Class {
    /// Such as `P6 A, 2026`.
    pub fn full_name(&self) -> String {
        format!("{}, {}", self.name, self.year)
    }
}

/// A pupil of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPupil {
    pub id: Uuid,
    pub full_name: String,
    /// What the pupil signs in with.
    pub sign_in_name: String,
    pub id_number: Option<String>,
    pub is_active: bool,
    pub has_password: bool,
}

/// A pupil's account, as the school sees and changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilAccount {
    pub id: Uuid,
    pub full_name: String,
    pub email: Option<String>,
    pub login_name: Option<String>,
    pub id_number: Option<String>,
    pub level: Option<String>,
    pub class: Option<Uuid>,
    pub is_active: bool,
    pub has_password: bool,
    /// When a device of the pupil was last seen.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// What is printed on a pupil's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub full_name: String,
    /// Empty for a pupil without a class.
    pub class: String,
    pub sign_in_name: String,
    /// The one-time code, in groups.
    pub code: String,
    pub good_until: DateTime<Utc>,
    /// A QR code, as SVG, of the address that opens the sign-in with the name filled in.
    pub picture: String,
}

/// A class name, with single spaces.
pub fn class_name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        1..=50 if !name.chars().any(char::is_control) => Ok(name),
        0 => Err("Write the name of the class, such as P6 A.".into()),
        _ => Err("Write a name of at most 50 letters.".into()),
    }
}

/// What is the same for `P6 A`, `p6a` and `P6-A`.
pub fn class_key(name: &str) -> String {
    folded(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The level with whose code or name a class's name begins, of these codes and names.
pub fn level_of<'a>(class: &str, levels: &'a [(String, String)]) -> Option<&'a str> {
    let key = class_key(class);
    let begins = |(code, name): &&(String, String)| [code, name].iter().any(|word| key.starts_with(&class_key(word)));
    levels.iter().find(begins).map(|(code, _)| code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes() {
        assert_eq!(class_name("  P6   A ").unwrap(), "P6 A");
        assert!(class_name(" ").is_err() && class_name(&"a".repeat(51)).is_err());
        assert_eq!(class_key("P6-A"), class_key("p6 a"));
        let levels = [("P6", "Primary 6"), ("S6", "Senior 6")].map(|(code, name)| (code.to_owned(), name.to_owned()));
        assert_eq!(level_of("s6 MCB", &levels), Some("S6"));
        assert_eq!(level_of("Primary 6 Blue", &levels), Some("P6"));
        assert_eq!(level_of("Blue", &levels), None);
    }
}
