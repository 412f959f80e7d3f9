//! Keeps unsaved changes in the item's form from being lost on leaving it.

use leptos::ev;
use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, FormData, HtmlFormElement, MouseEvent};

use super::address::{go, is_here, link_of};
use super::editor::FORM;
use crate::api::documents::CorrectQuestion;

/// While the page is open, following a link of the site first saves the changes, going back saves them too, and anything
/// else that would lose them asks first.
pub fn keep_unsaved(correct: ServerAction<CorrectQuestion>, chosen: RwSignal<String>) {
    let next = StoredValue::new(None::<String>);
    // The page is being left with everything saved; until it is gone, its form still seems changed.
    let leaves = StoredValue::new(false);
    Effect::new(move || {
        let Some(saved) = correct.value().with(|outcome| outcome.as_ref().map(Result::is_ok)) else { return };
        let next = next.try_update_value(Option::take).flatten();
        if let Some(next) = next.filter(|_| saved) {
            leaves.set_value(!is_here(&next));
            go(chosen, &next);
        }
    });
    Effect::new(move || {
        window_event_listener(ev::beforeunload, move |event| {
            if !leaves.get_value() && changed().is_some() {
                event.prevent_default();
                // Older browsers ask only if this is set; they show their own text.
                event.set_return_value("unsaved");
            }
        });
        let save = move |form: CorrectQuestion| {
            if !correct.pending().get_untracked() {
                correct.dispatch(form);
            }
        };
        before("click", move |event| {
            if let (Some(to), Some(form)) = (leads_to(&event), changed()) {
                event.prevent_default();
                next.set_value(Some(to));
                save(form);
            }
        });
        before("popstate", move |_| {
            if let Some(form) = changed() {
                save(form);
            }
        });
        before("submit", |event| {
            let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            // Submitting a form that leaves the page triggers `beforeunload`, which asks.
            // Not `form.id()`: of a form with a field named `id` that is the field.
            let own = |form: &Element| form.get_attribute("id").as_deref() == Some(FORM);
            let is_other = form.is_some_and(|form| !own(&form) && !form.has_attribute("enctype"));
            let question = "Your changes to this item are not saved. Leave without saving them?";
            if is_other && changed().is_some() && !window().confirm_with_message(question).unwrap_or(true) {
                event.prevent_default();
            }
        });
    });
}

/// The item's form, if it has changes.
fn changed() -> Option<CorrectQuestion> {
    let form = document().get_element_by_id(FORM)?.dyn_into::<HtmlFormElement>().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    CorrectQuestion::from_form_data(&data).ok().filter(|sent| sent.form.is_changed())
}

/// Where a click leads, if away from this page and item.
fn leads_to(event: &Event) -> Option<String> {
    let to = link_of(event.dyn_ref::<MouseEvent>()?)?;
    let here = window().location();
    let here = format!("{}{}", here.pathname().ok()?, here.search().ok()?);
    (to.split_once('#').map_or(&*to, |(page, _)| page) != here).then_some(to)
}

/// Listens to an event in the capture phase, before anything on the page.
fn before(event: &'static str, hear: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(hear);
    let _ = window().add_event_listener_with_callback_and_bool(event, listener.as_ref().unchecked_ref(), true);
    // It lives as long as the page.
    listener.forget();
}
