//! Keys that press what says so in its `aria-keyshortcuts`: the one place for them is the control itself.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// As long as the page is there, a letter presses the control that has it as its shortcut, or goes to the field; while
/// one writes, Control and Enter send the form, and Escape leaves the field.
pub fn follow_shortcuts() {
    Effect::new(move || {
        let listening = window_event_listener(ev::keydown, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let writing = target.filter(|target| {
                target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])").unwrap_or(false)
            });
            let key = event.key();
            if let Some(field) = writing {
                if key == "Escape" {
                    let _ = field.blur();
                } else if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
                    let form = field.closest("form").ok().flatten();
                    let _ = form
                        .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
                        .map(|f| f.request_submit());
                }
            } else if !(event.ctrl_key() || event.alt_key() || event.meta_key())
                && key.len() == 1
                && key.bytes().all(|byte| byte.is_ascii_lowercase())
                && press(&key)
            {
                event.prevent_default();
            }
        });
        on_cleanup(move || listening.remove());
    });
}

/// Whether there was a control for the letter.
fn press(letter: &str) -> bool {
    let found = document().query_selector(&format!("[aria-keyshortcuts={letter}]")).ok().flatten();
    let control = found.and_then(|found: Element| found.dyn_into::<HtmlElement>().ok());
    let Some(control) = control else { return false };
    if control.matches("textarea, input").unwrap_or(false) {
        let _ = control.focus();
    } else {
        control.click();
    }
    true
}
