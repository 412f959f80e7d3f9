//! Work that the school sets to a class.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentLine, PupilAssignment};
use crate::error::AppError;

/// What the form for new work is filled in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentForm {
    /// The paper or the topic.
    pub title: String,
    /// Id and full name.
    pub classes: Vec<(Uuid, String)>,
    /// As a field for date and time holds them.
    pub opens: String,
    pub due: String,
}

/// All work that is set. Admins only, as all here but for what pupils do.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_assignments() -> Result<Vec<AssignmentLine>, AppError> {
    let asking = crate::server::request::admin()?;
    crate::server::db::assignments::list(&asking.state.pool, &asking.viewer).await
}

/// The form for a paper, or for a topic, with the classes of its level; `None` if neither is named.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_assignment_form(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] topic: Option<Uuid>,
) -> Result<Option<AssignmentForm>, AppError> {
    use crate::domain::assignment::Work;
    use crate::server::attempts::assignments::to_set;
    use crate::server::{attempts, db, request};
    use exam_model::format::form_time;
    let asking = request::admin()?;
    let pool = &asking.state.pool;
    let Some(work) = Work::of(document, topic, 0) else { return Ok(None) };
    let (title, level) = to_set(pool, &asking.viewer, work).await?;
    let classes = db::classes::list(pool, None).await?.into_iter().filter(|class| class.level == level);
    let now = attempts::now();
    Ok(Some(AssignmentForm {
        title,
        classes: classes.map(|class| (class.id, class.full_name())).collect(),
        opens: form_time(now),
        due: form_time(now + chrono::Duration::days(7)),
    }))
}

/// Sets a whole paper, or so many questions of a topic, to a class. Times are as a field for date and time holds them;
/// without `minutes` the paper or its marks give the time.
#[server]
pub async fn set_assignment(
    class: Uuid,
    #[server(default)] document: Option<Uuid>,
    #[server(default)] topic: Option<Uuid>,
    #[server(default)] questions: i32,
    opens: String,
    due: String,
    #[server(default)] minutes: String,
    #[server(default)] attempts: i32,
) -> Result<(), AppError> {
    use crate::domain::assignment::{NewAssignment, Work};
    use crate::server::{attempts as server, db, request};
    use exam_model::format::{given, of_form_time};
    let asking = request::admin()?;
    let pool = &asking.state.pool;
    let of_class = db::classes::get(pool, class).await?.level;
    let work = Work::of(document, topic, questions).ok_or(AppError::NotFound)?;
    let (_, level) = server::assignments::to_set(pool, &asking.viewer, work).await?;
    if of_class != level {
        return Err(AppError::field("class")(format!("Choose a class of {level}: this is not for others.")));
    }
    let time =
        |field, text: &str| of_form_time(text).ok_or_else(|| AppError::field(field)("Write a date and a time.".into()));
    let minutes = given(&minutes).map(|minutes| minutes.parse().unwrap_or_default());
    let (opens_at, due_at) = (time("opens", &opens)?, time("due", &due)?);
    let new = NewAssignment { class, work, opens_at, due_at, minutes, attempts };
    new.check(server::now()).map_err(|(field, reason)| AppError::field(field)(reason))?;
    db::assignments::add(pool, &asking.viewer, &new).await?;
    request::go_to("/admin/assignments");
    Ok(())
}

/// Takes work back. Attempts at it stay.
#[server]
pub async fn take_back_assignment(id: Uuid) -> Result<(), AppError> {
    let asking = crate::server::request::admin()?;
    crate::server::db::assignments::delete(&asking.state.pool, id).await
}

/// The time, and the work of the viewer's class, that which is due next first.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn my_assignments() -> Result<(DateTime<Utc>, Vec<PupilAssignment>), AppError> {
    let asking = crate::server::request::signed_in()?;
    let mut conn = asking.state.pool.acquire().await?;
    let work = crate::server::db::assignments::of_pupil(&mut conn, &asking.viewer, None).await?;
    Ok((crate::server::attempts::now(), work))
}

/// Starts the clock of work that is set to the viewer's class, or continues it.
#[server]
pub async fn start_assignment(id: Uuid) -> Result<(), AppError> {
    use crate::server::{attempts, request};
    let asking = request::signed_in()?;
    let attempt = attempts::quizzes::begin_assigned(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to(&format!("/attempts/{attempt}"));
    Ok(())
}
