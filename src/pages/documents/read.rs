//! A document's page: read it, and practise with it.

use exam_model::format;
use leptos::prelude::*;

use crate::api::documents::{DocumentView, ReadAgain, get_document};
use crate::components::document::facts;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::page_viewer::Pages;
use crate::components::reading::{ReadingNote, follow_readings};
use crate::domain::attempt::AttemptLine;
use crate::domain::document::Reading;
use crate::pages::documents::manage::{Actions, manage};
use crate::pages::id_param;

#[component]
pub fn DocumentPage() -> impl IntoView {
    let id = id_param();
    let again = ServerAction::<ReadAgain>::new();
    let actions = Actions::with_refused_forms();
    let document = Resource::new(id, |id| async move { get_document(id?).await });
    view! {
        <Page title="Paper">
            <Load resource=document view=move |view| show(view, again, actions)/>
        </Page>
    }
}

fn show(view: DocumentView, again: ServerAction<ReadAgain>, actions: Actions) -> AnyView {
    let manage = manage(&view, actions);
    let DocumentView { document, cover, sections, pages, anchors, attempts, may_edit, total, staff, .. } = view;
    let shared = document.shared_by.as_ref().map(|by| {
        view! { <p>{format!("{} shared it with you on {}.", by.name, format::date(by.since))}</p> }
    });
    let archived = document.archived.as_ref().map(|archived| {
        let when = archived.at.map(|at| format!(" on {}", format::date(at))).unwrap_or_default();
        let why = if archived.reason.is_empty() { ".".to_owned() } else { format!(": {}", archived.reason) };
        view! { <p class="card note">{format!("Archived{when}{why}")}</p> }
    });
    let mut facts = facts(&document, &cover, total);
    facts.extend((document.page_count > 0).then(|| format::count(document.page_count.into(), "page")));
    let quiz = (document.reading == Reading::Ready && document.question_count > 0).then(
        || view! { <a class="button" href=format!("/quizzes/new?document={}", document.id)>"Practise with it"</a> },
    );
    let review = may_edit
        .then(|| view! { <a class="button plain" href=format!("/admin/documents/{}/review", document.id)>"See its questions"</a> });
    let school = staff && document.question_count > 0;
    let results = school.then(|| {
        let to = |page: &str| format!("/admin/documents/{}/{page}", document.id);
        view! {
            <a class="button plain" href=to("marks")>"Marks"</a>
            " "
            <a class="button plain" href=to("analysis")>"Item analysis"</a>
            " "
            {document.published.then(|| view! {
                <a class="button plain" href=format!("/admin/assignments?document={}", document.id)>"Set it to a class"</a>
            })}
        }
    });
    let sections: Vec<_> = sections.into_iter().map(|section| view! { <li>{section.title}</li> }).collect();
    let without_pages = document.reading == Reading::Ready && pages.is_empty();
    // A file of questions contains their answer keys, so only viewers who may correct them get it.
    let download = (may_edit || !without_pages)
        .then(|| view! { <a class="button plain" href=format!("/documents/{}/file", document.id)>"Download"</a> });
    view! {
        <h1>{document.title.clone()}</h1>
        <p class="facts">{facts.join(" · ")}</p>
        {shared}
        {archived}
        <ul class="sections">{sections}</ul>
        <ReadingNote document=document.clone() may_edit again/>
        {document.reading.in_progress().then(follow_readings)}
        <p class="actions">
            {quiz} {download} {review} {results}
        </p>
        {own_attempts(attempts)}
        {manage}
        {if without_pages {
            Some(view! { <p>"It has questions but no pages. Practise with it to see them."</p> }.into_any())
        } else {
            (!pages.is_empty()).then(|| view! { <Pages document=document.id pages anchors/> }.into_any())
        }}
    }
    .into_any()
}

fn own_attempts(attempts: Vec<AttemptLine>) -> Option<AnyView> {
    if attempts.is_empty() {
        return None;
    }
    Some(view! { <section><h2>"Your attempts"</h2> <AttemptList attempts/></section> }.into_any())
}

/// A list of attempts with their marks, each with a link to its page.
#[component]
pub fn AttemptList(attempts: Vec<AttemptLine>) -> impl IntoView {
    let lines: Vec<_> = attempts
        .into_iter()
        .map(|attempt| {
            let (href, outcome) = match (attempt.submitted_at, attempt.earned, attempt.possible) {
                (Some(_), Some(earned), Some(possible)) => {
                    let percent = || format::percent(earned, possible).map(|p| format!(" ({p} %)")).unwrap_or_default();
                    let percent = if attempt.waits { " so far".to_owned() } else { percent() };
                    let outcome = format!("{} of {}{percent}", format::marks(earned), format::marks_long(possible));
                    (format!("/attempts/{}/result", attempt.id), outcome)
                }
                (Some(_), ..) => (format!("/attempts/{}/result", attempt.id), "Marks come later".to_owned()),
                _ => (format!("/attempts/{}", attempt.id), "Running: continue".to_owned()),
            };
            view! {
                <li>
                    <a href=href>{attempt.title}</a>
                    <span>{attempt.mode.name()} " · " {format::date_time(attempt.started_at)}</span>
                    <b>{outcome}</b>
                </li>
            }
        })
        .collect();
    view! { <ul class="attempts">{lines}</ul> }
}
