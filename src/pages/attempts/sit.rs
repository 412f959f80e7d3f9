//! The exam page: the paper, the time left, the badge that says what is saved, and nothing else.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use exam_model::format;
use exam_model::paper::section_rule;
use exam_model::paper::{Rule, Section};
use exam_model::question::Question;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

use super::saver::{SaveStatus, Saver};
use crate::api::accounts::SignInAgain;
use crate::api::attempts::{SaveAnswers, get_open_attempt};
use crate::components::answer::AnswerControl;
use crate::components::field::{Field as FormField, error_of};
use crate::components::load::Load;
use crate::components::page_title::PageTitle;
use crate::components::question::{question_tree, source};
use crate::domain::attempt::OpenAttempt;
use crate::domain::journal::Field;
use crate::domain::quiz::Quiz;
use crate::domain::scoring::{QuestionStatus, left_out};
use crate::pages::attempts::unsent::SendUnsent;
use crate::pages::id_param;

#[component]
pub fn AttemptPage() -> impl IntoView {
    let id = id_param();
    let attempt = Resource::new(id, |id| async move { get_open_attempt(id?).await });
    view! {
        <PageTitle text="Exam"/>
        <main id="content" class="exam">
            <Load resource=attempt view=exam/>
            <Suspense>
                {move || Suspend::new(async move {
                    attempt.await.is_err().then(|| view! { <p class="actions"><a class="button" href="/documents">"Go to the papers"</a></p> })
                })}
            </Suspense>
        </main>
    }
}

fn exam(attempt: OpenAttempt) -> AnyView {
    if attempt.state.closed {
        return view! {
            <SendUnsent attempt=attempt.id sent=|| ()/>
            <section class="card">
                <h1>"This quiz is over"</h1>
                <p>"Your answers were handed in and marked."</p>
                <a class="button" href=format!("/attempts/{}/result", attempt.id)>"See your marks"</a>
            </section>
        }
        .into_any();
    }
    view! { <ExamForm attempt/> }.into_any()
}

/// The exam's form. The answers are in its own controls, so that it works before hydration and without JavaScript.
#[component]
fn ExamForm(attempt: OpenAttempt) -> impl IntoView {
    let id = attempt.id;
    let form = NodeRef::<html::Form>::new();
    let saver = Saver::new(&attempt, form);
    saver.wake(attempt.answers.clone());
    let quiz = StoredValue::new(attempt.quiz.clone());
    let overview = RwSignal::new(Overview::of(&attempt.quiz, &filled(&attempt)));

    // The error of a form that was sent without JavaScript.
    let refused = ServerAction::<SaveAnswers>::new().value().get_untracked().and_then(Result::err);
    let refused = refused.map(|error| view! { <p class="form-error" role="alert">{error.to_string()}</p> });
    let paused = move || saver.state.with(|state| state.paused);
    // The clock itself is silent; this changes, and is read out, when little time is left.
    let spoken = Memo::new(move |_| time_warning(saver.seconds_left.get()));
    let ending_at = move || saver.state.with(|state| state.ending_at);
    view! {
        <header class="exam-bar">
            <span>
                <span class="time" role="timer" aria-label="Time left">
                    {move || format::clock(saver.seconds_left.get())}
                </span>
                <small>{move || until(saver)}</small>
            </span>
            <span class="unseen" role="alert">{move || spoken.get()}</span>
            <span class="saved" class:bad=move || saver.badge.get().is_bad() role="status">
                {move || saver.badge.get().words()}
            </span>
        </header>
        <h1>{attempt.quiz.title.clone()}</h1>
        {(!attempt.quiz.note.is_empty()).then(|| view! { <p class="note">{attempt.quiz.note.clone()}</p> })}
        {refused}
        {move || (saver.badge.get() == SaveStatus::SignedOut).then(|| view! { <SignInHere saver/> })}
        {move || saver.is_elsewhere().then(|| elsewhere(saver))}
        {move || saver.over.get().then(|| over(saver))}
        {move || paused().then(|| stopped(ending_at()))}
        <form
            method="post"
            action=SaveAnswers::url()
            node_ref=form
            autocomplete="off"
            inert=move || saver.is_elsewhere() || saver.over.get()
            hidden=paused
            on:input=move |event| saver.changed(&event)
            on:submit=move |event| saver.submitted(&event)
        >
            <input type="hidden" name="attempt" value=id.to_string()/>
            <input type="hidden" name="writer" value=attempt.writer.to_string()/>
            <input type="hidden" name="shown_at" value=attempt.shown_at.timestamp_millis().to_string()/>
            {questions(&attempt)}
            <div class="hand-in">
                <button class="plain" name="then" value="save">"Save"</button>
                <details on:toggle=move |_| overview.set(quiz.with_value(|quiz| {
                    Overview::of(quiz, &saver.filled(fields(quiz)))
                }))>
                    <summary class="button">"Hand in …"</summary>
                    {move || overview.get().view()}
                    <p>"You cannot change your answers after that."</p>
                    <button
                        name="then"
                        value="submit"
                        disabled=move || saver.badge.get() == SaveStatus::HandingIn
                    >
                        "Hand in and see the marks"
                    </button>
                    <p class="field-error" role="alert">
                        {move || Some(saver.badge.get()).filter(SaveStatus::is_bad).map(|badge| badge.words())}
                    </p>
                </details>
            </div>
        </form>
        <p class="facts"><a href=format!("/attempts/{id}/move")>"Continue on another device"</a></p>
    }
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
        let document = source(question, attempt.document_id);
        let below = |item: &Question| {
            let answer = attempt.answers.get(&item.id).cloned().unwrap_or_default();
            view! { <AnswerControl item=item.clone() document answer/> }.into_any()
        };
        view! {
            {heading}
            <article class="question">{choice} {question_tree(question, attempt.document_id, 0, &below)}</article>
        }
        .into_any()
    });
    questions.collect()
}

fn until(saver: Saver) -> String {
    saver.state.with(|state| match (state.paused, state.ending_at) {
        (_, Some(_)) => "ended".to_owned(),
        (true, None) => "paused".to_owned(),
        (false, None) => format!("until {}", format::time(state.ends_at)),
    })
}

/// What a screen reader says at 10, 5 and 1 minutes before the end.
fn time_warning(seconds_left: i64) -> &'static str {
    match seconds_left {
        1..=60 => "1 minute left",
        61..=300 => "5 minutes left",
        301..=600 => "10 minutes left",
        _ => "",
    }
}

/// The notice in the place of the questions while the clock stands still.
fn stopped(ending_at: Option<DateTime<Utc>>) -> AnyView {
    let (title, words) = match ending_at {
        None => (
            "The exam is paused",
            "The clock has stopped. Your answers are saved. Wait for your school to start it again.".to_owned(),
        ),
        Some(at) => (
            "Your school has ended the exam",
            format!(
                "Your answers are saved. They will be handed in at {}. Then you see your marks here.",
                format::time(at)
            ),
        ),
    };
    view! {
        <section class="card notice" role="status">
            <h2>{title}</h2>
            <p>{words}</p>
        </section>
    }
    .into_any()
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

/// The notice after the time is up, while the page waits until the server has everything.
fn over(saver: Saver) -> AnyView {
    let kept = move || match saver.badge.get() {
        SaveStatus::Over(0) => {
            "Everything you wrote is saved at school. Your marks come as soon as there is a connection.".to_owned()
        }
        SaveStatus::SignedOut => "Sign in above to send the answers on this phone.".to_owned(),
        SaveStatus::Over(unsent) => format!(
            "{} saved on this phone. {} sent as soon as there is a connection. What you wrote in time counts. Keep this page open.",
            match unsent {
                1 => "One answer is".to_owned(),
                _ => format!("{unsent} answers are"),
            },
            if unsent == 1 { "It is" } else { "They are" },
        ),
        _ => "Sending the last answers …".to_owned(),
    };
    view! {
        <section class="card notice" role="alert">
            <h2>"Time is up"</h2>
            <p>{kept}</p>
        </section>
    }
    .into_any()
}

/// The notice that another device has taken over.
fn elsewhere(saver: Saver) -> AnyView {
    let device = saver.state.with(|state| state.device.clone());
    view! {
        <section class="card notice" role="alert">
            <h2>"This exam is open on another device"</h2>
            <p>{format!("It was opened on {device}. What you wrote here is saved. Here you can now only read.")}</p>
            <button on:click=move |_| saver.take_over()>"Continue here instead"</button>
        </section>
    }
    .into_any()
}

/// Signs in again without leaving the page, so that everything typed on it stays.
#[component]
fn SignInHere(saver: Saver) -> impl IntoView {
    let sign_in = ServerAction::<SignInAgain>::new();
    let error = error_of(sign_in);
    Effect::new(move || {
        if let Some(Ok(())) = sign_in.value().get() {
            saver.signed_in();
        }
    });
    view! {
        <section class="card notice">
            <h2>"Sign in again"</h2>
            <ActionForm action=sign_in>
                <FormField label="E-mail address or login name" name="email" autocomplete="username" error/>
                <FormField label="Password" name="password" kind="password" autocomplete="current-password" error/>
                <button>"Sign in and continue"</button>
            </ActionForm>
        </section>
    }
}

/// Every control of the quiz.
fn fields(quiz: &Quiz) -> Vec<Field> {
    let choices = quiz.questions.iter().map(|question| Field::Choice(question.id));
    let answers = quiz.questions.iter().flat_map(|question| question.leaves()).map(|leaf| Field::Answer(leaf.id));
    choices.chain(answers).collect()
}

/// The fields that were not empty when the page was rendered.
fn filled(attempt: &OpenAttempt) -> BTreeSet<Field> {
    let answered = attempt.answers.iter().filter(|(_, answer)| !answer.is_blank()).map(|(&id, _)| Field::Answer(id));
    answered.chain(attempt.chosen.iter().map(|&id| Field::Choice(id))).collect()
}

/// What the pupil should know before handing in.
#[derive(Debug, Clone, PartialEq)]
struct Overview {
    /// Paths of the items without an answer.
    open: Vec<String>,
    /// For each section with a choice: the section, the paths of the started or chosen questions that count, and how many
    /// are started.
    counting: Vec<(Section, Vec<String>, usize)>,
}

impl Overview {
    fn of(quiz: &Quiz, filled: &BTreeSet<Field>) -> Self {
        let has = |id: Uuid| filled.contains(&Field::Answer(id));
        let begun = |question: &Question| question.leaves().iter().any(|leaf| has(leaf.id));
        let standing = |question: &Question| QuestionStatus {
            chosen: filled.contains(&Field::Choice(question.id)),
            begun: begun(question),
            marks: 0.0,
        };
        let out = left_out(&quiz.sections, &quiz.questions, |place| standing(&quiz.questions[place]));
        let counts = quiz.questions.iter().enumerate().filter(|(place, _)| !out.contains(place));
        let counts: Vec<&Question> = counts.map(|(_, question)| question).collect();
        let open = counts.iter().flat_map(|question| question.leaves()).filter(|leaf| !has(leaf.id));
        let choices = quiz.sections.iter().filter(|section| matches!(section.rule, Rule::Choose(_)));
        let counting = choices.map(|section| {
            let within = || quiz.questions.iter().filter(|question| section.holds(question));
            let these = counts
                .iter()
                .filter(|question| section.holds(question) && (begun(question) || standing(question).chosen));
            let paths = these.map(|question| question.path.clone()).collect();
            (section.clone(), paths, within().filter(|question| begun(question)).count())
        });
        Self { open: open.map(|leaf| leaf.path.clone()).collect(), counting: counting.collect() }
    }

    fn view(self) -> AnyView {
        let sections: Vec<_> = self
            .counting
            .into_iter()
            .map(|(section, paths, begun)| {
                let counting = match paths.len() {
                    0 => "none is started".to_owned(),
                    1 => format!("question {} counts", paths[0]),
                    _ => format!("questions {} count", paths.join(", ")),
                };
                let more = (begun > paths.len())
                    .then_some(" You have answered more than it asks for. Tick “Count question …” to choose others.");
                view! { <p>{format!("{}. Now {counting}.", section_rule(&section))} {more}</p> }
            })
            .collect();
        let links: Vec<_> =
            self.open.iter().map(|path| view! { <a href=format!("#q-{path}")>{path.clone()}</a> " " }).collect();
        let open = (!links.is_empty()).then(|| view! { <p class="open-items">"Not answered yet: " {links}</p> });
        view! { {sections} {open} }.into_any()
    }
}
