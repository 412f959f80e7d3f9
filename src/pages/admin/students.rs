//! The school's pupils.

use leptos::prelude::*;
use leptos_router::location::Url;
use uuid::Uuid;

use super::{share, tables};
use crate::api::accounts::levels;
use crate::api::analytics::{Pupils, get_pupils};
use crate::api::classes::get_class_names;
use crate::components::field::{Field, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::pager::pager;
use crate::components::table::Table;
use crate::domain::progress::{DISABLED, PupilLine, PupilSort};
use crate::pages::query_words;

#[component]
pub fn StudentsPage() -> impl IntoView {
    let asked = query_words(["search", "level", "class", "accounts", "sort", "page"]);
    let list = Resource::new(
        move || asked.get(),
        |[search, level, class, accounts, sort, page]| async move {
            let pupils = get_pupils(search, level, class, accounts, sort, page).await?;
            Ok((pupils, (levels().await?, get_class_names().await?)))
        },
    );
    view! {
        <Page title="Pupils">
            <Load title="Pupils" resource=list view=move |(pupils, choices)| found(pupils, choices, asked.get())/>
        </Page>
    }
}

/// The levels and the classes to choose from.
type Choices = (Vec<(String, String)>, Vec<(Uuid, String)>);

fn found(
    pupils: Pupils,
    (levels, classes): Choices,
    [search, level, class, accounts, sort, page]: [String; 6],
) -> AnyView {
    let words = [("search", &search), ("level", &level), ("class", &class), ("accounts", &accounts), ("sort", &sort)];
    let query = words.map(|(name, word)| format!("{name}={}", Url::escape(word))).join("&");
    let states = [("", "Switched on"), (DISABLED, "Switched off")];
    let states = states.map(|(word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let sorts = PupilSort::ALL.map(|(_, word, words)| (word.to_owned(), words.to_owned())).to_vec();
    view! {
        <form class="filters" method="get" action="/admin/students">
            <Field label="Name, e-mail or login name" name="search" kind="search" value=search required=false/>
            <Select label="Level" name="level" options=level_options(levels) value=level/>
            <Select label="Class" name="class" options=class_options(classes) value=class/>
            <Select label="Accounts" name="accounts" options=states value=accounts/>
            <Select label="Order" name="sort" options=sorts value=sort/>
            <button class="plain">"Show"</button>
        </form>
        {pupil_table("Pupils", pupils.pupils)}
        {pager(format!("/admin/students?{query}&"), &page, pupils.more, ["Previous", "Next"])}
        {tables::links("students", &query)}
    }
    .into_any()
}

/// Options for a select: all levels, and each of them.
pub fn level_options(levels: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "All levels".to_owned()))
        .chain(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))))
        .collect()
}

/// Options for a select: all classes, and each of them.
pub fn class_options(classes: Vec<(Uuid, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "All classes".to_owned()))
        .chain(classes.into_iter().map(|(id, name)| (id.to_string(), name)))
        .collect()
}

/// A table of pupils, with links to their pages.
pub fn pupil_table(caption: &'static str, pupils: Vec<PupilLine>) -> AnyView {
    if pupils.is_empty() {
        return view! { <p class="empty">"No pupils."</p> }.into_any();
    }
    let rows: Vec<_> = pupils
        .into_iter()
        .map(|pupil| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a>
                    </th>
                    <td class="number">{pupil.weak_topics}</td>
                    <td class="number">{share(pupil.earned, pupil.possible)}</td>
                    <td class="number">{pupil.attempts}</td>
                    <td>{pupil.level}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table caption=caption head=vec!["Pupil", "Weak topics", "Marks", "Attempts", "Level"]>
            {rows}
        </Table>
    }
    .into_any()
}
