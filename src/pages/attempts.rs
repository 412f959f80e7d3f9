//! Sitting a quiz, and its result.

pub mod result;
pub mod sit;
