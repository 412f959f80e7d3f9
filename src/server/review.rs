//! A person's corrections of what was read.

use sqlx::PgPool;
use uuid::Uuid;

use super::db::{corrections, questions, topics};
use super::session::Viewer;
use crate::api::documents::QuestionForm;
use crate::domain::correction::{self, Change};
use crate::domain::question::{Choice, Key, KeySource, Kind, Question, Region};
use crate::domain::reading;
use crate::error::AppError;

/// Parses the form and makes the correction.
pub async fn correct(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    path: &str,
    form: QuestionForm,
) -> Result<(), AppError> {
    let question = seen(&questions::of_document(pool, viewer, document_id).await?, path)?;
    let now = parse(&question, form)?;
    if let Some(topic) = now.topic.filter(|_| now.topic != question.topic) {
        let known = topics::of_document(pool, viewer, document_id).await?;
        if !known.iter().any(|known| known.id == topic) {
            return Err(AppError::field("topic")("Choose a topic from the list.".into()));
        }
    }
    let change = Change::Edit { was: Box::new(question), now: Box::new(now) };
    corrections::add(pool, viewer, document_id, path, change).await
}

/// Makes a correction that has no form of its own: `approve`, `split` (from these words on), `join` or `drop`. Returns
/// the path of the item to look at next.
pub async fn change(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    path: &str,
    what: &str,
    from: &str,
    label: &str,
) -> Result<Option<String>, AppError> {
    let questions = questions::of_document(pool, viewer, document_id).await?;
    let reports = corrections::reports(pool, viewer, document_id).await?;
    let change = match what {
        "approve" => Change::Approve { seen: Box::new(seen(&questions, path)?) },
        "split" if from.trim().is_empty() => {
            return Err(AppError::field("from")("Write the first words of the new question.".into()));
        }
        "split" => Change::Split { from: from.trim().to_owned(), label: label.trim().to_owned() },
        "join" => Change::Join,
        "drop" => Change::Drop,
        _ => return Err(AppError::field("what")("Choose what to do.".into())),
    };
    let stays = matches!(change, Change::Split { .. });
    corrections::add(pool, viewer, document_id, path, change).await?;
    if stays {
        return Ok(Some(path.to_owned()));
    }
    // What is dropped or joined takes its parts with it.
    let left = questions::of_document(pool, viewer, document_id).await?;
    let mut next = correction::to_look_at(&questions, &reports, path);
    Ok(next.find(|item| correction::find(&left, &item.path).is_some()).map(|item| item.path.clone()))
}

/// The item as it is now, without its parts.
fn seen(questions: &[Question], path: &str) -> Result<Question, AppError> {
    let question = correction::find(questions, path).ok_or(AppError::NotFound)?;
    Ok(Question { id: Uuid::nil(), ..correction::alone(question) })
}

/// The question as the form has it. A key of options must name options of the question.
fn parse(question: &Question, form: QuestionForm) -> Result<Question, AppError> {
    let text = form.text.trim().replace("\r\n", "\n");
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
    let choose = match form.choose.trim() {
        "" => None,
        text => match text.parse() {
            Ok(number @ 1..=50) => Some(number),
            _ => return Err(AppError::field("choose")("Write how many as a number from 1 to 50.".into())),
        },
    };
    let options = options(&question.options, &form.options);
    let is_choice = matches!(form.kind, Kind::Single | Kind::Multiple | Kind::TrueFalse);
    let mut right = if is_choice { form.right_options } else { Vec::new() };
    right.retain(|id| !id.is_empty());
    let known = |id: &String| match form.kind {
        Kind::TrueFalse => id == "true" || id == "false",
        _ => options.iter().any(|option| option.id == *id),
    };
    if !right.iter().all(known) {
        return Err(AppError::field("key")("Choose the right answer from the question's own options.".into()));
    }
    let words = match form.kind {
        _ if !right.is_empty() => option_words(&options, &right),
        Kind::Label => reading::names_of_parts(form.key.trim(), &options),
        _ => form.key.trim().to_owned(),
    };
    let unchanged = question.key.as_ref().filter(|key| key.options == right && key.text == words).cloned();
    let made = || (!words.is_empty()).then_some(Key { options: right, text: words, source: KeySource::Person });
    let key = unchanged.or_else(made);
    let topic = match form.topic.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| AppError::field("topic")("Choose a topic from the list.".into()))?),
    };
    let regions = form.boxes.iter().filter(|text| !text.trim().is_empty()).map(|text| Region::parse(text));
    let regions = regions.collect::<Option<Vec<_>>>().ok_or_else(|| {
        AppError::field("boxes")("Write a box as page, left, top, width and height: 2 50 120 480 96.".into())
    })?;
    // A box that was only written out and read again is the one that was there.
    let same = regions.iter().map(Region::words).eq(question.regions.iter().map(Region::words));
    let regions = if same { question.regions.clone() } else { regions };
    Ok(Question { text, kind: form.kind, options, choose, marks, key, topic, regions, ..question.clone() })
}

/// Options keep their id and label by their place; a new one gets the next of both.
fn options(known: &[Choice], texts: &[String]) -> Vec<Choice> {
    if texts.is_empty() {
        return known.to_vec();
    }
    let made = texts.iter().enumerate().map(|(n, text)| match known.get(n) {
        Some(option) => Choice { text: text.trim().to_owned(), ..option.clone() },
        None => Choice { text: text.trim().to_owned(), ..Choice::nth(n) },
    });
    made.filter(|option| {
        let was_empty = known.iter().any(|known| known.id == option.id && known.text.is_empty());
        !option.text.is_empty() || was_empty
    })
    .collect()
}

/// The chosen options as a scheme prints them.
fn option_words(options: &[Choice], ids: &[String]) -> String {
    let word = |id: &String| match options.iter().find(|option| option.id == *id) {
        Some(option) if !option.label.is_empty() => option.label.clone(),
        Some(option) => option.text.clone(),
        None => if id == "true" { "True" } else { "False" }.to_owned(),
    };
    ids.iter().map(word).collect::<Vec<_>>().join("; ")
}
