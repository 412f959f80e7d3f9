//! Cells of ruled tables: what is set in the middle of a row's height belongs at its top, beside the other cells.

use crate::lines::{self, Line, Segment, Upright};
use crate::text::{Drawing, PageText};
use crate::words;

/// A rule across a table: how far down it stands, and from where to where it goes.
#[derive(Debug, Clone, Copy)]
struct Rule {
    y: f32,
    left: f32,
    right: f32,
}

/// Points within which rules stand in one place.
const NEAR: f32 = 3.0;
/// So far from the middle of a row's height, at most, stands the middle of what is centred in it.
const CENTRED: f32 = 4.0;
/// A row is higher than a line of text, and lower than this.
const HEIGHT: std::ops::Range<f32> = 20.0..300.0;

/// Moves the cells of each row of a ruled table up to its first line, where some stand lower than others.
pub fn set_on_top(all: &mut Vec<Line>, pages: &[PageText]) {
    for (number, page) in (1..).zip(pages) {
        if page.drawings.len() < 4 {
            continue;
        }
        let (across, uprights) = (rules(&page.drawings), lines::uprights(&page.drawings));
        for (above, below) in rows(&across) {
            let inside = |line: &Line| line.page == number && line.baseline > above.y && line.baseline < below.y;
            let Some(first) = all.iter().position(inside) else { continue };
            let count = all[first..].iter().take_while(|line| inside(line)).count();
            let edges = edges(&uprights, above, below);
            if count < 2 || edges.len() < 3 || all.iter().filter(|line| inside(line)).count() > count {
                continue;
            }
            let middle = (above.y + below.y) / 2.0;
            if let Some(row) = on_top(&all[first..first + count], &edges, middle) {
                all.splice(first..first + count, row);
            }
        }
    }
}

/// The rules across a page, in order; a table may draw one for each of its cells.
fn rules(drawings: &[Drawing]) -> Vec<Rule> {
    let mut found: Vec<Rule> = drawings
        .iter()
        .filter_map(|drawing| match drawing {
            Drawing::Line(area) if area.width > 10.0 && area.height < 2.0 => {
                Some(Rule { y: area.y + area.height / 2.0, left: area.x, right: area.right() })
            }
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    let mut joined: Vec<Rule> = Vec::new();
    for rule in found {
        match joined.iter_mut().rev().take(8).find(|other| {
            (other.y - rule.y).abs() < 1.5 && rule.left < other.right + NEAR && rule.right > other.left - NEAR
        }) {
            Some(other) => (other.left, other.right) = (other.left.min(rule.left), other.right.max(rule.right)),
            None => joined.push(rule),
        }
    }
    joined
}

/// Two rules, one below the other, that go from one place to another.
fn rows(rules: &[Rule]) -> Vec<(Rule, Rule)> {
    let alike = |a: &Rule, b: &Rule| (a.left - b.left).abs() < NEAR && (a.right - b.right).abs() < NEAR;
    let row = |(n, above): (usize, &Rule)| {
        let below = rules[n + 1..].iter().find(|below| alike(above, below))?;
        HEIGHT.contains(&(below.y - above.y)).then_some((*above, *below))
    };
    rules.iter().enumerate().filter_map(row).collect()
}

/// Where the uprights stand that go from one rule to the other.
fn edges(uprights: &[Upright], above: Rule, below: Rule) -> Vec<f32> {
    let whole = |upright: &&Upright| {
        upright.top < above.y + NEAR
            && upright.bottom > below.y - NEAR
            && (above.left - NEAR..above.right + NEAR).contains(&upright.x)
    };
    let mut edges: Vec<f32> = uprights.iter().filter(whole).map(|upright| upright.x).collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup_by(|a, b| *a - *b < NEAR);
    edges
}

/// The lines of a row with each cell at its top; `None` where all are there already, one reaches over an upright, or one
/// stands lower without being in the middle: marks beside each part of a question stay where they are.
fn on_top(row: &[Line], edges: &[f32], middle: f32) -> Option<Vec<Line>> {
    let mut cells: Vec<Vec<(usize, Vec<Segment>)>> = vec![Vec::new(); edges.len() - 1];
    for (n, line) in row.iter().enumerate() {
        for segment in &line.segments {
            let column =
                edges.windows(2).position(|pair| segment.x > pair[0] - 1.0 && segment.right < pair[1] + 1.0)?;
            match cells[column].last_mut() {
                Some((at, segments)) if *at == n => segments.push(segment.clone()),
                _ => cells[column].push((n, vec![segment.clone()])),
            }
        }
    }
    let used = || cells.iter().filter(|cell| !cell.is_empty());
    let is_centred = |cell: &[(usize, Vec<Segment>)]| {
        let centre = |line: &Line| line.baseline - 0.3 * line.segments[0].size;
        let (first, last) = (centre(&row[cell[0].0]), centre(&row[cell[cell.len() - 1].0]));
        ((first + last) / 2.0 - middle).abs() < CENTRED
    };
    let lower = || used().filter(|cell| cell[0].0 > 0);
    if used().count() < 2 || lower().count() == 0 || !lower().all(|cell| is_centred(cell)) {
        return None;
    }
    let mut out: Vec<Line> = Vec::new();
    for cell in cells {
        for (n, (_, segments)) in headed(cell).into_iter().enumerate() {
            if n == out.len() {
                out.push(Line { segments: Vec::new(), ..row[n].clone() });
            }
            out[n].segments.extend(segments);
        }
    }
    Some(out)
}

/// `Réponse` over `A`, the heading of a column of choices, as one.
fn headed(mut cell: Vec<(usize, Vec<Segment>)>) -> Vec<(usize, Vec<Segment>)> {
    if let [(_, above), (_, below)] = &mut cell[..]
        && let ([word], [letter]) = (&mut above[..], &below[..])
        && words::CHOICES_COLUMN.has(&word.text.to_lowercase())
        && letter.text.len() == 1
    {
        word.text = format!("{} {}", word.text, letter.text);
        cell.truncate(1);
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Area;

    #[test]
    fn what_stands_in_the_middle_of_a_row_belongs_at_its_top() {
        let mut page = crate::testing::typed(&[
            "             What twice",
            "  1          seven is,        15        14",
            "             tell us:",
            "  2          A metal is       iron      salt",
        ]);
        let rule = |x: f32, y: f32, width: f32, height: f32| Drawing::Line(Area { x, y, width, height });
        page.drawings = [65.0, 125.0, 143.0].iter().map(|&y| rule(60.0, y, 260.0, 0.5)).collect();
        page.drawings.extend([60.0, 110.0, 200.0, 260.0, 320.0].iter().map(|&x| rule(x, 65.0, 0.5, 78.0)));
        let mut lines = lines::lines(std::slice::from_ref(&page));
        let texts = |lines: &[Line]| lines.iter().map(Line::text).collect::<Vec<_>>();
        assert_eq!(texts(&lines), ["1  What twice  15  14", "seven is,", "tell us:", "2  A metal is  iron  salt"]);
        let before = lines.clone();
        set_on_top(&mut lines, &[page]);
        assert_eq!(lines, before);
    }

    #[test]
    fn marks_beside_parts_stay_where_they_are() {
        let mut page = crate::testing::typed(&[
            "  6          A spring carries a mass.",
            "             a. Find the period.             4",
            "             b. State two factors.           2",
        ]);
        let rule = |x: f32, y: f32, width: f32, height: f32| Drawing::Line(Area { x, y, width, height });
        page.drawings = [65.0, 125.0].iter().map(|&y| rule(60.0, y, 260.0, 0.5)).collect();
        page.drawings.extend([60.0, 110.0, 270.0, 320.0].iter().map(|&x| rule(x, 65.0, 0.5, 60.0)));
        let mut lines = lines::lines(std::slice::from_ref(&page));
        let before = lines.clone();
        set_on_top(&mut lines, &[page]);
        assert_eq!(lines, before);
    }
}
