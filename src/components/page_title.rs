//! The title of the browser's tab.

use leptos::prelude::*;

/// The only place that may use leptos_meta's `Title`: on the server it writes its text as it is, so that a document
/// called `</title><script>` would run.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    let text = format!("{text} – Exam Prep");
    let text = if cfg!(feature = "ssr") { escape(&text) } else { text };
    view! { <leptos_meta::Title text=text/> }
}

/// Text that is safe between any two tags.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
