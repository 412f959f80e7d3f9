//! Questions to the page in a browser.

use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node, NodeList};

/// The nodes of a list.
pub fn nodes(list: &NodeList) -> impl Iterator<Item = Node> {
    (0..list.length()).filter_map(|place| list.item(place))
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
