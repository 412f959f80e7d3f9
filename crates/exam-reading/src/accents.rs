//! Accents that a page sets as glyphs of their own, `˜` over `a`, joined with their letters: older fonts of TeX have no `ã`.

use std::borrow::Cow;

use crate::text::{Char, PageText};

/// Each accent as it may be written, and pairs of a letter without and with it.
const ACCENTS: [(&str, &str); 12] = [
    ("´\u{301}", "aáeéiíoóuúyýcćlĺnńrŕsśzźAÁEÉIÍOÓUÚYÝCĆLĹNŃRŔSŚZŹ"),
    ("`\u{300}", "aàeèiìoòuùnǹAÀEÈIÌOÒUÙNǸ"),
    ("ˆ^\u{302}", "aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷAÂEÊIÎOÔUÛCĈGĜHĤJĴSŜWŴYŶ"),
    ("˜~\u{303}", "aãnñoõiĩuũeẽyỹAÃNÑOÕIĨUŨEẼYỸ"),
    ("¨\u{308}", "aäeëiïoöuüyÿAÄEËIÏOÖUÜYŸ"),
    ("¯ˉ\u{304}", "aāeēiīoōuūAĀEĒIĪOŌUŪ"),
    ("¸\u{327}", "cçsştţCÇSŞTŢ"),
    ("ˇ\u{30C}", "cčsšzžeěrřnňdďtťgǧCČSŠZŽEĚRŘNŇDĎTŤGǦ"),
    ("˚\u{30A}", "aåuůAÅUŮ"),
    ("˝\u{30B}", "oőuűOŐUŰ"),
    ("˘\u{306}", "aăgğuŭAĂGĞUŬ"),
    ("˛\u{328}", "aąeęiįuųAĄEĘIĮUŲ"),
];

/// Those that stand over letters of formulae as well.
const OF_FORMULAE: &str = "ˆ^˜~¨¯ˉ˘";

/// An accent stands so many characters before or behind its letter.
const NEAR: usize = 2;

/// The pages with each such accent and its letter as one character.
pub fn joined(pages: Cow<'_, [PageText]>) -> Cow<'_, [PageText]> {
    let is_accent = |char: &Char| accent(char).is_some();
    if !pages.iter().any(|page| page.chars.iter().any(is_accent)) {
        return pages;
    }
    let mut pages = pages.into_owned();
    pages.iter_mut().for_each(join);
    Cow::Owned(pages)
}

fn join(page: &mut PageText) {
    let chars = &page.chars;
    let mut joined: Vec<(usize, usize, char)> = Vec::new();
    for (at, mark) in chars.iter().enumerate() {
        let Some(pairs) = accent(mark) else { continue };
        // A letter takes one: another stays as it is printed.
        let free = |n: usize| n != at && joined.iter().all(|(_, taken, _)| *taken != n);
        let near = (at.saturating_sub(NEAR)..chars.len().min(at + NEAR + 1)).filter(|&n| free(n));
        let found =
            near.into_iter().find_map(|n| Some((n, with_accent(&chars[n], pairs)?)).filter(|_| over(mark, &chars[n])));
        let Some((n, letter)) = found else { continue };
        if !mark.text.contains(|c| OF_FORMULAE.contains(c)) || is_in_word(chars, n, at) {
            joined.push((at, n, letter));
        }
    }
    for (_, n, letter) in &joined {
        page.chars[*n].text = letter.to_string();
    }
    let mut marks = joined.iter().map(|(at, ..)| *at).peekable();
    let mut n = 0;
    page.chars.retain(|_| {
        n += 1;
        marks.next_if_eq(&(n - 1)).is_none()
    });
}

/// The pairs of letters of an accent that stands alone.
fn accent(char: &Char) -> Option<&'static str> {
    let mut signs = char.text.chars();
    // Most signs are ASCII, and most of those no accents.
    let sign = signs.next().filter(|sign| !sign.is_ascii() || "`^~".contains(*sign))?;
    let alone = signs.next().is_none();
    ACCENTS.iter().find(|(accent, _)| alone && accent.contains(sign)).map(|(_, pairs)| *pairs)
}

/// The letter with its accent; a dotless `ı` takes one as well.
fn with_accent(char: &Char, pairs: &str) -> Option<char> {
    let mut signs = char.text.chars();
    let letter = match (signs.next()?, signs.next()) {
        ('ı', None) => 'i',
        (letter, None) => letter,
        _ => return None,
    };
    let mut pairs = pairs.chars();
    while let (Some(plain), Some(accented)) = (pairs.next(), pairs.next()) {
        if plain == letter {
            return Some(accented);
        }
    }
    None
}

/// The accent's middle is that of the letter; over a capital it is raised.
fn over(mark: &Char, letter: &Char) -> bool {
    let apart = (mark.middle().0 - letter.middle().0).abs();
    let raised = letter.baseline - mark.baseline;
    apart < 0.15 * letter.size && (-0.1..0.35).contains(&(raised / letter.size)) && mark.size > 0.8 * letter.size
}

/// Another letter of its size stands close beside it.
fn is_in_word(chars: &[Char], letter: usize, mark: usize) -> bool {
    let own = &chars[letter];
    let near = letter.min(mark).saturating_sub(NEAR)..chars.len().min(letter.max(mark) + NEAR + 1);
    near.into_iter().filter(|&n| n != letter && n != mark).any(|n| {
        let other = &chars[n];
        let gap = (other.x - own.x - own.width).max(own.x - other.x - other.width);
        let text = other.text.starts_with(char::is_alphabetic) && accent(other).is_none();
        text && gap < 0.12 * own.size && (other.baseline - own.baseline).abs() < 0.5 && other.size == own.size
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(text: &str, x: f32, width: f32) -> Char {
        Char { text: text.into(), x, baseline: 100.0, width, size: 10.0, bold: false, coloured: false }
    }

    fn read(chars: Vec<Char>) -> String {
        let page = PageText { width: 595.0, height: 842.0, chars, ..PageText::default() };
        joined(Cow::Owned(vec![page]))[0].chars.iter().map(|char| char.text.as_str()).collect()
    }

    #[test]
    fn accents_join_the_letters_that_they_stand_over() {
        let word = vec![glyph("t", 50.0, 4.0), glyph("˜", 54.1, 5.0), glyph("a", 54.0, 5.0), glyph("o", 59.0, 5.0)];
        assert_eq!(read(word), "tão");
        let behind = vec![glyph("c", 50.0, 4.4), glyph("¸", 50.0, 4.4), glyph("a", 54.4, 5.0)];
        assert_eq!(read(behind), "ça");
        assert_eq!(read(vec![glyph("´", 49.0, 5.0), glyph("ı", 50.2, 2.8), glyph("v", 52.8, 5.0)]), "ív");
    }

    #[test]
    fn of_two_accents_over_a_letter_none_is_lost() {
        let word = ["t", "ˆ", "e", "´", "t"].into_iter().zip([50.0, 54.0, 54.0, 54.0, 59.0]);
        assert_eq!(read(word.map(|(text, x)| glyph(text, x, 5.0)).collect()), "tê´t");
    }

    #[test]
    fn accents_of_formulae_and_those_beside_letters_stay() {
        let estimate = vec![glyph("ˆ", 50.1, 5.0), glyph("a", 50.0, 5.0), glyph("=", 58.0, 7.0)];
        assert_eq!(read(estimate), "ˆa=");
        assert_eq!(read(vec![glyph("a", 50.0, 5.0), glyph("^", 55.0, 5.0), glyph("n", 60.0, 5.0)]), "a^n");
    }
}
