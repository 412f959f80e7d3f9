//! Text set on pages: characters with their places, as a PDF gives them.

use exam_reading::text::{Area, Char, Drawing, PageText};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 56.0;
const TOP: f32 = 70.0;
const BOTTOM: f32 = 770.0;
const GUTTER: f32 = 24.0;

/// How a paper is set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub size: f32,
    /// From line to line, in sizes.
    pub leading: f32,
    /// Of text on a page: one or two.
    pub columns: usize,
    /// Spaces are characters, too.
    pub spaces: bool,
}

/// Pages that are filled line by line.
pub struct Sheet {
    pub pages: Vec<PageText>,
    set: Setting,
    columns: usize,
    column: usize,
    /// The baseline of the next line.
    y: f32,
}

/// Text with a hanging label, and what stands at the right edge of its last line.
#[derive(Default)]
pub struct Paragraph<'a> {
    pub label: &'a str,
    pub label_at: f32,
    pub text_at: f32,
    pub text: &'a str,
    pub edge: &'a str,
    pub bold: bool,
}

impl Sheet {
    pub fn new(set: Setting) -> Self {
        let mut sheet = Self { pages: Vec::new(), set, columns: 1, column: 0, y: 0.0 };
        sheet.turn();
        sheet
    }

    /// A new page.
    pub fn turn(&mut self) {
        self.pages.push(PageText { width: WIDTH, height: HEIGHT, ..PageText::default() });
        (self.column, self.y) = (0, TOP);
    }

    /// A new page, from which on text stands in the setting's columns.
    pub fn open_columns(&mut self) {
        self.turn();
        self.columns = self.set.columns;
    }

    fn left(&self) -> f32 {
        LEFT + self.column as f32 * (self.width() + GUTTER)
    }

    /// Of a column.
    pub fn width(&self) -> f32 {
        (WIDTH - 2.0 * LEFT - GUTTER * (self.columns - 1) as f32) / self.columns as f32
    }

    pub fn text_width(&self, text: &str) -> f32 {
        text.chars().map(|c| em(c) * self.set.size).sum()
    }

    /// Makes room for so many lines, and gives the number of the page.
    pub fn room(&mut self, lines: usize) -> u32 {
        if self.y + (lines.saturating_sub(1)) as f32 * self.step() > BOTTOM {
            self.column += 1;
            self.y = TOP;
            if self.column == self.columns {
                self.turn();
            }
        }
        self.pages.len() as u32
    }

    fn step(&self) -> f32 {
        self.set.size * self.set.leading
    }

    /// Leaves some lines empty.
    pub fn skip(&mut self, lines: f32) {
        self.y += lines * self.step();
    }

    fn put(&mut self, mut x: f32, y: f32, text: &str, bold: bool) {
        let Setting { size, spaces, .. } = self.set;
        let page = self.pages.last_mut().expect("a page");
        for c in text.chars() {
            let width = em(c) * size;
            if c != ' ' || spaces {
                page.chars.push(Char { text: c.to_string(), x, baseline: y, width, size, bold, coloured: false });
            }
            x += width;
        }
    }

    /// One line of cells, each at its place in the column; gives the page.
    pub fn row(&mut self, cells: &[(f32, &str)]) -> u32 {
        let page = self.room(1);
        let (left, y) = (self.left(), self.y);
        cells.iter().for_each(|(x, text)| self.put(left + x, y, text, false));
        self.skip(1.0);
        page
    }

    /// Cells of a table, each as wide as from its edge to the next, with more lines where they need it; between rules.
    pub fn table_row(&mut self, edges: &[f32], texts: &[&str], ruled: bool) {
        let cell =
            |(n, text): (usize, &&str)| self.wrapped(text, edges[n + 1] - edges[n] - if ruled { 6.0 } else { 16.0 });
        let cells: Vec<Vec<String>> = texts.iter().enumerate().map(cell).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        self.room(height);
        let top = self.y - 0.9 * self.set.size;
        for n in 0..height {
            let line = |(edge, lines): (&f32, &Vec<String>)| lines.get(n).map(|line| (edge + 3.0, line.clone()));
            let row: Vec<(f32, String)> = edges.iter().zip(&cells).filter_map(line).collect();
            let row: Vec<(f32, &str)> = row.iter().map(|(x, text)| (*x, text.as_str())).collect();
            self.row(&row);
        }
        if !ruled {
            return;
        }
        let (left, bottom) = (self.left(), self.y - 0.9 * self.set.size);
        let upright = |edge: &f32| Area { x: left + edge, y: top, width: 0.5, height: bottom - top };
        let (from, to) = (edges[0], edges[edges.len() - 1]);
        let level = |y: f32| Area { x: left + from, y, width: to - from, height: 0.5 };
        let rules = edges.iter().map(upright).chain([level(top), level(bottom)]).map(Drawing::Line);
        self.pages.last_mut().expect("a page").drawings.extend(rules);
    }

    fn wrapped(&self, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let last = lines.last_mut().expect("a line");
            if !last.is_empty() && self.text_width(&format!("{last} {word}")) > width {
                lines.push(word.to_owned());
            } else {
                last.push_str(if last.is_empty() { "" } else { " " });
                last.push_str(word);
            }
        }
        lines
    }

    pub fn centred(&mut self, text: &str) {
        let x = (self.width() - self.text_width(text)) / 2.0;
        self.room(1);
        let (left, y) = (self.left(), self.y);
        self.put(left + x, y, text, true);
        self.skip(1.2);
    }

    /// Gives the page on which it starts.
    pub fn paragraph(&mut self, it: &Paragraph<'_>) -> u32 {
        let page = self.room(2);
        let behind = it.label_at + self.text_width(it.label) + 0.4 * self.set.size;
        let first = if it.label.is_empty() { it.text_at } else { it.text_at.max(behind) };
        let mut lines: Vec<(f32, String)> = vec![(first, String::new())];
        for word in it.text.split(' ').filter(|word| !word.is_empty()) {
            let (x, line) = lines.last_mut().expect("a line");
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            let fits = *x + longer.chars().map(|c| em(c) * self.set.size).sum::<f32>() <= self.width() - 30.0;
            if fits { *line = longer } else { lines.push((it.text_at, word.to_owned())) }
        }
        let last = lines.len() - 1;
        for (n, (x, line)) in lines.iter().enumerate() {
            self.room(1);
            let (left, y) = (self.left(), self.y);
            if n == 0 {
                self.put(left + it.label_at, y, it.label, it.bold);
            }
            self.put(left + x, y, line, false);
            if n == last {
                self.put(left + self.width() - self.text_width(it.edge), y, it.edge, false);
            }
            self.skip(1.0);
        }
        page
    }

    /// A line to write on: dots, or a rule.
    pub fn answer_line(&mut self, x: f32, dots: bool) {
        if dots {
            let count = ((self.width() - x) / (0.25 * self.set.size)) as usize - 2;
            self.row(&[(x, &".".repeat(count))]);
        } else {
            self.room(1);
            let area = Area { x: self.left() + x, y: self.y + 2.0, width: self.width() - x, height: 0.6 };
            self.pages.last_mut().expect("a page").drawings.push(Drawing::Line(area));
            self.skip(1.0);
        }
    }

    /// What stands on every page at its top and bottom; `#` is the page's number.
    pub fn run(&mut self, head: &str, foot: &str, right: bool) {
        for n in 0..self.pages.len() {
            let size = self.set.size;
            let [head, foot] = [head, foot].map(|text| text.replace('#', &(n + 1).to_string()));
            let x = if right { WIDTH - LEFT - self.text_width(&foot) } else { WIDTH / 2.0 };
            for (x, y, text) in [(LEFT, 36.0, head), (x, 812.0, foot)] {
                let mut x = x;
                for c in text.chars() {
                    let char = Char {
                        text: c.to_string(),
                        x,
                        baseline: y,
                        width: em(c) * size,
                        size,
                        bold: false,
                        coloured: false,
                    };
                    self.pages[n].chars.push(char);
                    x += em(c) * size;
                }
            }
        }
    }
}

/// About the width of a character in a common font.
fn em(c: char) -> f32 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | ' ' | '!' | '|' => 0.27,
        'r' | '(' | ')' | '[' | ']' | '-' => 0.34,
        'm' | 'w' | 'M' | 'W' | '—' => 0.8,
        _ if c.is_uppercase() => 0.68,
        _ => 0.5,
    }
}
