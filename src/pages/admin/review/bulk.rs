//! Forms that change many items in one step.

use exam_model::question::{Kind, Question};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;
use web_sys::{Element, HtmlElement};

use crate::api::documents::CorrectAll;
use crate::components::field::{Field, FieldError, FormError, error_of};
use crate::components::text_area::TextArea;
use crate::error::AppError;

/// Forms that fill in the answers and marks of many items at once.
pub fn bulk_forms(questions: &[Question], document: Uuid, action: ServerAction<CorrectAll>) -> AnyView {
    let error = error_of(action);
    let field = move |name: &'static str| move || error.get().is_some_and(|error| error.at(name).is_some());
    let hint = "1 B 2 D 3 A – or one answer on each line: 4(a) 12.5 cm";
    let told = move || action.value().get().and_then(Result::ok);
    view! {
        <p class="note" role="status" hidden=move || told().is_none()>{told}</p>
        <details class="made" open=field("keys")>
            <summary>"Fill in answers from a list"</summary>
            <ActionForm action attr:class="card form">
                <FormError error fields=&["keys", "marks_each"]/>
                <input type="hidden" name="document" value=document.to_string()/>
                <div class="field">
                    <span>"Answers"</span>
                    <TextArea name="keys" value="" label="Answers" rows=5 described="keys-hint".to_owned()/>
                    <small class="hint" id="keys-hint">{hint}</small>
                    <FieldError name="keys" error/>
                </div>
                <button class="plain">"Fill in the answers"</button>
            </ActionForm>
        </details>
        {grid(questions, document, action, error)}
        <details class="made" open=field("marks_each")>
            <summary>"Fill in marks where there are none"</summary>
            <ActionForm action attr:class="card form">
                <input type="hidden" name="document" value=document.to_string()/>
                <Field label="Marks for each question without marks" name="marks_each" value="1" error/>
                <button class="plain">"Fill in the marks"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// All single choices as rows, with a column for each option. A letter chooses in the row and goes on to the next.
fn grid(
    questions: &[Question],
    document: Uuid,
    action: ServerAction<CorrectAll>,
    error: Signal<Option<AppError>>,
) -> Option<AnyView> {
    let choices: Vec<&Question> = questions
        .iter()
        .flat_map(Question::leaves)
        .filter(|item| item.kind == Kind::Single && !item.options.is_empty())
        .collect();
    if choices.len() < 2 {
        return None;
    }
    let row = |item: &&Question| {
        let key = item.key.as_ref().and_then(|key| key.options.first().cloned());
        let name = format!("grid[{}]", item.path);
        let chosen = key.clone();
        let cells = item.options.iter().map(|option| {
            view! {
                <label>
                    <input
                        type="radio"
                        name=name.clone()
                        value=option.id.clone()
                        checked=chosen.as_ref() == Some(&option.id)
                        aria-label=format!("{}: {}", item.path, option.label)
                        data-letter=option.label.to_lowercase()
                    />
                    <span>{option.label.clone()}</span>
                </label>
            }
        });
        let shown = view! { <input type="hidden" name=format!("shown[{}]", item.path) value=key.clone()/> };
        view! { <li><b>{item.path.clone()}</b> {shown} {cells.collect::<Vec<_>>()}</li> }
    };
    let rows: Vec<_> = choices.iter().map(row).collect();
    let open = move || error.get().is_some_and(|error| error.at("grid").is_some());
    Some(
        view! {
            <details class="made" open=open>
                <summary>"Fill in choices on a grid"</summary>
                <ActionForm action attr:class="card form">
                    <input type="hidden" name="document" value=document.to_string()/>
                    <p class="hint">"Type a letter, or 1 for the first, to choose and go on to the next question."</p>
                    <ul class="grid" on:keydown=choose_by_letter>{rows}</ul>
                    <FieldError name="grid" error/>
                    <button class="plain">"Fill in the choices"</button>
                </ActionForm>
            </details>
        }
        .into_any(),
    )
}

/// Chooses the option with the typed letter, or at the typed place, in the row of the focus, and moves the focus to the next
/// row.
fn choose_by_letter(event: KeyboardEvent) {
    let key = event.key().to_lowercase();
    let is_letter = key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_letter || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    // A letter that is no option must not act as a shortcut of the page.
    event.stop_propagation();
    let row = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("li").ok()?);
    let Some(row) = row else { return };
    let input = |row: &Element, which: &str| row.query_selector(which).ok()??.dyn_into::<HtmlElement>().ok();
    let which = match key.parse::<u8>() {
        Ok(place) => format!("label:nth-of-type({place}) input"),
        Err(_) => format!("[data-letter=\"{key}\"]"),
    };
    let Some(chosen) = input(&row, &which) else { return };
    event.prevent_default();
    chosen.click();
    let next = row.next_element_sibling().and_then(|row| input(&row, ":checked").or_else(|| input(&row, "input")));
    let _ = next.unwrap_or(chosen).focus();
}
