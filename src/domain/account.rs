//! People: roles, and rules for names, addresses and passwords.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use exam_marking::folded;
use exam_model::format::count;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Student,
    /// Of classes: sees and acts for their pupils only.
    Teacher,
    Admin,
}

impl Role {
    /// The word in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Student => "student",
            Role::Teacher => "teacher",
            Role::Admin => "admin",
        }
    }

    /// `None` if the word is not a role.
    pub fn parse(word: &str) -> Option<Role> {
        [Role::Student, Role::Teacher, Role::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

/// A person, for pages and the API; never contains the password hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: Uuid,
    pub email: Option<String>,
    pub login_name: Option<String>,
    pub full_name: String,
    pub role: Role,
    /// `P6`, `S3`, `S6` or `TTC`; `None` for teachers and admins, and until it is chosen.
    pub education_level: Option<String>,
    pub school_id: Uuid,
    /// Whether this admin owns the installation, too: makes schools and their admins, and looks after what all have in common.
    pub is_owner: bool,
}

impl Person {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    /// Whether the person works for the school: a teacher or an admin.
    pub fn is_staff(&self) -> bool {
        matches!(self.role, Role::Teacher | Role::Admin)
    }

    /// What the person signs in with: the login name, or without one the e-mail address, of which either exists.
    pub fn sign_in_name(&self) -> &str {
        self.login_name.as_deref().or(self.email.as_deref()).unwrap_or_default()
    }
}

/// The names of people of a list, each a full name and a sign-in name, as they are shown: namesakes with both.
pub fn told_apart(people: &[(&str, &str)]) -> Vec<String> {
    let mut same: HashMap<_, usize> = HashMap::new();
    for (name, _) in people {
        *same.entry(folded(name)).or_default() += 1;
    }
    let shown = |(name, sign_in_name): &(&str, &str)| match same[&folded(name)] {
        1 => (*name).to_owned(),
        _ => format!("{name} ({sign_in_name})"),
    };
    people.iter().map(shown).collect()
}

/// A deleted account goes after so many days, until when that can be undone.
pub const DELETED_DAYS: i32 = 30;

/// What goes with a pupil's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatGoes {
    /// When the account was deleted, if it was.
    pub deleted_at: Option<DateTime<Utc>>,
    pub attempts: i64,
    pub answers: i64,
    pub documents: i64,
    /// With how many people some of the documents are shared.
    pub shared_with: i64,
}

impl WhatGoes {
    /// Such as `3 attempts with 40 answers; 2 documents, shared with 1 person`.
    pub fn words(&self) -> String {
        let attempts = format!("{} with {}", count(self.attempts, "attempt"), count(self.answers, "answer"));
        let mut words = format!("{attempts}; {}", count(self.documents, "document"));
        match self.shared_with {
            0 => {}
            1 => words.push_str(", shared with 1 person"),
            people => words.push_str(&format!(", shared with {people} people")),
        }
        words
    }

    /// When it goes for good, if it is deleted.
    pub fn goes_at(&self) -> Option<DateTime<Utc>> {
        self.deleted_at.map(|at| at + TimeDelta::days(DELETED_DAYS.into()))
    }
}

/// Another account of the same pupil, before it is merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    pub id: Uuid,
    pub full_name: String,
    pub email: Option<String>,
    pub login_name: Option<String>,
    /// Its class and year, if it is in one.
    pub class: Option<String>,
    /// What moves to the account that stays.
    pub brings: WhatGoes,
}

impl Duplicate {
    /// The name or e-mail address that its pupil signs in with.
    pub fn sign_in_name(&self) -> &str {
        self.login_name.as_deref().or(self.email.as_deref()).unwrap_or_default()
    }
}

/// An e-mail address, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Text, an @ and text, without spaces. Only sending a message can check more.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let good = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && text.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty()
                    && !host.contains('@')
                    && !host.is_empty()
                    && !host.starts_with('.')
                    && !host.ends_with('.')
            });
        if good { Ok(Self(text.to_owned())) } else { Err("Write an e-mail address like amina@example.com.".into()) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest login name without the number at its end.
const LOGIN_NAME: usize = 40;

/// A login name for a person, such as `mugisha.a` for Mugisha Aline: the first name of the list in full and the first letter
/// of the last one, without accents, with a number if it is taken.
pub fn login_name(full_name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |word: &str| folded(word).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words: Vec<String> = full_name.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    let name = match &words[..] {
        [] => "pupil".to_owned(),
        [one] => one.chars().take(LOGIN_NAME).collect(),
        [first, .., last] => {
            let first: String = first.chars().take(LOGIN_NAME).collect();
            format!("{first}.{}", &last[..1])
        }
    };
    let numbered = (2..).map(|number: u32| format!("{name}{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name)
}

/// A person's name, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullName(String);

impl FullName {
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Err("Write your name.".into()),
            1..=200 if !name.chars().any(char::is_control) => Ok(Self(name)),
            _ => Err("Write a name of at most 200 letters.".into()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An acceptable password. It cannot be printed or serialized.
pub struct Password(String);

/// Common passwords, which are guessed first.
const GUESSED_FIRST: [&str; 12] = [
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "abcdef",
    "abc123",
    "admin123",
    "iloveyou",
    "password",
    "password1",
    "qwerty",
    "qwerty123",
];

impl Password {
    /// At least 6 characters with some variety and at most 128 bytes; not the name that the person signs in with, and not
    /// a common password.
    pub fn parse(text: &str, sign_in_name: &str) -> Result<Self, String> {
        let lower = text.to_lowercase();
        let mut distinct: Vec<char> = lower.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let whole = sign_in_name.trim().to_lowercase();
        let name = whole.split('@').next().unwrap_or_default();
        let reason = if text.chars().count() < 6 {
            "Use at least 6 characters."
        } else if text.len() > 128 {
            "Use at most 128 characters."
        } else if distinct.len() < 4 {
            "Use at least 4 different characters."
        } else if GUESSED_FIRST.contains(&lower.as_str()) {
            "This password is too easy to guess. Choose another."
        } else if lower == whole || lower == name {
            "Do not use your e-mail address or login name as the password."
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(reason.into())
    }

    /// The text, for hashing; the only access to it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["p6student@test.com", " amina@school.rw ", "a+b@localhost"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "amina", "@", "a@", "@b", "a b@c.d", "a@b@c", "a@.b"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert!(Email::parse(&format!("{}@b.c", "a".repeat(300))).is_err());
    }

    #[test]
    fn namesakes_are_told_apart() {
        let people = [("Keza Ange", "keza1"), ("KEZA ANGE", "keza2"), ("Mugisha Eric", "mugisha")];
        assert_eq!(told_apart(&people), ["Keza Ange (keza1)", "KEZA ANGE (keza2)", "Mugisha Eric"]);
    }

    #[test]
    fn what_goes_is_told() {
        let goes = WhatGoes { deleted_at: None, attempts: 1, answers: 40, documents: 2, shared_with: 1 };
        assert_eq!(goes.words(), "1 attempt with 40 answers; 2 documents, shared with 1 person");
        let deleted = WhatGoes { deleted_at: DateTime::from_timestamp(0, 0), ..goes };
        assert_eq!(deleted.goes_at(), DateTime::from_timestamp(30 * 86_400, 0));
    }

    #[test]
    fn names() {
        assert_eq!(FullName::parse("  Amina   Uwase ").unwrap().as_str(), "Amina Uwase");
        assert!(FullName::parse(" \n ").is_err());
        assert!(FullName::parse(&"a".repeat(201)).is_err());
    }

    #[test]
    fn passwords() {
        let email = "amina123@example.com";
        assert!(Password::parse("test123", email).is_ok(), "the guide's own password");
        for bad in ["", "12345", "aaaaaaa", "123456", "PASSWORD", "amina123", "amina123@example.com"] {
            assert!(Password::parse(bad, email).is_err(), "{bad}");
        }
        assert!(Password::parse(&"ab1!".repeat(33), email).is_err());
    }

    #[test]
    fn login_names() {
        let taken = ["mugisha.a", "mugisha.a2"];
        let made = |name: &str| login_name(name, |name| taken.contains(&name));
        assert_eq!(made("MUGISHA Aline"), "mugisha.a3");
        assert_eq!(made("N'Goran Zoé Éloïse"), "ngoran.e");
        assert_eq!(made("Béatrice"), "beatrice");
        assert_eq!((made("李"), made("- Uwase")), ("pupil".into(), "uwase".into()));
        assert!(made(&"a".repeat(300)).len() <= 60);
    }
}
