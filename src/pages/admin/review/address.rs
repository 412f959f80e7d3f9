//! The chosen item in the address of the page.

use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::redirect::set_redirect_hook;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

/// Chooses the item that the address names, whenever a link of the page, a redirect, or going back changes it.
pub fn follow_address(chosen: RwSignal<String>) {
    Effect::new(move || {
        // There is one review in a page, so that this is the only hook.
        let _ = set_redirect_hook(move |to| go(chosen, to));
        window_event_listener(ev::click, move |event| {
            if event.default_prevented() {
                return;
            }
            if let Some(to) = link_of(&event).filter(|to| is_here(to) && !is_within(to)) {
                event.prevent_default();
                go(chosen, &to);
            }
        });
        window_event_listener(ev::popstate, move |_| {
            chosen.set(item_here());
        });
    });
}

/// Goes to an address of this site: within the page to another item, else to another page.
pub fn go(chosen: RwSignal<String>, to: &str) {
    let stays = is_here(to)
        && window().history().is_ok_and(|history| history.push_state_with_url(&JsValue::NULL, "", Some(to)).is_ok());
    if stays {
        chosen.set(item_here());
    } else {
        let _ = window().location().set_href(to);
    }
}

/// Where a plain click on a link of this site leads: path, query and fragment.
pub fn link_of(click: &MouseEvent) -> Option<String> {
    if click.button() != 0 || click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = click.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let leaves = link.origin() != window().location().origin().ok()?
        || !link.target().is_empty()
        || link.has_attribute("download")
        || link.rel() == "external";
    (!leaves).then(|| format!("{}{}{}", link.pathname(), link.search(), link.hash()))
}

/// Whether the address is a place within what the page shows now, to which the browser itself goes.
fn is_within(to: &str) -> bool {
    let location = window().location();
    let shown = [location.pathname(), location.search()].map(Result::unwrap_or_default).concat();
    to.strip_prefix(&shown).is_some_and(|place| place.starts_with('#'))
}

/// Whether the address is of this page, with whichever item.
pub fn is_here(to: &str) -> bool {
    let path = to.split_once('?').map_or(to, |(path, _)| path);
    window().location().pathname().is_ok_and(|here| here == path)
}

/// The item that the address names; empty if it names none.
fn item_here() -> String {
    let query = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    query.ok().and_then(|query| query.get("q")).unwrap_or_default()
}
