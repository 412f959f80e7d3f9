//! The school's view of its pupils; a teacher's, of those of their classes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::analytics::{Overview, WeakTopic};
use crate::domain::monday::{Board, MondayPage};
use crate::domain::progress::PupilLine;
use crate::error::AppError;

/// How many pupils the overview lists as needing help first.
pub const WEAKEST: usize = 10;

/// Pupils on one page of the list.
pub const PUPILS_A_PAGE: i64 = 50;

/// A page of pupils.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pupils {
    pub pupils: Vec<PupilLine>,
    /// Whether there is another page.
    pub more: bool,
}

/// The school's totals, and the pupils who need help first.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_overview() -> Result<(Overview, Vec<PupilLine>), AppError> {
    use crate::domain::analytics::DAYS;
    use crate::server::{db, progress, request};
    let asking = request::staff()?;
    let scope = asking.viewer.scope(None)?;
    let overview = db::analytics::overview(&asking.state.pool, &asking.viewer, DAYS).await?;
    Ok((overview, progress::weakest_pupils(&asking.state, &scope, WEAKEST).await?))
}

/// A page of the school's pupils; pages count from 1. `search` is part of a name, `class` an id, `sort` a [`PupilSort`].
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_pupils(
    #[server(default)] search: String,
    #[server(default)] level: String,
    #[server(default)] class: String,
    #[server(default)] accounts: String,
    #[server(default)] sort: String,
    #[server(default)] page: String,
) -> Result<Pupils, AppError> {
    use crate::domain::paging::ListPage;
    use crate::domain::progress::{DISABLED, PupilSort};
    use crate::server::db::progress::PupilFilter;
    use crate::server::{progress, request};
    use exam_model::format::given;
    let asking = request::staff()?;
    let page = ListPage::parse(&page, PUPILS_A_PAGE);
    let sort = PupilSort::parse(&sort).unwrap_or_default();
    let scope = asking.viewer.scope(class.parse().ok())?;
    let (search, level, disabled) = (given(&search), given(&level), accounts == DISABLED);
    let which = PupilFilter { search, level, disabled, ..PupilFilter::of(&scope) };
    let (pupils, more) = page.cut(progress::pupils(&asking.state, which, sort, page.slice()).await?);
    Ok(Pupils { pupils, more })
}

/// The topics in which pupils are weak, and the names of the level's subjects. Empty arguments do not filter; `period`
/// is in days.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_weak_topics(
    #[server(default)] level: String,
    #[server(default)] subject: String,
    #[server(default)] class: String,
    #[server(default)] period: String,
) -> Result<(Vec<WeakTopic>, Vec<String>), AppError> {
    use crate::server::db::estimates::StandingsFilter;
    use crate::server::{db, progress, request};
    use exam_model::format::given;
    let asking = request::staff()?;
    let (scope, days) = (asking.viewer.scope(class.parse().ok())?, period.parse().ok());
    let which = StandingsFilter { level: given(&level), subject: given(&subject), days, ..StandingsFilter::of(&scope) };
    let topics = progress::weak_topics(&asking.state, which).await?;
    let subjects = db::topics::subjects(&asking.state.pool).await?;
    let mut names: Vec<String> =
        subjects.into_iter().filter(|one| level.is_empty() || one.level == level).map(|subject| subject.name).collect();
    names.sort();
    names.dedup();
    Ok((topics, names))
}

/// What to teach a class again; without a class or a subject, those of the last work that was handed in. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_monday(
    #[server(default)] class: String,
    #[server(default)] subject: String,
) -> Result<MondayPage, AppError> {
    use exam_model::format::given;
    let asking = crate::server::request::staff()?;
    crate::server::monday::page(&asking.state, &asking.viewer, class.parse().ok(), given(&subject)).await
}

/// Questions of a topic for the board, those first of which the class lost most. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_board(class: Uuid, topic: Uuid) -> Result<Board, AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::monday::board(&asking.state.pool, &asking.viewer, class, topic).await
}
