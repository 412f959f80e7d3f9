//! One line of a formula: what is raised and lowered, numbers, names, brackets.

use exam_model::formula::Formula;

use super::atoms::{Atom, What};

/// Names of functions, longer ones before those that they begin with.
pub const FUNCTIONS: [&str; 30] = [
    "arcsin", "arccos", "arctan", "cosec", "sinh", "cosh", "tanh", "coth", "sech", "csch", "sin", "cos", "tan", "cot",
    "sec", "csc", "log", "exp", "lim", "max", "min", "det", "adj", "gcd", "lcm", "Var", "Cov", "mod", "ln", "lg",
];

/// Words within formulae.
const WORDS: [&str; 32] = [
    "if",
    "for",
    "when",
    "where",
    "and",
    "or",
    "then",
    "otherwise",
    "if",
    "is",
    "not",
    "to",
    "of",
    "the",
    "with",
    "in",
    "at",
    "si",
    "et",
    "ou",
    "pour",
    "sinon",
    "cm",
    "mm",
    "km",
    "kg",
    "mol",
    "sq",
    "units",
    "all",
    "from",
    "by",
];

/// A thing on the line with what is raised and lowered behind it.
struct Element<'a> {
    atom: &'a Atom,
    sub: Vec<&'a Atom>,
    sup: Vec<&'a Atom>,
}

impl Element<'_> {
    fn right(&self) -> f32 {
        [&self.sub, &self.sup].into_iter().flatten().map(|atom| atom.right).fold(self.atom.right, f32::max)
    }
}

/// The tree of a line, and why it may be wrong.
pub fn read(atoms: &[&Atom]) -> (Formula, Option<&'static str>) {
    let mut doubt = atoms.iter().find_map(|atom| atom.doubt);
    let Some((baseline, size)) = line_of(atoms) else {
        return (Formula::Row(Vec::new()), Some("a part of it is empty"));
    };
    let mut sorted: Vec<&Atom> = atoms.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut elements: Vec<Element<'_>> = Vec::new();
    let mut early: Vec<&Atom> = Vec::new();
    for atom in sorted {
        if atom.is_on(baseline, size) {
            let wide = |element: &Element<'_>| {
                let most = if element.atom.is_digit() && atom.is_digit() { 0.5 } else { 1.4 };
                atom.x - element.right() > most * size && !element.atom.is(",;") && !atom.is(",;")
            };
            if elements.last().is_some_and(wide) {
                doubt = doubt.or(Some("its parts stand far apart"));
            }
            elements.push(Element { atom, sub: Vec::new(), sup: Vec::new() });
        } else if let Some(element) = elements.last_mut() {
            if atom.x - element.right() > 0.55 * size {
                doubt = doubt.or(Some("a small sign stands apart"));
            }
            let raised = atom.axis() < baseline - 0.27 * size;
            if raised { &mut element.sup } else { &mut element.sub }.push(atom);
        } else {
            early.push(atom);
        }
    }
    if !early.is_empty() {
        doubt = doubt.or(Some("a small sign stands before its line"));
    }
    let (parts, more) = parts(&elements, size);
    let mut all: Vec<Formula> = early.iter().map(|atom| read(&[*atom]).0).collect();
    all.extend(parts);
    doubt = doubt.or(more).or_else(|| unfinished(&all));
    (Formula::row(all), doubt)
}

/// The baseline and size of a line: those of its largest glyphs, of most of them.
pub fn line_of(atoms: &[&Atom]) -> Option<(f32, f32)> {
    let glyphs = || atoms.iter().filter(|atom| !atom.is_part() && !atom.is("()[]{}|∣"));
    let firm = || atoms.iter().filter(|atom| matches!(atom.what, What::Part { centred: false, .. }));
    let size = glyphs().chain(firm()).map(|atom| atom.size).fold(0.0, f32::max);
    let mut best: Option<(usize, f32)> = None;
    for atom in glyphs().chain(firm()).filter(|atom| atom.size > 0.85 * size) {
        let same = |other: &&&Atom| (other.baseline - atom.baseline).abs() < 0.1 * size;
        let count = glyphs().chain(firm()).filter(same).count();
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, atom.baseline));
        }
    }
    let centred = || atoms.iter().max_by(|a, b| a.size.total_cmp(&b.size)).map(|atom| (atom.baseline, atom.size));
    best.map(|(_, baseline)| (baseline, size)).or_else(centred)
}

const UNFINISHED: &str = "it ends too early";

/// An operator that something must follow stands last.
fn unfinished(parts: &[Formula]) -> Option<&'static str> {
    let last = matches!(parts.last(), Some(Formula::Operator(sign)) if "=<>≤≥≠×÷+−∫∑∏√".contains(sign.as_str()));
    let root = parts.iter().any(|part| matches!(part, Formula::Operator(sign) if sign == "√"));
    (last && parts.len() > 1).then_some(UNFINISHED).or(root.then_some("a root has no bar"))
}

/// A part on its way into brackets: of one element, or of several.
enum Piece {
    Open(String),
    Close(String, Vec<Formula>),
    Bar(Vec<Formula>),
    Whole(Formula),
}

fn parts(elements: &[Element<'_>], size: f32) -> (Vec<Formula>, Option<&'static str>) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut doubt = None;
    let mut at = 0;
    while at < elements.len() {
        let (ends, more) = ends(&elements[at]);
        doubt = doubt.or(more);
        let element = &elements[at];
        match &element.atom.what {
            What::Part { formula, .. } => pieces.push(Piece::Whole(scripted(formula.clone(), ends))),
            What::Glyph { sign, .. } if "([{".contains(*sign) && element.sub.is_empty() && element.sup.is_empty() => {
                pieces.push(Piece::Open(sign.to_string()));
            }
            What::Glyph { sign, .. } if ")]}".contains(*sign) => pieces.push(Piece::Close(sign.to_string(), ends)),
            What::Glyph { sign: '|' | '∣', .. } => pieces.push(Piece::Bar(ends)),
            What::Glyph { sign, .. } if sign.is_ascii_digit() => {
                let taken = number(&elements[at..], size);
                at += taken.1;
                let (ends, more) = self::ends(&elements[at - 1]);
                doubt = doubt.or(more);
                pieces.push(Piece::Whole(scripted(Formula::Number(taken.0), ends)));
                continue;
            }
            What::Glyph { sign, .. } if sign.is_alphabetic() => {
                let run = run(&elements[at..], size, Atom::is_letter);
                at += run;
                let (ends, more) = self::ends(&elements[at - 1]);
                doubt = doubt.or(more);
                let word: String = elements[at - run..at].iter().filter_map(|element| element.atom.sign()).collect();
                let mut names = names(&word, !ends.is_empty());
                if let Some(last) = names.pop() {
                    pieces.extend(names.into_iter().map(Piece::Whole));
                    pieces.push(Piece::Whole(scripted(last, ends)));
                }
                continue;
            }
            What::Glyph { sign, .. } if "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎞⎟⎠⎤⎥⎦⎫⎬⎭".contains(*sign) => {
                doubt = Some("a tall bracket was not read");
            }
            What::Glyph { sign: '′', .. } => prime(&mut pieces),
            What::Glyph { sign: sign @ ('∞' | '∅'), .. } => {
                pieces.push(Piece::Whole(scripted(Formula::Identifier(sign.to_string()), ends)));
            }
            What::Glyph { sign, .. } => pieces.push(Piece::Whole(scripted(Formula::Operator(sign.to_string()), ends))),
        }
        at += 1;
    }
    let (parts, open) = bracketed(pieces);
    (with_words_joined(parts), doubt.or(open))
}

/// `[sub, sup]` as far as there are some; a degree sign is told by the number of both.
type Ends = Vec<Formula>;

/// What is lowered and raised behind an element: `Row([])` for none.
fn ends(element: &Element<'_>) -> (Ends, Option<&'static str>) {
    let none = || Formula::Row(Vec::new());
    if element.sub.is_empty() && element.sup.is_empty() {
        return (Vec::new(), None);
    }
    let mut doubt = None;
    let mut end = |atoms: &[&Atom]| {
        if atoms.is_empty() {
            return none();
        }
        let (formula, more) = read(atoms);
        // A charge ends with its sign: `Fe³⁺`.
        doubt = doubt.or(more.filter(|more| *more != UNFINISHED));
        formula
    };
    let ends = vec![end(&element.sub), end(&element.sup)];
    (ends, doubt)
}

fn scripted(base: Formula, ends: Ends) -> Formula {
    let mut ends = ends.into_iter().map(|end| (end != Formula::Row(Vec::new())).then(|| Box::new(end)));
    let (sub, sup) = (ends.next().flatten(), ends.next().flatten());
    if sub.is_none() && sup.is_none() {
        return base;
    }
    // A small circle or letter o behind a number is a degree.
    let degree = match sup.as_deref() {
        Some(Formula::Operator(sign)) => sign == "°",
        Some(Formula::Identifier(name)) => name == "o" && matches!(base, Formula::Number(_)),
        _ => false,
    };
    if degree && sub.is_none() {
        return Formula::Row(vec![base, Formula::operator("°")]);
    }
    Formula::Script { base: Box::new(base), sub, sup }
}

/// `f′`.
fn prime(pieces: &mut Vec<Piece>) {
    let prime = || Box::new(Formula::operator("′"));
    match pieces.pop() {
        Some(Piece::Whole(base)) => {
            pieces.push(Piece::Whole(Formula::Script { base: Box::new(base), sub: None, sup: Some(prime()) }));
        }
        Some(Piece::Close(sign, ends)) if ends.is_empty() => {
            pieces.push(Piece::Close(sign, vec![Formula::Row(Vec::new()), *prime()]));
        }
        other => {
            pieces.extend(other);
            pieces.push(Piece::Whole(*prime()));
        }
    }
}

/// How many elements from the first stand close, are `fit` and have nothing raised before the last.
fn run(elements: &[Element<'_>], size: f32, fit: impl Fn(&Atom) -> bool) -> usize {
    let mut count = 1;
    while let [last, next, ..] = &elements[count - 1..]
        && last.sub.is_empty()
        && last.sup.is_empty()
        && next.atom.x - last.atom.right < 0.12 * size
        && fit(next.atom)
    {
        count += 1;
    }
    count
}

/// `1,234.5` and how many elements it takes.
fn number(elements: &[Element<'_>], size: f32) -> (String, usize) {
    let mut count = run(elements, size, Atom::is_digit);
    // `0.05`, `2,5`, `10,000`; not `(2,3,4)`, whose commas are followed by a space or by fewer digits.
    loop {
        let plain = |element: &Element<'_>| element.sub.is_empty() && element.sup.is_empty();
        let Some([last, point, first, ..]) = elements.get(count - 1..) else { break };
        let close = point.atom.x - last.atom.right < 0.12 * size && first.atom.x - point.atom.right < 0.12 * size;
        if !(plain(last) && plain(point) && close && first.atom.is_digit()) {
            break;
        }
        let more = run(&elements[count + 1..], size, Atom::is_digit);
        if !(point.atom.is(".") || point.atom.is(",") && more == 3) {
            break;
        }
        count += 1 + more;
    }
    (elements[..count].iter().filter_map(|element| element.atom.sign()).collect(), count)
}

/// A run of letters: a function and its argument, a word, or letters one by one.
fn names(word: &str, scripted: bool) -> Vec<Formula> {
    let letters = |rest: &str| rest.chars().map(|c| Formula::Identifier(c.to_string())).collect::<Vec<_>>();
    if let Some((name, rest)) = function(word) {
        let mut names = vec![Formula::identifier(name)];
        names.extend(letters(rest));
        return names;
    }
    // `xsin`: a letter before a function.
    if let Some(first) = word.chars().next()
        && let (first, rest) = word.split_at(first.len_utf8())
        && function(rest).is_some()
    {
        return letters(first).into_iter().chain(names(rest, scripted)).collect();
    }
    // `at²` is a product, `cm²` a unit.
    let product = scripted && word.chars().count() == 2 && !["cm", "mm", "km", "kg"].contains(&word);
    if is_word(word) && !product { vec![Formula::Text(word.to_owned())] } else { letters(word) }
}

/// The name of a function and the letters behind it, as `coskx` is printed; `cost` is a word.
pub fn function(word: &str) -> Option<(&'static str, &str)> {
    let argument = |rest: &str| {
        let mut letters = rest.chars().rev();
        let last = letters.next().is_none_or(|c| "xyzuvABCθαβφω".contains(c));
        last && letters.next().is_none_or(|c| "abckmnpqrt".contains(c)) && letters.next().is_none()
    };
    let named = FUNCTIONS.iter().filter_map(|name| Some((*name, word.strip_prefix(name)?)));
    named.into_iter().find(|(_, rest)| argument(rest))
}

/// Prose, not letters that stand for numbers.
pub fn is_word(word: &str) -> bool {
    let vowel = |c: char| "aeiouyAEIOUYéèêàâôûî".contains(c);
    WORDS.contains(&word) || word.chars().count() > 3 && word.contains(vowel) && word.contains(|c: char| !vowel(c))
}

/// Brackets that belong together around what is between them.
fn bracketed(pieces: Vec<Piece>) -> (Vec<Formula>, Option<&'static str>) {
    // What is open, with what stands before it.
    let mut open: Vec<(String, Vec<Formula>)> = Vec::new();
    let mut parts: Vec<Formula> = Vec::new();
    let mut doubt = None;
    for piece in pieces {
        let (close, ends) = match piece {
            Piece::Whole(part) => {
                parts.push(part);
                continue;
            }
            Piece::Open(sign) => {
                open.push((sign, std::mem::take(&mut parts)));
                continue;
            }
            // `f(x)|ₐ`
            Piece::Bar(ends) if !ends.is_empty() && open.iter().all(|(sign, _)| sign != "|") => {
                parts.push(scripted(Formula::operator("|"), ends));
                continue;
            }
            Piece::Bar(_) if open.last().is_none_or(|(sign, _)| sign != "|") || parts.is_empty() => {
                open.push(("|".to_owned(), std::mem::take(&mut parts)));
                continue;
            }
            Piece::Bar(ends) => ("|".to_owned(), ends),
            Piece::Close(sign, ends) => (sign, ends),
        };
        // `[0, 1)` is an interval.
        let fits = |sign: &str| match close.as_str() {
            "|" | "}" => sign == if close == "|" { "|" } else { "{" },
            _ => sign == "(" || sign == "[",
        };
        match open.pop() {
            Some((sign, before)) if fits(&sign) => {
                let of = Box::new(Formula::row(std::mem::replace(&mut parts, before)));
                parts.push(scripted(Formula::Fenced { open: sign, close, of }, ends));
            }
            other => {
                open.extend(other);
                doubt = Some("a bracket has no partner");
                parts.push(scripted(Formula::Operator(close), ends));
            }
        }
    }
    while let Some((sign, mut before)) = open.pop() {
        doubt = Some("a bracket has no partner");
        before.push(Formula::Operator(sign));
        before.append(&mut parts);
        parts = before;
    }
    (parts, doubt)
}

/// Words side by side as one text, rows within the row as its own parts.
fn with_words_joined(parts: Vec<Formula>) -> Vec<Formula> {
    let mut joined: Vec<Formula> = Vec::with_capacity(parts.len());
    let flat = parts.into_iter().flat_map(|part| match part {
        Formula::Row(inner) => inner,
        part => vec![part],
    });
    for part in flat {
        match (joined.last_mut(), part) {
            (Some(Formula::Text(text)), Formula::Text(more)) => {
                text.push(' ');
                text.push_str(&more);
            }
            (_, part) => joined.push(part),
        }
    }
    joined
}
