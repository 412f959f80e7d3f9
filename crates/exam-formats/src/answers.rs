//! What an item asks for, in terms that the formats of other programs share, and answer keys from what they say.

use std::collections::HashMap;
use std::fmt;

use exam_marking::key;
use exam_model::question::{Kind, Question};
use exam_model::text::blanks;

/// What an item asks for, with what its key makes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Which of the options are right.
    Choice { right: Vec<bool>, several: bool },
    /// `None` without a key.
    Truth(Option<bool>),
    /// The numbers that are right; none without a key.
    Number(Vec<Number>),
    /// The words that are right; none without a key, or where only a person can tell.
    Text(Vec<String>),
    /// At least two pairs.
    Pairs(Vec<(String, String)>),
    /// The options' places in the right order.
    Order(Vec<usize>),
    /// What is right in each blank of the text; no words where it cannot be told.
    Blanks(Vec<Vec<String>>),
    /// Several things.
    List,
    /// Sentences, or what no format has a way to ask for.
    Free,
    /// Nothing: text for others.
    Nothing,
}

impl Asked {
    /// What the item's kind is when it comes back.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Choice { several: false, .. } => Kind::Single,
            Self::Choice { several: true, .. } => Kind::Multiple,
            Self::Truth(_) => Kind::TrueFalse,
            Self::Number(_) => Kind::Numeric,
            Self::Text(_) => Kind::Short,
            Self::Pairs(_) => Kind::Match,
            Self::Order(_) => Kind::Order,
            Self::Blanks(_) => Kind::Cloze,
            Self::List => Kind::List,
            Self::Free => Kind::Long,
            Self::Nothing => Kind::Group,
        }
    }

    /// It stands among or beside the options.
    pub fn uses_options(&self) -> bool {
        matches!(self, Self::Choice { .. } | Self::Order(_))
    }
}

/// What an item asks for.
pub fn asked(question: &Question) -> Asked {
    let key = question.key.as_ref();
    let forms = || key.map(|key| one_point(&key.text)).unwrap_or_default();
    match question.kind {
        Kind::Single | Kind::Multiple if question.options.len() > 1 => {
            let is_right = |id: &String| key.is_some_and(|key| key.options.contains(id));
            let right: Vec<bool> = question.options.iter().map(|option| is_right(&option.id)).collect();
            Asked::Choice { right, several: question.kind == Kind::Multiple }
        }
        Kind::TrueFalse => Asked::Truth(key.and_then(|key| match key.options.first().unwrap_or(&key.text).as_str() {
            "true" | "True" | "TRUE" | "T" => Some(true),
            "false" | "False" | "FALSE" | "F" => Some(false),
            _ => None,
        })),
        Kind::Numeric => {
            let forms = forms();
            let mut numbers: Option<Vec<Number>> = forms.iter().map(|form| number(form)).collect();
            // `12 / +12` is one number.
            numbers.iter_mut().for_each(Vec::dedup);
            match numbers {
                Some(numbers) if !numbers.is_empty() || key.is_none() => Asked::Number(numbers),
                _ => Asked::Text(forms),
            }
        }
        Kind::Single | Kind::Multiple | Kind::Short => Asked::Text(forms()),
        Kind::Match | Kind::Classify => match key.map(|key| key::pairs(&key.text)) {
            Some(pairs) if pairs.len() > 1 => Asked::Pairs(pairs),
            _ => Asked::Free,
        },
        Kind::Order => key.and_then(|key| order(question, &key.text)).map_or(Asked::Free, Asked::Order),
        Kind::Cloze | Kind::Label => match &blanks(&question.text)[..] {
            [] => Asked::Free,
            // Nothing but a blank is a place for an answer.
            [all] if all.len() == question.text.len() => Asked::Text(forms()),
            blanks => {
                let blanks = blanks.len();
                let forms = |text: &str| key::parse(text).all.iter().map(|point| point.forms.clone()).collect();
                let points: Vec<Vec<String>> = key.map(|key| forms(&key.text)).unwrap_or_default();
                Asked::Blanks(if points.len() == blanks { points } else { vec![Vec::new(); blanks] })
            }
        },
        Kind::List => Asked::List,
        Kind::Long => Asked::Free,
        Kind::Group => Asked::Nothing,
    }
}

/// The forms of a key that one of them satisfies; none for a key of several points.
fn one_point(text: &str) -> Vec<String> {
    let points = key::parse(text);
    let mut forms = Vec::new();
    if points.all.len() == 1 || points.any == Some(1) {
        for form in points.all.iter().flat_map(|point| &point.forms) {
            if !forms.contains(form) {
                forms.push(form.clone());
            }
        }
    }
    forms
}

/// Every option once, named by its label or its text.
fn order(question: &Question, key: &str) -> Option<Vec<usize>> {
    let same = |a: &str, b: &str| !a.is_empty() && a.to_lowercase() == b.to_lowercase();
    let place = |word: &str| question.options.iter().position(|o| same(&o.label, word) || same(&o.text, word));
    let by = |words: Vec<String>| -> Option<Vec<usize>> {
        let places: Vec<usize> = words.iter().map(|word| place(word.trim())).collect::<Option<_>>()?;
        let mut each = places.clone();
        each.sort_unstable();
        each.dedup();
        (each.len() == question.options.len() && places.len() == each.len() && each.len() > 1).then_some(places)
    };
    by(key.split(';').map(str::to_owned).collect()).or_else(|| by(key::sequence(key)))
}

/// What an import writes for a blank.
pub const BLANK: &str = "_____";

/// A number of a key that other programs understand: no fraction, no power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Digits with at most one point, perhaps a minus before.
    pub value: String,
    pub unit: String,
    pub tolerance: Option<String>,
}

impl Number {
    /// As a marking scheme prints it: `12.5 cm (± 0.1)`.
    pub fn shown(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let tolerance = self.tolerance.as_ref().map(|by| format!(" (± {by})")).unwrap_or_default();
        format!("{}{unit}{tolerance}", self.value)
    }
}

/// Reads `12.5 cm (± 0.1)`, `-3`, `40°`; `None` for what other programs would take for something else.
pub fn number(form: &str) -> Option<Number> {
    let (main, tolerance) = match form.split_once('±') {
        Some((main, by)) => (main.trim_end().trim_end_matches('('), Some(digits(by.trim().trim_end_matches(')'))?)),
        None => (form, None),
    };
    let main = without_groups(main.trim());
    let end = main.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '−' | '+'))).unwrap_or(main.len());
    let value = digits(&main[..end])?;
    let unit = main[end..].trim();
    let is_unit = unit.is_empty()
        || unit.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '°'))
            && !unit.contains(|c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '=' | ',' | '^'));
    is_unit.then(|| Number { value, unit: unit.to_owned(), tolerance })
}

/// `7,020,009` and `7 020 009` as `7020009`.
fn without_groups(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let divides = |at: usize| {
        let before = at > 0 && is_digit(at - 1);
        matches!(chars[at], ',' | ' ' | '\u{a0}') && before && (1..4).all(|n| is_digit(at + n)) && !is_digit(at + 4)
    };
    (0..chars.len()).filter(|at| !divides(*at)).map(|at| chars[at]).collect()
}

/// A decimal number in ASCII, with every digit that it has; powers of ten such as `1.5e-3` are written out.
pub fn digits(text: &str) -> Option<String> {
    let text = text.trim().replace('−', "-");
    if let Some((value, power)) = text.split_once(['e', 'E']) {
        return Some(Decimal::parse(value)?.times_ten_to(power.parse().ok()?)?.to_string());
    }
    let plain = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.len() <= 40 && part.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && all_digits(part)).then(|| text.trim_start_matches('+').to_owned())
}

/// A number between two others, exactly: their middle, and how far they are from it.
pub fn between(low: &str, high: &str) -> Option<Number> {
    let (low, high) = (Decimal::parse(low)?, Decimal::parse(high)?);
    let by = high.minus(low)?.half()?;
    let tolerance = (by.units != 0).then(|| by.to_string());
    let value = low.minus(by.negative())?.to_string();
    (by.units >= 0).then_some(Number { value, unit: String::new(), tolerance })
}

/// A number in a range around it: the tolerance where it is in the middle, as far as a computer's rounding shows.
pub fn within(value: &str, low: &str, high: &str) -> Option<Number> {
    let number = Decimal::parse(value)?;
    let (below, above) =
        (number.minus(Decimal::parse(low)?)?.to_string(), Decimal::parse(high)?.minus(number)?.to_string());
    let [by, other]: [f64; 2] = [below.parse().ok()?, above.parse().ok()?];
    if by <= 0.0 || (by - other).abs() > 1e-6 * by {
        return between(low, high);
    }
    let tolerance = if below.len() < above.len() { below } else { above };
    Some(Number { value: number.to_string(), unit: String::new(), tolerance: Some(tolerance) })
}

/// A number with what it may be less and more, exactly; as percentages of it where they are relative.
pub fn around(value: &str, below: &str, above: &str, relative: bool) -> Option<Number> {
    let value = Decimal::parse(value)?;
    let by = |by: &str| {
        let by = Decimal::parse(by)?;
        if !relative {
            return Some(by);
        }
        let units = value.units.abs().checked_mul(by.units)?;
        Some(Decimal { units, places: value.places + by.places + 2 })
    };
    let (low, high) = (value.minus(by(below)?)?, value.minus(by(above)?.negative())?);
    between(&low.to_string(), &high.to_string())
}

/// A decimal number as whole units of its last place.
#[derive(Clone, Copy)]
struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let text = digits(text)?;
        let places = text.split_once('.').map_or(0, |(_, part)| part.len()) as u32;
        Some(Self { units: text.replace('.', "").parse().ok()?, places })
    }

    fn at(self, places: u32) -> Option<i128> {
        self.units.checked_mul(10_i128.checked_pow(places - self.places)?)
    }

    fn minus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        Some(Self { units: self.at(places)?.checked_sub(other.at(places)?)?, places })
    }

    fn negative(self) -> Self {
        Self { units: -self.units, ..self }
    }

    fn half(self) -> Option<Self> {
        Some(Self { units: self.units.checked_mul(5)?, places: self.places + 1 })
    }

    fn times_ten_to(self, power: i32) -> Option<Self> {
        let places = self.places as i32 - power.clamp(-99, 99);
        let units = self.units.checked_mul(10_i128.checked_pow(places.min(0).unsigned_abs())?)?;
        Some(Self { units, places: places.max(0) as u32 })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:01$}", self.units.unsigned_abs(), self.places as usize + 1);
        let (whole, part) = digits.split_at(digits.len() - self.places as usize);
        let part = part.trim_end_matches('0');
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}

/// A percentage with the five digits that Moodle compares its list of fractions by: `50`, `33.33333`.
pub fn weight(percent: f64) -> String {
    let text = format!("{percent:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What is told of an answer that was compared letter by letter.
pub const CASE: &str = "that capital letters matter is left out";

/// What is told of a column that holds more than is matched.
pub const UNMATCHED: &str = "answers that match nothing are left out";

/// The answers that earn all the marks, of those that earn a percentage. What earns a part has no place in a key: it is told.
pub fn full(graded: impl IntoIterator<Item = (f64, String)>, told: &mut Vec<String>) -> Vec<String> {
    let (full, less): (Vec<_>, Vec<_>) = graded.into_iter().partition(|(percent, _)| *percent > 99.99);
    let less = less.into_iter().filter(|(percent, _)| *percent > 0.0);
    let less: Vec<String> = less.map(|(percent, answer)| format!("“{answer}” ({} %)", weight(percent))).collect();
    if !less.is_empty() {
        told.push(format!("what earns a part of the marks is left out: {}", less.join(", ")));
    }
    full.into_iter().map(|(_, answer)| answer).collect()
}

/// Forms as Moodle compares them: `*` stands for any characters, `\\*` for a star. A key has no such sign, so that what
/// stands beside it is taken, and doubted.
pub fn forms_of_moodle(forms: Vec<String>, read: &mut Question) -> Vec<String> {
    let mut taken = Vec::new();
    for form in forms {
        let hidden = form.replace("\\*", "\u{fdd0}");
        let shown = |text: &str| text.replace('\u{fdd0}', "*");
        if !hidden.contains('*') {
            taken.push(shown(&hidden));
            continue;
        }
        let rest = shown(&hidden.replace('*', " ")).split_whitespace().collect::<Vec<_>>().join(" ");
        if rest.is_empty() {
            read.doubt("any answer is right where it was made; here it has no answer key");
        } else {
            read.doubt(format!("in its answer “{form}” a * stands for any characters; here only “{rest}” is right"));
            taken.push(rest);
        }
    }
    taken
}

/// A form as Moodle compares it: its stars are stars.
pub fn form_of_moodle(form: &str) -> String {
    form.replace('*', "\\*")
}

/// What is right in a blank, and the words of its menu.
#[derive(Default)]
pub struct Blank {
    pub forms: Vec<String>,
    pub words: Vec<String>,
}

/// Makes a question one of blanks to fill. The words of all menus become its one word bank.
pub fn fill(read: &mut Question, blanks: Vec<Blank>) {
    let points: Vec<String> = blanks.iter().map(|blank| key_of_forms(&blank.forms)).collect();
    let mut words: Vec<String> = blanks.into_iter().flat_map(|blank| blank.words).collect();
    words.sort();
    words.dedup();
    read.kind = Kind::Cloze;
    read.options = crate::options(std::iter::repeat(String::new()), words);
    // A key with a hole would mark the wrong blank.
    read.key = if points.iter().any(String::is_empty) { None } else { crate::key(points.join("; ")) };
}

/// What each of so many right options earns, as percentages that Moodle has in its list. From 21 on there are none.
pub fn shares(right: usize) -> Vec<String> {
    match right {
        // 10 and 5 % are the smallest.
        11..=20 => [vec!["10".into(); 20 - right], vec!["5".into(); 2 * right - 20]].concat(),
        _ => vec![weight(100.0 / right.max(1) as f64); right],
    }
}

/// Forms of one point as a key holds them, in which `;`, lines and ` / ` divide.
pub fn key_of_forms(forms: &[String]) -> String {
    let plain = |form: &String| form.replace(['\n', ';'], ",").replace(" // ", " or ").replace(" / ", " or ");
    let forms: Vec<String> = forms.iter().map(plain).filter(|form| !form.trim().is_empty()).collect();
    forms.join(" / ")
}

/// The key of a matching. Columns that the text does not show yet are added to it, the right one in alphabetical order,
/// so that it gives nothing away.
pub fn key_of_pairs(pairs: &[(String, String)], text: &mut String) -> String {
    let label = |side: &String| (1..=3).contains(&side.chars().count()) && side.chars().all(char::is_alphanumeric);
    let join = |pairs: &[(String, String)]| {
        pairs.iter().map(|(left, right)| format!("{left}-{right}")).collect::<Vec<_>>().join("; ")
    };
    if pairs.iter().all(|(left, right)| label(left) && label(right)) && key::pairs(&join(pairs)) == pairs {
        return join(pairs);
    }
    let mut left = Column::default();
    pairs.iter().for_each(|(side, _)| left.add(side));
    let mut sides: Vec<&str> = pairs.iter().map(|(_, side)| side.as_str()).collect();
    sides.sort_unstable();
    let mut right = Column::default();
    sides.into_iter().for_each(|side| right.add(side));
    let labels: Vec<String> = crate::letters().take(right.sides.len()).collect();
    for (n, side) in left.sides.iter().enumerate() {
        text.push_str(&format!("\n{}. {side}", n + 1));
    }
    for (label, side) in labels.iter().zip(&right.sides) {
        text.push_str(&format!("\n{label}. {side}"));
    }
    let labelled = |(one, other): &(String, String)| {
        ((left.places[one.as_str()] + 1).to_string(), labels[right.places[other.as_str()]].clone())
    };
    join(&pairs.iter().map(labelled).collect::<Vec<_>>())
}

/// The sides of pairs, each once, with their places.
#[derive(Default)]
struct Column<'a> {
    sides: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Column<'a> {
    fn add(&mut self, side: &'a str) {
        let next = self.sides.len();
        if *self.places.entry(side).or_insert(next) == next {
            self.sides.push(side);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_other_programs_write_them() {
        for form in ["12.5 cm (± 0.1)", "-3", "40 °", "7 km/h", "12.5 (± 0.1)"] {
            assert_eq!(number(form).unwrap().shown(), form);
        }
        assert_eq!(number("12.5cm ± 0.1").unwrap().shown(), "12.5 cm (± 0.1)");
        assert_eq!(number("7,020,009 km").unwrap().shown(), "7020009 km");
        assert_eq!(number("83 200").unwrap().shown(), "83200");
        for form in ["3/4", "x = 4", "2 1/3", "3 × 10⁸", "1,50", "", "cm", "1.2.3", "4 and 5"] {
            assert_eq!(number(form), None, "{form}");
        }
    }

    #[test]
    fn every_digit_is_kept() {
        for text in ["1.4142135623730951", "-123456789012345678901.5", "0.00000000000000000001"] {
            assert_eq!(digits(text).as_deref(), Some(text));
        }
        assert_eq!(digits("1.5e-3").as_deref(), Some("0.0015"));
        assert_eq!(digits("-2E4").as_deref(), Some("-20000"));
        for text in ["e", "1e", "1e999", "--1", "1.", &"9".repeat(41)] {
            assert_eq!(digits(text), None, "{text}");
        }
        let shown = |low, high| between(low, high).map(|number| number.shown());
        assert_eq!(shown("3.141", "3.142").as_deref(), Some("3.1415 (± 0.0005)"));
        assert_eq!(shown("-1", "2").as_deref(), Some("0.5 (± 1.5)"));
        assert_eq!(
            shown("1.4142135623730949", "1.4142135623730953").as_deref(),
            Some("1.4142135623730951 (± 0.0000000000000002)")
        );
        assert_eq!(shown("5.0", "5").as_deref(), Some("5"));
        assert_eq!(shown("2", "1"), None);
        let shown = |value, low, high| within(value, low, high).map(|number| number.shown());
        assert_eq!(shown("1.4142", "1.4132", "1.4151999999999998").as_deref(), Some("1.4142 (± 0.001)"));
        assert_eq!(shown("2", "1", "4").as_deref(), Some("2.5 (± 1.5)"));
        assert_eq!(shown("2", "2", "2").as_deref(), Some("2"));
        let shown = |value, below, above, relative| around(value, below, above, relative).map(|number| number.shown());
        assert_eq!(shown("-150", "2", "2", true).as_deref(), Some("-150 (± 3)"));
        assert_eq!(shown("10", "1", "2", false).as_deref(), Some("10.5 (± 1.5)"));
    }

    #[test]
    fn shares_make_a_whole() {
        for right in 1..=20 {
            let sum: f64 = shares(right).iter().map(|share| share.parse::<f64>().unwrap()).sum();
            assert!((sum - 100.0).abs() < 0.001 && shares(right).len() == right, "{right}");
        }
        assert_eq!(shares(3), ["33.33333"; 3]);
    }

    #[test]
    fn columns_are_shown_once() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        let mut text = "Match.".to_owned();
        assert_eq!(key_of_pairs(&pairs(&[("1", "C"), ("2", "A")]), &mut text), "1-C; 2-A");
        assert_eq!(text, "Match.");
        assert_eq!(key_of_pairs(&pairs(&[("Rwanda", "Kigali"), ("Guinea-Bissau", "Bissau")]), &mut text), "1-B; 2-A");
        assert_eq!(text, "Match.\n1. Rwanda\n2. Guinea-Bissau\nA. Bissau\nB. Kigali");
    }
}
