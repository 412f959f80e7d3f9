//! Brackets taller than a line, with what is between them: a row, a matrix, cases.

use exam_model::formula::Formula;

use super::atoms::{AXIS, Atom};
use super::row;

/// A bracket of one glyph, or of pieces one above the other.
#[derive(Debug, Clone)]
struct Fence {
    /// `(`, `]`, `|`, …
    sign: char,
    taken: Vec<usize>,
    x: f32,
    right: f32,
    /// Of its first glyph.
    baseline: f32,
    size: f32,
    /// From where to where it reaches, if its glyphs tell.
    reach: Option<(f32, f32)>,
}

impl Fence {
    /// From where to where its pieces reach: as far down as up from the axis of what stands beside it.
    fn exact(&self, atoms: &[Atom], right: f32) -> Option<(f32, f32)> {
        let (top, bottom) = self.reach?;
        let axis = axis_beside(atoms, (self.x, right), (top + 0.4 * self.size, bottom - 0.4 * self.size), self.size);
        Some((top, axis.map_or(bottom, |axis| bottom.min(2.0 * axis - top))))
    }
}

/// The pieces of each bracket.
const PIECES: [(char, &str); 7] =
    [('(', "⎛⎜⎝"), (')', "⎞⎟⎠"), ('[', "⎡⎢⎣"), (']', "⎤⎥⎦"), ('{', "⎧⎨⎩⎪"), ('}', "⎫⎬⎭"), ('|', "|∣⎮")];

/// Reads the innermost tall brackets first, until none is left.
pub fn read(mut atoms: Vec<Atom>) -> Vec<Atom> {
    // Each turn takes a pair away; a page has no thousand.
    for _ in 0..1000 {
        let fences = fences(&atoms);
        let found = pairs(&fences).find_map(|(open, close)| between(&atoms, open, close));
        let alone =
            |fence: &&Fence| pairs(&fences).all(|(open, _)| open.x != fence.x || open.baseline != fence.baseline);
        let cases = || fences.iter().filter(alone).find_map(|fence| cases(&atoms, fence));
        let Some((taken, part)) = found.or_else(cases) else { break };
        let mut n = 0;
        atoms.retain(|_| {
            n += 1;
            !taken.contains(&(n - 1))
        });
        atoms.push(part);
    }
    atoms
}

fn fences(atoms: &[Atom]) -> Vec<Fence> {
    let mut glyphs: Vec<(usize, char)> = atoms
        .iter()
        .enumerate()
        .filter_map(|(n, atom)| {
            let sign = atom.sign()?;
            let of_piece = PIECES.iter().find(|(_, pieces)| pieces.contains(sign)).map(|(whole, _)| *whole);
            Some((n, of_piece.or("()[]{}".contains(sign).then_some(sign))?))
        })
        .collect();
    glyphs.sort_by(|a, b| {
        let (a, b) = (&atoms[a.0], &atoms[b.0]);
        (a.x.round()).total_cmp(&b.x.round()).then(a.baseline.total_cmp(&b.baseline))
    });
    glyphs.chunk_by(|a, b| goes_on(&atoms[a.0], &atoms[b.0])).map(|glyphs| fence(atoms, glyphs)).collect()
}

/// The second is the next piece of the first's bracket.
fn goes_on(above: &Atom, below: &Atom) -> bool {
    let piece = |atom: &Atom| atom.is("⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎨⎩⎪⎫⎬⎭⎮");
    let bars = above.is("|∣") && below.is("|∣");
    let step = below.baseline - above.baseline;
    let most = if above.is_hung() {
        1.9
    } else if bars {
        0.98
    } else {
        1.25
    };
    let starts = below.is("⎛⎞⎡⎤⎧⎫");
    (above.x - below.x).abs() < 1.2 && step < most * above.size && (bars || piece(above) && piece(below) && !starts)
}

fn fence(atoms: &[Atom], glyphs: &[(usize, char)]) -> Fence {
    let (first, last) = (&atoms[glyphs[0].0], &atoms[glyphs[glyphs.len() - 1].0]);
    // The middle and the extension of a curly bracket are on either side's.
    let sign = glyphs[0].1;
    let size = first.size;
    let reach = if first.is_hung() {
        let depth = if last.is("⎧⎩⎫⎭") { 0.9 } else { 1.8 };
        Some((first.baseline, last.baseline + depth * last.size))
    } else if first.is("∣") && glyphs.len() > 1 {
        Some((first.baseline, last.baseline + 0.6 * size))
    } else if glyphs.len() > 1 {
        Some((first.baseline - 0.8 * size, last.baseline + 0.3 * size))
    } else {
        None
    };
    let taken = glyphs.iter().map(|(n, _)| *n).collect();
    Fence { sign, taken, x: first.x, right: first.right, baseline: first.baseline, size, reach }
}

/// The heights of TeX's large brackets, which hang from their baseline, in the size of their font.
const HANGING: [f32; 4] = [1.2, 1.8, 2.4, 3.0];

/// The axis of what stands right before or behind brackets, which is theirs too.
fn axis_beside(atoms: &[Atom], (left, right): (f32, f32), (top, bottom): (f32, f32), size: f32) -> Option<f32> {
    let gap = |atom: &Atom| if atom.middle() < left { left - atom.right } else { 1.5 * (atom.x - right) };
    let beside = |atom: &&Atom| {
        (-1.0..2.5 * size).contains(&gap(atom))
            && atom.size > 0.8 * size
            && (top..bottom).contains(&atom.axis())
            && !atom.is("⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎨⎩⎪⎫⎬⎭|∣()[]{}")
    };
    atoms.iter().filter(beside).min_by(|a, b| gap(a).total_cmp(&gap(b))).map(Atom::axis)
}

/// How far a pair of single glyphs that hang from their baseline reaches: as far as what is between is in its middle.
fn hanging(atoms: &[Atom], open: &Fence, close: &Fence, inner: &[usize]) -> Option<(f32, f32)> {
    let (size, top) = (open.size, open.baseline);
    let beside = axis_beside(atoms, (open.x, close.right), (top - 0.55 * size, top + 1.8 * size), size);
    if beside.is_some_and(|axis| axis < top + 0.3 * size) {
        return None;
    }
    let inside = |top: f32, bottom: f32| {
        let within = inner.iter().map(|&n| &atoms[n]).filter(|atom| (top..bottom).contains(&atom.axis()));
        within.fold((f32::MAX, f32::MIN), |(high, low), atom| (high.min(atom.top), low.max(atom.bottom)))
    };
    // Without anything beside it, nothing may be between right above where it would hang from.
    if beside.is_none() && inside(top - 1.1 * size, top).0 < f32::MAX {
        return None;
    }
    HANGING.iter().find_map(|height| {
        let middle = top + height * size / 2.0;
        let (high, low) = inside(top, top + height * size);
        let centre = (high + low) / 2.0;
        let fits =
            high > top - 0.2 * size && low < top + (height + 0.2) * size && (centre - middle).abs() < 0.35 * size;
        let axis = beside.unwrap_or(centre);
        (fits && (axis - middle).abs() < 0.3 * size).then_some((top, 2.0 * axis - top))
    })
}

/// Opening brackets with their closing ones, inner pairs first.
fn pairs(fences: &[Fence]) -> impl Iterator<Item = (&Fence, &Fence)> {
    let mut pairs: Vec<(&Fence, &Fence)> = Vec::new();
    for open in fences.iter().filter(|fence| "([{|".contains(fence.sign)) {
        let level = |other: &&Fence| {
            (other.baseline - open.baseline).abs() < 0.2 * open.size && other.taken.len() == open.taken.len()
        };
        let fits = |close: &&Fence| {
            let partner = match open.sign {
                '{' => close.sign == '}',
                '|' => close.sign == '|',
                _ => close.sign == ')' || close.sign == ']',
            };
            partner && level(close) && close.x > open.right - 1.0 && close.x - open.right < 30.0 * open.size
        };
        // Of bars on one line, the first and the third open.
        let before = fences.iter().filter(|fence| fence.sign == '|' && level(fence) && fence.x < open.x).count();
        if open.sign == '|' && before % 2 == 1 {
            continue;
        }
        pairs.extend(fences.iter().filter(fits).min_by(|a, b| a.x.total_cmp(&b.x)).map(|close| (open, close)));
    }
    pairs.sort_by(|a, b| (a.1.x - a.0.x).total_cmp(&(b.1.x - b.0.x)));
    pairs.into_iter()
}

/// What tall brackets hold; `None` for brackets that are no taller than a line, which `row` reads.
fn between(atoms: &[Atom], open: &Fence, close: &Fence) -> Option<(Vec<usize>, Atom)> {
    let fence = |n: &usize| open.taken.contains(n) || close.taken.contains(n);
    let across = |n: &usize| {
        let atom = &atoms[*n];
        !fence(n)
            && atom.middle() > open.x
            && atom.middle() < close.right
            && atom.x > open.x - 0.5
            && atom.right < close.right + 0.5
    };
    let inner: Vec<usize> = (0..atoms.len()).filter(across).collect();
    let on_line = inner.iter().any(|&n| atoms[n].is_on(open.baseline, open.size));
    let hangs = || if on_line { None } else { hanging(atoms, open, close, &inner) };
    let pieces = || open.exact(atoms, close.right);
    let (top, bottom) = pieces().or_else(hangs).or_else(|| clear(atoms, open, close, &inner))?;
    let content: Vec<usize> = inner
        .into_iter()
        .filter(|&n| (top - 0.1 * open.size..bottom + 0.1 * open.size).contains(&atoms[n].axis()))
        .collect();
    let of: Vec<&Atom> = content.iter().map(|&n| &atoms[n]).collect();
    if of.is_empty() {
        return None;
    }
    let (formula, doubt) = table(&of, 0.45, true);
    let bar = open.sign == '|';
    let formula = Formula::Fenced { open: open.sign.to_string(), close: close.sign.to_string(), of: Box::new(formula) };
    let (baseline, size) = row::line_of(&of)?;
    let taken: Vec<usize> = [&content, &open.taken, &close.taken].into_iter().flatten().copied().collect();
    let all: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let single = !matches!(&formula, Formula::Fenced { of, .. } if matches!(**of, Formula::Matrix(_)));
    let axis = if single { baseline - AXIS * size } else { (top + bottom) / 2.0 };
    let mut part = Atom::part(formula, &all, axis + AXIS * size, size, true);
    part.doubt = part.doubt.or(doubt).or((bar && single && open.taken.len() < 2).then_some("bars may be no brackets"));
    Some((taken, part))
}

/// How far up and down a bracket of one glyph on the line's baseline reaches: as far as rows over and under its line are
/// all between it and its partner.
fn clear(atoms: &[Atom], open: &Fence, close: &Fence, inner: &[usize]) -> Option<(f32, f32)> {
    let axis = open.baseline - AXIS * open.size;
    let size = open.size;
    // How far each row that is between the brackets alone is from the axis.
    let rows = |up: bool| {
        let mut reaches = vec![0.0_f32];
        let mut near: Vec<&Atom> = inner
            .iter()
            .map(|&n| &atoms[n])
            .filter(|atom| (atom.axis() < axis) == up && atom.size > 0.65 * size)
            .collect();
        near.sort_by(|a, b| (a.axis() - axis).abs().total_cmp(&(b.axis() - axis).abs()));
        for atom in near {
            let beside = atoms.iter().enumerate().any(|(n, other)| {
                let outer = other.right > open.x - 0.6 * size && other.x < close.right + 0.6 * size;
                let level = (other.axis() - atom.axis()).abs() < 0.3 * size;
                let fence = open.taken.contains(&n) || close.taken.contains(&n);
                // `(a)` over `(b)`
                let over = |fence: &Fence| (fence.x..fence.right).contains(&other.middle());
                level && !fence && (outer && !inner.contains(&n) || over(open) || over(close))
            });
            let (reach, last) = ((atom.axis() - axis).abs(), reaches[reaches.len() - 1]);
            if beside || reach - last > 1.5 * size {
                break;
            }
            if reach - last < 0.2 * size && reaches.len() > 1 {
                reaches.pop();
            }
            reaches.push(reach);
        }
        reaches
    };
    let (ups, downs) = (rows(true), rows(false));
    // A matrix reaches as far up as down; what is further is another line.
    let pairs = ups.iter().flat_map(|up| downs.iter().map(move |down| (*up, *down)));
    let level = pairs.filter(|(up, down)| up.min(*down) > 0.35 * size && (up - down).abs() < 0.5 * size);
    let (up, down) = level.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((axis - up - 0.2 * size, axis + down + 0.2 * size))
}

/// Rows and columns, or the one row.
fn table(of: &[&Atom], gap: f32, full: bool) -> (Formula, Option<&'static str>) {
    let rows = rows(of);
    let size = of.iter().map(|atom| atom.size).fold(0.0, f32::max);
    let mut spans: Vec<(f32, f32)> = of.iter().map(|atom| (atom.x, atom.right)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for (from, to) in spans {
        match columns.last_mut() {
            Some(last) if from - last.1 < gap * size => last.1 = last.1.max(to),
            _ => columns.push((from, to)),
        }
    }
    // `(5 3 6)` is a matrix of one row.
    let apart = |pair: &[(f32, f32)]| pair[1].0 - pair[0].1 > 0.8 * size;
    if rows.len() < 2 && !(full && columns.len() > 1 && columns.windows(2).all(apart)) {
        return row::read(of);
    }
    let mut doubt = None;
    let cells: Vec<Vec<Formula>> = rows
        .iter()
        .map(|row| {
            let cells = columns.iter().map(|column| {
                let cell: Vec<&Atom> =
                    row.iter().copied().filter(|atom| (column.0..=column.1).contains(&atom.middle())).collect();
                (!cell.is_empty()).then(|| {
                    let (formula, more) = row::read(&cell);
                    doubt = doubt.or(more);
                    formula
                })
            });
            let cells: Vec<Option<Formula>> = cells.collect();
            if full && cells.contains(&None) {
                doubt = doubt.or(Some("a cell of it is empty"));
            }
            cells.into_iter().flatten().collect()
        })
        .collect();
    (Formula::Matrix(cells), doubt)
}

/// Atoms by their height, small ones beside the line that they are nearest to.
fn rows<'a>(of: &[&'a Atom]) -> Vec<Vec<&'a Atom>> {
    let size = of.iter().filter(|atom| !atom.is("()[]{}|")).map(|atom| atom.size).fold(0.0, f32::max);
    let (mut main, small): (Vec<&Atom>, Vec<&Atom>) = of.iter().copied().partition(|atom| atom.size > 0.85 * size);
    main.sort_by(|a, b| a.axis().total_cmp(&b.axis()));
    let mut rows: Vec<Vec<&Atom>> = Vec::new();
    for atom in main {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| atom.axis() - last.axis() < 0.5 * size) => row.push(atom),
            _ => rows.push(vec![atom]),
        }
    }
    for atom in small {
        let away = |row: &Vec<&Atom>| (row[0].axis() - atom.axis()).abs();
        if let Some(row) = rows.iter_mut().min_by(|a, b| away(a).total_cmp(&away(b))) {
            row.push(atom);
        }
    }
    rows
}

/// What stands in rows behind a tall brace that nothing closes.
fn cases(atoms: &[Atom], brace: &Fence) -> Option<(Vec<usize>, Atom)> {
    if brace.sign != '{' {
        return None;
    }
    // A single glyph hangs, or stands on the line.
    let (at, size) = (brace.baseline, brace.size);
    let middle = at - AXIS * size;
    let standing = (middle - 2.35 * size, middle + 2.35 * size);
    let beside = axis_beside(atoms, (brace.x, f32::MAX), (at - 0.55 * size, at + 2.0 * size), size);
    let reaches = match (brace.exact(atoms, f32::MAX), beside) {
        (Some(reach), _) => vec![reach],
        (None, Some(axis)) if axis > at + 0.3 * size => vec![(at, 2.0 * axis - at)],
        (None, Some(_)) => vec![standing],
        _ => HANGING[1..].iter().map(|height| (at, at + height * size)).chain([standing]).collect(),
    };
    reaches.into_iter().find_map(|reach| behind(atoms, brace, reach))
}

/// The rows behind a brace that reaches so far, if they are centred on it.
fn behind(atoms: &[Atom], brace: &Fence, (top, bottom): (f32, f32)) -> Option<(Vec<usize>, Atom)> {
    let size = brace.size;
    let axis = (top + bottom) / 2.0;
    let starts = |atom: &Atom| {
        (brace.right - 1.0..brace.right + 1.2 * size).contains(&atom.x)
            && (top - 0.2 * size..bottom + 0.2 * size).contains(&atom.axis())
            && atom.size > 0.6 * size
    };
    // Prose goes on from before the brace's place in its line.
    let prose = |first: &&Atom| {
        atoms.iter().any(|other| {
            other.right < brace.right
                && brace.x - other.right < 0.6 * size
                && (other.axis() - axis).abs() > 0.3 * size
                && (first.axis() - other.axis()).abs() < 0.2 * size
        })
    };
    let firsts: Vec<&Atom> = atoms.iter().filter(|atom| starts(atom) && !prose(atom)).collect();
    let apart =
        |up: bool| firsts.iter().any(|atom| (atom.axis() < axis) == up && (atom.axis() - axis).abs() > 0.3 * size);
    let level = |up: bool| firsts.iter().map(|atom| atom.axis()).reduce(if up { f32::min } else { f32::max });
    let centred = level(true).zip(level(false)).is_some_and(|(up, down)| ((up + down) / 2.0 - axis).abs() < 0.4 * size);
    if !(apart(true) && apart(false) && centred) {
        return None;
    }
    let mut taken: Vec<usize> = Vec::new();
    let mut ends: Vec<f32> = Vec::new();
    let mut lines: Vec<Vec<&Atom>> = rows(&firsts);
    // What stands on the axis goes on behind the rows.
    let away = |line: &Vec<&Atom>| (line[0].axis() - axis).abs();
    lines.sort_by(|a, b| away(b).total_cmp(&away(a)));
    // A short row's second cell stands under that of a long one.
    for line in lines.iter().chain(&lines) {
        let level = line[0].axis();
        let mut on: Vec<usize> = (0..atoms.len())
            .filter(|n| {
                let atom = &atoms[*n];
                let near = 0.5 * atom.size.max(0.7 * size);
                atom.x > brace.right - 1.0 && (atom.axis() - level).abs() < near && !brace.taken.contains(n)
            })
            .collect();
        on.sort_by(|a, b| atoms[*a].x.total_cmp(&atoms[*b].x));
        let mut end = brace.right;
        let limit = if (level - axis).abs() < 0.3 * size {
            ends.iter().copied().fold(f32::MIN, f32::max).max(0.0)
        } else {
            f32::MAX
        };
        for n in on {
            let gap = atoms[n].x - end;
            let under = || taken.iter().any(|&other| (atoms[other].x - atoms[n].x).abs() < 0.8 * size);
            if gap > 2.6 * size && !under() || atoms[n].x > limit {
                break;
            }
            end = end.max(atoms[n].right);
            if !taken.contains(&n) {
                taken.push(n);
            }
        }
        ends.push(end);
    }
    let of: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let (formula, doubt) = table(&of, 0.8, false);
    let Formula::Matrix(rows) = formula else { return None };
    taken.extend(&brace.taken);
    let all: Vec<&Atom> = taken.iter().map(|&n| &atoms[n]).collect();
    let mut part = Atom::part(Formula::Cases(rows), &all, axis + AXIS * size, size, true);
    part.doubt = part.doubt.or(doubt);
    Some((taken, part))
}
