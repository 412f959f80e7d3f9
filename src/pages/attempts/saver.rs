//! Saves answers on the exam's page. Every change goes into the device's store immediately, and to the server after a
//! pause, with retries until it has arrived. Also shows what the server reports: time, pause, another device, the end.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use exam_model::format;
use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use uuid::Uuid;

use super::exam_form::Start;
use crate::api::attempts::SyncAttempt;
use crate::api::call::call;
use crate::components::device_store::DeviceStore;
use crate::components::dom::{is_changed, nodes};
use crate::domain::attempt::{GONE, Message, Messages, State, Synced};
use crate::domain::journal::{Entry, Field};
use crate::error::AppError;

/// The pause in typing after which changes are sent.
const SEND_AFTER: Duration = Duration::from_millis(700);
/// The wait after a request that failed.
pub const TRY_AGAIN_AFTER: Duration = Duration::from_secs(3);
/// Milliseconds by which two clocks may differ from one second to the next.
const JUMP: f64 = 2_000.0;
/// Entries sent at once.
const BATCH: usize = 500;

/// Where the answers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveStatus {
    /// The page does not save by itself (yet); this many answers are saved.
    Asleep(i64),
    AtSchool,
    /// On the way to the server; `true` if the device has stored them.
    OnTheWay(bool),
    HandingIn,
    /// The request failed: whether the device has the answers, and whether it was to hand in.
    Offline {
        kept: bool,
        handing_in: bool,
    },
    SignedOut,
    /// The time is up; this many answers have not arrived yet.
    Over(usize),
    Refused(String),
}

impl SaveStatus {
    pub fn words(&self) -> String {
        match self {
            SaveStatus::Asleep(kept) => format!("{} saved. Press Save.", format::count(*kept, "answer")),
            SaveStatus::AtSchool => "All saved at school".into(),
            SaveStatus::OnTheWay(true) => "Saved on this phone …".into(),
            SaveStatus::OnTheWay(false) => "Saving …".into(),
            SaveStatus::HandingIn => "Handing in …".into(),
            SaveStatus::Offline { kept: true, handing_in: false } => {
                "No connection. Saved on this phone. Keep writing.".into()
            }
            SaveStatus::Offline { kept: false, handing_in: false } => {
                "No connection. Not saved yet. Keep this page open, and it tries again.".into()
            }
            SaveStatus::Offline { handing_in: true, .. } => {
                "No connection. Not handed in yet. Keep this page open, and it tries again.".into()
            }
            SaveStatus::Over(0) => "Time is up. Your answers are saved at school.".into(),
            SaveStatus::Over(unsent) => {
                format!("Time is up. Not sent yet: {}.", format::count(*unsent as i64, "answer"))
            }
            SaveStatus::SignedOut => "You are signed out. Sign in below. Nothing is lost.".into(),
            SaveStatus::Refused(reason) => reason.clone(),
        }
    }

    pub fn is_bad(&self) -> bool {
        matches!(
            self,
            SaveStatus::Offline { .. } | SaveStatus::Refused(_) | SaveStatus::SignedOut | SaveStatus::Over(1..)
        )
    }
}

struct Memory {
    /// Entries that the server is not known to have, oldest first.
    pending: Vec<Entry>,
    /// How many of the first entries may have arrived already and must not change.
    sent: usize,
    next_seq: i64,
    /// A request is running; there is one at a time.
    sending: bool,
    /// The next request hands in.
    hand_in: bool,
    /// The server's answers have not been asked for yet.
    behind: bool,
    /// The device has stored the pending entries.
    kept: bool,
    /// The fields that were changed on this page.
    touched: HashSet<Field>,
    timer: Option<TimeoutHandle>,
    /// The device's store has been read.
    ready: bool,
}

impl Memory {
    /// How many answers the server is not known to have.
    fn unsent(&self) -> usize {
        self.pending.iter().map(|entry| entry.field).collect::<HashSet<_>>().len()
    }
}

/// The server's clock as the page knows it: the time of the last contact, and how long ago that was by the monotonic
/// clock, which changing the device's time does not move. That clock may stop while a phone sleeps. The wall clock does
/// not stop; it only shows when to ask again.
#[derive(Clone, Copy, Default)]
struct Clock {
    /// The server's time at the last contact; milliseconds since 1970.
    contact: f64,
    /// The page's monotonic time then; milliseconds.
    since: f64,
    /// The wall clock minus the monotonic clock at the last check; milliseconds.
    wall: f64,
}

impl Clock {
    fn of(state: &State) -> Self {
        Self {
            contact: state.at.timestamp_millis() as f64,
            since: monotonic(),
            wall: js_sys::Date::now() - monotonic(),
        }
    }

    /// Milliseconds since 1970.
    fn now(self) -> f64 {
        self.contact + monotonic() - self.since
    }

    /// Whether the device slept, or its clock was set, since the last check.
    fn jumped(&mut self) -> bool {
        let wall = js_sys::Date::now() - monotonic();
        (wall - std::mem::replace(&mut self.wall, wall)).abs() > JUMP
    }
}

/// The page's monotonic time, in milliseconds.
fn monotonic() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Saves the answers, and keeps the badge and the clock up to date.
#[derive(Clone, Copy)]
pub struct Saver {
    attempt: Uuid,
    form: NodeRef<html::Form>,
    pub badge: RwSignal<SaveStatus>,
    pub state: RwSignal<State>,
    /// What the school has told, oldest first.
    pub messages: RwSignal<Vec<Message>>,
    /// The id under which this page writes.
    writer: RwSignal<Uuid>,
    pub seconds_left: RwSignal<i64>,
    /// The time is up on this page. It takes no more answers, and goes to the result once the server has everything.
    pub over: RwSignal<bool>,
    clock: StoredValue<Clock>,
    /// The server knows this page as a writer.
    known: RwSignal<bool>,
    memory: StoredValue<Memory>,
    /// Only in a browser.
    store: StoredValue<Option<SendWrapper<DeviceStore>>>,
    events: StoredValue<Option<SendWrapper<web_sys::EventSource>>>,
}

impl Saver {
    /// The saver of a form in which so many items have an answer.
    pub fn new(start: &Start, answered: usize, form: NodeRef<html::Form>) -> Self {
        let memory = Memory {
            pending: Vec::new(),
            sent: 0,
            next_seq: 1,
            sending: false,
            hand_in: false,
            behind: true,
            kept: false,
            touched: HashSet::new(),
            timer: None,
            ready: false,
        };
        Self {
            attempt: start.attempt,
            form,
            badge: RwSignal::new(SaveStatus::Asleep(answered as i64)),
            state: RwSignal::new(start.state.clone()),
            messages: RwSignal::new(start.messages.clone()),
            writer: RwSignal::new(start.writer),
            seconds_left: RwSignal::new(start.state.seconds_left),
            over: RwSignal::new(false),
            clock: StoredValue::new(Clock::default()),
            known: RwSignal::new(false),
            memory: StoredValue::new(memory),
            store: StoredValue::new(None),
            events: StoredValue::new(None),
        }
    }

    /// Starts saving automatically.
    pub fn wake(self) {
        Effect::new(move || {
            self.set_state(self.state.get_untracked());
            set_interval(move || self.tick(), Duration::from_secs(1));
            window_event_listener(ev::pagehide, move |_| self.flush());
            window_event_listener(ev::visibilitychange, move |_| {
                if !document().hidden() {
                    self.ask();
                }
            });
            window_event_listener(ev::online, move |_| self.ask());
            let store = DeviceStore::new(self.attempt);
            self.store.set_value(Some(SendWrapper::new(store.clone())));
            leptos::task::spawn_local(async move {
                let left = store.open().await;
                let written = self.memory.try_update_value(|memory| {
                    memory.ready = true;
                    memory.kept = left.is_some();
                    let left: Vec<Entry> = left.unwrap_or_default();
                    memory.sent = left.len();
                    memory.pending.splice(0..0, left);
                    memory.pending[memory.sent..].to_vec()
                });
                for entry in written.unwrap_or_default() {
                    store.save(&entry).await;
                }
                self.typed_before_waking();
                self.send();
            });
            self.listen();
        });
    }

    fn store(self) -> Option<DeviceStore> {
        self.store.try_get_value().flatten().map(SendWrapper::take)
    }

    /// Saves what was typed before the page was awake: whatever differs from the page as it was sent.
    fn typed_before_waking(self) {
        let Some(form) = self.form.get_untracked() else { return };
        let Ok(controls) = form.query_selector_all("[name^=\"answers[\"]") else { return };
        let typed =
            nodes(&controls).filter(is_changed).filter_map(|control| field_of(&control)).map(|(field, _)| field);
        for (field, value) in self.read(&typed.collect()) {
            self.write(field, value);
        }
    }

    /// Handles an input event of the form.
    pub fn changed(self, event: &ev::Event) {
        if self.over.get_untracked() {
            return;
        }
        let Some((field, chosen)) = event.target().and_then(|target| field_of(&target)) else { return };
        let Some(value) = self.read(&HashSet::from([field])).remove(&field) else { return };
        self.write(field, value);
        self.send_after(if chosen { Duration::ZERO } else { SEND_AFTER });
    }

    /// Records a change on the device. It replaces an earlier change of the same field that was not sent yet.
    fn write(self, field: Field, value: Vec<String>) {
        let writer = self.writer.get_untracked();
        let written_at = self.clock.get_value().now() as i64;
        let entry = self.memory.try_update_value(|memory| {
            memory.touched.insert(field);
            let sent = memory.sent;
            let unsent = memory.pending.iter_mut().skip(sent).find(|e| e.field == field && e.writer == writer);
            if let Some(entry) = unsent {
                (entry.value, entry.written_at) = (value, written_at);
                return (entry.clone(), memory.kept);
            }
            let entry = Entry { writer, seq: memory.next_seq, field, value, written_at };
            memory.next_seq += 1;
            memory.pending.push(entry.clone());
            (entry, memory.kept)
        });
        let (Some((entry, kept)), Some(store)) = (entry, self.store()) else { return };
        if !self.badge.get_untracked().is_bad() {
            self.badge.set(SaveStatus::OnTheWay(kept));
        }
        leptos::task::spawn_local(async move {
            let kept = store.save(&entry).await;
            self.memory.try_update_value(|memory| memory.kept = kept);
        });
    }

    /// Handles the form's submission by a button or Enter.
    pub fn submitted(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        let button = event.submitter().and_then(|button| button.get_attribute("value"));
        if button.as_deref() == Some("submit") {
            self.badge.set(SaveStatus::HandingIn);
            self.memory.update_value(|memory| memory.hand_in = true);
        }
        self.send();
    }

    fn send_after(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.send(), pause).ok();
        self.memory.try_update_value(|memory| {
            if let Some(earlier) = std::mem::replace(&mut memory.timer, timer) {
                earlier.clear();
            }
        });
    }

    /// Asks the server for the attempt's state.
    fn ask(self) {
        self.memory.try_update_value(|memory| memory.behind = true);
        self.send();
    }

    /// Sends pending entries, if there are any or if the server has not been asked yet.
    pub fn send(self) {
        let writer = self.writer.get_untracked();
        let taken = self.memory.try_update_value(|memory| {
            if memory.sending || !memory.ready || (memory.pending.is_empty() && !memory.hand_in && !memory.behind) {
                return None;
            }
            memory.sending = true;
            let batch: Vec<Entry> = memory.pending.iter().take(BATCH).cloned().collect();
            memory.sent = memory.sent.max(batch.len());
            let last = batch.len() == memory.pending.len();
            Some((batch, last && std::mem::take(&mut memory.hand_in), memory.behind))
        });
        let Some((batch, hand_in, behind)) = taken.flatten() else { return };
        leptos::task::spawn_local(async move {
            let sync = SyncAttempt { attempt: self.attempt, writer, entries: batch.clone(), hand_in, all: behind };
            let outcome = call(&sync).await;
            self.arrived(outcome, batch, hand_in);
        });
    }

    fn arrived(self, outcome: Result<Synced, AppError>, batch: Vec<Entry>, hand_in: bool) {
        let waiting = self.memory.try_update_value(|memory| {
            memory.sending = false;
            if outcome.is_ok() {
                memory.pending.drain(..batch.len());
                memory.sent -= batch.len();
                memory.behind = false;
            } else {
                memory.hand_in |= hand_in;
            }
            !memory.pending.is_empty() || memory.hand_in
        });
        let (Some(waiting), Some(store)) = (waiting, self.store()) else { return };
        match outcome {
            Ok(synced) => {
                leptos::task::spawn_local(async move {
                    store.remove(&batch).await;
                });
                if let Some(answers) = synced.answers {
                    self.show(answers.into_iter().map(|(id, answer)| (Field::Answer(id), answer.0)));
                }
                self.known.set(true);
                self.set_state(synced.state);
                match synced.refused {
                    Some(reason) => self.badge.set(SaveStatus::Refused(reason)),
                    None if waiting => self.send_after(Duration::ZERO),
                    None if !self.over.get_untracked() => self.badge.set(SaveStatus::AtSchool),
                    None => {}
                }
                self.leave_when_done();
            }
            Err(AppError::SignInRequired) => {
                self.badge.set(SaveStatus::SignedOut);
                self.send_after(TRY_AGAIN_AFTER);
            }
            Err(error) if is_worth_another_try(&error) => {
                let kept = self.memory.try_with_value(|memory| memory.kept).unwrap_or_default();
                // A page that cannot reach the server shows what the device has stored.
                let newest = batch.into_iter().map(|entry| (entry.field, entry.value));
                self.show(newest.collect::<HashMap<_, _>>());
                match self.over.get_untracked() {
                    true => self.show_unsent(),
                    false => self.badge.set(SaveStatus::Offline { kept, handing_in: hand_in }),
                }
                self.send_after(TRY_AGAIN_AFTER);
            }
            Err(error) => self.badge.set(SaveStatus::Refused(error.to_string())),
        }
    }

    /// Sets the values of controls that were not changed on this page.
    fn show(self, values: impl IntoIterator<Item = (Field, Vec<String>)>) {
        let Some(form) = self.form.get_untracked() else { return };
        let touched = self.memory.try_with_value(|memory| memory.touched.clone()).unwrap_or_default();
        for (field, value) in values {
            if touched.contains(&field) {
                continue;
            }
            let Ok(controls) = form.query_selector_all(&format!("[name=\"{}\"]", field.control_name())) else {
                continue;
            };
            let mut pieces = value.iter();
            for control in nodes(&controls) {
                if let Some(area) = control.dyn_ref::<web_sys::HtmlTextAreaElement>() {
                    area.set_value(pieces.next().map_or("", String::as_str));
                } else if let Some(input) = control.dyn_ref::<web_sys::HtmlInputElement>() {
                    match input.type_().as_str() {
                        "radio" | "checkbox" => input.set_checked(value.contains(&input.value())),
                        "hidden" => {}
                        _ => input.set_value(pieces.next().map_or("", String::as_str)),
                    }
                } else if let Some(select) = control.dyn_ref::<web_sys::HtmlSelectElement>() {
                    // One of those that it offers.
                    let offered = |piece: &&String| {
                        select.set_value(piece);
                        !piece.is_empty() && select.value() == **piece
                    };
                    if !value.iter().any(|piece| offered(&piece)) {
                        select.set_value("");
                    }
                }
            }
        }
        // The palette counts anew.
        let _ = web_sys::Event::new("change").and_then(|event| form.dispatch_event(&event));
    }

    /// The current values of the fields' controls.
    fn read(self, fields: &HashSet<Field>) -> HashMap<Field, Vec<String>> {
        let Some(form) = self.form.get_untracked() else { return HashMap::new() };
        let Ok(data) = web_sys::FormData::new_with_form(&form) else { return HashMap::new() };
        let values =
            |field: &Field| data.get_all(&field.control_name()).iter().filter_map(|value| value.as_string()).collect();
        fields.iter().map(|field| (*field, values(field))).collect()
    }

    /// The fields whose controls are not empty.
    pub fn filled(self, fields: impl IntoIterator<Item = Field>) -> HashSet<Field> {
        let values = self.read(&fields.into_iter().collect());
        let is_filled = |value: &[String]| value.iter().any(|piece| !piece.trim().is_empty());
        values.into_iter().filter(|(_, value)| is_filled(value)).map(|(field, _)| field).collect()
    }

    /// Sends what has not arrived in a beacon, the one kind of request that outlives the page.
    fn flush(self) {
        let pending = self.memory.try_with_value(|memory| memory.pending.clone()).unwrap_or_default();
        if pending.is_empty() {
            return;
        }
        let writer = self.writer.get_untracked();
        let call = SyncAttempt { attempt: self.attempt, writer, entries: pending, hand_in: false, all: false };
        if let Ok(body) = serde_json::to_string(&call) {
            let _ = window().navigator().send_beacon_with_opt_str(SyncAttempt::url(), Some(&body));
        }
    }

    /// Whether another device has taken over, so that this page is read-only.
    pub fn is_elsewhere(self) -> bool {
        self.known.get() && self.state.with(|state| state.holder) != Some(self.writer.get())
    }

    /// Continues on this page, under a new writer id, with the server's answers.
    pub fn take_over(self) {
        self.known.set(false);
        self.writer.set(new_name());
        self.memory.update_value(|memory| {
            memory.next_seq = 1;
            memory.behind = true;
            memory.touched.clear();
        });
        self.send();
    }

    /// Listens to the server's events.
    fn listen(self) {
        let Ok(events) = web_sys::EventSource::new(&format!("/attempts/{}/events", self.attempt)) else { return };
        let told = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let data = event.data().as_string().unwrap_or_default();
            if let Ok(Messages { messages }) = serde_json::from_str(&data)
                && messages != self.messages.get_untracked()
            {
                self.messages.set(messages);
            }
            if let Ok(state) = serde_json::from_str(&data) {
                self.set_state(state);
            }
        });
        events.set_onmessage(Some(told.as_ref().unchecked_ref()));
        let gone = Closure::<dyn Fn()>::new(move || {
            // The reloaded page says so, in the place of the questions.
            let _ = window().location().reload();
        });
        let _ = events.add_event_listener_with_callback(GONE, gone.as_ref().unchecked_ref());
        // The callbacks live as long as the page.
        told.forget();
        gone.forget();
        let earlier = self.events.try_update_value(|known| known.replace(SendWrapper::new(events)));
        if let Some(Some(earlier)) = earlier {
            earlier.close();
        }
    }

    /// Continues after signing in again.
    pub fn signed_in(self) {
        self.listen();
        self.send();
    }

    fn set_state(self, state: State) {
        // The answer to a request and an event may overtake each other.
        if state.at < self.state.with_untracked(|known| known.at) && !state.closed {
            return;
        }
        self.seconds_left.set(state.seconds_left);
        self.clock.set_value(Clock::of(&state));
        let over = state.closed;
        self.state.set(state);
        if over {
            self.end();
            self.leave_when_done();
        } else if self.over.get_untracked() && self.seconds_left.get_untracked() > 0 {
            // The school gave more time.
            self.over.set(false);
            self.ask();
        }
    }

    fn tick(self) {
        if self.clock.try_update_value(Clock::jumped).unwrap_or_default() {
            self.ask();
        }
        if self.state.with_untracked(|state| state.paused || state.closed) {
            return;
        }
        let Some(clock) = self.clock.try_get_value() else { return };
        let ends_at = self.state.with_untracked(|state| state.ends_at.timestamp_millis() as f64);
        let left = ((ends_at - clock.now()) / 1000.0).ceil() as i64;
        self.seconds_left.set(left.max(0));
        match left {
            1..=2 => self.send(),
            ..=0 => {
                self.end();
                self.ask();
            }
            _ => {}
        }
    }

    /// Stops taking answers, unless the school gives more time.
    fn end(self) {
        if !self.over.get_untracked() {
            self.over.set(true);
            self.show_unsent();
        }
    }

    fn show_unsent(self) {
        let unsent = self.memory.try_with_value(|memory| memory.unsent()).unwrap_or_default();
        self.badge.set(SaveStatus::Over(unsent));
    }

    /// Goes to the result, once the server has closed the attempt and has everything that was written here.
    fn leave_when_done(self) {
        let done = self.memory.try_with_value(|memory| memory.ready && !memory.sending && memory.pending.is_empty());
        if self.state.with_untracked(|state| state.closed) && done.unwrap_or_default() {
            let _ = window().location().set_href(&format!("/attempts/{}/result", self.attempt));
        }
    }
}

/// Whether the same request may succeed later.
pub fn is_worth_another_try(error: &AppError) -> bool {
    error.retry_after().is_some()
        || matches!(error, AppError::Network(_) | AppError::DatabaseUnavailable | AppError::Unexpected { .. })
}

/// A random id, from the browser's `Math.random`: the WebAssembly carries no random source of its own.
fn new_name() -> Uuid {
    let random = || (js_sys::Math::random() * 4_294_967_296.0) as u128;
    Uuid::from_u128(random() << 96 | random() << 64 | random() << 32 | random())
}

/// The field that an event's form control belongs to, and whether it was chosen rather than typed.
fn field_of(target: &web_sys::EventTarget) -> Option<(Field, bool)> {
    let element: &web_sys::Element = target.dyn_ref()?;
    let chosen = matches!(element.get_attribute("type").as_deref(), Some("radio" | "checkbox"))
        || element.tag_name().eq_ignore_ascii_case("select");
    Some((Field::of_control(&element.get_attribute("name")?)?, chosen))
}
