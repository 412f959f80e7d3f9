//! The subjects and topics that a new database starts with; a school edits them there.

use sqlx::PgPool;

use super::db::topics::{self, SyllabusRow};
use crate::error::AppError;

/// Level, subject, topic, source, confidence, words that give the topic away; tabs between.
const SYLLABUS: &str = include_str!("syllabus.tsv");

/// Fills a database that has no subjects yet.
pub async fn ensure(pool: &PgPool) -> Result<(), AppError> {
    if topics::subjects(pool).await?.is_empty() {
        topics::add_syllabus(pool, &rows()).await?;
    }
    Ok(())
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
    use super::*;

    #[test]
    fn every_line_is_a_topic() {
        let rows = rows();
        assert_eq!(rows.len(), SYLLABUS.lines().filter(|line| !line.is_empty()).count() - 1);
        assert!(rows.iter().all(|row| ["low", "medium", "high"].contains(&row.confidence.as_str())));
    }
}
