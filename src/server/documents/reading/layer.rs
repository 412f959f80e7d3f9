//! Decides which layer of a page to read: its text, or its picture, by OCR.

use exam_reading::text::{Area, Char, Drawing};

use crate::server::documents::reading::ocr::Picture;

/// Fewer letters than this, such as a line stamped by a scanner, are not a text layer.
pub const FEW_LETTERS: usize = 30;
/// With fewer letters, a language cannot be distinguished from garbage.
const FEW_WORDS: usize = 100;
/// More curves than in a figure: letters are drawn as outlines.
const MANY_CURVES: usize = 300;

/// The layer of a page that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Its visible text.
    Text,
    /// Its invisible text, such as an earlier OCR puts over a scan.
    Hidden,
    /// Its picture.
    Picture,
}

/// What the file contains for a page.
#[derive(Debug, Default)]
pub struct Found<'a> {
    pub chars: &'a [Char],
    /// The number of glyphs without a known character.
    pub unknown: usize,
    /// Invisible characters.
    pub hidden: &'a [Char],
    pub drawings: &'a [Drawing],
    pub width: f32,
    pub height: f32,
}

/// Decides which layer of a page to read, by its ink.
///
/// - If the letters of the text layer have wrong codes (see `is_legible`), the picture is read.
/// - A page may be a scan if pictures together cover half of it, if a single one covers a third, or if more than 300 curves
///   are drawn. On every other page, the text is read without looking at the ink.
/// - On a page that may be a scan, the text is read if it covers at least a sixth of the ink. A banner or stamp over a photo
///   covers a tenth, text beside a figure as large as half of the page a fifth.
/// - Else hidden text is read if it is a complete layer that agrees with the picture: its letters have the right codes, it
///   covers at least half of the ink, and half of the cells that it covers have ink.
/// - Else the picture is read, which also shows the text.
pub fn layer(found: &Found<'_>, ink: impl FnOnce() -> Ink) -> Layer {
    let legible = is_legible(found.chars, found.unknown);
    let areas = || {
        found.drawings.iter().filter_map(|drawing| match drawing {
            Drawing::Picture(area) => Some(area.width * area.height),
            Drawing::Line(_) | Drawing::Box(_) => None,
        })
    };
    let page = found.width * found.height;
    let covered = areas().sum::<f32>() > page / 2.0 || areas().any(|area| area > page / 3.0);
    if !covered && areas().count() <= MANY_CURVES {
        return if legible { Layer::Text } else { Layer::Picture };
    }
    let ink = ink();
    let all = ink.all();
    let (text, _) = ink.under(found.chars);
    let (hidden, cells) = ink.under(found.hidden);
    if legible && text > 0 && text * 6 >= all {
        Layer::Text
    } else if hidden > 0 && hidden * 2 >= all && hidden * 2 >= cells && is_legible(found.hidden, 0) {
        Layer::Hidden
    } else {
        Layer::Picture
    }
}

/// The characters of `more` that do not overlap with `text`.
pub fn beside<'a>(text: &'a [Char], more: Vec<Char>) -> impl Iterator<Item = Char> + use<'a> {
    let taken = |x: f32, y: f32| {
        text.iter().map(area).any(|area| (area.x..area.right()).contains(&x) && (area.y..area.bottom()).contains(&y))
    };
    more.into_iter().filter(move |char| !taken(char.middle().0, char.middle().1))
}

/// The area that may contain a character's ink.
fn area(char: &Char) -> Area {
    Area { x: char.x, y: char.baseline - 0.8 * char.size, width: char.width, height: char.size }
}

/// Whether the letters have the right codes.
pub fn is_legible(chars: &[Char], unknown: usize) -> bool {
    let nameless = |char: &Char| char.text.chars().all(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}'));
    let strange = unknown + chars.iter().filter(|char| nameless(char)).count();
    let (letters, frequent) = letters_of_words(chars);
    // Two thirds in normal text, less than half if letters are swapped.
    let words = letters < FEW_WORDS || frequent * 100 > letters * 53;
    words && (strange < FEW_LETTERS || strange * 2 < chars.len() + unknown)
}

/// The number of letters in words, without formulae and labels, and how many of them are among the nine most frequent
/// letters of English, French, Kinyarwanda, Portuguese and Swahili.
pub fn letters_of_words(chars: &[Char]) -> (usize, usize) {
    let is_letter = |char: &Char| char.text.chars().all(|c| c.is_ascii_alphabetic());
    let goes_on = |a: &Char, b: &Char| {
        let gap = b.x - a.x - a.width;
        is_letter(a) && is_letter(b) && a.baseline == b.baseline && gap.abs() < 0.25 * a.size
    };
    let words = chars.chunk_by(goes_on).filter(|word| word.len() > 2);
    let letters = || words.clone().flatten().flat_map(|char| char.text.chars());
    (letters().count(), letters().filter(|letter| "aeinorstuAEINORSTU".contains(*letter)).count())
}

/// The cells of a page that have ink.
#[derive(Debug)]
pub struct Ink {
    cells: Vec<bool>,
    columns: usize,
    /// The side of a cell, in points.
    side: f32,
}

impl Ink {
    /// From a page's picture with `scale` pixels per point. A cell has ink if a part of it is much darker than another, so that
    /// the shadow over a photo does not count.
    pub fn of(picture: &Picture, scale: f32) -> Self {
        /// The side of a cell, in pixels: half a small letter in a sketch.
        const SIDE: usize = 8;
        /// The least contrast, of 255 shades.
        const CONTRAST: u8 = 64;
        let columns = picture.width.div_ceil(SIDE);
        let mut shades: Vec<(u8, u8)> = Vec::new();
        for (y, row) in picture.rows().enumerate() {
            shades.resize((y / SIDE + 1) * columns, (255, 0));
            for (x, &pixel) in row.iter().enumerate() {
                let (darkest, brightest) = &mut shades[y / SIDE * columns + x / SIDE];
                *darkest = pixel.min(*darkest);
                *brightest = pixel.max(*brightest);
            }
        }
        let cells = shades.iter().map(|(darkest, brightest)| brightest.saturating_sub(*darkest) > CONTRAST).collect();
        Self { cells, columns, side: SIDE as f32 / scale }
    }

    /// The number of cells with ink.
    fn all(&self) -> usize {
        self.cells.iter().filter(|ink| **ink).count()
    }

    /// The number of cells under these characters: with ink, and in all.
    fn under(&self, chars: &[Char]) -> (usize, usize) {
        let rows = self.cells.len() / self.columns.max(1);
        let mut under = vec![false; self.cells.len()];
        for area in chars.iter().filter(|char| !char.text.trim().is_empty()).map(area) {
            let span = |from: f32, to: f32, most: usize| {
                (from / self.side).max(0.0) as usize..((to / self.side).ceil().max(0.0) as usize).min(most)
            };
            for row in span(area.y, area.bottom(), rows) {
                for column in span(area.x, area.right(), self.columns) {
                    under[row * self.columns + column] = true;
                }
            }
        }
        let with_ink = under.iter().zip(&self.cells).filter(|(under, ink)| **under && **ink).count();
        (with_ink, under.iter().filter(|under| **under).count())
    }
}
