//! Work that is set to classes: a list, and the form for a paper or a topic.

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::assignments::{
    AssignmentForm, SetAssignment, TakeBackAssignment, get_assignment_form, get_assignments,
};
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::assignment::{ATTEMPTS, AssignmentLine, MINUTES, Work};
use crate::domain::quiz::MAX_QUESTIONS;
use crate::pages::query_words;

#[component]
pub fn AssignmentsPage() -> impl IntoView {
    let asked = query_words(["document", "topic", "class"]);
    let (set, take_back) = (ServerAction::<SetAssignment>::new(), ServerAction::<TakeBackAssignment>::new());
    refill::<SetAssignment>();
    let content = Resource::new(
        move || asked.get(),
        |[document, topic, _]| async move {
            let form = get_assignment_form(document.parse().ok(), topic.parse().ok()).await?;
            Ok((form, get_assignments().await?))
        },
    );
    view! {
        <Page title="Work that is set">
            <Load
                title="Work that is set"
                resource=content
                view=move |(form, lines)| {
                    view! {
                        {form.map(|form| new_form(form, asked.get_untracked(), set))}
                        <FormError error=error_of(take_back)/>
                        {list(lines, take_back)}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

fn new_form(form: AssignmentForm, [document, topic, class]: [String; 3], set: ServerAction<SetAssignment>) -> AnyView {
    let error = error_of(set);
    if form.classes.is_empty() {
        return view! { <p class="empty">"There is no class of this level yet."</p> }.into_any();
    }
    let classes = form.classes.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let (id, name) = if document.is_empty() { (topic, "topic") } else { (document, "document") };
    let questions = (name == "topic").then(|| {
        view! { <Field label="Questions" name="questions" kind="number" value="10" range=(1, MAX_QUESTIONS) error/> }
    });
    view! {
        <h2>{format!("Set to a class: {}", form.title)}</h2>
        <ActionForm action=set attr:class="card form">
            <FormError error fields=&["opens", "due", "minutes", "attempts", "questions"]/>
            <input type="hidden" name=name value=id/>
            <Select label="Class" name="class" options=classes value=class required=true/>
            {questions}
            <Field label="Opens" name="opens" kind="datetime-local" value=form.opens error/>
            <Field label="Due" name="due" kind="datetime-local" value=form.due hint="Times of Rwanda. An attempt ends then at the latest." error/>
            <Field
                label="Minutes for an attempt"
                name="minutes"
                kind="number"
                range=(*MINUTES.start(), *MINUTES.end())
                required=false
                hint="Leave it empty for the time that the paper or its marks give."
                error
            />
            <Field label="Attempts allowed" name="attempts" kind="number" value="1" range=(*ATTEMPTS.start(), *ATTEMPTS.end()) error/>
            <button>"Set it"</button>
        </ActionForm>
    }
    .into_any()
}

fn list(lines: Vec<AssignmentLine>, take_back: ServerAction<TakeBackAssignment>) -> AnyView {
    let hint = view! { <p class="hint">"Set a paper from its page, and a topic from “Teach again”."</p> };
    if lines.is_empty() {
        return view! { <p class="empty">"No work is set."</p> {hint} }.into_any();
    }
    let rows: Vec<_> = lines.into_iter().map(|line| row(line, take_back)).collect();
    view! {
        <Table caption="Latest first" head=vec!["Work", "Class", "Opens", "Due", "Handed in", ""]>
            {rows}
        </Table>
        {hint}
    }
    .into_any()
}

fn row(line: AssignmentLine, take_back: ServerAction<TakeBackAssignment>) -> AnyView {
    let marks = |document: Uuid| format!("/admin/documents/{document}/marks?class={}", line.class_id);
    let name = match line.work {
        Work::Paper(document) => view! { <a href=marks(document)>{line.title.clone()}</a> }.into_any(),
        Work::Topic { questions, .. } => {
            let count = format::count(questions.into(), "question");
            view! { {line.title.clone()} " " <small>{count}</small> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{line.class}</td>
            <td>{format::date_time(line.opens_at)}</td>
            <td>{format::date_time(line.due_at)}</td>
            <td class="number">{format!("{} of {}", line.handed_in, line.pupils)}</td>
            <td>
                <details>
                    <summary>"Take back …"</summary>
                    <p>"Pupils see it no more. Attempts at it stay, but count for nothing that you set again."</p>
                    <ActionForm action=take_back>
                        <input type="hidden" name="id" value=line.id.to_string()/>
                        <button class="plain" aria-label=format!("Take back: {}", line.title)>"Take it back"</button>
                    </ActionForm>
                </details>
            </td>
        </tr>
    }
    .into_any()
}
