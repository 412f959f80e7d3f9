//! The questions of documents.

use std::collections::HashMap;

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{of_word, one_row, word_of};
use crate::domain::question::{Choice, Key, Kind, Question, Region};
use crate::error::AppError;
use crate::server::session::Viewer;

/// Puts what was read in the place of what was there. An item at the same path keeps its id, and one that a person has
/// corrected keeps what the person wrote.
pub async fn replace(conn: &mut PgConnection, document_id: Uuid, questions: &[Question]) -> Result<(), AppError> {
    let known = sqlx::query!(
        r#"SELECT id, path, text, kind, marks, topic_id, key AS "key: Json<Key>", edited_at
             FROM questions WHERE document_id = $1"#,
        document_id,
    )
    .fetch_all(&mut *conn)
    .await?;
    let known: HashMap<String, _> = known.into_iter().map(|row| (row.path.clone(), row)).collect();
    sqlx::query!("DELETE FROM questions WHERE document_id = $1", document_id).execute(&mut *conn).await?;

    let mut stack: Vec<(Option<Uuid>, &Question)> = questions.iter().rev().map(|question| (None, question)).collect();
    let mut position = 0;
    while let Some((parent_id, question)) = stack.pop() {
        let before = known.get(&question.path);
        let id = before.map_or_else(Uuid::now_v7, |row| row.id);
        let edited = before.filter(|row| row.edited_at.is_some());
        let kind = word_of(&question.kind)?;
        sqlx::query!(
            "INSERT INTO questions (id, document_id, parent_id, position, path, label, section, kind, text, options,
                                    choose, marks, key, topic_id, regions, figure, confidence, doubts, edited_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            id,
            document_id,
            parent_id,
            position,
            question.path,
            question.label,
            question.section,
            edited.map_or(kind.as_str(), |row| row.kind.as_str()),
            edited.map_or(question.text.as_str(), |row| row.text.as_str()),
            Json(&question.options) as _,
            question.choose.map(|n| n as i32),
            edited.map_or(question.marks, |row| row.marks),
            edited.map_or(question.key.as_ref(), |row| row.key.as_ref().map(|key| &key.0)).map(Json) as _,
            edited.map_or(question.topic, |row| row.topic_id),
            Json(&question.regions) as _,
            question.figure,
            question.confidence.clamp(0.0, 1.0),
            &question.doubts,
            edited.and_then(|row| row.edited_at),
        )
        .execute(&mut *conn)
        .await?;
        position += 1;
        stack.extend(question.parts.iter().rev().map(|part| (Some(id), part)));
    }
    Ok(())
}

/// The question trees of a document that the viewer may see, in its order.
pub async fn of_document(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Vec<Question>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT q.id, q.parent_id, q.path, q.label, q.section, q.kind, q.text, q.choose, q.marks, q.topic_id,
                  q.options AS "options: Json<Vec<Choice>>", q.key AS "key: Json<Key>",
                  q.regions AS "regions: Json<Vec<Region>>", q.figure, q.confidence, q.doubts
             FROM questions q JOIN visible_document_ids($1) v ON v.id = q.document_id
            WHERE q.document_id = $2
            ORDER BY q.position"#,
        viewer.id(),
        document_id,
    )
    .fetch_all(pool)
    .await?;
    let mut items: Vec<(Option<Uuid>, Question)> = Vec::with_capacity(rows.len());
    for r in rows {
        items.push((
            r.parent_id,
            Question {
                id: r.id,
                path: r.path,
                label: r.label,
                kind: of_word(r.kind)?,
                text: r.text,
                options: r.options.0,
                choose: r.choose.map(|n| n as u32),
                marks: r.marks,
                key: r.key.map(|Json(key)| key),
                regions: r.regions.0,
                figure: r.figure,
                confidence: r.confidence,
                doubts: r.doubts,
                topic: r.topic_id,
                section: r.section,
                parts: Vec::new(),
            },
        ));
    }
    Ok(tree(items))
}

/// Rows in reading order to trees: from the last on, each joins the front of its parent's parts.
fn tree(mut items: Vec<(Option<Uuid>, Question)>) -> Vec<Question> {
    let mut waiting: HashMap<Option<Uuid>, Vec<Question>> = HashMap::new();
    while let Some((parent_id, mut question)) = items.pop() {
        question.parts = waiting.remove(&Some(question.id)).unwrap_or_default();
        question.parts.reverse();
        waiting.entry(parent_id).or_default().push(question);
    }
    let mut roots = waiting.remove(&None).unwrap_or_default();
    roots.reverse();
    roots
}

/// What a person corrects of a question.
#[derive(Debug, Clone)]
pub struct Correction {
    pub text: String,
    pub kind: Kind,
    pub marks: Option<f64>,
    pub key: Option<Key>,
    pub topic_id: Option<Uuid>,
}

/// Writes a correction. Quizzes made before keep their copy. `NotFound` when the viewer may not see the document or
/// neither owns it nor is an admin; the topic must be of the document's subject.
pub async fn correct(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    question_id: Uuid,
    correction: &Correction,
) -> Result<(), AppError> {
    let done = sqlx::query!(
        "UPDATE questions q
            SET text = $4, kind = $5, marks = $6, key = $7, edited_at = now(), confidence = 1, doubts = '{}',
                topic_id = (SELECT t.id FROM topics t WHERE t.id = $8 AND t.subject_id = d.subject_id)
           FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
          WHERE d.id = q.document_id AND q.id = $2 AND d.id = $3 AND (d.uploaded_by = $1 OR $9)",
        viewer.id(),
        question_id,
        document_id,
        correction.text,
        word_of(&correction.kind)?,
        correction.marks,
        correction.key.as_ref().map(Json) as _,
        correction.topic_id,
        viewer.is_admin(),
    )
    .execute(pool)
    .await?;
    one_row(done)
}

/// The topics that the questions of a document ask for, with the number of items that can be marked.
pub async fn topics_of_document(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
) -> Result<Vec<(Uuid, String, i64)>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.name, count(*) AS "items!"
             FROM questions q
             JOIN visible_document_ids($1) v ON v.id = q.document_id
             JOIN topics t ON t.id = q.topic_id
            WHERE q.document_id = $2 AND q.kind <> 'group' AND q.key IS NOT NULL
            GROUP BY t.id ORDER BY t.position, t.name"#,
        viewer.id(),
        document_id,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name, r.items)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_trees_in_order() {
        let item = |id: u128, parent: Option<u128>| {
            let question = Question { id: Uuid::from_u128(id), ..Question::default() };
            (parent.map(Uuid::from_u128), question)
        };
        let roots = tree(vec![
            item(1, None),
            item(2, Some(1)),
            item(3, Some(2)),
            item(4, Some(2)),
            item(5, Some(1)),
            item(6, None),
        ]);
        let ids = |questions: &[Question]| questions.iter().map(|q| q.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(ids(&roots), [1, 6]);
        assert_eq!(ids(&roots[0].parts), [2, 5]);
        assert_eq!(ids(&roots[0].parts[0].parts), [3, 4]);
    }
}
