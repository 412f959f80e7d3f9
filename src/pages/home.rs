//! The home page: what the site is for, and how to get in.

use leptos::prelude::*;

use crate::components::layout::{Page, use_me};

#[component]
pub fn HomePage() -> impl IntoView {
    let me = use_me();
    view! {
        <Page title="Practise with real past papers">
            <section class="hero">
                <h1>"Practise with real past papers"</h1>
                <p class="lead">
                    "Sit a paper as in the exam. See your marks at once, with the reason for each. Know what to revise next."
                </p>
                <Suspense>
                    {move || Suspend::new(async move {
                        match me.await.ok().flatten() {
                            Some(me) if me.person.is_admin() => {
                                view! { <a class="button" href="/admin">"Go to the overview"</a> }.into_any()
                            }
                            Some(_) => view! { <a class="button" href="/documents">"Go to the papers"</a> }.into_any(),
                            None => {
                                view! {
                                    <p class="actions">
                                        <a class="button" href="/register">"Register"</a>
                                        <a class="button plain" href="/login">"Sign in"</a>
                                    </p>
                                }
                                    .into_any()
                            }
                        }
                    })}
                </Suspense>
            </section>
            <ol class="steps">
                <li><b>"Choose"</b>" a paper for your level: P6, S3, S6 or TTC."</li>
                <li><b>"Sit"</b>" it against the clock. Every answer is saved as you go."</li>
                <li><b>"Learn"</b>" from your marks, and from the topics where you lost them."</li>
            </ol>
        </Page>
    }
}
