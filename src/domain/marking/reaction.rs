//! Chemical equations: the same substances on each side in the same proportions, whatever their order.

use super::text::numerals;

const ARROWS: [&str; 8] = ["⟶", "→", "⇌", "-->", "->", "=>", "⇒", "="];
const STATES: [&str; 4] = ["(s)", "(l)", "(g)", "(aq)"];

/// A substance of one side (0 is left) with how many of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Term {
    side: u8,
    substance: String,
    count: u64,
}

/// Whether a form of a key that is an equation accepts an answer: `None` where one of them is none, or where words that
/// differ may only be spelt otherwise.
pub fn accepts(form: &str, answer: &str) -> Option<bool> {
    if !ARROWS[..7].iter().any(|arrow| form.contains(arrow)) {
        return None;
    }
    let (key, given) = (terms(form)?, terms(answer)?);
    let names = |terms: &[Term]| terms.iter().map(|term| (term.side, term.substance.clone())).collect::<Vec<_>>();
    // All of them so many times as many.
    let balanced = || key.iter().zip(&given).all(|(a, b)| a.count * given[0].count == b.count * key[0].count);
    let same = names(&key) == names(&given) && balanced();
    let in_symbols =
        |terms: &[Term]| terms.iter().all(|term| !term.substance.contains(' ') && is_symbol(&term.substance));
    if same || in_symbols(&key) && in_symbols(&given) { Some(same) } else { None }
}

fn is_symbol(substance: &str) -> bool {
    substance.starts_with(|c: char| c.is_ascii_uppercase() || c == '[') || substance.starts_with("e-")
}

/// Sorted; `None` when there is no arrow with something at both sides.
fn terms(equation: &str) -> Option<Vec<Term>> {
    let equation = equation.trim().trim_end_matches('.');
    let (left, right) = ARROWS.iter().find_map(|arrow| equation.split_once(arrow))?;
    let mut terms = Vec::new();
    for (side, text) in [left, right].into_iter().enumerate() {
        // The plus of an ion has no space before it.
        let pieces: Vec<&str> =
            if text.contains(" + ") { text.split(" + ").collect() } else { text.split('+').collect() };
        for piece in pieces {
            let piece = piece.trim();
            let piece = STATES.iter().find_map(|state| piece.strip_suffix(state)).unwrap_or(piece).trim();
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let count = if digits == 0 { 1 } else { piece[..digits].parse().ok().filter(|n| (1..1000).contains(n))? };
            let name = piece[digits..].trim();
            let word = name.as_bytes().windows(3).any(|letters| letters.iter().all(u8::is_ascii_lowercase));
            let words = word || name.split_whitespace().count() > 1 || name.starts_with(char::is_lowercase);
            let substance = if words { name.to_lowercase() } else { numerals(name) };
            if substance.is_empty() {
                return None;
            }
            terms.push(Term { side: side as u8, substance, count });
        }
    }
    terms.sort();
    Some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_by_their_substances() {
        for (key, answer, right) in [
            ("2H₂ + O₂ → 2H₂O", "O2 + 2H2 -> 2H2O", Some(true)),
            ("2H₂ + O₂ → 2H₂O", "2H2+O2=2H2O", Some(true)),
            ("2H₂ + O₂ → 2H₂O", "4H2 + 2O2 → 4H2O", Some(true)),
            ("2H₂(g) + O₂(g) → 2H₂O(l)", "2H2 + O2 → 2H2O", Some(true)),
            ("2H₂ + O₂ → 2H₂O", "H2 + O2 → H2O", Some(false)),
            ("2H₂ + O₂ → 2H₂O", "2H2O → 2H2 + O2", Some(false)),
            ("Fe³⁺ + 3OH⁻ → Fe(OH)₃", "3OH- + Fe3+ → Fe(OH)3", Some(true)),
            ("Co + O → CoO", "CO + O → COO", Some(false)),
            ("acid + base → salt + water", "Base + acid → water + salt", Some(true)),
            ("acid + base → salt + water", "acid + base → solt + water", None),
            ("x = 4", "x = 4", None),
            ("2H₂ + O₂ → 2H₂O", "water", None),
            ("2H₂ + O₂ → 2H₂O", "→", None),
        ] {
            assert_eq!(accepts(key, answer), right, "{key}, {answer}");
        }
    }
}
