//! The figures of the school's pages and API.

use sqlx::PgPool;

use crate::domain::analytics::{Day, Overview, SubjectSum};
use crate::error::AppError;

/// The school's totals, with activity on the last `days` days.
pub async fn overview(pool: &PgPool, days: i32) -> Result<Overview, AppError> {
    let counts = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM users WHERE role = 'student' AND is_active) AS "students!",
                  (SELECT count(*) FROM documents WHERE NOT is_archived) AS "documents!",
                  (SELECT count(*) FROM questions q JOIN documents d ON d.id = q.document_id
                    WHERE q.kind <> 'group' AND NOT d.is_archived) AS "questions!",
                  (SELECT coalesce(sum(attempts), 0)::bigint FROM pupil_statistics) AS "attempts!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(Overview {
        students: counts.students,
        documents: counts.documents,
        questions: counts.questions,
        attempts: counts.attempts,
        activity: activity(pool, days).await?,
        subjects: subjects(pool).await?,
    })
}

/// How many attempts were handed in on each of the last days, oldest first.
pub async fn activity(pool: &PgPool, days: i32) -> Result<Vec<Day>, AppError> {
    Ok(sqlx::query_as!(
        Day,
        r#"SELECT day AS "day!", coalesce(sum(attempts), 0)::bigint AS "attempts!",
                  coalesce(sum(pupils), 0)::bigint AS "pupils!"
             FROM (SELECT (now() AT TIME ZONE 'UTC')::date - n AS day FROM generate_series(0, $1 - 1) AS n) AS days
             LEFT JOIN day_statistics USING (day)
            GROUP BY day ORDER BY day"#,
        days,
    )
    .fetch_all(pool)
    .await?)
}

/// Attempts and marks by subject, for attempts at a single document.
pub async fn subjects(pool: &PgPool) -> Result<Vec<SubjectSum>, AppError> {
    Ok(sqlx::query_as!(
        SubjectSum,
        r#"SELECT s.name AS subject, s.level, sum(t.attempts)::bigint AS "attempts!", sum(t.earned) AS "earned!",
                  sum(t.possible) AS "possible!"
             FROM document_statistics t
             JOIN documents d ON d.id = t.document_id
             JOIN subjects s ON s.id = d.subject_id
             JOIN levels l ON l.code = s.level
            GROUP BY s.id, l.position ORDER BY l.position, s.name"#
    )
    .fetch_all(pool)
    .await?)
}
