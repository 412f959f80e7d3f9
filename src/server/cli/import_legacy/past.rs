//! The earlier system's quizzes and attempts, joined from its tables.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use exam_model::format;
use exam_model::question::Question;

use crate::domain::quiz::{self, Feedback, Mode, Quiz};
use crate::server::cli::import_legacy::Document;
use crate::server::db::import_legacy::earlier::{self, Earlier, Row};

/// A question, as copied into quizzes.
pub struct Copied {
    pub question: Question,
    /// Its document, by the earlier id.
    pub document: Option<String>,
}

/// All quizzes and attempts; keys are earlier ids.
pub struct Past<'a> {
    pub questions: HashMap<String, Copied>,
    pub quizzes: HashMap<String, &'a Row>,
    /// Sorted by the time they were handed in.
    pub attempts: Vec<&'a Row>,
    /// The questions of each quiz, in order.
    places: HashMap<String, Vec<&'a Row>>,
    /// The answers of each attempt.
    answers: HashMap<String, Vec<&'a Row>>,
}

impl<'a> Past<'a> {
    pub fn of(earlier: &'a Earlier, questions: HashMap<String, Copied>) -> Self {
        let mut attempts: Vec<&Row> = earlier.of(&earlier::ATTEMPTS).iter().collect();
        attempts.sort_by_cached_key(|row| (row.time("submitted_at"), row.text("id")));
        let mut places = by(earlier.of(&earlier::QUIZ_QUESTIONS), "quiz_id");
        for rows in places.values_mut() {
            rows.sort_by(|a, b| {
                a.number("position").partial_cmp(&b.number("position")).unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        Self {
            questions,
            quizzes: earlier.of(&earlier::QUIZZES).iter().filter_map(|row| Some((row.text("id")?, row))).collect(),
            attempts,
            places,
            answers: by(earlier.of(&earlier::ATTEMPT_ANSWERS), "attempt_id"),
        }
    }

    /// The answers of an attempt, by question.
    pub fn given(&self, attempt: &Row) -> HashMap<String, &'a Row> {
        let rows = attempt.text("id").and_then(|id| self.answers.get(&id)).into_iter().flatten();
        rows.filter_map(|row| Some((row.text("question_id")?, *row))).collect()
    }

    /// The known questions of a quiz: first as listed in the quiz, then any others that were answered.
    pub fn order(&self, quiz: &str, given: &HashMap<String, &Row>) -> Vec<String> {
        let listed = self.places.get(quiz).into_iter().flatten().filter_map(|row| row.text("question_id"));
        let answered: BTreeSet<&String> = given.keys().collect();
        let mut order: Vec<String> = Vec::new();
        for key in listed.chain(answered.into_iter().cloned()) {
            if self.questions.contains_key(&key) && !order.contains(&key) {
                order.push(key);
            }
        }
        order
    }

    /// The document of a question, if known.
    pub fn document<'d>(&self, question: &str, documents: &'d HashMap<String, Document>) -> Option<&'d Document> {
        documents.get(self.questions.get(question)?.document.as_ref()?)
    }

    /// A quiz with copies of these questions.
    pub fn quiz(
        &self,
        row: &Row,
        order: &[String],
        submitted: DateTime<Utc>,
        documents: &HashMap<String, Document>,
    ) -> Quiz {
        let titles: BTreeSet<Option<&str>> =
            order.iter().map(|key| self.document(key, documents).map(|document| document.title.as_str())).collect();
        let title = match titles.first() {
            Some(Some(title)) if titles.len() == 1 => (*title).to_owned(),
            _ => format!("Quiz on {}", format::date(submitted)),
        };
        let numbered = |(place, key): (usize, &String)| Question {
            path: (place + 1).to_string(),
            label: format!("{}.", place + 1),
            ..self.questions[key].question.clone()
        };
        let minutes = row.number("duration_minutes").filter(|minutes| (1.0..=600.0).contains(minutes));
        Quiz {
            title,
            mode: row.word("mode").and_then(|word| Mode::parse(&word.replace('_', "-"))).unwrap_or(Mode::TopicFocused),
            feedback: Feedback::Deferred,
            minutes: minutes.map_or_else(|| quiz::minutes_for(order.len() as f64), |minutes| minutes as i32),
            sections: Vec::new(),
            questions: order.iter().enumerate().map(numbered).collect(),
            note: "From the earlier system, which recorded only whether each answer was right.".into(),
            calculator: false,
        }
    }
}

/// The score in an attempt's row, as text, if it differs from the sum of the answers. If `total` is missing, it may be
/// marks, a share or a percentage.
pub fn own_score(attempt: &Row, (earned, possible): (f64, f64)) -> Option<String> {
    let score = attempt.number("score")?;
    let is = |a: f64, b: f64| (a - b).abs() < 0.01;
    match attempt.number("total") {
        Some(total) => (!is(score, earned) || !is(total, possible)).then(|| format!("{score} of {total}")),
        None => {
            let share = earned / possible;
            let same = [earned, share, 100.0 * share].into_iter().any(|value| is(score, value));
            (!same).then(|| format!("{score}, without a total"))
        }
    }
}

fn by<'a>(rows: &'a [Row], column: &str) -> HashMap<String, Vec<&'a Row>> {
    let mut groups: HashMap<String, Vec<&Row>> = HashMap::new();
    for row in rows {
        groups.entry(row.text(column).unwrap_or_default()).or_default().push(row);
    }
    groups
}
