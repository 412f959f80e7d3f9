//! Practice: one question at a time without a clock, with its marks and the reason as soon as it is answered.

use std::collections::HashMap;

use exam_model::answer::Verdict;
use exam_model::format;
use exam_model::question::Question;
use leptos::prelude::*;
use uuid::Uuid;

use super::result::{Whole, verdict, whole};
use crate::api::attempts::{CheckQuestion, StopPractice};
use crate::components::badge::Badge;
use crate::components::field::{FieldError, FormError, error_of};
use crate::components::question::{Above, question_to_answer, question_tree, source};
use crate::components::strip::{StripLink, strip};
use crate::domain::attempt::OpenAttempt;
use crate::domain::scoring::ItemResult;

/// The question with this number, from 1, or else the first that is not checked.
pub fn practice(attempt: OpenAttempt, number: Option<usize>) -> AnyView {
    let items: HashMap<Uuid, &ItemResult> = attempt.checked.iter().map(|item| (item.question_id, item)).collect();
    let questions = &attempt.quiz.questions;
    let told: Vec<Option<Whole>> = questions
        .iter()
        .map(|question| {
            let is_checked = question.leaves().iter().any(|leaf| items.contains_key(&leaf.id));
            is_checked.then(|| whole(question, &items))
        })
        .collect();
    let first = || told.iter().position(Option::is_none);
    let asked = number.and_then(|number| number.checked_sub(1)).filter(|&place| place < questions.len());
    let Some(place) = asked.filter(|&place| told[place].is_some() || !attempt.state.closed).or_else(first) else {
        return view! { <h1>{attempt.quiz.title.clone()}</h1> {onwards(&attempt, &told)} }.into_any();
    };
    let question = &questions[place];
    let shown = match &told[place] {
        Some(whole) => {
            let next = onwards(&attempt, &told);
            checked(&attempt, question, whole, &items, next).into_any()
        }
        None => open(&attempt, question, place + 1).into_any(),
    };
    let many = questions.len() > 1;
    view! {
        <h1 class="quiet">{attempt.quiz.title.clone()}</h1>
        {(!attempt.quiz.note.is_empty()).then(|| view! { <p class="note">{attempt.quiz.note.clone()}</p> })}
        {many.then(|| numbers(&attempt, &told, place))}
        {shown}
        {(!attempt.state.closed && many && told.iter().any(Option::is_none))
            .then(|| stop(attempt.id, told.iter().any(Option::is_some)))}
    }
    .into_any()
}

/// All questions by number, with the colour of what they earned.
fn numbers(attempt: &OpenAttempt, told: &[Option<Whole>], here: usize) -> impl IntoView + use<> {
    let link = |(place, whole): (usize, &Option<Whole>)| {
        let number = (place + 1).to_string();
        let (class, state) = match whole {
            Some(whole) => (whole.tone().class(), whole.name()),
            None => ("badge", "Not answered yet"),
        };
        let href = format!("/attempts/{}?question={number}", attempt.id);
        StripLink { href, number, class, state, here: place == here }
    };
    strip(told.iter().enumerate().map(link).collect::<Vec<_>>())
}

/// A question to answer.
fn open(attempt: &OpenAttempt, question: &Question, number: usize) -> impl IntoView + use<> {
    let action = ServerAction::<CheckQuestion>::new();
    let error = error_of(action);
    let tree = question_to_answer(question, attempt.document_id, &attempt.answers, Above::Page);
    let (attempt, question) = (attempt.id.to_string(), question.id.to_string());
    view! {
        <ActionForm action>
            <input type="hidden" name="attempt" value=attempt/>
            <input type="hidden" name="question" value=question/>
            <input type="hidden" name="number" value=number.to_string()/>
            <article class="question">{tree}</article>
            <FormError error fields=&["answers"]/>
            <FieldError name="answers" error/>
            <p class="actions">
                <button>"Check"</button>
                <button class="plain" name="then" value="show">"I do not know: show the answer"</button>
            </p>
        </ActionForm>
    }
}

/// A question with what its answer earned and why.
fn checked(
    attempt: &OpenAttempt,
    question: &Question,
    whole: &Whole,
    items: &HashMap<Uuid, &ItemResult>,
    next: AnyView,
) -> impl IntoView + use<> {
    let below = |item: &Question| match items.get(&item.id) {
        Some(result) => verdict(item, result, source(question, attempt.document_id)),
        None => ().into_any(),
    };
    let marks = format!("{} of {}", format::marks(whole.earned), format::marks_long(whole.possible));
    view! {
        <section id="told" class="card told" tabindex="-1">
            <p>
                <Badge tone=whole.tone() text=whole.name()/>
                " " {remark(whole)} " " <b class="number">{marks}</b>
            </p>
            {next}
        </section>
        <article class="question">{question_tree(question, attempt.document_id, 0, &below)}</article>
    }
}

/// To the next question, or to the result.
fn onwards(attempt: &OpenAttempt, told: &[Option<Whole>]) -> AnyView {
    if attempt.state.closed {
        view! { <a class="button" href=format!("/attempts/{}/result", attempt.id)>"See how you did"</a> }.into_any()
    } else if told.iter().any(Option::is_none) {
        view! { <a class="button" href=format!("/attempts/{}", attempt.id)>"Next question"</a> }.into_any()
    } else {
        // Everything is told, but closing it did not work.
        stop(attempt.id, true).into_any()
    }
}

fn remark(whole: &Whole) -> &'static str {
    match whole.verdict {
        _ if whole.is_provisional => "Compare it with the answer below.",
        Verdict::Right => "Well done.",
        Verdict::Partly => "Nearly. See below what is missing.",
        Verdict::Wrong => "Not this time. See below why.",
        Verdict::Blank => "Read the answer below. The question comes back another day.",
        Verdict::Unmarked => "The reason is below.",
    }
}

fn stop(attempt: Uuid, begun: bool) -> impl IntoView {
    let action = ServerAction::<StopPractice>::new();
    let words = if begun { "Stop here and see how you did" } else { "Stop here" };
    view! {
        <FormError error=error_of(action)/>
        <ActionForm action>
            <input type="hidden" name="attempt" value=attempt.to_string()/>
            <p class="actions"><button class="plain">{words}</button></p>
            <p class="hint">"You can come back for 24 hours, until you start another practice. Only what you answered counts."</p>
        </ActionForm>
    }
}
