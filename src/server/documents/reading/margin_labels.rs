//! Labels in the margin of a scan, `1.` or `(b)`, far from the words of their lines: tesseract, which knows words, takes
//! some for noise and others for words. What is known of their column tells which are doubtful and what they may be.

use std::ops::Range;

use exam_model::labels::{self, Frame, Label, Numbering};

use crate::server::documents::reading::ocr::{Picture, TextLine, Word};

/// Labels that start at one place, each on a line of its own, apart from the words behind it.
pub struct LabelColumn {
    left: f32,
    size: f32,
    frame: Option<Frame>,
    /// The lines whose label was read surely, with its number.
    sure: Vec<(usize, u32)>,
}

/// A label to read again, black on white.
pub struct Doubtful {
    line: usize,
    /// Where it stands, in pixels of the page: left and right.
    span: (f32, f32),
    picture: Picture,
}

/// Less sure words are read again.
const SURE: f32 = 60.0;
/// So many short words make a column.
const FEWEST: usize = 3;

/// The number that a word is and nothing else.
fn whole(text: &str) -> Option<Label> {
    let framed = |frame: Frame| matches!(frame, Frame::Stop | Frame::Bracket | Frame::Brackets);
    let fits = |label: &Label| label.numbering == Numbering::Number && framed(label.frame);
    labels::at_start(text)
        .into_iter()
        .find(|(label, taken)| *taken == text.len() && fits(label))
        .map(|(label, _)| label)
}

/// The words of a line stand apart from its first, which is short.
fn starts_short(line: &TextLine) -> bool {
    matches!(&line.words[..], [first, second, ..]
        if second.area[0] - first.area[2] > 0.4 * line.size && first.text.chars().count() <= 4)
}

impl LabelColumn {
    /// The columns of a page where numbers stand, with short words enough of which some are such labels.
    pub fn all(lines: &[TextLine]) -> Vec<Self> {
        let mut columns: Vec<(Self, usize)> = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            let Some(first) = line.words.first().filter(|_| starts_short(line)) else { continue };
            let left = first.area[0];
            let same = |(column, _): &(Self, usize)| (column.left - left).abs() < 0.5 * line.size;
            let at = columns.iter().position(same).unwrap_or_else(|| {
                columns.push((Self { left, size: line.size, frame: None, sure: Vec::new() }, 0));
                columns.len() - 1
            });
            let (column, count) = &mut columns[at];
            *count += 1;
            if let Some(label) = whole(&first.text) {
                column.frame = column.frame.or(Some(label.frame));
                if first.confidence >= SURE {
                    column.sure.push((n, label.value));
                }
            }
        }
        columns.retain(|(column, count)| *count >= FEWEST && column.frame.is_some());
        columns.into_iter().map(|(column, _)| column).collect()
    }

    /// What its labels are made of.
    pub fn letters(&self) -> &'static str {
        match self.frame {
            Some(Frame::Stop) => "0123456789.",
            _ => "0123456789()",
        }
    }

    /// The lines that start here with something else than a label, or behind ink of which no word was made.
    pub fn doubtful(&self, lines: &[TextLine], picture: &Picture) -> Vec<Doubtful> {
        let gap = 0.3 * self.size;
        let doubtful = |(n, line): (usize, &TextLine)| {
            let first = line.words.first()?;
            let starts_here = (first.area[0] - self.left).abs() < 0.6 * self.size;
            let span = if starts_here && starts_short(line) {
                let known = whole(&first.text).is_some() && first.confidence >= SURE;
                (!known).then_some((first.area[0] - gap, first.area[2] + gap))?
            } else if first.area[0] > self.left + 1.2 * self.size && first.area[0] < self.left + 5.0 * self.size {
                (self.left - gap, first.area[0] - gap)
            } else {
                return None;
            };
            let rows = (line.baseline - 0.9 * line.size, line.baseline + 0.25 * line.size);
            Some(Doubtful { line: n, span, picture: cut(picture, span, rows)? })
        };
        lines.iter().enumerate().filter_map(doubtful).collect()
    }

    /// Takes what was read for a label of the column, if its number stands between those above and below it.
    pub fn settle(&self, lines: &mut [TextLine], doubtful: &Doubtful, text: &str) {
        let stopped = format!("{text}.");
        let text = if self.frame == Some(Frame::Stop) && !text.ends_with('.') { &stopped } else { text };
        let Some(label) = whole(text).filter(|label| Some(label.frame) == self.frame) else { return };
        let above = self.sure.iter().rfind(|(line, _)| *line < doubtful.line).map_or(0, |(_, value)| *value);
        let below = self.sure.iter().find(|(line, _)| *line > doubtful.line).map_or(u32::MAX, |(_, value)| *value);
        let next = above + 1..below.min(above + FAR);
        // The first on a page may be any.
        if above > 0 && !next.contains(&label.value) || label.value >= below {
            return;
        }
        let words = &mut lines[doubtful.line].words;
        let (left, right) = doubtful.span;
        let within = |word: &Word| (left..right).contains(&((word.area[0] + word.area[2]) / 2.0));
        let rows = words.first().map_or([0.0; 4], |word| word.area);
        words.retain(|word| !within(word));
        words.insert(0, Word { text: text.to_owned(), area: [left, rows[1], right, rows[3]], confidence: SURE });
    }
}

/// So far from the label above a number is another's.
const FAR: u32 = 4;

/// A part of a page, its ink black on white; `None` if there is none.
fn cut(page: &Picture, (left, right): (f32, f32), (top, bottom): (f32, f32)) -> Option<Picture> {
    /// The least contrast of ink and paper, of 255 shades.
    const CONTRAST: u8 = 64;
    let at = |place: f32, most: usize| (place.max(0.0) as usize).min(most);
    let columns = at(left, page.width)..at(right, page.width);
    let height = page.rows().count();
    let rows = at(top, height)..at(bottom, height);
    let pixels: Vec<u8> =
        page.rows().skip(rows.start).take(rows.len()).flat_map(|row| &row[columns.clone()]).copied().collect();
    let (darkest, brightest) = (*pixels.iter().min()?, *pixels.iter().max()?);
    let limit = darkest / 2 + brightest / 2;
    let ink = |pixel: &u8| if *pixel < limit { 0 } else { 255 };
    let dark = pixels.iter().filter(|pixel| **pixel < limit).count();
    (brightest - darkest > CONTRAST && dark > 12)
        .then(|| Picture { width: columns.len(), pixels: pixels.iter().map(ink).collect() })
}

/// A white sheet with the labels below each other, and the rows on which each stands.
pub fn sheet(doubtful: &[Doubtful]) -> (Picture, Vec<Range<usize>>) {
    /// Around each label, in pixels.
    const MARGIN: usize = 24;
    let width = 2 * MARGIN + doubtful.iter().map(|one| one.picture.width).max().unwrap_or_default();
    let mut pixels = vec![255; width * MARGIN];
    let mut places = Vec::with_capacity(doubtful.len());
    for one in doubtful {
        let from = pixels.len() / width;
        for row in one.picture.rows() {
            pixels.extend(std::iter::repeat_n(255, MARGIN));
            pixels.extend(row);
            pixels.extend(std::iter::repeat_n(255, width - MARGIN - row.len()));
        }
        places.push(from..pixels.len() / width);
        pixels.extend(std::iter::repeat_n(255, width * MARGIN));
    }
    (Picture { width, pixels }, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, left: f32, confidence: f32) -> Word {
        Word { text: text.to_owned(), area: [left, 0.0, left + 20.0, 30.0], confidence }
    }

    /// Lines with a label at 100, where there is one, and a word at 180.
    fn page(labels: &[(&str, f32)]) -> Vec<TextLine> {
        let line = |(n, (label, confidence)): (usize, &(&str, f32))| {
            let label = (!label.is_empty()).then(|| word(label, 100.0, *confidence));
            let words = label.into_iter().chain([word("Name", 180.0, 95.0)]).collect();
            TextLine { baseline: 100.0 * (n + 1) as f32, size: 40.0, words }
        };
        labels.iter().enumerate().map(line).collect()
    }

    /// Ink where the labels of so many lines are.
    fn ink(lines: usize) -> Picture {
        let dark = |x: usize, y: usize| (105..115).contains(&x) && (75..98).contains(&(y % 100));
        let pixels = (0..400 * 100 * (lines + 1)).map(|n| if dark(n % 400, n / 400) { 40 } else { 220 }).collect();
        Picture { width: 400, pixels }
    }

    #[test]
    fn doubtful_labels_are_read_again() {
        let mut lines = page(&[("1.", 90.0), ("pa", 80.0), ("", 0.0), ("4.", 90.0), ("5.", 30.0)]);
        let columns = LabelColumn::all(&lines);
        let [column] = &columns[..] else { panic!("{} columns", columns.len()) };
        let doubtful = column.doubtful(&lines, &ink(5));
        assert_eq!(doubtful.iter().map(|one| one.line).collect::<Vec<_>>(), [1, 2, 4]);
        let (sheet, places) = sheet(&doubtful);
        let dark = |row: usize| sheet.rows().nth(row).unwrap().contains(&0);
        assert!(places.iter().all(|place| place.clone().any(dark)) && !(0..places[0].start).any(dark));
        for (one, read) in doubtful.iter().zip(["2", "3.", "9x"]) {
            column.settle(&mut lines, one, read);
        }
        let labels: Vec<&str> = lines.iter().map(|line| line.words[0].text.as_str()).collect();
        assert_eq!(labels, ["1.", "2.", "3.", "4.", "5."]);
        column.settle(&mut lines, &doubtful[0], "7.");
        assert_eq!(lines[1].words[0].text, "2.", "the next is 4");
    }

    #[test]
    fn where_nothing_is_printed_nothing_is_read() {
        let lines = page(&[("1.", 90.0), ("", 0.0), ("2.", 90.0), ("3.", 90.0)]);
        let white = Picture { width: 400, pixels: vec![220; 400 * 600] };
        assert!(LabelColumn::all(&lines)[0].doubtful(&lines, &white).is_empty());
        assert!(LabelColumn::all(&page(&[("an", 90.0), ("is", 90.0), ("we", 90.0)])).is_empty());
    }
}
