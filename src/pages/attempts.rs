//! Sitting a quiz, and its result.

pub mod move_to;
pub mod result;
mod saver;
pub mod sit;
pub mod timeline;
mod unsent;
