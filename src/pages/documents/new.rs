//! Uploading PDFs and photos: a pupil's own, or for the school papers of a level.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::documents::{UploadForm, get_upload_form};
use crate::components::field::{Field, PAGES, Select};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::script::script;
use crate::domain::document::DocumentKind;
use crate::domain::upload::{Limits, Refusal};

/// File types of questions without pages.
const QUESTIONS: &str = ".gift,.txt,.xml,.zip,.imscc,.csv,.json";

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

/// The outcome of the last upload, from the address.
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
            let message = message(&self.problem, limits)?;
            return Some(view! { <p class="form-error" role="alert">{message}</p> }.into_any());
        }
        let known = self.known.iter().filter_map(|known| {
            let (id, name) = known.split_once('/')?;
            let href = format!("/documents/{id}");
            Some(view! { <li>"You already have this. Nothing was changed: " <a href=href>{name.to_owned()}</a></li> })
        });
        let refused = self.refused.iter().filter_map(|refused| {
            let (problem, name) = refused.split_once('/')?;
            Some(view! { <li><b>{name.to_owned()}</b> ": " {message(problem, limits)}</li> })
        });
        let (known, refused): (Vec<_>, Vec<_>) = (known.collect(), refused.collect());
        let added = match self.added {
            0 => "Nothing was added.".to_owned(),
            added => format!("{} added.", format::count(added, "paper")),
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

/// The text for a refusal's code; for an unknown one, that of an upload that was cut off.
fn message(code: &str, limits: Limits) -> Option<String> {
    (!code.is_empty()).then(|| Refusal::parse(code).unwrap_or(Refusal::CutOff).message(limits))
}

fn upload(form: UploadForm, outcome: Outcome) -> AnyView {
    let limits = form.limits;
    let problem = outcome.view(limits);
    let room = form.room.map(|(used, quota)| {
        let (used, quota) = (format::megabytes(used), format::megabytes(quota));
        view! { <p>{format!("Your papers use {used} of your {quota} MB.")}</p> }
    });
    let kinds: Vec<_> = DocumentKind::ALL
        .into_iter()
        .filter(|kind| *kind != DocumentKind::MarkingScheme)
        .map(|kind| (kind.as_str().to_owned(), kind.name().to_owned()))
        .collect();
    let subject = form.staff.then(|| {
        let subjects: Vec<_> = std::iter::once((String::new(), "Choose …".to_owned()))
            .chain(form.subjects.iter().map(|(level, name)| (format!("{level}/{name}"), format!("{level} – {name}"))))
            .collect();
        let missing = match form.sets_subjects {
            true => view! { "Not in the list? " <a href="/admin/topics">"Set subjects"</a> }.into_any(),
            false => "Not in the list? Ask the owner of this site to add the subject.".into_any(),
        };
        view! {
            <Select label="Level and subject" name="subject" options=subjects required=true/>
            <p class="hint">{missing}</p>
        }
    });
    let whose = if form.staff {
        "Pupils at its level see it once you have checked its questions and published it."
    } else {
        "Only you can see it, and the people you share it with."
    };
    view! {
        <form class="card form" method="post" action="/documents/new" enctype="multipart/form-data" data-sends>
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
                    "All photos together become one paper, in their order. Each PDF becomes its own paper. At most {} MB a \
                     file. Questions without pages work too: GIFT, Aiken, Moodle XML, QTI (Canvas, Blackboard and others), \
                     CSV or JSON.",
                    format::megabytes(limits.each),
                )
            />
            // Filled in by the script: the chosen files, to be put in order.
            <ol class="chosen" hidden></ol>
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
            <Field label="Title" name="title" required=false hint="If empty, or with several files: the name of the file"/>
            <Field label="Year" name="year" kind="number" range=(1950, 2100) required=false hint="If empty: the year on the cover"/>
            <p class="form-error" role="alert" hidden></p>
            <p class="sending" hidden><progress aria-label="Sent"></progress> <span></span></p>
            <button>"Upload"</button>
        </form>
        {script(include_str!("upload.js"), &[limits.each.into(), limits.together.into()])}
    }
    .into_any()
}
