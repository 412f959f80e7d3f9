//! Answers that say nothing, so that nobody need look at them.

use exam_model::answer::Answer;

use crate::letters::folded;
use crate::lexicon::vocabulary;
use crate::memo::{Memo, kept};

/// Words of one who does not know.
const UNKNOWING: [&str; 24] = [
    "i do not know",
    "i don't know",
    "i don’t know",
    "i dont know",
    "don't know",
    "dont know",
    "idk",
    "no idea",
    "i have no idea",
    "i forgot",
    "not sure",
    "i am not sure",
    "i'm not sure",
    "i’m not sure",
    "im not sure",
    "no answer",
    "n/a",
    "je ne suis pas sur",
    "je ne sais pas",
    "aucune idee",
    "simbizi",
    "sinzi",
    "nta gisubizo",
    "ntabwo mbizi",
];

/// Rows of a keyboard.
const KEYS: [&str; 4] = ["qwertyuiop", "azertyuiop", "asdfghjkl", "zxcvbnm"];

/// Whether an answer says nothing: signs alone, letters that make no words, or that it is not known.
pub fn is(answer: &Answer) -> bool {
    answer.0.iter().all(|piece| kept(&PIECES, piece, says_nothing))
}

thread_local! {
    static PIECES: Memo<bool> = Memo::default();
}

fn says_nothing(piece: &str) -> bool {
    let text = folded(piece);
    let text = text.trim().trim_end_matches(['.', '!', '?', '…']).trim_end();
    UNKNOWING.contains(&text)
        || !text.contains(|c: char| c.is_numeric())
            && text.is_ascii()
            && !text.contains(['=', '+', '<', '>', '√', '%'])
            && text.split(|c: char| !c.is_alphabetic()).all(is_no_word)
}

/// `xqzt`, `asdf`, `aaaa`: neither known nor to be pronounced. A single letter may be a label, and capitals are one in short.
fn is_no_word(word: &str) -> bool {
    let letters = word.len();
    if letters == 0 {
        return true;
    }
    if letters < 4 {
        return false;
    }
    let silent = |c: char| !"aeiouy".contains(c);
    let clusters = word.split(|c| !silent(c)).map(str::len).max().unwrap_or_default();
    let typed = KEYS.iter().any(|row| row.contains(word) || row.contains(&word.chars().rev().collect::<String>()));
    let again = word.as_bytes().windows(3).any(|three| three[0] == three[1] && three[1] == three[2]);
    (clusters > 5 || clusters == letters || typed || again) && !vocabulary::is_word(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_told_from_what_may_be_right() {
        for (answer, nothing) in [
            ("???", true),
            ("-", true),
            ("I don't know.", true),
            ("Simbizi", true),
            ("I am not sure.", true),
            ("Je ne suis pas sûr", true),
            ("N/A", true),
            ("asdf", true),
            ("qwrtp zzkx", true),
            ("aaaaa", true),
            ("rhythm", false),
            ("strengths", false),
            ("umunyarwanda", false),
            ("H2O", false),
            ("B", false),
            ("Na", false),
            ("DNA", false),
            ("kgs", false),
            ("the heart", false),
            ("x = y", false),
            ("∅", false),
        ] {
            assert_eq!(is(&Answer(vec![answer.into()])), nothing, "{answer}");
        }
    }
}
