//! Running attempts against the clock, and the school's measures for them.

use chrono::{DateTime, Utc};
use sqlx::{PgPool, PgTransaction};
use uuid::Uuid;

use super::{audit, classes};
use crate::domain::attempt::Message;
use crate::domain::audit::Act;
use crate::domain::invigilation::{
    ExamDay, ExamRow, LISTED_HOURS, RoomCode, SentMessage, Sitting, Target, UNDO_MINUTES,
};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// The most rows of each kind.
const MAX_LISTED: i64 = 2000;

/// The running attempts, and who has not started a paper or a test that is set and open, and could: of one, if given.
/// Without it only what somebody of the class sits now is set for an exam day.
pub async fn exam_day(
    pool: &PgPool,
    scope: &Scope,
    document: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<ExamDay, AppError> {
    let mut rows = running(pool, scope, document).await?;
    let missing = sqlx::query!(
        r#"SELECT DISTINCT ON (u.id, coalesce(d.id, k.id)) u.id, u.full_name,
                  coalesce(u.login_name, u.email, '') AS "sign_in_name!", c.name || ', ' || c.year AS class,
                  coalesce(d.title, k.title) AS "title!", coalesce(d.id, k.id) AS "document!"
             FROM assignments s
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN class_tests k ON k.id = s.test_id
             JOIN classes c ON c.id = s.class_id
             JOIN memberships m ON m.class_id = c.id
             JOIN users u ON u.id = m.user_id AND u.is_active
            WHERE s.withdrawn_at IS NULL AND s.opens_at <= now() AND s.due_at > now()
              AND s.topic_id IS NULL AND ($1::uuid IS NULL OR $1 IN (d.id, k.id)) AND c.school_id = $4
              AND ($2::uuid[] IS NULL OR c.id = ANY ($2))
              AND ($1 IS NOT NULL
                   OR EXISTS (SELECT FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                               WHERE z.assignment_id = s.id AND a.submitted_at IS NULL))
              AND NOT EXISTS (SELECT FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                               WHERE z.assignment_id = s.id AND z.user_id = u.id)
              AND (d.id IS NULL OR EXISTS (SELECT FROM visible_document_ids(u.id) v WHERE v.id = d.id))
            ORDER BY u.id, coalesce(d.id, k.id) LIMIT $3"#,
        document,
        scope.classes(),
        MAX_LISTED,
        scope.school(),
    )
    .fetch_all(pool)
    .await?;
    rows.extend(missing.into_iter().map(|r| ExamRow {
        pupil: r.id,
        full_name: r.full_name,
        sign_in_name: r.sign_in_name,
        class: r.class,
        title: r.title,
        document: Some(r.document),
        sitting: None,
    }));
    Ok(ExamDay::new(now, rows))
}

async fn running(pool: &PgPool, scope: &Scope, document: Option<Uuid>) -> Result<Vec<ExamRow>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT a.id, a.user_id, u.full_name, coalesce(u.login_name, u.email, '') AS "sign_in_name!",
                  c.name || ', ' || c.year AS class, q.title, coalesce(q.test_id, a.document_id) AS document_id, a.started_at, a.deadline_at,
                  a.paused_at IS NOT NULL AS "paused!", a.ending_at,
                  extract(epoch FROM a.deadline_at - coalesce(a.paused_at, now()))::bigint AS "seconds_left!",
                  s.items AS "items!", s.answered AS "answered!",
                  (SELECT max(received_at) FROM attempt_journal j WHERE j.attempt_id = a.id) AS saved_at,
                  coalesce((SELECT e.kind = 'connected' FROM attempt_events e
                             WHERE e.attempt_id = a.id AND e.kind IN ('connected', 'disconnected')
                             ORDER BY e.id DESC LIMIT 1), false) AS "connected!"
             FROM attempts a
             JOIN quizzes q ON q.id = a.quiz_id
             JOIN users u ON u.id = a.user_id
             LEFT JOIN memberships m ON m.user_id = u.id
             LEFT JOIN classes c ON c.id = m.class_id
             JOIN LATERAL (SELECT count(*) AS items,
                                  count(*) FILTER (WHERE btrim(array_to_string(t.answer, '')) <> '') AS answered
                             FROM attempt_answers t WHERE t.attempt_id = a.id) s ON true
            WHERE a.submitted_at IS NULL AND (a.paused_at IS NOT NULL OR a.deadline_at > now()) AND q.feedback = 'deferred'
              AND u.school_id = $4 AND ($1::uuid IS NULL OR $1 IN (a.document_id, q.test_id)) AND ($2::uuid[] IS NULL OR c.id = ANY ($2))
            ORDER BY a.started_at DESC, a.id LIMIT $3"#,
        document,
        scope.classes(),
        MAX_LISTED,
        scope.school(),
    )
    .fetch_all(pool)
    .await?;
    let sitting = rows.into_iter().map(|r| ExamRow {
        pupil: r.user_id,
        full_name: r.full_name,
        sign_in_name: r.sign_in_name,
        class: r.class,
        title: r.title,
        document: r.document_id,
        sitting: Some(Sitting {
            attempt: r.id,
            started_at: r.started_at,
            ends_at: r.deadline_at,
            paused: r.paused,
            ending_at: r.ending_at,
            seconds_left: r.seconds_left,
            items: r.items,
            answered: r.answered,
            saved_at: r.saved_at,
            connected: r.connected,
        }),
    });
    Ok(sitting.collect())
}

/// Ids and names by which exams can be filtered: the papers and tests that pupils of a scope sit now, or that are set to its
/// classes and open, by title; and the classes, the latest year first.
pub async fn filters(pool: &PgPool, scope: &Scope) -> Result<[Vec<(Uuid, String)>; 2], AppError> {
    let rows = sqlx::query!(
        r#"WITH sat AS (
               SELECT a.document_id, q.test_id FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                WHERE a.submitted_at IS NULL AND (a.paused_at IS NOT NULL OR a.deadline_at > now())
                  AND q.feedback = 'deferred'
                  AND a.user_id IN (SELECT p.id FROM visible_user_ids($2, $1) p)
                UNION ALL
               SELECT s.document_id, s.test_id FROM assignments s JOIN classes c ON c.id = s.class_id
                WHERE s.withdrawn_at IS NULL AND s.opens_at <= now() AND s.due_at > now()
                  AND c.school_id = $2 AND ($1::uuid[] IS NULL OR c.id = ANY ($1)))
           SELECT false AS "is_class!", d.id AS "id!", d.title AS "name!", 0 AS "year!", 0 AS "level!"
             FROM documents d WHERE d.id IN (SELECT document_id FROM sat)
           UNION ALL
           SELECT false, t.id, t.title, 0, 0 FROM class_tests t WHERE t.id IN (SELECT test_id FROM sat)
           UNION ALL
           SELECT true, c.id, c.name || ', ' || c.year, c.year, l.position
             FROM classes c JOIN levels l ON l.code = c.level
            WHERE c.school_id = $2 AND ($1::uuid[] IS NULL OR c.id = ANY ($1))
            ORDER BY 1, 4 DESC, 5, 3, 2"#,
        scope.classes(),
        scope.school(),
    );
    let (classes, papers): (Vec<_>, Vec<_>) = rows.fetch_all(pool).await?.into_iter().partition(|row| row.is_class);
    Ok([papers, classes].map(|rows| rows.into_iter().map(|row| (row.id, row.name)).collect()))
}

/// The codes of what is set to the classes of a scope and is open or opens within the hour: of a paper or a test, if given.
pub async fn room_codes(pool: &PgPool, scope: &Scope, document: Option<Uuid>) -> Result<Vec<RoomCode>, AppError> {
    Ok(sqlx::query_as!(
        RoomCode,
        r#"SELECT coalesce(d.title, t.name, k.title) AS "title!", c.name || ', ' || c.year AS "class!", s.room_code AS "code!"
             FROM assignments s
             JOIN classes c ON c.id = s.class_id
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN topics t ON t.id = s.topic_id
             LEFT JOIN class_tests k ON k.id = s.test_id
            WHERE s.room_code IS NOT NULL AND s.withdrawn_at IS NULL AND s.due_at > now()
              AND s.opens_at < now() + interval '1 hour' AND c.school_id = $3 AND ($1::uuid[] IS NULL OR c.id = ANY ($1))
              AND ($2::uuid IS NULL OR $2 IN (d.id, k.id))
            ORDER BY s.opens_at, 2, 1, s.id"#,
        scope.classes(),
        document,
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// Begins a transaction that locks the open attempts of a target whose pupils `by` may act for, in the same order as saves do,
/// so that there are no deadlocks, and tells which they are.
async fn lock(pool: &PgPool, by: &Viewer, target: Target) -> Result<(PgTransaction<'static>, Vec<Uuid>), AppError> {
    let scope = by.scope(target.class)?;
    let mut tx = super::begin(pool).await?;
    let ids = sqlx::query_scalar!(
        "SELECT id FROM attempts
          WHERE submitted_at IS NULL AND ($1::uuid IS NULL OR id = $1)
            AND quiz_id IN (SELECT q.id FROM quizzes q
                             WHERE q.feedback = 'deferred' AND ($2::uuid IS NULL OR $2 IN (document_id, q.test_id)))
            AND user_id IN (SELECT p.id FROM visible_user_ids($4, $3) p)
          ORDER BY id FOR NO KEY UPDATE",
        target.attempt,
        target.document,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok((tx, ids))
}

/// Moves the end of running attempts, to now at the earliest. Returns how many were changed.
pub async fn add_time(pool: &PgPool, by: &Viewer, target: Target, minutes: i32) -> Result<u64, AppError> {
    let (mut tx, ids) = lock(pool, by, target).await?;
    let pupils = sqlx::query_scalar!(
        "WITH changed AS (
             UPDATE attempts
                SET deadline_at = greatest(deadline_at + make_interval(mins => $2), coalesce(paused_at, now()))
              WHERE submitted_at IS NULL AND (paused_at IS NOT NULL OR deadline_at > now()) AND id = ANY ($1)
             RETURNING id, user_id
         ), events AS (
             INSERT INTO attempt_events (attempt_id, kind, detail, by_user)
             SELECT id, 'time_added', $2::integer::text, $3 FROM changed
         )
         SELECT user_id FROM changed",
        &ids,
        minutes,
        by.id(),
    );
    let pupils = pupils.fetch_all(&mut *tx).await?;
    audit::record_people(&mut tx, by, Act::TimeGranted, &pupils, &format!("{minutes:+} min in a running exam")).await?;
    tx.commit().await?;
    Ok(pupils.len() as u64)
}

/// Pauses running attempts.
pub async fn pause(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let (mut tx, ids) = lock(pool, by, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts SET paused_at = now()
              WHERE submitted_at IS NULL AND paused_at IS NULL AND deadline_at > now() AND id = ANY ($1)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'paused', $2 FROM changed",
        &ids,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Resumes paused attempts, also those that the school has ended: the end moves by the length of the pause.
pub async fn resume(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let (mut tx, ids) = lock(pool, by, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts SET deadline_at = deadline_at + (now() - paused_at), paused_at = NULL, ending_at = NULL
              WHERE paused_at IS NOT NULL AND id = ANY ($1)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'resumed', $2 FROM changed",
        &ids,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Ends running attempts: they are paused, and due in some minutes.
pub async fn end(pool: &PgPool, by: &Viewer, target: Target) -> Result<u64, AppError> {
    let (mut tx, ids) = lock(pool, by, target).await?;
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE attempts
                SET paused_at = coalesce(paused_at, now()), ending_at = now() + make_interval(mins => $3)
              WHERE submitted_at IS NULL AND ending_at IS NULL AND (paused_at IS NOT NULL OR deadline_at > now())
                AND id = ANY ($1)
             RETURNING id
         )
         INSERT INTO attempt_events (attempt_id, kind, by_user) SELECT id, 'ended', $2 FROM changed",
        &ids,
        by.id(),
        UNDO_MINUTES,
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// Tells those who sit running attempts something, which is kept with each. The same again within seconds is a button that was
/// pressed twice. Returns how many were told.
pub async fn tell(pool: &PgPool, by: &Viewer, target: Target, message: &str) -> Result<u64, AppError> {
    let (mut tx, ids) = lock(pool, by, target).await?;
    let done = sqlx::query!(
        "INSERT INTO attempt_events (attempt_id, kind, detail, by_user)
         SELECT t.id, 'message', $2, $3 FROM unnest($1::uuid[]) AS t (id)
          WHERE NOT EXISTS (SELECT FROM attempt_events e
                             WHERE e.attempt_id = t.id AND e.kind = 'message' AND e.detail = $2
                               AND e.at > now() - interval '10 seconds')",
        &ids,
        message,
        by.id(),
    );
    let touched = done.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(touched)
}

/// The most messages that are listed: the latest.
const MAX_MESSAGES: i64 = 50;

/// What pupils of a scope were told in the last hours, the latest first: in exams of a paper or a test, if given. A page shows
/// a message if it was connected when that was sent, was connected afterwards, or was opened to write in it since.
pub async fn sent(pool: &PgPool, scope: &Scope, document: Option<Uuid>) -> Result<Vec<SentMessage>, AppError> {
    Ok(sqlx::query_as!(
        SentMessage,
        r#"WITH told AS (
               SELECT e.at, e.detail, e.by_user, q.title, u.full_name,
                      coalesce((SELECT c.kind = 'connected' FROM attempt_events c
                                 WHERE c.attempt_id = e.attempt_id AND c.kind IN ('connected', 'disconnected') AND c.id < e.id
                                 ORDER BY c.id DESC LIMIT 1), false)
                      OR EXISTS (SELECT FROM attempt_events c
                                  WHERE c.attempt_id = e.attempt_id AND c.kind = 'connected' AND c.id > e.id)
                      OR EXISTS (SELECT FROM attempt_writers w
                                  WHERE w.attempt_id = e.attempt_id AND w.opened_at > e.at) AS shown
                 FROM attempt_events e
                 JOIN attempts a ON a.id = e.attempt_id
                 JOIN quizzes q ON q.id = a.quiz_id
                 JOIN users u ON u.id = a.user_id
                WHERE e.kind = 'message' AND e.at > now() - make_interval(hours => $3)
                  AND ($1::uuid IS NULL OR $1 IN (a.document_id, q.test_id))
                  AND a.user_id IN (SELECT p.id FROM visible_user_ids($5, $2) p))
           SELECT t.at, t.detail AS text, b.full_name AS "by?", array_agg(DISTINCT t.title) AS "titles!", count(*) AS "told!",
                  coalesce(array_agg(t.full_name ORDER BY t.full_name) FILTER (WHERE NOT t.shown), '{}') AS "not_shown!"
             FROM told t LEFT JOIN users b ON b.id = t.by_user
            GROUP BY t.at, t.detail, t.by_user, b.full_name ORDER BY t.at DESC, t.detail LIMIT $4"#,
        document,
        scope.classes(),
        LISTED_HOURS,
        MAX_MESSAGES,
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// What pupils were told in an attempt, oldest first.
pub async fn messages(pool: &PgPool, attempt: Uuid) -> Result<Vec<Message>, AppError> {
    Ok(sqlx::query_as!(
        Message,
        "SELECT at, detail AS text FROM attempt_events WHERE attempt_id = $1 AND kind = 'message' ORDER BY id",
        attempt,
    )
    .fetch_all(pool)
    .await?)
}

/// The attempts that the school has ended, and that are not handed in yet.
pub async fn ending(pool: &PgPool, by: &Viewer, target: Target) -> Result<Vec<Uuid>, AppError> {
    let scope = by.scope(target.class)?;
    Ok(sqlx::query_scalar!(
        "SELECT id FROM attempts
          WHERE ending_at IS NOT NULL AND ($1::uuid IS NULL OR id = $1)
            AND ($2::uuid IS NULL OR document_id = $2 OR quiz_id IN (SELECT q.id FROM quizzes q WHERE q.test_id = $2))
            AND user_id IN (SELECT p.id FROM visible_user_ids($4, $3) p)",
        target.attempt,
        target.document,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// Sets a pupil's extra time for every future quiz, in percent; `NotFound` for anybody but a pupil whom the viewer may act for.
pub async fn set_extra_time(pool: &PgPool, by: &Viewer, pupil: Uuid, percent: i16) -> Result<(), AppError> {
    classes::must_see_pupil(pool, by, pupil).await?;
    let mut tx = super::begin(pool).await?;
    let before = sqlx::query_scalar!(
        "SELECT extra_time_percent FROM users WHERE id = $1 AND role = 'student' FOR NO KEY UPDATE",
        pupil,
    );
    let before = before.fetch_one(&mut *tx).await?;
    if before != percent {
        sqlx::query!("UPDATE users SET extra_time_percent = $2 WHERE id = $1", pupil, percent)
            .execute(&mut *tx)
            .await?;
        let detail = format!("{before} % → {percent} % more in every exam");
        audit::record_people(&mut tx, by, Act::TimeGranted, &[pupil], &detail).await?;
    }
    Ok(tx.commit().await?)
}

/// A pupil's extra time, in percent.
pub async fn extra_time(pool: &PgPool, viewer: &Viewer, pupil: Uuid) -> Result<i16, AppError> {
    classes::must_see_pupil(pool, viewer, pupil).await?;
    Ok(sqlx::query_scalar!("SELECT extra_time_percent FROM users WHERE id = $1", pupil).fetch_one(pool).await?)
}
