//! One file a page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub mod account;
pub mod admin;
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

/// What the address says under these names of its query; empty where it says nothing.
pub fn query_words<const N: usize>(names: [&'static str; N]) -> Memo<[String; N]> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| names.map(|name| query.get(name).unwrap_or_default())))
}
