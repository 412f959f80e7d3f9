//! What a class has answered in a subject, and what it has not.

use exam_model::answer::Answer;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::monday::{BOARD, IDLE_DAYS, IdlePupil, Missed, WithoutTopic};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// Wrong answers are of the last so many days.
const LATELY: i32 = 90;

/// The most questions without a topic that are listed.
const MAX_LISTED: i64 = 20;

/// The class of a scope that was last to hand in something of a subject, with the subject's name; `None` if none has.
pub async fn latest(pool: &PgPool, scope: &Scope) -> Result<Option<(Uuid, String)>, AppError> {
    let row = sqlx::query!(
        "SELECT c.id AS class_id, s.name AS subject
           FROM classes c
           JOIN memberships m ON m.class_id = c.id
          CROSS JOIN LATERAL (
                SELECT a.submitted_at, d.subject_id FROM attempts a JOIN documents d ON d.id = a.document_id
                 WHERE a.user_id = m.user_id AND a.submitted_at IS NOT NULL AND d.subject_id IS NOT NULL
                 ORDER BY a.submitted_at DESC LIMIT 1) l
           JOIN subjects s ON s.id = l.subject_id
          WHERE c.school_id = $2 AND ($1::uuid[] IS NULL OR c.id = ANY ($1))
          ORDER BY l.submitted_at DESC LIMIT 1",
        scope.classes(),
        scope.school(),
    );
    Ok(row.fetch_optional(pool).await?.map(|row| (row.class_id, row.subject)))
}

/// The answers of a class in these topics, at the school's papers, that earned less than all marks, without blank ones.
pub async fn missed(pool: &PgPool, class: Uuid, topics: &[Uuid]) -> Result<Vec<Missed>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT q.topic_id AS "topic!", q.id AS question, r.answer, array_agg(DISTINCT a.user_id) AS "pupils!"
             FROM memberships m
             JOIN users u ON u.id = m.user_id AND u.is_active
             JOIN attempts a ON a.user_id = m.user_id AND a.submitted_at > now() - make_interval(days => $3)
             JOIN attempt_answers r ON r.attempt_id = a.id AND r.verdict IN ('wrong', 'partly')
             JOIN questions q ON q.id = r.question_id AND q.topic_id = ANY ($2)
             JOIN documents d ON d.id = q.document_id AND NOT d.is_personal
            WHERE m.class_id = $1 AND NOT is_variant(a.quiz_id, q.id)
            GROUP BY q.topic_id, q.id, r.answer ORDER BY q.topic_id, q.id, r.answer"#,
        class,
        topics,
        LATELY,
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| Missed {
        topic: row.topic,
        question: row.question,
        answer: Answer(row.answer),
        pupils: row.pupils.into_iter().collect(),
    });
    Ok(rows.collect())
}

/// The documents of these questions that the viewer may see, with their titles, in no order.
pub async fn places(pool: &PgPool, viewer: &Viewer, questions: &[Uuid]) -> Result<Vec<(Uuid, Uuid, String)>, AppError> {
    let rows = sqlx::query!(
        "SELECT q.id, q.document_id, d.title
           FROM questions q JOIN documents d ON d.id = q.document_id JOIN visible_document_ids($1) v ON v.id = d.id
          WHERE q.id = ANY ($2)",
        viewer.id(),
        questions,
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| (row.id, row.document_id, row.title)).collect())
}

/// The questions of a topic for the board, from published papers: those of which a class lost the greatest share of the
/// marks, then others, newest papers first.
pub async fn board(pool: &PgPool, viewer: &Viewer, class: Uuid, topic: Uuid) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT q.id
           FROM questions q
           JOIN documents d ON d.id = q.document_id
           JOIN visible_document_ids($1) v ON v.id = d.id
           LEFT JOIN (SELECT s.question_id, sum(s.possible - s.earned) / sum(s.possible) AS lost
                        FROM memberships m JOIN scored_answers s ON s.user_id = m.user_id
                       WHERE m.class_id = $2 AND s.topic_id = $3 GROUP BY s.question_id) c ON c.question_id = q.id
          WHERE q.topic_id = $3 AND q.kind <> 'group' AND q.key IS NOT NULL AND NOT d.is_personal AND NOT d.is_archived
            AND d.published_at IS NOT NULL AND (q.approved OR q.made_from IS NULL)
          ORDER BY c.lost DESC NULLS LAST, d.year DESC NULLS LAST, d.id, q.position LIMIT $4",
        viewer.id(),
        class,
        topic,
        BOARD as i64,
    )
    .fetch_all(pool)
    .await?)
}

/// The active pupils of a class, how many, and those who have answered nothing of a subject lately: who never did first.
pub async fn idle(pool: &PgPool, class: Uuid, subject: Uuid) -> Result<(usize, Vec<IdlePupil>), AppError> {
    let rows = sqlx::query!(
        r#"SELECT u.id, u.full_name, w.last_at, coalesce(w.last_at > now() - make_interval(days => $3), false) AS "works!"
             FROM memberships m
             JOIN users u ON u.id = m.user_id AND u.is_active
             LEFT JOIN LATERAL (
                  SELECT max(a.submitted_at) AS last_at
                    FROM attempts a
                    LEFT JOIN documents d ON d.id = a.document_id
                   WHERE a.user_id = u.id AND a.submitted_at IS NOT NULL
                     AND EXISTS (SELECT FROM attempt_answers r LEFT JOIN topics t ON t.id = r.topic_id
                                  WHERE r.attempt_id = a.id AND r.verdict <> 'blank'
                                    AND $2 IN (t.subject_id, d.subject_id))) w ON true
            WHERE m.class_id = $1 ORDER BY w.last_at NULLS FIRST, u.full_name, u.id"#,
        class,
        subject,
        IDLE_DAYS,
    )
    .fetch_all(pool)
    .await?;
    let pupils = rows.len();
    let idle = rows.into_iter().filter(|row| !row.works);
    Ok((pupils, idle.map(|row| IdlePupil { id: row.id, full_name: row.full_name, last_at: row.last_at }).collect()))
}

/// Questions of a subject's published papers that can be marked and have no topic, newest papers first.
pub async fn without_topic(pool: &PgPool, viewer: &Viewer, subject: Uuid) -> Result<Vec<WithoutTopic>, AppError> {
    Ok(sqlx::query_as!(
        WithoutTopic,
        "SELECT d.id AS document, d.title AS paper, q.path, q.text
           FROM documents d
           JOIN visible_document_ids($1) v ON v.id = d.id
           JOIN questions q ON q.document_id = d.id
          WHERE d.subject_id = $2 AND d.published_at IS NOT NULL AND NOT d.is_personal AND NOT d.is_archived
            AND q.topic_id IS NULL AND q.kind <> 'group' AND q.key IS NOT NULL
          ORDER BY d.year DESC NULLS LAST, d.id, q.position LIMIT $3",
        viewer.id(),
        subject,
        MAX_LISTED,
    )
    .fetch_all(pool)
    .await?)
}
