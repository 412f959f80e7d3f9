//! Our own papers: read completely, and right answers earn every mark.

use std::path::{Path, PathBuf};

use exam_marking::mark;
use exam_model::answer::Answer as Given;
use exam_model::answer::Verdict;
use exam_model::paper::Paper;
use exam_model::question::Question;

use crate::domain::quiz::settle_marks;
use crate::server::cli::demo;
use crate::server::documents::reading;

const NAMES: [&str; 4] = ["p6-mathematics", "p6-set", "s3-physics", "s3-mathematics"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/papers")
}

fn read(name: &str) -> Paper {
    let open = |end: &str| std::fs::read(folder().join(format!("{name}{end}.pdf"))).unwrap();
    reading::read(&open(""), Some(&open("-scheme")), false, &mut |_, _| {}).unwrap()
}

fn all<'a>(questions: &'a [Question], out: &mut Vec<&'a Question>) {
    for question in questions {
        out.push(question);
        all(&question.parts, out);
    }
}

#[test]
fn every_question_is_as_its_setter_meant_it() {
    for name in NAMES {
        let paper = read(name);
        let mut items = Vec::new();
        all(&paper.questions, &mut items);
        let truth = std::fs::read_to_string(folder().join(format!("{name}.truth.tsv"))).unwrap();
        let lines: Vec<Vec<&str>> = truth
            .lines()
            .filter(|line| !line.starts_with(['@', '#']) && !line.is_empty())
            .map(|line| line.split('\t').collect())
            .collect();
        let paths = |items: &[&Question]| items.iter().map(|item| item.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&items), lines.iter().map(|cells| cells[0].to_owned()).collect::<Vec<_>>(), "{name}");
        for (item, cells) in items.iter().zip(&lines) {
            assert_eq!(item.regions[0].page.to_string(), cells[1], "{name} {}: page", item.path);
            assert_eq!(item.marks, cells[2].parse().ok(), "{name} {}: marks", item.path);
            let options: Vec<&str> = item.options.iter().map(|option| option.text.as_str()).collect();
            if !cells[4].is_empty() {
                assert_eq!(options.join("|"), cells[4], "{name} {}: options", item.path);
            }
            let answer = *cells.get(5).unwrap_or(&"");
            assert_eq!(item.key.is_some(), !answer.is_empty(), "{name} {}: key", item.path);
            // Notes beside an answer in the scheme are not part of it.
            if let Some(key) = item.key.as_ref().filter(|key| key.options.is_empty()) {
                assert_eq!(key.text, answer, "{name} {}: key", item.path);
            }
        }
        assert_eq!(paper.cover.total, Some(100.0), "{name}");
        assert_eq!(paper.warnings, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn right_answers_earn_every_mark_and_nonsense_none() {
    for name in NAMES {
        let mut paper = read(name);
        settle_marks(&mut paper.questions);
        for leaf in paper.questions.iter().flat_map(|question| question.leaves()) {
            let key = leaf.key.as_ref().unwrap();
            let right = demo::right(leaf.kind, &key.options, &key.text);
            let marked = mark(leaf, &right);
            assert_eq!(
                marked.verdict,
                Verdict::Right,
                "{name} {}: {right:?} for {:?}: {}",
                leaf.path,
                key.text,
                marked.reason
            );
            let nonsense = mark(leaf, &Given(vec!["banana 999".into()]));
            assert_eq!(nonsense.marks, 0.0, "{name} {}: nonsense for {:?}: {}", leaf.path, key.text, nonsense.reason);
        }
    }
}
