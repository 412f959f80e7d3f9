//! Numbers with units: what an answer's number is, and whether it is the key's.

use std::borrow::Cow;
use std::rc::Rc;

use reading::{in_thousands, joined_words, read, read_answer, with_shillings, with_times};

use crate::algebra::expression::Expression;
use crate::algebra::poly::common;
use crate::demands::{Precision, Wish};
use crate::letters::{folded, put, tidy};
use crate::memo::{Memo, kept};
use crate::reason::{Judgement, Note};
use crate::rule::Asked;
use crate::unit::{self, Unit};
use crate::{meaning, number, numeral, time};

mod reading;

/// A number as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub value: f64,
    /// The other way to read `1.200`.
    other: Option<f64>,
    form: Form,
    unit: Option<Unit>,
    /// Words behind it that are no unit.
    rest: String,
    name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Decimal {
        places: usize,
        figures: usize,
    },
    Fraction {
        top: i128,
        bottom: i128,
        mixed: bool,
    },
    /// `3 × 10⁴`; `proper` where its first number is from 1 to 10.
    Standard {
        figures: usize,
        proper: bool,
    },
    /// Roots or π; no square is left under a root.
    Exact {
        reduced: bool,
    },
    /// `2³ × 3²`: whole numbers, all of them prime or not.
    Product {
        primes: bool,
    },
    /// `2 + 3`: not worked out.
    Sum,
}

/// So many figures are taken for exact.
const EXACT: usize = 9;

/// So many figures of an answer are enough where nobody says how many.
const ENOUGH: usize = 3;

impl Form {
    fn figures(self) -> usize {
        match self {
            Self::Decimal { figures, .. } | Self::Standard { figures, .. } => figures.min(EXACT),
            _ => EXACT,
        }
    }
}

impl Quantity {
    /// Whether its value, in the unit of a finer one, is that one rounded to enough figures. Zeros at the end of a whole
    /// number may be figures or not.
    fn rounds(&self, fine: f64, value: f64) -> bool {
        let most = self.form.figures();
        let zeros = match self.form {
            Form::Decimal { places: 0, .. } => {
                (1..most).take_while(|n| self.value % 10f64.powi(*n as i32) == 0.0).count()
            }
            _ => 0,
        };
        ((most - zeros).max(ENOUGH)..=most).any(|figures| are_rounded(fine, value, figures))
    }
}

/// Whether a form of a key that is a number accepts an answer; `None` when the form is no number.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    if asked.calculates_with(form) {
        return None;
    }
    // `KE = ½mv²` is half of no unit.
    let formula = || asked.wishes(Wish::Formula) || asked.has(&["equation", "expression", "relation"]);
    if form.contains('=') && formula() && form.rsplit('=').next().is_some_and(is_of_letters) {
        return None;
    }
    let key = Key::of(form)?;
    if is_flat_power(&key, answer) {
        return Some(Judgement::wrong(Note::Unread));
    }
    if asked.calculates_with(answer) || key.quantity.unit.is_none() && kept(&CALCULATIONS, answer, calculates) {
        return Some(Judgement::wrong(Note::NoNumber));
    }
    let answer = &*in_key_units(&key, value_asked_for(side_asked_for(answer, asked), asked));
    const COSTS: &[&str] = &["cost", "price", "salary", "how much money", " earn"];
    let money = key.quantity.unit.map_or_else(|| asked.has(COSTS), |unit| unit.is_money());
    let answer = &*if money { in_thousands(answer) } else { answer.into() };
    Some(match kept(&ANSWERS, last_step(answer, asked), |answer| read_answer(answer).map(Rc::new)) {
        Ok(_) if says_opposite(answer, asked) || is_in_other_script(form, answer, asked) => {
            Judgement::wrong(Note::Wrong)
        }
        // The sign of shillings stands for any currency.
        Ok(given) if answer.trim_end().ends_with("/=") && key.quantity.unit.is_some_and(|unit| unit.is_money()) => {
            compare(&key, &Quantity { unit: key.quantity.unit, ..Quantity::clone(&given) }, asked)
        }
        Ok(given) => compare(&key, &given, asked),
        // `1 July 1962` says the year.
        Err(_)
            if asked.has(&["year", "when ", "annee", "umwaka"])
                && time::year_within(answer) == Some(key.quantity.value) =>
        {
            Judgement::right(Note::OtherForm)
        }
        // Digits, or nothing for a nought, may say it in a way that is not understood.
        Err(_) if key.quantity.value == 0.0 && says_none(answer, asked) => Judgement::right(Note::SameMeaning),
        Err(Note::NoNumber) if answer.contains(|c: char| c.is_numeric()) || key.quantity.value == 0.0 => {
            Judgement::wrong(Note::Unread)
        }
        Err(note) => Judgement::wrong(note),
    })
}

/// `1:20` as 1 h 20 where the key is in hours.
fn in_key_units<'a>(key: &Key, answer: &'a str) -> Cow<'a, str> {
    let Some(unit) = key.quantity.unit else { return answer.into() };
    if unit.is_hour()
        && let Some((hours, minutes)) = answer.trim().split_once(':')
        && minutes.len() == 2
        && hours.len() < 3
        && [hours, minutes].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    {
        return format!("{hours} h {minutes}").into();
    }
    // `360p`, `£3 and 60p`
    if unit.is_pound()
        && let Some(pence) = answer.trim_end().strip_suffix('p')
        && pence.ends_with(|c: char| c.is_ascii_digit())
    {
        return format!("{pence} pence").into();
    }
    answer.into()
}

/// The side of `-3 > -8` for which the question asks: "Which is greater?"
fn side_asked_for<'a>(answer: &'a str, asked: &Asked) -> &'a str {
    let Some((left, right)) = answer.split_once(['>', '<']).filter(|_| asked.has(&["which "])) else {
        return answer;
    };
    let greater = asked.has(&["which is greater", "which is larger", "which is bigger", "which number is greater"]);
    let smaller = asked.has(&["which is smaller", "which is less", "which number is smaller"]);
    match (value(left), value(right)) {
        (Some(_), Some(_)) if greater != smaller => {
            if answer.contains('>') == greater {
                left.trim()
            } else {
                right.trim()
            }
        }
        _ => answer,
    }
}

/// The value that the question asks for of "LCM = 36, GCF = 6".
fn value_asked_for<'a>(answer: &'a str, asked: &Asked) -> &'a str {
    if answer.matches('=').count() != 2 || !answer.contains([',', ';']) {
        return answer;
    }
    let named = |part: &'a str| {
        let (name, _) = part.split_once('=')?;
        let name = name.trim();
        (name.len() > 1 && name.chars().all(|c| c.is_alphabetic() || c == ' ')).then_some((name, part))
    };
    let parts: Option<Vec<(&str, &str)>> = answer.split([',', ';']).map(named).collect();
    let is_asked = |name: &str| asked.question.split(|c: char| !c.is_alphabetic()).any(|word| word == name);
    match parts.as_deref() {
        Some([(one, first), (other, second)]) if is_asked(one) != is_asked(other) => {
            if is_asked(one) {
                first.trim()
            } else {
                second.trim()
            }
        }
        _ => answer,
    }
}

/// Whether an answer without a number says that there is none of what is asked for: "no work is done".
fn says_none(answer: &str, asked: &Asked) -> bool {
    let answer = folded(answer);
    let mut words = answer.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().is_some_and(|word| matches!(word, "no" | "aucun" | "aucune"));
    let but = |word: &str| matches!(word, "but" | "because" | "idea" | "answer" | "way" | "only" | "not");
    // An equation without solutions has not the solution nought.
    let counted = asked.has(&["how many ", "number of "]);
    let solves = |word: &str| word.starts_with("solution") || word.starts_with("root");
    let is_asked = |word: &str| word.len() > 3 && asked.words.contains(word) && (counted || !solves(word));
    first
        && !answer.contains(|c: char| c.is_ascii_digit())
        && words.clone().count() > 1
        && words.clone().any(is_asked)
        && !words.any(but)
}

/// Whether words beside a number say the opposite of what is asked for: a loss where the question asks for the profit.
fn says_opposite(answer: &str, asked: &Asked) -> bool {
    let words = answer.split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 3);
    words && !asked.words.is_empty() && meaning::turns_round(asked.question, answer)
}

/// Whether figures stand where words are asked for, or words for figures.
fn is_in_other_script(form: &str, answer: &str, asked: &Asked) -> bool {
    let figures = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let other = figures(form) != figures(answer);
    other && asked.has(&["in words", "in figures", "en lettres", "en chiffres", "mu magambo", "mu mibare"])
}

/// Whether a text calculates with letters.
fn is_of_letters(text: &str) -> bool {
    Expression::parse(&tidy(text)).is_some_and(|value| !value.letters().is_empty())
}

/// `7.2x10-5`, which may mean a power of ten or a difference, where the key is in standard form.
fn is_flat_power(key: &Key, answer: &str) -> bool {
    let flat = |(first, power): (&str, &str)| {
        first.trim_end().ends_with(['x', '×', '*', 'X', '·']) && power.starts_with(|c: char| c.is_ascii_digit())
    };
    matches!(key.quantity.form, Form::Standard { .. })
        && ["10-", "10−"].iter().filter_map(|ten| answer.split_once(ten)).any(flat)
}

/// The last step of an answer that shows its steps: `x = 3` of "2x = 6, x = 3", and `16` of "2, 4, 8, 16" where the question
/// has the first three.
fn last_step<'a>(answer: &'a str, asked: &Asked) -> &'a str {
    const ENDS: [&str; 9] = [",", ";", "\n", "⇒", "=>", "→", "∴", "therefore ", "hence "];
    // Most answers have none of them.
    let sign = |b: u8| matches!(b, b',' | b';' | b'\n' | b'>') || !b.is_ascii();
    let divided = |answer: &str| {
        answer.bytes().any(sign) || answer.len() > 12 && (answer.contains("ore ") || answer.contains("ence "))
    };
    // "s = √144 so the side is 12 cm"
    if let Some((before, last)) = answer.rsplit_once(" so ")
        && (before.contains('=') || !before.contains(|c: char| c.is_ascii_digit()))
        && last.contains(|c: char| c.is_ascii_digit())
    {
        return last.trim_start_matches("the ");
    }
    if !divided(answer) {
        return last_equation(answer);
    }
    let end = |text: &str| ENDS.iter().filter_map(|end| Some((text.rfind(end)?, end.len()))).max();
    let Some((at, length)) = end(answer).filter(|(at, length)| !answer[at + length..].trim().is_empty()) else {
        return answer;
    };
    let (before, last) = (&answer[..at], &answer[at + length..]);
    let mut rest = before;
    let mut steps: Vec<&str> = Vec::new();
    while let Some((at, length)) = end(rest) {
        steps.push(rest[at + length..].trim());
        rest = &rest[..at];
    }
    steps.push(rest.trim());
    steps.reverse();
    let letters = |text: &str| text.chars().any(char::is_alphabetic);
    // `x = 2, x = 3` says two values; `2x = 6`, `F = ma` and `20 = 4a` say none.
    let step = |step: &&str| {
        step.split_once('=').is_some_and(|(left, right)| {
            let name = left.trim().chars().count() == 1 && letters(left);
            (letters(left) || letters(right)) && !(name && right.contains(|c: char| c.is_ascii_digit()))
        })
    };
    let equation = last.split_once('=').is_some_and(|(name, _)| name.trim().chars().count() == 1 && letters(name));
    let solved = equation && steps.iter().all(step);
    // "25 − 10 − 3 → 12"
    let leads = answer[at..].starts_with(['→', '⇒', '=', '∴'])
        && steps.iter().all(|step| step.contains(['+', '-', '−', '×', '*', '/', '÷']));
    // "100 → 50 → 25"
    let number = |step: &&str| step.parse::<f64>().ok();
    let falls = steps.len() > 1
        && answer[at..].starts_with('→')
        && steps.iter().all(|step| number(step).is_some())
        && steps.first().and_then(number).is_some_and(|first| asked.states(first));
    let printed: Vec<&str> = asked.question.split([',', ' ', ';']).filter(|word| !word.is_empty()).collect();
    let continued = steps.len() > 1 && printed.windows(steps.len()).any(|row| row == steps);
    if solved || continued || leads || falls { last.trim() } else { answer }
}

/// `x=7` of "3x=14+7 3x=21 x=7": steps with spaces between, of which none before the last says what the letter is.
fn last_equation(answer: &str) -> &str {
    let begins = |text: &str| {
        let mut chars = text.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.as_str().trim_start().starts_with('=')
    };
    let places = answer.match_indices(' ').map(|(at, _)| at + 1);
    let Some(at) = places.rev().find(|at| begins(&answer[*at..])) else { return answer };
    let (before, last) = answer.split_at(at);
    let letter = last.chars().next().unwrap_or_default();
    let alone = |(at, _): (usize, &str)| before[..at].ends_with(' ') || at == 0;
    let value_of = |text: &str| value(text.split_once('=')?.1.trim_start().split(' ').next()?);
    // `x = 12/3 x = 4` says it once.
    let is_other = |text: &str| value_of(text).is_none_or(|said| value_of(last) != Some(said));
    let said = before
        .match_indices(letter)
        .any(|found| alone(found) && begins(&before[found.0..]) && is_other(&before[found.0..]));
    if before.contains('=') && before.contains(letter) && !said && (1..4).contains(&last.matches('=').count()) {
        last
    } else {
        answer
    }
}

/// Whether a form of a key is a number.
pub fn is_number(form: &str) -> bool {
    form.contains(|c: char| c.is_ascii_digit() || c == 'π' || c == '√') && Key::of(form).is_some()
}

/// Whether a form of a key is one amount, in figures or in words: `2 hours and 30 minutes`, `one hundred and five`.
pub fn is_amount(form: &str) -> bool {
    is_number(form) || numeral::in_figures(&folded(form)).is_some_and(|figures| is_number(&figures))
}

/// The value of a text that is nothing but a number, perhaps with a name before: `x = 3`, `−2`, `√2`.
pub fn value(text: &str) -> Option<f64> {
    let quantity = read(&tidy(text)).ok()?;
    (quantity.rest.is_empty() && quantity.unit.is_none() && !matches!(quantity.form, Form::Sum | Form::Product { .. }))
        .then_some(quantity.value)
}

/// Two numbers without their form that agree exactly, or of which one is the other rounded to three figures or more.
pub fn agree(key: f64, given: f64) -> bool {
    let figures = |value: f64| {
        let digits = format!("{value:e}");
        digits.split('e').next().map_or(0, |digits| digits.bytes().filter(u8::is_ascii_digit).count())
    };
    let (mine, theirs) = (figures(key), figures(given));
    (key - given).abs() <= key.abs().max(1e-12) * 1e-9
        || key.fract() != 0.0 && mine.min(theirs) >= 3 && are_rounded(key, given, mine.min(theirs))
}

thread_local! {
    static KEYS: Memo<Option<Rc<Key>>> = Memo::default();
    static ANSWERS: Memo<Result<Rc<Quantity>, Note>> = Memo::default();
    static CALCULATIONS: Memo<bool> = Memo::default();
}

/// Whether an answer calculates with letters: `9m`, `9/s` and `9s-1` are no 9 where no unit is asked for.
fn calculates(answer: &str) -> bool {
    match Expression::of_symbols(&tidy(answer)) {
        Some(Expression::Quotient(top, _)) => top.letters().is_empty(),
        Some(Expression::Sum(..)) => !answer.contains(' '),
        _ => false,
    }
}

/// A key's number with the range it accepts.
struct Key {
    quantity: Quantity,
    tolerance: f64,
    /// `12.4–12.6`
    range: Option<(f64, f64)>,
}

impl Key {
    fn of(form: &str) -> Option<Rc<Self>> {
        kept(&KEYS, form, |form| Self::read(form).map(Rc::new))
    }

    fn read(form: &str) -> Option<Self> {
        let form = put(with_shillings(tidy(form)), &[("+/-", "±"), ("plus or minus", "±")]);
        let form = with_times(&form);
        let words = form.len() > 8 && form.ends_with(|c: char| c.is_alphabetic());
        let many = words && [" million", " thousand", " billion"].iter().any(|word| form.contains(word));
        let form = if many { joined_words(&form).into_owned().into() } else { form };
        let form = form.trim().trim_start_matches(['≈', '~', '=']).trim_start();
        let form = value_of_function(form).unwrap_or(form);
        // `(a - 2 - b)` are no two ares.
        if form.starts_with('(') && Expression::of_symbols(form).is_some_and(|sum| !sum.letters().is_empty()) {
            return None;
        }
        if form.len() > 80 || !form.contains(|c: char| c.is_ascii_digit() || c == 'π' || c == '√' || c.is_alphabetic())
        {
            return None;
        }
        if let Some((body, rest)) = form.split_once('±') {
            // `12.5 (± 0.1) cm`, `12.5 ± 0.1 cm`: the unit may stand at the end.
            let rest = rest.trim_start();
            let (by, length) = number::start(rest)?;
            let after = rest[length..].trim_start();
            let percent = after.starts_with('%');
            let after = after.trim_start_matches(['%', ')', ' ']);
            let after = after.trim_end_matches(')');
            let body = format!("{} {after}", body.trim_end_matches(['(', ' ']));
            let before = Self::plain(form.split('±').next()?.trim_end_matches(['(', ' ']));
            let quantity =
                before.filter(|quantity| quantity.unit.is_some() || after.is_empty()).or_else(|| Self::plain(&body))?;
            let tolerance = if percent { quantity.value.abs() * by.float() / 100.0 } else { by.float() };
            return Some(Self { quantity, tolerance, range: None });
        }
        if let Some(range) = Self::range(form) {
            return Some(range);
        }
        // `temperature 600-700 °C`
        if let Some(at) = form.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 3)
            && form[..at].chars().all(|c| c.is_alphabetic() || c == ' ')
            && form[..at].ends_with(' ')
            && unit::parse(&form[..at]).is_none()
            && let Some(range) = Self::range(&form[at..])
        {
            return Some(range);
        }
        let quantity = Self::plain(form)?;
        Some(Self { quantity, tolerance: 0.0, range: None })
    }

    fn plain(form: &str) -> Option<Quantity> {
        // `x² + y² = 9` is no number.
        if let Some((first, _)) = form.split_once('=')
            && first.contains(char::is_alphabetic)
            && (first.contains(|c: char| c.is_ascii_digit() || matches!(c, '+' | '/' | '*'))
                // `y-intercept` is a name.
                || first.split_once('-').is_some_and(|(_, rest)| rest.trim().len() < 4))
        {
            return None;
        }
        let quantity = match read(form) {
            Ok(quantity) => quantity,
            // A number in words is a number only by itself or with a unit: `one-way function` is none.
            Err(_) => {
                if form.contains(|c: char| c.is_ascii_digit()) {
                    return None;
                }
                let quantity = read(&numeral::in_figures(&folded(form))?).ok()?;
                return quantity.rest.is_empty().then_some(quantity);
            }
        };
        let words = quantity.rest.split_whitespace().count();
        let plain = quantity.rest.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-' || c == '\'');
        (quantity.form != Form::Sum && words <= 3 && plain).then_some(quantity)
    }

    fn range(form: &str) -> Option<Self> {
        let lower = form.to_lowercase();
        let (start, divider) = if let Some(rest) = lower.strip_prefix("between ") {
            (form.len() - rest.len(), " and ")
        } else if lower.contains(" to ") {
            (0, " to ")
        } else {
            (0, "-")
        };
        let (low, high) = form[start..].split_once(divider)?;
        // `2c^2 - 3k^2` is a difference.
        let behind = |text: &'_ str| text.trim_matches(|c: char| c == ' ' || c == '.' || c.is_ascii_digit()).to_owned();
        let apart = !behind(low).is_empty() && behind(low) != behind(high);
        let (low, high) = (read(low).ok()?, read(high).ok()?);
        let plain = |q: &Quantity| matches!(q.form, Form::Decimal { .. }) && q.rest.is_empty() && q.name.is_none();
        // Years are a period, not a tolerance.
        let years = low.value >= 1000.0 && low.value.fract() == 0.0 && high.value < 2200.0 && high.unit.is_none();
        if apart || !plain(&low) || !plain(&high) || low.value >= high.value || low.value < 0.0 || years {
            return None;
        }
        let range = Some((low.value, high.value));
        Some(Self { quantity: Quantity { value: (low.value + high.value) / 2.0, ..high }, tolerance: 0.0, range })
    }
}

/// `3` of `f(1) = 3`
fn value_of_function(form: &str) -> Option<&str> {
    let (name, value) = form.split_once('=')?;
    let (letter, at) = name.trim().strip_suffix(')')?.split_once('(')?;
    let is_call = letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic) && number::start(at).is_some();
    is_call.then(|| value.trim())
}

/// A key's number and an answer's.
struct Comparison<'a> {
    key: &'a Key,
    given: &'a Quantity,
    asked: &'a Asked<'a>,
}

fn compare(key: &Key, given: &Quantity, asked: &Asked) -> Judgement {
    let expected = &key.quantity;
    if let (Some(wanted), Some(name)) = (&expected.name, &given.name)
        && wanted.chars().count() <= 2
        && name.chars().count() <= 2
        && !wanted.eq_ignore_ascii_case(name)
        && !(is_free(wanted, asked) && is_free(name, asked))
    {
        return Judgement::wrong(Note::OtherName(name.clone(), wanted.clone()));
    }
    let comparison = Comparison { key, given, asked };
    match (expected.unit, given.unit) {
        (Some(wanted), Some(unit)) if wanted.fits(&unit) || wanted.takes_for(&unit) => {
            comparison.in_units(&wanted, &unit)
        }
        (Some(_), Some(_)) => comparison.in_other_unit(),
        (Some(wanted), None) => comparison.without_unit(&wanted),
        (None, Some(unit)) => comparison.with_unit_unasked(&unit),
        (None, None) if asked.counts_other(&given.rest) => Judgement::wrong(Note::Wrong),
        (None, None) if is_of_pairs(expected, given) && !asked.has(&["pair"]) => comparison.by(|pairs| 2.0 * pairs),
        (None, None) => with_rest(expected, given, comparison.plain()),
    }
}

/// Whether a letter is one that a pupil may choose for a number that the question has no letter for.
fn is_free(name: &str, asked: &Asked) -> bool {
    let stated = || asked.question.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case(name));
    const SOUGHT: &[&str] = &["number", "how many", "how old", "how much", "age of"];
    matches!(name, "x" | "y" | "z" | "n") && asked.has(SOUGHT) && !stated()
}

/// Whether an answer counts in pairs what the key counts one by one.
fn is_of_pairs(key: &Quantity, given: &Quantity) -> bool {
    let pairs = |rest: &str| rest.starts_with("pair");
    pairs(&given.rest) && !pairs(&key.rest)
}

impl Comparison<'_> {
    /// By the reading of the answer that is worth more, once converted.
    fn by(&self, convert: impl Fn(f64) -> f64) -> Judgement {
        let readings = [Some(self.given.value), self.given.other];
        let judged = readings.iter().flatten().map(|value| matches(self.key, convert(*value), self.given, self.asked));
        judged.reduce(Judgement::better).unwrap_or(Judgement::wrong(Note::Wrong))
    }

    fn plain(&self) -> Judgement {
        self.by(|value| value)
    }

    /// The number as it stands, less what its unit costs.
    fn costing_unit(&self, note: Note) -> Judgement {
        let judged = self.plain();
        if judged.share > 0.0 { Judgement::part(judged.share.min(self.asked.without_unit()), note) } else { judged }
    }

    /// Both have a unit of the same kind: an equal value in another is as good, unless it is to be converted.
    fn in_units(&self, wanted: &Unit, unit: &Unit) -> Judgement {
        let judged = self.by_units(wanted, unit);
        let other = wanted.fits(unit) && !wanted.is_same(unit);
        match judged.share > 0.0 && other && self.asked.unit().is_some_and(|asked| asked.is_same(wanted)) {
            true => self.in_unasked_unit(judged),
            false => judged,
        }
    }

    /// A value in another unit than the one that the question names.
    fn in_unasked_unit(&self, judged: Judgement) -> Judgement {
        if self.converts() { Judgement::wrong(Note::NotAskedUnit) } else { judged }
    }

    fn by_units(&self, wanted: &Unit, unit: &Unit) -> Judgement {
        let (expected, given) = (&self.key.quantity, self.given);
        let unit = if wanted.fits(unit) { unit } else { wanted };
        let judged = self.by(|value| unit.convert(value, wanted));
        let other = wanted != unit;
        if other && self.restates(wanted, unit) {
            return Judgement::wrong(Note::Wrong);
        }
        let about = wanted.convert(expected.value, unit);
        if other && (wanted.is_angle() || is_endless(about) && !self.asked.exact()) && given.rounds(about, given.value)
        {
            return Judgement::right(Note::OtherUnit);
        }
        if judged.share > 0.0 {
            let note = if other && judged.note == Note::Right { Note::OtherUnit } else { judged.note };
            return with_rest(expected, given, Judgement { note, ..judged });
        }
        if judged.note == Note::NoNumber {
            return judged;
        }
        // The right number in a wrong unit; 0.5 m is never 0.5 cm by conversion, and 9 weeks are no 9 months.
        let times = wanted.is_calendar() && unit.is_calendar();
        // 50 kHz are no 50 Hz.
        let prefixed = wanted.is_prefixed(unit);
        if other && !times && !prefixed { self.in_other_unit() } else { judged }
    }

    /// The number as it stands in a wrong unit, which is worth nothing where the unit is what is asked for.
    fn in_other_unit(&self) -> Judgement {
        if self.converts() { Judgement::wrong(Note::Wrong) } else { self.costing_unit(Note::WrongUnit) }
    }

    /// Whether another unit is what is asked for.
    fn converts(&self) -> bool {
        // "Calculate the change in momentum" converts nothing.
        let verb = self.asked.has(&["convert ", ". express ", "\nexpress "])
            || ["change ", "express "].iter().any(|verb| self.asked.words.starts_with(verb));
        verb && self.asked.has(&[" to ", " into ", " in "])
    }

    /// Whether a number of the question stands there in its own unit, where another is asked for: "Convert 3.5 km into metres".
    fn restates(&self, wanted: &Unit, unit: &Unit) -> bool {
        let stated = || self.asked.unit().is_some_and(|stated| stated == *wanted);
        let there = || self.asked.states(self.given.value) || states_amount(self.asked.question, self.given);
        wanted.factor != unit.factor && there() && stated()
    }

    /// The answer has no unit.
    fn without_unit(&self, wanted: &Unit) -> Judgement {
        let given = self.given;
        if wanted.is_part() && self.asked.has(&["as a percentage", "to a percentage", "into a percentage"]) {
            return self.plain();
        }
        if wanted.is_part() {
            let fraction = self.by(|value| value * 100.0);
            // 0.8 and 4/5 are 80 %, and so is 80 where per cent is meant.
            let small = given.value.abs() <= self.key.quantity.value.abs() / 100.0 + 1e-9;
            return if fraction.is_right() && small { fraction } else { self.plain() };
        }
        if wanted.is_angle() {
            // `π/6` are radians.
            let radians = matches!(given.form, Form::Exact { .. }) && (wanted.factor - 1.0).abs() > 1e-9;
            let turned = radians.then(|| self.by(|value| value / wanted.factor)).filter(Judgement::is_right);
            return turned.unwrap_or_else(|| self.plain());
        }
        // An attempt at a unit.
        if given.rest.split_whitespace().next().is_some_and(|word| word.contains('/')) {
            return self.costing_unit(Note::WrongUnit);
        }
        match self.asked.unit().filter(|stated| stated.fits(wanted)) {
            Some(stated) => self.by(|value| stated.convert(value, wanted)),
            None if self.asked.names(wanted) => self.plain(),
            None => self.costing_unit(Note::NoUnit),
        }
    }

    /// The key has no unit.
    fn with_unit_unasked(&self, unit: &Unit) -> Judgement {
        if unit.is_part() {
            let fraction = self.by(|value| value * unit.factor);
            return if fraction.share > 0.0 { fraction } else { self.plain() };
        }
        let counts = !self.key.quantity.rest.is_empty() && !unit.is_angle();
        match self.asked.unit() {
            // `100 degrees` where the question has °C.
            Some(stated) if stated.takes_for(unit) => self.plain(),
            Some(stated) if stated.fits(unit) && self.restates(&stated, unit) => Judgement::wrong(Note::Wrong),
            Some(stated) if stated.fits(unit) => {
                let judged = self.by(|value| unit.convert(value, &stated));
                let counted = self.asked.has(&["how many "]);
                match judged.share > 0.0 {
                    true if !stated.is_same(unit) => self.in_unasked_unit(judged),
                    true => judged,
                    false if counted => judged,
                    false => self.in_other_unit(),
                }
            }
            // A unit that a stem names may be that of another part.
            Some(stated) if !stated.is_part() && crate::unit::stated(self.asked.question).is_some() => {
                self.costing_unit(Note::WrongUnit)
            }
            _ if counts => self.costing_unit(Note::WrongUnit),
            // The key asks for no unit, so that one more does no harm.
            _ => self.plain(),
        }
    }
}

/// Whether a question has this amount in these units: "Convert 1 hour 15 minutes into minutes".
fn states_amount(question: &str, given: &Quantity) -> bool {
    const LONGEST: usize = 4;
    let words: Vec<&str> = question.split_whitespace().collect();
    let from = |start: usize| (start + 1..=words.len().min(start + LONGEST)).map(move |end| (start, end));
    let begins = |start: &usize| words[*start].starts_with(|c: char| c.is_ascii_digit());
    (0..words.len()).filter(begins).flat_map(from).any(|(start, end)| {
        let text = words[start..end].join(" ");
        let stated = read(tidy(&text).trim_end_matches(['.', ',', '?', ')', ':']));
        stated.is_ok_and(|stated| stated.value == given.value && stated.unit == given.unit && stated.rest.is_empty())
    })
}

/// Whether an answer counts by another time than the forms of a key that tell one: `beats per second` for `beats per minute`.
pub fn is_other_rate<'a>(forms: impl IntoIterator<Item = &'a str>, answer: &str) -> bool {
    let per = |text: &str| text.split_once("per ").and_then(|(_, what)| unit::parse(what.split(' ').next()?));
    let Some(given) = per(answer) else { return false };
    let mut wanted = forms.into_iter().filter_map(per).peekable();
    wanted.peek().is_some() && wanted.all(|unit| unit != given)
}

/// What belongs to the number: the things that are counted, or a direction behind the unit.
fn with_rest(key: &Quantity, given: &Quantity, judged: Judgement) -> Judgement {
    if judged.share == 0.0 || key.rest.is_empty() {
        return judged;
    }
    if given.rest.is_empty() {
        // Things that are counted need no name; `6 km east` needs its direction.
        return if key.unit.is_some() {
            Judgement::part(judged.share.min(0.5), Note::Unsaid(key.rest.clone()))
        } else {
            judged
        };
    }
    if is_other_rate([&*key.rest], &given.rest) || meaning::contradicts(&key.rest, &given.rest) {
        return Judgement::wrong(Note::Wrong);
    }
    judged
}

/// Whether a value is the key's, by its tolerance and by what the question asks about form.
fn matches(key: &Key, value: f64, given: &Quantity, asked: &Asked) -> Judgement {
    let expected = key.quantity.value;
    if !value.is_finite() {
        return Judgement::wrong(Note::Wrong);
    }
    if let Some((low, high)) = key.range {
        // `2-6a` may be a range of ares; what calculates is compared as it stands.
        if given.form == Form::Sum {
            return Judgement::wrong(Note::NoNumber);
        }
        let slack = high.abs() * 1e-9;
        let inside = value >= low - slack && value <= high + slack;
        return if inside { Judgement::right(Note::CloseEnough) } else { Judgement::wrong(Note::Wrong) };
    }
    let difference = (value - expected).abs();
    let size = expected.abs().max(1e-12);
    // Long whole numbers are equal or not: `1010100010` and `1010100011`.
    let whole = expected.fract() == 0.0 && value.fract() == 0.0;
    if difference <= size * 1e-9 && !(whole && (1.0..1e6).contains(&difference) && size < 1e15) {
        return exact_form(key, given, asked);
    }
    if key.tolerance > 0.0 {
        let near = difference <= key.tolerance * (1.0 + 1e-9);
        return if near { Judgement::right(Note::CloseEnough) } else { Judgement::wrong(Note::Wrong) };
    }
    let near = close(&key.quantity, value, given, asked);
    match near {
        // Of 273.15 K a key may have 273.
        None if key.quantity.unit.is_some() && may_be_finer(expected, value) && asked.precision().is_none() => {
            Judgement::wrong(Note::Unknown)
        }
        None => Judgement::wrong(Note::Wrong),
        // What is simplified is not rounded, unless the question says how.
        Some(_)
            if wants_exact(key, asked) || asked.simplest() && given.form.figures() < key.quantity.form.figures() =>
        {
            Judgement::wrong(Note::NotExact)
        }
        Some(judged) => judged,
    }
}

/// Whether a rounded value will not do: "leave your answer in km/h" says nothing of a key that is a decimal itself.
fn wants_exact(key: &Key, asked: &Asked) -> bool {
    asked.exact() || asked.wishes(Wish::Left) && !matches!(key.quantity.form, Form::Decimal { .. })
}

/// An equal value in the form that is asked for.
fn exact_form(key: &Key, given: &Quantity, asked: &Asked) -> Judgement {
    let same_form = std::mem::discriminant(&key.quantity.form) == std::mem::discriminant(&given.form);
    match given.form {
        Form::Sum => return Judgement::wrong(Note::NotWorkedOut),
        // `√16` is 4.
        Form::Exact { reduced: false }
            if asked.simplest() && !matches!(key.quantity.form, Form::Exact { reduced: false }) =>
        {
            return Judgement::wrong(Note::NotSimplest);
        }
        Form::Product { primes } => {
            if !primes && asked.has(&["prime"]) {
                return Judgement::wrong(Note::NotFactors);
            }
            // The kilobyte is defined as a power.
            let defined = primes && given.value.log2().fract() == 0.0 && asked.has(&["byte", "bits", "binary"]);
            if !matches!(key.quantity.form, Form::Product { .. }) && !factors(asked) && !defined {
                return Judgement::wrong(Note::NotWorkedOut);
            }
        }
        _ if matches!(key.quantity.form, Form::Product { .. }) && factors(asked) => {
            return Judgement::wrong(Note::NotFactors);
        }
        // "Divide 1250 by 25"
        Form::Fraction { top, bottom, .. }
            if bottom > 1 && top % bottom == 0 && asked.states(top as f64) && asked.states(bottom as f64) =>
        {
            return Judgement::wrong(Note::NotWorkedOut);
        }
        Form::Fraction { top, bottom, .. } if common(top.abs(), bottom.abs()) > 1 && asked.simplest() => {
            return Judgement::wrong(Note::NotSimplest);
        }
        _ => {}
    }
    if asked_form(asked).is_some_and(|is_asked| is_asked(key.quantity.form) && !is_asked(given.form)) {
        return Judgement::wrong(Note::NotForm);
    }
    if let Form::Decimal { .. } = given.form
        && matches!(key.quantity.form, Form::Exact { .. })
        && wants_exact(key, asked)
    {
        return Judgement::wrong(Note::NotExact);
    }
    let standard = asked.has(&["standard form", "scientific notation"]);
    let proper = matches!(given.form, Form::Standard { proper: true, .. });
    if standard && matches!(key.quantity.form, Form::Standard { .. }) && !proper {
        return Judgement::wrong(Note::NotSimplest);
    }
    Judgement::right(if same_form { Note::Right } else { Note::OtherForm })
}

/// What tells the form of a number that the question names: a mixed number, a fraction, a decimal.
fn asked_form(asked: &Asked) -> Option<fn(Form) -> bool> {
    if !asked.has(&["as a", "to a", "into a", "in decimal"]) || asked.has(&[" or "]) {
        return None;
    }
    let named = |names: &[&str]| {
        names.iter().any(|name| ["as ", "to "].iter().any(|to| asked.words.contains(&format!("{to}{name}"))))
    };
    Some(if named(&["a mixed"]) {
        |form| matches!(form, Form::Fraction { mixed: true, .. })
    } else if named(&["an improper", "a top-heavy"]) {
        |form| matches!(form, Form::Fraction { mixed: false, .. })
    } else if named(&["a fraction", "a common fraction", "a vulgar fraction", "a single fraction"]) {
        |form| matches!(form, Form::Fraction { .. })
    } else if named(&["a decimal"]) || asked.has(&["in decimal form"]) {
        |form| matches!(form, Form::Decimal { .. })
    } else {
        return None;
    })
}

/// Whether the question asks for a product or a power.
fn factors(asked: &Asked) -> bool {
    asked.has(&["index form", "power", "prime factor", "product", "indices", "exponent"])
}

/// A value that agrees with a rounded key, or rounds an exact one.
fn close(key: &Quantity, value: f64, given: &Quantity, asked: &Asked) -> Option<Judgement> {
    let expected = key.value;
    // A number of the question's own is not rounded at all.
    let precision = asked.precision().filter(|precision| *precision != Precision::Exact);
    if precision.is_some() && value != expected && asked.states(given.value) {
        return None;
    }
    if let Some(Precision::Places(places)) = precision {
        return rounding(
            round_to(expected, places),
            round_to(value, places),
            given,
            matches!(given.form, Form::Decimal { places: p, .. } if p == places),
        );
    }
    if let Some(Precision::Figures(figures)) = precision {
        let right = given.form.figures() == figures;
        return rounding(rounded(expected, figures), rounded(value, figures), given, right);
    }
    // 3.14 and 22/7 stand for π.
    if matches!(key.form, Form::Exact { .. }) {
        let pi = std::f64::consts::PI;
        let of_pi = || ABOUT_PI.iter().any(|(top, bottom)| given.rounds(expected * top / bottom / pi, value));
        let near = given.rounds(expected, value) || has_pi(expected) && of_pi();
        return near.then(|| Judgement::right(Note::Figures));
    }
    if expected.fract() == 0.0 {
        return None;
    }
    // Of key and answer the coarser is the finer rounded: 0.33 is a third.
    let figures = key.form.figures();
    if figures < given.form.figures() {
        return (figures > 1 && are_rounded(expected, value, figures)).then(|| Judgement::right(Note::CloseEnough));
    }
    given.rounds(expected, value).then(|| Judgement::right(Note::Figures))
}

/// What pupils are told to take for π.
const ABOUT_PI: [(f64, f64); 4] = [(314.0, 100.0), (22.0, 7.0), (3142.0, 1000.0), (31_416.0, 10_000.0)];

/// Multiples of π by small fractions are those that a pupil works out with 3.14.
fn has_pi(value: f64) -> bool {
    let times = value / std::f64::consts::PI;
    (1..=24).any(|bottom| {
        let top = times * f64::from(bottom);
        (top - top.round()).abs() < 1e-9 * top.abs().max(1.0)
    })
}

/// A value that rounds to what the key does: whole marks where it is rounded as asked, half where it is more exact.
fn rounding(key: Rounded, value: Rounded, given: &Quantity, as_asked: bool) -> Option<Judgement> {
    if key != value {
        return None;
    }
    let coarse = matches!(given.form, Form::Decimal { .. }) && as_asked;
    Some(if coarse { Judgement::right(Note::CloseEnough) } else { Judgement::part(0.5, Note::NotRounded) })
}

/// Whether a whole number of three figures or more may be a value that was rounded.
fn may_be_finer(whole: f64, value: f64) -> bool {
    whole.fract() == 0.0 && whole.abs() >= 100.0 && value.fract() != 0.0 && value.round() == whole
}

/// Whether a value has more figures than anyone writes: 16.666…
fn is_endless(value: f64) -> bool {
    let short: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    (short - value).abs() > value.abs() * 1e-9
}

fn are_rounded(a: f64, b: f64, figures: usize) -> bool {
    let figures = figures.min(EXACT);
    rounded(a, figures) == rounded(b, figures)
}

/// A number's first figures, and how far they are moved.
type Rounded = (i128, i32);

fn rounded(value: f64, figures: usize) -> Rounded {
    if value == 0.0 || !value.is_finite() {
        return (0, 0);
    }
    let places = figures as i32 - 1 - value.abs().log10().floor() as i32;
    let whole = (value * 10f64.powi(places) * (1.0 + 1e-12)).round();
    // 9.996 rounds to 10.0.
    if whole.abs() >= 10f64.powi(figures as i32) {
        ((whole / 10.0).round() as i128, places - 1)
    } else {
        (whole as i128, places)
    }
}

fn round_to(value: f64, places: usize) -> Rounded {
    ((value * 10f64.powi(places as i32) * (1.0 + 1e-12)).round() as i128, places as i32)
}
