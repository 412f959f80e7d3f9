//! Marking again after a paper was corrected: first a preview of every changed mark, then all attempts at once.

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
    let preview = Resource::new(id, |id| async move {
        let id = id?;
        Ok((id, preview_regrade(id).await?))
    });
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
            "Some attempts had a different wording or different options. The current answer keys do not fit them, so they \
             keep their old keys: {}.",
            kept.into_iter().collect::<Vec<_>>().join(", ")
        );
        view! { <p class="card note">{words}</p> }
    });
    let back = view! { <p><a href=format!("/admin/documents/{id}/review")>"Back to the review"</a></p> };
    if lines.is_empty() {
        return view! {
            <p class="empty">"All attempts are already marked with the paper as it is now. There is nothing to do."</p>
            {kept}
            {back}
        }
        .into_any();
    }
    let differ = lines.iter().filter(|line| line.before != line.after).count() as i64;
    let summary = format!(
        "Corrections to the paper affect {}. Attempts whose marks change: {differ}.",
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
        <p>{summary} " Beside each changed mark, pupils see a note with the old mark."</p>
        {kept}
        <Table caption="Attempts, by pupil" head=vec!["Pupil", "Corrected", "Before", "After", "Change"]>
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
