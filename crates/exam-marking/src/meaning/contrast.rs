//! Who does what: sentences that set two things against each other, and what is done to whom.

use super::sense::Token;
use super::{Sides, alike, is_negated, sides};

/// Words that set what follows against what stands before.
pub(super) const AGAINST: [&str; 7] = ["while", "whereas", "whilst", "but", "mais", "ariko", "naho"];

/// The words of weight of one side that the other has not.
fn own<'a, 't>(side: &'a [Token<'t>], other: &[Token]) -> Vec<&'a Token<'t>> {
    let is_own = |token: &&Token| token.weight >= 1.0 && !other.iter().any(|word| alike(token, word, false));
    side.iter().filter(is_own).collect()
}

fn has(tokens: &[Token], word: &Token) -> bool {
    tokens.iter().any(|other| alike(word, other, false))
}

/// Whether what is said of one of two things is said of the other: "animal cells have a wall but plant cells have none" for
/// "plant cells have a wall but animal cells do not", or only one of the two is spoken of.
pub(super) fn is_exchanged(wanted: &[Token], given: &[Token]) -> bool {
    let Some((one, other)) = sides(wanted, &AGAINST) else { return false };
    let (of_one, of_other) = (own(one, other), own(other, one));
    let (Some(first), Some(second)) = (of_one.first(), of_other.first()) else { return false };
    let divided: Option<Sides> = sides(given, &AGAINST).or_else(|| sides(given, &["and", "et"]));
    let (denied, other_denied) = (is_negated(one, false), is_negated(other, false));
    if denied != other_denied {
        // Of each it must be said, or denied, as it is.
        let clauses = divided.map_or(vec![given], |(a, b)| vec![a, b]);
        return clauses.into_iter().any(|clause| match (has(clause, first), has(clause, second)) {
            (true, false) => is_negated(clause, false) != denied,
            (false, true) => is_negated(clause, false) != other_denied,
            _ => false,
        });
    }
    let Some((a, b)) = divided else { return !has(given, first) || !has(given, second) };
    are_torn(&of_one, (a, b)) || are_torn(&of_other, (a, b))
}

/// Whether two things that "and" joins have changed what each of them is: "speed is a vector and velocity is a scalar".
pub(super) fn are_swapped(wanted: &[Token], given: &[Token]) -> bool {
    let is =
        |side: &[Token]| side.iter().any(|token| matches!(token.word, "is" | "are" | "has" | "have" | "was" | "were"));
    let clauses = |tokens| sides(tokens, &["and", "et"]).filter(|(one, other)| is(one) && is(other));
    let Some((one, other)) = clauses(wanted) else { return false };
    let Some((a, b)) = clauses(given).or_else(|| sides(given, &AGAINST)) else { return false };
    are_torn(&own(one, other), (a, b)) || are_torn(&own(other, one), (a, b))
}

/// Whether of these words some stand on one side only, and some on the other.
fn are_torn(words: &[&Token], (a, b): Sides) -> bool {
    let only = |here: &[Token], there: &[Token]| words.iter().any(|word| has(here, word) && !has(there, word));
    only(a, b) && only(b, a)
}

/// Whether what should be done to something is done by it: "oxygen carries them" for "to carry oxygen".
pub(super) fn is_done_by(wanted: &[Token], given: &[Token]) -> bool {
    let [before @ .., verb, object] = given else { return false };
    let subject = before.last().is_some_and(|last| matches!(last.word, "it" | "they" | "we" | "to" | "which" | "that"));
    let mut heavy = wanted.iter().filter(|token| token.weight >= 1.0);
    matches!(object.word, "it" | "them" | "him" | "her")
        && !subject
        && wanted.last().is_some_and(|last| last.word != object.word)
        && heavy.next().is_some_and(|first| alike(first, verb, false))
        && heavy.next().is_some_and(|second| has(before, second))
        && heavy.all(|other| has(before, other))
}

/// Whether something goes to what it should come from, or the other way round: "to the heart" for "away from the heart".
pub(super) fn goes_back(wanted: &[Token], given: &[Token]) -> bool {
    const FROM: [&str; 2] = ["from", "away"];
    const TO: [&str; 3] = ["to", "into", "towards"];
    let behind = |tokens: &[Token], leads: &[&str]| -> Vec<String> {
        let places = (0..tokens.len()).filter(|at| leads.contains(&tokens[*at].word));
        let next = |at: usize| tokens[at + 1..].iter().find(|token| token.weight > 0.0);
        places.filter_map(next).map(|token| token.stem.to_string()).collect()
    };
    let back = |from: &[Token], to: &[Token]| {
        let (start, end, other_start) = (behind(from, &FROM), behind(to, &TO), behind(to, &FROM));
        // What has both a start and an end is a journey.
        let is_journey = !other_start.is_empty() && !behind(from, &TO).is_empty();
        !is_journey && start.iter().any(|place| end.contains(place) && !other_start.contains(place))
    };
    back(wanted, given) || back(given, wanted)
}

/// Whether what something is done to does it: "the brain protects the skull" for "it protects the brain".
pub(super) fn is_object_first(wanted: &[Token], given: &[Token]) -> bool {
    let [subject, verb, object @ ..] = wanted else { return false };
    let passive = |token: &Token| matches!(token.word, "by" | "is" | "are" | "was" | "were" | "be" | "been" | "being");
    let Some(at) = given.iter().position(|token| alike(verb, token, false)) else { return false };
    let mut doers = given[..at].iter().filter(|token| token.weight >= 1.0).peekable();
    matches!(subject.word, "it" | "they")
        && verb.weight >= 1.0
        && doers.peek().is_some()
        && doers.all(|doer| object.iter().any(|word| word.stem == doer.stem))
        && at + 1 < given.len()
        && !given.iter().any(passive)
        && object.iter().all(|word| word.weight < 1.0 || has(&given[..at], word))
}

/// Whether an answer to "Who baptised Jesus?" has Jesus do it.
pub(super) fn does_to_other(asked: &[Token], given: &[Token]) -> bool {
    let Some(who) = asked.iter().position(|token| token.word == "who") else { return false };
    let [verb, done @ ..] = &asked[who + 1..] else { return false };
    let passive = |token: &Token| matches!(token.word, "by" | "is" | "are" | "was" | "were" | "be" | "been");
    let Some(at) = given.iter().position(|token| verb.weight >= 1.0 && token.stem == verb.stem) else { return false };
    let mut doers = given[..at].iter().filter(|token| token.weight >= 1.0).peekable();
    doers.peek().is_some()
        && doers.all(|doer| done.iter().any(|word| word.stem == doer.stem))
        && !given.iter().any(passive)
        && given[at + 1..].iter().any(|token| token.weight >= 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::Reading;
    use super::*;

    #[test]
    fn each_keeps_what_is_said_of_it() {
        let walls = "plant cells have a cell wall but animal cells do not";
        let vessels = "arteries carry blood away from the heart while veins carry blood to the heart";
        for (key, answer, exchanged) in [
            (walls, "animal cells have a cell wall but plant cells do not", true),
            (walls, "plant cells do not have a cell wall", true),
            (walls, "animal cells have a wall", true),
            (walls, "animal cells do not have a cell wall", false),
            (walls, "animal cells have no cell wall but plant cells have one", false),
            (walls, "both have a cell wall", false),
            (vessels, "arteries carry blood to the heart while veins carry blood away from the heart", true),
            (vessels, "veins carry blood to the heart and arteries carry it away from the heart", false),
            (vessels, "arteries carry blood to the heart", true),
            ("it melts", "it freezes but later melts", false),
        ] {
            let found = is_exchanged(&Reading::of(key).tokens(), &Reading::of(answer).tokens());
            assert_eq!(found, exchanged, "{key}: {answer}");
        }
    }

    #[test]
    fn what_each_is_does_not_change_places() {
        let key = "velocity is a vector and speed is a scalar";
        for (answer, swapped) in [
            ("speed is a vector and velocity is a scalar", true),
            ("speed is a vector while velocity is a scalar", true),
            ("speed is a scalar and velocity is a vector", false),
            ("velocity is a vector", false),
        ] {
            assert_eq!(are_swapped(&Reading::of(key).tokens(), &Reading::of(answer).tokens()), swapped, "{answer}");
        }
    }

    #[test]
    fn what_is_done_is_not_done_by_its_object() {
        for (key, answer, turned) in [
            ("to transport oxygen", "oxygen transports them", true),
            ("it increases the rate of reaction", "the rate of reaction increases it", true),
            ("to transport oxygen", "oxygen: they transport it", false),
            ("to transport oxygen", "they transport oxygen", false),
        ] {
            let found = is_done_by(&Reading::of(key).tokens(), &Reading::of(answer).tokens());
            assert_eq!(found, turned, "{key}: {answer}");
        }
    }
}
