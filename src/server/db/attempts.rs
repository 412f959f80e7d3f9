//! Attempts: sittings of a quiz, their answers and what they earned.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{of_word, unexpected, word_of};
use crate::domain::attempt::AttemptLine;
use crate::domain::marking::{Answer, Marked};
use crate::domain::paper::Section;
use crate::domain::question::Question;
use crate::domain::quiz::{Mode, Quiz};
use crate::domain::result::ItemResult;
use crate::error::AppError;
use crate::server::session::Viewer;

/// An attempt with its quiz.
pub struct Attempt {
    pub id: Uuid,
    pub quiz: Quiz,
    pub document_id: Option<Uuid>,
    pub started_at: DateTime<Utc>,
    pub deadline_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
    /// `pupil` or `clock`.
    pub closed_by: Option<String>,
    pub pupil: String,
    /// It is the viewer's own.
    pub mine: bool,
}

/// How an attempt came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedBy {
    Pupil,
    Clock,
}

impl ClosedBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pupil => "pupil",
            Self::Clock => "clock",
        }
    }
}

/// Starts the clock of a quiz.
pub async fn start(conn: &mut PgConnection, quiz_id: Uuid) -> Result<Uuid, AppError> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO attempts (quiz_id, user_id, document_id, started_at, deadline_at)
         SELECT id, user_id, document_id, now(), now() + make_interval(mins => minutes) FROM quizzes WHERE id = $1
         RETURNING id",
        quiz_id,
    )
    .fetch_one(conn)
    .await?)
}

/// The viewer's running attempt of this kind, started after `since` if that is given. Until the transaction ends nobody
/// else starts one for the viewer.
pub async fn running(
    conn: &mut PgConnection,
    viewer: &Viewer,
    document_id: Uuid,
    mode: Mode,
    since: Option<DateTime<Utc>>,
) -> Result<Option<Uuid>, AppError> {
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(&mut *conn).await?;
    Ok(sqlx::query_scalar!(
        "SELECT a.id FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          WHERE a.user_id = $1 AND a.document_id = $2 AND q.mode = $3 AND a.submitted_at IS NULL
            AND a.deadline_at > now() AND a.started_at > coalesce($4::timestamptz, '-infinity')
          ORDER BY a.started_at DESC LIMIT 1",
        viewer.id(),
        document_id,
        mode.as_str(),
        since,
    )
    .fetch_optional(conn)
    .await?)
}

/// An attempt of the viewer's, or for an admin anybody's; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Attempt, AppError> {
    let owner = sqlx::query_scalar!("SELECT user_id FROM attempts WHERE id = $1", id).fetch_one(pool).await?;
    let mine = owner == viewer.id();
    if !mine && !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let mut conn = pool.acquire().await?;
    Ok(Attempt { mine, ..load(&mut conn, id).await? })
}

/// An attempt whoever's (`mine` is not set), for marking.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Attempt, AppError> {
    let r = sqlx::query!(
        r#"SELECT a.id, a.quiz_id, a.document_id, a.started_at, a.deadline_at, a.submitted_at, a.closed_by,
                  q.title, q.mode, q.minutes, q.sections AS "sections: Json<Vec<Section>>", u.full_name
             FROM attempts a JOIN quizzes q ON q.id = a.quiz_id JOIN users u ON u.id = a.user_id
            WHERE a.id = $1"#,
        id,
    )
    .fetch_one(&mut *conn)
    .await?;
    let questions = sqlx::query_scalar!(
        r#"SELECT question AS "question: Json<Question>" FROM quiz_questions WHERE quiz_id = $1 ORDER BY position"#,
        r.quiz_id,
    )
    .fetch_all(conn)
    .await?;
    let mode = Mode::parse(&r.mode).ok_or_else(|| unexpected(format!("{} is no mode", r.mode)))?;
    Ok(Attempt {
        id: r.id,
        quiz: Quiz {
            title: r.title,
            mode,
            minutes: r.minutes,
            sections: r.sections.0,
            questions: questions.into_iter().map(|Json(question)| question).collect(),
        },
        document_id: r.document_id,
        started_at: r.started_at,
        deadline_at: r.deadline_at,
        submitted_at: r.submitted_at,
        closed_by: r.closed_by,
        pupil: r.full_name,
        mine: false,
    })
}

/// The answers as last saved.
pub async fn answers(conn: &mut PgConnection, id: Uuid) -> Result<BTreeMap<Uuid, Answer>, AppError> {
    let rows = sqlx::query!("SELECT question_id, answer FROM attempt_answers WHERE attempt_id = $1", id)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|r| (r.question_id, Answer(r.answer))).collect())
}

/// Saves answers of a running attempt of the viewer's; answers whether it still runs (`false`: nothing was saved).
/// Blanks of a form shown at `shown_at` leave alone what was saved after that.
/// The lock on the attempt's row keeps a save and the closing apart.
pub async fn save(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    answers: &BTreeMap<Uuid, Answer>,
    shown_at: Option<DateTime<Utc>>,
) -> Result<bool, AppError> {
    let mut tx = pool.begin().await?;
    let running = sqlx::query_scalar!(
        r#"SELECT submitted_at IS NULL AND deadline_at > now() AS "running!"
             FROM attempts WHERE id = $1 AND user_id = $2 FOR SHARE"#,
        id,
        viewer.id(),
    )
    .fetch_one(&mut *tx)
    .await?;
    if !running {
        return Ok(false);
    }
    for (question_id, answer) in answers {
        sqlx::query!(
            "INSERT INTO attempt_answers (attempt_id, question_id, answer) VALUES ($1, $2, $3)
             ON CONFLICT (attempt_id, question_id) DO UPDATE SET answer = excluded.answer, saved_at = now()
                WHERE NOT $4 OR attempt_answers.saved_at <= coalesce($5, now())",
            id,
            question_id,
            &answer.0,
            answer.is_blank(),
            shown_at,
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Locks an attempt that is still open; `None` when it is closed.
pub async fn lock_open(conn: &mut PgConnection, id: Uuid) -> Result<Option<Uuid>, AppError> {
    Ok(sqlx::query_scalar!("SELECT id FROM attempts WHERE id = $1 AND submitted_at IS NULL FOR UPDATE", id)
        .fetch_optional(conn)
        .await?)
}

/// Writes the marks and closes the attempt that `lock_open` locked.
pub async fn close(
    conn: &mut PgConnection,
    id: Uuid,
    by: ClosedBy,
    items: &[ItemResult],
    (earned, possible): (f64, f64),
) -> Result<(), AppError> {
    for item in items {
        sqlx::query!(
            "INSERT INTO attempt_answers (attempt_id, question_id, answer, topic_id, counts, earned, possible, verdict,
                                          reason)
             VALUES ($1, $2, $3, (SELECT id FROM topics WHERE id = $4), $5, $6, $7, $8, $9)
             ON CONFLICT (attempt_id, question_id) DO UPDATE
                SET topic_id = excluded.topic_id, counts = excluded.counts, earned = excluded.earned,
                    possible = excluded.possible, verdict = excluded.verdict, reason = excluded.reason",
            id,
            item.question_id,
            &item.answer.0,
            item.topic_id,
            item.counts,
            item.marked.marks,
            item.marked.of,
            word_of(&item.marked.verdict)?,
            item.marked.reason,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "UPDATE attempts SET submitted_at = CASE WHEN $2 = 'clock' THEN deadline_at ELSE now() END, closed_by = $2,
                earned = $3, possible = $4
          WHERE id = $1",
        id,
        by.as_str(),
        earned,
        possible,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What every item of a closed attempt earned.
pub async fn results(pool: &PgPool, id: Uuid) -> Result<Vec<ItemResult>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT question_id, topic_id, answer, counts, earned AS "earned!", possible AS "possible!",
                  verdict AS "verdict!", reason AS "reason!"
             FROM attempt_answers WHERE attempt_id = $1 AND verdict IS NOT NULL"#,
        id,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(ItemResult {
                question_id: r.question_id,
                topic_id: r.topic_id,
                answer: Answer(r.answer),
                marked: Marked { marks: r.earned, of: r.possible, verdict: of_word(r.verdict)?, reason: r.reason },
                counts: r.counts,
            })
        })
        .collect()
}

/// Open attempts whose time is over.
pub async fn due(pool: &PgPool) -> Result<Vec<Uuid>, AppError> {
    Ok(sqlx::query_scalar!("SELECT id FROM attempts WHERE submitted_at IS NULL AND deadline_at <= now() LIMIT 500")
        .fetch_all(pool)
        .await?)
}

/// The attempts of a pupil, the latest first, at most 100; of one document if it is named.
pub async fn of_user(pool: &PgPool, user_id: Uuid, document: Option<Uuid>) -> Result<Vec<AttemptLine>, AppError> {
    let rows = sqlx::query!(
        "SELECT a.id, q.title, q.mode, a.started_at, a.submitted_at, a.earned, a.possible
           FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          WHERE a.user_id = $1 AND ($2::uuid IS NULL OR a.document_id = $2)
          ORDER BY a.started_at DESC, a.id LIMIT 100",
        user_id,
        document,
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
            })
        })
        .collect()
}

/// Moves an attempt's times into the past by whole minutes, for the histories of demo data.
pub async fn move_back(pool: &PgPool, id: Uuid, minutes: i32) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE attempts SET started_at = started_at - make_interval(mins => $2),
                deadline_at = deadline_at - make_interval(mins => $2),
                submitted_at = submitted_at - make_interval(mins => $2 - 40)
          WHERE id = $1",
        id,
        minutes,
    )
    .execute(pool)
    .await?;
    Ok(())
}
