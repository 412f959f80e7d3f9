//! A text field of several lines.

use html_escape::encode_text as escape;
use leptos::prelude::*;

use super::field::written;

/// The most initial rows of a growing field, for browsers that do not size it to its content.
const MAX_ROWS: usize = 12;

/// The only place that may use `<textarea>`. Leptos does not escape its children on the server, so that an answer
/// `</textarea><script>` would run.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    /// A field of one row grows with its text.
    #[prop(default = 3)]
    rows: u32,
    /// The most letters.
    #[prop(default = 20_000)]
    maxlength: u32,
    /// The id of the element that describes it.
    #[prop(optional, into)]
    described: Option<String>,
    /// The key that focuses it.
    #[prop(optional)]
    shortcut: Option<&'static str>,
    /// Whether `signs.js` offers signs for it.
    #[prop(optional)]
    signs: bool,
) -> impl IntoView {
    let value = written(&name).unwrap_or(value);
    let grows = rows == 1;
    let rows = if grows { value.lines().count().clamp(1, MAX_ROWS) as u32 } else { rows };
    // The HTML parser drops the first line break after the opening tag; setting `innerHTML` in a browser does not.
    let inner = if cfg!(feature = "ssr") { format!("\n{}", escape(&value)) } else { escape(&value).into_owned() };
    view! {
        <textarea
            name=name
            rows=rows
            class:grows=grows
            aria-label=label
            aria-describedby=described
            aria-keyshortcuts=shortcut
            data-signs=signs
            maxlength=maxlength
            inner_html=inner
        ></textarea>
    }
}
