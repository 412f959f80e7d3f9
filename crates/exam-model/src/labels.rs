//! The labels that a line may start with: `1.`, `(a)`, `ii)`, `Question 3`, `SECTION B`. Each is only a candidate; who
//! reads a paper decides which of them are labels.

/// How a label is written: labels of one level share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Numbering {
    Number,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
}

/// What stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frame {
    /// `1.`
    Stop,
    /// `1)`
    Bracket,
    /// `(1)`
    Brackets,
    /// `Question 1`
    Word,
    /// `1`
    Bare,
    /// `1.2`: the second part of question 1.
    Dotted,
}

/// One way to read a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub numbering: Numbering,
    pub frame: Frame,
    /// 1 for `1`, `a`, `A`, `i`.
    pub value: u32,
    /// As printed.
    pub printed: String,
    /// For a path: lower case, without what stands around it.
    pub plain: String,
}

/// `1.2`, `3.1.4.`; as well a decimal at the start of a line: its place on the page tells which.
fn dotted(text: &str) -> Option<(Label, usize)> {
    let taken = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let printed = &text[..taken];
    let numbers: Vec<&str> = printed.strip_suffix('.').unwrap_or(printed).split('.').collect();
    let small = |number: &&str| (1..=2).contains(&number.len()) && !number.starts_with('0');
    let apart = text[taken..].starts_with([' ', ')']) || taken == text.len();
    let last = numbers.last()?;
    let fits = apart && (2..=4).contains(&numbers.len()) && numbers.iter().all(small);
    let (value, printed, plain) = (last.parse().ok()?, printed.to_owned(), (*last).to_owned());
    fits.then_some((Label { numbering: Numbering::Number, frame: Frame::Dotted, value, printed, plain }, taken))
}

/// Digits printed in boxes of their own, `0 1` and `0 1 . 2`.
fn boxed(text: &str) -> Option<(Label, usize)> {
    let mut cells = text.splitn(5, ' ');
    let digit = |cell: Option<&str>| cell.filter(|cell| cell.len() == 1).and_then(|cell| cell.parse::<u32>().ok());
    let value = 10 * digit(cells.next())? + digit(cells.next())?;
    let (stop, part) = (cells.next(), cells.next());
    if let (Some("."), Some(part)) = (stop, digit(part)) {
        let (printed, plain) = (format!("{value}.{part}"), part.to_string());
        let label = Label { numbering: Numbering::Number, frame: Frame::Dotted, value: part, printed, plain };
        return (1..100).contains(&value).then_some((label, 7));
    }
    let (printed, plain) = (text[..3].to_owned(), value.to_string());
    let label = Label { numbering: Numbering::Number, frame: Frame::Word, value, printed, plain };
    // `0 1 2` are numbers of an axis, `1 0` may be any two.
    let alone = text.len() == 3 || text[3..].trim_start().starts_with(|c: char| c.is_alphabetic());
    (text.starts_with('0') && value > 0 && alone).then_some((label, 3))
}

impl Label {
    /// Of a dotted label: what is labelled by all but its last number, and by all of it.
    pub fn dotted_path(&self) -> Option<(&str, &str)> {
        let whole = self.printed.strip_suffix('.').unwrap_or(&self.printed);
        whole.rsplit_once('.').filter(|_| self.frame == Frame::Dotted).map(|(above, _)| (above, whole))
    }

    /// What the labels of one list share besides their numbering: `q2` is not the next of `Question 1`.
    pub fn style(&self) -> (Frame, &str) {
        let word = self.printed.find(|c: char| c.is_ascii_digit()).filter(|_| self.frame == Frame::Word);
        (self.frame, self.printed.get(..word.unwrap_or(0)).unwrap_or_default())
    }
}

/// The label at the start of a text with the bytes it takes, in all ways it can be read: `i` is a letter and a number.
///
/// ```
/// # use exam_model::labels::at_start;
/// let read: Vec<(u32, usize)> = at_start("(i) Name it").into_iter().map(|(label, taken)| (label.value, taken)).collect();
/// assert_eq!(read, [(9, 3), (1, 3)]);
/// assert!(at_start("Name it").is_empty());
/// ```
pub fn at_start(text: &str) -> Vec<(Label, usize)> {
    let lead = text.len() - text.trim_start().len();
    let rest = &text[lead..];
    if let Some(found) = question_word(rest).or_else(|| question_in_words(rest)).or_else(|| part_in_words(rest)) {
        return vec![(found.0, lead + found.1)];
    }
    if let Some((label, taken)) = boxed(rest) {
        return vec![(label, lead + taken)];
    }
    if let Some((label, taken)) = dotted(rest) {
        return vec![(label, lead + taken)];
    }
    if let Some((label, taken)) = before_letter(rest) {
        return vec![(label, lead + taken)];
    }
    if let Some(found) = in_square_brackets(rest) {
        return vec![(found.0, lead + found.1)];
    }
    let (open, body) = match rest.strip_prefix('(') {
        Some(body) => (1, body),
        None => (0, rest),
    };
    if let Some((label, taken)) = of_another_alphabet(rest) {
        return vec![(label, lead + taken)];
    }
    let core: String = body.chars().take_while(char::is_ascii_alphanumeric).take(6).collect();
    if core.is_empty() || core.len() > 5 {
        return Vec::new();
    }
    let mut after = &body[core.len()..];
    // `( a )`
    if open == 1 {
        after = after.trim_start();
    }
    let (frame, close) = match (open, after.chars().next()) {
        (1, Some(')')) => (Frame::Brackets, 1),
        (0, Some(')')) => (Frame::Bracket, 1),
        (0, Some('.')) if !after[1..].starts_with(|c: char| c.is_ascii_digit()) => (Frame::Stop, 1),
        (0, Some(' ') | None) => (Frame::Bare, 0),
        (0, Some(sign)) => match signed(&core, sign, &after[sign.len_utf8()..]) {
            Some(close) => (Frame::Bracket, close),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let end = rest.len() - after.len() + close;
    let printed = rest[..end].trim().to_owned();
    values(&core)
        .into_iter()
        .filter(|(numbering, _)| {
            frame != Frame::Bare || matches!(numbering, Numbering::Number | Numbering::UpperLetter)
        })
        .map(|(numbering, value)| {
            let plain = if numbering == Numbering::Number { value.to_string() } else { core.to_lowercase() };
            (Label { numbering, frame, value, printed: printed.clone(), plain }, lead + end)
        })
        .collect()
}

/// The first letters of the alphabets that label options, capitals and small ones.
const ALPHABETS: [(Numbering, &str); 6] = [
    (Numbering::UpperLetter, "ABCDEFGH"),
    (Numbering::LowerLetter, "abcdefgh"),
    (Numbering::UpperLetter, "АБВГДЕЖЗ"),
    (Numbering::LowerLetter, "абвгдежз"),
    (Numbering::UpperLetter, "ΑΒΓΔΕΖΗΘ"),
    (Numbering::LowerLetter, "αβγδεζηθ"),
];

/// The alphabet, of capitals or of small letters, in which a letter labels options.
pub fn alphabet(letter: char) -> Option<&'static str> {
    ALPHABETS.iter().find(|(_, letters)| letters.contains(letter)).map(|(_, letters)| *letters)
}

/// `Б.`, `(в)`, `γ)`: a Cyrillic or Greek letter.
fn of_another_alphabet(text: &str) -> Option<(Label, usize)> {
    let (open, body) = text.strip_prefix('(').map_or((false, text), |body| (true, body));
    let letter = body.chars().next().filter(|c| !c.is_ascii())?;
    let place = |(numbering, letters): &(_, &str)| Some((*numbering, letters.chars().position(|c| c == letter)? + 1));
    let (numbering, value) = ALPHABETS.iter().find_map(place)?;
    let behind = &body[letter.len_utf8()..];
    let frame = match (open, behind.chars().next()?) {
        (true, ')') => Frame::Brackets,
        (false, ')') => Frame::Bracket,
        (false, '.') => Frame::Stop,
        _ => return None,
    };
    // `α.x` is a formula.
    let apart = behind[1..].is_empty() || behind[1..].starts_with(' ');
    let taken = text.len() - behind.len() + 1;
    let (printed, plain) = (text[..taken].to_owned(), letter.to_lowercase().collect());
    apart.then_some((Label { numbering, frame, value: value as u32, printed, plain }, taken))
}

/// `Question 1`, `Q1.`, `Ikibazo cya 1`, `QUESTÃO 91`.
fn question_word(text: &str) -> Option<(Label, usize)> {
    const WORDS: [&str; 63] = [
        "question ",
        "question no ",
        "question no. ",
        "q. ",
        "q.",
        "q ",
        "q",
        "ikibazo cya ",
        "ikibazo ",
        "exercice ",
        "exercise ",
        "questão ",
        "questao ",
        "problem ",
        "item ",
        "task ",
        "swali la ",
        "swali ",
        "aufgabe ",
        "pregunta ",
        "pergunta ",
        "ejercicio ",
        "domanda ",
        "esercizio ",
        "no. ",
        "nr. ",
        "nº ",
        "n° ",
        "#",
        "ex. ",
        "exo ",
        "qu. ",
        "qn. ",
        "qn ",
        "soal ",
        "soalan ",
        "soru ",
        "zadanie ",
        "vraag ",
        "opgave ",
        "uppgift ",
        "oppgave ",
        "quesito ",
        "frage ",
        "задание ",
        "câu ",
        "problema ",
        "problème ",
        "problemă ",
        "exercițiul ",
        "exercici ",
        "übung ",
        "oefening ",
        "tehtävä ",
        "příklad ",
        "úloha ",
        "feladat ",
        "zadatak ",
        "задача ",
        "вопрос ",
        "въпрос ",
        "άσκηση ",
        "θέμα ",
    ];
    // Asked of every segment: most end here.
    if !text.starts_with(|c: char| "qiéeptsadznvoufcзвúüάθN#".contains(c) || "QIEPTSADZVOUFCЗВÚÜΆΘ".contains(c))
    {
        return None;
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let word = WORDS
        .iter()
        .find(|word| lower.starts_with(**word) && lower[word.len()..].starts_with(|c: char| c.is_ascii_digit()))?;
    let digits: String = lower[word.len()..].chars().take_while(char::is_ascii_digit).collect();
    let value = digits.parse().ok().filter(|value| (1..=300).contains(value))?;
    let mut end = word.len() + digits.len();
    if text[end..].starts_with(|c: char| c.is_alphanumeric()) || is_spoken_of(&lower[end..], word) {
        return None;
    }
    // French puts a space before a colon.
    let stroke = usize::from(text[end..].starts_with("/ "));
    end +=
        stroke + [" :", ".", ":", ")"].iter().find(|mark| text[end..].starts_with(**mark)).map_or(0, |mark| mark.len());
    let printed = text[..end].to_owned();
    Some((Label { numbering: Numbering::Number, frame: Frame::Word, value, printed, plain: value.to_string() }, end))
}

/// Behind `Q.1` stands ` – Q.5`: what is said is said of several; or `Question 6` ` starts on the next page`.
fn is_spoken_of(behind: &str, word: &str) -> bool {
    if [" starts on", " begins on", " continues", " is on the"].iter().any(|verb| behind.starts_with(verb)) {
        return true;
    }
    let last = behind.trim_start().strip_prefix(['–', '-', '—']).map(str::trim_start);
    last.and_then(|last| last.strip_prefix(word)).is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()))
}

/// `Première partie :`, `Deuxième exercice`, as a heading only.
fn part_in_words(text: &str) -> Option<(Label, usize)> {
    const ORDINALS: [&str; 5] = ["Premi", "Deuxi", "Troisi", "Quatri", "Cinqui"];
    const UPPER: [&str; 5] = ["PREMI", "DEUXI", "TROISI", "QUATRI", "CINQUI"];
    let at = |ordinals: [&str; 5]| ordinals.iter().position(|ordinal| text.starts_with(ordinal));
    let value = 1 + at(ORDINALS).or_else(|| at(UPPER))?;
    let (ordinal, rest) = text.split_once(' ')?;
    let word = ["partie", "exercice"].into_iter().find(|word| rest.to_lowercase().starts_with(word))?;
    let after = &rest[word.len()..];
    let heading = after.is_empty() || after.trim_start().starts_with([':', '.', '(', '[', '–', '-']);
    let stop = [" :", ":", "."].iter().find(|mark| after.starts_with(**mark)).map_or(0, |mark| mark.len());
    let taken = ordinal.len() + 1 + word.len() + stop;
    let (printed, plain) = (text[..taken].to_owned(), value.to_string());
    let label = Label { numbering: Numbering::Number, frame: Frame::Word, value: value as u32, printed, plain };
    heading.then_some((label, taken))
}

/// `Question One:`, as a heading only.
fn question_in_words(text: &str) -> Option<(Label, usize)> {
    const NUMBERS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let (word, rest) = text.split_once(' ')?;
    let number: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let value = 1 + NUMBERS.iter().position(|name| number.eq_ignore_ascii_case(name))?;
    let after = rest[number.len()..].trim_start();
    let heading = after.is_empty() || after.starts_with([':', '.', '(', '[', '–', '-']);
    let capital = word.starts_with('Q') && number.starts_with(|c: char| c.is_uppercase());
    let taken = word.len() + 1 + number.len() + usize::from(rest[number.len()..].starts_with([':', '.']));
    let (printed, plain) = (text[..taken].to_owned(), value.to_string());
    let label = Label { numbering: Numbering::Number, frame: Frame::Word, value: value as u32, printed, plain };
    (word.eq_ignore_ascii_case("question") && heading && capital).then_some((label, taken))
}

/// An empty box or ring before an option that has no letter.
pub fn after_box(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['☐', '☒', '☑', '□', '❑', '❏', '○', '◯', '⃝']);
    let rest = rest.or_else(|| text.strip_prefix("[ ]")).or_else(|| text.strip_prefix("[]"))?;
    Some(rest.trim()).filter(|rest| !rest.is_empty())
}

/// `[A]`: numbers in square brackets are marks.
fn in_square_brackets(text: &str) -> Option<(Label, usize)> {
    let ([b'[', letter @ b'A'..=b'F', b']'] | [b'[', letter @ b'A'..=b'F', b']', b' ', ..]) = text.as_bytes() else {
        return None;
    };
    let (printed, value) = (text[..3].to_owned(), u32::from(letter - b'A') + 1);
    let plain = char::from(letter.to_ascii_lowercase()).to_string();
    Some((Label { numbering: Numbering::UpperLetter, frame: Frame::Brackets, value, printed, plain }, 3))
}

/// The bytes of the sign behind a label's core before words: `1° Calculez`, `1°) …`, `2/ Donner`, `a- Citer`, `A: iron`.
fn signed(core: &str, sign: char, behind: &str) -> Option<usize> {
    let number = core.len() <= 2 && core.bytes().all(|b| b.is_ascii_digit());
    let letter = matches!(core.as_bytes(), [b'a'..=b'h' | b'A'..=b'H']);
    // Speakers of a dialogue say whole sentences.
    let named =
        matches!(core.as_bytes(), [b'A'..=b'H']) && behind.starts_with(' ') && !behind.trim_end().ends_with(['?', '!']);
    // What is to be written has its marks or a blank behind its letter.
    let said = !behind.trim_start().starts_with(['(', '_', '.', '…']);
    if sign == ':' && named && said && !behind.trim().is_empty() {
        return Some(1);
    }
    let fits = match sign {
        '°' | 'º' => number,
        '/' | '-' => number || letter,
        _ => false,
    };
    let closed = behind.trim_start_matches(['/', ')', '.']);
    let capital = |text: &str| text.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“'));
    // `48° Q` stands in a figure.
    let words = closed.strip_prefix(' ').is_some_and(|rest| capital(rest.trim_start()) && rest.trim().len() > 2);
    (fits && words).then(|| sign.len_utf8() + behind.len() - closed.len())
}

/// The number of `1a)` and `1(a)`.
fn before_letter(text: &str) -> Option<(Label, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = text[..digits].parse().ok().filter(|value| (1..=99).contains(value))?;
    let letter = |text: &str| matches!(text.as_bytes(), [b'a'..=b'h', b')', b' ', ..]);
    let rest = &text[digits..];
    let (printed, plain) = (text[..digits].to_owned(), value.to_string());
    let label = Label { numbering: Numbering::Number, frame: Frame::Stop, value, printed, plain };
    (letter(rest) || rest.strip_prefix('(').is_some_and(letter)).then_some((label, digits))
}

/// `A1`, `B12.`: a question's number behind the letter of its section.
pub fn lettered(text: &str) -> Option<(Label, usize)> {
    let letter = text.chars().next().filter(char::is_ascii_uppercase)?;
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    let value = text[1..=digits].parse().ok().filter(|value| (1..=99).contains(value))?;
    let rest = &text[1 + digits..];
    let stop = usize::from(rest.starts_with(['.', ')', ':']));
    let apart = rest[stop..].is_empty() || rest[stop..].starts_with(' ');
    let (printed, plain) = (text[..1 + digits].to_owned(), text[..1 + digits].to_lowercase());
    let label = Label { numbering: Numbering::Number, frame: Frame::Stop, value, printed, plain };
    (apart && letter <= 'F').then_some((label, 1 + digits + stop))
}

/// What a label's core may count as.
fn values(core: &str) -> Vec<(Numbering, u32)> {
    let mut found = Vec::new();
    if core.bytes().all(|b| b.is_ascii_digit()) {
        if let Ok(value @ 1..=300) = core.parse() {
            found.push((Numbering::Number, value));
        }
        return found;
    }
    let lower = core.bytes().all(|b| b.is_ascii_lowercase());
    let upper = core.bytes().all(|b| b.is_ascii_uppercase());
    if (lower || upper) && core.len() == 1 {
        let value = u32::from(core.to_ascii_lowercase().as_bytes()[0] - b'a') + 1;
        found.push((if lower { Numbering::LowerLetter } else { Numbering::UpperLetter }, value));
    }
    if let Some(value) = roman(&core.to_ascii_lowercase()).filter(|_| lower || upper) {
        found.push((if lower { Numbering::LowerRoman } else { Numbering::UpperRoman }, value));
    }
    found
}

pub fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '▪' | '◦' | '●' | '∙' | '◆' | '➢' | '❖' | '·' | '\u{f0b7}' | '\u{f0a7}')
}

/// Small roman numbers, up to 39, in their usual form only.
pub fn roman(text: &str) -> Option<u32> {
    // Most words are none.
    let digits = text.bytes().all(|b| b"ivx".contains(&b));
    (1..40).filter(|_| digits).find(|&value| to_roman(value) == text)
}

fn to_roman(mut value: u32) -> String {
    const STEPS: [(u32, &str); 5] = [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut text = String::new();
    for (step, word) in STEPS {
        while value >= step {
            text.push_str(word);
            value -= step;
        }
    }
    text
}

/// `Group ‘A’`, `GROUP B (10 marks)`, `Booklet A`: sections by a letter. `GROUP A` alone may be one of an experiment.
fn quoted_group(text: &str) -> Option<(String, &str)> {
    let (word, rest) = text.split_once([' ', '-'])?;
    let quoted = rest.starts_with(['‘', '\'', '“', '"']);
    let named = matches!(word, "Group" if quoted) || matches!(word, "GROUP" | "Booklet" | "BOOKLET");
    let rest = rest.trim_start_matches(['‘', '\'', '“', '"']);
    let letter = rest.chars().next().filter(|c| ('A'..='F').contains(c) && named)?;
    let behind = rest[1..].trim_start_matches(['’', '\'', '”', '"', ':']);
    let alone = behind.trim().is_empty() && (quoted || word != "GROUP");
    let heading = alone || behind.starts_with(' ') && behind.trim_start().starts_with(['(', '[', '–', '-']);
    heading.then(|| (letter.to_string(), behind.trim_start()))
}

/// A section's heading: its label, in upper case, and the rest of the line.
pub fn section(text: &str) -> Option<(String, &str)> {
    const WORDS: [&str; 17] = [
        "section",
        "part",
        "igice cya",
        "igice",
        "partie",
        "parte",
        "seção",
        "sehemu ya",
        "sehemu",
        "grupo",
        "opción",
        "opção",
        "bloque",
        "afdeling",
        "вариант",
        "часть",
        "част",
    ];
    if let Some(found) = quoted_group(text).or_else(|| chinese_section(text)) {
        return Some(found);
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    if let Some(found) = ordinal_section(text, &lower) {
        return Some(found);
    }
    let stem = |word: &&&str| lower.strip_prefix(**word).is_some_and(|rest| rest.starts_with([' ', '-', '–']));
    let word = WORDS.iter().find(stem)?;
    section_label(&text[word.len()..])
}

/// `二、选择题`: a Chinese numeral before the kind of the questions below it.
fn chinese_section(text: &str) -> Option<(String, &str)> {
    let number = text.chars().next().filter(|c| "一二三四五六七八九十".contains(*c))?;
    let rest = text[number.len_utf8()..].strip_prefix(['、', '.'])?.trim_start();
    rest.contains('题').then(|| (number.to_string(), rest))
}

/// `PREMIÈRE PARTIE : …`, `SECOND SECTION`: the number stands before the word.
fn ordinal_section<'a>(text: &'a str, lower: &str) -> Option<(String, &'a str)> {
    const ORDINALS: [&[&str]; 5] = [
        &["première", "premiere", "1ère", "1re", "first", "primera", "primeira", "erster", "prima"],
        &["deuxième", "deuxieme", "seconde", "2ème", "2e", "second", "segunda", "zweiter", "seconda"],
        &["troisième", "troisieme", "3ème", "3e", "third", "tercera", "terceira", "dritter", "terza"],
        &["quatrième", "quatrieme", "4ème", "4e", "fourth", "cuarta", "quarta", "vierter"],
        &["cinquième", "cinquieme", "5ème", "5e", "fifth", "quinta", "fünfter"],
    ];
    let (ordinal, rest) = lower.split_once(' ')?;
    // `Première partie : …` in small letters may be a question itself.
    if text.get(..ordinal.len()).is_none_or(|printed| printed.contains(char::is_lowercase)) {
        return None;
    }
    let number = ORDINALS.iter().position(|names| names.contains(&ordinal))? + 1;
    let word = ["partie", "part", "section", "parte", "teil"].iter().find(|word| rest.starts_with(**word))?;
    let after = text.get(ordinal.len() + 1 + word.len()..)?;
    let heading = after.trim().is_empty() || after.trim_start().starts_with([':', '–', '-', '—', '(', '.', '/']);
    heading.then(|| (number.to_string(), after.trim_start_matches([':', '.', ' ', '–', '-', '—'])))
}

/// What may be a section's heading with a word that nobody told: the word, a roman number or letter, and the rest of the line.
pub fn section_of_any_word(text: &str) -> Option<(&str, String, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let named =
        word.chars().count() > 2 && word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    let (label, rest) = section_label(rest).filter(|_| named)?;
    label.chars().all(char::is_alphabetic).then_some((word, label, rest))
}

/// The label behind a heading's word, ` A: …`, `-A`, ` – II`, and the rest of the line.
fn section_label(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start_matches([' ', '-', '–']);
    let core: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    // A scan reads `III` as `Ill`.
    let scanned = core.starts_with('I') && core.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'l'));
    let spelled = if scanned { core.replace('l', "I") } else { core.clone() };
    let label = match spelled.to_lowercase().as_str() {
        "one" | "mbere" => "1".to_owned(),
        "two" | "kabiri" => "2".to_owned(),
        "three" | "gatatu" => "3".to_owned(),
        lower if roman(lower).is_some() || core.len() == 1 => spelled.to_uppercase(),
        _ => return None,
    };
    let after = &rest[core.len()..];
    // "Section A has ten questions" is a sentence about it, "Part b of the figure" another.
    let heading = after.trim().is_empty()
        || after.starts_with([':', ';', '.', ')', '('])
        || after.trim_start().starts_with(['–', '-', '—', ':', '(', '[', '/'])
        || after.strip_prefix(", ").is_some_and(|rest| rest.to_lowercase().starts_with("part "))
        || spelled.chars().all(|c| c.is_ascii_uppercase())
            && after.trim_start().starts_with(|c: char| c.is_uppercase());
    heading.then(|| (label, after.trim_start_matches([':', '.', ')', ',', ' ', '–', '-', '—'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Numbering, Frame, u32)> {
        at_start(text).into_iter().map(|(l, _)| (l.numbering, l.frame, l.value)).collect()
    }

    #[test]
    fn labels_are_recognised() {
        assert_eq!(read("12. What"), [(Numbering::Number, Frame::Stop, 12)]);
        assert_eq!(read("(c) Find"), [(Numbering::LowerLetter, Frame::Brackets, 3)]);
        assert_eq!(read("B)"), [(Numbering::UpperLetter, Frame::Bracket, 2)]);
        assert!(at_start("48° Q").is_empty(), "an angle beside a corner");
        assert_eq!(read("Q1/ Name it"), [(Numbering::Number, Frame::Word, 1)]);
        assert_eq!((at_start("Q1/ Name it")[0].1, at_start("QUESTION 2/VRAAG 2")[0].1), (3, 10));
        assert_eq!(read("A: iron"), [(Numbering::UpperLetter, Frame::Bracket, 1)]);
        assert!(at_start("A: Where were you?").is_empty(), "somebody speaks");
        for text in ["A: (1)", "A: ______ (1 mark)", "B: ………"] {
            assert!(at_start(text).is_empty(), "{text}: a place to answer");
        }
        for text in ["1° Calculez", "1°) Calculez", "1/ Calculez", "1- Calculez", "1°/ Calculez"] {
            assert_eq!(read(text), [(Numbering::Number, Frame::Bracket, 1)], "{text}");
        }
        for text in ["No. 1 Name it", "#1 Name it", "Ex. 1 : Nommez", "SOAL 1", "Zadanie 1. Nazwij", "Qu. 1 Name it"] {
            assert_eq!(read(text), [(Numbering::Number, Frame::Word, 1)], "{text}");
        }
        for text in ["Problema 1. (0.5 p.) Sea V", "Задача 1.", "Úloha 1: Spočtěte"] {
            assert_eq!(read(text), [(Numbering::Number, Frame::Word, 1)], "{text}");
        }
        assert_eq!(read("В. 4 подмрежи"), [(Numbering::UpperLetter, Frame::Stop, 3)]);
        assert_eq!(read("(γ) κανένα"), [(Numbering::LowerLetter, Frame::Brackets, 3)]);
        assert_eq!(read("α.x"), []);
        assert_eq!(read("[B] wood"), [(Numbering::UpperLetter, Frame::Brackets, 2)]);
        assert_eq!(read("b/ Citez"), [(Numbering::LowerLetter, Frame::Bracket, 2)]);
        for text in ["30° from", "1/2", "3/4 cup", "2-Propanol", "2- and 3-carbon", "1-A 2-B"] {
            assert!(read(text).is_empty(), "{text}");
        }
        assert_eq!(read("Question 4 (3 marks)"), [(Numbering::Number, Frame::Word, 4)]);
        assert_eq!(
            read("i) One"),
            [(Numbering::LowerLetter, Frame::Bracket, 9), (Numbering::LowerRoman, Frame::Bracket, 1)]
        );
        assert_eq!(read("Question One (5 marks)"), [(Numbering::Number, Frame::Word, 1)]);
        assert_eq!(read("Deuxième partie : Étude d’un document"), [(Numbering::Number, Frame::Word, 2)]);
        assert_eq!(read("Première partie du texte"), []);
        assert_eq!(read("Aufgabe 3"), [(Numbering::Number, Frame::Word, 3)]);
        assert_eq!(at_start("Exercice 2 : Trouvez").first().map(|(label, taken)| (label.value, *taken)), Some((2, 12)));
        assert_eq!(after_box("☐ a cow"), Some("a cow"));
        assert_eq!(read("3.1.4 Name it"), [(Numbering::Number, Frame::Dotted, 4)]);
        assert_eq!(read("0 1 . 2 Name it"), [(Numbering::Number, Frame::Dotted, 2)]);
        assert_eq!(at_start("0 1 . 2 Name it")[0].0.dotted_path(), Some(("1", "1.2")));
        assert_eq!(read("0 3 Name it"), [(Numbering::Number, Frame::Word, 3)]);
        assert_eq!(read("2a) Name it"), [(Numbering::Number, Frame::Stop, 2)]);
        assert_eq!(read("2(a) Name it"), [(Numbering::Number, Frame::Stop, 2)]);
        assert_eq!(lettered("B12. Name it").map(|(label, taken)| (label.plain, taken)), Some(("b12".into(), 4)));
        assert_eq!(lettered("H2O is water"), None);
        assert_eq!(read("Q.4 – 5 is negative"), [(Numbering::Number, Frame::Word, 4)]);
        for none in [
            "Question one must be done",
            "Question 6 starts on the next page.",
            "Q.4 – Q.5 Carry TWO marks Each",
            "1.125 cm",
            "0.5 cm",
            "hello) a",
            "3x + 2",
            "2024. It was a year",
            "Quick",
            "",
            "e.g. this",
        ] {
            assert!(read(none).is_empty() || none.starts_with("e.g"), "{none}: {:?}", read(none));
        }
    }

    #[test]
    fn sections_are_recognised() {
        assert_eq!(section("SECTION A: Attempt all").map(|s| s.0), Some("A".into()));
        assert_eq!(section("Part II").map(|s| s.0), Some("II".into()));
        assert_eq!(section("SECTION I, Part A").map(|s| s.0), Some("I".into()));
        assert_eq!(section("Section A, which has ten questions").map(|s| s.0), None);
        assert_eq!(section("Вариант 2").map(|s| s.0), Some("2".into()));
        assert_eq!(section("二、选择题").map(|s| s.0), Some("二".into()));
        assert_eq!(section("一、概述").map(|s| s.0), None);
        assert_eq!(section("Section B (45 marks)").map(|s| s.0), Some("B".into()));
        assert_eq!(section("Section B  [40 marks]").map(|s| s.0), Some("B".into()));
        assert_eq!(section("SECTION B / PARTIE B").map(|s| s.0), Some("B".into()));
        assert_eq!(section("IGICE CYA KABIRI: Subiza").map(|s| s.0), Some("2".into()));
        assert_eq!(section("SECTION-A").map(|s| s.0), Some("A".into()));
        assert_eq!(section("GRUPO II").map(|s| s.0), Some("II".into()));
        assert_eq!(section("Part Ill. Name it").map(|s| s.0), Some("III".into()));
        assert_eq!(section_of_any_word("Test II. True or False.").map(|s| (s.0, s.1)), Some(("Test", "II".into())));
        assert_eq!(section_of_any_word("Figure 2: A cell"), None);
        assert_eq!(section("Group ‘B’   [3×1=3]").map(|s| s.0), Some("B".into()));
        assert_eq!(section("GROUP B (10 marks)").map(|s| s.0), Some("B".into()));
        assert_eq!(section("GROUP A"), None);
        assert_eq!(section("Booklet B (10 marks)").map(|s| s.0), Some("B".into()));
        assert_eq!(section("SEHEMU A: Jibu maswali yote").map(|s| s.0), Some("A".into()));
        assert_eq!(section("Group A and Period 5"), None);
        assert_eq!(section("Part of the figure"), None);
        assert_eq!(section("Section A has ten questions"), None);
    }
}
