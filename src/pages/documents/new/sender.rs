//! Sends the upload form with scripts: the order of the files, and progress. Without scripts the browser sends the same
//! form.

use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, ProgressEvent, XmlHttpRequest};

use exam_model::format;

use crate::domain::upload::Limits;

#[derive(Clone)]
struct Chosen {
    name: String,
    bytes: i64,
    file: SendWrapper<web_sys::File>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Choosing,
    Sending { sent: i64, of: i64 },
    BrokenOff,
}

/// The files of a form, and how far they are sent.
#[derive(Clone, Copy)]
pub struct Sender {
    limits: Limits,
    /// In the order in which they are sent; empty if none were chosen since the form woke up.
    chosen: RwSignal<Vec<Chosen>>,
    state: RwSignal<State>,
}

impl Sender {
    pub fn new(limits: Limits) -> Self {
        Self { limits, chosen: RwSignal::new(Vec::new()), state: RwSignal::new(State::Choosing) }
    }

    /// Takes the files chosen in the field `file`.
    pub fn choose(self, event: &Event) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(files) = input.filter(|input| input.name() == "file").and_then(|input| input.files()) else { return };
        let files = (0..files.length()).filter_map(|n| files.get(n));
        let chosen =
            files.map(|file| Chosen { name: file.name(), bytes: file.size() as i64, file: SendWrapper::new(file) });
        self.chosen.set(chosen.collect());
        self.state.set(State::Choosing);
    }

    pub fn is_sending(self) -> bool {
        matches!(self.state.get(), State::Sending { .. })
    }

    /// Why the chosen files are too large to send; shown before sending.
    fn too_large(self) -> Option<String> {
        let Limits { each, together } = self.limits;
        self.chosen.with(|chosen| {
            let large = chosen.iter().find(|file| file.bytes > each).map(|file| {
                let (name, most) = (&file.name, format::megabytes(each));
                format!("“{name}” is larger than {most} MB. Split it or make it smaller, then choose again.")
            });
            let all: i64 = chosen.iter().map(|file| file.bytes).sum();
            let many = || {
                format!("Together, they are larger than {} MB. Upload some of them first.", format::megabytes(together))
            };
            large.or_else(|| (all > together).then(many))
        })
    }

    /// Sends the form and follows the redirect. If that is not possible, the browser submits the form itself.
    pub fn send(self, event: &SubmitEvent) {
        if untrack(move || self.too_large()).is_some() {
            event.prevent_default();
            return;
        }
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(request) = form.and_then(|form| self.request(&form)) else { return };
        event.prevent_default();
        self.state.set(State::Sending { sent: 0, of: 0 });
        let ended = Closure::once_into_js({
            let request = request.clone();
            move || match (request.status(), request.response_url()) {
                (Ok(200..400), place) if window().location().set_href(&place).is_ok() => {}
                _ => self.state.set(State::BrokenOff),
            }
        });
        request.set_onloadend(Some(ended.unchecked_ref()));
    }

    /// Starts a request with the form and its files in their order.
    fn request(self, form: &HtmlFormElement) -> Option<XmlHttpRequest> {
        let data = FormData::new_with_form(form).ok()?;
        let chosen = self.chosen.get_untracked();
        if !chosen.is_empty() {
            data.delete("file");
        }
        for Chosen { name, file, .. } in &chosen {
            data.append_with_blob_and_filename("file", file, name).ok()?;
        }
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", &form.action()).ok()?;
        let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            self.state.set(State::Sending { sent: event.loaded() as i64, of: event.total() as i64 });
        });
        request.upload().ok()?.set_onprogress(Some(told.into_js_value().unchecked_ref()));
        request.send_with_opt_form_data(Some(&data)).ok()?;
        Some(request)
    }

    /// The progress of the upload, or what is wrong.
    pub fn progress(self) -> impl IntoView {
        move || {
            let broken_off = "The upload stopped. Check the network and press Upload again. What has already arrived is \
                              not saved twice.";
            let wrong = self.too_large().or_else(|| (self.state.get() == State::BrokenOff).then(|| broken_off.into()));
            let wrong = wrong.map(|words| view! { <p class="form-error" role="alert">{words}</p> });
            let sending = match self.state.get() {
                State::Sending { sent, of } => {
                    let [part, all] = [sent, of].map(format::megabytes);
                    let words = match sent < of || of == 0 {
                        true => format!("{part} of {all} MB sent"),
                        false => "All sent. One moment …".into(),
                    };
                    Some(view! {
                        <p class="sending">
                            <progress aria-label="Sent" max=of.max(1) value=sent></progress>
                            " "
                            {words}
                        </p>
                    })
                }
                _ => None,
            };
            view! { {wrong} {sending} }
        }
    }
}

/// The upload form around its fields: it sends them, and says how far it is.
#[island]
pub fn SendingForm(limits: Limits, children: Children) -> impl IntoView {
    let sender = Sender::new(limits);
    provide_context(sender);
    view! {
        <form
            class="card form"
            method="post"
            action="/documents/new"
            enctype="multipart/form-data"
            on:change=move |event| sender.choose(&event)
            on:submit=move |event| sender.send(&event)
        >
            {children()}
            {sender.progress()}
            <button disabled=move || sender.is_sending()>"Upload"</button>
        </form>
    }
}

/// A list in which the chosen files of the form around it can be reordered, if there are several.
#[island]
pub fn ChosenFiles() -> impl IntoView {
    let Sender { chosen, .. } = expect_context();
    let one = move |(at, file): (usize, Chosen)| {
        let label = format!("Move {} up", file.name);
        let up = move |_| chosen.update(|chosen| chosen.swap(at - 1, at));
        let up = (at > 0).then(|| {
            view! { <button type="button" class="plain" aria-label=label on:click=up>"Up"</button> }
        });
        view! { <li>{format!("{} ({} MB) ", file.name, format::megabytes(file.bytes))} {up}</li> }
    };
    move || {
        let lines: Vec<_> = chosen.get().into_iter().enumerate().map(one).collect();
        (lines.len() > 1).then(|| view! { <ol class="chosen">{lines}</ol> })
    }
}
