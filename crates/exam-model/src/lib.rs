//! What questions, papers, answer keys, answers and marks are: data with serde, and the rules that need nothing else.
//!
//! The engines that read, mark and exchange questions are built on these types, and so are the pages that show them.

pub mod answer;
pub mod columns;
pub mod drawing;
pub mod format;
pub mod formula;
pub mod labels;
pub mod language;
pub mod paper;
pub mod question;
pub mod shown;
pub mod text;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
