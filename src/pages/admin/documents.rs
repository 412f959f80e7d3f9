//! The school's papers, and how far each is.

use leptos::prelude::*;

use crate::api::documents::{Shelf, ShelfQuery, get_shelf};
use crate::components::document::DocumentCard;
use crate::components::layout::Page;
use crate::components::load::{Load, refetch_while};

#[component]
pub fn AdminDocumentsPage() -> impl IntoView {
    let papers = Resource::new(|| (), |()| get_shelf(ShelfQuery::default()));
    refetch_while(papers, |shelf: &Shelf| shelf.documents.iter().any(|document| document.reading.in_progress()));
    view! {
        <Page title="Papers">
            <Load
                title="Papers"
                resource=papers
                view=|shelf: Shelf| {
                    let cards: Vec<_> = shelf
                        .documents
                        .into_iter()
                        .map(|document| {
                            let href = format!("/admin/documents/{}/review", document.id);
                            view! { <DocumentCard document href/> }
                        })
                        .collect();
                    if cards.is_empty() {
                        return view! { <p class="empty">"No papers yet. Add the first."</p> }.into_any();
                    }
                    view! { <ul class="cards">{cards}</ul> }.into_any()
                }
            />
            <p class="actions">
                <a class="button" href="/documents/new">"Add a paper"</a>
                <a class="button plain" href="/documents?whose=archived">"Archived papers"</a>
            </p>
        </Page>
    }
}
