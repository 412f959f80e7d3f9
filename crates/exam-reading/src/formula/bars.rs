//! Horizontal rules that belong to formulae: bars of fractions, of roots, over letters.

use exam_model::formula::Formula;

use super::atoms::Atom;
use super::row;
use crate::lines::is_ruled;
use crate::text::{Area, Drawing};

/// No bar is longer; a rule that is belongs to a table.
const LONGEST: f32 = 320.0;

/// Reads what the bars of a page belong to, the shortest first, so that a long bar finds whole what stands over it.
pub fn read(mut atoms: Vec<Atom>, drawings: &[Drawing]) -> Vec<Atom> {
    let thin = |drawing: &Drawing| match drawing {
        Drawing::Line(area) if area.height <= 2.5 && (3.0..LONGEST).contains(&area.width) => Some(*area),
        _ => None,
    };
    let mut bars: Vec<Area> = drawings.iter().filter_map(thin).flat_map(|bar| pieces(&atoms, bar)).collect();
    bars.sort_by(|a, b| a.width.total_cmp(&b.width));
    // A bar that is drawn twice is one.
    bars.dedup_by(|a, b| (a.x - b.x).abs() + (a.y - b.y).abs() + (a.width - b.width).abs() < 1.0);
    for bar in &bars {
        let part = root(&atoms, bar, &bars)
            .or_else(|| drawn_root(&atoms, bar, drawings))
            .or_else(|| fraction(&atoms, bar).filter(|_| !is_ruled(bar, drawings) && !is_of_grid(bar, &bars)))
            .or_else(|| overline(&atoms, bar).filter(|_| !is_ruled(bar, drawings)));
        if let Some((taken, part)) = part {
            let mut n = 0;
            atoms.retain(|_| {
                n += 1;
                !taken.contains(&(n - 1))
            });
            atoms.push(part);
        }
    }
    atoms
}

/// A bar, or the several that are drawn as one: no glyph stands on a bar, but a bracket or a radical may hang from there.
fn pieces(atoms: &[Atom], bar: Area) -> Vec<Area> {
    let on = |atom: &&Atom| {
        !atom.is("()[]{}⎛⎡⎧⎞⎤⎫√")
            && (atom.axis() - bar.y).abs() < 0.2 * atom.size
            && atom.x > bar.x + 2.0
            && atom.right < bar.right() - 2.0
    };
    let mut glyphs: Vec<&Atom> = atoms.iter().filter(on).collect();
    glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut x = bar.x;
    let mut pieces = Vec::new();
    for (from, to) in glyphs.iter().map(|glyph| (glyph.x, glyph.right)).chain([(bar.right(), bar.right())]) {
        if from - x > 3.0 {
            pieces.push(Area { x, width: from - x, ..bar });
        }
        x = x.max(to);
    }
    pieces
}

/// The bar is one of at least three that a table's lines are: equally long and equally far apart.
fn is_of_grid(bar: &Area, bars: &[Area]) -> bool {
    let alike = |other: &&Area| (other.x - bar.x).abs() < 1.0 && (other.width - bar.width).abs() < 1.0;
    let mut heights: Vec<f32> = bars.iter().filter(alike).map(|other| other.y).collect();
    heights.sort_by(f32::total_cmp);
    let near = |pair: &[f32]| pair[1] - pair[0] > 6.0 && pair[1] - pair[0] < 26.0;
    let even = |three: &[f32]| near(three) && near(&three[1..]) && (three[2] + three[0] - 2.0 * three[1]).abs() < 0.6;
    bar.width > 26.0 && heights.windows(3).any(|three| even(three) && three.contains(&bar.y))
}

/// The atoms that a part takes, and the part.
type Taken = Option<(Vec<usize>, Atom)>;

fn reading(atoms: &[Atom], taken: &[usize]) -> (Formula, Option<&'static str>) {
    super::part(&taken.iter().map(|&n| &atoms[n]).collect::<Vec<_>>())
}

/// The atoms within a bar's width of which `near` says that they touch it, and what touches those, up or down.
fn beside(
    atoms: &[Atom],
    bar: f32,
    (left, right): (f32, f32),
    near: impl Fn(&Atom) -> bool,
    off: impl Fn(&Atom) -> bool,
) -> Vec<usize> {
    let within = |atom: &Atom| atom.x >= left && atom.right <= right;
    let candidates: Vec<usize> = (0..atoms.len()).filter(|&n| within(&atoms[n]) && off(&atoms[n])).collect();
    let mut found: Vec<usize> = candidates.iter().copied().filter(|&n| near(&atoms[n])).collect();
    // A line further away is another line.
    let next = |n: &usize| (atoms[*n].top - bar).abs().min((atoms[*n].bottom - bar).abs());
    if let Some(&first) = found.iter().min_by(|a, b| next(a).total_cmp(&next(b))) {
        let (top, bottom) = (atoms[first].top, atoms[first].bottom);
        found.retain(|&n| atoms[n].top < bottom && atoms[n].bottom > top);
    }
    let largest = found.iter().map(|&n| atoms[n].size).fold(0.0, f32::max);
    let mut next = 0;
    while next < found.len() {
        let last = &atoms[found[next]];
        let touches = |atom: &Atom| {
            let overlap = atom.bottom.min(last.bottom) - atom.top.max(last.top);
            overlap > if atom.size < 1.1 * largest { 0.12 } else { 0.35 } * atom.size.min(last.size)
        };
        let more: Vec<usize> =
            candidates.iter().copied().filter(|n| !found.contains(n) && touches(&atoms[*n])).collect();
        found.extend(more);
        next += 1;
    }
    found
}

fn fraction(atoms: &[Atom], bar: &Area) -> Taken {
    let sides = (bar.x - 2.0, bar.right() + 2.0);
    // A large bracket hangs from its baseline.
    let side = |atom: &Atom| if atom.is("()[]{}") { atom.baseline } else { atom.axis() };
    let over = beside(
        atoms,
        bar.y,
        sides,
        |atom| match atom.is_part() {
            true => (-2.0..0.6 * atom.size).contains(&(bar.y - atom.bottom)),
            false => (-0.5..0.75 * atom.size).contains(&(bar.y - atom.baseline)),
        },
        |atom| side(atom) < bar.y,
    );
    let under = beside(
        atoms,
        bar.y,
        sides,
        |atom| match atom.is_part() {
            true => (-2.0..0.75 * atom.size).contains(&(atom.top - bar.bottom())),
            false => (0.5 * atom.size..1.45 * atom.size).contains(&(atom.baseline - bar.bottom())),
        },
        // The next line may begin with an integral, which reaches up.
        |atom| side(atom) > bar.y && !(atom.is("∫∑∏") && atom.baseline - bar.bottom() > 0.6 * atom.size),
    );
    let middle = bar.x + bar.width / 2.0;
    let extent = |side: &[usize]| {
        let left = side.iter().map(|&n| atoms[n].x).fold(f32::MAX, f32::min);
        let right = side.iter().map(|&n| atoms[n].right).fold(f32::MIN, f32::max);
        (left, right)
    };
    let (above, below) = (extent(&over), extent(&under));
    let centred = |side: (f32, f32)| ((side.0 + side.1) / 2.0 - middle).abs() < 2.5 + 0.12 * bar.width;
    let longest = (above.1 - above.0).max(below.1 - below.0);
    let long = longest > 0.6 * bar.width - 5.0;
    if over.is_empty() || under.is_empty() || !centred(above) || !centred(below) || !long {
        return None;
    }
    // The line under a word is no bar: the words of the next line go on beside it.
    if goes_on(atoms, &over, above) || goes_on(atoms, &under, below) {
        return None;
    }
    let ((top, doubt), (bottom, more)) = (reading(atoms, &over), reading(atoms, &under));
    // An underlined word stands among others.
    if matches!(top, Formula::Text(_)) && has_neighbour(atoms, &over, above) {
        return None;
    }
    let taken: Vec<usize> = over.into_iter().chain(under).collect();
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let size = of.iter().map(|atom| atom.size).fold(0.0, f32::max);
    let formula = Formula::Fraction { over: Box::new(top), under: Box::new(bottom) };
    let mut part = Atom::part(formula, &of, bar.y + super::atoms::AXIS * size, size, true);
    (part.x, part.right) = (part.x.min(bar.x), part.right.max(bar.right()));
    part.doubt = part.doubt.or(doubt).or(more);
    Some((taken, part))
}

/// A letter stands within a word's distance of these, on their line.
fn has_neighbour(atoms: &[Atom], side: &[usize], (left, right): (f32, f32)) -> bool {
    let Some(first) = side.first().map(|&n| &atoms[n]) else { return false };
    atoms.iter().enumerate().any(|(n, other)| {
        let gap = (other.x - right).max(left - other.right);
        !side.contains(&n)
            && other.is_letter()
            && (other.baseline - first.baseline).abs() < 0.15 * first.size
            && (-1.0..first.size).contains(&gap)
    })
}

/// What stands on one side of a bar is a part of longer words.
fn goes_on(atoms: &[Atom], side: &[usize], (left, right): (f32, f32)) -> bool {
    side.iter().filter(|&&n| atoms[n].is_letter()).any(|&n| {
        let atom = &atoms[n];
        let outside = |other: &Atom| {
            other.is_letter()
                && (other.baseline - atom.baseline).abs() < 0.15 * atom.size
                && (other.right <= left + 1.0 && left - other.right < 0.45 * atom.size && atom.x < left + 1.0
                    || other.x >= right - 1.0 && other.x - right < 0.45 * atom.size && atom.right > right - 1.0)
        };
        atoms.iter().enumerate().any(|(m, other)| !side.contains(&m) && outside(other))
    })
}

/// A radical sign at the left end of the bar.
fn root(atoms: &[Atom], bar: &Area, bars: &[Area]) -> Taken {
    let belongs = |atom: &Atom, bar: &Area| {
        (atom.right - bar.x).abs() < 1.5 + 0.1 * atom.size
            && (-0.5 * atom.size..1.7 * atom.size).contains(&(atom.baseline - bar.y))
    };
    // TeX's hangs from its bar, whatever bars there are over and under it.
    let hangs_from = |atom: &Atom, bar: &Area| (atom.baseline - bar.y).abs() < 0.1 * atom.size && belongs(atom, bar);
    let own = |atom: &Atom| hangs_from(atom, bar) || !bars.iter().any(|other| hangs_from(atom, other));
    let sign = atoms.iter().position(|atom| atom.is("√") && belongs(atom, bar) && own(atom))?;
    let radical = &atoms[sign];
    // A bar below another is a fraction's under the root.
    let lower = || bars.iter().any(|other| other.y < bar.y - 2.0 && belongs(radical, other));
    if !hangs_from(radical, bar) && lower() {
        return None;
    }
    // Another sign than TeX's stands on the line.
    let hangs = radical.baseline < bar.y + 0.45 * radical.size;
    let low = if hangs { f32::MAX } else { radical.baseline };
    let (mut taken, mut part) = under_bar(atoms, bar, low)?;
    let small = |atom: &Atom| {
        atom.size < 0.8 * radical.size
            && atom.right < radical.right
            && atom.right > radical.x - 0.25 * radical.size
            && (bar.y - 0.6 * radical.size..bar.y + 0.9 * radical.size).contains(&atom.axis())
    };
    let index: Vec<usize> =
        (0..atoms.len()).filter(|&n| n != sign && !taken.contains(&n) && small(&atoms[n])).collect();
    if !index.is_empty() {
        let (of, doubt) = reading(atoms, &index);
        part.doubt = part.doubt.or(doubt);
        if let super::atoms::What::Part { formula: Formula::Root { index, .. }, .. } = &mut part.what {
            *index = Some(Box::new(of));
        }
    }
    let left = index.iter().map(|&n| atoms[n].x).fold(radical.x, f32::min);
    part.x = part.x.min(left);
    taken.push(sign);
    taken.extend(index);
    Some((taken, part))
}

/// A radical sign that is drawn: a slanted line from the left end of the bar down.
fn drawn_root(atoms: &[Atom], bar: &Area, drawings: &[Drawing]) -> Taken {
    let stroke = drawings.iter().find_map(|drawing| match drawing {
        Drawing::Picture(stroke) if is_stroke_of(stroke, bar) => Some(*stroke),
        _ => None,
    })?;
    let (taken, mut part) = under_bar(atoms, bar, stroke.bottom())?;
    part.x = part.x.min(stroke.x - 0.25 * part.size);
    Some((taken, part))
}

fn is_stroke_of(stroke: &Area, bar: &Area) -> bool {
    (stroke.right() - bar.x).abs() < 1.2
        && (stroke.y - bar.y).abs() < 2.0
        && stroke.height > 5.0
        && stroke.width < 0.8 * stroke.height
}

/// A picture that is a stroke of a drawn radical, or all of it.
pub fn is_radical(picture: &Area, drawings: &[Drawing]) -> bool {
    let strokes = || {
        drawings.iter().filter_map(|drawing| match drawing {
            Drawing::Picture(area) => Some(area),
            Drawing::Line(_) | Drawing::Box(_) => None,
        })
    };
    let bars = drawings.iter().filter_map(|drawing| match drawing {
        Drawing::Line(bar) if bar.height <= 2.5 => Some(bar),
        _ => None,
    });
    bars.filter(|bar| bar.x > picture.x - 12.0 && bar.x < picture.right() + 12.0).any(|bar| {
        strokes().filter(|stroke| is_stroke_of(stroke, bar)).any(|stroke| {
            picture.x > stroke.x - 8.0
                && picture.right() < bar.right() + 2.0
                && picture.y > bar.y - 2.5
                && picture.bottom() < stroke.bottom() + 2.5
        })
    })
}

/// The root of what stands under its bar.
fn under_bar(atoms: &[Atom], bar: &Area, low: f32) -> Taken {
    let taken = beside(
        atoms,
        bar.y,
        (bar.x - 1.5, bar.right() + 1.5),
        |atom| {
            (-0.35 * atom.size..0.8 * atom.size).contains(&(atom.top - bar.y)) && atom.axis() < low + 0.3 * atom.size
        },
        |atom| atom.axis() > bar.y && !atom.is("√"),
    );
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let (baseline, size) = row::line_of(&of)?;
    let (formula, doubt) = super::part(&of);
    let mut part = Atom::part(Formula::Root { of: Box::new(formula), index: None }, &of, baseline, size, false);
    (part.top, part.right) = (part.top.min(bar.y), part.right.max(bar.right()));
    part.doubt = part.doubt.or(doubt);
    Some((taken, part))
}

/// A bar over a letter or a few, with nothing right above it.
fn overline(atoms: &[Atom], bar: &Area) -> Taken {
    let under = |atom: &Atom| {
        atom.is_letter()
            && atom.middle() > bar.x - 0.5
            && atom.middle() < bar.right() + 0.5
            && (0.5 * atom.size..1.1 * atom.size).contains(&(atom.baseline - bar.y))
    };
    let taken: Vec<usize> = (0..atoms.len()).filter(|&n| under(&atoms[n])).collect();
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let first = of.first()?;
    let (left, right) = (first.x, of.iter().map(|atom| atom.right).fold(f32::MIN, f32::max));
    let covers = (left - bar.x).abs() < 0.3 * first.size && (right - bar.right()).abs() < 0.3 * first.size;
    let above = atoms.iter().any(|atom| {
        atom.right > bar.x && atom.x < bar.right() && (-1.0..0.5 * atom.size).contains(&(bar.y - atom.baseline))
    });
    if of.len() > 3 || !covers || above {
        return None;
    }
    let (base, doubt) = row::read(&of);
    let over = Some(Box::new(Formula::operator("¯")));
    let formula = Formula::Stack { base: Box::new(base), under: None, over };
    let mut part = Atom::part(formula, &of, first.baseline, first.size, false);
    part.doubt = part.doubt.or(doubt);
    Some((taken, part))
}
