//! What things are and the rules about them: pure, no I/O, no clock, no chance; compiled to both halves.

pub mod account;
pub mod adaptive;
pub mod analytics;
pub mod attempt;
pub mod comment;
pub mod correction;
pub mod document;
pub mod fsrs;
pub mod grade;
pub mod history;
pub mod invigilation;
pub mod journal;
pub mod progress;
pub mod quiz;
pub mod regrade;
pub mod scoring;
pub mod search;
pub mod share;
pub mod timeline;
pub mod topic;
pub mod variants;
