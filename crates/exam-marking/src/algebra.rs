//! Equal expressions, equations and inequalities. Brought to a quotient of polynomials with rational coefficients, so
//! that equality is decided exactly; only where roots of letters, sines or logarithms stand, both are evaluated at
//! fixed points instead.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::LazyLock;

use expression::Expression;
use poly::Quotient;

use crate::letters::{RELATIONS, halves, lead, put, tidy};
use crate::lexicon::{Table, vocabulary};
use crate::memo::{Memo, kept};
use crate::reason::Note;
use crate::rule::Asked;

pub mod expression;
pub mod poly;
pub mod typeset;

/// Whether both values that `±` stands for agree: `x = (−b ± √d)/(2a)`, also without its name; `None` where there is no such
/// sign on both sides.
fn of_both_signs(form: &str, answer: &str) -> Option<bool> {
    // Most keys have none.
    form.contains(['±', '+']).then_some(())?;
    let plain = |text: &str| text.replace("+/-", "±").replace("+-", "±").replace("+−", "±");
    let (form, answer) = (plain(form), plain(answer));
    (form.matches('±').count() == 1 && answer.matches('±').count() == 1).then_some(())?;
    let bare = |text: &str| match text.split_once('=') {
        Some((name, value)) if name.trim().chars().count() == 1 => value.trim().to_owned(),
        _ => text.to_owned(),
    };
    let (form, answer) = (bare(&form), bare(&answer));
    let agree = |own: &str, other: &str| accepts(&form.replace('±', own), &answer.replace('±', other)) == Some(true);
    Some(agree("+", "+") && agree("-", "-") || agree("+", "-") && agree("-", "+"))
}

/// `ln(2x + 1)` for `ln|2x + 1|`
fn without_bars(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for name in ["ln|", "log|"] {
        while let Some(open) = out.find(name).map(|at| at + name.len() - 1)
            && let Some(close) = out[open + 1..].find('|').map(|at| open + 1 + at)
        {
            out = format!("{}({}){}", &out[..open], &out[open + 1..close], &out[close + 1..]).into();
        }
    }
    out
}

/// Whether a form of a key that is algebra accepts an answer that is: `None` when one of them is none.
pub fn accepts(form: &str, answer: &str) -> Option<bool> {
    if let Some(right) = of_both_signs(form, answer) {
        return Some(right);
    }
    let (form, answer) = (&*without_bars(form), &*without_bars(answer));
    const EXP: &[(&str, &str)] = &[("exp(", "e^(")];
    let tidied = |text| put_if_bracket(text, EXP);
    let form = of_sequence(form, answer);
    if in_initials(form, answer).is_some_and(|initials| accepts(&initials, answer) == Some(true)) {
        return Some(true);
    }
    let said =
        form.contains('=').then(|| halves(answer, " equals ").or_else(|| halves(answer, " is equal to "))).flatten();
    let said = said.map(|(left, right)| format!("{left} = {right}"));
    let answer = said.as_deref().unwrap_or(answer);
    let (form, answer) = (tidied(form), tidied(answer));
    const TYPED: &[(&str, &str)] = &[("**", "^"), (").(", ")("), ("log_", "log")];
    let answer = if answer.contains(['*', '(', '_']) { put(answer, TYPED) } else { answer };
    // `I x t` has a cross where the key has no x.
    let crossed = answer.contains('x') && !form.contains(['x', 'X']) && answer.contains(" x ") && {
        let pieces: Vec<&str> = answer.split(['=', ' ']).filter(|piece| !piece.is_empty()).collect();
        let is_symbol = |piece: &str| piece.chars().count() == 1 && piece.chars().all(char::is_alphanumeric);
        pieces.iter().all(|piece| is_symbol(piece.trim_start_matches('Δ')))
    };
    let answer = if crossed { put(answer, &[(" x ", " × ")]) } else { answer };
    if !is_algebra(&form) && !are_symbols(&form, &answer) {
        return None;
    }
    if let Some(judged) = accepts_symbols(&form, &answer) {
        return judged;
    }
    let key = kept(&KEYS, &form, |form| Relation::parse(form).map(Rc::new))?;
    let chain = (key.sign == Sign::None).then(|| end_of_chain(&answer, &key)).flatten();
    let read = |text: &str| kept(&GIVEN, text, |text| Relation::parse(text).map(Rc::new));
    let given = read(chain.unwrap_or(&answer)).or_else(|| read(value_of(&answer)))?;
    let names = |relation: &Relation| relation.letters();
    // `Ek = mv²/2` for `KE = mv²/2`
    if let (Some((name, _)), Some((other, _))) = (form.split_once('='), answer.split_once('='))
        && !name.trim().eq_ignore_ascii_case(other.trim())
        && let (Some((key, name)), Some((given, other))) = (key.of_name(&form), given.of_name(&answer))
        && other.to_lowercase().chars().any(|c| name.to_lowercase().contains(c))
    {
        return key.same(&given);
    }
    let (wanted, there) = (names(&key), names(&given));
    let folded = |names: &[String]| {
        let mut low: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        low.sort();
        low.dedup();
        low
    };
    // `X` is `x` unless the key tells `R` from `r`.
    let apart = || folded(&wanted).len() != wanted.len() || folded(&there).len() != there.len();
    let is_low = |names: &[String]| names.iter().flat_map(|name| name.chars()).all(|c| !c.is_uppercase());
    let low =
        |relation: Rc<Relation>, names: &[String]| if is_low(names) { relation } else { Rc::new(relation.lower()) };
    let (key, given) = match wanted == there || apart() {
        true => (key, given),
        false => (low(key, &wanted), low(given, &there)),
    };
    let same = match key.same(&given) {
        Some(same) => same,
        // What nothing can decide is right only as it stands.
        None => return Some(form.split_whitespace().eq(answer.split_whitespace())),
    };
    if same || given.sign == Sign::None && key.defines(&given) == Some(true) {
        return Some(true);
    }
    if form.contains('=')
        && answer.contains('=')
        && let Some(renamed) = with_letters_of(&form, &answer)
    {
        return accepts(&form, &renamed);
    }
    let closer = with_close_divisors(&answer).filter(|_| form.contains(['/', '÷']));
    Some(closer.is_some_and(|answer| accepts(&form, &answer) == Some(true)))
}

/// `A = C + L` of "Assets = Capital + Liabilities" where an answer has no other letters than these; `None` where it has, or
/// where two begin alike.
fn in_initials(form: &str, answer: &str) -> Option<String> {
    let single = |text: &str| {
        let runs = text.split(|c: char| !c.is_alphabetic()).filter(|run| !run.is_empty());
        let letters: Vec<String> = runs.map(str::to_uppercase).collect();
        (letters.len() > 1 && letters.iter().all(|run| run.chars().count() == 1)).then_some(letters)
    };
    if !form.contains('=') || !answer.contains('=') {
        return None;
    }
    let given = single(answer)?;
    let mut initials = Vec::new();
    let mut out = String::with_capacity(form.len());
    for part in form.split_inclusive(['=', '+', '-', '−', '×', '*', '÷', '/']) {
        let name = part.trim_end_matches(['=', '+', '-', '−', '×', '*', '÷', '/']);
        let initial = name.trim().chars().next().filter(|c| c.is_alphabetic())?;
        let is_name = name.trim().len() > 3 && name.trim().chars().all(|c| c.is_alphabetic() || c == ' ');
        let initial = Some(initial.to_ascii_uppercase()).filter(|initial| is_name && !initials.contains(initial))?;
        initials.push(initial);
        out.push(initial);
        out.push_str(&part[name.len()..]);
    }
    let known = |letter: &String| initials.iter().any(|initial| letter.starts_with(*initial));
    (initials.len() > 2 && given.iter().all(known)).then_some(out)
}

/// `3n + 1` of `uₙ = 3n + 1`, where an answer does not say what it is the term of.
fn of_sequence<'t>(form: &'t str, answer: &str) -> &'t str {
    match form.split_once('=') {
        Some((name, term)) if !answer.contains('=') && name.trim_end().ends_with(['ₙ', 'n']) => {
            let letters = name.trim_end().trim_end_matches(['ₙ', 'n', '_']);
            if letters.chars().count() == 1 && letters.starts_with(char::is_alphabetic) { term.trim() } else { form }
        }
        _ => form,
    }
}

/// `V/(πr²)` for `V/πr²`: letters that stand close together behind a bar are divided by together. `None` where none do; what
/// begins with a number may be read either way.
fn with_close_divisors(text: &str) -> Option<String> {
    grouped(text, |divisor| {
        divisor.starts_with(char::is_alphabetic) && divisor.chars().filter(|c| c.is_alphabetic()).count() > 1
    })
}

/// The other reading of `b/2a`: `b/(2a)`; `None` where no number stands before letters behind a bar.
pub fn with_divisors(text: &str) -> Option<String> {
    grouped(text, |divisor| divisor.starts_with(|c: char| c.is_ascii_digit()) && divisor.contains(char::is_alphabetic))
}

/// A text with brackets round what stands close together behind a bar, where it is such.
fn grouped(text: &str, is_such: fn(&str) -> bool) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(['/', '÷']) {
        let bar = at + if rest[at..].starts_with('/') { 1 } else { '÷'.len_utf8() };
        out.push_str(&rest[..bar]);
        rest = &rest[bar..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '^')).unwrap_or(rest.len());
        let divisor = &rest[..end];
        if is_such(divisor) && !rest[end..].starts_with('(') {
            out.push_str(&format!("({divisor})"));
            rest = &rest[end..];
            found = true;
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

thread_local! {
    static KEYS: Memo<Option<Rc<Relation>>> = Memo::default();
    static GIVEN: Memo<Option<Rc<Relation>>> = Memo::default();
}

/// Quantities with the letters that stand for them.
static SYMBOLS: LazyLock<Table<&str, Vec<&str>>> = LazyLock::new(|| {
    let rows = include_str!("lexicon/symbols.txt").lines().filter(|line| !line.starts_with('#'));
    let row = |row: &'static str| {
        let is_symbol = |word: &&str| word.chars().count() == 1 || !word.bytes().all(|b| b.is_ascii_lowercase());
        let letters = row.split(' ').rev().take_while(is_symbol).count();
        let words: Vec<&str> = row.rsplitn(letters + 1, ' ').collect();
        (words[letters], words[..letters].iter().rev().copied().collect())
    };
    rows.map(row).collect()
});

/// Whether one is the other in the usual letters: `V = IR` for "voltage = current × resistance". `None` where not one of
/// them is in words and the other in letters, `Some(None)` where one quantity has a letter that is not known.
fn accepts_symbols<'t>(form: &'t str, answer: &'t str) -> Option<Option<bool>> {
    if !form.contains('=') && !answer.contains('=') {
        return None;
    }
    let is_word = |word: &str| word.chars().count() > 3 && !word.contains('Δ');
    let words = |text: &str| text.split(|c: char| !c.is_alphabetic()).any(is_word);
    let (said, letters) = match (words(form), words(answer)) {
        (true, false) => (form, answer),
        (false, true) => (answer, form),
        _ => return None,
    };
    // "mass × acceleration" for `F = ma`: what it is called may be left out.
    let value = |text: &'t str, other: &str| match text.split_once('=') {
        Some((_, value)) if !other.contains('=') && !value.contains('=') => value.trim(),
        _ => text,
    };
    let (said, letters) = (value(said, letters), value(letters, said));
    // `S.P` is two letters, `0.5` a number.
    let mut bare = String::with_capacity(letters.len());
    letters.chars().for_each(|c| {
        if c != '.' || !bare.ends_with(char::is_alphabetic) {
            bare.push(c)
        }
    });
    let letters = bare.as_str();
    if !letters.contains(char::is_alphabetic) || !calculates_in_words(said) {
        return None;
    }
    let mut symbols = String::with_capacity(letters.len());
    let close = letters.replace(' ', "");
    let (mut found, mut unknown) = (0, 0);
    let mut rest = said;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphabetic() && c != ' ').unwrap_or(rest.len());
        let (words, after) = rest.split_at(end);
        let name = words.trim().to_lowercase();
        if !name.is_empty() {
            let name = name.trim_start_matches("the ").replace(" x ", "×");
            let known = |name: &str| SYMBOLS.get(name)?.iter().find(|letter| close.contains(**letter)).copied();
            let all: Vec<Option<&str>> = name.split('×').map(|name| known(name.trim())).collect();
            let there: Vec<&str> = all.iter().copied().flatten().collect();
            found += there.len();
            unknown += all.len() - there.len();
            symbols.push_str(&format!(" {} ", there.join(" × ")));
        }
        let sign = after.chars().next().map_or(0, char::len_utf8);
        symbols.push_str(&after[..sign]);
        rest = &after[sign..];
    }
    if unknown > 0 {
        return (unknown == 1 && found > 1).then_some(None);
    }
    let (one, other) = (Relation::parse(&symbols)?, Relation::parse(letters)?);
    one.same(&other).map(Some)
}

/// Signs in words, which are read where the words beside them are names.
const SIGN_WORDS: [&str; 7] = [" over ", " times ", "divided", "multiplied", " per ", " minus ", " plus "];

/// Whether signs stand between words, or words for signs.
fn calculates_in_words(text: &str) -> bool {
    text.contains(['=', '/', '÷', '×', '*', '+', '-'])
        || text.contains(" x ")
        || SIGN_WORDS.iter().any(|sign| text.contains(sign))
}

/// Letters that different books write for one quantity, beside letters that tell which it is: `Q` is a charge, too.
const EXCHANGED: [(&[&str], &[&str]); 9] = [
    (&["ΔT", "Δθ", "T", "θ"], &["m", "c"]),
    (&["Q", "H", "E"], &["m", "c", "ΔT"]),
    (&["Q", "H", "E"], &["m", "c", "Δθ"]),
    (&["Q", "H", "E"], &["m", "c", "θ"]),
    (&["Q", "H", "E"], &["m", "L"]),
    (&["V", "U"], &["I"]),
    (&["ρ", "d", "D"], &["m"]),
    (&["s", "d"], &["t"]),
    (&["s", "d"], &["F"]),
];

/// A formula with the key's letters, where it has others that stand for the same: `E = mcθ` as `Q = mcΔT`. `None` where the
/// letters are the same, or stand for other things.
fn with_letters_of(form: &str, answer: &str) -> Option<String> {
    const MOST: usize = 2;
    let (wanted, given) = (symbols_of(form), symbols_of(answer));
    let others = |of: &[String], than: &[String]| -> Vec<String> {
        let is_there = |symbol: &&String| than.iter().any(|other| other.eq_ignore_ascii_case(symbol));
        of.iter().filter(|symbol| !is_there(symbol)).cloned().collect()
    };
    let (lost, new) = (others(&wanted, &given), others(&given, &wanted));
    if lost.is_empty() || lost.len() > MOST || lost.len() != new.len() || wanted.len() < 3 {
        return None;
    }
    let stand_for_one = |a: &str, b: &str| {
        let fits = |(letters, beside): &&(&[&str], &[&str])| {
            beside.iter().all(|one| wanted.iter().any(|other| other == one)) && letters.contains(&a)
        };
        EXCHANGED.iter().filter(fits).any(|(letters, _)| letters.contains(&b))
    };
    let mut renamed = answer.to_owned();
    let mut left = lost;
    for symbol in new {
        let at = left.iter().position(|other| stand_for_one(other, &symbol))?;
        renamed = renamed.replace(&*symbol, &left.swap_remove(at));
    }
    Some(renamed)
}

/// The letters of a formula, each once; `ΔT` is one.
pub fn symbols_of(formula: &str) -> Vec<String> {
    let mut symbols: Vec<String> = Vec::new();
    let mut change = false;
    for c in formula.chars().filter(|c| c.is_alphabetic()) {
        if c == 'Δ' {
            change = true;
            continue;
        }
        let symbol = if std::mem::take(&mut change) { format!("Δ{c}") } else { c.to_string() };
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
    symbols
}

fn put_if_bracket<'a>(text: &'a str, pairs: &[(&str, &str)]) -> Cow<'a, str> {
    if text.contains('(') { put(tidy(text), pairs) } else { tidy(text) }
}

/// Whether letters alone, or what is compared to them, are calculated with: `-x` and `x`, and not `no-one`.
fn are_symbols(form: &str, answer: &str) -> bool {
    let calculates = |text: &str| text.contains(|c: char| c.is_ascii_digit() || "+-*/^×÷(√".contains(c));
    form.contains(char::is_alphabetic)
        && (calculates(form) || calculates(answer))
        && [form, answer].iter().all(|text| expression::are_symbols(text, true))
}

/// `The answer is 2x + 3` as `2x + 3`.
fn value_of(answer: &str) -> &str {
    let start = lead(answer, &["the answer is ", "it is ", "answer: ", "answer = ", "ans: ", "ans = ", "="]);
    start.map_or(answer, |start| &answer[start.len()..])
}

/// What a chain of equalities comes to: `4x − 2` of "6x − 2x − 2 = 4x − 2" and of "dy/dx = 4x − 2". Each side is equal to
/// the next; the first may be a name for what is asked for.
fn end_of_chain<'a>(answer: &'a str, key: &Relation) -> Option<&'a str> {
    let mut sides: Vec<&str> = answer.split('=').map(str::trim).collect();
    if sides.len() < 2 {
        return None;
    }
    if is_name(sides[0], key) {
        sides.remove(0);
    }
    let read = |side: &&str| Relation::parse(side).filter(|side| side.sign == Sign::None);
    let values: Vec<Relation> = sides.iter().map(read).collect::<Option<_>>()?;
    values.windows(2).all(|pair| pair[0].same(&pair[1]) == Some(true)).then(|| sides.pop())?
}

/// `f'(x)`, `dy/dx`, `y'`, `Tn`, or a letter that is not the key's: what an expression is called.
fn is_name(side: &str, key: &Relation) -> bool {
    let bare = side.split_once('(').filter(|(_, rest)| rest.ends_with(')') && rest.len() <= 3);
    let function = bare.is_some();
    let name = bare.map_or(side, |(name, _)| name).trim_end_matches('\'');
    let primed = side.contains('\'');
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(char::is_alphabetic);
    match letters.as_str() {
        _ if !begins => false,
        "" => function || primed || !key.letters().iter().any(|letter| letter == name),
        "n" | "_n" => matches!(name.as_bytes()[0], b'T' | b't' | b'U' | b'u' | b'a' | b'S'),
        rest => name.starts_with('d') && rest.contains("/d") && rest.len() <= 5,
    }
}

/// What is wrong with the form of an answer that is equal to the key, given what the question asks for and the key has;
/// with what is left of the share.
pub fn objection(asked: &Asked, key: &str, answer: &str) -> Option<(f64, Note)> {
    let factor = asked.has(&["factoris", "factoriz", "factor "]);
    let expand = asked.has(&["expand", "remove bracket", "remove the bracket", "develop"]);
    let simple = asked.simplest();
    let subject = halves(&asked.words, " the subject").map(|(before, _)| before.rsplit(' ').next().unwrap_or_default());
    let shaped = asked.has(&["in the form", "completing the square", "complete the square", "completed square"]);
    let single = asked.has(&["single logarithm", "single fraction"]);
    // `2x − 5` is no equation of a line.
    if key.contains('=')
        && !answer.contains('=')
        && asked.has(&["equation of the", "equation of a", "an equation", "find the equation", "write the equation"])
        && side(&tidy(key)).is_some_and(|value| !value.letters().is_empty())
    {
        return Some((0.5, Note::NoEquation));
    }
    // `2 × 2 × 3` is equal to `2² × 3`; `4.24` and `√18` are to `3√2`.
    let powers = asked.has(&["index form", "index notation", "in indices", "power form"]);
    // `a√b`, which "surd form" does not ask for.
    let named = asked.has(&["in the form"]);
    let surd = (named || asked.has(&["as a surd", "in surd form"])) && key.contains('√');
    let lacks_surd = |given: Expression| !has_root_or_power(&given) || named && is_bare_root(&given, key);
    if powers && tidy(key).contains('^') && !tidy(answer).contains('^')
        || surd && side(value_of(&tidy(answer))).is_some_and(lacks_surd)
    {
        return Some((0.0, Note::NotForm));
    }
    let index =
        asked.has(&["negative index", "negative indices", "negative exponent", "positive ind", "positive exponent"]);
    if index
        && !key.contains('⁻')
        && !key.contains("^-")
        && ["^-", "^(-"].iter().any(|sign| tidy(answer).contains(sign))
        || asked.has(&["single power"]) && answer.contains(['*', '×', '·'])
    {
        return Some((0.0, Note::NotForm));
    }
    if !(factor || expand || simple || shaped || single || subject.is_some()) {
        return None;
    }
    let (key, answer) = (tidy(key), tidy(answer));
    let given = side(value_of(&answer))?;
    let wanted = side(&key)?;
    if shaped && !has_shape(&key, &answer) {
        return Some((0.0, Note::NotForm));
    }
    if factor && !matches!(wanted, Expression::Sum(..)) {
        let (has, needs) = (given.factors().len(), wanted.factors().len());
        // A factor was left inside.
        let begun = has + 1 == needs && given.factors().iter().any(|factor| has_common(factor));
        if matches!(given, Expression::Sum(..)) || has < needs && !begun {
            return Some((0.0, Note::NotFactors));
        }
        if given.factors().iter().any(|factor| has_common(factor))
            && !wanted.factors().iter().any(|factor| has_common(factor))
        {
            return Some((0.5, Note::NotAllFactors));
        }
    }
    // The brackets of an earlier step are no more.
    if expand && answer.rsplit('=').next()?.contains(['(', '[']) && !key.contains(['(', '[']) {
        return Some((0.0, Note::NotExpanded));
    }
    // `1/x + 1/y` is no single fraction, `log 9 + log 4` no single logarithm.
    let logarithms = |expression: &Expression| count(expression, |part| matches!(part, Expression::Function(..)));
    let quotients = |expression: &Expression| count(expression, |part| matches!(part, Expression::Quotient(..)));
    if single && (logarithms(&given) > logarithms(&wanted) || quotients(&given) > quotients(&wanted)) {
        return Some((0.0, Note::NotForm));
    }
    if simple && !factor && (!wanted.letters().is_empty() || has_root(&wanted)) && given.size() > wanted.size() {
        return Some((0.0, Note::NotSimplest));
    }
    if let Some(letter) = subject
        && answer.contains('=')
    {
        let alone = answer.split('=').any(|side| side.trim().eq_ignore_ascii_case(letter));
        return (!alone).then_some((0.0, Note::NotSubject));
    }
    None
}

fn has_root(expression: &Expression) -> bool {
    count(expression, |part| matches!(part, Expression::Root(..))) > 0
}

/// Whether an expression has a root, or a power that may be one.
fn has_root_or_power(expression: &Expression) -> bool {
    count(expression, |part| matches!(part, Expression::Root(..) | Expression::Power(..))) > 0
}

/// Whether a value is a root alone, where the key's is not.
fn is_bare_root(given: &Expression, key: &str) -> bool {
    let is_root = |value: &Expression| matches!(value, Expression::Root(..));
    is_root(given) && side(&tidy(key)).is_some_and(|wanted| !is_root(&wanted))
}

/// How many parts of an expression are such.
fn count(expression: &Expression, is_such: fn(&Expression) -> bool) -> usize {
    let mut found = 0;
    expression.each(&mut |part| found += usize::from(is_such(part)));
    found
}

/// Whether an answer has the brackets of the key, its letter alone on a side, or its nought: the form that was asked for.
fn has_shape(key: &str, answer: &str) -> bool {
    let sides = |text: &str| -> Vec<String> { text.split('=').map(|side| side.trim().to_lowercase()).collect() };
    let (wanted, given) = (sides(key), sides(answer));
    let brackets = !key.contains('(') || given.iter().any(|side| side.contains('('));
    let alone = |side: &&String| side.chars().count() == 1;
    // A value without its name may be right.
    let named = wanted.len() < 2 || given.len() < 2 || wanted.iter().filter(alone).all(|side| given.contains(side));
    brackets && named
}

/// The right side of an equation, or the whole.
fn side(text: &str) -> Option<Expression> {
    Expression::parse(text.rsplit('=').next()?)
}

/// A sum whose terms share a number or a letter.
fn has_common(factor: &Expression) -> bool {
    let Some(Quotient(top, _)) = matches!(factor, Expression::Sum(..)).then(|| factor.exact()).flatten() else {
        return false;
    };
    let whole = top.0.values().all(|value| value.1 == 1);
    let number = top.0.values().fold(0, |shared, value| poly::common(shared, value.0.abs()));
    let mut monomials = top.0.keys();
    let first = monomials.next().cloned().unwrap_or_default();
    let letter = first.keys().any(|letter| top.0.keys().all(|monomial| monomial.contains_key(letter)));
    whole && number > 1 || letter
}

/// Letters alone, or with signs and numbers, one at least of each: no words, no `H2O`, no unit behind a number and a
/// space. A word equation with signs is algebra, too.
fn is_algebra(text: &str) -> bool {
    let letters = text.chars().any(char::is_alphabetic);
    let more =
        text.chars().any(|c| !c.is_alphabetic() && !c.is_whitespace() && c != '\'' && c != '-' && c != '.' && c != ',');
    letters && more && !text.contains(['→', '⇌', '°', '%', '"', '?', '!', ':', ';'])
        || text.contains(['√', 'π'])
        || ["sin", "cos", "tan", "log", "ln "].iter().any(|name| text.starts_with(name)) && text.contains(' ')
}

/// What a letter is worth at a fixed point.
fn value_at(name: &str, at: usize) -> f64 {
    let seed = name.bytes().fold(7u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b)));
    let drawn = (seed.wrapping_mul(at as u32 * 2 + 1)) % 977;
    match at % 3 {
        // Whole numbers, too: only they are powers of what is less than nothing.
        0 => f64::from(1 + drawn % 9),
        1 => 0.3 + f64::from(drawn) / 400.0,
        // And greater ones, of whose differences there are roots.
        _ => 3.0 + f64::from(drawn) / 50.0,
    }
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// No relation: an expression.
    None,
    Equal,
    NotEqual,
    /// Greater than nothing.
    Greater,
    AtLeast,
}

/// An expression, or a difference that is nothing, more than nothing, or not less.
#[derive(Debug, Clone, PartialEq)]
struct Relation {
    left: Expression,
    right: Option<Expression>,
    sign: Sign,
    /// The left side less the right, worked out where it is asked for.
    difference: OnceCell<Option<Quotient>>,
}

impl Relation {
    fn new(left: Expression, right: Option<Expression>, sign: Sign) -> Self {
        Self { left, right, sign, difference: OnceCell::new() }
    }

    fn expression(value: Expression) -> Self {
        Self::new(value, None, Sign::None)
    }

    fn parse(text: &str) -> Option<Self> {
        let text = put(text.trim().trim_end_matches('.').into(), RELATIONS);
        let text = put(text, &[("!=", "≠"), ("/=", "≠"), (":=", "="), ("←", "=")]);
        let longest = text.split(|c: char| !c.is_alphabetic()).map(|word| word.chars().count()).max()?;
        // A known name, or a word.
        let words = longest > 4
            || text.split(|c: char| !c.is_alphabetic()).any(|word| {
                let letters = word.chars().count();
                // `mcΔT` are four letters.
                (letters > 3 && !word.chars().skip(1).any(char::is_uppercase)
                    || letters == 3 && vocabulary::is_word(&word.to_lowercase()))
                    && !["sqrt", "root", "sin", "cos", "tan", "log", "cbrt"]
                        .iter()
                        .any(|name| word.to_lowercase().contains(name))
                    && text.contains(' ')
            });
        if words && !text.contains(['=', '/', '÷', '×', '*', '+']) && !SIGN_WORDS.iter().any(|sign| text.contains(sign))
        {
            return None;
        }
        let read = |side: &str| if words { Expression::parse_words(side) } else { Expression::parse(side) };
        let mut sides = text.split(['=', '<', '>', '≤', '≥', '≠']);
        let (first, second) = (sides.next()?, sides.next());
        if sides.next().is_some() {
            return None;
        }
        let Some(second) = second else { return Some(Self::expression(read(first)?)) };
        // `f(x) = 2x` and `dy/dx = 2x` define what `y = 2x` does.
        let name = first.trim();
        let function = matches!(name, "y'" | "f'(x)" | "f'")
            || name.trim_start_matches('(').starts_with(['f', 'g', 'h']) && name.ends_with("(x)")
            || name == "dy/dx";
        let first = if function { "y" } else { first };
        let (left, right) = (read(first)?, read(second)?);
        let (sign, turned) = match text.chars().find(|c| "=<>≤≥≠".contains(*c))? {
            '=' => (Sign::Equal, false),
            '≠' => (Sign::NotEqual, false),
            '>' => (Sign::Greater, false),
            '≥' => (Sign::AtLeast, false),
            '<' => (Sign::Greater, true),
            _ => (Sign::AtLeast, true),
        };
        let (left, right) = if turned { (right, left) } else { (left, right) };
        Some(Self::new(left, Some(right), sign))
    }

    fn letters(&self) -> Vec<String> {
        let mut names = self.left.letters();
        names.extend(self.right.iter().flat_map(Expression::letters));
        names.sort();
        names.dedup();
        names
    }

    fn lower(&self) -> Self {
        fn lower(expression: &Expression) -> Expression {
            use Expression::*;
            let low = |a: &Expression| Box::new(lower(a));
            match expression {
                Letter(name) => Letter(name.to_lowercase()),
                Sum(a, b) => Sum(low(a), low(b)),
                Negative(a) => Negative(low(a)),
                Product(a, b) => Product(low(a), low(b)),
                Quotient(a, b) => Quotient(low(a), low(b)),
                Power(a, b) => Power(low(a), low(b)),
                Root(n, a) => Root(*n, low(a)),
                Function(function, a) => Function(*function, low(a)),
                other => other.clone(),
            }
        }
        Self::new(lower(&self.left), self.right.as_ref().map(lower), self.sign)
    }

    fn difference(&self) -> Option<&Quotient> {
        let exact = || match &self.right {
            None => self.left.exact(),
            Some(right) => self.left.exact()?.minus(&right.exact()?),
        };
        self.difference.get_or_init(exact).as_ref()
    }

    /// Equal; relations up to a factor, which must be positive where the side matters.
    fn same(&self, other: &Self) -> Option<bool> {
        if self.sign != other.sign {
            return Some(false);
        }
        let (Some(one), Some(two)) = (self.difference(), other.difference()) else { return self.same_values(other) };
        // Of `x = x + 1`, an order to a computer, each side must be the other's.
        if let (Some(right), Some(given)) = (&self.right, &other.right)
            && (one.0.rational().is_some() || two.0.rational().is_some())
        {
            return Some(self.left.exact()? == other.left.exact()? && right.exact()? == given.exact()?);
        }
        let cross = |a: &Quotient, b: &Quotient| Some((a.0.times(&b.1)?, b.0.times(&a.1)?));
        let (a, b) = cross(one, two)?;
        Some(match self.sign {
            Sign::None => a == b,
            Sign::Equal | Sign::NotEqual => one.0.factor_of(&two.0)?.is_some(),
            // Denominators without letters are only numbers, made positive.
            _ => a.factor_of(&b)?.is_some_and(|factor| factor.0 > 0),
        })
    }

    /// Equal at fixed points: the stated fallback. Relations only as they stand, or solved for a letter.
    fn same_values(&self, other: &Self) -> Option<bool> {
        let pair = |relation: &Self, at: usize| relation.sides(&|name| value_at(name, at));
        let points: Vec<_> = (1..31).map(|at| (pair(self, at), pair(other, at))).collect();
        let defined = points.iter().filter(|((a, b), (c, d))| [a, b, c, d].iter().all(|value| value.is_finite()));
        let all: Vec<_> = defined.collect();
        let straight = all.iter().all(|((a, b), (c, d))| is_close(*a, *c) && is_close(*b, *d));
        let turned = matches!(self.sign, Sign::Equal | Sign::NotEqual)
            && all.iter().all(|((a, b), (c, d))| is_close(*a, *d) && is_close(*b, *c));
        (all.len() >= 3).then(|| straight || turned || self.solves(other) || other.solves(self))
    }

    fn sides(&self, letters: &dyn Fn(&str) -> f64) -> (f64, f64) {
        (self.left.float(letters), self.right.as_ref().map_or(0.0, |right| right.float(letters)))
    }

    /// Whether this is another equation solved for a letter: `n = sin i / sin r` of `sin i = n sin r`.
    fn solves(&self, other: &Self) -> bool {
        let (Expression::Letter(name), Some(value)) = (&self.left, &self.right) else { return false };
        let (of_value, of_other) = (value.letters(), other.letters());
        if [self, other].iter().any(|relation| relation.sign != Sign::Equal)
            || of_value.len() < 2
            || of_value.contains(name)
            || !of_other.contains(name)
        {
            return false;
        }
        let solved = |at: usize| {
            let value = value.float(&|letter| value_at(letter, at));
            other.sides(&|letter| if letter == name { value } else { value_at(letter, at) })
        };
        let close = |(a, b): (f64, f64)| is_close(a, b);
        let defined: Vec<_> = (1..31).map(solved).filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
        let always = || (1..31).all(|at| close(other.sides(&|letter| value_at(letter, at))));
        defined.len() >= 3 && defined.into_iter().all(close) && !always()
    }

    /// The right side of an equation whose left is a name of two letters or one, with that name.
    fn of_name<'t>(&self, text: &'t str) -> Option<(Self, &'t str)> {
        let name = text.split_once('=')?.0.trim();
        let named = (1..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic());
        let value = self.right.clone().filter(|_| named && self.sign == Sign::Equal)?;
        let long = value.letters().len() > 1;
        long.then_some((Self::expression(value), name))
    }

    /// Whether this is `letter = expression` for that expression.
    fn defines(&self, expression: &Self) -> Option<bool> {
        let (Expression::Letter(name), Some(right), Sign::Equal) = (&self.left, &self.right, self.sign) else {
            return Some(false);
        };
        if right.letters().contains(name) {
            return Some(false);
        }
        let value = Self::expression(right.clone());
        value.same(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Notes;

    #[test]
    fn equal_is_what_is_equal() {
        for (key, answer, equal) in [
            ("2x+2", "2(x+1)", Some(true)),
            ("2x+2", "2(x+2)", Some(false)),
            ("3b + 2a", "2a + 3b", Some(true)),
            ("x² − 4", "(x-2)(x+2)", Some(true)),
            ("x^2 - 4", "x^2 + 4", Some(false)),
            ("x/2", "0.5x", Some(true)),
            ("(x+1)/(x-1)", "(1+x)/(x-1)", Some(true)),
            ("1/x", "x", Some(false)),
            ("1/x", "x^-1", Some(true)),
            ("2πr", "2 pi r", Some(true)),
            ("y = 2x + 1", "2x - y + 1 = 0", Some(true)),
            ("y = 2x + 1", "2x + 1", Some(true)),
            ("y = 2x + 1", "y = 2x - 1", Some(false)),
            ("f(x) = 2x + 1", "y = 2x + 1", Some(true)),
            ("x > 5", "5 < x", Some(true)),
            ("x > 5", "x >= 5", Some(false)),
            ("x > 5", "x < 5", Some(false)),
            ("-2x < 4", "x > -2", Some(true)),
            ("x ≤ 5", "5 ≥ x", Some(true)),
            ("I = V/R", "V = IR", Some(true)),
            ("πR² − πr²", "π(R²-r²)", Some(true)),
            ("πR² − πr²", "π(r²-R²)", Some(false)),
            ("m/s", "M/S", Some(true)),
            ("√x", "x^(1/2)", Some(true)),
            ("√(x − 5)", "1/√(x − 5)", Some(false)),
            ("sin x", "cos x", Some(false)),
            ("2 sin x cos x", "2 cos x sin x", Some(true)),
            ("T = 2π√(l/g)", "2π√(l/g) = T", Some(true)),
            ("speed = distance ÷ time", "speed = distance/time", Some(true)),
            ("speed = distance ÷ time", "distance over time", Some(true)),
            ("speed = distance ÷ time", "time/distance", Some(false)),
            ("speed = distance ÷ time", "v = d/t", Some(true)),
            ("speed = distance ÷ time", "v = t/d", Some(false)),
            ("V = IR", "voltage = current x resistance", Some(true)),
            ("V = IR", "resistance = voltage/current", Some(true)),
            ("V = IR", "current = voltage × resistance", Some(false)),
            ("density = mass / volume", "ρ = m/V", Some(true)),
            ("4x² − 4x + 1", "(2x-1)(2x-1) = 4x²-4x+1", Some(true)),
            ("4x² − 4x + 1", "(2x-1)² = 4x²+1", Some(false)),
            ("4x² − 4x + 1", "4x² = 4x² − 4x + 1", Some(false)),
            ("12x³", "dy/dx = 12x³", Some(true)),
            ("12x³", "f'(x) = 12x^3", Some(true)),
            ("12x³", "x = 12x^3", Some(false)),
            ("3n + 2", "Tn = 3n+2", Some(true)),
            ("x = x + 1", "x = 1 + x", Some(true)),
            ("x = x + 1", "x ← x + 1", Some(true)),
            ("x = x + 1", "x = x - 1", Some(false)),
            ("x = x + 1", "x + 1", Some(false)),
            ("x = x + 1", "y = y + 1", Some(false)),
            ("H2O", "2HO", None),
            ("photosynthesis", "x", None),
            ("2x+2", "I do not know", None),
            ("2x+2", "2x+", None),
            ("x^99999", "x", Some(false)),
        ] {
            assert_eq!(accepts(key, answer), equal, "{key}, {answer}");
        }
    }

    #[test]
    fn the_form_that_is_asked_for_counts() {
        for (question, key, answer, wrong) in [
            ("Factorise 2x + 6.", "2(x + 3)", "2x + 6", true),
            ("Factorise 2x + 6.", "2(x + 3)", "2(3 + x)", false),
            ("Factorise 2x² + 6x.", "2x(x + 3)", "x(2x + 6)", true),
            ("Factorise x² − 5x + 6.", "(x − 2)(x − 3)", "(x² − 5x + 6)", true),
            ("Factorise x² − 5x + 6.", "(x − 2)(x − 3)", "(x-3)(x-2)", false),
            ("Expand 2(x + 3).", "2x + 6", "2(x + 3)", true),
            ("Expand 2(x + 3).", "2x + 6", "6 + 2x", false),
            ("Simplify 2x + 3x.", "5x", "2x + 3x", true),
            ("Make x the subject of y = 2x.", "x = y/2", "2x = y", true),
            ("Make x the subject of y = 2x.", "x = y/2", "x = 0.5y", false),
            ("Work out the length.", "2x + 6", "2(x + 3)", false),
        ] {
            let asked = Asked::new(question, 1.0, Notes::default());
            assert_eq!(objection(&asked, key, answer).is_some(), wrong, "{question} {answer}");
        }
    }

    #[test]
    fn nothing_panics_and_all_ends() {
        let pieces =
            ["x", "y", "9", "0", "/", "^", "(", ")", "+", "-", "=", "<", ".", "²", "99999999999999999999", "12", "√"];
        let mut seed = 7u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..(seed % 14) {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            seed = seed.wrapping_add(1);
            accepts(&text, "x + 1");
            accepts("2x + 2", &text);
        }
        assert_eq!(accepts(&"(".repeat(100), &"x+".repeat(60)), None);
    }
}
