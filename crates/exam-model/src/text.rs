//! Which characters of a text are kept, and where its blanks are.

/// Text as it may be kept and shown, wherever it comes from: without control characters but line breaks and tabs. Broken
/// fonts name glyphs so, and a database keeps no NUL.
pub fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'), "")
}

/// Where the blanks of a text are: runs of dots or lines as long as three dots.
pub fn blanks(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match c {
            '_' | '.' | '…' => {
                if length == 0 {
                    start = at;
                }
                length += if c == '…' { 3 } else { 1 };
            }
            _ => {
                if length >= 3 {
                    found.push(start..at);
                }
                length = 0;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_kept_but_line_breaks_and_tabs() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        let kept: Vec<char> = printable(&all).chars().filter(|c| c.is_control()).collect();
        assert_eq!(kept, ['\t', '\n', '\r']);
        assert_eq!(printable("1.\0 Why\u{7}?"), "1. Why?");
    }

    #[test]
    fn blanks_are_found() {
        let text = "The ……… pumps _____ to the lungs. So it is..";
        assert_eq!(blanks(text).into_iter().map(|at| &text[at]).collect::<Vec<_>>(), ["………", "_____"]);
    }
}
