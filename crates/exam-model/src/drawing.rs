//! Questions that ask for a drawing: it is made on paper, and no words can be marked in its place.

use crate::question::{Kind, Question};

/// The answer of a pupil who has drawn.
pub const ON_PAPER: &str = "On paper";

/// Words that ask to draw, where a sentence starts with them: English, French, Kinyarwanda and Kiswahili.
const DRAW: [&str; 14] = [
    "draw ",
    "sketch ",
    "plot ",
    "shade ",
    "label the diagram",
    "label the drawing",
    "label your",
    "dessine",
    "tracez ",
    "tracer ",
    "représente graphiquement",
    "représentez graphiquement",
    "shushanya",
    "chora ",
];

/// What such a sentence asks for instead: a mark on the page that choices and columns stand for, a thought, a piece of land.
const NO_DRAWING: [&str; 20] = [
    "draw a ring",
    "draw a circle around",
    "draw a circle round",
    "draw a line under",
    "draw a line through",
    "draw a box",
    "draw up",
    "draw two",
    "draw three",
    "sketch the character",
    "draw a line from",
    "draw a line to",
    "draw lines",
    "draw a conclusion",
    "draw conclusions",
    "draw an arrow from",
    "plot a ",
    "plot b ",
    "plot is ",
    "plot was ",
];

/// Words that ask for words or numbers, at the start of a sentence or behind `and`.
const WORDS: [&str; 42] = [
    "explain",
    "state",
    "name",
    "give",
    "describe",
    "calculate",
    "find",
    "write",
    "what",
    "why",
    "how",
    "list",
    "determine",
    "estimate",
    "identify",
    "expliqu",
    "calcul",
    "nomme",
    "trouve",
    "décri",
    "indique",
    "justifie",
    "solve",
    "hence",
    "use your",
    "measure",
    "compare",
    "show that",
    "suggest",
    "define",
    "complete",
    "work out",
    "compute",
    "which",
    "mention",
    "outline",
    "discuss",
    "deduce",
    "justify",
    "sobanura",
    "eleza",
    "taja",
];

/// How a sentence begins that says where or with what before it asks.
const BEFORE: [&str; 6] = ["on ", "in ", "using ", "with ", "sur ", "dans "];

impl Question {
    /// Whether it asks for a drawing, and for nothing in words.
    pub fn asks_for_a_drawing(&self) -> bool {
        let is_open = matches!(self.kind, Kind::Short | Kind::Long | Kind::Label);
        if !is_open || !self.options.is_empty() || self.text.contains('?') {
            return false;
        }
        let text = self.text.to_lowercase();
        let sentences = || text.split(['.', '\n', ';', ':']).map(str::trim_start);
        let starts = |sentence: &str, words: &[&str]| words.iter().any(|word| sentence.starts_with(word));
        let draws = |sentence: &str| {
            let led = sentence.split_once(", ").filter(|_| starts(sentence, &BEFORE));
            let asked = led.map_or(sentence, |(_, asked)| asked);
            starts(asked, &DRAW) && !starts(asked, &NO_DRAWING)
        };
        let asks = |sentence: &str| {
            sentence.split([',']).flat_map(|part| part.split(" and ")).any(|piece| starts(piece.trim_start(), &WORDS))
        };
        sentences().any(draws) && !sentences().any(asks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Choice;

    #[test]
    fn a_drawing_is_asked_for_by_its_verb() {
        let asks = |text: &str| Question { text: text.into(), ..Question::default() }.asks_for_a_drawing();
        for drawing in [
            "Draw a labelled diagram of the heart.",
            "The table shows the heights of plants. Plot the points on the grid.",
            "Sketch the graph of y = x^2.",
            "On the grid, draw the image of triangle ABC. Use a scale of 1 cm to 1 unit.",
            "Label the diagram of the eye.",
            "Dessinez une cellule animale.",
            "Shushanya igishushanyo cy\u{2019}umutima.",
        ] {
            assert!(asks(drawing), "{drawing}");
        }
        for words in [
            "Draw a ring around the right word.",
            "Draw a conclusion from the table.",
            "Draw the graph and find its gradient.",
            "Draw the heart. Explain what it does.",
            "Draw the graph of y = x^2 - 4. Hence solve x^2 = 4.",
            "Trace the path of blood from the heart to the lungs.",
            "Draw two differences between a frog and a toad.",
            "Draw up a budget for a party.",
            "Shushanya umutima. Sobanura akamaro kawo.",
            "What does the sketch show?",
            "Plot A was watered. Name the plants that grew.",
            "Name the parts of the drawing.",
            "",
        ] {
            assert!(!asks(words), "{words}");
        }
        let lettered = Question {
            kind: Kind::Label,
            options: vec![Choice::nth(0)],
            text: "Label the diagram.".into(),
            ..Question::default()
        };
        assert!(!lettered.asks_for_a_drawing(), "its parts have letters, for their names");
        assert!(
            !Question { kind: Kind::Numeric, text: "Draw the line.".into(), ..Question::default() }
                .asks_for_a_drawing()
        );
    }
}
