//! Attempts of whole papers and of tests.

use std::collections::HashMap;

use exam_model::answer::Answer;
use sqlx::PgPool;
use uuid::Uuid;

use super::{of_word, unexpected};
use crate::domain::mark_list::{CountedAttempt, Exam, GivenAnswer, TakenExam, Which};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The most attempts of an exam that are read: the latest.
const MAX_LISTED: i64 = 5000;

/// The attempts of an exam that the viewer may see, of active pupils whom the viewer may see, one of each; only of a class, if
/// given.
pub async fn of_exam(
    pool: &PgPool,
    viewer: &Viewer,
    exam: Exam,
    class: Option<Uuid>,
    which: Which,
) -> Result<Vec<CountedAttempt>, AppError> {
    let scope = viewer.scope(class)?;
    let (document, test) = exam.ids();
    let rows = sqlx::query!(
        r#"WITH sat AS (
               SELECT a.id FROM attempts a
                 JOIN quizzes z ON z.id = a.quiz_id AND z.mode = 'real-exam'
                 JOIN visible_document_ids($1) v ON v.id = a.document_id
                WHERE a.document_id = $2
               UNION ALL
               SELECT a.id FROM quizzes z
                 JOIN attempts a ON a.quiz_id = z.id
                 JOIN visible_class_test_ids($1) v ON v.id = z.test_id
                WHERE z.test_id = $6
           ), whole AS (
               SELECT a.*, EXISTS (SELECT FROM attempt_answers r WHERE r.attempt_id = a.id AND r.verdict <> 'blank') AS told,
                      row_number() OVER (PARTITION BY a.user_id ORDER BY a.submitted_at, a.id) AS number,
                      count(*) OVER (PARTITION BY a.user_id) AS attempts
                 FROM attempts a JOIN sat ON sat.id = a.id
                WHERE a.submitted_at IS NOT NULL
                  AND a.user_id IN (SELECT p.id FROM visible_user_ids($7, $3) p))
           SELECT f.id, f.user_id, u.full_name, coalesce(u.login_name, u.email, '') AS "sign_in_name!",
                  c.name || ', ' || c.year AS class, f.number AS "number!", f.attempts AS "attempts!", f.submitted_at AS "submitted_at!",
                  f.earned AS "earned!", f.possible AS "possible!",
                  extract(epoch FROM f.submitted_at - f.started_at - coalesce(p.paused, '0'))::bigint AS "seconds!"
             FROM (SELECT DISTINCT ON (user_id) * FROM whole ORDER BY user_id, told DESC,
                          CASE $5 WHEN 'best' THEN -earned / nullif(possible, 0)
                                  WHEN 'last' THEN -extract(epoch FROM submitted_at) END, submitted_at, id) f
             JOIN users u ON u.id = f.user_id AND u.role = 'student' AND u.is_active
             LEFT JOIN memberships m ON m.user_id = u.id
             LEFT JOIN classes c ON c.id = m.class_id
             LEFT JOIN LATERAL (
                  SELECT sum(e.until - e.at) AS paused
                    FROM (SELECT kind, at, lead(at) OVER (ORDER BY at, id) AS until
                            FROM attempt_events
                           WHERE attempt_id = f.id AND kind IN ('paused', 'resumed', 'closed')) e
                   WHERE e.kind = 'paused' AND e.until <= f.submitted_at) p ON true
            ORDER BY f.submitted_at DESC, f.id LIMIT $4"#,
        viewer.id(),
        document,
        scope.classes(),
        MAX_LISTED,
        which.word(),
        test,
        scope.school(),
    )
    .fetch_all(pool)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut answers = answers(pool, &ids).await?;
    let mut attempts = Vec::with_capacity(rows.len());
    for row in rows {
        attempts.push(CountedAttempt {
            attempt: row.id,
            pupil: row.user_id,
            full_name: row.full_name,
            sign_in_name: row.sign_in_name,
            class: row.class,
            number: row.number,
            attempts: row.attempts,
            submitted_at: row.submitted_at,
            seconds: row.seconds,
            earned: row.earned,
            possible: row.possible,
            answers: answers.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(attempts)
}

/// How many days an exam that was sat is listed.
const LATELY: i32 = 14;

/// The exams that the viewer may see and that their pupils sat as a whole in the last days, the latest first.
pub async fn lately(pool: &PgPool, viewer: &Viewer) -> Result<Vec<TakenExam>, AppError> {
    let scope = viewer.scope(None)?;
    let rows = sqlx::query!(
        r#"WITH sat AS (
               SELECT a.user_id, a.submitted_at, a.document_id, z.mode, z.test_id
                 FROM attempts a JOIN quizzes z ON z.id = a.quiz_id
                WHERE a.submitted_at > now() - make_interval(days => $2)
                  AND a.user_id IN (SELECT p.id FROM visible_user_ids($4, $3) p))
           SELECT d.id AS document, NULL::uuid AS test, d.title AS "title!", count(DISTINCT s.user_id) AS "pupils!",
                  max(s.submitted_at) AS "last_at!"
             FROM sat s
             JOIN documents d ON d.id = s.document_id AND NOT d.is_personal
             JOIN visible_document_ids($1) v ON v.id = d.id
            WHERE s.mode = 'real-exam' GROUP BY d.id
           UNION ALL
           SELECT NULL, t.id, t.title, count(DISTINCT s.user_id), max(s.submitted_at)
             FROM sat s
             JOIN class_tests t ON t.id = s.test_id
             JOIN visible_class_test_ids($1) v ON v.id = t.id
            GROUP BY t.id
            ORDER BY 5 DESC, 3"#,
        viewer.id(),
        LATELY,
        scope.classes(),
        scope.school(),
    );
    let taken = rows.fetch_all(pool).await?.into_iter().map(|r| {
        let exam = Exam::of(r.document, r.test).ok_or_else(|| unexpected("an exam of nothing"))?;
        Ok(TakenExam { exam, title: r.title, pupils: r.pupils, last_at: r.last_at })
    });
    taken.collect()
}

/// The marked answers of attempts, by attempt and item.
async fn answers(pool: &PgPool, attempts: &[Uuid]) -> Result<HashMap<Uuid, HashMap<Uuid, GivenAnswer>>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT attempt_id, question_id, answer, counts, earned AS "earned!", possible AS "possible!",
                  verdict AS "verdict!"
             FROM attempt_answers WHERE attempt_id = ANY ($1) AND verdict IS NOT NULL"#,
        attempts,
    )
    .fetch_all(pool)
    .await?;
    let mut all: HashMap<Uuid, HashMap<Uuid, GivenAnswer>> = HashMap::new();
    for row in rows {
        let given = GivenAnswer {
            answer: Answer(row.answer),
            counts: row.counts,
            earned: row.earned,
            possible: row.possible,
            verdict: of_word(row.verdict)?,
        };
        all.entry(row.attempt_id).or_default().insert(row.question_id, given);
    }
    Ok(all)
}
