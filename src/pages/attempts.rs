//! Sitting a quiz, and its result.

mod calculator;
mod exam_form;
pub mod move_to;
mod overview;
mod palette;
mod practice;
pub mod result;
mod saver;
pub mod sit;
pub mod timeline;
mod unsent;
