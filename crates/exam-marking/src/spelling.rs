//! Spelling: the stem of a word, British and American, and small mistakes.

use std::borrow::Cow;
use std::sync::LazyLock;

use rapidfuzz::distance::osa;

use crate::letters::put;
use crate::lexicon::{self, Table, vocabulary};

/// Plurals and forms that no ending tells.
static IRREGULAR_FORMS: LazyLock<Table<&str, Cow<str>>> = LazyLock::new(|| {
    let forms: Vec<_> = lexicon::forms("[irregular]").collect();
    let own: Table<&str, ()> = forms.iter().map(|(form, _)| (*form, ())).collect();
    let stem = |one| if own.contains_key(one) { Cow::Borrowed(one) } else { without_endings(one) };
    forms.iter().map(|(form, one)| (*form, stem(one))).collect()
});

/// Without the endings of plurals and verbs, in British spelling.
pub fn stem(word: &str) -> Cow<'_, str> {
    if let Some(one) = IRREGULAR_FORMS.get(word) {
        return Cow::Borrowed(one);
    }
    match british(word) {
        Cow::Borrowed(word) => without_endings(word),
        Cow::Owned(word) => Cow::Owned(without_endings(&word).into_owned()),
    }
}

fn without_endings(mut word: &str) -> Cow<'_, str> {
    let cut = |word: &str, ending: &str, least: usize| {
        let rest = word.strip_suffix(ending).map_or(0, str::len);
        (rest >= least && rest > 0).then_some(rest)
    };
    match word.bytes().next_back() {
        // `animaux` are animals, `noyaux` nuclei.
        Some(b'x') => {
            if let Some(rest) = cut(word, "eaux", 2) {
                word = &word[..rest + 3];
            } else if let Some(rest) = cut(word, "aux", 3) {
                return Cow::Owned(format!("{}al", &word[..rest]));
            }
        }
        Some(b's' | b'd') => {
            if let Some(rest) = cut(word, "ies", 2).or_else(|| cut(word, "ied", 2)) {
                return Cow::Owned(format!("{}y", &word[..rest]));
            }
            // Five letters without a vowel are a name: `https`.
            let name = word.len() == 5 && has_no_vowel(word);
            if !name && !["ss", "us", "is", "gas"].iter().any(|ending| word.ends_with(ending)) {
                // `gases`, `bushes` and `boxes` lose two letters, `leaves` one.
                let hissing = ["ses", "xes", "zes", "ches", "shes"].iter().any(|ending| word.ends_with(ending));
                let plural = if hissing { cut(word, "es", 3) } else { cut(word, "s", 2) };
                word = &word[..plural.unwrap_or(word.len())];
            }
        }
        _ => {}
    }
    let vowel = |rest: &usize| word[..*rest].contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let verb = cut(word, "ing", 3).or_else(|| cut(word, "ed", 3).filter(|rest| !word[..*rest].ends_with('e')));
    if let Some(rest) = verb.filter(vowel) {
        word = &word[..rest];
        // `cutting` is from `cut`, `boiling` from `boil`, `rolling` from `roll`.
        let mut ends = word.char_indices().rev();
        if let (Some((at, last)), Some((_, before))) = (ends.next(), ends.next())
            && last == before
            && !"lsfzaeiou".contains(last)
        {
            word = &word[..at];
        }
    }
    let mute = cut(word, "e", 3).filter(|_| !lexicon::MUTE.contains(word));
    Cow::Borrowed(&word[..mute.unwrap_or(word.len())])
}

fn has_no_vowel(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase() && !matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

/// Whether a word has lost its last `e`, which its stem does not show: `sampl`, `sam` for `same`.
pub fn has_lost_end(word: &str, given: &str) -> bool {
    word.len() == given.len() + 1
        && word.ends_with('e')
        && word.starts_with(given)
        && (word.len() < 5 || !vocabulary::is_word(given))
}

/// Whether a word cannot stand in a sentence for another of its root: `populated` for `population`, `meaning` for `mean`;
/// but `condensing` for `condensation`.
pub fn is_other_part(word: &str, given: &str) -> bool {
    let noun = |word: &str| word.ends_with("ion") || word.ends_with("ions");
    let doing = |word: &str| word.ends_with("ing");
    let adjective = |word: &str| word.ends_with("al");
    let doing_for_name = doing(given) && !doing(word) && !noun(word) && stem(word) == stem(given);
    let verb_for_noun = noun(word) != noun(given) && ![word, given].iter().any(|word| doing(word) || adjective(word));
    doing_for_name || verb_for_noun && are_derived(word, given)
}

/// A small spelling mistake: one letter in words from 5, two from 8, the first letter right, and no other word.
pub fn is_near(word: &str, given: &str) -> bool {
    let length = word.len();
    // Their names differ by few letters.
    let instrument = ["meter", "scope", "graph"].iter().any(|end| word.ends_with(end));
    let allowed = match length {
        0..=4 => return false,
        5..=7 => 1,
        _ if is_kinyarwanda_noun(word) || instrument => 1,
        _ => 2,
    };
    if given.len().abs_diff(length) > allowed {
        return false;
    }
    // `kidnies`
    if let (Some(one), Some(other)) = (word.strip_suffix("eys"), given.strip_suffix("ies")) {
        return one == other;
    }
    // Adjacent letters that changed places are one mistake: optimal string alignment.
    let within = osa::Args::default().score_cutoff(allowed);
    let letters = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase());
    let sound = |text: &str| match text.as_bytes() {
        [b'p', b'h', ..] => b'f',
        [b'c', b'a' | b'o' | b'u' | b'l' | b'r', ..] | [b'c', b'h', b'l' | b'r', ..] => b'k',
        bytes => bytes.first().copied().unwrap_or_default(),
    };
    // An h is not heard: `Nkuruma` for `Nkrumah`.
    let unheard = |text: &str| text.bytes().skip(1).filter(|b| *b != b'h').collect::<Vec<u8>>();
    let heard = || {
        length > 5 && !instrument && word.contains('h') != given.contains('h') && {
            let one = osa::Args::default().score_cutoff(1);
            let (word, given) = (unheard(word), unheard(given));
            word.len() > 4 && osa::distance_with_args(word.iter(), given.iter(), &one).is_some()
        }
    };
    letters(word)
        && letters(given)
        && sound(word) == sound(given)
        && !has_no_vowel(word)
        && (osa::distance_with_args(word.bytes(), given.bytes(), &within).is_some() || heard())
        && !lexicon::are_apart(word, given)
        && (are_derived(word, given) || !vocabulary::are_both_words(word, given))
}

/// Whether a word has the beginning and the end of a Kinyarwanda noun, of which two other letters often make another:
/// `umuganda` and `umugani`.
fn is_kinyarwanda_noun(word: &str) -> bool {
    const BEGINNINGS: [&str; 15] =
        ["umu", "umw", "aba", "imi", "imy", "iki", "igi", "icy", "ibi", "iby", "uru", "urw", "ubu", "ubw", "uku"];
    BEGINNINGS.iter().any(|class| word.starts_with(class))
        && word.ends_with(['a', 'e', 'i', 'o', 'u'])
        && !vocabulary::is_word(word)
}

/// Noun, verb or adjective of one root, or the spelling of another country: `rotation` and `rotating`, `electric` and
/// `electrical`, `traveller` and `traveler`.
pub fn are_derived(a: &str, b: &str) -> bool {
    const NOUNS: [&str; 4] = ["ations", "ation", "ions", "ion"];
    const VERBS: [&str; 5] = ["ing", "ed", "es", "e", ""];
    const ADJECTIVES: [&str; 5] = ["ically", "ical", "ic", "ics", "ique"];
    if a.as_bytes().get(..3) != b.as_bytes().get(..3) {
        return lexicon::is_slip(a, b);
    }
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let ends = |these: &[&str], those: &[&str], least: usize| {
        (least..=shared).any(|root| {
            // Letters of two bytes may begin alike.
            let (Some(a), Some(b)) = (a.get(root..), b.get(root..)) else { return false };
            these.contains(&a) && those.contains(&b) || those.contains(&a) && these.contains(&b)
        })
    };
    ends(&NOUNS, &VERBS, 5)
        || ends(&["ional"], &["ion"], 4)
        || ends(&ADJECTIVES, &ADJECTIVES, 4)
        || (a.contains("ll") || b.contains("ll")) && a.replace("ll", "l") == b.replace("ll", "l")
        || lexicon::is_slip(a, b)
}

/// What is put behind a verb or an adjective to make another word of it, the longest first.
const SUFFIXES: [&str; 31] = [
    "isation", "ication", "ically", "ation", "ition", "ution", "ment", "ance", "ence", "ness", "able", "ible", "ical",
    "tion", "sion", "ion", "ity", "ful", "ant", "ent", "ous", "ist", "at", "iv", "er", "or", "al", "ic", "ly", "y",
    "e",
];

/// A stem without what makes a noun, an adjective or an adverb of it: `protec` of `protection`, `fertil` of `fertility`.
fn root(stem: &str) -> &str {
    let shorter = |word: &'_ str| SUFFIXES.iter().find_map(|ending| word.strip_suffix(ending)).map_or(0, str::len);
    let mut end = stem.len();
    // `creativity` has two of them.
    for _ in 0..2 {
        end = Some(shorter(&stem[..end])).filter(|rest| *rest >= LEAST_ROOT).unwrap_or(end);
    }
    // `protect` is `protec` and `tion`.
    let root = &stem[..end];
    root.strip_suffix('t').filter(|rest| rest.len() >= LEAST_ROOT).unwrap_or(root)
}

/// Shorter roots are those of other words, too: `flow` of `flower`.
const LEAST_ROOT: usize = 5;

/// Whether the stems of two words within a phrase are of one root: verb and noun, noun and adjective.
pub fn are_of_one_root(a: &str, b: &str) -> bool {
    if a.as_bytes().first() != b.as_bytes().first() || a.len().min(b.len()) < 3 {
        return false;
    }
    if are_of_one_family(a, b) || is_pair(a, b) {
        return true;
    }
    let long = a.len().min(b.len()) >= LEAST_ROOT && a.as_bytes()[..LEAST_ROOT - 1] == b.as_bytes()[..LEAST_ROOT - 1];
    long && root(a) == root(b) && !lexicon::are_apart(a, b)
}

/// Whether a table says that two stems are of one root.
pub fn are_of_one_family(a: &str, b: &str) -> bool {
    FAMILIES.get(a).zip(FAMILIES.get(b)).is_some_and(|(one, other)| one == other)
}

/// Stems of words of one root that no ending tells.
static FAMILIES: LazyLock<Table<String, &str>> = LazyLock::new(|| {
    let all = lexicon::families().flat_map(|(first, words)| words.map(move |word| (stem(word).into_owned(), first)));
    all.collect()
});

/// Stems with those of one root that no ending tells.
static DERIVED: LazyLock<Table<String, Vec<String>>> = LazyLock::new(|| {
    let mut derived: Table<String, Vec<String>> = Table::default();
    for (a, b) in lexicon::derived() {
        let (a, b) = (stem(a).into_owned(), stem(b).into_owned());
        derived.entry(b.clone()).or_default().push(a.clone());
        derived.entry(a).or_default().push(b);
    }
    derived
});

fn is_pair(a: &str, b: &str) -> bool {
    DERIVED.get(a).is_some_and(|others| others.iter().any(|other| other == b))
}

/// Singular and plural of a Kinyarwanda noun, which differ in their beginning: `umwana` and `abana`.
pub fn are_classes(a: &str, b: &str) -> bool {
    const CLASSES: &[(&str, &str)] = &[
        ("umu", "aba"),
        ("umw", "ab"),
        ("umu", "imi"),
        ("umw", "imy"),
        ("iki", "ibi"),
        ("igi", "ibi"),
        ("icy", "iby"),
        ("aka", "utu"),
        ("aga", "utu"),
        ("i", "ama"),
        ("uru", "in"),
        ("uru", "im"),
    ];
    let begins = |word: &str| word.len() >= 5 && word.starts_with(['a', 'i', 'u']);
    if !begins(a) || !begins(b) {
        return false;
    }
    let pair = |one: &str, many: &str| {
        CLASSES.iter().any(|(single, plural)| {
            one.strip_prefix(single).zip(many.strip_prefix(plural)).is_some_and(|(x, y)| x == y && x.len() >= 3)
        })
    };
    pair(a, b) || pair(b, a)
}

/// American and other spellings with the one that stands for them.
const BRITISH: &[(&str, &str)] = &[
    ("iz", "is"),
    ("yz", "ys"),
    ("sulf", "sulph"),
    ("aemia", "emia"),
    ("haem", "hem"),
    ("oest", "est"),
    ("oeso", "eso"),
    ("foet", "fet"),
    ("faec", "fec"),
    ("rrhoea", "rrhea"),
    ("aluminum", "aluminium"),
    ("programme", "program"),
    ("plow", "plough"),
    ("gray", "grey"),
    ("defense", "defence"),
    ("license", "licence"),
    ("mold", "mould"),
];

/// What stands before `our` or `or`.
const OR_ROOTS: &[&str] =
    &["col", "fav", "lab", "neighb", "vap", "od", "tum", "behavi", "hum", "hon", "harb", "arm", "flav", "rum", "vig"];

/// British spelling, by endings and groups of letters.
fn british(word: &str) -> Cow<'_, str> {
    // Most words have none of them.
    let some = word.as_bytes().windows(2).any(|two| {
        matches!(two, b"iz" | b"yz" | b"lf" | b"ae" | b"oe" | b"mm" | b"nu" | b"ow" | b"ay" | b"ns" | b"ld")
    });
    let mut word = if some { put(word.into(), BRITISH) } else { word.into() };
    // `metre` and `meter`, `colour` and `color`.
    for (from, to) in [("tre", "ter"), ("tres", "ters"), ("bre", "ber"), ("bres", "bers")] {
        if let Some(rest) = word.strip_suffix(from).filter(|rest| rest.len() >= 2) {
            word = format!("{rest}{to}").into();
            break;
        }
    }
    if let Some(at) = word.as_bytes().windows(3).position(|three| matches!(three, b"our"))
        && OR_ROOTS.contains(&&word[..at])
    {
        word = format!("{}or{}", &word[..at], &word[at + 3..]).into();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_small_and_no_other_words() {
        for (word, given, near) in [
            ("photosynthesis", "photosinthesis", true),
            ("photosynthesis", "fotosynthesis", true),
            ("evaporation", "evoparation", true),
            ("mitosis", "meiosis", false),
            ("convection", "conduction", false),
            ("anaerobic", "aerobic", false),
            ("sulphate", "sulphite", false),
            ("ethane", "ethene", false),
            ("australia", "austria", false),
            ("neutron", "neuron", false),
            ("heart", "heard", false),
            ("heat", "meat", false),
            ("variance", "variable", false),
            ("dividing", "diving", false),
            ("rotation", "rotating", true),
            ("electrical", "electric", true),
            ("umuganda", "umugani", false),
            ("barometer", "bathometer", false),
            ("barometer", "barometre", true),
            ("thermometer", "themometer", true),
            ("umuganda", "umugnda", true),
        ] {
            assert_eq!(is_near(word, given), near, "{word} {given}");
        }
        for (a, b) in [
            ("colour", "color"),
            ("metres", "meter"),
            ("vaporisation", "vaporization"),
            ("animaux", "animal"),
            ("oesophagus", "esophagus"),
        ] {
            assert_eq!(stem(a), stem(b));
        }
    }

    #[test]
    fn letters_that_begin_with_the_same_bytes_are_others() {
        assert!(!are_derived("ⱥ𑦠", "ⱥ𞹑"));
    }
}
