//! Who changed which account or class, and how.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::location::Url;

use crate::api::audit::{Audit, get_audit};
use crate::components::field::{Field, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::pager::pager;
use crate::components::table::Table;
use crate::domain::audit::{Act, AuditLine, text_of};
use crate::pages::query_words;

#[component]
pub fn AuditPage() -> impl IntoView {
    let asked = query_words(["person", "act", "page"]);
    let audit = Resource::new(move || asked.get(), |[person, act, page]| get_audit(person, act, page));
    view! {
        <Page title="Who changed what">
            <Load title="Who changed what" resource=audit view=move |audit| found(audit, asked.get())/>
        </Page>
    }
}

fn found(audit: Audit, [person, act, page]: [String; 3]) -> AnyView {
    let query = format!("person={}&act={}", Url::escape(&person), Url::escape(&act));
    let acts = std::iter::once((String::new(), "Everything".to_owned()))
        .chain(Act::ALL.map(|(_, word, text)| (word.to_owned(), text.to_owned())))
        .collect();
    let table = match audit.entries.is_empty() {
        true => view! { <p class="empty">"Nothing."</p> }.into_any(),
        false => {
            let rows: Vec<_> = audit.entries.into_iter().map(row).collect();
            view! {
                <Table caption="What was done, latest first" head=vec!["When", "Who", "What", "Whose account", "How"]>
                    {rows}
                </Table>
            }
            .into_any()
        }
    };
    view! {
        <form class="filters" method="get" action="/admin/audit">
            <Field label="Name of who did it, or of whose account it was" name="person" kind="search" value=person required=false/>
            <Select label="What" name="act" options=acts value=act/>
            <button class="plain">"Show"</button>
        </form>
        {table}
        {pager(format!("/admin/audit?{query}&"), &page, audit.more, ["Later", "Earlier"])}
        <p class="hint">"Entries cannot be changed. They are kept for two years."</p>
    }
    .into_any()
}

fn row(line: AuditLine) -> AnyView {
    let list = if line.is_teacher { "teachers" } else { "students" };
    let person = line.person.map(|(id, name)| view! { <a href=format!("/admin/{list}/{id}")>{name}</a> });
    view! {
        <tr>
            <td>{format::date_time(line.at)}</td>
            <td>{line.by}</td>
            <th scope="row">{text_of(&line.act).to_owned()}</th>
            <td>{person}</td>
            <td>{line.detail}</td>
        </tr>
    }
    .into_any()
}
