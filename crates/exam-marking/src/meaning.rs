//! Whether words say what a point says: how many of its words are there, and nothing is turned round.

use std::rc::Rc;

pub use reading::Reading;
use sense::Token;

use crate::lexicon;
use crate::memo::{Memo, kept};
use crate::reason::{Judgement, Note};
use crate::spelling::{are_classes, are_derived, are_of_one_family, are_of_one_root, has_lost_end, is_near};
use crate::text::{same, words};
use crate::unit;

mod class;
mod contrast;
pub mod phrase;
mod reading;
mod sense;

/// Words of one sense that turn round what stands on their sides.
const TURNS: &[&[&str]] = &[
    &["than"],
    &["into"],
    &["twice", "half", "double"],
    &["minus", "less"],
    &["by"],
    &["per"],
    &["because"],
    &["around", "round"],
    &["between"],
    &["then"],
];

/// Whether a word may stand between two sides that are turned round.
fn joins(word: &str) -> bool {
    matches!(word, "to" | "→" | "from")
        || TURNS.iter().any(|turn| turn.contains(&word))
        || contrast::AGAINST.contains(&word)
}

const BECOMING: [&str; 16] = [
    "become", "becomes", "becoming", "became", "get", "gets", "getting", "got", "go", "goes", "going", "went", "gone",
    "grow", "grows", "grew",
];
const LARGER: [&str; 6] = ["up", "greater", "larger", "bigger", "higher", "more"];
const SMALLER: [&str; 6] = ["down", "less", "smaller", "lower", "fewer", "lesser"];

/// Words of which two that are one verb have become one.
fn verbs_joined(mut words: Vec<String>) -> Vec<String> {
    let mut at = 0;
    while at + 1 < words.len() {
        let (word, next) = (words[at].as_str(), words[at + 1].as_str());
        // Verbs of two words; and the Kinyarwanda "and" before a verb, which is no English "no".
        if !matches!(word.as_bytes()[0], b'b' | b'g' | b'm' | b't' | b'w' | b'n' | b's' | b'=') {
            at += 1;
            continue;
        }
        let one = match (word, next) {
            // What something becomes: `gets larger`.
            (verb, pole) if BECOMING.contains(&verb) && LARGER.contains(&pole) => "increase",
            (verb, pole) if BECOMING.contains(&verb) && SMALLER.contains(&pole) => "decrease",
            ("=", _) if at > 0 => "equal",
            ("moves" | "move", "up") => "increase",
            ("slow" | "slows" | "slowed" | "slowing", "down") => "decrease",
            ("moves" | "move", "down") => "decrease",
            ("take" | "takes" | "taken" | "taking" | "took", "in") => "absorb",
            ("give" | "gives" | "given" | "giving" | "gave", "out" | "off") => "release",
            ("no", verb) if verb.starts_with("ku") || verb.starts_with("gu") || verb.starts_with("kw") => "na",
            _ => "",
        };
        if !one.is_empty() {
            let both = !matches!(one, "na" | "equal");
            words[at] = one.to_owned();
            if both {
                words.remove(at + 1);
            }
        }
        at += 1;
    }
    words
}

/// The stems of a question: they alone say nothing new.
pub fn known(question: &str) -> Rc<[String]> {
    Reading::of(question).stems()
}

/// An odd number of negations in some clause: "does not add and does not improve" denies twice. `purpose` counts "to
/// prevent" too.
fn is_negated(tokens: &[Token], purpose: bool) -> bool {
    let hinders = |n: usize| tokens[n].hinders && (purpose || n < 2 || tokens[n - 1].word != "to");
    let (mut odd, mut any) = (false, false);
    for (n, token) in tokens.iter().enumerate() {
        if matches!(token.word, "and" | "but" | "nor" | "et" | "mais" | "ariko") {
            any |= odd;
            odd = false;
        }
        odd ^= token.denies || hinders(n);
    }
    any || odd
}

/// Whether one negates what the other states.
fn is_denied(wanted: &[Token], given: &[Token]) -> bool {
    ![false, true].iter().any(|&purpose| is_negated(wanted, purpose) == is_negated(given, purpose))
}

/// Whether a text denies something.
pub fn denies(text: &str) -> bool {
    is_negated(&Reading::of(text).tokens(), false)
}

fn opposed(a: &Token, b: &Token) -> bool {
    a.poles.iter().any(|(n, side)| b.poles.contains(&(*n, !side)))
}

fn agreed(a: &Token, b: &Token) -> bool {
    a.poles.iter().any(|pole| b.poles.contains(pole))
}

/// Whether a given word stands for a wanted one; `turned` where the sides of a comparison have changed.
fn alike(wanted: &Token, given: &Token, turned: bool) -> bool {
    match turned && !wanted.poles.is_empty() {
        true => opposed(wanted, given),
        false => {
            wanted.stem == given.stem
                || agreed(wanted, given)
                || !opposed(wanted, given)
                    && (is_near(wanted.word, given.word) || are_of_one_root(&wanted.stem, &given.stem))
        }
    }
}

type Sides<'a, 'w> = (&'a [Token<'w>], &'a [Token<'w>]);

/// The sides of a turning word.
fn sides<'a, 'w>(tokens: &'a [Token<'w>], turn: &[&str]) -> Option<Sides<'a, 'w>> {
    // "Because he was ill, he stayed" has both its sides behind it.
    let at = tokens.iter().position(|token| turn.contains(&token.word)).filter(|at| *at > 0)?;
    Some((&tokens[..at], &tokens[at + 1..]))
}

/// Like [`sides`], for "from X to Y" and "to Y from X".
fn journey<'a, 'w>(tokens: &'a [Token<'w>]) -> Option<Sides<'a, 'w>> {
    let to = tokens.iter().position(|token| matches!(token.word, "to" | "→"))?;
    // "orange to green"
    let Some(from) = tokens.iter().position(|token| token.word == "from") else {
        return (to > 0 && to < 4).then_some((&tokens[..to], &tokens[to + 1..]));
    };
    Some(if from < to {
        (&tokens[from + 1..to], &tokens[to + 1..])
    } else {
        (&tokens[from + 1..], &tokens[to + 1..from])
    })
}

/// Whether a word is what a change begins with and not what it ends with: both of its sides are one word.
fn is_left(wanted: &[Token], (from, to): Sides) -> bool {
    let has = |side: &[Token]| {
        wanted.iter().any(|word| word.weight >= 1.0 && side.iter().any(|other| alike(word, other, false)))
    };
    heavy(from) == 1 && heavy(to) == 1 && has(from) && !has(to)
}

/// Whether what stood on one side of a turning word now stands on the other; `poles` where those are names too.
fn is_crossed(wanted: (&[Token], &[Token]), given: (&[Token], &[Token]), poles: bool) -> bool {
    let names = |side: &[Token], word: &Token| side.iter().any(|other| other.stem == word.stem);
    let only = |side: &[Token], other: &[Token]| -> Vec<String> {
        side.iter()
            .filter(|word| word.weight > 0.0 && (poles || word.poles.is_empty()) && !names(other, word))
            .map(|word| word.stem.to_string())
            .collect()
    };
    let (left, right) = (only(wanted.0, wanted.1), only(wanted.1, wanted.0));
    let (new_left, new_right) = (only(given.0, given.1), only(given.1, given.0));
    let both = |a: &[String], b: &[String]| a.iter().filter(|word| b.contains(word)).count();
    let (over, back) = (both(&left, &new_right), both(&right, &new_left));
    over > 0 && back > 0 || over + back > both(&left, &new_left) + both(&right, &new_right)
}

/// The word nearest to a pole, which says of what it is one; not one of those that stand `twice`.
fn of_what<'a>(tokens: &'a [Token], at: usize, twice: &dyn Fn(&Token) -> bool) -> Option<&'a str> {
    let apart = |other: &Token| {
        !other.poles.iter().any(|(pair, _)| tokens[at].poles.iter().any(|(mine, _)| pair == mine)) && !twice(other)
    };
    // Of "the price is higher" it stands before.
    let told = at > 0 && matches!(tokens[at - 1].word, "is" | "are" | "was" | "were" | "be");
    let end = if told { at } else { tokens.len() };
    let near = (0..end).filter(|&n| n != at && tokens[n].weight >= 1.0 && apart(&tokens[n]));
    near.min_by_key(|&n| (n.abs_diff(at), n < at)).map(|n| &*tokens[n].stem)
}

/// Whether the given says the opposite of some word of the wanted, or leaves such a word out.
fn is_opposite(wanted: &[Token], given: &[Token], known: &[String], turned: bool) -> bool {
    // Of a long sentence such a word may stay unsaid.
    const LONG: usize = 6;
    let long = heavy(wanted) >= LONG;
    let twice = |word: &Token| wanted.iter().filter(|other| other.stem == word.stem).count() > 1;
    wanted.iter().enumerate().filter(|(_, word)| !word.poles.is_empty()).any(|(n, word)| {
        let what = of_what(wanted, n, &twice);
        let at = |found: &dyn Fn(&Token) -> bool, beside: bool| {
            given
                .iter()
                .enumerate()
                .any(|(m, other)| found(other) && (!beside || what.is_some() && of_what(given, m, &twice) == what))
        };
        let same: &dyn Fn(&Token) -> bool = &|other| alike(word, other, turned);
        let other: &dyn Fn(&Token) -> bool = &|other| if turned { agreed(word, other) } else { opposed(word, other) };
        let told = long || known.iter().any(|stem| **stem == *word.stem);
        let lost = word.weight > 0.0 && !at(same, false) && (!told || at(other, false));
        lost || at(other, true) && !at(same, true)
    })
}

/// Whether of two things that rise together one falls: "as x increases, y decreases". Both may fall together.
fn goes_other_way(wanted: &[Token], given: &[Token]) -> bool {
    let poles = |tokens: &[Token]| -> Vec<(usize, bool)> {
        tokens.iter().flat_map(|token| token.poles.first().copied()).collect()
    };
    let wanted = poles(wanted);
    let [(pair, first), (other, second)] = wanted[..] else { return false };
    match poles(given)[..] {
        [(a, one), (b, two)] => pair == other && a == pair && b == pair && (first == second) != (one == two),
        _ => false,
    }
}

/// Whether one does to the other what the other should do to it: "the minister commands the police", the wrong way round.
fn is_reversed(wanted: &[Token], given: &[Token]) -> bool {
    const JOINS: [&str; 11] = ["by", "is", "are", "was", "were", "be", "been", "and", "or", "when", "if"];
    let plain = |tokens: &[Token]| !tokens.iter().any(|token| JOINS.contains(&token.word));
    let (mut one, mut other) = (wanted.iter().filter(|t| t.weight > 0.0), given.iter().filter(|t| t.weight > 0.0));
    let mut three = || Some([(one.next()?, other.next()?), (one.next()?, other.next()?), (one.next()?, other.next()?)]);
    let Some([(doer, a), (done, b), (to, c)]) = three() else { return false };
    one.next().is_none()
        && other.next().is_none()
        && done.stem == b.stem
        // What is done has an ending, which "rate of reaction" has not.
        && *done.stem != *done.word
        && doer.stem == c.stem
        && to.stem == a.stem
        && doer.stem != to.stem
        && plain(wanted)
        && plain(given)
}

/// Whether two opposites are joined by "or": "loss or gain".
fn is_hedged(wanted: &[Token], given: &[Token]) -> bool {
    let or = |tokens: &[Token]| tokens.iter().position(|token| matches!(token.word, "or" | "ou" | "cyangwa"));
    or(given)
        .filter(|at| *at > 0 && or(wanted).is_none())
        .is_some_and(|at| given.get(at + 1).is_some_and(|next| opposed(&given[at - 1], next)))
}

/// What both measures ask: the same numbers, the same sense; with it whether a comparison was turned round.
fn agree(wanted: &[Token], given: &[Token], known: &[String]) -> Option<bool> {
    let missing = |word: &&Token| word.number && !given.iter().any(|other| other.stem == word.stem);
    // "less fertile" is not fertile.
    let lessened = given.windows(2).any(|pair| {
        pair[0].word == "less"
            && wanted.iter().any(|word| {
                word.weight >= 1.0 && (word.stem == pair[1].stem || are_of_one_root(&word.stem, &pair[1].stem))
            })
            && !wanted.iter().any(|word| word.poles.iter().any(|(pair_of, _)| *pair_of == 0))
    });
    if lessened || is_denied(wanted, given) || wanted.iter().any(|word| missing(&word)) {
        return None;
    }
    let joined = wanted.iter().any(|word| word.joins);
    let crossed = |turn: &[&str]| {
        joined
            .then(|| sides(wanted, turn))
            .flatten()
            .zip(sides(given, turn))
            .is_some_and(|(wanted, given)| is_crossed(wanted, given, turn != TURNS[0]))
    };
    let turned = crossed(TURNS[0]);
    let lost = TURNS[1..].iter().any(|turn| crossed(turn))
        || joined && journey(wanted).zip(journey(given)).is_some_and(|(wanted, given)| is_crossed(wanted, given, true));
    let lost = lost
        || is_hedged(wanted, given)
        || is_reversed(wanted, given)
        || joined && contrast::is_exchanged(wanted, given)
        || contrast::are_swapped(wanted, given)
        || contrast::is_done_by(wanted, given)
        || contrast::is_object_first(wanted, given)
        || contrast::goes_back(wanted, given)
        || !turned && goes_other_way(wanted, given);
    let compared = wanted.iter().any(|word| !word.poles.is_empty());
    (!lost && (!turned || compared) && !is_opposite(wanted, given, known, turned)).then_some(turned)
}

/// Whether a part says a form: three fifths of its weight are there, of which something is not in the question;
/// each other word of weight costs `cost_of_more`.
fn says(form: &str, part: &str, known: &[String], cost_of_more: f64) -> bool {
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(part));
    // What the thesaurus has one word for may also be said in the words of the form.
    let as_written = || says_in_words((form, wanted.written()), (part, given.written()), known, cost_of_more);
    wanted.has_phrase() && as_written()
        || !is_denied_in_phrase(wanted, given)
            && says_in_words((form, wanted.tokens()), (part, given.tokens()), known, cost_of_more)
}

/// Whether a phrase that denies is not in the other as such: "do not change", which is one word of the thesaurus, and "change".
fn is_denied_in_phrase(wanted: &Reading, given: &Reading) -> bool {
    let denying = |tokens: &[Token]| tokens.iter().filter(|token| token.denies).count();
    let is_lost = |of: &Reading, in_other: &Reading| {
        let (written, united, other) = (of.written(), of.tokens(), in_other.tokens());
        let is_of_phrase = |token: &&Token| !written.iter().any(|word| word.stem == token.stem);
        denying(&written) > denying(&united)
            && !united.iter().filter(is_of_phrase).any(|token| other.iter().any(|word| alike(word, token, false)))
    };
    wanted.has_phrase() && is_lost(wanted, given) || given.has_phrase() && is_lost(given, wanted)
}

/// Whether an answer says a form and joins another thing of the class to a word of it: "protons and neutrons" for "protons".
pub fn adds_kin(form: &str, answer: &str) -> bool {
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(answer));
    let (wanted, given) = (wanted.tokens(), given.tokens());
    let is_wanted = |token: &Token| wanted.iter().any(|word| alike(word, token, false));
    let is_added = |token: &Token| !is_wanted(token) && class::has_kin(&wanted, token);
    given.iter().filter(|token| token.weight >= 1.0 && !is_wanted(token)).count() == 1
        && given.windows(3).any(|three| {
            matches!(three[1].word, "and" | "or" | "et" | "ou")
                && (is_wanted(&three[0]) && is_added(&three[2]) || is_added(&three[0]) && is_wanted(&three[2]))
        })
}

fn says_in_words(
    (form, wanted): (&str, Vec<Token>),
    (part, given): (&str, Vec<Token>),
    known: &[String],
    cost_of_more: f64,
) -> bool {
    let total: f64 = wanted.iter().map(|word| word.weight).sum();
    if total == 0.0 {
        return same(form, part);
    }
    let Some(turned) = agree(&wanted, &given, known) else { return false };
    let is_known = |word: &Token| known.iter().any(|stem| **stem == *word.stem);
    let found: Vec<&Token> = wanted
        .iter()
        .filter(|word| word.weight > 0.0 && given.iter().any(|other| alike(word, other, turned)))
        .collect();
    let weight: f64 = found.iter().map(|word| word.weight).sum();
    let more: f64 = given
        .iter()
        .filter(|word| word.weight >= 1.0 && !is_known(word))
        .filter(|word| !wanted.iter().any(|other| alike(other, word, turned)))
        .map(|_| cost_of_more)
        .sum();
    // `length 4 cm` is no `width 4 cm`.
    let name = |word: &&Token| word.weight >= 1.0 && !word.number && unit::parse(word.word).is_none();
    let renamed = cost_of_more > 0.0
        && more > 0.0
        && wanted.iter().any(|word| word.number)
        && wanted.iter().filter(name).any(|word| !given.iter().any(|other| alike(word, other, turned)))
        && given
            .iter()
            .filter(name)
            .any(|word| !is_known(word) && !wanted.iter().any(|other| alike(other, word, turned)));
    if renamed {
        return false;
    }
    let there = |word: &Token| given.iter().any(|other| alike(word, other, turned));
    if is_halved(&wanted, &there) || class::is_replaced(&wanted, &given, turned) {
        return false;
    }
    let is_new = |word: &Token| word.weight >= 1.0 && !is_known(word);
    let news = found.iter().any(|word| is_new(word)) || !wanted.iter().any(is_new);
    // "Caratacus fled to the Silures", where the question asks where he fled: what is new is enough.
    let modal = |word: &Token| matches!(word.word, "would" | "could" | "should" | "might" | "must");
    let is_told = |word: &Token| is_known(word) || modal(word);
    // `system` of a grid system
    let is_kind =
        |at: usize| at > 0 && is_kind_word(&wanted[at]) && !is_told(&wanted[at - 1]) && wanted[at - 1].weight > 0.0;
    let new = || (0..wanted.len()).filter(|at| !is_told(&wanted[*at]) && !is_kind(*at)).map(|at| &wanted[at]);
    let told: f64 = new().filter(|word| there(word)).map(|word| word.weight).sum();
    let new: f64 = new().map(|word| word.weight).sum();
    let is_answer = cost_of_more == 0.0 && new < total && told >= 1.0 && told >= 0.8 * new - 1e-9;
    weight > 0.0 && (weight >= 0.6 * (total + more) - 1e-9 || is_answer) && news
}

/// Whether a thing in a list is this form: few words that are not the form's.
pub fn names(form: &str, piece: &str, known: &[String]) -> bool {
    says(form, piece, known, 0.5)
}

/// Whether a sentence, or a part of one between commas, says this form.
pub fn stands_in(form: &str, answer: &str, known: &[String]) -> bool {
    kept(&PARTS, answer, parts).iter().any(|part| says(form, part, known, 0.0))
}

/// Whether an answer may say a sentence in other words, for a person to decide: it has two words or more that are new in the
/// form, a third of those at least and no fewer than half of its own other ones, and nothing in it is turned round.
pub fn resembles(form: &str, answer: &str, known: &[String]) -> bool {
    const ENOUGH: f64 = 1.0 / 3.0;
    const SHORT: usize = 4;
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(answer));
    let (wanted, given) = (wanted.tokens(), given.tokens());
    let Some(turned) = agree(&wanted, &given, known) else { return false };
    let is_new = |word: &&Token| !known.iter().any(|stem| **stem == *word.stem);
    let there = |word: &Token| given.iter().any(|other| alike(word, other, turned) || may_stand_for(word, other));
    let weight = |words: &mut dyn Iterator<Item = &Token>| words.map(|word| word.weight).sum::<f64>();
    let said = || wanted.iter().filter(is_new).filter(|word| there(word));
    let words = said().filter(|word| word.weight >= 1.0).count();
    let is_more = |word: &&Token| word.weight >= 1.0 && !wanted.iter().any(|other| alike(other, word, turned));
    let more = given.iter().filter(is_new).filter(is_more).count();
    let opposes = |word: &Token| wanted.iter().any(|other| opposed(other, word));
    // "further from the stone" is not towards the load.
    let has_away = |tokens: &[Token]| tokens.iter().any(|token| token.word == "away");
    weight(&mut said()) >= ENOUGH * weight(&mut wanted.iter().filter(is_new)) - 1e-9
        && words > 1
        && more <= 2 * words
        // Half of a long sentence may stay unsaid.
        && (heavy(&wanted) > SHORT || !is_halved(&wanted, &there))
        && !class::is_replaced(&wanted, &given, turned)
        && !given.iter().any(opposes)
        && has_away(&wanted) == has_away(&given)
}

/// Whether only one of two things is there that "and" joins: of "oxygen and water" both, and no wood for metal.
fn is_halved(wanted: &[Token], there: &dyn Fn(&Token) -> bool) -> bool {
    let both = |at: usize| {
        let heavy = |token: &&Token| token.weight >= 1.0;
        let sides = [wanted[..at].iter().rev().find(heavy), wanted[at..].iter().find(heavy)];
        sides.into_iter().flatten().all(there)
    };
    (0..wanted.len()).any(|at| matches!(wanted[at].word, "and" | "et") && !both(at))
}

thread_local! {
    static PARTS: Memo<Rc<[Box<str>]>> = Memo::default();
}

/// The sentences of an answer, the whole where it has no others, and what stands between commas and conjunctions; each once.
fn parts(answer: &str) -> Rc<[Box<str>]> {
    let sentences: Vec<&str> = answer.split([';', '\n']).flat_map(|line| line.split(". ")).collect();
    let whole = (!answer.contains([';', '\n'])).then_some(answer);
    let clauses = sentences.iter().flat_map(|sentence| sentence.split(", ")).flat_map(|part| part.split(" but "));
    let joined = [" and ", " et ", " no ", " na "].iter().any(|word| answer.contains(word));
    // "between the sun and the earth" is one place.
    let of_joined = sentences
        .iter()
        .filter(|sentence| joined && !sentence.contains("between "))
        .flat_map(|sentence| sentence.split(" and "));
    let of_joined = of_joined.flat_map(|part| part.split(" et ")).flat_map(|part| part.split(" no "));
    let mut parts: Vec<Box<str>> = Vec::new();
    let all =
        sentences.iter().copied().chain(whole).chain(clauses).chain(of_joined.flat_map(|part| part.split(" na ")));
    for part in all {
        if !parts.iter().any(|known| **known == *part) {
            parts.push(part.into());
        }
    }
    parts.into()
}

/// Whether all the words of a form stand in a short answer, which says nothing else. What the question speaks of need not
/// be said again.
pub fn is(form: &str, answer: &str, question: &str, open: bool) -> Judgement {
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(answer));
    // `evaporation, not condensation` says evaporation.
    let denies = given.words.len() > 1 && given.words.iter().any(|word| matches!(&**word, "not" | "pas" | "non"));
    for tail in [", not ", " and not ", " but not ", ", pas ", " et non "] {
        if denies
            && let Some((before, _)) = answer.split_once(tail)
            && !form.contains(tail)
        {
            return is(form, before, question, open);
        }
    }
    let united = || is_in_words((form, wanted.tokens()), (answer, given.tokens()), question, open);
    if !wanted.has_phrase() && !given.has_phrase() {
        return united();
    }
    let judged = is_in_words((form, wanted.written()), (answer, given.written()), question, open);
    // Words that make a phrase of their own are no word of the form beside others.
    if judged.is_right() && (wanted.has_phrase() || judged.note != Note::Alike) {
        return judged;
    }
    if wanted.has_phrase() { judged.better(united()) } else { united() }
}

fn is_in_words(
    (form, wanted): (&str, Vec<Token>),
    (answer, given): (&str, Vec<Token>),
    question: &str,
    open: bool,
) -> Judgement {
    let unequal = || {
        let other = class::is_other(&wanted, &given, open);
        Judgement::wrong(if other { Note::Wrong } else { Note::Unknown })
    };
    // Nothing of the one stands in the other.
    if heavy(&wanted) > 0
        && heavy(&given) > 0
        && !wanted.iter().any(|word| !word.poles.is_empty())
        && !wanted.iter().any(|word| word.weight >= 1.0 && given.iter().any(|other| may_stand_for(word, other)))
    {
        return unequal();
    }
    let Some(turned) = agree(&wanted, &given, &[]) else {
        let denied = is_denied(&wanted, &given)
            && found(&wanted, &given, false).is_some()
            && !says_else(&wanted, &given, question, false);
        return if denied { Judgement::wrong(Note::Denied) } else { unequal() };
    };
    let asked = heavy(&wanted);
    if heavy(&given) == 0 && asked > 0 || asked == 0 && !wanted.iter().any(|word| word.weight > 0.0) {
        return Judgement::wrong(Note::Unknown);
    }
    let whole = found(&wanted, &given, turned);
    let part = || {
        let some = wanted.len() > 1 && !question.is_empty() && shares_word(&wanted, &given, turned);
        some.then(|| phrase::without_subject(&wanted, &given, question, turned)).flatten()
    };
    let Some(misspelt) = whole.or_else(part) else {
        return unequal();
    };
    if leaves_open((form, &wanted), (answer, &given)) {
        return Judgement::wrong(Note::Listed);
    }
    // "From red to blue" ends blue.
    if asked == 1 && journey(&wanted).is_none() && journey(&given).is_some_and(|sides| is_left(&wanted, sides)) {
        return Judgement::wrong(Note::Unknown);
    }
    // `vitamin A` is no other vitamin.
    if let Some(letter) = wanted.last().filter(|last| wanted.len() > 1 && last.word.len() == 1)
        && !given.iter().any(|other| other.word == letter.word)
    {
        return Judgement::wrong(Note::Unknown);
    }
    // The thesaurus may have put the letter there: "ascorbic acid" for "vitamin C".
    let replaced =
        || given.iter().any(|token| token.word.len() == 1 && !words(answer).iter().any(|word| word == token.word));
    if phrase::names_other_letter(form, answer) && !replaced() {
        return Judgement::wrong(Note::Wrong);
    }
    if phrase::is_reordered(&wanted, &given, answer) {
        return Judgement::wrong(Note::Unknown);
    }
    if is_list(form, &wanted, answer, &given, question) {
        return Judgement::wrong(Note::Listed);
    }
    if class::is_compound(&wanted, &given) {
        return Judgement::wrong(Note::Wrong);
    }
    // `outside the nucleus` is not in it.
    let elsewhere = |token: &Token| matches!(token.word, "outside" | "except" | "instead");
    if given.iter().any(elsewhere) && !wanted.iter().any(elsewhere) {
        return Judgement::wrong(Note::Unknown);
    }
    if phrase::has_other_subject(&wanted, &given, question) {
        return Judgement::wrong(Note::Wrong);
    }
    if says_else(&wanted, &given, question, turned) {
        return Judgement::right(Note::Alike);
    }
    Judgement::right(misspelt.map_or(Note::SameMeaning, |(wrong, word)| Note::Misspelt(wrong, word)))
}

/// Whether an answer has not all of a form of words without weight, or another such word beside it: `my, brother` for
/// `my, his`, and `since/for` for `since`.
fn leaves_open((form, wanted): (&str, &[Token]), (answer, given): (&str, &[Token])) -> bool {
    let is_there = |word: &Token| given.iter().any(|other| other.word == word.word);
    let lost = || heavy(given) > 0 && form.contains(',') && !wanted.iter().all(is_there);
    let another = || answer.contains('/') && wanted.len() == 1 && given.len() == 2 && heavy(given) < 2;
    heavy(wanted) == 0 && lost() || !form.contains('/') && another()
}

/// Whether an answer has a word of weight that is neither the form's nor the question's, or its words in another order.
fn says_else(wanted: &[Token], given: &[Token], question: &str, turned: bool) -> bool {
    let known = known(question);
    let place = |token: &Token| wanted.iter().position(|word| alike(word, token, turned));
    let heavy = || given.iter().filter(|token| token.weight >= 1.0);
    let stems = phrase::wanted_stems(wanted);
    let kind = |token: &Token| is_kind_word(token) || lexicon::is_kind(&token.stem, &stems);
    let more =
        heavy().any(|token| place(token).is_none() && !kind(token) && !known.iter().any(|stem| **stem == *token.stem));
    let places: Vec<usize> = heavy().filter_map(place).collect();
    more || places.len() > 2 && !places.is_sorted()
}

fn shares_word(wanted: &[Token], given: &[Token], turned: bool) -> bool {
    wanted.iter().any(|word| word.weight >= 1.0 && given.iter().any(|other| alike(word, other, turned)))
}

/// Whether `found` may take a word for a wanted one, whose sides were not turned.
fn may_stand_for(wanted: &Token, given: &Token) -> bool {
    alike(wanted, given, false) || are_classes(wanted.word, given.word) || are_derived(wanted.word, given.word)
}

fn heavy(tokens: &[Token]) -> usize {
    tokens.iter().filter(|token| token.weight >= 1.0).count()
}

/// `None` when a word of weight is missing, else the one that was misspelt and its right spelling.
#[expect(clippy::option_option, reason = "missing, all there, or there but for its spelling")]
fn found(wanted: &[Token], given: &[Token], turned: bool) -> Option<Option<(String, String)>> {
    let least = if heavy(wanted) > 0 { 1.0 } else { 0.25 };
    let mut misspelt = None;
    let stems = phrase::wanted_stems(wanted);
    // "Anopheles" is a mosquito, but "cold" no war.
    let implied = |word: &Token| {
        !matches!(word.word, "war" | "genocide") && wanted.len() > 1 && lexicon::is_kind(&word.stem, &stems)
    };
    for word in wanted.iter().filter(|word| word.weight >= least && !implied(word)) {
        let exact = given.iter().any(|other| match turned {
            true => alike(word, other, true),
            // `easy` for `easier`; beside other words `more` for `increase`, too.
            false => {
                let agreed = || agreed(word, other) && (heavy(wanted) > 1 || word.word.get(..3) == other.word.get(..3));
                !has_lost_end(word.word, other.word) && (other.stem == word.stem || agreed())
            }
        });
        if !exact {
            // One word alone is a name: a conductor is no conduction.
            let agent = |word: &str| word.ends_with("er") || word.ends_with("or");
            let root = |other: &Token| {
                are_of_one_root(&word.stem, &other.stem)
                    && (wanted.len() > 1
                        || are_of_one_family(&word.stem, &other.stem) && !agent(word.word) && !agent(other.word))
            };
            let same =
                |other: &Token| are_classes(word.word, other.word) || are_derived(word.word, other.word) || root(other);
            if given.iter().any(same) {
                continue;
            }
            let near = given.iter().find(|other| is_near(word.word, other.word))?;
            misspelt = Some((near.word.to_owned(), word.word.to_owned()));
        }
    }
    Some(misspelt)
}

/// Heads that may follow a name without adding to it: `oxygen gas`, `Kigali city`.
const KINDS: &[&str] = &[
    "gas",
    "city",
    "town",
    "country",
    "process",
    "metal",
    "organ",
    "energy",
    "force",
    "liquid",
    "solution",
    "system",
    "method",
    "lake",
    "river",
    "mountain",
    "volcano",
    "planet",
    "province",
    "district",
    "bone",
    "cell",
    "plant",
    "animal",
    "tree",
    "number",
    "angle",
    "triangle",
    "instrument",
    "machine",
    "lens",
    "acid",
    "element",
    "compound",
    "tissue",
    "vitamin",
    "disease",
    "reaction",
    "state",
    "change",
    "ville",
    "pays",
    "gaz",
    "energie",
    "umujyi",
    "part",
    "level",
    "ion",
    "atom",
    "molecule",
    "unit",
    "shape",
    "law",
    "rock",
    "layer",
    "side",
];

/// Whether a word says what kind of thing a name is that stands beside it.
pub fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

fn is_kind_word(token: &Token) -> bool {
    KINDS.contains(&&*token.stem) || KINDS.contains(&token.word)
}

/// Whether an answer names more things than the one that is asked for: several for one are a guess, not an answer.
fn is_list(form: &str, wanted: &[Token], answer: &str, given: &[Token], question: &str) -> bool {
    let known = known(question);
    let is_known = |token: &&Token| known.iter().any(|stem| **stem == *token.stem);
    let (asked, mut there) = (heavy(wanted), heavy(given));
    // "après dimanche vient lundi" says the question again, which has not the answer itself.
    if !wanted.iter().any(|token| token.weight >= 1.0 && is_known(&token)) {
        there -= given.iter().filter(|token| token.weight >= 1.0).filter(is_known).count();
    }
    let more = there.saturating_sub(asked);
    if more == 0 {
        return false;
    }
    let joined = form.contains(" and ") || form.contains("(and)");
    let divides = |c: char| matches!(c, ',' | ';' | '\n' | '/' | '+' | '|') || c == '&' && !joined;
    let marks = |text: &str| text.matches(divides).count();
    let says = |tokens: &[Token], words: &[&str]| tokens.iter().filter(|token| words.contains(&token.word)).count();
    let or = |tokens: &[Token]| says(tokens, &["or", "ou", "cyangwa"]);
    let and = |tokens: &[Token]| says(tokens, &["and", "et", "na"]);
    // `Nairobi, Kenya` where the question has Kenya.
    let placed = || {
        let named = answer.split_once(", ").filter(|(_, place)| place.starts_with(char::is_uppercase));
        named.is_some_and(|(_, place)| question.split(|c: char| !c.is_alphanumeric()).any(|word| word == place))
    };
    if marks(answer) == marks(form) + 1 && placed() {
        return false;
    }
    if marks(answer) > marks(form) || or(given) > or(wanted) || and(given) > and(wanted) && asked <= 2 {
        return true;
    }
    if more > asked.max(3) {
        return true;
    }
    // `heart lungs kidney liver`: words with nothing that joins them to a sentence.
    let sentence = given.iter().any(|token| token.weight < 1.0);
    if sentence || asked > 2 {
        return false;
    }
    let is_wanted = |token: &Token| wanted.iter().any(|word| alike(word, token, false));
    // `north-east` is no east.
    let hyphened = answer.contains('-') && !form.contains('-');
    if asked == 1 && hyphened && given.iter().any(|token| !is_wanted(token) && class::has_kin(wanted, token)) {
        return true;
    }
    // "Heart rate rises": what rises stands before it.
    let subject = |token: &Token| known.iter().any(|stem| **stem == *token.stem);
    if wanted.iter().any(|word| !word.poles.is_empty())
        && given.last().is_some_and(is_wanted)
        && given[..given.len() - 1].iter().all(subject)
    {
        return false;
    }
    let behind = given
        .iter()
        .rev()
        .take_while(|token| !is_wanted(token))
        .filter(|token| token.weight >= 1.0 && !is_kind_word(token))
        .filter(|token| !lexicon::is_kind(&token.stem, &phrase::wanted_stems(wanted)))
        .filter(|token| !phrase::is_said_again(token, question));
    let behind = behind.count();
    more >= 2 && (behind >= 1 || asked == 1) || behind >= 1 && more > wanted.len().saturating_sub(1)
}

/// Whether an answer has the opposite of a word of the question, which has no such word of its own: a loss for a profit.
pub fn turns_round(question: &str, answer: &str) -> bool {
    let (asked, given) = (&*Reading::of(question), &*Reading::of(answer));
    let (asked, given) = (asked.tokens(), given.tokens());
    let is_asked = |word: &Token| asked.iter().any(|other| agreed(other, word));
    given.iter().any(|word| !is_asked(word) && asked.iter().any(|other| opposed(other, word)))
}

/// Whether an answer has the one do it to whom it is done in a question that asks who does it.
pub fn does_to_other(question: &str, answer: &str) -> bool {
    let (asked, given) = (&*Reading::of(question), &*Reading::of(answer));
    contrast::does_to_other(&asked.tokens(), &given.tokens())
}

/// Whether two texts name different things of one class.
pub fn are_of_one_class(wanted: &str, given: &str) -> bool {
    class::are_of_one_class(&Reading::of(wanted).tokens(), &Reading::of(given).tokens())
}

/// Whether what belongs to a number says something else than it should: the opposite, or none of several words.
pub fn contradicts(wanted: &str, given: &str) -> bool {
    let (wanted, given) = (&*Reading::of(wanted), &*Reading::of(given));
    let (wanted, given) = (wanted.tokens(), given.tokens());
    let shared = wanted.iter().any(|word| word.weight > 0.0 && given.iter().any(|other| alike(word, other, false)));
    let opposite = wanted.iter().any(|word| given.iter().any(|other| opposed(word, other)));
    opposite || !shared && heavy(&wanted) > 1 && heavy(&given) > 0
}
