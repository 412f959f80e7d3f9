//! Which characters of a text are kept.

/// Text as it may be kept and shown, wherever it comes from: without control characters but line breaks and tabs. Broken
/// fonts name glyphs so, and a database keeps no NUL.
pub fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'), "")
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn no_control_character_is_kept_but_line_breaks_and_tabs() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        let kept: Vec<char> = printable(&all).chars().filter(|c| c.is_control()).collect();
        assert_eq!(kept, ['\t', '\n', '\r']);
        assert_eq!(printable("1.\0 Why\u{7}?"), "1. Why?");
    }
}
