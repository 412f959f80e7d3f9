//! Sets of real numbers: `x > 5`, `2 ≤ x < 5`, `[2, 5)`, `]2; 5]`, and unions of them.

use crate::letters::{RELATIONS, put, split_outside, tidy};
use crate::quantity;
use crate::reason::{Judgement, Note};
use crate::rule::Asked;

/// From where to where, and whether the ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Interval {
    low: f64,
    low_in: bool,
    high: f64,
    high_in: bool,
}

/// Whether a form of a key that is an interval or an inequality of one letter accepts an answer; `None` when it is none,
/// or when the answer needs algebra.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let form = tidy(form);
    let asks = form.starts_with('(') && asked.has(&["interval", "inequalit", "domain", "range"]);
    if !asks && !form.contains(['<', '>', '≤', '≥', '[', ']', '∞']) {
        return None;
    }
    let (key, name) = set(&form, true)?;
    let answer = tidy(answer);
    let given = set(answer.trim().trim_end_matches('.'), true);
    let Some((given, other)) = given else {
        // `−2x < 4` is for algebra to solve.
        let algebra = answer.contains(['<', '>', '≤', '≥']) && form.contains(['<', '>', '≤', '≥']);
        return (!algebra).then_some(Judgement::wrong(Note::Unknown));
    };
    if let (Some(a), Some(b)) = (name, other)
        && a.to_lowercase().ne(b.to_lowercase())
    {
        return Some(Judgement::wrong(Note::OtherName(b.into(), a.into())));
    }
    let near = |a: f64, b: f64| a == b || quantity::agree(a, b);
    let same = |a: &Interval, b: &Interval| {
        near(a.low, b.low) && near(a.high, b.high) && a.low_in == b.low_in && a.high_in == b.high_in
    };
    let right = key.len() == given.len() && key.iter().zip(&given).all(|(a, b)| same(a, b));
    Some(if right { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Wrong) })
}

/// Whether a text is one interval or union of them, in which a semicolon divides the ends.
pub fn is_one(text: &str) -> bool {
    text.contains(['[', ']']) && set(&tidy(text), true).is_some()
}

type Named = (Vec<Interval>, Option<char>);

/// The parts in their order, and the letter.
fn set(text: &str, unions: bool) -> Option<Named> {
    let text = text.trim();
    if text.len() > 120 {
        return None;
    }
    // `{x: x < 3}`
    if let Some(inside) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return set(inside.split([':', '|']).next_back()?, unions);
    }
    if unions {
        for union in [" or ", " ou ", "∪", " U ", " u "] {
            if text.contains(union) {
                let parts: Vec<Named> = text.split(union).map(|part| set(part, false)).collect::<Option<_>>()?;
                let name = parts.iter().find_map(|(_, name)| *name);
                let mut intervals: Vec<Interval> = parts.into_iter().flat_map(|(parts, _)| parts).collect();
                intervals.sort_by(|a, b| a.low.total_cmp(&b.low));
                return Some((intervals, name));
            }
        }
        // `x > 2 and x < 5`
        for and in [" and ", " et ", ","] {
            if let Some((one, other)) = text.split_once(and)
                && let (Some((one, name)), Some((other, _))) = (set(one, false), set(other, false))
                && text.contains(['<', '>', '≤', '≥'])
            {
                let both = meet(one.first()?, other.first()?);
                return Some((vec![both], name));
            }
        }
    }
    brackets(text).or_else(|| relations(text)).or_else(|| words(text))
}

fn meet(a: &Interval, b: &Interval) -> Interval {
    let (low, low_in) = if a.low > b.low {
        (a.low, a.low_in)
    } else if b.low > a.low {
        (b.low, b.low_in)
    } else {
        (a.low, a.low_in && b.low_in)
    };
    let (high, high_in) = if a.high < b.high {
        (a.high, a.high_in)
    } else if b.high < a.high {
        (b.high, b.high_in)
    } else {
        (a.high, a.high_in && b.high_in)
    };
    Interval { low, low_in, high, high_in }
}

fn end(text: &str) -> Option<f64> {
    match text.trim() {
        "∞" | "+∞" | "+ ∞" | "infinity" | "+infinity" | "inf" => Some(f64::INFINITY),
        "-∞" | "- ∞" | "-infinity" | "-inf" => Some(f64::NEG_INFINITY),
        text => quantity::value(text).filter(|_| !text.contains('=')),
    }
}

/// `[2, 5)`, `]2; 5]`, `x ∈ [2, 5]`
fn brackets(text: &str) -> Option<Named> {
    let (name, body) = match text.split_once('∈') {
        Some((name, body)) => (name.trim().chars().next(), body.trim()),
        None => (None, text.strip_prefix("S =").or_else(|| text.strip_prefix("S=")).unwrap_or(text).trim()),
    };
    let open = body.chars().next().filter(|c| ['[', ']', '('].contains(c))?;
    let close = body.chars().next_back().filter(|c| ['[', ']', ')'].contains(c))?;
    let inside = body.get(1..body.len().checked_sub(1)?)?;
    if inside.contains(['[', ']', '{', '(']) {
        return None;
    }
    let divider = if inside.contains(';') { ';' } else { ',' };
    let ends = split_outside(inside, &[divider]);
    let [low, high] = ends[..] else { return None };
    let (low, high) = (end(low)?, end(high)?);
    let interval =
        Interval { low, low_in: open == '[' && low.is_finite(), high, high_in: close == ']' && high.is_finite() };
    (low <= high).then_some((vec![interval], name))
}

/// `x > 5`, `5 < x`, `2 ≤ x < 5`, `> 5`
fn relations(text: &str) -> Option<Named> {
    let text = put(text.into(), RELATIONS);
    let is_sign = |c: char| matches!(c, '<' | '>' | '≤' | '≥');
    let signs: Vec<char> = text.chars().filter(|c| is_sign(*c)).collect();
    let sides: Vec<&str> = text.split(is_sign).map(str::trim).collect();
    let letter = |side: &str| {
        let mut chars = side.chars();
        chars.next().filter(|c| c.is_alphabetic() && *c != 'π' && chars.next().is_none())
    };
    let all = Interval { low: f64::NEG_INFINITY, low_in: false, high: f64::INFINITY, high_in: false };
    let bound = |sign: char, value: f64| match sign {
        '<' => Interval { high: value, ..all },
        '≤' => Interval { high: value, high_in: true, ..all },
        '>' => Interval { low: value, ..all },
        _ => Interval { low: value, low_in: true, ..all },
    };
    let turned = |sign: char| match sign {
        '<' => '>',
        '>' => '<',
        '≤' => '≥',
        _ => '≤',
    };
    match (&sides[..], &signs[..]) {
        (["", value], [sign]) => Some((vec![bound(*sign, end(value)?)], None)),
        ([left, right], [sign]) => match (letter(left), letter(right)) {
            (Some(name), None) => Some((vec![bound(*sign, end(right)?)], Some(name))),
            (None, Some(name)) => Some((vec![bound(turned(*sign), end(left)?)], Some(name))),
            _ => None,
        },
        ([low, middle, high], [one, two]) => {
            let name = letter(middle)?;
            let both = meet(&bound(turned(*one), end(low)?), &bound(*two, end(high)?));
            (both.low <= both.high).then_some((vec![both], Some(name)))
        }
        _ => None,
    }
}

/// `x is greater than 5`, `at least 5`
fn words(text: &str) -> Option<Named> {
    let lower = text.to_lowercase();
    let signs = [
        ("greater than or equal to", "≥"),
        ("less than or equal to", "≤"),
        ("greater or equal to", "≥"),
        ("less or equal to", "≤"),
        ("greater than", ">"),
        ("more than", ">"),
        ("bigger than", ">"),
        ("less than", "<"),
        ("smaller than", "<"),
        ("at least", "≥"),
        ("at most", "≤"),
    ];
    let (word, sign) = signs.iter().find(|(word, _)| lower.contains(word))?;
    relations(lower.replace(word, sign).replace(" is ", " ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_and_inequalities() {
        for (key, answer, right) in [
            ("x > 5", "5 < x", Some(true)),
            ("x > 5", "]5, +∞[", Some(true)),
            ("x > 5", "(5, ∞)", Some(true)),
            ("x > 5", "x is greater than 5", Some(true)),
            ("x > 5", "x ≥ 5", Some(false)),
            ("x > 5", "y > 5", Some(false)),
            ("x > 5", "5", Some(false)),
            ("2 ≤ x < 5", "[2, 5)", Some(true)),
            ("2 ≤ x < 5", "[2; 5[", Some(true)),
            ("2 ≤ x < 5", "5 > x >= 2", Some(true)),
            ("2 ≤ x < 5", "x >= 2 and x < 5", Some(true)),
            ("2 ≤ x < 5", "2 < x < 5", Some(false)),
            ("[2, 5)", "2 <= x < 5", Some(true)),
            ("x < −2 or x > 3", "x > 3 or x < -2", Some(true)),
            ("x < −2 or x > 3", "]-∞, -2[ ∪ ]3, +∞[", Some(true)),
            ("x < −2 or x > 3", "-2 < x < 3", Some(false)),
            ("x > -2", "-2x < 4", None),
            ("(3, 4)", "(3, 4)", None),
        ] {
            let judged = judge(key, answer, &Asked::default());
            assert_eq!(judged.map(|judged| judged.is_right()), right, "{key}, {answer}");
        }
    }
}
