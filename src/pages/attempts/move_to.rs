//! Continuing an exam on another device, with a six-digit code instead of a password.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::exams::{MakeMoveCode, UseMoveCode, get_move_code};
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::attempt::MoveCode;
use crate::pages::id_param;

/// The page on the device where the exam is running.
#[component]
pub fn MovePage() -> impl IntoView {
    let id = id_param();
    let make = ServerAction::<MakeMoveCode>::new();
    let code = Resource::new(id, |id| async move {
        let id = id?;
        Ok((id, get_move_code(id).await?))
    });
    view! {
        <Page title="Continue on another device">
            <h1>"Continue on another device"</h1>
            <FormError error=error_of(make)/>
            <Load resource=code view=move |(id, code)| show(id, code, make)/>
        </Page>
    }
}

fn show(id: uuid::Uuid, code: Option<MoveCode>, make: ServerAction<MakeMoveCode>) -> AnyView {
    let words = if code.is_some() { "New code" } else { "Show the six-digit code" };
    let code = code.map(|code| {
        let digits = format!("{} {}", &code.code[..3], &code.code[3..]);
        view! {
            <p class="code"><b>{digits}</b></p>
            <p>{format!("Use it once, before {}.", format::time(code.good_until))}</p>
            <div class="qr" role="img" aria-label="The code as a picture for a camera" inner_html=code.picture></div>
        }
    });
    view! {
        <ol>
            <li>"On the other device, open this site and choose “I have a six-digit code”. Or point its camera at the picture."</li>
            <li>"Type the code there. You continue with all your answers and the same time. Here you can then only read."</li>
        </ol>
        {code}
        <ActionForm action=make>
            <input type="hidden" name="attempt" value=id.to_string()/>
            <button>{words}</button>
        </ActionForm>
        <p><a href=format!("/attempts/{id}")>"Back to the exam"</a></p>
    }
    .into_any()
}

/// The page on the device that takes over.
#[component]
pub fn MoveHerePage() -> impl IntoView {
    let take = ServerAction::<UseMoveCode>::new();
    refill::<UseMoveCode>();
    let error = error_of(take);
    let code = use_query_map().with_untracked(|query| query.get("code").unwrap_or_default());
    view! {
        <Page title="Continue here">
            <h1>"Continue an exam here"</h1>
            <ActionForm action=take attr:class="card form">
                <FormError error fields=&["code"]/>
                <Field
                    label="Six-digit code"
                    name="code"
                    value=code
                    hint="The other device shows it under “Continue on another device”."
                    error
                    maxlength=12
                />
                <button>"Continue"</button>
            </ActionForm>
        </Page>
    }
}
