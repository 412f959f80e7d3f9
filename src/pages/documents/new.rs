//! Uploading PDFs and photos: one's own, or for an admin papers of a level.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::{UploadForm, get_upload_form};
use crate::components::field::{Field, PAGES, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::document::DocumentKind;
use sender::{Limits, Sender};

mod sender;

/// Questions without pages.
const QUESTIONS: &str = ".gift,.txt,.xml,.zip,.csv,.json";

#[component]
pub fn NewDocumentPage() -> impl IntoView {
    let form = Resource::new(|| (), |()| get_upload_form());
    let outcome = use_query_map().with_untracked(|query| Outcome {
        problem: query.get("problem").unwrap_or_default(),
        added: query.get("added").and_then(|added| added.parse().ok()).unwrap_or(0),
        known: query.get_all("known").unwrap_or_default(),
        refused: query.get_all("refused").unwrap_or_default(),
    });
    let outcome = StoredValue::new(outcome);
    view! {
        <Page title="Add papers">
            <Load title="Add papers" resource=form view=move |form| upload(form, outcome.get_value())/>
        </Page>
    }
}

/// What became of an upload before, as the address tells.
#[derive(Clone)]
struct Outcome {
    problem: String,
    added: i64,
    /// `ID/paper.pdf`
    known: Vec<String>,
    /// `size/big.pdf`
    refused: Vec<String>,
}

impl Outcome {
    fn view(self, limits: Limits) -> Option<AnyView> {
        if self.refused.is_empty() && self.known.is_empty() {
            let words = words(&self.problem, limits)?;
            return Some(view! { <p class="form-error" role="alert">{words}</p> }.into_any());
        }
        let known = self.known.iter().filter_map(|known| {
            let (id, name) = known.split_once('/')?;
            let href = format!("/documents/{id}");
            Some(view! { <li>"You have this already, and nothing was changed: " <a href=href>{name.to_owned()}</a></li> })
        });
        let refused = self.refused.iter().filter_map(|refused| {
            let (problem, name) = refused.split_once('/')?;
            Some(view! { <li><b>{name.to_owned()}</b> ": " {words(problem, limits)}</li> })
        });
        let (known, refused): (Vec<_>, Vec<_>) = (known.collect(), refused.collect());
        let added = match self.added {
            0 => "Nothing was added.".to_owned(),
            added => format!("{} added.", format::count(added, "document")),
        };
        Some(
            view! {
                <div class="form-error" role="alert">
                    <p>{added} " Not added:"</p>
                    <ul>{known} {refused}</ul>
                </div>
            }
            .into_any(),
        )
    }
}

/// The words for what the upload refused.
fn words(problem: &str, limits: Limits) -> Option<String> {
    let [each, together] = [limits.each, limits.together].map(format::megabytes);
    let reason = match problem {
        "" => return None,
        "missing" => "No file was chosen. Choose a PDF or photos and upload again.".to_owned(),
        "size" => format!("The file is larger than {each} MB. Split it or save it smaller, and upload again."),
        "total" => {
            format!("The files are larger than {together} MB together. Nothing was kept; upload fewer at a time.")
        }
        "pdf" => {
            "The file is not a PDF. Save it as PDF, photos as JPEG, PNG or WebP, questions as GIFT, Moodle XML, QTI or \
             CSV, and upload again."
                .to_owned()
        }
        "photo" => {
            "The photo cannot be read: it is cut off or damaged. Take it again and upload all photos.".to_owned()
        }
        "pixels" => "The photo has more than 50 million pixels. Save it smaller and upload all photos.".to_owned(),
        "photos" => "The photos are too large for one document. Upload fewer or smaller ones.".to_owned(),
        "room" => {
            "There is no room for it among your documents. Delete some that you no longer need, and upload it again."
                .to_owned()
        }
        "away" => "It could not be kept: the school's data cannot be reached just now. Upload it again in a minute."
            .to_owned(),
        "fault" => "It could not be kept: the fault is the school's server's. Upload it again.".to_owned(),
        "one" => "A marking scheme belongs to one paper. Upload each paper with its scheme alone.".to_owned(),
        "title" => "Write a title of 1 to 200 letters.".to_owned(),
        "kind" => "Choose what kind of document it is.".to_owned(),
        "year" => "Write the year with four digits, such as 2024.".to_owned(),
        "subject" => "Choose the level and subject that the paper is for.".to_owned(),
        _ => "The upload broke off. Nothing was kept; check the network and upload again.".to_owned(),
    };
    Some(reason)
}

fn upload(form: UploadForm, outcome: Outcome) -> AnyView {
    let limits = form.limits;
    let limits = Limits { each: limits.0, together: limits.1 };
    let sender = Sender::new(limits);
    let problem = outcome.view(limits);
    let room = form.room.map(|(used, quota)| {
        let (used, quota) = (format::megabytes(used), format::megabytes(quota));
        view! { <p>{format!("Your documents take {used} of the {quota} MB that you have.")}</p> }
    });
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
        <form
            class="card form"
            method="post"
            action="/documents/new"
            enctype="multipart/form-data"
            on:change=move |event| sender.choose(&event)
            on:submit=move |event| sender.send(&event)
        >
            {problem}
            <p>{whose}</p>
            {room}
            <Field
                label="PDFs or photos"
                name="file"
                kind="file"
                multiple=true
                accept=format!("{PAGES},{QUESTIONS}")
                hint=format!(
                    "Photos of pages become one document together, in their order; each PDF becomes its own. At most {} MB a \
                     file. It may be questions without pages, too: GIFT, Aiken, Moodle XML, QTI 2.1, CSV or JSON.",
                    format::megabytes(limits.each),
                )
            />
            {sender.order()}
            <Field
                label="Marking scheme, if there is one"
                name="scheme"
                kind="file"
                multiple=true
                required=false
                hint="A PDF, or photos of it"
            />
            {subject}
            <Select label="Kind" name="kind" options=kinds value="exam_paper"/>
            <Field label="Title" name="title" required=false hint="Empty: the name of the file, as with several"/>
            <Field label="Year" name="year" kind="number" range=(1950, 2100) required=false hint="Empty: as the cover says"/>
            {sender.progress()}
            <button disabled=move || sender.is_sending()>"Upload"</button>
        </form>
    }
    .into_any()
}
