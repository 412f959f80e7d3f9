//! Fuzzing: whatever random faults a paper has, the reader returns questions or an error message, in time.
//!
//! `MUTATIONS` is the number of papers; `make fuzz` runs ten thousand. `MUTATION=21` runs only that one and writes it to
//! target/mutation.pdf.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use exam_reading::testing::PIECES;
use exam_reading::text::{Area, Char, Drawing};
use exam_reading::trace;

use crate::server::documents::reading::*;
use crate::server::tests::made_pdf::{text_pages, with_streams};

/// The numbers of the mutations to run.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests alone")]
fn numbers() -> Range<u64> {
    let told = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    told("MUTATION").map_or(0..told("MUTATIONS").unwrap_or(60), |only: u64| only..only + 1)
}

/// Pseudorandom numbers, the same each time.
struct Chance(u64);

impl Chance {
    /// Mixes the seed, so that neighbouring seeds give different numbers.
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn range(&mut self, length: usize, most: usize) -> Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(most)).min(length)
    }
}

/// A file with uncompressed page contents, so that faults in them have an effect.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let pdf = hayro::hayro_syntax::Pdf::new(bytes.to_vec()).unwrap();
    let contents = pdf.pages().iter().filter_map(|page| {
        let number = page.raw().get_ref("Contents")?.obj_number;
        Some((
            number,
            page.raw().get::<hayro::hayro_syntax::object::Stream<'_>>("Contents")?.decoded().ok()?.into_owned(),
        ))
    });
    with_streams(bytes, &contents.collect::<Vec<_>>())
}

/// Our papers, compressed and uncompressed, and the smaller ones of the corpus, if present.
fn papers() -> Vec<Vec<u8>> {
    let ours: [&[u8]; 3] = [
        include_bytes!("../../../../demo/papers/p6-mathematics.pdf"),
        include_bytes!("../../../../demo/papers/s3-physics.pdf"),
        include_bytes!("../../../../demo/papers/s3-mathematics-scheme.pdf"),
    ];
    let mut papers: Vec<Vec<u8>> = ours.iter().flat_map(|bytes| [bytes.to_vec(), unpacked(bytes)]).collect();
    let long = "1. Name the parts of a flower. [4 marks]";
    papers.push(text_pages(&[&[long, "(a) its root", "(b) its stem"], &["2. Why is the sky blue at noon? (2 marks)"]]));
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/dev");
    let files = std::fs::read_dir(corpus).into_iter().flatten().map(|file| file.unwrap().path());
    let pdfs = files.filter(|path| path.extension().is_some_and(|end| end == "pdf"));
    papers.extend(pdfs.map(|path| std::fs::read(path).unwrap()).filter(|bytes| bytes.len() < 400_000));
    papers
}

/// The start and end of each object.
fn objects(bytes: &[u8]) -> Vec<Range<usize>> {
    let starts = bytes.windows(6).enumerate().filter(|(_, window)| *window == b" 0 obj").map(|(at, _)| at + 6);
    let end = |start: usize| bytes[start..].windows(6).position(|window| window == b"endobj").map(|at| start + at);
    // A few are enough.
    starts.step_by(3).take(200).filter_map(|start| Some(start..end(start)?)).collect()
}

/// A paper with one to four random faults.
fn mutated(paper: &[u8], chance: &mut Chance) -> Vec<u8> {
    const JUNK: [&[u8]; 16] = [
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b")",
        b"endobj",
        b"stream\n",
        b"endstream",
        b"null",
        b" -1 ",
        b" 4294967296 ",
        b" 1e38 ",
        b" 0 0 R ",
        b" Tj ",
        b"\0\xFF\xFE",
    ];
    let mut bytes = paper.to_vec();
    for _ in 0..=chance.below(4) {
        let length = bytes.len();
        match chance.below(7) {
            0 => (0..=chance.below(16)).for_each(|_| bytes[chance.below(length)] ^= 1 << chance.below(8)),
            1 => bytes.truncate(length - chance.below(length / 2)),
            2 => drop(bytes.drain(chance.range(length, 4000))),
            3 => {
                let at = chance.below(length);
                bytes.splice(at..at, chance.of(&JUNK).iter().copied());
            }
            4 => {
                let copied = bytes[chance.range(length, 4000)].to_vec();
                let at = chance.below(length);
                bytes.splice(at..at, copied);
            }
            5 => {
                let digits: Vec<usize> = (0..length).filter(|&at| bytes[at].is_ascii_digit()).collect();
                (0..=chance.below(8)).for_each(|_| bytes[chance.of(&digits)] = b'0' + chance.below(10) as u8);
            }
            _ => {
                let all = objects(&bytes);
                if let (Some(one), Some(other)) = (all.get(chance.below(all.len())), all.get(chance.below(all.len())))
                    && one.end < other.start
                {
                    let (first, second) = (bytes[one.clone()].to_vec(), bytes[other.clone()].to_vec());
                    bytes.splice(other.clone(), first);
                    bytes.splice(one.clone(), second);
                }
            }
        }
        if bytes.len() < 16 {
            break;
        }
    }
    bytes
}

struct Nobody;

impl Progress for Nobody {
    async fn at(&self, _: u32, _: u32) {}
}

/// The result of a mutation, and where the child panicked, if it did.
async fn outcome(bytes: &[u8]) -> (String, Vec<String>) {
    // Faults turn letters into garbage; reading them by OCR would take a hundred times as long.
    let mut child =
        start(&Task::Read { paper: bytes.len(), scheme: None, ocr: false, notes: true }, PAGE_TIME).unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let words = tokio::spawn(async move {
        let mut words = Vec::new();
        stderr.read_to_end(&mut words).await.unwrap();
        String::from_utf8_lossy(&words).into_owned()
    });
    let result = converse(child, bytes, None, &Nobody).await;
    let words = words.await.unwrap();
    let result = match result {
        Ok(contents) if contents.paper.questions.is_empty() => "read, without questions".to_owned(),
        Ok(_) => "read".to_owned(),
        Err(ReadError::Died) => told_by(&words).to_string(),
        Err(error) => error.to_string(),
    };
    let panics = words.lines().filter_map(|line| Some(line.split_once("panicked at ")?.1.to_owned())).collect();
    (result, panics)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_papers_give_questions_or_a_sentence() {
    const AT_ONCE: u64 = 2;
    let papers = Arc::new(papers());
    let workers = (0..AT_ONCE).map(|worker| {
        let papers = papers.clone();
        tokio::spawn(async move {
            let mut found = Vec::new();
            for seed in numbers().filter(|seed| seed % AT_ONCE == worker) {
                let mut chance = Chance::new(seed);
                let bytes = mutated(&papers[chance.below(papers.len())], &mut chance);
                if numbers().count() == 1 {
                    std::fs::write("target/mutation.pdf", &bytes).unwrap();
                }
                let started = Instant::now();
                let (result, panics) = outcome(&bytes).await;
                found.push((seed, result, panics, started.elapsed()));
            }
            found
        })
    });
    let (mut results, mut panics) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, (usize, u64)>::new());
    let mut slowest = (Duration::ZERO, 0);
    for worker in workers.collect::<Vec<_>>() {
        for (seed, result, panicked, time) in worker.await.unwrap() {
            *results.entry(result.replace(|c: char| c.is_ascii_digit(), "N")).or_default() += 1;
            panicked.into_iter().for_each(|at| panics.entry(at).or_insert((0, seed)).0 += 1);
            slowest = slowest.max((time, seed));
        }
    }
    results.iter().for_each(|(result, count)| eprintln!("{count:6} {result}"));
    panics.iter().for_each(|(at, (count, seed))| eprintln!("{count:6} panics at {at}, the first in number {seed}"));
    eprintln!("slowest: {:.1} s, number {}", slowest.0.as_secs_f64(), slowest.1);
    assert!(slowest.0.as_secs() < 2 * PAGE_TIME, "number {} took {:?}", slowest.1, slowest.0);
    let ours: Vec<&String> = panics.keys().filter(|at| at.starts_with("src/")).collect();
    assert!(ours.is_empty(), "our own code panicked: {ours:?}");
}

/// Pages of words such as labels, marks, options and table cells, in plausible places.
fn pages(chance: &mut Chance) -> Vec<PageText> {
    let wild = chance.below(10) == 0;
    let number = |chance: &mut Chance, usual: f32| match chance.below(if wild { 30 } else { usize::MAX }) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => -1e30,
        3 => 0.0,
        _ => usual,
    };
    let sheet = |chance: &mut Chance| {
        let mut page = PageText { width: 595.0, height: 842.0, ..PageText::default() };
        let columns = 1 + chance.below(3);
        for row in 0..chance.below(60) {
            let column = chance.below(columns) as f32 * 180.0;
            let mut x = 50.0 + column + 18.0 * chance.below(4) as f32;
            for _ in 0..chance.below(6) {
                let text = chance.of(&PIECES);
                let size = chance.of(&[6.0, 10.0, 10.0, 10.0, 14.0]);
                for letter in text.chars() {
                    let shift = chance.of(&[0.0, 0.0, 0.0, 4.0]);
                    page.chars.push(Char {
                        text: letter.to_string(),
                        x: number(chance, x),
                        baseline: number(chance, 60.0 + 13.0 * row as f32 + shift),
                        width: number(chance, 0.5 * size),
                        size: number(chance, size),
                        bold: chance.below(5) == 0,
                        coloured: chance.below(9) == 0,
                    });
                    x += 0.5 * size;
                }
                x += chance.of(&[3.0, 3.0, 40.0, 150.0]);
            }
        }
        for _ in 0..chance.below(8) {
            let (x, y) = (60.0 * chance.below(9) as f32, number(chance, 400.0));
            let (width, height) = (number(chance, 60.0), number(chance, 1.0));
            let area = Area { x, y, width, height };
            page.drawings.push(if area.height == 1.0 { Drawing::Line(area) } else { Drawing::Picture(area) });
        }
        page
    };
    (0..=chance.below(4)).map(|_| sheet(chance)).collect()
}

#[test]
fn pages_by_chance_are_read_in_time() {
    const LIMIT: Duration = Duration::from_secs(5);
    let mut slowest = (Duration::ZERO, 0);
    for seed in numbers() {
        let mut chance = Chance::new(seed);
        let (paper, scheme) = (pages(&mut chance), pages(&mut chance));
        let read = || {
            let started = Instant::now();
            trace::trace(&paper);
            serde_json::to_string(&put_together(b"", &paper, Some(&scheme))).unwrap();
            started.elapsed()
        };
        let time = std::panic::catch_unwind(read).unwrap_or_else(|_| panic!("number {seed}"));
        // On a busy machine a moment may be long.
        slowest = slowest.max((if time < LIMIT { time } else { time.min(read()) }, seed));
    }
    eprintln!("slowest: {:.2} s, number {}", slowest.0.as_secs_f64(), slowest.1);
    assert!(slowest.0 < LIMIT, "number {} took {:?}", slowest.1, slowest.0);
}
