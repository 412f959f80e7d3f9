//! GIFT, Moodle's text format, as `question/format/gift` of Moodle reads and writes it.

use exam_model::question::{Kind, Question};

use crate::answers::{self, Asked, BLANK, Number};
use crate::flat::{Holds, Item, items};
use crate::markup::Markup;
use crate::{ExchangeError, Format, Imported, Warning, choice_key, clean, key, letters, options, question, truth_key};

pub const HOLDS: Holds = Holds {
    format: Format::Gift,
    marks: |_, _| false,
    choose: false,
    numberings: |_| false,
    asks: |asked| match asked {
        Asked::Number(numbers) => !numbers.is_empty(),
        Asked::Text(forms) => !forms.is_empty(),
        Asked::Choice { .. } | Asked::Truth(Some(_)) | Asked::Pairs(_) | Asked::Free | Asked::Nothing => true,
        Asked::Truth(None) | Asked::Order(_) | Asked::Blanks(_) | Asked::List => false,
    },
};

/// All items, one block each.
pub fn export(title: &str, questions: &[Question], warnings: &mut Vec<Warning>) -> String {
    let mut out = format!("// {}\n\n", clean(title).replace('\n', " "));
    for item in items(questions, &HOLDS, warnings) {
        out.push_str(&block(&item, warnings));
    }
    out
}

fn block(item: &Item, warnings: &mut Vec<Warning>) -> String {
    let question = &item.question;
    // Plain, or `a < b` would be taken for HTML.
    let head = format!("::{}::[plain]{}", escape(&question.path), escape(&question.text));
    let is_arrow = |text: &String| text.contains("->");
    let has_arrow = match &item.asked {
        Asked::Text(forms) => forms.iter().any(is_arrow),
        Asked::Pairs(pairs) => pairs.iter().any(|(left, right)| is_arrow(left) || is_arrow(right)),
        _ => false,
    };
    if has_arrow {
        warnings.push(Warning::new(&question.path, "GIFT divides pairs by ->, so that its answers are written with →"));
    }
    let body = match &item.asked {
        Asked::Choice { right, several } => {
            // Only right ones would be a short answer.
            let all_right = right.iter().all(|right| *right);
            if all_right && !several {
                warnings.push(Warning::new(&question.path, "all its options are right, so that GIFT asks for several"));
            }
            let several = *several || all_right;
            let mut shares = answers::shares(right.iter().filter(|right| **right).count()).into_iter();
            let wrong = shares.clone().next_back().filter(|_| several);
            let mut body = String::new();
            for (option, right) in question.options.iter().zip(right) {
                let sign = match (right, &wrong) {
                    (true, None) => "=".to_owned(),
                    (true, Some(_)) => format!("~%{}%", shares.next().unwrap_or_default()),
                    (false, Some(share)) => format!("~%-{share}%"),
                    // A text such as `50% …` would be taken for a weight.
                    (false, None) if option.text.starts_with('%') => "~%0%".to_owned(),
                    (false, None) => "~".to_owned(),
                };
                body.push_str(&format!("\t{sign}{}\n", plain(&escape(&option.text))));
            }
            format!("{{\n{body}}}")
        }
        Asked::Truth(truth) => if truth == &Some(true) { "{TRUE}" } else { "{FALSE}" }.to_owned(),
        Asked::Number(numbers) => {
            if numbers.iter().any(|number| !number.unit.is_empty()) {
                warnings.push(Warning::new(&question.path, "the unit of its number is left out of the answer"));
            }
            let mut forms: Vec<String> = numbers.iter().map(number).collect();
            // `7500 Pa / 7500 N/m²` are one without their units.
            forms.dedup();
            format!("{{#{}}}", if let [one] = &forms[..] { one.clone() } else { lines(&forms) })
        }
        Asked::Text(forms) => {
            let forms: Vec<String> =
                forms.iter().map(|form| format!("%100%{}", plain(&side(&answers::form_of_moodle(form))))).collect();
            format!("{{{}}}", lines(&forms))
        }
        Asked::Pairs(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(left, right)| format!("{} -> {}", plain(&side(left)), side(right))).collect();
            format!("{{{}}}", lines(&pairs))
        }
        Asked::Nothing => String::new(),
        // An essay shows its general feedback when it is over: there the key can stand.
        Asked::Free | Asked::Order(_) | Asked::Blanks(_) | Asked::List => match &question.key {
            Some(key) => format!("{{####{}}}", plain(&escape(&clean(&key.text)))),
            None => "{}".to_owned(),
        },
    };
    format!("{head}{body}\n\n")
}

fn lines(answers: &[String]) -> String {
    answers.iter().map(|answer| format!("\n\t={answer}")).chain(["\n".to_owned()]).collect()
}

fn number(number: &Number) -> String {
    match &number.tolerance {
        Some(by) => format!("{}:{by}", number.value),
        None => number.value.clone(),
    }
}

/// `->` stands between the sides of a pair, and there is no way to escape it.
fn side(text: &str) -> String {
    escape(&clean(text).replace("->", "→"))
}

/// A text such as `[html] …` would be taken for its format.
fn plain(text: &str) -> String {
    if text.starts_with('[') { format!("[plain]{text}") } else { text.to_owned() }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | '~' | '=' | '#' | '{' | '}' | ':' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// Escaped characters, and stand-ins that the rest of the reading does not mistake for signs.
const ESCAPED: [(char, char); 8] = [
    ('\\', '\u{fdd0}'),
    ('~', '\u{fdd1}'),
    ('=', '\u{fdd2}'),
    ('#', '\u{fdd3}'),
    ('{', '\u{fdd4}'),
    ('}', '\u{fdd5}'),
    (':', '\u{fdd6}'),
    ('n', '\u{fdd7}'),
];

fn hide(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|c| !crate::is_foreign(*c)).peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.peek().filter(|_| c == '\\').and_then(|next| ESCAPED.iter().find(|(sign, _)| sign == next));
        match escaped {
            Some((_, hidden)) => {
                chars.next();
                out.push(*hidden);
            }
            None => out.push(c),
        }
    }
    out
}

fn show(text: &str) -> String {
    let shown = |c: char| match ESCAPED.iter().find(|(_, hidden)| *hidden == c) {
        Some(('n', _)) => '\n',
        Some((sign, _)) => *sign,
        None => c,
    };
    text.trim().chars().map(shown).collect::<String>().trim().to_owned()
}

/// A text that may say first how it is marked up.
fn formatted(text: &str, markup: Markup) -> (String, Markup) {
    let text = text.trim();
    let named = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let named = named.and_then(|(name, rest)| Some((Markup::named(name)?, rest)));
    let (markup, rest) = named.unwrap_or((markup, text));
    (markup.shown(&show(rest)), markup)
}

/// Blocks between empty lines, without comments.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match blocks.last_mut() {
            Some(block) if line.is_empty() && !block.is_empty() => blocks.push(String::new()),
            Some(block) if !line.starts_with("//") && !line.is_empty() => {
                block.push_str(line);
                block.push('\n');
            }
            _ => {}
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

const CATEGORY: &str = "$CATEGORY:";

/// Some block has answers in braces.
pub fn is_one(text: &str) -> bool {
    blocks(&hide(text)).iter().any(|block| {
        let answers = block.split_once('{').and_then(|(_, rest)| Some(rest.split_once('}')?.0.trim()));
        answers.is_some_and(|answers| {
            answers.starts_with(['=', '~', '#']) || ["", "T", "F", "TRUE", "FALSE"].contains(&answers)
        })
    })
}

/// Reads the questions; blocks that are none are warnings.
pub fn import(text: &str) -> Result<Imported, ExchangeError> {
    let mut imported = Imported::default();
    let mut categories = Vec::new();
    let mut n = 0;
    let blocks = blocks(&hide(text));
    if !blocks.iter().any(|block| block.starts_with("::") || block.contains('{')) {
        imported.leave_out("the file", "no text in it has a name or answers in braces, as GIFT writes them");
        return Ok(imported);
    }
    for block in blocks {
        // A category needs no empty line after it.
        let (names, lines): (Vec<&str>, Vec<&str>) = block.lines().partition(|line| line.starts_with(CATEGORY));
        categories.extend(names.iter().map(|name| show(&name[CATEGORY.len()..])));
        if lines.is_empty() {
            continue;
        }
        n += 1;
        let mut told = Vec::new();
        match read(&lines.join("\n"), n, &mut told) {
            Ok(question) => imported.add(question, told),
            Err(reason) => imported.leave_out(format!("question {n}"), reason),
        }
    }
    imported.take_categories(&categories);
    Ok(imported)
}

fn read(block: &str, number: usize, told: &mut Vec<String>) -> Result<Question, &'static str> {
    let (name, rest) = match block.strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        Some((name, rest)) => (show(name), rest.trim()),
        None => (String::new(), block.trim()),
    };
    let Some((before, rest)) = rest.split_once('{') else {
        if rest.contains('}') {
            return Err("a brace is not opened");
        }
        let mut read = question(&name, number, &formatted(rest, Markup::Auto).0);
        read.kind = Kind::Group;
        told.push("it has no answers in braces, and is kept as text that asks nothing".into());
        return Ok(read);
    };
    let (inside, after) = rest.split_once('}').ok_or("a brace is not closed")?;
    let missing_word = !after.trim().is_empty();
    let blank = if missing_word { BLANK } else { "" };
    let stem = format!("{before}{blank}{after}");
    let (text, markup) = formatted(&stem, Markup::Auto);
    let mut read = question(&name, number, &text);
    let (answers, general) = inside.rsplit_once("####").map_or((inside, None), |(answers, last)| (answers, Some(last)));
    let answers = answers.trim();
    if markup.has_picture(&show(&stem)) || markup.has_picture(&show(inside)) {
        told.push("its pictures are left out; what describes them is kept".into());
    }
    if answers.strip_prefix('#').unwrap_or(answers).contains('#') {
        told.push("its feedback is left out".into());
    }
    let general = general.map(|general| formatted(general, markup).0).unwrap_or_default();
    if answers.is_empty() {
        read.kind = Kind::Long;
        read.key = key(general);
        return Ok(read);
    }
    if !general.is_empty() {
        told.push("its general feedback is left out".into());
    }
    ask(&mut read, answers, missing_word, markup, told)?;
    Ok(read)
}

/// `%50%text`: what an answer earns, where it says so, and the rest.
fn weighted(answer: &str) -> (Option<f64>, &str) {
    let answer = answer.trim();
    let weight = answer.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    let weight = weight.and_then(|(weight, rest)| Some((weight.parse::<f64>().ok()?, rest)));
    weight.map_or((None, answer), |(weight, rest)| (Some(weight), rest))
}

/// Sets kind, options and key by what stands in the braces.
fn ask(
    read: &mut Question,
    answers: &str,
    missing_word: bool,
    markup: Markup,
    told: &mut Vec<String>,
) -> Result<(), &'static str> {
    let text = |answer: &str| formatted(answer.split('#').next().unwrap_or_default(), markup).0;
    let full = |parts: &str, told: &mut Vec<String>| -> Vec<String> {
        let parts = parts.split('=').filter(|part| !part.trim().is_empty()).map(weighted);
        answers::full(parts.map(|(weight, rest)| (weight.unwrap_or(100.0), text(rest))), told)
    };
    if let Some(numbers) = answers.strip_prefix('#') {
        read.kind = Kind::Numeric;
        let forms = full(numbers.split('~').next().unwrap_or_default(), told);
        let forms: Option<Vec<String>> = forms.iter().map(|form| Some(numeric(form)?.shown())).collect();
        read.key = key(forms.ok_or("its answer is no number")?.join(" / "));
    } else if answers.contains('~') {
        choice(read, answers, &text, told);
    } else if answers.contains("->") && answers.contains('=') {
        read.kind = Kind::Match;
        let pairs: Option<Vec<(String, String)>> = answers
            .split('=')
            .filter(|pair| !pair.trim().is_empty())
            .map(|pair| pair.split_once("->").map(|(left, right)| (text(left), clean(&show(right)))))
            .collect();
        let pairs = pairs.ok_or("one of its pairs has no ->")?;
        if pairs.iter().any(|(left, right)| left.is_empty() != right.is_empty()) {
            told.push(answers::UNMATCHED.into());
        }
        let pairs: Vec<_> = pairs.into_iter().filter(|(left, right)| !left.is_empty() && !right.is_empty()).collect();
        read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
    } else {
        match answers.split('#').next().unwrap_or_default().trim() {
            "T" | "TRUE" => (read.kind, read.key) = (Kind::TrueFalse, truth_key(true)),
            "F" | "FALSE" => (read.kind, read.key) = (Kind::TrueFalse, truth_key(false)),
            _ => {
                read.kind = if missing_word { Kind::Cloze } else { Kind::Short };
                let forms = answers::forms_of_moodle(full(answers, told), read);
                read.key = key(answers::key_of_forms(&forms));
            }
        }
    }
    Ok(())
}

fn choice(read: &mut Question, answers: &str, text: &dyn Fn(&str) -> String, told: &mut Vec<String>) {
    let signed = answers.replace('=', "~=");
    let each = signed.split('~').map(str::trim).filter(|answer| !answer.is_empty());
    let each: Vec<(bool, Option<f64>, String)> = each
        .map(|answer| match answer.strip_prefix('=') {
            Some(rest) => (true, None, text(rest)),
            None => (false, weighted(answer).0, text(weighted(answer).1)),
        })
        .collect();
    let earns = |weight: Option<f64>| weight.is_some_and(|weight| weight > 0.0);
    // With a `=` one is to be chosen; with nothing right at all there is no way to tell, and one is the usual.
    let several = !each.iter().any(|(is_signed, ..)| *is_signed) && each.iter().any(|(_, weight, _)| earns(*weight));
    if !several {
        let less = each.iter().filter(|(is_signed, ..)| !is_signed);
        answers::full(less.map(|(_, weight, text)| (weight.unwrap_or(0.0), text.clone())), told);
    }
    let right: Vec<bool> =
        each.iter().map(|(is_signed, weight, _)| if several { earns(*weight) } else { *is_signed }).collect();
    read.kind = if several { Kind::Multiple } else { Kind::Single };
    read.options = options(letters(), each.into_iter().map(|(.., text)| text));
    read.key = choice_key(&read.options, &right);
}

/// `3.14`, `3.14:0.01`, `3.13..3.15`.
fn numeric(text: &str) -> Option<Number> {
    if let Some((low, high)) = text.split_once("..") {
        return answers::between(low, high);
    }
    let (value, by) = text.split_once(':').map_or((text, None), |(value, by)| (value, Some(by)));
    let tolerance = by.map(answers::digits).map_or(Some(None), |by| by.map(Some))?;
    let tolerance = tolerance.filter(|by| by.parse() != Ok(0.0));
    Some(Number { value: answers::digits(value)?, unit: String::new(), tolerance })
}
