//! Accounts, sessions, passwords, one-time codes and rate limits.

pub mod accounts;
pub mod codes;
pub mod password;
pub mod rate_limits;
pub mod sessions;
