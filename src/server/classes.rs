//! Classes: importing lists of them, and cards with which pupils sign in for the first time.

pub mod cards;
pub mod import;
pub mod sheet;
