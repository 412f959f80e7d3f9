//! The marks that were to be expected at the end of each week.
//!
//! Nothing is kept for this. A pupil's answers are learnt again in the order of their time, with what is known today of how hard
//! the questions are, and the exam is the one that today's past papers make up. So no answer tells of the weeks before it, but
//! for what it says of the questions.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Blueprint, ENOUGH_ANSWERS};
use crate::domain::history::{Answered, seconds};
use crate::domain::knowledge::{Forecast, Model, Pupil};
use crate::domain::learning::{Knowledge, answered, today};

/// The most weeks that are told, the last ones: half a year.
const MOST: u64 = 26;

/// The mark to expect at the end of a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// A Sunday, or today.
    pub ends: NaiveDate,
    /// `None`: it was not known.
    pub forecast: Option<Forecast>,
}

/// What was known of a pupil at the end of each week since the first answer, and is known today.
#[derive(Debug, Clone, Default)]
pub struct Weeks(Vec<WeekEnd>);

#[derive(Debug, Clone)]
struct WeekEnd {
    day: NaiveDate,
    /// The first second after it; today's beginning for today.
    at: f64,
    pupil: Pupil<Uuid>,
}

impl Weeks {
    /// `answers` are all of the pupil's, in the order of their time; `knowledge` is of all items in them.
    pub fn of(knowledge: &Knowledge, answers: &[Answered], now: DateTime<Utc>) -> Self {
        let Some(first) = answers.first() else { return Self::default() };
        let Knowledge { model, pupil: known_today } = knowledge;
        let mut pupil = model.pupil();
        let mut rest = answers;
        let mut weeks = Vec::new();
        for day in sundays(first.at.date_naive(), now.date_naive()) {
            let end = (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
            let (until, later) = rest.split_at(rest.partition_point(|answer| answer.at < end));
            // The model has learnt from them already.
            until.iter().for_each(|answer| {
                model.only(&answer.asked()).learn(&mut pupil, &answer.asked(), answer.share());
            });
            rest = later;
            weeks.push(WeekEnd { day, at: seconds(end), pupil: pupil.clone() });
        }
        weeks.push(WeekEnd { day: now.date_naive(), at: today(now), pupil: known_today.clone() });
        Self(weeks)
    }

    /// The marks to expect in the subject of these topics, from the first week in which any was known; empty before there
    /// are two.
    pub fn in_subject(&self, model: &Model<Uuid>, blueprint: &Blueprint, topics: &[Uuid]) -> Vec<Week> {
        let forecast = |week: &WeekEnd| {
            let answers: u32 = topics.iter().map(|topic| answered(&week.pupil, *topic)).sum();
            (answers >= ENOUGH_ANSWERS).then(|| blueprint.forecast(model, &week.pupil, week.at)).flatten()
        };
        let all = self.0.iter().map(|week| Week { ends: week.day, forecast: forecast(week) });
        let weeks: Vec<Week> = all.skip_while(|week| week.forecast.is_none()).collect();
        if weeks.iter().filter(|week| week.forecast.is_some()).count() < 2 { Vec::new() } else { weeks }
    }
}

/// The last Sundays before today that are not before the first day, earliest first.
fn sundays(first: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let since = match today.weekday().num_days_from_sunday() {
        0 => 7,
        days => u64::from(days),
    };
    let back = (0..MOST - 1).map(|week| today - Days::new(since + 7 * week));
    let mut all: Vec<NaiveDate> = back.take_while(|sunday| *sunday >= first).collect();
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::expected_mark::PastPaper;
    use crate::domain::learning::learn;
    use exam_model::question::Question;

    const SETS: Uuid = Uuid::from_u128(70_009);

    /// A Wednesday, and days after it.
    fn on(day: i64) -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(2026, 3, 4).unwrap().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(day)
    }

    /// So many answers on a day, all earning this share.
    fn answers(day: i64, count: u128, earned: f64) -> Vec<Answered> {
        let answer = |n| Answered {
            question_id: Uuid::from_u128(1000 * day as u128 + n),
            topic_id: Some(SETS),
            at: on(day),
            earned,
            possible: 1.0,
            blank: false,
        };
        (0..count).map(answer).collect()
    }

    /// In a school of thirty others, who know half.
    fn weeks(answers: &[Answered], now: DateTime<Utc>) -> Vec<Week> {
        let Knowledge { mut model, mut pupil } = Knowledge::default();
        for other in 0..30 {
            let half = |n: u32| Answered {
                question_id: Uuid::from_u128(n.into()),
                ..self::answers(0, 1, f64::from((n + other) % 2))[0]
            };
            learn(&mut model, &mut Knowledge::default().pupil, &(0..20).map(half).collect::<Vec<_>>());
        }
        learn(&mut model, &mut pupil, answers);
        let question = Question { topic: Some(SETS), marks: Some(1.0), ..Question::default() };
        let paper = PastPaper { sections: vec![], questions: vec![question; 30] };
        let blueprint = Blueprint::of(&[&paper]).unwrap();
        let knowledge = Knowledge { model, pupil };
        Weeks::of(&knowledge, answers, now).in_subject(&knowledge.model, &blueprint, &[SETS])
    }

    #[test]
    fn weeks_end_on_sundays_and_today() {
        let days = |first, today| -> Vec<u32> {
            sundays(on(first).date_naive(), on(today).date_naive()).iter().map(Datelike::day).collect()
        };
        assert_eq!(days(0, 2), [] as [u32; 0], "Friday of the first week");
        assert_eq!(days(0, 4), [] as [u32; 0], "that Sunday is today");
        assert_eq!((days(0, 5), days(0, 11), days(0, 12)), (vec![8], vec![8], vec![8, 15]));
        assert_eq!(days(0, 3650).len() as u64, MOST - 1);
    }

    #[test]
    fn a_week_is_told_by_the_answers_until_its_end() {
        let first = answers(0, 40, 0.0);
        let both = [first.clone(), answers(9, 40, 1.0)].concat();
        let all = weeks(&both, on(13));
        assert_eq!(all.iter().map(|week| week.ends.day()).collect::<Vec<_>>(), [8, 15, 17]);
        let expected = |week: &Week| week.forecast.unwrap().expected;
        assert!(expected(&all[0]) + 5.0 < expected(&all[1]), "{all:?}");
        // What came later says little of the first week: only how hard the topic is.
        let early = weeks(&first, on(6));
        assert_eq!(early[0].ends, all[0].ends);
        assert!((expected(&early[0]) - expected(&all[0])).abs() < 3.0, "{early:?} {all:?}");
    }

    #[test]
    fn weeks_begin_when_the_mark_is_known() {
        let few = answers(0, 19, 1.0);
        assert_eq!(weeks(&few, on(20)), []);
        let more = [few, answers(8, 30, 1.0)].concat();
        assert_eq!(weeks(&more, on(13)).iter().map(|week| week.ends.day()).collect::<Vec<_>>(), [15, 17]);
        assert_eq!(weeks(&more, on(9)), [], "one is no chart");
    }
}
