//! How often somebody may try, counted in the database for all processes together.

use sqlx::PgPool;

use crate::error::AppError;
use crate::server::db;

/// A kind of try: so many at once, and a pause for each more.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub name: &'static str,
    pub at_once: u32,
    pub pause_seconds: u32,
}

/// Tries to sign in to one account.
pub const SIGN_IN: Limit = Limit { name: "sign_in", at_once: 10, pause_seconds: 30 };

/// Failed tries from one network address: a whole school may stand behind one, so they hold up only who tries accounts
/// that are signed in nowhere.
pub const GUESSES: Limit = Limit { name: "guesses", at_once: 200, pause_seconds: 5 };

/// Six digits are guessed soon where everybody may try often: tries by all together.
pub const MOVE_CODE: Limit = Limit { name: "move_code", at_once: 30, pause_seconds: 2 };

/// One-time codes for a new password of one account.
pub const RESET: Limit = Limit { name: "reset", at_once: 5, pause_seconds: 60 };

/// Codes of classmates' papers, by one account.
pub const JOIN: Limit = Limit { name: "join", at_once: 30, pause_seconds: 10 };

/// Addresses that one account shares with: a class at once, and no shelf of strangers is filled.
pub const SHARE: Limit = Limit { name: "share", at_once: 100, pause_seconds: 60 };

impl Limit {
    /// Seconds.
    pub fn pause(self) -> f64 {
        self.pause_seconds.into()
    }

    /// So many seconds of pauses may be spent in advance.
    pub fn ahead(self) -> f64 {
        self.pause() * f64::from(self.at_once - 1)
    }

    /// Notes a try; `TooOften` when there were too many.
    pub async fn record(self, pool: &PgPool, key: &str) -> Result<(), AppError> {
        match db::limits::record(pool, self, key).await? {
            None => Ok(()),
            Some(seconds) => Err(AppError::TooOften { seconds }),
        }
    }

    /// Notes a try and makes it; one that the machine had no room for (`Busy`) does not count.
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

    /// `TooOften` when there were too many; notes nothing.
    pub async fn peek(self, pool: &PgPool, key: &str) -> Result<(), AppError> {
        match db::limits::wait(pool, self, key).await? {
            None => Ok(()),
            Some(seconds) => Err(AppError::TooOften { seconds }),
        }
    }
}
