//! IMS QTI 2: items with interactions, as many programs export them.

use std::collections::{HashMap, HashSet};

use exam_model::question::{Kind, Question};

use crate::answers::{self, BLANK, Blank, Number};
use crate::xml::{self, Element, Shown};
use crate::{Imported, Warning, choice_key, key, letters, options, qti1, question, truth_key};

/// A test has the title, and what stands around its items.
pub fn tell_of_test(test: &Element, path: &str, imported: &mut Imported) {
    let title = test.attribute("title").trim();
    imported.title = (!title.is_empty()).then(|| title.to_owned());
    let mut tell = |reason: &str| imported.warnings.push(Warning::new(path, reason));
    let all = test.all();
    if all.iter().any(|element| element.name == "rubricBlock" && !element.text().trim().is_empty()) {
        tell("text that stands beside its questions is left out");
    }
    if all.iter().any(|element| element.name == "selection") {
        tell(qti1::BY_CHANCE);
    }
}

/// What an item is worth, where it says so.
fn marks(item: &Element) -> Option<f64> {
    let outcome = |name| item.named("outcomeDeclaration").find(move |outcome| outcome.attribute("identifier") == name);
    let most =
        outcome("SCORE").map(|score| score.attribute("normalMaximum").to_owned()).filter(|most| !most.is_empty());
    let most = most.or_else(|| Some(outcome("MAXSCORE")?.first("defaultValue")?.text()))?;
    most.trim().parse().ok().filter(|marks: &f64| marks.is_finite() && *marks > 0.0)
}

/// What an item declares of one response.
#[derive(Default)]
struct Declared {
    several: bool,
    is_number: bool,
    /// What is right, or else what earns something.
    right: Vec<String>,
    /// What earns the most.
    forms: Vec<String>,
    /// What earns less, as a percentage of it.
    less: Vec<(f64, String)>,
}

fn declared(item: &Element) -> HashMap<&str, Declared> {
    let mut all = HashMap::new();
    for element in item.named("responseDeclaration") {
        let values = element.first("correctResponse").into_iter().flat_map(|correct| correct.named("value"));
        let mut right: Vec<String> = values.map(|value| value.text().trim().to_owned()).collect();
        let entries = element.first("mapping").into_iter().flat_map(|mapping| mapping.named("mapEntry"));
        let entries: Vec<(String, f64)> = entries
            .map(|entry| (entry.attribute("mapKey").to_owned(), entry.attribute("mappedValue").parse().unwrap_or(0.0)))
            .collect();
        let most = entries.iter().map(|(_, worth)| *worth).fold(0.0, f64::max);
        let (full, less): (Vec<_>, Vec<_>) =
            entries.into_iter().filter(|(_, worth)| *worth > 0.0).partition(|(_, worth)| *worth >= most);
        let mut forms: Vec<String> = full.into_iter().map(|(form, _)| form).collect();
        let less = less.into_iter().map(|(form, worth)| (100.0 * worth / most, form)).collect();
        if forms.is_empty() {
            forms.clone_from(&right);
        }
        if right.is_empty() {
            right.clone_from(&forms);
        }
        let is_number = matches!(element.attribute("baseType"), "float" | "integer");
        let several = element.attribute("cardinality") != "single";
        all.insert(element.attribute("identifier"), Declared { several, is_number, right, forms, less });
    }
    all
}

/// What stands in an item's body beside its text.
#[derive(Default)]
struct Body<'a> {
    interactions: Vec<&'a Element>,
    rubric: String,
    /// The only thing of its paragraph.
    alone: bool,
}

/// Reads an item.
pub fn add(item: &Element, imported: &mut Imported) {
    let number = imported.questions.len() + 1;
    let mut body = Body::default();
    let text = item.first("itemBody").map(|element| {
        for element in element.all() {
            match element.name.as_str() {
                "rubricBlock" if element.attribute("view").contains("scorer") => body.rubric = xml::shown(element),
                name if name.ends_with("Interaction") => body.interactions.push(element),
                "p" | "div" => body.alone |= holds_only_an_entry(element),
                _ => {}
            }
        }
        shown(element)
    });
    let mut read = question(item.attribute("title"), number, &text.unwrap_or_default());
    let mut told = losses(item, &body);
    read.marks = marks(item);
    if !ask(&mut read, item, &body, &mut told) {
        let way = body.interactions.first().map_or("", |interaction| foreign(&interaction.name));
        read.doubt(format!("it asks for {way}, which cannot be given here; it is taken for an essay"));
        read.kind = Kind::Long;
    }
    // Of choices, pairs and orders the rubric may name other labels than they have here.
    let is_open =
        matches!(read.kind, Kind::Numeric | Kind::Short | Kind::List | Kind::Cloze | Kind::Long | Kind::Group);
    if is_open || read.key.is_none() {
        read.key = key(body.rubric).or(read.key);
    }
    imported.add(read, told);
}

/// What of an item has no place here.
fn losses(item: &Element, body: &Body<'_>) -> Vec<String> {
    let all = item.all();
    let has = |is: &dyn Fn(&Element) -> bool| all.iter().any(|element| is(element));
    let mut told = Vec::new();
    if has(&|element| matches!(element.name.as_str(), "img" | "object" | "math" | "audio" | "video")) {
        told.push("its pictures and formulas are left out; what describes them is kept".into());
    }
    if has(&|element| is_feedback(element) && !element.text().trim().is_empty()) {
        told.push("its feedback is left out".into());
    }
    if body.interactions.is_empty() && item.first("responseDeclaration").is_some() {
        told.push("it has no place for an answer that is known here, and is kept as text that asks nothing".into());
    }
    if has(&|element| element.name == "assessmentStimulusRef") {
        told.push("a text in another file that it is about is left out".into());
    }
    if has(&|element| element.name == "templateDeclaration") {
        told.push("that its text and numbers differ from pupil to pupil is left out".into());
    }
    let is_entry =
        |element: &&&Element| matches!(element.name.as_str(), "textEntryInteraction" | "inlineChoiceInteraction");
    if body.interactions.len() > 1 && body.interactions.iter().filter(is_entry).count() < body.interactions.len() {
        told.push("it asks for several things, of which only the first is taken over".into());
    }
    told
}

/// What is shown once an answer is given; its outcome has no place here.
fn is_feedback(element: &Element) -> bool {
    matches!(element.name.as_str(), "feedbackInline" | "feedbackBlock" | "modalFeedback")
}

/// What an element shows to a pupil who has not answered yet.
fn shown(element: &Element) -> String {
    let mut shown = Shown::default();
    // What is left out of a text may be asked for by itself.
    shown.element(element, &mut |inner, shown| !std::ptr::eq(inner, element) && without_answers(inner, shown));
    shown.finish()
}

/// What an interaction that there is not here asks for.
fn foreign(interaction: &str) -> &'static str {
    match interaction {
        "drawingInteraction" => "a drawing",
        "uploadInteraction" => "a file",
        "mediaInteraction" => "a film or a sound to be played",
        "positionObjectInteraction" | "hotspotInteraction" | "selectPointInteraction" => "a place in a picture",
        "graphicOrderInteraction" | "graphicAssociateInteraction" | "graphicGapMatchInteraction" => {
            "places in a picture"
        }
        _ => "something that another program provides",
    }
}

fn holds_only_an_entry(paragraph: &Element) -> bool {
    let mut inner = paragraph.elements();
    inner.next().is_some_and(|first| first.name == "textEntryInteraction")
        && inner.next().is_none()
        && paragraph.text().trim().is_empty()
}

/// Leaves out of a text what is there to be answered; blanks stay where they stand.
fn without_answers(element: &Element, shown: &mut Shown) -> bool {
    match element.name.as_str() {
        // Shown to all who are named, and to all where nobody is.
        "rubricBlock" => !matches!(element.attribute("view"), "") && !element.attribute("view").contains("candidate"),
        "p" | "div" => holds_only_an_entry(element),
        "textEntryInteraction" | "inlineChoiceInteraction" => {
            shown.exact(BLANK);
            true
        }
        "gap" => {
            shown.exact(BLANK);
            true
        }
        "gapText" | "gapImg" => true,
        // Their texts stand around what is to be answered.
        "gapMatchInteraction" | "hottextInteraction" => false,
        _ if is_feedback(element) => true,
        name if name.ends_with("Interaction") => {
            if let Some(prompt) = element.first("prompt") {
                shown.element(prompt, &mut without_answers);
            }
            true
        }
        _ => false,
    }
}

/// An interaction, with what it declares and what can be chosen in it.
struct Asking<'a> {
    interaction: &'a Element,
    response: &'a Declared,
    choices: Vec<&'a Element>,
    /// The choices by their names.
    places: HashMap<&'a str, usize>,
}

impl<'a> Asking<'a> {
    fn of(interaction: &'a Element, response: &'a Declared) -> Self {
        let is_choice =
            |inner: &&Element| inner.name.ends_with("Choice") || matches!(inner.name.as_str(), "gapText" | "hottext");
        let choices: Vec<&Element> = interaction.all().into_iter().filter(is_choice).collect();
        let places = choices.iter().enumerate().map(|(n, choice)| (choice.attribute("identifier"), n)).collect();
        Self { interaction, response, choices, places }
    }

    fn texts(&self) -> Vec<String> {
        self.choices.iter().map(|choice| shown(choice)).collect()
    }

    fn text_of(&self, id: &str) -> Option<String> {
        self.places.get(id.trim()).map(|place| shown(self.choices[*place]))
    }

    /// What is right, by its text where it can be chosen; what earns less is told.
    fn forms(&self, told: &mut Vec<String>) -> Vec<String> {
        let named = |form: &String| self.text_of(form).unwrap_or_else(|| form.clone());
        answers::full(self.response.less.iter().map(|(percent, form)| (*percent, named(form))), told);
        self.response.forms.iter().map(named).collect()
    }

    fn choice(&self, read: &mut Question, told: &mut Vec<String>) {
        let several = self.response.several;
        read.kind = if several { Kind::Multiple } else { Kind::Single };
        read.options = options(letters(), self.texts());
        if !several {
            self.forms(told);
        }
        let known = if several { &self.response.right } else { &self.response.forms };
        let mut right = vec![false; self.choices.len()];
        known.iter().filter_map(|id| self.places.get(id.as_str())).for_each(|place| right[*place] = true);
        read.key = choice_key(&read.options, &right);
        let [least, most] =
            ["minChoices", "maxChoices"].map(|name| self.interaction.attribute(name).parse::<u32>().ok());
        read.choose = most.filter(|most| several && *most > 0 && least == Some(*most));
    }

    fn order(&self, read: &mut Question) {
        read.kind = Kind::Order;
        read.options = options(letters(), self.texts());
        let label = |id: &String| self.places.get(id.as_str()).map(|n| read.options[*n].label.clone());
        let labels: Vec<String> = self.response.right.iter().filter_map(label).collect();
        read.key = key(labels.join("; "));
    }

    fn pairs(&self, read: &mut Question, told: &mut Vec<String>) {
        read.kind = Kind::Match;
        let sides = || self.response.right.iter().filter_map(|pair| pair.split_once(' '));
        let used: HashSet<&str> = sides().flat_map(|(left, right)| [left, right.trim()]).collect();
        let pairs: Vec<(String, String)> =
            sides().filter_map(|(left, right)| Some((self.text_of(left)?, self.text_of(right)?))).collect();
        if pairs.is_empty() {
            read.text.extend(self.texts().into_iter().map(|text| format!("\n{text}")));
        } else if self.places.keys().any(|id| !used.contains(id)) {
            told.push(answers::UNMATCHED.into());
        }
        read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
    }

    fn gaps(&self, read: &mut Question) {
        let mut words: HashMap<&str, Vec<String>> = HashMap::new();
        for (word, gap) in self.response.right.iter().filter_map(|pair| pair.split_once(' ')) {
            words.entry(gap.trim()).or_default().extend(self.text_of(word));
        }
        let gaps = self.interaction.all().into_iter().filter(|inner| inner.name == "gap");
        let forms = gaps.map(|gap| words.remove(gap.attribute("identifier")).unwrap_or_default());
        let mut blanks: Vec<Blank> = forms.map(|forms| Blank { forms, words: Vec::new() }).collect();
        blanks.iter_mut().take(1).for_each(|blank| blank.words = self.texts());
        answers::fill(read, blanks);
    }
}

/// Sets kind, options and key by the first interaction; `false` for one that there is not here.
fn ask(read: &mut Question, item: &Element, body: &Body<'_>, told: &mut Vec<String>) -> bool {
    let declared = declared(item);
    let none = Declared::default();
    let of = |interaction: &Element| declared.get(interaction.attribute("responseIdentifier")).unwrap_or(&none);
    let Some(interaction) = body.interactions.first() else {
        read.kind = Kind::Group;
        return true;
    };
    let asking = Asking::of(interaction, of(interaction));
    let response = asking.response;
    match interaction.name.as_str() {
        "choiceInteraction" if asking.choices.iter().map(|c| c.attribute("identifier")).eq(["true", "false"]) => {
            read.kind = Kind::TrueFalse;
            read.key = response.right.first().and_then(|right| truth_key(right == "true"));
        }
        "choiceInteraction" | "hottextInteraction" => asking.choice(read, told),
        "orderInteraction" => asking.order(read),
        "matchInteraction" | "associateInteraction" => asking.pairs(read, told),
        "gapMatchInteraction" => asking.gaps(read),
        "extendedTextInteraction" => {
            read.kind = if response.several { Kind::List } else { Kind::Long };
            read.choose = interaction.attribute("maxStrings").parse().ok().filter(|n| response.several && *n > 0);
            read.key = key(answers::key_of_forms(&asking.forms(told)));
        }
        "textEntryInteraction" if body.interactions.len() > 1 || !body.alone => fill(read, body, &of, told),
        "inlineChoiceInteraction" => fill(read, body, &of, told),
        "textEntryInteraction" if !response.is_number => {
            read.kind = Kind::Short;
            read.key = key(answers::key_of_forms(&asking.forms(told)));
        }
        "textEntryInteraction" | "sliderInteraction" => {
            read.kind = Kind::Numeric;
            read.key = key(numbers(item, response));
        }
        _ => return false,
    }
    true
}

fn fill<'a>(read: &mut Question, body: &Body<'a>, of: &dyn Fn(&Element) -> &'a Declared, told: &mut Vec<String>) {
    let blank = |interaction: &&'a Element| {
        let asking = Asking::of(interaction, of(interaction));
        Blank { forms: asking.forms(told), words: asking.texts() }
    };
    let blanks = body.interactions.iter().map(blank).collect();
    answers::fill(read, blanks);
}

/// The numbers that are right, each with its own tolerance.
fn numbers(item: &Element, response: &Declared) -> String {
    let equals: Vec<&Element> = item.all().into_iter().filter(|element| element.name == "equal").collect();
    let compared = |equal: &&Element| {
        let own = equal.first("baseValue").map(|value| answers::digits(&value.text()));
        let value = own.unwrap_or_else(|| answers::digits(response.right.first()?))?;
        let mut by = equal.attribute("tolerance").split_whitespace().map(str::to_owned);
        let below = by.next().filter(|_| equal.attribute("toleranceMode") != "exact");
        let Some(below) = below else { return answers::between(&value, &value) };
        let above = by.next().unwrap_or_else(|| below.clone());
        answers::around(&value, &below, &above, equal.attribute("toleranceMode") == "relative")
    };
    let mut numbers: Vec<Number> = equals.iter().filter_map(compared).collect();
    if numbers.is_empty() {
        let exact = |value: &String| answers::digits(value).and_then(|value| answers::between(&value, &value));
        numbers = response.right.iter().filter_map(exact).collect();
    }
    numbers.iter().map(Number::shown).collect::<Vec<_>>().join(" / ")
}
