//! Pupils' progress, for themselves and for the school.

use leptos::prelude::*;
use uuid::Uuid;

use crate::domain::progress::{Home, Mistakes, Progress};
use crate::error::AppError;

/// The viewer's own mistakes.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn my_mistakes() -> Result<Mistakes, AppError> {
    use crate::server::{progress, request};
    let asking = request::signed_in()?;
    progress::mistakes(&asking.state.pool, &asking.viewer).await
}

/// The viewer's own progress and what to do next, with the latest attempts or `all`.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn my_progress(#[server(default)] all: bool) -> Result<Progress, AppError> {
    use crate::domain::progress::most_listed;
    use crate::server::{progress, request};
    let asking = request::signed_in()?;
    progress::own(&asking.state, &asking.viewer, most_listed(all)).await
}

/// What the viewer, a pupil, can do now.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn my_home() -> Result<Home, AppError> {
    use crate::server::{progress, request};
    let asking = request::signed_in()?;
    progress::home(&asking.state, &asking.viewer).await
}

/// Sets how many minutes a day the viewer means to practise; none ends the plan.
#[server]
pub async fn set_daily_minutes(#[server(default)] minutes: Option<i16>) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::progress::set_daily_minutes(&asking.state.pool, &asking.viewer, minutes).await
}

/// A pupil's progress, with the latest attempts or `all`. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn pupil(id: Uuid, #[server(default)] all: bool) -> Result<Progress, AppError> {
    use crate::domain::progress::most_listed;
    use crate::server::{db, progress, request};
    let asking = request::staff()?;
    let (name, sign_in_name, level) = db::progress::pupil(&asking.state.pool, &asking.viewer, id).await?;
    let named = (name.as_str(), sign_in_name.as_str(), level.as_deref());
    progress::progress(&asking.state, &asking.viewer, id, named, most_listed(all)).await
}
