//! Characters to lines: rows by their baselines, raised and lowered characters beside what they belong to, stacked
//! fractions as `a/b`, columns one after the other, what repeats on every page left out.

use exam_model::labels::{self, Frame, Label, Numbering};
use exam_model::question::Region;

use crate::brackets;
use crate::cells;
use crate::formula::signs::Signs;
use crate::text::{Area, Char, Drawing, PageText};
use crate::words;

mod blanks;
mod frames;

/// A stretch of a line without a wide gap: a cell of a table, an option among others, marks at the right edge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segment {
    pub x: f32,
    pub right: f32,
    pub size: f32,
    /// Most of it is bold.
    pub bold: bool,
    pub text: String,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// 1-based.
    pub page: u32,
    pub baseline: f32,
    pub top: f32,
    pub bottom: f32,
    pub segments: Vec<Segment>,
    /// Where its column starts and ends; the page's text width for an undivided page.
    pub column: (f32, f32),
    /// The upright rules of tables that cross it, from left to right; only of lines over the whole width of a page.
    pub rules: Vec<Upright>,
}

/// An upright rule of a table: where it stands, and from where to where it goes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Upright {
    pub x: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Line {
    /// The whole line, segments by two spaces apart.
    pub fn text(&self) -> String {
        self.segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join("  ")
    }

    /// Its box, as wide as its column.
    pub fn region(&self) -> Region {
        let (left, right) = self.column;
        let (x, y) = ((left - 6.0).max(0.0), (self.top - 4.0).max(0.0));
        Region { page: self.page, x, y, width: right + 6.0 - x, height: self.bottom + 4.0 - y }
    }

    pub fn x(&self) -> f32 {
        self.segments.first().map_or(0.0, |segment| segment.x)
    }
}

/// A gap of so many ems divides a line into segments.
const WIDE_GAP: f32 = 1.6;
/// A gap of so many ems divides words.
const WORD_GAP: f32 = 0.17;
/// A gap of so many ems does where a space is written in it.
const SPACE_GAP: f32 = 0.06;

/// All lines of all pages in reading order, without those that repeat on every page.
pub fn lines(pages: &[PageText]) -> Vec<Line> {
    with_signs(pages, &Signs::default()).0
}

/// The same with a sign for each formula; and those that repeat, once each.
pub fn with_signs(pages: &[PageText], signs: &Signs) -> (Vec<Line>, Vec<Line>) {
    let mut all = cut(pages, signs);
    let running = drop_running_lines(&mut all, pages);
    let mut lines: Vec<Line> = all.into_iter().flatten().collect();
    cells::set_on_top(&mut lines, pages);
    lines.iter_mut().for_each(|line| signs.stretch(line));
    (lines, running)
}

/// All lines over the whole width of their pages, as the rows of a table go: its columns are none of text.
pub fn across(pages: &[PageText]) -> Vec<Line> {
    let mut all: Vec<Vec<Line>> = pages
        .iter()
        .zip(1..)
        .map(|(page, number)| page_lines(sheet(page, &page.chars), None, number, &uprights(&page.drawings)))
        .collect();
    drop_running_lines(&mut all, pages);
    let mut lines = all.into_iter().flatten().collect();
    cells::set_on_top(&mut lines, pages);
    lines
}

/// All lines of each page in reading order.
pub fn by_page(pages: &[PageText]) -> Vec<Vec<Line>> {
    cut(pages, &Signs::default())
}

fn cut(pages: &[PageText], signs: &Signs) -> Vec<Vec<Line>> {
    let sheet = |number: u32, page: &PageText| sheet(page, &signs.chars(number, page));
    // A page's sheet is made twice, since those of a thousand pages are too much to keep.
    let gutters: Vec<Option<Gutter>> = (1..).zip(pages).map(|(number, page)| gutter(&sheet(number, page))).collect();
    // A page of figures is divided where the pages of text are. Of two pages on one sheet one may be a cover: what is
    // empty between them is wide.
    let elsewhere = |gutter: &Gutter, page: &PageText| {
        let near = |x: f32| match page.width > page.height {
            true => (gutter.band.0..gutter.band.1).contains(&x),
            false => (gutter.x - x).abs() < 8.0,
        };
        // One page of formulae in columns says nothing of the others.
        gutters.iter().flatten().filter(|other| other.sure && near(other.x)).count() * 4 >= pages.len()
    };
    let divided = gutters.iter().zip(pages);
    let divided = divided.map(|(gutter, page)| gutter.filter(|gutter| gutter.sure || elsewhere(gutter, page)));
    let numbered = pages.iter().zip(divided).zip(1..);
    let lines = |((page, gutter), number): ((&PageText, _), _)| {
        let mut lines = page_lines(sheet(number, page), gutter, number, &tall(uprights(&page.drawings)));
        lines.iter_mut().for_each(|line| line.rules.clear());
        lines
    };
    numbered.map(lines).collect()
}

/// A page's rows, and where their ink starts and ends.
struct Sheet {
    rows: Vec<Row>,
    left: f32,
    right: f32,
}

/// Characters of one baseline.
#[derive(Debug, Clone)]
struct Row {
    baseline: f32,
    size: f32,
    chars: Vec<Char>,
}

fn sheet(page: &PageText, chars: &[Char]) -> Sheet {
    let mut chars: Vec<Char> = chars.iter().filter(|char| char.size > 2.0).map(plain).collect();
    frames::bracket(&mut chars, &page.drawings);
    let chars = brackets::whole(join_fractions(chars, &page.drawings));
    let mut rows = rows(chars);
    blanks::write(&mut rows, &page.drawings);
    // A speck in the margin of a scan is no text.
    let is_text = |row: &&Row| row.chars.iter().any(|char| char.text.contains(char::is_alphanumeric));
    let ink = || rows.iter().filter(is_text).flat_map(Row::ink);
    let left = ink().map(|char| char.x).fold(f32::MAX, f32::min);
    let right = ink().map(|char| char.x + char.width).fold(f32::MIN, f32::max);
    Sheet { left, right, rows }
}

fn page_lines(sheet: Sheet, gutter: Option<Gutter>, number: u32, uprights: &[Upright]) -> Vec<Line> {
    let edges = (sheet.left, sheet.right);
    let zones = match gutter {
        Some(gutter) => in_columns(sheet.rows, gutter, edges),
        None => vec![(edges, sheet.rows)],
    };
    let mut lines = Vec::new();
    for (column, rows) in zones {
        let start = lines.len();
        lines.extend(attach_raised(rows).into_iter().filter_map(|row| line(row, number, column, uprights)));
        lines[start..].sort_by(|a: &Line, b: &Line| a.baseline.total_cmp(&b.baseline));
    }
    lines
}

/// Letters of mathematical alphabets, ligatures and odd spaces as plain ones.
pub(crate) fn plain(char: &Char) -> Char {
    // Most are plain already.
    if char.text.bytes().all(|byte| (b' '..0x7F).contains(&byte)) {
        return char.clone();
    }
    let text: String = char.text.chars().map(plain_char).collect();
    let text = text.replace('\u{FB00}', "ff").replace('\u{FB01}', "fi").replace('\u{FB02}', "fl");
    let text = text.replace('\u{FB03}', "ffi").replace('\u{FB04}', "ffl");
    Char { text, ..char.clone() }
}

fn plain_char(c: char) -> char {
    let letter = |base: u32, first: u8, n: u32| char::from(first + ((n - base) % 26) as u8);
    match u32::from(c) {
        // Unicode, Mathematical Alphanumeric Symbols: runs of 26 capitals, 26 small letters.
        n @ 0x1D400..=0x1D6A3 => {
            let within = (n - 0x1D400) % 52;
            if within < 26 { letter(0, b'A', within) } else { letter(0, b'a', within - 26) }
        }
        n @ 0x1D7CE..=0x1D7FF => char::from(b'0' + ((n - 0x1D7CE) % 10) as u8),
        0x210E => 'h',
        // Full-width forms of Chinese and Japanese papers.
        n @ 0xFF01..=0xFF5E => char::from((n - 0xFEE0) as u8),
        n @ 0xF020..=0xF0FE => symbol(n - 0xF000).unwrap_or(c),
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x9 | 0xAD => ' ',
        0x2061..=0x2064 | 0x200B..=0x200F | 0xFEFF => ' ',
        _ => c,
    }
}

/// Adobe's Symbol encoding, which fonts without names for their characters put at U+F000. Codes that Wingdings uses for
/// bullets and ticks are left alone.
fn symbol(code: u32) -> Option<char> {
    const LETTERS: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    let from = |letters: &str, first: u32| letters.chars().nth((code - first) as usize);
    match code {
        0x41..=0x5A => from(LETTERS, 0x41),
        0x61..=0x7A => from(SMALL, 0x61),
        0x20..=0x40 | 0x5B | 0x5D | 0x7B..=0x7D => char::from_u32(code),
        _ => {
            const SIGNS: [(u32, char); 38] = [
                (0xA3, '≤'),
                (0xA5, '∞'),
                (0xAB, '↔'),
                (0xAE, '→'),
                (0xB0, '°'),
                (0xB1, '±'),
                (0xB3, '≥'),
                (0xB4, '×'),
                (0xB6, '∂'),
                (0xB8, '÷'),
                (0xB9, '≠'),
                (0xBB, '≈'),
                (0xC7, '∩'),
                (0xC8, '∪'),
                (0xCC, '⊂'),
                (0xCD, '⊆'),
                (0xCE, '∈'),
                (0xD1, '∇'),
                (0xD6, '√'),
                (0xDB, '⇔'),
                (0xDE, '⇒'),
                (0xE5, '∑'),
                (0xF2, '∫'),
                (0xE6, '⎛'),
                (0xE7, '⎜'),
                (0xE8, '⎝'),
                (0xE9, '⎡'),
                (0xEA, '⎢'),
                (0xEB, '⎣'),
                (0xEC, '⎧'),
                (0xED, '⎨'),
                (0xEE, '⎩'),
                (0xEF, '⎪'),
                (0xF6, '⎞'),
                (0xF7, '⎟'),
                (0xF8, '⎠'),
                (0xF9, '⎤'),
                (0xFA, '⎥'),
            ];
            SIGNS.iter().find(|(sign, _)| *sign == code).map(|(_, char)| *char)
        }
    }
}

/// Characters by baseline, each row from left to right.
fn rows(mut chars: Vec<Char>) -> Vec<Row> {
    chars.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut rows: Vec<Row> = Vec::new();
    for char in chars {
        let fits =
            rows.last().is_some_and(|row| (char.baseline - row.baseline).abs() <= 0.15 * char.size.min(row.size));
        match rows.last_mut() {
            Some(row) if fits => {
                if !char.text.trim().is_empty() {
                    row.size = row.size.max(char.size);
                }
                row.chars.push(char);
            }
            _ => rows.push(Row { baseline: char.baseline, size: char.size, chars: vec![char] }),
        }
    }
    for row in &mut rows {
        row.chars.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    rows
}

/// Puts the small characters just above or below a row into it, as superscripts and subscripts.
fn attach_raised(mut rows: Vec<Row>) -> Vec<Row> {
    let mut index = 0;
    while index < rows.len() {
        let (baseline, size) = (rows[index].baseline, rows[index].size);
        // A neighbour whose baseline is within most of a line.
        let near = |other: &Row| (other.baseline - baseline).abs() < 0.75 * other.size;
        // A label in a cell of its own may stand between, on a line that is nearly the host's.
        let around = (1..=2).flat_map(|apart| [index.checked_sub(apart), Some(index + apart)]);
        let level = |n: usize| {
            let (low, high) = (n.min(index) + 1, n.max(index));
            rows.get(n).is_some_and(|host| {
                let over =
                    |small: &Char| host.ink().any(|char| (char.x..char.x + char.width).contains(&small.middle().0));
                rows[low..high].iter().all(|between| {
                    (between.baseline - host.baseline).abs() < 0.3 * host.size && !rows[index].ink().any(over)
                })
            })
        };
        let away = |n: &usize| rows.get(*n).map_or(f32::MAX, |other| (other.baseline - baseline).abs());
        let hosts = around.flatten().filter(|&n| level(n)).filter(|&n| {
            rows.get(n).is_some_and(|other| {
                let much_smaller = size < 0.85 * other.size;
                let shifted_only = n.abs_diff(index) == 1
                    && size <= 1.02 * other.size
                    && (other.baseline - baseline).abs() < 0.42 * other.size
                    && rows[index].chars.len() * 4 < other.chars.len();
                // A line of text belongs to no integral sign.
                let fewer = rows[index].chars.len() <= 2 * other.chars.len() + 2;
                near(other) && fewer && (much_smaller || shifted_only) && touches(&rows[index], other)
            })
        });
        let Some(host) = hosts.min_by(|a, b| away(a).total_cmp(&away(b))) else {
            index += 1;
            continue;
        };
        let small = rows.remove(index);
        let host = if host > index { host - 1 } else { host };
        let raised = small.baseline < rows[host].baseline;
        let size = rows[host].size;
        for mut run in small.runs() {
            // `22nd` has letters that only stand higher.
            let letters = |char: &Char| char.text.trim().chars().all(char::is_alphabetic);
            let ordinal = run.len() > 1 && run.iter().all(letters);
            if is_attached(&run, &rows[host]) && !ordinal {
                for char in run.iter_mut().filter(|char| char.size < 0.85 * size) {
                    char.text = shift(&char.text, raised);
                }
            }
            rows[host].chars.extend(run);
        }
        rows[host].chars.sort_by(|a, b| a.x.total_cmp(&b.x));
        index = host.min(index);
    }
    rows
}

/// Every run of the small row stands next to a character of the other.
fn touches(small: &Row, other: &Row) -> bool {
    small.chars.iter().filter(|char| !char.text.trim().is_empty()).all(|char| {
        let reach = 1.2 * char.size + small.chars.len() as f32 * 0.5 * char.size;
        other.chars.iter().any(|near| {
            !near.text.trim().is_empty() && near.x < char.x + char.width + reach && near.x + near.width > char.x - reach
        })
    })
}

/// Small characters belong to what they touch, `x²`, `₂H`; others, as a label in smaller letters, are on their own.
fn is_attached(run: &[Char], host: &Row) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let digits = run.iter().all(|char| char.text.trim().bytes().all(|byte| byte.is_ascii_digit()));
    host.ink().any(|char| {
        let before = first.x - char.x - char.width;
        let after = char.x - last.x - last.width;
        (-0.8 * char.size..0.4 * char.size).contains(&before) || digits && (-2.0..0.2 * char.size).contains(&after)
    })
}

/// Unicode's superscripts and subscripts, where it has them.
fn shift(text: &str, raised: bool) -> String {
    const PLAIN: &str = "0123456789+-−=()n";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ";
    const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙ";
    let into = if raised { RAISED } else { LOWERED };
    let one = |c: char| PLAIN.chars().position(|p| p == c).and_then(|n| into.chars().nth(n));
    let shifted: Option<String> = text.chars().map(one).collect();
    shifted.unwrap_or_else(|| match (text, raised) {
        ("o" | "°" | "0", true) => "°".to_owned(),
        _ => text.to_owned(),
    })
}

/// Turns what stands over and under a short bar into `a/b` on the bar's line.
fn join_fractions(mut chars: Vec<Char>, drawings: &[Drawing]) -> Vec<Char> {
    for drawing in drawings {
        let Drawing::Line(bar) = drawing else { continue };
        if bar.height > 2.5 || !(3.0..90.0).contains(&bar.width) || is_ruled(bar, drawings) {
            continue;
        }
        let over = within(&chars, bar, |char| {
            let gap = bar.y - char.baseline;
            (-0.5..0.75 * char.size).contains(&gap)
        });
        let under = within(&chars, bar, |char| {
            let gap = char.baseline - bar.bottom();
            (0.55 * char.size..1.45 * char.size).contains(&gap)
        });
        let (Some(top), Some(bottom)) = (run(&chars, &over, bar), run(&chars, &under, bar)) else { continue };
        // The line under a word is no bar: the words of the next line go on beside it.
        // … nor is one close below a letter and far above the next.
        let close = over.iter().all(|&n| bar.y - chars[n].baseline < 0.25 * chars[n].size);
        let far = under.iter().all(|&n| chars[n].baseline - bar.bottom() > 1.25 * chars[n].size);
        if goes_on(&chars, &under) || is_underlined(&chars, &over, bar) || close && far {
            continue;
        }
        let size = chars[over[0]].size;
        let text = format!("{}/{}", bracketed(&top), bracketed(&bottom));
        // The bar stands at the height of a minus sign, about 0.27 em over the baseline of its line.
        let wanted = bar.y + 0.27 * size;
        let beside = chars
            .iter()
            .enumerate()
            .filter(|(n, char)| !over.contains(n) && !under.contains(n) && !char.text.trim().is_empty())
            .filter(|(_, char)| (char.baseline - wanted).abs() < 0.45 * size)
            .min_by(|(_, a), (_, b)| (a.x - bar.x).abs().total_cmp(&(b.x - bar.x).abs()));
        let (baseline, size) = beside.map_or((wanted, size), |(_, char)| (char.baseline, char.size.max(size)));
        let fraction = Char { text, x: bar.x, baseline, width: bar.width, size, bold: false, coloured: false };
        let mut n = 0;
        chars.retain(|_| {
            n += 1;
            !over.contains(&(n - 1)) && !under.contains(&(n - 1))
        });
        chars.push(fraction);
    }
    chars
}

/// Another line goes on where the bar ends, or meets it there: a rule of a table.
pub(crate) fn is_ruled(bar: &Area, drawings: &[Drawing]) -> bool {
    drawings.iter().any(|drawing| {
        let Drawing::Line(other) = drawing else { return false };
        let same_height = (other.y - bar.y).abs() < 1.5 && other.height < 2.5;
        let goes_on = same_height && ((other.x - bar.right()).abs() < 2.0 || (other.right() - bar.x).abs() < 2.0);
        let upright = other.width < 2.5 && other.height > 5.0;
        let meets = upright
            && ((other.x - bar.x).abs() < 2.5 || (other.x - bar.right()).abs() < 2.5)
            && (other.y - 2.0..=other.bottom() + 2.0).contains(&bar.y);
        goes_on || meets
    })
}

/// The characters over or under a bar, as `fits` says, from left to right.
fn within(chars: &[Char], bar: &Area, fits: impl Fn(&Char) -> bool) -> Vec<usize> {
    let mut found: Vec<usize> = (0..chars.len())
        .filter(|&n| {
            let char = &chars[n];
            !char.text.trim().is_empty()
                && char.x >= bar.x - 2.0
                && char.x + char.width <= bar.right() + 2.0
                && fits(char)
        })
        .collect();
    found.sort_by(|&a, &b| chars[a].x.total_cmp(&chars[b].x));
    found
}

/// A run of characters is part of a longer word.
fn goes_on(chars: &[Char], run: &[usize]) -> bool {
    let (Some(first), Some(last)) = (run.first().map(|&n| &chars[n]), run.last().map(|&n| &chars[n])) else {
        return false;
    };
    let letters = |char: &Char| char.text.chars().any(char::is_alphabetic);
    chars.iter().enumerate().any(|(n, other)| {
        let same_row = (other.baseline - first.baseline).abs() < 0.15 * first.size && !run.contains(&n);
        let before = (first.x - other.x - other.width).abs() < 0.12 * first.size && letters(first);
        let after = (other.x - last.x - last.width).abs() < 0.12 * last.size && letters(last);
        same_row && letters(other) && (before || after)
    })
}

/// A bar close below letters of a sentence, which goes on at their height before or behind them, underlines them.
pub(crate) fn is_underlined(chars: &[Char], over: &[usize], bar: &Area) -> bool {
    let Some(first) = over.first().map(|&n| &chars[n]) else { return false };
    let written =
        |char: &Char| char.text.chars().all(|c| c.is_alphabetic() || c == '_') && !char.text.trim().is_empty();
    let close =
        bar.y - first.baseline < 0.25 * first.size && over.len() > 1 && over.iter().all(|&n| written(&chars[n]));
    let beside = |other: &Char| {
        let gap = (other.x - bar.right()).max(bar.x - other.x - other.width);
        (other.baseline - first.baseline).abs() < 0.1 * first.size && (-1.0..0.6 * first.size).contains(&gap)
    };
    let neighbour = |(n, other): (usize, &Char)| !over.contains(&n) && written(other) && beside(other);
    close && chars.iter().enumerate().any(neighbour)
}

/// Their text, if they stand in the middle of the bar and nearly fill the longer side.
fn run(chars: &[Char], found: &[usize], bar: &Area) -> Option<String> {
    let (first, last) = (&chars[*found.first()?], &chars[*found.last()?]);
    let middle = (first.x + last.x + last.width) / 2.0;
    let centred = (middle - (bar.x + bar.width / 2.0)).abs() < 2.5 + 0.12 * bar.width;
    // A rule of a table is far wider than the number over it.
    let fills = last.x + last.width - first.x > 0.25 * bar.width - 4.0;
    (centred && fills).then(|| found.iter().map(|&n| chars[n].text.as_str()).collect())
}

fn bracketed(text: &str) -> String {
    let simple = text.chars().all(char::is_alphanumeric) || text.chars().count() == 1;
    if simple { text.to_owned() } else { format!("({text})") }
}

fn line(row: Row, page: u32, column: (f32, f32), uprights: &[Upright]) -> Option<Line> {
    let middle = row.baseline - 0.3 * row.size;
    let rules: Vec<Upright> =
        uprights.iter().filter(|rule| rule.top <= middle && rule.bottom >= middle).copied().collect();
    let mut segments: Vec<Segment> = Vec::new();
    let mut bold_letters = (0usize, 0usize);
    let mut end = f32::MIN;
    let mut spaced = false;
    for char in &row.chars {
        let gap = char.x - end;
        let em = row.size.max(4.0);
        if char.text.trim().is_empty() {
            spaced = true;
            continue;
        }
        let between = |rule: &Upright| (end - 1.0..=char.x + 1.0).contains(&rule.x);
        if segments.is_empty() || gap > WIDE_GAP * em || rules.iter().any(between) {
            bold_letters = (0, 0);
            segments.push(Segment { x: char.x, size: char.size, ..Segment::default() });
        } else if let Some(segment) = segments.last_mut() {
            // Two and a third is `2 1/3`, not `21/3`.
            let mixed =
                char.text.len() > 1 && char.text.contains('/') && segment.text.ends_with(|c: char| c.is_ascii_digit());
            if mixed || gap > if spaced { SPACE_GAP } else { WORD_GAP } * em {
                segment.text.push(' ');
            }
        }
        spaced = false;
        let Some(segment) = segments.last_mut() else { continue };
        bold_letters.0 += usize::from(char.bold);
        bold_letters.1 += 1;
        segment.bold = bold_letters.0 * 2 > bold_letters.1;
        segment.size = segment.size.max(char.size);
        segment.text.push_str(char.text.trim());
        end = end.max(char.x + char.width);
        segment.right = segment.right.max(char.x + char.width);
    }
    segments.retain(|segment| !segment.text.trim().is_empty());
    if segments.is_empty() {
        return None;
    }
    Some(Line {
        page,
        baseline: row.baseline,
        top: row.baseline - 0.8 * row.size,
        bottom: row.baseline + 0.25 * row.size,
        segments,
        column,
        rules,
    })
}

/// Those that divide rows of text: shorter ones are sides of boxes for a digit or a tick.
fn tall(mut rules: Vec<Upright>) -> Vec<Upright> {
    const TWO_ROWS: f32 = 32.0;
    rules.retain(|rule| rule.bottom - rule.top > TWO_ROWS);
    rules
}

/// The upright rules on a page, from left to right, pieces that meet put together.
pub fn uprights(drawings: &[Drawing]) -> Vec<Upright> {
    const MEET: f32 = 3.0;
    let upright = |drawing: &Drawing| match drawing {
        Drawing::Line(area) if area.width < 2.5 && area.height > 5.0 => {
            Some(Upright { x: area.x + area.width / 2.0, top: area.y, bottom: area.bottom() })
        }
        _ => None,
    };
    let mut pieces: Vec<Upright> = drawings.iter().filter_map(upright).collect();
    pieces.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut whole: Vec<Upright> = Vec::new();
    for piece in pieces {
        let goes_on = |rule: &&mut Upright| (rule.x - piece.x).abs() < 2.0 && piece.top < rule.bottom + MEET;
        match whole.iter_mut().rfind(goes_on) {
            Some(rule) => rule.bottom = rule.bottom.max(piece.bottom),
            None => whole.push(piece),
        }
    }
    whole.sort_by(|a, b| a.x.total_cmp(&b.x));
    whole
}

/// Rows with the column that they stand in, from its left to its right edge.
type Zone = ((f32, f32), Vec<Row>);

/// What starts so far before the right column, in points, is none of it.
const CENTRED: f32 = 10.0;

/// Where a page has two columns of text, the left one's rows come before the right one's. A full-width row divides the
/// page into an upper and a lower part.
fn in_columns(rows: Vec<Row>, Gutter { x: gutter, edge, .. }: Gutter, (left, right): (f32, f32)) -> Vec<Zone> {
    let mut zones = Vec::new();
    let mut columns: [Vec<Row>; 2] = [Vec::new(), Vec::new()];
    let mut flush = |columns: &mut [Vec<Row>; 2], whole: Option<Row>| {
        let [first, second] = std::mem::take(columns);
        zones.extend([((left, gutter), first), ((edge, right), second)]);
        zones.extend(whole.map(|row| ((left, right), vec![row])));
    };
    for row in rows {
        // A heading in the middle may start between the columns.
        let start = row.ink().map(|char| char.x).fold(f32::MAX, f32::min);
        let end = row.ink().map(|char| char.x + char.width).fold(0.0, f32::max);
        // A formula may run on a little behind its column.
        if row.crosses(gutter) && start < gutter - CENTRED && end < edge + CENTRED {
            columns[0].push(row);
            continue;
        }
        if row.crosses(gutter) || start > gutter && start < edge - CENTRED && edge - gutter > CENTRED {
            flush(&mut columns, Some(row));
            continue;
        }
        let baseline = row.baseline;
        let halves: (Vec<Char>, Vec<Char>) = row.chars.into_iter().partition(|char| char.x < gutter);
        for (column, chars) in columns.iter_mut().zip([halves.0, halves.1]) {
            // Powers in one column may be level with a line in the other.
            let ink = chars.iter().filter(|char| !char.text.trim().is_empty());
            if let Some(size) = ink.map(|char| char.size).max_by(f32::total_cmp) {
                column.push(Row { baseline, size, chars });
            }
        }
    }
    flush(&mut columns, None);
    zones
}

/// Lines of a column start so near to its edge.
const INDENT: f32 = 60.0;
/// Half of the narrowest band between columns.
const HALF_GUTTER: f32 = 2.0;

impl Row {
    /// Its characters, divided where a gap is wider than one within a word.
    fn runs(self) -> Vec<Vec<Char>> {
        let mut runs: Vec<Vec<Char>> = Vec::new();
        for char in self.chars {
            let near = |last: &Char| char.x - last.x - last.width < 0.4 * char.size;
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(near) => run.push(char),
                _ => runs.push(vec![char]),
            }
        }
        runs
    }

    fn ink(&self) -> impl Iterator<Item = &Char> {
        self.chars.iter().filter(|char| !char.text.trim().is_empty())
    }

    /// Where ink stands, gaps too narrow for a gutter closed; marks such as `[2]` and `/2` left out.
    fn spans(&self) -> Vec<(f32, f32)> {
        let ink: Vec<&Char> = self.ink().collect();
        let spans = ink.chunk_by(|a, b| b.x < a.x + a.width + 2.0 * HALF_GUTTER);
        let is_marks = |span: &[&Char]| {
            let text: String = span.iter().map(|char| char.text.as_str()).collect();
            let number = text.trim_start_matches(['[', '(', '/']).trim_end_matches([']', ')']);
            number.len() < text.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        };
        let ends = |span: &[&Char]| (span[0].x, span.iter().map(|char| char.x + char.width).fold(span[0].x, f32::max));
        spans.filter(|span| !is_marks(span)).map(ends).collect()
    }

    /// Ink stands on the band around `x`.
    fn crosses(&self, x: f32) -> bool {
        self.ink().any(|char| is_on_gutter(char.x, char.x + char.width, x))
    }

    fn letters(&self) -> usize {
        self.chars.iter().filter(|char| char.text.contains(char::is_alphabetic)).count()
    }

    /// How much of the row's ink stands left or right of `x`, from the first to the last of it.
    fn reach(&self, x: f32, on_left: bool) -> f32 {
        let side = || self.ink().filter(|char| (char.x < x) == on_left);
        // Dots to write on are no running text.
        if side().filter(|char| char.text.contains(char::is_alphabetic)).count() < 12 {
            return 0.0;
        }
        let first = side().map(|char| char.x).fold(f32::MAX, f32::min);
        side().map(|char| char.x + char.width).fold(first, f32::max) - first
    }
}

fn is_on_gutter(from: f32, to: f32, x: f32) -> bool {
    from < x + HALF_GUTTER && to > x - HALF_GUTTER
}

/// An empty band near the middle of a page.
#[derive(Debug, Clone, Copy)]
struct Gutter {
    x: f32,
    /// From where to where no ink stands, crossing rows aside.
    band: (f32, f32),
    /// Where lines start on its right.
    edge: f32,
    /// It has running text on both sides.
    sure: bool,
}

/// A band near the middle of a page that nearly no row crosses, or none of many in a row: below a heading.
fn gutter(&Sheet { ref rows, left, right }: &Sheet) -> Option<Gutter> {
    gutter_between(rows, (left, right)).or_else(|| {
        let middle = (left + right) / 2.0;
        let stretches = rows.split(|row| row.crosses(middle));
        let longest = stretches.max_by_key(|stretch| stretch.len()).filter(|stretch| stretch.len() < rows.len())?;
        gutter_between(longest, (left, right))
    })
}

fn gutter_between(rows: &[Row], (left, right): (f32, f32)) -> Option<Gutter> {
    let width = right - left;
    if width < 300.0 {
        return None;
    }
    let spans: Vec<Vec<(f32, f32)>> = rows.iter().map(Row::spans).collect();
    // A heading in the middle stands over both columns.
    let heads = |row: &[(f32, f32)]| {
        let Some((&(from, _), &(_, to))) = row.first().zip(row.last()) else { return false };
        let whole = row.windows(2).all(|pair| pair[1].0 - pair[0].1 < 12.0);
        whole && (from - left - right + to).abs() < 12.0 && from - left > 0.3 * width
    };
    let crosses =
        |row: &&Vec<(f32, f32)>, x: f32| !heads(row) && row.iter().any(|&(from, to)| is_on_gutter(from, to, x));
    let crossing = |x: f32| spans.iter().filter(|row| crosses(row, x)).count();
    let counts: Vec<(usize, f32)> =
        (0..=60).map(|n| left + width * (0.4 + n as f32 / 300.0)).map(|x| (crossing(x), x)).collect();
    let least = counts.iter().map(|(count, _)| *count).min()?;
    let bands = counts.chunk_by(|a, b| (a.0 == least) == (b.0 == least)).filter(|band| band[0].0 == least);
    let widest = bands.max_by_key(|band| band.len())?;
    let middle = widest[widest.len() / 2].1;
    // What stands over both columns is of neither.
    let ink = || spans.iter().filter(|row| !heads(row) && !crosses(row, middle)).flatten();
    let from = ink().map(|span| span.1).filter(|&end| end <= middle).fold(left, f32::max);
    let mut starts: Vec<f32> = ink().map(|span| span.0).filter(|&start| start >= middle).collect();
    starts.sort_by(f32::total_cmp);
    let to = starts.first().copied().unwrap_or(right);
    // One row alone may be a page's number.
    let edge = starts.windows(2).find(|pair| pair[1] - pair[0] < 3.0).map_or(to, |pair| pair[0]);
    // Marks in the margin of the left column stand before it.
    let x = middle.max(to - 1.5 * HALF_GUTTER).min(left + 0.6 * width);
    let runs = |on_left: bool| rows.iter().filter(|row| row.reach(x, on_left) > 0.3 * width).count();
    let enough = |on_left: bool| runs(on_left) >= 4 && runs(on_left) * 12 > rows.len();
    // Rows that stand on one side alone are of no table.
    let alone = |on_left: bool| {
        let edge = if on_left { left } else { edge };
        let starts = |row: &Row| row.ink().next().is_some_and(|char| (char.x - edge).abs() < INDENT);
        let on_side = |row: &Row| row.ink().all(|char| (char.x < x) == on_left);
        rows.iter().filter(|row| starts(row) && on_side(row) && row.letters() >= 6).count()
    };
    let apart = alone(true).min(alone(false)) >= 5;
    // What ends at the right edge starts further out.
    let near = edge < left + 0.65 * width;
    // A last column may be short: all that stands on the right stands at the top, a page's number aside.
    let is_right = |row: &Row| {
        let right = row.ink().any(|char| char.x >= x);
        right && (row.reach(x, false) > 0.0 || row.ink().any(|char| char.x < x))
    };
    let on_right: Vec<usize> = (0..rows.len()).filter(|&n| is_right(&rows[n])).collect();
    let at_top = on_right.last().is_some_and(|&last| 2 * last < rows.len() && on_right.len() * 2 > last);
    let short = least == 0 && runs(true) >= 8 && at_top;
    let sure =
        near && (rows.len() >= 20 && (enough(true) && enough(false) || apart || short) || numbered(rows, x, edge));
    (least * 12 <= rows.len()).then_some(Gutter { x, band: (from, to), edge, sure })
}

/// Questions are numbered on either side, those on the right later than those on the left.
fn numbered(rows: &[Row], x: f32, edge: f32) -> bool {
    let numbers = |on_left: bool| -> Vec<u32> {
        let number = |row: &Row| {
            let side = || row.ink().filter(|char| (char.x < x) == on_left);
            let start = side().next().filter(|first| on_left || (first.x - edge).abs() < 3.0)?.x;
            let text: String = side().take_while(|char| char.x < start + 30.0).map(|char| char.text.as_str()).collect();
            let found = labels::at_start(&text).into_iter().map(|(label, _)| label);
            let framed = |label: &Label| matches!(label.frame, Frame::Stop | Frame::Bracket);
            found.filter(|label| label.numbering == Numbering::Number && framed(label)).map(|label| label.value).next()
        };
        rows.iter().filter_map(number).collect()
    };
    let (left, right) = (numbers(true), numbers(false));
    // … or alike: two languages.
    let facing = left.len() > 2 && left == right;
    (left.len() > 1 && right.len() > 1 && left.iter().max() < right.iter().min() || facing) && rows.len() >= 10
}

/// Leaves out headers, footers and page numbers: lines at the top or bottom edge that, digits aside, stand on at least
/// a third of the pages, and numbers alone there. Gives those of the first pages back, once each.
fn drop_running_lines(all: &mut [Vec<Line>], pages: &[PageText]) -> Vec<Line> {
    use std::collections::HashMap;
    let key = |line: &Line| -> String {
        // The page number stands left on one page and right on the next.
        let words =
            line.segments.iter().map(|segment| segment.text.as_str()).filter(|text| text.parse::<u32>().is_err());
        let digits_aside =
            words.collect::<String>().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
        digits_aside.replace("00", "0").replace("00", "0")
    };
    let at_edge = |line: &Line, page: &PageText| line.top < 0.09 * page.height || line.bottom > 0.91 * page.height;
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (lines, page) in all.iter().zip(pages) {
        let mut keys: Vec<String> = lines.iter().filter(|line| at_edge(line, page)).map(key).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            *seen.entry(key).or_default() += 1;
        }
    }
    let enough = (pages.len() / 3).max(2);
    let mut exact: HashMap<String, usize> = HashMap::new();
    for (lines, page) in all.iter().zip(pages) {
        lines.iter().filter(|line| at_edge(line, page)).for_each(|line| *exact.entry(line.text()).or_default() += 1);
    }
    // A number alone is the page's where it goes up with the pages; else a question's, over its picture.
    let alone = |line: &Line| -> Option<i64> {
        let text = line.text();
        text.trim_matches(['-', '–', ' ', '(', ')', '[', ']']).parse().ok().filter(|_| line.segments.len() == 1)
    };
    let is_footer = |line: &Line, page: &PageText| line.top > page.height / 2.0;
    let mut steps: HashMap<i64, usize> = HashMap::new();
    for (lines, page) in all.iter().zip(pages) {
        for line in lines.iter().filter(|line| at_edge(line, page)) {
            if let Some(number) = alone(line) {
                *steps.entry(number - i64::from(line.page)).or_default() += 1;
            }
        }
    }
    let is_page_number = |line: &Line| {
        // `(2)` once on page 2 are marks.
        let plain = !line.text().starts_with(['(', '[']);
        let step = alone(line).map(|number| number - i64::from(line.page));
        step.is_some_and(|step| step == 0 && plain || steps.get(&step).is_some_and(|&count| count > 1))
    };
    let mut running = Vec::new();
    for (lines, page) in all.iter_mut().zip(pages) {
        // A site puts its address on every page, which a scan shows in pieces.
        let banners: Vec<f32> =
            lines.iter().filter(|line| at_edge(line, page) && names_site(line)).map(|line| line.baseline).collect();
        lines.retain(|line| {
            // `Question 2 (4 marks)` at the top of a page differs from the last one's by its digits only.
            let text = line.text();
            // `3. [Maximum mark: 5]`
            let asks = |(label, taken): &(Label, usize)| {
                label.frame == Frame::Word || label.frame == Frame::Stop && crate::marks::are_all(&text[*taken..])
            };
            let question = labels::at_start(&text).iter().any(asks);
            // … as does `SECTION 2 — 42 marks`.
            let question = question || labels::section(&text).is_some() && exact.get(&text) == Some(&1);
            // Marks differ so, too: `(2 marks)` at the edge of a page are those of the question above.
            let marks = || crate::marks::are_all(&text) && !is_page_number(line);
            let barcode = line.segments.iter().any(|segment| is_barcode(&segment.text));
            let runs = at_edge(line, page)
                && !question
                && !marks()
                && (barcode
                    || is_page_number(line) && (pages.len() > 1 || is_footer(line, page))
                    || names_page(line)
                    || banners.iter().any(|baseline| (line.baseline - baseline).abs() < BANNER)
                    || !key(line).is_empty() && seen.get(&key(line)).is_some_and(|&count| count >= enough));
            if runs && line.page < 4 && !running.iter().any(|other: &Line| other.text() == text) {
                running.push(line.clone());
            }
            !runs
        });
    }
    running
}

/// A banner's pieces stand so near to the address in it, in points.
const BANNER: f32 = 15.0;

fn names_site(line: &Line) -> bool {
    ["http://", "https://", "www."].iter().any(|start| line.text().contains(start))
}

/// `Page 2`, `Page 2 of 8`, `Pág. 2`.
fn names_page(line: &Line) -> bool {
    let text = line.text().to_lowercase();
    let text = text.trim_matches(['-', '–', ' ']);
    // `str` starts `strana` as well.
    words::PAGE.all().filter_map(|word| text.strip_prefix(word)).any(|rest| {
        let mut words = rest.trim_start_matches('.').split_whitespace();
        words.clone().count() < 4 && words.next().is_some_and(|word| word.parse() == Ok(line.page))
    })
}

/// `*P71953A0624*`: a barcode's text.
fn is_barcode(text: &str) -> bool {
    let inner = text.trim().strip_prefix('*').and_then(|text| text.strip_suffix('*'));
    inner.is_some_and(|code| code.len() > 5 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str, x: f32, baseline: f32, size: f32) -> Vec<Char> {
        let step = 0.5 * size;
        let char = |(n, c): (usize, char)| Char {
            text: c.to_string(),
            x: x + n as f32 * step,
            baseline,
            width: step,
            size,
            bold: false,
            coloured: false,
        };
        text.chars().enumerate().map(char).collect()
    }

    fn page(chars: Vec<Char>, drawings: Vec<Drawing>) -> PageText {
        PageText { width: 595.0, height: 842.0, chars, drawings, ..PageText::default() }
    }

    fn texts(pages: &[PageText]) -> Vec<String> {
        lines(pages).iter().map(Line::text).collect()
    }

    #[test]
    fn rows_become_lines_with_segments() {
        let mut chars = write("second line", 50.0, 220.0, 10.0);
        chars.extend(write("1. What is it?", 50.0, 200.0, 10.0));
        chars.extend(write("(2 marks)", 400.0, 200.0, 10.0));
        assert_eq!(texts(&[page(chars, vec![])]), ["1. What is it?  (2 marks)", "second line"]);
    }

    #[test]
    fn small_characters_are_raised_or_lowered() {
        let mut chars = write("H O and x = 4", 50.0, 200.0, 10.0);
        chars.extend(write("2", 55.5, 202.0, 6.0));
        chars.extend(write("2", 95.2, 196.0, 6.0));
        assert_eq!(texts(&[page(chars, vec![])]), ["H₂O and x² = 4"]);
    }

    #[test]
    fn powers_belong_to_the_nearest_row_whatever_stands_in_the_other_column() {
        let mut chars = Vec::new();
        for n in 0..24 {
            let y = 80.0 + 13.0 * n as f32;
            chars.extend(write("the volume in cubic metres is 10", 60.0, y, 10.0));
            chars.extend(write("words of the right column stand here", 310.0, y - 4.0, 10.0));
            chars.extend(write("3", 220.5, y - 4.0, 6.0));
        }
        let read = texts(&[page(chars, Vec::new())]);
        assert!(read[..24].iter().all(|text| text == "the volume in cubic metres is 10³"), "{read:?}");
    }

    #[test]
    fn letters_of_an_ordinal_stay_letters() {
        let mut chars = write("22", 50.0, 200.0, 12.0);
        chars.extend(write("nd\u{200b}", 62.0, 195.6, 7.2));
        chars.extend(write("December", 76.0, 200.0, 12.0));
        assert_eq!(texts(&[page(chars, vec![])]), ["22nd December"]);
    }

    #[test]
    fn a_rule_of_a_table_divides_what_stands_close() {
        let mut chars = write("working", 50.0, 200.0, 10.0);
        chars.extend(write("42", 87.0, 200.0, 10.0));
        let piece = |y: f32| Drawing::Line(Area { x: 86.0, y, width: 0.5, height: 10.0 });
        let pages = [page(chars, vec![piece(202.0), piece(190.0)])];
        let line = &across(&pages)[0];
        assert_eq!(line.text(), "working  42");
        assert_eq!(line.rules, [Upright { x: 86.25, top: 190.0, bottom: 212.0 }]);
        assert_eq!(texts(&pages), ["working 42"], "a box is none");
        let chars = pages[0].chars.clone();
        let rule = Drawing::Line(Area { x: 86.0, y: 160.0, width: 0.5, height: 60.0 });
        assert_eq!(texts(&[page(chars, vec![rule])]), ["working  42"]);
    }

    #[test]
    fn an_underlined_word_is_over_no_bar() {
        let mut chars = write("to begin now", 50.0, 200.0, 10.0);
        chars.extend(write("stop", 67.0, 213.0, 10.0));
        let bar = Area { x: 65.0, y: 201.5, width: 25.0, height: 0.7 };
        assert_eq!(texts(&[page(chars, vec![Drawing::Line(bar)])]), ["to begin now", "stop"]);
    }

    #[test]
    fn stacked_fractions_are_joined() {
        let mut chars = write("Add", 50.0, 200.0, 10.0);
        chars.extend(write("3", 80.5, 194.0, 10.0));
        chars.extend(write("x+1", 75.5, 207.0, 10.0));
        let bar = Area { x: 74.0, y: 197.0, width: 18.0, height: 0.7 };
        assert_eq!(texts(&[page(chars, vec![Drawing::Line(bar)])]), ["Add 3/(x+1)"]);

        let mut underlined = write("C", 75.0, 200.0, 10.0);
        underlined.extend(write("D", 75.0, 214.0, 10.0));
        let line = Area { x: 70.0, y: 200.7, width: 15.0, height: 0.7 };
        assert_eq!(texts(&[page(underlined, vec![Drawing::Line(line)])]), ["C", "D"]);

        let mut mixed = write("2", 50.0, 200.0, 10.0);
        mixed.extend(write("1", 57.0, 194.0, 10.0));
        mixed.extend(write("3", 57.0, 207.0, 10.0));
        let bar = Area { x: 56.0, y: 197.0, width: 7.0, height: 0.7 };
        assert_eq!(texts(&[page(mixed, vec![Drawing::Line(bar)])]), ["2 1/3"]);
    }

    #[test]
    fn columns_come_one_after_the_other() {
        let mut chars = Vec::new();
        for n in 0..30 {
            let y = 100.0 + 20.0 * n as f32;
            chars.extend(write("left column text that is long enough", 50.0, y, 10.0));
            chars.extend(write("right column text that is long too", 320.0, y, 10.0));
        }
        let texts = texts(&[page(chars, vec![])]);
        assert_eq!(texts.len(), 60);
        assert!(texts[29].starts_with("left") && texts[30].starts_with("right"));
    }

    #[test]
    fn a_cover_beside_a_page_is_divided_as_the_other_sheets_are() {
        let sheet = |left: &str, x: f32| {
            let rows = (0..30).flat_map(|n| {
                let y = 100.0 + 14.0 * n as f32;
                let mut row = if n % 4 == 0 { write(left, x, y, 10.0) } else { Vec::new() };
                row.extend(write("a right page with text that goes from edge to edge of it", 440.0, y, 10.0));
                row
            });
            rows.collect::<Vec<_>>()
        };
        let wide = |chars| PageText { width: 842.0, height: 595.0, chars, ..PageText::default() };
        let mut second = sheet("", 50.0);
        for n in 0..30 {
            second.extend(write(
                "a left page with text that goes from edge to edge of it too",
                50.0,
                100.0 + 14.0 * n as f32,
                10.0,
            ));
        }
        let texts = texts(&[wide(sheet("PHYSICS", 200.0)), wide(second)]);
        assert_eq!(texts[..3], ["PHYSICS", "PHYSICS", "PHYSICS"]);
    }

    #[test]
    fn a_word_for_a_page_may_start_with_another() {
        let named = |text: &str| {
            let segments = vec![Segment { text: text.to_owned(), ..Segment::default() }];
            names_page(&Line { segments, page: 2, ..Line::default() })
        };
        assert!(["Strana 2", "Str. 2", "Página 2 de 3"].iter().all(|text| named(text)));
        assert!(!named("Strana 3") && !named("Street 2"));
    }

    #[test]
    fn headers_and_page_numbers_are_left_out() {
        let sheet = |n: u32| {
            let mut chars = write("Physics paper 2024", 50.0, 30.0, 10.0);
            chars.extend(write("A line of its own here", 50.0, 300.0, 10.0));
            chars.extend(write(&n.to_string(), 300.0, 820.0, 10.0));
            page(chars, vec![])
        };
        assert_eq!(texts(&[sheet(1), sheet(2), sheet(3)]), ["A line of its own here"; 3]);
        let mut spanish = write("A line of its own here", 50.0, 300.0, 10.0);
        spanish.extend(write("Página 1 de 3", 250.0, 820.0, 10.0));
        assert_eq!(texts(&[page(spanish, vec![])]), ["A line of its own here"]);
        let bracketed = |n: u32| {
            let mut chars = write("A line of its own here", 50.0, 300.0, 10.0);
            chars.extend(write(&format!("({n})"), 300.0, 820.0, 10.0));
            page(chars, vec![])
        };
        assert_eq!(texts(&[bracketed(1), bracketed(2), bracketed(3)]), ["A line of its own here"; 3]);
    }

    #[test]
    fn marks_at_the_edge_of_pages_stay() {
        let one = |marks: &str, word: &str| {
            let mut chars = write(marks, 480.0, 60.0, 10.0);
            chars.extend(write(word, 60.0, 300.0, 10.0));
            page(chars, Vec::new())
        };
        let pages = [one("(2 marks)", "First"), one("(3 marks)", "Second"), one("(4 marks)", "Third")];
        assert_eq!(texts(&pages).iter().filter(|text| text.contains("marks")).count(), 3);
    }

    #[test]
    fn a_banner_in_pieces_is_left_out() {
        let mut chars = write("E (i) and (v)", 50.0, 732.0, 10.0);
        chars.extend(write("Find this", 220.0, 811.0, 8.0));
        chars.extend(write("and more at:", 261.0, 813.0, 8.0));
        chars.extend(write("https://papers.example.org", 241.0, 823.0, 8.0));
        assert_eq!(texts(&[page(chars, vec![])]), ["E (i) and (v)"]);
    }

    #[test]
    fn a_number_over_a_picture_is_no_page_number() {
        let sheet = |number: &str, foot: &str| {
            let mut chars = write(number, 50.0, 50.0, 10.0);
            chars.extend(write("Look at the picture.", 50.0, 300.0, 10.0));
            chars.extend(write(foot, 300.0, 820.0, 10.0));
            page(chars, vec![])
        };
        let texts = texts(&[sheet("", "5"), sheet("7", "6"), sheet("11", "7")]);
        assert_eq!(texts, ["Look at the picture.", "7", "Look at the picture.", "11", "Look at the picture."]);
    }

    #[test]
    fn a_gutter_as_narrow_as_a_word_gap_in_a_heading_divides_columns() {
        let mut chars = Vec::new();
        for n in 0..30 {
            let y = 100.0 + 20.0 * n as f32;
            chars.extend(write("justified text that fills a whole left column", 50.0, y, 10.0));
            chars.extend(write("justified text that fills the right column", 286.0, y, 10.0));
        }
        assert!(texts(&[page(chars, vec![])])[1].ends_with("left column"));
    }

    #[test]
    fn a_written_space_divides_words_that_stand_close() {
        let mut chars = write("to", 50.0, 100.0, 10.0);
        chars.extend(write(" ", 60.0, 100.0, 10.0));
        chars.extend(write("be", 61.0, 100.0, 10.0));
        assert_eq!(texts(&[page(chars, vec![])]), ["to be"]);
    }

    #[test]
    fn questions_at_the_top_of_each_page_stay() {
        let sheet = |n: u32| page(write(&format!("Question {n} (4 marks)"), 50.0, 30.0, 10.0), vec![]);
        assert_eq!(texts(&[sheet(1), sheet(2), sheet(3)]).len(), 3);
        let marked = |n: u32| page(write(&format!("{n}. [Maximum mark: {}]", n + 4), 50.0, 30.0, 10.0), vec![]);
        assert_eq!(texts(&[marked(1), marked(2), marked(3)]).len(), 3);
    }

    #[test]
    fn a_formula_may_run_on_behind_its_column() {
        let mut chars = Vec::new();
        for n in 0..24 {
            let left =
                if n == 9 { "a formula that runs on over the gutterxx" } else { "words of a line in the left column." };
            chars.extend(write(left, 60.0, 80.0 + 20.0 * n as f32, 10.0));
            chars.extend(write("words of a line in the right column", 310.0, 86.0 + 20.0 * n as f32, 10.0));
        }
        let read = texts(&[page(chars, Vec::new())]);
        assert!(read[..24].iter().all(|text| !text.contains("right")), "{read:?}");
    }

    #[test]
    fn full_width_forms_are_plain() {
        let mut chars = write("１．（Ａ）", 60.0, 80.0, 10.0);
        chars.extend(write("next", 60.0, 100.0, 10.0));
        assert_eq!(texts(&[page(chars, Vec::new())])[0], "1.(A)");
    }
}
