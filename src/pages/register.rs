//! Registering a pupil.

use leptos::prelude::*;
use uuid::Uuid;

use crate::api::accounts::{Register, levels};
use crate::api::schools::open_schools;
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::error::AppError;

#[component]
pub fn RegisterPage() -> impl IntoView {
    let register = ServerAction::<Register>::new();
    refill::<Register>();
    let error = error_of(register);
    let choices = Resource::new(|| (), |()| async { Ok((levels().await?, open_schools().await?)) });
    view! {
        <Page title="Register">
            <h1>"Register"</h1>
            <Load
                resource=choices
                view=move |(levels, (schools, others))| match schools.is_empty() {
                    true => view! { <p>"Your school makes the accounts. Ask a teacher for yours."</p> }.into_any(),
                    false => form(levels, schools, others, register, error),
                }
            />
        </Page>
    }
}

/// Where there are several schools, the form names the one that a pupil registers in.
fn form(
    levels: Vec<(String, String)>,
    schools: Vec<(Uuid, String)>,
    others: bool,
    register: ServerAction<Register>,
    error: Signal<Option<AppError>>,
) -> AnyView {
    let mut choices = vec![(String::new(), "Choose …".to_owned())];
    choices.extend(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))));
    let school = (schools.len() > 1 || others).then(|| {
        let mut options: Vec<_> = schools.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
        if options.len() > 1 {
            options.insert(0, (String::new(), "Choose …".to_owned()));
        }
        view! {
            <Select label="Your school" name="school_id" options error required=true/>
            {others.then(|| view! {
                <p class="hint">"Not in the list? Then your school makes the accounts: ask a teacher for yours."</p>
            })}
        }
    });
    view! {
        <ActionForm action=register attr:class="card form">
            <FormError error fields=&["full_name", "email", "password", "education_level", "school_id"]/>
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
            {school}
            <Select
                label="The exam you are preparing for"
                name="education_level"
                options=choices
                error
                required=true
            />
            <button>"Register"</button>
            <p>"Already have an account? " <a href="/login">"Sign in"</a></p>
        </ActionForm>
    }
    .into_any()
}
