//! What was worked out before about a text: answers are made of few words, and many of them are to one key.

use std::cell::RefCell;
use std::thread::LocalKey;

use crate::lexicon::Table;

/// Texts with what is known of them, a thread's own.
pub type Memo<T> = RefCell<Table<Box<str>, T>>;

/// So many texts are kept before a memo begins anew.
const KEPT: usize = 8192;

/// Longer texts are worked out each time: few are written twice.
const LONGEST: usize = 500;

/// What is known of a text, worked out where it is new.
pub fn kept<T: Clone>(memo: &'static LocalKey<Memo<T>>, text: &str, work_out: impl FnOnce(&str) -> T) -> T {
    if text.len() > LONGEST {
        return work_out(text);
    }
    if let Some(known) = memo.with_borrow(|memo| memo.get(text).cloned()) {
        return known;
    }
    let known = work_out(text);
    memo.with_borrow_mut(|memo| {
        if memo.len() >= KEPT {
            memo.clear();
        }
        memo.insert(text.into(), known.clone());
    });
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static LENGTHS: Memo<usize> = Memo::default();
    }

    #[test]
    fn a_memo_works_out_once_and_stays_small() {
        let mut worked = 0;
        for text in ["one", "three", "one"] {
            assert_eq!(
                kept(&LENGTHS, text, |text| {
                    worked += 1;
                    text.len()
                }),
                text.len()
            );
        }
        assert_eq!(worked, 2);
        for n in 0..3 * KEPT {
            kept(&LENGTHS, &n.to_string(), str::len);
        }
        assert!(LENGTHS.with_borrow(|memo| memo.len() <= KEPT));
    }
}
