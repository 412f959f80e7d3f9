//! A table that scrolls sideways on a phone.

use leptos::prelude::*;

#[component]
pub fn Table<T: Into<String>>(#[prop(into)] caption: String, head: Vec<T>, children: Children) -> impl IntoView {
    let head: Vec<_> = head.into_iter().map(|name| view! { <th scope="col">{name.into()}</th> }).collect();
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
