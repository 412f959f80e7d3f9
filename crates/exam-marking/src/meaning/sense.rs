//! What a word is worth to a comparison.

use std::ops::Deref;
use std::rc::Rc;

use crate::lexicon::{DENIALS, HINDERING, LIGHT, POLES, SMALL, synonym};
use crate::memo::{Memo, kept};
use crate::numeral;
use crate::spelling::stem;

/// What is known of a word.
pub struct Sense {
    /// The stem, or the one that stands for it.
    pub stem: Box<str>,
    pub weight: f64,
    pub number: bool,
    pub denies: bool,
    pub hinders: bool,
    /// It joins two sides that may be turned round.
    pub joins: bool,
    /// Which pair of opposites, and on which side.
    pub poles: &'static [(usize, bool)],
}

/// A word of a text with its sense.
pub struct Token<'a> {
    pub word: &'a str,
    pub sense: &'a Sense,
}

impl Deref for Token<'_> {
    type Target = Sense;

    fn deref(&self) -> &Sense {
        self.sense
    }
}

thread_local! {
    static SENSES: Memo<Rc<Sense>> = Memo::default();
}

impl Sense {
    pub fn of(word: &str) -> Rc<Self> {
        kept(&SENSES, word, |word| Rc::new(Self::new(word)))
    }

    fn new(word: &str) -> Self {
        let denies = DENIALS.contains(word);
        let joins = super::joins(word);
        if denies || SMALL.contains(word) {
            let poles = POLES.get(word).map_or(&[][..], Vec::as_slice);
            return Self { stem: word.into(), weight: 0.0, number: false, denies, hinders: false, joins, poles };
        }
        let mut stem = stem(word);
        if let Some(one) = synonym(&stem) {
            stem = one.into();
        }
        // `un`, `one` and a lone `six` among other words: the first two are no numbers there.
        if word.len() <= 12
            && let Some(n) = numeral::worth(word).filter(|n| *n > 1)
        {
            stem = n.to_string().into();
        }
        let number = stem.starts_with(|c: char| c.is_ascii_digit());
        let poles = POLES.get(&*stem).map_or(&[][..], Vec::as_slice);
        let hinders = HINDERING.contains(&*stem);
        let weight = if hinders {
            0.0
        } else if LIGHT.contains(&*stem) {
            0.25
        } else if number {
            2.0
        } else {
            1.0
        };
        Self { stem: stem.into(), weight, number, denies: false, hinders, joins, poles }
    }
}
