//! What a pupil, or a class, knows of a topic.

use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::forecast::EIGHTY;
use super::{Abilities, Chance, LEAST_SHARPNESS, Model, Pupil, expected_share, flattened, log_odds, sigma, weight};

/// The share of the marks to expect of a topic's items that were not seen before, whatever the pupil's form of the day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// 0 to 1.
    pub share: f64,
    /// Between these, with a chance of 80 %.
    pub low: f64,
    pub high: f64,
}

/// Standard deviations above which a normal quantity lies with a chance of 20 %.
const ONE_SIDE: f64 = 0.8416;

impl Estimate {
    /// Whether the share is less than this with a chance of at least 80 %.
    pub fn is_below(&self, share: f64) -> bool {
        self.log_odds(ONE_SIDE) <= log_odds(share)
    }

    /// Whether the share is more than this with a chance of at least 80 %.
    pub fn is_above(&self, share: f64) -> bool {
        self.log_odds(-ONE_SIDE) >= log_odds(share)
    }

    /// The log-odds that lie so many deviations above their mean; they are taken as normal.
    fn log_odds(&self, deviations: f64) -> f64 {
        let (low, high) = (log_odds(self.low), log_odds(self.high));
        f64::midpoint(low, high) + deviations * (high - low) / (2.0 * EIGHTY)
    }
}

/// How many answers count as recent.
const RECENT: usize = 10;

/// The last few answers in a topic: the shares earned, and those that had been expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    shares: [f32; RECENT],
    expected: [f32; RECENT],
    count: u8,
}

impl Recent {
    pub const NONE: Self = Self { shares: [0.0; RECENT], expected: [0.0; RECENT], count: 0 };

    /// With another answer, without the oldest if there are too many.
    pub fn and(mut self, share: f64, expected: f64) -> Self {
        if usize::from(self.count) == RECENT {
            self.shares.rotate_left(1);
            self.expected.rotate_left(1);
        } else {
            self.count += 1;
        }
        let last = usize::from(self.count) - 1;
        (self.shares[last], self.expected[last]) = (share as f32, expected as f32);
        self
    }

    /// The shares that were earned and those that had been expected, oldest first; see [`Self::answers`].
    pub fn of(answers: impl IntoIterator<Item = (f64, f64)>) -> Self {
        answers.into_iter().fold(Self::NONE, |recent, (share, expected)| recent.and(share, expected))
    }

    /// Each with the share that had been expected, oldest first.
    pub fn answers(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        let pairs = self.shares.iter().zip(&self.expected).take(usize::from(self.count));
        pairs.map(|(&share, &expected)| (share.into(), expected.into()))
    }
}

/// By how many standard deviations the marks of answers are better than expected; 0 without answers.
pub fn surprise(answers: impl Iterator<Item = (f64, f64)>, chance: &Chance) -> f64 {
    let (by, variance) = answers.fold((0.0, 0.0), |(by, variance), (share, expected)| {
        (by + share - expected, variance + chance.ratio() * expected * (1.0 - expected))
    });
    if variance > 0.0 { by / variance.sqrt() } else { 0.0 }
}

/// What e times as many answers in a topic add to the log-odds of its other items, as measured: docs/decisions/0033.
const FURTHER_ANSWERS: f64 = 0.2;

/// What another answer adds to the share to expect of a topic after so many.
pub fn practice_adds(share: f64, answers: u32) -> f64 {
    share * (1.0 - share) * FURTHER_ANSWERS / (f64::from(answers) + 0.5)
}

/// The log-odds of a topic's items: their mean, and the variances of what is known together for all pupils, of what is known
/// of one, and of what differs from item to item and from day to day.
struct LogOdds {
    mean: f64,
    /// The mean without what is particular to the pupil in this topic.
    usual: f64,
    shared: f64,
    own: f64,
    spread: f64,
}

impl LogOdds {
    fn share(&self, mean: f64) -> f64 {
        expected_share(mean, self.shared + self.own + self.spread)
    }
}

/// The interval of a share whose log-odds are normal.
fn estimate(share: f64, log_odds: f64, deviation: f64) -> Estimate {
    let to = |by: f64| sigma(log_odds + by * deviation);
    Estimate { share, low: to(-EIGHTY), high: to(EIGHTY) }
}

impl<K: Eq + Hash + Copy> Model<K> {
    /// What a pupil knows of a topic at a time.
    pub fn topic(&self, pupil: &Pupil<K>, topic: K, at: Option<f64>) -> Estimate {
        let odds = self.topic_log_odds(pupil, topic, at);
        let flat = flattened(odds.spread);
        estimate(odds.share(odds.mean), odds.mean * flat, (odds.shared + odds.own).sqrt() * flat)
    }

    /// The share to expect if the pupil were no better and no worse in the topic than in all others.
    pub fn usual(&self, pupil: &Pupil<K>, topic: K, at: Option<f64>) -> f64 {
        let odds = self.topic_log_odds(pupil, topic, at);
        odds.share(odds.usual)
    }

    /// What these pupils know of a topic on average, from all of their answers together; `None` of nobody.
    pub fn topic_of_class<'a>(
        &self,
        pupils: impl IntoIterator<Item = &'a Pupil<K>>,
        topic: K,
        at: Option<f64>,
    ) -> Option<Estimate>
    where
        K: 'a,
    {
        let (mut count, mut share, mut middle, mut together, mut own) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for pupil in pupils {
            let odds = self.topic_log_odds(pupil, topic, at);
            let flat = flattened(odds.spread);
            let known = sigma(odds.mean * flat);
            let slope = known * (1.0 - known) * flat;
            count += 1.0;
            share += odds.share(odds.mean);
            middle += known;
            together += slope * odds.shared.sqrt();
            own += slope * slope * odds.own;
        }
        let middle = middle / count;
        let deviation = (together * together + own).sqrt() / count / (middle * (1.0 - middle));
        (count > 0.0).then(|| estimate(share / count, log_odds(middle), deviation))
    }

    fn topic_log_odds(&self, pupil: &Pupil<K>, topic: K, at: Option<f64>) -> LogOdds {
        let constants = &self.constants;
        let [easiness, sharpness, practice] =
            [weight::EASINESS, weight::SHARPNESS, weight::PRACTICE].map(|place| self.weights[place]);
        let of_topic = self.topics.get(&topic).copied().unwrap_or_else(|| constants.topic());
        let Abilities { overall, in_topic, .. } = self.abilities(pupil, Some(topic), at);
        let sharp = (1.0 + sharpness.mean + of_topic.sharpness.mean).max(LEAST_SHARPNESS);
        let ability = overall.mean + in_topic.ability.mean;
        let practised = in_topic.practice();
        let usual = easiness.mean + of_topic.easiness.mean + sharp * overall.mean + practice.mean * practised;
        LogOdds {
            mean: usual + sharp * in_topic.ability.mean,
            usual,
            shared: easiness.variance
                + of_topic.easiness.variance
                + ability * ability * (sharpness.variance + of_topic.sharpness.variance)
                + practised * practised * practice.variance,
            own: sharp * sharp * (overall.variance + in_topic.ability.variance),
            spread: constants.item_easiness
                + ability * ability * constants.item_sharpness
                + sharp * sharp * constants.lately,
        }
    }
}
