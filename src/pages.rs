//! One file a page.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

use crate::error::AppError;

pub mod account;
pub mod admin;
pub mod assigned;
pub mod attempts;
pub mod documents;
pub mod home;
pub mod login;
pub mod mistakes;
pub mod not_found;
pub mod progress;
pub mod quizzes;
pub mod register;
pub mod reset;

/// The query parameters of these names; empty where they are missing.
pub fn query_words<const N: usize>(names: [&'static str; N]) -> Memo<[String; N]> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| names.map(|name| query.get(name).unwrap_or_default())))
}

/// The `id` of the path; `NotFound` if it is not a UUID.
pub fn id_param() -> impl Fn() -> Result<Uuid, AppError> + Copy + Send + Sync + 'static {
    let params = use_params_map();
    move || params.with(|p| p.get("id").and_then(|id| id.parse().ok())).ok_or(AppError::NotFound)
}
