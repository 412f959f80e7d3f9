//! How numbers and times are written on a page, the same on both halves.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Marks without needless zeros: `2`, `1.5`, `0.67`.
pub fn marks(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1 mark`, `2.5 marks`.
pub fn marks_long(value: f64) -> String {
    format!("{} {}", marks(value), if value == 1.0 { "mark" } else { "marks" })
}

/// `1 page`, `3 pages`: the plural of most English nouns.
pub fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Bytes in megabytes: `0.4`, `12`, `480`.
pub fn megabytes(bytes: i64) -> String {
    let tenths = (bytes as f64 / (1 << 20) as f64 * 10.0).ceil();
    if tenths < 100.0 { marks(tenths / 10.0) } else { format!("{:.0}", tenths / 10.0) }
}

/// At most so many letters, with `…` for the rest.
pub fn shortened(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
        None => text.to_owned(),
    }
}

/// Whole percent of `part` in `whole`; `None` for an empty whole.
pub fn percent(part: f64, whole: f64) -> Option<i32> {
    (whole > 0.0).then(|| (100.0 * part / whole).round() as i32)
}

/// What was written into a field, trimmed; `None` where it was left empty.
pub fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// `3 h`, `1 h 30 min`, `45 min`.
pub fn minutes(total: i64) -> String {
    match (total / 60, total % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

/// Seconds as a clock: `1:02:03`, `2:03`.
pub fn clock(seconds: i64) -> String {
    let s = seconds.max(0);
    match s / 3600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        h => format!("{h}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
}

/// Rwanda keeps UTC+2 all year.
const RWANDA: TimeDelta = TimeDelta::hours(2);

/// The time in Rwanda.
pub fn in_kigali(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(RWANDA.num_seconds() as i32).expect("two hours are within a day"))
}

/// The time that a form's field for date and time holds, such as `2026-11-30T08:00`, in Rwanda; `None` if it is none.
///
/// ```
/// # use exam_model::format::{form_time, of_form_time};
/// let at = of_form_time("2026-11-30T08:00").unwrap();
/// assert_eq!(at.timestamp(), 1_796_018_400);
/// assert_eq!(form_time(at), "2026-11-30T08:00");
/// assert_eq!(of_form_time("30 November"), None);
/// ```
pub fn of_form_time(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text.trim().get(..16)?, "%Y-%m-%dT%H:%M").ok()?;
    Some((local - RWANDA).and_utc())
}

/// A time as such a field holds it.
pub fn form_time(at: DateTime<Utc>) -> String {
    let at = in_kigali(at);
    format!("{}T{:02}:{:02}", at.date_naive(), at.hour(), at.minute())
}

/// `14:05` in Rwanda.
pub fn time(at: DateTime<Utc>) -> String {
    let at = in_kigali(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `24 Nov 2026` in Rwanda.
pub fn date(at: DateTime<Utc>) -> String {
    let at = in_kigali(at);
    format!("{} {} {}", at.day(), MONTHS[at.month0() as usize], at.year())
}

/// `24 Nov 2026, 14:05` in Rwanda.
pub fn date_time(at: DateTime<Utc>) -> String {
    format!("{}, {}", date(at), time(at))
}

/// `1 Jul 2027`.
pub fn day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_as_people_do() {
        assert_eq!(marks(2.0), "2");
        assert_eq!(marks(0.0), "0");
        assert_eq!(marks(10.0), "10");
        assert_eq!(marks(1.5), "1.5");
        assert_eq!(marks(2.0 / 3.0), "0.67");
        assert_eq!(marks_long(1.0), "1 mark");
        assert_eq!(count(1, "page"), "1 page");
        assert_eq!(count(0, "page"), "0 pages");
        assert_eq!(percent(1.0, 3.0), Some(33));
        assert_eq!(percent(0.0, 0.0), None);
    }

    #[test]
    fn writes_bytes() {
        for (bytes, written) in
            [(0, "0"), (1, "0.1"), (600 << 10, "0.6"), (1 << 20, "1"), (50 << 20, "50"), (1 << 29, "512")]
        {
            assert_eq!(megabytes(bytes), written);
        }
    }

    #[test]
    fn writes_times() {
        assert_eq!(minutes(180), "3 h");
        assert_eq!(minutes(90), "1 h 30 min");
        assert_eq!(clock(3723), "1:02:03");
        assert_eq!(clock(59), "0:59");
        assert_eq!(clock(-5), "0:00");
        let at = DateTime::from_timestamp(1_795_528_800, 0).unwrap();
        assert_eq!(time(at), "16:00");
        assert_eq!(date_time(at), "24 Nov 2026, 16:00");
        assert_eq!(day(at.date_naive()), "24 Nov 2026");
    }
}
