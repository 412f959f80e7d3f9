//! "Try another like this": a button beside an item of a result.

use leptos::prelude::*;
use uuid::Uuid;

use crate::api::quizzes::AnotherLikeThis as Another;

/// Starts a quiz of one question like this item of a closed attempt. All buttons of a page share one action, so that the
/// page shows its error once.
#[component]
pub fn AnotherLikeThis(attempt: Uuid, question: Uuid, action: ServerAction<Another>) -> impl IntoView {
    view! {
        <ActionForm action>
            <input type="hidden" name="attempt" value=attempt.to_string()/>
            <input type="hidden" name="question" value=question.to_string()/>
            <button class="plain">"Try another like this"</button>
        </ActionForm>
    }
}
