//! Scripts of parts of a page. What they do needs no WebAssembly, so that their pages load none.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Keeps a page up to date: the address that tells of readings, that of the events of exams, and the classes of their badges.
pub const NEWS: &str = include_str!("news.js");

/// Runs a script when the page has arrived: a function in JavaScript, which is given these values.
pub fn script(function: &str, given: &[serde_json::Value]) -> AnyView {
    let given: Vec<_> = given.iter().map(|value| value.to_string().replace('<', "\\u003c")).collect();
    let call = format!("({})({});", function.trim(), given.join(", "));
    view! { <script type="module" nonce=use_nonce() inner_html=call></script> }.into_any()
}
