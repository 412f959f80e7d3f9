//! The weights of `exam_reading::confidence`, and what the confidence is worth on papers that were left out of the fitting:
//! `confidence FOLDER…`, of folders with `NAME.json`, a paper as `exam-prep extract --json` read it, and `NAME.truth.tsv`,
//! its items. Each folder is left out once; the first look at a paper counts, not the one after the reader was mended by it.

use std::collections::HashMap;
use std::path::Path;

use exam_model::paper::Paper;
use exam_model::question::Question;
use exam_reading::confidence::{Features, WEIGHTS, features, probability};

/// An item as it was read.
struct Item {
    /// Which folder it is of.
    folder: usize,
    features: Features,
    right: bool,
    /// Counts for less where its paper has many.
    weight: f32,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let mut items = Vec::new();
    for (n, folder) in folders.iter().enumerate() {
        let mut files: Vec<_> =
            std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.to_string_lossy().ends_with(".truth.tsv")) {
            read(file, n, &mut items)?;
        }
    }
    println!("left out               items  sure   right of those   told");
    let mut told = Vec::new();
    for (n, folder) in folders.iter().enumerate() {
        let weights = fit(items.iter().filter(|item| item.folder != n));
        let left_out = items.iter().filter(|item| item.folder == n);
        let here: Vec<(f32, bool)> = left_out.map(|item| (probability(&item.features, &weights), item.right)).collect();
        row(folder.rsplit('/').next().unwrap_or_default(), &here);
        told.extend(here);
    }
    row("all", &told);
    println!("\nconfidence   items  told   right");
    for (from, to) in [(0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.97), (0.97, 1.01)] {
        let here: Vec<_> = told.iter().filter(|(sure, _)| (from..to).contains(sure)).collect();
        let mean = here.iter().map(|(sure, _)| sure).sum::<f32>() / here.len().max(1) as f32;
        println!(
            "{from:.2}–{:.2}   {:7}  {mean:.3}  {:.3}",
            f32::min(to, 1.0),
            here.len(),
            share(here.iter().map(|(_, right)| *right))
        );
    }
    println!("\nweight  mean");
    for ((n, (what, _)), weight) in WEIGHTS.iter().enumerate().zip(fit(items.iter())) {
        let mean = items.iter().map(|item| item.features[n]).sum::<f32>() / items.len().max(1) as f32;
        println!("{weight:6.2}  {mean:.3}  {what}");
    }
    Ok(())
}

fn share(of: impl ExactSizeIterator<Item = bool>) -> f32 {
    let all = of.len().max(1) as f32;
    of.filter(|yes| *yes).count() as f32 / all
}

fn row(name: &str, told: &[(f32, bool)]) {
    let sure: Vec<_> = told.iter().filter(|(sure, _)| *sure >= 0.95).collect();
    let mean = sure.iter().map(|(sure, _)| sure).sum::<f32>() / sure.len().max(1) as f32;
    let right = share(sure.iter().map(|(_, right)| *right));
    println!(
        "{name:<20} {:7}  {:.3}  {right:.3}            {mean:.3}",
        told.len(),
        sure.len() as f32 / told.len().max(1) as f32
    );
}

/// Logistic regression by Newton's method, with a small ridge so that what was hardly seen weighs little.
fn fit<'a>(items: impl Iterator<Item = &'a Item>) -> Features {
    const COUNT: usize = WEIGHTS.len();
    const RIDGE: f64 = 1.0;
    let items: Vec<&Item> = items.collect();
    let mut weights: Features = [0.0; COUNT];
    for _ in 0..25 {
        // Gradient in the last column, the curvature before it.
        let mut rows = [[0.0f64; COUNT + 1]; COUNT];
        for item in &items {
            let sure = probability(&item.features, &weights);
            let error = f32::from(u8::from(item.right)) - sure;
            for (row, &a) in rows.iter_mut().zip(&item.features) {
                for (cell, &b) in row.iter_mut().zip(&item.features) {
                    *cell += f64::from(item.weight * sure * (1.0 - sure) * a * b);
                }
                row[COUNT] += f64::from(item.weight * error * a);
            }
        }
        for (n, row) in rows.iter_mut().enumerate() {
            row[n] += RIDGE;
            row[COUNT] -= RIDGE * f64::from(weights[n]);
        }
        for (weight, step) in weights.iter_mut().zip(solve(rows)) {
            *weight += step as f32;
        }
    }
    weights
}

/// Gaussian elimination; the rows are symmetric and positive, so no pivot is looked for.
fn solve<const N: usize, const M: usize>(mut rows: [[f64; M]; N]) -> [f64; N] {
    for n in 0..N {
        let pivot = rows[n].map(|cell| cell / rows[n][n]);
        for (other, row) in rows.iter_mut().enumerate() {
            let factor = row[n];
            if other == n {
                *row = pivot;
            } else {
                row.iter_mut().zip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            }
        }
    }
    rows.map(|row| row[M - 1])
}

fn read(truth: &Path, folder: usize, items: &mut Vec<Item>) -> Result<(), Box<dyn std::error::Error>> {
    let name = truth.to_string_lossy().trim_end_matches(".truth.tsv").to_owned();
    let paper: Paper = serde_json::from_slice(&std::fs::read(format!("{name}.json"))?)?;
    let known = items_of(&std::fs::read_to_string(truth)?);
    let all: Vec<&Question> = paper.questions.iter().flat_map(Question::items).collect();
    let weight = (16.0 / all.len().max(1) as f32).sqrt();
    for (item, features) in all.iter().zip(features(&paper)) {
        let page = item.regions.first().map_or(0, |region| region.page);
        let right = known.get(&(item.path.to_lowercase(), page)).is_some_and(|known| known.fits(item));
        items.push(Item { folder, features, right, weight });
    }
    Ok(())
}

/// What is printed of an item.
struct Known {
    marks: Option<f64>,
    kind: String,
    options: Vec<String>,
    text: String,
}

type Items = HashMap<(String, u32), Known>;

/// The items of a truth file: path, page, marks, kind, options, answer and first words between tabs.
fn items_of(truth: &str) -> Items {
    let item = |line: &str| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        cells.resize(7, "");
        let options = cells[4].split('|').filter(|option| !option.is_empty()).map(plain).collect();
        let known = Known { marks: cells[2].parse().ok(), kind: folded(cells[3]), options, text: plain(cells[6]) };
        Some(((cells[0].to_lowercase(), cells[1].parse().ok()?), known))
    };
    truth.lines().filter(|line| !line.starts_with(['@', '#']) && !line.trim().is_empty()).filter_map(item).collect()
}

impl Known {
    /// Marks, kind, options and the first words are right.
    fn fits(&self, item: &Question) -> bool {
        let kind = serde_json::to_value(item.kind).ok();
        let kind = folded(kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default());
        let options: Vec<String> = item.options.iter().map(|option| plain(&option.text)).collect();
        let start: String = self.text.chars().take(24).collect();
        let read: String = plain(&item.text).chars().take(80).collect();
        self.marks == item.marks
            && self.kind == kind
            && (self.options.is_empty() || self.options == options)
            && read.contains(&start)
    }
}

/// Kinds that ask for words or a number count as one.
fn folded(kind: &str) -> String {
    let closed = ["single", "multiple", "true_false", "cloze", "group"].contains(&kind);
    if closed { kind.to_owned() } else { "open".to_owned() }
}

fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('−', "-");
    text.chars().filter(|c| c.is_alphanumeric() || "+=<>√π°".contains(*c)).collect()
}
