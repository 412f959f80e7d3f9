//! What the first page says of the paper as a whole.

use exam_model::labels;
use exam_model::paper::{Cover, Rule, Section};

use crate::lines::Line;
use crate::words;

/// Reads the lines before the first question; without any, the first page's.
pub fn read(lines: &[Line]) -> Cover {
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let code = printed_code(lines).or_else(|| texts.iter().find_map(|text| course_code(text)));
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
        duration: longest_first(&lower),
        total: lower.iter().enumerate().find_map(|(n, text)| {
            // "Total: 12 marks. Each question carries two."
            let next = lower.get(n + 1).map_or("", String::as_str);
            // "The total mark" may break off before "for this paper is 36."
            let goes_on = || Some(format!("{text} {next}")).filter(|_| next.starts_with("for this paper is "));
            total(text, next).or_else(|| total(&goes_on()?, "")).or_else(|| {
                text.split(". ").filter(|_| !names_section(text)).find_map(|sentence| total(sentence, next))
            })
        }),
        instructions: instructions(&texts, &lower),
    }
}

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
    let named = lines.iter().find_map(|line| named_code(&line.text()));
    // Further down stand numbers for other things.
    let top = || {
        lines.iter().filter(|line| line.page == lines[0].page && line.baseline < 340.0).flat_map(|line| &line.segments)
    };
    let beside = || top().find_map(|segment| number_beside_name(&segment.text));
    named
        .or_else(|| segments().find_map(component))
        .or_else(|| top().find_map(|segment| number_alone(&segment.text)))
        .or_else(beside)
}

/// `CODE: 010`, `Q.P. Code 55/4/1`.
fn named_code(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("code").filter(|_| lower.len() == text.len())?;
    let rest = text[at + 4..].trim_start_matches([':', ' ', '.', '-']);
    let rest = ["No.", "No", "no."].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let code: String = rest
        .trim_start_matches([':', ' '])
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '-'))
        .collect();
    code.chars().any(|c| c.is_ascii_digit()).then(|| code.to_uppercase())
}

/// `2210/01`, `034/1`, `4CH1/2PR`, at the start of a segment or behind other words.
fn component(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        // `X807/75/02` has two.
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

/// `033`, or behind the subject's name, `SOCIAL SCIENCE (087)`.
fn number_alone(text: &str) -> Option<String> {
    let behind = text.trim().strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let of_marks =
        |name: &str| ["MARK", "TOTAL", "MAXIMUM", "POINT", "SCORE", "AMANOTA"].iter().any(|word| name.contains(word));
    let named =
        behind.filter(|(name, _)| !name.contains(char::is_lowercase) && !of_marks(name)).map(|(_, number)| number);
    let alone = named.unwrap_or(text.trim());
    (alone.len() == 3 && alone.bytes().all(|b| b.is_ascii_digit())).then(|| alone.to_owned())
}

/// `5032 BIOLOGY`, `KISWAHILI 102`, `Prova 702/1.ª Fase`: a number beside the subject in capitals, or behind a word for the exam.
fn number_beside_name(text: &str) -> Option<String> {
    let code = |word: &str| {
        let word = word.split('/').next().unwrap_or_default();
        let digits = (3..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| word.to_owned()).filter(|word| word.len() == 3 || year(word).is_none())
    };
    let name = |word: &str| word.chars().count() > 3 && word.chars().all(char::is_uppercase);
    let of_exam = |word: &str| ["prova", "prueba", "épreuve", "exam", "paper"].contains(&word.to_lowercase().as_str());
    let words: Vec<&str> = text.split_whitespace().collect();
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

/// Words that a time allowed stands beside.
const DURATION: [&str; 14] = [
    "duration",
    "allowed",
    "hour",
    "hrs",
    " hr ",
    "durée",
    "duree",
    "heure",
    "duração",
    "duración",
    "hora",
    "igihe",
    "muda",
    "minuten",
];

/// The time that the cover allows: what it names so or counts in hours, before minutes that it speaks of.
fn longest_first(lower: &[String]) -> Option<u32> {
    let named = |text: &&String| DURATION.iter().chain(&["time:", "time :"]).any(|word| text.contains(word));
    let found = lower.iter().filter(named).find_map(|text| duration(text));
    let minutes = || lower.iter().find_map(|text| duration(text));
    found.or_else(minutes).or_else(|| lower.iter().find_map(|text| from_to(text)))
}

/// Minutes between two times of a line: `Test Time  9:00 AM - 10:00 AM`.
fn from_to(text: &str) -> Option<u32> {
    let time = |word: &str| {
        let (hours, minutes) = word.trim_matches(|c: char| !c.is_ascii_digit()).split_once(':')?;
        let hours: u32 = hours.parse().ok().filter(|hours| *hours < 24)?;
        Some(hours * 60 + minutes.parse::<u32>().ok().filter(|minutes| *minutes < 60)?)
    };
    let times: Vec<u32> = text.split_whitespace().filter_map(time).collect();
    let &[from, to] = times.as_slice() else { return None };
    // From 11 to 1 is two hours.
    Some(if to > from { to - from } else { (to + 12 * 60).checked_sub(from)? })
        .filter(|minutes| (15..=300).contains(minutes))
}

/// Minutes: `3 hours`, `2:30 hours`, `2½ hours`, `1 hour 45 minutes`, `3 heures 30`, `2h30`, `45 minutes`, `two hours`.
pub fn duration(text: &str) -> Option<u32> {
    let about_time = DURATION.iter().chain(&["time", "minut"]).any(|word| text.contains(word));
    if !about_time || text.contains("before") || text.contains("to read") || text.contains("allotted") {
        return None;
    }
    // `Time: 50 minutes, with no reading time`, `Reading time: 15 minutes. Writing time: 2 hours`
    let text = match (text.find("reading time"), text.find("writing")) {
        (Some(reading), Some(writing)) if writing > reading => &text[writing..],
        (Some(reading), _) => &text[..reading],
        _ => text,
    };
    let before = |word: &str| text.find(word).and_then(|at| number_before(text[..at].trim_end()));
    // Kinyarwanda and Kiswahili put the number behind: `amasaha 3`, `amasaha atatu`, `saa 2½`, `saa 2:30`.
    if let Some((_, behind)) = ["amasaha", "isaha ", "saa "].iter().find_map(|word| text.split_once(word)) {
        let mut words = behind.split(|c: char| !c.is_alphanumeric() || c == '½').filter(|word| !word.is_empty());
        let hours = words.next().and_then(words::number)?;
        let mut words = words.skip_while(|word| ["dakika", "na", "n", "iminota"].contains(word));
        let minutes =
            if behind.contains('½') { 30 } else { words.next().and_then(|word| word.parse().ok()).unwrap_or(0) };
        return Some(60 * hours + minutes).filter(|minutes| (60..=600).contains(minutes));
    }
    let unit = ["hour", "hrs", "hr ", "heure", "hora"].iter().find_map(|word| text.find(word));
    let minutes = before("min");
    let Some(unit) = unit else {
        return short_hours(text).or(minutes).filter(|minutes| (5..=600).contains(minutes));
    };
    let counted = text[..unit].trim_end();
    let written = counted.rsplit([' ', '(']).next().unwrap_or_default();
    let clock = written.split_once([':', '.']).and_then(|(hours, minutes)| {
        let minutes: u32 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
        // `2.5 hours`
        let decimal = written.contains('.') && !written.ends_with("30");
        Some(hours.parse::<u32>().ok()? * 60 + if decimal { minutes * 6 } else { minutes })
    });
    let part = [("half", 30), ("½", 30), ("¼", 15), ("¾", 45)].into_iter().find(|(word, _)| text.contains(word));
    let half = part.map_or(0, |(_, minutes)| minutes);
    let behind = || {
        let rest = text[unit..].trim_start_matches(char::is_alphabetic).trim_start();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok().filter(|minutes| digits.len() == 2 && *minutes < 60)
    };
    let whole = || {
        let hours = number_before(counted.trim_end_matches(['½', '¼', '¾', ' ']))?;
        Some(hours * 60 + minutes.or_else(behind).unwrap_or(half))
    };
    clock.or_else(whole).filter(|minutes| (5..=600).contains(minutes))
}

/// `2h30`, `3h`, `2 h 30`.
fn short_hours(text: &str) -> Option<u32> {
    text.match_indices('h').find_map(|(at, _)| {
        let number = |text: &str| text.parse::<u32>().ok();
        let before = text[..at].trim_end();
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let hours = number(&before[before.len() - digits..])?;
        let behind = text[at + 1..].trim_start();
        let minutes: String = behind.chars().take_while(char::is_ascii_digit).collect();
        let apart = minutes.len() == 2 || !text[at + 1..].starts_with(char::is_alphanumeric);
        let minutes = if minutes.len() == 2 { number(&minutes)? } else { 0 };
        (apart && minutes < 60).then_some(hours * 60 + minutes)
    })
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
    // A date is written into blanks, too: `__/__/2019`.
    let is_date = behind.contains('/') || digits.len() > 3;
    most.filter(|_| blank > 1 && !is_date)
}

/// `TOTAL MARKS: …/100`, `Marks: 100`, `total mark for this paper is 75`, `/100`, `Total: 20 marks`.
fn total(text: &str, next: &str) -> Option<f64> {
    let words = ["mark", "total", "points", "amanota", "m.m.", "score", "pts", "maxim", "máxim"];
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
    // `Total 20` below a table of sections
    let summed = text.trim().strip_prefix("total ").and_then(|number| number.trim().parse().ok());
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
    fn durations() {
        for (text, minutes) in [
            ("duration: 3 hours", 180),
            ("time: 1 hour 45 minutes", 105),
            ("time allowed: two hours", 120),
            ("duration: 2h30", 150),
            ("durée de l’épreuve : 2 h 00  100 points", 120),
            ("durée : 3 h", 180),
            ("duração da prova: 120 minutos", 120),
            ("duração: 2 horas", 120),
            ("duración: 90 minutos.", 90),
            ("igihe: amasaha 3", 180),
            ("45 minutes", 45),
            ("time: 1 hr 45 min", 105),
            ("muda: saa 2½", 150),
            ("igihe kimara: isaha 1 n’iminota 30", 90),
            ("muda: saa 1 dakika 40", 100),
            ("total time for booklets a and b: 1 h 45 min", 105),
            ("arbeitszeit: 180 minuten", 180),
            ("muda: saa 2:30", 150),
            ("time: one and a half hours", 0),
            ("time: 2:30 hours", 150),
            ("time: 2.30 hours", 150),
            ("time: 2½ hours", 150),
            ("paper 1  2¾ hours", 165),
            ("time: 1.5 hours", 90),
            ("duree : 3 heures 30", 210),
            ("morning (time: 1 hour 15 minutes)", 75),
            ("time allowed: 2 hrs", 120),
            ("15 minute time has been allotted to read this question paper", 0),
            ("time: 50 minutes, with no reading time", 50),
            ("reading time: 15 minutes", 0),
            ("reading time: 15 minutes. writing time: 2 hours", 120),
        ] {
            assert_eq!(duration(text).unwrap_or(0), minutes, "{text}");
        }
    }

    #[test]
    fn times_from_to() {
        assert_eq!(from_to("test time  9:00 am - 10:00 am"), Some(60));
        assert_eq!(from_to("11:30 – 13:00"), Some(90));
        assert_eq!(from_to("12:30 pm to 2:00 pm"), Some(90));
        assert_eq!(from_to("starts at 9:00"), None);
    }

    #[test]
    fn a_code_stands_beside_the_subject() {
        for (text, code) in [
            ("5032 BIOLOGY 1 & 2 May/June", Some("5032")),
            ("SEHEMU YA KWANZA: LUGHA 102", Some("102")),
            ("Prova 702/1.ª Fase", Some("702")),
            ("2022 BIOLOGY", None),
            ("TOTAL OF 100 marks", None),
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
        assert_eq!(total("section a (55 marks)", ""), None);
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
        assert_eq!(component("and/or 12/10/2019"), None);
        assert_eq!(number_alone("013"), Some("013".into()));
        assert_eq!(number_alone("SOCIAL SCIENCE (087)"), Some("087".into()));
        assert_eq!(number_alone("TOTAL MARKS (100)"), None);
        assert_eq!(number_alone("Read the text (100)"), None);
        assert_eq!(course_code("CH140 Engineering Chemistry"), Some("CH140".into()));
        assert_eq!(year("school year 2023–2024"), Some(2024));
    }
}
