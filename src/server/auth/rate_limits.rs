//! Rate limits, counted in the database for all processes together.

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::db::{self, limits::Limit};
use crate::server::metrics;

/// Tries to sign in to an account.
pub const SIGN_IN: Limit = Limit { name: "sign_in", at_once: 10, pause_seconds: 30 };

/// Failed tries from one network address. A whole school may share one, so this limit blocks only tries at accounts that
/// are signed in nowhere.
pub const GUESSES: Limit = Limit { name: "guesses", at_once: 200, pause_seconds: 5 };

/// Tries of six-digit codes, by everybody together: six digits are easy to guess with many tries.
pub const MOVE_CODE: Limit = Limit { name: "move_code", at_once: 30, pause_seconds: 2 };

/// Tries of one-time codes for a new password, for one account.
pub const RESET: Limit = Limit { name: "reset", at_once: 5, pause_seconds: 60 };

/// Tries of codes for classmates' papers, by one account.
pub const JOIN: Limit = Limit { name: "join", at_once: 30, pause_seconds: 10 };

/// Tries of codes that are told in a room, by one pupil.
pub const ROOM_CODE: Limit = Limit { name: "room_code", at_once: 10, pause_seconds: 30 };

/// Addresses with which one account shares: enough for a class, too few to fill strangers' libraries.
pub const SHARE: Limit = Limit { name: "share", at_once: 100, pause_seconds: 60 };

impl Limit {
    /// Counts a try; `RateLimited` if there were too many.
    pub async fn record(self, pool: &PgPool, key: &str) -> Result<(), AppError> {
        self.allowed(db::limits::record(pool, self, key).await?)
    }

    /// Counts a try and makes it; one that was refused as `Busy` does not count.
    pub async fn run<T>(
        self,
        pool: &PgPool,
        key: &str,
        work: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        self.record(pool, key).await?;
        let done = work.await;
        if matches!(done, Err(AppError::Busy { .. })) {
            db::limits::give_back(pool, self, key).await?;
        }
        done
    }

    /// `RateLimited` if there were too many; counts nothing.
    pub async fn peek(self, pool: &PgPool, key: &str) -> Result<(), AppError> {
        self.allowed(db::limits::wait(pool, self, key).await?)
    }

    fn allowed(self, wait: Option<u32>) -> Result<(), AppError> {
        let Some(seconds) = wait else { return Ok(()) };
        metrics::record_refusal(self.name);
        Err(AppError::RateLimited { seconds })
    }
}
