//! A table to take along, with the same figures.

use leptos::prelude::*;

/// Links to a table as files, narrowed by the query of its page.
pub fn links(table: &'static str, query: &str) -> impl IntoView + use<> {
    let href = |ending: &str| format!("/admin/tables/{table}.{ending}?{query}");
    view! {
        <p class="facts">
            "Take the table along: "
            <a href=href("csv") rel="external" download="">"CSV"</a> ", "
            <a href=href("xlsx") rel="external" download="">"Excel"</a>
        </p>
    }
}
