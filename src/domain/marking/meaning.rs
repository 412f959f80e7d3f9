//! Whether words say what a point says: how many of its words are there, and nothing is turned round.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::{is_near, same, stem, words};

/// Words that carry no meaning of their own in an answer.
const SMALL: &[&str] = &[
    "a", "an", "the", "is", "are", "was", "were", "it", "its", "of", "to", "in", "on", "by", "and", "that", "this",
    "they", "because", "be", "for", "with", "from", "as", "at", "their", "there", "which", "called", "s", "than",
    "into", "so", "we", "you", "i", "them", "these", "those", "when", "will", "can", "should", "must", "may", "or",
    "if", "then", "has", "does", "do", "did", "been", "being", "also", "very", "our", "your",
];

/// Stems of words that say little: what is done is told by the noun beside them.
const LIGHT: &[&str] = &[
    "use", "used", "make", "put", "get", "hav", "have", "giv", "give", "go", "tak", "take", "keep", "near", "around",
    "under", "over", "through", "during", "each", "other", "all", "some", "way", "thing", "always", "mak",
];

const NEGATIONS: &[&str] =
    &["not", "no", "never", "cannot", "without", "isnt", "doesnt", "dont", "cant", "arent", "wont", "didnt", "neither"];

/// Verbs that negate what follows, unless they name a purpose: "to prevent …".
const HINDER: &[&str] = &["avoid", "stop", "prevent"];

/// Words near each other in letters or in place, and far in meaning: two poles, each with its stems.
const OPPOSITES: &[(&str, &str)] = &[
    (
        "more greater larger large big bigger high higher increase rise most greatest highest largest",
        "less fewer smaller small little low lower decrease reduce fall least lowest smallest",
    ),
    ("maximum", "minimum"),
    ("hot hotter warm warmer", "cold colder cool cooler"),
    ("fast faster quick quicker quickly rapid rapidly", "slow slower slowly"),
    ("gain", "loss lose lost"),
    ("equal same", "half"),
    ("equal same", "double twice"),
    ("half", "double twice"),
    ("same", "different"),
    ("easy easier easily", "hard harder difficult"),
    ("inside", "outside"),
    ("interior internal", "exterior external"),
    ("positive", "negative"),
    ("attract attraction", "repel repulsion"),
    ("absorb", "release emit"),
    ("up upward upwards", "down downward downwards"),
    ("left", "right"),
    ("good", "bad poor"),
    ("north", "south"),
    ("east", "west"),
    ("expand expansion", "contract contraction"),
    ("heavy heavier", "lighter"),
    ("long longer", "short shorter"),
    ("thick thicker", "thin thinner"),
    ("strong stronger", "weak weaker"),
    ("before", "after"),
    ("above", "below"),
    ("oxidation", "reduction"),
    ("mitosis", "meiosis"),
    ("anode", "cathode"),
    ("acid", "alkali"),
    ("artery", "vein"),
    ("concave", "convex"),
    ("converging", "diverging"),
    ("reflection", "refraction"),
    ("latitude", "altitude"),
    ("latitude", "longitude"),
    ("endothermic", "exothermic"),
    ("ureter", "urethra"),
    ("glycogen", "glucagon"),
    ("proton", "photon"),
    ("proton", "electron"),
    ("proton", "neutron"),
    ("stalactite", "stalagmite"),
    ("vertical", "horizontal"),
    ("parallel", "perpendicular"),
    ("import", "export"),
    ("on", "off"),
    ("drain", "drink"),
    ("inhale inspiration", "exhale expiration"),
];

/// Words for one thing.
const SYNONYMS: &[&[&str]] = &[
    &["house", "home"],
    &["drain", "remove"],
    &["clear", "cut", "slash"],
    &["waste", "rubbish", "garbage", "litter"],
    &["throw", "dump"],
    &["travel", "move"],
    &["begin", "start"],
    &["kid", "child"],
    &["sun", "solar"],
];

const NUMBERS: &[&str] = &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Words of one sense that turn round what stands on their sides.
const TURNS: &[&[&str]] = &[&["than"], &["into"], &["twice", "half", "double"]];

/// Stems with the pairs and sides on which they stand.
static POLES: LazyLock<HashMap<String, Vec<(usize, bool)>>> = LazyLock::new(|| {
    let mut poles: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
    for (n, (one, other)) in OPPOSITES.iter().enumerate() {
        for (side, words) in [(true, one), (false, other)] {
            for word in words.split(' ') {
                let known = poles.entry(stem(word)).or_default();
                if !known.contains(&(n, side)) {
                    known.push((n, side));
                }
            }
        }
    }
    poles
});

/// Stems with the one that stands for them.
static ONE: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| SYNONYMS.iter().flat_map(|group| group.iter().map(|word| (stem(word), stem(group[0])))).collect());

struct Token {
    word: String,
    stem: String,
    weight: f64,
    number: bool,
    /// Which pair of opposites, and on which side.
    poles: Vec<(usize, bool)>,
}

fn tokens(text: &str) -> Vec<Token> {
    words(text).into_iter().map(token).collect()
}

fn token(word: String) -> Token {
    let mut stem = stem(&word);
    if let Some(one) = ONE.get(&stem) {
        stem.clone_from(one);
    }
    if let Some(n) = NUMBERS.iter().position(|name| *name == word) {
        stem = (n + 2).to_string();
    }
    let number = stem.starts_with(|c: char| c.is_ascii_digit());
    let poles = POLES.get(&stem).cloned().unwrap_or_default();
    let weight = match () {
        () if is_negator(&word) || HINDER.contains(&stem.as_str()) || SMALL.contains(&word.as_str()) => 0.0,
        () if LIGHT.contains(&stem.as_str()) => 0.25,
        () if number => 2.0,
        () => 1.0,
    };
    Token { word, stem, weight, number, poles }
}

fn is_negator(word: &str) -> bool {
    NEGATIONS.contains(&word)
}

/// The stems of a question: they alone say nothing new.
pub fn known(question: &str) -> Vec<String> {
    tokens(question).into_iter().filter(|token| token.weight > 0.0).map(|token| token.stem).collect()
}

/// An odd number of negations; `purpose` counts "to prevent" too.
fn is_negated(tokens: &[Token], purpose: bool) -> bool {
    let hinders =
        |n: usize| HINDER.contains(&tokens[n].stem.as_str()) && (purpose || n < 2 || tokens[n - 1].word != "to");
    (0..tokens.len()).filter(|&n| is_negator(&tokens[n].word) || hinders(n)).count() % 2 == 1
}

/// Whether one negates what the other states.
fn is_denied(wanted: &[Token], given: &[Token]) -> bool {
    ![false, true].iter().any(|&purpose| is_negated(wanted, purpose) == is_negated(given, purpose))
}

/// Whether a text denies something.
pub fn denies(text: &str) -> bool {
    is_negated(&tokens(text), false)
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
                || !opposed(wanted, given) && is_near(&wanted.word, &given.word)
        }
    }
}

/// The sides of a turning word.
fn sides<'a>(tokens: &'a [Token], turn: &[&str]) -> Option<(&'a [Token], &'a [Token])> {
    let at = tokens.iter().position(|token| turn.contains(&token.word.as_str()))?;
    Some((&tokens[..at], &tokens[at + 1..]))
}

/// Like [`sides`], for "from X to Y" and "to Y from X".
fn journey(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let from = tokens.iter().position(|token| token.word == "from")?;
    let to = tokens.iter().position(|token| token.word == "to")?;
    Some(if from < to {
        (&tokens[from + 1..to], &tokens[to + 1..])
    } else {
        (&tokens[from + 1..], &tokens[to + 1..from])
    })
}

/// Whether what stood on one side of a turning word now stands on the other; `poles` where those are names too.
fn is_crossed(wanted: (&[Token], &[Token]), given: (&[Token], &[Token]), poles: bool) -> bool {
    let names = |side: &[Token], word: &Token| side.iter().any(|other| other.stem == word.stem);
    let only = |side: &[Token], other: &[Token]| -> Vec<String> {
        side.iter()
            .filter(|word| word.weight > 0.0 && (poles || word.poles.is_empty()) && !names(other, word))
            .map(|word| word.stem.clone())
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
    let near = (0..tokens.len()).filter(|&n| n != at && tokens[n].weight >= 1.0 && apart(&tokens[n]));
    near.min_by_key(|&n| (n.abs_diff(at), n < at)).map(|n| tokens[n].stem.as_str())
}

/// Whether the given says the opposite of some word of the wanted, or leaves such a word out.
fn is_opposite(wanted: &[Token], given: &[Token], turned: bool) -> bool {
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
        word.weight > 0.0 && !at(same, false) || at(other, true) && !at(same, true)
    })
}

/// What both measures ask: the same numbers, the same sense; with it whether a comparison was turned round.
fn agree(wanted: &[Token], given: &[Token]) -> Option<bool> {
    let missing = |word: &&Token| word.number && !given.iter().any(|other| other.stem == word.stem);
    // "less fertile" is not fertile.
    let lessened = given.windows(2).any(|pair| {
        pair[0].word == "less"
            && wanted.iter().any(|word| word.weight >= 1.0 && word.stem == pair[1].stem)
            && !wanted.iter().any(|word| word.poles.iter().any(|(pair_of, _)| *pair_of == 0))
    });
    if lessened || is_denied(wanted, given) || wanted.iter().any(|word| missing(&word)) {
        return None;
    }
    let crossed = |turn: &[&str]| {
        sides(wanted, turn)
            .zip(sides(given, turn))
            .is_some_and(|(wanted, given)| is_crossed(wanted, given, turn != TURNS[0]))
    };
    let turned = crossed(TURNS[0]);
    let lost = TURNS[1..].iter().any(|turn| crossed(turn))
        || journey(wanted).zip(journey(given)).is_some_and(|(wanted, given)| is_crossed(wanted, given, true));
    let compared = wanted.iter().any(|word| !word.poles.is_empty());
    (!lost && (!turned || compared) && !is_opposite(wanted, given, turned)).then_some(turned)
}

/// Whether a part says a form: three fifths of its weight are there, of which something is not in the question;
/// each other word of weight costs `cost_of_more`.
fn says(form: &str, part: &str, known: &[String], cost_of_more: f64) -> bool {
    let (wanted, given) = (tokens(form), tokens(part));
    let total: f64 = wanted.iter().map(|word| word.weight).sum();
    if total == 0.0 {
        return same(form, part);
    }
    let Some(turned) = agree(&wanted, &given) else { return false };
    let found: Vec<&Token> = wanted
        .iter()
        .filter(|word| word.weight > 0.0 && given.iter().any(|other| alike(word, other, turned)))
        .collect();
    let weight: f64 = found.iter().map(|word| word.weight).sum();
    let more: f64 = given
        .iter()
        .filter(|word| word.weight >= 1.0 && !known.contains(&word.stem))
        .filter(|word| !wanted.iter().any(|other| alike(other, word, turned)))
        .map(|_| cost_of_more)
        .sum();
    let is_new = |word: &Token| word.weight >= 1.0 && !known.contains(&word.stem);
    let news = found.iter().any(|word| is_new(word)) || !wanted.iter().any(is_new);
    weight > 0.0 && weight >= 0.6 * (total + more) - 1e-9 && news
}

/// Whether a thing in a list is this form: few words that are not the form's.
pub fn names(form: &str, piece: &str, known: &[String]) -> bool {
    says(form, piece, known, 0.5)
}

/// Whether a sentence, or a part of one between commas, says this form.
pub fn stands_in(form: &str, answer: &str, known: &[String]) -> bool {
    let sentences: Vec<&str> = answer.split([';', '\n']).flat_map(|line| line.split(". ")).collect();
    let whole = (!answer.contains([';', '\n'])).then_some(answer);
    let clauses = || sentences.iter().flat_map(|sentence| sentence.split(", ")).flat_map(|part| part.split(" but "));
    sentences.iter().copied().chain(whole).chain(clauses()).any(|part| says(form, part, known, 0.0))
}

/// Whether all the words of a form stand in a short answer: `None` when not, else the one that was misspelt and its
/// right spelling.
pub fn is(form: &str, answer: &str) -> Option<Option<(String, String)>> {
    let (wanted, given) = (tokens(form), tokens(answer));
    let turned = agree(&wanted, &given)?;
    let heavy = |tokens: &[Token]| tokens.iter().filter(|token| token.weight >= 1.0).count();
    let (asked, there) = (heavy(&wanted), heavy(&given));
    if there == 0 {
        return None;
    }
    // Many things for one are a guess, not an answer.
    let more = there.saturating_sub(asked);
    let marks = |text: &str| text.matches([',', ';', '\n', '/']).count();
    let or = |tokens: &[Token]| tokens.iter().any(|token| token.word == "or");
    let listed = marks(answer) > marks(form) || or(&given) && !or(&wanted);
    if more > 0 && listed || more > asked.max(3) {
        return None;
    }
    let least = if asked > 0 { 1.0 } else { 0.25 };
    let mut misspelt = None;
    for word in wanted.iter().filter(|word| word.weight >= least) {
        let exact = given.iter().any(|other| match turned {
            true => alike(word, other, true),
            // `easy` for `easier`.
            false => other.stem == word.stem || agreed(word, other) && word.word.get(..3) == other.word.get(..3),
        });
        if !exact {
            let near = given.iter().find(|other| is_near(&word.word, &other.word))?;
            misspelt = Some((near.word.clone(), word.word.clone()));
        }
    }
    (asked > 0 || wanted.iter().any(|word| word.weight > 0.0)).then_some(misspelt)
}

/// Whether two words are known to be opposites.
pub fn are_opposites(a: &str, b: &str) -> bool {
    opposed(&token(a.to_owned()), &token(b.to_owned()))
}
