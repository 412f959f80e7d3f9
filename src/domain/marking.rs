//! What an answer earns: pure code, question and answer to marks and a reason that a pupil understands.

use serde::{Deserialize, Serialize};

use super::question::{Key, Kind, Question};
use key::{Point, Points};

mod algebra;
pub mod case;
pub mod key;
mod meaning;
mod number;
mod reaction;
mod text;
mod unit;

/// An answer as it is given: option ids for a choice, `true` or `false`, one text, or one text a line, blank or pair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answer(pub Vec<String>);

impl Answer {
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| piece.trim().is_empty())
    }

    /// The pieces that hold something.
    fn pieces(&self) -> Vec<&str> {
        self.0.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty()).collect()
    }

    fn text(&self) -> String {
        self.pieces().join("\n")
    }
}

/// How an answer fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    Partly,
    Wrong,
    Blank,
    /// There is no key to mark it by.
    Unmarked,
}

/// Marks with their reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// A multiple of a half, unless it is all of `of`.
    pub marks: f64,
    pub of: f64,
    pub verdict: Verdict,
    pub reason: String,
}

/// Right points out of those asked for, before they become marks.
struct Share {
    right: f64,
    asked: f64,
    reason: String,
}

impl Share {
    fn all(right: bool, reason: String) -> Self {
        Self { right: if right { 1.0 } else { 0.0 }, asked: 1.0, reason }
    }
}

/// Marks an item. `of` is the item's marks, or 1 where the paper prints none.
pub fn mark(question: &Question, answer: &Answer) -> Marked {
    let of = question.marks.filter(|marks| *marks > 0.0).unwrap_or(1.0);
    let Some(key) = &question.key else {
        let reason = "There is no answer key for this one yet, so it does not count. Compare with a classmate or ask your teacher.";
        return Marked { marks: 0.0, of, verdict: Verdict::Unmarked, reason: reason.into() };
    };
    if answer.is_blank() {
        return Marked { marks: 0.0, of, verdict: Verdict::Blank, reason: "You gave no answer.".into() };
    }
    let points = key::parse(&key.text);
    let mut share = match question.kind {
        Kind::Single | Kind::Multiple | Kind::TrueFalse if key.options.is_empty() => {
            by_words(question, answer, &points)
        }
        Kind::Single | Kind::TrueFalse => one_choice(question, key, answer),
        Kind::Multiple => several_choices(question, key, answer),
        Kind::Match | Kind::Classify => pairs(key, answer),
        Kind::Order => order(key, answer),
        Kind::Cloze | Kind::Label => blanks(&points, answer),
        Kind::List => list(question, &points, answer),
        Kind::Long => long(&points, answer, &meaning::known(&question.text)),
        Kind::Numeric | Kind::Short | Kind::Group => short(question, &points, answer),
    };
    if share.right > 0.0
        && points.all.len() == 1
        && let Some(objection) = algebra::objection(&question.text, &points.all[0].shown(), &answer.text())
    {
        share = Share::all(false, format!("{objection} The right answer is {}.", points.all[0].shown()));
    }
    let whole = share.right >= share.asked;
    // Halves only, and never rounded up.
    let marks = if whole { of } else { (of * share.right / share.asked * 2.0 + 1e-9).floor() / 2.0 };
    let verdict = match marks {
        _ if whole => Verdict::Right,
        0.0 => Verdict::Wrong,
        _ => Verdict::Partly,
    };
    Marked { marks, of, verdict, reason: share.reason }
}

/// An option in words: its label and text.
fn option_words(question: &Question, id: &str) -> String {
    match question.options.iter().find(|option| option.id == id) {
        Some(option) if option.label.is_empty() => option.text.clone(),
        Some(option) => format!("{}: {}", option.label, option.text),
        None if id == "true" => "True".into(),
        None if id == "false" => "False".into(),
        None => id.to_owned(),
    }
}

fn options_words(question: &Question, ids: &[impl AsRef<str>]) -> String {
    ids.iter().map(|id| option_words(question, id.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A choice whose key names none of its options: compared as text.
fn by_words(question: &Question, answer: &Answer, points: &Points) -> Share {
    let words = options_words(question, &answer.pieces());
    short(question, points, &Answer(vec![words.rsplit(": ").next().unwrap_or_default().to_owned()]))
}

fn one_choice(question: &Question, key: &Key, answer: &Answer) -> Share {
    let given = answer.pieces();
    let right = given.len() == 1 && key.options.iter().any(|id| id == given[0]);
    let reason = if right {
        format!("Right: {}.", option_words(question, given[0]))
    } else {
        format!(
            "You chose {}. The right answer is {}.",
            options_words(question, &given),
            options_words(question, &key.options)
        )
    };
    Share::all(right, reason)
}

/// Right ones less wrong ones, not below nothing.
fn several_choices(question: &Question, key: &Key, answer: &Answer) -> Share {
    let mut given = answer.pieces();
    given.sort_unstable();
    given.dedup();
    let right = given.iter().filter(|id| key.options.iter().any(|key| key == *id)).count();
    let wrong = given.len() - right;
    let asked = key.options.len();
    let reason = match (right, wrong) {
        (right, 0) if right == asked => format!("All {asked} right: {}.", options_words(question, &key.options)),
        (right, 0) => {
            format!("{right} of {asked} right. The right ones are {}.", options_words(question, &key.options))
        }
        (right, wrong) => format!(
            "{right} of {asked} right, and {wrong} wrong, which {} away. The right ones are {}.",
            if wrong == 1 { "takes one" } else { "take as many" },
            options_words(question, &key.options)
        ),
    };
    Share { right: right.saturating_sub(wrong) as f64, asked: asked as f64, reason }
}

/// One answer against the forms of the key; a key of several points asks for all of them.
fn short(question: &Question, points: &Points, answer: &Answer) -> Share {
    let text = answer.text();
    if points.all.len() == 1 || points.any == Some(1) {
        let found = points.all.iter().find_map(|point| point.accepts(&text));
        let expected = points.all.iter().map(Point::shown).collect::<Vec<_>>().join(" or ");
        return match found {
            Some(note) => Share::all(true, note),
            None => {
                let why = points.all.iter().find_map(|point| point.objection(&text)).unwrap_or_default();
                let said = if why.starts_with("You wrote “") {
                    String::new()
                } else {
                    format!("You wrote “{}”. ", text::clip(&text))
                };
                Share::all(false, format!("{said}{why}The right answer is {expected}."))
            }
        };
    }
    let known = meaning::known(&question.text);
    let by_pieces = list_of(points, answer, points.needed(), &known);
    // `x = 4; y = 3` is no bag of words: each piece stands for a point.
    if points.all.iter().any(|point| point.shown().contains('=')) {
        return by_pieces;
    }
    let by_words = long(points, answer, &known);
    if by_pieces.right > by_words.right { by_pieces } else { by_words }
}

/// Several things of which so many are asked: each distinct point counts once, the first ones given count.
fn list(question: &Question, points: &Points, answer: &Answer) -> Share {
    let asked = points
        .any
        .or(question.choose.map(|n| n as usize))
        .unwrap_or(points.all.len())
        .clamp(1, points.all.len().max(1));
    list_of(points, answer, asked, &meaning::known(&question.text))
}

fn list_of(points: &Points, answer: &Answer, asked: usize, known: &[String]) -> Share {
    let all = &points.all;
    // "closing windows and doors" is one thing.
    let whole =
        |piece: &str| all.iter().any(|point| point.shown().contains(" and ") && point.named(piece, known).is_some());
    let given = text::pieces(&answer.0, &whole);
    let names: Vec<Option<&str>> = all.iter().map(Point::name).collect();
    // `4, 3` for `x = 4; y = 3` is meant in this order; the roots of `x` have none.
    let ordered = names.iter().any(|name| name.is_some() && *name != names[0]);
    let mut found: Vec<usize> = Vec::new();
    let mut notes = Vec::new();
    for (at, piece) in given.iter().take(asked).enumerate() {
        let mut fitting = (0..all.len())
            .filter(|n| !ordered || *n == at || piece.contains('='))
            .filter(|&n| all[n].named(piece, known).is_some());
        let first = fitting.next();
        match first.into_iter().chain(fitting).find(|n| !found.contains(n)) {
            Some(n) => {
                found.push(n);
                notes.push(counted(piece, &all[n].shown()));
            }
            None => {
                let why = if first.is_some() { "says the same again" } else { "does not count" };
                notes.push(format!("“{}” {why}", text::clip(piece)));
            }
        }
    }
    let mut reason = format!("{} of {asked} found", found.len());
    if !notes.is_empty() {
        reason.push_str(&format!(": {}", notes.join("; ")));
    }
    reason.push('.');
    if given.len() > asked {
        reason.push_str(&format!(" You gave {}; only the first {asked} count.", given.len()));
    }
    if found.len() < asked {
        let missing: Vec<String> = (0..all.len()).filter(|n| !found.contains(n)).map(|n| all[n].shown()).collect();
        let more = match (points.any, found.is_empty()) {
            (Some(any), true) => format!("Right would be any {any} of"),
            (Some(_), false) => "Also right".to_owned(),
            (None, _) => "Missing".to_owned(),
        };
        reason.push_str(&format!(" {more}: {}.", missing.join("; ")));
    }
    Share { right: found.len() as f64, asked: asked as f64, reason }
}

/// What was written, with the point for which it counts where the words differ.
fn counted(piece: &str, point: &str) -> String {
    if text::same(piece, point) {
        format!("“{}” counts", text::clip(piece))
    } else {
        format!("“{}” counts for “{point}”", text::clip(piece))
    }
}

/// Sentences: a point is found when most of its words stand in one of them.
fn long(points: &Points, answer: &Answer, known: &[String]) -> Share {
    let text = answer.text();
    let asked = points.needed();
    let (found, missing): (Vec<&Point>, Vec<&Point>) =
        points.all.iter().partition(|point| point.stands_in(&text, known));
    let right = found.len().min(asked);
    let names = |points: &[&Point]| points.iter().map(|point| point.shown()).collect::<Vec<_>>().join("; ");
    let mut reason = format!("{right} of {asked} {} found", if asked == 1 { "point" } else { "points" });
    if !found.is_empty() {
        reason.push_str(&format!(": {}", names(&found)));
    }
    reason.push('.');
    if right < asked {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let idle = lines.iter().filter(|line| !found.iter().any(|point| point.stands_in(line, known)));
        let idle: Vec<String> = idle.map(|line| format!("“{}”", text::clip(line))).collect();
        if lines.len() > 1 && !idle.is_empty() {
            reason.push_str(&format!(" No point was found in {}.", idle.join(" or ")));
        }
        match (points.any, found.is_empty()) {
            (Some(any), true) => reason.push_str(&format!(" Right would be any {any} of: {}.", names(&missing))),
            (Some(_), false) => reason.push_str(&format!(" Also right: {}.", names(&missing))),
            (None, _) => reason.push_str(&format!(" Not found: {}.", names(&missing))),
        }
        reason.push_str(" Your teacher may see it otherwise.");
    }
    Share { right: right as f64, asked: asked as f64, reason }
}

/// Blanks in their order; words given in one line are divided.
fn blanks(points: &Points, answer: &Answer) -> Share {
    let given: Vec<String> = match &answer.0[..] {
        [one] if points.all.len() > 1 => text::pieces(std::slice::from_ref(one), &|_| false),
        many => many.to_vec(),
    };
    let mut wrong = Vec::new();
    for (n, point) in points.all.iter().enumerate() {
        let there = given.get(n).map_or("", String::as_str);
        if there.trim().is_empty() || point.accepts(there).is_none() {
            wrong.push(format!("{}: {}", n + 1, point.shown()));
        }
    }
    let asked = points.all.len();
    let right = asked - wrong.len();
    let reason = if wrong.is_empty() {
        "Every blank is right.".to_owned()
    } else {
        format!("{right} of {asked} blanks right. The others: {}.", wrong.join("; "))
    };
    Share { right: right as f64, asked: asked as f64, reason }
}

/// Each pair its share.
fn pairs(key: &Key, answer: &Answer) -> Share {
    let wanted = key::pairs(&key.text);
    let given = key::pairs(&answer.0.join("; "));
    let same = |a: &(String, String), b: &(String, String)| text::same(&a.0, &b.0) && text::same(&a.1, &b.1);
    // Something matched with two things is matched with neither.
    let once = |pair: &(String, String)| given.iter().filter(|other| text::same(&other.0, &pair.0)).count() == 1;
    let is_right = |pair: &(String, String)| given.iter().any(|other| same(pair, other) && once(other));
    let right = wanted.iter().filter(|pair| is_right(pair)).count();
    let asked = wanted.len().max(1);
    let shown = |pairs: &mut dyn Iterator<Item = &(String, String)>| {
        pairs.map(|(left, right)| format!("{left} with {right}")).collect::<Vec<_>>().join(", ")
    };
    let reason = if right == asked {
        "Every pair is right.".to_owned()
    } else if given.is_empty() {
        format!("No pairs were found in your answer. Write them such as 1-C; 2-A. The right ones are {}.", key.text)
    } else {
        let missing = shown(&mut wanted.iter().filter(|pair| !is_right(pair)));
        let twice = if given.iter().all(once) { "" } else { " Something that is matched twice does not count." };
        format!("{right} of {asked} pairs right.{twice} Right would be {missing}.")
    };
    Share { right: right as f64, asked: asked as f64, reason }
}

/// Each thing in its exact place its share.
fn order(key: &Key, answer: &Answer) -> Share {
    let wanted = key::sequence(&key.text);
    let given = key::sequence(&answer.0.join("; "));
    let asked = wanted.len().max(1);
    let right = wanted.iter().zip(&given).filter(|(a, b)| text::same(a, b)).count();
    let right = if given.len() > wanted.len() { 0 } else { right };
    let reason = if right == asked {
        "The order is right.".to_owned()
    } else {
        format!("{right} of {asked} stand in the right place. The right order is {}.", wanted.join(", "))
    };
    Share { right: right as f64, asked: asked as f64, reason }
}

#[cfg(test)]
mod tests;
