//! The home page: what the site is for, and how to get in; for pupils, what to do now.

mod pupil;

use leptos::prelude::*;

use crate::components::layout::{Page, use_me};

#[component]
pub fn HomePage() -> impl IntoView {
    let me = use_me();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await.ok().flatten() {
                    Some(me) if !me.person.is_staff() => view! { <pupil::PupilHome/> }.into_any(),
                    me => view! { <Welcome signed_in=me.is_some()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// A drawing of a paper with three answers right and one to come back to.
#[component]
fn MarkedPaper() -> impl IntoView {
    view! {
        <svg class="drawing" viewBox="0 0 200 190" aria-hidden="true">
            <path class="sheet" d="M52 8h88l32 32v142H52z"/>
            <path d="M140 8v32h32M70 40h46"/>
            <path d="M96 66h58M96 96h58M96 126h40M96 156h52"/>
            <path class="right" d="M70 66l6 6 10-13M70 96l6 6 10-13M70 156l6 6 10-13"/>
            <path class="again" d="M85 120a9 9 0 1 0 1 10m0-13v5h-6"/>
            <path class="zigzag" d="M20 182l8-14 8 14 8-14 8 14"/>
        </svg>
    }
}

/// For visitors, and for the school.
#[component]
fn Welcome(signed_in: bool) -> impl IntoView {
    let ways = if signed_in {
        view! { <a class="button" href="/admin">"Go to the overview"</a> }.into_any()
    } else {
        view! {
            <p class="actions">
                <a class="button" href="/register">"Register"</a>
                <a class="button plain" href="/login">"Sign in"</a>
            </p>
        }
        .into_any()
    };
    view! {
        <Page title="Practise with real past papers">
            <section class="hero">
                <div>
                    <h1>"Practise with real past papers"</h1>
                    <p class="lead">
                        "Sit a paper as in the exam. See your marks at once, with the reason for each. Know what to revise next."
                    </p>
                    {ways}
                </div>
                <MarkedPaper/>
            </section>
            <ol class="steps">
                <li><b>"Choose"</b>" a paper for your level: P6, S3, S6 or TTC."</li>
                <li><b>"Sit"</b>" it against the clock. Every answer is saved as you go."</li>
                <li><b>"Learn"</b>" from your marks, and from the topics where you lost them."</li>
            </ol>
        </Page>
    }
}
