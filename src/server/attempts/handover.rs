//! Moving an exam to another device, without a password.

use chrono::TimeDelta;
use rand::RngExt;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::attempt::MoveCode;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::auth::rate_limits::MOVE_CODE;
use crate::server::auth::sessions;
use crate::server::db::{handovers, journal};
use crate::server::qr;
use crate::server::viewer::Viewer;

/// A completed move.
pub struct Moved {
    pub attempt: Uuid,
    /// The token of the session on the new device.
    pub token: String,
}

/// How long the session outlives the end of the exam, so that the marks can be read.
const AFTER_THE_END: TimeDelta = TimeDelta::hours(1);

/// Creates a code for one of the viewer's running attempts.
pub async fn make(pool: &PgPool, viewer: &Viewer, attempt: Uuid) -> Result<(), AppError> {
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    handovers::save(pool, viewer, attempt, &code).await
}

/// The valid code of one of the viewer's attempts, with its URL under `origin` as a picture.
pub async fn shown(pool: &PgPool, viewer: &Viewer, attempt: Uuid, origin: &str) -> Result<Option<MoveCode>, AppError> {
    let Some((code, good_until)) = handovers::code_of(pool, viewer, attempt).await? else { return Ok(None) };
    let picture = qr::svg(&format!("{origin}/move?code={code}"))?;
    Ok(Some(MoveCode { code, good_until, picture }))
}

/// Redeems a code: opens a session of its pupil on this device. `RateLimited` after many tries, by anybody.
pub async fn redeem(state: &AppState, code: &str, device: &str) -> Result<Moved, AppError> {
    MOVE_CODE.record(&state.pool, "").await?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let Some((attempt, user, ends_at)) = handovers::take(&state.pool, &digits).await? else {
        let reason = "This code does not open an exam. A code works once, within ten minutes. Ask for a new one.";
        return Err(AppError::field("code")(reason.into()));
    };
    journal::record_event(&state.pool, attempt, "moved", device, None).await?;
    let token = sessions::open_until(state, user, device, ends_at + AFTER_THE_END).await?;
    Ok(Moved { attempt, token })
}
