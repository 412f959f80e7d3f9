//! Pupils' progress.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::{OnConstraint, classes};
use crate::domain::history::Answered;
use crate::domain::plan::CHOICES;
use crate::domain::progress::{Overall, PupilLine, PupilSort};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// The totals of a pupil's closed attempts, with the marks that the viewer sees.
pub async fn overall(pool: &PgPool, viewer: &Viewer, user_id: Uuid) -> Result<Overall, AppError> {
    Ok(sqlx::query_as!(
        Overall,
        r#"SELECT s.attempts, s.earned - coalesce(h.earned, 0) AS "earned!", s.possible - coalesce(h.possible, 0) AS "possible!",
                  s.last_at AS "last_at?"
             FROM pupil_statistics s,
                  (SELECT sum(a.earned) AS earned, sum(a.possible) AS possible FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                    WHERE a.user_id = $1 AND a.submitted_at IS NOT NULL
                      AND holds_results_from($2, a.user_id, q.results_at, q.assignment_id)) h
            WHERE s.user_id = $1"#,
        user_id,
        viewer.id(),
    )
    .fetch_optional(pool)
    .await?
    .unwrap_or_default())
}

/// The minutes a day that a pupil has chosen, and the times from `since` on that show the pupil at work, in order. When an answer
/// was written says the device's clock, but not before its page was opened or after it arrived.
pub async fn week(
    pool: &PgPool,
    user_id: Uuid,
    since: DateTime<Utc>,
) -> Result<(Option<i16>, Vec<DateTime<Utc>>), AppError> {
    let daily = sqlx::query_scalar!("SELECT daily_minutes FROM users WHERE id = $1", user_id).fetch_one(pool).await?;
    let times = sqlx::query_scalar!(
        r#"WITH mine AS (
               SELECT id, started_at, submitted_at, closed_by FROM attempts
                WHERE user_id = $1 AND (submitted_at IS NULL OR submitted_at >= $2)
           )
           SELECT at AS "at!" FROM (
               SELECT started_at AS at FROM mine
               UNION ALL SELECT submitted_at FROM mine WHERE closed_by = 'pupil'
               UNION ALL SELECT r.checked_at FROM mine JOIN attempt_answers r ON r.attempt_id = mine.id
               UNION ALL SELECT w.opened_at FROM mine JOIN attempt_writers w ON w.attempt_id = mine.id
               UNION ALL SELECT least(j.received_at, greatest(j.written_at, w.opened_at))
                 FROM mine JOIN attempt_journal j ON j.attempt_id = mine.id JOIN attempt_writers w USING (attempt_id, writer)
           ) AS work WHERE at >= $2 ORDER BY at"#,
        user_id,
        since,
    )
    .fetch_all(pool)
    .await?;
    Ok((daily, times))
}

/// Sets how many minutes a day the viewer means to practise.
pub async fn set_daily_minutes(pool: &PgPool, viewer: &Viewer, minutes: Option<i16>) -> Result<(), AppError> {
    let [a, b, c, d] = CHOICES;
    let unknown = AppError::field("minutes")(format!("Choose {a}, {b}, {c} or {d} minutes a day."));
    sqlx::query!("UPDATE users SET daily_minutes = $2 WHERE id = $1", viewer.id(), minutes)
        .execute(pool)
        .await
        .on_constraint("users_daily_minutes_check", unknown)?;
    Ok(())
}

/// A pupil's answers that count as evidence (`scored_answers`) and of which the viewer sees the marks, by time.
pub async fn answered(pool: &PgPool, viewer: &Viewer, user_id: Uuid) -> Result<Vec<Answered>, AppError> {
    Ok(sqlx::query_as!(
        Answered,
        r#"SELECT question_id AS "question_id!", topic_id, at AS "at!", earned AS "earned!", possible AS "possible!",
                  is_blank AS "blank!"
             FROM scored_answers
            WHERE user_id = $1
              AND attempt_id NOT IN (SELECT a.id FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                                      WHERE a.user_id = $1
                                        AND holds_results_from($2, a.user_id, q.results_at, q.assignment_id))
            ORDER BY at, question_id"#,
        user_id,
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// A topic of a pupil's level, or one that the pupil has answered.
pub struct TopicLine {
    pub id: Uuid,
    pub name: String,
    pub subject_id: Uuid,
    pub subject: String,
    /// The time of the pupil's last answer, if there is any.
    pub last_at: Option<DateTime<Utc>>,
}

/// The topics of a pupil's level, and those that the pupil has answered, by subject in the order of the syllabus.
pub async fn topics(pool: &PgPool, user_id: Uuid) -> Result<Vec<TopicLine>, AppError> {
    Ok(sqlx::query_as!(
        TopicLine,
        r#"SELECT t.id, t.name, t.subject_id, s.name AS subject, e.last_at AS "last_at?"
             FROM topics t
             JOIN subjects s ON s.id = t.subject_id
             LEFT JOIN pupil_topic_estimates e ON e.topic_id = t.id AND e.user_id = $1
            WHERE e.user_id IS NOT NULL OR s.level = (SELECT u.education_level FROM users u WHERE u.id = $1)
            ORDER BY s.name, t.position, t.id"#,
        user_id,
    )
    .fetch_all(pool)
    .await?)
}

/// The places of those items that the viewer may see and that can still be marked.
pub async fn places(pool: &PgPool, viewer: &Viewer, items: &[Uuid]) -> Result<Vec<Place>, AppError> {
    Ok(sqlx::query_as!(
        Place,
        r#"SELECT q.id, q.document_id, d.title AS paper, q.path, q.text, t.name AS "topic?", s.name AS "subject?"
             FROM questions q
             JOIN documents d ON d.id = q.document_id
             JOIN visible_document_ids($1) v ON v.id = d.id
             LEFT JOIN topics t ON t.id = q.topic_id
             LEFT JOIN subjects s ON s.id = d.subject_id
            WHERE q.id = ANY ($2) AND q.key IS NOT NULL AND NOT d.is_archived"#,
        viewer.id(),
        items,
    )
    .fetch_all(pool)
    .await?)
}

/// The place of an item.
pub struct Place {
    pub id: Uuid,
    pub document_id: Uuid,
    pub paper: String,
    pub path: String,
    pub text: String,
    pub topic: Option<String>,
    pub subject: Option<String>,
}

/// A filter on pupils.
#[derive(Debug, Clone, Copy)]
pub struct PupilFilter<'a> {
    pub scope: &'a Scope,
    /// A part of the name, e-mail address or login name.
    pub search: Option<&'a str>,
    pub level: Option<&'a str>,
    /// Those whose accounts are switched off, in the place of the others.
    pub disabled: bool,
    /// These come first, in this order.
    pub first: &'a [Uuid],
}

impl<'a> PupilFilter<'a> {
    /// All pupils of a scope whose accounts are switched on.
    pub fn of(scope: &'a Scope) -> Self {
        Self { scope, search: None, level: None, disabled: false, first: &[] }
    }
}

/// A slice (offset and count) of pupils in this order; their weak topics are not counted. For the order by weak topics, the
/// caller must name the weakest in `first`.
pub async fn pupils(
    pool: &PgPool,
    which: PupilFilter<'_>,
    sort: PupilSort,
    (skip, limit): (i64, i64),
) -> Result<Vec<PupilLine>, AppError> {
    Ok(sqlx::query!(
        r#"SELECT u.id, u.full_name, u.email, u.login_name, u.education_level,
                  coalesce(p.attempts, 0) AS "attempts!", coalesce(p.earned, 0) AS "earned!",
                  coalesce(p.possible, 0) AS "possible!"
             FROM users u LEFT JOIN pupil_statistics p ON p.user_id = u.id
             LEFT JOIN unnest($5::uuid[]) WITH ORDINALITY AS f (id, place) ON f.id = u.id
            WHERE u.role = 'student' AND u.is_active <> $9 AND ($1::text IS NULL OR u.education_level = $1)
              AND ($2::text IS NULL
                   OR position(lower($2) IN lower(concat_ws(' ', u.full_name, u.email, u.login_name))) > 0)
              AND u.id IN (SELECT p.id FROM visible_user_ids($10, $8) p)
            ORDER BY f.place NULLS LAST, CASE WHEN $6 THEN p.earned / nullif(p.possible, 0) END NULLS LAST,
                     CASE WHEN $7 THEN p.attempts END DESC NULLS LAST, u.full_name, u.id
           OFFSET $3 LIMIT $4"#,
        which.level,
        which.search,
        skip,
        limit,
        which.first,
        sort == PupilSort::Marks,
        sort == PupilSort::Attempts,
        which.scope.classes(),
        which.disabled,
        which.scope.school(),
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|r| PupilLine {
        id: r.id,
        full_name: r.full_name,
        email: r.email,
        login_name: r.login_name,
        level: r.education_level,
        attempts: r.attempts,
        earned: r.earned,
        possible: r.possible,
        weak_topics: 0,
    })
    .collect())
}

/// A pupil's name, the name that the pupil signs in with, and the level; `NotFound` for anybody but a pupil whom the
/// viewer may see.
pub async fn pupil(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(String, String, Option<String>), AppError> {
    classes::must_see_pupil(pool, viewer, id).await?;
    let r = sqlx::query!(
        r#"SELECT full_name, coalesce(login_name, email) AS "sign_in_name!", education_level
             FROM users WHERE id = $1 AND role = 'student'"#,
        id,
    )
    .fetch_one(pool)
    .await?;
    Ok((r.full_name, r.sign_in_name, r.education_level))
}
