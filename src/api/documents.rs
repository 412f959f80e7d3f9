//! The shelf, a document, and the school's work on it.

use std::collections::HashMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::attempt::AttemptLine;
use crate::domain::correction::{Made, Report};
use crate::domain::document::Document;
use crate::domain::paper::{Counting, Cover, PageSize, Section};
use crate::domain::question::{Kind, Question};
use crate::error::AppError;

/// A shelf with what it can be narrowed by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    pub documents: Vec<Document>,
    pub subjects: Vec<String>,
    pub years: Vec<i32>,
}

/// A document to read and to be quizzed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    pub document: Document,
    pub cover: Cover,
    pub sections: Vec<Section>,
    pub pages: Vec<PageSize>,
    /// One's own attempts at it.
    pub attempts: Vec<AttemptLine>,
    /// May ask for another reading, correct questions.
    pub may_edit: bool,
}

/// What the form of an upload offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadForm {
    pub levels: Vec<(String, String)>,
    /// Level and name.
    pub subjects: Vec<(String, String)>,
    pub admin: bool,
    pub max_megabytes: i64,
}

/// The questions that a document gave, beside their pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub document: Document,
    pub cover: Cover,
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

/// The documents that one may see; empty arguments do not narrow.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_shelf(
    #[server(default)] level: String,
    #[server(default)] subject: String,
    #[server(default)] year: String,
) -> Result<Shelf, AppError> {
    use crate::server::db::documents::{Filter, list};
    use crate::server::request;
    let asking = request::signed_in()?;
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let all = Filter { level: given(level), ..Filter::default() };
    let narrowed = Filter { subject: given(subject), year: year.parse().ok(), ..all.clone() };
    let everything = list(&asking.state.pool, &asking.viewer, &all).await?;
    let mut subjects: Vec<String> = everything.iter().filter_map(|d| d.subject.clone()).collect();
    subjects.sort();
    subjects.dedup();
    let mut years: Vec<i32> = everything.iter().filter_map(|d| d.year).collect();
    years.sort_by(|a, b| b.cmp(a));
    years.dedup();
    Ok(Shelf { documents: list(&asking.state.pool, &asking.viewer, &narrowed).await?, subjects, years })
}

/// One document.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_document(id: Uuid) -> Result<DocumentView, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let document = db::documents::get(&asking.state.pool, &asking.viewer, id).await?;
    let frame = db::documents::frame(&asking.state.pool, &asking.viewer, id).await?;
    let attempts = db::attempts::of_user(&asking.state.pool, asking.viewer.id(), Some(id)).await?;
    Ok(DocumentView {
        may_edit: document.mine || asking.viewer.is_admin(),
        document,
        cover: frame.cover,
        sections: frame.sections,
        pages: frame.pages,
        attempts,
    })
}

/// What the form of an upload offers to the one who asks.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_upload_form() -> Result<UploadForm, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let subjects = db::topics::subjects(&asking.state.pool).await?;
    Ok(UploadForm {
        levels: super::accounts::levels().await?,
        subjects: subjects.into_iter().map(|subject| (subject.level, subject.name)).collect(),
        admin: asking.viewer.is_admin(),
        max_megabytes: (asking.state.config.max_upload / 1024 / 1024) as i64,
    })
}

/// Asks for another reading of a document.
#[server]
pub async fn read_again(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::read_again(&asking.state.pool, &asking.viewer, id).await
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
    use crate::server::{db, exchange, request};
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
        formats: exchange::Format::all().map(|(word, format)| (word, format.name().to_owned())).collect(),
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

/// The form of a correction, as it comes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionForm {
    pub text: String,
    pub kind: Kind,
    /// The texts of the question's options in their order, then of new ones; an empty one is none.
    pub options: Vec<String>,
    pub choose: String,
    pub marks: String,
    /// As a marking scheme prints it, where it is none of the options.
    pub key: String,
    /// Ids.
    pub right_options: Vec<String>,
    pub topic: String,
    /// As `Region::words`; an empty one is none.
    pub boxes: Vec<String>,
}

/// Corrects one item.
#[server]
pub async fn correct_question(
    document: Uuid,
    path: String,
    #[server(flatten)] form: QuestionForm,
) -> Result<(), AppError> {
    use crate::server::{request, review};
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
    use crate::server::{request, review};
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
