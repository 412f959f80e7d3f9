//! Papers thrown together in many styles are read as they were made: what the reader knows of papers is not fitted to a few.

use exam_reading::{apply_scheme, flat, read_paper};
use serde_json::Value;

mod make;
mod sheet;
mod words;

use make::{Item, Made, make};

/// What was found of a paper, as counts of right ones out of all.
#[derive(Debug, Default)]
struct Score {
    f1: f64,
    structure: (usize, usize),
    marks: (usize, usize),
    kind: (usize, usize),
    options: (usize, usize),
    keys: (usize, usize),
    wrong: Vec<String>,
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn score(made: &Made) -> Score {
    let mut paper = read_paper(&made.pages);
    if let Some(scheme) = &made.scheme {
        apply_scheme(&mut paper, scheme);
    }
    let rows = flat(&paper);
    let mut free: Vec<&Value> = rows.iter().filter(|row| row.get("path").is_some()).collect();
    let found = free.len();
    let mut score = Score::default();
    let tail = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let path = |row: &Value| row["path"].as_str().unwrap_or_default().to_lowercase();
    let mut right = 0;
    for item in &made.items {
        let same = |row: &&Value| row["page"] == item.page && path(row) == item.path;
        let like = |row: &&Value| row["page"] == item.page && tail(&path(row)) == tail(&item.path);
        let starts = |row: &&Value| {
            let text: String = plain(&item.text).chars().take(30).collect();
            plain(row["text"].as_str().unwrap_or_default()).starts_with(&text)
        };
        let at = free.iter().position(|row| same(row) && starts(row));
        let Some(at) = at.or_else(|| free.iter().position(|row| like(row) && starts(row))) else {
            score.wrong.push(format!("{} missed", item.path));
            continue;
        };
        right += 1;
        compare(&mut score, item, free.remove(at), &path);
    }
    score.wrong.extend(free.iter().map(|row| format!("{} invented", path(row))));
    score.f1 = 2.0 * right as f64 / (found + made.items.len()) as f64;
    score
}

fn compare(score: &mut Score, item: &Item, row: &Value, path: &impl Fn(&Value) -> String) {
    let mut tell = |what: &str, count: &mut (usize, usize), fits: bool, got: String| {
        count.1 += 1;
        count.0 += usize::from(fits);
        if !fits {
            score.wrong.push(format!("{} {what}: {got}", item.path));
        }
    };
    tell("structure", &mut score.structure, path(row) == item.path, path(row));
    tell(
        "marks",
        &mut score.marks,
        row["marks"].as_f64() == item.marks,
        format!("{} not {:?}", row["marks"], item.marks),
    );
    let kind = row["kind"].as_str().unwrap_or_default();
    let closed = ["single", "multiple", "true_false", "cloze", "group"].contains(&kind);
    let fits = if item.kind == "open" { !closed } else { kind == item.kind };
    tell("kind", &mut score.kind, fits, format!("{kind} not {}", item.kind));
    if !item.options.is_empty() {
        let options: Vec<String> = row["options"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|o| plain(o["text"].as_str().unwrap_or_default()))
            .collect();
        let wanted: Vec<String> = item.options.iter().map(|option| plain(option)).collect();
        tell("options", &mut score.options, options == wanted, format!("{options:?} not {wanted:?}"));
    }
    if !item.answer.is_empty() {
        let answer = row["answer"].as_str().unwrap_or_default();
        tell("key", &mut score.keys, plain(answer) == plain(&item.answer), format!("{answer:?} not {:?}", item.answer));
    }
}

/// Reads so many papers; gives the mean F1.
fn all(papers: u64) -> f64 {
    let (mut f1, mut worst) = (0.0, (1.0, 0));
    let mut sums = [(0, 0); 5];
    for seed in 0..papers {
        let made = make(seed);
        let score = score(&made);
        f1 += score.f1 / papers as f64;
        if score.f1 < worst.0 {
            worst = (score.f1, seed);
        }
        let counts = [score.structure, score.marks, score.kind, score.options, score.keys];
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = (sum.0 + count.0, sum.1 + count.1));
        if !score.wrong.is_empty() {
            println!("{seed} F1 {:.2} {:?}\n    {}", score.f1, made.style, score.wrong.join("\n    "));
        }
    }
    let [structure, marks, kind, options, keys] = sums.map(|(right, all)| right as f64 / all as f64);
    println!("F1 {f1:.3}, worst {:.2} ({})", worst.0, worst.1);
    println!("structure {structure:.3}, marks {marks:.3}, kind {kind:.3}, options {options:.3}, keys {keys:.3}");
    f1
}

#[test]
fn papers_thrown_together_are_read_as_they_were_made() {
    assert!(all(500) >= 0.97);
}
