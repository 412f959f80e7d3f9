//! The school's papers, and how far each is.

use leptos::prelude::*;

use crate::components::layout::Page;
use crate::components::load::Load;
use crate::pages::documents::{list, shelf_resource};

#[component]
pub fn AdminDocumentsPage() -> impl IntoView {
    let papers = shelf_resource();
    view! {
        <Page title="Papers">
            <Load title="Papers" resource=papers view=|(shelf, query)| list(shelf, query, "/admin/documents")/>
            <p class="actions">
                <a class="button" href="/documents/new">"Add a paper"</a>
            </p>
        </Page>
    }
}
