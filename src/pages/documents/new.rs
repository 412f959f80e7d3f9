//! Uploading a PDF: one's own, or for an admin a paper of a level.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::{UploadForm, get_upload_form};
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::document::DocumentKind;

#[component]
pub fn NewDocumentPage() -> impl IntoView {
    let form = Resource::new(|| (), |()| get_upload_form());
    let problem = use_query_map().with_untracked(|query| query.get("problem").unwrap_or_default());
    let problem = StoredValue::new(problem);
    view! {
        <Page title="Add a PDF">
            <h1>"Add a PDF"</h1>
            <Load resource=form view=move |form| upload(form, problem.get_value())/>
        </Page>
    }
}

/// The words for what the upload refused; nothing was kept then.
fn words(problem: &str, max_megabytes: i64) -> Option<String> {
    let reason = match problem {
        "" => return None,
        "missing" => "No file was chosen. Choose a PDF and upload again.".to_owned(),
        "size" => format!("The file is larger than {max_megabytes} MB. Split it or save it smaller, and upload again."),
        "pdf" => "The file is not a PDF. Save it as PDF and upload again.".to_owned(),
        "title" => "Write a title of 1 to 200 letters.".to_owned(),
        "kind" => "Choose what kind of document it is.".to_owned(),
        "year" => "Write the year with four digits, such as 2024.".to_owned(),
        "subject" => "Choose the level and subject that the paper is for.".to_owned(),
        _ => "The upload broke off. Nothing was kept; check the network and upload again.".to_owned(),
    };
    Some(reason)
}

fn upload(form: UploadForm, problem: String) -> AnyView {
    let problem =
        words(&problem, form.max_megabytes).map(|words| view! { <p class="form-error" role="alert">{words}</p> });
    let kinds: Vec<_> = DocumentKind::ALL
        .into_iter()
        .filter(|kind| *kind != DocumentKind::MarkingScheme)
        .map(|kind| (kind.as_str().to_owned(), kind.name().to_owned()))
        .collect();
    let subject = form.admin.then(|| {
        let subjects: Vec<_> = std::iter::once((String::new(), "Choose …".to_owned()))
            .chain(form.subjects.iter().map(|(level, name)| (format!("{level}/{name}"), format!("{level} – {name}"))))
            .collect();
        view! { <Select label="Level and subject" name="subject" options=subjects required=true/> }
    });
    let whose = if form.admin {
        "Pupils of the level see it once you have looked at its questions and published it."
    } else {
        "Only you see it, and those you share it with."
    };
    view! {
        <form class="card form" method="post" action="/documents/new" enctype="multipart/form-data">
            {problem}
            <p>{whose}</p>
            <label class="field">
                <span>"PDF"</span>
                <input type="file" name="file" accept="application/pdf,.pdf" required/>
                <small class="hint">{format!("At most {} MB", form.max_megabytes)}</small>
            </label>
            <label class="field">
                <span>"Marking scheme (PDF), if there is one"</span>
                <input type="file" name="scheme" accept="application/pdf,.pdf"/>
            </label>
            {subject}
            <Select label="Kind" name="kind" options=kinds value="exam_paper"/>
            <label class="field">
                <span>"Title"</span>
                <input type="text" name="title" maxlength="200" autocomplete="off"/>
                <small class="hint">"Empty: the name of the file"</small>
            </label>
            <label class="field">
                <span>"Year"</span>
                <input type="number" name="year" min="1950" max="2100" inputmode="numeric"/>
                <small class="hint">"Empty: as the cover says"</small>
            </label>
            <button>"Upload"</button>
        </form>
    }
    .into_any()
}
