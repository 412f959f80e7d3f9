//! Where in a line a formula starts and ends: around what is in two dimensions, as far as signs, numbers and single letters
//! go on.

use exam_model::formula::Formula;

use super::Found;
use super::atoms::{Atom, What};
use super::{limits, row};
use crate::text::Area;

/// A word, a number, a sign or a part, with the small atoms behind it.
struct Token<'a> {
    atoms: Vec<&'a Atom>,
    x: f32,
    right: f32,
    kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    /// It makes the line a formula.
    Seed,
    /// Joins what stands on its sides.
    Operator,
    Open,
    Close,
    /// A number, a letter, a function: may be in a formula.
    Operand,
    Comma,
    Prose,
}

/// The formulae among a page's atoms.
pub fn read(atoms: &[Atom]) -> Vec<Found> {
    let mut used = vec![false; atoms.len()];
    let mut found = Vec::new();
    let mut seeds: Vec<usize> = (0..atoms.len()).filter(|&n| atoms[n].is_part()).collect();
    seeds.sort_by(|&a, &b| atoms[b].size.total_cmp(&atoms[a].size).then(atoms[a].x.total_cmp(&atoms[b].x)));
    seeds.extend((0..atoms.len()).filter(|&n| is_raised_letter(atoms, n)));
    for seed in seeds {
        if used[seed] {
            continue;
        }
        let (baseline, size) = line_around(atoms, seed);
        let on: Vec<usize> = (0..atoms.len()).filter(|&n| !used[n] && is_near(atoms, n, baseline, size)).collect();
        let Some(span) = span(atoms, &on, seed, baseline, size) else { continue };
        for n in &span {
            used[*n] = true;
        }
        let of: Vec<&Atom> = span.iter().map(|&n| &atoms[n]).collect();
        let (formula, doubt) = row::read(&of);
        let part = Atom::part(formula, &of, baseline, size, false);
        let area = Area { x: part.x, y: part.top, width: part.right - part.x, height: part.bottom - part.top };
        let doubt = doubt
            .or_else(|| left_over(atoms, &span, &area))
            .or_else(|| bracket_beside(atoms, &span, &area, (baseline, size)));
        let What::Part { formula, .. } = part.what else { continue };
        found.push(Found { area, baseline, size, formula, doubt });
    }
    found
}

/// Something stands in the middle of the formula that is no part of it.
fn left_over(atoms: &[Atom], span: &[usize], area: &Area) -> Option<&'static str> {
    let inside = |atom: &Atom| {
        let y = atom.baseline - 0.3 * atom.size;
        (area.x + 1.0..area.right() - 1.0).contains(&atom.middle()) && (area.y + 1.0..area.bottom() - 1.0).contains(&y)
    };
    let other = atoms.iter().enumerate().any(|(n, atom)| !atom.is_part() && inside(atom) && !span.contains(&n));
    other.then_some("something in it was not read")
}

/// A bracket stands beside the formula, but not on its line: it may be a tall one around it.
fn bracket_beside(atoms: &[Atom], span: &[usize], area: &Area, (baseline, size): (f32, f32)) -> Option<&'static str> {
    let beside = |atom: &Atom| {
        let gap = (atom.x - area.right()).max(area.x - atom.right);
        atom.is("()[]{}⎛⎜⎝⎞⎟⎠⎡⎢⎣⎧⎨⎩⎤⎥⎦")
            && (-0.3 * size..0.45 * size).contains(&gap)
            && (area.y - 0.3 * size..area.bottom() + 0.3 * size).contains(&atom.baseline)
            && !atom.is_on(baseline, size)
    };
    let other = atoms.iter().enumerate().any(|(n, atom)| beside(atom) && !span.contains(&n));
    other.then_some("a bracket beside it was not read")
}

/// A small glyph behind a letter, a number or a bracket, above or below its line.
fn is_raised_letter(atoms: &[Atom], n: usize) -> bool {
    let small = &atoms[n];
    let is_base = |base: &Atom| {
        small.size < 0.8 * base.size
            && (-0.1 * base.size..0.2 * base.size).contains(&(small.x - base.right))
            && (0.12 * base.size..0.75 * base.size).contains(&(small.baseline - base.baseline).abs())
            && (base.is_letter() || base.is_digit() || base.is(")]|") || base.is_part())
    };
    if small.is_part() || !atoms.iter().any(is_base) {
        return false;
    }
    let run: String = atoms
        .iter()
        .filter(|atom| (atom.baseline - small.baseline).abs() < 0.5 && atom.size == small.size)
        .filter(|atom| (atom.x - small.x).abs() < 1.5 * small.size)
        .filter_map(|atom| atom.sign())
        .collect();
    !["st", "nd", "rd", "th", "er", "re"].contains(&run.to_lowercase().as_str())
}

/// The baseline and size of the line that an atom stands in: those of a glyph beside it.
fn line_around(atoms: &[Atom], seed: usize) -> (f32, f32) {
    let part = &atoms[seed];
    let gap = |atom: &Atom| (atom.x - part.right).max(part.x - atom.right);
    if !part.is_part() {
        // A raised glyph stands in the line of what is before it.
        let base = atoms.iter().filter(|base| {
            part.size < 0.8 * base.size
                && (-0.1 * base.size..0.2 * base.size).contains(&(part.x - base.right))
                && (0.12 * base.size..0.75 * base.size).contains(&(part.baseline - base.baseline).abs())
        });
        let base = base.min_by(|a, b| gap(a).abs().total_cmp(&gap(b).abs()));
        return base.map_or((part.baseline, part.size), |base| (base.baseline, base.size));
    }
    let What::Part { centred, .. } = part.what else { return (part.baseline, part.size) };
    let beside = atoms.iter().filter(|atom| {
        let away = (atom.axis() - part.axis()).abs();
        let level =
            if centred { away < 0.22 * atom.size } else { (atom.baseline - part.baseline).abs() < 0.15 * atom.size };
        !atom.is_part()
            && level
            && (-1.0..2.0 * atom.size).contains(&gap(atom))
            && atom.size > 0.9 * part.size
            && (centred || atom.size < 1.2 * part.size)
    });
    let near = beside.min_by(|a, b| gap(a).total_cmp(&gap(b)));
    raised_from(atoms, part, near.map_or((part.baseline, part.size), |atom| (atom.baseline, atom.size)))
}

/// The line from which a part's line is raised or lowered, if it is a power or an index; else its own.
fn raised_from(atoms: &[Atom], part: &Atom, (baseline, size): (f32, f32)) -> (f32, f32) {
    let mut left = part.x;
    while let Some(before) = atoms.iter().find(|atom| {
        atom.is_on(baseline, size) && atom.x < left - 0.1 && (-0.15 * size..0.35 * size).contains(&(left - atom.right))
    }) {
        left = before.x;
    }
    let base = atoms.iter().find(|base| {
        (base.is_letter() || base.is_digit() || base.is(")]"))
            && base.size > 0.95 * size
            && (-0.1 * base.size..0.2 * base.size).contains(&(left - base.right))
            && (0.2 * base.size..0.75 * base.size).contains(&(base.baseline - baseline).abs())
    });
    base.map_or((baseline, size), |base| (base.baseline, base.size))
}

/// On a line, or a small atom close above or below it.
fn is_near(atoms: &[Atom], n: usize, baseline: f32, size: f32) -> bool {
    let atom = &atoms[n];
    // Dots to write on stand lower than the line.
    if atom.is("._…") {
        return atom.is_on(baseline, size);
    }
    let bracket = atom.is("()[]") && (atom.baseline - baseline).abs() < 0.6 * size;
    let small = (bracket || (0.35 * size..0.82 * size).contains(&atom.size))
        && (atom.axis() - baseline + 0.27 * size).abs() < 0.9 * size;
    let high = || (atom.bottom.min(baseline + 0.2 * size) - atom.top.max(baseline - size)) > 0.0;
    atom.is_on(baseline, size) || small && high()
}

/// The atoms of the formula around the seed.
fn span(atoms: &[Atom], on: &[usize], seed: usize, baseline: f32, size: f32) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = on.to_vec();
    order.sort_by(|&a, &b| atoms[a].x.total_cmp(&atoms[b].x));
    let mut line: Vec<&Atom> = Vec::new();
    // A glyph of the page beyond a wide gap is in another column.
    let at = order.iter().position(|&n| n == seed)?;
    let mut from = at;
    while from > 0 && atoms[order[from]].x - atoms[order[from - 1]].right < 2.2 * size {
        from -= 1;
    }
    let mut to = at;
    let mut end = atoms[order[at]].right;
    while to + 1 < order.len() && atoms[order[to + 1]].x - end < 2.2 * size {
        to += 1;
        end = end.max(atoms[order[to]].right);
    }
    line.extend(order[from..=to].iter().map(|&n| &atoms[n]));
    let tokens = tokens(&line, baseline, size);
    let here = tokens.iter().position(|token| token.atoms.iter().any(|atom| std::ptr::eq(*atom, &atoms[seed])))?;
    let (mut first, mut last) = (here, here);
    while first > 0 && joins(&tokens[first - 1], &tokens[first], size) {
        first -= 1;
    }
    while last + 1 < tokens.len() && joins(&tokens[last], &tokens[last + 1], size) {
        last += 1;
    }
    let (first, last) = trimmed(&tokens, first, last, here);
    if tokens[here].kind == TokenKind::Prose {
        return None;
    }
    let kept: Vec<&Atom> = tokens[first..=last].iter().flat_map(|token| token.atoms.iter().copied()).collect();
    Some(order[from..=to].iter().copied().filter(|&n| kept.iter().any(|atom| std::ptr::eq(*atom, &atoms[n]))).collect())
}

/// A line's atoms as tokens, from left to right.
fn tokens<'a>(line: &[&'a Atom], baseline: f32, size: f32) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'a>> = Vec::new();
    for (n, atom) in line.iter().copied().enumerate() {
        let on = atom.is_on(baseline, size);
        // `0.5`, `9,700`
        let decimal =
            atom.is(".,") && line.get(n + 1).is_some_and(|next| next.is_digit() && next.x - atom.right < 0.13 * size);
        if let Some(last) = tokens.last_mut() {
            let gap = atom.x - last.right;
            let digits = |token: &Token<'_>| token.atoms.last().is_some_and(|atom| atom.is_digit());
            let same = last.atoms.last().is_some_and(|before| before.is_on(baseline, size))
                && (atom.is_letter() && last.atoms.iter().all(|atom| atom.is_letter())
                    || (atom.is_digit() || decimal)
                        && (digits(last) || last.atoms.last().is_some_and(|atom| atom.is(".,"))));
            if !on && gap < 0.6 * size || on && same && gap < 0.13 * size {
                last.right = last.right.max(atom.right);
                last.atoms.push(atom);
                continue;
            }
        }
        tokens.push(Token { atoms: vec![atom], x: atom.x, right: atom.right, kind: TokenKind::Prose });
    }
    for token in &mut tokens {
        token.kind = kind(&token.atoms, baseline, size);
    }
    // The last letter of `w.r.t.` is none of a formula.
    for n in 1..tokens.len() {
        let point = tokens[n - 1].atoms[0].is(".");
        let close = |n: usize| tokens[n].x - tokens[n - 1].right < 0.1 * size;
        let letters = |n: usize| tokens[n].atoms.iter().all(|atom| atom.is_letter());
        if point && close(n) && n > 1 && letters(n) && letters(n - 2) && close(n - 1) {
            tokens[n].kind = TokenKind::Prose;
        }
        // `½.⅓` is a product.
        let factor = |n: usize| matches!(tokens[n].kind, TokenKind::Seed | TokenKind::Close | TokenKind::Operand);
        if point && n > 1 && factor(n - 2) && factor(n) && tokens[n].x - tokens[n - 2].right < 0.7 * size {
            let seed = tokens[n].kind == TokenKind::Seed || tokens[n - 2].kind == TokenKind::Seed;
            if seed || tokens[n - 2].kind == TokenKind::Close {
                tokens[n - 1].kind = TokenKind::Operator;
            }
        }
    }
    tokens
}

fn kind(atoms: &[&Atom], baseline: f32, size: f32) -> TokenKind {
    let first = atoms[0];
    if !first.is_on(baseline, size) {
        return TokenKind::Prose;
    }
    let raised = atoms.iter().any(|atom| !atom.is_on(baseline, size));
    if first.is_part() {
        return TokenKind::Seed;
    }
    let word: String = atoms.iter().filter(|atom| atom.is_on(baseline, size)).filter_map(|atom| atom.sign()).collect();
    let math = atoms.iter().all(|atom| matches!(atom.what, What::Glyph { math: true, .. }));
    let product = |word: &str| {
        let count = word.chars().count();
        let name = row::function(word).is_some();
        let differential =
            count < 5 && ["dx", "dy", "dz", "dt", "du", "dr", "dθ"].iter().any(|end| word.ends_with(end));
        count == 1 || name || differential || count == 2 && (raised || !PARTICLES.contains(&word))
    };
    match first.sign().unwrap_or(' ') {
        '(' | '[' | '{' => TokenKind::Open,
        ')' | ']' | '}' if raised => TokenKind::Seed,
        ')' | ']' | '}' => TokenKind::Close,
        ',' | ';' => TokenKind::Comma,
        'ϵ' => TokenKind::Operator,
        '|' | '∣' | '∞' | '°' | '%' | '…' => TokenKind::Operand,
        sign if sign.is_ascii_digit() => {
            if raised {
                TokenKind::Seed
            } else {
                TokenKind::Operand
            }
        }
        'é' | 'à' | 'è' | 'ó' | 'É' | 'À' => TokenKind::Prose,
        sign if sign.is_alphabetic() => match (product(&word) || math, raised) {
            (true, true) => TokenKind::Seed,
            (true, false) => TokenKind::Operand,
            _ => TokenKind::Prose,
        },
        '+' | '−' | '±' | '×' | '÷' | '=' | '<' | '>' | '≤' | '≥' | '≠' | '≈' | '≡' | '∼' | '∈' | '∉' | '∪' | '∩'
        | '⊂' | '⊆' | ':' | '→' | '⇒' | '⇔' | '/' | '*' | '⋅' | '′' | '∂' | '∇' | '∠' | '∆' | '⊥' | '∥' | '∨' | '∧'
        | '!' | '∫' | '∑' | '∏' => TokenKind::Operator,
        _ => TokenKind::Prose,
    }
}

/// Words of two letters that are no product of two variables.
const PARTICLES: [&str; 40] = [
    "if", "If", "is", "Is", "or", "Or", "of", "Of", "in", "In", "on", "On", "at", "At", "to", "To", "by", "By", "be",
    "we", "it", "It", "an", "An", "as", "As", "so", "no", "No", "do", "et", "Et", "de", "la", "le", "un", "du", "en",
    "si", "Si",
];

/// Whether a formula goes on from one token to the next.
fn joins(left: &Token<'_>, right: &Token<'_>, size: f32) -> bool {
    use TokenKind::{Close, Comma, Open, Operand, Operator, Prose, Seed};
    let gap = right.x - left.right;
    match (left.kind, right.kind) {
        (Prose, _) | (_, Prose) => false,
        (Operator, _) | (_, Operator) => gap < 0.9 * size,
        (_, Comma) => gap < 0.3 * size,
        (Comma, _) => gap < 0.8 * size,
        (Open, _) | (_, Close) => gap < 0.6 * size,
        (Seed | Operand | Close, Seed | Operand | Open) => {
            // A letter beyond a space is a word: `½ e ⅓` is Portuguese.
            let vowel = |token: &Token<'_>| token.atoms.len() > 1 || token.atoms[0].is("aeioyAEIOY");
            let word = |token: &Token<'_>| token.kind == Operand && token.atoms[0].is_letter() && vowel(token);
            let reach = match (function(left), right.kind) {
                (Function::Large, _) => 0.9,
                (Function::Named, _) => 0.5,
                (Function::Letter, Open) => 0.45,
                _ if is_differential(right) => 0.4,
                _ if word(left) || word(right) && !matches!(function(right), Function::Named) => 0.2,
                _ => 0.3,
            };
            gap < reach * size
        }
    }
}

/// What may stand before its argument at a distance.
enum Function {
    /// A sum, an integral, a limit.
    Large,
    Named,
    /// `f`, but no article.
    Letter,
    None,
}

/// `dx`.
fn is_differential(token: &Token<'_>) -> bool {
    token.atoms.len() == 2 && token.atoms[0].is("d") && token.atoms[1].is_letter()
}

fn function(token: &Token<'_>) -> Function {
    let limit = |atom: &&Atom| {
        let named = |base: &Formula| matches!(base, Formula::Identifier(_));
        matches!(&atom.what, What::Part { formula: Formula::Stack { base, under: Some(_), .. }, .. } if named(base))
    };
    let word: String =
        token.atoms.iter().map_while(|atom| atom.sign()).take_while(|sign| sign.is_alphabetic()).collect();
    if token.atoms.first().is_some_and(|atom| limits::is_large(atom) || limit(atom)) {
        Function::Large
    } else if row::FUNCTIONS.contains(&word.as_str()) {
        Function::Named
    } else if word.chars().count() == 1 && !["a", "A", "I"].contains(&word.as_str()) {
        Function::Letter
    } else {
        Function::None
    }
}

/// Without a label before it, and without brackets, commas and operators that lead out of it.
fn trimmed(tokens: &[Token<'_>], mut first: usize, mut last: usize, here: usize) -> (usize, usize) {
    use TokenKind::{Close, Comma, Open};
    loop {
        let open = tokens[first..=last].iter().filter(|token| token.kind == Open).count();
        let close = tokens[first..=last].iter().filter(|token| closes(token)).count();
        let before = (first, last);
        // `a) ½`
        let unopened = unopened(&tokens[first..=last]).map(|n| first + n);
        if let Some(n) = unopened {
            if n < here {
                first = n + 1;
            } else if n > here {
                last = n - 1;
            }
        } else if open > close && tokens[last].kind == Open && last > here {
            last -= 1;
        }
        // `(a) ½` at the start of its line
        if first == 0 && here > first + 2 && tokens[0].kind == Open && tokens[2].kind == Close {
            first = 3;
        }
        let colon = |token: &Token<'_>| token.atoms[0].is(":");
        if colon(&tokens[last]) && last > here {
            last -= 1;
        }
        if colon(&tokens[first]) && first < here {
            first += 1;
        }
        // Words may follow a comma, one letter long.
        let formal = |tokens: &[Token<'_>]| {
            tokens.iter().any(|token| matches!(token.kind, TokenKind::Seed | TokenKind::Operator | Close | Open))
        };
        let comma = |token: &Token<'_>| token.kind == Comma;
        if let Some(n) = tokens[here..=last].iter().rposition(comma)
            && !formal(&tokens[here + n + 1..=last])
        {
            last = (here + n).saturating_sub(1).max(here);
        }
        if let Some(n) = tokens[first..here].iter().position(comma)
            && !formal(&tokens[first..first + n])
        {
            first += n + 1;
        }
        if before == (first, last) {
            return before;
        }
    }
}

fn closes(token: &Token<'_>) -> bool {
    token.atoms.first().is_some_and(|atom| atom.is(")]}"))
}

/// The first closing bracket that nothing opens.
fn unopened(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0;
    tokens.iter().position(|token| {
        depth += i32::from(token.kind == TokenKind::Open) - i32::from(closes(token));
        depth < 0
    })
}
