//! Items for formats without parts: each with the stems of its parents before its own text.

use exam_model::format;
use exam_model::question::{Choice, Kind, Question};

use crate::answers::{Asked, BLANK, asked};
use crate::{Format, Warning, clean, letters, options};

/// An item that stands alone.
pub struct Item {
    /// Without parts; its text, options and key are cleaned.
    pub question: Question,
    pub asked: Asked,
}

/// What a format can hold.
pub struct Holds {
    pub format: Format,
    /// Whether it can say what an item is worth.
    pub marks: fn(&Asked, f64) -> bool,
    /// How many options or things are asked for.
    pub choose: bool,
    /// Whether it can label options in this way; it can with A, B, C, ….
    pub numberings: fn(&[Choice]) -> bool,
    /// What it has a way to ask for; the others become free text.
    pub asks: fn(&Asked) -> bool,
}

/// The items that are answered, and what the format cannot hold of them.
pub fn items(questions: &[Question], holds: &Holds, warnings: &mut Vec<Warning>) -> Vec<Item> {
    let mut leaves = Vec::new();
    for question in questions {
        if let Some(section) = &question.section
            && leaves.last().is_none_or(|last: &Question| last.section.as_ref() != Some(section))
        {
            let reason = format!("that section {section} begins here is left out");
            warnings.push(Warning::new(&question.path, reason));
        }
        collect(question, &[], &mut leaves, warnings);
    }
    leaves.into_iter().map(|question| item(question, holds, warnings)).collect()
}

fn collect(question: &Question, stems: &[&Question], leaves: &mut Vec<Question>, warnings: &mut Vec<Warning>) {
    if !question.parts.is_empty() {
        if question.key.is_some() || !question.options.is_empty() {
            warnings.push(Warning::new(&question.path, "it has parts, so its own options and answer key are left out"));
        }
        let stems = [stems, &[question]].concat();
        return question.parts.iter().for_each(|part| collect(part, &stems, leaves, warnings));
    }
    let mut leaf = question.clone();
    if let Some(parent) = stems.last() {
        let reason = format!("it is a part of {}, whose text now stands before its own", parent.path);
        warnings.push(Warning::new(&leaf.path, reason));
    }
    let texts = stems.iter().map(|stem| &stem.text).chain([&question.text]).map(|text| clean(text));
    leaf.text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    leaf.section = stems.first().map_or(question.section.clone(), |outermost| outermost.section.clone());
    leaves.push(leaf);
}

fn item(mut question: Question, holds: &Holds, warnings: &mut Vec<Warning>) -> Item {
    let path = question.path.clone();
    let mut warn = |reason: String| warnings.push(Warning::new(path.as_str(), reason));
    let name = holds.format.name();
    question.key.iter_mut().for_each(|key| key.text = clean(&key.text));
    if question.kind == Kind::Label {
        // Each part of the picture is a blank to fill.
        let parts =
            question.options.drain(..).map(|part| format!("\n{}: {BLANK}", [part.label, part.text].join(" ").trim()));
        let parts: String = parts.collect();
        question.text = clean(&(question.text + &parts));
    }
    for (option, letter) in question.options.iter_mut().zip(letters()) {
        option.text = clean(&option.text);
        if option.text.is_empty() {
            option.text = if option.label.is_empty() { letter } else { option.label.clone() };
            warn(format!("its option {0} has no text and is called {0}", option.text));
        }
    }
    let mut asked = asked(&question);
    if !(holds.asks)(&asked) {
        // True or false without a key is a choice that nobody has made yet.
        if asked == Asked::Truth(None) {
            question.options = options([String::new(), String::new()].into_iter(), ["True".into(), "False".into()]);
            asked = Asked::Choice { right: vec![false, false], several: false };
        } else {
            asked = Asked::Free;
        }
    }
    if asked.kind() != question.kind {
        warn(format!("{name} cannot ask for {} in this way: it becomes {}", words(question.kind), words(asked.kind())));
    }
    if !asked.uses_options() && !question.options.is_empty() {
        for option in &question.options {
            let label = if option.label.is_empty() { "•".to_owned() } else { format!("{}.", option.label) };
            question.text.push_str(&format!("\n{label} {}", option.text));
        }
        question.text = clean(&question.text);
        question.options.clear();
        warn("its words to choose from now stand in its text".into());
    }
    let is_lettered = question.options.iter().zip(letters()).all(|(option, letter)| option.label == letter);
    if asked.uses_options() && !is_lettered && !(holds.numberings)(&question.options) {
        warn("its options are lettered A, B, C, … when it comes back".into());
    }
    if question.figure {
        warn("its picture is left out".into());
    }
    if asked == Asked::Nothing && question.key.is_some() && holds.format != Format::Qti {
        warn("it asks nothing, so its answer key is left out".into());
    }
    if let Some(marks) = question.marks.filter(|marks| !(holds.marks)(&asked, *marks)) {
        warn(format!("{} left out", are_marks(marks)));
    }
    if let Asked::Choice { right, .. } = &asked
        && matches!(holds.format, Format::Gift | Format::Moodle)
        && !(1..=20).contains(&right.iter().filter(|right| **right).count())
    {
        warn("Moodle asks that at least one option is right, and at most 20 are".into());
    }
    let can_choose = match &asked {
        Asked::Choice { right, several: true } => right.len(),
        Asked::List => usize::MAX,
        _ => 0,
    };
    let is_chosen = |choose: &u32| holds.choose && *choose as usize <= can_choose;
    if let Some(choose) = question.choose.take_if(|choose| !is_chosen(choose)) {
        warn(format!("that exactly {choose} are asked for is left out"));
    }
    Item { question, asked }
}

fn are_marks(marks: f64) -> String {
    let verb = if marks == 1.0 { "is" } else { "are" };
    format!("its {} {verb}", format::marks_long(marks))
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "text that asks nothing",
        Kind::Single => "one of several options",
        Kind::Multiple => "several options",
        Kind::TrueFalse => "true or false",
        Kind::Numeric => "a number",
        Kind::Short => "a short answer",
        Kind::List => "a list",
        Kind::Cloze => "blanks to fill",
        Kind::Match => "pairs",
        Kind::Order => "an order",
        Kind::Classify => "things to put under headings",
        Kind::Label => "the names of a picture's parts",
        Kind::Long => "an essay",
    }
}
