//! A strip of links to questions by their numbers, each in the colour of its state.

use leptos::prelude::*;

/// A place in a strip.
pub struct StripLink {
    pub href: String,
    pub number: String,
    /// The classes of its badge.
    pub class: &'static str,
    /// What the colour means.
    pub state: &'static str,
    /// It is shown now.
    pub here: bool,
}

/// The links side by side.
pub fn strip(links: impl IntoIterator<Item = StripLink>) -> impl IntoView {
    let link = |link: StripLink| {
        let label = format!("Question {}: {}", link.number, link.state);
        let here = link.here.then_some("step");
        view! {
            <li>
                <a class=link.class href=link.href aria-label=label title=link.state aria-current=here>{link.number}</a>
            </li>
        }
    };
    view! { <ol class="strip" aria-label="Questions">{links.into_iter().map(link).collect_view()}</ol> }
}
