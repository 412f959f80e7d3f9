//! Reading a paper: PDF pages to questions, in stages that can each be run and tested alone.
//!
//! `text` (characters and drawings) → `formula` → `lines` → `structure` (`exam_model::labels` to a tree) → `items` (text,
//! `marks`, options, kinds, places; `shown` as text or as printed) with `cover` beside them → `check` and `confidence`;
//! `scheme` then adds the answer keys, from its tables or, of worked solutions, by `solutions`.

use std::borrow::Cow;

use exam_model::labels;
use exam_model::paper::{PageSize, Paper, Print, PrintedPage, Rule, Section};
use exam_model::question::{KeySource, Question};
use serde_json::{Value, json};

use formula::signs::Signs;
use text::PageText;

pub use check::INSTALL_OCR;

mod accents;
mod allotted;
mod boxes;
mod brackets;
mod cells;
mod check;
pub mod confidence;
mod cover;
mod duration;
mod emphasis;
mod facing;
pub mod formula;
mod items;
mod kinds;
pub mod lines;
mod margin;
mod marks;
mod numbered;
mod running;
mod scanned;
mod scheme;
mod shown;
mod solutions;
mod stated;
mod structure;
mod tables;
pub mod testing;
pub mod text;
mod tick_boxes;
pub mod trace;
mod words;

use lines::Line;

/// Reads a paper, with the answers behind its questions if it has some. Always gives one; what does not fit is a warning.
pub fn read_paper(pages: &[PageText]) -> Paper {
    let mut paper = read_pages(pages);
    confidence::apply(&mut paper);
    paper
}

fn read_pages(pages: &[PageText]) -> Paper {
    let pages = &cleaned(pages)[..];
    let signs = Signs::of(pages);
    let (mut lines, running) = lines::with_signs(pages, &signs);
    scanned::mend(&mut lines, pages);
    margin::join(&mut lines);
    margin::bracket(&mut lines);
    margin::bracket_counted(&mut lines);
    margin::move_leading(&mut lines);
    margin::uncover(&mut lines);
    boxes::settle(&mut lines);
    numbered::bracket(&mut lines);
    numbered::head_dotted(&mut lines);
    tables::label_choices(&mut lines);
    tables::stack_cells(&mut lines);
    tables::bracket_letters(&mut lines);
    facing::merge(&mut lines);
    running::divide(&mut lines);
    let allotted = allotted::table(&lines);
    if let Some(table) = &allotted {
        lines.drain(table.lines.clone());
    }
    let answers = lines.iter().rposition(heads_answers);
    let answered = answers.map(|at| {
        let mut paper = read_lines(pages, &lines[..at], &running, &signs);
        let rows = lines::across(pages);
        let from = rows.iter().rposition(heads_answers).map_or(0, |row| row + 1);
        scheme::read(&paper, &signs.spelled(&lines[at + 1..]), &rows[from..], pages).give(&mut paper, KeySource::Paper);
        paper
    });
    let is_keyed = |paper: &Paper| {
        let leaves: Vec<&Question> = paper.questions.iter().flat_map(Question::leaves).collect();
        !leaves.is_empty() && leaves.iter().filter(|leaf| leaf.key.is_some()).count() * 2 >= leaves.len()
    };
    let answered = answered.or_else(|| read_answered(pages, &lines, &running, &signs));
    // Without answers below it, it was no heading of answers.
    let mut paper = answered.filter(is_keyed).unwrap_or_else(|| read_lines(pages, &lines, &running, &signs));
    if let Some(table) = allotted {
        table.give(&mut paper.questions);
        paper.cover.total = table.total.or(paper.cover.total);
    }
    paper
}

/// The pages as they are read: each letter once, with its accent, and a character for each box to tick.
fn cleaned(pages: &[PageText]) -> Cow<'_, [PageText]> {
    tick_boxes::written(accents::joined(scanned::once(text::printed_once(Cow::Borrowed(pages)))))
}

/// A paper with `Answer: B` below its questions is its own solutions.
fn read_answered(pages: &[PageText], lines: &[Line], running: &[Line], signs: &Signs) -> Option<Paper> {
    const FEWEST: usize = 3;
    let tells = |line: &&Line| {
        let lower = line.text().to_lowercase();
        let cue = words::ANSWER.all().find(|cue| cue.ends_with([':', '.']) && lower.starts_with(cue));
        // A place to write is no answer, though a unit or marks stand behind it.
        let told = |cue: &str| lower[cue.len()..].trim_start();
        cue.is_some_and(|cue| !told(cue).starts_with(['.', '…', '_']) && told(cue).contains(char::is_alphanumeric))
    };
    let asked: Vec<Line> = lines.iter().filter(|line| !tells(line)).cloned().collect();
    if lines.len() - asked.len() < FEWEST {
        return None;
    }
    let mut paper = read_lines(pages, &asked, running, signs);
    scheme::read(&paper, &signs.spelled(lines), &[], pages).give(&mut paper, KeySource::Paper);
    Some(paper)
}

/// `ANSWERS`, `Answers to the objective test`: the heading of answers below the questions.
fn heads_answers(line: &Line) -> bool {
    let heading = scheme::heading(line);
    let sentence = line.text().trim_end().ends_with('.');
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    words::ANSWERS.has(&heading) || words::ANSWERS.start(&heading) && words <= 8 && !sentence
}

fn read_lines(pages: &[PageText], lines: &[Line], running: &[Line], signs: &Signs) -> Paper {
    let structure = structure::read(lines);
    let context = items::Context::new(lines, pages, signs, &structure.questions);
    let mut sections = sections(lines, &structure);
    sections.iter_mut().for_each(|section| section.title = signs.spell(&section.title).0);
    let mut questions = Vec::with_capacity(structure.questions.len());
    let shared = structure.shared();
    for (n, node) in structure.questions.iter().enumerate() {
        let heading = structure.headings.iter().rfind(|heading| heading.line <= node.at.line);
        let next = structure.questions.get(n + 1).map(|next| next.at);
        let following = structure.headings.iter().map(|heading| heading.line).find(|&line| line > node.at.line);
        let end = match (next, following) {
            (Some(next), Some(line)) if line < next.line => Some(structure::Place { line, segment: 0 }),
            (None, Some(line)) => Some(structure::Place { line, segment: 0 }),
            (next, _) => next,
        };
        // `A1` names its section itself.
        let lettered = labels::lettered(&node.label.plain.to_uppercase()).is_some();
        let again = heading.is_none_or(|heading| shared.contains(&heading.line));
        let prefix = heading.filter(|_| structure.restarts && again && !lettered);
        let prefix = prefix.map(|h| format!("{}.", h.label.to_lowercase()));
        let path = format!("{}{}", prefix.unwrap_or_default(), node.label.plain);
        let said =
            structure.groups.iter().filter(|(places, _)| places.contains(&node.at)).map(|(_, text)| text.as_str());
        let above = heading.map(|heading| heading.text.as_str()).into_iter().chain(said).collect::<Vec<_>>().join(" ");
        let mut question = items::question(&context, node, &path, &above, end);
        question.section = heading.map(|heading| heading.label.clone());
        take_total(&mut question, node);
        questions.push(question);
    }
    unique_paths(&mut questions);
    for question in &mut questions {
        stated::within(question);
    }
    for (places, said) in structure.said() {
        let within = |node: &structure::Node| places.contains(&node.at);
        let first = structure.questions.iter().position(within).unwrap_or_default();
        let count = structure.questions.iter().filter(|node| within(node)).count();
        stated::below(&mut questions[first..first + count], said);
    }
    let headings: Vec<(String, usize)> =
        structure.headings.iter().map(|heading| (heading.label.clone(), heading.line)).collect();
    stated::apply(&mut questions, &headings, lines, running);
    check::doubt(&mut questions, pages);
    // One heading before the first question, `PAPER 2`, `Section II`, is the paper's own.
    let first_question = structure.questions.first().map_or(structure.start, |question| question.at.line);
    let cover_end = if structure.headings.len() > 1 { structure.start } else { first_question.max(structure.start) };
    let cover_lines = &lines[..cover_end.min(lines.len())];
    let first_page = lines.iter().take_while(|line| line.page == 1).count();
    let cover_lines = if cover_lines.is_empty() { &lines[..first_page.min(12)] } else { cover_lines };
    let cover = cover::read(&signs.spelled(cover_lines), running);
    let sizes = pages.iter().map(|page| PageSize { width: page.width, height: page.height }).collect();
    let mut paper = Paper { cover, sections, questions, pages: sizes, warnings: Vec::new() };
    paper.warnings = check::unread(pages, "paper").into_iter().chain(check::warnings(&paper)).collect();
    paper
}

/// The pages as they are shown, to tenths of a point.
pub fn printed(pages: &[PageText]) -> Vec<PrintedPage> {
    let tenths = |at: f32| (at * 10.0).round() / 10.0;
    let print = |line: &Line| -> Vec<Print> {
        let stretch = |segment: &lines::Segment| Print {
            x: tenths(segment.x),
            baseline: tenths(line.baseline),
            width: tenths(segment.right - segment.x),
            size: tenths(segment.size),
            text: segment.text.clone(),
        };
        line.segments.iter().map(stretch).collect()
    };
    let printed = |(page, lines): (&PageText, Vec<Line>)| PrintedPage {
        size: PageSize { width: page.width, height: page.height },
        print: lines.iter().flat_map(print).collect(),
    };
    let pages = &cleaned(pages)[..];
    pages.iter().zip(lines::by_page(pages)).map(printed).collect()
}

/// The sections with their rule, from their headings or from what the cover says of them.
fn sections(lines: &[Line], structure: &structure::Structure) -> Vec<Section> {
    let text = |n: usize| lines.get(n).map(Line::text).unwrap_or_default();
    let cover = &lines[..structure.start.min(lines.len())];
    let mut sections: Vec<Section> = Vec::new();
    for heading in &structure.headings {
        if sections.iter().any(|section| section.label == heading.label) {
            continue;
        }
        let mut section = cover::section(&heading.label, &text(heading.line), &text(heading.line + 1));
        let announced = cover
            .iter()
            .map(Line::text)
            .find(|line| labels::section(line).is_some_and(|(label, _)| label == heading.label));
        if let Some(announced) = announced {
            let there = cover::section(&heading.label, &announced, "");
            section.marks = section.marks.or(there.marks);
            if section.rule == Rule::All {
                section.rule = there.rule;
            }
        }
        if section.rule == Rule::All {
            section.rule = cover.iter().find_map(|line| told_rule(&line.text(), &heading.label)).unwrap_or(Rule::All);
        }
        sections.push(section);
    }
    if sections.is_empty() {
        let told: Vec<(Rule, String)> =
            cover.iter().map(Line::text).filter_map(|line| Some((cover::rule(&line)?, line))).collect();
        let best = told.iter().find(|(rule, _)| matches!(rule, Rule::Best(_)));
        // "Circle only two letters" is about something else than questions.
        let chosen = || told.iter().find(|(_, line)| words::says(&line.to_lowercase(), &words::QUESTIONS));
        if let Some((rule @ (Rule::Choose(n) | Rule::Best(n)), title)) = best.or_else(chosen)
            && (*n as usize) < structure.questions.len()
        {
            sections.push(Section { label: String::new(), title: title.clone(), rule: *rule, marks: None });
        }
    }
    sections
}

/// What a cover's sentence says of one section: "Answer all questions in Section A and any two in Section B."
fn told_rule(text: &str, label: &str) -> Option<Rule> {
    // The number of the instruction counts nothing.
    let own = labels::at_start(text).first().map_or(0, |(_, taken)| *taken);
    let lower = text[own..].to_lowercase();
    let name = format!("section {}", label.to_lowercase());
    let clauses = lower.split(" and ").flat_map(|clause| clause.split(" plus ")).flat_map(|clause| clause.split(','));
    clauses.filter(|clause| clause.contains(&name)).find_map(|clause| cover::rule(&format!("answer {clause}")))
}

/// "(Total for Question 1 is 3 marks)" below a question is its worth, unless it or its parts say more.
fn take_total(question: &mut Question, node: &structure::Node) {
    fn printed(node: &structure::Node) -> Option<f64> {
        let own = node.text.iter().find_map(|(_, text)| marks::take(text, true).total);
        own.or_else(|| node.children.iter().find_map(printed))
    }
    if !question.has_marks() {
        question.marks = printed(node);
    }
}

/// A path stands for one item; a second of the same is `#2`.
fn unique_paths(questions: &mut [Question]) {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for question in questions {
        let times = seen.entry(question.path.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let (old, new) = (question.path.clone(), format!("{}#{times}", question.path));
            rename(question, &old, &new);
        }
    }
}

fn rename(question: &mut Question, old: &str, new: &str) {
    question.path = format!("{new}{}", &question.path[old.len()..]);
    for part in &mut question.parts {
        rename(part, old, new);
    }
}

/// Adds the answer keys that a marking scheme or worked solutions give.
pub fn apply_scheme(paper: &mut Paper, pages: &[PageText]) {
    let pages = &cleaned(pages)[..];
    let mut lines = lines::lines(pages);
    boxes::settle(&mut lines);
    numbered::head_dotted(&mut lines);
    let answers = scheme::read(paper, &lines, &lines::across(pages), pages);
    if !answers.fit(paper) {
        paper.warnings.push(check::UNFIT_SCHEME.to_owned());
        return;
    }
    answers.give(paper, KeySource::Scheme);
    paper.warnings.extend(check::unread(pages, "marking scheme"));
    paper.warnings.extend(check::key_warnings(paper));
}

/// The cover as one JSON object, then every question and part in order, groups too.
pub fn flat(paper: &Paper) -> Vec<Value> {
    let whole = |value: f64| if value.fract() == 0.0 { json!(value as i64) } else { json!(value) };
    let mut out = vec![json!({
        "total": paper.cover.total.map(whole),
        "duration": paper.cover.duration,
        "code": paper.cover.code,
        "title": paper.cover.title,
    })];
    let mut stack: Vec<&Question> = paper.questions.iter().rev().collect();
    while let Some(question) = stack.pop() {
        out.push(json!({
            "path": question.path,
            "page": question.regions.first().map_or(0, |region| region.page),
            "marks": question.marks.map(whole),
            "kind": question.kind,
            "confidence": (f64::from(question.confidence) * 1000.0).floor() / 1000.0,
            "text": question.text,
            "options": question.options.iter().map(|o| json!({ "label": o.label, "text": o.text })).collect::<Vec<_>>(),
            "answer": question.key.as_ref().map(|key| &key.text),
        }));
        stack.extend(question.parts.iter().rev());
    }
    out
}

/// The paper as an indented list, for people.
pub fn outline(paper: &Paper) -> String {
    let mut out = format!("{}\n", paper.cover.title.as_deref().unwrap_or("Untitled"));
    for section in &paper.sections {
        out.push_str(&format!("Section {} – {:?}\n", section.label, section.rule));
    }
    let mut stack: Vec<(usize, &Question)> = paper.questions.iter().rev().map(|question| (0, question)).collect();
    while let Some((depth, question)) = stack.pop() {
        let text: String = question.text.replace('\n', " ").chars().take(80).collect();
        let marks = question.marks.map(|marks| format!(" ({marks})")).unwrap_or_default();
        let key = question.key.as_ref().map(|key| format!(" = {}", key.text)).unwrap_or_default();
        out.push_str(&format!("{}{} [{:?}] {text}{marks}{key}\n", "  ".repeat(depth), question.path, question.kind));
        for option in &question.options {
            out.push_str(&format!("{}    {} {}\n", "  ".repeat(depth), option.label, option.text));
        }
        stack.extend(question.parts.iter().rev().map(|part| (depth + 1, part)));
    }
    for warning in &paper.warnings {
        out.push_str(&format!("! {warning}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::PIECES;
    use exam_model::question::Kind;
    use exam_model::shown::{Piece, Shown};

    #[test]
    fn a_section_whose_numbers_go_on_needs_no_name_before_them() {
        let a = ["SECTION A", "1. Name it.", "2. Why?", "SECTION B", "1. Name it.", "2. Why?"];
        let rows: Vec<&str> = a.into_iter().chain(["SECTION C", "3. How?", "4. When?"]).collect();
        let paper = read_paper(&[testing::typed(&rows)]);
        let paths: Vec<&str> = paper.questions.iter().map(|question| question.path.as_str()).collect();
        assert_eq!(paths, ["a.1", "a.2", "b.1", "b.2", "3", "4"]);
    }

    #[test]
    fn a_marking_scheme_may_be_headed_by_its_paper() {
        let asked = ["1. Name a metal. (1 mark)", "2. Name a gas. (1 mark)", "3. Name an acid. (1 mark)"];
        let answers = ["MARKING SCHEME – CHEMISTRY S2 – TERM II", "1. iron", "2. oxygen", "3. vinegar"];
        let paper = read_paper(&[testing::typed(&asked.into_iter().chain(answers).collect::<Vec<_>>())]);
        let key = |question: &Question| question.key.as_ref().map(|key| key.text.clone()).unwrap_or_default();
        assert_eq!(paper.questions.iter().map(key).collect::<Vec<_>>(), ["iron", "oxygen", "vinegar"]);
    }

    #[test]
    fn answers_may_stand_below_their_questions() {
        let rows = [
            "1. Which organ pumps blood?",
            "A. lung   B. heart   C. liver   D. skin",
            "Answer: B",
            "2. What is the green pigment of leaves called?",
            "Answer: chlorophyll",
            "3. Name the process by which plants make food.",
            "Answer: photosynthesis",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let read = |question: &Question| question.key.as_ref().map(|key| key.text.clone()).unwrap_or_default();
        assert_eq!(paper.questions.iter().map(read).collect::<Vec<_>>(), ["B", "chlorophyll", "photosynthesis"]);
        assert_eq!(paper.questions[1].text, "What is the green pigment of leaves called?");
        let blank = ["1. Name it.", "Answer: ______", "2. Name it.", "Answer: ______", "3. Why?", "Answer: ______"];
        assert!(read_paper(&[testing::typed(&blank)]).questions.iter().all(|question| question.key.is_none()));
    }

    #[test]
    fn options_hold_brackets_and_stand_behind_letters_of_other_alphabets() {
        let rows = [
            "1. Which is equal to it?",
            "a) 2a(a + b) b) 2a(a - b) c) 2b(a + b) d) 2b(a - b)",
            "2. Кой слой е това? А. 1 Б. 2 В. 3 Г. 4",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let options =
            |n: usize| paper.questions[n].options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>();
        assert_eq!(options(0), ["2a(a + b)", "2a(a - b)", "2b(a + b)", "2b(a - b)"]);
        assert_eq!(options(1), ["1", "2", "3", "4"]);
    }

    #[test]
    fn intervals_among_options_close_their_brackets_otherwise() {
        let rows = [
            "1. Which is it?",
            "a) (−∞, 2] b) [2, ∞) c) (2, 5] d) [2, +∞[",
            "2. Which is it?",
            "a) (−∞, 2] ∪ (3, 5] b) ]2, 3[ c) [2, +∞[ d) (2, 3)",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let options =
            |n: usize| paper.questions[n].options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>();
        assert_eq!(options(0), ["(−∞, 2]", "[2, ∞)", "(2, 5]", "[2, +∞["]);
        assert_eq!(options(1), ["(−∞, 2] ∪ (3, 5]", "]2, 3[", "[2, +∞[", "(2, 3)"]);
    }

    #[test]
    fn words_below_what_asks_for_a_value_are_cases_of_it() {
        let cases = ["a) an ellipse;", "b) a circle;", "c) a hyperbola;", "d) a line."];
        let values = ["a) 5", "b) 6", "c) 7", "d) 8"];
        let read = |asked: &str, below: &[&str]| {
            let rows = [&[asked][..], below, &["2. Name a metal."]].concat();
            let question = &read_paper(&[testing::typed(&rows)]).questions[0];
            (question.parts.len(), question.options.len())
        };
        let french = "1. Soit l’équation x + ky = 1, déterminer pour quelle valeur de k elle est";
        let italian = "1. Data l’equazione x + ky = 1 determina per quale valore di k essa rappresenta";
        for asked in [french, italian] {
            assert_eq!(read(asked, &cases), (4, 0), "{asked}");
        }
        assert_eq!(read("1. Data l’equazione x + 2 = 7 determina x:", &values), (0, 4));
        assert_eq!(read("1. Data l’equazione x + y = 1 il grafico è:", &cases), (0, 4));
    }

    #[test]
    fn speakers_of_a_dialogue_are_no_options() {
        let rows = [
            "1. Complete the dialogue.",
            "   A: Good morning.",
            "   B: Hello, Anna.",
            "   A: See you tomorrow.",
            "   B: ________",
            "2. Which are metals and which burn?",
            "   a) Choose a metal.",
            "      A: wood",
            "      B: iron",
            "   b) Choose what burns.",
            "      A: wood",
            "      B: iron",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let options: Vec<usize> =
            paper.questions.iter().flat_map(Question::leaves).map(|leaf| leaf.options.len()).collect();
        assert_eq!(options, [0, 2, 2], "{:?}", paper.questions);
    }

    #[test]
    fn what_is_shown_of_a_page_has_letters_printed_twice_once() {
        let mut page = testing::typed(&["Name a bookkeeper."]);
        let plain = printed(std::slice::from_ref(&page));
        let twice: Vec<_> = page.chars.iter().map(|char| text::Char { x: char.x + 0.2, ..char.clone() }).collect();
        page.chars.extend(twice);
        assert_eq!(printed(&[page])[0].print[0].text, plain[0].print[0].text);
    }

    #[test]
    fn words_broken_at_the_end_of_a_line_and_letters_of_options_are_no_answers() {
        let asked = ["1. Name the species shown: A. cat B. dog C. cow D. hen", "2. Define a habitat."];
        let mut paper = read_paper(&[testing::typed(&asked)]);
        let solved =
            ["1. Name the spe-", "cies shown: A. cat B. dog C. cow D. hen", "2. Define a habitat.", "a place to live"];
        apply_scheme(&mut paper, &[testing::typed(&solved)]);
        let key = |question: &Question| question.key.as_ref().map(|key| key.text.clone());
        assert_eq!(paper.questions.iter().map(key).collect::<Vec<_>>(), [None, Some("a place to live".to_owned())]);
    }

    #[test]
    fn no_page_panics() {
        let mut seed = 7u32;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        for _ in 0..200 {
            let mut chars = Vec::new();
            for row in 0..40 {
                let mut x = 50.0 + 20.0 * random(4) as f32;
                for _ in 0..random(6) {
                    let text = PIECES[random(PIECES.len())].to_owned();
                    let width = 5.0 * text.chars().count() as f32;
                    chars.push(text::Char {
                        text,
                        x,
                        baseline: 60.0 + 15.0 * row as f32,
                        width,
                        size: 10.0,
                        bold: false,
                        coloured: false,
                    });
                    x += width + [3.0, 40.0][random(2)];
                }
            }
            let mut bar = || text::Area {
                x: 50.0 + 10.0 * random(30) as f32,
                y: 64.0 + 15.0 * random(40) as f32,
                width: 6.0 + random(30) as f32,
                height: 0.5,
            };
            let drawings = (0..40).map(|_| text::Drawing::Line(bar())).collect();
            let pages = [PageText { width: 595.0, height: 842.0, chars, drawings, ..PageText::default() }];
            let mut paper = read_paper(&pages);
            apply_scheme(&mut paper, &pages);
            let json = serde_json::to_string(&paper).unwrap();
            assert!(!json.contains(|c| ('\u{F0000}'..='\u{FFFFD}').contains(&c)), "no sign is left: {json}");
            for question in paper.questions.iter().flat_map(Question::items) {
                let spelled = |shown: &Shown, text: &str| {
                    let formulae = shown.pieces(text).into_iter().filter(|piece| matches!(piece, Piece::Formula(_)));
                    assert_eq!(formulae.count(), shown.formulae.len(), "each formula is in its text: {text}");
                };
                spelled(&question.shown, &question.text);
                question.options.iter().for_each(|option| spelled(&option.shown, &option.text));
            }
        }
    }

    #[test]
    fn answers_behind_the_questions_are_keys_and_no_questions() {
        let questions = ["1. Name a metal. (1 mark)", "2. Name a gas. (1 mark)", "3. Name an acid. (1 mark)"];
        let answers = ["Answers", "1. iron", "2. oxygen", "3. vinegar"];
        let paper = read_paper(&[testing::typed(&questions), testing::typed(&answers)]);
        let keys: Vec<_> = paper.questions.iter().map(|question| question.key.as_ref().unwrap()).collect();
        assert_eq!(keys.iter().map(|key| key.text.as_str()).collect::<Vec<_>>(), ["iron", "oxygen", "vinegar"]);
        assert!(matches!(keys[1].source, KeySource::Paper(region) if region.page == 2 && region.height > 10.0));
        let without = read_paper(&[testing::typed(&["Answers", questions[0], questions[1], questions[2]])]);
        assert_eq!(without.questions.iter().filter(|question| question.key.is_none()).count(), 3);
    }

    #[test]
    fn what_is_said_over_some_questions_is_none_of_the_one_before() {
        let rows = [
            "1. Name a metal. (1 mark)",
            "Fill in the blanks in questions 2 to 3.",
            "2. The gas that plants take in is (1 mark)",
            "3. The gas that plants give off is (1 mark)",
            "4. The largest planet is (1 mark)",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        assert_eq!(paper.questions[0].text, "Name a metal.");
        let kinds: Vec<_> = paper.questions.iter().map(|question| question.kind).collect();
        assert_eq!(kinds[1..3], [Kind::Cloze; 2]);
        assert_ne!(kinds[3], Kind::Cloze);
    }

    #[test]
    fn a_word_that_nobody_told_heads_sections_whose_numbers_start_again() {
        let rows = [
            "Test I. Choose.",
            "1. Name a metal.",
            "2. Name a gas.",
            "Test II. Say it.",
            "1. Name an acid.",
            "2. End.",
        ];
        let paths: Vec<String> = read_paper(&[testing::typed(&rows)]).questions.into_iter().map(|q| q.path).collect();
        assert_eq!(paths, ["i.1", "i.2", "ii.1", "ii.2"]);
        let on = ["Text A", "1. Name a metal.", "2. Name a gas.", "Text B", "3. Name an acid.", "4. End."];
        let paths: Vec<String> = read_paper(&[testing::typed(&on)]).questions.into_iter().map(|q| q.path).collect();
        assert_eq!(paths, ["1", "2", "3", "4"]);
    }

    #[test]
    fn a_passage_below_the_last_option_is_none_of_it() {
        let passage = "In the morning the two children went to school on foot.";
        let rows = ["1. Which is it?", "A. red", "B. blue", "", "", passage, "2. Which was it?", "A. here", "B. there"];
        let paper = read_paper(&[testing::typed(&rows)]);
        let last = paper.questions[0].options.last().map(|option| option.text.as_str());
        assert_eq!(last, Some("blue"));
    }

    #[test]
    fn words_above_boxes_to_tick_are_options() {
        let options = |rows: &[&str]| -> Vec<String> {
            let paper = read_paper(&[testing::typed(rows)]);
            paper.questions[0].options.iter().map(|option| option.text.clone()).collect()
        };
        let words = "      Lossy          Lossless";
        assert_eq!(options(&["1. Tick (✓) one box and say why. [3]", words, "2. End [1]"]), ["Lossy", "Lossless"]);
        assert!(options(&["1. Tick (✓) one box in each row. [3]", words, "2. End [1]"]).is_empty());
    }

    #[test]
    fn options_to_tick_may_each_have_a_line_of_their_own() {
        let rows = ["1. What changes? Tick one box. [1]", "", "   The distance", "", "   The number", "", "2. End [1]"];
        let paper = read_paper(&[testing::typed(&rows)]);
        let options: Vec<&str> = paper.questions[0].options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(
            (options, paper.questions[0].text.as_str()),
            (vec!["The distance", "The number"], "What changes? Tick one box.")
        );
        let alone = ["1. What changes? Tick one box. [1]", "", "   The distance", "", "2. End [1]"];
        assert_eq!(
            read_paper(&[testing::typed(&alone)]).questions[0].text,
            "What changes? Tick one box.\nThe distance"
        );
    }

    #[test]
    fn places_for_values_are_no_gaps() {
        let rows = [
            "1. Solve the equations.",
            "x = ............",
            "y = ............  [3]",
            "2. Find it.",
            "......... metres [1]",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let read: Vec<_> = paper.questions.iter().map(|question| (question.text.as_str(), question.marks)).collect();
        assert_eq!(read, [("Solve the equations.", Some(3.0)), ("Find it.", Some(1.0))]);
        assert!(paper.questions.iter().all(|question| question.kind != Kind::Cloze));
    }

    #[test]
    fn a_reckoning_beside_the_marks_of_options_is_none_of_the_last() {
        let rows = ["1. Which is a metal?", "   A iron", "   B wood", "            (1 x 2)        (2)", "2. End (1)"];
        let question = &read_paper(&[testing::typed(&rows)]).questions[0];
        assert_eq!((question.options[1].text.as_str(), question.marks), ("wood", Some(2.0)));
    }

    #[test]
    fn what_stands_below_the_options_further_out_is_none_of_the_last() {
        let rows = ["1. Which is a metal? [1]", "     A iron", "     B wood", "Now look at the figure.", "2. End (1)"];
        let question = &read_paper(&[testing::typed(&rows)]).questions[0];
        assert_eq!(question.options[1].text, "wood");
        assert_eq!(question.text, "Which is a metal?\nNow look at the figure.");
    }

    #[test]
    fn a_heading_below_the_options_is_none_of_the_last() {
        let heading = format!("{}ESSAY TEST", " ".repeat(38));
        let rows = ["1. Which is a metal? [1]", "     A. iron    B. wood    C. air", &heading, "2. End it. [1]"];
        let question = &read_paper(&[testing::typed(&rows)]).questions[0];
        assert_eq!((question.options[2].text.as_str(), question.text.as_str()), ("air", "Which is a metal?"));
    }

    #[test]
    fn a_stem_that_breaks_off_with_a_verb_asks_for_what_stands_below() {
        let rows = ["1. A stone falls from rest. Find the:", "   (a) time it takes.", "   (b) height.", "2. End it."];
        assert_eq!(read_paper(&[testing::typed(&rows)]).questions[0].parts.len(), 2);
    }

    #[test]
    fn a_page_has_columns_below_its_heading() {
        let wide =
            "This sentence goes over the whole width of the page, as all that stands in a heading does. Answer all.";
        let column = |first: usize, options: usize| -> Vec<String> {
            let question = |n: usize| {
                let options = (0..options)
                    .map(|m| format!("   {}. {}", ["A", "B", "C", "D"][m], ["red", "long", "hot", "old"][m]));
                std::iter::once(format!("{n}. Which of these words is one of a colour?")).chain(options)
            };
            (first..first + 4).flat_map(question).collect()
        };
        let (left, right) = (column(1, 4), column(5, 3));
        let empty = String::new();
        let both = |n: usize| format!("{:<54}{}", left[n], right.get(n).unwrap_or(&empty));
        let rows: Vec<String> = (0..6).map(|n| wide[n..].to_owned()).chain((0..left.len()).map(both)).collect();
        let paper = read_paper(&[testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        let paths: Vec<&str> = paper.questions.iter().map(|question| question.path.as_str()).collect();
        assert_eq!(paths, ["1", "2", "3", "4", "5", "6", "7", "8"]);
        let options: Vec<usize> = paper.questions.iter().map(|question| question.options.len()).collect();
        assert_eq!(options, [4, 4, 4, 4, 3, 3, 3, 3]);
    }

    #[test]
    fn few_questions_on_either_side_are_columns() {
        let row = |left: &str, right: &str| format!("{left:<40}{right}");
        let rows = [
            row("1. Which word is the name", "3. Which of them is a sound?"),
            row("   of a colour?", "   A. red"),
            row("   A. red", "   B. loud"),
            row("   B. long", "   C. hot"),
            row("   C. hot", "4. Where does it boil?"),
            row("2. Which of them is a metal?", "   A. nowhere"),
            row("   A. iron", "   B. everywhere"),
            row("   B. wood", "   C. in a pot"),
            row("   C. wool", "5. What is it called?"),
            row("Write each letter once.", "   A. steam"),
            row("", "   B. ice"),
        ];
        let paper = read_paper(&[testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        let counts: Vec<usize> = paper.questions.iter().map(|question| question.options.len()).collect();
        assert_eq!(counts, [3, 3, 3, 3, 2]);
    }

    #[test]
    fn one_of_the_words_below_is_circled() {
        let rows =
            ["1. Say when it was. Circle one answer below. [1]", "   1960      1980      2000", "2. End it. [1]"];
        let question = &read_paper(&[testing::typed(&rows)]).questions[0];
        assert_eq!((question.kind, question.options.len()), (Kind::Single, 3));
    }

    #[test]
    fn a_last_column_may_be_short() {
        let line = "This text is about some of the words there are";
        let short = ["6. Name a metal that rusts when it is wet.", "7. Name a gas that all living things need."];
        let mut rows: Vec<String> = short.iter().map(|right| format!("{line:<54}{right}")).collect();
        rows.extend((1..=5).flat_map(|n| {
            [format!("{n}. Name a metal that floats on the water."), line.to_owned(), line.to_owned(), line.to_owned()]
        }));
        let paper = read_paper(&[testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        assert_eq!(paper.questions.iter().map(|question| question.path.as_str()).collect::<String>(), "1234567");
    }

    fn paths(rows: &[&str]) -> Vec<String> {
        let paper = read_paper(&[testing::typed(rows)]);
        paper.questions.iter().flat_map(Question::items).map(|item| item.path.clone()).collect()
    }

    #[test]
    fn questions_in_the_rows_of_a_table_stand_below_its_heading() {
        let rows = [
            "READ THIS FIRST",
            "1. Section A has two questions.",
            "2. Pencils are permitted.",
            "No     QUESTIONS                                Marks",
            "1      Explain why iron rusts.                  4",
            "2      Name the gas of the air that we breathe. 2",
            "3      State two uses of water.                 2",
            "       Give a reason for each.",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        assert_eq!(questions.iter().map(|question| question.path.as_str()).collect::<String>(), "123");
        assert!(questions[0].text.starts_with("Explain"), "{questions:?}");
    }

    #[test]
    fn options_may_be_named_with_a_colon() {
        let rows = ["1. Which is a metal?", "   A: wood", "   B: iron", "   C: air", "2. End it."];
        let question = &read_paper(&[testing::typed(&rows)]).questions[0];
        assert_eq!(
            question.options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>(),
            ["wood", "iron", "air"]
        );
        let talk = ["1. What do they talk of?", "   A: Where were you?", "   B: At home.", "2. End it."];
        assert!(read_paper(&[testing::typed(&talk)]).questions[0].options.is_empty());
    }

    #[test]
    fn numbers_far_before_their_columns_are_of_them() {
        let row = |left: &str, right: &str| format!("{left:<42}{right}");
        let mut rows = vec![format!("{:>43}", "Part A: metal")];
        for n in 1..=8 {
            rows.push(row(
                &format!("{n}   Which of these four is a metal?"),
                &format!("{}    Which is a gas of the air?", n + 8),
            ));
            rows.push(row("      (1) iron as in nails", "      (1) the salt of a sea"));
            rows.push(row("      (2) the wood of a door", "      (2) oxygen, or else argon"));
        }
        assert_eq!(
            paths(&rows.iter().map(String::as_str).collect::<Vec<_>>()),
            (1..=16).map(|n| n.to_string()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn options_go_down_two_narrow_columns() {
        let rows =
            ["1. It is chosen by its (1 mark)", "   (1) age  (3) shape", "   (2) colour  (4) size", "2. End. (1 mark)"];
        let paper = read_paper(&[testing::typed(&rows)]);
        let options: Vec<&str> = paper.questions[0].options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(options, ["age", "colour", "shape", "size"]);
    }

    #[test]
    fn statements_called_p_and_q_are_no_options() {
        let rows = [
            "Q.1 – Q.2 carry two marks each",
            "Q.1  Consider these statements.",
            "     P. A beam carries loads.",
            "     Q. It is made of steel.",
            "     Which of these can be inferred?",
            "     (A) Only P",
            "     (B) Only Q",
            "     (C) Both P and Q",
            "     (D) Neither P nor Q",
            "Q.2  How many are there?",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        assert_eq!(questions.len(), 2);
        assert_eq!((questions[0].options.len(), questions[0].marks, questions[1].marks), (4, Some(2.0), Some(2.0)));
    }

    #[test]
    fn sections_start_again_behind_places_to_write() {
        let rows = [
            "Part I",
            "    1. Name a metal that floats.",
            "    2. Name a gas that burns.",
            "Part II",
            "_____ 1. Iron is a metal.",
            "_____ 2. Air is a metal.",
        ];
        assert_eq!(paths(&rows), ["i.1", "i.2", "ii.1", "ii.2"]);
    }

    #[test]
    fn of_ways_to_match_two_lists_one_is_chosen() {
        let rows = [
            "1. Match List-I with List-II. (1 mark)",
            " List-I    List-II",
            " A. Force     I. joule",
            " B. Work      II. watt",
            " C. Power     III. newton",
            "   (1) A-III, B-I, C-II",
            "   (2) A-I, B-II, C-III",
            "   (3) A-II, B-III, C-I",
            "   (4) A-II, B-I, C-III",
            "2. Name a metal. (1 mark)",
            "3. Name a gas. (1 mark)",
            "4. Name an acid. (1 mark)",
            "5. Name a salt. (1 mark)",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        assert_eq!((questions[0].kind, questions[0].options.len()), (Kind::Single, 4));
        assert_eq!(questions[0].options[1].text, "A-I, B-II, C-III");
    }

    #[test]
    fn headings_of_sections_at_the_top_of_pages_stay() {
        let page = |heading: &str, first: &str, second: &str| testing::typed(&["", heading, "", first, second]);
        let mut pages = [
            page("SECTION 1 - 3 marks", "1. Name a metal. [1]", "2. Name a gas. [2]"),
            page("SECTION 2 - 7 marks", "3. Name an acid. [3]", "4. Name a salt. [4]"),
        ];
        // At the very top, where pages repeat what they are of.
        pages.iter_mut().flat_map(|page| &mut page.chars).for_each(|char| char.baseline -= 50.0);
        let labels: Vec<String> = read_paper(&pages).sections.into_iter().map(|section| section.label).collect();
        assert_eq!(labels, ["1", "2"]);
    }

    #[test]
    fn labels_of_parts_may_name_their_question() {
        for (first, second) in [("1a)", "1b)"), ("1(a)", "1(b)"), ("1. a)", "1.b)")] {
            let (first, second) = (format!("{first} Name a metal. (2)"), format!("{second} Name a gas. (2)"));
            let rows = [first.as_str(), second.as_str(), "2. Name an acid. (1)", "3. Name a salt. (1)"];
            assert_eq!(paths(&rows), ["1", "1.a", "1.b", "2", "3"], "{rows:?}");
        }
    }

    #[test]
    fn parts_with_alternatives_of_their_own_are_no_options() {
        let rows = [
            "1. Underline the right word in brackets. (2 marks)",
            "   a. He (is, are) late.",
            "   b. We (was, were) early.",
            "2. Tick the right answer: two and three are (1 mark)",
            "   ☐ four      ☐ five      ☐ six",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        assert_eq!((questions[0].kind, questions[0].parts.len()), (Kind::Group, 2));
        assert_eq!((questions[1].kind, questions[1].options.len()), (Kind::Single, 3));
    }

    #[test]
    fn questions_may_carry_the_letter_of_their_section() {
        let rows = [
            "1 There are two sections in this paper.",
            "2 Answer all questions.",
            "Section A [5 marks]",
            "A1  Name a metal. [1]",
            "A2  (a) Name a gas. [1]",
            "    (b) Name an acid. [3]",
            "Section B [4 marks]",
            "B3  Name a salt. [4]",
        ];
        assert_eq!(paths(&rows), ["a1", "a2", "a2.a", "a2.b", "b3"]);
    }

    #[test]
    fn marks_of_each_part_and_of_each_question_of_a_section() {
        let rows = [
            "Part I: Say whether each is \u{201c}true\u{201d} or \u{201c}false\u{201d}. (1 pt each)",
            "1. Iron is a metal.",
            "2. Air is a metal.",
            "Part II: Work out.",
            "3. Define these terms: (2 marks each)",
            "   (a) force",
            "   (b) work",
        ];
        let paper = read_paper(&[testing::typed(&rows)]);
        let marks: Vec<Option<f64>> =
            paper.questions.iter().flat_map(Question::leaves).map(|question| question.marks).collect();
        assert_eq!(marks, [Some(1.0), Some(1.0), Some(2.0), Some(2.0)]);
    }

    #[test]
    fn keys_name_options_in_brackets_and_points_by_ticks() {
        let rows = [
            "1. Which is a metal? (1 mark)",
            "   (a) tin   (b) salt   (c) wood",
            "2. Give two metals. (2 marks)",
            "3. Which is a gas? (1 mark)",
            "   (a) tin   (b) air   (c) wood",
            "Marking scheme",
            "1. a",
            "2. Tin ✓",
            "   Lead ✓",
            "3. (b)",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        let keys: Vec<&str> =
            questions.iter().filter_map(|question| Some(question.key.as_ref()?.text.as_str())).collect();
        assert_eq!(keys, ["a", "Tin; Lead", "b"]);
        assert_eq!(questions[2].key.as_ref().map(|key| key.options.len()), Some(1));
    }

    #[test]
    fn questions_stand_below_the_instructions_of_their_section() {
        let rows = [
            "SECTION A",
            "Instructions for Section A",
            "Answer all of them.",
            "Question 1",
            "Name a metal.",
            "Question 2",
            "Name a gas.",
            "SECTION B",
            "Question 1 (8 marks)",
            "Explain rust.",
            "Question 2 (9 marks)",
            "Explain rain.",
        ];
        assert_eq!(paths(&rows), ["a.1", "a.2", "b.1", "b.2"]);
    }

    #[test]
    fn keys_stand_in_rows_below_the_sections() {
        let rows = [
            "1. Which is a metal? (1 mark)",
            "   A. tin   B. salt   C. wood",
            "2. Which is a gas? (1 mark)",
            "   A. tin   B. air   C. wood",
            "3. Which is a salt? (1 mark)",
            "   A. tin   B. air   C. chalk",
            "Say whether it is true or false.",
            "4. Tin is a metal. (1 mark)",
            "5. Air is a metal. (1 mark)",
            "6. Salt is a gas. (1 mark)",
            "Answers",
            "Section A",
            "1  2  3",
            "A  B  C",
            "Section B",
            "4     5      6",
            "True  False  False",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        let keys: Vec<&str> =
            questions.iter().filter_map(|question| Some(question.key.as_ref()?.text.as_str())).collect();
        assert_eq!(keys, ["A", "B", "C", "True", "False", "False"]);
    }

    #[test]
    fn a_scheme_of_another_paper_is_not_used() {
        let questions: Vec<String> = (1..=8)
            .flat_map(|n| {
                [format!("{n}. Which of these is a metal? (1 mark)"), "   A. tin   B. salt   C. wood   D. air".into()]
            })
            .collect();
        let typed = |rows: &[String]| testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let keyed = |scheme: &[String]| {
            let mut paper = read_paper(&[typed(&questions)]);
            apply_scheme(&mut paper, &[typed(scheme)]);
            let unfit = paper.warnings.iter().any(|warning| warning.contains("another paper"));
            (paper.questions.iter().filter(|question| question.key.is_some()).count(), unfit)
        };
        let scheme = |of: &dyn Fn(usize) -> String| (1..=8).map(of).collect::<Vec<_>>();
        assert_eq!(keyed(&scheme(&|n| format!("{n}. A"))), (8, false));
        assert_eq!(keyed(&scheme(&|n| format!("{n}. F"))), (0, true), "no such options");
        let words = scheme(&|n| format!("{n}. The king moved his capital north"));
        assert_eq!(keyed(&words), (0, true), "no such words");
        let behind = [vec!["Answers".to_owned()], words].concat();
        let paper = read_paper(&[typed(&questions), typed(&behind)]);
        assert!(
            paper.questions.iter().all(|question| question.key.is_some()),
            "a paper's own answers are of that paper"
        );
    }

    #[test]
    fn remarks_beside_short_answers_are_none_of_them() {
        let number = |n: usize| format!("{n}. Name a source of light. (1 mark)");
        let questions: Vec<String> = (1..=24).map(number).collect();
        let row = |cells: [&str; 4]| format!("{:<8}{:<36}{:<40}{}", cells[0], cells[1], cells[2], cells[3]);
        let mut table = vec![row(["No", "Answer", "Regrades", "Marks"])];
        table.extend(
            (1..=24)
                .map(|n| row([&n.to_string(), "a star, or the sun by day", "it shines by its own light alone", "1"])),
        );
        let page = |rows: &[String]| testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let mut paper = read_paper(&[page(&questions)]);
        apply_scheme(&mut paper, &[page(&table)]);
        let keys: Vec<&str> =
            paper.questions.iter().map(|question| question.key.as_ref().unwrap().text.as_str()).collect();
        assert_eq!(keys, ["a star, or the sun by day"; 24]);
    }

    #[test]
    fn roman_sections_may_start_again() {
        let rows = [
            "I. WHAT YOU KNOW (30 points)",
            "1. Define rust. /5pts",
            "2. The smallest unit of life is: /5pts",
            "   a. the cell   b. the organ   c. the blood   d. the bone",
            "II. WHAT YOU CAN DO (30 points)",
            "1. Two grey mice had white ones.",
            "   a) Say why. /8pts",
            "   b) Draw it. /7pts",
            "2. Describe the graph. /15pts",
        ];
        assert_eq!(paths(&rows), ["i.1", "i.2", "ii.1", "ii.1.a", "ii.1.b", "ii.2"]);
    }

    #[test]
    fn exercises_may_have_a_part_of_their_own_number() {
        let rows = [
            "Exercise 1 (5 points)",
            "1. Name a metal. (2 points)",
            "2. Name a gas. (3 points)",
            "Exercise 2 (9 points)",
            "1. Write about a town. (6 points)",
            "2. a) Name two lakes. (2 points)",
            "   b) Name a river. (1 point)",
        ];
        assert_eq!(paths(&rows), ["1", "1.1", "1.2", "2", "2.1", "2.2", "2.2.a", "2.2.b"]);
    }

    #[test]
    fn a_sentence_behind_a_number_may_start_with_a() {
        let rows = [
            "1    A plant turns to the light. What is this?",
            "     A    growth",
            "     B    sense",
            "2    Name a metal.",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        assert_eq!((questions[0].kind, questions[0].options.len()), (Kind::Single, 2));
    }

    #[test]
    fn questions_named_by_their_section_need_no_other_name() {
        let rows = [
            "Section A [3 marks]",
            "A1  Name a metal. [1]",
            "A2  Name a gas. [2]",
            "Section B [2 marks]",
            "B1  Name a salt. [2]",
        ];
        assert_eq!(paths(&rows), ["a1", "a2", "b1"]);
    }

    #[test]
    fn numbers_may_leap_at_a_section() {
        let rows = [
            "SECTION A",
            "1. Name a metal.",
            "2. Name a gas.",
            "SECTION B",
            "51. Read this and answer.",
            "    a) Who came?",
            "    b) Who left?",
        ];
        assert_eq!(paths(&rows), ["1", "2", "51", "51.a", "51.b"]);
    }

    #[test]
    fn questions_may_stand_right_below_the_instructions() {
        let options = "   A. iron   B. wood   C. salt";
        let rows = [
            "SCIENCE",
            "READ THESE INSTRUCTIONS CAREFULLY",
            "For each question there are three answers.",
            "1. Which of these is a metal?",
            options,
            "2. Which of these burns?",
            options,
            "3. Which of these do we eat?",
            options,
        ];
        assert_eq!(paths(&rows), ["1", "2", "3"]);
    }

    #[test]
    fn questions_stand_side_by_side_in_cells() {
        let row = |left: &str, right: &str| format!("{left:<44}{right}");
        let rows = [
            "3. Choose the best answer.".to_owned(),
            row("a) Which type holds a name? (2 marks)", "b) Which word starts a loop? (2 marks)"),
            row("A. Boolean", "A. for"),
            row("B. String", "B. if"),
            row("c) Which one reads rows? (2 marks)", "d) Which one writes them? (2 marks)"),
            row("A. select", "A. drop"),
            row("B. insert", "B. update"),
            "4. Name a metal. (1 mark)".to_owned(),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(paths(&rows), ["3", "3.a", "3.b", "3.c", "3.d", "4"]);
        let parts = &read_paper(&[testing::typed(&rows)]).questions[0].parts;
        assert!(parts.iter().all(|part| part.options.len() == 2 && part.marks == Some(2.0)));
    }

    #[test]
    fn letters_alone_name_the_rows_of_a_table() {
        let rows = [
            "1. Tick the right column. (3 marks)",
            "        Statement                    True     False",
            "   a    Iron is a metal.",
            "   b    Salt is a gas.",
            "   c    Wood burns well.",
            "2. Name a metal. (1 mark)",
        ];
        assert_eq!(paths(&rows), ["1", "1.a", "1.b", "1.c", "2"]);
        let parts = &read_paper(&[testing::typed(&rows)]).questions[0].parts;
        assert!(parts.iter().all(|part| part.kind == Kind::TrueFalse));
    }

    #[test]
    fn what_stands_below_a_heading_gives_marks() {
        let rows = [
            "SECTION A: CHEMISTRY",
            "I. Circle the letter of the correct answer.",
            "(2 marks each)",
            "1. Which is a metal?",
            "   a) iron   b) wood",
            "2. Which is a gas?",
            "   a) salt   b) air",
            "II. Answer these questions. 2 × 3 = 6",
            "3. Say why iron rusts.",
            "4. Say why ice floats.",
            "SECTION B: GEOGRAPHY",
            "III. Answer this one. 1 × 5 = 5",
            "5. Describe a volcano.",
        ];
        let questions = read_paper(&[testing::typed(&rows)]).questions;
        let marks: Vec<Option<f64>> = questions.iter().map(|question| question.marks).collect();
        assert_eq!(marks, [2.0, 2.0, 3.0, 3.0, 5.0].map(Some));
        assert_eq!(questions[1].options[1].text, "air");
    }

    #[test]
    fn options_stand_below_the_last_part_as_below_the_others() {
        let row = "   A Scurvy   B Rickets   C Goitre   D Anaemia   E Beriberi";
        let rows = [
            "1. Choose the right letter.",
            "   (i) Lack of iron leads to",
            row,
            "   (ii) Lack of salt leads to",
            row,
            "2. Name a metal.",
        ];
        assert_eq!(paths(&rows), ["1", "1.i", "1.ii", "2"]);
    }

    #[test]
    fn keys_of_parts_stand_in_rows_below_their_question() {
        let options = "       A. tin   B. salt   C. wood";
        let mut rows = vec!["1. Choose the right letter."];
        for part in
            ["   (i) Which is a metal?", "   (ii) Which is white?", "   (iii) Which burns?", "   (iv) Which rings?"]
        {
            rows.extend([part, options]);
        }
        let mut paper = read_paper(&[testing::typed(&rows)]);
        let scheme = ["Marking scheme", "Question 1", "Item      i    ii   iii   iv", "Answer    A    B    C     A"];
        apply_scheme(&mut paper, &[testing::typed(&scheme)]);
        let keys: String =
            paper.questions[0].parts.iter().filter_map(|part| part.key.as_ref()).map(|key| key.text.as_str()).collect();
        assert_eq!(keys, "ABCA");
    }

    #[test]
    fn solutions_may_leave_problems_out() {
        let open = |n: usize| [format!("Problem {n}"), "(a) Explain rust.".into(), "(b) Explain rain.".into()];
        let rows: Vec<String> = (1..=5).flat_map(open).collect();
        let mut paper = read_paper(&[testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        let scheme = ["Problem 1", "(a) It is iron", "(b) It is wet", "Problem 5", "(a) It is red", "(b) It is air"];
        apply_scheme(&mut paper, &[testing::typed(&scheme)]);
        let keys: Vec<&str> =
            paper.questions[4].parts.iter().filter_map(|part| Some(part.key.as_ref()?.text.as_str())).collect();
        assert_eq!(keys, ["It is red", "It is air"]);
    }

    #[test]
    fn what_a_page_comes_to_is_no_option_to_tick() {
        let right = format!("{:>90}", "5");
        let rows = [
            "1. Why was there none? Tick one box. [1]",
            "   It was cold.",
            "   It was used up.",
            &right,
            "2. End it. [1]",
        ];
        let options = &read_paper(&[testing::typed(&rows)]).questions[0].options;
        assert_eq!(options.len(), 2, "{options:?}");
    }

    #[test]
    fn what_may_be_answered_instead_is_worth_as_much() {
        for between in ["OR", "Or", "(OR)", "Ou"] {
            let rows = [
                "1. Explain rust. (3 marks)",
                &format!("{between:>40}"),
                "Explain rain. (3 marks)",
                "2. Name a metal. (1 mark)",
            ];
            let marks = read_paper(&[testing::typed(&rows)]).questions[0].marks;
            assert_eq!(marks, Some(3.0), "{between}");
        }
    }

    #[test]
    fn answers_may_have_a_longer_heading() {
        assert!(
            ["ANSWERS", "Answers to the objective test", "Marking scheme for Paper 1"].iter().all(|text| heads(text))
        );
        assert!(!heads("Answers should be written in the spaces.") && !heads("Answer all questions"));
        fn heads(text: &str) -> bool {
            let segment = lines::Segment { text: text.to_owned(), ..Default::default() };
            heads_answers(&Line { segments: vec![segment], ..Line::default() })
        }
    }

    #[test]
    fn a_cover_tells_the_rule_of_each_section() {
        let text = "Answer ALL questions in Section A and ANY TWO in Section B.";
        assert_eq!(told_rule(text, "A"), Some(Rule::All));
        assert_eq!(told_rule(text, "B"), Some(Rule::Choose(2)));
        assert_eq!(told_rule(text, "C"), None);
        assert_eq!(told_rule("3. Section A has 4 questions; circle the letters.", "A"), None);
        let text = "Your best three answers in Section C will count.";
        assert_eq!(told_rule(text, "C"), Some(Rule::Best(3)));
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
