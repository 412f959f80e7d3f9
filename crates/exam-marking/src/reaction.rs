//! Chemical equations: the same substances on each side in the same proportions, whatever their order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::formula::Formula;
use crate::letters::{folded, put, tidy};
use crate::memo::{Memo, kept};
use crate::reason::{Judgement, Note};
use crate::rule::Asked;
use crate::text;

const ARROWS: [&str; 7] = ["-->", "->", "=>", "→", "⇌", "==", "="];
const VERBS: &[(&str, &str)] = &[("yields", "→"), ("gives", "→"), ("produces", "→")];
const DRAWN: &[(&str, &str)] = &[("<==>", "⇌"), ("<=>", "⇌"), ("<-->", "⇌"), ("<->", "⇌")];
const STATES: [&str; 4] = ["(s)", "(l)", "(g)", "(aq)"];

/// A substance of one side (0 is left) with how many of it.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    side: u8,
    /// As a formula in one notation, or in words.
    name: String,
    formula: Option<Formula>,
    count: f64,
    state: &'static str,
}

thread_local! {
    static KEYS: Memo<Option<Rc<Vec<Term>>>> = Memo::default();
}

/// Whether a form of a key that is an equation accepts an answer; `None` where the form is none.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let arrow = |c: char| matches!(c, '→' | '⇌' | '>' | '⟶' | '⇒' | '⇄' | '=');
    let words = || form.contains(' ') && VERBS.iter().any(|(word, _)| form.contains(word));
    if !form.contains(arrow) && !words() {
        return None;
    }
    let key = kept(&KEYS, form, |form| {
        let form = put(put(tidy(form), VERBS), DRAWN);
        let form = without_condition(&form);
        let arrow = ARROWS[..5].iter().any(|arrow| form.contains(arrow));
        arrow.then(|| terms(&form)).flatten().map(Rc::new)
    })?;
    let answer = put(put(tidy(answer), VERBS), DRAWN);
    let answer = without_condition(&answer);
    let arrow = ARROWS.iter().any(|arrow| answer.contains(arrow));
    let answer = if arrow { answer } else { put(answer, &[(" into ", " → "), (" to ", " → ")]) };
    let Some(given) = terms(&answer) else { return Some(Judgement::wrong(Note::Unknown)) };
    let swapped =
        |terms: &[Term]| terms.iter().map(|term| Term { side: 1 - term.side, ..term.clone() }).collect::<Vec<_>>();
    let (Some(pairs), misspelt) = paired(&key, &given) else {
        let turned = paired(&key, &swapped(&given)).0.is_some();
        let formulae = given.iter().all(|term| term.formula.is_some());
        let note = if formulae { Note::Wrong } else { Note::Unknown };
        return Some(Judgement::wrong(if turned { Note::Turned } else { note }));
    };
    // All of them so many times as many.
    let times = given[pairs[0]].count / key[0].count;
    let proportional = key.iter().zip(&pairs).all(|(term, at)| (given[*at].count - term.count * times).abs() < 1e-9);
    if !proportional {
        return Some(Judgement::wrong(imbalance(&given).unwrap_or(Note::Wrong)));
    }
    if (times - 1.0).abs() > 1e-9 && asked.has(&["simplest", "smallest whole", "lowest whole"]) {
        return Some(Judgement::wrong(Note::NotSimplest));
    }
    let with_states = asked.has(&["state symbol", "with states", "physical state"]);
    let states = key.iter().zip(&pairs).all(|(term, at)| {
        let state = given[*at].state;
        term.state.is_empty() || state == term.state || state.is_empty() && !with_states
    });
    if !states {
        return Some(Judgement::part(0.5, Note::States));
    }
    Some(Judgement::right(misspelt.unwrap_or(if (times - 1.0).abs() > 1e-9 { Note::OtherForm } else { Note::Right })))
}

/// `→` for an arrow with what is written over it: `--heat-->`.
fn without_condition(equation: &str) -> Cow<'_, str> {
    let parts = equation.split_once("--").and_then(|(left, rest)| {
        let (over, right) = rest.split_once("->").or_else(|| rest.split_once('→'))?;
        let over = over.trim_matches(['-', ' ']);
        (!over.is_empty() && over.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '/' | ',')))
            .then_some((left, right))
    });
    parts.map_or(equation.into(), |(left, right)| format!("{left}→{right}").into())
}

/// For each term of the key the place of the same substance, each used once; with a word that is spelt otherwise.
fn paired(key: &[Term], given: &[Term]) -> (Option<Vec<usize>>, Option<Note>) {
    if key.len() != given.len() {
        return (None, None);
    }
    let mut pairs: Vec<usize> = Vec::new();
    let mut misspelt = None;
    for term in key {
        let free = |at: &usize| given[*at].side == term.side && !pairs.contains(at);
        let is_same = |at: &usize| {
            given[*at].name == term.name
                || term.formula.is_some() && metal_behind(&given[*at].name) == metal_behind(&term.name)
        };
        let exact = (0..given.len()).filter(free).find(is_same);
        let in_words = term.formula.is_none();
        let near = || {
            (0..given.len()).filter(free).find_map(|at| {
                let judged = text::in_words(&term.name, &given[at].name);
                (in_words && given[at].formula.is_none() && judged.is_right()).then_some((at, judged.note))
            })
        };
        match exact.map(|at| (at, Note::Right)).or_else(near) {
            Some((at, note)) => {
                if matches!(note, Note::Misspelt(..)) {
                    misspelt = Some(note);
                }
                pairs.push(at);
            }
            None => return (None, None),
        }
    }
    (Some(pairs), misspelt)
}

/// `CH3COONa` of `NaCH3COO`: the salt of an acid with its metal behind.
fn metal_behind(formula: &str) -> Cow<'_, str> {
    const METALS: [&str; 5] = ["Na", "K", "Li", "Ca", "Mg"];
    let metal = METALS.iter().find(|metal| formula.starts_with(**metal) && formula.contains("COO"));
    match metal {
        Some(metal) => format!("{}{metal}", &formula[metal.len()..]).into(),
        None => formula.into(),
    }
}

/// What is not the same on both sides, where all are formulae.
fn imbalance(terms: &[Term]) -> Option<Note> {
    let mut sums: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    let mut charges = [0.0; 2];
    for term in terms {
        let formula = term.formula.as_ref()?;
        for (element, n) in &formula.atoms {
            sums.entry(element).or_default()[term.side as usize] += term.count * *n as f64;
        }
        charges[term.side as usize] += term.count * formula.charge as f64;
    }
    let shown =
        |what: &str, sides: &[f64; 2]| Note::Unbalanced(what.to_owned(), sides[0].to_string(), sides[1].to_string());
    sums.iter()
        .find(|(_, sides)| (sides[0] - sides[1]).abs() > 1e-9)
        .map(|(element, sides)| shown(element, sides))
        .or_else(|| ((charges[0] - charges[1]).abs() > 1e-9).then(|| shown("the charge", &charges)))
}

/// `None` when there is no arrow with something at both sides.
fn terms(equation: &str) -> Option<Vec<Term>> {
    let equation = equation.trim().trim_end_matches('.');
    if equation.len() > 240 {
        return None;
    }
    let (left, right) = ARROWS.iter().find_map(|arrow| equation.split_once(arrow))?;
    let right = right.trim_start_matches(['>', '→', '=']);
    let mut terms = Vec::new();
    for (side, text) in [left, right].into_iter().enumerate() {
        // The plus of an ion has no space before it.
        let pieces: Vec<&str> = if text.contains(" + ") { text.split(" + ").collect() } else { pluses(text) };
        // What is taken from one side stands on the other: `2Br⁻ − 2e⁻ → Br₂`.
        let taken = |piece: &'_ str| piece.split(" - ").count() > 1;
        let pieces = pieces.into_iter().flat_map(|piece| {
            let parts: Vec<&str> = if taken(piece) { piece.split(" - ").collect() } else { vec![piece] };
            parts.into_iter().enumerate().map(|(n, part)| (part, n > 0))
        });
        for (piece, moved) in pieces {
            let side = if moved { 1 - side } else { side };
            let piece = piece.trim();
            let lower = piece.to_lowercase();
            let state = STATES.iter().find(|state| lower.ends_with(**state)).copied().unwrap_or("");
            let piece = piece[..piece.len() - state.len()].trim();
            let (count, name) = coefficient(piece)?;
            // An electron whose sign was left out.
            let name = if name == "e" { "e-" } else { name };
            let formula = Formula::parse(name);
            let name = match &formula {
                Some(formula) => formula.text.clone(),
                None => folded(name).into_owned(),
            };
            if name.is_empty() {
                return None;
            }
            terms.push(Term { side: side as u8, name, formula, count, state });
        }
    }
    Some(terms)
}

/// The pieces between pluses; one that ends a formula is a charge: `Na++Cl-`.
fn pluses(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('+') {
        let next = text[at + 1..].trim_start().chars().next();
        // `H+(aq)`
        let state = || STATES.iter().any(|state| text[at + 1..].to_lowercase().starts_with(state));
        let follows = !state() && next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '(' | '['));
        if follows && at > start {
            pieces.push(&text[start..at]);
            start = at + 1;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// `2H2O`, `1/2 O2`, `0.5O2`
fn coefficient(piece: &str) -> Option<(f64, &str)> {
    let digits = piece.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '/'))).unwrap_or(piece.len());
    let name = piece[digits..].trim();
    let count = match piece[..digits].split_once('/') {
        _ if digits == 0 => 1.0,
        Some((top, bottom)) => top.parse::<f64>().ok()? / bottom.parse::<f64>().ok()?,
        None => piece[..digits].parse().ok()?,
    };
    (count > 0.0 && count < 1000.0).then_some((count, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_by_their_substances() {
        let share = |key: &str, answer: &str, text: &str| {
            judge(key, answer, &Asked::new(text, 1.0, Default::default())).map(|judged| judged.share)
        };
        for (key, answer, text, wanted) in [
            ("2H₂ + O₂ → 2H₂O", "O2 + 2H2 -> 2H2O", "", Some(1.0)),
            ("2H₂ + O₂ → 2H₂O", "2H2+O2=2H2O", "", Some(1.0)),
            ("2H₂ + O₂ → 2H₂O", "4H2 + 2O2 → 4H2O", "", Some(1.0)),
            ("2H₂ + O₂ → 2H₂O", "H2 + ½O2 → H2O", "", Some(1.0)),
            ("2H₂ + O₂ → 2H₂O", "4H2 + 2O2 → 4H2O", "with the smallest whole numbers", Some(0.0)),
            ("2H₂(g) + O₂(g) → 2H₂O(l)", "2H2 + O2 → 2H2O", "", Some(1.0)),
            ("2H₂(g) + O₂(g) → 2H₂O(l)", "2H2 + O2 → 2H2O", "Include state symbols.", Some(0.5)),
            ("2H₂(g) + O₂(g) → 2H₂O(l)", "2H2(g) + O2(g) → 2H2O(g)", "", Some(0.5)),
            ("2H₂ + O₂ → 2H₂O", "H2 + O2 → H2O", "", Some(0.0)),
            ("2H₂ + O₂ → 2H₂O", "2H2O → 2H2 + O2", "", Some(0.0)),
            ("Fe³⁺ + 3OH⁻ → Fe(OH)₃", "3OH- + Fe3+ → Fe(OH)3", "", Some(1.0)),
            ("Ag⁺ + Cl⁻ → AgCl", "Ag++Cl-=AgCl", "", Some(1.0)),
            ("2Co + O₂ → 2CoO", "2CO + O2 → 2CO2", "", Some(0.0)),
            ("acid + base → salt + water", "Base + acid → water + salt", "", Some(1.0)),
            ("carbon dioxide + water → glucose + oxygen", "water + carbon dioxyde → oxygen + glucose", "", Some(1.0)),
            ("x = 4", "x = 4", "", None),
            ("2H₂ + O₂ → 2H₂O", "water", "", Some(0.0)),
            ("2H₂ + O₂ → 2H₂O", "→", "", Some(0.0)),
        ] {
            assert_eq!(share(key, answer, text), wanted, "{key}, {answer}");
        }
        let note = judge("2H₂ + O₂ → 2H₂O", "H2 + O2 → H2O", &Asked::default()).unwrap().note;
        assert_eq!(note, Note::Unbalanced("O".into(), "2".into(), "1".into()));
    }
}
