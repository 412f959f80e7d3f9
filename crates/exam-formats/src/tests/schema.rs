//! What QTI 2.1 and Moodle demand of a file, beyond what our own reading needs: written down from their schema and importer.

use std::collections::HashMap;
use std::io::Read;

use crate::xml::{self, Element};
use crate::{Format, Warning};

/// Of each element of QTI: its attributes, the required ones with `!`, and what it holds, in this order; `#` is text.
const RULES: [(&str, &str, &str); 46] = [
    ("manifest", "identifier!", "metadata? organizations resources"),
    ("metadata", "", "schema schemaversion"),
    ("schema", "", "#"),
    ("schemaversion", "", "#"),
    ("organizations", "", ""),
    ("resources", "", "resource*"),
    ("resource", "identifier! type! href", "file* dependency*"),
    ("file", "href!", ""),
    ("dependency", "identifierref!", ""),
    ("assessmentTest", "identifier! title!", "outcomeDeclaration* testPart+"),
    ("testPart", "identifier! navigationMode! submissionMode!", "assessmentSection+"),
    ("assessmentSection", "identifier! title! visible!", "rubricBlock* assessmentItemRef*"),
    ("assessmentItemRef", "identifier! href!", ""),
    (
        "assessmentItem",
        "identifier! title! adaptive! timeDependent!",
        "responseDeclaration* outcomeDeclaration* itemBody? responseProcessing?",
    ),
    ("responseDeclaration", "identifier! cardinality! baseType", "defaultValue? correctResponse? mapping?"),
    ("outcomeDeclaration", "identifier! cardinality! baseType normalMaximum", "defaultValue?"),
    ("defaultValue", "", "value+"),
    ("correctResponse", "", "value+"),
    ("value", "", "#"),
    ("mapping", "lowerBound upperBound defaultValue", "mapEntry+"),
    ("mapEntry", "mapKey! mappedValue! caseSensitive", ""),
    ("itemBody", "", "%block*"),
    ("rubricBlock", "view!", "%block*"),
    ("p", "", "# %inline*"),
    ("br", "", ""),
    ("choiceInteraction", "responseIdentifier! shuffle maxChoices minChoices", "prompt? simpleChoice+"),
    ("orderInteraction", "responseIdentifier! shuffle", "prompt? simpleChoice+"),
    ("simpleChoice", "identifier!", "# %inline*"),
    ("matchInteraction", "responseIdentifier! shuffle maxAssociations", "prompt? simpleMatchSet simpleMatchSet"),
    ("simpleMatchSet", "", "simpleAssociableChoice*"),
    ("simpleAssociableChoice", "identifier! matchMax!", "# %inline*"),
    ("extendedTextInteraction", "responseIdentifier! maxStrings", "prompt?"),
    ("textEntryInteraction", "responseIdentifier!", ""),
    ("responseProcessing", "template", "%rule*"),
    ("responseCondition", "", "responseIf"),
    ("responseIf", "", "%expression %rule*"),
    ("setOutcomeValue", "identifier!", "%expression"),
    ("or", "", "%expression+"),
    ("sum", "", "%expression+"),
    ("equal", "toleranceMode! tolerance", "%expression %expression"),
    ("match", "", "%expression %expression"),
    ("variable", "identifier!", ""),
    ("correct", "identifier!", ""),
    ("mapResponse", "identifier!", ""),
    ("baseValue", "baseType!", "#"),
    ("prompt", "", "# %inline*"),
];

const GROUPS: [(&str, &[&str]); 4] = [
    (
        "%block",
        &["p", "rubricBlock", "choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction"],
    ),
    ("%inline", &["br", "textEntryInteraction"]),
    ("%rule", &["responseCondition", "setOutcomeValue"]),
    ("%expression", &["or", "sum", "equal", "match", "variable", "correct", "mapResponse", "baseValue"]),
];

/// Namespaces, which every document has.
const ANY: [&str; 3] = ["xmlns", "xsi", "schemaLocation"];

/// Whether an element and all in it keep the rules.
fn keeps_the_rules(element: &Element) {
    for element in element.all() {
        let name = element.name.as_str();
        let (_, attributes, content) =
            RULES.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("<{name}> is unknown"));
        let known: Vec<&str> = attributes.split_whitespace().map(|known| known.trim_end_matches('!')).collect();
        for (attribute, _) in &element.attributes {
            assert!(known.contains(&attribute.as_str()) || ANY.contains(&attribute.as_str()), "<{name} {attribute}>");
        }
        for required in attributes.split_whitespace().filter_map(|known| known.strip_suffix('!')) {
            assert!(element.attributes.iter().any(|(known, _)| known == required), "<{name}> has no {required}");
        }
        let own: String = element
            .children
            .iter()
            .filter_map(|node| match node {
                xml::Node::Text(text) | xml::Node::Exact(text) => Some(text.as_str()),
                xml::Node::Element(_) => None,
            })
            .collect();
        assert!(content.starts_with('#') || own.trim().is_empty(), "<{name}> holds the text {own:?}");
        let children: Vec<&str> = element.elements().map(|child| child.name.as_str()).collect();
        assert!(holds(content.trim_start_matches('#'), &children), "<{name}> holds {children:?}, not {content}");
    }
}

/// Each particle takes as many as it can, which is enough for rules that leave no choice.
fn holds(content: &str, children: &[&str]) -> bool {
    let mut rest = children;
    for particle in content.split_whitespace() {
        let name = particle.trim_end_matches(['*', '+', '?']);
        let group = GROUPS.iter().find(|(known, _)| *known == name).map(|(_, names)| *names);
        let is_one = |child: &&str| group.map_or(*child == name, |names| names.contains(child));
        let most = if particle.ends_with(['*', '+']) { usize::MAX } else { 1 };
        let taken = rest.iter().take_while(|child| is_one(child)).take(most).count();
        if taken == 0 && !particle.ends_with(['*', '?']) {
            return false;
        }
        rest = &rest[taken..];
    }
    rest.is_empty()
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Names in a document stand once each.
fn names(element: &Element) -> Vec<&str> {
    let named =
        |inner: &&Element| !matches!(inner.name.as_str(), "variable" | "correct" | "mapResponse" | "setOutcomeValue");
    let all = element.all().into_iter().filter(named);
    let names: Vec<&str> = all.map(|inner| inner.attribute("identifier")).filter(|name| !name.is_empty()).collect();
    for (n, name) in names.iter().enumerate() {
        assert!(is_identifier(name), "“{name}” is no identifier");
        assert!(!names[..n].contains(name), "“{name}” stands twice");
    }
    names
}

/// What the responses to an interaction are.
fn response_type(interaction: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match interaction {
        "choiceInteraction" => (&["single", "multiple"], &["identifier"]),
        "orderInteraction" => (&["ordered"], &["identifier"]),
        "matchInteraction" => (&["multiple"], &["directedPair"]),
        "textEntryInteraction" => (&["single"], &["string", "float", "integer"]),
        "extendedTextInteraction" => (&["single", "multiple"], &["string"]),
        other => panic!("{other}"),
    }
}

fn is_value(value: &str, kind: &str, choices: &[&str]) -> bool {
    match kind {
        "identifier" => choices.contains(&value),
        "directedPair" => {
            value.split_once(' ').is_some_and(|(left, right)| choices.contains(&left) && choices.contains(&right))
        }
        "float" => value.parse::<f64>().is_ok_and(f64::is_finite),
        _ => true,
    }
}

/// Responses are declared as they are asked for, and keys name what can be chosen.
fn agrees(item: &Element) {
    let all = item.all();
    let interactions: Vec<&Element> = all.iter().filter(|inner| inner.name.ends_with("Interaction")).copied().collect();
    let declared: HashMap<&str, &Element> =
        item.named("responseDeclaration").map(|response| (response.attribute("identifier"), response)).collect();
    assert_eq!(declared.len(), interactions.len());
    for interaction in &interactions {
        let response = declared[interaction.attribute("responseIdentifier")];
        let (cardinalities, kinds) = response_type(&interaction.name);
        let (cardinality, kind) = (response.attribute("cardinality"), response.attribute("baseType"));
        assert!(cardinalities.contains(&cardinality) && kinds.contains(&kind), "{cardinality} {kind}");
        let inner = interaction.all();
        let choices: Vec<&str> =
            inner[1..].iter().map(|choice| choice.attribute("identifier")).filter(|name| !name.is_empty()).collect();
        let limit = |name: &str| interaction.attribute(name).parse::<usize>().ok();
        let (least, most) = (limit("minChoices").unwrap_or(0), limit("maxChoices").unwrap_or(0));
        assert!(least <= choices.len() && (most == 0 || least <= most), "{least} to {most} of {choices:?}");
        assert!(cardinality != "single" || interaction.name != "choiceInteraction" || most == 1);
        let right: Vec<String> =
            response.first("correctResponse").iter().flat_map(|all| all.named("value")).map(Element::text).collect();
        assert!(cardinality != "single" || right.len() <= 1, "{right:?}");
        assert!(cardinality != "ordered" || right.len() == choices.len(), "{right:?}");
        let keys = response.first("mapping").into_iter().flat_map(|mapping| mapping.named("mapEntry"));
        let keys: Vec<String> = keys.map(|entry| entry.attribute("mapKey").to_owned()).collect();
        for value in right.iter().chain(&keys) {
            assert!(is_value(value, kind, &choices), "{value} is no {kind} of {choices:?}");
        }
    }
    let Some(processing) = item.first("responseProcessing") else { return };
    let template = processing.attribute("template");
    let needed = if template.ends_with("map_response") { "mapping" } else { "correctResponse" };
    assert!(template.is_empty() || declared["RESPONSE"].first(needed).is_some(), "{template}");
    for used in processing.all() {
        let name = used.attribute("identifier");
        let known = if used.name == "setOutcomeValue" { name == "SCORE" } else { declared.contains_key(name) };
        assert!(known || name.is_empty(), "{} of {name}", used.name);
        if used.name == "mapResponse" {
            assert!(declared[name].first("mapping").is_some());
        }
    }
}

/// A package of QTI 2.1 keeps its schema, names all its files, and its items agree with themselves.
pub fn is_qti(bytes: &[u8]) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files: HashMap<String, Element> = HashMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), xml::parse(&text, Format::Qti).unwrap());
    }
    for (path, root) in &files {
        keeps_the_rules(root);
        let names = names(root);
        for inner in root.all() {
            let href = inner.attribute("href");
            assert!(href.is_empty() || files.contains_key(href), "{path} names {href}");
            let reference = inner.attribute("identifierref");
            assert!(reference.is_empty() || names.contains(&reference), "{path} names {reference}");
        }
        if root.name == "assessmentItem" {
            agrees(root);
        }
    }
    let listed = files["imsmanifest.xml"].all().into_iter().filter(|element| element.name == "resource").count();
    assert_eq!(listed, files.len() - 1, "the manifest lists every file but itself");
}

/// Moodle refuses questions with other fractions.
const FRACTIONS: [&str; 21] = [
    "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "16.66667",
    "14.28571", "12.5", "11.11111", "10", "5", "0",
];

/// Moodle finds in a file what it needs for each question, or the loss was told.
pub fn is_moodle(bytes: &[u8], warnings: &[Warning]) {
    let quiz = xml::parse(std::str::from_utf8(bytes).unwrap(), Format::Moodle).unwrap();
    assert_eq!(quiz.name, "quiz");
    for question in quiz.elements() {
        assert_eq!(question.name, "question");
        let kind = question.attribute("type");
        let value = |name: &str| question.first(name).map(|inner| inner.text().trim().to_owned()).unwrap_or_default();
        if kind == "category" {
            assert!(value("category").starts_with("$course$/"));
            continue;
        }
        let name = value("name");
        assert!(!name.is_empty());
        let answers: Vec<&Element> = question.named("answer").collect();
        let fractions: Vec<&str> = answers.iter().map(|answer| answer.attribute("fraction")).collect();
        if kind != "ordering" {
            let is_known = |fraction: &&str| FRACTIONS.contains(&fraction.trim_start_matches('-'));
            assert!(fractions.iter().all(is_known), "{fractions:?}");
        }
        let texts = question.all().into_iter().filter(|inner| inner.first("text").is_some() && inner.name != "name");
        for inner in texts.filter(|inner| !matches!(inner.name.as_str(), "category")) {
            let is_side = inner.name == "answer" && kind == "matching";
            assert!(inner.attribute("format") == "plain_text" || is_side, "<{}>", inner.name);
        }
        assert!(
            value("defaultgrade").is_empty() || value("defaultgrade").parse::<f64>().is_ok_and(|grade| grade >= 0.0)
        );
        let is_right = fractions.contains(&"100");
        match kind {
            "multichoice" => {
                assert!(answers.len() > 1 && ["true", "false"].contains(&value("single").as_str()));
                let sum: f64 = fractions.iter().filter_map(|f| f.parse::<f64>().ok()).filter(|f| *f > 0.0).sum();
                let is_whole = if value("single") == "true" { is_right } else { (sum - 100.0).abs() < 0.01 };
                let told = warnings.iter().any(|warning| warning.path == name && warning.reason.contains("is right"));
                assert!(is_whole || told, "{name}: {fractions:?}");
                assert!(["abc", "ABCD", "123", "iii", "IIII", "none"].contains(&value("answernumbering").as_str()));
            }
            "truefalse" => {
                let sides: Vec<String> = answers.iter().map(|answer| answer.text().trim().to_owned()).collect();
                assert!(sides == ["true", "false"] && is_right);
            }
            "numerical" => {
                let numbers = answers.iter().flat_map(|answer| answer.elements()).map(|inner| inner.text());
                assert!(is_right && numbers.map(|number| number.parse::<f64>()).all(|number| number.is_ok()));
            }
            "shortanswer" => assert!(is_right && answers.iter().all(|answer| !answer.text().trim().is_empty())),
            "matching" => assert!(question.named("subquestion").count() > 1),
            "ordering" => assert!(answers.len() > 1),
            "cloze" => assert!(value("questiontext").contains(":SHORTANSWER:=")),
            "essay" | "description" => assert!(answers.is_empty()),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn the_rules_are_checked() {
    let item = |inner: &str| {
        let text = format!(
            "<assessmentItem identifier=\"a\" title=\"\" adaptive=\"false\" timeDependent=\"false\">{inner}</assessmentItem>"
        );
        let root = xml::parse(&text, Format::Qti).unwrap();
        std::panic::catch_unwind(|| {
            keeps_the_rules(&root);
            names(&root);
            agrees(&root);
        })
    };
    let declared = |cardinality: &str, kind: &str, value: &str| {
        format!(
            "<responseDeclaration identifier=\"R\" cardinality=\"{cardinality}\" baseType=\"{kind}\"><correctResponse>\
             <value>{value}</value></correctResponse></responseDeclaration>"
        )
    };
    let choice = "<itemBody><choiceInteraction responseIdentifier=\"R\" maxChoices=\"1\"><simpleChoice identifier=\"A\">a\
                  </simpleChoice></choiceInteraction></itemBody>";
    assert!(item(&(declared("single", "identifier", "A") + choice)).is_ok());
    for broken in [
        declared("single", "identifier", "B") + choice,
        declared("multiple", "string", "A") + choice,
        choice.to_owned() + &declared("single", "identifier", "A"),
        declared("single", "identifier", "A") + &choice.replace("\"A\"", "\"1\""),
        declared("single", "identifier", "A"),
        "<itemBody>text</itemBody>".into(),
        "<itemBody><b/></itemBody>".into(),
        "<itemBody><p class=\"a\"/></itemBody>".into(),
        "<itemBody><rubricBlock/></itemBody>".into(),
    ] {
        assert!(item(&broken).is_err(), "{broken}");
    }
}
