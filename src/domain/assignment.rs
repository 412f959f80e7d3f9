//! What the school sets a class to sit: a whole paper, a quiz of a topic or a test made by hand, between two times.

use chrono::{DateTime, Utc};
use exam_model::format::{count, date_time};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::quiz::MAX_QUESTIONS;

/// How many attempts can be allowed.
pub const ATTEMPTS: std::ops::RangeInclusive<i32> = 1..=10;

/// The time limits that can be set, in minutes.
pub const MINUTES: std::ops::RangeInclusive<i32> = 1..=600;

/// What is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// The whole document.
    Paper(Uuid),
    /// So many questions of a topic.
    Topic { topic: Uuid, questions: i32 },
    /// A test made by hand.
    Test(Uuid),
}

impl Work {
    /// A paper, so many questions of a topic, or a test; `None` if none is named.
    pub fn of(document: Option<Uuid>, topic: Option<Uuid>, questions: i32, test: Option<Uuid>) -> Option<Self> {
        let of_topic = || topic.map(|topic| Self::Topic { topic, questions });
        document.map(Self::Paper).or_else(of_topic).or(test.map(Self::Test))
    }

    /// Whether its questions can come in another order: those of a paper stand where they stand.
    pub fn is_shufflable(self) -> bool {
        !matches!(self, Self::Paper(_))
    }
}

/// For so many days after it was withdrawn, work can be set again.
pub const UNDO_DAYS: i32 = 30;

/// When and how work is done, which can be changed afterwards. It is for attempts that start from then on: one that is running
/// keeps its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub opens_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    /// `None` for the time that the paper or its marks give.
    pub minutes: Option<i32>,
    pub attempts: i32,
    /// Each pupil gets the questions in an order of their own.
    pub shuffled: bool,
    /// Pupils see their marks and the answers when it is due, not when they hand in.
    pub results_when_due: bool,
    /// To start, a code is needed that is told in the room.
    pub needs_code: bool,
}

impl Terms {
    /// The field that is wrong, and why.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), (&'static str, String)> {
        if self.due_at <= self.opens_at {
            return Err(("due", "This must be after the time at which it opens.".into()));
        }
        if self.due_at <= now {
            return Err(("due", "This time is over.".into()));
        }
        if self.minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
            return Err(("minutes", format!("Write {} to {} minutes, or nothing.", MINUTES.start(), MINUTES.end())));
        }
        if !ATTEMPTS.contains(&self.attempts) {
            return Err(("attempts", format!("Allow {} to {} attempts.", ATTEMPTS.start(), ATTEMPTS.end())));
        }
        Ok(())
    }

    /// Each of them in words.
    fn words(&self) -> [String; 7] {
        let minutes = self.minutes.map_or_else(|| "the usual time".to_owned(), |minutes| format!("{minutes} min"));
        [
            format!("opens {}", date_time(self.opens_at)),
            format!("due {}", date_time(self.due_at)),
            minutes,
            count(self.attempts.into(), "attempt"),
            if self.shuffled { "an order for each pupil" } else { "one order for all" }.to_owned(),
            if self.results_when_due { "marks when it is due" } else { "marks when it is handed in" }.to_owned(),
            if self.needs_code { "with a room code" } else { "without a room code" }.to_owned(),
        ]
    }

    /// What of them is new, in words; empty if nothing is.
    pub fn changes(&self, before: &Self) -> String {
        let pairs = before.words().into_iter().zip(self.words());
        let changed = pairs.filter(|(before, now)| before != now).map(|(before, now)| format!("{before} → {now}"));
        changed.collect::<Vec<_>>().join("; ")
    }
}

impl std::fmt::Display for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words().join(", "))
    }
}

/// Why a paper is not shuffled.
pub const NO_SHUFFLED_PAPER: &str = "The questions of a whole paper stay in its order.";

/// Work for a class, as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    pub class: Uuid,
    pub work: Work,
    pub terms: Terms,
}

impl NewAssignment {
    /// The field that is wrong, and why.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), (&'static str, String)> {
        self.terms.check(now)?;
        if self.terms.shuffled && !self.work.is_shufflable() {
            return Err(("shuffled", NO_SHUFFLED_PAPER.into()));
        }
        match self.work {
            Work::Topic { questions, .. } if !(1..=MAX_QUESTIONS).contains(&questions) => {
                Err(("questions", format!("Ask for 1 to {MAX_QUESTIONS} questions.")))
            }
            _ => Ok(()),
        }
    }
}

/// Work that was set, as the school sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssignmentLine {
    pub id: Uuid,
    pub class_id: Uuid,
    pub class: String,
    pub work: Work,
    pub title: String,
    pub terms: Terms,
    /// The code without which it cannot be started.
    pub room_code: Option<String>,
    /// Pupils see it no more since then.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The active pupils of the class, by name.
    pub pupils: Vec<AssignedPupil>,
}

/// A pupil to whose class work was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedPupil {
    pub full_name: String,
    pub sign_in_name: String,
    /// The last attempt that was handed in, and the one that is running.
    pub last: Option<Uuid>,
    pub running: Option<Uuid>,
}

impl AssignmentLine {
    /// How many pupils have handed it in.
    pub fn handed_in(&self) -> usize {
        self.pupils.iter().filter(|pupil| pupil.last.is_some()).count()
    }
}

/// Work that was set, as a pupil sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PupilAssignment {
    pub id: Uuid,
    pub work: Work,
    pub title: String,
    pub opens_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub minutes: Option<i32>,
    /// How many attempts are allowed.
    pub attempts: i32,
    pub shuffled: bool,
    /// To start, a code is needed that is told in the room.
    pub needs_code: bool,
    /// The finished attempts, and the last of them.
    pub finished: i64,
    pub last: Option<Uuid>,
    /// From when the pupil sees the marks of that, if not at once.
    pub results_at: Option<DateTime<Utc>>,
    /// The attempt that is running.
    pub running: Option<Uuid>,
}

/// What a pupil can do with work that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It opens later.
    Waits,
    /// An attempt can be started; so many are left.
    Open { left: i64 },
    /// An attempt is running.
    Running(Uuid),
    /// All allowed attempts are finished.
    Done,
    /// It was due before.
    Over,
}

impl PupilAssignment {
    pub fn stage(&self, now: DateTime<Utc>) -> Stage {
        let left = i64::from(self.attempts) - self.finished;
        match self.running {
            Some(attempt) => Stage::Running(attempt),
            None if left <= 0 => Stage::Done,
            None if now >= self.due_at => Stage::Over,
            None if now < self.opens_at => Stage::Waits,
            None => Stage::Open { left },
        }
    }

    /// The time for an attempt that starts now, of one that would have so many minutes: it ends when the work is due at the latest.
    pub fn minutes_now(&self, usual: i32, now: DateTime<Utc>) -> i32 {
        let until_due = (self.due_at - now).num_minutes().clamp(1, i64::from(*MINUTES.end())) as i32;
        self.minutes.unwrap_or(usual).min(until_due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap()
    }

    fn assignment(attempts: i32, finished: i64) -> PupilAssignment {
        PupilAssignment {
            id: Uuid::nil(),
            work: Work::Paper(Uuid::nil()),
            title: "Mock".into(),
            opens_at: at(0),
            due_at: at(100),
            minutes: None,
            attempts,
            shuffled: false,
            needs_code: false,
            finished,
            last: None,
            results_at: None,
            running: None,
        }
    }

    #[test]
    fn work_is_open_between_two_times_for_so_many_attempts() {
        let stage = |finished, minute| assignment(2, finished).stage(at(minute));
        assert_eq!(
            [-1, 0, 99, 100].map(|minute| stage(0, minute)),
            [Stage::Waits, Stage::Open { left: 2 }, Stage::Open { left: 2 }, Stage::Over]
        );
        assert_eq!((stage(1, 50), stage(2, 50), stage(2, 200)), (Stage::Open { left: 1 }, Stage::Done, Stage::Done));
        let running = PupilAssignment { running: Some(Uuid::max()), ..assignment(1, 0) };
        assert_eq!(running.stage(at(200)), Stage::Running(Uuid::max()), "it is finished, even after the work was due");
    }

    #[test]
    fn an_attempt_ends_when_the_work_is_due() {
        let limited = PupilAssignment { minutes: Some(30), ..assignment(1, 0) };
        assert_eq!([0, 80].map(|minute| limited.minutes_now(180, at(minute))), [30, 20]);
        assert_eq!([0, 80].map(|minute| assignment(1, 0).minutes_now(45, at(minute))), [45, 20]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let good = Terms { opens_at: at(0), due_at: at(60), attempts: 1, ..Terms::default() };
        let new = |terms: &Terms, questions| NewAssignment {
            class: Uuid::nil(),
            work: Work::Topic { topic: Uuid::nil(), questions },
            terms: terms.clone(),
        };
        assert_eq!(new(&good, 10).check(at(0)), Ok(()));
        let wrong = |terms: Terms| new(&terms, 10).check(at(10)).unwrap_err().0;
        assert_eq!(wrong(Terms { due_at: at(0), ..good.clone() }), "due");
        assert_eq!(wrong(Terms { opens_at: at(-9), due_at: at(9), ..good.clone() }), "due");
        assert_eq!(wrong(Terms { minutes: Some(0), ..good.clone() }), "minutes");
        assert_eq!(wrong(Terms { attempts: 11, ..good.clone() }), "attempts");
        assert_eq!(new(&good, 0).check(at(10)).unwrap_err().0, "questions");
        let shuffled =
            |work| NewAssignment { class: Uuid::nil(), work, terms: Terms { shuffled: true, ..good.clone() } };
        assert_eq!(shuffled(Work::Paper(Uuid::nil())).check(at(10)).unwrap_err().0, "shuffled");
        assert_eq!(shuffled(Work::Test(Uuid::nil())).check(at(10)), Ok(()));
    }

    #[test]
    fn what_changed_is_told() {
        let before = Terms { opens_at: at(0), due_at: at(60), attempts: 1, ..Terms::default() };
        assert_eq!(before.changes(&before), "");
        let after = Terms { minutes: Some(50), attempts: 2, ..before.clone() };
        assert_eq!(after.changes(&before), "the usual time → 50 min; 1 attempt → 2 attempts");
        let words = "50 min, 2 attempts, one order for all, marks when it is handed in, without a room code";
        assert!(after.to_string().ends_with(words), "{after}");
    }
}
