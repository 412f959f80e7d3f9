//! The schools of an installation and their admins, for its owner.

use exam_model::format::count;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::schools::{
    ChangeSchool, EndOwnership, GiveAdminCode, MakeAdmin, MakeSchool, SwitchAdmin, get_school, get_schools,
};
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::one_time_code::OneTimeCode;
use crate::components::table::Table;
use crate::domain::school::{School, SchoolAdmin};
use crate::pages::id_param;

#[component]
pub fn SchoolsPage() -> impl IntoView {
    let make = ServerAction::<MakeSchool>::new();
    refill::<MakeSchool>();
    let schools = Resource::new(|| (), |()| get_schools());
    view! {
        <Page title="Schools">
            <Load title="Schools" resource=schools view=move |schools| all(schools, make)/>
        </Page>
    }
}

fn all(schools: Vec<School>, make: ServerAction<MakeSchool>) -> AnyView {
    let error = error_of(make);
    let rows: Vec<_> = schools
        .into_iter()
        .map(|school| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("/admin/schools/{}", school.id)>{school.name}</a></th>
                    <td class="number">{school.pupils}</td>
                    <td class="number">{school.teachers}</td>
                    <td class="number">{school.classes}</td>
                    <td class="number">{school.papers}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <p>
            "Each school has its own pupils, teachers, classes and papers, and sees nothing of the others. Subjects and topics are the same for all. You work in your own; another school is run by its admins."
        </p>
        <Table caption="Schools" head=vec!["School", "Pupils", "Teachers", "Classes", "Papers"]>
            {rows}
        </Table>
        <h2>"A new school"</h2>
        <ActionForm action=make attr:class="card form">
            <FormError error fields=&["name"]/>
            <Field
                label="Name of the school"
                name="name"
                error
                hint="It makes the accounts of its pupils itself, unless you change that."
                maxlength=100
            />
            <button class="plain">"Add the school"</button>
        </ActionForm>
    }
    .into_any()
}

/// A school: its name, whether pupils register in it, and its admins.
#[component]
pub fn SchoolPage() -> impl IntoView {
    let id = id_param();
    let (change, end) = (ServerAction::<ChangeSchool>::new(), ServerAction::<EndOwnership>::new());
    let (make, give) = (ServerAction::<MakeAdmin>::new(), ServerAction::<GiveAdminCode>::new());
    let switch = ServerAction::<SwitchAdmin>::new();
    refill::<ChangeSchool>();
    refill::<MakeAdmin>();
    let school = Resource::new(id, |id| async move { get_school(id?).await });
    view! {
        <Page title="School">
            <Load
                resource=school
                view=move |school: School| {
                    let id = school.id;
                    view! {
                        <h1>{school.name.clone()}</h1>
                        <p class="facts">{facts(&school)}</p>
                        <h2>"Admins"</h2>
                        {admins(&school, give, switch, end)}
                        <OneTimeCode
                            made=Signal::derive(move || make.value().get().or(give.value().get()))
                            words="Give this code to the admin. It works once, within a day, in the place of the password. It is not shown again."
                        />
                        {new_admin(id, make)}
                        <h2>"Name and registration"</h2>
                        {settings(school, change)}
                        <p><a href="/admin/schools">"All schools"</a></p>
                    }
                    .into_any()
                }
            />
        </Page>
    }
}

/// How large the school is.
fn facts(school: &School) -> String {
    let classes = if school.classes == 1 { "1 class".to_owned() } else { format!("{} classes", school.classes) };
    let people = format!("{} · {}", count(school.pupils, "pupil"), count(school.teachers, "teacher"));
    format!("{people} · {classes} · {}", count(school.papers, "paper"))
}

fn admins(
    school: &School,
    give: ServerAction<GiveAdminCode>,
    switch: ServerAction<SwitchAdmin>,
    end: ServerAction<EndOwnership>,
) -> AnyView {
    if school.admins.is_empty() {
        return view! { <p class="empty">"This school has no admin yet."</p> }.into_any();
    }
    let row = |admin: SchoolAdmin| {
        let state = match (admin.is_active, admin.has_password, admin.is_owner) {
            (false, ..) => "switched off",
            (true, false, _) => "has no password yet",
            (true, true, true) => "owns the installation, so sees this page",
            (true, true, false) => "can sign in",
        };
        let (name, facts) = (admin.full_name.clone(), format!("{} · {state}", admin.sign_in_name));
        view! {
            <li>
                <h3>{name}</h3>
                <p class="facts">{facts}</p>
                {acts(admin, give, switch, end)}
            </li>
        }
    };
    let rows: Vec<_> = school.admins.iter().cloned().map(row).collect();
    view! {
        <FormError error=error_of(give)/>
        <FormError error=error_of(switch)/>
        <FormError error=error_of(end)/>
        <ul class="lined">{rows}</ul>
    }
    .into_any()
}

/// What an owner can do with an admin: of another owner only end that they are one.
fn acts(
    admin: SchoolAdmin,
    give: ServerAction<GiveAdminCode>,
    switch: ServerAction<SwitchAdmin>,
    end: ServerAction<EndOwnership>,
) -> AnyView {
    let SchoolAdmin { id, full_name, is_active, is_owner, .. } = admin;
    if is_owner {
        let label = format!("Make {full_name} an admin of this school only");
        return view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class="plain" aria-label=label>"Make an admin of this school only"</button>
            </ActionForm>
        }
        .into_any();
    }
    let words = if is_active { "Switch off" } else { "Switch on" };
    let labels = (format!("Make a one-time code for {full_name}"), format!("{words}: {full_name}"));
    view! {
        <div class="actions">
            <ActionForm action=give>
                <input type="hidden" name="admin" value=id.to_string()/>
                <button class="plain" aria-label=labels.0>"Make a code"</button>
            </ActionForm>
            <ActionForm action=switch>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="on" value=(!is_active).to_string()/>
                <button class="plain" aria-label=labels.1>{words}</button>
            </ActionForm>
        </div>
    }
    .into_any()
}

fn new_admin(school: Uuid, make: ServerAction<MakeAdmin>) -> AnyView {
    let error = error_of(make);
    view! {
        <ActionForm action=make attr:class="card form">
            <h3>"A new admin"</h3>
            <FormError error fields=&["full_name", "email"]/>
            <input type="hidden" name="school" value=school.to_string()/>
            <Field label="Name" name="full_name" error/>
            <Field label="E-mail address" name="email" kind="email" error maxlength=254/>
            <button class="plain">"Make the account and a code"</button>
        </ActionForm>
    }
    .into_any()
}

fn settings(school: School, change: ServerAction<ChangeSchool>) -> AnyView {
    let error = error_of(change);
    view! {
        <ActionForm action=change attr:class="card form">
            <FormError error fields=&["name"]/>
            <input type="hidden" name="id" value=school.id.to_string()/>
            <Field label="Name of the school" name="name" value=school.name error maxlength=100/>
            <label class="choice">
                <input type="checkbox" name="open" value="yes" checked=school.open_registration/>
                <span>"Pupils may make an account in this school themselves"</span>
            </label>
            <button>"Save"</button>
        </ActionForm>
    }
    .into_any()
}
