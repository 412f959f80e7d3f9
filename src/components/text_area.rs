//! A field of several lines.

use leptos::prelude::*;

use super::page_title::escape;

/// The only place that may use `<textarea>`: Leptos writes its children as they are on the server, so that an answer
/// `</textarea><script>` would run.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(default = 3)] rows: u32,
) -> impl IntoView {
    // The first line break after the opening tag is swallowed by the parser.
    let inner = format!("\n{}", escape(&value));
    view! { <textarea name=name rows=rows aria-label=label maxlength="20000" inner_html=inner></textarea> }
}
