//! How a text is shown that print shows in more than a line of characters: with its formulae, or as the print itself.

use serde::{Deserialize, Serialize};

use crate::formula::Formula;
use crate::question::Region;

/// What stands in the place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Its characters alone.
    #[default]
    Text,
    /// Its formulae in two dimensions, among its characters.
    Math,
    /// A picture of the print.
    Crop,
    /// The text, with its formulae, over a picture of the print.
    Both,
}

impl Show {
    pub const ALL: [Self; 4] = [Self::Text, Self::Math, Self::Crop, Self::Both];

    /// The word in a form and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Math => "math",
            Self::Crop => "crop",
            Self::Both => "both",
        }
    }

    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Math => "Text with formulae",
            Self::Crop => "Picture of the print",
            Self::Both => "Text and picture",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.as_str() == word)
    }

    pub fn has_text(self) -> bool {
        self != Self::Crop
    }

    pub fn has_crop(self) -> bool {
        matches!(self, Self::Crop | Self::Both)
    }
}

/// What is known of a text, a stem or an option, beside its characters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub how: Show,
    /// Why the reader shows it so; empty where its characters say it all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// In their order. The text holds each as its `to_text`, unless a person has written something else there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formulae: Vec<Formula>,
    /// Where it alone is printed: a stem without the options and parts below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
}

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece<'a> {
    Text(&'a str),
    Formula(&'a Formula),
}

impl Shown {
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what is known of the text that follows.
    pub fn join(&mut self, next: Self) {
        if next.how > self.how {
            (self.how, self.why) = (next.how, next.why);
        }
        self.formulae.extend(next.formulae);
        self.regions.extend(next.regions);
    }

    /// The text with its formulae where they stand in it.
    ///
    /// ```
    /// # use exam_model::formula::Formula;
    /// # use exam_model::shown::{Piece, Shown};
    /// let half = Formula::Fraction { over: Formula::number("1").into(), under: Formula::number("2").into() };
    /// let shown = Shown { formulae: vec![half.clone()], ..Shown::default() };
    /// assert_eq!(shown.pieces("Add 1/2."), [Piece::Text("Add "), Piece::Formula(&half), Piece::Text(".")]);
    /// ```
    pub fn pieces<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        for formula in &self.formulae {
            let spelled = formula.to_text();
            if let Some((before, after)) = rest.split_once(&spelled).filter(|_| !spelled.is_empty()) {
                pieces.extend((!before.is_empty()).then_some(Piece::Text(before)));
                pieces.push(Piece::Formula(formula));
                rest = after;
            }
        }
        pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(base: &str, end: &str) -> Formula {
        let sup = Some(Box::new(Formula::identifier(end)));
        Formula::Script { base: Box::new(Formula::identifier(base)), sub: None, sup }
    }

    #[test]
    fn what_a_person_rewrote_is_text() {
        let shown = Shown { formulae: vec![power("e", "x"), power("a", "n")], ..Shown::default() };
        let formulae = |text: &str| {
            let pieces = shown.pieces(text);
            let plain: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => (*text).to_owned(),
                    Piece::Formula(formula) => formula.to_text(),
                })
                .collect();
            assert_eq!(plain, text);
            pieces.iter().filter(|piece| matches!(piece, Piece::Formula(_))).count()
        };
        assert_eq!(formulae("Differentiate e^x and a^n."), 2);
        assert_eq!(formulae("Differentiate e^y and a^n."), 1);
        assert_eq!(formulae("Differentiate it."), 0);
        assert_eq!(formulae(""), 0);
    }

    #[test]
    fn what_was_stored_before_is_plain() {
        assert!(serde_json::from_str::<Shown>("{}").unwrap().is_plain());
        let shown = Shown { how: Show::Crop, why: "A figure.".into(), ..Shown::default() };
        assert_eq!(serde_json::to_string(&shown).unwrap(), r#"{"how":"crop","why":"A figure."}"#);
        assert!(Show::ALL.into_iter().all(|show| Show::parse(show.as_str()) == Some(show)));
    }
}
