//! A sign in the place of each formula: what cuts a paper into lines, questions and options then meets one character there,
//! whatever the formula holds, and the formula is put back when all is cut.

use std::borrow::Cow;

use exam_model::formula::Formula;
use exam_model::question::Region;

use super::{Found, find};
use crate::lines::Line;
use crate::text::{Area, Char, PageText};

/// The first of the signs: Unicode gives this plane to whoever needs one.
const FIRST: u32 = 0xF_0000;
const MOST: usize = 0xFFFD;

/// A formula and its page.
type OnPage = (u32, Found);

/// The formulae of a paper.
#[derive(Debug, Default)]
pub struct Signs {
    /// By the number of the sign that stands for it.
    sure: Vec<OnPage>,
    unsure: Vec<OnPage>,
}

impl Signs {
    /// Those that a line of characters cannot show.
    pub fn of(pages: &[PageText]) -> Self {
        let found =
            (1..).zip(pages).flat_map(|(number, page)| find(page).into_iter().map(move |found| (number, found)));
        let (sure, unsure): (Vec<OnPage>, Vec<OnPage>) = found
            .filter(|(_, found)| !found.formula.is_flat())
            .take(MOST)
            .partition(|(_, found)| found.doubt.is_none());
        Self { sure, unsure }
    }

    /// The characters of a page, with one for each formula.
    pub fn chars<'a>(&self, number: u32, page: &'a PageText) -> Cow<'a, [Char]> {
        let here: Vec<(u32, &Found)> = (FIRST..)
            .zip(&self.sure)
            .filter(|(_, (page, _))| *page == number)
            .map(|(sign, (_, found))| (sign, found))
            .collect();
        if here.is_empty() && !page.chars.iter().any(|char| char.text.contains(is_sign)) {
            return Cow::Borrowed(&page.chars);
        }
        let free = |char: &&Char| {
            let (x, y) = char.middle();
            // The radical sign of TeX hangs from its baseline.
            let hung = |area: &Area| char.text == "√" && area.holds(x, char.baseline + 0.5);
            !here.iter().any(|(_, found)| found.area.holds(x, y) || hung(&found.area))
        };
        let line = |found: &Found| baseline(found, page.chars.iter().filter(free));
        let own = |char: &Char| Char { text: char.text.replace(is_sign, "\u{FFFD}"), ..char.clone() };
        let sign = |(sign, found): &(u32, &Found)| Char {
            text: char::from_u32(*sign).unwrap_or_default().to_string(),
            x: found.area.x,
            baseline: line(found),
            width: found.area.width,
            size: found.size,
            bold: false,
            coloured: false,
        };
        page.chars.iter().filter(free).map(own).chain(here.iter().map(sign)).collect()
    }

    /// Makes a line as high as the formulae in it.
    pub fn stretch(&self, line: &mut Line) {
        let signs = line.segments.iter().flat_map(|segment| segment.text.chars());
        let within = |found: &Found| {
            (found.baseline - line.baseline).abs() < 0.5 * found.size
                && (line.column.0..line.column.1).contains(&(found.area.x + found.area.width / 2.0))
        };
        let unsure = self.unsure.iter().filter(|(page, found)| *page == line.page && within(found));
        for found in signs.filter_map(|sign| self.get(sign)).chain(unsure.map(|(_, found)| found)) {
            line.top = line.top.min(found.area.y);
            line.bottom = line.bottom.max(found.area.bottom());
        }
    }

    /// A text with each formula in one line of characters, and those formulae.
    pub fn spell(&self, text: &str) -> (String, Vec<Formula>) {
        let (mut out, mut formulae) = (String::with_capacity(text.len()), Vec::new());
        let mut ended = false;
        for c in text.chars() {
            let formula = self.get(c).map(|found| &found.formula);
            let piece = formula.map_or_else(|| c.to_string(), Formula::to_text);
            // Two and a third is `2 1/3`, not `21/3`.
            let meets = out.ends_with(char::is_alphanumeric) && piece.starts_with(char::is_alphanumeric);
            if meets && (ended || formula.is_some()) {
                out.push(' ');
            }
            out.push_str(&piece);
            ended = formula.is_some();
            formulae.extend(formula.cloned());
        }
        (out, formulae)
    }

    /// Lines of which no question is made.
    pub fn spelled(&self, lines: &[Line]) -> Vec<Line> {
        let mut lines = lines.to_vec();
        for segment in lines.iter_mut().flat_map(|line| &mut line.segments) {
            segment.text = self.spell(&segment.text).0;
        }
        lines
    }

    /// The formulae that may not be what was understood of them, and why.
    pub fn unsure(&self) -> impl Iterator<Item = (Region, &'static str)> {
        self.unsure.iter().map(|(page, found)| (found.area.on(*page), found.doubt.unwrap_or_default()))
    }

    fn get(&self, sign: char) -> Option<&Found> {
        let number = u32::from(sign).checked_sub(FIRST)?;
        self.sure.get(number as usize).map(|(_, found)| found)
    }
}

/// The baseline of the line that a formula stands in: its own, unless nothing stands on that and a label before the formula
/// stands higher or lower beside it.
fn baseline<'a>(found: &Found, others: impl Iterator<Item = &'a Char> + Clone) -> f32 {
    let Found { area, size, .. } = *found;
    let ink = others.filter(|char| !char.text.trim().is_empty());
    let on_line = |char: &Char| (char.baseline - found.baseline).abs() < 0.15 * size;
    let before = |char: &&Char| {
        let beside = (area.y..area.bottom()).contains(&char.middle().1);
        beside && (0.0..LABEL_AWAY * size).contains(&(area.x - char.x - char.width))
    };
    if ink.clone().any(on_line) {
        return found.baseline;
    }
    let near = |char: &&Char| (char.baseline - found.baseline).abs();
    let label = ink.filter(before).min_by(|a, b| near(a).total_cmp(&near(b)));
    label.map_or(found.baseline, |label| label.baseline)
}

/// A label stands so many ems before a formula.
const LABEL_AWAY: f32 = 3.0;

fn is_sign(c: char) -> bool {
    (FIRST..FIRST + MOST as u32).contains(&u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Drawing;

    #[test]
    fn a_radical_that_hangs_from_its_baseline_is_taken_with_its_root() {
        let glyph = |text: &str, x: f32, baseline: f32| Char {
            text: text.to_owned(),
            x,
            baseline,
            width: if text == "√" { 10.0 } else { 6.0 },
            size: 12.0,
            bold: false,
            coloured: false,
        };
        let chars = vec![glyph("√", 50.0, 90.2), glyph("5", 60.0, 100.0)];
        let drawings = vec![Drawing::Line(Area { x: 60.0, y: 90.0, width: 6.0, height: 0.0 })];
        let page = PageText { width: 595.0, height: 842.0, chars, drawings, ..PageText::default() };
        let signs = Signs::of(std::slice::from_ref(&page));
        let text: String = signs.chars(1, &page).iter().map(|char| char.text.as_str()).collect();
        assert_eq!(signs.spell(&text).0, "sqrt(5)");
    }
}
