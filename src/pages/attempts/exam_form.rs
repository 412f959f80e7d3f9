//! The exam's form, awake: it saves, counts the time, and says what the server reports.

use chrono::{DateTime, Utc};
use exam_model::format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web_sys::Element;

use super::overview::{Outline, Overview};
use super::saver::{SaveStatus, Saver};
use crate::api::accounts::SignInAgain;
use crate::api::attempts::SaveAnswers;
use crate::api::call::call;
use crate::domain::attempt::{Message, State};

/// What the form of an attempt starts with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Start {
    pub attempt: Uuid,
    pub title: String,
    pub note: String,
    pub state: State,
    pub messages: Vec<Message>,
    /// The words of the button that hands in.
    pub hand_in: String,
    /// The writer id of this page.
    pub writer: Uuid,
    /// When the attempt was read, by the database's clock; milliseconds since 1970.
    pub shown_at: i64,
}

/// The exam's form around its questions. The answers are in the questions' own controls, so that it works before it wakes
/// up and without JavaScript. `refused` is the error of a form that was sent without JavaScript.
#[island]
pub fn ExamForm(start: Start, outline: Outline, refused: Option<String>, children: Children) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let saver = Saver::new(&start, outline.answered(), form);
    saver.wake();
    let overview = RwSignal::new(Overview::of(&outline, None));
    let outline = StoredValue::new(outline);
    let Start { attempt, title, note, hand_in, writer, shown_at, .. } = start;
    let refused = refused.map(|error| view! { <p class="form-error" role="alert">{error}</p> });
    let paused = move || saver.state.with(|state| state.paused);
    // The clock itself is silent; this changes, and is read out, when little time is left.
    let spoken = Memo::new(move |_| time_warning(saver.seconds_left.get()));
    let ending_at = move || saver.state.with(|state| state.ending_at);
    view! {
        <header class="exam-bar" class:soon=move || !spoken.get().is_empty()>
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
        <h1>{title}</h1>
        {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
        {refused}
        // It is there before its first message, so that screen readers say what comes.
        <details class="messages" open=move || saver.messages.with(|messages| !messages.is_empty())>
            <summary>"Messages from your school"</summary>
            <div role="log" aria-label="Messages from your school">
                {move || saver.messages.get().into_iter().map(message).collect_view()}
            </div>
        </details>
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
            on:input=move |event| {
                saver.changed(&event);
                tell_too_many(&event);
            }
            on:submit=move |event| saver.submitted(&event)
        >
            <input type="hidden" name="attempt" value=attempt.to_string()/>
            <input type="hidden" name="writer" value=writer.to_string()/>
            <input type="hidden" name="shown_at" value=shown_at.to_string()/>
            {children()}
            <div class="hand-in">
                <button class="plain" name="then" value="save">"Save"</button>
                <details on:toggle=move |_| overview.set(outline.with_value(|outline| {
                    Overview::of(outline, Some(&saver.filled(outline.fields())))
                }))>
                    <summary class="button">"Hand in …"</summary>
                    {move || overview.get().view()}
                    // The palette's script says there what is answered in part or flagged.
                    <p class="open-items" data-again=""></p>
                    <p>"You cannot change your answers after that."</p>
                    <button
                        name="then"
                        value="submit"
                        disabled=move || saver.badge.get() == SaveStatus::HandingIn
                    >
                        {hand_in}
                    </button>
                    <p class="field-error" role="alert">
                        {move || Some(saver.badge.get()).filter(SaveStatus::is_bad).map(|badge| badge.words())}
                    </p>
                </details>
            </div>
        </form>
    }
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

/// Says at a tick that there are more than the question asks for.
fn tell_too_many(event: &ev::Event) {
    let control = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(choices) = control.and_then(|control| control.closest("[data-choose]").ok().flatten()) else { return };
    let asked = choices.get_attribute("data-choose").and_then(|asked| asked.parse().ok()).unwrap_or(u32::MAX);
    let ticked = choices.query_selector_all(":checked").map_or(0, |ticked| ticked.length());
    if let Ok(Some(place)) = choices.query_selector(".too-many") {
        let says = place.get_attribute("data-says").filter(|_| ticked > asked);
        place.set_text_content(Some(&says.unwrap_or_default()));
    }
}

/// What the school has told.
fn message(message: Message) -> AnyView {
    view! { <p class="note"><small>{format::time(message.at)}</small> " " {message.text}</p> }.into_any()
}

/// A notice above the form.
fn notice(role: &'static str, title: &'static str, words: Signal<String>, button: Option<AnyView>) -> AnyView {
    view! {
        <section class="card notice" role=role>
            <h2>{title}</h2>
            <p>{words}</p>
            {button}
        </section>
    }
    .into_any()
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
            format!("Your answers are saved. They will be handed in at {}.", format::time(at)),
        ),
    };
    notice("status", title, Signal::stored(words), None)
}

/// The notice after the time is up, while the page waits until the server has everything.
fn over(saver: Saver) -> AnyView {
    let kept = move || match saver.badge.get() {
        SaveStatus::Over(0) => {
            "Everything you wrote is saved at school. It is handed in as soon as there is a connection.".to_owned()
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
    notice("alert", "Time is up", Signal::derive(kept), None)
}

/// The notice that another device has taken over.
fn elsewhere(saver: Saver) -> AnyView {
    let device = saver.state.with(|state| state.device.clone());
    let words = format!("It was opened on {device}. What you wrote here is saved. Here you can now only read.");
    let back = view! { <button on:click=move |_| saver.take_over()>"Continue here instead"</button> };
    notice("alert", "This exam is open on another device", Signal::stored(words), Some(back.into_any()))
}

/// Signs in again without leaving the page, so that everything typed on it stays.
#[component]
fn SignInHere(saver: Saver) -> impl IntoView {
    let error = RwSignal::new(None);
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let value = |input: NodeRef<html::Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let (email, password) = (value(email), value(password));
        spawn_local(async move {
            match call(&SignInAgain { email, password }).await {
                Ok(()) => saver.signed_in(),
                Err(problem) => error.set(Some(problem.to_string())),
            }
        });
    };
    view! {
        <section class="card notice">
            <h2>"Sign in again"</h2>
            <form on:submit=submit>
                <label class="field">
                    "E-mail address or login name"
                    <input node_ref=email required=true maxlength="200" autocomplete="username"/>
                </label>
                <label class="field">
                    "Password"
                    <input node_ref=password type="password" required=true maxlength="200" autocomplete="current-password"/>
                </label>
                {move || error.get().map(|error| view! { <p class="form-error" role="alert">{error}</p> })}
                <button>"Sign in and continue"</button>
            </form>
        </section>
    }
}
