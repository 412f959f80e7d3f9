//! The questions of documents.

use std::collections::HashMap;

use chrono::NaiveDate;
use exam_model::paper::{self, Section};
use exam_model::question::{Anchor, Choice, Key, MadeFrom, Question, Region};
use exam_model::shown::Shown;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::of_word;
use crate::domain::correction::{self, Correction};
use crate::domain::expected_mark::PastPaper;
use crate::domain::quiz;
use crate::domain::regrade::Standard;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Stores a reading. The questions become the reading with the corrections applied.
pub async fn keep_reading(conn: &mut PgConnection, document_id: Uuid, questions: &[Question]) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET reading = $2 WHERE id = $1", document_id, Json(questions) as _)
        .execute(&mut *conn)
        .await?;
    rebuild(conn, document_id).await
}

/// Rebuilds the questions of a document from its reading and its corrections, and records which corrections do not fit.
pub async fn rebuild(conn: &mut PgConnection, document_id: Uuid) -> Result<(), AppError> {
    let reading = sqlx::query_scalar!(
        r#"SELECT reading AS "reading: Json<Vec<Question>>" FROM documents WHERE id = $1 FOR UPDATE"#,
        document_id,
    )
    .fetch_one(&mut *conn)
    .await?;
    let mut questions = reading.map(|Json(questions)| questions).unwrap_or_default();
    let (ids, made): (Vec<i64>, Vec<Correction>) = sqlx::query!(
        r#"SELECT id, correction AS "correction: Json<Correction>" FROM corrections WHERE document_id = $1 ORDER BY id"#,
        document_id,
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .map(|row| (row.id, row.correction.0))
    .unzip();
    let unfit = correction::apply(&mut questions, &made);
    let unfit: Vec<Option<String>> = unfit.into_iter().map(|unfit| unfit.map(|unfit| unfit.to_string())).collect();
    sqlx::query!(
        "UPDATE corrections c SET unfit = n.unfit
           FROM unnest($1::bigint[], $2::text[]) AS n (id, unfit) WHERE c.id = n.id",
        &ids,
        &unfit as _,
    )
    .execute(&mut *conn)
    .await?;
    replace(conn, document_id, &questions).await
}

/// An item, as in its row.
#[derive(Serialize)]
struct Row {
    parent_id: Option<Uuid>,
    position: i32,
    needs_look: bool,
    /// The item without its parts.
    #[serde(flatten)]
    item: Question,
}

/// Replaces the questions of a document, with one statement for those that are gone and one for the others, which writes
/// only rows that change. An item at the same path keeps its id.
async fn replace(conn: &mut PgConnection, document_id: Uuid, questions: &[Question]) -> Result<(), AppError> {
    let known: HashMap<String, Uuid> =
        sqlx::query!("SELECT id, path FROM questions WHERE document_id = $1", document_id)
            .fetch_all(&mut *conn)
            .await?
            .into_iter()
            .map(|row| (row.path, row.id))
            .collect();
    let mut stack: Vec<(Option<Uuid>, &Question)> = questions.iter().rev().map(|question| (None, question)).collect();
    let mut rows: Vec<Row> = Vec::new();
    while let Some((parent_id, question)) = stack.pop() {
        let id = known.get(&question.path).copied().unwrap_or_else(Uuid::now_v7);
        let confidence = question.confidence.clamp(0.0, 1.0);
        rows.push(Row {
            parent_id,
            position: rows.len() as i32,
            needs_look: question.needs_look(),
            item: Question { id, confidence, ..correction::alone(question) },
        });
        stack.extend(question.parts.iter().rev().map(|part| (Some(id), part)));
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.item.id).collect();
    sqlx::query!("DELETE FROM questions WHERE document_id = $1 AND id <> ALL ($2)", document_id, &ids)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "INSERT INTO questions AS q (id, document_id, parent_id, position, path, label, section, kind, text, shown,
                                     options, choose, marks, key, topic_id, regions, figure, confidence, doubts, approved,
                                     needs_look, made_from)
         SELECT r.id, $1, r.parent_id, r.position, r.path, r.label, r.section, r.kind, r.text,
                coalesce(r.shown, '{}'), coalesce(r.options, '[]'), r.choose, r.marks, r.key, t.id, r.regions, r.figure, r.confidence,
                coalesce(r.doubts, '{}'), coalesce(r.approved, false), r.needs_look,
                r.made_from
           FROM jsonb_to_recordset($2) AS r (
                    id uuid, parent_id uuid, position integer, path text, label text, section text, kind text,
                    text text, shown jsonb, options jsonb, choose integer, marks double precision, key jsonb, topic uuid,
                    regions jsonb, figure boolean, confidence real, doubts text[], approved boolean,
                    needs_look boolean, made_from jsonb)
           LEFT JOIN topics t ON t.id = r.topic
         ON CONFLICT (id) DO UPDATE
            SET (parent_id, position, path, label, section, kind, text, shown, options, choose, marks, key, topic_id,
                 regions, figure, confidence, doubts, approved, needs_look, made_from)
              = (excluded.parent_id, excluded.position, excluded.path, excluded.label, excluded.section, excluded.kind,
                 excluded.text, excluded.shown, excluded.options, excluded.choose, excluded.marks, excluded.key, excluded.topic_id,
                 excluded.regions, excluded.figure, excluded.confidence, excluded.doubts, excluded.approved,
                 excluded.needs_look, excluded.made_from)
          WHERE q IS DISTINCT FROM excluded",
        document_id,
        Json(&rows) as _,
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// What marking uses from those of the documents that still exist. There is no viewer: a paper may be marked that its
/// pupil can no longer see.
pub async fn standards(conn: &mut PgConnection, document_ids: &[Uuid]) -> Result<HashMap<Uuid, Standard>, AppError> {
    let mut items: HashMap<Uuid, Vec<(Option<Uuid>, Question)>> = HashMap::new();
    let rows = sqlx::query!(
        r#"SELECT q.document_id, q.parent_id, to_jsonb(q) AS "item!: Json<Question>"
             FROM questions q WHERE q.document_id = ANY ($1) ORDER BY q.document_id, q.position"#,
        document_ids,
    );
    for r in rows.fetch_all(&mut *conn).await? {
        items.entry(r.document_id).or_default().push((r.parent_id, r.item.0));
    }
    let rows = sqlx::query!(
        r#"SELECT d.id, d.counting, coalesce(d.paper -> 'sections', '[]') AS "sections!: Json<Vec<Section>>",
                  ARRAY(SELECT c.correction ->> 'path' FROM corrections c
                         WHERE c.document_id = d.id AND c.correction #>> '{change,what}' = 'drop') AS "dropped!"
             FROM documents d WHERE d.id = ANY ($1)"#,
        document_ids,
    );
    let mut standards = HashMap::new();
    for r in rows.fetch_all(conn).await? {
        let sections = sections(r.sections.0, r.counting)?;
        let questions = tree(items.remove(&r.id).unwrap_or_default());
        standards.insert(r.id, Standard::new(sections, questions, r.dropped));
    }
    Ok(standards)
}

/// The places where the items of a document start, in order, if the viewer may see it.
pub async fn anchors(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Vec<Anchor>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT q.path, q.parent_id IS NULL AS "outermost!", q.regions -> 0 AS "region!: Json<Region>"
             FROM questions q JOIN visible_document_ids($1) v ON v.id = q.document_id
            WHERE q.document_id = $2 AND q.regions -> 0 IS NOT NULL
            ORDER BY q.position"#,
        viewer.id(),
        document_id,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|r| Anchor { path: r.path, outermost: r.outermost, region: r.region.0 }).collect())
}

/// The question trees of a document that the viewer may see, in order.
pub async fn of_document(
    db: impl PgExecutor<'_>,
    viewer: &Viewer,
    document_id: Uuid,
) -> Result<Vec<Question>, AppError> {
    let mut found = of_documents(db, viewer, &[document_id]).await?;
    Ok(found.remove(&document_id).unwrap_or_default())
}

/// The question trees of those of the documents that the viewer may see, in order.
pub async fn of_documents(
    db: impl PgExecutor<'_>,
    viewer: &Viewer,
    document_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Question>>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT q.document_id, q.id, q.parent_id, q.path, q.label, q.section, q.kind, q.text, q.choose, q.marks,
                  q.topic_id, q.shown AS "shown: Json<Shown>", q.options AS "options: Json<Vec<Choice>>", q.key AS "key: Json<Key>",
                  q.regions AS "regions: Json<Vec<Region>>", q.figure, q.confidence, q.doubts,
                  q.approved, q.made_from AS "made_from: Json<MadeFrom>"
             FROM questions q JOIN visible_document_ids($1) v ON v.id = q.document_id
            WHERE q.document_id = ANY ($2)
            ORDER BY q.document_id, q.position"#,
        viewer.id(),
        document_ids,
    )
    .fetch_all(db)
    .await?;
    let mut items: HashMap<Uuid, Vec<(Option<Uuid>, Question)>> = HashMap::new();
    for r in rows {
        items.entry(r.document_id).or_default().push((
            r.parent_id,
            Question {
                id: r.id,
                path: r.path,
                label: r.label,
                kind: of_word(r.kind)?,
                text: r.text,
                shown: r.shown.0,
                options: r.options.0,
                choose: r.choose.map(|n| n as u32),
                marks: r.marks,
                key: r.key.map(|Json(key)| key),
                regions: r.regions.0,
                figure: r.figure,
                confidence: r.confidence,
                doubts: r.doubts,
                approved: r.approved,
                topic: r.topic_id,
                section: r.section,
                made_from: r.made_from.map(|Json(made_from)| made_from),
                drawn: None,
                taken_out: false,
                parts: Vec::new(),
            },
        ));
    }
    Ok(items.into_iter().map(|(document_id, items)| (document_id, tree(items))).collect())
}

/// A published past paper of a subject.
pub struct PaperOfSubject {
    pub subject_id: Uuid,
    pub subject: String,
    pub level: String,
    /// The day of the level's next exam, if it is set.
    pub exam_on: Option<NaiveDate>,
    /// With what counts and is worth marks in it, but without texts and keys; nothing of subjects that were not asked for.
    pub paper: PastPaper,
}

/// The newest past papers that are published for this level, or for the pupil's own, at most `most` of each subject, by
/// subject. Reads what is in those of these subjects.
pub async fn past_papers(
    pool: &PgPool,
    user_id: Uuid,
    level: Option<&str>,
    subjects: &[Uuid],
    most: i64,
) -> Result<Vec<PaperOfSubject>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT d.subject_id AS "subject_id!", s.name AS subject, l.code AS level, l.exam_on, d.counting,
                  coalesce(d.paper -> 'sections', '[]') AS "sections!: Json<Vec<Section>>",
                  (SELECT json_agg(json_build_object('id', q.id, 'parent_id', q.parent_id, 'section', q.section,
                                                     'marks', q.marks, 'topic_id', q.topic_id) ORDER BY q.position)
                     FROM questions q WHERE q.document_id = d.id AND d.subject_id = ANY ($2))
                  AS "items: Json<Vec<Worth>>"
             FROM (SELECT p.*, row_number() OVER (PARTITION BY p.subject_id ORDER BY p.year DESC NULLS LAST, p.id) AS place
                     FROM users u
                     JOIN documents p ON p.level = coalesce($4, u.education_level)
                     JOIN visible_document_ids($1) v ON v.id = p.id
                    WHERE u.id = $1 AND p.kind = 'exam_paper' AND p.published_at IS NOT NULL AND NOT p.is_personal
                      AND NOT p.is_archived) d
             JOIN levels l ON l.code = d.level
             JOIN subjects s ON s.id = d.subject_id
            WHERE d.place <= $3
            ORDER BY s.name, s.id, d.place"#,
        user_id,
        subjects,
        most,
        level,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            let items = r.items.map(|Json(items)| items).unwrap_or_default();
            let mut questions = tree(items.into_iter().map(Worth::item).collect());
            quiz::settle_marks(&mut questions);
            let sections = sections(r.sections.0, r.counting)?;
            let paper = PastPaper { sections, questions };
            Ok(PaperOfSubject {
                subject_id: r.subject_id,
                subject: r.subject,
                level: r.level,
                exam_on: r.exam_on,
                paper,
            })
        })
        .collect()
}

/// What an item is worth, and in what.
#[derive(Debug, Deserialize)]
struct Worth {
    id: Uuid,
    parent_id: Option<Uuid>,
    section: Option<String>,
    marks: Option<f64>,
    topic_id: Option<Uuid>,
}

impl Worth {
    /// With its parent.
    fn item(self) -> (Option<Uuid>, Question) {
        let Self { id, parent_id, section, marks, topic_id: topic } = self;
        (parent_id, Question { id, section, marks, topic, ..Question::default() })
    }
}

/// Sections with the rules that the school decided.
fn sections(mut sections: Vec<Section>, counting: Option<String>) -> Result<Vec<Section>, AppError> {
    paper::decide(&mut sections, counting.map(of_word).transpose()?);
    Ok(sections)
}

/// Builds trees from rows in reading order: starting with the last, each is put in front of its parent's parts.
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
