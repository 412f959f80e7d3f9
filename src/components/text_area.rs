//! A field of several lines.

use leptos::prelude::*;

use super::field::written;
use super::page_title::escape;

/// So many rows one that grows has at first, where the browser cannot measure it.
const MAX_ROWS: usize = 12;

/// The only place that may use `<textarea>`: Leptos writes its children as they are on the server, so that an answer
/// `</textarea><script>` would run.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    /// One row grows with what is written in it.
    #[prop(default = 3)]
    rows: u32,
    /// The id of what explains it.
    #[prop(optional, into)]
    described: Option<String>,
    /// The letter that leads here.
    #[prop(optional)]
    shortcut: Option<&'static str>,
) -> impl IntoView {
    let value = written(&name).unwrap_or(value);
    let grows = rows == 1;
    let rows = if grows { value.lines().count().clamp(1, MAX_ROWS) as u32 } else { rows };
    // A page's parser swallows the first line break after the opening tag; a browser that sets the inside does not.
    let inner = if cfg!(feature = "ssr") { format!("\n{}", escape(&value)) } else { escape(&value) };
    view! {
        <textarea
            name=name
            rows=rows
            class:grows=grows
            aria-label=label
            aria-describedby=described
            aria-keyshortcuts=shortcut
            maxlength="20000"
            inner_html=inner
        ></textarea>
    }
}
