//! Words that are set off from those around them, in bold or in a colour: so solutions print what is right.

use crate::lines::{self, Line};
use crate::text::PageText;

/// How a word is set off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetOff {
    pub bold: bool,
    pub coloured: bool,
}

/// A letter or digit of a line, and how it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    letter: char,
    set_off: SetOff,
}

/// The letters of each line in the order in which they are printed; none of a line that is made up otherwise.
pub fn letters(lines: &[Line], pages: &[PageText]) -> Vec<Vec<Letter>> {
    let of = |line: &Line| {
        let page = pages.get((line.page as usize).checked_sub(1)?)?;
        let (from, to) = (line.x() - 1.0, line.segments.last().map_or(0.0, |last| last.right) + 1.0);
        let level = |baseline: f32, size: f32| (baseline - line.baseline).abs() < 0.3 * size;
        let mut chars: Vec<_> =
            page.chars.iter().filter(|c| level(c.baseline, c.size) && c.x > from && c.x < to).collect();
        chars.sort_by(|a, b| a.x.total_cmp(&b.x));
        let letters: Vec<Letter> = chars
            .iter()
            .flat_map(|char| {
                let set_off = SetOff { bold: char.bold, coloured: char.coloured };
                let letters: Vec<char> = lines::plain(char).text.chars().filter(|c| c.is_alphanumeric()).collect();
                letters.into_iter().map(move |letter| Letter { letter, set_off })
            })
            .collect();
        letters.iter().any(|letter| letter.set_off != SetOff::default()).then_some(letters)
    };
    lines.iter().map(|line| of(line).unwrap_or_default()).collect()
}

/// How most letters of the next word of a line are printed; the letters of that line go on behind it.
pub fn of_word(letters: &mut &[Letter], word: &str) -> SetOff {
    let wanted: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
    if wanted.is_empty() || letters.is_empty() {
        return SetOff::default();
    }
    let found =
        letters.windows(wanted.len()).position(|run| run.iter().map(|own| own.letter).eq(wanted.iter().copied()));
    let Some(at) = found else { return SetOff::default() };
    let (own, rest) = letters[at..].split_at(wanted.len());
    *letters = rest;
    let most = |is: fn(&Letter) -> bool| own.iter().filter(|letter| is(letter)).count() * 2 > own.len();
    SetOff { bold: most(|letter| letter.set_off.bold), coloured: most(|letter| letter.set_off.coloured) }
}
