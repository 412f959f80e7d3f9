//! The exam itself: the paper, the time, the saved badge, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;

use crate::api::attempts::{SaveAnswers, get_sitting, save_answers};
use crate::components::answer::AnswerControl;
use crate::components::load::Load;
use crate::components::page_title::PageTitle;
use crate::components::question::question_tree;
use crate::domain::attempt::{AnswerField, Saved, Sitting};
use crate::domain::format;
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
    Saved,
    Saving,
    Offline,
    Refused(String),
}

impl Badge {
    fn words(&self) -> String {
        match self {
            Badge::Saved => "All answers saved".into(),
            Badge::Saving => "Saving …".into(),
            Badge::Offline => "Not saved yet: no connection. Keep this page open; it tries again.".into(),
            Badge::Refused(reason) => reason.clone(),
        }
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
/// it sends what has changed after each pause.
#[component]
fn ExamForm(sitting: Sitting) -> impl IntoView {
    let id = sitting.id;
    let form = NodeRef::<html::Form>::new();
    let badge = RwSignal::new(Badge::Saved);
    let seconds_left = RwSignal::new(sitting.seconds_left);
    let action = ServerAction::<SaveAnswers>::new();
    let state = StoredValue::new(SaverState::default());
    let saver = Saver { attempt: id, form, badge, seconds_left, ends_at: StoredValue::new(0.0), state };
    saver.run_clock();

    // A save without JavaScript, or handing in, that was refused.
    let refused = Signal::derive(move || action.value().get().and_then(Result::err));
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
            <span class="time" role="timer" aria-label="Time left">{move || format::clock(seconds_left.get())}</span>
            <span class="saved" class:bad=move || matches!(badge.get(), Badge::Offline | Badge::Refused(_)) role="status">
                {move || badge.get().words()}
            </span>
        </header>
        <h1>{sitting.quiz.title.clone()}</h1>
        {move || {
            refused.get().map(|error| view! { <p class="form-error" role="alert">{error.to_string()}</p> })
        }}
        <ActionForm action=action node_ref=form on:input=move |event| saver.changed(&event)>
            <input type="hidden" name="attempt" value=id.to_string()/>
            {questions}
            <div class="hand-in">
                <button class="plain" name="then" value="save">"Save"</button>
                <details>
                    <summary class="button">"Hand in …"</summary>
                    <p>"You cannot change your answers after that."</p>
                    <button name="then" value="submit">"Hand in and see the marks"</button>
                </details>
            </div>
        </ActionForm>
    }
}

#[derive(Default)]
struct SaverState {
    /// What changed since the last save that arrived.
    changed: BTreeSet<AnswerField>,
    /// One save at a time, so that an older answer never overtakes a newer one.
    sending: bool,
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
        let Some(field) = event.target().and_then(|target| field_of(&target)) else { return };
        self.badge.set(Badge::Saving);
        self.state.update_value(|state| {
            state.changed.insert(field);
        });
        self.send_after(SAVE_AFTER);
    }

    fn send_after(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.send(), pause).ok();
        self.state.update_value(|state| {
            if let Some(earlier) = std::mem::replace(&mut state.timer, timer) {
                earlier.clear();
            }
        });
    }

    fn send(self) {
        if self.state.with_value(|state| state.sending || state.changed.is_empty()) {
            return;
        }
        let mut fields = BTreeSet::new();
        self.state.update_value(|state| {
            fields = std::mem::take(&mut state.changed);
            state.sending = true;
        });
        let answers = self.read(&fields);
        leptos::task::spawn_local(async move {
            let outcome = save_answers(self.attempt, answers, String::new()).await;
            self.arrived(outcome, fields);
        });
    }

    fn arrived(self, outcome: Result<Saved, AppError>, fields: BTreeSet<AnswerField>) {
        let failed = outcome.is_err();
        let mut waiting = false;
        self.state.update_value(|state| {
            state.sending = false;
            if failed {
                state.changed.extend(fields);
            }
            waiting = !state.changed.is_empty();
        });
        match outcome {
            Ok(saved) if saved.closed => self.leave(),
            Ok(saved) => {
                self.set_clock(saved.seconds_left);
                self.badge.set(if waiting { Badge::Saving } else { Badge::Saved });
                if waiting {
                    self.send_after(Duration::ZERO);
                }
            }
            Err(AppError::Network(_) | AppError::Unexpected { .. }) => {
                self.badge.set(Badge::Offline);
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

    /// Counts down by the server's clock; at the end sends what is left and shows the marks.
    fn run_clock(self) {
        Effect::new(move || {
            self.set_clock(self.seconds_left.get_untracked());
            let clock = set_interval_with_handle(
                move || {
                    let left = ((self.ends_at.get_value() - js_sys::Date::now()) / 1000.0).ceil() as i64;
                    self.seconds_left.set(left);
                    match left {
                        1..=2 => self.send(),
                        ..=-2 => self.leave(),
                        _ => {}
                    }
                },
                Duration::from_secs(1),
            );
            on_cleanup(move || {
                if let Ok(clock) = clock {
                    clock.clear();
                }
            });
        });
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

/// The answer that an event's form control belongs to.
fn field_of(target: &web_sys::EventTarget) -> Option<AnswerField> {
    let element: &web_sys::Element = target.dyn_ref()?;
    AnswerField::of_control(&element.get_attribute("name")?)
}
