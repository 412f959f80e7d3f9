//! Words and what is known of them: which say nothing, which deny, which are opposites, easily confused, or the same.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use crate::spelling::stem;

/// Words that carry no meaning of their own in an answer.
const SMALL_WORDS: &str = "a an the is are was were it its of to in on by and that this they because be for with from as at their \
    there which called s than into so we you i them these those when will can should must may or if then has does do did been \
    being also very our your he she his her who what how \
    le la les un une des du de et ou est sont ce cette ces il elle ils elles on qui que dans par pour avec au aux sur se \
    sa ses leur y en ont donc \
    ni na mu ku cyangwa kandi iyo uyu iki iyi aba aya ibi kuko ngo wa ya ba cya rya bya za ka kwa";

/// Stems of words that say little: what is done is told by the noun beside them.
const LIGHT_STEMS: &[&str] = &[
    "use", "used", "make", "put", "get", "hav", "have", "giv", "give", "go", "tak", "take", "keep", "near", "around",
    "under", "over", "through", "during", "each", "other", "all", "some", "way", "thing", "always", "mak",
];

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "cannot", "without", "isnt", "doesnt", "dont", "cant", "arent", "wont", "didnt", "neither",
    "non", "pas", "jamais", "aucun", "aucune", "sans", "nta", "ntabwo", "si", "oya", "ntago", "unlike", "false",
    "semi", "anti",
];

/// Verbs that negate what follows, unless they name a purpose: "to prevent …".
pub const HINDER: &[&str] = &["avoid", "stop", "prevent"];

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
    ("plus augmente augmenter augmentation", "moins diminue diminuer diminution baisse"),
    ("chaud chaude", "froid froide"),
    ("grand grande", "petit petite"),
    ("haut", "bas"),
    ("avant", "apres"),
    ("fort forte", "faible"),
    ("long longue", "court courte"),
    ("positif positive", "negatif negative"),
    ("gauche", "droite"),
    ("nord", "sud"),
    ("solide", "liquide"),
    ("vrai", "faux"),
    ("hejuru", "hasi"),
    ("kinini nini benshi", "gito gake bake"),
    ("amajyaruguru", "amajyepfo"),
    ("iburasirazuba", "iburengerazuba"),
    ("iburyo", "ibumoso"),
    ("true", "false"),
    ("open", "close closed shut"),
    ("male", "female"),
    ("man", "woman"),
    ("boy", "girl"),
    ("father", "mother"),
    ("brother", "sister"),
    ("son", "daughter"),
    ("king", "queen"),
    ("young", "old"),
    ("rich", "poor"),
    ("begin beginning start", "end"),
    ("buy", "sell"),
    ("urban", "rural"),
    ("series", "parallel"),
    ("input", "output"),
    ("hardware", "software"),
    ("transparent", "opaque"),
    ("renewable", "nonrenewable"),
    ("conductor", "insulator"),
    ("dominant", "recessive"),
    ("supply", "demand"),
    ("profit", "loss"),
    ("income", "expenditure"),
    ("multiply", "divide"),
    ("add addition", "subtract subtraction"),
    ("numerator", "denominator"),
    ("acute", "obtuse reflex"),
    ("drain", "drink"),
    ("inhale inspiration", "exhale expiration"),
];

/// Words that a slip may turn into each other, and that are not the same.
const CONFUSED: &[&str] = &[
    "convection conduction",
    "australia austria",
    "slovakia slovenia",
    "niger nigeria",
    "iran iraq",
    "radius radium",
    "calcium cadmium",
    "neuron neutron",
    "nucleus nucleolus nucleoid",
    "thymine thiamine",
    "adenine adenosine",
    "molarity molality",
    "isotope isotone isobar",
    "hexagon heptagon",
    "pentagon pentagram octagon",
    "perimeter parameter",
    "polygamy polygyny polyandry",
    "monogamy monogyny",
    "deposition decomposition composition",
    "infection injection inflection",
    "carpal carpel tarsal",
    "afferent efferent",
    "adsorption absorption",
    "stomach stomata",
    "ovule ovary ovum",
    "sepal petal",
    "stamen stigma",
    "median medium medial",
    "multiple multiply",
    "digestion ingestion egestion",
    "excretion secretion",
    "magnesium manganese",
    "glycerol glycogen glucagon glucose",
    "phloem xylem",
    "chromatid chromatin",
    "centriole centromere centrosome",
    "transcription translation",
    "transmission transition",
    "respiration inspiration expiration perspiration",
    "transpiration respiration perspiration",
    "resistor resistance",
    "capacitor capacity capacitance",
    "dispersion dispersal diversion",
    "diffusion diffraction",
    "erosion corrosion",
    "emigration immigration",
    "effect affect",
    "principal principle",
    "physical physics",
    "country county",
    "desert dessert",
    "tropic topic",
    "angle angel",
    "solid solute solvent",
    "solute solvent solution",
    "ventricle ventral",
    "cornea corona",
    "tundra thunder",
    "longitude latitude altitude",
    "musanze muhanga",
    "burera bugesera",
    "rwanda uganda burundi",
    "gatsibo gasabo",
    "byumba bugumba",
    "counting county",
    "verse inverse",
    "factor vector",
    "planet plant",
    "water waiter",
    "mercury century",
    "cation anion",
    "quarter quartz",
    "sister system",
    "weather whether",
    "trees three",
    "thirteen thirty",
    "fourteen forty",
    "fifteen fifty",
    "sixteen sixty",
    "seventeen seventy",
    "eighteen eighty",
    "nineteen ninety",
    "september december november",
    "tuesday thursday",
    "june july",
    "heart heat hearth heard",
    "metal medal mental",
    "plane plant planet plain plank",
    "stem steam stream",
    "light night might",
    "force fork",
    "speed spend seed",
    "power powder",
    "energy enemy",
    "brain bran",
    "liver lever level",
    "cells calls",
    "seeds sheds",
    "bread breadth beard",
    "steel steal",
    "muscle mussel",
    "sheep sheet sleep",
    "maize maze",
    "beans beams bears",
    "coast cost coat coats",
    "cloud clod",
    "grass gas glass",
    "price prize",
    "money monkey",
    "taxes taxis",
    "peace piece place",
    "court count",
    "police policy",
    "nation notion",
    "region religion reason",
    "ratio radio",
    "prime prince",
    "minus minutes",
    "range rage",
    "flower floor flour",
    "pollen polled",
    "river ripe diver",
    "state stage",
    "scale scales",
    "stone stove",
    "wave weave",
    "white while",
    "green greed",
    "black block back",
    "brown crown",
    "south mouth",
    "north month",
    "kidney kindly",
    "bladder blade blader ladder",
    "tongue tonne",
    "spine spin",
    "chest cheat",
    "sound second",
    "carbon cartoon",
    "oxygen oxide",
    "friction fraction fiction",
    "reaction relation",
    "solution pollution",
    "evolution revolution",
    "revolution resolution",
    "translation transition",
    "vacuum vacuole",
    "vacuole vesicle",
    "spore spoke",
    "larva larvae lava",
    "monday sunday",
];

/// Endings that tell one substance from another.
const ENDINGS: &[&str] = &[
    "ide", "ite", "ate", "ine", "ane", "ene", "yne", "anol", "enol", "anal", "ose", "ase", "ous", "ic", "ium", "ogen",
    "oic", "yl",
];

/// Beginnings that turn a word into its opposite, or into another: with and without, and one for the other.
const BEGINNINGS: &[&str] = &[
    "un", "in", "im", "ir", "il", "an", "non", "dis", "de", "anti", "hyper", "hypo", "pre", "post", "endo", "exo",
    "inter", "intra", "macro", "micro", "mono", "di", "tri", "poly", "uni", "bi", "multi", "sub", "super", "homo",
    "hetero", "iso", "allo", "centi", "milli", "kilo", "deci", "deca", "hecto", "mega", "giga", "nano", "a", "re",
    "over", "under", "im", "em", "ex", "ab", "ad", "af", "ef", "en",
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
    &["student", "pupil", "learner"],
    &["increase", "rise", "grow"],
    &["decrease", "fall", "drop", "diminish"],
];

/// A hash of few operations (FNV-1a) for short words of fixed tables.
#[derive(Clone, Copy)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

pub type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;
pub type Words = HashSet<&'static str, BuildHasherDefault<Fnv>>;

/// Stems that say little.
pub static LIGHT: LazyLock<Words> = LazyLock::new(|| LIGHT_STEMS.iter().copied().collect());

/// Words that deny.
pub static DENIALS: LazyLock<Words> = LazyLock::new(|| NEGATIONS.iter().copied().collect());

/// Words that carry no meaning.
pub static SMALL: LazyLock<Words> = LazyLock::new(|| SMALL_WORDS.split_whitespace().collect());

/// Stems with the pairs and sides on which they stand.
pub static POLES: LazyLock<Table<String, Vec<(usize, bool)>>> = LazyLock::new(|| {
    let mut poles: Table<String, Vec<(usize, bool)>> = Table::default();
    for (n, (one, other)) in OPPOSITES.iter().enumerate() {
        for (side, words) in [(true, one), (false, other)] {
            for word in words.split(' ') {
                let known = poles.entry(stem(word).into_owned()).or_default();
                if !known.contains(&(n, side)) {
                    known.push((n, side));
                }
            }
        }
    }
    poles
});

/// Stems with the one that stands for them.
static ONE: LazyLock<Table<String, String>> = LazyLock::new(|| {
    let own = |word: &str| stem(word).into_owned();
    SYNONYMS.iter().flat_map(|group| group.iter().map(|word| (own(word), own(group[0])))).collect()
});

/// Words with the groups in which they are confused.
static GROUPS: LazyLock<Table<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: Table<&str, Vec<usize>> = Table::default();
    for (n, group) in CONFUSED.iter().enumerate() {
        group.split(' ').for_each(|word| groups.entry(word).or_default().push(n));
    }
    groups
});

/// The stem that stands for this one.
pub fn synonym(stem: &str) -> Option<&'static str> {
    ONE.get(stem).map(String::as_str)
}

/// Whether two words that look alike are known to be different ones.
pub fn are_apart(a: &str, b: &str) -> bool {
    if a == b {
        return false;
    }
    let group = |word: &str| GROUPS.get(word).or_else(|| GROUPS.get(word.strip_suffix('s')?));
    if let (Some(one), Some(other)) = (group(a), group(b))
        && one.iter().any(|n| other.contains(n))
    {
        return a.trim_end_matches('s') != b.trim_end_matches('s');
    }
    let poles = |word: &str| POLES.get(&*stem(word));
    if let (Some(one), Some(other)) = (poles(a), poles(b))
        && one.iter().any(|(n, side)| other.contains(&(*n, !side)))
    {
        return true;
    }
    // `sulphate` and `sulphite`, `maltose` and `maltase`.
    let ending =
        |word: &str| ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).map(|rest| (rest.len(), *ending)));
    let (one, other) = (a.trim_end_matches('s'), b.trim_end_matches('s'));
    if let (Some((at, x)), Some((bt, y))) = (ending(one), ending(other))
        && x != y
        && at >= 3
        && bt >= 3
        && one[..at.min(bt)] == other[..at.min(bt)]
    {
        return true;
    }
    // `aerobic` and `anaerobic`, `hypertension` and `hypotension`.
    let begins = |long: &str, short: &str| {
        BEGINNINGS.iter().any(|start| {
            let Some(rest) = long.strip_prefix(start).filter(|rest| rest.len() >= 4) else { return false };
            rest == short || BEGINNINGS.iter().any(|other| other != start && short.strip_prefix(other) == Some(rest))
        })
    };
    begins(a, b) || begins(b, a)
}
