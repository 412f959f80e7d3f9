//! Random codes and passwords that people read out and write down.

use rand::RngExt;

use crate::domain::share::CODE_LETTERS;

/// This many random capital letters and digits, none of which looks like another.
pub fn generate(length: usize) -> String {
    let mut chance = rand::rng();
    (0..length).map(|_| char::from(CODE_LETTERS[chance.random_range(0..CODE_LETTERS.len())])).collect()
}
