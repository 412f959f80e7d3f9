//! Form fields with their errors.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::AppError;
use crate::flash::RefusedForm;

/// The values to fill in again, by field name.
#[derive(Clone)]
struct Written(HashMap<String, String>);

/// The fields that were sent to this action, if it refused them.
pub fn refused<S: ServerFn>() -> Option<Vec<(String, String)>> {
    use_context::<RefusedForm>().filter(|refused| refused.action == S::PATH).map(|refused| refused.fields)
}

/// Fills the fields of this component with what was sent when this action refused it.
pub fn refill<S: ServerFn>() {
    if let Some(fields) = refused::<S>() {
        provide_context(Written(fields.into_iter().collect()));
    }
}

pub(super) fn written(name: &str) -> Option<String> {
    use_context::<Written>().and_then(|Written(mut words)| words.remove(name))
}

/// The error of a server action, if the last call had one.
pub fn error_of<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Send + Sync + Clone + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get().and_then(Result::err))
}

/// PDFs and photos. Image types are listed one by one, so that a phone offers no other kind.
pub const PAGES: &str = "application/pdf,.pdf,image/jpeg,image/png,image/webp";

/// A labelled input, for text or files. Hint and error are outside the label, so that they are not part of the field's
/// accessible name.
#[component]
pub fn Field(
    label: &'static str,
    name: &'static str,
    #[prop(default = Signal::stored(None))] error: Signal<Option<AppError>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = true)] required: bool,
    #[prop(default = 200)] maxlength: u32,
    /// The file types to offer.
    #[prop(default = PAGES.into(), into)]
    accept: String,
    /// Whether several files may be chosen.
    #[prop(default = false)]
    multiple: bool,
    /// The smallest and largest number.
    #[prop(optional)]
    range: Option<(i32, i32)>,
    /// Whether a number may have decimals.
    #[prop(optional)]
    decimals: bool,
    /// The id, if several forms of a page have a field of this name.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let value = written(name).unwrap_or(value);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    let hint = (!hint.is_empty()).then(|| view! { <small class="hint" id=hint_id>{hint}</small> });
    let invalid = move || error.get().is_some_and(|error| error.at(name).is_some());
    let (min, max) = range.unzip();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type=kind
                name=name
                value=value
                autocomplete=autocomplete
                required=required
                maxlength=(kind != "number" && kind != "file").then_some(maxlength)
                min=min
                max=max
                step=decimals.then_some("any")
                inputmode=(kind == "number" && !decimals).then_some("numeric")
                accept=(kind == "file").then_some(accept)
                multiple=multiple
                aria-invalid=move || invalid().to_string()
                aria-describedby=described
            />
            {hint}
            <span id=error_id>
                <FieldError name error/>
            </span>
        </div>
    }
}

/// A labelled select; `options` are value and text.
#[component]
pub fn Select(
    label: &'static str,
    name: &'static str,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(default = Signal::stored(None))] error: Signal<Option<AppError>>,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
    let value = written(name).unwrap_or(value);
    let options: Vec<_> = options
        .into_iter()
        .map(|(option, words)| {
            let selected = option == value;
            view! {
                <option value=option selected=selected>
                    {words}
                </option>
            }
        })
        .collect();
    view! {
        <div class="field">
            <label>
                <span>{label}</span>
                <select name=name required=required>
                    {options}
                </select>
            </label>
            <FieldError name error/>
        </div>
    }
}

/// The error of one field.
#[component]
pub fn FieldError(name: &'static str, error: Signal<Option<AppError>>) -> impl IntoView {
    move || {
        error
            .get()
            .and_then(|error| error.at(name))
            .map(|reason| view! { <strong class="field-error" role="alert">{reason}</strong> })
    }
}

/// The error of a form as a whole, unless it is about one of the named fields.
#[component]
pub fn FormError(error: Signal<Option<AppError>>, #[prop(optional)] fields: &'static [&'static str]) -> impl IntoView {
    move || {
        error
            .get()
            .filter(|error| fields.iter().all(|field| error.at(field).is_none()))
            .map(|error| view! { <p class="form-error" role="alert">{error.to_string()}</p> })
    }
}
