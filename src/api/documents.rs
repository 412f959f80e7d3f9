//! The library, single documents, and the school's work on them.

use std::collections::HashMap;

use exam_model::paper::{Counting, Cover, PageSize, Section};
use exam_model::question::{Anchor, Question};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::attempt::AttemptLine;
use crate::domain::comment::{Comment, CommentType};
use crate::domain::correction::{Made, QuestionForm, Report};
use crate::domain::document::Document;
use crate::domain::share::{Dependents, Sharing};
use crate::domain::upload::Limits;
use crate::error::AppError;

/// A page of the library, with the values it can be filtered by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Library {
    pub documents: Vec<Document>,
    /// Whether there is another page.
    pub more: bool,
    /// For staff.
    pub levels: Vec<String>,
    pub subjects: Vec<String>,
    /// Whether the viewer works for the school, and may list archived documents.
    pub staff: bool,
}

/// The library's filters; an empty one does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LibraryQuery {
    pub level: String,
    pub subject: String,
    pub year: String,
    pub kind: String,
    /// A word of `Ownership::as_str`.
    pub whose: String,
    /// Words in titles and questions.
    pub search: String,
    /// The `Cursor` after which the page starts.
    pub after: String,
}

/// A document to read and practise with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    pub document: Document,
    pub cover: Cover,
    /// The marks of an exam paper, as in `Quiz::total`; 0 for other documents.
    pub total: f64,
    pub sections: Vec<Section>,
    pub pages: Vec<PageSize>,
    pub anchors: Vec<Anchor>,
    /// The viewer's own attempts at it.
    pub attempts: Vec<AttemptLine>,
    /// Whether the viewer may have it read again, correct its questions and rename it.
    pub may_edit: bool,
    /// Only for viewers who may share it.
    pub sharing: Option<Sharing>,
    /// Only for viewers who may delete it.
    pub dependents: Option<Dependents>,
    /// Whether the viewer works for the school.
    pub staff: bool,
    /// For admins: the notes on it.
    pub comments: Option<Vec<Comment>>,
}

/// What the upload form offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadForm {
    pub levels: Vec<(String, String)>,
    /// Level and name; for staff those of which they may add papers.
    pub subjects: Vec<(String, String)>,
    pub staff: bool,
    /// Whether the viewer sets the subjects of the levels.
    pub sets_subjects: bool,
    pub limits: Limits,
    /// For pupils: the bytes that their documents use, and their quota.
    pub room: Option<(i64, i64)>,
}

/// The questions read from a document, beside their pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub document: Document,
    pub cover: Cover,
    /// As in `DocumentView`.
    pub total: f64,
    pub sections: Vec<Section>,
    /// The school's decision about sections with a choice.
    pub counting: Option<Counting>,
    /// The school's decision about calculators.
    pub calculator: Option<bool>,
    pub warnings: Vec<String>,
    pub pages: Vec<PageSize>,
    pub questions: Vec<Question>,
    /// Changes made by people, newest first.
    pub corrections: Vec<Made>,
    /// By the path of the item.
    pub reports: HashMap<String, Vec<Report>>,
    /// Id and name of the subject's topics.
    pub topics: Vec<(Uuid, String)>,
    /// By the path of the item: the words that identified its topic.
    pub topic_words: HashMap<String, Vec<String>>,
    pub scheme: Option<Document>,
    /// Other documents of the library with the same file: id and name.
    pub same_file: Vec<(Uuid, String)>,
    /// Level and name of the subjects that the paper may be moved to; empty for a personal document.
    pub subjects: Vec<(String, String)>,
    /// Word and name of each format in which the questions can be exported.
    pub formats: Vec<(String, String)>,
}

/// A page of the documents that the viewer may see, filtered.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_library(#[server(flatten)] query: LibraryQuery) -> Result<Library, AppError> {
    use std::collections::BTreeSet;

    use crate::domain::document::{A_PAGE, Cursor, DocumentKind, Ownership};
    use crate::domain::search::asked;
    use crate::server::db::documents::{Filter, PageRange};
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
        whose: Ownership::parse(&query.whose),
        search: given(&query.search).map(asked),
        ..Filter::default()
    };
    // One more than a page, to know whether there is another page.
    let no_place = || AppError::field("after")("This is not a place in the library. Start with its first page.".into());
    let after = given(&query.after).map(|place| Cursor::parse(place).ok_or_else(no_place)).transpose()?;
    let part = PageRange { after, ..PageRange::first(A_PAGE as i64 + 1) };
    let mut documents = db::documents::list(pool, viewer, &filter, &part).await?;
    let more = documents.len() > A_PAGE;
    documents.truncate(A_PAGE);
    let staff = viewer.is_staff();
    let levels = match staff {
        true => db::classes::levels(pool, &viewer.scope(None)?).await?,
        false => viewer.person().education_level.iter().cloned().collect(),
    };
    let subjects = db::topics::subjects(pool).await?.into_iter();
    let subjects: BTreeSet<String> =
        subjects.filter(|subject| levels.contains(&subject.level)).map(|subject| subject.name).collect();
    let subjects = subjects.into_iter().collect();
    Ok(Library { documents, more, levels: if staff { levels } else { Vec::new() }, subjects, staff })
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
    let frame = db::documents::details(pool, viewer, id).await?;
    let attempts = db::attempts::of_user(pool, viewer, viewer.id(), Some(id), most_listed(false)).await?;
    let own = document.mine && document.is_personal;
    let may_share = own && document.kind != DocumentKind::MarkingScheme;
    Ok(DocumentView {
        may_edit: document.mine || viewer.is_staff(),
        staff: viewer.is_staff(),
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

/// The SVG element of a stretch of print.
#[cfg(feature = "ssr")]
fn to_svg(print: &exam_model::paper::Print) -> String {
    let exam_model::paper::Print { x, baseline, width, size, text } = print;
    let text = html_escape::encode_text(text);
    format!(
        r#"<text x="{x}" y="{baseline}" font-size="{size}" textLength="{width}" lengthAdjust="spacingAndGlyphs">{text}</text>"#
    )
}

/// What a page tells of the readings in progress of these documents; `None` for those that have ended.
#[server(input = leptos::server_fn::codec::Json)]
pub async fn get_readings(ids: Vec<Uuid>) -> Result<Vec<(Uuid, Option<String>)>, AppError> {
    use crate::domain::document::A_PAGE;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let readings = db::documents::readings(&asking.state.pool, &asking.viewer, &ids[..ids.len().min(A_PAGE)]).await?;
    Ok(readings.into_iter().map(|(id, reading)| (id, reading.in_progress().then(|| reading.words()))).collect())
}

/// What is printed on a page of a document, from 1, as SVG: each stretch of text exactly above its place in the picture.
#[server(input = leptos::server_fn::codec::Json)]
pub async fn get_page_text(id: Uuid, page: u32) -> Result<String, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let stretches = db::page_text::print(&asking.state.pool, &asking.viewer, id, page).await?;
    Ok(stretches.iter().map(to_svg).collect())
}

/// Level and name of the subjects of which staff may add papers.
#[cfg(feature = "ssr")]
async fn subjects_of(asking: &crate::server::request::SignedIn) -> Result<Vec<(String, String)>, AppError> {
    use crate::server::db;
    let pool = &asking.state.pool;
    let levels = db::classes::levels(pool, &asking.viewer.scope(None)?).await?;
    let subjects = db::topics::subjects(pool).await?.into_iter();
    let subjects = subjects.filter(|subject| levels.contains(&subject.level));
    Ok(subjects.map(|subject| (subject.level, subject.name)).collect())
}

/// What the upload form offers to the viewer.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_upload_form() -> Result<UploadForm, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let config = &asking.state.config;
    let used = db::documents::used(&asking.state.pool, &asking.viewer).await?;
    let staff = asking.viewer.is_staff();
    Ok(UploadForm {
        room: (!staff).then_some((used, config.pupil_quota)),
        levels: super::accounts::levels().await?,
        subjects: if staff { subjects_of(&asking).await? } else { Vec::new() },
        staff,
        sets_subjects: asking.viewer.is_owner(),
        limits: Limits::new(config.max_upload),
    })
}

/// Has a document read again.
#[server]
pub async fn read_again(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::read_again(&asking.state.pool, &asking.viewer, id).await
}

/// Shares one of the viewer's own documents with the classmate who has this address.
#[server]
pub async fn share_document(id: Uuid, email: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    sharing::invite(&asking.state.pool, &asking.viewer, id, &email).await
}

/// Takes back a share of one of the viewer's own documents.
#[server]
pub async fn revoke_share(id: Uuid, share: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::shares::take_back(&asking.state.pool, &asking.viewer, id, share).await
}

/// Makes a code for one of the viewer's own documents, or turns it off (`on` is `yes` or `no`).
#[server]
pub async fn set_share_code(id: Uuid, on: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    if on == "yes" { sharing::make_code(pool, viewer, id).await } else { db::shares::drop_code(pool, viewer, id).await }
}

/// Joins the document that a code opens, and redirects to it.
#[server]
pub async fn join_document(code: String) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    let id = sharing::join(&asking.state.pool, &asking.viewer, &code).await?;
    request::go_to(&format!("/documents/{id}"));
    Ok(())
}

/// Renames a document.
#[server]
pub async fn rename_document(id: Uuid, title: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::rename(&asking.state.pool, &asking.viewer, id, &title).await
}

/// Changes what a paper of a level is; `subject` is such as `S3/Physics`.
#[server]
pub async fn describe_document(
    id: Uuid,
    title: String,
    kind: String,
    #[server(default)] year: String,
    subject: String,
) -> Result<(), AppError> {
    use crate::domain::document::Label;
    use crate::domain::upload::Refusal;
    use crate::server::documents::uploads;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let refused = |refusal| uploads::error(refusal, &asking.state.config);
    let label = Label::parse(&title, "", &kind, &year).map_err(refused)?;
    let (level, subject) = subject.split_once('/').ok_or_else(|| refused(Refusal::Subject))?;
    db::documents::describe(&asking.state.pool, &asking.viewer, id, &label, (level, subject)).await
}

/// Removes the marking scheme of a paper, with the keys that came from it.
#[server]
pub async fn detach_scheme(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::documents::detach_scheme(&asking.state.pool, &asking.viewer, id).await
}

/// Deletes one of the viewer's own documents, and redirects to the library.
#[server]
pub async fn delete_document(id: Uuid) -> Result<(), AppError> {
    use crate::server::documents::sharing;
    use crate::server::request;
    let asking = request::signed_in()?;
    sharing::delete(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/documents");
    Ok(())
}

/// Archives a document.
#[server]
pub async fn archive_document(id: Uuid, reason: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    if reason.trim().is_empty() {
        return Err(AppError::field("reason")("Say why, so that people who look for it know.".into()));
    }
    db::documents::archive(&asking.state.pool, &asking.viewer, id, &reason).await
}

/// Restores an archived document.
#[server]
pub async fn restore_document(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::documents::restore(&asking.state.pool, &asking.viewer, id).await
}

/// Adds a note to a document, or to one of its pages.
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

/// Settles a note, reopens it or removes it (`what` is `resolve`, `open` or `remove`).
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

/// Publishes a document to the pupils of its level, or hides it (`published` is `yes` or `no`).
#[server]
pub async fn publish(id: Uuid, published: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    db::documents::publish(&asking.state.pool, &asking.viewer, id, published == "yes").await
}

/// Sets which answers count when a pupil answers more than a section asks for: `first`, `best`, or empty for what the
/// paper says.
#[server]
pub async fn set_counting(id: Uuid, #[server(default)] counting: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    let counting = match counting.as_str() {
        "first" => Some(Counting::First),
        "best" => Some(Counting::Best),
        _ => None,
    };
    db::documents::set_counting(&asking.state.pool, &asking.viewer, id, counting).await
}

/// Sets whether calculators are allowed in a paper: `yes`, `no`, or empty for what its cover says.
#[server]
pub async fn set_calculator(id: Uuid, #[server(default)] calculator: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    let allowed = match calculator.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    db::documents::set_calculator(&asking.state.pool, &asking.viewer, id, allowed).await
}

/// The questions read from a document, with their keys. For its owner and the school's staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_review(id: Uuid) -> Result<Review, AppError> {
    use crate::domain::topic;
    use crate::server::attempts::quizzes;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let document = db::documents::to_correct(&asking.state.pool, &asking.viewer, id).await?;
    let frame = db::documents::details(&asking.state.pool, &asking.viewer, id).await?;
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
        calculator: frame.calculator,
        warnings: frame.warnings,
        pages: frame.pages,
        corrections: db::corrections::of_document(&asking.state.pool, &asking.viewer, id).await?,
        reports: db::corrections::reports(&asking.state.pool, &asking.viewer, id).await?,
        questions,
        topics: topics.into_iter().map(|topic| (topic.id, topic.name)).collect(),
        scheme: db::documents::scheme(&asking.state.pool, &asking.viewer, id).await?,
        same_file: db::documents::same_file(&asking.state.pool, &asking.viewer, id).await?,
        subjects: if asking.viewer.is_staff() && !document.is_personal {
            subjects_of(&asking).await?
        } else {
            Vec::new()
        },
        document,
    })
}

/// Corrects the fields of one item that were changed in the form. If it is to `go_on`, it redirects to the next item that
/// needs a look.
#[server]
pub async fn correct_question(
    document: Uuid,
    path: String,
    #[server(flatten)] form: QuestionForm,
    #[server(default)] go_on: bool,
) -> Result<(), AppError> {
    use crate::server::documents::review;
    use crate::server::request;
    let asking = request::signed_in()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    review::correct(pool, viewer, document, &path, form).await?;
    if go_on {
        let next = review::next(pool, viewer, document, &path).await?.unwrap_or(path);
        request::go_to(&format!("/admin/documents/{document}/review?{}", review_query(&next)));
    }
    Ok(())
}

/// Takes over the answers of a pasted list, the options chosen on a grid (by path, with those that it showed), or marks for
/// all items without any. Returns in words what was taken and what was not.
#[server]
pub async fn correct_all(
    document: Uuid,
    #[server(default)] keys: String,
    #[server(default)] grid: HashMap<String, String>,
    #[server(default)] shown: HashMap<String, String>,
    #[server(default)] marks_each: String,
) -> Result<String, AppError> {
    use crate::server::documents::review::{self, List};
    use crate::server::request;
    let asking = request::signed_in()?;
    let list = match (keys.trim(), grid) {
        ("", grid) if !grid.is_empty() => List::Grid { shown, chosen: grid },
        ("", _) => List::Marks(marks_each),
        _ => List::Keys(keys),
    };
    let told = review::correct_all(&asking.state.pool, &asking.viewer, document, list).await?;
    request::carry(&asking.state, &told, &format!("/admin/documents/{document}/review"));
    Ok(told)
}

/// Adds an item that was not found, with the text in its region if none is given, and redirects to it.
#[server]
pub async fn add_question(
    document: Uuid,
    region: String,
    #[server(default)] label: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    use crate::server::documents::review;
    use crate::server::request;
    let asking = request::signed_in()?;
    let path = review::add(&asking.state.pool, &asking.viewer, document, &region, &label, &text).await?;
    request::go_to(&format!("/admin/documents/{document}/review?{}", review_query(&path)));
    Ok(())
}

/// Applies `what` (`approve`, `split`, `join` or `drop`) to an item, and redirects to the next one that needs a look.
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

/// The query and fragment that lead to an item on the review page.
pub fn review_query(path: &str) -> String {
    let path = leptos_router::location::Url::escape(path);
    format!("q={path}#q-{path}")
}

/// Undoes a correction.
#[server]
pub async fn undo_correction(document: Uuid, correction: i64) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::corrections::take_back(&asking.state.pool, &asking.viewer, document, correction).await
}
