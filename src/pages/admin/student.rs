//! One pupil, for the school.

use leptos::prelude::*;

use super::exams::ExtraTime;
use crate::api::progress::pupil;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::progress::Progress;
use crate::pages::documents::read::id_param;
use crate::pages::progress::progress_view;

#[component]
pub fn StudentPage() -> impl IntoView {
    let id = id_param();
    let pupil = Resource::new(id, |id| async move { pupil(id?).await });
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
                        {id().ok().map(|pupil| view! { <ExtraTime pupil/> })}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}
