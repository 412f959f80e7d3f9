//! The figures of the school's pages and API.

use sqlx::PgPool;

use super::schools;
use crate::domain::analytics::{Day, Overview, SubjectSum};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// The totals of what the viewer may see, with activity on the last `days` days.
pub async fn overview(pool: &PgPool, viewer: &Viewer, days: i32) -> Result<Overview, AppError> {
    let scope = viewer.scope(None)?;
    let counts = sqlx::query!(
        r#"WITH papers AS (SELECT d.id FROM documents d
                             JOIN visible_document_ids($1, $2, NULL) v ON v.id = d.id
                            WHERE NOT d.is_archived AND d.kind <> 'marking_scheme')
           SELECT (SELECT count(*) FROM users u JOIN visible_user_ids($4, $3) p ON p.id = u.id
                    WHERE u.role = 'student' AND u.is_active) AS "students!",
                  (SELECT count(*) FROM papers) AS "documents!",
                  (SELECT coalesce(sum(c.questions), 0)::bigint
                     FROM papers d CROSS JOIN LATERAL question_count(d.id) c) AS "questions!",
                  (SELECT coalesce(sum(attempts), 0)::bigint FROM pupil_statistics s
                     JOIN visible_user_ids($4, $3) p ON p.id = s.user_id) AS "attempts!""#,
        viewer.id(),
        viewer.is_admin(),
        scope.classes(),
        scope.school(),
    )
    .fetch_one(pool)
    .await?;
    Ok(Overview {
        school: schools::name_among_others(pool, viewer).await?,
        students: counts.students,
        documents: counts.documents,
        questions: counts.questions,
        attempts: counts.attempts,
        activity: activity(pool, &scope, days).await?,
        subjects: subjects(pool, &scope).await?,
    })
}

/// How many attempts pupils of a scope handed in on each of the last days, oldest first. For the whole school that is kept; for
/// some classes it is counted.
pub async fn activity(pool: &PgPool, scope: &Scope, days: i32) -> Result<Vec<Day>, AppError> {
    Ok(sqlx::query_as!(
        Day,
        r#"SELECT day AS "day!", coalesce(sum(k.attempts), 0)::bigint AS "attempts!",
                  coalesce(sum(k.pupils), 0)::bigint AS "pupils!"
             FROM (SELECT (now() AT TIME ZONE 'UTC')::date - n AS day FROM generate_series(0, $1 - 1) AS n) AS days
             LEFT JOIN (SELECT s.day, s.attempts, s.pupils FROM day_statistics s
                         WHERE $2::uuid[] IS NULL AND s.school_id = $3
                         UNION ALL
                        SELECT (a.submitted_at AT TIME ZONE 'UTC')::date, count(*), count(DISTINCT a.user_id)
                          FROM memberships m JOIN attempts a ON a.user_id = m.user_id
                         WHERE m.class_id = ANY ($2) AND a.submitted_at > now() - make_interval(days => $1)
                         GROUP BY 1) k USING (day)
            GROUP BY day ORDER BY day"#,
        days,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// Attempts and marks of pupils of a scope by subject, for attempts at a single document. For the whole school that is kept; for
/// some classes it is counted.
pub async fn subjects(pool: &PgPool, scope: &Scope) -> Result<Vec<SubjectSum>, AppError> {
    Ok(sqlx::query_as!(
        SubjectSum,
        r#"SELECT s.name AS subject, s.level, sum(t.attempts)::bigint AS "attempts!", sum(t.earned) AS "earned!",
                  sum(t.possible) AS "possible!"
             FROM (SELECT k.document_id, k.attempts, k.earned, k.possible FROM document_statistics k WHERE $1::uuid[] IS NULL
                    UNION ALL
                   SELECT a.document_id, count(*), sum(a.earned), sum(a.possible)
                     FROM memberships m JOIN attempts a ON a.user_id = m.user_id
                    WHERE m.class_id = ANY ($1) AND a.submitted_at IS NOT NULL AND a.document_id IS NOT NULL
                    GROUP BY a.document_id) t
             JOIN documents d ON d.id = t.document_id AND d.school_id = $2
             JOIN subjects s ON s.id = d.subject_id
             JOIN levels l ON l.code = s.level
            GROUP BY s.id, l.position ORDER BY l.position, s.name"#,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}
