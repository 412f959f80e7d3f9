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

impl Verdict {
    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "Right",
            Self::Partly => "Partly right",
            Self::Wrong => "Wrong",
            Self::Blank => "No answer",
            Self::Unmarked => "Not marked",
        }
    }

    /// The words of a suggestion, on which a person decides.
    pub fn suggested(self) -> &'static str {
        match self {
            Self::Right => "We think right: your teacher decides",
            Self::Partly => "We think partly right: your teacher decides",
            Self::Wrong => "We think wrong: your teacher decides",
            Self::Blank | Self::Unmarked => self.name(),
        }
    }
}

/// How sure a verdict is, the surest first. Of a wrong answer only `Exact` is final: it is known to be wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// As the key has it; or known to be wrong: another value, another thing of the same class, the opposite, nonsense, nothing.
    #[default]
    Exact,
    /// Equal to the key: another form, another unit, another word for it.
    Equal,
    /// Equal but for a slip of spelling.
    Slip,
    /// Near to the key, not recognised, or without a key: a person decides.
    Near,
}

/// Marks with their reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// A multiple of a half, unless it is all of `of`.
    pub marks: f64,
    pub of: f64,
    pub verdict: Verdict,
    /// Verdicts that were stored without it were final.
    #[serde(default)]
    pub certainty: Certainty,
    pub reason: String,
}

impl Marked {
    /// The mark is a suggestion; a person decides.
    pub fn is_provisional(&self) -> bool {
        self.certainty == Certainty::Near && self.verdict != Verdict::Unmarked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_that_was_stored_without_its_sureness_is_final() {
        let stored = r#"{"marks":1.0,"of":2.0,"verdict":"partly","reason":"1 of 2"}"#;
        let marked: Marked = serde_json::from_str(stored).unwrap();
        assert_eq!((marked.certainty, marked.is_provisional()), (Certainty::Exact, false));
        let near = Marked { certainty: Certainty::Near, ..marked };
        let written = serde_json::to_string(&near).unwrap();
        assert!(written.contains(r#""certainty":"near""#), "{written}");
        assert_eq!(serde_json::from_str::<Marked>(&written).unwrap(), near);
    }
}
