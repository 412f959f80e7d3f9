//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::accounts::Login;
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;

#[component]
pub fn LoginPage() -> impl IntoView {
    let login = ServerAction::<Login>::new();
    refill::<Login>();
    let error = error_of(login);
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    view! {
        <Page title="Sign in">
            <h1>"Sign in"</h1>
            <ActionForm action=login attr:class="card form">
                <FormError error fields=&["email", "password"]/>
                <Field label="E-mail address" name="email" kind="email" error autocomplete="username" maxlength=254/>
                <Field label="Password" name="password" kind="password" error autocomplete="current-password" maxlength=128/>
                <input type="hidden" name="next" value=next/>
                <button>"Sign in"</button>
                <p>"New here? " <a href="/register">"Register"</a></p>
                <p>"Forgot your password? " <a href="/reset">"Set a new password"</a> " with a code from your school."</p>
                <p><a href="/move">"I have a six-digit code"</a> " from an exam on another device."</p>
            </ActionForm>
        </Page>
    }
}
