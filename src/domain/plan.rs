//! The plan of a pupil's week: so many minutes a day, and the days on which they were practised.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use exam_model::format::{self, in_kigali};
use serde::{Deserialize, Serialize};

/// The minutes a day that a pupil can choose, as the constraint `users_daily_minutes_check` has them.
pub const CHOICES: [i16; 4] = [10, 20, 30, 45];

/// Between two times that are further apart, the pupil was away.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// A week from Monday to Sunday, in Rwanda, with the minutes practised on each day.
///
/// Minutes are those between the times that attempts leave behind: a quiz was started, a page opened it, an answer was written or
/// checked, the pupil handed in (`db::progress::week`). What lies between two of them counts, unless it is longer than `PAUSE`;
/// so reading a result counts for nothing, and an exam that is left open does not either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// The minutes a day that the pupil has chosen. All days are measured by them, also those before the choice.
    pub daily: Option<i16>,
    pub today: NaiveDate,
    /// Monday first.
    minutes: [i64; 7],
}

/// A day of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub weekday: Weekday,
    pub minutes: i64,
    /// The minutes that were chosen are practised.
    pub kept: bool,
    pub is_today: bool,
    /// It is still to come.
    pub ahead: bool,
}

impl Week {
    /// The week of `now`, from times in order.
    pub fn of(daily: Option<i16>, times: &[DateTime<Utc>], now: DateTime<Utc>) -> Self {
        let today = in_kigali(now).date_naive();
        let monday = monday(today);
        let mut practised = [TimeDelta::zero(); 7];
        for pair in times.windows(2) {
            let gap = pair[1] - pair[0];
            let day = (in_kigali(pair[1]).date_naive() - monday).num_days();
            if let (true, Ok(0..7)) = (gap <= PAUSE, u8::try_from(day)) {
                practised[day as usize] += gap;
            }
        }
        // To the nearest minute.
        let minutes = practised.map(|time| (time + TimeDelta::seconds(30)).num_minutes());
        Self { daily, today, minutes }
    }

    /// The beginning of the week of `now`.
    pub fn begins_at(now: DateTime<Utc>) -> DateTime<Utc> {
        let local = in_kigali(now);
        let midnight = monday(local.date_naive()).and_time(chrono::NaiveTime::MIN);
        (midnight - TimeDelta::seconds(local.offset().local_minus_utc().into())).and_utc()
    }

    /// The days from Monday to Sunday.
    pub fn days(&self) -> [Day; 7] {
        std::array::from_fn(|n| {
            let date = monday(self.today) + Days::new(n as u64);
            let minutes = self.minutes[n];
            Day {
                weekday: date.weekday(),
                minutes,
                kept: self.daily.is_some_and(|daily| minutes >= daily.into()),
                is_today: date == self.today,
                ahead: date > self.today,
            }
        })
    }

    /// The minutes practised today.
    pub fn today_minutes(&self) -> i64 {
        self.minutes[self.today.weekday().num_days_from_monday() as usize]
    }

    /// How the week goes, such as "3 of 5 days this week"; `None` before a day is kept. Today counts once it is kept: until then
    /// it is not missed.
    pub fn words(&self) -> Option<String> {
        let days = self.days();
        let kept = days.iter().filter(|day| day.kept).count();
        let so_far = days.iter().filter(|day| !day.ahead && (day.kept || !day.is_today)).count();
        (kept > 0).then(|| format!("{kept} of {} this week", format::count(so_far as i64, "day")))
    }
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        format!("{time}:00+02:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
    }

    /// Every five minutes from then on.
    fn practice(from: &str, minutes: i64) -> impl Iterator<Item = DateTime<Utc>> {
        let from = at(from);
        (0..=minutes / 5).map(move |n| from + TimeDelta::minutes(5 * n))
    }

    #[test]
    fn minutes_are_those_between_answers_and_pauses_are_none() {
        // A Wednesday; the days are those of Rwanda, where Tuesday is already over.
        let now = at("2026-12-02T00:30");
        let monday = practice("2026-11-30T07:00", 20).chain(practice("2026-11-30T18:00", 5));
        let late = practice("2026-12-01T23:50", 20);
        let times: Vec<_> = monday.chain(late).collect();
        let week = Week::of(Some(20), &times, now);
        assert_eq!(week.minutes, [25, 5, 15, 0, 0, 0, 0]);
        assert_eq!((week.today_minutes(), Week::begins_at(now)), (15, at("2026-11-30T00:00")));
        assert_eq!(Week::of(None, &[], now).minutes, [0; 7]);
        let alone = [at("2026-12-02T00:05"), at("2026-12-02T00:16")];
        assert_eq!(Week::of(None, &alone, now).today_minutes(), 0, "eleven minutes without a sign");
    }

    #[test]
    fn a_missed_day_is_told_without_shame_and_today_is_not_missed_yet() {
        let friday = at("2026-12-04T16:00");
        let mut times: Vec<_> = practice("2026-11-30T07:00", 20).chain(practice("2026-12-02T07:00", 30)).collect();
        let week = |daily, times: &[DateTime<Utc>]| Week::of(daily, times, friday);
        assert_eq!(week(Some(20), &times).words().as_deref(), Some("2 of 4 days this week"));
        assert_eq!(week(Some(45), &times).words(), None);
        times.extend(practice("2026-12-04T07:00", 20));
        assert_eq!(week(Some(20), &times).words().as_deref(), Some("3 of 5 days this week"));
        let kept = |week: &Week| week.days().map(|day| day.kept);
        assert_eq!(kept(&week(Some(20), &times)), [true, false, true, false, true, false, false]);
        assert_eq!(kept(&week(None, &times)), [false; 7]);
        let days = week(Some(20), &times).days();
        assert_eq!(days.map(|day| day.ahead), [false, false, false, false, false, true, true]);
        assert_eq!(days.iter().find(|day| day.is_today).unwrap().weekday, Weekday::Fri);
        let monday = Week::of(Some(20), &times[..5], at("2026-11-30T20:00"));
        assert_eq!(monday.words().as_deref(), Some("1 of 1 day this week"));
    }
}
