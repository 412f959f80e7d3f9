//! Questions to the page in a browser.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node, NodeList};

/// The nodes of a list.
pub fn nodes(list: &NodeList) -> impl Iterator<Item = Node> {
    (0..list.length()).filter_map(|place| list.item(place))
}

/// Whether somebody has changed a field of the page.
pub fn is_edited() -> bool {
    is_any_changed("input, select, textarea")
}

/// Whether somebody is in a form of which a field is changed. One that was left is not being edited.
pub fn is_being_edited() -> bool {
    is_any_changed("form:focus-within :is(input, select, textarea)")
}

fn is_any_changed(fields: &str) -> bool {
    let fields = document().query_selector_all(fields);
    fields.is_ok_and(|fields| nodes(&fields).any(|field| is_changed(&field)))
}

/// Whether a form control has another value than the page as it was sent.
pub fn is_changed(control: &Node) -> bool {
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        return area.default_value().is_ok_and(|sent| sent != area.value());
    }
    if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        // Without a selected option, the browser selects the first one.
        let sent = select.query_selector("option[selected], option").ok().flatten();
        let sent = select.query_selector("option[selected]").ok().flatten().or(sent);
        return sent.is_some_and(|option| option.get_attribute("value").is_some_and(|value| value != select.value()));
    }
    control.dyn_ref::<HtmlInputElement>().is_some_and(|input| match input.type_().as_str() {
        "radio" | "checkbox" => input.checked() != input.default_checked(),
        "hidden" => false,
        _ => input.value() != input.default_value(),
    })
}
