//! A person's corrections of what was read.

use sqlx::PgPool;
use uuid::Uuid;

use super::db::questions::{self, Correction};
use super::session::Viewer;
use crate::domain::question::{Key, KeySource, Kind, Question};
use crate::error::AppError;

/// The fields of the form as they came.
pub struct Form {
    pub text: String,
    pub kind: Kind,
    pub marks: String,
    pub key: String,
    pub right_options: Vec<String>,
    pub topic: String,
}

/// Parses the form and writes the correction. A key of options must name options of the question.
pub async fn correct(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    question_id: Uuid,
    form: Form,
) -> Result<(), AppError> {
    let questions = questions::of_document(pool, viewer, document_id).await?;
    let question = find(&questions, question_id).ok_or(AppError::NotFound)?;
    let correction = parse(question, form)?;
    questions::correct(pool, viewer, document_id, question_id, &correction).await
}

fn find(questions: &[Question], id: Uuid) -> Option<&Question> {
    questions.iter().find_map(|question| if question.id == id { Some(question) } else { find(&question.parts, id) })
}

fn parse(question: &Question, form: Form) -> Result<Correction, AppError> {
    let text = form.text.trim().to_owned();
    if text.is_empty() && question.regions.is_empty() {
        return Err(AppError::field("text")("Write the question.".into()));
    }
    let marks = match form.marks.trim().replace(',', ".").as_str() {
        "" => None,
        text => match text.parse::<f64>() {
            Ok(marks) if (0.0..=200.0).contains(&marks) => Some((marks * 4.0).round() / 4.0),
            _ => return Err(AppError::field("marks")("Write the marks as a number from 0 to 200.".into())),
        },
    };
    let mut options = form.right_options;
    options.retain(|id| !id.is_empty());
    let known = |id: &String| {
        (form.kind == Kind::TrueFalse && (id == "true" || id == "false"))
            || question.options.iter().any(|option| option.id == *id)
    };
    if !options.iter().all(known) {
        return Err(AppError::field("key")("Choose the right answer from the question's own options.".into()));
    }
    let words = if options.is_empty() { form.key.trim().to_owned() } else { option_words(question, &options) };
    let unchanged = question.key.as_ref().is_some_and(|key| key.options == options && key.text == words);
    let source = question.key.as_ref().filter(|_| unchanged).map_or(KeySource::Person, |key| key.source);
    let key = (!words.is_empty()).then_some(Key { options, text: words, source });
    let topic_id = match form.topic.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| AppError::field("topic")("Choose a topic from the list.".into()))?),
    };
    Ok(Correction { text, kind: form.kind, marks, key, topic_id })
}

/// The chosen options as a scheme prints them.
fn option_words(question: &Question, ids: &[String]) -> String {
    let word = |id: &String| match question.options.iter().find(|option| option.id == *id) {
        Some(option) if !option.label.is_empty() => option.label.clone(),
        Some(option) => option.text.clone(),
        None => if id == "true" { "True" } else { "False" }.to_owned(),
    };
    ids.iter().map(word).collect::<Vec<_>>().join("; ")
}
