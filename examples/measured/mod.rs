//! Pupils whose abilities, learning and forgetting are drawn from what was measured of real ones: docs/knowledge.md.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use exam_prep::domain::knowledge::{Belief, Constants};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::{Item, Mind, TOPICS};

/// So that pupils begin at about half of the marks.
const EASINESS: f64 = 0.2;
const MEASURED: Constants = Constants::MEASURED;
/// The middles of ten equal parts of a normal distribution.
const TENTHS: [f64; 10] = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];

pub struct Pupil {
    overall: f64,
    lately: f64,
    topics: Vec<InTopic>,
    items: Vec<ItemTraits>,
    seen: HashMap<usize, Seen>,
    effects: Effects,
    again: bool,
    seed: u64,
    /// So far.
    answers: usize,
}

struct InTopic {
    ability: f64,
    easiness: f64,
    answers: f64,
}

#[derive(Clone, Copy)]
struct ItemTraits {
    topic: usize,
    easiness: f64,
    sharpness: f64,
}

struct Seen {
    right: bool,
    rights: f64,
    at: DateTime<Utc>,
}

/// What practice and having seen an item add, a pupil's own.
struct Effects {
    practice: f64,
    right: [f64; 3],
    wrong: [f64; 3],
    rights: f64,
}

/// A normal number with this mean and variance (Box and Muller 1958).
fn drawn(chance: &mut StdRng, Belief { mean, variance }: Belief) -> f64 {
    let (radius, turn): (f64, f64) = (chance.random_range(f64::EPSILON..1.0), chance.random());
    mean + (-2.0 * variance * radius.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
}

fn around_zero(chance: &mut StdRng, variance: f64) -> f64 {
    drawn(chance, Belief::new(0.0, variance))
}

fn sigma(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

impl Pupil {
    /// The items are the same for all pupils.
    pub fn new(items: &[Item], again: bool, seed: u64) -> Self {
        let common = &mut StdRng::seed_from_u64(7);
        let easiness: Vec<f64> = TOPICS.iter().map(|_| around_zero(common, MEASURED.topic_easiness)).collect();
        let traits = |item: &Item| ItemTraits {
            topic: item.topic,
            easiness: around_zero(common, MEASURED.item_easiness),
            sharpness: (1.0 + around_zero(common, MEASURED.item_sharpness)).max(0.2),
        };
        let items = items.iter().map(traits).collect();
        let chance = &mut StdRng::seed_from_u64(seed);
        let topic = |easiness| InTopic { ability: around_zero(chance, MEASURED.in_topic), easiness, answers: 0.0 };
        let topics = easiness.into_iter().map(topic).collect();
        let effects = Effects {
            practice: drawn(chance, MEASURED.practice),
            right: [MEASURED.right, MEASURED.right_fades, MEASURED.right_stays].map(|effect| drawn(chance, effect)),
            wrong: [MEASURED.wrong, MEASURED.wrong_fades, MEASURED.wrong_stays].map(|effect| drawn(chance, effect)),
            rights: drawn(chance, MEASURED.rights),
        };
        let overall = around_zero(chance, MEASURED.overall);
        Self { overall, lately: 0.0, topics, items, seen: HashMap::new(), effects, again, seed, answers: 0 }
    }

    /// The log-odds of an item of a topic that was not seen, beyond its own easiness.
    fn unseen(&self, topic: usize, sharpness: f64, lately: f64) -> f64 {
        let InTopic { ability, easiness, answers } = self.topics[topic];
        let practice = self.effects.practice * answers / (answers + 1.0);
        EASINESS + easiness + sharpness * (self.overall + ability + lately) + practice
    }

    /// The chance of a right answer to an item.
    fn knows(&self, item: usize, at: DateTime<Utc>, lately: f64) -> f64 {
        let ItemTraits { topic, easiness, sharpness } = self.items[item];
        let base = easiness + self.unseen(topic, sharpness, lately);
        let Some(seen) = self.seen.get(&item) else { return sigma(base) };
        sigma(base + self.added(seen, at, base))
    }

    /// What having seen an item adds: to have been right never less than nothing, to have been wrong never more than that.
    fn added(&self, seen: &Seen, at: DateTime<Utc>, base: f64) -> f64 {
        let minutes = (at - seen.at).num_seconds().max(0) as f64 / 60.0;
        let left = |[at_once, fades, stays]: [f64; 3]| (at_once - fades * minutes.ln_1p()).max(stays);
        let other = self.effects.rights * seen.rights.max(1.0).ln() - MEASURED.gives_way.mean * base;
        let right = (left(self.effects.right) + other).max(0.0);
        if seen.right { right } else { (left(self.effects.wrong) + other).min(right) }
    }

    /// The mean over new items of a topic.
    fn knows_new(&self, topic: usize) -> f64 {
        let spread = MEASURED.item_easiness.sqrt();
        TENTHS.iter().map(|z| sigma(self.unseen(topic, 1.0, 0.0) + spread * z)).sum::<f64>() / TENTHS.len() as f64
    }
}

/// What an ability that fades by this part has become by the next answer, whoever chooses.
fn next(of: (u64, usize, usize), ability: f64, fades: f64, variance: f64) -> f64 {
    let (seed, what, answers) = of;
    let chance = &mut StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(((what << 20) | answers) as u64));
    let keep = 1.0 - fades;
    keep * ability + around_zero(chance, (1.0 - keep * keep) * variance)
}

impl Mind for Pupil {
    fn work(&mut self, item: usize, _: &[Item], at: DateTime<Utc>, chance: &mut StdRng) -> f64 {
        let right = chance.random::<f64>() < self.knows(item, at, self.lately);
        let rights = self.seen.get(&item).map_or(0.0, |seen| seen.rights) + f64::from(u8::from(right));
        self.seen.insert(item, Seen { right, rights, at });
        let place = self.items[item].topic;
        let (all, of_topic) = (self.answers, self.topics[place].answers as usize);
        self.answers += 1;
        self.overall = next((self.seed, 100, all), self.overall, MEASURED.overall_fades, MEASURED.overall);
        self.lately = next((self.seed, 101, all), self.lately, MEASURED.lately_fades, MEASURED.lately);
        let topic = &mut self.topics[place];
        topic.answers += 1.0;
        topic.ability = next((self.seed, place, of_topic), topic.ability, MEASURED.in_topic_fades, MEASURED.in_topic);
        f64::from(u8::from(right))
    }

    fn exam(&self, at: DateTime<Utc>) -> f64 {
        let of_topic = |topic: usize| {
            if !self.again {
                return self.knows_new(topic);
            }
            let of = || (0..self.items.len()).filter(|&item| self.items[item].topic == topic);
            of().map(|item| self.knows(item, at, 0.0)).sum::<f64>() / of().count() as f64
        };
        TOPICS.iter().enumerate().map(|(topic, &marks)| f64::from(marks) * of_topic(topic)).sum()
    }
}
