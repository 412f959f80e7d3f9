//! Marks that a sentence gives to many questions at once: "Questions 1 to 4 carry one mark each."

use exam_model::question::Question;

use crate::lines::Line;
use crate::{marks, words};

/// What a sentence says of the marks of some questions.
#[derive(Debug, Clone, PartialEq)]
struct Stated {
    /// The first and the last number; `None` for all below the sentence.
    numbers: Option<(u32, u32)>,
    marks: f64,
}

/// Gives marks to the questions that print none, themselves or in their parts, where a sentence says what each is worth.
/// A sentence with numbers holds for those, one below a section's heading for the section, any other for the paper.
pub fn apply(questions: &mut [Question], headings: &[(String, usize)], lines: &[Line], running: &[Line]) {
    // At the edge of every page stands what holds for the paper.
    let mut told: Vec<(Option<String>, Stated)> =
        running.iter().flat_map(|line| stated(&line.text())).map(|stated| (None, stated)).collect();
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let alone: Vec<Vec<Stated>> = texts.iter().map(|text| stated(text)).collect();
    for (n, text) in texts.iter().enumerate() {
        let heading = headings.iter().rfind(|(_, at)| *at <= n).map(|(label, _)| label.clone());
        let joined = texts.get(n + 1).and_then(|below| across(text, below));
        told.extend(alone[n].iter().cloned().chain(joined).map(|stated| (heading.clone(), stated)));
    }
    for question in questions {
        give(question, &told);
    }
}

/// Gives marks to questions of which what stands over them says what each is worth, `(2 marks each)`, `3 × 2 = 6`, where
/// they print none.
pub fn below(questions: &mut [Question], said: &str) {
    // Of one question those are of its parts.
    let questions = match questions {
        [only] if only.parts.len() > 1 && !only.has_marks() => &mut only.parts[..],
        questions => questions,
    };
    let count = questions.len();
    if let Some(stated) = each(said).or_else(|| times(said, count)) {
        let told = [(None, stated)];
        questions.iter_mut().for_each(|question| give(question, &told));
    }
}

/// Gives marks to the parts of a question that says itself what each of them carries.
pub fn within(question: &mut Question) {
    if question.parts.len() < 2 || question.has_marks() {
        return;
    }
    let of_all = |stated: &Stated| stated.numbers.is_none();
    if let Some(stated) = each(&question.text).or_else(|| stated(&question.text).into_iter().find(of_all)) {
        let told = [(None, stated)];
        question.parts.iter_mut().for_each(|part| give(part, &told));
    }
}

fn give(question: &mut Question, told: &[(Option<String>, Stated)]) {
    let number = |question: &Question| question.path.rsplit('.').next().and_then(|label| label.parse::<u32>().ok());
    if question.has_marks() {
        return;
    }
    // "Q.1 has 10 marks", as a whole.
    let own = number(question);
    let whole = told.iter().find(|(_, stated)| own.is_some_and(|own| stated.numbers == Some((own, own))));
    if let Some((_, stated)) = whole.filter(|_| !question.parts.is_empty()) {
        question.marks = Some(stated.marks);
        return;
    }
    // `1.1`, `1.2` below a section's own number.
    if !question.parts.is_empty() && question.parts.iter().all(|part| number(part).is_some()) {
        let section = question.section.clone();
        for part in &mut question.parts {
            part.section.clone_from(&section);
            give(part, told);
            part.section = None;
        }
        return;
    }
    let within = |stated: &Stated| match (stated.numbers, number(question)) {
        (Some((first, last)), Some(number)) => (first..=last).contains(&number),
        (numbers, _) => numbers.is_none(),
    };
    let fits = |(heading, stated): &&(Option<String>, Stated)| {
        within(stated) && (stated.numbers.is_some() || heading.is_none() || *heading == question.section)
    };
    // What names the numbers says more than what names none; of those the nearest heading.
    let best = told.iter().filter(fits).max_by_key(|(heading, stated)| (stated.numbers.is_some(), heading.is_some()));
    question.marks = best.map(|(_, stated)| stated.marks);
}

/// "Questions 1 to 4 carry one mark each. Question no. 5 is of 5 marks."
fn stated(text: &str) -> Vec<Stated> {
    clauses(text).split(['.', ';']).filter_map(sentence).chain(chinese_ranges(text)).collect()
}

/// `第 7-12 题每题 5 分`
fn chinese_ranges(text: &str) -> impl Iterator<Item = Stated> {
    text.split('第').skip(1).filter_map(|clause| {
        let (range, rest) = clause.split_once('题')?;
        let (first, last) = range.split_once(['-', '–', '—', '~', '至', '到'])?;
        let numbers = Some((first.trim().parse().ok()?, last.trim().parse().ok()?));
        Some(Stated { numbers, marks: chinese(rest)? })
    })
}

/// `每小题 5 分`
fn chinese(text: &str) -> Option<f64> {
    let (word, _) = text.split_once('每')?.1.split_once('分')?;
    let number = word.trim_start_matches(|c: char| !c.is_ascii_digit()).trim();
    number.parse().ok().filter(|_| word.chars().count() < 8)
}

/// What the end of a line says together with the start of the next, if neither says it alone.
fn across(text: &str, below: &str) -> Option<Stated> {
    let (text, below) = (clauses(text), clauses(below));
    let (end, start) = (text.rsplit(['.', ';']).next()?, below.split(['.', ';']).next()?);
    let alone = sentence(end).is_some() || sentence(start).is_some();
    sentence(&format!("{end} {start}")).filter(|_| !alone)
}

/// A text in lower case with a semicolon before each range of questions that it tells of.
fn clauses(text: &str) -> String {
    let lower = text.to_lowercase().replace(['–', '—', '−'], "-").replace("no. ", "no ").replace("nos. ", "nos ");
    // One sentence may tell of several ranges.
    let between = [", and question", " and question", ", question"];
    between.iter().fold(words::spelled_out(&lower), |text, between| text.replace(between, "; question"))
}

/// `4 × 2 = 8` or `[5x1=5 marks]`, of so many questions: what each is worth.
fn times(heading: &str, count: usize) -> Option<Stated> {
    let text: String = heading.to_lowercase().replace('×', "x").chars().filter(|c| !c.is_whitespace()).collect();
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|number| (1..=200).contains(number));
    let is_digit = |c: char| c.is_ascii_digit();
    let product = |(at, _): (usize, &str)| {
        let before = &text[..at];
        let times = number(&before[before.trim_end_matches(is_digit).len()..])?;
        let (each, rest) = text[at + 1..].split_once('=')?;
        let each = number(each.trim_end_matches(char::is_alphabetic))?;
        let behind = rest.trim_start_matches(is_digit);
        let sum = number(&rest[..rest.len() - behind.len()])?;
        // A calculation of the question is neither in brackets nor of marks.
        let word: String = behind.chars().take_while(|c| c.is_alphabetic()).collect();
        let told = behind.starts_with([')', ']']) || marks::is_word(&word);
        let fits = told || behind.is_empty() && (times as usize == count || each as usize == count);
        (times * each == sum && fits).then_some((times, each))
    };
    let (times, each) = text.match_indices('x').find_map(product)?;
    // `1 × 5` may be five of one mark.
    let marks = if each as usize == count && times as usize != count { times } else { each };
    Some(Stated { numbers: None, marks: f64::from(marks) })
}

/// `Part I: True or false (1 pt each)`, `Her soru 5 puan`, `buri kibazo gifite amanota 2`: what a heading gives to each
/// question below it.
fn each(heading: &str) -> Option<Stated> {
    if chinese_ranges(heading).count() > 1 {
        return None;
    }
    if let Some(marks) = chinese(heading) {
        return Some(Stated { numbers: None, marks });
    }
    /// Words between "each" and its marks: "each question is worth".
    const BETWEEN: usize = 4;
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '½'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_marks = |at: usize| words.get(at).is_some_and(|word| marks::is_word(word));
    let found = (0..words.len()).find_map(|at| {
        let value = words[at].parse::<f64>().ok().filter(|value| (0.25..=50.0).contains(value))?;
        let counted = is_marks(at + 1) || at > 0 && is_marks(at - 1);
        let behind = words
            .get(at + 2)
            .is_some_and(|word| matches!(*word, "each" | "chacune" | "chacun" | "jeweils" | "ciascuna"));
        let before = words[..at].iter().rev().take(BETWEEN).any(|word| EACH.contains(word));
        // `3 point problems`
        let of_kind = words.get(at + 2).is_some_and(|word| CARRYING.iter().any(|name| word.starts_with(name)));
        (counted && (is_marks(at + 1) && (behind || of_kind) || before)).then_some(value)
    });
    Some(Stated { numbers: None, marks: found? })
}

/// `3 point problems`, as a heading over some of the questions.
pub fn heads(line: &str) -> bool {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let [number, unit, kind, rest @ ..] = &words[..] else { return false };
    let counts = number.parse::<u32>().is_ok_and(|number| (1..=20).contains(&number)) && marks::is_word(unit);
    counts && rest.len() < 3 && CARRYING.iter().any(|name| kind.starts_with(name))
}

/// "Each", before a question or an answer and its marks.
const EACH: [&str; 16] = [
    "each", "every", "per", "chaque", "par", "buri", "kila", "her", "jede", "je", "pro", "ogni", "cada", "setiap",
    "tiap", "elke",
];
/// What carries marks.
const CARRYING: [&str; 25] = [
    "question",
    "part",
    "item",
    "problem",
    "exercise",
    "exercice",
    "statement",
    "blank",
    "réponse",
    "kibazo",
    "swali",
    "soru",
    "frage",
    "aufgabe",
    "domanda",
    "risposta",
    "quesito",
    "pregunta",
    "respuesta",
    "pergunta",
    "questão",
    "resposta",
    "soalan",
    "soal",
    "vraag",
];
/// … and how that is said.
const VERBS: [&str; 28] = [
    "carry", "carries", "carrying", "score", "scores", "of", "worth", "has", "have", "is", "receive", "receives",
    "earns", "gets", "vaut", "valent", "vale", "valgono", "valen", "valem", "gifite", "ina", "lina", "bernilai",
    "zählt", "gibt", "ergibt", "telt",
];

fn sentence(sentence: &str) -> Option<Stated> {
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    let at = |names: &[&str]| words.iter().position(|word| names.contains(word));
    let mark = words.iter().position(|word| marks::is_word(word) || *word == "credit")?;
    // `alama mbili`: some languages tell the number behind its word.
    let number = |at: Option<usize>| words::number(words.get(at?)?);
    let marks = f64::from(number(mark.checked_sub(1)).or_else(|| number(Some(mark + 1)))?);
    let each = at(&EACH).is_some();
    let negative = at(&["negative", "incorrect", "wrong"]).is_some();
    let carries = at(&VERBS).is_some_and(|verb| verb < mark);
    // "Each correct answer will score one mark."
    let answers = || words.windows(2).position(|pair| pair == ["correct", "answer"] || pair == ["bonne", "réponse"]);
    let question = words.iter().position(|word| CARRYING.iter().any(|name| word.starts_with(name)));
    let question = question.or_else(answers)?;
    let between = words.get(question + 1..mark.saturating_sub(1)).unwrap_or_default();
    let numbers: Vec<u32> =
        between.iter().take(6).flat_map(|word| word.split('-')).filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [first, last] if question < mark && carries && first <= last => {
            Some(Stated { numbers: Some((first, last)), marks })
        }
        [only] if question < mark && carries => Some(Stated { numbers: Some((only, only)), marks }),
        [] if each && carries && !negative => Some(Stated { numbers: None, marks }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Option<(u32, u32)>, f64)> {
        stated(text).into_iter().map(|stated| (stated.numbers, stated.marks)).collect()
    }

    #[test]
    fn a_sentence_counts_below_its_own_heading_only() {
        let line = |text: &str| Line {
            segments: vec![crate::lines::Segment { text: text.to_owned(), ..Default::default() }],
            ..Line::default()
        };
        let lines = ["SECTION A", "1. Name it", "SECTION B Each question carries 2 marks", "2. Name it"].map(line);
        let question = |path: &str, section: &str| Question {
            path: path.to_owned(),
            section: Some(section.to_owned()),
            ..Question::default()
        };
        let mut questions = [question("1", "A"), question("2", "B")];
        apply(&mut questions, &[("A".to_owned(), 0), ("B".to_owned(), 2)], &lines, &[]);
        assert_eq!(questions.map(|question| question.marks), [None, Some(2.0)]);
    }

    #[test]
    fn products_give_marks() {
        let marks = |heading: &str, count: usize| times(heading, count).map(|stated| stated.marks);
        assert_eq!(marks("Answer these: 3 × 2 = 6", 3), Some(2.0));
        assert_eq!(marks("Group ‘A’ [5x1=5]", 5), Some(1.0));
        assert_eq!(marks("Answer any four (4 x 5 marks = 20 marks)", 6), Some(5.0));
        assert_eq!(marks("1 × 5 = 5", 5), Some(1.0));
        assert_eq!(marks("Find x if 2x = 6", 2), None);
        assert_eq!(marks("3 × 2 = 7", 3), None);
        // Calculations, not marks.
        assert_eq!(marks("Given that 12 × 15 = 180, answer questions 3 to 5.", 3), None);
        assert_eq!(marks("SECTION A Example: 3 × 4 = 12", 5), None);
    }

    #[test]
    fn headings_give_marks_to_each_question() {
        for (heading, marks) in [
            ("Part I: True or false (1 pt each)", Some(1.0)),
            ("A) Doğru cevabı işaretleyiniz. (Her soru 5 puan)", Some(5.0)),
            ("Her biri 4 puan", Some(4.0)),
            ("Andika ukuri cyangwa ikinyoma (buri kibazo gifite amanota 2)", Some(2.0)),
            ("Kila swali lina alama 2", Some(2.0)),
            ("Setiap soalan membawa 2 markah", Some(2.0)),
            ("(1.5 points each)", Some(1.5)),
            ("3 point problems", Some(3.0)),
            ("SECTION B: 5 mark questions", Some(5.0)),
            ("SECTION A (20 marks)", None),
            ("Answer each of the 3 questions", None),
        ] {
            assert_eq!(each(heading).map(|stated| stated.marks), marks, "{heading}");
        }
    }

    #[test]
    fn sentences_give_marks() {
        for (text, wanted) in [
            (
                "Questions 1 to 2 carry one mark each. Questions 3 to 4 carry two marks each.",
                vec![(Some((1, 2)), 1.0), (Some((3, 4)), 2.0)],
            ),
            ("Question numbers 21 to 26 carry 2 marks", vec![(Some((21, 26)), 2.0)]),
            ("(iii) Section A Questions no. 1 to 3 are of 2 marks each.", vec![(Some((1, 3)), 2.0)]),
            ("(v) Section C Question no. 12 is a Case Study-Based Question of 5 marks.", vec![(Some((12, 12)), 5.0)]),
            ("3. Each question carries 50 marks.", vec![(None, 50.0)]),
            ("Each correct answer will score one mark.", vec![(None, 1.0)]),
            ("Chaque bonne réponse vaut 2 points.", vec![(None, 2.0)]),
            ("Each correct answer will receive 1 credit.", vec![(None, 1.0)]),
            ("Each problem is worth 10 points.", vec![(None, 10.0)]),
            ("Ogni risposta esatta vale 2 punti.", vec![(None, 2.0)]),
            ("Cada pregunta vale 2 puntos.", vec![(None, 2.0)]),
            ("Cada questão vale 10 pontos.", vec![(None, 10.0)]),
            ("Jede Aufgabe gibt 4 Punkte.", vec![(None, 4.0)]),
            (
                "Questions 1 – 5 carry 2 marks each, questions 6 to 8 carry 5 marks each and question 9 carries 25 marks.",
                vec![(Some((1, 5)), 2.0), (Some((6, 8)), 5.0), (Some((9, 9)), 25.0)],
            ),
            (
                "iii. Question no. 21 to 24 are Short Answer Questions, carrying 2 marks each.",
                vec![(Some((21, 24)), 2.0)],
            ),
            ("Each Question is of 1 mark weightage.", vec![(None, 1.0)]),
            ("Correct Answer will carry 1 mark per Question.", vec![(None, 1.0)]),
            ("Questions 1–5 carry 3 marks each", vec![(Some((1, 5)), 3.0)]),
            ("Kila swali lina alama mbili (2).", vec![(None, 2.0)]),
            ("Q.1 – Q.5 Carry ONE mark Each", vec![(Some((1, 5)), 1.0)]),
            ("Incorrect Answer will carry 1/3 Negative mark per Question.", vec![]),
            ("Section A carries twenty five (25) marks", vec![]),
            ("2. Name two questions.", vec![]),
            ("How many marks did each of the 3 pupils get in question 2?", vec![]),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_question_says_what_its_parts_carry() {
        let part = |path: &str| Question { path: path.to_owned(), ..Question::default() };
        let worth = |text: &str| {
            let parts = vec![part("1.i"), part("1.ii")];
            let mut question = Question { text: text.to_owned(), parts, ..part("1") };
            within(&mut question);
            question.parts[1].marks
        };
        assert_eq!(worth("Fill the bubble of each part. Each part carries one mark."), Some(1.0));
        assert_eq!(worth("Fill the bubble of each part."), None);
    }

    #[test]
    fn lines_head_questions_of_so_many_points() {
        assert!(heads("3 point problems"));
        assert!(heads("5-Point-Problems"));
        assert!(!heads("3 points each"));
        assert!(!heads("3 point charges lie on the line between two others"));
    }

    #[test]
    fn chinese_headings_say_what_each_is_worth() {
        assert_eq!(each("填空题(每小题 5 分,共 20 分)").map(|stated| stated.marks), Some(5.0));
        let of_ranges = stated("填空 第 1-6 题每题 4 分,第 7-12 题每题 5 分.");
        let read: Vec<_> = of_ranges.iter().map(|stated| (stated.numbers, stated.marks)).collect();
        assert_eq!(read, [(Some((1, 6)), 4.0), (Some((7, 12)), 5.0)]);
    }
}
