//! The state of the reading of documents.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::badge::{Badge, Tone};
use super::script::{NEWS, script};
use crate::api::documents::{GetReadings, ReadAgain};
use crate::domain::document::{Document, Reading};

/// The state of the reading in a list; nothing once it has produced questions. `news.js` finds it by the document's id.
#[component]
pub fn ReadingBadge(document: Document) -> impl IntoView {
    let tone = match document.reading {
        Reading::Ready if document.gave_nothing() => {
            return Some(view! { <Badge tone=Tone::Fair text="Needs a look"/> }.into_any());
        }
        Reading::Ready => return None,
        Reading::Queued | Reading::Reading { .. } => Tone::Quiet,
        Reading::Failed { .. } => Tone::Bad,
    };
    let following = document.reading.in_progress().then(|| document.id.to_string());
    let badge = view! { <Badge tone text=document.reading.words() attr:data-reading=following/> };
    Some(badge.into_any())
}

/// The state of the reading above a document, with a link to load the page again while it is in progress.
#[component]
pub fn ReadingNote(document: Document, may_edit: bool, again: ServerAction<ReadAgain>) -> impl IntoView {
    let in_progress = document.reading.in_progress();
    let words = match &document.reading {
        Reading::Ready if document.gave_nothing() => {
            "It needs a look: no questions were found in it. You can read its pages, but not practise with it."
                .to_owned()
        }
        Reading::Ready => return None,
        Reading::Queued | Reading::Reading { .. } => document.reading.words(),
        Reading::Failed { reason } => format!("Its questions could not be read: {reason}"),
    };
    let retry = (may_edit && !in_progress).then(|| {
        view! {
            <ActionForm action=again>
                <input type="hidden" name="id" value=document.id.to_string()/>
                <button class="plain">"Try again"</button>
            </ActionForm>
        }
    });
    let words = match in_progress {
        true => view! {
            <p>
                <span data-reading=document.id.to_string()>{words}</span>
                ". You can leave this page. The reading continues."
            </p>
            <a class="button plain" rel="external" href="">"Refresh"</a>
        }
        .into_any(),
        false => view! { <p>{words}</p> }.into_any(),
    };
    Some(view! { <div class="card note" role="status">{words} {retry}</div> })
}

/// Keeps what the page tells of these readings up to date, and loads the page again when one has ended, unless something is
/// being written on it.
pub fn follow_readings() -> AnyView {
    script(NEWS, &[GetReadings::url().into()])
}
