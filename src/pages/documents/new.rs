//! Uploading a PDF: one's own, or for an admin a paper of a level.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::{UploadForm, get_upload_form};
use crate::components::field::{Field, Select};
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
            <Load title="Add a PDF" resource=form view=move |form| upload(form, problem.get_value())/>
        </Page>
    }
}

/// The words for what the upload refused; nothing was kept then.
fn words(problem: &str, max_megabytes: i64) -> Option<String> {
    let reason = match problem {
        "" => return None,
        "missing" => "No file was chosen. Choose a PDF and upload again.".to_owned(),
        "size" => format!("The file is larger than {max_megabytes} MB. Split it or save it smaller, and upload again."),
        "pdf" => {
            "The file is not a PDF. Save it as PDF, or questions as GIFT, Moodle XML, QTI or CSV, and upload again."
                .to_owned()
        }
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
            <Field
                label="PDF"
                name="file"
                kind="file"
                accept="application/pdf,.pdf,.gift,.txt,.xml,.zip,.csv,.json"
                hint=format!(
                    "At most {} MB. It may be questions without pages, too: GIFT, Aiken, Moodle XML, QTI 2.1, CSV or JSON.",
                    form.max_megabytes,
                )
            />
            <Field label="Marking scheme (PDF), if there is one" name="scheme" kind="file" required=false/>
            {subject}
            <Select label="Kind" name="kind" options=kinds value="exam_paper"/>
            <Field label="Title" name="title" required=false hint="Empty: the name of the file"/>
            <Field label="Year" name="year" kind="number" range=(1950, 2100) required=false hint="Empty: as the cover says"/>
            <button>"Upload"</button>
        </form>
    }
    .into_any()
}
