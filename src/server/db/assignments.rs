//! Work that the school sets to classes.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{OnConstraint, unexpected};
use crate::domain::assignment::{AssignmentLine, NewAssignment, PupilAssignment, Work};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The most assignments in a list.
const MAX_LISTED: i64 = 100;

/// Sets work, and returns its id; `NotFound` if the class, the paper or the topic is gone.
pub async fn add(pool: &PgPool, by: &Viewer, new: &NewAssignment) -> Result<Uuid, AppError> {
    let (document, topic, questions) = match new.work {
        Work::Paper(id) => (Some(id), None, None),
        Work::Topic { topic, questions } => (None, Some(topic), Some(questions)),
    };
    let id = sqlx::query_scalar!(
        "INSERT INTO assignments (class_id, document_id, topic_id, questions, opens_at, due_at, minutes, attempts, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        new.class,
        document,
        topic,
        questions,
        new.opens_at,
        new.due_at,
        new.minutes,
        new.attempts,
        by.id(),
    )
    .fetch_one(pool)
    .await;
    id.on_constraint("assignments_class_id_fkey", AppError::NotFound)
}

/// Takes work back, if it is still set. Attempts at it stay.
pub async fn delete(pool: &PgPool, id: Uuid) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM assignments WHERE id = $1", id).execute(pool).await?;
    Ok(())
}

fn work(document: Option<Uuid>, topic: Option<Uuid>, questions: Option<i32>) -> Result<Work, AppError> {
    match (document, topic, questions) {
        (Some(id), None, None) => Ok(Work::Paper(id)),
        (None, Some(topic), Some(questions)) => Ok(Work::Topic { topic, questions }),
        _ => Err(unexpected("an assignment of nothing")),
    }
}

/// All work of the papers that the viewer may see, that which is due last first.
pub async fn list(pool: &PgPool, viewer: &Viewer) -> Result<Vec<AssignmentLine>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.class_id, c.name || ', ' || c.year AS "class!", s.document_id, s.topic_id, s.questions,
                  coalesce(d.title, t.name) AS "title!", s.opens_at, s.due_at, w.pupils AS "pupils!",
                  w.handed_in AS "handed_in!"
             FROM assignments s
             JOIN classes c ON c.id = s.class_id
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN topics t ON t.id = s.topic_id
            CROSS JOIN LATERAL (
                  SELECT count(*) AS pupils,
                         count(*) FILTER (WHERE EXISTS (
                             SELECT FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                              WHERE z.assignment_id = s.id AND z.user_id = u.id AND a.submitted_at IS NOT NULL)) AS handed_in
                    FROM memberships m JOIN users u ON u.id = m.user_id AND u.is_active WHERE m.class_id = s.class_id) w
            WHERE d.id IS NULL OR d.id IN (SELECT v.id FROM visible_document_ids($1) v)
            ORDER BY s.due_at DESC, s.id LIMIT $2"#,
        viewer.id(),
        MAX_LISTED,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(AssignmentLine {
                id: r.id,
                class_id: r.class_id,
                class: r.class,
                work: work(r.document_id, r.topic_id, r.questions)?,
                title: r.title,
                opens_at: r.opens_at,
                due_at: r.due_at,
                pupils: r.pupils,
                handed_in: r.handed_in,
            })
        })
        .collect()
}

/// For how many days after it was due a pupil still sees work.
const SHOWN_DAYS: i32 = 7;

/// The work of the viewer's class that is not long over, that which is due next first; only one, if given. Work of papers that
/// the viewer may not see is left out.
pub async fn of_pupil(
    conn: &mut PgConnection,
    viewer: &Viewer,
    only: Option<Uuid>,
) -> Result<Vec<PupilAssignment>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.document_id, s.topic_id, s.questions, coalesce(d.title, t.name) AS "title!", s.opens_at, s.due_at,
                  s.minutes, s.attempts, w.finished AS "finished!", w.last, w.running
             FROM memberships m
             JOIN assignments s ON s.class_id = m.class_id
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN topics t ON t.id = s.topic_id
            CROSS JOIN LATERAL (
                  SELECT count(*) FILTER (WHERE a.submitted_at IS NOT NULL) AS finished,
                         (array_agg(a.id ORDER BY a.submitted_at DESC) FILTER (WHERE a.submitted_at IS NOT NULL))[1] AS last,
                         (array_agg(a.id) FILTER (WHERE a.submitted_at IS NULL))[1] AS running
                    FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                   WHERE z.assignment_id = s.id AND z.user_id = $1) w
            WHERE m.user_id = $1 AND ($2::uuid IS NULL OR s.id = $2)
              AND s.due_at > now() - make_interval(days => $3)
              AND (d.id IS NULL OR d.id IN (SELECT v.id FROM visible_document_ids($1) v))
            ORDER BY s.due_at, s.id"#,
        viewer.id(),
        only,
        SHOWN_DAYS,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(PupilAssignment {
                id: r.id,
                work: work(r.document_id, r.topic_id, r.questions)?,
                title: r.title,
                opens_at: r.opens_at,
                due_at: r.due_at,
                minutes: r.minutes,
                attempts: r.attempts,
                finished: r.finished,
                last: r.last,
                running: r.running,
            })
        })
        .collect()
}

/// Locks the viewer's account until the transaction ends, so that no other attempt is started for it meanwhile.
pub async fn lock(conn: &mut PgConnection, viewer: &Viewer) -> Result<(), AppError> {
    sqlx::query!("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(conn).await?;
    Ok(())
}

/// Notes that a quiz was made for this work.
pub async fn put_quiz(conn: &mut PgConnection, quiz: Uuid, assignment: Uuid) -> Result<(), AppError> {
    sqlx::query!("UPDATE quizzes SET assignment_id = $2 WHERE id = $1", quiz, assignment).execute(conn).await?;
    Ok(())
}

/// A topic, as it is set to a class.
pub struct TopicToSet {
    pub subject: Uuid,
    pub subject_name: String,
    pub name: String,
    pub level: String,
    /// Whether a published paper has a question on it that can be marked.
    pub has_questions: bool,
}

/// A topic by its id, if there is one.
pub async fn topic(pool: &PgPool, id: Uuid) -> Result<Option<TopicToSet>, AppError> {
    Ok(sqlx::query_as!(
        TopicToSet,
        r#"SELECT t.subject_id AS subject, s.name AS subject_name, t.name, s.level,
                  EXISTS (SELECT FROM questions q JOIN documents d ON d.id = q.document_id
                           WHERE q.topic_id = t.id AND q.key IS NOT NULL AND d.published_at IS NOT NULL
                             AND NOT d.is_personal AND NOT d.is_archived) AS "has_questions!"
             FROM topics t JOIN subjects s ON s.id = t.subject_id WHERE t.id = $1"#,
        id,
    )
    .fetch_optional(pool)
    .await?)
}
