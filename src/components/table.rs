//! A table that scrolls sideways on a phone.

use leptos::prelude::*;

#[component]
pub fn Table<T: Into<String>>(#[prop(into)] caption: String, head: Vec<T>, children: Children) -> impl IntoView {
    let cell = |name: String| match name.is_empty() {
        true => view! { <td></td> }.into_any(),
        false => view! { <th scope="col">{name}</th> }.into_any(),
    };
    let head: Vec<_> = head.into_iter().map(|name| cell(name.into())).collect();
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
