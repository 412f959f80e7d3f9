//! The shelf.

use leptos::prelude::*;

use crate::api::documents::{Shelf, ShelfQuery, get_shelf};
use crate::components::document::DocumentCard;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::pages::query_words;

pub mod join;
pub mod manage;
pub mod new;
pub mod read;

#[component]
pub fn DocumentsPage() -> impl IntoView {
    let words = query_words(["level", "subject", "year", "kind", "whose"]);
    let asked = move || {
        let [level, subject, year, kind, whose] = words.get();
        ShelfQuery { level, subject, year, kind, whose }
    };
    let shelf = Resource::new(asked, |query| async move { Ok((get_shelf(query.clone()).await?, query)) });
    view! {
        <Page title="Papers">
            <Load title="Papers" resource=shelf view=|(shelf, query)| list(shelf, query)/>
        </Page>
    }
}

fn list(shelf: Shelf, query: ShelfQuery) -> AnyView {
    let with_all = |words: &str, rest: Vec<(String, String)>| {
        std::iter::once((String::new(), words.to_owned())).chain(rest).collect::<Vec<_>>()
    };
    let same = |words: Vec<String>| words.into_iter().map(|word| (word.clone(), word)).collect();
    let mut whose = vec![("mine", "Mine"), ("shared", "Shared with me")];
    whose.extend(shelf.admin.then_some(("archived", "Archived")));
    let whose = whose.into_iter().map(|(word, name)| (word.to_owned(), name.to_owned())).collect();
    let kinds = shelf.kinds.iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect();
    let years = same(shelf.years.iter().map(i32::to_string).collect());
    let levels = (shelf.levels.len() > 1).then(|| {
        view! { <Select label="Level" name="level" options=with_all("All levels", same(shelf.levels)) value=query.level/> }
    });
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
            <Select label="Whose" name="whose" options=with_all("All papers", whose) value=query.whose/>
            {levels}
            <Select label="Subject" name="subject" options=with_all("All subjects", same(shelf.subjects)) value=query.subject/>
            <Select label="Year" name="year" options=with_all("All years", years) value=query.year/>
            <Select label="Kind" name="kind" options=with_all("All kinds", kinds) value=query.kind/>
            <button class="plain">"Show"</button>
        </form>
        {empty
            .then(|| {
                view! { <p class="empty">"No papers here yet. Choose other subjects or years, or ask your school to add some."</p> }
            })}
        <ul class="cards">{cards}</ul>
        <p class="actions">
            <a class="button plain" href="/documents/new">"Add a PDF of your own"</a>
            <a class="button plain" href="/join">"I have a code"</a>
        </p>
    }
    .into_any()
}
