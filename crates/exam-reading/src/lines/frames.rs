//! Small letters in a box or a ring of their own: the labels of options.

use crate::text::{Area, Char, Drawing};

/// How high and how wide the frame of a letter is, in points.
const SIDES: std::ops::Range<f32> = 7.0..20.0;
/// So many letters in frames are labels; fewer may be anything.
const FEWEST: usize = 3;
/// A page of more is a drawing.
const MOST: usize = 400;

/// Puts a bracket behind each letter that stands alone in its frame, so that it is read as any other label.
pub fn bracket(chars: &mut [Char], drawings: &[Drawing]) {
    let frames = frames(drawings);
    if frames.len() < FEWEST || frames.len() > MOST {
        return;
    }
    let found: Vec<usize> = frames.iter().filter_map(|frame| letter_in(chars, frame)).collect();
    let has = |letter: &str| found.iter().any(|&n| chars[n].text == letter);
    if found.len() >= FEWEST && has("a") && has("b") {
        found.into_iter().for_each(|n| chars[n].text.push(')'));
    }
}

/// The only character in a frame, if it is a letter that labels options.
fn letter_in(chars: &[Char], frame: &Area) -> Option<usize> {
    let within = |char: &Char| {
        let (x, y) = char.middle();
        !char.text.trim().is_empty() && frame.holds(x, y)
    };
    let mut inside = (0..chars.len()).filter(|&n| within(&chars[n]));
    let only = inside.next().filter(|_| inside.next().is_none())?;
    matches!(chars[only].text.as_bytes(), [b'a'..=b'h']).then_some(only)
}

/// Rings, and boxes by their two sides.
fn frames(drawings: &[Drawing]) -> Vec<Area> {
    let ring = |drawing: &Drawing| match drawing {
        Drawing::Picture(area) => Some(*area).filter(|area| {
            SIDES.contains(&area.width) && SIDES.contains(&area.height) && (area.width - area.height).abs() < 3.0
        }),
        Drawing::Box(area) => Some(*area),
        Drawing::Line(_) => None,
    };
    let side = |drawing: &Drawing| match drawing {
        Drawing::Line(area) if area.width < 1.5 && SIDES.contains(&area.height) => Some(*area),
        _ => None,
    };
    let mut sides: Vec<Area> = drawings.iter().filter_map(side).collect();
    sides.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let boxed = |pair: &[Area]| {
        let (left, right) = (pair[0], pair[1]);
        let width = right.x - left.x;
        let level = (left.y - right.y).abs() < 0.5 && (left.height - right.height).abs() < 0.5;
        let square = SIDES.contains(&width) && (width - left.height).abs() < 4.0;
        (level && square).then_some(Area { width, ..left })
    };
    drawings.iter().filter_map(ring).chain(sides.windows(2).filter_map(boxed)).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::typed;
    use crate::text::{Area, Drawing};

    #[test]
    fn letters_in_boxes_or_rings_are_labels_of_options() {
        let rows = ["1. Which of them is a metal?", "   a  wood", "   b  iron", "   c  air", "2. Name a gas."];
        let frame = |row: usize| Area { x: 72.0, y: 71.0 + 18.0 * row as f32, width: 11.0, height: 11.0 };
        let rings = (1..4).map(|row| Drawing::Picture(frame(row)));
        let sides = (1..4).flat_map(|row| {
            let Area { x, y, .. } = frame(row);
            [x, x + 11.0].map(|x| Drawing::Line(Area { x, y, width: 0.4, height: 11.0 }))
        });
        for drawings in [rings.collect::<Vec<_>>(), sides.collect()] {
            let page = crate::text::PageText { drawings, ..typed(&rows) };
            let question = &crate::read_paper(&[page]).questions[0];
            let options: Vec<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
            assert_eq!(options, ["wood", "iron", "air"]);
        }
        assert!(crate::read_paper(&[typed(&rows)]).questions[0].options.is_empty());
    }
}
