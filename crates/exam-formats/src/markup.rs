//! The ways in which files mark up a text, and what each shows.

use pulldown_cmark::{Options, Parser, html};

use crate::{clean, xml};

/// How a text is marked up, by Moodle's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    Plain,
    Html,
    /// HTML in which a line ends where it ends in the file.
    Auto,
    Markdown,
}

impl Markup {
    /// `html`, `plain_text`, …, as XML writes them, and `plain`, `moodle` as GIFT does.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "plain" | "plain_text" => Self::Plain,
            "html" => Self::Html,
            "moodle" | "moodle_auto_format" => Self::Auto,
            "markdown" => Self::Markdown,
            _ => return None,
        })
    }

    /// The text as it is shown, without its marks.
    pub fn shown(self, text: &str) -> String {
        match self {
            Self::Plain => clean(text),
            Self::Html => xml::plain(text),
            Self::Auto => xml::plain(&clean(text).replace('\n', "<br>")),
            Self::Markdown => {
                let mut page = String::with_capacity(text.len());
                html::push_html(&mut page, Parser::new_ext(&clean(text), Options::ENABLE_TABLES));
                xml::plain(&page)
            }
        }
    }

    /// Whether the text shows a picture, of which only its description is kept.
    pub fn has_picture(self, text: &str) -> bool {
        let html = self != Self::Plain && text.to_ascii_lowercase().contains("<img");
        html || self == Self::Markdown && text.contains("![")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_markup_shows_its_text() {
        let text = "# Metals\n\nWhich is a **metal**, *iron* or\nwood_work?\n\n1. 2 < 3 &amp; `a*b`\n2. H<sub>2</sub>O ![a cell](cell.png)\n";
        assert_eq!(
            Markup::Markdown.shown(text),
            "Metals\nWhich is a metal, iron or wood_work?\n2 < 3 & a*b\nH₂O a cell"
        );
        assert_eq!(Markup::Markdown.shown("|a|b|\n|-|-|\n|c|d|"), "a\tb\nc\td");
        assert_eq!(Markup::Auto.shown("one<br>two\n<b>three</b>  &lt;"), "one\ntwo\nthree <");
        assert_eq!(Markup::Html.shown("one\ntwo"), "one two");
        assert_eq!(Markup::Plain.shown("<b>\n*x*"), "<b>\n*x*");
        assert!(Markup::Auto.has_picture("<IMG src=x>") && !Markup::Plain.has_picture("<img> ![a](b)"));
    }
}
