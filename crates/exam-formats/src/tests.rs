//! Out and back again, for questions of every kind with texts of every sign; and files that are none.

use std::io::{Cursor, Write};

use exam_model::question::{Kind, Region};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::answers::{self, Asked, BLANK, Number};
use crate::flat::{Holds, Item, items};
use crate::*;

mod schema;

/// What the formats give a meaning to, and what they could lose.
const PIECES: [&str; 54] = [
    "*",
    "**",
    "[[1]]",
    "~",
    "=",
    "#",
    "{",
    "}",
    ":",
    "\\",
    "\n",
    "\t",
    "\"",
    "'",
    "<b>",
    "&amp;",
    "]]>",
    "->",
    "%50%",
    "[html]",
    "//",
    "::",
    "²",
    "₃",
    "é",
    "🙂",
    "  ",
    "\r\n",
    "\u{1}",
    "+1",
    "-",
    "@",
    "TRUE",
    "____",
    "...",
    "A. ",
    "B) ",
    "ANSWER: B",
    "$CATEGORY:",
    "1.5",
    "x",
    " ",
    ",",
    ";",
    "heart",
    "\\n",
    "####",
    "/",
    "&",
    "<",
    ">",
    "%",
    "(the)",
    "٣",
];

fn text() -> impl Strategy<Value = String> {
    vec(prop_oneof![9 => select(&PIECES[..]).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 0..10)
        .prop_map(|pieces| pieces.concat())
}

fn kind() -> impl Strategy<Value = Kind> {
    use Kind::*;
    select(vec![Group, Single, Multiple, TrueFalse, Numeric, Short, List, Cloze, Match, Order, Classify, Label, Long])
}

fn key_text(kind: Kind) -> BoxedStrategy<String> {
    let number = select(vec!["12.5 cm (± 0.1)", "-3", "3/4", "40 %", "x = 4", "7 / 7.0", "5 Pa / 5 N/m²", "+5 km/h"]);
    match kind {
        Kind::Numeric => number.prop_map(str::to_owned).boxed(),
        Kind::Match | Kind::Classify => select(vec![
            "1-C; 2-A; 3-B",
            "roots: carrot, cassava; leaves: cabbage",
            "Rwanda-Kigali; Kenya-Nairobi",
            "?",
        ])
        .prop_map(str::to_owned)
        .boxed(),
        Kind::Order => select(vec!["B; A", "A; B; C", "C, A, B", "nonsense"]).prop_map(str::to_owned).boxed(),
        _ => text().prop_map(|text| format!("k{text}")).boxed(),
    }
}

fn leaf() -> impl Strategy<Value = Question> {
    let numberings = select(vec!["ABCDE", "abcde", "12345", "     "]);
    (kind(), text(), numberings, vec(text(), 0..5), any::<(bool, bool, u8, u8)>()).prop_flat_map(
        |(kind, text, labels, options, (keyed, marked, right, number))| {
            key_text(kind).prop_map(move |key| {
                let choice = |(n, (label, text)): (usize, (char, &String))| Choice {
                    id: format!("id{n}"),
                    label: label.to_string().trim().to_owned(),
                    text: text.clone(),
                    ..Choice::default()
                };
                let options: Vec<Choice> = labels.chars().zip(&options).enumerate().map(choice).collect();
                let ids: Vec<String> = match kind {
                    Kind::TrueFalse => vec![if right % 2 == 0 { "true" } else { "false" }.to_owned()],
                    Kind::Single | Kind::Multiple => options
                        .iter()
                        .enumerate()
                        .filter(|(n, _)| right >> n & 1 == 1)
                        .map(|(_, option)| option.id.clone())
                        .collect(),
                    _ => Vec::new(),
                };
                let region = Region { page: 1, x: f32::from(number) / 7.0, y: 0.1, width: 1e-9, height: 3e7 };
                Question {
                    id: Uuid::from_u128(number.into()),
                    label: format!("({number})"),
                    kind,
                    text: text.clone(),
                    options,
                    choose: (number % 3 == 0).then_some(u32::from(number % 5) + 1),
                    marks: marked.then_some(f64::from(number) / 2.0),
                    key: keyed.then_some(Key { options: ids, text: key, source: KeySource::Scheme(region) }),
                    regions: vec![region],
                    figure: number % 5 == 0,
                    confidence: f32::from(number) / 255.0,
                    doubts: vec!["a doubt".into()],
                    topic: marked.then_some(Uuid::from_u128(7)),
                    section: (number % 7 == 0).then(|| "A".into()),
                    ..Question::default()
                }
            })
        },
    )
}

fn paper_of_all() -> impl Strategy<Value = Vec<Question>> {
    let question = (leaf(), vec((leaf(), vec(leaf(), 0..2)), 0..3)).prop_map(|(mut question, parts)| {
        question.parts = parts.into_iter().map(|(part, parts)| Question { parts, ..part }).collect();
        question
    });
    vec(question, 1..5).prop_map(|mut questions| {
        number(&mut questions, "");
        questions
    })
}

fn number(questions: &mut [Question], before: &str) {
    for (n, question) in questions.iter_mut().enumerate() {
        question.path = format!("{before}{}", n + 1);
        number(&mut question.parts, &format!("{}.", question.path));
    }
}

fn back(questions: &[Question], format: Format) -> Imported {
    let file = export("A title: {with} <signs>/", questions, format);
    let found = if format == Format::Aiken && file.bytes.is_empty() { None } else { detect(&file.bytes) };
    assert!(
        found == Some(format) || format == Format::Gift || file.bytes.is_empty(),
        "{format:?} looks like {found:?}"
    );
    match import(&file.bytes, format) {
        Err(ExchangeError::Empty(_)) => Imported::default(),
        other => other.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&file.bytes))),
    }
}

/// What a flat format holds of an item, said once more and independently of how it is written.
fn held(item: Item, format: Format) -> Question {
    let Item { question, asked } = item;
    let from = &question.key;
    let mut held = Question {
        path: question.path.clone(),
        label: question.path.clone(),
        kind: asked.kind(),
        text: question.text.clone(),
        confidence: 1.0,
        ..Question::default()
    };
    let gift = |text: &str| if format == Format::Gift { clean(text).replace("->", "→") } else { clean(text) };
    let shown = || from.as_ref().and_then(|key| crate::key(clean(&key.text)));
    let own = |labels: Vec<String>| options(labels.into_iter(), question.options.iter().map(|o| o.text.clone()));
    let letters: Vec<String> = letters().take(30).collect();
    match &asked {
        Asked::Choice { right, several } => {
            let labels = match moodle::numbering(&question.options) {
                Some(_) if format == Format::Moodle => question.options.iter().map(|o| o.label.clone()).collect(),
                _ => letters,
            };
            held.options = own(labels);
            held.key = choice_key(&held.options, right);
            if format == Format::Gift {
                let several = right.contains(&true) && (*several || right.iter().all(|right| *right));
                held.kind = if several { Kind::Multiple } else { Kind::Single };
            }
            held.key = held.key.or_else(|| shown().filter(|_| format == Format::Qti));
            held.choose = question.choose.filter(|_| format == Format::Qti && *several);
        }
        Asked::Truth(truth) => held.key = truth.and_then(truth_key).or_else(shown),
        Asked::Number(numbers) if format != Format::Qti => {
            let unit = if format == Format::Moodle { numbers[0].unit.clone() } else { String::new() };
            let shown = numbers.iter().map(|number| Number { unit: unit.clone(), ..number.clone() }.shown());
            let mut shown: Vec<String> = shown.collect();
            shown.dedup();
            held.key = crate::key(shown.join(" / "));
        }
        Asked::Text(forms) if format != Format::Qti => {
            held.key = crate::key(answers::key_of_forms(&forms.iter().map(|form| gift(form)).collect::<Vec<_>>()));
        }
        Asked::Pairs(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(left, right)| (gift(left), gift(right))).collect();
            held.key = crate::key(answers::key_of_pairs(&pairs, &mut held.text));
        }
        Asked::Order(order) => {
            let mut texts: Vec<String> = question.options.iter().map(|option| option.text.clone()).collect();
            let right: Vec<String> = order.iter().map(|place| texts[*place].clone()).collect();
            if format == Format::Moodle {
                texts.sort();
            }
            let label = |n: usize, text: &String| match format {
                Format::Moodle => letters[texts.iter().position(|other| other == text).unwrap()].clone(),
                _ => letters[order[n]].clone(),
            };
            let key: Vec<String> = right.iter().enumerate().map(|(n, text)| label(n, text)).collect();
            held.key = crate::key(key.join("; "));
            held.options = options(letters.clone().into_iter(), texts);
        }
        Asked::Blanks(blanks) => {
            for at in exam_model::text::blanks(&question.text).into_iter().take(blanks.len()).rev() {
                held.text.replace_range(at, BLANK);
            }
            let points: Vec<String> = blanks
                .iter()
                .map(|forms| answers::key_of_forms(&forms.iter().map(|form| clean(form)).collect::<Vec<_>>()))
                .collect();
            held.key = if format == Format::Qti { shown() } else { crate::key(points.join("; ")) };
        }
        Asked::Nothing if format != Format::Qti => {}
        _ => held.key = shown(),
    }
    if asked == Asked::List {
        held.choose = question.choose;
    }
    held.marks = match format {
        Format::Moodle => question.marks.filter(|_| held.kind != Kind::Group),
        Format::Qti => question.set_marks(),
        _ => None,
    };
    held
}

fn assert_held(questions: &[Question], format: Format, holds: &Holds) {
    let items = items(questions, holds, &mut Vec::new());
    let wanted: Vec<Question> = items.into_iter().map(|item| held(item, format)).collect();
    assert_eq!(back(questions, format).questions, wanted);
}

/// What a pupil sees of an item and how it is marked, in words. What only a reading of pages says is no part of it, nor is its
/// section, of which the first item tells.
fn substance(question: &Question) -> String {
    let mut question = question.clone();
    question.key.iter_mut().for_each(|key| key.text = clean(&key.text));
    let asked = answers::asked(&question);
    let key = question.key.as_ref().map(|key| key.text.as_str()).filter(|key| !key.is_empty());
    let open = key.filter(|_| matches!(asked, Asked::Free | Asked::List | Asked::Nothing));
    let mut options: Vec<(&str, String)> =
        question.options.iter().map(|o| (o.label.as_str(), clean(&o.text))).collect();
    let Question { marks, choose, figure, .. } = &question;
    let mut text = clean(&question.text);
    let asked = match asked {
        // Columns that only the key names are shown when they come back.
        Asked::Pairs(pairs) => answers::key_of_pairs(&pairs, &mut text),
        // In which order they stand before they are put in order says nothing.
        Asked::Order(order) => {
            let right = order.into_iter().map(|place| options[place].1.clone()).collect::<Vec<_>>();
            options.clear();
            right.join("\n")
        }
        Asked::Blanks(mut blanks) => {
            // Optional words are written out, and read as optional once more.
            blanks.iter_mut().for_each(|forms| forms.sort_unstable());
            blanks.iter_mut().for_each(Vec::dedup);
            exam_model::text::blanks(&text.clone()).into_iter().rev().for_each(|at| text.replace_range(at, BLANK));
            format!("{blanks:?}")
        }
        other => format!("{other:?}"),
    };
    format!("{:?} {:?} {options:?} {marks:?} {choose:?} {figure} {asked} {open:?}", question.kind, text.trim())
}

/// Each item comes back as it was, or a warning names it.
fn assert_equal_or_told(questions: &[Question], format: Format) {
    let told = export("title", questions, format).warnings;
    let imported = back(questions, format);
    for leaf in questions.iter().flat_map(Question::leaves) {
        let is_told = told.iter().chain(&imported.warnings).any(|warning| warning.path == leaf.path);
        let came = imported.questions.iter().flat_map(Question::leaves).find(|other| other.path == leaf.path);
        let came = came.map(substance);
        assert!(is_told || came.as_ref() == Some(&substance(leaf)), "{format:?}\n{came:?}\n{}", substance(leaf));
    }
}

/// What a table holds.
fn in_a_table(questions: &[Question]) -> Vec<Question> {
    let one = |question: &Question| {
        let ids = |id: &String| match question.options.iter().position(|option| option.id == *id) {
            Some(place) => Some(format!("o{}", place + 1)),
            None => (question.kind == Kind::TrueFalse).then(|| id.clone()),
        };
        let key = question.key.as_ref().map(|key| Key {
            options: key.options.iter().filter_map(ids).collect(),
            text: key.text.clone(),
            source: KeySource::Person,
        });
        let mut question = Question {
            id: Uuid::nil(),
            key,
            regions: Vec::new(),
            confidence: 1.0,
            doubts: Vec::new(),
            topic: None,
            parts: in_a_table(&question.parts),
            ..question.clone()
        };
        for (n, option) in question.options.iter_mut().enumerate() {
            option.id = format!("o{}", n + 1);
        }
        // Nothing tells empty options at the end from none.
        while question.options.last().is_some_and(|option| option.label.is_empty() && option.text.is_empty()) {
            let gone = question.options.pop().map(|option| option.id);
            question.key.iter_mut().for_each(|key| key.options.retain(|id| Some(id) != gone.as_ref()));
        }
        question
    };
    questions.iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_holds_everything(questions in paper_of_all()) {
        prop_assert_eq!(back(&questions, Format::Json).questions, questions);
    }

    #[test]
    fn gift_holds_what_it_can(questions in paper_of_all()) {
        assert_held(&questions, Format::Gift, &gift::HOLDS);
    }

    #[test]
    fn moodle_holds_what_it_can(questions in paper_of_all()) {
        assert_held(&questions, Format::Moodle, &moodle::HOLDS);
    }

    #[test]
    fn qti_holds_what_it_can(questions in paper_of_all()) {
        assert_held(&questions, Format::Qti, &qti::HOLDS);
    }

    #[test]
    fn csv_holds_what_it_can(questions in paper_of_all()) {
        prop_assert_eq!(back(&questions, Format::Csv).questions, in_a_table(&questions));
    }

    #[test]
    fn what_does_not_come_back_is_told(questions in paper_of_all(), format in select(&Format::ALL[..])) {
        assert_equal_or_told(&questions, format);
    }

    #[test]
    fn packages_keep_the_schema_of_qti(questions in paper_of_all()) {
        schema::is_qti(&export("A \"title\" <&>", &questions, Format::Qti).bytes);
    }

    #[test]
    fn moodle_finds_what_it_needs(questions in paper_of_all()) {
        let file = export("A title", &questions, Format::Moodle);
        schema::is_moodle(&file.bytes, &file.warnings);
    }

    #[test]
    fn aiken_holds_single_choices(questions in paper_of_all()) {
        let file = export("", &questions, Format::Aiken);
        let left_out: Vec<&str> =
            file.warnings.iter().filter(|w| w.reason.starts_with("it is left out")).map(|w| w.path.as_str()).collect();
        let line = aiken::one_line;
        let kept = items(&questions, &aiken::HOLDS, &mut Vec::new()).into_iter();
        let kept = kept.filter(|item| !left_out.contains(&item.question.path.as_str()));
        let wanted: Vec<_> = kept.map(|item| {
            let Asked::Choice { right, .. } = item.asked else { panic!("{:?} was kept", item.question) };
            let texts: Vec<String> = item.question.options.iter().map(|option| line(&option.text)).collect();
            let right = texts[right.iter().position(|right| *right).unwrap()].clone();
            (line(&item.question.text), texts, right)
        }).collect();
        let found: Vec<_> = back(&questions, Format::Aiken).questions.into_iter().map(|question| {
            let texts: Vec<String> = question.options.iter().map(|option| option.text.clone()).collect();
            let id = &question.key.as_ref().unwrap().options[0];
            let right = question.options.iter().find(|option| option.id == *id).unwrap().text.clone();
            (question.text, texts, right)
        }).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn tables_hold_no_formulas(questions in paper_of_all()) {
        let file = export("", &questions, Format::Csv);
        let mut reader = ::csv::Reader::from_reader(&file.bytes[3..]);
        for cell in reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{}", cell);
        }
    }

    #[test]
    fn no_file_panics(
        questions in paper_of_all(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), select(&PIECES[..])), 0..6),
        format in select(&Format::ALL[..]),
    ) {
        let mut bytes = export("title", &questions, format).bytes;
        for (place, byte, piece) in changes {
            let at = place.index(bytes.len() + 1);
            match byte % 4 {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, piece.bytes())),
                2 => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
                _ if at < bytes.len() => bytes[at] ^= byte,
                _ => bytes.push(byte),
            }
        }
        for format in Format::ALL {
            if let Ok(imported) = import(&bytes, format) {
                paper(imported);
            }
        }
        detect(&bytes);
    }

    #[test]
    fn no_text_panics(text in text(), noise in vec(any::<u8>(), 0..200)) {
        for format in Format::ALL {
            let _ = import(text.as_bytes(), format);
            let _ = import(&noise, format);
        }
        detect(text.as_bytes());
        detect(&noise);
    }
}

fn package(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_refused() {
    let resource = |n| format!("<resource type=\"imsqti_item_xmlv2p1\" href=\"{n}.xml\"/>");
    let manifest: String = (0..4).map(resource).collect();
    let zeros = package(&[
        ("imsmanifest.xml", format!("<manifest>{manifest}</manifest>").into_bytes()),
        ("0.xml", vec![b' '; 20 << 20]),
        ("1.xml", vec![b' '; 20 << 20]),
    ]);
    assert!(zeros.len() < 100_000);
    assert!(matches!(import(&zeros, Format::Qti), Err(ExchangeError::TooLarge(_))));
    let entities = "<!DOCTYPE quiz [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><quiz><question type=\"essay\">&b;</question></quiz>";
    assert!(matches!(import(entities.as_bytes(), Format::Moodle), Err(ExchangeError::Broken(..))));
    for deep in ["<quiz>".repeat(100_000), "{\"questions\":".repeat(100_000), "[".repeat(100_000), "{".repeat(100_000)]
    {
        for format in Format::ALL {
            assert!(import(deep.as_bytes(), format).is_err() || format == Format::Gift);
        }
    }
    let nested = "{\"parts\":[".repeat(200);
    assert!(import(format!("{{\"questions\":[{nested}").as_bytes(), Format::Json).is_err());
    let chain: String = (1..4000).map(|n| format!("{n},{},x,short\n", n - 1)).collect();
    let table = import(format!("path,part of,text,kind\n{chain}").as_bytes(), Format::Csv).unwrap();
    assert!(table.questions.len() > 100, "parts have an end");
    let many = "a{}\n\n".repeat(6000);
    assert!(matches!(import(many.as_bytes(), Format::Gift), Err(ExchangeError::TooLarge(_))));
    assert!(matches!(import(&vec![b'a'; 33 << 20], Format::Gift), Err(ExchangeError::TooLarge(_))));
}

/// A person waits for an import: what is a thousand times as long takes no million times as long.
#[test]
fn long_questions_take_no_time() {
    let many = |n: usize, piece: &dyn Fn(usize) -> String| (0..n).map(piece).collect::<String>();
    let gift = format!("Match {{{}}}", many(60_000, &|n| format!("=left{n}->right{n}")));
    let moodle = |kind: &str, text: &str, rest: &str| {
        format!(
            "<quiz><question type=\"{kind}\"><questiontext><text>{text}</text></questiontext>{rest}</question></quiz>"
        )
    };
    let gaps = moodle(
        "gapselect",
        &"[[1]] ".repeat(50_000),
        &many(50_000, &|n| format!("<selectoption><text>word{n}</text></selectoption>")),
    );
    let values = many(50_000, &|n| format!("<value>c{n}</value>"));
    let choices = many(50_000, &|n| format!("<simpleChoice identifier=\"c{n}\">choice {n}</simpleChoice>"));
    let qti = format!(
        "<assessmentItem><responseDeclaration identifier=\"R\" cardinality=\"multiple\"><correctResponse>{values}</correctResponse>\
         </responseDeclaration><itemBody><choiceInteraction responseIdentifier=\"R\">{choices}</choiceInteraction></itemBody></assessmentItem>"
    );
    let fields = many(50_000, &|n| format!("<response_str ident=\"r{n}\"><render_fib/></response_str>"));
    let equals = many(50_000, &|n| format!("<varequal respident=\"r{n}\">{n}</varequal>"));
    let qti1 = format!(
        "<questestinterop><item><presentation><material><mattext>{}</mattext></material>{fields}</presentation><resprocessing>\
         <respcondition><conditionvar>{equals}</conditionvar><setvar>1</setvar></respcondition></resprocessing></item></questestinterop>",
        "text ".repeat(100_000)
    );
    for (file, format) in [(gift, Format::Gift), (gaps, Format::Moodle), (qti, Format::Qti), (qti1, Format::Qti)] {
        let _ = import(file.as_bytes(), format);
    }
}

#[test]
fn gift_of_others() {
    let file = "// a comment\n$CATEGORY: History\n\n\
        ::Tomb:: Who's buried in Grant's \\: tomb?{~Grant ~%50%Jefferson#half =no one#right ####A trick}\n\n\
        Grant is {~buried =entombed ~living} in Grant's tomb.\n\n\
        Grant is buried in Grant's tomb.{FALSE#No#Yes}\n\n\
        Who's buried in Grant's tomb?{=no one =nobody =%50%someone}\n\n\
        When was Ulysses S. Grant born?{#1822:5}\n\n\
        What is the value of pi?{#3.141..3.142}\n\n\
        Match the countries with their capitals.{=Canada -> Ottawa =Italy->Rome =Japan->Tokyo}\n\n\
        [html]<p>Which are <b>even</b>?</p>{\n~%50%2\n~%-100%3\n~%50%4\n}\n\n\
        The {=heart =the heart} pumps blood.\n\n\
        Write an essay.{}\n\n\
        Read this.\n\n\
        Broken {=a\n";
    let imported = import(file.as_bytes(), Format::Gift).unwrap();
    let line = |q: &Question| {
        let options: Vec<&str> = q.options.iter().map(|option| option.text.as_str()).collect();
        let key = q.key.as_ref().map(|key| key.text.as_str()).unwrap_or("-");
        format!("{} {:?} {:?} {} = {key}", q.path, q.kind, q.text, options.join("|"))
    };
    assert_eq!(
        imported.questions.iter().map(line).collect::<Vec<_>>(),
        [
            "Tomb Single \"Who's buried in Grant's : tomb?\" Grant|Jefferson|no one = C",
            "2 Single \"Grant is _____ in Grant's tomb.\" buried|entombed|living = B",
            "3 TrueFalse \"Grant is buried in Grant's tomb.\"  = False",
            "4 Short \"Who's buried in Grant's tomb?\"  = no one / nobody",
            "5 Numeric \"When was Ulysses S. Grant born?\"  = 1822 (± 5)",
            "6 Numeric \"What is the value of pi?\"  = 3.1415 (± 0.0005)",
            "7 Match \"Match the countries with their capitals.\\n1. Canada\\n2. Italy\\n3. Japan\\nA. Ottawa\\nB. Rome\\nC. Tokyo\"  = 1-A; 2-B; 3-C",
            "8 Multiple \"Which are even?\" 2|3|4 = A; C",
            "9 Cloze \"The _____ pumps blood.\"  = heart / the heart",
            "10 Long \"Write an essay.\"  = -",
            "11 Group \"Read this.\"  = -",
        ]
    );
    let warnings: Vec<String> = imported.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        warnings,
        [
            "Tomb: its feedback is left out",
            "Tomb: its general feedback is left out",
            "Tomb: what earns a part of the marks is left out: “Jefferson” (50 %)",
            "3: its feedback is left out",
            "4: what earns a part of the marks is left out: “someone” (50 %)",
            "11: it has no answers in braces, and is kept as text that asks nothing",
            "question 12: it is left out: a brace is not closed",
        ]
    );
}

#[test]
fn gift_has_markup_categories_and_wildcards() {
    let file = "$CATEGORY: $course$/top/Metals//Heat\n\n\
        ::1::[html]<p>The <b>unit</b> of<br>heat</p>{=<p>joule</p> ~%50%<p>calorie</p> ~<p>watt</p>}\n\n\
        ::2::[markdown]Which are **metals**?{~%50%iron ~%50%*tin* ~%-100%wood}\n\n\
        ::3::Who?{=*da Vinci* =Leo\\*}\n\n\
        ::4::How many?{#=1.4142135623730951:0.001 =%50%1.4:0.1}\n\n\
        ::5::[plain]Any <b>?{=*}\n";
    let imported = import(file.as_bytes(), Format::Gift).unwrap();
    assert_eq!(imported.title.as_deref(), Some("Metals/Heat"));
    let shown = |question: &Question| {
        let options: Vec<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
        format!("{:?} [{}] = {}", question.text, options.join("|"), question.key.as_ref().map_or("-", |key| &key.text))
    };
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "\"The unit of\\nheat\" [joule|calorie|watt] = A",
            "\"Which are metals?\" [iron|tin|wood] = A; B",
            "\"Who?\" [] = da Vinci / Leo*",
            "\"How many?\" [] = 1.4142135623730951 (± 0.001)",
            "\"Any <b>?\" [] = -",
        ]
    );
    assert_eq!(
        imported.warnings.iter().map(Warning::to_string).collect::<Vec<_>>(),
        [
            "1: what earns a part of the marks is left out: “calorie” (50 %)",
            "3: in its answer “*da Vinci*” a * stands for any characters; here only “da Vinci” is right",
            "4: what earns a part of the marks is left out: “1.4:0.1” (50 %)",
            "5: any answer is right where it was made; here it has no answer key",
        ]
    );
}

#[test]
fn aiken_of_others() {
    let file = "What is the capital\nof Rwanda?\nA) Huye\nB) Kigali\nANSWER: B\n\n2 + 2?\nA. 3\nB. 4\nanswer: b\n";
    assert_eq!(detect(file.as_bytes()), Some(Format::Aiken));
    let questions = import(file.as_bytes(), Format::Aiken).unwrap().questions;
    assert_eq!(questions[0].text, "What is the capital\nof Rwanda?");
    assert!(questions.iter().all(|question| question.key.as_ref().unwrap().options == ["o2"]));
}

#[test]
fn moodle_of_others() {
    let file = r#"<?xml version="1.0" encoding="UTF-8"?><quiz>
        <question type="category"><category><text>x</text></category></question>
        <question type="multichoice"><name><text>Capital of Rwanda</text></name>
          <questiontext format="html"><text><![CDATA[<p>The capital of <b>Rwanda</b>&nbsp;is</p>]]></text></questiontext>
          <generalfeedback format="html"><text>See chapter 1.</text></generalfeedback><defaultgrade>2.0000000</defaultgrade>
          <single>true</single><answernumbering>abc</answernumbering>
          <answer fraction="0" format="html"><text>&lt;p&gt;Huye&lt;/p&gt;</text></answer>
          <answer fraction="100" format="html"><text><![CDATA[<p>Kigali</p>]]></text></answer></question>
        <question type="cloze"><questiontext format="html"><text><![CDATA[<p>Plants need {1:SHORTANSWER:=water#Yes~%50%H2O} and
          {2:NUMERICAL:=7:0.5} in {1:MULTICHOICE:=soil~moon \} dust}.</p>]]></text></questiontext></question>
        <question type="numerical"><questiontext><text>g?</text></questiontext><answer fraction="100"><text>9.8</text>
          <tolerance>0.1</tolerance></answer><units><unit><unit_name>m/s²</unit_name></unit></units></question>
        <question type="calculated"><questiontext><text>{a} + {b}</text></questiontext></question></quiz>"#;
    assert_eq!(detect(file.as_bytes()), Some(Format::Moodle));
    let imported = import(file.as_bytes(), Format::Moodle).unwrap();
    let [capital, plants, g] = &imported.questions[..] else { panic!("{imported:?}") };
    assert_eq!((capital.text.as_str(), capital.marks), ("The capital of Rwanda is", Some(2.0)));
    assert_eq!((capital.options[1].label.as_str(), capital.options[1].text.as_str()), ("b", "Kigali"));
    assert_eq!(plants.text, "Plants need _____ and _____ in _____.");
    assert_eq!(plants.key.as_ref().unwrap().text, "water; 7 (± 0.5); soil");
    assert_eq!(g.key.as_ref().unwrap().text, "9.8 m/s² (± 0.1)");
    let warnings: Vec<String> = imported.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        warnings,
        [
            "1: its feedback is left out",
            "2: its feedback is left out",
            "2: what earns a part of the marks is left out: “H2O” (50 %)",
            "4: it is left out: there is no “Calculated” question here",
        ]
    );
}

#[test]
fn qti_of_others() {
    let item = |body: &str| format!("<assessmentItem identifier=\"x\" title=\"A question\">{body}</assessmentItem>");
    let order = item(
        "<responseDeclaration identifier=\"R\" cardinality=\"ordered\" baseType=\"identifier\"><correctResponse>\
         <value>D</value><value>C</value></correctResponse></responseDeclaration><itemBody><orderInteraction \
         responseIdentifier=\"R\"><prompt>Put in\n  order.</prompt><simpleChoice identifier=\"C\">Michael</simpleChoice>\
         <simpleChoice identifier=\"D\">Rubens</simpleChoice></orderInteraction></itemBody>",
    );
    let gap = item(
        "<responseDeclaration identifier=\"R\" cardinality=\"single\" baseType=\"string\"><correctResponse><value>York</value>\
         </correctResponse><mapping><mapEntry mapKey=\"York\" mappedValue=\"1\"/><mapEntry mapKey=\"york\" mappedValue=\"0.5\"/>\
         </mapping></responseDeclaration><itemBody><p>Made glorious by this sun of <textEntryInteraction \
         responseIdentifier=\"R\"/>;</p></itemBody>",
    );
    let spot = item(
        "<itemBody><hotspotInteraction responseIdentifier=\"R\"><prompt>Where?</prompt></hotspotInteraction></itemBody>",
    );
    let resources: String = ["a", "b", "c", "missing"]
        .map(|name| format!("<resource identifier=\"{name}\" type=\"imsqti_item_xmlv2p1\" href=\"{name}.xml\"/>"))
        .concat();
    let bytes = package(&[
        ("pack/imsmanifest.xml", format!("<manifest><resources>{resources}</resources></manifest>").into_bytes()),
        ("pack/a.xml", order.into_bytes()),
        ("pack/b.xml", gap.into_bytes()),
        ("pack/c.xml", spot.into_bytes()),
    ]);
    let imported = import(&bytes, Format::Qti).unwrap();
    let [order, gap, spot] = &imported.questions[..] else { panic!("{imported:?}") };
    assert_eq!((order.kind, order.text.as_str()), (Kind::Order, "Put in order."));
    assert_eq!(order.key.as_ref().unwrap().text, "B; A");
    assert_eq!((gap.kind, gap.text.as_str()), (Kind::Cloze, "Made glorious by this sun of _____;"));
    assert_eq!(gap.key.as_ref().unwrap().text, "York");
    assert_eq!((spot.kind, spot.text.as_str()), (Kind::Long, "Where?"));
    assert_eq!(imported.warnings.len(), 3, "{:?}", imported.warnings);
}

#[test]
fn packages_of_others_are_read_once() {
    let item = |name: &str| {
        format!(
            "<item title=\"{name}\"><presentation><material><mattext>{name}?</mattext></material></presentation></item>"
        )
    };
    let quiz = |items: &str| format!("<questestinterop>{items}</questestinterop>").into_bytes();
    let canvas = "<manifest><resources>\
        <resource identifier=\"g1\" type=\"imsqti_xmlv1p2/imscc_xmlv1p1/assessment\"><file href=\"g1/assessment_qti.xml\"/></resource>\
        <resource identifier=\"m1\" type=\"associatedcontent/imscc_xmlv1p1/learning-application-resource\" href=\"g1/meta.xml\">\
        <file href=\"g1/meta.xml\"/><file href=\"non_cc_assessments/g1.xml.qti\"/></resource>\
        <resource identifier=\"b1\" type=\"associatedcontent/imscc_xmlv1p1/learning-application-resource\">\
        <file href=\"non_cc_assessments/b1.xml.qti\"/></resource>\
        <resource identifier=\"g2\" type=\"imsqti_xmlv1p2\"><file href=\"g2/my%20quiz.xml\"/></resource>\
        <resource identifier=\"w1\" type=\"webcontent\" href=\"page.html\"/></resources></manifest>";
    let bytes = package(&[
        ("imsmanifest.xml", canvas.into()),
        ("g1/assessment_qti.xml", quiz(&item("part"))),
        ("g1/meta.xml", b"<quiz/>".to_vec()),
        ("non_cc_assessments/g1.xml.qti", quiz(&(item("one") + &item("two")))),
        ("non_cc_assessments/b1.xml.qti", quiz(&item("bank"))),
        ("g2/my quiz.xml", quiz(&item("other"))),
    ]);
    let texts = |bytes: &[u8]| -> Vec<String> {
        import(bytes, Format::Qti).unwrap().questions.into_iter().map(|question| question.text).collect()
    };
    assert_eq!(texts(&bytes), ["one?", "two?", "bank?", "other?"]);
    let blackboard = "<manifest xmlns:bb=\"http://www.blackboard.com/content-packaging/\"><resources>\
        <resource bb:file=\"res1.dat\" type=\"assessment/x-bb-qti-pool\"/>\
        <resource bb:file=\"res2.dat\" type=\"course/x-bb-coursesetting\"/></resources></manifest>";
    let bytes = package(&[
        ("imsmanifest.xml", blackboard.into()),
        ("res1.dat", quiz(&item("pool"))),
        ("res2.dat", b"<COURSE/>".to_vec()),
    ]);
    assert_eq!(texts(&bytes), ["pool?"]);
    let brightspace = "<manifest xmlns:d2l_2p0=\"http://desire2learn.com/xsd/d2lcp_v2p0\"><resources>\
        <resource type=\"webcontent\" href=\"q.xml\" d2l_2p0:material_type=\"d2lquiz\"/>\
        <resource type=\"webcontent\" href=\"p.xml\" d2l_2p0:material_type=\"content\"/></resources></manifest>";
    let bytes = package(&[("imsmanifest.xml", brightspace.into()), ("q.xml", quiz(&item("quiz"))), ("p.xml", vec![])]);
    assert_eq!(texts(&bytes), ["quiz?"]);
    let bare = package(&[("quiz/b.xml", quiz(&item("two"))), ("quiz/a.xml", quiz(&item("one"))), ("a.png", vec![0])]);
    assert_eq!(texts(&bare), ["one?", "two?"], "no manifest lists them");
}

#[test]
fn files_without_questions_say_what_they_are() {
    let message = |bytes: &[u8]| import(bytes, detect(bytes).unwrap()).unwrap_err().to_string();
    for (file, word) in
        [("word/document.xml", "Word"), ("moodle_backup.xml", "Moodle course"), ("a.txt", "imsmanifest.xml")]
    {
        assert!(message(&package(&[(file, b"<a/>".to_vec())])).contains(word), "{file}");
    }
    let prose = import(b"# Metals\n\n* Which is a metal?\n- iron\n", Format::Gift).unwrap_err().to_string();
    assert!(prose.contains("as GIFT writes them"), "{prose}");
    let random = "<quiz><question type=\"random\"><name><text>any</text></name></question></quiz>";
    assert!(message(random.as_bytes()).contains("any: it is left out: there is no “Random” question here"));
    assert!(message(b"<qti-assessment-item/>").contains("QTI 3"));
    let upload = "<questestinterop><item title=\"Send\"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>\
        question_type</fieldlabel><fieldentry>file_upload_question</fieldentry></qtimetadatafield></qtimetadata>\
        </itemmetadata></item></questestinterop>";
    let message = message(upload.as_bytes());
    assert!(message.contains("“file upload”") && message.contains("export of Canvas"), "{message}");
}

#[test]
fn moodle_marks_its_texts_in_several_ways() {
    let question = |kind: &str, format: &str, text: &str, rest: &str| {
        format!(
            "<question type=\"{kind}\"><questiontext format=\"{format}\"><text><![CDATA[{text}]]></text></questiontext>{rest}</question>"
        )
    };
    let answer = |fraction: &str, text: &str, rest: &str| {
        format!("<answer fraction=\"{fraction}\" format=\"plain_text\"><text>{text}</text>{rest}</answer>")
    };
    let near = |by: &str| format!("<tolerance>{by}</tolerance>");
    let roots = answer("100", "1.4142135623730951", &near("0.001"))
        + &answer("100", "-1.5e-3", &near("0"))
        + &answer("50", "1.4", &near("0.1"))
        + &answer("100", "*", "");
    let stars = answer("100", "*da Vinci*", "") + &answer("100", r"5\*3", "") + &answer("50", "Leo*", "");
    let gaps = "<selectoption><text>iron</text><group>1</group></selectoption><selectoption><text>wood</text><group>1</group></selectoption>";
    let file = [
        question("description", "markdown", "A **metal** `a_b`\nis hard.", ""),
        question("description", "moodle_auto_format", "one\n<b>two</b>", ""),
        question("numerical", "html", "Roots?", &roots),
        question("shortanswer", "html", "Who?", &(stars + "<usecase>1</usecase>")),
        question("gapselect", "html", "Of [[1]], not [[2]] or [[9]].", gaps),
        question("cloze", "html", "A {1:MULTICHOICE:wood~=iron} {1:SA:=nail*}.", ""),
    ];
    let imported = import(format!("<quiz>{}</quiz>", file.concat()).as_bytes(), Format::Moodle).unwrap();
    let shown = |question: &Question| {
        let options: Vec<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
        format!("{} [{}] = {}", question.text, options.join("|"), question.key.as_ref().map_or("-", |key| &key.text))
    };
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "A metal a_b is hard. [] = -",
            "one\ntwo [] = -",
            "Roots? [] = 1.4142135623730951 (± 0.001) / -0.0015",
            "Who? [] = da Vinci / 5*3",
            "Of _____, not _____ or [[9]]. [iron|wood] = iron; wood",
            "A _____ _____. [iron|wood] = iron; nail",
        ]
    );
    assert!(imported.questions[3].needs_look(), "a wildcard leaves a doubt");
    assert_eq!(
        imported.warnings.iter().map(Warning::to_string).collect::<Vec<_>>(),
        [
            "3: its answer “*” is no number, and is left out",
            "3: what earns a part of the marks is left out: “1.4 (± 0.1)” (50 %)",
            "4: in its answer “*da Vinci*” a * stands for any characters; here only “da Vinci” is right",
            "4: what earns a part of the marks is left out: “Leo*” (50 %)",
            "4: that capital letters matter is left out",
            "6: in its answer “nail*” a * stands for any characters; here only “nail” is right",
        ]
    );
}

#[test]
fn feedback_is_no_part_of_an_option() {
    let feedback =
        "<feedbackInline outcomeIdentifier=\"F\" identifier=\"A\" showHide=\"show\"> Not hard enough.</feedbackInline>";
    let item = format!(
        "<assessmentItem title=\"1\"><responseDeclaration identifier=\"R\" cardinality=\"single\" baseType=\"identifier\">\
         <correctResponse><value>B</value></correctResponse></responseDeclaration><itemBody>\
         <rubricBlock view=\"tutor\"><p>For tutors.</p></rubricBlock><choiceInteraction responseIdentifier=\"R\">\
         <prompt>Which?{feedback}</prompt><simpleChoice identifier=\"A\">wood{feedback}</simpleChoice>\
         <simpleChoice identifier=\"B\">iron</simpleChoice></choiceInteraction><feedbackBlock><p>See page 3.</p></feedbackBlock>\
         </itemBody><modalFeedback>Well done.</modalFeedback></assessmentItem>"
    );
    let imported = import(item.as_bytes(), Format::Qti).unwrap();
    let question = &imported.questions[0];
    assert_eq!((question.text.as_str(), question.options[0].text.as_str()), ("Which?", "wood"));
    assert_eq!(imported.warnings.iter().map(Warning::to_string).collect::<Vec<_>>(), ["1: its feedback is left out"]);
}

#[test]
fn gaps_hot_words_and_sliders_of_qti_are_read() {
    let item = |cardinality: &str, kind: &str, right: &str, body: &str| {
        let right: String = right.split(',').map(|value| format!("<value>{value}</value>")).collect();
        format!(
            "<assessmentItem title=\"1\"><responseDeclaration identifier=\"R\" cardinality=\"{cardinality}\" baseType=\"{kind}\">\
             <correctResponse>{right}</correctResponse></responseDeclaration><itemBody>{body}</itemBody></assessmentItem>"
        )
    };
    let gaps = "<gapMatchInteraction responseIdentifier=\"R\"><prompt>Fill.</prompt><gapText identifier=\"W\">winter</gapText>\
        <gapText identifier=\"S\">summer</gapText><blockquote><p>Now is the <gap identifier=\"G1\"/> made <gap identifier=\"G2\"/></p>\
        </blockquote></gapMatchInteraction>";
    let hot = "<hottextInteraction responseIdentifier=\"R\"><p>Of <hottext identifier=\"A\">iron</hottext> or \
        <hottext identifier=\"B\">wood</hottext>?</p></hottextInteraction>";
    let slider = "<sliderInteraction responseIdentifier=\"R\" lowerBound=\"0\" upperBound=\"9\"><prompt>How many?</prompt></sliderInteraction>";
    let place = "<hotspotInteraction responseIdentifier=\"R\"><prompt>Where?</prompt></hotspotInteraction>";
    let read = |item: String| {
        let mut imported = import(item.as_bytes(), Format::Qti).unwrap();
        let question = imported.questions.remove(0);
        let options: Vec<String> = question.options.iter().map(|option| option.text.clone()).collect();
        let key = question.key.as_ref().map_or("-", |key| &key.text);
        let told = imported.warnings.first().map(ToString::to_string).unwrap_or_default();
        format!("{:?} {} [{}] = {key} {told}", question.kind, question.text.replace('\n', " "), options.join("|"))
    };
    assert_eq!(
        read(item("multiple", "directedPair", "W G1,S G2", gaps)),
        "Cloze Fill. Now is the _____ made _____ [summer|winter] = winter; summer "
    );
    assert_eq!(read(item("single", "identifier", "A", hot)), "Single Of iron or wood? [iron|wood] = A ");
    assert_eq!(read(item("single", "integer", "4", slider)), "Numeric How many? [] = 4 ");
    assert_eq!(
        read(item("single", "point", "1 2", place)),
        "Long Where? [] = - 1: it asks for a place in a picture, which cannot be given here; it is taken for an essay"
    );
}

#[test]
fn what_stands_around_items_of_qti_is_told() {
    let manifest = "<manifest><resources><resource type=\"imsqti_test_xmlv2p1\" href=\"t.xml\"/>\
        <resource type=\"imsqti_item_xmlv2p2\" href=\"i.xml\"/></resources></manifest>";
    let test = "<assessmentTest title=\"Metals\"><testPart><assessmentSection><selection select=\"1\"/><rubricBlock view=\"candidate\">\
        <p>Read first.</p></rubricBlock></assessmentSection></testPart></assessmentTest>";
    let item = "<assessmentItem title=\"1\"><outcomeDeclaration identifier=\"SCORE\"/><outcomeDeclaration identifier=\"MAXSCORE\">\
        <defaultValue><value>3</value></defaultValue></outcomeDeclaration><assessmentStimulusRef href=\"s.xml\"/><itemBody>\
        <extendedTextInteraction responseIdentifier=\"R\"><prompt>Why?</prompt></extendedTextInteraction></itemBody></assessmentItem>";
    let bytes = package(&[("imsmanifest.xml", manifest.into()), ("t.xml", test.into()), ("i.xml", item.into())]);
    let imported = import(&bytes, Format::Qti).unwrap();
    assert_eq!((imported.title.as_deref(), imported.questions[0].marks), (Some("Metals"), Some(3.0)));
    assert_eq!(
        imported.warnings.iter().map(Warning::to_string).collect::<Vec<_>>(),
        [
            "t.xml: text that stands beside its questions is left out",
            "t.xml: that only some questions of a group are drawn by chance is left out",
            "1: a text in another file that it is about is left out",
        ]
    );
}

#[test]
fn each_number_of_qti_has_its_own_tolerance() {
    let equal = |attributes: &str, value: &str| {
        format!(
            "<equal {attributes}><variable identifier=\"R\"/><baseValue baseType=\"float\">{value}</baseValue></equal>"
        )
    };
    let item = format!(
        "<assessmentItem title=\"1\"><responseDeclaration identifier=\"R\" cardinality=\"single\" baseType=\"float\">\
         <correctResponse><value>2</value></correctResponse></responseDeclaration><itemBody><p>Which?</p>\
         <p><textEntryInteraction responseIdentifier=\"R\"/></p></itemBody><responseProcessing><or>{}{}{}</or>\
         </responseProcessing></assessmentItem>",
        equal("toleranceMode=\"absolute\" tolerance=\"0.5 0.5\"", "2"),
        equal("toleranceMode=\"relative\" tolerance=\"1 1\"", "300"),
        equal("toleranceMode=\"exact\"", "3.3333333333333335"),
    );
    let imported = import(item.as_bytes(), Format::Qti).unwrap();
    assert_eq!(imported.questions[0].key.as_ref().unwrap().text, "2 (± 0.5) / 300 (± 3) / 3.3333333333333335");
}

#[test]
fn tables_of_others() {
    let file = "Question;Option 1;Option 2;Answer;Marks\n\"2 + 2?\";3;4;B;1,5\nCapital of Rwanda?;;;Kigali;one\n";
    assert_eq!(detect(file.as_bytes()), Some(Format::Csv));
    let imported = import(file.as_bytes(), Format::Csv).unwrap();
    let [sum, capital] = &imported.questions[..] else { panic!("{imported:?}") };
    assert_eq!((sum.kind, sum.marks), (Kind::Single, Some(1.5)));
    assert_eq!(sum.key.as_ref().unwrap().options, ["o2"]);
    assert_eq!((capital.kind, capital.key.as_ref().unwrap().text.as_str()), (Kind::Short, "Kigali"));
    assert_eq!(imported.warnings[0].to_string(), "row 3: “one” in the column marks is no number and is left out");
}

#[test]
fn what_is_none_is_not_detected() {
    for bytes in
        [&b"GIF89a"[..], b"", b"hello, world", b"<html></html>", b"\xff\xfe", b"{\"a\": 1}", b"fn main() { print(); }"]
    {
        assert_eq!(detect(bytes), None, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn warnings_name_the_item() {
    let part = Question { path: "1.a".into(), kind: Kind::List, figure: true, marks: Some(1.0), ..Question::default() };
    let whole = Question { path: "1".into(), text: "Look.".into(), parts: vec![part], ..Question::default() };
    let warnings: Vec<String> = export("", &[whole], Format::Gift).warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        warnings,
        [
            "1.a: it is a part of 1, whose text now stands before its own",
            "1.a: GIFT cannot ask for a list in this way: it becomes an essay",
            "1.a: its picture is left out",
            "1.a: its 1 mark is left out",
        ]
    );
}

#[test]
fn what_is_classified_or_labelled_becomes_what_comes_closest() {
    let key = |text: &str| Some(Key { options: vec![], text: text.into(), source: KeySource::Person });
    let thing = |text: &str| Choice { text: text.into(), label: String::new(), ..Choice::nth(0) };
    let classify = Question {
        path: "1".into(),
        kind: Kind::Classify,
        text: "Classify.".into(),
        options: ["carrot", "cabbage", "roots:", "leaves:"].map(thing).to_vec(),
        key: key("roots: carrot; leaves: cabbage"),
        ..Question::default()
    };
    let parts = (0..2).map(Choice::nth).collect();
    let label = Question {
        path: "2".into(),
        kind: Kind::Label,
        text: "Name the parts.".into(),
        options: parts,
        key: key("stigma; style"),
        ..Question::default()
    };
    let questions = [classify, label];
    let moodle = back(&questions, Format::Moodle).questions;
    assert_eq!((moodle[0].kind, moodle[0].key.as_ref().unwrap().text.as_str()), (Kind::Match, "1-B; 2-A"));
    assert_eq!((moodle[1].kind, moodle[1].text.as_str()), (Kind::Cloze, "Name the parts.\nA: _____\nB: _____"));
    assert_eq!(moodle[1].key.as_ref().unwrap().text, "stigma; style");
    let warnings: Vec<String> = export("", &questions, Format::Gift).warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        warnings,
        [
            "1: GIFT cannot ask for things to put under headings in this way: it becomes pairs",
            "1: its words to choose from now stand in its text",
            "2: GIFT cannot ask for the names of a picture's parts in this way: it becomes an essay",
        ]
    );
    let table = back(&questions, Format::Csv).questions;
    assert_eq!((table[0].kind, table[0].options[2].heading()), (Kind::Classify, Some("roots")));
    assert_eq!((table[1].kind, table[1].options[1].label.as_str()), (Kind::Label, "B"));
}

#[test]
fn any_file_can_be_stored() {
    let wild = Question {
        path: "1".into(),
        text: "a\0b".into(),
        marks: Some(-1.0),
        choose: Some(0),
        topic: Some(Uuid::from_u128(1)),
        ..Question::default()
    };
    let paper = paper(Imported { questions: vec![wild.clone(), wild], ..Imported::default() });
    let [first, second] = &paper.questions[..] else { panic!() };
    assert_eq!((first.path.as_str(), second.path.as_str(), first.text.as_str()), ("1", "1#2", "ab"));
    assert_eq!((first.marks, first.choose, first.topic), (None, None, None));
}

#[cfg(feature = "clap")]
#[test]
fn a_command_line_takes_the_same_words() {
    use clap::ValueEnum;
    for format in Format::value_variants() {
        let value = format.to_possible_value().unwrap();
        assert_eq!(Format::parse(value.get_name()), Some(*format));
    }
}
