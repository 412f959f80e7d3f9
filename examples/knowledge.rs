//! How well `domain::knowledge` tells pupils' next answers and exams, on files of real pupils:
//! `cargo run --release --features ssr --example knowledge -- FOLDER [fit]`.
//!
//! FOLDER holds files `*.csv` with the header `pupil,at,item,topic,share`, one pupil after the other; `at` in seconds, −1 where
//! it is not known. Each half of a file's pupils is predicted after the other half, and each thirty pupils as a new school
//! of their own. Intervals are of 90 % and from 1000 draws of pupils. `fit` chooses the constants anew, once on half of the
//! pupils of each file and once on all files but one, and measures on what was left out.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use exam_prep::domain::knowledge::{Asked, Belief, Constants, Forecast, Model};

/// Items of an exam.
const EXAM: usize = 20;
/// Pupils of a new school.
const SCHOOL: usize = 30;
const DRAWS: usize = 1000;

struct File {
    name: String,
    /// One for each pupil: what was asked, and the share earned.
    pupils: Vec<Vec<(Asked<u32>, f64)>>,
}

fn read(path: &Path) -> Result<File, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut pupils: Vec<Vec<_>> = vec![];
    let mut last = None;
    let mut names = HashMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [pupil, at, item, topic, share] = fields[..] else {
            return Err(format!("{line:?} has no five fields").into());
        };
        if last != Some(pupil) {
            pupils.push(vec![]);
            last = Some(pupil);
        }
        let mut number = |kind: char, name| {
            let next = names.len() as u32;
            *names.entry((kind, name)).or_insert(next)
        };
        let at = at.parse().ok().filter(|&at: &f64| at >= 0.0);
        let asked = Asked { item: number('i', item), topic: Some(number('t', topic)), at };
        pupils.last_mut().ok_or("no pupil")?.push((asked, share.parse()?));
    }
    Ok(File { name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), pupils })
}

/// A pupil's answers, each with the share that was expected, and the exam.
#[derive(Clone, Default)]
struct Told {
    answers: Vec<(f64, f64)>,
    /// Marks earned and expected, and the interval.
    exam: Option<[f64; 4]>,
    /// The same where only the topics of the items are known, as before an exam that nobody has seen.
    by_topics: Option<[f64; 4]>,
}

impl Told {
    fn loss(&self) -> f64 {
        self.answers.iter().map(|&(share, told)| loss(share, told)).sum()
    }
}

fn loss(share: f64, told: f64) -> f64 {
    let told = told.clamp(0.001, 0.999);
    -share * told.ln() - (1.0 - share) * (1.0 - told).ln()
}

/// The pupils' answers as they are told, starting with the pupil at this place; all is forgotten after so many pupils.
fn tell(file: &File, constants: Constants, from: usize, school: usize, exams: bool) -> Vec<Told> {
    let count = file.pupils.len();
    let mut told = vec![Told::default(); count];
    let mut model = Model::new(constants);
    for step in 0..count {
        let place = (from + step) % count;
        if step % school == 0 {
            model = Model::new(constants);
        }
        let answers = &file.pupils[place];
        let mut pupil = model.pupil();
        for (number, (asked, share)) in answers.iter().enumerate() {
            if exams && number + EXAM == answers.len() && number >= EXAM {
                let exam: Vec<_> = answers[number..].iter().map(|&(asked, _)| (asked, 1.0)).collect();
                let real = answers[number..].iter().map(|(_, share)| share).sum();
                let forecast = |exam: &[_]| {
                    let Forecast { expected, low, high, .. } = model.forecast(&pupil, exam);
                    Some([real, expected, low, high])
                };
                let unseen = |(asked, item)| (Asked { item: u32::MAX - item, ..asked }, 1.0);
                let by_topics: Vec<_> =
                    answers[number..].iter().map(|&(asked, _)| asked).zip(0..).map(unseen).collect();
                told[place].exam = forecast(&exam);
                told[place].by_topics = forecast(&by_topics);
            }
            let expected = model.learn(&mut pupil, asked, *share).share;
            told[place].answers.push((*share, expected));
        }
    }
    told
}

/// Each half told after the other half.
fn halves(file: &File, constants: Constants, exams: bool) -> Vec<Told> {
    let half = file.pupils.len().div_ceil(2);
    let mut told = tell(file, constants, half, usize::MAX, exams);
    let second = tell(file, constants, 0, usize::MAX, exams);
    told[half..].clone_from_slice(&second[half..]);
    told
}

/// Log loss, AUC and ECE of ten deciles.
fn figures(told: &[&Told]) -> [f64; 3] {
    let mut all: Vec<(f64, f64)> = told.iter().flat_map(|one| one.answers.iter().copied()).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let count = all.len() as f64;
    let (mut ranks, mut right, mut error) = (0.0, 0.0, 0.0);
    let mut rank = 0.0;
    for ties in all.chunk_by(|a, b| a.1 == b.1) {
        let rights = ties.iter().filter(|(share, _)| *share >= 0.5).count() as f64;
        ranks += rights * (rank + (ties.len() as f64 + 1.0) / 2.0);
        right += rights;
        rank += ties.len() as f64;
    }
    for tenth in 0..10 {
        let part = &all[tenth * all.len() / 10..(tenth + 1) * all.len() / 10];
        error += part.iter().map(|(share, told)| share - told).sum::<f64>().abs() / count;
    }
    let auc = (ranks - right * (right + 1.0) / 2.0) / (right * (count - right));
    [all.iter().map(|&(share, told)| loss(share, told)).sum::<f64>() / count, auc, error]
}

/// How an exam was told.
type Exam = fn(&Told) -> Option<[f64; 4]>;

/// The share of exams whose marks lie in the interval, its mean width, the mean error, in marks.
fn exams(told: &[&Told], exam: Exam) -> [f64; 3] {
    let exams: Vec<[f64; 4]> = told.iter().filter_map(|one| exam(one)).collect();
    let mean = |of: fn(&[f64; 4]) -> f64| exams.iter().map(of).sum::<f64>() / exams.len() as f64;
    [
        mean(|[real, _, low, high]| if (low..=high).contains(&real) { 1.0 } else { 0.0 }),
        mean(|[_, _, low, high]| high - low),
        mean(|[real, expected, ..]| (real - expected).abs()),
    ]
}

/// A figure with the interval in which it lies in 90 of 100 draws of as many pupils.
fn drawn(told: &[&Told], figure: impl Fn(&[&Told]) -> f64, draws: usize) -> String {
    let mut seed = 1;
    let mut values: Vec<f64> = (0..draws)
        .map(|_| {
            let draw: Vec<&Told> =
                told.iter().map(|_| told[(random(&mut seed) * told.len() as f64) as usize]).collect();
            figure(&draw)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    format!("{:.4} [{:.4}, {:.4}]", figure(told), values[draws / 20], values[draws - 1 - draws / 20])
}

/// Evenly from 0 to 1: splitmix64 by Sebastiano Vigna.
fn random(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn mean_loss<'a>(told: impl IntoIterator<Item = &'a Told>) -> f64 {
    let (sum, count) =
        told.into_iter().fold((0.0, 0), |(sum, count), one| (sum + one.loss(), count + one.answers.len()));
    sum / count as f64
}

fn report(file: &File, constants: Constants) {
    let start = Instant::now();
    let told = halves(file, constants, true);
    let answers: usize = told.iter().map(|one| one.answers.len()).sum();
    let speed = 2.0 * answers as f64 / start.elapsed().as_secs_f64();
    let all: Vec<&Told> = told.iter().collect();
    let second = &all[file.pupils.len().div_ceil(2)..];
    println!("{}: {answers} answers of {} pupils, {:.1} million a second", file.name, told.len(), speed / 1e6);
    for (name, part) in [("second half", second), ("both halves", &all[..])] {
        let [_, auc, ece] = figures(part);
        let loss = drawn(part, |told| mean_loss(told.iter().copied()), DRAWS);
        println!("  {name}  log loss {loss}  AUC {auc:.4}  ECE {ece:.4}");
        let ways: [(&str, Exam); 2] = [("by their items", |one| one.exam), ("by their topics", |one| one.by_topics)];
        for (way, exam) in ways {
            let [_, width, error] = exams(part, exam);
            let holds = drawn(part, |told| exams(told, exam)[0], DRAWS);
            println!("    exams told {way}  in the interval {holds}  width {width:.2}  mean error {error:.2}");
        }
    }
    let schools = tell(file, constants, 0, SCHOOL, false);
    let first = mean_loss(&schools[..SCHOOL]);
    println!("  new schools  the first {SCHOOL} pupils {first:.4}, every {SCHOOL} {:.4}", mean_loss(&schools));
}

type Place = fn(&mut Constants) -> &mut f64;

/// The constants that `fit` chooses, and whether they are variances or parts (and move by factors) or of either sign.
const CHOSEN: [(&str, Place, bool); 20] = [
    ("topic_easiness", |c| &mut c.topic_easiness, true),
    ("item_easiness", |c| &mut c.item_easiness, true),
    ("topic_sharpness", |c| &mut c.topic_sharpness, true),
    ("item_sharpness", |c| &mut c.item_sharpness, true),
    ("overall", |c| &mut c.overall, true),
    ("overall_fades", |c| &mut c.overall_fades, true),
    ("lately", |c| &mut c.lately, true),
    ("lately_fades", |c| &mut c.lately_fades, true),
    ("in_topic", |c| &mut c.in_topic, true),
    ("in_topic_fades", |c| &mut c.in_topic_fades, true),
    ("practice", |c| &mut c.practice.mean, false),
    ("right", |c| &mut c.right.mean, false),
    ("right_fades", |c| &mut c.right_fades.mean, true),
    ("right_stays", |c| &mut c.right_stays.mean, false),
    ("wrong", |c| &mut c.wrong.mean, false),
    ("wrong_fades", |c| &mut c.wrong_fades.mean, true),
    ("wrong_stays", |c| &mut c.wrong_stays.mean, false),
    ("rights", |c| &mut c.rights.mean, true),
    ("gives_way", |c| &mut c.gives_way.mean, true),
    ("sharpness", |c| &mut c.sharpness, true),
];

/// What `fit` starts from when a file is left out: round numbers, and nothing about items that come again.
const ROUND: Constants = Constants {
    easiness: Belief::new(0.0, 1.0),
    topic_easiness: 0.5,
    item_easiness: 1.0,
    sharpness: 0.02,
    topic_sharpness: 0.02,
    item_sharpness: 0.1,
    overall: 1.0,
    overall_fades: 0.002,
    lately: 0.3,
    lately_fades: 0.2,
    in_topic: 0.3,
    in_topic_fades: 0.05,
    practice: Belief::new(0.5, 0.1),
    right: Belief::new(0.0, 0.2),
    right_fades: Belief::new(0.01, 0.02),
    right_stays: Belief::new(0.0, 0.2),
    wrong: Belief::new(0.0, 0.2),
    wrong_fades: Belief::new(0.01, 0.02),
    wrong_stays: Belief::new(0.0, 0.2),
    rights: Belief::new(0.1, 0.05),
    gives_way: Belief::new(0.3, 0.01),
    ..Constants::MEASURED
};

/// The mean log loss of these files, of some of their pupils; new schools count for a quarter.
fn cost(files: &[&File], constants: Constants, holds: &dyn Fn(usize) -> bool) -> f64 {
    let part =
        |told: Vec<Told>| mean_loss(told.iter().enumerate().filter(|&(place, _)| holds(place)).map(|(_, one)| one));
    let of = |file: &&File| {
        0.75 * part(halves(file, constants, false)) + 0.25 * part(tell(file, constants, 0, SCHOOL, false))
    };
    files.iter().map(of).sum::<f64>() / files.len() as f64
}

/// Constants with which these pupils are told best, one after the other in steps that grow and shrink.
fn fit(files: &[&File], start: Constants, rounds: usize, holds: &dyn Fn(usize) -> bool) -> Constants {
    let mut best = start;
    let mut least = cost(files, best, holds);
    let mut steps = [0.2f64; CHOSEN.len()];
    for _ in 0..rounds {
        for ((_, place, by_factor), step) in CHOSEN.iter().zip(&mut steps) {
            let mut found = false;
            for by in [*step, -*step] {
                let mut other = best;
                let value = place(&mut other);
                *value = if *by_factor { *value * by.exp() } else { *value + by };
                let now = cost(files, other, holds);
                if now < least {
                    (best, least, found) = (other, now, true);
                    break;
                }
            }
            *step *= if found { 1.5 } else { 0.5 };
        }
    }
    best
}

fn print(mut constants: Constants) {
    let values: Vec<String> =
        CHOSEN.iter().map(|(name, place, _)| format!("{name} {:.3}", place(&mut constants))).collect();
    println!("    {}", values.join(", "));
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let rounds: Option<usize> = match (arguments.next().as_deref(), arguments.next()) {
        (Some("fit"), rounds) => Some(rounds.map_or(Ok(4), |rounds| rounds.parse())?),
        _ => None,
    };
    let mut paths: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    paths.sort();
    let files: Vec<File> = paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    for file in &files {
        report(file, Constants::MEASURED);
    }
    let Some(rounds) = rounds else { return Ok(()) };
    let all: Vec<&File> = files.iter().collect();
    for half in 0..2 {
        let mut chosen = Constants::MEASURED;
        let within = |place: usize| random(&mut (place as u64)) < 0.5;
        chosen = fit(&all, chosen, rounds, &|place| within(place) == (half == 0));
        println!("Chosen on half {half} of the pupils, measured on the others");
        print(chosen);
        for file in &files {
            let told = halves(file, chosen, true);
            let others: Vec<&Told> = told
                .iter()
                .enumerate()
                .filter(|&(place, _)| within(place) != (half == 0))
                .map(|(_, one)| one)
                .collect();
            let [_, auc, ece] = figures(&others);
            let loss = drawn(&others, |told| mean_loss(told.iter().copied()), DRAWS);
            println!("  {}  log loss {loss}  AUC {auc:.4}  ECE {ece:.4}", file.name);
        }
    }
    for out in 0..files.len() {
        let others: Vec<&File> = (0..files.len()).filter(|&place| place != out).map(|place| &files[place]).collect();
        let chosen = fit(&others, ROUND, 2 * rounds, &|_| true);
        println!("Chosen without {}, measured on it", files[out].name);
        print(chosen);
        report(&files[out], chosen);
    }
    Ok(())
}
