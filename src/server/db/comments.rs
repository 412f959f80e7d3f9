//! Admins' notes on documents; invisible to anybody else.

use sqlx::PgPool;
use uuid::Uuid;

use super::{of_word, one_row};
use crate::domain::comment::{Comment, CommentText};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The document's number of pages; `NotFound` for anybody but admins.
async fn pages(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<i32, AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let pages = sqlx::query_scalar!(
        "SELECT d.page_count FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = $2",
        viewer.id(),
        document,
    );
    Ok(pages.fetch_one(pool).await?)
}

/// The notes on a document, open ones first, then by page.
pub async fn of_document(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<Vec<Comment>, AppError> {
    pages(pool, viewer, document).await?;
    let rows = sqlx::query!(
        r#"SELECT c.id, c.content, c.comment_type, c.page_number, c.highlight_text, c.resolved, c.created_at,
                  coalesce(u.full_name, '') AS "author!"
             FROM document_comments c LEFT JOIN users u ON u.id = c.author_id
            WHERE c.document_id = $1
            ORDER BY c.resolved, c.page_number NULLS FIRST, c.created_at, c.id"#,
        document,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(Comment {
                id: r.id,
                author: r.author,
                created_at: r.created_at,
                resolved: r.resolved,
                text: CommentText {
                    content: r.content,
                    comment_type: of_word(r.comment_type)?,
                    page_number: r.page_number,
                    highlight_text: r.highlight_text,
                },
            })
        })
        .collect()
}

/// Adds a note and returns its id.
pub async fn add(pool: &PgPool, viewer: &Viewer, document: Uuid, text: CommentText) -> Result<Uuid, AppError> {
    let text = checked(text, pages(pool, viewer, document).await?)?;
    Ok(sqlx::query_scalar!(
        "INSERT INTO document_comments (document_id, author_id, content, comment_type, page_number, highlight_text)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        document,
        viewer.id(),
        text.content,
        text.comment_type.as_str(),
        text.page_number,
        text.highlight_text,
    )
    .fetch_one(pool)
    .await?)
}

/// Changes the text of a note.
pub async fn change(
    pool: &PgPool,
    viewer: &Viewer,
    document: Uuid,
    id: Uuid,
    text: CommentText,
) -> Result<(), AppError> {
    let text = checked(text, pages(pool, viewer, document).await?)?;
    let done = sqlx::query!(
        "UPDATE document_comments SET content = $3, comment_type = $4, page_number = $5, highlight_text = $6
          WHERE document_id = $1 AND id = $2",
        document,
        id,
        text.content,
        text.comment_type.as_str(),
        text.page_number,
        text.highlight_text,
    );
    one_row(done.execute(pool).await?)
}

/// Settles a note, or reopens it.
pub async fn resolve(pool: &PgPool, viewer: &Viewer, document: Uuid, id: Uuid, resolved: bool) -> Result<(), AppError> {
    pages(pool, viewer, document).await?;
    let done = sqlx::query!(
        "UPDATE document_comments SET resolved = $3 WHERE document_id = $1 AND id = $2",
        document,
        id,
        resolved,
    );
    one_row(done.execute(pool).await?)
}

/// Removes a note.
pub async fn remove(pool: &PgPool, viewer: &Viewer, document: Uuid, id: Uuid) -> Result<(), AppError> {
    pages(pool, viewer, document).await?;
    let done = sqlx::query!("DELETE FROM document_comments WHERE document_id = $1 AND id = $2", document, id);
    one_row(done.execute(pool).await?)
}

fn checked(text: CommentText, pages: i32) -> Result<CommentText, AppError> {
    text.checked(pages).map_err(AppError::of_field)
}
