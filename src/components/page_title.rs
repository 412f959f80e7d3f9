//! The title of the browser's tab.

use html_escape::encode_text;
use leptos::prelude::*;

/// The only place that may use leptos_meta's `Title`. That component does not escape its text on the server, so that a
/// document called `</title><script>` would run.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    let text = format!("{text} – Exam Prep");
    let text = if cfg!(feature = "ssr") { encode_text(&text).into_owned() } else { text };
    view! { <leptos_meta::Title text=text/> }
}
