//! Choosing a quiz from a document.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::quizzes::{QuizForm, StartQuiz, get_quiz_form};
use crate::components::field::{Field, FieldError, FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::format;
use crate::domain::paper::{Rule, Section};
use crate::domain::quiz::MOST_QUESTIONS;
use crate::error::AppError;

#[component]
pub fn NewQuizPage() -> impl IntoView {
    let query = use_query_map();
    let document = move || query.with(|q| q.get("document").and_then(|id| id.parse().ok())).ok_or(AppError::NotFound);
    let form = Resource::new(document, |document| async move { get_quiz_form(document?).await });
    let start = ServerAction::<StartQuiz>::new();
    view! {
        <Page title="Practise">
            <Load resource=form view=move |form| choose(form, start)/>
        </Page>
    }
}

/// "Section B: any 3 of its questions".
pub fn section_rule(section: &Section) -> String {
    let name = if section.label.is_empty() { "The paper".to_owned() } else { format!("Section {}", section.label) };
    match section.rule {
        Rule::All => format!("{name}: all questions"),
        Rule::Choose(n) => {
            format!("{name}: any {n} questions; if you answer more, the first {n} count, or those that you tick")
        }
        Rule::Best(n) => format!("{name}: the best {n} questions that you answer count"),
    }
}

fn choose(form: QuizForm, start: ServerAction<StartQuiz>) -> AnyView {
    let error = error_of(start);
    let id = form.document.id.to_string();
    let unmarked = form.document.question_count - form.document.keyed_count;
    let sections: Vec<_> = form.sections.iter().map(|section| view! { <li>{section_rule(section)}</li> }).collect();
    let warning = (unmarked > 0).then(|| {
        let words = if form.document.keyed_count == 0 {
            "There is no marking scheme for this document yet, so your answers are kept but cannot be marked."
                .to_owned()
        } else {
            format!(
                "{} cannot be marked, because the marking scheme says nothing on them; they do not count.",
                format::count(unmarked, "item")
            )
        };
        view! { <p class="note">{words}</p> }
    });
    let topics: Vec<_> = form
        .topics
        .into_iter()
        .map(|(topic, name, items)| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="topics[]" value=topic.to_string()/>
                    <span>{name} " " <small>{format::count(items, "item")}</small></span>
                </label>
            }
        })
        .collect();
    let by_topic = (form.document.keyed_count > 0).then(|| {
        let id = id.clone();
        view! {
            <ActionForm action=start attr:class="card form">
                <h2>"By topic"</h2>
                <p>"Questions you have not answered yet come first."</p>
                <input type="hidden" name="document" value=id/>
                <input type="hidden" name="mode" value="topic-focused"/>
                <fieldset class="choices">
                    <legend>"Topics (none chosen: all)"</legend>
                    {topics}
                </fieldset>
                <FieldError name="topics" error/>
                <Field label="How many questions" name="count" kind="number" value="10" range=(1, MOST_QUESTIONS) error/>
                <button class="plain">"Start the quiz"</button>
            </ActionForm>
        }
    });
    view! {
        <h1>"Practise: " {form.document.title.clone()}</h1>
        <FormError error fields=&["topics", "count"]/>
        {warning}
        <div class="two">
            <ActionForm action=start attr:class="card form">
                <h2>"Real exam"</h2>
                <p>
                    {format!("The whole paper, {}, in {}.", format::marks_long(form.marks), format::minutes(form.minutes.into()))}
                </p>
                <ul class="sections">{sections}</ul>
                <p>"The clock starts at once and goes on when you close the page. Every answer is saved as you give it."</p>
                <input type="hidden" name="document" value=id/>
                <input type="hidden" name="mode" value="real-exam"/>
                <button>"Start the exam"</button>
            </ActionForm>
            {by_topic}
        </div>
    }
    .into_any()
}
