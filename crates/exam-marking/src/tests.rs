use exam_model::question::{Choice, KeySource};

use super::*;

/// `kind, question, key, marks, answer, earned, why`; `\n` is a line's end, ` ¦ ` divides the fields of an answer, and
/// ` | ` the options of a choice, whose key and answer name them by letter; the stems above an item stand before ` » `.
const GOLDEN: &str = include_str!("../golden.tsv");

struct Golden {
    stems: Vec<&'static str>,
    question: Question,
    answer: Answer,
    earned: f64,
    line: String,
}

fn golden() -> Vec<Golden> {
    let rows = GOLDEN.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    rows.map(|(n, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, text, key, marks, answer, earned, why] = cells[..] else { panic!("line {}: {line}", n + 1) };
        assert!(!why.trim().is_empty(), "line {} says no why", n + 1);
        let kind: Kind = serde_json::from_value(kind.into()).unwrap_or_else(|_| panic!("line {}: {kind}", n + 1));
        let mut stems: Vec<&str> = text.split(" » ").collect();
        let mut parts = stems.pop().unwrap_or_default().split(" | ");
        let stem = parts.next().unwrap_or_default().to_owned();
        let options: Vec<Choice> =
            parts.enumerate().map(|(n, text)| Choice { text: text.into(), ..Choice::nth(n) }).collect();
        let named = |letters: &str| -> Vec<String> {
            letters
                .split(',')
                .map(str::trim)
                .map(|label| options.iter().find(|o| o.label == label).map_or(label.to_owned(), |o| o.id.clone()))
                .collect()
        };
        let is_choice = !options.is_empty() || matches!(key, "true" | "false");
        let (letters, _) = rule::Notes::take(key);
        let right = if is_choice { named(&letters) } else { vec![] };
        let answer = if is_choice {
            Answer(named(answer))
        } else {
            Answer(answer.split(" ¦ ").map(|field| field.replace("\\n", "\n")).collect())
        };
        let key = Key { options: right, text: key.replace("\\n", "\n"), source: KeySource::Person };
        let question =
            Question { kind, text: stem, options, key: Some(key), marks: marks.parse().ok(), ..Question::default() };
        Golden { stems, question, answer, earned: earned.parse().unwrap(), line: format!("{}: {line}", n + 1) }
    })
    .collect()
}

#[test]
fn answers_earn_what_a_teacher_gives() {
    let cases = golden();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let marked = mark_under(&case.stems, &case.question, &case.answer);
            (marked.marks != case.earned).then(|| format!("{} ← {}: {}", case.line, marked.marks, marked.reason))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn blank_and_unkeyed_answers_say_so() {
    let key = Key { options: vec![], text: "iron".into(), source: KeySource::Person };
    let mut question = Question { kind: Kind::Short, key: Some(key), ..Question::default() };
    for blank in [Answer::default(), Answer(vec![" ".into(), String::new()])] {
        let marked = mark(&question, &blank);
        assert_eq!((marked.verdict, marked.marks), (Verdict::Blank, 0.0));
        assert!(marked.reason.contains("You gave no answer"));
    }
    question.key = None;
    assert_eq!(mark(&question, &Answer(vec!["iron".into()])).verdict, Verdict::Unmarked);
}

#[test]
fn by_levels_a_person_marks() {
    let text = "Level 2 (3–4 marks): causes and their links are explained. Level 1 (1–2 marks): a simple statement.";
    let key = Key { options: vec![], text: text.into(), source: KeySource::Person };
    let question = Question { kind: Kind::Long, key: Some(key), marks: Some(4.0), ..Question::default() };
    let marked = mark(&question, &Answer(vec!["It is explained by its causes.".into()]));
    assert_eq!((marked.verdict, marked.marks), (Verdict::Unmarked, 0.0));
    assert!(marked.reason.contains("levels"), "{}", marked.reason);
}

#[test]
fn a_piece_that_may_say_several_points_is_no_certain_fault() {
    let key = Key { options: vec![], text: "rotation; 90° clockwise; centre O".into(), source: KeySource::Person };
    let question = Question { kind: Kind::List, key: Some(key), marks: Some(3.0), ..Question::default() };
    for (answer, provisional) in [("Turned by 90° clockwise about O", true), ("rotation; 90° clockwise", false)] {
        let marked = mark(&question, &Answer(vec![answer.into()]));
        assert!(marked.marks < 3.0, "{answer}");
        assert_eq!(marked.is_provisional(), provisional, "{answer}: {}", marked.reason);
    }
}

#[test]
fn letters_that_are_not_known_are_no_certain_fault() {
    let formula = "acceleration = change in velocity ÷ time";
    let key = Key { options: vec![], text: formula.into(), source: KeySource::Person };
    let question = Question { kind: Kind::Short, text: "Write it.".into(), key: Some(key), ..Question::default() };
    for (answer, certainty) in [("a = (v₂ − v₁)/t", Certainty::Near), ("a = t/(v − u)", Certainty::Exact)] {
        let marked = mark(&question, &Answer(vec![answer.into()]));
        assert_eq!((marked.marks, marked.certainty), (0.0, certainty), "{answer}");
    }
}

#[test]
fn a_text_is_no_key_for_a_number() {
    let text = "The farmer takes the length times the width and ".repeat(7);
    let key = |text: &str| Some(Key { options: vec![], text: text.into(), source: KeySource::Person });
    let question = Question { kind: Kind::Numeric, key: key(&text), ..Question::default() };
    let marked = mark(&question, &Answer(vec!["4500".into()]));
    assert_eq!((marked.verdict, marked.marks), (Verdict::Unmarked, 0.0));
    assert!(marked.reason.contains("words, not a number"), "{}", marked.reason);
    let question = Question { key: key("4500 francs; that is what is left when the tax is paid"), ..question };
    assert_ne!(mark(&question, &Answer(vec!["4500".into()])).verdict, Verdict::Unmarked);
}

#[test]
fn reasons_say_what_was_compared() {
    for (kind, key, answer, said) in [
        (Kind::Numeric, "0.5 m", "50 cm", "another unit"),
        (Kind::Numeric, "5 kg", "5", "unit is missing. That costs half"),
        (Kind::Numeric, "5 kg", "5 m", "the unit is not. That costs half"),
        (Kind::Numeric, "5", "banana", "A number was asked for"),
        (Kind::Short, "photosynthesis", "photosinthesis", "mind the spelling"),
        (Kind::Short, "photosynthesis", "not photosynthesis", "says the opposite"),
        (Kind::Short, "iron", "wood", "The right answer is iron"),
        (Kind::Short, "heart", "heart, lungs", "Several answers for one"),
        (Kind::Short, "mass (not weight)", "weight", "names this as a wrong answer"),
        (Kind::Short, "2H₂ + O₂ → 2H₂O", "H2 + O2 → H2O", "O is 2 on the left and 1 on the right"),
        (Kind::List, "any 2: heat; light; sound", "heat", "1 of 2"),
        (Kind::Long, "it floats; it is less dense", "it floats", "provisional"),
    ] {
        let key = Key { options: vec![], text: key.into(), source: KeySource::Person };
        let question = Question { kind, key: Some(key), ..Question::default() };
        let reason = mark(&question, &Answer(vec![answer.into()])).reason;
        assert!(reason.contains(said), "{answer}: {reason}");
    }
}

#[test]
fn points_of_a_longer_answer_are_shown_for_a_person_to_decide() {
    let key = Key {
        options: vec![],
        text: "the block floats; its density is less than that of water".into(),
        source: KeySource::Person,
    };
    let question = Question { kind: Kind::Long, key: Some(key), ..Question::default() };
    let found = points(&question, &Answer(vec!["It floats, the block.".into()]));
    assert_eq!(found.iter().map(|point| point.said).collect::<Vec<_>>(), [true, false]);
    assert!(mark(&question, &Answer(vec!["It floats.".into()])).is_provisional());
}

#[test]
fn only_what_is_known_is_final() {
    use Certainty::{Equal, Exact, Near, Slip};
    for (kind, text, key, answer, certainty) in [
        (Kind::Short, "Which organ pumps blood?", "heart", "Heart", Exact),
        (Kind::Short, "Which organ pumps blood?", "heart", "the heart", Equal),
        (Kind::Short, "What do like poles do?", "repel", "push each other away", Equal),
        (Kind::Short, "What do plants make food by?", "photosynthesis", "photosinthesis", Slip),
        (Kind::Short, "What do plants make food by?", "photosynthesis", "photosynthesis makes the rain", Near),
        // Wrong, and known to be: the class, the opposite, nonsense, nothing.
        (Kind::Short, "Which organ pumps blood?", "heart", "the lungs", Exact),
        (Kind::Short, "What happens to it?", "it increases", "it decreases", Exact),
        (Kind::Short, "What happens to it?", "it melts", "it does not melt", Exact),
        (Kind::Short, "Which organ pumps blood?", "heart", "asdf", Exact),
        (Kind::Short, "Which organ pumps blood?", "heart", "I don't know", Exact),
        (Kind::Short, "Which organ pumps blood?", "heart", "", Exact),
        // Not known to be wrong: other words, and another of a class of which any may do.
        (Kind::Short, "Which organ pumps blood?", "heart", "umutima", Near),
        (Kind::Short, "Name a metal.", "iron", "copper", Near),
        (Kind::Short, "", "iron", "copper", Near),
        (Kind::List, "Name two metals.", "any 2: iron; zinc", "copper, zinc", Near),
        (Kind::List, "Name two metals.", "any 2: iron; zinc", "zinc, iron", Exact),
        (Kind::List, "Name two metals.", "any 2: iron; zinc", "zinc", Exact),
        (Kind::List, "Solve.", "x = 3; x = −2", "x = 3, x = 5", Exact),
        (Kind::Numeric, "How far?", "0.5 m", "50 cm", Equal),
        (Kind::Numeric, "How far?", "0.5 m", "0.5", Exact),
        (Kind::Numeric, "How far?", "0.5 m", "5 m", Exact),
        (Kind::Numeric, "How far?", "5", "banana", Exact),
        // A formula is no amount of naira.
        (Kind::Short, "Which gas is it?", "N₂", "nitrogen", Near),
        (Kind::Short, "Which gas is it?", "N2", "nitrogen gas", Near),
        (Kind::Short, "How much is it?", "N500", "nitrogen", Exact),
        (Kind::Numeric, "How far?", "5", "3 or 5", Near),
        (Kind::Short, "Expand.", "2x + 6", "6 + 2x", Equal),
        (Kind::Short, "Expand.", "2x + 6", "2x + 3", Exact),
        (Kind::Short, "State the law.", "F = ma", "force is mass times acceleration", Near),
        (Kind::Match, "Match.", "1-b; 2-a", "1-b, 2-c", Exact),
        (Kind::Match, "Match.", "1-b; 2-a", "the saw cuts wood", Near),
        (Kind::Cloze, "The ____ beats.", "heart", "lung", Exact),
        // A wrong step before the right end, and another reason for the right truth.
        (Kind::Short, "Multiply (3 + 2i)(1 − i).", "5 − i", "3 − i + 2i = 5 − i", Near),
        (Kind::Short, "Is 91 prime? Why?", "no; 91 = 7 × 13", "not prime since it can be divided by 7", Near),
        (Kind::Short, "Is 36 a multiple of 9? Why?", "yes, because 9 × 4 = 36", "yes, 3 + 6 can be divided by 9", Near),
        // A sentence has no one wording.
        (Kind::Short, "Why?", "metal conducts heat better than wood", "metal conducts heat better than wood", Near),
        (Kind::Cloze, "It sinks because ____.", "its density is greater than water", "stone is heavy", Near),
        (Kind::Short, "Why?", "metal conducts heat better than wood", "asdfgh", Exact),
    ] {
        let marked = mark(&key_of(kind, text, key), &Answer(vec![answer.into()]));
        assert_eq!(marked.certainty, certainty, "{answer} for {key}: {}", marked.reason);
        assert_eq!(marked.is_provisional(), marked.reason.ends_with("a person decides."), "{}", marked.reason);
    }
}

fn key_of(kind: Kind, text: &str, key: &str) -> Question {
    let key = Key { options: vec![], text: key.into(), source: KeySource::Person };
    Question { kind, text: text.into(), key: Some(key), ..Question::default() }
}

/// What a scheme's key gives away as the answer to each of its points.
fn right_answer(case: &Golden) -> Answer {
    let key = case.question.key.as_ref().unwrap();
    if !key.options.is_empty() {
        return Answer(key.options.clone());
    }
    if matches!(case.question.kind, Kind::Match | Kind::Order) {
        return Answer(vec![rule::Notes::take(&key.text).0]);
    }
    let points = key::parse_for(&key.text, case.question.marks.unwrap_or(1.0));
    let points = if matches!(case.question.kind, Kind::Cloze | Kind::List) {
        points.by_commas().into_owned()
    } else {
        points.as_ref().clone()
    };
    // Of "any one" only one is an answer.
    let one = points.any == Some(1) || points.any == Some(key::AS_ASKED) && case.question.kind != Kind::List;
    let some = if one { 1 } else { points.all.len() };
    Answer(points.all[..some].iter().map(|point| point.shown().to_owned()).collect())
}

#[test]
fn every_key_earns_its_marks_and_nonsense_none() {
    for case in golden() {
        let marked = mark_under(&case.stems, &case.question, &right_answer(&case));
        assert_eq!(marked.marks, marked.of, "{}: {}", case.line, marked.reason);
        for nonsense in ["qwx zzk", "banana 999", "I do not know", "???"] {
            let marked = mark_under(&case.stems, &case.question, &Answer(vec![nonsense.into()]));
            assert_eq!(marked.marks, 0.0, "{nonsense} {}: {}", case.line, marked.reason);
        }
    }
}

/// Pieces of keys and questions between signs are judged at last, on a thread with little room to call itself again.
#[test]
fn every_answer_comes_to_an_end() {
    const SIGNS: [&str; 16] =
        [" ", " ", " ", "_", "^", "'", "-", ";", "/", "(", ")", " (", ".", " one", " is ", " or "];
    const ANSWERS: usize = 50_000;
    let judge_all = || {
        let cases = golden();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for case in cases.iter().cycle().take(ANSWERS) {
            let key = case.question.key.as_ref().map_or("", |key| &key.text);
            let words: Vec<&str> = key.split_whitespace().chain(case.question.text.split_whitespace()).collect();
            let piece = |n: usize| if n < words.len() { words[n] } else { key };
            let mut answer = piece(next(words.len() + 1)).to_owned();
            for _ in 0..next(5) {
                answer.push_str(SIGNS[next(SIGNS.len())]);
                answer.push_str(piece(next(words.len() + 1)));
            }
            let marked = mark_under(&case.stems, &case.question, &Answer(vec![answer]));
            assert!((0.0..=marked.of).contains(&marked.marks), "{}: {}", case.line, marked.reason);
        }
    };
    std::thread::scope(|scope| {
        let small = std::thread::Builder::new().stack_size(1 << 20);
        small.spawn_scoped(scope, judge_all).unwrap().join().unwrap();
    });
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of which keys and answers are made.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[0-9]{1,6}",
            2 => "[0-9]{1,3}[.,][0-9]{1,4}",
            4 => "[a-z]{1,8}",
            2 => "[A-Z][a-z]{0,2}[0-9]?",
            3 => prop::sample::select(vec![
                " ", ", ", "; ", " / ", " or ", " and ", "any 2: ", "=", "±", "(", ")", "[", "]", "{", "}", "→", "√", "π", "^", "×10^", "-",
                "−", "%", "°", "½", "²", "cm", "m/s", "kg m^-3", "Frw", "not ", ":", "<", "≤", "∞", "+", "/", "|", "\n", "'", "é", "e\u{301}", "ʼ", "…", "any ",
                "(accept ", "(not ", "x", "H2O", "pm", "two ", "gatatu", " squared", "per ", "\\frac{1}{2}", "e8",
            ]).prop_map(str::to_owned),
            1 => any::<String>(),
        ];
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    /// Words most of whose letters have accents, before or behind them, or stand for two.
    fn accented() -> impl Strategy<Value = String> {
        "[éèçÉœ\u{301}aekt]{1,8}"
    }

    fn kind() -> impl Strategy<Value = Kind> {
        prop::sample::select(Kind::ALL.to_vec())
    }

    fn asked(kind: Kind, key: String, marks: f64, text: String) -> Question {
        let key = Key { options: vec![], text: key, source: KeySource::Person };
        Question { kind, text, key: Some(key), marks: Some(marks), ..Question::default() }
    }

    /// A key of one value or word, as schemes print them.
    fn key() -> impl Strategy<Value = String> {
        prop_oneof![
            "-?[1-9][0-9]{0,5}",
            "[1-9][0-9]{0,2}\\.[0-9]{1,4}",
            "[1-9][0-9]{0,2}/[1-9][0-9]?",
            "[1-9]\\.[0-9] × 10\\^[1-9]",
            "[1-9][0-9]{0,3} (cm|kg|m/s|m/s²|Frw|°C|ml|N)",
            "[2-9]√[2-9]",
            "[2-9]π",
            "x = -?[1-9][0-9]?",
            "[1-9][0-9]?:[1-9][0-9]?",
            "\\([1-9], -[1-9]\\)",
            "\\{[1-4], [5-9]\\}",
            "x (<|>|≤|≥) [1-9]",
            "[1-9]x [+−] [1-9]",
            "[a-z]{3,12}",
            "[a-z]{3,9} [a-z]{4,9}",
            "[A-Z][a-z]{3,9}",
        ]
    }

    /// `−3ab²/7`, `2 cos x`: sign, number, letters, what divides it.
    #[derive(Debug, Clone)]
    struct Term {
        negative: bool,
        number: u32,
        letters: String,
        over: String,
    }

    /// A sum of terms that differ in their letters, so that none takes another away.
    fn sum() -> impl Strategy<Value = Vec<Term>> {
        let letters = prop_oneof![
            8 => "[a-dfghj-km-z]{0,2}".prop_filter("a word", |letters| letters.len() < 2 || !lexicon::SMALL.contains(&**letters)),
            2 => "[a-hj-km-z]²",
            1 => " ?(cos|sin|tan) [xyt]",
        ];
        let over = prop_oneof![3 => Just(String::new()), 1 => "[2-9]", 1 => "[a-dfghj-km-z]"];
        let term = (any::<bool>(), 1..10u32, letters, over);
        let term = term.prop_map(|(negative, number, letters, over)| Term { negative, number, letters, over });
        prop::collection::vec(term, 1..4).prop_filter_map("terms of the same letters", |terms| {
            let names =
                |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<std::collections::BTreeSet<_>>();
            let apart = |n: usize, term: &Term| {
                terms[..n].iter().all(|other| names(&other.letters) != names(&term.letters))
                    && names(&term.letters).is_disjoint(&names(&term.over))
            };
            (terms.iter().enumerate().all(|(n, term)| apart(n, term))
                && terms.iter().any(|term| !term.letters.is_empty()))
            .then_some(terms)
        })
    }

    /// A sum as it is typed: spaces around its signs or none, a minus or a hyphen.
    fn typed(terms: &[Term], space: &str, minus: char) -> String {
        let mut text = String::new();
        for (n, term) in terms.iter().enumerate() {
            match (n, term.negative) {
                (0, false) => {}
                (0, true) => text.push(minus),
                (_, negative) => text.push_str(&format!("{space}{}{space}", if negative { minus } else { '+' })),
            }
            if term.number > 1 || term.letters.is_empty() {
                text.push_str(&term.number.to_string());
            }
            text.push_str(if term.number > 1 { &term.letters } else { term.letters.trim_start() });
            if !term.over.is_empty() {
                text.push_str(&format!("/{}", term.over));
            }
        }
        text
    }

    fn earns(key: &str, answer: &str, question: &str) -> bool {
        let marked = mark(&asked(Kind::Short, key.into(), 2.0, question.into()), &Answer(vec![answer.into()]));
        marked.marks == marked.of
    }

    /// A number of 1 to 10 to so many figures, from its first eight.
    fn shown(digits: u64, figures: usize) -> String {
        let whole = rounded(digits, figures);
        let text = format!("{:0>8}", whole);
        format!("{}.{}", &text[..text.len() - 7], &text[text.len() - 7..text.len() - 8 + figures])
    }

    fn rounded(digits: u64, figures: usize) -> u64 {
        let step = 10u64.pow(8 - figures as u32);
        (digits + step / 2) / step * step
    }

    /// An expression of letters, whose value the test works out for itself.
    #[derive(Debug, Clone)]
    enum Tree {
        Number(u32),
        Letter(char),
        /// Terms with their signs: true is minus.
        Sum(Vec<(bool, Tree)>),
        Product(Box<Tree>, Box<Tree>),
        Quotient(Box<Tree>, Box<Tree>),
        Power(Box<Tree>, u32),
        Root(Box<Tree>),
    }

    fn tree() -> impl Strategy<Value = Tree> {
        let leaf = prop_oneof![
            (2..10u32).prop_map(Tree::Number),
            prop::sample::select(vec!['a', 'b', 'n', 'x', 'y']).prop_map(Tree::Letter)
        ];
        leaf.prop_recursive(3, 10, 3, |inner| {
            let two = || (inner.clone(), inner.clone());
            prop_oneof![
                4 => prop::collection::vec((any::<bool>(), inner.clone()), 2..4).prop_map(Tree::Sum),
                3 => two().prop_map(|(a, b)| Tree::Product(a.into(), b.into())),
                2 => two().prop_map(|(a, b)| Tree::Quotient(a.into(), b.into())),
                2 => (inner.clone(), 2..4u32).prop_map(|(a, n)| Tree::Power(a.into(), n)),
                1 => inner.prop_map(|a| Tree::Root(a.into())),
            ]
        })
        .prop_filter("a number alone, or words", |tree| {
            let typed = tree.typed();
            // Four letters together are taken for a word.
            let is_word = |run: &str| {
                run.len() > 3 || run.len() > 1 && (lexicon::SMALL.contains(run) || lexicon::vocabulary::is_word(run))
            };
            typed.contains(char::is_alphabetic) && !typed.split(|c: char| !c.is_alphabetic()).any(is_word)
        })
    }

    impl Tree {
        fn typed(&self) -> String {
            match self {
                Self::Number(n) => n.to_string(),
                Self::Letter(c) => c.to_string(),
                Self::Sum(terms) => {
                    let term = |(n, (minus, term)): (usize, &(bool, Self))| {
                        let term = if matches!(term, Self::Sum(_)) { term.in_brackets() } else { term.typed() };
                        match (n, minus) {
                            (0, false) => term,
                            (0, true) => format!("-{term}"),
                            (_, minus) => format!(" {} {term}", if *minus { '-' } else { '+' }),
                        }
                    };
                    terms.iter().enumerate().map(term).collect()
                }
                // `2x(y + 1)`, and a cross between numbers.
                Self::Product(a, b) if matches!(**b, Self::Letter(_) | Self::Sum(_)) => a.factor() + &b.factor(),
                Self::Product(a, b) => format!("{} × {}", a.factor(), b.factor()),
                Self::Quotient(a, b) => format!("{}/{}", a.in_brackets(), b.in_brackets()),
                Self::Power(a, n) => format!("{}^{n}", a.in_brackets()),
                Self::Root(a) => format!("√({})", a.typed()),
            }
        }

        fn factor(&self) -> String {
            if matches!(self, Self::Sum(_) | Self::Quotient(..)) { format!("({})", self.typed()) } else { self.typed() }
        }

        fn in_brackets(&self) -> String {
            if matches!(self, Self::Number(_) | Self::Letter(_)) { self.typed() } else { format!("({})", self.typed()) }
        }

        fn value(&self, at: f64) -> f64 {
            match self {
                Self::Number(n) => f64::from(*n),
                Self::Letter(c) => at + f64::from(*c as u32 - 96) * 0.37,
                Self::Sum(terms) => {
                    terms.iter().map(|(minus, term)| term.value(at) * if *minus { -1.0 } else { 1.0 }).sum()
                }
                Self::Product(a, b) => a.value(at) * b.value(at),
                Self::Quotient(a, b) => a.value(at) / b.value(at),
                Self::Power(a, n) => a.value(at).powi(*n as i32),
                Self::Root(a) => a.value(at).sqrt(),
            }
        }

        /// Whether the values differ somewhere; where one has none, nothing is known.
        fn differs(&self, other: &Self) -> bool {
            let apart = |at: f64| {
                let (a, b) = (self.value(at), other.value(at));
                a.is_finite() && b.is_finite() && (a - b).abs() > 1e-6 * (1.0 + a.abs() + b.abs())
            };
            [0.71, 1.93, 4.57].into_iter().any(apart)
        }

        /// Itself with one term of its outermost sum dropped.
        fn less_a_term(&self) -> Vec<Self> {
            let Self::Sum(terms) = self else { return Vec::new() };
            (0..terms.len()).map(|n| Self::Sum([&terms[..n], &terms[n + 1..]].concat())).collect()
        }
    }

    /// `PROPTEST_CASES` asks for more.
    fn cases() -> ProptestConfig {
        let cases = ProptestConfig::default().cases.max(1000);
        let rejects = 65_536.max(4 * cases);
        ProptestConfig {
            cases,
            max_global_rejects: rejects,
            max_local_rejects: rejects,
            failure_persistence: None,
            ..ProptestConfig::default()
        }
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn no_expression_is_its_negation_its_reciprocal_or_itself_less_a_term(tree in tree(), asks in prop::sample::select(vec!["", "Simplify", "Factorise", "Expand", "Find"])) {
            let key = tree.typed();
            let question = if asks.is_empty() { String::new() } else { format!("{asks} {key}.") };
            let negated = Tree::Sum(vec![(true, tree.clone())]);
            let reciprocal = Tree::Quotient(Tree::Number(1).into(), tree.clone().into());
            for other in [negated, reciprocal].into_iter().chain(tree.less_a_term()).filter(|other| tree.differs(other)) {
                let answer = other.typed();
                prop_assert!(!earns(&key, &answer, &question), "{answer} for {key}");
                prop_assert!(!earns(&answer, &key, &question), "{key} for {answer}");
            }
        }

        #[test]
        fn a_chain_is_worth_its_end_where_each_step_holds(tree in tree(), other in tree()) {
            let (key, wrong) = (tree.typed(), other.typed());
            prop_assume!(tree.differs(&other) && wrong.len() > 1);
            // `2a` alone would be two ares.
            let question = format!("Simplify {key}.");
            for answer in [format!("{wrong} = {key}"), format!("{key} = {wrong}"), format!("dy/dx = {wrong}")] {
                prop_assert!(!earns(&key, &answer, &question), "{answer} for {key}");
            }
        }

        #[test]
        fn who_does_it_to_whom_counts(
            names in prop::sample::subsequence(vec!["minister", "driver", "teacher", "lion", "goat", "farmer", "nurse"], 2),
            verb in prop::sample::select(vec!["commands", "chases", "feeds", "warned", "helps", "bit", "sold"]),
            article in prop::sample::select(vec!["", "the ", "a "]),
        ) {
            let said = |one: &str, other: &str| format!("{article}{one} {verb} {article}{other}");
            prop_assert!(earns(&said(names[0], names[1]), &said(names[0], names[1]), ""));
            prop_assert!(!earns(&said(names[0], names[1]), &said(names[1], names[0]), ""));
        }

        #[test]
        fn a_relation_is_no_value(number in -500i64..500, sign in prop::sample::select(vec!["<", ">", "≤", "≥", "<=", ">=", "≠"])) {
            for key in [format!("x = {number}"), number.to_string()] {
                prop_assert!(!earns(&key, &format!("x {sign} {number}"), ""), "x {sign} {number} for {key}");
            }
        }

        #[test]
        fn a_calculation_is_no_other_number(
            first in 1i64..40, terms in prop::collection::vec((any::<bool>(), any::<bool>(), 1i64..40), 1..4),
            other in 1i64..40, space in prop::sample::select(vec!["", " "])
        ) {
            let mut calculation = first.to_string();
            for (minus, bracket, number) in &terms {
                let number = if *bracket { format!("({number})") } else { number.to_string() };
                calculation += &format!("{space}{}{space}{number}", if *minus { '-' } else { '+' });
            }
            let value = first + terms.iter().map(|(minus, _, number)| if *minus { -number } else { *number }).sum::<i64>();
            for key in [first, other, terms[0].2].into_iter().filter(|key| *key != value) {
                prop_assert!(!earns(&key.to_string(), &calculation, ""), "{calculation} for {key}");
            }
            let product = format!("{first} ({first})");
            prop_assert!(first == 1 || !earns(&first.to_string(), &product, ""), "{product} for {first}");
        }

        #[test]
        fn an_amount_of_the_question_is_not_converted(hours in 1u32..9, minutes in 1u32..60, kind in prop::sample::select(vec![Kind::Short, Kind::Numeric])) {
            let (total, question) = (60 * hours + minutes, format!("Convert {hours} hours {minutes} minutes into minutes."));
            for key in [total.to_string(), format!("{total} minutes")] {
                let marks = |answer: String| mark(&asked(kind, key.clone(), 2.0, question.clone()), &Answer(vec![answer])).marks;
                prop_assert_eq!(marks(format!("{total} min")), 2.0);
                for answer in [format!("{hours}h{minutes}"), format!("{hours} h {minutes} min"), format!("{hours} hours {minutes} minutes")] {
                    prop_assert_eq!(marks(answer.clone()), 0.0, "{} for {}", answer, key);
                }
            }
        }

        #[test]
        fn a_symbol_is_no_other(one in "[#&:$@~^]{1,3}", other in "[#&:$@~^]{1,3}") {
            prop_assume!(one != other);
            prop_assert!(!earns(&one, &other, "Which symbol is it?"), "{other} for {one}");
        }

        #[test]
        fn a_number_may_tell_its_base_and_no_other(number in 2u32..5000) {
            let (question, key) = (format!("Convert {number} to binary."), format!("{number:b}"));
            for answer in [format!("{key}₂"), format!("({key})2"), format!("0b{key}")] {
                prop_assert!(earns(&key, &answer, &question), "{answer}");
            }
            for answer in [format!("{key}₁₀"), format!("({key})8"), format!("0x{key}"), format!("{:b}₂", number + 1)] {
                prop_assert!(!earns(&key, &answer, &question), "{answer}");
            }
        }

        #[test]
        fn a_correction_counts_beside_its_truth(number in 2u32..500, other in 2u32..500, unit in prop::sample::select(vec!["", " cm", " legs"])) {
            prop_assume!(number != other);
            let question = "True or false? Correct it if it is false.".to_owned();
            let key = format!("False, it is {number}{unit}");
            let marks = |answer: String| mark(&asked(Kind::Short, key.clone(), 2.0, question.clone()), &Answer(vec![answer])).marks;
            prop_assert_eq!(marks(format!("False, it is {number}{unit}")), 2.0);
            prop_assert_eq!(marks(format!("F; {number}{unit}")), 2.0);
            prop_assert_eq!(marks(format!("False. It is {other}{unit}")), 1.0);
            prop_assert_eq!(marks("False".into()), 1.0);
            prop_assert_eq!(marks(format!("True, it is {number}{unit}")), 0.0);
        }

        #[test]
        fn no_sign_and_no_term_is_ignored(terms in sum(), space in prop::sample::select(vec!["", " "]), minus in prop::sample::select(vec!['-', '−']), said in any::<bool>()) {
            let sum = typed(&terms, space, minus);
            let question = if said { format!("Simplify {sum}.") } else { String::new() };
            let negated: Vec<Term> = terms.iter().map(|term| Term { negative: !term.negative, ..term.clone() }).collect();
            let mut others = vec![typed(&negated, space, minus), format!("{minus}({sum})"), format!("1/({sum})")];
            if terms.len() > 1 {
                others.extend((0..terms.len()).map(|n| typed(&[&terms[..n], &terms[n + 1..]].concat(), space, minus)));
            }
            for (n, term) in terms.iter().enumerate().filter(|(_, term)| said && term.letters.len() == 1) {
                let mut fewer = terms.clone();
                fewer[n] = Term { letters: String::new(), ..term.clone() };
                others.push(typed(&fewer, space, minus));
            }
            prop_assert!(earns(&sum, &sum, &question), "{sum}");
            for other in others {
                prop_assert!(!earns(&sum, &other, &question), "{other} for {sum}");
                prop_assert!(!earns(&other, &sum, &question), "{sum} for {other}");
            }
        }

        #[test]
        fn the_coarser_of_two_numbers_is_the_finer_rounded(
            digits in 10_000_000u64..99_000_000, more in prop_oneof![Just(0), 1..100u64, 1..1_000_000u64], of_key in 2..9usize, of_answer in 2..9usize
        ) {
            let (key, answer) = (rounded(digits, of_key), rounded(digits + more, of_answer));
            let (coarse, fine) = if of_key < of_answer { (key, answer) } else { (answer, key) };
            let enough = of_key < of_answer || of_answer >= 3;
            let right = key == answer || key % 10_000_000 != 0 && enough && rounded(fine, of_key.min(of_answer)) == coarse;
            let (key, answer) = (shown(digits, of_key), shown(digits + more, of_answer));
            prop_assert_eq!(earns(&key, &answer, ""), right, "{} for {}", answer, key);
        }

        #[test]
        fn marking_is_total_bounded_and_always_the_same(
            kind in kind(), key in text(), question in text(), answer in prop::collection::vec(text(), 0..4), marks in 0.5f64..20.0
        ) {
            let question = asked(kind, key, marks, question);
            let answer = Answer(answer);
            let marked = mark(&question, &answer);
            prop_assert!(marked.marks >= 0.0 && marked.marks <= marked.of, "{marked:?}");
            prop_assert!(marked.marks == marked.of || marked.marks.fract() % 0.5 == 0.0, "{marked:?}");
            prop_assert!(!marked.reason.is_empty());
            prop_assert_eq!(&mark(&question, &answer), &marked);
            points(&question, &answer);
        }

        #[test]
        fn letters_of_more_bytes_than_their_plain_ones_are_marked(
            kind in kind(), things in prop::collection::vec(accented(), 2..5), of_kind in accented(),
            space in prop::sample::select(vec![" ", "\u{a0}", "-", " ʼ"]), divider in prop::sample::select(vec![", ", "; ", "… ", " = "])
        ) {
            let said: Vec<String> = things.iter().map(|thing| format!("{thing}{space}{of_kind}")).collect();
            for (key, answer) in [(&things, &said), (&said, &things)] {
                let question = asked(kind, key.join(divider), 2.0, format!("Rangez les {of_kind}s: {}.", said[0]));
                for answer in [Answer(vec![answer.join(divider)]), Answer(answer.clone())] {
                    let marked = mark(&question, &answer);
                    prop_assert!((0.0..=2.0).contains(&marked.marks), "{marked:?}");
                    points(&question, &answer);
                }
            }
        }

        #[test]
        fn a_key_earns_its_marks(key in key(), kind in prop::sample::select(vec![Kind::Short, Kind::Numeric, Kind::List, Kind::Cloze])) {
            let marked = mark(&asked(kind, key.clone(), 2.0, String::new()), &Answer(vec![key]));
            prop_assert_eq!(marked.marks, 2.0, "{}", marked.reason);
        }

        #[test]
        fn several_keys_earn_their_marks(keys in prop::collection::btree_set("[a-z]{5,9}", 2..5), kind in prop::sample::select(vec![Kind::List, Kind::Cloze])) {
            let keys: Vec<String> = keys.into_iter().collect();
            let marked = mark(&asked(kind, keys.join("; "), 4.0, String::new()), &Answer(keys));
            prop_assert_eq!(marked.marks, 4.0, "{}", marked.reason);
        }

        #[test]
        fn unrelated_words_earn_nothing(key in key(), answer in "[qxzj]{3,9}( [qxzj]{3,9}){0,3}", kind in kind()) {
            let marked = mark(&asked(kind, key, 2.0, String::new()), &Answer(vec![answer]));
            prop_assert_eq!(marked.marks, 0.0, "{}", marked.reason);
        }

        #[test]
        fn another_number_earns_nothing(number in 2i64..100_000, other in 2i64..100_000) {
            prop_assume!(number != other);
            let marked = mark(&asked(Kind::Numeric, number.to_string(), 1.0, String::new()), &Answer(vec![other.to_string()]));
            prop_assert_eq!(marked.marks, 0.0, "{}", marked.reason);
        }
    }
}

#[test]
fn a_misspelt_number_word_waits_for_a_person() {
    let certainty = |answer: &str| {
        let case =
            serde_json::json!({"key": "Twelve thousand six hundred (and) nineteen", "answer": answer}).to_string();
        crate::json_case::mark_line(&case).unwrap().certainty
    };
    assert_eq!(certainty("twelve thousand six hundred ninteen"), Certainty::Near);
    assert_ne!(certainty("twelve thousand six hundred ninety"), Certainty::Near);
}
