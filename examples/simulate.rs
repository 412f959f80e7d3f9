//! What a pupil's exam mark comes to after six weeks of practice chosen in different ways, for tools/bench; with a number, of
//! so many pupils.
//!
//! The pupils are made up, of two kinds. Those who remember by FSRS-6, with a pace of their own, have skills in ten topics, some
//! known from the start and fading; an item of a past paper asks for one skill. Those who are as measured (`measured`) have
//! abilities, and learn and forget, as real pupils were found to (docs/knowledge.md); their exam asks for new items, or for those
//! of the papers again. Who works on an item sees the answer afterwards. The expected mark is out of 100. The choosers see only
//! items, topics, marks and answers.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use chrono::{DateTime, Duration, Utc};
use exam_model::question::Question;
use exam_prep::domain::adaptive::{self, Situation};
use exam_prep::domain::history::{Answered, History};
use exam_prep::domain::learning::{Knowledge, learn};
use exam_prep::domain::quiz;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

mod fsrs;
mod measured;
use fsrs::{Memory, Rating};

const PUPILS: u64 = 300;
const DAYS: i64 = 42;
const MINUTES_A_DAY: f64 = 20.0;
const PAPERS: usize = 8;
/// Marks of a paper by topic.
const TOPICS: [u32; 10] = [20, 16, 14, 12, 10, 8, 7, 6, 4, 3];
/// Right without knowing.
const LUCK: f64 = 0.05;
/// Half the marks without knowing.
const HALF: f64 = 0.2;

/// How much the items of a topic have in common.
#[derive(Clone, Copy)]
enum World {
    /// They ask for one of so many skills.
    Skills(usize),
    /// Each asks for something of its own, and the exam asks for one of them.
    Apart,
    /// They are as easy or hard as real items, and the exam asks for new ones, or for them again.
    Measured { again: bool },
}

#[derive(Clone, Copy)]
enum Chooser {
    Nothing,
    Random,
    WeakTopics,
    Sm2,
    Adaptive,
}

struct Item {
    question: Question,
    topic: usize,
    skill: usize,
}

struct Skill {
    /// `None` until it is known or was practised.
    memory: Option<(Memory, DateTime<Utc>)>,
}

struct Pupil {
    skills: Vec<Vec<Skill>>,
    pace: f64,
}

/// One who practises: what the choosers do not see.
trait Mind {
    /// Works on an item: the share of its marks. The answer is seen afterwards.
    fn work(&mut self, item: usize, items: &[Item], at: DateTime<Utc>, chance: &mut StdRng) -> f64;

    /// The expected mark out of 100.
    fn exam(&self, at: DateTime<Utc>) -> f64;
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let pupils = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(PUPILS);
    let worlds = [
        ("six skills a topic", World::Skills(6)),
        ("every item apart", World::Apart),
        ("as measured, an exam of new items", World::Measured { again: false }),
        ("as measured, an exam of these items", World::Measured { again: true }),
    ];
    let choosers = [
        ("no practice", Chooser::Nothing),
        ("random", Chooser::Random),
        ("topics under 60 % at random", Chooser::WeakTopics),
        ("SM-2", Chooser::Sm2),
        ("adaptive", Chooser::Adaptive),
    ];
    for (title, world) in worlds {
        writeln!(
            out,
            "{title}: {pupils} pupils, {DAYS} days of {MINUTES_A_DAY} minutes, {PAPERS} papers to practise with"
        )?;
        let items = items(world);
        let marks = choosers.map(|(_, chooser)| {
            (10_000..10_000 + pupils).map(|seed| practise(&items, world, chooser, seed)).collect::<Vec<f64>>()
        });
        let adaptive = marks.last().expect("there are choosers");
        for ((name, _), marks) in choosers.iter().zip(&marks) {
            let ahead: Vec<f64> = adaptive.iter().zip(marks).map(|(adaptive, other)| adaptive - other).collect();
            writeln!(out, "  {name:<30} {}   adaptive is ahead by {}", interval(marks), interval(&ahead))?;
        }
    }
    Ok(())
}

/// The mean with its 95 % interval.
fn interval(values: &[f64]) -> String {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    format!("{mean:5.1} ± {:.1}", 1.96 * (variance / count).sqrt())
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

/// The items of the past papers, the same for all pupils.
fn items(world: World) -> Vec<Item> {
    let mut chance = StdRng::seed_from_u64(2026);
    let mut items = Vec::new();
    let mut apart = [0; TOPICS.len()];
    for _ in 0..PAPERS {
        for (topic, mut left) in TOPICS.into_iter().enumerate() {
            while left > 0 {
                let marks = chance.random_range(1..=4u32).min(left);
                left -= marks;
                let skill = match world {
                    World::Skills(count) => chance.random_range(0..count),
                    World::Apart | World::Measured { .. } => apart[topic],
                };
                apart[topic] += 1;
                let question = Question {
                    id: Uuid::from_u128(items.len() as u128 + 1),
                    topic: Some(Uuid::from_u128(topic as u128)),
                    marks: Some(marks.into()),
                    ..Question::default()
                };
                items.push(Item { question, topic, skill });
            }
        }
    }
    items
}

impl Pupil {
    fn new(items: &[Item], seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let ability = chance.random_range(0.15..0.8);
        // About a factor of two around the published average.
        let pace = 2f64.powf(chance.random_range(-1.0..1.0));
        let skills = (0..TOPICS.len()).map(|topic| {
            let count = 1 + items.iter().filter(|item| item.topic == topic).map(|item| item.skill).max().unwrap_or(0);
            let known: f64 = ability + chance.random_range(-0.3..0.3);
            let skill = |chance: &mut StdRng| {
                let memory = Memory {
                    stability: 20.0 * 3f64.powf(chance.random_range(-1.0..1.0)),
                    difficulty: chance.random_range(2.0..8.0),
                };
                let last = start() - Duration::days(chance.random_range(1..40));
                Skill { memory: (chance.random::<f64>() < known).then_some((memory, last)) }
            };
            (0..count).map(|_| skill(&mut chance)).collect()
        });
        Self { skills: skills.collect(), pace }
    }

    fn recall(&self, topic: usize, skill: usize, at: DateTime<Utc>) -> f64 {
        let known = self.skills[topic][skill].memory;
        let recall = known.map_or(0.0, |(memory, last)| memory.recall(self.days(last, at)));
        LUCK + (1.0 - LUCK) * recall
    }

    fn days(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
        (to - from).num_seconds() as f64 / 86_400.0 / self.pace
    }
}

impl Mind for Pupil {
    fn work(&mut self, item: usize, items: &[Item], at: DateTime<Utc>, chance: &mut StdRng) -> f64 {
        let item = &items[item];
        let right = chance.random::<f64>() < self.recall(item.topic, item.skill, at);
        let half = chance.random::<f64>() < HALF;
        let grade = if right { Rating::Good } else { Rating::Again };
        let since = self.skills[item.topic][item.skill].memory.map(|(memory, last)| (memory, self.days(last, at)));
        let memory = since.map_or(Memory::first(grade), |(memory, days)| memory.after(grade, days));
        self.skills[item.topic][item.skill].memory = Some((memory, at));
        if right {
            1.0
        } else if half {
            0.5
        } else {
            0.0
        }
    }

    fn exam(&self, at: DateTime<Utc>) -> f64 {
        let topic = |topic: usize| {
            let skills = self.skills[topic].len();
            (0..skills).map(|skill| self.recall(topic, skill, at)).sum::<f64>() / skills as f64
        };
        TOPICS.iter().enumerate().map(|(n, &marks)| f64::from(marks) * topic(n)).sum()
    }
}

/// A card of SM-2 (Wozniak 1990).
#[derive(Clone, Copy)]
struct Card {
    repetitions: u32,
    interval: f64,
    ease: f64,
    due: i64,
}

impl Card {
    fn answer(&mut self, share: f64, day: i64) {
        let quality: f64 = if share >= 1.0 {
            4.0
        } else if share > 0.0 {
            2.0
        } else {
            1.0
        };
        if quality < 3.0 {
            (self.repetitions, self.interval) = (0, 1.0);
        } else {
            self.interval = [1.0, 6.0].get(self.repetitions as usize).copied().unwrap_or(self.interval * self.ease);
            self.repetitions += 1;
        }
        self.ease = (self.ease + 0.1 - (5.0 - quality) * (0.08 + (5.0 - quality) * 0.02)).max(1.3);
        self.due = day + self.interval.round() as i64;
    }
}

/// Six weeks of one pupil, then the exam.
fn practise(items: &[Item], world: World, chooser: Chooser, seed: u64) -> f64 {
    let mut pupil: Box<dyn Mind> = match world {
        World::Measured { again } => Box::new(measured::Pupil::new(items, again, seed)),
        _ => Box::new(Pupil::new(items, seed)),
    };
    let mut chance = StdRng::seed_from_u64(seed ^ 0xE4A3);
    let exam = start() + Duration::days(DAYS);
    let questions: Vec<Question> = items.iter().map(|item| item.question.clone()).collect();
    let per_paper = questions.len().div_ceil(PAPERS);
    let worth = adaptive::worth(questions.chunks(per_paper));
    let mut answers: Vec<Answered> = Vec::new();
    let mut knowledge = Knowledge::default();
    let mut cards: HashMap<usize, Card> = HashMap::new();
    let days = if matches!(chooser, Chooser::Nothing) { 0 } else { DAYS };
    for day in 0..days {
        let mut now = start() + Duration::days(day);
        let mut shuffled: Vec<usize> = (0..items.len()).collect();
        shuffled.shuffle(&mut chance);
        let order: Vec<usize> = match chooser {
            Chooser::Nothing | Chooser::Random => shuffled,
            Chooser::WeakTopics => {
                let mut sums = [(0.0, 0.0); TOPICS.len()];
                for answer in &answers {
                    let topic = &mut sums[answer.topic_id.map_or(0, |id| id.as_u128() as usize)];
                    *topic = (topic.0 + answer.earned, topic.1 + answer.possible);
                }
                let weak: HashSet<usize> =
                    (0..TOPICS.len()).filter(|&t| sums[t].1 > 0.0 && sums[t].0 < 0.6 * sums[t].1).collect();
                let (weak, other): (Vec<usize>, Vec<usize>) =
                    shuffled.into_iter().partition(|&n| weak.contains(&items[n].topic));
                if weak.is_empty() { other } else { weak }
            }
            Chooser::Sm2 => {
                let mut due: Vec<usize> = cards.iter().filter(|(_, card)| card.due <= day).map(|(&n, _)| n).collect();
                due.sort_unstable_by_key(|n| (cards[n].due, *n));
                due.extend(shuffled.into_iter().filter(|n| !cards.contains_key(n)));
                due
            }
            Chooser::Adaptive => {
                let history = History::of(&answers);
                let situation = Situation {
                    history: &history,
                    knowledge: &knowledge,
                    worth: &worth,
                    topic_names: &HashMap::new(),
                    now,
                    exam,
                    seed: adaptive::mixed(1000 * seed + day as u64),
                };
                adaptive::choose(&questions, &situation, 20).into_iter().map(|chosen| chosen.place).collect()
            }
        };
        let mut minutes = MINUTES_A_DAY;
        for n in order {
            if minutes <= 0.0 {
                break;
            }
            let possible = quiz::marks_of(&items[n].question);
            let took = possible * quiz::MINUTES_PER_MARK;
            minutes -= took;
            now += Duration::seconds((60.0 * took) as i64);
            let share = pupil.work(n, items, now, &mut chance);
            let new = Card { repetitions: 0, interval: 0.0, ease: 2.5, due: 0 };
            cards.entry(n).or_insert(new).answer(share, day);
            let answer = Answered {
                question_id: questions[n].id,
                topic_id: questions[n].topic,
                at: now,
                earned: share * possible,
                possible,
                blank: false,
            };
            learn(&mut knowledge.model, &mut knowledge.pupil, &[answer]);
            answers.push(answer);
        }
    }

    pupil.exam(exam)
}
