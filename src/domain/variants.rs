//! Variants of a question: the same with other numbers, if its answer can be worked out again.
//!
//! A calculation is accepted only if it uses every number in the question, gives exactly the key, and no other calculation
//! in the list does. Questions with possible hidden numbers (words such as "half", a figure, powers, fractions, unknowns)
//! are not varied.

use exam_model::question::{Key, KeySource, Kind, MadeFrom, Question};
use exam_model::shown::Shown;

use crate::domain::adaptive::mixed;

/// The question with other numbers, if possible, in the text of the single item to answer and in the stems above it. The
/// same seed gives the same numbers.
pub fn vary(question: &Question, paper: &str, seed: u64) -> Option<Question> {
    let items = question.items();
    let leaf = items.last()?;
    let text = items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join("\n");
    let alone = items.iter().all(|item| item.parts.len() <= 1);
    if !alone
        || leaf.kind != Kind::Numeric
        || items.iter().any(|item| item.figure || item.shown.how.has_crop())
        || hides_numbers(&text)
    {
        return None;
    }
    let stated: Vec<Vec<Number>> = items.iter().map(|item| numbers(&item.text)).collect::<Option<_>>()?;
    let key = leaf.key.as_ref()?;
    // A key may give its number in several forms: `360 times / 360 beats`.
    let answers = numbers(&key.text)?;
    let answer = answers.first().filter(|first| answers.iter().all(|other| other.value == first.value))?;
    let all = stated.concat();
    let formula = formula(&text, &all, answer)?;
    let (values, result) = (0..TRIES).find_map(|n| other_numbers(&all, answer, &formula, mixed(seed ^ (n << 32))))?;
    let mut values = values.as_slice();
    let mut texts = Vec::with_capacity(items.len());
    for (item, numbers) in items.iter().zip(&stated) {
        let (own, rest) = values.split_at(numbers.len());
        texts.push(replaced(&item.text, numbers, own));
        values = rest;
    }
    let leaf = Question {
        key: Some(Key {
            text: replaced(&key.text, &answers, &vec![result; answers.len()]),
            source: KeySource::WorkedOut,
            ..key.clone()
        }),
        made_from: Some(MadeFrom::Question { path: leaf.path.clone(), paper: paper.to_owned() }),
        ..(*leaf).clone()
    };
    // Without the pictures and formulae, which show the old numbers.
    let with = |part: Option<Question>, (item, text): (&Question, String)| {
        let parts = part.into_iter().collect();
        Some(Question { text, shown: Shown::default(), regions: Vec::new(), parts, ..item.clone() })
    };
    let mut items = items.clone();
    items.pop();
    items.push(&leaf);
    items.into_iter().zip(texts).rev().fold(None, with)
}

/// Tries to find numbers that fit.
const TRIES: u64 = 2000;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    /// Byte positions.
    from: usize,
    to: usize,
    value: f64,
    decimals: usize,
    /// Whether thousands are separated by commas.
    grouped: bool,
    percent: bool,
}

/// Units that may follow a number without a space.
const UNITS: [&str; 24] = [
    "mm", "cm", "dm", "m", "dam", "hm", "km", "mg", "g", "kg", "ml", "mL", "cl", "dl", "l", "L", "s", "min", "h", "N",
    "J", "W", "V", "A",
];

/// The numbers in a text, in order; `None` if one of them is not a plain number.
fn numbers(text: &str) -> Option<Vec<Number>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += digits(at);
        let mut grouped = false;
        while bytes.get(at) == Some(&b',') && digits(at + 1) == 3 {
            (at, grouped) = (at + 4, true);
        }
        let mut decimals = 0;
        if bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
            decimals = digits(at + 1);
            at += 1 + decimals;
        }
        let value: f64 = text[from..at].replace(',', "").parse().ok()?;
        let percent = text[at..].trim_start().starts_with('%');
        let year = !grouped && decimals == 0 && (1900.0..2100.0).contains(&value) && at - from == 4;
        if year || !stands_alone(&text[..from], &text[at..]) {
            return None;
        }
        found.push(Number { from, to: at, value, decimals, grouped, percent });
    }
    Some(found)
}

/// Whether nothing before or after a number makes it something else: `x2`, `3x`, `-5`, `3/4`, `2:3`, `2,5`, `5 000`.
fn stands_alone(before: &str, after: &str) -> bool {
    let joins =
        |c: char| c.is_alphabetic() || matches!(c, '_' | '^' | '/' | ':' | '.' | ',' | '-' | '−' | '–' | '√' | 'π');
    let last = before.chars().next_back();
    let signed = before.trim_end().ends_with(['-', '−', '–'])
        && !before.trim_end().trim_end_matches(['-', '−', '–']).trim_end().ends_with(|c: char| c.is_ascii_digit());
    if last.is_some_and(joins) || signed {
        return false;
    }
    let unit: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
    if !unit.is_empty() {
        return UNITS.contains(&unit.as_str());
    }
    let mut next = after.chars();
    match (next.next(), next.next()) {
        (Some('/' | ':' | '-' | '−' | '–' | '^' | '°' | '²' | '³' | 'π' | '½' | '¼' | '¾'), _) => false,
        (Some(',' | '.'), Some(c)) => !c.is_ascii_digit(),
        (Some(c), Some(digit)) if c.is_whitespace() => {
            // `5 000`: a second number of three digits right behind.
            !(digit.is_ascii_digit() && after[c.len_utf8()..].chars().take_while(char::is_ascii_digit).count() == 3)
        }
        _ => true,
    }
}

/// Numbers in words, answers that are rounded, equations and roots.
fn hides_numbers(text: &str) -> bool {
    const WORDS: [&str; 26] = [
        "common",
        "lcm",
        "compound",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "twelve",
        "dozen",
        "half",
        "third",
        "quarter",
        "double",
        "twice",
        "triple",
        "thrice",
        "square root",
        "remainder",
        "nearest",
        "decimal places",
        "significant",
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
    let worded = |word: &&str| {
        if word.contains(' ') { lower.contains(*word) } else { words.contains(word) }
    };
    WORDS.iter().any(worded) || lower.contains(['=', '√'])
}

/// How the answer follows from the numbers.
struct Formula {
    name: &'static str,
    compute: fn(&[f64]) -> f64,
    /// The indices of the numbers, in the order in which the calculation takes them.
    order: Vec<usize>,
}

impl Formula {
    fn of(&self, values: &[f64]) -> f64 {
        let ordered: Vec<f64> = self.order.iter().map(|&place| values[place]).collect();
        (self.compute)(&ordered)
    }
}

/// A calculation, for questions that contain one of these groups of words; an empty list means any question.
struct Rule {
    name: &'static str,
    /// How many numbers it takes; 0 for three or more.
    arity: usize,
    /// Whether the order of the numbers matters.
    ordered: bool,
    /// Whether the first number, and no other, is a percentage.
    percent: bool,
    words: &'static [&'static [&'static str]],
    compute: fn(&[f64]) -> f64,
}

const RULES: [Rule; 21] = [
    rule("sum", 2, false, &[], |n| n[0] + n[1]),
    rule("difference", 2, true, &[], |n| n[0] - n[1]),
    rule("product", 2, false, &[], |n| n[0] * n[1]),
    rule("quotient", 2, true, &[], |n| n[0] / n[1]),
    rule("perimeter of a rectangle", 2, false, &[&["perimeter"]], |n| 2.0 * (n[0] + n[1])),
    rule("area of a triangle", 2, false, &[&["triangle", "area"]], |n| n[0] * n[1] / 2.0),
    rule("mean of two", 2, false, &[&["mean"], &["average"]], |n| (n[0] + n[1]) / 2.0),
    rule("share in percent", 2, true, &[&["percent"], &["%"]], |n| 100.0 * n[0] / n[1]),
    percentage("percentage", &[&["of"]], |n| n[0] * n[1] / 100.0),
    percentage("increase", &[&["increase"], &["profit"], &["rise"], &["rose"], &["more"]], |n| {
        n[1] * (1.0 + n[0] / 100.0)
    }),
    percentage("decrease", &[&["decrease"], &["discount"], &["reduce"], &["loss"], &["less"]], |n| {
        n[1] * (1.0 - n[0] / 100.0)
    }),
    rule("area of a square", 1, false, &[&["square", "area"]], |n| n[0] * n[0]),
    rule("perimeter of a square", 1, false, &[&["square", "perimeter"]], |n| 4.0 * n[0]),
    rule("volume of a cube", 1, false, &[&["cube", "volume"]], |n| n[0] * n[0] * n[0]),
    rule("sum of three", 3, false, &[&["total"], &["altogether"], &["sum"], &["perimeter"]], |n| n[0] + n[1] + n[2]),
    rule("volume", 3, false, &[&["volume"], &["cuboid"], &["tank"], &["box"]], |n| n[0] * n[1] * n[2]),
    rule("proportion", 3, true, &[&["cost"], &["same rate"], &["same speed"], &["how many"], &["how much"]], |n| {
        n[0] * n[1] / n[2]
    }),
    rule("area of a trapezium", 3, true, &[&["trapezium"], &["trapezoid"]], |n| (n[0] + n[1]) * n[2] / 2.0),
    rule("mean", 0, false, &[&["mean"], &["average"]], |n| n.iter().sum::<f64>() / n.len() as f64),
    interest("simple interest", |n| n[0] * n[1] * n[2] / 100.0),
    interest("amount with simple interest", |n| n[1] + n[0] * n[1] * n[2] / 100.0),
];

const fn rule(
    name: &'static str,
    arity: usize,
    ordered: bool,
    words: &'static [&'static [&'static str]],
    compute: fn(&[f64]) -> f64,
) -> Rule {
    Rule { name, arity, ordered, percent: false, words, compute }
}

const fn percentage(name: &'static str, words: &'static [&'static [&'static str]], compute: fn(&[f64]) -> f64) -> Rule {
    Rule { name, arity: 2, ordered: true, percent: true, words, compute }
}

/// The rate comes first, then the principal and the time.
const fn interest(name: &'static str, compute: fn(&[f64]) -> f64) -> Rule {
    Rule { name, arity: 3, ordered: true, percent: true, words: &[&["interest"]], compute }
}

/// The only calculation that gives the answer.
fn formula(text: &str, stated: &[Number], answer: &Number) -> Option<Formula> {
    let lower = text.to_lowercase();
    let values: Vec<f64> = stated.iter().map(|number| number.value).collect();
    let percents = stated.iter().filter(|number| number.percent).count();
    let mut found: Vec<Formula> = Vec::new();
    for rule in &RULES {
        let fits = rule.arity == stated.len() || (rule.arity == 0 && (3..=10).contains(&stated.len()));
        let told =
            rule.words.is_empty() || rule.words.iter().any(|group| group.iter().all(|word| lower.contains(word)));
        if !fits || !told || percents != usize::from(rule.percent) {
            continue;
        }
        let orders = if rule.ordered { permutations(stated.len()) } else { vec![(0..stated.len()).collect()] };
        for order in orders {
            if rule.percent && !stated[order[0]].percent {
                continue;
            }
            let formula = Formula { name: rule.name, compute: rule.compute, order };
            let result = formula.of(&values);
            let known = found.iter().any(|other| other.name == formula.name && same_function(other, &formula));
            if (result - answer.value).abs() <= 1e-9 * answer.value.abs().max(1.0) && !known {
                found.push(formula);
            }
        }
    }
    let [only] = &found[..] else { return None };
    // A plain calculation without a word for it may fit by chance: 60 − 48 is also the greatest common divisor of both.
    let plain = RULES.iter().any(|rule| rule.name == only.name && rule.words.is_empty());
    let by_chance = |other: &fn(f64, f64) -> f64| {
        let same = |a, b| (other(a, b) - answer.value).abs() <= 1e-9 * answer.value.abs().max(1.0);
        same(values[0], values[1]) || same(values[1], values[0])
    };
    if plain && OTHERS.iter().any(by_chance) {
        return None;
    }
    found.pop()
}

/// Other results that two numbers may be meant to give.
const OTHERS: [fn(f64, f64) -> f64; 9] = [
    greatest_divisor,
    |a, b| 2.0 * (a + b),
    |a, b| a * b / 2.0,
    |a, b| (a + b) / 2.0,
    |a, b| 100.0 * a / b,
    |a, b| a * a + b * b,
    |a, b| a * a - b * b,
    f64::hypot,
    |a, b| (a * a - b * b).sqrt(),
];

fn greatest_divisor(a: f64, b: f64) -> f64 {
    if b.is_nan() || b < 1e-9 { a } else { greatest_divisor(b, a % b) }
}

/// Whether two orders give the same result, such as the factors of a proportion.
fn same_function(a: &Formula, b: &Formula) -> bool {
    let sample = [3.7, 11.3, 29.1, 5.9, 17.7, 2.3, 7.1, 13.9, 19.3, 23.1];
    (a.of(&sample) - b.of(&sample)).abs() < 1e-9
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    match count {
        1 => vec![vec![0]],
        2 => vec![vec![0, 1], vec![1, 0]],
        3 => vec![vec![0, 1, 2], vec![0, 2, 1], vec![1, 0, 2], vec![1, 2, 0], vec![2, 0, 1], vec![2, 1, 0]],
        _ => Vec::new(),
    }
}

/// Numbers of the same form and size, with their result, if it is as simple as the old answer.
fn other_numbers(stated: &[Number], answer: &Number, formula: &Formula, seed: u64) -> Option<(Vec<f64>, f64)> {
    let mut values = Vec::with_capacity(stated.len());
    for (place, number) in stated.iter().enumerate() {
        let step = step(number);
        let low = (number.value / 2.0 / step).ceil().max(2.0) as u64;
        let most = if number.percent { (2.0 * number.value).min(95.0) } else { 2.0 * number.value };
        let high = (most / step).floor() as u64;
        let choices = high.checked_sub(low)? + 1;
        values.push((low + mixed(seed.wrapping_add(place as u64)) % choices) as f64 * step);
    }
    let result = formula.of(&values);
    let scale = 10f64.powi(answer.decimals as i32);
    let plain = (result * scale - (result * scale).round()).abs() < 1e-6;
    let sized = result > 0.0 && (0.3..=3.0).contains(&(result / answer.value));
    let repeats = |values: &[f64]| (1..values.len()).any(|n| values[..n].contains(&values[n]));
    let old: Vec<f64> = stated.iter().map(|number| number.value).collect();
    let changed =
        values.iter().zip(&old).all(|(new, old)| (new - old).abs() > 1e-9) && (result - answer.value).abs() > 1e-9;
    (plain && sized && changed && (repeats(&old) || !repeats(&values)))
        .then(|| (values, (result * scale).round() / scale))
}

/// The step between similar numbers: the place of the last digit that is not zero.
fn step(number: &Number) -> f64 {
    if number.decimals > 0 {
        return 10f64.powi(-(number.decimals as i32));
    }
    let mut step = 1.0;
    while number.value >= 10.0 * step && number.value % (10.0 * step) == 0.0 {
        step *= 10.0;
    }
    // Fives stay fives: 15 %, 250 g.
    if number.value >= 10.0 * step && number.value % (5.0 * step) == 0.0 { 5.0 * step } else { step }
}

/// The text with other numbers, in the format of the old ones.
fn replaced(text: &str, old: &[Number], new: &[f64]) -> String {
    let mut text = text.to_owned();
    for (number, value) in old.iter().zip(new).rev() {
        text.replace_range(number.from..number.to, &written(*value, number));
    }
    text
}

fn written(value: f64, like: &Number) -> String {
    let plain = format!("{value:.*}", like.decimals);
    if !like.grouped {
        return plain;
    }
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_marking::mark;
    use exam_model::answer::{Answer, Verdict};

    fn asked(text: &str, key: &str) -> Question {
        let key = Key { options: vec![], text: key.into(), source: KeySource::Person };
        Question { kind: Kind::Numeric, path: "4".into(), text: text.into(), key: Some(key), ..Question::default() }
    }

    fn found(text: &str, key: &str) -> Option<&'static str> {
        let answer = numbers(key)?;
        (!hides_numbers(text)).then_some(())?;
        formula(text, &numbers(text)?, answer.first()?).map(|formula| formula.name)
    }

    #[test]
    fn finds_the_calculation() {
        for (text, key, name) in [
            ("A car travels 120 km in 3 h. Find its speed.", "40 km/h", "quotient"),
            ("A bus goes at 60 km/h. How far does it go in 4 h?", "240 km", "product"),
            ("Work out 348 + 275.", "623", "sum"),
            ("Amina had 1,500 Frw and spent 650 Frw. How much is left?", "850 Frw", "difference"),
            ("Find 15% of 200.", "30", "percentage"),
            ("A shirt of 8,000 Frw is sold at a discount of 20%. What is its price?", "6,400 Frw", "decrease"),
            ("Find the simple interest on 50,000 Frw at 8% for 3 years.", "12,000 Frw", "simple interest"),
            ("A rectangle is 12 cm by 7 cm. Find its perimeter.", "38 cm", "perimeter of a rectangle"),
            ("A tank measures 5 m by 4 m by 3 m. Find its volume.", "60 m³", "volume"),
            ("3 pens cost 600 Frw. What do 5 pens cost?", "1000 Frw", "proportion"),
            ("The side of a square is 9 cm. Find its area.", "81 cm²", "area of a square"),
            ("Find the mean of 4, 8, 6 and 10.", "7", "mean"),
            ("A force of 12.5 N moves a box by 4 m. Find the work done.", "50 J", "product"),
        ] {
            assert_eq!(found(text, key), Some(name), "{text}");
        }
    }

    #[test]
    fn leaves_alone_what_is_not_sure() {
        for (text, key) in [
            ("A rectangle is 6 cm by 3 cm. Find its perimeter.", "18 cm"),
            ("Work out 2 + 2.", "4"),
            ("Find the lowest common multiple of 4 and 9.", "36"),
            ("She puts 48 oranges and 60 mangoes into baskets that are all alike. How many baskets at most?", "12"),
            ("Which number lies in the middle of 4 and 12?", "8"),
            ("Solve 3x + 5 = 20.", "5"),
            ("Half of the 40 pupils get 3 pens each. How many pens?", "60"),
            ("In 2019 a school had 400 pupils and 25 teachers. How many pupils for a teacher?", "16"),
            ("Work out 3/4 of 20.", "15"),
            ("It leaves at 8:30 and takes 2 h.", "10"),
            ("Express 5 km 300 m in metres.", "5300"),
            ("What is −5 + 8?", "3"),
            ("Divide 5 000 by 8.", "625"),
            ("Divide 100 by 3. Give two decimal places.", "33.33"),
            ("Evaluate 3² + 4.", "13"),
            ("Share 40 sweets in the ratio 2:3.", "16"),
        ] {
            assert_eq!(found(text, key), None, "{text}");
        }
        let with_figure = Question { figure: true, ..asked("Work out 348 + 275.", "623") };
        assert_eq!(vary(&with_figure, "a paper", 1), None);
        let part = Question { id: uuid::Uuid::from_u128(2), ..asked("Work out 348 + 275.", "623") };
        let group = |text: &str| Question { text: text.into(), parts: vec![part.clone()], ..Question::default() };
        assert_eq!(vary(&group("There are 30 pupils."), "a paper", 1), None, "what stands above states another number");
        assert!(vary(&group("Work out."), "a paper", 1).is_some());
        assert_eq!(vary(&asked("Work out 348 + 275.", "623 / 624"), "a paper", 1), None, "two answers");
        assert_eq!(vary(&Question { kind: Kind::Short, ..part.clone() }, "a paper", 1), None);
    }

    #[test]
    fn new_numbers_are_of_the_same_make_and_their_key_is_right() {
        for (text, key) in [
            ("A car travels 120 km in 3 h. Find its speed.", "40 km/h"),
            ("A shirt of 8,000 Frw is sold at a discount of 20%. What is its price?", "6,400 Frw"),
            ("A force of 12.5 N moves a box by 4 m. Find the work done.", "50 J"),
            ("Find the mean of 4, 8, 6 and 10.", "7"),
            ("Find the simple interest on 50,000 Frw at 8% for 3 years.", "12,000 Frw"),
        ] {
            let question = asked(text, key);
            let mut texts = std::collections::HashSet::new();
            for seed in 0..40 {
                let new = vary(&question, "P6 Mathematics 2025", mixed(seed)).unwrap();
                assert_eq!(Some(&new), vary(&question, "P6 Mathematics 2025", mixed(seed)).as_ref());
                let (stated, answer) = (numbers(&new.text).unwrap(), numbers(&new.key.as_ref().unwrap().text).unwrap());
                let again = formula(&question.text, &numbers(text).unwrap(), &numbers(key).unwrap()[0]).unwrap();
                let values: Vec<f64> = stated.iter().map(|number| number.value).collect();
                assert!((again.of(&values) - answer[0].value).abs() < 1e-9, "{}", new.text);
                for (old, number) in numbers(text).unwrap().iter().zip(&stated) {
                    assert_eq!((old.decimals, old.grouped), (number.decimals, number.grouped), "{}", new.text);
                    assert!((0.5..=2.0).contains(&(number.value / old.value)), "{}", new.text);
                }
                let own = mark(&new, &Answer(vec![new.key.as_ref().unwrap().text.clone()]));
                assert_eq!(own.verdict, Verdict::Right, "{}: {}", new.text, own.reason);
                assert_eq!(mark(&new, &Answer(vec![key.into()])).verdict, Verdict::Wrong, "the old answer");
                texts.insert(new.text.clone());
                assert_eq!(
                    new.made_from.unwrap().words(),
                    "Made from question 4 of P6 Mathematics 2025, with other numbers."
                );
            }
            assert!(texts.len() > 5, "{text}");
        }
    }

    #[test]
    fn numbers_above_the_item_change_too() {
        let part = Question {
            id: uuid::Uuid::from_u128(2),
            path: "14.a".into(),
            ..asked("Calculate its area in square metres.", "1,260 m² / 1,260 square metres")
        };
        let text = "A rectangular garden is 45 m long and 28 m wide.".to_owned();
        let question = Question { text, parts: vec![part.clone()], ..Question::default() };
        let new = vary(&question, "Paper", 3).unwrap();
        let sides: Vec<f64> = numbers(&new.text).unwrap().iter().map(|number| number.value).collect();
        let key = numbers(&new.parts[0].key.as_ref().unwrap().text).unwrap();
        assert!(sides != [45.0, 28.0] && key.len() == 2, "{}", new.text);
        assert!(key.iter().all(|number| number.value == sides[0] * sides[1] && number.grouped));
        assert_eq!(
            new.parts[0].made_from.as_ref().unwrap().words(),
            "Made from question 14.a of Paper, with other numbers."
        );
        let compound = Question { text: "She saves 500 Frw at 8% compound interest.".into(), ..question };
        assert_eq!(vary(&compound, "Paper", 3), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "[0-9a-z%×÷=., /:²−-]{0,40}", key in "[0-9.,a-z ]{0,12}", seed in 0u64..1000) {
            vary(&asked(&text, &key), "a paper", seed);
        }
    }
}
