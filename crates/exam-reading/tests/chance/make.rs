//! Papers thrown together in many styles, with what is in them.

use exam_reading::text::PageText;

use crate::sheet::{Paragraph, Setting, Sheet};
use crate::words::{ENGLISH, FRENCH, KINYARWANDA, Language};

/// The same numbers for a seed, always.
pub struct Lot(pub u64);

impl Lot {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n.max(1) as u64) as usize
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn of<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.below(among.len())]
    }
}

/// What is printed of one question or part.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub path: String,
    pub page: u32,
    pub marks: Option<f64>,
    pub kind: &'static str,
    pub options: Vec<String>,
    pub answer: String,
    pub text: String,
}

/// Marks behind a sentence.
const BARE: &str = "(#)";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Marks {
    /// `(2 marks)` behind the text: `#` of `*`.
    Words(&'static str),
    /// `[2]` there.
    Square,
    /// `[2]` or `(2)` at the right edge.
    Edge(&'static str),
    /// At the right edge of a line of its own.
    Own(&'static str),
    /// In a sentence about each question.
    Stated,
    /// In a sentence about two ranges of them.
    Ranges,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Grid {
    Column,
    /// A and B over C and D.
    Rows,
    /// A and C over B and D.
    Down,
    Line,
    /// Behind boxes, without letters.
    Boxes,
    /// Behind rings, with letters.
    Rings,
}

/// Labels of statements, and what options name of them.
const STATEMENTS: [([&str; 3], [&str; 5]); 3] = [
    (["I.", "II.", "III."], ["I", "II", "I, III", "II, III", "I, II, III"]),
    (["(i)", "(ii)", "(iii)"], ["(i) only", "(i) and (ii)", "(ii) and (iii)", "(i), (ii) and (iii)", "(iii) only"]),
    (["P.", "Q.", "R."], ["P only", "P and Q", "Q and R", "P, Q and R", "R only"]),
];

/// What options are, besides words behind letters.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Plain,
    /// Some of the statements that stand above, labelled in one of the ways of `STATEMENTS`.
    Statements(usize),
    /// Words over boxes to tick.
    Ticked,
}

/// How a paper is written.
#[derive(Debug)]
pub struct Style {
    question: &'static str,
    part: &'static str,
    deep: &'static str,
    option: &'static str,
    grid: Grid,
    marks: Marks,
    /// `#` of what a question is worth below it.
    total: &'static str,
    /// A question's text starts right behind its number, parts as far in.
    indent: f32,
    further: f32,
    bold: bool,
    answer_lines: usize,
    dots: bool,
    sections: Sections,
    columns: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sections {
    None,
    GoOn,
    Restart,
}

pub struct Made {
    pub style: Style,
    pub pages: Vec<PageText>,
    pub items: Vec<Item>,
    pub scheme: Option<Vec<PageText>>,
}

/// `#` as a number, `@` and `&` as letters, `%` and `^` as roman numbers.
fn label(pattern: &str, n: usize) -> (String, String) {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let letter = || char::from(b'a' + n as u8 - 1).to_string();
    let (sign, plain) = match pattern.chars().find(|c| "@&%^".contains(*c)) {
        Some(sign @ ('@' | '&')) => (sign, letter()),
        Some(sign) => (sign, ROMAN[n - 1].to_owned()),
        None => ('#', n.to_string()),
    };
    let shown = if "&^".contains(sign) { plain.to_uppercase() } else { plain.clone() };
    (pattern.replace(sign, &shown), plain)
}

struct Maker {
    lot: Lot,
    style: Style,
    words: &'static Language,
    sheet: Sheet,
    items: Vec<Item>,
    /// All questions are choices.
    closed: bool,
}

/// A paper in two languages side by side: each question stands in both columns with its label and its marks.
fn facing(mut lot: Lot) -> Made {
    let style = Style { columns: 1, ..style(&mut lot, &ENGLISH) };
    let set = Setting { size: 9.5, leading: 1.3, columns: 1, spaces: lot.percent(50) };
    let (mut sheet, mut items) = (Sheet::new(set), Vec::new());
    let edges = [0.0, 236.0, 478.0];
    let number = lot.of(&["#.", "#)", "Q#."]);
    for n in 1..=5 + lot.below(6) {
        let (shown, path) = label(number, n);
        let worth = 1 + lot.below(6);
        let marks = [format!("({worth} marks)"), format!("({worth} points)")];
        let thing = lot.below(FRENCH.things.len());
        let say = |language: &Language, sentence: &str| sentence.replace('_', language.things[thing]);
        let at = lot.below(FRENCH.explain.len());
        let text = say(&ENGLISH, ENGLISH.explain[at]);
        let [left, right] = [(&text, &marks[0]), (&say(&FRENCH, FRENCH.explain[at]), &marks[1])]
            .map(|(text, marks)| format!("{shown} {text} {marks}"));
        sheet.room(6);
        let page = sheet.room(1);
        sheet.table_row(&edges, &[&left, &right], false);
        sheet.skip(0.5);
        items.push(Item { path, page, marks: Some(worth as f64), kind: "open", text, ..Item::default() });
    }
    Made { style, pages: sheet.pages, items, scheme: None }
}

pub fn make(seed: u64) -> Made {
    if seed % 25 == 7 {
        return facing(Lot(seed));
    }
    let mut lot = Lot(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5EED);
    lot.below(2);
    let words = *lot.of(&[&&ENGLISH, &&ENGLISH, &&ENGLISH, &&FRENCH, &&KINYARWANDA]);
    let style = style(&mut lot, words);
    let set = Setting {
        size: 9.5 + lot.below(3) as f32,
        leading: 1.2 + 0.1 * lot.below(5) as f32,
        columns: style.columns,
        spaces: lot.percent(50),
    };
    let mut maker =
        Maker { lot, style, words, sheet: Sheet::new(set), items: Vec::new(), closed: seed.is_multiple_of(6) };
    maker.cover();
    maker.body();
    let answered = maker.lot.percent(25) && !words.answers.is_empty();
    if answered {
        maker.sheet.turn();
        let heading = maker.lot.of(words.answers);
        maker.sheet.centred(heading);
        maker.sheet.skip(1.0);
        scheme(&mut maker.lot, &maker.items, words, &mut maker.sheet, false);
    }
    let scheme = (!answered && maker.lot.percent(60)).then(|| {
        let mut sheet = Sheet::new(Setting { columns: 1, ..set });
        scheme(&mut maker.lot, &maker.items, words, &mut sheet, true);
        sheet.pages
    });
    if !answered && scheme.is_none() {
        maker.items.iter_mut().for_each(|item| item.answer.clear());
    }
    let head = maker.lot.of(&["", "Science Paper 1", "IS/01/2024 – Integrated Science"]);
    let foot = maker.lot.of(&["", "#", "Page #", "– # –", "[Turn over"]);
    let right = maker.lot.percent(30);
    maker.sheet.run(head, foot, right);
    Made { style: maker.style, pages: maker.sheet.pages, items: maker.items, scheme }
}

fn style(lot: &mut Lot, words: &Language) -> Style {
    let question = lot.of(words.question);
    let part = lot.of(&["(@)", "@)", "@.", "(%)", "%)"]);
    let deep = if part.contains('@') { lot.of(&["(%)", "%)", "%."]) } else { lot.of(&["(@)", "@)"]) };
    let option = lot.of(&["&.", "&)", "(&)", "(@)", "@)", "&", "(#)", "#)", "(%)"]);
    // Parts and options are labelled otherwise.
    let alike = option == part || option == question || option == "(%)" && part.contains('%');
    let numbers =
        option.contains('#') && !question.contains(char::is_alphabetic) && !(option == "(#)" && question == "#.");
    let option = if alike || numbers { "&." } else { option };
    let grid = [Grid::Column, Grid::Column, Grid::Column, Grid::Rows, Grid::Down, Grid::Line, Grid::Boxes, Grid::Rings]
        [lot.below(8)];
    let columns = if lot.percent(20) { 2 } else { 1 };
    let marks = match lot.below(8) {
        0 | 1 => Marks::Words(lot.of(&["(# *)", "(# *)", "[# *]", "(#*)", "(0# *)", "(# ~)", "(#~)", "[# ~]", BARE])),
        2 => Marks::Square,
        3 => Marks::Edge(lot.of(&["[#]", "(#)", "/#", "# *", "(# *)"])),
        4 => Marks::Edge("#"),
        5 => Marks::Own(lot.of(&["(#)", "[#]"])),
        6 if !words.each_carries.is_empty() => [Marks::Stated, Marks::Ranges][lot.below(2)],
        _ => Marks::None,
    };
    let marks = if columns == 2 && marks == Marks::Edge("#") { Marks::Words("(# *)") } else { marks };
    let totalled = matches!(marks, Marks::Own(_) | Marks::Edge("[#]")) && lot.percent(50);
    let total = if totalled {
        lot.of(&["[Total: #]", "(Total for Question ~ is # marks)", "(Total for Question ~ = # marks)"])
    } else {
        ""
    };
    Style {
        question,
        part,
        deep,
        option,
        grid,
        marks,
        total,
        indent: [0.0, 18.0, 24.0, 30.0][lot.below(4)],
        further: [0.0, 0.0, 18.0, 24.0][lot.below(4)],
        bold: lot.percent(40),
        // Columns leave no room for them.
        answer_lines: [0, 0, 2, 4][lot.below(4)] * (2 - columns),
        dots: lot.percent(70),
        sections: [Sections::None, Sections::GoOn, Sections::Restart][lot.below(3)],
        columns,
    }
}

impl Maker {
    fn cover(&mut self) {
        for line in self.words.cover {
            if line.starts_with(|c: char| c.is_ascii_digit()) {
                self.sheet.row(&[(0.0, line)]);
            } else {
                self.sheet.centred(line);
            }
        }
        if self.style.marks == Marks::Stated && self.style.sections == Sections::None {
            self.sheet.row(&[(0.0, &self.words.each_carries.replace('#', "2"))]);
        }
        if self.style.marks == Marks::Ranges {
            let said = self.lot.of(self.words.ranges_carry);
            self.sheet.paragraph(&Paragraph { text: said, ..Paragraph::default() });
        }
        self.sheet.skip(2.0);
        if self.style.columns > 1 || self.lot.percent(60) {
            self.sheet.open_columns();
        }
    }

    fn body(&mut self) {
        let sections = if self.style.sections == Sections::None { 1 } else { 2 };
        let pattern = self.lot.of(self.words.section);
        let mut number = 0;
        for section in 1..=sections {
            let mut above = String::new();
            if sections > 1 {
                let (heading, plain) = label(pattern, section);
                let stated = self.style.marks == Marks::Stated;
                let each = if stated { self.words.each_carries.replace('#', "2") } else { String::new() };
                let colon = if heading.ends_with(':') { "" } else { ":" };
                let text = format!("{heading}{colon} {} {each}", self.words.answer_all);
                self.sheet.skip(1.0);
                self.sheet.room(4);
                self.sheet.paragraph(&Paragraph { text: text.trim(), ..Paragraph::default() });
                self.sheet.skip(0.5);
                if self.style.sections == Sections::Restart {
                    (number, above) = (0, format!("{plain}."));
                }
            }
            for _ in 0..3 + self.lot.below(7) {
                number += 1;
                if self.words.over_some.contains('#') && self.lot.percent(8) {
                    let last = number + 1 + self.lot.below(3);
                    let said = self.words.over_some.replace('#', &number.to_string()).replace('~', &last.to_string());
                    self.sheet.room(4);
                    self.sheet.paragraph(&Paragraph { text: &said, ..Paragraph::default() });
                }
                let choice = self.lot.percent(if self.closed {
                    100
                } else if sections == 1 {
                    30
                } else if section == 1 {
                    85
                } else {
                    10
                });
                self.question(number, &above, choice);
                self.sheet.skip(0.3 + 0.3 * self.lot.below(3) as f32);
            }
        }
    }

    fn question(&mut self, number: usize, above: &str, choice: bool) {
        let (shown, plain) = label(self.style.question, number);
        let path = format!("{above}{plain}");
        // `Question 1` stands over its text, or before it.
        let first = self.items.len();
        let tabular = self.style.columns == 1 && !self.words.choices.is_empty();
        if tabular && self.lot.percent(4) {
            self.table(&shown, &path);
        } else if choice {
            self.choice(&shown, &path, 0.0);
        } else if self.lot.percent(55) {
            self.group(&shown, &path, 0.0, 0);
        } else {
            self.open(&shown, &path, 0.0);
        }
        let worth: f64 = self.items[first..].iter().filter_map(|item| item.marks).sum();
        if !self.style.total.is_empty() && worth > 0.0 {
            self.at_edge(&self.style.total.replace('~', &number.to_string()).replace('#', &worth.to_string()));
        }
    }

    fn thing(&mut self, sentence: &str) -> String {
        let text = sentence.replace('_', self.lot.of(self.words.things));
        let mut chars = text.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }

    /// What a sentence says that a question is worth.
    fn told(&self, path: &str) -> Option<f64> {
        let number: usize = path.rsplit('.').next()?.parse().ok()?;
        match self.style.marks {
            Marks::Stated => Some(2.0),
            Marks::Ranges => Some(if number <= 4 { 2.0 } else { 5.0 }),
            _ => None,
        }
    }

    /// The marks that are printed beside what is worth so many.
    fn printed(&self, worth: Option<usize>) -> Option<usize> {
        worth.filter(|_| !matches!(self.style.marks, Marks::Stated | Marks::Ranges | Marks::None))
    }

    /// Puts marks behind a text; else gives what stands at the right edge of it, or on a line of its own.
    fn mark(&self, text: &mut String, printed: Option<usize>) -> (String, String) {
        let (mut edge, mut own) = (String::new(), String::new());
        let Some(worth) = printed.map(|n| n.to_string()) else { return (edge, own) };
        let word = if worth == "1" { self.words.mark } else { self.words.marks };
        let said = |pattern: &str| match (word, pattern) {
            // The word comes first.
            ("amanota", "(# *)" | "(# ~)") => format!("(amanota {worth})"),
            _ => pattern.replace('#', &worth).replace('*', word).replace('~', self.words.mks),
        };
        match self.style.marks {
            Marks::Words(BARE) if !text.ends_with(['.', '?']) => text.push_str(&format!(" {}", said("(# *)"))),
            Marks::Words(pattern) => text.push_str(&format!(" {}", said(pattern))),
            Marks::Square => text.push_str(&format!(" [{worth}]")),
            Marks::Edge(pattern) => edge = said(pattern),
            Marks::Own(pattern) => own = pattern.replace('#', &worth),
            Marks::Stated | Marks::Ranges | Marks::None => {}
        }
        (edge, own)
    }

    /// What stands at the right edge of a line of its own.
    fn at_edge(&mut self, text: &str) {
        if !text.is_empty() {
            let at = self.sheet.width() - self.sheet.text_width(text);
            self.sheet.row(&[(at, text)]);
        }
    }

    /// Writes what an item says with its marks; `at` is where its label stands.
    fn write(&mut self, label: &str, path: &str, at: f32, item: Item, worth: Option<usize>, asked: Asked) {
        let told = self.told(path).filter(|_| at == 0.0);
        let printed = self.printed(worth);
        let mut text = item.text.clone();
        let (edge, own) = self.mark(&mut text, printed);
        let bold = self.style.bold && at == 0.0;
        let text_at = at + self.style.indent.max(14.0);
        let paragraph = Paragraph { label, label_at: at, text_at, text: text.trim(), edge: &edge, bold };
        let page = self.sheet.paragraph(&paragraph);
        let marks = told.or(printed.map(|n| n as f64));
        if item.options.is_empty() && item.kind != "group" {
            self.answer_lines(at);
        }
        match asked {
            Asked::Ticked => {
                let far = self.sheet.width() / 4.0;
                let cells: Vec<(f32, &str)> =
                    (0..).zip(&item.options).map(|(n, text)| (at + 20.0 + far * n as f32, text.as_str())).collect();
                self.sheet.row(&cells);
                self.sheet.skip(1.5);
            }
            _ if item.options.is_empty() => {}
            _ => {
                if let Asked::Statements(way) = asked {
                    self.statements(&STATEMENTS[way].0, text_at);
                }
                // Options may stand further in than what they are about.
                let further = if matches!(asked, Asked::Statements(_)) { self.style.further } else { 0.0 };
                self.options(&item.options, text_at + further);
            }
        }
        self.at_edge(&own);
        self.items.push(Item { path: path.to_owned(), page, marks, ..item });
    }

    fn answer_lines(&mut self, at: f32) {
        for _ in 0..self.style.answer_lines {
            self.sheet.answer_line(at + 14.0, self.style.dots);
        }
    }

    fn open(&mut self, label: &str, path: &str, at: f32) {
        let pool = *self.lot.of(&[&self.words.explain, &self.words.compute, &self.words.list]);
        let sentence = self.lot.of(pool);
        let item = Item { kind: "open", text: self.thing(sentence), answer: self.answer(), ..Item::default() };
        let worth = 1 + self.lot.below(6);
        self.write(label, path, at, item, Some(worth), Asked::Plain);
        if self.lot.percent(5) {
            self.instead(at, worth);
        }
    }

    /// What may be answered in place of the question above, worth as much.
    fn instead(&mut self, at: f32, worth: usize) {
        let or = self.lot.of(self.words.or);
        self.sheet.centred(or);
        let sentence = self.lot.of(self.words.explain);
        let mut text = self.thing(sentence);
        let (edge, own) = self.mark(&mut text, self.printed(Some(worth)));
        let text_at = at + self.style.indent.max(14.0);
        self.sheet.paragraph(&Paragraph { text_at, text: &text, edge: &edge, ..Paragraph::default() });
        self.at_edge(&own);
    }

    /// A table whose rows are questions and whose columns are what is chosen from.
    fn table(&mut self, label_: &str, path: &str) {
        let heads = *self.lot.of(&self.words.choices.iter().collect::<Vec<_>>());
        let edges = [0.0, 220.0, 300.0, 380.0, 460.0];
        // It stands on one page.
        self.sheet.room(14);
        let text = self.words.rows.to_owned();
        self.write(label_, path, 0.0, Item { kind: "group", text, ..Item::default() }, None, Asked::Plain);
        self.sheet.table_row(&edges, &heads[..], true);
        for n in 1..=2 + self.lot.below(3) {
            let (shown, plain) = label(self.style.part, n);
            let stem = self.lot.of(self.words.compute);
            let text = self.thing(stem);
            let options: Vec<String> = (0..3).map(|_| format!("{} cm", 1 + self.lot.below(400))).collect();
            let cells = [format!("{shown} {text}"), options[0].clone(), options[1].clone(), options[2].clone()];
            let page = self.sheet.room(1);
            self.sheet.table_row(&edges, &cells.each_ref().map(String::as_str), true);
            let answer = char::from(b'A' + self.lot.below(3) as u8).to_string();
            self.items.push(Item {
                path: format!("{path}.{plain}"),
                page,
                kind: "single",
                options,
                answer,
                text,
                marks: None,
            });
        }
    }

    /// What a scheme says of an open item.
    fn answer(&mut self) -> String {
        let phrase = self.lot.of(self.words.phrases);
        let number = format!("{} kg", 2 + self.lot.below(90));
        match self.lot.below(3) {
            0 => number,
            1 => phrase.to_owned(),
            _ => self.lot.of(self.words.things).to_owned(),
        }
    }

    fn choice(&mut self, label: &str, path: &str, at: f32) {
        let two = self.lot.percent(8);
        let asked = [
            Asked::Plain,
            Asked::Plain,
            Asked::Plain,
            Asked::Statements(self.lot.below(STATEMENTS.len())),
            Asked::Ticked,
        ][self.lot.below(5)];
        // A column is too narrow for boxes side by side.
        let narrow = self.style.columns == 2 && asked == Asked::Ticked;
        let asked = if two || narrow || self.words.statements.is_empty() { Asked::Plain } else { asked };
        let stem = match asked {
            _ if two => self.words.choose_two,
            Asked::Ticked => self.words.tick,
            _ => self.lot.of(self.words.choose),
        };
        let mut text = self.thing(stem);
        let options = match asked {
            Asked::Statements(way) => {
                let said = self.thing(self.words.statements);
                text = format!("{said} {text}");
                STATEMENTS[way].1[..4 + self.lot.below(2)].iter().map(|&text| text.to_owned()).collect()
            }
            Asked::Ticked => self.some(self.words.things, 3),
            Asked::Plain => self.texts(),
        };
        let kind = if two { "multiple" } else { "single" };
        let right = self.lot.below(options.len());
        let answer = match asked {
            Asked::Ticked => options[right].clone(),
            _ => char::from(b'A' + right as u8).to_string(),
        };
        let worth = 1 + self.lot.below(2);
        let item = Item { kind, options, answer, text, ..Item::default() };
        self.write(label, path, at, item, Some(worth), asked);
    }

    /// The texts of options.
    fn texts(&mut self) -> Vec<String> {
        let count = if self.lot.percent(80) { 4 } else { 3 + self.lot.below(3) };
        match self.lot.below(3) {
            0 => self.some(self.words.things, count),
            1 => {
                let mut lengths: Vec<String> = (0..count).map(|_| format!("{} cm", 1 + self.lot.below(400))).collect();
                lengths.dedup();
                lengths
            }
            _ => self.some(self.words.phrases, count),
        }
    }

    fn some(&mut self, pool: &[&str], count: usize) -> Vec<String> {
        let mut some: Vec<String> = Vec::new();
        while some.len() < count.min(pool.len()) {
            let text = self.lot.of(pool).to_owned();
            if !some.contains(&text) {
                some.push(text);
            }
        }
        some
    }

    /// Statements that options are about.
    fn statements(&mut self, labels: &[&str], at: f32) {
        for &label in labels {
            let sentence = self.lot.of(self.words.statement);
            let text = self.thing(sentence);
            let (label_at, text_at) = (at, at + 22.0);
            self.sheet.paragraph(&Paragraph { label, label_at, text_at, text: &text, ..Paragraph::default() });
        }
    }

    fn options(&mut self, options: &[String], at: f32) {
        let width = self.sheet.width() - at;
        let widest = options.iter().map(|option| self.sheet.text_width(option)).fold(0.0, f32::max) + 34.0;
        let grid = match self.style.grid {
            Grid::Rows | Grid::Down if widest > width / 2.0 => Grid::Column,
            Grid::Line if widest > width / options.len() as f32 => Grid::Column,
            grid => grid,
        };
        let mut label = |n: usize| match grid {
            Grid::Boxes => "☐".to_owned(),
            Grid::Rings => format!("○ {}", label(self.style.option, n + 1).0),
            _ => label(self.style.option, n + 1).0,
        };
        let labels: Vec<String> = (0..options.len()).map(&mut label).collect();
        let (across, rows) = match grid {
            Grid::Column | Grid::Boxes | Grid::Rings => (1, options.len()),
            Grid::Line => (options.len(), 1),
            Grid::Rows | Grid::Down => (2, options.len().div_ceil(2)),
        };
        if across == 1 {
            for (label, text) in labels.iter().zip(options) {
                self.sheet.paragraph(&Paragraph {
                    label,
                    label_at: at,
                    text_at: at + if grid == Grid::Rings { 34.0 } else { 18.0 },
                    text,
                    ..Paragraph::default()
                });
            }
            return;
        }
        for row in 0..rows {
            let mut cells: Vec<(f32, String)> = Vec::new();
            for column in 0..across {
                let n = if grid == Grid::Down { column * rows + row } else { row * across + column };
                if n < options.len() {
                    let x = at + width / across as f32 * column as f32;
                    cells.push((x, format!("{} {}", labels[n], options[n])));
                }
            }
            let cells: Vec<(f32, &str)> = cells.iter().map(|(x, text)| (*x, text.as_str())).collect();
            self.sheet.row(&cells);
        }
    }

    fn group(&mut self, label_: &str, path: &str, at: f32, depth: usize) {
        let pattern = if depth == 0 { self.style.part } else { self.style.deep };
        let kind = self.lot.below(10);
        let stem = match kind {
            0 => self.words.truth.to_owned(),
            1 => self.lot.of(self.words.terms).to_owned(),
            _ => {
                let stem = self.lot.of(self.words.stem);
                self.thing(stem)
            }
        };
        let whole =
            matches!(self.style.marks, Marks::Words(_)) && depth == 0 && !stem.is_empty() && self.lot.percent(20);
        let group = Item { kind: "group", text: stem.clone(), ..Item::default() };
        let inner = at + self.style.further.max(if depth > 0 { 14.0 } else { 0.0 });
        let count = 2 + self.lot.below(3);
        let mut first = String::new();
        if stem.is_empty() {
            // The first part's label stands right behind.
            let page = self.sheet.room(2);
            let marks = self.told(path).filter(|_| at == 0.0);
            self.items.push(Item { path: path.to_owned(), page, marks, ..group });
            first = format!("{label_} ");
        } else {
            let worth = whole.then_some(count * 2);
            self.write(label_, path, at, group, worth, Asked::Plain);
        }
        for n in 1..=count {
            let (shown, plain) = label(pattern, n);
            let path = format!("{path}.{plain}");
            let (shown, at) =
                if n == 1 && !first.is_empty() { (format!("{first}{shown}"), at) } else { (shown, inner) };
            match kind {
                0 | 1 => {
                    let pool = if kind == 0 { self.words.statement } else { self.words.things };
                    let sentence = self.lot.of(pool);
                    let text = self.thing(sentence);
                    let kind = if kind == 0 { "true_false" } else { "open" };
                    let answer = if kind == "true_false" { String::new() } else { self.answer() };
                    self.write(
                        &shown,
                        &path,
                        at.max(0.1),
                        Item { kind, text, answer, ..Item::default() },
                        Some(1),
                        Asked::Plain,
                    );
                }
                _ if depth == 0 && first.is_empty() && self.lot.percent(12) => {
                    self.group(&shown, &path, at.max(0.1), 1)
                }
                _ => self.open(&shown, &path, at.max(0.1)),
            }
        }
    }
}

/// How answers are laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Layout {
    /// A table of labels, answers and marks, with rules or without.
    Table(bool),
    /// One with the working between rules, beside the answer.
    Worked,
    List,
    /// `1 B   2 D   3 A`
    Pairs(&'static str),
    /// Numbers and letters down two or three columns.
    Grid(usize),
    /// Numbers over letters.
    Rows,
}

/// Writes the answers.
fn scheme(lot: &mut Lot, items: &[Item], words: &Language, sheet: &mut Sheet, apart: bool) {
    let leaves: Vec<&Item> = items.iter().filter(|item| item.kind != "group" && !item.answer.is_empty()).collect();
    let lettered = |item: &&Item| !item.options.is_empty() && item.answer.len() == 1;
    let closed = leaves.iter().all(lettered) && leaves.len() >= 6;
    let restarts = leaves.iter().any(|item| !item.path.starts_with(|c: char| c.is_ascii_digit()));
    let pairs = [
        Layout::Pairs("# &"),
        Layout::Pairs("#. &"),
        Layout::Pairs("#) &"),
        Layout::Grid(2),
        Layout::Grid(3),
        Layout::Rows,
    ];
    let layout = match lot.below(10) {
        _ if closed && !restarts && lot.percent(80) => pairs[lot.below(6)],
        0..3 if apart => Layout::Table(false),
        3..5 if apart => Layout::Table(true),
        5 if apart && words.columns[0][0] == "Question" => Layout::Worked,
        _ => Layout::List,
    };
    match layout {
        Layout::Pairs(_) | Layout::Grid(_) | Layout::Rows => letters(&leaves, layout, sheet),
        _ => answers(lot, &leaves, words, layout, sheet),
    }
}

/// An item's labels without its section's, `3 (a) (i)`.
fn bare(path: &str) -> String {
    let labels: Vec<&str> = path.split('.').collect();
    let skip = labels.iter().position(|label| label.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(0);
    let (number, parts) = labels[skip..].split_first().expect("a label");
    format!("{number}{}", parts.iter().map(|part| format!(" ({part})")).collect::<String>())
}

/// Numbers with the letters of the right options.
fn letters(leaves: &[&Item], layout: Layout, sheet: &mut Sheet) {
    let mut put = |cells: Vec<String>, step: f32| {
        let cells: Vec<(f32, &str)> = (0..).zip(&cells).map(|(n, cell)| (step * n as f32, cell.as_str())).collect();
        sheet.row(&cells);
    };
    match layout {
        Layout::Grid(columns) => {
            let height = leaves.len().div_ceil(columns);
            for row in 0..height {
                let row = (0..columns).filter_map(|column| leaves.get(column * height + row));
                put(row.flat_map(|item| [bare(&item.path), item.answer.clone()]).collect(), 70.0);
            }
        }
        Layout::Rows => {
            for row in leaves.chunks(12) {
                put(row.iter().map(|item| bare(&item.path)).collect(), 30.0);
                put(row.iter().map(|item| item.answer.clone()).collect(), 30.0);
            }
        }
        Layout::Pairs(pattern) => {
            for row in leaves.chunks(5) {
                let pair = |item: &&Item| pattern.replace('#', &bare(&item.path)).replace('&', &item.answer);
                put(row.iter().map(pair).collect(), 80.0);
            }
        }
        _ => {}
    }
}

/// A table or a list of answers, section by section.
fn answers(lot: &mut Lot, leaves: &[&Item], words: &Language, layout: Layout, sheet: &mut Sheet) {
    let edges: &[f32] =
        if layout == Layout::Worked { &[0.0, 60.0, 250.0, 380.0, 430.0] } else { &[0.0, 90.0, 430.0, 480.0] };
    let ruled = layout != Layout::Table(false);
    if layout != Layout::List {
        let [label, answer, marks] = words.columns[lot.below(words.columns.len())];
        let heads =
            if layout == Layout::Worked { vec![label, "Working", answer, marks] } else { vec![label, answer, marks] };
        sheet.table_row(edges, &heads, ruled);
    }
    let (mut before, mut section) = (String::new(), "");
    for item in leaves {
        let (above, _) = item.path.split_once('.').unwrap_or_default();
        if above.starts_with(|c: char| c.is_ascii_alphabetic()) && above != section {
            section = above;
            sheet.row(&[(0.0, &format!("SECTION {}", above.to_uppercase()))]);
            before.clear();
        }
        let shown = bare(&item.path);
        let (number, rest) = shown.split_once(' ').unwrap_or((&shown, ""));
        let worth = item.marks.unwrap_or(1.0).to_string();
        match layout {
            Layout::Worked => {
                let working = format!("{} × {} or a sum that comes to it", 2 + lot.below(9), 3 + lot.below(9));
                sheet.table_row(edges, &[&shown, &working, &item.answer, &worth], true);
            }
            Layout::Table(_) => sheet.table_row(edges, &[&shown, &item.answer, &worth], ruled),
            _ => {
                // Of labels that it shares with the one before only the last is printed.
                let shared = before == number;
                let last = rest.rsplit(' ').next().unwrap_or_default();
                let text = match (shared, rest.ends_with("(a)") || rest.ends_with("(i)")) {
                    (true, false) => format!("{last} {}", item.answer),
                    (true, true) => format!("{rest} {}", item.answer),
                    _ => format!("{number}. {rest} {}", item.answer),
                };
                sheet.paragraph(&Paragraph { text: &text, ..Paragraph::default() });
            }
        }
        before = number.to_owned();
    }
}
