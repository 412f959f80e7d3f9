//! Attempts at quizzes, their answers and marks.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use exam_model::answer::{Answer, Certainty, Marked, Verdict};
use exam_model::paper::Section;
use exam_model::question::Question;
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{classes, of_word, quizzes, unexpected, word_of};
use crate::domain::attempt::{AttemptLine, ClosedBy, InProgress, Practice};
use crate::domain::quiz::{Feedback, Mode, Quiz};
use crate::domain::scoring::{ItemResult, Marks};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// An attempt with its quiz.
pub struct Attempt {
    pub id: Uuid,
    pub quiz_id: Uuid,
    pub quiz: Quiz,
    pub document_id: Option<Uuid>,
    pub started_at: DateTime<Utc>,
    pub deadline_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub closed_by: Option<ClosedBy>,
    /// For a closed attempt: marks earned and possible.
    pub marks: Option<(f64, f64)>,
    /// From when its pupil sees the marks, if that is later.
    pub results_at: Option<DateTime<Utc>>,
    pub user_id: Uuid,
    pub pupil: String,
    /// The paper's level, else the pupil's.
    pub level: Option<String>,
    /// The paper's year.
    pub year: Option<i32>,
    /// The time by the database's clock.
    pub loaded_at: DateTime<Utc>,
    /// Whether it is the viewer's own.
    pub mine: bool,
}

impl Attempt {
    /// From when the viewer sees the marks, if it is their own and that is later.
    pub fn told_from(&self) -> Option<DateTime<Utc>> {
        self.results_at.filter(|_| self.mine)
    }
}

/// Starts the clock of a quiz, including the pupil's extra time, and adds a row for each of its `items`. With immediate
/// feedback it stays open for a day.
pub async fn start(conn: &mut PgConnection, quiz_id: Uuid, items: &[Uuid]) -> Result<Uuid, AppError> {
    Ok(sqlx::query_scalar!(
        r#"WITH attempt AS (
               INSERT INTO attempts (quiz_id, user_id, document_id, started_at, deadline_at)
               SELECT q.id, q.user_id, q.document_id, now(),
                      now() + CASE q.feedback WHEN 'immediate' THEN interval '1 day'
                                   ELSE make_interval(secs => q.minutes * (60 + 0.6 * u.extra_time_percent)) END
                 FROM quizzes q JOIN users u ON u.id = q.user_id WHERE q.id = $1
               RETURNING id
           ), answers AS (
               INSERT INTO attempt_answers (attempt_id, question_id) SELECT a.id, unnest($2::uuid[]) FROM attempt a
           )
           SELECT id AS "id!" FROM attempt"#,
        quiz_id,
        items,
    )
    .fetch_one(conn)
    .await?)
}

/// The attempt at one of the viewer's quizzes, if there is one, and whether it is closed. Until the transaction ends, no
/// other attempt can be started for the viewer.
pub async fn of_quiz(
    conn: &mut PgConnection,
    viewer: &Viewer,
    quiz_id: Uuid,
) -> Result<Option<(Uuid, bool)>, AppError> {
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(&mut *conn).await?;
    let r = sqlx::query!(
        r#"SELECT id, submitted_at IS NOT NULL AS "closed!" FROM attempts WHERE quiz_id = $1 AND user_id = $2
            ORDER BY submitted_at NULLS FIRST LIMIT 1"#,
        quiz_id,
        viewer.id(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(r.map(|r| (r.id, r.closed)))
}

/// The viewer's attempt against the clock that ends next.
pub async fn in_progress(pool: &PgPool, viewer: &Viewer) -> Result<Option<InProgress>, AppError> {
    Ok(sqlx::query_as!(
        InProgress,
        r#"SELECT a.id, q.title, a.deadline_at AS ends_at, a.paused_at IS NOT NULL AS "paused!"
             FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
            WHERE a.user_id = $1 AND a.submitted_at IS NULL AND (a.paused_at IS NOT NULL OR a.deadline_at > now())
              AND q.feedback = 'deferred' AND NOT quiz_is_withheld(a.quiz_id)
            ORDER BY a.deadline_at LIMIT 1"#,
        viewer.id(),
    )
    .fetch_optional(pool)
    .await?)
}

/// The viewer's running attempt of this kind, or the one of these items that was started since then, if given. Until the transaction ends, no other attempt
/// can be started for the viewer.
pub async fn running(
    conn: &mut PgConnection,
    viewer: &Viewer,
    document_id: Option<Uuid>,
    (mode, feedback): (Mode, Feedback),
    second_tap: Option<(DateTime<Utc>, &[Uuid])>,
) -> Result<Option<Uuid>, AppError> {
    let (since, items) = second_tap.unzip();
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(&mut *conn).await?;
    Ok(sqlx::query_scalar!(
        "SELECT a.id FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          WHERE a.user_id = $1 AND a.document_id IS NOT DISTINCT FROM $2 AND q.mode = $3 AND q.feedback = $6 AND a.submitted_at IS NULL
            AND (a.paused_at IS NOT NULL OR a.deadline_at > now()) AND a.started_at > coalesce($4::timestamptz, '-infinity')
            AND ($5::uuid[] IS NULL
                 OR $5 = ARRAY(SELECT t.question_id FROM attempt_answers t WHERE t.attempt_id = a.id ORDER BY t.question_id))
          ORDER BY a.started_at DESC LIMIT 1",
        viewer.id(),
        document_id,
        mode.as_str(),
        since,
        items,
        word_of(&feedback)?,
    )
    .fetch_optional(conn)
    .await?)
}

/// One of the viewer's attempts, or one of a pupil whom the viewer may see, for an admin anybody's in the school. `NotFound` otherwise, and for its pupil while it is open and
/// its document is no longer shared.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Attempt, AppError> {
    let r = sqlx::query!(
        r#"SELECT user_id, submitted_at IS NULL AND quiz_is_withheld(quiz_id) AS "withheld!" FROM attempts WHERE id = $1"#,
        id,
    )
    .fetch_one(pool)
    .await?;
    let mine = r.user_id == viewer.id();
    match mine {
        true if r.withheld && !viewer.is_admin() => return Err(AppError::NotFound),
        true => {}
        false => classes::must_see(pool, viewer, r.user_id).await?,
    }
    let mut conn = pool.acquire().await?;
    Ok(Attempt { mine, ..load(&mut conn, id).await? })
}

/// Whether it is a running attempt of the viewer whose document is no longer shared.
pub async fn is_withheld(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<bool, AppError> {
    let withheld = sqlx::query_scalar!(
        r#"SELECT quiz_is_withheld(quiz_id) AS "withheld!"
             FROM attempts WHERE id = $1 AND user_id = $2 AND submitted_at IS NULL"#,
        id,
        viewer.id(),
    );
    Ok(withheld.fetch_optional(pool).await?.unwrap_or(false))
}

/// Anybody's attempt (`mine` is not set), for marking.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Attempt, AppError> {
    let r = sqlx::query!(
        r#"SELECT a.id, a.quiz_id, a.user_id, a.document_id, a.started_at, a.deadline_at, a.submitted_at, a.closed_by,
                  a.earned, a.possible, q.title, q.mode, q.feedback, q.minutes, q.note, q.calculator, q.sections AS "sections: Json<Vec<Section>>",
                  results_held_until(q.results_at, q.assignment_id) AS results_at, u.full_name,
                  coalesce(d.level, u.education_level) AS level, d.year AS "year?", now() AS "now!"
             FROM attempts a
             JOIN quizzes q ON q.id = a.quiz_id
             JOIN users u ON u.id = a.user_id
             LEFT JOIN documents d ON d.id = a.document_id
            WHERE a.id = $1"#,
        id,
    )
    .fetch_one(&mut *conn)
    .await?;
    let questions = quizzes::questions_of(conn, r.quiz_id).await?;
    let mode = Mode::parse(&r.mode).ok_or_else(|| unexpected(format!("{} is not a mode", r.mode)))?;
    let (feedback, sections) = (of_word(r.feedback)?, r.sections.0);
    Ok(Attempt {
        id: r.id,
        quiz_id: r.quiz_id,
        quiz: Quiz {
            title: r.title,
            mode,
            feedback,
            minutes: r.minutes,
            sections,
            questions,
            note: r.note,
            calculator: r.calculator,
        },
        document_id: r.document_id,
        started_at: r.started_at,
        deadline_at: r.deadline_at,
        submitted_at: r.submitted_at,
        closed_by: r.closed_by.map(of_word).transpose()?,
        marks: r.earned.zip(r.possible),
        results_at: r.results_at,
        user_id: r.user_id,
        pupil: r.full_name,
        level: r.level,
        year: r.year,
        loaded_at: r.now,
        mine: false,
    })
}

/// Locks an attempt if it is still open and, with `due`, its time is up. Returns whether it is locked.
pub async fn lock_open(conn: &mut PgConnection, id: Uuid, due: bool) -> Result<bool, AppError> {
    let locked = sqlx::query_scalar!(
        "SELECT id FROM attempts
          WHERE id = $1 AND submitted_at IS NULL AND (NOT $2 OR paused_at IS NULL AND deadline_at <= now() OR ending_at <= now())
            FOR UPDATE",
        id,
        due,
    );
    Ok(locked.fetch_optional(conn).await?.is_some())
}

/// Keeps the answers to these items of an open attempt with immediate feedback as they are, because the pupil is told the marks.
pub async fn check(pool: &PgPool, id: Uuid, items: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        "WITH attempt AS (SELECT id FROM attempts WHERE id = $1 AND submitted_at IS NULL FOR NO KEY UPDATE)
         UPDATE attempt_answers t SET checked_at = now() FROM attempt a
          WHERE t.attempt_id = a.id AND t.question_id = ANY ($2) AND t.checked_at IS NULL",
        id,
        items,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The items of an attempt of which the pupil was told the marks.
pub async fn checked(conn: &mut PgConnection, id: Uuid) -> Result<HashSet<Uuid>, AppError> {
    let items = sqlx::query_scalar!(
        "SELECT question_id FROM attempt_answers WHERE attempt_id = $1 AND checked_at IS NOT NULL",
        id,
    );
    Ok(items.fetch_all(conn).await?.into_iter().collect())
}

/// The viewer's open attempts with immediate feedback, latest first.
pub async fn practices(pool: &PgPool, viewer: &Viewer) -> Result<Vec<Practice>, AppError> {
    Ok(sqlx::query_as!(
        Practice,
        "SELECT a.id, q.title
           FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          WHERE a.user_id = $1 AND a.submitted_at IS NULL AND a.deadline_at > now() AND q.feedback = 'immediate'
            AND NOT quiz_is_withheld(a.quiz_id)
          ORDER BY a.started_at DESC",
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// Takes these outermost questions with their items out of an attempt and its quiz.
pub async fn take_out(conn: &mut PgConnection, attempt: &Attempt, questions: &[&Question]) -> Result<(), AppError> {
    let ids: Vec<String> = questions.iter().map(|question| question.id.to_string()).collect();
    let items: Vec<Uuid> = questions.iter().flat_map(|question| question.leaves()).map(|leaf| leaf.id).collect();
    sqlx::query!(
        "WITH questions AS (DELETE FROM quiz_questions WHERE quiz_id = $1 AND question ->> 'id' = ANY ($2))
         DELETE FROM attempt_answers WHERE attempt_id = $3 AND question_id = ANY ($4)",
        attempt.quiz_id,
        &ids,
        attempt.id,
        &items,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes an attempt with its quiz.
pub async fn delete(conn: &mut PgConnection, attempt: &Attempt) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM attempts WHERE id = $1", attempt.id).execute(&mut *conn).await?;
    sqlx::query!("DELETE FROM quizzes WHERE id = $1", attempt.quiz_id).execute(conn).await?;
    Ok(())
}

/// An item's marks, as a parameter of the statement below.
#[derive(Serialize)]
struct Earned<'a> {
    question_id: Uuid,
    topic_id: Option<Uuid>,
    counts: bool,
    earned: f64,
    possible: f64,
    verdict: Verdict,
    certainty: Certainty,
    reason: &'a str,
}

/// Stores the marks of every item.
pub async fn put_marks(conn: &mut PgConnection, id: Uuid, items: &[ItemResult]) -> Result<(), AppError> {
    let rows: Vec<Earned> = items
        .iter()
        .map(|item| Earned {
            question_id: item.question_id,
            topic_id: item.topic_id,
            counts: item.counts,
            earned: item.marked.marks,
            possible: item.marked.of,
            verdict: item.marked.verdict,
            certainty: item.marked.certainty,
            reason: &item.marked.reason,
        })
        .collect();
    sqlx::query!(
        "UPDATE attempt_answers t
            SET topic_id = (SELECT id FROM topics WHERE id = e.topic_id), counts = e.counts, earned = e.earned,
                possible = e.possible, verdict = e.verdict, certainty = e.certainty, reason = e.reason
           FROM jsonb_to_recordset($2) AS e (question_id uuid, topic_id uuid, counts boolean, earned float8,
                                             possible float8, verdict text, certainty text, reason text)
          WHERE t.attempt_id = $1 AND t.question_id = e.question_id",
        id,
        Json(&rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores the marks and closes the attempt that `lock_open` locked; one that the school has ended, as of then, and
/// one whose pupil left it with immediate feedback, as of what was checked last. The caller must add it to the statistics.
pub async fn close(conn: &mut PgConnection, id: Uuid, by: ClosedBy, marks: &Marks) -> Result<(), AppError> {
    put_marks(&mut *conn, id, &marks.items).await?;
    sqlx::query!(
        "UPDATE attempts
            SET submitted_at = CASE WHEN ending_at IS NOT NULL THEN paused_at WHEN $2 = 'clock' THEN coalesce(
                                     (SELECT max(t.checked_at) FROM attempt_answers t WHERE t.attempt_id = attempts.id), deadline_at)
                                ELSE now() END,
                closed_by = CASE WHEN ending_at IS NOT NULL THEN 'school' ELSE $2 END,
                paused_at = NULL, ending_at = NULL, earned = $3, possible = $4
          WHERE id = $1",
        id,
        word_of(&by)?,
        marks.earned,
        marks.possible,
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// The marks of an answer as they are stored; those without a certainty are final.
pub fn marked(
    marks: f64,
    of: f64,
    verdict: String,
    certainty: Option<String>,
    reason: String,
) -> Result<Marked, AppError> {
    let certainty = certainty.map_or(Ok(Certainty::Exact), of_word)?;
    Ok(Marked { marks, of, verdict: of_word(verdict)?, certainty, reason })
}

/// The marks of every item of a closed attempt.
pub async fn results(db: impl PgExecutor<'_>, id: Uuid) -> Result<Vec<ItemResult>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT question_id, topic_id, answer, counts, earned AS "earned!", possible AS "possible!",
                  verdict AS "verdict!", certainty, reason AS "reason!"
             FROM attempt_answers WHERE attempt_id = $1 AND verdict IS NOT NULL"#,
        id,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(ItemResult {
                question_id: r.question_id,
                topic_id: r.topic_id,
                answer: Answer(r.answer),
                marked: marked(r.earned, r.possible, r.verdict, r.certainty, r.reason)?,
                counts: r.counts,
                regraded: None,
            })
        })
        .collect()
}

/// At most `limit` open attempts whose time is up, or that the school ended some minutes ago.
pub async fn due(pool: &PgPool, limit: i64) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id!"
             FROM (SELECT id, deadline_at AS at FROM attempts
                    WHERE submitted_at IS NULL AND paused_at IS NULL AND deadline_at <= now()
                    UNION ALL SELECT id, ending_at FROM attempts WHERE ending_at <= now()) due
            ORDER BY at LIMIT $1"#,
        limit,
    )
    .fetch_all(pool)
    .await?)
}

/// The attempts of a pupil, latest first, at most `limit`; of one document, if given. Marks are those that the viewer sees.
pub async fn of_user(
    pool: &PgPool,
    viewer: &Viewer,
    user_id: Uuid,
    document: Option<Uuid>,
    most: usize,
) -> Result<Vec<AttemptLine>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT a.id, q.title, q.mode, a.started_at, a.submitted_at,
                CASE WHEN NOT held THEN a.earned END AS earned, CASE WHEN NOT held THEN a.possible END AS possible,
                EXISTS (SELECT FROM attempt_answers r
                         WHERE r.attempt_id = a.id AND r.certainty = 'near' AND r.verdict <> 'unmarked') AS "waits!"
           FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          CROSS JOIN LATERAL (SELECT holds_results_from($4, a.user_id, q.results_at, q.assignment_id) AS held) h
          WHERE a.user_id = $1 AND ($2::uuid IS NULL OR a.document_id = $2)
            AND NOT (a.submitted_at IS NULL AND quiz_is_withheld(a.quiz_id))
          ORDER BY a.started_at DESC, a.id LIMIT $3"#,
        user_id,
        document,
        most as i64,
        viewer.id(),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(AttemptLine {
                id: r.id,
                title: r.title,
                mode: of_word(r.mode)?,
                started_at: r.started_at,
                submitted_at: r.submitted_at,
                earned: r.earned,
                possible: r.possible,
                waits: r.waits,
            })
        })
        .collect()
}

/// An attempt in a list of the API.
pub struct Summary {
    pub id: Uuid,
    pub quiz_id: Uuid,
    pub user_id: Uuid,
    pub document_id: Option<Uuid>,
    pub title: String,
    pub mode: String,
    pub earned: Option<f64>,
    pub possible: Option<f64>,
    pub started_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
}

/// A part of a pupil's attempts, latest first; only one of them, if given. Marks are those that the viewer sees.
pub async fn summaries(
    pool: &PgPool,
    viewer: &Viewer,
    user_id: Uuid,
    id: Option<Uuid>,
    skip: i64,
    limit: i64,
) -> Result<Vec<Summary>, AppError> {
    Ok(sqlx::query_as!(
        Summary,
        "SELECT a.id, a.quiz_id, a.user_id, a.document_id, q.title, q.mode, a.started_at, a.submitted_at,
                CASE WHEN NOT held THEN a.earned END AS earned, CASE WHEN NOT held THEN a.possible END AS possible
           FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          CROSS JOIN LATERAL (SELECT holds_results_from($5, a.user_id, q.results_at, q.assignment_id) AS held) h
          WHERE a.user_id = $1 AND ($2::uuid IS NULL OR a.id = $2)
            AND NOT (a.submitted_at IS NULL AND quiz_is_withheld(a.quiz_id))
          ORDER BY a.started_at DESC, a.id OFFSET $3 LIMIT $4",
        user_id,
        id,
        skip,
        limit,
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// The marks of an attempt in a topic.
pub struct TopicSum {
    pub attempt_id: Uuid,
    pub topic: String,
    pub earned: f64,
    pub possible: f64,
}

/// The marks of closed attempts by topic, for items that count, if the viewer sees them.
pub async fn by_topic(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<TopicSum>, AppError> {
    Ok(sqlx::query_as!(
        TopicSum,
        r#"SELECT r.attempt_id, t.name AS topic, sum(r.earned) AS "earned!", sum(r.possible) AS "possible!"
             FROM attempt_answers r JOIN topics t ON t.id = r.topic_id
            WHERE r.attempt_id = ANY ($1) AND r.counts AND r.earned IS NOT NULL
              AND NOT EXISTS (SELECT FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                               WHERE a.id = r.attempt_id
                                 AND holds_results_from($2, a.user_id, q.results_at, q.assignment_id))
            GROUP BY r.attempt_id, t.id ORDER BY r.attempt_id, t.position, t.id"#,
        ids,
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// Moves an attempt into the past by whole minutes, for the demo data. The caller must recount after.
pub async fn move_back(pool: &PgPool, id: Uuid, minutes: i32) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE attempts SET started_at = started_at - make_interval(mins => $2),
                deadline_at = deadline_at - make_interval(mins => $2),
                submitted_at = submitted_at - make_interval(mins => $2 - 40), learnt_at = NULL
          WHERE id = $1",
        id,
        minutes,
    )
    .execute(pool)
    .await?;
    Ok(())
}
