//! The pages of a document, to read: pictures that load as the reader reaches them, links to the questions, and with
//! `page_viewer.js` selectable text above the pictures, and zoom.

use exam_model::paper::PageSize;
use exam_model::question::Anchor;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

use super::document::page_picture;
use super::script::script;
use crate::api::documents::GetPageText;
use crate::domain::document::PICTURE_WIDTHS;

/// The URL fragment of a question on its document's page.
pub fn anchor(path: &str) -> String {
    format!("#{}", anchor_id(path))
}

fn anchor_id(path: &str) -> String {
    format!("question-{}", path.replace('#', "~"))
}

#[component]
pub fn Pages(document: Uuid, pages: Vec<PageSize>, anchors: Vec<Anchor>) -> impl IntoView {
    let to_questions: Vec<_> = anchors
        .iter()
        .filter(|anchor| anchor.outermost)
        // The browser itself scrolls there and marks the place with `:target`.
        .map(|to| view! { <li><a href=anchor(&to.path)>{to.path.clone()}</a></li> })
        .collect();
    let go = (!to_questions.is_empty()).then(|| {
        view! {
            <nav aria-label="Questions">
                <span>"Question"</span>
                <ol>{to_questions}</ol>
            </nav>
        }
    });
    let count = pages.len();
    let sheets: Vec<_> = pages
        .into_iter()
        .enumerate()
        .map(|(n, size)| {
            let number = n as u32 + 1;
            let here = anchors.iter().filter(|anchor| anchor.region.page == number).cloned().collect();
            view! { <Sheet document number count size anchors=here/> }
        })
        .collect();
    view! {
        <section class="pages" aria-label="The pages">
            <div class="pages-bar">{go} {zoom()}</div>
            <div class="sheets at-100">{sheets}</div>
            {script(include_str!("page_viewer.js"), &[GetPageText::url().into()])}
        </section>
    }
}

/// The zoom buttons; shown where scripts run.
fn zoom() -> AnyView {
    view! {
        <div class="zoom" role="group" aria-label="Size of the pages">
            <button class="plain" aria-label="Smaller" disabled=true>"−"</button>
            <output>"100 %"</output>
            <button class="plain" aria-label="Larger">"+"</button>
        </div>
    }
    .into_any()
}

#[component]
fn Sheet(document: Uuid, number: u32, count: usize, size: PageSize, anchors: Vec<Anchor>) -> impl IntoView {
    let (src, srcset) = page_picture(document, number);
    let large = format!("/documents/{document}/pages/{number}?width={}", PICTURE_WIDTHS[PICTURE_WIDTHS.len() - 1]);
    let height = (720.0 * size.height / size.width.max(1.0)) as u32;
    let places: Vec<_> = anchors
        .into_iter()
        .map(|Anchor { path, region, .. }| {
            view! { <rect id=anchor_id(&path) x=region.x y=region.y width=region.width height=region.height></rect> }
        })
        .collect();
    view! {
        <figure id=format!("page-{number}")>
            <div class="sheet">
                <img
                    src=src
                    srcset=srcset
                    sizes="(max-width: 800px) 100vw, 800px"
                    alt=format!("Page {number} of {count}")
                    width="720"
                    height=height.to_string()
                    loading=if number == 1 { "eager" } else { "lazy" }
                />
                <svg viewBox=format!("0 0 {} {}", size.width, size.height)>
                    {places} <g class="page-text" data-document=document.to_string() data-page=number></g>
                </svg>
            </div>
            <figcaption>
                <a href=large>{format!("Page {number} of {count}, large")}</a>
            </figcaption>
        </figure>
    }
}
