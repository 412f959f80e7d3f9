//! Invigilation: what the school does to running exams.

use sqlx::PgPool;

use crate::domain::attempt::ClosedBy;
use crate::domain::invigilation::{Intervention, MAX_MESSAGE, MAX_MINUTES, Target};
use crate::error::AppError;
use crate::server::attempts;
use crate::server::db::{self, invigilation};
use crate::server::viewer::Viewer;

/// Intervenes in running attempts. `Conflict` if it changes none, `NotFound` for an unknown attempt.
pub async fn intervene(
    pool: &PgPool,
    admin: &Viewer,
    intervention: Intervention,
    target: Target,
    minutes: i32,
    message: &str,
) -> Result<(), AppError> {
    let touched = match intervention {
        Intervention::AddTime => {
            if minutes == 0 || minutes.abs() > MAX_MINUTES {
                let reason = format!("Say how many minutes, at most {MAX_MINUTES}.");
                return Err(AppError::field("minutes")(reason));
            }
            invigilation::add_time(pool, admin, target, minutes).await?
        }
        Intervention::Pause => invigilation::pause(pool, admin, target).await?,
        Intervention::Resume => invigilation::resume(pool, admin, target).await?,
        Intervention::End => invigilation::end(pool, admin, target).await?,
        Intervention::Message => {
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            if !(1..=MAX_MESSAGE).contains(&message.chars().count()) {
                return Err(AppError::field("message")(format!("Write 1 to {MAX_MESSAGE} letters.")));
            }
            invigilation::tell(pool, admin, target, &message).await?
        }
        Intervention::HandIn => {
            let ending = invigilation::ending(pool, admin, target).await?;
            for &id in &ending {
                attempts::close(pool, id, ClosedBy::School).await?;
            }
            ending.len() as u64
        }
    };
    if touched == 0 {
        if let Some(id) = target.attempt {
            db::attempts::get(pool, admin, id).await?;
        }
        return Err(AppError::Conflict(
            "This exam is no longer running, or this was done already. Nothing was changed.".into(),
        ));
    }
    Ok(())
}
