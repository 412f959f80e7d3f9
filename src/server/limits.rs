//! How often somebody may try.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::AppError;

/// Tries to sign in to one account at once, and the pause for each more.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const PAUSE: Duration = Duration::from_secs(30);
/// Accounts that are remembered before the quiet ones are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts by account, not by network address: a whole school may stand behind one.
pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<String>,
}

impl Default for Limits {
    fn default() -> Self {
        let quota = Quota::with_period(PAUSE).expect("the pause is not zero").allow_burst(AT_ONCE);
        Self { sign_in: RateLimiter::keyed(quota) }
    }
}

impl Limits {
    /// Notes a try to sign in to the account of an address; `TooOften` when there were too many.
    pub fn sign_in(&self, email: &str) -> Result<(), AppError> {
        if self.sign_in.len() > REMEMBERED {
            self.sign_in.retain_recent();
        }
        self.sign_in.check_key(&email.trim().to_lowercase()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            AppError::TooOften { seconds: wait.as_secs() as u32 + 1 }
        })
    }
}
