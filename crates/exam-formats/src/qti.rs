//! IMS QTI: written as a content package of 2.1, which is a zip with `imsmanifest.xml`, a test and one file for each item.

use std::io::{Cursor, Write};

use exam_model::question::Question;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::answers::{Asked, Number};
use crate::flat::{Holds, Item, items};
use crate::package::Package;
use crate::xml::{self, Element, escape, xhtml};
use crate::{ExchangeError, Format, Imported, Warning, qti1, qti2};

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
    let maximum = question.set_marks().map(|marks| format!(" normalMaximum=\"{marks}\"")).unwrap_or_default();
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
    let marks = question.out_of();
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
    for (n, (at, forms)) in exam_model::text::blanks(text).into_iter().zip(blanks).enumerate() {
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
        "assessmentItem" => qti2::add(root, imported),
        "assessmentTest" => qti2::tell_of_test(root, path, imported),
        // Canvas's settings of a quiz.
        "quiz" => {}
        name if name.starts_with("qti-") => imported.leave_out(path, "it is QTI 3; export it as QTI 2 or 1.2"),
        _ => imported.leave_out(path, "it is no item of QTI"),
    }
}
