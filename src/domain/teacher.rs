//! Teachers and the classes that they teach, as the school sees and changes them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A teacher's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teacher {
    pub id: Uuid,
    pub full_name: String,
    /// What the teacher signs in with.
    pub sign_in_name: String,
    pub is_active: bool,
    pub has_password: bool,
    /// Id and full name of each class that the teacher teaches.
    pub classes: Vec<(Uuid, String)>,
}
