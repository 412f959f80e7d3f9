//! The subjects and topics of a new database, which the school can edit.

use sqlx::PgConnection;

use crate::error::AppError;
use crate::server::db::topics::{self, SyllabusRow};

/// Tab-separated: level, subject, topic, source, confidence, words that identify the topic.
const SYLLABUS: &str = include_str!("syllabus.tsv");

/// Fills a database that has no subjects yet.
pub async fn ensure(conn: &mut PgConnection) -> Result<(), AppError> {
    if topics::subjects(&mut *conn).await?.is_empty() {
        topics::add_syllabus(conn, &rows()).await?;
    }
    Ok(())
}

/// Checks and cleans the name of a subject or topic.
pub fn name(text: &str) -> Result<String, AppError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 100 || name.contains('/') || name.chars().any(char::is_control) {
        return Err(AppError::field("name")("Write a name of 1 to 100 letters, without “/”.".into()));
    }
    Ok(name)
}

/// The words of a topic, from a comma-separated list.
pub fn words(text: &str) -> Result<Vec<String>, AppError> {
    let words: Vec<String> = text
        .split([',', '\n'])
        .map(|word| word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 500 || words.iter().any(|word| word.chars().count() > 100) {
        return Err(AppError::field("words")("Write at most 500 words, each of at most 100 letters.".into()));
    }
    Ok(words)
}

fn rows() -> Vec<SyllabusRow> {
    SYLLABUS
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [level, subject, topic, source, confidence, keywords] = cells[..] else { return None };
            Some(SyllabusRow {
                level: level.into(),
                subject: subject.into(),
                topic: topic.into(),
                source: source.into(),
                confidence: confidence.into(),
                keywords: keywords
                    .split(',')
                    .map(|word| word.trim().to_lowercase())
                    .filter(|w| !w.is_empty())
                    .collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::domain::topic::{self, Topic};
    use exam_model::question::{Choice, Question};

    /// Tab-separated: set (`dev` to choose words and weights, `held` to measure them), source, level, subject, topic (`-`
    /// if it is not in the list), the stems above, the question, its options. Questions and words are by the same author,
    /// so expect one right topic in ten less on other papers.
    const LABELLED: &str = include_str!("../../domain/topic/labelled.tsv");

    #[test]
    fn every_line_is_a_topic() {
        let rows = rows();
        assert_eq!(rows.len(), SYLLABUS.lines().filter(|line| !line.is_empty()).count() - 1);
        assert!(rows.iter().all(|row| ["low", "medium", "high"].contains(&row.confidence.as_str())));
    }

    /// Of questions whose topic a person chose: how many there are, for how many the words find a topic, and how many of
    /// these are right. A topic for a question that belongs to none in the list counts as wrong.
    #[derive(Default)]
    struct Tally {
        asked: usize,
        answered: usize,
        right: usize,
    }

    impl Tally {
        fn answered(&self) -> f64 {
            100.0 * self.answered as f64 / self.asked as f64
        }

        fn right(&self) -> f64 {
            100.0 * self.right as f64 / self.answered as f64
        }
    }

    /// `cargo test --features ssr --lib topics_are_found -- --nocapture` prints the table.
    #[test]
    fn topics_are_found() {
        let mut subjects: BTreeMap<(String, String), Vec<Topic>> = BTreeMap::new();
        for (n, row) in rows().into_iter().enumerate() {
            let topic = Topic { id: Uuid::from_u128(n as u128), name: row.topic, keywords: row.keywords };
            subjects.entry((row.level, row.subject)).or_default().push(topic);
        }
        let mut tallies: BTreeMap<(String, &str), Tally> = BTreeMap::new();
        for line in LABELLED.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [set, _from, level, subject, topic, stem, text, options] = cells[..] else { panic!("{line}") };
            let choice = |text: &str| Choice { text: text.into(), ..Choice::default() };
            let options = options.split('|').map(choice).collect();
            let leaf = Question { text: text.into(), options, ..Default::default() };
            let question = Question { text: stem.into(), parts: vec![leaf], ..Default::default() };
            let topics = &subjects[&(level.to_owned(), subject.to_owned())];
            let named = |name: &str| topics.iter().find(|topic| topic.name == name).map(|topic| topic.id);
            assert!(topic == "-" || named(topic).is_some(), "{line}");
            let found = topic::suggest(&[question], topics).pop().flatten();
            for of in [format!("{level} {subject}"), "all".into()] {
                let tally = tallies.entry((of, set)).or_default();
                tally.asked += 1;
                tally.answered += found.is_some() as usize;
                tally.right += found.as_ref().is_some_and(|found| named(topic) == Some(found.topic)) as usize;
            }
        }
        println!("{:<40} {:<5} {:>5} {:>9} {:>6}", "", "", "asked", "answered", "right");
        for ((of, set), tally) in &tallies {
            println!("{of:<40} {set:<5} {:>5} {:>8.1}% {:>5.1}%", tally.asked, tally.answered(), tally.right());
        }
        for (set, answered, right) in [("dev", 91.0, 99.0), ("held", 91.0, 97.0)] {
            let tally = &tallies[&("all".to_owned(), set)];
            assert!(tally.answered() >= answered, "{set}: only {:.1}% answered", tally.answered());
            assert!(tally.right() >= right, "{set}: only {:.1}% right", tally.right());
        }
    }
}
