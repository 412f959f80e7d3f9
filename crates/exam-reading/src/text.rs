//! What a PDF page gives: characters and drawings with their places. Points from the top left corner.

use std::borrow::Cow;

use exam_model::question::Region;
use serde::{Deserialize, Serialize};

/// One visible character, or the few that one glyph stands for.
///
/// ```
/// # use exam_reading::text::Char;
/// let half = Char { text: "½".into(), x: 60.0, baseline: 80.0, width: 6.0, size: 10.0, bold: false, coloured: false };
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
    /// Neither black nor grey nor white.
    #[serde(default)]
    pub coloured: bool,
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
    /// A small upright rectangle: a box to tick, or the frame of a digit.
    Box(Area),
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

/// Pages without the letters that are printed twice at one place, so as to look bold.
pub fn printed_once(pages: Cow<'_, [PageText]>) -> Cow<'_, [PageText]> {
    let doubled: Vec<Vec<usize>> = pages.iter().map(|page| doubles(&page.chars)).collect();
    if doubled.iter().all(Vec::is_empty) {
        return pages;
    }
    let mut pages = pages.into_owned();
    for (page, doubled) in pages.iter_mut().zip(doubled) {
        let mut n = 0..;
        page.chars.retain(|_| n.next().is_some_and(|n| doubled.binary_search(&n).is_err()));
    }
    Cow::Owned(pages)
}

/// Which characters stand where the same one does already.
fn doubles(chars: &[Char]) -> Vec<usize> {
    /// How far apart they are, in ems: the strokes of one letter overlap.
    const NEAR: f32 = 0.04;
    let place = |n: usize| (chars[n].baseline, chars[n].x);
    let mut order: Vec<usize> = (0..chars.len()).filter(|&n| !chars[n].text.trim().is_empty()).collect();
    order.sort_by(|&a, &b| place(a).0.total_cmp(&place(b).0).then(place(a).1.total_cmp(&place(b).1)));
    let same = |a: &Char, b: &Char| {
        a.text == b.text
            && a.size == b.size
            && (a.x - b.x).abs() < NEAR * a.size
            && (a.baseline - b.baseline).abs() < NEAR * a.size
    };
    let again = order.windows(2).filter(|pair| same(&chars[pair[0]], &chars[pair[1]]));
    let mut found: Vec<usize> = again.map(|pair| pair[0].max(pair[1])).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Why a page that asks for OCR was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unread {
    /// There is no program for it.
    WithoutOcr,
    /// It gave up on the page, for this reason.
    GaveUp(String),
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    #[test]
    fn letters_printed_twice_at_one_place_are_one() {
        let page = crate::testing::typed(&["1. Name a bookkeeper. (2 marks)"]);
        let mut bold = page.clone();
        let ink = page.chars.iter().filter(|char| char.text != " ");
        bold.chars.extend(ink.map(|char| super::Char { x: char.x + 0.2, ..char.clone() }));
        assert_eq!(super::printed_once(Cow::Borrowed(&[bold]))[0].chars, page.chars);
        assert!(matches!(super::printed_once(Cow::Borrowed(&[page])), Cow::Borrowed(_)));
    }
}
