//! Pieces of pages, one file each, named for what people call them.

pub mod another;
pub mod answer;
pub mod badge;
pub mod chart;
pub mod device_store;
pub mod document;
pub mod field;
pub mod layout;
pub mod load;
pub mod page_title;
pub mod pages;
pub mod question;
pub mod sheet;
pub mod shortcuts;
pub mod standing;
pub mod table;
pub mod text_area;
