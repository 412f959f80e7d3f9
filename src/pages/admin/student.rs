//! A pupil's page, for the school.

use leptos::prelude::*;

use super::exams::ExtraTime;
use crate::api::accounts::GiveResetCode;
use crate::api::exams::{GrantExtraTime, get_extra_time};
use crate::api::progress::pupil;
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::progress::Progress;
use crate::flash::FlashAnswer;
use crate::pages::id_param;
use crate::pages::progress::{all_attempts, progress_view};

#[component]
pub fn StudentPage() -> impl IntoView {
    let id = id_param();
    let all = all_attempts();
    let pupil = Resource::new(move || (id(), all.get()), |(id, all)| async move { pupil(id?, all).await });
    let grant = ServerAction::<GrantExtraTime>::new();
    // Created here and not in the view, which may be rendered twice while it waits and would then ask twice.
    let extra =
        Resource::new(move || (id(), grant.version().get()), |(id, _)| async move { get_extra_time(id?).await });
    view! {
        <Page title="Pupil">
            <Load
                resource=pupil
                view=move |progress: Progress| {
                    let facts = [progress.level.clone(), Some(progress.email.clone())];
                    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
                    view! {
                        <h1>{progress.full_name.clone()}</h1>
                        <p class="facts">{facts}</p>
                        {progress_view(progress)}
                        {id().ok().map(|pupil| view! { <ExtraTime pupil now=extra grant/> <ForgottenPassword pupil/> })}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

/// Creates a one-time code for a pupil who forgot the password.
#[component]
fn ForgottenPassword(pupil: uuid::Uuid) -> impl IntoView {
    let give = ServerAction::<GiveResetCode>::new();
    let carried = use_context::<FlashAnswer>().map(|FlashAnswer(code)| code);
    let code = move || {
        give.value().get().and_then(Result::ok).or(carried.clone()).map(|code| {
            view! {
                <p class="code" role="status">
                    <b>{code}</b>
                    <br/>
                    "Give this code to the pupil. It works once, within a day, on the page “Set a new password”. It is not shown again."
                </p>
            }
        })
    };
    view! {
        <h2>"Forgotten password"</h2>
        <ActionForm action=give>
            <FormError error=error_of(give)/>
            <input type="hidden" name="pupil" value=pupil.to_string()/>
            <button class="plain">"Make a one-time code"</button>
        </ActionForm>
        {code}
    }
}
