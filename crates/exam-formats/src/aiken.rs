//! Aiken: a line of text, options `A. …` one a line, `ANSWER: A`. Nothing is escaped, nothing else can be said.

use exam_model::question::{Kind, Question};

use crate::answers::Asked;
use crate::flat::{Holds, items};
use crate::{ExchangeError, Format, Imported, Warning, choice_key, letters, options, question};

pub const HOLDS: Holds =
    Holds { format: Format::Aiken, marks: |_, _| false, choose: false, numberings: |_| false, asks: |_| true };

/// The choices with exactly one right option; a warning for each of the others.
pub fn export(questions: &[Question], warnings: &mut Vec<Warning>) -> String {
    let mut out = String::new();
    for item in items(questions, &HOLDS, warnings) {
        let text = one_line(&item.question.text);
        let texts: Vec<String> = item.question.options.iter().map(|option| one_line(&option.text)).collect();
        let path = item.question.path.as_str();
        let answer = match (&item.asked, right_place(&item.asked)) {
            _ if texts.len() > 26 || text.is_empty() || texts.iter().any(String::is_empty) => {
                Err("Aiken needs a text, and at most 26 options")
            }
            _ if option(&text).is_some() || crate::aiken::answer(&text).is_some() => {
                Err("its text begins as an option does")
            }
            (Asked::Choice { several: false, .. }, Some(place)) => Ok(place),
            (Asked::Choice { several: false, .. }, None) => Err("Aiken needs exactly one right option"),
            _ => Err("Aiken holds only choices with one right option"),
        };
        let place = match answer {
            Ok(place) => place,
            Err(reason) => {
                // What else it would have lost is no matter then.
                warnings.retain(|warning| warning.path != path);
                warnings.push(Warning::new(path, format!("it is left out: {reason}")));
                continue;
            }
        };
        if text != item.question.text || item.question.options.iter().zip(&texts).any(|(o, line)| o.text != *line) {
            warnings.push(Warning::new(path, "its lines are joined to one"));
        }
        out.push_str(&text);
        for (letter, text) in ('A'..='Z').zip(&texts) {
            out.push_str(&format!("\n{letter}. {text}"));
        }
        out.push_str(&format!("\nANSWER: {}\n\n", char::from(b'A' + place as u8)));
    }
    out
}

/// Where the only right option stands.
fn right_place(asked: &Asked) -> Option<usize> {
    let Asked::Choice { right, .. } = asked else { return None };
    let mut places = right.iter().enumerate().filter(|(_, right)| **right).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

/// The text in one line. A byte order mark in it would be taken for the file's, if it came first.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `A. text` or `A) text`.
fn option(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(|c: char| c.is_ascii_uppercase())?.strip_prefix(['.', ')'])?;
    rest.strip_prefix([' ', '\t']).map(str::trim)
}

/// The place of the letter in `ANSWER: B`, if there is one.
fn answer(line: &str) -> Option<Option<usize>> {
    let rest = line.get(..7).filter(|word| word.eq_ignore_ascii_case("ANSWER:")).map(|_| line[7..].trim_start())?;
    let letter = rest.bytes().next().map(|b| b.to_ascii_uppercase()).filter(u8::is_ascii_uppercase);
    Some(letter.map(|letter| usize::from(letter - b'A')))
}

/// A line of options is followed by one with the answer.
pub fn is_one(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut after_option = false;
    lines.any(|line| {
        let found = after_option && answer(line).is_some();
        after_option = option(line).is_some();
        found
    })
}

/// Reads the questions; their text may have several lines.
pub fn import(text: &str) -> Result<Imported, ExchangeError> {
    let mut imported = Imported::default();
    let (mut stem, mut texts): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for (n, line) in text.lines().map(str::trim).enumerate() {
        if let Some(answer) = answer(line) {
            let number = imported.questions.len() + 1;
            let options = options(letters(), std::mem::take(&mut texts));
            let right: Vec<bool> = (0..options.len()).map(|place| Some(place) == answer).collect();
            let mut read = question("", number, &std::mem::take(&mut stem).join("\n"));
            read.kind = Kind::Single;
            read.key = choice_key(&options, &right);
            read.options = options;
            if read.options.is_empty() {
                imported
                    .warnings
                    .push(Warning::new(format!("line {}", n + 1), "an answer without options is left out"));
                continue;
            }
            if read.key.is_none() {
                let reason = "the answer is none of the options, so it has no answer key";
                imported.warnings.push(Warning::new(format!("line {}", n + 1), reason));
            }
            imported.questions.push(read);
        } else if let Some(text) = option(line) {
            texts.push(text.to_owned());
        } else if !line.is_empty() {
            if !texts.is_empty() {
                imported.warnings.push(Warning::new(
                    format!("line {}", n + 1),
                    "the options before it have no answer and are left out",
                ));
                stem.clear();
                texts.clear();
            }
            stem.push(line);
        }
    }
    if !stem.is_empty() || !texts.is_empty() {
        imported
            .warnings
            .push(Warning::new("the end", "the lines after the last answer are no question, and are left out"));
    }
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_no_byte_order_mark() {
        assert_eq!(one_line("\u{feff} two\n  words \u{feff}"), "two words");
        assert_eq!(one_line("\u{feff}"), "");
    }
}
