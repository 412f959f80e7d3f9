//! What is asked beyond the value: by notes that a scheme writes into its key, before what the question demands.

use std::rc::Rc;

use crate::algebra::expression::Expression;
use crate::demands::{Demands, Precision, SIMPLEST_FORM, Wish};
use crate::letters::{low, tidy};
use crate::meaning;
use crate::unit::Unit;

/// What a missing or a wrong unit costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum UnitCost {
    /// Half of what the value earns.
    #[default]
    Half,
    Nothing,
    Everything,
    /// So many marks.
    Marks(f64),
}

/// Notes of a scheme: `(unit not required)`, `(all or nothing)`, `(−½ for each wrong)`, `(any order)`, `(3 s.f.)`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Notes {
    pub unit: Option<UnitCost>,
    pub all_or_nothing: bool,
    /// Marks that each wrong one takes away; less than nothing: as many as a right one gives.
    pub per_wrong: Option<f64>,
    pub first_only: bool,
    /// Marks for each right one.
    pub each: Option<f64>,
    pub ordered: Option<bool>,
    pub simplest: bool,
    pub precision: Option<Precision>,
}

impl Notes {
    /// Takes the notes out of a key.
    pub fn take(key: &str) -> (String, Self) {
        let mut notes = Self::default();
        if !key.contains(['(', '[', ';', '\n', ',']) {
            return (key.to_owned(), notes);
        }
        let mut rest = String::with_capacity(key.len());
        let mut at = 0;
        while let Some(open) = key[at..].find(['(', '[']).map(|n| at + n) {
            rest.push_str(&key[at..open]);
            let Some(close) = key[open..].find([')', ']']).map(|n| open + n) else {
                at = open;
                break;
            };
            if notes.read(&key[open + 1..close]) {
                at = close + 1;
                rest.truncate(rest.trim_end().len());
            } else {
                rest.push_str(&key[open..=open]);
                at = open + 1;
            }
        }
        rest.push_str(&key[at..]);
        if rest.contains([';', '\n', ',']) {
            rest = notes.take_pieces(&rest);
        }
        (rest, notes)
    }

    /// Notes that stand between semicolons, on a line of their own, or behind the last comma.
    fn take_pieces(&mut self, key: &str) -> String {
        let mut kept = String::with_capacity(key.len());
        for piece in key.split_inclusive([';', '\n']) {
            if !self.read(piece) {
                kept.push_str(piece);
            }
        }
        if let Some((before, last)) = kept.rsplit_once(',')
            && self.read(last)
        {
            kept = before.to_owned();
        }
        kept
    }

    /// Whether a text is a note, which is then kept.
    fn read(&mut self, text: &str) -> bool {
        if text.len() > 80 || text.is_empty() {
            return false;
        }
        let note = low(text);
        let note = note.trim_matches([' ', '.', ';', '\n', ':', ',']);
        if !may_be_note(note) {
            return false;
        }
        let has = |words: &[&str]| words.iter().any(|word| note.contains(word));
        let amount = amount(note);
        if has(&["unit"]) && !has(&["united", "unity"]) {
            let cost = if has(&["no mark", "0 mark", "zero"]) {
                Some(UnitCost::Everything)
            } else if has(&[
                "not req",
                "not need",
                "no need",
                "no penalt",
                "ignore",
                "without",
                "need not",
                "optional",
                "not nec",
            ]) || note == "no unit"
                || note == "no units"
            {
                Some(UnitCost::Nothing)
            } else if has(&["required", "must", "essential", "compulsory"]) {
                Some(UnitCost::Everything)
            } else if has(&["half"]) {
                Some(UnitCost::Half)
            } else {
                amount
                    .filter(|_| has(&["mark", "-", "minus", "deduct", "lose", "penal", "no unit", "missing"]))
                    .map(UnitCost::Marks)
            };
            self.unit = cost.or(self.unit);
            return cost.is_some();
        }
        if has(&["wrong", "incorrect", "extra"]) {
            let per = if has(&["cancel", "right minus wrong"]) {
                Some(-1.0)
            } else if has(&["no penalt", "ignore", "not penal"]) {
                Some(0.0)
            } else {
                amount.filter(|_| has(&["-", "minus", "deduct", "lose", "less", "penal", "off"]))
            };
            self.per_wrong = per.or(self.per_wrong);
            return per.is_some();
        }
        if has(&["all or nothing", "all or none", "no partial", "both required", "both needed", "all required"])
            || has(&["all correct for", "all must be", "must all be", "all needed", "need all", "need both"])
            || matches!(note, "all correct" | "both" | "all" | "both correct")
        {
            self.all_or_nothing = true;
        } else if note.starts_with("first") && has(&["only", "answer", "count"]) || note.starts_with("mark the first") {
            self.first_only = true;
        } else if has(&["each", "per "]) && has(&["mark", "mk", "1/2 ", "0.5 ", "pt", "point"]) && amount.is_some() {
            self.each = amount;
        } else if allows_any_order(note) {
            self.ordered = Some(false);
        } else if matches!(note, "in order" | "in this order" | "in that order" | "correct order" | "order matters") {
            self.ordered = Some(true);
        } else if has(SIMPLEST_FORM) {
            self.simplest = true;
        } else if matches!(note, "exact" | "exactly") || note.starts_with("exact ") {
            self.precision = Some(Precision::Exact);
        } else if let Some(precision) = Precision::of_rounding(note) {
            self.precision = Some(precision);
        } else {
            return matches!(note, "oe" | "o.e" | "owtte" | "cao" | "c.a.o" | "ft" | "ecf" | "isw" | "aef")
                || matches!(note, "accept any order" | "or equivalent" | "or similar" | "any equivalent");
        }
        true
    }
}

fn allows_any_order(note: &str) -> bool {
    const PHRASES: [&str; 6] =
        ["any order", "order not", "order does not", "order is not", "in either order", "order unimportant"];
    PHRASES.iter().any(|phrase| note.contains(phrase))
        || note.starts_with("order ") && ["not important", "not matter"].iter().any(|phrase| note.contains(phrase))
}

/// Whether a word of it could be a note's: nearly every text is none, and is told apart here for little.
fn may_be_note(text: &str) -> bool {
    const WORDS: [&str; 33] = [
        "unit",
        "wrong",
        "incorrect",
        "extra",
        "all",
        "both",
        "need",
        "partial",
        "must",
        "first",
        "each",
        "per",
        "order",
        "simpl",
        "lowest",
        "exact",
        "s.f",
        "sf",
        "sig",
        "d.p",
        "dp",
        "decimal",
        "oe",
        "o.e",
        "owtte",
        "cao",
        "c.a.o",
        "ft",
        "ecf",
        "isw",
        "aef",
        "equivalent",
        "similar",
    ];
    text.split([' ', '-', '/', ':', ',']).map(|word| word.trim_start_matches(|c: char| !c.is_ascii_lowercase())).any(
        |word| {
            let first = word.bytes().next();
            WORDS.iter().any(|known| Some(known.as_bytes()[0]) == first && word.starts_with(known))
        },
    )
}

/// The number in a note: `1`, `0.5`, `½`, `half`, `one`.
fn amount(note: &str) -> Option<f64> {
    if note.contains("1/2") || note.contains("half") {
        return Some(0.5);
    }
    if note.contains("1/4") {
        return Some(0.25);
    }
    let at = note.find(|c: char| c.is_ascii_digit());
    let number = at.map(|at| note[at..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>());
    number
        .and_then(|number| number.trim_end_matches('.').parse().ok())
        .or_else(|| note.split_whitespace().find_map(crate::numeral::worth).map(|worth| worth as f64))
        .filter(|amount: &f64| *amount <= 100.0)
}

/// What is asked of one item.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// As it is printed.
    pub question: &'a str,
    /// In lower case without accents, with what bears on it of the stems above.
    pub words: Rc<str>,
    pub of: f64,
    pub notes: Notes,
    /// Some of the key's points are enough.
    pub some: bool,
    demands: Rc<Demands>,
    /// So often an answer was put otherwise before it was judged.
    depth: u8,
}

impl<'a> Asked<'a> {
    pub fn new(question: &'a str, of: f64, notes: Notes) -> Self {
        Self::under("", question, of, notes)
    }

    /// Under the sentences above it that bear on it.
    pub fn under(above: &str, question: &'a str, of: f64, notes: Notes) -> Self {
        let demands = Demands::of(question, above);
        Self { question, words: demands.words.clone(), of, notes, demands, ..Self::default() }
    }

    /// The same for an answer that is put otherwise; `None` where that was done so often that it may never end.
    pub fn deeper(&self) -> Option<Self> {
        const DEEPEST: u8 = 8;
        (self.depth < DEEPEST).then(|| Self { depth: self.depth + 1, ..self.clone() })
    }

    pub fn wishes(&self, wish: Wish) -> bool {
        self.demands.has_wish(wish)
    }

    pub fn has(&self, words: &'static [&'static str]) -> bool {
        self.demands.has(words)
    }

    /// The share of an answer whose unit is missing or wrong.
    pub fn without_unit(&self) -> f64 {
        match self.notes.unit.unwrap_or_default() {
            UnitCost::Half => 0.5,
            UnitCost::Nothing => 1.0,
            UnitCost::Everything => 0.0,
            UnitCost::Marks(marks) => (1.0 - marks / self.of).clamp(0.0, 1.0),
        }
    }

    /// Whether a text calculates with a letter with which the question of algebra does: with `m` where it says
    /// "Simplify 9m ÷ m", so that `9m` are no metres.
    pub fn calculates_with(&self, text: &str) -> bool {
        let algebra = self.wishes(Wish::Algebra);
        let Some(text) = algebra.then(|| Expression::parse(&tidy(text))).flatten() else { return false };
        let letters = text.letters();
        let question = tidy(self.question);
        let words: Vec<&str> = question.split_whitespace().collect();
        words.iter().enumerate().any(|(n, word)| {
            // `9 m/s` is measured; `9m ÷ m` and `value of m` are not.
            let number = n > 0 && words[n - 1].ends_with(|c: char| c.is_ascii_digit());
            let measured = number && word.starts_with(char::is_alphabetic);
            let mut runs = word.split(|c: char| !c.is_alphabetic());
            let article = matches!(*word, "a" | "A" | "I");
            !measured && !article && runs.any(|run| letters.iter().any(|letter| letter == run))
        })
    }

    /// Whether words behind a number are others of the class than the question counts: faces where it asks how many edges.
    pub fn counts_other(&self, things: &str) -> bool {
        let counted =
            || ["how many ", "number of "].iter().find_map(|lead| self.words.split_once(lead)).map(|(_, rest)| rest);
        let word =
            |text: &'_ str| text.split(' ').next().unwrap_or_default().trim_end_matches(['?', '.', ',']).to_owned();
        !things.is_empty() && counted().is_some_and(|rest| meaning::are_of_one_class(&word(rest), &word(things)))
    }

    /// How many things the question asks to list: "Name any two".
    pub fn listed(&self) -> Option<usize> {
        self.demands.listed
    }

    /// Whether it may ask for more than one list: "two gains and two losses", "two gases and their uses".
    pub fn lists_more(&self) -> bool {
        self.demands.lists_more
    }

    /// Whether the question has this number in figures.
    pub fn states(&self, value: f64) -> bool {
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).replace(',', "");
        self.question.split_whitespace().any(|word| bare(word).parse::<f64>().is_ok_and(|number| number == value.abs()))
    }

    pub fn simplest(&self) -> bool {
        self.notes.simplest || self.wishes(Wish::Simplest)
    }

    /// How its value is to be rounded, or that it is not.
    pub fn precision(&self) -> Option<Precision> {
        self.notes.precision.or(self.demands.precision)
    }

    pub fn exact(&self) -> bool {
        self.precision() == Some(Precision::Exact)
    }

    /// The unit in which the answer is wanted.
    pub fn unit(&self) -> Option<Unit> {
        self.demands.unit
    }

    /// Whether the question names a unit, or has its amounts in it if it is a currency, so that it need not be said again.
    pub fn names(&self, unit: &Unit) -> bool {
        self.demands.currency.is_some_and(|currency| currency.is_same(unit))
    }

    /// Whether a form of a word is asked for, so that a slip or another form of it is another answer.
    pub fn asks_for_word_form(&self) -> bool {
        self.wishes(Wish::WordForm) || self.has_gap() && self.demands.has_verb()
    }

    /// Whether more may be right than the key names: any example of a class, or a question that is not here.
    pub fn is_open(&self) -> bool {
        self.some || self.words.is_empty() || self.wishes(Wish::Example)
    }

    /// Whether the answer stands in a gap of a sentence: `A ____ describes a sample.`
    pub fn has_gap(&self) -> bool {
        self.demands.has_gap
    }

    pub fn ratio(&self) -> bool {
        self.has(&["ratio", "proportion", "rapport"])
    }

    pub fn ordered(&self) -> bool {
        self.notes.ordered.unwrap_or_else(|| {
            self.has(&[
                "next two",
                "next three",
                "next 2",
                "next 3",
                "next term",
                "next number",
                "sequence",
                "in order",
                "ascending",
            ]) || self.has(&["descending", "arrange", "smallest to", "largest to", "respectively", "croissant"])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_taken_out() {
        let take = |key: &str| Notes::take(key);
        assert_eq!(take("5 cm (unit not required)").0, "5 cm");
        assert_eq!(take("5 cm (unit not required)").1.unit, Some(UnitCost::Nothing));
        assert_eq!(take("5 cm (−1 for missing unit)").1.unit, Some(UnitCost::Marks(1.0)));
        assert_eq!(take("5 cm; no marks without unit").1.unit, Some(UnitCost::Everything));
        assert_eq!(take("A; C (−½ for each wrong)").1.per_wrong, Some(0.5));
        assert_eq!(take("A; C (all or nothing)"), ("A; C".into(), Notes { all_or_nothing: true, ..Notes::default() }));
        assert_eq!(take("any 2: heat; light (1 mark each)").1.each, Some(1.0));
        assert_eq!(take("3.14 (3 s.f.)").1.precision, Some(Precision::Figures(3)));
        assert_eq!(take("3.14 (to 2 decimal places)").1.precision, Some(Precision::Places(2)));
        for key in
            ["(the) stigma", "12.5 cm (± 0.1)", "(1, −4)", "f(x) = 2", "United Nations; World Bank", "iron(II) sulfate"]
        {
            assert_eq!(take(key), (key.to_owned(), Notes::default()), "{key}");
        }
        let asked = |text| Asked::new(text, 1.0, Notes::default());
        assert_eq!(asked("Give your answer to 2 decimal places.").precision(), Some(Precision::Places(2)));
        assert_eq!(asked("Correct to three significant figures.").precision(), Some(Precision::Figures(3)));
        assert!(asked("Simplify 6:4").simplest());
        assert!(asked("Find its area, leaving pi in it.").exact());
        assert!(!asked("How many pupils are leaving pine forests behind?").exact());
    }
}
