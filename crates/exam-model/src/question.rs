//! What a question is: the one type that reading gives, the database stores, a quiz copies and marking takes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shown::Shown;

/// How an item is asked, and so how it is answered and marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Has parts and asks nothing itself.
    Group,
    /// One of the options.
    Single,
    /// Several of the options; `Question::choose` says how many, where the paper does.
    Multiple,
    TrueFalse,
    /// A number, with or without a unit.
    Numeric,
    /// A word or a few.
    #[default]
    Short,
    /// Several things, each worth its share: "name three …".
    List,
    /// Blanks to fill, with or without a word bank (the options).
    Cloze,
    /// Lines of one column matched to lines of another.
    Match,
    /// Things put in order.
    Order,
    /// Things put under headings; both are among the options, as far as the paper names them.
    Classify,
    /// Parts of a picture to be named; the options are the letters of the parts.
    Label,
    /// Sentences: marked by the points that the scheme names.
    Long,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::Group,
        Self::Single,
        Self::Multiple,
        Self::TrueFalse,
        Self::Numeric,
        Self::Short,
        Self::List,
        Self::Cloze,
        Self::Match,
        Self::Order,
        Self::Classify,
        Self::Label,
        Self::Long,
    ];

    /// Its word in forms, files and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::TrueFalse => "true_false",
            Self::Numeric => "numeric",
            Self::Short => "short",
            Self::List => "list",
            Self::Cloze => "cloze",
            Self::Match => "match",
            Self::Order => "order",
            Self::Classify => "classify",
            Self::Label => "label",
            Self::Long => "long",
        }
    }

    /// The words on a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "Has parts only",
            Self::Single => "One choice",
            Self::Multiple => "Several choices",
            Self::TrueFalse => "True or false",
            Self::Numeric => "Number",
            Self::Short => "Short text",
            Self::List => "List",
            Self::Cloze => "Fill the blanks",
            Self::Match => "Match",
            Self::Order => "Put in order",
            Self::Classify => "Put under headings",
            Self::Label => "Label a picture",
            Self::Long => "Longer text",
        }
    }
}

/// One option of a choice, or one word of a word bank.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Stable name of the option within its question (`o1`, `o2`, …): what an answer and a key hold.
    pub id: String,
    /// As printed, without brackets: `A`, `iv`; empty where the paper prints only a box or a bullet.
    pub label: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Shown::is_plain")]
    pub shown: Shown,
}

impl Choice {
    /// Of what is put under headings, the heading that this is: such an option ends with a colon.
    pub fn heading(&self) -> Option<&str> {
        self.text.trim_end().strip_suffix(':')
    }

    /// The one that stands at this place, from 0, where nothing is printed.
    pub fn nth(place: usize) -> Self {
        let letter = char::from(b'A' + (place % 26) as u8);
        Self { id: format!("o{}", place + 1), label: letter.to_string(), ..Self::default() }
    }
}

/// A rectangle on a page of the PDF: points (1/72 inch) from the top left corner. One without a size says the page only.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Region {
    /// 1-based.
    pub page: u32,
    #[serde(default)]
    pub x: f32,
    #[serde(default)]
    pub y: f32,
    #[serde(default)]
    pub width: f32,
    #[serde(default)]
    pub height: f32,
}

impl Region {
    /// The box around both, where they stand on one page; else itself.
    pub fn with(self, other: Self) -> Self {
        if other.page != self.page {
            return self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self { page: self.page, x, y, width: right - x, height: bottom - y }
    }

    /// Whether the middle of another is within it.
    pub fn holds_middle(&self, of: &Self) -> bool {
        let (x, y) = (of.x + of.width / 2.0, of.y + of.height / 2.0);
        self.page == of.page
            && (self.x..self.x + self.width).contains(&x)
            && (self.y..self.y + self.height).contains(&y)
    }

    /// As a form writes it: page, left, top, width, height.
    pub fn words(&self) -> String {
        let Region { page, x, y, width, height } = self;
        format!("{page} {x:.0} {y:.0} {width:.0} {height:.0}")
    }

    /// `None` when it is not five numbers, or not a place on a page.
    pub fn parse(words: &str) -> Option<Self> {
        let numbers: Vec<f32> = words.split_whitespace().map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let &[page, x, y, width, height] = numbers.as_slice() else { return None };
        let fits = (1.0..=2000.0).contains(&page)
            && [x, y].iter().all(|at| (0.0..20_000.0).contains(at))
            && [width, height].iter().all(|size| (1.0..20_000.0).contains(size));
        fits.then_some(Self { page: page as u32, x, y, width, height })
    }
}

/// Where an answer key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum KeySource {
    /// This place of the marking scheme, where the answer starts.
    Scheme(Region),
    /// This place of the paper itself, which has the answers in it.
    Paper(Region),
    /// A person corrected it.
    Person,
    /// The same calculation as another question's, with other numbers.
    WorkedOut,
    /// It was brought over from the earlier system, which did not keep where it had it from.
    Earlier,
}

/// What a right answer is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// Ids of the right options for the choice kinds (`true` or `false` for true/false); else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// As a marking scheme prints it: points separated by `; `, forms of one point by ` / ` or ` // `,
    /// `any 2: heat; light; sound`, `12.5 cm (± 0.1)`. Shown to the pupil, and what open kinds are marked by.
    pub text: String,
    pub source: KeySource,
}

impl Key {
    /// Whether it says something in a sentence, which has no one wording: a point of five words or more without a number.
    /// Names in capitals, equations and lists within commas are none.
    pub fn is_sentence(&self) -> bool {
        // Most keys are short.
        let spaces = self.text.bytes().filter(|byte| *byte == b' ').count();
        // Most keys of several words have one form for each point.
        let forms = |point: &str| match point.contains('/') {
            true => point.split(" / ").any(is_sentence),
            false => is_sentence(point),
        };
        // `speeds up a reaction (1) without being used up itself (1)`
        let marked = |point: &str| MARKS.iter().any(|marks| point.contains(marks));
        let between = |point: &str| MARKS.iter().any(|marks| point.split(marks).any(forms));
        let is = |point: &str| forms(point) || marked(point) && between(point);
        spaces >= SENTENCE - 1 && self.text.split([';', '\n']).any(is)
    }
}

/// Marks that schemes print behind points, which end them.
const MARKS: [&str; 6] = ["(1)", "(2)", "[1]", "[2]", "(1 mark)", "[1 mark]"];

/// So many words make a sentence.
const SENTENCE: usize = 5;

fn is_sentence(point: &str) -> bool {
    // `(not weight)`, `(accept stigma)`
    let said = point.split(['(', '[']).next().unwrap_or_default();
    let spaces = said.bytes().filter(u8::is_ascii_whitespace).count();
    let is_value = || said.contains(|c: char| c.is_numeric() || "=<>≤≥→⇌√+×:".contains(c));
    if said.is_ascii() && spaces < SENTENCE - 1 || is_value() {
        return false;
    }
    let words = || said.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
    let parts = || said.split(',');
    let is_list = || parts().count() > 2 && parts().all(|part| part.split_whitespace().count() < SENTENCE - 1);
    let small = |word: &&str| word.starts_with(char::is_lowercase) && word.chars().count() > 3;
    words().count() >= SENTENCE && !is_list() && words().skip(1).filter(small).count() > 1
}

/// Names of a picture's parts in the order of the parts, without these: `stigma; style` of `B style; A: stigma`.
pub fn names_of_parts(text: &str, parts: &[Choice]) -> String {
    let name = |part: &Choice| {
        text.split([';', '\n']).find_map(|point| {
            let rest = point.trim().trim_start_matches('(').strip_prefix(part.label.as_str())?;
            let divided = rest.starts_with([' ', ':', '.', ')', '-', '–', '=', '→']);
            let name = rest.trim_start_matches([' ', ':', '.', ')', '-', '–', '=', '→']);
            (divided && !name.is_empty()).then(|| name.to_owned())
        })
    };
    let names: Option<Vec<String>> = parts.iter().map(name).collect();
    names.filter(|names| !names.is_empty()).map_or_else(|| text.to_owned(), |names| names.join("; "))
}

/// What a question was made from that no paper asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum MadeFrom {
    /// A sentence of notes, of a syllabus or of a textbook, on this 1-based page; empty where it would tell the answer.
    Notes { sentence: String, page: u32 },
    /// Another question, with other numbers: its path and its paper.
    Question { path: String, paper: String },
    /// The earlier system, which did not keep whether or where a paper asks it.
    Earlier,
}

impl MadeFrom {
    /// For a person who meets the question.
    pub fn words(&self) -> String {
        match self {
            Self::Notes { sentence, page } if sentence.is_empty() => format!("Made from notes, page {page}."),
            Self::Notes { sentence, page } => format!("Made from notes, page {page}: “{sentence}”"),
            Self::Question { path, paper } => format!("Made from question {path} of {paper}, with other numbers."),
            Self::Earlier => "From the earlier system.".to_owned(),
        }
    }
}

/// How a question came into a quiz that is not a whole paper; only a quiz's own copy of it says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    pub document: Uuid,
    pub paper: String,
    /// The question's path in that paper; in the quiz it may have another.
    pub path: String,
    /// Why it was chosen, for the pupil; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Whether its marks were set for the quiz, so that they stay when those of the paper are corrected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_marks: bool,
}

/// One item of a paper, with its parts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Nil until it is stored.
    #[serde(default, skip_serializing_if = "Uuid::is_nil")]
    pub id: Uuid,
    /// Labels from the outermost in, lower case, joined by dots: `2.b.i`; a label that stands twice under one
    /// parent is followed by `#2`; the section's label stands first only where numbers start again in it.
    pub path: String,
    /// As printed: `(i)`, `12.`.
    pub label: String,
    pub kind: Kind,
    /// The stem; a group's text is shared by its parts.
    pub text: String,
    /// How the stem is shown.
    #[serde(default, skip_serializing_if = "Shown::is_plain")]
    pub shown: Shown,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Exactly so many options, blanks or list items are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<u32>,
    /// As printed for this item itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Where it stands, in reading order; the crop that a pupil may look at.
    pub regions: Vec<Region>,
    /// A picture, graph or table stands in its regions, so the crop is needed to answer.
    #[serde(default)]
    pub figure: bool,
    /// 0 to 1: how sure the reader is of this item.
    pub confidence: f32,
    /// Why it is not surer, in words for the person who reviews it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// A person has looked at it and holds it for right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approved: bool,
    /// The topic of the syllabus, once somebody or something has said which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    /// The section's label, for the outermost items of a paper with sections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<MadeFrom>,
    /// For the outermost items of a quiz.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// The school has taken it out since it was asked, so it is not marked; only a quiz's own copy of it says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_out: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Question>,
}

/// A place in a document to go to: where an item begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// As `Question::path`.
    pub path: String,
    /// It is no part of another.
    pub outermost: bool,
    /// Where it begins.
    pub region: Region,
}

/// Below this confidence the reader asks for a person's look.
pub const SURE: f32 = 0.8;

impl Question {
    /// A person should look at it: the reader is not sure, or nothing tells what a right answer is.
    pub fn needs_look(&self) -> bool {
        let unsure = if self.kind == Kind::Group { !self.doubts.is_empty() } else { self.key.is_none() };
        !self.approved && (unsure || self.confidence < SURE)
    }

    /// The kind by which it is marked: what is to be a word or a few, and has a sentence for its key, is a longer text.
    pub fn marked_as(&self) -> Kind {
        let is_sentence = || self.key.as_ref().is_some_and(Key::is_sentence);
        if self.kind == Kind::Short && is_sentence() { Kind::Long } else { self.kind }
    }

    /// The marks that it is out of: 1 where none are set.
    pub fn out_of(&self) -> f64 {
        self.set_marks().unwrap_or(1.0)
    }

    /// Its marks, where they are any.
    pub fn set_marks(&self) -> Option<f64> {
        self.marks.filter(|marks| *marks > 0.0)
    }

    /// Whether marks are printed for it or within it.
    pub fn has_marks(&self) -> bool {
        self.marks.is_some() || self.parts.iter().any(Question::has_marks)
    }

    /// Adds a reason to look at it.
    pub fn doubt(&mut self, reason: impl Into<String>) {
        self.doubts.push(reason.into());
        self.confidence = self.confidence.min(0.6);
    }

    /// This item and all of its parts to any depth, in the paper's order.
    pub fn items(&self) -> Vec<&Question> {
        std::iter::once(self).chain(self.parts.iter().flat_map(Question::items)).collect()
    }

    /// The items that are answered: this one, or those of its parts to any depth.
    pub fn leaves(&self) -> Vec<&Question> {
        if self.parts.is_empty() { vec![self] } else { self.parts.iter().flat_map(Question::leaves).collect() }
    }

    /// Like [`Self::leaves`], each with the texts of what it is a part of, the outermost first.
    pub fn leaves_with_stems(&self) -> Vec<(Vec<&str>, &Question)> {
        if self.parts.is_empty() {
            return vec![(vec![], self)];
        }
        let mut leaves: Vec<_> = self.parts.iter().flat_map(Question::leaves_with_stems).collect();
        leaves.iter_mut().for_each(|(stems, _)| stems.insert(0, &self.text));
        leaves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_kind_is_that_of_its_json() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
    }

    #[test]
    fn a_source_of_which_only_the_page_was_kept_is_still_read() {
        let source: KeySource = serde_json::from_str(r#"{"from":"scheme","page":3}"#).unwrap();
        assert_eq!(source, KeySource::Scheme(Region { page: 3, ..Region::default() }));
        let place = KeySource::Paper(Region { page: 2, x: 50.5, y: 80.0, width: 400.0, height: 24.25 });
        assert_eq!(serde_json::from_str::<KeySource>(&serde_json::to_string(&place).unwrap()).unwrap(), place);
        let person = serde_json::to_string(&KeySource::Person).unwrap();
        assert_eq!(
            (person.as_str(), serde_json::from_str(&person).unwrap()),
            (r#"{"from":"person"}"#, KeySource::Person)
        );
    }

    #[test]
    fn a_sentence_is_no_short_answer() {
        for (text, is) in [
            ("metal is a better conductor of heat", true),
            ("heat; light travels faster than sound", true),
            ("move the fulcrum towards the load", true),
            ("it is faster (1) and is not used up itself (1)", true),
            ("it protects the brain", false),
            ("United States of America", false),
            ("Democratic Republic of the Congo", false),
            ("red, orange, yellow, green, blue, indigo, violet", false),
            ("the pupil pays 500 francs for it", false),
            ("sodium + chlorine → sodium chloride is formed", false),
            ("mass (not weight or any other force)", false),
        ] {
            let key = Some(Key { options: vec![], text: text.into(), source: KeySource::Person });
            let question = Question { kind: Kind::Short, key, ..Question::default() };
            assert_eq!(question.marked_as() == Kind::Long, is, "{text}");
            assert_eq!(Question { kind: Kind::Cloze, ..question }.marked_as(), Kind::Cloze);
        }
    }

    #[test]
    fn a_leaf_comes_with_the_stems_above_it() {
        let item = |text: &str, parts| Question { text: text.into(), parts, ..Question::default() };
        let inner = item("b", vec![item("i", vec![]), item("ii", vec![])]);
        let question = item("1", vec![item("a", vec![]), inner]);
        let all: Vec<String> = question
            .leaves_with_stems()
            .iter()
            .map(|(stems, leaf)| format!("{} {}", stems.join(" "), leaf.text))
            .collect();
        assert_eq!(all, ["1 a", "1 b i", "1 b ii"]);
        assert_eq!(item("2", vec![]).leaves_with_stems()[0].0.len(), 0);
    }

    #[test]
    fn what_has_no_marks_is_out_of_one() {
        let out_of = |marks| Question { marks, ..Question::default() }.out_of();
        assert_eq!([None, Some(0.0), Some(2.5)].map(out_of), [1.0, 1.0, 2.5]);
    }

    #[test]
    fn names_stand_in_the_order_of_their_parts() {
        let parts: Vec<Choice> = (0..2).map(Choice::nth).collect();
        assert_eq!(names_of_parts("B style; A: stigma / top", &parts), "stigma / top; style");
        assert_eq!(names_of_parts("(A) stigma; (B) style", &parts), "stigma; style");
        assert_eq!(names_of_parts("stigma; style", &parts), "stigma; style", "they are in order already");
        assert_eq!(names_of_parts("A stigma; Bstyle", &parts), "A stigma; Bstyle", "not every part is named");
    }

    #[test]
    fn boxes_of_one_page_are_joined() {
        let region = |page, y, height| Region { page, x: 50.0, y, width: 400.0, height };
        assert_eq!(region(1, 80.0, 20.0).with(region(1, 100.0, 30.0)), region(1, 80.0, 50.0));
        assert_eq!(region(1, 80.0, 20.0).with(region(2, 100.0, 30.0)), region(1, 80.0, 20.0));
    }
}
