//! What the school's pages and routes count.

use chrono::NaiveDate;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::progress::Evidence;
use crate::error::AppError;

/// How much there is.
pub struct Counts {
    pub students: i64,
    pub documents: i64,
    pub questions: i64,
    /// Handed in.
    pub attempts: i64,
}

/// Active pupils, documents that are not archived and their items, attempts that were handed in.
pub async fn counts(pool: &PgPool) -> Result<Counts, AppError> {
    Ok(sqlx::query_as!(
        Counts,
        r#"SELECT (SELECT count(*) FROM users WHERE role = 'student' AND is_active) AS "students!",
                  (SELECT count(*) FROM documents WHERE NOT is_archived) AS "documents!",
                  (SELECT count(*) FROM questions q JOIN documents d ON d.id = q.document_id
                    WHERE q.kind <> 'group' AND NOT d.is_archived) AS "questions!",
                  (SELECT count(*) FROM attempts WHERE submitted_at IS NOT NULL) AS "attempts!""#
    )
    .fetch_one(pool)
    .await?)
}

/// A day on which something was handed in (in UTC).
pub struct Day {
    pub day: NaiveDate,
    pub attempts: i64,
    pub pupils: i64,
}

/// The last so many days on which something was handed in, oldest first.
pub async fn activity(pool: &PgPool, days: i64) -> Result<Vec<Day>, AppError> {
    let mut found = sqlx::query_as!(
        Day,
        r#"SELECT (submitted_at AT TIME ZONE 'UTC')::date AS "day!", count(*) AS "attempts!",
                  count(DISTINCT user_id) AS "pupils!"
             FROM attempts WHERE submitted_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT $1"#,
        days,
    )
    .fetch_all(pool)
    .await?;
    found.reverse();
    Ok(found)
}

/// What was handed in of a subject.
pub struct SubjectSum {
    pub subject: String,
    pub level: String,
    pub attempts: i64,
    pub earned: f64,
    pub possible: f64,
}

/// What was handed in by subject, of attempts at one document.
pub async fn subjects(pool: &PgPool) -> Result<Vec<SubjectSum>, AppError> {
    Ok(sqlx::query_as!(
        SubjectSum,
        r#"SELECT s.name AS subject, s.level, count(*) AS "attempts!", sum(a.earned) AS "earned!",
                  sum(a.possible) AS "possible!"
             FROM attempts a
             JOIN documents d ON d.id = a.document_id
             JOIN subjects s ON s.id = d.subject_id
             JOIN levels l ON l.code = s.level
            WHERE a.submitted_at IS NOT NULL
            GROUP BY s.id, l.position ORDER BY l.position, s.name"#
    )
    .fetch_all(pool)
    .await?)
}

/// A pupil in a topic.
pub struct Stands {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject: String,
    pub level: String,
    pub user_id: Uuid,
    pub full_name: String,
    pub evidence: Evidence,
}

/// How every pupil stands in every topic of a level and a subject, of those who answered within so many days.
pub async fn standings(
    pool: &PgPool,
    level: Option<&str>,
    subject: Option<&str>,
    days: Option<i32>,
) -> Result<Vec<Stands>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT p.topic_id AS "topic_id!", t.name AS topic, s.name AS subject, s.level, u.id AS user_id, u.full_name,
                  p.answers AS "answers!", p.weight AS "weight!", p.earned AS "earned!", p.possible AS "possible!"
             FROM progress p
             JOIN users u ON u.id = p.user_id
             JOIN topics t ON t.id = p.topic_id
             JOIN subjects s ON s.id = t.subject_id
            WHERE u.role = 'student' AND u.is_active
              AND ($1::text IS NULL OR s.level = $1)
              AND ($2::text IS NULL OR s.name = $2)
              AND ($3::integer IS NULL OR p.last_at > now() - make_interval(days => $3))
            ORDER BY t.id, u.full_name, u.id"#,
        level,
        subject,
        days,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Stands {
            topic_id: r.topic_id,
            topic: r.topic,
            subject: r.subject,
            level: r.level,
            user_id: r.user_id,
            full_name: r.full_name,
            evidence: Evidence { answers: r.answers, weight: r.weight, earned: r.earned, possible: r.possible },
        })
        .collect())
}
