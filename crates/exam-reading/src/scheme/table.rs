//! A scheme's table: its columns by their headings, or by what stands in them, and the answer of each row.

use std::collections::HashMap;

use exam_model::labels::{self, Frame, Numbering};

use super::{Entries, Entry, append, extend, join, section, with_bare};
use crate::lines::{Line, Segment, Upright};
use crate::{marks, words};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Labels,
    Answers,
    /// What else is accepted, what is not, and how to mark.
    Remarks,
    Marks,
    Other,
}

/// A column's heading and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Heading {
    holds: Holds,
    x: f32,
    right: f32,
}

/// Columns from left to right, with the place where each but the first starts.
struct Columns {
    holds: Vec<Holds>,
    starts: Vec<f32>,
    /// Where the heading of the labels ends: what starts before it with a label has one.
    labels_end: f32,
}

/// The answers of a scheme's table by path; empty where the lines are no table.
pub fn entries(lines: &[Line]) -> Entries {
    let mut drafts: HashMap<String, Draft> = HashMap::new();
    let mut at = Position::default();
    let mut headings: Option<Vec<Heading>> = implied(lines);
    let mut n = 0;
    while n < lines.len() {
        if let Some((found, taken)) = header(&lines[n..]) {
            headings = Some(found);
            n += taken;
            continue;
        }
        let page = lines[n].page;
        let end = (n + 1..lines.len())
            .find(|&at| lines[at].page != page || header(&lines[at..]).is_some())
            .unwrap_or(lines.len());
        // The heading of a page's first table may have been lost as a line that all pages have.
        let below = || lines.get(end).filter(|next| next.page == page).and_then(|_| header(&lines[end..]));
        headings = headings.or_else(|| below().map(|(found, _)| found));
        if let Some(headings) = &headings {
            let columns = Columns::of(headings, &lines[n..end]);
            lines[n..end].iter().for_each(|line| row(line, &columns, &mut at, &mut drafts));
        }
        n = end;
    }
    with_bare(drafts.into_iter().map(|(path, draft)| (path, draft.entry())).collect())
}

/// The labels of the row that is read.
#[derive(Default)]
struct Position {
    section: String,
    path: Vec<(Numbering, String)>,
}

fn row(line: &Line, columns: &Columns, at: &mut Position, drafts: &mut HashMap<String, Draft>) {
    if let Some(section) = section(line) {
        *at = Position { section, path: Vec::new() };
        return;
    }
    // A heading above answers whose labels stand below it.
    let names_column = |segment: &Segment| !segment.text.contains(' ') && named(&segment.text).is_some();
    if line.segments.len() > 1 && line.segments.iter().all(names_column) {
        return;
    }
    let path = &mut at.path;
    let mut cells: HashMap<usize, Vec<&str>> = HashMap::new();
    let first = |wanted: Holds| columns.holds.iter().position(|holds| *holds == wanted).unwrap_or_default();
    let (labels, answers) = (first(Holds::Labels), first(Holds::Answers));
    let ruled = columns.ruled(line);
    let starts = ruled.as_ref().unwrap_or(&columns.starts);
    let (mut code, mut own) = (None, false);
    for (n, segment) in line.segments.iter().enumerate() {
        let (mut text, mut column) = (segment.text.trim(), place(starts, segment));
        // A label and its answer may stand close together.
        if n == 0 && [labels, answers].contains(&column) && segment.x < columns.labels_end + INDENT {
            let label = labels_of(text);
            if label > 0 {
                cells.entry(labels).or_default().push(&text[..label]);
                (text, column) = (text[label..].trim_start(), answers);
            }
        }
        // What is no number is no mark.
        let number = text.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().is_ok_and(|marks| marks <= 30)
            && marks::take(&format!("({})", text.trim_matches(['(', ')', '[', ']'])), true).text.is_empty();
        if columns.holds[column] == Holds::Marks && is_code(text) {
            code = text.chars().next();
            continue;
        }
        own |= columns.holds[column] == Holds::Marks && number;
        if columns.holds[column] == Holds::Marks && !number && column > 0 {
            column -= 1;
        }
        if !text.is_empty() {
            cells.entry(column).or_default().push(text);
        }
    }
    let cell = |holds: Holds| -> String {
        let inside = (0..columns.holds.len()).filter(|&column| columns.holds[column] == holds);
        inside.filter_map(|column| cells.get(&column)).flatten().copied().collect::<Vec<_>>().join(" ")
    };
    extend(path, &cell(Holds::Labels));
    if path.is_empty() {
        return;
    }
    let (answer, remark) = (cell(Holds::Answers), cell(Holds::Remarks));
    if answer.trim().is_empty() && remark.trim().is_empty() {
        return;
    }
    let key = path.iter().map(|(_, plain)| plain.as_str()).collect::<Vec<_>>().join(".");
    let draft = drafts.entry(join(&at.section, &key)).or_default();
    // What has marks of its own is a point of its own.
    draft.next |= code.is_some() || own;
    let working = matches!(code, Some('C' | 'M'));
    if draft.answer(&answer, working) {
        draft.regions.push(line.region());
    }
    draft.remark(&remark);
}

/// Labels of parts stand so much further in, in points.
const INDENT: f32 = 12.0;

/// The bytes of the labels that a text starts with: `1 (a)` of `1 (a) A increasing`.
fn labels_of(text: &str) -> usize {
    // `2. a`, `5a`
    if let Some((path, taken)) = super::compound_label(text)
        && path.contains('.')
    {
        return taken;
    }
    // `01.1`
    let mut taken = text.len() - text.trim_start_matches('0').len();
    let zeros = taken;
    loop {
        let rest = &text[taken..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = digits > 0 && taken == zeros && rest[digits..].starts_with(['(', ' ', '.', ')']);
        let framed = labels::at_start(rest)
            .into_iter()
            .find(|(label, _)| matches!(label.frame, Frame::Bracket | Frame::Brackets | Frame::Dotted | Frame::Word));
        let dotted = framed.as_ref().is_some_and(|(label, _)| label.frame == Frame::Dotted);
        let length = if number && !dotted { digits } else { framed.map_or(0, |(_, length)| length) };
        if length == 0 {
            return if taken == zeros { 0 } else { taken };
        }
        // `5. (a)`
        let stop = usize::from(length == digits && rest[length..].starts_with(['.', ')']));
        taken += length + stop;
        taken += text[taken..].len() - text[taken..].trim_start().len();
    }
}

/// A point of an answer.
#[derive(Default)]
struct Point {
    text: String,
    /// Other wordings that are accepted for it.
    others: Vec<String>,
    /// It may be said in place of the point before.
    instead: bool,
    /// It earns marks for the way to an answer that follows.
    working: bool,
}

/// An answer while its rows are read.
#[derive(Default)]
struct Draft {
    regions: Vec<exam_model::question::Region>,
    points: Vec<Point>,
    /// The next line starts a point.
    next: bool,
    /// `OR` stands above: what comes next may be said in place of the last point.
    or: bool,
    /// What follows says why the other options are wrong.
    closed: bool,
    /// How to mark, in sentences, where nothing else is said; the last of them may go on.
    guidance: Vec<String>,
    guided: bool,
    /// The last remark goes on: an alternative, or what is refused.
    accepting: Option<bool>,
}

impl Draft {
    /// Takes a line of the answer's column; false for what is none of the answer.
    fn answer(&mut self, line: &str, working: bool) -> bool {
        const ANNOUNCED: &str = "the only correct answer is";
        let announced = line.get(..ANNOUNCED.len()).is_some_and(|start| start.eq_ignore_ascii_case(ANNOUNCED));
        let line = line[if announced { ANNOUNCED.len() } else { 0 }..].trim_start_matches([':', ' ']).trim_end();
        let words: Vec<&str> = line.split_whitespace().take(4).collect();
        let refutes = matches!(words[..], [option, "is", "incorrect" | "not" | "wrong", ..] if option.len() == 1);
        self.closed |= refutes;
        let objective = words.first().is_some_and(|word| word.starts_with("AO") && word.len() == 3);
        let total = matches!(words[..], ["Total", number] if number.parse::<u32>().is_ok());
        let how = words
            .iter()
            .position(|word| is_step(&format!("{word} ")))
            .is_some_and(|at| words.get(at + 1) == Some(&"for"));
        if self.closed || objective || how || total || line.is_empty() || self.guide(line) {
            return false;
        }
        let (answer, remark) = remark_at(line).map_or((line, ""), |at| line.split_at(at));
        let step = is_step(answer);
        let text = if step { answer.split_once(' ').map_or("", |(_, rest)| rest) } else { answer }.trim();
        if text == "OR" {
            self.or = true;
        } else if !text.is_empty() {
            let instead = self.or && !self.points.is_empty();
            self.or = false;
            let next = std::mem::take(&mut self.next);
            if step || instead || next || self.points.is_empty() {
                self.points.push(Point { instead, working, ..Point::default() });
            }
            if let Some(point) = self.points.last_mut() {
                // `20 / 0.05` with `= 400` below it
                append(&mut point.text, if next { text.trim_start_matches(['=', ' ']) } else { text });
            }
        }
        self.remark(remark);
        !text.is_empty()
    }

    /// Takes "Award 1 mark for …", "Accept any other …" and what goes on with it.
    fn guide(&mut self, line: &str) -> bool {
        let lower = line.to_lowercase();
        let words: Vec<&str> = lower.split(' ').take(3).collect();
        let awards = matches!(words[..], ["award", count, marks]
            if words::number(count).is_some() && marks::is_word(marks) && !line.contains(':'));
        let refuses = lower.starts_with("do not award") || lower.starts_with("accept any other");
        let goes_on = self.guided && line.starts_with(|c: char| c.is_lowercase());
        match self.guidance.last_mut().filter(|_| goes_on) {
            Some(last) => last.extend([" ", line]),
            None if awards => self.guidance.push(line.to_owned()),
            None => {}
        }
        self.guided = goes_on || awards || refuses;
        self.guided
    }

    /// Takes a line of the remarks: `ALLOW aqueous bromine` gives another wording, `IGNORE …` and `REJECT …` none.
    fn remark(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let accepted = ["ALLOW ", "ACCEPT ", "Allow ", "Accept ", "accept ", "allow "];
        let wording = accepted.iter().find_map(|word| line.strip_prefix(word));
        let Some(Point { others, .. }) = self.points.last_mut() else { return };
        match wording {
            Some(wording) => {
                others.push(wording.trim().to_owned());
                self.accepting = Some(true);
            }
            None if line.starts_with(|c: char| c.is_lowercase()) && self.accepting == Some(true) => {
                if let Some(last) = others.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
            None => self.accepting = Some(false),
        }
    }

    fn entry(self) -> Entry {
        let mut text = String::new();
        let all_working = self.points.iter().all(|point| point.working);
        let points = self.points.into_iter().filter(|point| all_working || !point.working);
        for Point { text: point, others, instead, .. } in points {
            let between = match text.is_empty() || text.ends_with(':') || text.to_lowercase().ends_with("from") {
                true if text.is_empty() => "",
                true => "\n",
                false if instead => " / ",
                false => "; ",
            };
            text.push_str(between);
            text.push_str(&point);
            for other in others.iter().filter(|other| is_wording(other)) {
                text.push_str(" / ");
                text.push_str(other);
            }
        }
        if text.is_empty() {
            text = self.guidance.join("; ");
        }
        let region = self.regions.into_iter().reduce(|all, region| all.with(region)).unwrap_or_default();
        Entry { region, text }
    }
}

/// A remark that can stand in the answer's place, rather than say how to mark.
fn is_wording(text: &str) -> bool {
    const MARKING: [&str; 9] = ["any ", "if ", "for ", "mark", "ecf", "owtte", "follow", "from ", "reverse"];
    let lower = text.to_lowercase();
    text.chars().count() <= 40 && !MARKING.iter().any(|word| lower.contains(word))
}

/// `M1 bromine water`, `A1 32`: a step with its mark.
fn is_step(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().as_bytes();
    matches!(first, [b'M' | b'A' | b'B', digit] if digit.is_ascii_digit()) && text.len() > 2
}

/// `C1`, `B2`, `A1ft` in the column of marks.
fn is_code(text: &str) -> bool {
    let rest = text.trim_end_matches("ft").trim_end();
    matches!(rest.as_bytes(), [b'M' | b'A' | b'B' | b'C', digit] if digit.is_ascii_digit())
}

/// Where a remark in capitals starts within a line.
fn remark_at(line: &str) -> Option<usize> {
    const WORDS: [&str; 6] = ["ALLOW ", "ACCEPT ", "IGNORE ", "REJECT ", "DO NOT ", "OWTTE"];
    let found = WORDS.iter().flat_map(|word| line.match_indices(word).map(|(at, _)| at));
    found.filter(|&at| at == 0 || line[..at].ends_with(' ')).min()
}

/// What a heading's name says that its column holds.
fn named(name: &str) -> Option<Holds> {
    let name = name.trim().trim_end_matches(['.', ':']).to_lowercase();
    match name.as_str() {
        "q" | "qu" | "qn" | "no" | "n°" | "item" => Some(Holds::Labels),
        "working" | "method" | "ao" | "aos" => Some(Holds::Other),
        _ => {
            let columns = [
                // `Part marks and guidance` before `Part`
                (&words::REMARKS_COLUMN, Holds::Remarks),
                (&words::LABELS_COLUMN, Holds::Labels),
                (&words::ANSWERS_COLUMN, Holds::Answers),
                (&words::MARKS_COLUMN, Holds::Marks),
            ];
            columns.into_iter().find(|(cues, _)| cues.start(&name)).map(|(_, holds)| holds)
        }
    }
}

/// The columns' headings at the start of the lines, which may be set a little lower or higher than one another; with the
/// number of lines that they take.
fn header(lines: &[Line]) -> Option<(Vec<Heading>, usize)> {
    let first = lines.first()?;
    let near = |line: &&Line| line.page == first.page && line.baseline - first.baseline < 16.0;
    let mut headings: Vec<Heading> = Vec::new();
    let mut taken = 0;
    for line in lines.iter().take(3).take_while(near) {
        let cells: Vec<Heading> = line.segments.iter().flat_map(names).collect();
        let known = cells.iter().filter(|heading| heading.holds != Holds::Other).count();
        if known * 2 < cells.len() || known == 0 {
            break;
        }
        headings.extend(cells);
        taken += 1;
    }
    headings.sort_by(|a, b| a.x.total_cmp(&b.x));
    // `Question` over `number`, `Question` and `Part` side by side.
    headings.dedup_by(|b, a| {
        let one = a.holds == b.holds && (b.x < a.right || a.holds == Holds::Labels);
        a.right = if one { a.right.max(b.right) } else { a.right };
        one
    });
    let count = |holds: Holds| headings.iter().filter(|heading| heading.holds == holds).count();
    let label = headings.iter().position(|heading| heading.holds == Holds::Labels)?;
    let answer = headings.iter().position(|heading| heading.holds == Holds::Answers)?;
    // Two tables beside one another have no rows in common.
    (label < answer && count(Holds::Labels) == 1).then_some((headings, taken.max(1)))
}

/// The headings of one segment: `Question Answer` are two.
fn names(segment: &Segment) -> Vec<Heading> {
    let text = segment.text.trim();
    let whole = |holds| vec![Heading { holds, x: segment.x, right: segment.right }];
    let words: Vec<&str> = text.split_whitespace().collect();
    let each: Option<Vec<Holds>> = words.iter().map(|word| named(word)).collect();
    match each {
        Some(each)
            if each.len() > 1 && each.windows(2).any(|pair| pair[0] != pair[1]) && named(text) == Some(each[0]) =>
        {
            let step = (segment.right - segment.x) / text.chars().count().max(1) as f32;
            let mut at = 0;
            words
                .iter()
                .zip(each)
                .map(|(word, holds)| {
                    let x = segment.x + step * at as f32;
                    let length = word.chars().count();
                    at += length + 1;
                    Heading { holds, x, right: x + step * length as f32 }
                })
                .collect()
        }
        _ => whole(named(text).unwrap_or(Holds::Other)),
    }
}

/// The columns of a table without headings, whose rows start with labels in one place and end with their marks in another.
fn implied(lines: &[Line]) -> Option<Vec<Heading>> {
    let is_label = |segment: &Segment| {
        let text = segment.text.trim();
        labels_of(&format!("{text} ")) >= text.len() && !text.is_empty()
    };
    let rows: Vec<&Line> = lines.iter().filter(|line| line.segments.len() > 2 && is_label(&line.segments[0])).collect();
    let number = |segment: &Segment| segment.text.trim().parse::<u32>().is_ok_and(|marks| marks <= 30);
    let marked = rows.iter().filter(|line| line.segments.last().is_some_and(number)).count();
    if rows.len() < 2 || marked * 2 < rows.len() || rows.len() * 4 < lines.len() {
        return None;
    }
    let heading = |holds, x: f32, right: f32| Heading { holds, x, right };
    let first = rows.iter().map(|line| line.segments[0].x).fold(f32::MAX, f32::min);
    let labels = rows.iter().map(|line| line.segments[0].right).fold(f32::MIN, f32::max);
    let answers = rows.iter().map(|line| line.segments[1].x).fold(f32::MAX, f32::min);
    let marks = rows.iter().filter_map(|line| line.segments.last()).filter(|last| number(last)).map(|last| last.x);
    let marks = marks.fold(f32::MAX, f32::min);
    let mut found = vec![heading(Holds::Labels, first, labels), heading(Holds::Answers, answers, answers + 20.0)];
    let remarks = lines.iter().flat_map(|line| &line.segments).filter(|s| remark_at(&s.text) == Some(0)).map(|s| s.x);
    let remarks = remarks.filter(|&x| x > answers + 20.0).fold(f32::MAX, f32::min);
    if remarks < marks {
        found.push(heading(Holds::Remarks, remarks, remarks + 20.0));
    }
    found.push(heading(Holds::Marks, marks, marks + 10.0));
    Some(found)
}

impl Columns {
    /// The columns below headings: each starts between the middles of its heading and the one before, where most of the text
    /// starts and the least runs over.
    fn of(headings: &[Heading], rows: &[Line]) -> Self {
        let segments: Vec<&Segment> = rows.iter().flat_map(|line| &line.segments).collect();
        let middle = |heading: &Heading| (heading.x + heading.right) / 2.0;
        let starts = headings.windows(2).map(|pair| {
            let (from, to) = (middle(&pair[0]), middle(&pair[1]));
            let worth = |x: f32| {
                let begin = segments.iter().filter(|segment| (x..x + 6.0).contains(&segment.x)).count();
                let cross = segments.iter().filter(|s| s.x < x - 0.5 && s.right > x + 0.5).count();
                begin as f32 - 3.0 * cross as f32
            };
            let places = (0..=((to - from) / 2.0).max(0.0) as usize).map(|n| from + 2.0 * n as f32);
            // Of those that are as good the last: text starts right behind it.
            places.map(|x| (worth(x), x)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(to, |(_, x)| x)
        });
        let labels = headings.iter().find(|heading| heading.holds == Holds::Labels);
        Self {
            holds: headings.iter().map(|heading| heading.holds).collect(),
            starts: starts.collect(),
            labels_end: labels.map_or(0.0, |heading| heading.right),
        }
    }

    /// Where the columns start in a line that a table's rules cross: of more rules than columns have edges, those within
    /// a cell are shorter.
    fn ruled(&self, line: &Line) -> Option<Vec<f32>> {
        let edges = self.holds.len() + 1;
        let mut rules = line.rules.clone();
        let length = |rule: &Upright| rule.bottom - rule.top;
        rules.sort_by(|a, b| length(b).total_cmp(&length(a)));
        let clear = rules.get(edges).is_none_or(|next| length(&rules[edges - 1]) > length(next) + 2.0);
        if rules.len() < edges || !clear {
            return None;
        }
        let mut places: Vec<f32> = rules[..edges].iter().map(|rule| rule.x).collect();
        places.sort_by(f32::total_cmp);
        Some(places[1..edges - 1].to_vec())
    }
}

/// The column in which a segment stands, by where all but the first start.
fn place(starts: &[f32], segment: &Segment) -> usize {
    starts.iter().filter(|&&start| segment.x >= start - 1.5).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(baseline: f32, cells: &[(f32, &str)]) -> Line {
        let segment = |&(x, text): &(f32, &str)| Segment {
            x,
            right: x + 5.0 * text.chars().count() as f32,
            size: 10.0,
            bold: false,
            text: text.to_owned(),
        };
        Line { page: 1, baseline, segments: cells.iter().map(segment).collect(), ..Line::default() }
    }

    fn read(rows: &[&[(f32, &str)]]) -> Vec<(String, String)> {
        let lines: Vec<Line> = rows.iter().enumerate().map(|(n, cells)| line(100.0 + 18.0 * n as f32, cells)).collect();
        let mut found: Vec<_> = entries(&lines).into_iter().map(|(path, entry)| (path, entry.text)).collect();
        found.sort();
        found
    }

    fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
        wanted.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn codes_of_marks_tell_the_answer_from_the_way_to_it() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Answer"), (360.0, "Marks"), (420.0, "Part marks and guidance")],
            &[(60.0, "1(a)"), (180.0, "area under the graph"), (370.0, "C1")],
            &[(180.0, "1600 m"), (370.0, "A1")],
            &[(60.0, "1(b)"), (180.0, "it is heavy"), (370.0, "B1")],
            &[(180.0, "it is large"), (370.0, "B1")],
            &[(60.0, "2"), (180.0, "20 / 0.05"), (370.0, "1")],
            &[(180.0, "= 400"), (370.0, "2")],
        ];
        let wanted = [("1.a", "1600 m"), ("1.b", "it is heavy; it is large"), ("2", "20 / 0.05; 400")];
        assert_eq!(read(rows), pairs(&wanted));
    }

    #[test]
    fn letters_and_roman_numbers_may_have_a_column_each() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Answer"), (500.0, "Marks")],
            &[(60.0, "1"), (80.0, "a"), (180.0, "34"), (510.0, "1")],
            &[(80.0, "b"), (100.0, "i"), (180.0, "48.6"), (510.0, "1")],
            &[(80.0, "b"), (100.0, "ii"), (180.0, "50"), (510.0, "1")],
        ];
        assert_eq!(read(rows), pairs(&[("1.a", "34"), ("1.b.i", "48.6"), ("1.b.ii", "50")]));
    }

    #[test]
    fn sentences_on_how_to_mark_are_no_answers() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Answer"), (500.0, "Mark")],
            &[(60.0, "1 (a)"), (180.0, "Award 1 mark for a definition, even if no")],
            &[(180.0, "examples are given")],
            &[(180.0, "Lowest legal wage")],
            &[(180.0, "Accept any other appropriate response"), (510.0, "(1)")],
            &[(180.0, "Answer"), (500.0, "Mark")],
            &[(60.0, "1 (b)"), (180.0, "Award 1 mark for axes that are labelled")],
            &[(180.0, "Award 1 mark for a curve"), (510.0, "(2)")],
        ];
        let drawn = "Award 1 mark for axes that are labelled; Award 1 mark for a curve";
        assert_eq!(read(rows), pairs(&[("1.a", "Lowest legal wage"), ("1.b", drawn)]));
    }

    #[test]
    fn remarks_give_wordings_and_refusals_none() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Answer"), (360.0, "Notes"), (500.0, "Marks")],
            &[(60.0, "1 (a)"), (180.0, "M1 bromine water"), (360.0, "ALLOW aqueous bromine"), (510.0, "2")],
            &[(180.0, "M2 turns colourless"), (360.0, "IGNORE any starting colour")],
            &[(75.0, "(b)"), (180.0, "negative"), (360.0, "ACCEPT -1"), (510.0, "1")],
            &[(480.0, "Total 3")],
        ];
        let wanted = pairs(&[("1.a", "bromine water / aqueous bromine; turns colourless"), ("1.b", "negative / -1")]);
        assert_eq!(read(rows), wanted);
        assert_eq!(read(&rows[1..]), wanted, "without headings");
    }

    #[test]
    fn what_stands_below_or_is_another_wording() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Answer"), (500.0, "Marks")],
            &[(60.0, "1 (a)"), (180.0, "a mixture of metals"), (510.0, "1")],
            &[(180.0, "OR")],
            &[(180.0, "a metal with carbon")],
            &[(60.0, "(b)"), (180.0, "M1 0.1351"), (510.0, "2")],
            &[(180.0, "OR")],
            &[(180.0, "M1 0.135")],
            &[(180.0, "M2 90 %")],
        ];
        let wanted = [("1.a", "a mixture of metals / a metal with carbon"), ("1.b", "0.1351 / 0.135; 90 %")];
        assert_eq!(read(rows), pairs(&wanted));
    }

    #[test]
    fn rules_tell_the_columns_wherever_they_stand() {
        let upright = |x: f32, top: f32| Upright { x, top, bottom: 300.0 };
        let ruled = |rules: &[f32], cells: &[(f32, &str)]| {
            let mut rules: Vec<Upright> = rules.iter().map(|&x| upright(x, 100.0)).collect();
            // Those of a table within a cell are shorter.
            rules.push(upright(190.0, 250.0));
            Line { rules, ..line(200.0, cells) }
        };
        let head: &[(f32, &str)] = &[(60.0, "Q"), (120.0, "Working"), (300.0, "Answer"), (380.0, "Mark")];
        let rows = [
            line(100.0, head),
            ruled(&[50.0, 90.0, 290.0, 370.0, 420.0], &[(60.0, "1"), (100.0, "3 × 4"), (300.0, "12"), (380.0, "2")]),
            ruled(
                &[50.0, 90.0, 230.0, 310.0, 420.0],
                &[(60.0, "2"), (100.0, "the sum of both"), (235.0, "7 cm"), (320.0, "1")],
            ),
        ];
        let found = entries(&rows);
        assert_eq!(["1", "2"].map(|path| found[path].text.as_str()), ["12", "7 cm"]);
    }

    #[test]
    fn labels_may_have_zeros_and_columns_of_their_own() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question"), (180.0, "Marking guidance"), (500.0, "Mark")],
            &[(60.0, "01.1"), (180.0, "a network"), (510.0, "1")],
            &[(60.0, "02"), (180.0, "25"), (510.0, "1")],
        ];
        assert_eq!(read(rows), pairs(&[("1.1", "a network"), ("2", "25")]));
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Qu"), (100.0, "Part"), (180.0, "Marking guidance"), (500.0, "Mark")],
            &[(60.0, "1"), (100.0, "a"), (180.0, "a network"), (510.0, "1")],
            &[(100.0, "b"), (180.0, "25"), (510.0, "1")],
        ];
        assert_eq!(read(rows), pairs(&[("1.a", "a network"), ("1.b", "25")]));
    }

    #[test]
    fn a_table_may_be_headed_in_french_and_kinyarwanda() {
        for heads in [["Question", "Réponses attendues", "Points"], ["Ikibazo", "Igisubizo", "Amanota"]] {
            let head = [(60.0, heads[0]), (180.0, heads[1]), (500.0, heads[2])];
            let rows: &[&[(f32, &str)]] = &[&head, &[(60.0, "1 (a)"), (180.0, "le fer"), (510.0, "1")]];
            assert_eq!(read(rows), pairs(&[("1.a", "le fer")]));
        }
    }

    #[test]
    fn the_only_correct_answer_stands_in_its_sentence() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question number"), (180.0, "Answer"), (500.0, "Mark")],
            &[(60.0, "1 (a)"), (180.0, "The only correct answer is B"), (500.0, "(1)")],
            &[(180.0, "A is not correct because rent is fixed")],
        ];
        assert_eq!(read(rows), pairs(&[("1.a", "B")]));
    }

    #[test]
    fn marks_may_be_named_and_numbers_end_with_a_stop() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "NO."), (180.0, "EXPECTED RESPONSE"), (500.0, "MARKS")],
            &[(60.0, "3."), (180.0, "0.8"), (500.0, "3 mks")],
            &[(60.0, "5. (a)"), (180.0, "it is heavy"), (500.0, "1 mk")],
        ];
        assert_eq!(read(rows), pairs(&[("3", "0.8"), ("5.a", "it is heavy")]));
    }

    #[test]
    fn each_answer_may_have_a_table_of_its_own() {
        let rows: &[&[(f32, &str)]] = &[
            &[(60.0, "Question Answer"), (480.0, "Mark")],
            &[(60.0, "number")],
            &[(60.0, "1(a)"), (250.0, "AO1 1 mark")],
            &[(120.0, "The only correct answer is:")],
            &[(120.0, "A Division of labour")],
            &[(120.0, "B is not correct because this is creating products"), (490.0, "(1)")],
            &[(60.0, "Question Answer"), (480.0, "Mark")],
            &[(60.0, "1(b)"), (250.0, "AO1 1 mark")],
            &[(120.0, "Negative advertising"), (490.0, "(1)")],
        ];
        assert_eq!(read(rows), pairs(&[("1.a", "A Division of labour"), ("1.b", "Negative advertising")]));
    }
}
