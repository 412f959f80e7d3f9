//! The pages beside the questions.

use std::cmp::Reverse;

use exam_model::question::{Question, Region};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Desk, link_id};
use crate::components::field::{Field, FieldError, FormError, error_of};
use crate::components::region_editor::Sheet;
use crate::components::text_area::TextArea;

/// All pages with the places of the items. The chosen item's boxes can be changed, and are kept in sight.
pub fn page_pane(questions: &[Question], desk: &Desk) -> AnyView {
    let mut spots: Vec<(String, Region)> = questions
        .iter()
        .flat_map(Question::items)
        .flat_map(|item| item.regions.iter().map(|region| (item.path.clone(), *region)))
        .collect();
    // A part lies above its question, which would else catch the click.
    spots.sort_by_key(|(_, region)| Reverse((region.width * region.height) as u64));
    let (document, boxes, drawing) = (desk.document, desk.boxes, desk.drawing);
    let sheets: Vec<_> = desk
        .pages
        .iter()
        .zip(1..)
        .map(|(&size, page)| {
            let spots = spots.iter().filter(|(_, region)| region.page == page).cloned().collect();
            view! { <Sheet document page size boxes spots choose=choose drawing/> }
        })
        .collect();
    let pane = NodeRef::<html::Section>::new();
    let chosen = desk.chosen;
    Effect::new(move || {
        chosen.track();
        request_animation_frame(move || {
            if let Some(pane) = pane.get_untracked() {
                show_box(&pane);
            }
        });
    });
    view! { <section node_ref=pane class="pane" tabindex="0" aria-label="The pages, with the boxes of the item">{sheets}</section> }
        .into_any()
}

/// Chooses an item as its link does, so that changes of another one are saved first.
fn choose(path: &str) {
    let link = document().get_element_by_id(&link_id(path)).and_then(|link| link.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        link.click();
    }
}

/// Scrolls the pane, and nothing around it, until the chosen item's first box is near its top.
fn show_box(pane: &HtmlElement) {
    let Ok(Some(first)) = pane.query_selector(".box") else { return };
    let below = first.get_bounding_client_rect().top() - pane.get_bounding_client_rect().top();
    pane.set_scroll_top(pane.scroll_top() + below as i32 - pane.client_height() / 5);
}

/// The form for a question that was not found: a box is drawn around it, or written.
pub fn add_form(desk: &Desk) -> AnyView {
    let add = desk.actions.add;
    let error = error_of(add);
    let (document, drawing) = (desk.document.to_string(), desk.drawing);
    let toggle =
        move |_| drawing.update(|drawing| *drawing = if drawing.is_some() { None } else { Some(Region::default()) });
    let region =
        move || drawing.get().filter(|region| region.page > 0).map(|region| region.words()).unwrap_or_default();
    let open = move || error.get().is_some() || drawing.with(Option::is_some);
    view! {
        <details class="made" open=open>
            <summary>"Add a question that was not found"</summary>
            <ActionForm action=add attr:class="card form">
                <FormError error fields=&["region", "label"]/>
                <input type="hidden" name="document" value=document/>
                <button type="button" class="plain" aria-pressed=move || drawing.with(Option::is_some).to_string() on:click=toggle>
                    "Draw a box around it on the page"
                </button>
                <div class="field">
                    <label for="region">"Its place: page, left, top, width, height"</label>
                    <input id="region" name="region" required=true prop:value=region maxlength="60" autocomplete="off"/>
                    <FieldError name="region" error/>
                </div>
                <Field label="Question number, such as 4(a), if it is not printed" name="label" id="new-label" required=false maxlength=20 error/>
                <div class="field">
                    <span>"Its text, if it should not be taken from the box"</span>
                    <TextArea name="text" value="" label="Text of the new question" rows=2/>
                </div>
                <button>"Add it"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}
