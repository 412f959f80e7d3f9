//! What a question demands of its answer beside the value: the form, how it is rounded, the unit, how many things. It is read
//! once from the words of the question and from those of the stems above it that bear on it; the nearer ones win.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::letters::folded;
use crate::lexicon::{Table, vocabulary};
use crate::memo::{Memo, kept};
use crate::unit::{self, Unit};

/// How a value is to be rounded, or that it is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Precision {
    Exact,
    /// So many significant figures.
    Figures(usize),
    /// So many decimal places.
    Places(usize),
}

impl Precision {
    /// `to 2 decimal places`, `3 s.f.`, `to the nearest tenth`, in small letters.
    pub fn of_rounding(words: &str) -> Option<Self> {
        const FIGURES: [&str; 7] = ["s.f", "sf", "significant", "sig. fig", "sig fig", "signif", "chiffres signif"];
        const PLACES: [&str; 4] = ["d.p", "dp", "decimal", "chiffres apres la virgule"];
        const NEAREST: [(&str, usize); 5] = [("whole", 0), ("integer", 0), ("unit", 0), ("tenth", 1), ("hundredth", 2)];
        let nearest = || {
            words.match_indices("nearest ").find_map(|(at, nearest)| {
                let what = &words[at + nearest.len()..];
                NEAREST.iter().find(|(name, _)| what.starts_with(name)).map(|(_, places)| *places)
            })
        };
        let places = nearest().or_else(|| number_before(words, &PLACES)).map(Self::Places);
        places.or_else(|| number_before(words, &FIGURES).map(Self::Figures))
    }
}

/// What the words of a question may ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish {
    /// To calculate with letters.
    Algebra,
    Simplest,
    Exact,
    /// To leave the answer in a form, or in a unit.
    Left,
    /// A form of a word: its plural, a tense, its opposite.
    WordForm,
    /// One of several things that may be right.
    Example,
    /// A formula or a symbol.
    Formula,
    Unit,
}

/// The names of the form that has no common factor, nor a term to collect.
pub const SIMPLEST_FORM: &[&str] =
    &["simplest", "lowest term", "lowest form", "simple form", "simplifi", "irreductible", "fully reduced"];

/// Parts of words and phrases that tell a wish.
const WISHES: &[(Wish, &[&str])] = &[
    (
        Wish::Algebra,
        &[
            "simplif",
            "factoris",
            "factoriz",
            "expand",
            "expression",
            "in terms of",
            "the subject",
            "multiply out",
            "remove bracket",
            "remove the bracket",
            "differentiat",
            "derivative",
            "integrate",
            "coefficient",
            "polynom",
        ],
    ),
    (Wish::Simplest, SIMPLEST_FORM),
    (Wish::Simplest, &["simplify", "reduce ", "cancel down"]),
    (
        Wish::Exact,
        &[
            "exact ",
            "exact.",
            "surd",
            "in terms of pi",
            "in terms of π",
            "leave π",
            "leave pi ",
            "leaving π",
            "leaving pi ",
            "multiple of π",
            "multiple of pi",
            "rationalis",
        ],
    ),
    (
        Wish::Left,
        &[
            "leave your answer",
            "leave your final answer",
            "leave the answer",
            "leave answer",
            "leave all answers",
            "leaving your answer",
            "leaving your final answer",
            "leaving the answer",
            "leaving answer",
            "leaving all answers",
        ],
    ),
    (
        Wish::WordForm,
        &[
            "plural",
            "singular of",
            "singular form",
            "the singular",
            "past tense",
            "past participle",
            "present perfect",
            "past perfect",
            "forms of the verb",
            "put the verb",
            "present tense",
            "simple past",
            "correct form",
            "correct tense",
            "verb in brackets",
            "opposite of",
            "opposites of",
            "antonym",
            "feminine",
            "masculine",
            "comparative form",
            "comparative of",
            "superlative",
            "noun from",
            "noun form",
            "adjective from",
            "adverb from",
            "the passive",
            "passive voice",
            "active voice",
            "reported speech",
            "report: ",
            "indirect speech",
            "spell",
            "pluriel",
            "singulier",
            "feminin",
            "masculin",
            "contraire de",
            "conjugue",
            "voix passive",
            "bwinshi",
            "ubuke",
            "mu buke",
            "katika wingi",
            "kwa wingi",
            "wingi wa",
            "kinyume cha",
            "kanusha",
            "ukanushi",
            "katika umoja",
            "umoja wa",
            "par un pronom",
            "par le pronom",
            "passe compose",
            "a l'imparfait",
            "au futur",
            "forme negative",
            "negative form",
            "past simple",
            "imbusane",
        ],
    ),
    (
        Wish::Example,
        &[
            "example",
            "exemple",
            "urugero",
            "e.g",
            "such as",
            "any ",
            "list ",
            "mention",
            "suggest",
            "one ",
            "name a ",
            "name an ",
            "give a ",
            "give an ",
            "state a ",
            "state an ",
            "name some",
            "donne",
        ],
    ),
    (Wish::Formula, &["formula", "symbol", "formule"]),
    (Wish::Unit, &["unit", "igipimo"]),
];

/// All of them, for one look at a question, each with the bit of its wish.
static PHRASES: LazyLock<(AhoCorasick, Vec<u8>)> = LazyLock::new(|| {
    let all = || WISHES.iter().flat_map(|(wish, phrases)| phrases.iter().map(|phrase| (*phrase, 1 << *wish as u8)));
    let phrases = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(all().map(|(phrase, _)| phrase));
    (phrases.expect("phrases are few and short"), all().map(|(_, bit)| bit).collect())
});

thread_local! {
    static QUESTIONS: Memo<Rc<Demands>> = Memo::default();
}

/// What a question demands.
#[derive(Debug, Default)]
pub struct Demands {
    /// Its words and those of the stems that bear on it, in lower case without accents.
    pub words: Rc<str>,
    /// What they tell of wishes, a bit each.
    wishes: u8,
    pub precision: Option<Precision>,
    /// The unit in which it wants its answer.
    pub unit: Option<Unit>,
    /// The currency of its amounts.
    pub currency: Option<Unit>,
    /// How many things it asks to list: "Name any two".
    pub listed: Option<usize>,
    /// It may ask for more than one list.
    pub lists_more: bool,
    /// The answer stands in a gap of a sentence: `A ____ describes a sample.`
    pub has_gap: bool,
    /// A verb in brackets stands beside the gap.
    has_verb: OnceCell<bool>,
    /// The words that were looked for, by where they stand in the program, and whether they are there.
    has: RefCell<Table<(usize, usize), bool>>,
}

impl Demands {
    /// Those of a question under what [`bearing`] finds above it.
    pub fn of(question: &str, above: &str) -> Rc<Self> {
        if above.is_empty() {
            return kept(&QUESTIONS, question, |_| Rc::new(Self::read(question, above)));
        }
        kept(&QUESTIONS, &format!("{question}\n{above}"), |_| Rc::new(Self::read(question, above)))
    }

    fn read(question: &str, above: &str) -> Self {
        let own = folded(question);
        let further = folded(above);
        let nearest = || std::iter::once(&*own).chain(further.lines());
        let words: Rc<str> = if above.is_empty() { (&*own).into() } else { format!("{own}\n{further}").into() };
        let wishes = wishes(&words);
        let is_exact = |text: &str| wishes_for(text, Wish::Exact).then_some(Precision::Exact);
        let precision = nearest().find_map(|text| Precision::of_rounding(text).or_else(|| is_exact(text)));
        let unit = std::iter::once(question).chain(above.lines()).find_map(unit::stated);
        let currency = std::iter::once(question).chain(above.lines()).find_map(unit::currency).map(|(unit, _)| unit);
        let has_gap = finds_gap(question);
        let listed = nearest().find_map(listed);
        // "State one use of each" above items asks for one list of each of them.
        let lists_more = lists_more(&own) || further.lines().any(|line| lists_more(&line.replace(" each", "")));
        Self { words, wishes, precision, unit, currency, listed, lists_more, has_gap, ..Self::default() }
    }

    pub fn has_wish(&self, wish: Wish) -> bool {
        self.wishes & 1 << wish as u8 != 0
    }

    pub fn has(&self, words: &'static [&'static str]) -> bool {
        // They are looked for once in each question.
        let place = (words.as_ptr() as usize, words.len());
        let found = || words.iter().any(|word| self.words.contains(word));
        !self.words.is_empty() && *self.has.borrow_mut().entry(place).or_insert_with(found)
    }

    /// Whether a verb in brackets stands beside the gap, whose form belongs into it.
    pub fn has_verb(&self) -> bool {
        *self.has_verb.get_or_init(|| self.words.split(['_', '.', '…']).any(begins_with_word_in_brackets))
    }
}

/// The wishes that a text in small letters tells, a bit each.
fn wishes(words: &str) -> u8 {
    let (phrases, bits) = &*PHRASES;
    phrases.find_overlapping_iter(words).fold(0, |all, found| all | bits[found.pattern().as_usize()])
}

fn wishes_for(words: &str, wish: Wish) -> bool {
    wishes(words) & 1 << wish as u8 != 0
}

/// The sentences of the stems above an item, the outermost first, that bear on its answer, a line each and the nearest first:
/// those that speak of all answers, and for an item that asks nothing itself the ones that say what to do; at last an amount
/// that tells the currency.
pub fn bearing(stems: &[&str], item: &str) -> String {
    const ANSWERS: [&str; 6] = ["answer", "reponse", "igisubizo", "ibisubizo", "jibu", "result"];
    let asks = asks(item);
    let mut found = Vec::new();
    for sentence in stems.iter().rev().flat_map(|stem| sentences(stem)) {
        let words = folded(sentence);
        let of_answers = || ANSWERS.iter().any(|word| words.contains(word)) && !words.contains('?');
        let demands =
            || wishes(&words) != 0 || Precision::of_rounding(&words).is_some() || unit::stated(sentence).is_some();
        if !asks && instructs(&words) || of_answers() && demands() {
            found.push(sentence);
        }
    }
    // Amounts of a story tell the currency.
    found.extend(stems.iter().rev().find_map(|stem| unit::currency(stem)).map(|(_, words)| words));
    found.join("\n")
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.split_inclusive(". ")).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// Whether an item asks something itself, so that an instruction above it is not its own.
fn asks(item: &str) -> bool {
    let words = folded(item);
    words.contains('?') || words.split(|c: char| !c.is_alphabetic()).any(|word| VERBS.binary_search(&word).is_ok())
}

/// Whether a sentence in small letters says what to do with what stands below it.
fn instructs(words: &str) -> bool {
    let mut each = words.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    each.next().is_some_and(|word| VERBS.binary_search(&word).is_ok())
        || ["following", "each of", "below", "suivant", "bikurikira"].iter().any(|word| words.contains(word))
}

/// What tells pupils to do something or asks them, in order.
const VERBS: [&str; 101] = [
    "andika",
    "arrange",
    "calculate",
    "calcule",
    "calculer",
    "change",
    "choisis",
    "choisissez",
    "choose",
    "classify",
    "complete",
    "completez",
    "compute",
    "conjugue",
    "convert",
    "correct",
    "deduce",
    "define",
    "derive",
    "describe",
    "determine",
    "differentiate",
    "discuss",
    "distinguish",
    "divide",
    "do",
    "donne",
    "donnez",
    "draw",
    "ecris",
    "ecrivez",
    "estimate",
    "evaluate",
    "expand",
    "explain",
    "explique",
    "expliquez",
    "express",
    "factorise",
    "factorize",
    "fill",
    "find",
    "form",
    "garagaza",
    "give",
    "hence",
    "hindura",
    "how",
    "identify",
    "integrate",
    "join",
    "kora",
    "label",
    "list",
    "make",
    "match",
    "mention",
    "mets",
    "mettez",
    "multiply",
    "name",
    "nommez",
    "outline",
    "place",
    "predict",
    "prove",
    "put",
    "rank",
    "rearrange",
    "rectify",
    "replace",
    "rewrite",
    "round",
    "select",
    "show",
    "simplify",
    "sobanura",
    "solve",
    "spell",
    "state",
    "suggest",
    "supply",
    "tanga",
    "transform",
    "translate",
    "trouve",
    "trouvez",
    "turn",
    "underline",
    "use",
    "using",
    "verify",
    "what",
    "when",
    "where",
    "which",
    "who",
    "whose",
    "why",
    "work",
    "write",
];

/// How many things a question in small letters asks to list.
fn listed(words: &str) -> Option<usize> {
    const VERBS: [&str; 8] = ["name ", "give ", "state ", "list ", "mention ", "write down ", "identify ", "suggest "];
    let behind = VERBS.iter().find_map(|verb| words.split_once(verb)).map(|(_, rest)| rest)?;
    let mut words = behind.split(' ').filter(|word| !matches!(*word, "any" | "at" | "least" | "the"));
    words.next().and_then(number_to_six)
}

/// Whether a question in small letters may ask for more than one list.
fn lists_more(words: &str) -> bool {
    let numbers = words.split(|c: char| !c.is_alphanumeric()).filter_map(number_to_six);
    // "two of the three words"
    let part = ["two of the ", "three of the ", "four of the ", "one of the "].iter().any(|part| words.contains(part));
    words.contains(" each") || words.contains(" their ") || numbers.count() > 1 + usize::from(part)
}

/// `two`, `3`
fn number_to_six(word: &str) -> Option<usize> {
    let named = ["one", "two", "three", "four", "five", "six"].iter().position(|number| *number == word).map(|n| n + 1);
    named.or_else(|| word.parse().ok().filter(|n| (1..=6).contains(n)))
}

/// `3 s.f.`, `to 2 decimal places`: the number before one of these words.
fn number_before(text: &str, words: &[&str]) -> Option<usize> {
    let number = |at: usize| {
        let word = text[..at].trim_end().trim_end_matches('-').rsplit([' ', '(']).next()?;
        word.parse().ok().or_else(|| crate::numeral::worth(word).map(|n| n as usize)).filter(|n| (1..=9).contains(n))
    };
    words.iter().flat_map(|word| text.match_indices(word)).find_map(|(at, _)| number(at))
}

fn finds_gap(question: &str) -> bool {
    let signs = |byte: u8| byte == b'_' || byte == b'[' || !byte.is_ascii();
    if !question.bytes().any(signs) && !question.contains(".....") {
        return false;
    }
    ["___", ".....", "……", "_ _ _", "[blank]"].iter().any(|gap| {
        question.split_once(gap).is_some_and(|(before, after)| {
            let (before, after) = (before.trim_end(), after.trim_start_matches(['_', '.', '…', ' ']));
            let line = before.is_empty() || before.ends_with(['.', '?', '!', ':', '=', '\n', ')']);
            !line || after.starts_with(char::is_alphabetic) && after.split_whitespace().count() > 2
        })
    })
}

/// Whether a text begins with `(go)`: the word whose form belongs into the gap before it.
fn begins_with_word_in_brackets(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
    // The list has no words of two letters.
    inside.is_some_and(|word| matches!(word, "go" | "be") || word.split(' ').all(vocabulary::is_word))
}
