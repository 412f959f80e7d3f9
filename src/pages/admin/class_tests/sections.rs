//! The sections of a test that is being made: their names and rules, and what moves them.

use exam_model::format;
use exam_model::paper::{Rule, Section, section_rule};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::class_tests::{ChangeClassTestSection, SaveClassTestSection};
use crate::components::field::{Field, FormError, Select, error_of, refused};
use crate::domain::class_test::{ClassTest, MAX_LABEL, MAX_SECTIONS};
use crate::domain::quiz::{MAX_QUESTIONS, marks_of};

/// A section above its questions: its rule, its marks, and what changes it, if the test can be changed.
pub fn heading(
    test: &ClassTest,
    place: usize,
    save: ServerAction<SaveClassTestSection>,
    change: ServerAction<ChangeClassTestSection>,
) -> AnyView {
    let section = &test.content.sections[place];
    let each: Vec<f64> = test.content.of_section(Some(section)).map(marks_of).collect();
    let short = match section.rule {
        Rule::Choose(n) | Rule::Best(n) if (n as usize) > each.len() => {
            let there = format::count(each.len() as i64, "question");
            Some(view! { <p class="note not-printed">{format!("This asks for {n}, and there are {there}.")}</p> })
        }
        _ => None,
    };
    let marks = format::marks_long(section.rule.asked(each));
    let last = test.content.sections.len() - 1;
    let changes = test.is_changeable().then(|| {
        let button = |what: &'static str, words: &'static str| {
            let label = format!("{words}: section {}", section.label);
            view! { <button class="plain" name="what" value=what aria-label=label>{words}</button> }
        };
        let up = (place > 0).then(|| button("up", "Up"));
        let down = (place < last).then(|| button("down", "Down"));
        let remove = button("remove", "Take away, not its questions");
        let (id, label) = (test.id.to_string(), section.label.clone());
        view! {
            <ActionForm action=change attr:class="actions">
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="section" value=label/>
                {up} {down} {remove}
            </ActionForm>
            {form(test.id, Some((place, section)), String::new(), save)}
        }
    });
    view! {
        <h3>{section_rule(section)} " " <small>{marks}</small></h3>
        {short}
        {changes}
    }
    .into_any()
}

/// The form for another section.
pub fn new_section(test: &ClassTest, save: ServerAction<SaveClassTestSection>) -> Option<AnyView> {
    let next = test.content.next_label();
    (test.content.sections.len() < MAX_SECTIONS).then(|| form(test.id, None, next, save))
}

/// The form of a section, or of a new one with this name. What was refused is told and shown again in the form it was written in.
fn form(
    test: Uuid,
    section: Option<(usize, &Section)>,
    next: String,
    save: ServerAction<SaveClassTestSection>,
) -> AnyView {
    // A name may have spaces, and an id may not.
    let number = section.map_or("new".to_owned(), |(place, _)| place.to_string());
    let section = section.map(|(_, section)| section);
    let label = section.map_or(next, |section| section.label.clone());
    let old = section.map(|section| section.label.clone()).unwrap_or_default();
    let (word, count) = match section.map(|section| section.rule) {
        None | Some(Rule::All) => ("all", String::new()),
        Some(Rule::Choose(n)) => ("choose", n.to_string()),
        Some(Rule::Best(n)) => ("best", n.to_string()),
    };
    let value = |fields: &[(String, String)], name: &str| -> Option<String> {
        Some(fields.iter().find(|(known, _)| known == name)?.1.clone())
    };
    let refused = refused::<SaveClassTestSection>()
        .filter(|fields| value(fields, "section").unwrap_or_default() == old)
        .unwrap_or_default();
    let written = |name: &str, otherwise: String| value(&refused, name).unwrap_or(otherwise);
    let is_refused = !refused.is_empty();
    let error = if is_refused { error_of(save) } else { Signal::stored(None) };
    let rules = [
        ("all", "All questions count"),
        ("choose", "The candidate chooses so many"),
        ("best", "The best so many count"),
    ];
    let rules = rules.map(|(word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let button = if section.is_some() { "Save the section" } else { "Add the section" };
    let summary =
        section.map_or("Add a section …".to_owned(), |section| format!("Change section {} …", section.label));
    let [label_id, count_id] = ["label", "count"].map(|name| format!("{name}-{number}"));
    let (label, rule, count) = (written("label", label), written("rule", word.to_owned()), written("count", count));
    view! {
        <details class="not-printed" open=is_refused>
            <summary>{summary}</summary>
            <ActionForm action=save attr:class="card form">
                <FormError error fields=&["label", "count"]/>
                <input type="hidden" name="id" value=test.to_string()/>
                <input type="hidden" name="section" value=old/>
                <Field label="Name" name="label" id=label_id value=label maxlength={MAX_LABEL as u32} error/>
                <Select label="Rule" name="rule" options=rules value=rule/>
                <Field
                    label="How many count, unless all"
                    name="count"
                    id=count_id
                    kind="number"
                    range=(1, MAX_QUESTIONS)
                    value=count
                    required=false
                    error
                />
                <button class="plain">{button}</button>
            </ActionForm>
        </details>
    }
    .into_any()
}
