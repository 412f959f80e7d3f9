//! What the school did with accounts, classes and work that it sets. Whoever does it records it in the same transaction.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::audit::{Act, AuditLine};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Records an act on a class or its work, which `detail` names, in the viewer's school.
pub async fn record(conn: &mut PgConnection, by: &Viewer, act: Act, detail: &str) -> Result<(), AppError> {
    record_in(conn, by, by.school(), act, detail).await
}

/// The same in the school that it concerns.
pub async fn record_in(
    conn: &mut PgConnection,
    by: &Viewer,
    school: Uuid,
    act: Act,
    detail: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO audit_events (by_user, act, detail, school_id) VALUES ($1, $2, $3, $4)",
        by.id(),
        act.as_str(),
        detail,
        school,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records an act on the accounts of these people, in their school.
pub async fn record_people(
    conn: &mut PgConnection,
    by: &Viewer,
    act: Act,
    people: &[Uuid],
    detail: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO audit_events (by_user, act, user_id, detail, school_id)
         SELECT $1, $2, id, $4, school_id FROM users WHERE id = ANY ($3)",
        by.id(),
        act.as_str(),
        people,
        detail,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A slice (offset and count) of what was done in the viewer's school, latest first: with a part of the name of who did it or of whose account it is,
/// and with an act's word, if given.
pub async fn list(
    pool: &PgPool,
    viewer: &Viewer,
    person: Option<&str>,
    act: Option<&str>,
    (skip, limit): (i64, i64),
) -> Result<Vec<AuditLine>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT e.at, e.act, e.detail, e.user_id, b.full_name AS "by?", u.full_name AS "name?",
                  coalesce(u.role = 'teacher', false) AS "is_teacher!"
             FROM audit_events e
             LEFT JOIN users b ON b.id = e.by_user
             LEFT JOIN users u ON u.id = e.user_id
            WHERE e.school_id = $5
              AND ($1::text IS NULL
                   OR position(lower($1) IN lower(concat_ws(' ', b.full_name, u.full_name, u.login_name))) > 0)
              AND ($2::text IS NULL OR e.act = $2)
            ORDER BY e.id DESC OFFSET $3 LIMIT $4"#,
        person,
        act,
        skip,
        limit,
        viewer.school(),
    )
    .fetch_all(pool)
    .await?;
    let gone = || "an account that was deleted".to_owned();
    let lines = rows.into_iter().map(|r| AuditLine {
        at: r.at,
        by: r.by.unwrap_or_else(gone),
        act: r.act,
        person: r.user_id.map(|id| (id, r.name.unwrap_or_else(gone))),
        is_teacher: r.is_teacher,
        detail: r.detail,
    });
    Ok(lines.collect())
}

/// Deletes entries older than two years, the only ones that the table lets go.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM audit_events WHERE at < now() - interval '2 years'").execute(pool).await?;
    Ok(())
}
