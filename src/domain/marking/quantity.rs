//! Numbers with units: what an answer's number is, and whether it is the key's.

use super::algebra::expression::Expression;
use super::algebra::poly::{Ratio, common};
use super::letters::{folded, tidy};
use super::number::{self, Literal};
use super::reason::{Judged, Note};
use super::rule::Asked;
use super::unit::{self, Unit};
use super::{meaning, numeral};

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
    Decimal { places: usize, figures: usize },
    Fraction { top: i128, bottom: i128, mixed: bool },
    /// `3 × 10⁴`
    Standard { figures: usize },
    /// Roots or π.
    Exact,
    /// `2 + 3`, `2 × 3`: not worked out.
    Sum,
}

impl Form {
    fn figures(self) -> usize {
        match self {
            Self::Decimal { figures, .. } | Self::Standard { figures } => figures,
            _ => 9,
        }
    }
}

/// Whether a form of a key that is a number accepts an answer; `None` when the form is no number.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judged> {
    let key = Key::read(form, asked)?;
    Some(match read_answer(answer) {
        Ok(given) => compare(&key, &given, asked),
        Err(note) => Judged::wrong(note),
    })
}

/// Whether a form of a key is a number.
pub fn is_number(form: &str) -> bool {
    form.contains(|c: char| c.is_ascii_digit() || c == 'π' || c == '√') && Key::read(form, &Asked::default()).is_some()
}

/// The value of a text that is nothing but a number, perhaps with a name before: `x = 3`, `−2`, `√2`.
pub fn value(text: &str) -> Option<f64> {
    let quantity = read(&tidy(text)).ok()?;
    (quantity.rest.is_empty() && quantity.unit.is_none() && quantity.form != Form::Sum).then_some(quantity.value)
}

/// Two numbers that agree exactly or to three figures.
pub fn agree(key: f64, given: f64) -> bool {
    (key - given).abs() <= key.abs().max(1e-12) * 1e-9 || key.fract() != 0.0 && rounded(key, 3) == rounded(given, 3)
}

/// A key's number with the range it accepts.
struct Key {
    quantity: Quantity,
    tolerance: f64,
    /// `12.4–12.6`
    range: Option<(f64, f64)>,
}

impl Key {
    fn read(form: &str, asked: &Asked) -> Option<Self> {
        let form = tidy(form);
        let form = form.replace("+/-", "±").replace("plus or minus", "±");
        let form = form.trim().trim_start_matches(['≈', '~', '=']).trim_start();
        if form.len() > 80 || !form.contains(|c: char| c.is_ascii_digit() || c == 'π' || c == '√' || c.is_alphabetic()) {
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
            let quantity = before.filter(|quantity| quantity.unit.is_some() || after.is_empty()).or_else(|| Self::plain(&body))?;
            let tolerance = if percent { quantity.value.abs() * by.float() / 100.0 } else { by.float() };
            return Some(Self { quantity, tolerance, range: None });
        }
        if let Some(range) = Self::range(form) {
            return Some(range);
        }
        let quantity = Self::plain(form)?;
        let _ = asked;
        Some(Self { quantity, tolerance: 0.0, range: None })
    }

    fn plain(form: &str) -> Option<Quantity> {
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
        let (low, high) = (read(low).ok()?, read(high).ok()?);
        let plain = |q: &Quantity| matches!(q.form, Form::Decimal { .. }) && q.rest.is_empty() && q.name.is_none();
        // Years are a period, not a tolerance.
        let years = low.value >= 1000.0 && low.value.fract() == 0.0 && high.value < 2200.0 && high.unit.is_none();
        if !plain(&low) || !plain(&high) || low.value >= high.value || low.value < 0.0 || years {
            return None;
        }
        let range = Some((low.value, high.value));
        Some(Self { quantity: Quantity { value: (low.value + high.value) / 2.0, ..high }, tolerance: 0.0, range })
    }
}

/// The number of an answer, within a sentence, too.
fn read_answer(answer: &str) -> Result<Quantity, Note> {
    let text = tidy(answer).replace("root ", "√");
    let text = text.trim().trim_end_matches(['.', '!', '?']);
    if text.len() > 200 {
        return Err(Note::Wrong);
    }
    let joined = joined_words(text);
    let text = joined.as_str();
    let direct = read(text);
    if direct.is_ok() {
        return direct;
    }
    // Only the words of a number's sentence are looked at in lower case.
    let lower = folded(text);
    if meaning::denies(&lower) || lower.split(|c: char| !c.is_alphabetic()).any(|word| matches!(word, "or" | "ou" | "cyangwa" | "between" | "maybe")) {
        return Err(Note::NotSure);
    }
    for more in ["more than", "less than", "at least", "at most", "greater than", "over ", "under ", "above", "below", "fewer than", "plus de", "moins de"] {
        if lower.starts_with(more) || lower.contains(&format!(" {more}")) && more.len() > 6 {
            return Err(Note::NotSure);
        }
    }
    for sign in ["minus ", "negative ", "moins "] {
        if let Some(rest) = lower.strip_prefix(sign) {
            return read_answer(rest).map(|quantity| Quantity { value: -quantity.value, other: None, ..quantity });
        }
    }
    if text.contains(|c: char| c.is_ascii_digit()) {
        return units_first(&lower).map_or_else(|| within(text), |turned| read(&turned));
    }
    match numeral::in_figures(&lower) {
        Some(figures) => read(&figures).or_else(|_| within(&figures)),
        None => Err(direct.err().unwrap_or(Note::NoNumber)),
    }
}

/// `7 out of 40` as 7/40, `4 and 1/12` as 4 1/12, `3 million` as 3000000.
fn joined_words(text: &str) -> String {
    let mut joined = text.to_owned();
    for (words, sign) in [(" out of ", "/"), (" over ", "/"), (" sur ", "/"), (" divided by ", "/"), (" times 10", " × 10")] {
        if joined.contains(words) {
            joined = joined.replace(words, sign);
        }
    }
    if let Some((whole, part)) = joined.split_once(" and ")
        && whole.ends_with(|c: char| c.is_ascii_digit())
        && !whole.contains('/')
        && part.split_once('/').is_some_and(|(top, _)| !top.is_empty() && top.bytes().all(|b| b.is_ascii_digit()))
    {
        joined = format!("{whole} {part}");
    }
    if let Some((whole, rest)) = joined.split_once(" and a half").filter(|(whole, _)| whole.ends_with(|c: char| c.is_ascii_digit())) {
        joined = format!("{whole} 1/2{rest}");
    }
    for (word, zeros) in [(" hundred", 2), (" thousand", 3), (" million", 6), (" billion", 9)] {
        if let Some((number, rest)) = joined.split_once(word)
            && let Some((literal, length)) = number::literal(number)
            && length == number.len()
            && let Some(value) = literal.value.times(Ratio(10i128.pow(zeros), 1)).filter(|value| value.1 == 1)
        {
            joined = format!("{}{}", value.0, rest.strip_prefix('s').unwrap_or(rest));
        }
    }
    joined
}

/// `amasaha 2 n'iminota 30`, `metero 5`: Kinyarwanda names the unit first.
fn units_first(text: &str) -> Option<String> {
    let text = text.replace(" n'", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [word, number] if word.len() > 2 && number.bytes().all(|b| b.is_ascii_digit()) => unit::parse(word).map(|_| format!("{number} {word}")),
        _ => None,
    });
    pairs.collect::<Option<Vec<_>>>().map(|pairs| pairs.join(" "))
}

/// A number with words before it.
fn within(text: &str) -> Result<Quantity, Note> {
    let start = text.find(|c: char| c.is_ascii_digit() || c == '√' || c == 'π').ok_or(Note::NoNumber)?;
    let mut at = start;
    let lead = text[..start].trim_end();
    // A sign belongs to the number, and so does the bracket or the root before it.
    for sign in ['-', '+', '('] {
        if lead.ends_with(sign) {
            at = lead.len() - sign.len_utf8();
        }
    }
    // Digits within a word are no number: `H2O`.
    if text[..at].ends_with(|c: char| c.is_alphabetic()) {
        return Err(Note::NoNumber);
    }
    if text[..at].contains([',', ';', '\n']) && text[..at].contains(|c: char| c.is_alphabetic()) && text[..at].split([',', ';', '\n']).count() > 2 {
        return Err(Note::SeveralNumbers);
    }
    let mut quantity = read(&text[at..])?;
    // `amafaranga 500`, `amasaha 3`: some languages put the unit first.
    let last = text[..at].trim_end_matches([' ', ':']).rsplit(' ').next().unwrap_or_default();
    if quantity.unit.is_none() && last.chars().count() > 1 {
        quantity.unit = unit::parse(last);
    }
    Ok(quantity)
}

/// Reads a text that is a number with what belongs to it: a name with `=`, a currency before, a unit or words behind.
fn read(text: &str) -> Result<Quantity, Note> {
    let text = text.trim();
    if text.contains('=') {
        return read_equation(text);
    }
    if text.contains(['<', '>', '≤', '≥', '→', '\n', ';', '"']) {
        return Err(if text.contains(|c: char| c.is_ascii_digit()) { Note::SeveralNumbers } else { Note::NoNumber });
    }
    let text = text.trim_start_matches(['≈', '~']).trim_start();
    if let Some(quantity) = read_plain(text) {
        return Ok(quantity);
    }
    // `RWF 500`, `$5`, `kg 5`
    let start = text.find(|c: char| c.is_ascii_digit() || c == '-').ok_or(Note::NoNumber)?;
    let lead = text[..start].trim();
    if !lead.is_empty()
        && lead.len() < 16
        && let Some(unit) = unit::parse(lead).filter(|_| lead.chars().count() > 1 || lead == "$")
        && let Some(quantity) = read_plain(text[start..].trim_start_matches("- "))
        && quantity.unit.is_none_or(|other| other == unit)
    {
        return Ok(Quantity { unit: Some(unit), ..quantity });
    }
    Err(if starts(text) { Note::SeveralNumbers } else { Note::NoNumber })
}

/// `x = 5`, `A = lw = 3 × 5 = 15 cm²`, `5 = x`.
fn read_equation(text: &str) -> Result<Quantity, Note> {
    if text.matches('=').count() > 8 {
        return Err(Note::SeveralNumbers);
    }
    let pieces: Vec<&str> = text.split('=').map(str::trim).collect();
    let name_of = |piece: &str| {
        let plain = piece.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '(' || c == ')' || c == '\'' || c == '^');
        (plain && piece.chars().count() <= 30 && piece.contains(char::is_alphabetic)).then(|| piece.to_owned())
    };
    // What is separated by a comma or a word is a second equation.
    if pieces[1..].iter().any(|piece| piece.contains([',', ';', '\n']) && name_of(piece.rsplit([',', ';', ' ']).next().unwrap_or_default()).is_some()) {
        return Err(Note::SeveralNumbers);
    }
    let last = pieces[pieces.len() - 1];
    let (value, name) = if read_plain(last).is_some() || read(last).is_ok() {
        (last, name_of(pieces[0]))
    } else {
        (pieces[0], name_of(last))
    };
    let mut quantity = if value.contains('=') { return Err(Note::SeveralNumbers) } else { read(value)? };
    // `20 = 4 × 5` says 20.
    if quantity.form == Form::Sum && pieces.len() == 2 && starts(pieces[0]) {
        quantity = read(pieces[0])?;
    }
    quantity.name = name;
    Ok(quantity)
}

fn starts(text: &str) -> bool {
    text.trim_start_matches(['-', '+', '(', ' ']).starts_with(|c: char| c.is_ascii_digit() || matches!(c, '√' | 'π' | '.'))
        || text.starts_with("sqrt")
        || text.starts_with("pi")
}

/// A number at the start, its unit, and words.
fn read_plain(text: &str) -> Option<Quantity> {
    if !starts(text) {
        return None;
    }
    let (sign, body) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(text).trim_start()),
    };
    let (value, other, form, rest) = magnitude(body)?;
    let mut quantity = Quantity { value: sign * value, other: other.map(|o| sign * o), form, unit: None, rest: String::new(), name: None };
    let tail = rest.trim_start();
    if tail.is_empty() {
        return Some(quantity);
    }
    // `(5)`, `5,` and the bracket of a note.
    let tail = tail.trim_matches([',', ')', ' ']);
    if tail.is_empty() {
        return Some(quantity);
    }
    if let Some((unit, rest)) = unit::at_start(tail) {
        quantity.unit = Some(unit);
        let rest = rest.trim_start_matches([',', ' ']);
        let rest = rest.strip_prefix("and ").or_else(|| rest.strip_prefix("et ")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(quantity);
        }
        // `2 h 30 min`, `3 m 20 cm`, `2 h 30`
        if starts(rest) {
            return more(quantity, unit, rest);
        }
        quantity.rest = rest.trim_matches(['(', ')', ' ', ',']).to_owned();
    } else if tail.len() >= 3
        && let Some(cut) = tail.find(|c: char| c.is_ascii_digit())
        && let Some(unit) = unit::parse(&tail[..cut])
        && rest.len() == tail.len()
    {
        // `2h30min`
        quantity.unit = Some(unit);
        return more(quantity, unit, &tail[cut..]);
    } else {
        // A word that begins at the number's last digit is none of a quantity: `3D`, `2nd`.
        let apart = rest.starts_with([' ', ',', '(']);
        (apart || tail.starts_with('/')).then_some(())?;
        quantity.rest = tail.to_owned();
    }
    let digits = quantity.rest.contains(|c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '×' | '^'));
    (!digits).then_some(quantity)
}

/// The smaller unit behind a larger one.
fn more(mut quantity: Quantity, unit: Unit, rest: &str) -> Option<Quantity> {
    let next = read_plain(rest)?;
    let smaller = match next.unit {
        Some(smaller) if smaller.fits(&unit) && smaller.factor < unit.factor => smaller,
        // `2 h 30` is half past two hours.
        None if unit.is_hour() && next.rest.is_empty() && next.value < 60.0 => unit.minute(),
        _ => return None,
    };
    quantity.value += quantity.value.signum() * next.value * smaller.factor / unit.factor;
    quantity.other = None;
    quantity.form = Form::Fraction { top: 1, bottom: 1, mixed: true };
    quantity.rest = next.rest;
    Some(quantity)
}

/// Value, other reading, form, and what stands behind.
fn magnitude(text: &str) -> Option<(f64, Option<f64>, Form, &str)> {
    if let Some((literal, length)) = number::literal(text) {
        let rest = &text[length..];
        let next = rest.trim_start().chars().next();
        let plain = !matches!(next, Some('/' | '×' | '*' | '·' | '^' | '√' | 'π' | '+' | '-' | '(' | '÷' | 'x' | 'X' | 'e' | 'E' | 'p' | 's' | '.'))
            && number::fraction_after(rest).is_none();
        if plain {
            let form = Form::Decimal { places: literal.places, figures: literal.figures };
            return Some((literal.value.float(), literal.other.map(Ratio::float), form, rest));
        }
        if let Some(found) = fraction(text, &literal, length).or_else(|| standard(&literal, rest)) {
            return Some(found);
        }
    }
    expression(text)
}

/// `3/4`, `1 3/4`, and not `3/4x`.
fn fraction<'a>(text: &'a str, literal: &Literal, length: usize) -> Option<(f64, Option<f64>, Form, &'a str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[length..];
    let (whole, top, after) = if let Some((_, more)) = number::fraction_after(rest) {
        let part = rest[1..more].split_once('/')?;
        (literal.value, part.0.parse::<i128>().ok()?, &rest[1 + part.0.len()..])
    } else if literal.places == 0 && rest.trim_start().starts_with('/') {
        (Ratio(0, 1), literal.value.0, rest.trim_start())
    } else {
        return None;
    };
    let after = after.strip_prefix('/')?.trim_start();
    let bottom: i128 = after[..digits(after)].parse().ok()?;
    let rest = &after[digits(after)..];
    let ends = !rest.trim_start().starts_with(['.', '/', '×', '*', '^', '√', 'π', '+', '-', '(', '·']) || rest.trim() == ".";
    let mixed = whole.0 != 0;
    let value = whole.plus(Ratio::new(top, bottom)?)?;
    ends.then_some((value.float(), None, Form::Fraction { top, bottom, mixed }, rest))
}

/// `3 × 10^8`, `3x10⁴`, `3.10^8`, `3e8` behind its first number.
fn standard<'a>(literal: &Literal, rest: &'a str) -> Option<(f64, Option<f64>, Form, &'a str)> {
    let after = rest.trim_start();
    let (power, rest) = if let Some(after) = after.strip_prefix(['×', 'x', 'X', '*', '·', '.']) {
        let after = after.trim_start().strip_prefix("10")?;
        let raised = after.strip_prefix("**").or_else(|| after.strip_prefix('^'))?.trim_start_matches(['(', ' ']);
        integer(raised)?
    } else {
        integer(rest.strip_prefix(['e', 'E'])?)?
    };
    let rest = rest.trim_start_matches(')');
    (!rest.starts_with(['/', '^', '×', '*'])).then_some(())?;
    let value = if power >= 0 {
        literal.value.times(Ratio(10i128.checked_pow(power as u32)?, 1))?
    } else {
        literal.value.over(Ratio(10i128.checked_pow(power.unsigned_abs())?, 1))?
    };
    Some((value.float(), None, Form::Standard { figures: literal.figures }, rest))
}

fn integer(text: &str) -> Option<(i32, &str)> {
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let value = text[..sign + digits].trim_start_matches('+').parse::<i32>().ok()?;
    (value.abs() <= 34).then_some((value, &text[sign + digits..]))
}

/// The longest start of a text that is an expression without letters.
fn expression(text: &str) -> Option<(f64, Option<f64>, Form, &str)> {
    let mut end = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let name = ["sqrt", "root", "pi"].iter().find(|name| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        let taken = match name {
            Some(name) => name.len(),
            None if c.is_ascii_digit() || "√π∛ .,/×*·^()+-÷".contains(c) => c.len_utf8(),
            None => break,
        };
        end += taken;
        rest = &text[end..];
    }
    let mut part = &text[..end];
    for _ in 0..6 {
        part = part.trim_end_matches([' ', '.', ',', '/', '+', '-', '*', '×', '·', '^', '(']);
        if let Some(found) = Expression::parse(part) {
            let value = found.float(&|_| f64::NAN);
            let (mut exact, mut sums) = (false, false);
            found.each(&mut |piece| match piece {
                Expression::Pi | Expression::Root(..) => exact = true,
                Expression::Power(_, exponent) if matches!(**exponent, Expression::Quotient(..)) => exact = true,
                Expression::Sum(..) | Expression::Power(..) | Expression::Product(..) => sums = true,
                _ => {}
            });
            let form = match (exact, sums, number::literal(part)) {
                (true, ..) => Form::Exact,
                (_, false, Some(_)) => Form::Fraction { top: 1, bottom: 1, mixed: true },
                _ => Form::Sum,
            };
            return value.is_finite().then(|| (value, None, form, &text[part.len()..]));
        }
        let cut = part.char_indices().next_back()?.0;
        part = &part[..cut];
    }
    None
}

fn compare(key: &Key, given: &Quantity, asked: &Asked) -> Judged {
    let expected = &key.quantity;
    if let (Some(wanted), Some(name)) = (&expected.name, &given.name)
        && wanted.chars().count() <= 2
        && name.chars().count() <= 2
        && !wanted.eq_ignore_ascii_case(name)
    {
        return Judged::wrong(Note::OtherName(name.clone(), wanted.clone()));
    }
    let readings = [Some(given.value), given.other];
    let by = |convert: &dyn Fn(f64) -> f64| {
        readings.iter().flatten().map(|value| matches(key, convert(*value), given, asked)).reduce(Judged::better).unwrap_or(Judged::wrong(Note::Wrong))
    };
    let plain = || by(&|value| value);
    let worth = |judged: Judged, share: f64, note: Note| {
        if judged.share > 0.0 { Judged::part(judged.share.min(share), note) } else { judged }
    };
    match (expected.unit, given.unit) {
        (Some(wanted), Some(unit)) if wanted.fits(&unit) || wanted.takes_for_celsius(&unit) => {
            let unit = if wanted.fits(&unit) { unit } else { wanted };
            let judged = by(&|value| unit.convert(value, &wanted));
            let other = wanted != unit;
            let about = wanted.convert(expected.value, &unit);
            if other && wanted.is_angle() && given.form.figures() >= 3 && agree(about, given.value) {
                return Judged::right(Note::OtherUnit);
            }
            if judged.share > 0.0 {
                let note = if other && judged.note == Note::Right { Note::OtherUnit } else { judged.note };
                return with_rest(expected, given, Judged { note, ..judged });
            }
            // The right number in a wrong unit; 0.5 m is never 0.5 cm by conversion.
            if other { worth(plain(), asked.without_unit(), Note::WrongUnit) } else { judged }
        }
        (Some(_), Some(_)) => worth(plain(), asked.without_unit(), Note::WrongUnit),
        (Some(wanted), None) if wanted.is_part() => {
            let fraction = by(&|value| value * 100.0);
            // 0.8 and 4/5 are 80 %, and so is 80 where per cent is meant.
            if fraction.is_right() && given.value.abs() <= expected.value.abs() / 100.0 + 1e-9 { fraction } else { plain() }
        }
        (Some(wanted), None) if wanted.is_angle() => plain(),
        (Some(wanted), None) => {
            let attempt = given.rest.starts_with('/') || given.rest.split_whitespace().next().is_some_and(|word| word.contains('/'));
            if attempt {
                return worth(plain(), asked.without_unit(), Note::WrongUnit);
            }
            match unit::stated(asked.question).filter(|stated| stated.fits(&wanted)) {
                Some(stated) => by(&|value| stated.convert(value, &wanted)),
                None => worth(plain(), asked.without_unit(), Note::NoUnit),
            }
        }
        (None, Some(unit)) => {
            if unit.is_part() {
                let fraction = by(&|value| value * unit.factor);
                return if fraction.share > 0.0 { fraction } else { plain() };
            }
            match unit::stated(asked.question) {
                Some(stated) if stated.fits(&unit) => {
                    let judged = by(&|value| unit.convert(value, &stated));
                    if judged.share > 0.0 { judged } else { worth(plain(), asked.without_unit(), Note::WrongUnit) }
                }
                Some(stated) if !stated.is_part() => worth(plain(), asked.without_unit(), Note::WrongUnit),
                _ if !expected.rest.is_empty() && !unit.is_angle() => worth(plain(), asked.without_unit(), Note::WrongUnit),
                // The key asks for no unit, so that one more does no harm.
                _ => plain(),
            }
        }
        (None, None) => with_rest(expected, given, plain()),
    }
}

/// What belongs to the number: the things that are counted, or a direction behind the unit.
fn with_rest(key: &Quantity, given: &Quantity, judged: Judged) -> Judged {
    if judged.share == 0.0 || key.rest.is_empty() {
        return judged;
    }
    if given.rest.is_empty() {
        // Things that are counted need no name; `6 km east` needs its direction.
        return if key.unit.is_some() { Judged::part(judged.share.min(0.5), Note::Unsaid(key.rest.clone())) } else { judged };
    }
    if meaning::contradicts(&key.rest, &given.rest) {
        return Judged::wrong(Note::Wrong);
    }
    judged
}

/// Whether a value is the key's, by its tolerance and by what the question asks about form.
fn matches(key: &Key, value: f64, given: &Quantity, asked: &Asked) -> Judged {
    let expected = key.quantity.value;
    if !value.is_finite() {
        return Judged::wrong(Note::Wrong);
    }
    if let Some((low, high)) = key.range {
        let slack = high.abs() * 1e-9;
        let inside = value >= low - slack && value <= high + slack;
        return if inside { Judged::right(Note::CloseEnough) } else { Judged::wrong(Note::Wrong) };
    }
    let difference = (value - expected).abs();
    let size = expected.abs().max(1e-12);
    if difference <= size * 1e-9 {
        return exact_form(key, given, asked);
    }
    if key.tolerance > 0.0 {
        let near = difference <= key.tolerance * (1.0 + 1e-9);
        return if near { Judged::right(Note::CloseEnough) } else { Judged::wrong(Note::Wrong) };
    }
    let near = close(&key.quantity, value, given, asked);
    match near {
        None => Judged::wrong(Note::Wrong),
        Some(_) if asked.exact() => Judged::wrong(Note::NotExact),
        Some(judged) => judged,
    }
}

/// An equal value in the form that is asked for.
fn exact_form(key: &Key, given: &Quantity, asked: &Asked) -> Judged {
    let same_form = std::mem::discriminant(&key.quantity.form) == std::mem::discriminant(&given.form);
    match given.form {
        Form::Sum if !asked.has(&["index form", "as a power", "prime factor", "as a product"]) => return Judged::wrong(Note::NotWorkedOut),
        Form::Fraction { top, bottom, mixed: false }
            if common(top.abs(), bottom.abs()) > 1 && asked.simplest() =>
        {
            return Judged::wrong(Note::NotSimplest);
        }
        _ => {}
    }
    if let Form::Decimal { .. } = given.form
        && key.quantity.form == Form::Exact
        && asked.exact()
    {
        return Judged::wrong(Note::NotExact);
    }
    let standard = asked.has(&["standard form", "scientific notation"]);
    if standard && matches!(key.quantity.form, Form::Standard { .. }) && !matches!(given.form, Form::Standard { .. }) {
        return Judged::wrong(Note::NotSimplest);
    }
    Judged::right(if same_form { Note::Right } else { Note::OtherForm })
}

/// A value that agrees with a rounded key, or rounds an exact one.
fn close(key: &Quantity, value: f64, given: &Quantity, asked: &Asked) -> Option<Judged> {
    let expected = key.value;
    if let Some(places) = asked.places() {
        return rounding(round_to(expected, places), round_to(value, places), given, matches!(given.form, Form::Decimal { places: p, .. } if p == places));
    }
    if let Some(figures) = asked.figures() {
        let right = given.form.figures() == figures;
        return rounding(rounded(expected, figures), rounded(value, figures), given, right);
    }
    // 3.14 and 22/7 stand for π.
    if key.form == Form::Exact {
        let pi = std::f64::consts::PI;
        let of_pi = [3.14, 22.0 / 7.0, 3.142].iter().any(|about| rounded(expected * about / pi, 3) == rounded(value, 3));
        let near = rounded(expected, 3) == rounded(value, 3) || of_pi && has_pi(expected);
        return (near && given.form.figures() >= 3).then(|| Judged::right(Note::Figures));
    }
    if expected.fract() == 0.0 {
        return None;
    }
    if rounded(value, 3) == rounded(expected, 3) && given.form.figures() >= 3 {
        return Some(Judged::right(Note::Figures));
    }
    // 0.33 and 0.333 are both a third.
    if let (Form::Decimal { places, figures: 2.. }, Form::Decimal { places: more, .. }) = (key.form, given.form) {
        let third = |of: f64| (3..=12).any(|bottom| {
            let top = (of * f64::from(bottom)).round();
            let exact = top / f64::from(bottom);
            (exact - of).abs() > 1e-12 && round_to(exact, places) == round_to(expected, places) && round_to(exact, more) == round_to(value, more)
        });
        return (more >= places && third(value)).then(|| Judged::right(Note::CloseEnough));
    }
    if let (Form::Decimal { places: places @ 2.., .. }, Form::Fraction { .. } | Form::Exact) = (key.form, given.form) {
        return (round_to(value, places) == round_to(expected, places)).then(|| Judged::right(Note::OtherForm));
    }
    None
}

/// Multiples of π by small fractions are those that a pupil works out with 3.14.
fn has_pi(value: f64) -> bool {
    let times = value / std::f64::consts::PI;
    (1..=24).any(|bottom| {
        let top = times * f64::from(bottom);
        (top - top.round()).abs() < 1e-9 * top.abs().max(1.0)
    })
}

/// A value that rounds to what the key does: whole marks where it is rounded as asked, half where it is more exact.
fn rounding(key: Rounded, value: Rounded, given: &Quantity, as_asked: bool) -> Option<Judged> {
    if key != value {
        return None;
    }
    let coarse = matches!(given.form, Form::Decimal { .. }) && as_asked;
    Some(if coarse { Judged::right(Note::CloseEnough) } else { Judged::part(0.5, Note::NotRounded) })
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
    if whole.abs() >= 10f64.powi(figures as i32) { ((whole / 10.0).round() as i128, places - 1) } else { (whole as i128, places) }
}

fn round_to(value: f64, places: usize) -> Rounded {
    ((value * 10f64.powi(places as i32) * (1.0 + 1e-12)).round() as i128, places as i32)
}
