//! The school's classes.

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::classes::{
    ClassPage as ClassContent, Classes, DeleteClass, MakeClass, MovePupils, RenameClass, get_class, get_classes,
};
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::components::text_area::TextArea;
use crate::domain::class::{Class, ClassPupil, YEARS};
use crate::pages::id_param;

pub mod cards;
pub mod import;
pub mod roll_over;

#[component]
pub fn ClassesPage() -> impl IntoView {
    let make = ServerAction::<MakeClass>::new();
    refill::<MakeClass>();
    let classes = Resource::new(|| (), |()| get_classes());
    view! {
        <Page title="Classes">
            <Load title="Classes" resource=classes view=move |classes| all(classes, make)/>
        </Page>
    }
}

fn all(classes: Classes, make: ServerAction<MakeClass>) -> AnyView {
    let Classes { classes, levels, this_year } = classes;
    let error = error_of(make);
    let levels = levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))).collect();
    let table = match classes.is_empty() {
        true => {
            view! { <p class="empty">"There are no classes yet. A list makes its classes by itself."</p> }.into_any()
        }
        false => {
            let rows: Vec<_> = classes.into_iter().map(row).collect();
            view! {
                <Table caption="Classes" head=vec!["Class", "Year", "Level", "Pupils", "Cards"]>
                    {rows}
                </Table>
            }
            .into_any()
        }
    };
    view! {
        <p class="actions">
            <a class="button" href="/admin/classes/import">"Import a list"</a>
            <a class="button plain" href="/admin/students">"All pupils"</a>
            <a class="button plain" href="/admin/classes/roll-over">"A new school year"</a>
            <a class="button plain" href="/admin/audit">"Who changed what"</a>
        </p>
        {table}
        <h2>"A new class"</h2>
        <ActionForm action=make attr:class="card form">
            <FormError error fields=&["name", "level", "year"]/>
            <Field label="Name" name="name" error hint="Such as P6 A" maxlength=50/>
            <Select label="Level" name="level" options=levels error required=true/>
            <Field
                label="Year"
                name="year"
                kind="number"
                range=(*YEARS.start(), *YEARS.end())
                value=this_year.to_string()
                error
            />
            <button class="plain">"Make the class"</button>
        </ActionForm>
    }
    .into_any()
}

fn row(class: Class) -> AnyView {
    let without = match class.without_password {
        0 => "Cards".to_owned(),
        count => format!("Cards ({count} new)"),
    };
    let label = format!("Cards of {}", class.full_name());
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/classes/{}", class.id)>{class.name}</a></th>
            <td class="number">{class.year}</td>
            <td>{class.level}</td>
            <td class="number">{class.pupils}</td>
            <td><a href=format!("/admin/classes/{}/cards", class.id) aria-label=label>{without}</a></td>
        </tr>
    }
    .into_any()
}

/// A class: its pupils, who join and leave it, and its name.
#[component]
pub fn ClassPage() -> impl IntoView {
    let id = id_param();
    let (move_to, rename) = (ServerAction::<MovePupils>::new(), ServerAction::<RenameClass>::new());
    let delete = ServerAction::<DeleteClass>::new();
    refill::<RenameClass>();
    let class = Resource::new(id, |id| async move { get_class(id?).await });
    view! {
        <Page title="Class">
            <Load resource=class view=move |content| whole(content, move_to, rename, delete)/>
        </Page>
    }
}

fn whole(
    content: ClassContent,
    move_to: ServerAction<MovePupils>,
    rename: ServerAction<RenameClass>,
    delete: ServerAction<DeleteClass>,
) -> AnyView {
    let ClassContent { class, pupils, classes } = content;
    let id = class.id;
    let to = |page: &str| format!("/admin/{page}?class={id}");
    let error = error_of(rename);
    let empty = pupils.is_empty().then(|| {
        view! {
            <ActionForm action=delete attr:class="card form">
                <FormError error=error_of(delete)/>
                <input type="hidden" name="id" value=id.to_string()/>
                <p>"A class without pupils can be deleted."</p>
                <button class="plain">"Delete the class"</button>
            </ActionForm>
        }
    });
    view! {
        <h1>{class.full_name()}</h1>
        <p class="facts">{format!("{} · {}", class.level, format::count(class.pupils, "pupil"))}</p>
        <p class="actions">
            <a class="button" href=format!("/admin/classes/{id}/cards")>"Cards to sign in"</a>
            <a class="button plain" href=to("students")>"Marks and weak topics of each"</a>
            <a class="button plain" href=to("weak-topics")>"Weak topics of the class"</a>
        </p>
        {members(id, pupils, classes, move_to)}
        {add(&class)}
        <h2>"Name"</h2>
        <ActionForm action=rename attr:class="card form">
            <FormError error fields=&["name"]/>
            <input type="hidden" name="id" value=id.to_string()/>
            <Field label="Name of the class" name="name" id="class-name" value=class.name error maxlength=50/>
            <button class="plain">"Rename"</button>
        </ActionForm>
        {empty}
        <p><a href="/admin/classes">"All classes"</a></p>
    }
    .into_any()
}

/// The pupils of a class, to tick and move.
fn members(
    class: Uuid,
    pupils: Vec<ClassPupil>,
    classes: Vec<(Uuid, String)>,
    move_to: ServerAction<MovePupils>,
) -> AnyView {
    if pupils.is_empty() {
        return view! { <p class="empty">"Nobody is in this class yet."</p> }.into_any();
    }
    let error = error_of(move_to);
    let others = classes.into_iter().filter(|(id, _)| *id != class).map(|(id, name)| (id.to_string(), name));
    let options = others.chain([("none".to_owned(), "No class".to_owned())]).collect();
    let rows: Vec<_> = pupils
        .into_iter()
        .map(|pupil| {
            let state = match (pupil.is_active, pupil.has_password) {
                (false, _) => "switched off",
                (true, false) => "not yet",
                (true, true) => "yes",
            };
            view! {
                <tr>
                    <td><input type="checkbox" name="pupils[]" value=pupil.id.to_string() aria-label=pupil.full_name.clone()/></td>
                    <th scope="row"><a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a></th>
                    <td>{pupil.sign_in_name}</td>
                    <td>{pupil.id_number}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <ActionForm action=move_to>
            <FormError error fields=&["pupils"]/>
            <Table caption="Pupils of the class" head=vec!["Tick", "Pupil", "Signs in as", "Number", "Has a password"]>
                {rows}
            </Table>
            <FieldError name="pupils" error/>
            <div class="filters">
                <Select label="Move the ticked pupils to" name="to" options/>
                <button class="plain">"Move"</button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// Adds pupils by their names; what that changes is shown first.
fn add(class: &Class) -> AnyView {
    view! {
        <h2>"Add pupils"</h2>
        <form class="card form" method="post" action="/admin/classes/import" enctype="multipart/form-data">
            <input type="hidden" name="class" value=class.name.clone()/>
            <input type="hidden" name="year" value=class.year/>
            <div class="field">
                <label>
                    <span>"Names, one on each line"</span>
                    <TextArea name="list" value="" label="Names, one on each line" rows=4 maxlength=import::LIST_LENGTH/>
                </label>
                <small class="hint">"A pupil of another class moves here. You see what changes before it does."</small>
            </div>
            <button class="plain">"Show what changes"</button>
        </form>
    }
    .into_any()
}
