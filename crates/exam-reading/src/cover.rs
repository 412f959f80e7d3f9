//! What the first page says of the paper as a whole.

use exam_model::paper::{Cover, Rule, Section};

use crate::lines::Line;
use crate::words;

/// Reads the lines before the first question; without any, the first page's.
pub fn read(lines: &[Line]) -> Cover {
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let find = |reader: &dyn Fn(&str) -> Option<String>| lower.iter().find_map(|text| reader(text));
    let largest = lines.iter().flat_map(|line| &line.segments).map(|s| s.size).fold(0.0, f32::max).min(40.0);
    let title = lines
        .iter()
        .find(|line| {
            line.segments.iter().any(|s| s.size > 0.9 * largest) && line.text().chars().any(char::is_alphabetic)
        })
        .map(Line::text);
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
        code: find(&|text| code(text)).or_else(|| texts.iter().find_map(|text| course_code(text))),
        duration: lower.iter().find_map(|text| duration(text)),
        total: lower.iter().enumerate().find_map(|(n, text)| total(text, lower.get(n + 1).map_or("", String::as_str))),
        instructions: instructions(&texts, &lower),
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

/// `CODE: 010`, `2210/01`, `033` alone.
fn code(text: &str) -> Option<String> {
    if let Some(at) = text.find("code") {
        let rest = text[at + 4..].trim_start_matches([':', ' ', '.', '-']);
        let code: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '/').collect();
        if code.chars().any(|c| c.is_ascii_digit()) {
            return Some(code.to_uppercase());
        }
    }
    text.split_whitespace()
        .find_map(|word| {
            let (subject, component) = word.split_once('/')?;
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            (subject.len() == 4 && component.len() == 2 && digits(subject) && digits(component))
                .then(|| word.to_owned())
        })
        .or_else(|| {
            let alone = text.trim();
            (alone.len() == 3 && alone.bytes().all(|b| b.is_ascii_digit())).then(|| alone.to_owned())
        })
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

/// Minutes: `3 hours`, `1 hour 45 minutes`, `2h30`, `45 minutes`, `two hours`.
pub fn duration(text: &str) -> Option<u32> {
    let about_time =
        ["duration", "time", "allowed", "hour", "minutes", "durée", "igihe"].iter().any(|w| text.contains(w));
    if !about_time || text.contains("before") {
        return None;
    }
    // `Time: 50 minutes, with no reading time`, `Reading time: 15 minutes. Writing time: 2 hours`
    let text = match (text.find("reading time"), text.find("writing")) {
        (Some(reading), Some(writing)) if writing > reading => &text[writing..],
        (Some(reading), _) => &text[..reading],
        _ => text,
    };
    let before = |word: &str| text.find(word).and_then(|at| number_before(text[..at].trim_end()));
    let hours = before("hour").or_else(|| before("hrs")).or_else(|| before("heure"));
    let half = if text.contains("half") || text.contains('½') { 30 } else { 0 };
    let minutes = before("min");
    match (hours, minutes) {
        (None, None) => short_hours(text),
        (Some(hours), minutes) => Some(hours * 60 + minutes.unwrap_or(half)),
        (None, minutes) => minutes,
    }
    .filter(|minutes| (5..=600).contains(minutes))
}

/// `2h30`, `3h`.
fn short_hours(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| {
        let (hours, minutes) = word.split_once('h')?;
        let hours: u32 = hours.parse().ok()?;
        if minutes.is_empty() { Some(hours * 60) } else { minutes.parse::<u32>().ok().map(|m| hours * 60 + m) }
    })
}

/// `TOTAL MARKS: …/100`, `Marks: 100`, `total mark for this paper is 75`, `/100`, `Total: 20 marks`.
fn total(text: &str, next: &str) -> Option<f64> {
    let words = ["mark", "total", "points", "amanota"];
    if !words.iter().any(|word| text.contains(word)) || text.contains("section") || text.contains("each") {
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
        "total marks",
        "total mark",
        "maximum mark",
        "number of marks",
        "out of",
        "total:",
        "marks available",
        "total des points",
        "nombre de points",
        "amanota yose",
    ]
    .iter()
    .filter_map(|word| text.find(word).map(|at| at + word.len()))
    .find_map(|at| numbers(&text[at..]).first().copied());
    let written_before = text
        .contains("total")
        .then(|| text.find("mark").and_then(|at| number_before(&text[..at])).map(f64::from))
        .flatten()
        .filter(|n| *n >= 5.0);
    let own_line = text.trim().trim_end_matches(':') == "total marks" || text.trim() == "marks";
    after_slash.or(labelled).or(written_before).or_else(|| own_line.then(|| numbers(next).first().copied()).flatten())
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
    let mut words = words.take_while(|word| *word != "question");
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
            ("45 minutes", 45),
            ("time: one and a half hours", 0),
            ("time: 50 minutes, with no reading time", 50),
            ("reading time: 15 minutes", 0),
            ("reading time: 15 minutes. writing time: 2 hours", 120),
        ] {
            assert_eq!(duration(text).unwrap_or(0), minutes, "{text}");
        }
    }

    #[test]
    fn totals() {
        assert_eq!(total("total marks: ………… / 100", ""), Some(100.0));
        assert_eq!(total("the total mark for this paper is 75.", ""), Some(75.0));
        assert_eq!(total("marks: 100", ""), Some(100.0));
        assert_eq!(total("durée : 3 heures. total des points : 100", ""), Some(100.0));
        assert_eq!(total("amanota yose: 50", ""), Some(50.0));
        assert_eq!(total("the maximum number of marks for this exam is 75.", ""), Some(75.0));
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
        assert_eq!(code("code: 010"), Some("010".into()));
        assert_eq!(code("paper 1 2210/01"), Some("2210/01".into()));
        assert_eq!(course_code("CH140 Engineering Chemistry"), Some("CH140".into()));
        assert_eq!(year("school year 2023–2024"), Some(2024));
    }
}
