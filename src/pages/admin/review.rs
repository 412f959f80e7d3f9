//! What a paper gave: its questions beside their page, to be corrected and published.

use leptos::prelude::*;
use uuid::Uuid;

use crate::api::documents::{CorrectQuestion, Publish, ReadAgain, Review, get_review};
use crate::components::badge::{Badge, Tone};
use crate::components::document::facts;
use crate::components::field::{Field, FieldError, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::{Load, refetch_while};
use crate::components::question::crops;
use crate::components::text_area::TextArea;
use crate::domain::document::{Document, Reading};
use crate::domain::format;
use crate::domain::question::{Kind, Question};
use crate::pages::documents::read::{ReadingNote, id_param};
use crate::pages::quizzes::section_rule;

/// Below this the reader asks for a person's look.
const SURE: f32 = 0.8;

#[derive(Clone, Copy)]
struct Actions {
    again: ServerAction<ReadAgain>,
    publish: ServerAction<Publish>,
    correct: ServerAction<CorrectQuestion>,
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    let id = id_param();
    let actions = Actions { again: ServerAction::new(), publish: ServerAction::new(), correct: ServerAction::new() };
    let versions =
        move || (actions.again.version().get(), actions.publish.version().get(), actions.correct.version().get());
    let paper = Resource::new(move || (id(), versions()), |(id, _)| async move { get_review(id?).await });
    refetch_while(paper, |review: &Review| review.document.reading.in_progress());
    view! {
        <Page title="Review">
            <Load resource=paper view=move |review| show(review, actions)/>
        </Page>
    }
}

fn show(review: Review, actions: Actions) -> AnyView {
    let Review { document, cover, sections, warnings, questions, topics, scheme } = review;
    let error = error_of(actions.correct);
    let doubtful = questions.iter().flat_map(Question::leaves).filter(|leaf| leaf.confidence < SURE).count() as i64;
    let mut facts = facts(&document, &cover);
    facts.push(format::count(document.question_count, "question"));
    facts.push(format!("{} with an answer key", document.keyed_count));
    facts.extend((doubtful > 0).then(|| format!("{doubtful} to look at")));
    let sections: Vec<_> = sections
        .iter()
        .map(|section| {
            let marks = section.marks.map(|marks| format!(" ({})", format::marks_long(marks))).unwrap_or_default();
            view! { <li>{section_rule(section)} {marks}</li> }
        })
        .collect();
    let warnings: Vec<_> = warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect();
    let topics: Vec<(String, String)> = std::iter::once((String::new(), "No topic".to_owned()))
        .chain(topics.into_iter().map(|(id, name)| (id.to_string(), name)))
        .collect();
    let articles: Vec<_> = questions
        .iter()
        .map(|question| {
            view! { <article class="question">{item(question, document.id, &topics, actions, 0)}</article> }
        })
        .collect();
    let scheme = match scheme {
        Some(scheme) => {
            view! { <p>"Marking scheme: " <a href=format!("/documents/{}", scheme.id)>{scheme.title}</a></p> }
                .into_any()
        }
        None => view! {
            <form class="card form" method="post" action="/documents/new" enctype="multipart/form-data">
                <input type="hidden" name="scheme_of" value=document.id.to_string()/>
                <Field label="Marking scheme (PDF)" name="file" kind="file"/>
                <button class="plain">"Add the marking scheme"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <h1>{document.title.clone()}</h1>
        <p class="facts">{facts.join(" · ")}</p>
        <ul class="sections">{sections}</ul>
        <ReadingNote reading=document.reading.clone() id=document.id may_edit=true again=actions.again/>
        {(!warnings.is_empty()).then(|| view! { <ul class="card warnings">{warnings}</ul> })}
        {publishing(&document, actions.publish)}
        {scheme}
        <FormError error fields=&["text", "marks", "key", "topic"]/>
        {articles}
    }
    .into_any()
}

fn publishing(document: &Document, publish: ServerAction<Publish>) -> Option<AnyView> {
    if document.is_personal || document.reading != Reading::Ready {
        return None;
    }
    let (value, words, class) = if document.published {
        ("no", "Hide it from pupils", "plain")
    } else {
        ("yes", "Publish it for the pupils", "")
    };
    let id = document.id;
    let state = document.published.then(|| view! { <Badge tone=Tone::Good text="Published"/> });
    Some(
        view! {
            <div class="actions">
                <ActionForm action=publish>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="published" value=value/>
                    <button class=class>{words}</button>
                </ActionForm>
                <a class="button plain" href=format!("/documents/{id}")>"See the paper"</a>
                {state}
            </div>
        }
        .into_any(),
    )
}

fn item(question: &Question, document: Uuid, topics: &[(String, String)], actions: Actions, level: u8) -> AnyView {
    let crop = (level == 0)
        .then(|| crops(&question.regions, document, &question.path))
        .filter(|images| !images.is_empty())
        .map(|images| view! { <details class="in-paper"><summary>"As printed in the paper"</summary> {images}</details> });
    let doubts: Vec<_> = question.doubts.iter().map(|doubt| view! { <li>{doubt.clone()}</li> }).collect();
    let state = if question.kind == Kind::Group {
        None
    } else if question.confidence < SURE {
        Some((Tone::Fair, "Look at this one"))
    } else if question.key.is_none() {
        Some((Tone::Bad, "No answer key"))
    } else {
        None
    };
    let key = question.key.as_ref().map(|key| view! { <p class="key">"Answer: " <b>{key.text.clone()}</b></p> });
    let options: Vec<_> = question
        .options
        .iter()
        .map(|option| view! { <li><b>{option.label.clone()}</b> " " {option.text.clone()}</li> })
        .collect();
    let topic = question
        .topic
        .and_then(|id| topics.iter().find(|(topic, _)| *topic == id.to_string()))
        .map(|(_, name)| view! { <p class="facts">{name.clone()}</p> });
    let parts: Vec<_> = question.parts.iter().map(|part| item(part, document, topics, actions, level + 1)).collect();
    view! {
        <div class="item" id=format!("q-{}", question.path)>
            <div class="stem">
                <span class="number">{question.label.clone()}</span>
                <p class="text">{question.text.clone()}</p>
                {question.marks.map(|marks| view! { <span class="marks">{format::marks_long(marks)}</span> })}
            </div>
            {crop}
            {(!options.is_empty()).then(|| view! { <ul class="options">{options}</ul> })}
            {key}
            {topic}
            {state.map(|(tone, text)| view! { <Badge tone=tone text=text/> })}
            {(!doubts.is_empty()).then(|| view! { <ul class="doubts">{doubts}</ul> })}
            <details class="correct">
                <summary>"Correct this"</summary>
                {correction(question, document, topics, actions.correct)}
            </details>
            <div class="parts">{parts}</div>
        </div>
    }
    .into_any()
}

const KINDS: [(&str, &str); 11] = [
    ("group", "Has parts only"),
    ("single", "One choice"),
    ("multiple", "Several choices"),
    ("true_false", "True or false"),
    ("numeric", "Number"),
    ("short", "Short text"),
    ("list", "List"),
    ("cloze", "Fill the blanks"),
    ("match", "Match"),
    ("order", "Put in order"),
    ("long", "Longer text"),
];

fn correction(
    question: &Question,
    document: Uuid,
    topics: &[(String, String)],
    correct: ServerAction<CorrectQuestion>,
) -> AnyView {
    let error = error_of(correct);
    let kinds: Vec<_> = KINDS.iter().map(|&(value, words)| (value.to_owned(), words.to_owned())).collect();
    let kind =
        serde_json::to_value(question.kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let truth = [("true".to_owned(), "True".to_owned()), ("false".to_owned(), "False".to_owned())];
    let options: Vec<(String, String)> = match question.kind {
        Kind::Single | Kind::Multiple => {
            question.options.iter().map(|o| (o.id.clone(), format!("{} {}", o.label, o.text))).collect()
        }
        Kind::TrueFalse => truth.to_vec(),
        _ => Vec::new(),
    };
    let key = if options.is_empty() {
        let text = question.key.as_ref().map(|key| key.text.clone()).unwrap_or_default();
        view! {
            <Field
                label="Answer, as a marking scheme prints it"
                name="key"
                id=format!("key-{}", question.id)
                value=text
                hint="heat; light – any 2: heat; light; sound – 12.5 cm (± 0.1) – 0.5 / 1/2"
                required=false
                maxlength=2000
            />
        }
        .into_any()
    } else {
        let right = |id: &String| question.key.as_ref().is_some_and(|key| key.options.contains(id));
        let kind = if question.kind == Kind::Multiple { "checkbox" } else { "radio" };
        let choices: Vec<_> = options
            .iter()
            .map(|(id, words)| {
                view! {
                    <label class="choice">
                        <input type=kind name="right_options[]" value=id.clone() checked=right(id)/>
                        <span>{words.clone()}</span>
                    </label>
                }
            })
            .collect();
        view! { <fieldset class="choices"><legend>"Right answer"</legend> {choices}</fieldset> }.into_any()
    };
    let topic = question.topic.map(|id| id.to_string()).unwrap_or_default();
    let (id, text, topics) = (question.id, question.text.clone(), topics.to_vec());
    let marks = question.marks.map(format::marks).unwrap_or_default();
    view! {
        <ActionForm action=correct attr:class="form">
            <input type="hidden" name="document" value=document.to_string()/>
            <input type="hidden" name="question" value=id.to_string()/>
            <div class="field">
                <span>"Question"</span>
                <TextArea name="text" value=text.clone() label="Question" rows=3/>
            </div>
            <Select label="Kind" name="kind" options=kinds.clone() value=kind.clone()/>
            <Field label="Marks" name="marks" id=format!("marks-{id}") value=marks.clone() required=false error/>
            {key}
            <FieldError name="key" error/>
            <Select label="Topic" name="topic" options=topics.clone() value=topic.clone()/>
            <button class="plain">"Save the correction"</button>
        </ActionForm>
    }
    .into_any()
}
