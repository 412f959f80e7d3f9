//! Managing a document: sharing, renaming and deleting it, and for the school archiving it and adding notes.

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::documents::{
    AddComment, ArchiveDocument, ChangeComment, DeleteDocument, DocumentView, RenameDocument, RestoreDocument,
    RevokeShare, SetShareCode, ShareDocument,
};
use crate::components::badge::{Badge, Tone};
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refill};
use crate::components::table::Table;
use crate::components::text_area::TextArea;
use crate::domain::comment::{Comment, CommentType};
use crate::domain::document::Document;
use crate::domain::share::{Dependents, SharedWith, Sharing};

/// The actions of a document's page.
#[derive(Clone, Copy)]
pub struct Actions {
    share: ServerAction<ShareDocument>,
    take_back: ServerAction<RevokeShare>,
    code: ServerAction<SetShareCode>,
    rename: ServerAction<RenameDocument>,
    delete: ServerAction<DeleteDocument>,
    archive: ServerAction<ArchiveDocument>,
    restore: ServerAction<RestoreDocument>,
    comment: ServerAction<AddComment>,
    change_comment: ServerAction<ChangeComment>,
}

impl Actions {
    /// The actions, with their forms filled in again where one was refused.
    pub fn with_refused_forms() -> Self {
        let actions = Self {
            share: ServerAction::new(),
            take_back: ServerAction::new(),
            code: ServerAction::new(),
            rename: ServerAction::new(),
            delete: ServerAction::new(),
            archive: ServerAction::new(),
            restore: ServerAction::new(),
            comment: ServerAction::new(),
            change_comment: ServerAction::new(),
        };
        refill::<ShareDocument>();
        refill::<RenameDocument>();
        refill::<ArchiveDocument>();
        refill::<AddComment>();
        actions
    }
}

/// The forms for everything that the viewer may do.
pub fn manage(view: &DocumentView, actions: Actions) -> AnyView {
    let document = &view.document;
    let id = document.id;
    view! {
        {view.sharing.as_ref().map(|sharing| share(id, sharing, actions))}
        {view.comments.as_ref().map(|comments| comments_of(document, comments, actions))}
        {view.may_edit.then(|| rename(document, actions))}
        {view.comments.is_some().then(|| archive(document, actions))}
        {view.dependents.as_ref().map(|dependents| delete(id, dependents, actions))}
    }
    .into_any()
}

fn share(id: Uuid, sharing: &Sharing, actions: Actions) -> AnyView {
    let error = error_of(actions.share);
    let words = if sharing.code.is_some() { "New code" } else { "Make a code" };
    let code = sharing.code.as_ref().map(|code| {
        view! {
            <p class="code"><b>{code.words()}</b></p>
            <p>
                {format!("It works until {}. Your classmates write it under ", format::date_time(code.good_until))}
                <a href="/join">"“I have a code”"</a> "."
            </p>
        }
    });
    let off = sharing.code.is_some().then(|| {
        view! {
            <ActionForm action=actions.code>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class="plain" name="on" value="no">"Turn it off"</button>
            </ActionForm>
        }
    });
    view! {
        <section aria-labelledby="share">
            <h2 id="share">"Share it"</h2>
            {people(id, &sharing.people, actions)}
            <ActionForm action=actions.share attr:class="card form">
                <FormError error fields=&["email"]/>
                <input type="hidden" name="id" value=id.to_string()/>
                <Field
                    label="A classmate's e-mail address"
                    name="email"
                    kind="email"
                    maxlength=254
                    hint="If they are at your level, they find the paper under “Shared with me”. They may also register later. They can \
                     read it and practise with it, but not share it."
                    error
                />
                <button>"Share"</button>
            </ActionForm>
            <div class="card">
                <h3>"Or give a code"</h3>
                <FormError error=error_of(actions.code)/>
                {code}
                <div class="actions">
                    <ActionForm action=actions.code>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class="plain" name="on" value="yes">{words}</button>
                    </ActionForm>
                    {off}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn people(id: Uuid, people: &[SharedWith], actions: Actions) -> Option<AnyView> {
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            let used = match person.last_attempt {
                Some(at) => format!("{}, last on {}", format::count(person.attempts, "quiz attempt"), format::date(at)),
                None => "Not yet".to_owned(),
            };
            let (share, label) = (person.id.to_string(), format!("Take back from {}", person.who));
            view! {
                <tr>
                    <th scope="row">{person.who.clone()}</th>
                    <td>{format::date(person.since)}</td>
                    <td>{used}</td>
                    <td>
                        <ActionForm action=actions.take_back>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <input type="hidden" name="share" value=share/>
                            <button class="plain" aria-label=label>"Take back"</button>
                        </ActionForm>
                    </td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <FormError error=error_of(actions.take_back)/>
            <Table caption="Who has it" head=vec!["Who", "Since", "Used", ""]>
                {rows}
            </Table>
            <p class="hint">
                "Taking it back works at once, even for running quizzes. Marks of finished quizzes stay. It also turns the code \
                 off."
            </p>
        }
        .into_any()
    })
}

fn rename(document: &Document, actions: Actions) -> AnyView {
    let error = error_of(actions.rename);
    let (id, title) = (document.id.to_string(), document.title.clone());
    view! {
        <details open=error.with_untracked(Option::is_some)>
            <summary>"Change the title"</summary>
            <ActionForm action=actions.rename attr:class="card form">
                <FormError error fields=&["title"]/>
                <input type="hidden" name="id" value=id/>
                <Field label="Title" name="title" value=title error/>
                <button>"Save the title"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn delete(id: Uuid, dependents: &Dependents, actions: Actions) -> AnyView {
    let Dependents { people, closed, running } = *dependents;
    let quizzes = match closed + running {
        0 => "No quiz was made from it.".to_owned(),
        all => format!("Quiz attempts that stay, with questions, answers and marks: {all}."),
    };
    let handed_in =
        (running > 0).then(|| format!(" Of these still running, and then handed in as they are: {running}."));
    let shared = (people > 0).then(|| format!(" Classmates who lose it: {people}."));
    view! {
        <details>
            <summary>"Delete it"</summary>
            <div class="card">
                <FormError error=error_of(actions.delete)/>
                <p>
                    "The file, its pages and its questions are deleted for good. " {quizzes} {handed_in} {shared}
                    " Pictures of its pages are no longer shown."
                </p>
                <ActionForm action=actions.delete>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button>"Delete it for good"</button>
                </ActionForm>
            </div>
        </details>
    }
    .into_any()
}

fn archive(document: &Document, actions: Actions) -> AnyView {
    let id = document.id.to_string();
    if document.archived.is_some() {
        return view! {
            <FormError error=error_of(actions.restore)/>
            <ActionForm action=actions.restore>
                <input type="hidden" name="id" value=id/>
                <button>"Restore it"</button>
            </ActionForm>
        }
        .into_any();
    }
    let error = error_of(actions.archive);
    view! {
        <details open=error.with_untracked(Option::is_some)>
            <summary>"Archive it"</summary>
            <ActionForm action=actions.archive attr:class="card form">
                <FormError error fields=&["reason"]/>
                <input type="hidden" name="id" value=id/>
                <Field
                    label="Why"
                    name="reason"
                    maxlength=500
                    hint="Pupils do not see it until you restore it. Running exams continue, and all marks stay."
                    error
                />
                <button>"Archive it"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn comments_of(document: &Document, comments: &[Comment], actions: Actions) -> AnyView {
    let id = document.id;
    let notes: Vec<_> = comments.iter().map(|comment| note(id, comment, actions)).collect();
    let error = error_of(actions.comment);
    let kinds = CommentType::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect();
    let last = if document.page_count > 0 { document.page_count } else { 9_999 };
    view! {
        <section aria-labelledby="notes">
            <h2 id="notes">"The school's notes"</h2>
            <FormError error=error_of(actions.change_comment)/>
            <ul class="cards">{notes}</ul>
            <details open=error.with_untracked(Option::is_some)>
                <summary>"Add a note"</summary>
                <ActionForm action=actions.comment attr:class="card form">
                    <FormError error fields=&["content", "page_number", "highlight_text"]/>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Select label="What it is" name="comment_type" options=kinds/>
                    <Field label="Page (optional)" name="page_number" kind="number" required=false range=(1, last) error/>
                    <Field label="Words on the page to highlight (optional)" name="highlight_text" required=false maxlength=1000 error/>
                    <div class="field">
                        <span>"Note"</span>
                        <TextArea name="content" value="" label="Note"/>
                        <FieldError name="content" error/>
                    </div>
                    <button>"Save the note"</button>
                </ActionForm>
            </details>
        </section>
    }
    .into_any()
}

fn note(document: Uuid, comment: &Comment, actions: Actions) -> AnyView {
    let (text, id) = (&comment.text, comment.id.to_string());
    let place = text.page_number.map(|page| view! { <a href=format!("#page-{page}")>{format!("Page {page}")}</a> });
    let quote = text.highlight_text.clone().map(|words| view! { <blockquote><mark>{words}</mark></blockquote> });
    let author = if comment.author.is_empty() { "Somebody at the school".to_owned() } else { comment.author.clone() };
    let tone = if comment.resolved || text.comment_type != CommentType::Issue { Tone::Quiet } else { Tone::Fair };
    let (what, words) = if comment.resolved { ("open", "Reopen it") } else { ("resolve", "Mark it as settled") };
    view! {
        <li class="card">
            <p class="badges">
                <Badge tone text=text.comment_type.name()/>
                {comment.resolved.then(|| view! { <Badge tone=Tone::Good text="Settled"/> })}
                {place}
            </p>
            {quote}
            <p class="text">{text.content.clone()}</p>
            <p class="facts">{author} ", " {format::date_time(comment.created_at)}</p>
            <ActionForm action=actions.change_comment attr:class="actions">
                <input type="hidden" name="id" value=document.to_string()/>
                <input type="hidden" name="comment" value=id/>
                <button class="plain" name="what" value=what>{words}</button>
                <button class="plain" name="what" value="remove">"Remove"</button>
            </ActionForm>
        </li>
    }
    .into_any()
}
