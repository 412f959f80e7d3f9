//! The school's pupils.

use leptos::prelude::*;
use leptos_router::location::Url;

use super::{share, tables};
use crate::api::accounts::levels;
use crate::api::analytics::{Pupils, get_pupils};
use crate::components::field::{Field, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::progress::{PupilLine, PupilSort};
use crate::pages::query_words;

#[component]
pub fn StudentsPage() -> impl IntoView {
    let asked = query_words(["search", "level", "sort", "page"]);
    let list = Resource::new(
        move || asked.get(),
        |[search, level, sort, page]| async move { Ok((get_pupils(search, level, sort, page).await?, levels().await?)) },
    );
    view! {
        <Page title="Pupils">
            <Load title="Pupils" resource=list view=move |(pupils, levels)| found(pupils, levels, asked.get())/>
        </Page>
    }
}

fn found(pupils: Pupils, levels: Vec<(String, String)>, [search, level, sort, page]: [String; 4]) -> AnyView {
    let query = format!("search={}&level={}&sort={}", Url::escape(&search), Url::escape(&level), Url::escape(&sort));
    let sorts = PupilSort::ALL.map(|(_, word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let page = page.parse::<i64>().unwrap_or(1).max(1);
    let to = |page: i64, words: &'static str| {
        view! { <a class="button plain" href=format!("/admin/students?{query}&page={page}")>{words}</a> }
    };
    view! {
        <form class="filters" method="get" action="/admin/students">
            <Field label="Name or e-mail address" name="search" kind="search" value=search.clone() required=false/>
            <Select label="Level" name="level" options=level_options(levels) value=level.clone()/>
            <Select label="Order" name="sort" options=sorts value=sort/>
            <button class="plain">"Show"</button>
        </form>
        {pupil_table("Pupils", pupils.pupils)}
        <p class="actions">
            {(page > 1).then(|| to(page - 1, "Previous"))}
            {pupils.more.then(|| to(page + 1, "Next"))}
        </p>
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
