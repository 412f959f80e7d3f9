//! What a formula is put together of: glyphs with boxes, and what was read already.

use exam_model::formula::Formula;

use crate::lines;
use crate::text::Char;

/// Of the font's size, over the baseline: the height at which the bars of fractions and minus signs stand.
pub const AXIS: f32 = 0.27;

/// A glyph, or a part that was read already.
#[derive(Debug, Clone)]
pub struct Atom {
    pub x: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
    /// Of a glyph; of what is centred on the axis, the baseline of a line of its size.
    pub baseline: f32,
    pub size: f32,
    pub what: What,
    pub doubt: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub enum What {
    Glyph {
        sign: char,
        /// Its code is that of a letter of formulae.
        math: bool,
        /// It hangs from its baseline, as TeX's large signs do.
        hung: bool,
    },
    /// A part; `centred` if it stands on the axis, whatever its size.
    Part { formula: Formula, centred: bool },
}

impl Atom {
    pub fn sign(&self) -> Option<char> {
        match self.what {
            What::Glyph { sign, .. } => Some(sign),
            What::Part { .. } => None,
        }
    }

    pub fn is(&self, signs: &str) -> bool {
        self.sign().is_some_and(|sign| signs.contains(sign))
    }

    pub fn is_letter(&self) -> bool {
        // Accents that stand alone are letters to Unicode.
        self.sign().is_some_and(|sign| sign.is_alphabetic() && !('\u{2B0}'..'\u{300}').contains(&sign))
    }

    pub fn is_digit(&self) -> bool {
        self.sign().is_some_and(|sign| sign.is_ascii_digit())
    }

    pub fn is_part(&self) -> bool {
        matches!(self.what, What::Part { .. })
    }

    pub fn is_hung(&self) -> bool {
        matches!(self.what, What::Glyph { hung: true, .. })
    }

    pub fn axis(&self) -> f32 {
        self.baseline - AXIS * self.size
    }

    pub fn middle(&self) -> f32 {
        (self.x + self.right) / 2.0
    }

    /// Stands on a line of this baseline and size, neither raised nor lowered.
    pub fn is_on(&self, baseline: f32, size: f32) -> bool {
        let axis = (self.axis() - baseline + AXIS * size).abs();
        match &self.what {
            What::Part { centred: true, .. } => axis < 0.25 * size,
            What::Glyph { sign, .. } if "()[]{}|∣∥".contains(*sign) => {
                axis < 0.22 * size && self.size > 0.85 * size
            }
            _ => (self.baseline - baseline).abs() < 0.16 * size && self.size > 0.82 * size,
        }
    }

    /// What was read of these atoms, on the axis or on a baseline.
    pub fn part(formula: Formula, of: &[&Atom], baseline: f32, size: f32, centred: bool) -> Self {
        let least = |at: fn(&Atom) -> f32| of.iter().map(|atom| at(atom)).fold(f32::MAX, f32::min);
        let most = |at: fn(&Atom) -> f32| of.iter().map(|atom| at(atom)).fold(f32::MIN, f32::max);
        Self {
            x: least(|atom| atom.x),
            right: most(|atom| atom.right),
            top: least(|atom| atom.top),
            bottom: most(|atom| atom.bottom),
            baseline,
            size,
            what: What::Part { formula, centred },
            doubt: of.iter().find_map(|atom| atom.doubt),
        }
    }
}

/// The atoms of a page's characters.
pub fn of(chars: &[Char]) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::with_capacity(chars.len());
    for char in chars.iter().filter(|char| char.size > 2.0 && !char.text.trim().is_empty()) {
        let math = char.text.chars().any(|c| (0x1D400..0x1D800).contains(&u32::from(c)) || c == 'ℎ');
        let adobe = char.text.chars().next().and_then(adobe);
        let text = adobe.map_or_else(|| lines::plain(char).text, String::from);
        let signs: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let width = char.width / signs.len().max(1) as f32;
        for (n, sign) in signs.into_iter().enumerate() {
            let (sign, size) = (tidy(sign), char.size);
            let x = char.x + n as f32 * width;
            atoms.push(Atom {
                x,
                right: x + width,
                top: char.baseline - if low(sign) { 0.47 } else { 0.68 } * size,
                bottom: char.baseline + if deep(sign) { 0.22 } else { 0.02 } * size,
                baseline: char.baseline,
                size,
                what: What::Glyph { sign, math, hung: adobe.is_some() },
                doubt: ('\u{E000}'..'\u{F900}').contains(&sign).then_some("a sign of it is unknown"),
            });
        }
    }
    struck(atoms)
}

fn low(sign: char) -> bool {
    "acegmnopqrsuvwxyzαγεηικμνπρστυχω".contains(sign)
}

fn deep(sign: char) -> bool {
    "gjpqy,;()[]{}|∣βγημρφχψQ∫∑∏/".contains(sign)
}

/// `=` with a stroke through it is `≠`.
fn struck(mut atoms: Vec<Atom>) -> Vec<Atom> {
    const STRUCK: [(char, char); 4] = [('=', '≠'), ('∈', '∉'), ('<', '≮'), ('>', '≯')];
    let strokes: Vec<Atom> = atoms.extract_if(.., |atom| atom.is("\u{338}")).collect();
    for stroke in strokes {
        let under = |atom: &&mut Atom| {
            (atom.baseline - stroke.baseline).abs() < 1.0 && (atom.x - 1.0..atom.right + 1.0).contains(&stroke.middle())
        };
        for atom in atoms.iter_mut().filter(under) {
            if let What::Glyph { sign, .. } = &mut atom.what
                && let Some((_, struck)) = STRUCK.iter().find(|(plain, _)| plain == sign)
            {
                *sign = *struck;
            }
        }
    }
    atoms
}

/// Adobe's codes for the pieces of large brackets, which TeX's fonts hang from their baseline.
fn adobe(c: char) -> Option<char> {
    const PIECES: &str = "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";
    let code = u32::from(c).checked_sub(0xF8EB)?;
    PIECES.chars().nth(code as usize)
}

/// One sign for what is printed alike.
fn tidy(sign: char) -> char {
    match sign {
        '\u{1D6A8}'..='\u{1D7C9}' => greek(sign),
        '-' | '–' | '‐' | '‑' | '‒' => '−',
        '∗' => '*',
        '∙' | '·' => '⋅',
        'ϵ' | '∊' => 'ϵ',
        '^' | '\u{302}' => 'ˆ',
        '\u{20D7}' => '→',
        '\u{304}' | 'ˉ' => '¯',
        '\u{303}' => '˜',
        '◦' | '∘' | 'º' => '°',
        '\'' | '’' | '´' => '′',
        _ => sign,
    }
}

/// The plain form of a Greek letter of formulae: Unicode has five runs of 58, capitals first.
fn greek(sign: char) -> char {
    let within = (u32::from(sign) - 0x1D6A8) % 58;
    let plain = match within {
        0..=24 => char::from_u32(0x391 + within),
        26..=50 => char::from_u32(0x3B1 + within - 26),
        _ => "∇∂ϵϑϰϕϱϖ".chars().nth(within.saturating_sub(50) as usize),
    };
    plain.unwrap_or(sign)
}
