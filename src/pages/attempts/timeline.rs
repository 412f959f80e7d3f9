//! What happened to an attempt, line by line.

use exam_model::format;
use leptos::prelude::*;

use crate::api::exams::get_timeline;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::timeline::TimelineLine;
use crate::pages::id_param;

#[component]
pub fn TimelinePage() -> impl IntoView {
    let id = id_param();
    let lines = Resource::new(id, |id| async move { get_timeline(id?).await });
    view! {
        <Page title="Timeline">
            <h1>"What happened when"</h1>
            <Load resource=lines view=show/>
        </Page>
    }
}

fn show(lines: Vec<TimelineLine>) -> AnyView {
    let rows: Vec<_> = lines
        .into_iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row" class="number">{format::date_time(line.at)}</th>
                    <td>{line.what}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table caption="By the school's clock, oldest first" head=vec!["When", "What"]>
            {rows}
        </Table>
    }
    .into_any()
}
