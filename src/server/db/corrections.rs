//! Corrections of readings, and pupils' reports.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use exam_model::question::Question;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{of_word, questions, word_of};
use crate::domain::correction::{Change, Correction, Made, Reason, Report, by_step};
use crate::error::AppError;
use crate::server::viewer::{Scope, Viewer};

/// Locks a document that the viewer owns, or any that staff may see, until the transaction ends; `NotFound` otherwise.
async fn lock(conn: &mut PgConnection, viewer: &Viewer, document_id: Uuid) -> Result<(), AppError> {
    sqlx::query!(
        "SELECT d.id FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
          WHERE d.id = $2 AND (d.uploaded_by = $1 OR $3) FOR UPDATE OF d",
        viewer.id(),
        document_id,
        viewer.is_staff(),
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// A document locked for a correction, so that nobody else changes its items in the meantime.
pub struct LockedDocument<'a> {
    tx: Transaction<'static, Postgres>,
    viewer: &'a Viewer,
    document_id: Uuid,
    pub questions: Vec<Question>,
}

/// Locks a document to correct it.
pub async fn lock_document<'a>(
    pool: &PgPool,
    viewer: &'a Viewer,
    document_id: Uuid,
) -> Result<LockedDocument<'a>, AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document_id).await?;
    let questions = questions::of_document(&mut *tx, viewer, document_id).await?;
    Ok(LockedDocument { tx, viewer, document_id, questions })
}

impl LockedDocument<'_> {
    /// The changes to the item at this path, newest first, and who made them.
    pub async fn changes(&mut self, path: &str) -> Result<Vec<(Change, String)>, AppError> {
        let rows = rows(&mut *self.tx, self.viewer, self.document_id).await?.into_iter();
        let of_item = rows.filter(|row| row.correction.path == path);
        Ok(of_item.map(|row| (row.correction.0.change, row.by.unwrap_or_else(|| "somebody".into()))).collect())
    }

    /// Makes a correction, see [`Self::add_all`].
    pub async fn add(self, path: &str, change: Change) -> Result<(), AppError> {
        self.add_all(vec![(path.to_owned(), change)]).await
    }

    /// Makes corrections in one step, and settles the reports of their items. Existing quizzes take over what matters for
    /// marking when they are marked. `Conflict` with a reason if one does not fit.
    pub async fn add_all(mut self, changes: Vec<(String, Change)>) -> Result<(), AppError> {
        let (paths, made): (Vec<String>, Vec<_>) =
            changes.into_iter().map(|(path, change)| (path.clone(), Json(Correction { path, change }))).unzip();
        let ids = sqlx::query_scalar!(
            "INSERT INTO corrections (document_id, correction, made_by)
             SELECT $1, made, $3 FROM unnest($2::jsonb[]) WITH ORDINALITY AS given (made, n) ORDER BY n RETURNING id",
            self.document_id,
            &made as _,
            self.viewer.id(),
        )
        .fetch_all(&mut *self.tx)
        .await?;
        questions::rebuild(&mut self.tx, self.document_id).await?;
        let unfit = sqlx::query_scalar!(
            r#"SELECT unfit AS "unfit!" FROM corrections WHERE id = ANY ($1) AND unfit IS NOT NULL ORDER BY id"#,
            &ids,
        );
        if let Some(unfit) = unfit.fetch_optional(&mut *self.tx).await? {
            return Err(AppError::Conflict(format!("{unfit} Nothing was changed.")));
        }
        sqlx::query!(
            "UPDATE reports SET resolved_at = now() WHERE document_id = $1 AND path = ANY ($2) AND resolved_at IS NULL",
            self.document_id,
            &paths,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(self.tx.commit().await?)
    }
}

/// Undoes a correction, with those that were made in the same step: the questions become what they are without it.
pub async fn take_back(pool: &PgPool, viewer: &Viewer, document_id: Uuid, id: i64) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document_id).await?;
    let undone = sqlx::query!(
        "DELETE FROM corrections c USING corrections o
          WHERE o.id = $1 AND o.document_id = $2
            AND (c.document_id, c.made_at) = (o.document_id, o.made_at) AND c.made_by IS NOT DISTINCT FROM o.made_by",
        id,
        document_id,
    );
    if undone.execute(&mut *tx).await?.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    questions::rebuild(&mut tx, document_id).await?;
    Ok(tx.commit().await?)
}

struct Row {
    id: i64,
    correction: Json<Correction>,
    unfit: Option<String>,
    made_at: DateTime<Utc>,
    by: Option<String>,
}

async fn rows(db: impl PgExecutor<'_>, viewer: &Viewer, document_id: Uuid) -> Result<Vec<Row>, AppError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.id, c.correction AS "correction: Json<Correction>", c.unfit, c.made_at, u.full_name AS "by?"
             FROM corrections c JOIN visible_document_ids($1) v ON v.id = c.document_id
             LEFT JOIN users u ON u.id = c.made_by
            WHERE c.document_id = $2 ORDER BY c.id DESC"#,
        viewer.id(),
        document_id,
    );
    Ok(rows.fetch_all(db).await?)
}

/// The corrections of a document by step, newest first.
pub async fn of_document(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Vec<Made>, AppError> {
    let made = rows(pool, viewer, document_id).await?.into_iter().map(|row| Made {
        id: row.id,
        what: row.correction.0.change.words(),
        path: row.correction.0.path,
        by: row.by.unwrap_or_default(),
        at: row.made_at,
        unfit: row.unfit,
    });
    Ok(by_step(made.collect()))
}

/// Reports what is wrong with an item, once for each person until somebody has looked at it.
pub async fn report(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
    path: &str,
    reason: Reason,
    note: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO reports (document_id, path, reason, note, reported_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (document_id, path, reported_by) WHERE resolved_at IS NULL
         DO UPDATE SET reason = excluded.reason, note = excluded.note",
        document_id,
        path,
        word_of(&reason)?,
        note,
        viewer.id(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The paths of the viewer's reports that are still open.
pub async fn reported_by(pool: &PgPool, viewer: &Viewer, document_id: Uuid) -> Result<Vec<String>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT path FROM reports WHERE document_id = $1 AND reported_by = $2 AND resolved_at IS NULL",
        document_id,
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// The open reports of a document, by path; to a teacher without the names of other classes' pupils.
pub async fn reports(
    pool: &PgPool,
    viewer: &Viewer,
    document_id: Uuid,
) -> Result<HashMap<String, Vec<Report>>, AppError> {
    // Pupils see the reports of their own documents.
    let scope = viewer.scope(None).ok();
    let rows = sqlx::query!(
        r#"SELECT r.path, r.reason, r.note, r.reported_at,
                  CASE WHEN $3::uuid[] IS NULL OR u.id = $1 OR u.role <> 'student'
                         OR u.id IN (SELECT m.user_id FROM memberships m WHERE m.class_id = ANY ($3)) THEN u.full_name
                       ELSE 'a pupil of another class' END AS "full_name!"
             FROM reports r JOIN visible_document_ids($1) v ON v.id = r.document_id JOIN users u ON u.id = r.reported_by
            WHERE r.document_id = $2 AND r.resolved_at IS NULL ORDER BY r.reported_at"#,
        viewer.id(),
        document_id,
        scope.as_ref().and_then(Scope::classes),
    )
    .fetch_all(pool)
    .await?;
    let mut reports: HashMap<String, Vec<Report>> = HashMap::new();
    for row in rows {
        let report = Report { reason: of_word(row.reason)?, note: row.note, by: row.full_name, at: row.reported_at };
        reports.entry(row.path).or_default().push(report);
    }
    Ok(reports)
}
