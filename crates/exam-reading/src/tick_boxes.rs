//! Boxes to tick that are drawn rather than written, as characters beside their words.

use std::borrow::Cow;

use crate::text::{Area, Char, Drawing, PageText};

/// A page of more is a drawing, or a form.
const MOST: usize = 200;
/// Points between boxes that touch: those are cells, or places for digits.
const TOUCH: f32 = 2.5;
/// Boxes of one list start within so many points, or stand on baselines as near.
const LEVEL: f32 = 3.0;

/// The pages with a `☐` for each empty box that stands level with words, one of several; `☒` where it is crossed.
pub fn written(pages: Cow<'_, [PageText]>) -> Cow<'_, [PageText]> {
    let found: Vec<Vec<Char>> = pages.iter().map(boxes).collect();
    if found.iter().all(Vec::is_empty) {
        return pages;
    }
    let mut pages = pages.into_owned();
    pages.iter_mut().zip(found).for_each(|(page, boxes)| page.chars.extend(boxes));
    Cow::Owned(pages)
}

fn boxes(page: &PageText) -> Vec<Char> {
    let mut areas: Vec<Area> = Vec::new();
    for drawing in &page.drawings {
        let Drawing::Box(area) = drawing else { continue };
        let same = |other: &Area| (other.x - area.x).abs() < TOUCH && (other.y - area.y).abs() < TOUCH;
        if !areas.iter().any(same) {
            areas.push(*area);
        }
        if areas.len() > MOST {
            return Vec::new();
        }
    }
    if areas.len() < 2 {
        return Vec::new();
    }
    let touches = |area: &Area| {
        areas.iter().any(|other| {
            let level = (other.y - area.y).abs() < TOUCH;
            level && ((other.x - area.right()).abs() < TOUCH || (area.x - other.right()).abs() < TOUCH)
        })
    };
    let found: Vec<Char> = areas.iter().filter(|area| !touches(area)).filter_map(|area| beside(page, area)).collect();
    let listed = |one: &Char| {
        let like = |other: &&Char| {
            let (across, down) = ((other.x - one.x).abs(), (other.baseline - one.baseline).abs());
            (across < LEVEL) != (down < LEVEL)
        };
        found.iter().any(|other| like(&other))
    };
    found.iter().filter(|one| listed(one)).cloned().collect()
}

/// The box as a character of the line of words that it stands in; nothing if it is a frame, or stands alone.
fn beside(page: &PageText, area: &Area) -> Option<Char> {
    let words = || page.chars.iter().filter(|char| char.text.contains(char::is_alphanumeric));
    let middle = area.y + area.height / 2.0;
    let level = |char: &&Char| (char.middle().1 - middle).abs() < 0.5 * area.height.max(char.size);
    let away = |char: &Char| (char.x - area.right()).max(area.x - char.x - char.width);
    if words().any(|char| area.holds(char.middle().0, char.middle().1)) {
        return None;
    }
    let near = words().filter(level).min_by(|a, b| away(a).total_cmp(&away(b)))?;
    let crossing = |drawing: &Drawing| match drawing {
        Drawing::Picture(stroke) => {
            let (x, y) = (stroke.x + stroke.width / 2.0, stroke.y + stroke.height / 2.0);
            area.holds(x, y) && stroke.width < 1.6 * area.width && stroke.height < 1.6 * area.height
        }
        Drawing::Line(_) | Drawing::Box(_) => false,
    };
    let crossed = page.drawings.iter().any(crossing);
    let (text, baseline, size) = (if crossed { "☒" } else { "☐" }, near.baseline, near.size);
    Some(Char { text: text.into(), x: area.x, baseline, width: area.width, size, bold: false, coloured: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::typed;
    use exam_model::question::Kind;

    /// A box level with a row, at a column of letters.
    fn square(row: usize, column: usize) -> Area {
        Area { x: 60.0 + 5.0 * column as f32, y: 71.0 + 18.0 * row as f32, width: 10.0, height: 10.0 }
    }

    #[test]
    fn drawn_boxes_before_or_behind_words_are_boxes_of_options() {
        let rows = |indent: &str| {
            let option = |text: &str| format!("{indent}{text}");
            ["1. Which of them are metals?".to_owned(), option("wood"), option("iron"), option("tin")]
        };
        let read = |column: usize| {
            let rows = rows("       ");
            let rows: Vec<&str> = rows.iter().map(String::as_str).chain(["2. Name a gas. (1 mark)"]).collect();
            let drawings = (1..4).map(|row| Drawing::Box(square(row, column))).collect();
            let question = crate::read_paper(&[PageText { drawings, ..typed(&rows) }]).questions.remove(0);
            (question.kind, question.options.into_iter().map(|option| option.text).collect::<Vec<_>>())
        };
        let wanted = ["wood", "iron", "tin"].map(str::to_owned).to_vec();
        assert_eq!(read(3).1, wanted, "before");
        assert_eq!(read(40).1, wanted, "behind");
        assert_eq!(read(3).0, Kind::Single);
    }

    #[test]
    fn an_option_behind_a_drawn_box_may_go_on_below_it() {
        let mut page = typed(&[
            "1. Which of them are gods? (3 marks)",
            "       Mercury, the god of trade, and",
            "  of those who travel",
            "       Adam, the first man",
            "2. Name a gas. (1 mark)",
        ]);
        // The second row of an option stands nearer to its first than options do to one another.
        for char in page.chars.iter_mut().filter(|char| (110.0..120.0).contains(&char.baseline)) {
            char.baseline -= 6.0;
        }
        page.drawings = [1, 3].map(|row| Drawing::Box(square(row, 3))).to_vec();
        let options = crate::read_paper(&[page]).questions.remove(0).options;
        let options: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(options, ["Mercury, the god of trade, and of those who travel", "Adam, the first man"]);
    }

    #[test]
    fn frames_and_cells_are_no_boxes() {
        let page = |boxes: &[(usize, usize)], row: &str| {
            let drawings = boxes.iter().map(|&(row, column)| Drawing::Box(square(row, column))).collect();
            PageText { drawings, ..typed(&[row, row, row]) }
        };
        let count = |page: PageText| boxes(&page).len();
        assert_eq!(count(page(&[(0, 0), (1, 0)], "   iron")), 2);
        assert_eq!(count(page(&[(0, 0)], "   iron")), 0, "one alone");
        assert_eq!(count(page(&[(0, 0), (1, 0)], "a  iron")), 0, "frames of letters");
        assert_eq!(count(page(&[(0, 0), (0, 2), (1, 0), (1, 2)], "            iron")), 0, "cells side by side");
    }

    #[test]
    fn a_crossed_box_is_another_sign() {
        let cross = Drawing::Picture(Area { x: 60.0, y: 71.0, width: 10.0, height: 10.0 });
        let drawings = vec![Drawing::Box(square(0, 0)), cross, Drawing::Box(square(1, 0))];
        let page = PageText { drawings, ..typed(&["   iron", "   wood"]) };
        assert_eq!(boxes(&page).iter().map(|char| char.text.as_str()).collect::<String>(), "☒☐");
    }
}
