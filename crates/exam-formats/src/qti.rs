//! IMS QTI 2.1: a content package, which is a zip with `imsmanifest.xml`, a test and one file for each item.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use exam_model::question::{Kind, Question};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::answers::{self, Asked, BLANK, Blank, Number};
use crate::flat::{Holds, Item, items};
use crate::package::Package;
use crate::xml::{self, Element, Shown, escape, xhtml};
use crate::{ExchangeError, Format, Imported, Warning, choice_key, key, letters, options, qti1, question, truth_key};

pub const HOLDS: Holds =
    Holds { format: Format::Qti, marks: |_, marks| marks > 0.0, choose: true, numberings: |_| false, asks: |_| true };

const NAMESPACE: &str = "xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" \
    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
    xsi:schemaLocation=\"http://www.imsglobal.org/xsd/imsqti_v2p1 \
    http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd\"";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const TEMPLATES: &str = "http://www.imsglobal.org/question/qti_v2p1/rptemplates";

/// All items in one package.
pub fn export(title: &str, questions: &[Question], warnings: &mut Vec<Warning>) -> Vec<u8> {
    let items = items(questions, &HOLDS, warnings);
    let mut files =
        vec![("imsmanifest.xml".to_owned(), manifest(items.len())), ("test.xml".to_owned(), test(title, items.len()))];
    files.extend(items.iter().enumerate().map(|(n, item)| (format!("items/item{}.xml", n + 1), written(item, n + 1))));
    zipped(&files).unwrap_or_default()
}

fn zipped(files: &[(String, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default())?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

fn manifest(items: usize) -> String {
    let item = |n| {
        format!(
            "<resource identifier=\"res-item{n}\" type=\"imsqti_item_xmlv2p1\" href=\"items/item{n}.xml\">\
             <file href=\"items/item{n}.xml\"/></resource>\n"
        )
    };
    let uses = |n| format!("<dependency identifierref=\"res-item{n}\"/>");
    format!(
        "{DECLARATION}<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" identifier=\"exam-prep\">\n\
         <metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n<organizations/>\n\
         <resources>\n\
         <resource identifier=\"res-test\" type=\"imsqti_test_xmlv2p1\" href=\"test.xml\"><file href=\"test.xml\"/>{}</resource>\n\
         {}</resources>\n</manifest>\n",
        (1..=items).map(uses).collect::<String>(),
        (1..=items).map(item).collect::<String>()
    )
}

fn test(title: &str, items: usize) -> String {
    let item = |n| format!("<assessmentItemRef identifier=\"ref-item{n}\" href=\"items/item{n}.xml\"/>\n");
    format!(
        "{DECLARATION}<assessmentTest {NAMESPACE} identifier=\"test\" title=\"{}\">\n\
         <testPart identifier=\"part\" navigationMode=\"nonlinear\" submissionMode=\"simultaneous\">\n\
         <assessmentSection identifier=\"section\" title=\"Questions\" visible=\"true\">\n{}\
         </assessmentSection>\n</testPart>\n</assessmentTest>\n",
        escape(title),
        (1..=items).map(item).collect::<String>()
    )
}

/// What the parts of an item's file say.
#[derive(Default)]
struct Parts {
    declarations: String,
    /// Where the text is not simply the question's.
    text: Option<String>,
    interaction: String,
    processing: String,
}

fn written(item: &Item, n: usize) -> String {
    let question = &item.question;
    let parts = parts(item);
    let maximum = question.marks.filter(|marks| *marks > 0.0);
    let maximum = maximum.map(|marks| format!(" normalMaximum=\"{marks}\"")).unwrap_or_default();
    let key = question.key.as_ref().map(|key| xhtml(&crate::clean(&key.text))).filter(|key| !key.is_empty());
    // What a person who marks may see.
    let rubric =
        key.map(|key| format!("<rubricBlock view=\"scorer\"><p>{key}</p></rubricBlock>\n")).unwrap_or_default();
    let text = parts.text.unwrap_or_else(|| xhtml(&question.text));
    format!(
        "{DECLARATION}<assessmentItem {NAMESPACE} identifier=\"item{n}\" title=\"{}\" adaptive=\"false\" timeDependent=\"false\">\n\
         {}<outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"{maximum}>\
         <defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n\
         <itemBody>\n{rubric}<p>{text}</p>\n{}</itemBody>\n{}</assessmentItem>\n",
        escape(&question.path),
        parts.declarations,
        parts.interaction,
        parts.processing
    )
}

fn parts(item: &Item) -> Parts {
    let question = &item.question;
    let marks = question.marks.filter(|marks| *marks > 0.0).unwrap_or(1.0);
    match &item.asked {
        Asked::Choice { right, several } => {
            let ids: Vec<String> = (1..=right.len()).map(|n| format!("o{n}")).collect();
            let texts = question.options.iter().map(|option| option.text.as_str());
            choice(&ids, texts, right, (*several).then_some(question.choose.unwrap_or(0)), marks)
        }
        Asked::Truth(truth) => {
            let right = [*truth == Some(true), *truth == Some(false)];
            choice(&["true".into(), "false".into()], ["True", "False"].into_iter(), &right, None, marks)
        }
        Asked::Number(numbers) => {
            let value = numbers.first().map(|number| number.value.as_str());
            let equal = |number: &Number| {
                let tolerance = match &number.tolerance {
                    Some(by) => format!("toleranceMode=\"absolute\" tolerance=\"{by} {by}\""),
                    None => "toleranceMode=\"exact\"".to_owned(),
                };
                let right = format!("<baseValue baseType=\"float\">{}</baseValue>", number.value);
                format!("<equal {tolerance}><variable identifier=\"RESPONSE\"/>{right}</equal>")
            };
            let tests: Vec<String> = numbers.iter().map(equal).collect();
            let processing = match &tests[..] {
                [] => String::new(),
                [one] => scored(one, marks),
                many => scored(&format!("<or>{}</or>", many.concat()), marks),
            };
            Parts {
                declarations: declaration("RESPONSE", "single", "float", &value.into_iter().collect::<Vec<_>>(), ""),
                interaction: entry("RESPONSE", true),
                processing,
                ..Parts::default()
            }
        }
        Asked::Text(forms) => Parts {
            declarations: text_declaration("RESPONSE", forms, marks),
            interaction: entry("RESPONSE", true),
            processing: if forms.is_empty() { String::new() } else { template("map_response") },
            ..Parts::default()
        },
        Asked::Pairs(pairs) => matching(pairs, marks),
        Asked::Order(order) => {
            let ids: Vec<String> = order.iter().map(|place| format!("o{}", place + 1)).collect();
            let choices = question.options.iter().enumerate();
            let choices = choices.map(|(n, option)| simple_choice(&format!("o{}", n + 1), &option.text));
            let test = "<match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match>";
            Parts {
                declarations: declaration("RESPONSE", "ordered", "identifier", &refs(&ids), ""),
                interaction: format!(
                    "<orderInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\">\n{}</orderInteraction>\n",
                    choices.collect::<String>()
                ),
                processing: if marks == 1.0 { template("match_correct") } else { scored(test, marks) },
                ..Parts::default()
            }
        }
        Asked::Blanks(blanks) => filled(&question.text, blanks, marks),
        Asked::List => {
            let most = question.choose.map(|n| format!(" maxStrings=\"{n}\"")).unwrap_or_default();
            Parts {
                declarations: declaration("RESPONSE", "multiple", "string", &[], ""),
                interaction: format!("<extendedTextInteraction responseIdentifier=\"RESPONSE\"{most}/>\n"),
                ..Parts::default()
            }
        }
        Asked::Free => Parts {
            declarations: declaration("RESPONSE", "single", "string", &[], ""),
            interaction: "<extendedTextInteraction responseIdentifier=\"RESPONSE\"/>\n".into(),
            ..Parts::default()
        },
        Asked::Nothing => Parts::default(),
    }
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn declaration(name: &str, cardinality: &str, base: &str, right: &[&str], mapping: &str) -> String {
    let values: String = right.iter().map(|value| format!("<value>{}</value>", escape(value))).collect();
    let correct = if right.is_empty() { values } else { format!("<correctResponse>{values}</correctResponse>") };
    format!(
        "<responseDeclaration identifier=\"{name}\" cardinality=\"{cardinality}\" baseType=\"{base}\">\
         {correct}{mapping}</responseDeclaration>\n"
    )
}

/// What each response is worth; never less than nothing in all.
fn mapping(entries: &[(String, f64)], attributes: &str) -> String {
    let entry = |(name, worth): &(String, f64)| {
        format!("<mapEntry mapKey=\"{}\" mappedValue=\"{worth}\"{attributes}/>", escape(name))
    };
    let entries: String = entries.iter().map(entry).collect();
    format!("<mapping lowerBound=\"0\" defaultValue=\"0\">{entries}</mapping>")
}

fn text_declaration(name: &str, forms: &[String], marks: f64) -> String {
    let entries: Vec<(String, f64)> = forms.iter().map(|form| (form.clone(), marks)).collect();
    let mapping = if forms.is_empty() { String::new() } else { mapping(&entries, " caseSensitive=\"false\"") };
    declaration(name, "single", "string", &refs(forms)[..forms.len().min(1)], &mapping)
}

fn template(name: &str) -> String {
    format!("<responseProcessing template=\"{TEMPLATES}/{name}\"/>\n")
}

/// All the marks where the test holds.
fn scored(test: &str, marks: f64) -> String {
    format!(
        "<responseProcessing><responseCondition><responseIf>{test}<setOutcomeValue identifier=\"SCORE\">\
         <baseValue baseType=\"float\">{marks}</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>\n"
    )
}

fn entry(name: &str, alone: bool) -> String {
    let entry = format!("<textEntryInteraction responseIdentifier=\"{name}\"/>");
    if alone { format!("<p>{entry}</p>\n") } else { entry }
}

fn simple_choice(id: &str, text: &str) -> String {
    format!("<simpleChoice identifier=\"{id}\">{}</simpleChoice>\n", xhtml(text))
}

/// `several` says how many, 0 for any number.
fn choice<'a>(
    ids: &[String],
    texts: impl Iterator<Item = &'a str>,
    right: &[bool],
    several: Option<u32>,
    marks: f64,
) -> Parts {
    let right_ids: Vec<&str> = ids.iter().zip(right).filter(|(_, right)| **right).map(|(id, _)| id.as_str()).collect();
    let worth = marks / right_ids.len().max(1) as f64;
    let entries: Vec<(String, f64)> = match several {
        // As our own marking: a wrong one takes a right one away.
        Some(_) => ids.iter().zip(right).map(|(id, right)| (id.clone(), if *right { worth } else { -worth })).collect(),
        None => right_ids.iter().map(|id| ((*id).to_owned(), marks)).collect(),
    };
    let (cardinality, limits) = match several {
        None => ("single", "maxChoices=\"1\"".to_owned()),
        Some(0) => ("multiple", "maxChoices=\"0\"".to_owned()),
        Some(n) => ("multiple", format!("maxChoices=\"{n}\" minChoices=\"{n}\"")),
    };
    let is_keyed = !right_ids.is_empty();
    let mapping = if is_keyed { mapping(&entries, "") } else { String::new() };
    // A single response has one right value; others that earn as much stand in the mapping.
    let correct = if several.is_none() { &right_ids[..right_ids.len().min(1)] } else { &right_ids[..] };
    let choices: String = ids.iter().zip(texts).map(|(id, text)| simple_choice(id, text)).collect();
    Parts {
        declarations: declaration("RESPONSE", cardinality, "identifier", correct, &mapping),
        interaction: format!(
            "<choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"false\" {limits}>\n{choices}</choiceInteraction>\n"
        ),
        processing: if is_keyed { template("map_response") } else { String::new() },
        ..Parts::default()
    }
}

fn matching(pairs: &[(String, String)], marks: f64) -> Parts {
    let column = |sides: Vec<&String>| {
        let mut column: Vec<String> = Vec::new();
        for side in sides {
            if !column.contains(side) {
                column.push(side.clone());
            }
        }
        column
    };
    let left = column(pairs.iter().map(|(left, _)| left).collect());
    let right = column(pairs.iter().map(|(_, right)| right).collect());
    let place =
        |column: &[String], side: &String| column.iter().position(|other| other == side).unwrap_or_default() + 1;
    let ids: Vec<String> =
        pairs.iter().map(|(one, other)| format!("L{} R{}", place(&left, one), place(&right, other))).collect();
    let worth = marks / pairs.len() as f64;
    let entries: Vec<(String, f64)> = ids.iter().map(|id| (id.clone(), worth)).collect();
    let set = |name: &str, column: &[String]| {
        let choice = |(n, side): (usize, &String)| {
            let id = format!("{name}{}", n + 1);
            let text = xhtml(&crate::clean(side));
            format!(
                "<simpleAssociableChoice identifier=\"{id}\" matchMax=\"{}\">{text}</simpleAssociableChoice>\n",
                pairs.len()
            )
        };
        format!("<simpleMatchSet>\n{}</simpleMatchSet>\n", column.iter().enumerate().map(choice).collect::<String>())
    };
    Parts {
        declarations: declaration("RESPONSE", "multiple", "directedPair", &refs(&ids), &mapping(&entries, "")),
        interaction: format!(
            "<matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"false\" maxAssociations=\"{}\">\n{}{}</matchInteraction>\n",
            pairs.len(),
            set("L", &left),
            set("R", &right)
        ),
        processing: template("map_response"),
        ..Parts::default()
    }
}

fn filled(text: &str, blanks: &[Vec<String>], marks: f64) -> Parts {
    let worth = marks / blanks.len().max(1) as f64;
    let (mut body, mut declarations, mut from) = (String::new(), String::new(), 0);
    let mut sum = String::new();
    for (n, (at, forms)) in answers::blanks(text).into_iter().zip(blanks).enumerate() {
        let name = format!("RESPONSE{}", n + 1);
        body.push_str(&xhtml(&text[from..at.start]));
        body.push_str(&entry(&name, false));
        declarations.push_str(&text_declaration(&name, forms, worth));
        if !forms.is_empty() {
            sum.push_str(&format!("<mapResponse identifier=\"{name}\"/>"));
        }
        from = at.end;
    }
    body.push_str(&xhtml(&text[from..]));
    let processing = format!(
        "<responseProcessing><setOutcomeValue identifier=\"SCORE\"><sum>{sum}</sum></setOutcomeValue></responseProcessing>\n"
    );
    let processing = if sum.is_empty() { String::new() } else { processing };
    Parts { declarations, text: Some(body), interaction: String::new(), processing }
}

/// What a file of QTI 1.2, 2 and 3 begins with.
pub const ROOTS: [&str; 4] = ["questestinterop", "assessmentItem", "assessmentTest", "qti-assessment-item"];

/// Reads a package, or one file of it.
pub fn import(bytes: &[u8]) -> Result<Imported, ExchangeError> {
    let mut imported = Imported::default();
    if !bytes.starts_with(b"PK") {
        read(&xml::parse(crate::text(bytes)?, Format::Qti)?, "the file", &mut imported);
        return Ok(imported);
    }
    let mut package = Package::open(bytes)?;
    for path in package.question_files()? {
        match package.read(&path).and_then(|text| xml::parse(&text, Format::Qti)) {
            Ok(element) => read(&element, &path, &mut imported),
            Err(error @ ExchangeError::TooLarge(_)) => return Err(error),
            Err(error) => imported.leave_out(path, error),
        }
        if imported.questions.len() > crate::MAX_QUESTIONS {
            return Err(ExchangeError::TooLarge("it has more than 5000 questions"));
        }
    }
    Ok(imported)
}

/// Reads one document of any version.
fn read(root: &Element, path: &str, imported: &mut Imported) {
    match root.name.as_str() {
        "questestinterop" => qti1::add(root, imported),
        "assessmentItem" => add(root, imported),
        "assessmentTest" => tell_of_test(root, path, imported),
        // Canvas's settings of a quiz.
        "quiz" => {}
        name if name.starts_with("qti-") => imported.leave_out(path, "it is QTI 3; export it as QTI 2 or 1.2"),
        _ => imported.leave_out(path, "it is no item of QTI"),
    }
}

/// A test has the title, and what stands around its items.
fn tell_of_test(test: &Element, path: &str, imported: &mut Imported) {
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

fn add(item: &Element, imported: &mut Imported) {
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

/// Sets kind, options and key by the first interaction; `false` for one that there is not here.
fn ask(read: &mut Question, item: &Element, body: &Body<'_>, told: &mut Vec<String>) -> bool {
    let Some(interaction) = body.interactions.first() else {
        read.kind = Kind::Group;
        return true;
    };
    let declared = declared(item);
    let none = Declared::default();
    let of = |interaction: &Element| declared.get(interaction.attribute("responseIdentifier")).unwrap_or(&none);
    let response = of(interaction);
    let is_choice =
        |inner: &&Element| inner.name.ends_with("Choice") || matches!(inner.name.as_str(), "gapText" | "hottext");
    let choices: Vec<&Element> = interaction.all().into_iter().filter(is_choice).collect();
    let ids: Vec<&str> = choices.iter().map(|choice| choice.attribute("identifier")).collect();
    let places: HashMap<&str, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let text_of = |id: &str| places.get(id).map(|n| shown(choices[*n]));
    if !response.several {
        let named =
            response.less.iter().map(|(percent, form)| (*percent, text_of(form).unwrap_or_else(|| form.clone())));
        answers::full(named, told);
    }
    match interaction.name.as_str() {
        "choiceInteraction" if ids == ["true", "false"] => {
            read.kind = Kind::TrueFalse;
            read.key = response.right.first().and_then(|right| truth_key(right == "true"));
        }
        "choiceInteraction" | "hottextInteraction" => {
            read.kind = if response.several { Kind::Multiple } else { Kind::Single };
            read.options = options(letters(), choices.iter().map(|choice| shown(choice)));
            let known = if response.several { &response.right } else { &response.forms };
            let mut right = vec![false; ids.len()];
            known.iter().filter_map(|id| places.get(id.as_str())).for_each(|place| right[*place] = true);
            read.key = choice_key(&read.options, &right);
            let [least, most] =
                ["minChoices", "maxChoices"].map(|name| interaction.attribute(name).parse::<u32>().ok());
            read.choose = most.filter(|most| response.several && *most > 0 && least == Some(*most));
        }
        "orderInteraction" => {
            read.kind = Kind::Order;
            read.options = options(letters(), choices.iter().map(|choice| shown(choice)));
            let label = |id: &String| places.get(id.as_str()).map(|n| read.options[*n].label.clone());
            let labels: Vec<String> = response.right.iter().filter_map(label).collect();
            read.key = key(labels.join("; "));
        }
        "matchInteraction" | "associateInteraction" => {
            read.kind = Kind::Match;
            let pair = |pair: &String| {
                let (left, right) = pair.split_once(' ')?;
                Some((text_of(left)?, text_of(right.trim())?))
            };
            let pairs: Vec<(String, String)> = response.right.iter().filter_map(pair).collect();
            if pairs.is_empty() {
                let column = choices.iter().map(|choice| format!("\n{}", shown(choice)));
                read.text.extend(column);
            }
            read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
        }
        "extendedTextInteraction" => {
            read.kind = if response.several { Kind::List } else { Kind::Long };
            read.choose = interaction.attribute("maxStrings").parse().ok().filter(|n| response.several && *n > 0);
            read.key = key(answers::key_of_forms(&response.forms));
        }
        "gapMatchInteraction" => {
            let mut words: HashMap<&str, Vec<String>> = HashMap::new();
            for (word, gap) in response.right.iter().filter_map(|pair| pair.split_once(' ')) {
                words.entry(gap.trim()).or_default().extend(text_of(word));
            }
            let gaps = interaction.all().into_iter().filter(|inner| inner.name == "gap");
            let forms = gaps.map(|gap| words.remove(gap.attribute("identifier")).unwrap_or_default());
            let mut blanks: Vec<Blank> = forms.map(|forms| Blank { forms, words: Vec::new() }).collect();
            let bank = choices.iter().map(|choice| shown(choice));
            blanks.iter_mut().take(1).for_each(|blank| blank.words = bank.clone().collect());
            answers::fill(read, blanks);
        }
        "sliderInteraction" => {
            read.kind = Kind::Numeric;
            read.key = key(numbers(item, response));
        }
        "textEntryInteraction" if body.interactions.len() == 1 && body.alone => {
            read.kind = if response.is_number { Kind::Numeric } else { Kind::Short };
            read.key =
                key(if response.is_number { numbers(item, response) } else { answers::key_of_forms(&response.forms) });
        }
        "textEntryInteraction" | "inlineChoiceInteraction" => {
            let blank = |blank: &&Element| {
                let words: Vec<(&str, String)> =
                    blank.named("inlineChoice").map(|word| (word.attribute("identifier"), shown(word))).collect();
                let named = |form: &String| {
                    words.iter().find(|(id, _)| id == form).map_or_else(|| form.clone(), |(_, word)| word.clone())
                };
                let forms = of(blank).forms.iter().map(named).collect();
                Blank { forms, words: words.into_iter().map(|(_, word)| word).collect() }
            };
            answers::fill(read, body.interactions.iter().map(blank).collect());
        }
        _ => return false,
    }
    true
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
