//! Files as Canvas and Blackboard write them, made small.

use exam_model::question::{Kind, Question};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::{Format, Imported, detect, import};

fn material(text: &str) -> String {
    format!("<material><mattext texttype=\"text/html\">&lt;p&gt;{text}&lt;/p&gt;</mattext></material>")
}

fn labels(texts: &[(&str, &str)]) -> String {
    let label =
        |(ident, text): &(&str, &str)| format!("<response_label ident=\"{ident}\">{}</response_label>", material(text));
    format!("<render_choice>{}</render_choice>", texts.iter().map(label).collect::<String>())
}

fn scored(test: &str, worth: &str) -> String {
    format!(
        "<respcondition continue=\"No\"><conditionvar>{test}</conditionvar>\
         <setvar action=\"Set\" varname=\"SCORE\">{worth}</setvar></respcondition>"
    )
}

fn equal(response: &str, value: &str) -> String {
    format!("<varequal respident=\"{response}\">{value}</varequal>")
}

/// An item of Canvas.
fn canvas(kind: &str, text: &str, responses: &str, processing: &str) -> String {
    format!(
        "<item ident=\"x\" title=\"Question\"><itemmetadata><qtimetadata><qtimetadatafield>\
         <fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield><qtimetadatafield>\
         <fieldlabel>points_possible</fieldlabel><fieldentry>2.0</fieldentry></qtimetadatafield></qtimetadata>\
         </itemmetadata><presentation>{}{responses}</presentation><resprocessing><outcomes><decvar maxvalue=\"100\"/>\
         </outcomes>{processing}</resprocessing></item>",
        material(text)
    )
}

const ENTRY: &str = "<response_str ident=\"r\" rcardinality=\"Single\"><render_fib><response_label ident=\"a\"/></render_fib></response_str>";

fn one(responses: &str, cardinality: &str) -> String {
    format!("<response_lid ident=\"r\" rcardinality=\"{cardinality}\">{responses}</response_lid>")
}

fn read(items: &str) -> Imported {
    let file = format!(
        "<?xml version=\"1.0\"?><questestinterop><assessment title=\"Metals\"><section>{items}</section></assessment></questestinterop>"
    );
    assert_eq!(detect(file.as_bytes()), Some(Format::Qti));
    import(file.as_bytes(), Format::Qti).unwrap()
}

fn shown(question: &Question) -> String {
    let options: Vec<String> = question.options.iter().map(|o| format!("{}{}", o.label, o.text)).collect();
    let key = question.key.as_ref().map(|key| key.text.as_str()).unwrap_or("-");
    format!("{:?} {:?} [{}] = {key}", question.kind, question.text, options.join("|"))
}

fn reasons(imported: &Imported) -> Vec<String> {
    imported.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn every_kind_of_canvas_is_read() {
    let metals = labels(&[("1", "iron"), ("2", "wood"), ("3", "tin")]);
    let truths = labels(&[("1", "True"), ("2", "False")]);
    let all = format!("<and>{}<not>{}</not>{}</and>", equal("r", "1"), equal("r", "2"), equal("r", "3"));
    let part = |ident: &str, prompt: &str, words: &[(&str, &str)]| {
        format!(
            "<response_lid ident=\"response_{ident}\"><material><mattext>{prompt}</mattext></material>{}</response_lid>",
            labels(words)
        )
    };
    let towns = [("k", "Kigali"), ("n", "Nairobi"), ("d", "Dodoma")];
    let matched = scored(&equal("response_1", "k"), "50") + &scored(&equal("response_2", "n"), "50");
    let colours = part("c1", "c1", &[("1", "blue")]) + &part("c2", "c2", &[("2", "green"), ("3", "Green")]);
    let menus = part("c1", "c1", &[("1", "iron"), ("2", "wood")]);
    let items = [
        canvas(
            "multiple_choice_question",
            "Which is a metal?",
            &one(&metals, "Single"),
            &scored(&equal("r", "3"), "100"),
        ),
        canvas("multiple_answers_question", "Which are metals?", &one(&metals, "Multiple"), &scored(&all, "100")),
        canvas("true_false_question", "Tin is a metal.", &one(&truths, "Single"), &scored(&equal("r", "1"), "100")),
        canvas("short_answer_question", "Fe?", ENTRY, &scored(&(equal("r", "iron") + &equal("r", "Iron")), "100")),
        canvas("essay_question", "Why?", ENTRY, "<respcondition><conditionvar><other/></conditionvar></respcondition>"),
        canvas("matching_question", "Match.", &(part("1", "Rwanda", &towns) + &part("2", "Kenya", &towns)), &matched),
        canvas(
            "fill_in_multiple_blanks_question",
            "A [c1] sky, [c2] grass",
            &colours,
            &scored(&equal("response_c1", "1"), "50"),
        ),
        canvas("multiple_dropdowns_question", "Of [c1].", &menus, &scored(&equal("response_c1", "1"), "100")),
    ];
    let imported = read(&items.concat());
    assert_eq!(imported.title.as_deref(), Some("Metals"));
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "Single \"Which is a metal?\" [Airon|Bwood|Ctin] = C",
            "Multiple \"Which are metals?\" [Airon|Bwood|Ctin] = A; C",
            "TrueFalse \"Tin is a metal.\" [] = True",
            "Short \"Fe?\" [] = iron / Iron",
            "Long \"Why?\" [] = -",
            "Match \"Match.\\n1. Rwanda\\n2. Kenya\\nA. Kigali\\nB. Nairobi\" [] = 1-A; 2-B",
            "Cloze \"A _____ sky, _____ grass\" [] = blue; green / Green",
            "Cloze \"Of _____.\" [iron|wood] = iron",
        ]
    );
    assert!(imported.questions.iter().all(|question| question.marks == Some(2.0)));
    assert_eq!(
        reasons(&imported),
        [
            "6: answers that match nothing are left out",
            "Metals: it is an export of Canvas, and 8 of its 8 items are read"
        ]
    );
}

#[test]
fn numbers_have_their_ranges() {
    let bound = |name: &str, value: &str| format!("<{name} respident=\"r\">{value}</{name}>");
    let range = |low: &str, high: &str| bound("vargte", low) + &bound("varlte", high);
    let around = format!("<or>{}<and>{}</and></or>", equal("r", "10.5"), range("10", "11.000000000000002"));
    for (test, key) in [
        (equal("r", "12.0"), Some("12")),
        (equal("r", "1.4142135623730951"), Some("1.4142135623730951")),
        (around.clone(), Some("10.5 (± 0.5)")),
        (range("9.0", "11.0"), Some("10 (± 1)")),
        (bound("vargt", "13.395") + &bound("varlte", "13.405"), Some("13.4 (± 0.005)")),
        (range("1", "2") + &equal("r", "1.5"), Some("1.5 (± 0.5)")),
        (bound("vargte", "3"), None),
    ] {
        let imported = read(&canvas("numerical_question", "How many?", ENTRY, &scored(&test, "100")));
        let question = &imported.questions[0];
        assert_eq!(question.kind, Kind::Numeric);
        assert_eq!(question.key.as_ref().map(|key| key.text.as_str()), key, "{test}");
        assert_eq!(question.doubts.is_empty(), key.is_some());
    }
    let two = scored(&around, "100") + &scored(&equal("r", "7"), "50");
    let imported = read(&canvas("numerical_question", "How many?", ENTRY, &two));
    assert_eq!(imported.questions[0].key.as_ref().unwrap().text, "10.5 (± 0.5)");
    assert_eq!(reasons(&imported)[0], "1: numbers that earn a part of the marks are left out");
}

/// An item of Blackboard.
fn blackboard(kind: &str, text: &str, response: &str, processing: &str) -> String {
    format!(
        "<item><itemmetadata><bbmd_questiontype>{kind}</bbmd_questiontype><qmd_absolutescore_max>3.000</qmd_absolutescore_max>\
         </itemmetadata><presentation><flow class=\"Block\"><flow class=\"QUESTION_BLOCK\">{}</flow>{response}</flow>\
         </presentation><resprocessing><outcomes><decvar maxvalue=\"3\"/></outcomes>{processing}</resprocessing>\
         <itemfeedback ident=\"correct\"><flow_mat/></itemfeedback><itemfeedback ident=\"solution\"><solution>{}</solution></itemfeedback></item>",
        formatted(text),
        formatted("A good answer.")
    )
}

fn formatted(text: &str) -> String {
    format!(
        "<flow><material><mat_extension><mat_formattedtext type=\"SMART_TEXT\">{text}</mat_formattedtext></mat_extension></material></flow>"
    )
}

fn right(test: &str) -> String {
    format!(
        "<respcondition><conditionvar>{test}</conditionvar><displayfeedback linkrefid=\"correct\"/></respcondition>"
    )
}

#[test]
fn blackboard_is_read() {
    let answers = |inner: &str| format!("<flow class=\"RESPONSE_BLOCK\">{inner}</flow>");
    let place = |ident: &str, labels: &[&str], text: &str| {
        let labels: String = labels.iter().map(|label| format!("<response_label ident=\"{label}\"/>")).collect();
        format!(
            "<flow class=\"Block\"><response_lid ident=\"{ident}\"><render_choice>{labels}</render_choice></response_lid>{}</flow>",
            formatted(text)
        )
    };
    let columns = answers(&(place("p", &["a", "b"], "Rwanda") + &place("q", &["c", "d"], "Kenya")))
        + &format!("<flow class=\"RIGHT_MATCH_BLOCK\">{}{}</flow>", formatted("Nairobi"), formatted("Kigali"));
    let fields = |idents: &[&str]| {
        let field =
            |ident: &&str| format!("<response_str ident=\"{ident}\"><render_fib fibtype=\"String\"/></response_str>");
        answers(&idents.iter().map(field).collect::<String>())
    };
    let sides = labels(&[("1", "agree_disagree.true"), ("2", "agree_disagree.false")]);
    let items = [
        blackboard("Either/Or", "Is it?", &answers(&one(&sides, "Single")), &scored(&equal("r", "2"), "SCORE.max")),
        blackboard("Matching", "Match.", &columns, &(right(&equal("p", "b")) + &right(&equal("q", "c")))),
        blackboard("Essay", "Why?", &fields(&["r"]), &right("")),
        blackboard("Fill in the Blank", "Fe?", &fields(&["r"]), &right(&equal("r", "iron"))),
        blackboard(
            "Fill in the Blank Plus",
            "[y] then [x]",
            &fields(&["x", "y"]),
            &right(&(equal("x", "2") + &equal("y", "1"))),
        ),
        blackboard("File Upload", "Send it.", "", ""),
        blackboard("Hot Spot", "Where?", &answers("<response_xy ident=\"r\"/>"), ""),
    ];
    let imported = read(&items.concat());
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "Single \"Is it?\" [AAgree|BDisagree] = B",
            "Match \"Match.\\n1. Rwanda\\n2. Kenya\\nA. Kigali\\nB. Nairobi\" [] = 1-A; 2-B",
            "Long \"Why?\" [] = A good answer.",
            "Short \"Fe?\" [] = iron",
            "Cloze \"_____ then _____\" [] = 1; 2",
        ]
    );
    assert_eq!(imported.questions[0].marks, Some(3.0));
    assert_eq!(
        reasons(&imported),
        [
            "6: it is left out: a question “file upload” cannot be asked here: Send it.",
            "6: it is left out: a question “hot spot” cannot be asked here: Where?",
            "Metals: it is an export of Blackboard, and 5 of its 7 items are read",
        ]
    );
}

#[test]
fn brightspace_is_read() {
    let item = |kind: &str, text: &str, responses: &str, processing: &str| {
        format!(
            "<item><itemmetadata><qtimetadata><qti_metadatafield><fieldlabel>qmd_questiontype</fieldlabel><fieldentry>{kind}\
             </fieldentry></qti_metadatafield><qti_metadatafield><fieldlabel>qmd_weighting</fieldlabel><fieldentry>2.000</fieldentry>\
             </qti_metadatafield></qtimetadata></itemmetadata><presentation><flow>{}{responses}</flow></presentation>\
             <resprocessing>{processing}</resprocessing></item>",
            material(text)
        )
    };
    let towns = labels(&[("k", "Kigali"), ("n", "Nairobi")]);
    let side = |ident: &str, text: &str| {
        format!("<response_grp respident=\"{ident}\">{}{towns}</response_grp>", material(text))
    };
    let metals = one(&labels(&[("1", "iron"), ("2", "wood")]), "Single");
    let items = [
        item("Multiple Choice", "Which?", &metals, &(scored(&equal("r", "1"), "100") + &scored(&equal("r", "2"), "0"))),
        item(
            "Matching",
            "Match.",
            &(side("a", "Rwanda") + &side("b", "Kenya")),
            &(scored(&equal("a", "k"), "1") + &scored(&equal("b", "n"), "1")),
        ),
        item("Arithmetic", "{a} + {b}?", "", ""),
    ];
    let imported = read(&items.concat());
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "Single \"Which?\" [Airon|Bwood] = A",
            "Match \"Match.\\n1. Rwanda\\n2. Kenya\\nA. Kigali\\nB. Nairobi\" [] = 1-A; 2-B"
        ]
    );
    assert_eq!(imported.questions[0].marks, Some(2.0));
    assert_eq!(reasons(&imported)[1], "Metals: it is an export of Brightspace, and 2 of its 3 items are read");
}

#[test]
fn items_of_the_standard_are_read() {
    let days = labels(&[("A", "Tuesday"), ("B", "Monday")]).replace("render_choice", "ims_render_object");
    let order = format!(
        "<item><presentation><flow>{}<response_lid ident=\"r\" rcardinality=\"Ordered\"><render_extension>{days}</render_extension>\
         </response_lid></flow></presentation><resprocessing>{}</resprocessing></item>",
        material("Put in order."),
        scored(&(equal("r", "B") + &equal("r", "A")), "5")
    );
    let field = |ident: &str| format!("<response_str ident=\"{ident}\"><render_fib/></response_str>");
    let gaps = format!(
        "<item><presentation>{}{}{}{}{}</presentation><resprocessing><outcomes><decvar maxvalue=\"4\"/></outcomes>{}</resprocessing></item>",
        material("Now is the"),
        field("a"),
        material("of our"),
        field("b"),
        material("."),
        scored(&(equal("a", "winter") + &equal("b", "discontent")), "4")
    );
    let things = [("1", "carrot"), ("2", "cabbage"), ("3", "cassava")];
    let list = |ident: &str, heading: &str| {
        format!(
            "<response_lid ident=\"{ident}\" rcardinality=\"Multiple\">{}{}</response_lid>",
            material(heading),
            labels(&things)
        )
    };
    let classify = format!(
        "<item><presentation>{}{}{}</presentation><resprocessing>{}{}</resprocessing></item>",
        material("Which is which?"),
        list("a", "roots"),
        list("b", "leaves"),
        scored(&(equal("a", "1") + &equal("a", "3")), "1"),
        scored(&equal("b", "2"), "1")
    );
    let text = format!(
        "<presentation_material>{}</presentation_material><item><presentation>{}</presentation></item>",
        material("Read first."),
        material("A text.")
    );
    let pick = "<selection_ordering><selection><sourcebank_ref>b</sourcebank_ref><selection_number>2</selection_number></selection></selection_ordering>";
    let imported = read(&(order + &gaps + &classify + &text + pick));
    assert_eq!(
        imported.questions.iter().map(shown).collect::<Vec<_>>(),
        [
            "Order \"Put in order.\" [ATuesday|BMonday] = B; A",
            "Cloze \"Now is the _____ of our _____ .\" [] = winter; discontent",
            "Classify \"Which is which?\" [cabbage|carrot|cassava|roots:|leaves:] = roots: carrot, cassava; leaves: cabbage",
            "Group \"A text.\" [] = -",
        ]
    );
    assert_eq!(imported.questions[1].marks, Some(4.0));
    let mut reasons = reasons(&imported);
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "4: it asks nothing, and is kept as text",
            "Metals: questions that it takes from a bank in another file are left out",
            "Metals: text that stands beside its questions is left out: “Read first.”",
            "Metals: that only some questions of a group are drawn by chance is left out",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_panics(changes in vec((any::<Index>(), 0..40_usize, select(&PIECES[..])), 0..8)) {
        let towns = labels(&[("k", "Kigali"), ("n", "Nairobi")]);
        let both = format!("<response_lid ident=\"response_1\">{0}</response_lid><response_lid ident=\"2\">{0}</response_lid>", towns);
        let items = [
            canvas("matching_question", "Match [1] and [2].", &both, &scored(&equal("response_1", "k"), "50")),
            canvas("numerical_question", "How many?", ENTRY, &scored(&equal("r", "1.5"), "100")),
            blackboard("Fill in the Blank", "Fe [r]?", ENTRY, &right(&equal("r", "iron"))),
        ];
        let mut file = format!("<questestinterop>{}</questestinterop>", items.concat());
        for (place, length, piece) in changes {
            let at = place.index(file.len());
            file.replace_range(at..(at + length).min(file.len()), piece);
        }
        if let Ok(imported) = import(file.as_bytes(), Format::Qti) {
            crate::paper(imported);
        }
    }
}

const PIECES: [&str; 14] = [
    "",
    "[1]",
    "[2]",
    "[[",
    "]",
    "<material>",
    "</material>",
    "<not>",
    "response_1",
    "Multiple",
    "Ordered",
    "1e9",
    "-",
    "SCORE.max",
];

#[test]
fn names_within_names_are_no_blanks() {
    let place = |ident: &str| format!("<response_str ident=\"{ident}\"><render_fib/></response_str>");
    let both = place("x [y") + &place("y");
    let imported = read(&canvas("fill_in_multiple_blanks_question", "é [x [y] é", &both, ""));
    assert_eq!(imported.questions[0].text, "é _____ é _____");
}

#[test]
fn texts_are_shown_however_they_are_marked() {
    for (text, wanted) in [
        ("<mattext texttype=\"text/html\">&lt;p&gt;a &lt;b&gt;b&lt;/b&gt;&lt;/p&gt;</mattext>", "a b"),
        ("<mattext texttype=\"text/html\">&lt;p&gt;a <code>b</code>&lt;/p&gt;</mattext>", "a b"),
        ("<mattext texttype=\"text/xhtml\"><p>a</p><p>b</p></mattext>", "a\nb"),
        ("<mattext>2 &lt; 3 &amp;amp;</mattext>", "2 < 3 &amp;"),
        ("<mattext>a&lt;br&gt;b</mattext>", "a\nb"),
        ("<mat_extension><mat_formattedtext type=\"HTML\">a\nb</mat_formattedtext></mat_extension>", "a b"),
        ("<mat_extension><mat_formattedtext type=\"SMART_TEXT\">a\nb</mat_formattedtext></mat_extension>", "a\nb"),
        ("<mattext>a</mattext><matemtext>b</matemtext><altmaterial><mattext>c</mattext></altmaterial>", "a\nb"),
    ] {
        let imported = read(&format!("<item><presentation><material>{text}</material></presentation></item>"));
        assert_eq!(imported.questions[0].text, wanted, "{text}");
    }
}

#[test]
fn what_earns_less_and_feedback_are_told() {
    let options = labels(&[("1", "iron"), ("2", "steel"), ("3", "&lt;img src=x alt=\"LaTeX: x^2\"&gt;")]);
    let processing = scored(&equal("r", "1"), "100") + &scored(&equal("r", "2"), "40");
    let item = canvas("multiple_choice_question", "Which?", &one(&options, "Single"), &processing);
    let feedback =
        format!("<itemfeedback ident=\"1_fb\"><flow_mat>{}</flow_mat></itemfeedback></item>", material("Well done."));
    let imported = read(&item.replace("</item>", &feedback));
    assert_eq!(shown(&imported.questions[0]), "Single \"Which?\" [Airon|Bsteel|Cx^2] = A");
    assert_eq!(
        reasons(&imported)[..3],
        [
            "1: what earns a part of the marks is left out: “steel” (40 %)",
            "1: its feedback is left out",
            "1: its pictures, sounds and films are left out; what describes them is kept",
        ]
    );
}
