//! The school's papers, and how far each is.

use leptos::prelude::*;

use crate::components::layout::{Page, SignedIn};
use crate::components::load::Load;
use crate::pages::documents::{list, shelf_resource};

#[component]
pub fn AdminDocumentsPage() -> impl IntoView {
    let papers = shelf_resource();
    view! {
        <Page title="Papers">
            <SignedIn school=true>
                <Load title="Papers" resource=papers view=|(shelf, query)| list(shelf, query, "/admin/documents")/>
                <p class="actions">
                    <a class="button" href="/documents/new">"Add a paper"</a>
                </p>
            </SignedIn>
        </Page>
    }
}
