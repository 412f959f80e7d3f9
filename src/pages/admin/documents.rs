//! The school's papers, with the state of each.

use leptos::prelude::*;

use crate::components::layout::{Page, SignedIn};
use crate::components::load::Load;
use crate::pages::documents::{library_resource, list};

#[component]
pub fn AdminDocumentsPage() -> impl IntoView {
    let papers = library_resource();
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
