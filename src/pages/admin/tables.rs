//! Downloads of a page's tables.

use leptos::prelude::*;

/// Links to a table as CSV and Excel files, filtered by the query of its page.
pub fn links(table: &'static str, query: &str) -> impl IntoView + use<> {
    let href = |ending: &str| format!("/admin/tables/{table}.{ending}?{query}");
    view! {
        <p class="facts">
            "Download the table: "
            <a href=href("csv") download="">"CSV"</a> ", "
            <a href=href("xlsx") download="">"Excel"</a>
        </p>
    }
}
