//! Registering a pupil.

use leptos::prelude::*;

use crate::api::accounts::{Register, levels};
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::error::AppError;

#[component]
pub fn RegisterPage() -> impl IntoView {
    let register = ServerAction::<Register>::new();
    refill::<Register>();
    let error = error_of(register);
    let levels = Resource::new(|| (), |()| levels());
    view! {
        <Page title="Register">
            <h1>"Register"</h1>
            <ActionForm action=register attr:class="card form">
                <FormError error fields=&["full_name", "email", "password", "education_level"]/>
                <Field label="Your name" name="full_name" error autocomplete="name"/>
                <Field label="E-mail address" name="email" kind="email" error autocomplete="email" maxlength=254/>
                <Field
                    label="Password"
                    name="password"
                    kind="password"
                    error
                    autocomplete="new-password"
                    hint="At least 6 characters"
                    maxlength=128
                />
                <Load resource=levels view=move |levels| level_select(levels, error)/>
                <button>"Register"</button>
                <p>"Already have an account? " <a href="/login">"Sign in"</a></p>
            </ActionForm>
        </Page>
    }
}

fn level_select(levels: Vec<(String, String)>, error: Signal<Option<AppError>>) -> AnyView {
    let mut options = vec![(String::new(), "Choose …".to_owned())];
    options.extend(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))));
    view! { <Select label="The exam you are preparing for" name="education_level" options error required=true/> }
        .into_any()
}
