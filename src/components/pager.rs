//! Links to the pages before and after.

use leptos::prelude::*;

use crate::domain::paging::ListPage;

/// The links of a page whose address begins with `address`, up to the number; `words` are for the page before and after.
pub fn pager(address: String, number: &str, more: bool, [before, after]: [&'static str; 2]) -> AnyView {
    // Its size matters only where entries are read.
    let number = ListPage::parse(number, 1).number;
    let to = |number: i64, words: &'static str| {
        view! { <a class="button plain" href=format!("{address}page={number}")>{words}</a> }
    };
    view! {
        <p class="actions">{(number > 1).then(|| to(number - 1, before))} {more.then(|| to(number + 1, after))}</p>
    }
    .into_any()
}
