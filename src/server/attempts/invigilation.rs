//! Invigilation: what the school does to running exams.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::attempt::ClosedBy;
use crate::domain::invigilation::{Intervention, MAX_MINUTES};
use crate::error::AppError;
use crate::server::attempts;
use crate::server::db::{self, invigilation, journal};
use crate::server::viewer::Viewer;

/// Takes a measure for one running attempt, or for all. `Conflict` if it cannot be taken for any, `NotFound` for an
/// unknown attempt.
pub async fn intervene(
    pool: &PgPool,
    admin: &Viewer,
    measure: Intervention,
    attempt: Option<Uuid>,
    minutes: i32,
) -> Result<(), AppError> {
    let touched = match measure {
        Intervention::AddTime => {
            if minutes == 0 || minutes.abs() > MAX_MINUTES {
                let reason = format!("Say how many minutes, at most {MAX_MINUTES}.");
                return Err(AppError::field("minutes")(reason));
            }
            invigilation::add_time(pool, admin, attempt, minutes).await?
        }
        Intervention::Pause => invigilation::pause(pool, admin, attempt).await?,
        Intervention::Resume => invigilation::resume(pool, admin, attempt).await?,
        Intervention::End => end(pool, admin, attempt).await?,
    };
    if touched == 0 {
        if let Some(id) = attempt {
            db::attempts::get(pool, admin, id).await?;
        }
        return Err(AppError::Conflict(
            "This exam is no longer running, or this was done already. Nothing was changed.".into(),
        ));
    }
    Ok(())
}

async fn end(pool: &PgPool, admin: &Viewer, attempt: Option<Uuid>) -> Result<u64, AppError> {
    let running = invigilation::running(pool).await?;
    let mut ended = 0;
    for line in running.iter().filter(|line| attempt.is_none_or(|id| id == line.id)) {
        attempts::close(pool, line.id, ClosedBy::School).await?;
        journal::record_event(pool, line.id, "closed", "", Some(admin)).await?;
        ended += 1;
    }
    Ok(ended)
}
