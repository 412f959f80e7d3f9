//! A page of exams in progress that keeps itself up to date.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Element, EventSource, MessageEvent};

use super::badge::Tone;
use super::dom::is_being_edited;
use crate::domain::invigilation::Look;

impl From<Look> for Tone {
    fn from(look: Look) -> Self {
        match look {
            Look::NoConnection => Tone::Bad,
            Look::NotStarted | Look::Idle => Tone::Fair,
            Look::Paused | Look::Ended => Tone::Quiet,
            Look::Works => Tone::Good,
        }
    }
}

/// Shows the news of exams in progress, in the lines of [`Told::news`](crate::domain::invigilation::Told::news), as the server
/// sends them to this address.
#[island]
pub fn FollowExams(address: String) -> impl IntoView {
    Effect::new(move || {
        let Ok(events) = EventSource::new(&address) else { return };
        let told = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
            for line in event.data().as_string().unwrap_or_default().lines() {
                show(line);
            }
        });
        events.set_onmessage(Some(told.as_ref().unchecked_ref()));
        // It listens as long as the page is there.
        told.forget();
    });
}

fn show(line: &str) {
    let words: Vec<&str> = line.split('\t').collect();
    match words[..] {
        ["at", time] => put(document().get_element_by_id("as-of"), time),
        ["row", key, look, far, left] => {
            let Some(row) = document().get_element_by_id(key) else { return };
            let cell = |name| row.query_selector(name).ok().flatten();
            let badge = cell(".badge");
            if let (Some(badge), Some(look)) = (&badge, Look::parse(look)) {
                badge.set_class_name(Tone::from(look).class());
            }
            put(badge, look);
            put(cell(".far"), far);
            put(cell(".left"), left);
        }
        ["order", ..] => sort(&words[1..]),
        _ => {}
    }
}

fn put(element: Option<Element>, words: &str) {
    if let Some(element) = element {
        element.set_text_content(Some(words));
    }
}

/// Brings the rows into the order of these keys, unless somebody is using them. Those of other keys go; for a row that is not
/// there the page is loaded again, unless something is being written on it.
fn sort(keys: &[&str]) {
    let Some(body) = document().get_element_by_id("exam-rows") else { return };
    let mut row = body.first_element_child();
    while let Some(one) = row {
        row = one.next_element_sibling();
        if !keys.contains(&one.id().as_str()) {
            one.remove();
        }
    }
    let is_used = body.matches(":focus-within").unwrap_or_default();
    for key in keys {
        match document().get_element_by_id(key) {
            Some(row) if !is_used => drop(body.append_child(&row)),
            Some(_) => {}
            None if is_used || is_being_edited() => {}
            None => return drop(window().location().reload()),
        }
    }
}
