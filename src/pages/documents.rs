//! The library.

use leptos::prelude::*;
use leptos_router::location::Url;

use crate::api::documents::{Library, LibraryQuery, get_library};
use crate::components::document::DocumentCard;
use crate::components::field::{Field, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::reading::follow_readings;
use crate::domain::document::{Document, DocumentKind};
use crate::error::AppError;
use crate::pages::query_words;

pub mod join;
pub mod manage;
pub mod new;
pub mod read;

#[component]
pub fn DocumentsPage() -> impl IntoView {
    let shelf = library_resource();
    view! {
        <Page title="Papers">
            <Load title="Papers" resource=shelf view=|(shelf, query)| list(shelf, query, "/documents")/>
            <p class="actions">
                <a class="button plain" href="/documents/new">"Add your own papers"</a>
                <a class="button plain" href="/join">"I have a code"</a>
            </p>
        </Page>
    }
}

/// The page of the library that the address asks for, with its query.
pub fn library_resource() -> Resource<Result<(Library, LibraryQuery), AppError>> {
    let words = query_words(["level", "subject", "year", "kind", "whose", "search", "after"]);
    let asked = move || {
        let [level, subject, year, kind, whose, search, after] = words.get();
        LibraryQuery { level, subject, year, kind, whose, search, after }
    };
    Resource::new(asked, |query| async move { Ok((get_library(query.clone()).await?, query)) })
}

/// The URL of the page that starts after this document.
fn next(path: &str, query: &LibraryQuery, last: &Document) -> String {
    let after = last.place().to_string();
    let LibraryQuery { level, subject, year, kind, whose, search, .. } = query;
    let words = [
        ("level", level),
        ("subject", subject),
        ("year", year),
        ("kind", kind),
        ("whose", whose),
        ("search", search),
        ("after", &after),
    ];
    let words = words.into_iter().filter(|(_, word)| !word.is_empty());
    let words: Vec<String> = words.map(|(name, word)| format!("{name}={}", Url::escape(word))).collect();
    format!("{path}?{}", words.join("&"))
}

/// A page of the library with its filters; `path` is the path of the page.
pub fn list(shelf: Library, query: LibraryQuery, path: &'static str) -> AnyView {
    let Library { documents, more, levels, subjects, staff } = shelf;
    let narrowed =
        [&query.level, &query.subject, &query.year, &query.kind, &query.whose].iter().any(|word| !word.is_empty());
    let with_all = |words: &str, rest: Vec<(String, String)>| {
        std::iter::once((String::new(), words.to_owned())).chain(rest).collect::<Vec<_>>()
    };
    let same = |words: Vec<String>| words.into_iter().map(|word| (word.clone(), word)).collect();
    let mut whose = vec![("mine", "Mine"), ("shared", "Shared with me")];
    whose.extend(staff.then_some(("archived", "Archived")));
    let whose = whose.into_iter().map(|(word, name)| (word.to_owned(), name.to_owned())).collect();
    let kinds = DocumentKind::ALL.into_iter().filter(|kind| *kind != DocumentKind::MarkingScheme);
    let kinds = kinds.map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect();
    let next = documents.last().filter(|_| more).map(|last| next(path, &query, last));
    let next = next.map(|href| view! { <a class="button plain" rel="next" href=href>"More papers"</a> });
    let empty = documents.is_empty().then(|| {
        let words = match (query.search.is_empty(), query.after.is_empty()) {
            (false, true) => "No paper has these words. Try fewer or shorter words, or choose all subjects and years.",
            (true, true) => "No papers here yet. Choose another subject or year, or ask your school to add some.",
            (_, false) => "No more papers.",
        };
        view! { <p class="empty">{words}</p> }
    });
    let levels = (levels.len() > 1).then(|| {
        view! { <Select label="Level" name="level" options=with_all("All levels", same(levels)) value=query.level/> }
    });
    let in_progress = documents.iter().any(|document| document.reading.in_progress());
    let cards: Vec<_> = documents
        .into_iter()
        .map(|document| {
            let href = match staff && path != "/documents" {
                true => format!("/admin/documents/{}/review", document.id),
                false => format!("/documents/{}", document.id),
            };
            view! { <DocumentCard document href/> }
        })
        .collect();
    view! {
        <form class="filters" role="search" method="get" action=path>
            <Field label="Search" name="search" kind="search" value=query.search required=false/>
            <button class="plain">"Show"</button>
            <details open=narrowed>
                <summary>"Subject, year and more"</summary>
                <div class="filters">
                    <Select label="Whose papers" name="whose" options=with_all("All papers", whose) value=query.whose/>
                    {levels}
                    <Select
                        label="Subject"
                        name="subject"
                        options=with_all("All subjects", same(subjects))
                        value=query.subject
                    />
                    <Field label="Year" name="year" kind="number" range=(1950, 2100) value=query.year required=false/>
                    <Select label="Kind" name="kind" options=with_all("All kinds", kinds) value=query.kind/>
                </div>
            </details>
        </form>
        {empty}
        <ul class="cards">{cards}</ul>
        {in_progress.then(follow_readings)}
        <p class="actions">{next}</p>
    }
    .into_any()
}
