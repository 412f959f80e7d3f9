//! Tests made by hand from the question bank. Staff only, within the levels of their classes.

use leptos::prelude::*;
use leptos_router::location::Url;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::class_test::{ClassTest, ClassTestLine};
use crate::domain::question_bank::BankQuestion;
use crate::error::AppError;

/// Tests on a page.
pub const TESTS_A_PAGE: i64 = 30;

/// Questions found on a page.
pub const FOUND_A_PAGE: i64 = 20;

/// What the question bank is searched for, as a form sends it; empty values do not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct BankForm {
    pub words: String,
    pub subject: String,
    pub topic: String,
    pub kind: String,
    pub year: String,
    pub least: String,
    pub most: String,
    pub facility: String,
    pub source: String,
    pub page: String,
}

impl BankForm {
    /// The names of its fields.
    pub const FIELDS: [&'static str; 10] =
        ["words", "subject", "topic", "kind", "year", "least", "most", "facility", "source", "page"];

    /// From values in the order of [`FIELDS`](Self::FIELDS).
    pub fn of([words, subject, topic, kind, year, least, most, facility, source, page]: [String; 10]) -> Self {
        Self { words, subject, topic, kind, year, least, most, facility, source, page }
    }

    /// The query of an address for the same search, without the page.
    pub fn query(&self) -> String {
        let Self { words, subject, topic, kind, year, least, most, facility, source, .. } = self;
        let values = [words, subject, topic, kind, year, least, most, facility, source];
        let pair = |(name, value): (&str, &String)| format!("{name}={}", Url::escape(value));
        Self::FIELDS.into_iter().zip(values).map(pair).collect::<Vec<_>>().join("&")
    }
}

/// A test, with what the question bank has for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassTestPage {
    pub test: ClassTest,
    pub found: Vec<BankQuestion>,
    /// How many were found in all, and whether there is another page.
    pub all_found: i64,
    pub more: bool,
    /// Whether only the newest papers were searched.
    pub is_cut: bool,
    /// Subjects of the level, and topics of the one that is chosen: ids and names.
    pub subjects: Vec<(Uuid, String)>,
    pub topics: Vec<(Uuid, String)>,
}

/// A page of the tests that the viewer may see, whether there is another, and the levels for which the viewer may make one.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_class_tests(
    #[server(default)] page: String,
) -> Result<(Vec<ClassTestLine>, bool, Vec<String>), AppError> {
    use crate::domain::paging::ListPage;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let (pool, page) = (&asking.state.pool, ListPage::parse(&page, TESTS_A_PAGE));
    let (lines, more) = page.cut(db::class_tests::list(pool, &asking.viewer, page.slice()).await?);
    Ok((lines, more, db::classes::levels(pool, &asking.viewer.scope(None)?).await?))
}

/// A test, and the questions that fit a search.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_class_test(id: Uuid, #[server(default)] bank: BankForm) -> Result<ClassTestPage, AppError> {
    use crate::domain::paging::ListPage;
    use crate::server::{class_tests, db, request};
    let asking = request::staff()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let test = class_tests::get(pool, viewer, id).await?;
    if !test.is_changeable() {
        let [subjects, topics] = [(); 2].map(|()| Vec::new());
        let found = Vec::new();
        return Ok(ClassTestPage { test, found, all_found: 0, more: false, is_cut: false, subjects, topics });
    }
    let query = query(&bank);
    let (all, is_cut) = class_tests::search(pool, viewer, &test.level, &query).await?;
    let all_found = all.len() as i64;
    let page = ListPage::parse(&bank.page, FOUND_A_PAGE);
    let (skip, limit) = page.slice();
    let (found, more) = page.cut(all.into_iter().skip(skip as usize).take(limit as usize).collect());
    let subjects = db::subjects::list(pool, viewer, None, Some(&test.level)).await?;
    let topics = match query.subject {
        Some(subject) => db::topics::of_subject(pool, subject).await?,
        None => Vec::new(),
    };
    Ok(ClassTestPage {
        test,
        found,
        all_found,
        more,
        is_cut,
        subjects: subjects.into_iter().map(|subject| (subject.id, subject.name)).collect(),
        topics: topics.into_iter().map(|topic| (topic.id, topic.name)).collect(),
    })
}

/// What a form looks for; what makes no sense does not matter.
#[cfg(feature = "ssr")]
fn query(form: &BankForm) -> crate::domain::question_bank::BankQuery {
    use crate::domain::question_bank::{BankQuery, BankSource, Facility};
    use crate::domain::search;
    use exam_model::format::given;
    let marks = |text: &str| text.trim().replace(',', ".").parse().ok();
    let words = search::asked(&form.words);
    BankQuery {
        words: given(&words).map(str::to_owned),
        subject: form.subject.parse().ok(),
        topic: form.topic.parse().ok(),
        year: form.year.trim().parse().ok(),
        kind: given(&form.kind).and_then(|word| serde_json::from_value(word.into()).ok()),
        marks: [marks(&form.least), marks(&form.most)],
        facility: Facility::parse(&form.facility),
        source: BankSource::parse(&form.source),
    }
}

/// Makes an empty test of a level, and redirects to its page.
#[server]
pub async fn make_class_test(title: String, level: String) -> Result<(), AppError> {
    use crate::domain::class_test::{TestContent, parse_title};
    use crate::server::{db, request};
    let asking = request::staff()?;
    let title = parse_title(&title).map_err(AppError::field("title"))?;
    let id = db::class_tests::make(&asking.state.pool, &asking.viewer, &title, &level, &TestContent::default()).await?;
    request::go_to(&format!("/admin/tests/{id}"));
    Ok(())
}

/// Copies a test that the viewer may see, and redirects to the copy.
#[server]
pub async fn copy_class_test(id: Uuid) -> Result<(), AppError> {
    use crate::domain::class_test::copied_title;
    use crate::server::{class_tests, db, request};
    let asking = request::staff()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let test = class_tests::get(pool, viewer, id).await?;
    let title = copied_title(&test.title);
    let copy = db::class_tests::make(pool, viewer, &title, &test.level, &test.content).await?;
    request::go_to(&format!("/admin/tests/{copy}"));
    Ok(())
}

/// Gives a test another title.
#[server]
pub async fn rename_class_test(id: Uuid, title: String) -> Result<(), AppError> {
    use crate::domain::class_test::parse_title;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let title = parse_title(&title).map_err(AppError::field("title"))?;
    db::class_tests::replace(&asking.state.pool, &asking.viewer, id, Some(&title), |_| Ok(())).await
}

/// Adds a question of the bank to a test (`what` is `add`), takes one out (`remove`), moves one within its section (`up`, `down`)
/// or to the end of another (`put`).
#[server]
pub async fn change_class_test(
    id: Uuid,
    question: Uuid,
    what: String,
    #[server(default)] section: String,
) -> Result<(), AppError> {
    use crate::domain::class_test::Edit;
    use crate::server::{class_tests, db, request};
    use exam_model::format::given;
    let asking = request::staff()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let edit = match what.as_str() {
        "add" => {
            let section = given(&section).map(str::to_owned);
            return class_tests::add(pool, viewer, id, question, section).await;
        }
        "remove" => Edit::Remove(question),
        "up" | "down" => Edit::Move { question, up: what == "up" },
        "put" => Edit::Put { question, section },
        _ => return Err(AppError::NotFound),
    };
    db::class_tests::change(pool, viewer, id, edit).await
}

/// Adds a section to a test, or gives the one that is named another name or rule: `all`, `choose` or `best`, with how many count.
#[server]
pub async fn save_class_test_section(
    id: Uuid,
    #[server(default)] section: String,
    label: String,
    rule: String,
    #[server(default)] count: String,
) -> Result<(), AppError> {
    use crate::domain::class_test::{Edit, parse_section};
    use crate::server::{db, request};
    let asking = request::staff()?;
    let to = parse_section(&label, &rule, &count).map_err(AppError::of_field)?;
    let edit = if section.is_empty() { Edit::AddSection(to) } else { Edit::ChangeSection { label: section, to } };
    db::class_tests::change(&asking.state.pool, &asking.viewer, id, edit).await
}

/// Moves a section of a test with its questions (`what` is `up` or `down`), or takes it away (`remove`), not its questions.
#[server]
pub async fn change_class_test_section(id: Uuid, section: String, what: String) -> Result<(), AppError> {
    use crate::domain::class_test::Edit;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let edit = match what.as_str() {
        "up" | "down" => Edit::MoveSection { label: section, up: what == "up" },
        "remove" => Edit::RemoveSection(section),
        _ => return Err(AppError::NotFound),
    };
    db::class_tests::change(&asking.state.pool, &asking.viewer, id, edit).await
}

/// Sets the marks of these items of a test, each as it is written.
#[server]
pub async fn set_class_test_marks(
    id: Uuid,
    #[server(default)] items: Vec<Uuid>,
    #[server(default)] marks: Vec<String>,
) -> Result<(), AppError> {
    use crate::domain::class_test::Edit;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let marks = items.into_iter().zip(marks).collect();
    db::class_tests::change(&asking.state.pool, &asking.viewer, id, Edit::Marks(marks)).await
}

/// Deletes a test that nobody has begun and that is set to no class.
#[server]
pub async fn delete_class_test(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    db::class_tests::delete(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/admin/tests");
    Ok(())
}
