//! Running exams, as the school sees them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use exam_marking::folded;
use exam_model::format::time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Exams in progress, at a time of the server's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExamDay {
    pub as_of: DateTime<Utc>,
    /// Those that need a look first.
    pub rows: Vec<ExamRow>,
}

/// The code without which pupils of a class cannot start what is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomCode {
    pub title: String,
    pub class: String,
    pub code: String,
}

/// What the school told those who sat exams, all at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    pub at: DateTime<Utc>,
    pub text: String,
    /// The name of who sent it; `None` if their account is gone.
    pub by: Option<String>,
    /// The exams that it is for.
    pub titles: Vec<String>,
    /// How many exams it was sent to.
    pub told: i64,
    /// The pupils of those that have not shown it yet, by name: their page was not connected, nor opened since.
    pub not_shown: Vec<String>,
}

/// For so many hours what was sent is listed.
pub const LISTED_HOURS: i32 = 24;

/// A pupil who sits something, or to whose class a paper or a test is set that the pupil has not started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExamRow {
    pub pupil: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
    pub class: Option<String>,
    pub title: String,
    /// The paper or the test, unless it is of none.
    pub document: Option<Uuid>,
    /// `None` if it is not started.
    pub sitting: Option<Sitting>,
}

/// A running attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    pub attempt: Uuid,
    pub started_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub paused: bool,
    /// The school has ended it: it is handed in then, unless it is resumed before.
    pub ending_at: Option<DateTime<Utc>>,
    pub seconds_left: i64,
    pub items: i64,
    /// The number of items that are not blank.
    pub answered: i64,
    /// When the last change arrived.
    pub saved_at: Option<DateTime<Utc>>,
    /// Whether a page of it is open and connected.
    pub connected: bool,
}

/// Why a row needs a look, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    NoConnection,
    NotStarted,
    /// Nothing was saved for [`IDLE_MINUTES`].
    Idle,
    Paused,
    Ended,
    Works,
}

/// Who saves nothing for so long is idle.
pub const IDLE_MINUTES: i64 = 5;

impl Look {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::NoConnection, "no connection"),
        (Self::NotStarted, "not started"),
        (Self::Idle, "idle"),
        (Self::Paused, "paused"),
        (Self::Ended, "ended"),
        (Self::Works, "works"),
    ];

    pub fn words(self) -> &'static str {
        Self::ALL.into_iter().find(|(look, _)| *look == self).map_or("", |(_, words)| words)
    }
}

impl ExamRow {
    pub fn look(&self, now: DateTime<Utc>) -> Look {
        let Some(sitting) = &self.sitting else { return Look::NotStarted };
        let idle_since = now - TimeDelta::minutes(IDLE_MINUTES);
        match sitting {
            Sitting { ending_at: Some(_), .. } => Look::Ended,
            Sitting { paused: true, .. } => Look::Paused,
            Sitting { connected: false, .. } => Look::NoConnection,
            Sitting { saved_at, started_at, .. } if saved_at.unwrap_or(*started_at) < idle_since => Look::Idle,
            _ => Look::Works,
        }
    }

    /// How far it is, and the time that is left, in words.
    pub fn figures(&self) -> [String; 2] {
        let Some(sitting) = &self.sitting else { return Default::default() };
        let saved = sitting.saved_at.map(|at| format!(", {}", time(at))).unwrap_or_default();
        let minutes = |seconds: i64| format!("{} min", (seconds + 59).max(0) / 60);
        let left = match (sitting.ending_at, sitting.paused) {
            (Some(at), _) => format!("handed in at {}", time(at)),
            (None, true) => minutes(sitting.seconds_left),
            (None, false) => format!("{}, {}", minutes(sitting.seconds_left), time(sitting.ends_at)),
        };
        [format!("{} of {}{saved}", sitting.answered, sitting.items), left]
    }

    /// A name by which a page finds the row again, also when the pupil starts what is set.
    fn key(&self) -> String {
        let attempt = self.sitting.as_ref().map(|sitting| sitting.attempt);
        format!("e{}-{}", self.pupil.simple(), self.document.or(attempt).unwrap_or_default().simple())
    }
}

impl ExamDay {
    /// Sorts the rows: what needs a look first, then by name.
    pub fn new(as_of: DateTime<Utc>, mut rows: Vec<ExamRow>) -> Self {
        rows.sort_by_cached_key(|row| (row.look(as_of), folded(&row.full_name).into_owned(), row.key()));
        Self { as_of, rows }
    }

    /// The names by which a page finds the rows, in their order.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.rows.iter().map(ExamRow::key).collect();
        let mut taken = HashSet::new();
        for (key, row) in keys.iter_mut().zip(&self.rows) {
            // A pupil may sit an exam and a quiz of one paper.
            if let (false, Some(sitting)) = (taken.insert(key.clone()), &row.sitting) {
                *key = format!("e{}", sitting.attempt.simple());
            }
        }
        keys
    }

    /// The time, such as `14:05:22` in Rwanda.
    pub fn clock(&self) -> String {
        format!("{}:{:02}", time(self.as_of), self.as_of.second())
    }
}

/// What an open page of exams in progress was told, so that it is told only what changes.
#[derive(Debug, Default)]
pub struct Told {
    lines: HashMap<String, String>,
    keys: Vec<String>,
}

impl Told {
    /// The news since the last time, in lines of words between tabs: `at` with the time, `row` with key, look and figures of
    /// each row that changed, and if rows came, went or changed places, `order` with all keys.
    pub fn news(&mut self, day: &ExamDay) -> String {
        let mut news = vec![format!("at\t{}", day.clock())];
        let keys = day.keys();
        let mut lines = HashMap::with_capacity(keys.len());
        for (key, row) in keys.iter().zip(&day.rows) {
            let [far, left] = row.figures();
            let line = format!("row\t{key}\t{}\t{far}\t{left}", row.look(day.as_of).words());
            if self.lines.get(key) != Some(&line) {
                news.push(line.clone());
            }
            lines.insert(key.clone(), line);
        }
        if keys != self.keys {
            news.push(format!("order\t{}", keys.join("\t")));
        }
        *self = Self { lines, keys };
        news.join("\n")
    }
}

/// What the school can do to running exams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    AddTime,
    Pause,
    /// Also undoes `End`.
    Resume,
    /// Stops the clock and hands in [`UNDO_MINUTES`] later.
    End,
    /// Hands in at once what was ended.
    HandIn,
    /// Tells those who sit it something.
    Message,
}

/// The longest message, in characters.
pub const MAX_MESSAGE: usize = 200;

/// For so long the end of an exam can be undone.
pub const UNDO_MINUTES: i32 = 10;

/// The running attempts that an intervention is for: one, those of a paper or a test (`document`), of a class, or all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Target {
    pub attempt: Option<Uuid>,
    pub document: Option<Uuid>,
    pub class: Option<Uuid>,
}

/// Extra time that can be granted, in percent of a quiz's minutes, as in national examinations for candidates with
/// disabilities.
pub const EXTRA_TIME: [i16; 4] = [0, 25, 50, 100];

/// The most minutes that can be added or taken away at once.
pub const MAX_MINUTES: i32 = 240;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap()
    }

    fn works(pupil: u128) -> ExamRow {
        let sitting = Sitting {
            attempt: Uuid::from_u128(100 + pupil),
            started_at: at(0),
            ends_at: at(60),
            paused: false,
            ending_at: None,
            seconds_left: 1801,
            items: 9,
            answered: 4,
            saved_at: Some(at(29)),
            connected: true,
        };
        ExamRow {
            pupil: Uuid::from_u128(pupil),
            full_name: format!("Pupil {pupil}"),
            sign_in_name: format!("pupil{pupil}"),
            class: None,
            title: "Mock".into(),
            document: Some(Uuid::from_u128(7)),
            sitting: Some(sitting),
        }
    }

    fn with(pupil: u128, change: impl Fn(&mut Sitting)) -> ExamRow {
        let mut row = works(pupil);
        row.sitting.iter_mut().for_each(change);
        row
    }

    #[test]
    fn who_needs_a_look_comes_first() {
        let rows = vec![
            works(9),
            works(1),
            with(2, |sitting| (sitting.paused, sitting.ending_at) = (true, Some(at(40)))),
            with(3, |sitting| (sitting.paused, sitting.connected) = (true, false)),
            with(4, |sitting| sitting.saved_at = Some(at(24))),
            with(5, |sitting| sitting.saved_at = None),
            ExamRow { sitting: None, ..works(6) },
            with(7, |sitting| sitting.connected = false),
        ];
        let day = ExamDay::new(at(30), rows);
        let looks: Vec<_> = day.rows.iter().map(|row| (row.full_name.as_str(), row.look(day.as_of).words())).collect();
        let expected = [
            ("Pupil 7", "no connection"),
            ("Pupil 6", "not started"),
            ("Pupil 4", "idle"),
            ("Pupil 5", "idle"),
            ("Pupil 3", "paused"),
            ("Pupil 2", "ended"),
            ("Pupil 1", "works"),
            ("Pupil 9", "works"),
        ];
        assert_eq!(looks, expected);
        for (look, words) in Look::ALL {
            assert_eq!(look.words(), words);
        }
        assert_eq!(works(1).figures()[1].split(',').next(), Some("31 min"), "what is begun is told");
    }

    #[test]
    fn a_page_is_told_only_what_changes() {
        let mut told = Told::default();
        let not_started = ExamRow { sitting: None, ..works(2) };
        let first = told.news(&ExamDay::new(at(30), vec![works(1), not_started]));
        assert_eq!(first.matches("row\t").count(), 2);
        assert_eq!(
            told.news(&ExamDay::new(at(30), vec![works(1), ExamRow { sitting: None, ..works(2) }])).lines().count(),
            1
        );
        let saved = with(1, |sitting| sitting.answered = 5);
        let news = told.news(&ExamDay::new(at(30), vec![saved.clone(), ExamRow { sitting: None, ..works(2) }]));
        assert!(news.contains("works\t5 of 9, ") && news.lines().count() == 2, "{news}");
        let news = told.news(&ExamDay::new(at(30), vec![saved.clone(), works(2)]));
        let key = works(2).key();
        assert!(
            news.contains(&format!("row\t{key}\tworks")) && news.contains("order\t"),
            "the row stays the same: {news}"
        );
        let quiz = with(2, |sitting| sitting.attempt = Uuid::from_u128(300));
        let keys = ExamDay::new(at(30), vec![works(2), quiz]).keys();
        assert_ne!(keys[0], keys[1], "an exam and a quiz of one paper");
    }
}
