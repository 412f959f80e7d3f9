//! Sitting a quiz and its result.

use std::collections::BTreeMap;

use leptos::prelude::*;
use uuid::Uuid;

use crate::domain::attempt::{AnswerField, AttemptResult, Saved, Sitting};
use crate::domain::correction::Reason;
use crate::error::AppError;

/// An attempt of one's own to go on with.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_sitting(id: Uuid) -> Result<Sitting, AppError> {
    use crate::server::{request, sitting};
    let asking = request::signed_in()?;
    sitting::show(&asking.state.pool, &asking.viewer, id).await
}

/// Saves the answers that came, others stay; `then` is `submit` to hand in as well, `save` or empty otherwise. A form
/// that holds all answers says when it was shown (milliseconds since 1970): its blanks take nothing away that came later.
#[server]
pub async fn save_answers(
    attempt: Uuid,
    #[server(default)] answers: BTreeMap<AnswerField, Vec<String>>,
    #[server(default)] then: String,
    #[server(default)] shown_at: Option<i64>,
) -> Result<Saved, AppError> {
    use crate::server::{request, sitting};
    let asking = request::signed_in()?;
    let answers = answers.into_iter().map(|(field, parts)| (field.0, crate::domain::marking::Answer(parts))).collect();
    let submit = then == "submit";
    let shown_at = shown_at.and_then(chrono::DateTime::from_timestamp_millis);
    let saved = sitting::save(&asking.state.pool, &asking.viewer, attempt, answers, submit, shown_at).await?;
    if saved.closed {
        request::go_to(&format!("/attempts/{attempt}/result"));
    }
    Ok(saved)
}

/// A marked attempt: one's own, or for an admin anybody's.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_attempt_result(id: Uuid) -> Result<AttemptResult, AppError> {
    use crate::server::{request, sitting};
    let asking = request::signed_in()?;
    sitting::result(&asking.state.pool, &asking.viewer, id).await
}

/// Reports an item of an attempt's quiz: something is wrong with it. `note` may say more.
#[server]
pub async fn report_question(
    attempt: Uuid,
    path: String,
    reason: Reason,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use crate::server::{request, sitting};
    let asking = request::signed_in()?;
    sitting::report(&asking.state.pool, &asking.viewer, attempt, &path, reason, &note).await
}
