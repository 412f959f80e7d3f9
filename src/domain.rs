//! What things are and the rules about them: pure, no I/O, no clock, no chance; compiled to both halves.

pub mod account;
pub mod adaptive;
pub mod analytics;
pub mod attempt;
pub mod comment;
pub mod correction;
pub mod document;
pub mod format;
pub mod grade;
pub mod history;
pub mod invigilation;
pub mod journal;
pub mod marking;
pub mod memory;
pub mod notes;
pub mod paper;
pub mod progress;
pub mod question;
pub mod quiz;
pub mod reading;
pub mod remark;
pub mod result;
pub mod share;
pub mod similar;
pub mod timeline;
pub mod topic;
