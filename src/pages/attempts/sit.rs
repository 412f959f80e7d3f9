//! The exam page: the paper, the time left, the badge that says what is saved, and nothing else.

use exam_model::paper::Rule;
use exam_model::paper::section_rule;
use exam_model::question::Question;
use leptos::prelude::*;

use super::exam_form::{ExamForm, Start};
use super::overview::Outline;
use super::palette::{flag, palette};
use super::practice::practice;
use super::unsent::SendUnsent;
use crate::api::attempts::{SaveAnswers, get_open_attempt};
use crate::components::layout::Page;
use crate::components::load::Problem;
use crate::components::page_title::PageTitle;
use crate::components::question::{Above, question_to_answer};
use crate::domain::attempt::OpenAttempt;
use crate::domain::journal::Field;
use crate::domain::quiz::Feedback;
use crate::pages::{id_param, query_words};

#[component]
pub fn AttemptPage() -> impl IntoView {
    let id = id_param();
    let attempt = Resource::new(id, |id| async move { get_open_attempt(id?).await });
    let number = query_words(["question"]);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match attempt.await {
                    Ok(attempt) if attempt.quiz.feedback == Feedback::Immediate => {
                        let [number] = number.get_untracked();
                        view! { <Page title="Practice">{practice(attempt, number.parse().ok())}</Page> }.into_any()
                    }
                    Ok(attempt) => {
                        view! {
                            <PageTitle text="Exam"/>
                            <main id="content" class="exam">{exam(attempt)}</main>
                        }
                        .into_any()
                    }
                    Err(error) => {
                        view! {
                            <Page title="Exam">
                                <Problem error/>
                                <p class="actions"><a class="button" href="/documents">"Go to the papers"</a></p>
                            </Page>
                        }
                        .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

fn exam(attempt: OpenAttempt) -> AnyView {
    if attempt.state.closed {
        return view! {
            <SendUnsent attempt=attempt.id/>
            <section class="card">
                <h1>"This quiz is over"</h1>
                <p>"Your answers were handed in and marked."</p>
                <a class="button" href=format!("/attempts/{}/result", attempt.id)>"See your marks"</a>
            </section>
        }
        .into_any();
    }
    let questions = questions(&attempt);
    let outline = Outline::of(&attempt);
    let palette = palette(&attempt);
    let OpenAttempt { id, quiz, state, messages, marks_may_come_later, writer, shown_at, .. } = attempt;
    let hand_in = if marks_may_come_later { "Hand in: your marks may come later" } else { "Hand in and see the marks" };
    let start = Start {
        attempt: id,
        title: quiz.title,
        note: quiz.note,
        state,
        messages,
        hand_in: hand_in.to_owned(),
        writer,
        shown_at: shown_at.timestamp_millis(),
    };
    // The error of a form that was sent without JavaScript.
    let refused = ServerAction::<SaveAnswers>::new().value().get_untracked().and_then(Result::err);
    let refused = refused.map(|error| error.to_string());
    view! {
        <ExamForm start outline refused>{questions} {palette}</ExamForm>
        <p class="facts"><a href=format!("/attempts/{id}/move")>"Continue on another device"</a></p>
    }
    .into_any()
}

/// The questions with their answer controls, each section under its rule.
fn questions(attempt: &OpenAttempt) -> Vec<AnyView> {
    let mut current: Option<String> = None;
    let questions = attempt.quiz.questions.iter().map(|question| {
        let section = attempt.quiz.sections.iter().find(|section| section.holds(question));
        let is_new = question.section != current;
        current.clone_from(&question.section);
        let heading =
            section.filter(|_| is_new).map(|section| view! { <h2 class="section">{section_rule(section)}</h2> });
        let choice = section
            .filter(|section| section.rule != Rule::All)
            .map(|_| choice(question, attempt.chosen.contains(&question.id)));
        let controls = question_to_answer(
            question,
            attempt.document_id,
            &attempt.answers,
            section.map_or(Above::Page, |_| Above::Section),
        );
        view! {
            {heading}
            <article class="question">{choice} {controls} {flag(question)}</article>
        }
        .into_any()
    });
    questions.collect()
}

/// The checkbox that makes a question of a "choose 3 of 5" section count.
fn choice(question: &Question, chosen: bool) -> AnyView {
    let name = Field::Choice(question.id).control_name();
    view! {
        // An empty value stands for "not ticked", which a form would not send.
        <input type="hidden" name=name.clone() value=""/>
        <label class="choice counts">
            <input type="checkbox" name=name value="yes" checked=chosen/>
            <span>"Count question " {question.path.clone()}</span>
        </label>
    }
    .into_any()
}
