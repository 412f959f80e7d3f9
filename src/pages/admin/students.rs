//! The school's pupils.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::share;
use crate::api::accounts::levels;
use crate::api::progress::pupils;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::progress::PupilLine;

#[component]
pub fn StudentsPage() -> impl IntoView {
    let query = use_query_map();
    let level = move || query.with(|q| q.get("level").unwrap_or_default());
    let list = Resource::new(level, |level| async move { Ok((pupils(level).await?, levels().await?)) });
    view! {
        <Page title="Pupils">
            <Load title="Pupils" resource=list view=move |(pupils, levels)| filtered(pupils, levels, level())/>
        </Page>
    }
}

fn filtered(pupils: Vec<PupilLine>, levels: Vec<(String, String)>, chosen: String) -> AnyView {
    let options = std::iter::once((String::new(), "All levels".to_owned()))
        .chain(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))))
        .collect();
    view! {
        <form class="filters" method="get" action="/admin/students">
            <Select label="Level" name="level" options value=chosen/>
            <button class="plain">"Show"</button>
        </form>
        {pupil_table("Pupils by name", pupils)}
    }
    .into_any()
}

/// Pupils in a table, each leading to their page.
pub fn pupil_table(caption: &'static str, pupils: Vec<PupilLine>) -> AnyView {
    if pupils.is_empty() {
        return view! { <p class="empty">"Nobody."</p> }.into_any();
    }
    let rows: Vec<_> = pupils
        .into_iter()
        .map(|pupil| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a>
                    </th>
                    <td>{pupil.level}</td>
                    <td class="number">{pupil.attempts}</td>
                    <td class="number">{share(pupil.earned, pupil.possible)}</td>
                    <td class="number">{pupil.weak_topics}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table caption=caption head=vec!["Pupil", "Level", "Attempts", "Marks", "Weak topics"]>
            {rows}
        </Table>
    }
    .into_any()
}
