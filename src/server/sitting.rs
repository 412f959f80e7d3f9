//! Answering and closing attempts: what pages, API, clock and demo data all call.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::db::attempts::ClosedBy;
use super::db::{attempts, corrections, topics};
use super::session::Viewer;
use crate::domain::attempt::{AttemptResult, Saved, Sitting};
use crate::domain::correction::{self, Reason};
use crate::domain::marking::Answer;
use crate::domain::quiz;
use crate::domain::result;
use crate::error::AppError;

/// An attempt of the viewer's as it stands: the quiz without keys, the answers as last saved, the time left.
pub async fn show(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Sitting, AppError> {
    let mut attempt = attempts::get(pool, viewer, id).await?;
    if !attempt.mine {
        return Err(AppError::NotFound);
    }
    let mut conn = pool.acquire().await?;
    attempt.quiz.questions = attempt.quiz.questions.iter().map(quiz::for_candidate).collect();
    Ok(Sitting {
        id,
        document_id: attempt.document_id,
        answers: attempts::answers(&mut conn, id).await?,
        ends_at: attempt.deadline_at,
        shown_at: now(),
        seconds_left: seconds_left(attempt.deadline_at),
        closed: attempt.submitted_at.is_some() || seconds_left(attempt.deadline_at) == 0,
        quiz: attempt.quiz,
    })
}

/// Longest answer that is kept, in letters of all its pieces.
const LONGEST_ANSWER: usize = 20_000;

/// Saves answers to items of the viewer's attempt, and hands it in if asked to. Answers to anything else are left out.
/// Handing in what is closed already changes nothing. An answer that is too long is refused; the others are saved, but
/// then nothing is handed in.
pub async fn save(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    answers: BTreeMap<Uuid, Answer>,
    submit: bool,
    shown_at: Option<DateTime<Utc>>,
) -> Result<Saved, AppError> {
    let attempt = attempts::get(pool, viewer, id).await?;
    if !attempt.mine {
        return Err(AppError::NotFound);
    }
    let mut answers = answers;
    let mut kept = BTreeMap::new();
    let mut too_long = None;
    for leaf in attempt.quiz.questions.iter().flat_map(|question| question.leaves()) {
        let Some(answer) = answers.remove(&leaf.id) else { continue };
        if answer.0.iter().map(|piece| piece.chars().count()).sum::<usize>() > LONGEST_ANSWER {
            too_long = Some(leaf.path.clone());
        } else {
            kept.insert(leaf.id, answer);
        }
    }
    let running = attempts::save(pool, viewer, id, &kept, shown_at).await?;
    if let Some(path) = too_long.filter(|_| running) {
        let reason = format!(
            "Your answer to question {path} is longer than 20,000 letters, so its last saved form is kept. Shorten it. The \
             others are saved."
        );
        return Err(AppError::Invalid { field: "answers".into(), reason });
    }
    if running && submit {
        close(pool, id, ClosedBy::Pupil).await?;
    } else if !running {
        close(pool, id, ClosedBy::Clock).await?;
    }
    Ok(Saved { seconds_left: seconds_left(attempt.deadline_at), closed: submit || !running })
}

/// What an attempt earned; `Conflict` while it runs.
pub async fn result(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<AttemptResult, AppError> {
    let attempt = attempts::get(pool, viewer, id).await?;
    let Some(submitted_at) = attempt.submitted_at else {
        return Err(AppError::Conflict("This quiz is still running. Hand it in to see the marks.".into()));
    };
    let items = attempts::results(pool, id).await?;
    let names = topics::names(pool, &items.iter().filter_map(|item| item.topic_id).collect::<Vec<_>>()).await?;
    let mut by_topic: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for item in items.iter().filter(|item| item.counts) {
        if let Some(name) = item.topic_id.and_then(|id| names.get(&id)) {
            let sums = by_topic.entry(name.clone()).or_default();
            *sums = (sums.0 + item.marked.marks, sums.1 + item.marked.of);
        }
    }
    let mut topics: Vec<(String, f64, f64)> = by_topic.into_iter().map(|(name, (e, p))| (name, e, p)).collect();
    topics.sort_by(|a, b| (b.2 - b.1).total_cmp(&(a.2 - a.1)));
    let reported = match attempt.document_id {
        Some(document) => corrections::reported_by(pool, viewer, document).await?,
        None => Vec::new(),
    };
    Ok(AttemptResult {
        id,
        reported,
        document_id: attempt.document_id,
        pupil: attempt.pupil,
        mine: attempt.mine,
        started_at: attempt.started_at,
        submitted_at,
        by_clock: attempt.closed_by.as_deref() == Some("clock"),
        quiz: attempt.quiz,
        items,
        topics,
    })
}

/// Notes what is wrong with an item of an attempt's quiz, for the one who answers for the paper.
pub async fn report(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    path: &str,
    reason: Reason,
    note: &str,
) -> Result<(), AppError> {
    let note = note.trim();
    if note.chars().count() > 500 {
        return Err(AppError::field("note")("Say it in at most 500 letters.".into()));
    }
    let attempt = attempts::get(pool, viewer, id).await?;
    let document = attempt.document_id.ok_or(AppError::NotFound)?;
    correction::find(&attempt.quiz.questions, path).ok_or(AppError::NotFound)?;
    corrections::report(pool, viewer, document, path, reason, note).await
}

/// The clock of quizzes and attempts.
#[expect(clippy::disallowed_methods, reason = "the clock of attempts")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

fn seconds_left(deadline: DateTime<Utc>) -> i64 {
    (deadline - now()).num_seconds().max(0)
}

/// Marks and closes an attempt, once; one that is closed already stays as it is.
pub async fn close(pool: &PgPool, id: Uuid, by: ClosedBy) -> Result<(), AppError> {
    let mut tx = pool.begin().await?;
    if attempts::lock_open(&mut tx, id).await?.is_none() {
        return Ok(());
    }
    let attempt = attempts::load(&mut tx, id).await?;
    let answers = attempts::answers(&mut tx, id).await?;
    let items = result::mark_all(&attempt.quiz.sections, &attempt.quiz.questions, &answers);
    attempts::close(&mut tx, id, by, &items, result::total(&items)).await?;
    Ok(tx.commit().await?)
}

/// Closes every attempt whose time is over.
pub async fn close_due(pool: &PgPool) -> Result<(), AppError> {
    for id in attempts::due(pool).await? {
        close(pool, id, ClosedBy::Clock).await?;
    }
    Ok(())
}

/// The clock of all attempts: looks every second, as long as the server runs.
pub async fn run_clock(pool: PgPool) {
    loop {
        if let Err(error) = close_due(&pool).await {
            tracing::error!(%error, "could not close the attempts that are due");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
