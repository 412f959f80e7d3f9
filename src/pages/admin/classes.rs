//! The school's classes.

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::classes::{
    ClassPage as ClassContent, Classes, DeleteClass, MakeClass, MovePupils, RenameClass, get_class, get_classes,
};
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refill};
use crate::components::layout::{Page, is_admin, use_me};
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
    let me = use_me();
    let classes = Resource::new(|| (), move |()| async move { Ok((get_classes().await?, is_admin(me).await)) });
    view! {
        <Page title="Classes">
            <Load
                title="Classes"
                resource=classes
                view=move |(classes, admin): (Classes, bool)| match admin {
                    true => all(classes, make),
                    false => list(classes.classes, false),
                }
            />
        </Page>
    }
}

fn all(classes: Classes, make: ServerAction<MakeClass>) -> AnyView {
    let Classes { classes, levels, this_year } = classes;
    let error = error_of(make);
    let levels = levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))).collect();
    view! {
        <p class="actions">
            <a class="button" href="/admin/classes/import">"Import a list"</a>
            <a class="button plain" href="/admin/students">"All pupils"</a>
            <a class="button plain" href="/admin/teachers">"Teachers"</a>
            <a class="button plain" href="/admin/classes/roll-over">"A new school year"</a>
            <a class="button plain" href="/admin/audit">"Who changed what"</a>
        </p>
        {list(classes, true)}
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

/// The classes, for an admin with their cards.
fn list(classes: Vec<Class>, admin: bool) -> AnyView {
    if classes.is_empty() {
        let words = match admin {
            true => "There are no classes yet. A list makes its classes by itself.",
            false => "You teach no class yet. Ask an admin of your school for your classes.",
        };
        return view! { <p class="empty">{words}</p> }.into_any();
    }
    let rows: Vec<_> = classes.into_iter().map(|class| row(class, admin)).collect();
    let mut head = vec!["Class", "Year", "Level", "Pupils"];
    head.extend(admin.then_some("Cards"));
    view! {
        <Table caption="Classes" head>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(class: Class, admin: bool) -> AnyView {
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
            {admin.then(|| view! {
                <td><a href=format!("/admin/classes/{}/cards", class.id) aria-label=label>{without}</a></td>
            })}
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
    let me = use_me();
    let class = Resource::new(id, move |id| async move { Ok((get_class(id?).await?, is_admin(me).await)) });
    view! {
        <Page title="Class">
            <Load
                resource=class
                view=move |(content, admin): (ClassContent, bool)| match admin {
                    true => whole(content, move_to, rename, delete),
                    false => taught(content),
                }
            />
        </Page>
    }
}

fn whole(
    content: ClassContent,
    move_to: ServerAction<MovePupils>,
    rename: ServerAction<RenameClass>,
    delete: ServerAction<DeleteClass>,
) -> AnyView {
    let ClassContent { class, pupils, classes, teachers } = content;
    let id = class.id;
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
        {heading(&class)}
        <p class="actions">
            <a class="button" href=format!("/admin/classes/{id}/cards")>"Cards to sign in"</a>
            {figures(id)}
        </p>
        {taught_by(teachers)}
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

fn heading(class: &Class) -> AnyView {
    view! {
        <h1>{class.full_name()}</h1>
        <p class="facts">{format!("{} · {}", class.level, format::count(class.pupils, "pupil"))}</p>
    }
    .into_any()
}

/// The teachers of a class, with links to change that.
fn taught_by(teachers: Vec<(Uuid, String)>) -> AnyView {
    let none = teachers.is_empty().then_some("nobody yet. ");
    let link = |(id, name): (Uuid, String)| view! { <a href=format!("/admin/teachers/{id}")>{name}</a> ", " };
    let links: Vec<_> = teachers.into_iter().map(link).collect();
    view! { <p class="facts">"Taught by " {links} {none} <a href="/admin/teachers">"All teachers"</a></p> }.into_any()
}

/// Links to what a class knows.
fn figures(class: Uuid) -> AnyView {
    let to = |page: &str| format!("/admin/{page}?class={class}");
    view! {
        <a class="button plain" href=to("monday")>"What to teach again"</a>
        <a class="button plain" href=to("students")>"Marks and weak topics of each"</a>
        <a class="button plain" href=to("weak-topics")>"Weak topics of the class"</a>
    }
    .into_any()
}

/// A class, as its teacher sees it.
fn taught(ClassContent { class, pupils, .. }: ClassContent) -> AnyView {
    let row = |pupil: ClassPupil| {
        view! {
            <tr>
                <th scope="row"><a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a></th>
                <td>{pupil.sign_in_name}</td>
            </tr>
        }
    };
    let rows: Vec<_> = pupils.into_iter().filter(|pupil| pupil.is_active).map(row).collect();
    view! {
        {heading(&class)}
        <p class="actions">{figures(class.id)}</p>
        <Table caption="Pupils of the class" head=vec!["Pupil", "Signs in as"]>
            {rows}
        </Table>
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
