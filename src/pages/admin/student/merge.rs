//! Two accounts of one pupil become one.

use leptos::prelude::*;

use crate::api::classes::{MergePupils, get_duplicates};
use crate::components::field::{Field, FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::account::Duplicate;
use crate::domain::class::PupilAccount;
use crate::pages::{id_param, query_words};

const TITLE: &str = "Two accounts of one pupil";

#[component]
pub fn MergePage() -> impl IntoView {
    let (id, asked) = (id_param(), query_words(["other"]));
    let merge = ServerAction::<MergePupils>::new();
    let found =
        Resource::new(move || (id(), asked.get()), |(id, [other])| async move { get_duplicates(id?, other).await });
    view! {
        <Page title=TITLE>
            <Load title=TITLE resource=found view=move |(account, others)| {
                let [asked] = asked.get();
                whole(account, asked, others, merge)
            }/>
        </Page>
    }
}

fn whole(account: PupilAccount, asked: String, others: Vec<Duplicate>, merge: ServerAction<MergePupils>) -> AnyView {
    let sign_in_name = account.login_name.clone().or(account.email.clone()).unwrap_or_default();
    let keeps = format!("{} ({sign_in_name}) stays. All that the other account has moves to it.", account.full_name);
    let none = match asked.is_empty() {
        true => format!(
            "No other pupil is called {}. Write the name that the other account signs in with.",
            account.full_name
        ),
        false => format!("No other pupil signs in as “{asked}”."),
    };
    let none = others.is_empty().then(|| view! { <p class="empty">{none}</p> });
    let path = format!("/admin/students/{}", account.id);
    let others: Vec<_> = others.iter().map(|other| duplicate(&account, other, merge)).collect();
    view! {
        <p><a href=path.clone()>{account.full_name.clone()}</a></p>
        <p>{keeps}</p>
        <form class="filters" method="get" action=format!("{path}/merge")>
            <Field label="The other account signs in as" name="other" kind="search" value=asked required=false/>
            <button class="plain">"Find it"</button>
        </form>
        <FormError error=error_of(merge)/>
        {none}
        {others}
    }
    .into_any()
}

/// An account that may be the other one, and the button that merges it.
fn duplicate(account: &PupilAccount, other: &Duplicate, merge: ServerAction<MergePupils>) -> AnyView {
    let (full_name, sign_in_name) = (other.full_name.clone(), other.sign_in_name().to_owned());
    let (id, other_id) = (account.id.to_string(), other.id.to_string());
    let class = other.class.clone().unwrap_or_else(|| "no class".to_owned());
    let brings = format!("It brings {}.", other.brings.words());
    let names = [(&account.email, &other.email), (&account.login_name, &other.login_name)];
    let names: Vec<&str> =
        names.iter().filter(|(own, _)| own.is_none()).filter_map(|(_, new)| new.as_deref()).collect();
    let names = (!names.is_empty()).then(|| {
        format!(
            "From then on, {} signs in to the account that stays, with that account’s password.",
            names.join(" or ")
        )
    });
    view! {
        <div class="card">
            <h2>{full_name}</h2>
            <p class="facts">{format!("{sign_in_name} · {class}")}</p>
            <p>{brings}</p>
            <details>
                <summary>{format!("Merge {sign_in_name} …")}</summary>
                <p>"Be sure that it is the same pupil: this cannot be undone. This account goes, and is signed out everywhere. The account that stays keeps its name and its class."</p>
                {names.map(|names| view! { <p>{names}</p> })}
                <ActionForm action=merge>
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="other" value=other_id/>
                    <button>"Merge the two accounts"</button>
                </ActionForm>
            </details>
        </div>
    }
    .into_any()
}
