//! Quizzes: fixed lists with copies of their questions, and the sources they can be drawn from.

use chrono::{DateTime, NaiveDate, Utc};
use exam_model::paper::Section;
use exam_model::question::Question;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{OnConstraint, of_word, questions, word_of};
use crate::domain::progress::SubjectLine;
use crate::domain::quiz::{self, Feedback, Quiz, Source};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The source of a quiz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawFrom {
    Document(Uuid),
    /// All documents of a subject.
    Subject(Uuid),
    /// The school's published papers of a subject.
    Published(Uuid),
    /// The documents that contain these items.
    Items(Vec<Uuid>),
}

/// Stores a quiz with its own copy of the questions, and its document if they are all from one.
pub async fn create(
    conn: &mut PgConnection,
    viewer: &Viewer,
    document_id: Option<Uuid>,
    quiz: &Quiz,
) -> Result<Uuid, AppError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO quizzes (user_id, document_id, mode, title, minutes, sections, note, sources, feedback, calculator)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        viewer.id(),
        document_id,
        quiz.mode.as_str(),
        quiz.title,
        quiz.minutes,
        Json(&quiz.sections) as _,
        quiz.note,
        &quiz.sources(document_id),
        word_of(&quiz.feedback)?,
        quiz.calculator,
    )
    .fetch_one(&mut *conn)
    .await
    .on_constraint("quizzes_document_id_fkey", AppError::NotFound)?;
    for (position, question) in quiz.questions.iter().enumerate() {
        sqlx::query!(
            "INSERT INTO quiz_questions (quiz_id, position, question) VALUES ($1, $2, $3)",
            id,
            position as i32,
            Json(question) as _,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(id)
}

/// A stored quiz.
pub struct SavedQuiz {
    pub id: Uuid,
    pub quiz: Quiz,
    pub document_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

/// One of the viewer's quizzes; `NotFound` also if it was not started yet and its document is no longer shared.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<SavedQuiz, AppError> {
    let r = sqlx::query!(
        r#"SELECT id, document_id, title, mode, feedback, minutes, note, calculator, created_at, sections AS "sections: Json<Vec<Section>>"
             FROM quizzes q
            WHERE id = $1 AND user_id = $2
              AND (NOT quiz_is_withheld(id)
                   OR EXISTS (SELECT FROM attempts a WHERE a.quiz_id = q.id AND a.submitted_at IS NOT NULL))"#,
        id,
        viewer.id(),
    )
    .fetch_one(pool)
    .await?;
    let questions = questions_of(pool, id).await?;
    let (mode, feedback, sections) = (of_word(r.mode)?, of_word(r.feedback)?, r.sections.0);
    let quiz = Quiz {
        title: r.title,
        mode,
        feedback,
        minutes: r.minutes,
        sections,
        questions,
        note: r.note,
        calculator: r.calculator,
    };
    Ok(SavedQuiz { id: r.id, quiz, document_id: r.document_id, created_at: r.created_at })
}

/// A quiz's own copy of its questions.
pub async fn questions_of(conn: impl PgExecutor<'_>, quiz_id: Uuid) -> Result<Vec<Question>, AppError> {
    let questions = sqlx::query_scalar!(
        r#"SELECT question AS "question: Json<Question>" FROM quiz_questions WHERE quiz_id = $1 ORDER BY position"#,
        quiz_id,
    )
    .fetch_all(conn)
    .await?;
    Ok(questions.into_iter().map(|Json(question)| question).collect())
}

/// Updates what marking uses in a quiz after corrections: see [`follow`](crate::domain::regrade::follow).
pub async fn put_corrected(conn: &mut PgConnection, quiz_id: Uuid, quiz: &Quiz) -> Result<(), AppError> {
    sqlx::query!("UPDATE quizzes SET sections = $2 WHERE id = $1", quiz_id, Json(&quiz.sections) as _)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "UPDATE quiz_questions q SET question = e.question
           FROM jsonb_array_elements($2) WITH ORDINALITY AS e (question, place)
          WHERE q.quiz_id = $1
            AND q.position = (SELECT p.position FROM quiz_questions p WHERE p.quiz_id = $1
                               ORDER BY p.position OFFSET e.place - 1 LIMIT 1)
            AND q.question <> e.question",
        quiz_id,
        Json(&quiz.questions) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The documents with which the viewer can practise, newest papers first, with their questions. Unless it is a single
/// document, leaves out archived ones, and for staff also pupils' personal ones. For a quiz that tells each answer
/// at once, leaves out the questions of exams that the viewer sits now.
pub async fn sources(
    pool: &PgPool,
    viewer: &Viewer,
    from: &DrawFrom,
    feedback: Feedback,
) -> Result<Vec<Source>, AppError> {
    let (document, subject, items) = match from {
        DrawFrom::Document(id) => (Some(*id), None, None),
        DrawFrom::Subject(id) | DrawFrom::Published(id) => (None, Some(*id), None),
        DrawFrom::Items(ids) => (None, None, Some(&ids[..])),
    };
    let rows = sqlx::query!(
        r#"SELECT d.id, d.title, d.uploaded_by = $1 AS "mine!", d.subject_id,
                  ARRAY(SELECT (z.question ->> 'id')::uuid
                          FROM attempts a
                          JOIN quizzes e ON e.id = a.quiz_id AND e.feedback = 'deferred'
                          JOIN quiz_questions z ON z.quiz_id = e.id
                         WHERE a.user_id = $1 AND a.submitted_at IS NULL AND $7) AS "sat!"
             FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
            WHERE d.kind <> 'marking_scheme'
              AND ($2::uuid IS NULL OR d.id = $2)
              AND ($3::uuid IS NULL OR d.subject_id = $3)
              AND ($4::uuid[] IS NULL OR d.id IN (SELECT q.document_id FROM questions q WHERE q.id = ANY ($4)))
              AND ($2::uuid IS NOT NULL
                   OR (NOT d.is_archived AND NOT (d.is_personal AND $5 AND d.uploaded_by <> $1)))
              AND (NOT $6 OR (d.published_at IS NOT NULL AND NOT d.is_personal))
            ORDER BY d.year DESC NULLS LAST, d.title, d.id"#,
        viewer.id(),
        document,
        subject,
        items,
        viewer.is_staff(),
        matches!(from, DrawFrom::Published(_)),
        feedback == Feedback::Immediate,
    )
    .fetch_all(pool)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let mut questions = questions::of_documents(pool, viewer, &ids).await?;
    let sources = rows.into_iter().map(|r| {
        let mut questions = questions.remove(&r.id).unwrap_or_default();
        questions.retain(|question| !r.sat.contains(&question.id));
        quiz::settle_marks(&mut questions);
        Source { document: r.id, title: r.title, mine: r.mine, subject: r.subject_id, questions }
    });
    Ok(sources.collect())
}

/// The subjects with items that the viewer may see and that can be marked, by level and name; only one of them, if given.
pub async fn subjects(pool: &PgPool, viewer: &Viewer, id: Option<Uuid>) -> Result<Vec<SubjectLine>, AppError> {
    Ok(sqlx::query_as!(
        SubjectLine,
        r#"SELECT s.id, s.name, s.level, l.exam_on, count(DISTINCT d.id) AS "papers!"
             FROM subjects s
             JOIN levels l ON l.code = s.level
             JOIN documents d ON d.subject_id = s.id
             JOIN visible_document_ids($1) v ON v.id = d.id
             JOIN questions q ON q.document_id = d.id
            WHERE q.kind <> 'group' AND q.key IS NOT NULL AND NOT d.is_archived AND ($2::uuid IS NULL OR s.id = $2)
              AND NOT (d.is_personal AND $3 AND d.uploaded_by <> $1)
            GROUP BY s.id, l.code ORDER BY l.position, s.name"#,
        viewer.id(),
        id,
        viewer.is_staff(),
    )
    .fetch_all(pool)
    .await?)
}

/// Those of these topics of which the viewer may see an item that can be marked.
pub async fn practicable(pool: &PgPool, viewer: &Viewer, topics: &[Uuid]) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT DISTINCT q.topic_id AS "id!"
             FROM questions q
             JOIN documents d ON d.id = q.document_id
             JOIN visible_document_ids($1) v ON v.id = d.id
            WHERE q.topic_id = ANY ($2) AND q.kind <> 'group' AND q.key IS NOT NULL AND NOT d.is_archived"#,
        viewer.id(),
        topics,
    )
    .fetch_all(pool)
    .await?)
}

/// The subject of a document, or `None` if it has none; `NotFound` if the viewer may not see it.
pub async fn subject_of(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Option<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT d.subject_id FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = $2",
        viewer.id(),
        document_id,
    )
    .fetch_one(pool)
    .await?)
}

/// The day of a level's next exam, if it is set.
pub async fn exam_on(pool: &PgPool, level: Option<&str>) -> Result<Option<NaiveDate>, AppError> {
    let day = sqlx::query_scalar!("SELECT exam_on FROM levels WHERE code = $1", level).fetch_optional(pool).await?;
    Ok(day.flatten())
}
