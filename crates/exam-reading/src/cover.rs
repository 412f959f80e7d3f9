//! What the first page says of the paper as a whole.

use exam_model::labels;
use exam_model::paper::{Cover, Rule, Section};

use crate::duration;
use crate::lines::{Line, Segment};
use crate::words;

/// Reads the lines before the first question; without any, the first page's. What they leave out may run along the edge
/// of every page.
pub fn read(lines: &[Line], running: &[Line]) -> Cover {
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let running: Vec<String> = running.iter().map(Line::text).collect();
    let code = printed_code(lines)
        .or_else(|| texts.iter().find_map(|text| course_code(text)))
        .or_else(|| running.iter().find_map(|text| component(text).or_else(|| running_code(text))));
    let running: Vec<String> = running.iter().map(|text| text.to_lowercase()).collect();
    // `034/1      AGRICULTURE`: the subject stands beside its code.
    let beside_code = code.as_deref().and_then(|code| {
        let coded = |line: &&Line| line.segments.len() == 2 && line.segments[0].text.trim().ends_with(code);
        lines.iter().find(coded).map(|line| capitalised(&line.segments[1].text))
    });
    let words = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        letters > 2 && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
    };
    let named = || lines.iter().filter(|line| words(&line.text()));
    let largest = named().flat_map(|line| &line.segments).map(|s| s.size).fold(0.0, f32::max).min(40.0);
    let large = |line: &&Line| line.segments.iter().any(|s| s.size > 0.9 * largest);
    let title = beside_code.or_else(|| named().find(large).map(Line::text));
    let subject = lower.iter().zip(&texts).find_map(|(lower, text)| {
        let at = lower.find("subject").map(|at| at + "subject".len()).filter(|_| lower.len() == text.len())?;
        let name = text[at..].trim_start_matches([':', ' ', '–', '-']).trim();
        (!name.is_empty() && text[at..].starts_with(':')).then(|| name.to_owned())
    });
    Cover {
        title,
        subject,
        level: lower.iter().find_map(|text| level(text)),
        year: lower.iter().find_map(|text| year(text)),
        code,
        duration: duration::longest_first(&lower).or_else(|| duration::longest_first(&running)),
        total: printed_total(&lower).or_else(|| total_in_table(lines)).or_else(|| printed_total(&running)),
        instructions: instructions(&texts, &lower),
        calculator: calculator(&lower),
    }
}

fn printed_total(lower: &[String]) -> Option<f64> {
    lower.iter().enumerate().find_map(|(n, text)| {
        // "Total: 12 marks. Each question carries two."
        let next = lower.get(n + 1).map_or("", String::as_str);
        // "The total mark", "A maximum of 30" may break off before the rest.
        let broken = ["for this paper is ", "marks can be", "credits can be", "marks are available"];
        let goes_on = || Some(format!("{text} {next}")).filter(|_| broken.iter().any(|rest| next.starts_with(rest)));
        total(text, next)
            .or_else(|| total(&goes_on()?, ""))
            .or_else(|| text.split(". ").filter(|_| !names_section(text)).find_map(|sentence| total(sentence, next)))
    })
}

/// The total of a table for those who mark: below or beside `Total`, or what `Maximum score` comes to.
fn total_in_table(lines: &[Line]) -> Option<f64> {
    let number = |segment: &Segment| segment.text.trim().parse::<f64>().ok().filter(|n| (1.0..=500.0).contains(n));
    let is_total = |segment: &Segment| {
        let lower = segment.text.to_lowercase();
        let lower = lower.trim_end_matches([':', ' ']);
        TOTAL.contains(&lower)
    };
    let below = |head: &Segment, line: &Line| {
        let fits = |cell: &&Segment| cell.x < head.right + 4.0 && cell.right > head.x - 4.0;
        line.segments.iter().find(fits).cloned()
    };
    let whole = |n: &f64| *n >= 10.0;
    for (n, line) in lines.iter().enumerate() {
        let rest = &lines[n + 1..];
        // `Total | 30 |`, `Grand total … 60`
        if let [first, cells @ ..] = &line.segments[..]
            && is_total(first)
            && let Some(total) = cells.last().and_then(|_| cells.iter().find_map(number)).filter(whole)
        {
            return Some(total);
        }
        for head in line.segments.iter().filter(|head| is_total(head)) {
            if let Some(total) = rest.iter().take(2).find_map(|line| number(&below(head, line)?)).filter(whole) {
                return Some(total);
            }
        }
        let most = |head: &&Segment| MOST.iter().any(|most| head.text.to_lowercase().starts_with(most));
        if let Some(head) = line.segments.iter().skip(1).find(most) {
            let row = |line: &Line| Some((number(&below(head, line)?)?, is_total(&line.segments[0])));
            let rows: Vec<(f64, bool)> = rest.iter().map_while(row).collect();
            let summed = rows.iter().find(|(_, summed)| *summed).map(|(total, _)| *total);
            return summed.or_else(|| Some(rows.iter().map(|(marks, _)| marks).sum())).filter(whole);
        }
    }
    None
}

/// What stands beside or over the sum of a paper's marks, as a cell of a table.
const TOTAL: [&str; 14] = [
    "total",
    "total marks",
    "grand total",
    "total mark",
    "jumlah",
    "jumla",
    "toplam",
    "summe",
    "gesamt",
    "totale",
    "totaal",
    "suma",
    "razem",
    "igiteranyo",
];
/// … and over what each of its questions is worth at most.
const MOST: [&str; 12] = [
    "maximum score",
    "maximum mark",
    "max score",
    "max mark",
    "max. mark",
    "max. score",
    "full mark",
    "markah penuh",
    "possible mark",
    "marks available",
    "maximum points",
    "maximum",
];

/// `AGRICULTURAL SCIENCE 1` as `Agricultural science 1`; other texts as they are.
fn capitalised(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !text.contains(char::is_lowercase) => first.to_string() + &chars.as_str().to_lowercase(),
        _ => text.to_owned(),
    }
}

fn instructions(texts: &[String], lower: &[String]) -> Vec<String> {
    let start = lower.iter().position(|text| words::says(text, &words::INSTRUCTIONS));
    start.map(|at| texts[at + 1..].iter().take(12).cloned().collect()).unwrap_or_default()
}

/// Whether the sentences that name calculators allow them. Where one forbids anything, it is not taken for leave.
fn calculator(lower: &[String]) -> Option<bool> {
    let sentences = |line: &str| -> Vec<String> {
        line.replace('’', "'").split(['.', ';', '!', '•']).map(|text| format!("{text} ")).collect()
    };
    let speaks = |text: &str| words::says(text, &words::MAY) || words::says(text, &words::MAY_NOT);
    let mut may = None;
    for (n, line) in lower.iter().enumerate() {
        let pieces = sentences(line);
        for (place, piece) in pieces.iter().enumerate().filter(|(_, piece)| words::says(piece, &words::CALCULATOR)) {
            let mut sentence = piece.clone();
            // A sentence may be broken by the end of its line.
            if !speaks(&sentence) && place + 1 == pieces.len() {
                sentence.extend(lower.get(n + 1).and_then(|next| sentences(next).into_iter().next()));
            }
            if !speaks(&sentence) && place == 0 && n > 0 {
                sentence.insert_str(0, &sentences(&lower[n - 1]).pop().unwrap_or_default());
            }
            if words::says(&sentence, &words::MAY_NOT) {
                return Some(false);
            }
            may = may.or(words::says(&sentence, &words::MAY).then_some(true));
        }
    }
    may
}

fn level(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 14] = [
        ("primary six", "P6"),
        ("primary 6", "P6"),
        ("(p6)", "P6"),
        ("p6", "P6"),
        ("primary leaving", "P6"),
        ("senior three", "S3"),
        ("senior 3", "S3"),
        ("(s3)", "S3"),
        ("ordinary level", "S3"),
        ("senior six", "S6"),
        ("senior 6", "S6"),
        ("(s6)", "S6"),
        ("advanced level", "S6"),
        ("teacher training", "TTC"),
    ];
    WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, level)| (*level).to_owned())
}

fn year(text: &str) -> Option<i32> {
    let years: Vec<i32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .filter(|year| (1980..=2060).contains(year))
        .collect();
    // A school year "2023–2024" ends with the exam.
    years.last().copied()
}

/// The paper's code: named so, or a number with a component, `2210/01`, `034/1`, `4CH1/2PR`, or three digits alone.
fn printed_code(lines: &[Line]) -> Option<String> {
    let segments = || lines.iter().flat_map(|line| &line.segments).map(|segment| segment.text.as_str());
    let boxed = |n: usize| code_in_box(&lines[n], lines.get(n + 1)?);
    let named = (0..lines.len()).find_map(|n| named_code(&lines[n].text()).or_else(|| boxed(n)));
    // Further down stand numbers for other things.
    let top = || {
        lines.iter().filter(|line| line.page == lines[0].page && line.baseline < 340.0).flat_map(|line| &line.segments)
    };
    let beside = || top().find_map(|segment| number_beside_name(&segment.text).or_else(|| spaced_code(&segment.text)));
    named
        .or_else(|| segments().find_map(component))
        .or_else(|| top().find_map(|segment| number_alone(&segment.text)))
        .or_else(beside)
}

/// The code in a box beside `Code No.`, whose larger letters stand a little lower.
fn code_in_box(line: &Line, below: &Line) -> Option<String> {
    let name = line.segments.last()?;
    let lower = name.text.to_lowercase();
    let asks = ["code no", "code number", "paper code"].contains(&lower.trim_end_matches([':', '.', ' ']));
    let beside = below.segments.iter().find(|segment| segment.x > name.right)?;
    let level = line.page == below.page && below.baseline - line.baseline < 0.8 * name.size;
    code_behind(&beside.text).filter(|_| asks && level)
}

/// Words before a paper's code.
const CODE: [&str; 9] =
    ["code", "código", "codigo", "kode", "kod", "codice", "subject number", "subject no", "paper number"];

/// `CODE: 010`, `Q.P. Code 55/4/1`, `Subject Number: M022/II`, `Course code: CSC 101`.
fn named_code(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    CODE.iter().filter_map(|word| lower.find(word).map(|at| &text[at + word.len()..])).find_map(code_behind)
}

fn code_behind(text: &str) -> Option<String> {
    let rest = text.trim_start_matches([':', ' ', '.', '-']);
    let rest = ["No.", "No", "no."].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let rest = rest.trim_start_matches([':', ' ', '.']);
    let code = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '-')).collect::<String>().to_uppercase()
    };
    let (first, numbered) = (code(rest), |code: &str| code.chars().any(|c| c.is_ascii_digit()));
    let apart = || spaced_code(rest).filter(|_| rest.starts_with(first.as_str()));
    Some(first.clone()).filter(|first| numbered(first)).or_else(apart)
}

/// `CSC 101`, `ELEC 3104`: capitals and digits apart, no month and no year.
fn spaced_code(text: &str) -> Option<String> {
    const NONE: [&str; 16] = [
        "MAX", "TIME", "FORM", "ROOM", "PAGE", "BOX", "TEL", "DATE", "YEAR", "TERM", "JUNE", "JULY", "MAY", "MARK",
        "TOP", "OF",
    ];
    let mut words = text.split_whitespace();
    let (subject, number) = (words.next()?, words.next()?.trim_end_matches([':', ',', '.', ';']));
    let capitals = (2..=4).contains(&subject.len()) && subject.bytes().all(|b| b.is_ascii_uppercase());
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (3..=4).contains(&digits) && number.len() - digits < 2 && year(number).is_none();
    (capitals && numbered && !NONE.contains(&subject)).then(|| format!("{subject} {number}"))
}

/// `HA-1022-a-21-1-o`, `8821-7106`, `IB/M/Jun23/8463/9F`: a code as it stands at the edge of every page.
fn running_code(text: &str) -> Option<String> {
    let numbered = |piece: &str| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        (3..=6).contains(&digits) && piece.len() < 7 && year(piece).is_none()
    };
    text.split_whitespace().find_map(|word| {
        if let Some((before, component)) = word.rsplit_once('/')
            && let Some((_, subject)) = before.rsplit_once('/')
        {
            return self::component(&format!("{subject}/{component}"));
        }
        // `24GENMATAN1`
        let (letters, digits) =
            (word.bytes().filter(u8::is_ascii_uppercase).count(), word.bytes().filter(u8::is_ascii_digit).count());
        if letters > 3 && digits > 2 && letters + digits == word.len() && year(word).is_none() {
            return Some(word.to_owned());
        }
        let coded = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && word.split('-').any(numbered);
        (coded && word.contains('-') && word.len() > 6).then(|| word.to_owned())
    })
}

/// `2210/01`, `034/1`, `4CH1/2PR`, at the start of a segment or behind other words.
fn component(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        // `0580/12/M/J/23` goes on with when it is sat, `X807/75/02` has two components.
        let session =
            word.match_indices('/').nth(1).map(|(at, _)| at).filter(|at| {
                word[at + 1..].starts_with(|c: char| c.is_ascii_uppercase()) && word[at + 1..].contains('/')
            });
        let word = session.map_or(word, |at| &word[..at]);
        let (subject, component) = word.split_once('/').map(|(subject, rest)| {
            (subject, rest.split_once('/').filter(|(first, _)| first.len() == 2).map_or(rest, |(_, last)| last))
        })?;
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        let fits = (3..=4).contains(&subject.len()) && (1..=3).contains(&component.len());
        let numbered = digits(component) > 0 || !component.is_empty() && component.bytes().all(|b| b == b'I');
        let coded = digits(subject) * 2 >= subject.len() && numbered;
        // `91/C`
        let lettered =
            digits(subject) == subject.len() && subject.len() > 1 && component.len() == 1 && digits(component) == 0;
        (plain(subject) && plain(component) && (fits && coded || lettered)).then(|| word.to_owned())
    })
}

/// `033`, `90940`, or behind the subject's name, `SOCIAL SCIENCE (087)`.
fn number_alone(text: &str) -> Option<String> {
    let behind = text.trim().strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let of_marks =
        |name: &str| ["MARK", "TOTAL", "MAXIMUM", "POINT", "SCORE", "AMANOTA"].iter().any(|word| name.contains(word));
    let named =
        behind.filter(|(name, _)| !name.contains(char::is_lowercase) && !of_marks(name)).map(|(_, number)| number);
    let alone = named.unwrap_or(text.trim());
    let digits = alone.bytes().all(|b| b.is_ascii_digit());
    let lengths = if named.is_some() { 3..=3 } else { 3..=5 };
    (lengths.contains(&alone.len()) && digits && (alone.len() != 4 || year(alone).is_none())).then(|| alone.to_owned())
}

/// `5032 BIOLOGY`, `KISWAHILI 102`, `Prova 702/1.ª Fase`: a number beside the subject in capitals, or behind a word for the exam.
fn number_beside_name(text: &str) -> Option<String> {
    let code = |word: &str| {
        let word = word.split('/').next().unwrap_or_default();
        let digits = (3..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| word.to_owned()).filter(|word| word.len() == 3 || year(word).is_none())
    };
    let of_marks = ["MARKS", "TOTAL", "POINTS", "AMANOTA", "ALAMA", "MAXIMUM", "SCORE"];
    let name =
        |word: &str| word.chars().count() > 3 && word.chars().all(char::is_uppercase) && !of_marks.contains(&word);
    let of_exam = |word: &str| ["prova", "prueba", "épreuve", "exam", "paper"].contains(&word.to_lowercase().as_str());
    let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "–" | "-" | "—")).collect();
    match words[..] {
        [first, second, ..] if name(second) && code(first).is_some() => code(first),
        [first, second, ..] if of_exam(first) => code(second),
        [.., before, last] if name(before) && last.len() == 3 => code(last),
        _ => None,
    }
}

/// `COMP90024`, `CH140`: capitals and digits.
fn course_code(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = word.len() - letters;
        ((2..=4).contains(&letters)
            && (3..=5).contains(&digits)
            && word.bytes().skip(letters).all(|b| b.is_ascii_digit()))
        .then(|| word.to_owned())
    })
}

/// A number in digits or words at the end of a text.
fn number_before(text: &str) -> Option<u32> {
    let word = text.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty())?;
    words::number(word)
}

/// `section a`, of which marks are told: not `three sections`, nor the pupil's own, `section ____`.
fn names_section(text: &str) -> bool {
    let label = |rest: &str| {
        let word = rest.trim_start_matches([' ', '-']).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        rest.starts_with([' ', '-']) && (word.len() == 1 || labels::roman(word).is_some())
    };
    text.match_indices("section").any(|(at, word)| label(&text[at + word.len()..]))
}

/// `Punkte: ____ / 30`, `…… / 100`: a place for the marks earned before those that are possible.
fn out_of_blank(text: &str) -> Option<f64> {
    let (before, behind) = text.split_once('/')?;
    let before = before.trim_end();
    let blank = before.len() - before.trim_end_matches(['_', '.', '…']).len();
    let digits: String = behind.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let most = digits.parse().ok().filter(|most| (10.0..=500.0).contains(most));
    // `Note :     / 20`
    let named = ["note", "nota", "score", "grade", "marks", "points", "punkte", "voto", "puan", "amanota", "alama"];
    let place = named.contains(&before.trim_end_matches([':', ' ']).rsplit(' ').next().unwrap_or_default());
    let blank = if place { 2 } else { blank };
    // A date is written into blanks, too: `__/__/2019`.
    let is_date = behind.contains('/') || digits.len() > 3;
    most.filter(|_| blank > 1 && !is_date)
}

/// `TOTAL MARKS: …/100`, `Marks: 100`, `total mark for this paper is 75`, `/100`, `Total: 20 marks`.
fn total(text: &str, next: &str) -> Option<f64> {
    let words = [
        "mark",
        "total",
        "points",
        "amanota",
        "m.m.",
        "f.m.",
        "score",
        "pts",
        "maxim",
        "máxim",
        "maksim",
        "punkt",
        "punti",
        "puntos",
        "pontos",
        "puntaje",
        "cotaç",
        "alama",
        "puan",
        "poin",
        "credits",
        "баллов",
        "điểm",
        "满分",
    ];
    if names_section(text) || text.contains("each") {
        return None;
    }
    if let Some(most) = out_of_blank(text) {
        return Some(most);
    }
    if !words.iter().any(|word| text.contains(word)) {
        return None;
    }
    let numbers = |text: &str| -> Vec<f64> {
        text.split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse().ok())
            .filter(|n| (5.0..=500.0).contains(n))
            .collect()
    };
    let after_slash = text.rfind('/').and_then(|at| numbers(&text[at..]).first().copied());
    let labelled = [
        "marks:",
        "m.m.",
        "total marks",
        "total mark",
        "total of points is",
        "maximum mark",
        "max. mark",
        "max mark",
        "max:",
        "for this paper is",
        "number of marks",
        "out of",
        "total:",
        "marks available",
        "total des points",
        "nombre de points",
        "amanota yose",
        "(amanota",
        "paper carries",
        "notée sur",
        "noté sur",
        "markah:",
        "jumlah markah",
        "full marks",
        "f.m.",
        "total points",
        "total score",
        "maximum points",
        "maximum score",
        "max. score",
        "worth",
        "punktzahl",
        "punktów",
        "valor",
        "maksimum",
        "alama:",
        "punkte:",
        "punti totali",
        "punteggio",
        "totale",
        "puntaje",
        "puntuación",
        "cotação",
        "pontuação",
        "toplam",
        "jumla ya alama",
        "alama zote",
        "满分",
    ]
    .iter()
    .filter_map(|word| text.find(word).map(|at| at + word.len()))
    .find_map(|at| numbers(&text[at..]).first().copied());
    let written_before = text
        .contains("total")
        .then(|| text.find("mark").and_then(|at| number_before(&text[..at])).map(f64::from))
        .flatten()
        .filter(|n| *n >= 5.0);
    let available = text.find("marks available").and_then(|at| number_before(&text[..at])).map(f64::from);
    // `2 h 00   100 points` of a whole paper, `100 points` in a line of its own
    let points = text.find("points").filter(|at| text[at + "points".len()..].trim_matches([' ', '.']).is_empty());
    let points = points.and_then(|at| number_before(&text[..at])).map(f64::from).filter(|n| *n >= 10.0);
    // `80 marks` alone
    let alone = text
        .trim_matches(['(', ')', '[', ']', '.'])
        .strip_suffix("marks")
        .and_then(|number| number.trim().parse().ok());
    let points = points.or(alone.filter(|n| (20.0..=500.0).contains(n)));
    // `Puntuación máxima: 10 puntos`, `maximaal 25 punten`
    let at_most = ["maxim", "máxim"].iter().filter_map(|word| text.find(word)).find_map(|at| {
        let mut words = text[at..].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(5);
        let number = words.find_map(|word| word.parse::<f64>().ok())?;
        words.next().is_some_and(crate::marks::is_word).then_some(number)
    });
    let points = points.or(at_most.filter(|n| (5.0..=500.0).contains(n)));
    // `Total 20` below a table of sections, `MARKS 150   TIME 3 hours`
    let first = |rest: &str| rest.trim().split("  ").next()?.trim().parse().ok();
    let summed = ["total ", "marks ", "amanota "].iter().find_map(|word| first(text.trim().strip_prefix(word)?));
    let points = points.or(summed.filter(|n| (10.0..=500.0).contains(n)));
    // `… Marks:` with `…../40` in the next line
    let breaks_off =
        text.trim_end().ends_with("marks:") && next.trim_start_matches(['.', '…', '_', ' ']).starts_with('/');
    // `Points 9  Questions 4`, as Canvas says it
    let listed = text.find("points ").filter(|_| words::says(text, &words::QUESTIONS)).map(|at| &text[at + 7..]);
    let listed = listed.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let points = points.or(listed);
    let own_line = text.trim().trim_end_matches(':') == "total marks" || text.trim() == "marks" || breaks_off;
    after_slash
        .or(labelled)
        .or(written_before)
        .or(available)
        .or(points)
        .or_else(|| own_line.then(|| numbers(next).first().copied()).flatten())
}

/// The rule of a section or paper from its heading or instructions.
pub fn rule(text: &str) -> Option<Rule> {
    let lower = text.to_lowercase();
    if let Some(count) = words::best_of(&lower) {
        return Some(Rule::Best(count));
    }
    let Some(at) = words::after(&lower, &words::ATTEMPTING) else {
        return lower.contains("compulsory").then_some(Rule::All);
    };
    if words::says(&lower, &words::ALL) {
        return Some(Rule::All);
    }
    let words = lower[at..].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4);
    // "used to answer Question 1" names one.
    // … and "has ten questions" asks for none.
    let mut words = words.take_while(|word| !["question", "has", "contains", "comprises"].contains(word));
    let number = words.find_map(words::number)?;
    let asks = words::says(&lower, &words::QUESTIONS)
        || lower.contains("any")
        || lower.contains("only")
        || lower.contains(" of ")
        || lower.contains("others");
    (asks && (1..=20).contains(&number)).then_some(Rule::Choose(number))
}

/// A section from its heading and the line below it.
pub fn section(label: &str, heading: &str, below: &str) -> Section {
    let marks = |text: &str| crate::marks::take(text, false).marks.first().copied();
    let (here, there) = (rule(heading), rule(below));
    // "Answer any of these. Your best two answers count."
    let best = there.filter(|rule| matches!(rule, Rule::Best(_)));
    Section {
        label: label.to_owned(),
        title: heading.trim().to_owned(),
        rule: best.or(here).or(there).unwrap_or(Rule::All),
        marks: marks(heading).or_else(|| marks(below).filter(|_| there.is_some())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_beside_the_subject() {
        for (text, code) in [
            ("5032 BIOLOGY 1 & 2 May/June", Some("5032")),
            ("SEHEMU YA KWANZA: LUGHA 102", Some("102")),
            ("Prova 702/1.ª Fase", Some("702")),
            ("902 – ENGLISH LANGUAGE", Some("902")),
            ("2022 BIOLOGY", None),
            ("TOTAL OF 100 marks", None),
            ("MARKS 150", None),
        ] {
            assert_eq!(number_beside_name(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn totals() {
        assert_eq!(total("total marks: ………… / 100", ""), Some(100.0));
        assert_eq!(total("bearbeitungszeit: 45 minuten  punkte: ____ / 30  note: ____", ""), Some(30.0));
        assert_eq!(total("datum: __/__/2019", ""), None);
        assert_eq!(total("answer all questions. the paper carries 30 marks.", ""), Some(30.0));
        assert_eq!(total("l’épreuve, notée sur 20 points, comporte deux parties", ""), Some(20.0));
        assert_eq!(total("the total mark for this paper is 75.", ""), Some(75.0));
        assert_eq!(total("marks: 100", ""), Some(100.0));
        assert_eq!(total("durée : 3 heures. total des points : 100", ""), Some(100.0));
        assert_eq!(total("amanota yose: 50", ""), Some(50.0));
        assert_eq!(total("the maximum number of marks for this exam is 75.", ""), Some(75.0));
        assert_eq!(total("durée de l’épreuve : 2 h 00  100 points", ""), Some(100.0));
        assert_eq!(total("total of points is 40. time limit: 75 minutes.", ""), Some(40.0));
        assert_eq!(total("time : 3 hrs.  m.m. : 80", ""), Some(80.0));
        assert_eq!(total("80 marks", ""), Some(80.0));
        assert_eq!(total("points 9  questions 4  time limit 20 minutes", ""), Some(9.0));
        assert_eq!(total("name: …… marks:", "…../40"), Some(40.0));
        assert_eq!(total("there are 100 marks available on this paper.", ""), Some(100.0));
        assert_eq!(total("the total of the marks for this paper is 70.", ""), Some(70.0));
        assert_eq!(total("duration: 1 hour 15 min  max: 35 marks", ""), Some(35.0));
        assert_eq!(total("100 marks.", ""), Some(100.0));
        assert_eq!(total("5 problems worth 100 points.", ""), Some(100.0));
        assert_eq!(total("subiza ibibazo byose. (amanota 100)", ""), Some(100.0));
        assert_eq!(total("total 20", ""), Some(20.0));
        assert_eq!(total("(40 marks)", ""), Some(40.0));
        assert_eq!(total("class : 9ème  /50 pts", ""), Some(50.0));
        assert_eq!(total("trois sections : a, b et c. /100 points", ""), Some(100.0));
        assert_eq!(total("section ______ max. mark: 40%", ""), Some(40.0));
        assert_eq!(total("voor dit examen zijn maximaal 25 punten te behalen.", ""), Some(25.0));
        assert_eq!(total("puntuación máxima: 10 puntos.", ""), Some(10.0));
        assert_eq!(total("full marks: 75", ""), Some(75.0));
        assert_eq!(total("note :        / 20", ""), Some(20.0));
        assert_eq!(total("valor: 10 pontos", ""), Some(10.0));
        assert_eq!(total("marks 150  time 3 hours", ""), Some(150.0));
        assert_eq!(total("amanota 100  igihe: amasaha atatu", ""), Some(100.0));
        assert_eq!(total("skor maksimum: 100", ""), Some(100.0));
        assert_eq!(total("note: use a pen, 20 lines at most", ""), None);
        assert_eq!(total("time: 3 hrs.  f.m. 80", ""), Some(80.0));
        assert_eq!(total("süre: 40 dakika  toplam puan: 100", ""), Some(100.0));
        assert_eq!(total("gesamtpunktzahl: 60", ""), Some(60.0));
        assert_eq!(total("punteggio massimo: 40 punti", ""), Some(40.0));
        assert_eq!(total("puntaje total: 100 puntos", ""), Some(100.0));
        assert_eq!(total("cotação total: 200 pontos", ""), Some(200.0));
        assert_eq!(total("jumlah markah: 30", ""), Some(30.0));
        assert_eq!(total("jumla ya alama: 50", ""), Some(50.0));
        assert_eq!(total("this paper is worth 60 marks", ""), Some(60.0));
        assert_eq!(total("section a (55 marks)", ""), None);
    }

    #[test]
    fn a_table_for_those_who_mark_tells_the_total() {
        let read = |rows: &[&str]| {
            let page = crate::testing::typed(rows);
            read(&crate::lines::lines(&[page]), &[]).total
        };
        let kenyan = ["BIOLOGY", "QUESTIONS      MAXIMUM SCORE      CANDIDATE'S SCORE", "1 - 12              40"];
        assert_eq!(read(&kenyan), Some(40.0));
        let sums = ["BIOLOGY", "Section      Maximum mark      Mark", "A                 20", "B                 30"];
        assert_eq!(read(&sums), Some(50.0));
        let below = ["BIOLOGY", "Total marks:      Section I – 8 marks", "    38            Attempt questions 1–8"];
        assert_eq!(read(&below), Some(38.0));
        let across =
            ["BIOLOGY", "Soalan      Markah Penuh", "1               6", "2              24", "Jumlah         30"];
        assert_eq!(read(&across), Some(30.0));
        let along = ["BIOLOGY", "Question      1      2      3      Total", "Points        10     12     13     35"];
        assert_eq!(read(&along), Some(35.0));
    }

    #[test]
    fn what_runs_along_the_edge_tells_what_the_cover_leaves_out() {
        let line = |text: &str| Line {
            segments: vec![Segment { text: text.to_owned(), ..Default::default() }],
            ..Line::default()
        };
        let cover = read(&[line("Mathematical olympiad")], &[line("Time: 3 hours. 40 marks. 1511/2")]);
        assert_eq!((cover.duration, cover.total, cover.code.as_deref()), (Some(180), Some(40.0), Some("1511/2")));
    }

    #[test]
    fn rules() {
        assert_eq!(rule("SECTION A: Attempt all questions. (70 marks)"), Some(Rule::All));
        assert_eq!(rule("Attempt only three questions"), Some(Rule::Choose(3)));
        assert_eq!(rule("Answer 5 of any 7 questions"), Some(Rule::Choose(5)));
        assert_eq!(rule("Choose any two of the three questions"), Some(Rule::Choose(2)));
        assert_eq!(rule("Répondez à trois questions au choix."), Some(Rule::Choose(3)));
        assert_eq!(rule("Subiza ibibazo bitatu gusa."), Some(Rule::Choose(3)));
        assert_eq!(rule("Answer any questions; your best three answers will count."), Some(Rule::Best(3)));
        assert_eq!(rule("Answer four questions. Only the first four will be marked."), Some(Rule::Choose(4)));
        assert_eq!(rule("Use a blue pen"), None);
        assert_eq!(rule("One file is used to answer Question 1."), None);
    }

    #[test]
    fn the_line_below_a_heading_may_say_that_the_best_count() {
        let of = |heading: &str, below: &str| section("B", heading, below).rule;
        assert_eq!(of("SECTION B: Attempt all", "Your best two answers count."), Rule::Best(2));
        assert_eq!(of("SECTION B", "Les deux meilleures réponses seront retenues."), Rule::Best(2));
        assert_eq!(of("SECTION B: Attempt any three questions", "15. Explain it."), Rule::Choose(3));
    }

    #[test]
    fn codes_and_years() {
        assert_eq!(named_code("CODE: 010"), Some("010".into()));
        assert_eq!(named_code("Code No.  91/C"), Some("91/C".into()));
        assert_eq!(named_code("Code No: R19CS2105"), Some("R19CS2105".into()));
        assert_eq!(named_code("Q.P. Code 55/4/1"), Some("55/4/1".into()));
        assert_eq!(named_code("Code No. : 83-E"), Some("83-E".into()));
        assert_eq!(named_code("Candidates must write the Code on the title page"), None);
        assert_eq!(component("Paper 1 2210/01"), Some("2210/01".into()));
        assert_eq!(component("034/1"), Some("034/1".into()));
        assert_eq!(component("4CH1/2PR"), Some("4CH1/2PR".into()));
        assert_eq!(component("X807/75/02"), Some("X807/75/02".into()));
        assert_eq!(component("0580/12/M/J/23"), Some("0580/12".into()));
        assert_eq!(component("and/or 12/10/2019"), None);
        assert_eq!(named_code("Subject Number: M022/II"), Some("M022/II".into()));
        assert_eq!(named_code("Course code: CSC 101"), Some("CSC 101".into()));
        assert_eq!(named_code("Código: 702"), Some("702".into()));
        assert_eq!(spaced_code("ELEC 3104 Signals and Systems"), Some("ELEC 3104".into()));
        assert_eq!(spaced_code("JUNE 2019"), None);
        assert_eq!(spaced_code("MAY 204"), None);
        assert_eq!(running_code("IB/M/Jun23/8463/9F"), Some("8463/9F".into()));
        assert_eq!(running_code("HA-1022-a-21-1-o  1 / 4"), Some("HA-1022-a-21-1-o".into()));
        assert_eq!(running_code("24GENMATAN1  Page 2 sur 3"), Some("24GENMATAN1".into()));
        assert_eq!(running_code("-1-  8821-7106"), Some("8821-7106".into()));
        assert_eq!(running_code("School year 2022-2023, 12/10/2022"), None);
        assert_eq!(number_alone("013"), Some("013".into()));
        assert_eq!(number_alone("SOCIAL SCIENCE (087)"), Some("087".into()));
        assert_eq!(number_alone("90940"), Some("90940".into()));
        assert_eq!(number_alone("2019"), None);
        assert_eq!(number_alone("TOTAL MARKS (100)"), None);
        assert_eq!(number_alone("Read the text (100)"), None);
        assert_eq!(course_code("CH140 Engineering Chemistry"), Some("CH140".into()));
        assert_eq!(year("school year 2023–2024"), Some(2024));
    }

    #[test]
    fn calculators_are_allowed_where_a_cover_says_so_and_only_there() {
        let said = |cover: &str| calculator(&cover.lines().map(str::to_lowercase).collect::<Vec<_>>());
        for cover in [
            "Calculators may be used.",
            "4. Silent non-programmable calculators may be used. 5. Phones are not allowed.",
            "Non-programmable calculators are allowed.",
            "You may use a\ncalculator if you need one",
            "Scientific calculators and mathematical tables\nare permitted; dictionaries are not.",
            "You should use a calculator where appropriate.",
            "L’usage de la calculatrice est autorisé.",
            "Calculatrice non programmable autorisée",
            "Matumizi ya kikokotoo yanaruhusiwa",
        ] {
            assert_eq!(said(cover), Some(true), "{cover}");
        }
        for cover in [
            "Calculators may not be used.",
            "You must NOT use a calculator.",
            "No calculators are allowed.",
            "The use of calculators is not\npermitted.",
            "Calculators and phones are strictly prohibited",
            "L'usage de la calculatrice n'est pas autorisé",
            "Calculatrice interdite.",
            "Calculators are allowed in section B.\nDo not use a calculator in section A.",
        ] {
            assert_eq!(said(cover), Some(false), "{cover}");
        }
        for cover in ["Answer all questions.", "You will need a ruler and a calculator.", "Phones are not allowed."] {
            assert_eq!(said(cover), None, "{cover}");
        }
    }

    #[test]
    fn a_code_may_stand_in_a_box() {
        let segment =
            |text: &str, x: f32| Segment { x, right: x + 60.0, size: 12.0, text: text.into(), ..Segment::default() };
        let at = |baseline: f32, segments: Vec<Segment>| Line { page: 1, baseline, segments, ..Line::default() };
        let lines = [
            at(82.0, vec![segment("Series BVM", 30.0), segment("Code No.", 400.0)]),
            at(85.0, vec![segment("91", 468.0)]),
        ];
        assert_eq!(printed_code(&lines).as_deref(), Some("91"));
        let lines = [at(82.0, vec![segment("Code No.", 400.0)]), at(110.0, vec![segment("12 questions", 468.0)])];
        assert_eq!(printed_code(&lines), None);
    }
}
