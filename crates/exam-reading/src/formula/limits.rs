//! What stands right over or under something: the limits of sums and integrals, what a limit's letter goes to, accents.

use exam_model::formula::Formula;

use super::atoms::{Atom, What};
use super::row;

const LARGE: &str = "∑∏∫∮∬⋃⋂";
const ACCENTS: &str = "→ˆ¯˜˙¨";

/// Reads accents and limits.
pub fn read(atoms: Vec<Atom>) -> Vec<Atom> {
    let atoms = replace(atoms, |atom| atom.is(ACCENTS), accented);
    let atoms = replace(atoms, |atom| atom.is(LARGE), large);
    replace(atoms, |atom| atom.is("lm"), named)
}

/// Replaces what `read` takes around each atom that is `wanted` by the part that it gives.
fn replace(
    mut atoms: Vec<Atom>,
    wanted: impl Fn(&Atom) -> bool,
    read: impl Fn(&[Atom], usize) -> Option<(Vec<usize>, Atom)>,
) -> Vec<Atom> {
    let mut at = 0;
    while at < atoms.len() {
        let part = if wanted(&atoms[at]) { read(&atoms, at) } else { None };
        let Some((taken, part)) = part else {
            at += 1;
            continue;
        };
        let before = taken.iter().filter(|&&n| n < at).count();
        let mut n = 0;
        atoms.retain(|_| {
            n += 1;
            !taken.contains(&(n - 1))
        });
        atoms.push(part);
        at -= before;
    }
    atoms
}

/// The letters under an accent; an arrow may be put together of minus signs and its head.
fn accented(atoms: &[Atom], at: usize) -> Option<(Vec<usize>, Atom)> {
    let accent = &atoms[at];
    let arrow = accent.is("→");
    let mut taken = vec![at];
    let mut left = accent.x;
    if arrow {
        let shaft = |n: usize| {
            let atom = &atoms[n];
            atom.is("−")
                && (atom.baseline - accent.baseline).abs() < 0.5
                && atom.x <= accent.x + 0.5
                && accent.x - atom.x < 2.5 * accent.size
        };
        taken.extend((0..atoms.len()).filter(|&n| shaft(n)));
        left = taken.iter().map(|&n| atoms[n].x).fold(left, f32::min);
    }
    let within = if arrow { 0.2..0.95 } else { -0.02..0.6 };
    let under = |atom: &Atom| {
        atom.is_letter()
            && (left - 0.5..accent.right + 0.5).contains(&atom.middle())
            && within.contains(&((atom.baseline - accent.baseline) / atom.size))
    };
    let base: Vec<usize> = (0..atoms.len()).filter(|&n| under(&atoms[n])).collect();
    let of: Vec<&Atom> = base.iter().map(|&n| &atoms[n]).collect();
    let first = of.first()?;
    let level = of.iter().all(|atom| (atom.baseline - first.baseline).abs() < 1.0);
    if of.len() > 3 || !level || !arrow && of.len() > 1 {
        return None;
    }
    let (letters, doubt) = row::read(&of);
    let over = Some(Box::new(Formula::Operator(accent.sign()?.to_string())));
    let formula = Formula::Stack { base: Box::new(letters), under: None, over };
    let mut part = Atom::part(formula, &of, first.baseline, first.size, false);
    part.top = part.top.min(accent.baseline - 0.5 * accent.size);
    part.doubt = part.doubt.or(doubt);
    taken.extend(base);
    Some((taken, part))
}

/// A sum, a product, an integral with its limits.
fn large(atoms: &[Atom], at: usize) -> Option<(Vec<usize>, Atom)> {
    let sign = &atoms[at];
    // What follows it tells the axis, and whether the sign hangs from its baseline.
    let follows = |atom: &&Atom| {
        (sign.right - 0.1 * sign.size..sign.right + 2.2 * sign.size).contains(&atom.x)
            && (-0.9 * sign.size..1.7 * sign.size).contains(&(atom.axis() - sign.baseline))
    };
    let size = atoms.iter().filter(follows).map(|atom| atom.size).fold(0.0, f32::max);
    let next = atoms
        .iter()
        .filter(follows)
        .filter(|atom| atom.size > 0.82 * size && !atom.is(LARGE))
        .min_by(|a, b| a.x.total_cmp(&b.x))?;
    let (axis, size) = (next.axis(), size.min(sign.size));
    let half = if axis > sign.baseline { axis - sign.baseline } else { 0.6 * sign.size.max(1.2 * size) };
    let integral = sign.is("∫∮∬");
    let small = |n: &usize| {
        let atom = &atoms[*n];
        let sideways = sign.x - 1.2 * size..if integral { sign.right + 0.6 * size } else { sign.right + 1.2 * size };
        atom.size < 0.82 * size
            && sideways.contains(&atom.x)
            && (atom.axis() - axis).abs() < half + if integral { 0.3 } else { 1.1 } * size
            && (atom.axis() - axis).abs() > 0.35 * half.min(size)
            && (atom.x < next.x - 0.02 * size || (atom.axis() - axis).abs() > half.min(1.3 * size))
    };
    let mut limits: Vec<usize> = (0..atoms.len()).filter(small).collect();
    grow(atoms, &mut limits, |atom| {
        atom.size < 0.82 * size && (integral || atom.x < next.x || (atom.axis() - axis).abs() > 0.9 * size)
    });
    let (over, under): (Vec<usize>, Vec<usize>) = limits.iter().partition(|&&n| atoms[n].axis() < axis);
    let (over, doubt) = limit(atoms, &over);
    let (under, more) = limit(atoms, &under);
    let base = Box::new(Formula::Operator(sign.sign()?.to_string()));
    let formula = match (under, over) {
        (None, None) => *base,
        (sub, sup) if integral => Formula::Script { base, sub, sup },
        (under, over) => Formula::Stack { base, under, over },
    };
    let taken: Vec<usize> = std::iter::once(at).chain(limits).collect();
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let mut part = Atom::part(formula, &of, axis + super::atoms::AXIS * size, size, true);
    (part.top, part.bottom) = (part.top.min(axis - half), part.bottom.max(axis + half));
    part.right = part.right.min(next.x.max(sign.right));
    part.doubt = part.doubt.or(doubt).or(more);
    Some((taken, part))
}

/// `lim`, `max` and `min` with what stands under them.
fn named(atoms: &[Atom], at: usize) -> Option<(Vec<usize>, Atom)> {
    let first = &atoms[at];
    let next = |last: usize| {
        (0..atoms.len()).find(|&n| {
            let (atom, last) = (&atoms[n], &atoms[last]);
            (atom.baseline - last.baseline).abs() < 0.5
                && (-0.1 * last.size..0.25 * last.size).contains(&(atom.x - last.right))
                && atom.size == last.size
                && n != at
        })
    };
    let second = next(at)?;
    let third = next(second)?;
    // `administer` has no minimum.
    let within = next(third)
        .is_some_and(|n| atoms[n].is_letter() && atoms[n].x - atoms[third].right < 0.1 * first.size)
        || atoms.iter().any(|atom| {
            atom.is_letter()
                && (atom.baseline - first.baseline).abs() < 0.5
                && (-0.1 * first.size..0.12 * first.size).contains(&(first.x - atom.right))
        });
    if within {
        return None;
    }
    let word: String = [at, second, third].iter().filter_map(|&n| atoms[n].sign()).collect();
    if !["lim", "max", "min"].contains(&word.as_str()) {
        return None;
    }
    let right = atoms[third].right;
    let below = |atom: &Atom| {
        let size = first.size;
        atom.size < 0.82 * size && (0.2 * size..1.35 * size).contains(&(atom.axis() - first.axis()))
    };
    let mut under: Vec<usize> = (0..atoms.len())
        .filter(|&n| below(&atoms[n]) && (first.x - 0.5..right + 0.5).contains(&atoms[n].middle()))
        .collect();
    grow(atoms, &mut under, below);
    let (formula, doubt) = limit(atoms, &under);
    let formula = formula?;
    let base = Box::new(Formula::Identifier(word));
    let stack = Formula::Stack { base, under: Some(formula), over: None };
    let taken: Vec<usize> = [at, second, third].into_iter().chain(under).collect();
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let mut part = Atom::part(stack, &of, first.baseline, first.size, false);
    // What follows may begin over the end of the limit.
    part.right = part.right.min(right.max(part.x));
    part.doubt = part.doubt.or(doubt);
    Some((taken, part))
}

/// Adds the atoms that stand close beside those found, on their lines.
fn grow(atoms: &[Atom], found: &mut Vec<usize>, fits: impl Fn(&Atom) -> bool) {
    let mut next = 0;
    while next < found.len() {
        let last = &atoms[found[next]];
        let close = |atom: &Atom| {
            let gap = (atom.x - last.right).max(last.x - atom.right);
            gap < 0.35 * last.size && (atom.axis() - last.axis()).abs() < 0.6 * last.size
        };
        let more: Vec<usize> =
            (0..atoms.len()).filter(|n| !found.contains(n) && fits(&atoms[*n]) && close(&atoms[*n])).collect();
        found.extend(more);
        next += 1;
    }
}

fn limit(atoms: &[Atom], of: &[usize]) -> (Option<Box<Formula>>, Option<&'static str>) {
    if of.is_empty() {
        return (None, None);
    }
    let (formula, doubt) = row::read(&of.iter().map(|&n| &atoms[n]).collect::<Vec<_>>());
    (Some(Box::new(formula)), doubt)
}

/// A sign of these was read as a part.
pub fn is_large(atom: &Atom) -> bool {
    let What::Part { formula, .. } = &atom.what else { return false };
    let base = match formula {
        Formula::Script { base, .. } | Formula::Stack { base, .. } => base,
        other => other,
    };
    matches!(base, Formula::Operator(sign) if LARGE.contains(sign.as_str()))
}
