//! Documents that pupils share with classmates. Every change of a document's shares locks the document's row first.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{OnConstraint, one_row};
use crate::domain::account::Email;
use crate::domain::share::{Dependents, ShareCode, SharedWith, Sharing};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Days that a code is valid.
const GOOD_FOR: i32 = 7;

/// Locks one of the viewer's own documents, to share it, until the transaction ends; `NotFound` otherwise. Marking schemes
/// cannot be shared.
async fn lock(conn: &mut PgConnection, viewer: &Viewer, document: Uuid) -> Result<(), AppError> {
    sqlx::query_scalar!(
        "SELECT id FROM documents
          WHERE id = $2 AND uploaded_by = $1 AND is_personal AND kind <> 'marking_scheme' FOR NO KEY UPDATE",
        viewer.id(),
        document,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Shares with the pupil of the owner's level who has this address, now or later, without revealing which.
pub async fn invite(pool: &PgPool, viewer: &Viewer, document: Uuid, email: &Email) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document).await?;
    let own = viewer.person().email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email.as_str()));
    let shared = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM document_shares WHERE document_id = $1 AND lower(invited_as) = lower($2)) AS "shared!""#,
        document,
        email.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    if own || shared {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO document_invitations (document_id, email) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        document,
        email.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "SELECT settle_invitations(id, $2) FROM users WHERE lower(email) = lower($1)",
        email.as_str(),
        document,
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Shares with those of the people who are classmates, and returns which of them then have the document.
pub async fn give(pool: &PgPool, viewer: &Viewer, document: Uuid, people: &[Uuid]) -> Result<Vec<Uuid>, AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document).await?;
    sqlx::query!(
        "INSERT INTO document_shares (document_id, shared_with_user_id)
         SELECT DISTINCT $1::uuid, person FROM unnest($3::uuid[]) AS person WHERE same_level($2, person)
             ON CONFLICT DO NOTHING",
        document,
        viewer.id(),
        people,
    )
    .execute(&mut *tx)
    .await?;
    let have = sqlx::query_scalar!(
        "SELECT shared_with_user_id FROM document_shares WHERE document_id = $1 AND shared_with_user_id = ANY ($2)",
        document,
        people,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(have)
}

/// Takes back a share or an invitation, by its id or the person's. Also turns off the code, so that the person cannot
/// use it to come back. `NotFound` if there is nothing to take back.
pub async fn take_back(pool: &PgPool, viewer: &Viewer, document: Uuid, from: Uuid) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document).await?;
    let taken = sqlx::query_scalar!(
        r#"WITH share AS (
               DELETE FROM document_shares WHERE document_id = $1 AND (id = $2 OR shared_with_user_id = $2) RETURNING id
           ), invitation AS (
               DELETE FROM document_invitations WHERE document_id = $1 AND id = $2 RETURNING id
           )
           SELECT count(*) AS "taken!" FROM (SELECT id FROM share UNION ALL SELECT id FROM invitation) AS gone"#,
        document,
        from,
    )
    .fetch_one(&mut *tx)
    .await?;
    if taken == 0 {
        return Err(AppError::NotFound);
    }
    sqlx::query!("DELETE FROM document_codes WHERE document_id = $1", document).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Stores a code, replacing an earlier one. `Conflict` if another document has the same code.
pub async fn keep_code(pool: &PgPool, viewer: &Viewer, document: Uuid, code: &str) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document).await?;
    let taken = AppError::Conflict("Press the button again.".into());
    sqlx::query!(
        "INSERT INTO document_codes (document_id, code, expires_at) VALUES ($1, $2, now() + make_interval(days => $3))
             ON CONFLICT (document_id) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at",
        document,
        code,
        GOOD_FOR,
    )
    .execute(&mut *tx)
    .await
    .on_constraint("uq_document_code", taken)?;
    Ok(tx.commit().await?)
}

/// Turns off the code, if there is one. People who joined with it keep the document.
pub async fn drop_code(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    lock(&mut tx, viewer, document).await?;
    sqlx::query!("DELETE FROM document_codes WHERE document_id = $1", document).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Joins the document that a code opens, and returns its id. `None` if the code is unknown, too old or turned off, or the
/// viewer is not a classmate of the owner.
pub async fn join(pool: &PgPool, viewer: &Viewer, code: &str) -> Result<Option<Uuid>, AppError> {
    let mut tx = super::begin(pool).await?;
    sqlx::query_scalar!(
        "SELECT d.id FROM documents d JOIN document_codes c ON c.document_id = d.id WHERE c.code = $1
            FOR NO KEY UPDATE OF d",
        code,
    )
    .fetch_optional(&mut *tx)
    .await?;
    // Checked again, now that the row is locked.
    let opened = sqlx::query!(
        r#"SELECT d.id, d.uploaded_by = $2 AS "own!" FROM document_codes c JOIN documents d ON d.id = c.document_id
            WHERE c.code = $1 AND c.expires_at > now() AND NOT d.is_archived
              AND (d.uploaded_by = $2 OR same_level(d.uploaded_by, $2))"#,
        code,
        viewer.id(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(opened) = opened else { return Ok(None) };
    if !opened.own {
        sqlx::query!(
            "INSERT INTO document_shares (document_id, shared_with_user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            opened.id,
            viewer.id(),
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(Some(opened.id))
}

/// Who has one of the viewer's documents, and its code; `NotFound` if it is not theirs to share.
pub async fn of_document(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<Sharing, AppError> {
    sqlx::query_scalar!(
        "SELECT id FROM documents WHERE id = $2 AND uploaded_by = $1 AND is_personal AND kind <> 'marking_scheme'",
        viewer.id(),
        document,
    )
    .fetch_one(pool)
    .await?;
    let people = sqlx::query_as!(
        SharedWith,
        r#"SELECT s.id AS "id!", coalesce(s.invited_as, u.full_name) AS "who!", s.created_at AS "since!",
                  a.attempts AS "attempts!", a.last_attempt
             FROM document_shares s
             JOIN users u ON u.id = s.shared_with_user_id
             JOIN LATERAL (SELECT count(*) AS attempts, max(a.started_at) AS last_attempt
                             FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                            WHERE a.user_id = u.id AND q.sources @> ARRAY[s.document_id]) a ON true
            WHERE s.document_id = $1
            UNION ALL
           SELECT id, email, created_at, 0, NULL FROM document_invitations WHERE document_id = $1
            ORDER BY 3 DESC, 1"#,
        document,
    )
    .fetch_all(pool)
    .await?;
    let code = sqlx::query_as!(
        ShareCode,
        "SELECT code, expires_at AS good_until FROM document_codes WHERE document_id = $1 AND expires_at > now()",
        document,
    )
    .fetch_optional(pool)
    .await?;
    Ok(Sharing { people, code })
}

/// What depends on one of the viewer's documents.
pub async fn dependents(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<Dependents, AppError> {
    Ok(sqlx::query_as!(
        Dependents,
        r#"SELECT (SELECT count(*) FROM document_shares s WHERE s.document_id = d.id) AS "people!",
                  (SELECT count(*) FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                    WHERE q.sources @> ARRAY[d.id] AND a.submitted_at IS NOT NULL) AS "closed!",
                  (SELECT count(*) FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                    WHERE q.sources @> ARRAY[d.id] AND a.submitted_at IS NULL) AS "running!"
             FROM documents d WHERE d.id = $2 AND d.uploaded_by = $1 AND d.is_personal"#,
        viewer.id(),
        document,
    )
    .fetch_one(pool)
    .await?)
}

/// Locks one of the viewer's personal documents, to delete it, and returns its running attempts. No quiz from the document
/// can be made until the transaction ends.
pub async fn running_before_deletion(
    conn: &mut PgConnection,
    owner: Uuid,
    document: Uuid,
) -> Result<Vec<Uuid>, AppError> {
    sqlx::query_scalar!(
        "SELECT id FROM documents WHERE id = $2 AND uploaded_by = $1 AND is_personal FOR UPDATE",
        owner,
        document,
    )
    .fetch_one(&mut *conn)
    .await?;
    Ok(sqlx::query_scalar!(
        "SELECT a.id FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
          WHERE q.sources @> ARRAY[$1::uuid] AND a.submitted_at IS NULL ORDER BY a.id",
        document,
    )
    .fetch_all(conn)
    .await?)
}

/// Deletes the document that `running_before_deletion` locked, with its marking scheme, and returns the hashes of their
/// files.
pub async fn delete(conn: &mut PgConnection, document: Uuid) -> Result<Vec<Vec<u8>>, AppError> {
    let hashes = sqlx::query_scalar!(
        r#"SELECT DISTINCT content_hash AS "content_hash!" FROM documents
            WHERE (id = $1 OR scheme_of = $1) AND content_hash IS NOT NULL"#,
        document,
    )
    .fetch_all(&mut *conn)
    .await?;
    one_row(sqlx::query!("DELETE FROM documents WHERE id = $1", document).execute(conn).await?)?;
    Ok(hashes)
}

/// Deletes files that no document uses any more, with their cached images.
pub async fn delete_unused_files(pool: &PgPool, hashes: &[Vec<u8>]) -> Result<(), AppError> {
    for hash in hashes {
        let deleted = sqlx::query!(
            "DELETE FROM document_files f
              WHERE f.content_hash = $1 AND NOT EXISTS (SELECT FROM documents d WHERE d.content_hash = f.content_hash)",
            hash,
        )
        .execute(pool)
        .await;
        // Somebody has just uploaded the same file, so it stays.
        let used = |error: &sqlx::Error| {
            error.as_database_error().is_some_and(|error| error.constraint() == Some("documents_content_hash_fkey"))
        };
        if let Err(error) = deleted
            && !used(&error)
        {
            return Err(error.into());
        }
    }
    Ok(())
}
