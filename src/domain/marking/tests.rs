use super::*;
use crate::domain::question::{Choice, KeySource};

mod cases;

fn question(kind: Kind, key: &str, marks: f64) -> Question {
    let key = Key { options: vec![], text: key.into(), source: KeySource::Person };
    Question { kind, key: Some(key), marks: Some(marks), ..Question::default() }
}

fn earned(kind: Kind, key: &str, marks: f64, answer: &str) -> f64 {
    mark(&question(kind, key, marks), &Answer(vec![answer.to_owned()])).marks
}

/// Kind, key, marks, answer, what it earns.
const CASES: &[(Kind, &str, f64, &str, f64)] = &[
    // What the reference accepted and refused wrongly.
    (Kind::Numeric, "5", 1.0, "banana", 0.0),
    (Kind::Numeric, "2.5", 1.0, "999", 0.0),
    (Kind::Short, "x", 1.0, "anything", 0.0),
    (Kind::Numeric, "1/2", 1.0, "no idea", 0.0),
    (Kind::Numeric, "-5", 1.0, "5", 0.0),
    (Kind::Numeric, "5", 1.0, "-5", 0.0),
    (Kind::Short, "photosynthesis", 1.0, "not photosynthesis", 0.0),
    (Kind::Short, "evaporation", 1.0, "evaporation, condensation, melting, freezing, boiling", 0.0),
    (Kind::Short, "evaporation", 1.0, "evaporation or condensation", 0.0),
    (Kind::Numeric, "42", 1.0, "maybe 42 or 43", 0.0),
    (Kind::Numeric, "10 cm", 1.0, "10", 1.0),
    (Kind::Numeric, "0.5 m", 2.0, "50 cm", 2.0),
    // Numbers and their forms.
    (Kind::Numeric, "1/2", 1.0, "0.5", 1.0),
    (Kind::Numeric, "1/2", 1.0, "0,5", 1.0),
    (Kind::Numeric, "0.5", 1.0, "1/2", 1.0),
    (Kind::Numeric, "3/4", 1.0, "6/8", 1.0),
    (Kind::Numeric, "1 3/4", 1.0, "7/4", 1.0),
    (Kind::Numeric, "1.75", 1.0, "1¾", 1.0),
    (Kind::Numeric, "1,000,000", 1.0, "1000000", 1.0),
    (Kind::Numeric, "1000000", 1.0, "1 000 000", 1.0),
    (Kind::Numeric, "4,306,052", 1.0, "4306052", 1.0),
    (Kind::Numeric, "4,306,052", 1.0, "4306053", 0.0),
    (Kind::Numeric, "3.2 × 10^4", 1.0, "32000", 1.0),
    (Kind::Numeric, "32,000", 1.0, "3.2x10⁴", 1.0),
    (Kind::Numeric, "−3", 1.0, "-3", 1.0),
    (Kind::Numeric, "x = 5", 1.0, "5", 1.0),
    (Kind::Numeric, "x = 5", 1.0, "x=5", 1.0),
    (Kind::Numeric, "5", 1.0, "x = 5", 1.0),
    (Kind::Numeric, "x = 5", 1.0, "y = 5", 0.0),
    (Kind::Numeric, "80%", 1.0, "80", 1.0),
    (Kind::Numeric, "80%", 1.0, "0.8", 1.0),
    (Kind::Numeric, "80%", 1.0, "80 percent", 1.0),
    (Kind::Numeric, "3.14", 1.0, "3.142", 1.0),
    (Kind::Numeric, "3.14", 1.0, "3.1", 0.0),
    (Kind::Numeric, "19.5° (± 0.2°)", 1.0, "19.4", 1.0),
    (Kind::Numeric, "19.5° (± 0.2°)", 1.0, "20", 0.0),
    (Kind::Numeric, "12.5 cm (± 0.1)", 1.0, "12.6 cm", 1.0),
    (Kind::Numeric, "12.5 cm (± 0.1)", 1.0, "12.8", 0.0),
    (Kind::Numeric, "12.5 ± 0.1 cm", 1.0, "12.4 cm", 1.0),
    // Units.
    (Kind::Numeric, "20,000 RWF", 1.0, "20000", 1.0),
    (Kind::Numeric, "20,000 RWF", 1.0, "20 000 Frw", 1.0),
    (Kind::Numeric, "20,000 RWF", 1.0, "rwf 20000", 1.0),
    (Kind::Numeric, "RWF 20,000", 1.0, "20,000RWF", 1.0),
    (Kind::Numeric, "RWF 20,000", 1.0, "20.000", 1.0),
    (Kind::Numeric, "5 kg", 1.0, "5000 g", 1.0),
    (Kind::Numeric, "5 kg", 1.0, "5 m", 0.0),
    (Kind::Numeric, "36 km/h", 1.0, "10 m/s", 1.0),
    (Kind::Numeric, "600 cm³", 1.0, "600 cm3", 1.0),
    (Kind::Numeric, "600 cm³", 1.0, "0.6 l", 1.0),
    (Kind::Numeric, "2 m/s²", 1.0, "2 m/s^2", 1.0),
    (Kind::Numeric, "7,500 Pa / 7,500 N/m²", 1.0, "7500 N/m2", 1.0),
    (Kind::Numeric, "420,000 J / 420 kJ", 1.0, "420 kJ", 1.0),
    (Kind::Numeric, "420,000 J / 420 kJ", 1.0, "420", 1.0),
    (Kind::Numeric, "5 A", 1.0, "5 amperes", 1.0),
    (Kind::Numeric, "0.8 g/cm³", 1.0, "0.8", 1.0),
    (Kind::Numeric, "7 students", 1.0, "7", 1.0),
    (Kind::Numeric, "7 students", 1.0, "8 students", 0.0),
    (Kind::Numeric, "2 hours", 1.0, "120 minutes", 1.0),
    (Kind::Numeric, "5 N", 1.0, "It is 5 N", 1.0),
    // Words.
    (Kind::Short, "stigma", 1.0, "Stigma", 1.0),
    (Kind::Short, "stigma", 1.0, "the stigma.", 1.0),
    (Kind::Short, "(the) stigma", 1.0, "stigma", 1.0),
    (Kind::Short, "stigma", 1.0, "anther", 0.0),
    (Kind::Short, "photosynthesis", 1.0, "photosinthesis", 1.0),
    (Kind::Short, "photosynthesis", 1.0, "phototropism", 0.0),
    (Kind::Short, "mitosis", 1.0, "meiosis", 0.0),
    (Kind::Short, "decrease", 1.0, "increase", 0.0),
    (Kind::Short, "reflection", 1.0, "refraction", 0.0),
    (Kind::Short, "uterus / womb", 1.0, "womb", 1.0),
    (Kind::Short, "uterus/womb", 1.0, "Uterus", 1.0),
    (Kind::Short, "barometer / mercury barometer", 1.0, "a barometer", 1.0),
    (Kind::Short, "concave lens / concave / diverging lens", 1.0, "convex lens", 0.0),
    (Kind::Short, "uniform acceleration / constant acceleration", 2.0, "constant acceleration", 2.0),
    (Kind::Short, "carbon dioxide / CO₂", 1.0, "CO2", 1.0),
    (Kind::Short, "carbon dioxide / CO₂", 1.0, "carbon dioxyde", 1.0),
    (Kind::Short, "CO", 1.0, "Co", 0.0),
    (Kind::Short, "CO", 1.0, "CO", 1.0),
    (Kind::Short, "H₂O", 1.0, "h2o", 0.0),
    (Kind::Short, "FeSO₄ // iron(II) sulfate", 1.0, "FeSO4", 1.0),
    (Kind::Short, "FeSO₄ // iron(II) sulfate", 1.0, "iron(II) sulphate", 1.0),
    (Kind::Short, "9 months", 1.0, "9 months", 1.0),
    (Kind::Short, "6√2", 3.0, "6√2", 3.0),
    (Kind::Short, "6√2", 3.0, "6√3", 0.0),
    (Kind::Short, "x + 3", 2.0, "x+3", 2.0),
    (
        Kind::Short,
        "four million three hundred six thousand fifty-two / four million, three hundred and six thousand and fifty-two",
        2.0,
        "Four million three hundred and six thousand and fifty two",
        2.0,
    ),
    (Kind::Short, "(1, −4)", 3.0, "(1, -4)", 3.0),
    (Kind::Short, "(1, −4)", 3.0, "(1, 4)", 0.0),
    // Several points.
    (Kind::Short, "x = 4; y = 3", 4.0, "x = 4, y = 3", 4.0),
    (Kind::Short, "x = 4; y = 3", 4.0, "x = 4", 2.0),
    (Kind::Short, "x = 4; y = 3", 4.0, "x = 3, y = 4", 0.0),
    (Kind::Short, "2; 3; 5; 7; 11", 1.0, "2, 3, 5, 7, 11", 1.0),
    (Kind::List, "any 2: heat; light; sound", 2.0, "heat, sound", 2.0),
    (Kind::List, "any 2: heat; light; sound", 2.0, "heat, heat", 1.0),
    (Kind::List, "any 2: heat; light; sound", 2.0, "heat, water, light", 1.0),
    (Kind::List, "any 2: heat; light; sound", 2.0, "water and wood", 0.0),
    (Kind::List, "Any 3: carbon dioxide / CO₂; methane / CH₄; water vapour / H₂O", 3.0, "CO2; CH4; H2O", 3.0),
    (
        Kind::List,
        "Any 3: oiling / lubricating; using rollers; streamlining",
        3.0,
        "use rollers\nlubricating\nstreamlining",
        3.0,
    ),
    (Kind::List, "23; 29", 2.0, "23 and 29", 2.0),
    (
        Kind::Long,
        "loss of water vapour; from the leaves of a plant",
        2.0,
        "It is the loss of water vapour from the leaves of plants.",
        2.0,
    ),
    (Kind::Long, "loss of water vapour; from the leaves of a plant", 2.0, "Plants lose something.", 0.0),
    (Kind::Long, "the block floats; its density is less than the density of water", 2.0, "The block floats", 1.0),
    (
        Kind::Long,
        "the block floats; its density is less than the density of water",
        2.0,
        "The block does not float",
        0.0,
    ),
    // Pairs, blanks, order.
    (Kind::Match, "1-C; 2-A; 3-E; 4-B", 4.0, "1-C; 2-A; 3-E; 4-B", 4.0),
    (Kind::Match, "1-C; 2-A; 3-E; 4-B", 4.0, "1C, 2A, 3B, 4E", 2.0),
    (Kind::Match, "1-C; 2-A; 3-E; 4-B", 4.0, "1-C; 1-A; 1-E", 0.0),
    (Kind::Match, "roots: carrot, cassava; leaves: cabbage", 3.0, "roots: carrot; leaves: cabbage, cassava", 2.0),
    (Kind::Order, "ii; iv; i; iii", 2.0, "ii, iv, i, iii", 2.0),
    (Kind::Order, "B; C; A; D", 2.0, "BCAD", 2.0),
    (Kind::Order, "B; C; A; D", 2.0, "A B C D", 0.5),
    (Kind::Cloze, "magnet; coil; current", 3.0, "magnet, coil, current", 3.0),
    (Kind::Cloze, "kidneys", 1.0, "kidney", 1.0),
    (Kind::Cloze, "repel (each other)", 1.0, "repel", 1.0),
];

#[test]
fn answers_earn_what_they_should() {
    let wrong: Vec<String> = CASES
        .iter()
        .chain(cases::CASES)
        .filter_map(|&(kind, key, marks, answer, wanted)| {
            let got = earned(kind, key, marks, answer);
            (got != wanted).then(|| format!("{kind:?} {key:?} ← {answer:?}: {got}, not {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len() + cases::CASES.len(), wrong.join("\n"));
}

fn choice(kind: Kind, right: &[&str]) -> Question {
    let option =
        |n: u32, label: &str, text: &str| Choice { id: format!("o{n}"), label: label.into(), text: text.into() };
    let key =
        Key { options: right.iter().map(|id| (*id).to_owned()).collect(), text: "B".into(), source: KeySource::Person };
    Question {
        kind,
        options: vec![
            option(1, "A", "wood"),
            option(2, "B", "iron"),
            option(3, "C", "copper|tin"),
            option(4, "D", "A"),
        ],
        key: Some(key),
        marks: Some(2.0),
        ..Question::default()
    }
}

fn chosen(question: &Question, ids: &[&str]) -> f64 {
    mark(question, &Answer(ids.iter().map(|id| (*id).to_owned()).collect())).marks
}

#[test]
fn choices_are_marked_by_their_option() {
    let single = choice(Kind::Single, &["o2"]);
    assert_eq!(chosen(&single, &["o2"]), 2.0);
    assert_eq!(chosen(&single, &["o1"]), 0.0);
    assert_eq!(chosen(&single, &["B"]), 0.0, "a letter is no option");
    assert_eq!(chosen(&single, &["o1", "o2"]), 0.0, "two for one");
    let several = choice(Kind::Multiple, &["o2", "o3"]);
    assert_eq!(chosen(&several, &["o2", "o3"]), 2.0);
    assert_eq!(chosen(&several, &["o2"]), 1.0);
    assert_eq!(chosen(&several, &["o2", "o1"]), 0.0);
    assert_eq!(chosen(&several, &["o1", "o2", "o3", "o4"]), 0.0, "everything is no answer");
    let truth = Question { options: vec![], ..choice(Kind::TrueFalse, &["true"]) };
    assert_eq!((chosen(&truth, &["true"]), chosen(&truth, &["false"])), (2.0, 0.0));
}

#[test]
fn blank_and_unkeyed_answers_say_so() {
    let mut question = question(Kind::Short, "iron", 2.0);
    assert_eq!(mark(&question, &Answer::default()).verdict, Verdict::Blank);
    assert_eq!(mark(&question, &Answer(vec![" ".into(), String::new()])).verdict, Verdict::Blank);
    question.key = None;
    assert_eq!(mark(&question, &Answer(vec!["iron".into()])).verdict, Verdict::Unmarked);
}

#[test]
fn reasons_say_what_was_compared() {
    let reason = |kind, key: &str, answer: &str| mark(&question(kind, key, 1.0), &Answer(vec![answer.into()])).reason;
    assert!(reason(Kind::Numeric, "0.5 m", "50 cm").contains("another unit"));
    assert!(reason(Kind::Numeric, "5 kg", "5 m").contains("unit does not fit"));
    assert!(reason(Kind::Short, "photosynthesis", "photosinthesis").contains("spelling"));
    assert!(reason(Kind::Short, "iron", "wood").contains("The right answer is iron"));
    assert!(reason(Kind::List, "any 2: heat; light; sound", "heat").contains("1 of 2"));
}

/// Nothing that is typed may stop the marking.
#[test]
fn no_answer_panics() {
    let letters: Vec<char> = "0123456789.,/ -−±×10^⁴½°%=;:()[]abcxyzABÉ√\n\t|→∞😀".chars().collect();
    let mut state = 42u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let kinds =
        [Kind::Numeric, Kind::Short, Kind::List, Kind::Long, Kind::Cloze, Kind::Match, Kind::Order, Kind::Single];
    for _ in 0..20_000 {
        let mut text = |most: usize| (0..next(most)).map(|_| letters[next(letters.len())]).collect::<String>();
        let (key, answer) = (text(20), text(24));
        let kind = kinds[next(kinds.len())];
        let marked = mark(&question(kind, &key, 3.0), &Answer(vec![answer]));
        assert!(marked.marks >= 0.0 && marked.marks <= marked.of && marked.marks.fract() % 0.5 == 0.0);
    }
}
