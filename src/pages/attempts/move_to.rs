//! Going on with an exam on another device: six digits there, no password.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::exams::{MakeMoveCode, UseMoveCode, get_move_code};
use crate::components::field::{Field, FormError, error_of, write_again};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::attempt::MoveCode;
use crate::pages::id_param;

/// On the device where the exam runs.
#[component]
pub fn MovePage() -> impl IntoView {
    let id = id_param();
    let make = ServerAction::<MakeMoveCode>::new();
    let code = Resource::new(
        move || (id(), make.version().get()),
        |(id, _)| async move {
            let id = id?;
            Ok((id, get_move_code(id).await?))
        },
    );
    view! {
        <Page title="Go on on another device">
            <h1>"Go on on another device"</h1>
            <FormError error=error_of(make)/>
            <Load resource=code view=move |(id, code)| show(id, code, make)/>
        </Page>
    }
}

fn show(id: uuid::Uuid, code: Option<MoveCode>, make: ServerAction<MakeMoveCode>) -> AnyView {
    let words = if code.is_some() { "New digits" } else { "Show the six digits" };
    let code = code.map(|code| {
        let digits = format!("{} {}", &code.code[..3], &code.code[3..]);
        view! {
            <p class="code"><b>{digits}</b></p>
            <p>{format!("Good until {}, and once.", format::time(code.good_until))}</p>
            <div class="qr" role="img" aria-label="The same as a picture for a camera" inner_html=code.picture></div>
        }
    });
    view! {
        <ol>
            <li>"On the other device open this site and choose “I have six digits”, or point its camera at the picture."</li>
            <li>"Write the digits there. The exam goes on with all your answers and the same time; here you can only read then."</li>
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

/// On the device that takes over.
#[component]
pub fn MoveHerePage() -> impl IntoView {
    let take = ServerAction::<UseMoveCode>::new();
    write_again::<UseMoveCode>();
    let error = error_of(take);
    let code = use_query_map().with_untracked(|query| query.get("code").unwrap_or_default());
    view! {
        <Page title="Go on here">
            <h1>"Go on here with an exam"</h1>
            <ActionForm action=take attr:class="card form">
                <FormError error fields=&["code"]/>
                <Field
                    label="Six digits"
                    name="code"
                    value=code
                    hint="They are shown on the other device under “Go on on another device”."
                    error
                    maxlength=12
                />
                <button>"Go on"</button>
            </ActionForm>
        </Page>
    }
}
