//! Answer keys from a marking scheme: a table with a column of labels and one of answers, a table of numbers and
//! letters, or worked solutions laid out like the paper.

use std::collections::{HashMap, HashSet};

use exam_model::labels::{self, Frame, Numbering};
use exam_model::paper::Paper;
use exam_model::question::{Choice, Key, KeySource, Kind, Question, Region, names_of_parts};

use crate::emphasis;
use crate::lines::Line;
use crate::solutions::{self, Answer};
use crate::structure::{self, Node};
use crate::text::PageText;
use crate::words;

mod table;

/// What a scheme says of one item.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    region: Region,
    text: String,
}

/// Answers by path.
type Entries = HashMap<String, Entry>;

/// What a scheme says of a paper's items.
pub struct Answers {
    /// By label.
    entries: Entries,
    /// From worked solutions, by the words of the questions.
    solved: HashMap<String, Answer>,
}

/// Reads a scheme's lines for a paper: answers by label from a table, else by their words from worked solutions. The rows are
/// its lines over the whole width of the page.
pub fn read(paper: &Paper, lines: &[Line], rows: &[Line], pages: &[PageText]) -> Answers {
    let leaves: Vec<&Question> = paper.questions.iter().flat_map(Question::leaves).collect();
    let matched = |entries: &Entries| leaves.iter().filter(|leaf| find(entries, &leaf.path).is_some()).count();
    // What says less of the layout has to find many more.
    let better = |best: Entries, other: Entries| if matched(&other) * 2 > matched(&best) * 3 { other } else { best };
    // Over the whole page, or a table in each of two columns of text.
    let tables = better(table::entries(rows), table::entries(lines));
    let mut pairs = letters(lines, &OptionLabels::of(&leaves));
    let (by_structure, by_label) = (labelled(lines), self::listed(lines));
    let listed = if matched(&by_label) > matched(&by_structure) { by_label } else { by_structure };
    if !pairs.is_empty() {
        complete(&mut pairs, listed.clone());
    }
    let mut entries = better(tables, pairs);
    let unclear = matched(&entries) * 2 < leaves.len();
    let mut solved = if unclear { solved(paper, lines, pages) } else { HashMap::new() };
    let worked = solved.len() * 3 >= leaves.len() && solved.len() >= matched(&entries);
    entries = if unclear { better(entries, listed) } else { entries };
    if worked {
        // By label is told only what they say nothing of.
        let unsolved = leaves.iter().filter(|leaf| !solved.contains_key(&leaf.path));
        let said = |leaf: &&Question| Some((leaf.path.clone(), find(&entries, &leaf.path)?.clone()));
        entries = unsolved.filter_map(said).collect();
    } else {
        solved.clear();
    }
    paper.questions.iter().for_each(|question| spread(&mut entries, question));
    let coded = are_coded(&entries);
    entries.values_mut().for_each(|entry| entry.text = without_codes(&entry.text, coded));
    Answers { entries, solved }
}

/// What an answer says behind the question, if it repeats that; nothing if it is no more than the question.
fn behind(asked: &str, said: &str) -> Option<String> {
    /// So many of its first and of its last letters are looked for, as a line may break within a word.
    const SAME: usize = 12;
    let letters = |text: &str| -> Vec<(char, usize)> {
        let letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
        letters.flat_map(|(at, c)| c.to_lowercase().map(move |lower| (lower, at + c.len_utf8()))).collect()
    };
    let (asked, answer) = (letters(asked), letters(said));
    let alike = |a: &[(char, usize)], b: &[(char, usize)]| a.iter().map(|(c, _)| c).eq(b.iter().map(|(c, _)| c));
    if asked.len() < SAME || answer.len() < SAME || !alike(&asked[..SAME], &answer[..SAME]) {
        return Some(said.to_owned());
    }
    // A sentence whose blank is filled ends otherwise.
    let end = &asked[asked.len() - SAME..];
    let Some(found) = answer.windows(SAME).position(|run| alike(run, end)) else { return Some(said.to_owned()) };
    let rest = said[answer[found + SAME - 1].1..].trim_start_matches(|c: char| ".?!:)] \n".contains(c));
    (!rest.trim().is_empty()).then(|| rest.to_owned())
}

/// Gives `1) c 2) a 3) d`, what a scheme says of a question as a whole, to the parts that it names.
fn spread(entries: &mut Entries, question: &Question) {
    question.parts.iter().for_each(|part| spread(entries, part));
    let [first, others @ ..] = &question.parts[..] else { return };
    if others.is_empty() || others.iter().any(|part| find(entries, &part.path).is_some()) {
        return;
    }
    let name = |part: &Question| part.path.rsplit('.').next().unwrap_or_default().to_owned();
    // The first label may have been taken for the question's.
    let labelled = |entry: &Entry| Entry { text: format!("({}) {}", name(first), entry.text), ..entry.clone() };
    let entry = find(entries, &first.path).map(labelled).or_else(|| find(entries, &question.path).cloned());
    let Some(entry) = entry else { return };
    let text = entry.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let framed = |at: usize| {
        let found = labels::at_start(&text[at..]).into_iter().filter(|(label, _)| label.frame != Frame::Bare);
        found.map(move |(label, taken)| (label.plain, at, at + taken)).collect::<Vec<_>>()
    };
    let mut labels = starts.flat_map(framed);
    let places: Option<Vec<(usize, usize)>> = question
        .parts
        .iter()
        .map(|part| labels.find(|(label, ..)| *label == name(part)).map(|(_, at, behind)| (at, behind)))
        .collect();
    let Some(places) = places else { return };
    let ends = places.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    for ((part, (_, from)), end) in question.parts.iter().zip(&places).zip(ends) {
        let answer = text[*from..end].trim_matches([' ', ',', ';', '.']).to_owned();
        let entry = Entry { region: entry.region, text: answer };
        entries.insert(bare(&part.path), entry.clone());
        entries.insert(part.path.clone(), entry);
    }
}

impl Answers {
    /// Whether what the scheme answers is what the paper asks: a quarter of the labels are in both, and half of the answers to
    /// choices name an option. Less is told of a few labels.
    pub fn fit(&self, paper: &Paper) -> bool {
        let leaves: Vec<&Question> = paper.questions.iter().flat_map(Question::leaves).collect();
        let answered: Vec<(&Question, &Entry)> =
            leaves.iter().filter_map(|&leaf| Some((leaf, find(&self.entries, &leaf.path)?))).collect();
        let labels: HashSet<String> = self.entries.keys().map(|path| bare(path)).collect();
        let fewer = labels.len().min(leaves.len());
        let is_choice =
            |(leaf, entry): &&(&Question, &Entry)| leaf.kind == Kind::Single && !entry.text.trim().is_empty();
        let choices = answered.iter().filter(is_choice).count();
        let is_named = |(leaf, entry): &&(&Question, &Entry)| names_an_option(leaf, &entry.text);
        let named = answered.iter().filter(is_choice).filter(is_named).count();
        let are_strange = choices - named >= 4 && choices - named > named;
        (fewer < 5 || answered.len() * 4 >= fewer) && !are_strange
    }

    /// Gives the paper's items their keys.
    pub fn give(&self, paper: &mut Paper, source: fn(Region) -> KeySource) {
        for question in &mut paper.questions {
            give(question, &self.entries, &self.solved, source);
        }
    }
}

/// Whether an answer is a key of the question's options, or shares words with one.
fn names_an_option(question: &Question, answer: &str) -> bool {
    let simple = |text: &str| {
        text.to_lowercase().split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>().join(" ").trim().to_owned()
    };
    let words = simple(answer);
    let shared = |option: &Choice| {
        let text = simple(&option.text);
        words.contains(&text) || text.contains(&words)
    };
    !chosen(&question.options, answer).is_empty() || question.options.iter().any(shared)
}

/// Adds what a list of answers says beside letters, where it gives those letters as well.
fn complete(pairs: &mut Entries, listed: Entries) {
    let both = || pairs.iter().filter_map(|(path, entry)| Some((entry, listed.get(path)?)));
    let alike = both().filter(|(entry, other)| entry.text == other.text).count();
    if alike * 5 >= both().count() * 4 {
        listed.into_iter().for_each(|(path, entry)| _ = pairs.entry(path).or_insert(entry));
    }
}

/// A list of answers behind labels that may name a part as well, one a line or several: `13(a) 37.5%`, `1-B, 2-C`, `5a …`.
fn listed(lines: &[Line]) -> Entries {
    let mut entries: Entries = HashMap::new();
    let (mut at, mut above) = (None::<String>, String::new());
    for line in lines {
        if let Some(section) = section(line) {
            (above, at) = (section, None);
            continue;
        }
        let text = line.text();
        let found = numbered_answers(&text);
        for (path, answer) in &found {
            let path = join(&above, path);
            let text = crate::marks::take(answer, true).text;
            entries.entry(path.clone()).or_insert(Entry { region: line.region(), text });
            at = Some(path);
        }
        if found.is_empty()
            && let Some(entry) = at.as_ref().and_then(|path| entries.get_mut(path))
        {
            append(&mut entry.text, &crate::marks::take(&text, true).text);
            entry.region = entry.region.with(line.region());
        }
    }
    with_bare(entries)
}

/// The paths that a line names, each with what stands behind it.
fn numbered_answers(text: &str) -> Vec<(String, &str)> {
    let Some((path, taken)) = compound_label(text) else { return Vec::new() };
    let mut found = vec![(path, taken..text.len())];
    // The next number, with an answer behind it, starts the next.
    for (at, _) in text.match_indices([' ', ',', ';']).filter(|(at, _)| *at >= taken) {
        let Some((last, range)) = found.last_mut() else { break };
        let number = last.split('.').next().unwrap_or_default().to_owned();
        let Some((path, taken)) = compound_label(&text[at + 1..]) else { continue };
        let next = number.parse::<u32>().map(|number| (number + 1).to_string());
        if next.is_ok_and(|next| path.split('.').next() == Some(next.as_str())) {
            range.end = at;
            found.push((path, at + 1 + taken..text.len()));
        }
    }
    // `1. (b)   2. (c)` name options, not parts.
    let several = found.len() > 1;
    for (path, range) in found.iter_mut().filter(|(_, range)| several && text[range.clone()].trim().is_empty()) {
        if let Some((number, letter)) = path.clone().split_once('.') {
            range.start = text.floor_char_boundary(range.start - letter.len() - 1);
            *path = number.to_owned();
        }
    }
    let answer =
        |range: std::ops::Range<usize>| text[range].trim_matches([' ', ':', '=', '-', '–', '→', '.', ')', ',', ';']);
    let found: Vec<(String, &str)> = found.into_iter().map(|(path, range)| (path, answer(range))).collect();
    // `Q1 Q2 Q3` heads columns.
    let heads = found.len() > 1 && found.iter().rev().skip(1).all(|(_, answer)| answer.is_empty());
    if heads { Vec::new() } else { found }
}

/// `13(a)(ii)`, `Q7 (b)`, `5a`, `2. a` alone, `16.`: the path, and the bytes that it takes.
pub fn compound_label(text: &str) -> Option<(String, usize)> {
    let lower = text.to_lowercase();
    let word = ["question ", "qn. ", "qn ", "q. ", "q ", "q.", "q"].iter().find(|word| lower.starts_with(**word));
    let start = word.map_or(0, |word| word.len());
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = text[start..start + digits].parse().ok().filter(|number| (1..=99).contains(number))?;
    let (mut path, mut taken) = (number.to_string(), start + digits);
    // `1B`, `1-B`, `1 = B`, `1 → iron`
    let behind = text[taken..].trim_start();
    let letter = matches!(&text.as_bytes()[taken..], [b'A'..=b'F'] | [b'A'..=b'F', b' ' | b',' | b';', ..]);
    if letter {
        return Some((path, taken));
    }
    if behind.starts_with(['-', '–', ':', '=', '→']) && !behind.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) {
        return Some((path, text.len() - behind.len()));
    }
    let stop = usize::from(text[taken..].starts_with(['.', ')']));
    for level in 0..2 {
        let rest = &text[taken + if level == 0 { stop } else { 0 }..];
        let spaces = rest.len() - rest.trim_start().len();
        let inner = rest.trim_start();
        let letters: &str = &inner[usize::from(inner.starts_with('('))..];
        let length = letters.bytes().take_while(u8::is_ascii_lowercase).count();
        let name = &letters[..length];
        let known = matches!(name.as_bytes(), [b'a'..=b'h']) || labels::roman(name).is_some();
        let behind = &letters[length..];
        let framed = behind.starts_with(')');
        // `5a` and, with nothing behind it, `2. a`; `2. a cat` has no part.
        let bare = !inner.starts_with('(')
            && (behind.trim().is_empty() || spaces == 0 && stop == 0 && behind.starts_with([' ', ':', '.']));
        if !known || !(framed || bare) {
            break;
        }
        path = format!("{path}.{name}");
        taken = text.len() - behind.len() + usize::from(framed || behind.starts_with([':', '.']));
    }
    let numbered = path.contains('.') || stop > 0 || word.is_some();
    taken += if path.contains('.') { 0 } else { stop };
    let letter =
        matches!(&text.as_bytes()[taken..], [b'A'..=b'F' | b'a'..=b'f'] | [b'A'..=b'F' | b'a'..=b'f', b' ' | b',', ..]);
    let word = stop > 0 && text[taken..].starts_with(char::is_alphabetic);
    let apart = taken == text.len() || text[taken..].starts_with([' ', ':', ')', '.', '(']) || letter || word;
    (numbered && apart || path.contains('.')).then_some((path, taken))
}

/// Answers without their questions, under the paper's labels.
fn labelled(lines: &[Line]) -> Entries {
    let mut entries = HashMap::new();
    let structure = structure::read(lines);
    for node in &structure.questions {
        let heading = structure.headings.iter().rfind(|heading| heading.line < node.at.line);
        let above = heading.map(|heading| heading.label.to_lowercase()).unwrap_or_default();
        collect(node, &above, lines, &mut entries);
    }
    with_bare(entries)
}

/// Answers below a section's heading count for their labels alone, too, the first of each.
fn with_bare(entries: Entries) -> Entries {
    let mut all = entries.clone();
    for (path, entry) in entries {
        let place = |entry: &Entry| (entry.region.page, entry.region.y as i32);
        let first = all.entry(bare(&path)).or_insert_with(|| entry.clone());
        if place(&entry) < place(first) {
            *first = entry;
        }
    }
    all
}

/// The section whose heading a line is, as paths name it.
fn section(line: &Line) -> Option<String> {
    labels::section(&line.text()).map(|(label, _)| label.to_lowercase())
}

fn join(above: &str, path: &str) -> String {
    if above.is_empty() { path.to_owned() } else { format!("{above}.{path}") }
}

fn collect(node: &Node, above: &str, lines: &[Line], entries: &mut Entries) {
    let path = join(above, &node.label.plain);
    let mut entry = Entry { region: lines[node.at.line].region(), text: String::new() };
    for (at, line) in &node.text {
        append(&mut entry.text, &crate::marks::take(line, true).text);
        entry.region = entry.region.with(lines[at.line].region());
    }
    // `6. (a)` names an option.
    if let ("", [only]) = (entry.text.as_str(), &node.children[..])
        && only.text.is_empty()
        && only.children.is_empty()
    {
        entry.text = only.label.printed.clone();
    }
    entries.entry(path.clone()).or_insert(entry);
    for child in &node.children {
        collect(child, &path, lines, entries);
    }
}

/// The answers of worked solutions by path.
fn solved(paper: &Paper, lines: &[Line], pages: &[PageText]) -> HashMap<String, Answer> {
    let mut items: Vec<&Question> = Vec::new();
    let mut starts = Vec::new();
    for question in &paper.questions {
        starts.push(items.len());
        let mut stack = vec![question];
        while let Some(item) = stack.pop() {
            items.push(item);
            stack.extend(item.parts.iter().rev());
        }
    }
    let answers = solutions::answers(&items, &starts, lines, &emphasis::letters(lines, pages));
    items.iter().zip(answers).filter_map(|(item, answer)| Some((item.path.clone(), answer?))).collect()
}

/// A line as a heading: lower case, without what stands around it.
pub fn heading(line: &Line) -> String {
    line.text().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn give(question: &mut Question, entries: &Entries, solved: &HashMap<String, Answer>, source: fn(Region) -> KeySource) {
    for part in &mut question.parts {
        give(part, entries, solved, source);
    }
    if !question.parts.is_empty() {
        return;
    }
    let ticked = |answer: &Answer| {
        let options = answer.ticked.iter();
        match question.kind {
            Kind::TrueFalse => options.map(|&n| if n == 0 { "true" } else { "false" }.to_owned()).collect::<Vec<_>>(),
            _ => options.filter_map(|&n| Some(question.options.get(n)?.text.clone())).collect(),
        }
    };
    // `b. stomach` below the question names an option.
    let below = |option: &Choice| {
        let entry = find(entries, &format!("{}.{}", question.path, option.label.to_lowercase()))?;
        Some(Entry { text: option.label.clone(), ..entry.clone() })
    };
    let named: Vec<Entry> = question.options.iter().filter_map(below).collect();
    let named = <[Entry; 1]>::try_from(named).ok().map(|[only]| only);
    let entry = named.or_else(|| find(entries, &question.path).cloned()).or_else(|| {
        let answer = solved.get(&question.path)?;
        let ticked = ticked(answer);
        let text = if ticked.is_empty() { answer.text.clone() } else { ticked.join("; ") };
        Some(Entry { region: answer.region, text })
    });
    let own = |entry: Entry| behind(&question.text, &entry.text).map(|text| Entry { text, ..entry });
    let Some(entry) = entry.and_then(own).filter(|entry| !entry.text.trim().is_empty()) else { return };
    let place = source(entry.region);
    question.key = key(question, entry, place);
    settle_kind(question);
}

/// The entry of a path: below its own section's heading, if the scheme has that.
fn find<'a>(entries: &'a Entries, path: &str) -> Option<&'a Entry> {
    let path = path.split('#').next().unwrap_or_default();
    let bare = bare(path);
    let section = path.strip_suffix(bare.as_str()).filter(|section| !section.is_empty());
    // A scheme with headings has none of the answers of a section that it does not name.
    let headings =
        |key: &String| key.starts_with(|c: char| c.is_alphabetic()) && key.contains(|c: char| c.is_ascii_digit());
    let headed = section.is_some() && entries.keys().any(headings);
    entries.get(if headed { path } else { &bare })
}

/// A path without the section in front and without the mark of a second of the same name.
fn bare(path: &str) -> String {
    let path = path.split('#').next().unwrap_or(path);
    let mut labels = path.split('.').peekable();
    if path.contains(|c: char| c.is_ascii_digit()) {
        while labels.peek().is_some_and(|label| !label.starts_with(|c: char| c.is_ascii_digit())) {
            labels.next();
        }
    }
    labels.collect::<Vec<_>>().join(".")
}

/// A line in which root signs are ticks, as `Add water √1; filter √√` has them for marks: a root stands beside other signs.
fn with_ticks(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let is_sign = |word: Option<&&str>| word.is_some_and(|word| "=+-−×/±÷".contains(*word));
    let ticked = |(n, word): (usize, &&str)| {
        let bare = word.trim_end_matches([';', ',', '.', ':']);
        let count = bare.trim_start_matches('√');
        let is_tick = count.len() < bare.len() && count.len() < 2 && count.bytes().all(|byte| byte.is_ascii_digit());
        let next = words.get(n + 1);
        let rooted = next.is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        let beside = is_sign(n.checked_sub(1).and_then(|n| words.get(n))) || is_sign(next) || rooted;
        // `mission√√`: a root has something behind it.
        let marked = bare.trim_end_matches('√');
        let behind = marked.ends_with(|c: char| c.is_alphanumeric() || c == ')') && marked.len() < bare.len();
        match (is_tick && n > 0 && !beside, behind && !rooted && !is_sign(next)) {
            (true, _) => format!("✓{}", &word[bare.len()..]),
            (_, true) => format!("{marked}✓{}", &word[bare.len()..]),
            _ => (*word).to_owned(),
        }
    };
    words.iter().enumerate().map(ticked).collect::<Vec<_>>().join(" ")
}

/// Joins a line to an answer: a bullet starts a new point.
fn append(text: &mut String, line: &str) {
    let line = &with_ticks(line.trim());
    let dash = ["- ", "– "].iter().find_map(|dash| line.strip_prefix(dash));
    let bulleted = dash.is_some() || line.starts_with(labels::is_bullet);
    let point = dash.unwrap_or(line.trim_start_matches(labels::is_bullet)).trim();
    if !text.is_empty() {
        let new_point = bulleted && !text.ends_with(':') && !text.to_lowercase().ends_with("from");
        text.push_str(if new_point { "; " } else { "\n" });
    }
    text.push_str(point);
}

/// Reads a label cell such as `16 (b) (ii)`: a number starts anew, letters and roman numbers go on where others of theirs
/// stand, or below.
fn extend(path: &mut Vec<(Numbering, String)>, cell: &str) {
    // `01.1`, `03`
    let mut rest = cell.trim().trim_start_matches('0');
    while !rest.is_empty() {
        if let Some((label, taken)) =
            labels::at_start(rest).into_iter().find(|(label, _)| label.dotted_path().is_some())
        {
            let numbers = label.printed.split('.').filter(|number| !number.is_empty());
            *path = numbers.map(|number| (Numbering::Number, number.to_owned())).collect();
            rest = rest[taken..].trim_start();
            continue;
        }
        // `1(a)`: a number with no space behind it.
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let part = rest[digits..].len() < 4 && rest[digits..].bytes().all(|byte| byte.is_ascii_lowercase());
        if digits > 0 && (part || rest[digits..].starts_with(['(', ' ', '.', ')'])) {
            path.clear();
            path.push((Numbering::Number, rest[..digits].trim_start_matches('0').to_owned()));
            rest = rest[digits..].trim_start_matches(['.', ')', ' ']);
            continue;
        }
        let mut found = labels::at_start(rest);
        // In a column of its own a letter stands alone, or before a roman number in the next one.
        let word = rest.split(' ').next().unwrap_or_default();
        if found.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            found = labels::at_start(&format!("({word})"));
            found.iter_mut().for_each(|(_, taken)| *taken = word.len());
        }
        // `i` is a roman number, unless it follows the letter `h`.
        let roman = |n: Numbering| matches!(n, Numbering::LowerRoman | Numbering::UpperRoman);
        let letter = |(n, _): &&(Numbering, String)| matches!(n, Numbering::LowerLetter | Numbering::UpperLetter);
        let before = path.iter().rfind(letter).and_then(|(_, plain)| plain.bytes().last());
        let follows = |label: &labels::Label| before.is_some_and(|before| label.plain.bytes().eq([before + 1]));
        if let Some((label, taken)) = found.iter().find(|(label, _)| label.numbering == Numbering::Number) {
            *path = vec![(Numbering::Number, label.plain.clone())];
            rest = rest[*taken..].trim_start();
            continue;
        }
        let Some((label, taken)) = found
            .iter()
            .find(|(label, _)| roman(label.numbering) == (labels::roman(&label.plain).is_some() && !follows(label)))
            .or(found.first())
        else {
            return;
        };
        let level = path.iter().position(|(n, _)| roman(*n) == roman(label.numbering) && *n != Numbering::Number);
        path.truncate(level.unwrap_or(path.len()));
        path.push((label.numbering, label.plain.clone()));
        rest = rest[*taken..].trim_start();
    }
}

/// What a paper's options are labelled with.
enum OptionLabels {
    Letters,
    /// `1 3 2 5 3 1` are pairs where options are numbered.
    Numbers,
}

impl OptionLabels {
    fn of(leaves: &[&Question]) -> Self {
        let choices = || leaves.iter().filter(|leaf| leaf.kind == Kind::Single && !leaf.options.is_empty());
        let is_number = |label: &str| label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_digit());
        let numbered = choices().filter(|leaf| leaf.options.iter().all(|option| is_number(&option.label))).count();
        if numbered * 2 > choices().count() { Self::Numbers } else { Self::Letters }
    }

    /// A question's number and an option's letter, or whether a statement holds.
    fn pair<'a>(&self, number: &str, letter: &'a str) -> Option<(u32, &'a str)> {
        let number = number.trim_start_matches(['Q', 'q']).trim_end_matches(['.', ')', ':', '-']).parse().ok()?;
        let letter = letter.trim_matches(['(', ')', '.']);
        let is_letter = |byte: u8| match self {
            Self::Letters => (b'A'..=b'H').contains(&byte.to_ascii_uppercase()),
            Self::Numbers => (b'1'..=b'6').contains(&byte),
        };
        let lower = letter.to_lowercase();
        let judges = words::HOLDS.has(&lower) || words::FAILS.has(&lower);
        let named = letter.len() == 1 && letter.bytes().all(is_letter);
        ((1..=300).contains(&number) && (named || judges)).then_some((number, letter))
    }
}

/// A row of answers with a space between each number and what it names: `1.....4`, `1-A`, `2 . . . . B`.
fn apart(text: &str) -> String {
    let dots = |text: &str| text.contains("...") || text.contains(". . .") || text.contains('…');
    let text = if dots(text) { text.replace(['.', '…'], " ") } else { text.to_owned() };
    let divided = |word: &str| {
        let number = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let behind = word[number..].strip_prefix(['-', '–', '=', ':', '.', ')']).filter(|_| number > 0)?;
        let one = behind.chars().count() == 1 && behind.chars().all(|c| c.is_ascii_alphabetic());
        one.then(|| format!("{} {behind}", &word[..number]))
    };
    text.split_whitespace().map(|word| divided(word).unwrap_or_else(|| word.to_owned())).collect::<Vec<_>>().join(" ")
}

/// `1 B 2 D 3 A`: pairs of a number and a letter, in any number of columns.
fn letters(lines: &[Line], labels: &OptionLabels) -> Entries {
    let mut entries = HashMap::new();
    let mut above = String::new();
    let texts: Vec<String> = lines.iter().map(|line| apart(&line.text())).collect();
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        above = section(line).unwrap_or(above);
        if n < read {
            continue;
        }
        let words: Vec<&str> = texts[n].split_whitespace().collect();
        // A row of numbers over a row of letters reads as pairs, too.
        let below: Vec<&str> = texts.get(n + 1).map(|text| text.split_whitespace().collect()).unwrap_or_default();
        let (words, below) = without_heads(words, below);
        let rows = words.len() > 2 && words.len() == below.len();
        let heads = |text: &str| !text.contains(|c: char| c.is_ascii_digit());
        let columns: Vec<Option<u32>> =
            words.iter().zip(&below).map(|(number, letter)| Some(labels.pair(number, letter)?.0)).collect();
        let headed =
            usize::from(columns.first().is_some_and(Option::is_none) && words.first().is_some_and(|word| heads(word)));
        let goes_on = |pair: &[Option<u32>]| pair[0].zip(pair[1]).is_some_and(|(one, next)| next == one + 1);
        let across = rows && columns.len() > headed + 1 && columns[headed..].windows(2).all(goes_on);
        if let Some(found) = parts_across(&texts[..n], &words, &below, labels) {
            let region = line.region().with(lines[n + 1].region());
            for (path, letter) in found {
                entries.entry(join(&above, &path)).or_insert(Entry { region, text: letter });
            }
            continue;
        }
        let words: Vec<&str> =
            if across { words.iter().zip(&below).flat_map(|(a, b)| [*a, *b]).collect() } else { words };
        let region = if across { line.region().with(lines[n + 1].region()) } else { line.region() };
        read = n + 1 + usize::from(across);
        let mut at = 0;
        let mut pairs = Vec::new();
        while at + 1 < words.len() {
            // `1. a lever` is no choice.
            let ends = words.get(at + 2).is_none_or(|next| next.starts_with(|c: char| !c.is_lowercase()));
            match labels.pair(words[at], words[at + 1]) {
                Some((number, letter)) if ends => {
                    pairs.push((join(&above, &number.to_string()), Entry { region, text: letter.to_owned() }));
                    at += 2;
                }
                _ => at += 1,
            }
        }
        // `1. A car …` is a sentence.
        if pairs.len() * 4 >= words.len() {
            pairs.into_iter().for_each(|(number, entry)| _ = entries.entry(number).or_insert(entry));
        }
    }
    if entries.len() >= 4 { with_bare(entries) } else { HashMap::new() }
}

/// Two rows without what stands before them, `Q. No. 1 2 3` over `Answer B C A`, where then one is over each other.
fn without_heads<'a>(numbers: Vec<&'a str>, answers: Vec<&'a str>) -> (Vec<&'a str>, Vec<&'a str>) {
    /// Words before the first number or answer.
    const HEAD: usize = 3;
    let first = numbers.iter().position(|word| word.contains(|c: char| c.is_ascii_digit())).unwrap_or_default();
    let count = numbers.len() - first;
    let fits = count > 2 && first <= HEAD && (count..=count + HEAD).contains(&answers.len());
    let named = |word: &&str| word.chars().count() > 1 && !word.contains(|c: char| c.is_ascii_digit());
    if !fits || numbers.len() == answers.len() || !answers[..answers.len() - count].iter().all(named) {
        return (numbers, answers);
    }
    (numbers[first..].to_vec(), answers[answers.len() - count..].to_vec())
}

/// A row of roman numbers or small letters over a row of letters, below `Question 1`: the answers of its parts.
fn parts_across(
    above: &[String],
    parts: &[&str],
    given: &[&str],
    labels: &OptionLabels,
) -> Option<Vec<(String, String)>> {
    if parts.len() < 3 || parts.len() != given.len() {
        return None;
    }
    let label = |n: usize| parts[n].trim_matches(['(', ')', '.']).to_owned();
    // `Item`, or another heading of the row
    let skip = usize::from(label(0).len() > 1 && labels::roman(&label(0)).is_none());
    let in_order = (skip..parts.len()).all(|n| {
        let nth = (n - skip + 1) as u32;
        labels::roman(&label(n)) == Some(nth) || label(n).bytes().eq([b'a' + nth as u8 - 1])
    });
    let found = |n: usize| labels.pair("1", given[n]).map(|(_, letter)| letter.to_owned());
    let number = above.iter().rev().take(4).find_map(|text| {
        let (label, _) = labels::at_start(text).into_iter().find(|(label, _)| label.numbering == Numbering::Number)?;
        Some(label.plain)
    })?;
    let pairs = (skip..parts.len()).map(|n| Some((format!("{number}.{}", label(n)), found(n)?)));
    in_order.then(|| pairs.collect::<Option<Vec<_>>>()).flatten()
}

fn key(question: &Question, entry: Entry, source: KeySource) -> Option<Key> {
    let entry = Entry { text: without_question(&entry.text, &question.text).to_owned(), ..entry };
    // Each line may name an option: `A Bank loan`.
    let named = |line: &str| question.options.iter().position(|option| leads(option, line.trim()));
    let leading: Vec<usize> = entry.text.lines().map(named).collect::<Option<_>>().unwrap_or_default();
    // The blanks of a text are filled line by line, if there are as many.
    let blanks = question.choose.filter(|_| question.kind == Kind::Cloze).unwrap_or_default() as usize;
    let lines = match question.kind {
        _ if blanks > 1 && entry.text.lines().count() == blanks => entry.text.replace('\n', "; "),
        Kind::Label => entry.text.replace('\n', "; "),
        Kind::Classify => by_headings(&entry.text),
        _ => entry.text,
    };
    // A tick ends a point.
    let lines = lines.replace("✓\n", "✓;\n").replace("✔\n", "✔;\n");
    // What ends with a comma goes on.
    let lines = lines.replace(",; ", ", ");
    let text = without_award(&lines.split_whitespace().collect::<Vec<_>>().join(" ")).to_owned();
    let text = without_cue(&text).to_owned();
    // Ticks stand for marks, a semicolon behind each point.
    let text = text.replace(['✓', '✔'], "");
    let points = text.split(';').map(|point| without_unit(point.trim())).filter(|point| !point.is_empty());
    let text = points.map(|point| point.replace("  ", " ")).collect::<Vec<_>>().join("; ");
    let text = if question.kind == Kind::Label { names_of_parts(&text, &question.options) } else { text };
    let by_line: Vec<String> = leading.iter().filter_map(|n| Some(question.options.get(*n)?.id.clone())).collect();
    let options = match question.kind {
        Kind::Multiple if by_line.len() > 1 => by_line,
        Kind::TrueFalse => truth(&text).map(|word| vec![word.to_owned()]).unwrap_or_default(),
        Kind::Single | Kind::Multiple => chosen(&question.options, &text),
        _ => Vec::new(),
    };
    let text = match (&options[..], question.options.iter().find(|option| leads(option, &text))) {
        ([id], Some(option)) if *id == option.id => option.label.clone(),
        _ => text,
    };
    Some(Key { options, text, source })
}

/// `B Bellows`, an option's letter and its text: the letter says it all.
fn leads(option: &Choice, text: &str) -> bool {
    let bare = text.strip_prefix('(').unwrap_or(text);
    let letter = option.label.len() == 1 && option.label.starts_with(|c: char| c.is_alphabetic());
    let rest = bare.strip_prefix(option.label.as_str()).filter(|_| letter);
    // `a lever` is no letter.
    let capital = option.label.starts_with(char::is_uppercase);
    rest.is_some_and(|rest| rest.starts_with(['.', ')', ':']) || capital && rest.starts_with(' '))
}

/// A line that begins with a heading, `leaves: …`, starts a point.
fn by_headings(text: &str) -> String {
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or_default().trim().to_owned();
    for line in lines.map(str::trim) {
        let heading = line.split_once(':').is_some_and(|(heading, _)| !heading.contains([',', ';']));
        out.push_str(if heading && !out.ends_with([',', ';']) { "; " } else { " " });
        out.push_str(line);
    }
    out
}

/// "One mark for each correct row:" tells how to mark, not what.
fn without_award(text: &str) -> &str {
    let lower = text.to_lowercase();
    let awards = [
        "one mark each",
        "one mark for each",
        "one mark per",
        "award 1 mark",
        "award one mark",
        "1 mark each",
        "1 mark for each",
        "1 mark per",
    ];
    let end = text.find([':', ';', '.']).filter(|&end| end < 80 && awards.iter().any(|award| lower.starts_with(award)));
    let rest = end.map_or("", |end| text[end..].trim_start_matches([':', ';', '.', ' ']));
    if rest.is_empty() { text } else { rest }
}

/// An answer without `Ans:` or `Option` before it, and without what stands before that.
fn without_cue(text: &str) -> &str {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text;
    }
    if let Some(answer) = behind_question_name(text) {
        return answer;
    }
    let cues = || words::ANSWER.all().filter(|cue| cue.ends_with([':', '.'])).chain(["option ", "letter "]);
    let starts = |at: usize| cues().filter(|cue| lower[at..].starts_with(cue)).map(|cue| at + cue.len()).max();
    let within = |at: usize| starts(at).filter(|&end| lower[..end].ends_with(':') && !text[end..].trim().is_empty());
    let behind = || lower.match_indices([' ', '\n']).find_map(|(at, _)| within(at + 1));
    starts(0).or_else(behind).map_or(text, |end| text[end..].trim_start())
}

/// What stands behind `Answer to Q.3:`, the name of the question.
pub fn behind_question_name(text: &str) -> Option<&str> {
    const MOST_WORDS: usize = 5;
    let (name, answer) = text.split_once(':')?;
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let [first, .., last] = &words[..] else { return None };
    let answers = words::ANSWER.has(first) || words::ANSWER.has(&format!("{first}:"));
    let numbered = last.ends_with(|c: char| c.is_ascii_digit());
    (answers && numbered && words.len() <= MOST_WORDS && !name.contains('=')).then_some(answer.trim())
}

/// Whether a word is codes of marks, `(M1)A1`.
fn is_codes(word: &str) -> bool {
    let letters: Vec<u8> = word.bytes().filter(|byte| !b"()".contains(byte)).collect();
    let code = |code: &[u8]| matches!(code, [b'M' | b'A' | b'R' | b'B', b'0'..=b'9']);
    !letters.is_empty() && letters.chunks(2).all(code)
}

/// The last word of each line of an answer that is codes.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_end().rsplit(' ').next()).filter(|word| is_codes(word))
}

/// Whether a scheme gives codes, for the method among them, behind several of its answers: one alone is `Vitamin B1`.
fn are_coded(entries: &Entries) -> bool {
    const FEWEST: usize = 3;
    let coded = entries.iter().filter(|(_, entry)| codes(&entry.text).next().is_some());
    let paths: HashSet<String> = coded.clone().map(|(path, _)| bare(path)).collect();
    let gives = |letter: char| coded.clone().any(|(_, entry)| codes(&entry.text).any(|codes| codes.contains(letter)));
    paths.len() >= FEWEST && gives('M') && gives('A')
}

/// An answer without the marks of each step at the end of its line, `x = 4 (M1)A1`: of several lines those that earn more than
/// the method, or than what is in brackets because it is implied. Two codes at one place tell them, where the scheme does not.
fn without_codes(text: &str, coded: bool) -> String {
    let several = |codes: &str| codes.matches(|c: char| c.is_ascii_digit()).count() > 1;
    if !coded && !codes(text).any(several) {
        return text.to_owned();
    }
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for line in text.lines().map(str::trim) {
        match (line.rsplit_once(' '), lines.last_mut()) {
            // In a column of their own.
            (None, Some(last)) if is_codes(line) => last.1 = line,
            (Some((rest, codes)), _) if is_codes(codes) => lines.push((rest, codes)),
            _ => lines.push((line, "")),
        }
    }
    let counts = |codes: &str| {
        let implied = |at: usize| codes[..at].rfind('(') > codes[..at].rfind(')');
        codes.char_indices().any(|(at, c)| matches!(c, 'A' | 'B' | 'R') && !implied(at))
    };
    let any = lines.iter().any(|(_, codes)| counts(codes));
    let kept = lines.iter().filter(|(_, codes)| !any || codes.is_empty() || counts(codes)).map(|(line, _)| *line);
    kept.collect::<Vec<_>>().join("\n")
}

/// An answer without the question's own words before it, which some schemes print again.
fn without_question<'a>(text: &'a str, asked: &str) -> &'a str {
    const FEWEST: usize = 3;
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (asked_letters, words) = (letters(asked), asked.split_whitespace().count());
    let mut printed = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
    let end = printed.by_ref().nth(asked_letters.len().saturating_sub(1)).map(|(at, c)| at + c.len_utf8());
    let behind = end.filter(|&end| words >= FEWEST && letters(&text[..end]) == asked_letters);
    let rest =
        behind.map_or("", |end| text[end..].trim_start_matches(['.', '?', '!', ':', ';', ')', '…', '_', ' ', '\n']));
    if rest.is_empty() { text } else { rest }
}

/// `391 (cm³)`: a unit in brackets is not asked for.
fn without_unit(point: &str) -> &str {
    let number = |text: &str| {
        let digits = text.trim_start_matches(['-', '−']).replace([' ', ',', '.'], "");
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let unit =
        |text: &str| text.starts_with(|c: char| c.is_alphabetic() || "°%$£€".contains(c)) && text.chars().count() <= 12;
    match point.strip_suffix(')').and_then(|point| point.rsplit_once(" (")) {
        Some((value, inner)) if number(value) && unit(inner) => value,
        _ => point,
    }
}

/// `true` or `false` at the start of a text.
fn truth(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let word = lower.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_owned();
    if words::FAILS.all().any(|value| value.contains(' ') && lower.starts_with(value)) {
        return Some("false");
    }
    if words::HOLDS.has(&word) {
        return Some("true");
    }
    words::FAILS.has(&word).then_some("false")
}

/// The ids of the options that a key names: by labels (`A and D`), by a label and its text (`B. Bellows`), by text.
fn chosen(options: &[Choice], text: &str) -> Vec<String> {
    let same = |a: &str, b: &str| {
        let plain =
            |text: &str| text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
        plain(a) == plain(b)
    };
    let by_label =
        |word: &str| options.iter().find(|o| !o.label.is_empty() && same(&o.label, word)).map(|o| o.id.clone());
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '/' | '(' | ')'))
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| !word.is_empty() && !same(word, "and"))
        .collect();
    let all: Option<Vec<String>> = words.iter().map(|word| by_label(word)).collect();
    if let Some(ids) = all.filter(|ids| !ids.is_empty()) {
        return ids;
    }
    let points: Vec<&str> = text.split(';').chain([text]).collect();
    let named = |option: &&Choice| points.iter().any(|point| same(&option.text, point));
    let by_text: Vec<String> = options.iter().filter(named).map(|o| o.id.clone()).collect();
    if !by_text.is_empty() {
        return by_text;
    }
    words.first().and_then(|word| by_label(word)).into_iter().collect()
}

/// Now that the answer is known, the kind may be clearer.
fn settle_kind(question: &mut Question) {
    let Some(key) = &question.key else { return };
    let lower = key.text.to_lowercase();
    let unresolved = key.options.is_empty() && matches!(question.kind, Kind::Single | Kind::Multiple | Kind::TrueFalse);
    if unresolved {
        question.doubts.push(format!("The scheme's answer “{}” is none of the options.", key.text));
        question.confidence = question.confidence.min(0.5);
        return;
    }
    if !matches!(question.kind, Kind::Short | Kind::Numeric | Kind::Long | Kind::List) {
        return;
    }
    let any = lower.strip_prefix("any ").and_then(|rest| {
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        words::number(&word)
    });
    let number_first = key
        .text
        .trim_start_matches(|c: char| !c.is_ascii_digit() && !c.is_lowercase())
        .starts_with(|c: char| c.is_ascii_digit())
        || lower.split_once('=').is_some_and(|(name, value)| {
            name.trim().chars().count() <= 2
                && value.trim_start_matches(['−', '-', ' ']).starts_with(|c: char| c.is_ascii_digit())
        });
    let points = key.text.split("; ").count();
    let coordinates = key.text.starts_with('(') && key.text.contains(',');
    let number_first = number_first && !coordinates;
    let number_first = number_first && !key.text.contains('√');
    if let Some(count) = any.filter(|count| *count > 1) {
        (question.kind, question.choose) = (Kind::List, Some(count));
    } else if number_first && points == 1 && question.kind != Kind::List {
        question.kind = Kind::Numeric;
    } else if question.kind == Kind::Numeric && (!number_first || points > 1)
        || question.kind == Kind::Long && points == 1 && key.text.split_whitespace().count() <= 3
    {
        question.kind = Kind::Short;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_behind_lines_tell_the_answer_from_the_way_to_it() {
        assert_eq!(without_codes("5000(1 + 0.003) (M1)(A1)\n5569.34 A1", false), "5569.34");
        let alone = |text: &str| without_codes(text, false);
        assert_eq!((alone("x = 4 (M1)A1"), alone("7\nA1A1")), ("x = 4".into(), "7".into()));
        assert_eq!(without_codes("x = 4 (M1)\nx = 5 A1", true), "x = 5");
        assert_eq!(without_codes("Paper size A\nof any kind", true), "Paper size A\nof any kind");
    }

    #[test]
    fn an_answer_by_label_is_told_from_the_question_before_it() {
        let said = |answer: &str| behind("Write the genotype of the male.", answer);
        assert_eq!(said("Write the genotype of the male.\nBb").as_deref(), Some("Bb"));
        assert_eq!(said("Bb").as_deref(), Some("Bb"));
        assert_eq!(said("Write the genotype of the male."), None);
        assert_eq!(said("the male has Bb").as_deref(), Some("the male has Bb"));
    }

    #[test]
    fn what_looks_like_a_code_is_one_where_the_scheme_gives_codes() {
        let keys = |answers: [&str; 4]| -> Vec<String> {
            let asked = ["1. Name the first.", "2. Name the second.", "3. Name the third.", "4. Name the fourth."];
            let mut paper = crate::read_paper(&[crate::testing::typed(&asked)]);
            let rows: Vec<String> = (1..).zip(answers).map(|(n, answer)| format!("{n}. {answer}")).collect();
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            crate::apply_scheme(&mut paper, &[crate::testing::typed(&[&["MARKING SCHEME"], &rows[..]].concat())]);
            paper.questions.iter().filter_map(|question| Some(question.key.as_ref()?.text.clone())).collect()
        };
        for names in
            [["Vitamin B1", "Cell B2", "Paper A4", "iron"], ["Vitamin B1", "narrow money M1", "broad money M2", "tin"]]
        {
            assert_eq!(keys(names), names);
        }
        assert_eq!(keys(["x = 4 A1", "y = 5 A1", "x + 1 M1", "7"]), ["x = 4", "y = 5", "x + 1", "7"]);
    }

    #[test]
    fn what_stands_before_the_word_for_an_answer_is_none_of_it() {
        assert_eq!(without_cue("/ Answer: B) 3"), "B) 3");
        assert_eq!(without_cue("Which organ is it? Answer: C"), "C");
        assert_eq!(without_cue("The answer is long"), "The answer is long");
    }

    #[test]
    fn a_label_may_name_a_question_and_its_part() {
        for (text, path, rest) in [
            ("13(a) 37.5%", "13.a", " 37.5%"),
            ("Q7(b) Wind", "7.b", " Wind"),
            ("Q7 (b) (ii) Wind", "7.b.ii", " Wind"),
            ("5a", "5.a", ""),
            ("5a isuri", "5.a", " isuri"),
            ("2. a", "2.a", ""),
            ("16. 5.6 cm", "16", " 5.6 cm"),
            ("Q9 by wind", "9", " by wind"),
            ("2. a cat", "2", " a cat"),
        ] {
            let (found, taken) = compound_label(text).unwrap();
            assert_eq!((found.as_str(), &text[taken..]), (path, rest), "{text}");
        }
        assert_eq!(compound_label("408 is right"), None);
        assert_eq!(compound_label("quickly"), None);
    }

    #[test]
    fn lists_of_answers_are_written_in_many_ways() {
        let mut rows = vec!["BIOLOGY TEST"];
        rows.extend(["1. Which organ pumps blood?", "A. lung", "B. heart", "C. liver", "D. skin"]);
        rows.extend(["2. Which gas do plants take in?", "A. oxygen", "B. helium", "C. carbon dioxide", "D. neon"]);
        rows.extend(["3. Which one is a mammal?", "A. cow", "B. hen", "C. frog", "D. fish"]);
        rows.extend(["4. What is the green pigment of leaves called?", "5. How do plants make food?"]);
        let paper = crate::read_paper(&[crate::testing::typed(&rows)]);
        for key in [
            "1-B, 2-C, 3-A|4-chlorophyll|5-photosynthesis",
            "1. (b)   2. (c)   3. (a)|4. chlorophyll|5. photosynthesis",
            "1) B|2) C|3) A|4) chlorophyll|5) photosynthesis",
            "1 = B|2 = C|3 = A|4 = chlorophyll|5 = photosynthesis",
            "1: B|2: C|3: A|4: chlorophyll|5: photosynthesis",
            "Question 1: B|Question 2: C|Question 3: A|Question 4: chlorophyll|Question 5: photosynthesis",
            "1 → B|2 → C|3 → A|4 → chlorophyll|5 → photosynthesis",
            "1. Ans: B|2. Ans: C|3. Ans: A|4. Ans: chlorophyll|5. Ans: photosynthesis",
            "1.B 2.C 3.A 4.chlorophyll 5.photosynthesis",
            "1B 2C 3A|4. chlorophyll|5. photosynthesis",
            "1. Option B|2. Option C|3. Option A|4. chlorophyll|5. photosynthesis",
        ] {
            let mut paper = paper.clone();
            let rows: Vec<&str> = std::iter::once("ANSWERS").chain(key.split('|')).collect();
            crate::apply_scheme(&mut paper, &[crate::testing::typed(&rows)]);
            let text = |question: &Question| question.key.as_ref().map(|key| key.text.to_uppercase());
            let keys: Vec<_> = paper.questions.iter().map(|question| text(question).unwrap_or_default()).collect();
            assert!(
                keys[..3]
                    .iter()
                    .zip(["B", "C", "A"])
                    .all(|(key, letter)| key.trim_matches(['(', ')']).starts_with(letter)),
                "{key}: {keys:?}"
            );
            assert_eq!(keys[3..], ["CHLOROPHYLL", "PHOTOSYNTHESIS"], "{key}");
        }
    }

    #[test]
    fn parts_may_be_named_with_their_questions() {
        let paper = crate::read_paper(&[crate::testing::typed(&[
            "1. Work out 3 + 4. (1 mark)",
            "2. Kato had 30 hens.",
            "(a) How many did he sell? (2 marks)",
            "(b) How many are left? (2 marks)",
        ])]);
        for rows in [["1. 7", "2(a) 12 hens", "2(b) 18 hens"], ["Q1 7", "Q2(a) 12 hens", "Q2(b) 18 hens"]] {
            let mut paper = paper.clone();
            crate::apply_scheme(&mut paper, &[crate::testing::typed(&rows)]);
            let leaves = paper.questions.iter().flat_map(Question::leaves);
            let keys: Vec<_> = leaves.map(|leaf| leaf.key.as_ref().map(|key| key.text.as_str())).collect();
            assert_eq!(keys, [Some("7"), Some("12 hens"), Some("18 hens")], "{rows:?}");
        }
    }

    #[test]
    fn a_scheme_has_the_labels_of_its_paper() {
        let item = |n: usize| Question { path: n.to_string(), ..Question::default() };
        let questions: Vec<Question> = (1..=8).map(item).collect();
        let paper = Paper { questions, ..crate::read_paper(&[]) };
        let fits_from = |first: usize| {
            let entry = |n: usize| {
                let region = Region { page: 1, x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
                (n.to_string(), Entry { region, text: "heat".to_owned() })
            };
            Answers { entries: (first..first + 8).map(entry).collect(), solved: HashMap::new() }.fit(&paper)
        };
        assert_eq!([1, 3, 7].map(fits_from), [true; 3]);
        assert_eq!([8, 31].map(fits_from), [false; 2]);
    }
    use crate::lines::Segment;

    fn line(cells: &[(f32, &str)]) -> Line {
        let segments = cells
            .iter()
            .map(|(x, text)| Segment { x: *x, right: x + 50.0, size: 10.0, bold: false, text: (*text).to_owned() })
            .collect();
        Line { page: 2, segments, ..Line::default() }
    }

    #[test]
    fn tables_are_read_by_their_columns() {
        let entries = table::entries(&[
            line(&[(60.0, "Question"), (130.0, "Answer"), (360.0, "Regrades"), (490.0, "Marks")]),
            line(&[(60.0, "1"), (130.0, "B"), (510.0, "1")]),
            line(&[(60.0, "2 (a)"), (130.0, "12 cm"), (360.0, "3 × 4"), (510.0, "2")]),
            line(&[(60.0, "(b)"), (130.0, "heat /"), (510.0, "1")]),
            line(&[(130.0, "warmth")]),
            line(&[(60.0, "3(c)(ii)"), (130.0, "Any two from:")]),
            line(&[(130.0, "• iron")]),
            line(&[(130.0, "• zinc")]),
        ]);
        let text = |path: &str| entries.get(path).map(|entry| entry.text.as_str());
        assert_eq!(text("1"), Some("B"));
        assert_eq!(text("2.a"), Some("12 cm"));
        assert_eq!(text("2.b"), Some("heat /\nwarmth"));
        assert_eq!(text("3.c.ii"), Some("Any two from:\niron; zinc"));
    }

    #[test]
    fn letters_and_roman_numbers_go_on_in_their_places() {
        let mut path = Vec::new();
        let mut after = |cell: &str| {
            extend(&mut path, cell);
            path.iter().map(|(_, plain)| plain.as_str()).collect::<Vec<_>>().join(".")
        };
        assert_eq!(after("13 (i) (a)"), "13.i.a");
        assert_eq!([after("(b)"), after("(ii)"), after("(iii)(a)")], ["13.i.b", "13.ii", "13.iii.a"]);
        assert_eq!(
            [after("14 (a)(i)"), after("(ii)"), after("(b)"), after("(i)")],
            ["14.a.i", "14.a.ii", "14.b", "14.b.i"]
        );
        assert_eq!([after("15 (h)"), after("(i)")], ["15.h", "15.i"]);
    }

    #[test]
    fn pairs_of_numbers_and_letters() {
        let lines = [line(&[(60.0, "1 B 2 D 3 A")]), line(&[(60.0, "4"), (80.0, "C"), (200.0, "5"), (220.0, "E")])];
        assert_eq!(letters(&lines, &OptionLabels::Letters)["5"].text, "E");
        assert!(letters(&lines[..1], &OptionLabels::Letters).is_empty(), "three pairs are no table");
        let pairs = [line(&[(60.0, "1. B 2. C 3. A")]), line(&[(60.0, "4. B 5. B 6. D")])];
        assert_eq!(letters(&pairs, &OptionLabels::Letters)["2"].text, "C");
        let rows = [line(&[(60.0, "1 2 3 4 5 6")]), line(&[(60.0, "B D A C A E")])];
        assert_eq!(letters(&rows, &OptionLabels::Letters)["6"].text, "E");
        assert_eq!(letters(&rows, &OptionLabels::Letters)["2"].text, "D");
        let rows = [line(&[(60.0, "Q. No. 1 2 3 4 5 6")]), line(&[(60.0, "Answer B D A C A E")])];
        assert_eq!(letters(&rows, &OptionLabels::Letters)["6"].text, "E");
    }

    #[test]
    fn pairs_of_numbers_and_numbers() {
        let given = |rows: &[&str]| {
            let lines: Vec<Line> = rows.iter().map(|text| line(&[(60.0, text)])).collect();
            let entries = letters(&lines, &OptionLabels::Numbers);
            (1..=9).filter_map(|n| entries.get(&n.to_string()).map(|entry| entry.text.clone())).collect::<String>()
        };
        assert_eq!(given(&["1 3 5 2", "2 2 6 4", "3 1 7 5", "4 4 8 1"]), "32142451");
        assert_eq!(given(&["Q1 Q2 Q3 Q4 Q5", "3 1 1 4 2"]), "31142");
        assert_eq!(given(&["1.....4  4.....1", "2 . . . . . 1  5 . . . . . 4", "3.....3"]), "41314");
        assert_eq!((apart("1-A 2–C"), apart("1.5 V")), ("1 A 2 C".into(), "1.5 V".into()));
    }

    #[test]
    fn roots_may_be_ticks() {
        assert_eq!(with_ticks("Add water √1; filter √√."), "Add water ✓; filter ✓.");
        assert_eq!(with_ticks("x = √2 or √ 3"), "x = √2 or √ 3");
        assert_eq!(with_ticks("mission√√"), "mission✓");
        assert_eq!(with_ticks("2√ 3"), "2√ 3");
    }

    #[test]
    fn ticks_and_semicolons_of_a_scheme_stand_for_marks() {
        let text = "Pumps blood; ✓; Carries oxygen ✓✓;".to_owned();
        let entry = Entry { region: Region::default(), text };
        assert_eq!(key(&Question::default(), entry, KeySource::Person).unwrap().text, "Pumps blood; Carries oxygen");
    }

    #[test]
    fn a_list_adds_words_to_letters() {
        let list = |texts: &[&str]| texts.iter().map(|text| line(&[(60.0, text)])).collect::<Vec<Line>>();
        let lines = list(&["1. B", "2. C", "3. A", "4. B", "5. D", "6. It floats on water."]);
        let mut pairs = letters(&lines, &OptionLabels::Letters);
        complete(&mut pairs, labelled(&lines));
        assert_eq!((pairs["5"].text.as_str(), pairs["6"].text.as_str()), ("D", "It floats on water."));
        let mut other = letters(&lines, &OptionLabels::Letters);
        complete(&mut other, labelled(&list(&["1. Rules", "2. How to mark", "6. Half marks"])));
        assert!(!other.contains_key("6"), "what does not agree is no list of answers");
    }

    #[test]
    fn a_section_without_answers_takes_none_of_another() {
        let entry = Entry { region: Region::default(), text: "B".into() };
        let entries = with_bare(HashMap::from([("i.2".to_owned(), entry)]));
        assert!(find(&entries, "i.2").is_some() && find(&entries, "2").is_some());
        assert!(find(&entries, "ii.2").is_none());
    }

    #[test]
    fn keys_name_options() {
        let choice = |n: u32, label: &str, text: &str| Choice {
            id: format!("o{n}"),
            label: label.into(),
            text: text.into(),
            ..Choice::default()
        };
        let options = [choice(1, "A", "iron"), choice(2, "B", "wood"), choice(3, "C", "copper")];
        assert_eq!(chosen(&options, "B"), ["o2"]);
        assert_eq!(chosen(&options, "A and C"), ["o1", "o3"]);
        assert_eq!(chosen(&options, "copper"), ["o3"]);
        assert_eq!(chosen(&options, "copper; iron"), ["o1", "o3"]);
        assert_eq!(without_award("One mark for each correct metal: copper; iron"), "copper; iron");
        assert_eq!(without_award("One mark for copper"), "One mark for copper");
        assert_eq!(
            ["391 (cm³)", "−2.5 (°C)", "2 (1)", "water (vapour)"].map(without_unit),
            ["391", "−2.5", "2 (1)", "water (vapour)"]
        );
        assert_eq!(chosen(&options, "B. wood"), ["o2"]);
        assert!(chosen(&options, "gold").is_empty());
    }

    #[test]
    fn each_line_of_a_key_may_name_an_option() {
        let option = |(n, text): (usize, &str)| Choice { text: text.to_owned(), ..Choice::nth(n) };
        let options = ["Bank loan", "Wages", "Overdraft"].into_iter().enumerate().map(option).collect();
        let question = Question { kind: Kind::Multiple, options, ..Question::default() };
        let entry = Entry { region: Region::default(), text: "A Bank loan\nC Overdraft".into() };
        assert_eq!(key(&question, entry, KeySource::Person).unwrap().options, ["o1", "o3"]);
    }

    #[test]
    fn names_stand_in_the_order_of_their_parts() {
        let parts: Vec<Choice> = (0..2).map(Choice::nth).collect();
        let labelled = Question { kind: Kind::Label, options: parts, ..Question::default() };
        let text = |text: &str| {
            key(&labelled, Entry { region: Region::default(), text: text.into() }, KeySource::Person).unwrap().text
        };
        assert_eq!(text("A: stigma\nB: style"), "stigma; style");
        assert_eq!(by_headings("Mammals: cow, goat\nBirds: hen"), "Mammals: cow, goat; Birds: hen");
        assert_eq!(
            by_headings("roots: yam; leaves: cabbage,\nspinach; fruits: fig"),
            "roots: yam; leaves: cabbage, spinach; fruits: fig"
        );
        assert_eq!(by_headings("roots: yam;\nleaves: cabbage"), "roots: yam; leaves: cabbage");
    }

    #[test]
    fn keys_tell_where_they_stand() {
        let at = |page, top: f32, cells: &[(f32, &str)]| Line {
            page,
            top,
            bottom: top + 12.0,
            column: (60.0, 500.0),
            ..line(cells)
        };
        let lines = [
            at(2, 80.0, &[(60.0, "Question"), (130.0, "Answer")]),
            at(2, 100.0, &[(60.0, "1"), (130.0, "heat /")]),
            at(2, 115.0, &[(130.0, "warmth")]),
            at(3, 50.0, &[(130.0, "or glow")]),
            at(3, 70.0, &[(60.0, "2"), (130.0, "light")]),
        ];
        let entries = table::entries(&lines);
        assert_eq!(entries["1"].region, Region { page: 2, x: 54.0, y: 96.0, width: 452.0, height: 35.0 });
        assert_eq!((entries["2"].region.page, entries["2"].region.y), (3, 66.0));
    }

    #[test]
    fn answers_without_questions_are_found_by_label() {
        let texts = ["1. (a) Heat (1 mark)", "(b) Light", "2. Sound (2 marks)", "• loud", "- high", "3. Mass"];
        let lines: Vec<Line> = texts.iter().map(|text| line(&[(60.0, text)])).collect();
        let entries = labelled(&lines);
        let text = |path: &str| entries.get(path).map(|entry| entry.text.as_str());
        assert_eq!([text("1.a"), text("1.b"), text("2")], [Some("Heat"), Some("Light"), Some("Sound; loud; high")]);
    }

    fn keys(paper: &[&str], scheme: &[&str]) -> Vec<String> {
        let mut paper = crate::read_paper(&[crate::testing::typed(paper)]);
        crate::apply_scheme(&mut paper, &[crate::testing::typed(scheme)]);
        let text = |leaf: &Question| leaf.key.as_ref().map_or_else(|| "-".to_owned(), |key| key.text.clone());
        paper.questions.iter().flat_map(Question::leaves).map(text).collect()
    }

    #[test]
    fn questions_printed_again_are_no_part_of_their_answers() {
        let paper = [
            "1. Write the genotype of the male. (2 marks)",
            "2. State the role of the stomata. (2 marks)",
            "3. Why do plants wilt? (2 marks)",
        ];
        let scheme = ["Bb", "exchange of gases", "loss of water"];
        let scheme: Vec<&str> = paper.into_iter().zip(scheme).flat_map(|(asked, answer)| [asked, answer]).collect();
        assert_eq!(keys(&paper, &scheme), ["Bb", "exchange of gases", "loss of water"]);
        assert_eq!(without_question("Why do plants wilt? loss of water", "Why do plants wilt?"), "loss of water");
        assert_eq!(without_question("Why do plants wilt", "Why do plants wilt in summer?"), "Why do plants wilt");
    }

    #[test]
    fn the_letter_of_an_option_may_stand_before_its_text() {
        let option = |label: &str| Choice { label: label.to_owned(), ..Choice::nth(0) };
        for (label, text, wanted) in
            [("b", "b. stomach", true), ("b", "(b) Toll", true), ("A", "A lever", true), ("a", "a lever", false)]
        {
            assert_eq!(leads(&option(label), text), wanted, "{text}");
        }
    }

    #[test]
    fn an_answer_may_name_its_question() {
        for (text, answer) in [
            ("Answer to Q.3: C", "C"),
            ("Réponse à la question 3 : C", "C"),
            ("Odpowiedź: C", "C"),
            ("Answer to the first of them: C", "Answer to the first of them: C"),
            ("Ratio 3: 4", "Ratio 3: 4"),
        ] {
            assert_eq!(without_cue(text), answer, "{text}");
        }
        let paper = ["1. Which of these metals is a liquid?", "  A. iron", "  B. mercury", "2. Name a gas. (1 mark)"];
        let mut scheme = paper.to_vec();
        scheme.insert(3, "Answer to Q.1: B");
        assert_eq!(keys(&paper, &scheme)[0], "B");
    }

    #[test]
    fn answers_to_the_parts_may_stand_together() {
        let paper = [
            "1. Answer true or false. (3 marks)",
            "a) Ice floats.",
            "b) Wood sinks.",
            "c) Iron rusts.",
            "2. Name a metal. (1 mark)",
            "3. Name a gas. (1 mark)",
        ];
        let scheme = ["1. a) True, b) False, c) True", "2. iron", "3. oxygen"];
        assert_eq!(keys(&paper, &scheme), ["True", "False", "True", "iron", "oxygen"]);
    }
}
