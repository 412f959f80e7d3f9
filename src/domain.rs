//! The model and its rules: pure code without I/O, clock or randomness, compiled for the server and the browser.

pub mod account;
pub mod adaptive;
pub mod analytics;
pub mod attempt;
pub mod comment;
pub mod correction;
pub mod document;
pub mod expected_mark;
pub mod grade;
pub mod history;
pub mod invigilation;
pub mod journal;
pub mod knowledge;
pub mod learning;
pub mod manual_marking;
pub mod mastery;
pub mod progress;
pub mod quiz;
pub mod regrade;
pub mod scoring;
pub mod search;
pub mod share;
pub mod timeline;
pub mod topic;
pub mod upload;
pub mod variants;
