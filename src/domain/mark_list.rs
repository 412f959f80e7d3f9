//! Attempts of a whole paper, and the mark list that they make.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use exam_marking::folded;
use exam_model::answer::{Answer, Verdict};
use exam_model::format;
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::told_apart;

/// What pupils sit as a whole, one like the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exam {
    Paper(Uuid),
    /// A test made by hand.
    Test(Uuid),
}

impl Exam {
    /// A paper or a test; `None` if neither is named.
    pub fn of(document: Option<Uuid>, test: Option<Uuid>) -> Option<Self> {
        document.map(Self::Paper).or(test.map(Self::Test))
    }

    /// The ids of the paper and of the test, of which it is one.
    pub fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Paper(id) => (Some(id), None),
            Self::Test(id) => (None, Some(id)),
        }
    }

    /// The address of one of its pages for staff, such as `marks`.
    pub fn page(self, name: &str) -> String {
        match self {
            Self::Paper(id) => format!("/admin/documents/{id}/{name}"),
            Self::Test(id) => format!("/admin/tests/{id}/{name}"),
        }
    }

    /// Its parameter in a query.
    pub fn query(self) -> String {
        match self {
            Self::Paper(id) => format!("document={id}"),
            Self::Test(id) => format!("test={id}"),
        }
    }

    /// The address of itself, and what it is called.
    pub fn link(self) -> (String, &'static str) {
        match self {
            Self::Paper(id) => (format!("/documents/{id}"), "The paper"),
            Self::Test(id) => (format!("/admin/tests/{id}"), "The test"),
        }
    }
}

/// Which finished attempt of a pupil at a whole paper counts: one in which something was answered, if there is any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    First,
    /// The one with the greatest share of the marks; of equals the first.
    Best,
    Last,
}

impl Which {
    /// Each with its word in addresses and in the database, and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::First, "first", "First attempt"),
        (Self::Best, "best", "Best attempt"),
        (Self::Last, "last", "Last attempt"),
    ];

    /// The one for this word; the default for any other.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|(_, name, _)| *name == word).map_or(Self::default(), |(which, ..)| which)
    }

    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(which, ..)| *which == self).map_or("", |(_, word, _)| word)
    }
}

/// The attempt of a pupil at a whole paper that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedAttempt {
    pub attempt: Uuid,
    pub pupil: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
    /// The full name of the class that the pupil is in now.
    pub class: Option<String>,
    /// Which of the pupil's finished attempts it is, and of how many.
    pub number: i64,
    pub attempts: i64,
    pub submitted_at: DateTime<Utc>,
    /// From the start to the end, without pauses.
    pub seconds: i64,
    pub earned: f64,
    pub possible: f64,
    /// By item.
    pub answers: HashMap<Uuid, GivenAnswer>,
}

impl CountedAttempt {
    /// Whether nothing was answered.
    pub fn is_blank(&self) -> bool {
        self.answers.values().all(|given| given.answer.is_blank())
    }

    /// The answer to an item, if it is part of the total.
    pub fn counted(&self, item: Uuid) -> Option<&GivenAnswer> {
        self.answers.get(&item).filter(|given| given.counts)
    }
}

/// An answer with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenAnswer {
    pub answer: Answer,
    pub counts: bool,
    pub earned: f64,
    pub possible: f64,
    pub verdict: Verdict,
}

/// A paper or test that was sat lately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenExam {
    pub exam: Exam,
    pub title: String,
    /// How many pupils sat it as a whole.
    pub pupils: i64,
    pub last_at: DateTime<Utc>,
}

/// The marks of all who sat an exam, item by item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkList {
    pub title: String,
    pub items: Vec<MarkColumn>,
    pub lines: Vec<MarkLine>,
    /// Pupils of the class who have not sat it, if it is the list of a class.
    pub absent: Vec<AbsentPupil>,
}

/// A pupil who has not sat a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentPupil {
    pub id: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
}

impl MarkList {
    /// The names of its lines and of those who are absent, as they are shown.
    pub fn names(&self) -> (Vec<String>, Vec<String>) {
        let sat = self.lines.iter().map(|line| (line.full_name.as_str(), line.sign_in_name.as_str()));
        let absent = self.absent.iter().map(|pupil| (pupil.full_name.as_str(), pupil.sign_in_name.as_str()));
        let mut names = told_apart(&sat.chain(absent).collect::<Vec<_>>());
        let absent = names.split_off(self.lines.len());
        (names, absent)
    }
}

/// An item of a mark list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MarkColumn {
    pub path: String,
    /// What it is worth; `None` if it counts in nobody's total.
    pub possible: Option<f64>,
}

impl MarkColumn {
    /// Its path and what it is worth, such as `2a /3`.
    pub fn heading(&self) -> String {
        let of = self.possible.map(|possible| format!(" /{}", format::marks(possible)));
        format!("{}{}", self.path, of.unwrap_or_default())
    }
}

/// The marks of a pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MarkLine {
    pub attempt: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
    pub class: Option<String>,
    /// Which of the pupil's finished attempts it is, and of how many.
    pub number: i64,
    pub attempts: i64,
    pub submitted_at: DateTime<Utc>,
    /// Without pauses.
    pub seconds: i64,
    /// As the list's `items`; `None` for one that does not count in this attempt.
    pub marks: Vec<Option<ItemMark>>,
    pub earned: f64,
    pub possible: f64,
}

/// The marks of an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ItemMark {
    pub earned: f64,
    pub possible: f64,
}

/// The order of a mark list; ties are sorted by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MarkSort {
    #[default]
    Name,
    /// The most of the marks first.
    Total,
    Class,
}

impl MarkSort {
    /// Each order with its word in URLs and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Name, "name", "By name"), (Self::Total, "total", "Most marks"), (Self::Class, "class", "By class")];

    /// The order for this word; the default for any other.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|(_, name, _)| *name == word).map_or(Self::default(), |(sort, ..)| sort)
    }
}

impl MarkLine {
    fn of(attempt: &CountedAttempt, items: &[&Question]) -> Self {
        let mark = |item: &&Question| {
            let given = attempt.counted(item.id)?;
            Some(ItemMark { earned: given.earned, possible: given.possible })
        };
        Self {
            attempt: attempt.attempt,
            full_name: attempt.full_name.clone(),
            sign_in_name: attempt.sign_in_name.clone(),
            class: attempt.class.clone(),
            number: attempt.number,
            attempts: attempt.attempts,
            submitted_at: attempt.submitted_at,
            seconds: attempt.seconds,
            marks: items.iter().map(mark).collect(),
            earned: attempt.earned,
            possible: attempt.possible,
        }
    }

    /// The share of the marks, 0 to 1.
    pub fn share(&self) -> Option<f64> {
        super::progress::share(self.earned, self.possible)
    }
}

/// The columns and lines of a mark list, the lines in this order.
pub fn mark_table(
    items: &[&Question],
    attempts: &[CountedAttempt],
    sort: MarkSort,
) -> (Vec<MarkColumn>, Vec<MarkLine>) {
    let mut lines: Vec<MarkLine> = attempts.iter().map(|attempt| MarkLine::of(attempt, items)).collect();
    lines.sort_by_cached_key(|line| (folded(&line.full_name).into_owned(), line.attempt));
    match sort {
        MarkSort::Name => {}
        MarkSort::Total => {
            lines.sort_by(|a, b| b.share().unwrap_or_default().total_cmp(&a.share().unwrap_or_default()));
        }
        // Those without a class come last.
        MarkSort::Class => lines.sort_by_key(|line| (line.class.is_none(), line.class.clone())),
    }
    let possible = |place: usize| lines.iter().find_map(|line| Some(line.marks[place]?.possible));
    let columns = items.iter().enumerate();
    let columns = columns.map(|(place, item)| MarkColumn { path: item.path.clone(), possible: possible(place) });
    (columns.collect(), lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(number: u128, name: &str, class: Option<&str>, earned: f64) -> CountedAttempt {
        let item = |id, counts, earned| {
            let answer = Answer(vec!["5".into()]);
            (Uuid::from_u128(id), GivenAnswer { answer, counts, earned, possible: 2.0, verdict: Verdict::Partly })
        };
        CountedAttempt {
            attempt: Uuid::from_u128(number),
            pupil: Uuid::from_u128(number),
            full_name: name.into(),
            sign_in_name: format!("pupil{number}"),
            class: class.map(str::to_owned),
            number: 1,
            attempts: 1,
            submitted_at: DateTime::default(),
            seconds: 60,
            earned,
            possible: 4.0,
            answers: HashMap::from([item(1, true, earned), item(2, false, 1.0)]),
        }
    }

    #[test]
    fn a_mark_list_is_sorted_as_wanted() {
        let all = [
            attempt(1, "Zawadi", Some("P6 A"), 4.0),
            attempt(2, "Étienne", None, 1.0),
            attempt(3, "Amina", Some("P6 B"), 1.0),
            attempt(4, "eric", Some("P6 A"), 0.0),
        ];
        let names = |sort| mark_table(&[], &all, sort).1.into_iter().map(|line| line.full_name).collect::<Vec<_>>();
        assert_eq!(names(MarkSort::Name), ["Amina", "eric", "Étienne", "Zawadi"]);
        assert_eq!(names(MarkSort::Total), ["Zawadi", "Amina", "Étienne", "eric"]);
        assert_eq!(names(MarkSort::Class), ["eric", "Zawadi", "Amina", "Étienne"]);
    }

    #[test]
    fn namesakes_are_told_apart_also_from_who_is_absent() {
        let all = [attempt(1, "Keza", None, 4.0), attempt(2, "Amina", None, 1.0)];
        let (items, lines) = mark_table(&[], &all, MarkSort::Name);
        let keza = AbsentPupil { id: Uuid::max(), full_name: "Keza".into(), sign_in_name: "keza".into() };
        let list = MarkList { title: String::new(), items, lines, absent: vec![keza] };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(list.names(), (names(&["Amina", "Keza (pupil1)"]), names(&["Keza (keza)"])));
    }

    #[test]
    fn what_does_not_count_has_no_marks_in_the_list() {
        let item = |id: u128| Question { id: Uuid::from_u128(id), path: id.to_string(), ..Question::default() };
        let items = [item(1), item(2), item(3)];
        let (columns, lines) =
            mark_table(&items.iter().collect::<Vec<_>>(), &[attempt(1, "A", None, 1.5)], MarkSort::Name);
        assert_eq!(lines[0].marks, [Some(ItemMark { earned: 1.5, possible: 2.0 }), None, None]);
        assert_eq!(lines[0].share(), Some(0.375));
        assert_eq!(columns.iter().map(MarkColumn::heading).collect::<Vec<_>>(), ["1 /2", "2", "3"]);
    }
}
