//! A text as words with their senses, as it is written and with one word for each phrase.

use std::cell::OnceCell;
use std::rc::Rc;

use super::sense::{Sense, Token};
use super::verbs_joined;
use crate::lexicon::thesaurus;
use crate::memo::{Memo, kept};
use crate::text::words;

/// Words with their senses.
pub struct Words(Vec<(String, Rc<Sense>)>);

impl Words {
    fn new(words: Vec<String>) -> Self {
        Self(words.into_iter().map(|word| (Sense::of(&word), word)).map(|(sense, word)| (word, sense)).collect())
    }

    pub fn tokens(&self) -> Vec<Token<'_>> {
        self.0.iter().map(|(word, sense)| Token { word, sense }).collect()
    }
}

/// A text that was read.
pub struct Reading {
    pub words: Vec<String>,
    united: Words,
    /// Where the thesaurus has one word for a phrase of it.
    written: Option<Words>,
    stems: OnceCell<Rc<[String]>>,
}

thread_local! {
    static READINGS: Memo<Rc<Reading>> = Memo::default();
}

impl Reading {
    pub fn of(text: &str) -> Rc<Self> {
        kept(&READINGS, text, |text| {
            let words = words(text);
            let phrase = thesaurus::has_phrase(&words);
            let written = phrase.then(|| Words::new(verbs_joined(words.clone())));
            let united = Words::new(verbs_joined(thesaurus::united(words.clone())));
            Rc::new(Self { words, united, written, stems: OnceCell::new() })
        })
    }

    /// With what stands for each of its phrases.
    pub fn tokens(&self) -> Vec<Token<'_>> {
        self.united.tokens()
    }

    /// The stems of the words that carry any weight.
    pub fn stems(&self) -> Rc<[String]> {
        let stems = || {
            let tokens = self.tokens();
            tokens.iter().filter(|token| token.weight > 0.0).map(|token| token.stem.to_string()).collect()
        };
        self.stems.get_or_init(stems).clone()
    }

    pub fn has_phrase(&self) -> bool {
        self.written.is_some()
    }

    /// As it is written.
    pub fn written(&self) -> Vec<Token<'_>> {
        self.written.as_ref().unwrap_or(&self.united).tokens()
    }
}
