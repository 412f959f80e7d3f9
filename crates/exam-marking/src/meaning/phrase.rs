//! Names of several words: their order counts, their letters do, and a gap holds nothing more.

use std::rc::Rc;

use super::sense::Token;
use super::{Reading, alike, found, heavy, is_kind_word, known};
use crate::letters::halves;
use crate::lexicon::{self, synonym, vocabulary};
use crate::spelling::stem;

/// Whether the words of a name stand in another order: `mean square root` for `root mean square`. Words that are joined
/// by others, or turned round at a comma, may stand as they like.
pub(super) fn is_reordered(wanted: &[Token], given: &[Token], answer: &str) -> bool {
    if wanted.len() < 2 || given.len() < 2 {
        return false;
    }
    // `Victoria Lake` is Lake Victoria.
    let place =
        |token: &Token| matches!(token.word, "lake" | "mount" | "mountain" | "river" | "island" | "ocean" | "sea");
    let article = |token: &&Token| !matches!(token.word, "the" | "a" | "an") && !place(token);
    let given: Vec<&Token> = given.iter().filter(article).collect();
    let wanted: Vec<&Token> = wanted.iter().filter(article).collect();
    // People's names stand in either order.
    // "Harvesting rainwater" is done, and no name.
    let noun = |token: &&Token| token.weight >= 1.0 && !token.number && !token.word.ends_with("ing");
    let name = |tokens: &[&Token]| tokens.iter().all(noun);
    let common = || wanted.iter().all(|token| vocabulary::are_both_words(token.word, token.word));
    if wanted.len() < 2
        || wanted.len() != given.len()
        || answer.contains([',', '\'', '’'])
        || !name(&wanted)
        || !name(&given)
        || !common()
    {
        return false;
    }
    let places: Option<Vec<usize>> =
        given.iter().map(|token| wanted.iter().position(|word| alike(word, token, false))).collect();
    let Some(places) = places else { return false };
    let all = (0..wanted.len()).all(|n| places.contains(&n));
    all && !places.is_sorted()
}

/// What a small letter names: the `x` of `x-axis`.
const AXES: [&str; 4] = ["axis", "intercept", "coordinate", "direction"];

/// Letters that stand alone as names: the `A` of `bulb A`, the `D` of `vitamin D`.
fn letters(text: &str, capitals: bool) -> Vec<char> {
    let pieces: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '-').filter(|piece| !piece.is_empty()).collect();
    let alone = |(n, piece): (usize, &&str)| {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let mut chars = bare.chars();
        let letter = chars.next().filter(|c| c.is_ascii_alphabetic() && chars.next().is_none())?;
        // "A bulb", "I think", "a bulb": an article or a pronoun.
        let article = letter.eq_ignore_ascii_case(&'a')
            && pieces.get(n + 1).is_some_and(|next| next.len() > 2)
            && (letter == 'a' || n == 0);
        let axis = pieces.get(n + 1).is_some_and(|next| AXES.iter().any(|axis| next.starts_with(axis)));
        let said = !article && letter != 'I' && (!capitals || letter.is_ascii_uppercase() || axis);
        said.then(|| letter.to_ascii_lowercase())
    };
    pieces.iter().enumerate().filter_map(alone).collect()
}

/// Whether an answer names another letter than the form, which has words beside it.
pub fn names_other_letter(form: &str, answer: &str) -> bool {
    // Most forms have no letter by itself.
    if !form.split([' ', '-']).any(|word| word.trim_matches(['.', ',', '(', ')']).len() == 1) {
        return false;
    }
    let wanted = letters(form, true);
    if wanted.is_empty() || form.split_whitespace().all(|word| word.len() < 3) {
        return false;
    }
    let given = letters(answer, false);
    // Of "B is brighter than A" the first is meant.
    wanted.iter().any(|letter| !given.contains(letter)) || given.first().is_some_and(|first| !wanted.contains(first))
}

/// Whether an answer names what belongs to the form, and not the form: `Pascal's law` for `pascal`.
pub fn is_owner(form: &str, answer: &str) -> bool {
    let owned = halves(answer, "'s ").or_else(|| halves(answer, "’s "));
    let Some((owner, owned)) = owned.filter(|_| !form.contains(['\'', '’'])) else { return false };
    let (wanted, owner, owned) = (&*Reading::of(form), &*Reading::of(owner), &*Reading::of(owned));
    let wanted = wanted.tokens();
    let is_wanted = |token: &Token| wanted.iter().any(|word| alike(word, token, false));
    owner.tokens().last().is_some_and(is_wanted) && !owned.tokens().iter().any(is_wanted)
}

/// Whether an answer speaks of another letter than the only one of the question: of bulb A where it asks about bulb B.
pub fn speaks_of_other(form: &str, answer: &str, question: &str) -> bool {
    // Most answers have no letter by itself.
    if !answer.split([' ', '-']).any(|word| word.len() == 1 && word.as_bytes()[0].is_ascii_uppercase()) {
        return false;
    }
    let (mut asked, said) = (letters(question, true), letters(answer, true));
    asked.dedup();
    matches!(&asked[..], [one] if !said.is_empty() && !said.contains(one)) && letters(form, true).is_empty()
}

/// Whether an answer is the letter or the number alone of what the question names: `A` for `rock A` where it asks which rock.
pub fn is_label_alone(form: &str, answer: &str, question: &str) -> bool {
    let label = answer.trim().trim_matches(['(', ')', '.']);
    let short = !label.is_empty() && label.len() <= 2 && label.bytes().all(|b| b.is_ascii_alphanumeric());
    if !short || question.is_empty() || form.len() <= label.len() {
        return false;
    }
    let Some((name, own)) = form.trim().rsplit_once(' ') else { return false };
    let names = &*Reading::of(name);
    let known = known(question);
    own.eq_ignore_ascii_case(label)
        && !names.words.is_empty()
        && names.written().iter().all(|token| token.weight == 0.0 || known.iter().any(|stem| **stem == *token.stem))
}

/// Whether an answer to a gap says more than the words that belong there: `normal distribution` for `distribution`. What
/// the sentence has beside the gap may be said again, and so may the kind of thing that it is.
pub fn says_more(form: &str, answer: &str, question: &str) -> bool {
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(answer));
    let (wanted, given) = (wanted.tokens(), given.tokens());
    if given.len() > wanted.len() + 4 {
        return false;
    }
    let is_wanted = |token: &Token| wanted.iter().any(|word| alike(word, token, false));
    let Some((first, last)) = given.iter().position(is_wanted).zip(given.iter().rposition(is_wanted)) else {
        return false;
    };
    let sides = sides_of_gap(question);
    let again = sides.as_ref().map_or((0, given.len()), |(before, after)| {
        let (before, after) = (before.tokens(), after.tokens());
        let same = |(a, b): (&Token, &Token)| a.stem == b.stem;
        let leads = first <= before.len() && before[before.len() - first..].iter().zip(&given).all(same);
        let trails = after.len() >= given.len() - last - 1 && given[last + 1..].iter().zip(&after).all(same);
        (if leads { first } else { 0 }, if trails { last + 1 } else { given.len() })
    });
    given.iter().enumerate().any(|(n, token)| {
        let of = given.get(n + 1).is_some_and(|next| next.word == "of") && n < last;
        // "areas of triangles" are no areas in general.
        let possessed =
            given[..n].iter().rev().take_while(|before| before.weight < 1.0).any(|before| before.word == "of");
        let kind = (n > last && !possessed || of)
            && (is_kind_word(token) || lexicon::is_kind(&token.stem, &wanted_stems(&wanted)));
        token.weight >= 1.0 && !is_wanted(token) && !kind && (again.0..again.1).contains(&n)
    })
}

/// The words before a gap and behind it.
fn sides_of_gap(question: &str) -> Option<(Rc<Reading>, Rc<Reading>)> {
    let (before, after) = ["_", "…", "....."].iter().find_map(|sign| question.split_once(sign))?;
    // What is far away does not belong to it.
    let start = before.rmatch_indices(' ').nth(4).map_or(0, |(at, _)| at);
    let after = after.trim_start_matches(['_', '.', '…', ' ']);
    let end = after.match_indices(' ').nth(3).map_or(after.len(), |(at, _)| at);
    Some((Reading::of(&before[start..]), Reading::of(&after[..end])))
}

/// Whether a word is the kind of thing that a question asks for, such as `charge` in "What type of charge …", or follows
/// its gap.
pub(super) fn is_said_again(token: &Token, question: &str) -> bool {
    let follows = || {
        let sides = question.contains("___").then(|| sides_of_gap(question)).flatten();
        sides.is_some_and(|(before, after)| {
            // "The correlation is ____"
            let told = match &before.tokens()[..] {
                [.., subject, verb] => matches!(verb.word, "is" | "are" | "was" | "were") && subject.stem == token.stem,
                _ => false,
            };
            told || after.tokens().first().is_some_and(|next| next.stem == token.stem)
        })
    };
    is_kind_asked(token, question) || follows()
}

fn is_kind_asked(token: &Token, question: &str) -> bool {
    const LEADS: [&str; 12] = [
        "state the ",
        "give the ",
        " or ",
        "what is the ",
        "name the ",
        "name of the ",
        "type of ",
        "kind of ",
        "form of ",
        "sort of ",
        "which ",
        "what ",
    ];
    let question = question.to_lowercase();
    let same =
        |other: &str| synonym(&stem(other)).map_or_else(|| *stem(other) == *token.stem, |one| *one == *token.stem);
    // "… or a run-time error?"
    let first = |rest: &'_ str, count: usize| rest.split(|c: char| !c.is_alphanumeric()).take(count).any(same);
    LEADS.iter().any(|lead| question.split(lead).skip(1).any(|rest| first(rest, if *lead == " or " { 4 } else { 2 })))
}

/// Like `found`, for "it increases" where the form is "the conductivity would increase" and the question speaks of the
/// conductivity: its subject is left out, or a pronoun stands for it.
#[expect(clippy::option_option, reason = "as `found`")]
pub(super) fn without_subject(
    wanted: &[Token],
    given: &[Token],
    question: &str,
    turned: bool,
) -> Option<Option<(String, String)>> {
    let known = known(question);
    let is_known = |token: &Token| known.iter().any(|stem| **stem == *token.stem);
    // `kinetic` where the question asks for a kind of energy.
    let is_last = |token: &Token| wanted.last().is_some_and(|last| last.word == token.word);
    let kind =
        |token: &&Token| is_known(token) && (is_kind_word(token) || is_last(token) && is_kind_asked(token, question));
    if given.len() < wanted.len() && wanted.iter().any(|token| kind(&token)) {
        let rest: Vec<&Token> = wanted.iter().filter(|token| token.weight >= 1.0 && !kind(token)).collect();
        let all = !rest.is_empty() && rest.iter().all(|word| given.iter().any(|other| alike(word, other, turned)));
        if all && heavy(given) == rest.len() {
            return Some(None);
        }
    }
    let pronoun = given.first().is_some_and(|first| matches!(first.word, "it" | "they" | "he" | "she" | "this"));
    let subject = wanted.iter().take_while(|token| token.weight < 1.0 || is_known(token)).count();
    let said = &wanted[subject..];
    // A name such as `carbon dioxide` has no subject to leave out.
    let sentence = wanted[..subject].iter().any(|token| token.weight >= 1.0)
        && wanted[1..].iter().any(|token| token.weight < 1.0 && !matches!(token.word, "of" | "the" | "a" | "an"));
    // "The sheep is hungry" is not said of the wolf.
    let is_meant = |token: &Token| wanted.iter().any(|word| alike(word, token, turned));
    let about = given.iter().take_while(|token| !said.iter().any(|word| alike(word, token, turned)));
    if !pronoun && about.into_iter().any(|token| token.weight >= 1.0 && !is_meant(token)) {
        return None;
    }
    let more =
        |token: &&Token| token.weight >= 1.0 && !is_known(token) && !said.iter().any(|word| alike(word, token, turned));
    if given.iter().any(|token| more(&token)) {
        return None;
    }
    let tells = said.iter().any(|token| token.weight >= 1.0);
    (tells && (pronoun || sentence && !said.is_empty())).then(|| found(said, given, turned)).flatten()
}

/// Whether something else than what the question asks about comes before what happens to it: the pressure, where it asks what
/// happens to the volume.
pub(super) fn has_other_subject(wanted: &[Token], given: &[Token], question: &str) -> bool {
    const ASKS: [&str; 2] = ["what happens to ", "what will happen to "];
    if !wanted.first().is_some_and(|first| matches!(first.word, "it" | "they")) || heavy(given) < 2 {
        return false;
    }
    let question = question.to_lowercase();
    let Some(rest) = ASKS.iter().find_map(|asks| question.split_once(asks)).map(|(_, rest)| rest) else { return false };
    let end = [" when ", " if ", " as ", " after ", ",", "?"].iter().filter_map(|sign| rest.find(sign)).min();
    let (subject, other) = rest.split_at(end.unwrap_or(rest.len()));
    let (subject, other) = (known(subject), known(other));
    let has = |stems: &[String], token: &Token| stems.iter().any(|stem| **stem == *token.stem);
    let before = given.iter().take_while(|token| !wanted.iter().any(|word| alike(word, token, false)));
    let mut named = before.filter(|token| token.weight >= 1.0);
    named.any(|token| has(&other, token) && !has(&subject, token))
}

/// The stems of words that carry weight.
pub(super) fn wanted_stems<'a>(tokens: &'a [Token]) -> Vec<&'a str> {
    tokens.iter().filter(|token| token.weight >= 1.0).map(|token| &*token.stem).collect()
}
