//! The school's subjects and topics, with the words that identify a question's topic.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::api::topics::{AddSubject, SaveTopic, Syllabus, get_syllabus};
use crate::components::field::{Field, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::text_area::TextArea;

#[component]
pub fn TopicsPage() -> impl IntoView {
    let (save, add) = (ServerAction::<SaveTopic>::new(), ServerAction::<AddSubject>::new());
    let query = use_query_map();
    let subject = Memo::new(move |_| query.with(|query| query.get("subject")).unwrap_or_default());
    let syllabus = Resource::new(move || subject.get(), get_syllabus);
    view! {
        <Page title="Topics">
            <Load
                title="Subjects and topics"
                resource=syllabus
                view=move |syllabus| {
                    let saved = query.with_untracked(|query| query.get("saved")).unwrap_or_default();
                    show(syllabus, subject.get_untracked(), &saved, save, add)
                }
            />
        </Page>
    }
}

fn show(
    syllabus: Syllabus,
    chosen: String,
    saved: &str,
    save: ServerAction<SaveTopic>,
    add: ServerAction<AddSubject>,
) -> AnyView {
    let Syllabus { levels, subjects, topics } = syllabus;
    let options: Vec<_> = std::iter::once((String::new(), "Choose a subject".to_owned()))
        .chain(subjects.into_iter().map(|(level, name)| (format!("{level}/{name}"), format!("{level} {name}"))))
        .collect();
    let levels: Vec<_> = levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))).collect();
    let forms: Vec<_> =
        topics.into_iter().map(|(id, name, words)| topic(&chosen, Some(id), name, &words, save)).collect();
    let topics = (!chosen.is_empty()).then(|| {
        view! {
            <p>
                "A question gets the topic whose words it contains. Put commas between words. New words are used the next time a paper is read. A topic that somebody chose stays."
            </p>
            <FormError error=error_of(save)/>
            {(!saved.is_empty()).then(|| view! { <p class="facts" role="status">{format!("Saved: {saved}.")}</p> })}
            {forms}
            <h2>"A new topic"</h2>
            {topic(&chosen, None, String::new(), &[], save)}
        }
    });
    view! {
        <form class="filters" method="get" action="/admin/topics">
            <Select label="Subject" name="subject" options value=chosen.clone()/>
            <button class="plain">"Show"</button>
        </form>
        {topics}
        <h2>"A new subject"</h2>
        <ActionForm action=add attr:class="card form">
            <Select label="Level" name="level" options=levels.clone()/>
            <Field label="Subject" name="name" id="subject-name" maxlength=100 error=error_of(add)/>
            <FormError error=error_of(add) fields=&["name"]/>
            <button class="plain">"Add the subject"</button>
        </ActionForm>
    }
    .into_any()
}

fn topic(subject: &str, id: Option<Uuid>, name: String, words: &[String], save: ServerAction<SaveTopic>) -> AnyView {
    let key = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let (subject, words) = (subject.to_owned(), words.join(", "));
    let id = id.map(|id| view! { <input type="hidden" name="id" value=id.to_string()/> });
    let label = if name.is_empty() { "Words of the new topic".to_owned() } else { format!("Words of {name}") };
    view! {
        <ActionForm action=save attr:class="card form topic">
            <input type="hidden" name="subject" value=subject/>
            {id}
            <Field label="Topic" name="name" id=format!("name-{key}") value=name maxlength=100/>
            <TextArea name="words" value=words label=label rows=3/>
            <button class="plain">"Save"</button>
        </ActionForm>
    }
    .into_any()
}
