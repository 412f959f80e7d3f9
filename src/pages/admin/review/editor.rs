//! The editor of one item.

use std::collections::BTreeSet;

use exam_model::question::{Choice, Kind, Question, Region};
use leptos::prelude::*;

use super::Desk;
use crate::api::documents::CorrectQuestion;
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refused};
use crate::components::region_editor::Sheet;
use crate::components::text_area::TextArea;
use crate::domain::correction::QuestionForm;
use crate::error::AppError;

/// The id of the item's form; only one item is chosen at a time.
pub const FORM: &str = "correction";
/// The keys that save it, from anywhere on the page.
const SAVE: &str = "Control+Enter";

/// The page with the item's boxes, and the forms that change the item.
pub fn editor(question: &Question, desk: &Desk) -> AnyView {
    let boxes = RwSignal::new(question.regions.clone());
    let pages: BTreeSet<u32> = question.regions.iter().map(|region| region.page).collect();
    let sheets: Vec<_> = pages
        .into_iter()
        .filter_map(|page| {
            let size = *desk.pages.get(page.checked_sub(1)? as usize)?;
            Some(view! { <Sheet document=desk.document page size boxes/> })
        })
        .collect();
    let change = desk.actions.change;
    let hidden = |what: &'static str| {
        view! {
            <input type="hidden" name="document" value=desk.document.to_string()/>
            <input type="hidden" name="path" value=question.path.clone()/>
            <input type="hidden" name="what" value=what/>
        }
    };
    let button = |what: &'static str, letter: &'static str, words: &'static str| {
        let hidden = hidden(what);
        view! {
            <ActionForm action=change>
                {hidden}
                <button class="plain" aria-keyshortcuts=letter>{words}</button>
            </ActionForm>
        }
    };
    let (id, hidden_split) = (question.path.clone(), hidden("split"));
    view! {
        <section class="pane" tabindex="0" aria-label="The page, with the boxes of the item">{sheets}</section>
        <div class="editor">
            <FormError error=error_of(desk.actions.correct) fields=&["text", "marks", "choose", "key", "topic", "boxes"]/>
            <FormError error=error_of(change) fields=&["from"]/>
            <div class="actions">
                {button("approve", "a", "Approve it")}
                {button("join", "m", "Join it to the one before")}
                {button("drop", "x", "Drop it")}
            </div>
            {form(question, desk, boxes)}
            <details>
                <summary aria-keyshortcuts="s">"Split it in two"</summary>
                <ActionForm action=change attr:class="form">
                    {hidden_split}
                    <Field
                        label="The new item begins with these words"
                        name="from"
                        id=format!("from-{id}")
                        maxlength=500
                        error=error_of(change)
                    />
                    <Field label="Its number, if it is not printed" name="label" id=format!("label-{id}") required=false maxlength=20/>
                    <button class="plain">"Split"</button>
                </ActionForm>
            </details>
        </div>
    }
    .into_any()
}

/// The form's values: the item, or what was sent without scripts and refused.
fn shown(question: &Question) -> QuestionForm {
    let refused = refused::<CorrectQuestion>()
        .filter(|fields| fields.iter().any(|(name, value)| name == "path" && *value == question.path));
    refused.map_or_else(|| QuestionForm::of(question), QuestionForm::of_fields)
}

/// The item's form. All its values come from `QuestionForm`, which also parses them.
fn form(question: &Question, desk: &Desk, boxes: RwSignal<Vec<Region>>) -> AnyView {
    let correct = desk.actions.correct;
    let error = error_of(correct);
    let form = shown(question);
    let word = |kind: Kind| {
        serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let kinds: Vec<_> = Kind::ALL.iter().map(|&kind| (word(kind), kind.name().to_owned())).collect();
    let mut topics = desk.topics.clone();
    if !topics.iter().any(|(id, _)| *id == form.topic) {
        topics.push((form.topic.clone(), "A topic from another subject".to_owned()));
    }
    let id = &question.path;
    // After a conflict the form is sent as one that already shows the other person's change.
    let told = {
        let id = id.clone();
        move || match error.get() {
            Some(AppError::EditConflict { path, shown, .. }) if path == id => Some(shown),
            _ => None,
        }
    };
    let was_shown = form.shown.clone();
    let shown = Memo::new(move |before: Option<&String>| {
        told().or_else(|| before.cloned()).unwrap_or_else(|| was_shown.clone())
    });
    let fields = view! {
            <input type="hidden" name="document" value=desk.document.to_string()/>
            <input type="hidden" name="path" value=id.clone()/>
            <input type="hidden" name="shown" value=shown/>
            <div class="field">
                <span>"Question"</span>
                <TextArea name="text" value=form.text.clone() label="Question" rows=4 shortcut="e"/>
                <FieldError name="text" error/>
            </div>
            <Select label="Kind" name="kind" options=kinds value=word(form.kind)/>
            <Field label="Marks" name="marks" id=format!("marks-{id}") value=form.marks.clone() required=false error/>
            {answers(question, &form)}
            <FieldError name="key" error/>
            <Field label="How many answers are asked for" name="choose" id=format!("choose-{id}") value=form.choose.clone() required=false error/>
            <Select label="Topic" name="topic" options=topics value=form.topic.clone() error/>
            {places(question, &form, boxes)}
            <FieldError name="boxes" error/>
            <button aria-keyshortcuts=SAVE>"Save the correction"</button>
    }
    .into_any();
    view! { <ActionForm action=correct attr:class="form" attr:id=FORM>{fields}</ActionForm> }.into_any()
}

/// The options, with which are right, and for other kinds the answer in words.
fn answers(question: &Question, form: &QuestionForm) -> AnyView {
    let right = |id: &str| form.right_options.iter().any(|option| option == id);
    let several = question.kind == Kind::Multiple || form.right_options.len() > 1;
    let control = if several { "checkbox" } else { "radio" };
    let is_choice = matches!(question.kind, Kind::Single | Kind::Multiple);
    let truth = (question.kind == Kind::TrueFalse).then(|| {
        let one = |id: &'static str, words: &'static str| {
            view! {
                <label class="choice">
                    <input type=control name="right_options[]" value=id checked=right(id)/>
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <fieldset class="choices">
                <legend>"Right answer"</legend>
                {one("true", "True")}
                {one("false", "False")}
            </fieldset>
        }
    });
    let known = question.options.len();
    let rows: Vec<_> = (0..form.options.len().max(known + 2))
        .map(|at| {
            let option = question.options.get(at).cloned().unwrap_or_else(|| Choice::nth(at));
            let text = form.options.get(at).cloned().unwrap_or_default();
            let name = if option.label.is_empty() { option.id.clone() } else { option.label.clone() };
            let right = is_choice.then(|| {
                view! {
                    <input
                        type=control
                        name="right_options[]"
                        value=option.id.clone()
                        checked=right(&option.id)
                        aria-label=format!("{name} is right")
                    />
                }
            });
            view! {
                <div class="option-row">
                    {right}
                    <span>{name.clone()}</span>
                    <TextArea name="options[]" value=text label=format!("Option {name}") rows=1/>
                </div>
            }
        })
        .collect();
    let open = is_choice || known > 0;
    let options = (question.kind != Kind::TrueFalse).then(|| {
        view! {
            <details open=open>
                <summary>{if is_choice { "Options, and which are right" } else { "Options" }}</summary>
                {(question.kind == Kind::Classify)
                    .then(|| view! { <p class="hint">"The things, and the headings. End each heading with a colon."</p> })}
                {rows}
            </details>
        }
    });
    let words = (!is_choice && question.kind != Kind::TrueFalse).then(|| {
        let label = "Answer, as in a marking scheme";
        let hint = format!("key-hint-{}", question.path);
        view! {
            <div class="field">
                <span>{label}</span>
                <TextArea name="key" value=form.key.clone() label rows=1 described=hint.clone()/>
                <small class="hint" id=hint>
                    "heat; light – any 2: heat; light; sound – 12.5 cm (± 0.1) – 0.5 / 1/2 – roots: carrot, yam; leaves: cabbage"
                </small>
            </div>
        }
    });
    view! { {truth} {options} {words} }.into_any()
}

/// The boxes as numbers, kept in step with the boxes that are dragged on the page.
fn places(question: &Question, form: &QuestionForm, boxes: RwSignal<Vec<Region>>) -> AnyView {
    let known = question.regions.len();
    let rows: Vec<_> = (0..form.boxes.len().max(known + 1))
        .map(|at| {
            let words = move || boxes.with(|boxes| boxes.get(at).map(Region::words)).unwrap_or_default();
            let initial = form.boxes.get(at).cloned().unwrap_or_default();
            let label = if at < known { format!("Box {}", at + 1) } else { "Another box".to_owned() };
            view! {
                <input
                    name="boxes[]"
                    value=initial
                    prop:value=words
                    aria-label=label
                    maxlength="60"
                    autocomplete="off"
                    on:change=move |event| {
                        let region = Region::parse(&event_target_value(&event));
                        boxes.update(|boxes| match (region, boxes.get_mut(at)) {
                            (Some(region), Some(known)) => *known = region,
                            (Some(region), None) => boxes.push(region),
                            (None, _) => {}
                        });
                    }
                />
            }
        })
        .collect();
    view! {
        <details class="field">
            <summary>"Where it is: page, left, top, width, height"</summary>
            <p class="hint">"Drag the box on the page, or write its numbers in points. An empty line means no box."</p>
            {rows}
        </details>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
