//! Numbers with units, as pupils and schemes write them.

use super::text;
use super::unit::{self, Dimension};

/// A number as it was read.
#[derive(Debug, Clone, PartialEq)]
struct Quantity {
    value: f64,
    /// Digits after the point, `None` for a fraction.
    decimals: Option<usize>,
    unit: Option<(Dimension, f64)>,
    /// Words after it that are no unit.
    rest: String,
}

/// Whether a form of a key that is a number accepts an answer: `None` when the form is no number, else the reason, or
/// what is wrong.
pub fn accepts(form: &str, answer: &str) -> Option<Result<String, String>> {
    let key = read_key(form)?;
    let given = match read_answer(answer) {
        Ok(given) => given,
        Err(words) => return Some(Err(words)),
    };
    Some(compare(&key, &given, answer))
}

/// A key's number with the tolerance it states.
struct Expected {
    quantity: Quantity,
    tolerance: f64,
    name: Option<String>,
}

fn read_key(form: &str) -> Option<Expected> {
    let (body, tolerance) = match form.split_once('±') {
        Some((body, rest)) => {
            let rest = rest.split(')').next().unwrap_or(rest);
            let after = form.split_once(')').map_or("", |(_, after)| after);
            // `12.5 ± 0.1 cm` names the unit once, at the end.
            let unit: String =
                rest.trim().chars().skip_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')).collect();
            let body = format!("{} {}", body.trim_end_matches(['(', ' ']), after);
            let body = if numbers_in(&body) == 1 && read(&body).is_some_and(|q| q.unit.is_none()) {
                format!("{body} {unit}")
            } else {
                body
            };
            (body, read(rest).map_or(0.0, |quantity| quantity.value))
        }
        None => (form.to_owned(), 0.0),
    };
    let (name, value) = split_name(&body);
    if text::words(value)
        .iter()
        .filter(|word| word.chars().all(char::is_alphabetic) && unit::find(word).is_none())
        .count()
        > 3
    {
        return None;
    }
    let quantity = read(value)?;
    // `7 students` is a number of things; `6√2` and `2 hydrogen atoms and …` are texts.
    let things = quantity.rest.split_whitespace().all(|word| word.chars().all(char::is_alphabetic));
    (things && quantity.rest.split_whitespace().count() <= 2).then_some(Expected { quantity, tolerance, name })
}

/// `x = 5`: the name and the rest.
fn split_name(text: &str) -> (Option<String>, &str) {
    match text.rsplit_once('=') {
        Some((name, value)) => {
            let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            (Some(name), value)
        }
        None => (None, text),
    }
}

/// The one number of an answer; what is wrong if it has none or several.
fn read_answer(answer: &str) -> Result<(Option<String>, Quantity), String> {
    let (name, value) = split_name(answer.trim());
    if numbers_in(value) > 1 && read(value).is_none_or(|quantity| numbers_in(&quantity.rest) > 0) {
        return Err("You wrote more than one number, and one was asked for.".into());
    }
    if text::is_negated(value) {
        return Err("You wrote what it is not.".into());
    }
    let start =
        value.find(|c: char| c.is_ascii_digit() || "½¼¾⅓⅔".contains(c)).ok_or("A number was asked for.".to_owned())?;
    // A sign, a currency or a few words may stand before it.
    let lead = &value[..start];
    let sign = lead.trim_end().ends_with(['-', '−', '–'])
        && !lead.trim_end().trim_end_matches(['-', '−', '–']).ends_with(char::is_alphanumeric);
    let before = lead.trim_end_matches(['-', '−', '–', ' ', '+']);
    let money = before.split_whitespace().last().and_then(unit::find).filter(|(d, _)| *d == Dimension::Money);
    let mut quantity = read(&value[start..]).ok_or("A number was asked for.".to_owned())?;
    if sign {
        quantity.value = -quantity.value;
    }
    quantity.unit = quantity.unit.or(money);
    Ok((name.filter(|name| name.chars().count() <= 3), quantity))
}

/// Separate numbers in a text; groups of thousands, fractions and powers are one.
fn numbers_in(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        // The 2 of `cm2` and the 3 of `m3` belong to a unit.
        let attached = rest[..at].ends_with(|c: char| c.is_alphabetic() || c == '^');
        let length = number_length(&rest[at..]).max(1);
        count += usize::from(!attached);
        rest = &rest[at + length..];
    }
    count
}

/// Bytes of the number at the start: digits with points, commas, thousands' spaces, a fraction, a power of ten.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    loop {
        let next = bytes.get(end);
        let group = digits(end + 1);
        let joined = match next {
            Some(b'.' | b',') => group > 0,
            Some(b' ') => group == 3 && (end <= 3 || text[..end].contains(' ')),
            _ => false,
        };
        if !joined {
            break;
        }
        end += 1 + group;
    }
    // `1 3/4`
    let mixed = digits(end + 1);
    if bytes.get(end) == Some(&b' ') && mixed > 0 && bytes.get(end + 1 + mixed) == Some(&b'/') {
        end += 1 + mixed;
    }
    if bytes.get(end) == Some(&b'/') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    end + power_length(&text[end..])
}

/// ` × 10^4`, `x10⁴`, `e4`.
fn power_length(text: &str) -> usize {
    let trimmed = text.trim_start();
    let lead = text.len() - trimmed.len();
    let Some(sign) = ["×", "x", "X", "*", "."].iter().find(|sign| trimmed.starts_with(**sign)) else {
        return 0;
    };
    let after = trimmed[sign.len()..].trim_start();
    let Some(power) = after.strip_prefix("10") else { return 0 };
    let raised: String = power.chars().take_while(|c| "^⁰¹²³⁴⁵⁶⁷⁸⁹⁻-−0123456789".contains(*c)).collect();
    if raised.is_empty() { 0 } else { lead + (trimmed.len() - after.len()) + 2 + raised.len() }
}

/// The number at the start of a text, with the unit behind or the currency before it.
fn read(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let start = text.find(|c: char| c.is_ascii_digit() || "½¼¾⅓⅔".contains(c))?;
    let lead = text[..start].trim();
    let sign = match lead {
        "-" | "−" | "–" => -1.0,
        "" | "+" | "≈" | "~" | "$" => 1.0,
        word => {
            let word = word.trim_end_matches(['-', '−', '–', ' ']);
            unit::find(word).filter(|(d, _)| *d == Dimension::Money)?;
            1.0
        }
    };
    let money = (!lead.is_empty()).then(|| unit::find(lead)).flatten();
    let body = &text[start..];
    if let Some((value, rest)) = vulgar(body) {
        return Some(finish(sign * value, None, rest, money));
    }
    let length = number_length(body);
    let (number, rest) = body.split_at(length);
    let power_at = number.len() - power_start(number);
    let (mantissa, power) = number.split_at(power_at);
    let scale = if power.is_empty() { 1.0 } else { 10f64.powi(exponent(power)?) };
    let (value, decimals) = plain(mantissa.trim())?;
    // `1½`
    if let Some((more, rest)) = vulgar(rest.trim_start()) {
        return Some(finish(sign * (value + more), None, rest, money));
    }
    Some(finish(sign * value * scale, decimals.filter(|_| power.is_empty()), rest, money))
}

fn power_start(number: &str) -> usize {
    let digits =
        number.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '/'))).unwrap_or(number.len());
    let at = number[..digits].trim_end().len();
    number.len() - at
}

fn exponent(power: &str) -> Option<i32> {
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let after = &power[power.find("10")? + 2..];
    let plain: String = after
        .chars()
        .filter_map(|c| match c {
            '^' => None,
            '⁻' | '−' => Some('-'),
            c => Some(RAISED.chars().position(|r| r == c).map_or(c, |n| char::from(b'0' + n as u8))),
        })
        .collect();
    plain.parse().ok().filter(|n: &i32| n.abs() < 60)
}

fn vulgar(text: &str) -> Option<(f64, &str)> {
    const FRACTIONS: [(char, f64); 5] = [('½', 0.5), ('¼', 0.25), ('¾', 0.75), ('⅓', 1.0 / 3.0), ('⅔', 2.0 / 3.0)];
    let first = text.chars().next()?;
    let (_, value) = FRACTIONS.iter().find(|(c, _)| *c == first)?;
    Some((*value, &text[first.len_utf8()..]))
}

fn finish(value: f64, decimals: Option<usize>, rest: &str, money: Option<(Dimension, f64)>) -> Quantity {
    let rest = rest.trim();
    let first = rest.split_whitespace().next().unwrap_or_default();
    let found =
        unit::find(rest).map(|unit| (unit, "")).or_else(|| unit::find(first).map(|unit| (unit, &rest[first.len()..])));
    let (unit, rest) = found.map_or((None, rest), |(unit, rest)| (Some(unit), rest));
    Quantity { value, decimals, unit: unit.or(money), rest: rest.trim().to_owned() }
}

/// `1,234,567`, `12 500`, `3,5`, `2.50`, `3/4`, `1 3/4`: the value and its decimals.
fn plain(number: &str) -> Option<(f64, Option<usize>)> {
    if let Some((top, bottom)) = number.split_once('/') {
        let bottom: f64 = plain(bottom)?.0;
        let (whole, top) = match top.trim().rsplit_once(' ') {
            Some((whole, top)) => (plain(whole)?.0, plain(top)?.0),
            None => (0.0, plain(top)?.0),
        };
        return (bottom != 0.0).then(|| (whole + top / bottom, None));
    }
    let compact: String = number.chars().filter(|c| *c != ' ').collect();
    let groups: Vec<&str> = compact.split(',').collect();
    let thousands = groups.len() > 1
        && groups[1..].iter().enumerate().all(|(n, group)| {
            let whole = group.split('.').next().unwrap_or(group);
            whole.len() == 3 && (n + 2 == groups.len() || whole.len() == group.len())
        })
        && !groups[0].is_empty()
        && groups[0] != "0"
        && groups[0].len() <= 3;
    let text = if thousands { compact.replace(',', "") } else { compact.replacen(',', ".", 1) };
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(|value| (value, Some(decimals)))
}

fn compare(key: &Expected, (name, given): &(Option<String>, Quantity), answer: &str) -> Result<String, String> {
    let expected = &key.quantity;
    if let (Some(wanted), Some(name)) = (&key.name, name)
        && wanted.chars().count() <= 3
        && wanted != name
    {
        return Err(format!("You wrote {name}, and {wanted} was asked for."));
    }
    let written = text::clip(answer);
    let (value, unit_note) = match (expected.unit, given.unit) {
        (Some((wanted, factor)), Some((dimension, other))) => {
            if wanted != dimension {
                return Err(format!("You wrote “{written}”: the unit does not fit."));
            }
            let note = if (factor - other).abs() > f64::EPSILON { " in another unit" } else { "" };
            (given.value * other / factor, note)
        }
        (Some((Dimension::Part, _)), None)
            if given.decimals != Some(0) && given.value.abs() <= 1.0 && expected.value.abs() > 1.0 =>
        {
            (given.value * 100.0, "")
        }
        (None, Some((Dimension::Part, factor))) if expected.value.abs() <= 1.0 => (given.value * factor, ""),
        (Some(_), None) => (given.value, "; write the unit too"),
        _ => (given.value, ""),
    };
    let difference = (value - expected.value).abs();
    let size = expected.value.abs().max(1e-12);
    if difference <= size * 1e-9 {
        let same_form = expected.decimals.is_some() == given.decimals.is_some();
        let note = if same_form { "" } else { ", written another way" };
        return Ok(format!("Right: {written}{unit_note}{note}."));
    }
    if difference <= key.tolerance * (1.0 + 1e-9) {
        return Ok(format!("Right: {written} is close enough{unit_note}."));
    }
    // A key that is itself rounded accepts more or fewer decimals, from three figures on.
    if expected.value.fract() != 0.0 && round3(value) == round3(expected.value) && figures(given) >= 3 {
        return Ok(format!("Right: {written} agrees to three figures{unit_note}."));
    }
    Err(format!("You wrote “{written}”."))
}

fn round3(value: f64) -> i64 {
    if value == 0.0 {
        return 0;
    }
    let places = 2 - value.abs().log10().floor() as i32;
    (value * 10f64.powi(places)).round() as i64 + i64::from(places) * 1_000_000
}

fn figures(quantity: &Quantity) -> usize {
    let Some(decimals) = quantity.decimals else { return 9 };
    let digits = format!("{:.decimals$}", quantity.value.abs());
    digits.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0').count()
}
