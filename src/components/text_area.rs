//! A field of several lines.

use leptos::prelude::*;

use super::field::written;
use super::page_title::escape;

/// The only place that may use `<textarea>`: Leptos writes its children as they are on the server, so that an answer
/// `</textarea><script>` would run.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(default = 3)] rows: u32,
    /// The letter that leads here.
    #[prop(optional)]
    shortcut: Option<&'static str>,
) -> impl IntoView {
    let value = written(&name).unwrap_or(value);
    // A page's parser swallows the first line break after the opening tag; a browser that sets the inside does not.
    let inner = if cfg!(feature = "ssr") { format!("\n{}", escape(&value)) } else { escape(&value) };
    view! {
        <textarea
            name=name
            rows=rows
            aria-label=label
            aria-keyshortcuts=shortcut
            maxlength="20000"
            inner_html=inner
        ></textarea>
    }
}
