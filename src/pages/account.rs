//! The user's own account: name, level, devices, password.

use exam_model::format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::api::accounts::{Account, ChangePassword, ChangeProfile, SignOutDevice, SignOutOthers, get_account};
use crate::components::display::DisplaySettings;
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::{Page, SignOut};
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::account::Role;

#[component]
pub fn AccountPage() -> impl IntoView {
    let change = ServerAction::<ChangeProfile>::new();
    refill::<ChangeProfile>();
    let sign_out = ServerAction::<SignOutDevice>::new();
    let account = Resource::new(|| (), |()| get_account());
    view! {
        <Page title="Your account">
            <Load title="Your account" resource=account view=move |account| details(account, change, sign_out)/>
        </Page>
    }
}

fn details(account: Account, change: ServerAction<ChangeProfile>, sign_out: ServerAction<SignOutDevice>) -> AnyView {
    let error = error_of(change);
    let Account { person, levels, devices } = account;
    let level = match (&person.education_level, person.role) {
        (_, Role::Admin) => view! { <p>"You are an admin of the school."</p> }.into_any(),
        (_, Role::Teacher) => view! { <p>"You are a teacher of the school."</p> }.into_any(),
        (Some(level), Role::Student) => {
            view! { <p>"You are preparing for " <b>{level.clone()}</b> ". To change it, ask your school."</p> }
                .into_any()
        }
        (None, Role::Student) => {
            let options = levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))).collect();
            view! { <Select label="The exam you are preparing for" name="education_level" options error required=true/> }
                .into_any()
        }
    };
    let others = (devices.len() > 1).then(|| {
        view! {
            <form method="post" action=SignOutOthers::url()>
                <button class="plain">"Sign out everywhere else"</button>
            </form>
        }
    });
    let rows: Vec<_> = devices
        .into_iter()
        .map(|device| {
            let action = if device.this_one {
                view! { "This device" }.into_any()
            } else {
                view! {
                    <ActionForm action=sign_out>
                        <input type="hidden" name="id" value=device.id.to_string()/>
                        <button class="plain">"Sign out"</button>
                    </ActionForm>
                }
                .into_any()
            };
            view! {
                <tr>
                    <th scope="row">{device.name}</th>
                    <td>{format::date_time(device.last_seen_at)}</td>
                    <td>{action}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <ActionForm action=change attr:class="card form">
            <FormError error fields=&["full_name", "education_level"]/>
            <p>"Signed in as " <b>{person.sign_in_name().to_owned()}</b></p>
            <Field label="Your name" name="full_name" value=person.full_name error autocomplete="name"/>
            {level}
            <button>"Save"</button>
        </ActionForm>
        <h2>"Devices"</h2>
        <Table caption="Signed-in devices" head=vec!["Device", "Last seen", ""]>
            {rows}
        </Table>
        {others}
        <h2>"On this device"</h2>
        <section class="card form" aria-label="How pages look on this device"><DisplaySettings/></section>
        <PasswordForm/>
        <SignOut/>
    }
    .into_any()
}

/// Changes the password; asks for the current one.
#[component]
fn PasswordForm() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let error = error_of(change);
    let query = use_query_map();
    let done = move || {
        let changed = query.with(|query| query.get("password").is_some());
        changed.then(|| view! { <p role="status">"Your password is changed. All other devices are signed out."</p> })
    };
    view! {
        <h2>"Password"</h2>
        <ActionForm action=change attr:class="card form">
            <FormError error fields=&["present", "new"]/>
            {done}
            <Field label="Current password" name="present" kind="password" error autocomplete="current-password" maxlength=128/>
            <Field label="New password" name="new" kind="password" error autocomplete="new-password" maxlength=128/>
            <button class="plain">"Change the password"</button>
        </ActionForm>
    }
}
