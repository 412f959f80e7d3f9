//! What a browser may ask. Every function here is a public HTTP endpoint that anybody can call with any arguments: its
//! first line finds out who asks, and the SQL decides what they may see.

pub mod accounts;
pub mod analytics;
pub mod attempts;
pub mod documents;
pub mod exams;
pub mod progress;
pub mod quizzes;
pub mod topics;
