//! Answers and what they earned.

use serde::{Deserialize, Serialize};

/// An answer as it is given: option ids for a choice, `true` or `false`, one text, or one text a line, blank or pair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answer(pub Vec<String>);

impl Answer {
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| piece.trim().is_empty())
    }

    /// The pieces that hold something.
    ///
    /// ```
    /// # use exam_model::answer::Answer;
    /// let answer = Answer(vec![" heat ".into(), "".into(), "light".into()]);
    /// assert_eq!(answer.pieces(), ["heat", "light"]);
    /// assert_eq!(answer.text(), "heat\nlight");
    /// ```
    pub fn pieces(&self) -> Vec<&str> {
        self.0.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty()).collect()
    }

    /// Its pieces as one text, each on a line.
    pub fn text(&self) -> String {
        self.pieces().join("\n")
    }
}

/// How an answer fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    Partly,
    Wrong,
    Blank,
    /// There is no key to mark it by, or the school has taken it out.
    Unmarked,
}

/// Marks with their reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// A multiple of a half, unless it is all of `of`.
    pub marks: f64,
    pub of: f64,
    pub verdict: Verdict,
    pub reason: String,
}
