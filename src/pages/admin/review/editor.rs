//! The editor of one item.

use exam_model::question::{Choice, Kind, Question, Region};
use exam_model::shown::Show;
use leptos::prelude::*;

use super::Desk;
use crate::api::documents::CorrectQuestion;
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refused};
use crate::components::text_area::TextArea;
use crate::domain::correction::{QuestionForm, is_choice};
use crate::error::AppError;

/// The id of the item's form; only one item is chosen at a time.
pub const FORM: &str = "correction";
/// The keys that approve the item as its form has it, from anywhere on the page.
const APPROVE: &str = "a Control+Enter";

/// The forms that change the item. Its boxes go to the page beside it.
pub fn editor(question: &Question, desk: &Desk) -> AnyView {
    desk.boxes.set(question.regions.clone());
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
        <div class="editor">
            <FormError error=error_of(desk.actions.correct) fields=&["text", "marks", "choose", "key", "topic", "boxes"]/>
            <FormError error=error_of(change) fields=&["from"]/>
            {form(question, desk)}
            <div class="actions">
                {button("join", "m", "Join it to the one before")}
                {button("drop", "x", "Drop it")}
            </div>
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

/// The form's values: the item, or what was sent and refused.
fn shown(question: &Question) -> QuestionForm {
    let refused = refused::<CorrectQuestion>()
        .filter(|fields| fields.iter().any(|(name, value)| name == "path" && *value == question.path));
    refused.map_or_else(|| QuestionForm::of(question), QuestionForm::of_fields)
}

/// The item's form: what is changed most first, the rest folded. All its values come from `QuestionForm`, which also parses
/// them.
fn form(question: &Question, desk: &Desk) -> AnyView {
    let correct = desk.actions.correct;
    let error = error_of(correct);
    let form = shown(question);
    let kinds: Vec<_> = Kind::ALL.iter().map(|&kind| (kind.word().to_owned(), kind.name().to_owned())).collect();
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
    let folded = ["text", "choose", "topic", "boxes"];
    let is_refused = move || error.get().is_some_and(|error| folded.iter().any(|field| error.at(field).is_some()));
    let lacks_options = is_choice(question.kind) && question.options.is_empty();
    let folds_open = move || lacks_options || is_refused();
    let why = Some(question.shown.why.clone()).filter(|why| !why.is_empty());
    let fields = view! {
            <input type="hidden" name="document" value=desk.document.to_string()/>
            <input type="hidden" name="path" value=id.clone()/>
            <input type="hidden" name="shown" value=shown/>
            {answers(question, &form)}
            <FieldError name="key" error/>
            <div class="row">
                <Select label="Kind" name="kind" options=kinds value=form.kind.word()/>
                <Field label="Marks" name="marks" id=format!("marks-{id}") value=form.marks.clone() required=false error/>
                <button name="go_on" value="true" aria-keyshortcuts=APPROVE>"Approve and go on"</button>
                <button class="plain">"Save the correction"</button>
            </div>
            <details open=folds_open>
                <summary>"Text, options, number of answers, topic, place"</summary>
                <div class="field">
                    <span>"Question"</span>
                    <TextArea name="text" value=form.text.clone() label="Question" rows=4 shortcut="e"/>
                    <FieldError name="text" error/>
                </div>
                <label class="field"><span>"Question is shown as"</span> {ways(None, &form, 0)}</label>
                {why.map(|why| view! { <p class="hint">{format!("The reader chose it: {why}.")}</p> })}
                {options(question, &form)}
                <Field label="How many answers are asked for" name="choose" id=format!("choose-{id}") value=form.choose.clone() required=false error/>
                <Select label="Topic" name="topic" options=topics value=form.topic.clone() error/>
                {places(question, &form, desk.boxes)}
                <FieldError name="boxes" error/>
            </details>
    }
    .into_any();
    view! { <ActionForm action=correct attr:class="form" attr:id=FORM>{fields}</ActionForm> }.into_any()
}

/// The right answer: ticked for choices, else in words.
fn answers(question: &Question, form: &QuestionForm) -> AnyView {
    match question.kind {
        Kind::Single | Kind::Multiple | Kind::TrueFalse => return choices(question, form),
        Kind::Group if form.key.is_empty() => return ().into_any(),
        _ => {}
    }
    let label = "Answer, as in a marking scheme";
    let hint = format!("key-hint-{}", question.path);
    view! {
        <div class="field">
            <span>{label}</span>
            <TextArea name="key" value=form.key.clone() label rows=1 described=hint.clone() shortcut="r"/>
            <small class="hint" id=hint>
                "heat; light – any 2: heat; light; sound – 12.5 cm (± 0.1) – 0.5 / 1/2 – roots: carrot, yam; leaves: cabbage"
            </small>
        </div>
    }
    .into_any()
}

/// The options to tick; the keys 1 to 9 do so too.
fn choices(question: &Question, form: &QuestionForm) -> AnyView {
    let several = question.kind == Kind::Multiple || form.right_options.len() > 1;
    let control = if several { "checkbox" } else { "radio" };
    let listed: Vec<(String, String, String)> = if question.kind == Kind::TrueFalse {
        [("true", "True"), ("false", "False")].map(|(id, name)| (id.to_owned(), name.to_owned(), String::new())).into()
    } else {
        let new = |at: usize| question.options.get(at).cloned().unwrap_or_else(|| Choice::nth(at));
        let count = if question.options.is_empty() { 4 } else { question.options.len() };
        (0..count).map(new).map(|option| (option.id.clone(), name_of(&option), option.text)).collect()
    };
    let inputs = listed.into_iter().zip(1..).map(|((id, name, text), number)| {
        view! {
            <label class="choice">
                <input
                    type=control
                    name="right_options[]"
                    checked=form.right_options.contains(&id)
                    value=id
                    aria-label=format!("{name} is right")
                    aria-keyshortcuts=(number < 10).then(|| number.to_string())
                />
                <span><b>{name}</b> " " {text}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices">
            <legend>"Right answer"</legend>
            {inputs.collect::<Vec<_>>()}
        </fieldset>
    }
    .into_any()
}

/// The texts of the options, with room for two more, or for the four that most choices have.
fn options(question: &Question, form: &QuestionForm) -> Option<AnyView> {
    let rows = (0..form.options.len().max(question.options.len() + 2).max(4)).map(|at| {
        let name = name_of(&question.options.get(at).cloned().unwrap_or_else(|| Choice::nth(at)));
        let text = form.options.get(at).cloned().unwrap_or_default();
        let known = at < question.options.len();
        let way = known.then(|| ways(Some(format!("Option {name} is shown as")), form, at + 1));
        view! {
            <div class="option-row">
                <span>{name.clone()}</span>
                <TextArea name="options[]" value=text label=format!("Option {name}") rows=1/>
                {way}
            </div>
        }
    });
    let rows: Vec<_> = rows.collect();
    (question.kind != Kind::TrueFalse).then(|| {
        view! {
            <details open=is_choice(question.kind) || !question.options.is_empty()>
                <summary>"Options"</summary>
                {(question.kind == Kind::Classify)
                    .then(|| view! { <p class="hint">"The things, and the headings. End each heading with a colon."</p> })}
                {rows}
            </details>
        }
        .into_any()
    })
}

fn name_of(option: &Choice) -> String {
    if option.label.is_empty() { option.id.clone() } else { option.label.clone() }
}

/// The ways to show the stem, at 0, or an option.
fn ways(label: Option<String>, form: &QuestionForm, at: usize) -> AnyView {
    let chosen = form.shows.get(at).and_then(|word| Show::parse(word)).unwrap_or_default();
    let way = |show: Show| view! { <option value=show.as_str() selected=show == chosen>{show.name()}</option> };
    view! { <select name="shows[]" aria-label=label>{Show::ALL.map(way).into_iter().collect::<Vec<_>>()}</select> }
        .into_any()
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
