//! Lines drawn within a row of text: the blanks of its sentence, as underscores.

use super::{Row, Upright, uprights};
use crate::text::{Area, Char, Drawing};

/// A blank is so many points wide at least.
const NARROWEST: f32 = 15.0;
/// … and at most: what is wider divides the page.
const WIDEST: f32 = 300.0;
/// The words beside a blank are so many ems away at most.
const BESIDE: f32 = 1.5;

/// Writes underscores where a line is drawn at the foot of a row, beside its words and under none of them.
pub fn write(rows: &mut [Row], drawings: &[Drawing]) {
    let rules = rules(drawings);
    if rules.is_empty() {
        return;
    }
    let uprights = uprights(drawings);
    for rule in rules {
        // Rows go down the page.
        let from = rows.partition_point(|row| row.baseline < rule.y - 20.0);
        let until = rows.partition_point(|row| row.baseline < rule.y + 20.0);
        let near = &rows[from..until];
        let framed = |upright: &Upright| {
            let at_end = (upright.x - rule.x).abs() < 2.0 || (upright.x - rule.right()).abs() < 2.0;
            at_end && upright.top < rule.y + 2.0 && upright.bottom > rule.y - 2.0
        };
        let foot = near.iter().position(|row| is_foot(row, &rule));
        if let Some(at) = foot.filter(|_| !uprights.iter().any(framed) && !near.iter().any(|row| covers(row, &rule))) {
            let row = &mut rows[from + at];
            let (size, baseline) = (row.size, row.baseline);
            let count = (rule.width / (0.5 * size)).max(4.0) as usize;
            let width = rule.width / count as f32;
            let underscore = |n: usize| Char {
                text: "_".to_owned(),
                x: rule.x + n as f32 * width,
                baseline,
                width,
                size,
                bold: false,
                coloured: false,
            };
            row.chars.extend((0..count).map(underscore));
            row.chars.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
    }
}

/// The rule stands at the foot of the row, and words of it end or start beside it.
fn is_foot(row: &Row, rule: &Area) -> bool {
    let low = rule.y - row.baseline;
    let reach = BESIDE * row.size;
    let beside = |char: &Char| {
        if char.text == "√" {
            return false;
        }
        let left = rule.x - (char.x + char.width);
        let right = char.x - rule.right();
        (-1.0..reach).contains(&left) || (-1.0..reach).contains(&right)
    };
    // Letters alone are those of a drawing; a stop may stand alone behind the blank that ends its sentence.
    // Two of Chinese are a word.
    let weight = |c: char| if c < '\u{2E80}' { 1 } else { 2 };
    let letters: usize = row.ink().flat_map(|char| char.text.chars()).filter(|c| c.is_alphabetic()).map(weight).sum();
    let words = || letters > 3 || row.ink().all(|char| matches!(char.text.as_str(), "." | "," | ";"));
    (-0.12 * row.size..0.5 * row.size).contains(&low) && row.ink().any(beside) && words()
}

/// Something of the row stands on the rule, or hangs from it: an underlined word, a fraction, a root.
fn covers(row: &Row, rule: &Area) -> bool {
    let over = |char: &Char| {
        let (x, _) = char.middle();
        let rise = rule.y - char.baseline;
        (rule.x..rule.right()).contains(&x) && (-char.size..1.1 * char.size).contains(&rise)
    };
    row.ink().any(over)
}

/// Level lines as wide as a blank may be, each of its dashes joined.
fn rules(drawings: &[Drawing]) -> Vec<Area> {
    let level = |drawing: &Drawing| match drawing {
        Drawing::Line(area) if area.height < 2.0 && area.width > area.height => Some(*area),
        _ => None,
    };
    let mut found: Vec<Area> = drawings.iter().filter_map(level).collect();
    found.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut joined: Vec<Area> = Vec::new();
    for area in found {
        match joined.last_mut().filter(|last| last.y == area.y && (-1.0..2.5).contains(&(area.x - last.right()))) {
            Some(last) => last.width = area.right() - last.x,
            None => joined.push(area),
        }
    }
    joined.retain(|rule| (NARROWEST..WIDEST).contains(&rule.width));
    joined
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use crate::testing::typed;
    use crate::text::{Area, Drawing};

    #[test]
    fn a_line_drawn_within_a_sentence_is_a_blank() {
        let rule = |x: f32, width: f32| Drawing::Line(Area { x, y: 81.0, width, height: 0.5 });
        let text = |drawings: Vec<Drawing>| {
            let mut page = typed(&["The gas           rises.", "It is light."]);
            page.drawings = drawings;
            lines(&[page])[0].text()
        };
        let blank = text(vec![rule(100.0, 40.0)]);
        assert!(blank.starts_with("The gas ____") && blank.ends_with("rises."), "{blank}");
        let dashes = (0..10).map(|n| rule(100.0 + 4.0 * n as f32, 3.0)).collect();
        assert!(text(dashes).contains("____"));
        let mut drawn = typed(&["Áé           ó"]);
        drawn.drawings = vec![rule(90.0, 30.0)];
        assert!(!lines(&[drawn])[0].text().contains('_'), "letters of a drawing are no sentence, whatever their bytes");
        let mut chinese = typed(&["条件           。"]);
        chinese.drawings = vec![rule(80.0, 30.0)];
        assert!(lines(&[chinese])[0].text().contains('_'), "two letters of Chinese are a word");
        assert!(!text(vec![rule(60.0, 35.0)]).contains('_'), "an underlined word is none");
        let upright = |x: f32| Drawing::Line(Area { x, y: 70.0, width: 0.5, height: 14.0 });
        assert!(!text(vec![rule(100.0, 40.0), upright(100.0), upright(140.0)]).contains('_'), "a cell is none");
    }
}
