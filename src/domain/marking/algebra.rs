//! Equal expressions, equations and inequalities: brought to a quotient of polynomials with rational coefficients, so
//! that equality is decided exactly.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Longer texts, higher powers and longer sums are no answers of pupils.
const LONGEST: usize = 120;
const HIGHEST: u32 = 12;
const MOST_TERMS: usize = 200;

/// Whether a form of a key that is algebra accepts an answer that is: `None` when one of them is none.
pub fn accepts(form: &str, answer: &str) -> Option<bool> {
    let key = is_more_than_a_letter(form).then(|| Relation::parse(form))??;
    let given = Relation::parse(answer)?;
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    if letters(form) == letters(answer) {
        return Some(true);
    }
    // `y = 2x + 1` is asked for where `2x + 1` is given, too.
    Some(key.same(&given)? || given.sign == Sign::None && key.defines(&given)?)
}

/// What is wrong with the form of an answer that is equal to the key, given what the question asks for and the key has.
pub fn objection(question: &str, key: &str, answer: &str) -> Option<&'static str> {
    let wrong = wrong_form(question, answer)?;
    wrong_form(question, key).is_none().then_some(wrong)
}

fn wrong_form(question: &str, answer: &str) -> Option<&'static str> {
    let asks = question.to_lowercase();
    let given = Relation::parse(answer)?;
    let compact: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
    let side = compact.rsplit('=').next().unwrap_or_default();
    let sums = outer_sums(side);
    if (asks.contains("factoris") || asks.contains("factoriz")) && sums > 0 {
        return Some("It is equal, but the question asks for factors.");
    }
    if asks.contains("expand") && side.contains(['(', '[']) {
        return Some("It is equal, but the question asks for it without brackets.");
    }
    if let Some((before, _)) = asks.split_once(" the subject")
        && given.sign == Sign::Equal
    {
        let letter = before.split_whitespace().next_back().unwrap_or_default();
        let alone = compact.split('=').any(|side| side.to_lowercase() == letter);
        return (!alone).then_some("It is equal, but the question asks for one letter alone on its side.");
    }
    None
}

/// How many sums and differences stand outside of brackets.
fn outer_sums(text: &str) -> usize {
    let mut depth = 0;
    let mut sums = 0;
    for (n, c) in text.chars().enumerate() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '+' | '-' | '−' | '–' if depth == 0 && n > 0 => sums += 1,
            _ => {}
        }
    }
    sums
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// No relation: an expression.
    None,
    Equal,
    /// Greater than nothing.
    Greater,
    AtLeast,
}

/// An expression, or a difference that is nothing, more than nothing, or not less.
#[derive(Debug, Clone, PartialEq)]
struct Relation {
    difference: Quotient,
    sign: Sign,
    /// The letter that stands alone on the left.
    left: Option<char>,
}

impl Relation {
    /// `None` for what has no letter, or words.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('.').replace("<=", "≤").replace(">=", "≥").replace("pi", "π");
        if text.len() > LONGEST || !is_algebra(&text) {
            return None;
        }
        let mut sides = text.split(['=', '<', '>', '≤', '≥']);
        let (left, right) = (sides.next()?, sides.next());
        if sides.next().is_some() {
            return None;
        }
        let first = expression(left)?;
        let Some(right) = right else { return Some(Self { difference: first, sign: Sign::None, left: None }) };
        let second = expression(right)?;
        let relation = text.chars().find(|c| "=<>≤≥".contains(*c))?;
        let (sign, difference) = match relation {
            '=' => (Sign::Equal, first.minus(&second)?),
            '>' => (Sign::Greater, first.minus(&second)?),
            '≥' => (Sign::AtLeast, first.minus(&second)?),
            '<' => (Sign::Greater, second.minus(&first)?),
            _ => (Sign::AtLeast, second.minus(&first)?),
        };
        let mut letters = left.trim().chars();
        let left = letters.next().filter(|c| c.is_alphabetic() && letters.next().is_none());
        Some(Self { difference, sign, left })
    }

    /// Equal; relations up to a factor, which must be positive where the side matters.
    fn same(&self, other: &Self) -> Option<bool> {
        if self.sign != other.sign {
            return Some(false);
        }
        let cross = |a: &Quotient, b: &Quotient| Some((a.0.times(&b.1)?, b.0.times(&a.1)?));
        let (a, b) = cross(&self.difference, &other.difference)?;
        Some(match self.sign {
            Sign::None => a == b,
            Sign::Equal => self.difference.0.factor_of(&other.difference.0)?.is_some(),
            // Denominators without letters are only numbers, made positive.
            _ => a.factor_of(&b)?.is_some_and(|factor| factor.0 > 0),
        })
    }

    /// Whether this is `letter = expression` for that expression.
    fn defines(&self, expression: &Self) -> Option<bool> {
        let Some(letter) = self.left.filter(|_| self.sign == Sign::Equal) else { return Some(false) };
        let value = Quotient(Poly::letter(letter), Poly::one()).minus(&self.difference)?;
        let (a, b) = (value.0.times(&expression.difference.1)?, expression.difference.0.times(&value.1)?);
        Some(a == b)
    }
}

/// A sign or a number beside it.
fn is_more_than_a_letter(text: &str) -> bool {
    text.chars().any(|c| !c.is_alphabetic() && !c.is_whitespace())
}

/// Letters alone, or with signs or numbers: no words, no `H2O`, no unit after a number and a space.
fn is_algebra(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "+-−–*×·/÷^()[]=<>≤≥.π²³".contains(c);
    let words = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 2);
    let compact: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let index = compact.windows(2).any(|pair| pair[0].is_alphabetic() && pair[1].is_ascii_digit());
    text.chars().all(known) && !words && !index && compact.iter().any(|c| c.is_alphabetic())
}

/// A numerator and a denominator, in lowest terms; the denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ratio(i128, i128);

impl Ratio {
    fn new(top: i128, bottom: i128) -> Option<Self> {
        let (mut a, mut b) = (top.checked_abs()?, bottom.checked_abs()?);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let shared = if bottom < 0 { -a } else { a };
        (bottom != 0).then(|| Self(top / shared, bottom / shared))
    }

    fn plus(self, other: Self) -> Option<Self> {
        let top = self.0.checked_mul(other.1)?.checked_add(other.0.checked_mul(self.1)?)?;
        Self::new(top, self.1.checked_mul(other.1)?)
    }

    fn times(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_mul(other.0)?, self.1.checked_mul(other.1)?)
    }

    fn over(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_mul(other.1)?, self.1.checked_mul(other.0)?)
    }
}

/// The power of each letter.
type Monomial = BTreeMap<char, u32>;

/// Coefficients that are not nothing, by their monomial.
#[derive(Debug, Clone, PartialEq, Default)]
struct Poly(BTreeMap<Monomial, Ratio>);

impl Poly {
    fn number(value: Ratio) -> Self {
        Self(if value.0 == 0 { BTreeMap::new() } else { BTreeMap::from([(Monomial::new(), value)]) })
    }

    fn one() -> Self {
        Self::number(Ratio(1, 1))
    }

    fn letter(letter: char) -> Self {
        Self(BTreeMap::from([(Monomial::from([(letter, 1)]), Ratio(1, 1))]))
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        for (monomial, value) in &other.0 {
            let before = sum.0.remove(monomial).unwrap_or(Ratio(0, 1));
            let value = before.plus(*value)?;
            if value.0 != 0 {
                sum.0.insert(monomial.clone(), value);
            }
        }
        (sum.0.len() <= MOST_TERMS).then_some(sum)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let mut product = Self::default();
        for (a, x) in &self.0 {
            for (b, y) in &other.0 {
                let mut monomial = a.clone();
                for (letter, power) in b {
                    *monomial.entry(*letter).or_default() += power;
                }
                if monomial.values().any(|power| *power > 2 * HIGHEST) {
                    return None;
                }
                product = product.plus(&Self(BTreeMap::from([(monomial, x.times(*y)?)])))?;
            }
        }
        Some(product)
    }

    /// The number that this is of the other, if it is one.
    #[expect(clippy::option_option, reason = "too large to tell, none, or this")]
    fn factor_of(&self, other: &Self) -> Option<Option<Ratio>> {
        if self.0.len() != other.0.len() || self.0.is_empty() {
            return Some(None);
        }
        let mut factor = None;
        for ((a, x), (b, y)) in self.0.iter().zip(&other.0) {
            let here = x.over(*y)?;
            if a.cmp(b) != Ordering::Equal || factor.is_some_and(|factor| factor != here) {
                return Some(None);
            }
            factor = Some(here);
        }
        Some(factor)
    }
}

/// A polynomial over another.
#[derive(Debug, Clone, PartialEq)]
struct Quotient(Poly, Poly);

impl Quotient {
    fn plus(&self, other: &Self) -> Option<Self> {
        // Most have nothing but 1 below.
        let top = self.0.times(&other.1)?.plus(&other.0.times(&self.1)?)?;
        Some(Self(top, self.1.times(&other.1)?))
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(&Self(Poly::number(Ratio(-1, 1)), Poly::one()))?)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(Self(self.0.times(&other.0)?, self.1.times(&other.1)?))
    }

    fn over(&self, other: &Self) -> Option<Self> {
        (!other.0.0.is_empty()).then_some(())?;
        self.times(&Self(other.1.clone(), other.0.clone()))
    }
}

fn expression(text: &str) -> Option<Quotient> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '−' | '–' => '-',
            '×' | '·' => '*',
            '÷' => '/',
            '[' => '(',
            ']' => ')',
            other => other,
        })
        .collect();
    let text = text.replace('²', "^2").replace('³', "^3");
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let value = sum(&chars, &mut at, 0)?;
    (at == chars.len()).then_some(value)
}

fn sum(text: &[char], at: &mut usize, depth: usize) -> Option<Quotient> {
    (depth < 20).then_some(())?;
    let mut value = signed(text, at, depth)?;
    while let Some(sign) = text.get(*at).filter(|c| ['+', '-'].contains(c)) {
        *at += 1;
        let next = product(text, at, depth)?;
        value = if *sign == '+' { value.plus(&next)? } else { value.minus(&next)? };
    }
    Some(value)
}

fn signed(text: &[char], at: &mut usize, depth: usize) -> Option<Quotient> {
    let sign = text.get(*at).filter(|c| ['+', '-'].contains(c)).copied();
    *at += usize::from(sign.is_some());
    let value = product(text, at, depth)?;
    if sign == Some('-') { Quotient(Poly::default(), Poly::one()).minus(&value) } else { Some(value) }
}

/// Factors, with or without a sign between them.
fn product(text: &[char], at: &mut usize, depth: usize) -> Option<Quotient> {
    let mut value = power(text, at, depth)?;
    while let Some(&next) = text.get(*at) {
        match next {
            '*' | '/' => {
                *at += 1;
                let factor = power(text, at, depth)?;
                value = if next == '*' { value.times(&factor)? } else { value.over(&factor)? };
            }
            c if c == '(' || c.is_alphanumeric() => value = value.times(&power(text, at, depth)?)?,
            _ => break,
        }
    }
    Some(value)
}

fn power(text: &[char], at: &mut usize, depth: usize) -> Option<Quotient> {
    let base = atom(text, at, depth)?;
    if text.get(*at) != Some(&'^') {
        return Some(base);
    }
    *at += 1;
    let digits: String = text[*at..].iter().take_while(|c| c.is_ascii_digit()).collect();
    *at += digits.len();
    let exponent = digits.parse::<u32>().ok().filter(|exponent| *exponent <= HIGHEST)?;
    let mut value = Quotient(Poly::one(), Poly::one());
    for _ in 0..exponent {
        value = value.times(&base)?;
    }
    Some(value)
}

fn atom(text: &[char], at: &mut usize, depth: usize) -> Option<Quotient> {
    let first = *text.get(*at)?;
    if first == '(' {
        *at += 1;
        let inner = sum(text, at, depth + 1)?;
        (text.get(*at) == Some(&')')).then_some(())?;
        *at += 1;
        return Some(inner);
    }
    if first.is_alphabetic() {
        *at += 1;
        return Some(Quotient(Poly::letter(first), Poly::one()));
    }
    let digits: String = text[*at..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    *at += digits.len();
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let bottom = 10i128.checked_pow(part.len() as u32)?;
    let value = Ratio::new(format!("{whole}{part}").parse().ok()?, bottom)?;
    Some(Quotient(Poly::number(value), Poly::one()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_is_what_is_equal() {
        for (key, answer, equal) in [
            ("2x+2", "2(x+1)", Some(true)),
            ("2x+2", "2(x+2)", Some(false)),
            ("3b + 2a", "2a + 3b", Some(true)),
            ("x² − 4", "(x-2)(x+2)", Some(true)),
            ("x^2 - 4", "x^2 + 4", Some(false)),
            ("x/2", "0.5x", Some(true)),
            ("(x+1)/(x-1)", "(1+x)/(x-1)", Some(true)),
            ("1/x", "x", Some(false)),
            ("2πr", "2 pi r", Some(true)),
            ("y = 2x + 1", "2x - y + 1 = 0", Some(true)),
            ("y = 2x + 1", "2x + 1", Some(true)),
            ("y = 2x + 1", "y = 2x - 1", Some(false)),
            ("x > 5", "5 < x", Some(true)),
            ("x > 5", "x >= 5", Some(false)),
            ("x > 5", "x < 5", Some(false)),
            ("-2x < 4", "x > -2", Some(true)),
            ("x ≤ 5", "5 ≥ x", Some(true)),
            ("I = V/R", "V = IR", Some(true)),
            ("m/s", "M/S", Some(true)),
            ("N/m", "Nm", Some(false)),
            ("H2O", "2HO", None),
            ("photosynthesis", "x", None),
            ("2x+2", "I do not know", None),
            ("2x+2", "2x+", None),
            ("x^99999", "x", None),
        ] {
            assert_eq!(accepts(key, answer), equal, "{key}, {answer}");
        }
    }

    #[test]
    fn the_form_that_is_asked_for_counts() {
        for (question, key, answer, wrong) in [
            ("Factorise 2x + 6.", "2(x + 3)", "2x + 6", true),
            ("Factorise 2x + 6.", "2(x + 3)", "2(3 + x)", false),
            ("Expand 2(x + 3).", "2x + 6", "2(x + 3)", true),
            ("Expand 2(x + 3).", "2x + 6", "6 + 2x", false),
            ("Make x the subject of y = 2x.", "x = y/2", "2x = y", true),
            ("Make x the subject of y = 2x.", "x = y/2", "x = 0.5y", false),
            ("Work out the length.", "2x + 6", "2(x + 3)", false),
            ("Which of them expand when heated?", "(b)", "(b)", false),
        ] {
            assert_eq!(objection(question, key, answer).is_some(), wrong, "{question} {answer}");
        }
    }

    #[test]
    fn nothing_panics_and_all_ends() {
        let pieces =
            ["x", "y", "9", "0", "/", "^", "(", ")", "+", "-", "=", "<", ".", "²", "99999999999999999999", "12"];
        let mut seed = 7u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..(seed % 14) {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            seed = seed.wrapping_add(1);
            accepts(&text, "x + 1");
            accepts("2x + 2", &text);
        }
        assert_eq!(accepts(&"(".repeat(100), &"x+".repeat(60)), None);
    }
}
