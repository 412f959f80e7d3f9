//! Progress as pages show it.

use uuid::Uuid;

use super::{AppState, db};
use crate::domain::progress::{Progress, PupilLine};
use crate::error::AppError;

/// The topics and attempts of a pupil whose name, address and level are known.
pub async fn progress(
    state: &AppState,
    user_id: Uuid,
    (full_name, email, level): (&str, &str, Option<&str>),
) -> Result<Progress, AppError> {
    let weak_below = state.config.weak_topic_threshold;
    Ok(Progress {
        full_name: full_name.to_owned(),
        email: email.to_owned(),
        level: level.map(str::to_owned),
        topics: db::progress::topics(&state.pool, user_id, weak_below).await?,
        attempts: db::attempts::of_user(&state.pool, user_id, None).await?,
        weak_below,
    })
}

/// The school's pupils.
pub async fn pupils(state: &AppState, level: Option<&str>) -> Result<Vec<PupilLine>, AppError> {
    db::progress::pupils(&state.pool, level, state.config.weak_topic_threshold).await
}
