//! Numbers with units, as pupils and schemes write them.

use super::unit::{self, Dimension};
use super::{meaning, text};

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
    let figures = in_figures(answer);
    let marked = read_answer(&figures).and_then(|given| compare(&key, &given, answer));
    // `83.200` is 83 200 where nothing else fits.
    Some(marked.or_else(|words| {
        let whole =
            without_stops(&figures).filter(|_| key.quantity.value >= 1000.0 && key.quantity.value.fract() == 0.0);
        let given = whole.and_then(|text| read_answer(&text).ok()).ok_or(words.clone())?;
        compare(&key, &given, answer).map_err(|_| words)
    }))
}

/// A number whose full stops divide thousands, without them.
fn without_stops(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..].find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len() - start);
    let number = text[start..start + length].trim_end_matches('.');
    let mut groups = number.split('.');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && !group.starts_with('0'));
    let rest: Vec<&str> = groups.collect();
    (first && !rest.is_empty() && rest.iter().all(|group| group.len() == 3))
        .then(|| format!("{}{}{}", &text[..start], number.replace('.', ""), &text[start + number.len()..]))
}

/// Number words, and what they are worth.
const WORDS: &[(&str, u64)] = &[
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1000),
    ("million", 1_000_000),
];

/// Parts of one, by their word.
const PARTS: &[(&str, u64)] = &[
    ("half", 2),
    ("halves", 2),
    ("third", 3),
    ("thirds", 3),
    ("quarter", 4),
    ("quarters", 4),
    ("fourth", 4),
    ("fourths", 4),
    ("fifth", 5),
    ("fifths", 5),
    ("sixth", 6),
    ("sixths", 6),
    ("eighth", 8),
    ("eighths", 8),
    ("tenth", 10),
    ("tenths", 10),
];

/// `twenty-five` as 25, `three quarters` as 3/4, `7 out of 40` as 7/40, `4 and 1/12` as 4 1/12.
fn in_figures(answer: &str) -> String {
    for sign in ["minus ", "negative "] {
        let answer = answer.trim();
        if answer.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign)) {
            return format!("-{}", in_figures(&answer[sign.len()..]));
        }
    }
    let worth = |table: &[(&str, u64)], word: &str| {
        let word = word.trim_end_matches(['.', ',']).to_lowercase();
        table.iter().find(|(name, _)| *name == word).map(|(_, worth)| *worth)
    };
    if answer.contains(|c: char| c.is_ascii_digit()) {
        let joined = answer.replace(" out of ", "/").replace(" over ", "/").replace(" per ", "/");
        return match joined.split_once(" and ") {
            Some((whole, part))
                if whole.ends_with(|c: char| c.is_ascii_digit())
                    && !whole.contains('/')
                    && part.split_once('/').is_some_and(|(top, _)| top.bytes().all(|b| b.is_ascii_digit())) =>
            {
                format!("{whole} {part}")
            }
            _ => joined,
        };
    }
    let spaced = answer.replace('-', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_number = |word: &&str| worth(WORDS, word).is_some() || worth(PARTS, word).is_some();
    let Some(start) = words.iter().position(is_number) else { return answer.to_owned() };
    let (mut total, mut group, mut part, mut before) = (0u64, 0u64, None, None::<u64>);
    let mut mixed = false;
    let mut end = start;
    for (n, word) in words.iter().enumerate().skip(start) {
        if let Some(bottom) = worth(PARTS, word) {
            (part, end) = (Some(bottom), n + 1);
            break;
        }
        let Some(value) = worth(WORDS, word) else {
            // `two and a half`
            let next = words.get(n + 1).filter(|next| **next == "a").map_or(n + 1, |_| n + 2);
            if let Some(bottom) = words.get(next).filter(|_| *word == "and").and_then(|word| worth(PARTS, word)) {
                (mixed, part, end) = (true, Some(bottom), next + 1);
                break;
            }
            if *word == "and" && words.get(n + 1).is_some_and(|word| worth(WORDS, word).is_some()) {
                continue;
            }
            break;
        };
        // `two three` and `two and three` are two numbers, not one.
        let fits =
            before.is_none_or(|before| value >= 100 || before >= 100 || (20..100).contains(&before) && value < 10);
        if !fits {
            return answer.to_owned();
        }
        match value {
            1000.. => (total, group) = (total.saturating_add(group.max(1).saturating_mul(value)), 0),
            100 => group = group.max(1).saturating_mul(100),
            _ => group = group.saturating_add(value),
        }
        (before, end) = (Some(value), n + 1);
    }
    if words[end..].iter().any(is_number) {
        return answer.to_owned();
    }
    let value = total.saturating_add(group);
    let number = match part {
        Some(bottom) if mixed => format!("{value} 1/{bottom}"),
        Some(bottom) => format!("{}/{bottom}", if before.is_none() { 1 } else { value }),
        None => value.to_string(),
    };
    let lead = words[..start].iter().copied().filter(|word| !matches!(word.to_lowercase().as_str(), "a" | "an"));
    lead.chain([number.as_str()]).chain(words[end..].iter().copied()).collect::<Vec<_>>().join(" ")
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
    let things = quantity.rest.split_whitespace().all(|word| word.chars().all(|c| c.is_alphabetic() && c != 'π'));
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
    if meaning::denies(value) {
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
        (Some(_), None) if given.rest.split_whitespace().next().is_some_and(|word| word.contains('/')) => {
            return Err(format!("You wrote “{written}”: “/” means “per”, and that unit does not fit."));
        }
        (Some(_), None) => (given.value, "; write the unit too"),
        // Schemes leave out degrees, francs and per cent; a force is not a number.
        (None, Some((dimension, _))) if ![Dimension::Angle, Dimension::Money, Dimension::Part].contains(&dimension) => {
            let why = if expected.rest.is_empty() { "this has no unit" } else { "the unit does not fit" };
            return Err(format!("You wrote “{written}”: {why}."));
        }
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
