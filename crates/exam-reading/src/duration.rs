//! The time that a paper allows, from the words of its cover.

/// Units of hours, lower case; each stands for a whole word.
const HOURS: [&str; 34] = [
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "heure",
    "heures",
    "hora",
    "horas",
    "ora",
    "ore",
    "stunde",
    "stunden",
    "std",
    "uur",
    "uren",
    "timme",
    "timmar",
    "timer",
    "tunti",
    "tuntia",
    "godzina",
    "godziny",
    "hodina",
    "hodiny",
    "jam",
    "saat",
    "saa",
    "masaa",
    "isaha",
    "amasaha",
    "час",
    "часа",
    "часов",
];
/// … and of minutes: whole words, and how others start.
const MINUTES: [&str; 8] = ["min", "mins", "mn", "dk", "phút", "мин", "perc", "分钟"];
const MINUTES_START: [&str; 7] = ["minut", "minuut", "menit", "minit", "dakika", "iminota", "минут"];
/// Units that their number may follow: `amasaha 3`, `saa 2½`.
const BEFORE_NUMBER: [&str; 8] = ["saa", "masaa", "isaha", "amasaha", "ore", "ora", "jam", "dakika"];
/// Between hours and minutes.
const AND: [&str; 12] = ["and", "et", "y", "e", "und", "en", "ve", "og", "och", "na", "n", "dan"];
/// Half an hour, before or behind the unit.
const HALF: [&str; 11] =
    ["half", "demie", "media", "meia", "mezza", "mezzo", "halb", "nusu", "igice", "buçuk", "setengah"];
/// Small numbers in the languages that `words::number` does not count in.
const NUMBERS: [(&str, u32); 21] = [
    ("ein", 1),
    ("eine", 1),
    ("drei", 3),
    ("vier", 4),
    ("uma", 1),
    ("una", 1),
    ("dos", 2),
    ("due", 2),
    ("três", 3),
    ("tres", 3),
    ("tre", 3),
    ("quatro", 4),
    ("cuatro", 4),
    ("quattro", 4),
    ("bir", 1),
    ("iki", 2),
    ("üç", 3),
    ("satu", 1),
    ("dua", 2),
    ("tiga", 3),
    ("drie", 3),
];

/// Words that a time allowed stands beside.
const NAMES: [&str; 26] = [
    "duration",
    "allowed",
    "time",
    "durée",
    "duree",
    "duração",
    "duración",
    "durata",
    "dauer",
    "zeit",
    "minuten",
    "igihe",
    "muda",
    "süre",
    "tijd",
    "tiempo",
    "tempo",
    "temps",
    "masa",
    "waktu",
    "czas",
    "время",
    "thời gian",
    "tid:",
    "trajanje",
    "working",
];

/// Something of the line that a duration is told by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    /// A number of hours or minutes, and the minutes of one written as on a clock.
    Number(f64, Option<u32>),
    Hours(&'a str),
    Minutes,
    Word(&'a str),
}

/// The time that lines in lower case allow: what names it so or counts it in hours, before minutes that are spoken of.
pub fn longest_first(lower: &[String]) -> Option<u32> {
    let named = |text: &&String| NAMES.iter().any(|word| text.contains(word)) || counts_hours(text);
    let found = lower.iter().filter(named).find_map(|text| duration(text));
    let minutes = || lower.iter().find_map(|text| duration(text));
    found.or_else(minutes).or_else(|| lower.iter().find_map(|text| from_to(text)))
}

fn counts_hours(text: &str) -> bool {
    tokens(text).iter().any(|token| matches!(token, Token::Hours(_)))
}

/// Minutes: `3 hours`, `2:30 hours`, `2½ hours`, `1 hour 45 minutes`, `3 heures 30`, `2h30`, `45 minutes`, `bir buçuk saat`.
pub fn duration(text: &str) -> Option<u32> {
    if ["before", "to read", "been allotted"].iter().any(|word| text.contains(word)) {
        return None;
    }
    // "Time: 3 hours. You may leave after 1 hour."
    let text = text.split("after ").next().unwrap_or_default();
    // `Time: 50 minutes, with no reading time`, `Reading time: 15 minutes. Writing time: 2 hours`
    let at = |words: &[&str]| words.iter().find_map(|word| text.find(word));
    let text = match (at(&["reading time", "temps de lecture"]), at(&["writing", "working"])) {
        (Some(reading), Some(writing)) if writing > reading => &text[writing..],
        (Some(reading), _) => &text[..reading],
        _ => text,
    };
    let tokens = tokens(text);
    // `8h00 – 10h00` are two times of the day.
    let is_range = |four: &[Token<'_>]| {
        matches!(four, [Token::Number(..), Token::Word("–" | "à" | "to"), Token::Number(..), Token::Hours(_)])
    };
    if tokens.windows(4).any(is_range) && from_to(text).is_some() {
        return None;
    }
    let hours = (0..tokens.len()).filter(|&n| matches!(tokens[n], Token::Hours(_)));
    let minutes = (0..tokens.len()).filter(|&n| tokens[n] == Token::Minutes);
    let found = hours
        .into_iter()
        .find_map(|n| in_hours(&tokens, n))
        .or_else(|| minutes.into_iter().find_map(|n| counted(&tokens, n, "dakika")));
    found.filter(|minutes| (5..=600).contains(minutes))
}

/// The number of minutes at a unit of minutes, before it or behind it.
fn counted(tokens: &[Token<'_>], unit: usize, name: &str) -> Option<u32> {
    let number = |n: usize| match tokens.get(n) {
        Some(Token::Number(value, None)) if value.fract() == 0.0 => Some(*value as u32),
        Some(Token::Word(word)) => number_word(word),
        _ => None,
    };
    let behind = || number(unit + 1).filter(|_| BEFORE_NUMBER.contains(&name));
    unit.checked_sub(1).and_then(number).or_else(behind)
}

/// Minutes told by a unit of hours, the number that it counts, and the minutes behind it.
fn in_hours(tokens: &[Token<'_>], unit: usize) -> Option<u32> {
    let Token::Hours(name) = tokens[unit] else { return None };
    let word = |n: usize| match tokens.get(n) {
        Some(Token::Word(word)) => Some(*word),
        _ => None,
    };
    let is_half = |n: usize| word(n).is_some_and(|word| HALF.contains(&word));
    let of = |n: usize| match *tokens.get(n)? {
        Token::Number(hours, None) => Some((60.0 * hours).round() as u32),
        Token::Number(hours, Some(minutes)) => Some(60 * hours as u32 + minutes),
        Token::Word(word) => number_word(word).map(|hours| 60 * hours),
        _ => None,
    };
    // `one and a half hours`, `bir buçuk saat`, `half an hour`
    let halved = (1..=2).find_map(|back| unit.checked_sub(back).filter(|&n| is_half(n)));
    let before = match halved {
        Some(half) => {
            let whole = (1..=3).find_map(|back| half.checked_sub(back).and_then(of)).unwrap_or_default();
            Some(whole + 30)
        }
        None => unit.checked_sub(1).and_then(of),
    };
    let (mut minutes, mut next) = match before {
        Some(minutes) => (minutes, unit + 1),
        // `isaha n'iminota 40` is one hour.
        None if name == "isaha" && of(unit + 1).is_none() => (60, unit + 1),
        None if BEFORE_NUMBER.contains(&name) => (of(unit + 1)?, unit + 2),
        None => return None,
    };
    let clock = minutes % 60 != 0;
    while word(next).is_some_and(|word| AND.contains(&word) || ["a", "une", "moja"].contains(&word)) {
        next += 1;
    }
    // `2 hrs. 30 min.`
    let after_stop = matches!(tokens[next..], [Token::Word("."), Token::Number(..), Token::Minutes, ..]);
    next += usize::from(after_stop);
    // `3 heures 30` counts minutes, `3 hours 40 marks` does not.
    let ends = |n: usize| !matches!(tokens.get(n), Some(Token::Word(word)) if *word != "." && *word != "–");
    let counts_marks = word(next + 1).is_some_and(crate::marks::is_word);
    let bare =
        next == unit + 1 && !counts_marks && (name.starts_with('h') && !name.starts_with("ho") || ends(next + 1));
    // `3 heures 30`, `1 hour 45 minutes`, `saa 1 dakika 40`, `2 hours and a half`
    minutes += match tokens.get(next) {
        _ if clock => 0,
        Some(Token::Number(..)) if tokens.get(next + 1) == Some(&Token::Minutes) => counted(tokens, next + 1, "")?,
        Some(Token::Number(more, None)) if (10.0..60.0).contains(more) && bare => *more as u32,
        Some(Token::Minutes) => counted(&tokens[next..], 0, "dakika").unwrap_or_default(),
        _ if is_half(next) => 30,
        _ => 0,
    };
    Some(minutes)
}

fn number_word(word: &str) -> Option<u32> {
    let other = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    crate::words::number(word).or(other).filter(|number| *number > 0)
}

/// A line's numbers, units and other words.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let class = |c: char| match c {
        '½' | '¼' | '¾' => 1,
        _ if c.is_ascii_digit() => 1,
        ':' | '.' | ',' => 2,
        _ if c.is_alphabetic() => 3,
        '–' | '-' | '—' => 4,
        _ => 0,
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = class(first);
        let digits = |c: char| class(c) == 1;
        let mut length = rest.find(|c: char| class(c) != kind).unwrap_or(rest.len());
        if kind == 1 {
            // `2:30`, `2 : 30`, `1,5`, `2 ½`
            let behind = rest[length..].trim_start();
            let joined = behind
                .strip_prefix([':', '.', ','])
                .filter(|_| behind.starts_with(':') || behind.len() == rest.len() - length);
            let joined = joined.map(|part| if behind.starts_with(':') { part.trim_start() } else { part });
            let more = joined
                .filter(|part| part.starts_with(digits))
                .or_else(|| Some(behind).filter(|part| part.starts_with(['½', '¼', '¾'])));
            if let Some(part) = more {
                let end = part.find(|c: char| !digits(c)).unwrap_or(part.len());
                length = rest.len() - part.len() + end;
            }
            // `4MA1/1H` is a code.
            let behind_slash = text[..text.len() - rest.len()].ends_with('/');
            found.extend(if behind_slash { Some(Token::Word("/")) } else { number(&rest[..length]) });
        } else if kind == 3 {
            found.push(named(&rest[..length]));
        } else if kind == 2 && first != ':' {
            found.push(Token::Word("."));
        } else if kind == 4 {
            found.push(Token::Word("–"));
        }
        rest = &rest[length..];
    }
    found
}

fn named(word: &str) -> Token<'_> {
    if HOURS.contains(&word) {
        Token::Hours(word)
    } else if MINUTES.contains(&word) || MINUTES_START.iter().any(|unit| word.starts_with(unit)) {
        Token::Minutes
    } else {
        Token::Word(word)
    }
}

/// `2`, `2½`, `2:30`, `2.30`, `2.5`.
fn number(text: &str) -> Option<Token<'static>> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let parts = [('½', 0.5), ('¼', 0.25), ('¾', 0.75)];
    if let Some((sign, part)) = parts.into_iter().find(|(sign, _)| compact.ends_with(*sign)) {
        let whole = compact.trim_end_matches(sign);
        return Some(Token::Number(if whole.is_empty() { 0.0 } else { whole.parse().ok()? } + part, None));
    }
    let Some((whole, rest)) = compact.split_once([':', '.', ',']) else {
        return Some(Token::Number(compact.parse().ok()?, None));
    };
    // `2.5` and `2.25` are decimals, `2.30` and `2.15` are not.
    let decimal = !compact.contains(':') && (rest.len() != 2 || matches!(rest, "25" | "50" | "75"));
    Some(match decimal {
        true => Token::Number(format!("{whole}.{rest}").parse().ok()?, None),
        false => Token::Number(whole.parse().ok()?, Some(rest.parse().ok().filter(|minutes| *minutes < 60)?)),
    })
}

/// Minutes between two times of a line: `Test Time  9:00 AM - 10:00 AM`, `8.30 – 11.30 a.m.`, `8h00 à 10h00`.
fn from_to(text: &str) -> Option<u32> {
    let of_day =
        ["a.m", "p.m", " am", " pm", "0am", "0pm", "time", "uhr", "uur"].iter().any(|word| text.contains(word));
    let time = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        let separators: &[char] = if of_day { &[':', '.', 'h'] } else { &[':', 'h'] };
        let (hours, minutes) = word.split_once(separators)?;
        let hours: u32 = hours.parse().ok().filter(|hours| *hours < 24)?;
        let minutes = Some(minutes).filter(|minutes| minutes.len() == 2)?;
        Some(hours * 60 + minutes.parse::<u32>().ok().filter(|minutes| *minutes < 60)?)
    };
    let times: Vec<u32> =
        text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—')).filter_map(time).collect();
    let &[from, to] = times.as_slice() else { return None };
    // From 11 to 1 is two hours.
    Some(if to > from { to - from } else { (to + 12 * 60).checked_sub(from)? })
        .filter(|minutes| (15..=300).contains(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, minutes) in [
            ("duration: 3 hours", 180),
            ("time: 3 hours. you may leave after 1 hour", 180),
            ("épreuve de lecture  durée : 1h30", 90),
            ("time: 3hrs 50 marks", 180),
            ("time: 1 hour 45 minutes", 105),
            ("time allowed: two hours", 120),
            ("duration: 2h30", 150),
            ("durée de l’épreuve : 2 h 00  100 points", 120),
            ("durée : 3 h", 180),
            ("durée : 1h30min", 90),
            ("duração da prova: 120 minutos", 120),
            ("duração: 2 horas", 120),
            ("duración: 90 minutos.", 90),
            ("tiempo: una hora y media", 90),
            ("durée : deux heures et demie", 150),
            ("igihe: amasaha 3", 180),
            ("igihe: amasaha abiri n’igice", 150),
            ("45 minutes", 45),
            ("time: 1 hr 45 min", 105),
            ("muda: saa 2½", 150),
            ("muda: saa 2", 120),
            ("muda: masaa matatu", 180),
            ("igihe kimara: isaha 1 n’iminota 30", 90),
            ("muda: saa 1 dakika 40", 100),
            ("igihe: isaha n’iminota 40", 100),
            ("考试时间: 120 分钟", 120),
            ("muda: saa moja na nusu", 90),
            ("total time for booklets a and b: 1 h 45 min", 105),
            ("arbeitszeit: 180 minuten", 180),
            ("zeit: 1 stunde 30 minuten", 90),
            ("bearbeitungszeit: zwei stunden", 120),
            ("süre: 40 dakika", 40),
            ("süre: 40 dk.", 40),
            ("sınav süresi bir buçuk saat", 90),
            ("masa: 1 jam 15 minit", 75),
            ("satu jam", 60),
            ("waktu: 90 menit", 90),
            ("tempo a disposizione: 2 ore", 120),
            ("durata della prova: 1 ora e 30 minuti", 90),
            ("tijd: 2 uur", 120),
            ("czas pracy: 170 minut", 170),
            ("время выполнения: 3 часа 55 минут", 235),
            ("thời gian làm bài: 90 phút", 90),
            ("muda: saa 2:30", 150),
            ("time: one and a half hours", 90),
            ("time: one hour and a half", 90),
            ("time: half an hour", 30),
            ("(one hour)", 60),
            ("time: 2:30 hours", 150),
            ("time: 2 : 30 hrs", 150),
            ("time: 2.30 hours", 150),
            ("time: 2½ hours", 150),
            ("time: 2 ½ hrs", 150),
            ("paper 1  2¾ hours", 165),
            ("time: 1.5 hours", 90),
            ("duree : 3 heures 30", 210),
            ("1hr 30mins", 90),
            ("3 hours (plus 15 minutes’ reading time)", 180),
            ("time: 3 hours maximum marks: 70", 180),
            ("time: 3 hours. 40 marks", 180),
            ("time: 3 hours 40 marks", 180),
            ("2 hrs. 30 min.", 150),
            ("morning (time: 1 hour 15 minutes)", 75),
            ("time allowed: 2 hrs", 120),
            ("15 minute time has been allotted to read this question paper", 0),
            ("time: 50 minutes, with no reading time", 50),
            ("reading time: 15 minutes", 0),
            ("reading time: 15 minutes. writing time: 2 hours", 120),
            ("– working time – 1 hour and 15 minutes", 75),
            ("allotted time: 45 mins", 45),
            ("paper reference 4ma1/1h", 0),
            ("de 8h00 à 10h00", 0),
            ("2 minuses make a plus", 0),
        ] {
            assert_eq!(duration(text).unwrap_or(0), minutes, "{text}");
        }
    }

    #[test]
    fn times_from_to() {
        assert_eq!(from_to("test time  9:00 am - 10:00 am"), Some(60));
        assert_eq!(from_to("11:30 – 13:00"), Some(90));
        assert_eq!(from_to("12:30 pm to 2:00 pm"), Some(90));
        assert_eq!(from_to("friday, 21 june — 1:15 to 2:45 p.m., only"), Some(90));
        assert_eq!(from_to("monday 8.30–11.30 a.m."), Some(180));
        assert_eq!(from_to("de 8h00 à 10h00"), Some(120));
        assert_eq!(from_to("starts at 9:00"), None);
        assert_eq!(from_to("12.10 and 13.20"), None);
    }
}
