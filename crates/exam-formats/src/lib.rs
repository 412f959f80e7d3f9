//! Questions to and from the formats of other programs. Pure: bytes in, questions out, and the other way round.
//!
//! Only `json` and `csv` hold a tree of questions. For the others each item that is answered stands alone (`flat`), and
//! `answers` says what it asks for in terms that these formats share. What a format cannot hold is a warning.

use std::collections::HashSet;
use std::fmt;

use exam_model::paper::{Cover, Paper};
use exam_model::question::{Choice, Key, KeySource, Question};
use exam_model::text::printable;
use uuid::Uuid;

mod aiken;
mod answers;
pub mod csv;
mod flat;
mod gift;
mod json;
mod markup;
mod moodle;
mod package;
mod qti;
mod qti1;
mod qti2;
mod xml;

/// A format of question files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Format {
    /// Moodle's text format
    Gift,
    /// Plain text, only for choices with one right letter
    Aiken,
    /// Moodle's XML
    Moodle,
    /// IMS QTI 2.1: a zip with one XML file for each question; QTI 1.2 and 2.2 can be read too
    Qti,
    /// A table for a spreadsheet
    Csv,
    /// Everything that Exam Prep knows of the questions
    Json,
}

impl Format {
    pub const ALL: [Self; 6] = [Self::Gift, Self::Aiken, Self::Moodle, Self::Qti, Self::Csv, Self::Json];

    /// `gift`, `aiken`, …; `None` for a word that is no format.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// The word that `parse` takes, in addresses and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gift => "gift",
            Self::Aiken => "aiken",
            Self::Moodle => "moodle",
            Self::Qti => "qti",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The words on a page and in warnings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gift => "GIFT",
            Self::Aiken => "Aiken",
            Self::Moodle => "Moodle XML",
            Self::Qti => "QTI",
            Self::Csv => "CSV",
            Self::Json => "JSON",
        }
    }

    /// How a file's name ends. GIFT and Aiken are `.txt` where Moodle looks for them.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gift => "gift.txt",
            Self::Aiken => "aiken.txt",
            Self::Moodle => "moodle.xml",
            Self::Qti => "qti.zip",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Gift | Self::Aiken => "text/plain; charset=utf-8",
            Self::Moodle => "application/xml",
            Self::Qti => "application/zip",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// What a format could not hold of an item, or an import could not take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The item's path; of an import, the place in the file.
    pub path: String,
    pub reason: String,
}

impl Warning {
    fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// A file of questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    pub bytes: Vec<u8>,
    pub warnings: Vec<Warning>,
}

/// What a file of questions holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// Where the file says it.
    pub title: Option<String>,
    pub questions: Vec<Question>,
    pub warnings: Vec<Warning>,
}

impl Imported {
    /// Adds a question, and tells what was lost of it and what is doubtful.
    fn add(&mut self, question: Question, told: Vec<String>) {
        let reasons = question.doubts.iter().cloned().chain(told);
        self.warnings.extend(reasons.map(|reason| Warning::new(&question.path, reason)));
        self.questions.push(question);
    }

    /// The one category that a file has is its title; that there were several is told.
    fn take_categories(&mut self, categories: &[String]) {
        // Where Moodle keeps them says nothing of the questions; `//` stands for a slash.
        let name = |category: &String| {
            let path = category.replace("//", "\u{fdd8}");
            path.rsplit('/').next().unwrap_or_default().trim().replace('\u{fdd8}', "/")
        };
        let mut names: Vec<String> = categories.iter().map(name).filter(|name| !name.is_empty()).collect();
        names.dedup();
        match &names[..] {
            [] => {}
            [one] => self.title = Some(one.clone()),
            many => self.warnings.push(Warning::new(
                "the file",
                format!("that its questions are in categories is left out: {}", many.join(", ")),
            )),
        }
    }

    /// Tells that an item is no question here.
    fn leave_out(&mut self, path: impl Into<String>, reason: impl fmt::Display) {
        self.warnings.push(Warning::new(path, format!("it is left out: {reason}")));
    }
}

/// Why nothing was imported, in words for the person whose file it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("The file is not text in UTF-8. Save it as UTF-8 and try again.")]
    NotUtf8,
    #[error("This is no {format} file that can be read: {reason}. Export it again and try that.", format = .0.name(), reason = .1)]
    Broken(Format, String),
    #[error("The file holds more than can be read at once: {0}. Divide it into smaller ones.")]
    TooLarge(&'static str),
    #[error("No question that can be asked here was found in the file.{0}")]
    Empty(String),
}

/// Bytes of one file of text, or of everything in a package.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Questions and parts of one file: ten times the longest paper.
const MAX_QUESTIONS: usize = 5000;

/// Writes questions as a file of this format.
pub fn export(title: &str, questions: &[Question], format: Format) -> Exported {
    let mut warnings = Vec::new();
    let bytes = match format {
        Format::Gift => gift::export(title, questions, &mut warnings).into_bytes(),
        Format::Aiken => aiken::export(questions, &mut warnings).into_bytes(),
        Format::Moodle => moodle::export(title, questions, &mut warnings).into_bytes(),
        Format::Qti => qti::export(title, questions, &mut warnings),
        Format::Csv => csv::export(questions, &mut warnings),
        Format::Json => json::export(title, questions),
    };
    Exported { bytes, warnings }
}

/// Reads a file of this format.
pub fn import(bytes: &[u8], format: Format) -> Result<Imported, ExchangeError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExchangeError::TooLarge("it has more than 32 MB"));
    }
    let imported = match format {
        Format::Gift => gift::import(text(bytes)?),
        Format::Aiken => aiken::import(text(bytes)?),
        Format::Moodle => moodle::import(text(bytes)?),
        Format::Qti => qti::import(bytes),
        Format::Csv => csv::import(text(bytes)?),
        Format::Json => json::import(text(bytes)?),
    }?;
    if imported.questions.is_empty() {
        let told = imported.warnings.iter().take(3).map(|warning| format!(" {warning}."));
        return Err(ExchangeError::Empty(told.collect()));
    }
    if count(&imported.questions) > MAX_QUESTIONS {
        return Err(ExchangeError::TooLarge("it has more than 5000 questions"));
    }
    Ok(imported)
}

fn count(questions: &[Question]) -> usize {
    questions.iter().map(|question| 1 + count(&question.parts)).sum()
}

/// UTF-8, without the mark that Windows puts before it.
fn text(bytes: &[u8]) -> Result<&str, ExchangeError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ExchangeError::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The formats that a file's name tells, beside those that its content does.
const ENDINGS: [(&str, Format); 9] = [
    (".gift", Format::Gift),
    (".gift.txt", Format::Gift),
    (".aiken", Format::Aiken),
    (".aiken.txt", Format::Aiken),
    (".csv", Format::Csv),
    (".json", Format::Json),
    (".xml", Format::Moodle),
    (".zip", Format::Qti),
    (".imscc", Format::Qti),
];

/// Which format a file has, told by its content and, where that says nothing, by its name; `None` for a PDF.
///
/// ```
/// # use exam_formats::{Format, format_of};
/// assert_eq!(format_of("metals.txt", b"Which is a metal?\nA. iron\nB. wood\nANSWER: A\n"), Some(Format::Aiken));
/// assert_eq!(format_of("metals.gift", b"nothing that tells"), Some(Format::Gift));
/// assert_eq!(format_of("metals.gift", b"%PDF-1.7"), None);
/// ```
pub fn format_of(name: &str, bytes: &[u8]) -> Option<Format> {
    let name = name.to_lowercase();
    let by_name = || ENDINGS.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| format);
    detect(bytes).or_else(|| by_name().filter(|_| !is_pdf(bytes)))
}

/// A PDF says so in its first kilobyte (ISO 32000-1, annex H, note 13).
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// Which format a file has, told by its content; `None` for a PDF.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    if is_pdf(bytes) {
        return None;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Format::Qti);
    }
    let text = text(bytes).ok()?.trim_start();
    if text.starts_with('<') && text.contains("<quiz") {
        return Some(Format::Moodle);
    }
    if text.starts_with('<') && qti::ROOTS.iter().any(|root| text.contains(&format!("<{root}"))) {
        return Some(Format::Qti);
    }
    if text.starts_with('{') && text.contains("\"questions\"") {
        return Some(Format::Json);
    }
    if csv::is_header(text.lines().next().unwrap_or_default()) {
        return Some(Format::Csv);
    }
    if aiken::is_one(text) {
        return Some(Format::Aiken);
    }
    gift::is_one(text).then_some(Format::Gift)
}

/// A paper without pages, of questions that can be stored whatever their file says: each has a path of its own, texts
/// and numbers are such as the database takes, and topics, which are those of another database, are forgotten.
pub fn paper(imported: Imported) -> Paper {
    let Imported { title, mut questions, warnings } = imported;
    tidy(&mut questions, &mut HashSet::new());
    let cover = Cover { title: title.map(|title| printable(&title)), ..Cover::default() };
    let warnings = warnings.iter().map(|warning| printable(&warning.to_string())).collect();
    Paper { cover, sections: Vec::new(), questions, pages: Vec::new(), warnings }
}

fn tidy(questions: &mut [Question], taken: &mut HashSet<String>) {
    for question in questions {
        let texts = [&mut question.path, &mut question.label, &mut question.text];
        let inner =
            question.options.iter_mut().flat_map(|option| [&mut option.id, &mut option.label, &mut option.text]);
        let key = question.key.iter_mut().flat_map(|key| key.options.iter_mut().chain([&mut key.text]));
        for text in texts.into_iter().chain(inner).chain(key).chain(&mut question.section).chain(&mut question.doubts) {
            *text = printable(text);
        }
        question.path = free_path(&question.path, taken);
        question.id = Uuid::nil();
        question.topic = None;
        question.marks = question.marks.filter(|marks| (0.0..=1000.0).contains(marks));
        question.choose = question.choose.filter(|choose| (1..=1000).contains(choose));
        // There are no pages that they could stand on.
        question.regions.clear();
        question.key.iter_mut().for_each(|key| key.source = KeySource::Person);
        question.figure = false;
        tidy(&mut question.parts, taken);
    }
}

/// The path, or the first of `path#2`, `path#3`, … that no other item has.
fn free_path(path: &str, taken: &mut HashSet<String>) -> String {
    let path = if path.is_empty() { "1" } else { path };
    let mut free = path.to_owned();
    for n in 2.. {
        if taken.insert(free.clone()) {
            break;
        }
        free = format!("{path}#{n}");
    }
    free
}

/// The names that `2.b` stands under in a file: its own where it is short enough for a label, else its number.
fn named(name: &str, number: usize) -> String {
    let name = name.trim();
    let short = !name.is_empty() && name.chars().count() <= 24 && !name.contains(char::is_whitespace);
    if short { name.to_owned() } else { number.to_string() }
}

/// A question of a file, before its kind is known.
fn question(name: &str, number: usize, text: &str) -> Question {
    let path = named(name, number);
    Question { label: path.clone(), path, text: clean(text), confidence: 1.0, ..Question::default() }
}

fn key(text: String) -> Option<Key> {
    (!text.is_empty()).then_some(Key { options: Vec::new(), text, source: KeySource::Person })
}

/// The key of a choice: the right options, by the words that a scheme would print for them.
fn choice_key(options: &[Choice], right: &[bool]) -> Option<Key> {
    let right: Vec<&Choice> =
        options.iter().zip(right).filter(|(_, right)| **right).map(|(option, _)| option).collect();
    let word = |option: &&Choice| if option.label.is_empty() { &option.text } else { &option.label }.clone();
    (!right.is_empty()).then(|| Key {
        options: right.iter().map(|option| option.id.clone()).collect(),
        text: right.iter().map(word).collect::<Vec<_>>().join("; "),
        source: KeySource::Person,
    })
}

fn truth_key(truth: bool) -> Option<Key> {
    let (id, text) = if truth { ("true", "True") } else { ("false", "False") };
    Some(Key { options: vec![id.into()], text: text.into(), source: KeySource::Person })
}

/// Options named `o1`, `o2`, … with these labels.
fn options(labels: impl Iterator<Item = String>, texts: impl IntoIterator<Item = String>) -> Vec<Choice> {
    labels.zip(texts).enumerate().map(|(n, (label, text))| Choice { label, text, ..Choice::nth(n) }).collect()
}

/// `A`, `B`, … `Z`, then `27`, `28`, ….
fn letters() -> impl Iterator<Item = String> {
    ('A'..='Z').map(String::from).chain((27..).map(|n: usize| n.to_string()))
}

/// Lines end with `\n`, without other control characters and space around.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text.chars().filter(|c| !is_foreign(*c)).collect();
    text.trim().to_owned()
}

/// Control characters and those that Unicode keeps for no text: XML and PostgreSQL take none of them.
fn is_foreign(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
