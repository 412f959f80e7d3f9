//! Papers: uploading, reading, reviewing and sharing them.

pub mod question_generation;
pub mod reading;
pub mod review;
pub mod sharing;
pub mod syllabus;
pub mod uploads;
pub mod worker;
