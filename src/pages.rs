//! One file a page.

pub mod account;
pub mod admin;
pub mod attempts;
pub mod documents;
pub mod home;
pub mod login;
pub mod mistakes;
pub mod not_found;
pub mod progress;
pub mod quizzes;
pub mod register;
pub mod reset;
