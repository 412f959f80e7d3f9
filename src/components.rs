//! The components of pages, one in each file.

pub mod another;
pub mod answer;
pub mod badge;
pub mod chart;
pub mod cloze;
pub mod device_store;
pub mod display;
pub mod document;
pub mod dom;
pub mod exam_day;
pub mod field;
pub mod layout;
pub mod load;
pub mod mastery;
pub mod one_time_code;
pub mod page_title;
pub mod page_viewer;
pub mod pager;
pub mod question;
pub mod reading;
pub mod region_editor;
pub mod shortcuts;
pub mod shown;
pub mod strip;
pub mod table;
pub mod text_area;
