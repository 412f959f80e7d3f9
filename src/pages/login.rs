//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::accounts::Login;
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;
use crate::error::AppError;

#[component]
pub fn LoginPage() -> impl IntoView {
    let login = ServerAction::<Login>::new();
    refill::<Login>();
    let error = error_of(login);
    let asked =
        use_query_map().with_untracked(|query| ["next", "name"].map(|name| query.get(name).unwrap_or_default()));
    let [next, name] = asked;
    // The code of a card was right, or its picture led here.
    let is_right = error.get_untracked().is_some_and(|error| error.at("new").is_some());
    let choosing = (is_right || !name.is_empty()).then(|| new_password(error, is_right));
    view! {
        <Page title="Sign in">
            <h1>"Sign in"</h1>
            <ActionForm action=login attr:class="card form">
                <FormError error fields=&["email", "password", "new"]/>
                <Field
                    label="E-mail address or login name"
                    name="email"
                    value=name
                    error
                    autocomplete="username"
                    maxlength=254
                />
                <Field
                    label="Password"
                    name="password"
                    kind="password"
                    error
                    autocomplete="current-password"
                    hint="The first time: the code on your card"
                    maxlength=128
                />
                {choosing}
                <input type="hidden" name="next" value=next/>
                <button>"Sign in"</button>
                <p>"New here? " <a href="/register">"Register"</a></p>
                <p>"Forgot your password? " <a href="/reset">"Set a new password"</a> " with a code from your school."</p>
                <p><a href="/move">"I have a six-digit code"</a> " from an exam on another device."</p>
            </ActionForm>
        </Page>
    }
}

fn new_password(error: Signal<Option<AppError>>, required: bool) -> AnyView {
    let hint = if required { "At least 6 characters" } else { "Only the first time. At least 6 characters" };
    view! {
        <Field
            label="Your new password"
            name="new"
            kind="password"
            error
            autocomplete="new-password"
            hint
            required
            maxlength=128
        />
    }
    .into_any()
}
