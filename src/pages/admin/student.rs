//! A pupil's page, for the school.

pub mod merge;

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use super::exams::ExtraTime;
use crate::api::accounts::{GiveResetCode, levels};
use crate::api::classes::{ChangePupil, DeletePupil, SwitchPupil, get_pupil_account, get_what_goes};
use crate::api::exams::{GrantExtraTime, get_extra_time};
use crate::api::progress::pupil;
use crate::api::teachers::ChangeRole;
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::{Page, is_admin, use_me};
use crate::components::load::Load;
use crate::components::one_time_code::OneTimeCode;
use crate::domain::account::{DELETED_DAYS, WhatGoes};
use crate::domain::class::PupilAccount;
use crate::domain::progress::Progress;
use crate::pages::id_param;
use crate::pages::progress::{all_attempts, progress_view};

/// The pupil's account with id and name of every class, and code and name of every level.
type AccountContent = ((PupilAccount, Vec<(Uuid, String)>), Vec<(String, String)>);

#[component]
pub fn StudentPage() -> impl IntoView {
    let id = id_param();
    let all = all_attempts();
    let (change, switch) = (ServerAction::<ChangePupil>::new(), ServerAction::<SwitchPupil>::new());
    refill::<ChangePupil>();
    let me = use_me();
    let pupil = Resource::new(
        move || (id(), all.get()),
        move |(id, all)| async move {
            let id = id?;
            let progress = pupil(id, all).await?;
            // A teacher changes no accounts.
            let account = match is_admin(me).await {
                true => Some((get_pupil_account(id).await?, levels().await?)),
                false => None,
            };
            Ok((progress, account))
        },
    );
    let grant = ServerAction::<GrantExtraTime>::new();
    // Created here and not in the view, which may be rendered twice while it waits and would then ask twice.
    let extra = Resource::new(id, |id| async move { get_extra_time(id?).await });
    let goes = Resource::new(id, |id| async move { get_what_goes(id?).await });
    let (delete, promote) = (ServerAction::<DeletePupil>::new(), ServerAction::<ChangeRole>::new());
    view! {
        <Page title="Pupil">
            <Load
                resource=pupil
                view=move |(progress, account): (Progress, Option<AccountContent>)| {
                    let facts = [progress.level.clone(), Some(progress.sign_in_name.clone())];
                    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
                    view! {
                        <h1>{progress.full_name.clone()}</h1>
                        <p class="facts">{facts}</p>
                        {progress_view(progress)}
                        {id().ok().map(|pupil| view! {
                            <ExtraTime pupil now=extra grant/>
                            {account.map(|account| view! {
                                {account_forms(account, change, switch)}
                                <ForgottenPassword pupil/>
                                <Load resource=goes view=move |goes| everything(pupil, goes, delete)/>
                                {to_teacher(pupil, promote)}
                            })}
                        })}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

/// The pupil's account: name, class and level, a new card, and switching it off and on.
fn account_forms(
    ((account, classes), levels): AccountContent,
    change: ServerAction<ChangePupil>,
    switch: ServerAction<SwitchPupil>,
) -> AnyView {
    let error = error_of(change);
    let id = account.id;
    let facts = [
        account.login_name,
        account.email,
        account.id_number.map(|number| format!("number {number}")),
        (!account.has_password).then(|| "has not chosen a password yet".to_owned()),
        account.last_seen_at.map(|at| format!("last seen {}", format::date_time(at))),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let in_class = account.class.is_some();
    let classes = std::iter::once((String::new(), "No class".to_owned()))
        .chain(classes.into_iter().map(|(id, name)| (id.to_string(), name)))
        .collect();
    let levels = std::iter::once((String::new(), "Not chosen".to_owned()))
        .chain(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))))
        .collect();
    let (words, button) = match account.is_active {
        true => ("The pupil can sign in.", "Switch the account off"),
        false => (
            "This account is switched off: nobody can sign in with it, and it is left out of lists.",
            "Switch the account on",
        ),
    };
    view! {
        <h2>"Account"</h2>
        <p class="facts">{facts}</p>
        <ActionForm action=change attr:class="card form">
            <FormError error fields=&["full_name", "level"]/>
            <input type="hidden" name="id" value=id.to_string()/>
            <Field label="Name" name="full_name" value=account.full_name error/>
            <Select label="Class" name="class" options=classes value=account.class.map(|id| id.to_string()).unwrap_or_default()/>
            <Select label="Level" name="level" options=levels value=account.level.unwrap_or_default() error/>
            {in_class.then(|| view! { <p class="hint">"In a class, the level is that of the class."</p> })}
            <button class="plain">"Save the account"</button>
        </ActionForm>
        <p class="actions">
            <a class="button plain" href=format!("/admin/students/{id}/card")>"New card"</a>
            <a class="button plain" href=format!("/admin/students/{id}/merge")>"This pupil has two accounts"</a>
        </p>
        <ActionForm action=switch attr:class="card form">
            <FormError error=error_of(switch)/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="on" value=(!account.is_active).to_string()/>
            <p>{words}</p>
            <button class="plain">{button}</button>
        </ActionForm>
    }
    .into_any()
}

/// Everything about the pupil as a file, and the deletion of the account.
fn everything(pupil: Uuid, goes: WhatGoes, delete: ServerAction<DeletePupil>) -> AnyView {
    let form = |deleted: bool, words: &'static str| {
        view! {
            <ActionForm action=delete>
                <input type="hidden" name="id" value=pupil.to_string()/>
                <input type="hidden" name="deleted" value=deleted.to_string()/>
                <button class="plain">{words}</button>
            </ActionForm>
        }
    };
    let words = goes.words();
    let deletion = match goes.goes_at() {
        Some(at) => view! {
            <div class="card note" role="status">
                <p>
                    {format!("This account is deleted. On {} it goes for good, with all that is the pupil’s: {words}.", format::date(at))}
                </p>
                {form(false, "Undo the deletion")}
            </div>
        }
        .into_any(),
        None => view! {
            <details>
                <summary>"Delete the account …"</summary>
                <p>{format!("All that is the pupil’s goes with it: {words}. Others can no longer use the documents then.")}</p>
                <p>
                    {format!("Nobody can sign in with it from now on. It goes for good after {DELETED_DAYS} days; until then you can undo it here.")}
                </p>
                {form(true, "Delete the account")}
            </details>
        }
        .into_any(),
    };
    view! {
        <h2>"All that is kept"</h2>
        <FormError error=error_of(delete)/>
        <p class="actions">
            <a class="button plain" href=format!("/admin/students/{pupil}/everything.zip") download="">"Everything about the pupil (ZIP)"</a>
        </p>
        {deletion}
    }
    .into_any()
}

/// Makes the account of somebody who is no pupil a teacher's.
fn to_teacher(pupil: Uuid, promote: ServerAction<ChangeRole>) -> AnyView {
    view! {
        <h2>"Teacher"</h2>
        <FormError error=error_of(promote)/>
        <details>
            <summary>"Make this person a teacher …"</summary>
            <p>"The account leaves its class and the lists of pupils. Next you choose the classes that the teacher teaches."</p>
            <ActionForm action=promote>
                <input type="hidden" name="id" value=pupil.to_string()/>
                <input type="hidden" name="teacher" value="true"/>
                <button class="plain">"Make a teacher"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Creates a one-time code for a pupil who forgot the password.
#[component]
fn ForgottenPassword(pupil: Uuid) -> impl IntoView {
    let give = ServerAction::<GiveResetCode>::new();
    view! {
        <h2>"Forgotten password"</h2>
        <ActionForm action=give>
            <FormError error=error_of(give)/>
            <input type="hidden" name="pupil" value=pupil.to_string()/>
            <button class="plain">"Make a one-time code"</button>
        </ActionForm>
        <OneTimeCode made=give.value() words="Give this code to the pupil. It works once, within a day, on the page “Set a new password”. It is not shown again."/>
    }
}
