//! Marks that a person gives, where the program is not sure or marks nothing.

use exam_model::answer::{Answer, Certainty, Marked, Verdict};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Marks that a person gave an answer. They replace the program's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkOverride {
    pub marks: f64,
    /// For the pupil; may be empty.
    pub note: String,
}

impl MarkOverride {
    /// The marks as they stand: never more than the item is worth now.
    pub fn apply(&self, marked: Marked) -> Marked {
        let marks = self.marks.min(marked.of);
        let verdict = match marks {
            _ if marks >= marked.of => Verdict::Right,
            0.0 => Verdict::Wrong,
            _ => Verdict::Partly,
        };
        let reason = match self.note.as_str() {
            "" => "Your school marked this by hand.".to_owned(),
            note => format!("Your school marked this by hand: {note}"),
        };
        Marked { marks, verdict, certainty: Certainty::Exact, reason, ..marked }
    }
}

/// Marks in halves, from 0 to what the item is worth; the reason if they are not.
pub fn parse_marks(text: &str, of: f64) -> Result<f64, String> {
    let marks: Option<f64> = text.trim().replace(',', ".").parse().ok();
    let fits = |marks: &f64| (0.0..=of).contains(marks) && (*marks == of || marks * 2.0 == (marks * 2.0).floor());
    marks
        .filter(fits)
        .ok_or_else(|| format!("Write the marks as a number from 0 to {}, in halves.", exam_model::format::marks(of)))
}

/// A question with answers that wait for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingQuestion {
    pub question: Uuid,
    pub paper: String,
    pub path: String,
    pub text: String,
    /// The number of answers that wait, each pupil's apart.
    pub answers: i64,
}

/// A question with the answers that pupils gave to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionToMark {
    pub document: Uuid,
    pub paper: String,
    /// With the stems above it in its text.
    pub question: Question,
    /// Those that wait first, then those that most pupils gave.
    pub answers: Vec<AnswerToMark>,
}

/// The same answer of one or several pupils.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerToMark {
    pub answer: Answer,
    /// One of the attempts that have it, the newest.
    pub attempt: Uuid,
    pub attempts: i64,
    /// As it is marked now.
    pub marked: Marked,
    /// Whether a person has marked it in all attempts.
    pub by_hand: bool,
    /// The names of those who have marked it.
    pub markers: Vec<String>,
    /// Whether it waits for a person in some attempt.
    pub waits: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_marks_replace_the_programs_and_are_never_more_than_there_are() {
        let marked =
            Marked { marks: 1.0, of: 2.0, verdict: Verdict::Partly, certainty: Certainty::Near, reason: "near".into() };
        for (marks, verdict) in
            [(0.0, Verdict::Wrong), (0.5, Verdict::Partly), (2.0, Verdict::Right), (3.0, Verdict::Right)]
        {
            let now = MarkOverride { marks, note: String::new() }.apply(marked.clone());
            assert_eq!((now.marks, now.verdict, now.is_provisional()), (marks.min(2.0), verdict, false));
        }
        let told = MarkOverride { marks: 2.0, note: "The unit is clear.".into() }.apply(marked);
        assert_eq!(told.reason, "Your school marked this by hand: The unit is clear.");
    }

    #[test]
    fn marks_are_given_in_halves_up_to_what_there_is() {
        assert_eq!(["0", " 1.5", "2", "0,5"].map(|text| parse_marks(text, 2.0)), [0.0, 1.5, 2.0, 0.5].map(Ok));
        assert!(["", "x", "-1", "2.5", "0.3", "NaN", "inf"].iter().all(|text| parse_marks(text, 2.0).is_err()));
        assert_eq!(parse_marks("0.75", 0.75), Ok(0.75));
    }
}
