//! Pupils, topics and items drawn from what was measured of real ones, without the model that the program tells them by.
//!
//! Fitted to the three files of docs/knowledge.md, with no ability that drifts, no sharpness and no practice that ends, as the
//! model has: log-odds of a right answer are easiness + topic + item + pupil + pupil in topic + what practice added. Effects are
//! normal; their deviations are those of the maximum a posteriori, by EM with the diagonal of the curvature. What halves of the
//! pupils give, and what choices of practice come to: docs/decisions/0033.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What was measured of the pupils of one file.
pub struct Source {
    pub name: &'static str,
    easiness: f64,
    /// Deviations of topics, items, pupils, and pupils in a topic.
    topics: f64,
    items: f64,
    pupils: f64,
    in_topic: f64,
    /// What the first answer in a topic adds to its other items, how much of that goes with each e-fold of minutes, and how much
    /// with answers in other topics.
    first: f64,
    fades: f64,
    interleaved: f64,
    /// What each e-fold of answers in the topic adds; its deviations by topic and by pupil.
    further: f64,
    further_by_topic: f64,
    further_by_pupil: f64,
    /// What an item adds instead that was right or wrong so many minutes ago, and for each e-fold of times that it was right.
    seen: &'static [(f64, f64, f64)],
    rights: f64,
}

/// The first two have no times, so their items are not forgotten.
pub const SOURCES: [Source; 3] = [
    Source {
        name: "assist2009",
        easiness: -0.15,
        topics: 0.87,
        items: 0.73,
        pupils: 0.99,
        in_topic: 0.48,
        first: 0.41,
        fades: 0.0,
        interleaved: 0.17,
        further: 0.18,
        further_by_topic: 0.10,
        further_by_pupil: 0.05,
        seen: &[(1.0, 1.0, 0.9)],
        rights: 0.5,
    },
    Source {
        name: "assist2017",
        easiness: -0.38,
        topics: 0.74,
        items: 0.97,
        pupils: 0.81,
        in_topic: 0.42,
        first: 0.44,
        fades: 0.0,
        interleaved: 0.26,
        further: 0.04,
        further_by_topic: 0.05,
        further_by_pupil: 0.04,
        seen: &[(1.0, 0.5, 0.35)],
        rights: 0.5,
    },
    Source {
        name: "cloze",
        easiness: -1.5,
        topics: 0.02,
        items: 0.99,
        pupils: 0.85,
        in_topic: 0.37,
        first: 0.81,
        fades: 0.07,
        interleaved: 0.0,
        further: 0.20,
        further_by_topic: 0.04,
        further_by_pupil: 0.09,
        // Beyond a week on the line from a quarter of an hour on.
        seen: &[
            (0.5, 4.2, 3.6),
            (2.0, 3.3, 2.85),
            (5.5, 2.7, 2.1),
            (17.0, 2.1, 1.7),
            (2_880.0, 1.9, 1.35),
            (6_480.0, 1.45, 1.25),
            (64_800.0, 1.2, 1.1),
        ],
        rights: 0.6,
    },
];

/// The middles of ten equal parts of a normal distribution.
const TENTHS: [f64; 10] = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];

/// What pupils have in common: topics, and the items of the past papers.
pub struct School {
    source: &'static Source,
    seed: u64,
    topics: Vec<Topic>,
    items: Vec<ItemTraits>,
}

struct Topic {
    /// Out of 100 in the exam.
    marks: f64,
    easiness: f64,
    further: f64,
}

struct ItemTraits {
    topic: usize,
    easiness: f64,
}

/// One who practises.
pub struct Pupil<'a> {
    school: &'a School,
    seed: u64,
    overall: f64,
    further: f64,
    topics: Vec<InTopic>,
    seen: HashMap<usize, Seen>,
    answers: usize,
}

#[derive(Clone, Copy)]
struct InTopic {
    ability: f64,
    answers: usize,
    last: Option<Last>,
}

/// When something was last answered, and how many answers there were then.
#[derive(Clone, Copy)]
struct Last {
    at: DateTime<Utc>,
    answers: usize,
}

#[derive(Clone, Copy)]
struct Seen {
    right: bool,
    rights: f64,
    times: u64,
    at: DateTime<Utc>,
}

/// A normal number of mean 0 (Box and Muller 1958).
fn normal(chance: &mut StdRng, deviation: f64) -> f64 {
    let (radius, turn): (f64, f64) = (chance.random_range(f64::EPSILON..1.0), chance.random());
    deviation * (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
}

fn sigma(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn minutes(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_seconds().max(0) as f64 / 60.0
}

impl School {
    /// With the marks of each topic in the exam, and the topic of each item.
    pub fn new(source: &'static Source, marks: &[f64], items: &[usize], seed: u64) -> Self {
        let chance = &mut StdRng::seed_from_u64(seed);
        let topic = |&marks| Topic {
            marks,
            easiness: normal(chance, source.topics),
            further: normal(chance, source.further_by_topic),
        };
        let topics = marks.iter().map(topic).collect();
        let item = |&topic| ItemTraits { topic, easiness: normal(chance, source.items) };
        let items = items.iter().map(item).collect();
        Self { source, seed, topics, items }
    }

    pub fn pupil(&self, number: u64) -> Pupil<'_> {
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(number);
        let chance = &mut StdRng::seed_from_u64(seed);
        let (overall, further) = (normal(chance, self.source.pupils), normal(chance, self.source.further_by_pupil));
        let in_topic = |_| InTopic { ability: normal(chance, self.source.in_topic), answers: 0, last: None };
        let topics = (0..self.topics.len()).map(in_topic).collect();
        Pupil { school: self, seed, overall, further, topics, seen: HashMap::new(), answers: 0 }
    }
}

/// What an exam asks for.
#[derive(Clone, Copy, PartialEq)]
pub enum Exam {
    /// Items that nobody has seen.
    New,
    /// Those of the past papers.
    Again,
}

impl Pupil<'_> {
    /// Works on an item and then sees the answer: whether it was right, which is the same luck whoever chose it.
    pub fn work(&mut self, item: usize, at: DateTime<Utc>) -> bool {
        let seen = self.seen.get(&item).copied();
        let times = seen.map_or(0, |seen| seen.times);
        let luck = self.seed ^ (item as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (times << 48);
        let right = StdRng::seed_from_u64(luck).random::<f64>() < self.knows(item, at);
        self.practised(item, right, at);
        right
    }

    fn practised(&mut self, item: usize, right: bool, at: DateTime<Utc>) {
        let (rights, times) = self.seen.get(&item).map_or((0.0, 0), |seen| (seen.rights, seen.times));
        let rights = rights + f64::from(u8::from(right));
        self.seen.insert(item, Seen { right, rights, times: times + 1, at });
        self.answers += 1;
        let topic = &mut self.topics[self.school.items[item].topic];
        *topic = InTopic { answers: topic.answers + 1, last: Some(Last { at, answers: self.answers }), ..*topic };
    }

    /// The log-odds of a topic's items before any practice.
    fn base(&self, topic: usize) -> f64 {
        self.school.source.easiness + self.school.topics[topic].easiness + self.overall + self.topics[topic].ability
    }

    /// What answers in a topic have added to its items.
    fn practice(&self, topic: usize, in_topic: &InTopic, at: DateTime<Utc>) -> f64 {
        let (Source { first, fades, interleaved, further, .. }, Some(last)) = (self.school.source, in_topic.last)
        else {
            return 0.0;
        };
        let passed = minutes(last.at, at);
        let others = self.answers - last.answers;
        let lost = if others >= 3 || passed > 600.0 { *interleaved } else { 0.0 };
        let first = (first - fades * passed.ln_1p() - lost).max(0.0);
        let each = further + self.school.topics[topic].further + self.further;
        first + each * (in_topic.answers as f64).ln()
    }

    /// What having seen an item has added to it.
    fn added(&self, seen: &Seen, at: DateTime<Utc>) -> f64 {
        let (table, passed) = (self.school.source.seen, minutes(seen.at, at));
        let column = |&(_, right, wrong): &(f64, f64, f64)| if seen.right { right } else { wrong };
        let next = table.partition_point(|row| row.0 <= passed);
        let between = match (next.checked_sub(1).map(|last| &table[last]), table.get(next)) {
            (Some(last), Some(next)) => {
                let part = (passed / last.0).ln() / (next.0 / last.0).ln();
                column(last) + part * (column(next) - column(last))
            }
            (Some(end), None) | (None, Some(end)) => column(end),
            (None, None) => 0.0,
        };
        between + self.school.source.rights * seen.rights.max(1.0).ln()
    }

    /// The chance of a right answer to an item.
    fn knows(&self, item: usize, at: DateTime<Utc>) -> f64 {
        let topic = self.school.items[item].topic;
        self.knows_with(item, self.practice(topic, &self.topics[topic], at), self.seen.get(&item), at)
    }

    fn knows_with(&self, item: usize, practice: f64, seen: Option<&Seen>, at: DateTime<Utc>) -> f64 {
        let ItemTraits { topic, easiness } = self.school.items[item];
        let added = seen.map_or(practice, |seen| practice.max(self.added(seen, at)));
        sigma(self.base(topic) + easiness + added)
    }

    /// The mean over new items of a topic.
    fn knows_new(&self, topic: usize, in_topic: &InTopic, at: DateTime<Utc>) -> f64 {
        let known = self.base(topic) + self.practice(topic, in_topic, at);
        TENTHS.iter().map(|z| sigma(known + self.school.source.items * z)).sum::<f64>() / TENTHS.len() as f64
    }

    /// The expected mark out of 100.
    pub fn exam(&self, exam: Exam, at: DateTime<Utc>) -> f64 {
        let of_topic = |topic: usize| match exam {
            Exam::New => self.knows_new(topic, &self.topics[topic], at),
            Exam::Again => {
                let of = || (0..self.school.items.len()).filter(|&item| self.school.items[item].topic == topic);
                of().map(|item| self.knows(item, at)).sum::<f64>() / of().count() as f64
            }
        };
        self.school.topics.iter().enumerate().map(|(place, topic)| topic.marks * of_topic(place)).sum()
    }

    /// What practising each item now adds to the expected mark: what no chooser can know.
    pub fn gains(&self, exam: Exam, now: DateTime<Utc>, at: DateTime<Utc>) -> Vec<f64> {
        let items = &self.school.items;
        let mut sizes = vec![0.0; self.topics.len()];
        items.iter().for_each(|item| sizes[item.topic] += 1.0);
        let last = Some(Last { at: now, answers: self.answers });
        let after = |topic: usize| InTopic { answers: self.topics[topic].answers + 1, last, ..self.topics[topic] };
        let practice = |topic: usize| [self.topics[topic], after(topic)].map(|of| self.practice(topic, &of, at));
        let practices: Vec<[f64; 2]> = (0..self.topics.len()).map(practice).collect();
        let known = |item: usize, after: usize, seen: Option<&Seen>| {
            self.knows_with(item, practices[items[item].topic][after], seen, at)
        };
        let mut of_topics = vec![0.0; self.topics.len()];
        match exam {
            Exam::New => (0..of_topics.len()).for_each(|topic| {
                let [before, after] = [self.topics[topic], after(topic)].map(|of| self.knows_new(topic, &of, at));
                of_topics[topic] = after - before;
            }),
            Exam::Again => (0..items.len()).for_each(|item| {
                let [before, after] = [0, 1].map(|after| known(item, after, self.seen.get(&item)));
                of_topics[items[item].topic] += (after - before) / sizes[items[item].topic];
            }),
        }
        let of_item = |item: usize| {
            let (topic, before) = (items[item].topic, self.seen.get(&item));
            let marks = self.school.topics[topic].marks;
            if exam == Exam::New {
                return marks * of_topics[topic];
            }
            let chance = self.knows(item, now);
            let rights = before.map_or(0.0, |seen| seen.rights);
            let then = |right| {
                let seen = Seen { right, rights: rights + f64::from(u8::from(right)), times: 0, at: now };
                known(item, 1, Some(&seen))
            };
            let own = chance * then(true) + (1.0 - chance) * then(false) - known(item, 1, before);
            marks * (of_topics[topic] + own / sizes[topic])
        };
        (0..items.len()).map(of_item).collect()
    }
}
