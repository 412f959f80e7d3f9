//! Teachers: their accounts, and the classes that they teach.

use leptos::prelude::*;
use uuid::Uuid;

use crate::api::classes::SwitchPupil;
use crate::api::teachers::{
    ChangeRole, GiveTeacherCode, MakeTeacher, SetClasses, TeacherPage as TeacherContent, get_teacher, get_teachers,
};
use crate::components::field::{Field, FormError, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::one_time_code::OneTimeCode;
use crate::components::table::Table;
use crate::domain::teacher::Teacher;
use crate::pages::id_param;

#[component]
pub fn TeachersPage() -> impl IntoView {
    let make = ServerAction::<MakeTeacher>::new();
    refill::<MakeTeacher>();
    let teachers = Resource::new(|| (), |()| get_teachers());
    view! {
        <Page title="Teachers">
            <Load title="Teachers" resource=teachers view=move |teachers| all(teachers, make)/>
        </Page>
    }
}

fn all(teachers: Vec<Teacher>, make: ServerAction<MakeTeacher>) -> AnyView {
    let error = error_of(make);
    let table = match teachers.is_empty() {
        true => view! { <p class="empty">"There are no teachers yet."</p> }.into_any(),
        false => {
            let rows: Vec<_> = teachers.into_iter().map(row).collect();
            view! {
                <Table caption="Teachers" head=vec!["Teacher", "Signs in as", "Classes", "Has a password"]>
                    {rows}
                </Table>
            }
            .into_any()
        }
    };
    view! {
        <p>
            "A teacher sees the pupils of their own classes: what they know, their exams and marks. They set work to these classes, mark answers, and add papers of their levels. Accounts, classes and settings stay with admins."
        </p>
        {table}
        <h2>"A new teacher"</h2>
        <ActionForm action=make attr:class="card form">
            <FormError error fields=&["full_name", "email"]/>
            <Field label="Name" name="full_name" error/>
            <Field
                label="E-mail address"
                name="email"
                kind="email"
                required=false
                error
                hint="Without one, the teacher signs in with a login name, which you see next."
            />
            <button class="plain">"Make the account"</button>
        </ActionForm>
        <p class="hint">"Somebody who has registered as a pupil is made a teacher on their own page, under Pupils."</p>
        <p><a href="/admin/classes">"Classes"</a></p>
    }
    .into_any()
}

fn row(teacher: Teacher) -> AnyView {
    let classes: Vec<String> = teacher.classes.into_iter().map(|(_, name)| name).collect();
    let state = match (teacher.is_active, teacher.has_password) {
        (false, _) => "switched off",
        (true, false) => "not yet",
        (true, true) => "yes",
    };
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/teachers/{}", teacher.id)>{teacher.full_name}</a></th>
            <td>{teacher.sign_in_name}</td>
            <td>{if classes.is_empty() { "none".to_owned() } else { classes.join("; ") }}</td>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}

/// A teacher: their classes, a code for a password, and switching the account off and on.
#[component]
pub fn TeacherPage() -> impl IntoView {
    let id = id_param();
    let (set, give) = (ServerAction::<SetClasses>::new(), ServerAction::<GiveTeacherCode>::new());
    let (switch, change) = (ServerAction::<SwitchPupil>::new(), ServerAction::<ChangeRole>::new());
    let teacher = Resource::new(id, |id| async move { get_teacher(id?).await });
    view! {
        <Page title="Teacher">
            <Load resource=teacher view=move |content| whole(content, set, give, switch, change)/>
        </Page>
    }
}

fn whole(
    content: TeacherContent,
    set: ServerAction<SetClasses>,
    give: ServerAction<GiveTeacherCode>,
    switch: ServerAction<SwitchPupil>,
    change: ServerAction<ChangeRole>,
) -> AnyView {
    let TeacherContent { teacher, classes } = content;
    let id = teacher.id;
    let active = teacher.is_active;
    let no_password = if teacher.has_password { "" } else { " · has not chosen a password yet" };
    let (name, facts) = (teacher.full_name.clone(), format!("Teacher · {}{no_password}", teacher.sign_in_name));
    let (words, button) = match active {
        true => ("The teacher can sign in.", "Switch the account off"),
        false => ("This account is switched off: nobody can sign in with it.", "Switch the account on"),
    };
    view! {
        <h1>{name}</h1>
        <p class="facts">{facts}</p>
        {taught(teacher, classes, set)}
        <h2>"Password"</h2>
        {code(id.to_string(), give)}
        <h2>"Account"</h2>
        <ActionForm action=switch attr:class="card form">
            <FormError error=error_of(switch)/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="on" value=(!active).to_string()/>
            <p>{words}</p>
            <button class="plain">{button}</button>
        </ActionForm>
        <ActionForm action=change attr:class="card form">
            <FormError error=error_of(change)/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="teacher" value="false"/>
            <p>"As a pupil, the person teaches no class and sees no other pupil."</p>
            <button class="plain">"Make this a pupil’s account"</button>
        </ActionForm>
        <p><a href="/admin/teachers">"All teachers"</a></p>
    }
    .into_any()
}

/// The classes, to tick.
fn taught(teacher: Teacher, classes: Vec<(Uuid, String)>, set: ServerAction<SetClasses>) -> AnyView {
    let boxes: Vec<_> = classes
        .into_iter()
        .map(|(id, name)| {
            let ticked = teacher.classes.iter().any(|(taught, _)| *taught == id);
            view! {
                <label class="choice">
                    <input type="checkbox" name="classes[]" value=id.to_string() checked=ticked/>
                    <span>{name}</span>
                </label>
            }
        })
        .collect();
    view! {
        <h2>"Classes"</h2>
        <ActionForm action=set attr:class="card form">
            <FormError error=error_of(set)/>
            <input type="hidden" name="id" value=teacher.id.to_string()/>
            <fieldset>
                <legend>"The teacher sees the pupils of"</legend>
                {boxes}
            </fieldset>
            <button>"Save the classes"</button>
        </ActionForm>
    }
    .into_any()
}

/// Makes a one-time code, and shows it once.
fn code(teacher: String, give: ServerAction<GiveTeacherCode>) -> AnyView {
    view! {
        <ActionForm action=give>
            <FormError error=error_of(give)/>
            <input type="hidden" name="teacher" value=teacher/>
            <button class="plain">"Make a one-time code"</button>
        </ActionForm>
        <OneTimeCode made=give.value() words="Give this code to the teacher. It works once, within a day, in the place of the password. It is not shown again."/>
    }
    .into_any()
}
