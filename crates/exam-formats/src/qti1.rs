//! IMS QTI 1.2: `questestinterop` with items in sections and banks, as Canvas, Blackboard and others export them.

use exam_model::question::{Kind, Question};

use crate::answers::{self, Blank, Number};
use crate::markup::Markup;
use crate::xml::Element;
use crate::{Imported, Warning, choice_key, key, letters, options, question, truth_key};

use conditions::{Bounds, Scored};
use presentation::{Presented, Response};

mod conditions;
mod presentation;

/// Reads all items of a document.
pub fn add(root: &Element, imported: &mut Imported) {
    let all = root.all();
    let titled = all.iter().find(|element| matches!(element.name.as_str(), "assessment" | "section"));
    let title = titled.map(|element| element.attribute("title").trim().to_owned()).filter(|title| !title.is_empty());
    let title = title.or_else(|| field(root, &["bank_title"]));
    let items: Vec<&Element> = all.iter().filter(|element| element.name == "item").copied().collect();
    let before = imported.questions.len();
    for item in &items {
        add_item(item, imported);
    }
    let place = title.clone().unwrap_or_else(|| "the file".to_owned());
    imported.title = imported.title.take().or(title);
    tell_of_sections(root, &place, imported);
    if let Some(program) = program(root) {
        let read = imported.questions.len() - before;
        let reason = format!("it is an export of {program}, and {read} of its {} items are read", items.len());
        imported.warnings.push(Warning::new(place, reason));
    }
}

/// Which program wrote the document, where it shows.
fn program(root: &Element) -> Option<&'static str> {
    let all = root.all();
    if all.iter().any(|element| element.name.starts_with("bbmd_")) {
        return Some("Blackboard");
    }
    if all.iter().any(|element| element.name == "qti_metadatafield") {
        return Some("Brightspace");
    }
    let is_canvas = |element: &&Element| element.name == "fieldentry" && element.text().trim().ends_with("_question");
    all.iter().any(is_canvas).then_some("Canvas")
}

/// The value of the first of these fields of the metadata: of an element of that name, or of a labelled field.
fn field(element: &Element, names: &[&str]) -> Option<String> {
    let value = |inner: &Element| {
        if names.contains(&inner.name.as_str()) {
            return Some(inner.text());
        }
        let label = inner.first("fieldlabel")?.text();
        names.contains(&label.trim()).then(|| inner.first("fieldentry").map(Element::text)).flatten()
    };
    let value = element.all().into_iter().find_map(value)?.trim().to_owned();
    Some(value).filter(|value| !value.is_empty())
}

/// What is told of a group of which not all questions are asked.
pub const BY_CHANCE: &str = "that only some questions of a group are drawn by chance is left out";

/// What stands between items and asks nothing, and what a section does with them.
fn tell_of_sections(root: &Element, place: &str, imported: &mut Imported) {
    let mut tell = |reason: String| imported.warnings.push(Warning::new(place, reason));
    let mut seen = 0;
    let mut stack = vec![root];
    while let Some(element) = stack.pop() {
        match element.name.as_str() {
            "item" => continue,
            "presentation_material" | "rubric" | "objectives" => {
                let text = presentation::text(element);
                if !text.is_empty() {
                    tell(format!("text that stands beside its questions is left out: “{}”", excerpt(&text)));
                }
            }
            "sourcebank_ref" => tell("questions that it takes from a bank in another file are left out".into()),
            "selection_number" => seen += 1,
            _ => {}
        }
        stack.extend(element.elements());
    }
    if seen > 0 {
        tell(BY_CHANCE.into());
    }
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 { line } else { line.chars().take(60).chain(['…']).collect() }
}

/// What the program that wrote an item calls its kind.
fn kind_of(item: &Element) -> String {
    let kind = field(item, &["question_type", "bbmd_questiontype", "cc_profile", "qmd_questiontype", "qmd_itemtype"])
        .unwrap_or_default();
    let kind = kind.to_lowercase().replace(['_', '.', '-'], " ");
    let kind = kind.trim_start_matches("cc ").trim_end_matches(" v0p1");
    kind.strip_suffix(" question").unwrap_or(kind).to_owned()
}

/// Kinds that ask for what cannot be given here.
const FOREIGN: [&str; 7] =
    ["file upload", "calculated", "arithmetic", "hot spot", "opinion scale", "likert", "quiz bowl"];

/// Elements of an item, and places for an answer in it: a hundred times what long ones have.
const MOST_ELEMENTS: usize = 20_000;
const MOST_PLACES: usize = 200;

fn add_item(item: &Element, imported: &mut Imported) {
    let number = imported.questions.len() + 1;
    if item.all().len() > MOST_ELEMENTS || presentation::places(item) > MOST_PLACES {
        imported.leave_out(format!("item {number}"), "it is longer than any question");
        return;
    }
    let title = Some(item.attribute("title")).filter(|title| !title.trim().eq_ignore_ascii_case("question"));
    let presented = Presented::of(item);
    let mut read = question(title.unwrap_or_default(), number, &presented.text);
    let kind = kind_of(item);
    let is_foreign = FOREIGN.contains(&kind.as_str());
    let mut told = Vec::new();
    if is_foreign || !ask(&mut read, item, &presented, &kind, &mut told) {
        let kind = if is_foreign { format!("“{kind}”") } else { "of this kind".to_owned() };
        let reason = format!("a question {kind} cannot be asked here: {}", excerpt(&presented.text));
        imported.leave_out(title.filter(|title| !title.is_empty()).unwrap_or(&read.path), reason);
        return;
    }
    read.marks = marks(item, &kind).filter(|_| read.kind != Kind::Group);
    if read.kind == Kind::Group {
        told.push("it asks nothing, and is kept as text".into());
    }
    if has_feedback(item) {
        told.push("its feedback is left out".into());
    }
    if has_pictures(item) {
        told.push("its pictures, sounds and films are left out; what describes them is kept".into());
    }
    imported.add(read, told);
}

/// As printed for the item: Canvas counts every item to 100 and says beside it what that is worth.
fn marks(item: &Element, kind: &str) -> Option<f64> {
    let stated = field(item, &["points_possible", "qmd_absolutescore_max", "cc_weighting"]);
    // Blackboard writes this one too, and means something else.
    let stated = stated.or_else(|| field(item, &["qmd_weighting"]));
    let outcomes = || {
        let all = item.all();
        let most = all.iter().find(|element| element.name == "decvar" && !element.attribute("maxvalue").is_empty());
        most.map(|outcome| outcome.attribute("maxvalue").to_owned()).filter(|_| kind.is_empty())
    };
    let marks = stated.or_else(outcomes)?.parse::<f64>().ok()?;
    Some(marks).filter(|marks| marks.is_finite() && *marks > 0.0)
}

fn has_feedback(item: &Element) -> bool {
    let is_solution = |feedback: &Element| feedback.attribute("ident") == "solution";
    item.named("itemfeedback").any(|feedback| !is_solution(feedback) && !presentation::text(feedback).is_empty())
}

fn has_pictures(item: &Element) -> bool {
    item.all().iter().any(|element| match element.name.as_str() {
        "matimage" | "mataudio" | "matvideo" | "matapplet" | "matapplication" => true,
        "mattext" | "mat_formattedtext" => Markup::Html.has_picture(&element.text()),
        _ => false,
    })
}

/// Sets kind, options and key; `false` for what cannot be asked here.
fn ask(read: &mut Question, item: &Element, presented: &Presented, kind: &str, told: &mut Vec<String>) -> bool {
    let scored = Scored::of(item);
    let responses = &presented.responses;
    match &responses[..] {
        [] => read.kind = Kind::Group,
        _ if responses.iter().any(|response| response.is_place) => return false,
        [one] if one.is_choice() && presented.names.is_empty() => choice(read, one, &scored, told),
        [one] if !one.is_choice() && presented.blanks == 0 && presented.names.is_empty() => {
            entry(read, one, item, &scored, kind, told);
        }
        _ if responses.iter().all(Response::is_choice) && presented.names.is_empty() && presented.blanks == 0 => {
            match responses.iter().any(|response| response.cardinality == "multiple") {
                true => headings(read, presented, &scored),
                false => pairs(read, presented, &scored, told),
            }
        }
        _ => blanks(read, presented, &scored, kind, told),
    }
    true
}

fn choice(read: &mut Question, response: &Response, scored: &Scored, told: &mut Vec<String>) {
    let texts = || response.labels.iter().map(|(_, text)| text.clone());
    let place = |ident: &String| response.labels.iter().position(|(known, _)| known == ident);
    let values: Vec<(f64, usize)> =
        scored.values(response.ident).iter().filter_map(|(percent, ident)| Some((*percent, place(ident)?))).collect();
    if response.cardinality == "ordered" {
        read.kind = Kind::Order;
        read.options = options(letters(), texts());
        let order: Vec<String> = values.iter().map(|(_, place)| read.options[*place].label.clone()).collect();
        read.key = key(order.join("; ")).filter(|_| order.len() == read.options.len());
        return;
    }
    let several = response.cardinality == "multiple";
    if !several {
        answers::full(values.iter().map(|(percent, place)| (*percent, response.labels[*place].1.clone())), told);
    }
    let is_right = |n: usize| values.iter().any(|(percent, place)| *place == n && (several || *percent > 99.99));
    let right: Vec<bool> = (0..response.labels.len()).map(is_right).collect();
    let truths: Vec<Option<bool>> = texts().map(|text| truth(&text)).collect();
    if let ([Some(one), Some(other)], false) = (&truths[..], several)
        && one != other
    {
        read.kind = Kind::TrueFalse;
        read.key = right.iter().position(|right| *right).and_then(|place| truth_key(truths[place]?));
        return;
    }
    read.kind = if several { Kind::Multiple } else { Kind::Single };
    read.options = options(letters(), texts());
    read.key = choice_key(&read.options, &right);
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "t" => Some(true),
        "false" | "f" => Some(false),
        _ => None,
    }
}

/// A place to write in: a number, some words, or an essay.
fn entry(
    read: &mut Question,
    response: &Response,
    item: &Element,
    scored: &Scored,
    kind: &str,
    told: &mut Vec<String>,
) {
    if response.is_number || kind.starts_with("numeric") {
        read.kind = Kind::Numeric;
        let bounds = scored.bounds(response.ident);
        if bounds.iter().any(|(percent, _)| *percent < 99.99) {
            told.push("numbers that earn a part of the marks are left out".into());
        }
        let full = bounds.into_iter().filter(|(percent, _)| *percent > 99.99).map(|(_, bounds)| bounds);
        read.key = key(numbers(full.collect(), read).iter().map(Number::shown).collect::<Vec<_>>().join(" / "));
        return;
    }
    let forms = answers::full(scored.values(response.ident), told);
    let is_essay = forms.is_empty() && !kind.contains("blank") && !kind.contains("short answer") && kind != "fib";
    read.kind = if is_essay { Kind::Long } else { Kind::Short };
    let solution = item.named("itemfeedback").find(|feedback| feedback.attribute("ident") == "solution");
    let solution = solution.map(presentation::text).filter(|_| is_essay).unwrap_or_default();
    read.key = key(if is_essay { solution } else { answers::key_of_forms(&forms) });
    if scored.compares_case(response.ident) {
        told.push(answers::CASE.into());
    }
    if scored.compares_parts(response.ident) {
        read.doubt("it was marked by words or patterns within the answer; here the answer itself is compared");
    }
}

/// The numbers that bounds leave; a person is asked where there is only one bound.
fn numbers(bounds: Vec<Bounds>, read: &mut Question) -> Vec<Number> {
    let mut numbers = Vec::new();
    for Bounds { value, low, high } in bounds {
        let exact = |value: &String| answers::digits(value).and_then(|value| answers::between(&value, &value));
        match (value, low, high) {
            (Some(value), Some(low), Some(high)) => numbers.extend(answers::within(&value, &low, &high)),
            (None, Some(low), Some(high)) => numbers.extend(answers::between(&low, &high)),
            (Some(value), ..) => numbers.extend(exact(&value)),
            (None, Some(low), None) => read.doubt(format!("any number from {low} on is right; it has no answer key")),
            (None, None, Some(high)) => read.doubt(format!("any number up to {high} is right; it has no answer key")),
            (None, None, None) => {}
        }
    }
    numbers.dedup();
    numbers
}

fn pairs(read: &mut Question, presented: &Presented, scored: &Scored, told: &mut Vec<String>) {
    read.kind = Kind::Match;
    let right = |response: &Response| {
        let values = scored.values(response.ident);
        let place = response.labels.iter().position(|(ident, _)| values.iter().any(|(_, value)| value == ident))?;
        let own = Some(response.labels[place].1.clone()).filter(|text| !text.is_empty());
        // Blackboard names the right column once, beside the places to answer.
        own.or_else(|| presented.right_column.get(place).cloned())
    };
    let all: Vec<(String, Option<String>)> =
        presented.responses.iter().map(|response| (response.prompt.clone(), right(response))).collect();
    if all.iter().any(|(_, right)| right.is_none()) {
        read.doubt("some of its pairs have no right side, and are left out");
    }
    let pairs: Vec<(String, String)> = all.into_iter().filter_map(|(left, right)| Some((left, right?))).collect();
    let column = presented.responses.iter().flat_map(|response| response.labels.iter().map(|(_, text)| text));
    let mut column: Vec<&String> = column.chain(&presented.right_column).filter(|text| !text.is_empty()).collect();
    column.retain(|text| !pairs.iter().any(|(_, right)| right == *text));
    if !column.is_empty() {
        told.push(answers::UNMATCHED.into());
    }
    read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
}

/// Several choices from one list are things to put under headings.
fn headings(read: &mut Question, presented: &Presented, scored: &Scored) {
    read.kind = Kind::Classify;
    let mut things: Vec<String> = Vec::new();
    let mut lists = Vec::new();
    for response in &presented.responses {
        let values = scored.values(response.ident);
        let right = response.labels.iter().filter(|(ident, _)| values.iter().any(|(_, value)| value == ident));
        let right: Vec<&str> = right.map(|(_, text)| text.as_str()).collect();
        lists.push(format!("{}: {}", response.prompt, right.join(", ")));
        things.extend(response.labels.iter().map(|(_, text)| text.clone()));
    }
    things.sort();
    things.dedup();
    let headings = presented.responses.iter().map(|response| format!("{}:", response.prompt));
    read.options = options(std::iter::repeat(String::new()), things.into_iter().chain(headings));
    read.key = key(lists.join("; "));
}

fn blanks(read: &mut Question, presented: &Presented, scored: &Scored, kind: &str, told: &mut Vec<String>) {
    let is_menu = !kind.starts_with("fill in");
    let blank = |response: &Response| {
        let values = scored.values(response.ident);
        let is_right = |ident: &str| values.iter().any(|(_, value)| value == ident);
        let texts = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
            response.labels.iter().filter(|(ident, _)| wanted(ident)).map(|(_, text)| text.clone()).collect()
        };
        match response.is_choice() {
            false => Blank { forms: answers::full(values, told), words: Vec::new() },
            true if is_menu => Blank { forms: texts(&is_right), words: texts(&|_| true) },
            // Canvas names all words that are accepted, and scores the first.
            true => Blank { forms: texts(&|_| true), words: Vec::new() },
        }
    };
    let blanks = presented.in_order_of_text().into_iter().map(blank).collect();
    answers::fill(read, blanks);
}

#[cfg(test)]
mod tests;
