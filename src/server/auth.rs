//! Accounts, sessions, passwords, one-time codes, and how often somebody may try.

pub mod accounts;
pub mod codes;
pub mod password;
pub mod rate_limits;
pub mod sessions;
pub mod viewer;
