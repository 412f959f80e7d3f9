//! Brackets taller than a line are printed of pieces, one above the other: `⎛⎜⎝`. Around one row they become `(` and `)`
//! in it; around several, as of a matrix, they are left out.

use crate::text::Char;

/// Unicode, Miscellaneous Technical: the pieces of a left and of a right bracket, of which the first three are round, the
/// next square, the last curly.
const LEFT: &str = "⎛⎜⎝⎡⎢⎣⎧⎨⎩";
const RIGHT: &str = "⎞⎟⎠⎤⎥⎦⎫⎬⎭";
/// Of either side, and of tall integral and sum signs.
const OTHERS: &str = "⎪⎮⎯⎰⎱⎲⎳";

fn piece(char: &Char) -> Option<char> {
    let mut chars = char.text.chars();
    chars.next().filter(|c| chars.next().is_none() && [LEFT, RIGHT, OTHERS].iter().any(|pieces| pieces.contains(*c)))
}

/// A whole bracket.
struct Bracket {
    /// `(`, `]`, …
    sign: char,
    x: f32,
    width: f32,
    /// Of its highest and lowest piece.
    top: f32,
    bottom: f32,
}

impl Bracket {
    fn is_left(&self) -> bool {
        "([{".contains(self.sign)
    }
}

/// The characters with whole brackets in the place of pieces.
pub fn whole(chars: Vec<Char>) -> Vec<Char> {
    let (mut pieces, mut chars): (Vec<Char>, Vec<Char>) = chars.into_iter().partition(|char| piece(char).is_some());
    if pieces.is_empty() {
        return chars;
    }
    pieces.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.baseline.total_cmp(&b.baseline)));
    let brackets: Vec<Bracket> = pieces.chunk_by(goes_on).filter_map(bracket).collect();
    for left in brackets.iter().filter(|bracket| bracket.is_left()) {
        let beside = |right: &&Bracket| !right.is_left() && right.x > left.x && (right.top - left.top).abs() < 3.0;
        let Some(right) = brackets.iter().filter(beside).min_by(|a, b| a.x.total_cmp(&b.x)) else { continue };
        let inside = chars.iter().filter(|char| {
            let (x, y) = char.middle();
            !char.text.trim().is_empty() && (left.x..right.x).contains(&x) && (left.top..=right.bottom).contains(&y)
        });
        let Some(first) = inside.clone().max_by(|a, b| a.size.total_cmp(&b.size)).cloned() else { continue };
        if inside.clone().all(|char| (char.baseline - first.baseline).abs() < 0.8 * first.size) {
            chars.extend([left, right].map(|bracket| Char {
                text: bracket.sign.to_string(),
                x: bracket.x,
                width: bracket.width,
                ..first.clone()
            }));
        }
    }
    chars
}

/// The next piece below one.
fn goes_on(upper: &Char, lower: &Char) -> bool {
    (upper.x - lower.x).abs() < 1.5 && (0.0..1.6 * upper.size).contains(&(lower.baseline - upper.baseline))
}

fn bracket(pieces: &[Char]) -> Option<Bracket> {
    let place = |of: &str, char: &Char| piece(char).and_then(|c| of.chars().position(|other| other == c));
    let side = |of: &str, signs: &str| pieces.iter().find_map(|char| signs.chars().nth(place(of, char)? / 3));
    let (first, last) = (pieces.first()?, pieces.last()?);
    Some(Bracket {
        sign: side(LEFT, "([{").or_else(|| side(RIGHT, ")]}"))?,
        x: first.x,
        width: first.width,
        top: first.baseline - first.size,
        bottom: last.baseline + last.size,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn char(text: &str, x: f32, baseline: f32) -> Char {
        Char { text: text.into(), x, baseline, width: 5.0, size: 10.0, bold: false, coloured: false }
    }

    fn text(chars: Vec<Char>) -> String {
        let mut chars = whole(chars);
        chars.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.x.total_cmp(&b.x)));
        chars.iter().map(|char| char.text.as_str()).collect()
    }

    fn tall(pieces: &str, x: f32) -> Vec<Char> {
        pieces.chars().zip(0..).map(|(c, n)| char(&c.to_string(), x, 90.0 + 10.0 * n as f32)).collect()
    }

    #[test]
    fn pieces_around_one_row_become_one_bracket() {
        let row = || [char("f", 40.0, 100.0), char("a/b", 60.0, 100.0), char("+", 90.0, 100.0)];
        let of = |left: &str, right: &str| text([tall(left, 52.0), row().to_vec(), tall(right, 70.0)].concat());
        assert_eq!(of("⎛⎜⎝", "⎞⎟⎠"), "f(a/b)+");
        assert_eq!(of("⎡⎢⎣", "⎤⎥⎦"), "f[a/b]+");
        assert_eq!(of("⎧⎨⎩", ""), "fa/b+", "one side alone");
    }

    #[test]
    fn pieces_around_several_rows_are_left_out() {
        let rows = vec![char("1", 60.0, 92.0), char("2", 60.0, 108.0)];
        assert_eq!(text([tall("⎛⎜⎝", 52.0), rows, tall("⎞⎟⎠", 70.0)].concat()), "12");
        assert_eq!(text(tall("⎛⎝", 52.0)), "");
    }
}
