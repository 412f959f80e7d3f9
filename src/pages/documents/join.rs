//! Joining a classmate's document by a code.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::JoinDocument;
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::{Page, SignedIn};

#[component]
pub fn JoinPage() -> impl IntoView {
    let join = ServerAction::<JoinDocument>::new();
    refill::<JoinDocument>();
    let error = error_of(join);
    let code = StoredValue::new(use_query_map().with_untracked(|query| query.get("code").unwrap_or_default()));
    view! {
        <Page title="I have a code">
            <SignedIn>
                <h1>"I have a code"</h1>
                <ActionForm action=join attr:class="card form">
                    <FormError error fields=&["code"]/>
                    <Field
                        label="Code"
                        name="code"
                        value=code.get_value()
                        hint="Eight letters and digits, such as ABCD-2345, from a classmate at your level. You find the paper under “Shared with me”."
                        error
                        maxlength=20
                    />
                    <button>"Open it"</button>
                </ActionForm>
            </SignedIn>
        </Page>
    }
}
