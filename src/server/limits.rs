//! How often somebody may try.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::error::AppError;

/// Tries to sign in to one account at once, and the pause for each more.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const PAUSE: Duration = Duration::from_secs(30);
/// Accounts that are remembered before the quiet ones are forgotten.
const REMEMBERED: usize = 10_000;

/// Six digits are guessed soon where everybody may try often: tries at once by all together, and the pause for each more.
const CODES_AT_ONCE: NonZeroU32 = NonZeroU32::new(30).unwrap();
const PAUSE_OF_CODES: Duration = Duration::from_secs(2);

/// Counts by account, not by network address: a whole school may stand behind one.
pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<String>,
    move_code: DefaultDirectRateLimiter,
}

impl Default for Limits {
    fn default() -> Self {
        let quota = |pause, burst| Quota::with_period(pause).expect("the pause is not zero").allow_burst(burst);
        Self {
            sign_in: RateLimiter::keyed(quota(PAUSE, AT_ONCE)),
            move_code: RateLimiter::direct(quota(PAUSE_OF_CODES, CODES_AT_ONCE)),
        }
    }
}

impl Limits {
    /// Notes a try to sign in to the account of an address; `TooOften` when there were too many.
    pub fn sign_in(&self, email: &str) -> Result<(), AppError> {
        if self.sign_in.len() > REMEMBERED {
            self.sign_in.retain_recent();
        }
        self.sign_in.check_key(&email.trim().to_lowercase()).map_err(too_often)
    }

    /// Notes a try of six digits; `TooOften` when there were too many.
    pub fn move_code(&self) -> Result<(), AppError> {
        self.move_code.check().map_err(too_often)
    }
}

fn too_often(not_until: NotUntil<<DefaultClock as Clock>::Instant>) -> AppError {
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    AppError::TooOften { seconds: wait.as_secs() as u32 + 1 }
}
