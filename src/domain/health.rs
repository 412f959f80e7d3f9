//! Whether the site has everything it needs.

use serde::{Deserialize, Serialize};

/// The state of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Good,
    /// The site works, but somebody should look at this.
    Doubtful,
    /// The site does not work, or loses data.
    Bad,
}

impl Health {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Doubtful => "look",
            Self::Bad => "wrong",
        }
    }
}

/// What was checked, its state, and why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub subject: String,
    pub health: Health,
    pub words: String,
}
