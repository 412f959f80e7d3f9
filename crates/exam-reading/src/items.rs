//! Nodes to questions: text without labels, marks and lines to write on; options; kinds; places on the page.

use std::collections::HashMap;

use exam_model::columns::CELLS_APART;
use exam_model::labels::{self, Frame, Numbering};
use exam_model::question::{Choice, Kind, Question, Region, SURE};

use crate::formula::signs::Signs;
use crate::kinds::{self, asks_to_circle};
use crate::lines::Line;
use crate::structure::{Node, Place};
use crate::text::{Drawing, PageText};
use crate::words::{self, says};
use crate::{marks, shown};

/// What stands for a blank in a text.
pub const BLANK: &str = "______";

/// One node's own words, cleaned.
#[derive(Debug, Default)]
pub struct Words {
    pub text: String,
    pub marks: Vec<f64>,
    /// Those are the marks of each part.
    pub each: bool,
    /// Lines of dots to write on.
    pub answer_lines: usize,
    pub blanks: u32,
    /// `Ans` stands before the options, as in a printed computer-based test.
    pub answers_follow: bool,
    /// A place to write follows its last words.
    pub open_end: bool,
    /// Cells of rows of short words: a word bank.
    pub bank: Vec<String>,
    /// The bank are options with boxes to tick.
    pub boxed: bool,
}

/// Everything that making questions needs to know of the paper.
pub struct Context<'a> {
    pub lines: &'a [Line],
    pub pages: &'a [PageText],
    pub signs: &'a Signs,
    /// Whether what is labelled in a style are options, from -1 to 1.
    pub alike: HashMap<Style, f32>,
}

/// How what stands below a node is labelled.
type Style = (Numbering, Frame);

fn style(node: &Node) -> Option<Style> {
    node.children.first().map(|child| (child.label.numbering, child.label.frame))
}

impl<'a> Context<'a> {
    pub fn new(lines: &'a [Line], pages: &'a [PageText], signs: &'a Signs, questions: &[Node]) -> Self {
        let mut context = Self { lines, pages, signs, alike: HashMap::new() };
        let mut seen: HashMap<Style, Vec<f32>> = HashMap::new();
        let mut stack: Vec<&Node> = questions.iter().collect();
        while let Some(node) = stack.pop() {
            stack.extend(&node.children);
            let Some(style) = style(node).filter(|_| node.children.len() > 1) else { continue };
            let own = words(&context, node);
            let odds =
                kinds::options_rather_than_parts(node, &own, "", 0.0, |child| option_words(&context, node, child));
            seen.entry(style).or_default().push(odds.map_or(-1.0, f32::tanh));
        }
        context.alike =
            seen.into_iter().map(|(style, odds)| (style, odds.iter().sum::<f32>() / odds.len() as f32)).collect();
        context
    }
}

/// The question of a node; `end` is where the next node after all of this one's starts.
pub fn question(context: &Context<'_>, node: &Node, path: &str, stems: &str, end: Option<Place>) -> Question {
    let mut words = words(context, node);
    let regions = regions(context, node.at, end);
    let stems_here = format!("{stems} {}", words.text);
    let paired = kinds::are_pairings(node, |child| self::words(context, child));
    let matching = kinds::is_matching(&words.text) && !node.children.is_empty() && !paired;
    if matching {
        words.text = table_text(context, node, end);
        let below = node.children.iter().flat_map(|child| self::words(context, child).marks);
        words.marks.extend(below);
    }
    let alike = style(node).and_then(|style| context.alike.get(&style)).copied().unwrap_or_default();
    let odds = kinds::options_rather_than_parts(node, &words, stems, alike, |child| option_words(context, node, child));
    let odds = odds.filter(|_| !matching);
    let is_choice = paired || odds.is_some_and(|odds| odds > 0.0);
    let (confidence, mut doubts) = confidence(node);
    let torn = !paired && odds.is_some_and(|odds| odds.abs() < 2.0);
    if torn {
        let (these, those) = if is_choice { ("options", "parts") } else { ("parts", "options") };
        doubts.push(format!("What was read as {these} could be {those} as well."));
    }
    let mut options = Vec::new();
    let mut parts = Vec::new();
    if is_choice {
        let (choices, marks) = choices(context, node);
        options = choices;
        let below = node.children.last().map_or(&[][..], |last| below_options(context, node, last));
        let below = below.iter().filter(|(place, _)| !is_heading(context, node, *place)).cloned().collect();
        let below = self::words(context, &Node { text: below, children: Vec::new(), ..node.clone() });
        words.marks.extend(below.marks);
        if !below.text.is_empty() {
            words.text = format!("{}\n{}", words.text, below.text).trim_start().to_owned();
        }
        words.marks.extend(marks);
    } else if !matching {
        parts = self::parts(context, node, path, &stems_here, end);
        if torn {
            parts.iter_mut().for_each(|part| part.doubt("It could be an option rather than a part."));
        }
        give_each(&mut words, &mut parts);
        words.marks.extend(marks_of_all(&words, &mut parts));
    }
    let marks = (!words.marks.is_empty()).then(|| words.marks.iter().sum());
    if words.marks.len() > 1 {
        doubts.push(format!("Marks are printed {} times here; they were added.", words.marks.len()));
    }
    if options.is_empty() && parts.is_empty() {
        options = bank(&words);
    }
    let is_choice =
        is_choice || words.boxed && !options.is_empty() || !options.is_empty() && asks_to_circle(&words.text);
    let judged = kinds::without_truth_values(&words.text, stems).filter(|_| parts.is_empty() && !is_choice);
    let (kind, choose) = match judged {
        Some(statement) => {
            words.text = statement;
            (Kind::TrueFalse, None)
        }
        None => kinds::kind(&words, stems, &options, is_choice, &parts),
    };
    options = options_of_kind(kind, &words.text, options);
    relabel(&mut options, &mut doubts);
    let figure = has_figure(context, &regions, &words.text);
    let confidence = if doubts.is_empty() { confidence } else { confidence.min(0.6) };
    let mut question = Question {
        path: path.to_owned(),
        label: node.label.printed.clone(),
        kind,
        text: words.text,
        options,
        choose,
        marks,
        regions,
        figure,
        confidence,
        doubts,
        parts,
        ..Question::default()
    };
    shown::decide(context, &mut question, node, end);
    question
}

/// How sure it is that a node is one, and why not surer.
fn confidence(node: &Node) -> (f32, Vec<String>) {
    let mut doubts = Vec::new();
    if node.odd {
        doubts.push(format!("The label {} stands here out of order or a second time.", node.label.printed));
    }
    if !node.loose.is_empty() {
        doubts.push(format!("What looks like a label was read as text: {}.", node.loose.join(", ")));
    }
    // From a half, where another reading fits as well, to one.
    let sure = |ahead: f32| 1.0 - 0.5 * (-4.0 * ahead).exp();
    if sure(node.ahead) < SURE {
        doubts.push("Another way to read its parts fits almost as well.".to_owned());
    }
    if sure(node.numbered) < SURE {
        doubts.push("The questions could be numbered almost as well without this one.".to_owned());
    }
    if node.gap {
        doubts.push("The number before this one was not found.".to_owned());
    }
    (sure(node.ahead.min(node.numbered)), doubts)
}

/// Where a piece starts.
fn x(context: &Context<'_>, place: Place) -> f32 {
    context.lines[place.line].segments.get(place.segment).map_or(f32::MAX, |segment| segment.x)
}

/// A line in capitals that starts where no option does.
fn is_heading(context: &Context<'_>, node: &Node, place: Place) -> bool {
    let text = context.lines[place.line].text();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let line = &context.lines[place.line];
    let right = line.segments.last().map_or(0.0, |segment| segment.right);
    let centred = (line.x() + right - line.column.0 - line.column.1).abs() < APART;
    let from = if centred { 0.5 * APART } else { CENTRED };
    let apart = |option: &Node| (x(context, option.at) - x(context, place)).abs() > from;
    letters >= 4 && !text.contains(char::is_lowercase) && node.children.iter().all(apart)
}

/// The words of what may be an option, without what stands below all of them.
fn option_words(context: &Context<'_>, node: &Node, child: &Node) -> Words {
    let below = below_options(context, node, child);
    if below.is_empty() {
        return words(context, child);
    }
    let text = child.text[..child.text.len() - below.len()].to_vec();
    let mut own = words(context, &Node { text, ..child.clone() });
    own.marks.extend(below.iter().flat_map(|(_, text)| marks::take(text, true).marks));
    own
}

/// What stands below the last option further out than any, as far out as labels whose texts hang, or as a heading in the middle:
/// it is none of it.
fn below_options<'a>(context: &Context<'_>, node: &Node, child: &'a Node) -> &'a [(Place, String)] {
    let last = node.children.last().is_some_and(|last| last.at == child.at);
    let outermost = node.children.iter().map(|option| x(context, option.at)).fold(f32::MAX, f32::min);
    // Where the texts hang behind labels apart from them.
    let hang = |option: &Node| {
        let segments = &context.lines[option.at.line].segments;
        segments.get(option.at.segment + 1).filter(|_| segments.len() == 2 && option.at.segment == 0).map(|text| text.x)
    };
    let hanging = node.children.iter().map(hang).try_fold(f32::MAX, |least, x| Some(least.min(x?)));
    let edge = hanging.filter(|hanging| *hanging > outermost + APART).map_or(outermost - APART, |_| outermost + 2.0);
    let starts = |(place, _): &(Place, String)| {
        let further_out = x(context, *place) < edge;
        let none = || further_out || is_heading(context, node, *place) || is_new_block(context, node, *place);
        place.line > child.at.line && place.segment == 0 && none()
    };
    let from = child.text.iter().position(starts).filter(|_| last).unwrap_or(child.text.len());
    &child.text[from..]
}

/// A paragraph as far out as the question's number, apart from the lines above: what the next questions are about.
fn is_new_block(context: &Context<'_>, node: &Node, place: Place) -> bool {
    let (above, line) = (&context.lines[place.line - 1], &context.lines[place.line]);
    let gap = line.baseline - above.baseline;
    let apart = line.page != above.page || gap < 0.0 || gap > 1.9 * (line.bottom - line.top);
    let size = line.segments.first().map_or(0.0, |first| first.size);
    let outermost = x(context, place) < x(context, node.at) + 2.0 && line.x() - line.column.0 < 2.0 * size;
    apart && outermost && line.text().split(' ').count() > 5
}

/// The options that the nodes below one are, and the marks behind them, which belong to the question.
fn choices(context: &Context<'_>, node: &Node) -> (Vec<Choice>, Vec<f64>) {
    let (mut options, mut marks) = (Vec::new(), Vec::new());
    for (n, child) in node.children.iter().enumerate() {
        let own_text = &child.text[..child.text.len() - below_options(context, node, child).len()];
        let mut own = words(context, &Node { text: own_text.to_vec(), ..child.clone() });
        marks.append(&mut own.marks);
        // Below the last option may stand the place to write the answer.
        if let Some((option, below)) = own.text.split_once('\n')
            && n + 1 == node.children.len()
            && below.contains(BLANK)
        {
            own.text = option.to_owned();
        }
        let label = child.label.printed.trim_matches(['(', ')', '[', ']', '.', ' ']).to_owned();
        options.push(Choice { label, text: own.text, ..Choice::nth(n) });
    }
    (options, marks)
}

/// The parts that the nodes below one are; a label that stands there a second time is followed by `#2` in the path.
fn parts(context: &Context<'_>, node: &Node, path: &str, stems: &str, end: Option<Place>) -> Vec<Question> {
    let part = |(n, child): (usize, &Node)| {
        let next = node.children.get(n + 1).map(|next| next.at).or(end);
        let before = &node.children[..n];
        let times = 1 + before.iter().filter(|other| other.label.plain == child.label.plain).count();
        let twice = if times > 1 { format!("#{times}") } else { String::new() };
        question(context, child, &format!("{path}.{}{twice}", child.label.plain), stems, next)
    };
    node.children.iter().enumerate().map(part).collect()
}

/// Marks behind the last of several parts, or the last part of that, the only ones, are those of all: they are taken from it.
fn marks_of_all(words: &Words, parts: &mut [Question]) -> Option<f64> {
    let [before @ .., last] = parts else { return None };
    let only = !before.is_empty()
        && words.marks.is_empty()
        && !last.parts.iter().any(Question::has_marks)
        && !before.iter().any(Question::has_marks);
    last.marks.take_if(|_| only)
}

/// Marks that are said to be of each part are given to those, where they print none.
fn give_each(words: &mut Words, parts: &mut [Question]) {
    if let [marks] = words.marks[..]
        && words.each
        && !parts.iter().any(Question::has_marks)
    {
        words.marks.clear();
        parts.iter_mut().for_each(|part| part.marks = Some(marks));
    }
}

/// A word bank as options, where it has words enough to be one.
fn bank(words: &Words) -> Vec<Choice> {
    if words.bank.len() < if words.boxed { 2 } else { 3 } {
        return Vec::new();
    }
    let option = |(n, text): (usize, &String)| Choice { text: text.clone(), label: String::new(), ..Choice::nth(n) };
    words.bank.iter().enumerate().map(option).collect()
}

/// The options as questions of this kind have them.
fn options_of_kind(kind: Kind, text: &str, options: Vec<Choice>) -> Vec<Choice> {
    match kind {
        Kind::TrueFalse => Vec::new(),
        Kind::Classify => kinds::things_and_headings(text, options),
        Kind::Label => {
            let part = |(n, label): (usize, String)| Choice { label, ..Choice::nth(n) };
            kinds::parts_of_a_picture(text).into_iter().enumerate().map(part).collect()
        }
        _ => options,
    }
}

/// The lines of a node with all that is below it, cells three spaces apart, without marks and dots.
fn table_text(context: &Context<'_>, node: &Node, end: Option<Place>) -> String {
    let last = end.map_or(context.lines.len(), |end| end.line).min(context.lines.len());
    let label = &node.label.printed;
    let rows = context.lines[node.at.line..last].iter().enumerate().map(|(n, line)| {
        let cell = |text: &str| {
            let found = marks::take(text, true).text;
            // A row of the table may have the question's own number.
            let own = if n == 0 { found.strip_prefix(label.as_str()) } else { None };
            without_dots(own.unwrap_or(&found).trim()).0
        };
        let cells: Vec<String> =
            line.segments.iter().map(|segment| cell(&segment.text)).filter(|c| !c.is_empty()).collect();
        cells.join(CELLS_APART)
    });
    // `1 – ____ 2 – ____` is the place for the answer.
    rows.filter(|row| !row.is_empty() && !row.contains(BLANK)).collect::<Vec<_>>().join("\n")
}

/// Joins a node's pieces line by line.
fn words(context: &Context<'_>, node: &Node) -> Words {
    let mut words = Words::default();
    let mut rows: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut healed = healed(&node.text);
    if let Some((_, text)) = healed.first_mut().filter(|(place, _)| place.line == node.at.line)
        && let Some((marks, rest)) = marks::leading(text)
    {
        words.marks.push(marks);
        *text = rest.to_owned();
    }
    for (place, text) in &healed {
        match rows.last_mut() {
            Some((line, cells)) if *line == place.line => cells.push(text),
            _ => rows.push((place.line, vec![text])),
        }
    }
    let mut options = OptionRows::of(node, &rows, &mut words);
    let mut last_bottom: Option<(u32, f32)> = None;
    let mut alternative: Option<usize> = None;
    let mut marks_alone: Option<(String, usize)> = None;
    for (line, mut cells) in rows {
        // A computer-based test prints it beside the first option, or over all.
        if cells.iter().any(|cell| cell.trim() == "Ans") {
            words.answers_follow = true;
            cells.retain(|cell| cell.trim() != "Ans");
            if cells.is_empty() {
                continue;
            }
        }
        let here = &context.lines[line];
        let apart = last_bottom.is_some_and(|(page, bottom)| page != here.page || here.top - bottom > APART);
        if options.take(context, &mut words, (line, &cells), apart) {
            if options.ticking && cells.len() == 1 {
                last_bottom = Some((here.page, here.bottom));
            }
            continue;
        }
        let marked = words.marks.len();
        let (cleaned, open_end) = without_places(&mut words, &cells);
        let row = cleaned.join(CELLS_APART);
        let printed = cells.join(CELLS_APART);
        // `[2 markah]` over `[2 marks]` are the same in another language.
        let again = marks_alone.is_some_and(|(above, at)| {
            above != printed && words.marks[at..marked] == words.marks[marked..] && marks::are_all(&printed)
        });
        if again {
            words.marks.truncate(marked);
        }
        marks_alone = (marks::are_all(&printed) && !again).then_some((printed, marked));
        if is_answer_place(&words.text, &row, open_end) {
            words.answer_lines += 1;
            words.blanks -= row.matches(BLANK).count() as u32;
            continue;
        }
        // What is asked instead is worth as much, not more.
        let instead = ["or:", "ou :", "ou:", "cyangwa:"].iter().any(|word| row.to_lowercase().starts_with(word));
        let between = row.trim_matches(|c: char| !c.is_alphabetic());
        if matches!(between, "OR" | "Or" | "OU" | "Ou" | "CYANGWA" | "Cyangwa" | "AU") || instead {
            alternative = Some(marked);
        }
        if row.is_empty()
            || is_furniture(&row)
            || words::ANSWER_PLACE.has(row.to_lowercase().trim_end_matches(['[', ']', ' ', ':']))
        {
            continue;
        }
        // `Question 1 (2 points): Define it.`
        let row =
            if words.text.is_empty() && !words.marks.is_empty() { row.trim_start_matches([':', ' ']) } else { &row };
        words.push(row, apart || cleaned.len() > 1, open_end);
        last_bottom = Some((here.page, here.bottom));
    }
    if let Some(at) = alternative
        && let (Some(before), &[after]) = (at.checked_sub(1).map(|at| words.marks[at]), &words.marks[at..])
        && before == after
    {
        words.marks.truncate(at);
    }
    // One row alone was none of several options.
    if options.ticking && words.bank.len() == 1 {
        let row = words.bank.remove(0);
        words.boxed = false;
        words.push(&row, true, false);
    }
    let (text, more) = close_ends(&words.text);
    words.text = text;
    words.blanks += more;
    words
}

impl Words {
    /// Adds a row to the text.
    fn push(&mut self, row: &str, on_new_line: bool, open_end: bool) {
        let text = &mut self.text;
        let broken = text.ends_with('-') && !text.ends_with(" -") && row.starts_with(char::is_lowercase);
        let below_table = text.rsplit('\n').next().is_some_and(|last| last.contains(CELLS_APART));
        text.push_str(match (text.is_empty() || broken, on_new_line || below_table) {
            (true, _) => "",
            (_, true) => "\n",
            _ => " ",
        });
        text.push_str(row);
        self.open_end = open_end;
        if open_end {
            text.push(OPEN_END);
        }
    }
}

/// What tells rows of options without letters from the text around them.
struct OptionRows {
    /// A bank of words is spoken of.
    banked: bool,
    /// "Circle …": all rows of cells are options.
    circled: bool,
    leaf: bool,
    /// Bullets stand before the options.
    bulleted: bool,
    /// How many options stood in the row above.
    row: Option<usize>,
    /// "Tick one box" was said: the words below it stand over boxes, or beside them.
    ticking: bool,
    /// Where boxes are printed.
    box_at: Option<f32>,
}

impl OptionRows {
    fn of(node: &Node, rows: &[(usize, Vec<&str>)], words: &mut Words) -> Self {
        let leaf = node.children.is_empty();
        let boxes = rows.iter().flat_map(|(_, cells)| cells).filter(|cell| labels::after_box(cell).is_some()).count();
        // "Name one out of the following:" over bullets.
        let bullets = rows.iter().filter(|(_, cells)| bulleted(cells).is_some()).count();
        let stem = rows.iter().take_while(|(_, cells)| bulleted(cells).is_none());
        let stem = stem.map(|(_, cells)| cells.join(" ")).collect::<Vec<_>>().join(" ").to_lowercase();
        let chosen = (2..=6).contains(&bullets) && says(&stem, &words::CHOOSING_AMONG);
        words.boxed = (boxes > 1 || chosen) && leaf;
        Self {
            bulleted: chosen && leaf,
            row: None,
            banked: rows.iter().any(|(_, cells)| says(&cells.join(" ").to_lowercase(), &words::BANK)),
            circled: leaf && rows.first().is_some_and(|(_, cells)| asks_to_circle(&marks::take(cells[0], true).text)),
            leaf,
            ticking: false,
            box_at: None,
        }
    }

    /// Takes a row of options, or what goes on with the last of them; false for any other row.
    fn take(&mut self, context: &Context<'_>, words: &mut Words, (line, cells): (usize, &[&str]), apart: bool) -> bool {
        if let Some(option) = bulleted(cells).filter(|_| self.bulleted) {
            words.bank.push(option);
            return true;
        }
        let ticked: Vec<&str> = cells.iter().filter_map(|cell| labels::after_box(cell)).collect();
        if words.boxed && !ticked.is_empty() {
            words.bank.extend(ticked.into_iter().map(str::to_owned));
            self.box_at = Some(context.lines[line].x());
            return true;
        }
        // Further in than the boxes the last option goes on.
        if let (Some(option), [rest]) = (words.bank.last_mut().filter(|_| goes_on(context, line, self.box_at)), cells)
            && marks::take(rest, true).marks.is_empty()
        {
            option.push(' ');
            option.push_str(rest);
            return true;
        }
        let short = |cell: &&str| cell.chars().count() <= 28 && !cell.contains(BLANK) && !cell.contains('…');
        let unmarked = |cell: &&str| marks::take(cell, true).marks.is_empty() && cell.chars().count() <= 40;
        let in_bank = self.banked && cells.len() >= 3 && cells.iter().all(short)
            || self.circled && cells.len() >= 2 && cells.iter().all(unmarked);
        let first = words.bank.is_empty() || self.row == Some(cells.len());
        let over_boxes = self.ticking && first && cells.len() >= 2;
        let over_boxes = over_boxes && cells.iter().all(|cell| short(cell) && unmarked(cell));
        self.row = over_boxes.then_some(cells.len());
        let asking = kinds::asks_to_tick(&cells.join(" "));
        self.ticking |= self.leaf && asking;
        // … or each on a line of its own.
        words.boxed |= over_boxes;
        // Right below the sentence that says so they need no space above them.
        let apart = apart || words.text.ends_with(['.', ':']);
        let beside_box = self.ticking && (words.boxed || words.bank.is_empty()) && cells.len() == 1 && apart;
        // A number in the margin is what the questions of the page come to.
        let summed = cells[0].trim().parse::<u32>().is_ok() && {
            let here = &context.lines[line];
            here.x() > 0.5 * (here.column.0 + here.column.1) && words.bank.len() > 1
        };
        let beside_box = beside_box
            && !summed
            && !asking
            && unmarked(&cells[0])
            && is_read(cells[0])
            && !cells[0].ends_with(['?', ':']);
        words.boxed |= beside_box;
        let is_taken = in_bank || over_boxes || beside_box;
        if is_taken {
            words.bank.extend(cells.iter().map(|cell| cell.trim_matches(['|', ',', ' ']).to_owned()));
        }
        is_taken
    }
}

/// What stands behind the bullet that starts a row.
fn bulleted(cells: &[&str]) -> Option<String> {
    let text = cells.join(" ");
    let option = text.strip_prefix(labels::is_bullet)?.trim();
    (!option.is_empty() && option.chars().count() <= 60).then(|| option.to_owned())
}

/// The cells of a row without marks and places to write, which are counted; and whether it ends with such a place.
fn without_places(words: &mut Words, cells: &[&str]) -> (Vec<String>, bool) {
    let mut cleaned: Vec<String> = Vec::new();
    let mut open_end = false;
    for (n, cell) in cells.iter().enumerate() {
        let at_edge = n > 0 || cells[1..].iter().all(|cell| is_marks_only(cell));
        let found = marks::take(cell, at_edge);
        words.marks.extend(&found.marks);
        words.each |= found.each;
        let (text, blanks) = without_dots(&found.text);
        // `i) ……`
        let label_only = labels::at_start(&text).iter().any(|(_, taken)| text[*taken..].trim().is_empty());
        let dotted = |cell: &&str| matches!(without_dots(cell), (text, 1..) if text.is_empty());
        if label_only && blanks == 0 && cells.get(n + 1).is_some_and(dotted) {
            continue;
        }
        if (text.is_empty() || label_only) && blanks > 0 {
            words.answer_lines += 1;
            continue;
        }
        let inner = text.matches(BLANK).count();
        words.blanks += inner as u32;
        open_end = blanks > inner;
        if !text.is_empty() {
            cleaned.push(text);
        }
    }
    (cleaned, open_end)
}

/// Nothing but places to write in: `1st ____ 2nd ____`; `x = ____` and `____ dirhams` behind a whole sentence.
fn is_answer_place(text: &str, row: &str, open_end: bool) -> bool {
    // A place to write at the end is none of the row yet.
    let with_end = if open_end { format!("{row} {BLANK}") } else { row.to_owned() };
    let letters = row.replace(BLANK, "").chars().filter(|c| c.is_alphanumeric()).count();
    let gaps = row.matches(BLANK).count();
    let ended = text.ends_with(['.', '?', '!', ':', ')']) || row.contains('=') && !text.is_empty();
    let unit = gaps == 1 && letters <= 8 && (row.starts_with(BLANK) || row.ends_with(BLANK));
    gaps >= 2 && letters <= 4 * gaps || ended && (unit || is_quantity(&with_end))
}

/// `(6)`, at the right edge.
fn is_marks_only(cell: &str) -> bool {
    let found = marks::take(cell, true);
    !found.marks.is_empty() && found.text.is_empty()
}

/// `volume of gas = ____ cm³`, `____ centimetres`: what was asked for, with a place for its value and perhaps its unit.
fn is_quantity(row: &str) -> bool {
    let Some((name, unit)) = row.split_once(BLANK) else { return false };
    let (name, unit) = (name.trim_end(), unit.trim());
    let words = |text: &str| text.split_whitespace().count();
    let unit_only = name.is_empty() && words(unit) == 1 && unit.ends_with(char::is_alphanumeric);
    !unit.contains(BLANK) && (name.ends_with('=') && words(name) <= 8 && words(unit) <= 2 || unit_only)
}

/// A line goes on with the option of the box above: text between it and a margin's width further in, or right below it and
/// nearer to it than the next box is.
fn goes_on(context: &Context<'_>, line: usize, box_at: Option<f32>) -> bool {
    let (Some(x), Some(above)) = (box_at, line.checked_sub(1).map(|n| &context.lines[n])) else { return false };
    let here = &context.lines[line];
    let further_in = (x + 8.0..x + 60.0).contains(&here.x());
    let boxed = |line: &&Line| labels::after_box(&line.segments[0].text).is_some() && line.page == here.page;
    let gap = here.baseline - above.baseline;
    let next = context.lines.get(line + 1).filter(boxed).map(|next| next.baseline - here.baseline);
    let small = here.text().starts_with(|c: char| c.is_lowercase());
    let beside = (here.x() - x).abs() < 60.0 && next.map_or(small, |next| gap < 0.9 * next);
    let near = (0.0..1.8 * (here.bottom - here.top)).contains(&gap);
    here.text().contains(char::is_alphanumeric) && (further_in || near && beside)
}

/// A heading in the middle starts so far from where the options do, in points.
const CENTRED: f32 = 30.0;

/// Points between lines that are none of one paragraph.
const APART: f32 = 9.0;

/// Where a row ended with a blank.
const OPEN_END: char = '\u{1}';

/// A blank at the end of a row is a gap when the sentence goes on in the next row, or when the text has other gaps; else it
/// is a place to write the answer, and no part of the text. With the number of gaps that were found.
fn close_ends(text: &str) -> (String, u32) {
    let gaps =
        text.contains(BLANK) || text.matches(OPEN_END).count() > 1 && says(&text.to_lowercase(), &words::FILLING);
    let mut pieces = text.split(OPEN_END);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    let mut found = 0;
    for piece in pieces {
        let goes_on = piece.trim_start().starts_with(|c: char| c.is_lowercase());
        if goes_on || gaps {
            out.push(' ');
            out.push_str(BLANK);
            found += 1;
        }
        out.push_str(piece);
    }
    (out, found)
}

/// Pieces with a mark that a line break divides, `(3` and `marks)`, put together again.
fn healed(pieces: &[(Place, String)]) -> Vec<(Place, String)> {
    let mut healed: Vec<(Place, String)> = Vec::with_capacity(pieces.len());
    for (place, text) in pieces {
        let mut text = text.as_str();
        if let Some((_, before)) = healed.last_mut()
            && let Some(head) = marks::rest_of_broken(before, text)
        {
            before.push(' ');
            before.push_str(&text[..head]);
            text = text[head..].trim_start();
        }
        if !text.is_empty() {
            healed.push((*place, text.to_owned()));
        }
    }
    healed
}

/// What a page says of the paper itself: its end, or that it goes on.
fn is_furniture(row: &str) -> bool {
    let lower = row.to_lowercase();
    let words = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let goes_on = says(words, &words::GOING_ON);
    // `* X 8 0 7 7 5 0 2 0 1 *`
    let barcode =
        row.starts_with('*') && row.ends_with('*') && row.len() > 12 && row.split(' ').all(|cell| cell.len() == 1);
    matches!(words, "end" | "the end")
        || barcode
        || words::OF_PAPER.has(words)
        || words.starts_with("copyright") && words.chars().count() < 60
        || words.chars().count() < 48
            && (words.starts_with("end of ") && (words.split(' ').count() < 6 || !row.contains(char::is_lowercase))
                || goes_on)
}

/// Runs of dots or underscores as blanks; those at the end of a text are only a place to write.
fn without_dots(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut run = String::new();
    let mut blanks = 0;
    let weight = |run: &str| {
        run.chars()
            .map(|c| {
                if c == '…' {
                    3
                } else if c == '—' {
                    2
                } else {
                    1
                }
            })
            .sum::<usize>()
    };
    for c in text.chars().chain(std::iter::once('\0')) {
        let dotted = matches!(c, '.' | '…' | '_' | '·' | '‥' | '—') || c == ' ' && weight(run.trim_end()) >= 4;
        if dotted {
            run.push(c);
            continue;
        }
        if weight(run.trim_end()) >= 4 {
            blanks += 1;
            if c != '\0' || !out.trim().is_empty() {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                out.push_str(BLANK);
                out.push(' ');
            }
        } else {
            out.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    let mut text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some(shorter) = text.strip_suffix(BLANK) {
        text = shorter.trim_end().to_owned();
    }
    for stop in [".", ",", ";"] {
        text = text.replace(&format!("{BLANK} {stop}"), &format!("{BLANK}{stop}"));
    }
    (text, blanks)
}

/// Whether a stretch of print is to be read: neither marks nor a place to write.
pub fn is_read(text: &str) -> bool {
    let unmarked = marks::take(text, true).text;
    !without_dots(&unmarked).0.is_empty() && !is_furniture(&unmarked)
}

/// Options that a word processor numbered by mistake, `B) B) B)`, are counted by their place.
fn relabel(options: &mut [Choice], doubts: &mut Vec<String>) {
    let twice = options.windows(2).any(|pair| !pair[0].label.is_empty() && pair[0].label == pair[1].label);
    if twice {
        doubts.push("The options carry one label several times; they were lettered anew.".to_owned());
        options.iter_mut().zip('A'..='Z').for_each(|(option, letter)| option.label = letter.to_string());
    }
}

/// The rectangles that an item covers: from its first line to where the next starts, page by page, as wide as its column.
pub fn regions(context: &Context<'_>, at: Place, end: Option<Place>) -> Vec<Region> {
    let Some(first) = context.lines.get(at.line) else { return Vec::new() };
    let last_line = end.map_or(context.lines.len(), |end| end.line).max(at.line + 1).min(context.lines.len());
    let mut regions: Vec<Region> = Vec::new();
    for (n, line) in context.lines[at.line..last_line].iter().enumerate() {
        let (left, right) = line.column;
        let fits = |region: &&mut Region| region.page == line.page && (region.x - (left - 6.0)).abs() < 1.0;
        match regions.last_mut().filter(fits) {
            Some(region) => region.height = (line.bottom + 4.0 - region.y).max(region.height),
            None => {
                let top = if n == 0 { first.top - 4.0 } else { line.top - 4.0 };
                regions.push(Region {
                    page: line.page,
                    x: (left - 6.0).max(0.0),
                    y: top.max(0.0),
                    width: right - left + 12.0,
                    height: line.bottom + 4.0 - top.max(0.0),
                });
            }
        }
    }
    // Figures stand between the last line and the next item, or the page's end.
    if let Some(region) = regions.last_mut() {
        let next = context.lines.get(last_line).filter(|next| next.page == region.page && next.top > region.y);
        let limit = next.map_or_else(|| page_end(context, region), |next| next.top - 4.0);
        region.height = region.height.max(limit - region.y);
    }
    regions
}

/// Where the drawings of the rest of a page end.
fn page_end(context: &Context<'_>, region: &Region) -> f32 {
    let Some(page) = context.pages.get(region.page as usize - 1) else { return region.y };
    let bottom = region.y + region.height;
    page.drawings
        .iter()
        .map(|drawing| match drawing {
            Drawing::Line(area) | Drawing::Picture(area) | Drawing::Box(area) => area,
        })
        .filter(|area| area.y >= region.y && area.x < region.x + region.width && area.right() > region.x)
        .map(|area| area.bottom() + 4.0)
        .filter(|&end| end < 0.95 * page.height)
        .fold(bottom, f32::max)
}

/// A picture stands in the regions, or the words speak of one.
fn has_figure(context: &Context<'_>, regions: &[Region], text: &str) -> bool {
    let lower = text.to_lowercase();
    let spoken = says(&lower, &words::PICTURE) && says(&lower, &words::SHOWN);
    spoken
        || regions.iter().any(|region| {
            context.pages.get(region.page as usize - 1).is_some_and(|page| {
                page.drawings.iter().any(|drawing| match drawing {
                    Drawing::Picture(area) => {
                        area.width.max(area.height) > 24.0
                            && area.width.min(area.height) > 6.0
                            && area.y > region.y
                            && area.bottom() < region.y + region.height + 2.0
                            && area.x > region.x - 2.0
                            && area.right() < region.x + region.width + 2.0
                    }
                    Drawing::Line(_) | Drawing::Box(_) => false,
                })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_at_the_end_of_a_row_may_be_a_gap() {
        let closed = |text: &str| close_ends(&text.replace('|', &OPEN_END.to_string()));
        assert_eq!(closed("Name it|"), ("Name it".into(), 0));
        assert_eq!(closed("It is|\nNow do this|"), ("It is\nNow do this".into(), 0));
        assert_eq!(closed("Lines that meet are| lines."), ("Lines that meet are ______ lines.".into(), 1));
        assert_eq!(closed("The ______ pumps| It is a|"), ("The ______ pumps ______ It is a ______".into(), 2));
    }

    #[test]
    fn dots_are_blanks_or_places_to_write() {
        assert_eq!(without_dots("The ……… pumps _____ around."), ("The ______ pumps ______ around.".into(), 2));
        assert_eq!(without_dots("Name it ……………………"), ("Name it".into(), 1));
        assert_eq!(without_dots("………………………………"), (String::new(), 1));
        assert_eq!(
            without_dots("The range is ————— here — or there"),
            ("The range is ______ here — or there".into(), 1)
        );
        assert_eq!(without_dots("3.14 and so on... yes"), ("3.14 and so on... yes".into(), 0));
    }

    #[test]
    fn marks_in_two_languages_count_once() {
        let rows = [
            "1 (a) Namakan bahagian P.",
            "      Name part P.",
            "                                              [2 markah]",
            "                                               [2 marks]",
            "  (b) Namakan bahagian Q.",
            "                                               [2 marks]",
            "                                               [2 marks]",
        ];
        let question = crate::read_paper(&[crate::testing::typed(&rows)]).questions.remove(0);
        let marks: Vec<_> = question.parts.iter().map(|part| part.marks).collect();
        assert_eq!(marks, [Some(2.0), Some(4.0)]);
    }

    #[test]
    fn furniture_is_no_text() {
        for row in [
            "— End of Exam —",
            "END",
            "[Turn over",
            "….Question continues overleaf",
            "*** END OF PAPER ***",
            "END OF QUESTION AND ANSWER BOOK",
            "* X 8 0 7 7 5 0 2 0 1 *",
            "This question continues on the next page.",
        ] {
            assert!(is_furniture(row), "{row}");
        }
        for row in [
            "Ending",
            "At the end of the war, many people turned over a new leaf.",
            "End of the line: explain this term",
        ] {
            assert!(!is_furniture(row), "{row}");
        }
    }

    fn first(rows: &[&str]) -> Question {
        crate::read_paper(&[crate::testing::typed(rows)]).questions.remove(0)
    }

    #[test]
    fn bullets_below_a_choice_are_options() {
        let rows = [
            "1. Suggest a cable out of the following: (1 mark)",
            "    • Coaxial",
            "    • Ethernet",
            "2. Why? (1 mark)",
        ];
        let question = first(&rows);
        assert_eq!(
            question.options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>(),
            ["Coaxial", "Ethernet"]
        );
        assert_eq!(question.kind, Kind::Single);
        let told = [
            "1. A stack has these functions:",
            "    • push",
            "    • pop",
            "Which is used first? (1 mark)",
            "2. Why? (1 mark)",
        ];
        assert!(first(&told).options.is_empty());
    }

    #[test]
    fn what_stands_as_far_out_as_hanging_options_is_none_of_them() {
        let rows = [
            "1. Which of the following has caused this?",
            "    (i)       Virus",
            "    (ii)      Worm",
            "    (iii)     Trojan horse",
            "    Also say what prevents it. (2 marks)",
            "2. Why? (1 mark)",
        ];
        let question = first(&rows);
        assert_eq!(question.kind, Kind::Single, "{question:?}");
        assert_eq!(question.options[2].text, "Trojan horse");
        assert_eq!(question.marks, Some(2.0));
        assert!(question.text.ends_with("Also say what prevents it."));
    }

    #[test]
    fn options_to_tick_may_stand_in_two_rows() {
        let rows = [
            "1. What is formed by rain? Tick one box only. (2 marks)",
            "    Pavement                Drumlin",
            "    Volcanic cone           Sand spit",
            "2. Why? (1 mark)",
        ];
        assert_eq!(first(&rows).options.len(), 4);
    }
}
