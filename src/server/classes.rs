//! Classes: importing lists of them, the end of a school year, and cards with which pupils sign in for the first time.

pub mod cards;
pub mod import;
pub mod roll_over;
pub mod sheet;
