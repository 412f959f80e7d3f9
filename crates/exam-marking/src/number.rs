//! Numbers in figures: with point or comma, groups of thousands, fractions, powers of ten.

use crate::algebra::poly::Ratio;

/// A number as it is written, without sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Literal {
    pub value: Ratio,
    /// Digits after the point.
    pub places: usize,
    /// Digits that count: from the first that is not 0.
    pub figures: usize,
    /// The other way to read it: `1.200` is 1.2 or 1200, `3,142` 3142 or 3.142.
    pub other: Option<Ratio>,
}

/// The number at the start of a text, and its length in bytes: digits with points, commas or spaces between.
pub fn literal(text: &str) -> Option<(Literal, usize)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let first = digits(0);
    let mut groups = vec![(0, first)];
    let mut signs = Vec::new();
    let mut end = first;
    let dot_first = first == 0 && bytes.first() == Some(&b'.') && digits(1) > 0;
    if first == 0 && !dot_first || first > 24 {
        return None;
    }
    while let Some(&sign) = bytes.get(end).filter(|b| matches!(b, b'.' | b',' | b' ' | b'\'')) {
        let length = digits(end + 1);
        if length == 0 || end + length > 30 || matches!(sign, b' ' | b'\'') && (length != 3 || first > 3) {
            break;
        }
        signs.push(sign);
        groups.push((end + 1, length));
        end += 1 + length;
    }
    // The last sign may be the decimal one; those before it all divide thousands, or the number ends there.
    let thousands = |signs: &[u8], groups: &[(usize, usize)]| {
        (1..=3).contains(&groups[0].1)
            && bytes[0] != b'0'
            && groups[1..].iter().all(|group| group.1 == 3)
            && signs.iter().all(|sign| *sign == signs[0])
    };
    let (whole, part) = match signs[..] {
        [] => (1, None),
        [b'.'] => (1, Some(1)),
        [sign @ (b',' | b' ' | b'\'')] => match sign {
            b',' if !thousands(&signs, &groups) => (1, Some(1)),
            _ => (2, None),
        },
        _ if thousands(&signs, &groups) => (groups.len(), None),
        _ => {
            let last = signs.len() - 1;
            let decimal = matches!(signs[last], b'.' | b',') && signs[last] != signs[last - 1];
            if decimal && thousands(&signs[..last], &groups[..=last]) {
                (groups.len() - 1, Some(groups.len() - 1))
            } else {
                // A list such as `3,5,7`: only its first number.
                groups.truncate(1);
                end = first;
                (1, None)
            }
        }
    };
    let joined: String = groups[..whole].iter().map(|(at, length)| &text[*at..at + length]).collect();
    let decimals = part.map_or("", |n| &text[groups[n].0..groups[n].0 + groups[n].1]);
    let value = ratio(&joined, decimals)?;
    let other = match signs[..] {
        [b','] if part.is_none() => ratio(&joined[..groups[0].1], &joined[groups[0].1..]),
        [b'.'] if thousands(&signs, &groups) => ratio(&format!("{joined}{decimals}"), ""),
        _ => None,
    };
    let figures = joined.bytes().chain(decimals.bytes()).skip_while(|b| *b == b'0').count();
    Some((Literal { value, places: decimals.len(), figures: figures.max(1), other }, end))
}

fn ratio(whole: &str, decimals: &str) -> Option<Ratio> {
    (whole.len() + decimals.len() <= 30).then_some(())?;
    let digits = |text: &str| text.bytes().fold(0i128, |sum, b| sum * 10 + i128::from(b - b'0'));
    let scale = 10i128.checked_pow(decimals.len() as u32)?;
    let top = digits(whole).checked_mul(scale)?.checked_add(digits(decimals))?;
    if scale == 1 { Some(Ratio(top, 1)) } else { Ratio::new(top, scale) }
}

/// The exact number at the start of a text: a literal, `1 3/4`, `3e8`; with its length in bytes.
pub fn start(text: &str) -> Option<(Ratio, usize)> {
    let (literal, length) = literal(text)?;
    let rest = &text[length..];
    if let Some((power, more)) = exponent(rest) {
        let scale = Ratio(10i128.checked_pow(power.unsigned_abs())?, 1);
        let value = if power < 0 { literal.value.over(scale) } else { literal.value.times(scale) };
        return Some((value?, length + more));
    }
    if literal.places == 0
        && let Some((part, more)) = fraction_after(rest)
    {
        return Some((literal.value.plus(part)?, length + more));
    }
    Some((literal.value, length))
}

/// `e8`, `E-3`, where no word begins.
fn exponent(text: &str) -> Option<(i32, usize)> {
    let after = text.strip_prefix(['e', 'E'])?;
    let sign = usize::from(after.starts_with(['-', '+']));
    let digits = after[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let power: i32 =
        after[..sign + digits].trim_start_matches('+').parse().ok().filter(|power: &i32| power.abs() <= 30)?;
    (!after[sign + digits..].starts_with(char::is_alphabetic)).then_some((power, 1 + sign + digits))
}

/// ` 3/4` behind a whole number.
pub fn fraction_after(text: &str) -> Option<(Ratio, usize)> {
    let rest = text.strip_prefix(' ')?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let top = digits(rest);
    let after = rest.get(top..)?.strip_prefix('/')?;
    let bottom = digits(after);
    if top == 0 || bottom == 0 || top + bottom > 20 {
        return None;
    }
    let value = Ratio::new(rest[..top].parse().ok()?, after[..bottom].parse().ok()?)?;
    Some((value, 2 + top + bottom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_both_styles() {
        for (text, value, length, other) in [
            ("5", 5.0, 1, None),
            ("2.50", 2.5, 4, None),
            ("0,5", 0.5, 3, None),
            (".5", 0.5, 2, None),
            ("1,234,567", 1_234_567.0, 9, None),
            ("12 500 Frw", 12_500.0, 6, None),
            ("1.234.567,5", 1_234_567.5, 11, None),
            ("1,234.56", 1234.56, 8, None),
            ("1.200", 1.2, 5, Some(1200.0)),
            ("2,142", 2142.0, 5, Some(2.142)),
            ("0.125", 0.125, 5, None),
            ("3,5,7", 3.0, 1, None),
            ("2 30", 2.0, 1, None),
        ] {
            let (literal, end) = literal(text).unwrap();
            assert_eq!((literal.value.float(), end, literal.other.map(Ratio::float)), (value, length, other), "{text}");
        }
        assert_eq!(start("1 3/4").unwrap().0, Ratio(7, 4));
        assert_eq!(start("3e8 m/s").unwrap(), (Ratio(300_000_000, 1), 3));
        assert_eq!(start("3 eggs").unwrap(), (Ratio(3, 1), 1));
    }
}
