//! Marking by hand: the questions with answers of which the program is not sure, and the answers of one question.

use exam_model::format;
use exam_model::question::Question;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::exams::{MarkAnswer, get_marking_queue, get_question_to_mark};
use crate::components::badge::{Badge, Tone};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::question::crops;
use crate::components::shown;
use crate::components::table::Table;
use crate::domain::manual_marking::{AnswerToMark, QuestionToMark, WaitingQuestion};
use crate::pages::attempts::result::answered;
use crate::pages::id_param;

/// The questions with answers that wait for a person.
#[component]
pub fn MarkingQueuePage() -> impl IntoView {
    let queue = Resource::new(|| (), |()| get_marking_queue());
    view! {
        <Page title="Answers to mark">
            <Load title="Answers to mark" resource=queue view=queue_table/>
        </Page>
    }
}

fn queue_table(waiting: Vec<WaitingQuestion>) -> AnyView {
    if waiting.is_empty() {
        return view! { <p class="empty">"No answer waits for a person. The program is sure of all its marks."</p> }
            .into_any();
    }
    let rows: Vec<_> = waiting
        .into_iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/admin/marking/{}", line.question)>{format!("{}, {}", line.paper, line.path)}</a>
                    </th>
                    <td>{format::shortened(&line.text, 120)}</td>
                    <td class="number">{line.answers}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <p>"The program marked these answers as well as it can, or has no answer key for them. A person decides."</p>
        <Table caption="Questions, those with the most answers first" head=vec!["Question", "Text", "Answers"]>
            {rows}
        </Table>
    }
    .into_any()
}

/// The answers of one question, equal ones together, without the pupils' names.
#[component]
pub fn MarkingPage() -> impl IntoView {
    let id = id_param();
    let mark = ServerAction::<MarkAnswer>::new();
    let question = Resource::new(id, |id| async move { get_question_to_mark(id?).await });
    view! {
        <Page title="Mark by hand">
            <Load resource=question view=move |question| sheet(question, mark)/>
        </Page>
    }
}

fn sheet(to_mark: QuestionToMark, mark: ServerAction<MarkAnswer>) -> AnyView {
    let QuestionToMark { document, paper, question, answers } = to_mark;
    let waiting: i64 = answers.iter().filter(|answer| answer.waits).map(|answer| answer.attempts).sum();
    let key = question.key.as_ref().map(|key| {
        let words = answered(&question, &key.options, Some(document)).unwrap_or_else(|| key.text.clone().into_any());
        view! { <p class="key">"Right answer: " <b>{words}</b></p> }
    });
    let images = crops(&question.regions, document, &format!("Question {}", question.path));
    let lines: Vec<_> = answers
        .into_iter()
        .zip(1..)
        .map(|(answer, number)| answer_form(&question, document, answer, number, mark))
        .collect();
    let none = lines.is_empty().then(|| view! { <p class="empty">"Nobody has answered this yet."</p> });
    view! {
        <h1>{format!("{paper}, question {}", question.path)}</h1>
        <p class="text">{shown::stem(&question, Some(document))}</p>
        {key}
        <details class="in-paper"><summary>"As printed in the paper"</summary> {images}</details>
        <p class="facts">{format!("{} to mark", format::count(waiting, "answer"))}</p>
        <FormError error=error_of(mark)/>
        {none}
        <ul class="answers">{lines}</ul>
        <p><a href="/admin/marking">"All answers to mark"</a></p>
    }
    .into_any()
}

/// An answer with a button for each mark; the note is for the pupils.
fn answer_form(
    question: &Question,
    document: Uuid,
    line: AnswerToMark,
    number: usize,
    mark: ServerAction<MarkAnswer>,
) -> AnyView {
    let (id, given) = (question.id.to_string(), answered(question, &line.answer.0, Some(document)));
    let state = if line.by_hand {
        let by = if line.markers.is_empty() { String::new() } else { format!(" by {}", line.markers.join(", ")) };
        Some(view! { <Badge tone=Tone::Good text=format!("Marked by hand{by}")/> })
    } else {
        line.waits.then(|| view! { <Badge tone=Tone::Fair text="Waits"/> })
    };
    let pupils = format::count(line.attempts, "attempt");
    let now = format!("{} of {}", format::marks(line.marked.marks), format::marks_long(line.marked.of));
    let buttons: Vec<_> = choices(line.marked.of)
        .into_iter()
        .map(|marks| {
            let words = format::marks(marks);
            let label = format!("{} for answer {number}", format::marks_long(marks));
            view! { <button class="plain" name="marks" value=words.clone() aria-label=label>{words.clone()}</button> }
        })
        .collect();
    view! {
        <li class="card">
            <blockquote class="text">{given}</blockquote>
            <p class="facts">
                {state} " " {now} " · " {pupils} " · "
                <a href=format!("/attempts/{}/result", line.attempt)>"See one"</a>
            </p>
            <p class="reason">{line.marked.reason.clone()}</p>
            <ActionForm action=mark attr:class="form">
                <input type="hidden" name="question" value=id/>
                <input type="hidden" name="attempt" value=line.attempt.to_string()/>
                <input
                    name="note"
                    maxlength="500"
                    aria-label=format!("Note for the pupil about answer {number}")
                    placeholder="A note for the pupil, if you like"
                    autocomplete="off"
                />
                <div class="actions">{buttons}</div>
            </ActionForm>
        </li>
    }
    .into_any()
}

/// The marks to choose from: halves up to 5, else whole ones, of very many every fifth, and always all of them.
fn choices(of: f64) -> Vec<f64> {
    let step = match of {
        ..=5.0 => 0.5,
        ..=30.0 => 1.0,
        _ => 5.0,
    };
    let mut choices: Vec<f64> = (0..).map(|n| f64::from(n) * step).take_while(|marks| *marks < of).collect();
    choices.push(of);
    choices
}
