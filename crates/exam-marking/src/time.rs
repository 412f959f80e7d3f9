//! Times of day and dates, as they are said in English, French and Kinyarwanda.

use std::borrow::Cow;

use crate::letters::{folded, low};
use crate::memo::{Memo, kept};
use crate::numeral;
use crate::reason::{Judgement, Note};
use crate::rule::Asked;

thread_local! {
    static KEYS: Memo<(Option<Date>, Option<Clock>)> = Memo::default();
}

/// Whether a form of a key that is a time or a date accepts an answer; `None` when the form is neither.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    if !form.contains(|c: char| c.is_ascii_digit()) && !form.contains("past") && !form.contains("quarter") {
        return None;
    }
    // A number by itself, or with a sign that no time has.
    if form.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b',' | b'%'))
        || form.contains(['=', '^', '√', 'π', '²', '³'])
    {
        return None;
    }
    let (date, clock) = kept(&KEYS, form, |form| {
        let form = low(form);
        let date = Date::parse(&form);
        (date, if date.is_none() { Clock::parse(&form) } else { None })
    });
    if let Some(key) = date {
        let given = Date::parse(&low(answer)).or_else(|| Date::of_month(answer));
        return Some(given.map_or(Judgement::wrong(Note::Unknown), |given| key.judge(&given)));
    }
    let key = clock.filter(|key| key.said || !asked.ratio() && form.contains(':'))?;
    let given = low(answer);
    let lead =
        ["the answer is ", "it is at ", "it is ", "at ", "about "].iter().find_map(|lead| given.strip_prefix(lead));
    let given = pointed(lead.unwrap_or(&given), asked);
    let Some(given) = Clock::parse(&given) else { return Some(Judgement::wrong(Note::Unknown)) };
    Some(key.judge(&given, asked))
}

/// Whether both tell an hour of the day, of which one is before noon and the other is as long after it.
pub fn is_other_half(form: &str, answer: &str) -> bool {
    if !form.ends_with(['.', 'm']) || !form.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let sure = |text: &str| Clock::parse(&low(text)).filter(|clock| clock.sure);
    sure(form).zip(sure(answer)).is_some_and(|(one, other)| one.minutes.abs_diff(other.minutes) == 720)
}

/// `8.30` with a colon, where a time is asked for, and `1545` where it is one of 24 hours.
fn pointed<'a>(text: &'a str, asked: &Asked) -> Cow<'a, str> {
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && asked.has(TWENTY_FOUR) {
        return format!("{}:{}", &text[..2], &text[2..]).into();
    }
    match text.trim().split_once('.') {
        Some((hour, minute)) if [hour, minute].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) => {
            format!("{hour}:{minute}").into()
        }
        _ => text.into(),
    }
}

/// What a question says that asks for the hours of a whole day.
const TWENTY_FOUR: &[&str] = &["24-hour", "24 hour", "24hour"];

#[derive(Debug, Clone, Copy, PartialEq)]
struct Clock {
    /// Since midnight, as it is written.
    minutes: u32,
    /// It says whether it is before or after noon, or its hour tells.
    sure: bool,
    /// In words or with a unit that nothing but a time has.
    said: bool,
    twelve: bool,
}

/// Endings that tell the half of the day: is it after noon?
const HALVES: &[(&str, bool)] = &[
    ("a.m", false),
    ("am", false),
    ("a m", false),
    ("in the morning", false),
    ("du matin", false),
    ("za mu gitondo", false),
    ("mu gitondo", false),
    ("z'igitondo", false),
    ("p.m", true),
    ("pm", true),
    ("p m", true),
    ("in the afternoon", true),
    ("in the evening", true),
    ("at night", true),
    ("de l'apres-midi", true),
    ("du soir", true),
    ("z'umugoroba", true),
    ("nimugoroba", true),
    ("ku mugoroba", true),
];

impl Clock {
    /// From a text in lower case.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('.').trim_end();
        if text.len() > 60 {
            return None;
        }
        match text {
            "noon" | "midday" | "midi" | "12 noon" => {
                return Some(Self { minutes: 720, sure: true, said: true, twelve: true });
            }
            "midnight" | "minuit" | "12 midnight" => {
                return Some(Self { minutes: 0, sure: true, said: true, twelve: true });
            }
            _ => {}
        }
        let (body, afternoon) = HALVES
            .iter()
            .find_map(|(end, after)| {
                text.strip_suffix(end).map(|body| (body.trim_end_matches(['.', ' ']), Some(*after)))
            })
            .unwrap_or((text, None));
        let (hour, minute, said) = Self::words(body).or_else(|| Self::figures(body, afternoon.is_some()))?;
        let said = said || afternoon.is_some();
        if hour > 24 || minute > 59 {
            return None;
        }
        let minutes = match afternoon {
            Some(_) if hour > 12 => hour * 60 + minute,
            Some(after) => hour % 12 * 60 + minute + 720 * u32::from(after),
            None => hour % 24 * 60 + minute,
        };
        let sure = afternoon.is_some() || hour > 12 || hour == 0 || body.starts_with('0');
        Some(Self { minutes, sure, said, twelve: afternoon.is_some() })
    }

    /// `14:30`, `14h30`, `2.30`, `1430 hrs`, `3 o'clock`.
    fn figures(text: &str, half_known: bool) -> Option<(u32, u32, bool)> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = |text: &str| text.parse::<u32>().ok();
        let (first, rest) = (&text[..digits], text[digits..].trim());
        if digits == 4 && matches!(rest, "hours" | "hrs" | "h" | "hr") {
            return Some((number(&first[..2])?, number(&first[2..])?, true));
        }
        if let Some(after) = rest.strip_prefix([':', 'h', '.']) {
            let after = after.trim();
            let after = after
                .strip_suffix("hours")
                .or_else(|| after.strip_suffix("hrs"))
                .or_else(|| after.strip_suffix('h'))
                .unwrap_or(after)
                .trim();
            let plain = after.len() == 2 && after.bytes().all(|b| b.is_ascii_digit());
            let hours = rest.ends_with(|c: char| c.is_alphabetic());
            if !plain || rest.starts_with('.') && !half_known && !hours || digits > 2 {
                return None;
            }
            return Some((number(first)?, number(after)?, rest.starts_with('.')));
        }
        let bare = rest.is_empty() && half_known;
        ((1..=2).contains(&digits) && (bare || matches!(rest, "o'clock" | "oclock" | "o clock" | "heures")))
            .then_some(())?;
        Some((number(first)?, 0, rest != "heures"))
    }

    /// `half past two`, `quarter to 3`, `ten minutes past nine`, `saa munani n'igice`.
    fn words(text: &str) -> Option<(u32, u32, bool)> {
        let number =
            |text: &str| text.trim().parse::<u32>().ok().or_else(|| numeral::worth(text.trim()).map(|n| n as u32));
        if let Some(hours) = text.strip_prefix("saa ") {
            // Hours are counted from six.
            let (hour, half) = match hours.split_once(" n'igice") {
                Some((hour, _)) => (hour, 30),
                None => (hours, 0),
            };
            let hour = match hour.trim() {
                "moya" => 1,
                "sita" => 6,
                "saba" => 7,
                "ine" | "yine" => 4,
                "kumi n'imwe" => 11,
                "kumi n'ebyiri" => 12,
                "mbiri" => 2,
                "tatu" => 3,
                "tanu" => 5,
                "munani" | "nane" => 8,
                "cyenda" | "tisa" => 9,
                other => number(other)?,
            };
            return Some(((hour + 6) % 24, half, true));
        }
        if let Some(hour) = text.strip_suffix(" o'clock") {
            return Some((number(hour)?, 0, true));
        }
        let (before, hour, past) = match (text.split_once(" past "), text.split_once(" to ")) {
            (Some((before, hour)), _) => (before, hour, true),
            (None, Some((before, hour))) => (before, hour, false),
            _ => return None,
        };
        let hour = number(hour.trim_end_matches(" o'clock"))?;
        let minutes = match before.trim().trim_start_matches("a ").trim_end_matches(" minutes") {
            "half" => 30,
            "quarter" => 15,
            other => number(other)?,
        };
        if past { Some((hour, minutes, true)) } else { Some(((hour + 23) % 24, 60u32.checked_sub(minutes)?, true)) }
    }

    fn judge(self, given: &Self, asked: &Asked) -> Judgement {
        let twentyfour = asked.has(TWENTY_FOUR);
        if self.minutes == given.minutes {
            return if twentyfour && given.twelve && !self.twelve {
                Judgement::wrong(Note::NotSimplest)
            } else {
                Judgement::right(Note::Right)
            };
        }
        if self.minutes % 720 != given.minutes % 720 {
            return Judgement::wrong(Note::Wrong);
        }
        match (self.sure, given.sure) {
            (false, _) => Judgement::right(Note::Right),
            (true, false) if twentyfour => Judgement::wrong(Note::Wrong),
            (true, false) => Judgement::part(0.5, Note::HalfOfDay),
            (true, true) => Judgement::wrong(Note::Wrong),
        }
    }
}

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janvier", "mutarama"],
    &["february", "feb", "fevrier", "gashyantare"],
    &["march", "mar", "mars", "werurwe"],
    &["april", "apr", "avril", "mata"],
    &["may", "mai", "gicurasi", "gicuransi"],
    &["june", "jun", "juin", "kamena"],
    &["july", "jul", "juillet", "nyakanga"],
    &["august", "aug", "aout", "kanama"],
    &["september", "sept", "sep", "septembre", "nzeri", "nzeli"],
    &["october", "oct", "octobre", "ukwakira"],
    &["november", "nov", "novembre", "ugushyingo"],
    &["december", "dec", "decembre", "ukuboza"],
];

/// Whether a word names a month.
pub fn is_month(word: &str) -> bool {
    let word = folded(word);
    MONTHS.iter().any(|names| names.contains(&&*word))
}

const BESIDE: &[&str] = &[
    "on",
    "the",
    "of",
    "in",
    "le",
    "la",
    "en",
    "du",
    "de",
    "ku",
    "wa",
    "ya",
    "itariki",
    "taliki",
    "tariki",
    "mu",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "year",
    "it",
    "was",
    "is",
    "day",
    "ukwezi",
    "umwaka",
];

/// The year of a date, which may stand at the end of a sentence: "It began on 15 November 1884".
pub fn year_within(text: &str) -> Option<f64> {
    let text = low(text);
    let year = |text: &str| Date::parse(text)?.year.map(f64::from);
    year(&text).or_else(|| {
        let (before, date) = [" on ", " le ", " ku wa "].iter().find_map(|on| text.split_once(on))?;
        year(date).filter(|_| !before.contains(|c: char| c.is_ascii_digit()))
    })
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Date {
    day: Option<u32>,
    month: u32,
    year: Option<u32>,
}

impl Date {
    fn parse(text: &str) -> Option<Self> {
        if text.len() > 60 {
            return None;
        }
        let mut numbers: Vec<u32> = Vec::new();
        let mut month = None;
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                matches!(&word[digits..], "" | "st" | "nd" | "rd" | "th" | "er").then_some(())?;
                numbers.push(word[..digits].parse().ok()?);
            } else if let Some(n) = MONTHS.iter().position(|names| names.contains(&word)) {
                if month.replace(n as u32 + 1).is_some() {
                    return None;
                }
            } else if !BESIDE.contains(&word) {
                return None;
            }
        }
        let year = |n: u32| (n > 31 || n == 0).then_some(n);
        let date = match (month, &numbers[..]) {
            (Some(month), [one]) => match year(*one) {
                Some(year) => Self { day: None, month, year: Some(year) },
                None => Self { day: Some(*one), month, year: None },
            },
            (Some(month), [a, b]) => match (year(*a), year(*b)) {
                (Some(year), None) => Self { day: Some(*b), month, year: Some(year) },
                _ => Self { day: Some(*a), month, year: Some(*b) },
            },
            (None, [a, b, c]) => {
                let marks: Vec<char> = text.chars().filter(|c| matches!(c, '/' | '-' | '.')).collect();
                (marks.len() == 2 && marks[0] == marks[1] && !text.contains([',', ' '])).then_some(())?;
                if *a > 31 {
                    Self { day: Some(*c), month: *b, year: Some(*a) }
                } else {
                    Self { day: Some(*a), month: *b, year: Some(*c) }
                }
            }
            _ => return None,
        };
        let fits = date.day.is_none_or(|day| (1..=31).contains(&day))
            && (1..=12).contains(&date.month)
            && date.year.is_none_or(|year| year < 3000);
        fits.then_some(date)
    }

    /// `04/1994`
    fn of_month(text: &str) -> Option<Self> {
        let (month, year) = text.trim().split_once(['/', '-'])?;
        let (month, year): (u32, u32) = (month.parse().ok()?, year.parse().ok()?);
        ((1..=12).contains(&month) && (1000..3000).contains(&year)).then_some(Self {
            day: None,
            month,
            year: Some(year),
        })
    }

    fn judge(&self, given: &Self) -> Judgement {
        let mut missing = false;
        let mut same = |key: Option<u32>, given: Option<u32>, equal: &dyn Fn(u32, u32) -> bool| match (key, given) {
            (Some(a), Some(b)) => equal(a, b),
            (Some(_), None) => {
                missing = true;
                true
            }
            (None, _) => true,
        };
        let day = same(self.day, given.day, &|a, b| a == b);
        let year = same(self.year, given.year, &|a, b| a == b || b < 100 && a % 100 == b);
        match day && year && self.month == given.month {
            true if missing => Judgement::part(0.5, Note::Unsaid("the whole date".into())),
            true => Judgement::right(Note::Right),
            false => Judgement::wrong(Note::Wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates() {
        let share = |key: &str, answer: &str| judge(key, answer, &Asked::default()).map(|judged| judged.share);
        for (key, answer, wanted) in [
            ("14:30", "2:30 pm", Some(1.0)),
            ("14:30", "2.30 p.m.", Some(1.0)),
            ("14:30", "14h30", Some(1.0)),
            ("14:30", "1430 hours", Some(1.0)),
            ("14:30", "half past two in the afternoon", Some(1.0)),
            ("14:30", "2:30", Some(0.5)),
            ("14:30", "2:30 am", Some(0.0)),
            ("2:30 pm", "14:30", Some(1.0)),
            ("quarter to 3", "2:45", Some(1.0)),
            ("07:05", "7:05 am", Some(1.0)),
            ("12:00", "noon", Some(1.0)),
            ("8:00 am", "saa mbiri", Some(1.0)),
            ("1 July 1962", "01/07/1962", Some(1.0)),
            ("1 July 1962", "July 1, 1962", Some(1.0)),
            ("1 July 1962", "1er juillet 1962", Some(1.0)),
            ("1 July 1962", "7/1/1962", Some(0.0)),
            ("1 July 1962", "1 July 1961", Some(0.0)),
            ("1 July 1962", "July 1962", Some(0.5)),
            ("7 April 1994", "ku itariki ya 7 Mata 1994", Some(1.0)),
            ("3.5", "3:50", None),
            ("banana", "2:30", None),
        ] {
            assert_eq!(share(key, answer), wanted, "{key}, {answer}");
        }
    }
}
