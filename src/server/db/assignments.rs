//! Work that the school sets to classes.

use std::collections::HashMap;

use sqlx::error::DatabaseError;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{audit, begin, unexpected};
use crate::domain::assignment::{
    AssignedPupil, AssignmentLine, NO_SHUFFLED_PAPER, NewAssignment, PupilAssignment, Terms, UNDO_DAYS, Work,
};
use crate::domain::audit::Act;
use crate::error::AppError;
use crate::server::auth::codes;
use crate::server::viewer::Viewer;

/// Sets work, and returns its id; `NotFound` if the class, the paper or the topic is gone, `Conflict` if it is set at that time.
pub async fn add(pool: &PgPool, by: &Viewer, new: &NewAssignment) -> Result<Uuid, AppError> {
    let (document, topic, questions, test) = match new.work {
        Work::Paper(id) => (Some(id), None, None, None),
        Work::Topic { topic, questions } => (None, Some(topic), Some(questions), None),
        Work::Test(id) => (None, None, None, Some(id)),
    };
    let mut tx = begin(pool).await?;
    lock_class(&mut tx, by, Some(new.class), None).await?;
    let made = sqlx::query_scalar!(
        "INSERT INTO assignments (class_id, document_id, topic_id, questions, test_id, opens_at, due_at, minutes, attempts,
                                  shuffled, results_when_due, room_code, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        new.class,
        document,
        topic,
        questions,
        test,
        new.terms.opens_at,
        new.terms.due_at,
        new.terms.minutes,
        new.terms.attempts,
        new.terms.shuffled,
        new.terms.results_when_due,
        new.terms.needs_code.then(room_code),
        by.id(),
    )
    .fetch_one(&mut *tx)
    .await;
    let id = accepted(made)?;
    record(&mut tx, by, Act::WorkSet, id, &new.terms.to_string()).await?;
    tx.commit().await?;
    Ok(id)
}

/// A new code to tell in a room.
fn room_code() -> String {
    codes::generate(codes::IN_ROOM)
}

/// Locks a class, or that of work which is set, until the transaction ends: of two who change its work at once, each would wait
/// for the other to learn whether both are set at one time. `NotFound` unless it is a class that `by` may act for.
async fn lock_class(
    conn: &mut PgConnection,
    by: &Viewer,
    class: Option<Uuid>,
    work: Option<Uuid>,
) -> Result<(), AppError> {
    let scope = by.scope(None)?;
    sqlx::query!(
        "SELECT id FROM classes
          WHERE id = coalesce($1, (SELECT class_id FROM assignments WHERE id = $2))
            AND school_id = $4 AND ($3::uuid[] IS NULL OR id = ANY ($3)) FOR NO KEY UPDATE",
        class,
        work,
        scope.classes(),
        scope.school(),
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// What a broken constraint means: something is gone meanwhile, the class has this work at that time already, or it is a paper,
/// which is not shuffled.
fn accepted<T>(done: Result<T, sqlx::Error>) -> Result<T, AppError> {
    let twice = "The class has this work at that time already: change it in the list, or withdraw it first.";
    let broken = |cause: &dyn DatabaseError| match cause.constraint() {
        Some("assignments_set_once") => Some(AppError::Conflict(twice.into())),
        Some("assignments_shuffle_no_papers") => Some(AppError::field("shuffled")(NO_SHUFFLED_PAPER.into())),
        _ => cause.is_foreign_key_violation().then_some(AppError::NotFound),
    };
    done.map_err(|error| error.as_database_error().and_then(broken).unwrap_or_else(|| error.into()))
}

/// Records what was done with work, which it names.
async fn record(conn: &mut PgConnection, by: &Viewer, act: Act, id: Uuid, detail: &str) -> Result<(), AppError> {
    let name = sqlx::query_scalar!(
        r#"SELECT concat(coalesce(d.title, t.name, k.title), ', ', c.name, ', ', c.year) AS "name!"
             FROM assignments s JOIN classes c ON c.id = s.class_id
             LEFT JOIN documents d ON d.id = s.document_id LEFT JOIN topics t ON t.id = s.topic_id
             LEFT JOIN class_tests k ON k.id = s.test_id
            WHERE s.id = $1"#,
        id,
    )
    .fetch_one(&mut *conn)
    .await?;
    let detail = if detail.is_empty() { name } else { format!("{name}: {detail}") };
    audit::record(conn, by, act, &detail).await
}

/// Changes the terms of work that is set, for attempts that start from now on; `NotFound` if it is withdrawn.
pub async fn change(pool: &PgPool, by: &Viewer, id: Uuid, terms: &Terms) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    lock_class(&mut tx, by, None, Some(id)).await?;
    let before = sqlx::query_as!(
        Terms,
        r#"SELECT opens_at, due_at, minutes, attempts, shuffled, results_when_due, room_code IS NOT NULL AS "needs_code!"
             FROM assignments WHERE id = $1 AND withdrawn_at IS NULL FOR UPDATE"#,
        id,
    )
    .fetch_one(&mut *tx)
    .await?;
    let done = sqlx::query!(
        "UPDATE assignments
            SET opens_at = $2, due_at = $3, minutes = $4, attempts = $5, shuffled = $6, results_when_due = $7,
                room_code = CASE WHEN $8 THEN coalesce(room_code, $9) END
          WHERE id = $1",
        id,
        terms.opens_at,
        terms.due_at,
        terms.minutes,
        terms.attempts,
        terms.shuffled,
        terms.results_when_due,
        terms.needs_code,
        room_code(),
    )
    .execute(&mut *tx)
    .await;
    accepted(done)?;
    // Also of those who have begun: some would see the keys while others still write, or wait when nobody does.
    sqlx::query!(
        "UPDATE quizzes SET results_at = CASE WHEN $2 THEN $3::timestamptz END WHERE assignment_id = $1",
        id,
        terms.results_when_due,
        terms.due_at,
    )
    .execute(&mut *tx)
    .await?;
    let changes = terms.changes(&before);
    if !changes.is_empty() {
        record(&mut tx, by, Act::WorkChanged, id, &changes).await?;
    }
    Ok(tx.commit().await?)
}

/// Withdraws work, or sets it again as it was. Attempts at it stay, also those that are running. `Conflict` if the class was
/// set the same meanwhile.
pub async fn withdraw(pool: &PgPool, by: &Viewer, id: Uuid, withdrawn: bool) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    lock_class(&mut tx, by, None, Some(id)).await?;
    let done = sqlx::query!(
        "UPDATE assignments SET withdrawn_at = CASE WHEN $2 THEN now() END WHERE id = $1 AND (withdrawn_at IS NULL) = $2",
        id,
        withdrawn,
    )
    .execute(&mut *tx)
    .await;
    if accepted(done)?.rows_affected() > 0 {
        let act = if withdrawn { Act::WorkWithdrawn } else { Act::WorkRestored };
        record(&mut tx, by, act, id, "").await?;
    }
    Ok(tx.commit().await?)
}

/// Deletes what was withdrawn and can be set again no more.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM assignments WHERE withdrawn_at < now() - make_interval(days => $1)", UNDO_DAYS)
        .execute(pool)
        .await?;
    Ok(())
}

fn work(
    document: Option<Uuid>,
    topic: Option<Uuid>,
    questions: Option<i32>,
    test: Option<Uuid>,
) -> Result<Work, AppError> {
    Work::of(document, topic, questions.unwrap_or_default(), test).ok_or_else(|| unexpected("an assignment of nothing"))
}

/// A slice (offset and count) of the work of the viewer's classes with papers that the viewer may see, that which is due last
/// first; only one, if given.
pub async fn list(
    pool: &PgPool,
    viewer: &Viewer,
    only: Option<Uuid>,
    (skip, limit): (i64, i64),
) -> Result<Vec<AssignmentLine>, AppError> {
    let scope = viewer.scope(None)?;
    let rows = sqlx::query!(
        r#"SELECT s.id, s.class_id, c.name || ', ' || c.year AS "class!", s.document_id, s.topic_id, s.questions, s.test_id,
                  coalesce(d.title, t.name, k.title) AS "title!", s.opens_at, s.due_at, s.minutes, s.attempts, s.shuffled,
                  s.results_when_due, s.room_code, s.withdrawn_at
             FROM assignments s
             JOIN classes c ON c.id = s.class_id
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN topics t ON t.id = s.topic_id
             LEFT JOIN class_tests k ON k.id = s.test_id
            WHERE ($2::uuid IS NULL OR s.id = $2)
              AND (d.id IS NULL OR d.id IN (SELECT v.id FROM visible_document_ids($1) v))
              AND c.school_id = $6 AND ($5::uuid[] IS NULL OR s.class_id = ANY ($5))
            ORDER BY s.due_at DESC, s.id OFFSET $3 LIMIT $4"#,
        viewer.id(),
        only,
        skip,
        limit,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut pupils = pupils(pool, &ids).await?;
    rows.into_iter()
        .map(|r| {
            Ok(AssignmentLine {
                id: r.id,
                class_id: r.class_id,
                class: r.class,
                work: work(r.document_id, r.topic_id, r.questions, r.test_id)?,
                title: r.title,
                terms: Terms {
                    opens_at: r.opens_at,
                    due_at: r.due_at,
                    minutes: r.minutes,
                    attempts: r.attempts,
                    shuffled: r.shuffled,
                    results_when_due: r.results_when_due,
                    needs_code: r.room_code.is_some(),
                },
                room_code: r.room_code,
                withdrawn_at: r.withdrawn_at,
                pupils: pupils.remove(&r.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// The pupils of each of these, by name.
async fn pupils(pool: &PgPool, assignments: &[Uuid]) -> Result<HashMap<Uuid, Vec<AssignedPupil>>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, u.full_name, coalesce(u.login_name, u.email, '') AS "sign_in_name!", w.last, w.running
             FROM assignments s
             JOIN memberships m ON m.class_id = s.class_id
             JOIN users u ON u.id = m.user_id AND u.is_active
            CROSS JOIN LATERAL (
                  SELECT (array_agg(a.id ORDER BY a.submitted_at DESC) FILTER (WHERE a.submitted_at IS NOT NULL))[1] AS last,
                         (array_agg(a.id) FILTER (WHERE a.submitted_at IS NULL))[1] AS running
                    FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                   WHERE z.assignment_id = s.id AND z.user_id = u.id) w
            WHERE s.id = ANY ($1) ORDER BY u.full_name, u.id"#,
        assignments,
    )
    .fetch_all(pool)
    .await?;
    let mut pupils: HashMap<Uuid, Vec<AssignedPupil>> = HashMap::new();
    for r in rows {
        let pupil =
            AssignedPupil { full_name: r.full_name, sign_in_name: r.sign_in_name, last: r.last, running: r.running };
        pupils.entry(r.id).or_default().push(pupil);
    }
    Ok(pupils)
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
        r#"SELECT s.id, s.document_id, s.topic_id, s.questions, s.test_id, coalesce(d.title, t.name, k.title) AS "title!",
                  s.opens_at, s.due_at, s.minutes, s.attempts, s.shuffled,
                  s.room_code IS NOT NULL AS "needs_code!", w.finished AS "finished!", w.last, w.results_at, w.running
             FROM memberships m
             JOIN assignments s ON s.class_id = m.class_id
             LEFT JOIN documents d ON d.id = s.document_id
             LEFT JOIN topics t ON t.id = s.topic_id
             LEFT JOIN class_tests k ON k.id = s.test_id
            CROSS JOIN LATERAL (
                  SELECT count(*) FILTER (WHERE a.submitted_at IS NOT NULL) AS finished,
                         (array_agg(a.id ORDER BY a.submitted_at DESC) FILTER (WHERE a.submitted_at IS NOT NULL))[1] AS last,
                         max(results_held_until(z.results_at, z.assignment_id)) AS results_at,
                         (array_agg(a.id) FILTER (WHERE a.submitted_at IS NULL))[1] AS running
                    FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                   WHERE z.assignment_id = s.id AND z.user_id = $1) w
            WHERE m.user_id = $1 AND ($2::uuid IS NULL OR s.id = $2) AND s.withdrawn_at IS NULL
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
                work: work(r.document_id, r.topic_id, r.questions, r.test_id)?,
                title: r.title,
                opens_at: r.opens_at,
                due_at: r.due_at,
                minutes: r.minutes,
                attempts: r.attempts,
                shuffled: r.shuffled,
                needs_code: r.needs_code,
                finished: r.finished,
                last: r.last,
                results_at: r.results_at,
                running: r.running,
            })
        })
        .collect()
}

/// Whether this is the code of work that is set.
pub async fn has_code(pool: &PgPool, id: Uuid, code: &str) -> Result<bool, AppError> {
    let is_right =
        sqlx::query_scalar!(r#"SELECT room_code = $2 AS "is_right!" FROM assignments WHERE id = $1"#, id, code);
    Ok(is_right.fetch_optional(pool).await?.unwrap_or(false))
}

/// Locks the viewer's account until the transaction ends, so that no other attempt is started for it meanwhile.
pub async fn lock(conn: &mut PgConnection, viewer: &Viewer) -> Result<(), AppError> {
    sqlx::query!("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(conn).await?;
    Ok(())
}

/// Notes that a quiz was made for this work, and what of its terms counts for the quiz later.
pub async fn put_quiz(conn: &mut PgConnection, quiz: Uuid, assignment: Uuid) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE quizzes q SET assignment_id = s.id, test_id = s.test_id, results_at = CASE WHEN s.results_when_due THEN s.due_at END
           FROM assignments s WHERE s.id = $2 AND q.id = $1",
        quiz,
        assignment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A topic, as it is set to a class.
pub struct TopicToSet {
    pub subject: Uuid,
    pub subject_name: String,
    pub name: String,
    pub level: String,
    /// Whether a published paper of the school has a question on it that can be marked.
    pub has_questions: bool,
}

/// A topic by its id, if there is one.
pub async fn topic(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Option<TopicToSet>, AppError> {
    Ok(sqlx::query_as!(
        TopicToSet,
        r#"SELECT t.subject_id AS subject, s.name AS subject_name, t.name, s.level,
                  EXISTS (SELECT FROM questions q JOIN documents d ON d.id = q.document_id
                           WHERE q.topic_id = t.id AND q.key IS NOT NULL AND d.published_at IS NOT NULL
                             AND d.school_id = $2 AND NOT d.is_personal AND NOT d.is_archived) AS "has_questions!"
             FROM topics t JOIN subjects s ON s.id = t.subject_id WHERE t.id = $1"#,
        id,
        viewer.school(),
    )
    .fetch_optional(pool)
    .await?)
}
