//! Labels as they come from scanned pages: roman numbers in brackets, `(11)`, `(iy)`, `(Vv)`, and options' letters.

use std::borrow::Cow;

use exam_model::labels;

use crate::lines::Line;
use crate::text::{Char, PageText};

/// So many roman numbers that were read well say that a scan's items have such.
const FEWEST: usize = 3;

/// Pages without the words that OCR found twice at one place, as parts of two lines of text.
pub fn once(pages: Cow<'_, [PageText]>) -> Cow<'_, [PageText]> {
    if !pages.iter().any(|page| page.ocr) {
        return pages;
    }
    let mut pages = pages.into_owned();
    for page in pages.iter_mut().filter(|page| page.ocr) {
        let same = |a: &Char, b: &Char| a.baseline == b.baseline && a.size == b.size && a.x < b.x;
        let is_space = |char: &Char| char.text.trim().is_empty();
        let words: Vec<&[Char]> = page.chars.chunk_by(|a, b| same(a, b) && !is_space(a) && !is_space(b)).collect();
        let kept = (0..words.len()).filter(|&n| is_space(&words[n][0]) || !is_doubled(&words, n));
        page.chars = kept.flat_map(|n| words[n].iter().cloned()).collect();
    }
    Cow::Owned(pages)
}

/// Another word stands where one does, in as many letters or more.
fn is_doubled(words: &[&[Char]], n: usize) -> bool {
    let ends = |word: &[Char]| (word[0].x, word.iter().map(|char| char.x + char.width).fold(0.0, f32::max));
    let (from, to) = ends(words[n]);
    let covers = |(m, other): (usize, &&[Char])| {
        let (first, own) = (&other[0], &words[n][0]);
        if m == n
            || first.text.trim().is_empty()
            || (first.baseline - own.baseline).abs() > 0.4 * own.size.min(first.size)
        {
            return false;
        }
        let (left, right) = ends(other);
        let overlap = right.min(to) - left.max(from);
        let longer = other.len() > words[n].len() || other.len() == words[n].len() && m < n;
        let alike = words[n].iter().filter(|char| other.iter().any(|also| also.text == char.text)).count();
        words[n].len() > 2 && overlap > 0.6 * (to - from) && longer && alike * 3 >= words[n].len() * 2
    };
    words.iter().enumerate().any(covers)
}

/// Mends the labels of scanned pages.
pub fn mend(lines: &mut [Line], pages: &[PageText]) {
    let scanned = |line: &Line| pages.get(line.page as usize - 1).is_some_and(|page| page.ocr);
    lines.iter_mut().filter(|line| scanned(line)).for_each(|line| {
        stop(line);
        letters(line);
    });
    stops(lines, &scanned);
    numbers(lines, scanned);
}

/// `3 zinc` below `2. iron`, or above `4. gold`, at the same indent is `3. zinc`: the stop was lost, or read as a comma.
fn stops(lines: &mut [Line], scanned: &impl Fn(&Line) -> bool) {
    const INDENT: f32 = 4.0;
    let number = |line: &Line| {
        let text = &line.segments.first()?.text;
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let value: u32 = text[..digits].parse().ok().filter(|value| (1..=60).contains(value))?;
        let rest = text[digits..].strip_prefix(['.', ',', ';', ':']).unwrap_or(&text[digits..]);
        let stopped = text[digits..].starts_with(". ");
        let words = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        words.then_some((value, line.x(), stopped, digits, text.len() - rest.len()))
    };
    for n in 0..lines.len() {
        let Some((value, x, false, digits, taken)) = number(&lines[n]).filter(|_| scanned(&lines[n])) else { continue };
        let beside = |other: Option<&Line>, wanted: Option<u32>| {
            let found = other.filter(|other| other.page == lines[n].page).and_then(number);
            found.is_some_and(|(value, at, stopped, ..)| stopped && Some(value) == wanted && (at - x).abs() < INDENT)
        };
        let before = n.checked_sub(1).and_then(|before| lines.get(before));
        if beside(before, value.checked_sub(1)) || beside(lines.get(n + 1), Some(value + 1)) {
            lines[n].segments[0].text.replace_range(digits..taken, ".");
        }
    }
}

/// `3, Which …` is `3. Which …`: the stop of a label read as a comma.
fn stop(line: &mut Line) {
    let Some(first) = line.segments.first_mut() else { return };
    let start = first.text.trim_start_matches(['_', ' ']);
    let digits = start.len() - start.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let at = first.text.len() - start.len() + digits;
    let capital = start[digits..].strip_prefix(", ").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    if (1..=2).contains(&digits) && capital {
        first.text.replace_range(at..=at, ".");
    }
}

/// `C_ Land`, and a letter that was lost before one of options side by side.
fn letters(line: &mut Line) {
    let letter = |text: &str| {
        let (letter, rest) = text.split_at_checked(1)?;
        let value = letter.bytes().next().filter(u8::is_ascii_uppercase)?;
        rest.starts_with(' ').then_some(value)
    };
    for segment in &mut line.segments {
        if let Some((label, rest)) = segment.text.split_once("_ ").filter(|(label, _)| label.len() == 1) {
            segment.text = format!("{label} {rest}");
        }
    }
    for n in (1..line.segments.len()).rev() {
        let [before, here] = [n - 1, n].map(|n| letter(&line.segments[n].text));
        let segment = &mut line.segments[n - 1];
        let lost = before.is_none() && labels::at_start(&segment.text).is_empty();
        if let Some(value) = here.filter(|value| lost && (b'B'..=b'E').contains(value)) {
            segment.text = format!("{} {}", char::from(value - 1), segment.text);
        }
    }
}

/// Mends roman numbers, if there are some and no `(2)` or `(3)` starts a line.
fn numbers(lines: &mut [Line], scanned: impl Fn(&Line) -> bool) {
    let starts = |wanted: &dyn Fn(&str) -> bool| {
        let first = lines.iter().filter(|line| scanned(line)).filter_map(|line| line.segments.first());
        first.filter_map(|first| core(&first.text)).filter(|core| wanted(core)).count()
    };
    let roman = |core: &str| core.len() > 1 && labels::roman(core).is_some();
    if starts(&roman) < FEWEST || starts(&|core| ["2", "3"].contains(&core)) > 0 {
        return;
    }
    for line in lines.iter_mut().filter(|line| scanned(line)) {
        for (n, segment) in line.segments.iter_mut().enumerate() {
            segment.text = mended(&segment.text, n == 0);
        }
    }
}

/// What stands in brackets at the start of a text before other words.
fn core(text: &str) -> Option<&str> {
    let (core, rest) = text.strip_prefix('(')?.split_once(')')?;
    (!rest.trim().is_empty()).then_some(core)
}

/// Each pair of brackets with a roman number misread in it; digits only where they start a line, `( V )` is a unit.
fn mended(text: &str, starts_line: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        out.push('(');
        rest = after;
        let Some((inner, _)) = after.split_once(')') else { continue };
        let first = out.len() == 1 && starts_line && core(text).is_some();
        let letters = inner.len() > 1 && !inner.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = roman(inner).filter(|_| first || letters) {
            out.push_str(&number);
            rest = &after[inner.len()..];
        }
    }
    out + rest
}

/// A small roman number whose letters were taken for others that look alike.
fn roman(inner: &str) -> Option<String> {
    let like = |c: char| match c {
        'i' | 'I' | 'l' | '1' | '!' | '|' | 't' => Some('i'),
        'v' | 'V' | 'y' => Some('v'),
        'x' | 'X' => Some('x'),
        _ => None,
    };
    let read: String = inner.chars().map(like).collect::<Option<_>>()?;
    // `(Vv)` is one letter, read twice.
    let read = read.replace("vv", "v");
    labels::roman(&read).map(|_| read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_behind_a_label_is_its_stop() {
        let stopped = |text: &str| {
            let segments = vec![crate::lines::Segment { text: text.into(), ..crate::lines::Segment::default() }];
            let mut line = Line { segments, ..Line::default() };
            stop(&mut line);
            line.text()
        };
        assert_eq!(stopped("____3, Which organ is it?"), "____3. Which organ is it?");
        assert_eq!(stopped("3, 4 and 5"), "3, 4 and 5");
    }

    use crate::testing;

    #[test]
    fn roman_numbers_of_a_scan_are_mended() {
        let rows =
            ["(1) Hoe", "(11) Rake", "(iii) Axe (1)", "(1v) Saw", "(Vv) Spade", "(vi) Fork (V)", "D (iii) and (iy)"];
        let page = |ocr| PageText { ocr, ..testing::typed(&rows) };
        let read = |page: PageText| {
            let pages = [page];
            let mut lines = crate::lines::lines(&pages);
            mend(&mut lines, &pages);
            lines.iter().map(Line::text).collect::<Vec<_>>()
        };
        let wanted =
            ["(i) Hoe", "(ii) Rake", "(iii) Axe (1)", "(iv) Saw", "(v) Spade", "(vi) Fork (V)", "D (iii) and (iv)"];
        assert_eq!(read(page(false)), rows);
        assert_eq!(read(page(true)), rows, "two of them are too few");
        let rows: Vec<&str> = rows.into_iter().chain(["(ii) Tractor"]).collect();
        assert_eq!(read(PageText { ocr: true, ..testing::typed(&rows) })[..7], wanted);
    }

    #[test]
    fn a_letter_lost_beside_others_is_put_back() {
        let rows = ["spot market        B open market      C_ free market", "D small market     E big market"];
        let pages = [PageText { ocr: true, ..testing::typed(&rows) }];
        let mut lines = crate::lines::lines(&pages);
        mend(&mut lines, &pages);
        assert_eq!(lines[0].text(), "A spot market  B open market  C free market");
        assert_eq!(lines[1].text(), "D small market  E big market");
    }

    #[test]
    fn a_stop_lost_in_a_run_of_numbers_is_put_back() {
        let rows =
            ["1. au chef", "2 aux femmes", "3, aux jeunes", "4. aux vieux", "12 hommes vinrent", "5. à personne"];
        let pages = [PageText { ocr: true, ..testing::typed(&rows) }];
        let mut lines = crate::lines::lines(&pages);
        mend(&mut lines, &pages);
        let texts: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(texts[1..5], ["2. aux femmes", "3. aux jeunes", "4. aux vieux", "12 hommes vinrent"]);
    }

    #[test]
    fn a_word_read_twice_is_there_once() {
        let word = |text: &str, x: f32, width: f32, size: f32, baseline: f32| -> Vec<Char> {
            let char = |(n, c): (usize, char)| Char {
                text: c.to_string(),
                x: x + width * n as f32,
                baseline,
                width,
                size,
                bold: false,
                coloured: false,
            };
            text.chars().enumerate().map(char).collect()
        };
        let mut chars = word("athletics", 60.0, 4.0, 8.0, 100.0);
        chars.extend(word("athletics", 61.0, 3.5, 10.0, 101.0));
        chars.extend(word("today", 99.0, 4.0, 8.0, 100.0));
        let page = PageText { width: 595.0, height: 842.0, chars, ocr: true, ..PageText::default() };
        let text = |page: PageText| crate::lines::lines(&once(Cow::Borrowed(&[page])))[0].text();
        assert_eq!(text(page.clone()), "athletics today");
        assert_ne!(text(PageText { ocr: false, ..page }), "athletics today");
    }
}
