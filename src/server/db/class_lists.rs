//! Lists of classes that wait to be imported.

use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::AppError;
use crate::server::viewer::Viewer;

/// A list as it was sent.
pub struct ClassList {
    pub cells: Vec<Vec<String>>,
    /// The class of every pupil, if the list has no column for it; else empty.
    pub class: String,
    pub year: i32,
}

/// Stores a list for a day.
pub async fn store(pool: &PgPool, admin: &Viewer, list: &ClassList) -> Result<Uuid, AppError> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO class_lists (cells, class, year, uploaded_by) VALUES ($1, $2, $3, $4) RETURNING id",
        Json(&list.cells) as _,
        list.class,
        list.year,
        admin.id(),
    )
    .fetch_one(pool)
    .await?)
}

/// A list of the viewer's school.
pub async fn get(pool: &PgPool, admin: &Viewer, id: Uuid) -> Result<ClassList, AppError> {
    let r = sqlx::query!(
        r#"SELECT l.cells AS "cells: Json<Vec<Vec<String>>>", l.class, l.year
             FROM class_lists l JOIN users u ON u.id = l.uploaded_by AND u.school_id = $2 WHERE l.id = $1"#,
        id,
        admin.school(),
    )
    .fetch_one(pool)
    .await?;
    Ok(ClassList { cells: r.cells.0, class: r.class, year: r.year })
}

/// Deletes lists older than a day.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM class_lists WHERE created_at < now() - interval '1 day'").execute(pool).await?;
    Ok(())
}
