//! A table: a row for each question and part, a column for each option. Holds all but pages and doubts.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, WriterBuilder};
use exam_model::question::{Choice, Key, KeySource, Kind, Question};
use serde_json::Value;

use crate::{ExchangeError, Format, Imported, Warning, choice_key, count, key, letters, named, options};

const COLUMNS: [&str; 11] =
    ["path", "part of", "section", "label", "kind", "text", "choose", "marks", "key", "right", "figure"];
/// Parts inside each other: a paper has three.
const DEEPEST: usize = 20;

/// All questions and parts, with the mark before them that makes a spreadsheet read UTF-8.
pub fn export(questions: &[Question], warnings: &mut Vec<Warning>) -> Vec<u8> {
    let mut rows = Vec::with_capacity(count(questions));
    collect(questions, "", &mut rows);
    let widest = rows.iter().map(|(_, question)| question.options.len()).max().unwrap_or(0);
    let mut out = vec![0xef, 0xbb, 0xbf];
    let mut writer = WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
    let header = COLUMNS.iter().map(|name| (*name).to_owned());
    let header: Vec<String> = header.chain((1..=widest).map(|n| format!("option {n}"))).collect();
    // Writing to memory does not fail, and every row is as long as the header.
    let _ = writer.write_record(&header);
    for (parent, question) in rows {
        let mut row = row(parent, question, warnings);
        row.resize(header.len(), String::new());
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    drop(writer);
    out
}

fn collect<'a>(questions: &'a [Question], parent: &'a str, rows: &mut Vec<(&'a str, &'a Question)>) {
    for question in questions {
        rows.push((parent, question));
        collect(&question.parts, &question.path, rows);
    }
}

fn row(parent: &str, question: &Question, warnings: &mut Vec<Warning>) -> Vec<String> {
    if question.figure {
        warnings.push(Warning::new(&question.path, "its picture is left out"));
    }
    if question.options.last().is_some_and(|option| option.label.is_empty() && option.text.is_empty()) {
        warnings.push(Warning::new(&question.path, "an option at the end with neither label nor text is left out"));
    }
    let key = question.key.as_ref();
    let right = key.map(|key| right_names(question, &key.options)).unwrap_or_default();
    if key.is_some_and(|key| key.options.len() != right.len()) {
        warnings.push(Warning::new(&question.path, "its answer key names options that it has not; they are left out"));
    }
    let mut row = vec![
        question.path.clone(),
        parent.to_owned(),
        question.section.clone().unwrap_or_default(),
        question.label.clone(),
        question.kind.word().to_owned(),
        question.text.clone(),
        question.choose.map(|choose| choose.to_string()).unwrap_or_default(),
        question.marks.map(|marks| marks.to_string()).unwrap_or_default(),
        key.map(|key| key.text.clone()).unwrap_or_default(),
        right.join("; "),
        if question.figure { "yes" } else { "" }.to_owned(),
    ];
    row.extend(question.options.iter().map(option_cell));
    row
}

/// A cell that begins like a formula would be one for whoever opens the table. The `'` goes away on the way back.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(RISKY) { format!("'{cell}") } else { cell.to_owned() }
}

fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(RISKY)).unwrap_or(cell)
}

const RISKY: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '\''];

/// `B) text`; the bracket stands also without a label where the text could be taken for one with it.
fn option_cell(option: &Choice) -> String {
    if option.label.is_empty() && label_and_text(&option.text).is_none() {
        option.text.clone()
    } else {
        format!("{}) {}", option.label, option.text)
    }
}

fn label_and_text(cell: &str) -> Option<(&str, &str)> {
    let (label, text) = cell.split_once(") ").or_else(|| cell.strip_suffix(')').map(|label| (label, "")))?;
    (label.len() <= 12 && !label.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')')))
        .then_some((label, text))
}

/// Options by their label, or `#2` where that tells them from no other.
fn right_names(question: &Question, ids: &[String]) -> Vec<String> {
    let name = |id: &String| {
        if question.kind == Kind::TrueFalse && matches!(id.as_str(), "true" | "false") {
            return Some(id.clone());
        }
        let place = question.options.iter().position(|option| option.id == *id)?;
        let label = &question.options[place].label;
        let alone = question.options.iter().filter(|option| option.label == *label).count() == 1;
        let is_name = alone && !label.is_empty() && !label.contains([';', '#']);
        Some(if is_name { label.clone() } else { format!("#{}", place + 1) })
    };
    ids.iter().filter_map(name).collect()
}

/// The first line of a table of questions, whatever divides its columns.
pub fn is_header(line: &str) -> bool {
    divider(line).is_some()
}

fn divider(line: &str) -> Option<u8> {
    [b',', b';', b'\t'].into_iter().find(|divider| {
        let mut names = line.split(char::from(*divider)).map(name);
        let has = |wanted: &[&str]| names.clone().any(|name| wanted.contains(&name.as_str()));
        let enough = has(&["text", "question"]) && has(&["kind", "key", "answer", "right", "option 1"]);
        enough && names.all(|name| name.len() < 40)
    })
}

fn name(cell: &str) -> String {
    cell.trim().trim_matches('"').trim().to_lowercase().replace('_', " ")
}

/// Reads a table; only the column `text` must be there.
pub fn import(text: &str) -> Result<Imported, ExchangeError> {
    let broken = |reason: String| ExchangeError::Broken(Format::Csv, reason);
    let first = text.lines().next().unwrap_or_default();
    let divider = divider(first).ok_or_else(|| broken("its first line names no columns “text” and “kind”".into()))?;
    let mut reader = ReaderBuilder::new().delimiter(divider).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(|e| broken(e.to_string()))?.iter().map(name).collect();
    let mut table =
        Table { header, nodes: Vec::new(), depths: Vec::new(), places: HashMap::new(), warnings: Vec::new() };
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|error| broken(error.to_string()))?;
        // The header is row 1, as a spreadsheet counts.
        table.add(n + 2, &record);
        if table.nodes.len() > crate::MAX_QUESTIONS {
            return Err(ExchangeError::TooLarge("it has more than 5000 questions"));
        }
    }
    Ok(table.finish())
}

struct Table {
    header: Vec<String>,
    /// Each with the place of what it is a part of.
    nodes: Vec<(Option<usize>, Question)>,
    depths: Vec<usize>,
    /// Of each path the last row.
    places: HashMap<String, usize>,
    warnings: Vec<Warning>,
}

impl Table {
    fn add(&mut self, row: usize, record: &StringRecord) {
        let cell = |names: &[&str]| {
            let places = names.iter().filter_map(|name| self.header.iter().position(|known| known == name));
            plain(places.filter_map(|place| record.get(place)).next().unwrap_or_default())
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let mut warn = |reason: String| self.warnings.push(Warning::new(format!("row {row}"), reason));
        let number = |name: &str, warn: &mut dyn FnMut(String)| {
            let text = cell(&[name]).trim();
            let number = text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() && !text.is_empty() {
                warn(format!("“{text}” in the column {name} is no number and is left out"));
            }
            number
        };
        let mut cells: Vec<&str> = (1..)
            .map_while(|n| self.header.iter().position(|known| *known == format!("option {n}")))
            .map(|place| plain(record.get(place).unwrap_or_default()))
            .collect();
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        let pairs: Vec<(&str, &str)> = cells.iter().map(|cell| label_and_text(cell).unwrap_or(("", cell))).collect();
        let labels: Vec<String> = if self.header.iter().any(|name| name == "label") {
            pairs.iter().map(|(label, _)| (*label).to_owned()).collect()
        } else {
            // A table that another wrote has no labels to keep.
            let own = pairs
                .iter()
                .zip(letters())
                .map(|((label, _), letter)| if label.is_empty() { letter } else { (*label).to_owned() });
            own.collect()
        };
        let options = options(labels.into_iter(), pairs.iter().map(|(_, text)| (*text).to_owned()));
        let has_right = self.header.iter().any(|name| name == "right");
        let key_text = cell(&["key", "answer"]);
        let names = if has_right {
            cell(&["right"])
        } else if options.is_empty() {
            ""
        } else {
            key_text
        };
        let ids: Vec<String> = names.split(';').filter_map(|name| right_id(name.trim(), &options)).collect();
        let kind = match cell(&["kind", "type"]).trim() {
            "" if options.is_empty() => Kind::Short,
            "" if ids.len() > 1 => Kind::Multiple,
            "" => Kind::Single,
            word => serde_json::from_value(Value::String(word.to_lowercase().replace(' ', "_"))).unwrap_or_else(|_| {
                warn(format!("there is no kind “{word}”; it is taken for a short answer"));
                Kind::Short
            }),
        };
        let path = named(cell(&["path"]), self.nodes.len() + 1);
        let label = if self.header.iter().any(|name| name == "label") { cell(&["label"]) } else { &path }.to_owned();
        let section = Some(cell(&["section"]).to_owned()).filter(|section| !section.is_empty());
        let marks = number("marks", &mut warn);
        let choose = number("choose", &mut warn).map(|n| n as u32).filter(|n| *n > 0);
        let figure = cell(&["figure"]).trim().eq_ignore_ascii_case("yes");
        let text = cell(&["text", "question"]).to_owned();
        let parent_path = cell(&["part of"]).to_owned();
        let key = if ids.is_empty() {
            key(key_text.to_owned())
        } else if key_text.is_empty() && !options.is_empty() {
            choice_key(&options, &options.iter().map(|option| ids.contains(&option.id)).collect::<Vec<_>>())
        } else {
            Some(Key { options: ids, text: key_text.to_owned(), source: KeySource::Person })
        };
        let parent = self.places.get(&parent_path).copied().filter(|_| !parent_path.is_empty());
        let parent = parent.filter(|place| self.depths[*place] < DEEPEST);
        if parent.is_none() && !parent_path.is_empty() {
            warn(format!("no row above has the path “{parent_path}”; it stands alone now"));
        }
        self.places.insert(path.clone(), self.nodes.len());
        self.depths.push(parent.map_or(0, |place| self.depths[place] + 1));
        let rest = Question { confidence: 1.0, ..Question::default() };
        let question = Question { path, label, section, kind, text, options, choose, marks, key, figure, ..rest };
        self.nodes.push((parent, question));
    }

    /// From the last row on, each joins what it is a part of.
    fn finish(mut self) -> Imported {
        let mut questions = Vec::new();
        while let Some((parent, mut question)) = self.nodes.pop() {
            question.parts.reverse();
            match parent.and_then(|place| self.nodes.get_mut(place)) {
                Some((_, parent)) => parent.parts.push(question),
                None => questions.push(question),
            }
        }
        questions.reverse();
        Imported { title: None, questions, warnings: self.warnings }
    }
}

fn right_id(name: &str, options: &[Choice]) -> Option<String> {
    let lower = name.to_lowercase();
    let by_label = || options.iter().find(|option| !name.is_empty() && option.label == name);
    if matches!(lower.as_str(), "true" | "false") && by_label().is_none() {
        return Some(lower);
    }
    let by_place = || name.trim_start_matches('#').parse::<usize>().ok().and_then(|n| options.get(n.checked_sub(1)?));
    let found = if name.starts_with('#') { by_place() } else { by_label().or_else(by_place) };
    found.map(|option| option.id.clone())
}
