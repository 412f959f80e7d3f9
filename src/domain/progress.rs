//! What pages show of pupils' progress.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assignment::{PupilAssignment, Stage};
use super::attempt::{AttemptLine, Practice};
use super::expected_mark::{ExpectedMark, Outlook, Raise};
use super::mastery::{Evidence, TopicMastery, Trend};
use super::plan::Week;

/// The share of the marks, 0 to 1; `None` before there are any.
pub fn share(earned: f64, possible: f64) -> Option<f64> {
    (possible > 0.0).then(|| earned / possible)
}

/// A pupil's standing in one topic today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicProgress {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject_id: Uuid,
    pub subject: String,
    pub standing: TopicMastery,
    pub evidence: Evidence,
    pub trend: Option<Trend>,
    /// The time of the last answer.
    pub last_at: DateTime<Utc>,
}

/// The statistics of everything that a pupil has handed in.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Overall {
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
    pub last_at: Option<DateTime<Utc>>,
}

impl Overall {
    /// The share of the marks, 0 to 1; `None` before there are any.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.earned, self.possible)
    }
}

/// A subject that a pupil can practise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectLine {
    pub id: Uuid,
    pub name: String,
    pub level: String,
    /// The day of the level's exam, if it is set.
    pub exam_on: Option<NaiveDate>,
    /// The number of papers with questions that can be marked.
    pub papers: i64,
}

/// An item that was answered wrong or only partly, and is not yet remembered well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    pub document_id: Uuid,
    /// Its place: the paper and the item's path.
    pub paper: String,
    pub path: String,
    pub text: String,
    pub topic: Option<String>,
    /// Marks of the last answer.
    pub earned: f64,
    pub possible: f64,
    pub due_at: DateTime<Utc>,
    pub is_due: bool,
}

/// A pupil's mistakes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistakes {
    /// For each subject its name, if any, and its mistakes, those that are due first.
    pub subjects: Vec<(Option<String>, Vec<Mistake>)>,
    /// How many are due.
    pub due: i64,
}

/// One pupil's topics and attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub full_name: String,
    /// What the pupil signs in with.
    pub sign_in_name: String,
    pub level: Option<String>,
    /// Of the viewer's own.
    pub next: Option<NextSteps>,
    pub topics: Vec<TopicProgress>,
    /// The mark to expect in each subject of the level that has past papers.
    pub expected: Vec<ExpectedMark>,
    /// Latest first.
    pub attempts: Vec<AttemptLine>,
    /// Whether there are earlier ones.
    pub more: bool,
    /// The share of the marks below which a topic is weak.
    pub weak_below: f64,
}

/// The most attempts in a list: of the latest, or with `all`.
pub fn most_listed(all: bool) -> usize {
    if all { 1000 } else { 25 }
}

/// The order of the school's list of pupils; ties are sorted by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PupilSort {
    #[default]
    Name,
    /// Most first.
    WeakTopics,
    /// Least share first; pupils without marks last.
    Marks,
    /// Most first.
    Attempts,
}

impl PupilSort {
    /// Each order with its word in URLs and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Name, "name", "By name"),
        (Self::WeakTopics, "weak_topics", "Most weak topics"),
        (Self::Marks, "marks", "Least marks"),
        (Self::Attempts, "attempts", "Most attempts"),
    ];

    /// The order for this word; the default for an empty word.
    pub fn parse(word: &str) -> Option<Self> {
        if word.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|(_, name, _)| *name == word).map(|(sort, ..)| sort)
    }
}

/// The word in addresses for a list of the pupils whose accounts are switched off.
pub const DISABLED: &str = "disabled";

/// A pupil in the school's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PupilLine {
    pub id: Uuid,
    pub full_name: String,
    pub email: Option<String>,
    pub login_name: Option<String>,
    pub level: Option<String>,
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
    pub weak_topics: i64,
}

/// Suggestions for a pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextSteps {
    pub subjects: Vec<SubjectLine>,
    /// The number of mistakes that are due.
    pub due: i64,
    pub exam_on: NaiveDate,
    pub days_left: i64,
}

/// What a pupil's home shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// The time by the server's clock.
    pub now: DateTime<Utc>,
    /// What the school has set, that which is due next first.
    pub assigned: Vec<PupilAssignment>,
    /// The practice that was begun last and is still open.
    pub practice: Option<Practice>,
    /// With the latest attempts only.
    pub progress: Progress,
    pub week: Week,
}

/// The one thing that a pupil is told to do now.
#[derive(Debug, Clone, PartialEq)]
pub enum NextStep {
    GoOn(Practice),
    /// To do what the school has set.
    Assigned(PupilAssignment),
    /// To answer this many mistakes again.
    Mistakes(i64),
    /// To practise the topic that raises the expected mark of a subject most.
    Topic {
        subject: Uuid,
        raise: Raise,
    },
    /// To practise a subject: the one of the weakest topic, or the first.
    Subject(SubjectLine),
    /// There is nothing to practise yet.
    Nothing,
}

impl NextStep {
    /// What is practised, in a few words.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::GoOn(practice) => Some(&practice.title),
            Self::Assigned(work) => Some(&work.title),
            Self::Mistakes(_) => Some("your mistakes"),
            Self::Topic { raise, .. } => Some(&raise.topic),
            Self::Subject(subject) => Some(&subject.name),
            Self::Nothing => None,
        }
    }
}

impl Home {
    /// What is begun comes first, then what the school wants within a day, what would soon be forgotten, what else the school
    /// has set, and what helps most.
    pub fn next_step(&self) -> NextStep {
        let next = self.progress.next.as_ref();
        let set = |is_it: &dyn Fn(&PupilAssignment) -> bool| {
            self.assigned.iter().find(|work| is_it(work)).cloned().map(NextStep::Assigned)
        };
        let open = |work: &PupilAssignment| matches!(work.stage(self.now), Stage::Open { .. });
        set(&|work| work.running.is_some())
            .or_else(|| self.practice.clone().map(NextStep::GoOn))
            .or_else(|| set(&|work| open(work) && work.due_at - self.now <= TimeDelta::days(1)))
            .or_else(|| next.map(|next| next.due).filter(|&due| due > 0).map(NextStep::Mistakes))
            .or_else(|| set(&open))
            .unwrap_or_else(|| self.practises())
    }

    /// What helps most of what can be practised.
    fn practises(&self) -> NextStep {
        let next = self.progress.next.as_ref();
        let raises = self.progress.expected.iter().filter_map(|mark| match &mark.outlook {
            Outlook::Known(known) => Some((mark.subject_id, known.raises.first()?)),
            _ => None,
        });
        if let Some((subject, raise)) = raises.max_by(|(_, a), (_, b)| a.adds.total_cmp(&b.adds)) {
            return NextStep::Topic { subject, raise: raise.clone() };
        }
        let subjects = next.map_or(&[][..], |next| &next.subjects);
        let weakest = self.progress.topics.first().map(|topic| topic.subject_id);
        let subject = subjects.iter().find(|subject| Some(subject.id) == weakest).or(subjects.first());
        subject.cloned().map_or(NextStep::Nothing, NextStep::Subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assignment::Work;

    #[test]
    fn what_is_begun_comes_first_then_mistakes_then_what_helps_most() {
        let subject = |n: u128, name: &str| SubjectLine {
            id: Uuid::from_u128(n),
            name: name.into(),
            level: "P6".into(),
            exam_on: None,
            papers: 9,
        };
        let subjects = vec![subject(1, "English"), subject(2, "Mathematics")];
        let exam_on = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();
        let progress = Progress {
            full_name: "Amina".into(),
            sign_in_name: "amina".into(),
            level: Some("P6".into()),
            next: Some(NextSteps { subjects: subjects.clone(), due: 3, exam_on, days_left: 20 }),
            topics: vec![],
            expected: vec![],
            attempts: vec![],
            more: false,
            weak_below: 0.6,
        };
        let practice = Practice { id: Uuid::nil(), title: "English".into() };
        let week = Week::of(None, &[], DateTime::UNIX_EPOCH);
        let now = DateTime::UNIX_EPOCH;
        let set = |hours: i64| PupilAssignment {
            id: Uuid::from_u128(hours as u128),
            work: Work::Paper(Uuid::nil()),
            title: "Mock".into(),
            opens_at: now,
            due_at: now + TimeDelta::hours(hours),
            minutes: None,
            attempts: 1,
            shuffled: false,
            needs_code: false,
            finished: 0,
            last: None,
            results_at: None,
            running: None,
        };
        let done = PupilAssignment { finished: 1, ..set(5) };
        let assigned = vec![done.clone(), set(20), set(70)];
        let mut home = Home { now, assigned, practice: Some(practice.clone()), progress, week };
        assert_eq!(home.next_step(), NextStep::GoOn(practice));
        home.practice = None;
        assert_eq!(home.next_step(), NextStep::Assigned(set(20)), "due today");
        home.assigned.remove(1);
        assert_eq!(home.next_step(), NextStep::Mistakes(3));
        home.progress.next.as_mut().unwrap().due = 0;
        assert_eq!(home.next_step(), NextStep::Assigned(set(70)));
        let running = PupilAssignment { running: Some(Uuid::nil()), ..set(90) };
        home.assigned = vec![done, set(20), running.clone()];
        assert_eq!(home.next_step(), NextStep::Assigned(running), "begun");
        home.assigned.clear();
        assert_eq!(home.next_step(), NextStep::Subject(subjects[0].clone()));
        home.progress.next = None;
        assert_eq!(home.next_step(), NextStep::Nothing);
    }
}
