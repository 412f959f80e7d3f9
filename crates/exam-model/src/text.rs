//! Which characters of a text are kept, where its blanks are, and what in it stands raised.

/// Text as it may be kept and shown, wherever it comes from: without control characters but line breaks and tabs. Broken
/// fonts name glyphs so, and a database keeps no NUL.
pub fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'), "")
}

/// Where the blanks of a text are: runs of dots or lines as long as three dots.
pub fn blanks(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match c {
            '_' | '.' | '…' => {
                if length == 0 {
                    start = at;
                }
                length += if c == '…' { 3 } else { 1 };
            }
            _ => {
                if length >= 3 {
                    found.push(start..at);
                }
                length = 0;
            }
        }
    }
    found
}

/// A text in stretches, each with whether it stands raised: `5 m^3` is `5 m` and a raised `3`. After the sign stands a number, one
/// letter, or something in brackets or braces.
pub fn raised(text: &str) -> Vec<(&str, bool)> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    for (at, sign) in text.match_indices('^') {
        let is_base = |c: char| c.is_alphanumeric() || ")]}".contains(c);
        if at < from || !text[..at].ends_with(is_base) {
            continue;
        }
        let rest = &text[at + sign.len()..];
        let Some((power, taken)) = power(rest) else { continue };
        pieces.extend([(&text[from..at], false), (power, true)]);
        from = at + sign.len() + taken;
    }
    pieces.push((&text[from..], false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// The power at the start of a text, without its brackets, and how many bytes it takes.
fn power(text: &str) -> Option<(&str, usize)> {
    if let Some(close) =
        [('{', '}'), ('(', ')')].into_iter().find_map(|(open, close)| text.starts_with(open).then_some(close))
    {
        let end = text.find(close).filter(|&end| end > 1 && !text[1..end].contains(['{', '(']))?;
        return Some((&text[1..end], end + 1));
    }
    let unsigned = text.trim_start_matches(['-', '−', '+']);
    let sign = text.len() - unsigned.len();
    let digits = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let letter = unsigned.chars().next().filter(|c| c.is_alphabetic()).map_or(0, char::len_utf8);
    let length = sign + if digits > 0 { digits } else { letter };
    (length > sign).then(|| (&text[..length], length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_kept_but_line_breaks_and_tabs() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        let kept: Vec<char> = printable(&all).chars().filter(|c| c.is_control()).collect();
        assert_eq!(kept, ['\t', '\n', '\r']);
        assert_eq!(printable("1.\0 Why\u{7}?"), "1. Why?");
    }

    #[test]
    fn powers_stand_raised() {
        let shown = |text| {
            let of = |(piece, up): (&str, bool)| if up { format!("<{piece}>") } else { piece.to_owned() };
            raised(text).into_iter().map(of).collect::<String>()
        };
        for (text, wanted) in [
            ("5 m^3", "5 m<3>"),
            ("x^2y + 10^-3 kg m^−2.", "x<2>y + 10<-3> kg m<−2>."),
            ("(a + b)^n, 2^{n+1}, 2^(n-1)", "(a + b)<n>, 2<n+1>, 2<n-1>"),
            ("^3, 4 ^ 2, x^, x^((n)), x^-", "^3, 4 ^ 2, x^, x^((n)), x^-"),
            ("", ""),
        ] {
            assert_eq!(shown(text), wanted);
        }
    }

    #[test]
    fn blanks_are_found() {
        let text = "The ……… pumps _____ to the lungs. So it is..";
        assert_eq!(blanks(text).into_iter().map(|at| &text[at]).collect::<Vec<_>>(), ["………", "_____"]);
    }
}
