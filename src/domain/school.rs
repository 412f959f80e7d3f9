//! Schools, which the owner of the installation makes.

use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use crate::error::AppError;

/// The school that there is from the first migration on.
pub const FIRST: Uuid = uuid!("00000000-0000-7000-8000-000000000001");

/// A school with the number of its active pupils, teachers, classes and papers, and its admins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    pub id: Uuid,
    pub name: String,
    /// Whether pupils may make accounts in it themselves.
    pub open_registration: bool,
    pub pupils: i64,
    pub teachers: i64,
    pub classes: i64,
    pub papers: i64,
    pub admins: Vec<SchoolAdmin>,
}

/// An admin of a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolAdmin {
    pub id: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
    pub is_active: bool,
    /// Whether this admin owns the installation, too.
    pub is_owner: bool,
    pub has_password: bool,
}

/// A school's name without spaces around it; `Invalid` if it is empty or longer than 100 letters.
pub fn name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    let length = name.chars().count();
    match (1..=100).contains(&length) && !name.chars().any(char::is_control) {
        true => Ok(name.to_owned()),
        false => Err(AppError::field("name")("Write the school's name in at most 100 letters.".into())),
    }
}
