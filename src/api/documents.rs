//! The shelf, a document, and the school's work on it.

use std::collections::HashMap;

use exam_model::paper::{Counting, Cover, PageSize, Print, Section};
use exam_model::question::{Anchor, Question};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::attempt::AttemptLine;
use crate::domain::comment::{Comment, CommentType};
use crate::domain::correction::{Made, QuestionForm, Report};
use crate::domain::document::Document;
use crate::domain::share::{Dependents, Sharing};
use crate::error::AppError;

/// A page of a shelf with what it can be narrowed by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    pub documents: Vec<Document>,
    /// There are more after the last one.
    pub more: bool,
    /// For admins.
    pub levels: Vec<String>,
    pub subjects: Vec<String>,
    /// May look for what is archived.
    pub admin: bool,
}

/// What a shelf is narrowed by; empty is not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShelfQuery {
    pub level: String,
    pub subject: String,
    pub year: String,
    pub kind: String,
    /// As `Whose::as_str`.
    pub whose: String,
    /// Words in titles and questions.
    pub search: String,
    /// The `Cursor` after which the page begins.
    pub after: String,
}

/// A document to read and to be quizzed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    pub document: Document,
    pub cover: Cover,
    /// The marks of an exam paper, as `Quiz::total`; 0 for others.
    pub total: f64,
    pub sections: Vec<Section>,
    pub pages: Vec<PageSize>,
    pub anchors: Vec<Anchor>,
    /// One's own attempts at it.
    pub attempts: Vec<AttemptLine>,
    /// May ask for another reading, correct questions, give another title.
    pub may_edit: bool,
    /// For who may share it.
    pub sharing: Option<Sharing>,
    /// For who may delete it.
    pub dependents: Option<Dependents>,
    /// For admins: what was noted on it.
    pub comments: Option<Vec<Comment>>,
}

/// What the form of an upload offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadForm {
    pub levels: Vec<(String, String)>,
    /// Level and name.
    pub subjects: Vec<(String, String)>,
    pub admin: bool,
    /// Most bytes of a file, and of all files together.
    pub limits: (i64, i64),
    /// For pupils: bytes that their documents take, and may take.
    pub room: Option<(i64, i64)>,
}

/// The questions that a document gave, beside their pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub document: Document,
    pub cover: Cover,
    /// As of `DocumentView`.
    pub total: f64,
    pub sections: Vec<Section>,
    /// What the school decided about sections with a choice.
    pub counting: Option<Counting>,
    pub warnings: Vec<String>,
    pub pages: Vec<PageSize>,
    pub questions: Vec<Question>,
    /// What persons changed, the newest first.
    pub corrections: Vec<Made>,
    /// By the path of the item.
    pub reports: HashMap<String, Vec<Report>>,
    /// Id and name of the subject's topics.
    pub topics: Vec<(Uuid, String)>,
    /// By the path of the item: the words that tell its topic.
    pub topic_words: HashMap<String, Vec<String>>,
    pub scheme: Option<Document>,
    /// Word and name of the formats in which the questions can be taken along.
    pub formats: Vec<(String, String)>,
}

/// The documents that one may see, narrowed: a page of them.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_shelf(#[server(flatten)] query: ShelfQuery) -> Result<Shelf, AppError> {
    use std::collections::BTreeSet;

    use crate::domain::document::{A_PAGE, Cursor, DocumentKind, Whose};
    use crate::domain::search::asked;
    use crate::server::db::documents::{Filter, Part};
    use crate::server::{db, request};
    use exam_model::format::given;
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let owned = |text: &str| given(text).map(str::to_owned);
    let filter = Filter {
        level: owned(&query.level),
        subject: owned(&query.subject),
        year: query.year.trim().parse().ok(),
        kind: DocumentKind::parse(&query.kind),
        whose: Whose::parse(&query.whose),
        search: given(&query.search).map(asked),
        ..Filter::default()
    };
    // One more tells whether there are more.
    let no_place = || AppError::field("after")("This is no place on the shelf. Begin with its first page.".into());
    let after = given(&query.after).map(|place| Cursor::parse(place).ok_or_else(no_place)).transpose()?;
    let part = Part { after, ..Part::first(A_PAGE as i64 + 1) };
    let mut documents = db::documents::list(pool, viewer, &filter, &part).await?;
    let more = documents.len() > A_PAGE;
    documents.truncate(A_PAGE);
    let admin = viewer.is_admin();
    let level = &viewer.person().education_level;
    let subjects = db::topics::subjects(pool).await?;
    let subjects = subjects.into_iter().filter(|subject| admin || level.as_ref() == Some(&subject.level));
    let subjects: BTreeSet<String> = subjects.map(|subject| subject.name).collect();
    let levels = if admin { super::accounts::levels().await? } else { Vec::new() };
    Ok(Shelf {
        documents,
        more,
        levels: levels.into_iter().map(|(code, _)| code).collect(),
        subjects: subjects.into_iter().collect(),
        admin,
    })
}

/// One document.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_document(id: Uuid) -> Result<DocumentView, AppError> {
    use crate::domain::document::DocumentKind;
    use crate::domain::progress::most_listed;
    use crate::server::attempts::quizzes;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let document = db::documents::get(pool, viewer, id).await?;
    let questions = db::questions::of_document(pool, viewer, id).await?;
    let frame = db::documents::frame(pool, viewer, id).await?;
    let attempts = db::attempts::of_user(pool, viewer.id(), Some(id), most_listed(false)).await?;
    let own = document.mine && document.is_personal;
    let may_share = own && document.kind != DocumentKind::MarkingScheme;
    Ok(DocumentView {
        may_edit: document.mine || viewer.is_admin(),
        sharing: if may_share { Some(db::shares::of_document(pool, viewer, id).await?) } else { None },
        dependents: if own { Some(db::shares::dependents(pool, viewer, id).await?) } else { None },
        comments: if viewer.is_admin() { Some(db::comments::of_document(pool, viewer, id).await?) } else { None },
        total: quizzes::total(&document, &frame, questions),
        document,
        cover: frame.cover,
        sections: frame.sections,
        pages: db::page_text::sizes(pool, viewer, id).await?,
        anchors: db::questions::anchors(pool, viewer, id).await?,
        attempts,
    })
}

/// What is printed on a page of a document, from 1.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_print(id: Uuid, page: u32) -> Result<Vec<Print>, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::page_text::print(&asking.state.pool, &asking.viewer, id, page).await
}

/// What the form of an upload offers to the one who asks.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_upload_form() -> Result<UploadForm, AppError> {
    use crate::server::http::uploads;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let config = &asking.state.config;
    let subjects = db::topics::subjects(&asking.state.pool).await?;
    let used = db::documents::used(&asking.state.pool, &asking.viewer).await?;
    let admin = asking.viewer.is_admin();
    Ok(UploadForm {
        room: (!admin).then_some((used, config.pupil_quota)),
        levels: super::accounts::levels().await?,
        subjects: subjects.into_iter().map(|subject| (subject.level, subject.name)).collect(),
        admin,
        limits: (config.max_upload as i64, uploads::longest(config) as i64),
    })
}

/// Asks for another reading of a document.
#[server]
pub async fn read_again(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::read_again(&asking.state.pool, &asking.viewer, id).await
}

/// Shares a document of one's own with the classmate of an address.
#[server]
pub async fn share_document(id: Uuid, email: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    sharing::invite(&asking.state.pool, &asking.viewer, id, &email).await
}

/// Takes a share of a document of one's own back.
#[server]
pub async fn take_back_share(id: Uuid, share: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::shares::take_back(&asking.state.pool, &asking.viewer, id, share).await
}

/// Makes a code for a document of one's own, or turns it off (`on` is `yes` or `no`).
#[server]
pub async fn set_share_code(id: Uuid, on: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    if on == "yes" { sharing::make_code(pool, viewer, id).await } else { db::shares::drop_code(pool, viewer, id).await }
}

/// Joins the document that a code opens, then shows it.
#[server]
pub async fn join_document(code: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    let id = sharing::join(&asking.state.pool, &asking.viewer, &code).await?;
    request::go_to(&format!("/documents/{id}"));
    Ok(())
}

/// Gives a document another title.
#[server]
pub async fn rename_document(id: Uuid, title: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::rename(&asking.state.pool, &asking.viewer, id, &title).await
}

/// Deletes a document of one's own, then shows the shelf.
#[server]
pub async fn delete_document(id: Uuid) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    sharing::delete(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/documents");
    Ok(())
}

/// Puts a document away.
#[server]
pub async fn archive_document(id: Uuid, reason: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    if reason.trim().is_empty() {
        return Err(AppError::field("reason")("Say why, for those who look for it.".into()));
    }
    db::documents::archive(&asking.state.pool, &asking.viewer, id, &reason).await
}

/// Brings an archived document back.
#[server]
pub async fn restore_document(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::documents::restore(&asking.state.pool, &asking.viewer, id).await
}

/// Notes something on a document, or on the page that is named.
#[server]
pub async fn add_comment(
    id: Uuid,
    comment_type: CommentType,
    content: String,
    #[server(default)] page_number: String,
    #[server(default)] highlight_text: String,
) -> Result<(), AppError> {
    use crate::domain::comment::CommentText;
    use crate::server::{db, request};
    let asking = request::admin()?;
    let page_number = match page_number.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| AppError::field("page_number")("Write the page as a number.".into()))?),
    };
    let text = CommentText { content, comment_type, page_number, highlight_text: Some(highlight_text) };
    db::comments::add(&asking.state.pool, &asking.viewer, id, text).await.map(drop)
}

/// Settles a note, opens it again or removes it (`what` is `resolve`, `open` or `remove`).
#[server]
pub async fn change_comment(id: Uuid, comment: Uuid, what: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    match what.as_str() {
        "remove" => db::comments::remove(pool, viewer, id, comment).await,
        what => db::comments::resolve(pool, viewer, id, comment, what == "resolve").await,
    }
}

/// Shows a document to its level's pupils, or hides it (`published` is `yes` or `no`).
#[server]
pub async fn publish(id: Uuid, published: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::documents::publish(&asking.state.pool, id, published == "yes").await
}

/// Decides what counts where more is answered than a section asks for: `first`, `best`, or nothing for what the paper says.
#[server]
pub async fn set_counting(id: Uuid, #[server(default)] counting: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    let counting = match counting.as_str() {
        "first" => Some(Counting::First),
        "best" => Some(Counting::Best),
        _ => None,
    };
    db::documents::set_counting(&asking.state.pool, id, counting).await
}

/// The questions that a document gave, with keys: its owner's and admins' to see.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_review(id: Uuid) -> Result<Review, AppError> {
    use crate::domain::topic;
    use crate::server::attempts::quizzes;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let document = db::documents::to_correct(&asking.state.pool, &asking.viewer, id).await?;
    let frame = db::documents::frame(&asking.state.pool, &asking.viewer, id).await?;
    let questions = db::questions::of_document(&asking.state.pool, &asking.viewer, id).await?;
    let topics = db::topics::of_document(&asking.state.pool, &asking.viewer, id).await?;
    let items = questions.iter().flat_map(Question::items);
    let told = items.zip(topic::suggest(&questions, &topics)).filter_map(|(item, suggestion)| {
        let suggestion = suggestion.filter(|suggestion| item.topic == Some(suggestion.topic))?;
        Some((item.path.clone(), suggestion.words))
    });
    Ok(Review {
        topic_words: told.collect(),
        total: quizzes::total(&document, &frame, questions.clone()),
        formats: exam_formats::Format::ALL.map(|format| (format.word().to_owned(), format.name().to_owned())).into(),
        cover: frame.cover,
        sections: frame.sections,
        counting: frame.counting,
        warnings: frame.warnings,
        pages: frame.pages,
        corrections: db::corrections::of_document(&asking.state.pool, &asking.viewer, id).await?,
        reports: db::corrections::reports(&asking.state.pool, &asking.viewer, id).await?,
        questions,
        topics: topics.into_iter().map(|topic| (topic.id, topic.name)).collect(),
        scheme: db::documents::scheme(&asking.state.pool, &asking.viewer, id).await?,
        document,
    })
}

/// Corrects one item: what of the form was changed.
#[server]
pub async fn correct_question(
    document: Uuid,
    path: String,
    #[server(flatten)] form: QuestionForm,
) -> Result<(), AppError> {
    use crate::server::documents::review;
    use crate::server::request;
    let asking = request::signed_in()?;
    review::correct(&asking.state.pool, &asking.viewer, document, &path, form).await
}

/// `approve`, `split`, `join` or `drop` an item; then on to the next one to look at.
#[server]
pub async fn change_question(
    document: Uuid,
    path: String,
    what: String,
    #[server(default)] from: String,
    #[server(default)] label: String,
) -> Result<(), AppError> {
    use crate::server::documents::review;
    use crate::server::request;
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let next = review::change(pool, viewer, document, &path, &what, &from, &label).await?;
    let page = format!("/admin/documents/{document}/review");
    request::go_to(&next.map_or(page.clone(), |next| format!("{page}?{}", review_query(&next))));
    Ok(())
}

/// The query and place of an item on the review page.
pub fn review_query(path: &str) -> String {
    let path = leptos_router::location::Url::escape(path);
    format!("q={path}#q-{path}")
}

/// Takes a correction back.
#[server]
pub async fn take_back_correction(document: Uuid, correction: i64) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::corrections::take_back(&asking.state.pool, &asking.viewer, document, correction).await
}
