//! A document in a list, and the state of its reading.

use exam_model::format;
use exam_model::paper::Cover;
use exam_model::question::Region;
use leptos::prelude::*;
use uuid::Uuid;

use super::badge::{Badge, Tone};
use super::reading::ReadingBadge;
use crate::components::page_viewer::anchor;
use crate::domain::document::{Document, PICTURE_WIDTHS, Reading};
use crate::domain::search::Match;

/// Level, subject, year, time and marks, where known. `total` is the `Quiz::total` of the whole paper; a different total
/// on the cover is listed beside it.
pub fn facts(document: &Document, cover: &Cover, total: f64) -> Vec<String> {
    let by_cover = cover.total.filter(|marks| *marks != total);
    let facts = [
        document.level.clone(),
        document.subject.clone(),
        document.year.map(|year| year.to_string()),
        cover.duration.map(|minutes| format::minutes(minutes.into())),
        (total > 0.0).then(|| format::marks_long(total)),
        by_cover.map(|marks| format!("{} on the cover", format::marks_long(marks))),
    ];
    facts.into_iter().flatten().collect()
}

/// The URL of a page's picture, and its URLs by width for `srcset`, so that a slow phone loads the small one.
pub fn page_picture(document: Uuid, number: u32) -> (String, String) {
    by_width(&format!("/documents/{document}/pages/{number}?"))
}

/// The same for a region of a page, in whole points.
pub fn crop_picture(document: Uuid, region: Region) -> (String, String) {
    let Region { page, x, y, width, height } = region;
    let [x, y, width, height] = [x, y, width, height].map(|at| at.max(0.0) as u32);
    by_width(&format!("/documents/{document}/pages/{page}/crop?x={x}&y={y}&w={width}&h={height}&"))
}

fn by_width(address: &str) -> (String, String) {
    let of = |width: u32| format!("{address}width={width}");
    let all: Vec<String> = PICTURE_WIDTHS.iter().map(|&width| format!("{} {width}w", of(width))).collect();
    (of(PICTURE_WIDTHS[1]), all.join(", "))
}

/// A document in the library, with a link to `href`.
#[component]
pub fn DocumentCard(document: Document, href: String) -> impl IntoView {
    let mut facts = facts(&document, &Cover::default(), 0.0);
    facts.extend((document.question_count > 0).then(|| format::count(document.question_count, "question")));
    facts.extend((document.to_look_at > 0).then(|| format!("{} to look at", document.to_look_at)));
    let shared = document.shared_by.as_ref().map(|by| {
        view! { <p class="facts">{format!("Shared with you by {} on {}", by.name, format::date(by.since))}</p> }
    });
    // Only on a wide screen: a browser does not load a lazy picture that is not displayed.
    let has_cover = document.page_count > 0 && document.reading == Reading::Ready;
    let cover = has_cover.then(|| {
        let src = format!("/documents/{}/pages/1?width={}", document.id, PICTURE_WIDTHS[0]);
        view! { <img class="cover" src=src alt="" width="96" height="136" loading="lazy"/> }
    });
    let matches: Vec<_> = document.matches.iter().map(|question| found(document.id, question)).collect();
    view! {
        <li class="card document">
            <h2>
                <a href=href>{document.title.clone()}</a>
            </h2>
            <p class="facts">{facts.join(" · ")}</p>
            {shared}
            {(!matches.is_empty()).then(|| view! { <ul class="matches">{matches}</ul> })}
            <p class="badges">
                {document.archived.is_some().then(|| view! { <Badge tone=Tone::Fair text="Archived"/> })}
                {document.is_personal.then(|| view! { <Badge tone=Tone::Quiet text="Personal"/> })}
                {(!document.is_personal && !document.published && document.reading == Reading::Ready)
                    .then(|| view! { <Badge tone=Tone::Fair text="Not published"/> })}
                <ReadingBadge document/>
            </p>
            {cover}
        </li>
    }
}

/// A question that matches a search, with a link to its place.
fn found(document: Uuid, question: &Match) -> impl IntoView + use<> {
    let place = if question.page.is_some() { anchor(&question.path) } else { String::new() };
    let excerpt = question.excerpt.iter().cloned().map(|piece| match piece.found {
        true => view! { <mark>{piece.text}</mark> }.into_any(),
        false => piece.text.into_any(),
    });
    view! {
        <li>
            <a href=format!("/documents/{document}{place}")>{format!("Question {}", question.path)}</a>
            " "
            {excerpt.collect::<Vec<_>>()}
        </li>
    }
}
