//! A one-time code, shown once: where it was made, or after the redirect of a form without scripts.

use leptos::prelude::*;

use crate::error::AppError;
use crate::flash::FlashAnswer;

/// The code that an action made, with what to do with it.
#[component]
pub fn OneTimeCode(#[prop(into)] made: Signal<Option<Result<String, AppError>>>, words: &'static str) -> impl IntoView {
    let carried = use_context::<FlashAnswer>().map(|FlashAnswer(code)| code);
    move || {
        made.get().and_then(Result::ok).or(carried.clone()).map(|code| {
            view! {
                <p class="code" role="status">
                    <b>{code}</b>
                    <br/>
                    {words}
                </p>
            }
        })
    }
}
