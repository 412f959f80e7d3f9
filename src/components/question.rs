//! A question as in the paper: number, stem, marks, picture, parts.

use std::collections::BTreeMap;

use exam_model::answer::Answer;
use exam_model::columns::{Columns, Entry};
use exam_model::format;
use exam_model::language::Language;
use exam_model::question::{Kind, MadeFrom, Question, Region};
use exam_model::shown::Show;
use leptos::prelude::*;
use uuid::Uuid;

use super::answer::AnswerControl;
use super::document::crop_picture;
use super::{cloze, shown};

/// The document that a question of a quiz is from: its own, or that of the whole quiz.
pub fn source(question: &Question, document: Option<Uuid>) -> Option<Uuid> {
    question.drawn.as_ref().map(|drawn| drawn.document).or(document)
}

/// A question with its parts; `below` renders what comes under each item that can be answered.
pub fn question_tree(
    question: &Question,
    document: Option<Uuid>,
    level: u8,
    below: &dyn Fn(&Question) -> AnyView,
) -> AnyView {
    tree(question, document, level, None, &|_| None, below)
}

/// What an item that is answered stands under: the heading of the page, that of a section, or a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    Page,
    Section,
    Question,
}

/// A question with its parts and the controls to answer them, holding the answers as last saved. Its number is a heading, and the
/// control of each item is named by its number and text: they are how who cannot see finds and hears them.
pub fn question_to_answer(
    question: &Question,
    document: Option<Uuid>,
    answers: &BTreeMap<Uuid, Answer>,
    above: Above,
) -> AnyView {
    let answer = |item: &Question| answers.get(&item.id).cloned().unwrap_or_default();
    let within = |item: &Question| {
        let answer = answer(item);
        cloze::is_in_sentence(item, &answer).then(|| cloze::sentence(item, &answer))
    };
    let document_of_all = source(question, document);
    let below = |item: &Question| {
        let names = format!("number-{0} text-{0}", item.path);
        view! {
            <div role="group" aria-labelledby=names>
                <AnswerControl item=item.clone() document=document_of_all answer=answer(item)/>
            </div>
        }
        .into_any()
    };
    tree(question, document, 0, Some(above), &within, &below)
}

/// The same; its number is a heading below what is `above`, and `within` renders a stem that is answered where it stands.
fn tree(
    question: &Question,
    document: Option<Uuid>,
    level: u8,
    above: Option<Above>,
    within: &dyn Fn(&Question) -> Option<AnyView>,
    below: &dyn Fn(&Question) -> AnyView,
) -> AnyView {
    let marks = question.marks.map(|marks| view! { <span class="marks">{format::marks_long(marks)}</span> });
    let document = source(question, document);
    let picture = document.and_then(|id| picture(question, id, level));
    let inner = if question.parts.is_empty() {
        below(question)
    } else {
        let parts: Vec<_> = question
            .parts
            .iter()
            .map(|part| tree(part, document, level + 1, above.map(|_| Above::Question), within, below))
            .collect();
        view! { <div class="parts">{parts}</div> }.into_any()
    };
    let columns = columns(question).filter(|_| question.shown.how == Show::Text);
    let stem = match &columns {
        Some(columns) => columns.stem.clone().into_any(),
        None => within(question).unwrap_or_else(|| shown::stem(question, document)),
    };
    let id = above.map(|_| format!("text-{}", question.path));
    view! {
        <div class="item" id=format!("q-{}", question.path) lang=language(question).map(Language::tag)>
            <div class="stem">
                {number(question, above)}
                <p class="text" id=id tabindex=shown::tab_stop(question)>{stem}</p>
                {marks}
            </div>
            {columns.map(table_of)}
            {whence(question)}
            {picture}
            {inner}
        </div>
    }
    .into_any()
}

/// An item's label, by which its control is named if it is answered.
fn number(question: &Question, above: Option<Above>) -> AnyView {
    let (id, label) = (format!("number-{}", question.path), question.label.clone());
    let name = format!("Question {}", question.path);
    match above {
        None => view! { <span class="number">{label}</span> }.into_any(),
        Some(Above::Question) => view! { <span class="number" id=id>{label}</span> }.into_any(),
        Some(Above::Page) => view! { <h2 class="number" id=id aria-label=name>{label}</h2> }.into_any(),
        Some(Above::Section) => view! { <h3 class="number" id=id aria-label=name>{label}</h3> }.into_any(),
    }
}

/// The language of an item's own text, for those who have it read aloud.
fn language(question: &Question) -> Option<Language> {
    let options = question.options.iter().map(|option| option.text.as_str());
    Language::of(&std::iter::once(question.text.as_str()).chain(options).collect::<Vec<_>>().join(" "))
}

/// The two columns of a question that asks to match.
pub fn columns(question: &Question) -> Option<Columns> {
    Some(&question.text).filter(|_| question.kind == Kind::Match).and_then(|text| Columns::of(text))
}

fn table_of(columns: Columns) -> impl IntoView {
    let Columns { heads, left, right, .. } = columns;
    let heads = heads.map(|heads| heads.map(|head| view! { <th>{head}</th> }).into_iter().collect::<Vec<_>>());
    let cell = |entry: Option<&Entry>| {
        let words = entry.map(|Entry { label, text }| view! { <b>{label.clone()}</b> " " {text.clone()} });
        view! { <td>{words}</td> }
    };
    let rows = (0..left.len().max(right.len()))
        .map(|n| view! { <tr>{cell(left.get(n))} {cell(right.get(n))}</tr> })
        .collect::<Vec<_>>();
    view! {
        <table class="columns">
            {heads.map(|heads| view! { <thead><tr>{heads}</tr></thead> })}
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Where a quiz question comes from, and why it was chosen.
fn whence(question: &Question) -> Option<AnyView> {
    let mut words = Vec::new();
    if let Some(drawn) = &question.drawn {
        words.extend((drawn.path != question.path).then(|| format!("Question {} of {}.", drawn.path, drawn.paper)));
        words.extend((!drawn.why.is_empty()).then(|| drawn.why.clone()));
    }
    words.extend(question.made_from.as_ref().map(MadeFrom::words));
    (!words.is_empty()).then(|| view! { <p class="hint whence">{words.join(" ")}</p> }.into_any())
}

/// The crop of the page, for the outermost item only: open if it is needed to answer, else one tap away.
fn picture(question: &Question, document: Uuid, level: u8) -> Option<AnyView> {
    let images = crops(&question.regions, document, &format!("Question {}", question.path));
    if images.is_empty() || level > 0 {
        return None;
    }
    let hidden = |item: &Question| item.figure && !item.shown.how.has_crop();
    let needed = hidden(question) || question.parts.iter().any(hidden);
    Some(
        view! {
            <details class="in-paper" open=needed>
                <summary>"As printed in the paper"</summary>
                {images}
            </details>
        }
        .into_any(),
    )
}

/// Images of regions of a document; `what` is for their alternative text.
pub fn crops(regions: &[Region], document: Uuid, what: &str) -> Vec<AnyView> {
    regions
        .iter()
        .filter(|region| region.width >= 1.0 && region.height >= 1.0)
        .map(|region| {
            let (src, srcset) = crop_picture(document, *region);
            let ratio = 720.0 * region.height / region.width;
            view! {
                <img
                    src=src
                    srcset=srcset
                    sizes="(min-width: 50rem) 46rem, 100vw"
                    alt=format!("{what} on page {}", region.page)
                    width="720"
                    height=(ratio as u32).to_string()
                    loading="lazy"
                />
            }
            .into_any()
        })
        .collect()
}
