//! The pages of a document, to read: pictures that load as the reader reaches them, selectable text above them, links to
//! the questions, and zoom.

use exam_model::paper::PageSize;
use exam_model::question::Anchor;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use uuid::Uuid;
use web_sys::{Element, HtmlImageElement};

use super::dom::nodes;
use crate::api::call::call;
use crate::api::documents::GetPageText;
use crate::components::document::page_picture;
use crate::domain::document::PICTURE_WIDTHS;

/// Zoom steps, in percent of the available width.
const SIZES: [u32; 4] = [100, 150, 200, 300];

/// The class of the element with all pages.
const SHEETS: &str = "sheets";

/// The class of the elements for the text of a page, which have its document and number in `data-document` and `data-page`.
const TEXT: &str = "page-text";

/// The URL fragment of a question on its document's page.
pub fn anchor(path: &str) -> String {
    format!("#{}", anchor_id(path))
}

fn anchor_id(path: &str) -> String {
    format!("question-{}", path.replace('#', "~"))
}

/// The class and the pictures' `sizes` at a zoom step.
fn at(step: usize) -> (String, String) {
    let hundredths = SIZES[step];
    (format!("{SHEETS} at-{hundredths}"), format!("(max-width: 800px) {hundredths}vw, {}px", 8 * hundredths))
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
            <div class="pages-bar">{go} <Zoom/></div>
            <div class=at(0).0>{sheets}</div>
            <PageTexts/>
        </section>
    }
}

/// The zoom buttons; shown once they are awake.
#[island]
fn Zoom() -> impl IntoView {
    let zoom = RwSignal::new(0);
    let to = move |step: usize| {
        let Ok(Some(sheets)) = document().query_selector(&format!(".{SHEETS}")) else { return };
        // Keeps what is in the middle of the window in its place.
        let middle = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0) / 2.0;
        let (before, left) = (sheets.get_bounding_client_rect(), sheets.scroll_left());
        let part = ((middle - before.top()) / before.height().max(1.0)).clamp(0.0, 1.0);
        let grows = f64::from(SIZES[step]) / f64::from(SIZES[zoom.get_untracked()]);
        zoom.set(step);
        let (class, sizes) = at(step);
        sheets.set_class_name(&class);
        for picture in pictures(&sheets) {
            picture.set_sizes(&sizes);
        }
        request_animation_frame(move || {
            let after = sheets.get_bounding_client_rect();
            window()
                .scroll_by_with_x_and_y(0.0, part * (after.height() - before.height()) + after.top() - before.top());
            let half = after.width() / 2.0;
            sheets.set_scroll_left(((f64::from(left) + half) * grows - half) as i32);
        });
    };
    let larger = move |_| to((zoom.get_untracked() + 1).min(SIZES.len() - 1));
    let smaller = move |_| to(zoom.get_untracked().saturating_sub(1));
    view! {
        <div class="zoom" role="group" aria-label="Size of the pages">
            <button class="plain" aria-label="Smaller" disabled=move || zoom.get() == 0 on:click=smaller>"−"</button>
            <output>{move || format!("{} %", SIZES[zoom.get()])}</output>
            <button class="plain" aria-label="Larger" disabled=move || zoom.get() + 1 == SIZES.len() on:click=larger>
                "+"
            </button>
        </div>
    }
}

/// The pictures within an element.
fn pictures(within: &Element) -> Vec<HtmlImageElement> {
    let found = within.query_selector_all("img");
    found.map(|found| nodes(&found).filter_map(|node| node.dyn_into().ok()).collect()).unwrap_or_default()
}

/// Loads the text of each page, once, after its picture. The picture loads when the reader gets near, perhaps before this
/// is awake.
#[island]
fn PageTexts() -> impl IntoView {
    Effect::new(move || {
        let texts = document().query_selector_all(&format!(".{TEXT}"));
        for text in texts.iter().flat_map(nodes).filter_map(|node| node.dyn_into::<Element>().ok()) {
            let sheet = text.closest("figure").ok().flatten();
            let Some(picture) = sheet.and_then(|sheet| pictures(&sheet).pop()) else { continue };
            if picture.complete() && picture.natural_width() > 0 {
                load_text(text);
            } else {
                // A change of the size loads the picture, but not its text, again.
                let mut text = Some(text);
                let arrived = Closure::<dyn FnMut()>::new(move || {
                    if let Some(text) = text.take() {
                        load_text(text);
                    }
                });
                let _ = picture.add_event_listener_with_callback("load", arrived.as_ref().unchecked_ref());
                arrived.forget();
            }
        }
    });
}

/// If the text cannot be loaded, the picture remains.
fn load_text(text: Element) {
    let [document, page] = ["data-document", "data-page"].map(|name| text.get_attribute(name).unwrap_or_default());
    let (Ok(id), Ok(page)) = (document.parse(), page.parse()) else { return };
    spawn_local(async move {
        if let Ok(svg) = call(&GetPageText { id, page }).await {
            text.set_inner_html(&svg);
        }
    });
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
                    sizes=at(0).1
                    alt=format!("Page {number} of {count}")
                    width="720"
                    height=height.to_string()
                    loading=if number == 1 { "eager" } else { "lazy" }
                />
                <svg viewBox=format!("0 0 {} {}", size.width, size.height)>
                    {places} <g class=TEXT data-document=document.to_string() data-page=number></g>
                </svg>
            </div>
            <figcaption>
                <a href=large>{format!("Page {number} of {count}, large")}</a>
            </figcaption>
        </figure>
    }
}
