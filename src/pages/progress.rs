//! A pupil's topics and attempts.

use leptos::prelude::*;

use crate::api::progress::my_progress;
use crate::components::badge::Badge;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::format;
use crate::domain::progress::{ENOUGH_ANSWERS, Progress, STRONG_FROM};
use crate::pages::documents::read::AttemptList;

#[component]
pub fn ProgressPage() -> impl IntoView {
    let progress = Resource::new(|| (), |()| my_progress());
    view! {
        <Page title="Your progress">
            <Load title="Your progress" resource=progress view=|progress| progress_view(progress)/>
        </Page>
    }
}

/// Topics and attempts, for the pupil and for the school alike.
pub fn progress_view(progress: Progress) -> AnyView {
    let legend = format!(
        "Weak: under {:.0} % of the marks. Strong: from {:.0} %. Under {ENOUGH_ANSWERS} answers say nothing yet. A question left blank counts as wrong.",
        100.0 * progress.weak_below,
        100.0 * STRONG_FROM,
    );
    let rows: Vec<_> = progress
        .topics
        .iter()
        .map(|topic| {
            let percent = format::percent(topic.earned, topic.possible).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{topic.topic.clone()} <small>{topic.subject.clone()}</small></th>
                    <td class="number">
                        {format!("{percent} %")} <small>{format::count(topic.answers, "answer")}</small>
                    </td>
                    <td>
                        <Badge tone=topic.state text=topic.state.name()/>
                    </td>
                </tr>
            }
        })
        .collect();
    let topics = if rows.is_empty() {
        view! { <p class="empty">"Nothing yet. Hand in a quiz, and the topics are here."</p> }.into_any()
    } else {
        view! {
            <Table caption="Topics, the weakest first" head=vec!["Topic", "Marks", "State"]>
                {rows}
            </Table>
            <p class="hint">{legend}</p>
        }
        .into_any()
    };
    let attempts = (!progress.attempts.is_empty())
        .then(|| view! { <h2>"Attempts"</h2> <AttemptList attempts=progress.attempts/> });
    view! { {topics} {attempts} }.into_any()
}
