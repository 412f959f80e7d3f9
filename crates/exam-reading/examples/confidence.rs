//! How often items were right of which something was seen that speaks against them, and what the confidence would be worth
//! on families of papers left out of the fitting: `confidence FOLDER…`, of folders with `NAME.json`, the pages of a paper,
//! and `NAME.truth.tsv`, its items. A family is what stands before the first hyphen of a name. Each paper is read as it is,
//! and with faults: marks in brackets that no paper has, labels that are missing or written otherwise.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use exam_model::question::Question;
use exam_reading::confidence::{REASONS, Seen, seen};
use exam_reading::text::PageText;

/// An item as it was read.
struct Item {
    family: String,
    /// Of a paper with faults.
    faulty: bool,
    seen: Seen,
    /// Confidence without what was seen.
    confidence: f32,
    right: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut items = Vec::new();
    for folder in std::env::args().skip(1) {
        let mut files: Vec<_> =
            std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.to_string_lossy().ends_with(".truth.tsv")) {
            read(file, &mut items)?;
        }
    }
    let families: BTreeSet<&str> = items.iter().map(|item| item.family.as_str()).collect();
    let mut totals = [Tally::default(), Tally::default()];
    println!("left out           items  sure   right of those");
    for family in families {
        let shares = fit(items.iter().filter(|item| item.family != family));
        let mut tally = [Tally::default(), Tally::default()];
        for item in items.iter().filter(|item| item.family == family) {
            let sure = confidence(item, &shares) >= 0.95;
            tally[usize::from(item.faulty)].add(sure, item.right);
            totals[usize::from(item.faulty)].add(sure, item.right);
        }
        println!("{family:<18} {}", tally[0]);
    }
    println!("{:<18} {}\n{:<18} {}", "all", totals[0], "all with faults", totals[1]);
    println!("\nshare  as it is, right  with faults, right");
    let shares = fit(items.iter());
    for (n, (reason, _)) in REASONS.iter().enumerate() {
        let of = |faulty: bool| {
            let seen: Vec<&Item> = items.iter().filter(|item| item.seen[n] && item.faulty == faulty).collect();
            format!(
                "{:5} {:5.2}",
                seen.len(),
                seen.iter().filter(|item| item.right).count() as f64 / seen.len().max(1) as f64
            )
        };
        println!("{:.2}  {}   {}   {reason}", shares[n], of(false), of(true));
    }
    Ok(())
}

#[derive(Default)]
struct Tally {
    items: usize,
    sure: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, sure: bool, right: bool) {
        self.items += 1;
        self.sure += usize::from(sure);
        self.right += usize::from(sure && right);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        write!(f, "{:5}  {:.3}  {:.3}", self.items, share(self.sure, self.items), share(self.right, self.sure))
    }
}

/// The share of right ones among the items of which each was seen, drawn to three quarters where they are few.
fn fit<'a>(items: impl Iterator<Item = &'a Item>) -> Vec<f32> {
    let mut counts = [(3.0f32, 4.0f32); REASONS.len()];
    for item in items {
        for (count, _) in counts.iter_mut().zip(item.seen).filter(|(_, seen)| *seen) {
            *count = (count.0 + f32::from(u8::from(item.right)), count.1 + 1.0);
        }
    }
    counts.iter().map(|(right, all)| right / all).collect()
}

fn confidence(item: &Item, shares: &[f32]) -> f32 {
    shares.iter().zip(item.seen).filter(|(_, seen)| *seen).map(|(share, _)| *share).fold(item.confidence, f32::min)
}

fn read(truth: &Path, items: &mut Vec<Item>) -> Result<(), Box<dyn std::error::Error>> {
    let name = truth.to_string_lossy().trim_end_matches(".truth.tsv").to_owned();
    let family = Path::new(&name)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .split('-')
        .next()
        .unwrap_or_default()
        .to_owned();
    let pages: Vec<PageText> = serde_json::from_slice(&std::fs::read(format!("{name}.json"))?)?;
    let known = items_of(&std::fs::read_to_string(truth)?);
    for fault in 0..=3 {
        let paper = exam_reading::read_unweighed(&with_fault(&pages, fault));
        let all: Vec<&Question> = paper.questions.iter().flat_map(Question::items).collect();
        for (item, seen) in all.iter().zip(seen(&paper.questions)) {
            let page = item.regions.first().map_or(0, |region| region.page);
            let right = known.get(&(item.path.to_lowercase(), page)).is_some_and(|known| known.fits(item));
            items.push(Item { family: family.clone(), faulty: fault > 0, seen, confidence: item.confidence, right });
        }
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

/// Pages with one kind of fault: 1 marks between other brackets, 2 every seventh label missing, 3 its stop or bracket a dash.
fn with_fault(pages: &[PageText], fault: usize) -> Vec<PageText> {
    let mut pages = pages.to_vec();
    let mut labels = 0;
    for page in &mut pages {
        if fault == 1 {
            let digit =
                |at: usize| page.chars.get(at).is_some_and(|char| char.text.starts_with(|c: char| c.is_ascii_digit()));
            let opens: Vec<usize> = (0..page.chars.len())
                .filter(|&at| ["(", "["].contains(&page.chars[at].text.as_str()) && digit(at + 1))
                .collect();
            opens.into_iter().for_each(|at| page.chars[at].text = "{".to_owned());
        }
        if fault < 2 {
            continue;
        }
        // The first characters of each line, by its baseline.
        let mut lines: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
        for (at, char) in page.chars.iter().enumerate().filter(|(_, char)| !char.text.trim().is_empty()) {
            lines.entry(char.baseline.round() as i32).or_default().push(at);
        }
        let mut missing = BTreeSet::new();
        for line in lines.values_mut() {
            line.sort_by(|&a, &b| page.chars[a].x.total_cmp(&page.chars[b].x));
            let start: String = line.iter().take(4).map(|&at| page.chars[at].text.as_str()).collect();
            let end = line.iter().take(4).position(|&at| [".", ")"].contains(&page.chars[at].text.as_str()));
            if let Some(end) = end.filter(|_| !exam_model::labels::at_start(&start).is_empty()) {
                labels += 1;
                match fault {
                    2 if labels % 7 == 0 => missing.extend(line[..=end].iter().copied()),
                    3 if labels % 7 == 0 => page.chars[line[end]].text = "-".to_owned(),
                    _ => {}
                }
            }
        }
        let mut at = 0;
        page.chars.retain(|_| {
            at += 1;
            !missing.contains(&(at - 1))
        });
    }
    pages
}
