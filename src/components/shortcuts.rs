//! Keyboard shortcuts. Each is declared in the `aria-keyshortcuts` of its control, and nowhere else.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

/// While the page is open, a letter or digit presses the control that has it as its shortcut, or focuses it if it is a text
/// field. Control+Enter submits the form of the focused field, by its button with this shortcut if it has one, else presses
/// the control that has this shortcut. Escape leaves a text field.
pub fn follow_shortcuts() {
    Effect::new(move || {
        window_event_listener(ev::keydown, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let field = target.filter(|target| target.matches("textarea, select, input").unwrap_or(false));
            let writing =
                field.as_ref().filter(|field| !field.matches("[type=radio], [type=checkbox]").unwrap_or(false));
            let key = event.key();
            let page = document().document_element();
            let done = if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
                match field.and_then(|field| field.closest("form").ok().flatten()) {
                    Some(form) => {
                        press(&form, "Control+Enter")
                            || form.unchecked_into::<HtmlFormElement>().request_submit().is_ok()
                    }
                    None => page.as_ref().is_some_and(|page| press(page, "Control+Enter")),
                }
            } else if let Some(field) = writing {
                key == "Escape" && field.blur().is_ok()
            } else {
                !(event.ctrl_key() || event.alt_key() || event.meta_key())
                    && key.len() == 1
                    && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                    && page.as_ref().is_some_and(|page| press(page, &key))
            };
            if done {
                event.prevent_default();
            }
        });
    });
}

/// Presses the control with this shortcut, or focuses it if it is a text field, which unfolds what it is in. Returns
/// whether there is one.
fn press(within: &Element, keys: &str) -> bool {
    let found = within.query_selector(&format!("[aria-keyshortcuts~=\"{keys}\"]")).ok().flatten();
    let control = found.and_then(|found: Element| found.dyn_into::<HtmlElement>().ok());
    let Some(control) = control else { return false };
    if control.matches("textarea, input:not([type=radio], [type=checkbox])").unwrap_or(false) {
        if let Ok(Some(folded)) = control.closest("details:not([open])") {
            let _ = folded.set_attribute("open", "");
        }
        let _ = control.focus();
    } else {
        control.click();
    }
    true
}
