//! One item of a paper as it was read, with its review reasons, and its editor if it is chosen.

use std::sync::Arc;

use exam_model::format;
use exam_model::question::{Key, KeySource, Kind, Question};
use leptos::prelude::*;

use super::editor::editor;
use super::{Desk, link_id};
use crate::api::documents::review_query;
use crate::components::badge::{Badge, Tone};
use crate::components::question::crops;
use crate::components::shown;
use crate::domain::correction::{self, Report};

/// An item with all its parts; `level` is 0 for a question.
pub fn item(question: &Question, desk: &Arc<Desk>, level: u8) -> AnyView {
    let reports = desk.reports.get(&question.path).cloned().unwrap_or_default();
    let key = question.key.as_ref().map(|key| {
        let words = view! { <p class="key">"Answer: " <b>{key.text.clone()}</b></p> };
        let key = key.clone();
        let printed = {
            let (desk, path) = (desk.clone(), question.path.clone());
            move || printed_key(&key, &path, &desk)
        };
        view! { {words} {printed} }
    });
    let document = Some(desk.document);
    let options: Vec<_> = question
        .options
        .iter()
        .map(|option| view! { <li><b>{option.label.clone()}</b> " " {shown::option(option, document)}</li> })
        .collect();
    let topic = question.topic.and_then(|id| desk.topics.iter().find(|(topic, _)| *topic == id.to_string())).map(
        |(_, name)| {
            let words = desk.topic_words.get(&question.path).map(|words| format!(" (found by: {})", words.join(", ")));
            view! { <p class="facts">{name.clone()} <small>{words}</small></p> }
        },
    );
    let parts: Vec<_> = question.parts.iter().map(|part| item(part, desk, level + 1)).collect();
    let own = Arc::new(correction::alone(question));
    let desk = desk.clone();
    let (is_chosen, path) = (desk.chosen, question.path.clone());
    let is_chosen = Memo::new(move |_| is_chosen.with(|chosen| *chosen == path));
    let crop = {
        let own = own.clone();
        let document = desk.document;
        move || {
            let images = if level > 0 || is_chosen.get() {
                Vec::new()
            } else {
                crops(&own.regions, document, &format!("Question {}", own.path))
            };
            (!images.is_empty()).then(
                || view! { <details class="in-paper"><summary>"As printed in the paper"</summary> {images}</details> },
            )
        }
    };
    let href = format!("?{}", review_query(&question.path));
    let label = format!("Correct {}", question.path);
    let link = link_id(&question.path);
    let editing = move || {
        match is_chosen.get() {
        true => editor(&own, &desk),
        false => {
            view! { <p class="correct"><a id=link.clone() href=href.clone() aria-label=label.clone()>"Correct this"</a></p> }
                .into_any()
        }
    }
    };
    view! {
        <div class="item" class:chosen=is_chosen id=format!("q-{}", question.path)>
            <div class="stem">
                <span class="number">{question.label.clone()}</span>
                <p class="text" tabindex=shown::tab_stop(question)>{shown::stem(question, document)}</p>
                {question.marks.map(|marks| view! { <span class="marks">{format::marks_long(marks)}</span> })}
            </div>
            {crop}
            {(!options.is_empty()).then(|| view! { <ul class="options">{options}</ul> })}
            {key}
            {topic}
            {state(question, &reports)}
            {editing}
            <div class="parts">{parts}</div>
        </div>
    }
    .into_any()
}

/// Whether the item needs a look, and why.
fn state(question: &Question, reports: &[Report]) -> AnyView {
    let doubts: Vec<_> = question.doubts.iter().map(|doubt| view! { <li>{doubt.clone()}</li> }).collect();
    let complaints: Vec<_> = reports
        .iter()
        .map(|report| {
            let note = if report.note.is_empty() { String::new() } else { format!(": “{}”", report.note) };
            view! { <li>{report.by.clone()} " reports: " {report.reason.name()} {note}</li> }
        })
        .collect();
    let badge = if !reports.is_empty() {
        Some((Tone::Bad, "Reported"))
    } else if question.approved {
        Some((Tone::Good, "Checked"))
    } else if !question.needs_look() {
        None
    } else if question.key.is_none() && question.kind != Kind::Group {
        Some((Tone::Bad, "No answer key"))
    } else {
        Some((Tone::Fair, "Needs a look"))
    };
    view! {
        {badge.map(|(tone, text)| view! { <Badge tone=tone text=text/> })}
        {(!doubts.is_empty()).then(|| view! { <ul class="doubts">{doubts}</ul> })}
        {(!complaints.is_empty()).then(|| view! { <ul class="doubts">{complaints}</ul> })}
    }
    .into_any()
}

/// The place of an answer key in the marking scheme or the paper: open beside the chosen item, else one tap away.
fn printed_key(key: &Key, path: &str, desk: &Desk) -> Option<AnyView> {
    let (document, region, place) = match key.source {
        KeySource::Scheme(region) => (desk.scheme?, region, "the marking scheme"),
        KeySource::Paper(region) => (desk.document, region, "the paper"),
        KeySource::Person | KeySource::WorkedOut | KeySource::Earlier => return None,
    };
    let images = crops(&[region], document, &format!("The answer to {path}"));
    let open = desk.chosen.with(|chosen| *chosen == path);
    (!images.is_empty()).then(|| {
        view! {
            <details class="in-paper" open=open>
                <summary>{format!("As printed in {place}, page {}", region.page)}</summary>
                {images}
            </details>
        }
        .into_any()
    })
}
