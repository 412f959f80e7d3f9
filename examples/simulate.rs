//! What a pupil's exam mark comes to after weeks of practice chosen in different ways, for tools/bench; with two numbers, of so
//! many schools of so many pupils.
//!
//! The pupils are made up, but `measured` draws them from real ones. Whoever works on an item sees the answer afterwards. The
//! exam asks for new items, or for those of the papers again; its mark is the expected one, out of 100. Choosers see only items,
//! topics, marks and answers, and what thirty other pupils of the school have answered; the last two know all, and take what
//! adds most. In each school every chooser has the same pupils, with the same luck.

use std::collections::HashMap;
use std::io::Write;

use chrono::{DateTime, Duration, Utc};
use exam_model::question::Question;
use exam_prep::domain::adaptive::{self, Situation};
use exam_prep::domain::expected_mark::{Blueprint, PastPaper};
use exam_prep::domain::history::{Answered, History};
use exam_prep::domain::knowledge::Model;
use exam_prep::domain::learning::{Knowledge, learn};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use uuid::Uuid;

mod measured;
use measured::{Exam, SOURCES, School, Source};

const SCHOOLS: u64 = 20;
const PUPILS: u64 = 20;
/// Pupils from whose answers the school's items are known.
const OTHERS: u64 = 30;
const OTHERS_DAYS: i64 = 10;
/// Twenty minutes, at 1.8 minutes a mark.
const ITEMS_A_DAY: usize = 6;
const PAPERS: usize = 8;

/// An exam to come.
struct Scenario {
    name: &'static str,
    days: i64,
    /// The marks of each topic in a paper, and its items.
    topics: [(f64, usize); 10],
}

const SCENARIOS: [Scenario; 3] = [
    Scenario { name: "six weeks", days: 42, topics: USUAL },
    Scenario { name: "one week", days: 7, topics: USUAL },
    Scenario {
        name: "six weeks, very unequal topics",
        days: 42,
        topics: [(40.0, 5), (20.0, 5), (12.0, 5), (8.0, 5), (6.0, 5), (4.0, 5), (4.0, 5), (2.0, 5), (2.0, 5), (2.0, 5)],
    },
];

/// Items of about two marks.
const USUAL: [(f64, usize); 10] =
    [(20.0, 10), (16.0, 8), (14.0, 7), (12.0, 6), (10.0, 5), (8.0, 4), (7.0, 4), (6.0, 3), (4.0, 2), (3.0, 1)];

#[derive(Clone, Copy)]
enum Chooser {
    Nothing,
    Random,
    WeakTopics,
    Sm2,
    Adaptive,
    Best(Exam),
}

const CHOOSERS: [(&str, Chooser); 7] = [
    ("no practice", Chooser::Nothing),
    ("random", Chooser::Random),
    ("topics under 60 % at random", Chooser::WeakTopics),
    ("SM-2", Chooser::Sm2),
    ("adaptive", Chooser::Adaptive),
    ("best for new items", Chooser::Best(Exam::New)),
    ("best for these again", Chooser::Best(Exam::Again)),
];
/// Their places.
const RANDOM: usize = 1;
const ADAPTIVE: usize = 4;

/// The questions of the past papers, with their topics.
struct Bank {
    questions: Vec<Question>,
    topics: Vec<usize>,
    worth: HashMap<Option<Uuid>, f64>,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut numbers = std::env::args().skip(1).filter_map(|count| count.parse().ok());
    let schools = numbers.next().unwrap_or(SCHOOLS);
    let pupils = numbers.next().unwrap_or(PUPILS);
    for scenario in &SCENARIOS {
        for source in &SOURCES {
            compare(&mut out, scenario, source, schools, pupils)?;
        }
    }
    Ok(())
}

/// The marks that each chooser comes to, and by how much that is more than by chance.
fn compare(
    out: &mut impl Write,
    scenario: &Scenario,
    source: &'static Source,
    schools: u64,
    pupils: u64,
) -> std::io::Result<()> {
    let bank = Bank::new(scenario);
    writeln!(out, "{}, pupils as in {}: {schools} schools of {pupils}", scenario.name, source.name)?;
    let of_school = |seed: u64| -> Vec<[f64; 2]> {
        let marks = scenario.topics.map(|(marks, _)| marks);
        let school = School::new(source, &marks, &bank.topics, seed);
        let mut known = Model::default();
        for other in 0..OTHERS {
            practise(&school, &bank, OTHERS_DAYS, Chooser::Random, pupils + other, &mut known);
        }
        let mean = |chooser| {
            let sum = (0..pupils).fold([0.0; 2], |sum, number| {
                let marks = practise(&school, &bank, scenario.days, chooser, number, &mut known.clone());
                [sum[0] + marks[0], sum[1] + marks[1]]
            });
            sum.map(|sum| sum / pupils as f64)
        };
        CHOOSERS.iter().map(|&(_, chooser)| mean(chooser)).collect()
    };
    let all: Vec<Vec<[f64; 2]>> = (1..=schools).map(of_school).collect();
    for (exam, of) in ["of new items", "of these again"].into_iter().enumerate() {
        writeln!(out, "  {:<30} marks of 100   more than random   less than adaptive", format!("exam {of}"))?;
        for (place, (name, _)) in CHOOSERS.iter().enumerate() {
            let marks = |place: usize| all.iter().map(move |school| school[place][exam]);
            let ahead = |of: usize, than: usize| marks(of).zip(marks(than)).map(|(a, b)| a - b).collect::<Vec<f64>>();
            let [more, less] = [ahead(place, RANDOM), ahead(ADAPTIVE, place)].map(|ahead| interval(&ahead));
            writeln!(out, "  {name:<30} {}   {more}     {less}", interval(&marks(place).collect::<Vec<f64>>()))?;
        }
    }
    Ok(())
}

/// Student's t of a 95 % interval from twenty values.
const T: f64 = 2.09;

/// The mean with its 95 % interval.
fn interval(values: &[f64]) -> String {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    format!("{mean:6.2} ± {:.2}", T * (variance / count).sqrt())
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

impl Bank {
    fn new(scenario: &Scenario) -> Self {
        let paper = || {
            scenario
                .topics
                .iter()
                .enumerate()
                .flat_map(|(topic, &(marks, items))| (0..items).map(move |_| (topic, marks / items as f64)))
        };
        let items: Vec<(usize, f64)> = (0..PAPERS).flat_map(|_| paper()).collect();
        let question = |(&(topic, marks), number): (&(usize, f64), u128)| Question {
            id: Uuid::from_u128(number),
            topic: Some(Uuid::from_u128(topic as u128)),
            marks: Some(marks),
            ..Question::default()
        };
        let questions: Vec<Question> = items.iter().zip(1..).map(question).collect();
        let paper = |questions: &[Question]| PastPaper { sections: Vec::new(), questions: questions.to_vec() };
        let papers: Vec<PastPaper> = questions.chunks(items.len() / PAPERS).map(paper).collect();
        let exam = Blueprint::of(&papers.iter().collect::<Vec<_>>());
        let worth = exam.into_iter().flat_map(|exam| exam.parts).map(|part| (part.topic, part.marks)).collect();
        Self { questions, topics: items.iter().map(|&(topic, _)| topic).collect(), worth }
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
    const NEW: Self = Self { repetitions: 0, interval: 0.0, ease: 2.5, due: 0 };

    fn answer(&mut self, right: bool, day: i64) {
        let quality: f64 = if right { 4.0 } else { 1.0 };
        if right {
            self.interval = [1.0, 6.0].get(self.repetitions as usize).copied().unwrap_or(self.interval * self.ease);
            self.repetitions += 1;
        } else {
            (self.repetitions, self.interval) = (0, 1.0);
        }
        self.ease = (self.ease + 0.1 - (5.0 - quality) * (0.08 + (5.0 - quality) * 0.02)).max(1.3);
        self.due = day + self.interval.round() as i64;
    }
}

/// What a chooser sees.
struct Practice<'a> {
    bank: &'a Bank,
    answers: Vec<Answered>,
    knowledge: Knowledge,
    cards: HashMap<usize, Card>,
    chance: StdRng,
    exam: DateTime<Utc>,
}

/// One pupil's days of practice, then the exam: of new items, and of these again.
fn practise(
    school: &School,
    bank: &Bank,
    days: i64,
    chooser: Chooser,
    number: u64,
    known: &mut Model<Uuid>,
) -> [f64; 2] {
    let mut pupil = school.pupil(number);
    let exam = start() + Duration::days(days);
    let days = if matches!(chooser, Chooser::Nothing) { 0 } else { days };
    let knowledge = Knowledge { pupil: known.pupil(), model: known.clone() };
    let chance = StdRng::seed_from_u64(number ^ 0xE4A3);
    let mut practice = Practice { bank, answers: vec![], knowledge, cards: HashMap::new(), chance, exam };
    for day in 0..days {
        let mut now = start() + Duration::days(day);
        let chosen = match chooser {
            Chooser::Best(_) => vec![0; ITEMS_A_DAY],
            other => practice.choose(other, now, day, number),
        };
        for n in chosen {
            let n = match chooser {
                Chooser::Best(of) => best(&pupil.gains(of, now, exam)),
                _ => n,
            };
            now += Duration::minutes(4);
            let right = pupil.work(n, now);
            practice.answered(n, right, now, day);
        }
    }
    known.clone_from(&practice.knowledge.model);
    [Exam::New, Exam::Again].map(|of| pupil.exam(of, exam))
}

fn best(gains: &[f64]) -> usize {
    gains.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(place, _)| place)
}

impl Practice<'_> {
    /// The items of a day.
    fn choose(&mut self, chooser: Chooser, now: DateTime<Utc>, day: i64, number: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.bank.questions.len()).collect();
        order.shuffle(&mut self.chance);
        match chooser {
            Chooser::WeakTopics => order = self.of_weak_topics(order),
            Chooser::Sm2 => {
                let due = |n: &usize| self.cards.get(n).map_or((true, i64::MAX), |card| (card.due <= day, card.due));
                order.retain(|n| due(n).0);
                order.sort_by_key(|n| due(n).1);
            }
            Chooser::Adaptive => {
                let situation = Situation {
                    history: &History::of(&self.answers),
                    knowledge: &self.knowledge,
                    worth: &self.bank.worth,
                    topic_names: &HashMap::new(),
                    now,
                    exam: self.exam,
                    seed: adaptive::mixed(1000 * number + day as u64),
                };
                let chosen = adaptive::choose(&self.bank.questions, &situation, ITEMS_A_DAY);
                order = chosen.into_iter().map(|chosen| chosen.place).collect();
            }
            _ => (),
        }
        order.truncate(ITEMS_A_DAY);
        order
    }

    fn of_weak_topics(&self, order: Vec<usize>) -> Vec<usize> {
        let mut sums: HashMap<Option<Uuid>, (f64, f64)> = HashMap::new();
        for answer in &self.answers {
            let sum = sums.entry(answer.topic_id).or_default();
            *sum = (sum.0 + answer.earned, sum.1 + answer.possible);
        }
        let is_weak =
            |&n: &usize| sums.get(&self.bank.questions[n].topic).is_some_and(|(earned, of)| *earned < 0.6 * of);
        let (weak, other): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_weak);
        if weak.is_empty() { other } else { weak }
    }

    fn answered(&mut self, n: usize, right: bool, at: DateTime<Utc>, day: i64) {
        self.cards.entry(n).or_insert(Card::NEW).answer(right, day);
        let question = &self.bank.questions[n];
        let possible = question.marks.unwrap_or(1.0);
        let earned = if right { possible } else { 0.0 };
        let (question_id, topic_id) = (question.id, question.topic);
        let answer = Answered { question_id, topic_id, at, earned, possible, blank: false };
        learn(&mut self.knowledge.model, &mut self.knowledge.pupil, &[answer]);
        self.answers.push(answer);
    }
}
