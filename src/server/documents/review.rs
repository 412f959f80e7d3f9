//! Corrections of readings, made by people.

use exam_model::format;
use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::correction::bulk::{self, Bulk};
use crate::domain::correction::{self, Change, Clash, Merged, QuestionForm, Wrong};
use crate::domain::topic::Topic;
use crate::error::AppError;
use crate::server::db::corrections::{self, LockedDocument};
use crate::server::db::{questions, topics};
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

/// Takes over the answers of a pasted list, and marks for items without any; an empty text changes nothing. All or nothing.
pub async fn correct_all(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    keys: &str,
    marks: &str,
) -> Result<(), AppError> {
    let held = corrections::lock_document(pool, viewer, document_id).await?;
    let (field, Bulk { changes, unused }) = if keys.trim().is_empty() {
        ("marks_each", bulk::with_marks(&held.questions, marks))
    } else {
        ("keys", bulk::with_keys(&held.questions, keys))
    };
    if !unused.is_empty() {
        return Err(AppError::field(field)(format!("Nothing was changed. {}.", unused.join(". "))));
    }
    if changes.is_empty() {
        let reason = match field {
            "marks_each" => "All questions have marks already.",
            _ => "This list changes nothing. Write it such as: 1 B 2 D 3 A, or one answer on each line: 4(a) 12.5 cm",
        };
        return Err(AppError::field(field)(reason.into()));
    }
    held.add_all(changes).await
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
