//! Keyboard shortcuts. Each is declared in the `aria-keyshortcuts` of its control, and nowhere else.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

/// While the page is open, a letter presses the control that has it as its shortcut, or focuses it if it is a field.
/// Control+Enter submits the form of the focused field, else presses the control that has this shortcut. Escape leaves a
/// text field.
pub fn follow_shortcuts() {
    Effect::new(move || {
        let listening = window_event_listener(ev::keydown, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let field = target.filter(|target| target.matches("textarea, select, input").unwrap_or(false));
            let writing =
                field.as_ref().filter(|field| !field.matches("[type=radio], [type=checkbox]").unwrap_or(false));
            let key = event.key();
            let done = if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
                match field.and_then(|field| field.closest("form").ok().flatten()) {
                    Some(form) => form.unchecked_into::<HtmlFormElement>().request_submit().is_ok(),
                    None => press("Control+Enter"),
                }
            } else if let Some(field) = writing {
                key == "Escape" && field.blur().is_ok()
            } else {
                !(event.ctrl_key() || event.alt_key() || event.meta_key())
                    && key.len() == 1
                    && key.bytes().all(|byte| byte.is_ascii_lowercase())
                    && press(&key)
            };
            if done {
                event.prevent_default();
            }
        });
        on_cleanup(move || listening.remove());
    });
}

/// Presses or focuses the control with this shortcut. Returns whether there is one.
fn press(keys: &str) -> bool {
    let found = document().query_selector(&format!("[aria-keyshortcuts=\"{keys}\"]")).ok().flatten();
    let control = found.and_then(|found: Element| found.dyn_into::<HtmlElement>().ok());
    let Some(control) = control else { return false };
    if control.matches("textarea, input").unwrap_or(false) {
        let _ = control.focus();
    } else {
        control.click();
    }
    true
}
