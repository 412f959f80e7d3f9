//! How the API tells of a text what print shows in more than a line of characters.

use exam_model::question::Region;
use exam_model::shown::{self, Show};
use serde::Serialize;
use utoipa::ToSchema;

/// How a text is shown to a person.
#[derive(Default, Serialize, ToSchema)]
pub struct Shown {
    /// `text`, `math` (the text with its formulae), `crop` (a picture of the print) or `both`.
    how: String,
    /// The text in order; empty if it holds no formulae.
    pieces: Vec<Piece>,
    /// Where it is printed, each as page, left, top, width and height, in points.
    boxes: Vec<String>,
}

/// A stretch of a text.
#[derive(Serialize, ToSchema)]
struct Piece {
    /// A formula in one line.
    text: String,
    /// A formula as MathML.
    mathml: Option<String>,
}

impl Shown {
    /// Of texts that follow each other, each on a new line.
    pub fn of<'a>(texts: impl IntoIterator<Item = (&'a str, &'a shown::Shown)>) -> Self {
        let (mut how, mut pieces, mut boxes) = (Show::default(), Vec::new(), Vec::new());
        for (text, shown) in texts {
            how = how.max(shown.how);
            boxes.extend(shown.regions.iter().map(Region::words));
            if !pieces.is_empty() {
                pieces.push(Piece { text: "\n".to_owned(), mathml: None });
            }
            pieces.extend(shown.pieces(text).into_iter().map(|piece| match piece {
                shown::Piece::Text(text) => Piece { text: text.to_owned(), mathml: None },
                shown::Piece::Formula(formula) => Piece { text: formula.to_text(), mathml: Some(formula.to_mathml()) },
            }));
        }
        if pieces.iter().all(|piece| piece.mathml.is_none()) {
            pieces.clear();
        }
        Self { how: how.as_str().to_owned(), pieces, boxes }
    }
}
