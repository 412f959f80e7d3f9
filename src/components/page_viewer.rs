//! The pages of a document, to read: pictures that load as the reader reaches them, selectable text above them, links to
//! the questions, and zoom.

use exam_model::paper::{PageSize, Print};
use exam_model::question::Anchor;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::api::documents::get_print;
use crate::components::document::page_picture;
use crate::domain::document::PICTURE_WIDTHS;

/// Zoom steps, in percent of the available width.
const SIZES: [u32; 4] = [100, 150, 200, 300];

/// The URL fragment of a question on its document's page.
pub fn anchor(path: &str) -> String {
    format!("#{}", anchor_id(path))
}

fn anchor_id(path: &str) -> String {
    format!("question-{}", path.replace('#', "~"))
}

#[component]
pub fn Pages(document: Uuid, pages: Vec<PageSize>, anchors: Vec<Anchor>) -> impl IntoView {
    let zoom = RwSignal::new(0);
    let sheets_node = NodeRef::<html::Div>::new();
    let to_questions: Vec<_> = anchors
        .iter()
        .filter(|anchor| anchor.outermost)
        .map(|to| {
            // The browser itself scrolls there and marks the place with `:target`.
            view! { <li><a rel="external" href=anchor(&to.path)>{to.path.clone()}</a></li> }
        })
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
            view! { <Sheet document number count size anchors=here zoom/> }
        })
        .collect();
    view! {
        <section class="pages" aria-label="The pages">
            <div class="pages-bar">{go} <Zoom zoom sheets=sheets_node/></div>
            <div node_ref=sheets_node class=move || format!("sheets at-{}", SIZES[zoom.get()])>{sheets}</div>
        </section>
    }
}

/// The zoom buttons; shown once the page is hydrated.
#[component]
fn Zoom(zoom: RwSignal<usize>, sheets: NodeRef<html::Div>) -> impl IntoView {
    let to = move |size: usize| {
        let Some(sheets) = sheets.get_untracked() else { return };
        // Keeps what is in the middle of the window in its place.
        let middle = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0) / 2.0;
        let (before, left) = (sheets.get_bounding_client_rect(), sheets.scroll_left());
        let part = ((middle - before.top()) / before.height().max(1.0)).clamp(0.0, 1.0);
        let grows = f64::from(SIZES[size]) / f64::from(SIZES[zoom.get_untracked()]);
        zoom.set(size);
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

#[component]
fn Sheet(
    document: Uuid,
    number: u32,
    count: usize,
    size: PageSize,
    anchors: Vec<Anchor>,
    zoom: RwSignal<usize>,
) -> impl IntoView {
    let (src, srcset) = page_picture(document, number);
    let large = format!("/documents/{document}/pages/{number}?width={}", PICTURE_WIDTHS[PICTURE_WIDTHS.len() - 1]);
    let height = (720.0 * size.height / size.width.max(1.0)) as u32;
    // The text is loaded once, after its picture. The picture loads when the reader gets near, perhaps before the page is
    // hydrated, and again at every change of size.
    let print = RwSignal::new(None);
    let arrived = move || {
        if print.with_untracked(Option::is_none) {
            print.set(Some(Vec::new()));
            // If the text cannot be loaded, the picture remains.
            spawn_local(async move { print.set(get_print(document, number).await.ok()) });
        }
    };
    let picture = NodeRef::<html::Img>::new();
    Effect::new(move || {
        if picture.get().is_some_and(|picture| picture.complete() && picture.natural_width() > 0) {
            arrived();
        }
    });
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
                    node_ref=picture
                    src=src
                    srcset=srcset
                    sizes=move || {
                        let hundredths = SIZES[zoom.get()];
                        format!("(max-width: 800px) {hundredths}vw, {}px", 8 * hundredths)
                    }
                    alt=format!("Page {number} of {count}")
                    width="720"
                    height=height.to_string()
                    loading=if number == 1 { "eager" } else { "lazy" }
                    on:load=move |_| arrived()
                />
                <svg viewBox=format!("0 0 {} {}", size.width, size.height)>
                    {places}
                    {move || print.get().into_iter().flatten().map(stretch).collect::<Vec<_>>()}
                </svg>
            </div>
            <figcaption>
                <a rel="external" href=large>{format!("Page {number} of {count}, large")}</a>
            </figcaption>
        </figure>
    }
}

/// A piece of text, exactly above its place in the picture.
fn stretch(print: Print) -> impl IntoView {
    view! {
        <text
            x=print.x
            y=print.baseline
            font-size=print.size
            textLength=print.width
            lengthAdjust="spacingAndGlyphs"
        >
            {print.text}
        </text>
    }
}
