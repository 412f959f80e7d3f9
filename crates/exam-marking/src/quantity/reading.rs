//! How the number of an answer or of a key is read: signs, names, fractions, powers, roots, words, unit.

use std::borrow::Cow;

use super::{Form, Quantity};
use crate::algebra::expression::Expression;
use crate::algebra::poly::Ratio;
use crate::letters::{folded, halves, put, tidy};
use crate::number::{self, Literal};
use crate::reason::Note;
use crate::unit::{self, Unit};
use crate::{meaning, numeral};

/// The number of an answer, within a sentence, too.
pub fn read_answer(answer: &str) -> Result<Quantity, Note> {
    let text = put(with_shillings(tidy(answer)), &[("root ", "√"), ("**", "^")]);
    // `6,02.10^23`
    let text = if text.contains(',') { put(text, &[(".10^", "×10^")]) } else { text };
    let text = with_times(&text);
    let text = text.trim().trim_end_matches(['.', '!', '?']);
    if text.len() > 200 {
        return Err(Note::Unread);
    }
    let joined = joined_words(text);
    let text = &*joined;
    if let Some(above) = ["below zero", "below 0"].iter().find_map(|below| text.strip_suffix(below)) {
        return read_answer(above.trim_end()).map(|given| Quantity { value: -given.value, other: None, ..given });
    }
    let direct = read(text);
    if direct.is_ok() {
        return direct;
    }
    // An angle, typed: `<ABC = 35°`.
    if let Some(angle) = text.strip_prefix(['<', '∠']).filter(|angle| angle.starts_with(char::is_alphabetic)) {
        return read_answer(angle);
    }
    // `x < 5` does not say 5, either.
    if has_relation(text) {
        return Err(Note::NotSure);
    }
    // `x + 5` and `y/5` do not say 5.
    if Expression::of_symbols(text).is_some() {
        return Err(Note::NoNumber);
    }
    // Only the words of a number's sentence are looked at in lower case.
    let lower = folded(text);
    if meaning::denies(&lower)
        || lower
            .split(|c: char| !c.is_alphabetic())
            .any(|word| matches!(word, "or" | "ou" | "cyangwa" | "between" | "maybe"))
    {
        return Err(Note::NotSure);
    }
    for more in [
        "more than",
        "less than",
        "at least",
        "at most",
        "greater than",
        "over ",
        "under ",
        "above",
        "below",
        "fewer than",
        "plus de",
        "moins de",
    ] {
        let within = || more.len() > 6 && lower.match_indices(more).any(|(at, _)| lower[..at].ends_with(' '));
        if lower.starts_with(more) || lower.contains(more) && within() {
            return Err(Note::NotSure);
        }
    }
    for sign in ["minus ", "negative ", "moins "] {
        if let Some(rest) = lower.strip_prefix(sign) {
            return read_answer(rest).map(|quantity| Quantity { value: -quantity.value, other: None, ..quantity });
        }
    }
    if text.contains(|c: char| c.is_ascii_digit()) {
        // `two and 1/2`
        if lower.split(' ').next().is_some_and(|word| numeral::worth(word).is_some())
            && let Some(Ok(quantity)) = numeral::in_figures(&lower).map(|figures| read(&figures))
        {
            return Ok(quantity);
        }
        return units_first(&lower).map_or_else(|| within(text), |turned| read(&turned));
    }
    match in_figures(lower) {
        Some(figures) => read(&figures).or_else(|_| within(&figures)),
        None => Err(Note::NoNumber),
    }
}

/// `10k` and `$2.5 K` as so many thousands.
pub fn in_thousands(text: &str) -> Cow<'_, str> {
    let number = text.strip_suffix(['k', 'K']).map(str::trim_end).unwrap_or_default();
    let bare = number.trim_start_matches(['$', '£', '€']);
    if !bare.ends_with(|c: char| c.is_ascii_digit()) || !bare.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return text.into();
    }
    format!("{}{}", &number[..number.len() - bare.len()], joined_words(&format!("{bare} thousand"))).into()
}

/// Words for a number in figures: `two over three` as 2/3.
fn in_figures(lower: Cow<'_, str>) -> Option<String> {
    let worth = |text: &str| numeral::worth(text.trim());
    if let Some((top, bottom)) = lower.split_once('/').and_then(|(top, bottom)| worth(top).zip(worth(bottom))) {
        return Some(format!("{top}/{bottom}"));
    }
    numeral::in_figures(&put(lower, &[("°", " °")]))
}

/// `7 out of 40` as 7/40, `4 and 1/12` as 4 1/12, `3 million` as 3000000.
pub fn joined_words(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|b| b.is_ascii_alphabetic() || b == b'&') {
        return text.into();
    }
    const WORDS: &[(&str, &str)] = &[
        (" out of ", "/"),
        (" over ", "/"),
        (" sur ", "/"),
        (" divided by ", "/"),
        (" times 10", " × 10"),
        (" & ", " and "),
    ];
    let mut joined = put(text.into(), WORDS);
    if let Some((whole, part)) = halves(&joined, " and ")
        && whole.ends_with(|c: char| c.is_ascii_digit())
        && !whole.contains('/')
        && part.split_once('/').is_some_and(|(top, _)| !top.is_empty() && top.bytes().all(|b| b.is_ascii_digit()))
    {
        joined = format!("{whole} {part}").into();
    }
    if let Some((whole, rest)) = halves(&joined, " and a half").or_else(|| halves(&joined, " and half"))
        && whole.ends_with(|c: char| c.is_ascii_digit())
    {
        joined = format!("{whole} 1/2{rest}").into();
    }
    // `2 hours and a half`
    if let Some((whole, rest)) = halves(&joined, " and a half")
        && let Some((number, unit)) = whole.rsplit_once(' ')
        && number.ends_with(|c: char| c.is_ascii_digit())
        && unit::parse(unit).is_some()
    {
        joined = format!("{number} 1/2 {unit}{rest}").into();
    }
    for (word, zeros) in [(" hundred", 2), (" thousand", 3), (" million", 6), (" billion", 9)] {
        if let Some((number, rest)) = halves(&joined, word)
            && let Some((literal, length)) = number::literal(number)
            && length == number.len()
            && let Some(value) = literal.value.times(Ratio(10i128.pow(zeros), 1)).filter(|value| value.1 == 1)
        {
            joined = format!("{}{}", value.0, rest.strip_prefix('s').unwrap_or(rest)).into();
        }
    }
    joined
}

/// `amasaha 2 n'iminota 30`, `metero 5`: Kinyarwanda names the unit first.
fn units_first(text: &str) -> Option<String> {
    let text = put(text.into(), &[(" n'", " ")]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [word, number] if word.len() > 2 && number.bytes().all(|b| b.is_ascii_digit()) => {
            unit::parse(word).map(|_| format!("{number} {word}"))
        }
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
    if text[..at].contains([',', ';', '\n'])
        && text[..at].contains(|c: char| c.is_alphabetic())
        && text[..at].split([',', ';', '\n']).count() > 2
    {
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
pub fn read(text: &str) -> Result<Quantity, Note> {
    let text = text.trim();
    if text.contains('=') {
        return read_equation(text);
    }
    if text.contains(['<', '>', '≤', '≥', '→', '\n', ';', '"']) {
        return Err(if text.contains(|c: char| c.is_ascii_digit()) { Note::SeveralNumbers } else { Note::NoNumber });
    }
    let text = text.trim_start_matches(['≈', '~']).trim_start();
    let text = text.strip_prefix("pH ").unwrap_or(text);
    // `-$5`
    if let Some(rest) =
        text.strip_prefix('-').filter(|rest| rest.trim_start().starts_with(['$', '£', '€', '₹', '₦', '₵']))
    {
        let Quantity { value, other, .. } = read(rest)?;
        return Ok(Quantity { value: -value, other: other.map(|other| -other), ..read(rest)? });
    }
    if let Some(quantity) = read_plain(text) {
        return Ok(quantity);
    }
    // `RWF 500`, `$5`, `kg 5`
    let start = text.find(|c: char| c.is_ascii_digit() || c == '-').ok_or(Note::NoNumber)?;
    // `$.30`
    let start = if matches!(&text[..start], "$." | "£." | "€.") { start - 1 } else { start };
    let lead = text[..start].trim();
    // `g/4` is no 4 g, and `a × 2` no 2 ares.
    if !lead.is_empty()
        && lead.len() < 16
        && !lead.ends_with(['/', '×', '*', '·', '÷', '+', '^', '('])
        && let Some(unit) =
            unit::parse(lead).filter(|_| lead.chars().count() > 1 || matches!(lead, "$" | "£" | "€" | "₹" | "₦" | "₵"))
        && let Some(quantity) = read_plain(text[start..].trim_start_matches("- "))
        && quantity.unit.is_none_or(|other| other == unit)
        // `NH3` are no henries.
        && (unit.is_money() || text[..start].ends_with(' ') || !lead.is_ascii())
    {
        return Ok(Quantity { unit: Some(unit), ..quantity });
    }
    Err(if starts(text) { Note::SeveralNumbers } else { Note::NoNumber })
}

/// `x = 5`, `A = lw = 3 × 5 = 15 cm²`, `5 = x`.
fn read_equation(text: &str) -> Result<Quantity, Note> {
    if text.matches('=').count() > 8 || has_relation(text) {
        return Err(Note::SeveralNumbers);
    }
    let pieces: Vec<&str> = text.split('=').map(str::trim).collect();
    let name_of = |piece: &str| {
        let plain = piece.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '(' | ')' | '\'' | '^'))
            || piece.split_once('-').is_some_and(|(_, rest)| rest.len() > 3 && rest.chars().all(char::is_alphabetic));
        let named = (plain || is_function(piece)) && piece.contains(char::is_alphabetic);
        (named && piece.chars().count() <= 30).then(|| piece.to_owned())
    };
    // What is separated by a comma or a word is a second equation.
    if pieces[1..]
        .iter()
        .any(|piece| has_divider(piece) && name_of(piece.rsplit([',', ';', ' ']).next().unwrap_or_default()).is_some())
    {
        return Err(Note::SeveralNumbers);
    }
    // `x = 4 x = 5`
    if pieces[1..].iter().any(|piece| piece.rsplit_once(' ').is_some_and(|(_, name)| name == pieces[0])) {
        return Err(Note::SeveralNumbers);
    }
    // `2x = 14` does not say 14.
    if name_of(pieces[0]).is_none()
        && !is_of_quantities(pieces[0])
        && Expression::parse(pieces[0]).is_some_and(|first| !first.letters().is_empty())
    {
        return Err(Note::NoNumber);
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

/// Whether a text says more or less than, or other than; an arrow does not.
fn has_relation(text: &str) -> bool {
    text.contains(['<', '≤', '≥', '≠']) || text.match_indices('>').any(|(at, _)| !text[..at].ends_with(['-', '=']))
}

/// Whether a comma, a semicolon or a line divides a text; not the comma of `6,000`.
fn has_divider(text: &str) -> bool {
    text.contains([';', '\n'])
        || text.match_indices(',').any(|(at, _)| {
            let next = text[at + 1..].bytes();
            !text[..at].ends_with(|c: char| c.is_ascii_digit()) || next.take_while(u8::is_ascii_digit).count() != 3
        })
}

/// `2 kW × 3 h`: quantities that are multiplied or divided, one of which has a unit.
fn is_of_quantities(text: &str) -> bool {
    let text = put(text.into(), &[(" x ", "×"), ("*", "×"), ("÷", "×")]);
    let read = |part: &str| read_plain(part.trim()).filter(|quantity| quantity.rest.is_empty());
    let parts: Option<Vec<Quantity>> = text.split('×').map(read).collect();
    parts.is_some_and(|parts| parts.len() > 1 && parts.iter().any(|part| part.unit.is_some()))
}

/// `f(5)`, `P(A)`
fn is_function(piece: &str) -> bool {
    // `HCF(24, 36)`
    let name = |name: &str| {
        name.trim_end().chars().count() == 1 || name.len() <= 4 && name.bytes().all(|b| b.is_ascii_alphabetic())
    };
    let inside = piece.split_once('(').filter(|(before, _)| name(before)).map(|(_, rest)| rest);
    inside.and_then(|rest| rest.strip_suffix(')')).is_some_and(|inside| !inside.is_empty() && !inside.contains('('))
        && piece.starts_with(char::is_alphabetic)
}

/// `500/=` and `500/-` with their currency in letters, unless another stands there: `Frw 500/=`.
pub fn with_shillings(text: Cow<'_, str>) -> Cow<'_, str> {
    // `N36,000`: naira stand before, newtons behind; `N2` is a gas.
    let is_amount = |rest: &&str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.bytes().filter(u8::is_ascii_digit).count() > 1
            && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
    };
    if let Some(naira) = text.trim().strip_prefix('N').filter(is_amount) {
        return format!("₦{naira}").into();
    }
    let end = text.trim_end().trim_end_matches('.').trim_end();
    let number = ["/=", "/-"].iter().find_map(|sign| end.strip_suffix(sign)).map(str::trim_end);
    match number.filter(|number| number.ends_with(|c: char| c.is_ascii_digit())) {
        Some(number) if number.starts_with(char::is_alphabetic) && !number.to_lowercase().starts_with("sh") => {
            number.to_owned().into()
        }
        Some(number) => format!("{number} shillings").into(),
        None => text,
    }
}

fn starts(text: &str) -> bool {
    text.trim_start_matches(['-', '+', '(', ' '])
        .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '√' | 'π' | '.'))
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
    let (sign, (value, other, form, rest)) = match magnitude(body)? {
        // The minus of `-2+5` is that of its first term.
        (_, _, Form::Sum, _) if sign < 0.0 => (1.0, expression(text)?),
        read => (sign, read),
    };
    let mut quantity = Quantity {
        value: sign * value,
        other: other.map(|o| sign * o),
        form,
        unit: None,
        rest: String::new(),
        name: None,
    };
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
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return more(quantity, unit, rest);
        }
        quantity.rest = rest.trim_matches(['(', ')', ' ', ',']).to_owned();
    } else if tail.len() >= 3
        && let Some(cut) = tail.find(|c: char| c.is_ascii_digit())
        // `3h/4` calculates.
        && tail[..cut].ends_with(|c: char| c.is_alphabetic() || c == '.')
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
    if quantity.unit.is_none()
        && let Some(unit) = per_area(tail)
    {
        return Some(Quantity { unit: Some(unit), rest: String::new(), ..quantity });
    }
    let digits = quantity.rest.contains(|c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '×' | '^'));
    // What divides, multiplies or is taken away by letters is neither a unit nor a word; `6 km E` has a direction.
    let tail = quantity.unit.is_none() || quantity.rest.starts_with(['-', '/']);
    (!(digits || tail && Expression::of_symbols(text).is_some())).then_some(quantity)
}

/// `people/km²`, `persons per square kilometre`, `/km²`: so many on a unit of area or volume, whatever is counted.
fn per_area(tail: &str) -> Option<Unit> {
    let (counted, of) = tail.split_once('/').or_else(|| tail.split_once(" per "))?;
    let counted = counted.trim();
    let named =
        counted.is_empty() || counted.len() > 3 && counted.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
    let extent =
        |unit: &Unit| ["km^2", "km^3"].iter().any(|other| unit::parse(other).is_some_and(|other| other.fits(unit)));
    unit::parse(of).filter(|unit| named && extent(unit) && unit::parse(counted).is_none())?;
    unit::parse(&format!("/{of}"))
}

/// The smaller unit behind a larger one.
fn more(mut quantity: Quantity, unit: Unit, rest: &str) -> Option<Quantity> {
    // `6-3h 4` is no value with its units.
    let next = read_plain(rest).filter(|_| quantity.form != Form::Sum)?;
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
        let plain = !matches!(
            next,
            Some(
                '/' | '×'
                    | '*'
                    | '·'
                    | '^'
                    | '√'
                    | 'π'
                    | '+'
                    | '-'
                    | '('
                    | '÷'
                    | 'x'
                    | 'X'
                    | 'e'
                    | 'E'
                    | 'p'
                    | 's'
                    | '.'
            )
        ) && number::fraction_after(rest).is_none();
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
    let ends =
        !rest.trim_start().starts_with(['.', '/', '×', '*', '^', '√', 'π', '+', '-', '(', '·']) || rest.trim() == ".";
    let mixed = whole.0 != 0;
    let value = whole.plus(Ratio::new(top, bottom)?)?;
    ends.then_some((value.float(), None, Form::Fraction { top, bottom, mixed }, rest))
}

/// `3 × 10^8`, `3x10⁴`, `3.10^8`, `3e8` behind its first number.
fn standard<'a>(literal: &Literal, rest: &'a str) -> Option<(f64, Option<f64>, Form, &'a str)> {
    let after = rest.trim_start();
    let (power, rest) = if let Some(after) = after.strip_prefix(['×', 'x', 'X', '*', '·', '.']) {
        let after = after.trim_start().strip_prefix("10")?.trim_start();
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
    let first = literal.value.float();
    let proper = (1.0..10.0).contains(&first);
    Some((value.float(), None, Form::Standard { figures: literal.figures, proper }, rest))
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
        let name = ["sqrt", "root", "pi"]
            .iter()
            .find(|name| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
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
            let (mut exact, mut sums, mut products) = (false, false, false);
            found.each(&mut |piece| match piece {
                Expression::Pi | Expression::Root(..) => exact = true,
                Expression::Power(_, exponent) if matches!(**exponent, Expression::Quotient(..)) => exact = true,
                Expression::Sum(..) => sums = true,
                Expression::Power(..) | Expression::Product(..) => products = true,
                _ => {}
            });
            let form = match (exact, sums, products) {
                (true, ..) => Form::Exact { reduced: is_reduced(&found) },
                (_, true, _) => Form::Sum,
                (.., true) => Form::Product { primes: of_primes(&found) },
                _ => quotient(&found).unwrap_or(Form::Fraction { top: 1, bottom: 1, mixed: true }),
            };
            return value.is_finite().then(|| (value, None, form, &text[part.len()..]));
        }
        let cut = part.char_indices().next_back()?.0;
        part = &part[..cut];
    }
    None
}

/// `-8/-2`: one whole number divided by another.
fn quotient(found: &Expression) -> Option<Form> {
    fn whole(part: &Expression) -> Option<i128> {
        match part {
            Expression::Number(Ratio(n, 1)) => Some(*n),
            Expression::Negative(of) => whole(of).map(|n| -n),
            _ => None,
        }
    }
    let Expression::Quotient(top, bottom) = found else { return None };
    let (top, bottom) = (whole(top)?, whole(bottom)?);
    Some(Form::Fraction { top: top * bottom.signum(), bottom: bottom.abs(), mixed: false })
}

fn is_reduced(value: &Expression) -> bool {
    let mut reduced = true;
    value.each(&mut |part| {
        if let Expression::Root(2, of) = part {
            let squares = |n: i128| (2..).take_while(|d| d * d <= n && *d < 1000).any(|d| n % (d * d) == 0);
            reduced &= matches!(**of, Expression::Number(Ratio(n, 1)) if !squares(n))
                || !matches!(**of, Expression::Number(_));
        }
    });
    reduced
}

/// Whether a product is one of primes and their powers.
fn of_primes(product: &Expression) -> bool {
    match product {
        Expression::Product(a, b) => of_primes(a) && of_primes(b),
        Expression::Power(base, _) => of_primes(base),
        Expression::Number(Ratio(n, 1)) => *n > 1 && (2..).take_while(|d| d * d <= *n && *d < 1000).all(|d| n % d != 0),
        _ => false,
    }
}

/// A letter for times between numbers: `2^3 x 3^2`.
pub fn with_times(text: &str) -> Cow<'_, str> {
    if !text.contains(['x', 'X']) {
        return text.into();
    }
    let before = |at: usize| text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit() || c == ')');
    let after = |at: usize| text[at..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '(');
    text.char_indices()
        .map(|(at, c)| if matches!(c, 'x' | 'X') && before(at) && after(at + 1) { '×' } else { c })
        .collect()
}
