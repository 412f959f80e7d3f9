//! Characters: the many ways in which one sign is typed or printed, brought to one.

use std::borrow::Cow;

/// A text with one sign for each meaning: plain digits with `^` before raised ones, `-`, `×`, `°`, `→`, `1/2` for `½`.
/// Case and words stay as they are.
pub fn tidy(text: &str) -> Cow<'_, str> {
    // Most texts are as they should be.
    if text.bytes().all(|b| b.is_ascii() && !matches!(b, b'\t' | b'\r' | b'{' | b'\\' | b'*')) {
        return Cow::Borrowed(text);
    }
    // `x**2`, as programs print powers.
    if text.contains("**") {
        return tidy(&text.replace("**", "^")).into_owned().into();
    }
    let mut out = String::with_capacity(text.len() + 4);
    let mut raised = false;
    for c in text.chars() {
        if c.is_ascii() {
            raised = false;
            out.push(if c == '\t' || c == '\r' { ' ' } else { c });
            continue;
        }
        if let Some(plain) = raised_sign(c) {
            if !raised {
                out.push('^');
            }
            raised = true;
            out.push(plain);
            continue;
        }
        raised = false;
        match c {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => out.push(' '),
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' => {}
            '−' | '–' | '—' | '‐' | '‑' | '‒' | '﹣' | '－' => out.push('-'),
            '✕' | '✖' | '⨯' | '╳' | '∗' => out.push('×'),
            '∙' | '⋅' | '•' | '‧' | '・' => out.push('·'),
            '∕' | '⁄' => out.push('/'),
            '∶' | '：' => out.push(':'),
            '，' => out.push(','),
            '；' => out.push(';'),
            '（' => out.push('('),
            '）' => out.push(')'),
            '＝' => out.push('='),
            '⟶' | '⇒' | '➔' | '➝' | '➞' | '⟹' => out.push('→'),
            '⇄' | '⇆' | '↔' | '⟷' => out.push('⇌'),
            'º' | '˚' => out.push('°'),
            '℃' => out.push_str("°C"),
            'µ' => out.push('μ'),
            '\u{2126}' => out.push('Ω'),
            '\u{2206}' => out.push('Δ'),
            '\u{212a}' => out.push('K'),
            '％' => out.push('%'),
            '⩽' | '≦' => out.push('≤'),
            '⩾' | '≧' => out.push('≥'),
            '’' | '‘' | '`' | '´' | 'ʼ' => out.push('\''),
            '“' | '”' | '«' | '»' | '„' => out.push('"'),
            '₀'..='₉' => out.push(char::from(b'0' + (u32::from(c) - 0x2080) as u8)),
            '０'..='９' => out.push(char::from(b'0' + (u32::from(c) - 0xff10) as u8)),
            _ => match vulgar(c) {
                Some(fraction) => {
                    if out.ends_with(|c: char| c.is_ascii_digit()) {
                        out.push(' ');
                    }
                    out.push_str(fraction);
                }
                None => out.push(c),
            },
        }
    }
    Cow::Owned(if out.contains(['{', '\\']) { without_tex(&out) } else { out })
}

fn raised_sign(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from(b'4' + (u32::from(c) - 0x2074) as u8),
        '⁺' => '+',
        '⁻' => '-',
        'ⁿ' => 'n',
        'ˣ' => 'x',
        _ => return None,
    })
}

fn vulgar(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅕' => "1/5",
        '⅖' => "2/5",
        '⅗' => "3/5",
        '⅘' => "4/5",
        '⅙' => "1/6",
        '⅚' => "5/6",
        '⅐' => "1/7",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        '⅑' => "1/9",
        '⅒' => "1/10",
        _ => return None,
    })
}

/// `x^{2}` and `\frac{1}{2}`, `\sqrt{2}`, `\times` as they are typed without TeX.
fn without_tex(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("^{", "^("),
        ("_{", "("),
        ("\\times", "×"),
        ("\\cdot", "·"),
        ("\\div", "÷"),
        ("\\sqrt", "√"),
        ("\\pi", "π"),
        ("\\leq", "≤"),
        ("\\geq", "≥"),
        ("\\le", "≤"),
        ("\\ge", "≥"),
        ("\\infty", "∞"),
        ("\\circ", "°"),
        ("\\rightarrow", "→"),
        ("\\to", "→"),
        ("\\left", ""),
        ("\\right", ""),
    ];
    let mut out = put(text.into(), NAMES).into_owned();
    // A set keeps its braces; those of a TeX argument are brackets.
    if out.contains("\\frac") {
        out = out.replace("\\frac", "").replace("}{", ")/(").replace('{', "(").replace('}', ")");
    }
    let set = out.trim_start().starts_with('{') || out.contains("= {") || out.contains("={");
    if !set {
        out = out.replace('{', "(").replace('}', ")");
    } else if out.contains("^(") {
        out = out.replacen('}', ")", out.matches("^(").count());
    }
    out
}

/// Whether a letter's accent may be left out, and the letter without it.
pub fn bare(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'À' | 'Á' | 'Â' | 'Ä' => 'A',
        'Ç' => 'C',
        'È' | 'É' | 'Ê' | 'Ë' => 'E',
        'Î' | 'Ï' => 'I',
        'Ô' | 'Ö' => 'O',
        'Ù' | 'Û' | 'Ü' => 'U',
        _ => c,
    }
}

/// A text in lower case without accents, with `oe` for `œ`.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            // Accents that stand as characters of their own.
            '\u{300}'..='\u{36f}' => {}
            c if c.is_ascii() => out.push(c),
            c => out.extend(bare(c).to_lowercase()),
        }
    }
    Cow::Owned(out)
}

/// A tidy text in lower case without accents.
pub fn low(text: &str) -> Cow<'_, str> {
    match tidy(text) {
        Cow::Borrowed(text) => folded(text),
        Cow::Owned(text) => Cow::Owned(folded(&text).into_owned()),
    }
}

/// A text with the second of each pair in the place of the first.
pub fn put<'a>(text: Cow<'a, str>, pairs: &[(&str, &str)]) -> Cow<'a, str> {
    // To look first is cheaper than to copy in vain, and most texts have not even the signs.
    let mut signs = Signs::of(&text);
    pairs.iter().fold(text, |text, (from, to)| {
        if !signs.may_hold(from) || !text.contains(from) {
            return text;
        }
        let text: Cow<str> = text.replace(from, to).into();
        signs = Signs::of(&text);
        text
    })
}

/// Which bytes a text has.
struct Signs([u64; 4]);

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = [0; 4];
        text.bytes().for_each(|byte| signs[usize::from(byte >> 6)] |= 1 << (byte & 63));
        Self(signs)
    }

    fn may_hold(&self, part: &str) -> bool {
        part.bytes().all(|byte| self.0[usize::from(byte >> 6)] & 1 << (byte & 63) != 0)
    }
}

/// Relations as they are typed.
pub const RELATIONS: &[(&str, &str)] = &[("<=", "≤"), ("=<", "≤"), (">=", "≥"), ("=>", "≥")];

/// Like `str::split_once`.
pub fn halves<'a>(text: &'a str, by: &str) -> Option<(&'a str, &'a str)> {
    // To look first is cheaper than to search in vain.
    text.contains(by).then(|| text.split_once(by))?
}

/// The one of these with which a text begins, whatever the case of its letters.
pub fn lead<'a>(text: &str, leads: &[&'a str]) -> Option<&'a str> {
    let begins = |lead: &&&str| text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead));
    leads.iter().find(begins).copied()
}

/// A text short enough for a reason.
pub fn clip(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 400 {
            break;
        }
    }
    if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
}

/// The places at which a text is divided by one of these signs outside of brackets.
pub fn split_outside<'a>(text: &'a str, signs: &[char]) -> Vec<&'a str> {
    let balanced = text.matches(['(', '[', '{']).count() == text.matches([')', ']', '}']).count();
    let (mut depth, mut start, mut parts) = (0i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' if balanced => depth += 1,
            ')' | ']' | '}' if balanced => depth -= 1,
            c if depth <= 0 && signs.contains(&c) => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_for_each_meaning() {
        for (typed, wanted) in [
            ("3 × 10⁻⁴", "3 × 10^-4"),
            ("1½", "1 1/2"),
            ("Fe³⁺", "Fe^3+"),
            ("H₂O", "H2O"),
            ("25\u{a0}℃", "25 °C"),
            ("x^{2}", "x^(2)"),
            ("\\frac{1}{2}", "(1)/(2)"),
            ("{1, 2}", "{1, 2}"),
        ] {
            assert_eq!(tidy(typed), wanted);
        }
        assert_eq!(folded("Œuf ÉTÉ e\u{301}"), "oeuf ete e");
        assert_eq!(split_outside("a; (b; c); d", &[';']), ["a", " (b; c)", " d"]);
    }
}
