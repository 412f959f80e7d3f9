//! "Another like this": a button beside an item of a result.

use leptos::prelude::*;
use uuid::Uuid;

use super::field::{FormError, error_of};
use crate::api::quizzes::AnotherLikeThis as Another;

/// Starts a quiz of one question like this item of a closed attempt of one's own.
#[component]
pub fn AnotherLikeThis(attempt: Uuid, question: Uuid) -> impl IntoView {
    let another = ServerAction::<Another>::new();
    view! {
        <ActionForm action=another>
            <FormError error=error_of(another)/>
            <input type="hidden" name="attempt" value=attempt.to_string()/>
            <input type="hidden" name="question" value=question.to_string()/>
            <button class="plain">"Try another like this"</button>
        </ActionForm>
    }
}
