//! What a pupil knows: the share of the marks to expect of any item, from sums that each marked answer adds to.
//!
//! The log-odds of a mark are a sum of few terms, each of which can be told to a pupil ([`Parts`]):
//!
//! ```text
//! η = easiness of all + topic + item                 from the answers of every pupil
//!   + sharpness · (overall + lately + in the topic)  the pupil's ability, which fades
//!   + practice · n ⁄ (n + 1)                         n answers in the topic
//!   + what having seen the item before adds          by the marks it earned, how often, and how long ago
//! ```
//!
//! Each term is a [`Belief`], a mean and a variance. An answer moves all of its terms at once by the surprise, which is the
//! share that was earned less the share that was expected; a term moves by its part of the uncertainty, so that what is known
//! well stays and what is new gives way. That is one step of the extended Kalman filter with a logistic link, as in Glicko
//! (Glickman 1999, "Parameter estimation in large dynamic paired comparison experiments"), without the covariances between
//! terms. Easiness and sharpness are those of the two-parameter model of item response (Birnbaum 1968). That forgetting goes
//! by the logarithm of time is the usual finding (Wixted and Ebbesen 1991, "On the form of forgetting"); that of practice the
//! first answers help most, too (Newell and Rosenbloom 1981, "Mechanisms of skill acquisition and the law of practice").
//! docs/knowledge.md has the figures, and what did not help.
//!
//! Nothing is trained: [`Constants`] say where beliefs start, and the answers do the rest. That holds for the effects of
//! practice and of seeing an item again, too: they start at what was measured elsewhere and become what this school shows.

pub mod constants;
pub mod forecast;
pub mod topics;

use std::collections::HashMap;
use std::f64::consts::PI;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

pub use constants::Constants;
pub use forecast::Forecast;
pub use topics::{Estimate, Recent, practice_adds, surprise};

/// A quantity that is known to some degree, in log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    pub mean: f64,
    pub variance: f64,
}

impl Belief {
    pub const fn new(mean: f64, variance: f64) -> Self {
        Self { mean, variance }
    }

    /// Nothing is learnt of it, ever.
    const NONE: Self = Self::new(0.0, 0.0);

    /// Goes back towards where such beliefs start, mean 0: `keep`, 0 to 1, is the part of the mean that stays. A process
    /// of Ornstein and Uhlenbeck, seen at some times only.
    fn fade(&mut self, keep: f64, start: f64) {
        self.mean *= keep;
        self.variance = keep * keep * self.variance + (1.0 - keep * keep) * start;
    }

    /// Learns from a surprise; `slope` is how much the log-odds grow with this quantity.
    fn learn(&mut self, slope: f64, surprise: &Surprise) {
        let gain = slope * self.variance * surprise.damping;
        self.mean += gain * surprise.by;
        self.variance -= gain * slope * self.variance * surprise.information;
    }
}

/// What an answer says beyond what was expected.
struct Surprise {
    /// The share earned less the share expected, −1 to 1.
    by: f64,
    /// p (1 − p): of an answer about the log-odds.
    information: f64,
    /// 1 ⁄ (1 + information · variance of the log-odds): what is left of a step when all terms move at once.
    damping: f64,
}

/// How easy an item, or the items of a topic, are beyond what they are part of, and how sharply they tell able pupils from
/// others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difficulty {
    pub easiness: Belief,
    pub sharpness: Belief,
}

/// The weights that all answers share, by their place in [`Model::weights`].
mod weight {
    pub const EASINESS: usize = 0;
    pub const SHARPNESS: usize = 1;
    pub const PRACTICE: usize = 2;
    /// Of an item that was right the last time: at once, how fast that fades, and what is left in the long run.
    pub const RIGHT: usize = 3;
    pub const RIGHT_FADES: usize = 4;
    pub const RIGHT_STAYS: usize = 5;
    /// Of one that was wrong, and whose answer was shown.
    pub const WRONG: usize = 6;
    pub const WRONG_FADES: usize = 7;
    pub const WRONG_STAYS: usize = 8;
    /// For the logarithm of how often it was right.
    pub const LOG_TIMES_RIGHT: usize = 9;
    /// By how much less easiness and ability count for an item that was answered before.
    pub const REPEAT_DISCOUNT: usize = 10;
    pub const COUNT: usize = 11;
}

/// An item that is or was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked<K> {
    pub item: K,
    pub topic: Option<K>,
    /// Seconds since any fixed time; `None` where it is not known.
    pub at: Option<f64>,
}

/// What the answers of all pupils tell. `K` names items and topics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model<K: Eq + Hash> {
    pub constants: Constants,
    pub weights: [Belief; weight::COUNT],
    pub topics: HashMap<K, Difficulty>,
    pub items: HashMap<K, Difficulty>,
    pub chance: Chance,
}

/// How far answers lie from what was expected, squared, against p (1 − p), which it would be if each earned all or nothing:
/// less where marks are given in parts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    pub squares: f64,
    pub expected: f64,
}

impl Default for Chance {
    /// As a hundred answers of all or nothing.
    fn default() -> Self {
        Self { squares: 25.0, expected: 25.0 }
    }
}

impl Chance {
    /// About 1 for all or nothing.
    pub fn ratio(&self) -> f64 {
        self.squares / self.expected
    }
}

/// What a pupil's own answers tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pupil<K: Eq + Hash> {
    /// Ability over all topics.
    pub overall: Belief,
    /// The form of the last few answers, in whatever topic.
    pub lately: Belief,
    pub topics: HashMap<K, InTopic>,
    pub items: HashMap<K, Seen>,
    pub answers: u32,
    pub last_at: Option<f64>,
}

/// How a pupil stands in a topic, beyond how they stand overall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InTopic {
    pub ability: Belief,
    pub answers: u32,
    pub recent: Recent,
    pub last_at: Option<f64>,
}

impl InTopic {
    /// Before any answer; its ability is known to this variance.
    const fn new(variance: f64) -> Self {
        Self { ability: Belief::new(0.0, variance), answers: 0, recent: Recent::NONE, last_at: None }
    }

    /// The part of what practice can give that these answers have given: n ⁄ (n + 1).
    fn practice(&self) -> f64 {
        let answers = f64::from(self.answers);
        answers / (answers + 1.0)
    }
}

/// An item that a pupil has answered before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The share of the marks of the last answer, 0 to 1.
    pub share: f64,
    /// The sum of the shares of all of them.
    pub rights: f64,
    pub last_at: Option<f64>,
}

/// The share of the marks that is expected, and what it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// 0 to 1.
    pub share: f64,
    pub parts: Parts,
    /// Of the log-odds.
    pub variance: f64,
}

/// The terms of the log-odds; their sum is its mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Of the item for a pupil of whom nothing is known.
    pub easiness: f64,
    pub overall: f64,
    pub lately: f64,
    pub topic: f64,
    pub practice: f64,
    /// What having seen the item before adds.
    pub seen: f64,
}

impl Parts {
    pub fn log_odds(&self) -> f64 {
        self.easiness + self.overall + self.lately + self.topic + self.practice + self.seen
    }
}

impl<K: Eq + Hash + Copy> Pupil<K> {
    /// The part that concerns an item.
    pub fn only(&self, asked: &Asked<K>) -> Self {
        let in_topic = asked.topic.and_then(|topic| self.topics.get_key_value(&topic));
        let seen = self.items.get_key_value(&asked.item);
        Self {
            topics: in_topic.map(|(&key, &in_topic)| (key, in_topic)).into_iter().collect(),
            items: seen.map(|(&key, &seen)| (key, seen)).into_iter().collect(),
            ..*self
        }
    }
}

impl<K: Eq + Hash + Copy> Default for Model<K> {
    fn default() -> Self {
        Self::new(Constants::MEASURED)
    }
}

impl<K: Eq + Hash + Copy> Model<K> {
    /// Before any answer.
    pub fn new(constants: Constants) -> Self {
        Self {
            weights: constants.weights(),
            constants,
            topics: HashMap::new(),
            items: HashMap::new(),
            chance: Chance::default(),
        }
    }

    /// A pupil of whom nothing is known.
    pub fn pupil(&self) -> Pupil<K> {
        let start = |variance| Belief::new(0.0, variance);
        Pupil {
            overall: start(self.constants.overall),
            lately: start(self.constants.lately),
            topics: HashMap::new(),
            items: HashMap::new(),
            answers: 0,
            last_at: None,
        }
    }

    /// The part of it that concerns an item.
    pub fn only(&self, asked: &Asked<K>) -> Self {
        let (weights, chance, constants) = (self.weights, self.chance, self.constants);
        let topics = asked.topic.and_then(|topic| self.topics.get_key_value(&topic));
        let items = self.items.get_key_value(&asked.item);
        let copied = |found: Option<(&K, &Difficulty)>| found.map(|(&key, &known)| (key, known)).into_iter().collect();
        Self { constants, weights, topics: copied(topics), items: copied(items), chance }
    }

    /// What to expect of a pupil's answer.
    pub fn expect(&self, pupil: &Pupil<K>, asked: &Asked<K>) -> Expectation {
        self.look(pupil, asked).expectation
    }

    /// Adds a marked answer, whose share of the marks is 0 to 1, and returns what had been expected of it. A pupil's answers
    /// come in the order of their time.
    pub fn learn(&mut self, pupil: &mut Pupil<K>, asked: &Asked<K>, share: f64) -> Expectation {
        let mut look = self.look(pupil, asked);
        let expected = look.expectation;
        let information = expected.share * (1.0 - expected.share);
        let surprise = Surprise {
            by: share.clamp(0.0, 1.0) - expected.share,
            information,
            damping: 1.0 / (1.0 + information * expected.variance),
        };
        self.chance.squares += surprise.by * surprise.by;
        self.chance.expected += information;
        for belief in [&mut look.overall, &mut look.lately, &mut look.in_topic.ability] {
            belief.learn(look.slopes.ability, &surprise);
        }
        for difficulty in [&mut look.topic, &mut look.item] {
            difficulty.easiness.learn(look.slopes.easiness, &surprise);
            difficulty.sharpness.learn(look.slopes.sharpness, &surprise);
        }
        self.items.insert(asked.item, look.item);
        if let Some(topic) = asked.topic {
            self.topics.insert(topic, look.topic);
        }
        // What is so of all items is told by first sights; what it adds to have seen one before, by the others.
        let told = if look.seen.is_none() { 0..weight::RIGHT } else { weight::RIGHT..weight::COUNT };
        for place in told {
            self.weights[place].learn(look.slopes.weights[place], &surprise);
        }
        look.keep(pupil, asked, share.clamp(0.0, 1.0));
        expected
    }

    /// All that an answer depends on, as it stands when it is given.
    fn look(&self, pupil: &Pupil<K>, asked: &Asked<K>) -> Look {
        let constants = &self.constants;
        let mean = |place: usize| self.weights[place].mean;
        let Abilities { overall, lately, in_topic } = self.abilities(pupil, asked.topic, asked.at);
        let unknown = Difficulty { easiness: Belief::NONE, sharpness: Belief::NONE };
        let topic =
            asked.topic.map_or(unknown, |topic| self.topics.get(&topic).copied().unwrap_or_else(|| constants.topic()));
        let item = self.items.get(&asked.item).copied().unwrap_or_else(|| constants.item());

        let sharpness = 1.0 + mean(weight::SHARPNESS) + topic.sharpness.mean + item.sharpness.mean;
        let is_sharp = sharpness > LEAST_SHARPNESS;
        let sharpness = sharpness.max(LEAST_SHARPNESS);
        let practice = in_topic.practice();
        let easiness = mean(weight::EASINESS) + topic.easiness.mean + item.easiness.mean;

        let mut slopes = Slopes { weights: [0.0; weight::COUNT], easiness: 1.0, ability: 0.0, sharpness: 0.0 };
        let seen = pupil.items.get(&asked.item).copied();
        let ability = overall.mean + lately.mean + in_topic.ability.mean;
        let again = seen.map_or(0.0, |seen| self.again(&seen, asked.at, easiness + sharpness * ability, &mut slopes));
        slopes.ability = slopes.easiness * sharpness;
        slopes.sharpness = if is_sharp { slopes.easiness * ability } else { 0.0 };
        slopes.weights[weight::EASINESS] = slopes.easiness;
        slopes.weights[weight::SHARPNESS] = slopes.sharpness;
        slopes.weights[weight::PRACTICE] = practice;

        let parts = Parts {
            easiness,
            overall: sharpness * overall.mean,
            lately: sharpness * lately.mean,
            topic: sharpness * in_topic.ability.mean,
            practice: mean(weight::PRACTICE) * practice,
            seen: again,
        };
        // Whether it was seen leaves the item and the pupil as uncertain as they are.
        let traits = topic.easiness.variance + item.easiness.variance + self.weights[weight::EASINESS].variance;
        let sharpnesses = topic.sharpness.variance + item.sharpness.variance + self.weights[weight::SHARPNESS].variance;
        let abilities = overall.variance + lately.variance + in_topic.ability.variance;
        let others = self.weights.iter().zip(slopes.weights).skip(weight::PRACTICE);
        let variance = traits
            + if is_sharp { ability * ability * sharpnesses } else { 0.0 }
            + sharpness * sharpness * abilities
            + others.map(|(weight, slope)| slope * slope * weight.variance).sum::<f64>();
        let expectation = Expectation { share: expected_share(parts.log_odds(), variance), parts, variance };
        Look { expectation, slopes, overall, lately, in_topic, topic, item, seen }
    }

    /// What a pupil's abilities have become by a time.
    fn abilities(&self, pupil: &Pupil<K>, topic: Option<K>, at: Option<f64>) -> Abilities {
        let constants = &self.constants;
        let (mut overall, mut lately) = (pupil.overall, pupil.lately);
        if pupil.answers > 0 {
            let days = seconds_between(pupil.last_at, at).unwrap_or_default() / DAY;
            overall.fade((1.0 - constants.overall_fades) * half(days, constants.overall_half_life), constants.overall);
            lately.fade((1.0 - constants.lately_fades) * half(days, constants.lately_half_life), constants.lately);
        }
        let in_topic = match topic.map(|topic| pupil.topics.get(&topic)) {
            Some(Some(&before)) => {
                let mut now = before;
                let days = seconds_between(before.last_at, at).unwrap_or_default() / DAY;
                let keep = (1.0 - constants.in_topic_fades) * half(days, constants.in_topic_half_life);
                now.ability.fade(keep, constants.in_topic);
                now
            }
            Some(None) => InTopic::new(constants.in_topic),
            None => InTopic::new(0.0),
        };
        Abilities { overall, lately, in_topic }
    }

    /// What having seen an item before adds to the log-odds, whose sum without it and without practice is `base`: what comes
    /// back is measured against the item itself, so a part of `base` gives way to it. It writes the slopes of what it uses.
    fn again(&self, seen: &Seen, at: Option<f64>, base: f64, slopes: &mut Slopes) -> f64 {
        let mean = |place: usize| self.weights[place].mean;
        let time = seconds_between(seen.last_at, at).map(|seconds| (1.0 + seconds / MINUTE).ln());
        let rights = seen.rights.max(1.0).ln();
        // What it comes to, and which of the weights that depends on.
        let fading = |first: usize, fades: usize, stays: usize| {
            let now = time.map(|time| (time, mean(first) - mean(fades).max(0.0) * time));
            match now.filter(|&(_, now)| now > mean(stays)) {
                Some((time, now)) => (now, [(first, 1.0), (fades, -time)]),
                None => (mean(stays), [(stays, 1.0), (fades, 0.0)]),
            }
        };
        let (right, by_right) = fading(weight::RIGHT, weight::RIGHT_FADES, weight::RIGHT_STAYS);
        let (wrong, by_wrong) = fading(weight::WRONG, weight::WRONG_FADES, weight::WRONG_STAYS);
        let gives_way = mean(weight::REPEAT_DISCOUNT).clamp(0.0, 1.0);
        let other = mean(weight::LOG_TIMES_RIGHT).max(0.0) * rights - gives_way * base;
        // To have been right never counts against the pupil, and never for less than to have been wrong.
        let (right, wrong) = (right + other, wrong + other);
        let mut used = 0.0;
        let mut write = |part: f64, by: [(usize, f64); 2]| {
            used += part;
            by.into_iter().for_each(|(place, slope)| slopes.weights[place] += part * slope);
        };
        let (is_right, is_wrong) = (right >= 0.0, wrong <= right.max(0.0));
        if is_right {
            write(seen.share + if is_wrong { 0.0 } else { 1.0 - seen.share }, by_right);
        }
        if is_wrong {
            write(1.0 - seen.share, by_wrong);
        }
        slopes.weights[weight::LOG_TIMES_RIGHT] = used * rights;
        slopes.weights[weight::REPEAT_DISCOUNT] = -used * base;
        slopes.easiness = 1.0 - used * gives_way;
        let right = right.max(0.0);
        seen.share * right + (1.0 - seen.share) * wrong.min(right)
    }
}

const MINUTE: f64 = 60.0;
const DAY: f64 = 86_400.0;

/// The least sharpness: an item that able pupils miss more often than others has a wrong key, or chance was at work.
const LEAST_SHARPNESS: f64 = 0.2;

/// How much the log-odds grow with each term.
#[derive(Debug, Clone, Copy)]
struct Slopes {
    weights: [f64; weight::COUNT],
    /// With the easiness of topic and item.
    easiness: f64,
    /// With the sharpness of topic and item.
    sharpness: f64,
    /// With the pupil's abilities.
    ability: f64,
}

/// A pupil's abilities at a time.
struct Abilities {
    overall: Belief,
    lately: Belief,
    in_topic: InTopic,
}

/// All that an answer depends on.
struct Look {
    expectation: Expectation,
    slopes: Slopes,
    overall: Belief,
    lately: Belief,
    in_topic: InTopic,
    topic: Difficulty,
    item: Difficulty,
    seen: Option<Seen>,
}

impl Look {
    /// Writes down that the pupil has given the answer.
    fn keep<K: Eq + Hash + Copy>(&self, pupil: &mut Pupil<K>, asked: &Asked<K>, share: f64) {
        (pupil.overall, pupil.lately) = (self.overall, self.lately);
        pupil.answers += 1;
        pupil.last_at = asked.at.or(pupil.last_at);
        if let Some(topic) = asked.topic {
            let in_topic = &self.in_topic;
            let last_at = asked.at.or(in_topic.last_at);
            let recent = in_topic.recent.and(share, self.expectation.share);
            pupil.topics.insert(topic, InTopic { answers: in_topic.answers + 1, recent, last_at, ..*in_topic });
        }
        let rights = self.seen.map_or(0.0, |seen| seen.rights) + share;
        pupil.items.insert(asked.item, Seen { share, rights, last_at: asked.at });
    }
}

/// The mean of σ(x) for a normal x with this mean and variance, near enough (MacKay 1992, "The evidence framework applied to
/// classification networks").
fn expected_share(mean: f64, variance: f64) -> f64 {
    sigma(mean * flattened(variance))
}

/// The part of the log-odds that is left where they have this variance, 0 to 1: σ over normal log-odds is a flatter σ.
fn flattened(variance: f64) -> f64 {
    1.0 / (1.0 + PI / 8.0 * variance).sqrt()
}

fn sigma(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn log_odds(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// What is left after so many days, 0 to 1.
fn half(days: f64, half_life: f64) -> f64 {
    if days > 0.0 { 0.5f64.powf(days / half_life) } else { 1.0 }
}

/// `None` where one of the times is not known; 0 if a clock went back.
fn seconds_between(from: Option<f64>, to: Option<f64>) -> Option<f64> {
    Some((to? - from?).max(0.0))
}

#[cfg(test)]
mod tests;
