//! Several values as one: ratios, coordinates, vectors, small matrices and sets.

use std::rc::Rc;

use crate::letters::{folded, put, split_outside, tidy};
use crate::memo::{Memo, kept};
use crate::reason::{Judgement, Note};
use crate::rule::Asked;
use crate::{algebra, number, quantity, text, unit};

/// Whether a form of a key that is a ratio accepts an answer; `None` when the form is none.
pub fn ratio(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    if !form.contains([':', '∶']) {
        return None;
    }
    if let Some(judged) = labelled_ratio(form, answer, asked) {
        return Some(judged);
    }
    let key = terms(&tidy(form))?;
    let answer = put(tidy(answer), &[(" is to ", ":"), (" to ", ":")]);
    let answer = without_names(&answer, asked).map_or(answer, Into::into);
    let answer = answer.trim().trim_end_matches('.');
    let lead = answer.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let is_words = answer[..lead].chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ':' | '='));
    let body = if is_words { &answer[lead..] } else { answer };
    let fraction = key.len() == 2 && !body.contains(':');
    let given = terms(&if fraction { body.replacen('/', ":", 1) } else { body.to_owned() });
    let Some(given) = given.filter(|given| given.len() == key.len()) else {
        return Some(Judgement::wrong(Note::Unknown));
    };
    let same = key.iter().zip(&given).all(|(a, b)| {
        let (one, other) = (a * given[0], b * key[0]);
        (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
    });
    if !same {
        let turned = given.iter().rev().zip(&key).all(|(a, b)| a == b);
        return Some(Judgement::wrong(if turned { Note::Turned } else { Note::Wrong }));
    }
    if asked.simplest() && !is_simplest(&given) && given != key {
        return Some(Judgement::wrong(Note::NotSimplest));
    }
    Some(Judgement::right(if given == key { Note::Right } else { Note::OtherForm }))
}

/// `3:1` of `3 tall:1 short`, where the question has these names in this order.
fn without_names(answer: &str, asked: &Asked) -> Option<String> {
    let term = |part: &str| {
        let (number, name) = part.trim().split_once(' ')?;
        let is_name = name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase()) && unit::parse(name).is_none();
        let whole = number.bytes().all(|b| b.is_ascii_digit());
        (is_name && whole).then(|| Some((number.to_owned(), asked.words.find(name)?))).flatten()
    };
    let terms = answer.split(':').map(term).collect::<Option<Vec<_>>>()?;
    let ordered = terms.windows(2).all(|pair| pair[0].1 < pair[1].1);
    ordered.then(|| terms.into_iter().map(|(number, _)| number).collect::<Vec<_>>().join(":"))
}

/// `1 AA : 2 Aa : 1 aa`, whose terms may stand in any order with their labels, as percentages too, or in the key's without.
fn labelled_ratio(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let term = |part: &str| {
        let part = part.trim().trim_end_matches('.');
        let (amount, length) = number::start(part).map_or((1.0, 0), |(value, length)| (value.float(), length));
        let label = part[length..].trim_start_matches(['%', ' ']);
        let named = !label.is_empty() && label.chars().all(char::is_alphabetic);
        (named && amount > 0.0).then(|| (label.to_owned(), amount))
    };
    let read = |text: &str| text.split([':', ',', ';']).map(term).collect::<Option<Vec<_>>>();
    if !form.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // `TT` is no unit.
    let alleles = |label: &str| {
        label.len() > 1 && label.chars().all(|c| label.starts_with([c, c.to_ascii_lowercase(), c.to_ascii_uppercase()]))
    };
    let are_units = |key: &[(String, f64)]| {
        key.iter().all(|(label, _)| unit::parse(label).is_some()) && !key.iter().all(|(label, _)| alleles(label))
    };
    let repeats = |key: &[(String, f64)]| {
        key.iter().enumerate().any(|(n, (label, _))| key[..n].iter().any(|(other, _)| other == label))
    };
    let key = read(&tidy(form)).filter(|key| key.len() > 1 && !are_units(key) && !repeats(key))?;
    let answer = tidy(answer);
    let given = match read(&answer) {
        Some(given) => {
            let of = |label: &String| given.iter().find(|(other, _)| other == label).map(|(_, amount)| *amount);
            key.iter().map(|(label, _)| of(label)).collect::<Option<Vec<_>>>().filter(|_| given.len() == key.len())
        }
        None => terms(&answer),
    };
    let given = given.filter(|given| given.len() == key.len())?;
    let same = key.iter().zip(&given).all(|((_, wanted), amount)| (wanted * given[0] - amount * key[0].1).abs() < 1e-9);
    let unchanged = key.iter().zip(&given).all(|((_, wanted), amount)| wanted == amount);
    Some(match same {
        true if asked.simplest() && !unchanged && !is_simplest(&given) => Judgement::wrong(Note::NotSimplest),
        true => Judgement::right(Note::OtherForm),
        false => Judgement::wrong(Note::Wrong),
    })
}

/// Whole numbers that share no factor.
fn is_simplest(terms: &[f64]) -> bool {
    let shared = terms.iter().fold(0, |shared, n| algebra::poly::common(shared, *n as i128));
    shared <= 1 && terms.iter().all(|n| n.fract() == 0.0)
}

/// The terms of `3:2:1`, `1 cm : 5 km`, in one unit.
fn terms(text: &str) -> Option<Vec<f64>> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let term = |part: &&str| {
        let (value, length) = number::start(part)?;
        let rest = part[length..].trim();
        let rest_value =
            rest.strip_prefix('/').and_then(|bottom| number::start(bottom.trim())).map(|(bottom, _)| bottom);
        match (rest.is_empty(), rest_value) {
            (true, _) => Some(value.float()),
            (false, Some(bottom)) => Some(value.over(bottom)?.float()),
            _ => Some(value.float() * unit::parse(rest)?.factor),
        }
    };
    let values: Vec<f64> = parts.iter().map(term).collect::<Option<_>>()?;
    ((2..=6).contains(&values.len()) && values.iter().all(|value| *value > 0.0)).then_some(values)
}

#[derive(Debug, Clone, PartialEq)]
struct Tuple {
    /// `{`, `(`, or a space where there are no brackets.
    bracket: char,
    rows: Vec<Vec<String>>,
}

thread_local! {
    static KEYS: Memo<Option<Rc<Tuple>>> = Memo::default();
}

/// Whether a text says the set without members.
fn is_empty(text: &str) -> bool {
    let text = folded(text);
    matches!(
        text.trim().trim_end_matches('.'),
        "∅" | "{}" | "{ }" | "φ" | "ø" | "empty set" | "the empty set" | "ensemble vide" | "null set"
    )
}

/// Whether a form of a key that is a set, a point, a vector or a matrix accepts an answer; `None` when it is none.
pub fn judge(form: &str, answer: &str) -> Option<Judgement> {
    let key = kept(&KEYS, form, |form| {
        let form = tidy(form);
        let tuple = || Tuple::bracketed(&form).or_else(|| Tuple::of_units(&form));
        if is_empty(&form) { Some(Rc::new(Tuple::EMPTY)) } else { tuple().map(Rc::new) }
    })?;
    let tidied = tidy(answer);
    if *key == Tuple::EMPTY {
        return Some(if is_empty(&tidied) { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Unknown) });
    }
    let mut answer = tidied.trim().trim_end_matches('.').to_owned();
    if key.bracket == '{' {
        // `x = 2 or x = 5`, `x ∈ {2, 5}`
        answer = answer.split('∈').next_back().unwrap_or_default().replace(" or ", ",").replace(" ou ", ",");
    }
    let answer = answer.trim();
    let given = Tuple::bracketed(answer)
        .or_else(|| Tuple::scaled(answer))
        .or_else(|| Tuple::of_units(answer))
        .or_else(|| Tuple::named(answer))
        .or_else(|| Tuple::bare(answer));
    let Some(given) = given else { return Some(Judgement::wrong(Note::Unknown)) };
    // Of `[1,3; 2,4]` the commas divide where the key has rows.
    let rows = || Tuple::bracketed(&answer.replace(',', " ")).is_some_and(|given| key.is_tuple(&given));
    // So does a bar.
    let rows = || rows() || Tuple::bracketed(&answer.replace('/', ";")).is_some_and(|given| key.is_tuple(&given));
    let right = match key.bracket {
        '{' => key.is_set(&given),
        _ => key.is_tuple(&given) || key.rows.len() > 1 && answer.contains([';', '/']) && rows(),
    };
    Some(if right {
        Judgement::right(if given.bracket == key.bracket { Note::Right } else { Note::OtherForm })
    } else {
        Judgement::wrong(Note::Wrong)
    })
}

/// Words before a point, a vector or a matrix.
const LEADS: [&str; 12] =
    ["the", "The", "pair", "ordered", "point", "Point", "vector", "matrix", "coordinates", "is", "at", "are"];

impl Tuple {
    /// The set without members.
    const EMPTY: Self = Self { bracket: '∅', rows: Vec::new() };

    /// `(3, −2)`, `A(3, −2)`, `P = (3; −2)`, `{1, 2}`, `[[1, 2], [3, 4]]`, `(1 2; 3 4)`.
    fn bracketed(text: &str) -> Option<Self> {
        let text = text.trim();
        let open = text.find(['(', '{', '[', '<', '⟨'])?;
        let name = text[..open].trim().trim_end_matches(['=', ':']).trim_end();
        let point = name.is_empty()
            || name.chars().count() <= 2 && name.chars().all(|c| c.is_uppercase() || c == '\'' || c.is_ascii_digit())
            || text[..open].contains('=') && name.chars().count() <= 12
            // `the pair (2; 5)`
            || text[..open].ends_with(' ') && name.split(' ').all(|word| LEADS.contains(&word));
        let bracket = text[open..].chars().next()?;
        let close = match bracket {
            '(' => ')',
            '{' => '}',
            '[' => ']',
            '<' => '>',
            _ => '⟩',
        };
        let inside = text[open..].strip_prefix(bracket)?.strip_suffix(close)?;
        if !point || inside.len() > 200 {
            return None;
        }
        let bracket = if bracket == '{' { '{' } else { '(' };
        let inner = inside.trim();
        if bracket != '{' && (inner.starts_with('[') || inner.starts_with('(') && inner.ends_with(')')) {
            let rows = split_outside(inner, &[',', ';', '\n'])
                .into_iter()
                .map(|row| Self::cells(row.trim().trim_matches(['(', ')', '[', ']'])));
            let rows: Vec<Vec<String>> = rows.collect();
            return (rows.len() > 1 && rows.iter().all(|row| row.len() == rows[0].len()))
                .then_some(Self { bracket, rows });
        }
        let rows = Self::rows(inner);
        let count: usize = rows.iter().map(Vec::len).sum();
        // `(aq)` and `(the)` are no tuples, `{5}` is a set.
        let values = bracket == '{' || count > 1 && rows.iter().flatten().all(|cell| Self::is_value(cell));
        (values && count > 0).then_some(Self { bracket, rows })
    }

    /// `½(2 4; 6 8)`, a number times a matrix.
    fn scaled(text: &str) -> Option<Self> {
        let open = text.find(['(', '[']).filter(|open| *open > 0)?;
        let factor = quantity::value(text[..open].trim().trim_end_matches(['×', '*']).trim_end())?;
        let Self { bracket, rows } = Self::bracketed(&text[open..]).filter(|tuple| tuple.rows.len() > 1)?;
        let times = |row: Vec<String>| -> Option<Vec<String>> {
            row.iter().map(|cell| Some((quantity::value(cell)? * factor).to_string())).collect()
        };
        Some(Self { bracket, rows: rows.into_iter().map(times).collect::<Option<_>>()? })
    }

    fn is_value(cell: &str) -> bool {
        quantity::value(cell).is_some()
            || algebra::expression::Expression::parse(cell).is_some() && cell.chars().count() <= 12
    }

    fn rows(inner: &str) -> Vec<Vec<String>> {
        let lines: Vec<&str> =
            split_outside(inner, &[';', '\n']).into_iter().filter(|line| !line.trim().is_empty()).collect();
        // `(1,5; 2)` divides by semicolons, and its commas are decimal.
        let decimal = lines.len() > 1
            && lines.iter().all(|line| number_only(line))
            && lines.iter().any(|line| line.contains(','));
        if decimal {
            return vec![lines.iter().map(|line| line.trim().to_owned()).collect()];
        }
        lines.into_iter().map(Self::cells).collect()
    }

    fn cells(line: &str) -> Vec<String> {
        let parts = split_outside(line, &[',']);
        let cells: Vec<&str> = if parts.len() > 1 { parts } else { line.split_whitespace().collect() };
        let spaced = cells.iter().all(|cell| Self::is_value(cell.trim()) || cells.len() > 1 && line.contains(','));
        if spaced || line.contains(',') {
            cells.into_iter().map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
        } else {
            vec![line.trim().to_owned()]
        }
    }

    /// `3i − 2j`, also with k.
    fn of_units(text: &str) -> Option<Self> {
        if !text.contains(['i', 'j', 'k'])
            || text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'i' | 'j' | 'k'))
            || text.len() > 40
        {
            return None;
        }
        let vector = algebra::expression::Expression::parse(text)?;
        let (letters, at) =
            (vector.letters(), |name: &'static str| move |letter: &str| f64::from(u8::from(letter == name)));
        let exact = vector.exact()?;
        // `j/k` is no vector.
        let linear =
            exact.1.rational().is_some() && exact.0.0.keys().all(|monomial| monomial.values().sum::<u32>() == 1);
        (letters.len() >= 2 && linear).then_some(())?;
        let mut cells = vec![vector.float(&at("i")), vector.float(&at("j"))];
        if letters.iter().any(|letter| letter == "k") {
            cells.push(vector.float(&at("k")));
        }
        Some(Self { bracket: '(', rows: vec![cells.iter().map(f64::to_string).collect()] })
    }

    /// `x = 1, y = 4` as (1, 4).
    fn named(text: &str) -> Option<Self> {
        let text = put(text.into(), &[(" and ", ",")]);
        let mut parts: Vec<(&str, &str)> =
            text.split([',', ';', '\n']).map(|part| part.split_once('=')).collect::<Option<_>>()?;
        parts.sort_by_key(|(name, _)| name.trim());
        let named = parts.iter().map(|(name, _)| name.trim()).eq(["x", "y", "z"].into_iter().take(parts.len()));
        named.then(|| Self {
            bracket: ' ',
            rows: vec![parts.iter().map(|(_, value)| value.trim().to_owned()).collect()],
        })
    }

    fn bare(text: &str) -> Option<Self> {
        let text = put(text.into(), &[(" and ", ","), (" et ", ",")]);
        let rows = Self::rows(&text);
        let short = rows.iter().flatten().all(|cell| cell.len() <= 30) && rows.len() <= 6;
        (short && !rows.is_empty()).then_some(Self { bracket: ' ', rows })
    }

    fn is_tuple(&self, other: &Self) -> bool {
        let line = |tuple: &Self| tuple.rows.len() == 1 || tuple.rows.iter().all(|row| row.len() == 1);
        let shape = |tuple: &Self| tuple.rows.iter().map(Vec::len).collect::<Vec<_>>();
        let (a, b): (Vec<_>, Vec<_>) = (self.rows.iter().flatten().collect(), other.rows.iter().flatten().collect());
        let fits = shape(self) == shape(other) || line(self) && line(other);
        other.bracket != '{' && fits && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same_value(a, b))
    }

    fn is_set(&self, other: &Self) -> bool {
        let (a, b): (Vec<_>, Vec<_>) = (self.rows.iter().flatten().collect(), other.rows.iter().flatten().collect());
        a.iter().all(|a| b.iter().any(|b| same_value(a, b))) && b.iter().all(|b| a.iter().any(|a| same_value(a, b)))
    }
}

/// Whether an answer is the row of whole numbers that a form is, whatever divides them: `2,8,1` and `2.8.1`. `None` when
/// the form is none.
pub fn arrangement(form: &str, answer: &str) -> Option<Judgement> {
    let row = |text: &str| -> Option<Vec<u32>> {
        let text = text.trim().trim_end_matches('.');
        let plain = !text.is_empty()
            && text.len() < 60
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ':' | ' ' | ')' | '-'))
            // A dash divides, and a minus does not.
            && text.match_indices('-').all(|(at, _)| text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()));
        plain.then(|| {
            text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(|n| n.parse().ok()).collect()
        })?
    };
    let divided = form
        .trim()
        .split([',', '.', ':'])
        .all(|n| !n.is_empty() && n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()));
    let key = row(form).filter(|key| divided && key.len() > 2)?;
    Some(match row(answer) {
        Some(given) if given == key => Judgement::right(Note::Right),
        Some(_) => Judgement::wrong(Note::Wrong),
        None => Judgement::wrong(Note::Unknown),
    })
}

fn number_only(text: &str) -> bool {
    text.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | ' '))
}

/// Equal values within a tuple.
pub fn same_value(key: &str, given: &str) -> bool {
    match (quantity::value(key), quantity::value(given)) {
        (Some(a), Some(b)) => quantity::agree(a, b),
        _ => algebra::accepts(key, given).unwrap_or_else(|| text::same(key, given)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios() {
        let share = |key: &str, answer: &str, text: &str| {
            ratio(key, answer, &Asked::new(text, 1.0, Default::default())).map(|judged| judged.share)
        };
        for (key, answer, text, wanted) in [
            ("3:2", "6:4", "", Some(1.0)),
            ("3:2", "6:4", "Write 12:8 in its simplest form.", Some(0.0)),
            ("3:2", "3 to 2", "", Some(1.0)),
            ("3:2", "3/2", "", Some(1.0)),
            ("3:2", "2:3", "", Some(0.0)),
            ("3:2:1", "3 : 2 : 1", "", Some(1.0)),
            ("1:50,000", "1 cm : 0.5 km", "", Some(1.0)),
            ("banana", "3:2", "", None),
        ] {
            assert_eq!(share(key, answer, text), wanted, "{key}, {answer}");
        }
    }

    #[test]
    fn tuples() {
        for (key, answer, right) in [
            ("(1, −4)", "(1, -4)", Some(true)),
            ("(1, −4)", "x = 1, y = -4", Some(true)),
            ("(1, −4)", "1, -4", Some(true)),
            ("(1, −4)", "(-4, 1)", Some(false)),
            ("(0.5, 1)", "(1/2, 1)", Some(true)),
            ("A(3, 2)", "(3; 2)", Some(true)),
            ("{2, 3, 5}", "{5, 3, 2}", Some(true)),
            ("{2, 3, 5}", "2, 3 and 5", Some(true)),
            ("{2, 3, 5}", "{2, 3, 5, 7}", Some(false)),
            ("{a, e}", "{e, a}", Some(true)),
            ("∅", "{}", Some(true)),
            ("3i − 2j", "(3, -2)", Some(true)),
            ("(3, -2)", "3i - 2j", Some(true)),
            ("[[1, 2], [3, 4]]", "(1 2; 3 4)", Some(true)),
            ("[[1, 2], [3, 4]]", "[1 3; 2 4]", Some(false)),
            ("(1 2; 3 4)", "1 2\n3 4", Some(true)),
            ("(the) stigma", "stigma", None),
            ("Fe(s)", "Fe", None),
            ("(x − 2)(x − 3)", "(x-3)(x-2)", None),
        ] {
            assert_eq!(judge(key, answer).map(|judged| judged.is_right()), right, "{key}, {answer}");
        }
    }
}
