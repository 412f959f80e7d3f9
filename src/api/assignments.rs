//! Work that the school sets to a class.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentLine, Terms};
use crate::error::AppError;

/// Assignments on a page.
pub const WORK_A_PAGE: i64 = 30;

/// What the form for new work, or for work to change, is filled in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentForm {
    /// The paper, the topic or the test.
    pub title: String,
    /// Id and full name; none for work that is set.
    pub classes: Vec<(Uuid, String)>,
    pub terms: Terms,
    /// Whether the questions can come in another order.
    pub can_shuffle: bool,
    /// How many pupils have started what is set and not handed it in.
    pub sitting: usize,
}

/// A page of the work that is set, and whether there is another; pages count from 1. Staff only, as all here but for what
/// pupils do.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_assignments(#[server(default)] page: String) -> Result<(Vec<AssignmentLine>, bool), AppError> {
    use crate::domain::paging::ListPage;
    use crate::server::{db, request};
    let asking = request::staff()?;
    let page = ListPage::parse(&page, WORK_A_PAGE);
    Ok(page.cut(db::assignments::list(&asking.state.pool, &asking.viewer, None, page.slice()).await?))
}

/// The form for work to change, or for a paper, a topic or a test, with the classes of its level; `None` if none is named, and for work
/// that is withdrawn or gone.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_assignment_form(
    #[server(default)] change: Option<Uuid>,
    #[server(default)] document: Option<Uuid>,
    #[server(default)] topic: Option<Uuid>,
    #[server(default)] test: Option<Uuid>,
) -> Result<Option<AssignmentForm>, AppError> {
    use crate::domain::assignment::Work;
    use crate::server::attempts::assignments::to_set;
    use crate::server::{attempts, db, request};
    let asking = request::staff()?;
    let pool = &asking.state.pool;
    if let Some(id) = change {
        let line = db::assignments::list(pool, &asking.viewer, Some(id), (0, 1)).await?.pop();
        let Some(line) = line.filter(|line| line.withdrawn_at.is_none()) else { return Ok(None) };
        let sitting = line.pupils.iter().filter(|pupil| pupil.running.is_some()).count();
        let title = format!("{}, {}", line.title, line.class);
        let can_shuffle = line.work.is_shufflable();
        return Ok(Some(AssignmentForm { title, classes: Vec::new(), terms: line.terms, can_shuffle, sitting }));
    }
    let Some(work) = Work::of(document, topic, 0, test) else { return Ok(None) };
    let (title, level) = to_set(pool, &asking.viewer, work).await?;
    let classes =
        db::classes::list(pool, &asking.viewer.scope(None)?).await?.into_iter().filter(|class| class.level == level);
    let now = attempts::now();
    let terms = Terms { opens_at: now, due_at: now + chrono::Duration::days(7), attempts: 1, ..Terms::default() };
    let classes = classes.map(|class| (class.id, class.full_name())).collect();
    Ok(Some(AssignmentForm { title, classes, terms, can_shuffle: work.is_shufflable(), sitting: 0 }))
}

/// The words of what can be ticked: [`Terms::shuffled`], [`Terms::results_when_due`] and [`Terms::needs_code`].
pub const SHUFFLED: &str = "shuffled";
pub const RESULTS_WHEN_DUE: &str = "results_when_due";
pub const NEEDS_CODE: &str = "needs_code";

/// Terms as a form sends them: times as a field for date and time holds them, without minutes those that the paper or its
/// marks give, and the words of what is ticked.
#[cfg(feature = "ssr")]
fn terms(opens: &str, due: &str, minutes: &str, attempts: i32, also: &[String]) -> Result<Terms, AppError> {
    use exam_model::format::{given, of_form_time};
    let time =
        |field, text: &str| of_form_time(text).ok_or_else(|| AppError::field(field)("Write a date and a time.".into()));
    let minutes = given(minutes).map(|minutes| minutes.parse().unwrap_or_default());
    let is_ticked = |word: &str| also.iter().any(|ticked| ticked == word);
    Ok(Terms {
        opens_at: time("opens", opens)?,
        due_at: time("due", due)?,
        minutes,
        attempts,
        shuffled: is_ticked(SHUFFLED),
        results_when_due: is_ticked(RESULTS_WHEN_DUE),
        needs_code: is_ticked(NEEDS_CODE),
    })
}

/// Sets a whole paper, so many questions of a topic, or a test to a class. Times are as a field for date and time holds them;
/// without `minutes` the paper or its marks give the time.
#[server]
pub async fn set_assignment(
    class: Uuid,
    #[server(default)] document: Option<Uuid>,
    #[server(default)] topic: Option<Uuid>,
    #[server(default)] questions: i32,
    #[server(default)] test: Option<Uuid>,
    opens: String,
    due: String,
    #[server(default)] minutes: String,
    #[server(default)] attempts: i32,
    #[server(default)] also: Vec<String>,
) -> Result<(), AppError> {
    use crate::domain::assignment::{NewAssignment, Work};
    use crate::server::attempts::assignments;
    use crate::server::request;
    let asking = request::staff()?;
    let work = Work::of(document, topic, questions, test).ok_or(AppError::NotFound)?;
    let new = NewAssignment { class, work, terms: terms(&opens, &due, &minutes, attempts, &also)? };
    assignments::set(&asking.state.pool, &asking.viewer, &new).await?;
    request::go_to("/admin/assignments");
    Ok(())
}

/// Changes the terms of work, for attempts that start from now on.
#[server]
pub async fn change_assignment(
    id: Uuid,
    opens: String,
    due: String,
    #[server(default)] minutes: String,
    #[server(default)] attempts: i32,
    #[server(default)] also: Vec<String>,
) -> Result<(), AppError> {
    use crate::server::{attempts as server, db, request};
    let asking = request::staff()?;
    let terms = terms(&opens, &due, &minutes, attempts, &also)?;
    terms.check(server::now()).map_err(AppError::of_field)?;
    db::assignments::change(&asking.state.pool, &asking.viewer, id, &terms).await?;
    request::go_to("/admin/assignments");
    Ok(())
}

/// Withdraws work, or undoes that. Attempts at it stay.
#[server]
pub async fn withdraw_assignment(id: Uuid, withdrawn: bool) -> Result<(), AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::db::assignments::withdraw(&asking.state.pool, &asking.viewer, id, withdrawn).await
}

/// Starts the clock of work that is set to the viewer's class, with the code of the room if it needs one, or continues it.
#[server]
pub async fn start_assignment(id: Uuid, #[server(default)] code: String) -> Result<(), AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    let attempt = attempts::quizzes::begin_assigned(&asking.state.pool, &asking.viewer, id, &code).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}
