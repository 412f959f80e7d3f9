//! Questions of a topic for the board: all to print, or one at a time to project, each answer hidden until it is asked for.

use exam_model::format;
use exam_model::question::Question;
use leptos::prelude::*;
use leptos_router::location::Url;
use uuid::Uuid;

use crate::api::analytics::get_board;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::question::crops;
use crate::components::shown;
use crate::domain::monday::{Board, BoardQuestion};
use crate::error::AppError;
use crate::pages::attempts::result::answered;
use crate::pages::query_words;

#[component]
pub fn BoardPage() -> impl IntoView {
    let asked = query_words(["class", "topic", "question"]);
    let board = Resource::new(
        move || asked.get(),
        |[class, topic, _]| async move {
            let id = |word: String| word.parse::<Uuid>().map_err(|_| AppError::NotFound);
            get_board(id(class)?, id(topic)?).await
        },
    );
    view! {
        <Page title="Questions for the board">
            <Load resource=board view=move |board| show(board, asked.get())/>
        </Page>
    }
}

fn show(board: Board, [class, topic, number]: [String; 3]) -> AnyView {
    let all = format!("/admin/monday/board?class={class}&topic={topic}");
    let back = view! { <a class="button plain" href=format!("/admin/monday?class={class}&subject={}", Url::escape(&board.subject))>"What to teach again"</a> };
    let title = view! {
        <h1>{board.topic.clone()}</h1>
        <p class="facts">{board.class.clone()}</p>
    };
    if board.questions.is_empty() {
        return view! {
            {title}
            <p class="empty">"No published question of this topic has an answer key."</p>
            <p class="actions">{back}</p>
        }
        .into_any();
    }
    let last = board.questions.len();
    let Ok(number) = number.parse::<usize>() else {
        let questions: Vec<_> =
            board.questions.iter().map(|one| view! { <li class="card">{question(one)}</li> }).collect();
        return view! {
            {title}
            <ol class="board-sheet">{questions}</ol>
            <p class="actions"><a class="button" href=format!("{all}&question=1")>"Project one at a time"</a> {back}</p>
        }
        .into_any();
    };
    let number = number.clamp(1, last);
    let to = |number: usize, words: &'static str| {
        view! { <a class="button" href=format!("{all}&question={number}")>{words}</a> }
    };
    view! {
        {title}
        <section class="board card">
            <p class="facts">{format!("Question {number} of {last}")}</p>
            {question(&board.questions[number - 1])}
        </section>
        <p class="actions">
            {(number > 1).then(|| to(number - 1, "Previous"))}
            {(number < last).then(|| to(number + 1, "Next"))}
            <a class="button plain" href=all.clone()>"All, to print"</a>
            {back}
        </p>
    }
    .into_any()
}

/// A question with its options, its marks, where it is from, and its answer one tap away.
fn question(one: &BoardQuestion) -> AnyView {
    let BoardQuestion { document, paper, question } = one;
    let source = format!("{paper}, question {}", question.path);
    let marks = question.marks.map(|marks| format!(" · {}", format::marks_long(marks)));
    let images = if question.figure { crops(&question.regions, *document, &source) } else { Vec::new() };
    let options: Vec<_> = question
        .options
        .iter()
        .map(|option| {
            let label = (!option.label.is_empty()).then(|| format!("{}. ", option.label));
            view! { <li>{label} {shown::option(option, Some(*document))}</li> }
        })
        .collect();
    let options = (!options.is_empty()).then(|| view! { <ul class="options">{options}</ul> });
    view! {
        <p class="text" tabindex=shown::tab_stop(question)>{shown::stem(question, Some(*document))}</p>
        {images}
        {options}
        <p class="facts">{source} {marks}</p>
        {answer(*document, question)}
    }
    .into_any()
}

fn answer(document: Uuid, question: &Question) -> Option<AnyView> {
    let key = question.key.as_ref()?;
    let words = answered(question, &key.options, Some(document)).unwrap_or_else(|| key.text.clone().into_any());
    Some(view! { <details><summary>"Answer"</summary> <p class="key"><b>{words}</b></p></details> }.into_any())
}
