//! How a device shows pages: the choices, which `display.js` keeps and carries out.

use leptos::prelude::*;

/// Checkboxes for larger text, wider spacing and reading aloud. Without scripts the first two hold for the page that they are on.
#[component]
pub fn DisplaySettings() -> impl IntoView {
    let choice = |what: &'static str, words: &'static str, hidden: bool| {
        view! {
            <label class="choice" hidden=hidden>
                <input type="checkbox" data-display=what autocomplete="off"/>
                <span>{words}</span>
            </label>
        }
    };
    view! {
        {choice("large", "Larger text", false)}
        {choice("spaced", "More space between letters and lines", false)}
        // Only a script can.
        {choice("aloud", "A button that reads a question aloud", true)}
    }
}
