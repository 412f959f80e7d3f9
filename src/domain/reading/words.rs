//! The words by which papers say what they want, in English, French and Kinyarwanda: one table for each thing they ask.
//! A word matches where a word of the text starts with it, so `calcul` finds `calculez` and `calculate` finds `calculated`.

/// First words of what is answered itself: a part, not an option.
pub const ASKING: [&str; 56] = [
    "calculate",
    "find",
    "explain",
    "name",
    "state",
    "give",
    "write",
    "describe",
    "what",
    "how",
    "why",
    "draw",
    "determine",
    "solve",
    "show",
    "define",
    "list",
    "complete",
    "identify",
    "suggest",
    "convert",
    "express",
    "work out",
    "evaluate",
    "simplify",
    "compare",
    "discuss",
    "prove",
    "construct",
    "sketch",
    "mention",
    "differentiate",
    "factorise",
    "use",
    "donnez",
    "citez",
    "nommez",
    "expliquez",
    "décrivez",
    "calculez",
    "trouvez",
    "définissez",
    "complétez",
    "dessinez",
    "pourquoi",
    "quel",
    "quelle",
    "combien",
    "comment",
    "tanga",
    "vuga",
    "andika",
    "sobanura",
    "bara",
    "shaka",
    "kuki",
];

/// How questions start that cannot be answered by a choice.
pub const OPENING: [&str; 30] = [
    "explain",
    "define",
    "describe",
    "name",
    "state",
    "give",
    "list",
    "mention",
    "differentiate",
    "simplify",
    "evaluate",
    "convert",
    "write",
    "solve",
    "factorise",
    "sobanura",
    "vuga",
    "andika",
    "tanga",
    "défin",
    "expliqu",
    "calcul",
    "donne",
    "cite",
    "nomme",
    "énum",
    "décri",
    "résou",
    "bara",
    "shaka",
];

/// "Give three …": several things.
pub const LISTING: [&str; 26] = [
    "give ",
    "name ",
    "state ",
    "list ",
    "mention ",
    "write ",
    "identify ",
    "suggest ",
    "outline ",
    "what are the", //
    "donne",
    "cite",
    "nomme",
    "énum",
    "énonce",
    "indique",
    "relève",
    "relevez",
    "mentionne",
    "quels sont",
    "quelles sont", //
    "tanga",
    "vuga",
    "andika",
    "garagaza",
    "rondora",
];

/// "Circle two …": several of the options.
pub const CHOOSING: [&str; 13] = [
    "circle",
    "choose",
    "select",
    "tick",
    "underline",
    "which", //
    "choisi",
    "coche",
    "entoure",
    "encercle",
    "souligne", //
    "hitamo",
    "ca akaziga",
];

/// Several of the options without a number.
pub const ALL_THAT_APPLY: [&str; 9] = [
    "all that apply",
    "all the correct",
    "more than one",
    "circle each",
    "tick each", //
    "toutes les bonnes réponses",
    "plusieurs réponses", //
    "ibisubizo byose",
    "hitamo ibyo",
];

pub const ORDERING: [&str; 16] = [
    "arrange",
    "correct order",
    "in order of",
    "right order",
    "put the",
    "in the order", //
    "dans l'ordre",
    "dans l’ordre",
    "par ordre",
    "ordre croissant",
    "ordre décroissant",
    "bon ordre", //
    "ku murongo ukwiye",
    "uhereye ku",
    "mu buryo bukurikirana",
    "ukurikije uko",
];

pub const MATCHING: [&str; 10] = [
    "match",
    "classify",
    "column a", //
    "associe",
    "relie",
    "faites correspondre",
    "colonne a",
    "classez", //
    "huza",
    "inkingi ya a",
];

pub const FILLING: [&str; 15] = [
    "complete ",
    "complete:",
    "fill in",
    "fill the",
    "blank",
    "from the box",
    "in the box",
    "gaps", //
    "complét",
    "complètez",
    "remplis",
    "pointillés", //
    "uzuza",
    "ibyanya",
    "ahari utudomo",
];

/// To be answered in sentences, where it starts a sentence.
pub const EXPLAINING: [&str; 17] = [
    "explain",
    "describe",
    "discuss",
    "prove",
    "show that",
    "define",
    "justify",
    "state the law",
    "why ", //
    "expliqu",
    "décri",
    "discute",
    "démontre",
    "montrez que",
    "défini", //
    "sobanura",
    "kubera iki",
];

/// The same, wherever it stands.
pub const EXPLAINING_SOMEWHERE: [&str; 10] = [
    "explain",
    "describe",
    "why",
    "what is meant",
    "define", //
    "expliqu",
    "pourquoi",
    "justifie", //
    "sobanura",
    "kubera iki",
];

/// To be answered by a number.
pub const COMPUTING: [&str; 31] = [
    "calculate",
    "find",
    "how many",
    "how much",
    "work out",
    "evaluate",
    "determine",
    "value of",
    "solve",
    "convert",
    "express",
    "simplify",
    "how far",
    "how long",
    "how old", //
    "calcul",
    "trouve",
    "combien",
    "détermine",
    "évalue",
    "valeur de",
    "résou",
    "résol",
    "converti",
    "simplifie", //
    "bara ",
    "ni kangahe",
    "ni angahe",
    "bingana iki",
    "bangahe",
    "ingahe",
];

/// A statement to judge.
pub const TRUTH: [&str; 8] = [
    "true or false",
    "true/false",
    "true (t)",
    "true, false", //
    "vrai ou faux",
    "vrai/faux", //
    "ni ukuri cyangwa",
    "yego cyangwa oya",
];

/// The two options of such a statement.
pub const TRUTH_VALUES: [&str; 13] = [
    "true",
    "false",
    "yes",
    "no", //
    "vrai",
    "faux",
    "oui",
    "non", //
    "ukuri",
    "si ukuri",
    "ikinyoma", //
    "verdadeiro",
    "falso",
];

/// Small numbers, as nouns of each class take them in Kinyarwanda.
const COUNTS: [(u32, &[&str]); 5] = [
    (2, &["2", "two", "deux", "bibiri", "babiri", "abiri", "ebyiri", "ibiri", "tubiri"]),
    (3, &["3", "three", "trois", "bitatu", "batatu", "atatu", "eshatu", "itatu", "dutatu"]),
    (4, &["4", "four", "quatre", "bine", "bane", "ane", "enye", "ine", "tune"]),
    (5, &["5", "five", "cinq", "bitanu", "batanu", "atanu", "eshanu", "itanu", "dutanu"]),
    (6, &["6", "six", "bitandatu", "batandatu", "atandatu", "esheshatu", "itandatu", "dutandatu"]),
];

/// Where a word of the text starts with one of these.
fn places<'a>(lower: &'a str, words: &'a [&str]) -> impl Iterator<Item = (usize, &'a str)> {
    words.iter().filter_map(move |word| {
        let mut found = lower.match_indices(word).map(|(at, _)| at);
        found.find(|&at| !lower[..at].ends_with(char::is_alphanumeric)).map(|at| (at, *word))
    })
}

/// Whether a lower-case text says one of these.
pub fn says(lower: &str, words: &[&str]) -> bool {
    places(lower, words).next().is_some()
}

/// "circle two", "give any three", "citez deux", "vuga ibintu bitatu": the number after one of the verbs, within four
/// words.
pub fn count_after(lower: &str, verbs: &[&str]) -> Option<u32> {
    places(lower, verbs).find_map(|(at, verb)| {
        // Whole words: the 4 of "4,306,052" counts nothing.
        let words = lower[at + verb.len()..].split_whitespace().take(4);
        let mut ended = false;
        let words = words.take_while(|word| !std::mem::replace(&mut ended, word.ends_with(['.', '?', ':'])));
        let mut bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        bare.find_map(|word| COUNTS.iter().find(|(_, names)| names.contains(&word)).map(|(count, _)| *count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_three_languages() {
        for (text, count) in [
            ("give any three uses of water.", Some(3)),
            ("citez deux conséquences du déboisement.", Some(2)),
            ("donnez-en trois exemples.", Some(3)),
            ("vuga ibintu bitatu biranga isuku.", Some(3)),
            ("andika amagambo atatu.", Some(3)),
            ("write 4,306,052 in words.", None),
            ("given two numbers, name one.", None),
            ("name it. there are two.", None),
        ] {
            assert_eq!(count_after(text, &LISTING), count, "{text}");
        }
    }

    #[test]
    fn words_are_found_at_their_start_only() {
        assert!(says("calculez la vitesse", &COMPUTING));
        assert!(says("l'eau : expliquez.", &EXPLAINING));
        assert!(!says("the rematch was lost", &MATCHING));
    }
}
