//! A table that scrolls sideways on a phone.

use leptos::prelude::*;

#[component]
pub fn Table(#[prop(into)] caption: String, head: Vec<&'static str>, children: Children) -> impl IntoView {
    let head: Vec<_> = head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    let label = caption.clone();
    view! {
        <div class="table" role="region" aria-label=label tabindex="0">
            <table>
                <caption>
                    <span>{caption}</span>
                </caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
