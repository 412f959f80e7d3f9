//! Formulae in two dimensions: characters with sizes and baselines, and ruled lines, to `exam_model::formula` trees.
//!
//! `atoms` (characters with boxes) → `bars` (fractions, roots, overlines) → `limits` (of sums, integrals, limits; accents)
//! → `fences` (tall brackets, matrices, cases): each replaces what it understands by one atom that holds the tree. `spans`
//! then finds where in a line each formula starts and ends, and `row` reads what is left there, powers and indices. `signs`
//! carries the formulae through the stages that cut a paper.

use exam_model::formula::Formula;

use crate::lines::is_ruled;
use crate::text::{Area, Drawing, PageText};

use atoms::Atom;

mod atoms;
mod bars;
mod fences;
mod limits;
mod row;
pub mod signs;
mod spans;

/// A formula on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub area: Area,
    /// Of the line that it stands in.
    pub baseline: f32,
    pub size: f32,
    pub formula: Formula,
    /// Why the tree may not be what is printed.
    pub doubt: Option<&'static str>,
}

/// Each glyph is compared with each: a page of print has a third as many, and one with more would take too long.
const MOST: usize = 10_000;

/// All formulae of a page whose characters are real text, from top to bottom.
pub fn find(page: &PageText) -> Vec<Found> {
    if page.ocr || page.unread.is_some() || page.chars.len().max(page.drawings.len()) > MOST {
        return Vec::new();
    }
    let atoms = atoms::of(&page.chars);
    let atoms = bars::read(atoms, &page.drawings);
    let atoms = limits::read(atoms);
    let atoms = fences::read(atoms);
    let mut found = spans::read(&atoms);
    let areas: Vec<Area> = found.iter().map(|found| found.area).collect();
    let within = |bar: &Area| {
        areas.iter().any(|area| bar.y > area.y && bar.y < area.bottom() && bar.x > area.x - 2.0 && bar.x < area.right())
    };
    for found in &mut found {
        let area = found.area;
        let drawn = || drawn_over(&area, &page.drawings);
        let bar = || bar_beside(&area, found.size, &page.drawings, &within);
        found.doubt = found.doubt.or_else(drawn).or_else(bar);
    }
    found.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.area.x.total_cmp(&b.area.x)));
    found
}

/// The tree of the atoms of a part, as of what stands over a bar.
fn part(atoms: &[&Atom]) -> (Formula, Option<&'static str>) {
    let atoms = fences::read(limits::read(atoms.iter().map(|atom| (*atom).clone()).collect()));
    row::read(&atoms.iter().collect::<Vec<_>>())
}

/// A bar as long as the formula stands over or under it: it may be half of a fraction.
fn bar_beside(area: &Area, size: f32, drawings: &[Drawing], read: &dyn Fn(&Area) -> bool) -> Option<&'static str> {
    let beside = drawings.iter().any(|drawing| {
        let Drawing::Line(bar) = drawing else { return false };
        let over = (-0.8 * size..0.0).contains(&(bar.y - area.y));
        let under = (0.0..0.8 * size).contains(&(bar.y - area.bottom()));
        bar.height < 2.5
            && (over || under)
            && bar.width > 0.8 * area.width
            && bar.x > area.x - size
            && bar.right() < area.right() + size
            && !is_ruled(bar, drawings)
            && !read(bar)
    });
    beside.then_some("a bar beside it was not read")
}

/// A formula has no picture in it, but may have a sign that is drawn.
fn drawn_over(area: &Area, drawings: &[Drawing]) -> Option<&'static str> {
    let drawn = drawings.iter().any(|drawing| {
        let Drawing::Picture(picture) = drawing else { return false };
        let (x, y) = (picture.x + picture.width / 2.0, picture.y + picture.height / 2.0);
        let inside = (area.x..area.right()).contains(&x) && (area.y..area.bottom()).contains(&y);
        inside && picture.width.max(picture.height) > 3.0 && !bars::is_radical(picture, drawings)
    });
    drawn.then_some("something is drawn in it")
}
