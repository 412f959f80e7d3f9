//! Chemical formulae: elements, how many of each, charge.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use crate::letters::tidy;
use crate::lexicon::{Table, Words};
use crate::memo::{Memo, kept};
use crate::spelling::stem;
use crate::text::words;

const SYMBOLS: &str = "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb \
    Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir \
    Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am";

static ELEMENTS: LazyLock<Words> = LazyLock::new(|| SYMBOLS.split_whitespace().collect());

/// A formula in one notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// `SO42-`, `CuSO4·5H2O`
    pub text: String,
    pub atoms: BTreeMap<String, u64>,
    pub charge: i64,
}

thread_local! {
    static GIVEN: Memo<Option<Rc<Formula>>> = Memo::default();
}

impl Formula {
    /// Like [`Formula::parse`], each text once.
    pub fn of(text: &str) -> Option<Rc<Self>> {
        kept(&GIVEN, text, |text| Self::parse(text).map(Rc::new))
    }

    /// Reads `H₂SO₄`, `SO4^2-`, `Ca++`, `Fe+3`, `CuSO4.5H2O`, `e-`; `None` for what names no elements.
    pub fn parse(text: &str) -> Option<Self> {
        // `H_{2}O`
        let text: Cow<str> = if text.contains("_{") || text.contains("^{") {
            text.replace("_{", "").replace(['{', '}'], "").into()
        } else {
            text.into()
        };
        let text: String =
            tidy(&text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '[' | ']' | '_')).collect();
        if text.is_empty() || text.len() > 40 {
            return None;
        }
        if matches!(text.as_str(), "e-" | "e^-") {
            return Some(Self { text: "e-".into(), atoms: BTreeMap::new(), charge: -1 });
        }
        let (body, charge) = bracketed(&text).or_else(|| charge(&text))?;
        let mut canonical = String::new();
        let mut atoms = BTreeMap::new();
        for (n, part) in body.split(['·', '.', '*']).enumerate() {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let count = if digits == 0 || n == 0 { 1 } else { part[..digits].parse::<u64>().ok()? };
            let part = if n == 0 { part } else { &part[digits..] };
            // `CH3-CH2-OH`
            let part = part.replace('-', "");
            let chars: Vec<char> = part.chars().collect();
            let mut at = 0;
            group(&chars, &mut at, count, &mut atoms, 0)?;
            (at == chars.len()).then_some(())?;
            if n > 0 {
                canonical.push('·');
            }
            if count > 1 {
                canonical.push_str(&count.to_string());
            }
            canonical.push_str(&part);
        }
        let sign = if charge < 0 { '-' } else { '+' };
        match charge.abs() {
            0 => {}
            1 => canonical.push(sign),
            n => canonical.push_str(&format!("{n}{sign}")),
        }
        Some(Self { text: canonical, atoms, charge })
    }
}

/// `(SO4)2-`: an ion within brackets, and its charge.
fn bracketed(text: &str) -> Option<(String, i64)> {
    let (body, charge) = text.strip_prefix('(')?.rsplit_once(')')?;
    let sign = if charge.ends_with('-') { -1 } else { 1 };
    let size = charge.strip_suffix(['+', '-'])?.trim_start_matches('^');
    let size = if size.is_empty() { 1 } else { size.parse().ok().filter(|size| (1..10).contains(size))? };
    (!body.contains(['(', ')'])).then(|| (body.to_owned(), sign * size))
}

/// The formula without its charge, and the charge.
fn charge(text: &str) -> Option<(String, i64)> {
    let unsigned = |body: &str| Some((body.replace('^', ""), 0));
    let Some(at) =
        text.find(['+', '-']).filter(|_| text.ends_with(|c: char| c == '+' || c == '-' || c.is_ascii_digit()))
    else {
        return unsigned(text);
    };
    let at = text.rfind(['+', '-']).unwrap_or(at);
    let sign = if text.as_bytes()[at] == b'-' { -1 } else { 1 };
    let (before, after) = (&text[..at], &text[at + 1..]);
    // `Fe+3`, but not `CH3-CH3`
    if !after.is_empty() {
        return match after.parse::<i64>() {
            Ok(size) if (1..10).contains(&size) => Some((before.trim_end_matches('^').replace('^', ""), sign * size)),
            _ => unsigned(text),
        };
    }
    if let Some((body, size)) = before.split_once('^') {
        let size = if size.is_empty() { 1 } else { size.trim_matches(['(', ')']).parse().ok()? };
        return Some((body.to_owned(), sign * size));
    }
    // `Ca++`
    let body = before.trim_end_matches(['+', '-']);
    let doubled = (before.len() - body.len()) as i64;
    if doubled > 0 {
        return Some((body.to_owned(), sign * (doubled + 1)));
    }
    // `SO42-` ends with a number of atoms and a charge, `Fe3+` with a charge, `NO3-` with a number of atoms.
    let digits = body.bytes().rev().take_while(u8::is_ascii_digit).count();
    let elements = body.chars().filter(char::is_ascii_uppercase).count();
    let last = body[body.len() - digits.min(1)..].parse::<i64>().unwrap_or(1);
    match digits {
        0 => Some((body.to_owned(), sign)),
        1 if elements > 1 => Some((body.to_owned(), sign)),
        _ => Some((body[..body.len() - 1].to_owned(), sign * last)),
    }
}

fn group(chars: &[char], at: &mut usize, times: u64, atoms: &mut BTreeMap<String, u64>, depth: usize) -> Option<()> {
    let start = *at;
    while let Some(&c) = chars.get(*at) {
        if c == '(' && depth < 4 {
            *at += 1;
            let mut inner = BTreeMap::new();
            group(chars, at, 1, &mut inner, depth + 1)?;
            (chars.get(*at) == Some(&')')).then_some(())?;
            *at += 1;
            let count = number(chars, at)?;
            for (element, n) in inner {
                *atoms.entry(element).or_default() += n.checked_mul(count)?.checked_mul(times)?;
            }
        } else if c == ')' && depth > 0 {
            break;
        } else {
            let starting = |length: usize| -> Option<String> {
                let name: String = chars[*at..].iter().take(length).collect();
                (name.len() == length && ELEMENTS.contains(&*name)).then_some(name)
            };
            let element = starting(2).or_else(|| starting(1))?;
            *at += element.len();
            *atoms.entry(element).or_default() += number(chars, at)?.checked_mul(times)?;
        }
    }
    (*at > start).then_some(())
}

fn number(chars: &[char], at: &mut usize) -> Option<u64> {
    let digits: String = chars[*at..].iter().take_while(|c| c.is_ascii_digit()).collect();
    *at += digits.len();
    if digits.is_empty() { Some(1) } else { digits.parse().ok().filter(|n| (1..1000).contains(n)) }
}

thread_local! {
    static KEYS: Memo<Option<Rc<Formula>>> = Memo::default();
}

/// Whether an answer is the formula that a form is; `None` when the form is no formula. `chemistry` where the question
/// speaks of formulae or symbols, so that capitals count even in what could be a word or short for something.
pub fn accepts(form: &str, answer: &str, chemistry: bool) -> Option<bool> {
    let shape = form.len() <= 40
        && form.starts_with(|c: char| c.is_ascii_uppercase() || c == '(' || c == '[')
        && !form.trim().contains(' ');
    if !shape {
        return None;
    }
    let key = kept(&KEYS, form, |form| Formula::parse(form).map(Rc::new))?;
    let capitals = form.bytes().filter(u8::is_ascii_uppercase).count();
    let digits = key.text.bytes().any(|b| b.is_ascii_digit() || b == b'+' || b == b'-');
    let mixed = capitals >= 2 && form.bytes().any(|b| b.is_ascii_lowercase());
    let answer = answer.trim().trim_end_matches('.');
    let given = Formula::of(answer);
    if digits || mixed || chemistry {
        return Some(
            given.is_some_and(|given| given.text == key.text || without_idle_brackets(&given.text) == key.text),
        );
    }
    // `CO` in small letters may be meant; `Co` is cobalt.
    if capitals >= 2
        && let Some(given) = given
    {
        return Some(given.text == key.text);
    }
    None
}

/// `CaCO3` for `Ca(CO3)`: brackets that nothing multiplies.
fn without_idle_brackets(formula: &str) -> String {
    match formula.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?))) {
        Some((before, (inside, after))) if !after.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{before}{inside}{after}")
        }
        _ => formula.to_owned(),
    }
}

/// Names of substances, by the stems of their words, each with its formulae.
static NAMES: LazyLock<Table<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut names: Table<String, Vec<&str>> = Table::default();
    let rows = include_str!("lexicon/substances.txt").lines().filter(|line| !line.starts_with('#'));
    for (formula, name) in rows.filter_map(|row| row.split_once(' ')) {
        names.entry(stems(name)).or_default().push(formula);
    }
    names
});

fn stems(name: &str) -> String {
    words(name).iter().map(|word| stem(word).into_owned()).collect::<Vec<_>>().join(" ")
}

/// Formulae with numbers, each with the first of its names.
static SPELLED: LazyLock<Table<&str, &str>> = LazyLock::new(|| {
    let rows = include_str!("lexicon/substances.txt").lines().rev().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once(' '))
        .filter(|(formula, _)| formula.bytes().any(|b| b.is_ascii_digit()))
        .collect()
});

/// A text of several words with names in the place of formulae: `ammonia gas` of `NH3 gas`; `None` where it has none.
pub fn spelled(text: &str) -> Option<String> {
    if !text.contains(' ') || !text.contains(|c: char| c.is_ascii_digit() || ('₀'..='₉').contains(&c)) {
        return None;
    }
    let text = tidy(text);
    let name = |word: &'_ str| SPELLED.get(word.trim_matches([',', '.', '(', ')'])).copied();
    let words: Vec<&str> = text.split(' ').collect();
    words
        .iter()
        .any(|word| name(word).is_some())
        .then(|| words.iter().map(|word| name(word).unwrap_or(word)).collect::<Vec<_>>().join(" "))
}

/// Whether a text is the name of a substance.
pub fn is_name(text: &str) -> bool {
    NAMES.contains_key(&stems(text))
}

/// Whether one of two texts is the name of a substance and the other a formula: then whether it is that of the substance.
pub fn names(one: &str, other: &str) -> Option<bool> {
    let symbols = |text: &str| {
        let text = text.trim().trim_end_matches('.');
        let word = || text.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_lowercase));
        let short =
            text.len() <= 16 && text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.contains(' ') && !word();
        short.then(|| Formula::of(text)).flatten()
    };
    let formulae = |text: &str| NAMES.get(&stems(text));
    let (formula, names) = match symbols(other) {
        Some(formula) => (formula, formulae(one)?),
        None => (symbols(one)?, formulae(other)?),
    };
    Some(names.contains(&&*formula.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_formulae() {
        for (one, other, same) in [
            ("carbon dioxide", "CO₂", Some(true)),
            ("CO2", "Carbon dioxide", Some(true)),
            ("carbon dioxide", "CO", Some(false)),
            ("sulphuric acid", "H2SO4", Some(true)),
            ("sulfuric acid", "H2SO4", Some(true)),
            ("mercury", "Hg", Some(true)),
            ("mercury", "Mg", Some(false)),
            ("iron", "copper", None),
            ("heart", "He", None),
        ] {
            assert_eq!(names(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn formulae_in_many_notations() {
        for (key, answer, right) in [
            ("H₂O", "H2O", Some(true)),
            ("H₂O", "h2o", Some(false)),
            ("H₂O", "H20", Some(false)),
            ("H₂O", "H2O2", Some(false)),
            ("SO₄²⁻", "SO42-", Some(true)),
            ("SO₄²⁻", "SO4^2-", Some(true)),
            ("SO₄²⁻", "SO4-2", Some(true)),
            ("SO₄²⁻", "SO4", Some(false)),
            ("Fe³⁺", "Fe3+", Some(true)),
            ("Fe³⁺", "Fe+3", Some(true)),
            ("Fe³⁺", "Fe2+", Some(false)),
            ("Ca²⁺", "Ca++", Some(true)),
            ("NO₃⁻", "NO3-", Some(true)),
            ("Cl⁻", "Cl-1", Some(true)),
            ("CuSO₄·5H₂O", "CuSO4.5H2O", Some(true)),
            ("Ca(OH)₂", "Ca(OH)2", Some(true)),
            ("Ca(OH)₂", "CaOH2", Some(false)),
            ("CH₃CH₂OH", "CH3-CH2-OH", Some(true)),
            ("CO", "Co", Some(false)),
            ("CO", "CO", Some(true)),
            ("HIV", "hiv", None),
            ("He", "he", None),
            ("Kigali", "x", None),
        ] {
            assert_eq!(accepts(key, answer, false), right, "{key}, {answer}");
        }
        assert_eq!(Formula::parse("Al2(SO4)3").unwrap().atoms["O"], 12);
        assert_eq!(Formula::parse("SO42-").unwrap().charge, -2);
    }
}
