//! Choosing a quiz from a document, or from all documents of a subject.

use exam_model::format;
use exam_model::paper::section_rule;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::api::quizzes::{StartQuiz, get_quiz_form, get_subjects};
use crate::components::field::{Field, FieldError, FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::progress::SubjectLine;
use crate::domain::quiz::{Feedback, MAX_QUESTIONS, QuizForm, WholePaper};

#[component]
pub fn NewQuizPage() -> impl IntoView {
    let query = use_query_map();
    let id = move |name: &str| query.with(|q| q.get(name).and_then(|id| id.parse::<Uuid>().ok()));
    let named = move || query.with(|q| q.get("document").is_some() || q.get("subject").is_some());
    let form = Resource::new(
        move || (id("document"), id("subject"), named()),
        |(document, subject, named)| async move {
            if named { get_quiz_form(document, subject).await.map(Ok) } else { get_subjects().await.map(Err) }
        },
    );
    let start = ServerAction::<StartQuiz>::new();
    view! {
        <Page title="Practise">
            <Load
                resource=form
                view=move |form| match form {
                    Ok(form) => choose(form, id("topic"), start),
                    Err(subjects) => choose_subject(subjects),
                }
            />
        </Page>
    }
}

/// The subjects to practise, with links.
fn choose_subject(subjects: Vec<SubjectLine>) -> AnyView {
    let empty = subjects.is_empty();
    let lines: Vec<_> = subjects
        .into_iter()
        .map(|subject| {
            let href = format!("/quizzes/new?subject={}", subject.id);
            view! {
                <li class="card">
                    <h2>
                        <a href=href>{subject.name}</a>
                    </h2>
                    <p class="facts">{subject.level} " · " {format::count(subject.papers, "paper")}</p>
                </li>
            }
        })
        .collect();
    view! {
        <h1>"Practise a subject"</h1>
        {empty.then(|| view! { <p class="empty">"There are no papers with answer keys yet. Ask your school to add some."</p> })}
        <ul class="cards">{lines}</ul>
    }
    .into_any()
}

fn choose(form: QuizForm, topic: Option<Uuid>, start: ServerAction<StartQuiz>) -> AnyView {
    let error = error_of(start);
    let source = move || {
        let (name, id) = match form.document {
            Some(id) => ("document", id),
            None => ("subject", form.subject.unwrap_or_default()),
        };
        view! { <input type="hidden" name=name value=id.to_string()/> }
    };
    let main = form.exam.is_none();
    let exam = form.exam.map(|exam| real_exam(exam, source().into_any(), start));
    let there = form.questions > 0;
    let exam_on = format!("{}: {} to go", format::day(form.exam_on), format::count(form.days_left, "day"));
    let next = there.then(|| {
        view! {
            <ActionForm action=start attr:class="card form">
                <h2>"What to do next"</h2>
                <p>
                    "The best questions for you now. Your exam is on "{exam_on}
                    ". Questions that you got wrong come back. Each says why it was chosen."
                </p>
                {source()}
                <input type="hidden" name="mode" value="adaptive"/>
                <Field id="next-count" label="Questions at a time" name="count" kind="number" value="10" range=(1, MAX_QUESTIONS) error/>
                {feedback()}
                <button class=if main { "" } else { "plain" }>"Start with these"</button>
            </ActionForm>
        }
    });
    let topics: Vec<_> = form
        .topics
        .into_iter()
        .map(|(id, name, questions)| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="topics[]" value=id.to_string() checked=topic == Some(id)/>
                    <span>{name} " " <small>{format::count(questions, "question")}</small></span>
                </label>
            }
        })
        .collect();
    let by_topic = there.then(|| {
        view! {
            <ActionForm action=start attr:class="card form">
                <h2>"By topic"</h2>
                <p>"Questions you have not answered yet come first."</p>
                {source()}
                <input type="hidden" name="mode" value="topic-focused"/>
                <fieldset class="choices">
                    <legend>"Topics (choose none for all)"</legend>
                    {topics}
                </fieldset>
                <FieldError name="topics" error/>
                <Field label="How many questions" name="count" kind="number" value="10" range=(1, MAX_QUESTIONS) error/>
                {feedback()}
                <p class="hint">{format!("There are {} to choose from.", format::count(form.questions, "question"))}</p>
                <button class="plain">"Start the quiz"</button>
            </ActionForm>
        }
    });
    let notes: Vec<_> = not_asked(form.questions, form.unmarked, form.waiting)
        .into_iter()
        .map(|words| view! { <p class="note">{words}</p> })
        .collect();
    view! {
        <h1>"Practise: " {form.title}</h1>
        <FormError error fields=&["topics", "count"]/>
        {notes}
        <div class="two">{exam} {next} {by_topic}</div>
    }
    .into_any()
}

/// When to see the marks.
fn feedback() -> impl IntoView {
    let choices = Feedback::ALL.map(|(feedback, word, words)| {
        view! {
            <label class="choice">
                <input type="radio" name="feedback" value=word checked=feedback == Feedback::Immediate/>
                <span>{words}</span>
            </label>
        }
    });
    view! { <fieldset class="choices"><legend>"When do you see your marks?"</legend> {choices.into_iter().collect_view()}</fieldset> }
}

/// What cannot be asked or marked, and why, in sentences.
fn not_asked(questions: i64, unmarked: i64, waiting: i64) -> Vec<String> {
    let mut words = Vec::new();
    if questions == 0 && waiting == 0 {
        words.push("This paper has no answers yet. Your work is saved, but it cannot be marked.".to_owned());
    } else if unmarked > 0 {
        words.push(format!(
            "Not marked, because nobody has written the answer yet: {}. This does not count for or against you.",
            format::count(unmarked, "part")
        ));
    }
    if waiting > 0 {
        words.push(format!(
            "{} made from these notes will be here once somebody has checked and approved them.",
            format::count(waiting, "question")
        ));
    }
    words
}

fn real_exam(exam: WholePaper, source: AnyView, start: ServerAction<StartQuiz>) -> impl IntoView {
    let marks = if exam.marks > 0.0 { format!("{}, ", format::marks_long(exam.marks)) } else { String::new() };
    let sections: Vec<_> = exam.sections.iter().map(|section| view! { <li>{section_rule(section)}</li> }).collect();
    view! {
        <ActionForm action=start attr:class="card form">
            <h2>"Real exam"</h2>
            <p>
                {format!("The whole paper, {marks}in {}.", format::minutes(exam.minutes.into()))}
            </p>
            <ul class="sections">{sections}</ul>
            <p>"The clock starts at once. It keeps running when you close the page. Every answer is saved as you go."</p>
            {source}
            <input type="hidden" name="mode" value="real-exam"/>
            <button>"Start the exam"</button>
        </ActionForm>
    }
}
