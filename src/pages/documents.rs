//! The shelf.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::{Shelf, get_shelf};
use crate::components::document::DocumentCard;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;

pub mod new;
pub mod read;

#[component]
pub fn DocumentsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = move || query.with(|q| (q.get("subject").unwrap_or_default(), q.get("year").unwrap_or_default()));
    let shelf = Resource::new(filter, |(subject, year)| get_shelf(String::new(), subject, year));
    view! {
        <Page title="Papers">
            <Load
                title="Papers"
                resource=shelf
                view=move |shelf| {
                    let (subject, year) = query.with_untracked(|q| (q.get("subject").unwrap_or_default(), q.get("year").unwrap_or_default()));
                    list(shelf, subject, year)
                }
            />
        </Page>
    }
}

fn list(shelf: Shelf, subject: String, year: String) -> AnyView {
    let all = |words: &str| (String::new(), words.to_owned());
    let subjects: Vec<_> = std::iter::once(all("All subjects"))
        .chain(shelf.subjects.into_iter().map(|name| (name.clone(), name)))
        .collect();
    let years: Vec<_> = std::iter::once(all("All years"))
        .chain(shelf.years.into_iter().map(|year| (year.to_string(), year.to_string())))
        .collect();
    let empty = shelf.documents.is_empty();
    let cards: Vec<_> = shelf
        .documents
        .into_iter()
        .map(|document| {
            let href = format!("/documents/{}", document.id);
            view! { <DocumentCard document href/> }
        })
        .collect();
    view! {
        <form class="filters" method="get" action="/documents">
            <Select label="Subject" name="subject" options=subjects value=subject/>
            <Select label="Year" name="year" options=years value=year/>
            <button class="plain">"Show"</button>
        </form>
        {empty
            .then(|| {
                view! { <p class="empty">"No papers here yet. Choose other subjects or years, or ask your school to add some."</p> }
            })}
        <ul class="cards">{cards}</ul>
        <p>
            <a class="button plain" href="/documents/new">"Add a PDF of your own"</a>
        </p>
    }
    .into_any()
}
