//! The language of a text, told by its small words.

/// A language in which papers are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    French,
    Kinyarwanda,
    Kiswahili,
}

/// Words that are frequent in one of the languages and in none of the others.
const SMALL: [(Language, &[&str]); 4] = [
    (
        Language::English,
        &[
            "the", "of", "and", "to", "in", "is", "that", "which", "for", "with", "what", "how", "why", "an", "are",
            "from", "by", "write", "find", "name", "give",
        ],
    ),
    (
        Language::French,
        &[
            "le", "les", "de", "des", "du", "et", "est", "une", "un", "dans", "pour", "que", "qui", "quelle", "quel",
            "quels", "quelles", "au", "aux", "sur", "par", "donner", "donnez", "citez",
        ],
    ),
    (
        Language::Kinyarwanda,
        &[
            "mu", "ku", "muri", "kuri", "iki", "iyi", "ibi", "uyu", "aba", "kandi", "cyangwa", "bya", "cya", "rya",
            "bwa", "byo", "nka", "ngo", "uko", "aho", "andika", "vuga", "sobanura", "iyo", "umwe", "ibyo",
        ],
    ),
    (
        Language::Kiswahili,
        &[
            "kwa", "katika", "cha", "vya", "kutoka", "hii", "hiyo", "nini", "gani", "ipi", "yapi", "taja", "eleza",
            "andika", "ambayo", "ambao", "kama", "hilo", "hizi", "je",
        ],
    ),
];

impl Language {
    /// The language that most small words of a text are of; `None` without any, and where two have as many.
    pub fn of(text: &str) -> Option<Self> {
        let mut counts = SMALL.map(|(language, _)| (0, language));
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase) {
            for ((count, _), (_, small)) in counts.iter_mut().zip(SMALL) {
                *count += usize::from(small.contains(&word.as_str()));
            }
        }
        counts.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
        let [(most, language), (next, _), ..] = counts;
        (most > next).then_some(language)
    }

    /// Its tag by BCP 47, as HTML's `lang` has it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Kinyarwanda => "rw",
            Self::Kiswahili => "sw",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_tell_the_language() {
        for (text, language) in [
            ("What is the unit of force in the SI?", Some(Language::English)),
            ("Quelle est la masse de la pierre dans le seau ?", Some(Language::French)),
            ("Andika imirimo ibiri ikorerwa mu murima muri iki gihe.", Some(Language::Kinyarwanda)),
            ("Taja mazao mawili ambayo hulimwa katika nchi hii.", Some(Language::Kiswahili)),
            ("2x + 3 = 7", None),
            ("", None),
        ] {
            assert_eq!(Language::of(text), language, "{text}");
        }
    }
}
