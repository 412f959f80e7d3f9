//! Setting a new password with a one-time code from the school.

use leptos::prelude::*;

use crate::api::accounts::UseResetCode;
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;

#[component]
pub fn ResetPage() -> impl IntoView {
    let reset = ServerAction::<UseResetCode>::new();
    refill::<UseResetCode>();
    let error = error_of(reset);
    view! {
        <Page title="Set a new password">
            <h1>"Set a new password"</h1>
            <ActionForm action=reset attr:class="card form">
                <FormError error fields=&["email", "code", "new"]/>
                <p>"Ask your school for a code. You can use it once."</p>
                <Field label="E-mail address or login name" name="email" error autocomplete="username" maxlength=254/>
                <Field label="Code" name="code" error maxlength=20/>
                <Field label="New password" name="new" kind="password" error autocomplete="new-password" maxlength=128/>
                <button>"Set the password"</button>
            </ActionForm>
        </Page>
    }
}
