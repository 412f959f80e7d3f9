//! Tests made by hand, and the question bank from which they are made.

use std::collections::HashMap;

use exam_model::paper::Section;
use exam_model::question::Question;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{OnConstraint, audit, begin, documents, questions as bank};
use crate::domain::audit::Act;
use crate::domain::class_test::{ClassTest, ClassTestLine, Edit, TestContent, edit};
use crate::domain::question_bank::{BankQuery, BankSource, Tally};
use crate::domain::quiz::{self, Source};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// A slice (offset and count) of the tests that the viewer may see, the one that was changed last first.
pub async fn list(pool: &PgPool, viewer: &Viewer, (skip, limit): (i64, i64)) -> Result<Vec<ClassTestLine>, AppError> {
    let scope = viewer.scope(None)?;
    Ok(sqlx::query_as!(
        ClassTestLine,
        r#"SELECT t.id, t.title, t.level, jsonb_array_length(t.questions)::bigint AS "questions!", u.full_name AS "made_by?",
                  (SELECT count(DISTINCT a.user_id) FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                    WHERE z.test_id = t.id AND a.submitted_at IS NOT NULL
                      AND a.user_id IN (SELECT p.id FROM visible_user_ids($5, $2) p)) AS "handed_in!"
             FROM class_tests t
             JOIN visible_class_test_ids($1) v ON v.id = t.id
             LEFT JOIN users u ON u.id = t.made_by
            ORDER BY t.changed_at DESC, t.id OFFSET $3 LIMIT $4"#,
        viewer.id(),
        scope.classes(),
        skip,
        limit,
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// A test that the viewer may see; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<ClassTest, AppError> {
    let r = sqlx::query!(
        r#"SELECT t.id, t.title, t.level, t.sections AS "sections: Json<Vec<Section>>",
                  t.questions AS "questions: Json<Vec<Question>>", t.made_by, u.full_name AS "name?",
                  EXISTS (SELECT FROM quizzes z WHERE z.test_id = t.id) AS "begun!"
             FROM class_tests t
             JOIN visible_class_test_ids($1) v ON v.id = t.id
             LEFT JOIN users u ON u.id = t.made_by
            WHERE t.id = $2"#,
        viewer.id(),
        id,
    )
    .fetch_one(pool)
    .await?;
    Ok(ClassTest {
        id: r.id,
        title: r.title,
        level: r.level,
        content: TestContent { sections: r.sections.0, questions: r.questions.0 },
        made_by: r.name,
        own: viewer.is_admin() || r.made_by == Some(viewer.id()),
        begun: r.begun,
    })
}

/// What a test asks that is set, for a pupil to whose class it is. Until the transaction ends, nobody changes it.
pub async fn lock_content(conn: &mut PgConnection, id: Uuid) -> Result<TestContent, AppError> {
    let r = sqlx::query!(
        r#"SELECT sections AS "sections: Json<Vec<Section>>", questions AS "questions: Json<Vec<Question>>"
             FROM class_tests WHERE id = $1 FOR SHARE"#,
        id,
    )
    .fetch_one(conn)
    .await?;
    Ok(TestContent { sections: r.sections.0, questions: r.questions.0 })
}

/// Makes a test that asks this, and returns its id; `NotFound` for a level whose papers the viewer may not publish.
pub async fn make(
    pool: &PgPool,
    by: &Viewer,
    title: &str,
    level: &str,
    content: &TestContent,
) -> Result<Uuid, AppError> {
    documents::must_designate(pool, by, level).await?;
    let mut tx = begin(pool).await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO class_tests (title, level, sections, questions, made_by, school_id)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        title,
        level,
        Json(&content.sections) as _,
        Json(&content.questions) as _,
        by.id(),
        by.school(),
    )
    .fetch_one(&mut *tx)
    .await
    .on_constraint("class_tests_level_fkey", AppError::NotFound)?;
    audit::record(&mut tx, by, Act::TestMade, &format!("{title}, {level}")).await?;
    tx.commit().await?;
    Ok(id)
}

/// What a locked test has.
struct Locked {
    title: String,
    level: String,
    content: TestContent,
}

/// Locks a test until the transaction ends. `NotFound` if the viewer may not see it, `Conflict` if it cannot be changed: by
/// others than who made it and admins, and by anybody once a pupil has begun it.
async fn lock(conn: &mut PgConnection, by: &Viewer, id: Uuid) -> Result<Locked, AppError> {
    let r = sqlx::query!(
        r#"SELECT title, level, sections AS "sections: Json<Vec<Section>>", questions AS "questions: Json<Vec<Question>>",
                  made_by
             FROM class_tests WHERE id = $2 AND id IN (SELECT v.id FROM visible_class_test_ids($1) v) FOR UPDATE"#,
        by.id(),
        id,
    )
    .fetch_one(&mut *conn)
    .await?;
    if !by.is_admin() && r.made_by != Some(by.id()) {
        return Err(AppError::Conflict("Somebody else made this test. Copy it, and change the copy.".into()));
    }
    let begun = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM quizzes WHERE test_id = $1) AS "begun!""#, id);
    if begun.fetch_one(conn).await? {
        let reason = "A pupil has begun this test, so it stays as it is. Copy it, and change the copy.";
        return Err(AppError::Conflict(reason.into()));
    }
    let content = TestContent { sections: r.sections.0, questions: r.questions.0 };
    Ok(Locked { title: r.title, level: r.level, content })
}

/// Changes what a test asks.
pub async fn change(pool: &PgPool, by: &Viewer, id: Uuid, change: Edit) -> Result<(), AppError> {
    replace(pool, by, id, None, |content| edit(content, change)).await
}

/// Gives a test another title, if there is one, and changes what it asks. If that is refused, nothing is changed.
pub async fn replace(
    pool: &PgPool,
    by: &Viewer,
    id: Uuid,
    title: Option<&str>,
    change: impl FnOnce(&mut TestContent) -> Result<(), (&'static str, String)>,
) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let mut content = lock(&mut tx, by, id).await?.content;
    change(&mut content).map_err(AppError::of_field)?;
    sqlx::query!(
        "UPDATE class_tests
            SET title = coalesce($2, title), sections = $3, questions = $4, changed_at = now() WHERE id = $1",
        id,
        title,
        Json(&content.sections) as _,
        Json(&content.questions) as _,
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Deletes a test that nobody has begun; `Conflict` while it is set to a class.
pub async fn delete(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let test = lock(&mut tx, by, id).await?;
    let set = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM assignments WHERE test_id = $1 AND withdrawn_at IS NULL) AS "set!""#,
        id,
    );
    if set.fetch_one(&mut *tx).await? {
        return Err(AppError::Conflict(
            "This test is set to a class. Withdraw that first. Nothing was changed.".into(),
        ));
    }
    sqlx::query!("DELETE FROM class_tests WHERE id = $1", id).execute(&mut *tx).await?;
    audit::record(&mut tx, by, Act::TestDeleted, &format!("{}, {}", test.title, test.level)).await?;
    Ok(tx.commit().await?)
}

/// The titles of those of these documents that pupils of their level cannot see, also of those that are gone.
pub async fn hidden(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<String>, AppError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT coalesce(d.title, 'a paper that was deleted') AS "title!"
             FROM unnest($2::uuid[]) WITH ORDINALITY AS s (id, place)
             LEFT JOIN (documents d JOIN visible_document_ids($1) v ON v.id = d.id) ON d.id = s.id
            WHERE d.id IS NULL OR d.is_personal OR d.is_archived OR d.published_at IS NULL
            ORDER BY s.place"#,
        viewer.id(),
        ids,
    )
    .fetch_all(pool)
    .await?)
}

/// The most papers that are searched: the newest.
pub const MAX_PAPERS: i64 = 60;

/// A published paper of the bank.
pub struct BankPaper {
    pub source: Source,
    pub year: Option<i32>,
    /// Its name, if it is a file of questions.
    pub file: Option<String>,
}

/// The published papers of a level that the viewer may see and that can have what is looked for, the newest first (those
/// without a year by when they were added) and at most [`MAX_PAPERS`], only `document` if given, with their questions; and whether there are more.
pub async fn papers(
    pool: &PgPool,
    viewer: &Viewer,
    level: &str,
    query: &BankQuery,
    document: Option<Uuid>,
) -> Result<(Vec<BankPaper>, bool), AppError> {
    let mut rows = sqlx::query!(
        r#"SELECT d.id, d.title, d.year, d.subject_id, CASE WHEN d.page_count = 0 THEN d.filename END AS file
             FROM documents d
             JOIN visible_document_ids($1) v ON v.id = d.id
            WHERE d.level = $2 AND d.published_at IS NOT NULL AND NOT d.is_personal AND NOT d.is_archived
              AND d.kind <> 'marking_scheme'
              AND ($3::uuid IS NULL OR d.subject_id = $3)
              AND ($4::integer IS NULL OR d.year = $4)
              AND ($5::text IS NULL OR d.words @@ search_query($5))
              AND ($6::uuid IS NULL OR EXISTS (SELECT FROM questions q WHERE q.document_id = d.id AND q.topic_id = $6))
              AND ($7::uuid IS NULL OR d.id = $7)
              AND ($9::boolean IS NULL OR $9 = (d.page_count = 0))
            ORDER BY coalesce(d.year, extract(year FROM d.created_at)) DESC, d.title, d.id LIMIT $8"#,
        viewer.id(),
        level,
        query.subject,
        query.year,
        query.words,
        query.topic,
        document,
        MAX_PAPERS + 1,
        query.source.map(|source| source == BankSource::File),
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() as i64 > MAX_PAPERS;
    rows.truncate(MAX_PAPERS as usize);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut all = bank::of_documents(pool, viewer, &ids).await?;
    let papers = rows.into_iter().map(|r| {
        let mut questions = all.remove(&r.id).unwrap_or_default();
        quiz::settle_marks(&mut questions);
        let source = Source { document: r.id, title: r.title, mine: false, subject: r.subject_id, questions };
        BankPaper { source, year: r.year, file: r.file }
    });
    Ok((papers.collect(), more))
}

/// The documents of these questions that the viewer may see.
pub async fn documents_of(pool: &PgPool, viewer: &Viewer, questions: &[Uuid]) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT q.document_id FROM questions q JOIN visible_document_ids($1) v ON v.id = q.document_id
          WHERE q.id = ANY ($2)",
        viewer.id(),
        questions,
    )
    .fetch_all(pool)
    .await?)
}

/// Those of the outermost questions of these documents that have these words, in themselves or their parts.
pub async fn with_words(pool: &PgPool, documents: &[Uuid], words: &str) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        r#"WITH RECURSIVE tree AS (
               SELECT q.id AS root, q.id, q.text, q.options FROM questions q
                WHERE q.document_id = ANY ($1) AND q.parent_id IS NULL
               UNION ALL
               SELECT t.root, q.id, q.text, q.options FROM tree t JOIN questions q ON q.parent_id = t.id)
           SELECT root AS "root!" FROM tree GROUP BY root
           HAVING to_tsvector('words', left(string_agg(question_words(text, options), ' '), 100000)) @@ search_query($2)"#,
        documents,
        words,
    )
    .fetch_all(pool)
    .await?)
}

/// What the answers of a scope's pupils to these items came to.
pub async fn tallies(pool: &PgPool, scope: &Scope, items: &[Uuid]) -> Result<HashMap<Uuid, Tally>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT s.question_id AS "item!", count(*) AS "answers!", sum(s.earned) AS "earned!", sum(s.possible) AS "possible!"
             FROM scored_answers s
            WHERE s.question_id = ANY ($1)
              AND s.user_id IN (SELECT p.id FROM visible_user_ids($3, $2) p)
            GROUP BY s.question_id"#,
        items,
        scope.classes(),
        scope.school(),
    );
    let tally = |answers, earned, possible| Tally { answers, earned, possible };
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|r| (r.item, tally(r.answers, r.earned, r.possible))).collect())
}
