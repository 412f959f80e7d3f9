//! What a PDF page gives: characters and drawings with their places. Points from the top left corner.

use exam_model::question::Region;
use serde::{Deserialize, Serialize};

/// One visible character, or the few that one glyph stands for.
///
/// ```
/// # use exam_reading::text::Char;
/// let half = Char { text: "½".into(), x: 60.0, baseline: 80.0, width: 6.0, size: 10.0, bold: false };
/// assert_eq!(half.middle(), (63.0, 77.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Char {
    pub text: String,
    pub x: f32,
    pub baseline: f32,
    pub width: f32,
    /// Of the font.
    pub size: f32,
    pub bold: bool,
}

impl Char {
    /// About the middle of its ink.
    pub fn middle(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.baseline - 0.3 * self.size)
    }
}

/// A rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// The same place on a page of a paper.
    pub fn on(&self, page: u32) -> Region {
        Region { page, x: self.x, y: self.y, width: self.width, height: self.height }
    }

    /// Whether the point is within it.
    pub fn holds(&self, x: f32, y: f32) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// Something drawn that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Drawing {
    /// A straight line: a rule of a table, an underline, the bar of a fraction, a line to write on.
    Line(Area),
    /// A picture, a curve, a slanted line.
    Picture(Area),
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    pub width: f32,
    pub height: f32,
    pub chars: Vec<Char>,
    pub drawings: Vec<Drawing>,
    /// Its text was read from its picture.
    #[serde(default)]
    pub ocr: bool,
    /// Why its text, a picture of text or garbage, could not be read.
    pub unread: Option<Unread>,
}

/// Why a page that asks for OCR was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unread {
    /// There is no program for it.
    WithoutOcr,
    /// It gave up on the page, for this reason.
    GaveUp(String),
}
