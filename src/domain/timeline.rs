//! An attempt's timeline: what happened when, for the pupil and the school to read.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use exam_model::format;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineLine {
    pub at: DateTime<Utc>,
    pub what: String,
}

/// An entry of the journal that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub at: DateTime<Utc>,
    pub written_at: DateTime<Utc>,
    pub device: String,
    pub late: bool,
    /// After the end, and it counts.
    pub in_grace: bool,
}

/// SaveQueue of one device that follow each other within this time are one line.
const TOGETHER: TimeDelta = TimeDelta::minutes(2);
/// An entry that took longer to arrive was kept on the device meanwhile.
const ON_THE_WAY: TimeDelta = TimeDelta::seconds(15);

/// Arrivals, oldest first, grouped into few lines.
pub fn saves(arrivals: &[Arrival]) -> Vec<TimelineLine> {
    let mut groups: Vec<Vec<&Arrival>> = Vec::new();
    for arrival in arrivals {
        let goes_on = |last: &&Arrival| {
            last.device == arrival.device
                && (last.late, last.in_grace) == (arrival.late, arrival.in_grace)
                && arrival.at - last.at <= TOGETHER
        };
        match groups.last_mut().filter(|group| group.last().is_some_and(goes_on)) {
            Some(group) => group.push(arrival),
            None => groups.push(vec![arrival]),
        }
    }
    groups.iter().map(|group| line(group)).collect()
}

fn line(group: &[&Arrival]) -> TimelineLine {
    let (first, last) = (group[0], group[group.len() - 1]);
    let changes = format::count(group.len() as i64, "change");
    let mut what = if first.late {
        format!("{changes} arrived from {} after the end: kept here, not marked", first.device)
    } else if first.in_grace {
        format!("{changes} arrived from {} after the end, but written before it: marked", first.device)
    } else {
        format!("{changes} saved from {}", first.device)
    };
    let waited = group.iter().map(|arrival| arrival.at - arrival.written_at).max().unwrap_or_default();
    // If a clock is wrong by hours, the difference says nothing about the delay.
    if waited > ON_THE_WAY && waited < TimeDelta::hours(12) {
        what += &format!("; up to {} on the device before it was sent", format::clock(waited.num_seconds()));
    }
    TimelineLine { at: last.at, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(seconds: i64, waited: i64, device: &str, late: bool) -> Arrival {
        let at = DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap();
        Arrival { at, written_at: at - TimeDelta::seconds(waited), device: device.into(), late, in_grace: false }
    }

    #[test]
    fn saves_are_told_together() {
        let lines = saves(&[
            arrival(0, 1, "Chrome", false),
            arrival(60, 1, "Chrome", false),
            arrival(400, 300, "Chrome", false),
            arrival(410, 1, "Firefox", false),
            arrival(420, 1, "Firefox", true),
            Arrival { in_grace: true, ..arrival(421, 8, "Firefox", false) },
        ]);
        let words: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
        assert_eq!(
            words,
            [
                "2 changes saved from Chrome",
                "1 change saved from Chrome; up to 5:00 on the device before it was sent",
                "1 change saved from Firefox",
                "1 change arrived from Firefox after the end: kept here, not marked",
                "1 change arrived from Firefox after the end, but written before it: marked",
            ]
        );
        assert_eq!(saves(&[]), []);
    }
}
