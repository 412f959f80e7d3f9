//! Sitting a quiz and its result.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::domain::attempt::{AttemptResult, OpenAttempt, Synced};
use crate::domain::correction::Reason;
use crate::domain::journal::{Entry, Field};
use crate::error::AppError;

/// One of the viewer's own attempts, to work on.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_open_attempt(id: Uuid) -> Result<OpenAttempt, AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    attempts::show(&asking.state.pool, &asking.viewer, id).await
}

/// An answer set as it is read, as MathML; `None` where it looks the same in one line.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn typeset_answer(answer: String) -> Result<Option<String>, AppError> {
    use crate::server::request;
    request::signed_in()?;
    Ok(exam_marking::typeset(&answer).map(|formula| formula.to_mathml()))
}

/// Adds changes of answers to the attempt's journal, and with `hand_in` hands the attempt in. Entries may be sent several
/// times and in any order. With `all`, returns every answer as it then stands.
#[server(input = leptos::server_fn::codec::Json)]
pub async fn sync_attempt(
    attempt: Uuid,
    writer: Uuid,
    entries: Vec<Entry>,
    hand_in: bool,
    all: bool,
) -> Result<Synced, AppError> {
    use crate::server::attempts::{self, Sender};
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let device = request::device();
    let sender = Sender { writer, device: &device };
    let mut synced = attempts::sync(&asking.state.saves, &asking.viewer, attempt, sender, entries, hand_in).await?;
    if all {
        let mut conn = asking.state.pool.acquire().await?;
        synced.answers = Some(db::journal::answers(&mut conn, attempt).await?.into_iter().collect());
    }
    Ok(synced)
}

/// Saves the exam's form when the browser runs no scripts. The form holds all answers; `shown_at`, when it was rendered
/// (milliseconds since 1970), tells which of them changed. `then` is `submit` to hand in as well.
#[server]
pub async fn save_answers(
    attempt: Uuid,
    writer: Uuid,
    shown_at: i64,
    #[server(default)] answers: BTreeMap<Field, Vec<String>>,
    #[server(default)] then: String,
) -> Result<(), AppError> {
    use crate::server::attempts::{self, Form};
    use crate::server::request;
    let asking = request::signed_in()?;
    let form = Form { writer, shown_at: DateTime::from_timestamp_millis(shown_at.saturating_add(1)), fields: answers };
    let hand_in = then == "submit";
    let saved =
        attempts::save_form(&asking.state.saves, &asking.viewer, attempt, &request::device(), form, hand_in).await?;
    if let Some(reason) = saved.refused {
        return Err(AppError::Invalid { field: "answers".into(), reason });
    }
    if saved.state.closed {
        request::go_to(&format!("/attempts/{attempt}/result"));
    }
    Ok(())
}

/// Saves the answers to an outermost question of an attempt with immediate feedback, the `number`th from 1, and shows what
/// they earn. `then` is `show` to see the answer without one's own.
#[server]
pub async fn check_question(
    attempt: Uuid,
    question: Uuid,
    number: usize,
    #[server(default)] answers: BTreeMap<Field, Vec<String>>,
    #[server(default)] then: String,
) -> Result<(), AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    let (saves, device) = (&asking.state.saves, request::device());
    attempts::check(saves, &asking.viewer, attempt, &device, question, answers, then == "show").await?;
    request::go_to(&format!("/attempts/{attempt}?question={number}#told"));
    Ok(())
}

/// Ends an attempt with immediate feedback before its last question.
#[server]
pub async fn stop_practice(attempt: Uuid) -> Result<(), AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    let left = attempts::stop(&asking.state.pool, &asking.viewer, attempt).await?;
    request::go_to(&if left { format!("/attempts/{attempt}/result") } else { "/".to_owned() });
    Ok(())
}

/// A marked attempt: one of the viewer's own, or for staff of a pupil of theirs. For its pupil, when the marks are shown, if
/// that is later.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_attempt_result(id: Uuid) -> Result<Result<AttemptResult, DateTime<Utc>>, AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    if let Some(at) = attempts::told_from(&asking.state.pool, &asking.viewer, id).await? {
        return Ok(Err(at));
    }
    let weak_below = asking.state.config.weak_topic_threshold;
    Ok(Ok(attempts::result(&asking.state.pool, &asking.viewer, id, weak_below).await?))
}

/// Reports that something is wrong with an item of an attempt's quiz. `note` may say more.
#[server]
pub async fn report_question(
    attempt: Uuid,
    path: String,
    reason: Reason,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    attempts::report(&asking.state.pool, &asking.viewer, attempt, &path, reason, &note).await
}
