//! Marking again after a paper was corrected: who changes and by how much, then all at once.

use exam_model::format;
use leptos::prelude::*;

use crate::api::exams::{RegradeAttempts, preview_regrade};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::regrade::RegradePreview;
use crate::pages::id_param;

#[component]
pub fn RegradePage() -> impl IntoView {
    let id = id_param();
    let apply = ServerAction::<RegradeAttempts>::new();
    let preview = Resource::new(
        move || (id(), apply.version().get()),
        |(id, _)| async move {
            let id = id?;
            Ok((id, preview_regrade(id).await?))
        },
    );
    view! {
        <Page title="Mark again">
            <h1>"Mark again"</h1>
            <FormError error=error_of(apply)/>
            <Load resource=preview view=move |(id, preview)| show(id, preview, apply)/>
        </Page>
    }
}

fn show(id: uuid::Uuid, preview: RegradePreview, apply: ServerAction<RegradeAttempts>) -> AnyView {
    let RegradePreview { lines, kept } = preview;
    let kept = (!kept.is_empty()).then(|| {
        let words = format!(
            "Some attempts were asked in other words or with other options than stand here now. The present answer keys do \
             not fit those, so they keep the keys of their time: {}.",
            kept.into_iter().collect::<Vec<_>>().join(", ")
        );
        view! { <p class="card note">{words}</p> }
    });
    let back = view! { <p><a href=format!("/admin/documents/{id}/review")>"Back to the review"</a></p> };
    if lines.is_empty() {
        return view! {
            <p class="empty">"All attempts are marked as the paper stands now. There is nothing to do."</p>
            {kept}
            {back}
        }
        .into_any();
    }
    let differ = lines.iter().filter(|line| line.before != line.after).count() as i64;
    let summary = format!(
        "What marking goes by has been corrected since {}. Attempts that get other marks: {differ}.",
        format::count(lines.len() as i64, "attempt"),
    );
    let marks = |(earned, possible): (f64, f64)| format!("{} of {}", format::marks(earned), format::marks(possible));
    let rows: Vec<_> = lines
        .into_iter()
        .map(|line| {
            let change = line.after.0 - line.before.0;
            let sign = if change > 0.0 { "+" } else { "" };
            view! {
                <tr>
                    <th scope="row"><a href=format!("/attempts/{}/result", line.attempt)>{line.pupil}</a></th>
                    <td>{line.items.join(", ")}</td>
                    <td class="number">{marks(line.before)}</td>
                    <td class="number">{marks(line.after)}</td>
                    <td class="number">{format!("{sign}{}", format::marks(change))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <p>{summary} " Pupils see a note beside each changed mark, and the old mark."</p>
        {kept}
        <Table caption="By name" head=vec!["Pupil", "Corrected", "Now", "Then", "Change"]>
            {rows}
        </Table>
        <ActionForm action=apply>
            <input type="hidden" name="document" value=id.to_string()/>
            <button>"Mark again"</button>
        </ActionForm>
        {back}
    }
    .into_any()
}
