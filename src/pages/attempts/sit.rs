//! The exam itself: the paper, the time, the saved badge, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;

use crate::api::attempts::{SaveAnswers, get_sitting, save_answers};
use crate::components::answer::AnswerControl;
use crate::components::load::Load;
use crate::components::page_title::PageTitle;
use crate::components::question::question_tree;
use crate::domain::attempt::{AnswerField, Saved, Sitting};
use crate::domain::format;
use crate::domain::marking::Answer;
use crate::error::AppError;
use crate::pages::documents::read::id_param;
use crate::pages::quizzes::section_rule;

/// A pause in typing after which an answer is sent.
const SAVE_AFTER: Duration = Duration::from_millis(700);
/// After a save that did not arrive.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(3);

#[component]
pub fn AttemptPage() -> impl IntoView {
    let id = id_param();
    let sitting = Resource::new(id, |id| async move { get_sitting(id?).await });
    view! {
        <PageTitle text="Exam"/>
        <main id="content" class="exam">
            <Load resource=sitting view=exam/>
        </main>
    }
}

/// What the badge says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Badge {
    /// The page does not save by itself (yet); so many answers are kept.
    Asleep(i64),
    Saved,
    Saving,
    HandingIn,
    /// What was sent did not arrive; `true` when that was handing in.
    Offline(bool),
    Refused(String),
}

impl Badge {
    fn words(&self) -> String {
        match self {
            Badge::Asleep(kept) => format!("{} saved. Press Save to keep more.", format::count(*kept, "answer")),
            Badge::Saved => "All answers saved".into(),
            Badge::Saving => "Saving …".into(),
            Badge::HandingIn => "Handing in …".into(),
            Badge::Offline(false) => "Not saved yet: no connection. Keep this page open; it tries again.".into(),
            Badge::Offline(true) => "Not handed in yet: no connection. Keep this page open; it tries again.".into(),
            Badge::Refused(reason) => reason.clone(),
        }
    }

    fn is_bad(&self) -> bool {
        matches!(self, Badge::Offline(_) | Badge::Refused(_))
    }
}

fn exam(sitting: Sitting) -> AnyView {
    if sitting.closed {
        return view! {
            <section class="card">
                <h1>"This quiz is over"</h1>
                <p>"Your answers were handed in and marked."</p>
                <a class="button" href=format!("/attempts/{}/result", sitting.id)>"See your marks"</a>
            </section>
        }
        .into_any();
    }
    view! { <ExamForm sitting/> }.into_any()
}

/// The form. The answers live in its own controls, so it is whole before the page wakes up and without JavaScript; awake,
/// it sends what has changed after each pause, and nothing else: another tab's older answers stay out of the way.
#[component]
fn ExamForm(sitting: Sitting) -> impl IntoView {
    let id = sitting.id;
    let form = NodeRef::<html::Form>::new();
    let kept = sitting.answers.values().filter(|answer| !answer.is_blank()).count() as i64;
    let badge = RwSignal::new(Badge::Asleep(kept));
    let seconds_left = RwSignal::new(sitting.seconds_left);
    let state = StoredValue::new(SaverState::default());
    let leaves = sitting.quiz.questions.iter().flat_map(|question| question.leaves());
    let items: Vec<(String, AnswerField)> = leaves.map(|leaf| (leaf.path.clone(), AnswerField(leaf.id))).collect();
    let is_open = |(_, field): &&(String, AnswerField)| sitting.answers.get(&field.0).is_none_or(Answer::is_blank);
    let open = RwSignal::new(items.iter().filter(is_open).map(|(path, _)| path.clone()).collect::<Vec<_>>());
    let saver = Saver { attempt: id, form, badge, seconds_left, ends_at: StoredValue::new(0.0), state };
    saver.wake();

    // Of a form that came without JavaScript.
    let refused = ServerAction::<SaveAnswers>::new().value().get_untracked().and_then(Result::err);
    let refused = refused.map(|error| view! { <p class="form-error" role="alert">{error.to_string()}</p> });
    let sections = sitting.quiz.sections.clone();
    let mut current: Option<String> = None;
    let questions: Vec<_> = sitting
        .quiz
        .questions
        .iter()
        .map(|question| {
            let heading = (question.section != current)
                .then(|| {
                    current.clone_from(&question.section);
                    sections.iter().find(|section| Some(&section.label) == question.section.as_ref())
                })
                .flatten()
                .map(|section| view! { <h2 class="section">{section_rule(section)}</h2> });
            let below = |item: &crate::domain::question::Question| {
                let answer = sitting.answers.get(&item.id).cloned().unwrap_or_default();
                view! { <AnswerControl item=item.clone() answer/> }.into_any()
            };
            view! {
                {heading}
                <article class="question">{question_tree(question, sitting.document_id, 0, &below)}</article>
            }
        })
        .collect();
    view! {
        <header class="exam-bar">
            <span>
                <span class="time" role="timer" aria-label="Time left">{move || format::clock(seconds_left.get())}</span>
                <small>{format!("until {}", format::time(sitting.ends_at))}</small>
            </span>
            <span class="saved" class:bad=move || badge.get().is_bad() role="status">
                {move || badge.get().words()}
            </span>
        </header>
        <h1>{sitting.quiz.title.clone()}</h1>
        {refused}
        <form
            method="post"
            action=SaveAnswers::url()
            node_ref=form
            on:input=move |event| saver.changed(&event)
            on:submit=move |event| saver.submitted(&event)
        >
            <input type="hidden" name="attempt" value=id.to_string()/>
            <input type="hidden" name="shown_at" value=sitting.shown_at.timestamp_millis().to_string()/>
            {questions}
            <div class="hand-in">
                <button class="plain" name="then" value="save">"Save"</button>
                <details on:toggle=move |_| open.set(saver.blank(&items))>
                    <summary class="button">"Hand in …"</summary>
                    {move || not_answered(open.get())}
                    <p>"You cannot change your answers after that."</p>
                    <button name="then" value="submit" disabled=move || badge.get() == Badge::HandingIn>
                        "Hand in and see the marks"
                    </button>
                    <p class="field-error" role="alert">
                        {move || Some(badge.get()).filter(Badge::is_bad).map(|badge| badge.words())}
                    </p>
                </details>
            </div>
        </form>
    }
}

/// The items without an answer, each a link to it.
fn not_answered(paths: Vec<String>) -> Option<AnyView> {
    if paths.is_empty() {
        return None;
    }
    let links: Vec<_> =
        paths.into_iter().map(|path| view! { <a href=format!("#q-{path}")>{path.clone()}</a> " " }).collect();
    Some(view! { <p class="open-items">"Not answered yet: " {links}</p> }.into_any())
}

#[derive(Default)]
struct SaverState {
    /// What changed since the last save that arrived.
    changed: BTreeSet<AnswerField>,
    /// One save at a time, so that an older answer never overtakes a newer one.
    sending: bool,
    /// The next one hands in.
    hand_in: bool,
    timer: Option<leptos::leptos_dom::helpers::TimeoutHandle>,
}

/// Sends changed answers and keeps the badge and the clock true.
#[derive(Clone, Copy)]
struct Saver {
    attempt: Uuid,
    form: NodeRef<html::Form>,
    badge: RwSignal<Badge>,
    seconds_left: RwSignal<i64>,
    /// By the device's clock, in milliseconds: a tick that a sleeping phone leaves out does not stretch the exam.
    ends_at: StoredValue<f64>,
    state: StoredValue<SaverState>,
}

impl Saver {
    fn changed(self, event: &ev::Event) {
        let Some((field, chosen)) = event.target().and_then(|target| field_of(&target)) else { return };
        self.badge.set(Badge::Saving);
        self.state.update_value(|state| {
            state.changed.insert(field);
        });
        self.send_after(if chosen { Duration::ZERO } else { SAVE_AFTER });
    }

    /// One of the form's buttons, or Enter.
    fn submitted(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        let button = event.submitter().and_then(|button| button.get_attribute("value"));
        if button.as_deref() == Some("submit") {
            self.badge.set(Badge::HandingIn);
            self.state.update_value(|state| state.hand_in = true);
        }
        self.send();
    }

    fn send_after(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.send(), pause).ok();
        self.state.try_update_value(|state| {
            if let Some(earlier) = std::mem::replace(&mut state.timer, timer) {
                earlier.clear();
            }
        });
    }

    fn send(self) {
        let taken = self.state.try_update_value(|state| {
            if state.sending || (state.changed.is_empty() && !state.hand_in) {
                return None;
            }
            state.sending = true;
            Some((std::mem::take(&mut state.changed), std::mem::take(&mut state.hand_in)))
        });
        let Some((fields, hand_in)) = taken.flatten() else { return };
        let answers = self.read(&fields);
        let then = if hand_in { "submit" } else { "" };
        leptos::task::spawn_local(async move {
            let outcome = save_answers(self.attempt, answers, then.to_owned(), None).await;
            self.arrived(outcome, fields, hand_in);
        });
    }

    fn arrived(self, outcome: Result<Saved, AppError>, fields: BTreeSet<AnswerField>, hand_in: bool) {
        // One answer that is refused is not sent again as it is; the others beside it were kept.
        let again = matches!(&outcome, Err(error) if !matches!(error, AppError::Invalid { .. }));
        let waiting = self.state.try_update_value(|state| {
            state.sending = false;
            if again {
                state.changed.extend(fields);
                state.hand_in |= hand_in;
            }
            !state.changed.is_empty() || state.hand_in
        });
        let Some(waiting) = waiting else { return };
        match outcome {
            Ok(saved) if saved.closed => self.leave(),
            Ok(saved) => {
                self.set_clock(saved.seconds_left);
                if waiting {
                    self.send_after(Duration::ZERO);
                } else {
                    self.badge.set(Badge::Saved);
                }
            }
            Err(AppError::Network(_) | AppError::Unexpected { .. }) => {
                self.badge.set(Badge::Offline(hand_in));
                self.send_after(TRY_AGAIN_AFTER);
            }
            Err(AppError::SignInRequired) => {
                self.badge.set(Badge::Refused(
                    "Not saved: you are signed out. Sign in again in another tab; this page then saves by itself."
                        .into(),
                ));
                self.send_after(TRY_AGAIN_AFTER);
            }
            Err(other) => self.badge.set(Badge::Refused(other.to_string())),
        }
    }

    /// The present values of the fields' controls.
    fn read(self, fields: &BTreeSet<AnswerField>) -> BTreeMap<AnswerField, Vec<String>> {
        let Some(form) = self.form.get_untracked() else { return BTreeMap::new() };
        let Ok(data) = web_sys::FormData::new_with_form(&form) else { return BTreeMap::new() };
        let values = |field: &AnswerField| {
            data.get_all(&field.control_name()).iter().filter_map(|value| value.as_string()).collect()
        };
        fields.iter().map(|field| (*field, values(field))).collect()
    }

    /// The paths of those items that have no answer.
    fn blank(self, items: &[(String, AnswerField)]) -> Vec<String> {
        let answers = self.read(&items.iter().map(|(_, field)| *field).collect());
        let is_blank = |field: &AnswerField| {
            answers.get(field).is_none_or(|values| values.iter().all(|value| value.trim().is_empty()))
        };
        items.iter().filter(|(_, field)| is_blank(field)).map(|(path, _)| path.clone()).collect()
    }

    /// The page is being left: what is not sent yet goes with the one kind of request that outlives it.
    fn flush(self) {
        let Some(Some(fields)) = self.state.try_with_value(|s| (!s.changed.is_empty()).then(|| s.changed.clone()))
        else {
            return;
        };
        let Ok(body) = web_sys::UrlSearchParams::new() else { return };
        body.append("attempt", &self.attempt.to_string());
        for (field, values) in self.read(&fields) {
            values.iter().for_each(|value| body.append(&field.control_name(), value));
        }
        let _ = window().navigator().send_beacon_with_opt_url_search_params(SaveAnswers::url(), Some(&body));
    }

    /// From now on the page saves by itself, counts down by the server's clock, and at the end shows the marks.
    fn wake(self) {
        Effect::new(move || {
            self.badge.set(Badge::Saved);
            self.set_clock(self.seconds_left.get_untracked());
            let clock = set_interval_with_handle(move || self.tick(), Duration::from_secs(1));
            let leaving = window_event_listener(ev::pagehide, move |_| self.flush());
            on_cleanup(move || {
                leaving.remove();
                if let Ok(clock) = clock {
                    clock.clear();
                }
                self.flush();
            });
        });
    }

    fn tick(self) {
        let Some(ends_at) = self.ends_at.try_get_value() else { return };
        let left = ((ends_at - js_sys::Date::now()) / 1000.0).ceil() as i64;
        self.seconds_left.set(left);
        match left {
            1..=2 => self.send(),
            ..=-2 => self.leave(),
            _ => {}
        }
    }

    /// So much is left, the server says.
    fn set_clock(self, seconds: i64) {
        self.seconds_left.set(seconds);
        self.ends_at.set_value(js_sys::Date::now() + seconds as f64 * 1000.0);
    }

    fn leave(self) {
        let _ = window().location().set_href(&format!("/attempts/{}/result", self.attempt));
    }
}

/// The answer that an event's form control belongs to, and whether it was chosen rather than typed.
fn field_of(target: &web_sys::EventTarget) -> Option<(AnswerField, bool)> {
    let element: &web_sys::Element = target.dyn_ref()?;
    let chosen = matches!(element.get_attribute("type").as_deref(), Some("radio" | "checkbox"));
    Some((AnswerField::of_control(&element.get_attribute("name")?)?, chosen))
}
