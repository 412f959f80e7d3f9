//! The server functions. Each is a public HTTP endpoint that anybody can call with any arguments: its first line
//! identifies the caller, and the SQL decides what the caller may see.

pub mod accounts;
pub mod analytics;
pub mod assignments;
pub mod attempts;
pub mod audit;
pub mod call;
pub mod class_tests;
pub mod classes;
pub mod documents;
pub mod exams;
pub mod progress;
pub mod quizzes;
pub mod schools;
pub mod system;
pub mod teachers;
pub mod topics;
