//! Which Type 1 fonts of a page are bold. The PDF library names only the fonts of other kinds; those of a page's resources
//! have their names beside the widths of their letters, and by these a run of letters is told.

use hayro::hayro_syntax::object::{Array, Dict, Name};
use hayro::hayro_syntax::page::Page;

/// The name and the widths of a font.
struct Font {
    bold: bool,
    first: usize,
    widths: Vec<f32>,
}

/// The fonts of a page that have widths.
#[derive(Default)]
pub struct Fonts(Vec<Font>);

/// Whether a font is bold by its name: `Times-Bold`, `CMBX10`, `SFBX1000`, `LMSans10-Demi`.
pub fn is_bold(name: &str) -> bool {
    // Six letters and a sign stand before the name of a part of a font.
    let name = name.split_once('+').map_or(name, |(_, name)| name);
    ["Bold", "bold", "BX", "Demi", "Black", "Heavy"].iter().any(|word| name.contains(word))
        || name.strip_prefix("CMB").is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Fonts {
    pub fn of(page: &Page<'_>) -> Self {
        let fonts = &page.resources().fonts;
        let font = |dict: Dict<'_>| {
            let name = dict.get::<Name<'_>>("BaseFont")?;
            let first = dict.get::<usize>("FirstChar")?;
            let widths = dict.get::<Array<'_>>("Widths")?.iter::<f32>().collect();
            Some(Font { bold: is_bold(&String::from_utf8_lossy(&name)), first, widths })
        };
        Self(fonts.keys().filter_map(|key| font(fonts.get::<Dict<'_>>(&*key)?)).collect())
    }

    /// Whether all fonts with letters so wide, by their codes, are bold; false where there is none.
    pub fn are_bold(&self, letters: &[(u32, f32)]) -> bool {
        let has = |font: &&Font| {
            letters.iter().all(|(code, width)| {
                let at = (*code as usize).checked_sub(font.first);
                at.and_then(|at| font.widths.get(at)).is_some_and(|own| (own - width).abs() < 0.01)
            })
        };
        let mut fonts = self.0.iter().filter(has).peekable();
        fonts.peek().is_some() && fonts.all(|font| font.bold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_fonts_are_told_by_their_names() {
        for name in ["URHAEV+SFBX1000", "CMBX10", "CMB10", "Times-Bold", "ABCDEF+LMSans10-DemiOblique", "Arial-Black"] {
            assert!(is_bold(name), "{name}");
        }
        for name in ["SFRM1000", "CMR10", "BXCDEF+CMSY8", "Times-Roman", "CMTI10"] {
            assert!(!is_bold(name), "{name}");
        }
    }

    #[test]
    fn letters_are_bold_where_all_fonts_of_their_widths_are() {
        let font = |bold: bool, widths: &[f32]| Font { bold, first: 65, widths: widths.to_vec() };
        let fonts = Fonts(vec![font(false, &[500.0, 400.0, 300.0]), font(true, &[560.0, 400.0, 320.0])]);
        assert!(fonts.are_bold(&[(65, 560.0), (66, 400.0)]));
        assert!(!fonts.are_bold(&[(65, 500.0), (66, 400.0)]));
        assert!(!fonts.are_bold(&[(66, 400.0)]), "either of them");
        assert!(!fonts.are_bold(&[(64, 560.0)]) && !fonts.are_bold(&[(65, 561.0)]), "neither");
    }
}
