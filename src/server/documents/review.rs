//! Corrections of readings, made by people.

use std::collections::HashMap;

use exam_model::format;
use exam_model::question::{Question, Region};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::correction::added;
use crate::domain::correction::bulk::{self, Bulk};
use crate::domain::correction::{self, Change, Clash, Merged, QuestionForm, Wrong};
use crate::domain::topic::Topic;
use crate::error::AppError;
use crate::server::db::corrections::{self, LockedDocument};
use crate::server::db::{documents, page_text, questions, topics};
use crate::server::viewer::Viewer;

/// Corrects the fields of an item that were changed in its form.
pub async fn correct(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    path: &str,
    form: QuestionForm,
) -> Result<(), AppError> {
    let topics = topics::of_document(pool, viewer, document_id).await?;
    let mut held = corrections::lock_document(pool, viewer, document_id).await?;
    let was = seen(&held.questions, path)?;
    let now = match form.merge(&was).map_err(|Wrong { field, reason }| AppError::field(field)(reason.into()))? {
        Merged::Now(now) => now,
        Merged::Clashes { clashes, shown } => {
            let words = contested(&mut held, path, &clashes, &topics).await?;
            return Err(AppError::EditConflict { path: path.to_owned(), words, shown });
        }
    };
    if now.topic != was.topic && now.topic.is_some_and(|topic| !topics.iter().any(|known| known.id == topic)) {
        return Err(AppError::field("topic")("Choose a topic from the list.".into()));
    }
    // If the form was sent twice, the correction is already there.
    if form.is_changed() && was.approved && *now == was {
        return Ok(());
    }
    held.add(path, Change::Edit { was: Box::new(was), now }).await
}

/// What changes many items in one step.
pub enum List {
    /// A pasted list of labels and answers.
    Keys(String),
    /// Options by the path of their item, as the grid showed them and as they were chosen.
    Grid { shown: HashMap<String, String>, chosen: HashMap<String, String> },
    /// Marks for each item without any.
    Marks(String),
}

/// Makes the changes of a list that fit, in one step, and returns in words what was taken and what was not.
pub async fn correct_all(pool: &PgPool, viewer: &Viewer, document_id: Uuid, list: List) -> Result<String, AppError> {
    let held = corrections::lock_document(pool, viewer, document_id).await?;
    let (field, noun, all) = match &list {
        List::Keys(text) => ("keys", "key", bulk::with_keys(&held.questions, text)),
        List::Grid { shown, chosen } => ("grid", "choice", bulk::with_grid(&held.questions, shown, chosen)),
        List::Marks(marks) => ("marks_each", "mark", bulk::with_marks(&held.questions, marks)),
    };
    let words = all.words(noun);
    let Bulk { changes, unused } = all;
    if changes.is_empty() {
        let reason = match field {
            _ if !unused.is_empty() => format!("Nothing was changed. {}.", unused.join(". ")),
            "marks_each" => "All questions have marks already.".to_owned(),
            "grid" => "These answers are there already.".to_owned(),
            _ => "This list changes nothing. Write it such as: 1 B 2 D 3 A, or one answer on each line: 4(a) 12.5 cm"
                .to_owned(),
        };
        return Err(AppError::field(field)(reason));
    }
    held.add_all(changes).await?;
    Ok(words)
}

/// The error for a conflict: who set what in the meantime, and what this person wanted.
async fn contested(
    held: &mut LockedDocument<'_>,
    path: &str,
    clashes: &[Clash],
    topics: &[Topic],
) -> Result<String, AppError> {
    let changes = held.changes(path).await?;
    // A value that is the id of a topic is shown by the topic's name.
    let named = |value: &str| {
        let topic = topics.iter().find(|topic| topic.id.to_string() == value);
        topic.map_or_else(|| format::shortened(value, 200), |topic| topic.name.clone())
    };
    let told = clashes.iter().map(|clash| {
        let by = changes.iter().find(|(change, _)| clash.is_of(change)).map_or("it now", |(_, by)| by.as_str());
        format!("The {}: {by} has “{}”, you have “{}”.", clash.name(), named(&clash.theirs), named(&clash.yours))
    });
    let told = told.collect::<Vec<_>>().join(" ");
    Ok(format!(
        "Somebody changed this after you opened it. Nothing is saved yet. {told} Choose what is right and save again."
    ))
}

/// Adds an item that the reader did not find, and returns its path. Without a text, it has what is printed in its region.
pub async fn add(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    region: &str,
    label: &str,
    text: &str,
) -> Result<String, AppError> {
    documents::to_correct(pool, viewer, document_id).await?;
    let pages = page_text::sizes(pool, viewer, document_id).await?.len();
    let region =
        Region::parse(region).filter(|region| (1..=pages).contains(&(region.page as usize))).ok_or_else(|| {
            AppError::field("region")(
                "Draw a box around the question, or write its page, left, top, width and height.".into(),
            )
        })?;
    let printed = match text.trim() {
        "" => added::text_within(&page_text::print(pool, viewer, document_id, region.page).await?, &region),
        text => text.to_owned(),
    };
    let item = added::item(label, &printed, region)
        .map_err(|Wrong { field, reason }| AppError::field(field)(reason.into()))?;
    let path = item.path.clone();
    let held = corrections::lock_document(pool, viewer, document_id).await?;
    held.add(&path, Change::Add { item: Box::new(item) }).await?;
    Ok(path)
}

/// The path of the next item after this one that needs a look.
pub async fn next(pool: &PgPool, viewer: &Viewer, document_id: Uuid, path: &str) -> Result<Option<String>, AppError> {
    let reports = corrections::reports(pool, viewer, document_id).await?;
    let questions = questions::of_document(pool, viewer, document_id).await?;
    Ok(correction::to_look_at(&questions, &reports, path).next().map(|item| item.path.clone()))
}

/// Makes a correction without an item form: `approve`, `split` (from these words on), `join` or `drop`. Returns the path
/// of the next item that needs a look.
pub async fn change(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    path: &str,
    what: &str,
    from: &str,
    label: &str,
) -> Result<Option<String>, AppError> {
    let reports = corrections::reports(pool, viewer, document_id).await?;
    let held = corrections::lock_document(pool, viewer, document_id).await?;
    let questions = held.questions.clone();
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
    held.add(path, change).await?;
    if stays {
        return Ok(Some(path.to_owned()));
    }
    // An item that is dropped or joined takes its parts with it.
    let left = questions::of_document(pool, viewer, document_id).await?;
    let mut next = correction::to_look_at(&questions, &reports, path);
    Ok(next.find(|item| correction::find(&left, &item.path).is_some()).map(|item| item.path.clone()))
}

/// The item as it is now, without its parts.
fn seen(questions: &[Question], path: &str) -> Result<Question, AppError> {
    let question = correction::find(questions, path).ok_or(AppError::NotFound)?;
    Ok(Question { id: Uuid::nil(), ..correction::alone(question) })
}
