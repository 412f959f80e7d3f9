//! The state of the reading of documents.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;
use web_sys::Element;

use super::badge::{Badge, Tone};
use super::dom::{is_edited, nodes};
use crate::api::call::call;
use crate::api::documents::{GetReadings, ReadAgain};
use crate::domain::document::{Document, Reading};

/// How often a page asks about work in progress.
const NEWS_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// An element that tells of a reading in progress has the id of its document in this attribute.
const TELLS: &str = "data-reading";

/// The state of the reading in a list; nothing once it has produced questions.
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
#[island]
pub fn FollowReadings() -> impl IntoView {
    Effect::new(move || {
        let waits = Rc::new(Cell::new(false));
        let ask = move || {
            if waits.replace(true) {
                return;
            }
            let waits = waits.clone();
            let told = document().query_selector_all(&format!("[{TELLS}]"));
            let told = told.iter().flat_map(nodes).filter_map(|node| node.dyn_into::<Element>().ok());
            let ids = told.filter_map(|told| told.get_attribute(TELLS)?.parse().ok()).collect();
            spawn_local(async move {
                // If the network is away, the next question may be answered.
                for (id, words) in call(&GetReadings { ids }).await.unwrap_or_default() {
                    tell(id, words);
                }
                waits.set(false);
            });
        };
        set_interval(ask, NEWS_EVERY);
    });
}

/// Shows the words of a reading in progress; without words it has ended.
fn tell(document: Uuid, words: Option<String>) {
    let shown = leptos::prelude::document().query_selector(&format!("[{TELLS}=\"{document}\"]")).ok().flatten();
    match (words, shown) {
        (Some(words), Some(shown)) => shown.set_text_content(Some(&words)),
        (None, _) if !is_edited() => {
            let _ = window().location().reload();
        }
        _ => {}
    }
}
