//! Fields of forms, with what is wrong beside them.

use leptos::prelude::*;

use crate::error::AppError;

/// The error of a server action, if the last call had one.
pub fn error_of<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: leptos::server_fn::ServerFn<Error = AppError> + Send + Sync + Clone + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get().and_then(Result::err))
}

/// A labelled line to write in.
#[component]
pub fn Field(
    label: &'static str,
    name: &'static str,
    error: Signal<Option<AppError>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = true)] required: bool,
    #[prop(default = 200)] maxlength: u32,
) -> impl IntoView {
    let hint = (!hint.is_empty()).then(|| view! { <small class="hint">{hint}</small> });
    let invalid = move || error.get().is_some_and(|error| error.at(name).is_some());
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type=kind
                name=name
                value=value
                autocomplete=autocomplete
                required=required
                maxlength=maxlength
                aria-invalid=move || invalid().to_string()
            />
            {hint}
            <FieldError name error/>
        </label>
    }
}

/// A labelled choice of one of a list: value and words of each.
#[component]
pub fn Select(
    label: &'static str,
    name: &'static str,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] error: Option<Signal<Option<AppError>>>,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
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
        <label class="field">
            <span>{label}</span>
            <select name=name required=required>
                {options}
            </select>
            {error.map(|error| view! { <FieldError name error/> })}
        </label>
    }
}

/// What is wrong with one field.
#[component]
pub fn FieldError(name: &'static str, error: Signal<Option<AppError>>) -> impl IntoView {
    move || {
        error
            .get()
            .and_then(|error| error.at(name))
            .map(|reason| view! { <strong class="field-error" role="alert">{reason}</strong> })
    }
}

/// What is wrong with a form as a whole: errors of none of its named fields.
#[component]
pub fn FormError(error: Signal<Option<AppError>>, #[prop(optional)] fields: &'static [&'static str]) -> impl IntoView {
    move || {
        error
            .get()
            .filter(|error| fields.iter().all(|field| error.at(field).is_none()))
            .map(|error| view! { <p class="form-error" role="alert">{error.to_string()}</p> })
    }
}
